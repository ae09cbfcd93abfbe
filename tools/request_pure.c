/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Reading request and vector files: cover, audit, encode, decode. */
#include "request_file.h"

/* An exact cover has at most 2 * 51 blocks. */
#define BLOCKS_MAX 102U

/* Go to the member "expected". Returns where to leave to. */
static size_t enter_expected(struct rf_reader *r, json_t *json,
			     json_t **expected, const char *keys)
{
	size_t mark = json_in_enter(&r->in, "expected", JSON_IN_MEMBER);

	*expected = json_object_get(json, "expected");
	json_in_object(&r->in, *expected, keys);
	return mark;
}

/* ----------------------------------------------------------------- cover */

static void read_block(struct rf_reader *r, json_t *pair,
		       struct s1inv_vtd_block *block)
{
	if (!json_is_array(pair) || json_array_size(pair) != 2) {
		json_in_fail(&r->in, "", "must be [first page, order]");
		return;
	}
	block->first = json_in_element(&r->in, pair, 0, UINT64_MAX >> 12);
	block->order =
		(uint8_t)json_in_element(&r->in, pair, 1, S1INV_VTD_AM_MAX);
}

static void read_blocks(struct rf_reader *r, json_t *json,
			struct rf_cover *cover)
{
	json_t *array = json_in_array(&r->in, json, "blocks", BLOCKS_MAX);
	size_t i, mark;

	cover->block_num = json_array_size(array);
	cover->blocks =
		rf_alloc(r->file, cover->block_num, sizeof(*cover->blocks));
	for (i = 0; i < cover->block_num && !r->in.failed; i++) {
		mark = json_in_enter(&r->in, "blocks", i);
		read_block(r, json_array_get(array, i), &cover->blocks[i]);
		json_in_leave(&r->in, mark);
	}
}

void rf_read_cover(struct rf_reader *r, json_t *json, struct rf_test *test)
{
	struct rf_cover *cover = &test->u.cover;
	struct json_in *in = &r->in;
	json_t *expected;
	size_t mark;

	json_in_object(in, json, RF_TEST_KEYS "addr npages how");
	cover->entry.addr = json_in_number(in, json, "addr", UINT64_MAX);
	cover->entry.npages = json_in_number(in, json, "npages", UINT64_MAX);
	if (cover->entry.addr & 0xfffU)
		json_in_fail(in, "addr", "is not 4 KiB aligned");
	if (cover->entry.addr && cover->entry.npages == S1INV_VTD_S1_ALL)
		json_in_fail(in, "npages",
			     "is the full flush, but addr is not "
			     "0");
	cover->how = (enum s1inv_cover)json_in_choice(in, json, "how",
						      "two exact", -1);
	mark = enter_expected(r, json, &expected, "blocks");
	read_blocks(r, expected, cover);
	json_in_leave(in, mark);
	rf_check_result(r, test, true);
}

/* ----------------------------------------------------------------- audit */

static void read_audited(struct rf_reader *r, json_t *json,
			 struct rf_audit *audit)
{
	struct json_in *in = &r->in;

	audit->error = rf_read_errno(r, json);
	audit->rule_given = rf_read_rule(r, json, &audit->rule);
	audit->leaf_given = json_object_get(json, "leaf") != NULL;
	audit->leaf = json_in_bool_or(in, json, "leaf", false);
	if (audit->error)
		return;
	audit->reach = (enum s1inv_vtd_reach)json_in_choice(
		in, json, "reach", "nothing range all", -1);
	if (audit->reach == S1INV_VTD_RANGE) {
		audit->first =
			json_in_number(in, json, "first", UINT64_MAX >> 12);
		audit->last =
			json_in_number(in, json, "last", UINT64_MAX >> 12);
	}
}

void rf_read_audit(struct rf_reader *r, json_t *json, struct rf_test *test)
{
	struct rf_audit *audit = &test->u.audit;
	json_t *expected;
	size_t mark;

	json_in_object(&r->in, json, RF_TEST_KEYS "entry");
	mark = json_in_enter(&r->in, "entry", JSON_IN_MEMBER);
	rf_read_entry(r, json_object_get(json, "entry"), &audit->entry);
	json_in_leave(&r->in, mark);
	mark = enter_expected(r, json, &expected,
			      "errno rule reach first last leaf");
	read_audited(r, expected, audit);
	json_in_leave(&r->in, mark);
	rf_check_result(r, test, !audit->error);
}

/* ----------------------------------------------------------- descriptors */

enum field {
#define FIELD_ENUM(name, member, type) FIELD_##member,
	RF_FIELDS(FIELD_ENUM) FIELD_NUM
};

/* Bits of the fields that @json gives, in the order of rf_field_names */
static uint32_t read_field_values(struct rf_reader *r, json_t *json,
				  struct s1inv_vtd_fields *fields)
{
	uint32_t given = 0;

#define FIELD_READ(name, member, type)                                         \
	fields->member = (type)json_in_number_or(&r->in, json, #name,          \
						 (type)UINT64_MAX, 0);         \
	if (json_object_get(json, #name))                                      \
		given |= 1U << FIELD_##member;
	RF_FIELDS(FIELD_READ)
	return given;
}

static uint8_t read_type(struct rf_reader *r, json_t *json)
{
	const char *text = json_string_value(json_object_get(json, "type"));
	int index = json_in_index("cc iotlb devtlb iec wait piotlb pc pdevtlb "
				  "pgresp hpt",
				  text ? text : "");

	if (index >= 0)
		return (uint8_t)((unsigned int)index + S1INV_VTD_TYPE_CC);
	return (uint8_t)json_in_number(&r->in, json, "type", UINT8_MAX);
}

static void read_qw(struct rf_reader *r, json_t *json, const char *key,
		    struct s1inv_vtd_desc *desc)
{
	size_t mark = json_in_enter(&r->in, key, JSON_IN_MEMBER);

	rf_read_desc(r, json_object_get(json, key), desc);
	json_in_leave(&r->in, mark);
}

static void read_fields(struct rf_reader *r, json_t *json,
			struct s1inv_vtd_fields *fields)
{
	size_t mark = json_in_enter(&r->in, "fields", JSON_IN_MEMBER);
	json_t *object = json_object_get(json, "fields");
	static const char keys[] = "type " RF_FIELDS(RF_FIELD_NAME);

	if (json_in_object(&r->in, object, keys)) {
		fields->type = read_type(r, object);
		read_field_values(r, object, fields);
	}
	json_in_leave(&r->in, mark);
}

/* Fields are encoded, or refused for the one reason that there is (ENC-1). */
static void read_encoded(struct rf_reader *r, json_t *json,
			 struct rf_encode *encode)
{
	bool qw = json_object_get(json, "qw") != NULL;

	if (qw == (json_object_get(json, "errno") != NULL)) {
		json_in_fail(&r->in, "", "needs exactly one of: qw errno");
	} else if (qw) {
		read_qw(r, json, "qw", &encode->desc);
	} else {
		encode->error = rf_read_errno(r, json);
		if (encode->error != -S1INV_EINVAL)
			json_in_fail(&r->in, "errno", "must be \"EINVAL\"");
	}
}

void rf_read_encode(struct rf_reader *r, json_t *json, struct rf_test *test)
{
	struct rf_encode *encode = &test->u.encode;
	json_t *expected;
	size_t mark;

	json_in_object(&r->in, json, RF_TEST_KEYS "fields");
	read_fields(r, json, &encode->fields);
	mark = enter_expected(r, json, &expected, "qw errno");
	read_encoded(r, expected, encode);
	json_in_leave(&r->in, mark);
	rf_check_result(r, test, !encode->error);
}

static void read_mode(struct rf_reader *r, json_t *json,
		      struct s1inv_vtd_mode *mode)
{
	struct json_in *in = &r->in;
	uint64_t queue;

	if (!json_in_object(in, json, "ttm queue dt dit pds prs hpts"))
		return;
	mode->ttm = (enum s1inv_vtd_ttm)json_in_choice(
		in, json, "ttm", "legacy scalable reserved abort",
		S1INV_VTD_TTM_SCALABLE);
	queue = json_in_number_or(in, json, "queue", 256, 256);
	if (queue != 128 && queue != 256)
		json_in_fail(in, "queue", "must be 128 or 256");
	mode->wide = queue == 256;
	mode->dt = json_in_bool_or(in, json, "dt", true);
	mode->dit = json_in_bool_or(in, json, "dit", true);
	mode->pds = json_in_bool_or(in, json, "pds", true);
	mode->prs = json_in_bool_or(in, json, "prs", true);
	mode->hpts = json_in_bool_or(in, json, "hpts", true);
}

static uint32_t read_violations(struct rf_reader *r, json_t *json)
{
	static const char names[] = "type mode reserved granularity am";
	json_t *array = json_in_array(&r->in, json, "violations", 5);
	uint32_t bits = 0;
	size_t i, mark;
	int bit;

	for (i = 0; i < json_array_size(array) && !r->in.failed; i++) {
		const char *name = json_string_value(json_array_get(array, i));

		mark = json_in_enter(&r->in, "violations", i);
		bit = json_in_index(names, name ? name : "");
		if (bit < 0)
			json_in_fail(&r->in, "", "must be one of: %s", names);
		else
			bits |= 1U << bit;
		json_in_leave(&r->in, mark);
	}
	return bits;
}

static void read_decoded(struct rf_reader *r, json_t *json,
			 struct rf_decode *decode)
{
	json_t *fields = json_object_get(json, "fields");
	struct s1inv_vtd_desc reserved = { { 0 } };
	size_t mark = json_in_enter(&r->in, "fields", JSON_IN_MEMBER);
	size_t i;

	if (fields && json_in_object(&r->in, fields, rf_field_names))
		decode->given = read_field_values(r, fields, &decode->fields);
	json_in_leave(&r->in, mark);
	decode->fields.type = read_type(r, json);
	decode->violations = read_violations(r, json);
	if (json_object_get(json, "reserved"))
		read_qw(r, json, "reserved", &reserved);
	for (i = 0; i < 4; i++)
		decode->reserved[i] = reserved.qw[i];
}

void rf_read_decode(struct rf_reader *r, json_t *json, struct rf_test *test)
{
	struct rf_decode *decode = &test->u.decode;
	json_t *expected;
	size_t mark;

	json_in_object(&r->in, json, RF_TEST_KEYS "qw mode");
	read_qw(r, json, "qw", &decode->desc);
	mark = json_in_enter(&r->in, "mode", JSON_IN_MEMBER);
	read_mode(r, json_object_get(json, "mode"), &decode->mode);
	json_in_leave(&r->in, mark);
	mark = enter_expected(r, json, &expected,
			      "type fields violations reserved");
	read_decoded(r, expected, decode);
	json_in_leave(&r->in, mark);
	rf_check_result(r, test, !decode->violations);
}
