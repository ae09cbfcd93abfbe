/* SPDX-License-Identifier: GPL-2.0-only */
/* Is an option on? Its name expands to 1 then, and else to itself. */
#ifndef S1INV_STUB_KCONFIG_H
#define S1INV_STUB_KCONFIG_H

#define STUB_TEXT(x) #x
#define STUB_EXPANDED_TEXT(x) STUB_TEXT(x)
#define IS_ENABLED(option) (STUB_EXPANDED_TEXT(option)[0] == '1')

#endif /* S1INV_STUB_KCONFIG_H */
