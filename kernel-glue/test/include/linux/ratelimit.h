/* SPDX-License-Identifier: GPL-2.0-only */
/* The log */
#ifndef S1INV_STUB_RATELIMIT_H
#define S1INV_STUB_RATELIMIT_H

#include "stub.h"

#define DEFAULT_RATELIMIT_INTERVAL 0
#define DEFAULT_RATELIMIT_BURST 0
#define DEFINE_RATELIMIT_STATE(name, interval, burst)                          \
	int name __attribute__((unused))
#define __ratelimit(state) stub_ratelimit()

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif
#define pr_err(...) stub_log(false, __VA_ARGS__)
#define pr_err_ratelimited(...) stub_log(true, __VA_ARGS__)
#define pr_info_ratelimited(...) stub_log(true, __VA_ARGS__)

#endif /* S1INV_STUB_RATELIMIT_H */
