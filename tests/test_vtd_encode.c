/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The encoder (ENC-1): worked examples, and every field of every type against
 * a table of the specification's layouts that is kept here on purpose, apart
 * from the one that the core uses.
 */
#include <s1inv/s1inv.h>

#include "rng.h"
#include "runner.h"

#include <string.h>

#define ROUNDS 500

/**
 * struct place - where bits of a field go
 * @type: of the descriptor
 * @offset: of the field in struct s1inv_vtd_fields
 * @size: of it there, in bytes
 * @from: its lowest bit that goes here
 * @qw: quadword
 * @lsb: lowest bit there
 * @width: number of bits
 */
struct place {
	uint8_t type;
	uint8_t offset;
	uint8_t size;
	uint8_t from;
	uint8_t qw;
	uint8_t lsb;
	uint8_t width;
};

#define MEMBER(f)                                                              \
	(uint8_t)offsetof(struct s1inv_vtd_fields, f),                         \
		(uint8_t)sizeof(((struct s1inv_vtd_fields *)NULL)->f)
#define AT(type, f, qw, lsb, width)                                            \
	{                                                                      \
		type, MEMBER(f), 0, qw, lsb, width                             \
	}
#define PART(type, f, from, qw, lsb, width)                                    \
	{                                                                      \
		type, MEMBER(f), from, qw, lsb, width                          \
	}

static const struct place places[] = {
	/* VT-d 6.5.2.1 context cache */
	AT(1, g, 0, 4, 2),
	AT(1, did, 0, 16, 16),
	AT(1, sid, 0, 32, 16),
	AT(1, fm, 0, 48, 2),
	/* VT-d 6.5.2.3 IOTLB */
	AT(2, g, 0, 4, 2),
	AT(2, dw, 0, 6, 1),
	AT(2, dr, 0, 7, 1),
	AT(2, did, 0, 16, 16),
	AT(2, am, 1, 0, 6),
	AT(2, ih, 1, 6, 1),
	PART(2, addr, 12, 1, 12, 52),
	/* VT-d 6.5.2.5 device TLB */
	PART(3, pfsid, 0, 0, 12, 4),
	AT(3, mip, 0, 16, 5),
	AT(3, sid, 0, 32, 16),
	PART(3, pfsid, 4, 0, 52, 12),
	AT(3, s, 1, 0, 1),
	PART(3, addr, 12, 1, 12, 52),
	/* VT-d 6.5.2.8 interrupt entry cache */
	AT(4, g, 0, 4, 1),
	AT(4, im, 0, 27, 5),
	AT(4, iidx, 0, 32, 16),
	/* VT-d 6.5.2.9 wait */
	AT(5, wif, 0, 4, 1),
	AT(5, sw, 0, 5, 1),
	AT(5, fn, 0, 6, 1),
	AT(5, pd, 0, 7, 1),
	AT(5, data, 0, 32, 32),
	PART(5, addr, 2, 1, 2, 62),
	/* VT-d 6.5.2.4 PASID-based IOTLB */
	AT(6, g, 0, 4, 2),
	AT(6, did, 0, 16, 16),
	AT(6, pasid, 0, 32, 20),
	AT(6, am, 1, 0, 6),
	AT(6, ih, 1, 6, 1),
	PART(6, addr, 12, 1, 12, 52),
	/* VT-d 6.5.2.2 PASID cache */
	AT(7, g, 0, 4, 2),
	AT(7, did, 0, 16, 16),
	AT(7, pasid, 0, 32, 20),
	/* VT-d 6.5.2.6 PASID-based device TLB */
	AT(8, mip, 0, 4, 5),
	PART(8, pfsid, 0, 0, 12, 4),
	AT(8, sid, 0, 16, 16),
	AT(8, pasid, 0, 32, 20),
	PART(8, pfsid, 4, 0, 52, 12),
	AT(8, gi, 1, 0, 1),
	AT(8, s, 1, 11, 1),
	PART(8, addr, 12, 1, 12, 52),
	/* VT-d 7.6.1 page-group response */
	AT(9, pp, 0, 4, 1),
	AT(9, rc, 0, 12, 4),
	AT(9, sid, 0, 16, 16),
	AT(9, pasid, 0, 32, 20),
	AT(9, prgi, 1, 3, 9),
};

#define PLACES ((int)(sizeof(places) / sizeof(places[0])))

/* Reserved bits with DIT and PDS set: what no valid descriptor may have */
static const uint64_t reserved[10][2] = {
	[1] = { 0xfffc00000000f1c0, UINT64_MAX },
	[2] = { 0xffffffff0000f100, 0xf80 },
	[3] = { 0x000f0000ffe001f0, 0xffe },
	[4] = { 0xffff000007fff1e0, UINT64_MAX },
	[5] = { 0xfffff100, 0x3 },
	[6] = { 0xfff000000000f1c0, 0xf80 },
	[7] = { 0xfff000000000f1c0, UINT64_MAX },
	[8] = { 0, 0x7fe },
	[9] = { 0xfff00000000001e0, 0xfffffffffffff007 },
};

static uint64_t mask(uint8_t width)
{
	return (UINT64_C(1) << width) - 1;
}

/* Sets a member of the fields by its place in them, in either byte order. */
static void set(struct s1inv_vtd_fields *f, const struct place *p, uint64_t v)
{
	uint8_t *at = (uint8_t *)f + p->offset;
	uint16_t v16 = (uint16_t)v;
	uint32_t v32 = (uint32_t)v;

	if (p->size == 1)
		*at = (uint8_t)v;
	else if (p->size == 2)
		memcpy(at, &v16, sizeof(v16));
	else if (p->size == 4)
		memcpy(at, &v32, sizeof(v32));
	else
		memcpy(at, &v, sizeof(v));
}

static void encodes(const struct s1inv_vtd_fields *f, uint64_t qw0,
		    uint64_t qw1)
{
	struct s1inv_vtd_desc d;

	memset(&d, 0x5a, sizeof(d));
	ck_assert_int_eq(s1inv_vtd_encode(f, &d), 0);
	ck_assert_msg(d.qw[0] == qw0 && d.qw[1] == qw1,
		      "[%016jx %016jx], expected [%016jx %016jx]",
		      (uintmax_t)d.qw[0], (uintmax_t)d.qw[1], (uintmax_t)qw0,
		      (uintmax_t)qw1);
	ck_assert(!d.qw[2] && !d.qw[3]);
}

/* A refusal leaves the descriptor as it was. */
static void refused(const struct s1inv_vtd_fields *f)
{
	struct s1inv_vtd_desc d, before;

	memset(&d, 0x5a, sizeof(d));
	memcpy(&before, &d, sizeof(d));
	ck_assert_int_eq(s1inv_vtd_encode(f, &d), -S1INV_EINVAL);
	ck_assert(!memcmp(&before, &d, sizeof(d)));
}

/* --------------------------------------------------------- worked examples */

struct example {
	struct s1inv_vtd_fields fields;
	uint64_t qw0;
	uint64_t qw1;
};

static const struct example examples[] = {
	{ { .type = 1, .g = 1 }, 0x11, 0 },
	{ { .type = 1, .g = 2, .did = 5 }, 0x50021, 0 },
	{ { .type = 2, .g = 1, .dw = 1, .dr = 1 }, 0xd2, 0 },
	{ { .type = 2, .g = 2, .dw = 1, .dr = 1, .did = 5 }, 0x500e2, 0 },
	{ { .type = 3, .sid = 0x308, .pfsid = 0x300, .mip = 8,
	    .addr = 0x40000000 },
	  0x0300030800080003, 0x40000000 },
	{ { .type = 3, .sid = 0x308, .pfsid = 0x300, .mip = 8,
	    .addr = 0x400ff000, .s = 1 },
	  0x0300030800080003, 0x400ff001 },
	{ { .type = 4 }, 4, 0 },
	{ { .type = 5, .sw = 1, .data = 2, .addr = 0x1000 }, 0x200000025,
	  0x1000 },
	{ { .type = 5, .sw = 1, .fn = 1, .data = 2, .addr = 0x1000 },
	  0x200000065, 0x1000 },
	{ { .type = 5, .fn = 1 }, 0x45, 0 },
	{ { .type = 6, .g = 2, .did = 5 }, 0x50026, 0 },
	/* M15: the invalidation hint was lost */
	{ { .type = 6, .g = 3, .did = 5, .pasid = 0x12345, .addr = 0x40000000,
	    .am = 9, .ih = 1 },
	  0x0001234500050036, 0x40000049 },
	{ { .type = 7, .g = 0, .did = 5 }, 0x50007, 0 },
	{ { .type = 7, .g = 3 }, 0x37, 0 },
	{ { .type = 8, .sid = 0x308, .pfsid = 0x300, .mip = 8,
	    .pasid = 0x12345, .addr = 0x40000000 },
	  0x0301234503080088, 0x40000000 },
	{ { .type = 8, .sid = 0x308, .pfsid = 0x300, .mip = 8,
	    .pasid = 0x12345, .addr = 0x7ffffffffffff000, .s = 1 },
	  0x0301234503080088, 0x7ffffffffffff800 },
	/* What stock kernels send for one page, with domain id 3 */
	{ { .type = 6, .g = 3, .did = 3 }, 0x30036, 0 },
	/* M17: their full flush, as it has to be */
	{ { .type = 6, .g = 2, .did = 3 }, 0x30026, 0 },
};

START_TEST(enc_1_defect_M15_M17_examples)
{
	encodes(&examples[_i].fields, examples[_i].qw0, examples[_i].qw1);
}
END_TEST

/* ------------------------------------------------ one field after the other */

/* ENC-1: each bit of each field, alone, at its place */
START_TEST(enc_1_every_bit_of_every_field)
{
	const struct place *p = &places[_i];
	uint8_t bit;

	for (bit = 0; bit < p->width; bit++) {
		struct s1inv_vtd_fields f = { .type = p->type };
		uint64_t qw[2] = { p->type, 0 };

		set(&f, p, UINT64_C(1) << (p->from + bit));
		qw[p->qw] |= UINT64_C(1) << (p->lsb + bit);
		encodes(&f, qw[0], qw[1]);
	}
}
END_TEST

/* M13: bits 15:4 of PFSID stood at the wrong position. */
START_TEST(enc_1_defect_M13_pfsid)
{
	struct s1inv_vtd_fields f = { .type = 3, .pfsid = 0xabcd };

	encodes(&f, 0xabc000000000d003, 0);
	f.type = 8;
	encodes(&f, 0xabc000000000d008, 0);
}
END_TEST

/* M18: a reserved bit was set in the page-group response. */
START_TEST(enc_1_defect_M18_page_group_response)
{
	struct s1inv_vtd_fields f = { .type = 9, .pp = 1, .rc = 15,
				      .sid = 0xffff, .pasid = 0xfffff,
				      .prgi = 0x1ff };

	encodes(&f, 0x000ffffffffff019, 0xff8);
}
END_TEST

/* M19: a PASID of more than 20 bits landed in reserved bits or in PFSID. */
START_TEST(enc_1_defect_M19_pasid)
{
	struct s1inv_vtd_fields f = { .type = (uint8_t)_i };
	uint32_t bit;

	f.pasid = 0xfffff;
	encodes(&f, 0x000fffff00000000U | (uint64_t)_i, 0);
	for (bit = 20; bit < 32; bit++) {
		f.pasid = 1U << bit;
		refused(&f);
	}
}
END_TEST

/* The bits of a field that its descriptor type has places for */
static uint64_t room(const struct place *p)
{
	uint64_t bits = 0;
	int i;

	for (i = 0; i < PLACES; i++)
		if (places[i].type == p->type && places[i].offset == p->offset)
			bits |= mask(places[i].width) << places[i].from;
	return bits;
}

/* ENC-1: each bit that does not fit is refused, alone and with all the rest. */
START_TEST(enc_1_what_does_not_fit_is_refused)
{
	const struct place *p = &places[_i];
	uint64_t fits = room(p);
	uint32_t bit;

	for (bit = 0; bit < p->size * 8U; bit++) {
		struct s1inv_vtd_fields f = { .type = p->type };

		if (fits >> bit & 1)
			continue;
		set(&f, p, UINT64_C(1) << bit);
		refused(&f);
		set(&f, p, UINT64_C(1) << bit | fits);
		refused(&f);
	}
}
END_TEST

static bool has(uint8_t type, const struct place *p)
{
	int i;

	for (i = 0; i < PLACES; i++)
		if (places[i].type == type && places[i].offset == p->offset)
			return true;
	return false;
}

/* ENC-1: what the type does not have does not matter, fit or not. */
START_TEST(enc_1_other_fields_do_not_matter)
{
	struct s1inv_vtd_fields f = { .type = (uint8_t)_i };
	int i;

	for (i = 0; i < PLACES; i++)
		if (!has(f.type, &places[i]))
			set(&f, &places[i], UINT64_MAX);
	encodes(&f, f.type, 0);
}
END_TEST

/* ENC-1: 0xa means two things, the others nothing; bits 6:4 are type bits. */
START_TEST(enc_1_unknown_type)
{
	struct s1inv_vtd_fields f = { .type = (uint8_t)_i };

	if (f.type == 0 || f.type >= S1INV_VTD_TYPE_HPT)
		refused(&f);
	else
		encodes(&f, (uint64_t)_i, 0);
}
END_TEST

static void random_fields(uint8_t type, uint64_t *seed)
{
	struct s1inv_vtd_fields f = { .type = type };
	uint64_t qw[2] = { type, 0 }, values[PLACES];
	int i, j;

	for (i = 0; i < PLACES; i++) {
		const struct place *p = &places[i];

		if (p->type != type)
			continue;
		values[i] = rng_next(seed) & room(p);
		/* A field in two pieces has one value. */
		for (j = 0; j < i; j++)
			if (places[j].type == type &&
			    places[j].offset == p->offset)
				values[i] = values[j];
		set(&f, p, values[i]);
		qw[p->qw] |= (values[i] >> p->from & mask(p->width)) << p->lsb;
	}
	ck_assert(!(qw[0] & reserved[type][0]) && !(qw[1] & reserved[type][1]));
	encodes(&f, qw[0], qw[1]);
}

START_TEST(enc_1_property)
{
	uint64_t seed = (uint64_t)_i;
	uint32_t i;

	for (i = 0; i < ROUNDS; i++)
		random_fields((uint8_t)_i, &seed);
}
END_TEST

/* ------------------------------------------------- sizes for device TLBs */

struct size_example {
	uint8_t order;
	uint64_t base;
	uint64_t qw1_3; /* of type 3 */
	uint64_t qw1_8; /* of type 8 */
};

static const struct size_example sizes[] = {
	{ 0, 0x40000000, 0x40000000, 0x40000000 },
	{ 1, 0x40000000, 0x40000001, 0x40000800 },
	{ 2, 0x40000000, 0x40001001, 0x40001800 },
	{ 3, 0x40000000, 0x40003001, 0x40003800 },
	{ 9, 0x40000000, 0x400ff001, 0x400ff800 },
	{ 18, 0x40000000, 0x5ffff001, 0x5ffff800 },
	{ 30, 0, 0x1fffffff001, 0x1fffffff800 },
	{ 51, 0, 0x3ffffffffffff001, 0x3ffffffffffff800 },
	{ 52, 0, 0x7ffffffffffff001, 0x7ffffffffffff800 },
};

#define SIZES ((int)(sizeof(sizes) / sizeof(sizes[0])))

START_TEST(enc_1_size_examples)
{
	const struct size_example *e = &sizes[_i];
	struct s1inv_vtd_block block = { e->base >> 12, e->order };
	struct s1inv_vtd_fields f = { .type = 3, .s = 0xff };

	f.addr = s1inv_vtd_size_encode(&block, &f.s);
	encodes(&f, 3, e->qw1_3);
	f.type = 8;
	encodes(&f, 8, e->qw1_8);
}
END_TEST

/* What a device makes of it: from bit 12 up, ones double the size. */
static uint8_t read_size(uint64_t addr, uint8_t s, uint64_t *base)
{
	uint8_t order = s;
	uint8_t bit;

	for (bit = 12; s && addr >> bit & 1; bit++)
		order++;
	*base = addr;
	for (bit = 12; bit < 12 + order && bit < 64; bit++)
		*base &= ~(UINT64_C(1) << bit);
	return order;
}

/*
 * M14: a shift by 64 for the full range. M12: the base, and the mask, right
 * up to their last bit, for every base of every size that can be drawn.
 */
START_TEST(enc_1_defect_M12_M14_every_size)
{
	uint8_t order = (uint8_t)_i;
	uint64_t seed = (uint64_t)_i, base;
	uint64_t last = (UINT64_C(1) << (52 - order)) - 1;
	uint64_t tries[] = { 0, last, last / 2, last / 2 + 1, 1 };
	uint32_t i;

	for (i = 0; i < 1000; i++) {
		uint64_t nth = i < 5 ? tries[i] : rng_next(&seed);
		struct s1inv_vtd_block block = { (nth & last) << order, order };
		uint8_t s = 0xff;
		uint64_t addr = s1inv_vtd_size_encode(&block, &s);

		if (addr & 0xfff || s != (order ? 1 : 0) ||
		    read_size(addr, s, &base) != order ||
		    base != block.first << 12)
			ck_abort_msg("page %jx, order %u: %jx, S %u",
				     (uintmax_t)block.first, order,
				     (uintmax_t)addr, s);
	}
}
END_TEST

/* ADDR of all ones with S is undefined, and never made (VT-d 6.5.2.5). */
START_TEST(enc_1_size_never_all_ones)
{
	uint8_t order;

	for (order = 1; order <= 52; order++) {
		uint64_t pages = UINT64_C(1) << order;
		struct s1inv_vtd_block last = { (UINT64_C(1) << 52) - pages,
						order };
		uint8_t s;

		ck_assert(s1inv_vtd_size_encode(&last, &s) >> 12 !=
			  (UINT64_C(1) << 52) - 1);
	}
}
END_TEST

static Suite *encode_suite(void)
{
	Suite *s = suite_create("vtd_encode");
	TCase *tc = tcase_create("vtd_encode");
	int num = (int)(sizeof(examples) / sizeof(examples[0]));

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, enc_1_defect_M15_M17_examples, 0, num);
	tcase_add_loop_test(tc, enc_1_every_bit_of_every_field, 0, PLACES);
	tcase_add_test(tc, enc_1_defect_M13_pfsid);
	tcase_add_test(tc, enc_1_defect_M18_page_group_response);
	tcase_add_loop_test(tc, enc_1_defect_M19_pasid, 6, 10);
	tcase_add_loop_test(tc, enc_1_what_does_not_fit_is_refused, 0, PLACES);
	tcase_add_loop_test(tc, enc_1_other_fields_do_not_matter, 1, 10);
	tcase_add_loop_test(tc, enc_1_unknown_type, 0, 256);
	tcase_add_loop_test(tc, enc_1_property, 1, 10);
	tcase_add_loop_test(tc, enc_1_size_examples, 0, SIZES);
	tcase_add_loop_test(tc, enc_1_defect_M12_M14_every_size, 0, 53);
	tcase_add_test(tc, enc_1_size_never_all_ones);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(encode_suite());
}
