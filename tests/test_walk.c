/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The walk over the array (COPY-5, REP-*) with a backend whose entries say
 * themselves what becomes of them. Every result is held against an
 * interpreter that takes one entry after the other and knows no chunks.
 */
#include <s1inv/s1inv.h>

#include "fake_user.h"
#include "runner.h"

#define BASE UINT64_C(0x7f0000001000)
#define ARRAY_AT 0x100U
#define ENTRIES 32U
#define CHUNK_MAX 8U
#define ENTRY_MAX 40U
#define ROUNDS 30000

/* An entry's bytes: what becomes of it, then noise */
enum { AT_AUDIT, AT_SUBMIT, AT_HW, AT_INDEX, ENTRY_MIN };

/**
 * struct world - an array, a backend and what they did
 * @len: length of an entry
 * @num: entries in the array
 * @chunk: the backend's
 * @hw_at: offset of the word that is written back
 * @v8: there is such a word
 * @signal_at: a fatal signal arrives during that submission, counted from 1
 * @raw: copied entries
 * @audited: the same when they were audited
 * @passed: how many passed
 * @hw: what hardware said
 * @submits: number of submissions
 * @log: indices of the entries submitted, in order
 * @logged: how many
 */
struct world {
	uint32_t len;
	uint32_t num;
	uint32_t chunk;
	uint32_t hw_at;
	bool v8;
	uint32_t signal_at;
	uint8_t raw[CHUNK_MAX * ENTRY_MAX];
	uint8_t audited[CHUNK_MAX * ENTRY_MAX];
	uint32_t passed;
	uint32_t hw[CHUNK_MAX];
	uint32_t submits;
	uint8_t log[ENTRIES];
	uint32_t logged;
};

/** struct result - what a walk must give */
struct result {
	uint32_t handled;
	struct s1inv_verdict verdict;
};

static struct fake_user mem;
static struct world world;

static uint32_t entry_at(uint32_t i)
{
	return ARRAY_AT + world.len * i;
}

static uint32_t world_audit(void *ctx, uint32_t n,
			    struct s1inv_verdict *verdict)
{
	struct world *w = ctx;
	uint32_t i;

	if (n > w->chunk)
		ck_abort_msg("more than a chunk");
	memcpy(w->audited, w->raw, sizeof(w->raw));
	for (i = 0; i < n && !w->raw[i * w->len + AT_AUDIT]; i++)
		;
	if (i < n) {
		verdict->error = -(int)w->raw[i * w->len + AT_AUDIT];
		verdict->rule = S1INV_RULE_AUD_3;
	}
	w->passed = i;
	return i;
}

static void world_submit(void *ctx, uint32_t n, struct s1inv_outcome *outcome)
{
	struct world *w = ctx;
	uint32_t i;

	if (!n || n > w->passed)
		ck_abort_msg("%u submitted, %u passed", n, w->passed);
	if (memcmp(w->raw, w->audited, n * w->len))
		ck_abort_msg("entries changed after the audit");
	if (++w->submits == w->signal_at)
		mem.signal = true;
	*outcome = (struct s1inv_outcome){ n, { 0, S1INV_RULE_NONE }, NULL };
	for (i = 0; i < n; i++) {
		const uint8_t *e = &w->raw[i * w->len];

		if (w->logged == ENTRIES)
			ck_abort_msg("an entry is submitted twice");
		w->log[w->logged++] = e[AT_INDEX];
		w->hw[i] = e[AT_HW];
		if (e[AT_SUBMIT] && !outcome->verdict.error) {
			outcome->handled = i;
			outcome->verdict.error = -(int)e[AT_SUBMIT];
			outcome->verdict.rule = S1INV_RULE_REP_10;
		}
	}
	outcome->hw_error = w->v8 ? w->hw : NULL;
	memset(w->raw, 0xee, sizeof(w->raw));
}

/* An array of @num good entries, with noise where nothing looks */
static void start(uint32_t num, uint32_t chunk)
{
	uint64_t seed = num;
	uint32_t i;

	fake_reset(&mem, BASE);
	memset(&world, 0, sizeof(world));
	world.len = 24;
	world.num = num;
	world.chunk = chunk;
	world.hw_at = 20;
	world.v8 = true;
	for (i = 0; i < FAKE_SIZE; i++)
		mem.bytes[i] = (uint8_t)rng_next(&seed);
}

/* To be called once length and number are settled */
static void put_entries(void)
{
	uint32_t i;

	for (i = 0; i < world.num; i++) {
		memset(&mem.bytes[entry_at(i)], 0, AT_INDEX);
		mem.bytes[entry_at(i) + AT_INDEX] = (uint8_t)i;
	}
}

static bool entry_bad(const bool *bad, uint32_t from, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		if (bad[from + i])
			return true;
	return false;
}

/* The rules, one entry at a time */
static struct result naive(uint32_t first, uint32_t max)
{
	struct result r = { 0, { 0, S1INV_RULE_NONE } };
	uint32_t i;

	for (i = first; i < world.num && r.handled < max; i++) {
		const uint8_t *e = &mem.bytes[entry_at(i)];

		if (entry_bad(mem.no_read, entry_at(i), world.len))
			r.verdict = (struct s1inv_verdict){ -S1INV_EFAULT,
							    S1INV_RULE_COPY_2 };
		else if (e[AT_AUDIT])
			r.verdict = (struct s1inv_verdict){ -(int)e[AT_AUDIT],
							    S1INV_RULE_AUD_3 };
		else if (e[AT_SUBMIT])
			r.verdict = (struct s1inv_verdict){ -(int)e[AT_SUBMIT],
							    S1INV_RULE_REP_10 };
		if (r.verdict.error)
			return r;
		r.handled++;
		if (world.v8 &&
		    entry_bad(mem.no_write, entry_at(i) + world.hw_at, 4)) {
			r.verdict = (struct s1inv_verdict){ -S1INV_EFAULT,
							    S1INV_RULE_REP_7 };
			return r;
		}
	}
	return r;
}

/* How many entries from @first on can be submitted at all */
static uint32_t submittable(uint32_t first)
{
	uint32_t i;

	for (i = first; i < world.num; i++)
		if (entry_bad(mem.no_read, entry_at(i), world.len) ||
		    mem.bytes[entry_at(i) + AT_AUDIT])
			break;
	return i - first;
}

/*
 * Every counted entry was submitted, once and in order; none behind an entry
 * that could not be (REP-2, REP-3).
 */
static void check_log(uint32_t first, uint32_t can, const struct result *r)
{
	uint32_t i;

	if (world.logged < r->handled || world.logged > can)
		ck_abort_msg("%u submitted, %u handled, %u can be",
			     world.logged, r->handled, can);
	for (i = 0; i < world.logged; i++)
		if (world.log[i] != first + i)
			ck_abort_msg("entry %u submitted, expected %u",
				     world.log[i], first + i);
}

/* REP-6: the word of every handled entry and not a byte besides */
static void check_writes(uint32_t first, const struct result *r,
			 const uint8_t *before)
{
	uint32_t words = world.v8 ? r->handled : 0;
	uint32_t left = 0, i, at, word;

	if (r->verdict.rule == S1INV_RULE_REP_7)
		words--;
	for (i = first; i < first + words; i++) {
		at = entry_at(i) + world.hw_at;
		memcpy(&word, &mem.bytes[at], sizeof(word));
		if (word != before[entry_at(i) + AT_HW])
			ck_abort_msg("hw_error of entry %u is %x", i, word);
		for (at = 0; at < 4; at++)
			mem.writes[entry_at(i) + world.hw_at + at]--;
	}
	/* The write that faulted may have got some bytes of its word out. */
	at = entry_at(first + words) + world.hw_at;
	for (i = 0; i < FAKE_SIZE; i++)
		if (r->verdict.rule != S1INV_RULE_REP_7 || i < at || i > at + 3)
			left += mem.writes[i];
	if (left)
		ck_abort_msg("%u bytes written that are not hw_error", left);
}

static struct result walk_at(uint64_t uaddr, uint32_t num, uint32_t first,
			     uint32_t max)
{
	struct s1inv_env_user user = fake_env(&mem);
	struct s1inv_backend_ops ops = { S1INV_DATA_VTD_S1, world.len,
					 world.hw_at, world_audit,
					 world_submit };
	struct s1inv_backend backend = { .ops = &ops,
					 .ctx = &world,
					 .raw = world.raw,
					 .chunk = world.chunk };
	struct s1inv_array array = { uaddr, world.len, num };
	struct result got = { UINT32_MAX, { 0, S1INV_RULE_NONE } };

	got.verdict = s1inv_walk(&backend, &user, &array, first, max,
				 &got.handled);
	return got;
}

/* Walks and holds everything against the naive interpreter. */
static struct result walk(uint32_t first, uint32_t max)
{
	uint8_t before[FAKE_SIZE];
	struct result want = naive(first, max);
	uint32_t can = submittable(first);
	struct result got;

	memcpy(before, mem.bytes, sizeof(before));
	got = walk_at(BASE + ARRAY_AT, world.num, first, max);
	if (got.handled != want.handled ||
	    got.verdict.error != want.verdict.error ||
	    got.verdict.rule != want.verdict.rule)
		ck_abort_msg("%u handled, error %d, rule %d, expected %u %d %d",
			     got.handled, got.verdict.error,
			     (int)got.verdict.rule, want.handled,
			     want.verdict.error, (int)want.verdict.rule);
	check_log(first, can < max ? can : max, &got);
	check_writes(first, &got, before);
	if (!fake_read_once(&mem))
		ck_abort_msg("a byte was delivered twice");
	return got;
}

static void expect(uint32_t handled, int error, enum s1inv_rule rule)
{
	struct result r = walk(0, UINT32_MAX);

	ck_assert_uint_eq(r.handled, handled);
	ck_assert_int_eq(r.verdict.error, error);
	ck_assert_int_eq((int)r.verdict.rule, (int)rule);
}

static void good(uint32_t num, int chunk)
{
	start(num, (uint32_t)chunk);
	put_entries();
}

/* Loop tests run once per size of chunk. */

/* COPY-5: any first and any number */
START_TEST(copy_5_any_first_and_max)
{
	uint32_t first, max;
	struct result r;

	for (first = 0; first <= 10; first++)
		for (max = 0; max <= 12; max++) {
			good(10, _i);
			r = walk(first, max);
			ck_assert_uint_eq(r.handled,
					  max < 10 - first ? max : 10 - first);
		}
	good(10, _i);
	r = walk(3, UINT32_MAX);
	ck_assert_uint_eq(r.handled, 7);
}
END_TEST

/* A chunk goes through the backend together: as few submissions as can be. */
START_TEST(rep_1_one_submission_per_chunk)
{
	uint32_t chunk = (uint32_t)_i;

	good(20, _i);
	expect(20, 0, S1INV_RULE_NONE);
	ck_assert_uint_eq(world.submits, (20 + chunk - 1) / chunk);
	ck_assert_uint_eq(mem.from_calls, (20 + chunk - 1) / chunk);
}
END_TEST

/* COPY-2: a fault at each entry */
START_TEST(copy_2_fault_at_each_entry)
{
	uint32_t i;

	for (i = 0; i < 10; i++) {
		good(10, _i);
		mem.no_read[entry_at(i) + 23] = true;
		expect(i, -S1INV_EFAULT, S1INV_RULE_COPY_2);
		ck_assert_uint_eq(world.logged, i);
	}
}
END_TEST

/* REP-3: an audit that fails at each entry; those before it are reported. */
START_TEST(rep_3_audit_fails_at_each_entry)
{
	uint32_t i;

	for (i = 0; i < 10; i++) {
		good(10, _i);
		mem.bytes[entry_at(i) + AT_AUDIT] = S1INV_EINVAL;
		expect(i, -S1INV_EINVAL, S1INV_RULE_AUD_3);
		ck_assert_uint_eq(world.logged, i);
		ck_assert_uint_eq(mem.to_calls, i);
	}
}
END_TEST

/* REP-2, REP-10 and M28: entries behind the failed one stay uncounted. */
START_TEST(rep_2_defect_M28_submission_fails_at_each_entry)
{
	uint32_t i;

	for (i = 0; i < 10; i++) {
		good(10, _i);
		mem.bytes[entry_at(i) + AT_SUBMIT] = S1INV_EIO;
		expect(i, -S1INV_EIO, S1INV_RULE_REP_10);
		ck_assert_uint_eq(mem.to_calls, i);
		ck_assert(world.logged > i && world.logged <= i + CHUNK_MAX);
	}
}
END_TEST

/* The same without hw_error, as in revision linux: not a byte is written. */
START_TEST(rep_8_time_out_without_hw_error)
{
	uint32_t i;

	for (i = 0; i < 10; i++) {
		good(10, _i);
		world.v8 = false;
		mem.bytes[entry_at(i) + AT_SUBMIT] = S1INV_ETIMEDOUT;
		expect(i, -S1INV_ETIMEDOUT, S1INV_RULE_REP_10);
		ck_assert_uint_eq(mem.to_calls, 0);
	}
}
END_TEST

/*
 * REP-5. I7: an error sticks to later entries. R8, I4: the user's own bytes,
 * which are noise here, come back as a hardware error.
 */
START_TEST(rep_5_defect_I7_R8_I4_hw_error_per_entry)
{
	good(10, _i);
	mem.bytes[entry_at(2) + AT_HW] = S1INV_VTD_HW_ICE;
	mem.bytes[entry_at(5) + AT_HW] = S1INV_VTD_HW_ICE | S1INV_VTD_HW_ITE;
	expect(10, 0, S1INV_RULE_NONE);
	ck_assert_uint_eq(mem.to_calls, 10);
	ck_assert_uint_eq(mem.to_len, 4);
	ck_assert_uint_eq(mem.to_addr, BASE + entry_at(9) + 20);
}
END_TEST

/* REP-6 and I6: what the user changed meanwhile in the entry stays. */
START_TEST(rep_6_defect_I6_only_four_bytes)
{
	uint32_t i;

	good(10, _i);
	mem.hostile = true;
	for (i = 0; i < 10; i++)
		memset(&mem.no_write[entry_at(i)], true, 20);
	expect(10, 0, S1INV_RULE_NONE);
}
END_TEST

/* REP-7 and I5: a fault of the write at each entry, and at each byte */
START_TEST(rep_7_defect_I5_write_back_faults)
{
	uint32_t i;

	for (i = 0; i < 40; i++) {
		good(10, _i);
		mem.no_write[entry_at(i / 4) + 20 + i % 4] = true;
		expect(i / 4 + 1, -S1INV_EFAULT, S1INV_RULE_REP_7);
	}
}
END_TEST

/* Spoils entry @i: unreadable, refused, failed, or its word not writable. */
static void spoil(uint32_t i, uint32_t kind)
{
	switch (kind) {
	case 0:
		mem.no_read[entry_at(i) + 8] = true;
		break;
	case 1:
		mem.bytes[entry_at(i) + AT_AUDIT] = S1INV_EOPNOTSUPP;
		break;
	case 2:
		mem.bytes[entry_at(i) + AT_SUBMIT] = S1INV_EIO;
		break;
	default:
		mem.no_write[entry_at(i) + 21] = true;
		break;
	}
}

/* REP-4: of any two failures in any two entries the first one decides. */
START_TEST(rep_4_lowest_index_decides)
{
	uint32_t i, j, kinds;
	struct result r;

	for (i = 0; i < 7; i++)
		for (j = i + 1; j < 8; j++)
			for (kinds = 0; kinds < 16; kinds++) {
				good(8, _i);
				spoil(i, kinds % 4);
				spoil(j, kinds / 4);
				r = walk(0, UINT32_MAX);
				ck_assert_uint_eq(r.handled,
						  kinds % 4 == 3 ? i + 1 : i);
			}
}
END_TEST

/* REP-14: killed during the second of many chunks */
START_TEST(rep_14_signal_between_chunks)
{
	struct result r;

	good(30, _i);
	world.signal_at = 2;
	r = walk_at(BASE + ARRAY_AT, 30, 0, UINT32_MAX);
	ck_assert_int_eq(r.verdict.error, -S1INV_EINTR);
	ck_assert_int_eq((int)r.verdict.rule, S1INV_RULE_REP_14);
	ck_assert_uint_eq(r.handled, 2 * (uint32_t)_i);
	ck_assert_uint_eq(mem.to_calls, 2 * (uint32_t)_i);
	ck_assert_uint_eq(world.logged, 2 * (uint32_t)_i);
}
END_TEST

/* ... but what was done to the end is not called interrupted ... */
START_TEST(rep_14_signal_in_the_last_chunk)
{
	good(2 * (uint32_t)_i, _i);
	world.signal_at = 2;
	expect(2 * (uint32_t)_i, 0, S1INV_RULE_NONE);

	good(30, _i);
	world.signal_at = 1;
	ck_assert_uint_eq(walk(3, (uint32_t)_i).handled, (uint32_t)_i);
}
END_TEST

/* ... and a failure in the chunk was there first (REP-4). */
START_TEST(rep_14_signal_after_a_failure)
{
	uint32_t kind;

	for (kind = 0; kind < 4; kind++) {
		good(20, _i);
		world.signal_at = 1;
		spoil(_i > 1 ? 1 : 0, kind);
		walk(0, UINT32_MAX);
	}
}
END_TEST

/* COPY-4: the third of the entries runs past the end of the space. */
START_TEST(copy_4_wrap)
{
	struct result r;

	start(3, (uint32_t)_i);
	mem.base = UINT64_C(0) - FAKE_SIZE;
	memset(&mem.bytes[FAKE_SIZE - 60], 0, 60);
	mem.bytes[FAKE_SIZE - 36 + AT_INDEX] = 1;
	r = walk_at(mem.base + FAKE_SIZE - 60, 9, 0, UINT32_MAX);
	ck_assert_uint_eq(r.handled, 2);
	ck_assert_int_eq(r.verdict.error, -S1INV_EFAULT);
	ck_assert_int_eq((int)r.verdict.rule, S1INV_RULE_COPY_4);
	ck_assert_uint_eq(world.logged, 2);
}
END_TEST

/*
 * M7: the walk begins at an entry whose offset does not fit 32 bits; words
 * are written back there too.
 */
START_TEST(copy_5_defect_M7_far_into_the_array)
{
	uint32_t first = 0xaaaaaab;
	struct result r;

	good(5, _i);
	r = walk_at(BASE + ARRAY_AT - UINT64_C(24) * first, first + 5, first,
		    UINT32_MAX);
	ck_assert_int_eq(r.verdict.error, 0);
	ck_assert_uint_eq(r.handled, 5);
	ck_assert_uint_eq(mem.to_addr, BASE + entry_at(4) + 20);
}
END_TEST

START_TEST(copy_5_end_of_the_largest_array)
{
	uint32_t first = UINT32_MAX - 5;
	struct result r;

	good(5, _i);
	r = walk_at(BASE + ARRAY_AT - UINT64_C(24) * first, UINT32_MAX, first,
		    UINT32_MAX);
	ck_assert_int_eq(r.verdict.error, 0);
	ck_assert_uint_eq(r.handled, 5);
	ck_assert_uint_eq(world.logged, 5);
}
END_TEST

/* M2 and COPY-3: bytes change as soon as they are read, copies come short. */
START_TEST(copy_3_defect_M2_memory_changes)
{
	good(20, _i);
	mem.hostile = true;
	mem.greed = 50;
	mem.no_read[entry_at(13) + 2] = true;
	expect(13, -S1INV_EFAULT, S1INV_RULE_COPY_2);
}
END_TEST

/* A walk in pieces does what one walk does. */
START_TEST(copy_5_pieces_add_up)
{
	uint32_t done = 0, max;

	good(ENTRIES, _i);
	for (max = 1; done < ENTRIES; max = max % 5 + 1) {
		struct result r = walk_at(BASE + ARRAY_AT, ENTRIES, done, max);

		ck_assert_int_eq(r.verdict.error, 0);
		ck_assert(r.handled && r.handled <= max);
		done += r.handled;
	}
	ck_assert_uint_eq(world.logged, ENTRIES);
	ck_assert_uint_eq(mem.to_calls, ENTRIES);
	ck_assert(fake_read_once(&mem));
}
END_TEST

static void random_walk(uint64_t *seed)
{
	uint32_t n;

	start(1 + rng_below(seed, ENTRIES), 1 + rng_below(seed, CHUNK_MAX));
	world.len = 8 * (1 + rng_below(seed, ENTRY_MAX / 8));
	world.hw_at = ENTRY_MIN + rng_below(seed, world.len - 4 - 3);
	world.v8 = rng_below(seed, 3);
	put_entries();
	mem.hostile = rng_below(seed, 2);
	mem.greed = rng_below(seed, 3) * rng_below(seed, 100);
	mem.seed = rng_next(seed);
	for (n = rng_below(seed, world.num + 1); n; n--)
		mem.bytes[entry_at(rng_below(seed, world.num)) + AT_HW] =
			(uint8_t)rng_below(seed, 4);
	for (n = rng_below(seed, 5); n; n--) {
		uint32_t at = entry_at(rng_below(seed, world.num));

		switch (rng_below(seed, 4)) {
		case 0:
			at += rng_below(seed, world.len);
			mem.no_read[at] = true;
			break;
		case 1:
			mem.bytes[at + AT_AUDIT] = S1INV_EINVAL;
			break;
		case 2:
			mem.bytes[at + AT_SUBMIT] = S1INV_ETIMEDOUT;
			break;
		default:
			at += rng_below(seed, world.len);
			mem.no_write[at] = true;
			break;
		}
	}
	walk(rng_below(seed, world.num + 1),
	     rng_below(seed, 2) ? UINT32_MAX : rng_below(seed, world.num + 2));
}

/* REP-* and COPY-* against the interpreter */
START_TEST(rep_1_to_7_property)
{
	uint64_t seed = 3;
	uint32_t i;

	for (i = 0; i < ROUNDS; i++)
		random_walk(&seed);
}
END_TEST

static void add(TCase *tc, const TTest *test)
{
	tcase_add_loop_test(tc, test, 1, CHUNK_MAX + 1);
}

static TCase *copy_case(void)
{
	TCase *tc = tcase_create("pieces and copies");

	add(tc, copy_5_any_first_and_max);
	add(tc, copy_2_fault_at_each_entry);
	add(tc, copy_4_wrap);
	add(tc, copy_5_defect_M7_far_into_the_array);
	add(tc, copy_5_end_of_the_largest_array);
	add(tc, copy_3_defect_M2_memory_changes);
	add(tc, copy_5_pieces_add_up);
	return tc;
}

static TCase *report_case(void)
{
	TCase *tc = tcase_create("report");

	tcase_set_timeout(tc, 60);
	add(tc, rep_1_one_submission_per_chunk);
	add(tc, rep_3_audit_fails_at_each_entry);
	add(tc, rep_2_defect_M28_submission_fails_at_each_entry);
	add(tc, rep_8_time_out_without_hw_error);
	add(tc, rep_5_defect_I7_R8_I4_hw_error_per_entry);
	add(tc, rep_6_defect_I6_only_four_bytes);
	add(tc, rep_7_defect_I5_write_back_faults);
	add(tc, rep_4_lowest_index_decides);
	add(tc, rep_14_signal_between_chunks);
	add(tc, rep_14_signal_in_the_last_chunk);
	add(tc, rep_14_signal_after_a_failure);
	tcase_add_test(tc, rep_1_to_7_property);
	return tc;
}

int main(void)
{
	Suite *s = suite_create("walk");

	suite_add_tcase(s, copy_case());
	suite_add_tcase(s, report_case());
	return run_suite(s);
}
