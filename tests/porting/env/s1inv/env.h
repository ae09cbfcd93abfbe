/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Another environment: everything that the core needs of one, and nothing
 * else. The structures are incomplete, for the core never looks into them, and
 * the operations are functions from elsewhere. docs/porting.md shows this file
 * piece by piece.
 */
#ifndef S1INV_ENV_H
#define S1INV_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define S1INV_ENOENT 2
#define S1INV_EINTR 4
#define S1INV_EIO 5
#define S1INV_E2BIG 7
#define S1INV_EAGAIN 11
#define S1INV_EFAULT 14
#define S1INV_EINVAL 22
#define S1INV_EOPNOTSUPP 95
#define S1INV_ETIMEDOUT 110

#define S1INV_MUST_CHECK
#define S1INV_NOINLINE_FOR_STACK
#define S1INV_STATIC_ASSERT(cond) _Static_assert(cond, #cond)
#define S1INV_ASSERT(cond) ((void)(cond))

typedef uint64_t s1inv_le64;
typedef uint32_t s1inv_le32;

s1inv_le64 s1inv_cpu_to_le64(uint64_t v);
uint64_t s1inv_le64_to_cpu(s1inv_le64 v);
uint32_t s1inv_le32_to_cpu(s1inv_le32 v);
unsigned int s1inv_env_fls64(uint64_t v);

s1inv_le32 s1inv_env_load32(const s1inv_le32 *p);
void s1inv_env_store32(s1inv_le32 *p, s1inv_le32 v);
void s1inv_env_store64(s1inv_le64 *p, s1inv_le64 v);

struct s1inv_env_user;
size_t s1inv_env_copy_from(const struct s1inv_env_user *user, void *dst,
			   uint64_t uaddr, size_t len);
size_t s1inv_env_copy_to(const struct s1inv_env_user *user, uint64_t uaddr,
			 const void *src, size_t len);
bool s1inv_env_interrupted(const struct s1inv_env_user *user);

struct s1inv_vtd_fault;
struct s1inv_env_waiter;
struct s1inv_env_dev;
uint32_t s1inv_env_read32(const struct s1inv_env_dev *dev, uint32_t off);
uint64_t s1inv_env_read64(const struct s1inv_env_dev *dev, uint32_t off);
void s1inv_env_write32(const struct s1inv_env_dev *dev, uint32_t off,
		       uint32_t value);
void s1inv_env_lock(const struct s1inv_env_dev *dev);
void s1inv_env_unlock(const struct s1inv_env_dev *dev);
void s1inv_env_pause(const struct s1inv_env_dev *dev,
		     const struct s1inv_env_waiter *waiter);
bool s1inv_env_present(const struct s1inv_env_dev *dev, uint16_t sid);
void s1inv_env_note(const struct s1inv_env_dev *dev,
		    const struct s1inv_vtd_fault *fault);
bool s1inv_env_may_wait(const struct s1inv_env_waiter *waiter);

#endif /* S1INV_ENV_H */
