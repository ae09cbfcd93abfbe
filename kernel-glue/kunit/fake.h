/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fake IOMMU unit: the project's model of the hardware, run by a kernel
 * thread, behind a page of registers. It takes its time, and any order that
 * the specification allows, and raises the faults that it is told to.
 *
 * Whoever waits keeps interrupts off, so the thread has a CPU of its own. With
 * two CPUs there is none to spare: then the hardware also acts when it is
 * looked at.
 */
#ifndef S1INV_KUNIT_FAKE_H
#define S1INV_KUNIT_FAKE_H

#include <linux/atomic.h>
#include <linux/iommu.h>
#include <linux/sched.h>

#include "../../iommu.h"
#include "model.h"

struct kunit;

/**
 * struct fake - a unit, and the queue that the driver has for it
 * @iommu: as the driver sees it
 * @lock: guards @model; inside of the queue's lock
 * @model: the hardware
 * @thread: makes it act
 * @page: registers that the driver accesses without the core
 * @stopped: it does not act
 * @polled: it acts when it is looked at, too
 * @rate: faults that the thread arms: of so many sleeps one does, 0 for none
 * @random: of the thread's choices
 * @noted: faults that the core told of
 */
struct fake {
	struct intel_iommu iommu;
	struct q_inval qi;
	raw_spinlock_t lock;
	struct model_unit *model;
	struct task_struct *thread;
	u32 *page;
	bool stopped;
	bool polled;
	unsigned int rate;
	u64 random;
	atomic_t noted;
};

/** fake_start() - a unit from @seed; NULL after @test failed for want of it */
struct fake *fake_start(struct kunit *test, u64 seed);

/** fake_stop() - no producer's error may have occurred */
void fake_stop(struct kunit *test, struct fake *fake);

/** fake_random() - below @n, by the generator at @state */
u32 fake_random(u64 *state, u32 n);

/** fake_fault() - arm a fault; the model's other members are chosen for it */
void fake_fault(struct fake *fake, enum model_fault_kind kind, u32 nth,
		u8 iqei, u16 sid);

/** fake_fetched() - how many descriptors were fetched by now */
size_t fake_fetched(struct fake *fake);

/** fake_done() - was one like this executed, of those fetched since? */
bool fake_done(struct fake *fake, size_t since, u64 qw0, u64 qw1);

/** fake_refused() - was one like this refused, of those fetched since? */
bool fake_refused(struct fake *fake, size_t since, u64 qw0, u64 qw1);

/** fake_counts() - what it counted */
struct model_counts fake_counts(struct fake *fake);

/** fake_silence() - the function @sid does not answer @times times */
void fake_silence(struct fake *fake, u16 sid, u32 times);

/** fake_remove() - the function @sid is gone */
void fake_remove(struct fake *fake, u16 sid);

#endif /* S1INV_KUNIT_FAKE_H */
