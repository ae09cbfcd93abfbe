/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The audit (AUD-*). What a request must ask for is worked out page by page
 * from what the entry says: page p is asked for if it is not below the first
 * one and lies less than npages behind it.
 */
#include <s1inv/s1inv.h>

#include "rng.h"
#include "runner.h"

#include <string.h>

#define PAGE UINT64_C(4096)
#define PAGES (UINT64_C(1) << 52) /* of the 64-bit address space */
#define ROUNDS 1000000

static const struct s1inv_vtd_audit compatible = { S1INV_REVISION_LINUX,
						   S1INV_AUDIT_COMPATIBLE,
						   48 };
static const struct s1inv_vtd_audit strict48 = { S1INV_REVISION_LINUX,
						 S1INV_AUDIT_STRICT, 48 };
static const struct s1inv_vtd_audit strict57 = { S1INV_REVISION_LINUX,
						 S1INV_AUDIT_STRICT, 57 };

static struct s1inv_vtd_request request;

static struct s1inv_verdict audit(const struct s1inv_vtd_audit *how,
				  uint64_t addr, uint64_t npages,
				  uint32_t flags, uint32_t last_word)
{
	struct s1inv_vtd_s1_entry e = { addr, npages, flags, last_word };

	return s1inv_vtd_audit_entry(how, &e, &request);
}

/* A refusal names its rule, and leaves the request as it was. */
static void refused(const struct s1inv_vtd_audit *how, uint64_t addr,
		    uint64_t npages, uint32_t flags, uint32_t last_word,
		    int error, enum s1inv_rule rule)
{
	struct s1inv_vtd_request before;
	struct s1inv_verdict v;

	memset(&request, 0x5a, sizeof(request));
	memcpy(&before, &request, sizeof(before));
	v = audit(how, addr, npages, flags, last_word);
	ck_assert_int_eq(v.error, error);
	ck_assert_int_eq((int)v.rule, (int)rule);
	ck_assert(!memcmp(&before, &request, sizeof(before)));
}

static void accepted(const struct s1inv_vtd_audit *how, uint64_t addr,
		     uint64_t npages, uint32_t flags)
{
	struct s1inv_verdict v = audit(how, addr, npages, flags, 0);

	ck_assert_int_eq(v.error, 0);
	ck_assert_int_eq((int)v.rule, S1INV_RULE_NONE);
}

static void is_range(uint64_t first, uint64_t last)
{
	ck_assert_int_eq((int)request.reach, S1INV_VTD_RANGE);
	ck_assert_uint_eq(request.first, first);
	ck_assert_uint_eq(request.last, last);
}

/* The whole space may be given as a range of 2^52 pages or as all there is. */
static void is_everything(void)
{
	if (request.reach != S1INV_VTD_ALL)
		is_range(0, PAGES - 1);
}

/* AUD-1: every flag but LEAF, under both policies and revisions */
START_TEST(aud_1_flags)
{
	struct s1inv_vtd_audit v8 = { S1INV_REVISION_V8, S1INV_AUDIT_STRICT,
				      57 };

	refused(&compatible, PAGE, 1, 1U << _i, 0, -S1INV_EOPNOTSUPP,
		S1INV_RULE_AUD_1);
	refused(&strict48, PAGE, 1, 1U << _i | S1INV_VTD_S1_LEAF, 0,
		-S1INV_EOPNOTSUPP, S1INV_RULE_AUD_1);
	refused(&v8, 0, S1INV_VTD_S1_ALL, 1U << _i, 0, -S1INV_EOPNOTSUPP,
		S1INV_RULE_AUD_1);
}
END_TEST

/* R5: LEAF was ignored. It reaches the request (and from there IH, ENC-9). */
START_TEST(aud_1_defect_R5_leaf)
{
	accepted(&compatible, PAGE, 1, S1INV_VTD_S1_LEAF);
	ck_assert(request.leaf);
	accepted(&compatible, PAGE, 1, 0);
	ck_assert(!request.leaf);
	accepted(&strict48, PAGE, 9, S1INV_VTD_S1_LEAF);
	ck_assert(request.leaf);
	accepted(&strict48, PAGE, 9, 0);
	ck_assert(!request.leaf);
}
END_TEST

/* AUD-2, revision linux */
START_TEST(aud_2_reserved_word)
{
	refused(&compatible, PAGE, 1, 0, 1U << _i, -S1INV_EOPNOTSUPP,
		S1INV_RULE_AUD_2);
	refused(&strict57, 0, S1INV_VTD_S1_ALL, 0, 1U << _i,
		-S1INV_EOPNOTSUPP, S1INV_RULE_AUD_2);
}
END_TEST

/* AUD-2, revision v8: the word is an output. */
START_TEST(aud_2_hw_error_is_ignored)
{
	struct s1inv_vtd_audit v8 = { S1INV_REVISION_V8,
				      S1INV_AUDIT_COMPATIBLE, 48 };

	ck_assert_int_eq(audit(&v8, PAGE, 2, 0, 1U << _i).error, 0);
	is_range(1, 2);
	ck_assert_int_eq(audit(&v8, PAGE, 2, 0, UINT32_MAX).error, 0);
	v8.policy = S1INV_AUDIT_STRICT;
	ck_assert_int_eq(audit(&v8, PAGE, 2, 0, 1U << _i).error, 0);
	is_range(1, 2);
}
END_TEST

/* AUD-3: each of the low 12 bits */
START_TEST(aud_3_alignment)
{
	uint64_t addr = PAGE * 5 + (UINT64_C(1) << _i);

	refused(&compatible, addr, 1, 0, 0, -S1INV_EINVAL, S1INV_RULE_AUD_3);
	refused(&compatible, addr, 0, 0, 0, -S1INV_EINVAL, S1INV_RULE_AUD_3);
	refused(&strict57, addr, 1, 0, 0, -S1INV_EINVAL, S1INV_RULE_AUD_3);
}
END_TEST

/* AUD-4: each address but 0 */
START_TEST(aud_4_full_flush_form)
{
	uint64_t addr = UINT64_C(1) << _i;

	refused(&compatible, addr, S1INV_VTD_S1_ALL, 0, 0, -S1INV_EINVAL,
		S1INV_RULE_AUD_4);
	refused(&strict57, addr, S1INV_VTD_S1_ALL, 0, 0, -S1INV_EINVAL,
		S1INV_RULE_AUD_4);
}
END_TEST

/* AUD-4 is about U64_MAX and no other number. */
START_TEST(aud_4_one_page_less_is_no_full_flush)
{
	accepted(&compatible, PAGE, S1INV_VTD_S1_ALL - 1, 0);
	is_range(1, PAGES - 1);
	accepted(&compatible, 0, S1INV_VTD_S1_ALL - 1, 0);
	is_everything();
}
END_TEST

/* AUD-5: of any two of the four the first decides. */
START_TEST(aud_5_order)
{
	static const struct s1inv_vtd_audit *const hows[] = { &compatible,
							      &strict48 };
	const struct s1inv_vtd_audit *how = hows[_i];

	refused(how, PAGE, 1, 2, 1, -S1INV_EOPNOTSUPP, S1INV_RULE_AUD_1);
	refused(how, 1, 1, 2, 0, -S1INV_EOPNOTSUPP, S1INV_RULE_AUD_1);
	refused(how, PAGE, S1INV_VTD_S1_ALL, 2, 0, -S1INV_EOPNOTSUPP,
		S1INV_RULE_AUD_1);
	refused(how, 1, 1, 0, 1, -S1INV_EOPNOTSUPP, S1INV_RULE_AUD_2);
	refused(how, PAGE, S1INV_VTD_S1_ALL, 0, 1, -S1INV_EOPNOTSUPP,
		S1INV_RULE_AUD_2);
	refused(how, 1, S1INV_VTD_S1_ALL, 0, 0, -S1INV_EINVAL,
		S1INV_RULE_AUD_3);
	refused(how, 1, S1INV_VTD_S1_ALL, 2, 1, -S1INV_EOPNOTSUPP,
		S1INV_RULE_AUD_1);
}
END_TEST

/* AUD-5: what the strict policy adds comes last. */
START_TEST(aud_5_strict_conditions_come_last)
{
	uint64_t hole = UINT64_C(1) << 60;

	refused(&strict48, hole, 0, 2, 0, -S1INV_EOPNOTSUPP, S1INV_RULE_AUD_1);
	refused(&strict48, hole, 0, 0, 1, -S1INV_EOPNOTSUPP, S1INV_RULE_AUD_2);
	refused(&strict48, hole + 1, 0, 0, 0, -S1INV_EINVAL, S1INV_RULE_AUD_3);
	refused(&strict48, hole, S1INV_VTD_S1_ALL, 0, 0, -S1INV_EINVAL,
		S1INV_RULE_AUD_4);
}
END_TEST

/* AUD-6 and I9: nothing is asked for, wherever; no logarithm of 0 */
START_TEST(aud_6_defect_I9_no_pages)
{
	static const uint64_t addrs[] = { 0, 0x5000, UINT64_C(1) << 47,
					  UINT64_C(0) - PAGE };

	accepted(&compatible, addrs[_i], 0, 0);
	ck_assert_int_eq((int)request.reach, S1INV_VTD_NOTHING);
	accepted(&compatible, addrs[_i], 0, S1INV_VTD_S1_LEAF);
	ck_assert_int_eq((int)request.reach, S1INV_VTD_NOTHING);
}
END_TEST

/* AUD-7, and I10 or S4: a size in bytes that does not fit 64 bits */
START_TEST(aud_7_defect_I10_S4_size_overflow)
{
	static const uint64_t npages[] = { PAGES, PAGES + 1, PAGES * 2,
					   UINT64_C(1) << 63,
					   UINT64_MAX - 1 };

	accepted(&compatible, 0, npages[_i], 0);
	is_everything();
	accepted(&compatible, PAGE, npages[_i], 0);
	is_range(1, PAGES - 1);
	accepted(&compatible, 2 * PAGE, npages[_i] - 1, 0);
	is_range(2, PAGES - 1);
}
END_TEST

/* AUD-7: cut off at the end, and not before */
START_TEST(aud_7_end_of_the_space)
{
	accepted(&compatible, UINT64_C(0) - PAGE, 1, 0);
	is_range(PAGES - 1, PAGES - 1);
	accepted(&compatible, UINT64_C(0) - PAGE, 2, 0);
	is_range(PAGES - 1, PAGES - 1);
	accepted(&compatible, UINT64_C(0) - 8 * PAGE, 8, 0);
	is_range(PAGES - 8, PAGES - 1);
	accepted(&compatible, UINT64_C(0) - 8 * PAGE, 9, 0);
	is_range(PAGES - 8, PAGES - 1);
	accepted(&compatible, UINT64_C(0) - 8 * PAGE, UINT64_MAX - 1, 0);
	is_range(PAGES - 8, PAGES - 1);
	accepted(&compatible, 0, PAGES - 1, 0);
	is_range(0, PAGES - 2);
}
END_TEST

/* Compatible: an address that is not canonical is nobody's business. */
START_TEST(aud_7_not_canonical_is_compatible)
{
	accepted(&compatible, UINT64_C(1) << 47, 1, 0);
	is_range(UINT64_C(1) << 35, UINT64_C(1) << 35);
	accepted(&compatible, UINT64_C(0xff00000000000000), 2, 0);
	is_range(UINT64_C(0xff00000000000), UINT64_C(0xff00000000001));
}
END_TEST

START_TEST(aud_8_strict_refuses_no_pages)
{
	refused(&strict48, 0, 0, 0, 0, -S1INV_EINVAL, S1INV_RULE_AUD_8);
	refused(&strict57, 5 * PAGE, 0, 0, 0, -S1INV_EINVAL, S1INV_RULE_AUD_8);
}
END_TEST

START_TEST(aud_9_strict_refuses_overflow)
{
	refused(&strict48, UINT64_C(0) - PAGE, 2, 0, 0, -S1INV_EINVAL,
		S1INV_RULE_AUD_9);
	refused(&strict57, UINT64_C(0) - 8 * PAGE, 9, 0, 0, -S1INV_EINVAL,
		S1INV_RULE_AUD_9);
	refused(&strict57, UINT64_C(0) - 8 * PAGE, UINT64_MAX - 1, 0, 0,
		-S1INV_EINVAL, S1INV_RULE_AUD_9);
	accepted(&strict48, UINT64_C(0) - PAGE, 1, 0);
	is_range(PAGES - 1, PAGES - 1);
	accepted(&strict57, UINT64_C(0) - 8 * PAGE, 8, 0);
	is_range(PAGES - 8, PAGES - 1);
}
END_TEST

/* AUD-10: the edges of the hole, for 48 and for 57 bits */
START_TEST(aud_10_strict_refuses_not_canonical)
{
	const struct s1inv_vtd_audit *how = _i ? &strict57 : &strict48;
	uint64_t half = UINT64_C(1) << (_i ? 56 : 47);
	uint64_t high = UINT64_C(0) - half;

	accepted(how, half - PAGE, 1, 0);
	accepted(how, 0, half / PAGE, 0);
	is_range(0, half / PAGE - 1);
	accepted(how, high, 1, 0);
	accepted(how, high, half / PAGE, 0);
	is_range(PAGES - half / PAGE, PAGES - 1);
	refused(how, half, 1, 0, 0, -S1INV_EINVAL, S1INV_RULE_AUD_10);
	refused(how, high - PAGE, 1, 0, 0, -S1INV_EINVAL, S1INV_RULE_AUD_10);
	refused(how, half - PAGE, 2, 0, 0, -S1INV_EINVAL, S1INV_RULE_AUD_10);
	refused(how, high - PAGE, 2, 0, 0, -S1INV_EINVAL, S1INV_RULE_AUD_10);
	refused(how, UINT64_C(1) << 60, 1, 0, 0, -S1INV_EINVAL,
		S1INV_RULE_AUD_10);
}
END_TEST

/* AUD-10: both ends are canonical, what lies between is not. */
START_TEST(aud_10_hole_in_the_middle)
{
	refused(&strict48, 0, PAGES, 0, 0, -S1INV_EINVAL, S1INV_RULE_AUD_10);
	refused(&strict57, PAGE, PAGES - 1, 0, 0, -S1INV_EINVAL,
		S1INV_RULE_AUD_10);
	refused(&strict48, 0x7ffffffff000, UINT64_C(0xffff000000002), 0, 0,
		-S1INV_EINVAL, S1INV_RULE_AUD_10);
}
END_TEST

/* AUD-10: the width is a parameter. */
START_TEST(aud_10_width)
{
	refused(&strict48, UINT64_C(1) << 50, 1, 0, 0, -S1INV_EINVAL,
		S1INV_RULE_AUD_10);
	accepted(&strict57, UINT64_C(1) << 50, 1, 0);
	is_range(UINT64_C(1) << 38, UINT64_C(1) << 38);
}
END_TEST

/* AUD-11 and M8: U64_MAX is found as a 64-bit value on 32-bit machines too. */
START_TEST(aud_11_defect_M8_full_flush)
{
	accepted(&compatible, 0, S1INV_VTD_S1_ALL, 0);
	ck_assert_int_eq((int)request.reach, S1INV_VTD_ALL);
	accepted(&strict48, 0, S1INV_VTD_S1_ALL, S1INV_VTD_S1_LEAF);
	ck_assert_int_eq((int)request.reach, S1INV_VTD_ALL);
	accepted(&strict57, 0, S1INV_VTD_S1_ALL, 0);
	ck_assert_int_eq((int)request.reach, S1INV_VTD_ALL);
}
END_TEST

/* M8 the other way round: 2^32 - 1 pages are just that. */
START_TEST(aud_11_defect_M8_32_bit_maximum)
{
	accepted(&compatible, 0, UINT32_MAX, 0);
	is_range(0, UINT32_MAX - 1);
	accepted(&compatible, PAGE, UINT32_MAX, 0);
	is_range(1, UINT32_MAX);
	accepted(&strict48, PAGE << 32, 1, 0);
	is_range(UINT64_C(1) << 32, UINT64_C(1) << 32);
}
END_TEST

static bool asked(const struct s1inv_vtd_s1_entry *e, uint64_t page)
{
	return page >= e->addr / PAGE && page - e->addr / PAGE < e->npages;
}

static bool in_request(uint64_t page)
{
	if (request.reach == S1INV_VTD_RANGE)
		return page >= request.first && page <= request.last;
	return request.reach == S1INV_VTD_ALL;
}

/* Canonical: the bits from the highest one of the address up are all equal. */
static bool canonical(uint64_t page, uint8_t bits)
{
	uint64_t high = page >> (bits - 1 - 12);

	return !high || high == (PAGES - 1) >> (bits - 1 - 12);
}

/* Is any page that is asked for not canonical, or past the end? */
static enum s1inv_rule strict_rule(const struct s1inv_vtd_s1_entry *e,
				   uint8_t bits)
{
	uint64_t hole = UINT64_C(1) << (bits - 1 - 12);
	uint64_t first = e->addr / PAGE;

	if (!e->npages)
		return S1INV_RULE_AUD_8;
	if (asked(e, PAGES))
		return S1INV_RULE_AUD_9;
	if (!canonical(first, bits) || asked(e, hole) ||
	    !canonical(first + e->npages - 1, bits))
		return S1INV_RULE_AUD_10;
	return S1INV_RULE_NONE;
}

static enum s1inv_rule naive_rule(const struct s1inv_vtd_audit *how,
				  const struct s1inv_vtd_s1_entry *e)
{
	if (e->flags > 1)
		return S1INV_RULE_AUD_1;
	if (e->hw_error && how->revision == S1INV_REVISION_LINUX)
		return S1INV_RULE_AUD_2;
	if (e->addr % PAGE)
		return S1INV_RULE_AUD_3;
	if (e->npages == UINT64_MAX)
		return e->addr ? S1INV_RULE_AUD_4 : S1INV_RULE_NONE;
	if (how->policy == S1INV_AUDIT_STRICT)
		return strict_rule(e, how->va_bits);
	return S1INV_RULE_NONE;
}

/* A page number, often near a power of two or the end of the space */
static uint64_t random_pages(uint64_t *seed)
{
	uint64_t n = UINT64_C(1) << rng_below(seed, 64);

	switch (rng_below(seed, 4)) {
	case 0:
		return n + rng_below(seed, 5) - 2;
	case 1:
		return n | (rng_next(seed) & (n - 1));
	case 2:
		return PAGES - rng_below(seed, 9);
	default:
		return rng_below(seed, 9);
	}
}

static void probe(const struct s1inv_vtd_s1_entry *e, uint64_t page)
{
	if (page < PAGES && asked(e, page) != in_request(page))
		ck_abort_msg("page %jx of %jx, %jx", (uintmax_t)page,
			     (uintmax_t)e->addr, (uintmax_t)e->npages);
}

static void check_request(const struct s1inv_vtd_s1_entry *e)
{
	uint64_t first = e->addr / PAGE;

	probe(e, 0);
	probe(e, first - 1);
	probe(e, first);
	probe(e, first + e->npages - 1);
	probe(e, first + e->npages);
	probe(e, PAGES - 1);
	if (request.reach != S1INV_VTD_RANGE)
		return;
	if (request.first > request.last || request.last >= PAGES)
		ck_abort_msg("not a range");
	probe(e, request.first - 1);
	probe(e, request.last + 1);
	if (request.leaf != (e->flags == S1INV_VTD_S1_LEAF))
		ck_abort_msg("leaf");
}

static void random_entry(uint64_t *seed)
{
	struct s1inv_vtd_audit how = {
		rng_below(seed, 2) ? S1INV_REVISION_V8 : S1INV_REVISION_LINUX,
		rng_below(seed, 2) ? S1INV_AUDIT_STRICT
				   : S1INV_AUDIT_COMPATIBLE,
		rng_below(seed, 2) ? 48 : 57
	};
	struct s1inv_vtd_s1_entry e = { random_pages(seed) * PAGE,
					random_pages(seed),
					rng_below(seed, 2), 0 };
	enum s1inv_rule rule;
	struct s1inv_verdict v;

	if (!rng_below(seed, 16))
		e.addr += rng_below(seed, 4096);
	if (!rng_below(seed, 16))
		e.npages = UINT64_MAX;
	if (!rng_below(seed, 16))
		e.flags = (uint32_t)rng_next(seed);
	if (!rng_below(seed, 16))
		e.hw_error = (uint32_t)rng_next(seed);
	rule = naive_rule(&how, &e);
	v = s1inv_vtd_audit_entry(&how, &e, &request);
	if (v.rule != rule || !v.error != !rule)
		ck_abort_msg("%jx, %jx: rule %d, expected %d",
			     (uintmax_t)e.addr, (uintmax_t)e.npages,
			     (int)v.rule, (int)rule);
	if (!rule)
		check_request(&e);
}

START_TEST(aud_1_to_11_property)
{
	uint64_t seed = 4;
	uint32_t i;

	for (i = 0; i < ROUNDS; i++)
		random_entry(&seed);
}
END_TEST

static Suite *audit_suite(void)
{
	Suite *s = suite_create("vtd_audit");
	TCase *tc = tcase_create("vtd_audit");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, aud_1_flags, 1, 32);
	tcase_add_test(tc, aud_1_defect_R5_leaf);
	tcase_add_loop_test(tc, aud_2_reserved_word, 0, 32);
	tcase_add_loop_test(tc, aud_2_hw_error_is_ignored, 0, 32);
	tcase_add_loop_test(tc, aud_3_alignment, 0, 12);
	tcase_add_loop_test(tc, aud_4_full_flush_form, 12, 64);
	tcase_add_test(tc, aud_4_one_page_less_is_no_full_flush);
	tcase_add_loop_test(tc, aud_5_order, 0, 2);
	tcase_add_test(tc, aud_5_strict_conditions_come_last);
	tcase_add_loop_test(tc, aud_6_defect_I9_no_pages, 0, 4);
	tcase_add_loop_test(tc, aud_7_defect_I10_S4_size_overflow, 0, 5);
	tcase_add_test(tc, aud_7_end_of_the_space);
	tcase_add_test(tc, aud_7_not_canonical_is_compatible);
	tcase_add_test(tc, aud_8_strict_refuses_no_pages);
	tcase_add_test(tc, aud_9_strict_refuses_overflow);
	tcase_add_loop_test(tc, aud_10_strict_refuses_not_canonical, 0, 2);
	tcase_add_test(tc, aud_10_hole_in_the_middle);
	tcase_add_test(tc, aud_10_width);
	tcase_add_test(tc, aud_11_defect_M8_full_flush);
	tcase_add_test(tc, aud_11_defect_M8_32_bit_maximum);
	tcase_add_test(tc, aud_1_to_11_property);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(audit_suite());
}
