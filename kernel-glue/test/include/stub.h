/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands behind the stub headers: locks that check, a clock, tasks */
#ifndef S1INV_STUB_H
#define S1INV_STUB_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** stub_fail() - the code under test broke a rule of the kernel: the end */
_Noreturn void stub_fail(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* -------------------------------------------------------------------- tasks */

/** define STUB_LOCKS_MAX - most locks that a task may hold */
#define STUB_LOCKS_MAX 4

/** enum stub_lock_kind - what may be done while it is held */
enum stub_lock_kind { STUB_SPIN, STUB_RAW_SPIN, STUB_MUTEX };

/**
 * struct stub_lock - any lock
 * @kind: what it is
 * @name: its class; what is taken inside what is remembered by it
 * @owner: who holds it, NULL for nobody
 */
struct stub_lock {
	enum stub_lock_kind kind;
	const char *name;
	struct task_struct *owner;
};

/**
 * struct task_struct - one who runs on a CPU of his own
 * @irqs_off: interrupts are disabled there
 * @in_irq: an interrupt handler runs there
 * @fatal_signal: a fatal signal is pending
 * @held: the locks that it holds, the last one last
 * @held_num: how many
 * @allocs: how many allocations it made
 */
struct task_struct {
	bool irqs_off;
	bool in_irq;
	bool fatal_signal;
	struct stub_lock *held[STUB_LOCKS_MAX];
	unsigned int held_num;
	unsigned int allocs;
};

/** stub_current() - the task that runs */
struct task_struct *stub_current(void);

/**
 * stub_begin() - begin a test
 * @seed: of every choice that is left to chance
 */
void stub_begin(uint64_t seed);

/**
 * stub_run() - let tasks run at once, each on a CPU of its own
 * @num: how many, up to 8
 * @run: what each of them does
 * @ctx: handed to each, a pointer per task
 *
 * One runs at a time, and where one waits, relaxes or gives back a lock chance
 * decides who is next. Returns when all have ended.
 */
void stub_run(unsigned int num, void (*run)(void *ctx), void **ctx);

/** stub_relax() - time passes: hardware acts, and another task may go on */
void stub_relax(void);

/** stub_random() - below @n */
uint32_t stub_random(uint32_t n);

/**
 * struct stub_hooks - what a test does meanwhile. Any may be NULL.
 * @ctx: handed to each
 * @hardware: acts for a while
 * @interrupt: an interrupt on the CPU of the current task
 * @pause: after @hardware, on behalf of nobody
 */
struct stub_hooks {
	void *ctx;
	void (*hardware)(void *ctx);
	void (*interrupt)(void *ctx);
	void (*pause)(void *ctx);
};

/** stub_set_hooks() - from now on; stub_begin() removes them */
void stub_set_hooks(const struct stub_hooks *hooks);

/* -------------------------------------------------------------------- locks */

/** stub_lock() - take @lock; @irq: and disable interrupts, which are on */
void stub_lock(struct stub_lock *lock, bool irq);
/** stub_unlock() - give it back; @irq: and enable interrupts */
void stub_unlock(struct stub_lock *lock, bool irq);
/** stub_irq_save() - disable interrupts; returns whether they were enabled */
unsigned long stub_irq_save(void);
/** stub_irq_restore() - enable them if they were */
void stub_irq_restore(unsigned long flags);
/** stub_holds() - does the current task hold @lock? */
bool stub_holds(const struct stub_lock *lock);
/** stub_might_sleep() - @what may sleep: is that allowed here? */
void stub_might_sleep(const char *what);

/* -------------------------------------------- memory, clock, log, registers */

/** stub_alloc() - zeroed memory; fails when the test says so */
void *stub_alloc(size_t size);
/** stub_free() - give it back */
void stub_free(const void *p);
/** stub_fail_alloc() - let the next but @n fail */
void stub_fail_alloc(unsigned int n);

/** stub_clock() - nanoseconds since stub_begin(); reading it takes time */
uint64_t stub_clock(void);

/**
 * stub_log() - a line for the log
 * @limited: its rate is limited
 */
void stub_log(bool limited, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/** stub_ratelimit() - may another line of a limited kind be printed? */
bool stub_ratelimit(void);
/** stub_log_lines() - lines of unlimited, or of @limited rate */
unsigned int stub_log_lines(bool limited);
/** stub_log_has() - was a line printed that has @text in it? */
bool stub_log_has(const char *text);

uint32_t stub_readl(const volatile void *reg);
uint64_t stub_readq(const volatile void *reg);
void stub_writel(uint32_t value, volatile void *reg);

size_t stub_copy_from_user(void *to, const void *from, size_t len);
size_t stub_copy_to_user(void *to, const void *from, size_t len);

#endif /* S1INV_STUB_H */
