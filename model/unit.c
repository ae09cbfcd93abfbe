/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The unit: set-up, registers, steps, counts, and the core's view of it. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

struct model_config model_config_default(void)
{
	return (struct model_config){
		.qs = 1,
		.wide = true,
		.ttm = MODEL_TTM_SCALABLE,
		.smts = true,
		.adms = true,
		.dt = true,
		.dit = true,
		.pds = true,
		.prs = true,
		.psi = true,
		.mamv = 45,
		.nd = 6,
		.haw = 52,
		.depth = 8,
		.invalid_iqei = MODEL_IQEI_RESERVED,
		.am_bound = 63,
	};
}

struct model_config model_config_qemu(void)
{
	struct model_config c = model_config_default();

	c.adms = false;
	c.dit = false;
	c.pds = false;
	c.prs = false;
	c.mamv = 18;
	c.am_bound = 18;
	c.no_iqercd = true;
	c.no_resume = true;
	c.no_plain_wait = true;
	return c;
}

uint32_t model_slots(const struct model_unit *u)
{
	return 1U << (u->config.qs + (u->config.wide ? 7U : 8U));
}

size_t model_slot_size(const struct model_unit *u)
{
	return u->config.wide ? 32 : 16;
}

static void empty_store(struct model_store *s)
{
	s->windows.len = 0;
	s->pending.len = 0;
	s->log.len = 0;
	s->faults.len = 0;
	s->gone.len = 0;
	s->iotlb.len = 0;
	s->devtlb.len = 0;
}

/* Room for a copy of the whole ring */
MODEL_LASTING static void size_shadow(struct model_unit *u)
{
	size_t need = model_slots(u) * model_slot_size(u);
	struct model_vec *v = &u->store.shadow;

	if (v->cap < need) {
		v->at = realloc(v->at, need);
		if (!v->at)
			model_no_memory();
		v->cap = need;
	}
	memset(v->at, 0, need);
}

void model_unit_reset(struct model_unit *u, const struct model_config *config)
{
	struct model_store store = u->store;

	empty_store(&store);
	*u = (struct model_unit){ .config = *config, .store = store };
	u->random = config->seed;
	u->junk = ~config->seed;
	size_shadow(u);
}

MODEL_LASTING struct model_unit *
model_unit_create(const struct model_config *config)
{
	struct model_unit *u = calloc(1, sizeof(*u));

	if (!u)
		model_no_memory();
	model_unit_reset(u, config);
	return u;
}

void model_unit_destroy(struct model_unit *u)
{
	if (!u)
		return;
	free(u->store.windows.at);
	free(u->store.pending.at);
	free(u->store.log.at);
	free(u->store.faults.at);
	free(u->store.gone.at);
	free(u->store.iotlb.at);
	free(u->store.devtlb.at);
	free(u->store.shadow.at);
	free(u);
}

void model_unit_map(struct model_unit *u, uint64_t bus, void *host, size_t len)
{
	struct model_window *w;

	w = model_vec_push(&u->store.windows, sizeof(*w));
	*w = (struct model_window){ .bus = bus, .host = host, .len = len };
}

/* Host memory behind a bus address; NULL when no window holds all of it */
uint8_t *model_dma(const struct model_unit *u, uint64_t bus, size_t len)
{
	size_t i;

	for (i = 0; i < u->store.windows.len; i++) {
		const struct model_window *w =
			MODEL_AT(struct model_window, u->store.windows, i);
		uint64_t at = bus - w->bus;

		if (at < w->len && len <= w->len - at)
			return w->host + at;
	}
	return NULL;
}

void model_count_error(struct model_unit *u, enum model_error kind)
{
	u->errors[kind]++;
}

/* A field of IQERCD_REG is captured if its bit was clear (VT-d 11.4.9.9). */
void model_raise(struct model_unit *u, uint32_t bit, uint16_t value)
{
	bool first = !(u->fsts & bit);

	u->fsts |= bit;
	if (bit == MODEL_IQE) {
		u->counts.iqe++;
		u->iqei = first ? (uint8_t)value : u->iqei;
		u->stalled = u->config.no_resume;
	} else if (bit == MODEL_ITE) {
		u->counts.ite++;
		u->itesid = first ? value : u->itesid;
	} else {
		u->counts.ice++;
		u->icesid = first ? value : u->icesid;
	}
}

void model_set_fate(struct model_unit *u, const struct model_item *item,
		    enum model_fate fate)
{
	struct model_record *r;

	u->counts.executed += fate == MODEL_DONE;
	u->counts.refused += fate == MODEL_REFUSED;
	u->counts.lost += fate == MODEL_LOST;
	if (item->record == MODEL_NO_RECORD)
		return;
	r = MODEL_AT(struct model_record, u->store.log, item->record);
	r->fate = fate;
	r->when = fate == MODEL_DONE ? u->counts.executed : 0;
}

void model_unit_enable(struct model_unit *u)
{
	u->enabled = true;
	u->published = u->head;
	if (model_queue_iqei(u) == MODEL_VALID)
		model_publish(u);
}

void model_unit_disable(struct model_unit *u)
{
	size_t i;

	for (i = 0; i < model_pending(u); i++)
		model_set_fate(u, model_item(u, i), MODEL_LOST);
	u->store.pending.len = 0;
	u->gone = 0;
	u->enabled = false;
	u->stalled = false;
	u->head = 0;
	u->published = 0;
	u->tail_reg = 0;
}

/* What no status bit vouches for is junk. */
static uint64_t iqercd(struct model_unit *u)
{
	uint64_t v;

	if (u->config.no_iqercd)
		return 0;
	v = model_random(&u->junk);
	if (u->fsts & MODEL_IQE)
		v = (v & ~UINT64_C(0xf)) | u->iqei;
	if (u->fsts & MODEL_ITE)
		v = (v & ~(UINT64_C(0xffff) << 32)) | (uint64_t)u->itesid << 32;
	if (u->fsts & MODEL_ICE)
		v = (v & ~(UINT64_C(0xffff) << 48)) | (uint64_t)u->icesid << 48;
	return v & ~UINT64_C(0xfffffff0);
}

static uint64_t iqa(const struct model_config *c)
{
	return c->ring | (c->wide ? 0x800U : 0U) | c->qs;
}

/* The aligned 64 bits of registers at @off */
static uint64_t registers(struct model_unit *u, uint32_t off)
{
	switch (off) {
	case MODEL_FSTS & ~7U:
		return (uint64_t)(u->fsts | u->config.fsts_other) << 32;
	case MODEL_IQH:
		return u->head * model_slot_size(u);
	case MODEL_IQT:
		return u->tail_reg;
	case MODEL_IQA:
		return iqa(&u->config);
	case MODEL_ICS & ~7U:
		return (uint64_t)u->iwc << 32;
	case MODEL_IQERCD:
		return iqercd(u);
	default:
		model_count_error(u, MODEL_ERROR_REGISTER);
		return 0;
	}
}

static void check_access(struct model_unit *u, uint32_t off, uint32_t size)
{
	if (off % size)
		model_count_error(u, MODEL_ERROR_REGISTER);
	if (u->config.locked && !u->lock_held)
		model_count_error(u, MODEL_ERROR_LOCK);
}

uint32_t model_unit_read32(void *unit, uint32_t off)
{
	check_access(unit, off, 4);
	return (uint32_t)(registers(unit, off & ~7U) >> (off & 4 ? 32 : 0));
}

uint64_t model_unit_read64(void *unit, uint32_t off)
{
	check_access(unit, off, 8);
	return registers(unit, off & ~7U);
}

/*
 * While IQE is set tail writes have no effect (VT-d 6.5.2.11). A tail that
 * cannot be is stored, and is found when the unit wants to fetch.
 */
static void write_tail(struct model_unit *u, uint32_t value)
{
	u->counts.doorbells++;
	if (value & ~0x7fff0U)
		model_count_error(u, MODEL_ERROR_REGISTER);
	if (u->fsts & MODEL_IQE)
		return;
	u->tail_reg = value & 0x7fff0U;
	u->stalled = false;
	if (model_queue_iqei(u) == MODEL_VALID)
		model_publish(u);
}

/*
 * Write 1 to clear. The descriptor at the head may have been corrected while
 * IQE was set; from now on it may not change.
 */
static void write_fsts(struct model_unit *u, uint32_t value)
{
	if (value & ~MODEL_FSTS_OURS)
		model_count_error(u, MODEL_ERROR_FSTS_WRITE);
	if (value & u->fsts & MODEL_IQE)
		model_snapshot(u, u->head);
	u->fsts &= ~(value & MODEL_FSTS_OURS);
}

static void write_iqa(struct model_unit *u, uint32_t value, bool high)
{
	uint64_t v = iqa(&u->config);

	if (u->enabled || (!high && value & 0x7f8)) {
		model_count_error(u, MODEL_ERROR_REGISTER);
		return;
	}
	v = high ? (v & UINT32_MAX) | (uint64_t)value << 32 :
		   (v & ~(uint64_t)UINT32_MAX) | value;
	u->config.ring = v & ~UINT64_C(0xfff);
	u->config.wide = v >> 11 & 1;
	u->config.qs = v & 7;
	size_shadow(u);
}

void model_unit_write32(void *unit, uint32_t off, uint32_t value)
{
	struct model_unit *u = unit;

	check_access(u, off, 4);
	switch (off) {
	case MODEL_IQT:
		write_tail(u, value);
		break;
	case MODEL_FSTS:
		write_fsts(u, value);
		break;
	case MODEL_ICS:
		u->iwc = u->iwc && !(value & 1);
		break;
	case MODEL_IQA:
	case MODEL_IQA + 4:
		write_iqa(u, value, off != MODEL_IQA);
		break;
	default:
		model_count_error(u, MODEL_ERROR_REGISTER);
	}
}

bool model_unit_step(struct model_unit *u)
{
	bool fetch = model_fetch_ready(u) &&
		     model_pending(u) < u->config.depth;
	size_t i;

	if (fetch && model_pending(u) && u->config.order == MODEL_REORDER)
		fetch = model_random(&u->random) & 1;
	if (fetch)
		model_fetch(u);
	else if (model_pick(u, &i))
		model_execute(u, i);
	else
		return false;
	return true;
}

size_t model_unit_run(struct model_unit *u)
{
	size_t n = 0;

	while (model_unit_step(u))
		n++;
	return n;
}

size_t model_unit_pending(const struct model_unit *u)
{
	return model_pending(u);
}

struct model_counts model_unit_counts(const struct model_unit *u)
{
	return u->counts;
}

uint64_t model_unit_error(const struct model_unit *u, enum model_error kind)
{
	return u->errors[kind];
}

uint64_t model_unit_errors(const struct model_unit *u)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < MODEL_ERROR_KINDS; i++)
		n += u->errors[i];
	return n;
}

const char *model_error_name(enum model_error kind)
{
	static const char *const name[MODEL_ERROR_KINDS] = {
		[MODEL_ERROR_STRAY_DMA] = "stray DMA",
		[MODEL_ERROR_SLOT_CHANGED] = "slot changed before its fetch",
		[MODEL_ERROR_SLOT_BUSY] = "slot published while pending",
		[MODEL_ERROR_TAIL] = "tail went back or past the head",
		[MODEL_ERROR_STATUS_TWICE] = "status word written twice",
		[MODEL_ERROR_STATUS_SHARED] = "status word of two waits",
		[MODEL_ERROR_UNDEFINED] = "undefined value in a descriptor",
		[MODEL_ERROR_FSTS_WRITE] = "foreign bits cleared in FSTS_REG",
		[MODEL_ERROR_REGISTER] = "bad register access",
		[MODEL_ERROR_LOCK] = "bad locking",
	};

	return (unsigned int)kind < MODEL_ERROR_KINDS ? name[kind] : "";
}

size_t model_unit_log_len(const struct model_unit *u)
{
	return u->store.log.len;
}

const struct model_record *model_unit_log(const struct model_unit *u, size_t i)
{
	return MODEL_AT(struct model_record, u->store.log, i);
}

void model_unit_log_clear(struct model_unit *u)
{
	size_t i;

	for (i = 0; i < model_pending(u); i++)
		model_item(u, i)->record = MODEL_NO_RECORD;
	u->store.log.len = 0;
}

void model_unit_set_hooks(struct model_unit *u, const struct model_hooks *hooks)
{
	u->hooks = hooks ? *hooks : (struct model_hooks){ .ctx = NULL };
}
