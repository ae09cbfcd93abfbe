/* SPDX-License-Identifier: GPL-2.0-only */
/* As a C library has it */
#include <linux/sprintf.h>
