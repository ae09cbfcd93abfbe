/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The least that an installed s1inv must allow: include, link, call. */
#include <s1inv/s1inv.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	return strcmp(s1inv_rule_name(S1INV_RULE_AUD_3), "AUD-3") == 0 ?
		       EXIT_SUCCESS :
		       EXIT_FAILURE;
}
