/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals */
#ifndef S1INV_STUB_SIGNAL_H
#define S1INV_STUB_SIGNAL_H

#include <linux/sched.h>

static inline bool fatal_signal_pending(const struct task_struct *task)
{
	return task->fatal_signal;
}

#endif /* S1INV_STUB_SIGNAL_H */
