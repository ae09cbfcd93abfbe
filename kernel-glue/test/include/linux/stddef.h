/* SPDX-License-Identifier: GPL-2.0-only */
/* Offsets */
#ifndef S1INV_STUB_STDDEF_H
#define S1INV_STUB_STDDEF_H

#include_next <linux/stddef.h>
#include <stddef.h>

#endif /* S1INV_STUB_STDDEF_H */
