/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The memory of a hostile process. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* Bytes @addr to @last, each with two counts; all three in one block */
struct segment {
	uint64_t addr;
	uint64_t last;
	enum model_access access;
	uint8_t *bytes;
	uint32_t *delivered;
	uint32_t *written;
};

struct change {
	uint64_t k;
	uint64_t addr;
	uint8_t *bytes;
	size_t len;
};

/* Memory of a segment, which survives a reset */
struct block {
	void *at;
	size_t size;
};

struct model_user {
	struct model_vec segments;
	struct model_vec blocks;
	struct model_vec fault_bytes;
	struct model_vec fault_calls;
	struct model_vec changes;
	struct model_vec calls;
	size_t pessimist;
	bool flip;
	bool may_interrupt;
	uint64_t interrupt_after;
	uint64_t wrapped;
};

static struct segment *segment_at(const struct model_user *m, size_t i)
{
	return MODEL_AT(struct segment, m->segments, i);
}

static void *allocate(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		model_no_memory();
	return p;
}

struct model_user *model_user_create(void)
{
	return allocate(1, sizeof(struct model_user));
}

MODEL_LASTING void model_user_reset(struct model_user *m)
{
	struct model_user kept = { .segments = m->segments,
				   .blocks = m->blocks,
				   .fault_bytes = m->fault_bytes,
				   .fault_calls = m->fault_calls,
				   .changes = m->changes,
				   .calls = m->calls };
	size_t i;

	for (i = 0; i < m->changes.len; i++)
		free(MODEL_AT(struct change, m->changes, i)->bytes);
	*m = kept;
	m->segments.len = 0;
	m->fault_bytes.len = 0;
	m->fault_calls.len = 0;
	m->changes.len = 0;
	m->calls.len = 0;
}

void model_user_destroy(struct model_user *m)
{
	size_t i;

	if (!m)
		return;
	model_user_reset(m);
	for (i = 0; i < m->blocks.len; i++)
		free(MODEL_AT(struct block, m->blocks, i)->at);
	free(m->blocks.at);
	free(m->segments.at);
	free(m->fault_bytes.at);
	free(m->fault_calls.at);
	free(m->changes.at);
	free(m->calls.at);
	free(m);
}

/* @size zeroed bytes for segment @i, which is one of these or the next */
MODEL_LASTING static void *block_of(struct model_user *m, size_t i, size_t size)
{
	struct block *b;

	if (i == m->blocks.len)
		(void)model_vec_push(&m->blocks, sizeof(*b));
	b = MODEL_AT(struct block, m->blocks, i);
	if (b->size < size) {
		free(b->at);
		b->at = allocate(size, 1);
		b->size = size;
	}
	return memset(b->at, 0, size);
}

bool model_user_add(struct model_user *m, uint64_t addr, const void *bytes,
		    size_t len, enum model_access access)
{
	struct segment s = { .addr = addr, .last = addr + (len - 1) };
	struct segment *slot;
	size_t i;

	if (!len || s.last < addr)
		return false;
	for (i = 0; i < m->segments.len; i++)
		if (segment_at(m, i)->addr <= s.last &&
		    addr <= segment_at(m, i)->last)
			return false;
	s.access = access;
	s.delivered = block_of(m, m->segments.len,
			       len * (2 * sizeof(*s.delivered) + 1));
	s.written = s.delivered + len;
	s.bytes = (uint8_t *)(s.written + len);
	if (bytes)
		memcpy(s.bytes, bytes, len);
	slot = model_vec_push(&m->segments, sizeof(*slot));
	*slot = s;
	return true;
}

static void push_number(struct model_vec *v, uint64_t number)
{
	uint64_t *slot = model_vec_push(v, sizeof(*slot));

	*slot = number;
}

void model_user_fault_at(struct model_user *m, uint64_t addr)
{
	push_number(&m->fault_bytes, addr);
}

void model_user_fault_call(struct model_user *m, uint64_t k)
{
	push_number(&m->fault_calls, k);
}

void model_user_pessimist(struct model_user *m, size_t bytes)
{
	m->pessimist = bytes;
}

void model_user_change(struct model_user *m, uint64_t k, uint64_t addr,
		       const void *bytes, size_t len)
{
	struct change *c = model_vec_push(&m->changes, sizeof(*c));

	c->k = k;
	c->addr = addr;
	c->len = len;
	c->bytes = allocate(len ? len : 1, 1);
	if (len)
		memcpy(c->bytes, bytes, len);
}

void model_user_flip(struct model_user *m, bool flip)
{
	m->flip = flip;
}

void model_user_interrupt(struct model_user *m, uint64_t k)
{
	m->may_interrupt = true;
	m->interrupt_after = k;
}

static struct segment *find(const struct model_user *m, uint64_t addr)
{
	size_t i;

	for (i = 0; i < m->segments.len; i++)
		if (segment_at(m, i)->addr <= addr &&
		    addr <= segment_at(m, i)->last)
			return segment_at(m, i);
	return NULL;
}

/* How many of @len bytes from @addr on stand in one segment @s */
static size_t clip(const struct segment *s, uint64_t addr, size_t len)
{
	uint64_t left = s->last - addr;

	return left < len - 1 ? (size_t)left + 1 : len;
}

/* How many bytes can be copied before a hole, a fault, or the end */
static size_t reachable(struct model_user *m, uint64_t addr, size_t len,
			bool write)
{
	size_t done = 0;
	size_t i;

	while (done < len) {
		const struct segment *s = find(m, addr + done);

		if (!s || (write && s->access == MODEL_READ_ONLY))
			break;
		done += clip(s, addr + done, len - done);
		/* the address after the last one is not 0 */
		if (s->last == UINT64_MAX)
			break;
	}
	for (i = 0; i < m->fault_bytes.len; i++) {
		uint64_t at = *MODEL_AT(uint64_t, m->fault_bytes, i) - addr;

		if (at < done)
			done = (size_t)at;
	}
	return done;
}

static bool call_faults(const struct model_user *m, uint64_t k)
{
	size_t i;

	for (i = 0; i < m->fault_calls.len; i++)
		if (*MODEL_AT(uint64_t, m->fault_calls, i) == k)
			return true;
	return false;
}

/* Begin copy call number calls.len; returns how many bytes to copy. */
static size_t begin(struct model_user *m, uint64_t addr, size_t len, bool write)
{
	size_t n = reachable(m, addr, len, write);

	if (len && addr + (len - 1) < addr)
		m->wrapped++;
	if (call_faults(m, m->calls.len))
		n = 0;
	if (n < len && !write)
		n -= n < m->pessimist ? n : m->pessimist;
	return n;
}

static void apply(struct model_user *m, const struct change *c)
{
	size_t i;

	for (i = 0; i < c->len; i++) {
		struct segment *s = find(m, c->addr + i);

		if (s)
			s->bytes[c->addr + i - s->addr] = c->bytes[i];
	}
}

/* End of a copy call: keep it, and let the owner have a turn. */
static size_t end(struct model_user *m, const struct model_user_call *call)
{
	uint64_t k = m->calls.len;
	struct model_user_call *slot = model_vec_push(&m->calls, sizeof(*slot));
	size_t i;

	*slot = *call;
	for (i = 0; i < m->changes.len; i++)
		if (MODEL_AT(struct change, m->changes, i)->k == k)
			apply(m, MODEL_AT(struct change, m->changes, i));
	return call->missing;
}

static void deliver(const struct model_user *m, struct segment *s, uint64_t at,
		    uint8_t *dst, size_t n)
{
	size_t i;

	memcpy(dst, s->bytes + at, n);
	for (i = 0; i < n; i++) {
		s->delivered[at + i]++;
		if (m->flip)
			s->bytes[at + i] ^= 0xff;
	}
}

static size_t copy_from(void *ctx, void *dst, uint64_t uaddr, size_t len)
{
	struct model_user *m = ctx;
	size_t n = begin(m, uaddr, len, false);
	size_t done = 0;

	while (done < n) {
		struct segment *s = find(m, uaddr + done);
		size_t part = clip(s, uaddr + done, n - done);

		deliver(m, s, uaddr + done - s->addr, (uint8_t *)dst + done,
			part);
		done += part;
	}
	return end(m, &(struct model_user_call){
			      .addr = uaddr, .len = len, .missing = len - n });
}

static size_t copy_to(void *ctx, uint64_t uaddr, const void *src, size_t len)
{
	struct model_user *m = ctx;
	size_t n = begin(m, uaddr, len, true);
	const uint8_t *bytes = src;
	size_t done;

	for (done = 0; done < n; done++) {
		struct segment *s = find(m, uaddr + done);
		uint64_t at = uaddr + done - s->addr;

		s->bytes[at] = bytes[done];
		s->written[at]++;
	}
	return end(m, &(struct model_user_call){ .addr = uaddr,
						 .len = len,
						 .missing = len - n,
						 .write = true });
}

static bool interrupted(void *ctx)
{
	struct model_user *m = ctx;

	if (!m->may_interrupt)
		return false;
	if (!m->interrupt_after)
		return true;
	m->interrupt_after--;
	return false;
}

uint32_t model_user_delivered(const struct model_user *m, uint64_t addr)
{
	const struct segment *s = find(m, addr);

	return s ? s->delivered[addr - s->addr] : 0;
}

uint32_t model_user_written(const struct model_user *m, uint64_t addr)
{
	const struct segment *s = find(m, addr);

	return s ? s->written[addr - s->addr] : 0;
}

uint32_t model_user_max_delivered(const struct model_user *m)
{
	uint32_t most = 0;
	size_t i;

	for (i = 0; i < m->segments.len; i++) {
		const struct segment *s = segment_at(m, i);
		uint64_t at;

		for (at = 0; at <= s->last - s->addr; at++)
			if (s->delivered[at] > most)
				most = s->delivered[at];
	}
	return most;
}

bool model_user_peek(const struct model_user *m, uint64_t addr, void *dst,
		     size_t len)
{
	uint8_t *bytes = dst;
	size_t i;

	for (i = 0; i < len; i++) {
		const struct segment *s = find(m, addr + i);

		if (!s)
			return false;
		bytes[i] = s->bytes[addr + i - s->addr];
	}
	return true;
}

size_t model_user_calls(const struct model_user *m)
{
	return m->calls.len;
}

const struct model_user_call *model_user_call(const struct model_user *m,
					      size_t i)
{
	return MODEL_AT(struct model_user_call, m->calls, i);
}

uint64_t model_user_wrapped(const struct model_user *m)
{
	return m->wrapped;
}

void model_user_env(struct model_user *m, struct s1inv_env_user *user)
{
	*user = (struct s1inv_env_user){ .ctx = m,
					 .copy_from = copy_from,
					 .copy_to = copy_to,
					 .interrupted = interrupted };
}
