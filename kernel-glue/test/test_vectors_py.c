// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does kunit/vectors.py make the same of vector files as the reader of the
 * command does? test_vectors_py FILE... compares the two, which share no line,
 * and runs what the script made.
 */
#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "vectors_data.h"

#define FILES ((int)(sizeof(vector_files) / sizeof(vector_files[0])))

static unsigned int differing;

static void differ(const struct rf_test *test, const char *what)
{
	printf("tcId %llu: %s\n", (unsigned long long)test->tc_id, what);
	differing++;
}

/* Two arrays: the same number of elements, and the same in them */
static bool same(const void *a, size_t a_num, const void *b, size_t b_num,
		 size_t size)
{
	return a_num == b_num && (!a_num || !memcmp(a, b, a_num * size));
}

#define SAME(x, y, at, num)                                                    \
	same((x)->at, (x)->num, (y)->at, (y)->num, sizeof(*(x)->at))

static void compare_expected(const struct rf_test *test, struct rf_expected *a,
			     struct rf_expected *b)
{
	unsigned int i;

	if (!a->hw_error != !b->hw_error || !SAME(a, b, hw_error, hw_error_num))
		differ(test, "hwError");
	a->hw_error = b->hw_error = NULL;
	for (i = 0; i < RF_UNITS_MAX; i++) {
		if (!SAME(&a->units[i], &b->units[i], descs, desc_num))
			differ(test, "descriptors");
		if (!SAME(&a->units[i], &b->units[i], waits, wait_num))
			differ(test, "waits");
		a->units[i].descs = b->units[i].descs = NULL;
		a->units[i].waits = b->units[i].waits = NULL;
	}
}

/* The pointers are left out of what is compared as a whole at the end. */
static void compare_calls(const struct rf_test *test, struct rf_call *a,
			  struct rf_call *b)
{
	if (!SAME(&a->command, &b->command, trailing, trailing_len))
		differ(test, "trailing");
	if (!SAME(a, b, runs, run_num))
		differ(test, "entries");
	if (!SAME(&a->memory, &b->memory, holes, hole_num) ||
	    !SAME(&a->memory, &b->memory, read_only, read_only_num))
		differ(test, "memory");
	if (!SAME(a, b, faults, fault_num))
		differ(test, "faults");
	compare_expected(test, &a->expected, &b->expected);
	a->command.trailing = b->command.trailing = NULL;
	a->runs = b->runs = NULL;
	a->memory.holes = b->memory.holes = NULL;
	a->memory.read_only = b->memory.read_only = NULL;
	a->faults = b->faults = NULL;
}

static void compare_tests(enum rf_type type, const struct rf_test *made,
			  const struct rf_test *read)
{
	struct rf_test a = *made;
	struct rf_test b = *read;

	if (type == RF_REQUEST || type == RF_SELFTEST) {
		compare_calls(made, &a.u.call, &b.u.call);
	} else if (type == RF_COVER) {
		if (!SAME(&a.u.cover, &b.u.cover, blocks, block_num))
			differ(made, "blocks");
		a.u.cover.blocks = b.u.cover.blocks = NULL;
	}
	/* Either came zeroed, so what is between the members is the same. */
	if (a.tc_id != b.tc_id || a.result != b.result ||
	    memcmp(&a.u, &b.u, sizeof(a.u)))
		differ(made, "another member");
}

static void compare_groups(const struct rf_group *made,
			   const struct rf_group *read)
{
	size_t i;

	if (made->type != read->type || made->test_num != read->test_num ||
	    made->big != read->big ||
	    memcmp(&made->table, &read->table, sizeof(made->table))) {
		printf("group \"%s\" differs\n", made->comment);
		differing++;
		return;
	}
	for (i = 0; i < made->test_num; i++)
		compare_tests(made->type, made->tests[i], read->tests[i]);
}

static void compare_files(const struct rf_file *made,
			  const struct rf_file *read)
{
	size_t i;

	if (made->group_num != read->group_num ||
	    made->test_num != read->test_num) {
		printf("%s: number of groups or tests differs\n", made->name);
		differing++;
		return;
	}
	for (i = 0; i < made->group_num; i++)
		compare_groups(&made->groups[i], &read->groups[i]);
}

static size_t run_file(const struct rf_file *file)
{
	uint64_t left = RIG_FETCHES_FILE;
	struct differences diffs = { 0 };
	size_t i, k;

	for (i = 0; i < file->group_num; i++)
		for (k = 0; k < file->groups[i].test_num; k++) {
			compare_test(&file->groups[i], file->groups[i].tests[k],
				     &left, &diffs);
			if (diffs.num)
				differ(file->groups[i].tests[k], diffs.text[0]);
			differences_free(&diffs);
		}
	return file->test_num;
}

int main(int argc, char **argv)
{
	struct rf_file *read = rf_load_all(argv + 1, argc - 1);
	size_t ran = 0;
	int i;

	if (!read || argc - 1 != FILES) {
		printf("not the %d files that vectors.py was given\n", FILES);
		return 1;
	}
	for (i = 0; i < FILES; i++) {
		compare_files(vector_files[i], &read[i]);
		ran += run_file(vector_files[i]);
	}
	rf_free_all(read, argc - 1);
	printf("%d files, %zu tests, %u differ\n", FILES, ran, differing);
	return differing != 0;
}
