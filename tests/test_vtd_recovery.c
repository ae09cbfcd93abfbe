/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What a queue's neighbours, its past and a broken unit must not do to a
 * submission (QUE-6, QUE-10 to QUE-13, QUE-16, QUE-19, QUE-20).
 */
#include <stdlib.h>

#include "queue_rig.h"
#include "runner.h"

#define X 0x0308U
#define Y 0x0410U
#define FSTS 0x34U
#define IQH 0x80U
#define ALL_FAULTS 0x70U

static struct rig rig;
static struct rig_budget budget;
static struct s1inv_vtd_submission a, b, c;

static void set_up(void)
{
	struct model_config config = model_config_default();

	rig_start(&rig, &config);
}

static void tear_down(void)
{
	rig_stop(&rig);
}

static const struct s1inv_env_waiter *plenty(void)
{
	return rig_budget_set(&budget, 100000);
}

static int start(struct s1inv_vtd_submission *sub)
{
	return s1inv_vtd_queue_start(&rig.queue, sub);
}

static enum s1inv_vtd_poll poll(struct s1inv_vtd_submission *sub)
{
	return s1inv_vtd_queue_poll(&rig.queue, sub);
}

/* A unit whose fault bits are set by what came before this program */
struct stale {
	struct s1inv_env_dev inner;
	uint32_t fsts;
	uint64_t iqercd;
	uint32_t iqh; /* read instead of the unit's, if not 0 */
	bool gone;    /* every register reads as all ones */
};

static uint32_t stale_read32(void *ctx, uint32_t off)
{
	struct stale *stale = ctx;

	if (stale->gone)
		return UINT32_MAX;
	if (off == IQH && stale->iqh)
		return stale->iqh;
	return stale->inner.read32(stale->inner.ctx, off) |
	       (off == FSTS ? stale->fsts : 0);
}

static uint64_t stale_read64(void *ctx, uint32_t off)
{
	struct stale *stale = ctx;

	if (stale->gone)
		return UINT64_MAX;
	return stale->iqercd | stale->inner.read64(stale->inner.ctx, off);
}

static void stale_write32(void *ctx, uint32_t off, uint32_t value)
{
	struct stale *stale = ctx;

	if (off == FSTS)
		stale->fsts &= ~value;
	stale->inner.write32(stale->inner.ctx, off, value);
}

static void put_between(struct stale *stale, struct s1inv_env_dev *dev)
{
	stale->inner = rig.dev;
	*dev = rig.dev;
	dev->ctx = stale;
	dev->read32 = stale_read32;
	dev->read64 = stale_read64;
	dev->write32 = stale_write32;
	dev->lock = NULL;
	dev->unlock = NULL;
	dev->present = NULL;
	dev->note = NULL;
	rig.queue.dev = dev;
}

/* QUE-20: left-over faults of each code are not the first submission's. */
START_TEST(que_20_old_faults_are_cleared)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_devtlb(X, 1) };
	struct stale stale = { .fsts = ALL_FAULTS, .iqercd = (uint64_t)_i };
	struct s1inv_env_dev dev;

	put_between(&stale, &dev);
	ck_assert_int_eq(s1inv_vtd_queue_init(&rig.queue), 0);
	rig_submission(&a, descs, 2, plenty());
	ck_assert_int_eq(start(&a), 0);
	(void)model_unit_run(rig.unit);
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
}
END_TEST

/* QUE-6: of a unit that is gone nothing is believed but that it is broken. */
START_TEST(que_6_all_ones_blame_nobody)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_devtlb(X, 1) };
	struct stale stale = { 0 };
	struct s1inv_env_dev dev;

	put_between(&stale, &dev);
	rig_submission(&a, descs, 2, plenty());
	ck_assert_int_eq(start(&a), 0);
	stale.gone = true;
	ck_assert_int_eq(poll(&a), S1INV_VTD_BROKEN);
	rig_expect(&a, 0x3, 0, 0, 0);
	ck_assert(rig.queue.broken && rig.queue.fault.broken);
	ck_assert_int_eq(start(&a), -S1INV_EIO);
}
END_TEST

/* QUE-6: a time-out with an IQH that is not between oldest slot and tail */
START_TEST(que_6_an_iqh_that_cannot_be)
{
	static const uint32_t iqh[] = { 0x7ffe0, 256 * 32, 3 * 32 };
	const struct s1inv_vtd_desc descs[] = { rig_devtlb(X, 1) };
	struct stale stale = { 0 };
	struct s1inv_env_dev dev;

	put_between(&stale, &dev);
	rig_submission(&a, descs, 1, plenty()); /* two slots, so IQH <= 64 */
	ck_assert_int_eq(start(&a), 0);
	stale.fsts = 0x40;
	stale.iqercd = (uint64_t)X << 32;
	stale.iqh = iqh[_i];
	ck_assert_int_eq(poll(&a), S1INV_VTD_BROKEN);
	rig_expect(&a, 1, 0, 0, 0);
}
END_TEST

/* QUE-10: who was lost by one time-out is not blamed for the next. */
START_TEST(que_10_an_older_loss_is_not_blamed)
{
	static const uint16_t reported[] = { Y, 0, 0x7777 };
	const struct s1inv_vtd_desc of_x[] = { rig_devtlb(X, 1) };
	const struct s1inv_vtd_desc of_y[] = { rig_devtlb(Y, 1) };

	rig_submission(&a, of_x, 1, plenty());
	rig_submission(&b, of_y, 1, plenty());
	rig_submission(&c, of_x, 1, plenty());
	rig_fault(&rig, MODEL_FAULT_ITE, MODEL_NTH_FETCHED, 0, 0, X);
	ck_assert_int_eq(start(&a), 0);
	ck_assert_int_eq(start(&b), 0);
	(void)model_unit_run(rig.unit);
	(void)poll(&a);
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
	rig_expect(&a, 1, 0, 1, 0);
	/* b is lost and does not know it yet, when c's device is silent. */
	rig_fault(&rig, MODEL_FAULT_ITE, MODEL_NTH_FETCHED, 0, 0, reported[_i]);
	ck_assert_int_eq(start(&c), 0);
	(void)model_unit_run(rig.unit);
	(void)poll(&c);
	ck_assert_int_eq(poll(&b), S1INV_VTD_AGAIN);
	rig_expect(&b, 1, 0, 0, 0);
	ck_assert_int_eq(rig_go(&rig, &b), S1INV_VTD_DONE);
	rig_expect(&b, 0, 0, 0, 0);
}
END_TEST

/* A poll of what is not in the ring proves nothing. */
START_TEST(que_12_poll_without_start)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2) };

	rig_submission(&a, descs, 2, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_submission(&b, descs, 2, plenty());
	ck_assert_int_eq(poll(&b), S1INV_VTD_AGAIN);
	rig_expect(&b, 0x3, 0, 0, 0);
	ck_assert_int_eq(poll(&b), S1INV_VTD_AGAIN);
	ck_assert_int_eq(rig_go(&rig, &b), S1INV_VTD_DONE);
}
END_TEST

/* QUE-19: two thirds of the ring are too much for one who can refuse. */
START_TEST(que_19_half_is_for_those_who_cannot_refuse)
{
	static struct s1inv_vtd_desc descs[126];
	uint32_t i;

	for (i = 0; i < 126; i++)
		descs[i] = rig_iotlb((uint16_t)(i + 1));
	rig_submission(&a, descs, 100, plenty());
	ck_assert_int_eq(start(&a), 0);
	rig_submission(&b, descs, 27, plenty()); /* 101 + 28 of 256 */
	ck_assert_int_eq(start(&b), -S1INV_EAGAIN);
	rig_submission(&b, descs, 26, plenty());
	ck_assert_int_eq(start(&b), 0);
	rig_submission(&c, descs, 126, NULL);
	ck_assert_int_eq(start(&c), 0);
	(void)model_unit_run(rig.unit);
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
	ck_assert_int_eq(poll(&b), S1INV_VTD_DONE);
	ck_assert_int_eq(poll(&c), S1INV_VTD_DONE);
}
END_TEST

/* QUE-19: with nobody else there, one submission may be as long as any. */
START_TEST(que_19_an_empty_ring_is_for_anybody)
{
	static struct s1inv_vtd_desc descs[126];
	struct model_config config = model_config_default();
	uint32_t i;

	config.qs = 0; /* 128 slots */
	rig_start(&rig, &config);
	for (i = 0; i < 126; i++)
		descs[i] = rig_iotlb((uint16_t)(i + 1));
	rig_submission(&a, descs, 126, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
}
END_TEST

/* M22: before a function is detached, its abandoned work can be waited for. */
START_TEST(m22_pending_tells_of_abandoned_work)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_devtlb(X, 1) };

	rig_submission(&a, descs, 2, plenty());
	ck_assert_int_eq(start(&a), 0);
	s1inv_vtd_queue_abandon(&rig.queue, &a);
	ck_assert(s1inv_vtd_queue_pending(&rig.queue, X));
	ck_assert(!s1inv_vtd_queue_pending(&rig.queue, Y));
	(void)model_unit_run(rig.unit);
	ck_assert(!s1inv_vtd_queue_pending(&rig.queue, X));
}
END_TEST

/* What is done and gone is not pending, though older slots hold its own. */
START_TEST(m22_pending_is_not_what_was)
{
	const struct s1inv_vtd_desc of_x[] = { rig_devtlb(X, 1) };
	const struct s1inv_vtd_desc of_y[] = { rig_devtlb(Y, 1) };

	rig_submission(&a, of_y, 1, plenty());
	rig_submission(&b, of_x, 1, plenty());
	ck_assert_int_eq(start(&a), 0);
	ck_assert_int_eq(start(&b), 0);
	(void)model_unit_run(rig.unit);
	ck_assert(s1inv_vtd_queue_pending(&rig.queue, X));
	ck_assert_int_eq(poll(&b), S1INV_VTD_DONE);
	ck_assert(!s1inv_vtd_queue_pending(&rig.queue, X));
	ck_assert(s1inv_vtd_queue_pending(&rig.queue, Y));
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
	ck_assert(!s1inv_vtd_queue_pending(&rig.queue, Y));
}
END_TEST

/* QUE-11: who gives up still hears of the ICE that was there. */
START_TEST(que_11_an_ice_before_giving_up)
{
	const struct s1inv_vtd_desc descs[] = { rig_devtlb(X, 1) };

	rig_fault(&rig, MODEL_FAULT_ICE, MODEL_NTH_FETCHED, 0, 0, X);
	rig_submission(&a, descs, 1, plenty());
	ck_assert_int_eq(start(&a), 0);
	(void)model_unit_run(rig.unit);
	s1inv_vtd_queue_abandon(&rig.queue, &a);
	rig_expect(&a, 0, 0, 0, 1);
	ck_assert_uint_eq(model_unit_read32(rig.unit, FSTS) & ALL_FAULTS, 0);
}
END_TEST

/* QUE-11: what is not fetched yet has sent nothing, so its id is unknown. */
START_TEST(que_11_the_sender_is_not_fetched_yet)
{
	const struct s1inv_vtd_desc descs[] = { rig_devtlb(X, 1),
						rig_devtlb(Y, 1) };
	struct model_config config = model_config_default();

	config.depth = 1;
	rig_start(&rig, &config);
	rig_fault(&rig, MODEL_FAULT_ICE, MODEL_NTH_FETCHED, 0, 0, Y);
	rig_submission(&a, descs, 2, plenty());
	ck_assert_int_eq(start(&a), 0);
	while (!(model_unit_read32(rig.unit, FSTS) & ALL_FAULTS))
		ck_assert(model_unit_step(rig.unit));
	ck_assert_uint_eq(model_unit_read32(rig.unit, IQH), 32);
	ck_assert_int_eq(poll(&a), S1INV_VTD_PENDING);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vtd_recovery");
	TCase *tcase = tcase_create("recovery");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, que_20_old_faults_are_cleared, 0, 16);
	tcase_add_test(tcase, que_6_all_ones_blame_nobody);
	tcase_add_loop_test(tcase, que_6_an_iqh_that_cannot_be, 0, 3);
	tcase_add_loop_test(tcase, que_10_an_older_loss_is_not_blamed, 0, 3);
	tcase_add_test(tcase, que_12_poll_without_start);
	tcase_add_test(tcase, que_19_half_is_for_those_who_cannot_refuse);
	tcase_add_test(tcase, que_19_an_empty_ring_is_for_anybody);
	tcase_add_test(tcase, m22_pending_tells_of_abandoned_work);
	tcase_add_test(tcase, m22_pending_is_not_what_was);
	tcase_add_test(tcase, que_11_an_ice_before_giving_up);
	tcase_add_test(tcase, que_11_the_sender_is_not_fetched_yet);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
