// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The producer of an invalidation queue: slots, waits, status words, and the
 * recovery from IQE, ITE and ICE on behalf of everyone who shares the ring.
 *
 * A fault is dealt with by whoever sees it first, under the queue's lock, and
 * only by marking slots. What a mark means for a submission its owner finds
 * out at its own next poll. So a fault that one submitter sees can neither
 * fail nor be missed by another.
 */
#include <s1inv/s1inv.h>

/* Marks on a slot; what hardware writes is kept apart from them (QUE-17). */
#define SLOT_BUSY 0x01U     /* belongs to a submission */
#define SLOT_WAIT 0x02U     /* a wait that writes this slot's status word */
#define SLOT_LOST 0x04U     /* fetched, and an ITE came before any proof */
#define SLOT_TIMEDOUT 0x08U /* lost, and its requester is the one to blame */
#define SLOT_REFUSED 0x10U  /* an IQE named it; now holds its repair */
#define SLOT_ICE 0x20U      /* an ICE may belong to it */
#define SLOT_ORPHAN 0x40U   /* its submission was abandoned */
#define SLOT_FRESH 0x80U    /* lost, by the fault at hand */

/* Status data of every wait that the queue places; 0 means not yet. */
#define STATUS_DONE 1U

/* For a requester that nobody knows; source ids have 16 bits. */
#define ANYBODY 0x10000U

#define MIN_SLOTS 128U
#define IQ_BYTES 0x80000U /* the longest queue: QT has bits 18:4 */
#define FAULTS (S1INV_VTD_FSTS_IQE | S1INV_VTD_FSTS_ICE | S1INV_VTD_FSTS_ITE)
#define WAIT_FN S1INV_VTD_PUT(S1INV_VTD_WAIT_FN_BITS, 1)
#define WAIT_PD S1INV_VTD_PUT(S1INV_VTD_WAIT_PD_BITS, 1)

/* ------------------------------------------------------ sets of descriptors */

static void set_add(struct s1inv_vtd_set *set, uint32_t i)
{
	set->word[i / 64U] |= UINT64_C(1) << (i % 64U);
}

static void set_remove(struct s1inv_vtd_set *set, uint32_t i)
{
	set->word[i / 64U] &= ~(UINT64_C(1) << (i % 64U));
}

static void set_clear(struct s1inv_vtd_set *set)
{
	set->word[0] = 0;
	set->word[1] = 0;
}

/* The first @n of them; with too many for a submission all there can be */
static void set_fill(struct s1inv_vtd_set *set, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < S1INV_VTD_SET_WORDS; i++) {
		set->word[i] = n >= 64U ? UINT64_MAX : (UINT64_C(1) << n) - 1U;
		n = n >= 64U ? n - 64U : 0;
	}
}

/* -------------------------------------------------------------------- slots */

static uint32_t slot_at(const struct s1inv_vtd_queue *queue, uint32_t head,
			uint32_t i)
{
	return (head + i) & (queue->slots - 1U);
}

static uint32_t slot_shift(const struct s1inv_vtd_queue *queue)
{
	return queue->wide ? 5U : 4U;
}

static s1inv_le64 *slot_qw(const struct s1inv_vtd_queue *queue, uint32_t slot)
{
	return queue->ring + ((size_t)slot << (slot_shift(queue) - 3U));
}

static bool slot_done(const struct s1inv_vtd_queue *queue, uint32_t slot)
{
	return s1inv_le32_to_cpu(s1inv_env_load32(&queue->status[slot])) ==
	       STATUS_DONE;
}

/* Hardware has finished with a wait: completed it, or aborted it (QUE-12). */
static bool wait_settled(const struct s1inv_vtd_queue *queue, uint32_t slot)
{
	return (queue->state[slot] & SLOT_LOST) || slot_done(queue, slot);
}

/* Slots from the oldest one to @slot */
static uint32_t distance(const struct s1inv_vtd_queue *queue, uint32_t slot)
{
	return (slot + queue->slots - queue->oldest) & (queue->slots - 1U);
}

static void ring_bell(const struct s1inv_vtd_queue *queue)
{
	s1inv_env_write32(queue->dev, S1INV_VTD_IQT_REG,
			  queue->tail << slot_shift(queue));
}

static void write_slot(struct s1inv_vtd_queue *queue, uint32_t slot,
		       uint64_t qw0, uint64_t qw1, uint64_t qw2, uint64_t qw3)
{
	s1inv_le64 *to = slot_qw(queue, slot);

	s1inv_env_store64(&to[0], s1inv_cpu_to_le64(qw0));
	s1inv_env_store64(&to[1], s1inv_cpu_to_le64(qw1));
	if (queue->wide) {
		s1inv_env_store64(&to[2], s1inv_cpu_to_le64(qw2));
		s1inv_env_store64(&to[3], s1inv_cpu_to_le64(qw3));
	}
}

/* A wait with a status word of the slot's own (QUE-2, QUE-4, ENC-3) */
static void write_wait(struct s1inv_vtd_queue *queue, uint32_t slot,
		       uint64_t flags)
{
	uint64_t qw0 = S1INV_VTD_TYPE_WAIT | flags |
		       S1INV_VTD_PUT(S1INV_VTD_WAIT_SW_BITS, 1) |
		       S1INV_VTD_PUT(S1INV_VTD_WAIT_DATA_BITS, STATUS_DONE);

	s1inv_env_store32(&queue->status[slot], (s1inv_le32)0);
	write_slot(queue, slot, qw0,
		   queue->status_addr + (uint64_t)slot * sizeof(s1inv_le32), 0,
		   0);
	queue->state[slot] |= SLOT_WAIT;
}

/*
 * QUE-12: an abandoned submission's slots up to its first wait are free once
 * that wait is settled. Returns how many, 0 for not yet.
 */
static uint32_t orphans_settled(const struct s1inv_vtd_queue *queue)
{
	uint32_t i = 0;

	while (!(queue->state[slot_at(queue, queue->oldest, i)] & SLOT_WAIT))
		i++;
	if (!wait_settled(queue, slot_at(queue, queue->oldest, i)))
		return 0;
	return i + 1U;
}

static uint32_t oldest_settled(const struct s1inv_vtd_queue *queue)
{
	uint8_t state = queue->state[queue->oldest];

	if (state & SLOT_ORPHAN)
		return orphans_settled(queue);
	return state ? 0 : 1;
}

static void reclaim(struct s1inv_vtd_queue *queue)
{
	uint32_t n;

	while (queue->busy && (n = oldest_settled(queue)) != 0) {
		queue->busy -= n;
		for (; n; n--) {
			queue->state[queue->oldest] = 0;
			queue->oldest = slot_at(queue, queue->oldest, 1);
		}
	}
}

/* ------------------------------------------------------------------- faults */

static uint32_t slot_requester(const struct s1inv_vtd_queue *queue,
			       uint32_t slot)
{
	uint64_t qw0 = s1inv_le64_to_cpu(*slot_qw(queue, slot));

	return s1inv_vtd_desc_requester(qw0);
}

/*
 * Lost is what was fetched and is not proved: no completed wait stands between
 * it and the end of its submission. Going back from @fetched, every submission
 * is met at its final wait first, or in the middle if the rest of it is yet to
 * be fetched (QUE-8).
 */
static void lose(struct s1inv_vtd_queue *queue, uint32_t fetched)
{
	bool proved = false;
	uint32_t i, slot;

	for (i = fetched; i; i--) {
		slot = slot_at(queue, queue->oldest, i - 1U);
		queue->state[slot] &= 0xffU ^ SLOT_FRESH;
		if (queue->state[slot] & SLOT_WAIT)
			proved = slot_done(queue, slot);
		if (!proved && queue->state[slot] &&
		    !(queue->state[slot] & SLOT_LOST))
			queue->state[slot] |= SLOT_LOST | SLOT_FRESH;
	}
}

/* Whom to blame for a fault with requester @sid, among slots with @mark */
static S1INV_NOINLINE_FOR_STACK uint32_t
find_blamed(const struct s1inv_vtd_queue *queue, uint32_t fetched, uint8_t mark,
	    uint16_t sid)
{
	uint32_t i, slot;

	/* 0 is what old hardware says of anybody. */
	for (i = 0; sid && i < fetched; i++) {
		slot = slot_at(queue, queue->oldest, i);
		if ((queue->state[slot] & mark) &&
		    slot_requester(queue, slot) == sid)
			return sid;
	}
	return ANYBODY;
}

/*
 * QUE-10, QUE-11: of the slots with @mark, add @blame to those that are for
 * the requester @sid, or for any requester if nobody knows that one.
 */
static S1INV_NOINLINE_FOR_STACK void lay_blame(struct s1inv_vtd_queue *queue,
					       uint32_t fetched, uint8_t mark,
					       uint32_t blamed, uint8_t blame)
{
	uint32_t slot, found;

	for (; fetched; fetched--) {
		slot = slot_at(queue, queue->oldest, fetched - 1U);
		if (!(queue->state[slot] & mark))
			continue;
		found = slot_requester(queue, slot);
		if (found == blamed ||
		    (blamed == ANYBODY && found != S1INV_VTD_NO_REQUESTER))
			queue->state[slot] |= blame;
	}
}

/* QUE-4: put a wait into the slot that hardware refused. */
static void repair(struct s1inv_vtd_queue *queue)
{
	uint32_t slot = queue->fault.slot;

	queue->state[slot] |= SLOT_REFUSED;
	write_wait(queue, slot, WAIT_FN);
}

/* QUE-7: the reasons are read before the status is cleared. */
static void read_fault(struct s1inv_vtd_queue *queue, uint32_t fsts)
{
	uint64_t iqercd = s1inv_env_read64(queue->dev, S1INV_VTD_IQERCD_REG);
	uint32_t iqh = s1inv_env_read32(queue->dev, S1INV_VTD_IQH_REG);

	s1inv_vtd_fault_parse(fsts, iqercd, &queue->fault);
	queue->fault.slot = (iqh & S1INV_VTD_IQ_OFFSET_MASK) >>
			    slot_shift(queue);
}

/*
 * QUE-6: is the fault one of the queue and not of what stands in it? An IQH
 * that cannot be condemns it too: nobody knows what was fetched.
 */
static bool is_broken(const struct s1inv_vtd_queue *queue)
{
	const struct s1inv_vtd_fault *fault = &queue->fault;

	if (fault->broken || fault->slot >= queue->slots ||
	    distance(queue, fault->slot) > queue->busy)
		return true;
	return (fault->status & S1INV_VTD_FSTS_IQE) &&
	       (distance(queue, fault->slot) == queue->busy ||
		(queue->state[fault->slot] & (SLOT_BUSY | SLOT_REFUSED)) !=
			SLOT_BUSY);
}

/* Mark the slots, mend the ring, and let hardware go on. */
static void recover(struct s1inv_vtd_queue *queue)
{
	const struct s1inv_vtd_fault *fault = &queue->fault;
	uint32_t fetched = distance(queue, fault->slot);

	if (fault->status & S1INV_VTD_FSTS_ICE)
		lay_blame(queue, fetched, SLOT_BUSY,
			  find_blamed(queue, fetched, SLOT_BUSY, fault->icesid),
			  SLOT_ICE);
	if (fault->status & S1INV_VTD_FSTS_ITE) {
		lose(queue, fetched);
		lay_blame(queue, fetched, SLOT_FRESH,
			  find_blamed(queue, fetched, SLOT_LOST, fault->itesid),
			  SLOT_TIMEDOUT);
	}
	if (fault->status & S1INV_VTD_FSTS_IQE)
		repair(queue);
	s1inv_env_write32(queue->dev, S1INV_VTD_FSTS_REG, fault->status);
	ring_bell(queue);
}

/* QUE-3. The bits of a broken queue stay, so that hardware does not go on. */
static void handle_faults(struct s1inv_vtd_queue *queue)
{
	uint32_t fsts = s1inv_env_read32(queue->dev, S1INV_VTD_FSTS_REG);

	if (queue->broken || !(fsts & FAULTS))
		return;
	read_fault(queue, fsts);
	queue->broken = is_broken(queue);
	queue->fault.broken = queue->broken;
	/* Before the repair: logs show what stands in the ring. */
	s1inv_env_note(queue->dev, &queue->fault);
	if (!queue->broken)
		recover(queue);
}

/* -------------------------------------------------------------- submissions */

/*
 * What is tracked: the descriptors, and the final wait if it drains, for its
 * repair, which lacks PD, does not do that work (QUE-5).
 */
static uint32_t tracked(const struct s1inv_vtd_submission *sub)
{
	return sub->num + sub->drain;
}

/* The usual case, in which no descriptor has to be asked about. */
static bool all_clear(const struct s1inv_vtd_submission *sub)
{
	return !s1inv_vtd_set_any(&sub->refused) &&
	       !s1inv_vtd_set_any(&sub->timedout);
}

/* Is descriptor @i, from sub->from on, part of the present try? */
static bool is_placed(const struct s1inv_vtd_submission *sub, uint32_t i)
{
	return !s1inv_vtd_set_has(&sub->timedout, i);
}

/* Of a done one that drains @from stands behind its wait. */
static uint32_t slots_needed(const struct s1inv_vtd_submission *sub)
{
	uint32_t n = 1;
	uint32_t i;

	if (all_clear(sub))
		return sub->from < sub->num ? sub->num - sub->from + 1U : 1U;
	for (i = sub->from; i < sub->num; i++)
		n += is_placed(sub, i);
	return n;
}

static uint32_t take_slot(struct s1inv_vtd_queue *queue)
{
	uint32_t slot = queue->tail;

	queue->state[slot] = SLOT_BUSY;
	queue->tail = slot_at(queue, slot, 1);
	queue->busy++;
	return slot;
}

/* QUE-9: a refused descriptor's place is kept by its repair. */
static void place(struct s1inv_vtd_queue *queue,
		  const struct s1inv_vtd_submission *sub, uint32_t i,
		  bool refused)
{
	const uint64_t *qw = sub->descs[i].qw;
	uint32_t slot = take_slot(queue);

	if (i == sub->fence || refused)
		write_wait(queue, slot, WAIT_FN);
	else
		write_slot(queue, slot, qw[0], qw[1], qw[2],
			   qw[3]); /* QUE-15 */
}

/*
 * QUE-1. QUE-19: of a ring that others use too, callers that can refuse leave
 * half to those that cannot.
 */
static bool has_room(const struct s1inv_vtd_queue *queue,
		     const struct s1inv_vtd_submission *sub)
{
	uint32_t busy = queue->busy + sub->placed;

	if (sub->may_refuse && queue->busy && busy > queue->slots / 2U)
		return false;
	return busy < queue->slots;
}

/*
 * Without room, perhaps nobody is left to see why the ring does not drain.
 * Faults are looked at before slots are given up, which they may be about
 * (QUE-10).
 */
static bool make_room(struct s1inv_vtd_queue *queue,
		      const struct s1inv_vtd_submission *sub)
{
	if (has_room(queue, sub))
		return true;
	handle_faults(queue);
	reclaim(queue);
	return !queue->broken && has_room(queue, sub);
}

int s1inv_vtd_queue_start(struct s1inv_vtd_queue *queue,
			  struct s1inv_vtd_submission *sub)
{
	bool clear;
	uint32_t i;

	S1INV_ASSERT(!sub->placed || sub->epoch != queue->epoch);
	if (sub->num > S1INV_VTD_SUBMISSION_MAX)
		return -S1INV_EINVAL;
	if (queue->broken)
		return -S1INV_EIO;
	sub->placed = slots_needed(sub);
	if (!make_room(queue, sub)) {
		sub->placed = 0;
		return queue->broken ? -S1INV_EIO : -S1INV_EAGAIN;
	}
	sub->head = queue->tail;
	sub->epoch = queue->epoch;
	clear = all_clear(sub);
	for (i = sub->from; i < sub->num; i++)
		if (clear || is_placed(sub, i))
			place(queue, sub, i,
			      !clear && s1inv_vtd_set_has(&sub->refused, i));
	write_wait(queue, take_slot(queue), sub->drain ? WAIT_PD : 0);
	ring_bell(queue);
	return 0;
}

static bool settled(const struct s1inv_vtd_queue *queue,
		    const struct s1inv_vtd_submission *sub)
{
	uint32_t i, slot;

	for (i = 0; i < sub->placed; i++) {
		slot = slot_at(queue, sub->head, i);
		if ((queue->state[slot] & SLOT_WAIT) &&
		    !wait_settled(queue, slot))
			return false;
	}
	return true;
}

/* What the marks of one slot and the @proved wait behind it say of @i */
static void learn(struct s1inv_vtd_submission *sub, uint32_t i, uint8_t state,
		  bool proved)
{
	/* QUE-5: the fence's work is done by its repair. */
	if ((state & SLOT_REFUSED) && i != sub->fence)
		set_add(&sub->refused, i);
	if (state & SLOT_TIMEDOUT)
		set_add(&sub->timedout, i);
	if (state & SLOT_ICE)
		set_add(&sub->ice, i);
	if (proved && !(state & SLOT_LOST) &&
	    !s1inv_vtd_set_has(&sub->refused, i))
		set_remove(&sub->undone, i);
}

/*
 * Go through the slots from the last, so that each is met with the wait that
 * proves it, and learn of every descriptor what became of it.
 */
static void collect(const struct s1inv_vtd_queue *queue,
		    struct s1inv_vtd_submission *sub)
{
	uint32_t at = sub->placed - 1U;
	uint32_t slot = slot_at(queue, sub->head, at);
	bool proved = slot_done(queue, slot);
	uint32_t i;

	if (sub->drain)
		learn(sub, sub->num, queue->state[slot], proved);
	for (i = sub->num; i > sub->from; i--) {
		if (!is_placed(sub, i - 1U))
			continue;
		slot = slot_at(queue, sub->head, --at);
		if (queue->state[slot] & SLOT_WAIT)
			proved = slot_done(queue, slot);
		learn(sub, i - 1U, queue->state[slot], proved);
	}
}

/* The usual case: every wait is done, and nothing has happened to anybody. */
static bool all_proved(const struct s1inv_vtd_queue *queue,
		       const struct s1inv_vtd_submission *sub)
{
	uint32_t i, slot, state;

	if (!all_clear(sub))
		return false;
	for (i = 0; i < sub->placed; i++) {
		slot = slot_at(queue, sub->head, i);
		state = queue->state[slot];
		if (state & ~(SLOT_BUSY | SLOT_WAIT) ||
		    (state & SLOT_WAIT && !slot_done(queue, slot)))
			return false;
	}
	return true;
}

/* QUE-14: of what timed out, only the work of those that are gone stays so. */
static void forgive(const struct s1inv_vtd_queue *queue,
		    struct s1inv_vtd_submission *sub)
{
	uint32_t asked = S1INV_VTD_NO_REQUESTER;
	bool present = false;
	uint32_t i, sid;

	for (i = 0; i < sub->num; i++) {
		if (!s1inv_vtd_set_has(&sub->timedout, i))
			continue;
		sid = s1inv_vtd_desc_requester(sub->descs[i].qw[0]);
		if (sid != asked) /* the question is a slow one */
			present = s1inv_env_present(queue->dev, (uint16_t)sid);
		asked = sid;
		if (present)
			set_remove(&sub->timedout, i);
	}
}

/*
 * QUE-9: from the first descriptor that is to be issued again on everything
 * is, for what stands behind it may have relied on it. False for none.
 */
static bool plan_again(struct s1inv_vtd_submission *sub)
{
	uint32_t end = tracked(sub);
	uint32_t i;

	sub->from = end;
	if (!s1inv_vtd_set_any(&sub->undone))
		return false;
	for (i = 0; i < end; i++)
		if (s1inv_vtd_set_has(&sub->undone, i) &&
		    !s1inv_vtd_set_has(&sub->refused, i) &&
		    !s1inv_vtd_set_has(&sub->timedout, i))
			break;
	sub->from = i;
	for (; i < end; i++)
		set_add(&sub->undone, i);
	return sub->from < end;
}

/*
 * Take @sub out of the ring: of its slots' marks those in @keep stay and @add
 * is added. True when there is work to be issued again.
 */
static bool leave(struct s1inv_vtd_queue *queue,
		  struct s1inv_vtd_submission *sub, uint8_t keep, uint8_t add)
{
	uint32_t i, slot;

	if (all_proved(queue, sub))
		set_clear(&sub->undone);
	else
		collect(queue, sub);
	for (i = 0; i < sub->placed; i++) {
		slot = slot_at(queue, sub->head, i);
		queue->state[slot] = (queue->state[slot] & keep) | add;
	}
	sub->placed = 0;
	if (!sub->may_refuse)
		forgive(queue, sub);
	return plan_again(sub);
}

enum s1inv_vtd_poll s1inv_vtd_queue_poll(struct s1inv_vtd_queue *queue,
					 struct s1inv_vtd_submission *sub)
{
	bool finished, again;

	if (!sub->placed || sub->epoch != queue->epoch) { /* QUE-16 */
		sub->placed = 0;
		return S1INV_VTD_AGAIN;
	}
	/* In this order no fault that came before the end is missed. */
	finished = settled(queue, sub);
	handle_faults(queue);
	if (queue->broken) {
		leave(queue, sub, 0xff, 0);
		return S1INV_VTD_BROKEN;
	}
	if (!finished)
		return S1INV_VTD_PENDING;
	again = leave(queue, sub, 0, 0);
	reclaim(queue);
	return again ? S1INV_VTD_AGAIN : S1INV_VTD_DONE;
}

void s1inv_vtd_queue_abandon(struct s1inv_vtd_queue *queue,
			     struct s1inv_vtd_submission *sub)
{
	if (sub->placed && sub->epoch == queue->epoch) {
		handle_faults(queue); /* or an ICE of its own would be missed */
		leave(queue, sub, 0xff, SLOT_ORPHAN);
	}
	sub->placed = 0;
}

bool s1inv_vtd_queue_pending(struct s1inv_vtd_queue *queue, uint16_t sid)
{
	uint32_t i, slot;

	handle_faults(queue);
	reclaim(queue);
	for (i = 0; i < queue->busy; i++) {
		slot = slot_at(queue, queue->oldest, i);
		if (queue->state[slot] && slot_requester(queue, slot) == sid)
			return true;
	}
	return false;
}

/* One step of a caller who waits: 0 for done, -EAGAIN for not yet, -EIO */
static int step(struct s1inv_vtd_queue *queue, struct s1inv_vtd_submission *sub)
{
	if (!sub->placed) {
		int error = s1inv_vtd_queue_start(queue, sub);

		if (error)
			return error;
	}
	switch (s1inv_vtd_queue_poll(queue, sub)) {
	case S1INV_VTD_DONE:
		return 0;
	case S1INV_VTD_BROKEN:
		return -S1INV_EIO;
	case S1INV_VTD_PENDING:
	case S1INV_VTD_AGAIN:
	default:
		return -S1INV_EAGAIN;
	}
}

int s1inv_vtd_queue_run(struct s1inv_vtd_queue *queue,
			struct s1inv_vtd_submission *sub)
{
	int result;

	while ((result = step(queue, sub)) == -S1INV_EAGAIN) {
		if (sub->may_refuse && !s1inv_env_may_wait(sub->waiter)) {
			s1inv_vtd_queue_abandon(queue, sub); /* QUE-13 */
			return -S1INV_ETIMEDOUT;
		}
		s1inv_env_pause(queue->dev, sub->waiter);
	}
	return result;
}

void s1inv_vtd_submission_init(struct s1inv_vtd_submission *sub)
{
	set_fill(&sub->undone, tracked(sub));
	set_clear(&sub->refused);
	set_clear(&sub->timedout);
	set_clear(&sub->ice);
	sub->from = 0;
	sub->head = 0;
	sub->placed = 0;
	sub->epoch = 0;
}

/* Faults from before are nobody's (QUE-20). */
static void empty(struct s1inv_vtd_queue *queue)
{
	uint32_t i;

	/* Storing status words as well keeps compilers from calling memset. */
	for (i = 0; i < queue->slots; i++) {
		s1inv_env_store32(&queue->status[i], (s1inv_le32)0);
		queue->state[i] = 0;
	}
	queue->tail = 0;
	queue->oldest = 0;
	queue->busy = 0;
	queue->broken = false;
	s1inv_env_write32(queue->dev, S1INV_VTD_FSTS_REG, FAULTS);
}

int s1inv_vtd_queue_init(struct s1inv_vtd_queue *queue)
{
	uint64_t status_bytes = (uint64_t)queue->slots * sizeof(s1inv_le32);

	if (queue->slots < MIN_SLOTS || queue->slots & (queue->slots - 1U) ||
	    queue->slots > IQ_BYTES >> slot_shift(queue) ||
	    queue->status_addr % sizeof(s1inv_le32) ||
	    queue->status_addr > UINT64_MAX - (status_bytes - 1U))
		return -S1INV_EINVAL;
	queue->epoch = 0;
	empty(queue);
	return 0;
}

void s1inv_vtd_queue_reset(struct s1inv_vtd_queue *queue)
{
	queue->epoch++;
	empty(queue);
}
