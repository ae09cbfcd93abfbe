/* SPDX-License-Identifier: GPL-2.0-only */
/* The ABI's entry */
#ifndef S1INV_STUB_IOMMUFD_H
#define S1INV_STUB_IOMMUFD_H

#include <linux/types.h>

#define IOMMU_HWPT_INVALIDATE_DATA_VTD_S1 0

struct iommu_hwpt_vtd_s1 {
	__aligned_u64 flags;
	__aligned_u64 pgtbl_addr;
	__u32 addr_width;
	__u32 __reserved;
};

struct iommu_hwpt_vtd_s1_invalidate {
	__aligned_u64 addr;
	__aligned_u64 npages;
	__u32 flags;
	__u32 __reserved;
};

#endif /* S1INV_STUB_IOMMUFD_H */
