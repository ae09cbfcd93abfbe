/* SPDX-License-Identifier: GPL-2.0-only */
/* What iommufd hands to a driver */
#ifndef S1INV_STUB_LINUX_IOMMU_H
#define S1INV_STUB_LINUX_IOMMU_H

#include <linux/types.h>

struct device {
	void *priv;
};

static inline void *dev_iommu_priv_get(struct device *dev)
{
	return dev->priv;
}

#define IOMMU_DOMAIN_UNMANAGED 1
#define IOMMU_DOMAIN_NESTED 2

struct iommu_domain {
	unsigned int type;
};

struct iommu_user_data_array {
	unsigned int type;
	void *uptr;
	size_t entry_len;
	u32 entry_num;
};

#endif /* S1INV_STUB_LINUX_IOMMU_H */
