/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Reading request and vector files: the file, its groups, what tests share. */
#include "request_file.h"

#include <stdlib.h>
#include <string.h>

/* More than any file needs, little enough to be held in memory */
#define GROUPS_MAX 4096U
#define TESTS_MAX 4096U
#define LIST_MAX 4096U

/* ----------------------------------------------------------------- memory */

struct rf_block {
	struct rf_block *next;
	max_align_t bytes[];
};

void *rf_alloc(struct rf_file *file, size_t num, size_t size)
{
	struct rf_block *block = tool_alloc(sizeof(*block) + num * size);

	block->next = file->blocks;
	file->blocks = block;
	return block->bytes;
}

/* C0 and C1 control characters: what a terminal would act upon */
static bool is_control(const char *at)
{
	unsigned char first = (unsigned char)at[0];
	unsigned char second = first ? (unsigned char)at[1] : 0;

	return first < 0x20 || first == 0x7f ||
	       (first == 0xc2 && second >= 0x80 && second < 0xa0);
}

/* @text for people, to be shown as it is */
static char *copy_text(struct rf_file *file, const char *text)
{
	size_t size = strlen(text) + 1U;
	char *copy = memcpy(rf_alloc(file, size, 1), text, size);
	char *at;

	for (at = copy; *at; at++) {
		if (!is_control(at))
			continue;
		if ((unsigned char)*at == 0xc2)
			at[1] = '?';
		*at = '?';
	}
	return copy;
}

/*
 * A name is bytes in no known encoding, and some mean the same to a terminal
 * as an escape: only ASCII is certain.
 */
static char *copy_name(struct rf_file *file, const char *name)
{
	size_t size = strlen(name) + 1U;
	char *copy = memcpy(rf_alloc(file, size, 1), name, size);
	char *at;

	for (at = copy; *at; at++)
		*at = tool_printable(*at);
	return copy;
}

static void rf_free(struct rf_file *file)
{
	struct rf_block *block = file->blocks;
	struct rf_block *next;

	for (; block; block = next) {
		next = block->next;
		free(block);
	}
	*file = (struct rf_file){ .name = file->name };
}

/* ------------------------------------------------------- what tests share */

int rf_read_errno(struct rf_reader *r, json_t *json)
{
	static const int errors[] = { 0,
				      S1INV_ENOENT,
				      S1INV_EINTR,
				      S1INV_EIO,
				      S1INV_E2BIG,
				      S1INV_EAGAIN,
				      S1INV_EFAULT,
				      S1INV_EINVAL,
				      S1INV_EOPNOTSUPP,
				      S1INV_ETIMEDOUT };

	return -errors[json_in_choice(&r->in, json, "errno",
				      "0 ENOENT EINTR EIO E2BIG EAGAIN EFAULT "
				      "EINVAL EOPNOTSUPP ETIMEDOUT",
				      -1)];
}

bool rf_read_rule(struct rf_reader *r, json_t *json, enum s1inv_rule *rule)
{
	const char *name = json_in_text_or(&r->in, json, "rule", NULL);
	unsigned int i;

	*rule = S1INV_RULE_NONE;
	if (!name || !*name)
		return name != NULL;
	for (i = 1; i < S1INV_RULE_COUNT; i++)
		if (!strcmp(s1inv_rule_name((enum s1inv_rule)i), name))
			*rule = (enum s1inv_rule)i;
	if (*rule == S1INV_RULE_NONE)
		json_in_fail(&r->in, "rule", "no input can break \"%s\"",
			     json_in_safe(name).s);
	return true;
}

void rf_read_entry(struct rf_reader *r, json_t *json,
		   struct s1inv_vtd_s1_entry *entry)
{
	struct json_in *in = &r->in;

	if (!json_in_object(in, json, "addr npages flags hwError"))
		return;
	entry->addr = json_in_number(in, json, "addr", UINT64_MAX);
	entry->npages = json_in_number(in, json, "npages", UINT64_MAX);
	entry->flags =
		(uint32_t)json_in_number_or(in, json, "flags", UINT32_MAX, 0);
	entry->hw_error =
		(uint32_t)json_in_number_or(in, json, "hwError", UINT32_MAX, 0);
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;
	int value = at ? (int)(at - digits) : -1;

	return value > 15 ? value - 6 : value;
}

unsigned char *rf_read_bytes(struct rf_reader *r, json_t *json, const char *key,
			     size_t max, uint32_t *len)
{
	const char *text = json_in_text_or(&r->in, json, key, "");
	size_t num = strlen(text) / 2U;
	unsigned char *bytes;
	size_t i;

	if (strlen(text) % 2U)
		json_in_fail(&r->in, key, "has half a byte");
	if (num > max)
		json_in_fail(&r->in, key, "has more than %zu bytes", max);
	bytes = rf_alloc(r->file, num, 1);
	for (i = 0; i < num && !r->in.failed; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			json_in_fail(&r->in, key, "is not hexadecimal");
		bytes[i] = (unsigned char)(high * 16 + low);
	}
	*len = (uint32_t)num;
	return bytes;
}

void rf_read_desc(struct rf_reader *r, json_t *array,
		  struct s1inv_vtd_desc *desc)
{
	size_t num = json_array_size(array);
	size_t i;

	*desc = (struct s1inv_vtd_desc){ { 0 } };
	if (!array) {
		json_in_fail(&r->in, "", "is missing");
		return;
	}
	if (!json_is_array(array) || (num != 2 && num != 4)) {
		json_in_fail(&r->in, "",
			     "must be an array of 2 or 4 quadwords");
		return;
	}
	for (i = 0; i < num; i++)
		desc->qw[i] = json_in_element(&r->in, array, i, UINT64_MAX);
}

void rf_check_result(struct rf_reader *r, const struct rf_test *test, bool ok)
{
	if (test->result == RF_VALID && !ok)
		json_in_fail(&r->in, "result",
			     "is \"valid\", but a refusal is expected");
	if (test->result == RF_INVALID && ok)
		json_in_fail(&r->in, "result",
			     "is \"invalid\", but success is expected");
}

/* A rule id: capitals, a dash, digits */
static bool rule_id(const char *text)
{
	size_t group = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	size_t digits;

	if (!group || text[group] != '-')
		return false;
	digits = strspn(text + group + 1, "0123456789");
	return digits && !text[group + 1 + digits];
}

enum list { LIST_TEXT, LIST_RULES, LIST_FLAGS };

static void check_element(struct rf_reader *r, const json_t *value,
			  enum list list, json_t *notes)
{
	const char *text = json_string_value(value);

	if (!text)
		json_in_fail(&r->in, "", "must be a string");
	else if (list == LIST_RULES && !rule_id(text))
		json_in_fail(&r->in, "", "\"%s\" is not a rule id",
			     json_in_safe(text).s);
	else if (list == LIST_FLAGS && !json_object_get(notes, text))
		json_in_fail(&r->in, "", "\"%s\" is not explained in notes",
			     json_in_safe(text).s);
}

/* An optional array of strings of some kind */
static void check_list(struct rf_reader *r, json_t *json, const char *key,
		       enum list list, json_t *notes)
{
	json_t *array = json_in_array_or_none(&r->in, json, key, LIST_MAX);
	size_t num = json_array_size(array);
	size_t i, mark;

	for (i = 0; i < num && !r->in.failed; i++) {
		mark = json_in_enter(&r->in, key, i);
		check_element(r, json_array_get(array, i), list, notes);
		json_in_leave(&r->in, mark);
	}
}

/* ------------------------------------------------------------------ tests */

static void read_body(struct rf_reader *r, json_t *json,
		      const struct rf_group *group, struct rf_test *test)
{
	switch (group->type) {
	case RF_REQUEST:
	case RF_SELFTEST:
		rf_read_call(r, json, group, test);
		break;
	case RF_COVER:
		rf_read_cover(r, json, test);
		break;
	case RF_AUDIT:
		rf_read_audit(r, json, test);
		break;
	case RF_ENCODE:
		rf_read_encode(r, json, test);
		break;
	case RF_DECODE:
		rf_read_decode(r, json, test);
		break;
	case RF_IMAGE:
		rf_read_image(r, json, group, test);
		break;
	}
}

static void read_test(struct rf_reader *r, json_t *json, json_t *notes,
		      const struct rf_group *group, struct rf_test *test)
{
	struct json_in *in = &r->in;

	if (!json_is_object(json)) {
		json_in_fail(in, "", "must be an object");
		return;
	}
	test->tc_id = json_in_number(in, json, "tcId", UINT32_MAX);
	if (!test->tc_id)
		json_in_fail(in, "tcId", "must be at least 1");
	test->comment = copy_text(r->file, json_in_text(in, json, "comment"));
	check_list(r, json, "flags", LIST_FLAGS, notes);
	check_list(r, json, "rules", LIST_RULES, NULL);
	test->result = (enum rf_result)json_in_choice(
		in, json, "result", "valid invalid acceptable", -1);
	read_body(r, json, group, test);
}

static void read_tests(struct rf_reader *r, json_t *json, json_t *notes,
		       struct rf_group *group)
{
	json_t *array = json_in_array(&r->in, json, "tests", TESTS_MAX);
	size_t num = json_array_size(array);
	size_t i, mark;

	group->tests = rf_alloc(r->file, num, sizeof(*group->tests));
	for (i = 0; i < num && !r->in.failed; i++) {
		group->tests[i] = rf_alloc(r->file, 1, sizeof(struct rf_test));
		mark = json_in_enter(&r->in, "tests", i);
		read_test(r, json_array_get(array, i), notes, group,
			  group->tests[i]);
		json_in_leave(&r->in, mark);
	}
	group->test_num = num;
	r->file->test_num += num;
	if (r->file->test_num > TESTS_MAX)
		json_in_fail(&r->in, "tests", "the file has more than %u tests",
			     TESTS_MAX);
}

/* ----------------------------------------------------------------- groups */

#define GROUP_KEYS "type comment tests "

static void read_group(struct rf_reader *r, json_t *json, json_t *notes,
		       struct rf_group *group)
{
	struct json_in *in = &r->in;

	if (!json_is_object(json)) {
		json_in_fail(in, "", "must be an object");
		return;
	}
	group->type = (enum rf_type)json_in_choice(
		in, json, "type",
		"Request SelfTest Cover Audit Encode Decode Image", -1);
	group->comment =
		copy_text(r->file, json_in_text_or(in, json, "comment", ""));
	if (group->type == RF_REQUEST) {
		rf_read_table(r, json, &group->table);
	} else if (group->type == RF_AUDIT) {
		json_in_object(in, json, GROUP_KEYS "revision audit vaBits");
		rf_read_audit_policy(r, json, &group->table.audit);
	} else if (group->type == RF_IMAGE) {
		json_in_object(in, json, GROUP_KEYS "order");
		group->big = json_in_choice(in, json, "order", "little big",
					    -1) == 1;
	} else {
		json_in_object(in, json, GROUP_KEYS);
	}
	read_tests(r, json, notes, group);
}

static void read_groups(struct rf_reader *r, json_t *root, json_t *notes)
{
	json_t *array = json_in_array(&r->in, root, "testGroups", GROUPS_MAX);
	size_t num = json_array_size(array);
	size_t i, mark;

	r->file->groups = rf_alloc(r->file, num, sizeof(struct rf_group));
	r->file->group_num = num;
	for (i = 0; i < num && !r->in.failed; i++) {
		mark = json_in_enter(&r->in, "testGroups", i);
		read_group(r, json_array_get(array, i), notes,
			   &r->file->groups[i]);
		json_in_leave(&r->in, mark);
	}
}

/* --------------------------------------------------------------- the file */

static void check_note(struct rf_reader *r, json_t *note)
{
	struct json_in *in = &r->in;

	if (!json_in_object(in, note, "bugType description rules defects"))
		return;
	json_in_text(in, note, "bugType");
	json_in_text(in, note, "description");
	check_list(r, note, "rules", LIST_RULES, NULL);
	check_list(r, note, "defects", LIST_TEXT, NULL);
}

static void check_notes(struct rf_reader *r, json_t *notes)
{
	size_t outer = json_in_enter(&r->in, "notes", JSON_IN_MEMBER);
	void *iter;

	if (notes && !json_is_object(notes))
		json_in_fail(&r->in, "", "must be an object");
	for (iter = json_object_iter(notes); iter && !r->in.failed;
	     iter = json_object_iter_next(notes, iter)) {
		struct tool_text name =
			json_in_safe(json_object_iter_key(iter));
		size_t mark = json_in_enter(&r->in, name.s, JSON_IN_MEMBER);

		check_note(r, json_object_iter_value(iter));
		json_in_leave(&r->in, mark);
	}
	json_in_leave(&r->in, outer);
}

static void check_word(struct rf_reader *r, json_t *root, const char *key,
		       const char *word)
{
	if (strcmp(json_in_text(&r->in, root, key), word) != 0)
		json_in_fail(&r->in, key, "must be \"%s\"", word);
}

static int compare_ids(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a;
	const uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Sorted, for a file may have very many tests. */
static void check_ids(struct rf_reader *r)
{
	const struct rf_file *file = r->file;
	uint64_t *ids = tool_alloc((file->test_num + 1U) * sizeof(*ids));
	size_t num = 0;
	size_t i, k;

	for (i = 0; i < file->group_num; i++)
		for (k = 0; k < file->groups[i].test_num; k++)
			ids[num++] = file->groups[i].tests[k]->tc_id;
	qsort(ids, num, sizeof(*ids), compare_ids);
	for (i = 1; i < num; i++)
		if (ids[i] == ids[i - 1])
			json_in_fail(&r->in, "testGroups",
				     "tcId %llu occurs twice",
				     (unsigned long long)ids[i]);
	free(ids);
}

static void read_root(struct rf_reader *r, json_t *root)
{
	struct json_in *in = &r->in;
	json_t *notes = json_object_get(root, "notes");
	uint64_t num;

	if (!json_in_object(in, root,
			    "algorithm schema version header notes "
			    "numberOfTests testGroups"))
		return;
	check_word(r, root, "algorithm", "IOMMU_HWPT_INVALIDATE");
	check_word(r, root, "schema", "vectors_schema.json");
	json_in_text(in, root, "version");
	json_in_array(in, root, "header", LIST_MAX);
	check_list(r, root, "header", LIST_TEXT, NULL);
	check_notes(r, notes);
	num = json_in_number(in, root, "numberOfTests", UINT32_MAX);
	read_groups(r, root, notes);
	if (in->failed)
		return;
	if (!r->file->test_num)
		json_in_fail(in, "testGroups", "there is no test");
	if (num != r->file->test_num)
		json_in_fail(in, "numberOfTests",
			     "says %llu, but there are %zu",
			     (unsigned long long)num, r->file->test_num);
	check_ids(r);
}

static void begin(struct rf_file *file, const char *name)
{
	*file = (struct rf_file){ .name = name };
	file->shown = copy_name(file, name);
}

/* @root is NULL when there is no document: that was reported. */
static bool finish(struct rf_reader *r, json_t *root)
{
	if (root)
		read_root(r, root);
	json_decref(root);
	if (r->in.failed)
		rf_free(r->file);
	return !r->in.failed;
}

static bool rf_load(struct rf_file *file, const char *name)
{
	struct rf_reader r = { .file = file };

	begin(file, name);
	return finish(&r, json_in_load(&r.in, name));
}

struct rf_file *rf_load_all(char **names, int num)
{
	struct rf_file *files = tool_alloc((size_t)num * sizeof(*files));
	int i;

	for (i = 0; i < num; i++) {
		if (!rf_load(&files[i], names[i])) {
			rf_free_all(files, i);
			return NULL;
		}
	}
	return files;
}

struct rf_file *rf_load_text(const char *name, const char *text, size_t len)
{
	struct rf_file *file = tool_alloc(sizeof(*file));
	struct rf_reader r = { .file = file };

	begin(file, name);
	if (finish(&r, json_in_parse(&r.in, name, text, len)))
		return file;
	free(file);
	return NULL;
}

void rf_free_all(struct rf_file *files, int num)
{
	while (num > 0)
		rf_free(&files[--num]);
	free(files);
}

json_t *rf_name_json(const struct rf_file *file)
{
	json_t *name = json_string(file->name);

	return name ? name : json_string(json_in_safe(file->name).s);
}
