/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasks */
#ifndef S1INV_STUB_SCHED_H
#define S1INV_STUB_SCHED_H

#include <linux/lockdep.h>

#define current stub_current()

static inline void cond_resched(void)
{
	stub_might_sleep(__func__);
	stub_relax();
}

#endif /* S1INV_STUB_SCHED_H */
