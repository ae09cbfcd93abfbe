/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A call on the bench: the core between a model of the process that makes it
 * and models of the units that carry it out. What happened stays to be looked
 * at until rig_free().
 */
#ifndef S1INV_TOOLS_BENCH_RIG_H
#define S1INV_TOOLS_BENCH_RIG_H

#include "model.h"
#include "request_file.h"

/* A fault that the core met when the unit had fetched @at descriptors */
struct rig_note {
	uint32_t unit;
	size_t at;
	struct s1inv_vtd_fault fault;
};

struct rig;
struct rig_unit {
	struct rig *rig;
	uint32_t index;
	struct model_unit *model;
	struct s1inv_env_dev dev;
	struct s1inv_vtd_queue queue;
};

/* A stretch of user memory: what it held, and what each byte allows */
struct rig_region {
	uint64_t addr;
	size_t len;
	unsigned char *bytes;
	unsigned char *access;
};

/* User memory is these two. */
enum { RIG_COMMAND, RIG_ARRAY, RIG_REGIONS };

struct rig {
	const struct rf_group *group;
	const struct rf_call *call;
	size_t entry_size;
	struct rig_region region[RIG_REGIONS];
	struct model_user *user;
	struct rig_unit unit[RF_UNITS_MAX];
	struct s1inv_vtd_unit vtd[RF_UNITS_MAX];
	struct s1inv_vtd_table table;
	struct s1inv_vtd_scratch scratch;
	struct s1inv_selftest selftest;
	struct s1inv_env_waiter waiter;
	uint64_t pauses;
	uint64_t room;     /* descriptors that may yet be fetched */
	bool cut;          /* the call was ended for want of room or pauses */
	uint16_t *reports; /* per fault, the requester that is reported */
	struct rig_note *notes;
	size_t note_num;
	size_t note_room;
	struct s1inv_report report;
};

/*
 * Descriptors that units fetch in one call, and in all calls of a file; without
 * faults it is half of that at most. A call that needs more is cut short.
 */
#define RIG_FETCHES_CALL (UINT64_C(1) << 20)
#define RIG_FETCHES_FILE (UINT64_C(1) << 22)

/*
 * Carry out @call of @group; @rig is filled anew. What units fetch is taken
 * from @left, which begins each file with RIG_FETCHES_FILE.
 */
void rig_run(struct rig *rig, const struct rf_group *group,
	     const struct rf_call *call, uint64_t *left);
void rig_free(struct rig *rig);

/* Number of units that the table is attached through */
uint32_t rig_units(const struct rig *rig);

/* The last word of entry @i as it stands in memory now; false: unmapped */
bool rig_last_word(const struct rig *rig, uint32_t i, uint32_t *word);

/* entry_num of the command as it stands in memory now; false: unmapped */
bool rig_entry_num(const struct rig *rig, uint32_t *num);

/* Has a byte changed that nobody may change? Then @addr says which. */
bool rig_damaged(const struct rig *rig, uint64_t *addr);

/* Entry @i of the array as it was put into memory */
struct s1inv_vtd_s1_entry rig_entry(const struct rf_call *call, uint32_t i);

#endif /* S1INV_TOOLS_BENCH_RIG_H */
