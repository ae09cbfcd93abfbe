/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Reading request and vector files: page tables, calls, expected outcomes. */
#include "request_file.h"

#include <string.h>

#define TRAILING_MAX 4096U
#define SPANS_MAX 64U
#define FAULTS_MAX 64U
#define DESCS_MAX 65536U

/* Blocks of a cover: COV-4; an exact one climbs and descends 51 sizes. */
#define BLOCKS_TWO 2U
#define BLOCKS_EXACT 102U

/* ------------------------------------------------------- the page table */

void rf_read_audit_policy(struct rf_reader *r, json_t *json,
			  struct s1inv_vtd_audit *audit)
{
	struct json_in *in = &r->in;

	audit->revision = (enum s1inv_revision)json_in_choice(
		in, json, "revision", "linux v8", -1);
	audit->policy = (enum s1inv_audit)json_in_choice(
		in, json, "audit", "compatible strict", S1INV_AUDIT_COMPATIBLE);
	audit->va_bits = (uint8_t)json_in_number_or(in, json, "vaBits", 57, 48);
	if (audit->va_bits != 48 && audit->va_bits != 57)
		json_in_fail(in, "vaBits", "must be 48 or 57");
}

static void read_devtlb(struct rf_reader *r, json_t *json,
			struct s1inv_vtd_target *target)
{
	struct json_in *in = &r->in;

	target->sid = (uint16_t)json_in_number(in, json, "sid", UINT16_MAX);
	target->pfsid = (uint16_t)json_in_number_or(in, json, "pfsid",
						    UINT16_MAX, target->sid);
	target->mip = (uint8_t)json_in_number_or(in, json, "mip", UINT8_MAX, 0);
	target->twice = json_in_bool_or(in, json, "twice", false);
}

static void read_target(struct rf_reader *r, json_t *json,
			struct s1inv_vtd_target *target)
{
	struct json_in *in = &r->in;

	if (!json_is_object(json)) {
		json_in_fail(in, "", "must be an object");
		return;
	}
	target->cache = (enum s1inv_vtd_cache)json_in_choice(
		in, json, "cache", "iotlb devtlb", -1);
	target->pasid = (uint32_t)json_in_number(in, json, "pasid",
						 S1INV_VTD_PASID_MAX);
	if (target->cache == S1INV_VTD_IOTLB) {
		json_in_object(in, json, "cache pasid");
		return;
	}
	json_in_object(in, json, "cache pasid sid pfsid mip twice");
	read_devtlb(r, json, target);
}

static void read_targets(struct rf_reader *r, json_t *json,
			 struct rf_unit *unit)
{
	json_t *array = json_in_array(&r->in, json, "targets", RF_TARGETS_MAX);
	size_t num = json_array_size(array);
	size_t i, mark;

	for (i = 0; i < num && !r->in.failed; i++) {
		mark = json_in_enter(&r->in, "targets", i);
		read_target(r, json_array_get(array, i), &unit->targets[i]);
		json_in_leave(&r->in, mark);
	}
	unit->target_num = (uint32_t)num;
}

static void read_quirks(struct rf_reader *r, json_t *json, struct rf_unit *unit)
{
	static const char names[] =
		"am-bound-18 no-resume refuse-fn-only no-iqercd";
	json_t *array = json_in_array_or_none(&r->in, json, "quirks", 4);
	size_t num = json_array_size(array);
	size_t i, mark;
	int bit;

	for (i = 0; i < num && !r->in.failed; i++) {
		const char *name = json_string_value(json_array_get(array, i));

		mark = json_in_enter(&r->in, "quirks", i);
		bit = json_in_index(names, name ? name : "");
		if (bit < 0)
			json_in_fail(&r->in, "", "must be one of: %s", names);
		else
			unit->quirks |= 1U << bit;
		json_in_leave(&r->in, mark);
	}
}

static void read_unit(struct rf_reader *r, json_t *json, struct rf_unit *unit)
{
	struct json_in *in = &r->in;

	if (!json_in_object(in, json,
			    "did slots dit pds amMax te plainFence quirks "
			    "targets"))
		return;
	unit->did = (uint16_t)json_in_number(in, json, "did", UINT16_MAX);
	unit->slots =
		(uint32_t)json_in_number_or(in, json, "slots", 16384, 256);
	if (unit->slots < 128 || (unit->slots & (unit->slots - 1U)))
		json_in_fail(in, "slots", "must be a power of two from 128 on");
	unit->dit = json_in_bool_or(in, json, "dit", true);
	unit->pds = json_in_bool_or(in, json, "pds", false);
	unit->am_max = (uint8_t)json_in_number_or(
		in, json, "amMax", S1INV_VTD_AM_MAX, S1INV_VTD_AM_MAX);
	unit->te = json_in_bool_or(in, json, "te", true);
	unit->plain_fence = json_in_bool_or(in, json, "plainFence", false);
	read_quirks(r, json, unit);
	read_targets(r, json, unit);
}

static void read_units(struct rf_reader *r, json_t *json,
		       struct rf_table *table)
{
	json_t *array = json_in_array(&r->in, json, "units", RF_UNITS_MAX);
	size_t num = json_array_size(array);
	size_t i, mark;

	for (i = 0; i < num && !r->in.failed; i++) {
		mark = json_in_enter(&r->in, "units", i);
		read_unit(r, json_array_get(array, i), &table->units[i]);
		json_in_leave(&r->in, mark);
	}
	table->unit_num = (uint32_t)num;
}

void rf_read_table(struct rf_reader *r, json_t *json, struct rf_table *table)
{
	struct json_in *in = &r->in;

	if (!json_in_object(in, json,
			    "type comment tests revision audit vaBits cover "
			    "attribution timeoutsMax budget units"))
		return;
	rf_read_audit_policy(r, json, &table->audit);
	table->cover = (enum s1inv_cover)json_in_choice(
		in, json, "cover", "two exact", S1INV_COVER_TWO);
	table->blame = (enum s1inv_attribution)json_in_choice(
		in, json, "attribution", "all replay single", S1INV_BLAME_ALL);
	table->timeouts_max = (uint8_t)json_in_number_or(
		in, json, "timeoutsMax", UINT8_MAX, S1INV_VTD_TIMEOUTS_MAX);
	if (!table->timeouts_max)
		json_in_fail(in, "timeoutsMax", "must be at least 1");
	table->budget =
		json_in_number_or(in, json, "budget", RF_PAUSES_MAX, RF_NONE);
	read_units(r, json, table);
}

/* --------------------------------------------------------------- entries */

static void read_selftest_entry(struct rf_reader *r, json_t *json,
				struct rf_run *run)
{
	struct json_in *in = &r->in;

	if (!json_in_object(in, json, "flags iotlbId"))
		return;
	run->flags =
		(uint32_t)json_in_number_or(in, json, "flags", UINT32_MAX, 0);
	run->last = (uint32_t)json_in_number(in, json, "iotlbId", UINT32_MAX);
}

static void read_range(struct rf_reader *r, json_t *json, struct rf_run *run)
{
	struct json_in *in = &r->in;
	size_t mark = json_in_enter(in, "range", JSON_IN_MEMBER);

	if (json_in_object(in, json,
			   "addr npages stride count flags hwError")) {
		run->addr = json_in_number(in, json, "addr", UINT64_MAX);
		run->npages = json_in_number(in, json, "npages", UINT64_MAX);
		run->stride = json_in_number(in, json, "stride", UINT64_MAX);
		run->count = (uint32_t)json_in_number(in, json, "count",
						      RF_ENTRIES_MAX);
		run->flags = (uint32_t)json_in_number_or(in, json, "flags",
							 UINT32_MAX, 0);
		run->last = (uint32_t)json_in_number_or(in, json, "hwError",
							UINT32_MAX, 0);
	}
	json_in_leave(in, mark);
}

static void read_run(struct rf_reader *r, json_t *json, enum rf_type type,
		     struct rf_run *run)
{
	struct s1inv_vtd_s1_entry entry = { 0 };
	json_t *range = json_object_get(json, "range");

	run->count = 1;
	if (type == RF_SELFTEST) {
		read_selftest_entry(r, json, run);
	} else if (range) {
		if (json_in_object(&r->in, json, "range"))
			read_range(r, range, run);
	} else {
		rf_read_entry(r, json, &entry);
		run->addr = entry.addr;
		run->npages = entry.npages;
		run->flags = entry.flags;
		run->last = entry.hw_error;
	}
}

static void read_runs(struct rf_reader *r, json_t *json, enum rf_type type,
		      struct rf_call *call)
{
	json_t *array = json_in_array(&r->in, json, "entries", RF_ENTRIES_MAX);
	size_t num = json_array_size(array);
	uint64_t total = 0;
	size_t i, mark;

	call->runs = rf_alloc(r->file, num, sizeof(*call->runs));
	call->run_num = num;
	for (i = 0; i < num && !r->in.failed; i++) {
		mark = json_in_enter(&r->in, "entries", i);
		read_run(r, json_array_get(array, i), type, &call->runs[i]);
		json_in_leave(&r->in, mark);
		total += call->runs[i].count;
	}
	if (total > RF_ENTRIES_MAX)
		json_in_fail(&r->in, "entries", "more than %u in all",
			     RF_ENTRIES_MAX);
	call->entry_num = (uint32_t)total;
}

/* --------------------------------------------------------------- command */

static void read_trailing(struct rf_reader *r, json_t *json,
			  struct rf_command *command)
{
	command->trailing = rf_read_bytes(r, json, "trailing", TRAILING_MAX,
					  &command->trailing_len);
}

static uint32_t u32_or(struct rf_reader *r, json_t *json, const char *key,
		       uint32_t absent)
{
	return (uint32_t)json_in_number_or(&r->in, json, key, UINT32_MAX,
					   absent);
}

static void read_command(struct rf_reader *r, json_t *json, enum rf_type type,
			 struct rf_call *call)
{
	static const int lookup[] = { 0, -S1INV_ENOENT, -S1INV_EINVAL,
				      -S1INV_EOPNOTSUPP };
	struct rf_command *command = &call->command;
	bool vtd = type == RF_REQUEST;
	size_t mark = json_in_enter(&r->in, "command", JSON_IN_MEMBER);

	if (json)
		json_in_object(&r->in, json,
			       "size hwpt dataUptr dataType entryLen entryNum "
			       "reserved trailing");
	read_trailing(r, json, command);
	command->size = u32_or(r, json, "size",
			       (uint32_t)sizeof(struct s1inv_cmd) +
				       command->trailing_len);
	command->hwpt = lookup[json_in_choice(
		&r->in, json, "hwpt", "table missing wrong-kind no-op", 0)];
	command->data_uptr = json_in_number_or(&r->in, json, "dataUptr",
					       UINT64_MAX, RF_ARRAY_ADDR);
	command->data_type =
		u32_or(r, json, "dataType",
		       vtd ? S1INV_DATA_VTD_S1 : S1INV_DATA_SELFTEST);
	command->entry_len = u32_or(r, json, "entryLen",
				    vtd ? sizeof(struct s1inv_vtd_s1_entry) :
					  sizeof(struct s1inv_selftest_entry));
	command->entry_num = u32_or(r, json, "entryNum", call->entry_num);
	command->reserved = u32_or(r, json, "reserved", 0);
	json_in_leave(&r->in, mark);
}

/* User memory is a set of segments: command and array are two of them. */
static void check_layout(struct rf_reader *r, enum rf_type type,
			 const struct rf_call *call)
{
	uint64_t size = type == RF_SELFTEST ?
				sizeof(struct s1inv_selftest_entry) :
				sizeof(struct s1inv_vtd_s1_entry);
	uint64_t begin = call->command.data_uptr;
	uint64_t command_end = RF_COMMAND_ADDR + sizeof(struct s1inv_cmd) +
			       call->command.trailing_len;

	if (begin && begin < command_end &&
	    begin + size * call->entry_num > RF_COMMAND_ADDR)
		json_in_fail(&r->in, "command.dataUptr",
			     "the array overlaps the command");
}

/* ---------------------------------------------------------------- memory */

static void read_span(struct rf_reader *r, json_t *pair, struct rf_span *span)
{
	if (!json_is_array(pair) || json_array_size(pair) != 2) {
		json_in_fail(&r->in, "", "must be [address, length]");
		return;
	}
	span->addr = json_in_element(&r->in, pair, 0, UINT64_MAX);
	span->len = json_in_element(&r->in, pair, 1, UINT64_MAX);
	if (!span->len)
		json_in_fail(&r->in, "", "has length 0");
}

static struct rf_span *read_spans(struct rf_reader *r, json_t *json,
				  const char *key, size_t *num)
{
	json_t *array = json_in_array_or_none(&r->in, json, key, SPANS_MAX);
	struct rf_span *spans;
	size_t i, mark;

	*num = json_array_size(array);
	spans = rf_alloc(r->file, *num, sizeof(*spans));
	for (i = 0; i < *num && !r->in.failed; i++) {
		mark = json_in_enter(&r->in, key, i);
		read_span(r, json_array_get(array, i), &spans[i]);
		json_in_leave(&r->in, mark);
	}
	return spans;
}

static void read_memory(struct rf_reader *r, json_t *json,
			struct rf_memory *memory)
{
	size_t mark = json_in_enter(&r->in, "memory", JSON_IN_MEMBER);

	if (json)
		json_in_object(&r->in, json, "holes readOnly failAccess");
	memory->holes = read_spans(r, json, "holes", &memory->hole_num);
	memory->read_only =
		read_spans(r, json, "readOnly", &memory->read_only_num);
	memory->fail_access = json_in_number_or(&r->in, json, "failAccess",
						UINT32_MAX, RF_NONE);
	json_in_leave(&r->in, mark);
}

/* ---------------------------------------------------------------- faults */

/* Exactly one of the three keys says what is struck. */
static void read_strikes(struct rf_reader *r, json_t *json,
			 struct rf_fault *fault)
{
	static const char *const keys[] = { "invalidation", "descriptor",
					    "device" };
	unsigned int given = 0;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		if (!json_object_get(json, keys[i]))
			continue;
		given++;
		fault->strikes = (enum rf_strikes)i;
		fault->at = (uint32_t)json_in_number(
			&r->in, json, keys[i],
			i == RF_AT_DEVICE ? UINT16_MAX : UINT32_MAX - 1U);
	}
	if (given != 1)
		json_in_fail(&r->in, "",
			     "needs exactly one of: invalidation descriptor "
			     "device");
}

static uint64_t read_times(struct rf_reader *r, json_t *json)
{
	const char *text = json_string_value(json_object_get(json, "times"));
	uint64_t times;

	if (text && !strcmp(text, "always"))
		return RF_NONE;
	times = json_in_number_or(&r->in, json, "times", UINT32_MAX - 1U, 1);
	if (!times)
		json_in_fail(&r->in, "times", "must be at least 1");
	return times;
}

static void read_fault(struct rf_reader *r, json_t *json, uint32_t unit_num,
		       struct rf_fault *fault)
{
	struct json_in *in = &r->in;

	if (!json_in_object(in, json,
			    "unit invalidation descriptor device kind code "
			    "sid times"))
		return;
	fault->unit =
		(uint32_t)json_in_number_or(in, json, "unit", UINT32_MAX, 0);
	if (fault->unit >= unit_num)
		json_in_fail(in, "unit", "there is no such unit");
	read_strikes(r, json, fault);
	fault->kind = (enum rf_kind)json_in_choice(in, json, "kind",
						   "iqe ite ice", -1);
	if (fault->kind == RF_IQE)
		fault->code = (uint8_t)json_in_number(in, json, "code", 15);
	else if (json_object_get(json, "code"))
		json_in_fail(in, "code", "goes with \"iqe\" only");
	if (fault->kind == RF_IQE && json_object_get(json, "sid"))
		json_in_fail(in, "sid", "does not go with \"iqe\"");
	fault->sid = json_in_number_or(in, json, "sid", UINT16_MAX, RF_NONE);
	fault->times = read_times(r, json);
}

static void read_faults(struct rf_reader *r, json_t *json, uint32_t unit_num,
			struct rf_call *call)
{
	json_t *array =
		json_in_array_or_none(&r->in, json, "faults", FAULTS_MAX);
	size_t num = json_array_size(array);
	size_t i, mark;

	call->faults = rf_alloc(r->file, num, sizeof(*call->faults));
	call->fault_num = num;
	for (i = 0; i < num && !r->in.failed; i++) {
		mark = json_in_enter(&r->in, "faults", i);
		read_fault(r, json_array_get(array, i), unit_num,
			   &call->faults[i]);
		json_in_leave(&r->in, mark);
	}
}

/* -------------------------------------------------------------- expected */

static void read_word(struct rf_reader *r, json_t *array, size_t i,
		      struct rf_words *words)
{
	json_t *json = json_array_get(array, i);
	size_t mark;

	words->count = 1;
	if (!json_is_object(json)) {
		words->value =
			(uint32_t)json_in_element(&r->in, array, i, UINT32_MAX);
		return;
	}
	mark = json_in_enter(&r->in, "", i);
	json_in_object(&r->in, json, "value count");
	words->value =
		(uint32_t)json_in_number(&r->in, json, "value", UINT32_MAX);
	words->count =
		(uint32_t)json_in_number(&r->in, json, "count", RF_ENTRIES_MAX);
	json_in_leave(&r->in, mark);
}

static void read_hw_error(struct rf_reader *r, json_t *json,
			  struct rf_expected *expected)
{
	json_t *array =
		json_in_array_or_none(&r->in, json, "hwError", RF_ENTRIES_MAX);
	size_t num = json_array_size(array);
	size_t mark = json_in_enter(&r->in, "hwError", JSON_IN_MEMBER);
	uint64_t total = 0;
	size_t i;

	if (array)
		expected->hw_error =
			rf_alloc(r->file, num, sizeof(*expected->hw_error));
	expected->hw_error_num = num;
	for (i = 0; i < num && !r->in.failed; i++) {
		read_word(r, array, i, &expected->hw_error[i]);
		total += expected->hw_error[i].count;
	}
	if (array && total != expected->entry_num)
		json_in_fail(&r->in, "", "has %llu numbers for %u entries",
			     (unsigned long long)total, expected->entry_num);
	json_in_leave(&r->in, mark);
}

static void read_descs(struct rf_reader *r, json_t *array,
		       struct rf_expected_unit *unit)
{
	size_t num = json_array_size(array);
	size_t i, mark;

	if (!json_is_array(array) || num > DESCS_MAX) {
		json_in_fail(&r->in, "",
			     "must be an array of at most %u "
			     "descriptors",
			     DESCS_MAX);
		return;
	}
	unit->descs = rf_alloc(r->file, num, sizeof(*unit->descs));
	unit->desc_num = num;
	for (i = 0; i < num && !r->in.failed; i++) {
		mark = json_in_enter(&r->in, "", i);
		rf_read_desc(r, json_array_get(array, i), &unit->descs[i]);
		json_in_leave(&r->in, mark);
	}
}

/* "SW|FN": each name once, in the order of the bits */
static uint8_t read_wait(struct rf_reader *r, const char *text)
{
	static const char names[4][3] = { "IF", "SW", "FN", "PD" };
	const char *at = text ? text : "?";
	unsigned int i;
	uint8_t bits = 0;

	for (i = 0; i < 4; i++) {
		if (strncmp(at, names[i], 2) != 0 || (at[2] && at[2] != '|'))
			continue;
		bits |= (uint8_t)(1U << i);
		at += 2;
		if (at[0] == '|' && at[1])
			at++;
	}
	if (*at)
		json_in_fail(&r->in, "", "must be flags such as \"SW|FN\"");
	return bits;
}

static void read_waits(struct rf_reader *r, json_t *array,
		       struct rf_expected_unit *unit)
{
	size_t num = json_array_size(array);
	size_t i, mark;

	if (!json_is_array(array) || num > DESCS_MAX) {
		json_in_fail(&r->in, "", "must be an array of at most %u waits",
			     DESCS_MAX);
		return;
	}
	unit->waits = rf_alloc(r->file, num, 1);
	unit->wait_num = num;
	for (i = 0; i < num && !r->in.failed; i++) {
		mark = json_in_enter(&r->in, "", i);
		unit->waits[i] = read_wait(
			r, json_string_value(json_array_get(array, i)));
		json_in_leave(&r->in, mark);
	}
}

enum per_unit { UNIT_DESCS, UNIT_WAITS, UNIT_DESC_COUNT, UNIT_SUBMISSIONS };

static void read_per_unit(struct rf_reader *r, json_t *array, size_t i,
			  enum per_unit what, struct rf_expected_unit *unit)
{
	size_t mark;

	if (what == UNIT_DESC_COUNT) {
		unit->desc_count =
			json_in_element(&r->in, array, i, UINT32_MAX);
		return;
	}
	if (what == UNIT_SUBMISSIONS) {
		unit->submissions =
			json_in_element(&r->in, array, i, UINT32_MAX);
		return;
	}
	mark = json_in_enter(&r->in, "", i);
	if (what == UNIT_DESCS)
		read_descs(r, json_array_get(array, i), unit);
	else
		read_waits(r, json_array_get(array, i), unit);
	json_in_leave(&r->in, mark);
}

/* An optional array with an element per unit. Is it there? */
static bool read_all_units(struct rf_reader *r, json_t *json, const char *key,
			   uint32_t unit_num, enum per_unit what,
			   struct rf_expected *expected)
{
	json_t *array = json_in_array_or_none(&r->in, json, key, RF_UNITS_MAX);
	size_t mark;
	size_t i;

	if (array && json_array_size(array) != unit_num)
		json_in_fail(&r->in, key, "needs one element per unit");
	mark = json_in_enter(&r->in, key, JSON_IN_MEMBER);
	for (i = 0; array && i < unit_num && !r->in.failed; i++)
		read_per_unit(r, array, i, what, &expected->units[i]);
	json_in_leave(&r->in, mark);
	return array != NULL;
}

static void read_expected_units(struct rf_reader *r, json_t *json,
				uint32_t unit_num, struct rf_expected *expected)
{
	uint32_t i;

	for (i = 0; i < RF_UNITS_MAX; i++) {
		expected->units[i].desc_count = RF_NONE;
		expected->units[i].submissions = RF_NONE;
	}
	expected->descs_given = read_all_units(r, json, "descriptors", unit_num,
					       UNIT_DESCS, expected);
	expected->waits_given = read_all_units(r, json, "waits", unit_num,
					       UNIT_WAITS, expected);
	read_all_units(r, json, "descriptorCount", unit_num, UNIT_DESC_COUNT,
		       expected);
	read_all_units(r, json, "submissions", unit_num, UNIT_SUBMISSIONS,
		       expected);
}

static void read_iotlb(struct rf_reader *r, json_t *json, uint32_t *iotlb)
{
	json_t *array =
		json_in_array(&r->in, json, "iotlb", S1INV_SELFTEST_IDS);
	size_t mark = json_in_enter(&r->in, "iotlb", JSON_IN_MEMBER);
	size_t i;

	if (array && json_array_size(array) != S1INV_SELFTEST_IDS)
		json_in_fail(&r->in, "", "needs 4 values");
	for (i = 0; i < S1INV_SELFTEST_IDS && !r->in.failed; i++)
		iotlb[i] =
			(uint32_t)json_in_element(&r->in, array, i, UINT32_MAX);
	json_in_leave(&r->in, mark);
}

/* Of @entry_num entries no more can be handled. */
static void read_outcome(struct rf_reader *r, json_t *json, uint32_t entry_num,
			 struct rf_expected *expected)
{
	expected->error = rf_read_errno(r, json);
	expected->rule_given = rf_read_rule(r, json, &expected->rule);
	expected->entry_num =
		(uint32_t)json_in_number(&r->in, json, "entryNum", entry_num);
	expected->written = json_in_bool_or(&r->in, json, "written", true);
}

static void read_expected(struct rf_reader *r, json_t *json,
			  const struct rf_group *group, struct rf_call *call)
{
	struct rf_expected *expected = &call->expected;
	size_t mark = json_in_enter(&r->in, "expected", JSON_IN_MEMBER);

	if (group->type == RF_SELFTEST) {
		json_in_object(&r->in, json,
			       "errno rule entryNum written iotlb");
		read_outcome(r, json, call->entry_num, expected);
		read_iotlb(r, json, expected->iotlb);
	} else {
		json_in_object(&r->in, json,
			       "errno rule entryNum written hwError "
			       "descriptors descriptorCount waits submissions");
		read_outcome(r, json, call->entry_num, expected);
		read_hw_error(r, json, expected);
		read_expected_units(r, json, group->table.unit_num, expected);
	}
	json_in_leave(&r->in, mark);
}

/* -------------------------------------------------------------- the call */

/* The most descriptors that units can be sent for an entry */
static uint64_t entry_cost(const struct rf_table *table)
{
	uint64_t targets = 0;
	uint32_t i, k;

	for (i = 0; i < table->unit_num; i++)
		for (k = 0; k < table->units[i].target_num; k++)
			targets += table->units[i].targets[k].twice ? 2U : 1U;
	return targets *
	       (table->cover == S1INV_COVER_EXACT ? BLOCKS_EXACT : BLOCKS_TWO);
}

/* What can take much memory or time is refused before it does. */
static void check_cost(struct rf_reader *r, const struct rf_group *group,
		       const struct rf_call *call)
{
	uint64_t descs = call->entry_num * entry_cost(&group->table);

	r->entries += call->entry_num;
	r->descs += descs;
	if (descs > RF_DESCS_MAX)
		json_in_fail(&r->in, "entries",
			     "make up to %llu descriptors, more than %u",
			     (unsigned long long)descs, RF_DESCS_MAX);
	else if (r->entries > RF_FILE_MAX || r->descs > RF_FILE_MAX)
		json_in_fail(&r->in, "entries",
			     "with those before, the file has more than %u "
			     "entries or descriptors",
			     RF_FILE_MAX);
}

void rf_read_call(struct rf_reader *r, json_t *json,
		  const struct rf_group *group, struct rf_test *test)
{
	struct rf_call *call = &test->u.call;

	if (group->type == RF_SELFTEST) {
		json_in_object(&r->in, json,
			       RF_TEST_KEYS
			       "command entries memory signal iotlb");
		read_iotlb(r, json, call->iotlb);
	} else {
		json_in_object(&r->in, json,
			       RF_TEST_KEYS
			       "command entries memory faults signal");
		read_faults(r, json, group->table.unit_num, call);
	}
	read_runs(r, json, group->type, call);
	check_cost(r, group, call);
	read_command(r, json_object_get(json, "command"), group->type, call);
	check_layout(r, group->type, call);
	read_memory(r, json_object_get(json, "memory"), &call->memory);
	call->signal =
		json_in_number_or(&r->in, json, "signal", UINT32_MAX, RF_NONE);
	read_expected(r, json_object_get(json, "expected"), group, call);
	rf_check_result(r, test, !call->expected.error);
}
