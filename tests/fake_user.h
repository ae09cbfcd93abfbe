/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A window of user memory that keeps books: bytes that cannot be read or
 * written stand where a test wants them, every delivery and every write is
 * counted per byte, and a copy may report more bytes missing than it has to.
 */
#ifndef S1INV_TESTS_FAKE_USER_H
#define S1INV_TESTS_FAKE_USER_H

#include <check.h>
#include <string.h>

#include <s1inv/env.h>

#include "rng.h"

#define FAKE_SIZE 4096U

/**
 * struct fake_user - the window
 * @base: user address of @bytes[0]; the window may end at 2^64
 * @seed: of the random choices
 * @bytes: its contents
 * @no_read: bytes that cannot be read
 * @no_write: bytes that cannot be written
 * @reads: how often each byte was delivered
 * @writes: how often each byte was written
 * @greed: a copy that meets a byte it cannot read holds back up to so many
 *	readable ones before it
 * @shy: the next copy delivers less than all even where all can be read
 * @hostile: every byte changes as soon as it was delivered
 * @signal: a fatal signal is pending
 * @from_calls: number of copies from the window
 * @to_calls: number of copies to it
 * @from_addr: user address of the last copy from it
 * @from_len: its length
 * @to_addr: user address of the last copy to it
 * @to_len: its length
 * @entry_at: offset of an array, for @entry_len
 * @entry_len: when not 0, all copies but the first lie within one entry
 */
struct fake_user {
	uint64_t base;
	uint64_t seed;
	uint8_t bytes[FAKE_SIZE];
	bool no_read[FAKE_SIZE];
	bool no_write[FAKE_SIZE];
	uint8_t reads[FAKE_SIZE];
	uint8_t writes[FAKE_SIZE];
	uint32_t greed;
	bool shy;
	bool hostile;
	bool signal;
	uint32_t from_calls;
	uint32_t to_calls;
	uint64_t from_addr;
	size_t from_len;
	uint64_t to_addr;
	size_t to_len;
	uint32_t entry_at;
	uint32_t entry_len;
};

/* Bytes from offset @at on, up to @len, until one has @bad set. */
static inline size_t fake_run(const bool *bad, uint64_t at, size_t len)
{
	size_t n = 0;

	while (n < len && at < FAKE_SIZE - n && !bad[at + n])
		n++;
	return n;
}

/* How many of @run readable bytes out of @len a copy delivers. */
static inline size_t fake_delivery(struct fake_user *f, size_t run, size_t len)
{
	uint32_t back = 0;

	if (f->shy && run)
		back = 1 + rng_below(&f->seed, (uint32_t)run);
	else if (run < len && f->greed)
		back = rng_below(&f->seed, f->greed + 1);
	f->shy = false;
	return back < run ? run - back : 0;
}

static inline size_t fake_copy_from(void *ctx, void *dst, uint64_t uaddr,
				    size_t len)
{
	struct fake_user *f = ctx;
	uint64_t at = uaddr - f->base;
	size_t n = fake_delivery(f, fake_run(f->no_read, at, len), len);
	size_t i;

	/* COPY-4: what is asked for never passes the end of the space. */
	if (len && uaddr + (len - 1) < uaddr)
		ck_abort_msg("a copy wraps");
	if (f->entry_len && f->from_calls &&
	    (at - f->entry_at) % f->entry_len + len > f->entry_len)
		ck_abort_msg("a retry is not entry by entry");
	f->from_calls++;
	f->from_addr = uaddr;
	f->from_len = len;
	if (n)
		memcpy(dst, &f->bytes[at], n);
	for (i = 0; i < n; i++) {
		f->reads[at + i]++;
		if (f->hostile)
			f->bytes[at + i] ^= 0xff;
	}
	return len - n;
}

static inline size_t fake_copy_to(void *ctx, uint64_t uaddr, const void *src,
				  size_t len)
{
	struct fake_user *f = ctx;
	uint64_t at = uaddr - f->base;
	size_t n = fake_run(f->no_write, at, len);
	size_t i;

	f->to_calls++;
	f->to_addr = uaddr;
	f->to_len = len;
	if (n)
		memcpy(&f->bytes[at], src, n);
	for (i = 0; i < n; i++)
		f->writes[at + i]++;
	return len - n;
}

static inline bool fake_interrupted(void *ctx)
{
	const struct fake_user *f = ctx;

	return f->signal;
}

/** fake_reset() - everything can be read and written, and is 0 */
static inline void fake_reset(struct fake_user *f, uint64_t base)
{
	memset(f, 0, sizeof(*f));
	f->base = base;
	f->seed = base;
}

/** fake_env() - the window as the core sees it */
static inline struct s1inv_env_user fake_env(struct fake_user *f)
{
	return (struct s1inv_env_user){ f, fake_copy_from, fake_copy_to,
					fake_interrupted };
}

/** fake_read_once() - was no byte delivered twice? */
static inline bool fake_read_once(const struct fake_user *f)
{
	size_t i;

	for (i = 0; i < FAKE_SIZE; i++)
		if (f->reads[i] > 1)
			return false;
	return true;
}

#endif /* S1INV_TESTS_FAKE_USER_H */
