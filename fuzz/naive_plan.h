/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/**
 * DOC: what the units are to get, interpreted naively
 *
 * What docs/spec.md asks for in its section ENC, sentence by sentence: the
 * descriptors of a chunk in their submissions. Slow, obvious, and apart from
 * the core: all that both know are the structures that describe a page table.
 * Bit positions are those of docs/spec.md, written out.
 */
#ifndef S1INV_FUZZ_NAIVE_PLAN_H
#define S1INV_FUZZ_NAIVE_PLAN_H

#include "naive_request.h"

/** define NAIVE_CHUNK - entries that are submitted together ("Terms") */
#define NAIVE_CHUNK 32U

/** enum naive_kind - what a descriptor of a submission is for */
enum naive_kind { NAIVE_IOTLB, NAIVE_DEVTLB, NAIVE_FENCE, NAIVE_FINAL };

/**
 * struct naive_desc - a descriptor that a unit is to get
 * @qw: its two quadwords; of a wait the flags only
 * @kind: what it is for
 * @entry: index within the chunk of the entry that it serves; not for waits
 * @sid: requester of a device TLB
 */
struct naive_desc {
	uint64_t qw[2];
	enum naive_kind kind;
	uint32_t entry;
	uint16_t sid;
};

/**
 * struct naive_plan - what a unit is to get for a chunk, in this order
 * @desc: the descriptors, waits included
 * @num: how many
 * @max: room in @desc
 */
struct naive_plan {
	struct naive_desc *desc;
	uint32_t num;
	uint32_t max;
};

/**
 * naive_plan_unit() - the submissions of a chunk to a unit (ENC-2 to ENC-12)
 * @table: revision, cover and attribution
 * @unit: the unit
 * @request: of the entries of the chunk
 * @n: how many
 * @plan: filled; its room must do
 */
void naive_plan_unit(const struct s1inv_vtd_table *table,
		     const struct s1inv_vtd_unit *unit,
		     const struct s1inv_vtd_request *request, uint32_t n,
		     struct naive_plan *plan);

/** naive_begin() - can the page table be served? 0 or the errno of CMD-7 */
int naive_begin(const struct s1inv_vtd_table *table);

#endif /* S1INV_FUZZ_NAIVE_PLAN_H */
