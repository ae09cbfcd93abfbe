/* SPDX-License-Identifier: GPL-2.0-only */
/* The clock */
#ifndef S1INV_STUB_TIMEKEEPING_H
#define S1INV_STUB_TIMEKEEPING_H

#include "stub.h"

#include <linux/types.h>

#define NSEC_PER_MSEC 1000000L

static inline u64 ktime_get_ns(void)
{
	return stub_clock();
}

static inline ktime_t ktime_get(void)
{
	return (ktime_t)stub_clock();
}

#define ktime_to_ns(t) ((s64)(t))
#define ktime_sub(a, b) ((a) - (b))

#endif /* S1INV_STUB_TIMEKEEPING_H */
