/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/**
 * DOC: what a command may have done
 *
 * Written from docs/spec.md, on top of naive_plan.h and of what a stage has
 * noted. Without faults there is one outcome, down to the last descriptor. With
 * faults the model's log tells what really happened, and the outcome is one
 * that the rules allow for it: what is reported as done was done, and nothing
 * is blamed on anybody without a reason.
 */
#ifndef S1INV_FUZZ_IOCTL_ORACLE_H
#define S1INV_FUZZ_IOCTL_ORACLE_H

#include "scene.h"

/**
 * struct naive_run - the walk over the array, as the rules have it
 * @num: entries of the command
 * @request: of those that were audited
 * @passed: so many were read and passed the audit
 * @stop: errno value of the one behind them, 0 when there is none
 * @unread: that one was not read, rather than refused
 */
struct naive_run {
	uint32_t num;
	struct s1inv_vtd_request request[SCENE_ENTRIES];
	uint32_t passed;
	int stop;
	bool unread;
};

/** check_command() - judge the call that @report tells of */
void check_command(const struct stage *stage, const struct s1inv_report *report,
		   int error);

/** check_work() - judge what was sent to the units, and what is told of it */
void check_work(const struct stage *stage, const struct naive_run *run,
		const struct s1inv_report *report);

/** check_caches() - is anything cached that was reported as invalidated? */
void check_caches(const struct stage *stage, const struct naive_run *run,
		  uint32_t handled);

#endif /* S1INV_FUZZ_IOCTL_ORACLE_H */
