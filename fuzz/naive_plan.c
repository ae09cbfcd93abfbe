/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The descriptors of a chunk, interpreted naively: see naive_plan.h. */
#include "naive_plan.h"

#include "fuzz.h"

FUZZ_ORACLE_FILE_BEGIN

/* -------------------------------------------------------------- descriptors */

/* Type 6: the table of docs/spec.md, ENC, and COV-6, COV-7, ENC-9 */
static struct naive_desc iotlb(const struct s1inv_vtd_unit *unit,
			       const struct s1inv_vtd_target *to,
			       const struct s1inv_vtd_block *block, bool leaf)
{
	bool everything = block->order == 52 || block->order > unit->am_max;
	struct naive_desc d = { .kind = NAIVE_IOTLB };

	d.qw[0] = UINT64_C(0x6) | (everything ? UINT64_C(2) : UINT64_C(3)) << 4;
	d.qw[0] |= (uint64_t)unit->did << 16 | (uint64_t)to->pasid << 32;
	if (!everything)
		d.qw[1] = block->first * 4096U + (leaf ? 0x40U : 0U) +
			  block->order;
	return d;
}

/* The address of a block for a device TLB: bit n - 1 clear, ones below it */
static uint64_t device_pages(const struct s1inv_vtd_block *block)
{
	uint64_t page = block->first;
	unsigned int i;

	for (i = 0; i + 1U < block->order; i++)
		page |= UINT64_C(1) << i;
	return page * 4096U;
}

/* Types 3 and 8: ENC-6, ENC-7, ENC-12 */
static struct naive_desc devtlb(const struct s1inv_vtd_unit *unit,
				const struct s1inv_vtd_target *to,
				const struct s1inv_vtd_block *block)
{
	uint64_t pfsid = unit->dit ? to->pfsid : 0;
	uint64_t mip = to->mip < 32U ? to->mip : 0;
	struct naive_desc d = { .kind = NAIVE_DEVTLB, .sid = to->sid };
	uint64_t common = (pfsid & 0xfU) << 12 | (pfsid >> 4) << 52;

	d.qw[1] = device_pages(block);
	if (to->pasid) {
		d.qw[0] = UINT64_C(0x8) | mip << 4 | common |
			  (uint64_t)to->sid << 16 | (uint64_t)to->pasid << 32;
		d.qw[1] |= block->order ? 0x800U : 0U;
	} else {
		d.qw[0] = UINT64_C(0x3) | mip << 16 | common |
			  (uint64_t)to->sid << 32;
		d.qw[1] |= block->order ? 0x1U : 0U;
	}
	return d;
}

/* Flags of a wait: ENC-3 */
#define WAIT_SW 0x20U
#define WAIT_FN 0x40U

static void append(struct naive_plan *plan, struct naive_desc d)
{
	FUZZ_ASSERT(plan->num < plan->max, "the plan has room");
	plan->desc[plan->num++] = d;
}

/**
 * struct filling - the submission that is being filled
 * @plan: where it goes
 * @unit: for whom it is
 * @iotlbs: how many descriptors for IOTLBs it has
 * @devtlbs: how many for device TLBs
 */
struct filling {
	struct naive_plan *plan;
	const struct s1inv_vtd_unit *unit;
	uint32_t iotlbs;
	uint32_t devtlbs;
};

static void close_submission(struct filling *f)
{
	const struct naive_desc final = { .qw = { 0x5U | WAIT_SW, 0 },
					  .kind = NAIVE_FINAL };

	if (f->iotlbs + f->devtlbs)
		append(f->plan, final);
	f->iotlbs = 0;
	f->devtlbs = 0;
}

/* ENC-4, ENC-8: @copies of it, which are not parted; ENC-3: behind a fence */
static void put(struct filling *f, struct naive_desc d, uint32_t copies)
{
	struct naive_desc fence = { .qw = { 0x5U | WAIT_FN | WAIT_SW, 0 },
				    .kind = NAIVE_FENCE };

	if (f->unit->plain_fence)
		fence.qw[0] = 0x5U | WAIT_FN;
	if (f->iotlbs + f->devtlbs + copies > 64U)
		close_submission(f);
	if (d.kind == NAIVE_DEVTLB && f->iotlbs && !f->devtlbs)
		append(f->plan, fence);
	f->iotlbs += d.kind == NAIVE_IOTLB ? copies : 0;
	f->devtlbs += d.kind == NAIVE_DEVTLB ? copies : 0;
	for (; copies; copies--)
		append(f->plan, d);
}

/* Entry @entry for the IOTLB target @to; COV-7 leaves out what comes behind */
static void put_iotlb(struct filling *f, const struct s1inv_vtd_target *to,
		      const struct naive_cover *cover, uint32_t entry,
		      bool leaf)
{
	uint32_t i;

	for (i = 0; i < cover->num; i++) {
		struct naive_desc d =
			iotlb(f->unit, to, &cover->block[i], leaf);

		d.entry = entry;
		put(f, d, 1);
		if (cover->block[i].order > f->unit->am_max)
			return;
	}
}

static void put_devtlb(struct filling *f, const struct s1inv_vtd_target *to,
		       const struct naive_cover *cover, uint32_t entry)
{
	uint32_t i;

	for (i = 0; i < cover->num; i++) {
		struct naive_desc d = devtlb(f->unit, to, &cover->block[i]);

		d.entry = entry;
		put(f, d, to->twice ? 2 : 1);
	}
}

/* For each target of a kind, for each request, its blocks (ENC-2) */
static void put_targets(struct filling *f, const struct s1inv_vtd_table *table,
			enum s1inv_vtd_cache cache,
			const struct s1inv_vtd_request *request, uint32_t first,
			uint32_t end)
{
	struct naive_cover cover;
	uint32_t t, i;

	for (t = 0; t < f->unit->target_num; t++) {
		const struct s1inv_vtd_target *to = &f->unit->targets[t];

		for (i = first; to->cache == cache && i < end; i++) {
			naive_cover(&cover, &request[i], table->cover);
			if (cache == S1INV_VTD_IOTLB)
				put_iotlb(f, to, &cover, i, request[i].leaf);
			else
				put_devtlb(f, to, &cover, i);
		}
	}
}

void naive_plan_unit(const struct s1inv_vtd_table *table,
		     const struct s1inv_vtd_unit *unit,
		     const struct s1inv_vtd_request *request, uint32_t n,
		     struct naive_plan *plan)
{
	struct filling f = { .plan = plan, .unit = unit };
	uint32_t step = table->blame == S1INV_BLAME_SINGLE ? 1 : n; /* REP-13 */
	uint32_t first;

	plan->num = 0;
	for (first = 0; first < n; first += step) {
		put_targets(&f, table, S1INV_VTD_IOTLB, request, first,
			    first + step);
		if (unit->te) /* ENC-11 */
			put_targets(&f, table, S1INV_VTD_DEVTLB, request, first,
				    first + step);
		close_submission(&f);
	}
}

/* ---------------------------------------------------------- the page table */

/* ENC-1, ENC-13 */
static int check_unit(const struct s1inv_vtd_unit *unit)
{
	uint32_t t;

	if (!unit->queue->wide)
		return -S1INV_EOPNOTSUPP;
	if (unit->am_max > 52U)
		return -S1INV_EINVAL;
	for (t = 0; t < unit->target_num; t++)
		if (unit->targets[t].pasid > 0xfffffU)
			return -S1INV_EINVAL;
	return 0;
}

int naive_begin(const struct s1inv_vtd_table *table)
{
	uint32_t i;
	int error;

	if (!table->timeouts_max)
		return -S1INV_EINVAL;
	if (table->audit.policy == S1INV_AUDIT_STRICT &&
	    table->audit.va_bits != 48 && table->audit.va_bits != 57)
		return -S1INV_EINVAL;
	for (i = 0; i < table->unit_num; i++) {
		error = check_unit(&table->units[i]);
		if (error)
			return error;
	}
	return 0;
}

FUZZ_ORACLE_END
