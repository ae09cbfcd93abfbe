/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What a log says about invalidation queues: read by log_lines.c, collected by
 * log.c, put into words by log_text.c. Equal things are counted, not repeated.
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

/* A descriptor as far as the log shows it; a quadword not read is 0 in @desc */
struct log_desc {
	struct s1inv_vtd_desc desc;
	bool seen;    /* the line that shows it */
	uint8_t have; /* bit per quadword that was read */
	uint8_t torn; /* bit per quadword that is there, but not as a whole */
};

/* Can anything be said about it? */
static inline bool log_desc_whole(const struct log_desc *d)
{
	return (d->have & 3U) == 3U && !d->torn;
}

/* What qi_check_fault() of Linux prints about one look at the queue */
struct log_error {
	struct log_count count;
	struct s1inv_vtd_fault fault;
	uint32_t unread; /* the status bits whose Reason or SID was not read */
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
	uint64_t torn;    /* lines left out, because a number was not read */
	bool unfinished;  /* a number ends where the input does */
	unsigned int errors, traces, refusals, units, statuses;
	struct log_error error[LOG_ERRORS];
	struct log_trace trace[LOG_TRACES];
	struct log_refusal refusal[LOG_REFUSALS];
	struct log_unit unit[LOG_UNITS];
	struct log_status status[LOG_STATUSES];
};

/* ------------------------------------------------------------------- lines */

/* A mark is looked at with this much of its line on either side, or more. */
enum { LOG_LINE_MAX = 8192, LOG_LOOK_BACK = 256, LOG_LOOK_AHEAD = 1024 };

/* A line, or a piece of one: begin with zeroes */
struct log_lines {
	uint64_t number; /* of the line, from 1 */
	size_t from, to; /* the part of @text that was not there before */
	size_t len;
	bool first; /* the line begins with @text */
	bool part;  /* it goes on after it */
	bool over;  /* the input ends with it, and no line end */
	char text[LOG_LINE_MAX + 1];
};

/* Read the next one from standard input. False if there is none. */
bool log_lines_next(struct log_lines *lines);

/* Put it into words. */
void log_print(const struct log_facts *facts);
json_t *log_json(const struct log_facts *facts);

#endif /* S1INV_TOOLS_LOG_H */
