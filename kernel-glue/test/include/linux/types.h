/* SPDX-License-Identifier: GPL-2.0-only */
/* Integers and annotations */
#ifndef S1INV_STUB_TYPES_H
#define S1INV_STUB_TYPES_H

#include_next <linux/types.h>

#include <linux/kconfig.h>
#include <linux/minmax.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;
typedef long long s64;
typedef s64 ktime_t;
typedef unsigned int ioasid_t;

struct list_head {
	struct list_head *next;
	struct list_head *prev;
};

#define __iomem
#define __user
#ifndef __force
#define __force
#endif
#define __acquires(lock)
#define __releases(lock)
#define __must_hold(lock)
#define __must_check __attribute__((warn_unused_result))
#define noinline_for_stack __attribute__((noinline))
#define ____cacheline_aligned

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))

#define container_of(ptr, type, member)                                        \
	((type *)((char *)(ptr)-offsetof(type, member)))
#define swap(a, b)                                                             \
	do {                                                                   \
		__typeof__(a) swap_tmp = (a);                                  \
		(a) = (b);                                                     \
		(b) = swap_tmp;                                                \
	} while (0)

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define cpu_to_le64(v) ((__le64)(v))
#define le64_to_cpu(v) ((u64)(v))
#define le32_to_cpu(v) ((u32)(v))
#else
#define cpu_to_le64(v) ((__le64)__builtin_bswap64(v))
#define le64_to_cpu(v) ((u64)__builtin_bswap64(v))
#define le32_to_cpu(v) ((u32)__builtin_bswap32(v))
#endif

#endif /* S1INV_STUB_TYPES_H */
