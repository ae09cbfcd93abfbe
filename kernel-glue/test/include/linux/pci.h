/* SPDX-License-Identifier: GPL-2.0-only */
/* PCI functions */
#ifndef S1INV_STUB_PCI_H
#define S1INV_STUB_PCI_H

#include <linux/types.h>

#define PCI_DEVID(bus, devfn) ((u16)((u16)(bus) << 8 | (devfn)))

#endif /* S1INV_STUB_PCI_H */
