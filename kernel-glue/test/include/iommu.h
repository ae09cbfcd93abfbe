/* SPDX-License-Identifier: GPL-2.0-only */
/* As much of the VT-d driver's own header as the shim uses */
#ifndef S1INV_STUB_IOMMU_H
#define S1INV_STUB_IOMMU_H

#include <linux/bitops.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/ratelimit.h>
#include <linux/spinlock.h>
#include <uapi/linux/iommufd.h>

#include "qi.h"

/* Fields of descriptors and registers (VT-d 6.5.2, 11.4.3 to 11.4.7) */
#define QI_IOTLB_TYPE 0x2
#define QI_EIOTLB_TYPE 0x6
/* No masks: they do not keep to their field, as in the driver. */
#define QI_IOTLB_GRAN(gran) ((u64)(gran) >> (60 - 4))
#define QI_EIOTLB_GRAN(gran) ((u64)(gran) << 4)
#define QI_GRAN_NONG_PASID 2
#define DMA_TLB_DSI_FLUSH (2ULL << 60)
#define DMA_TLB_PSI_FLUSH (3ULL << 60)
#define DMA_GCMD_TE (1U << 31)
#define DMA_FSTS_IQE (1U << 4)
#define DMA_FSTS_ICE (1U << 5)
#define DMA_FSTS_ITE (1U << 6)
#define ecap_smts(ecap) (((ecap) >> 43) & 1)
#define ecap_dit(ecap) (((ecap) >> 41) & 1)

#define QI_LENGTH 256
#define QI_OPT_WAIT_DRAIN 1
#define qi_shift(iommu) (4 + !!ecap_smts((iommu)->ecap))

struct qi_desc {
	u64 qw0;
	u64 qw1;
	u64 qw2;
	u64 qw3;
};

struct q_inval {
	raw_spinlock_t q_lock;
	void *desc;
	int *desc_status;
	struct s1inv_qi s1inv;
};

struct intel_iommu {
	void *reg;
	u64 cap;
	u64 ecap;
	u32 gcmd;
	u16 segment;
	const char *name;
	struct q_inval *qi;
};

struct device_domain_info {
	struct intel_iommu *iommu;
	u8 bus;
	u8 devfn;
	u16 pfsid;
	u8 ats_qdep;
	u8 dtlb_extra_inval;
};

enum cache_tag_type {
	CACHE_TAG_IOTLB,
	CACHE_TAG_DEVTLB,
	CACHE_TAG_NESTING_IOTLB,
	CACHE_TAG_NESTING_DEVTLB
};

struct cache_tag {
	struct list_head node;
	enum cache_tag_type type;
	struct intel_iommu *iommu;
	struct device *dev;
	u16 domain_id;
	ioasid_t pasid;
};

struct s1inv_nested;

struct dmar_domain {
	struct iommu_domain domain;
	spinlock_t cache_lock;
	struct list_head cache_tags;
	struct iommu_hwpt_vtd_s1 s1_cfg;
	struct s1inv_nested *s1inv;
};

#define to_dmar_domain(dom) container_of(dom, struct dmar_domain, domain)

void cache_tag_trace_range(struct cache_tag *tag, unsigned long start,
			   unsigned long end, unsigned long addr,
			   unsigned long mask);
void dmar_disable_qi(struct intel_iommu *iommu);
void __dmar_enable_qi(struct intel_iommu *iommu);
void qi_dump_fault(struct intel_iommu *iommu, u32 fault);
bool device_rbtree_present(struct intel_iommu *iommu, u16 sid);

#endif /* S1INV_STUB_IOMMU_H */
