/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Outcomes against what a file states. */
#ifndef S1INV_TOOLS_COMPARE_H
#define S1INV_TOOLS_COMPARE_H

#include "bench_rig.h"

/* More differences than these are counted, not told. */
enum { COMPARE_TOLD = 16 };

struct differences {
	size_t num;
	char *text[COMPARE_TOLD];
};

/* Add the differences of a call that was carried out. */
void compare_call(const struct rig *rig, struct differences *diffs);

/*
 * Run @test, which is of any type, and add the differences. @left is as for
 * rig_run().
 */
void compare_test(const struct rf_group *group, const struct rf_test *test,
		  uint64_t *left, struct differences *diffs);

void differences_free(struct differences *diffs);

/* "SW|FN": the flags of a wait with first quadword @qw0 */
struct tool_text wait_flags(uint64_t qw0);

/* Its bits, as in enum rf_wait */
uint8_t wait_bits(uint64_t qw0);

/* Is it a wait? */
static inline bool is_wait(const struct model_record *record)
{
	return s1inv_vtd_type(record->qw[0]) == S1INV_VTD_TYPE_WAIT;
}

#endif /* S1INV_TOOLS_COMPARE_H */
