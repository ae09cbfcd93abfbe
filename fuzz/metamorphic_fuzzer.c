/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Two calls that must come to the same, whatever that is: an array in one piece
 * and in several, in another order, with a longer command of zeros, with other
 * attributions, revisions and covers. No faults, and no interpretation of the
 * rules: what is compared is the core with itself. Its format is that of
 * scene_format.h.
 */
#include <string.h>

#include "scene.h"
#include "scene_format.h"

const struct fuzz_format *const fuzz_target_format = &metamorphic_format;

/**
 * struct digest - what a call came to
 * @error: its errno
 * @handled: its count
 * @descs: per unit, how many invalidation descriptors were executed
 * @sum: per unit, a sum over them that does not depend on their order
 * @iotlb: per unit, entries that IOTLB and structure caches still hold
 * @devtlb: per unit, entries that device TLBs still hold
 * @mock: the self-test's page table
 */
struct digest {
	int error;
	uint32_t handled;
	uint64_t descs[SCENE_UNITS];
	uint64_t sum[SCENE_UNITS];
	size_t iotlb[SCENE_UNITS];
	size_t devtlb[SCENE_UNITS];
	uint32_t mock[S1INV_SELFTEST_IDS];
};

static struct stage stage;

FUZZ_ORACLE_BEGIN

static uint64_t mix(uint64_t v)
{
	v = (v ^ v >> 32) * UINT64_C(0x9e3779b97f4a7c15);
	return v ^ v >> 29;
}

static void digest_log(struct digest *d, uint32_t unit)
{
	const struct model_unit *u = stage.unit[unit].model;
	size_t i;

	for (i = 0; i < model_unit_log_len(u); i++) {
		const struct model_record *r = model_unit_log(u, i);

		FUZZ_ASSERT(r->fate == MODEL_DONE, "everything is executed");
		if ((r->qw[0] & 0xe0fU) == 0x5U)
			continue;
		d->descs[unit]++;
		d->sum[unit] += mix(mix(r->qw[0]) + r->qw[1]);
	}
	d->iotlb[unit] = model_unit_cached(u);
	d->devtlb[unit] = model_unit_cached_devtlb(u);
}

/* What the call on the stage came to */
static void take_digest(struct digest *d)
{
	uint32_t i;

	memset(d->descs, 0, sizeof(d->descs));
	memset(d->sum, 0, sizeof(d->sum));
	memcpy(d->mock, stage.mock.iotlb, sizeof(d->mock));
	for (i = 0; i < stage.scene->table.unit_num; i++)
		digest_log(d, i);
	stage_check_units(&stage);
}

static void check_same_result(const struct digest *a, const struct digest *b)
{
	FUZZ_ASSERT(a->error == b->error, "the same errno");
	FUZZ_ASSERT(a->handled == b->handled, "the same count");
}

static void check_same_work(const struct digest *a, const struct digest *b)
{
	uint32_t i;

	for (i = 0; i < stage.scene->table.unit_num; i++) {
		FUZZ_ASSERT(a->descs[i] == b->descs[i] &&
				    a->sum[i] == b->sum[i],
			    "the same descriptors");
		FUZZ_ASSERT(a->iotlb[i] == b->iotlb[i] &&
				    a->devtlb[i] == b->devtlb[i],
			    "the same is left in the caches");
	}
	FUZZ_ASSERT(!memcmp(a->mock, b->mock, sizeof(a->mock)),
		    "the same is left of the self-test's page table");
}

FUZZ_ORACLE_END

/* ------------------------------------------------------------------- calls */

static void whole(const struct scene *scene, struct digest *d)
{
	stage_start(&stage, scene);
	d->error = stage_walk(&stage, 0, UINT32_MAX, &d->handled);
	take_digest(d);
}

/* Pieces of @len entries, until one fails */
static void in_pieces(const struct scene *scene, uint32_t len, struct digest *d)
{
	uint32_t handled;

	stage_start(&stage, scene);
	d->handled = 0;
	do {
		d->error = stage_walk(&stage, d->handled, len, &handled);
		d->handled += handled;
	} while (!d->error && d->handled < scene->cmd.entry_num);
	take_digest(d);
}

static void command(const struct scene *scene, struct digest *d)
{
	struct s1inv_report report;

	memset(&report, 0xa5, sizeof(report));
	stage_start(&stage, scene);
	d->error = stage_command(&stage, &report);
	d->handled = report.handled;
	take_digest(d);
}

/* --------------------------------------------------------------- relations */

/*
 * Whether a hw_error that cannot be written (REP-7) leaves work behind it done
 * or undone depends on the pieces.
 */
static void check_pieces(const struct scene *scene, uint32_t len)
{
	struct digest a, b;
	bool all_written;

	whole(scene, &a);
	all_written = stage.hw_failed == UINT32_MAX;
	in_pieces(scene, len, &b);
	check_same_result(&a, &b);
	if (all_written)
		check_same_work(&a, &b);
}

/* What stands behind an entry that is refused is not looked at. */
static void check_rotated(struct scene *scene, uint32_t by)
{
	struct s1inv_vtd_s1_entry entry[SCENE_ENTRIES];
	uint32_t n = scene->entries;
	struct digest a, b;
	uint32_t i;

	if (scene->cmd.entry_num != n) /* others would come into the array */
		return;
	whole(scene, &a);
	memcpy(entry, scene->entry, n * sizeof(entry[0]));
	for (i = 0; i < n; i++)
		scene->entry[i] = entry[(i + by) % n];
	whole(scene, &b);
	FUZZ_ASSERT(!a.error == !b.error, "refused in one order and another");
	if (a.error)
		return;
	check_same_result(&a, &b);
	for (i = 0; i < scene->table.unit_num; i++)
		FUZZ_ASSERT(a.descs[i] == b.descs[i] && a.sum[i] == b.sum[i],
			    "the same descriptors in any order of entries");
}

/*
 * CMD-3: a longer command whose tail is zero is the short one, where there is
 * room for it before the end of the address space.
 */
static void check_padded(struct scene *scene, uint32_t by)
{
	struct digest a, b;

	if (UINT64_MAX - scene->cmd_at < sizeof(scene->cmd) + by)
		return;
	scene->cmd.size = sizeof(scene->cmd);
	command(scene, &a);
	scene->cmd.size += by;
	command(scene, &b);
	check_same_result(&a, &b);
	check_same_work(&a, &b);
}

static void check_attribution(struct scene *scene, uint32_t other)
{
	struct digest a, b;

	whole(scene, &a);
	scene->table.blame = (enum s1inv_attribution)(other % 3U);
	whole(scene, &b);
	check_same_result(&a, &b);
	check_same_work(&a, &b);
}

/* A v8 whose hw_error is 0 is the other revision, if it can be written. */
static void check_revisions(struct scene *scene)
{
	struct digest a, b;
	uint32_t i;

	for (i = 0; i < scene->entries; i++)
		scene->entry[i].hw_error = 0;
	scene->table.audit.revision = S1INV_REVISION_LINUX;
	whole(scene, &a);
	scene->table.audit.revision = S1INV_REVISION_V8;
	whole(scene, &b);
	if (stage.hw_failed != UINT32_MAX)
		return;
	check_same_result(&a, &b);
	check_same_work(&a, &b);
}

/* The exact cover leaves no less in the caches than that of two blocks. */
static void check_covers(struct scene *scene)
{
	struct digest a, b;
	uint32_t i;

	scene->table.cover = S1INV_COVER_TWO;
	whole(scene, &a);
	scene->table.cover = S1INV_COVER_EXACT;
	whole(scene, &b);
	check_same_result(&a, &b);
	for (i = 0; i < scene->table.unit_num; i++)
		FUZZ_ASSERT(a.iotlb[i] <= b.iotlb[i] &&
				    a.devtlb[i] <= b.devtlb[i],
			    "two blocks cover what the exact ones do (COV-1)");
}

/* ---------------------------------------------------------------- the whole */

/* A quiet scene: a memory that stays as it is, and units without faults */
static void calm_down(struct scene *scene, bool still)
{
	uint32_t kept = 0;
	uint32_t i;

	scene->troubles = 0;
	scene->header[SCENE_BUDGET] = 0;
	scene->header[SCENE_HARDWARE] &=
		~(uint64_t)(SCENE_AM_BOUND | SCENE_NO_PLAIN_WAIT);
	for (i = 0; i < scene->events; i++)
		if (still && (scene->event[i].what == SCENE_HOLE_IN_ARRAY ||
			      scene->event[i].what == SCENE_ARRAY_READ_ONLY))
			scene->event[kept++] = scene->event[i];
	scene->events = kept;
	memset(scene->trail, 0, sizeof(scene->trail));
}

static void compare(struct scene *scene)
{
	uint32_t point = (uint32_t)scene->header[SCENE_POINT];
	enum scene_relation relation =
		(enum scene_relation)scene->header[SCENE_RELATION];

	calm_down(scene, relation != SCENE_ROTATED);
	switch (relation) {
	case SCENE_SPLIT:
		check_pieces(scene, 1U + point % SCENE_ENTRIES);
		break;
	case SCENE_ONE_BY_ONE:
		check_pieces(scene, 1);
		break;
	case SCENE_ROTATED:
		check_rotated(scene, point);
		break;
	case SCENE_PADDED:
		check_padded(scene, point % SCENE_TRAIL);
		break;
	case SCENE_ATTRIBUTION:
		check_attribution(scene, point);
		break;
	case SCENE_REVISIONS:
		check_revisions(scene);
		break;
	case SCENE_COVERS:
	default:
		check_covers(scene);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct scene scene;

	scene_read(&scene, &metamorphic_format, data, size);
	compare(&scene);
	return 0;
}
