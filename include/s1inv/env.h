/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/**
 * DOC: the environment of the s1inv core
 *
 * The one header of the core that names its surroundings: integer types,
 * errno values, annotations, byte order, and the few operations that only
 * the surroundings can provide. An integrator who cannot use this version
 * writes an own file of the same name with the same contents and puts its
 * folder first on the include path; nothing else of the core changes.
 *
 * ref/ has to be compiled anew with it: an own version never goes together with
 * a library that was built with this one. docs/porting.md lists what it must
 * provide.
 *
 * This version needs a C11 compiler (gcc or clang) and no C library.
 * Everything that reaches outside goes through function pointers here; a
 * kernel's version replaces them by inline register and user-memory access.
 */
#ifndef S1INV_ENV_H
#define S1INV_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The errno values of the ABI, as Linux numbers them on most machines. */
#define S1INV_ENOENT 2
#define S1INV_EINTR 4
#define S1INV_EIO 5
#define S1INV_E2BIG 7
#define S1INV_EAGAIN 11
#define S1INV_EFAULT 14
#define S1INV_EINVAL 22
#define S1INV_EOPNOTSUPP 95
#define S1INV_ETIMEDOUT 110

/* What gcc and clang know of a function or a type beyond the language */
#define S1INV_ATTRIBUTE(name) __attribute__((name))

/** define S1INV_MUST_CHECK - the caller has to look at the result */
#define S1INV_MUST_CHECK S1INV_ATTRIBUTE(warn_unused_result)

/** define S1INV_NOINLINE_FOR_STACK - keep its locals off deeper call chains */
#define S1INV_NOINLINE_FOR_STACK S1INV_ATTRIBUTE(noinline)

/** define S1INV_STATIC_ASSERT - a claim that the compiler checks */
/* In C and in C++: no array has -1 elements. Nobody defines this one. */
#define S1INV_STATIC_ASSERT(cond)                                              \
	extern char s1inv_static_assert[(cond) ? 1 : -1]

/**
 * define S1INV_ASSERT - a claim that only a bug in the core or in its
 * integrator can break, never an input
 *
 * Traps when S1INV_DEBUG is defined and costs nothing otherwise.
 */
#ifdef S1INV_DEBUG
#define S1INV_ASSERT(cond)                                                     \
	do {                                                                   \
		if (!(cond))                                                   \
			__builtin_trap();                                      \
	} while (0)
#else
#define S1INV_ASSERT(cond) ((void)sizeof((cond) ? 1 : 0))
#endif

/* sparse keeps little-endian words apart from the host's own. */
#ifdef __CHECKER__
#define S1INV_BITWISE S1INV_ATTRIBUTE(bitwise)
#define S1INV_FORCE S1INV_ATTRIBUTE(force)
#else
#define S1INV_BITWISE
#define S1INV_FORCE
#endif

/** typedef s1inv_le64 - a 64-bit word that is little-endian in memory */
typedef uint64_t S1INV_BITWISE s1inv_le64;
/** typedef s1inv_le32 - a 32-bit word that is little-endian in memory */
typedef uint32_t S1INV_BITWISE s1inv_le32;

/* S1INV_SWAP64, S1INV_SWAP32: from the host's byte order to little-endian */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define S1INV_SWAP64(v) (v)
#define S1INV_SWAP32(v) (v)
#else
#define S1INV_SWAP64(v) __builtin_bswap64(v)
#define S1INV_SWAP32(v) __builtin_bswap32(v)
#endif

/** s1inv_cpu_to_le64() - @v as it must stand in memory */
static inline s1inv_le64 s1inv_cpu_to_le64(uint64_t v)
{
	return (S1INV_FORCE s1inv_le64)S1INV_SWAP64(v);
}

/** s1inv_le64_to_cpu() - the number that the memory word @v holds */
static inline uint64_t s1inv_le64_to_cpu(s1inv_le64 v)
{
	return S1INV_SWAP64((S1INV_FORCE uint64_t)v);
}

/** s1inv_le32_to_cpu() - the number that the memory word @v holds */
static inline uint32_t s1inv_le32_to_cpu(s1inv_le32 v)
{
	return S1INV_SWAP32((S1INV_FORCE uint32_t)v);
}

/**
 * s1inv_env_fls64() - position of the highest bit that is set
 * @v: any value
 *
 * Two 32-bit steps, because the 64-bit builtin is a library call on i386.
 *
 * Return: 1 for bit 0 up to 64 for bit 63; 0 when @v is 0.
 */
static inline unsigned int s1inv_env_fls64(uint64_t v)
{
	uint32_t high = (uint32_t)(v >> 32);
	uint32_t low = (uint32_t)v;

	if (high)
		return 64U - (unsigned int)__builtin_clz(high);
	return low ? 32U - (unsigned int)__builtin_clz(low) : 0U;
}

/** s1inv_env_load32() - read a word that hardware writes, exactly once */
static inline s1inv_le32 s1inv_env_load32(const s1inv_le32 *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

/** s1inv_env_store32() - write a word that hardware may write too */
static inline void s1inv_env_store32(s1inv_le32 *p, s1inv_le32 v)
{
	__atomic_store_n(p, v, __ATOMIC_RELAXED);
}

/** s1inv_env_store64() - write a word that hardware reads */
static inline void s1inv_env_store64(s1inv_le64 *p, s1inv_le64 v)
{
	/*
	 * An atomic store would be a library call on i386, and hardware does
	 * not look before it is told to. The fence is no instruction: it keeps
	 * the compiler from joining stores to a call of memcpy.
	 */
	*p = v;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/** s1inv_env_barrier() - memory writes before it are seen before those after */
static inline void s1inv_env_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/**
 * struct s1inv_env_user - the memory of the process that made the request
 * @ctx: handed to each function
 * @copy_from: read @len bytes at user address @uaddr into @dst, in ascending
 *	order; returns how many of them, at the end, were *not* delivered. May
 *	overwrite the rest of @dst. May sleep.
 * @copy_to: write @len bytes to user address @uaddr; returns how many were not
 *	written. May sleep.
 * @interrupted: a fatal signal is pending. May be NULL. May sleep.
 *
 * An address that the machine cannot express is a fault, not an error of its
 * own. The core never lets the address of the last byte wrap (COPY-4).
 */
struct s1inv_env_user {
	void *ctx;
	size_t (*copy_from)(void *ctx, void *dst, uint64_t uaddr, size_t len);
	size_t (*copy_to)(void *ctx, uint64_t uaddr, const void *src,
			  size_t len);
	bool (*interrupted)(void *ctx);
};

/** s1inv_env_copy_from() - see &s1inv_env_user.copy_from */
static inline size_t s1inv_env_copy_from(const struct s1inv_env_user *user,
					 void *dst, uint64_t uaddr, size_t len)
{
	return user->copy_from(user->ctx, dst, uaddr, len);
}

/** s1inv_env_copy_to() - see &s1inv_env_user.copy_to */
static inline size_t s1inv_env_copy_to(const struct s1inv_env_user *user,
				       uint64_t uaddr, const void *src,
				       size_t len)
{
	return user->copy_to(user->ctx, uaddr, src, len);
}

/** s1inv_env_interrupted() - give others a turn; is a fatal signal pending? */
static inline bool s1inv_env_interrupted(const struct s1inv_env_user *user)
{
	return user->interrupted && user->interrupted(user->ctx);
}

struct s1inv_vtd_fault;
struct s1inv_env_waiter;

/**
 * struct s1inv_env_dev - the registers of one IOMMU unit and what else its
 *	queue needs from outside
 * @ctx: handed to each function
 * @read32: read the 32-bit register at byte offset @off: FSTS_REG, and the low
 *	half of IQH_REG
 * @read64: read the 64-bit register at byte offset @off: IQERCD_REG
 * @write32: write the 32-bit register at byte offset @off: FSTS_REG, and the
 *	low half of IQT_REG, the byte offset of the next slot to fill
 * @lock: take the queue's lock. May be NULL where there is one caller only.
 * @unlock: give it back. NULL together with @lock.
 * @pause: called with the queue's lock held between two looks at a submission
 *	that is under way. May drop and retake the lock and whatever else
 *	@waiter, who may be NULL, can do without meanwhile, but not what guards
 *	the page table's units and targets; may sleep if @waiter may.
 * @present: is the PCI function with requester id @sid still there? May be
 *	NULL: then every function is.
 * @note: a fault was found and is dealt with next: ring and registers still
 *	show it. May be NULL. Must not call back.
 *
 * The core takes the lock in one place, around a submission of the VT-d
 * backend; all else here is called with it held, and none but @pause may sleep.
 */
struct s1inv_env_dev {
	void *ctx;
	uint32_t (*read32)(void *ctx, uint32_t off);
	uint64_t (*read64)(void *ctx, uint32_t off);
	void (*write32)(void *ctx, uint32_t off, uint32_t value);
	void (*lock)(void *ctx);
	void (*unlock)(void *ctx);
	void (*pause)(void *ctx, const struct s1inv_env_waiter *waiter);
	bool (*present)(void *ctx, uint16_t sid);
	void (*note)(void *ctx, const struct s1inv_vtd_fault *fault);
};

/** s1inv_env_read32() - see &s1inv_env_dev.read32 */
static inline uint32_t s1inv_env_read32(const struct s1inv_env_dev *dev,
					uint32_t off)
{
	return dev->read32(dev->ctx, off);
}

/** s1inv_env_read64() - see &s1inv_env_dev.read64 */
static inline uint64_t s1inv_env_read64(const struct s1inv_env_dev *dev,
					uint32_t off)
{
	return dev->read64(dev->ctx, off);
}

/** s1inv_env_write32() - see &s1inv_env_dev.write32 */
static inline void s1inv_env_write32(const struct s1inv_env_dev *dev,
				     uint32_t off, uint32_t value)
{
	s1inv_env_barrier();
	dev->write32(dev->ctx, off, value);
}

/** s1inv_env_lock() - see &s1inv_env_dev.lock */
static inline void s1inv_env_lock(const struct s1inv_env_dev *dev)
{
	if (dev->lock)
		dev->lock(dev->ctx);
}

/** s1inv_env_unlock() - see &s1inv_env_dev.unlock */
static inline void s1inv_env_unlock(const struct s1inv_env_dev *dev)
{
	if (dev->unlock)
		dev->unlock(dev->ctx);
}

/** s1inv_env_pause() - see &s1inv_env_dev.pause */
static inline void s1inv_env_pause(const struct s1inv_env_dev *dev,
				   const struct s1inv_env_waiter *waiter)
{
	dev->pause(dev->ctx, waiter);
}

/** s1inv_env_present() - see &s1inv_env_dev.present */
static inline bool s1inv_env_present(const struct s1inv_env_dev *dev,
				     uint16_t sid)
{
	return !dev->present || dev->present(dev->ctx, sid);
}

/** s1inv_env_note() - see &s1inv_env_dev.note */
static inline void s1inv_env_note(const struct s1inv_env_dev *dev,
				  const struct s1inv_vtd_fault *fault)
{
	if (dev->note)
		dev->note(dev->ctx, fault);
}

/**
 * struct s1inv_env_waiter - who waits for a submission, and how long
 * @ctx: handed to @may_wait
 * @may_wait: false once the caller's time is up; asked only of callers that can
 *	refuse. Called with the queue's lock held, must not sleep.
 */
struct s1inv_env_waiter {
	void *ctx;
	bool (*may_wait)(void *ctx);
};

/** s1inv_env_may_wait() - is there time left? Always, for nobody special. */
static inline bool s1inv_env_may_wait(const struct s1inv_env_waiter *waiter)
{
	return !waiter || waiter->may_wait(waiter->ctx);
}

#endif /* S1INV_ENV_H */
