/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/**
 * DOC: a page table, a process and a command, from the bytes of a fuzzer
 *
 * A scene is what an input of scene_format.h says; a stage is that scene set
 * up: units of the model with caches filled from the entries, and the memory
 * of the process. On a stage everything that the core does outwards is noted:
 * what it reads and writes of user memory, and at which record of which unit's
 * log every submission begins.
 */
#ifndef S1INV_FUZZ_SCENE_H
#define S1INV_FUZZ_SCENE_H

#include <s1inv/s1inv.h>

#include "fuzz.h"
#include "model.h"
#include "naive_plan.h"

#define SCENE_HEADER_MAX 16U
#define SCENE_UNITS 3U
#define SCENE_TARGETS 5U
#define SCENE_ENTRIES 40U
#define SCENE_FAULTS 8U
#define SCENE_EVENTS 12U
#define SCENE_CHUNKS (SCENE_ENTRIES / NAIVE_CHUNK + 1U)
/* Bytes behind the command that its process has */
#define SCENE_TRAIL 200U
/* More pauses and submissions than any honest call makes */
#define SCENE_PAUSES 200000U
#define SCENE_SUBMISSIONS 16384U

/* Page tables by hwpt_id; all others are not there */
enum scene_hwpt {
	SCENE_HWPT_VTD,
	SCENE_HWPT_SELFTEST,
	SCENE_HWPT_OTHER_KIND,
	SCENE_HWPT_NO_OPERATION,
};

/** struct scene_event - something that the process does to its memory */
struct scene_event {
	uint8_t what;
	uint16_t at;
	uint8_t value;
};

/** struct scene_trouble - a fault of the model on a unit */
struct scene_trouble {
	uint8_t unit;
	bool gone;
	struct model_fault fault;
};

/**
 * struct scene - what an input says
 * @header: the values of enum scene_header
 * @table: the page table but for its pointers
 * @unit: its units but for their pointers
 * @target: their targets
 * @narrow: the unit has a 128-bit queue
 * @trouble: faults
 * @troubles: how many
 * @truthful: every time-out tells who it was
 * @ice_truthful: every bad completion strikes a device-TLB descriptor and tells
 *	its requester, or nobody's id
 * @limits: bounds of the array
 * @entry: the entries
 * @entries: how many
 * @cmd: the command
 * @cmd_at: its address
 * @trail: what stands behind it
 * @event: what happens to the memory
 * @events: how many
 */
struct scene {
	uint64_t header[SCENE_HEADER_MAX];
	struct s1inv_vtd_table table;
	struct s1inv_vtd_unit unit[SCENE_UNITS];
	struct s1inv_vtd_target target[SCENE_UNITS][SCENE_TARGETS];
	bool narrow[SCENE_UNITS];
	struct scene_trouble trouble[SCENE_FAULTS];
	uint32_t troubles;
	bool truthful;
	bool ice_truthful;
	struct s1inv_limits limits;
	struct s1inv_vtd_s1_entry entry[SCENE_ENTRIES];
	uint32_t entries;
	struct s1inv_cmd cmd;
	uint64_t cmd_at;
	uint8_t trail[SCENE_TRAIL];
	struct scene_event event[SCENE_EVENTS];
	uint32_t events;
};

/** scene_read() - the scene of an input in one of the two formats */
void scene_read(struct scene *scene, const struct fuzz_format *format,
		const uint8_t *data, size_t size);

/** scene_is_selftest() - does the command go to the self-test's page table? */
bool scene_is_selftest(const struct scene *scene);

/** scene_entry_len() - exact length of an entry of its page table */
uint32_t scene_entry_len(const struct scene *scene);

/** scene_changes_command() - does its owner write to the command meanwhile? */
bool scene_changes_command(const struct scene *scene);

/**
 * struct scene_submission - which records of a unit's log are of a submission
 * @unit: the unit
 * @from: first record
 * @to: one past the last, when it has ended
 * @ites: time-outs of the unit before it; those during it, when it has ended
 */
struct scene_submission {
	uint32_t unit;
	size_t from;
	size_t to;
	uint64_t ites;
};

/** define SCENE_NO_SUBMISSION - the unit has had none */
#define SCENE_NO_SUBMISSION UINT32_MAX

struct stage_ring;

/** struct stage_unit - a unit of the model, its queue and its submission */
struct stage_unit {
	struct model_unit *model;
	struct stage_ring *ring;
	struct s1inv_env_dev dev;
	struct s1inv_vtd_queue queue;
	void (*lock)(void *ctx);
	uint32_t submission;
};

/**
 * struct stage - a scene set up, and what the core does there
 * @scene: which
 * @unit: the model's units
 * @core_unit: as the core sees them
 * @table: as the core sees it
 * @scratch: of the table
 * @mock: the self-test's page table
 * @waiter: the budget
 * @left: questions that may still be answered with yes
 * @spent: one was answered with no
 * @pauses: how often the core has paused
 * @memory: the process
 * @user: the same as the core sees it, noting
 * @plain: the same, not noting
 * @signalled: interrupted() was answered with yes
 * @asked: and was asked so often since the page table was found
 * @cmd_seen: bytes of the command as they were delivered
 * @cmd_got: which were
 * @seen: bytes of the array as they were delivered
 * @got: which were
 * @chunk_from: per chunk and unit: length of the log when it was first read
 * @chunks: how many chunks were read from
 * @submission: all submissions in their order
 * @submissions: how many
 * @cmd_writes: how often the command was written
 * @cmd_failed: and one of them failed
 * @hw_writes: how often an entry's hw_error was written
 * @hw_error: what was
 * @hw_failed: the entry whose write failed, or UINT32_MAX
 * @found: find() has succeeded so often
 * @put: and put() was called so often
 */
struct stage {
	const struct scene *scene;
	struct stage_unit unit[SCENE_UNITS];
	struct s1inv_vtd_unit core_unit[SCENE_UNITS];
	struct s1inv_vtd_table table;
	struct s1inv_vtd_scratch scratch;
	struct s1inv_selftest mock;
	struct s1inv_env_waiter waiter;
	uint32_t left;
	bool spent;
	uint32_t pauses;
	struct model_user *memory;
	struct s1inv_env_user user;
	struct s1inv_env_user plain;
	bool signalled;
	uint32_t asked;
	uint8_t cmd_seen[sizeof(struct s1inv_cmd)];
	bool cmd_got[sizeof(struct s1inv_cmd)];
	uint8_t seen[SCENE_ENTRIES * 24U];
	bool got[SCENE_ENTRIES * 24U];
	size_t chunk_from[SCENE_CHUNKS][SCENE_UNITS];
	uint32_t chunks;
	struct scene_submission submission[SCENE_SUBMISSIONS];
	uint32_t submissions;
	uint32_t cmd_writes;
	bool cmd_failed;
	uint8_t hw_writes[SCENE_ENTRIES];
	uint32_t hw_error[SCENE_ENTRIES];
	uint32_t hw_failed;
	uint32_t found;
	uint32_t put;
};

/** stage_start() - set @scene up, as new */
void stage_start(struct stage *stage, const struct scene *scene);

/** stage_command() - the command of the scene; returns its errno */
int stage_command(struct stage *stage, struct s1inv_report *report);

/** stage_check_units() - has the core done what no producer may do? */
void stage_check_units(const struct stage *stage);

/**
 * stage_walk() - a piece of the scene's array
 * @stage: the stage
 * @first: entry to begin with
 * @max: most entries
 * @handled: set to the number of entries handled
 *
 * Return: its errno; that of CMD-7 when the page table cannot be served.
 */
int stage_walk(struct stage *stage, uint32_t first, uint32_t max,
	       uint32_t *handled);

/** stage_readable() - can @len bytes, 1 or more, at @addr be read? */
bool stage_readable(const struct stage *stage, uint64_t addr, uint64_t len);

/** stage_copies_fail() - do copies fail that could be made? */
bool stage_copies_fail(const struct stage *stage);

/** stage_is_calm() - nothing can have gone wrong with any descriptor */
bool stage_is_calm(const struct stage *stage);

#endif /* S1INV_FUZZ_SCENE_H */
