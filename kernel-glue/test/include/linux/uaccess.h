/* SPDX-License-Identifier: GPL-2.0-only */
/* User memory */
#ifndef S1INV_STUB_UACCESS_H
#define S1INV_STUB_UACCESS_H

#include <linux/lockdep.h>
#include <linux/types.h>

#define u64_to_user_ptr(v) ((void *)(uintptr_t)(v))

static inline __must_check size_t copy_from_user(void *to, const void *from,
						 size_t len)
{
	stub_might_sleep(__func__);
	return stub_copy_from_user(to, from, len);
}

static inline __must_check size_t copy_to_user(void *to, const void *from,
					       size_t len)
{
	stub_might_sleep(__func__);
	return stub_copy_to_user(to, from, len);
}

#endif /* S1INV_STUB_UACCESS_H */
