/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What an integrator with locks of its own builds around the VT-d backend and
 * the queue: the patterns of docs/porting.md, which shows them piece by piece.
 */
#ifndef S1INV_TESTS_PORTING_KERNEL_H
#define S1INV_TESTS_PORTING_KERNEL_H

#include <s1inv/s1inv.h>

/**
 * struct kernel_domain - a page table and where it is attached
 * @lock: guards @units and @unit_num, and the targets in them
 * @unlock: gives it back
 * @ctx: handed to both
 * @units: the units through which it is attached now
 * @unit_num: how many
 */
struct kernel_domain {
	void (*lock)(void *ctx);
	void (*unlock)(void *ctx);
	void *ctx;
	const struct s1inv_vtd_unit *units;
	uint32_t unit_num;
};

/**
 * struct kernel_call - one call for a page table
 * @domain: the page table
 * @table: how to serve it; its units are filled in for each chunk
 * @inner: the VT-d backend
 * @ops: that one's operations with a lock around submit
 */
struct kernel_call {
	struct kernel_domain *domain;
	struct s1inv_vtd_table table;
	struct s1inv_backend inner;
	struct s1inv_backend_ops ops;
};

/** kernel_begin() - make @call ready, as @backend; as s1inv_vtd_begin() */
int kernel_begin(struct kernel_call *call, struct s1inv_backend *backend);

/** kernel_drain() - wait until nothing in the ring is for @sid */
void kernel_drain(struct s1inv_vtd_queue *queue, uint16_t sid);

/**
 * kernel_invalidate() - invalidate, and return only when it is done
 * @queue: the queue
 * @descs: what to send
 * @num: how many
 * @reset: disable and enable the ring, and call s1inv_vtd_queue_reset()
 *
 * Return: -EIO when hardware refused a descriptor; nobody can wait for that.
 */
int kernel_invalidate(struct s1inv_vtd_queue *queue,
		      const struct s1inv_vtd_desc *descs, uint32_t num,
		      void (*reset)(struct s1inv_vtd_queue *queue));

#endif /* S1INV_TESTS_PORTING_KERNEL_H */
