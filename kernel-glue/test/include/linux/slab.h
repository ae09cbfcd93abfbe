/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory */
#ifndef S1INV_STUB_SLAB_H
#define S1INV_STUB_SLAB_H

#include <linux/lockdep.h>

/* Allocations that may sleep, as all here do */
#define GFP_KERNEL 0
#define GFP_KERNEL_ACCOUNT 0

static inline void *kcalloc(size_t num, size_t size, int gfp)
{
	(void)gfp;
	stub_might_sleep(__func__);
	return stub_alloc(num * size);
}

static inline void *kzalloc(size_t size, int gfp)
{
	return kcalloc(1, size, gfp);
}

static inline void kfree(const void *p)
{
	stub_free(p);
}

#endif /* S1INV_STUB_SLAB_H */
