/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * DOC: test doubles in the kernel's environment of the core
 *
 * With CONFIG_INTEL_IOMMU_S1INV_KUNIT_TEST every operation of env.h looks first whether its
 * object has one of its own, under the names of the portable env.h: then a
 * test stands there in the place of the machine. Otherwise this is nothing.
 */
#ifndef S1INV_ENV_DOUBLES_H
#define S1INV_ENV_DOUBLES_H

#ifdef CONFIG_INTEL_IOMMU_S1INV_KUNIT_TEST

#include <linux/types.h>

struct s1inv_env_waiter;
struct s1inv_vtd_fault;

/* Members of struct s1inv_env_dev, of struct s1inv_env_waiter */
#define S1INV_ENV_DEV_DOUBLES                                                  \
	void *ctx;                                                             \
	u32 (*read32)(void *ctx, u32 off);                                     \
	u64 (*read64)(void *ctx, u32 off);                                     \
	void (*write32)(void *ctx, u32 off, u32 value);                        \
	void (*lock)(void *ctx);                                               \
	void (*unlock)(void *ctx);                                             \
	void (*pause)(void *ctx, const struct s1inv_env_waiter *waiter);       \
	bool (*present)(void *ctx, u16 sid);                                   \
	void (*note)(void *ctx, const struct s1inv_vtd_fault *fault);
#define S1INV_ENV_WAITER_DOUBLES                                               \
	void *ctx;                                                             \
	bool (*may_wait)(void *ctx);

struct s1inv_env_user {
	void *ctx;
	size_t (*copy_from)(void *ctx, void *dst, u64 uaddr, size_t len);
	size_t (*copy_to)(void *ctx, u64 uaddr, const void *src, size_t len);
	bool (*interrupted)(void *ctx);
};

/* Do @op of @object, if it has it, and return what that returns. */
#define S1INV_ENV_DOUBLE(object, op, ...)                                      \
	do {                                                                   \
		if ((object) && (object)->op)                                  \
			return (object)->op((object)->ctx, ##__VA_ARGS__);     \
	} while (0)

#else

#define S1INV_ENV_DEV_DOUBLES
#define S1INV_ENV_WAITER_DOUBLES
#define S1INV_ENV_DOUBLE(object, op, ...) ((void)(object))

#endif

#endif /* S1INV_ENV_DOUBLES_H */
