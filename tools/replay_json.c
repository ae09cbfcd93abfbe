/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* s1inv replay: objects and arrays, for machines. */
#include "replay.h"

#include <stdlib.h>

/* In place of those that were left out up to here */
static void close_gap(struct replay_shown *shown, json_t *list)
{
	json_t *object;

	if (!shown->gap)
		return;
	object = json_object();
	tool_json_set(object, "omitted", json_integer((json_int_t)shown->gap));
	tool_json_add(list, object);
	shown->gap = 0;
}

static json_t *verdict_json(const struct s1inv_verdict *verdict)
{
	json_t *object = json_object();

	tool_json_set(object, "errno",
		      json_string(s1inv_errno_name(verdict->error)));
	tool_json_set(object, "rule",
		      json_string(s1inv_rule_name(verdict->rule)));
	tool_json_set(object, "text",
		      json_string(verdict->rule == S1INV_RULE_NONE ?
					  "" :
					  s1inv_rule_text(verdict->rule)));
	return object;
}

static void set_input(json_t *object, bool selftest,
		      const struct s1inv_vtd_s1_entry *entry)
{
	tool_json_set(object, "flags", json_integer(entry->flags));
	if (selftest) {
		tool_json_set(object, "iotlbId", json_integer(entry->hw_error));
		return;
	}
	tool_json_set(object, "addr", tool_json_hex(entry->addr));
	tool_json_set(object, "npages", tool_json_hex(entry->npages));
}

static json_t *entry_json(const struct rig *rig, uint32_t i,
			  const struct s1inv_vtd_s1_entry *entry)
{
	static const char *const fates[] = { "handled", "blamed",
					     "not handled" };
	enum replay_fate fate = replay_fate(rig, i);
	json_t *object = json_object();
	uint32_t word;

	set_input(object, rig->group->type == RF_SELFTEST, entry);
	tool_json_set(object, "outcome", json_string(fates[fate]));
	if (fate == REPLAY_HANDLED && replay_has_hw_error(rig) &&
	    rig_last_word(rig, i, &word))
		tool_json_set(object, "hwError", json_integer(word));
	if (fate == REPLAY_BLAMED)
		tool_json_set(object, "why",
			      verdict_json(&rig->report.verdict));
	return object;
}

static json_t *entries_json(const struct rig *rig)
{
	struct replay_shown shown = { rig->call->entry_num, 0, 0 };
	json_t *list = json_array();
	uint32_t i;

	for (i = 0; i < rig->call->entry_num; i++) {
		struct s1inv_vtd_s1_entry entry;

		if (!replay_is_shown(&shown, i, replay_is_special(rig, i)))
			continue;
		close_gap(&shown, list);
		entry = rig_entry(rig->call, i);
		tool_json_add(list, entry_json(rig, i, &entry));
	}
	return list;
}

static json_t *record_json(const struct model_record *record)
{
	json_t *object = json_object();
	json_t *words = json_array();
	char *desc = replay_desc(record);
	unsigned int i;

	for (i = 0; i < 4; i++)
		tool_json_add(words, tool_json_hex(record->qw[i]));
	tool_json_set(object, "slot", json_integer(record->slot));
	tool_json_set(object, "qw", words);
	tool_json_set(object, "text", json_string(desc));
	tool_json_set(object, "fate", json_string(replay_record_fate(record)));
	free(desc);
	return object;
}

static json_t *fault_json(const struct rig_note *note)
{
	json_t *object = json_object();
	json_t *text = json_array();
	unsigned int i;

	for (i = 0; i < 3; i++) {
		char *line;

		if (!(note->fault.status & replay_fault_bits[i]))
			continue;
		line = tool_fault_text(&note->fault, replay_fault_bits[i]);
		tool_json_add(text, json_string(line));
		free(line);
	}
	tool_json_set(object, "fetched", json_integer((json_int_t)note->at));
	tool_json_set(object, "status", tool_json_hex(note->fault.status));
	tool_json_set(object, "iqei", json_integer(note->fault.iqei));
	tool_json_set(object, "itesid", tool_json_hex(note->fault.itesid));
	tool_json_set(object, "icesid", tool_json_hex(note->fault.icesid));
	tool_json_set(object, "broken", json_boolean(note->fault.broken));
	tool_json_set(object, "text", text);
	return object;
}

static json_t *records_json(const struct model_unit *model)
{
	struct replay_shown shown = { model_unit_log_len(model), 0, 0 };
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < shown.num; i++) {
		const struct model_record *record = model_unit_log(model, i);

		if (!replay_is_shown(&shown, i, record->fate != MODEL_DONE))
			continue;
		close_gap(&shown, list);
		tool_json_add(list, record_json(record));
	}
	return list;
}

static json_t *faults_json(const struct rig *rig, uint32_t unit)
{
	struct replay_shown shown = { 0, 0, 0 };
	json_t *list = json_array();
	size_t at = 0;
	size_t i;

	for (i = 0; i < rig->note_num; i++)
		shown.num += rig->notes[i].unit == unit;
	for (i = 0; i < rig->note_num; i++) {
		if (rig->notes[i].unit != unit ||
		    !replay_is_shown(&shown, at++, false))
			continue;
		close_gap(&shown, list);
		tool_json_add(list, fault_json(&rig->notes[i]));
	}
	return list;
}

static json_t *unit_json(const struct rig *rig, uint32_t index)
{
	const struct model_unit *model = rig->unit[index].model;
	struct model_counts counts = model_unit_counts(model);
	json_t *object = json_object();

	tool_json_set(object, "did", json_integer(rig->vtd[index].did));
	tool_json_set(object, "tailWrites",
		      json_integer((json_int_t)counts.doorbells));
	tool_json_set(object, "descriptors", records_json(model));
	tool_json_set(object, "faults", faults_json(rig, index));
	return object;
}

static json_t *differences_json(const struct differences *diffs)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < diffs->num && i < COMPARE_TOLD; i++)
		tool_json_add(list, json_string(diffs->text[i]));
	return list;
}

static json_t *iotlb_json(const struct rig *rig)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < S1INV_SELFTEST_IDS; i++)
		tool_json_add(list, json_integer(rig->selftest.iotlb[i]));
	return list;
}

json_t *replay_json(const struct rig *rig, const struct rf_test *test,
		    const struct differences *diffs)
{
	json_t *object = json_object();
	json_t *units = json_array();
	uint32_t i;

	for (i = 0; i < rig_units(rig); i++)
		tool_json_add(units, unit_json(rig, i));
	tool_json_set(object, "tcId", json_integer((json_int_t)test->tc_id));
	tool_json_set(object, "comment", json_string(test->comment));
	tool_json_set(object, "verdict", verdict_json(&rig->report.verdict));
	tool_json_set(object, "entryNum", json_integer(rig->report.handled));
	tool_json_set(object, "written", json_boolean(rig->report.written));
	tool_json_set(object, "entries", entries_json(rig));
	if (rig->group->type == RF_SELFTEST)
		tool_json_set(object, "iotlb", iotlb_json(rig));
	tool_json_set(object, "units", units);
	tool_json_set(object, "asStated", json_boolean(!diffs->num));
	tool_json_set(object, "differences", differences_json(diffs));
	return object;
}
