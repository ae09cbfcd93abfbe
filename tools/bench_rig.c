/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* A call on the bench; see bench_rig.h. */
#include "bench_rig.h"

#include <stdlib.h>
#include <string.h>

/* The model ends the program as tool_alloc() does. */
void model_no_memory(void)
{
	tool_error("out of memory");
	exit(TOOL_REFUSED);
}

/* Where ring and status words stand on a unit's bus */
#define RING_BUS UINT64_C(0x1000000)
#define STATUS_BUS UINT64_C(0x2000000)

/* hwpt_id of the page table; the lookup does not look at any other. */
#define HWPT_ID 1U

enum { ACCESS_ALL, ACCESS_READ, ACCESS_NONE };

/* ------------------------------------------------------------ user memory */

/* Last byte of @len bytes at @addr, or of the address space */
static uint64_t last_byte(uint64_t addr, uint64_t len)
{
	return len - 1U > UINT64_MAX - addr ? UINT64_MAX : addr + (len - 1U);
}

static void region_create(struct rig_region *region, uint64_t addr, size_t len)
{
	if (len)
		len = (size_t)(last_byte(addr, len) - addr) + 1U;
	region->addr = addr;
	region->len = len;
	region->bytes = tool_alloc(len + 1U);
	region->access = tool_alloc(len + 1U);
}

static void region_restrict(struct rig_region *region,
			    const struct rf_span *spans, size_t num, int access)
{
	uint64_t end = region->len ? last_byte(region->addr, region->len) : 0;
	size_t i;

	for (i = 0; i < num && region->len; i++) {
		uint64_t first = spans[i].addr;
		uint64_t last = last_byte(first, spans[i].len);

		if (first > end || last < region->addr)
			continue;
		if (first < region->addr)
			first = region->addr;
		if (last > end)
			last = end;
		memset(region->access + (first - region->addr), access,
		       (size_t)(last - first) + 1U);
	}
}

/* Bytes from @at on that allow the same */
static size_t same_access(const struct rig_region *region, size_t at)
{
	size_t end = at + 1U;

	while (end < region->len && region->access[end] == region->access[at])
		end++;
	return end - at;
}

static void region_map(struct rig *rig, const struct rig_region *region)
{
	size_t at, len;

	for (at = 0; at < region->len; at += len) {
		len = same_access(region, at);
		if (region->access[at] == ACCESS_NONE)
			continue;
		(void)model_user_add(
			rig->user, region->addr + at, region->bytes + at, len,
			region->access[at] == ACCESS_READ ? MODEL_READ_ONLY :
							    MODEL_READ_WRITE);
	}
}

static void fill_command(struct rig *rig)
{
	const struct rf_command *from = &rig->call->command;
	struct rig_region *region = &rig->region[RIG_COMMAND];
	struct s1inv_cmd cmd = { .size = from->size,
				 .hwpt_id = HWPT_ID,
				 .data_uptr = from->data_uptr,
				 .data_type = from->data_type,
				 .entry_len = from->entry_len,
				 .entry_num = from->entry_num,
				 .reserved = from->reserved };

	region_create(region, RF_COMMAND_ADDR,
		      sizeof(cmd) + from->trailing_len);
	memcpy(region->bytes, &cmd, sizeof(cmd));
	if (from->trailing_len)
		memcpy(region->bytes + sizeof(cmd), from->trailing,
		       from->trailing_len);
}

struct s1inv_vtd_s1_entry rig_entry(const struct rf_call *call, uint32_t i)
{
	const struct rf_run *run = call->runs;

	for (; i >= run->count; run++)
		i -= run->count;
	return (struct s1inv_vtd_s1_entry){
		.addr = run->addr + i * run->stride,
		.npages = run->npages,
		.flags = run->flags,
		.hw_error = run->last,
	};
}

/* Put @len bytes at @at, but for those past the end of the address space. */
static void region_put(struct rig_region *region, size_t at, const void *bytes,
		       size_t len)
{
	if (at >= region->len)
		return;
	if (len > region->len - at)
		len = region->len - at;
	memcpy(region->bytes + at, bytes, len);
}

static void put_run(struct rig *rig, const struct rf_run *run, size_t at)
{
	struct rig_region *region = &rig->region[RIG_ARRAY];
	struct s1inv_vtd_s1_entry vtd = { .addr = run->addr,
					  .npages = run->npages,
					  .flags = run->flags,
					  .hw_error = run->last };
	struct s1inv_selftest_entry mock = { run->flags, run->last };
	uint32_t i;

	for (i = 0; i < run->count; i++) {
		if (rig->group->type == RF_SELFTEST)
			region_put(region, at, &mock, sizeof(mock));
		else
			region_put(region, at, &vtd, sizeof(vtd));
		vtd.addr += run->stride;
		at += rig->entry_size;
	}
}

static void fill_array(struct rig *rig)
{
	const struct rf_call *call = rig->call;
	size_t len = rig->entry_size * call->entry_num;
	size_t at = 0;
	size_t i;

	if (!call->command.data_uptr)
		len = 0;
	region_create(&rig->region[RIG_ARRAY], call->command.data_uptr, len);
	for (i = 0; i < call->run_num; i++) {
		put_run(rig, &call->runs[i], at);
		at += rig->entry_size * call->runs[i].count;
	}
}

static void set_up_user(struct rig *rig)
{
	const struct rf_memory *memory = &rig->call->memory;
	unsigned int i;

	rig->user = model_user_create();
	fill_command(rig);
	fill_array(rig);
	for (i = 0; i < RIG_REGIONS; i++) {
		region_restrict(&rig->region[i], memory->read_only,
				memory->read_only_num, ACCESS_READ);
		region_restrict(&rig->region[i], memory->holes,
				memory->hole_num, ACCESS_NONE);
		region_map(rig, &rig->region[i]);
	}
	if (memory->fail_access != RF_NONE)
		model_user_fault_call(rig->user, memory->fail_access);
	if (rig->call->signal != RF_NONE)
		model_user_interrupt(rig->user, rig->call->signal);
}

/* ------------------------------------------------------------------- units */

static void on_pause(void *ctx)
{
	struct rig_unit *unit = ctx;

	unit->rig->pauses++;
}

static uint64_t fetched(const struct rig *rig)
{
	uint64_t num = 0;
	uint32_t i;

	for (i = 0; i < rig_units(rig); i++)
		num += model_unit_log_len(rig->unit[i].model);
	return num;
}

/* A submission takes a pause, and there is one per entry and unit at most. */
static uint64_t pauses_max(const struct rig *rig)
{
	return RF_PAUSES_MAX + (uint64_t)rig->call->entry_num * rig_units(rig);
}

/* A call without a budget ends all the same, and then it is not as stated. */
static bool may_wait(void *ctx)
{
	struct rig *rig = ctx;

	if (rig->pauses >= rig->group->table.budget)
		return false;
	rig->cut |= fetched(rig) >= rig->room || rig->pauses >= pauses_max(rig);
	return !rig->cut;
}

static void on_note(void *ctx, const struct s1inv_vtd_fault *fault)
{
	struct rig_unit *unit = ctx;
	struct rig *rig = unit->rig;
	struct rig_note *notes;

	if (rig->note_num == rig->note_room) {
		rig->note_room = rig->note_room * 2U + 16U;
		notes = tool_alloc(rig->note_room * sizeof(*notes));
		if (rig->note_num)
			memcpy(notes, rig->notes,
			       rig->note_num * sizeof(*notes));
		free(rig->notes);
		rig->notes = notes;
	}
	rig->notes[rig->note_num++] =
		(struct rig_note){ unit->index, model_unit_log_len(unit->model),
				   *fault };
}

static struct model_config configure(const struct rf_unit *unit)
{
	struct model_config config = model_config_default();

	config.ring = RING_BUS;
	config.qs = 0;
	while ((128U << config.qs) < unit->slots)
		config.qs++;
	config.dit = unit->dit;
	config.pds = unit->pds;
	config.locked = true;
	if (unit->quirks & RF_QUIRK_AM_BOUND)
		config.am_bound = 18;
	config.no_resume = unit->quirks & RF_QUIRK_NO_RESUME;
	config.no_plain_wait = unit->quirks & RF_QUIRK_REFUSE_FN_ONLY;
	config.no_iqercd = unit->quirks & RF_QUIRK_NO_IQERCD;
	return config;
}

/* The unit first, for it reads ring and status words to the end. */
static void set_up_queue(struct rig_unit *unit, uint32_t slots)
{
	struct s1inv_vtd_queue *queue = &unit->queue;
	size_t ring = (size_t)slots * sizeof(struct s1inv_vtd_desc);
	size_t status = (size_t)slots * sizeof(*queue->status);

	queue->dev = &unit->dev;
	queue->ring = tool_alloc(ring);
	queue->status = tool_alloc(status);
	queue->state = tool_alloc(slots);
	queue->status_addr = STATUS_BUS;
	queue->slots = slots;
	queue->wide = true;
	model_unit_map(unit->model, RING_BUS, queue->ring, ring);
	model_unit_map(unit->model, STATUS_BUS, queue->status, status);
	model_unit_enable(unit->model);
	unit->dev.lock(unit->dev.ctx);
	/* The reader of the file lets no other number of slots pass. */
	if (s1inv_vtd_queue_init(queue))
		abort();
	unit->dev.unlock(unit->dev.ctx);
}

static void set_up_unit(struct rig *rig, uint32_t index)
{
	const struct rf_unit *from = &rig->group->table.units[index];
	struct model_config config = configure(from);
	struct rig_unit *unit = &rig->unit[index];
	const struct model_hooks hooks = { unit, on_pause, on_note };

	unit->rig = rig;
	unit->index = index;
	unit->model = model_unit_create(&config);
	model_unit_set_hooks(unit->model, &hooks);
	model_unit_env(unit->model, &unit->dev);
	set_up_queue(unit, from->slots);
	rig->vtd[index] = (struct s1inv_vtd_unit){
		.queue = &unit->queue,
		.targets = from->targets,
		.target_num = from->target_num,
		.did = from->did,
		.am_max = from->am_max,
		.dit = from->dit,
		.te = from->te,
		.plain_fence = from->plain_fence,
	};
}

static void set_up_table(struct rig *rig)
{
	const struct rf_table *from = &rig->group->table;
	uint32_t i;

	for (i = 0; i < rig_units(rig); i++)
		set_up_unit(rig, i);
	rig->waiter = (struct s1inv_env_waiter){ .ctx = rig,
						.may_wait = may_wait };
	/* What an earlier call left there, or nobody, must not matter. */
	memset(&rig->scratch, 0xa5, sizeof(rig->scratch));
	rig->table = (struct s1inv_vtd_table){
		.audit = from->audit,
		.cover = from->cover,
		.blame = from->blame,
		.timeouts_max = from->timeouts_max,
		.waiter = &rig->waiter,
		.units = rig->vtd,
		.unit_num = from->unit_num,
		.scratch = &rig->scratch,
	};
}

/* ------------------------------------------------------------------ faults */

/* The requester of the descriptors that @fault strikes, if it is one only */
static uint32_t struck_sid(const struct rf_fault *fault)
{
	return fault->strikes == RF_AT_DEVICE ? fault->at : MODEL_ANY_SID;
}

static void add_fault(struct rig *rig, const struct rf_fault *from,
		      uint16_t report)
{
	static const enum model_fault_kind kinds[] = { MODEL_FAULT_IQE,
						       MODEL_FAULT_ITE,
						       MODEL_FAULT_ICE };
	static const enum model_fault_which which[] = { MODEL_NTH_INVALIDATION,
							MODEL_NTH_FETCHED,
							MODEL_EVERY_DEVTLB };
	struct model_fault fault = {
		.kind = kinds[from->kind],
		.which = which[from->strikes],
		.nth = from->strikes == RF_AT_DEVICE ? 0 : from->at,
		.sid = struck_sid(from),
		.times = from->times == RF_NONE ? MODEL_FOREVER :
						  (uint32_t)from->times,
		.iqei = from->code,
		.report = report,
	};

	model_unit_add_fault(rig->unit[from->unit].model, &fault);
}

/* The requester of a descriptor, 0 if it is none for a device TLB */
static uint16_t requester(const struct model_record *record)
{
	switch (s1inv_vtd_type(record->qw[0])) {
	case S1INV_VTD_TYPE_DEVTLB:
		return (uint16_t)(record->qw[0] >>
				  S1INV_VTD_LSB(S1INV_VTD_DEVTLB_SID_BITS));
	case S1INV_VTD_TYPE_PDEVTLB:
		return (uint16_t)(record->qw[0] >>
				  S1INV_VTD_LSB(S1INV_VTD_PDEVTLB_SID_BITS));
	default:
		return 0;
	}
}

/* The descriptor that @fault struck first, if it was fetched */
static const struct model_record *struck(const struct rig *rig,
					 const struct rf_fault *fault)
{
	const struct model_unit *unit = rig->unit[fault->unit].model;
	size_t len = model_unit_log_len(unit);
	uint32_t counted = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		const struct model_record *record = model_unit_log(unit, i);

		if (fault->strikes == RF_AT_INVALIDATION &&
		    s1inv_vtd_type(record->qw[0]) == S1INV_VTD_TYPE_WAIT)
			continue;
		if (counted++ == fault->at)
			return record;
	}
	return NULL;
}

/* What is known without a run: what the file says, or which device it is */
static void assume_reports(struct rig *rig)
{
	const struct rf_call *call = rig->call;
	size_t i;

	rig->reports = tool_alloc(call->fault_num * sizeof(*rig->reports) + 1U);
	for (i = 0; i < call->fault_num; i++) {
		const struct rf_fault *fault = &call->faults[i];

		if (fault->sid != RF_NONE)
			rig->reports[i] = (uint16_t)fault->sid;
		else if (fault->strikes == RF_AT_DEVICE)
			rig->reports[i] = (uint16_t)fault->at;
	}
}

/*
 * Correct the report of the first fault whose descriptor turned out to be for
 * another requester than assumed. What is fetched up to a strike does not
 * depend on what is reported then.
 */
static bool correct_report(struct rig *rig)
{
	const struct rf_call *call = rig->call;
	size_t i;

	for (i = 0; i < call->fault_num; i++) {
		const struct rf_fault *fault = &call->faults[i];
		const struct model_record *record;

		if (fault->sid != RF_NONE || fault->strikes == RF_AT_DEVICE)
			continue;
		record = struck(rig, fault);
		if (record && requester(record) != rig->reports[i]) {
			rig->reports[i] = requester(record);
			return true;
		}
	}
	return false;
}

/* -------------------------------------------------------------------- call */

static int find_hwpt(void *ctx, uint32_t hwpt_id, struct s1inv_backend *backend)
{
	struct rig *rig = ctx;

	if (hwpt_id != HWPT_ID)
		return -S1INV_ENOENT;
	if (rig->call->command.hwpt)
		return rig->call->command.hwpt;
	if (rig->group->type == RF_REQUEST)
		return s1inv_vtd_begin(&rig->table, backend);
	s1inv_selftest_begin(&rig->selftest, backend);
	return 0;
}

static void run_once(struct rig *rig)
{
	const struct s1inv_limits limits = S1INV_LIMITS_LINUX;
	const struct rf_call *call = rig->call;
	struct s1inv_hwpts hwpts = { rig, find_hwpt, NULL };
	struct s1inv_env_user user;
	size_t i;

	rig->entry_size = rig->group->type == RF_SELFTEST ?
				  sizeof(struct s1inv_selftest_entry) :
				  sizeof(struct s1inv_vtd_s1_entry);
	memcpy(rig->selftest.iotlb, call->iotlb, sizeof(call->iotlb));
	set_up_user(rig);
	set_up_table(rig);
	for (i = 0; i < call->fault_num; i++)
		add_fault(rig, &call->faults[i], rig->reports[i]);
	model_user_env(rig->user, &user);
	s1inv_command(&hwpts, &user, &limits, RF_COMMAND_ADDR, &rig->report);
}

static void take_down(struct rig *rig)
{
	uint32_t i;

	for (i = 0; i < rig_units(rig); i++) {
		model_unit_destroy(rig->unit[i].model);
		free(rig->unit[i].queue.ring);
		free(rig->unit[i].queue.status);
		free(rig->unit[i].queue.state);
	}
	for (i = 0; i < RIG_REGIONS; i++) {
		free(rig->region[i].bytes);
		free(rig->region[i].access);
	}
	model_user_destroy(rig->user);
	free(rig->notes);
}

/* What is fetched is taken from both @room and @left. */
static void run_within(struct rig *rig, uint64_t *room, uint64_t *left)
{
	uint64_t num;

	rig->room = *room < *left ? *room : *left;
	run_once(rig);
	num = fetched(rig);
	*room -= num < *room ? num : *room;
	*left -= num < *left ? num : *left;
}

void rig_run(struct rig *rig, const struct rf_group *group,
	     const struct rf_call *call, uint64_t *left)
{
	uint64_t room = RIG_FETCHES_CALL;
	uint16_t *reports;
	size_t tries;

	*rig = (struct rig){ .group = group, .call = call };
	assume_reports(rig);
	run_within(rig, &room, left);
	for (tries = call->fault_num; tries && correct_report(rig); tries--) {
		reports = rig->reports;
		take_down(rig);
		*rig = (struct rig){ .group = group, .call = call };
		rig->reports = reports;
		run_within(rig, &room, left);
	}
}

void rig_free(struct rig *rig)
{
	take_down(rig);
	free(rig->reports);
}

/* ----------------------------------------------------------------- outcome */

uint32_t rig_units(const struct rig *rig)
{
	return rig->group->table.unit_num;
}

bool rig_last_word(const struct rig *rig, uint32_t i, uint32_t *word)
{
	uint64_t offset = (i + 1U) * (uint64_t)rig->entry_size - sizeof(*word);

	if (offset + sizeof(*word) > rig->region[RIG_ARRAY].len)
		return false;
	return model_user_peek(rig->user, rig->region[RIG_ARRAY].addr + offset,
			       word, sizeof(*word));
}

bool rig_entry_num(const struct rig *rig, uint32_t *num)
{
	return model_user_peek(rig->user,
			       RF_COMMAND_ADDR +
				       offsetof(struct s1inv_cmd, entry_num),
			       num, sizeof(*num));
}

/* Does the mapped part of @region hold @bytes? Else @addr says where not. */
static bool region_holds(const struct rig *rig, const struct rig_region *region,
			 const unsigned char *bytes, uint64_t *addr)
{
	unsigned char *now = tool_alloc(region->len + 1U);
	size_t at, len, i;
	bool same = true;

	for (at = 0; at < region->len && same; at += len) {
		len = same_access(region, at);
		if (region->access[at] == ACCESS_NONE)
			continue;
		(void)model_user_peek(rig->user, region->addr + at, now, len);
		for (i = 0; i < len && same; i++) {
			same = now[i] == bytes[at + i];
			*addr = region->addr + at + i;
		}
	}
	free(now);
	return same;
}

/*
 * CMD-11: a copy that fails may have changed the bytes of entry_num before the
 * one that it failed at, and how many that are is the copy routine's business.
 */
static void allow_partial(const struct rig *rig, unsigned char *image)
{
	const size_t at = offsetof(struct s1inv_cmd, entry_num);
	unsigned char to[sizeof(rig->report.handled)];
	unsigned char now[sizeof(to)];
	size_t i;

	memcpy(to, &rig->report.handled, sizeof(to));
	if (!model_user_peek(rig->user, RF_COMMAND_ADDR + at, now, sizeof(now)))
		return;
	for (i = 0; i < sizeof(to); i++)
		if (now[i] == to[i])
			image[at + i] = to[i];
}

/* CMD-10: entry_num of a command that is written back, and nothing else */
static bool command_is_right(const struct rig *rig, uint64_t *addr)
{
	const struct rig_region *region = &rig->region[RIG_COMMAND];
	unsigned char *image = tool_alloc(region->len);
	bool right;

	memcpy(image, region->bytes, region->len);
	if (rig->report.written)
		memcpy(image + offsetof(struct s1inv_cmd, entry_num),
		       &rig->report.handled, sizeof(rig->report.handled));
	else if (rig->report.verdict.rule == S1INV_RULE_CMD_11)
		allow_partial(rig, image);
	right = region_holds(rig, region, image, addr);
	free(image);
	return right;
}

/* REP-6: the last word of handled entries in revision v8, and nothing else */
static bool array_is_right(const struct rig *rig, uint64_t *addr)
{
	const struct rig_region *region = &rig->region[RIG_ARRAY];
	unsigned char *image = tool_alloc(region->len + 1U);
	bool v8 = rig->group->type == RF_REQUEST &&
		  rig->group->table.audit.revision == S1INV_REVISION_V8;
	uint32_t num = rig->report.handled;
	uint32_t i, word;
	bool right;

	memcpy(image, region->bytes, region->len);
	for (i = 0; v8 && i < num && i < rig->call->entry_num; i++)
		if (rig_last_word(rig, i, &word))
			memcpy(image + (i + 1U) * rig->entry_size -
				       sizeof(word),
			       &word, sizeof(word));
	right = region_holds(rig, region, image, addr);
	free(image);
	return right;
}

bool rig_damaged(const struct rig *rig, uint64_t *addr)
{
	return !command_is_right(rig, addr) || !array_is_right(rig, addr);
}
