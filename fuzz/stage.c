/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* A scene set up, and what the core does there: see scene.h. */
#include <stdlib.h>
#include <string.h>

#include "scene.h"
#include "scene_format.h"

#define RING_AT UINT64_C(0x100000000)
#define STATUS_AT UINT64_C(0x200000000)
#define RINGS 2U
#define ENTRY 24U
#define HW_ERROR_AT 20U
/* Entries around which caches are filled; the others need the plan only. */
#define FILLED 3U

FUZZ_ORACLE_FILE_BEGIN

/* ------------------------------------------------------------ ring memory */

/*
 * A ring of exactly its size, so that a sanitizer sees what passes its end, and
 * whether something was put into it
 */
struct stage_ring {
	s1inv_le64 *desc;
	s1inv_le32 *status;
	uint8_t *state;
	bool used;
};

/* An empty ring. To empty one takes longer than most inputs. */
FUZZ_LASTING static struct stage_ring *ring_of(uint32_t unit, uint32_t slots)
{
	static struct stage_ring rings[SCENE_UNITS][RINGS];
	struct stage_ring *r = &rings[unit][slots / 256U];

	if (!r->desc) {
		r->desc = fuzz_zeroed(slots * 32U);
		r->status = fuzz_zeroed(slots * sizeof(*r->status));
		r->state = fuzz_zeroed(slots);
	}
	if (r->used) {
		memset(r->desc, 0, slots * 32U);
		memset(r->status, 0, slots * sizeof(*r->status));
		memset(r->state, 0, slots);
	}
	r->used = false;
	return r;
}

/* -------------------------------------------------------------------- units */

static struct stage *the_stage(void *ctx)
{
	return ctx;
}

/* The submission of a unit ends with the next one, or with the call. */
static void end_submission(struct stage *stage, const struct stage_unit *u)
{
	struct scene_submission *s;

	if (u->submission == SCENE_NO_SUBMISSION)
		return;
	s = &stage->submission[u->submission];
	s->to = model_unit_log_len(u->model);
	s->ites = model_unit_counts(u->model).ite - s->ites;
}

/* The core takes the lock once per submission (env.h). */
static void note_submission(struct stage *stage, uint32_t unit)
{
	struct stage_unit *u = &stage->unit[unit];

	FUZZ_ASSERT(stage->submissions < SCENE_SUBMISSIONS,
		    "a call ends after so many submissions");
	end_submission(stage, u);
	u->ring->used = true;
	u->submission = stage->submissions++;
	stage->submission[u->submission] = (struct scene_submission){
		.unit = unit,
		.from = model_unit_log_len(u->model),
		.ites = model_unit_counts(u->model).ite,
	};
}

static struct stage *current;

static void lock(void *ctx)
{
	uint32_t i;

	for (i = 0; current->unit[i].model != ctx; i++)
		;
	note_submission(current, i);
	current->unit[i].lock(ctx);
}

static void count_pause(void *ctx)
{
	FUZZ_ASSERT(++the_stage(ctx)->pauses < SCENE_PAUSES,
		    "a call ends after so many pauses");
}

static struct model_config config_of(const struct scene *scene, uint32_t i)
{
	struct model_config c = model_config_default();
	const uint64_t *v = scene->header;
	uint64_t bits = v[SCENE_HARDWARE];

	c.ring = RING_AT;
	c.qs = bits & SCENE_BIG_RING ? 1 : 0;
	c.dit = scene->unit[i].dit;
	c.order = bits & SCENE_REORDER ? MODEL_REORDER : MODEL_IN_ORDER;
	c.ite_loss = bits & SCENE_LOSE_SOME ? MODEL_LOSE_SOME : MODEL_LOSE_ALL;
	c.refill = bits & SCENE_REFILL;
	c.no_iqercd = bits & SCENE_NO_IQERCD;
	c.no_resume = bits & SCENE_NO_RESUME;
	c.no_plain_wait = bits & SCENE_NO_PLAIN_WAIT;
	c.am_bound = bits & SCENE_AM_BOUND ? 18 : 63;
	c.depth = v[SCENE_DEPTH] ? (uint32_t)v[SCENE_DEPTH] : 8U;
	c.steps_per_pause = (uint32_t)v[SCENE_STEPS];
	c.seed = v[SCENE_SEED] + i;
	c.locked = true;
	return c;
}

static void start_queue(struct stage_unit *u, uint32_t slots, bool narrow)
{
	const struct stage_ring *ring = u->ring;

	model_unit_map(u->model, RING_AT, ring->desc, slots * 32U);
	model_unit_map(u->model, STATUS_AT, ring->status,
		       slots * sizeof(*ring->status));
	model_unit_enable(u->model);
	model_unit_env(u->model, &u->dev);
	u->queue = (struct s1inv_vtd_queue){ .dev = &u->dev,
					     .ring = ring->desc,
					     .status = ring->status,
					     .state = ring->state,
					     .status_addr = STATUS_AT,
					     .slots = slots,
					     .wide = true };
	u->dev.lock(u->dev.ctx);
	FUZZ_ASSERT(!s1inv_vtd_queue_init(&u->queue), "the queue is set up");
	u->dev.unlock(u->dev.ctx);
	u->queue.wide = !narrow; /* refused before anything is put into it */
	u->lock = u->dev.lock;
	u->dev.lock = lock;
	u->submission = SCENE_NO_SUBMISSION;
}

FUZZ_LASTING static void start_model(struct stage_unit *u,
				     const struct model_config *c)
{
	if (u->model)
		model_unit_reset(u->model, c);
	else
		u->model = model_unit_create(c);
}

static void start_unit(struct stage *stage, uint32_t i)
{
	const struct model_config c = config_of(stage->scene, i);
	const struct model_hooks hooks = { .ctx = stage, .pause = count_pause };
	struct stage_unit *u = &stage->unit[i];
	uint32_t slots = 128U << c.qs;

	u->ring = ring_of(i, slots);
	start_model(u, &c);
	model_unit_set_hooks(u->model, &hooks);
	start_queue(u, slots, stage->scene->narrow[i]);
	stage->core_unit[i] = stage->scene->unit[i];
	stage->core_unit[i].queue = &u->queue;
	stage->core_unit[i].targets = stage->scene->target[i];
}

static void start_trouble(struct stage *stage)
{
	uint32_t i;

	for (i = 0; i < stage->scene->troubles; i++) {
		const struct scene_trouble *t = &stage->scene->trouble[i];
		struct model_unit *model = stage->unit[t->unit].model;

		if (t->gone)
			model_unit_remove(model, (uint16_t)t->fault.sid);
		else
			model_unit_add_fault(model, &t->fault);
	}
}

/* ------------------------------------------------------------------- caches */

static void cache_leaf(struct stage *stage, uint32_t unit,
		       const struct s1inv_vtd_target *to, uint64_t page,
		       uint8_t order)
{
	struct model_unit *model = stage->unit[unit].model;
	const struct model_devtlb_entry devtlb = {
		.sid = to->sid,
		.pasid = to->pasid ? to->pasid : MODEL_NO_PASID,
		.did = stage->scene->unit[unit].did,
		.page = page,
		.order = order,
	};
	struct model_iotlb_entry iotlb = {
		.did = stage->scene->unit[unit].did,
		.pasid = to->pasid,
		.page = page,
		.order = order,
		.stage = MODEL_NESTED,
	};

	if (to->cache == S1INV_VTD_DEVTLB) {
		model_unit_cache_devtlb(model, &devtlb);
		return;
	}
	model_unit_cache(model, &iotlb);
	iotlb.order = order + 9U; /* the structure that leads to it */
	iotlb.page = page >> iotlb.order << iotlb.order;
	iotlb.structure = true;
	model_unit_cache(model, &iotlb);
}

/* The leaves of the user's page table: no page is in two of them. */
struct leaves {
	uint64_t page[4U * FILLED];
	uint8_t order[4U * FILLED];
	uint32_t num;
};

static bool is_free(const struct leaves *leaves, uint64_t page, uint8_t order)
{
	uint32_t i;

	for (i = 0; i < leaves->num; i++) {
		uint8_t larger = order > leaves->order[i] ? order :
							    leaves->order[i];

		if (page >> larger == leaves->page[i] >> larger)
			return false;
	}
	return true;
}

static void add_leaf(struct stage *stage, struct leaves *leaves, uint64_t page,
		     uint8_t order)
{
	uint32_t i, t;

	if (!is_free(leaves, page, order))
		return;
	leaves->page[leaves->num] = page;
	leaves->order[leaves->num++] = order;
	for (i = 0; i < stage->scene->table.unit_num; i++)
		for (t = 0; t < stage->scene->unit[i].target_num; t++)
			cache_leaf(stage, i, &stage->scene->target[i][t], page,
				   order);
}

/* The first leaf of 2^@order pages that lies in a range as a whole */
static void add_within(struct stage *stage, struct leaves *leaves,
		       const struct s1inv_vtd_request *r, uint8_t order)
{
	uint64_t mask = (UINT64_C(1) << order) - 1U;
	uint64_t page = (r->first + mask) & ~mask;

	if (page <= r->last && r->last - page >= mask)
		add_leaf(stage, leaves, page, order);
}

/* Leaves of all sizes in what is asked for, and pages at both its ends */
static void fill_caches(struct stage *stage)
{
	const struct scene *scene = stage->scene;
	struct s1inv_vtd_request r;
	struct leaves leaves;
	uint32_t i;

	leaves.num = 0;
	for (i = 0; i < scene->entries && i < FILLED; i++) {
		if (naive_audit(&scene->table.audit, &scene->entry[i], &r)
			    .error ||
		    r.reach == S1INV_VTD_NOTHING)
			continue;
		add_within(stage, &leaves, &r, MODEL_1G);
		add_within(stage, &leaves, &r, MODEL_2M);
		add_leaf(stage, &leaves, r.first, MODEL_4K);
		add_leaf(stage, &leaves, r.last, MODEL_4K);
	}
}

/* ------------------------------------------------------------------- memory */

/* Map as much of it as there is before the end of the address space. */
static void map(struct stage *stage, uint64_t addr, const void *bytes,
		size_t len, bool read_only)
{
	if (addr && len > UINT64_MAX - addr + 1U)
		len = (size_t)(UINT64_MAX - addr + 1U);
	if (len)
		(void)model_user_add(stage->memory, addr, bytes, len,
				     read_only ? MODEL_READ_ONLY :
						 MODEL_READ_WRITE);
}

static bool has_event(const struct scene *scene, enum scene_memory_what what)
{
	uint32_t i;

	for (i = 0; i < scene->events; i++)
		if (scene->event[i].what == what)
			return true;
	return false;
}

static void map_command(struct stage *stage)
{
	const struct scene *scene = stage->scene;
	uint8_t bytes[sizeof(scene->cmd) + SCENE_TRAIL];
	size_t len = scene->cmd.size;

	memcpy(bytes, &scene->cmd, sizeof(scene->cmd));
	memcpy(bytes + sizeof(scene->cmd), scene->trail, SCENE_TRAIL);
	if (len < sizeof(scene->cmd))
		len = sizeof(scene->cmd);
	map(stage, scene->cmd_at, bytes,
	    len < sizeof(bytes) ? len : sizeof(bytes),
	    has_event(scene, SCENE_COMMAND_READ_ONLY));
}

static void map_array(struct stage *stage)
{
	const struct scene *scene = stage->scene;
	struct s1inv_selftest_entry mock[SCENE_ENTRIES];
	const void *bytes = scene->entry;
	uint32_t i;

	if (scene_is_selftest(scene)) {
		for (i = 0; i < scene->entries; i++)
			mock[i] = (struct s1inv_selftest_entry){
				scene->entry[i].flags,
				(uint32_t)(scene->entry[i].addr >> 12)
			};
		bytes = mock;
	}
	map(stage, scene->cmd.data_uptr, bytes,
	    (size_t)scene->entries * scene_entry_len(scene),
	    has_event(scene, SCENE_ARRAY_READ_ONLY));
}

/* A byte of the command, but none that says where the array is, or whose */
static uint64_t command_byte(uint16_t at)
{
	return at % 20U < 4U ? at % 20U : at % 20U + 12U;
}

static void start_event(struct stage *stage, const struct scene_event *e)
{
	const struct scene *scene = stage->scene;
	struct model_user *m = stage->memory;

	switch ((enum scene_memory_what)e->what) {
	case SCENE_HOLE_IN_ARRAY:
		model_user_fault_at(m, scene->cmd.data_uptr + e->at);
		break;
	case SCENE_HOLE_IN_COMMAND:
		model_user_fault_at(m, scene->cmd_at + e->at % 256U);
		break;
	case SCENE_COPY_FAILS:
		model_user_fault_call(m, e->at);
		break;
	case SCENE_PESSIMIST:
		model_user_pessimist(m, e->at);
		break;
	case SCENE_FLIP:
		model_user_flip(m, true);
		break;
	case SCENE_CHANGE_ARRAY:
		model_user_change(m, e->value % 8U,
				  scene->cmd.data_uptr + e->at, &e->value, 1);
		break;
	case SCENE_CHANGE_COMMAND:
		model_user_change(m, e->value % 8U,
				  scene->cmd_at + command_byte(e->at),
				  &e->value, 1);
		break;
	case SCENE_SIGNAL:
		model_user_interrupt(m, e->at % 4U);
		break;
	case SCENE_ARRAY_READ_ONLY:
	case SCENE_COMMAND_READ_ONLY:
	case SCENE_TRAILING_BYTE:
	default:
		break;
	}
}

/* ------------------------------------------------- what the core does to it */

/* A chunk begins when an entry of it is read for the first time. */
static void note_chunk(struct stage *stage, uint64_t at)
{
	uint64_t chunk = at / ENTRY / NAIVE_CHUNK;
	uint32_t i;

	if (chunk >= SCENE_CHUNKS)
		return;
	for (; stage->chunks <= chunk; stage->chunks++)
		for (i = 0; i < stage->scene->table.unit_num; i++)
			stage->chunk_from[stage->chunks][i] =
				model_unit_log_len(stage->unit[i].model);
}

static size_t note_copy_from(void *ctx, void *dst, uint64_t uaddr, size_t len)
{
	struct stage *stage = ctx;
	const uint8_t *bytes = dst;
	uint64_t cmd = uaddr - stage->scene->cmd_at;
	uint64_t array = uaddr - stage->scene->cmd.data_uptr;
	size_t missing, i;

	if (array < sizeof(stage->seen))
		note_chunk(stage, array);
	missing = stage->plain.copy_from(stage->plain.ctx, dst, uaddr, len);
	FUZZ_ASSERT(missing <= len, "no more is missing than was asked for");
	for (i = 0; i < len - missing; i++) {
		if (cmd + i < sizeof(stage->cmd_seen)) {
			stage->cmd_seen[cmd + i] = bytes[i];
			stage->cmd_got[cmd + i] = true;
		} else if (array + i < sizeof(stage->seen)) {
			stage->seen[array + i] = bytes[i];
			stage->got[array + i] = true;
		}
	}
	return missing;
}

/* REP-6: nothing but hw_error is written to an entry. */
static void note_hw_error(struct stage *stage, uint64_t at, const void *src,
			  size_t len, bool failed)
{
	uint64_t i = at / ENTRY;

	FUZZ_ASSERT(i < stage->scene->entries && at % ENTRY == HW_ERROR_AT &&
			    len == 4 && !scene_is_selftest(stage->scene),
		    "only the command and hw_error are written (REP-6)");
	FUZZ_ASSERT(stage->hw_failed == UINT32_MAX,
		    "none is written behind one that failed (REP-7)");
	stage->hw_writes[i]++;
	memcpy(&stage->hw_error[i], src, len);
	if (failed)
		stage->hw_failed = (uint32_t)i;
}

static size_t note_copy_to(void *ctx, uint64_t uaddr, const void *src,
			   size_t len)
{
	struct stage *stage = ctx;
	size_t missing =
		stage->plain.copy_to(stage->plain.ctx, uaddr, src, len);

	if (uaddr == stage->scene->cmd_at && len == sizeof(struct s1inv_cmd)) {
		stage->cmd_writes++;
		stage->cmd_failed |= missing != 0;
	} else {
		note_hw_error(stage, uaddr - stage->scene->cmd.data_uptr, src,
			      len, missing != 0);
	}
	return missing;
}

static bool note_interrupted(void *ctx)
{
	struct stage *stage = ctx;

	FUZZ_ASSERT(!stage->signalled, "nobody goes on after a signal");
	stage->asked += stage->found != 0;
	stage->signalled = stage->plain.interrupted(stage->plain.ctx);
	return stage->signalled;
}

/* -------------------------------------------------------------- page tables */

static bool may_wait(void *ctx)
{
	struct stage *stage = ctx;

	if (!stage->scene->header[SCENE_BUDGET])
		return true;
	if (stage->left)
		stage->left--;
	else
		stage->spent = true;
	return !stage->spent;
}

static int find(void *ctx, uint32_t hwpt_id, struct s1inv_backend *backend)
{
	struct stage *stage = ctx;
	int error;

	switch (hwpt_id) {
	case SCENE_HWPT_VTD:
		error = s1inv_vtd_begin(&stage->table, backend);
		break;
	case SCENE_HWPT_SELFTEST:
		s1inv_selftest_begin(&stage->mock, backend);
		error = 0;
		break;
	case SCENE_HWPT_OTHER_KIND:
		return -S1INV_EINVAL;
	case SCENE_HWPT_NO_OPERATION:
		return -S1INV_EOPNOTSUPP;
	default:
		return -S1INV_ENOENT;
	}
	stage->found += !error;
	return error;
}

static void put(void *ctx, struct s1inv_backend *backend)
{
	(void)backend;
	the_stage(ctx)->put++;
}

/* ---------------------------------------------------------------- the whole */

FUZZ_LASTING static void start_memory(struct stage *stage)
{
	if (!stage->memory)
		stage->memory = model_user_create();
	model_user_reset(stage->memory);
}

static void start_user(struct stage *stage)
{
	const struct scene *scene = stage->scene;
	uint32_t i;

	start_memory(stage);
	map_command(stage);
	map_array(stage);
	for (i = 0; i < scene->events; i++)
		start_event(stage, &scene->event[i]);
	model_user_env(stage->memory, &stage->plain);
	stage->user =
		(struct s1inv_env_user){ .ctx = stage,
					 .copy_from = note_copy_from,
					 .copy_to = note_copy_to,
					 .interrupted = note_interrupted };
}

/* Nothing noted yet */
static void forget(struct stage *stage)
{
	stage->spent = false;
	stage->pauses = 0;
	stage->signalled = false;
	stage->asked = 0;
	memset(stage->cmd_got, 0, sizeof(stage->cmd_got));
	memset(stage->got, 0, sizeof(stage->got));
	stage->chunks = 0;
	stage->submissions = 0;
	stage->cmd_writes = 0;
	stage->cmd_failed = false;
	memset(stage->hw_writes, 0, sizeof(stage->hw_writes));
	stage->hw_failed = UINT32_MAX;
	stage->found = 0;
	stage->put = 0;
}

void stage_start(struct stage *stage, const struct scene *scene)
{
	uint32_t i;

	current = stage;
	stage->scene = scene;
	forget(stage);
	for (i = 0; i < scene->table.unit_num; i++)
		start_unit(stage, i);
	start_trouble(stage);
	fill_caches(stage);
	start_user(stage);
	stage->left = (uint32_t)scene->header[SCENE_BUDGET];
	stage->waiter = (struct s1inv_env_waiter){ stage, may_wait };
	memset(&stage->scratch, 0xa5, sizeof(stage->scratch));
	memset(&stage->mock, 0xa5, sizeof(stage->mock));
	stage->table = scene->table;
	stage->table.waiter = &stage->waiter;
	stage->table.units = stage->core_unit;
	stage->table.scratch = &stage->scratch;
}

int stage_command(struct stage *stage, struct s1inv_report *report)
{
	const struct s1inv_hwpts hwpts = { stage, find, put };
	int error = s1inv_command(&hwpts, &stage->user, &stage->scene->limits,
				  stage->scene->cmd_at, report);
	uint32_t i;

	for (i = 0; i < stage->scene->table.unit_num; i++)
		end_submission(stage, &stage->unit[i]);
	return error;
}

int stage_walk(struct stage *stage, uint32_t first, uint32_t max,
	       uint32_t *handled)
{
	const struct s1inv_cmd *cmd = &stage->scene->cmd;
	const struct s1inv_array array = { cmd->data_uptr, cmd->entry_len,
					   cmd->entry_num };
	struct s1inv_backend backend;
	int error = find(stage, cmd->hwpt_id, &backend);

	*handled = 0;
	if (error)
		return error;
	return s1inv_walk(&backend, &stage->user, &array, first, max, handled)
		.error;
}

bool stage_is_calm(const struct stage *stage)
{
	return !stage->scene->troubles && !stage->spent &&
	       !(stage->scene->header[SCENE_HARDWARE] &
		 (SCENE_AM_BOUND | SCENE_NO_PLAIN_WAIT));
}

/* Is the byte at @addr in a segment that map_*() made, and in no hole? */
static bool is_mapped(const struct stage *stage, uint64_t addr)
{
	const struct scene *scene = stage->scene;
	uint32_t i;
	uint8_t byte;

	if (!model_user_peek(stage->memory, addr, &byte, 1))
		return false;
	for (i = 0; i < scene->events; i++) {
		const struct scene_event *e = &scene->event[i];

		if ((e->what == SCENE_HOLE_IN_ARRAY &&
		     addr == scene->cmd.data_uptr + e->at) ||
		    (e->what == SCENE_HOLE_IN_COMMAND &&
		     addr == scene->cmd_at + e->at % 256U))
			return false;
	}
	return true;
}

bool stage_readable(const struct stage *stage, uint64_t addr, uint64_t len)
{
	uint64_t i;

	if (addr + (len - 1U) < addr)
		return false; /* COPY-4 */
	for (i = 0; i < len; i++)
		if (!is_mapped(stage, addr + i))
			return false;
	return true;
}

bool scene_changes_command(const struct scene *scene)
{
	return has_event(scene, SCENE_CHANGE_COMMAND);
}

bool stage_copies_fail(const struct stage *stage)
{
	return has_event(stage->scene, SCENE_COPY_FAILS);
}

void stage_check_units(const struct stage *stage)
{
	uint32_t i;
	int kind;

	for (i = 0; i < stage->scene->table.unit_num; i++) {
		const struct model_unit *u = stage->unit[i].model;

		for (kind = 0; kind < MODEL_ERROR_KINDS; kind++) {
			enum model_error e = (enum model_error)kind;

			/* What a time-out left pending may be overtaken. */
			if (e == MODEL_ERROR_SLOT_BUSY &&
			    model_unit_counts(u).ite)
				continue;
			FUZZ_ASSERT(!model_unit_error(u, e),
				    model_error_name(e));
		}
	}
}

FUZZ_ORACLE_END
