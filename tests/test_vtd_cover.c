/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The cover (COV-*): over every range of a 12-bit space, over random ones of
 * the whole space (S1INV_COVER_RANDOM says how many, 10^7 by default), and
 * over the requests that stock kernels were seen to get wrong.
 */
#include <s1inv/s1inv.h>

#include "rng.h"
#include "runner.h"

#include <string.h>

#define PAGE UINT64_C(4096)
#define PAGES (UINT64_C(1) << 52)
#define EXACT_MAX 102U

/** struct blocks - a whole cover */
struct blocks {
	struct s1inv_vtd_block block[EXACT_MAX + 1];
	uint32_t num;
};

static struct blocks got;

static void cover(const struct s1inv_vtd_request *request, enum s1inv_cover how)
{
	struct s1inv_vtd_cover c;

	memset(&c, 0x5a, sizeof(c));
	s1inv_vtd_cover_start(&c, request, how);
	got.num = 0;
	while (got.num <= EXACT_MAX &&
	       s1inv_vtd_cover_next(&c, &got.block[got.num]))
		got.num++;
}

static void cover_range(uint64_t first, uint64_t last, enum s1inv_cover how)
{
	struct s1inv_vtd_request request = { first, last, S1INV_VTD_RANGE,
					     false };

	cover(&request, how);
}

static uint64_t size(const struct s1inv_vtd_block *b)
{
	return UINT64_C(1) << b->order;
}

static bool within_one(uint64_t first, uint64_t pages)
{
	uint32_t i;

	for (i = 0; i < got.num; i++)
		if (first >= got.block[i].first &&
		    first + pages <= got.block[i].first + size(&got.block[i]))
			return true;
	return false;
}

static const char *bad_block(const struct s1inv_vtd_block *b)
{
	if (b->order > 52)
		return "COV-2, M10: order above 52";
	if (b->first & (size(b) - 1))
		return "COV-2: not aligned to its size";
	return b->first > PAGES - size(b) ? "COV-2: outside the space" : NULL;
}

/* Ascending blocks without a gap from @first to @last (COV-1, COV-2) */
static const char *bad_union(uint64_t first, uint64_t last)
{
	uint64_t next = first;
	const char *bad;
	uint32_t i;

	for (i = 0; i < got.num; i++) {
		const struct s1inv_vtd_block *b = &got.block[i];

		bad = bad_block(b);
		if (bad)
			return bad;
		if (b->first > next)
			return "COV-1: a page is missing";
		if (i && b->first <= got.block[i - 1].first)
			return "not in ascending order";
		if (b->first + size(b) > next)
			next = b->first + size(b);
	}
	return next <= last ? "COV-1: a page is missing" : NULL;
}

/*
 * COV-3. Of the aligned parts of each size only the first and the last are
 * looked at: any other shares its parent, the part of twice the size, with a
 * neighbour in the range, so the parent is in the range too, and was found to
 * lie within one block when its size had its turn.
 */
static const char *bad_part(uint64_t first, uint64_t last)
{
	uint32_t order;

	for (order = 0; order <= 52; order++) {
		uint64_t pages = UINT64_C(1) << order;
		uint64_t start = (first + pages - 1) & ~(pages - 1);
		uint64_t end = (last + 1) & ~(pages - 1);

		if (start >= end)
			break;
		if (!within_one(start, pages) ||
		    !within_one(end - pages, pages))
			return "COV-3: an aligned part is split";
	}
	return NULL;
}

/* COV-3 as it reads: every aligned part of every size */
static const char *bad_part_naive(uint64_t first, uint64_t last)
{
	uint64_t pages, start;

	for (pages = 1; pages <= last - first + 1; pages *= 2) {
		start = (first + pages - 1) & ~(pages - 1);
		for (; start + pages <= last + 1; start += pages)
			if (!within_one(start, pages))
				return "COV-3: an aligned part is split";
	}
	return NULL;
}

static uint64_t total(void)
{
	uint64_t pages = 0;
	uint32_t i;

	for (i = 0; i < got.num; i++)
		pages += size(&got.block[i]);
	return pages;
}

/* COV-4, COV-6 */
static const char *bad_two(uint64_t first, uint64_t last)
{
	uint64_t asked = last - first + 1;

	if (got.num > 2)
		return "COV-4: more than two blocks";
	if (total() >= 2 * asked)
		return "COV-4: twice the pages or more";
	if (!(asked & (asked - 1)) && !(first & (asked - 1)) && got.num != 1)
		return "COV-4: an aligned power of two in two blocks";
	if (total() == PAGES && got.num != 1)
		return "COV-6: everything, in two blocks";
	return NULL;
}

static const char *bad_exact(uint64_t first, uint64_t last)
{
	if (got.num > EXACT_MAX)
		return "more than 102 blocks";
	if (got.block[0].first != first || total() != last - first + 1)
		return "COV-5: a page that was not asked for";
	return NULL;
}

static const char *bad_cover(uint64_t first, uint64_t last,
			     enum s1inv_cover how)
{
	const char *bad;

	cover_range(first, last, how);
	if (!got.num)
		return "COV-1: nothing";
	bad = bad_union(first, last);
	if (!bad)
		bad = bad_part(first, last);
	if (bad)
		return bad;
	return how == S1INV_COVER_EXACT ? bad_exact(first, last)
					: bad_two(first, last);
}

static void check(uint64_t first, uint64_t last, enum s1inv_cover how)
{
	const char *bad = bad_cover(first, last, how);

	if (bad)
		ck_abort_msg("%s: pages %jx to %jx, %u blocks", bad,
			     (uintmax_t)first, (uintmax_t)last, got.num);
}

static const enum s1inv_cover hows[] = { S1INV_COVER_TWO, S1INV_COVER_EXACT };

/* COV-1 to COV-6 for every range of a 12-bit space, once per kind of cover */
START_TEST(cov_1_to_6_exhaustive)
{
	uint64_t first, last;

	for (first = 0; first < 4096; first++)
		for (last = first; last < 4096; last++)
			check(first, last, hows[_i]);
}
END_TEST

/*
 * The same for 9 bits at both ends of the space and in its middle, with every
 * aligned part looked at
 */
START_TEST(cov_3_exhaustive_naive)
{
	static const uint64_t bases[] = { 0, PAGES / 2 - 256, PAGES - 512 };
	uint64_t base = bases[_i / 2], first, last;

	for (first = base; first < base + 512; first++)
		for (last = first; last < base + 512; last++) {
			check(first, last, hows[_i % 2]);
			if (bad_part_naive(first, last))
				ck_abort_msg("COV-3: an aligned part is split");
		}
}
END_TEST

/* The check of COV-3 itself: it sees what the naive one sees. */
START_TEST(cov_3_check_sees_a_split)
{
	uint64_t first, last, middle, seen = 0;

	for (first = 0; first < 32; first++)
		for (last = first + 1; last < 32; last++)
			for (middle = 1; middle < 32; middle++) {
				got.num = 2;
				got.block[0].first = middle & ~UINT64_C(7);
				got.block[0].order = 3;
				got.block[1].first = middle & ~UINT64_C(3);
				got.block[1].order = 4;
				ck_assert(!bad_part(first, last) ==
					  !bad_part_naive(first, last));
				seen += bad_part(first, last) != NULL;
			}
	ck_assert(seen > 0);
}
END_TEST

/* A page number: anything, or near a power of two, or near the end */
static uint64_t random_page(uint64_t *seed)
{
	uint64_t r = rng_next(seed);
	uint64_t n = UINT64_C(1) << (r % 53);

	switch ((r >> 8) % 4) {
	case 0:
		return (r >> 12) & (PAGES - 1);
	case 1:
		return (n + (r >> 16) % 16 - 8) & (PAGES - 1);
	case 2:
		return PAGES - 1 - (r >> 16) % 64;
	default:
		return (rng_next(seed) & (PAGES - 1)) / n * n;
	}
}

/* The last page for @first: any, or a number of pages near a power of two */
static uint64_t random_last(uint64_t *seed, uint64_t first)
{
	uint64_t r = rng_next(seed);
	uint64_t pages;

	if (r & 1)
		return random_page(seed);
	pages = (UINT64_C(1) << ((r >> 1) % 52)) + (r >> 16) % 5;
	return pages - 1 < PAGES - first ? first + pages - 1 : PAGES - 1;
}

static uint32_t random_count(void)
{
	const char *text = getenv("S1INV_COVER_RANDOM");

	return text ? (uint32_t)strtoul(text, NULL, 10) : 10000000U;
}

/* COV-1 to COV-6 at random; exact covers, which are longer, every 8th time */
START_TEST(cov_1_to_6_random)
{
	uint32_t n = random_count(), i;
	uint64_t seed = 6;

	for (i = 0; i < n; i++) {
		uint64_t a = random_page(&seed);
		uint64_t b = random_last(&seed, a);

		check(a < b ? a : b, a < b ? b : a,
		      i % 8 ? S1INV_COVER_TWO : S1INV_COVER_EXACT);
	}
}
END_TEST

/* The longest exact cover there is: 51 blocks up and 51 down */
START_TEST(cov_5_longest_exact_cover)
{
	check(1, PAGES - 2, S1INV_COVER_EXACT);
	ck_assert_uint_eq(got.num, EXACT_MAX);
	check(1, PAGES - 2, S1INV_COVER_TWO);
}
END_TEST

static void is_one_block(uint64_t first, uint8_t order)
{
	ck_assert_uint_eq(got.num, 1);
	ck_assert_uint_eq(got.block[0].first, first);
	ck_assert_uint_eq(got.block[0].order, order);
}

/* COV-4: every aligned power of two is one block of just that size. */
START_TEST(cov_4_aligned_power_of_two)
{
	uint8_t order = (uint8_t)_i;
	uint64_t pages = UINT64_C(1) << order;
	uint64_t firsts[] = { 0, PAGES - pages, PAGES / 2 & ~(pages - 1) };
	uint32_t i;

	for (i = 0; i < 6; i++) {
		cover_range(firsts[i / 2], firsts[i / 2] + pages - 1,
			    hows[i % 2]);
		is_one_block(firsts[i / 2], order);
	}
}
END_TEST

/* A cover can be gone through again, from whatever point. */
START_TEST(cov_1_rewind)
{
	struct s1inv_vtd_request request = { 1, 6, S1INV_VTD_RANGE, false };
	struct s1inv_vtd_cover c;
	struct s1inv_vtd_block b;
	uint32_t seen, i;

	cover(&request, hows[_i]);
	s1inv_vtd_cover_start(&c, &request, hows[_i]);
	for (seen = 0; seen <= got.num + 1; seen++) {
		s1inv_vtd_cover_rewind(&c);
		for (i = 0; i < seen && i < got.num; i++) {
			ck_assert(s1inv_vtd_cover_next(&c, &b));
			ck_assert_uint_eq(b.first, got.block[i].first);
			ck_assert_uint_eq(b.order, got.block[i].order);
		}
		for (; i < seen; i++)
			ck_assert(!s1inv_vtd_cover_next(&c, &b));
	}
}
END_TEST

/* COV-6 and M17: the full flush is the block of order 52, which has no AM. */
START_TEST(cov_6_defect_M17_full_flush)
{
	struct s1inv_vtd_request all = { 0, 0, S1INV_VTD_ALL, false };

	cover(&all, hows[_i]);
	is_one_block(0, 52);
	all.leaf = true;
	cover(&all, hows[_i]);
	is_one_block(0, 52);
	cover_range(0, PAGES - 1, hows[_i]);
	is_one_block(0, 52);
}
END_TEST

/* COV-6: two blocks that make up the whole space are one. */
START_TEST(cov_6_nearly_everything)
{
	uint64_t less;

	for (less = 0; less < 100; less++) {
		check(less, PAGES - 1, S1INV_COVER_TWO);
		check(0, PAGES - 1 - less, S1INV_COVER_TWO);
		check(less, PAGES - 1 - less, S1INV_COVER_TWO);
	}
}
END_TEST

/* AUD-6 and I9: nothing to cover, and no logarithm of 0 pages */
START_TEST(aud_6_defect_I9_nothing)
{
	struct s1inv_vtd_request none = { 0, 0, S1INV_VTD_NOTHING, false };

	cover(&none, hows[_i]);
	ck_assert_uint_eq(got.num, 0);
}
END_TEST

/* I8: sized by the number of pages, then aligned down: the tail is lost. */
START_TEST(cov_1_defect_I8_unaligned_tail)
{
	check(3, 4, hows[_i]);
	ck_assert(within_one(3, 1) && within_one(4, 1));
	check(5, 8, hows[_i]);
	ck_assert(within_one(8, 1));
	check(0x40000 - 1, 0x40000 + 510, hows[_i]);
	ck_assert(within_one(0x40000 + 510, 1));
}
END_TEST

/* M9, M11: a range that straddles a boundary far larger than itself */
START_TEST(cov_4_defect_M9_M11_straddle)
{
	uint64_t boundary = UINT64_C(1) << _i;

	check(boundary - 1, boundary, S1INV_COVER_TWO);
	ck_assert(total() < 4);
	check(boundary - 1, boundary, S1INV_COVER_EXACT);
	ck_assert_uint_eq(got.num, 2);
}
END_TEST

/* ------------------------------ what stock kernels were seen to get wrong */

/* The cover of what the audit makes of an entry of user space */
static void audit_and_cover(uint64_t addr, uint64_t npages,
			    enum s1inv_cover how)
{
	static const struct s1inv_vtd_audit compatible = {
		S1INV_REVISION_LINUX, S1INV_AUDIT_COMPATIBLE, 48
	};
	struct s1inv_vtd_s1_entry e = { addr, npages, 0, 0 };
	struct s1inv_vtd_request request;

	ck_assert_int_eq(s1inv_vtd_audit_entry(&compatible, &e, &request).error,
			 0);
	cover(&request, how);
}

struct row {
	uint64_t addr;
	uint64_t npages;
	uint32_t num;
	struct s1inv_vtd_block block[2];
};

/* Those for which there is one exact answer of two blocks or less */
static const struct row rows[] = {
	{ 0, 1, 1, { { 0, 0 } } },
	{ 0x1000, 3, 2, { { 1, 0 }, { 2, 1 } } },
	{ 0x7ffff000, 2, 2, { { 0x7ffff, 0 }, { 0x80000, 0 } } },
	{ 0x7ffffffff000, 2, 2, { { 0x7ffffffff, 0 }, { 0x800000000, 0 } } },
	{ 0, UINT64_MAX, 1, { { 0, 52 } } },
	{ 0, PAGES, 1, { { 0, 52 } } },
	{ 0, PAGES * 2, 1, { { 0, 52 } } },
	{ 0, UINT64_C(1) << 63, 1, { { 0, 52 } } },
	{ 0, PAGES + 1, 1, { { 0, 52 } } },
	{ UINT64_C(0) - PAGE, 2, 1, { { PAGES - 1, 0 } } },
	{ 0, 0, 0, { { 0, 0 } } },
	{ 0x5000, 0, 0, { { 0, 0 } } },
	{ UINT64_C(1) << 47, 1, 1, { { UINT64_C(1) << 35, 0 } } },
	{ UINT64_C(0xff00000000000000), 1, 1,
	  { { UINT64_C(0xff00000000000), 0 } } },
	{ 0, UINT64_C(1) << 19, 1, { { 0, 19 } } },
	{ 0, UINT64_C(1) << 46, 1, { { 0, 46 } } },
	{ 0, UINT64_C(1) << 51, 1, { { 0, 51 } } },
	{ 0x7fffffffe000, 4, 2, { { 0x7fffffffe, 1 }, { 0x800000000, 1 } } },
	{ 0x3ffff000, 2, 2, { { 0x3ffff, 0 }, { 0x40000, 0 } } },
	{ 0x3fffffff000, 2, 2, { { 0x3fffffff, 0 }, { 0x40000000, 0 } } },
};

#define ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

START_TEST(cov_5_stock_kernel_cases_exact)
{
	const struct row *row = &rows[_i];
	uint32_t i;

	audit_and_cover(row->addr, row->npages, S1INV_COVER_EXACT);
	ck_assert_uint_eq(got.num, row->num);
	for (i = 0; i < row->num; i++) {
		ck_assert_uint_eq(got.block[i].first, row->block[i].first);
		ck_assert_uint_eq(got.block[i].order, row->block[i].order);
	}
}
END_TEST

START_TEST(cov_4_stock_kernel_cases_two)
{
	const struct row *row = &rows[_i];
	uint64_t first, last;

	audit_and_cover(row->addr, row->npages, S1INV_COVER_TWO);
	if (!row->num) {
		ck_assert_uint_eq(got.num, 0);
		return;
	}
	first = row->block[0].first;
	last = row->block[row->num - 1].first +
	       size(&row->block[row->num - 1]) - 1;
	ck_assert(!bad_union(first, last) && !bad_part(first, last) &&
		  !bad_two(first, last));
}
END_TEST

/* I10, S4: from page 1 on, with 2^52 pages or one less: all up to the end */
START_TEST(aud_7_defect_I10_S4_to_the_end)
{
	uint64_t first = (uint64_t)_i;
	uint64_t npages;

	for (npages = PAGES - 1; npages <= PAGES; npages++) {
		audit_and_cover(first * PAGE, npages, S1INV_COVER_EXACT);
		ck_assert(!bad_union(first, PAGES - 1) &&
			  !bad_exact(first, PAGES - 1));
		audit_and_cover(first * PAGE, npages, S1INV_COVER_TWO);
		ck_assert(!bad_union(first, PAGES - 1) &&
			  !bad_part(first, PAGES - 1) &&
			  !bad_two(first, PAGES - 1));
	}
}
END_TEST

static TCase *sweep_case(void)
{
	TCase *tc = tcase_create("sweep");

	tcase_set_timeout(tc, 600);
	tcase_add_loop_test(tc, cov_1_to_6_exhaustive, 0, 2);
	tcase_add_loop_test(tc, cov_3_exhaustive_naive, 0, 6);
	tcase_add_test(tc, cov_3_check_sees_a_split);
	tcase_add_test(tc, cov_1_to_6_random);
	return tc;
}

static TCase *single_case(void)
{
	TCase *tc = tcase_create("single");

	tcase_add_test(tc, cov_5_longest_exact_cover);
	tcase_add_loop_test(tc, cov_4_aligned_power_of_two, 0, 53);
	tcase_add_loop_test(tc, cov_1_rewind, 0, 2);
	tcase_add_loop_test(tc, cov_6_defect_M17_full_flush, 0, 2);
	tcase_add_test(tc, cov_6_nearly_everything);
	tcase_add_loop_test(tc, aud_6_defect_I9_nothing, 0, 2);
	tcase_add_loop_test(tc, cov_1_defect_I8_unaligned_tail, 0, 2);
	tcase_add_loop_test(tc, cov_4_defect_M9_M11_straddle, 1, 52);
	tcase_add_loop_test(tc, cov_5_stock_kernel_cases_exact, 0, ROWS);
	tcase_add_loop_test(tc, cov_4_stock_kernel_cases_two, 0, ROWS);
	tcase_add_loop_test(tc, aud_7_defect_I10_S4_to_the_end, 2, 5);
	return tc;
}

int main(void)
{
	Suite *s = suite_create("vtd_cover");

	suite_add_tcase(s, sweep_case());
	suite_add_tcase(s, single_case());
	return run_suite(s);
}
