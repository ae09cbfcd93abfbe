// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The audit of a VT-d entry. AUD-5: the order of the checks decides which
 * errno is seen.
 */
#include <s1inv/s1inv.h>

/* Number of pages in the 64-bit address space */
#define SPACE (UINT64_C(1) << (64U - S1INV_VTD_PAGE_SHIFT))
#define IN_PAGE ((UINT64_C(1) << S1INV_VTD_PAGE_SHIFT) - 1U)

static struct s1inv_verdict refuse(int error, enum s1inv_rule rule)
{
	const struct s1inv_verdict result = { error, rule };

	return result;
}

/* What both policies refuse, as kernels do (AUD-1 to AUD-4) */
static struct s1inv_verdict check_form(const struct s1inv_vtd_audit *how,
				       const struct s1inv_vtd_s1_entry *entry)
{
	if (entry->flags & ~S1INV_VTD_S1_LEAF)
		return refuse(-S1INV_EOPNOTSUPP, S1INV_RULE_AUD_1);
	if (how->revision == S1INV_REVISION_LINUX && entry->hw_error)
		return refuse(-S1INV_EOPNOTSUPP, S1INV_RULE_AUD_2);
	if (entry->addr & IN_PAGE)
		return refuse(-S1INV_EINVAL, S1INV_RULE_AUD_3);
	if (entry->npages == S1INV_VTD_S1_ALL && entry->addr)
		return refuse(-S1INV_EINVAL, S1INV_RULE_AUD_4);
	return refuse(0, S1INV_RULE_NONE);
}

/* Are all pages from @first to @last in one canonical half? (AUD-10) */
static bool canonical(uint64_t first, uint64_t last, uint8_t va_bits)
{
	uint64_t half = UINT64_C(1) << (va_bits - 1U - S1INV_VTD_PAGE_SHIFT);

	return last < half || first >= SPACE - half;
}

/* What only the strict policy refuses */
static struct s1inv_verdict check_range(const struct s1inv_vtd_audit *how,
					uint64_t first, uint64_t npages)
{
	if (!npages)
		return refuse(-S1INV_EINVAL, S1INV_RULE_AUD_8);
	if (npages > SPACE - first)
		return refuse(-S1INV_EINVAL, S1INV_RULE_AUD_9);
	if (!canonical(first, first + npages - 1U, how->va_bits))
		return refuse(-S1INV_EINVAL, S1INV_RULE_AUD_10);
	return refuse(0, S1INV_RULE_NONE);
}

static void set_range(struct s1inv_vtd_request *request, uint64_t first,
		      uint64_t npages)
{
	/* AUD-7: counted in pages, so that nothing can wrap. */
	if (npages > SPACE - first)
		npages = SPACE - first;
	/* AUD-6 */
	request->reach = npages ? S1INV_VTD_RANGE : S1INV_VTD_NOTHING;
	request->first = first;
	request->last = npages ? first + npages - 1U : first;
}

struct s1inv_verdict
s1inv_vtd_audit_entry(const struct s1inv_vtd_audit *how,
		      const struct s1inv_vtd_s1_entry *entry,
		      struct s1inv_vtd_request *request)
{
	uint64_t first = entry->addr >> S1INV_VTD_PAGE_SHIFT;
	bool all = entry->npages == S1INV_VTD_S1_ALL; /* AUD-11 */
	struct s1inv_verdict found = check_form(how, entry);

	if (!found.error && !all && how->policy == S1INV_AUDIT_STRICT)
		found = check_range(how, first, entry->npages);
	if (found.error)
		return found;
	request->leaf = entry->flags & S1INV_VTD_S1_LEAF;
	if (all) {
		request->reach = S1INV_VTD_ALL;
		request->first = 0;
		request->last = SPACE - 1U;
	} else {
		set_range(request, first, entry->npages);
	}
	return found;
}
