/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What every test program has in common: its main() builds one suite of Check
 * and returns run_suite().
 *
 *	int main(void)
 *	{
 *		return run_suite(names_suite());
 *	}
 */
#ifndef S1INV_TESTS_RUNNER_H
#define S1INV_TESTS_RUNNER_H

#include <check.h>
#include <stdlib.h>

/** run_suite() - run @suite as the environment asks (CK_*), and free it */
static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif /* S1INV_TESTS_RUNNER_H */
