/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Audit and cover by the words of docs/spec.md; see naive_request.h. */
#include "naive_request.h"

#include "format.h"

FUZZ_ORACLE_FILE_BEGIN

/* ------------------------------------------------------------------ audit */

/*
 * The table of the section "AUD", line by line. Pages behind the end are
 * counted, not addresses: no sum is larger than the number of pages asked for.
 */
static enum s1inv_rule broken(const struct s1inv_vtd_audit *how,
			      const struct s1inv_vtd_s1_entry *entry)
{
	uint64_t first = entry->addr / 4096;
	uint64_t room = NAIVE_PAGES - first;
	uint64_t hole = UINT64_C(1) << (how->va_bits - 13); /* its first page */
	uint64_t upper = NAIVE_PAGES - hole; /* the first page behind it */

	if (entry->flags > 1)
		return S1INV_RULE_AUD_1;
	if (how->revision == S1INV_REVISION_LINUX && entry->hw_error != 0)
		return S1INV_RULE_AUD_2;
	if (entry->addr % 4096 != 0)
		return S1INV_RULE_AUD_3;
	if (entry->npages == UINT64_MAX)
		return entry->addr ? S1INV_RULE_AUD_4 : S1INV_RULE_NONE;
	if (how->policy == S1INV_AUDIT_COMPATIBLE)
		return S1INV_RULE_NONE;
	if (entry->npages == 0)
		return S1INV_RULE_AUD_8;
	if (entry->npages > room)
		return S1INV_RULE_AUD_9;
	/* In one half: it ends before the hole, or begins behind it. */
	if (first < hole && entry->npages <= hole - first)
		return S1INV_RULE_NONE;
	return first >= upper ? S1INV_RULE_NONE : S1INV_RULE_AUD_10;
}

struct s1inv_verdict naive_audit(const struct s1inv_vtd_audit *how,
				 const struct s1inv_vtd_s1_entry *entry,
				 struct s1inv_vtd_request *request)
{
	struct s1inv_verdict verdict = { 0, broken(how, entry) };
	uint64_t first = entry->addr / 4096;
	uint64_t room = NAIVE_PAGES - first;

	if (verdict.rule != S1INV_RULE_NONE) {
		verdict.error = verdict.rule == S1INV_RULE_AUD_1 ||
						verdict.rule ==
							S1INV_RULE_AUD_2 ?
					-S1INV_EOPNOTSUPP :
					-S1INV_EINVAL;
		return verdict;
	}
	request->leaf = entry->flags == 1;
	request->first = first;
	request->last = NAIVE_PAGES - 1;
	request->reach = S1INV_VTD_RANGE;
	if (entry->npages == UINT64_MAX) /* AUD-11 */
		request->reach = S1INV_VTD_ALL;
	else if (entry->npages == 0) /* AUD-6 */
		request->reach = S1INV_VTD_NOTHING;
	else if (entry->npages < room) /* AUD-7 */
		request->last = first + entry->npages - 1;
	return verdict;
}

/* ------------------------------------------------------------------ cover */

static void push(struct naive_cover *cover, uint64_t first, unsigned int order)
{
	struct s1inv_vtd_block *block = &cover->block[cover->num++];

	block->first = first;
	block->order = (uint8_t)order;
}

/* COV-4, as the section "COV" has it */
static void cover_two(struct naive_cover *cover, uint64_t first, uint64_t last)
{
	unsigned int k = 51;
	unsigned int before = 0;
	unsigned int behind = 0;
	uint64_t m;

	if (first == last) {
		push(cover, first, 0);
		return;
	}
	/* the highest bit in which they differ */
	while ((first >> k & 1) == (last >> k & 1))
		k--;
	m = last >> k << k;
	while (m - (UINT64_C(1) << before) > first)
		before++;
	while (m + (UINT64_C(1) << behind) <= last)
		behind++;
	if (before == k && behind == k) {
		push(cover, m - (UINT64_C(1) << k), k + 1);
		return;
	}
	push(cover, m - (UINT64_C(1) << before), before);
	push(cover, m, behind);
}

/* COV-5: the largest aligned block that does not pass @last, again and again */
static void cover_exactly(struct naive_cover *cover, uint64_t first,
			  uint64_t last)
{
	while (first <= last) {
		unsigned int order = 0;

		while (order < 52 && first % (UINT64_C(2) << order) == 0 &&
		       last - first >= (UINT64_C(2) << order) - 1)
			order++;
		push(cover, first, order);
		first += UINT64_C(1) << order;
	}
}

void naive_cover(struct naive_cover *cover,
		 const struct s1inv_vtd_request *request, enum s1inv_cover how)
{
	cover->num = 0;
	if (request->reach == S1INV_VTD_ALL)
		push(cover, 0, 52); /* COV-6 */
	else if (request->reach == S1INV_VTD_RANGE && how == S1INV_COVER_TWO)
		cover_two(cover, request->first, request->last);
	else if (request->reach == S1INV_VTD_RANGE)
		cover_exactly(cover, request->first, request->last);
}

FUZZ_ORACLE_END
