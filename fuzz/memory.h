/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A piece of user memory that keeps books. Asserts itself what holds for every
 * copy: no byte is delivered twice in one read, no copy passes the end of the
 * address space or reaches outside what was asked for.
 */
#ifndef S1INV_FUZZ_MEMORY_H
#define S1INV_FUZZ_MEMORY_H

#include <s1inv/env.h>

enum { MEMORY_MAX = 1024, MEMORY_SHORTS_MAX = 8 };

/* Copy number @copy of a read delivers at most @bytes */
struct memory_short {
	uint32_t copy;
	size_t bytes;
};

struct memory {
	/* What is there */
	uint64_t base;
	size_t len; /* the bytes from @base on; never past the end of 2^64 */
	size_t greed;
	size_t short_num;
	struct memory_short shorts[MEMORY_SHORTS_MAX];
	bool signal;
	uint32_t signal_after;
	uint8_t bytes[MEMORY_MAX];
	bool hole[MEMORY_MAX];

	/* The read that is under way */
	uint64_t from; /* what may be read: @span bytes */
	uint64_t span;
	uint32_t copies;
	uint32_t polls;
	bool cut_short; /* by one of @shorts */
	size_t total;   /* bytes delivered */
	bool delivered[MEMORY_MAX];
};

void memory_init(struct memory *m, uint64_t base, size_t greed);

/* Add bytes at the end, as many as there is room and address space for. */
void memory_append(struct memory *m, const void *bytes, size_t len);
void memory_fill(struct memory *m, uint8_t value, size_t count);
/* Bytes that are there, but cannot be read */
void memory_hole(struct memory *m, size_t at, size_t len);

/*
 * How many of @len bytes at @uaddr can be read before the first that cannot,
 * shorts apart? None behind the end of the address space.
 */
size_t memory_reach(const struct memory *m, uint64_t uaddr, uint64_t len);

/* Can all of them? */
bool memory_all_readable(const struct memory *m, uint64_t uaddr, uint64_t len);

/* The bytes at @uaddr, which can be read */
const uint8_t *memory_bytes(const struct memory *m, uint64_t uaddr);

/* Begin a read of @span bytes at @from. Fills @user for it. */
void memory_begin(struct memory *m, uint64_t from, uint64_t span,
		  struct s1inv_env_user *user);

#endif /* S1INV_FUZZ_MEMORY_H */
