/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The decoder, ref/vtd_decode.c, against the specification: descriptors and
 * masks in this file are written out by hand from the figures of VT-d 6.5.2
 * and 7.6.1, not computed from vtd_spec.h. The last tests take the
 * encoder for a partner.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <s1inv/s1inv.h>

#include "runner.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* Type bits of quadword 0: 3:0 and 11:9 */
#define TYPE_BITS UINT64_C(0xe0f)
/* The largest known type */
#define LAST_TYPE 0xaU

/* A receiver that knows every type and every field */
static const struct s1inv_vtd_mode full_mode = {
	.ttm = S1INV_VTD_TTM_SCALABLE,
	.wide = true,
	.dt = true,
	.dit = true,
	.pds = true,
	.prs = true,
	.hpts = true,
};

/* Decodes into memory full of something else: nothing may be left as found. */
static void decode(uint64_t qw0, uint64_t qw1,
		   const struct s1inv_vtd_mode *mode,
		   struct s1inv_vtd_decoded *out)
{
	const struct s1inv_vtd_desc desc = { { qw0, qw1, 0, 0 } };

	memset(out, 0xa5, sizeof(*out));
	s1inv_vtd_decode(&desc, mode, out);
}

static bool same_small(const struct s1inv_vtd_fields *a,
		       const struct s1inv_vtd_fields *b)
{
	return a->type == b->type && a->g == b->g && a->fm == b->fm &&
	       a->dw == b->dw && a->dr == b->dr && a->am == b->am &&
	       a->ih == b->ih && a->s == b->s && a->gi == b->gi &&
	       a->mip == b->mip && a->im == b->im && a->wif == b->wif &&
	       a->sw == b->sw && a->fn == b->fn && a->pd == b->pd &&
	       a->pp == b->pp && a->rc == b->rc;
}

/* Not memcmp(): the structure may have padding. */
static bool same_fields(const struct s1inv_vtd_fields *a,
			const struct s1inv_vtd_fields *b)
{
	return same_small(a, b) && a->did == b->did && a->sid == b->sid &&
	       a->pfsid == b->pfsid && a->iidx == b->iidx &&
	       a->prgi == b->prgi && a->pasid == b->pasid &&
	       a->data == b->data && a->addr == b->addr;
}

/* ---------------------------------------------------------------- vectors */

struct vector {
	const char *name;
	uint64_t qw0;
	uint64_t qw1;
	struct s1inv_vtd_fields fields;
};

static const struct vector vectors[] = {
	{ "cc global", 0x11, 0, { .type = 1, .g = 1 } },
	{ "cc domain", 0x50021, 0, { .type = 1, .g = 2, .did = 5 } },
	{ "cc device", 0x0002567812340031, 0,
	  { .type = 1, .g = 3, .did = 0x1234, .sid = 0x5678, .fm = 2 } },
	{ "iotlb global", 0xd2, 0, { .type = 2, .g = 1, .dw = 1, .dr = 1 } },
	{ "iotlb domain", 0x500e2, 0,
	  { .type = 2, .g = 2, .dw = 1, .dr = 1, .did = 5 } },
	{ "iotlb page", 0xbeef0072, 0xabcdef0123456049,
	  { .type = 2, .g = 3, .dw = 1, .did = 0xbeef, .am = 9, .ih = 1,
	    .addr = 0xabcdef0123456000 } },
	{ "devtlb one page", 0x0300030800080003, 0x40000000,
	  { .type = 3, .sid = 0x308, .pfsid = 0x300, .mip = 8,
	    .addr = 0x40000000 } },
	{ "devtlb 512 pages", 0x0300030800080003, 0x400ff001,
	  { .type = 3, .sid = 0x308, .pfsid = 0x300, .mip = 8, .s = 1,
	    .addr = 0x400ff000 } },
	{ "devtlb, each field its own", 0xabc01234001fd003, 0xfffffffffffff000,
	  { .type = 3, .sid = 0x1234, .pfsid = 0xabcd, .mip = 31,
	    .addr = 0xfffffffffffff000 } },
	{ "iec global", 0x4, 0, { .type = 4 } },
	{ "iec index", 0x0000123428000014, 0,
	  { .type = 4, .g = 1, .im = 5, .iidx = 0x1234 } },
	{ "wait SW", 0x0000000200000025, 0x1000,
	  { .type = 5, .sw = 1, .data = 2, .addr = 0x1000 } },
	{ "wait SW FN", 0x0000000200000065, 0x1000,
	  { .type = 5, .sw = 1, .fn = 1, .data = 2, .addr = 0x1000 } },
	{ "wait FN", 0x45, 0, { .type = 5, .fn = 1 } },
	{ "wait IF PD", 0xdeadbeef00000095, 0xfedcba9876543214,
	  { .type = 5, .wif = 1, .pd = 1, .data = 0xdeadbeef,
	    .addr = 0xfedcba9876543214 } },
	{ "piotlb PASID", 0x50026, 0, { .type = 6, .g = 2, .did = 5 } },
	{ "piotlb page", 0x0001234500050036, 0x40000049,
	  { .type = 6, .g = 3, .did = 5, .pasid = 0x12345, .am = 9, .ih = 1,
	    .addr = 0x40000000 } },
	{ "pc domain", 0x50007, 0, { .type = 7, .did = 5 } },
	{ "pc PASID", 0x000abcde12340017, 0,
	  { .type = 7, .g = 1, .did = 0x1234, .pasid = 0xabcde } },
	{ "pc global", 0x37, 0, { .type = 7, .g = 3 } },
	{ "pdevtlb one page", 0x0301234503080088, 0x40000000,
	  { .type = 8, .sid = 0x308, .pfsid = 0x300, .mip = 8,
	    .pasid = 0x12345, .addr = 0x40000000 } },
	{ "pdevtlb full", 0x0301234503080088, 0x7ffffffffffff800,
	  { .type = 8, .sid = 0x308, .pfsid = 0x300, .mip = 8,
	    .pasid = 0x12345, .s = 1, .addr = 0x7ffffffffffff000 } },
	{ "pdevtlb GI", 0xabc567891234d1f8, 0x5000000000000001,
	  { .type = 8, .sid = 0x1234, .pfsid = 0xabcd, .mip = 31,
	    .pasid = 0x56789, .gi = 1, .addr = 0x5000000000000000 } },
	{ "pgresp", 0x0005432112341019, 0xd58,
	  { .type = 9, .pp = 1, .rc = 1, .sid = 0x1234, .pasid = 0x54321,
	    .prgi = 0x1ab } },
	{ "pgresp, ignored bit", 0xf009, 0xffc,
	  { .type = 9, .rc = 15, .prgi = 0x1ff } },
	{ "hpt page", 0x4321003a, 0x8000000000001095,
	  { .type = 10, .g = 3, .did = 0x4321, .am = 21, .ih = 2,
	    .addr = 0x8000000000001000 } },
};

START_TEST(decodes_vectors)
{
	const struct vector *v = &vectors[_i];
	struct s1inv_vtd_decoded out;

	decode(v->qw0, v->qw1, &full_mode, &out);
	ck_assert_msg(same_fields(&out.fields, &v->fields), "%s", v->name);
	ck_assert_uint_eq(out.violations, 0);
	ck_assert_uint_eq(out.reserved[0] | out.reserved[1], 0);
	ck_assert_uint_eq(out.reserved[2] | out.reserved[3], 0);
}
END_TEST

/* ------------------------------------------------------------ reserved bits */

/* A valid descriptor of each type, G alone where a type needs it */
static const uint64_t bases[LAST_TYPE + 1] = {
	0, 0x11, 0x12, 0x3, 0x4, 0x5, 0x26, 0x7, 0x8, 0x9, 0x1a,
};

struct masks {
	uint64_t qw0;
	uint64_t qw1;
};

/* Bits that must be zero, in revision 5.10, with DIT = 1 and PDS = 1 */
static const struct masks masks[LAST_TYPE + 1] = {
	[0x1] = { 0xfffc00000000f1c0, UINT64_MAX },
	[0x2] = { 0xffffffff0000f100, 0xf80 },
	[0x3] = { 0x000f0000ffe001f0, 0xffe },
	[0x4] = { 0xffff000007fff1e0, UINT64_MAX },
	[0x5] = { 0x00000000fffff100, 0x3 },
	[0x6] = { 0xfff000000000f1c0, 0xf80 },
	[0x7] = { 0xfff000000000f1c0, UINT64_MAX },
	[0x8] = { 0x0000000000000000, 0x7fe },
	[0x9] = { 0xfff00000000001e0, 0xfffffffffffff003 },
	[0xa] = { 0xffffffff0000f1c0, 0xf00 },
};

/* The same for quadword @qw of a 256-bit queue's descriptor */
static uint64_t mask_of(unsigned int type, unsigned int qw, bool dit, bool pds)
{
	if (qw > 1)
		return UINT64_MAX;
	if (qw == 1)
		return masks[type].qw1;
	if (type == 0x3 && !dit)
		return 0xffff0000ffe0f1f0;
	if (type == 0x8 && !dit)
		return 0xfff000000000f000;
	if (type == 0x5 && !pds)
		return 0xfffff180;
	return masks[type].qw0;
}

static void check_bit(unsigned int type, unsigned int qw, unsigned int bit,
		      const struct s1inv_vtd_mode *mode)
{
	const uint64_t one = UINT64_C(1) << bit;
	const uint64_t mask = mask_of(type, qw, mode->dit, mode->pds);
	struct s1inv_vtd_desc desc = { { bases[type], 0, 0, 0 } };
	struct s1inv_vtd_decoded out;
	uint64_t want;
	unsigned int i;

	desc.qw[qw] |= one;
	memset(&out, 0xa5, sizeof(out));
	s1inv_vtd_decode(&desc, mode, &out);
	for (i = 0; i < 4; i++) {
		want = i == qw ? mask & one : 0;
		if (out.reserved[i] != want)
			ck_abort_msg("type %#x qw%u bit %u: reserved[%u]", type,
				     qw, bit, i);
	}
	if (!(out.violations & S1INV_VTD_BAD_RESERVED) != !(mask & one))
		ck_abort_msg("type %#x qw%u bit %u: verdict", type, qw, bit);
}

/* Every bit alone, but for those of the type */
START_TEST(every_reserved_bit)
{
	const unsigned int type = (unsigned int)_i;
	struct s1inv_vtd_mode mode = full_mode;
	unsigned int caps;
	unsigned int i;

	for (caps = 0; caps < 4; caps++) {
		mode.dit = caps & 1;
		mode.pds = caps & 2;
		for (i = 0; i < 256; i++)
			if (i >= 64 || !((TYPE_BITS >> i) & 1))
				check_bit(type, i / 64, i % 64, &mode);
	}
}
END_TEST

/* All bits together: each quadword reports its own mask and nothing else. */
START_TEST(all_reserved_bits)
{
	const unsigned int type = (unsigned int)_i;
	struct s1inv_vtd_desc desc = { { UINT64_MAX, UINT64_MAX, UINT64_MAX,
					 UINT64_MAX } };
	struct s1inv_vtd_decoded out;
	unsigned int qw;

	desc.qw[0] = (UINT64_MAX & ~TYPE_BITS) | type;
	s1inv_vtd_decode(&desc, &full_mode, &out);
	for (qw = 0; qw < 4; qw++)
		ck_assert_uint_eq(out.reserved[qw],
				  mask_of(type, qw, true, true));
}
END_TEST

/* What a receiver takes for reserved is still shown. */
START_TEST(reserved_fields_are_filled)
{
	struct s1inv_vtd_mode mode = full_mode;
	struct s1inv_vtd_decoded out;

	mode.dit = false;
	mode.pds = false;
	decode(0xabc000000000d003, 0, &mode, &out);
	ck_assert_uint_eq(out.fields.pfsid, 0xabcd);
	ck_assert_uint_eq(out.reserved[0], 0xabc000000000d000);
	decode(0xabc000000000d008, 0, &mode, &out);
	ck_assert_uint_eq(out.fields.pfsid, 0xabcd);
	ck_assert_uint_eq(out.reserved[0], 0xabc000000000d000);
	decode(0x85, 0, &mode, &out);
	ck_assert_uint_eq(out.fields.pd, 1);
	ck_assert_uint_eq(out.reserved[0], 0x80);
}
END_TEST

/* A 128-bit queue has no quadwords 2 and 3. */
START_TEST(narrow_queue_stops_at_128_bits)
{
	const struct s1inv_vtd_mode mode = { .ttm = S1INV_VTD_TTM_LEGACY,
					     .dt = true };
	const struct s1inv_vtd_desc desc = { { 0x11, 0, UINT64_MAX, 1 } };
	struct s1inv_vtd_decoded out;

	memset(&out, 0xa5, sizeof(out));
	s1inv_vtd_decode(&desc, &mode, &out);
	ck_assert_uint_eq(out.violations, 0);
	ck_assert_uint_eq(out.reserved[2], 0);
	ck_assert_uint_eq(out.reserved[3], 0);
}
END_TEST

/* ------------------------------------------------------------ type and mode */

/* All 128 types, with every other bit set */
START_TEST(type_has_seven_bits)
{
	const uint64_t type = (uint64_t)_i;
	const uint64_t bits = (type & 0xf) | ((type >> 4) << 9);
	const struct s1inv_vtd_fields none = { .type = (uint8_t)_i };
	struct s1inv_vtd_desc desc = { { 0, UINT64_MAX, UINT64_MAX,
					 UINT64_MAX } };
	struct s1inv_vtd_decoded out;
	unsigned int qw;

	desc.qw[0] = (UINT64_MAX & ~TYPE_BITS) | bits;
	memset(&out, 0xa5, sizeof(out));
	s1inv_vtd_decode(&desc, &full_mode, &out);
	ck_assert_uint_eq(out.fields.type, type);
	if (type >= 1 && type <= LAST_TYPE) {
		ck_assert_uint_eq(out.violations & S1INV_VTD_BAD_TYPE, 0);
		return;
	}
	ck_assert_uint_eq(out.violations, S1INV_VTD_BAD_TYPE);
	ck_assert(same_fields(&out.fields, &none));
	for (qw = 0; qw < 4; qw++)
		ck_assert_uint_eq(out.reserved[qw], 0);
}
END_TEST

struct mode_row {
	int ttm;
	bool wide;
	unsigned int last; /* types 1 to last are valid, 0: none is */
};

/* VT-d 6.5.2, table 26 */
static const struct mode_row mode_rows[] = {
	{ 0, false, 5 },  { 0, true, 5 },
	{ 1, false, 0 },  { 1, true, 10 },
	{ 2, false, 0 },  { 2, true, 0 },
	{ 3, false, 0 },  { 3, true, 10 },
	{ 4, true, 0 }, /* not a value of TTM */
};

START_TEST(modes)
{
	const struct mode_row *row = &mode_rows[_i];
	struct s1inv_vtd_mode mode = full_mode;
	struct s1inv_vtd_decoded out;
	unsigned int type;

	mode.ttm = (enum s1inv_vtd_ttm)row->ttm;
	mode.wide = row->wide;
	for (type = 1; type <= LAST_TYPE; type++) {
		decode(bases[type], 0, &mode, &out);
		ck_assert_uint_eq(out.violations,
				  type <= row->last ? 0 : S1INV_VTD_BAD_MODE);
	}
}
END_TEST

/* Each feature taken away alone: which types go with it */
START_TEST(features)
{
	struct s1inv_vtd_decoded out;
	unsigned int type;
	unsigned int gone;
	bool bad;

	for (gone = 0; gone < 3; gone++) {
		struct s1inv_vtd_mode mode = full_mode;

		mode.dt = gone != 0;
		mode.prs = gone != 1;
		mode.hpts = gone != 2;
		for (type = 1; type <= LAST_TYPE; type++) {
			bad = (gone == 0 && (type == 0x3 || type == 0x8)) ||
			      (gone == 1 && type == 0x9) ||
			      (gone == 2 && type == 0xa);
			decode(bases[type], 0, &mode, &out);
			ck_assert_uint_eq(out.violations,
					  bad ? S1INV_VTD_BAD_TYPE : 0);
		}
	}
}
END_TEST

/* ------------------------------------------------ granularity, address mask */

struct g_row {
	unsigned int type;
	bool valid[4];
};

static const struct g_row g_rows[] = {
	{ 0x1, { false, true, true, true } },
	{ 0x2, { false, true, true, true } },
	{ 0x6, { false, false, true, true } },
	{ 0x7, { true, true, false, true } },
	{ 0xa, { false, true, true, true } },
};

START_TEST(granularities)
{
	const struct g_row *row = &g_rows[_i];
	struct s1inv_vtd_decoded out;
	unsigned int g;

	for (g = 0; g < 4; g++) {
		decode(row->type | (uint64_t)g << 4, 0, &full_mode, &out);
		ck_assert_uint_eq(out.fields.g, g);
		ck_assert_uint_eq(out.violations,
				  row->valid[g] ? 0 : S1INV_VTD_BAD_G);
	}
}
END_TEST

/* Both values of type 4's single bit are valid. */
START_TEST(granularity_of_iec)
{
	struct s1inv_vtd_decoded out;

	decode(0x14, 0, &full_mode, &out);
	ck_assert_uint_eq(out.fields.g, 1);
	ck_assert_uint_eq(out.violations, 0);
	decode(0x04, 0, &full_mode, &out);
	ck_assert_uint_eq(out.fields.g, 0);
	ck_assert_uint_eq(out.violations, 0);
}
END_TEST

/* AM 53 to 63 are undefined, and without pages AM means nothing. */
START_TEST(address_masks)
{
	static const unsigned int types[] = { 0x2, 0x6, 0xa };
	const unsigned int type = types[_i];
	struct s1inv_vtd_decoded out;
	uint32_t want;
	unsigned int am;

	for (am = 0; am < 64; am++) {
		want = am > 52 ? S1INV_VTD_BAD_AM : 0;
		decode(type | 0x30, am, &full_mode, &out);
		ck_assert_uint_eq(out.fields.am, am);
		ck_assert_uint_eq(out.violations, want);
		decode(type | 0x20, am, &full_mode, &out);
		ck_assert_uint_eq(out.violations, 0);
	}
}
END_TEST

/* Every rule has its own bit, and one violation does not hide another. */
START_TEST(violations_add_up)
{
	struct s1inv_vtd_mode mode = full_mode;
	struct s1inv_vtd_decoded out;

	mode.ttm = S1INV_VTD_TTM_RESERVED;
	mode.hpts = false;
	decode(0x13a, 53, &mode, &out);
	ck_assert_uint_eq(out.violations,
			  S1INV_VTD_BAD_TYPE | S1INV_VTD_BAD_MODE |
				  S1INV_VTD_BAD_RESERVED | S1INV_VTD_BAD_AM);
	decode(0x0a, 0, &mode, &out);
	ck_assert_uint_eq(out.violations, S1INV_VTD_BAD_TYPE |
						  S1INV_VTD_BAD_MODE |
						  S1INV_VTD_BAD_G);
}
END_TEST

/* ------------------------------------------------------------ size decoding */

struct size_row {
	uint64_t addr;
	uint8_t s;
	uint64_t base;
	uint8_t order;
};

/* VT-d 6.5.2.5 */
static const struct size_row size_rows[] = {
	{ 0x40000000, 0, 0x40000000, 0 },
	{ 0x7fffffffffffffff, 0, 0x7ffffffffffff000, 0 },
	{ UINT64_MAX, 0, 0xfffffffffffff000, 0 },
	{ 0x40000000, 1, 0x40000000, 1 },
	{ 0x40000fff, 1, 0x40000000, 1 },
	{ 0x40001000, 1, 0x40000000, 2 },
	{ 0x40003000, 1, 0x40000000, 3 },
	{ 0x400ff000, 1, 0x40000000, 9 },
	{ 0x5ffff000, 1, 0x40000000, 18 },
	{ 0x1fffffff000, 1, 0, 30 },
	{ 0x3ffffffffffff000, 1, 0, 51 },
	{ 0xbffffffffffff000, 1, 0x8000000000000000, 51 },
	{ 0x7ffffffffffff000, 1, 0, 52 },
};

START_TEST(sizes)
{
	const struct size_row *row = &size_rows[_i];
	struct s1inv_vtd_block block = { UINT64_MAX, 255 };

	ck_assert(s1inv_vtd_size_decode(row->addr, row->s, &block));
	ck_assert_uint_eq(block.first, row->base >> 12);
	ck_assert_uint_eq(block.order, row->order);
}
END_TEST

/*
 * For every order: all bits above the size free or set, the zero at bit
 * 11 + order, ones below it.
 */
START_TEST(every_order)
{
	const unsigned int order = (unsigned int)_i;
	const uint64_t ones = (UINT64_C(1) << (order - 1)) - 1;
	const uint64_t above = order == 52 ? 0 : UINT64_MAX << (12 + order);
	struct s1inv_vtd_block block;

	ck_assert(s1inv_vtd_size_decode(ones << 12, 1, &block));
	ck_assert_uint_eq(block.first, 0);
	ck_assert_uint_eq(block.order, order);
	ck_assert(s1inv_vtd_size_decode(above | ones << 12, 1, &block));
	ck_assert_uint_eq(block.first, above >> 12);
	ck_assert_uint_eq(block.order, order);
}
END_TEST

START_TEST(all_ones_is_undefined)
{
	struct s1inv_vtd_block block;

	ck_assert(!s1inv_vtd_size_decode(0xfffffffffffff000, 1, &block));
	ck_assert(!s1inv_vtd_size_decode(UINT64_MAX, 1, &block));
}
END_TEST

/* ----------------------------------------------------------------- layout */

/* Number of rows per type, a field in two pieces counting twice */
static const uint32_t row_counts[LAST_TYPE + 1] = {
	0, 4, 7, 6, 3, 6, 6, 3, 8, 5, 5,
};

START_TEST(layout_rows)
{
	const struct s1inv_vtd_field *field;
	uint32_t num;
	unsigned int type;
	uint32_t i;

	for (type = 0; type < 256; type++) {
		field = s1inv_vtd_layout((uint8_t)type, &num);
		ck_assert_uint_eq(num,
				  type <= LAST_TYPE ? row_counts[type] : 0);
		for (i = 0; i < num; i++)
			ck_assert_uint_eq(field[i].type, type);
	}
}
END_TEST

/* Rows, type and reserved bits are disjoint and together are all bits. */
START_TEST(layout_does_not_overlap)
{
	const unsigned int type = (unsigned int)_i;
	uint64_t taken[2] = { TYPE_BITS | masks[type].qw0, masks[type].qw1 };
	const struct s1inv_vtd_field *field;
	uint64_t bits;
	uint32_t num;
	uint32_t i;

	if (type == 0x9)
		taken[1] |= S1INV_VTD_PGRESP_IGNORED_QW1;
	field = s1inv_vtd_layout((uint8_t)type, &num);
	for (i = 0; i < num; i++, field++) {
		ck_assert_uint_le(field->qw, 1);
		ck_assert_uint_ge(field->width, 1);
		ck_assert_uint_lt(field->width, 64);
		ck_assert_uint_le(field->lsb + field->width, 64);
		bits = ((UINT64_C(1) << field->width) - 1) << field->lsb;
		ck_assert_uint_eq(taken[field->qw] & bits, 0);
		taken[field->qw] |= bits;
	}
	ck_assert_uint_eq(taken[0], UINT64_MAX);
	ck_assert_uint_eq(taken[1], UINT64_MAX);
}
END_TEST

struct value_row {
	uint8_t type;
	const char *name;
	uint64_t value;
};

/* What the fields hold of qw0 0xfedcba9876543210, qw1 0x0123456789abcdef */
static const struct value_row value_rows[] = {
	{ 0x1, "G", 1 },
	{ 0x1, "DID", 0x7654 },
	{ 0x1, "SID", 0xba98 },
	{ 0x1, "FM", 0 },
	{ 0x2, "AM", 0x2f },
	{ 0x2, "IH", 1 },
	{ 0x2, "ADDR", 0x0123456789abc },
	{ 0x3, "PFSID_LO", 3 },
	{ 0x3, "PFSID_HI", 0xfed },
	{ 0x4, "IM", 0xe },
	{ 0x5, "DATA", 0xfedcba98 },
	{ 0x5, "ADDR", 0x0123456789abcdef >> 2 },
	{ 0x6, "PASID", 0xcba98 },
	{ 0x8, "MIP", 1 },
	{ 0x8, "S", 1 },
	{ 0x8, "GI", 1 },
	{ 0x9, "RC", 3 },
	{ 0x9, "PRGI", 0x1bd },
	{ 0xa, "IH", 3 },
};

START_TEST(field_values)
{
	const struct s1inv_vtd_desc desc = { { 0xfedcba9876543210,
					       0x0123456789abcdef, 0, 0 } };
	const struct value_row *row = &value_rows[_i];
	const struct s1inv_vtd_field *field;
	uint32_t num;

	field = s1inv_vtd_layout(row->type, &num);
	while (num && strcmp(field->name, row->name) != 0) {
		num--;
		field++;
	}
	ck_assert_msg(num != 0, "no %s in type %#x", row->name, row->type);
	ck_assert_uint_eq(s1inv_vtd_field_value(field, &desc), row->value);
}
END_TEST

/* ------------------------------------------------------ with the encoder */

#define SEED UINT64_C(0x5331494e56303031)
#define ROUNDS 100000U

/* xorshift64*: the same numbers everywhere, whatever the C library */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

static uint8_t random_bits(uint64_t *state, unsigned int width)
{
	return (uint8_t)(next_random(state) >> (64 - width));
}

static uint32_t random_pasid(uint64_t *state)
{
	return (uint32_t)(next_random(state) >> 44);
}

static uint16_t random_16(uint64_t *state)
{
	return (uint16_t)(next_random(state) >> 48);
}

/* The fields that types 1 to 9 have, by the tables of VT-d 6.5.2 */
static void fill_iotlb(struct s1inv_vtd_fields *f, uint64_t *state)
{
	f->g = random_bits(state, 2);
	f->did = random_16(state);
	f->am = random_bits(state, 6);
	f->ih = random_bits(state, 1);
	f->addr = next_random(state) & ~UINT64_C(0xfff);
}

static void fill_devtlb(struct s1inv_vtd_fields *f, uint64_t *state)
{
	f->mip = random_bits(state, 5);
	f->sid = random_16(state);
	f->pfsid = random_16(state);
	f->s = random_bits(state, 1);
	f->addr = next_random(state) & ~UINT64_C(0xfff);
}

static void fill_wait(struct s1inv_vtd_fields *f, uint64_t *state)
{
	f->wif = random_bits(state, 1);
	f->sw = random_bits(state, 1);
	f->fn = random_bits(state, 1);
	f->pd = random_bits(state, 1);
	f->data = (uint32_t)next_random(state);
	f->addr = next_random(state) & ~UINT64_C(0x3);
}

static void fill_128(struct s1inv_vtd_fields *f, uint64_t *state)
{
	switch (f->type) {
	case 0x1:
		f->g = random_bits(state, 2);
		f->did = random_16(state);
		f->sid = random_16(state);
		f->fm = random_bits(state, 2);
		break;
	case 0x2:
		fill_iotlb(f, state);
		f->dw = random_bits(state, 1);
		f->dr = random_bits(state, 1);
		break;
	case 0x3:
		fill_devtlb(f, state);
		break;
	case 0x4:
		f->g = random_bits(state, 1);
		f->im = random_bits(state, 5);
		f->iidx = random_16(state);
		break;
	default:
		fill_wait(f, state);
		break;
	}
}

static void fill_256(struct s1inv_vtd_fields *f, uint64_t *state)
{
	f->pasid = random_pasid(state);
	switch (f->type) {
	case 0x6:
		fill_iotlb(f, state);
		break;
	case 0x7:
		f->g = random_bits(state, 2);
		f->did = random_16(state);
		break;
	case 0x8:
		fill_devtlb(f, state);
		f->gi = random_bits(state, 1);
		break;
	default:
		f->pp = random_bits(state, 1);
		f->rc = random_bits(state, 4);
		f->sid = random_16(state);
		f->prgi = (uint16_t)(next_random(state) >> 55);
		break;
	}
}

/* decode(encode(x)) = x */
START_TEST(fields_survive)
{
	uint64_t state = SEED + (uint64_t)_i;
	struct s1inv_vtd_decoded out;
	struct s1inv_vtd_desc desc;
	uint32_t round;

	printf("fields_survive: type %#x, seed %#" PRIx64 "\n",
	       (unsigned int)_i, state);
	for (round = 0; round < ROUNDS; round++) {
		struct s1inv_vtd_fields x = { .type = (uint8_t)_i };

		if (_i <= 5)
			fill_128(&x, &state);
		else
			fill_256(&x, &state);
		if (s1inv_vtd_encode(&x, &desc) != 0)
			ck_abort_msg("round %" PRIu32 ": refused", round);
		memset(&out, 0xa5, sizeof(out));
		s1inv_vtd_decode(&desc, &full_mode, &out);
		if (!same_fields(&out.fields, &x))
			ck_abort_msg("round %" PRIu32 ": fields", round);
		if (out.violations & ~(S1INV_VTD_BAD_G | S1INV_VTD_BAD_AM))
			ck_abort_msg("round %" PRIu32 ": violations %#" PRIx32,
				     round, out.violations);
	}
}
END_TEST

/* encode(decode(d)) = d for any d without reserved bits */
START_TEST(descriptors_survive)
{
	uint64_t state = ~SEED + (uint64_t)_i;
	struct s1inv_vtd_decoded out;
	struct s1inv_vtd_desc back;
	struct s1inv_vtd_desc d;
	uint32_t round;

	printf("descriptors_survive: type %#x, seed %#" PRIx64 "\n",
	       (unsigned int)_i, state);
	for (round = 0; round < ROUNDS; round++) {
		d.qw[0] = next_random(&state) & ~masks[_i].qw0 & ~TYPE_BITS;
		d.qw[0] |= (uint64_t)_i;
		d.qw[1] = next_random(&state) & ~masks[_i].qw1;
		if (_i == 0x9)
			d.qw[1] &= ~(uint64_t)S1INV_VTD_PGRESP_IGNORED_QW1;
		d.qw[2] = 0;
		d.qw[3] = 0;
		s1inv_vtd_decode(&d, &full_mode, &out);
		if (s1inv_vtd_encode(&out.fields, &back) != 0)
			ck_abort_msg("round %" PRIu32 ": refused", round);
		if (memcmp(&back, &d, sizeof(d)) != 0)
			ck_abort_msg("round %" PRIu32 ": bits", round);
	}
}
END_TEST

/* decode(encode(block)) = block, at every order */
START_TEST(blocks_survive)
{
	uint64_t state = SEED;
	struct s1inv_vtd_block back;
	struct s1inv_vtd_block x;
	uint64_t addr;
	uint32_t round;
	uint8_t s;

	printf("blocks_survive: seed %#" PRIx64 "\n", state);
	for (round = 0; round < ROUNDS; round++) {
		x.order = (uint8_t)(round % 53);
		x.first = next_random(&state) >> 12 >> x.order << x.order;
		addr = s1inv_vtd_size_encode(&x, &s);
		if (!s1inv_vtd_size_decode(addr, s, &back))
			ck_abort_msg("round %" PRIu32 ": undefined", round);
		if (back.first != x.first || back.order != x.order)
			ck_abort_msg("round %" PRIu32 ": differs", round);
	}
}
END_TEST

#define LOOP(tcase, test, from, to)                                            \
	tcase_add_loop_test(tcase, test, (int)(from), (int)(to))

static TCase *decode_case(void)
{
	TCase *tcase = tcase_create("decode");

	LOOP(tcase, decodes_vectors, 0, ROWS(vectors));
	LOOP(tcase, every_reserved_bit, 1, LAST_TYPE + 1);
	LOOP(tcase, all_reserved_bits, 1, LAST_TYPE + 1);
	tcase_add_test(tcase, reserved_fields_are_filled);
	tcase_add_test(tcase, narrow_queue_stops_at_128_bits);
	LOOP(tcase, type_has_seven_bits, 0, 128);
	LOOP(tcase, modes, 0, ROWS(mode_rows));
	tcase_add_test(tcase, features);
	LOOP(tcase, granularities, 0, ROWS(g_rows));
	tcase_add_test(tcase, granularity_of_iec);
	LOOP(tcase, address_masks, 0, 3);
	tcase_add_test(tcase, violations_add_up);
	return tcase;
}

static TCase *layout_case(void)
{
	TCase *tcase = tcase_create("layout and sizes");

	LOOP(tcase, sizes, 0, ROWS(size_rows));
	LOOP(tcase, every_order, 1, 53);
	tcase_add_test(tcase, all_ones_is_undefined);
	tcase_add_test(tcase, layout_rows);
	LOOP(tcase, layout_does_not_overlap, 1, LAST_TYPE + 1);
	LOOP(tcase, field_values, 0, ROWS(value_rows));
	return tcase;
}

static TCase *partner_case(void)
{
	TCase *tcase = tcase_create("with the encoder");

	LOOP(tcase, fields_survive, 1, 10);
	LOOP(tcase, descriptors_survive, 1, 10);
	tcase_add_test(tcase, blocks_survive);
	return tcase;
}

static Suite *decode_suite(void)
{
	Suite *suite = suite_create("vtd_decode");

	suite_add_tcase(suite, decode_case());
	suite_add_tcase(suite, layout_case());
	suite_add_tcase(suite, partner_case());
	return suite;
}

int main(void)
{
	return run_suite(decode_suite());
}
