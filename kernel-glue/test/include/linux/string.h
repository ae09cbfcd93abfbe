/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory */
#ifndef S1INV_STUB_STRING_H
#define S1INV_STUB_STRING_H

#include <string.h>

#endif /* S1INV_STUB_STRING_H */
