// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stands behind the stub headers; see include/stub.h. Tasks are threads
 * of which one runs at a time, so that a seed gives the same run again.
 */
#include "stub.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TASKS_MAX 8U
#define CLASSES_MAX 16U
/* More than any honest test takes */
#define RELAXES_MAX 1000000U
#define RELAX_NS 1000U
#define READ_NS 50U
#define LOG_BURST 10U
#define LOG_BYTES 4096U

/* A class of locks; @inside: a bit per class taken while it was held */
struct class
{
	const char *name;
	uint32_t inside;
	bool taken_in_irq;
	bool taken_irqs_on;
};

static struct {
	uint64_t random;
	uint64_t now;
	uint64_t relaxes;
	unsigned int fail_alloc;
	unsigned int log_lines[2];
	char log[LOG_BYTES]; /* the first lines */
	struct stub_hooks hooks;
	struct class class[CLASSES_MAX];
	unsigned int class_num;
} stub;

/* Where the test itself runs */
static struct task_struct main_task;
static _Thread_local struct task_struct *running;

struct thread {
	pthread_t id;
	struct task_struct task;
	void (*run)(void *ctx);
	void *ctx;
	unsigned int index;
	bool ended;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct thread thread[TASKS_MAX];
	unsigned int num;
	unsigned int turn;
} tasks = { .lock = PTHREAD_MUTEX_INITIALIZER,
	    .changed = PTHREAD_COND_INITIALIZER };

void stub_fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fprintf(stderr, "stub: ");
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

struct task_struct *stub_current(void)
{
	return running ? running : &main_task;
}

void stub_begin(uint64_t seed)
{
	memset(&stub, 0, sizeof(stub));
	memset(&main_task, 0, sizeof(main_task));
	stub.random = seed;
	stub.fail_alloc = UINT32_MAX;
}

void stub_set_hooks(const struct stub_hooks *hooks)
{
	stub.hooks = *hooks;
}

/* The splitmix64 generator */
uint32_t stub_random(uint32_t n)
{
	uint64_t z = stub.random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z >> 33) % n);
}

/* -------------------------------------------------------------------- tasks */

/* With tasks.lock held: give the turn to one who has not ended, and wait. */
static void next_turn(unsigned int me)
{
	unsigned int at = stub_random(tasks.num);
	unsigned int i;

	for (i = 0; i < tasks.num; i++, at++)
		if (!tasks.thread[at % tasks.num].ended)
			break;
	tasks.turn = i < tasks.num ? at % tasks.num : tasks.num;
	pthread_cond_broadcast(&tasks.changed);
	while (tasks.turn != me && !tasks.thread[me].ended)
		pthread_cond_wait(&tasks.changed, &tasks.lock);
}

static void switch_task(void)
{
	unsigned int i;

	for (i = 0; i < tasks.num; i++)
		if (running == &tasks.thread[i].task) {
			pthread_mutex_lock(&tasks.lock);
			next_turn(i);
			pthread_mutex_unlock(&tasks.lock);
		}
}

static void check_ended(const struct task_struct *task)
{
	if (task->held_num)
		stub_fail("%s is still held at the end",
			  task->held[task->held_num - 1]->name);
	if (task->irqs_off)
		stub_fail("interrupts are still disabled at the end");
}

static void *thread_main(void *ctx)
{
	struct thread *t = ctx;

	running = &t->task;
	pthread_mutex_lock(&tasks.lock);
	while (tasks.turn != t->index)
		pthread_cond_wait(&tasks.changed, &tasks.lock);
	pthread_mutex_unlock(&tasks.lock);
	t->run(t->ctx);
	check_ended(&t->task);
	pthread_mutex_lock(&tasks.lock);
	t->ended = true;
	next_turn(t->index);
	pthread_mutex_unlock(&tasks.lock);
	return NULL;
}

void stub_run(unsigned int num, void (*run)(void *ctx), void **ctx)
{
	unsigned int i;

	tasks.num = num;
	tasks.turn = num; /* nobody's yet */
	for (i = 0; i < num; i++) {
		tasks.thread[i] = (struct thread){ .run = run,
						   .ctx = ctx[i],
						   .index = i };
		if (pthread_create(&tasks.thread[i].id, NULL, thread_main,
				   &tasks.thread[i]))
			stub_fail("no thread");
	}
	pthread_mutex_lock(&tasks.lock);
	tasks.turn = 0;
	pthread_cond_broadcast(&tasks.changed);
	pthread_mutex_unlock(&tasks.lock);
	for (i = 0; i < num; i++)
		pthread_join(tasks.thread[i].id, NULL);
	tasks.num = 0;
}

/* Where interrupts are enabled, one may come. */
static void maybe_interrupt(void)
{
	struct task_struct *task = stub_current();

	if (!stub.hooks.interrupt || task->irqs_off || task->in_irq)
		return;
	task->irqs_off = true;
	task->in_irq = true;
	stub.hooks.interrupt(stub.hooks.ctx);
	task->in_irq = false;
	task->irqs_off = false;
}

void stub_relax(void)
{
	stub.now += RELAX_NS;
	if (++stub.relaxes > RELAXES_MAX)
		stub_fail("no progress");
	if (stub.hooks.hardware)
		stub.hooks.hardware(stub.hooks.ctx);
	if (stub.hooks.pause)
		stub.hooks.pause(stub.hooks.ctx);
	maybe_interrupt();
	switch_task();
}

/* -------------------------------------------------------------------- locks */

static unsigned int class_of(const struct stub_lock *lock)
{
	unsigned int i;

	for (i = 0; i < stub.class_num; i++)
		if (!strcmp(stub.class[i].name, lock->name))
			return i;
	if (i == CLASSES_MAX)
		stub_fail("too many classes of locks");
	stub.class[i].name = lock->name;
	return stub.class_num++;
}

bool stub_holds(const struct stub_lock *lock)
{
	return lock->owner == stub_current();
}

/* Locks are always taken in the same order, and raw ones inside the others. */
static void check_order(const struct stub_lock *lock)
{
	const struct task_struct *task = stub_current();
	unsigned int inner = class_of(lock);
	unsigned int i, outer;

	for (i = 0; i < task->held_num; i++) {
		outer = class_of(task->held[i]);
		if (task->held[i]->kind == STUB_RAW_SPIN &&
		    lock->kind != STUB_RAW_SPIN)
			stub_fail("%s is taken inside the raw %s", lock->name,
				  task->held[i]->name);
		if (stub.class[inner].inside & 1U << outer)
			stub_fail("%s and %s are taken in either order",
				  lock->name, task->held[i]->name);
		stub.class[outer].inside |= 1U << inner;
	}
}

/* A lock that interrupt handlers take is taken with interrupts disabled. */
static void check_irqs(const struct stub_lock *lock)
{
	const struct task_struct *task = stub_current();
	struct class *class = &stub.class[class_of(lock)];

	class->taken_in_irq |= task->in_irq;
	class->taken_irqs_on |= !task->irqs_off;
	if (class->taken_in_irq && class->taken_irqs_on)
		stub_fail("%s is taken in an interrupt, and with them enabled",
			  lock->name);
}

void stub_lock(struct stub_lock *lock, bool irq)
{
	struct task_struct *task = stub_current();

	if (!lock->name)
		stub_fail("a lock that was not initialised is taken");
	if (irq && task->irqs_off)
		stub_fail("%s: interrupts are disabled already", lock->name);
	task->irqs_off |= irq;
	if (stub_holds(lock))
		stub_fail("%s is taken twice", lock->name);
	check_order(lock);
	check_irqs(lock);
	while (lock->owner)
		stub_relax();
	if (task->held_num == STUB_LOCKS_MAX)
		stub_fail("too many locks are held");
	lock->owner = task;
	task->held[task->held_num++] = lock;
}

void stub_unlock(struct stub_lock *lock, bool irq)
{
	struct task_struct *task = stub_current();
	unsigned int i;

	if (!stub_holds(lock))
		stub_fail("%s is given back by one who does not hold it",
			  lock->name ? lock->name : "a lock");
	for (i = task->held_num - 1; task->held[i] != lock; i--)
		;
	for (; i + 1 < task->held_num; i++)
		task->held[i] = task->held[i + 1];
	task->held_num--;
	lock->owner = NULL;
	if (!irq)
		return;
	if (!task->irqs_off)
		stub_fail("%s: interrupts are enabled already", lock->name);
	stub_irq_restore(true);
}

unsigned long stub_irq_save(void)
{
	struct task_struct *task = stub_current();
	bool enabled = !task->irqs_off;

	task->irqs_off = true;
	return enabled;
}

void stub_irq_restore(unsigned long flags)
{
	if (!stub_current()->irqs_off)
		stub_fail("interrupts are enabled already");
	if (!flags)
		return;
	if (stub_current()->in_irq)
		stub_fail("interrupts are enabled inside of one");
	stub_current()->irqs_off = false;
	maybe_interrupt();
}

void stub_might_sleep(const char *what)
{
	const struct task_struct *task = stub_current();
	unsigned int i;

	for (i = 0; i < task->held_num; i++)
		if (task->held[i]->kind != STUB_MUTEX)
			stub_fail("%s may sleep, and %s is held", what,
				  task->held[i]->name);
	if (task->irqs_off)
		stub_fail("%s may sleep, and interrupts are disabled", what);
}

/* ------------------------------------------------------- memory, clock, log */

void *stub_alloc(size_t size)
{
	void *p;

	stub_current()->allocs++;
	if (stub.fail_alloc != UINT32_MAX && !stub.fail_alloc--)
		return NULL;
	p = calloc(1, size);
	if (!p)
		stub_fail("out of memory");
	return p;
}

void stub_free(const void *p)
{
	free((void *)(uintptr_t)p);
}

void stub_fail_alloc(unsigned int n)
{
	stub.fail_alloc = n;
}

uint64_t stub_clock(void)
{
	return stub.now += READ_NS;
}

bool stub_ratelimit(void)
{
	if (stub.log_lines[true] >= LOG_BURST)
		return false;
	stub.log_lines[true]++;
	return true;
}

void stub_log(bool limited, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (!limited)
		stub.log_lines[false]++;
	else if (!stub_ratelimit())
		return;
	strncat(stub.log, text, LOG_BYTES - 1U - strlen(stub.log));
	if (getenv("STUB_LOG"))
		fputs(text, stderr);
}

unsigned int stub_log_lines(bool limited)
{
	return stub.log_lines[limited];
}

bool stub_log_has(const char *text)
{
	return strstr(stub.log, text);
}
