/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The reader of request files on any bytes. What it refuses it refuses with one
 * line that is safe for a terminal; what it takes is within its bounds, and
 * means the same when the document is written out anew.
 */
#include "capture.h"
#include "fuzz.h"
#include "request_file.h"
#include "request_format.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_format *const fuzz_target_format = &request_format;

FUZZ_ORACLE_BEGIN

static struct rf_file *load(const void *text, size_t len)
{
	struct captured err;
	struct rf_file *file;

	capture_begin(&err, &stderr);
	file = rf_load_text("input", text, len);
	capture_end(&err);
	FUZZ_ASSERT(capture_is_safe(&err), "an error is printable");
	if (file)
		FUZZ_ASSERT(!err.len, "what is taken is taken in silence");
	else
		FUZZ_ASSERT(err.len && strchr(err.text, '\n') ==
					       err.text + err.len - 1,
			    "what is refused is refused with one line");
	capture_free(&err);
	return file;
}

/* ------------------------------------------------------------------ bounds */

static void check_call(const struct rf_call *call)
{
	uint64_t entries = 0;
	size_t i;

	for (i = 0; i < call->run_num; i++)
		entries += call->runs[i].count;
	FUZZ_ASSERT(entries == call->entry_num && entries <= RF_ENTRIES_MAX,
		    "the entries are counted, and bounded");
	FUZZ_ASSERT(call->fault_num <= 64 && call->memory.hole_num <= 64 &&
			    call->memory.read_only_num <= 64,
		    "lists are bounded");
}

static void check_table(const struct rf_table *table)
{
	uint32_t i;

	FUZZ_ASSERT(table->unit_num <= RF_UNITS_MAX && table->timeouts_max,
		    "a page table is within its bounds");
	for (i = 0; i < table->unit_num; i++) {
		const struct rf_unit *unit = &table->units[i];

		FUZZ_ASSERT(unit->target_num <= RF_TARGETS_MAX &&
				    unit->am_max <= 52,
			    "a unit is within its bounds");
		FUZZ_ASSERT(unit->slots >= 128 && unit->slots <= 16384 &&
				    !(unit->slots & (unit->slots - 1)),
			    "a ring is a power of two of slots");
	}
}

static void check_file(const struct rf_file *file)
{
	size_t tests = 0;
	size_t i, k;

	for (i = 0; i < file->group_num; i++) {
		const struct rf_group *group = &file->groups[i];
		bool calls = group->type == RF_REQUEST ||
			     group->type == RF_SELFTEST;

		tests += group->test_num;
		if (group->type == RF_REQUEST)
			check_table(&group->table);
		for (k = 0; calls && k < group->test_num; k++)
			check_call(&group->tests[k]->u.call);
	}
	FUZZ_ASSERT(tests == file->test_num && tests,
		    "the tests are counted, and there is one");
}

/* ---------------------------------------------------------- the same file */

static bool same_test(const struct rf_group *group, const struct rf_test *a,
		      const struct rf_test *b)
{
	if (a->tc_id != b->tc_id || a->result != b->result ||
	    strcmp(a->comment, b->comment) != 0)
		return false;
	switch (group->type) {
	case RF_REQUEST:
	case RF_SELFTEST:
		return a->u.call.entry_num == b->u.call.entry_num &&
		       a->u.call.fault_num == b->u.call.fault_num &&
		       a->u.call.expected.error == b->u.call.expected.error;
	case RF_COVER:
		return memcmp(&a->u.cover.entry, &b->u.cover.entry,
			      sizeof(a->u.cover.entry)) == 0 &&
		       a->u.cover.block_num == b->u.cover.block_num;
	case RF_AUDIT:
		return memcmp(&a->u.audit.entry, &b->u.audit.entry,
			      sizeof(a->u.audit.entry)) == 0 &&
		       a->u.audit.error == b->u.audit.error;
	case RF_ENCODE:
		return a->u.encode.error == b->u.encode.error &&
		       memcmp(&a->u.encode.desc, &b->u.encode.desc,
			      sizeof(a->u.encode.desc)) == 0;
	case RF_DECODE:
		return a->u.decode.given == b->u.decode.given &&
		       a->u.decode.violations == b->u.decode.violations;
	default:
		return a->u.image.what == b->u.image.what &&
		       memcmp(a->u.image.bytes, b->u.image.bytes,
			      sizeof(a->u.image.bytes)) == 0;
	}
}

static bool same_file(const struct rf_file *a, const struct rf_file *b)
{
	size_t i, k;

	if (a->group_num != b->group_num || a->test_num != b->test_num)
		return false;
	for (i = 0; i < a->group_num; i++) {
		const struct rf_group *group = &a->groups[i];

		if (group->type != b->groups[i].type ||
		    group->test_num != b->groups[i].test_num)
			return false;
		for (k = 0; k < group->test_num; k++)
			if (!same_test(group, group->tests[k],
				       b->groups[i].tests[k]))
				return false;
	}
	return true;
}

/* Keys in another order, other blanks, other escapes: the same document */
static void check_anew(const void *text, size_t len, const struct rf_file *file)
{
	json_t *doc = json_loadb(text, len, 0, NULL);
	char *dumped = json_dumps(doc, JSON_INDENT(1) | JSON_SORT_KEYS |
					       JSON_ENSURE_ASCII);
	struct rf_file *again;

	FUZZ_ASSERT(dumped, "a document can be written out");
	again = load(dumped, strlen(dumped));
	FUZZ_ASSERT(again && same_file(file, again),
		    "a document means the same when it is written out anew");
	rf_free_all(again, 1);
	free(dumped);
	json_decref(doc);
}

FUZZ_ORACLE_END

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rf_file *file;

	if (!size) /* jansson wants a pointer */
		data = (const uint8_t *)"";
	file = load(data, size);
	if (file) {
		check_file(file);
		check_anew(data, size, file);
		rf_free_all(file, 1);
	}
	return 0;
}
