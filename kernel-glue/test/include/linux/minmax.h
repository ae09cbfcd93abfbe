/* SPDX-License-Identifier: GPL-2.0-only */
/* Smaller, larger */
#ifndef S1INV_STUB_MINMAX_H
#define S1INV_STUB_MINMAX_H

#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))

#endif /* S1INV_STUB_MINMAX_H */
