/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims that are checked at run time: a test that breaks one fails */
#ifndef S1INV_STUB_BUG_H
#define S1INV_STUB_BUG_H

#include "stub.h"

#define WARN_ON(cond)                                                          \
	__extension__({                                                        \
		bool warn_cond = (cond);                                       \
		if (warn_cond)                                                 \
			stub_fail("WARN_ON(%s)", #cond);                       \
		warn_cond;                                                     \
	})
#define WARN_ON_ONCE(cond) WARN_ON(cond)

#endif /* S1INV_STUB_BUG_H */
