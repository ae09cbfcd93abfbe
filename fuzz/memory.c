/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* User memory that keeps books; see memory.h. */
#include "memory.h"

#include "fuzz.h"

#include <string.h>

FUZZ_ORACLE_BEGIN

/* What a copy may leave behind the bytes that it delivered */
#define SCRIBBLE 0x5a

void memory_init(struct memory *m, uint64_t base, size_t greed)
{
	m->base = base;
	m->len = 0;
	m->greed = greed;
	m->short_num = 0;
	m->signal = false;
	m->signal_after = 0;
}

/* How many of @count more bytes there is room for: they are no holes. */
static size_t fit(struct memory *m, size_t count)
{
	size_t room = MEMORY_MAX - m->len;

	/* 2^64 - base bytes; 0 for base 0, where all that fits is there */
	if (m->base && 0 - m->base - m->len < room)
		room = (size_t)(0 - m->base - m->len);
	if (count > room)
		count = room;
	memset(m->hole + m->len, false, count);
	return count;
}

void memory_append(struct memory *m, const void *bytes, size_t len)
{
	size_t n = fit(m, len);

	if (n)
		memcpy(m->bytes + m->len, bytes, n);
	m->len += n;
}

void memory_fill(struct memory *m, uint8_t value, size_t count)
{
	size_t n = fit(m, count);

	memset(m->bytes + m->len, value, n);
	m->len += n;
}

void memory_hole(struct memory *m, size_t at, size_t len)
{
	for (; len && at < m->len; len--)
		m->hole[at++] = true;
}

size_t memory_reach(const struct memory *m, uint64_t uaddr, uint64_t len)
{
	uint64_t at = uaddr - m->base;
	const bool *hole;
	size_t n;

	if (at >= m->len)
		return 0;
	n = m->len - (size_t)at;
	if (len < n)
		n = (size_t)len;
	hole = memchr(m->hole + at, true, n);
	return hole ? (size_t)(hole - (m->hole + at)) : n;
}

/* What would wrap goes beyond what is there, which never passes the end. */
bool memory_all_readable(const struct memory *m, uint64_t uaddr, uint64_t len)
{
	return memory_reach(m, uaddr, len) == len;
}

const uint8_t *memory_bytes(const struct memory *m, uint64_t uaddr)
{
	return m->bytes + (uaddr - m->base);
}

/* Bytes that copy number copies of @len at @uaddr delivers */
static size_t delivery(struct memory *m, uint64_t uaddr, size_t len)
{
	size_t n = memory_reach(m, uaddr, len);
	size_t i;

	if (n < len)
		n -= n < m->greed ? n : m->greed;
	for (i = 0; i < m->short_num; i++)
		if (m->shorts[i].copy == m->copies && m->shorts[i].bytes < n) {
			n = m->shorts[i].bytes;
			m->cut_short = true;
		}
	return n;
}

static size_t copy_from(void *ctx, void *dst, uint64_t uaddr, size_t len)
{
	struct memory *m = ctx;
	uint64_t at = uaddr - m->base;
	size_t n = delivery(m, uaddr, len);

	FUZZ_ASSERT(len && uaddr <= UINT64_MAX - (len - 1),
		    "COPY-4: no copy passes the end of the address space");
	FUZZ_ASSERT(uaddr - m->from < m->span &&
			    len <= m->span - (uaddr - m->from),
		    "nothing is read but what was asked for");
	if (n) {
		FUZZ_ASSERT(!memchr(m->delivered + at, true, n),
			    "CMD-12, COPY-3: a byte is delivered once");
		memset(m->delivered + at, true, n);
		memcpy(dst, m->bytes + at, n);
	}
	memset((uint8_t *)dst + n, SCRIBBLE, len - n);
	m->copies++;
	m->total += n;
	return len - n;
}

static size_t copy_to(void *ctx, uint64_t uaddr, const void *src, size_t len)
{
	(void)ctx;
	(void)uaddr;
	(void)src;
	FUZZ_ASSERT(false, "reading writes nothing");
	return len;
}

static bool interrupted(void *ctx)
{
	struct memory *m = ctx;

	return m->polls++ >= m->signal_after && m->signal;
}

void memory_begin(struct memory *m, uint64_t from, uint64_t span,
		  struct s1inv_env_user *user)
{
	const struct s1inv_env_user env = { m, copy_from, copy_to,
					    interrupted };

	m->from = from;
	m->span = span;
	m->copies = 0;
	m->polls = 0;
	m->cut_short = false;
	m->total = 0;
	memset(m->delivered, false, m->len);
	*user = env;
}

FUZZ_ORACLE_END
