/* SPDX-License-Identifier: GPL-2.0-only */
/* Latency counters: counted */
#ifndef S1INV_STUB_PERF_H
#define S1INV_STUB_PERF_H

#include "iommu.h"

enum latency_type { DMAR_LATENCY_INV_IOTLB };

bool dmar_latency_enabled(struct intel_iommu *iommu, enum latency_type type);
void dmar_latency_update(struct intel_iommu *iommu, enum latency_type type,
			 u64 latency);

#endif /* S1INV_STUB_PERF_H */
