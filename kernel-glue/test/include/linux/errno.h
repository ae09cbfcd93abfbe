/* SPDX-License-Identifier: GPL-2.0-only */
/* Errors, as the machine's headers have them */
#ifndef S1INV_STUB_ERRNO_H
#define S1INV_STUB_ERRNO_H

#include_next <linux/errno.h>

#endif /* S1INV_STUB_ERRNO_H */
