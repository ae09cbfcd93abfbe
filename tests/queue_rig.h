/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A queue of the core on a unit of the model, for tests of the queue and of
 * the backend. Descriptors are made from the bit positions of the tables in
 * VT-d 6.5.2, not by the core's encoder.
 */
#ifndef S1INV_TESTS_QUEUE_RIG_H
#define S1INV_TESTS_QUEUE_RIG_H

#include <check.h>
#include <string.h>

#include <s1inv/s1inv.h>

#include "model.h"

#define RIG_RING UINT64_C(0x100000000)
#define RIG_STATUS UINT64_C(0x200000000)
#define RIG_USER UINT64_C(0x300000000)
#define RIG_SLOTS 256U
#define RIG_USER_WORDS 64U
/* More steps than any honest run of a test takes. */
#define RIG_STEPS 100000U

#define RIG_IQE S1INV_VTD_FSTS_IQE
#define RIG_ICE S1INV_VTD_FSTS_ICE
#define RIG_ITE S1INV_VTD_FSTS_ITE

/**
 * struct rig_budget - a budget of so many questions
 * @left: how often may_wait() still says yes
 * @env: as the core wants it
 */
struct rig_budget {
	uint32_t left;
	struct s1inv_env_waiter env;
};

/**
 * struct rig - one unit
 * @unit: the model; kept over rig_start()
 * @dev: its registers
 * @queue: the producer under test
 * @ring: descriptors
 * @status: the queue's status words
 * @user: status words of other users' waits, at RIG_USER
 * @state: the queue's marks
 */
struct rig {
	struct model_unit *unit;
	struct s1inv_env_dev dev;
	struct s1inv_vtd_queue queue;
	s1inv_le64 ring[RIG_SLOTS * 4U];
	s1inv_le32 status[RIG_SLOTS];
	s1inv_le32 user[RIG_USER_WORDS];
	uint8_t state[RIG_SLOTS];
};

/* -------------------------------------------------------------- the rig */

/** rig_slots() - size of the ring of @config */
static inline uint32_t rig_slots(const struct model_config *config)
{
	return 1U << (config->qs + (config->wide ? 7U : 8U));
}

/** rig_map() - let a fresh unit see the rig's memory, and enable its queue */
static inline void rig_map(struct rig *rig)
{
	model_unit_map(rig->unit, RIG_RING, rig->ring, sizeof(rig->ring));
	model_unit_map(rig->unit, RIG_STATUS, rig->status, sizeof(rig->status));
	model_unit_map(rig->unit, RIG_USER, rig->user, sizeof(rig->user));
	model_unit_enable(rig->unit);
	model_unit_env(rig->unit, &rig->dev);
}

/** rig_start() - begin anew: an empty queue on the unit that @config says */
static inline void rig_start(struct rig *rig, const struct model_config *config)
{
	struct model_config c = *config;

	c.ring = RIG_RING;
	memset(rig->ring, 0, sizeof(rig->ring));
	memset(rig->status, 0, sizeof(rig->status));
	memset(rig->user, 0, sizeof(rig->user));
	memset(rig->state, 0, sizeof(rig->state));
	if (rig->unit)
		model_unit_reset(rig->unit, &c);
	else
		rig->unit = model_unit_create(&c);
	rig_map(rig);
	rig->queue = (struct s1inv_vtd_queue){ .dev = &rig->dev,
					       .ring = rig->ring,
					       .status = rig->status,
					       .state = rig->state,
					       .status_addr = RIG_STATUS,
					       .slots = rig_slots(&c),
					       .wide = c.wide };
	rig->dev.lock(rig->dev.ctx);
	ck_assert_int_eq(s1inv_vtd_queue_init(&rig->queue), 0);
	rig->dev.unlock(rig->dev.ctx);
}

/** rig_stop() - give the unit back */
static inline void rig_stop(struct rig *rig)
{
	model_unit_destroy(rig->unit);
	rig->unit = NULL;
}

/** rig_reset() - disable the queue, reset it, and enable it (QUE-16) */
static inline void rig_reset(struct rig *rig)
{
	model_unit_disable(rig->unit);
	s1inv_vtd_queue_reset(&rig->queue);
	model_unit_enable(rig->unit);
}

/** rig_check() - has the producer done anything that it must not do? */
static inline void rig_check(const struct rig *rig)
{
	int kind;

	for (kind = 0; kind < MODEL_ERROR_KINDS; kind++)
		ck_assert_msg(
			!model_unit_error(rig->unit, (enum model_error)kind),
			"model error: %s",
			model_error_name((enum model_error)kind));
}

static inline bool rig_may_wait(void *ctx)
{
	struct rig_budget *budget = ctx;

	if (!budget->left)
		return false;
	budget->left--;
	return true;
}

/** rig_budget_set() - a budget of @left questions */
static inline const struct s1inv_env_waiter *
rig_budget_set(struct rig_budget *budget, uint32_t left)
{
	budget->left = left;
	budget->env = (struct s1inv_env_waiter){ budget, rig_may_wait };
	return &budget->env;
}

/* --------------------------------------------- descriptors (VT-d 6.5.2) */

/** rig_desc() - a descriptor from its two quadwords */
static inline struct s1inv_vtd_desc rig_desc(uint64_t qw0, uint64_t qw1)
{
	return (struct s1inv_vtd_desc){ { qw0, qw1, 0, 0 } };
}

/** rig_piotlb() - type 6, G 11, one page, or G 10 for an order of 52 */
static inline struct s1inv_vtd_desc rig_piotlb(uint16_t did, uint32_t pasid,
					       uint64_t page, uint8_t order)
{
	uint64_t qw0 = 0x6U | (uint64_t)did << 16 | (uint64_t)pasid << 32;

	if (order == 52)
		return rig_desc(qw0 | 0x20U, 0);
	return rig_desc(qw0 | 0x30U, page << 12 | order);
}

/** rig_iotlb() - type 2, of a whole domain, with both drains */
static inline struct s1inv_vtd_desc rig_iotlb(uint16_t did)
{
	return rig_desc(0xe2U | (uint64_t)did << 16, 0);
}

/** rig_iec() - type 4, global */
static inline struct s1inv_vtd_desc rig_iec(void)
{
	return rig_desc(0x4U, 0);
}

/** rig_devtlb() - type 3 for one page of @sid */
static inline struct s1inv_vtd_desc rig_devtlb(uint16_t sid, uint64_t page)
{
	return rig_desc(0x3U | (uint64_t)sid << 32, page << 12);
}

/** rig_pdevtlb() - type 8 for one page of @sid under @pasid */
static inline struct s1inv_vtd_desc rig_pdevtlb(uint16_t sid, uint32_t pasid,
						uint64_t page)
{
	return rig_desc(0x8U | (uint64_t)sid << 16 | (uint64_t)pasid << 32,
			page << 12);
}

/* Flags of a wait (VT-d 6.5.2.9) */
#define RIG_WAIT_IF 0x10U
#define RIG_WAIT_SW 0x20U
#define RIG_WAIT_FN 0x40U
#define RIG_WAIT_PD 0x80U

/** rig_wait() - type 5, with a status word of the user's */
static inline struct s1inv_vtd_desc rig_wait(uint32_t flags, uint32_t word,
					     uint32_t data)
{
	if (!(flags & RIG_WAIT_SW))
		return rig_desc(0x5U | flags, 0);
	return rig_desc(0x5U | flags | (uint64_t)data << 32,
			RIG_USER + (uint64_t)word * 4U);
}

/** rig_is_wait() - is it a wait? */
static inline bool rig_is_wait(const uint64_t *qw)
{
	return (qw[0] & 0xe0fU) == 0x5U;
}

/** rig_sid() - requester of a device-TLB descriptor, or -1 */
static inline int32_t rig_sid(const uint64_t *qw)
{
	switch (qw[0] & 0xe0fU) {
	case 0x3U:
		return (uint16_t)(qw[0] >> 32);
	case 0x8U:
		return (uint16_t)(qw[0] >> 16);
	default:
		return -1;
	}
}

/* ---------------------------------------------------------- submissions */

/** rig_submission() - @num descriptors, with a budget or NULL */
static inline void rig_submission(struct s1inv_vtd_submission *sub,
				  const struct s1inv_vtd_desc *descs,
				  uint32_t num,
				  const struct s1inv_env_waiter *budget)
{
	memset(sub, 0xa5, sizeof(*sub));
	sub->descs = descs;
	sub->num = num;
	sub->fence = S1INV_VTD_NO_FENCE;
	sub->drain = false;
	sub->may_refuse = budget != NULL;
	sub->waiter = budget;
	s1inv_vtd_submission_init(sub);
}

/** rig_drain() - let the final wait of @sub, not yet started, drain */
static inline void rig_drain(struct s1inv_vtd_submission *sub)
{
	sub->drain = true;
	s1inv_vtd_submission_init(sub);
}

/** rig_set() - a set of the lowest 64 descriptors as a number */
static inline uint64_t rig_set(const struct s1inv_vtd_set *set)
{
	ck_assert_uint_eq(set->word[1], 0);
	return set->word[0];
}

/** rig_expect() - the four sets, of submissions of up to 64 descriptors */
static inline void rig_expect(const struct s1inv_vtd_submission *sub,
			      uint64_t undone, uint64_t refused,
			      uint64_t timedout, uint64_t ice)
{
	ck_assert_uint_eq(rig_set(&sub->undone), undone);
	ck_assert_uint_eq(rig_set(&sub->refused), refused);
	ck_assert_uint_eq(rig_set(&sub->timedout), timedout);
	ck_assert_uint_eq(rig_set(&sub->ice), ice);
}

/**
 * rig_finish() - poll and start @sub, which is in the ring, until it is done
 *
 * Return: DONE or BROKEN. The unit runs until idle between two polls.
 */
static inline enum s1inv_vtd_poll rig_finish(struct rig *rig,
					     struct s1inv_vtd_submission *sub)
{
	uint32_t i;

	for (i = 0; i < RIG_STEPS; i++) {
		enum s1inv_vtd_poll p;

		(void)model_unit_run(rig->unit);
		p = s1inv_vtd_queue_poll(&rig->queue, sub);
		if (p == S1INV_VTD_DONE || p == S1INV_VTD_BROKEN)
			return p;
		if (p == S1INV_VTD_AGAIN)
			ck_assert_int_eq(
				s1inv_vtd_queue_start(&rig->queue, sub), 0);
	}
	ck_abort_msg("a submission does not end");
	return S1INV_VTD_BROKEN;
}

/** rig_go() - start @sub and bring it to its end */
static inline enum s1inv_vtd_poll rig_go(struct rig *rig,
					 struct s1inv_vtd_submission *sub)
{
	ck_assert_int_eq(s1inv_vtd_queue_start(&rig->queue, sub), 0);
	return rig_finish(rig, sub);
}

/* --------------------------------------------------- what the unit has seen */

/** rig_fault() - let a fault happen */
static inline void rig_fault(struct rig *rig, enum model_fault_kind kind,
			     enum model_fault_which which, uint32_t nth,
			     uint8_t iqei, uint16_t report)
{
	const struct model_fault fault = { .kind = kind,
					   .which = which,
					   .nth = nth,
					   .sid = MODEL_ANY_SID,
					   .times = 1,
					   .iqei = iqei,
					   .report = report };

	model_unit_add_fault(rig->unit, &fault);
}

/** rig_fault_sid() - a fault that strikes device-TLB descriptors of @sid */
static inline void rig_fault_sid(struct rig *rig, enum model_fault_kind kind,
				 uint16_t sid, uint32_t nth, uint32_t times,
				 uint16_t report)
{
	const struct model_fault fault = { .kind = kind,
					   .which = MODEL_NTH_DEVTLB,
					   .nth = nth,
					   .sid = sid,
					   .times = times,
					   .report = report };

	model_unit_add_fault(rig->unit, &fault);
}

/** rig_executed() - how often was exactly this descriptor executed? */
static inline uint32_t rig_executed(const struct rig *rig,
				    const struct s1inv_vtd_desc *desc)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < model_unit_log_len(rig->unit); i++) {
		const struct model_record *r = model_unit_log(rig->unit, i);

		n += r->fate == MODEL_DONE && r->qw[0] == desc->qw[0] &&
		     r->qw[1] == desc->qw[1];
	}
	return n;
}

/** rig_when() - place in the order of executions of the last one of @desc */
static inline uint64_t rig_when(const struct rig *rig,
				const struct s1inv_vtd_desc *desc)
{
	uint64_t when = 0;
	size_t i;

	for (i = 0; i < model_unit_log_len(rig->unit); i++) {
		const struct model_record *r = model_unit_log(rig->unit, i);

		if (r->fate == MODEL_DONE && r->qw[0] == desc->qw[0] &&
		    r->qw[1] == desc->qw[1])
			when = r->when;
	}
	return when;
}

#endif /* S1INV_TESTS_QUEUE_RIG_H */
