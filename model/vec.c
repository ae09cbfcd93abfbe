/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Growing arrays, random numbers, and little-endian words in memory. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define BIG_ENDIAN_HOST (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

__attribute__((weak)) void model_no_memory(void)
{
	abort();
}

/* A new element of @size bytes at the end, all zero */
MODEL_LASTING void *model_vec_push(struct model_vec *v, size_t size)
{
	uint8_t *at;

	if (v->len == v->cap) {
		v->cap = v->cap ? 2 * v->cap : 16;
		v->at = realloc(v->at, v->cap * size);
		if (!v->at)
			model_no_memory();
	}
	at = v->at;
	at += v->len++ * size;
	memset(at, 0, size);
	return at;
}

/* The splitmix64 generator */
uint64_t model_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* At once, since one access is checked faster than eight */
uint64_t model_load_le64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return BIG_ENDIAN_HOST ? __builtin_bswap64(v) : v;
}

uint32_t model_load_le32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return BIG_ENDIAN_HOST ? __builtin_bswap32(v) : v;
}

void model_store_le32(uint8_t *p, uint32_t v)
{
	size_t i;

	for (i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}
