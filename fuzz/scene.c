/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* From bytes to a scene: see scene.h. */
#include "scene.h"

#include <string.h>

#include "scene_format.h"

#define CMD_AT UINT64_C(0x00007f0000002000)
#define ARRAY_AT UINT64_C(0x00007f0000400000)
#define UNKNOWN_SID 0x7777U
#define SILENT_FOREVER 0U
/*
 * Descriptors for all entries and targets: what more of them would show, fewer
 * do, too. There are two chunks in it, and submissions that are full.
 */
#define WORK_MAX 96U

FUZZ_ORACLE_FILE_BEGIN

/* ------------------------------------------------------------------ entries */

static void add_entry(struct scene *scene, uint64_t addr, uint64_t npages,
		      uint64_t flags, uint64_t last)
{
	if (scene->entries == SCENE_ENTRIES)
		return;
	scene->entry[scene->entries++] =
		(struct s1inv_vtd_s1_entry){ addr, npages, (uint32_t)flags,
					     (uint32_t)last };
}

/* A field of 16 bits as a signed number */
static uint64_t signed16(uint64_t v)
{
	return v & 0x8000U ? v - 0x10000U : v;
}

/* Mostly a few, for speed; from 250 on as many as there is room for */
static uint64_t repetitions(uint64_t v)
{
	return v < 250U ? v % 4U : SCENE_ENTRIES;
}

static void read_pages(struct scene *scene, const uint64_t *v)
{
	uint64_t page = v[SCENE_PAGES_BASE] + signed16(v[SCENE_PAGES_OFFSET]);
	uint64_t n = (UINT64_C(1) << (v[SCENE_PAGES_ORDER] % 54U)) +
		     signed16(v[SCENE_PAGES_MORE]);
	uint64_t i;

	if (v[SCENE_PAGES_ORDER] == SCENE_ORDER_ALL) {
		page = 0;
		n = UINT64_MAX;
	}
	for (i = 0; i <= repetitions(v[SCENE_PAGES_REPEAT]); i++)
		add_entry(scene, (page + i * n) << 12, n, v[SCENE_PAGES_FLAGS],
			  0);
}

/* -------------------------------------------------------------------- units */

static struct s1inv_vtd_unit *last_unit(struct scene *scene)
{
	return &scene->unit[scene->table.unit_num - 1U];
}

static void read_unit(struct scene *scene, const uint64_t *v)
{
	uint64_t bits = v[SCENE_UNIT_BITS];

	if (scene->table.unit_num == SCENE_UNITS)
		return;
	scene->narrow[scene->table.unit_num++] = bits & SCENE_UNIT_NARROW;
	*last_unit(scene) = (struct s1inv_vtd_unit){
		.did = (uint16_t)v[SCENE_UNIT_DID],
		.segment = (uint16_t)v[SCENE_UNIT_SEGMENT],
		.am_max = (uint8_t)(52U - v[SCENE_UNIT_AM_LESS]),
		.dit = !(bits & SCENE_UNIT_NO_DIT),
		.te = !(bits & SCENE_UNIT_TE_OFF),
		.plain_fence = bits & SCENE_UNIT_PLAIN_FENCE,
	};
}

static void add_target(struct scene *scene,
		       const struct s1inv_vtd_target *target)
{
	static const uint64_t plain[4] = { 3, 0, 0, 0 };
	struct s1inv_vtd_unit *unit;

	if (!scene->table.unit_num)
		read_unit(scene, plain);
	unit = last_unit(scene);
	if (unit->target_num < SCENE_TARGETS)
		scene->target[scene->table.unit_num - 1U][unit->target_num++] =
			*target;
}

static void read_iotlb(struct scene *scene, const uint64_t *v)
{
	const struct s1inv_vtd_target target = {
		.cache = S1INV_VTD_IOTLB,
		.pasid = (uint32_t)v[SCENE_IOTLB_PASID],
	};

	add_target(scene, &target);
}

static void read_device(struct scene *scene, const uint64_t *v)
{
	const struct s1inv_vtd_target target = {
		.cache = S1INV_VTD_DEVTLB,
		.pasid = (uint32_t)v[SCENE_DEVICE_PASID],
		.sid = (uint16_t)v[SCENE_DEVICE_SID],
		.pfsid = (uint16_t)v[SCENE_DEVICE_PFSID],
		.mip = (uint8_t)v[SCENE_DEVICE_MIP],
		.twice = v[SCENE_DEVICE_TWICE] != 0,
	};

	add_target(scene, &target);
}

/* ------------------------------------------------------------------- faults */

/* The @nth device of a unit; %MODEL_ANY_SID when it has none */
static uint32_t nth_sid(const struct scene *scene, uint32_t unit, uint64_t nth)
{
	uint32_t sid[SCENE_TARGETS];
	uint32_t n = 0;
	uint32_t t;

	for (t = 0; t < scene->unit[unit].target_num; t++)
		if (scene->target[unit][t].cache == S1INV_VTD_DEVTLB)
			sid[n++] = scene->target[unit][t].sid;
	return n ? sid[nth % n] : MODEL_ANY_SID;
}

static struct scene_trouble *add_trouble(struct scene *scene, uint64_t unit)
{
	struct scene_trouble *t;

	if (!scene->table.unit_num || scene->troubles == SCENE_FAULTS)
		return NULL;
	t = &scene->trouble[scene->troubles++];
	*t = (struct scene_trouble){ .unit = (uint8_t)(unit %
						       scene->table.unit_num) };
	return t;
}

static void read_iqe(struct scene *scene, const uint64_t *v)
{
	struct scene_trouble *t = add_trouble(scene, v[SCENE_FAULT_UNIT]);

	if (!t)
		return;
	t->fault = (struct model_fault){
		.kind = MODEL_FAULT_IQE,
		.which = (enum model_fault_which)v[SCENE_FAULT_WHICH],
		.nth = (uint32_t)v[SCENE_FAULT_NTH],
		.sid = MODEL_ANY_SID,
		.times = 1U + (uint32_t)(v[SCENE_FAULT_TIMES] % 8U),
		.iqei = (uint8_t)(v[SCENE_FAULT_CODE] % 16U),
	};
}

static uint16_t reported(const struct scene *scene,
			 const struct scene_trouble *t, const uint64_t *v)
{
	switch (v[SCENE_FAULT_REPORT]) {
	case SCENE_REPORT_TRUE:
		return (uint16_t)nth_sid(scene, t->unit, v[SCENE_FAULT_DEVICE]);
	case SCENE_REPORT_ZERO:
		return 0;
	case SCENE_REPORT_UNKNOWN:
		return UNKNOWN_SID;
	default:
		return (uint16_t)nth_sid(scene, t->unit,
					 v[SCENE_FAULT_DEVICE] + 1U);
	}
}

static bool strikes_devices(const struct model_fault *fault)
{
	return fault->which == MODEL_NTH_DEVTLB ||
	       fault->which == MODEL_EVERY_DEVTLB;
}

/* Does a time-out tell who did not answer? 0 is nobody's id (QUE-10). */
static bool is_true(const struct model_fault *fault)
{
	return fault->sid == fault->report && fault->sid &&
	       strikes_devices(fault);
}

static void read_answer(struct scene *scene, const uint64_t *v,
			enum model_fault_kind kind)
{
	struct scene_trouble *t = add_trouble(scene, v[SCENE_FAULT_UNIT]);

	if (!t)
		return;
	t->fault = (struct model_fault){
		.kind = kind,
		.which = (enum model_fault_which)v[SCENE_FAULT_WHICH],
		.nth = (uint32_t)v[SCENE_FAULT_NTH],
		.sid = v[SCENE_FAULT_DEVICE] == 255U ?
			       MODEL_ANY_SID :
			       nth_sid(scene, t->unit, v[SCENE_FAULT_DEVICE]),
		.times = 1U + (uint32_t)(v[SCENE_FAULT_TIMES] % 8U),
		.report = reported(scene, t, v),
	};
	if (kind == MODEL_FAULT_ITE)
		scene->truthful &= is_true(&t->fault);
	else
		scene->ice_truthful &=
			is_true(&t->fault) ||
			(!t->fault.report && strikes_devices(&t->fault));
}

/* As model_unit_silence() and model_unit_remove() have it */
static void read_silent(struct scene *scene, const uint64_t *v, bool gone)
{
	struct scene_trouble *t = add_trouble(scene, v[SCENE_SILENT_UNIT]);
	uint32_t sid;

	if (!t)
		return;
	sid = nth_sid(scene, t->unit, v[SCENE_SILENT_DEVICE]);
	t->gone = gone;
	t->fault = (struct model_fault){ .kind = MODEL_FAULT_ITE,
					 .which = MODEL_EVERY_DEVTLB,
					 .sid = sid,
					 .times = MODEL_FOREVER,
					 .report = (uint16_t)sid };
	if (!gone && v[SCENE_SILENT_TIMES])
		t->fault.times = (uint32_t)v[SCENE_SILENT_TIMES];
	scene->truthful &= is_true(&t->fault);
}

/* ------------------------------------------------------------------- memory */

static void read_command(struct scene *scene, const uint64_t *v)
{
	uint64_t value = v[SCENE_COMMAND_VALUE];

	switch (v[SCENE_COMMAND_FIELD]) {
	case SCENE_ADD_SIZE:
		scene->cmd.size += (uint32_t)value;
		break;
	case SCENE_ADD_RESERVED:
		scene->cmd.reserved += (uint32_t)value;
		break;
	case SCENE_ADD_ENTRY_NUM:
		scene->cmd.entry_num += (uint32_t)value;
		break;
	case SCENE_ADD_ENTRY_LEN:
		scene->cmd.entry_len += (uint32_t)value;
		break;
	case SCENE_ADD_DATA_TYPE:
		scene->cmd.data_type += (uint32_t)value;
		break;
	case SCENE_SET_HWPT:
		scene->cmd.hwpt_id = (uint32_t)value;
		break;
	case SCENE_SET_ARRAY:
		scene->cmd.data_uptr = value;
		break;
	default:
		scene->cmd_at = value;
	}
}

static void read_memory(struct scene *scene, const uint64_t *v)
{
	if (v[SCENE_MEMORY_WHAT] == SCENE_TRAILING_BYTE) {
		scene->trail[v[SCENE_MEMORY_AT] % SCENE_TRAIL] =
			(uint8_t)v[SCENE_MEMORY_VALUE];
		return;
	}
	if (scene->events == SCENE_EVENTS)
		return;
	scene->event[scene->events++] = (struct scene_event){
		(uint8_t)v[SCENE_MEMORY_WHAT],
		(uint16_t)v[SCENE_MEMORY_AT],
		(uint8_t)v[SCENE_MEMORY_VALUE],
	};
}

/* ---------------------------------------------------------------- the whole */

static void read_record(struct scene *scene, const struct fuzz_record *r)
{
	switch ((enum scene_kind)r->kind) {
	case SCENE_PAGES:
		read_pages(scene, r->value);
		break;
	case SCENE_ENTRY:
		add_entry(scene, r->value[SCENE_ENTRY_ADDR],
			  r->value[SCENE_ENTRY_NPAGES],
			  r->value[SCENE_ENTRY_FLAGS],
			  r->value[SCENE_ENTRY_LAST]);
		break;
	case SCENE_UNIT:
		read_unit(scene, r->value);
		break;
	case SCENE_IOTLB:
		read_iotlb(scene, r->value);
		break;
	case SCENE_DEVICE:
		read_device(scene, r->value);
		break;
	case SCENE_IQE:
		read_iqe(scene, r->value);
		break;
	case SCENE_ITE:
		read_answer(scene, r->value, MODEL_FAULT_ITE);
		break;
	case SCENE_ICE:
		read_answer(scene, r->value, MODEL_FAULT_ICE);
		break;
	case SCENE_SILENT:
		read_silent(scene, r->value, false);
		break;
	case SCENE_GONE:
		read_silent(scene, r->value, true);
		break;
	case SCENE_COMMAND:
		read_command(scene, r->value);
		break;
	case SCENE_MEMORY:
	case SCENE_KINDS:
	default:
		read_memory(scene, r->value);
	}
}

static void read_header(struct scene *scene, const uint64_t *v)
{
	memcpy(scene->header, v, sizeof(scene->header));
	scene->table = (struct s1inv_vtd_table){
		.audit = { (enum s1inv_revision)v[SCENE_REVISION],
			   (enum s1inv_audit)v[SCENE_POLICY],
			   (uint8_t)v[SCENE_VA_BITS] },
		.cover = (enum s1inv_cover)v[SCENE_COVER],
		.blame = (enum s1inv_attribution)v[SCENE_BLAME],
		.timeouts_max = (uint8_t)((1U + v[SCENE_TIMEOUTS_MAX]) % 6U),
	};
	scene->truthful = !(v[SCENE_HARDWARE] & SCENE_NO_IQERCD);
	scene->ice_truthful = true;
	scene->limits = S1INV_LIMITS_LINUX;
	if (v[SCENE_LIMITS] == SCENE_LIMITS_NONE)
		scene->limits = (struct s1inv_limits){ 0, 0 };
	else if (v[SCENE_LIMITS] == SCENE_LIMITS_SMALL)
		scene->limits = (struct s1inv_limits){ 4, 24 };
}

bool scene_is_selftest(const struct scene *scene)
{
	return scene->cmd.hwpt_id == SCENE_HWPT_SELFTEST;
}

uint32_t scene_entry_len(const struct scene *scene)
{
	return scene_is_selftest(scene) ? 8 : 24;
}

/* Do two stretches of memory share a byte, or come near the end? */
static bool overlap(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
	return a - b < b_len || b - a < a_len;
}

/* Descriptors that any entry of one block asks for, over all units */
static uint32_t copies(const struct scene *scene)
{
	uint32_t n = 0;
	uint32_t i, t;

	for (i = 0; i < scene->table.unit_num; i++)
		for (t = 0; t < scene->unit[i].target_num; t++)
			n += scene->target[i][t].twice ? 2U : 1U;
	return n;
}

/* Leave out the entries from which on there is too much work. */
static void limit_work(struct scene *scene)
{
	const uint32_t each = copies(scene);
	struct naive_cover cover;
	struct s1inv_vtd_request r;
	uint32_t work = 0;
	uint32_t i;

	for (i = 0; i < scene->entries; i++) {
		if (naive_audit(&scene->table.audit, &scene->entry[i], &r)
			    .error)
			continue;
		naive_cover(&cover, &r, scene->table.cover);
		work += cover.num * each;
		if (work > WORK_MAX)
			scene->entries = i;
	}
}

/* What the records have added is added to the plain command. */
static void complete_command(struct scene *scene)
{
	scene->cmd.size += (uint32_t)sizeof(struct s1inv_cmd);
	scene->cmd.entry_num += scene->entries;
	scene->cmd.entry_len += scene_entry_len(scene);
	if (scene_is_selftest(scene))
		scene->cmd.data_type += S1INV_DATA_SELFTEST;
	if (overlap(scene->cmd_at, 512, scene->cmd.data_uptr,
		    SCENE_ENTRIES * 24U + 512U))
		scene->cmd.data_uptr ^= UINT64_C(1) << 40;
}

void scene_read(struct scene *scene, const struct fuzz_format *format,
		const uint8_t *data, size_t size)
{
	struct fuzz_input in;
	struct fuzz_record record;

	fuzz_open(&in, format, data, size, &record);
	read_header(scene, record.value);
	scene->troubles = 0;
	scene->entries = 0;
	scene->events = 0;
	scene->cmd = (struct s1inv_cmd){ .data_uptr = ARRAY_AT };
	scene->cmd_at = CMD_AT;
	memset(scene->trail, 0, sizeof(scene->trail));
	while (fuzz_next(&in, &record))
		read_record(scene, &record);
	limit_work(scene);
	complete_command(scene);
}

FUZZ_ORACLE_END
