// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The VT-d backend: a chunk of entries through audit, cover, encoding,
 * submission, and the outcome of each entry.
 */
#include <s1inv/s1inv.h>

/* A descriptor that serves no entry: the fence */
#define NO_ENTRY UINT32_MAX

static struct s1inv_verdict verdict(int error, enum s1inv_rule rule)
{
	const struct s1inv_verdict result = { error, rule };

	return result;
}

/* ----------------------------------------------------- outcomes of an entry */

/* REP-4: EIO goes before ETIMEDOUT, and otherwise the first one stays. */
static void fail(struct s1inv_vtd_scratch *scratch, uint32_t entry,
		 struct s1inv_verdict why)
{
	if (!scratch->verdict[entry].error ||
	    (why.error == -S1INV_EIO &&
	     scratch->verdict[entry].error != -S1INV_EIO))
		scratch->verdict[entry] = why;
}

/* REP-5 and REP-8: the same time-out in the two revisions */
static void time_out(const struct s1inv_vtd_table *table, uint32_t entry)
{
	struct s1inv_vtd_scratch *scratch = table->scratch;

	if (table->audit.revision == S1INV_REVISION_V8)
		scratch->hw_error[entry] |= S1INV_VTD_HW_ITE;
	else
		fail(scratch, entry,
		     verdict(-S1INV_ETIMEDOUT, S1INV_RULE_REP_8));
}

/* -------------------------------------------------- time-outs of requesters */

/* NULL for a requester that has not timed out in this call */
static struct s1inv_vtd_timeouts *
find_timeouts(struct s1inv_vtd_scratch *scratch, uint16_t sid)
{
	uint16_t segment = scratch->stream.unit->segment;
	uint32_t i;

	for (i = 0; i < scratch->requesters; i++)
		if (scratch->timeouts[i].sid == sid &&
		    scratch->timeouts[i].segment == segment)
			return &scratch->timeouts[i];
	return NULL;
}

/* QUE-18 */
static bool exhausted(const struct s1inv_vtd_table *table, uint16_t sid)
{
	const struct s1inv_vtd_timeouts *seen =
		find_timeouts(table->scratch, sid);

	return seen && seen->count >= table->timeouts_max;
}

/* With the memory for it used up a requester goes uncounted, never blamed. */
static void count_timeout(struct s1inv_vtd_scratch *scratch, uint16_t sid)
{
	struct s1inv_vtd_timeouts *seen = find_timeouts(scratch, sid);

	if (!seen) {
		if (scratch->requesters == S1INV_VTD_REQUESTERS)
			return;
		seen = &scratch->timeouts[scratch->requesters++];
		seen->segment = scratch->stream.unit->segment;
		seen->sid = sid;
		seen->count = 0;
	}
	seen->count++;
}

/* Only device-TLB descriptors time out, so there is one. */
static uint16_t requester(const struct s1inv_vtd_desc *desc)
{
	return (uint16_t)s1inv_vtd_desc_requester(desc->qw[0]);
}

/* Is there a descriptor before @i that timed out with the same requester? */
static bool counted(const struct s1inv_vtd_scratch *scratch, uint32_t i)
{
	uint16_t sid = requester(&scratch->descs[i]);
	uint32_t j;

	for (j = 0; j < i; j++)
		if (s1inv_vtd_set_has(&scratch->timedout, j) &&
		    requester(&scratch->descs[j]) == sid)
			return true;
	return false;
}

/* Once per requester, however many of its descriptors were lost together */
static S1INV_NOINLINE_FOR_STACK void
count_timeouts(struct s1inv_vtd_scratch *scratch)
{
	uint32_t i;

	for (i = 0; i < scratch->stream.n; i++)
		if (s1inv_vtd_set_has(&scratch->timedout, i) &&
		    !counted(scratch, i))
			count_timeout(scratch, requester(&scratch->descs[i]));
}

/* --------------------------------------------------------------- submitting */

/* Submit @n descriptors from @from on; what the queue knows is in sub. */
static void run(const struct s1inv_vtd_table *table, uint32_t from, uint32_t n,
		uint32_t fence)
{
	struct s1inv_vtd_stream *stream = &table->scratch->stream;
	struct s1inv_vtd_submission *sub = &table->scratch->sub;
	struct s1inv_vtd_queue *queue = stream->unit->queue;
	int error;

	sub->descs = &table->scratch->descs[from];
	sub->num = n;
	sub->fence = fence;
	sub->drain = false;
	sub->may_refuse = true;
	sub->waiter = table->waiter;
	s1inv_vtd_submission_init(sub);
	s1inv_env_lock(queue->dev);
	error = s1inv_vtd_queue_run(queue, sub);
	s1inv_env_unlock(queue->dev);
	if (error)
		stream->dead = verdict(error, error == -S1INV_ETIMEDOUT ?
						      S1INV_RULE_REP_15 :
						      S1INV_RULE_QUE_6);
}

/* What became of descriptor @i of the submission, for the entry it serves */
static void report(const struct s1inv_vtd_table *table, uint32_t i,
		   uint32_t entry)
{
	struct s1inv_vtd_scratch *scratch = table->scratch;
	const struct s1inv_vtd_submission *sub = &scratch->sub;

	if (s1inv_vtd_set_has(&sub->ice, i)) /* REP-5; REP-9: not looked at */
		scratch->hw_error[entry] |= S1INV_VTD_HW_ICE;
	if (s1inv_vtd_set_has(&sub->refused, i))
		fail(scratch, entry, verdict(-S1INV_EIO, S1INV_RULE_REP_10));
	else if (s1inv_vtd_set_has(&sub->timedout, i))
		time_out(table, entry); /* REP-11 */
	else if (s1inv_vtd_set_has(&sub->undone, i))
		fail(scratch, entry, scratch->stream.dead); /* REP-15, REP-16 */
}

static S1INV_NOINLINE_FOR_STACK void
report_all(const struct s1inv_vtd_table *table)
{
	const struct s1inv_vtd_scratch *scratch = table->scratch;
	const struct s1inv_vtd_submission *sub = &scratch->sub;
	uint32_t i;

	/* What timed out or was refused is undone too. */
	if (!s1inv_vtd_set_any(&sub->undone) && !s1inv_vtd_set_any(&sub->ice))
		return;
	for (i = 0; i < scratch->stream.n; i++)
		if (scratch->entry[i] != NO_ENTRY)
			report(table, i, scratch->entry[i]);
}

/* One descriptor that timed out in company, alone (REP-12) */
static void replay_one(const struct s1inv_vtd_table *table, uint32_t i)
{
	struct s1inv_vtd_scratch *scratch = table->scratch;
	uint16_t sid = requester(&scratch->descs[i]);

	if (exhausted(table, sid)) { /* QUE-18 */
		time_out(table, scratch->entry[i]);
	} else if (scratch->stream.dead.error) {
		fail(scratch, scratch->entry[i], scratch->stream.dead);
	} else {
		run(table, i, 1, S1INV_VTD_NO_FENCE);
		if (s1inv_vtd_set_has(&scratch->sub.timedout, 0))
			count_timeout(scratch, sid);
		report(table, 0, scratch->entry[i]);
	}
}

/*
 * Those that timed out are to be issued again one by one. What else the
 * submission found out is reported now, for its memory is needed again.
 */
static void start_replay(const struct s1inv_vtd_table *table)
{
	struct s1inv_vtd_scratch *scratch = table->scratch;
	uint32_t i;

	for (i = 0; i < S1INV_VTD_SET_WORDS; i++) {
		scratch->sub.undone.word[i] &= ~scratch->timedout.word[i];
		scratch->sub.timedout.word[i] = 0;
	}
	report_all(table);
}

/* Submit what is at hand, wait for it, and report it to its entries. */
static void flush(const struct s1inv_vtd_table *table)
{
	struct s1inv_vtd_scratch *scratch = table->scratch;
	uint32_t i;

	run(table, 0, scratch->stream.n, scratch->stream.fence);
	scratch->timedout = scratch->sub.timedout;
	if (table->blame != S1INV_BLAME_REPLAY) {
		if (s1inv_vtd_set_any(&scratch->timedout))
			count_timeouts(scratch);
		report_all(table);
		return;
	}
	/* Who merely was in company is not counted before it is tried alone. */
	start_replay(table);
	for (i = 0; i < scratch->stream.n; i++)
		if (s1inv_vtd_set_has(&scratch->timedout, i))
			replay_one(table, i);
}

/* ----------------------------------------------------------------- encoding */

/* First quadwords of an IOTLB target: page-selective, and all of the PASID */
static int iotlb_template(const struct s1inv_vtd_unit *unit,
			  struct s1inv_vtd_fields *fields,
			  struct s1inv_vtd_template *to)
{
	struct s1inv_vtd_desc desc;
	int error;

	/* AM of 52 is the whole space, which has a form of its own. */
	to->am_max = unit->am_max < S1INV_VTD_AM_MAX ? unit->am_max :
						       S1INV_VTD_AM_MAX - 1U;
	fields->type = S1INV_VTD_TYPE_PIOTLB;
	fields->did = unit->did; /* ENC-5 */
	fields->g = S1INV_VTD_PG_PASID;
	error = s1inv_vtd_encode(fields, &desc);
	if (error)
		return error;
	to->all = desc.qw[0];
	to->page = desc.qw[0] |
		   S1INV_VTD_PUT(S1INV_VTD_PIOTLB_G_BITS, S1INV_VTD_PG_PAGE);
	return 0;
}

static int devtlb_template(const struct s1inv_vtd_unit *unit,
			   const struct s1inv_vtd_target *target,
			   struct s1inv_vtd_fields *fields,
			   struct s1inv_vtd_template *to)
{
	struct s1inv_vtd_desc desc;
	int error;

	/* ENC-6: PASID 0 is RID_PASID, which means requests without PASID. */
	fields->type = target->pasid ? S1INV_VTD_TYPE_PDEVTLB :
				       S1INV_VTD_TYPE_DEVTLB;
	fields->sid = target->sid;
	fields->pfsid = unit->dit ? target->pfsid : 0; /* ENC-7 */
	/* ENC-12 */
	fields->mip = target->mip <= S1INV_VTD_MIP_MAX ? target->mip : 0;
	error = s1inv_vtd_encode(fields, &desc);
	if (error)
		return error;
	to->page = desc.qw[0];
	to->s_lsb = target->pasid ? S1INV_VTD_LSB(S1INV_VTD_PDEVTLB_S_BITS) :
				    S1INV_VTD_LSB(S1INV_VTD_DEVTLB_S_BITS);
	return 0;
}

/* -EINVAL for a target that cannot be encoded (ENC-1) */
static S1INV_NOINLINE_FOR_STACK int
make_template(const struct s1inv_vtd_unit *unit,
	      const struct s1inv_vtd_target *target,
	      struct s1inv_vtd_template *to)
{
	struct s1inv_vtd_fields fields;

	/* The address and what goes with it is filled in per block. */
	fields.addr = 0;
	fields.am = 0;
	fields.ih = 0;
	fields.s = 0;
	fields.gi = 0;
	fields.pasid = target->pasid;
	to->sid = target->sid;
	to->copies = target->cache == S1INV_VTD_DEVTLB && target->twice ? 2 : 1;
	if (target->cache == S1INV_VTD_IOTLB)
		return iotlb_template(unit, &fields, to);
	if (target->cache == S1INV_VTD_DEVTLB)
		return devtlb_template(unit, target, &fields, to);
	return -S1INV_EINVAL;
}

static void set_desc(struct s1inv_vtd_desc *desc, uint64_t qw0, uint64_t qw1)
{
	desc->qw[0] = qw0;
	desc->qw[1] = qw1;
	desc->qw[2] = 0;
	desc->qw[3] = 0;
}

static void set_iotlb(struct s1inv_vtd_desc *desc,
		      const struct s1inv_vtd_template *to,
		      const struct s1inv_vtd_block *block, bool leaf)
{
	uint64_t qw1 =
		block->first << S1INV_VTD_PAGE_SHIFT |
		S1INV_VTD_PUT(S1INV_VTD_PIOTLB_AM_BITS, block->order) |
		S1INV_VTD_PUT(S1INV_VTD_PIOTLB_IH_BITS, leaf); /* ENC-9 */

	if (block->order > to->am_max) /* COV-6, COV-7 */
		set_desc(desc, to->all, 0);
	else
		set_desc(desc, to->page, qw1);
}

static void set_devtlb(struct s1inv_vtd_desc *desc,
		       const struct s1inv_vtd_template *to,
		       const struct s1inv_vtd_block *block)
{
	uint8_t s;
	uint64_t qw1 = s1inv_vtd_size_encode(block, &s);

	set_desc(desc, to->page, qw1 | (uint64_t)s << to->s_lsb);
}

/*
 * ENC-3; without a status write it is a descriptor like any other. It takes
 * no room from the invalidations.
 */
static void add_fence(struct s1inv_vtd_scratch *scratch)
{
	struct s1inv_vtd_stream *stream = &scratch->stream;

	if (!stream->unit->plain_fence)
		stream->fence = stream->n;
	set_desc(&scratch->descs[stream->n],
		 S1INV_VTD_TYPE_WAIT | S1INV_VTD_PUT(S1INV_VTD_WAIT_FN_BITS, 1),
		 0);
	scratch->entry[stream->n++] = NO_ENTRY;
	stream->limit++;
	stream->fence_due = false;
}

/* ----------------------------------------------------- a unit's descriptors */

/*
 * On to the next target: all IOTLBs, then all device TLBs (ENC-2). A target
 * that cannot be encoded stops the unit: nothing is left out in silence
 * (REP-16).
 */
static bool next_target(struct s1inv_vtd_stream *stream)
{
	const struct s1inv_vtd_unit *unit = stream->unit;

	for (;;) {
		for (; stream->target < unit->target_num; stream->target++)
			if (unit->targets[stream->target].cache == stream->pass)
				break;
		if (stream->target < unit->target_num)
			break;
		/* ENC-11 */
		if (stream->pass == S1INV_VTD_DEVTLB || !unit->te)
			return false;
		stream->pass = S1INV_VTD_DEVTLB;
		stream->target = 0;
	}
	if (make_template(unit, &unit->targets[stream->target++], &stream->to))
		stream->dead = verdict(-S1INV_EINVAL, S1INV_RULE_ENC_1);
	stream->entry = stream->first;
	return true;
}

/*
 * The two that follow put the blocks of all entries that are left into
 * descriptors for the target at hand, until the submission is full: then they
 * return false, and the cover of the entry at hand has blocks left.
 */
static S1INV_NOINLINE_FOR_STACK bool
add_iotlb(struct s1inv_vtd_scratch *scratch)
{
	struct s1inv_vtd_stream *stream = &scratch->stream;
	struct s1inv_vtd_cover *cover = &scratch->covers[stream->entry];
	const struct s1inv_vtd_template *to = &stream->to;
	const uint32_t limit = stream->limit;
	const struct s1inv_vtd_block *block;
	uint32_t entry = stream->entry;
	uint32_t n = stream->n;

	for (; entry < stream->end; entry++, cover++) {
		for (; cover->left && n < limit; n++) {
			block = s1inv_vtd_cover_take(cover);
			set_iotlb(&scratch->descs[n], to, block,
				  scratch->requests[entry].leaf);
			scratch->entry[n] = entry;
			if (block->order > to->am_max)
				cover->left = 0; /* that was everything */
		}
		if (cover->left)
			break;
		s1inv_vtd_cover_rewind(cover); /* for the next target */
	}
	stream->entry = entry;
	stream->n = n;
	return entry == stream->end;
}

static S1INV_NOINLINE_FOR_STACK bool
add_devtlb(struct s1inv_vtd_scratch *scratch)
{
	struct s1inv_vtd_stream *stream = &scratch->stream;
	struct s1inv_vtd_cover *cover = &scratch->covers[stream->entry];
	const struct s1inv_vtd_template *to = &stream->to;
	const uint32_t limit = stream->limit - (to->copies - 1U);
	const struct s1inv_vtd_block *block;
	uint32_t entry = stream->entry;
	uint32_t n = stream->n;

	for (; entry < stream->end; entry++, cover++) {
		while (cover->left && n < limit) {
			block = s1inv_vtd_cover_take(cover);
			set_devtlb(&scratch->descs[n], to, block);
			scratch->entry[n++] = entry;
			if (to->copies > 1U) { /* ENC-8 */
				set_devtlb(&scratch->descs[n], to, block);
				scratch->entry[n++] = entry;
			}
		}
		if (cover->left)
			break;
		s1inv_vtd_cover_rewind(cover); /* for the next target */
	}
	stream->entry = entry;
	stream->n = n;
	return entry == stream->end;
}

/* The target at hand gets nothing: neither do the entries that need it. */
static void skip_target(const struct s1inv_vtd_table *table)
{
	struct s1inv_vtd_scratch *scratch = table->scratch;
	struct s1inv_vtd_stream *stream = &scratch->stream;

	for (; stream->entry < stream->end; stream->entry++) {
		if (!scratch->covers[stream->entry].left)
			continue;
		s1inv_vtd_cover_rewind(&scratch->covers[stream->entry]);
		if (stream->dead.error)
			fail(scratch, stream->entry, stream->dead);
		else
			time_out(table, stream->entry); /* QUE-18 */
	}
}

/* What is left of the target at hand. False when the submission is full. */
static bool add_target(const struct s1inv_vtd_table *table)
{
	struct s1inv_vtd_scratch *scratch = table->scratch;
	struct s1inv_vtd_stream *stream = &scratch->stream;
	bool all;

	if (stream->dead.error || (stream->pass == S1INV_VTD_DEVTLB &&
				   exhausted(table, stream->to.sid))) {
		skip_target(table);
		return true;
	}
	if (stream->pass == S1INV_VTD_DEVTLB) {
		/* A fence is for what it has room for (ENC-2). */
		if (stream->n + stream->to.copies > stream->limit)
			return false;
		if (stream->fence_due)
			add_fence(scratch);
		return add_devtlb(scratch);
	}
	all = add_iotlb(scratch);
	stream->fence_due = stream->n != 0;
	return all;
}

/* Fill a submission. False when these were the unit's last descriptors. */
static S1INV_NOINLINE_FOR_STACK bool fill(const struct s1inv_vtd_table *table)
{
	struct s1inv_vtd_stream *stream = &table->scratch->stream;

	stream->n = 0;
	stream->limit = S1INV_VTD_BATCH; /* ENC-4 */
	stream->fence = S1INV_VTD_NO_FENCE;
	stream->fence_due = false;
	while (add_target(table))
		if (!next_target(stream))
			return false;
	return true;
}

/* The stream's entries, in as many submissions as it takes */
static void submit_together(const struct s1inv_vtd_table *table)
{
	struct s1inv_vtd_stream *stream = &table->scratch->stream;
	bool more;

	stream->pass = S1INV_VTD_IOTLB;
	stream->target = 0;
	if (!next_target(stream))
		return; /* ENC-10 */
	do {
		more = fill(table);
		if (stream->n)
			flush(table);
	} while (more);
}

/* All of a chunk on one unit (ENC-5) */
static void submit_unit(const struct s1inv_vtd_table *table,
			const struct s1inv_vtd_unit *unit, uint32_t n)
{
	struct s1inv_vtd_stream *stream = &table->scratch->stream;
	uint32_t step = table->blame == S1INV_BLAME_SINGLE ? 1 : n; /* REP-13 */

	stream->unit = unit;
	stream->dead = verdict(0, S1INV_RULE_NONE);
	for (stream->end = 0; stream->end < n;) {
		stream->first = stream->end;
		stream->end += step;
		submit_together(table);
	}
}

/* -------------------------------------------------------------- the backend */

static uint32_t audit(void *ctx, uint32_t n, struct s1inv_verdict *why)
{
	const struct s1inv_vtd_table *table =
		(const struct s1inv_vtd_table *)ctx;
	struct s1inv_vtd_scratch *scratch = table->scratch;
	struct s1inv_verdict found;
	uint32_t i;

	for (i = 0; i < n; i++) {
		found = s1inv_vtd_audit_entry(&table->audit, &scratch->raw[i],
					      &scratch->requests[i]);
		if (found.error) {
			*why = found;
			break;
		}
		s1inv_vtd_cover_start(&scratch->covers[i],
				      &scratch->requests[i], table->cover);
	}
	return i;
}

/* REP-1, REP-2: the leading run of entries that every unit took */
static void count_handled(const struct s1inv_vtd_scratch *scratch, uint32_t n,
			  struct s1inv_outcome *outcome)
{
	uint32_t i;

	for (i = 0; i < n && !scratch->verdict[i].error; i++)
		;
	outcome->handled = i;
	if (i < n)
		outcome->verdict = scratch->verdict[i];
}

static void submit(void *ctx, uint32_t n, struct s1inv_outcome *outcome)
{
	struct s1inv_vtd_table *table = (struct s1inv_vtd_table *)ctx;
	struct s1inv_vtd_scratch *scratch = table->scratch;
	uint32_t i;

	for (i = 0; i < n; i++) {
		scratch->verdict[i] = verdict(0, S1INV_RULE_NONE);
		scratch->hw_error[i] = 0; /* REP-5 */
	}
	for (i = 0; i < table->unit_num; i++)
		submit_unit(table, &table->units[i], n);
	count_handled(scratch, n, outcome);
	if (table->audit.revision == S1INV_REVISION_V8)
		outcome->hw_error = scratch->hw_error;
}

static const struct s1inv_backend_ops vtd_ops = {
	.data_type = S1INV_DATA_VTD_S1,
	.entry_len = sizeof(struct s1inv_vtd_s1_entry),
	.hw_error_offset = offsetof(struct s1inv_vtd_s1_entry, hw_error),
	.audit = audit,
	.submit = submit,
};

int s1inv_vtd_unit_check(const struct s1inv_vtd_unit *unit)
{
	struct s1inv_vtd_template to;
	uint32_t i;

	if (!unit->queue->wide)
		return -S1INV_EOPNOTSUPP; /* ENC-13 */
	if (unit->am_max > S1INV_VTD_AM_MAX)
		return -S1INV_EINVAL;
	for (i = 0; i < unit->target_num; i++)
		if (make_template(unit, &unit->targets[i], &to))
			return -S1INV_EINVAL;
	return 0;
}

int s1inv_vtd_begin(struct s1inv_vtd_table *table,
		    struct s1inv_backend *backend)
{
	uint32_t i;
	int error;

	if (!table->timeouts_max)
		return -S1INV_EINVAL;
	if (table->audit.policy == S1INV_AUDIT_STRICT &&
	    table->audit.va_bits != 48 && table->audit.va_bits != 57)
		return -S1INV_EINVAL;
	for (i = 0; i < table->unit_num; i++) {
		error = s1inv_vtd_unit_check(&table->units[i]);
		if (error)
			return error;
	}
	table->scratch->requesters = 0;
	backend->ops = &vtd_ops;
	backend->ctx = table;
	backend->raw = table->scratch->raw;
	backend->chunk = S1INV_VTD_CHUNK;
	return 0;
}
