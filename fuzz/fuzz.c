/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Claims and memory of the fuzz targets; see fuzz.h. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Neither a small number, nor a likely address, nor all ones */
#define PATTERN 0xa5

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define POISON(p, n) __msan_poison(p, n)
#define UNPOISON(p, n) __msan_unpoison(p, n)
#endif
#endif
#ifndef POISON
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

FUZZ_ORACLE_BEGIN

_Noreturn void fuzz_fail(const char *file, int line, const char *claim)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, claim);
	abort();
}

static void *check_memory(void *p, size_t size)
{
	FUZZ_ASSERT(p || !size, "there is memory");
	return p;
}

void fuzz_poison(void *object, size_t size)
{
	UNPOISON(object, size);
	if (size)
		memset(object, PATTERN, size);
	POISON(object, size);
}

void *fuzz_block(size_t size)
{
	void *block = check_memory(malloc(size), size);

	fuzz_poison(block, size);
	return block;
}

bool fuzz_block_untouched(const void *block, size_t size)
{
	const uint8_t *bytes = block;
	size_t i;

	UNPOISON(block, size);
	for (i = 0; i < size; i++)
		if (bytes[i] != PATTERN)
			return false;
	return true;
}

void *fuzz_zeroed(size_t size)
{
	return check_memory(calloc(1, size), size);
}

FUZZ_ORACLE_END
