/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * REP-16 by what it is for: nothing that a handled entry asked for is cached
 * any more, in any cache behind any unit. See ioctl_oracle.h.
 */
#include "ioctl_oracle.h"

FUZZ_ORACLE_FILE_BEGIN

/* Does a request ask for a translation of 2^@order pages as a whole? */
static bool asks_for_all_of(const struct s1inv_vtd_request *r, uint64_t page,
			    uint8_t order)
{
	return r->reach != S1INV_VTD_NOTHING && r->first <= page &&
	       page + ((UINT64_C(1) << order) - 1U) <= r->last;
}

/* Does it ask for any page of it? */
static bool touches(const struct s1inv_vtd_request *r, uint64_t page,
		    uint8_t order)
{
	return r->reach != S1INV_VTD_NOTHING && page <= r->last &&
	       r->first <= page + ((UINT64_C(1) << order) - 1U);
}

static void check_iotlb(const struct model_unit *u,
			const struct s1inv_vtd_request *r)
{
	size_t i;

	for (i = 0; i < model_unit_cached(u); i++) {
		const struct model_iotlb_entry *e = model_unit_cached_at(u, i);

		if (!e->structure)
			FUZZ_ASSERT(!asks_for_all_of(r, e->page, e->order),
				    "the IOTLB holds nothing stale (REP-16)");
		else if (!r->leaf) /* LEAF leaves those alone */
			FUZZ_ASSERT(!touches(r, e->page, e->order),
				    "no structure is stale (REP-16)");
	}
}

static void check_devtlbs(const struct model_unit *u,
			  const struct s1inv_vtd_request *r)
{
	size_t i;

	for (i = 0; i < model_unit_cached_devtlb(u); i++) {
		const struct model_devtlb_entry *e =
			model_unit_cached_devtlb_at(u, i);

		FUZZ_ASSERT(!asks_for_all_of(r, e->page, e->order),
			    "no device TLB holds anything stale (REP-16)");
	}
}

void check_caches(const struct stage *stage, const struct naive_run *run,
		  uint32_t handled)
{
	bool v8 = stage->table.audit.revision == S1INV_REVISION_V8;
	uint32_t i, unit;

	for (i = 0; i < handled; i++)
		for (unit = 0; unit < stage->table.unit_num; unit++) {
			const struct model_unit *u = stage->unit[unit].model;

			check_iotlb(u, &run->request[i]);
			if (stage->core_unit[unit].te &&
			    !(v8 && stage->hw_error[i] & S1INV_VTD_HW_ITE))
				check_devtlbs(u, &run->request[i]);
		}
}

FUZZ_ORACLE_END
