/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The self-test's data type through the whole command: the cases that the
 * kernel's own self-test of this ioctl has, and the rules SELF-1 and SELF-2.
 */
#include <s1inv/s1inv.h>

#include "fake_user.h"
#include "runner.h"

#define BASE UINT64_C(0x7f0000001000)
#define CMD_AT 0x40U
#define ARRAY_AT 0x200U
#define NESTED 5U /* a page table with an invalidation */
#define PARENT 4U /* its parent, which has none */
#define IOTLB_DEFAULT 123456U

static struct fake_user mem;
static struct s1inv_selftest mock;
static struct s1inv_cmd cmd;
static struct s1inv_report report;

static int mock_find(void *ctx, uint32_t hwpt_id,
		     struct s1inv_backend *backend)
{
	if (hwpt_id == PARENT)
		return -S1INV_EINVAL;
	if (hwpt_id != NESTED)
		return -S1INV_ENOENT;
	s1inv_selftest_begin(ctx, backend);
	return 0;
}

static void put_entry(uint32_t i, uint32_t flags, uint32_t iotlb_id)
{
	struct s1inv_selftest_entry e = { flags, iotlb_id };

	memcpy(&mem.bytes[ARRAY_AT + 8 * i], &e, sizeof(e));
}

/* @num entries for id 0, and all of the cache in use */
static void start(uint32_t num)
{
	uint32_t i;

	fake_reset(&mem, BASE);
	memset(&mock, 0, sizeof(mock));
	for (i = 0; i < S1INV_SELFTEST_IDS; i++)
		mock.iotlb[i] = IOTLB_DEFAULT;
	cmd = (struct s1inv_cmd){ .size = 32,
				  .hwpt_id = NESTED,
				  .data_uptr = BASE + ARRAY_AT,
				  .data_type = S1INV_DATA_SELFTEST,
				  .entry_len = 8,
				  .entry_num = num };
	memset(&mem.no_read[ARRAY_AT + 8 * num], true, 64);
}

static void expect(int error, uint32_t entry_num)
{
	static const struct s1inv_limits limits = { 1U << 19, 4096 };
	struct s1inv_env_user user = fake_env(&mem);
	struct s1inv_hwpts hwpts = { &mock, mock_find, NULL };
	struct s1inv_cmd out;

	memcpy(&mem.bytes[CMD_AT], &cmd, sizeof(cmd));
	memset(&report, 0x5a, sizeof(report));
	ck_assert_int_eq(s1inv_command(&hwpts, &user, &limits, BASE + CMD_AT,
				       &report),
			 error);
	memcpy(&out, &mem.bytes[CMD_AT], sizeof(out));
	ck_assert_uint_eq(out.entry_num, entry_num);
	ck_assert_uint_eq(report.handled, entry_num);
	/* This data type has no hw_error: nothing but the command goes back. */
	ck_assert_uint_eq(mem.to_calls, 1);
	ck_assert_uint_eq(mem.to_len, 32);
	ck_assert(fake_read_once(&mem));
}

/* Bit i of @gone: the value of id i has been invalidated. */
static void expect_iotlb(uint32_t gone)
{
	uint32_t i;

	for (i = 0; i < S1INV_SELFTEST_IDS; i++)
		ck_assert_uint_eq(mock.iotlb[i],
				  gone & (1U << i) ? 0 : IOTLB_DEFAULT);
}

START_TEST(linux_limits)
{
	ck_assert_uint_eq(S1INV_LIMITS_LINUX.entry_num, 1U << 19);
	ck_assert_uint_eq(S1INV_LIMITS_LINUX.entry_len, 4096);
}
END_TEST

START_TEST(cmd_7_parent_page_table)
{
	start(1);
	cmd.hwpt_id = PARENT;
	expect(-S1INV_EINVAL, 0);
	expect_iotlb(0);
}
END_TEST

START_TEST(cmd_9_empty_array)
{
	start(0);
	expect(0, 0);
	expect_iotlb(0);
}
END_TEST

START_TEST(cmd_8_wrong_data_type)
{
	static const uint32_t types[] = { S1INV_DATA_VTD_S1,
					  S1INV_DATA_ARM_SMMUV3,
					  S1INV_DATA_SELFTEST + 1 };

	start(1);
	cmd.data_type = types[_i];
	expect(-S1INV_EINVAL, 0);
	ck_assert_int_eq((int)report.verdict.rule, S1INV_RULE_CMD_8);
	expect_iotlb(0);
}
END_TEST

START_TEST(copy_1_wrong_entry_len)
{
	static const uint32_t lens[] = { 1, 9, 0, 4097, 7, 24 };

	start(1);
	cmd.entry_len = lens[_i];
	expect(-S1INV_EINVAL, 0);
	expect_iotlb(0);
}
END_TEST

START_TEST(cmd_6_too_many_entries)
{
	start(1);
	cmd.entry_num = (1U << 19) + 1;
	expect(-S1INV_EINVAL, 0);
	expect_iotlb(0);
}
END_TEST

START_TEST(cmd_6_null_array)
{
	start(1);
	cmd.data_uptr = 0;
	expect(-S1INV_EINVAL, 0);
	expect_iotlb(0);
}
END_TEST

/* SELF-1: every flag but ALL */
START_TEST(self_1_unknown_flag)
{
	start(1);
	put_entry(0, 1U << _i, 0);
	expect(-S1INV_EOPNOTSUPP, 0);
	ck_assert_int_eq((int)report.verdict.rule, S1INV_RULE_SELF_1);
	expect_iotlb(0);

	start(1);
	put_entry(0, 1U << _i | S1INV_SELFTEST_ALL, 0);
	expect(-S1INV_EOPNOTSUPP, 0);
	expect_iotlb(0);
}
END_TEST

/* SELF-2: an id above 3, also with ALL */
START_TEST(self_2_iotlb_id)
{
	static const uint32_t ids[] = { 4, 5, 0x100, 0x80000000, UINT32_MAX };

	start(1);
	put_entry(0, 0, ids[_i]);
	expect(-S1INV_EINVAL, 0);
	ck_assert_int_eq((int)report.verdict.rule, S1INV_RULE_SELF_2);
	expect_iotlb(0);

	start(1);
	put_entry(0, S1INV_SELFTEST_ALL, ids[_i]);
	expect(-S1INV_EINVAL, 0);
	expect_iotlb(0);
}
END_TEST

START_TEST(self_1_before_self_2)
{
	start(1);
	put_entry(0, 2, 4);
	expect(-S1INV_EOPNOTSUPP, 0);
	expect_iotlb(0);
}
END_TEST

/* REP-3: the first entry is good, and really carried out; the second is bad. */
START_TEST(rep_3_second_entry_bad_flag)
{
	start(2);
	put_entry(0, 0, 0);
	put_entry(1, 2, 1);
	expect(-S1INV_EOPNOTSUPP, 1);
	expect_iotlb(0x1);
}
END_TEST

START_TEST(rep_3_second_entry_bad_id)
{
	start(2);
	put_entry(0, 0, 0);
	put_entry(1, 0, 4);
	expect(-S1INV_EINVAL, 1);
	expect_iotlb(0x1);
}
END_TEST

START_TEST(rep_1_one_entry)
{
	start(1);
	put_entry(0, 0, (uint32_t)_i);
	expect(0, 1);
	expect_iotlb(1U << _i);
}
END_TEST

START_TEST(rep_1_two_entries)
{
	start(2);
	put_entry(0, 0, 2);
	put_entry(1, 0, 3);
	expect(0, 2);
	expect_iotlb(0xc);
}
END_TEST

START_TEST(rep_1_all_entries)
{
	start(1);
	put_entry(0, S1INV_SELFTEST_ALL, (uint32_t)_i);
	expect(0, 1);
	expect_iotlb(0xf);
}
END_TEST

/* Longer than its chunk, with a bad entry or an unreadable one at each place */
START_TEST(rep_3_across_chunks)
{
	uint32_t bad = (uint32_t)_i, i;

	start(20);
	for (i = 0; i < 20; i++)
		put_entry(i, 0, i < bad ? 1 : 2);
	put_entry(bad, 0, 99);
	expect(-S1INV_EINVAL, bad);
	expect_iotlb(bad ? 0x2 : 0);

	start(20);
	for (i = 0; i < 20; i++)
		put_entry(i, 0, i < bad ? 1 : 2);
	mem.no_read[ARRAY_AT + 8 * bad] = true;
	expect(-S1INV_EFAULT, bad);
	expect_iotlb(bad ? 0x2 : 0);
}
END_TEST

static Suite *selftest_suite(void)
{
	Suite *s = suite_create("selftest");
	TCase *tc = tcase_create("selftest");

	tcase_add_test(tc, linux_limits);
	tcase_add_test(tc, cmd_7_parent_page_table);
	tcase_add_test(tc, cmd_9_empty_array);
	tcase_add_loop_test(tc, cmd_8_wrong_data_type, 0, 3);
	tcase_add_loop_test(tc, copy_1_wrong_entry_len, 0, 6);
	tcase_add_test(tc, cmd_6_too_many_entries);
	tcase_add_test(tc, cmd_6_null_array);
	tcase_add_loop_test(tc, self_1_unknown_flag, 1, 32);
	tcase_add_loop_test(tc, self_2_iotlb_id, 0, 5);
	tcase_add_test(tc, self_1_before_self_2);
	tcase_add_test(tc, rep_3_second_entry_bad_flag);
	tcase_add_test(tc, rep_3_second_entry_bad_id);
	tcase_add_loop_test(tc, rep_1_one_entry, 0, 4);
	tcase_add_test(tc, rep_1_two_entries);
	tcase_add_loop_test(tc, rep_1_all_entries, 0, 4);
	tcase_add_loop_test(tc, rep_3_across_chunks, 0, 20);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(selftest_suite());
}
