/* SPDX-License-Identifier: GPL-2.0-only */
/* Limits */
#ifndef S1INV_STUB_LIMITS_H
#define S1INV_STUB_LIMITS_H

#include_next <linux/limits.h>

#define U64_MAX (~0ULL)
#define U32_MAX (~0U)
#define U8_MAX ((u8)~0U)

#endif /* S1INV_STUB_LIMITS_H */
