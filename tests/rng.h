/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Random numbers for property tests: the same ones in every run. */
#ifndef S1INV_TESTS_RNG_H
#define S1INV_TESTS_RNG_H

#include <stdint.h>

/** rng_next() - 64 random bits (the splitmix64 generator) */
static inline uint64_t rng_next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/** rng_below() - a random number below @n, which is 1 or more */
static inline uint32_t rng_below(uint64_t *state, uint32_t n)
{
	return (uint32_t)(((rng_next(state) >> 32) * n) >> 32);
}

#endif /* S1INV_TESTS_RNG_H */
