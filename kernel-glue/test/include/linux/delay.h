/* SPDX-License-Identifier: GPL-2.0-only */
/* Delays */
#ifndef S1INV_STUB_DELAY_H
#define S1INV_STUB_DELAY_H

#include <linux/sched.h>

#endif /* S1INV_STUB_DELAY_H */
