/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The command (CMD-*): every condition, and for each pair of conditions that
 * can hold together, that the first of them decides. The entries are VT-d
 * ones, the hardware behind them is not there.
 */
#include <s1inv/s1inv.h>

#include "fake_user.h"
#include "runner.h"

#define BASE UINT64_C(0x7f0000001000)
#define CMD_AT 0x40U
#define ARRAY_AT 0x200U
#define HWPT 7U
#define CHUNK 4U
#define PAGE 4096U
#define NOT_WRITTEN UINT32_MAX

/**
 * struct table - a page table that does nothing but count
 * @audit: revision and policy
 * @find_error: what looking it up gives
 * @hw_error: what "hardware" says of every entry, for revision v8
 * @signal_at: a fatal signal arrives during that submission, counted from 1
 * @finds: how often it was looked up
 * @audits: how often entries were audited
 * @submits: how often some were submitted
 * @submitted: how many that were
 */
struct table {
	struct s1inv_vtd_audit audit;
	int find_error;
	uint32_t hw_error;
	uint32_t signal_at;
	uint32_t finds;
	uint32_t found; /* of them, successes */
	uint32_t put;
	uint32_t audits;
	uint32_t submits;
	uint32_t submitted;
	struct s1inv_vtd_s1_entry raw[CHUNK];
	uint32_t hw_errors[CHUNK];
};

static struct fake_user mem;
static struct table table;
static struct s1inv_cmd cmd;
static struct s1inv_limits limits;
static struct s1inv_report report;

static uint32_t table_audit(void *ctx, uint32_t n,
			    struct s1inv_verdict *verdict)
{
	struct table *t = ctx;
	struct s1inv_vtd_request request;
	uint32_t i;

	t->audits++;
	for (i = 0; i < n; i++) {
		struct s1inv_verdict v = s1inv_vtd_audit_entry(
			&t->audit, &t->raw[i], &request);

		if (v.error) {
			*verdict = v;
			break;
		}
	}
	return i;
}

static void table_submit(void *ctx, uint32_t n, struct s1inv_outcome *outcome)
{
	struct table *t = ctx;
	uint32_t i;

	t->submitted += n;
	if (++t->submits == t->signal_at)
		mem.signal = true;
	for (i = 0; i < CHUNK; i++)
		t->hw_errors[i] = t->hw_error;
	outcome->handled = n;
	outcome->verdict = (struct s1inv_verdict){ 0, S1INV_RULE_NONE };
	outcome->hw_error = t->audit.revision == S1INV_REVISION_V8 ?
				    t->hw_errors :
				    NULL;
}

static const struct s1inv_backend_ops table_ops = {
	.data_type = S1INV_DATA_VTD_S1,
	.entry_len = 24,
	.hw_error_offset = 20,
	.audit = table_audit,
	.submit = table_submit,
};

static int table_find(void *ctx, uint32_t hwpt_id,
		      struct s1inv_backend *backend)
{
	struct table *t = ctx;

	t->finds++;
	if (hwpt_id != HWPT)
		return -S1INV_ENOENT;
	if (t->find_error)
		return t->find_error;
	t->found++;
	*backend = (struct s1inv_backend){
		.ops = &table_ops, .ctx = t, .raw = t->raw, .chunk = CHUNK
	};
	return 0;
}

static void table_put(void *ctx, struct s1inv_backend *backend)
{
	struct table *t = ctx;

	ck_assert_ptr_eq(backend->ctx, t);
	ck_assert_uint_lt(t->put, t->found);
	t->put++;
}

static void put_entry(uint32_t i, uint64_t addr, uint64_t npages,
		      uint32_t flags, uint32_t last_word)
{
	struct s1inv_vtd_s1_entry e = { addr, npages, flags, last_word };

	memcpy(&mem.bytes[ARRAY_AT + 24 * i], &e, sizeof(e));
}

/* A good command for three good entries, with nothing behind them */
static void start(void)
{
	uint32_t i;

	fake_reset(&mem, BASE);
	memset(&table, 0, sizeof(table));
	cmd = (struct s1inv_cmd){ .size = 32,
				  .hwpt_id = HWPT,
				  .data_uptr = BASE + ARRAY_AT,
				  .data_type = S1INV_DATA_VTD_S1,
				  .entry_len = 24,
				  .entry_num = 3 };
	limits = S1INV_LIMITS_LINUX;
	for (i = 0; i < 3; i++)
		put_entry(i, PAGE * i, 1, 0, 0);
	memset(&mem.no_read[ARRAY_AT + 3 * 24], true, 64);
}

static void check_written(const struct s1inv_cmd *want)
{
	uint32_t i;

	/* CMD-11: all 32 bytes, in one copy, after everything else */
	ck_assert(report.written);
	ck_assert(!memcmp(&mem.bytes[CMD_AT], want, sizeof(*want)));
	for (i = 0; i < 32; i++)
		ck_assert_uint_eq(mem.writes[CMD_AT + i], 1);
	ck_assert_uint_eq(mem.to_addr, BASE + CMD_AT);
	ck_assert_uint_eq(mem.to_len, 32);
}

static void check_not_written(void)
{
	uint32_t i;

	ck_assert(!report.written);
	ck_assert(!memcmp(&mem.bytes[CMD_AT], &cmd, sizeof(cmd)));
	for (i = 0; i < 32; i++)
		ck_assert_uint_eq(mem.writes[CMD_AT + i], 0);
}

static void run(int error, enum s1inv_rule rule)
{
	struct s1inv_env_user user = fake_env(&mem);
	struct s1inv_hwpts hwpts = { &table, table_find, table_put };
	int got;

	memcpy(&mem.bytes[CMD_AT], &cmd, sizeof(cmd));
	memset(&report, 0x5a, sizeof(report));
	got = s1inv_command(&hwpts, &user, &limits, BASE + CMD_AT, &report);
	ck_assert_int_eq(got, error);
	ck_assert_int_eq(report.verdict.error, error);
	ck_assert_int_eq((int)report.verdict.rule, (int)rule);
	ck_assert(fake_read_once(&mem)); /* CMD-12, COPY-3 */
	ck_assert_uint_eq(table.put, table.found);
}

/*
 * Runs the command; @entry_num is what it must be written back with, or
 * NOT_WRITTEN when the command was not read.
 */
static void expect(int error, enum s1inv_rule rule, uint32_t entry_num)
{
	struct s1inv_cmd want;

	run(error, rule);
	memcpy(&want, &cmd, sizeof(want));
	want.entry_num = entry_num;
	if (entry_num == NOT_WRITTEN)
		check_not_written();
	else
		check_written(&want);
	ck_assert_uint_eq(report.handled,
			  entry_num == NOT_WRITTEN ? 0 : entry_num);
}

/* As expect(), for a command that was read but cannot be written (CMD-11) */
static void expect_unwritable(uint32_t handled)
{
	memset(&mem.no_write[CMD_AT], true, 32);
	run(-S1INV_EFAULT, S1INV_RULE_CMD_11);
	check_not_written();
	ck_assert_uint_eq(report.handled, handled);
}

static void check_array_untouched(void)
{
	uint32_t i;

	for (i = 0; i < 3 * 24; i++)
		ck_assert_uint_eq(mem.reads[ARRAY_AT + i], 0);
	ck_assert_uint_eq(table.audits, 0);
	ck_assert_uint_eq(table.submits, 0);
}

START_TEST(cmd_all_good)
{
	start();
	expect(0, S1INV_RULE_NONE, 3);
	ck_assert_uint_eq(table.submitted, 3);
	ck_assert_uint_eq(table.finds, 1);
}
END_TEST

/* --------------------------------------------- the conditions one by one */

START_TEST(cmd_1_size_unreadable)
{
	start();
	mem.no_read[CMD_AT + 3] = true;
	expect(-S1INV_EFAULT, S1INV_RULE_CMD_1, NOT_WRITTEN);
	ck_assert_uint_eq(table.finds, 0);
}
END_TEST

START_TEST(cmd_2_size_below_32)
{
	start();
	cmd.size = (uint32_t)_i;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_2, NOT_WRITTEN);
	ck_assert_uint_eq(table.finds, 0);
}
END_TEST

START_TEST(cmd_3_trailing_bytes)
{
	start();
	cmd.size = 40;
	mem.bytes[CMD_AT + 39] = 1;
	expect(-S1INV_E2BIG, S1INV_RULE_CMD_3, NOT_WRITTEN);

	start();
	cmd.size = 40;
	mem.no_read[CMD_AT + 39] = true;
	expect(-S1INV_EFAULT, S1INV_RULE_CMD_3, NOT_WRITTEN);
	ck_assert_uint_eq(table.finds, 0);
}
END_TEST

/* CMD-3, CMD-11: a longer command is as good, and 32 bytes go back. */
START_TEST(cmd_3_trailing_zeros)
{
	start();
	cmd.size = 33 + (uint32_t)_i;
	expect(0, S1INV_RULE_NONE, 3);
	ck_assert_uint_eq(mem.writes[CMD_AT + 32], 0);
}
END_TEST

START_TEST(cmd_4_command_unreadable)
{
	start();
	mem.no_read[CMD_AT + (uint32_t)_i] = true;
	expect(-S1INV_EFAULT, S1INV_RULE_CMD_4, NOT_WRITTEN);
	ck_assert_uint_eq(table.finds, 0);
}
END_TEST

/* R2: the command's reserved word was not checked. CMD-5, CMD-10 */
START_TEST(cmd_5_defect_R2_reserved_word)
{
	start();
	cmd.reserved = 1U << _i;
	expect(-S1INV_EOPNOTSUPP, S1INV_RULE_CMD_5, 0);
	check_array_untouched();
}
END_TEST

/* M3: the check that the pointer is not 0 comes before its use. */
START_TEST(cmd_6_defect_M3_null_array)
{
	start();
	cmd.data_uptr = 0;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_6, 0);
	check_array_untouched();
}
END_TEST

START_TEST(cmd_6_entry_len_0)
{
	start();
	cmd.entry_len = 0;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_6, 0);
}
END_TEST

/*
 * M1: bounds on entry_len and entry_num. Where the bound does not refuse, an
 * entry_len that is not 24 does (COPY-1).
 */
START_TEST(cmd_6_defect_M1_entry_len_bound)
{
	start();
	cmd.entry_len = 4096;
	expect(-S1INV_EINVAL, S1INV_RULE_COPY_1, 0);

	start();
	cmd.entry_len = 4097;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_6, 0);

	start();
	cmd.entry_len = UINT32_MAX;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_6, 0);
}
END_TEST

START_TEST(cmd_6_defect_M1_entry_num_bound)
{
	start();
	cmd.entry_num = 1U << 19;
	expect(-S1INV_EFAULT, S1INV_RULE_COPY_2, 3);

	start();
	cmd.entry_num = (1U << 19) + 1;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_6, 0);
	check_array_untouched();

	start();
	cmd.entry_num = UINT32_MAX;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_6, 0);
}
END_TEST

/* CMD-6: the bounds are parameters; 0 is none */
START_TEST(cmd_6_bounds_are_parameters)
{
	start();
	limits = (struct s1inv_limits){ 3, 24 };
	expect(0, S1INV_RULE_NONE, 3);

	start();
	limits = (struct s1inv_limits){ 2, 24 };
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_6, 0);

	start();
	limits = (struct s1inv_limits){ 3, 23 };
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_6, 0);

	start();
	limits = (struct s1inv_limits){ 0, 0 };
	cmd.entry_len = UINT32_MAX;
	expect(-S1INV_EINVAL, S1INV_RULE_COPY_1, 0);
}
END_TEST

/* M7: 0xaaaaaab entries of 24 bytes are 8 bytes in 32-bit arithmetic. */
START_TEST(defect_M7_product_overflow)
{
	start();
	limits = (struct s1inv_limits){ 0, 0 };
	cmd.entry_num = 0xaaaaaab;
	expect(-S1INV_EFAULT, S1INV_RULE_COPY_2, 3);
	ck_assert_uint_eq(table.submitted, 3);
}
END_TEST

/* CMD-7, CMD-10; M4, M5: nothing is called, and nothing looks handled. */
START_TEST(cmd_7_defect_M4_M5_lookup_fails)
{
	static const int errors[] = { -S1INV_ENOENT, -S1INV_EINVAL,
				      -S1INV_EOPNOTSUPP };

	start();
	table.find_error = errors[_i];
	expect(errors[_i], S1INV_RULE_CMD_7, 0);
	check_array_untouched();
}
END_TEST

START_TEST(cmd_7_no_such_page_table)
{
	start();
	cmd.hwpt_id = HWPT + 1;
	expect(-S1INV_ENOENT, S1INV_RULE_CMD_7, 0);
	check_array_untouched();
}
END_TEST

START_TEST(cmd_8_data_type)
{
	static const uint32_t types[] = { S1INV_DATA_ARM_SMMUV3,
					  S1INV_DATA_SELFTEST, UINT32_MAX };

	start();
	cmd.data_type = types[_i];
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_8, 0);
	check_array_untouched();

	start();
	cmd.data_type = types[_i];
	cmd.entry_num = 0;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_8, 0);
}
END_TEST

/* M6: an empty array is a probe. CMD-9: what describes it is ignored. */
START_TEST(cmd_9_defect_M6_probe)
{
	static const uint32_t lens[] = { 0, 1, 24, 4097, UINT32_MAX };

	start();
	cmd.entry_num = 0;
	cmd.entry_len = lens[_i];
	cmd.data_uptr = 0;
	expect(0, S1INV_RULE_NONE, 0);
	check_array_untouched();
	ck_assert_uint_eq(table.finds, 1);

	start();
	cmd.entry_num = 0;
	cmd.entry_len = lens[_i];
	cmd.data_uptr = UINT64_MAX;
	expect(0, S1INV_RULE_NONE, 0);
}
END_TEST

START_TEST(copy_1_entry_len)
{
	static const uint32_t lens[] = { 1, 8, 20, 23, 25, 32, 48, 4096 };

	start();
	cmd.entry_len = lens[_i];
	expect(-S1INV_EINVAL, S1INV_RULE_COPY_1, 0);
	check_array_untouched();
}
END_TEST

START_TEST(copy_2_entry_unreadable)
{
	start();
	mem.no_read[ARRAY_AT + (uint32_t)_i] = true;
	expect(-S1INV_EFAULT, S1INV_RULE_COPY_2, (uint32_t)_i / 24);
	ck_assert_uint_eq(table.submitted, (uint32_t)_i / 24);
}
END_TEST

/* COPY-4: the array runs past the end of the address space. */
START_TEST(copy_4_wrap)
{
	start();
	cmd.data_uptr = UINT64_MAX - 22;
	expect(-S1INV_EFAULT, S1INV_RULE_COPY_4, 0);
}
END_TEST

START_TEST(aud_1_flags)
{
	start();
	put_entry(1, PAGE, 1, 2U << _i, 0);
	expect(-S1INV_EOPNOTSUPP, S1INV_RULE_AUD_1, 1);
	ck_assert_uint_eq(table.submitted, 1); /* REP-3 */
}
END_TEST

START_TEST(aud_2_reserved_word)
{
	start();
	put_entry(2, PAGE, 1, S1INV_VTD_S1_LEAF, 1U << _i);
	expect(-S1INV_EOPNOTSUPP, S1INV_RULE_AUD_2, 2);
	ck_assert_uint_eq(table.submitted, 2);
}
END_TEST

START_TEST(aud_3_alignment)
{
	start();
	put_entry(0, UINT64_C(1) << _i, 1, 0, 0);
	expect(-S1INV_EINVAL, S1INV_RULE_AUD_3, 0);
	ck_assert_uint_eq(table.submitted, 0);
}
END_TEST

START_TEST(aud_4_full_flush_form)
{
	start();
	put_entry(1, PAGE, S1INV_VTD_S1_ALL, 0, 0);
	expect(-S1INV_EINVAL, S1INV_RULE_AUD_4, 1);
}
END_TEST

/* REP-5, REP-6: ICE and ITE are no errors of the call, and entries count. */
START_TEST(rep_5_hardware_errors_succeed)
{
	uint32_t i, word;

	start();
	table.audit.revision = S1INV_REVISION_V8;
	table.hw_error = (uint32_t)_i;
	for (i = 0; i < 3; i++)
		put_entry(i, PAGE, 1, 0, 0xdeadbeef);
	expect(0, S1INV_RULE_NONE, 3);
	for (i = 0; i < 3; i++) {
		memcpy(&word, &mem.bytes[ARRAY_AT + 24 * i + 20], 4);
		ck_assert_uint_eq(word, (uint32_t)_i);
	}
}
END_TEST

/* REP-7 and I5: hw_error cannot be written, and the entry counts. */
START_TEST(rep_7_defect_I5_hw_error_unwritable)
{
	start();
	table.audit.revision = S1INV_REVISION_V8;
	mem.no_write[ARRAY_AT + 24 * (uint32_t)_i + 20] = true;
	expect(-S1INV_EFAULT, S1INV_RULE_REP_7, (uint32_t)_i + 1);
}
END_TEST

/* REP-14: the count so far goes back with EINTR. */
START_TEST(rep_14_signal)
{
	uint32_t i;

	start();
	memset(mem.no_read, 0, sizeof(mem.no_read));
	for (i = 0; i < 10; i++)
		put_entry(i, PAGE * i, 1, 0, 0);
	cmd.entry_num = 10;
	table.signal_at = 2;
	expect(-S1INV_EINTR, S1INV_RULE_REP_14, 2 * CHUNK);
}
END_TEST

/* CMD-11: any of the 32 bytes */
START_TEST(cmd_11_write_back_faults)
{
	start();
	mem.no_write[CMD_AT + (uint32_t)_i] = true;
	run(-S1INV_EFAULT, S1INV_RULE_CMD_11);
	ck_assert(!report.written);
	ck_assert_uint_eq(report.handled, 3);
	ck_assert_uint_eq(mem.to_calls, 1);
}
END_TEST

/* ------------------------------------- two conditions: the first decides */

START_TEST(cmd_2_before_cmd_4)
{
	start();
	cmd.size = 31;
	mem.no_read[CMD_AT + 8] = true;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_2, NOT_WRITTEN);
}
END_TEST

START_TEST(cmd_3_before_cmd_4)
{
	start();
	cmd.size = 40;
	mem.bytes[CMD_AT + 36] = 1;
	mem.no_read[CMD_AT + 8] = true;
	expect(-S1INV_E2BIG, S1INV_RULE_CMD_3, NOT_WRITTEN);
}
END_TEST

START_TEST(cmd_3_before_cmd_5)
{
	start();
	cmd.size = 40;
	cmd.reserved = 1;
	mem.bytes[CMD_AT + 36] = 1;
	expect(-S1INV_E2BIG, S1INV_RULE_CMD_3, NOT_WRITTEN);
}
END_TEST

START_TEST(cmd_4_before_cmd_5)
{
	start();
	cmd.reserved = 1;
	mem.no_read[CMD_AT + 8] = true;
	expect(-S1INV_EFAULT, S1INV_RULE_CMD_4, NOT_WRITTEN);
}
END_TEST

START_TEST(cmd_5_before_cmd_6)
{
	start();
	cmd.reserved = 1;
	cmd.data_uptr = 0;
	expect(-S1INV_EOPNOTSUPP, S1INV_RULE_CMD_5, 0);
}
END_TEST

START_TEST(cmd_5_before_cmd_9)
{
	start();
	cmd.reserved = 1;
	cmd.entry_num = 0;
	expect(-S1INV_EOPNOTSUPP, S1INV_RULE_CMD_5, 0);
}
END_TEST

START_TEST(cmd_6_before_cmd_7)
{
	start();
	cmd.data_uptr = 0;
	cmd.hwpt_id = HWPT + 1;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_6, 0);

	start();
	cmd.entry_num = (1U << 19) + 1;
	cmd.hwpt_id = HWPT + 1;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_6, 0);
}
END_TEST

START_TEST(cmd_7_before_cmd_8)
{
	start();
	cmd.hwpt_id = HWPT + 1;
	cmd.data_type = S1INV_DATA_SELFTEST;
	expect(-S1INV_ENOENT, S1INV_RULE_CMD_7, 0);

	start();
	table.find_error = -S1INV_EOPNOTSUPP;
	cmd.data_type = S1INV_DATA_SELFTEST;
	expect(-S1INV_EOPNOTSUPP, S1INV_RULE_CMD_7, 0);
}
END_TEST

START_TEST(cmd_7_before_cmd_9)
{
	start();
	cmd.hwpt_id = HWPT + 1;
	cmd.entry_num = 0;
	expect(-S1INV_ENOENT, S1INV_RULE_CMD_7, 0);
}
END_TEST

START_TEST(cmd_8_before_cmd_9)
{
	start();
	cmd.data_type = S1INV_DATA_SELFTEST;
	cmd.entry_num = 0;
	cmd.data_uptr = 0;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_8, 0);
}
END_TEST

START_TEST(cmd_8_before_copy_1)
{
	start();
	cmd.data_type = S1INV_DATA_SELFTEST;
	cmd.entry_len = 8;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_8, 0);
}
END_TEST

START_TEST(cmd_9_before_copy_1)
{
	start();
	cmd.entry_num = 0;
	cmd.entry_len = 25;
	expect(0, S1INV_RULE_NONE, 0);
}
END_TEST

START_TEST(copy_1_before_copy_2)
{
	start();
	cmd.entry_len = 25;
	mem.no_read[ARRAY_AT] = true;
	expect(-S1INV_EINVAL, S1INV_RULE_COPY_1, 0);
}
END_TEST

/* The address of the entry cannot be read, its flags are wrong. */
START_TEST(copy_2_before_aud_1)
{
	start();
	put_entry(1, PAGE, 1, 2, 0);
	mem.no_read[ARRAY_AT + 24] = true;
	expect(-S1INV_EFAULT, S1INV_RULE_COPY_2, 1);
}
END_TEST

/* ... while an entry that is refused decides before a later one's fault. */
START_TEST(rep_4_aud_1_before_a_later_copy_2)
{
	start();
	put_entry(0, PAGE, 1, 2, 0);
	mem.no_read[ARRAY_AT + 24] = true;
	expect(-S1INV_EOPNOTSUPP, S1INV_RULE_AUD_1, 0);
}
END_TEST

START_TEST(aud_1_before_aud_2)
{
	start();
	put_entry(1, PAGE, 1, 2, 1);
	expect(-S1INV_EOPNOTSUPP, S1INV_RULE_AUD_1, 1);
}
END_TEST

START_TEST(aud_2_before_aud_3)
{
	start();
	put_entry(1, PAGE + 1, 1, 0, 1);
	expect(-S1INV_EOPNOTSUPP, S1INV_RULE_AUD_2, 1);
}
END_TEST

START_TEST(aud_3_before_aud_4)
{
	start();
	put_entry(1, PAGE + 1, S1INV_VTD_S1_ALL, 0, 0);
	expect(-S1INV_EINVAL, S1INV_RULE_AUD_3, 1);
}
END_TEST

/* The command cannot be written either, and was never to be. */
START_TEST(cmd_1_to_4_before_cmd_11)
{
	start();
	memset(&mem.no_write[CMD_AT], true, 32);
	mem.no_read[CMD_AT] = true;
	expect(-S1INV_EFAULT, S1INV_RULE_CMD_1, NOT_WRITTEN);
	ck_assert_uint_eq(mem.to_calls, 0);

	start();
	memset(&mem.no_write[CMD_AT], true, 32);
	cmd.size = 31;
	expect(-S1INV_EINVAL, S1INV_RULE_CMD_2, NOT_WRITTEN);
	ck_assert_uint_eq(mem.to_calls, 0);

	start();
	memset(&mem.no_write[CMD_AT], true, 32);
	cmd.size = 33;
	mem.bytes[CMD_AT + 32] = 1;
	expect(-S1INV_E2BIG, S1INV_RULE_CMD_3, NOT_WRITTEN);
	ck_assert_uint_eq(mem.to_calls, 0);
}
END_TEST

/* CMD-11: whatever came before */
START_TEST(cmd_11_decides_over_all_that_came_before)
{
	start();
	cmd.reserved = 1;
	expect_unwritable(0);

	start();
	cmd.data_uptr = 0;
	expect_unwritable(0);

	start();
	cmd.hwpt_id = HWPT + 1;
	expect_unwritable(0);

	start();
	cmd.data_type = S1INV_DATA_SELFTEST;
	expect_unwritable(0);

	start();
	cmd.entry_num = 0;
	expect_unwritable(0);

	start();
	cmd.entry_len = 25;
	expect_unwritable(0);

	start();
	mem.no_read[ARRAY_AT + 24] = true;
	expect_unwritable(1);

	start();
	put_entry(2, 1, 1, 0, 0);
	expect_unwritable(2);

	start();
	expect_unwritable(3);
}
END_TEST

/* ---------------------------------------------------------------- others */

/* M2, CMD-12: all of it changes behind the back of the reader. */
START_TEST(cmd_12_defect_M2_memory_changes)
{
	struct s1inv_cmd want;

	start();
	mem.hostile = true;
	mem.bytes[CMD_AT + 33] = 0xff;
	run(0, S1INV_RULE_NONE);
	memcpy(&want, &cmd, sizeof(want));
	check_written(&want);
	ck_assert_uint_eq(report.handled, 3);
	ck_assert_uint_eq(table.submitted, 3);
}
END_TEST

/* Nobody has to say whether a signal is pending. */
START_TEST(rep_14_interrupted_is_optional)
{
	struct s1inv_env_user user = fake_env(&mem);
	struct s1inv_hwpts hwpts = { &table, table_find, NULL };

	start();
	user.interrupted = NULL;
	cmd.size = 64;
	memcpy(&mem.bytes[CMD_AT], &cmd, sizeof(cmd));
	ck_assert_int_eq(s1inv_command(&hwpts, &user, &limits, BASE + CMD_AT,
				       &report),
			 0);
	ck_assert_uint_eq(report.handled, 3);
}
END_TEST

/* CMD-10 and M5: 0 goes back when the very first entry fails. */
START_TEST(cmd_10_defect_M5_first_entry_fails)
{
	start();
	mem.no_read[ARRAY_AT] = true;
	expect(-S1INV_EFAULT, S1INV_RULE_COPY_2, 0);

	start();
	put_entry(0, 1, 1, 0, 0);
	expect(-S1INV_EINVAL, S1INV_RULE_AUD_3, 0);
}
END_TEST

static TCase *single_case(void)
{
	TCase *tc = tcase_create("one condition");

	tcase_add_test(tc, cmd_all_good);
	tcase_add_test(tc, cmd_1_size_unreadable);
	tcase_add_loop_test(tc, cmd_2_size_below_32, 0, 32);
	tcase_add_test(tc, cmd_3_trailing_bytes);
	tcase_add_loop_test(tc, cmd_3_trailing_zeros, 0, 80);
	tcase_add_loop_test(tc, cmd_4_command_unreadable, 4, 32);
	tcase_add_loop_test(tc, cmd_5_defect_R2_reserved_word, 0, 32);
	tcase_add_test(tc, cmd_6_defect_M3_null_array);
	tcase_add_test(tc, cmd_6_entry_len_0);
	tcase_add_test(tc, cmd_6_defect_M1_entry_len_bound);
	tcase_add_test(tc, cmd_6_defect_M1_entry_num_bound);
	tcase_add_test(tc, cmd_6_bounds_are_parameters);
	tcase_add_test(tc, defect_M7_product_overflow);
	tcase_add_loop_test(tc, cmd_7_defect_M4_M5_lookup_fails, 0, 3);
	tcase_add_test(tc, cmd_7_no_such_page_table);
	tcase_add_loop_test(tc, cmd_8_data_type, 0, 3);
	tcase_add_loop_test(tc, cmd_9_defect_M6_probe, 0, 5);
	tcase_add_loop_test(tc, copy_1_entry_len, 0, 8);
	tcase_add_loop_test(tc, copy_2_entry_unreadable, 0, 72);
	tcase_add_test(tc, copy_4_wrap);
	tcase_add_loop_test(tc, aud_1_flags, 0, 31);
	tcase_add_loop_test(tc, aud_2_reserved_word, 0, 32);
	tcase_add_loop_test(tc, aud_3_alignment, 0, 12);
	tcase_add_test(tc, aud_4_full_flush_form);
	tcase_add_loop_test(tc, rep_5_hardware_errors_succeed, 0, 4);
	tcase_add_loop_test(tc, rep_7_defect_I5_hw_error_unwritable, 0, 3);
	tcase_add_test(tc, rep_14_signal);
	tcase_add_loop_test(tc, cmd_11_write_back_faults, 0, 32);
	return tc;
}

static TCase *order_case(void)
{
	TCase *tc = tcase_create("two conditions");

	tcase_add_test(tc, cmd_2_before_cmd_4);
	tcase_add_test(tc, cmd_3_before_cmd_4);
	tcase_add_test(tc, cmd_3_before_cmd_5);
	tcase_add_test(tc, cmd_4_before_cmd_5);
	tcase_add_test(tc, cmd_5_before_cmd_6);
	tcase_add_test(tc, cmd_5_before_cmd_9);
	tcase_add_test(tc, cmd_6_before_cmd_7);
	tcase_add_test(tc, cmd_7_before_cmd_8);
	tcase_add_test(tc, cmd_7_before_cmd_9);
	tcase_add_test(tc, cmd_8_before_cmd_9);
	tcase_add_test(tc, cmd_8_before_copy_1);
	tcase_add_test(tc, cmd_9_before_copy_1);
	tcase_add_test(tc, copy_1_before_copy_2);
	tcase_add_test(tc, copy_2_before_aud_1);
	tcase_add_test(tc, rep_4_aud_1_before_a_later_copy_2);
	tcase_add_test(tc, aud_1_before_aud_2);
	tcase_add_test(tc, aud_2_before_aud_3);
	tcase_add_test(tc, aud_3_before_aud_4);
	tcase_add_test(tc, cmd_1_to_4_before_cmd_11);
	tcase_add_test(tc, cmd_11_decides_over_all_that_came_before);
	return tc;
}

static TCase *other_case(void)
{
	TCase *tc = tcase_create("others");

	tcase_add_test(tc, cmd_12_defect_M2_memory_changes);
	tcase_add_test(tc, rep_14_interrupted_is_optional);
	tcase_add_test(tc, cmd_10_defect_M5_first_entry_fails);
	return tc;
}

int main(void)
{
	Suite *s = suite_create("command");

	suite_add_tcase(s, single_case());
	suite_add_tcase(s, order_case());
	suite_add_tcase(s, other_case());
	return run_suite(s);
}
