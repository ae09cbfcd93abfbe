/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The producer of the queue (QUE-*) on the model's unit, one rule or defect
 * per test. What happens when many share a ring is in test_vtd_sharing.c.
 */
#include <threads.h>

#include "queue_rig.h"
#include "rng.h"
#include "runner.h"

#define X 0x0100U /* requesters */
#define Y 0x0208U
#define Z 0x0310U
#define PLENTY 100000U

/* Bits of FSTS_REG and offsets of registers (VT-d 11.4) */
#define FSTS 0x34U
#define IQH 0x80U
#define IQERCD 0xb0U

static struct rig rig;
static struct rig_budget budget;
static struct s1inv_vtd_submission a, b, c;

/* A 256-bit queue of 256 slots, in order, a broad window of fetched ones */
static struct model_config wide_config(void)
{
	struct model_config config = model_config_default();

	config.depth = 64;
	return config;
}

/* A 128-bit queue of 256 slots: hardware has no smaller one. */
static struct model_config narrow_config(void)
{
	struct model_config config = wide_config();

	config.wide = false;
	config.qs = 0;
	config.ttm = MODEL_TTM_LEGACY;
	return config;
}

/* Both widths, both orders of execution: 0 to 3 */
#define CONFIGS 4
static struct model_config config_of(int i)
{
	struct model_config config = i & 1 ? narrow_config() : wide_config();

	config.order = i & 2 ? MODEL_REORDER : MODEL_IN_ORDER;
	config.seed = 7;
	return config;
}

static void set_up(void)
{
	struct model_config config = wide_config();

	rig_start(&rig, &config);
}

static void tear_down(void)
{
	rig_check(&rig);
	rig_stop(&rig);
}

static void begin(int i)
{
	struct model_config config = config_of(i);

	rig_start(&rig, &config);
}

static const struct s1inv_env_waiter *plenty(void)
{
	return rig_budget_set(&budget, PLENTY);
}

static void submit(struct s1inv_vtd_submission *sub,
		   const struct s1inv_vtd_desc *descs, uint32_t num)
{
	rig_submission(sub, descs, num, plenty());
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, sub), 0);
}

static enum s1inv_vtd_poll poll(struct s1inv_vtd_submission *sub)
{
	return s1inv_vtd_queue_poll(&rig.queue, sub);
}

static void run_unit(void)
{
	(void)model_unit_run(rig.unit);
}

static void steps(uint32_t n)
{
	while (n--)
		ck_assert(model_unit_step(rig.unit));
}

static uint32_t fsts(void)
{
	return model_unit_read32(rig.unit, FSTS);
}

static const struct model_record *record(size_t i)
{
	ck_assert_uint_lt(i, model_unit_log_len(rig.unit));
	return model_unit_log(rig.unit, i);
}

/* Record @i is a wait that writes the word of its own slot, with @flags. */
static void check_own_wait(size_t i, uint32_t flags)
{
	const struct model_record *r = record(i);

	ck_assert_uint_eq(r->qw[0] & UINT32_MAX, 0x5 | RIG_WAIT_SW | flags);
	ck_assert_uint_ne(r->qw[0] >> 32, 0);
	ck_assert_uint_eq(r->qw[1], RIG_STATUS + 4 * r->slot);
	ck_assert_uint_eq(r->qw[2] | r->qw[3], 0);
}

static void check_desc(size_t i, const struct s1inv_vtd_desc *desc)
{
	const struct model_record *r = record(i);

	ck_assert_uint_eq(r->qw[0], desc->qw[0]);
	ck_assert_uint_eq(r->qw[1], desc->qw[1]);
}

/* ---------------------------------------------------------------- set-up */

START_TEST(init_refuses_what_cannot_be)
{
	static s1inv_le32 status[32768];
	static uint8_t state[32768];
	struct s1inv_vtd_queue q = rig.queue;

	q.status = status;
	q.state = state;
	q.wide = true;
	q.slots = 128;
	ck_assert_int_eq(s1inv_vtd_queue_init(&q), 0);
	q.slots = 16384; /* QS 7 */
	ck_assert_int_eq(s1inv_vtd_queue_init(&q), 0);
	q.slots = 32768;
	ck_assert_int_eq(s1inv_vtd_queue_init(&q), -S1INV_EINVAL);
	q.wide = false;
	ck_assert_int_eq(s1inv_vtd_queue_init(&q), 0);
	q.slots = 65536;
	ck_assert_int_eq(s1inv_vtd_queue_init(&q), -S1INV_EINVAL);
	q.slots = 64;
	ck_assert_int_eq(s1inv_vtd_queue_init(&q), -S1INV_EINVAL);
	q.slots = 0;
	ck_assert_int_eq(s1inv_vtd_queue_init(&q), -S1INV_EINVAL);
	q.slots = 192;
	ck_assert_int_eq(s1inv_vtd_queue_init(&q), -S1INV_EINVAL);
	q.slots = 256;
	q.status_addr = RIG_STATUS + 2;
	ck_assert_int_eq(s1inv_vtd_queue_init(&q), -S1INV_EINVAL);
	q.status_addr = UINT64_MAX - 1023; /* its last word ends the space */
	ck_assert_int_eq(s1inv_vtd_queue_init(&q), 0);
	q.status_addr = UINT64_MAX - 1019;
	ck_assert_int_eq(s1inv_vtd_queue_init(&q), -S1INV_EINVAL);
}
END_TEST

/* I1: nothing was submitted, so nothing failed. */
START_TEST(i1_nothing_submitted_has_no_fault)
{
	rig_submission(&a, NULL, 0, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
}
END_TEST

/* ------------------------------------------------------------------ slots */

START_TEST(que_1_one_slot_stays_empty)
{
	static struct s1inv_vtd_desc descs[127];
	struct model_config config = wide_config();
	uint32_t i;

	config.qs = 0; /* 128 slots */
	rig_start(&rig, &config);
	for (i = 0; i < 127; i++)
		descs[i] = rig_iotlb((uint16_t)(i + 1));
	rig_submission(&a, descs, 127, plenty());
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &a), -S1INV_EINVAL);
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &a), -S1INV_EINVAL);
	submit(&a, descs, 126);
	rig_submission(&b, NULL, 0, plenty());
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &b), -S1INV_EAGAIN);
	run_unit();
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
	ck_assert(!s1inv_vtd_set_any(&a.undone));
	ck_assert_uint_eq(model_unit_counts(rig.unit).executed, 127);
	ck_assert_int_eq(rig_go(&rig, &b), S1INV_VTD_DONE);
}
END_TEST

/* Two of 127 leave two slots of 256, of which one can be used. */
START_TEST(que_1_the_last_slot_that_can_be_used)
{
	static struct s1inv_vtd_desc descs[126];
	struct s1inv_vtd_submission d;
	uint32_t i;

	begin(_i);
	for (i = 0; i < 126; i++)
		descs[i] = rig_iotlb((uint16_t)(i + 1));
	submit(&a, descs, 126);
	rig_submission(&b, descs, 126, NULL);
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &b), 0);
	rig_submission(&d, descs, 1, NULL);
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &d), -S1INV_EAGAIN);
	rig_submission(&c, NULL, 0, NULL);
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &c), 0);
	rig_submission(&d, NULL, 0, NULL);
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &d), -S1INV_EAGAIN);
	ck_assert_int_eq(rig_finish(&rig, &c), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_go(&rig, &d), S1INV_VTD_DONE);
}
END_TEST

START_TEST(que_2_every_submission_ends_in_a_wait_of_its_own)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2),
						rig_iotlb(3) };

	begin(_i);
	submit(&a, descs, 1);
	submit(&b, descs, 3);
	submit(&c, NULL, 0);
	run_unit();
	check_desc(0, &descs[0]);
	check_own_wait(1, 0);
	check_desc(2, &descs[0]);
	check_desc(4, &descs[2]);
	check_own_wait(5, 0);
	check_own_wait(6, 0);
	ck_assert_uint_eq(model_unit_log_len(rig.unit), 7);
	ck_assert_uint_eq(model_unit_counts(rig.unit).status, 3);
	ck_assert_int_eq(poll(&c), S1INV_VTD_DONE);
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
	ck_assert_int_eq(poll(&b), S1INV_VTD_DONE);
}
END_TEST

START_TEST(que_2_the_final_wait_drains_on_request)
{
	const struct s1inv_vtd_desc desc = rig_iotlb(1);

	rig_submission(&a, &desc, 1, plenty());
	rig_drain(&a);
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
	check_own_wait(1, RIG_WAIT_PD);
}
END_TEST

/* ENC-3: the fence has FN and a word of its own, whatever stood there. */
START_TEST(enc_3_the_fence_writes_a_word_of_its_own)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_wait(RIG_WAIT_FN, 0, 0),
						rig_devtlb(X, 1) };

	begin(_i);
	rig_submission(&a, descs, 3, plenty());
	a.fence = 1;
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
	check_own_wait(1, RIG_WAIT_FN);
	check_own_wait(3, 0);
	ck_assert_uint_lt(rig_when(&rig, &descs[0]), rig_when(&rig, &descs[2]));
}
END_TEST

/* A thousand submissions of all sizes go many times around. */
START_TEST(que_12_the_ring_wraps)
{
	static struct s1inv_vtd_desc descs[126];
	uint64_t seed = 1;
	uint32_t i, n;

	begin(_i);
	for (i = 0; i < 126; i++)
		descs[i] = rig_iotlb((uint16_t)(i + 1));
	for (i = 0; i < 1000; i++) {
		n = rng_below(&seed, 127);
		rig_submission(&a, descs, n, plenty());
		ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
		ck_assert(!s1inv_vtd_set_any(&a.undone));
		model_unit_log_clear(rig.unit);
	}
	ck_assert_uint_eq(model_unit_counts(rig.unit).status, 1000);
}
END_TEST

/* -------------------------------------- looking at the fault status (QUE-3) */

/**
 * struct spy - stands between the queue and the unit's registers
 * @real: the unit
 * @fsts_reads: how often FSTS_REG was read
 * @codes: IQERCD_REG was read since FSTS_REG was cleared last
 * @late: FSTS_REG was cleared without that
 * @iqh: when not 0, what IQH_REG reads
 */
struct spy {
	struct s1inv_env_dev real;
	uint32_t fsts_reads;
	bool codes;
	bool late;
	uint32_t iqh;
};

static struct spy spy;

static uint32_t spy_read32(void *ctx, uint32_t off)
{
	spy.fsts_reads += off == FSTS;
	if (off == IQH && spy.iqh)
		return spy.iqh;
	return spy.real.read32(ctx, off);
}

static uint64_t spy_read64(void *ctx, uint32_t off)
{
	spy.codes |= off == IQERCD;
	return spy.real.read64(ctx, off);
}

static void spy_write32(void *ctx, uint32_t off, uint32_t value)
{
	if (off == FSTS) {
		spy.late |= !spy.codes;
		spy.codes = false;
	}
	spy.real.write32(ctx, off, value);
}

static void spy_on(void)
{
	memset(&spy, 0, sizeof(spy));
	spy.real = rig.dev;
	rig.dev.read32 = spy_read32;
	rig.dev.read64 = spy_read64;
	rig.dev.write32 = spy_write32;
}

START_TEST(que_3_every_poll_looks_at_the_fault_status)
{
	const struct s1inv_vtd_desc desc = rig_iotlb(1);
	uint32_t i;

	spy_on();
	submit(&a, &desc, 1);
	submit(&b, &desc, 1);
	for (i = 0; i < 4; i++) {
		spy.fsts_reads = 0;
		ck_assert_int_eq(poll(i & 1 ? &a : &b), S1INV_VTD_PENDING);
		ck_assert_uint_ge(spy.fsts_reads, 1);
	}
	run_unit();
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
	ck_assert_int_eq(poll(&b), S1INV_VTD_DONE);
}
END_TEST

/* M27: the reasons are gone once the status is cleared. */
START_TEST(que_7_m27_the_reasons_are_read_before_the_clear)
{
	const struct s1inv_vtd_desc for_x = rig_devtlb(X, 1);
	const struct s1inv_vtd_desc for_y = rig_devtlb(Y, 1);

	spy_on();
	model_unit_silence(rig.unit, X, 1);
	submit(&a, &for_x, 1);
	submit(&b, &for_y, 1);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	ck_assert(!spy.late);
	rig_expect(&a, 1, 0, 1, 0);
	rig_expect(&b, 0, 0, 0, 0);
}
END_TEST

/* What is not queued invalidation's is neither looked at nor cleared. */
START_TEST(que_3_other_bits_are_left_alone)
{
	const struct s1inv_vtd_desc desc = rig_iotlb(1);
	struct model_config config = wide_config();

	config.fsts_other = ~(RIG_IQE | RIG_ICE | RIG_ITE);
	rig_start(&rig, &config);
	rig_submission(&a, &desc, 1, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
	ck_assert_uint_eq(model_unit_counts(rig.unit).notes, 0);
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 0, 3, 0);
	rig_submission(&a, &desc, 1, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 1, 1, 0, 0);
}
END_TEST

static struct s1inv_vtd_fault noted[4];
static uint64_t noted_qw0[4];
static uint32_t notes;

static void take_note(void *ctx, const struct s1inv_vtd_fault *fault)
{
	(void)ctx;
	if (notes < 4) {
		noted[notes] = *fault;
		noted_qw0[notes] =
			s1inv_le64_to_cpu(rig.ring[fault->slot * 4U]);
	}
	notes++;
}

/*
 * Each fault is told of once, with what the registers said, and while the ring
 * still shows the refused descriptor.
 */
START_TEST(que_3_faults_are_noted)
{
	const struct model_hooks hooks = { .note = take_note };
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_devtlb(X, 1) };

	notes = 0;
	model_unit_set_hooks(rig.unit, &hooks);
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 0, 4, 0);
	model_unit_silence(rig.unit, X, 1);
	rig_submission(&a, descs, 2, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 3, 1, 2, 0);
	ck_assert_uint_eq(notes, 2);
	ck_assert_uint_eq(noted[0].status, RIG_IQE);
	ck_assert_uint_eq(noted[0].iqei, 4);
	ck_assert_uint_eq(noted[0].slot, 0);
	ck_assert_uint_eq(noted_qw0[0], descs[0].qw[0]);
	ck_assert(!noted[0].broken);
	ck_assert_uint_eq(noted[1].status, RIG_ITE);
	ck_assert_uint_eq(noted[1].itesid, X);
	ck_assert_uint_eq(noted[1].slot, 3);
	rig.dev.note = NULL;
	model_unit_silence(rig.unit, X, 1);
	rig_submission(&a, descs, 2, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 2, 0, 2, 0);
}
END_TEST

/* -------------------------------------------------------------------- IQE */

/* Positions: first, middle, fence, behind it, last, the final wait */
#define POSITIONS 6
#define FENCE_AT 2

static const uint8_t slot_codes[] = { 0, 2, 3, 4 };

static void iqe_at(const struct model_config *config, uint32_t at, uint8_t code)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2),
						rig_wait(RIG_WAIT_FN, 0, 0),
						rig_devtlb(X, 1),
						rig_devtlb(Y, 1) };
	uint64_t refused = at == FENCE_AT || at == 5 ? 0 : UINT64_C(1) << at;
	uint32_t i;

	rig_start(&rig, config);
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, at, code, 0);
	rig_submission(&a, descs, 5, plenty());
	a.fence = FENCE_AT;
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, refused, refused, 0, 0);
	ck_assert_uint_eq(fsts(), 0);
	ck_assert_uint_eq(model_unit_counts(rig.unit).refused, 1);
	/* QUE-4: the slot was read again, and held a wait of its own. */
	ck_assert_int_eq(record(at)->fate, MODEL_REFUSED);
	ck_assert_uint_eq(record(at + 1)->slot, record(at)->slot);
	check_own_wait(at + 1, RIG_WAIT_FN);
	ck_assert_uint_eq(model_unit_log_len(rig.unit), POSITIONS + 1);
	for (i = 0; i < 5; i++)
		if (i != FENCE_AT)
			ck_assert_uint_eq(rig_executed(&rig, &descs[i]),
					  i != at);
	for (i = 0; i < FENCE_AT; i++) {
		if (at != 3)
			ck_assert_uint_lt(rig_when(&rig, &descs[i]),
					  rig_when(&rig, &descs[3]));
		if (at != 4)
			ck_assert_uint_lt(rig_when(&rig, &descs[i]),
					  rig_when(&rig, &descs[4]));
	}
	rig_check(&rig);
}

/* E1: wherever the refused descriptor stands, and for every code with a slot */
START_TEST(que_4_e1_iqe_at_every_position)
{
	struct model_config config = config_of(_i % CONFIGS);
	size_t n;

	for (n = 0; n < sizeof(slot_codes); n++)
		iqe_at(&config, (uint32_t)_i / CONFIGS, slot_codes[n]);
}
END_TEST

/* Receivers that resume only when the tail is written again */
START_TEST(que_4_iqe_where_only_a_tail_write_resumes)
{
	struct model_config config = config_of(_i % CONFIGS);
	size_t n;

	config.no_resume = true;
	for (n = 0; n < sizeof(slot_codes); n++)
		iqe_at(&config, (uint32_t)_i / CONFIGS, slot_codes[n]);
}
END_TEST

/* Real refusals: of a reserved bit, an unknown type, a plain wait by QEMU */
START_TEST(que_4_what_the_unit_itself_refuses)
{
	const struct s1inv_vtd_desc descs[] = { rig_desc(0x6U | 1U << 8, 0),
						rig_desc(0xfU, 0),
						rig_piotlb(1, 2, 3, 0),
						rig_wait(RIG_WAIT_FN, 0, 0) };
	struct model_config config = model_config_qemu();

	rig_start(&rig, &config);
	rig_submission(&a, descs, 4, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0xb, 0xb, 0, 0);
	ck_assert_uint_eq(rig_executed(&rig, &descs[2]), 1);
}
END_TEST

/* Neighbours of a refused descriptor, polled in any order, learn nothing. */
START_TEST(que_5_only_the_owner_learns)
{
	struct s1inv_vtd_submission *const order[6][3] = {
		{ &a, &b, &c }, { &a, &c, &b }, { &b, &a, &c },
		{ &b, &c, &a }, { &c, &a, &b }, { &c, &b, &a }
	};
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2) };
	int i;

	begin(_i % CONFIGS);
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 4, 3, 0);
	submit(&a, descs, 2);
	submit(&b, descs, 2);
	submit(&c, descs, 2);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(rig_finish(&rig, order[_i / CONFIGS][i]),
				 S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
	rig_expect(&b, 2, 2, 0, 0);
	rig_expect(&c, 0, 0, 0, 0);
}
END_TEST

/* A wait without PD does not drain: that owner has to know. */
START_TEST(que_5_a_refused_drain_is_told)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2) };

	begin(_i & 2);
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 2, 4, 0);
	rig_submission(&a, descs, 2, plenty());
	rig_drain(&a);
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 4, 4, 0, 0);
}
END_TEST

/* The largest submission has an index for its drain, too. */
START_TEST(que_5_a_refused_drain_behind_126)
{
	static struct s1inv_vtd_desc descs[126];
	uint32_t i;

	for (i = 0; i < 126; i++)
		descs[i] = rig_iotlb((uint16_t)(i + 1));
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 126, 4, 0);
	rig_submission(&a, descs, 126, plenty());
	rig_drain(&a);
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	ck_assert_uint_eq(a.refused.word[0], 0);
	ck_assert_uint_eq(a.refused.word[1], UINT64_C(1) << 62);
	ck_assert_mem_eq(&a.undone, &a.refused, sizeof(a.undone));
}
END_TEST

/* E2: a submission with a repair in it stays until its own end. */
START_TEST(e2_slots_of_a_repaired_submission_stay_taken)
{
	struct model_config config = wide_config();
	struct s1inv_vtd_desc descs[100];
	uint32_t i;

	config.qs = 0;
	rig_start(&rig, &config);
	for (i = 0; i < 100; i++)
		descs[i] = rig_iotlb((uint16_t)(i + 1));
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 0, 3, 0);
	submit(&a, descs, 100);
	steps(1);
	ck_assert_uint_eq(fsts(), RIG_IQE);
	ck_assert_int_eq(poll(&a), S1INV_VTD_PENDING);
	ck_assert_uint_eq(fsts(), 0);
	steps(2); /* the repair is fetched */
	ck_assert_int_eq(poll(&a), S1INV_VTD_PENDING);
	rig_submission(&b, descs, 27, plenty());
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &b), -S1INV_EAGAIN);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	ck_assert_uint_eq(a.refused.word[0], 1);
	ck_assert_int_eq(rig_go(&rig, &b), S1INV_VTD_DONE);
}
END_TEST

/* Everybody learns of a broken queue, and after a reset everybody goes on. */
static void check_broken_and_reset(void)
{
	const struct s1inv_vtd_desc first = rig_iotlb(1);
	uint32_t seen = fsts();

	ck_assert_int_eq(poll(&b), S1INV_VTD_BROKEN);
	ck_assert_int_eq(poll(&a), S1INV_VTD_BROKEN);
	/* Hardware stays where it is. */
	ck_assert_uint_eq(fsts(), seen);
	rig_submission(&c, &first, 1, plenty());
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &c), -S1INV_EIO);
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &c), -S1INV_EIO);
	rig_reset(&rig);
	ck_assert_uint_eq(fsts(), 0);
	ck_assert_int_eq(rig_go(&rig, &c), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_go(&rig, &b), S1INV_VTD_DONE);
	ck_assert_uint_eq(rig_set(&a.undone), rig_set(&a.refused));
	rig_expect(&b, 0, 0, 0, 0);
}

START_TEST(que_6_codes_of_a_broken_queue)
{
	static const uint8_t codes[] = { 1,  5,  6,  7,  8,  9,
					 10, 11, 12, 13, 14, 15 };
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2) };

	begin(_i / 12);
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 3, codes[_i % 12],
		  0);
	submit(&a, descs, 2);
	submit(&b, descs, 2);
	run_unit();
	check_broken_and_reset();
	rig_expect(&a, 0, 0, 0, 0);
	/* What was proved before is not done again. */
	ck_assert_uint_eq(rig_executed(&rig, &descs[1]), 2);
}
END_TEST

START_TEST(que_6_the_same_slot_twice)
{
	const struct model_fault twice = { .kind = MODEL_FAULT_IQE,
					   .which = MODEL_NTH_FETCHED,
					   .nth = 1,
					   .times = 2,
					   .iqei = 4 };
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2) };

	begin(_i);
	model_unit_add_fault(rig.unit, &twice);
	submit(&a, descs, 2);
	submit(&b, descs, 2);
	run_unit();
	ck_assert_int_eq(poll(&b), S1INV_VTD_PENDING);
	run_unit();
	/* The descriptor was refused, and its owner knows. */
	check_broken_and_reset();
	rig_expect(&a, 2, 2, 0, 0);
	ck_assert_uint_eq(rig_executed(&rig, &descs[1]), 1);
}
END_TEST

/* An IQE at a slot that nothing stands in: behind the tail, beyond the ring,
 * and in a gap that a finished submission left
 */
START_TEST(que_6_a_slot_that_is_not_in_flight)
{
	static const uint32_t iqh[] = { 8 * 32, 0x7ffe0, 4 * 32 };
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2) };

	submit(&a, descs, 2);
	submit(&c, descs, 2);
	run_unit();
	ck_assert_int_eq(poll(&c), S1INV_VTD_DONE);
	submit(&b, descs, 1);
	spy_on();
	spy.iqh = iqh[_i];
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 0, 4, 0);
	run_unit();
	check_broken_and_reset();
}
END_TEST

/* Nobody waits; who wants to start finds a full ring, and that it is broken. */
START_TEST(que_6_found_by_who_wants_to_start)
{
	static struct s1inv_vtd_desc descs[126];
	struct model_config config = wide_config();
	uint32_t i;

	config.qs = 0;
	rig_start(&rig, &config);
	for (i = 0; i < 126; i++)
		descs[i] = rig_iotlb((uint16_t)(i + 1));
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 5, 5, 0);
	submit(&a, descs, 126);
	run_unit();
	rig_submission(&b, descs, 1, plenty());
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &b), -S1INV_EIO);
	rig_expect(&b, 1, 0, 0, 0);
	ck_assert_int_eq(poll(&a), S1INV_VTD_BROKEN);
	rig_reset(&rig);
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_go(&rig, &b), S1INV_VTD_DONE);
}
END_TEST

/* --------------------------------------------------------------------- ITE */

/* The fence proves what is before it, should a device time out behind it. */
START_TEST(que_8_ite_behind_a_completed_fence)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_wait(RIG_WAIT_FN, 0, 0),
						rig_devtlb(X, 1),
						rig_devtlb(X, 2) };

	begin(_i);
	model_unit_silence(rig.unit, X, MODEL_FOREVER);
	rig_submission(&a, descs, 4, plenty());
	a.fence = 1;
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0xc, 0, 0xc, 0);
	ck_assert_uint_eq(rig_executed(&rig, &descs[0]), 1);
}
END_TEST

/*
 * Submission a has a silent device; b stands behind it, and so many of b's six
 * slots were fetched when the device timed out. All of b is done in the end,
 * in its order, and nobody is blamed but a.
 */
static void straddle(uint32_t fetched, uint32_t parity)
{
	const struct s1inv_vtd_desc mine = rig_devtlb(X, 1);
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2),
						rig_wait(RIG_WAIT_FN, 0, 0),
						rig_devtlb(Y, 1),
						rig_devtlb(Z, 1) };
	struct model_config config = wide_config();
	uint32_t i, j;

	config.depth = 2 + fetched;
	rig_start(&rig, &config);
	if (parity) {
		rig_submission(&c, NULL, 0, plenty());
		ck_assert_int_eq(rig_go(&rig, &c), S1INV_VTD_DONE);
	}
	model_unit_silence(rig.unit, X, 1);
	submit(&a, &mine, 1);
	rig_submission(&b, descs, 5, plenty());
	b.fence = 2;
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &b), 0);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 1, 0, 1, 0);
	rig_expect(&b, 0, 0, 0, 0);
	for (i = 0; i < 2; i++)
		for (j = 3; j < 5; j++)
			ck_assert_uint_lt(rig_when(&rig, &descs[i]),
					  rig_when(&rig, &descs[j]));
	ck_assert_uint_eq(model_unit_counts(rig.unit).ite, 1);
	rig_check(&rig);
}

/* M24: on even and on odd slots; the fence is aborted from 3 fetched on. */
START_TEST(que_8_m24_ite_while_partly_fetched)
{
	straddle((uint32_t)_i / 2, _i & 1);
}
END_TEST

/* R9: what was proved before the time-out is not done again. */
START_TEST(r9_what_did_not_abort_is_not_retried)
{
	const struct s1inv_vtd_desc iotlb = rig_iotlb(1);
	const struct s1inv_vtd_desc mine = rig_devtlb(X, 1);

	begin(_i);
	submit(&a, &iotlb, 1);
	run_unit();
	model_unit_silence(rig.unit, X, 1);
	submit(&b, &mine, 1);
	run_unit();
	ck_assert_uint_eq(fsts(), RIG_ITE);
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	rig_expect(&b, 1, 0, 1, 0);
	ck_assert_uint_eq(rig_executed(&rig, &iotlb), 1);
}
END_TEST

/* Nor is what was done behind it, or what others left free between. */
START_TEST(r9_gaps_and_what_is_done_are_not_lost)
{
	const struct s1inv_vtd_desc iotlb = rig_iotlb(1);
	const struct s1inv_vtd_desc mine = rig_devtlb(X, 1);

	submit(&a, &iotlb, 1);
	submit(&b, &iotlb, 1);
	run_unit();
	ck_assert_int_eq(poll(&b), S1INV_VTD_DONE);
	model_unit_silence(rig.unit, X, 1);
	submit(&c, &mine, 1);
	ck_assert_int_eq(rig_finish(&rig, &c), S1INV_VTD_DONE);
	rig_expect(&c, 1, 0, 1, 0);
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
	ck_assert_uint_eq(model_unit_counts(rig.unit).executed, 4);
}
END_TEST

/* The second try has what was lost, in order, without the silent device's. */
START_TEST(que_9_again_from_the_first_lost_on)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_devtlb(X, 1),
						rig_devtlb(Y, 1),
						rig_devtlb(X, 2),
						rig_iotlb(2) };

	model_unit_silence(rig.unit, X, 1);
	rig_submission(&a, descs, 5, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0xa, 0, 0xa, 0);
	/* In order: 0 was executed, but no wait proved it. */
	ck_assert_uint_eq(model_unit_log_len(rig.unit), 6 + 4);
	check_desc(6, &descs[0]);
	check_desc(7, &descs[2]);
	check_desc(8, &descs[4]);
	check_own_wait(9, 0);
}
END_TEST

/* A refused descriptor is not tried again; its repair keeps its place. */
START_TEST(que_9_the_repair_goes_in_its_place)
{
	const struct s1inv_vtd_desc mine = rig_devtlb(X, 1);
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2),
						rig_iotlb(3) };

	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 3, 4, 0);
	model_unit_silence(rig.unit, X, 1);
	submit(&a, &mine, 1);
	submit(&b, descs, 3);
	/* Two of a and one of b are fetched; IQE; then the time-out. */
	run_unit();
	ck_assert_uint_eq(fsts(), RIG_IQE | RIG_ITE);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	rig_expect(&b, 2, 2, 0, 0);
	check_desc(7, &descs[0]);
	check_own_wait(8, RIG_WAIT_FN);
	check_desc(9, &descs[2]);
	check_own_wait(10, 0);
	ck_assert_uint_eq(model_unit_log_len(rig.unit), 11);
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
	rig_expect(&a, 1, 0, 1, 0);
}
END_TEST

/* The same for a fence: it is a fence again. */
START_TEST(que_9_a_lost_fence_is_a_fence_again)
{
	const struct s1inv_vtd_desc mine = rig_devtlb(X, 1);
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_wait(RIG_WAIT_FN, 0, 0),
						rig_devtlb(Y, 2) };

	model_unit_silence(rig.unit, X, 1);
	submit(&a, &mine, 1);
	rig_submission(&b, descs, 3, plenty());
	b.fence = 1;
	ck_assert_int_eq(rig_go(&rig, &b), S1INV_VTD_DONE);
	rig_expect(&b, 0, 0, 0, 0);
	check_desc(6, &descs[0]);
	check_own_wait(7, RIG_WAIT_FN);
	check_desc(8, &descs[2]);
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
}
END_TEST

/* Device X is silent and stands in a, b has Y: who is blamed by what is told */
static void blame(uint16_t told, uint64_t a_out, uint64_t b_out)
{
	const struct s1inv_vtd_desc for_a[] = { rig_iotlb(1),
						rig_devtlb(X, 1) };
	const struct s1inv_vtd_desc for_b[] = { rig_iotlb(2), rig_devtlb(Y, 1),
						rig_pdevtlb(Z, 3, 1) };

	rig_fault_sid(&rig, MODEL_FAULT_ITE, X, 0, 1, told);
	submit(&a, for_a, 2);
	submit(&b, for_b, 3);
	run_unit();
	ck_assert_uint_eq(fsts(), RIG_ITE);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, a_out, 0, a_out, 0);
	rig_expect(&b, b_out, 0, b_out, 0);
	/* Nothing but what is blamed is left undone. */
	ck_assert_uint_ge(rig_executed(&rig, &for_a[0]), 1);
	ck_assert_uint_ge(rig_executed(&rig, &for_b[0]), 1);
	ck_assert_uint_eq(rig_executed(&rig, &for_a[1]), !a_out);
	ck_assert_uint_eq(rig_executed(&rig, &for_b[1]), !(b_out & 2));
	ck_assert_uint_eq(rig_executed(&rig, &for_b[2]), !(b_out & 4));
}

/* E4: b, which polls first, does not fail for a's device. */
START_TEST(que_10_e4_the_reported_requester)
{
	blame(X, 2, 0);
}
END_TEST

START_TEST(que_10_requester_0_may_be_anybody)
{
	blame(0, 2, 6);
}
END_TEST

START_TEST(que_10_an_unknown_requester_may_be_anybody)
{
	blame(0x7777, 2, 6);
}
END_TEST

/* Hardware may tell one of several; then the others are tried again. */
START_TEST(que_10_the_reported_one_whoever_was_silent)
{
	blame(Z, 0, 4);
}
END_TEST

/* With receivers that have no IQERCD_REG every id is 0. */
START_TEST(que_10_without_iqercd)
{
	struct model_config config = wide_config();

	config.no_iqercd = true;
	rig_start(&rig, &config);
	blame(X, 2, 6);
}
END_TEST

/* What was proved is not blamed, and its requester is not known any more. */
START_TEST(que_10_what_is_proved_is_not_blamed)
{
	const struct s1inv_vtd_desc descs[] = { rig_devtlb(Y, 1),
						rig_wait(RIG_WAIT_FN, 0, 0),
						rig_devtlb(X, 1) };

	rig_fault_sid(&rig, MODEL_FAULT_ITE, X, 0, 1, _i ? Y : 0);
	rig_submission(&a, descs, 3, plenty());
	a.fence = 1;
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 4, 0, 4, 0);
}
END_TEST

/*
 * X lost two descriptors of a, but one stayed with hardware and times out
 * again, while a still has to look and b is on its way: b is not to blame.
 */
START_TEST(que_10_lost_before_is_known_still)
{
	const struct s1inv_vtd_desc for_a[] = { rig_devtlb(X, 1),
						rig_devtlb(X, 2) };
	const struct s1inv_vtd_desc for_b = rig_devtlb(Y, 1);
	struct model_config config = wide_config();

	config.ite_loss = MODEL_LOSE_SOME;
	config.seed = (uint64_t)_i;
	rig_start(&rig, &config);
	model_unit_silence(rig.unit, X, 2);
	submit(&a, for_a, 2);
	steps(4);
	ck_assert_uint_eq(fsts(), RIG_ITE);
	submit(&b, &for_b, 1);
	ck_assert_int_eq(poll(&b), S1INV_VTD_PENDING);
	run_unit();
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	rig_expect(&b, 0, 0, 0, 0);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 3, 0, 3, 0);
}
END_TEST

/* --------------------------------------------------------------------- ICE */

/* Alone: seen while the wait is under way, and after it has completed */
START_TEST(que_11_s2_ice_ends_no_wait)
{
	const struct s1inv_vtd_desc descs[] = { rig_devtlb(X, 1), rig_iotlb(1),
						rig_devtlb(Y, 1) };

	rig_fault_sid(&rig, MODEL_FAULT_ICE, X, 0, 1, X);
	submit(&a, descs, 3);
	if (_i) {
		run_unit();
	} else {
		steps(5);
		ck_assert_uint_eq(fsts(), RIG_ICE);
		ck_assert_int_eq(poll(&a), S1INV_VTD_PENDING);
		ck_assert_uint_eq(fsts(), 0);
	}
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 1);
	ck_assert_uint_eq(fsts(), 0);
	ck_assert_uint_eq(model_unit_counts(rig.unit).executed, 4);
}
END_TEST

/* ICE with a sender that is 0 or unknown may belong to any in flight. */
START_TEST(que_11_an_unknown_sender_may_be_anybody)
{
	const struct s1inv_vtd_desc for_a[] = { rig_iotlb(1),
						rig_devtlb(X, 1) };
	const struct s1inv_vtd_desc for_b[] = { rig_devtlb(Y, 1),
						rig_iotlb(2) };

	rig_fault_sid(&rig, MODEL_FAULT_ICE, X, 0, 1, _i ? 0x7777 : 0);
	submit(&a, for_a, 2);
	submit(&b, for_b, 2);
	steps(6 + 2);
	ck_assert_uint_eq(fsts(), RIG_ICE);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 2);
	rig_expect(&b, 0, 0, 0, 1);
}
END_TEST

/* A sender that is known spares the others, also when it has finished. */
START_TEST(que_11_a_known_sender_spares_the_others)
{
	const struct s1inv_vtd_desc for_a = rig_devtlb(X, 1);
	const struct s1inv_vtd_desc for_b = rig_devtlb(Y, 1);

	rig_fault_sid(&rig, MODEL_FAULT_ICE, X, 0, 1, X);
	submit(&a, &for_a, 1);
	submit(&b, &for_b, 1);
	/* fetched 4, executed: a's, its wait, and then perhaps b's */
	steps(4 + 1 + (uint32_t)_i);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 1);
	rig_expect(&b, 0, 0, 0, 0);
}
END_TEST

/* R6: an ICE that is seen before an ITE, or with it, is not lost. */
START_TEST(r6_ice_and_then_ite)
{
	const struct s1inv_vtd_desc descs[] = { rig_devtlb(X, 1),
						rig_devtlb(Y, 1) };

	rig_fault_sid(&rig, MODEL_FAULT_ICE, X, 0, 1, X);
	model_unit_silence(rig.unit, Y, 1);
	submit(&a, descs, 2);
	steps(3 + 1);
	ck_assert_uint_eq(fsts(), RIG_ICE);
	if (_i)
		ck_assert_int_eq(poll(&a), S1INV_VTD_PENDING);
	steps(1);
	ck_assert_uint_eq(fsts(), _i ? RIG_ITE : RIG_ITE | RIG_ICE);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 2, 0, 2, 1);
}
END_TEST

/* R7: a retry, for which another is the reason, does not clear it. */
START_TEST(r7_a_retry_keeps_what_was_found)
{
	const struct s1inv_vtd_desc for_a = rig_devtlb(Y, 1);
	const struct s1inv_vtd_desc for_b = rig_devtlb(X, 1);

	rig_fault_sid(&rig, MODEL_FAULT_ICE, X, 0, 1, X);
	rig_fault_sid(&rig, MODEL_FAULT_ITE, Y, 0, 2, Y);
	submit(&b, &for_b, 1);
	steps(1);
	submit(&a, &for_a, 1);
	/* b's is executed; its wait is aborted with a's. */
	steps(3);
	steps(1);
	ck_assert_uint_eq(fsts(), RIG_ICE);
	ck_assert_int_eq(poll(&a), S1INV_VTD_PENDING);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	rig_expect(&b, 0, 0, 0, 1);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 1, 0, 1, 0);
}
END_TEST

/* I2, I3: each device's fault survives those of the devices after it, and an
 * extra flush of the same page counts like the first.
 */
START_TEST(i2_i3_each_devices_fault_survives)
{
	const struct s1inv_vtd_desc descs[] = { rig_devtlb(X, 1),
						rig_devtlb(X, 1),
						rig_devtlb(Y, 1),
						rig_devtlb(Z, 1) };

	rig_fault_sid(&rig, MODEL_FAULT_ICE, X, 1, 1, X);
	rig_fault_sid(&rig, MODEL_FAULT_ITE, Y, 0, 1, Y);
	rig_submission(&a, descs, 4, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 4, 0, 4, 3);
}
END_TEST

/* ---------------------------------------------------- abandoned submissions */

/* While hardware has not finished with the slots nobody gets them. */
START_TEST(que_12_abandoned_slots_are_not_reused)
{
	struct s1inv_vtd_desc descs[100];
	struct model_config config = wide_config();
	uint32_t i;

	config.qs = 0;
	rig_start(&rig, &config);
	for (i = 0; i < 100; i++)
		descs[i] = rig_iotlb((uint16_t)(i + 1));
	submit(&a, descs, 100);
	steps(3);
	s1inv_vtd_queue_abandon(&rig.queue, &a);
	ck_assert_uint_eq(a.undone.word[0], UINT64_MAX);
	ck_assert_uint_eq(a.undone.word[1], (UINT64_C(1) << 36) - 1);
	rig_submission(&b, descs, 30, plenty());
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &b), -S1INV_EAGAIN);
	run_unit();
	ck_assert_int_eq(rig_go(&rig, &b), S1INV_VTD_DONE);
	ck_assert_uint_eq(model_unit_counts(rig.unit).status, 2);
}
END_TEST

/* At a fence the slots before it are free, and what it proved is known. */
START_TEST(que_12_abandoned_up_to_the_fence)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_wait(RIG_WAIT_FN, 0, 0),
						rig_devtlb(X, 1),
						rig_devtlb(Y, 1) };
	struct model_config config = wide_config();
	struct s1inv_vtd_desc more[123];
	uint32_t i;

	config.qs = 0;
	rig_start(&rig, &config);
	for (i = 0; i < 123; i++)
		more[i] = rig_iotlb((uint16_t)(i + 1));
	rig_submission(&a, descs, 4, plenty());
	a.fence = 1;
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &a), 0);
	steps(5 + 2);
	s1inv_vtd_queue_abandon(&rig.queue, &a);
	rig_expect(&a, 0xc, 0, 0, 0);
	rig_submission(&b, more, 124 - 1, NULL); /* needs 124 of 125 */
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &b), 0);
	rig_submission(&c, more, 0, NULL);
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &c), -S1INV_EAGAIN);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
}
END_TEST

/* Everybody has gone, and a fault keeps the ring full: who comes then? */
START_TEST(que_12_a_ring_full_of_what_was_abandoned)
{
	static struct s1inv_vtd_desc descs[126];
	struct model_config config = wide_config();
	uint32_t i;

	config.qs = 0;
	rig_start(&rig, &config);
	for (i = 0; i < 126; i++)
		descs[i] = rig_devtlb(X, i);
	if (_i == 0)
		rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 5, 4, 0);
	else
		model_unit_silence(rig.unit, X, 2);
	submit(&a, descs, 126);
	run_unit();
	ck_assert_uint_eq(fsts(), _i ? RIG_ITE : RIG_IQE);
	s1inv_vtd_queue_abandon(&rig.queue, &a);
	rig_submission(&b, descs, 1, plenty());
	if (_i == 2) { /* nobody waits, who could see the fault */
		ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &b),
				 -S1INV_EAGAIN);
		ck_assert_uint_eq(fsts(), 0);
	}
	model_unit_clear_faults(rig.unit);
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &b), 0);
	rig_expect(&b, 0, 0, 0, 0);
}
END_TEST

/* A refusal or a time-out in an abandoned submission harms nobody else. */
START_TEST(que_12_faults_of_what_was_abandoned)
{
	const struct s1inv_vtd_desc for_a[] = { rig_iotlb(1),
						rig_devtlb(X, 1) };
	const struct s1inv_vtd_desc for_b[] = { rig_iotlb(2),
						rig_devtlb(Y, 1) };

	begin(_i);
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 0, 3, 0);
	model_unit_silence(rig.unit, X, 1);
	submit(&a, for_a, 2);
	submit(&b, for_b, 2);
	s1inv_vtd_queue_abandon(&rig.queue, &a);
	rig_expect(&a, 3, 0, 0, 0);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	rig_expect(&b, 0, 0, 0, 0);
}
END_TEST

START_TEST(que_12_abandon_what_never_started)
{
	const struct s1inv_vtd_desc desc = rig_iotlb(1);

	rig_submission(&a, &desc, 1, plenty());
	s1inv_vtd_queue_abandon(&rig.queue, &a);
	rig_expect(&a, 1, 0, 0, 0);
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
}
END_TEST

/* ------------------------------------------------------------------ budgets */

START_TEST(que_13_a_spent_budget_ends_the_wait)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2) };
	struct model_config config = wide_config();

	config.steps_per_pause = 1;
	rig_start(&rig, &config);
	rig_submission(&a, descs, 2, rig_budget_set(&budget, 4));
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &a), -S1INV_ETIMEDOUT);
	rig_expect(&a, 3, 0, 0, 0);
	ck_assert_uint_eq(model_unit_counts(rig.unit).pauses, 4);
	run_unit();
	rig_submission(&b, descs, 2, plenty());
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &b), 0);
}
END_TEST

START_TEST(que_13_a_budget_spent_for_room)
{
	static struct s1inv_vtd_desc descs[126];
	struct model_config config = wide_config();
	uint32_t i;

	config.qs = 0;
	config.steps_per_pause = 1;
	rig_start(&rig, &config);
	for (i = 0; i < 126; i++)
		descs[i] = rig_iotlb((uint16_t)(i + 1));
	submit(&a, descs, 126);
	rig_submission(&b, descs, 2, rig_budget_set(&budget, 4));
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &b), -S1INV_ETIMEDOUT);
	rig_expect(&b, 3, 0, 0, 0);
	ck_assert_uint_eq(rig.queue.busy, 127);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
}
END_TEST

/* E5, S3: a device that is there but dead holds up nobody with a budget. */
START_TEST(e5_s3_a_dead_device_and_a_budget)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_devtlb(X, 1) };

	model_unit_silence(rig.unit, X, MODEL_FOREVER);
	rig_submission(&a, descs, 2, plenty());
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &a), 0);
	rig_expect(&a, 2, 0, 2, 0);
	ck_assert_uint_eq(model_unit_counts(rig.unit).ite, 1);
}
END_TEST

/* A caller that cannot refuse goes on until the device answers. */
START_TEST(que_14_without_a_budget_until_done)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_devtlb(X, 1),
						rig_devtlb(Y, 1) };
	struct model_config config = config_of(_i);
	uint32_t present = (uint32_t)_i & 1;

	rig_start(&rig, &config);
	if (present)
		rig.dev.present = NULL; /* then all are */
	model_unit_silence(rig.unit, X, 50);
	rig_submission(&a, descs, 3, NULL);
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &a), 0);
	rig_expect(&a, 0, 0, 0, 0);
	ck_assert_uint_eq(rig_executed(&rig, &descs[1]), 1);
	ck_assert_uint_eq(model_unit_counts(rig.unit).ite, 50);
	ck_assert_uint_ge(model_unit_counts(rig.unit).pauses, 50);
}
END_TEST

/* Only the work of a function that is gone is dropped. */
START_TEST(que_14_a_function_that_is_gone)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_devtlb(X, 1),
						rig_devtlb(Y, 1),
						rig_devtlb(X, 2) };

	begin(_i);
	model_unit_remove(rig.unit, X);
	rig_submission(&a, descs, 4, NULL);
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &a), 0);
	rig_expect(&a, 0xa, 0, 0xa, 0);
	ck_assert_uint_ge(rig_executed(&rig, &descs[0]), 1);
	ck_assert_uint_ge(rig_executed(&rig, &descs[2]), 1);
}
END_TEST

/* Anybody may be meant, but only one is gone. */
START_TEST(que_14_gone_and_reported_as_0)
{
	const struct model_fault gone = { .kind = MODEL_FAULT_ITE,
					  .which = MODEL_EVERY_DEVTLB,
					  .sid = X,
					  .times = MODEL_FOREVER,
					  .report = 0 };
	const struct s1inv_vtd_desc descs[] = { rig_devtlb(X, 1),
						rig_devtlb(Y, 1) };

	model_unit_add_fault(rig.unit, &gone);
	model_unit_remove(rig.unit, X);
	rig_submission(&a, descs, 2, NULL);
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &a), 0);
	rig_expect(&a, 1, 0, 1, 0);
	ck_assert_uint_ge(rig_executed(&rig, &descs[1]), 1);
}
END_TEST

/* --------------------------------------------------------------- drains */

static uint32_t drains_done(void)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < model_unit_log_len(rig.unit); i++)
		n += record(i)->fate == MODEL_DONE &&
		     rig_is_wait(record(i)->qw) &&
		     (record(i)->qw[0] & RIG_WAIT_PD);
	return n;
}

/* A drain that is aborted is issued again, though no other work is left. */
START_TEST(que_9_a_lost_drain_is_issued_again)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_wait(RIG_WAIT_FN, 0, 0),
						rig_devtlb(X, 1) };
	const struct s1inv_env_waiter *const budgets[] = { plenty(), NULL };

	model_unit_remove(rig.unit, X);
	rig_submission(&a, descs, 3, budgets[_i]);
	a.fence = 1;
	rig_drain(&a);
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &a), 0);
	rig_expect(&a, 4, 0, 4, 0);
	ck_assert_uint_eq(drains_done(), 1);
	ck_assert_uint_eq(rig_executed(&rig, &descs[0]), 1);
}
END_TEST

/* A drain with nothing before it, behind another's silent device */
START_TEST(que_9_a_lone_drain_is_issued_again)
{
	const struct s1inv_vtd_desc desc = rig_devtlb(X, 1);

	model_unit_silence(rig.unit, X, 1);
	submit(&a, &desc, 1);
	rig_submission(&b, NULL, 0, plenty());
	rig_drain(&b);
	ck_assert_int_eq(rig_go(&rig, &b), S1INV_VTD_DONE);
	rig_expect(&b, 0, 0, 0, 0);
	ck_assert_uint_eq(drains_done(), 1);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
}
END_TEST

/* --------------------------------------------------------- raw descriptors */

/* Each type of a 128-bit queue, and a wait with an interrupt among them */
START_TEST(que_15_as_they_stand_in_128_bits)
{
	const struct s1inv_vtd_desc descs[] = {
		rig_desc(UINT64_C(0x0003123456780031), 0), /* CC, device */
		rig_iotlb(7),
		rig_desc(UINT64_C(0x00000000000500f2), 0x40000049), /* page */
		rig_devtlb(X, 1),
		rig_desc(UINT64_C(0x0000001230000014), 0), /* IEC, index */
		rig_wait(RIG_WAIT_IF, 0, 0),
		rig_wait(RIG_WAIT_SW | RIG_WAIT_FN, 3, 0x1234),
		rig_wait(RIG_WAIT_SW, 4, 0x5678)
	};
	uint32_t i;

	begin(1);
	rig_submission(&a, descs, 8, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
	for (i = 0; i < 8; i++)
		check_desc(i, &descs[i]);
	check_own_wait(8, 0);
	ck_assert_uint_eq(s1inv_le32_to_cpu(rig.user[3]), 0x1234);
	ck_assert_uint_eq(s1inv_le32_to_cpu(rig.user[4]), 0x5678);
	ck_assert_uint_eq(model_unit_counts(rig.unit).interrupts, 1);
}
END_TEST

START_TEST(que_15_as_they_stand_in_256_bits)
{
	const struct s1inv_vtd_desc descs[] = {
		rig_desc(UINT64_C(0x00000000000500e2), 0),
		rig_desc(UINT64_C(0x0001234500050017), 0), /* PASID cache */
		rig_piotlb(5, 0x12345, 0x40000, 9), rig_pdevtlb(X, 0x12345, 7),
		rig_desc(UINT64_C(0x0001234503080019), 0x8) /* page response */
	};
	uint32_t i;

	rig_submission(&a, descs, 5, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
	for (i = 0; i < 5; i++) {
		check_desc(i, &descs[i]);
		ck_assert_uint_eq(record(i)->qw[2] | record(i)->qw[3], 0);
	}
}
END_TEST

/* Quadwords 2 and 3 go in as well: that they are reserved is not our matter. */
START_TEST(que_15_all_four_quadwords)
{
	const struct s1inv_vtd_desc desc = { { 0xe2, 0, 0x1111, 0x2222 } };

	rig_submission(&a, &desc, 1, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	ck_assert_uint_eq(record(0)->qw[2], 0x1111);
	ck_assert_uint_eq(record(0)->qw[3], 0x2222);
	rig_expect(&a, 1, 1, 0, 0);
}
END_TEST

/* E6: an inner wait that was aborted is issued again, too. */
START_TEST(e6_an_aborted_inner_wait_is_issued_again)
{
	const struct s1inv_vtd_desc mine = rig_devtlb(X, 1);
	const struct s1inv_vtd_desc descs[] = {
		rig_wait(RIG_WAIT_FN | RIG_WAIT_SW, 0, 1), rig_iotlb(1),
		rig_wait(RIG_WAIT_FN | RIG_WAIT_SW, 1, 1), rig_iotlb(2)
	};
	struct model_config config = wide_config();

	/* a's two, and so many of b's */
	config.depth = 2 + (uint32_t)_i;
	rig_start(&rig, &config);
	model_unit_silence(rig.unit, X, 1);
	submit(&a, &mine, 1);
	submit(&b, descs, 4);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	rig_expect(&b, 0, 0, 0, 0);
	ck_assert_uint_eq(s1inv_le32_to_cpu(rig.user[0]), 1);
	ck_assert_uint_eq(s1inv_le32_to_cpu(rig.user[1]), 1);
	ck_assert_uint_lt(rig_when(&rig, &descs[1]), rig_when(&rig, &descs[3]));
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
	/* A second try writes some words a second time, as they stand. */
	rig_stop(&rig);
	set_up();
}
END_TEST

/* A refused inner wait is the owner's loss: its word is not written. */
START_TEST(que_5_a_refused_inner_wait_is_told)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_wait(RIG_WAIT_SW, 0, 1),
						rig_iotlb(2) };

	begin(_i);
	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 1, 3, 0);
	rig_submission(&a, descs, 3, plenty());
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 2, 2, 0, 0);
	ck_assert_uint_eq(s1inv_le32_to_cpu(rig.user[0]), 0);
}
END_TEST

/* ------------------------------------------------------------------- resets */

/* At every moment of a submission: what was not proved is done after it. */
START_TEST(que_16_a_reset_at_every_moment)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_wait(RIG_WAIT_FN, 0, 0),
						rig_devtlb(X, 1) };

	rig_submission(&a, descs, 3, _i & 1 ? plenty() : NULL);
	a.fence = 1;
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &a), 0);
	steps((uint32_t)_i / 2);
	rig_reset(&rig);
	ck_assert_int_eq(poll(&a), S1INV_VTD_AGAIN);
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
	ck_assert_uint_ge(rig_executed(&rig, &descs[0]), 1);
	ck_assert_uint_ge(rig_executed(&rig, &descs[2]), 1);
}
END_TEST

/* Who comes late does not touch what others put into the new ring. */
START_TEST(que_16_late_comers_after_a_reset)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2) };

	submit(&a, descs, 2);
	rig_reset(&rig);
	submit(&b, descs, 1);
	if (_i)
		s1inv_vtd_queue_abandon(&rig.queue, &a);
	else
		ck_assert_int_eq(poll(&a), S1INV_VTD_AGAIN);
	rig_expect(&a, 3, 0, 0, 0);
	ck_assert_int_eq(poll(&b), S1INV_VTD_PENDING);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	rig_expect(&b, 0, 0, 0, 0);
	ck_assert_int_eq(rig_go(&rig, &a), S1INV_VTD_DONE);
}
END_TEST

static void reset_when_paused(void *ctx)
{
	(void)ctx;
	if (model_unit_counts(rig.unit).pauses == 1)
		rig_reset(&rig);
}

/* In the middle of a run, by somebody who had the lock meanwhile */
START_TEST(que_16_a_reset_during_a_run)
{
	const struct model_hooks hooks = { .pause = reset_when_paused };
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1), rig_iotlb(2) };
	struct model_config config = wide_config();

	config.steps_per_pause = 2;
	rig_start(&rig, &config);
	model_unit_set_hooks(rig.unit, &hooks);
	rig_submission(&a, descs, 2, NULL);
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &a), 0);
	rig_expect(&a, 0, 0, 0, 0);
	ck_assert_uint_eq(rig_executed(&rig, &descs[0]), 1);
}
END_TEST

/* A caller that cannot refuse calls again after the queue was broken. */
START_TEST(que_14_after_eio_and_a_reset)
{
	const struct s1inv_vtd_desc descs[] = { rig_iotlb(1),
						rig_wait(RIG_WAIT_FN, 0, 0),
						rig_iotlb(2) };

	rig_fault(&rig, MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 2, 7, 0);
	rig_submission(&a, descs, 3, NULL);
	a.fence = 1;
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &a), -S1INV_EIO);
	rig_expect(&a, 4, 0, 0, 0);
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &a), -S1INV_EIO);
	rig_reset(&rig);
	ck_assert_int_eq(s1inv_vtd_queue_run(&rig.queue, &a), 0);
	rig_expect(&a, 0, 0, 0, 0);
	ck_assert_uint_eq(rig_executed(&rig, &descs[0]), 1);
	ck_assert_uint_eq(rig_executed(&rig, &descs[2]), 1);
}
END_TEST

/* ------------------------------------------------------------- status words */

static int write_later(void *word)
{
	const struct timespec while_it_is_read = { 0, 20000000 };

	(void)thrd_sleep(&while_it_is_read, NULL);
	s1inv_env_store32(word, (s1inv_le32)1);
	return 0;
}

/*
 * M25: in a loop, too, a word that hardware writes is read from memory each
 * time. Without optimization any code passes.
 */
START_TEST(que_17_m25_a_loop_reads_the_word_each_time)
{
	static s1inv_le32 word;
	thrd_t writer;

	word = 0;
	ck_assert_int_eq(thrd_create(&writer, write_later, &word),
			 thrd_success);
	while (!s1inv_env_load32(&word))
		;
	ck_assert_int_eq(thrd_join(writer, NULL), thrd_success);
}
END_TEST

/* A word that hardware writes between two polls is seen. */
START_TEST(que_17_the_status_word_is_read_at_each_poll)
{
	const struct s1inv_vtd_desc desc = rig_iotlb(1);

	submit(&a, &desc, 1);
	steps(2 + 1);
	ck_assert_int_eq(poll(&a), S1INV_VTD_PENDING);
	steps(1);
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
}
END_TEST

/* M26: completed is not free; another's reclaim leaves a wait polled still. */
START_TEST(que_17_m26_completed_is_not_free)
{
	static struct s1inv_vtd_desc descs[120];
	struct model_config config = wide_config();
	uint32_t i;

	config.qs = 0;
	rig_start(&rig, &config);
	for (i = 0; i < 120; i++)
		descs[i] = rig_iotlb((uint16_t)(i + 1));
	submit(&a, descs, 1);
	submit(&b, descs, 60);
	run_unit();
	ck_assert_int_eq(poll(&b), S1INV_VTD_DONE);
	/* Two slots of a still count, and so does the gap behind them. */
	rig_submission(&c, descs, 120, NULL);
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &c), -S1INV_EAGAIN);
	rig_submission(&c, descs, 60, NULL);
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig.queue, &c), 0);
	run_unit();
	ck_assert_int_eq(poll(&c), S1INV_VTD_DONE);
	ck_assert_int_eq(poll(&a), S1INV_VTD_DONE);
	rig_expect(&a, 0, 0, 0, 0);
	rig_submission(&c, descs, 120, plenty());
	ck_assert_int_eq(rig_go(&rig, &c), S1INV_VTD_DONE);
}
END_TEST

/* Software leaves the words alone that hardware is to write. */
START_TEST(que_17_only_hardware_writes_while_in_flight)
{
	const struct s1inv_vtd_desc mine = rig_devtlb(X, 1);
	const struct s1inv_vtd_desc desc = rig_iotlb(1);

	model_unit_silence(rig.unit, X, 1);
	submit(&a, &mine, 1);
	submit(&b, &desc, 1);
	run_unit();
	ck_assert_int_eq(poll(&b), S1INV_VTD_PENDING);
	/* Both waits were aborted; that stands elsewhere. */
	ck_assert_uint_eq(s1inv_le32_to_cpu(rig.status[1]), 0);
	ck_assert_uint_eq(s1inv_le32_to_cpu(rig.status[3]), 0);
	ck_assert_int_eq(rig_finish(&rig, &b), S1INV_VTD_DONE);
	ck_assert_int_eq(rig_finish(&rig, &a), S1INV_VTD_DONE);
}
END_TEST

/* -------------------------------------------------------------------- suite */

static TCase *slots_tcase(void)
{
	TCase *tcase = tcase_create("slots");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, init_refuses_what_cannot_be);
	tcase_add_test(tcase, i1_nothing_submitted_has_no_fault);
	tcase_add_test(tcase, que_1_one_slot_stays_empty);
	tcase_add_loop_test(tcase, que_1_the_last_slot_that_can_be_used, 0,
			    CONFIGS);
	tcase_add_loop_test(tcase,
			    que_2_every_submission_ends_in_a_wait_of_its_own, 0,
			    CONFIGS);
	tcase_add_test(tcase, que_2_the_final_wait_drains_on_request);
	tcase_add_loop_test(tcase, enc_3_the_fence_writes_a_word_of_its_own, 0,
			    CONFIGS);
	tcase_add_loop_test(tcase, que_12_the_ring_wraps, 0, CONFIGS);
	tcase_add_test(tcase, que_17_m25_a_loop_reads_the_word_each_time);
	tcase_add_test(tcase, que_17_the_status_word_is_read_at_each_poll);
	tcase_add_test(tcase, que_17_m26_completed_is_not_free);
	tcase_add_test(tcase, que_17_only_hardware_writes_while_in_flight);
	return tcase;
}

static TCase *iqe_tcase(void)
{
	TCase *tcase = tcase_create("IQE");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, que_3_every_poll_looks_at_the_fault_status);
	tcase_add_test(tcase, que_3_other_bits_are_left_alone);
	tcase_add_test(tcase, que_3_faults_are_noted);
	tcase_add_loop_test(tcase, que_4_e1_iqe_at_every_position, 0,
			    POSITIONS * CONFIGS);
	tcase_add_loop_test(tcase, que_4_iqe_where_only_a_tail_write_resumes, 0,
			    POSITIONS * CONFIGS);
	tcase_add_test(tcase, que_4_what_the_unit_itself_refuses);
	tcase_add_loop_test(tcase, que_5_only_the_owner_learns, 0, 6 * CONFIGS);
	tcase_add_loop_test(tcase, que_5_a_refused_drain_is_told, 0, CONFIGS);
	tcase_add_test(tcase, que_5_a_refused_drain_behind_126);
	tcase_add_loop_test(tcase, que_5_a_refused_inner_wait_is_told, 0,
			    CONFIGS);
	tcase_add_test(tcase, e2_slots_of_a_repaired_submission_stay_taken);
	tcase_add_loop_test(tcase, que_6_codes_of_a_broken_queue, 0,
			    12 * CONFIGS);
	tcase_add_loop_test(tcase, que_6_the_same_slot_twice, 0, CONFIGS);
	tcase_add_loop_test(tcase, que_6_a_slot_that_is_not_in_flight, 0, 3);
	tcase_add_test(tcase, que_6_found_by_who_wants_to_start);
	return tcase;
}

static TCase *ite_tcase(void)
{
	TCase *tcase = tcase_create("ITE");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, que_7_m27_the_reasons_are_read_before_the_clear);
	tcase_add_loop_test(tcase, que_8_ite_behind_a_completed_fence, 0,
			    CONFIGS);
	tcase_add_loop_test(tcase, que_8_m24_ite_while_partly_fetched, 0, 14);
	tcase_add_loop_test(tcase, r9_what_did_not_abort_is_not_retried, 0,
			    CONFIGS);
	tcase_add_test(tcase, r9_gaps_and_what_is_done_are_not_lost);
	tcase_add_test(tcase, que_9_again_from_the_first_lost_on);
	tcase_add_test(tcase, que_9_the_repair_goes_in_its_place);
	tcase_add_test(tcase, que_9_a_lost_fence_is_a_fence_again);
	tcase_add_loop_test(tcase, que_9_a_lost_drain_is_issued_again, 0, 2);
	tcase_add_test(tcase, que_9_a_lone_drain_is_issued_again);
	tcase_add_test(tcase, que_10_e4_the_reported_requester);
	tcase_add_test(tcase, que_10_requester_0_may_be_anybody);
	tcase_add_test(tcase, que_10_an_unknown_requester_may_be_anybody);
	tcase_add_test(tcase, que_10_the_reported_one_whoever_was_silent);
	tcase_add_test(tcase, que_10_without_iqercd);
	tcase_add_loop_test(tcase, que_10_what_is_proved_is_not_blamed, 0, 2);
	tcase_add_loop_test(tcase, que_10_lost_before_is_known_still, 0, 32);
	return tcase;
}

static TCase *ice_tcase(void)
{
	TCase *tcase = tcase_create("ICE");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, que_11_s2_ice_ends_no_wait, 0, 2);
	tcase_add_loop_test(tcase, que_11_an_unknown_sender_may_be_anybody, 0,
			    2);
	tcase_add_loop_test(tcase, que_11_a_known_sender_spares_the_others, 0,
			    4);
	tcase_add_loop_test(tcase, r6_ice_and_then_ite, 0, 2);
	tcase_add_test(tcase, r7_a_retry_keeps_what_was_found);
	tcase_add_test(tcase, i2_i3_each_devices_fault_survives);
	return tcase;
}

static TCase *end_tcase(void)
{
	TCase *tcase = tcase_create("the end of a submission");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, que_12_abandoned_slots_are_not_reused);
	tcase_add_test(tcase, que_12_abandoned_up_to_the_fence);
	tcase_add_loop_test(tcase, que_12_a_ring_full_of_what_was_abandoned, 0,
			    3);
	tcase_add_loop_test(tcase, que_12_faults_of_what_was_abandoned, 0,
			    CONFIGS);
	tcase_add_test(tcase, que_12_abandon_what_never_started);
	tcase_add_test(tcase, que_13_a_spent_budget_ends_the_wait);
	tcase_add_test(tcase, que_13_a_budget_spent_for_room);
	tcase_add_test(tcase, e5_s3_a_dead_device_and_a_budget);
	tcase_add_loop_test(tcase, que_14_without_a_budget_until_done, 0,
			    CONFIGS);
	tcase_add_loop_test(tcase, que_14_a_function_that_is_gone, 0, CONFIGS);
	tcase_add_test(tcase, que_14_gone_and_reported_as_0);
	tcase_add_test(tcase, que_14_after_eio_and_a_reset);
	tcase_add_loop_test(tcase, que_16_a_reset_at_every_moment, 0, 18);
	tcase_add_loop_test(tcase, que_16_late_comers_after_a_reset, 0, 2);
	tcase_add_test(tcase, que_16_a_reset_during_a_run);
	return tcase;
}

static TCase *raw_tcase(void)
{
	TCase *tcase = tcase_create("raw descriptors");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, que_15_as_they_stand_in_128_bits);
	tcase_add_test(tcase, que_15_as_they_stand_in_256_bits);
	tcase_add_test(tcase, que_15_all_four_quadwords);
	tcase_add_loop_test(tcase, e6_an_aborted_inner_wait_is_issued_again, 1,
			    6);
	return tcase;
}

static Suite *queue_suite(void)
{
	Suite *suite = suite_create("vtd_queue");

	suite_add_tcase(suite, slots_tcase());
	suite_add_tcase(suite, iqe_tcase());
	suite_add_tcase(suite, ite_tcase());
	suite_add_tcase(suite, ice_tcase());
	suite_add_tcase(suite, end_tcase());
	suite_add_tcase(suite, raw_tcase());
	return suite;
}

int main(void)
{
	return run_suite(queue_suite());
}
