/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* libFuzzer's hooks: the target's own mutator, but for one time in four. */
#include "fuzz.h"
#include "mutate.h"

/* libFuzzer's own mutator */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size,
				 const uint8_t *b, size_t b_size, uint8_t *out,
				 size_t max, unsigned int seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed)
{
	if (seed % 4 == 0)
		return LLVMFuzzerMutate(data, size, max);
	return fuzz_mutate(fuzz_target_format, data, size, max, seed);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size,
				 const uint8_t *b, size_t b_size, uint8_t *out,
				 size_t max, unsigned int seed)
{
	return fuzz_splice(fuzz_target_format, a, a_size, b, b_size, out, max,
			   seed);
}
