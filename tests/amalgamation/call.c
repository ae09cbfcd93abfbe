/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A program in C and in C++ alike that has the declarations of the one file
 * only: a command for the self-test's page table, of whose three entries the
 * last is wrong (SELF-2).
 */
#include "s1inv_all.h"
#include "s1inv_all.h"

#include <string.h>

/* User memory: a user address is an offset in here. */
static unsigned char memory[256];
#define COMMAND 64U
#define ARRAY 128U

static struct s1inv_selftest mock;

static size_t copy_from(void *ctx, void *dst, uint64_t uaddr, size_t len)
{
	(void)ctx;
	memcpy(dst, memory + uaddr, len);
	return 0;
}

static size_t copy_to(void *ctx, uint64_t uaddr, const void *src, size_t len)
{
	(void)ctx;
	memcpy(memory + uaddr, src, len);
	return 0;
}

static int find(void *ctx, uint32_t hwpt_id, struct s1inv_backend *backend)
{
	(void)ctx;
	(void)hwpt_id;
	s1inv_selftest_begin(&mock, backend);
	return 0;
}

int main(void)
{
	const struct s1inv_env_user user = { NULL, copy_from, copy_to, NULL };
	const struct s1inv_hwpts hwpts = { NULL, find, NULL };
	const struct s1inv_limits limits = S1INV_LIMITS_LINUX;
	const struct s1inv_selftest_entry entries[3] = { { 0, 1 },
							 { 0, 3 },
							 { 0, 4 } };
	struct s1inv_cmd cmd = {
		32, 1, ARRAY, S1INV_DATA_SELFTEST, sizeof(entries[0]), 3, 0
	};
	struct s1inv_report report;
	uint32_t i;

	for (i = 0; i < S1INV_SELFTEST_IDS; i++)
		mock.iotlb[i] = 7;
	memcpy(memory + COMMAND, &cmd, sizeof(cmd));
	memcpy(memory + ARRAY, entries, sizeof(entries));
	if (s1inv_command(&hwpts, &user, &limits, COMMAND, &report) !=
	    -S1INV_EINVAL)
		return 1;
	memcpy(&cmd, memory + COMMAND, sizeof(cmd));
	if (cmd.entry_num != 2 || mock.iotlb[0] != 7 || mock.iotlb[1] ||
	    mock.iotlb[2] != 7 || mock.iotlb[3])
		return 2;
	return strcmp(s1inv_rule_name(report.verdict.rule), "SELF-2") ? 3 : 0;
}
