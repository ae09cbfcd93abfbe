/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Many submitters share one ring (QUE-*): a property test. In each scenario
 * three to six of them, with and without a budget, some of them with waits of
 * their own, take turns with the unit and with faults, as a seed says. A
 * record is kept of what the unit really did, by the unit's log alone, and
 * compared with what each submitter is told:
 *
 * - what ends as done was executed, in the order that its fences ask for;
 * - what ends as refused or timed out was refused, or may have been the one
 *   that timed out by QUE-10; nobody fails for another's fault;
 * - an ICE reaches whom it belongs to, and nobody whom it cannot (QUE-11);
 * - a queue is broken only by what breaks one (QUE-6);
 * - no slot and no status word is used before the unit has finished with it:
 *   that would be an error of the model;
 * - everything ends.
 *
 * S1INV_SCENARIOS sets the number of scenarios, S1INV_SEED the first seed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "queue_rig.h"
#include "rng.h"
#include "runner.h"

#define SUBMITTERS 6U
#define FLIGHTS 40U
#define DESCS S1INV_VTD_SUBMISSION_MAX
#define TURNS 300U
#define ROUNDS 2000U
#define SIDS 4U
#define UNKNOWN_SID 0x7777U
#define PARTS 8

/* Where a submission is */
enum place {
	OUTSIDE, /* to be started, again perhaps */
	INSIDE,  /* in the ring */
	ENDED
};

/**
 * struct flight - one submission and what the unit did to it
 * @sub: as the queue sees it
 * @descs: its descriptors
 * @where: is it in the ring?
 * @present: the ring still is the one that it was put into
 * @try: counts how often it was started
 * @fetched: per descriptor of this try; the final wait has index num
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
struct flight {
	struct s1inv_vtd_submission sub;
	struct s1inv_vtd_desc descs[DESCS];
	enum place where;
	bool present;
	uint32_t try;
	bool fetched[DESCS + 1];
	bool repair[DESCS + 1];
	bool proof[DESCS + 1];
	bool lost[DESCS + 1];
	bool refused[DESCS + 1];
	bool may_time_out[DESCS];
	bool may_ice[DESCS];
	bool must_ice[DESCS];
	uint64_t first[DESCS + 1];
	uint64_t last[DESCS + 1];
	uint32_t placed_try[DESCS + 1];
	uint32_t done_try[DESCS + 1];
};

/* A slot or a log record belongs to descriptor @i of a try of @f. */
struct owner {
	struct flight *f;
	uint32_t i;
	uint32_t try;
	bool refused; /* the slot was, in this try */
};

/**
 * struct world - one scenario
 * @seed: of all choices
 * @scenario: the seed that it began with
 * @flights: all submissions so far
 * @num: how many
 * @current: of each submitter, or NULL
 * @submitters: how many
 * @slots: who put what into each slot
 * @records: to whom each log record belongs
 * @pending: log records whose fate is open
 * @pendings: how many
 * @words: how many words of users' waits are given out
 * @user: what each should hold
 * @twice: status writes that find what they write, by users' waits issued again
 * @racing: the unit goes on while the core looks at its registers
 * @calm: no device times out, and all users' waits have FN. Otherwise the unit
 *	may still have to execute what it fetched from slots that are free: what
 *	precedes a wait that was aborted, or a user's wait without FN when the
 *	final wait has completed (VT-d 6.5.2.9)
 * @may_break: something has happened that breaks a queue
 * @gone: functions that were removed at some time
 * @ite: FSTS_REG.ITE was set at the last look
 * @ice: same
 */
struct world {
	uint64_t seed;
	uint64_t scenario;
	struct flight flights[FLIGHTS];
	uint32_t num;
	struct flight *current[SUBMITTERS];
	uint32_t submitters;
	struct owner slots[RIG_SLOTS];
	struct owner *records;
	size_t records_max;
	size_t pending[64];
	size_t pendings;
	uint32_t words;
	uint32_t user[RIG_USER_WORDS];
	uint64_t twice;
	bool racing;
	bool calm;
	bool may_break;
	bool gone[SIDS];
	bool ite;
	bool ice;
	struct model_config config;
};

static struct rig rig;
static struct world w;
static struct rig_budget budget;

/* Check's own assertions tell of their success; that takes time. */
#define CHECK(cond, text)                                                      \
	do {                                                                   \
		if (!(cond))                                                   \
			ck_abort_msg("seed %" PRIu64 ": %s", w.scenario,       \
				     text);                                    \
	} while (0)

static uint32_t below(uint32_t n)
{
	return rng_below(&w.seed, n);
}

/* One time in @n */
static bool once_in(uint32_t n)
{
	return !below(n);
}

static uint16_t sid_of(uint32_t i)
{
	return (uint16_t)(0x100 + i * 0x108);
}

/* --------------------------------------------------------- making requests */

static struct s1inv_vtd_desc any_iotlb(uint64_t id)
{
	struct s1inv_vtd_desc desc;

	if (w.config.wide && once_in(2))
		return rig_piotlb((uint16_t)below(9), below(9), id, 0);
	desc = rig_desc(0xf2U | (uint64_t)below(9) << 16, id << 12);
	return desc;
}

static struct s1inv_vtd_desc any_devtlb(uint64_t id)
{
	uint16_t sid = sid_of(below(SIDS));

	if (w.config.wide && once_in(2))
		return rig_pdevtlb(sid, below(9), id);
	return rig_devtlb(sid, id);
}

static struct s1inv_vtd_desc any_wait(void)
{
	uint32_t flags = below(16) << 4;
	uint32_t word = w.words;

	if (w.words == RIG_USER_WORDS)
		return rig_wait(RIG_WAIT_FN, 0, 0);
	flags |= RIG_WAIT_SW | (w.calm ? RIG_WAIT_FN : 0);
	flags &= RIG_WAIT_FN | RIG_WAIT_IF | RIG_WAIT_SW;
	return rig_wait(flags, w.words++, word + 1);
}

/* What a backend sends: IOTLBs, a fence, device TLBs. Ids are page numbers. */
static uint32_t fill_backend(struct flight *f, uint32_t size)
{
	uint32_t n = 0;
	uint32_t iotlbs = 1 + below(size);
	uint32_t devtlbs = below(size + 1);

	for (; n < iotlbs; n++)
		f->descs[n] = any_iotlb(n);
	if (!devtlbs)
		return n;
	f->sub.fence = n;
	f->descs[n++] = rig_wait(RIG_WAIT_FN, 0, 0);
	for (; devtlbs; devtlbs--, n++)
		f->descs[n] = any_devtlb(n);
	return n;
}

static uint32_t fill_raw(struct flight *f, uint32_t size)
{
	uint32_t num = below(size + 1);
	uint32_t n;

	for (n = 0; n < num; n++) {
		if (once_in(6))
			f->descs[n] = any_wait();
		else if (once_in(6))
			f->descs[n] = rig_iec();
		else if (once_in(2))
			f->descs[n] = any_iotlb(n);
		else
			f->descs[n] = any_devtlb(n);
	}
	return n;
}

static struct flight *new_flight(void)
{
	struct flight *f = &w.flights[w.num++];
	uint32_t size = once_in(8) ? 60 : 8;

	memset(f, 0, sizeof(*f));
	f->sub.descs = f->descs;
	f->sub.fence = S1INV_VTD_NO_FENCE;
	f->sub.num = once_in(3) ? fill_raw(f, size) : fill_backend(f, size);
	f->sub.drain = w.config.pds && once_in(6);
	f->sub.may_refuse = once_in(2);
	f->sub.waiter = &budget.env;
	s1inv_vtd_submission_init(&f->sub);
	return f;
}

/* ----------------------------------------------- what the unit really does */

static bool in_ring(const struct flight *f)
{
	return f->where == INSIDE && f->present;
}

/* Is there a completed wait of the queue's own at @i or behind it? */
static bool proved(const struct flight *f, uint32_t i)
{
	for (; i <= f->sub.num; i++)
		if (f->proof[i])
			return true;
	return false;
}

static bool is_for(const struct flight *f, uint32_t i, uint16_t sid)
{
	return rig_sid(f->descs[i].qw) == sid && !f->repair[i];
}

/* QUE-8, and QUE-10 for an ITE that tells of @sid */
static void time_out(uint16_t sid)
{
	bool known = false;
	struct flight *f;
	uint32_t i;

	for (f = w.flights; f < w.flights + w.num; f++)
		for (i = 0; in_ring(f) && i <= f->sub.num; i++) {
			f->lost[i] |= f->fetched[i] && !proved(f, i);
			known |= i < f->sub.num && f->lost[i] && sid &&
				 is_for(f, i, sid);
		}
	for (f = w.flights; f < w.flights + w.num; f++)
		for (i = 0; in_ring(f) && i < f->sub.num; i++)
			f->may_time_out[i] |= f->lost[i] &&
					      (!known || is_for(f, i, sid));
}

/* QUE-11: an ICE from @sid is there to be seen */
static void spread_ice(uint16_t sid)
{
	bool known = false;
	struct flight *f;
	uint32_t i;

	for (f = w.flights; f < w.flights + w.num; f++)
		for (i = 0; in_ring(f) && i < f->sub.num; i++)
			known |= f->fetched[i] && sid && is_for(f, i, sid);
	for (f = w.flights; f < w.flights + w.num; f++)
		for (i = 0; in_ring(f) && i < f->sub.num; i++)
			f->may_ice[i] |= f->fetched[i] &&
					 (!known || is_for(f, i, sid));
}

static bool is_own_wait(const struct model_record *r)
{
	return rig_is_wait(r->qw) && (r->qw[0] & RIG_WAIT_SW) &&
	       r->qw[1] - RIG_STATUS < sizeof(rig.status);
}

/* A user's wait wrote its word. */
static void user_word(const struct model_record *r)
{
	uint64_t word = (r->qw[1] - RIG_USER) / 4;
	uint32_t data = (uint32_t)(r->qw[0] >> 32);

	if (!rig_is_wait(r->qw) || !(r->qw[0] & RIG_WAIT_SW) ||
	    word >= RIG_USER_WORDS)
		return;
	w.twice += w.user[word] == data;
	w.user[word] = data;
}

/* Descriptor @o was executed, or the wait that stands in its place. */
static void executed(const struct owner *o, const struct model_record *r,
		     bool ice)
{
	struct flight *f = o->f;
	bool now = in_ring(f) && f->try == o->try;

	if (is_own_wait(r)) {
		f->proof[o->i] |= now;
		/* A drain is done by a wait with PD only. */
		if (o->i == f->sub.num && f->sub.drain &&
		    !(r->qw[0] & RIG_WAIT_PD))
			return;
	} else if (now && ice) {
		uint32_t id =
			(uint32_t)(model_unit_read64(rig.unit, 0xb0) >> 48);

		f->must_ice[o->i] |= !id || is_for(f, o->i, (uint16_t)id);
	}
	if (is_own_wait(r) && o->refused && o->i < f->sub.num &&
	    o->i != f->sub.fence)
		return; /* a repair is not the descriptor */
	f->last[o->i] = r->when;
	f->done_try[o->i] = o->try;
	if (!f->first[o->i])
		f->first[o->i] = r->when;
}

/* No other wait under way writes the word of this one of the queue's. */
static void check_word(const struct model_record *r)
{
	size_t i;

	for (i = 0; i < w.pendings; i++)
		CHECK(model_unit_log(rig.unit, w.pending[i])->qw[1] != r->qw[1],
		      "a status word of two waits");
}

/* A descriptor was read from its slot. */
static void fetched(size_t record)
{
	const struct model_record *r = model_unit_log(rig.unit, record);
	struct owner *slot = &w.slots[r->slot];

	CHECK(slot->f, "a slot was read that nobody filled");
	slot->refused |= is_own_wait(r) &&
			 s1inv_vtd_set_has(&slot->f->sub.refused, slot->i);
	if (record == w.records_max) {
		w.records_max = 2 * w.records_max + 64;
		w.records =
			realloc(w.records, w.records_max * sizeof(*w.records));
		ck_assert_ptr_nonnull(w.records);
	}
	w.records[record] = *slot;
	if (is_own_wait(r))
		check_word(r);
	if (r->fate != MODEL_REFUSED) {
		slot->f->fetched[slot->i] |= slot->try == slot->f->try;
		slot->f->repair[slot->i] |= slot->try == slot->f->try &&
					    is_own_wait(r);
		w.pending[w.pendings++] = record;
		return;
	}
	w.may_break |= slot->refused || r->iqei == 1 || r->iqei > 4;
	slot->refused = true;
	slot->f->refused[slot->i] = true;
}

/* What became of those that were pending */
static void settle_pending(bool ice)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < w.pendings; i++) {
		size_t at = w.pending[i];
		const struct model_record *r = model_unit_log(rig.unit, at);

		if (r->fate == MODEL_PENDING)
			w.pending[kept++] = at;
		else if (r->fate == MODEL_DONE) {
			executed(&w.records[at], r, ice);
			user_word(r);
		}
	}
	w.pendings = kept;
}

/* Which faults wait to be dealt with */
static void look_at_fsts(void)
{
	uint32_t fsts = model_unit_read32(rig.unit, 0x34);

	w.ite = fsts & RIG_ITE;
	w.ice = fsts & RIG_ICE;
}

/* One action of the unit, and what it means */
static bool unit_step(void)
{
	size_t before = model_unit_log_len(rig.unit);
	bool acted = model_unit_step(rig.unit);
	uint32_t fsts = model_unit_read32(rig.unit, 0x34);
	uint64_t code = model_unit_read64(rig.unit, 0xb0);
	bool ice = fsts & RIG_ICE;

	if (model_unit_log_len(rig.unit) > before)
		fetched(before);
	settle_pending(ice && !w.ice);
	if ((fsts & RIG_ITE) && !w.ite)
		time_out((uint16_t)(code >> 32));
	if (ice)
		spread_ice((uint16_t)(code >> 48));
	look_at_fsts();
	return acted;
}

static void unit_steps(uint32_t n)
{
	while (n-- && unit_step())
		;
}

/* The unit does not stand still between two looks at its registers. */
static void race(void)
{
	if (w.racing)
		unit_steps(below(3));
}

static uint32_t racing_read32(void *ctx, uint32_t off)
{
	race();
	return model_unit_read32(ctx, off);
}

static uint64_t racing_read64(void *ctx, uint32_t off)
{
	race();
	return model_unit_read64(ctx, off);
}

static void racing_write32(void *ctx, uint32_t off, uint32_t value)
{
	race();
	model_unit_write32(ctx, off, value);
	look_at_fsts();
}

/* ------------------------------------------------------ what is told of it */

/*
 * QUE-15: what precedes a user's wait without FN is proved by that wait's own
 * status only, which the user has to look at.
 */
static bool users_own_matter(const struct flight *f, uint32_t i)
{
	for (; i < f->sub.num; i++)
		if (rig_is_wait(f->descs[i].qw) && i != f->sub.fence)
			return !(f->descs[i].qw[0] & RIG_WAIT_FN) &&
			       f->done_try[i] != f->placed_try[i];
	return false;
}

static void check_desc(const struct flight *f, uint32_t i, bool done)
{
	const struct s1inv_vtd_submission *sub = &f->sub;
	bool refused = s1inv_vtd_set_has(&sub->refused, i);
	bool timedout = s1inv_vtd_set_has(&sub->timedout, i);
	bool undone = s1inv_vtd_set_has(&sub->undone, i);
	int32_t sid = rig_sid(f->descs[i].qw);

	CHECK(!refused || f->refused[i], "refused by nobody");
	CHECK(!timedout || f->may_time_out[i], "blamed for another's time-out");
	CHECK(!timedout || sub->may_refuse || w.gone[(sid - 0x100) / 0x108],
	      "dropped though it is there");
	if (done && !refused && !timedout)
		CHECK(!undone, "done with work undone");
	if (!undone && !users_own_matter(f, i) && i != sub->fence)
		CHECK(f->first[i], "told as done, never executed");
	CHECK(!s1inv_vtd_set_has(&sub->ice, i) || f->may_ice[i],
	      "an ICE that cannot be its own");
	if (done && f->must_ice[i])
		CHECK(s1inv_vtd_set_has(&sub->ice, i), "its ICE was lost");
}

/*
 * ENC-2, QUE-9: what stands behind a wait with FN was done after what stands
 * between that one and the wait before it, and whatever that one proved.
 */
static void check_order(const struct flight *f)
{
	uint64_t before = 0;
	uint64_t since = 0;
	uint32_t i;

	for (i = 0; i < f->sub.num; i++) {
		if (rig_is_wait(f->descs[i].qw)) {
			if (f->descs[i].qw[0] & RIG_WAIT_FN)
				before = since;
			since = before;
			continue;
		}
		if (s1inv_vtd_set_has(&f->sub.timedout, i) ||
		    s1inv_vtd_set_has(&f->sub.refused, i) ||
		    users_own_matter(f, i))
			continue;
		CHECK(f->last[i] > before, "executed before its fence");
		if (f->first[i] > since)
			since = f->first[i];
	}
}

static void check_done(const struct flight *f)
{
	uint32_t i;

	for (i = 0; i < f->sub.num; i++)
		check_desc(f, i, true);
	check_order(f);
	if (!f->sub.drain)
		return;
	if (s1inv_vtd_set_has(&f->sub.refused, f->sub.num))
		CHECK(f->refused[f->sub.num], "drain refused by nobody");
	else
		CHECK(f->first[f->sub.num], "done without its drain");
}

/* After a budget was spent, or the queue broke: what it says is undone */
static void check_given_up(const struct flight *f)
{
	uint32_t i;

	for (i = 0; i < f->sub.num; i++)
		check_desc(f, i, false);
}

/* ------------------------------------------------------------------- turns */

/* Who put what where: as QUE-9 says, all from the first lost on. */
static void note_slots(struct flight *f)
{
	const struct s1inv_vtd_submission *sub = &f->sub;
	uint32_t slot = sub->head;
	uint32_t i;

	f->where = INSIDE;
	f->present = true;
	f->try++;
	memset(f->fetched, 0, sizeof(f->fetched));
	memset(f->repair, 0, sizeof(f->repair));
	memset(f->proof, 0, sizeof(f->proof));
	memset(f->lost, 0, sizeof(f->lost));
	/* Of one that is done the wait alone goes in: its queue broke since. */
	i = sub->from < sub->num ? sub->from : sub->num;
	for (; i <= sub->num; i++) {
		if (i < sub->num && s1inv_vtd_set_has(&sub->timedout, i))
			continue;
		w.slots[slot] = (struct owner){ f, i, f->try, false };
		f->placed_try[i] = f->try;
		slot = (slot + 1) % rig.queue.slots;
	}
	CHECK((sub->head + sub->placed) % rig.queue.slots == slot,
	      "more or fewer slots than are to be issued");
}

/* An ICE that was not yet seen is lost with a reset, or in a broken queue. */
static void forget_ice(struct flight *f)
{
	uint32_t i;

	for (i = 0; i < f->sub.num; i++)
		f->must_ice[i] = s1inv_vtd_set_has(&f->sub.ice, i);
}

static void start(struct flight *f)
{
	int error = s1inv_vtd_queue_start(&rig.queue, &f->sub);

	switch (error) {
	case 0:
		note_slots(f);
		break;
	case -S1INV_EIO:
		CHECK(w.may_break, "broken by nothing");
		if (f->sub.may_refuse) {
			check_given_up(f);
			f->where = ENDED;
		}
		break;
	default:
		CHECK(error == -S1INV_EAGAIN, "start() fails");
	}
}

/* Whose work it was may be forgotten when a new ITE is dealt with. */
static void left(void)
{
	if (w.ite)
		time_out((uint16_t)(model_unit_read64(rig.unit, 0xb0) >> 32));
}

static void poll(struct flight *f)
{
	switch (s1inv_vtd_queue_poll(&rig.queue, &f->sub)) {
	case S1INV_VTD_PENDING:
		break;
	case S1INV_VTD_DONE:
		check_done(f);
		f->where = ENDED;
		left();
		break;
	case S1INV_VTD_AGAIN:
		f->where = OUTSIDE;
		left();
		break;
	case S1INV_VTD_BROKEN:
		CHECK(w.may_break, "broken by nothing");
		check_given_up(f);
		forget_ice(f);
		f->where = f->sub.may_refuse ? ENDED : OUTSIDE;
		break;
	}
}

static void abandon(struct flight *f)
{
	s1inv_vtd_queue_abandon(&rig.queue, &f->sub);
	check_given_up(f);
	f->where = ENDED;
	left();
}

static void act(uint32_t submitter)
{
	struct flight *f = w.current[submitter];

	if (!f || f->where == ENDED) {
		if (w.num == FLIGHTS)
			return;
		f = w.current[submitter] = new_flight();
	}
	if (f->sub.may_refuse && once_in(40))
		abandon(f);
	else if (f->where == OUTSIDE)
		start(f);
	else
		poll(f);
	look_at_fsts();
}

/* What is in the ring is lost, and so is what the registers told of it. */
static void reset(void)
{
	struct flight *f;

	rig_reset(&rig);
	for (f = w.flights; f < w.flights + w.num; f++) {
		forget_ice(f);
		f->present = false;
	}
	memset(w.slots, 0, sizeof(w.slots));
	w.pendings = 0;
	w.may_break = false;
	w.ite = false;
	w.ice = false;
}

/* ------------------------------------------------------------------ faults */

static uint16_t any_report(uint16_t sid)
{
	switch (below(6)) {
	case 0:
		return 0;
	case 1:
		return UNKNOWN_SID;
	case 2:
		return sid_of(below(SIDS));
	default:
		return sid;
	}
}

static void add_iqe(void)
{
	static const uint8_t codes[] = { 0, 2, 3, 4 };
	struct model_fault fault = { .kind = MODEL_FAULT_IQE,
				     .which = MODEL_NTH_FETCHED,
				     .nth = below(20),
				     .times = 1,
				     .iqei = codes[below(4)] };

	if (once_in(12))
		fault.iqei = (uint8_t)below(16);
	if (once_in(12))
		fault.times = 2;
	model_unit_add_fault(rig.unit, &fault);
}

static void add_ite_or_ice(enum model_fault_kind kind)
{
	uint16_t sid = sid_of(below(SIDS));
	struct model_fault fault = { .kind = kind,
				     .which = MODEL_NTH_DEVTLB,
				     .nth = below(6),
				     .sid = once_in(4) ? MODEL_ANY_SID : sid,
				     .times = 1 + below(3),
				     .report = any_report(sid) };

	if (kind == MODEL_FAULT_ITE && once_in(4))
		fault.which = once_in(2) ? MODEL_NTH_FETCHED :
					   MODEL_EVERY_DEVTLB;
	model_unit_add_fault(rig.unit, &fault);
}

static void add_fault(void)
{
	uint32_t i = below(SIDS);

	switch (w.calm ? 3 + below(4) : below(10)) {
	case 0:
		model_unit_remove(rig.unit, sid_of(i));
		w.gone[i] = true;
		break;
	case 1:
		model_unit_silence(rig.unit, sid_of(i),
				   once_in(3) ? MODEL_FOREVER : 1 + below(9));
		break;
	case 2:
		model_unit_clear_faults(rig.unit);
		break;
	case 3:
	case 4:
		add_iqe();
		break;
	case 5:
	case 6:
		add_ite_or_ice(MODEL_FAULT_ICE);
		break;
	default:
		add_ite_or_ice(MODEL_FAULT_ITE);
	}
}

/* --------------------------------------------------------------- scenarios */

static void check_unit(void)
{
	int kind;

	for (kind = 0; kind < MODEL_ERROR_KINDS; kind++) {
		enum model_error e = (enum model_error)kind;

		if (!w.calm && (e == MODEL_ERROR_SLOT_BUSY ||
				e == MODEL_ERROR_STATUS_SHARED))
			continue;
		CHECK(model_unit_error(rig.unit, e) ==
			      (e == MODEL_ERROR_STATUS_TWICE ? w.twice : 0),
		      model_error_name(e));
	}
}

static void turn(void)
{
	if (once_in(2))
		unit_steps(below(12));
	act(below(w.submitters));
	if (once_in(12))
		add_fault();
	if (once_in(60) || (rig.queue.broken && once_in(4)))
		reset();
	check_unit();
}

/* Devices answer again: everybody comes to an end, and soon. */
static void finish(void)
{
	uint32_t round, i;
	bool busy = true;

	model_unit_clear_faults(rig.unit);
	for (round = 0; busy && round < ROUNDS; round++) {
		unit_steps(100);
		if (rig.queue.broken)
			reset();
		busy = false;
		for (i = 0; i < w.submitters; i++) {
			struct flight *f = w.current[i];

			if (!f || f->where == ENDED)
				continue;
			busy = true;
			if (f->where == OUTSIDE)
				start(f);
			else
				poll(f);
			look_at_fsts();
		}
		check_unit();
	}
	CHECK(!busy, "somebody waits for ever");
}

static struct model_config any_config(void)
{
	struct model_config config = model_config_default();

	config.wide = !once_in(3);
	config.qs = config.wide && once_in(2);
	if (!config.wide)
		config.ttm = MODEL_TTM_LEGACY;
	config.order = once_in(2) ? MODEL_IN_ORDER : MODEL_REORDER;
	config.ite_loss = once_in(2) ? MODEL_LOSE_ALL : MODEL_LOSE_SOME;
	config.depth = 1 + below(once_in(2) ? 4 : 40);
	config.no_resume = once_in(3);
	config.no_iqercd = once_in(8);
	config.pds = once_in(2);
	config.fsts_other = once_in(2) ? 0xff03 : 0;
	config.seed = rng_next(&w.seed);
	return config;
}

static void begin(uint64_t seed)
{
	struct owner *records = w.records;
	size_t records_max = w.records_max;

	memset(&w, 0, sizeof(w));
	w.records = records;
	w.records_max = records_max;
	w.seed = seed;
	w.scenario = seed;
	w.submitters = 3 + below(SUBMITTERS - 2);
	w.racing = once_in(2);
	w.calm = once_in(4);
	w.config = any_config();
	rig_start(&rig, &w.config);
	rig.dev.read32 = racing_read32;
	rig.dev.read64 = racing_read64;
	rig.dev.write32 = racing_write32;
	(void)rig_budget_set(&budget, UINT32_MAX);
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

START_TEST(que_everybody_gets_his_own)
{
	uint64_t n = from_environment("S1INV_SCENARIOS", 2000);
	uint64_t first = from_environment("S1INV_SEED", 1);
	uint64_t k;
	uint32_t i;

	for (k = (uint64_t)_i; k < n; k += PARTS) {
		begin(first + k);
		for (i = 0; i < TURNS; i++)
			turn();
		finish();
	}
	free(w.records);
	w.records = NULL;
	w.records_max = 0;
	rig_stop(&rig);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vtd_sharing");
	TCase *tcase = tcase_create("scenarios");

	tcase_set_timeout(tcase, 600);
	tcase_add_loop_test(tcase, que_everybody_gets_his_own, 0, PARTS);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
