/* SPDX-License-Identifier: GPL-2.0-only */
/* Bits */
#ifndef S1INV_STUB_BITOPS_H
#define S1INV_STUB_BITOPS_H

#include <linux/types.h>

#define BIT_ULL(n) (1ULL << (n))
#define GENMASK_ULL(high, low) ((~0ULL >> (63 - (high))) & (~0ULL << (low)))

static inline unsigned int fls64(u64 v)
{
	return v ? 64U - (unsigned int)__builtin_clzll(v) : 0;
}

#endif /* S1INV_STUB_BITOPS_H */
