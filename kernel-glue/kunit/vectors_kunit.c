// SPDX-License-Identifier: GPL-2.0-only
/*
 * The test vectors, in the kernel: the objects that the driver runs on, with
 * the same comparison as `s1inv vectors --check`. A case is a vector file.
 */
#include <kunit/test.h>

#include "compare.h"
#include "vectors_data.h"

static void describe(const struct rf_file *const *file, char *desc)
{
	strscpy(desc, (*file)->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(vectors, vector_files, describe);

static void run_vector(struct kunit *test, const struct rf_group *group,
		       const struct rf_test *vector, u64 *left)
{
	struct differences diffs = {};
	size_t i;

	compare_test(group, vector, left, &diffs);
	for (i = 0; i < diffs.num && i < COMPARE_TOLD; i++)
		KUNIT_FAIL(test, "tcId %llu (%s): %s", vector->tc_id,
			   vector->comment, diffs.text[i]);
	differences_free(&diffs);
}

static void vector_file(struct kunit *test)
{
	const struct rf_file *const *param = test->param_value;
	const struct rf_file *file = *param;
	u64 left = RIG_FETCHES_FILE;
	size_t i, k;

	for (i = 0; i < file->group_num; i++)
		for (k = 0; k < file->groups[i].test_num; k++)
			run_vector(test, &file->groups[i],
				   file->groups[i].tests[k], &left);
	kunit_info(test, "%zu vectors", file->test_num);
}

static struct kunit_case vectors_cases[] = {
	KUNIT_CASE_PARAM(vector_file, vectors_gen_params), {}
};

static struct kunit_suite vectors_suite = {
	.name = "s1inv_vectors",
	.test_cases = vectors_cases,
};

kunit_test_suite(vectors_suite);

MODULE_DESCRIPTION("s1inv: test vectors");
MODULE_LICENSE("GPL");
