/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Many submitters on one ring: see queue_watch.h. */
#include "queue_watch.h"

#include <string.h>

#define FSTS 0x34U
#define IQERCD 0xb0U
#define ICE 0x20U
#define ITE 0x40U

FUZZ_ORACLE_FILE_BEGIN

uint16_t watch_sid(uint32_t i)
{
	return (uint16_t)(0x100U + i % WATCH_SIDS * 0x108U);
}

static bool is_wait(const uint64_t *qw)
{
	return (qw[0] & 0xe0fU) == 0x5U;
}

/* Requester of a device-TLB descriptor, or -1 */
static int32_t requester(const uint64_t *qw)
{
	switch (qw[0] & 0xe0fU) {
	case 0x3U:
		return (uint16_t)(qw[0] >> 32);
	case 0x8U:
		return (uint16_t)(qw[0] >> 16);
	default:
		return -1;
	}
}

/* ----------------------------------------------- what the unit really does */

static bool in_ring(const struct watch_flight *f)
{
	return f->where == WATCH_INSIDE && f->present;
}

/* Is there a completed wait of the queue's own at @i or behind it? */
static bool is_proved(const struct watch_flight *f, uint32_t i)
{
	for (; i <= f->sub.num; i++)
		if (f->part[i].proof)
			return true;
	return false;
}

static bool is_for(const struct watch_flight *f, uint32_t i, uint16_t sid)
{
	return i < f->sub.num && requester(f->descs[i].qw) == sid &&
	       !f->part[i].repair;
}

/* QUE-8: lost is what was fetched and is not proved. */
static bool lose(struct watch_flight *f, uint16_t sid)
{
	bool known = false;
	uint32_t i;

	for (i = 0; i <= f->sub.num; i++) {
		struct watch_part *p = &f->part[i];

		p->lost |= p->fetched && !is_proved(f, i);
		known |= p->lost && sid && is_for(f, i, sid);
	}
	return known;
}

/* QUE-10 for an ITE that tells of @sid */
static void time_out(struct watch *w, uint16_t sid)
{
	bool known = false;
	struct watch_flight *f;
	uint32_t i;

	for (f = w->flights; f < w->flights + w->num; f++)
		if (in_ring(f))
			known |= lose(f, sid);
	for (f = w->flights; f < w->flights + w->num; f++)
		for (i = 0; in_ring(f) && i < f->sub.num; i++)
			f->part[i].may_time_out |=
				f->part[i].lost &&
				(!known || is_for(f, i, sid));
}

/* QUE-11: an ICE from @sid is there to be seen */
static void spread_ice(struct watch *w, uint16_t sid)
{
	bool known = false;
	struct watch_flight *f;
	uint32_t i;

	for (f = w->flights; f < w->flights + w->num; f++)
		for (i = 0; in_ring(f) && i < f->sub.num; i++)
			known |= f->part[i].fetched && sid && is_for(f, i, sid);
	for (f = w->flights; f < w->flights + w->num; f++)
		for (i = 0; in_ring(f) && i < f->sub.num; i++)
			f->part[i].may_ice |= f->part[i].fetched &&
					      (!known || is_for(f, i, sid));
}

static bool is_own_wait(const struct watch *w, const struct model_record *r)
{
	return is_wait(r->qw) && (r->qw[0] & WATCH_WAIT_SW) &&
	       r->qw[1] - WATCH_STATUS < w->queue.slots * 4U;
}

/* A user's wait wrote its word. */
static void note_word(struct watch *w, const struct model_record *r)
{
	uint64_t word = (r->qw[1] - WATCH_USER) / 4U;
	uint32_t data = (uint32_t)(r->qw[0] >> 32);

	if (!is_wait(r->qw) || !(r->qw[0] & WATCH_WAIT_SW) ||
	    word >= WATCH_WORDS)
		return;
	w->twice += w->word[word] == data;
	w->word[word] = data;
}

/* Is it the work of part @o that this record did, not that of a repair? */
static bool is_its_work(const struct watch_owner *o,
			const struct model_record *r, bool own_wait)
{
	const struct watch_flight *f = o->f;

	if (!own_wait)
		return true;
	if (o->i == f->sub.num) /* a drain is done by a wait with PD only */
		return !f->sub.drain || (r->qw[0] & WATCH_WAIT_PD);
	return !o->refused || o->i == f->sub.fence;
}

/* Descriptor @o was executed, or the wait that stands in its place. */
static void note_execution(struct watch *w, const struct watch_owner *o,
			   const struct model_record *r, bool ice)
{
	struct watch_flight *f = o->f;
	struct watch_part *p = &f->part[o->i];
	bool now = in_ring(f) && f->try == o->try;
	bool own_wait = is_own_wait(w, r);

	p->proof |= now && own_wait;
	if (now && ice && !own_wait) {
		uint16_t id =
			(uint16_t)(model_unit_read64(w->unit, IQERCD) >> 48);

		p->must_ice |= requester(r->qw) >= 0 &&
			       (!id || is_for(f, o->i, id));
	}
	if (!is_its_work(o, r, own_wait))
		return;
	p->last = r->when;
	p->done_try = o->try;
	if (!p->first)
		p->first = r->when;
}

/* No other wait under way writes the word of this one of the queue's. */
static void check_word(const struct watch *w, const struct model_record *r)
{
	size_t i;

	for (i = 0; i < w->pendings; i++)
		FUZZ_ASSERT(model_unit_log(w->unit, w->pending[i])->qw[1] !=
				    r->qw[1],
			    "no status word is that of two waits (QUE-2)");
}

static void note_refusal(struct watch *w, struct watch_owner *slot,
			 const struct model_record *r)
{
	w->may_break |= slot->refused || r->iqei == 1 || r->iqei > 4;
	slot->refused = true;
	slot->f->part[slot->i].refused = true;
}

/* A descriptor was read from its slot. */
static void note_fetch(struct watch *w, size_t record)
{
	const struct model_record *r = model_unit_log(w->unit, record);
	struct watch_owner *slot = &w->slots[r->slot];
	bool own_wait = is_own_wait(w, r);

	FUZZ_ASSERT(slot->f, "no slot is read that nobody filled");
	FUZZ_ASSERT(record < WATCH_RECORDS, "so many descriptors do");
	slot->refused |= own_wait &&
			 s1inv_vtd_set_has(&slot->f->sub.refused, slot->i);
	w->records[record] = *slot;
	if (own_wait)
		check_word(w, r);
	if (r->fate == MODEL_REFUSED) {
		note_refusal(w, slot, r);
		return;
	}
	if (slot->try == slot->f->try) {
		slot->f->part[slot->i].fetched = true;
		slot->f->part[slot->i].repair |= own_wait;
	}
	FUZZ_ASSERT(w->pendings < WATCH_PENDING, "the unit is this deep");
	w->pending[w->pendings++] = record;
}

/* What became of those that were pending */
static void settle_pending(struct watch *w, bool ice)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < w->pendings; i++) {
		size_t at = w->pending[i];
		const struct model_record *r = model_unit_log(w->unit, at);

		if (r->fate == MODEL_PENDING) {
			w->pending[kept++] = at;
		} else if (r->fate == MODEL_DONE) {
			note_execution(w, &w->records[at], r,
				       ice && r->bad_completion);
			note_word(w, r);
		}
	}
	w->pendings = kept;
}

/* Which faults wait to be dealt with */
static void note_fsts(struct watch *w, uint32_t fsts)
{
	w->ite = fsts & ITE;
	w->ice = fsts & ICE;
}

static void look_at_fsts(struct watch *w)
{
	note_fsts(w, model_unit_read32(w->unit, FSTS));
}

/* One action of the unit, and what it means */
static bool unit_step(struct watch *w)
{
	size_t before = model_unit_log_len(w->unit);
	uint64_t code = 0;
	uint32_t fsts;

	if (!model_unit_step(w->unit))
		return false;
	fsts = model_unit_read32(w->unit, FSTS);
	if (model_unit_log_len(w->unit) > before)
		note_fetch(w, before);
	settle_pending(w, (fsts & ICE) && !w->ice);
	if (fsts & (ICE | ITE))
		code = model_unit_read64(w->unit, IQERCD);
	if ((fsts & ITE) && !w->ite)
		time_out(w, (uint16_t)(code >> 32));
	if (fsts & ICE)
		spread_ice(w, (uint16_t)(code >> 48));
	note_fsts(w, fsts);
	return true;
}

void watch_steps(struct watch *w, uint32_t n)
{
	while (n && unit_step(w))
		n--;
}

static uint32_t racing_read32(void *ctx, uint32_t off)
{
	struct watch *w = ctx;

	watch_steps(w, w->racing);
	return model_unit_read32(w->unit, off);
}

static uint64_t racing_read64(void *ctx, uint32_t off)
{
	struct watch *w = ctx;

	watch_steps(w, w->racing);
	return model_unit_read64(w->unit, off);
}

static void racing_write32(void *ctx, uint32_t off, uint32_t value)
{
	struct watch *w = ctx;

	watch_steps(w, w->racing);
	model_unit_write32(w->unit, off, value);
	look_at_fsts(w);
}

static bool present(void *ctx, uint16_t sid)
{
	return model_unit_present(((struct watch *)ctx)->unit, sid);
}

/* ------------------------------------------------------ what is told of it */

/*
 * QUE-15: what precedes a user's wait without FN is proved by that wait's own
 * status only, which the user has to look at; and not by that of another try.
 */
static bool users_own_matter(const struct watch_flight *f, uint32_t part)
{
	uint32_t i;

	for (i = part; i < f->sub.num; i++)
		if (is_wait(f->descs[i].qw) && i != f->sub.fence)
			return !(f->descs[i].qw[0] & WATCH_WAIT_FN) &&
			       f->part[i].done_try != f->part[part].placed_try;
	return false;
}

static bool is_gone(const struct watch *w, const struct watch_flight *f,
		    uint32_t i)
{
	int32_t sid = requester(f->descs[i].qw);
	uint32_t device;

	for (device = 0; device < WATCH_SIDS; device++)
		if (watch_sid(device) == sid)
			return w->gone[device];
	return false;
}

static void check_desc(const struct watch *w, const struct watch_flight *f,
		       uint32_t i, bool done)
{
	const struct s1inv_vtd_submission *sub = &f->sub;
	const struct watch_part *p = &f->part[i];
	bool refused = s1inv_vtd_set_has(&sub->refused, i);
	bool timedout = s1inv_vtd_set_has(&sub->timedout, i);
	bool undone = s1inv_vtd_set_has(&sub->undone, i);

	FUZZ_ASSERT(!refused || p->refused, "refused means refused (QUE-5)");
	FUZZ_ASSERT(!timedout || p->may_time_out,
		    "nobody is blamed for another's time-out (QUE-10)");
	FUZZ_ASSERT(!timedout || sub->may_refuse || is_gone(w, f, i),
		    "work is dropped of those that are gone only (QUE-14)");
	FUZZ_ASSERT(!done || refused || timedout || !undone,
		    "done means that nothing is undone");
	if (!undone && !users_own_matter(f, i) && i != sub->fence)
		FUZZ_ASSERT(p->first, "what is not undone was executed");
	FUZZ_ASSERT(!s1inv_vtd_set_has(&sub->ice, i) || p->may_ice,
		    "an ICE is laid to whom it can belong (QUE-11)");
	FUZZ_ASSERT(!done || !p->must_ice || s1inv_vtd_set_has(&sub->ice, i),
		    "an ICE reaches its own (QUE-11)");
}

/*
 * ENC-2, QUE-9: what stands behind a wait with FN was done after what stands
 * between that one and the wait before it, and whatever that one proved.
 */
static void check_order(const struct watch_flight *f)
{
	uint64_t before = 0;
	uint64_t since = 0;
	uint32_t i;

	for (i = 0; i < f->sub.num; i++) {
		if (is_wait(f->descs[i].qw)) {
			if (f->descs[i].qw[0] & WATCH_WAIT_FN)
				before = since;
			since = before;
			continue;
		}
		if (s1inv_vtd_set_has(&f->sub.timedout, i) ||
		    s1inv_vtd_set_has(&f->sub.refused, i) ||
		    users_own_matter(f, i))
			continue;
		FUZZ_ASSERT(f->part[i].last > before,
			    "nothing is executed before its fence (QUE-9)");
		if (f->part[i].first > since)
			since = f->part[i].first;
	}
}

static void check_done(const struct watch *w, const struct watch_flight *f)
{
	uint32_t i;

	for (i = 0; i < f->sub.num; i++)
		check_desc(w, f, i, true);
	check_order(f);
	if (!f->sub.drain)
		return;
	if (s1inv_vtd_set_has(&f->sub.refused, f->sub.num))
		FUZZ_ASSERT(f->part[f->sub.num].refused,
			    "a drain that is refused was refused (QUE-5)");
	else
		FUZZ_ASSERT(f->part[f->sub.num].first,
			    "done means that the drain is (QUE-5)");
}

/* After a budget was spent, or the queue broke: what it says is undone */
static void check_given_up(const struct watch *w, const struct watch_flight *f)
{
	uint32_t i;

	for (i = 0; i < f->sub.num; i++)
		check_desc(w, f, i, false);
}

/* QUE-15: what precedes a user's wait without FN is not proved behind it. */
static bool hides_what_precedes(const struct watch_flight *f, uint32_t i)
{
	return is_wait(f->descs[i].qw) && i != f->sub.fence &&
	       !(f->descs[i].qw[0] & WATCH_WAIT_FN);
}

/* Has a wait of this try proved @i, which no time-out had lost? */
static bool was_done(const struct watch_flight *f, uint32_t i)
{
	if (f->part[i].placed_try != f->try || f->part[i].lost)
		return false;
	for (; i < f->sub.num && !f->part[i].proof; i++)
		if (hides_what_precedes(f, i))
			return false;
	return f->part[i].proof;
}

/* QUE-9: the first that is issued again was lost. */
static void check_again(const struct watch_flight *f)
{
	uint32_t i = f->sub.from;

	if (f->try && f->present && i < f->sub.num)
		FUZZ_ASSERT(
			!was_done(f, i),
			"what is proved is not issued again for its own sake "
			"(QUE-8, QUE-9)");
}

/* ------------------------------------------------------------------- turns */

static void note_slot(struct watch *w, struct watch_flight *f, uint32_t slot,
		      uint32_t i)
{
	struct watch_part *p = &f->part[i];

	w->slots[slot] = (struct watch_owner){ f, i, f->try, false };
	p->placed_try = f->try;
}

/* Who put what where: as QUE-9 says, all from the first lost on. */
static void note_slots(struct watch *w, struct watch_flight *f)
{
	const struct s1inv_vtd_submission *sub = &f->sub;
	uint32_t slot = sub->head;
	uint32_t i;

	check_again(f);
	f->where = WATCH_INSIDE;
	f->present = true;
	f->left = false;
	f->try++;
	for (i = 0; i <= sub->num; i++) {
		f->part[i].fetched = false;
		f->part[i].repair = false;
		f->part[i].proof = false;
		f->part[i].lost = false;
	}
	/* Of one that is done the wait alone goes in: its queue broke since. */
	i = sub->from < sub->num ? sub->from : sub->num;
	for (; i <= sub->num; i++) {
		if (i < sub->num && s1inv_vtd_set_has(&sub->timedout, i))
			continue;
		note_slot(w, f, slot, i);
		slot = (slot + 1U) % w->queue.slots;
	}
	FUZZ_ASSERT((sub->head + sub->placed) % w->queue.slots == slot,
		    "as many slots as are to be issued (QUE-9)");
}

/* An ICE that was not yet seen is lost with a reset, or in a broken queue. */
static void forget_ice(struct watch_flight *f)
{
	uint32_t i;

	for (i = 0; i < f->sub.num; i++)
		f->part[i].must_ice = s1inv_vtd_set_has(&f->sub.ice, i);
}

static void start(struct watch *w, struct watch_flight *f)
{
	int error = s1inv_vtd_queue_start(&w->queue, &f->sub);

	if (!error) {
		note_slots(w, f);
	} else if (error == -S1INV_EIO) {
		FUZZ_ASSERT(w->may_break, "what is broken was broken (QUE-6)");
		if (f->sub.may_refuse) {
			check_given_up(w, f);
			f->where = WATCH_ENDED;
		}
	} else {
		FUZZ_ASSERT(error == -S1INV_EAGAIN, "there is no room");
	}
}

/* Whose work it was may be forgotten when a new ITE or ICE is dealt with. */
static void leave(struct watch *w, struct watch_flight *f,
		  enum watch_place where)
{
	uint64_t code = model_unit_read64(w->unit, IQERCD);

	f->where = where;
	if (w->ite)
		time_out(w, (uint16_t)(code >> 32));
	if (w->ice)
		spread_ice(w, (uint16_t)(code >> 48));
}

static void poll(struct watch *w, struct watch_flight *f)
{
	switch (s1inv_vtd_queue_poll(&w->queue, &f->sub)) {
	case S1INV_VTD_DONE:
		check_done(w, f);
		leave(w, f, WATCH_ENDED);
		break;
	case S1INV_VTD_AGAIN:
		leave(w, f, WATCH_OUTSIDE);
		break;
	case S1INV_VTD_BROKEN:
		FUZZ_ASSERT(w->may_break, "what is broken was broken (QUE-6)");
		check_given_up(w, f);
		forget_ice(f);
		f->left = true;
		f->where = f->sub.may_refuse ? WATCH_ENDED : WATCH_OUTSIDE;
		break;
	case S1INV_VTD_PENDING:
	default:
		break;
	}
}

void watch_act(struct watch *w, struct watch_flight *f)
{
	if (f->where == WATCH_OUTSIDE)
		start(w, f);
	else
		poll(w, f);
	look_at_fsts(w);
}

void watch_abandon(struct watch *w, struct watch_flight *f)
{
	s1inv_vtd_queue_abandon(&w->queue, &f->sub);
	check_given_up(w, f);
	f->left |= f->where == WATCH_INSIDE;
	leave(w, f, WATCH_ENDED);
	look_at_fsts(w);
}

void watch_reset(struct watch *w)
{
	struct watch_flight *f;

	model_unit_disable(w->unit);
	s1inv_vtd_queue_reset(&w->queue);
	model_unit_enable(w->unit);
	for (f = w->flights; f < w->flights + w->num; f++) {
		forget_ice(f);
		f->present = false;
	}
	memset(w->slots, 0, sizeof(w->slots));
	w->pendings = 0;
	w->may_break = false;
	look_at_fsts(w);
}

/* Is there work of @sid in the ring that was not seen to end? */
static bool may_be_pending(const struct watch *w, uint16_t sid)
{
	const struct watch_flight *f;
	uint32_t i;

	for (f = w->flights; f < w->flights + w->num; f++) {
		if (!in_ring(f) && !(f->left && f->present))
			continue;
		for (i = 0; i < f->sub.num; i++)
			if (requester(f->descs[i].qw) == sid &&
			    f->part[i].placed_try == f->try)
				return true;
	}
	return false;
}

/* Nothing may reach a device that is said to have no work in the ring. */
void watch_pending(struct watch *w, uint32_t device)
{
	bool some = s1inv_vtd_queue_pending(&w->queue, watch_sid(device));
	const struct watch_flight *f;
	uint32_t i;

	look_at_fsts(w);
	if (some) {
		FUZZ_ASSERT(may_be_pending(w, watch_sid(device)),
			    "work in the ring is somebody's");
		return;
	}
	if (w->queue.broken)
		return;
	for (f = w->flights; f < w->flights + w->num; f++)
		for (i = f->sub.from; in_ring(f) && i < f->sub.num; i++)
			FUZZ_ASSERT(!is_for(f, i, watch_sid(device)) ||
					    f->part[i].placed_try != f->try ||
					    f->part[i].refused,
				    "no work means none in the ring");
}

/* --------------------------------------------------------------- the whole */

void watch_check_unit(const struct watch *w)
{
	uint64_t twice = model_unit_error(w->unit, MODEL_ERROR_STATUS_TWICE);
	int kind;

	if (model_unit_errors(w->unit) == w->twice && twice == w->twice)
		return;
	for (kind = 0; kind < MODEL_ERROR_KINDS; kind++) {
		enum model_error e = (enum model_error)kind;

		if (!w->calm && (e == MODEL_ERROR_SLOT_BUSY ||
				 e == MODEL_ERROR_STATUS_SHARED))
			continue;
		FUZZ_ASSERT(
			model_unit_error(w->unit, e) ==
				(e == MODEL_ERROR_STATUS_TWICE ? w->twice : 0),
			model_error_name(e));
	}
}

FUZZ_ORACLE_END

/* A ring of exactly its size, so that a sanitizer sees what passes its end */
FUZZ_LASTING static void take_ring(struct watch *w, uint32_t slots)
{
	static s1inv_le64 *ring[2];
	static s1inv_le32 *status[2];
	static uint8_t *state[2];
	uint32_t i = slots / WATCH_SLOTS;

	if (!ring[i]) {
		ring[i] = fuzz_zeroed(slots * 32U);
		status[i] = fuzz_zeroed(slots * 4U);
		state[i] = fuzz_zeroed(slots);
	}
	w->ring = ring[i];
	w->status = status[i];
	w->state = state[i];
	memset(w->ring, 0, slots * 32U);
	memset(w->status, 0, slots * 4U);
	memset(w->state, 0, slots);
}

static void forget(struct watch *w)
{
	memset(w->user, 0, sizeof(w->user));
	memset(w->slots, 0, sizeof(w->slots));
	memset(w->word, 0, sizeof(w->word));
	memset(w->gone, 0, sizeof(w->gone));
	w->num = 0;
	w->pendings = 0;
	w->words = 0;
	w->twice = 0;
	w->racing = 0;
	w->calm = true;
	w->may_break = false;
	w->ite = false;
	w->ice = false;
}

FUZZ_LASTING static void start_unit(struct watch *w,
				    const struct model_config *config,
				    uint32_t slots)
{
	struct model_config c = *config;

	c.ring = WATCH_RING;
	if (w->unit)
		model_unit_reset(w->unit, &c);
	else
		w->unit = model_unit_create(&c);
	model_unit_map(w->unit, WATCH_RING, w->ring, slots * 32U);
	model_unit_map(w->unit, WATCH_STATUS, w->status, slots * 4U);
	model_unit_map(w->unit, WATCH_USER, w->user, sizeof(w->user));
	model_unit_enable(w->unit);
}

void watch_start(struct watch *w, const struct model_config *config)
{
	uint32_t slots = 1U << (config->qs + (config->wide ? 7U : 8U));

	forget(w);
	take_ring(w, slots);
	start_unit(w, config, slots);
	w->dev = (struct s1inv_env_dev){ .ctx = w,
					 .read32 = racing_read32,
					 .read64 = racing_read64,
					 .write32 = racing_write32,
					 .present = present };
	w->queue = (struct s1inv_vtd_queue){ .dev = &w->dev,
					     .ring = w->ring,
					     .status = w->status,
					     .state = w->state,
					     .status_addr = WATCH_STATUS,
					     .slots = slots,
					     .wide = config->wide };
	FUZZ_ASSERT(!s1inv_vtd_queue_init(&w->queue), "the queue is set up");
}

struct watch_flight *watch_new_flight(struct watch *w)
{
	struct watch_flight *f;

	if (w->num == WATCH_FLIGHTS)
		return NULL;
	f = &w->flights[w->num++];
	f->where = WATCH_OUTSIDE;
	f->present = false;
	f->left = false;
	f->try = 0;
	memset(&f->sub, 0, sizeof(f->sub));
	f->sub.descs = f->descs;
	f->sub.fence = S1INV_VTD_NO_FENCE;
	return f;
}

void watch_ready(struct watch_flight *f)
{
	memset(f->part, 0, (f->sub.num + 1U) * sizeof(f->part[0]));
	s1inv_vtd_submission_init(&f->sub);
}
