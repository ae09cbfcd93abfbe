/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * s1inv_bench: what the core costs per entry, and how often it rings the bell.
 *
 * An array of 512 requests goes through s1inv_walk() and the VT-d backend to
 * one unit with an IOTLB and one ATS device, so that each entry becomes two
 * descriptors. Measured twice: with a simulated unit, which completes waits at
 * once; and up to the encoded descriptors only, for which the linker puts a
 * queue in place that takes every submission and does nothing.
 *
 * The floor, measured in the same run on the same memory, is what nothing can
 * go below: a plain copy of each entry in and of two descriptors out, quadword
 * by quadword, as rings are read and written.
 */
#define _POSIX_C_SOURCE 200809L

#include <s1inv/s1inv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	ENTRIES = 512,
	SLOTS = 256,
	QW = 4,       /* quadwords of a 256-bit descriptor */
	ENTRY_QW = 3, /* and of an entry */
	ROUNDS = 200, /* calls per measurement */
	TRIES = 40    /* measurements, of which the best counts */
};

static const double RATIO_MAX = 6.0;
static const unsigned int SUBMISSIONS_MAX = 32;

/* A unit that does nothing but complete waits, and the memory of its queue. */
struct unit {
	s1inv_le64 ring[SLOTS * QW];
	s1inv_le32 status[SLOTS];
	uint8_t state[SLOTS];
	uint32_t tail;
	unsigned long doorbells;
	unsigned long descriptors;
};

static struct unit unit;
static struct s1inv_vtd_s1_entry entries[ENTRIES];

/* ------------------------------------------------------------- environment */

static uint32_t read32(void *ctx, uint32_t off)
{
	const struct unit *u = ctx;

	return off == S1INV_VTD_IQH_REG || off == S1INV_VTD_IQT_REG ?
		       u->tail * QW * 8 :
		       0;
}

static uint64_t read64(void *ctx, uint32_t off)
{
	return read32(ctx, off);
}

/* The bus address of a status word is its place in unit.status. */
static void complete(struct unit *u, const s1inv_le64 *slot)
{
	uint64_t qw0 = s1inv_le64_to_cpu(slot[0]);

	u->descriptors++;
	if (s1inv_vtd_type(qw0) != S1INV_VTD_TYPE_WAIT)
		return;
	if (qw0 >> S1INV_VTD_LSB(S1INV_VTD_WAIT_SW_BITS) & 1U)
		u->status[s1inv_le64_to_cpu(slot[1]) / 4] =
			(s1inv_le32)(slot[0] >> 32);
}

static void write32(void *ctx, uint32_t off, uint32_t value)
{
	struct unit *u = ctx;

	if (off != S1INV_VTD_IQT_REG)
		return;
	u->doorbells++;
	for (; u->tail != value / (QW * 8); u->tail = (u->tail + 1) % SLOTS)
		complete(u, &u->ring[u->tail * QW]);
}

static void no_pause(void *ctx, const struct s1inv_env_waiter *waiter)
{
	(void)ctx;
	(void)waiter;
}

static size_t copy_from(void *ctx, void *dst, uint64_t uaddr, size_t len)
{
	(void)ctx;
	memcpy(dst, (const char *)entries + uaddr, len);
	return 0;
}

static size_t copy_to(void *ctx, uint64_t uaddr, const void *src, size_t len)
{
	(void)ctx;
	(void)uaddr;
	(void)src;
	return len;
}

/* ------------------------------------------------------------------- setup */

static const struct s1inv_env_user user = {
	.copy_from = copy_from,
	.copy_to = copy_to,
};

static const struct s1inv_env_dev dev = {
	.ctx = &unit,
	.read32 = read32,
	.read64 = read64,
	.write32 = write32,
	.pause = no_pause,
};

static struct s1inv_vtd_queue queue = {
	.dev = &dev,
	.ring = unit.ring,
	.status = unit.status,
	.state = unit.state,
	.slots = SLOTS,
	.wide = true,
};

static const struct s1inv_vtd_target targets[] = {
	{ .cache = S1INV_VTD_IOTLB },
	{ .cache = S1INV_VTD_DEVTLB, .sid = 0x0308, .pfsid = 0x0300 },
};

static const struct s1inv_vtd_unit units[] = { {
	.queue = &queue,
	.targets = targets,
	.target_num = 2,
	.did = 7,
	.am_max = S1INV_VTD_AM_MAX,
	.dit = true,
	.te = true,
} };

static struct s1inv_backend backend;
static struct s1inv_vtd_scratch scratch;
static struct s1inv_vtd_table table = {
	.audit = { .revision = S1INV_REVISION_LINUX, .va_bits = 48 },
	.timeouts_max = S1INV_VTD_TIMEOUTS_MAX,
	.units = units,
	.unit_num = 1,
	.scratch = &scratch,
};

/* Aligned ranges of 1 page to 1 GiB: one block, two descriptors each. */
static void fill_entries(void)
{
	for (size_t i = 0; i < ENTRIES; i++) {
		unsigned int order = (unsigned int)(i * 7 % 19);

		entries[i].npages = 1ULL << order;
		entries[i].addr = ((uint64_t)i + 1) << (12 + order);
		entries[i].flags = i & 1 ? S1INV_VTD_S1_LEAF : 0;
	}
}

/* ----------------------------------------------------------- what is timed */

/* The compiler must take it that all memory is read and written here. */
static void keep(void)
{
	__asm__ volatile("" ::: "memory");
}

static bool core(void)
{
	struct s1inv_array array = { .entry_len = sizeof(entries[0]),
				     .num = ENTRIES };
	uint32_t handled;
	struct s1inv_verdict verdict =
		s1inv_walk(&backend, &user, &array, 0, ENTRIES, &handled);

	return verdict.error == 0 && handled == ENTRIES;
}

static bool no_queue; /* take submissions and do nothing */

int __real_s1inv_vtd_queue_run(struct s1inv_vtd_queue *q,
			       struct s1inv_vtd_submission *sub);
int __wrap_s1inv_vtd_queue_run(struct s1inv_vtd_queue *q,
			       struct s1inv_vtd_submission *sub);

int __wrap_s1inv_vtd_queue_run(struct s1inv_vtd_queue *q,
			       struct s1inv_vtd_submission *sub)
{
	if (!no_queue)
		return __real_s1inv_vtd_queue_run(q, sub);
	keep();
	sub->undone = (struct s1inv_vtd_set){ { 0, 0 } };
	return 0;
}

static bool core_to_encoded(void)
{
	bool ok;

	no_queue = true;
	ok = core();
	no_queue = false;
	return ok;
}

static void copy_quadwords(s1inv_le64 *dst, const s1inv_le64 *src, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s1inv_env_store64(&dst[i],
				  *(const volatile s1inv_le64 *)&src[i]);
}

static bool floor_of_it(void)
{
	static const s1inv_le64 array[ENTRIES * ENTRY_QW];
	static const s1inv_le64 descs[2 * QW];
	s1inv_le64 entry[ENTRY_QW];

	for (size_t i = 0; i < ENTRIES; i++) {
		copy_quadwords(entry, &array[i * ENTRY_QW], ENTRY_QW);
		copy_quadwords(&unit.ring[2 * i % SLOTS * QW], descs, 2 * QW);
	}
	return true;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Nanoseconds per entry of ROUNDS calls of @work; negative when it failed. */
static double measure(bool (*work)(void))
{
	double start = now();

	for (int i = 0; i < ROUNDS; i++) {
		if (!work())
			return -1.0;
		keep();
	}
	return (now() - start) / ROUNDS / ENTRIES;
}

/* ----------------------------------------------------------------- results */

/* Nanoseconds per entry, but for the last two. */
struct result {
	double floor;
	double whole;
	double encoded;
	unsigned long submissions;
	unsigned long descriptors;
};

static double least(double a, double b)
{
	return a < b ? a : b;
}

/* By turns, so that a slow moment of the machine meets all of them. */
static bool run(struct result *r)
{
	if (!core())
		return false;
	r->submissions = unit.doorbells;
	r->descriptors = unit.descriptors;
	r->floor = r->whole = r->encoded = 1e9;
	for (int i = 0; i < TRIES; i++) {
		r->floor = least(r->floor, measure(floor_of_it));
		r->whole = least(r->whole, measure(core));
		r->encoded = least(r->encoded, measure(core_to_encoded));
	}
	return r->whole > 0 && r->encoded > 0;
}

static double ratio(const struct result *r)
{
	return r->encoded / r->floor;
}

/* Time is not judged: a busy machine says nothing about the program. */
static bool within_bars(const struct result *r)
{
	return r->submissions <= SUBMISSIONS_MAX;
}

static void print_table(const struct result *r)
{
	printf("%d entries, one unit, an IOTLB and one ATS device\n", ENTRIES);
	printf("  %-44s %7.1f ns per entry\n",
	       "floor: an entry in, two descriptors out", r->floor);
	printf("  %-44s %7.1f ns per entry\n", "core: copy-in to completion",
	       r->whole);
	printf("  %-44s %7.1f ns per entry\n",
	       "  copy-in to encoded descriptors", r->encoded);
	printf("  %-44s %7.1f (bar %.0f)\n",
	       "copy-in to encoded descriptors / floor", ratio(r), RATIO_MAX);
	printf("  %-44s %7lu (bar %u)\n", "submissions", r->submissions,
	       SUBMISSIONS_MAX);
	printf("  %-44s %7lu\n", "descriptors in them, waits included",
	       r->descriptors);
}

static void print_json(const struct result *r)
{
	printf("{\"entries\": %d, \"floor_ns\": %.2f, \"whole_ns\": %.2f, "
	       "\"encoded_ns\": %.2f, "
	       "\"ratio\": %.2f, \"ratio_max\": %.1f, "
	       "\"submissions\": %lu, \"submissions_max\": %u, "
	       "\"descriptors\": %lu}\n",
	       ENTRIES, r->floor, r->whole, r->encoded,
	       ratio(r), RATIO_MAX, r->submissions, SUBMISSIONS_MAX,
	       r->descriptors);
}

static int usage(FILE *to, int status)
{
	fputs("usage: s1inv_bench [--json] [--check]\n"
	      "  --json   one line of JSON instead of the table\n"
	      "  --check  exit status 1 when there are too many submissions\n",
	      to);
	return status;
}

int main(int argc, char **argv)
{
	struct result result;
	bool json = false;
	bool check = false;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help"))
			return usage(stdout, EXIT_SUCCESS);
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (!strcmp(argv[i], "--check"))
			check = true;
		else
			return usage(stderr, 2);
	}
	fill_entries();
	if (s1inv_vtd_queue_init(&queue) || s1inv_vtd_begin(&table, &backend) ||
	    !run(&result)) {
		fputs("s1inv_bench: the array was not carried out\n", stderr);
		return EXIT_FAILURE;
	}
	if (json)
		print_json(&result);
	else
		print_table(&result);
	return check && !within_bars(&result) ? EXIT_FAILURE : EXIT_SUCCESS;
}
