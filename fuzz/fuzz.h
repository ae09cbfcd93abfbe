/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What all fuzz targets share. A target is one source, NAME_fuzzer.c, which
 * defines the two symbols below, keeps no state, prints nothing, and returns 0
 * for any input whatever.
 */
#ifndef S1INV_FUZZ_H
#define S1INV_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"

/* ----------------------------------------- what every target has to define */

/* The engines' entry point */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The format of the target's inputs, for mutators, converter and replay */
extern const struct fuzz_format *const fuzz_target_format;

/* ----------------------------------------------------------------- claims */

/* Print what was claimed and where, and abort. */
_Noreturn void fuzz_fail(const char *file, int line, const char *claim);

/* A claim that is checked in every build. Says in words what is claimed. */
#define FUZZ_ASSERT(cond, claim)                                               \
	do {                                                                   \
		if (!(cond))                                                   \
			fuzz_fail(__FILE__, __LINE__, claim);                  \
	} while (0)

/* ----------------------------------------------------------------- blocks */

/*
 * Memory of exactly @size bytes, for free(): a sanitizer sees every access
 * outside. Poisoned: filled with a pattern, and not initialised for
 * MemorySanitizer.
 */
void *fuzz_block(size_t size);

/*
 * The same for a static object, which sanitizers guard as well as a block:
 * outputs of one size go there, for allocating takes longer than most of what
 * is tested.
 */
void fuzz_poison(void *object, size_t size);

/* Does the block still hold nothing but the pattern? */
bool fuzz_block_untouched(const void *block, size_t size);

/*
 * For functions that make, when they are first called, what lasts from one
 * input to the next: the engines measure no coverage there, for it would be
 * another one for the first input than for those that follow.
 */
#ifdef __clang__
#define FUZZ_LASTING __attribute__((noinline, no_sanitize("coverage")))
#else
#define FUZZ_LASTING
#endif

/* Memory of @size zeroed bytes, for free() */
void *fuzz_zeroed(size_t size);

#endif /* S1INV_FUZZ_H */
