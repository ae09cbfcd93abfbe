/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers */
#ifndef S1INV_STUB_IO_H
#define S1INV_STUB_IO_H

#include "stub.h"

#include <linux/types.h>

#define virt_to_phys(p) ((u64)(uintptr_t)(p))
#define readl(reg) stub_readl(reg)
#define readq(reg) stub_readq(reg)
#define writel(value, reg) stub_writel(value, reg)

#endif /* S1INV_STUB_IO_H */
