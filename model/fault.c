/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Faults on demand: which descriptors they strike, and when. */
#include "internal.h"

void model_unit_add_fault(struct model_unit *u, const struct model_fault *fault)
{
	struct model_armed *a;

	a = model_vec_push(&u->store.faults, sizeof(struct model_armed));
	a->fault = *fault;
}

void model_unit_clear_faults(struct model_unit *u)
{
	u->store.faults.len = 0;
	u->store.gone.len = 0;
}

void model_unit_silence(struct model_unit *u, uint16_t sid, uint32_t times)
{
	const struct model_fault fault = { .kind = MODEL_FAULT_ITE,
					   .which = MODEL_EVERY_DEVTLB,
					   .sid = sid,
					   .times = times,
					   .report = sid };

	model_unit_add_fault(u, &fault);
}

void model_unit_remove(struct model_unit *u, uint16_t sid)
{
	uint16_t *gone = model_vec_push(&u->store.gone, sizeof(*gone));

	*gone = sid;
	model_unit_silence(u, sid, MODEL_FOREVER);
}

bool model_unit_present(void *unit, uint16_t sid)
{
	const struct model_unit *u = unit;
	size_t i;

	for (i = 0; i < u->store.gone.len; i++)
		if (*MODEL_AT(uint16_t, u->store.gone, i) == sid)
			return false;
	return true;
}

static bool for_requester(const struct model_fault *f,
			  const struct model_item *item)
{
	return model_is_devtlb(item->type) &&
	       (f->sid == MODEL_ANY_SID || f->sid == model_sid(item->qw));
}

/* Does a fault that counts descriptors count this one? */
static bool counts(const struct model_fault *f, const struct model_item *item)
{
	switch (f->which) {
	case MODEL_NTH_FETCHED:
		return true;
	case MODEL_NTH_INVALIDATION:
		return item->type != MODEL_WAIT;
	case MODEL_NTH_DEVTLB:
		return for_requester(f, item);
	case MODEL_EVERY_DEVTLB:
	default:
		return false;
	}
}

static bool used_up(const struct model_armed *a)
{
	return a->fault.times != MODEL_FOREVER && a->used >= a->fault.times;
}

/*
 * Does @a strike @item at its fetch? Once it has struck, an IQE sticks to the
 * slot, and another fault goes on to the next descriptors that it counts.
 */
static bool strikes(struct model_armed *a, const struct model_item *item)
{
	bool due = counts(&a->fault, item) && a->seen++ >= a->fault.nth;

	if (a->fault.which == MODEL_EVERY_DEVTLB)
		due = a->fault.kind == MODEL_FAULT_IQE &&
		      for_requester(&a->fault, item);
	else if (a->fault.kind == MODEL_FAULT_IQE && a->used)
		due = a->slot == item->slot;
	if (!due || used_up(a))
		return false;
	a->used++;
	a->slot = item->slot;
	return true;
}

/*
 * Let every fault look at a descriptor that is being fetched.
 *
 * Return: true when it is refused, with the code in @iqei.
 */
bool model_fault_fetch(struct model_unit *u, struct model_item *item,
		       uint8_t *iqei)
{
	bool refused = false;
	size_t i;

	for (i = 0; i < u->store.faults.len; i++) {
		struct model_armed *a = model_armed(u, i);

		if (!strikes(a, item))
			continue;
		if (a->fault.kind == MODEL_FAULT_IQE) {
			refused = true;
			*iqei = a->fault.iqei;
			continue;
		}
		item->ite |= a->fault.kind == MODEL_FAULT_ITE;
		item->ice |= a->fault.kind == MODEL_FAULT_ICE;
		item->report = a->fault.report;
	}
	return refused;
}

/* The device's own habits, when a descriptor for it is executed */
void model_fault_execute(struct model_unit *u, struct model_item *item)
{
	size_t i;

	for (i = 0; i < u->store.faults.len && !item->ite; i++) {
		struct model_armed *a = model_armed(u, i);
		const struct model_fault *f = &a->fault;

		if (f->which != MODEL_EVERY_DEVTLB || used_up(a) ||
		    f->kind == MODEL_FAULT_IQE || !for_requester(f, item))
			continue;
		a->used++;
		item->ite |= f->kind == MODEL_FAULT_ITE;
		item->ice |= f->kind == MODEL_FAULT_ICE;
		item->report = f->report;
	}
}
