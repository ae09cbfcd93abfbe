/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The audit and the cover once more, from the words of docs/spec.md: slow, page
 * by page or order by order, and with nothing of ref/.
 */
#ifndef S1INV_FUZZ_NAIVE_REQUEST_H
#define S1INV_FUZZ_NAIVE_REQUEST_H

#include <s1inv/s1inv.h>

/* Pages of the address space */
#define NAIVE_PAGES (UINT64_C(1) << 52)

enum { NAIVE_BLOCKS_MAX = 104 };

struct naive_cover {
	unsigned int num;
	struct s1inv_vtd_block block[NAIVE_BLOCKS_MAX];
};

/* @request: filled on success; without pages when it asks for nothing */
struct s1inv_verdict naive_audit(const struct s1inv_vtd_audit *how,
				 const struct s1inv_vtd_s1_entry *entry,
				 struct s1inv_vtd_request *request);

void naive_cover(struct naive_cover *cover,
		 const struct s1inv_vtd_request *request, enum s1inv_cover how);

#endif /* S1INV_FUZZ_NAIVE_REQUEST_H */
