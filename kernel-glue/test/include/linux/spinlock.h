/* SPDX-License-Identifier: GPL-2.0-only */
/* Spinlocks that check how they are used */
#ifndef S1INV_STUB_SPINLOCK_H
#define S1INV_STUB_SPINLOCK_H

#include <linux/lockdep.h>
#include <linux/types.h>

typedef struct {
	struct stub_lock stub;
} spinlock_t;
typedef struct {
	struct stub_lock stub;
} raw_spinlock_t;

#define spin_lock_init(l)                                                      \
	((l)->stub = (struct stub_lock){ STUB_SPIN, #l, NULL })
#define raw_spin_lock_init(l)                                                  \
	((l)->stub = (struct stub_lock){ STUB_RAW_SPIN, #l, NULL })

#define spin_lock(l) stub_lock(&(l)->stub, false)
#define spin_unlock(l) stub_unlock(&(l)->stub, false)
#define raw_spin_lock(l) stub_lock(&(l)->stub, false)
#define raw_spin_unlock(l) stub_unlock(&(l)->stub, false)
#define raw_spin_lock_irq(l) stub_lock(&(l)->stub, true)
#define raw_spin_unlock_irq(l) stub_unlock(&(l)->stub, true)
#define spin_lock_irqsave(l, flags)                                            \
	((flags) = stub_irq_save(), stub_lock(&(l)->stub, false))
#define spin_unlock_irqrestore(l, flags)                                       \
	(stub_unlock(&(l)->stub, false), stub_irq_restore(flags))
#define raw_spin_lock_irqsave(l, flags) spin_lock_irqsave(l, flags)
#define raw_spin_unlock_irqrestore(l, flags) spin_unlock_irqrestore(l, flags)

#define cpu_relax() stub_relax()

#endif /* S1INV_STUB_SPINLOCK_H */
