/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * As much of Check's interface as the tests use, in one header, for builds
 * that cannot link the library: MemorySanitizer needs every line of a program
 * instrumented. Tests run one after the other in the same process, and the
 * first failure ends the program.
 */
#ifndef S1INV_MINI_CHECK_H
#define S1INV_MINI_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*SFun)(void);
struct mini_check_test {
	const char *name;
	void (*run)(int i);
};
typedef const struct mini_check_test TTest;

enum { MINI_CHECK_TESTS = 256, MINI_CHECK_CASES = 64 };
enum print_output { CK_SILENT, CK_MINIMAL, CK_NORMAL, CK_VERBOSE, CK_ENV };
enum fork_status { CK_FORK, CK_NOFORK };

typedef struct {
	const char *name;
	int num;
	struct {
		TTest *test;
		int start;
		int end;
	} tests[MINI_CHECK_TESTS];
	SFun setup;
	SFun teardown;
} TCase;

typedef struct {
	const char *name;
	int num;
	TCase *cases[MINI_CHECK_CASES];
} Suite;

typedef struct {
	int num;
	int run;
	Suite *suites[MINI_CHECK_CASES];
} SRunner;

static inline void *mini_check_alloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

static inline void mini_check_full(int num, int max)
{
	if (num < max)
		return;
	fprintf(stderr, "mini_check: too many tests\n");
	abort();
}

static inline Suite *suite_create(const char *name)
{
	Suite *suite = mini_check_alloc(sizeof(*suite));

	suite->name = name;
	return suite;
}

static inline TCase *tcase_create(const char *name)
{
	TCase *tcase = mini_check_alloc(sizeof(*tcase));

	tcase->name = name;
	return tcase;
}

static inline void suite_add_tcase(Suite *suite, TCase *tcase)
{
	mini_check_full(suite->num, MINI_CHECK_CASES);
	suite->cases[suite->num++] = tcase;
}

static inline void tcase_add_loop_test(TCase *tcase, TTest *test, int start,
				       int end)
{
	mini_check_full(tcase->num, MINI_CHECK_TESTS);
	tcase->tests[tcase->num].test = test;
	tcase->tests[tcase->num].start = start;
	tcase->tests[tcase->num].end = end;
	tcase->num++;
}

static inline void tcase_add_test(TCase *tcase, TTest *test)
{
	tcase_add_loop_test(tcase, test, 0, 1);
}

static inline void tcase_add_checked_fixture(TCase *tcase, SFun setup,
					     SFun teardown)
{
	tcase->setup = setup;
	tcase->teardown = teardown;
}

static inline void tcase_set_timeout(TCase *tcase, double seconds)
{
	(void)tcase;
	(void)seconds;
}

static inline SRunner *srunner_create(Suite *suite)
{
	SRunner *runner = mini_check_alloc(sizeof(*runner));

	runner->suites[runner->num++] = suite;
	return runner;
}

static inline void srunner_add_suite(SRunner *runner, Suite *suite)
{
	mini_check_full(runner->num, MINI_CHECK_CASES);
	runner->suites[runner->num++] = suite;
}

static inline void srunner_set_fork_status(SRunner *runner,
					   enum fork_status status)
{
	(void)runner;
	(void)status;
}

static inline void mini_check_case(SRunner *runner, const TCase *tcase)
{
	for (int t = 0; t < tcase->num; t++) {
		for (int i = tcase->tests[t].start; i < tcase->tests[t].end;
		     i++) {
			if (tcase->setup)
				tcase->setup();
			tcase->tests[t].test->run(i);
			if (tcase->teardown)
				tcase->teardown();
			runner->run++;
		}
	}
}

static inline void srunner_run_all(SRunner *runner, enum print_output mode)
{
	(void)mode;
	for (int s = 0; s < runner->num; s++) {
		const Suite *suite = runner->suites[s];

		for (int c = 0; c < suite->num; c++)
			mini_check_case(runner, suite->cases[c]);
		printf("100%%: Checks: %d, Failures: 0, Errors: 0 (%s)\n",
		       runner->run, suite->name);
	}
}

static inline int srunner_ntests_failed(SRunner *runner)
{
	(void)runner;
	return 0;
}

static inline void srunner_free(SRunner *runner)
{
	for (int s = 0; s < runner->num; s++) {
		for (int c = 0; c < runner->suites[s]->num; c++)
			free(runner->suites[s]->cases[c]);
		free(runner->suites[s]);
	}
	free(runner);
}

#define START_TEST(test)                                                       \
	static void test##_fn(int _i);                                         \
	static const struct mini_check_test test##_test = { #test,             \
							    test##_fn };       \
	static const struct mini_check_test *const test = &test##_test;        \
	static void test##_fn(int _i __attribute__((unused)))
#define END_TEST

#define ck_abort_msg(...)                                                      \
	do {                                                                   \
		fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                \
		fprintf(stderr, __VA_ARGS__);                                  \
		fputc('\n', stderr);                                           \
		exit(EXIT_FAILURE);                                            \
	} while (0)
#define ck_abort() ck_abort_msg("%s", "failed")
#define ck_assert_msg(cond, ...)                                               \
	do {                                                                   \
		if (!(cond))                                                   \
			ck_abort_msg(__VA_ARGS__);                             \
	} while (0)
#define ck_assert(cond) ck_assert_msg(cond, "%s", #cond)

#define MINI_CHECK_CMP(type, fmt, a, op, b)                                    \
	do {                                                                   \
		type mini_a = (a);                                             \
		type mini_b = (b);                                             \
                                                                               \
		ck_assert_msg(mini_a op mini_b,                                \
			      "%s %s %s: %" fmt " and %" fmt, #a, #op, #b,     \
			      mini_a, mini_b);                                 \
	} while (0)
#define ck_assert_int_eq(a, b) MINI_CHECK_CMP(intmax_t, "jd", a, ==, b)
#define ck_assert_int_ne(a, b) MINI_CHECK_CMP(intmax_t, "jd", a, !=, b)
#define ck_assert_int_lt(a, b) MINI_CHECK_CMP(intmax_t, "jd", a, <, b)
#define ck_assert_int_le(a, b) MINI_CHECK_CMP(intmax_t, "jd", a, <=, b)
#define ck_assert_int_gt(a, b) MINI_CHECK_CMP(intmax_t, "jd", a, >, b)
#define ck_assert_int_ge(a, b) MINI_CHECK_CMP(intmax_t, "jd", a, >=, b)
#define ck_assert_uint_eq(a, b) MINI_CHECK_CMP(uintmax_t, "ju", a, ==, b)
#define ck_assert_uint_ne(a, b) MINI_CHECK_CMP(uintmax_t, "ju", a, !=, b)
#define ck_assert_uint_lt(a, b) MINI_CHECK_CMP(uintmax_t, "ju", a, <, b)
#define ck_assert_uint_le(a, b) MINI_CHECK_CMP(uintmax_t, "ju", a, <=, b)
#define ck_assert_uint_gt(a, b) MINI_CHECK_CMP(uintmax_t, "ju", a, >, b)
#define ck_assert_uint_ge(a, b) MINI_CHECK_CMP(uintmax_t, "ju", a, >=, b)
#define ck_assert_ptr_eq(a, b) MINI_CHECK_CMP(const void *, "p", a, ==, b)
#define ck_assert_ptr_ne(a, b) MINI_CHECK_CMP(const void *, "p", a, !=, b)
#define ck_assert_ptr_null(a) ck_assert_ptr_eq(a, NULL)
#define ck_assert_ptr_nonnull(a) ck_assert_ptr_ne(a, NULL)
#define ck_assert_str_eq(a, b)                                                 \
	ck_assert_msg(strcmp(a, b) == 0, "%s == %s: \"%s\" and \"%s\"", #a,    \
		      #b, a, b)
#define ck_assert_str_ne(a, b)                                                 \
	ck_assert_msg(strcmp(a, b) != 0, "%s != %s: \"%s\"", #a, #b, a)
#define ck_assert_mem_eq(a, b, n)                                              \
	ck_assert_msg(memcmp(a, b, n) == 0, "%s and %s differ", #a, #b)
#define ck_assert_mem_ne(a, b, n)                                              \
	ck_assert_msg(memcmp(a, b, n) != 0, "%s and %s are the same", #a, #b)

#endif /* S1INV_MINI_CHECK_H */
