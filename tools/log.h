/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What a log says about invalidation queues: collected by log.c, put into
 * words by log_text.c. Equal things are counted, not repeated.
 */
#ifndef S1INV_TOOLS_LOG_H
#define S1INV_TOOLS_LOG_H

#include "tool.h"

/* Most different ones of each kind that are kept; the rest is counted. */
enum {
	LOG_ERRORS = 128,
	LOG_TRACES = 512,
	LOG_REFUSALS = 64,
	LOG_UNITS = 64,
	LOG_STATUSES = 16
};

/* When something was seen: the line's time, or its number */
struct log_time {
	char s[40];
};

struct log_count {
	uint64_t times;
	struct log_time first, last;
};

/* A descriptor as far as the log shows it */
struct log_desc {
	struct s1inv_vtd_desc desc;
	uint8_t have; /* bit per quadword */
	bool torn;    /* a number was not followed by what follows numbers */
};

/* What qi_check_fault() of Linux prints about one look at the queue */
struct log_error {
	struct log_count count;
	struct s1inv_vtd_fault fault;
	struct log_desc head, prior;
	uint32_t cleared; /* the status bits reported cleared, the last time */
	uint64_t cleared_in; /* how often that was reported */
};

/* A line of QEMU's trace */
struct log_trace {
	struct log_count count;
	struct s1inv_vtd_desc desc;
};

/* QEMU's complaint about a descriptor */
struct log_refusal {
	struct log_count count;
	struct s1inv_vtd_desc desc;
	char reason[80];
};

/* A unit's registers at boot */
struct log_unit {
	struct log_count count;
	char name[16];
	uint64_t cap, ecap;
};

/* A fault status that no error of the queue goes with */
struct log_status {
	struct log_count count;
	uint32_t fsts;
};

struct log_facts {
	uint64_t lines;
	uint64_t dropped; /* different ones for which there was no room */
	unsigned int errors, traces, refusals, units, statuses;
	struct log_error error[LOG_ERRORS];
	struct log_trace trace[LOG_TRACES];
	struct log_refusal refusal[LOG_REFUSALS];
	struct log_unit unit[LOG_UNITS];
	struct log_status status[LOG_STATUSES];
};

/* Put it into words. */
void log_print(const struct log_facts *facts);
json_t *log_json(const struct log_facts *facts);

#endif /* S1INV_TOOLS_LOG_H */
