// SPDX-License-Identifier: GPL-2.0-only
/* The queue for callers that cannot refuse, on the shim as in the kernel. */
#include "../../tests/runner.h"
#include "glue_rig.h"

#define SID 0x0308
#define SUBMITTERS 4U
#define ROUNDS 30U
#define MANY 16U

static struct model_config config;

static void set_up(void)
{
	config = rig_config();
	rig_start(1, &config);
}

/* @n page-selective invalidations that no other caller makes */
static void fill(struct qi_desc *desc, unsigned int n, u16 did, u64 page)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		desc[i] = rig_iotlb(did, page + i, 0);
}

static unsigned int done(const struct qi_desc *desc)
{
	return rig_done(0, desc->qw0, desc->qw1);
}

static size_t waits_with(u64 flags)
{
	const struct model_unit *model = rig.unit[0].model;
	size_t n = 0;
	size_t i;

	for (i = 0; i < model_unit_log_len(model); i++) {
		const struct model_record *r = model_unit_log(model, i);

		n += (r->qw[0] & 0xf) == 5 && (r->qw[0] & flags) == flags &&
		     r->fate == MODEL_DONE;
	}
	return n;
}

/* -------------------------------------------------------- without any fault */

START_TEST(both_widths)
{
	struct qi_desc desc[3];

	rig_stop();
	config.wide = _i;
	config.ttm = _i ? MODEL_TTM_SCALABLE : MODEL_TTM_LEGACY;
	rig_start(1, &config);
	fill(desc, 3, 1, 0x10);
	ck_assert_int_eq(rig_submit(0, desc, 3, false), 0);
	ck_assert_uint_eq(done(&desc[2]), 1);
	ck_assert_uint_eq(rig.unit[0].traced, 4);
	rig_stop();
}
END_TEST

START_TEST(ring_goes_round)
{
	struct qi_desc desc[64];
	unsigned int i;

	fill(desc, 64, 1, 0x10);
	for (i = 1; i <= 100; i++)
		ck_assert_int_eq(rig_submit(0, desc, 1 + i % 64, false), 0);
	ck_assert_uint_eq(done(&desc[0]), 100);
	rig_stop();
}
END_TEST

/* Page requests are drained by the final wait, and none of the others. */
START_TEST(drain_is_kept)
{
	struct qi_desc desc[2] = {
		{ .qw0 = 0x45 }, /* a wait with FN, as it stands */
		rig_iec(1),
	};

	ck_assert_int_eq(rig_submit(0, desc, 2, true), 0);
	ck_assert_uint_eq(waits_with(0x80), 1);
	ck_assert_uint_eq(waits_with(0x40), 1);
	ck_assert_int_eq(rig_submit(0, NULL, 0, true), 0);
	ck_assert_uint_eq(waits_with(0x80), 2);
	rig_stop();
}
END_TEST

/* A wait of the caller's own, with a word of his */
START_TEST(own_waits_are_written)
{
	static u32 word;
	struct qi_desc desc[3] = { rig_iec(1),
				   { .qw0 = 0x25 | 7ULL << 32 },
				   rig_iec(2) };

	word = 0;
	desc[1].qw1 = virt_to_phys(&word);
	model_unit_map(rig.unit[0].model, virt_to_phys(&word), &word,
		       sizeof(word));
	ck_assert_int_eq(rig_submit(0, desc, 3, false), 0);
	ck_assert_uint_eq(le32_to_cpu(word), 7);
	rig_stop();
}
END_TEST

/* ------------------------------------------------------------------- faults */

/* E5, E6, M24: the work is done in the end, whichever was lost. */
START_TEST(time_out_is_tried_again)
{
	const struct qi_desc desc[4] = { rig_iotlb(1, 1, 0),
					 rig_devtlb(SID, 1),
					 { .qw0 = 0x45 },
					 rig_devtlb(SID, 2) };
	unsigned int i;

	for (i = 0; i < (unsigned int)_i; i++) /* the slot, odd or even */
		ck_assert_int_eq(rig_submit(0, desc, 1, false), 0);
	model_unit_silence(rig.unit[0].model, SID, 3);
	ck_assert_int_eq(rig_submit(0, desc, 4, false), 0);
	ck_assert_uint_ge(done(&desc[1]), 1);
	ck_assert_uint_ge(done(&desc[3]), 1);
	ck_assert_uint_eq(model_unit_counts(rig.unit[0].model).ite, 3);
	rig_stop();
}
END_TEST

START_TEST(function_that_is_gone_is_let_go)
{
	const struct qi_desc desc[3] = { rig_devtlb(SID, 1),
					 { .qw0 = 0x45 },
					 rig_iotlb(1, 1, 0) };

	model_unit_remove(rig.unit[0].model, SID);
	ck_assert_int_eq(rig_submit(0, desc, 3, false), 0);
	ck_assert_uint_eq(done(&desc[0]), 0);
	ck_assert_uint_ge(done(&desc[2]), 1);
	rig_stop();
}
END_TEST

static void remove_later(void *ctx)
{
	(void)ctx;
	if (model_unit_counts(rig.unit[0].model).ite == 20)
		model_unit_remove(rig.unit[0].model, SID);
}

/* A device that is there and dead holds its caller until it is taken away. */
START_TEST(dead_device_is_tried_until_it_is_gone)
{
	const struct qi_desc desc = rig_devtlb(SID, 1);
	struct stub_hooks hooks = rig_hooks();

	model_unit_silence(rig.unit[0].model, SID, MODEL_FOREVER);
	hooks.pause = remove_later;
	stub_set_hooks(&hooks);
	ck_assert_int_eq(rig_submit(0, &desc, 1, false), 0);
	ck_assert_uint_ge(model_unit_counts(rig.unit[0].model).ite, 20);
	rig_stop();
}
END_TEST

/* What is refused in its narrow form is done in the wide one. */
START_TEST(refused_pages_are_done_wider)
{
	struct qi_desc desc[3];

	fill(desc, 3, 7, 0x40);
	rig_fault(0, MODEL_FAULT_IQE, MODEL_NTH_INVALIDATION, (u32)_i, 1, 0);
	ck_assert_int_eq(rig_submit(0, desc, 3, false), 0);
	ck_assert_uint_eq(done(&desc[_i]), 0);
	ck_assert_uint_eq(rig_done(0, 0xe2 | 7ULL << 16, 0), 1);
	rig_stop();
}
END_TEST

/* E1, E3 */
START_TEST(refused_descriptor_is_told_of)
{
	const struct qi_desc desc[3] = { rig_iec(1), rig_iec(2), rig_iec(3) };

	rig_fault(0, MODEL_FAULT_IQE, MODEL_NTH_INVALIDATION, (u32)_i, 1, 0);
	ck_assert_int_eq(rig_submit(0, desc, 3, false), -EIO);
	ck_assert_int_eq(rig_submit(0, desc, 3, false), 0);
	rig_stop();
}
END_TEST

START_TEST(bad_completion_changes_nothing)
{
	const struct qi_desc desc = rig_devtlb(SID, 1);

	rig_fault(0, MODEL_FAULT_ICE, MODEL_NTH_DEVTLB, 0, 1, SID);
	ck_assert_int_eq(rig_submit(0, &desc, 1, false), 0);
	ck_assert_uint_eq(done(&desc), 1);
	rig_stop();
}
END_TEST

/* QUE-6: a reason that condemns the queue, not the descriptor */
START_TEST(broken_queue_is_restarted)
{
	static const u8 reasons[] = { 1, 5, 6, 7 };
	const struct model_fault fault = { .kind = MODEL_FAULT_IQE,
					   .which = MODEL_NTH_FETCHED,
					   .nth = 1,
					   .times = 1,
					   .iqei = reasons[_i] };
	struct qi_desc desc[3];

	fill(desc, 3, 7, 0x40);
	model_unit_add_fault(rig.unit[0].model, &fault);
	ck_assert_int_eq(rig_submit(0, desc, 3, false), 0);
	ck_assert_uint_ge(done(&desc[0]), 1);
	ck_assert_uint_ge(done(&desc[1]), 1);
	ck_assert_uint_ge(done(&desc[2]), 1);
	ck_assert_uint_eq(rig.unit[0].restarts, 1);
	rig_stop();
}
END_TEST

static unsigned int relaxes;

/* What dmar_reenable_qi() does, in the middle of a submission */
static void reenable(void *ctx)
{
	struct intel_iommu *iommu = &rig.unit[0].iommu;
	unsigned long flags;

	(void)ctx;
	if (relaxes++ != 1)
		return;
	raw_spin_lock_irqsave(&iommu->qi->q_lock, flags);
	dmar_disable_qi(iommu);
	__dmar_enable_qi(iommu);
	raw_spin_unlock_irqrestore(&iommu->qi->q_lock, flags);
}

START_TEST(reset_loses_nothing)
{
	struct stub_hooks hooks = rig_hooks();
	struct qi_desc desc[40];
	unsigned int i;

	rig_stop();
	rig_start((u64)_i, &config);
	relaxes = 0;
	hooks.pause = reenable;
	stub_set_hooks(&hooks);
	fill(desc, 40, 7, 0x40);
	ck_assert_int_eq(rig_submit(0, desc, 40, false), 0);
	for (i = 0; i < 40; i++)
		ck_assert_uint_ge(done(&desc[i]), 1);
	ck_assert_uint_eq(rig.unit[0].restarts, 1);
	rig_stop();
}
END_TEST

START_TEST(faults_do_not_flood_the_log)
{
	const struct qi_desc desc[2] = { rig_devtlb(SID, 1), rig_iec(1) };
	unsigned int i;

	model_unit_silence(rig.unit[0].model, SID, 100);
	ck_assert_int_eq(rig_submit(0, desc, 1, false), 0);
	for (i = 0; i < 50; i++) {
		rig_fault(0, MODEL_FAULT_IQE, MODEL_NTH_INVALIDATION, 0, 1, 0);
		ck_assert_int_eq(rig_submit(0, &desc[1], 1, false), -EIO);
	}
	ck_assert_uint_le(stub_log_lines(true), 10);
	ck_assert_uint_le(rig.unit[0].shown, 10);
	rig_stop();
}
END_TEST

/* ---------------------------------------------------------- several at once */

/* Did hardware refuse one of them? */
static bool refused(const struct qi_desc *desc, unsigned int n)
{
	const struct model_unit *model = rig.unit[0].model;
	unsigned int k;
	size_t i;

	for (i = 0; i < model_unit_log_len(model); i++) {
		const struct model_record *r = model_unit_log(model, i);

		for (k = 0; k < n; k++)
			if (r->fate == MODEL_REFUSED &&
			    r->qw[0] == desc[k].qw0 && r->qw[1] == desc[k].qw1)
				return true;
	}
	return false;
}

static unsigned int done_of(const struct qi_desc *desc, unsigned int n)
{
	unsigned int num = 0;

	while (n--)
		num += done(&desc[n]) != 0;
	return num;
}

/* IECs and device-TLB invalidations, each of them once */
static unsigned int mix(struct qi_desc *desc, unsigned int me,
			unsigned int round)
{
	unsigned int n = 1 + stub_random(MANY);
	unsigned int i, index;

	for (i = 0; i < n; i++) {
		index = (me * ROUNDS + round) * MANY + i;
		desc[i] = stub_random(2) ? rig_iec((u16)index) :
					   rig_devtlb((u16)(0x100 + me), index);
	}
	return n;
}

static void disturb(void)
{
	static const enum model_fault_kind kinds[] = { MODEL_FAULT_IQE,
						       MODEL_FAULT_ITE,
						       MODEL_FAULT_ICE };
	unsigned int kind = stub_random(6);
	u16 sid = (u16)(0x100 + stub_random(SUBMITTERS));

	if (kind < 3)
		rig_fault(0, kinds[kind],
			  kind ? MODEL_NTH_DEVTLB : MODEL_NTH_FETCHED,
			  stub_random(10), 1, stub_random(2) ? sid : 0);
}

/*
 * E2, E4, M26: nobody suffers for another. All functions are there, so what
 * was not done in the end was refused, and its owner alone is told. (One that
 * was done, and was refused when it was issued once more, is told of too.)
 */
static void submitter(void *ctx)
{
	unsigned int me = *(unsigned int *)ctx;
	struct qi_desc desc[MANY];
	unsigned int round, n;
	int error;

	for (round = 0; round < ROUNDS; round++) {
		n = mix(desc, me, round);
		disturb();
		error = rig_submit(0, desc, n, stub_random(8) == 0);
		if (error)
			ck_assert(error == -EIO && refused(desc, n));
		else
			ck_assert_uint_eq(done_of(desc, n), n);
	}
}

START_TEST(submitters_do_not_disturb_each_other)
{
	unsigned int number[SUBMITTERS];
	void *ctx[SUBMITTERS];
	unsigned int i;

	rig_stop();
	config.order = _i & 1 ? MODEL_REORDER : MODEL_IN_ORDER;
	config.ite_loss = _i & 2 ? MODEL_LOSE_SOME : MODEL_LOSE_ALL;
	config.no_resume = _i & 4;
	rig_start((u64)_i, &config);
	for (i = 0; i < SUBMITTERS; i++) {
		number[i] = i;
		ctx[i] = &number[i];
	}
	stub_run(SUBMITTERS, submitter, ctx);
	rig_stop();
}
END_TEST

/* Three rings full of descriptors at once: whoever has no room waits. */
static void hog(void *ctx)
{
	unsigned int me = *(unsigned int *)ctx;
	struct qi_desc desc[100];
	unsigned int i, k;

	fill(desc, 100, (u16)me, 0x1000);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(rig_submit(0, desc, 100, false), 0);
	for (k = 0; k < 100; k++)
		ck_assert_uint_eq(done(&desc[k]), 4);
}

START_TEST(full_ring_makes_wait)
{
	unsigned int number[8];
	void *ctx[8];
	unsigned int i;

	rig_stop();
	rig_start((u64)_i, &config);
	for (i = 0; i < 8; i++) {
		number[i] = i;
		ctx[i] = &number[i];
	}
	stub_run(8, hog, ctx);
	rig_stop();
}
END_TEST

/* E2: a slot is free when hardware is done with it, refused ones behind. */
static void refused_hog(void *ctx)
{
	unsigned int me = *(unsigned int *)ctx;
	struct qi_desc desc[100];
	unsigned int i;
	int error;

	fill(desc, 100, (u16)me, 0x1000);
	for (i = 0; i < 6; i++) {
		rig_fault(0, MODEL_FAULT_IQE, MODEL_NTH_INVALIDATION,
			  stub_random(100), 1, 0);
		error = rig_submit(0, desc, 100, false);
		ck_assert(!error || error == -EIO);
	}
}

START_TEST(full_ring_and_refusals)
{
	unsigned int number[4];
	void *ctx[4];
	unsigned int i;

	rig_stop();
	config.depth = 64;
	rig_start((u64)_i, &config);
	for (i = 0; i < 4; i++) {
		number[i] = i;
		ctx[i] = &number[i];
	}
	stub_run(4, refused_hog, ctx);
	rig_stop();
}
END_TEST

static unsigned int interrupts;

/* An interrupt's affinity is changed: the interrupt-entry cache is flushed. */
static void interrupt(void *ctx)
{
	const struct qi_desc desc = rig_iec((u16)(0x8000 + interrupts));

	(void)ctx;
	if (stub_random(4))
		return;
	interrupts++;
	ck_assert_int_eq(rig_submit(0, &desc, 1, false), 0);
	ck_assert_uint_eq(done(&desc), 1);
}

/* An ioctl beside callers that cannot refuse, and interrupts on all CPUs */
static void ioctl_or_submit(void *ctx)
{
	unsigned int i;

	if (*(unsigned int *)ctx) {
		hog(ctx);
		return;
	}
	for (i = 0; i < 8; i++) {
		rig_call_mapped(64);
		rig_expect(64, 0);
	}
}

START_TEST(interrupts_submit_too)
{
	struct stub_hooks hooks = rig_hooks();
	unsigned int number[4];
	void *ctx[4];
	unsigned int i;

	rig_stop();
	rig_start((u64)_i, &config);
	interrupts = 0;
	hooks.interrupt = interrupt;
	stub_set_hooks(&hooks);
	rig_attach(0, SID, 0);
	for (i = 0; i < 64; i++)
		rig_set(i, 0x100 + 2 * i, 1);
	rig_map(64);
	for (i = 0; i < 4; i++) {
		number[i] = i;
		ctx[i] = &number[i];
	}
	stub_run(4, ioctl_or_submit, ctx);
	ck_assert_uint_gt(interrupts, 10);
	rig_stop();
}
END_TEST

#define LARGEST 126U

/* Twice as much as there is room for beside what is interrupted */
static void large_interrupt(void *ctx)
{
	struct qi_desc desc[LARGEST];
	unsigned int i;

	(void)ctx;
	if (interrupts++ > 2)
		return;
	fill(desc, LARGEST, 9, 0x2000);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(rig_submit(0, desc, LARGEST, false), 0);
}

/* Only its owner gives slots back, so he is not interrupted meanwhile. */
START_TEST(interrupt_finds_room)
{
	struct stub_hooks hooks = rig_hooks();
	struct qi_desc desc[LARGEST];

	interrupts = 0;
	hooks.interrupt = large_interrupt;
	stub_set_hooks(&hooks);
	fill(desc, LARGEST, 7, 0x1000);
	ck_assert_int_eq(rig_submit(0, desc, LARGEST, false), 0);
	ck_assert_uint_eq(done(&desc[LARGEST - 1]), 1);
	ck_assert_uint_gt(interrupts, 0);
	rig_stop();
}
END_TEST

/* A handler that unmaps much, one by one, more than the ring has slots for */
static void busy_interrupt(void *ctx)
{
	struct qi_desc desc;
	unsigned int i;

	(void)ctx;
	if (interrupts++)
		return;
	for (i = 0; i < 300; i++) {
		desc = rig_iotlb(9, 0x2000 + i, 0);
		ck_assert_int_eq(rig_submit(0, &desc, 1, false), 0);
		ck_assert_uint_eq(done(&desc), 1);
	}
}

/*
 * It comes while an ioctl has descriptors in the ring, which its owner cannot
 * take out meanwhile, and gets all the room that it needs.
 */
START_TEST(interrupt_outlasts_the_ring)
{
	struct stub_hooks hooks = rig_hooks();
	unsigned int i;

	rig_attach(0, SID, 0);
	for (i = 0; i < 16; i++)
		rig_set(i, 0x100 + 2 * i, 1);
	rig_map(16);
	interrupts = 0;
	hooks.interrupt = busy_interrupt;
	stub_set_hooks(&hooks);
	rig_call_mapped(16);
	rig_expect(16, 0);
	ck_assert_uint_gt(interrupts, 1);
	for (i = 0; i < 16; i++)
		ck_assert_uint_ge(rig_done(0, rig_piotlb_qw0(RIG_DID(0), 0),
					   (0x100ULL + 2 * i) << 12),
				  1);
	rig_stop();
}
END_TEST

/* An ioctl that gave up left its work in the ring; it holds up a detach. */
START_TEST(abandoned_work_is_waited_for)
{
	const struct stub_hooks none = { .ctx = NULL };

	rig_attach(0, SID, 0);
	rig_set(0, 1, 1);
	stub_set_hooks(&none);
	rig_call(1);
	rig_expect(0, -ETIMEDOUT);
	ck_assert_uint_eq(model_unit_counts(rig.unit[0].model).executed, 0);
	rig_set_hardware();
	s1inv_qi_drain(&rig.unit[0].iommu, SID);
	ck_assert_uint_eq(model_unit_counts(rig.unit[0].model).executed, 4);
	rig_stop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("glue: queue");
	TCase *tcase = tcase_create("queue");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_loop_test(tcase, both_widths, 0, 2);
	tcase_add_test(tcase, ring_goes_round);
	tcase_add_test(tcase, drain_is_kept);
	tcase_add_test(tcase, own_waits_are_written);
	tcase_add_loop_test(tcase, time_out_is_tried_again, 0, 4);
	tcase_add_test(tcase, function_that_is_gone_is_let_go);
	tcase_add_test(tcase, dead_device_is_tried_until_it_is_gone);
	tcase_add_loop_test(tcase, refused_pages_are_done_wider, 0, 3);
	tcase_add_loop_test(tcase, refused_descriptor_is_told_of, 0, 3);
	tcase_add_test(tcase, bad_completion_changes_nothing);
	tcase_add_loop_test(tcase, broken_queue_is_restarted, 0, 4);
	tcase_add_loop_test(tcase, reset_loses_nothing, 0, 20);
	tcase_add_test(tcase, faults_do_not_flood_the_log);
	tcase_add_loop_test(tcase, submitters_do_not_disturb_each_other, 0,
			    100);
	tcase_add_loop_test(tcase, full_ring_makes_wait, 0, 10);
	tcase_add_loop_test(tcase, full_ring_and_refusals, 0, 10);
	tcase_add_loop_test(tcase, interrupts_submit_too, 0, 30);
	tcase_add_test(tcase, interrupt_finds_room);
	tcase_add_test(tcase, interrupt_outlasts_the_ring);
	tcase_add_test(tcase, abandoned_work_is_waited_for);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
