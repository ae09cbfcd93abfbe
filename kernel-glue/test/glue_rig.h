/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shim on the model: units whose queues it runs, a nested domain that is
 * attached through them, and the memory of the process that invalidates.
 */
#ifndef S1INV_GLUE_RIG_H
#define S1INV_GLUE_RIG_H

#include <check.h>
#include <string.h>

#include "iommu.h"
#include "model.h"
#include "nested.h"

#define RIG_UNITS 2U
#define RIG_TAGS 16U
#define RIG_DEVICES 8U
#define RIG_ENTRIES 512U
#define RIG_EVENTS 32U
#define RIG_ARRAY 0x10000U
#define RIG_DID(unit) ((u16)(0x10U + (unit)))

/**
 * struct rig_unit - an IOMMU unit
 * @iommu: as the driver sees it
 * @qi: its queue
 * @model: the hardware behind it
 * @latency: how often a latency was told of
 * @traced: how many descriptors trace events told of
 * @restarts: how often the queue was disabled
 * @shown: how often a fault was shown in the log
 */
struct rig_unit {
	struct intel_iommu iommu;
	struct q_inval qi;
	struct model_unit *model;
	unsigned int latency;
	unsigned int restarts;
	unsigned int shown;
	size_t traced;
};

/** struct rig_event - an event cache_tag_flush_range, as it was told */
struct rig_event {
	const struct cache_tag *tag;
	unsigned long start;
	unsigned long end;
	unsigned long addr;
	unsigned long mask;
};

/**
 * struct rig - all of it
 * @unit: the units
 * @device: the functions behind them
 * @info: their driver data
 * @tag: cache tags; those in use are in the domain's list
 * @event: the first events of ranges
 * @event_num: how many of them there were
 * @domain: the nested domain
 * @user: memory of the process
 * @entry: the array; after a call as it stands in user memory
 * @handled: entry_num after the last call
 * @error: its result
 */
struct rig {
	struct rig_unit unit[RIG_UNITS];
	struct device device[RIG_DEVICES];
	struct device_domain_info info[RIG_DEVICES];
	unsigned int device_num;
	struct cache_tag tag[RIG_TAGS];
	unsigned int tag_num;
	struct rig_event event[RIG_EVENTS];
	unsigned int event_num;
	struct dmar_domain domain;
	struct model_user *user;
	struct iommu_hwpt_vtd_s1_invalidate entry[RIG_ENTRIES];
	u32 handled;
	int error;
};

extern struct rig rig;

/** rig_start() - units like @config, and a domain that is attached nowhere */
void rig_start(u64 seed, const struct model_config *config);

/** rig_stop() - all is as it must be at the end; give it back */
void rig_stop(void);

/** rig_config() - a unit that acts a little at a time */
struct model_config rig_config(void);

/** rig_attach() - attach a function on @unit, with ATS if @sid is not 0 */
struct device_domain_info *rig_attach(unsigned int unit, u16 sid, u32 pasid);

/** rig_detach() - take its tags, IOTLB and device TLB, away again */
void rig_detach(const struct device_domain_info *info);

/** rig_set() - entry @i: @npages pages from page @page on */
void rig_set(unsigned int i, u64 page, u64 npages);

/** rig_map() - put the first @n entries into a fresh user memory */
void rig_map(u32 n);

/** rig_call() - the ioctl's operation on the first @n entries */
void rig_call(u32 n);

/** rig_call_mapped() - the same on memory that rig_map() made */
void rig_call_mapped(u32 n);

/** rig_hooks() - those of a rig: the units act a little at a time */
struct stub_hooks rig_hooks(void);
/** rig_set_hardware() - set them and no others */
void rig_set_hardware(void);

/** rig_expect() - how the last call ended */
void rig_expect(u32 handled, int error);

/** rig_fault() - arm a fault of unit @unit */
void rig_fault(unsigned int unit, enum model_fault_kind kind,
	       enum model_fault_which which, u32 nth, u32 times, u16 report);

/** rig_done() - how often a descriptor like this was executed by @unit */
unsigned int rig_done(unsigned int unit, u64 qw0, u64 qw1);

/** rig_submit() - descriptors of a caller that cannot refuse */
int rig_submit(unsigned int unit, const struct qi_desc *desc,
	       unsigned int count, bool drain);

/* Descriptors, from the tables of VT-d 6.5.2 */
static inline struct qi_desc rig_iec(u16 index)
{
	return (struct qi_desc){ .qw0 = 0x14U | (u64)index << 32 };
}

static inline struct qi_desc rig_iotlb(u16 did, u64 page, u8 order)
{
	return (struct qi_desc){ .qw0 = 0xf2U | (u64)did << 16,
				 .qw1 = page << 12 | order };
}

static inline struct qi_desc rig_devtlb(u16 sid, u64 page)
{
	return (struct qi_desc){ .qw0 = 0x3U | (u64)sid << 32,
				 .qw1 = page << 12 };
}

static inline u64 rig_piotlb_qw0(u16 did, u32 pasid)
{
	return 0x36U | (u64)did << 16 | (u64)pasid << 32;
}

#endif /* S1INV_GLUE_RIG_H */
