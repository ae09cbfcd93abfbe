/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/**
 * DOC: many submitters on one ring, and what each may be told
 *
 * A record is kept of what the unit really did, by the model's log alone, and
 * compared with what each submitter is told (QUE-*):
 *
 * * what ends as done was executed, in the order that its fences ask for;
 * * what ends as refused or timed out was refused, or may have been the one
 *   that timed out by QUE-10; nobody fails for another's fault;
 * * an ICE reaches whom it belongs to, and nobody whom it cannot (QUE-11);
 * * a queue is broken only by what breaks one (QUE-6);
 * * no slot and no status word is used before the unit has finished with it:
 *   that would be an error of the model.
 */
#ifndef S1INV_FUZZ_QUEUE_WATCH_H
#define S1INV_FUZZ_QUEUE_WATCH_H

#include <s1inv/s1inv.h>

#include "fuzz.h"
#include "model.h"

#define WATCH_FLIGHTS 24U
#define WATCH_DESCS S1INV_VTD_SUBMISSION_MAX
#define WATCH_RECORDS 16384U
#define WATCH_SLOTS 256U
#define WATCH_WORDS 64U
#define WATCH_PENDING 64U
#define WATCH_SIDS 4U

#define WATCH_RING UINT64_C(0x100000000)
#define WATCH_STATUS UINT64_C(0x200000000)
#define WATCH_USER UINT64_C(0x300000000)

/* Flags of a wait (VT-d 6.5.2.9) */
#define WATCH_WAIT_IF 0x10U
#define WATCH_WAIT_SW 0x20U
#define WATCH_WAIT_FN 0x40U
#define WATCH_WAIT_PD 0x80U

/** enum watch_place - where a submission is */
enum watch_place {
	WATCH_OUTSIDE, /* to be started, again perhaps */
	WATCH_INSIDE,  /* in the ring */
	WATCH_ENDED
};

/**
 * struct watch_part - a descriptor of a submission, or its final wait
 * @fetched: of this try
 * @repair: of this try: a wait stood in its place
 * @proof: of this try: a wait with a word of the queue's own, completed
 * @lost: of this try: by an ITE (QUE-8)
 * @refused: the unit refused it
 * @may_time_out: QUE-10 allows to blame it
 * @may_ice: QUE-11 allows to lay an ICE to it
 * @must_ice: and this one is its own
 * @first: place of its first execution in the order of all; 0 for none
 * @last: of its last
 * @placed_try: the last try that it was part of
 * @done_try: the last try that executed it
 */
struct watch_part {
	bool fetched;
	bool repair;
	bool proof;
	bool lost;
	bool refused;
	bool may_time_out;
	bool may_ice;
	bool must_ice;
	uint64_t first;
	uint64_t last;
	uint32_t placed_try;
	uint32_t done_try;
};

/**
 * struct watch_flight - one submission and what the unit did to it
 * @sub: as the queue sees it
 * @descs: its descriptors
 * @part: what became of them; the final wait has index num
 * @where: is it in the ring?
 * @present: the ring still is the one that it was put into
 * @left: it was given up, and something of it may have stayed there
 * @try: counts how often it was started
 */
struct watch_flight {
	struct s1inv_vtd_submission sub;
	struct s1inv_vtd_desc descs[WATCH_DESCS];
	struct watch_part part[WATCH_DESCS + 1U];
	enum watch_place where;
	bool present;
	bool left;
	uint32_t try;
};

/** struct watch_owner - a slot or a record is part @i of a try of @f */
struct watch_owner {
	struct watch_flight *f;
	uint32_t i;
	uint32_t try;
	bool refused; /* the slot was, in this try */
};

/**
 * struct watch - a ring, its unit, and all submissions so far
 * @unit: the model
 * @dev: its registers, between which the unit may act
 * @queue: the producer
 * @ring: descriptors, exactly as many as the ring has slots
 * @status: the queue's status words
 * @state: the queue's marks
 * @user: status words of users' waits
 * @flights: all submissions so far
 * @num: how many
 * @slots: who put what into each slot
 * @records: to whom each record of the log belongs
 * @pending: records whose fate is open
 * @pendings: how many
 * @words: how many words of users' waits are given out
 * @word: what each should hold
 * @twice: status writes that find what they write, by users' waits issued again
 * @racing: so many steps the unit makes at each access to its registers
 * @calm: no device times out, and all users' waits have FN. Otherwise the unit
 *	may still have to execute what it fetched from slots that are free: what
 *	precedes a wait that was aborted, or a user's wait without FN when the
 *	final wait has completed (VT-d 6.5.2.9)
 * @may_break: something has happened that breaks a queue
 * @gone: functions that were removed at some time
 * @ite: FSTS_REG.ITE was set at the last look
 * @ice: same
 */
struct watch {
	struct model_unit *unit;
	struct s1inv_env_dev dev;
	struct s1inv_vtd_queue queue;
	s1inv_le64 *ring;
	s1inv_le32 *status;
	uint8_t *state;
	s1inv_le32 user[WATCH_WORDS];
	struct watch_flight flights[WATCH_FLIGHTS];
	uint32_t num;
	struct watch_owner slots[WATCH_SLOTS];
	struct watch_owner records[WATCH_RECORDS];
	size_t pending[WATCH_PENDING];
	size_t pendings;
	uint32_t words;
	uint32_t word[WATCH_WORDS];
	uint64_t twice;
	uint32_t racing;
	bool calm;
	bool may_break;
	bool gone[WATCH_SIDS];
	bool ite;
	bool ice;
};

/** watch_sid() - requester of the device @i */
uint16_t watch_sid(uint32_t i);

/** watch_start() - begin anew: an empty queue on the unit that @config says */
void watch_start(struct watch *w, const struct model_config *config);

/** watch_new_flight() - a submission to be filled; NULL when there are many */
struct watch_flight *watch_new_flight(struct watch *w);

/** watch_ready() - its descriptors and what goes with them are filled in */
void watch_ready(struct watch_flight *f);

/** watch_steps() - let the unit act, @n times at most */
void watch_steps(struct watch *w, uint32_t n);

/** watch_act() - start the submission, or poll it */
void watch_act(struct watch *w, struct watch_flight *f);

/** watch_abandon() - stop waiting for it */
void watch_abandon(struct watch *w, struct watch_flight *f);

/** watch_reset() - what is in the ring is lost (QUE-16) */
void watch_reset(struct watch *w);

/** watch_pending() - ask for work of a device, and judge the answer */
void watch_pending(struct watch *w, uint32_t device);

/** watch_check_unit() - has the core done what no producer may do? */
void watch_check_unit(const struct watch *w);

#endif /* S1INV_FUZZ_QUEUE_WATCH_H */
