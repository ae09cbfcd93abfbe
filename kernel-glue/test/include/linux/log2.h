/* SPDX-License-Identifier: GPL-2.0-only */
/* Powers of two */
#ifndef S1INV_STUB_LOG2_H
#define S1INV_STUB_LOG2_H

#include <linux/bitops.h>

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return 1UL << fls64(n - 1);
}

#endif /* S1INV_STUB_LOG2_H */
