// SPDX-License-Identifier: GPL-2.0-only
/*
 * malloc() and what else the model and the comparison of vectors expect of a
 * program. Where the model has to run under a raw spinlock nothing can be
 * allocated, so a suite can take a pool beforehand.
 */
#include <linux/bug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <stdlib.h>

#include "tool.h"

/* What stands before each piece: realloc() needs to know the old size. */
struct piece {
	size_t size;
	size_t pad;
	u8 bytes[];
};

static struct {
	raw_spinlock_t lock;
	u8 *at;
	size_t size;
	size_t used;
} pool = { .lock = __RAW_SPIN_LOCK_UNLOCKED(pool.lock) };

bool s1inv_kunit_pool_take(size_t size)
{
	pool.at = vzalloc(size);
	pool.size = size;
	pool.used = 0;
	return pool.at;
}

void s1inv_kunit_pool_give(void)
{
	vfree(pool.at);
	pool.at = NULL;
}

static bool in_pool(const void *p)
{
	return pool.at && (const u8 *)p >= pool.at &&
	       (const u8 *)p < pool.at + pool.size;
}

static struct piece *take_from_pool(size_t size)
{
	struct piece *piece = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&pool.lock, flags);
	size = ALIGN(size, sizeof(*piece));
	if (size <= pool.size - pool.used) {
		piece = (struct piece *)(pool.at + pool.used);
		pool.used += size;
	}
	raw_spin_unlock_irqrestore(&pool.lock, flags);
	return piece;
}

void *s1inv_kunit_realloc(void *old, size_t size)
{
	struct piece *from = old ? container_of(old, struct piece, bytes) :
				   NULL;
	size_t all = sizeof(*from) + size;
	struct piece *piece = pool.at ? take_from_pool(all) :
					kvzalloc(all, GFP_KERNEL);

	if (!piece)
		return NULL;
	piece->size = size;
	if (from)
		memcpy(piece->bytes, from->bytes, min(from->size, size));
	s1inv_kunit_free(old);
	return piece->bytes;
}

void s1inv_kunit_free(void *p)
{
	if (p && !in_pool(p))
		kvfree(container_of(p, struct piece, bytes));
}

/* -------------------------------------------------- of the command's tool.h */

void *tool_alloc(size_t size)
{
	void *p = calloc(1, size);

	BUG_ON(!p);
	return p;
}

char *tool_format(const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	text = tool_alloc(len + 1);
	va_start(args, fmt);
	vsnprintf(text, len + 1, fmt, args);
	va_end(args);
	return text;
}

char *tool_desc_line(const struct s1inv_vtd_desc *desc)
{
	return tool_format("type 0x%x", s1inv_vtd_type(desc->qw[0]));
}

int tool_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
	return TOOL_BAD;
}
