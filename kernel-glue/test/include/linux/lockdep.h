/* SPDX-License-Identifier: GPL-2.0-only */
/* What lockdep checks */
#ifndef S1INV_STUB_LOCKDEP_H
#define S1INV_STUB_LOCKDEP_H

#include "stub.h"

#define lockdep_assert_held(l)                                                 \
	do {                                                                   \
		if (!stub_holds(&(l)->stub))                                   \
			stub_fail("%s is not held", #l);                       \
	} while (0)
#define lockdep_assert_irqs_enabled()                                          \
	do {                                                                   \
		if (stub_current()->irqs_off)                                  \
			stub_fail("interrupts are disabled");                  \
	} while (0)
#define might_sleep() stub_might_sleep(__func__)

#endif /* S1INV_STUB_LOCKDEP_H */
