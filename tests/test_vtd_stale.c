/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * REP-16, the property that all is for: after an entry was reported as handled
 * nothing of what it asked for is cached any more, in any cache behind any
 * unit. Random page tables, caches filled from them, random requests, targets,
 * orders of execution, devices that fetch again at once, and faults.
 *
 * A device that is reported as timed out (revision v8) may hold what it holds.
 * What was cached is known from here and looked for in the model's caches: the
 * core has no say in it.
 *
 * S1INV_SCENARIOS sets the number of scenarios, S1INV_SEED the first seed.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "rng.h"
#include "runner.h"
#include "vtd_rig.h"

#define LEAVES 24U
#define CALLS 3U
#define PARTS 8
#define SID 0x0100U

/* A leaf of the user's page table: 2^order pages */
struct leaf {
	uint64_t page;
	uint8_t order;
};

static struct vtd_rig v;
static struct leaf leaf[LEAVES];
static uint64_t seed;
static uint64_t scenario;
static bool faulty;

/* Check's own assertions tell of their success; that takes time. */
#define CHECK(cond, text)                                                      \
	do {                                                                   \
		if (!(cond))                                                   \
			ck_abort_msg("seed %" PRIu64 ": %s", scenario, text);  \
	} while (0)

static uint32_t below(uint32_t n)
{
	return rng_below(&seed, n);
}

static bool once_in(uint32_t n)
{
	return !below(n);
}

/* ------------------------------------------------------ a page table's life */

/* Leaves of all sizes, each size in GiBs of its own, many at a border */
static void make_leaves(void)
{
	static const uint8_t orders[] = { MODEL_4K, MODEL_4K, MODEL_2M,
					  MODEL_1G };
	uint32_t i;

	for (i = 0; i < LEAVES; i++) {
		uint8_t order = orders[below(4)];
		uint64_t gib = order * 64U + below(3);
		uint64_t nth = below(1U << (MODEL_1G - order));

		if (once_in(2)) /* from one GiB into the next */
			nth |= (1U << (MODEL_1G - order)) - 1U;
		else if (once_in(2)) /* at a border of 512 */
			nth = (nth & ~UINT64_C(0x1ff)) + below(2);
		leaf[i].order = order;
		leaf[i].page = (gib << MODEL_1G) + (nth << order);
	}
}

static uint32_t devtlb_pasid(const struct s1inv_vtd_target *t)
{
	return t->pasid ? t->pasid : MODEL_NO_PASID;
}

static void fill_target(uint32_t unit, const struct s1inv_vtd_target *t,
			const struct leaf *l)
{
	struct model_iotlb_entry iotlb = { .did = v.unit[unit].did,
					   .pasid = t->pasid,
					   .page = l->page,
					   .order = l->order,
					   .stage = MODEL_NESTED };
	struct model_devtlb_entry devtlb = { .sid = t->sid,
					     .pasid = devtlb_pasid(t),
					     .did = v.unit[unit].did,
					     .page = l->page,
					     .order = l->order };
	uint32_t order;

	if (t->cache == S1INV_VTD_DEVTLB) {
		model_unit_cache_devtlb(v.rig[unit].unit, &devtlb);
		return;
	}
	iotlb.stage = once_in(2) ? MODEL_NESTED : MODEL_FIRST_STAGE;
	model_unit_cache(v.rig[unit].unit, &iotlb);
	/* The structures that lead to it */
	iotlb.structure = true;
	for (order = l->order + 9U; order <= 27; order += 9) {
		iotlb.order = (uint8_t)order;
		iotlb.page = l->page >> order << order;
		model_unit_cache(v.rig[unit].unit, &iotlb);
	}
}

static void fill_caches(void)
{
	uint32_t unit, t, i;

	for (unit = 0; unit < v.table.unit_num; unit++) {
		model_unit_clear_caches(v.rig[unit].unit);
		for (t = 0; t < v.unit[unit].target_num; t++)
			for (i = 0; i < LEAVES; i++)
				fill_target(unit, &v.target[unit][t], &leaf[i]);
	}
}

/* ------------------------------------------------------------------ choices */

static void add_targets(uint32_t unit)
{
	uint32_t iotlbs = 1 + below(3);
	uint32_t devtlbs = below(4);
	uint32_t i;

	for (i = 0; i < iotlbs; i++)
		vtd_iotlb(&v, unit, i * 0x777);
	for (i = 0; i < devtlbs; i++)
		vtd_devtlb(&v, unit, below(iotlbs) * 0x777,
			   (uint16_t)(SID + unit * 16 + i))
			->twice = once_in(5);
}

static struct model_config any_config(void)
{
	struct model_config config = model_config_default();

	config.order = once_in(4) ? MODEL_IN_ORDER : MODEL_REORDER;
	config.depth = 1 + below(100);
	config.refill = once_in(2);
	config.seed = rng_next(&seed);
	config.steps_per_pause = once_in(2) ? 0 : 1 + below(20);
	config.ite_loss = once_in(2) ? MODEL_LOSE_ALL : MODEL_LOSE_SOME;
	config.no_resume = once_in(4);
	config.no_iqercd = once_in(6);
	config.dit = once_in(2);
	config.qs = once_in(2);
	if (once_in(4))
		config.am_bound = 18;
	return config;
}

static void begin(uint64_t from)
{
	struct model_config config;
	uint32_t i;

	scenario = from;
	seed = from;
	config = any_config();
	vtd_rig_start(&v, 1 + below(VTD_UNITS), &config);
	faulty = !once_in(3);
	v.table.audit.revision = once_in(2) ? S1INV_REVISION_LINUX :
					      S1INV_REVISION_V8;
	v.table.audit.policy = once_in(4) ? S1INV_AUDIT_STRICT :
					    S1INV_AUDIT_COMPATIBLE;
	v.table.cover = once_in(4) ? S1INV_COVER_EXACT : S1INV_COVER_TWO;
	v.table.blame = (enum s1inv_attribution)below(3);
	v.table.timeouts_max = (uint8_t)(1 + below(4));
	for (i = 0; i < v.table.unit_num; i++) {
		add_targets(i);
		v.unit[i].plain_fence = once_in(4);
		if (config.am_bound == 18)
			v.unit[i].am_max = 18;
	}
	make_leaves();
}

/* A leaf, several pages from it on, all, or what the audit refuses */
static void any_request(uint32_t i)
{
	const struct leaf *l = &leaf[below(LEAVES)];

	switch (below(12)) {
	case 0:
		vtd_set(&v, i, 0, VTD_ALL);
		break;
	case 1:
		vtd_set(&v, i, 0, UINT64_C(1) << 52);
		break;
	case 2:
		vtd_set(&v, i, l->page, UINT64_C(1) << below(52));
		break;
	case 3:
		vtd_set(&v, i, l->page, UINT64_MAX - 1);
		break;
	case 4:
	case 5:
		vtd_set(&v, i, l->page - below(600),
			(UINT64_C(1) << l->order) + 600 + below(600));
		break;
	case 6:
		vtd_set(&v, i, l->page, below(3));
		break;
	default:
		vtd_set(&v, i, l->page, UINT64_C(1) << l->order);
	}
	v.entry[i].flags = once_in(3);
	if (once_in(150))
		v.entry[i].addr |= 0x10;
	if (v.table.audit.revision == S1INV_REVISION_V8)
		v.entry[i].hw_error = (uint32_t)rng_next(&seed);
}

static void any_fault(void)
{
	struct model_unit *unit = v.rig[below(v.table.unit_num)].unit;
	uint16_t sid = (uint16_t)(SID + below(VTD_UNITS) * 16 + below(3));
	struct model_fault fault = { .kind = MODEL_FAULT_ITE,
				     .which = MODEL_NTH_DEVTLB,
				     .nth = below(100),
				     .sid = once_in(2) ? MODEL_ANY_SID : sid,
				     .times = 1 + below(4),
				     .iqei = 4,
				     .report = sid };

	if (once_in(3))
		fault.report = (uint16_t)(once_in(2) ? 0 : 0x7777);
	switch (below(6)) {
	case 0:
		fault.kind = MODEL_FAULT_IQE;
		fault.which = MODEL_NTH_FETCHED;
		fault.times = 1;
		if (once_in(8))
			fault.iqei = 7;
		break;
	case 1:
		fault.kind = MODEL_FAULT_ICE;
		break;
	case 2:
		fault.which = MODEL_NTH_FETCHED;
		break;
	case 3:
		model_unit_silence(unit, sid,
				   once_in(2) ? MODEL_FOREVER : below(9) + 1);
		return;
	case 4:
		model_unit_remove(unit, sid);
		return;
	default:
		break;
	}
	model_unit_add_fault(unit, &fault);
}

static uint64_t total(uint32_t status)
{
	uint64_t n = 0;
	uint32_t i;

	for (i = 0; i < v.table.unit_num; i++) {
		struct model_counts c = model_unit_counts(v.rig[i].unit);

		n += status == RIG_IQE ? c.iqe : 0;
		n += status == RIG_ITE ? c.ite : 0;
		n += status == RIG_ICE ? c.ice : 0;
	}
	return n;
}

/* ------------------------------------------------------------------- checks */

/* What an entry asks for, by the meaning of its words (AUD-6, -7, -11) */
static bool asks_for(const struct s1inv_vtd_s1_entry *e, uint64_t page,
		     uint8_t order, bool whole)
{
	uint64_t first = e->addr >> 12;
	uint64_t end = (UINT64_C(1) << 52) - first;
	uint64_t last;
	uint64_t size = UINT64_C(1) << order;

	if (e->npages == VTD_ALL)
		return true;
	if (!e->npages)
		return false;
	last = first + (e->npages < end ? e->npages : end) - 1;
	if (whole)
		return page >= first && page + size - 1 <= last;
	return page <= last && page + size - 1 >= first;
}

static bool has_target(uint32_t unit, enum s1inv_vtd_cache cache,
		       uint32_t pasid, uint16_t sid)
{
	uint32_t t;

	for (t = 0; t < v.unit[unit].target_num; t++) {
		const struct s1inv_vtd_target *to = &v.target[unit][t];

		if (to->cache == cache && to->pasid == pasid &&
		    (cache == S1INV_VTD_IOTLB || to->sid == sid))
			return true;
	}
	return false;
}

static void check_iotlb(uint32_t unit, const struct s1inv_vtd_s1_entry *e)
{
	struct model_unit *u = v.rig[unit].unit;
	size_t i;

	for (i = 0; i < model_unit_cached(u); i++) {
		const struct model_iotlb_entry *c = model_unit_cached_at(u, i);

		CHECK(has_target(unit, S1INV_VTD_IOTLB, c->pasid, 0),
		      "an entry from nowhere");
		if (c->structure) /* LEAF leaves those alone */
			CHECK(e->flags ||
				      !asks_for(e, c->page, c->order, false),
			      "a structure is cached still");
		else
			CHECK(!asks_for(e, c->page, c->order, true),
			      "the IOTLB holds it still");
	}
}

static void check_devtlb(uint32_t unit, const struct s1inv_vtd_s1_entry *e)
{
	struct model_unit *u = v.rig[unit].unit;
	size_t i;

	for (i = 0; i < model_unit_cached_devtlb(u); i++) {
		const struct model_devtlb_entry *c =
			model_unit_cached_devtlb_at(u, i);

		CHECK(!asks_for(e, c->page, c->order, true),
		      "a device TLB holds it still");
	}
}

/* What user space may conclude from the result */
static void check_handled(void)
{
	bool v8 = v.table.audit.revision == S1INV_REVISION_V8;
	uint32_t unit, i;

	for (i = 0; i < v.handled; i++) {
		const struct s1inv_vtd_s1_entry *e = &v.entry[i];

		for (unit = 0; unit < v.table.unit_num; unit++) {
			check_iotlb(unit, e);
			if (!v8 || !(e->hw_error & VTD_ITE))
				check_devtlb(unit, e);
		}
		if (!v8)
			continue;
		CHECK(!(e->hw_error & ~(VTD_ICE | VTD_ITE)),
		      "junk in hw_error");
		CHECK(!(e->hw_error & VTD_ITE) || total(RIG_ITE),
		      "ITE without an ITE");
		CHECK(!(e->hw_error & VTD_ICE) || total(RIG_ICE),
		      "ICE without an ICE");
	}
}

static void check_result(uint32_t n)
{
	switch (v.error) {
	case 0:
		CHECK(v.handled == n, "success for a part only");
		return;
	case -S1INV_EIO:
		CHECK(total(RIG_IQE), "EIO without an IQE");
		break;
	case -S1INV_ETIMEDOUT:
		CHECK(v.rule == S1INV_RULE_REP_8 || v.rule == S1INV_RULE_REP_15,
		      "ETIMEDOUT by another rule");
		CHECK(v.rule == S1INV_RULE_REP_15 || total(RIG_ITE),
		      "ETIMEDOUT without an ITE");
		CHECK(v.rule == S1INV_RULE_REP_8 || !v.budget.left,
		      "ETIMEDOUT with time left");
		break;
	default:
		CHECK(v.error == -S1INV_EINVAL || v.error == -S1INV_EOPNOTSUPP,
		      "another errno");
	}
	CHECK(v.handled < n, "an error for nothing");
}

static void check_units(void)
{
	uint32_t i;
	int kind;

	for (i = 0; i < v.table.unit_num; i++)
		for (kind = 0; kind < MODEL_ERROR_KINDS; kind++) {
			enum model_error e = (enum model_error)kind;

			/* What a time-out left pending, as in sharing */
			if (e == MODEL_ERROR_SLOT_BUSY && total(RIG_ITE))
				continue;
			CHECK(!model_unit_error(v.rig[i].unit, e),
			      model_error_name(e));
		}
}

static void call(void)
{
	uint32_t n = 1 + below(once_in(4) ? 100 : 10);
	uint32_t i;

	fill_caches();
	for (i = 0; i < n; i++)
		any_request(i);
	for (i = below(5); faulty && i; i--)
		any_fault();
	(void)rig_budget_set(&v.budget, once_in(10) ? below(300) : UINT32_MAX);
	vtd_call(&v, n);
	check_result(n);
	check_handled();
	check_units();
	if (faulty || v.error == -S1INV_ETIMEDOUT)
		return;
	CHECK(v.error != -S1INV_EIO, "a fault from nowhere");
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

START_TEST(rep_16_nothing_stale_behind_success)
{
	uint64_t n = from_environment("S1INV_SCENARIOS", 800);
	uint64_t first = from_environment("S1INV_SEED", 1);
	uint64_t k;
	uint32_t i;

	for (k = (uint64_t)_i; k < n; k += PARTS) {
		begin(first + k);
		for (i = 0; i < CALLS; i++)
			call();
	}
	vtd_rig_stop(&v);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vtd_stale");
	TCase *tcase = tcase_create("scenarios");

	tcase_set_timeout(tcase, 600);
	tcase_add_loop_test(tcase, rep_16_nothing_stale_behind_success, 0,
			    PARTS);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
