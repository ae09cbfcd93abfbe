/* SPDX-License-Identifier: GPL-2.0-only */
/* As a C library has it; UINT64_C() and the like come from env.h */
#include <linux/types.h>
