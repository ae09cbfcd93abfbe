/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* s1inv vectors --check: are the outcomes what the files state? */
#include "compare.h"

#include <stdio.h>
#include <stdlib.h>

static const char help[] =
	"Usage: s1inv vectors --check [--json] FILE...\n"
	"\n"
	"Runs every test of vector files and compares outcomes with what the\n"
	"files state. docs/vectors.md describes the format.\n"
	"\n"
	"  --check   the one thing that can be done with them\n"
	"  --json    report as JSON\n"
	"  --help    this text\n"
	"\n"
	"Exit status: 0 all as stated; 1 not; 2 bad input: nothing was run.\n";

struct failure {
	uint64_t tc_id;
	const char *comment;
	struct differences diffs;
};

/* Of a file */
struct tally {
	size_t failed;
	uint64_t left;    /* descriptors that may yet be fetched */
	json_t *failures; /* with --json */
};

static json_t *failure_json(const struct failure *failure)
{
	json_t *object = json_object();
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < failure->diffs.num && i < COMPARE_TOLD; i++)
		tool_json_add(list, json_string(failure->diffs.text[i]));
	tool_json_set(object, "tcId", json_integer((json_int_t)failure->tc_id));
	tool_json_set(object, "comment", json_string(failure->comment));
	tool_json_set(object, "differences", list);
	return object;
}

static void print_failure(const struct failure *failure)
{
	size_t i;

	tool_print(TOOL_WRONG, "  tcId %llu",
		   (unsigned long long)failure->tc_id);
	printf(": %s\n", failure->comment);
	for (i = 0; i < failure->diffs.num && i < COMPARE_TOLD; i++)
		printf("    %s\n", failure->diffs.text[i]);
	if (failure->diffs.num > COMPARE_TOLD)
		printf("    ... %zu more\n", failure->diffs.num - COMPARE_TOLD);
}

static void run_test(const struct rf_group *group, const struct rf_test *test,
		     struct tally *tally)
{
	struct failure failure = { test->tc_id, test->comment, { 0 } };

	compare_test(group, test, &tally->left, &failure.diffs);
	if (failure.diffs.num) {
		tally->failed++;
		if (tally->failures)
			tool_json_add(tally->failures, failure_json(&failure));
		else
			print_failure(&failure);
	}
	differences_free(&failure.diffs);
}

static void run_file(const struct rf_file *file, struct tally *tally)
{
	size_t i, k;

	for (i = 0; i < file->group_num; i++)
		for (k = 0; k < file->groups[i].test_num; k++)
			run_test(&file->groups[i], file->groups[i].tests[k],
				 tally);
}

static bool check_text(const struct rf_file *file)
{
	struct tally tally = { 0, RIG_FETCHES_FILE, NULL };

	run_file(file, &tally);
	if (tally.failed) {
		tool_print(TOOL_WRONG, "%s: %zu of %zu tests are not as stated",
			   file->shown, tally.failed, file->test_num);
		putchar('\n');
	} else {
		printf("%s: %zu test%s, all as stated\n", file->shown,
		       file->test_num, file->test_num == 1 ? "" : "s");
	}
	return !tally.failed;
}

static bool check_json(const struct rf_file *file, json_t *doc)
{
	struct tally tally = { 0, RIG_FETCHES_FILE, json_array() };
	json_t *object = json_object();

	run_file(file, &tally);
	tool_json_set(object, "file", rf_name_json(file));
	tool_json_set(object, "tests",
		      json_integer((json_int_t)file->test_num));
	tool_json_set(object, "failed", json_integer((json_int_t)tally.failed));
	tool_json_set(object, "failures", tally.failures);
	tool_json_add(doc, object);
	return !tally.failed;
}

/* All files are read before anything runs. */
static int check_files(const struct rf_file *files, int num, bool json)
{
	json_t *doc = json ? json_array() : NULL;
	bool good = true;
	int i;

	for (i = 0; i < num; i++)
		good &= json ? check_json(&files[i], doc) :
			       check_text(&files[i]);
	if (json)
		tool_json_print(doc);
	return good ? TOOL_OK : TOOL_REFUSED;
}

static int load_and_check(char **names, int num, bool json)
{
	struct rf_file *files = rf_load_all(names, num);
	int status;

	if (!files)
		return TOOL_BAD;
	status = check_files(files, num, json);
	rf_free_all(files, num);
	return status;
}

int cmd_vectors(int argc, char **argv)
{
	static const struct option options[] = { TOOL_OPTIONS,
						 { "check", no_argument, NULL,
						   TOOL_OPT_FIRST },
						 { NULL, 0, NULL, 0 } };
	bool json = false;
	bool check = false;
	int c;

	while ((c = tool_option(argc, argv, options)) != -1) {
		if (c == TOOL_OPT_HELP)
			return tool_help(help);
		if (c == '?')
			return TOOL_BAD;
		json |= c == TOOL_OPT_JSON;
		check |= c == TOOL_OPT_FIRST;
	}
	if (!check)
		return tool_error("needs --check; see --help");
	if (optind == argc)
		return tool_error("needs a file; see --help");
	return load_and_check(argv + optind, argc - optind, json);
}
