// SPDX-License-Identifier: GPL-2.0-only
/*
 * IOMMU_HWPT_INVALIDATE of nested domains, through the s1inv core.
 *
 * A chunk of entries is copied, audited and covered under the domain's mutex,
 * and submitted under its cache_lock as well, which holds the cache tags still.
 * User memory is touched with no spinlock held.
 */
#define pr_fmt(fmt)	"DMAR: " fmt

#include <linux/bitops.h>
#include <linux/iommu.h>
#include <linux/log2.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/iommufd.h>

#include "iommu.h"
#include "nested.h"
#include "perf.h"
#include "trace.h"

/*
 * How long a chunk may wait under cache_lock. Devices answer within
 * microseconds; the soft-lockup detector speaks up after 20 s.
 */
#define BUDGET_NS	(500 * NSEC_PER_MSEC)

/* An attachment has an IOTLB tag and perhaps a device-TLB tag. */
#define TAGS_PER_ATTACHMENT	2

#define ALL_PAGES	BIT_ULL(S1INV_VTD_AM_MAX)

/**
 * struct s1inv_nested - a nested domain's side of its invalidations
 * @domain: the domain
 * @lock: guards what follows, up to @scratch
 * @table: the page table as the core sees it
 * @inner: the core's VT-d backend
 * @backend: the same with own operations around it
 * @waiter: the chunk's budget
 * @scratch: the core's
 * @attachments: how many there are; like the rest under the cache_lock
 * @room: for how many there is room
 * @units: that many, followed by TAGS_PER_ATTACHMENT times as many targets.
 *	Filled in anew for each chunk; NULL without attachments
 */
struct s1inv_nested {
	struct dmar_domain *domain;
	struct mutex lock; /* one chunk at a time */
	struct s1inv_vtd_table table;
	struct s1inv_backend inner;
	struct s1inv_backend backend;
	struct s1inv_env_waiter waiter;
	struct s1inv_vtd_scratch scratch;
	unsigned int attachments;
	unsigned int room;
	struct s1inv_vtd_unit *units;
};

/* ------------------------------------------------------- units and targets */

static bool has_unit(const struct s1inv_nested *nested,
		     const struct intel_iommu *iommu)
{
	unsigned int i;

	for (i = 0; i < nested->table.unit_num; i++)
		if (nested->units[i].queue->dev->iommu == iommu)
			return true;
	return false;
}

static void set_target(struct s1inv_vtd_target *target,
		       const struct cache_tag *tag)
{
	const struct device_domain_info *info;

	*target = (struct s1inv_vtd_target){
		.cache = S1INV_VTD_IOTLB,
		.pasid = tag->pasid,
	};
	if (tag->type == CACHE_TAG_IOTLB)
		return;
	info = dev_iommu_priv_get(tag->dev);
	target->cache = S1INV_VTD_DEVTLB;
	target->sid = PCI_DEVID(info->bus, info->devfn);
	target->pfsid = info->pfsid;
	target->mip = info->ats_qdep;
	target->twice = info->dtlb_extra_inval;
}

/* All targets behind @iommu, from @target on; returns the next free one. */
static struct s1inv_vtd_target *set_targets(struct dmar_domain *domain,
					    const struct intel_iommu *iommu,
					    struct s1inv_vtd_target *target)
{
	struct cache_tag *tag;

	list_for_each_entry(tag, &domain->cache_tags, node)
		if (tag->iommu == iommu)
			set_target(target++, tag);
	return target;
}

/* ENC-5: a unit has a domain id of its own. */
static void set_unit(struct s1inv_vtd_unit *unit, const struct cache_tag *tag)
{
	struct intel_iommu *iommu = tag->iommu;

	*unit = (struct s1inv_vtd_unit){
		.queue = &iommu->qi->s1inv.queue,
		.segment = iommu->segment,
		.did = tag->domain_id,
		.am_max = S1INV_VTD_AM_MAX,
		.dit = ecap_dit(iommu->ecap),
		.te = iommu->gcmd & DMA_GCMD_TE,
	};
}

/* The tags of a unit need not stand together. */
static void collect_units(struct s1inv_nested *nested)
{
	struct dmar_domain *domain = nested->domain;
	struct s1inv_vtd_target *target;
	struct s1inv_vtd_unit *unit;
	struct cache_tag *tag;

	lockdep_assert_held(&domain->cache_lock);
	nested->table.unit_num = 0;
	nested->table.units = nested->units;
	if (!nested->units)
		return; /* it was never attached */
	target = (void *)(nested->units + nested->room);
	list_for_each_entry(tag, &domain->cache_tags, node) {
		if (has_unit(nested, tag->iommu))
			continue;
		unit = &nested->units[nested->table.unit_num++];
		set_unit(unit, tag);
		unit->targets = target;
		target = set_targets(domain, tag->iommu, target);
		unit->target_num = target - unit->targets;
	}
}

/*
 * The nested domain's cache_lock is never taken in an interrupt, for nothing
 * but its owner's ioctls invalidates or attaches it. Interrupts stay enabled
 * under it, which matters while a device keeps a chunk waiting.
 */
static void lock_tags(struct dmar_domain *domain)
	__acquires(&domain->cache_lock)
{
	spin_lock(&domain->cache_lock);
}

static void unlock_tags(struct dmar_domain *domain)
	__releases(&domain->cache_lock)
{
	spin_unlock(&domain->cache_lock);
}

/* Make @room, unless there is as much already. */
static int grow(struct s1inv_nested *nested, unsigned int room)
{
	struct s1inv_vtd_unit *units;

	units = kcalloc(room, sizeof(struct s1inv_vtd_unit) +
			TAGS_PER_ATTACHMENT * sizeof(struct s1inv_vtd_target),
			GFP_KERNEL_ACCOUNT);
	if (!units)
		return -ENOMEM;
	lock_tags(nested->domain);
	if (room > nested->room) {
		swap(units, nested->units);
		nested->room = room;
	}
	unlock_tags(nested->domain);
	kfree(units);
	return 0;
}

int s1inv_nested_reserve(struct dmar_domain *domain, struct device *dev)
{
	const struct device_domain_info *info = dev_iommu_priv_get(dev);
	const struct q_inval *qi = info->iommu->qi;
	struct s1inv_nested *nested;
	unsigned int need, room;
	int error = 0;

	if (domain->domain.type != IOMMU_DOMAIN_NESTED)
		return 0;
	nested = domain->s1inv;
	if (!qi || !qi->s1inv.queue.wide) /* ENC-13 */
		return -EOPNOTSUPP;
	lock_tags(domain);
	need = ++nested->attachments;
	room = nested->room;
	unlock_tags(domain);
	if (need > room)
		error = grow(nested, roundup_pow_of_two(need));
	if (error)
		s1inv_nested_release(domain);
	return error;
}

void s1inv_nested_release(struct dmar_domain *domain)
{
	if (domain->domain.type != IOMMU_DOMAIN_NESTED)
		return;
	lock_tags(domain);
	domain->s1inv->attachments--;
	unlock_tags(domain);
}

/* ---------------------------------------------------------------- a chunk */

static u32 audit(void *ctx, u32 n, struct s1inv_verdict *verdict)
{
	const struct s1inv_nested *nested = ctx;

	return nested->inner.ops->audit(nested->inner.ctx, n, verdict);
}

/* The block of a range's event is the smallest aligned one that holds it. */
static void trace_range(struct dmar_domain *domain, u64 first, u64 last)
{
	unsigned int order = fls64(first ^ last);
	u64 addr = first >> order << order << S1INV_VTD_PAGE_SHIFT;
	u64 start = first << S1INV_VTD_PAGE_SHIFT;
	u64 end = ((last + 1) << S1INV_VTD_PAGE_SHIFT) - 1;
	struct cache_tag *tag;

	list_for_each_entry(tag, &domain->cache_tags, node)
		cache_tag_trace_range(tag, start, end, addr, order);
}

/* Events of each entry and tag, as from cache_tag_flush_range() */
static void trace_chunk(const struct s1inv_nested *nested, u32 n)
{
	const struct s1inv_vtd_request *request = nested->scratch.requests;
	u32 i;

	if (!trace_cache_tag_flush_range_enabled())
		return;
	for (i = 0; i < n; i++, request++) {
		if (request->reach == S1INV_VTD_ALL)
			trace_range(nested->domain, 0, ALL_PAGES - 1);
		else if (request->reach == S1INV_VTD_RANGE)
			trace_range(nested->domain, request->first,
				    request->last);
	}
}

/* What the driver does behind each submission: latency, broken queues */
static void after_submit(struct s1inv_nested *nested, ktime_t start)
{
	s64 spent = ktime_to_ns(ktime_sub(ktime_get(), start));
	struct intel_iommu *iommu;
	unsigned int i;

	for (i = 0; i < nested->table.unit_num; i++) {
		iommu = nested->units[i].queue->dev->iommu;
		if (dmar_latency_enabled(iommu, DMAR_LATENCY_INV_IOTLB))
			dmar_latency_update(iommu, DMAR_LATENCY_INV_IOTLB,
					    spent);
		if (s1inv_qi_stuck(iommu))
			s1inv_qi_mend(iommu);
	}
}

/* No tag, device or unit is known any more when the lock is given back. */
static void submit(void *ctx, u32 n, struct s1inv_outcome *outcome)
{
	struct s1inv_nested *nested = ctx;
	ktime_t start;

	lock_tags(nested->domain);
	start = ktime_get();
	nested->waiter.deadline = ktime_to_ns(start) + BUDGET_NS;
	collect_units(nested);
	trace_chunk(nested, n);
	nested->inner.ops->submit(nested->inner.ctx, n, outcome);
	after_submit(nested, start);
	nested->table.unit_num = 0;
	unlock_tags(nested->domain);
}

static const struct s1inv_backend_ops nested_ops = {
	.data_type = IOMMU_HWPT_INVALIDATE_DATA_VTD_S1,
	.entry_len = sizeof(struct iommu_hwpt_vtd_s1_invalidate),
	.hw_error_offset = offsetof(struct iommu_hwpt_vtd_s1_invalidate,
				    __reserved),
	.audit = audit,
	.submit = submit,
};

static_assert(sizeof(struct iommu_hwpt_vtd_s1_invalidate) ==
	      sizeof(struct s1inv_vtd_s1_entry));

/**
 * struct tally - the time-outs of a call (QUE-18), kept for its next chunk
 * @timeouts: per requester
 * @requesters: how many of them are in use
 */
struct tally {
	struct s1inv_vtd_timeouts timeouts[S1INV_VTD_REQUESTERS];
	u32 requesters;
};

static void take_tally(struct s1inv_vtd_scratch *scratch,
		       const struct tally *tally)
{
	memcpy(scratch->timeouts, tally->timeouts, sizeof(tally->timeouts));
	scratch->requesters = tally->requesters;
}

static void keep_tally(const struct s1inv_vtd_scratch *scratch,
		       struct tally *tally)
{
	memcpy(tally->timeouts, scratch->timeouts, sizeof(tally->timeouts));
	tally->requesters = scratch->requesters;
}

static int walk_chunk(struct s1inv_nested *nested,
		      const struct s1inv_array *array, u32 first, u32 *handled,
		      struct tally *tally)
{
	struct s1inv_verdict verdict;
	int error;

	error = s1inv_vtd_begin(&nested->table, &nested->inner);
	if (error)
		return error;
	nested->backend = nested->inner;
	nested->backend.ops = &nested_ops;
	nested->backend.ctx = nested;
	take_tally(&nested->scratch, tally);
	verdict = s1inv_walk(&nested->backend, NULL, array, first,
			     nested->backend.chunk, handled);
	keep_tally(&nested->scratch, tally);
	return verdict.error;
}

/* REP-14: a fatal signal ends the call between chunks. */
static int walk(struct s1inv_nested *nested, const struct s1inv_array *array,
		u32 *handled)
{
	struct tally tally = {};
	int error;
	u32 n;

	for (;;) {
		n = 0;
		if (mutex_lock_killable(&nested->lock))
			return -EINTR;
		error = walk_chunk(nested, array, *handled, &n, &tally);
		mutex_unlock(&nested->lock);
		*handled += n;
		if (error || *handled == array->num)
			return error;
		if (s1inv_env_interrupted(NULL))
			return -EINTR;
	}
}

int s1inv_nested_invalidate(struct iommu_domain *domain,
			    struct iommu_user_data_array *array)
{
	const struct s1inv_array request = {
		.uaddr = (uintptr_t)array->uptr,
		.entry_len = array->entry_len,
		.num = array->entry_num,
	};
	u32 handled = 0;
	int error = 0;

	if (array->type != IOMMU_HWPT_INVALIDATE_DATA_VTD_S1) /* CMD-8 */
		error = -EINVAL;
	else if (request.num) /* CMD-9 */
		error = walk(to_dmar_domain(domain)->s1inv, &request, &handled);
	array->entry_num = handled;
	return error;
}

/* --------------------------------------------------------------- the domain */

struct s1inv_nested *s1inv_nested_alloc(struct dmar_domain *domain)
{
	struct s1inv_nested *nested = kzalloc(sizeof(*nested),
					      GFP_KERNEL_ACCOUNT);

	if (!nested)
		return NULL;
	nested->domain = domain;
	mutex_init(&nested->lock);
	nested->waiter.yields = &nested->scratch.sub;
	nested->table = (struct s1inv_vtd_table){
		.audit = {
			.revision = IS_ENABLED(CONFIG_INTEL_IOMMU_S1INV_V8) ?
				    S1INV_REVISION_V8 : S1INV_REVISION_LINUX,
			.policy = IS_ENABLED(CONFIG_INTEL_IOMMU_S1INV_STRICT) ?
				  S1INV_AUDIT_STRICT : S1INV_AUDIT_COMPATIBLE,
			.va_bits = min_t(u32, domain->s1_cfg.addr_width, U8_MAX),
		},
		.cover = S1INV_COVER_TWO,
		.blame = S1INV_BLAME_ALL,
		.timeouts_max = S1INV_VTD_TIMEOUTS_MAX,
		.waiter = &nested->waiter,
		.scratch = &nested->scratch,
	};
	return nested;
}

void s1inv_nested_free(struct s1inv_nested *nested)
{
	kfree(nested->units);
	kfree(nested);
}
