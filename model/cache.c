/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What is cached, and what a descriptor drops of it (VT-d tables 23 and 24,
 * 6.5.2.5, 6.5.2.6). Nothing that need not go goes: a translation must lie
 * within the range as a whole, as its page size demands (VT-d 6.5.3.3); a
 * paging-structure entry goes when it controls any page of the range.
 */
#include "internal.h"

/* 2^order pages, of which @page is one */
struct span {
	uint64_t page;
	uint8_t order;
	bool undefined;
};

static bool within(const struct span *r, uint64_t page, uint8_t order)
{
	return order <= r->order && page >> r->order == r->page >> r->order;
}

static bool touches(const struct span *r, uint64_t page, uint8_t order)
{
	uint8_t larger = order > r->order ? order : r->order;

	return page >> larger == r->page >> larger;
}

/* AM and ADDR (VT-d table 22); 2^52 pages are all that ADDR can name. */
static struct span am_range(uint64_t qw1)
{
	struct span r = { .page = qw1 >> 12,
			   .order = (uint8_t)model_bits(qw1, 0, 6) };

	if (r.order > 52) {
		r.order = 0;
		r.undefined = true;
	}
	return r;
}

/* S and ADDR: the lowest zero in ADDR tells the size (VT-d 6.5.2.5) */
static struct span size_range(uint64_t qw1, bool s)
{
	struct span r = { .page = qw1 >> 12 };
	uint8_t ones = 0;

	if (!s)
		return r;
	while (ones < 52 && r.page >> ones & 1)
		ones++;
	r.undefined = ones == 52;
	r.order = r.undefined ? 0 : (uint8_t)(ones + 1);
	return r;
}

static struct span devtlb_range(const uint64_t qw[4])
{
	bool pasid = model_type(qw[0]) == MODEL_PDEVTLB;

	return size_range(qw[1], model_bits(qw[1], pasid ? 11 : 0, 1));
}

/* Upper bits of a domain id are ignored (VT-d 6.5.2.3, .4) */
static bool same_did(const struct model_unit *u, uint32_t a, uint32_t b)
{
	uint32_t mask = (1U << (4U + 2U * u->config.nd)) - 1U;

	return ((a ^ b) & mask) == 0;
}

/* Type 2 (VT-d table 23) */
static bool iotlb_hits(const struct model_unit *u, const uint64_t qw[4],
		       const struct model_iotlb_entry *e)
{
	struct span r = am_range(qw[1]);
	uint32_t g = model_bits(qw[0], 4, 2);

	if (g == 1)
		return true;
	if (!same_did(u, model_bits(qw[0], 16, 16), e->did))
		return false;
	if (g == 2)
		return true;
	if (e->stage != MODEL_SECOND_STAGE && u->config.ttm != MODEL_TTM_LEGACY)
		return true;
	if (e->structure)
		return !model_bits(qw[1], 6, 1) &&
		       touches(&r, e->page, e->order);
	return within(&r, e->page, e->order);
}

/* Type 6 (VT-d table 24) */
static bool piotlb_hits(const struct model_unit *u, const uint64_t qw[4],
			const struct model_iotlb_entry *e)
{
	struct span r = am_range(qw[1]);

	if (e->structure && e->stage == MODEL_SECOND_STAGE)
		return false;
	if (!same_did(u, model_bits(qw[0], 16, 16), e->did) ||
	    model_bits(qw[0], 32, 20) != e->pasid)
		return false;
	if (model_bits(qw[0], 4, 2) == 2)
		return true;
	if (e->stage == MODEL_SECOND_STAGE)
		return false;
	if (e->structure)
		return !model_bits(qw[1], 6, 1) &&
		       touches(&r, e->page, e->order);
	return within(&r, e->page, e->order);
}

static bool hits(const struct model_unit *u, const uint64_t qw[4],
		 const struct model_iotlb_entry *e)
{
	switch (model_type(qw[0])) {
	case MODEL_IOTLB:
		return iotlb_hits(u, qw, e);
	case MODEL_PIOTLB:
		return piotlb_hits(u, qw, e);
	default:
		return false;
	}
}

/* Types 3 and 8: without PASID only what has none; GI: whatever PASID it has */
static bool devtlb_hits(const uint64_t qw[4],
			const struct model_devtlb_entry *e)
{
	struct span r = devtlb_range(qw);
	uint8_t type = model_type(qw[0]);

	if (!model_is_devtlb(type) || model_sid(qw) != e->sid ||
	    !within(&r, e->page, e->order))
		return false;
	if (type == MODEL_DEVTLB || e->pasid == MODEL_NO_PASID)
		return type == MODEL_DEVTLB && e->pasid == MODEL_NO_PASID;
	return qw[1] & 1 || model_bits(qw[0], 32, 20) == e->pasid;
}

static struct model_iotlb_entry *iotlb_at(const struct model_unit *u, size_t i)
{
	return MODEL_AT(struct model_iotlb_entry, u->store.iotlb, i);
}

static struct model_devtlb_entry *devtlb_at(const struct model_unit *u,
					    size_t i)
{
	return MODEL_AT(struct model_devtlb_entry, u->store.devtlb, i);
}

/* Can the device get the translation again from the IOTLB? */
static bool refetched(const struct model_unit *u,
		      const struct model_devtlb_entry *d)
{
	const struct span r = { .page = d->page, .order = d->order };
	uint32_t pasid = d->pasid == MODEL_NO_PASID ? u->config.rid_pasid :
						      d->pasid;
	size_t i;

	for (i = 0; u->config.refill && i < u->store.iotlb.len; i++) {
		const struct model_iotlb_entry *e = iotlb_at(u, i);

		if (!e->structure && same_did(u, e->did, d->did) &&
		    e->pasid == pasid && touches(&r, e->page, e->order))
			return true;
	}
	return false;
}

static void drop_iotlb(struct model_unit *u, const uint64_t qw[4])
{
	size_t i = 0;

	while (i < u->store.iotlb.len) {
		if (hits(u, qw, iotlb_at(u, i)))
			*iotlb_at(u, i) = *iotlb_at(u, --u->store.iotlb.len);
		else
			i++;
	}
}

static void drop_devtlb(struct model_unit *u, const uint64_t qw[4])
{
	size_t i = 0;

	while (i < u->store.devtlb.len) {
		if (!devtlb_hits(qw, devtlb_at(u, i))) {
			i++;
		} else if (refetched(u, devtlb_at(u, i))) {
			u->counts.refills++;
			i++;
		} else {
			*devtlb_at(u, i) = *devtlb_at(u, --u->store.devtlb.len);
		}
	}
}

/* Carry out an invalidation descriptor of any type. */
void model_invalidate(struct model_unit *u, const uint64_t qw[4])
{
	uint8_t type = model_type(qw[0]);
	bool undefined = false;

	if (model_is_devtlb(type)) {
		undefined = devtlb_range(qw).undefined;
		drop_devtlb(u, qw);
	} else if (type == MODEL_IOTLB || type == MODEL_PIOTLB) {
		undefined = model_bits(qw[0], 4, 2) == 3 &&
			    am_range(qw[1]).undefined;
		drop_iotlb(u, qw);
	}
	if (undefined)
		model_count_error(u, MODEL_ERROR_UNDEFINED);
}

void model_unit_cache(struct model_unit *u, const struct model_iotlb_entry *e)
{
	struct model_iotlb_entry *slot;

	slot = model_vec_push(&u->store.iotlb, sizeof(*slot));
	*slot = *e;
}

void model_unit_cache_devtlb(struct model_unit *u,
			     const struct model_devtlb_entry *e)
{
	struct model_devtlb_entry *slot;

	slot = model_vec_push(&u->store.devtlb, sizeof(*slot));
	*slot = *e;
}

/* Do pages @first to @last and an entry have one in common? */
static bool overlaps(uint64_t page, uint8_t order, uint64_t first,
		     uint64_t last)
{
	return page <= last && first <= page + ((UINT64_C(1) << order) - 1);
}

size_t model_unit_stale(const struct model_unit *u, uint16_t did,
			uint32_t pasid, uint64_t first, uint64_t last)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < u->store.iotlb.len; i++) {
		const struct model_iotlb_entry *e = iotlb_at(u, i);

		n += e->did == did && e->pasid == pasid &&
		     overlaps(e->page, e->order, first, last);
	}
	return n;
}

size_t model_unit_stale_devtlb(const struct model_unit *u, uint16_t sid,
			       uint32_t pasid, uint64_t first, uint64_t last)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < u->store.devtlb.len; i++) {
		const struct model_devtlb_entry *e = devtlb_at(u, i);

		n += e->sid == sid && e->pasid == pasid &&
		     overlaps(e->page, e->order, first, last);
	}
	return n;
}

size_t model_unit_cached(const struct model_unit *u)
{
	return u->store.iotlb.len;
}

size_t model_unit_cached_devtlb(const struct model_unit *u)
{
	return u->store.devtlb.len;
}

const struct model_iotlb_entry *model_unit_cached_at(const struct model_unit *u,
						     size_t i)
{
	return iotlb_at(u, i);
}

const struct model_devtlb_entry *
model_unit_cached_devtlb_at(const struct model_unit *u, size_t i)
{
	return devtlb_at(u, i);
}

void model_unit_clear_caches(struct model_unit *u)
{
	u->store.iotlb.len = 0;
	u->store.devtlb.len = 0;
}

bool model_unit_dropped(const struct model_unit *u,
			const struct model_iotlb_entry *e, size_t since)
{
	size_t i;

	for (i = since; i < u->store.log.len; i++) {
		const struct model_record *r = model_unit_log(u, i);

		if (r->fate == MODEL_DONE && hits(u, r->qw, e))
			return true;
	}
	return false;
}

bool model_unit_dropped_devtlb(const struct model_unit *u,
			       const struct model_devtlb_entry *e, size_t since)
{
	size_t i;

	for (i = since; i < u->store.log.len; i++) {
		const struct model_record *r = model_unit_log(u, i);

		if (r->fate == MODEL_DONE && devtlb_hits(r->qw, e))
			return true;
	}
	return false;
}
