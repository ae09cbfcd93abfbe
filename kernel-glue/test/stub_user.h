/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User memory for the stub of copy_from_user(). In a file of its own, for the
 * model speaks of it in the terms of the portable env.h.
 */
#ifndef S1INV_STUB_USER_H
#define S1INV_STUB_USER_H

#include <stddef.h>

struct model_user;

/** stub_user_set() - the memory of the process that calls from now on */
void stub_user_set(struct model_user *user);

#endif /* S1INV_STUB_USER_H */
