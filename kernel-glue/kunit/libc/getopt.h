/* SPDX-License-Identifier: GPL-2.0-only */
/* No command line here */
struct option;
