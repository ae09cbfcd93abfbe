// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VT-d driver's invalidation queue, run by the s1inv core.
 *
 * What hardware reports, whom it concerns and what is issued again is decided
 * by the core (QUE-* of its rules). Here is what it needs from the driver: the
 * unit's registers, the way to wait, and the restart of a queue that broke.
 */
#define pr_fmt(fmt)	"DMAR: " fmt

#include <linux/list.h>
#include <linux/ratelimit.h>

#include "iommu.h"
#include "trace.h"

static_assert(S1INV_QI_SLOTS == QI_LENGTH);
static_assert(sizeof(struct qi_desc) == sizeof(struct s1inv_vtd_desc));
static_assert(sizeof(int) == sizeof(s1inv_le32));

void s1inv_qi_init(struct intel_iommu *iommu)
{
	struct q_inval *qi = iommu->qi;
	struct s1inv_qi *s1inv = &qi->s1inv;

	s1inv->dev = (struct s1inv_env_dev){
		.iommu = iommu,
		.reg = iommu->reg,
		.qlock = &qi->q_lock,
	};
	s1inv->queue = (struct s1inv_vtd_queue){
		.dev = &s1inv->dev,
		.ring = qi->desc,
		.status = (__force s1inv_le32 *)qi->desc_status,
		.state = s1inv->state,
		.status_addr = virt_to_phys(qi->desc_status),
		.slots = QI_LENGTH,
		.wide = ecap_smts(iommu->ecap),
	};
	s1inv->traced = 0;
	INIT_LIST_HEAD(&s1inv->yielders);
	WARN_ON(s1inv_vtd_queue_init(&s1inv->queue));
}

void s1inv_qi_reset(struct intel_iommu *iommu)
{
	iommu->qi->s1inv.traced = 0;
	s1inv_vtd_queue_reset(&iommu->qi->s1inv.queue);
}

bool s1inv_qi_stuck(const struct intel_iommu *iommu)
{
	return iommu->qi && READ_ONCE(iommu->qi->s1inv.queue.broken);
}

/* QUE-6: a broken queue does nothing any more before it is enabled anew. */
static void restart(struct intel_iommu *iommu)
{
	lockdep_assert_held(&iommu->qi->q_lock);
	if (!iommu->qi->s1inv.queue.broken)
		return; /* somebody else did */
	pr_err_ratelimited("%s: Invalidation queue broken, restarting it\n",
			   iommu->name);
	dmar_disable_qi(iommu);
	__dmar_enable_qi(iommu);
}

void s1inv_qi_mend(struct intel_iommu *iommu)
{
	raw_spin_lock_irq(&iommu->qi->q_lock);
	restart(iommu);
	raw_spin_unlock_irq(&iommu->qi->q_lock);
}

/* -------------------------------------------- what the core's env.h declares */

/* The ring shows what is new in it since the tail was written last. */
static void trace_ring(struct intel_iommu *iommu, u32 tail)
{
	struct s1inv_qi *s1inv = &iommu->qi->s1inv;
	const s1inv_le64 *qw;
	u32 slot;

	if (!trace_qi_submit_enabled())
		s1inv->traced = tail;
	while (s1inv->traced != tail) {
		slot = s1inv->traced;
		qw = iommu->qi->desc + (slot << qi_shift(iommu));
		if (s1inv->queue.wide)
			trace_qi_submit(iommu, le64_to_cpu(qw[0]),
					le64_to_cpu(qw[1]), le64_to_cpu(qw[2]),
					le64_to_cpu(qw[3]));
		else
			trace_qi_submit(iommu, le64_to_cpu(qw[0]),
					le64_to_cpu(qw[1]), 0, 0);
		s1inv->traced = (slot + 1) % QI_LENGTH;
	}
}

void s1inv_env_write32(const struct s1inv_env_dev *dev, u32 off, u32 value)
{
	if (S1INV_DOUBLES && dev->write32) {
		dev->write32(dev->ctx, off, value);
		return;
	}
	if (off == S1INV_VTD_IQT_REG)
		trace_ring(dev->iommu, value >> qi_shift(dev->iommu));
	writel(value, dev->reg + off);
}

/**
 * struct yielder - one who can refuse, and waits with interrupts enabled
 * @node: in &s1inv_qi.yielders
 * @sub: what it waits for
 */
struct yielder {
	struct list_head node;
	struct s1inv_vtd_submission *sub;
};

static void pause_yielding(struct s1inv_qi *s1inv,
			   const struct s1inv_env_waiter *waiter)
{
	struct yielder self = { .sub = waiter->yields };

	list_add_tail(&self.node, &s1inv->yielders);
	raw_spin_unlock_irq(s1inv->dev.qlock);
	cpu_relax();
	raw_spin_lock_irq(s1inv->dev.qlock);
	list_del(&self.node);
}

/*
 * Slots are given back in order, and by their owners. An owner that @sub's
 * caller interrupted cannot do so; what is abandoned anybody can take out. The
 * owner issues again what was not done by then.
 */
static void make_way(struct s1inv_qi *s1inv,
		     const struct s1inv_vtd_submission *sub)
{
	struct yielder *other;

	if (s1inv->queue.busy + sub->num + 1 < QI_LENGTH)
		return;
	list_for_each_entry(other, &s1inv->yielders, node)
		s1inv_vtd_queue_abandon(&s1inv->queue, other->sub);
}

/*
 * With descriptors in the ring, a caller that cannot refuse keeps interrupts
 * off: an interrupt that invalidates too could otherwise wait for slots that
 * only this context can give back. With one that can refuse interrupts may come
 * in, for it gives way.
 */
void s1inv_env_pause(const struct s1inv_env_dev *dev,
		     const struct s1inv_env_waiter *waiter)
{
	struct s1inv_qi *s1inv = container_of(dev, struct s1inv_qi, dev);

	if (S1INV_DOUBLES && dev->pause) {
		dev->pause(dev->ctx, waiter);
		return;
	}
	if (!waiter->sub) {
		pause_yielding(s1inv, waiter);
	} else if (waiter->sub->placed) {
		raw_spin_unlock(dev->qlock);
		cpu_relax();
		raw_spin_lock(dev->qlock);
	} else {
		make_way(s1inv, waiter->sub);
		raw_spin_unlock_irqrestore(dev->qlock, *waiter->flags);
		cpu_relax();
		raw_spin_lock_irqsave(dev->qlock, *waiter->flags);
	}
}

bool s1inv_env_present(const struct s1inv_env_dev *dev, u16 sid)
{
	if (S1INV_DOUBLES && dev->present)
		return dev->present(dev->ctx, sid);
	return device_rbtree_present(dev->iommu, sid);
}

/* The core does so next, under the same lock. */
static void tell_cleared(u32 status)
{
	if (status & DMA_FSTS_IQE)
		pr_info_ratelimited("Invalidation Queue Error (IQE) cleared\n");
	if (status & DMA_FSTS_ITE)
		pr_info_ratelimited("Invalidation Time-out Error (ITE) cleared\n");
	if (status & DMA_FSTS_ICE)
		pr_info_ratelimited("Invalidation Completion Error (ICE) cleared\n");
}

/* A guest's device can cause as many faults as it likes. */
void s1inv_env_note(const struct s1inv_env_dev *dev,
		    const struct s1inv_vtd_fault *fault)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);

	if (S1INV_DOUBLES && dev->note) {
		dev->note(dev->ctx, fault);
		return;
	}
	if (fault->slot < QI_LENGTH && __ratelimit(&limit))
		qi_dump_fault(dev->iommu, fault->status);
	if (!fault->broken)
		tell_cleared(fault->status);
}

/* --------------------------------------- submissions that cannot be given up */

/* QUE-14. Sets @refused; what else is in @desc is done. */
static int run(struct intel_iommu *iommu, const struct qi_desc *desc,
	       unsigned int count, bool drain, struct s1inv_vtd_set *refused)
{
	struct q_inval *qi = iommu->qi;
	struct s1inv_vtd_submission sub = {
		.descs = (const struct s1inv_vtd_desc *)desc,
		.num = count,
		.fence = S1INV_VTD_NO_FENCE,
		.drain = drain,
	};
	unsigned long flags;
	const struct s1inv_env_waiter waiter = { .sub = &sub, .flags = &flags };
	int error;

	sub.waiter = &waiter;
	s1inv_vtd_submission_init(&sub);
	raw_spin_lock_irqsave(&qi->q_lock, flags);
	while ((error = s1inv_vtd_queue_run(&qi->s1inv.queue, &sub)) == -EIO) {
		restart(iommu);
		s1inv_env_pause(&qi->s1inv.dev, &waiter);
	}
	raw_spin_unlock_irqrestore(&qi->q_lock, flags);
	*refused = sub.refused;
	return error;
}

/* Of an IOTLB invalidation, with PASID and without */
#define GRANULARITY	GENMASK_ULL(5, 4)

/* The same for the whole domain or PASID; false where it is not narrower. */
static bool widen(const struct qi_desc *desc, struct qi_desc *wide)
{
	u64 gran;

	if ((desc->qw0 & GRANULARITY) != QI_IOTLB_GRAN(DMA_TLB_PSI_FLUSH))
		return false;
	switch (desc->qw0 & GENMASK_ULL(3, 0)) {
	case QI_IOTLB_TYPE:
		gran = QI_IOTLB_GRAN(DMA_TLB_DSI_FLUSH);
		break;
	case QI_EIOTLB_TYPE:
		gran = QI_EIOTLB_GRAN(QI_GRAN_NONG_PASID);
		break;
	default:
		return false;
	}
	*wide = (struct qi_desc){
		.qw0 = (desc->qw0 & ~GRANULARITY) | gran,
	};
	return true;
}

/* Stale translations that are believed gone are a hole in isolation. */
static int run_wider(struct intel_iommu *iommu, const struct qi_desc *desc)
{
	struct s1inv_vtd_set refused;
	struct qi_desc wide;

	if (widen(desc, &wide) && !run(iommu, &wide, 1, false, &refused) &&
	    !s1inv_vtd_set_any(&refused))
		return 0;
	pr_err_ratelimited("%s: Invalidation refused: qw0 = 0x%llx, qw1 = 0x%llx\n",
			   iommu->name, desc->qw0, desc->qw1);
	return -EIO;
}

int s1inv_qi_submit(struct intel_iommu *iommu, const struct qi_desc *desc,
		    unsigned int count, bool drain)
{
	struct s1inv_vtd_set refused;
	unsigned int i;
	int error;

	error = run(iommu, desc, count, drain, &refused);
	if (WARN_ON_ONCE(error) || !s1inv_vtd_set_any(&refused))
		return error;
	for (i = 0; i < count; i++)
		if (s1inv_vtd_set_has(&refused, i) &&
		    run_wider(iommu, &desc[i]))
			error = -EIO;
	return error;
}

void s1inv_qi_drain(struct intel_iommu *iommu, u16 sid)
{
	bool pending = iommu->qi;

	while (pending) {
		raw_spin_lock_irq(&iommu->qi->q_lock);
		pending = s1inv_vtd_queue_pending(&iommu->qi->s1inv.queue, sid);
		restart(iommu);
		raw_spin_unlock_irq(&iommu->qi->q_lock);
		cond_resched();
	}
}
