/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The mutator, which knows formats. Pure: what comes out depends on the
 * arguments alone, and is the same on every machine.
 */
#ifndef S1INV_FUZZ_MUTATE_H
#define S1INV_FUZZ_MUTATE_H

#include "format.h"

/* Numbers around which mistakes are made, in ascending order */
extern const uint64_t fuzz_boundaries[];
extern const size_t fuzz_boundary_num;

/*
 * Change the @n bytes of @buf, which has room for @max, a little: fields,
 * records, bytes of records; lines and tokens of raw text. Returns the new
 * length, @max at most.
 */
size_t fuzz_mutate(const struct fuzz_format *format, uint8_t *buf, size_t n,
		   size_t max, uint64_t seed);

/*
 * Some records (of raw text: lines) of @a and then some of @b, with the header
 * of either. Returns the length in @out, @max at most.
 */
size_t fuzz_splice(const struct fuzz_format *format, const uint8_t *a,
		   size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
		   size_t max, uint64_t seed);

#endif /* S1INV_FUZZ_MUTATE_H */
