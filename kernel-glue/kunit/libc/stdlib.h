/* SPDX-License-Identifier: GPL-2.0-only */
/* As a C library has it: memory for the model, see ../memory.c. */
#ifndef S1INV_KUNIT_STDLIB_H
#define S1INV_KUNIT_STDLIB_H

#include <linux/bug.h>
#include <linux/types.h>

void *s1inv_kunit_realloc(void *old, size_t size);
void s1inv_kunit_free(void *p);

/* Memory of @num elements, zeroed */
static inline void *s1inv_kunit_calloc(size_t num, size_t size)
{
	return s1inv_kunit_realloc(NULL, num * size);
}

/*
 * For a suite in which the model runs in atomic context: until it is given
 * back, all memory comes from @size bytes that are taken here, and what is
 * freed comes back with them only. False without memory.
 */
bool s1inv_kunit_pool_take(size_t size);
void s1inv_kunit_pool_give(void);

#define calloc(num, size) s1inv_kunit_calloc(num, size)
#define realloc(old, size) s1inv_kunit_realloc(old, size)
#define free(p) s1inv_kunit_free(p)
#define abort() BUG()
#define exit(status) BUG()

#endif /* S1INV_KUNIT_STDLIB_H */
