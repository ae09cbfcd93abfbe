// SPDX-License-Identifier: GPL-2.0-only
/* The shim on the model; see glue_rig.h. */
#include "glue_rig.h"

#include <stdlib.h>

#include "perf.h"
#include "stub_user.h"
#include "trace.h"

#define REG_BYTES 0x1000U
#define RING_BYTES (QI_LENGTH * sizeof(struct qi_desc))

struct rig rig;

/* Pages of registers: an address tells unit and offset. */
static u8 registers[RIG_UNITS][REG_BYTES];

static struct rig_unit *unit_of(const struct intel_iommu *iommu)
{
	return container_of((struct intel_iommu *)(uintptr_t)iommu,
			    struct rig_unit, iommu);
}

/* ------------------------------------------------------ what the stubs call */

/* The registers of a queue are its lock's. */
static struct rig_unit *at_register(const volatile void *reg, u32 *off)
{
	uintptr_t at = (uintptr_t)reg - (uintptr_t)registers;
	struct rig_unit *unit;

	if (at >= sizeof(registers))
		stub_fail("no such register");
	unit = &rig.unit[at / REG_BYTES];
	*off = at % REG_BYTES;
	if (!stub_holds(&unit->qi.q_lock.stub))
		stub_fail("register 0x%x without the lock", *off);
	return unit;
}

uint32_t stub_readl(const volatile void *reg)
{
	u32 off;
	struct rig_unit *unit = at_register(reg, &off);

	return model_unit_read32(unit->model, off);
}

uint64_t stub_readq(const volatile void *reg)
{
	u32 off;
	struct rig_unit *unit = at_register(reg, &off);

	return model_unit_read64(unit->model, off);
}

void stub_writel(uint32_t value, volatile void *reg)
{
	u32 off;
	struct rig_unit *unit = at_register(reg, &off);

	model_unit_write32(unit->model, off, value);
}

void dmar_disable_qi(struct intel_iommu *iommu)
{
	struct rig_unit *unit = unit_of(iommu);

	unit->restarts++;
	model_unit_disable(unit->model);
}

void __dmar_enable_qi(struct intel_iommu *iommu)
{
	s1inv_qi_reset(iommu);
	model_unit_enable(unit_of(iommu)->model);
}

void qi_dump_fault(struct intel_iommu *iommu, u32 fault)
{
	(void)fault;
	if (!stub_holds(&iommu->qi->q_lock.stub))
		stub_fail("the ring is shown without its lock");
	unit_of(iommu)->shown++;
}

bool device_rbtree_present(struct intel_iommu *iommu, u16 sid)
{
	return model_unit_present(unit_of(iommu)->model, sid);
}

bool trace_qi_submit_enabled(void)
{
	return true;
}

void trace_qi_submit(struct intel_iommu *iommu, u64 qw0, u64 qw1, u64 qw2,
		     u64 qw3)
{
	(void)qw0;
	(void)qw1;
	(void)qw2;
	(void)qw3;
	unit_of(iommu)->traced++;
}

bool trace_cache_tag_flush_range_enabled(void)
{
	return true;
}

void cache_tag_trace_range(struct cache_tag *tag, unsigned long start,
			   unsigned long end, unsigned long addr,
			   unsigned long mask)
{
	if (!stub_holds(&rig.domain.cache_lock.stub))
		stub_fail("a tag is shown without its lock");
	if (rig.event_num < RIG_EVENTS)
		rig.event[rig.event_num] =
			(struct rig_event){ tag, start, end, addr, mask };
	rig.event_num++;
}

bool dmar_latency_enabled(struct intel_iommu *iommu, enum latency_type type)
{
	(void)iommu;
	(void)type;
	return true;
}

void dmar_latency_update(struct intel_iommu *iommu, enum latency_type type,
			 u64 latency)
{
	(void)type;
	(void)latency;
	unit_of(iommu)->latency++;
}

/* Each unit acts a little while somebody relaxes. */
static void hardware(void *ctx)
{
	unsigned int i, steps;

	(void)ctx;
	for (i = 0; i < RIG_UNITS; i++)
		for (steps = stub_random(4); steps; steps--)
			(void)model_unit_step(rig.unit[i].model);
}

struct stub_hooks rig_hooks(void)
{
	return (struct stub_hooks){ .hardware = hardware };
}

void rig_set_hardware(void)
{
	const struct stub_hooks hooks = rig_hooks();

	stub_set_hooks(&hooks);
}

/* ------------------------------------------------------------------- set-up */

struct model_config rig_config(void)
{
	return model_config_default();
}

static void *aligned(size_t size)
{
	void *p = NULL;

	if (posix_memalign(&p, 4096, size))
		abort();
	memset(p, 0, size);
	return p;
}

static void start_unit(unsigned int i, const struct model_config *config)
{
	static const char *const name[RIG_UNITS] = { "dmar0", "dmar1" };
	struct rig_unit *unit = &rig.unit[i];
	struct model_config c = *config;

	unit->iommu = (struct intel_iommu){ .reg = registers[i],
					    .gcmd = DMA_GCMD_TE,
					    .name = name[i],
					    .qi = &unit->qi };
	unit->iommu.ecap = (u64)c.wide << 43 | (u64)c.dit << 41;
	raw_spin_lock_init(&unit->qi.q_lock);
	unit->qi.desc = aligned(RING_BYTES);
	unit->qi.desc_status = aligned(QI_LENGTH * sizeof(int));
	c.seed += i;
	c.ring = virt_to_phys(unit->qi.desc);
	c.qs = c.wide;
	c.haw = 64;
	unit->model = model_unit_create(&c);
	model_unit_map(unit->model, virt_to_phys(unit->qi.desc), unit->qi.desc,
		       RING_BYTES);
	model_unit_map(unit->model, virt_to_phys(unit->qi.desc_status),
		       unit->qi.desc_status, QI_LENGTH * sizeof(int));
	model_unit_enable(unit->model);
	raw_spin_lock_irq(&unit->qi.q_lock);
	s1inv_qi_init(&unit->iommu);
	raw_spin_unlock_irq(&unit->qi.q_lock);
}

void rig_start(u64 seed, const struct model_config *config)
{
	unsigned int i;

	stub_begin(seed);
	rig_set_hardware();
	memset(&rig, 0, sizeof(rig));
	for (i = 0; i < RIG_UNITS; i++)
		start_unit(i, config);
	rig.domain.domain.type = IOMMU_DOMAIN_NESTED;
	rig.domain.s1_cfg.addr_width = 48;
	spin_lock_init(&rig.domain.cache_lock);
	INIT_LIST_HEAD(&rig.domain.cache_tags);
	rig.domain.s1inv = s1inv_nested_alloc(&rig.domain);
	ck_assert_ptr_nonnull(rig.domain.s1inv);
	rig.user = model_user_create();
	stub_user_set(rig.user);
}

static void stop_unit(struct rig_unit *unit)
{
	int kind;

	for (kind = 0; kind < MODEL_ERROR_KINDS; kind++)
		ck_assert_msg(
			!model_unit_error(unit->model, (enum model_error)kind),
			"model error: %s",
			model_error_name((enum model_error)kind));
	model_unit_destroy(unit->model);
	free(unit->qi.desc);
	free(unit->qi.desc_status);
}

void rig_stop(void)
{
	unsigned int i;

	/* What user space can cause has its rate limited (M29). */
	ck_assert_uint_eq(stub_log_lines(false), 0);
	s1inv_nested_free(rig.domain.s1inv);
	model_user_destroy(rig.user);
	for (i = 0; i < RIG_UNITS; i++)
		stop_unit(&rig.unit[i]);
}

static void add_tag(struct device_domain_info *info, struct device *device,
		    enum cache_tag_type type, u32 pasid)
{
	struct cache_tag *tag = &rig.tag[rig.tag_num++];

	*tag = (struct cache_tag){
		.type = type,
		.iommu = info->iommu,
		.dev = device,
		.domain_id = RIG_DID(unit_of(info->iommu) - rig.unit),
		.pasid = pasid,
	};
	list_add_tail(&tag->node, &rig.domain.cache_tags);
}

struct device_domain_info *rig_attach(unsigned int unit, u16 sid, u32 pasid)
{
	struct device_domain_info *info = &rig.info[rig.device_num];
	struct device *device = &rig.device[rig.device_num++];
	unsigned long flags;

	*info = (struct device_domain_info){ .iommu = &rig.unit[unit].iommu,
					     .bus = (u8)(sid >> 8),
					     .devfn = (u8)sid,
					     .pfsid = sid };
	device->priv = info;
	ck_assert_int_eq(s1inv_nested_reserve(&rig.domain, device), 0);
	spin_lock_irqsave(&rig.domain.cache_lock, flags);
	add_tag(info, device, CACHE_TAG_IOTLB, pasid);
	if (sid)
		add_tag(info, device, CACHE_TAG_DEVTLB, pasid);
	spin_unlock_irqrestore(&rig.domain.cache_lock, flags);
	return info;
}

void rig_detach(const struct device_domain_info *info)
{
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&rig.domain.cache_lock, flags);
	for (i = 0; i < rig.tag_num; i++)
		if (rig.tag[i].dev && rig.tag[i].dev->priv == info) {
			list_del(&rig.tag[i].node);
			/* Whoever still looks at it shall fall over it. */
			memset(&rig.tag[i], 0, sizeof(rig.tag[i]));
		}
	spin_unlock_irqrestore(&rig.domain.cache_lock, flags);
	s1inv_nested_release(&rig.domain);
}

/* -------------------------------------------------------------------- calls */

void rig_set(unsigned int i, u64 page, u64 npages)
{
	rig.entry[i] =
		(struct iommu_hwpt_vtd_s1_invalidate){ .addr = page << 12,
						       .npages = npages };
}

void rig_map(u32 n)
{
	model_user_reset(rig.user);
	ck_assert(model_user_add(rig.user, RIG_ARRAY, rig.entry,
				 n * sizeof(rig.entry[0]), MODEL_READ_WRITE));
}

void rig_call_mapped(u32 n)
{
	struct iommu_user_data_array array = {
		.type = IOMMU_HWPT_INVALIDATE_DATA_VTD_S1,
		.uptr = (void *)(uintptr_t)RIG_ARRAY,
		.entry_len = sizeof(rig.entry[0]),
		.entry_num = n,
	};
	unsigned int allocs = stub_current()->allocs;

	rig.error = s1inv_nested_invalidate(&rig.domain.domain, &array);
	rig.handled = array.entry_num;
	ck_assert_uint_eq(stub_current()->allocs,
			  allocs); /* none in the path */
}

void rig_call(u32 n)
{
	rig_map(n);
	rig_call_mapped(n);
}

void rig_expect(u32 handled, int error)
{
	ck_assert_int_eq(rig.error, error);
	ck_assert_uint_eq(rig.handled, handled);
}

void rig_fault(unsigned int unit, enum model_fault_kind kind,
	       enum model_fault_which which, u32 nth, u32 times, u16 report)
{
	const struct model_fault fault = { .kind = kind,
					   .which = which,
					   .nth = nth,
					   .sid = MODEL_ANY_SID,
					   .times = times,
					   .iqei = 4,
					   .report = report };

	model_unit_add_fault(rig.unit[unit].model, &fault);
}

unsigned int rig_done(unsigned int unit, u64 qw0, u64 qw1)
{
	const struct model_unit *model = rig.unit[unit].model;
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < model_unit_log_len(model); i++) {
		const struct model_record *r = model_unit_log(model, i);

		n += r->fate == MODEL_DONE && r->qw[0] == qw0 &&
		     r->qw[1] == qw1;
	}
	return n;
}

int rig_submit(unsigned int unit, const struct qi_desc *desc,
	       unsigned int count, bool drain)
{
	return s1inv_qi_submit(&rig.unit[unit].iommu, desc, count, drain);
}
