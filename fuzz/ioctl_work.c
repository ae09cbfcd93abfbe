/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What was sent to the units for each chunk, what became of it, and what the
 * call tells of it: see ioctl_oracle.h.
 */
#include <string.h>

#include "ioctl_oracle.h"
#include "scene_format.h"

FUZZ_ORACLE_FILE_BEGIN

/* Room for 32 entries on five targets, each in 102 blocks, twice */
#define PLAN_MAX 40000U
/* A power of two, twice as many */
#define TABLE_MAX 131072U

/**
 * struct work - a descriptor that a unit is to get, and what became of it
 * @round: in which chunk and unit this element of the table was used last
 * @qw: the descriptor
 * @sid: its requester
 * @entry: the entry that it is for
 * @shared: and another one
 * @need: so many of these must have been executed
 * @done: so many were
 * @refused: one was refused
 * @suspect: QUE-10 allows to say that one timed out
 * @ice: one was executed with a bad completion
 */
struct work {
	uint32_t round;
	uint64_t qw[2];
	uint16_t sid;
	uint32_t entry;
	bool shared;
	uint32_t need;
	uint32_t done;
	bool refused;
	bool suspect;
	bool ice;
};

/**
 * struct share - a unit's part of a chunk
 * @stage: where
 * @unit: which unit
 * @first: the chunk's first entry
 * @from: first record of the unit's log
 * @to: one past the last
 * @handled: entries that the call says are handled
 */
struct share {
	const struct stage *stage;
	uint32_t unit;
	uint32_t first;
	size_t from;
	size_t to;
	uint32_t handled;
};

/* What can explain why an entry is not handled, over all units */
struct reasons {
	bool refused;
	bool must_refuse;
	bool timed_out;
	bool broken;
};

/* Entries of a chunk that have no part in any time-out, or bad completion */
struct innocents {
	bool ite[NAIVE_CHUNK];
	bool ice[NAIVE_CHUNK];
};

static struct work table[TABLE_MAX];
static uint32_t table_mask;
static struct naive_desc room[PLAN_MAX];
static struct naive_plan plan = { .desc = room, .max = PLAN_MAX };
/* Of each descriptor of the plan; not of waits */
static struct work *work_of[PLAN_MAX];
static uint32_t round_now;

/* The element for a descriptor; of round 0 when it is a new one */
static struct work *look_up(const uint64_t *qw)
{
	uint64_t hash = (qw[0] ^ qw[1] * 3U) * UINT64_C(0x9e3779b97f4a7c15);
	uint32_t i = (uint32_t)(hash >> 47) & table_mask;

	while (table[i].round == round_now &&
	       (table[i].qw[0] != qw[0] || table[i].qw[1] != qw[1]))
		i = (i + 1U) & table_mask;
	return &table[i];
}

static const struct model_record *record(const struct share *s, size_t i)
{
	return model_unit_log(s->stage->unit[s->unit].model, i);
}

static bool is_wait(const uint64_t *qw)
{
	return (qw[0] & 0xe0fU) == 0x5U;
}

/* ------------------------------------------------------- nothing went wrong */

/* Two waits are the same when they have the same flags (ENC-3). */
static void check_same(const struct naive_desc *d, const struct model_record *r)
{
	bool wait = d->kind == NAIVE_FENCE || d->kind == NAIVE_FINAL;

	FUZZ_ASSERT(r->fate == MODEL_DONE, "everything was executed");
	FUZZ_ASSERT(!r->qw[2] && !r->qw[3], "the upper half is reserved");
	if (wait)
		FUZZ_ASSERT((r->qw[0] & UINT32_MAX) == d->qw[0],
			    "a wait with these flags comes here (ENC-3)");
	else
		FUZZ_ASSERT(r->qw[0] == d->qw[0] && r->qw[1] == d->qw[1],
			    "this descriptor comes here (ENC-1 to ENC-12)");
}

static void check_calm(const struct share *s)
{
	uint32_t i;

	FUZZ_ASSERT(s->to - s->from == plan.num,
		    "as many descriptors as the rules ask for");
	for (i = 0; i < plan.num; i++)
		check_same(&plan.desc[i], record(s, s->from + i));
}

/* ------------------------------------------------- what became of the work */

static bool blamed(const struct share *s, uint32_t entry)
{
	return s->stage->table.audit.revision == S1INV_REVISION_V8 &&
	       (s->stage->hw_error[s->first + entry] & S1INV_VTD_HW_ITE);
}

static bool has_ice(const struct share *s, uint32_t entry)
{
	return s->stage->table.audit.revision == S1INV_REVISION_V8 &&
	       (s->stage->hw_error[s->first + entry] & S1INV_VTD_HW_ICE);
}

/* REP-16: what is handled was done, but for devices that are blamed. */
static bool must_be_done(const struct share *s, const struct naive_desc *d)
{
	return s->first + d->entry < s->handled &&
	       (d->kind == NAIVE_IOTLB || !blamed(s, d->entry));
}

/* As small as the plan allows, for the sake of the processor's caches */
static void begin_round(void)
{
	round_now++;
	table_mask = 63U;
	while (table_mask < 2U * plan.num)
		table_mask = 2U * table_mask + 1U;
}

static void enter_plan(const struct share *s)
{
	uint32_t i;

	begin_round();
	for (i = 0; i < plan.num; i++) {
		const struct naive_desc *d = &plan.desc[i];
		struct work *w;

		if (is_wait(d->qw))
			continue;
		w = look_up(d->qw);
		work_of[i] = w;
		if (w->round != round_now)
			*w = (struct work){ .round = round_now,
					    .qw = { d->qw[0], d->qw[1] },
					    .sid = d->sid,
					    .entry = d->entry };
		w->shared |= w->entry != d->entry;
		w->need += must_be_done(s, d);
	}
}

static void enter_record(const struct model_record *r)
{
	struct work *w;

	if (is_wait(r->qw))
		return;
	w = look_up(r->qw);
	FUZZ_ASSERT(w->round == round_now && !r->qw[2] && !r->qw[3],
		    "every descriptor was asked for (ENC-1 to ENC-12)");
	w->done += r->fate == MODEL_DONE;
	w->refused |= r->fate == MODEL_REFUSED;
	w->ice |= r->bad_completion;
}

static void enter_log(const struct share *s)
{
	size_t i;

	for (i = s->from; i < s->to; i++)
		enter_record(record(s, i));
}

/* ----------------------------------------------------- time-outs (QUE-10) */

static bool is_for(const uint64_t *qw, uint16_t sid)
{
	if ((qw[0] & 0xe0fU) == 0x3U)
		return (uint16_t)(qw[0] >> 32) == sid;
	return (qw[0] & 0xe0fU) == 0x8U && (uint16_t)(qw[0] >> 16) == sid;
}

/*
 * Work that was asked for; that timed out; and that timed out so that it counts
 * for its requester (QUE-10): what an earlier time-out had left pending is lost
 * already. So is what times out before that one has been seen.
 */
enum fate_asked { ANY, TIMED_OUT, COUNTED };

static bool has_fate(const struct model_record *r, enum fate_asked fate)
{
	return fate == ANY ||
	       (r->timed_out && (fate == TIMED_OUT || !r->left_over));
}

/* Is there work for @sid in it that had this @fate? */
static bool has_work(const struct stage *stage,
		     const struct scene_submission *sub, uint16_t sid,
		     enum fate_asked fate)
{
	const struct model_unit *u = stage->unit[sub->unit].model;
	size_t k;

	for (k = sub->from; k < sub->to; k++) {
		const struct model_record *r = model_unit_log(u, k);

		if (is_for(r->qw, sid) && has_fate(r, fate))
			return true;
	}
	return false;
}

/*
 * QUE-10: what a time-out left pending can time out later, when the ring no
 * longer knows its requester; then all that is lost by then is blamed.
 */
static bool is_left_over_reported(const struct model_unit *u, size_t to)
{
	size_t k;

	for (k = 0; k < to; k++) {
		const struct model_record *r = model_unit_log(u, k);

		if (r->reported && r->left_over)
			return true;
	}
	return false;
}

/*
 * QUE-8, QUE-10: whatever was fetched may have been lost; all of it if it is
 * not known who did not answer, else what is for those. Who did not may have
 * been asked by a submission before: some of its work can be left pending when
 * it is over, and time out beside the work of this one.
 */
static void enter_suspects(const struct share *s,
			   const struct scene_submission *sub)
{
	const struct scene_submission until = { .unit = sub->unit,
						.to = sub->to };
	bool anybody =
		!s->stage->scene->truthful ||
		is_left_over_reported(s->stage->unit[s->unit].model, sub->to);
	size_t k;

	for (k = sub->from; k < sub->to; k++) {
		struct work *w = look_up(record(s, k)->qw);

		if (w->round == round_now && !w->suspect)
			w->suspect = anybody || has_work(s->stage, &until,
							 w->sid, TIMED_OUT);
	}
}

static void enter_timeouts(const struct share *s)
{
	uint32_t i;

	if (!model_unit_counts(s->stage->unit[s->unit].model).ite)
		return;
	for (i = 0; i < s->stage->submissions; i++) {
		const struct scene_submission *sub = &s->stage->submission[i];

		if (sub->ites && sub->unit == s->unit && sub->from >= s->from &&
		    sub->from < s->to)
			enter_suspects(s, sub);
	}
}

/* ------------------------------------------------------ requesters (QUE-18) */

/* QUE-6: what is reported together with a broken queue is laid to nobody. */
static bool is_broken(const struct stage *stage, uint32_t unit)
{
	return stage->unit[unit].queue.broken;
}

/* Submissions to units of @segment with work for @sid that had this @fate */
static uint32_t times_out(const struct stage *stage, uint16_t segment,
			  uint16_t sid, enum fate_asked fate)
{
	uint32_t n = 0;
	uint32_t i;

	for (i = 0; i < stage->submissions; i++) {
		const struct scene_submission *sub = &stage->submission[i];

		n += sub->ites &&
		     stage->core_unit[sub->unit].segment == segment &&
		     !(fate != ANY && is_broken(stage, sub->unit)) &&
		     has_work(stage, sub, sid, fate);
	}
	return n;
}

static bool may_be_exhausted(const struct share *s, uint16_t sid)
{
	return times_out(s->stage, s->stage->core_unit[s->unit].segment, sid,
			 ANY) >= s->stage->table.timeouts_max;
}

static bool any_timeout(const struct stage *stage)
{
	uint32_t i;

	for (i = 0; i < stage->table.unit_num; i++)
		if (model_unit_counts(stage->unit[i].model).ite)
			return true;
	return false;
}

/* Is all of it one descriptor, which may have been issued again? */
static bool is_alone(const struct stage *stage,
		     const struct scene_submission *sub)
{
	const struct model_unit *u = stage->unit[sub->unit].model;
	const struct model_record *one = NULL;
	size_t k;

	for (k = sub->from; k < sub->to; k++) {
		const struct model_record *r = model_unit_log(u, k);

		if (is_wait(r->qw))
			continue;
		if (one && memcmp(r->qw, one->qw, sizeof(r->qw)))
			return false;
		one = r;
	}
	return true;
}

/*
 * Submissions to @unit in which a descriptor of @sid surely was tried alone,
 * and timed out. What looks alone may be a first try that has no company; but
 * then the next one is its replay, so of two in a row one is such.
 */
static uint32_t times_out_alone(const struct stage *stage, uint32_t unit,
				uint16_t sid)
{
	bool before = false;
	uint32_t n = 0;
	uint32_t i;

	for (i = 0; i < stage->submissions; i++) {
		const struct scene_submission *sub = &stage->submission[i];
		bool alone;

		if (sub->unit != unit)
			continue;
		alone = sub->ites && has_work(stage, sub, sid, COUNTED) &&
			is_alone(stage, sub);
		n += alone && before;
		before = alone && !before;
	}
	return n;
}

/* QUE-18 for attribution replay, but for time-outs beside older work */
static bool replays_end(const struct stage *stage, uint16_t segment,
			uint16_t sid)
{
	uint32_t n = 0;
	uint32_t i;

	if (stage->spent ||
	    (stage->scene->header[SCENE_HARDWARE] & SCENE_LOSE_SOME))
		return true;
	for (i = 0; i < stage->table.unit_num; i++)
		if (stage->core_unit[i].segment == segment &&
		    !is_broken(stage, i))
			n += times_out_alone(stage, i, sid);
	return n <= stage->table.timeouts_max;
}

static bool is_left_alone(const struct stage *stage, uint16_t segment,
			  uint16_t sid)
{
	if (stage->table.blame == S1INV_BLAME_REPLAY)
		return replays_end(stage, segment, sid);
	return times_out(stage, segment, sid, COUNTED) <=
	       stage->table.timeouts_max;
}

/* A requester whose time-outs are used up is left alone. */
static void check_patience(const struct stage *stage)
{
	const struct s1inv_vtd_unit *unit = stage->core_unit;
	uint32_t i, t;

	if (!stage->scene->truthful || !any_timeout(stage))
		return;
	for (i = 0; i < stage->table.unit_num; i++)
		for (t = 0; t < unit[i].target_num; t++)
			FUZZ_ASSERT(
				unit[i].targets[t].cache == S1INV_VTD_IOTLB ||
					is_left_alone(stage, unit[i].segment,
						      unit[i].targets[t].sid),
				"a dead device is left alone (QUE-18)");
}

/* ------------------------------------------------------------ who is blamed */

/* REP-11 to REP-13: may an entry be told that @i of the plan timed out? */
static bool may_blame(const struct share *s, uint32_t i)
{
	return plan.desc[i].kind == NAIVE_DEVTLB &&
	       (work_of[i]->suspect || may_be_exhausted(s, plan.desc[i].sid));
}

/* QUE-6: has something happened that breaks a queue? */
static bool may_be_broken(const struct stage *stage, uint32_t unit)
{
	const struct model_unit *u = stage->unit[unit].model;
	uint32_t last = UINT32_MAX;
	size_t i;

	for (i = 0; i < model_unit_log_len(u); i++) {
		const struct model_record *r = model_unit_log(u, i);

		if (r->fate != MODEL_REFUSED)
			continue;
		if (r->iqei == 1 || r->iqei > 4 || r->slot == last)
			return true;
		last = r->slot;
	}
	return false;
}

/* Why may the entry that is not handled have failed here? */
static void find_reasons(const struct share *s, uint32_t entry,
			 struct reasons *why)
{
	uint32_t i;

	for (i = 0; i < plan.num; i++) {
		const struct naive_desc *d = &plan.desc[i];
		const struct work *w;

		if (is_wait(d->qw) || d->entry != entry)
			continue;
		w = work_of[i];
		why->refused |= w->refused;
		why->must_refuse |= w->refused && !w->shared;
		why->timed_out |= !why->timed_out && may_blame(s, i);
		why->broken |= !why->broken && may_be_broken(s->stage, s->unit);
	}
}

/* Those of entries that are handled and blamed (v8) have a reason, too. */
static void check_blame(const struct share *s, struct innocents *innocent)
{
	uint32_t i;

	for (i = 0; i < plan.num; i++) {
		const struct naive_desc *d = &plan.desc[i];

		if (!is_wait(d->qw) && innocent->ite[d->entry] &&
		    may_blame(s, i))
			innocent->ite[d->entry] = false;
	}
}

/*
 * QUE-8: work that a time-out left pending can be answered badly after its
 * submission is over; then it is no longer in the ring.
 */
static bool may_be_late(const struct share *s)
{
	return (s->stage->scene->header[SCENE_HARDWARE] & SCENE_LOSE_SOME) &&
	       model_unit_counts(s->stage->unit[s->unit].model).ite;
}

/* An ICE reaches the entry whose descriptor it struck (QUE-11, REP-5). */
static void check_ice(const struct share *s)
{
	const struct stage *stage = s->stage;
	uint32_t i;

	if (model_unit_counts(stage->unit[s->unit].model).ice != 1 ||
	    may_be_late(s) || !stage->scene->ice_truthful ||
	    stage->table.audit.revision != S1INV_REVISION_V8)
		return;
	for (i = 0; i < plan.num; i++) {
		const struct naive_desc *d = &plan.desc[i];
		uint32_t entry = s->first + d->entry;
		const struct work *w;

		if (is_wait(d->qw) || entry >= s->handled)
			continue;
		w = work_of[i];
		FUZZ_ASSERT(!w->ice || w->shared ||
				    (stage->hw_error[entry] & S1INV_VTD_HW_ICE),
			    "an ICE is told of (REP-5)");
	}
}

/*
 * QUE-11: may an ICE be laid to device-TLB work here? To that in the ring, so
 * there was one meanwhile, or one that came late.
 */
static bool may_have_ice(const struct share *s)
{
	size_t i;

	if (!model_unit_counts(s->stage->unit[s->unit].model).ice)
		return false;
	if (may_be_late(s) || s->stage->spent)
		return true;
	for (i = s->from; i < s->to; i++)
		if (record(s, i)->bad_completion)
			return true;
	return false;
}

static void find_ices(const struct share *s, struct innocents *innocent)
{
	uint32_t i;

	if (!may_have_ice(s))
		return;
	for (i = 0; i < plan.num; i++)
		if (plan.desc[i].kind == NAIVE_DEVTLB)
			innocent->ice[plan.desc[i].entry] = false;
}

static void check_done(void)
{
	uint32_t i;

	for (i = 0; i < plan.num; i++)
		FUZZ_ASSERT(is_wait(plan.desc[i].qw) ||
				    work_of[i]->done >= work_of[i]->need,
			    "success only for what was done (REP-16)");
}

/* ---------------------------------------------------------------- the whole */

static void check_reasons(const struct stage *stage, const struct reasons *why,
			  const struct s1inv_verdict *verdict)
{
	bool v8 = stage->table.audit.revision == S1INV_REVISION_V8;

	switch (verdict->rule) {
	case S1INV_RULE_REP_8:
		FUZZ_ASSERT(!v8 && why->timed_out && !why->must_refuse,
			    "ETIMEDOUT for a time-out of its own (REP-8)");
		break;
	case S1INV_RULE_REP_10:
		FUZZ_ASSERT(why->refused, "EIO for its own (REP-10)");
		break;
	case S1INV_RULE_REP_15:
		FUZZ_ASSERT(stage->spent && !why->must_refuse,
			    "ETIMEDOUT when the time is up (REP-15)");
		break;
	case S1INV_RULE_QUE_6:
		FUZZ_ASSERT(why->broken, "EIO for what breaks a queue (QUE-6)");
		break;
	default:
		FUZZ_ASSERT(verdict->error != -S1INV_EIO &&
				    verdict->error != -S1INV_ETIMEDOUT,
			    "such an errno has such a rule");
	}
}

static void check_innocents(const struct share *s,
			    const struct innocents *innocent, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n && s->first + i < s->handled; i++) {
		FUZZ_ASSERT(!innocent->ite[i] || !blamed(s, i),
			    "hw_error has ITE for its own time-out (REP-11)");
		FUZZ_ASSERT(
			!innocent->ice[i] || !has_ice(s, i),
			"hw_error has ICE for one that can be its own (QUE-11)");
	}
}

/* One unit's part of a chunk of @n entries */
static void check_share(struct share *s, const struct naive_run *run,
			uint32_t n, struct reasons *why,
			struct innocents *innocent)
{
	const struct stage *stage = s->stage;

	naive_plan_unit(&stage->table, &stage->core_unit[s->unit],
			&run->request[s->first], n, &plan);
	if (stage_is_calm(stage)) {
		check_calm(s);
		return;
	}
	enter_plan(s);
	enter_log(s);
	enter_timeouts(s);
	check_done();
	check_ice(s);
	find_ices(s, innocent);
	check_blame(s, innocent);
	if (s->handled - s->first < n)
		find_reasons(s, s->handled - s->first, why);
}

static uint32_t chunk_len(const struct naive_run *run, uint32_t first)
{
	uint32_t n = run->passed - first;

	return n < NAIVE_CHUNK ? n : NAIVE_CHUNK;
}

static size_t log_end(const struct stage *stage, uint32_t chunk, uint32_t unit)
{
	return chunk + 1U < stage->chunks ?
		       stage->chunk_from[chunk + 1U][unit] :
		       model_unit_log_len(stage->unit[unit].model);
}

static void check_chunk(const struct stage *stage, const struct naive_run *run,
			uint32_t chunk, const struct s1inv_report *report,
			struct reasons *why)
{
	struct share s = { .stage = stage,
			   .first = chunk * NAIVE_CHUNK,
			   .handled = report->handled };
	uint32_t n = chunk_len(run, s.first);
	struct innocents innocent;

	memset(&innocent, true, sizeof(innocent));
	for (s.unit = 0; s.unit < stage->table.unit_num; s.unit++) {
		s.from = stage->chunk_from[chunk][s.unit];
		s.to = log_end(stage, chunk, s.unit);
		check_share(&s, run, n, why, &innocent);
	}
	if (!stage_is_calm(stage))
		check_innocents(&s, &innocent, n);
}

/* Without faults there is no hardware error. */
static void check_calm_words(const struct stage *stage, uint32_t handled)
{
	uint32_t i;

	for (i = 0; i < handled; i++)
		FUZZ_ASSERT(stage->table.audit.revision != S1INV_REVISION_V8 ||
				    !stage->hw_error[i],
			    "no hardware error without a fault (REP-5)");
}

void check_work(const struct stage *stage, const struct naive_run *run,
		const struct s1inv_report *report)
{
	struct reasons why = { false, false, false, false };
	uint32_t chunk;

	for (chunk = 0;
	     chunk < stage->chunks && chunk * NAIVE_CHUNK < run->passed;
	     chunk++)
		check_chunk(stage, run, chunk, report, &why);
	if (stage_is_calm(stage)) {
		check_calm_words(stage, report->handled);
		return;
	}
	check_patience(stage);
	if (report->written)
		check_reasons(stage, &why, &report->verdict);
}

FUZZ_ORACLE_END
