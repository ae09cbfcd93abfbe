// SPDX-License-Identifier: GPL-2.0-only
/* The nested domain's ioctl, on the shim as it is in the kernel. */
#include "../../tests/runner.h"
#include "glue_rig.h"
#include "stub_user.h"

#define SID 0x0308
#define CHUNK 32U

static struct model_config config;

static void set_up(void)
{
	config = rig_config();
	rig_start(1, &config);
}

static void fill(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		rig_set(i, 0x100 + 2 * i, 1);
}

static unsigned int done(unsigned int unit, unsigned int i)
{
	return rig_done(unit, rig_piotlb_qw0(RIG_DID(unit), 0),
			(0x100ULL + 2 * i) << 12);
}

static unsigned int done_devtlb(u16 sid, unsigned int i)
{
	const struct qi_desc desc = rig_devtlb(sid, 0x100 + 2 * i);
	u64 pfsid = (u64)(sid & 0xf) << 12 | (u64)(sid & 0xfff0) << 48;

	return rig_done(0, desc.qw0 | pfsid, desc.qw1);
}

/* -------------------------------------------------------- without any fault */

START_TEST(entries_reach_every_unit)
{
	unsigned int i;

	rig_attach(0, 0, 0);
	rig_attach(1, 0, 0);
	fill(3);
	rig_call(3);
	rig_expect(3, 0);
	for (i = 0; i < 3; i++) {
		ck_assert_uint_eq(done(0, i), 1);
		ck_assert_uint_eq(done(1, i), 1);
	}
	rig_stop();
}
END_TEST

/* Tags of one unit need not stand together in the list. */
START_TEST(tags_are_grouped_by_unit)
{
	rig_attach(0, 0, 0);
	rig_attach(1, 0, 0);
	rig_attach(0, SID, 5);
	fill(1);
	rig_call(1);
	rig_expect(1, 0);
	ck_assert_uint_eq(rig_done(0, rig_piotlb_qw0(RIG_DID(0), 5), 0x100000),
			  1);
	ck_assert_uint_eq(model_unit_counts(rig.unit[0].model).doorbells, 1);
	ck_assert_uint_eq(model_unit_counts(rig.unit[1].model).doorbells, 1);
	rig_stop();
}
END_TEST

START_TEST(entries_share_submissions)
{
	rig_attach(0, SID, 0);
	fill(512);
	rig_call(512);
	rig_expect(512, 0);
	ck_assert_uint_le(model_unit_counts(rig.unit[0].model).doorbells, 32);
	ck_assert_uint_eq(done(0, 511), 1);
	ck_assert_uint_eq(done_devtlb(SID, 511), 1);
	rig_stop();
}
END_TEST

static u64 when(unsigned int unit, u8 type)
{
	const struct model_unit *model = rig.unit[unit].model;
	size_t i;

	for (i = 0; i < model_unit_log_len(model); i++)
		if ((model_unit_log(model, i)->qw[0] & 0xf) == type)
			return model_unit_log(model, i)->when;
	return 0;
}

/* Hardware that takes any order that it may */
START_TEST(device_tlbs_come_behind_the_fence)
{
	rig_stop();
	config.order = MODEL_REORDER;
	rig_start((u64)_i, &config);
	rig_attach(0, SID, 0);
	fill(8);
	rig_call(8);
	rig_expect(8, 0);
	ck_assert_uint_gt(when(0, 3), when(0, 6));
	ck_assert_uint_gt(when(0, 3), when(0, 5));
	rig_stop();
}
END_TEST

START_TEST(nothing_attached_nothing_sent)
{
	fill(2);
	rig_call(2);
	rig_expect(2, 0);
	rig_detach(rig_attach(0, SID, 0));
	rig_call(2);
	rig_expect(2, 0);
	ck_assert_uint_eq(model_unit_counts(rig.unit[0].model).doorbells, 0);
	rig_stop();
}
END_TEST

START_TEST(translation_off_spares_devices)
{
	rig_attach(0, SID, 0);
	rig.unit[0].iommu.gcmd = 0;
	fill(1);
	rig_call(1);
	rig_expect(1, 0);
	ck_assert_uint_eq(done(0, 0), 1);
	ck_assert_uint_eq(done_devtlb(SID, 0), 0);
	rig_stop();
}
END_TEST

START_TEST(device_that_needs_it_gets_it_twice)
{
	rig_attach(0, SID, 0)->dtlb_extra_inval = 1;
	fill(1);
	rig_call(1);
	rig_expect(1, 0);
	ck_assert_uint_eq(done_devtlb(SID, 0), 2);
	rig_stop();
}
END_TEST

/* Events and counters that the driver had before */
START_TEST(traced_and_timed)
{
	rig_attach(0, SID, 0);
	fill(4);
	rig_call(4);
	/* 4 + fence + 4 + wait */
	ck_assert_uint_eq(rig.unit[0].traced, 10);
	ck_assert_uint_gt(rig.unit[0].latency, 0);
	rig_stop();
}
END_TEST

/* An entry's event: @event[0] to [2] of three tags, in their order */
static void expect_events(const struct rig_event *event, u64 start, u64 end,
			  u64 addr, unsigned long mask)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		ck_assert_ptr_eq(event[i].tag, &rig.tag[i]);
		ck_assert_uint_eq(event[i].start, (unsigned long)start);
		ck_assert_uint_eq(event[i].end, (unsigned long)end);
		ck_assert_uint_eq(event[i].addr, (unsigned long)addr);
		ck_assert_uint_eq(event[i].mask, mask);
	}
}

/*
 * The range, and the smallest aligned block that holds it. What asks for
 * nothing (AUD-6) or is refused has none, what passes the end is cut (AUD-7).
 */
START_TEST(entries_have_events_per_tag)
{
	rig_attach(0, SID, 0);
	rig_attach(1, 0, 0);
	rig_set(0, 0x100, 1);
	rig_set(1, 0x7ffff, 2);
	rig_set(2, 0x1000, 0);
	rig_set(3, 0, U64_MAX);
	rig_set(4, 0xffffffffffffe, 4);
	rig_set(5, 0x1003, 6);
	rig_set(6, 0x100, 1);
	rig.entry[6].flags = 2;
	rig_call(7);
	rig_expect(6, -EOPNOTSUPP);
	ck_assert_uint_eq(rig.event_num, 5 * 3);
	expect_events(&rig.event[0], 0x100000, 0x100fff, 0x100000, 0);
	expect_events(&rig.event[3], 0x7ffff000, 0x80000fff, 0, 20);
	expect_events(&rig.event[6], 0, U64_MAX, 0, 52);
	expect_events(&rig.event[9], 0xffffffffffffe000, U64_MAX,
		      0xffffffffffffe000, 1);
	expect_events(&rig.event[12], 0x1003000, 0x1008fff, 0x1000000, 4);
	rig_stop();
}
END_TEST

/* ---------------------------------------------------------- the user's part */

START_TEST(array_is_judged)
{
	struct iommu_user_data_array array = {
		.type = IOMMU_HWPT_INVALIDATE_DATA_VTD_S1,
		.uptr = (void *)(uintptr_t)RIG_ARRAY,
		.entry_len = sizeof(rig.entry[0]),
	};

	ck_assert_int_eq(s1inv_nested_invalidate(&rig.domain.domain, &array),
			 0); /* a probe */
	array.type = 1;
	array.entry_num = 1;
	ck_assert_int_eq(s1inv_nested_invalidate(&rig.domain.domain, &array),
			 -EINVAL);
	ck_assert_uint_eq(array.entry_num, 0);
	array.type = IOMMU_HWPT_INVALIDATE_DATA_VTD_S1;
	array.entry_num = 1;
	array.entry_len++;
	ck_assert_int_eq(s1inv_nested_invalidate(&rig.domain.domain, &array),
			 -EINVAL);
	ck_assert_uint_eq(array.entry_num, 0);
	rig_stop();
}
END_TEST

START_TEST(entry_that_cannot_be_read)
{
	rig_attach(0, 0, 0);
	fill(40);
	rig_map(40);
	model_user_fault_at(rig.user, RIG_ARRAY + 35 * sizeof(rig.entry[0]));
	rig_call_mapped(40);
	rig_expect(35, -EFAULT);
	ck_assert_uint_eq(done(0, 34), 1);
	ck_assert_uint_eq(done(0, 35), 0);
	ck_assert_uint_le(model_user_max_delivered(rig.user), 1);
	rig_stop();
}
END_TEST

START_TEST(entry_that_is_refused)
{
	rig_attach(0, 0, 0);
	fill(40);
	rig.entry[33].flags = 2;
	rig_call(40);
	rig_expect(33, -EOPNOTSUPP);
	ck_assert_uint_eq(done(0, 32), 1);
	rig.entry[33].flags = 0;
	rig.entry[2].__reserved = 1; /* no hw_error in this revision */
	rig_call(40);
	rig_expect(2, -EOPNOTSUPP);
	rig_stop();
}
END_TEST

/* ------------------------------------------------------------------- faults */

/* E1, E3: wherever the refused descriptor stands */
START_TEST(refused_descriptor_is_told_of)
{
	rig_attach(0, SID, 0);
	fill(16);
	rig_fault(0, MODEL_FAULT_IQE, MODEL_NTH_INVALIDATION, (u32)_i, 1, 0);
	rig_call(16);
	rig_expect((u32)_i % 16, -EIO);
	rig_call(16);
	rig_expect(16, 0);
	rig_stop();
}
END_TEST

/* E3, S1 */
START_TEST(time_out_is_told_of)
{
	rig_attach(0, SID, 0);
	fill(1);
	rig_fault(0, MODEL_FAULT_ITE, MODEL_NTH_DEVTLB, 0, 1, SID);
	rig_call(1);
	rig_expect(0, -ETIMEDOUT);
	ck_assert_uint_eq(done_devtlb(SID, 0), 0);
	rig_call(1);
	rig_expect(1, 0);
	rig_stop();
}
END_TEST

/* E5, S3: the device is there and never answers. */
START_TEST(dead_device_ends)
{
	rig_attach(0, SID, 0);
	fill(96);
	model_unit_silence(rig.unit[0].model, SID, MODEL_FOREVER);
	rig_call(96);
	rig_expect(0, -ETIMEDOUT);
	rig_stop();
}
END_TEST

START_TEST(bad_completion_is_cleared)
{
	rig_attach(0, SID, 0);
	fill(4);
	rig_fault(0, MODEL_FAULT_ICE, MODEL_NTH_DEVTLB, 1, 1, SID);
	rig_call(4);
	rig_expect(4, 0);
	rig_call(4);
	rig_expect(4, 0);
	ck_assert_uint_eq(model_unit_counts(rig.unit[0].model).ice, 1);
	rig_stop();
}
END_TEST

/* QUE-13: the budget, and what is left in the ring does no harm later. */
START_TEST(silent_unit_costs_the_budget)
{
	const struct stub_hooks none = { .ctx = NULL };

	rig_attach(0, SID, 0);
	fill(2);
	stub_set_hooks(&none);
	rig_call(2);
	rig_expect(0, -ETIMEDOUT);
	ck_assert_uint_ge(stub_clock(), 100 * NSEC_PER_MSEC);
	ck_assert_uint_lt(stub_clock(), 2000 * (u64)NSEC_PER_MSEC);
	rig_set_hardware();
	rig_call(2);
	rig_expect(2, 0);
	ck_assert_uint_eq(done(0, 1), 2); /* the abandoned one came, too */
	rig_stop();
}
END_TEST

/* QUE-6: IQEI 5, wrong width; the queue is restarted for whoever comes next. */
START_TEST(broken_queue_is_mended)
{
	struct model_fault fault = { .kind = MODEL_FAULT_IQE,
				     .which = MODEL_NTH_FETCHED,
				     .times = 1,
				     .iqei = 5 };

	rig_attach(0, 0, 0);
	fill(2);
	model_unit_add_fault(rig.unit[0].model, &fault);
	rig_call(2);
	rig_expect(0, -EIO);
	ck_assert(!stub_log_has("cleared"));
	rig_call(2);
	rig_expect(2, 0);
	ck_assert_uint_eq(rig.unit[0].restarts, 1);
	rig_stop();
}
END_TEST

/* As ever, and a broken queue is not cleared. */
START_TEST(log_says_what_is_cleared)
{
	rig_attach(0, SID, 0);
	fill(1);
	rig_fault(0, MODEL_FAULT_IQE, MODEL_NTH_INVALIDATION, 0, 1, 0);
	rig_call(1);
	ck_assert(stub_log_has("Invalidation Queue Error (IQE) cleared\n"));
	ck_assert_uint_eq(stub_log_lines(true), 2); /* and it was shown */
	rig_fault(0, MODEL_FAULT_ITE, MODEL_NTH_DEVTLB, 0, 1, SID);
	rig_call(1);
	ck_assert(stub_log_has("Invalidation Time-out Error (ITE) cleared\n"));
	ck_assert_uint_eq(stub_log_lines(true), 4);
	rig_fault(0, MODEL_FAULT_ICE, MODEL_NTH_DEVTLB, 0, 1, SID);
	rig_call(1);
	ck_assert(stub_log_has(
		"Invalidation Completion Error (ICE) cleared\n"));
	ck_assert_uint_eq(stub_log_lines(true), 6);
	rig_stop();
}
END_TEST

START_TEST(faults_do_not_flood_the_log)
{
	unsigned int i;

	rig_attach(0, SID, 0);
	fill(1);
	for (i = 0; i < 100; i++) {
		rig_fault(0, MODEL_FAULT_ICE, MODEL_NTH_DEVTLB, 0, 1, SID);
		rig_call(1);
		rig_fault(0, MODEL_FAULT_IQE, MODEL_NTH_INVALIDATION, 0, 1, 0);
		rig_call(1);
	}
	ck_assert_uint_le(stub_log_lines(true), 10);
	ck_assert_uint_le(rig.unit[0].shown, 10);
	rig_stop();
}
END_TEST

/* ------------------------------------------------------------------ signals */

static void kill_later(void *ctx)
{
	(void)ctx;
	if (done(0, 40))
		stub_current()->fatal_signal = true;
}

START_TEST(signal_ends_the_call)
{
	struct stub_hooks hooks = rig_hooks();

	rig_attach(0, 0, 0);
	fill(512);
	hooks.pause = kill_later;
	stub_set_hooks(&hooks);
	rig_call(512);
	rig_expect(2 * CHUNK, -EINTR);
	stub_current()->fatal_signal = false;
	rig_stop();
}
END_TEST

/* Two processes on one page table, and one of them is killed while it waits. */
static struct {
	u32 handled[2];
	int error[2];
} outcome;

static void invalidate(void *ctx)
{
	unsigned int me = *(unsigned int *)ctx;
	struct iommu_user_data_array array = {
		.type = IOMMU_HWPT_INVALIDATE_DATA_VTD_S1,
		.uptr = (void *)(uintptr_t)RIG_ARRAY,
		.entry_len = sizeof(rig.entry[0]),
		.entry_num = 256,
	};

	stub_current()->fatal_signal = me == 1;
	outcome.error[me] = s1inv_nested_invalidate(&rig.domain.domain, &array);
	outcome.handled[me] = array.entry_num;
}

START_TEST(one_who_is_killed_does_not_wait_for_the_mutex)
{
	unsigned int number[2] = { 0, 1 };
	void *ctx[2] = { &number[0], &number[1] };
	unsigned int i;

	rig_stop();
	rig_start((u64)_i, &config);
	rig_attach(0, SID, 0);
	fill(256);
	rig_map(256);
	stub_run(2, invalidate, ctx);
	ck_assert_int_eq(outcome.error[0], 0);
	ck_assert_uint_eq(outcome.handled[0], 256);
	ck_assert_int_eq(outcome.error[1], -EINTR);
	ck_assert_uint_le(outcome.handled[1], CHUNK);
	for (i = 0; i < 256; i++)
		ck_assert_uint_ge(done(0, i), 1);
	rig_stop();
}
END_TEST

/* --------------------------------------------------- attach, detach, memory */

static bool ended;

static void call_often(void *ctx)
{
	unsigned int i;

	(void)ctx;
	for (i = 0; i < 20; i++) {
		rig_call_mapped(64);
		rig_expect(64, 0);
	}
	ended = true;
}

/* R10, M22: tags come and go while a call runs; none is used afterwards. */
static void attach_and_detach(void *ctx)
{
	const struct device_domain_info *info;

	(void)ctx;
	while (!ended) {
		rig.device_num = 1;
		rig.tag_num = 2;
		info = rig_attach(1, 0x0510, 7);
		stub_relax();
		rig_detach(info);
		s1inv_qi_drain(&rig.unit[1].iommu, 0x0510);
		/* From here on the function may be gone. */
		ck_assert(!model_unit_pending(rig.unit[1].model));
		stub_relax();
	}
}

static void either(void *ctx)
{
	*(unsigned int *)ctx ? attach_and_detach(ctx) : call_often(ctx);
}

START_TEST(tags_come_and_go)
{
	unsigned int number[2] = { 0, 1 };
	void *ctx[2] = { &number[0], &number[1] };

	rig_stop();
	rig_start((u64)_i, &config);
	ended = false;
	rig_attach(0, SID, 0);
	fill(64);
	rig_map(64);
	stub_run(2, either, ctx);
	rig_stop();
}
END_TEST

#define OTHER 0x0510

/* E4: another one's function times out, and his alone. */
static void call_beside(void *ctx)
{
	const struct qi_desc desc = rig_devtlb(OTHER, 1);
	unsigned int i;

	for (i = 0; i < 10; i++) {
		if (*(unsigned int *)ctx) {
			model_unit_silence(rig.unit[0].model, OTHER, 2);
			ck_assert_int_eq(rig_submit(0, &desc, 1, false), 0);
		} else {
			rig_call_mapped(64);
			rig_expect(64, 0);
		}
	}
}

START_TEST(time_out_of_another_does_not_matter)
{
	unsigned int number[2] = { 0, 1 };
	void *ctx[2] = { &number[0], &number[1] };

	rig_stop();
	rig_start((u64)_i, &config);
	rig_attach(0, SID, 0);
	fill(64);
	rig_map(64);
	stub_run(2, call_beside, ctx);
	rig_stop();
}
END_TEST

START_TEST(no_memory_no_attachment)
{
	struct device_domain_info info = { .iommu = &rig.unit[0].iommu };
	struct device device = { .priv = &info };
	unsigned int i;

	stub_fail_alloc(0);
	ck_assert_int_eq(s1inv_nested_reserve(&rig.domain, &device), -ENOMEM);
	for (i = 0; i < 5; i++)
		ck_assert_int_eq(s1inv_nested_reserve(&rig.domain, &device), 0);
	stub_fail_alloc(0);
	ck_assert_ptr_null(s1inv_nested_alloc(&rig.domain));
	rig_stop();
}
END_TEST

/* ENC-13 */
START_TEST(narrow_queue_is_no_target)
{
	struct device_domain_info info = { .iommu = &rig.unit[0].iommu };
	struct device device = { .priv = &info };

	rig_stop();
	config.wide = false;
	rig_start(1, &config);
	ck_assert_int_eq(s1inv_nested_reserve(&rig.domain, &device),
			 -EOPNOTSUPP);
	rig_stop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("glue: nested");
	TCase *tcase = tcase_create("nested");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_test(tcase, entries_reach_every_unit);
	tcase_add_test(tcase, tags_are_grouped_by_unit);
	tcase_add_test(tcase, entries_share_submissions);
	tcase_add_loop_test(tcase, device_tlbs_come_behind_the_fence, 0, 50);
	tcase_add_test(tcase, nothing_attached_nothing_sent);
	tcase_add_test(tcase, translation_off_spares_devices);
	tcase_add_test(tcase, device_that_needs_it_gets_it_twice);
	tcase_add_test(tcase, traced_and_timed);
	tcase_add_test(tcase, entries_have_events_per_tag);
	tcase_add_test(tcase, array_is_judged);
	tcase_add_test(tcase, entry_that_cannot_be_read);
	tcase_add_test(tcase, entry_that_is_refused);
	tcase_add_loop_test(tcase, refused_descriptor_is_told_of, 0, 32);
	tcase_add_test(tcase, time_out_is_told_of);
	tcase_add_test(tcase, dead_device_ends);
	tcase_add_test(tcase, bad_completion_is_cleared);
	tcase_add_test(tcase, silent_unit_costs_the_budget);
	tcase_add_test(tcase, broken_queue_is_mended);
	tcase_add_test(tcase, log_says_what_is_cleared);
	tcase_add_test(tcase, faults_do_not_flood_the_log);
	tcase_add_test(tcase, signal_ends_the_call);
	tcase_add_loop_test(
		tcase, one_who_is_killed_does_not_wait_for_the_mutex, 0, 50);
	tcase_add_loop_test(tcase, tags_come_and_go, 0, 50);
	tcase_add_loop_test(tcase, time_out_of_another_does_not_matter, 0, 30);
	tcase_add_test(tcase, no_memory_no_attachment);
	tcase_add_test(tcase, narrow_queue_is_no_target);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
