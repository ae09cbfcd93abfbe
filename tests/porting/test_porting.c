/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The code that docs/porting.md shows, at work: the example's backend through
 * the whole command, and the patterns around the VT-d backend on the model.
 */
#include "example.h"
#include "kernel.h"

#include "fake_user.h"
#include "runner.h"
#include "vtd_rig.h"

/* ------------------------------------------------------ the example's unit */

#define UNIT_LOG 64U

/**
 * struct example_unit - hardware that writes down what it is told
 * @log: the commands
 * @put: how many were put
 * @synced: how many had been put at the last sync
 * @room: so many are carried out, then it answers no more
 * @syncs: how often it was waited for
 */
struct example_unit {
	uint64_t log[UNIT_LOG][2];
	uint32_t put;
	uint32_t synced;
	uint32_t room;
	uint32_t syncs;
};

void example_unit_put(struct example_unit *unit, uint64_t qw0, uint64_t qw1)
{
	ck_assert_uint_lt(unit->put, UNIT_LOG);
	unit->log[unit->put][0] = qw0;
	unit->log[unit->put][1] = qw1;
	unit->put++;
}

uint32_t example_unit_sync(struct example_unit *unit)
{
	uint32_t done = unit->put < unit->room ? unit->put : unit->room;
	uint32_t n = done > unit->synced ? done - unit->synced : 0;

	unit->synced = unit->put;
	unit->syncs++;
	return n;
}

/* --------------------------------------------------- the example's command */

#define BASE UINT64_C(0x7f0000001000)
#define CMD_AT 0x40U
#define ARRAY_AT 0x200U
#define VM 0xabcdU

static struct fake_user mem;
static struct example_unit unit;
static struct example_table example;

static int find(void *ctx, uint32_t hwpt_id, struct s1inv_backend *backend)
{
	if (hwpt_id != 1)
		return -S1INV_ENOENT;
	example_begin(ctx, backend);
	return 0;
}

/* Little-endian by hand, whatever the host is. */
static void put_le64(uint8_t *to, uint64_t v)
{
	uint32_t i;

	for (i = 0; i < 8; i++)
		to[i] = (uint8_t)(v >> (8 * i));
}

static void put_entry(uint32_t i, uint64_t qw0, uint64_t qw1)
{
	put_le64(&mem.bytes[ARRAY_AT + 16 * i], qw0);
	put_le64(&mem.bytes[ARRAY_AT + 16 * i + 8], qw1);
}

/* @num pages of address space 5: 0x1000, 0x2000, ... */
static void start_example(uint32_t num)
{
	uint32_t i;

	fake_reset(&mem, BASE);
	unit = (struct example_unit){ .room = UNIT_LOG };
	example = (struct example_table){ .unit = &unit, .vm = VM };
	for (i = 0; i < num; i++)
		put_entry(i, 0x50012, 0x1000 * (i + 1));
}

/* The call with @num entries ends with @error after @handled. */
static void call_example(uint32_t num, int error, uint32_t handled)
{
	const struct s1inv_limits limits = S1INV_LIMITS_LINUX;
	const struct s1inv_hwpts hwpts = { &example, find, NULL };
	struct s1inv_env_user user = fake_env(&mem);
	struct s1inv_cmd cmd = { .size = 32,
				 .hwpt_id = 1,
				 .data_uptr = BASE + ARRAY_AT,
				 .data_type = 0x7f,
				 .entry_len = 16,
				 .entry_num = num };
	struct s1inv_report report;

	memcpy(&mem.bytes[CMD_AT], &cmd, sizeof(cmd));
	ck_assert_int_eq(
		s1inv_command(&hwpts, &user, &limits, BASE + CMD_AT, &report),
		error);
	memcpy(&cmd, &mem.bytes[CMD_AT], sizeof(cmd));
	ck_assert_uint_eq(cmd.entry_num, handled);
	ck_assert(fake_read_once(&mem));
}

START_TEST(example_commands_reach_the_unit)
{
	start_example(2);
	put_entry(1, 0xffff0011, 0);
	call_example(2, 0, 2);
	ck_assert_uint_eq(unit.put, 2);
	ck_assert_uint_eq(unit.syncs, 1);
	ck_assert_uint_eq(unit.log[0][0], UINT64_C(0xabcd000000050012));
	ck_assert_uint_eq(unit.log[0][1], 0x1000);
	ck_assert_uint_eq(unit.log[1][0], UINT64_C(0xabcd0000ffff0011));
	ck_assert_uint_eq(unit.log[1][1], 0);
}
END_TEST

START_TEST(example_probe)
{
	start_example(0);
	call_example(0, 0, 0); /* CMD-9 */
	ck_assert_uint_eq(unit.syncs, 0);
}
END_TEST

/* What a guest may not say */
START_TEST(example_audit_refuses)
{
	static const struct {
		uint64_t qw0, qw1;
		int error;
	} bad[] = {
		{ 0x50013, 0, -S1INV_EOPNOTSUPP }, /* no such operation */
		{ UINT64_C(0x1000000050012), 0, -S1INV_EOPNOTSUPP }, /* VM 1 */
		{ 0x50112, 0, -S1INV_EOPNOTSUPP },  /* reserved */
		{ 0x50012, 0x1001, -S1INV_EINVAL }, /* not aligned */
		{ 0x50011, 0x1000, -S1INV_EINVAL }, /* all of it, at a page */
	};

	start_example(20);
	put_entry(17, bad[_i].qw0, bad[_i].qw1);
	call_example(20, bad[_i].error, 17); /* REP-3, in the second chunk */
	ck_assert_uint_eq(unit.put, 17);
	ck_assert_uint_eq(unit.syncs, 2);
}
END_TEST

START_TEST(example_entry_cannot_be_read)
{
	start_example(20);
	mem.no_read[ARRAY_AT + 16 * 18 + 15] = true;
	call_example(20, -S1INV_EFAULT, 18); /* COPY-2, and COPY-3 */
	ck_assert_uint_eq(unit.put, 18);
}
END_TEST

/* REP-2, REP-16: put is not done. */
START_TEST(example_unit_stops)
{
	start_example(20);
	unit.room = (uint32_t)_i;
	call_example(20, -S1INV_ETIMEDOUT, (uint32_t)_i);
	ck_assert_uint_eq(unit.put, _i < 16 ? 16 : 20);
}
END_TEST

/* ----------------------------------------- a lock around units and targets */

#define X 0x0308U
#define Y 0x0410U

static struct vtd_rig v;
static struct kernel_domain domain;
static struct kernel_call call;
static bool locked;
static uint32_t copies;
static struct s1inv_env_user model_memory;

static void lock(void *ctx)
{
	(void)ctx;
	ck_assert(!locked);
	locked = true;
}

static void unlock(void *ctx)
{
	(void)ctx;
	ck_assert(locked);
	locked = false;
}

/*
 * User memory is copied without any lock: to take the queue's here would be an
 * error of the model otherwise. Meanwhile a function is attached.
 */
static size_t copy_from(void *ctx, void *dst, uint64_t uaddr, size_t len)
{
	ck_assert(!locked);
	s1inv_env_lock(&v.rig[0].dev);
	s1inv_env_unlock(&v.rig[0].dev);
	if (copies++ == 1)
		(void)vtd_devtlb(&v, 0, 0, X);
	return model_memory.copy_from(ctx, dst, uaddr, len);
}

static void begin_vtd(void)
{
	struct model_config config = model_config_default();

	vtd_rig_start(&v, 1, &config);
	vtd_iotlb(&v, 0, 0);
	copies = 0;
	locked = false;
	domain = (struct kernel_domain){ lock, unlock, NULL, v.unit, 1 };
	call.domain = &domain;
	call.table = v.table;
	call.table.units = NULL; /* before a chunk nothing looks at them */
}

static void end_vtd(void)
{
	vtd_rig_check(&v);
	vtd_rig_stop(&v);
}

/* How many descriptors of @type the unit fetched */
static uint32_t fetched(uint32_t type)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < model_unit_log_len(v.rig[0].unit); i++)
		n += (model_unit_log(v.rig[0].unit, i)->qw[0] & 0xe0f) == type;
	return n;
}

/* Entry by entry 40 pages: a chunk of 32 before X is attached, 8 behind it */
START_TEST(kernel_targets_per_chunk)
{
	const struct s1inv_array array = { VTD_ARRAY, VTD_ENTRY, 40 };
	struct s1inv_env_user user;
	struct s1inv_backend backend;
	struct s1inv_verdict verdict;
	uint32_t i, handled;

	for (i = 0; i < 40; i++)
		vtd_set(&v, i, 0x1000 + 3 * i, 1);
	vtd_map(&v, 40);
	model_user_env(v.user, &model_memory);
	user = model_memory;
	user.copy_from = copy_from;
	ck_assert_int_eq(kernel_begin(&call, &backend), 0);
	verdict = s1inv_walk(&backend, &user, &array, 0, 40, &handled);
	ck_assert_int_eq(verdict.error, 0);
	ck_assert_uint_eq(handled, 40);
	ck_assert_uint_eq(copies, 2);
	ck_assert_uint_eq(fetched(6), 40);
	ck_assert_uint_eq(fetched(3), 8);
	ck_assert(!locked);
}
END_TEST

START_TEST(kernel_begin_refuses)
{
	struct s1inv_backend backend;

	call.table.timeouts_max = 0;
	ck_assert_int_eq(kernel_begin(&call, &backend), -S1INV_EINVAL);
}
END_TEST

/* ENC-13 and ENC-1 are looked at when a unit is attached. */
START_TEST(kernel_units_are_checked)
{
	ck_assert_int_eq(s1inv_vtd_unit_check(v.unit), 0);
	v.unit[0].am_max = 53;
	ck_assert_int_eq(s1inv_vtd_unit_check(v.unit), -S1INV_EINVAL);
	v.unit[0].am_max = 52;
	v.target[0][0].pasid = 0x100000;
	ck_assert_int_eq(s1inv_vtd_unit_check(v.unit), -S1INV_EINVAL);
	v.rig[0].queue.wide = false;
	ck_assert_int_eq(s1inv_vtd_unit_check(v.unit), -S1INV_EOPNOTSUPP);
	v.rig[0].queue.wide = true;
}
END_TEST

/* ------------------------------------------------- detach, and no refusing */

static void reset(struct s1inv_vtd_queue *queue)
{
	ck_assert_ptr_eq(queue, &v.rig[0].queue);
	rig_reset(&v.rig[0]);
}

/* A submission for X is abandoned; the drain ends when the unit is done. */
START_TEST(kernel_drain_waits)
{
	struct rig *rig = &v.rig[0];
	const struct s1inv_vtd_desc desc = rig_devtlb(X, 5);
	struct s1inv_vtd_submission sub = { .descs = &desc,
					    .num = 1,
					    .fence = S1INV_VTD_NO_FENCE,
					    .may_refuse = true };

	s1inv_vtd_submission_init(&sub);
	s1inv_env_lock(&rig->dev);
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig->queue, &sub), 0);
	s1inv_vtd_queue_abandon(&rig->queue, &sub);
	ck_assert(s1inv_vtd_queue_pending(&rig->queue, X));
	s1inv_env_unlock(&rig->dev);
	kernel_drain(&rig->queue, Y);
	ck_assert_uint_eq(fetched(3), 0);
	kernel_drain(&rig->queue, X);
	ck_assert_uint_eq(rig_executed(rig, &desc), 1);
}
END_TEST

START_TEST(kernel_invalidate_is_done)
{
	struct rig *rig = &v.rig[0];
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(3), rig_iec() };

	ck_assert_int_eq(kernel_invalidate(&rig->queue, descs, 2, reset), 0);
	ck_assert_uint_eq(rig_executed(rig, &descs[0]), 1);
	ck_assert_uint_eq(rig_executed(rig, &descs[1]), 1);
}
END_TEST

/* QUE-14: over a reset of a broken queue (code 1) */
START_TEST(kernel_invalidate_over_a_reset)
{
	struct rig *rig = &v.rig[0];
	const struct s1inv_vtd_desc desc = rig_iotlb(3);
	const struct model_fault fault = { .kind = MODEL_FAULT_IQE,
					   .which = MODEL_NTH_FETCHED,
					   .times = 1,
					   .iqei = 1 };

	model_unit_add_fault(rig->unit, &fault);
	ck_assert_int_eq(kernel_invalidate(&rig->queue, &desc, 1, reset), 0);
	ck_assert_uint_eq(rig_executed(rig, &desc), 1);
	ck_assert_uint_eq(rig->queue.epoch, 1);
}
END_TEST

/* A type 6 without a granularity is refused. */
START_TEST(kernel_invalidate_refused)
{
	const struct s1inv_vtd_desc bad = rig_desc(0x6, 0);

	ck_assert_int_eq(kernel_invalidate(&v.rig[0].queue, &bad, 1, reset),
			 -S1INV_EIO);
}
END_TEST

static Suite *porting_suite(void)
{
	Suite *s = suite_create("porting");
	TCase *tc = tcase_create("example");

	tcase_add_test(tc, example_commands_reach_the_unit);
	tcase_add_test(tc, example_probe);
	tcase_add_loop_test(tc, example_audit_refuses, 0, 5);
	tcase_add_test(tc, example_entry_cannot_be_read);
	tcase_add_loop_test(tc, example_unit_stops, 0, 20);
	suite_add_tcase(s, tc);

	tc = tcase_create("kernel");
	tcase_add_checked_fixture(tc, begin_vtd, end_vtd);
	tcase_add_test(tc, kernel_targets_per_chunk);
	tcase_add_test(tc, kernel_begin_refuses);
	tcase_add_test(tc, kernel_units_are_checked);
	tcase_add_test(tc, kernel_drain_waits);
	tcase_add_test(tc, kernel_invalidate_is_done);
	tcase_add_test(tc, kernel_invalidate_over_a_reset);
	tcase_add_test(tc, kernel_invalidate_refused);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(porting_suite());
}
