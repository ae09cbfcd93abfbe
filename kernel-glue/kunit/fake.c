// SPDX-License-Identifier: GPL-2.0-only
/* A fake IOMMU unit; see fake.h. */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/kthread.h>

#include <stdlib.h>

#include "fake.h"

#define RING_BYTES (QI_LENGTH * sizeof(struct qi_desc))
#define STATUS_BYTES (QI_LENGTH * sizeof(int))
/* For all that the model remembers of a test: it runs under raw locks. */
#define POOL_BYTES (48U << 20)

#define FAKE_LOCK(fake, flags) raw_spin_lock_irqsave(&(fake)->lock, flags)
#define FAKE_UNLOCK(fake, flags)                                               \
	raw_spin_unlock_irqrestore(&(fake)->lock, flags)

u32 fake_random(u64 *state, u32 n)
{
	u64 z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (u32)(z >> 33) % n;
}

/* -------------------------------------------------------------- how it acts */

/* What GCMD_REG says of the queue is done, and GSTS_REG says so. */
static void follow_command(struct fake *fake)
{
	u32 *command = &fake->page[DMAR_GCMD_REG / sizeof(u32)];
	u32 *status = &fake->page[DMAR_GSTS_REG / sizeof(u32)];
	u32 wanted = READ_ONCE(*command) & DMA_GCMD_QIE;

	if (wanted == (READ_ONCE(*status) & DMA_GSTS_QIES))
		return;
	if (wanted)
		model_unit_enable(fake->model);
	else
		model_unit_disable(fake->model);
	WRITE_ONCE(*status, wanted);
}

/* Refused waits can break the queue, whose restart takes the thread's CPU. */
static enum model_fault_which refused_kind(const struct fake *fake)
{
	return fake->polled ? MODEL_NTH_INVALIDATION : MODEL_NTH_FETCHED;
}

static void arm(struct fake *fake)
{
	static const enum model_fault_kind kinds[] = { MODEL_FAULT_IQE,
						       MODEL_FAULT_ITE,
						       MODEL_FAULT_ICE };
	u32 kind = fake_random(&fake->random, ARRAY_SIZE(kinds));
	struct model_fault fault = {
		.kind = kinds[kind],
		.which = kind ? MODEL_NTH_DEVTLB : refused_kind(fake),
		.nth = fake_random(&fake->random, 8),
		.sid = MODEL_ANY_SID,
		.times = 1,
		.iqei = 4,
		/* the requester that is reported: one that is there, or none */
		.report = fake_random(&fake->random, 2) ?
				  0x100 + fake_random(&fake->random, 4) : 0,
	};

	model_unit_add_fault(fake->model, &fault);
}

/* Under the lock */
static void act(struct fake *fake)
{
	u32 steps;

	follow_command(fake);
	for (steps = fake_random(&fake->random, 8); steps; steps--) {
		if (!model_unit_step(fake->model))
			return; /* while it is idle no faults pile up */
	}
	if (fake->rate && !fake_random(&fake->random, fake->rate))
		arm(fake);
}

/* ----------------------------------------------- what the core comes to see */

static u32 read32(void *ctx, u32 off)
{
	struct fake *fake = ctx;
	unsigned long flags;
	u32 value;

	FAKE_LOCK(fake, flags);
	if (fake->polled && !READ_ONCE(fake->stopped))
		act(fake);
	value = model_unit_read32(fake->model, off);
	FAKE_UNLOCK(fake, flags);
	return value;
}

static u64 read64(void *ctx, u32 off)
{
	struct fake *fake = ctx;
	unsigned long flags;
	u64 value;

	FAKE_LOCK(fake, flags);
	value = model_unit_read64(fake->model, off);
	FAKE_UNLOCK(fake, flags);
	return value;
}

static void write32(void *ctx, u32 off, u32 value)
{
	struct fake *fake = ctx;
	unsigned long flags;

	FAKE_LOCK(fake, flags);
	model_unit_write32(fake->model, off, value);
	FAKE_UNLOCK(fake, flags);
}

static bool present(void *ctx, u16 sid)
{
	struct fake *fake = ctx;
	unsigned long flags;
	bool is;

	FAKE_LOCK(fake, flags);
	is = model_unit_present(fake->model, sid);
	FAKE_UNLOCK(fake, flags);
	return is;
}

static void note(void *ctx, const struct s1inv_vtd_fault *fault)
{
	struct fake *fake = ctx;

	atomic_inc(&fake->noted);
}

/* --------------------------------------------------------------- the thread */

static int hardware(void *ctx)
{
	struct fake *fake = ctx;
	unsigned long flags;
	bool rest;

	while (!kthread_should_stop()) {
		if (READ_ONCE(fake->stopped)) {
			usleep_range(100, 200);
			continue;
		}
		FAKE_LOCK(fake, flags);
		act(fake);
		rest = !fake_random(&fake->random, 64);
		FAKE_UNLOCK(fake, flags);
		if (rest)
			usleep_range(10, 50);
		else
			cond_resched();
	}
	return 0;
}

/* ------------------------------------------------------------------- set-up */

static struct model_config configure(struct fake *fake, u64 seed)
{
	struct model_config config = model_config_default();

	config.ring = virt_to_phys(fake->qi.desc);
	config.order = seed & 1 ? MODEL_REORDER : MODEL_IN_ORDER;
	config.ite_loss = seed & 2 ? MODEL_LOSE_SOME : MODEL_LOSE_ALL;
	config.no_resume = seed & 4;
	config.depth = 1 + seed % 32;
	config.seed = seed;
	return config;
}

static void set_up_iommu(struct fake *fake)
{
	struct intel_iommu *iommu = &fake->iommu;

	iommu->qi = &fake->qi;
	iommu->reg = (void __iomem *)fake->page;
	iommu->ecap = BIT_ULL(1) | BIT_ULL(43) | BIT_ULL(41); /* QI SMTS DIT */
	iommu->gcmd = DMA_GCMD_TE | DMA_GCMD_QIE;
	strscpy(iommu->name, "fake");
	raw_spin_lock_init(&iommu->register_lock);
	fake->page[DMAR_GCMD_REG / sizeof(u32)] = DMA_GCMD_QIE;
	fake->page[DMAR_GSTS_REG / sizeof(u32)] = DMA_GSTS_QIES;
	raw_spin_lock_init(&fake->qi.q_lock);
	s1inv_qi_init(iommu);
	fake->qi.s1inv.dev.ctx = fake;
	fake->qi.s1inv.dev.read32 = read32;
	fake->qi.s1inv.dev.read64 = read64;
	fake->qi.s1inv.dev.write32 = write32;
	fake->qi.s1inv.dev.present = present;
	fake->qi.s1inv.dev.note = note;
}

static void set_up_model(struct fake *fake, u64 seed)
{
	struct model_config config = configure(fake, seed);

	fake->random = seed;
	fake->model = model_unit_create(&config);
	model_unit_map(fake->model, virt_to_phys(fake->qi.desc), fake->qi.desc,
		       RING_BYTES);
	model_unit_map(fake->model, virt_to_phys(fake->qi.desc_status),
		       fake->qi.desc_status, STATUS_BYTES);
	model_unit_enable(fake->model);
}

struct fake *fake_start(struct kunit *test, u64 seed)
{
	struct fake *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	fake->qi.desc = kunit_kzalloc(test, RING_BYTES, GFP_KERNEL);
	fake->qi.desc_status = kunit_kzalloc(test, STATUS_BYTES, GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, fake->page && fake->qi.desc &&
				fake->qi.desc_status);
	KUNIT_ASSERT_TRUE(test, s1inv_kunit_pool_take(POOL_BYTES));
	raw_spin_lock_init(&fake->lock);
	fake->polled = num_online_cpus() < 3;
	set_up_model(fake, seed);
	set_up_iommu(fake);
	fake->thread = kthread_create(hardware, fake, "s1inv-hardware");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, fake->thread);
	kthread_bind(fake->thread, num_online_cpus() - 1);
	wake_up_process(fake->thread);
	kunit_info(test, "seed %llu", seed);
	return fake;
}

void fake_stop(struct kunit *test, struct fake *fake)
{
	int kind;

	kthread_stop(fake->thread);
	for (kind = 0; kind < MODEL_ERROR_KINDS; kind++)
		KUNIT_EXPECT_EQ_MSG(test, model_unit_error(fake->model, kind),
				    0, "%s", model_error_name(kind));
	model_unit_destroy(fake->model);
	s1inv_kunit_pool_give();
}

/* --------------------------------------------------------- what a test asks */

void fake_fault(struct fake *fake, enum model_fault_kind kind, u32 nth,
		u8 iqei, u16 sid)
{
	struct model_fault fault = {
		.kind = kind,
		.which = kind == MODEL_FAULT_IQE ? MODEL_NTH_FETCHED :
						   MODEL_NTH_DEVTLB,
		.nth = nth,
		.sid = MODEL_ANY_SID,
		.times = 1,
		.iqei = iqei,
		.report = sid,
	};
	unsigned long flags;

	FAKE_LOCK(fake, flags);
	model_unit_add_fault(fake->model, &fault);
	FAKE_UNLOCK(fake, flags);
}

size_t fake_fetched(struct fake *fake)
{
	unsigned long flags;
	size_t num;

	FAKE_LOCK(fake, flags);
	num = model_unit_log_len(fake->model);
	FAKE_UNLOCK(fake, flags);
	return num;
}

static bool find(struct fake *fake, enum model_fate fate, size_t since,
		 u64 qw0, u64 qw1)
{
	const struct model_record *record;
	unsigned long flags;
	bool found = false;

	FAKE_LOCK(fake, flags);
	for (; since < model_unit_log_len(fake->model) && !found; since++) {
		record = model_unit_log(fake->model, since);
		found = record->fate == fate && record->qw[0] == qw0 &&
			record->qw[1] == qw1;
	}
	FAKE_UNLOCK(fake, flags);
	return found;
}

bool fake_done(struct fake *fake, size_t since, u64 qw0, u64 qw1)
{
	return find(fake, MODEL_DONE, since, qw0, qw1);
}

bool fake_refused(struct fake *fake, size_t since, u64 qw0, u64 qw1)
{
	return find(fake, MODEL_REFUSED, since, qw0, qw1);
}

struct model_counts fake_counts(struct fake *fake)
{
	struct model_counts counts;
	unsigned long flags;

	FAKE_LOCK(fake, flags);
	counts = model_unit_counts(fake->model);
	FAKE_UNLOCK(fake, flags);
	return counts;
}

void fake_silence(struct fake *fake, u16 sid, u32 times)
{
	unsigned long flags;

	FAKE_LOCK(fake, flags);
	model_unit_silence(fake->model, sid, times);
	FAKE_UNLOCK(fake, flags);
}

void fake_remove(struct fake *fake, u16 sid)
{
	unsigned long flags;

	FAKE_LOCK(fake, flags);
	model_unit_remove(fake->model, sid);
	FAKE_UNLOCK(fake, flags);
}
