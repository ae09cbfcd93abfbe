/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Outcomes against what a file states; see compare.h. */
#include "compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void differ(struct differences *diffs, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void differ(struct differences *diffs, const char *fmt, ...)
{
	char text[512];
	va_list args;

	if (diffs->num < COMPARE_TOLD) {
		va_start(args, fmt);
		vsnprintf(text, sizeof(text), fmt, args);
		va_end(args);
		diffs->text[diffs->num] = tool_format("%s", text);
	}
	diffs->num++;
}

void differences_free(struct differences *diffs)
{
	size_t i;

	for (i = 0; i < diffs->num && i < COMPARE_TOLD; i++)
		free(diffs->text[i]);
	*diffs = (struct differences){ 0 };
}

static void differ_number(struct differences *diffs, const char *what,
			  uint64_t is, uint64_t stated)
{
	if (is != stated)
		differ(diffs, "%s: is 0x%llx, stated 0x%llx", what,
		       (unsigned long long)is, (unsigned long long)stated);
}

static const char *rule_or_none(enum s1inv_rule rule)
{
	return rule == S1INV_RULE_NONE ? "none" : s1inv_rule_name(rule);
}

static void differ_verdict(struct differences *diffs,
			   const struct s1inv_verdict *is, int error,
			   bool rule_given, enum s1inv_rule rule)
{
	if (is->error != error)
		differ(diffs, "errno: is %s, stated %s",
		       s1inv_errno_name(is->error), s1inv_errno_name(error));
	if (rule_given && is->rule != rule)
		differ(diffs, "rule: is %s, stated %s", rule_or_none(is->rule),
		       rule_or_none(rule));
}

/* ------------------------------------------------------------------- calls */

uint8_t wait_bits(uint64_t qw0)
{
	return (uint8_t)((qw0 >> S1INV_VTD_LSB(S1INV_VTD_WAIT_IF_BITS)) & 0xfU);
}

static struct tool_text flags_text(uint8_t bits)
{
	static const char names[4][3] = { "IF", "SW", "FN", "PD" };
	struct tool_text text = { "" };
	unsigned int i;

	for (i = 0; i < 4; i++) {
		if (!(bits & (1U << i)))
			continue;
		if (text.s[0])
			strcat(text.s, "|");
		strcat(text.s, names[i]);
	}
	return text;
}

struct tool_text wait_flags(uint64_t qw0)
{
	return flags_text(wait_bits(qw0));
}

/* Place of the next valid record from @at on that is a wait, or is none. */
static size_t next_record(const struct model_unit *unit, size_t at, bool wait)
{
	size_t len = model_unit_log_len(unit);

	for (; at < len; at++) {
		const struct model_record *record = model_unit_log(unit, at);

		if (record->fate != MODEL_REFUSED && is_wait(record) == wait)
			break;
	}
	return at;
}

static size_t count_records(const struct model_unit *unit, bool wait)
{
	size_t len = model_unit_log_len(unit);
	size_t num = 0;
	size_t at;

	for (at = next_record(unit, 0, wait); at < len;
	     at = next_record(unit, at + 1U, wait))
		num++;
	return num;
}

static void differ_desc(struct differences *diffs, uint32_t unit, size_t i,
			const uint64_t *is, const uint64_t *stated)
{
	struct s1inv_vtd_desc descs[2];
	char *line[2];

	if (diffs->num >= COMPARE_TOLD) {
		diffs->num++;
		return;
	}
	memcpy(descs[0].qw, is, sizeof(descs[0].qw));
	memcpy(descs[1].qw, stated, sizeof(descs[1].qw));
	line[0] = tool_desc_line(&descs[0]);
	line[1] = tool_desc_line(&descs[1]);
	differ(diffs,
	       "unit %u, descriptor %zu: is 0x%llx 0x%llx (%s), stated "
	       "0x%llx 0x%llx (%s)",
	       unit, i, (unsigned long long)is[0], (unsigned long long)is[1],
	       line[0], (unsigned long long)stated[0],
	       (unsigned long long)stated[1], line[1]);
	free(line[0]);
	free(line[1]);
}

static void compare_descs(const struct rig_unit *unit,
			  const struct rf_expected_unit *stated,
			  struct differences *diffs)
{
	size_t num = count_records(unit->model, false);
	size_t at = next_record(unit->model, 0, false);
	size_t i;

	if (num != stated->desc_num)
		differ(diffs, "unit %u: %zu descriptors, stated %zu",
		       unit->index, num, stated->desc_num);
	for (i = 0; i < num && i < stated->desc_num; i++) {
		const uint64_t *qw = model_unit_log(unit->model, at)->qw;

		if (memcmp(qw, stated->descs[i].qw,
			   sizeof(stated->descs[i].qw)))
			differ_desc(diffs, unit->index, i, qw,
				    stated->descs[i].qw);
		at = next_record(unit->model, at + 1U, false);
	}
}

static void compare_waits(const struct rig_unit *unit,
			  const struct rf_expected_unit *stated,
			  struct differences *diffs)
{
	size_t num = count_records(unit->model, true);
	size_t at = next_record(unit->model, 0, true);
	size_t i;

	if (num != stated->wait_num)
		differ(diffs, "unit %u: %zu waits, stated %zu", unit->index,
		       num, stated->wait_num);
	for (i = 0; i < num && i < stated->wait_num; i++) {
		uint64_t qw0 = model_unit_log(unit->model, at)->qw[0];

		if (wait_bits(qw0) != stated->waits[i])
			differ(diffs,
			       "unit %u, wait %zu: is \"%s\", stated "
			       "\"%s\"",
			       unit->index, i, wait_flags(qw0).s,
			       flags_text(stated->waits[i]).s);
		at = next_record(unit->model, at + 1U, true);
	}
}

static void compare_model_errors(const struct rig_unit *unit,
				 struct differences *diffs)
{
	unsigned int i;

	for (i = 0; i < MODEL_ERROR_KINDS; i++)
		if (model_unit_error(unit->model, (enum model_error)i))
			differ(diffs, "unit %u: %s", unit->index,
			       model_error_name((enum model_error)i));
}

static void compare_unit(const struct rig *rig, uint32_t index,
			 struct differences *diffs)
{
	const struct rf_expected *expected = &rig->call->expected;
	const struct rf_expected_unit *stated = &expected->units[index];
	const struct rig_unit *unit = &rig->unit[index];
	size_t num = count_records(unit->model, false);
	uint64_t doorbells = model_unit_counts(unit->model).doorbells;

	if (expected->descs_given)
		compare_descs(unit, stated, diffs);
	if (stated->desc_count != RF_NONE && stated->desc_count != num)
		differ(diffs, "unit %u: %zu descriptors, stated %llu", index,
		       num, (unsigned long long)stated->desc_count);
	if (expected->waits_given)
		compare_waits(unit, stated, diffs);
	if (stated->submissions != RF_NONE && stated->submissions != doorbells)
		differ(diffs, "unit %u: tail written %llu times, stated %llu",
		       index, (unsigned long long)doorbells,
		       (unsigned long long)stated->submissions);
	compare_model_errors(unit, diffs);
}

static void compare_hw_error(const struct rig *rig, struct differences *diffs)
{
	const struct rf_expected *expected = &rig->call->expected;
	uint32_t entry = 0;
	uint32_t is, k;
	size_t i;

	for (i = 0; expected->hw_error && i < expected->hw_error_num; i++) {
		for (k = 0; k < expected->hw_error[i].count; k++, entry++) {
			if (!rig_last_word(rig, entry, &is))
				differ(diffs, "entry %u: hw_error is unmapped",
				       entry);
			else if (is != expected->hw_error[i].value)
				differ(diffs,
				       "entry %u: hw_error is 0x%x, "
				       "stated 0x%x",
				       entry, is, expected->hw_error[i].value);
		}
	}
}

/* What holds whatever a file states */
static void compare_memory(const struct rig *rig, struct differences *diffs)
{
	uint64_t addr = 0;

	if (rig_damaged(rig, &addr))
		differ(diffs, "user memory at 0x%llx was changed",
		       (unsigned long long)addr);
	if (model_user_max_delivered(rig->user) > 1)
		differ(diffs, "a byte of user memory was read twice");
}

static void compare_iotlb(const struct rig *rig, struct differences *diffs)
{
	unsigned int i;

	for (i = 0; i < S1INV_SELFTEST_IDS; i++)
		if (rig->selftest.iotlb[i] != rig->call->expected.iotlb[i])
			differ(diffs, "iotlb[%u]: is 0x%x, stated 0x%x", i,
			       rig->selftest.iotlb[i],
			       rig->call->expected.iotlb[i]);
}

void compare_call(const struct rig *rig, struct differences *diffs)
{
	const struct rf_expected *expected = &rig->call->expected;
	const struct s1inv_report *report = &rig->report;
	uint32_t i;

	if (rig->cut)
		differ(diffs, "cut short: too many pauses or descriptors");
	differ_verdict(diffs, &report->verdict, expected->error,
		       expected->rule_given, expected->rule);
	if (report->handled != expected->entry_num)
		differ(diffs, "entryNum: is %u, stated %u", report->handled,
		       expected->entry_num);
	if (report->written != expected->written)
		differ(diffs, "written: is %s, stated %s",
		       report->written ? "true" : "false",
		       expected->written ? "true" : "false");
	compare_hw_error(rig, diffs);
	for (i = 0; i < rig_units(rig); i++)
		compare_unit(rig, i, diffs);
	if (rig->group->type == RF_SELFTEST)
		compare_iotlb(rig, diffs);
	compare_memory(rig, diffs);
}

static void run_call(const struct rf_group *group, const struct rf_call *call,
		     uint64_t *left, struct differences *diffs)
{
	struct rig *rig = tool_alloc(sizeof(*rig));

	rig_run(rig, group, call, left);
	compare_call(rig, diffs);
	rig_free(rig);
	free(rig);
}

/* ------------------------------------------------------ the pure functions */

static void run_cover(const struct rf_cover *test, struct differences *diffs)
{
	const struct s1inv_vtd_audit how = { S1INV_REVISION_LINUX,
					     S1INV_AUDIT_COMPATIBLE, 48 };
	struct s1inv_vtd_request request;
	struct s1inv_vtd_block block;
	struct s1inv_vtd_cover cover;
	size_t num = 0;

	if (s1inv_vtd_audit_entry(&how, &test->entry, &request).error) {
		differ(diffs, "the entry is refused");
		return;
	}
	s1inv_vtd_cover_start(&cover, &request, test->how);
	for (; s1inv_vtd_cover_next(&cover, &block); num++) {
		const struct s1inv_vtd_block *stated = &test->blocks[num];

		if (num < test->block_num && block.first == stated->first &&
		    block.order == stated->order)
			continue;
		differ(diffs, "block %zu: is [0x%llx, %u], stated otherwise",
		       num, (unsigned long long)block.first, block.order);
	}
	if (num != test->block_num)
		differ(diffs, "%zu blocks, stated %zu", num, test->block_num);
}

static void run_audit(const struct rf_group *group, const struct rf_audit *test,
		      struct differences *diffs)
{
	static const char *const reaches[] = { "nothing", "range", "all" };
	struct s1inv_vtd_request request = { 0 };
	struct s1inv_verdict is;

	is = s1inv_vtd_audit_entry(&group->table.audit, &test->entry, &request);
	differ_verdict(diffs, &is, test->error, test->rule_given, test->rule);
	if (is.error || test->error)
		return;
	if (request.reach != test->reach)
		differ(diffs, "reach: is %s, stated %s", reaches[request.reach],
		       reaches[test->reach]);
	if (test->reach == S1INV_VTD_RANGE) {
		differ_number(diffs, "first", request.first, test->first);
		differ_number(diffs, "last", request.last, test->last);
	}
	if (test->leaf_given)
		differ_number(diffs, "leaf", request.leaf, test->leaf);
}

static void differ_words(struct differences *diffs, const char *what,
			 const uint64_t *is, const uint64_t *stated)
{
	char name[32];
	unsigned int i;

	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "%s[%u]", what, i);
		differ_number(diffs, name, is[i], stated[i]);
	}
}

static void run_encode(const struct rf_encode *test, struct differences *diffs)
{
	struct s1inv_vtd_desc desc = { { 0 } };
	int error = s1inv_vtd_encode(&test->fields, &desc);

	if (error != test->error)
		differ(diffs, "errno: is %s, stated %s",
		       s1inv_errno_name(error), s1inv_errno_name(test->error));
	else if (!error)
		differ_words(diffs, "qw", desc.qw, test->desc.qw);
}

static void compare_fields(const struct rf_decode *test,
			   const struct s1inv_vtd_fields *is,
			   struct differences *diffs)
{
	const char *name = rf_field_names;
	char what[16];
	unsigned int i;

	for (i = 0; *name; i++) {
		size_t len = strcspn(name, " ");

		snprintf(what, sizeof(what), "%.*s", (int)len, name);
		if (test->given & (1U << i))
			differ_number(diffs, what, rf_field_get(is, i),
				      rf_field_get(&test->fields, i));
		name += len + 1U;
	}
}

static void run_decode(const struct rf_decode *test, struct differences *diffs)
{
	struct s1inv_vtd_decoded is;

	s1inv_vtd_decode(&test->desc, &test->mode, &is);
	differ_number(diffs, "type", is.fields.type, test->fields.type);
	compare_fields(test, &is.fields, diffs);
	differ_number(diffs, "violations (bits)", is.violations,
		      test->violations);
	differ_words(diffs, "reserved", is.reserved, test->reserved);
}

/* The number in @size bytes */
static uint64_t load(const unsigned char *bytes, size_t size, bool big)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < size; i++)
		value = value << 8 | bytes[big ? i : size - 1U - i];
	return value;
}

static void run_slot(const struct rf_image *test, struct differences *diffs)
{
	s1inv_le64 words[4];
	uint64_t is[4];
	unsigned int i;

	memcpy(words, test->bytes, sizeof(words));
	for (i = 0; i < 4; i++)
		is[i] = s1inv_le64_to_cpu(words[i]);
	differ_words(diffs, "qw", is, test->slot.qw);
}

static void run_image(const struct rf_image *test, struct differences *diffs)
{
	const struct rf_image_layout *layout = rf_image_layout(test->what);
	unsigned int i;

	if (!layout) {
		run_slot(test, diffs);
		return;
	}
	differ_number(diffs, "size in bytes", layout->size, test->len);
	for (i = 0; i < layout->field_num; i++)
		differ_number(diffs, layout->fields[i].name,
			      load(&test->bytes[layout->fields[i].at],
				   layout->fields[i].size, test->big),
			      test->values[i]);
}

void compare_test(const struct rf_group *group, const struct rf_test *test,
		  uint64_t *left, struct differences *diffs)
{
	switch (group->type) {
	case RF_REQUEST:
	case RF_SELFTEST:
		run_call(group, &test->u.call, left, diffs);
		break;
	case RF_COVER:
		run_cover(&test->u.cover, diffs);
		break;
	case RF_AUDIT:
		run_audit(group, &test->u.audit, diffs);
		break;
	case RF_ENCODE:
		run_encode(&test->u.encode, diffs);
		break;
	case RF_DECODE:
		run_decode(&test->u.decode, diffs);
		break;
	case RF_IMAGE:
		run_image(&test->u.image, diffs);
		break;
	}
}
