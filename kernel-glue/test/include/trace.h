/* SPDX-License-Identifier: GPL-2.0-only */
/* Trace events: all are on */
#ifndef S1INV_STUB_TRACE_H
#define S1INV_STUB_TRACE_H

#include "iommu.h"

bool trace_qi_submit_enabled(void);
void trace_qi_submit(struct intel_iommu *iommu, u64 qw0, u64 qw1, u64 qw2,
		     u64 qw3);
bool trace_cache_tag_flush_range_enabled(void);

#endif /* S1INV_STUB_TRACE_H */
