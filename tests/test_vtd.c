/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The VT-d backend on the model's units: which descriptors it sends, in which
 * order (ENC-*), and what it tells of each entry (REP-*). That nothing stale
 * stays cached is the matter of test_vtd_stale.c.
 */
#include "runner.h"
#include "vtd_rig.h"

#define X 0x0308U /* requesters */
#define Y 0x0410U
#define PASID 0x12345U
#define DID 0x10U /* of unit 0 */
#define V8 S1INV_REVISION_V8
#define LINUX S1INV_REVISION_LINUX
#define NONE S1INV_RULE_NONE

static struct vtd_rig v;
static const enum s1inv_revision revisions[] = { LINUX, V8 };

/* A wide window: all of a submission is fetched before the first executes. */
static struct model_config config_of(bool reorder)
{
	struct model_config config = model_config_default();

	config.depth = 80;
	config.order = reorder ? MODEL_REORDER : MODEL_IN_ORDER;
	return config;
}

static void begin(uint32_t units, bool reorder)
{
	struct model_config config = config_of(reorder);

	vtd_rig_start(&v, units, &config);
}

static void set_up(void)
{
	begin(1, false);
}

static void tear_down(void)
{
	vtd_rig_check(&v);
	vtd_rig_stop(&v);
}

/* Entries 0 to @n - 1 ask for a page each: 0x1000, 0x1003, ... */
static void single_pages(uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		vtd_set(&v, i, 0x1000 + 3 * i, 1);
}

/* One IOTLB and one device TLB on unit @i, for requests without PASID */
static void usual_targets(uint32_t i)
{
	vtd_iotlb(&v, i, 0);
	(void)vtd_devtlb(&v, i, 0, X);
}

static size_t log_len(uint32_t unit)
{
	return model_unit_log_len(v.rig[unit].unit);
}

static const struct model_record *record(uint32_t unit, size_t i)
{
	ck_assert_uint_lt(i, log_len(unit));
	return model_unit_log(v.rig[unit].unit, i);
}

static struct model_counts counts(uint32_t unit)
{
	return model_unit_counts(v.rig[unit].unit);
}

static bool is_type(const struct model_record *r, uint32_t type)
{
	return (r->qw[0] & 0xe0f) == type;
}

/* How many descriptors of @type unit @unit fetched */
static uint32_t count_type(uint32_t unit, uint32_t type)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < log_len(unit); i++)
		n += is_type(record(unit, i), type);
	return n;
}

/* Exactly these were executed by unit @unit, once each, beside waits */
static void check_sent(uint32_t unit, const struct s1inv_vtd_desc *descs,
		       uint32_t n)
{
	uint32_t i, j, same;

	ck_assert_uint_eq(log_len(unit) - count_type(unit, 5), n);
	for (i = 0; i < n; i++) {
		for (j = 0, same = 0; j < n; j++)
			same += !memcmp(&descs[i], &descs[j], sizeof(*descs));
		ck_assert_uint_eq(rig_executed(&v.rig[unit], &descs[i]), same);
	}
}

/* -------------------------------------------------------------- the order */

/* ENC-2: all IOTLBs, the fence, all device TLBs, the final wait */
static void check_order(uint32_t unit, bool plain)
{
	size_t n = log_len(unit);
	uint64_t fence = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct model_record *r = record(unit, i);

		ck_assert_int_eq(r->fate, MODEL_DONE);
		if (is_type(r, 6))
			ck_assert_uint_eq(fence, 0);
		else if (!is_type(r, 5))
			ck_assert_uint_gt(r->when, fence);
		else if (i < n - 1)
			fence = r->when;
		if (is_type(r, 5) && i < n - 1) {
			ck_assert_uint_eq(r->qw[0] & 0xf0, plain ? 0x40 : 0x60);
			ck_assert_uint_eq(r->qw[1] != 0, !plain);
		}
	}
	ck_assert_uint_gt(fence, 0);
	for (i = 0; i < n; i++)
		if (is_type(record(unit, i), 6))
			ck_assert_uint_lt(record(unit, i)->when, fence);
	ck_assert(is_type(record(unit, n - 1), 5));
	ck_assert_uint_eq(record(unit, n - 1)->qw[0] & 0xf0, 0x20);
}

START_TEST(enc_2_iotlbs_fence_device_tlbs_wait)
{
	bool plain = _i & 2;
	struct s1inv_vtd_desc sent[8];

	begin(1, _i & 1);
	v.unit[0].plain_fence = plain; /* ENC-3 */
	v.unit[0].dit = false;
	(void)vtd_devtlb(&v, 0, PASID, Y);
	vtd_iotlb(&v, 0, PASID);
	(void)vtd_devtlb(&v, 0, 0, X);
	vtd_iotlb(&v, 0, 0);
	vtd_set(&v, 0, 0x40000, 1);
	vtd_set(&v, 1, 0x777, 1);
	vtd_call(&v, 2);
	vtd_expect_ok(&v, 2);
	ck_assert_uint_eq(count_type(0, 5), 2);
	check_order(0, plain);
	sent[0] = rig_piotlb(DID, 0, 0x40000, 0);
	sent[1] = rig_piotlb(DID, 0, 0x777, 0);
	sent[2] = rig_piotlb(DID, PASID, 0x40000, 0);
	sent[3] = rig_piotlb(DID, PASID, 0x777, 0);
	sent[4] = rig_devtlb(X, 0x40000);
	sent[5] = rig_devtlb(X, 0x777);
	sent[6] = rig_pdevtlb(Y, PASID, 0x40000);
	sent[7] = rig_pdevtlb(Y, PASID, 0x777);
	check_sent(0, sent, 8);
}
END_TEST

/* O1: between type 6 and type 3 only a fence gives an order. */
START_TEST(o1_type_3_behind_type_6)
{
	uint32_t i;

	begin(1, true);
	usual_targets(0);
	single_pages(20);
	for (i = 0; i < 20; i++) {
		vtd_call(&v, 20);
		vtd_expect_ok(&v, 20);
		check_order(0, false);
		model_unit_log_clear(v.rig[0].unit);
	}
}
END_TEST

/* No fence where nothing stands on one side of it */
START_TEST(enc_2_no_fence_for_one_kind)
{
	if (_i)
		vtd_iotlb(&v, 0, 0);
	else
		(void)vtd_devtlb(&v, 0, 0, X);
	single_pages(3);
	vtd_call(&v, 3);
	vtd_expect_ok(&v, 3);
	ck_assert_uint_eq(count_type(0, 5), 1);
	ck_assert_uint_eq(log_len(0), 4);
}
END_TEST

/*
 * ENC-4, and ENC-2 over several submissions: none begins before the one before
 * has ended, and none has more than 64 besides its waits.
 */
START_TEST(enc_4_at_most_64_per_submission)
{
	uint64_t ended = 0;
	uint32_t n = 0;
	uint32_t i;

	begin(1, true);
	for (i = 0; i < 3; i++)
		vtd_iotlb(&v, 0, i);
	for (i = 0; i < 3; i++)
		vtd_devtlb(&v, 0, i, (uint16_t)(X + i))->twice = (int)i == _i;
	for (i = 0; i < 32; i++)
		vtd_set(&v, i, 0x1000 * i + 0xfff, 2 + i % 3);
	vtd_call(&v, 32);
	vtd_expect_ok(&v, 32);
	for (i = 0; i < log_len(0); i++) {
		const struct model_record *r = record(0, i);

		ck_assert_uint_gt(r->when, ended);
		if (!is_type(r, 5)) {
			ck_assert_uint_le(++n, 64);
		} else if (!(r->qw[0] & RIG_WAIT_FN)) {
			ended = r->when;
			n = 0;
		}
	}
	/* Each is split in two: 32 * 2 * (3 + 3, and one of them again). */
	ck_assert_uint_eq(log_len(0) - count_type(0, 5), 64 * (6 + (_i < 3)));
	ck_assert_uint_eq(counts(0).doorbells, 6 + (_i < 3));
}
END_TEST

/* Device TLBs that follow IOTLBs in a full submission need no fence. */
START_TEST(enc_4_a_submission_full_of_iotlbs)
{
	uint32_t i;

	vtd_iotlb(&v, 0, 0);
	vtd_iotlb(&v, 0, 1);
	vtd_devtlb(&v, 0, 0, X)->twice = _i & 1;
	single_pages(32);
	if (_i & 2) /* 63 and not 64 */
		vtd_set(&v, 31, 0, 0);
	vtd_call(&v, 32);
	vtd_expect_ok(&v, 32);
	for (i = 1; i < log_len(0); i++) /* no fence before a wait */
		ck_assert(!is_type(record(0, i), 5) ||
			  !is_type(record(0, i - 1), 5));
	for (i = 0; i < log_len(0); i++)
		if (!is_type(record(0, i), 6) && !is_type(record(0, i), 5))
			break;
	ck_assert(is_type(record(0, i - 1), 5));
}
END_TEST

/* 512 entries, one IOTLB, one device TLB: how often is the bell rung? */
START_TEST(submissions_for_512_entries)
{
	uint32_t i;

	usual_targets(0);
	for (i = 0; i < VTD_ENTRIES; i++)
		vtd_set(&v, i, 0x1000 * i + 0xfff, _i ? 2 : 1);
	vtd_call(&v, VTD_ENTRIES);
	vtd_expect_ok(&v, VTD_ENTRIES);
	ck_assert_uint_le(counts(0).doorbells, 32);
}
END_TEST

/* ------------------------------------------------------ targets and fields */

/* R3, R4: each unit its own targets under its own domain id, once each. */
START_TEST(enc_5_r3_r4_each_unit_its_own)
{
	const struct s1inv_vtd_desc sent[3][2] = {
		{ rig_piotlb(0x10, 0, 0x40000, 0), rig_devtlb(X, 0x40000) },
		{ rig_piotlb(0x11, PASID, 0x40000, 0), rig_devtlb(0, 0) },
		{ rig_piotlb(0x12, 0, 0x40000, 0),
		  rig_pdevtlb(Y, PASID, 0x40000) }
	};
	const uint32_t num[3] = { 2, 1, 2 };
	uint32_t i;

	begin(3, false);
	for (i = 0; i < 3; i++) {
		v.unit[i].dit = false;
		vtd_iotlb(&v, i, i == 1 ? PASID : 0);
	}
	(void)vtd_devtlb(&v, 0, 0, X);
	(void)vtd_devtlb(&v, 2, PASID, Y);
	vtd_set(&v, 0, 0x40000, 1);
	vtd_call(&v, 1);
	vtd_expect_ok(&v, 1);
	for (i = 0; i < 3; i++) {
		check_sent(i, sent[i], num[i]);
		ck_assert_uint_eq(counts(i).doorbells, 1);
	}
}
END_TEST

/*
 * ENC-6, ENC-7, ENC-12 and M13: bit for bit as in the figures of VT-d 6.5.2.5
 * and 6.5.2.6, SID 0x0308, PFSID 0x0300, MIP 8
 */
START_TEST(enc_6_enc_7_m13_known_descriptors)
{
	const struct s1inv_vtd_desc with[] = {
		rig_desc(UINT64_C(0x0300030800080003), 0x40000000),
		rig_desc(UINT64_C(0x0301234503080088), 0x40000000),
		rig_desc(UINT64_C(0x0300030800080003), 0x400ff001),
		rig_desc(UINT64_C(0x0301234503080088), 0x400ff800)
	};
	const struct s1inv_vtd_desc without[] = {
		rig_desc(UINT64_C(0x0000030800080003), 0x40000000),
		rig_desc(UINT64_C(0x0001234503080088), 0x40000000),
		rig_desc(UINT64_C(0x0000030800080003), 0x400ff001),
		rig_desc(UINT64_C(0x0001234503080088), 0x400ff800)
	};
	struct model_config config = config_of(false);
	uint32_t i;

	config.dit = _i;
	vtd_rig_start(&v, 1, &config);
	for (i = 0; i < 2; i++) {
		struct s1inv_vtd_target *t =
			vtd_devtlb(&v, 0, i ? PASID : 0, X);

		t->pfsid = 0x0300;
		t->mip = 8;
	}
	vtd_set(&v, 0, 0x40000, 1);
	vtd_set(&v, 1, 0x40000, 512);
	vtd_call(&v, 2);
	vtd_expect_ok(&v, 2);
	check_sent(0, _i ? with : without, 4);
}
END_TEST

/* M13: bits 15:4 of PFSID stand above bit 51, bits 3:0 at bit 12. */
START_TEST(m13_every_bit_of_pfsid)
{
	struct s1inv_vtd_target *t = vtd_devtlb(&v, 0, _i & 16 ? PASID : 0, X);
	uint32_t bit = (uint32_t)_i & 15;
	uint64_t qw0;

	t->pfsid = (uint16_t)(1U << bit);
	vtd_set(&v, 0, 1, 1);
	vtd_call(&v, 1);
	vtd_expect_ok(&v, 1);
	qw0 = record(0, 0)->qw[0];
	ck_assert_uint_eq(qw0 >> 52, bit < 4 ? 0 : 1U << (bit - 4));
	ck_assert_uint_eq(qw0 >> 12 & 15, bit < 4 ? 1U << bit : 0);
}
END_TEST

START_TEST(enc_12_mip_of_32_and_more_is_0)
{
	static const uint8_t mip[] = { 0, 1, 31, 32, 33, 64, 255 };
	static const uint8_t sent[] = { 0, 1, 31, 0, 0, 0, 0 };
	bool pasid = _i / 7;

	vtd_devtlb(&v, 0, pasid ? PASID : 0, X)->mip = mip[_i % 7];
	vtd_set(&v, 0, 1, 1);
	vtd_call(&v, 1);
	vtd_expect_ok(&v, 1);
	ck_assert_uint_eq(record(0, 0)->qw[0] >> (pasid ? 4 : 16) & 0x1f,
			  sent[_i % 7]);
}
END_TEST

START_TEST(enc_8_twice_for_those_that_need_it)
{
	const struct s1inv_vtd_desc sent[] = { rig_devtlb(X, 9),
					       rig_devtlb(X, 9),
					       rig_devtlb(Y, 9) };

	v.unit[0].dit = false;
	vtd_devtlb(&v, 0, 0, X)->twice = true;
	(void)vtd_devtlb(&v, 0, 0, Y);
	vtd_set(&v, 0, 9, 1);
	vtd_call(&v, 1);
	vtd_expect_ok(&v, 1);
	check_sent(0, sent, 3);
}
END_TEST

/* ENC-9: LEAF is IH of a page-selective type 6, and of nothing else. */
START_TEST(enc_9_ih_for_leaf)
{
	struct s1inv_vtd_desc sent[4];

	v.unit[0].dit = false;
	usual_targets(0);
	vtd_set(&v, 0, 0x40000, 1);
	v.entry[0].flags = _i ? S1INV_VTD_S1_LEAF : 0;
	vtd_set(&v, 1, 0, VTD_ALL);
	v.entry[1].flags = v.entry[0].flags;
	vtd_call(&v, 2);
	vtd_expect_ok(&v, 2);
	sent[0] = rig_piotlb(DID, 0, 0x40000, 0);
	sent[0].qw[1] |= _i ? 0x40 : 0;
	sent[1] = rig_piotlb(DID, 0, 0, 52);
	sent[2] = rig_devtlb(X, 0x40000);
	sent[3] = rig_devtlb(X, 0);
	sent[3].qw[1] = UINT64_C(0x7ffffffffffff001);
	check_sent(0, sent, 4);
}
END_TEST

/* M17: the full flush is no AM of 52. M16: nothing but type 6 for the IOTLB. */
START_TEST(m16_m17_the_full_flush)
{
	struct s1inv_vtd_desc sent[3];

	v.unit[0].dit = false;
	vtd_iotlb(&v, 0, PASID);
	(void)vtd_devtlb(&v, 0, PASID, X);
	vtd_set(&v, 0, 0, _i ? VTD_ALL : UINT64_C(1) << 52);
	vtd_call(&v, 1);
	vtd_expect_ok(&v, 1);
	sent[0] = rig_desc(UINT64_C(0x0001234500100026), 0);
	sent[1] = rig_pdevtlb(X, PASID, 0);
	sent[1].qw[1] = UINT64_C(0x7ffffffffffff800);
	check_sent(0, sent, 2);
	ck_assert_uint_eq(count_type(0, 2), 0);
}
END_TEST

/*
 * M20: that a receiver wants everything for one target changes nothing for the
 * targets after it, nor for the entries after it. COV-7 on the way.
 */
START_TEST(m20_everything_for_one_target_only)
{
	struct s1inv_vtd_desc sent[6];

	v.unit[0].dit = false;
	v.unit[0].am_max = 18;
	vtd_iotlb(&v, 0, 0);
	vtd_iotlb(&v, 0, PASID);
	(void)vtd_devtlb(&v, 0, 0, X);
	vtd_set(&v, 0, UINT64_C(1) << 19, UINT64_C(1) << 19);
	vtd_set(&v, 1, UINT64_C(1) << 18, UINT64_C(1) << 18);
	vtd_call(&v, 2);
	vtd_expect_ok(&v, 2);
	sent[0] = rig_piotlb(DID, 0, 0, 52);
	sent[1] = rig_piotlb(DID, PASID, 0, 52);
	sent[2] = rig_piotlb(DID, 0, 1U << 18, 18);
	sent[3] = rig_piotlb(DID, PASID, 1U << 18, 18);
	sent[4] = rig_devtlb(X, (1U << 19) + (1U << 18) - 1);
	sent[4].qw[1] |= 1;
	sent[5] = rig_devtlb(X, (1U << 18) + (1U << 17) - 1);
	sent[5].qw[1] |= 1;
	check_sent(0, sent, 6);
}
END_TEST

/* An exact cover, of more blocks than a submission has room for */
START_TEST(cov_5_exact_covers_in_pieces)
{
	uint64_t pages = 0;
	uint32_t i;

	begin(1, true);
	v.table.cover = S1INV_COVER_EXACT;
	usual_targets(0);
	for (i = 0; i < 4; i++) /* 1 + 2 + 4 + ... twice: 100 blocks each */
		vtd_set(&v, i, 1, (UINT64_C(1) << 51) - 2);
	vtd_call(&v, 4);
	vtd_expect_ok(&v, 4);
	for (i = 0; i < log_len(0); i++)
		if (is_type(record(0, i), 6))
			pages += UINT64_C(1) << (record(0, i)->qw[1] & 0x3f);
	ck_assert_uint_eq(pages, 4 * ((UINT64_C(1) << 51) - 2));
	ck_assert_uint_eq(count_type(0, 6), count_type(0, 3));
}
END_TEST

/*
 * A table that is attached to nothing, and one with a unit without targets.
 * I1: with nothing submitted hw_error begins with 0 all the same.
 */
START_TEST(enc_10_i1_without_targets)
{
	uint32_t i;

	v.table.unit_num = (uint32_t)_i & 1U;
	if (_i & 2)
		v.table.audit.revision = V8;
	single_pages(40);
	vtd_call(&v, 40);
	vtd_expect_ok(&v, 40);
	ck_assert_uint_eq(counts(0).doorbells, 0);
	for (i = 0; i < 40; i++)
		ck_assert_uint_eq(v.entry[i].hw_error, 0);
}
END_TEST

/* An empty range asks for nothing (AUD-6). */
START_TEST(enc_10_without_pages)
{
	usual_targets(0);
	vtd_set(&v, 0, 5, 0);
	vtd_set(&v, 1, 6, 1);
	vtd_set(&v, 2, 7, 0);
	vtd_call(&v, 3);
	vtd_expect_ok(&v, 3);
	ck_assert_uint_eq(log_len(0), 4);
	vtd_set(&v, 1, 6, 0);
	vtd_call(&v, 3);
	vtd_expect_ok(&v, 3);
	ck_assert_uint_eq(log_len(0), 4);
}
END_TEST

/* M22: nothing to devices while translation is off; M23: but always else. */
START_TEST(enc_11_m22_m23_devices_and_translation)
{
	v.unit[0].te = _i & 1;
	if (_i & 2)
		vtd_iotlb(&v, 0, 0);
	(void)vtd_devtlb(&v, 0, 0, X);
	single_pages(2);
	vtd_call(&v, 2);
	vtd_expect_ok(&v, 2);
	ck_assert_uint_eq(count_type(0, 3), _i & 1 ? 2 : 0);
	ck_assert_uint_eq(count_type(0, 6), _i & 2 ? 2 : 0);
	ck_assert_uint_eq(counts(0).doorbells, _i != 0);
}
END_TEST

static int begin_error(void)
{
	struct s1inv_backend backend;

	return s1inv_vtd_begin(&v.table, &backend);
}

START_TEST(enc_13_a_queue_of_128_bits)
{
	begin(2, false);
	usual_targets(0);
	usual_targets(1);
	v.rig[1].queue.wide = false;
	ck_assert_int_eq(begin_error(), -S1INV_EOPNOTSUPP);
}
END_TEST

/* M19: a PASID of more than 20 bits is refused, not cut off. */
START_TEST(enc_1_m19_what_cannot_be)
{
	usual_targets(0);
	ck_assert_int_eq(begin_error(), 0);
	v.target[0][_i].pasid = 0xfffff;
	ck_assert_int_eq(begin_error(), 0);
	v.target[0][_i].pasid = 0x100000;
	ck_assert_int_eq(begin_error(), -S1INV_EINVAL);
	v.target[0][_i].pasid = 0xffffffff;
	ck_assert_int_eq(begin_error(), -S1INV_EINVAL);
	v.target[0][_i].pasid = 0;
	v.target[0][_i].cache = (enum s1inv_vtd_cache)2;
	ck_assert_int_eq(begin_error(), -S1INV_EINVAL);
	v.target[0][_i].cache = (enum s1inv_vtd_cache)_i;
	v.unit[0].am_max = 53;
	ck_assert_int_eq(begin_error(), -S1INV_EINVAL);
	v.unit[0].am_max = 0;
	ck_assert_int_eq(begin_error(), 0);
	v.table.timeouts_max = 0;
	ck_assert_int_eq(begin_error(), -S1INV_EINVAL);
	v.table.timeouts_max = 255;
	v.table.audit.va_bits = 39; /* which compatible audits do not use */
	ck_assert_int_eq(begin_error(), 0);
	v.table.audit.policy = S1INV_AUDIT_STRICT;
	ck_assert_int_eq(begin_error(), -S1INV_EINVAL);
	v.table.audit.va_bits = 48;
	ck_assert_int_eq(begin_error(), 0);
	v.table.audit.va_bits = 57;
	ck_assert_int_eq(begin_error(), 0);
}
END_TEST

/* A target that changes under way: EINVAL, nothing is left out in silence */
START_TEST(enc_1_rep_16_a_target_gone_bad)
{
	const struct s1inv_array array = { VTD_ARRAY, VTD_ENTRY, 3 };
	struct s1inv_backend backend;
	struct s1inv_env_user env;
	struct s1inv_verdict why;

	usual_targets(0);
	single_pages(3);
	vtd_set(&v, 0, 0, 0);
	vtd_map(&v, 3);
	ck_assert_int_eq(begin_error(), 0);
	ck_assert_int_eq(s1inv_vtd_begin(&v.table, &backend), 0);
	v.target[0][_i].pasid = 0x100000;
	model_user_env(v.user, &env);
	why = s1inv_walk(&backend, &env, &array, 0, 3, &v.handled);
	ck_assert_int_eq(why.error, -S1INV_EINVAL);
	ck_assert_int_eq((int)why.rule, (int)S1INV_RULE_ENC_1);
	/* The first asks for nothing. */
	ck_assert_uint_eq(v.handled, 1);
}
END_TEST

/* ------------------------------------------------------- what is reported */

/* REP-1 to REP-3: those before the one that fails the audit are done. */
START_TEST(rep_3_before_one_that_fails_the_audit)
{
	uint32_t bad = (uint32_t)_i;
	uint32_t i;

	begin(2, false);
	usual_targets(0);
	usual_targets(1);
	single_pages(40);
	v.entry[bad].addr++;
	vtd_call(&v, 40);
	vtd_expect(&v, bad, -S1INV_EINVAL, S1INV_RULE_AUD_3);
	for (i = 0; i < 40; i++) {
		struct s1inv_vtd_desc a =
			rig_piotlb(0x10, 0, 0x1000 + 3 * i, 0);
		struct s1inv_vtd_desc b =
			rig_piotlb(0x11, 0, 0x1000 + 3 * i, 0);

		ck_assert_uint_eq(rig_executed(&v.rig[0], &a), i < bad);
		ck_assert_uint_eq(rig_executed(&v.rig[1], &b), i < bad);
	}
}
END_TEST

static void add_iqe(uint32_t unit, uint32_t nth)
{
	rig_fault(&v.rig[unit], MODEL_FAULT_IQE, MODEL_NTH_INVALIDATION, nth, 4,
		  0);
}

/*
 * E3, S1: what hardware refused was not executed. Both revisions, all three
 * attributions; 4 entries, so in company IOTLBs are 0 to 3, device TLBs 4 to 7.
 */
START_TEST(rep_10_e3_s1_refused_is_eio)
{
	enum s1inv_attribution blame = (enum s1inv_attribution)(_i % 3);
	uint32_t nth = (uint32_t)_i / 6;
	uint32_t entry = blame == S1INV_BLAME_SINGLE ? nth / 2 : nth % 4;

	v.table.audit.revision = revisions[_i / 3 % 2];
	v.table.blame = blame;
	usual_targets(0);
	single_pages(4);
	add_iqe(0, nth);
	vtd_call(&v, 4);
	vtd_expect(&v, entry, -S1INV_EIO, S1INV_RULE_REP_10);
}
END_TEST

/* A refused fence is repaired by a fence, plain ones too: nobody's loss. */
START_TEST(rep_10_a_refused_fence_is_nobodys)
{
	v.unit[0].plain_fence = _i;
	usual_targets(0);
	single_pages(2);
	rig_fault(&v.rig[0], MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 2, 3, 0);
	vtd_call(&v, 2);
	vtd_expect_ok(&v, 2);
	ck_assert_uint_eq(counts(0).refused, 1);
}
END_TEST

/* REP-4: the lowest index decides, whatever happened first. */
START_TEST(rep_4_the_lowest_index_decides)
{
	v.table.blame = S1INV_BLAME_REPLAY;
	usual_targets(0);
	single_pages(4);
	add_iqe(0, 3); /* the IOTLB's for entry 3 */
	/* The device TLB's for entry 1, in company, and when it is alone. */
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ITE, X, 1, 1, X);
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ITE, X, 4 + 1, 1, X);
	vtd_call(&v, 4);
	vtd_expect(&v, 1, -S1INV_ETIMEDOUT, S1INV_RULE_REP_8);
}
END_TEST

/* Within one entry EIO goes first, on whichever unit it was. */
START_TEST(rep_4_eio_before_etimedout)
{
	uint32_t other = !_i;

	begin(2, false);
	usual_targets(0);
	usual_targets(1);
	single_pages(2);
	model_unit_silence(v.rig[_i].unit, X, MODEL_FOREVER);
	add_iqe(other, 0);
	vtd_call(&v, 2);
	vtd_expect(&v, 0, -S1INV_EIO, S1INV_RULE_REP_10);
}
END_TEST

/* The two on one unit: the IOTLB's is refused, the device is silent. */
START_TEST(rep_4_both_on_one_unit)
{
	v.table.blame = (enum s1inv_attribution)_i;
	usual_targets(0);
	single_pages(1);
	model_unit_silence(v.rig[0].unit, X, MODEL_FOREVER);
	add_iqe(0, 0);
	vtd_call(&v, 1);
	vtd_expect(&v, 0, -S1INV_EIO, S1INV_RULE_REP_10);
}
END_TEST

/* REP-5: OR-ed over units and blocks; the walk goes on, the call succeeds. */
START_TEST(rep_5_or_ed_over_units)
{
	begin(3, false);
	v.table.audit.revision = V8;
	v.table.blame = S1INV_BLAME_SINGLE;
	usual_targets(0);
	usual_targets(1);
	usual_targets(2);
	single_pages(4);
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ITE, X, 1, 1, X);
	rig_fault_sid(&v.rig[1], MODEL_FAULT_ICE, X, 1, 1, X);
	rig_fault_sid(&v.rig[2], MODEL_FAULT_ICE, X, 3, 1, X);
	vtd_call(&v, 4);
	vtd_expect_ok(&v, 4);
	ck_assert_uint_eq(v.entry[0].hw_error, 0);
	ck_assert_uint_eq(v.entry[1].hw_error, VTD_ICE | VTD_ITE);
	ck_assert_uint_eq(v.entry[2].hw_error, 0);
	ck_assert_uint_eq(v.entry[3].hw_error, VTD_ICE);
}
END_TEST

/* Two blocks, two devices: the first block's ICE, the second device's ITE */
START_TEST(rep_5_or_ed_over_blocks_and_devices)
{
	v.table.audit.revision = V8;
	usual_targets(0);
	(void)vtd_devtlb(&v, 0, 0, Y);
	vtd_set(&v, 0, 0xfff, 2);
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ICE, X, 0, 1, X);
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ITE, Y, 1, 1, Y);
	vtd_call(&v, 1);
	vtd_expect_ok(&v, 1);
	ck_assert_uint_eq(v.entry[0].hw_error, VTD_ICE | VTD_ITE);
}
END_TEST

/* ICE of the extra flush, and of one whose wait has long completed (I3, S2) */
START_TEST(rep_5_i3_ice_of_the_second_flush)
{
	v.table.audit.revision = V8;
	v.table.blame = S1INV_BLAME_SINGLE;
	vtd_devtlb(&v, 0, 0, X)->twice = true;
	single_pages(3);
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ICE, X, 3, 1, X);
	vtd_call(&v, 3);
	vtd_expect_ok(&v, 3);
	ck_assert_uint_eq(v.entry[0].hw_error, 0);
	ck_assert_uint_eq(v.entry[1].hw_error, VTD_ICE);
	ck_assert_uint_eq(v.entry[2].hw_error, 0);
}
END_TEST

/*
 * I3: what became of the extra flush counts by itself. A refusal shows it, for
 * it strikes one slot; a time-out or an ICE is laid to both copies.
 */
START_TEST(rep_10_i3_refusal_of_the_second_flush)
{
	vtd_devtlb(&v, 0, 0, X)->twice = true;
	single_pages(3);
	rig_fault(&v.rig[0], MODEL_FAULT_IQE, MODEL_NTH_INVALIDATION, 3, 4, 0);
	vtd_call(&v, 3);
	vtd_expect(&v, 1, -S1INV_EIO, S1INV_RULE_REP_10);
}
END_TEST

/*
 * R8, I4, I7: hw_error starts from 0 in each entry, whatever stood there, also
 * where nothing is sent (I1). REP-6: those four bytes are written, once, and
 * no others.
 */
START_TEST(rep_6_r8_i4_i7_four_bytes_per_entry)
{
	uint32_t i, byte;

	v.table.audit.revision = V8;
	v.table.blame = S1INV_BLAME_SINGLE;
	usual_targets(0);
	single_pages(36);
	vtd_set(&v, 7, 0, 0);
	for (i = 0; i < 36; i++)
		v.entry[i].hw_error = 0xdeadbeef;
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ITE, X, 5, 1, X);
	vtd_call(&v, 36);
	vtd_expect_ok(&v, 36);
	for (i = 0; i < 36; i++) {
		ck_assert_uint_eq(v.entry[i].hw_error, i == 5 ? VTD_ITE : 0);
		for (byte = 0; byte < VTD_ENTRY; byte++)
			ck_assert_uint_eq(
				model_user_written(v.user,
						   VTD_ARRAY + VTD_ENTRY * i +
							   byte),
				byte >= 20);
	}
}
END_TEST

/* Revision linux has no hw_error: nothing is written at all. */
START_TEST(rep_6_linux_writes_nothing)
{
	uint32_t byte;

	usual_targets(0);
	single_pages(2);
	vtd_call(&v, 2);
	vtd_expect_ok(&v, 2);
	for (byte = 0; byte < 2 * VTD_ENTRY; byte++)
		ck_assert_uint_eq(model_user_written(v.user, VTD_ARRAY + byte),
				  0);
}
END_TEST

/* REP-2: entries that are not handled have no hw_error written. */
START_TEST(rep_2_not_handled_not_written)
{
	uint32_t i;

	v.table.audit.revision = V8;
	usual_targets(0);
	single_pages(4);
	for (i = 0; i < 4; i++)
		v.entry[i].hw_error = 0x55;
	add_iqe(0, 2);
	vtd_call(&v, 4);
	vtd_expect(&v, 2, -S1INV_EIO, S1INV_RULE_REP_10);
	for (i = 0; i < 4; i++)
		ck_assert_uint_eq(v.entry[i].hw_error, i < 2 ? 0 : 0x55);
}
END_TEST

/* REP-7: it was handled, so it counts; the call says EFAULT. */
START_TEST(rep_7_hw_error_cannot_be_written)
{
	static struct s1inv_vtd_s1_entry at_the_end;

	v.table.audit.revision = V8;
	usual_targets(0);
	single_pages(3);
	model_user_reset(v.user);
	at_the_end = v.entry[2];
	ck_assert(model_user_add(v.user, VTD_ARRAY, v.entry, 2 * VTD_ENTRY,
				 MODEL_READ_WRITE));
	ck_assert(model_user_add(v.user, VTD_ARRAY + 2 * VTD_ENTRY, &at_the_end,
				 VTD_ENTRY, MODEL_READ_ONLY));
	vtd_walk(&v, 3);
	vtd_expect(&v, 3, -S1INV_EFAULT, S1INV_RULE_REP_7);
}
END_TEST

/* REP-8, REP-11: all that may have timed out; in linux the first ends it. */
START_TEST(rep_8_rep_11_a_silent_device)
{
	uint32_t i;

	begin(1, _i & 1);
	v.table.audit.revision = revisions[_i / 2 % 2];
	vtd_iotlb(&v, 0, 0);
	(void)vtd_devtlb(&v, 0, 0, Y);
	(void)vtd_devtlb(&v, 0, 0, X);
	single_pages(4);
	vtd_set(&v, 0, 0, 0); /* asks for nothing */
	model_unit_silence(v.rig[0].unit, X, MODEL_FOREVER);
	vtd_call(&v, 4);
	if (v.table.audit.revision == LINUX) {
		vtd_expect(&v, 1, -S1INV_ETIMEDOUT, S1INV_RULE_REP_8);
		return;
	}
	vtd_expect_ok(&v, 4);
	for (i = 0; i < 4; i++)
		ck_assert_uint_eq(v.entry[i].hw_error, i ? VTD_ITE : 0);
}
END_TEST

/* REP-9: an ICE is noted only. */
START_TEST(rep_9_linux_and_ice)
{
	v.table.blame = (enum s1inv_attribution)_i;
	usual_targets(0);
	single_pages(4);
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ICE, X, 0, 3, X);
	vtd_call(&v, 4);
	vtd_expect_ok(&v, 4);
	ck_assert_uint_ge(counts(0).notes, 1);
}
END_TEST

/*
 * REP-12: three device-TLB descriptors of X are lost together; alone, only the
 * second of them times out, or none.
 */
START_TEST(rep_12_replay_finds_the_one)
{
	bool again = _i & 1;
	bool v8 = _i & 2;
	uint32_t i;

	v.table.audit.revision = v8 ? V8 : LINUX;
	v.table.blame = S1INV_BLAME_REPLAY;
	vtd_iotlb(&v, 0, 0);
	(void)vtd_devtlb(&v, 0, 0, Y);
	(void)vtd_devtlb(&v, 0, 0, X);
	single_pages(3);
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ITE, X, 1, 1, X);
	if (again)
		rig_fault_sid(&v.rig[0], MODEL_FAULT_ITE, X, 3 + 1, 1, X);
	vtd_call(&v, 3);
	if (v8 || !again)
		vtd_expect_ok(&v, 3);
	else
		vtd_expect(&v, 1, -S1INV_ETIMEDOUT, S1INV_RULE_REP_8);
	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(v.entry[i].hw_error,
				  v8 && again && i == 1 ? VTD_ITE : 0);
}
END_TEST

/* What else was found in company stays: an ICE, and a refusal. */
START_TEST(rep_12_replay_keeps_what_was_found)
{
	v.table.audit.revision = V8;
	v.table.blame = S1INV_BLAME_REPLAY;
	vtd_iotlb(&v, 0, 0);
	(void)vtd_devtlb(&v, 0, 0, Y);
	(void)vtd_devtlb(&v, 0, 0, X);
	single_pages(3);
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ICE, Y, 0, 1, Y);
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ITE, X, 0, 1, X);
	add_iqe(0, 2);
	vtd_call(&v, 3);
	vtd_expect(&v, 2, -S1INV_EIO, S1INV_RULE_REP_10);
	ck_assert_uint_eq(v.entry[0].hw_error, VTD_ICE);
	ck_assert_uint_eq(v.entry[1].hw_error, VTD_ICE);
}
END_TEST

static void silent_without_id(uint16_t sid)
{
	const struct model_fault silent = { .kind = MODEL_FAULT_ITE,
					    .which = MODEL_EVERY_DEVTLB,
					    .sid = sid,
					    .times = MODEL_FOREVER };

	model_unit_add_fault(v.rig[0].unit, &silent);
}

/*
 * Hardware that tells no requester: X is silent for ever, Y answers. Replayed,
 * Y's never time out again; so they are never blamed, however long it takes.
 */
START_TEST(rep_12_who_answers_is_never_blamed)
{
	uint32_t i;

	v.table.audit.revision = V8;
	v.table.blame = S1INV_BLAME_REPLAY;
	v.table.timeouts_max = (uint8_t)_i;
	(void)vtd_devtlb(&v, 0, PASID, X);
	(void)vtd_devtlb(&v, 0, 0, Y);
	single_pages(200);
	silent_without_id(X);
	vtd_call(&v, 200);
	vtd_expect_ok(&v, 200);
	for (i = 0; i < 200; i++) {
		const struct s1inv_vtd_desc sent = rig_desc(
			0x3 | (uint64_t)Y << 32 | (uint64_t)(Y >> 4) << 52 |
				(Y & 0xf) << 12,
			(0x1000 + 3 * i) << 12);

		ck_assert_uint_eq(v.entry[i].hw_error, VTD_ITE);
		ck_assert_uint_ge(rig_executed(&v.rig[0], &sent), 1);
	}
}
END_TEST

/* REP-13: one entry per submission. */
START_TEST(rep_13_single_is_exact)
{
	uint32_t i;

	v.table.audit.revision = revisions[_i];
	v.table.blame = S1INV_BLAME_SINGLE;
	usual_targets(0);
	single_pages(5);
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ITE, X, 3, 1, 0);
	vtd_call(&v, 5);
	if (_i) {
		vtd_expect_ok(&v, 5);
		for (i = 0; i < 5; i++)
			ck_assert_uint_eq(v.entry[i].hw_error,
					  i == 3 ? VTD_ITE : 0);
	} else {
		vtd_expect(&v, 3, -S1INV_ETIMEDOUT, S1INV_RULE_REP_8);
	}
	ck_assert_uint_ge(counts(0).doorbells, 5);
}
END_TEST

/* REP-14: between chunks, with the count so far; not after the last one. */
START_TEST(rep_14_a_fatal_signal)
{
	usual_targets(0);
	single_pages(70);
	vtd_map(&v, 70);
	model_user_interrupt(v.user, 1);
	vtd_walk(&v, 70);
	vtd_expect(&v, 64, -S1INV_EINTR, S1INV_RULE_REP_14);
	vtd_map(&v, 64);
	model_user_interrupt(v.user, 1);
	vtd_walk(&v, 64);
	vtd_expect_ok(&v, 64);
}
END_TEST

/*
 * REP-15, REP-16: with every possible budget the call ends, counts only what
 * was executed, and says success only if all was. M28 on the way.
 */
START_TEST(rep_15_m28_every_budget)
{
	struct model_config config = config_of(true);
	bool done = false;
	uint32_t left, i;

	config.steps_per_pause = 2;
	for (left = 0; !done && left < 2000; left++) {
		config.seed = left;
		vtd_rig_start(&v, 2, &config);
		v.table.audit.revision = revisions[_i & 1];
		v.table.blame = (enum s1inv_attribution)(_i / 2);
		v.table.waiter = rig_budget_set(&v.budget, left);
		v.unit[0].dit = v.unit[1].dit = false;
		usual_targets(0);
		usual_targets(1);
		single_pages(40);
		vtd_call(&v, 40);
		done = !v.error;
		if (!done)
			ck_assert_int_eq((int)v.rule, (int)S1INV_RULE_REP_15);
		ck_assert_int_eq(v.error, done ? 0 : -S1INV_ETIMEDOUT);
		ck_assert_int_eq(v.handled == 40, done);
		for (i = 0; i < 2 * v.handled; i++) {
			uint64_t page = 0x1000 + 3 * (i / 2);
			struct s1inv_vtd_desc iotlb = rig_piotlb(
				(uint16_t)(0x10 + i % 2), 0, page, 0);
			struct s1inv_vtd_desc devtlb = rig_devtlb(X, page);

			ck_assert_uint_ge(rig_executed(&v.rig[i % 2], &iotlb),
					  1);
			ck_assert_uint_ge(rig_executed(&v.rig[i % 2], &devtlb),
					  1);
		}
		vtd_rig_check(&v);
	}
	ck_assert(done);
}
END_TEST

/* A budget that is spent while those that timed out are replayed */
START_TEST(rep_15_spent_in_the_replay)
{
	struct model_config config = config_of(false);
	uint32_t left, i;
	bool done = false;

	config.steps_per_pause = 1;
	for (left = 0; !done && left < 300; left++) {
		vtd_rig_start(&v, 1, &config);
		v.table.audit.revision = V8;
		v.table.blame = S1INV_BLAME_REPLAY;
		v.table.waiter = rig_budget_set(&v.budget, left);
		v.unit[0].dit = false;
		usual_targets(0);
		single_pages(4);
		rig_fault_sid(&v.rig[0], MODEL_FAULT_ITE, X, 0, 1, X);
		vtd_call(&v, 4);
		done = !v.error;
		if (!done)
			ck_assert_int_eq((int)v.rule, (int)S1INV_RULE_REP_15);
		for (i = 0; i < v.handled; i++) {
			struct s1inv_vtd_desc devtlb =
				rig_devtlb(X, 0x1000 + 3 * i);

			ck_assert_uint_eq(v.entry[i].hw_error, 0);
			ck_assert_uint_ge(rig_executed(&v.rig[0], &devtlb), 1);
		}
	}
	ck_assert(done);
	ck_assert_uint_eq(v.handled, 4);
}
END_TEST

/* QUE-6: a unit whose queue is broken; the others have done their part. */
START_TEST(que_6_a_broken_queue)
{
	struct s1inv_vtd_desc desc = rig_piotlb(0x11, 0, 0x1000, 0);
	const struct model_fault broken = { .kind = MODEL_FAULT_IQE,
					    .which = MODEL_NTH_INVALIDATION,
					    .nth = 2,
					    .times = 1,
					    .iqei = 6 };

	begin(2, false);
	v.table.audit.revision = revisions[_i & 1];
	v.table.blame = (enum s1inv_attribution)(_i / 2);
	usual_targets(0);
	usual_targets(1);
	single_pages(4);
	model_unit_add_fault(v.rig[0].unit, &broken);
	vtd_call(&v, 4);
	/* One entry of two descriptors is through if each goes alone. */
	vtd_expect(&v, v.table.blame == S1INV_BLAME_SINGLE, -S1INV_EIO,
		   S1INV_RULE_QUE_6);
	ck_assert_uint_ge(rig_executed(&v.rig[1], &desc), 1);
	vtd_call(&v, 4);
	vtd_expect(&v, 0, -S1INV_EIO, S1INV_RULE_QUE_6);
}
END_TEST

/* A queue that breaks in a replay: those still to come are not handled. */
START_TEST(que_6_broken_in_the_replay)
{
	const struct model_fault broken = { .kind = MODEL_FAULT_IQE,
					    .which = MODEL_NTH_DEVTLB,
					    .nth = 3 + 1,
					    .sid = X,
					    .times = 1,
					    .iqei = 1 };

	v.table.audit.revision = revisions[_i];
	v.table.blame = S1INV_BLAME_REPLAY;
	usual_targets(0);
	single_pages(3);
	rig_fault_sid(&v.rig[0], MODEL_FAULT_ITE, X, 0, 1, X);
	model_unit_add_fault(v.rig[0].unit, &broken);
	vtd_call(&v, 3);
	vtd_expect(&v, 1, -S1INV_EIO, S1INV_RULE_QUE_6);
}
END_TEST

/* ------------------------------------------------ many time-outs (QUE-18) */

/*
 * Replay counts those that were tried alone, and each of these was in company
 * before.
 */
static uint64_t most_ites(void)
{
	uint64_t n = v.table.timeouts_max;

	return v.table.blame == S1INV_BLAME_REPLAY ? 2 * n : n;
}

/* A dead device: N time-outs, then its work is not issued any more. */
START_TEST(que_18_after_n_time_outs)
{
	static const uint8_t most[] = { 1, 3, 255 };
	enum s1inv_attribution blame = (enum s1inv_attribution)(_i % 3);
	uint32_t n = 320;
	uint32_t i;

	v.table.audit.revision = V8;
	v.table.blame = blame;
	v.table.timeouts_max = most[_i / 3];
	usual_targets(0);
	(void)vtd_devtlb(&v, 0, PASID, Y);
	single_pages(n);
	model_unit_silence(v.rig[0].unit, X, MODEL_FOREVER);
	vtd_call(&v, n);
	vtd_expect_ok(&v, n);
	for (i = 0; i < n; i++)
		ck_assert_uint_eq(v.entry[i].hw_error, VTD_ITE);
	ck_assert_uint_le(counts(0).ite, most_ites());
	if (blame == S1INV_BLAME_SINGLE)
		ck_assert_uint_eq(counts(0).ite, v.table.timeouts_max);
	/* Y has had everything, and so has the IOTLB. */
	for (i = 0; i < n; i++) {
		uint64_t page = 0x1000 + 3 * i;
		struct s1inv_vtd_desc iotlb = rig_piotlb(DID, 0, page, 0);
		struct s1inv_vtd_desc y = rig_pdevtlb(Y, PASID, page);

		y.qw[0] |= (uint64_t)(Y >> 4) << 52 | (Y & 0xf) << 12;
		ck_assert_uint_ge(rig_executed(&v.rig[0], &iotlb), 1);
		ck_assert_uint_ge(rig_executed(&v.rig[0], &y), 1);
	}
}
END_TEST

/* The next call begins anew. */
START_TEST(que_18_is_for_one_call)
{
	v.table.audit.revision = V8;
	usual_targets(0);
	single_pages(1);
	v.table.timeouts_max = 1;
	model_unit_silence(v.rig[0].unit, X, 1);
	vtd_call(&v, 1);
	vtd_expect_ok(&v, 1);
	ck_assert_uint_eq(v.entry[0].hw_error, VTD_ITE);
	vtd_call(&v, 1);
	vtd_expect_ok(&v, 1);
	ck_assert_uint_eq(v.entry[0].hw_error, 0);
}
END_TEST

/* The same id in another segment, or on another unit, is another requester. */
START_TEST(que_18_segments_are_told_apart)
{
	uint32_t i;

	begin(2, false);
	v.table.audit.revision = V8;
	v.table.timeouts_max = 1;
	v.table.blame = S1INV_BLAME_SINGLE;
	usual_targets(0);
	usual_targets(1);
	v.unit[1].segment = (uint16_t)_i;
	single_pages(3);
	model_unit_silence(v.rig[0].unit, X, MODEL_FOREVER);
	vtd_call(&v, 3);
	vtd_expect_ok(&v, 3);
	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(v.entry[i].hw_error, VTD_ITE);
	/* In the same segment it is the same function. */
	ck_assert_uint_eq(count_type(1, 3), _i ? 3 : 0);
}
END_TEST

/* Two dead devices in company, each counted on its own */
START_TEST(que_18_two_requesters)
{
	uint32_t i;

	begin(1, _i & 1);
	v.table.audit.revision = V8;
	v.table.blame = (enum s1inv_attribution)(_i / 2);
	v.table.timeouts_max = 2;
	usual_targets(0);
	(void)vtd_devtlb(&v, 0, PASID, Y);
	single_pages(200);
	model_unit_silence(v.rig[0].unit, X, MODEL_FOREVER);
	model_unit_silence(v.rig[0].unit, Y, MODEL_FOREVER);
	vtd_call(&v, 200);
	vtd_expect_ok(&v, 200);
	for (i = 0; i < 200; i++)
		ck_assert_uint_eq(v.entry[i].hw_error, VTD_ITE);
	/* What was fetched later than its like times out by itself. */
	if (!(_i & 1))
		ck_assert_uint_le(counts(0).ite, 2 * most_ites());
}
END_TEST

/* More dead devices than are counted: the call ends, and tells the truth. */
START_TEST(que_18_more_requesters_than_are_counted)
{
	uint32_t i;

	v.table.audit.revision = V8;
	v.table.blame = (enum s1inv_attribution)_i;
	v.table.timeouts_max = 1;
	for (i = 0; i < S1INV_VTD_REQUESTERS + 2; i++) {
		(void)vtd_devtlb(&v, 0, 0, (uint16_t)(0x100 + i));
		model_unit_silence(v.rig[0].unit, (uint16_t)(0x100 + i),
				   MODEL_FOREVER);
	}
	(void)vtd_devtlb(&v, 0, 0, X); /* this one answers */
	single_pages(40);
	vtd_call(&v, 40);
	vtd_expect_ok(&v, 40);
	for (i = 0; i < 40; i++) {
		const struct s1inv_vtd_desc sent = rig_desc(
			0x3 | (uint64_t)X << 32 | (uint64_t)(X >> 4) << 52 |
				(X & 0xf) << 12,
			(0x1000 + 3 * i) << 12);

		ck_assert_uint_eq(v.entry[i].hw_error, VTD_ITE);
		ck_assert_uint_ge(rig_executed(&v.rig[0], &sent), 1);
	}
}
END_TEST

/* ---------------------------------------------------------------- the ioctl */

static int find(void *ctx, uint32_t hwpt_id, struct s1inv_backend *backend)
{
	struct vtd_rig *rig = ctx;

	return hwpt_id == 7 ? s1inv_vtd_begin(&rig->table, backend) :
			      -S1INV_ENOENT;
}

/* From the user's command to the units, and the count back (CMD-10) */
START_TEST(cmd_10_the_whole_way)
{
	const struct s1inv_hwpts hwpts = { &v, find, NULL };
	const uint64_t at = VTD_ARRAY + 0x10000;
	struct s1inv_limits limits = S1INV_LIMITS_LINUX;
	struct s1inv_cmd cmd = { .size = 32,
				 .hwpt_id = 7,
				 .data_uptr = VTD_ARRAY,
				 .data_type = S1INV_DATA_VTD_S1,
				 .entry_len = VTD_ENTRY,
				 .entry_num = 50 };
	struct s1inv_report report;
	struct s1inv_env_user env;

	begin(2, true);
	usual_targets(0);
	usual_targets(1);
	single_pages(50);
	if (_i)
		v.entry[45].flags = 2;
	vtd_map(&v, 50);
	ck_assert(model_user_add(v.user, at, &cmd, 32, MODEL_READ_WRITE));
	model_user_env(v.user, &env);
	ck_assert_int_eq(s1inv_command(&hwpts, &env, &limits, at, &report),
			 _i ? -S1INV_EOPNOTSUPP : 0);
	ck_assert(model_user_peek(v.user, at, &cmd, 32));
	ck_assert_uint_eq(cmd.entry_num, _i ? 45 : 50);
	ck_assert_uint_eq(count_type(0, 6), cmd.entry_num);
	ck_assert_uint_eq(count_type(1, 3), cmd.entry_num);
	ck_assert_uint_eq(model_user_max_delivered(v.user), 1);
}
END_TEST

/* QUE-18 needs no bound in time: a dead device ends such a call too. */
START_TEST(que_18_without_a_bound_in_time)
{
	begin(1, false);
	v.table.waiter = NULL;
	v.table.audit.revision = V8;
	usual_targets(0);
	single_pages(200);
	model_unit_silence(v.rig[0].unit, X, MODEL_FOREVER);
	vtd_call(&v, 200);
	vtd_expect_ok(&v, 200);
	ck_assert_uint_eq(v.entry[199].hw_error, VTD_ITE);
	ck_assert_uint_le(counts(0).ite, v.table.timeouts_max);
}
END_TEST

/* COV-7: PASID-selective once is enough for all blocks of a request. */
START_TEST(cov_7_everything_once)
{
	begin(1, false);
	v.table.cover = S1INV_COVER_EXACT;
	v.unit[0].am_max = 0;
	vtd_iotlb(&v, 0, 0);
	vtd_set(&v, 0, 0x12345, 0x54321);
	vtd_set(&v, 1, 0x12345, 0x54321);
	vtd_call(&v, 2);
	vtd_expect_ok(&v, 2);
	ck_assert_uint_le(count_type(0, 6), 4);
}
END_TEST

/* -------------------------------------------------------------------- suite */

static TCase *order_tcase(void)
{
	TCase *tcase = tcase_create("order");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, enc_2_iotlbs_fence_device_tlbs_wait, 0, 4);
	tcase_add_test(tcase, o1_type_3_behind_type_6);
	tcase_add_loop_test(tcase, enc_2_no_fence_for_one_kind, 0, 2);
	tcase_add_loop_test(tcase, enc_4_at_most_64_per_submission, 0, 4);
	tcase_add_loop_test(tcase, enc_4_a_submission_full_of_iotlbs, 0, 4);
	tcase_add_loop_test(tcase, submissions_for_512_entries, 0, 2);
	return tcase;
}

static TCase *targets_tcase(void)
{
	TCase *tcase = tcase_create("targets");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, enc_5_r3_r4_each_unit_its_own);
	tcase_add_loop_test(tcase, enc_6_enc_7_m13_known_descriptors, 0, 2);
	tcase_add_loop_test(tcase, m13_every_bit_of_pfsid, 0, 32);
	tcase_add_loop_test(tcase, enc_12_mip_of_32_and_more_is_0, 0, 14);
	tcase_add_test(tcase, enc_8_twice_for_those_that_need_it);
	tcase_add_loop_test(tcase, enc_9_ih_for_leaf, 0, 2);
	tcase_add_loop_test(tcase, m16_m17_the_full_flush, 0, 2);
	tcase_add_test(tcase, m20_everything_for_one_target_only);
	tcase_add_test(tcase, cov_5_exact_covers_in_pieces);
	tcase_add_loop_test(tcase, enc_10_i1_without_targets, 0, 4);
	tcase_add_test(tcase, enc_10_without_pages);
	tcase_add_loop_test(tcase, enc_11_m22_m23_devices_and_translation, 0,
			    4);
	tcase_add_test(tcase, enc_13_a_queue_of_128_bits);
	tcase_add_loop_test(tcase, enc_1_m19_what_cannot_be, 0, 2);
	tcase_add_loop_test(tcase, enc_1_rep_16_a_target_gone_bad, 0, 2);
	return tcase;
}

static TCase *report_tcase(void)
{
	TCase *tcase = tcase_create("report");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, rep_3_before_one_that_fails_the_audit, 0,
			    40);
	tcase_add_loop_test(tcase, rep_10_e3_s1_refused_is_eio, 0, 8 * 6);
	tcase_add_loop_test(tcase, rep_10_a_refused_fence_is_nobodys, 0, 2);
	tcase_add_test(tcase, rep_4_the_lowest_index_decides);
	tcase_add_loop_test(tcase, rep_4_eio_before_etimedout, 0, 2);
	tcase_add_loop_test(tcase, rep_4_both_on_one_unit, 0, 3);
	tcase_add_test(tcase, rep_5_or_ed_over_units);
	tcase_add_test(tcase, rep_5_or_ed_over_blocks_and_devices);
	tcase_add_test(tcase, rep_10_i3_refusal_of_the_second_flush);
	tcase_add_test(tcase, rep_5_i3_ice_of_the_second_flush);
	tcase_add_test(tcase, rep_6_r8_i4_i7_four_bytes_per_entry);
	tcase_add_test(tcase, rep_6_linux_writes_nothing);
	tcase_add_test(tcase, rep_2_not_handled_not_written);
	tcase_add_test(tcase, rep_7_hw_error_cannot_be_written);
	tcase_add_loop_test(tcase, rep_8_rep_11_a_silent_device, 0, 4);
	tcase_add_loop_test(tcase, rep_9_linux_and_ice, 0, 3);
	tcase_add_loop_test(tcase, rep_12_replay_finds_the_one, 0, 4);
	tcase_add_test(tcase, rep_12_replay_keeps_what_was_found);
	tcase_add_loop_test(tcase, rep_12_who_answers_is_never_blamed, 1, 4);
	tcase_add_loop_test(tcase, rep_13_single_is_exact, 0, 2);
	tcase_add_test(tcase, rep_14_a_fatal_signal);
	tcase_add_loop_test(tcase, rep_15_m28_every_budget, 0, 6);
	tcase_add_test(tcase, rep_15_spent_in_the_replay);
	return tcase;
}

static TCase *queue_tcase(void)
{
	TCase *tcase = tcase_create("queue");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, que_6_a_broken_queue, 0, 6);
	tcase_add_loop_test(tcase, que_6_broken_in_the_replay, 0, 2);
	tcase_add_loop_test(tcase, que_18_after_n_time_outs, 0, 9);
	tcase_add_test(tcase, que_18_is_for_one_call);
	tcase_add_loop_test(tcase, que_18_segments_are_told_apart, 0, 2);
	tcase_add_loop_test(tcase, que_18_two_requesters, 0, 6);
	tcase_add_loop_test(tcase, que_18_more_requesters_than_are_counted, 0,
			    3);
	tcase_add_loop_test(tcase, cmd_10_the_whole_way, 0, 2);
	tcase_add_test(tcase, que_18_without_a_bound_in_time);
	tcase_add_test(tcase, cov_7_everything_once);
	return tcase;
}

static Suite *vtd_suite(void)
{
	Suite *suite = suite_create("vtd");

	suite_add_tcase(suite, order_tcase());
	suite_add_tcase(suite, targets_tcase());
	suite_add_tcase(suite, report_tcase());
	suite_add_tcase(suite, queue_tcase());
	return suite;
}

int main(void)
{
	return run_suite(vtd_suite());
}
