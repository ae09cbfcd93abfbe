/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* From the doorbell to the list of pending descriptors. */
#include "internal.h"

#include <string.h>

static uint64_t slot_bus(const struct model_unit *u, uint32_t slot)
{
	return u->config.ring + (uint64_t)slot * model_slot_size(u);
}

static uint8_t *shadow(const struct model_unit *u, uint32_t slot)
{
	return (uint8_t *)u->store.shadow.at + slot * model_slot_size(u);
}

/* Remember what stands in @slot, to see whether it changes before its fetch. */
void model_snapshot(struct model_unit *u, uint32_t slot)
{
	size_t size = model_slot_size(u);
	const uint8_t *host = model_dma(u, slot_bus(u, slot), size);

	if (host)
		memcpy(shadow(u, slot), host, size);
}

static bool slot_pending(const struct model_unit *u, uint32_t slot)
{
	size_t i;

	for (i = 0; i < model_pending(u); i++)
		if (model_item(u, i)->slot == slot)
			return true;
	return false;
}

/*
 * Take over a tail that is where a tail can be. It may stand still or go ahead,
 * but not past the slot before the head (VT-d 6.5.2).
 */
void model_publish(struct model_unit *u)
{
	uint32_t n = model_slots(u);
	uint32_t tail = u->tail_reg / (uint32_t)model_slot_size(u);
	uint32_t slot = u->published;

	if ((tail - u->head) % n < (u->published - u->head) % n) {
		model_count_error(u, MODEL_ERROR_TAIL);
		slot = u->head;
	}
	for (; slot != tail; slot = (slot + 1) % n) {
		if (slot_pending(u, slot))
			model_count_error(u, MODEL_ERROR_SLOT_BUSY);
		model_snapshot(u, slot);
	}
	u->published = tail;
}

/* VT-d 6.5.2 and 6.5.2.11; and receivers that wait for a tail write */
bool model_fetch_ready(const struct model_unit *u)
{
	uint32_t head_reg = u->head * (uint32_t)model_slot_size(u);

	return u->enabled && !(u->fsts & (MODEL_IQE | MODEL_ITE)) &&
	       !u->stalled && u->tail_reg != head_reg;
}

/* Two waits under way must not write the same word. */
static void check_status_word(struct model_unit *u,
			      const struct model_item *item)
{
	size_t i;

	if (item->type != MODEL_WAIT || !(item->qw[0] & MODEL_WAIT_SW))
		return;
	for (i = 0; i + 1 < model_pending(u); i++) {
		const struct model_item *other = model_item(u, i);

		if (other->type == MODEL_WAIT && other->qw[0] & MODEL_WAIT_SW &&
		    other->qw[1] == item->qw[1])
			model_count_error(u, MODEL_ERROR_STATUS_SHARED);
	}
}

/* A new one at the end of those pending, in the room of what is gone */
static struct model_item *push_item(struct model_unit *u)
{
	struct model_vec *v = &u->store.pending;
	size_t n = model_pending(u);

	if (v->len == v->cap && u->gone) {
		memmove(v->at, model_item(u, 0), n * sizeof(struct model_item));
		v->len = n;
		u->gone = 0;
	}
	return model_vec_push(v, sizeof(struct model_item));
}

/* A valid descriptor: IQH moves on now, whenever it is executed (VT-d 6.5.2) */
static void accept_item(struct model_unit *u, struct model_item *item)
{
	item->seq = ++u->seq;
	item->after = u->last_wait;
	if (item->type == MODEL_WAIT)
		u->last_wait = item->seq;
	check_status_word(u, item);
	u->head = (u->head + 1) % model_slots(u);
}

/* The head stays: it references the bad descriptor (VT-d 6.5.2.11). */
static void refuse_item(struct model_unit *u, const struct model_item *item,
			uint8_t iqei)
{
	MODEL_AT(struct model_record, u->store.log, item->record)->iqei = iqei;
	model_set_fate(u, item, MODEL_REFUSED);
	model_raise(u, MODEL_IQE, iqei);
	u->store.pending.len--;
}

static void add_record(struct model_unit *u, struct model_item *item)
{
	struct model_record *record;

	item->record = u->store.log.len;
	record = model_vec_push(&u->store.log, sizeof(*record));
	memcpy(record->qw, item->qw, sizeof(record->qw));
	record->slot = item->slot;
	record->doorbell = u->counts.doorbells;
}

/* Read the descriptor at the head; NULL when its memory cannot be reached. */
static struct model_item *read_slot(struct model_unit *u)
{
	size_t size = model_slot_size(u);
	const uint8_t *host = model_dma(u, slot_bus(u, u->head), size);
	const uint8_t *published = shadow(u, u->head);
	bool changed = false;
	struct model_item *item;
	size_t i;

	if (!host) {
		model_count_error(u, MODEL_ERROR_STRAY_DMA);
		return NULL;
	}
	item = push_item(u);
	for (i = 0; i < size / 8; i++) {
		item->qw[i] = model_load_le64(host + 8 * i);
		changed |= item->qw[i] != model_load_le64(published + 8 * i);
	}
	if (changed)
		model_count_error(u, MODEL_ERROR_SLOT_CHANGED);
	item->slot = u->head;
	item->type = model_type(item->qw[0]);
	return item;
}

/* Fetch the descriptor at the head, and take it or raise an IQE. */
void model_fetch(struct model_unit *u)
{
	int valid = model_queue_iqei(u);
	struct model_item *item = valid == MODEL_VALID ? read_slot(u) : NULL;
	uint8_t iqei = 0;

	if (!item) {
		model_raise(u, MODEL_IQE,
			    valid == MODEL_VALID ? MODEL_IQEI_FETCH :
						   (uint16_t)valid);
		return;
	}
	u->counts.fetched++;
	add_record(u, item);
	if (model_fault_fetch(u, item, &iqei)) {
		refuse_item(u, item, iqei);
		return;
	}
	valid = model_validate(&u->config, item->qw);
	if (valid == MODEL_VALID)
		accept_item(u, item);
	else
		refuse_item(u, item, (uint8_t)valid);
}
