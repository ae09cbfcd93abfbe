/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A page table of the backend on up to three units of the model, and a user's
 * array of entries, for tests of s1inv_walk() and s1inv_command() with VT-d.
 */
#ifndef S1INV_TESTS_VTD_RIG_H
#define S1INV_TESTS_VTD_RIG_H

#include "queue_rig.h"

#define VTD_UNITS 3U
#define VTD_TARGETS 20U
#define VTD_ENTRIES 512U
#define VTD_ARRAY UINT64_C(0x7f0000001000)
#define VTD_ENTRY 24U
#define VTD_ALL UINT64_MAX

/* hw_error of revision v8 */
#define VTD_ICE 1U
#define VTD_ITE 2U

/**
 * struct vtd_rig - a page table, its units, and a call
 * @rig: the units
 * @unit: as the core sees them
 * @target: their targets
 * @table: the page table
 * @scratch: its scratch memory
 * @budget: for calls that have one
 * @user: the user's memory
 * @entry: the array; after a call as it stands in user memory
 * @handled: of the last call
 * @error: of the last call
 * @rule: of the last call
 */
struct vtd_rig {
	struct rig rig[VTD_UNITS];
	struct s1inv_vtd_unit unit[VTD_UNITS];
	struct s1inv_vtd_target target[VTD_UNITS][VTD_TARGETS];
	struct s1inv_vtd_table table;
	struct s1inv_vtd_scratch scratch;
	struct rig_budget budget;
	struct model_user *user;
	struct s1inv_vtd_s1_entry entry[VTD_ENTRIES];
	uint32_t handled;
	int error;
	enum s1inv_rule rule;
};

/** vtd_rig_start() - @units units like @config, with no targets yet */
static inline void vtd_rig_start(struct vtd_rig *v, uint32_t units,
				 const struct model_config *config)
{
	struct model_config c = *config;
	uint32_t i;

	c.locked = true;
	for (i = 0; i < units; i++) {
		c.seed++;
		rig_start(&v->rig[i], &c);
		v->unit[i] = (struct s1inv_vtd_unit){
			.queue = &v->rig[i].queue,
			.targets = v->target[i],
			.did = (uint16_t)(0x10 + i),
			.am_max = S1INV_VTD_AM_MAX,
			.dit = c.dit,
			.te = true,
		};
	}
	if (!v->user)
		v->user = model_user_create();
	memset(&v->scratch, 0xa5, sizeof(v->scratch));
	memset(v->entry, 0, sizeof(v->entry));
	v->table = (struct s1inv_vtd_table){
		.audit = { S1INV_REVISION_LINUX, S1INV_AUDIT_COMPATIBLE, 57 },
		.cover = S1INV_COVER_TWO,
		.blame = S1INV_BLAME_ALL,
		.timeouts_max = S1INV_VTD_TIMEOUTS_MAX,
		.waiter = rig_budget_set(&v->budget, UINT32_MAX),
		.units = v->unit,
		.unit_num = units,
		.scratch = &v->scratch,
	};
}

/** vtd_rig_check() - has the core done anything that it must not do? */
static inline void vtd_rig_check(const struct vtd_rig *v)
{
	uint32_t i;

	for (i = 0; i < VTD_UNITS; i++)
		if (v->rig[i].unit)
			rig_check(&v->rig[i]);
}

/** vtd_rig_stop() - give everything back */
static inline void vtd_rig_stop(struct vtd_rig *v)
{
	uint32_t i;

	for (i = 0; i < VTD_UNITS; i++)
		rig_stop(&v->rig[i]);
	model_user_destroy(v->user);
	v->user = NULL;
}

/** vtd_add() - one more target on unit @i */
static inline struct s1inv_vtd_target *vtd_add(struct vtd_rig *v, uint32_t i,
					       enum s1inv_vtd_cache cache,
					       uint32_t pasid, uint16_t sid)
{
	struct s1inv_vtd_target *t = &v->target[i][v->unit[i].target_num++];

	*t = (struct s1inv_vtd_target){
		.cache = cache, .pasid = pasid, .sid = sid, .pfsid = sid
	};
	return t;
}

/** vtd_iotlb() - an IOTLB target */
static inline void vtd_iotlb(struct vtd_rig *v, uint32_t i, uint32_t pasid)
{
	(void)vtd_add(v, i, S1INV_VTD_IOTLB, pasid, 0);
}

/** vtd_devtlb() - a device-TLB target */
static inline struct s1inv_vtd_target *vtd_devtlb(struct vtd_rig *v, uint32_t i,
						  uint32_t pasid, uint16_t sid)
{
	return vtd_add(v, i, S1INV_VTD_DEVTLB, pasid, sid);
}

/** vtd_set() - entry @i: @npages pages from page @page on */
static inline void vtd_set(struct vtd_rig *v, uint32_t i, uint64_t page,
			   uint64_t npages)
{
	v->entry[i] = (struct s1inv_vtd_s1_entry){ .addr = page << 12,
						   .npages = npages };
}

/** vtd_map() - put the first @n entries into a fresh user memory */
static inline void vtd_map(struct vtd_rig *v, uint32_t n)
{
	model_user_reset(v->user);
	ck_assert(model_user_add(v->user, VTD_ARRAY, v->entry, n * VTD_ENTRY,
				 MODEL_READ_WRITE));
}

/** vtd_walk() - the call, on memory that vtd_map() made */
static inline void vtd_walk(struct vtd_rig *v, uint32_t n)
{
	const struct s1inv_array array = { VTD_ARRAY, VTD_ENTRY, n };
	struct s1inv_env_user env;
	struct s1inv_backend backend;
	struct s1inv_verdict verdict;

	ck_assert_int_eq(s1inv_vtd_begin(&v->table, &backend), 0);
	model_user_env(v->user, &env);
	v->handled = UINT32_MAX;
	verdict = s1inv_walk(&backend, &env, &array, 0, n, &v->handled);
	v->error = verdict.error;
	v->rule = verdict.rule;
	(void)model_user_peek(v->user, VTD_ARRAY, v->entry, n * VTD_ENTRY);
}

/** vtd_call() - a call with the first @n entries */
static inline void vtd_call(struct vtd_rig *v, uint32_t n)
{
	vtd_map(v, n);
	vtd_walk(v, n);
}

/** vtd_expect() - how the last call ended */
static inline void vtd_expect(const struct vtd_rig *v, uint32_t handled,
			      int error, enum s1inv_rule rule)
{
	ck_assert_uint_eq(v->handled, handled);
	ck_assert_int_eq(v->error, error);
	ck_assert_int_eq((int)v->rule, (int)rule);
}

/** vtd_expect_ok() - all @n entries are handled */
static inline void vtd_expect_ok(const struct vtd_rig *v, uint32_t n)
{
	vtd_expect(v, n, 0, S1INV_RULE_NONE);
}

#endif /* S1INV_TESTS_VTD_RIG_H */
