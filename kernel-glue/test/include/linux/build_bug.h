/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims that the compiler checks */
#ifndef S1INV_STUB_BUILD_BUG_H
#define S1INV_STUB_BUILD_BUG_H

#define STUB_ASSERT_TEXT(text, ...) text
#define static_assert(expr, ...)                                               \
	_Static_assert(expr, STUB_ASSERT_TEXT(__VA_ARGS__ __VA_OPT__(, ) #expr))

#endif /* S1INV_STUB_BUILD_BUG_H */
