// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver's queue and its nested domains on fake hardware that a thread on
 * another CPU runs: it delays, reorders, refuses and times out, while several
 * submit at once, from processes and from interrupts. Meant for a kernel with
 * lockdep, which must still have nothing to say at the end.
 */
#include <kunit/test.h>
#include <linux/debug_locks.h>
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/mman.h>
#include <linux/mmu_context.h>
#include <linux/module.h>
#include <uapi/linux/iommufd.h>

#include "fake.h"
#include "../nested.h"

static ulong seed = 1;
module_param(seed, ulong, 0444);
MODULE_PARM_DESC(seed, "of the first run of each test");

static uint runs = 4;
module_param(runs, uint, 0444);
MODULE_PARM_DESC(runs, "how often each test runs, with seeds one after another");

static uint rounds = 20;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "submissions of each submitter in a run");

#define DEVICES 4
#define SID(i) (0x100 + (i))
#define DID 0x10
#define MANY 100
#define ENTRIES 64
/* What a chunk may take at least before its budget ends it */
#define BUDGET_NS (450 * NSEC_PER_MSEC)

/* Descriptors, from the tables of VT-d 6.5.2 */
static struct qi_desc iec(u16 index)
{
	return (struct qi_desc){ .qw0 = 0x14 | (u64)index << 32 };
}

static struct qi_desc devtlb(u16 sid, u64 page)
{
	return (struct qi_desc){ .qw0 = 0x3 | (u64)sid << 32,
				 .qw1 = page << 12 };
}

/* --------------------------------------------------------------- submitters */

/*
 * @work, @in_irq: an interrupt on the submitter's CPU that submits as well
 * @slow: the submitter's function times out once in each round
 * @wrong: how often an outcome was not what it has to be
 * @errors: how often the result was an error
 * @late: how often a call's budget was spent
 * @mm: the process whose ioctl it is
 */
struct submitter {
	struct kunit *test;
	struct fake *fake;
	struct dmar_domain *domain;
	struct task_struct *thread;
	struct mm_struct *mm;
	void __user *array;
	struct qi_desc desc[MANY];
	struct irq_work work;
	struct completion ended;
	void (*run)(struct submitter *s);
	bool interrupts;
	bool slow;
	unsigned int index;
	u64 random;
	unsigned int in_irq;
	unsigned int wrong;
	unsigned int errors;
	unsigned int late;
};

static bool all_done(struct submitter *s, size_t since,
		     const struct qi_desc *desc, unsigned int n)
{
	while (n--)
		if (!fake_done(s->fake, since, desc[n].qw0, desc[n].qw1))
			return false;
	return true;
}

static bool any_refused(struct submitter *s, size_t since,
			const struct qi_desc *desc, unsigned int n)
{
	while (n--)
		if (fake_refused(s->fake, since, desc[n].qw0, desc[n].qw1))
			return true;
	return false;
}

/* All functions are there: what is not done was refused, and is told of. */
static void submit(struct submitter *s, struct qi_desc *desc, unsigned int n)
{
	size_t since = fake_fetched(s->fake);
	int error = s1inv_qi_submit(&s->fake->iommu, desc, n, false);

	if (error)
		s->wrong += error != -EIO || !any_refused(s, since, desc, n);
	else
		s->wrong += !all_done(s, since, desc, n);
	s->errors += error != 0;
}

static void interrupt(struct irq_work *work)
{
	struct submitter *s = container_of(work, struct submitter, work);
	struct qi_desc desc = iec(0x8000 + s->index * 0x1000 + s->in_irq++);

	submit(s, &desc, 1);
}

static void submitter(struct submitter *s)
{
	struct qi_desc *desc = s->desc;
	unsigned int round, i, n, page;

	for (round = 0; round < rounds; round++) {
		n = 1 + fake_random(&s->random, MANY);
		for (i = 0; i < n; i++) {
			page = (s->index * rounds + round) * MANY + i;
			desc[i] = fake_random(&s->random, 2) ?
					  iec(page) :
					  devtlb(SID(s->index), page);
		}
		if (s->interrupts && fake_random(&s->random, 2))
			irq_work_queue(&s->work);
		if (s->slow)
			fake_silence(s->fake, SID(s->index), 1);
		submit(s, desc, n);
		cond_resched();
	}
	irq_work_sync(&s->work);
}

/* What the entry's invalidation of the device-TLB of function @i looks like */
static bool entry_done(struct submitter *s, size_t since, unsigned int entry)
{
	u64 page = 0x100 + 2 * entry;
	u64 sid = SID(0);

	return fake_done(s->fake, since, 0x36 | DID << 16, page << 12) &&
	       fake_done(s->fake, since, 0x3 | sid << 32 | (sid >> 4) << 52 |
			 (sid & 0xf) << 12, page << 12);
}

/*
 * Every entry that counts was carried out on hardware. Where this machine is
 * slow, the budget may be spent without anybody's fault.
 */
static void call(struct submitter *s)
{
	struct iommu_user_data_array array = {
		.type = IOMMU_HWPT_INVALIDATE_DATA_VTD_S1,
		.uptr = s->array,
		.entry_len = sizeof(struct iommu_hwpt_vtd_s1_invalidate),
		.entry_num = ENTRIES,
	};
	size_t since = fake_fetched(s->fake);
	u64 begin = ktime_get_ns();
	unsigned int i;
	int error;

	error = s1inv_nested_invalidate(&s->domain->domain, &array);
	s->wrong += (error == 0) != (array.entry_num == ENTRIES);
	s->wrong += error && error != -EIO && error != -ETIMEDOUT;
	if (error == -ETIMEDOUT && ktime_get_ns() - begin > BUDGET_NS)
		s->late++;
	else
		s->errors += error != 0;
	for (i = 0; i < array.entry_num; i++)
		s->wrong += !entry_done(s, since, i);
}

static void caller(struct submitter *s)
{
	unsigned int round;

	kthread_use_mm(s->mm);
	for (round = 0; round < rounds; round++)
		call(s);
	kthread_unuse_mm(s->mm);
}

static int thread(void *ctx)
{
	struct submitter *s = ctx;

	s->run(s);
	complete(&s->ended);
	return 0;
}

static void start(struct submitter *s, void (*run)(struct submitter *s),
		  unsigned int cpu)
{
	init_irq_work(&s->work, interrupt);
	init_completion(&s->ended);
	s->run = run;
	s->random = s->index + 1;
	s->thread = kthread_create(thread, s, "s1inv-submitter");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(s->test, s->thread);
	get_task_struct(s->thread);
	kthread_bind(s->thread, cpu);
	wake_up_process(s->thread);
}

static void finish(struct submitter *s)
{
	wait_for_completion(&s->ended);
	kthread_stop_put(s->thread);
	KUNIT_EXPECT_EQ(s->test, s->wrong, 0);
}

/* ---------------------------------------------------------- a nested domain */

struct nested {
	struct dmar_domain domain;
	struct device device;
	struct dev_iommu dev_iommu;
	struct device_domain_info info;
	struct cache_tag tag[2];
	void __user *array;
};

static void add_tag(struct nested *nested, struct cache_tag *tag,
		    enum cache_tag_type type)
{
	tag->type = type;
	tag->iommu = nested->info.iommu;
	tag->dev = &nested->device;
	tag->domain_id = DID;
	tag->users = 1;
	list_add_tail(&tag->node, &nested->domain.cache_tags);
}

static void __user *map_entries(struct kunit *test)
{
	static struct iommu_hwpt_vtd_s1_invalidate entry[ENTRIES];
	unsigned long at;
	unsigned int i;

	for (i = 0; i < ENTRIES; i++) {
		entry[i].addr = (0x100 + 2ULL * i) << 12;
		entry[i].npages = 1;
	}
	at = kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
			   MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_NE(test, at, 0);
	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)at, entry,
					   sizeof(entry)), 0);
	return (void __user *)at;
}

/* One function with ATS, attached through @fake */
static struct nested *attach(struct kunit *test, struct fake *fake)
{
	struct nested *nested = kunit_kzalloc(test, sizeof(*nested),
					      GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, nested);
	nested->array = map_entries(test);
	nested->domain.domain.type = IOMMU_DOMAIN_NESTED;
	nested->domain.s1_cfg.addr_width = 48;
	spin_lock_init(&nested->domain.cache_lock);
	INIT_LIST_HEAD(&nested->domain.cache_tags);
	nested->domain.s1inv = s1inv_nested_alloc(&nested->domain);
	KUNIT_ASSERT_NOT_NULL(test, nested->domain.s1inv);
	nested->info = (struct device_domain_info){
		.iommu = &fake->iommu,
		.bus = SID(0) >> 8,
		.devfn = SID(0) & 0xff,
		.pfsid = SID(0),
	};
	nested->dev_iommu.priv = &nested->info;
	nested->device.iommu = &nested->dev_iommu;
	KUNIT_ASSERT_EQ(test, s1inv_nested_reserve(&nested->domain,
						   &nested->device), 0);
	add_tag(nested, &nested->tag[0], CACHE_TAG_IOTLB);
	add_tag(nested, &nested->tag[1], CACHE_TAG_DEVTLB);
	return nested;
}

static void detach(struct nested *nested)
{
	s1inv_nested_release(&nested->domain);
	s1inv_nested_free(nested->domain.s1inv);
}

/* -------------------------------------------------------------------- tests */

/* The hardware has the last CPU; submitters come on the others first. */
static void need_cpus(struct kunit *test, unsigned int cpus)
{
	if (num_online_cpus() < cpus)
		kunit_skip(test, "needs %u CPUs", cpus);
}

static struct submitter *submitters(struct kunit *test, struct fake *fake,
				    unsigned int num)
{
	struct submitter *s = kunit_kcalloc(test, num, sizeof(*s), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, s);
	for (i = 0; i < num; i++) {
		s[i].test = test;
		s[i].fake = fake;
		s[i].index = i;
	}
	return s;
}

/* One per CPU, but for the hardware's if it is to have one */
static unsigned int submitter_num(void)
{
	return max(num_online_cpus() - 1, 2U);
}

static void report(struct kunit *test, struct fake *fake)
{
	struct model_counts counts = fake_counts(fake);

	kunit_info(test, "%llu fetched, %llu IQE, %llu ITE, %llu ICE, %u noted",
		   counts.fetched, counts.iqe, counts.ite, counts.ice,
		   atomic_read(&fake->noted));
}

/* E1, E2, E4, E6, M24, M26: nobody suffers for another, nothing is lost. */
static void run_submitters(struct kunit *test, u64 number, unsigned int rate,
			   bool interrupts)
{
	unsigned int num = submitter_num();
	struct fake *fake = fake_start(test, number);
	struct submitter *s = submitters(test, fake, num);
	unsigned int i;

	fake->rate = rate;
	for (i = 0; i < num; i++) {
		s[i].interrupts = interrupts;
		start(&s[i], submitter, i);
	}
	for (i = 0; i < num; i++)
		finish(&s[i]);
	report(test, fake);
	fake_stop(test, fake);
}

static void several_submitters(struct kunit *test)
{
	unsigned int i;

	need_cpus(test, 2);
	for (i = 0; i < runs; i++)
		run_submitters(test, seed + i, 0, false);
}

static void submitters_and_faults(struct kunit *test)
{
	unsigned int i;

	need_cpus(test, 2);
	for (i = 0; i < runs; i++)
		run_submitters(test, seed + i, 20, false);
}

static void interrupts_and_faults(struct kunit *test)
{
	unsigned int i;

	need_cpus(test, 2);
	for (i = 0; i < runs; i++)
		run_submitters(test, seed + i, 20, true);
}

/* Ioctls on all CPUs but one, beside callers there that cannot refuse */
static void run_ioctls(struct kunit *test, u64 number, unsigned int rate,
		       bool slow)
{
	unsigned int num = submitter_num();
	unsigned int errors = 0;
	unsigned int late = 0;
	struct fake *fake = fake_start(test, number);
	struct nested *nested = attach(test, fake);
	struct submitter *s = submitters(test, fake, num);
	unsigned int i;

	fake->rate = rate;
	for (i = 0; i < num; i++) {
		s[i].domain = &nested->domain;
		s[i].array = nested->array;
		s[i].mm = current->mm;
		s[i].slow = slow;
		s[i].interrupts = true;
		start(&s[i], i < num - 1 ? caller : submitter, i);
	}
	for (i = 0; i < num; i++) {
		finish(&s[i]);
		errors += i < num - 1 ? s[i].errors : 0;
		late += s[i].late;
	}
	if (!rate)
		KUNIT_EXPECT_EQ(test, errors, 0);
	kunit_info(test, "%u of %u calls ended in an error, %u were too slow",
		   errors, (num - 1) * rounds, late);
	report(test, fake);
	detach(nested);
	fake_stop(test, fake);
}

static void ioctls_and_submitters(struct kunit *test)
{
	unsigned int i;

	need_cpus(test, 2);
	for (i = 0; i < runs; i++)
		run_ioctls(test, seed + i, i & 1 ? 200 : 0, false);
}

/* E4: the submitter's function times out, which is nobody else's concern. */
static void ioctls_and_a_slow_device(struct kunit *test)
{
	unsigned int i;

	need_cpus(test, 2);
	for (i = 0; i < runs; i++)
		run_ioctls(test, seed + i, 0, true);
}

/* QUE-13: only the ioctl has a budget; an unmap beside it waits. */
static void hardware_stands_still(struct kunit *test)
{
	struct fake *fake;
	struct nested *nested;
	struct submitter *s;
	u64 begin, spent;

	need_cpus(test, 2);
	fake = fake_start(test, seed);
	nested = attach(test, fake);
	s = submitters(test, fake, 2);
	s[0].domain = &nested->domain;
	s[0].array = nested->array;
	WRITE_ONCE(fake->stopped, true);
	start(&s[1], submitter, 1);
	begin = ktime_get_ns();
	call(&s[0]);
	spent = ktime_get_ns() - begin;
	KUNIT_EXPECT_EQ(test, s[0].late, 1);
	KUNIT_EXPECT_LT(test, spent, 5 * NSEC_PER_SEC);
	kunit_info(test, "gave up after %llu ms", spent / NSEC_PER_MSEC);
	WRITE_ONCE(fake->stopped, false);
	finish(&s[1]);
	call(&s[0]);
	KUNIT_EXPECT_EQ(test, s[0].errors, 0);
	KUNIT_EXPECT_EQ(test, s[0].wrong, 0);
	s1inv_qi_drain(&fake->iommu, SID(0));
	detach(nested);
	fake_stop(test, fake);
}

static void remover(struct submitter *s)
{
	while (fake_counts(s->fake).ite < 10)
		cond_resched();
	fake_remove(s->fake, SID(0));
}

/* E5, S3: a device that is there and dead is tried until it is taken away. */
static void device_is_dead(struct kunit *test)
{
	struct qi_desc desc[2] = { devtlb(SID(0), 1), iec(1) };
	struct submitter *s;
	struct fake *fake;
	size_t since = 0;

	need_cpus(test, 2);
	fake = fake_start(test, seed);
	s = submitters(test, fake, 1);
	fake_silence(fake, SID(0), 3);
	KUNIT_EXPECT_EQ(test, s1inv_qi_submit(&fake->iommu, desc, 2, false), 0);
	KUNIT_EXPECT_TRUE(test, fake_done(fake, 0, desc[0].qw0, desc[0].qw1));
	KUNIT_EXPECT_EQ(test, fake_counts(fake).ite, 3);
	since = fake_fetched(fake);
	fake_silence(fake, SID(0), MODEL_FOREVER);
	start(s, remover, 1);
	KUNIT_EXPECT_EQ(test, s1inv_qi_submit(&fake->iommu, desc, 2, false), 0);
	KUNIT_EXPECT_TRUE(test, fake_done(fake, since, desc[1].qw0, 0));
	KUNIT_EXPECT_FALSE(test, fake_done(fake, since, desc[0].qw0,
					   desc[0].qw1));
	finish(s);
	fake_stop(test, fake);
}

/* E1: at every place of a submission; E3: its owner is told. */
static void descriptor_is_refused(struct kunit *test)
{
	struct qi_desc desc[5];
	struct fake *fake;
	unsigned int at, i;

	need_cpus(test, 2);
	fake = fake_start(test, seed);
	for (at = 0; at < ARRAY_SIZE(desc); at++) {
		for (i = 0; i < ARRAY_SIZE(desc); i++)
			desc[i] = iec(at * 16 + i);
		fake_fault(fake, MODEL_FAULT_IQE, at, 4, 0);
		KUNIT_EXPECT_EQ(test, s1inv_qi_submit(&fake->iommu, desc,
						      ARRAY_SIZE(desc), false),
				-EIO);
		for (i = 0; i < ARRAY_SIZE(desc); i++)
			KUNIT_EXPECT_EQ(test, i != at,
					fake_done(fake, 0, desc[i].qw0, 0));
	}
	fake_stop(test, fake);
}

/* QUE-6, QUE-16: a queue that broke is restarted, and nothing is lost. */
static void queue_breaks(struct kunit *test)
{
	struct qi_desc desc[5];
	struct fake *fake;
	unsigned int i;

	need_cpus(test, 2);
	fake = fake_start(test, seed);
	for (i = 0; i < ARRAY_SIZE(desc); i++)
		desc[i] = iec(i);
	fake_fault(fake, MODEL_FAULT_IQE, 2, 5, 0);
	KUNIT_EXPECT_EQ(test, s1inv_qi_submit(&fake->iommu, desc,
					      ARRAY_SIZE(desc), false), 0);
	for (i = 0; i < ARRAY_SIZE(desc); i++)
		KUNIT_EXPECT_TRUE(test, fake_done(fake, 0, desc[i].qw0, 0));
	fake_stop(test, fake);
}

/* What a resume does, while others submit */
static void reenabler(struct submitter *s)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		s->wrong += dmar_reenable_qi(&s->fake->iommu) != 0;
		usleep_range(100, 1000);
	}
}

static void queue_is_reenabled(struct kunit *test)
{
	struct submitter *s;
	struct fake *fake;
	unsigned int i;

	need_cpus(test, 4);
	fake = fake_start(test, seed);
	s = submitters(test, fake, 3);
	start(&s[0], reenabler, 0);
	start(&s[1], submitter, 1);
	start(&s[2], submitter, 2);
	for (i = 0; i < 3; i++)
		finish(&s[i]);
	fake_stop(test, fake);
}

/* Where nobody has to wait for this thread */
static int choose_cpu(struct kunit *test)
{
	return set_cpus_allowed_ptr(current, cpumask_of(0));
}

static void check_locks(struct kunit *test)
{
	KUNIT_EXPECT_TRUE_MSG(test, debug_locks, "lockdep has found something");
}

static struct kunit_case queue_cases[] = {
	KUNIT_CASE(descriptor_is_refused),
	KUNIT_CASE(queue_breaks),
	KUNIT_CASE(device_is_dead),
	KUNIT_CASE(several_submitters),
	KUNIT_CASE_SLOW(submitters_and_faults),
	KUNIT_CASE_SLOW(interrupts_and_faults),
	KUNIT_CASE_SLOW(ioctls_and_submitters),
	KUNIT_CASE_SLOW(ioctls_and_a_slow_device),
	KUNIT_CASE(hardware_stands_still),
	KUNIT_CASE_SLOW(queue_is_reenabled),
	{}
};

static struct kunit_suite queue_suite = {
	.name = "s1inv_queue",
	.init = choose_cpu,
	.exit = check_locks,
	.test_cases = queue_cases,
};

kunit_test_suite(queue_suite);

MODULE_DESCRIPTION("s1inv: the VT-d driver's queue on fake hardware");
MODULE_LICENSE("GPL");
