/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Audit and cover. Each entry goes through the audit, whose verdict and request
 * must be those that docs/spec.md states, written out again in naive_request.c;
 * then through the cover, whose blocks must have the properties of COV-1 to
 * COV-6 and be those that a slow search finds.
 */
#include "cover_format.h"
#include "fuzz.h"
#include "naive_request.h"

enum { ENTRIES_MAX = 4 };

const struct fuzz_format *const fuzz_target_format = &cover_format;

FUZZ_ORACLE_BEGIN

/* The last page of a block */
static uint64_t end_of(const struct s1inv_vtd_block *block)
{
	return block->first + ((UINT64_C(1) << block->order) - 1U);
}

/*
 * COV-3: an aligned power of two of requested pages that does not lie within
 * the block in which it begins holds that block's last page. So it is enough to
 * look at those that hold it; they are nested.
 */
static void check_whole(const struct s1inv_vtd_block *block,
			const struct s1inv_vtd_request *request)
{
	uint64_t page = end_of(block);
	uint64_t low, first, last;
	unsigned int order;

	if (page < request->first || page > request->last)
		return;
	for (order = 1; order <= 52; order++) {
		low = (UINT64_C(1) << order) - 1U;
		first = page & ~low;
		last = page | low;
		if (first < request->first || last > request->last)
			return;
		FUZZ_ASSERT(first >= block->first && last <= page,
			    "COV-3: what is aligned lies in one block");
	}
}

static void check_block(const struct s1inv_vtd_block *block)
{
	FUZZ_ASSERT(block->order <= 52, "an order is at most 52");
	FUZZ_ASSERT(!(block->first & ((UINT64_C(1) << block->order) - 1U)),
		    "COV-2: a block is aligned to its size");
	FUZZ_ASSERT(end_of(block) < NAIVE_PAGES, "a block lies in the space");
}

/* Blocks against the request and the naive cover. Returns their pages. */
static uint64_t check_blocks(struct s1inv_vtd_cover *cover,
			     const struct s1inv_vtd_request *request,
			     const struct naive_cover *naive)
{
	struct s1inv_vtd_block block;
	uint64_t next = request->first; /* the first page not yet covered */
	uint64_t pages = 0;
	unsigned int n = 0;
	bool more = true;

	while (s1inv_vtd_cover_next(cover, &block)) {
		check_block(&block);
		FUZZ_ASSERT(more && block.first <= next,
			    "COV-1: blocks cover every page, and ascend");
		FUZZ_ASSERT(!n || block.first == next, "blocks do not overlap");
		check_whole(&block, request);
		FUZZ_ASSERT(n < naive->num &&
				    block.first == naive->block[n].first &&
				    block.order == naive->block[n].order,
			    "the blocks are those of the rules");
		n++;
		more = end_of(&block) < request->last;
		next = end_of(&block) + 1U;
		pages += UINT64_C(1) << block.order;
	}
	FUZZ_ASSERT(!more, "COV-1: the last page is covered");
	FUZZ_ASSERT(n == naive->num, "there are as many blocks as stated");
	return pages;
}

/* COV-4 and COV-5 */
static void check_size(const struct s1inv_vtd_request *request,
		       const struct naive_cover *naive, enum s1inv_cover how,
		       uint64_t pages)
{
	uint64_t asked = request->last - request->first + 1U;

	if (how == S1INV_COVER_EXACT) {
		FUZZ_ASSERT(pages == asked, "COV-5: no page too many");
		FUZZ_ASSERT(naive->num <= 102, "an exact cover has 102 blocks");
		return;
	}
	FUZZ_ASSERT(naive->num <= 2, "COV-4: at most two blocks");
	FUZZ_ASSERT(pages < 2 * asked, "COV-4: less than twice the pages");
	if (!(asked & (asked - 1U)) && !(request->first & (asked - 1U)))
		FUZZ_ASSERT(naive->num == 1 && pages == asked,
			    "COV-4: an aligned power of two is one block");
}

static void check_cover(const struct s1inv_vtd_request *request,
			enum s1inv_cover how)
{
	static struct s1inv_vtd_cover output;
	struct s1inv_vtd_cover *cover = &output;
	struct s1inv_vtd_block block;
	struct naive_cover naive;
	uint64_t pages;

	fuzz_poison(cover, sizeof(*cover));
	naive_cover(&naive, request, how);
	s1inv_vtd_cover_start(cover, request, how);
	if (request->reach == S1INV_VTD_NOTHING) {
		FUZZ_ASSERT(!s1inv_vtd_cover_next(cover, &block),
			    "AUD-6: nothing has no blocks");
	} else {
		pages = check_blocks(cover, request, &naive);
		check_size(request, &naive, how, pages);
		s1inv_vtd_cover_rewind(cover);
		FUZZ_ASSERT(check_blocks(cover, request, &naive) == pages,
			    "a second pass is like the first");
	}
}

/* Returns true when the entry became the request in @request. */
static bool check_audit(const struct s1inv_vtd_audit *how,
			const struct s1inv_vtd_s1_entry *entry,
			struct s1inv_vtd_request *request)
{
	struct s1inv_vtd_request expected;
	struct s1inv_verdict stated = naive_audit(how, entry, &expected);
	struct s1inv_verdict verdict;

	verdict = s1inv_vtd_audit_entry(how, entry, request);
	FUZZ_ASSERT(verdict.error == stated.error &&
			    verdict.rule == stated.rule,
		    "the verdict is that of the rules");
	if (verdict.error) {
		FUZZ_ASSERT(fuzz_block_untouched(request, sizeof(*request)),
			    "a refused entry becomes no request");
		return false;
	}
	FUZZ_ASSERT(request->reach == expected.reach &&
			    request->leaf == expected.leaf,
		    "the reach and the hint are those of the rules");
	FUZZ_ASSERT(request->reach == S1INV_VTD_NOTHING ||
			    (request->first == expected.first &&
			     request->last == expected.last),
		    "the pages are those of the rules");
	return true;
}

static void run_entry(const struct s1inv_vtd_audit *how, enum s1inv_cover cover,
		      const uint64_t value[])
{
	static struct s1inv_vtd_request output;
	struct s1inv_vtd_request *request = &output;
	const struct s1inv_vtd_s1_entry entry = {
		.addr = value[COVER_ADDR],
		.npages = value[COVER_NPAGES],
		.flags = (uint32_t)value[COVER_FLAGS],
		.hw_error = (uint32_t)value[COVER_LAST],
	};

	fuzz_poison(request, sizeof(*request));
	if (check_audit(how, &entry, request))
		check_cover(request, cover);
}

FUZZ_ORACLE_END

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in;
	struct fuzz_record record;
	struct s1inv_vtd_audit how;
	enum s1inv_cover cover;
	unsigned int n;

	fuzz_open(&in, fuzz_target_format, data, size, &record);
	how.revision = (enum s1inv_revision)record.value[COVER_REVISION];
	how.policy = (enum s1inv_audit)record.value[COVER_POLICY];
	how.va_bits = (uint8_t)record.value[COVER_VA_BITS];
	cover = (enum s1inv_cover)record.value[COVER_HOW];
	for (n = 0; n < ENTRIES_MAX && fuzz_next(&in, &record); n++)
		run_entry(&how, cover, record.value);
	return 0;
}
