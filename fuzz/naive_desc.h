/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Descriptors once more, from the tables of VT-d 6.5.2 and 7.6.1 with the bit
 * ranges as they are written there, and with nothing of vtd_spec.h.
 */
#ifndef S1INV_FUZZ_NAIVE_DESC_H
#define S1INV_FUZZ_NAIVE_DESC_H

#include "encode_format.h"

struct naive_decoded {
	uint64_t value[FIELD_NUM];
	bool has[FIELD_NUM]; /* does the type have the field? */
	uint32_t violations;
	uint64_t reserved[4];
};

/* The quadwords for @value, or false when ENC-1 refuses it */
bool naive_encode(const uint64_t value[FIELD_NUM], uint64_t qw[2]);

/* @mode: ENCODE_* bits */
void naive_decode(const uint64_t qw[4], enum s1inv_vtd_ttm ttm, uint64_t mode,
		  struct naive_decoded *out);

/* ADDR and S of types 3 and 8 (VT-d 6.5.2.5) */
uint64_t naive_size_encode(const struct s1inv_vtd_block *block, uint8_t *s);
bool naive_size_decode(uint64_t addr, uint8_t s, struct s1inv_vtd_block *block);

#endif /* S1INV_FUZZ_NAIVE_DESC_H */
