// SPDX-License-Identifier: GPL-2.0-only
/* copy_from_user() and copy_to_user() of the stub headers. */
#include "stub_user.h"

#include "model.h"
#include "stub.h"

static struct s1inv_env_user memory;

void stub_user_set(struct model_user *user)
{
	model_user_env(user, &memory);
}

size_t stub_copy_from_user(void *to, const void *from, size_t len)
{
	return s1inv_env_copy_from(&memory, to, (uintptr_t)from, len);
}

size_t stub_copy_to_user(void *to, const void *from, size_t len)
{
	return s1inv_env_copy_to(&memory, (uintptr_t)to, from, len);
}
