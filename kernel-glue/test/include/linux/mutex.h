/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutexes that check how they are used */
#ifndef S1INV_STUB_MUTEX_H
#define S1INV_STUB_MUTEX_H

#include <linux/errno.h>
#include <linux/lockdep.h>

struct mutex {
	struct stub_lock stub;
};

#define mutex_init(l) ((l)->stub = (struct stub_lock){ STUB_MUTEX, #l, NULL })
#define mutex_destroy(l) ((void)(l))

/* One who is killed gets it only if it is free. */
static inline int mutex_lock_killable(struct mutex *l)
{
	stub_might_sleep(__func__);
	while (l->stub.owner) {
		if (stub_current()->fatal_signal)
			return -EINTR;
		stub_relax();
	}
	stub_lock(&l->stub, false);
	return 0;
}

static inline void mutex_unlock(struct mutex *l)
{
	stub_unlock(&l->stub, false);
}

#endif /* S1INV_STUB_MUTEX_H */
