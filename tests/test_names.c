/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Names and texts of ref/names.c.
 */
#include <limits.h>
#include <string.h>

#include <s1inv/s1inv.h>

#include "runner.h"

struct rule_row {
	enum s1inv_rule rule;
	const char *name;
};

/* Ids as docs/spec.md writes them. */
static const struct rule_row rule_rows[] = {
	{ S1INV_RULE_NONE, "" },
	{ S1INV_RULE_CMD_1, "CMD-1" },
	{ S1INV_RULE_CMD_2, "CMD-2" },
	{ S1INV_RULE_CMD_3, "CMD-3" },
	{ S1INV_RULE_CMD_4, "CMD-4" },
	{ S1INV_RULE_CMD_5, "CMD-5" },
	{ S1INV_RULE_CMD_6, "CMD-6" },
	{ S1INV_RULE_CMD_7, "CMD-7" },
	{ S1INV_RULE_CMD_8, "CMD-8" },
	{ S1INV_RULE_CMD_11, "CMD-11" },
	{ S1INV_RULE_COPY_1, "COPY-1" },
	{ S1INV_RULE_COPY_2, "COPY-2" },
	{ S1INV_RULE_COPY_4, "COPY-4" },
	{ S1INV_RULE_AUD_1, "AUD-1" },
	{ S1INV_RULE_AUD_2, "AUD-2" },
	{ S1INV_RULE_AUD_3, "AUD-3" },
	{ S1INV_RULE_AUD_4, "AUD-4" },
	{ S1INV_RULE_AUD_8, "AUD-8" },
	{ S1INV_RULE_AUD_9, "AUD-9" },
	{ S1INV_RULE_AUD_10, "AUD-10" },
	{ S1INV_RULE_ENC_1, "ENC-1" },
	{ S1INV_RULE_REP_7, "REP-7" },
	{ S1INV_RULE_REP_8, "REP-8" },
	{ S1INV_RULE_REP_10, "REP-10" },
	{ S1INV_RULE_REP_14, "REP-14" },
	{ S1INV_RULE_REP_15, "REP-15" },
	{ S1INV_RULE_QUE_6, "QUE-6" },
	{ S1INV_RULE_SELF_1, "SELF-1" },
	{ S1INV_RULE_SELF_2, "SELF-2" },
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

START_TEST(rule_names)
{
	size_t i;

	ck_assert_uint_eq(ROWS(rule_rows), S1INV_RULE_COUNT);
	for (i = 0; i < ROWS(rule_rows); i++)
		ck_assert_str_eq(s1inv_rule_name(rule_rows[i].rule),
				 rule_rows[i].name);
	ck_assert_str_eq(s1inv_rule_name(S1INV_RULE_COUNT), "");
	ck_assert_str_eq(s1inv_rule_name((enum s1inv_rule)INT_MAX), "");
}
END_TEST

/* A text fits on a line and is a phrase, to stand behind "entry 3: ". */
START_TEST(rule_texts)
{
	const char *text;
	int i;

	for (i = S1INV_RULE_NONE + 1; i < S1INV_RULE_COUNT; i++) {
		text = s1inv_rule_text((enum s1inv_rule)i);
		ck_assert_uint_ge(strlen(text), 10);
		ck_assert_uint_le(strlen(text), 100);
		ck_assert_int_ne(text[strlen(text) - 1], '.');
	}
	ck_assert_str_eq(s1inv_rule_text(S1INV_RULE_NONE), "");
	ck_assert_str_eq(s1inv_rule_text(S1INV_RULE_COUNT), "");
	ck_assert_str_eq(s1inv_rule_text((enum s1inv_rule)INT_MAX), "");
}
END_TEST

struct rule_word {
	enum s1inv_rule rule;
	const char *word;
};

/* The word by which a reader finds what to correct, from docs/spec.md. */
static const struct rule_word rule_words[] = {
	{ S1INV_RULE_CMD_1, "size" },
	{ S1INV_RULE_CMD_2, "below 32" },
	{ S1INV_RULE_CMD_3, "longer than 32" },
	{ S1INV_RULE_CMD_4, "read" },
	{ S1INV_RULE_CMD_5, "reserved" },
	{ S1INV_RULE_CMD_6, "entry_num" },
	{ S1INV_RULE_CMD_7, "hwpt_id" },
	{ S1INV_RULE_CMD_8, "data_type" },
	{ S1INV_RULE_CMD_11, "written back" },
	{ S1INV_RULE_COPY_1, "entry_len" },
	{ S1INV_RULE_COPY_2, "cannot be read" },
	{ S1INV_RULE_COPY_4, "end of the address space" },
	{ S1INV_RULE_AUD_1, "flag" },
	{ S1INV_RULE_AUD_2, "reserved" },
	{ S1INV_RULE_AUD_3, "4 KiB aligned" },
	{ S1INV_RULE_AUD_4, "address is not 0" },
	{ S1INV_RULE_AUD_8, "npages is 0" },
	{ S1INV_RULE_AUD_9, "end of the address space" },
	{ S1INV_RULE_AUD_10, "canonical" },
	{ S1INV_RULE_ENC_1, "descriptor" },
	{ S1INV_RULE_REP_7, "hw_error" },
	{ S1INV_RULE_REP_8, "in time" },
	{ S1INV_RULE_REP_10, "refused" },
	{ S1INV_RULE_REP_14, "signal" },
	{ S1INV_RULE_REP_15, "out of time" },
	{ S1INV_RULE_QUE_6, "broken" },
	{ S1INV_RULE_SELF_1, "flag" },
	{ S1INV_RULE_SELF_2, "iotlb_id" },
};

START_TEST(rule_texts_say_what)
{
	const char *text;
	size_t i;

	ck_assert_uint_eq(ROWS(rule_words), S1INV_RULE_COUNT - 1);
	for (i = 0; i < ROWS(rule_words); i++) {
		text = s1inv_rule_text(rule_words[i].rule);
		ck_assert_msg(strstr(text, rule_words[i].word) != NULL,
			      "%s: \"%s\" lacks \"%s\"",
			      s1inv_rule_name(rule_words[i].rule), text,
			      rule_words[i].word);
	}
}
END_TEST

struct int_row {
	int value;
	const char *name;
};

/* Numbers as Linux has them on x86. */
static const struct int_row errno_rows[] = {
	{ 0, "0" },
	{ -2, "ENOENT" },
	{ -4, "EINTR" },
	{ -5, "EIO" },
	{ -7, "E2BIG" },
	{ -11, "EAGAIN" },
	{ -14, "EFAULT" },
	{ -22, "EINVAL" },
	{ -95, "EOPNOTSUPP" },
	{ -110, "ETIMEDOUT" },
	{ -1, "?" },
	{ 1, "?" },
	{ 22, "?" },
	{ INT_MAX, "?" },
	{ INT_MIN, "?" },
};

START_TEST(errno_names)
{
	size_t i;

	for (i = 0; i < ROWS(errno_rows); i++)
		ck_assert_str_eq(s1inv_errno_name(errno_rows[i].value),
				 errno_rows[i].name);
}
END_TEST

struct type_row {
	uint8_t type;
	const char *key;
	const char *name;
};

/* VT-d 6.5.2, table 26 */
static const struct type_row type_rows[] = {
	{ 0x0, "", "unknown" },
	{ 0x1, "cc", "context-cache invalidate" },
	{ 0x2, "iotlb", "IOTLB invalidate" },
	{ 0x3, "devtlb", "device-TLB invalidate" },
	{ 0x4, "iec", "interrupt-entry-cache invalidate" },
	{ 0x5, "wait", "invalidation wait" },
	{ 0x6, "piotlb", "PASID-based IOTLB invalidate" },
	{ 0x7, "pc", "PASID-cache invalidate" },
	{ 0x8, "pdevtlb", "PASID-based device-TLB invalidate" },
	{ 0x9, "pgresp", "page-group response" },
	{ 0xa, "hpt",
	  "HPT-cache invalidate (since rev. 5.0) / page-stream response (older Linux)" },
	{ 0xb, "", "unknown" },
	{ 0xf, "", "unknown" },
	{ 0x16, "", "unknown" },
	{ 0x7f, "", "unknown" },
	{ 0xff, "", "unknown" },
};

START_TEST(type_names)
{
	size_t i;

	for (i = 0; i < ROWS(type_rows); i++) {
		ck_assert_str_eq(s1inv_vtd_type_name(type_rows[i].type),
				 type_rows[i].name);
		ck_assert_str_eq(s1inv_vtd_type_key(type_rows[i].type),
				 type_rows[i].key);
	}
}
END_TEST

struct g_row {
	uint8_t type;
	const char *name[4];
};

/* VT-d 6.5.2.1 to .8; a type without granularity has no row */
static const struct g_row g_rows[] = {
	{ 0x1, { "reserved", "global", "domain-selective",
		 "device-selective" } },
	{ 0x2, { "reserved", "global", "domain-selective",
		 "page-selective-in-domain" } },
	{ 0x4, { "global", "index-selective", "reserved", "reserved" } },
	{ 0x6, { "reserved", "reserved", "PASID-selective",
		 "page-selective-in-PASID" } },
	{ 0x7, { "domain-selective", "PASID-selective-in-domain", "reserved",
		 "global" } },
	{ 0xa, { "reserved", "global", "domain-selective",
		 "page-selective-in-domain" } },
};

static const struct g_row *find_g_row(unsigned int type)
{
	size_t i;

	for (i = 0; i < ROWS(g_rows); i++)
		if (g_rows[i].type == type)
			return &g_rows[i];
	return NULL;
}

START_TEST(granularity_names)
{
	const struct g_row *row;
	const char *want;
	unsigned int type;
	unsigned int g;

	for (type = 0; type < 256; type++) {
		row = find_g_row(type);
		for (g = 0; g < 256; g++) {
			want = !row ? "" : g < 4 ? row->name[g] : "reserved";
			if (strcmp(s1inv_vtd_g_name((uint8_t)type, (uint8_t)g),
				   want) != 0)
				ck_abort_msg("type %#x, g %u: not \"%s\"", type,
					     g, want);
		}
	}
}
END_TEST

/* VT-d 11.4.9.9; 8 to 15 are not defined */
static const struct int_row iqei_rows[] = {
	{ 0, "no information" },
	{ 1, "invalid tail pointer" },
	{ 2, "error fetching descriptor" },
	{ 3, "invalid descriptor type" },
	{ 4, "reserved field not zero" },
	{ 5, "invalid descriptor width" },
	{ 6, "tail pointer not aligned" },
	{ 7, "invalid translation table mode" },
	{ 8, "undefined" },
	{ 15, "undefined" },
	{ 16, "undefined" },
	{ 255, "undefined" },
};

START_TEST(iqei_names)
{
	size_t i;

	for (i = 0; i < ROWS(iqei_rows); i++)
		ck_assert_str_eq(
			s1inv_vtd_iqei_name((uint8_t)iqei_rows[i].value),
			iqei_rows[i].name);
}
END_TEST

static Suite *names_suite(void)
{
	Suite *suite = suite_create("names");
	TCase *tcase = tcase_create("names");

	tcase_add_test(tcase, rule_names);
	tcase_add_test(tcase, rule_texts);
	tcase_add_test(tcase, rule_texts_say_what);
	tcase_add_test(tcase, errno_names);
	tcase_add_test(tcase, type_names);
	tcase_add_test(tcase, granularity_names);
	tcase_add_test(tcase, iqei_names);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return run_suite(names_suite());
}
