/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* s1inv replay: tables, for people. */
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INDENT = 2 };

/* A row for those that were left out up to here */
static void close_gap(struct replay_shown *shown, struct tool_table *table)
{
	const char *cells[TOOL_COLUMNS] = { "..." };
	struct tool_text text;
	unsigned int i;

	if (!shown->gap)
		return;
	snprintf(text.s, sizeof(text.s), "%zu more like this", shown->gap);
	for (i = 1; i < table->columns; i++)
		cells[i] = "";
	cells[table->columns - 1U] = text.s;
	tool_table_add(table, TOOL_DIM, cells);
	shown->gap = 0;
}

/* ----------------------------------------------------------------- entries */

static const char *hw_error_text(uint32_t word)
{
	static const char *const names[] = { "0", "ICE", "ITE", "ICE|ITE" };

	return word < 4 ? names[word] : "?";
}

/* What became of entry @i and why, for free() */
static char *entry_outcome(const struct rig *rig, uint32_t i)
{
	const struct s1inv_verdict *verdict = &rig->report.verdict;
	uint32_t word;

	switch (replay_fate(rig, i)) {
	case REPLAY_HANDLED:
		if (!replay_has_hw_error(rig))
			return tool_format("handled");
		if (!rig_last_word(rig, i, &word))
			return tool_format("handled, hw_error lost");
		return tool_format("handled, hw_error %s", hw_error_text(word));
	case REPLAY_BLAMED:
		return tool_format("%s, %s: %s",
				   s1inv_errno_name(verdict->error),
				   s1inv_rule_name(verdict->rule),
				   s1inv_rule_text(verdict->rule));
	default:
		return tool_format("not handled");
	}
}

static enum tool_style entry_style(const struct rig *rig, uint32_t i)
{
	switch (replay_fate(rig, i)) {
	case REPLAY_HANDLED:
		return replay_is_special(rig, i) ? TOOL_WARN : TOOL_PLAIN;
	case REPLAY_BLAMED:
		return TOOL_WRONG;
	default:
		return TOOL_DIM;
	}
}

static struct tool_text npages_text(const struct s1inv_vtd_s1_entry *entry)
{
	struct tool_text text;

	if (entry->npages == S1INV_VTD_S1_ALL)
		return (struct tool_text){ "all" };
	snprintf(text.s, sizeof(text.s), "%llu",
		 (unsigned long long)entry->npages);
	return text;
}

static struct tool_text flags_text(uint32_t flags)
{
	struct tool_text text;

	if (flags == S1INV_VTD_S1_LEAF)
		return (struct tool_text){ "LEAF" };
	snprintf(text.s, sizeof(text.s), flags ? "0x%x" : "%u", flags);
	return text;
}

static void add_vtd_entry(const struct rig *rig, uint32_t i,
			  struct tool_table *table)
{
	struct s1inv_vtd_s1_entry entry = rig_entry(rig->call, i);
	struct tool_text npages = npages_text(&entry);
	struct tool_text flags = flags_text(entry.flags);
	char *outcome = entry_outcome(rig, i);
	struct tool_text index, addr;
	const char *cells[] = { index.s, addr.s, npages.s, flags.s, outcome };

	snprintf(index.s, sizeof(index.s), "%u", i);
	snprintf(addr.s, sizeof(addr.s), "0x%llx",
		 (unsigned long long)entry.addr);
	tool_table_add(table, entry_style(rig, i), cells);
	free(outcome);
}

static void add_selftest_entry(const struct rig *rig, uint32_t i,
			       struct tool_table *table)
{
	struct s1inv_vtd_s1_entry entry = rig_entry(rig->call, i);
	char *outcome = entry_outcome(rig, i);
	struct tool_text index, id, flags;
	const char *cells[] = { index.s, id.s, flags.s, outcome };

	snprintf(index.s, sizeof(index.s), "%u", i);
	snprintf(id.s, sizeof(id.s), "%u", entry.hw_error);
	snprintf(flags.s, sizeof(flags.s), "0x%x", entry.flags);
	tool_table_add(table, entry_style(rig, i), cells);
	free(outcome);
}

static void print_entries(const struct rig *rig)
{
	struct tool_table vtd = {
		.head = { "entry", "address", "pages", "flags", "outcome" },
		.columns = 5,
		.right = 0x7,
	};
	struct tool_table mock = {
		.head = { "entry", "iotlb_id", "flags", "outcome" },
		.columns = 4,
		.right = 0x7,
	};
	bool selftest = rig->group->type == RF_SELFTEST;
	struct tool_table *table = selftest ? &mock : &vtd;
	struct replay_shown shown = { rig->call->entry_num, 0, 0 };
	uint32_t i;

	for (i = 0; i < rig->call->entry_num; i++) {
		if (!replay_is_shown(&shown, i, replay_is_special(rig, i)))
			continue;
		close_gap(&shown, table);
		if (selftest)
			add_selftest_entry(rig, i, table);
		else
			add_vtd_entry(rig, i, table);
	}
	if (rig->call->entry_num)
		tool_table_print(table, INDENT);
}

/* -------------------------------------------------------------------- call */

static void print_call(const struct rig *rig)
{
	const struct s1inv_report *report = &rig->report;
	const struct s1inv_verdict *verdict = &report->verdict;
	struct tool_text why = { "" };

	if (verdict->rule != S1INV_RULE_NONE)
		snprintf(why.s, sizeof(why.s), " (%s: %s)",
			 s1inv_rule_name(verdict->rule),
			 s1inv_rule_text(verdict->rule));
	tool_say(INDENT, INDENT + 6,
		 "call: %s%s; entry_num %u in, %u handled; command %s",
		 verdict->error ? s1inv_errno_name(verdict->error) : "success",
		 why.s, rig->call->command.entry_num, report->handled,
		 report->written ? "written back" : "not written back");
	if (rig->group->type == RF_SELFTEST)
		tool_say(INDENT, INDENT + 6,
			 "iotlb: 0x%x 0x%x 0x%x 0x%x before, "
			 "0x%x 0x%x 0x%x 0x%x after",
			 rig->call->iotlb[0], rig->call->iotlb[1],
			 rig->call->iotlb[2], rig->call->iotlb[3],
			 rig->selftest.iotlb[0], rig->selftest.iotlb[1],
			 rig->selftest.iotlb[2], rig->selftest.iotlb[3]);
}

/* ------------------------------------------------------------------- units */

static void add_record(const struct model_record *record,
		       struct tool_table *table)
{
	char *desc = replay_desc(record);
	struct tool_text slot, words;
	const char *cells[] = { slot.s, replay_record_fate(record), desc,
				words.s };

	snprintf(slot.s, sizeof(slot.s), "%u", record->slot);
	snprintf(words.s, sizeof(words.s), "0x%llx 0x%llx",
		 (unsigned long long)record->qw[0],
		 (unsigned long long)record->qw[1]);
	tool_table_add(table,
		       record->fate == MODEL_DONE ?
			       (is_wait(record) ? TOOL_DIM : TOOL_PLAIN) :
			       TOOL_WARN,
		       cells);
	free(desc);
}

/* A fault in few words; "s1inv fault" has more to say about it. */
static struct tool_text fault_text(const struct s1inv_vtd_fault *fault,
				   uint32_t bit)
{
	bool ite = bit == S1INV_VTD_FSTS_ITE;
	uint16_t sid = ite ? fault->itesid : fault->icesid;
	struct tool_text text;

	if (bit == S1INV_VTD_FSTS_IQE)
		snprintf(text.s, sizeof(text.s), "IQE %u: %s%s", fault->iqei,
			 s1inv_vtd_iqei_name(fault->iqei),
			 fault->broken ? "; the queue is broken" : "");
	else
		snprintf(text.s, sizeof(text.s),
			 ite ? "ITE: %s did not answer" :
			       "ICE: bad completion from %s",
			 sid ? tool_sid_text(sid).s : "a device");
	return text;
}

static void add_note(const struct s1inv_vtd_fault *fault,
		     struct tool_table *table)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct tool_text text = fault_text(fault, replay_fault_bits[i]);
		const char *cells[] = { "", "fault", text.s, "" };

		if (fault->status & replay_fault_bits[i])
			tool_table_add(table, TOOL_WRONG, cells);
	}
}

/* Where the notes end that came when @unit had fetched @at descriptors */
static size_t notes_end(const struct rig *rig, uint32_t unit, size_t from,
			size_t at)
{
	while (from < rig->note_num &&
	       (rig->notes[from].unit != unit || rig->notes[from].at <= at))
		from++;
	return from;
}

static size_t count_notes(const struct rig *rig, uint32_t unit, size_t from,
			  size_t end)
{
	size_t num = 0;

	for (; from < end; from++)
		num += rig->notes[from].unit == unit;
	return num;
}

static void add_notes(const struct rig *rig, uint32_t unit, size_t from,
		      size_t end, struct tool_table *table)
{
	for (; from < end; from++)
		if (rig->notes[from].unit == unit)
			add_note(&rig->notes[from].fault, table);
}

/* Descriptors in the order of their fetches, faults where they were met */
static void add_records(const struct rig *rig, uint32_t index,
			struct tool_table *table)
{
	const struct model_unit *model = rig->unit[index].model;
	struct replay_shown shown = { model_unit_log_len(model), 0, 0 };
	size_t note = 0;
	size_t i, end;

	for (i = 0; i < shown.num; i++, note = end) {
		const struct model_record *record = model_unit_log(model, i);

		end = notes_end(rig, index, note, i + 1U);
		if (!replay_is_shown(
			    &shown, i,
			    record->fate != MODEL_DONE ||
				    count_notes(rig, index, note, end)))
			continue;
		close_gap(&shown, table);
		add_record(record, table);
		add_notes(rig, index, note, end, table);
	}
	add_notes(rig, index, note, rig->note_num, table);
}

static void print_unit(const struct rig *rig, uint32_t index)
{
	const struct model_unit *model = rig->unit[index].model;
	uint64_t doorbells = model_unit_counts(model).doorbells;
	size_t fetched = model_unit_log_len(model);
	struct tool_table table = {
		.head = { "slot", "", "descriptor", "quadwords" },
		.columns = 4,
		.right = 0x1,
	};

	printf("\n");
	tool_print(TOOL_TITLE, "%*sunit %u", INDENT, "", index);
	printf(", domain %u, %u slots: %zu descriptor%s fetched, "
	       "tail written %llu time%s\n",
	       rig->vtd[index].did, rig->unit[index].queue.slots, fetched,
	       fetched == 1 ? "" : "s", (unsigned long long)doorbells,
	       doorbells == 1 ? "" : "s");
	add_records(rig, index, &table);
	if (table.rows)
		tool_table_print(&table, INDENT);
}

/* -------------------------------------------------------------------- test */

static void print_differences(const struct differences *diffs)
{
	size_t i;

	printf("\n");
	if (!diffs->num) {
		tool_print(TOOL_GOOD, "%*sas stated", INDENT, "");
		printf("\n\n");
		return;
	}
	tool_print(TOOL_WRONG, "%*snot as stated:", INDENT, "");
	printf("\n");
	for (i = 0; i < diffs->num && i < COMPARE_TOLD; i++)
		tool_say(INDENT + 2, INDENT + 4, "%s", diffs->text[i]);
	if (diffs->num > COMPARE_TOLD)
		tool_say(INDENT + 2, INDENT + 4, "... %zu more",
			 diffs->num - COMPARE_TOLD);
	printf("\n");
}

static void print_set_up(const struct rf_group *group)
{
	static const char *const blames[] = { "all", "replay", "single" };
	const struct rf_table *table = &group->table;

	if (group->type == RF_SELFTEST) {
		tool_say(INDENT, INDENT, "self-test data type");
		return;
	}
	tool_say(INDENT, INDENT,
		 "revision %s, %s audit, %s cover, attribution %s",
		 table->audit.revision == S1INV_REVISION_V8 ? "v8" : "linux",
		 table->audit.policy == S1INV_AUDIT_STRICT ? "strict" :
							     "compatible",
		 table->cover == S1INV_COVER_EXACT ? "exact" : "two-block",
		 blames[table->blame]);
}

void replay_text(const struct rig *rig, const struct rf_test *test,
		 const struct differences *diffs)
{
	uint32_t i;

	tool_print(TOOL_TITLE, "tcId %llu", (unsigned long long)test->tc_id);
	printf(": %s\n", test->comment);
	if (*rig->group->comment)
		tool_say(INDENT, INDENT, "%s", rig->group->comment);
	print_set_up(rig->group);
	printf("\n");
	print_entries(rig);
	print_call(rig);
	for (i = 0; i < rig_units(rig); i++)
		print_unit(rig, i);
	print_differences(diffs);
}
