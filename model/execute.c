/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Pending descriptors: in which order they may be executed (VT-d 6.5.2.12),
 * what execution does, and what a time-out does to all of them (6.5.2.11).
 */
#include "internal.h"

#define TYPE_BIT(type) (1U << (type))

/* Types that must be completed, when ahead, before one of @type is executed */
static uint32_t waits_for(uint8_t type)
{
	switch (type) {
	case MODEL_PC:
		return TYPE_BIT(MODEL_CC);
	case MODEL_IOTLB:
	case MODEL_PIOTLB:
		return TYPE_BIT(MODEL_CC) | TYPE_BIT(MODEL_PC);
	case MODEL_DEVTLB: /* type 6 is not in the list */
		return TYPE_BIT(MODEL_IOTLB) | TYPE_BIT(MODEL_IEC);
	case MODEL_PDEVTLB:
		return TYPE_BIT(MODEL_IOTLB) | TYPE_BIT(MODEL_PIOTLB) |
		       TYPE_BIT(MODEL_IEC);
	default:
		return 0;
	}
}

static bool is_fence(const struct model_item *item)
{
	return item->type == MODEL_WAIT && item->qw[0] & MODEL_WAIT_FN;
}

/* Does @ahead, pending and ahead of it, keep @item from being executed? */
static bool blocks(const struct model_item *ahead,
		   const struct model_item *item)
{
	if (is_fence(ahead))
		return true;
	/* all that is ahead of a wait and behind the wait before it */
	if (item->type == MODEL_WAIT)
		return ahead->seq > item->after;
	return waits_for(item->type) & TYPE_BIT(ahead->type);
}

static bool executable(const struct model_unit *u, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (blocks(model_item(u, j), model_item(u, i)))
			return false;
	return true;
}

/*
 * Choose what to execute next. The oldest is always possible, since nothing is
 * ahead of it.
 */
bool model_pick(struct model_unit *u, size_t *i)
{
	size_t n = model_pending(u);
	size_t start;

	*i = 0;
	if (!n || u->config.order == MODEL_IN_ORDER)
		return n != 0;
	start = (size_t)(model_random(&u->random) % n);
	for (*i = start; !executable(u, *i);)
		*i = (*i + 1) % n;
	return true;
}

static size_t oldest_devtlb(const struct model_unit *u)
{
	size_t i;

	for (i = 0; i < model_pending(u); i++)
		if (model_is_devtlb(model_item(u, i)->type))
			break;
	return i;
}

static bool loses(struct model_unit *u, size_t i, size_t oldest,
		  const struct model_item *struck)
{
	const struct model_item *item = model_item(u, i);

	if (item->type == MODEL_WAIT)
		return true;
	if (i < oldest)
		return false;
	if (item->seq == struck->seq && model_is_devtlb(item->type))
		return true;
	return u->config.ite_loss == MODEL_LOSE_ALL ||
	       model_random(&u->random) & 1;
}

static void mark_struck(const struct model_unit *u,
			const struct model_item *struck)
{
	struct model_record *r;

	if (struck->record == MODEL_NO_RECORD || !model_is_devtlb(struck->type))
		return;
	r = MODEL_AT(struct model_record, u->store.log, struck->record);
	r->timed_out = true;
	r->reported = !(u->fsts & MODEL_ITE);
	r->left_over = struck->left_over;
}

/*
 * A device did not answer. Pending waits are aborted; from the oldest pending
 * device-TLB descriptor on nothing is guaranteed (VT-d 6.5.2.11).
 */
static void time_out(struct model_unit *u, const struct model_item *struck)
{
	size_t oldest = oldest_devtlb(u);
	size_t n = model_pending(u);
	size_t kept = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		struct model_item item = *model_item(u, i);

		if (loses(u, i, oldest, struck)) {
			model_set_fate(u, &item, MODEL_LOST);
			continue;
		}
		if (item.seq == struck->seq)
			item.ite = false;
		item.left_over = true;
		*model_item(u, kept++) = item;
	}
	u->store.pending.len = u->gone + kept;
	mark_struck(u, struck);
	model_raise(u, MODEL_ITE, struck->report);
}

static uint64_t haw_mask(const struct model_config *c)
{
	return c->haw >= 64 ? UINT64_MAX : (UINT64_C(1) << c->haw) - 1;
}

static void write_status(struct model_unit *u, const uint64_t qw[4])
{
	uint8_t *host = model_dma(u, qw[1] & haw_mask(&u->config), 4);
	uint32_t data = (uint32_t)(qw[0] >> 32);

	if (!host) {
		model_count_error(u, MODEL_ERROR_STRAY_DMA);
		return;
	}
	if (model_load_le32(host) == data)
		model_count_error(u, MODEL_ERROR_STATUS_TWICE);
	model_store_le32(host, data);
	u->counts.status++;
}

/* VT-d 6.5.2.9, .10; the status write goes before the interrupt. */
static void complete_wait(struct model_unit *u, const uint64_t qw[4])
{
	if (qw[0] & MODEL_WAIT_SW)
		write_status(u, qw);
	if (!(qw[0] & MODEL_WAIT_IF))
		return;
	u->counts.interrupts += !u->iwc;
	u->iwc = true;
}

/* Those ahead of it move down: mostly there are none. */
static void drop_pending(struct model_unit *u, size_t i)
{
	for (; i; i--)
		*model_item(u, i) = *model_item(u, i - 1);
	u->gone++;
}

/* A device answered what it was not asked, and did as it was told. */
static void complete_badly(struct model_unit *u, const struct model_item *item)
{
	if (item->record != MODEL_NO_RECORD)
		MODEL_AT(struct model_record, u->store.log, item->record)
			->bad_completion = true;
	model_raise(u, MODEL_ICE, item->report);
}

/* Execute the pending descriptor @i, or let it time out. */
void model_execute(struct model_unit *u, size_t i)
{
	struct model_item *item = model_item(u, i);

	model_fault_execute(u, item);
	if (item->ite) {
		const struct model_item struck = *item;

		time_out(u, &struck);
		return;
	}
	if (item->ice)
		complete_badly(u, item);
	if (item->type == MODEL_WAIT)
		complete_wait(u, item->qw);
	else
		model_invalidate(u, item->qw);
	model_set_fate(u, item, MODEL_DONE);
	drop_pending(u, i);
}
