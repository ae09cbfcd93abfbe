/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The VT-d backend: a chunk of entries through audit, cover, encoding,
 * submission, and the outcome of each entry.
 */
#include <s1inv/s1inv.h>

/* A descriptor that serves no entry: the fence */
#define NO_ENTRY UINT32_MAX

/**
 * struct batch - descriptors of one unit on their way into a submission
 * @table: the page table
 * @unit: the unit
 * @n: descriptors at hand, the fence among them
 * @room: invalidation descriptors that may still join them (ENC-4)
 * @iotlb: there are IOTLB descriptors among them
 * @fence: index of the fence, or %S1INV_VTD_NO_FENCE
 * @dead: why the unit takes nothing any more; error 0 while it does
 */
struct batch {
	struct s1inv_vtd_table *table;
	const struct s1inv_vtd_unit *unit;
	uint32_t n;
	uint32_t room;
	bool iotlb;
	uint32_t fence;
	struct s1inv_verdict dead;
};

/**
 * struct template - what the descriptors for one target have in common
 * @cache: what the target is
 * @sid: its requester, for a device TLB
 * @twice: ENC-8
 * @am_max: of the unit
 * @page: first quadword for a block of pages
 * @all: first quadword for everything
 * @s_lsb: where the S bit stands, for a device TLB
 */
struct template {
	enum s1inv_vtd_cache cache;
	uint16_t sid;
	bool twice;
	uint8_t am_max;
	uint8_t s_lsb;
	uint64_t page;
	uint64_t all;
};

static struct s1inv_verdict verdict(int error, enum s1inv_rule rule)
{
	return (struct s1inv_verdict){ error, rule };
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
static struct s1inv_vtd_timeouts *find_timeouts(const struct batch *batch,
						uint16_t sid)
{
	struct s1inv_vtd_scratch *scratch = batch->table->scratch;
	uint32_t i;

	for (i = 0; i < scratch->requesters; i++)
		if (scratch->timeouts[i].sid == sid &&
		    scratch->timeouts[i].segment == batch->unit->segment)
			return &scratch->timeouts[i];
	return NULL;
}

/* QUE-18 */
static bool exhausted(const struct batch *batch, uint16_t sid)
{
	const struct s1inv_vtd_timeouts *seen = find_timeouts(batch, sid);

	return seen && seen->count >= batch->table->timeouts_max;
}

/* With the memory for it used up a requester goes uncounted, never blamed. */
static void count_timeout(const struct batch *batch, uint16_t sid)
{
	struct s1inv_vtd_scratch *scratch = batch->table->scratch;
	struct s1inv_vtd_timeouts *seen = find_timeouts(batch, sid);

	if (!seen) {
		if (scratch->requesters == S1INV_VTD_REQUESTERS)
			return;
		seen = &scratch->timeouts[scratch->requesters++];
		seen->sid = sid;
		seen->segment = batch->unit->segment;
		seen->count = 0;
	}
	seen->count++;
}

static uint16_t requester(const struct s1inv_vtd_desc *desc)
{
	uint16_t sid = 0;

	(void)s1inv_vtd_desc_requester(desc->qw[0], &sid);
	return sid;
}

/* Once per requester, however many of its descriptors were lost together */
static void count_timeouts(const struct batch *batch,
			   const struct s1inv_vtd_set *timedout)
{
	const struct s1inv_vtd_desc *descs = batch->table->scratch->descs;
	uint32_t i, j;

	for (i = 0; i < batch->n; i++) {
		if (!s1inv_vtd_set_has(timedout, i))
			continue;
		for (j = 0; j < i; j++)
			if (s1inv_vtd_set_has(timedout, j) &&
			    requester(&descs[j]) == requester(&descs[i]))
				break;
		if (j == i)
			count_timeout(batch, requester(&descs[i]));
	}
}

/* --------------------------------------------------------------- submitting */

/* Submit descriptors @from to @from + @n - 1; what the queue knows is in sub. */
static void run(struct batch *batch, uint32_t from, uint32_t n, uint32_t fence)
{
	struct s1inv_vtd_scratch *scratch = batch->table->scratch;
	struct s1inv_vtd_submission *sub = &scratch->sub;
	struct s1inv_vtd_queue *queue = batch->unit->queue;
	int error;

	sub->descs = &scratch->descs[from];
	sub->num = n;
	sub->fence = fence;
	sub->drain = false;
	sub->budget = batch->table->budget;
	s1inv_vtd_submission_init(sub);
	s1inv_env_lock(queue->dev);
	error = s1inv_vtd_queue_run(queue, sub);
	s1inv_env_unlock(queue->dev);
	if (error)
		batch->dead = verdict(error, error == -S1INV_ETIMEDOUT ?
						     S1INV_RULE_REP_15 :
						     S1INV_RULE_QUE_6);
}

/* What became of descriptor @i of the submission, for the entry it serves */
static void report(const struct batch *batch, uint32_t i, uint32_t entry)
{
	struct s1inv_vtd_scratch *scratch = batch->table->scratch;
	const struct s1inv_vtd_submission *sub = &scratch->sub;

	if (s1inv_vtd_set_has(&sub->ice, i)) /* REP-5; REP-9: not looked at */
		scratch->hw_error[entry] |= S1INV_VTD_HW_ICE;
	if (s1inv_vtd_set_has(&sub->refused, i))
		fail(scratch, entry, verdict(-S1INV_EIO, S1INV_RULE_REP_10));
	else if (s1inv_vtd_set_has(&sub->timedout, i))
		time_out(batch->table, entry);
	else if (s1inv_vtd_set_has(&sub->undone, i))
		fail(scratch, entry, batch->dead); /* REP-15, REP-16 */
}

static void report_all(const struct batch *batch)
{
	const struct s1inv_vtd_scratch *scratch = batch->table->scratch;
	uint32_t i;

	for (i = 0; i < batch->n; i++)
		if (scratch->entry[i] != NO_ENTRY)
			report(batch, i, scratch->entry[i]);
}

/* One descriptor that timed out in company, alone (REP-12) */
static void replay_one(struct batch *batch, uint32_t i)
{
	struct s1inv_vtd_scratch *scratch = batch->table->scratch;
	uint16_t sid = requester(&scratch->descs[i]);

	if (exhausted(batch, sid)) { /* QUE-18 */
		time_out(batch->table, scratch->entry[i]);
	} else if (batch->dead.error) {
		fail(scratch, scratch->entry[i], batch->dead);
	} else {
		run(batch, i, 1, S1INV_VTD_NO_FENCE);
		if (s1inv_vtd_set_has(&scratch->sub.timedout, 0))
			count_timeout(batch, sid);
		report(batch, 0, scratch->entry[i]);
	}
}

/*
 * The suspects one by one. What else the submission found out is reported
 * before, for its memory is needed again.
 */
static void replay(struct batch *batch)
{
	struct s1inv_vtd_submission *sub = &batch->table->scratch->sub;
	struct s1inv_vtd_set timedout = sub->timedout;
	uint32_t i;

	for (i = 0; i < S1INV_VTD_SET_WORDS; i++) {
		sub->undone.word[i] &= ~timedout.word[i];
		sub->timedout.word[i] = 0;
	}
	report_all(batch);
	for (i = 0; i < batch->n; i++)
		if (s1inv_vtd_set_has(&timedout, i))
			replay_one(batch, i);
}

static void start_batch(struct batch *batch)
{
	batch->n = 0;
	batch->room = S1INV_VTD_BATCH;
	batch->iotlb = false;
	batch->fence = S1INV_VTD_NO_FENCE;
}

static void flush(struct batch *batch)
{
	const struct s1inv_vtd_table *table = batch->table;
	const struct s1inv_vtd_submission *sub = &table->scratch->sub;

	if (!batch->n)
		return;
	run(batch, 0, batch->n, batch->fence);
	if (s1inv_vtd_set_any(&sub->timedout))
		count_timeouts(batch, &sub->timedout);
	if (table->blame == S1INV_BLAME_REPLAY &&
	    s1inv_vtd_set_any(&sub->timedout))
		replay(batch);
	else
		report_all(batch);
	start_batch(batch);
}

/* ----------------------------------------------------------------- encoding */

static void put(struct batch *batch, uint32_t entry, uint64_t qw0, uint64_t qw1)
{
	struct s1inv_vtd_scratch *scratch = batch->table->scratch;
	struct s1inv_vtd_desc *desc = &scratch->descs[batch->n];

	desc->qw[0] = qw0;
	desc->qw[1] = qw1;
	desc->qw[2] = 0;
	desc->qw[3] = 0;
	scratch->entry[batch->n++] = entry;
}

/* ENC-3; without a status write it is a descriptor like any other. */
static void put_fence(struct batch *batch)
{
	if (!batch->unit->plain_fence)
		batch->fence = batch->n;
	put(batch, NO_ENTRY,
	    S1INV_VTD_TYPE_WAIT | UINT64_C(1) << S1INV_VTD_WAIT_FN_LSB, 0);
	batch->iotlb = false;
}

static void add(struct batch *batch, const struct template *to, uint32_t entry,
		uint64_t qw0, uint64_t qw1)
{
	if (!batch->room)
		flush(batch);
	if (to->cache == S1INV_VTD_DEVTLB && exhausted(batch, to->sid)) {
		time_out(batch->table, entry); /* QUE-18 */
		return;
	}
	if (batch->dead.error) {
		fail(batch->table->scratch, entry, batch->dead);
		return;
	}
	if (to->cache == S1INV_VTD_IOTLB)
		batch->iotlb = true;
	else if (batch->iotlb)
		put_fence(batch); /* ENC-2 */
	put(batch, entry, qw0, qw1);
	batch->room--;
}

static void add_iotlb(struct batch *batch, const struct template *to,
		      uint32_t entry, const struct s1inv_vtd_block *block,
		      bool leaf)
{
	uint64_t qw1 = block->first << S1INV_VTD_PAGE_SHIFT;

	if (block->order > to->am_max || block->order == S1INV_VTD_AM_MAX) {
		add(batch, to, entry, to->all, 0); /* COV-6, COV-7 */
		return;
	}
	qw1 |= (uint64_t)block->order << S1INV_VTD_PIOTLB_AM_LSB |
	       (uint64_t)leaf << S1INV_VTD_PIOTLB_IH_LSB; /* ENC-9 */
	add(batch, to, entry, to->page, qw1);
}

static void add_devtlb(struct batch *batch, const struct template *to,
		       uint32_t entry, const struct s1inv_vtd_block *block)
{
	uint8_t s;
	uint64_t qw1 = s1inv_vtd_size_encode(block, &s);

	qw1 |= (uint64_t)s << to->s_lsb;
	add(batch, to, entry, to->page, qw1);
	if (to->twice) /* ENC-8 */
		add(batch, to, entry, to->page, qw1);
}

static void add_request(struct batch *batch, const struct template *to,
			uint32_t entry)
{
	const struct s1inv_vtd_request *request =
		&batch->table->scratch->requests[entry];
	struct s1inv_vtd_block block;
	struct s1inv_vtd_cover cover;

	s1inv_vtd_cover_start(&cover, request, batch->table->cover);
	while (s1inv_vtd_cover_next(&cover, &block))
		if (to->cache == S1INV_VTD_IOTLB)
			add_iotlb(batch, to, entry, &block, request->leaf);
		else
			add_devtlb(batch, to, entry, &block);
}

/* First quadwords of an IOTLB target: page-selective, and all of the PASID */
static int iotlb_template(const struct s1inv_vtd_unit *unit,
			  struct s1inv_vtd_fields *fields, struct template *to)
{
	struct s1inv_vtd_desc desc;
	int error;

	fields->type = S1INV_VTD_TYPE_PIOTLB;
	fields->did = unit->did; /* ENC-5 */
	fields->g = S1INV_VTD_PG_PASID;
	error = s1inv_vtd_encode(fields, &desc);
	if (error)
		return error;
	to->all = desc.qw[0];
	to->page = desc.qw[0] | (uint64_t)S1INV_VTD_PG_PAGE
					<< S1INV_VTD_PIOTLB_G_LSB;
	return 0;
}

static int devtlb_template(const struct s1inv_vtd_unit *unit,
			   const struct s1inv_vtd_target *target,
			   struct s1inv_vtd_fields *fields, struct template *to)
{
	struct s1inv_vtd_desc desc;
	int error;

	/* ENC-6: PASID 0 is RID_PASID, which means requests without PASID. */
	fields->type = target->pasid ? S1INV_VTD_TYPE_PDEVTLB :
				       S1INV_VTD_TYPE_DEVTLB;
	fields->sid = target->sid;
	fields->pfsid = unit->dit ? target->pfsid : 0; /* ENC-7 */
	if (target->mip <= S1INV_VTD_MIP_MAX)
		fields->mip = target->mip; /* ENC-12 */
	error = s1inv_vtd_encode(fields, &desc);
	if (error)
		return error;
	to->page = desc.qw[0];
	to->s_lsb = target->pasid ? S1INV_VTD_PDEVTLB_S_LSB :
				    S1INV_VTD_DEVTLB_S_LSB;
	return 0;
}

/* -EINVAL for a target that cannot be encoded (ENC-1) */
static int make_template(const struct s1inv_vtd_unit *unit,
			 const struct s1inv_vtd_target *target,
			 struct template *to)
{
	struct s1inv_vtd_fields fields = { 0 };

	to->cache = target->cache;
	to->sid = target->sid;
	to->twice = target->twice;
	to->am_max = unit->am_max;
	fields.pasid = target->pasid;
	if (target->cache == S1INV_VTD_IOTLB)
		return iotlb_template(unit, &fields, to);
	if (target->pasid > S1INV_VTD_PASID_MAX)
		return -S1INV_EINVAL;
	return devtlb_template(unit, target, &fields, to);
}

/*
 * One pass over the targets of one kind (ENC-2). A target that cannot be
 * encoded fails the requests: nothing is left out in silence (REP-16).
 */
static void add_pass(struct batch *batch, enum s1inv_vtd_cache cache,
		     uint32_t first, uint32_t n)
{
	const struct s1inv_vtd_unit *unit = batch->unit;
	struct template to;
	uint32_t t, i;

	for (t = 0; t < unit->target_num; t++) {
		if (unit->targets[t].cache != cache)
			continue;
		if (make_template(unit, &unit->targets[t], &to))
			batch->dead = verdict(-S1INV_EINVAL, S1INV_RULE_ENC_1);
		for (i = first; i < first + n; i++)
			add_request(batch, &to, i);
	}
}

static void submit_together(struct s1inv_vtd_table *table,
			    const struct s1inv_vtd_unit *unit, uint32_t first,
			    uint32_t n)
{
	struct batch batch = { .table = table, .unit = unit };

	start_batch(&batch);
	add_pass(&batch, S1INV_VTD_IOTLB, first, n);
	if (unit->te) /* ENC-11 */
		add_pass(&batch, S1INV_VTD_DEVTLB, first, n);
	flush(&batch);
}

void s1inv_vtd_unit_submit(struct s1inv_vtd_table *table,
			   const struct s1inv_vtd_unit *unit, uint32_t first,
			   uint32_t n)
{
	uint32_t i;

	if (table->blame != S1INV_BLAME_SINGLE) {
		submit_together(table, unit, first, n);
		return;
	}
	for (i = first; i < first + n; i++) /* REP-13 */
		submit_together(table, unit, i, 1);
}

/* -------------------------------------------------------------- the backend */

static uint32_t audit(void *ctx, uint32_t n, struct s1inv_verdict *why)
{
	const struct s1inv_vtd_table *table = ctx;
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
	}
	return i;
}

/* REP-2: the leading run of entries that every unit took */
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
	struct s1inv_vtd_table *table = ctx;
	struct s1inv_vtd_scratch *scratch = table->scratch;
	uint32_t i;

	for (i = 0; i < n; i++) {
		scratch->verdict[i] = verdict(0, S1INV_RULE_NONE);
		scratch->hw_error[i] = 0; /* REP-5 */
	}
	for (i = 0; i < table->unit_num; i++)
		s1inv_vtd_unit_submit(table, &table->units[i], 0, n);
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

static int check_unit(const struct s1inv_vtd_unit *unit)
{
	struct template to;
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

int s1inv_vtd_begin(struct s1inv_vtd_table *table, struct s1inv_backend *backend)
{
	uint32_t i;
	int error;

	if (!table->timeouts_max || (table->audit.va_bits != 48 &&
				     table->audit.va_bits != 57))
		return -S1INV_EINVAL;
	for (i = 0; i < table->unit_num; i++) {
		error = check_unit(&table->units[i]);
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
