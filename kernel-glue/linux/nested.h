/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IOMMU_HWPT_INVALIDATE of nested domains, through the s1inv core.
 */
#ifndef S1INV_NESTED_H
#define S1INV_NESTED_H

#include <linux/types.h>

struct device;
struct dmar_domain;
struct iommu_domain;
struct iommu_user_data_array;
struct s1inv_nested;

/**
 * s1inv_nested_alloc() - what a nested domain needs for its invalidations
 * @domain: the domain, whose s1_cfg is set
 *
 * Return: NULL when there is no memory. For s1inv_nested_free().
 */
struct s1inv_nested *s1inv_nested_alloc(struct dmar_domain *domain);

/** s1inv_nested_free() - give it back */
void s1inv_nested_free(struct s1inv_nested *nested);

/**
 * s1inv_nested_reserve() - make room for the cache tags of one more attachment
 * @domain: any domain; one that is not nested needs nothing
 * @dev: the device to be attached
 *
 * So that an invalidation allocates nothing. May sleep.
 *
 * Return: 0; -ENOMEM; -EOPNOTSUPP when the device's unit has no queue that can
 * carry stage-1 invalidations.
 */
int s1inv_nested_reserve(struct dmar_domain *domain, struct device *dev);

/** s1inv_nested_release() - undo s1inv_nested_reserve(), after a detach */
void s1inv_nested_release(struct dmar_domain *domain);

/** s1inv_nested_invalidate() - &iommu_domain_ops.cache_invalidate_user */
int s1inv_nested_invalidate(struct iommu_domain *domain,
			    struct iommu_user_data_array *array);

#endif /* S1INV_NESTED_H */
