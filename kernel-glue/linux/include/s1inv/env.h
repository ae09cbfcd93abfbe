/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * DOC: the environment of the s1inv core inside the Linux VT-d driver
 *
 * Stands in for the core's own header of this name; docs/porting.md of the
 * project says what each function owes the core. Everything is called directly:
 * no indirect call is made while a queue's lock is held.
 */
#ifndef S1INV_ENV_H
#define S1INV_ENV_H

#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/stddef.h>
#include <linux/timekeeping.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#define S1INV_ENOENT		ENOENT
#define S1INV_EINTR		EINTR
#define S1INV_EIO		EIO
#define S1INV_E2BIG		E2BIG
#define S1INV_EAGAIN		EAGAIN
#define S1INV_EFAULT		EFAULT
#define S1INV_EINVAL		EINVAL
#define S1INV_EOPNOTSUPP	EOPNOTSUPP
#define S1INV_ETIMEDOUT		ETIMEDOUT

#define S1INV_MUST_CHECK	__must_check
#define S1INV_NOINLINE_FOR_STACK	noinline_for_stack
#define S1INV_STATIC_ASSERT(cond)	static_assert(cond)
#define S1INV_ASSERT(cond)	WARN_ON_ONCE(!(cond))

/* The core takes these from <stdint.h>. */
#ifndef UINT64_C
#define UINT64_C(v)	(v ## ULL)
#endif
#ifndef UINT64_MAX
#define UINT64_MAX	U64_MAX
#endif
#ifndef UINT32_MAX
#define UINT32_MAX	U32_MAX
#endif

typedef __le64 s1inv_le64;
typedef __le32 s1inv_le32;

static inline s1inv_le64 s1inv_cpu_to_le64(u64 v)
{
	return cpu_to_le64(v);
}

static inline u64 s1inv_le64_to_cpu(s1inv_le64 v)
{
	return le64_to_cpu(v);
}

static inline u32 s1inv_le32_to_cpu(s1inv_le32 v)
{
	return le32_to_cpu(v);
}

static inline unsigned int s1inv_env_fls64(u64 v)
{
	return fls64(v);
}

static inline s1inv_le32 s1inv_env_load32(const s1inv_le32 *p)
{
	return READ_ONCE(*p);
}

static inline void s1inv_env_store32(s1inv_le32 *p, s1inv_le32 v)
{
	WRITE_ONCE(*p, v);
}

static inline void s1inv_env_store64(s1inv_le64 *p, s1inv_le64 v)
{
	WRITE_ONCE(*p, v);
}

/*
 * Tests that are built into the kernel define this as 1. An operation looks then
 * first whether its object brings one of its own along, under the names of the
 * core's own header: so a test can stand in the place of the machine.
 */
#ifndef S1INV_DOUBLES
#define S1INV_DOUBLES	0
#endif

/**
 * struct s1inv_env_user - user memory: that of the current process, for NULL
 */
struct s1inv_env_user {
	/* private: S1INV_DOUBLES */
	void *ctx;
	size_t (*copy_from)(void *ctx, void *dst, u64 uaddr, size_t len);
	size_t (*copy_to)(void *ctx, u64 uaddr, const void *src, size_t len);
	bool (*interrupted)(void *ctx);
};

/* An address that the machine cannot express is a fault. */
static inline size_t s1inv_env_copy_from(const struct s1inv_env_user *user,
					 void *dst, u64 uaddr, size_t len)
{
	if (S1INV_DOUBLES && user && user->copy_from)
		return user->copy_from(user->ctx, dst, uaddr, len);
	if (uaddr != (uintptr_t)uaddr)
		return len;
	return copy_from_user(dst, u64_to_user_ptr(uaddr), len);
}

static inline size_t s1inv_env_copy_to(const struct s1inv_env_user *user,
				       u64 uaddr, const void *src, size_t len)
{
	if (S1INV_DOUBLES && user && user->copy_to)
		return user->copy_to(user->ctx, uaddr, src, len);
	if (uaddr != (uintptr_t)uaddr)
		return len;
	return copy_to_user(u64_to_user_ptr(uaddr), src, len);
}

static inline bool s1inv_env_interrupted(const struct s1inv_env_user *user)
{
	if (S1INV_DOUBLES && user && user->interrupted)
		return user->interrupted(user->ctx);
	cond_resched();
	return fatal_signal_pending(current);
}

struct intel_iommu;
struct s1inv_env_waiter;
struct s1inv_vtd_fault;
struct s1inv_vtd_submission;

/**
 * struct s1inv_env_dev - the unit that a queue belongs to
 * @iommu: the unit
 * @reg: its registers
 * @qlock: the queue's lock
 */
struct s1inv_env_dev {
	struct intel_iommu *iommu;
	void __iomem *reg;
	raw_spinlock_t *qlock;
	/* private: the rest is S1INV_DOUBLES */
	void *ctx;
	u32 (*read32)(void *ctx, u32 off);
	u64 (*read64)(void *ctx, u32 off);
	void (*write32)(void *ctx, u32 off, u32 value);
	void (*lock)(void *ctx);
	void (*unlock)(void *ctx);
	void (*pause)(void *ctx, const struct s1inv_env_waiter *waiter);
	bool (*present)(void *ctx, u16 sid);
	void (*note)(void *ctx, const struct s1inv_vtd_fault *fault);
};

/**
 * struct s1inv_env_waiter - who waits for a submission
 * @sub: the submission of a caller that cannot refuse; NULL for one that can,
 *	which is a process with interrupts enabled
 * @flags: @sub: its interrupt state, from when it took the lock
 * @yields: no @sub: its submission, which others may abandon while it pauses
 * @deadline: no @sub: when its time is up, in ns of ktime_get()
 */
struct s1inv_env_waiter {
	const struct s1inv_vtd_submission *sub;
	unsigned long *flags;
	struct s1inv_vtd_submission *yields;
	u64 deadline;
	/* private: the rest is S1INV_DOUBLES */
	void *ctx;
	bool (*may_wait)(void *ctx);
};

static inline u32 s1inv_env_read32(const struct s1inv_env_dev *dev, u32 off)
{
	if (S1INV_DOUBLES && dev->read32)
		return dev->read32(dev->ctx, off);
	return readl(dev->reg + off);
}

static inline u64 s1inv_env_read64(const struct s1inv_env_dev *dev, u32 off)
{
	if (S1INV_DOUBLES && dev->read64)
		return dev->read64(dev->ctx, off);
	return readq(dev->reg + off);
}

/* The core locks a queue itself for callers that can refuse only. */
static inline void s1inv_env_lock(const struct s1inv_env_dev *dev)
	__acquires(dev->qlock)
{
	if (S1INV_DOUBLES && dev->lock) {
		dev->lock(dev->ctx);
		return;
	}
	lockdep_assert_irqs_enabled();
	raw_spin_lock_irq(dev->qlock);
}

static inline void s1inv_env_unlock(const struct s1inv_env_dev *dev)
	__releases(dev->qlock)
{
	if (S1INV_DOUBLES && dev->unlock) {
		dev->unlock(dev->ctx);
		return;
	}
	raw_spin_unlock_irq(dev->qlock);
}

static inline bool s1inv_env_may_wait(const struct s1inv_env_waiter *waiter)
{
	if (S1INV_DOUBLES && waiter && waiter->may_wait)
		return waiter->may_wait(waiter->ctx);
	return !waiter || ktime_get_ns() < waiter->deadline;
}

/* In qi.c */
void s1inv_env_write32(const struct s1inv_env_dev *dev, u32 off, u32 value);
void s1inv_env_pause(const struct s1inv_env_dev *dev,
		     const struct s1inv_env_waiter *waiter);
bool s1inv_env_present(const struct s1inv_env_dev *dev, u16 sid);
void s1inv_env_note(const struct s1inv_env_dev *dev,
		    const struct s1inv_vtd_fault *fault);

#endif /* S1INV_ENV_H */
