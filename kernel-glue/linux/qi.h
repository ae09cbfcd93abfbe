/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VT-d driver's invalidation queue, run by the s1inv core. For every user
 * of the queue; nested.h has the path of user-managed page tables.
 */
#ifndef S1INV_QI_H
#define S1INV_QI_H

#include <linux/types.h>

#include <s1inv/s1inv.h>

struct intel_iommu;
struct qi_desc;

/** define S1INV_QI_SLOTS - slots of the ring, QI_LENGTH of the driver */
#define S1INV_QI_SLOTS	256U

/**
 * struct s1inv_qi - what the core needs to run a queue, under its q_lock
 * @dev: the unit
 * @queue: the core's queue, on the driver's ring and status words
 * @traced: the slot behind the last one that qi_submit events were made of
 * @yielders: those who can refuse and wait; where there is no room their work is
 *	abandoned, and they issue it again
 * @state: the queue's own marks, one per slot
 */
struct s1inv_qi {
	struct s1inv_env_dev dev;
	struct s1inv_vtd_queue queue;
	u32 traced;
	struct list_head yielders;
	u8 state[S1INV_QI_SLOTS];
};

/**
 * s1inv_qi_init() - set up the queue of a unit
 * @iommu: its qi has ring, status words and lock, and is not enabled yet
 */
void s1inv_qi_init(struct intel_iommu *iommu);

/**
 * s1inv_qi_reset() - begin anew with an empty ring
 * @iommu: its queue is disabled. Whoever waits issues again what is not proved.
 */
void s1inv_qi_reset(struct intel_iommu *iommu);

/**
 * s1inv_qi_submit() - carry out invalidations for a caller that cannot refuse
 * @iommu: the unit, whose qi is set up
 * @desc: the descriptors, waits among them as they stand
 * @count: how many
 * @drain: the final wait also drains page requests
 *
 * Retries until done, over time-outs and restarts of the queue. Only the
 * device-TLB work of a function that is gone is dropped. A page-selective
 * invalidation that hardware refuses is done as a wider one.
 *
 * Return: 0, or -EIO when hardware refused a descriptor for good.
 */
int s1inv_qi_submit(struct intel_iommu *iommu, const struct qi_desc *desc,
		    unsigned int count, bool drain);

/**
 * s1inv_qi_drain() - wait until nothing in the ring is for a function
 * @iommu: the unit
 * @sid: the function, which is no target any more
 *
 * For those who turn a function's ATS off: an ioctl that ran out of time leaves
 * its work in the ring. May sleep.
 */
void s1inv_qi_drain(struct intel_iommu *iommu, u16 sid);

/**
 * s1inv_qi_mend() - restart a broken queue, if it is
 * @iommu: the unit
 *
 * From a process with interrupts enabled.
 */
void s1inv_qi_mend(struct intel_iommu *iommu);

/**
 * s1inv_qi_stuck() - will the ring not run empty by itself?
 * @iommu: the unit; its qi may not be set up
 *
 * Return: true if its queue is broken.
 */
bool s1inv_qi_stuck(const struct intel_iommu *iommu);

#endif /* S1INV_QI_H */
