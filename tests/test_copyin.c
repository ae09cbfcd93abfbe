/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Copying the command (CMD-1 to CMD-4, CMD-12) and the entries (COPY-2 to
 * COPY-4). What is expected comes from two interpreters that look at one byte
 * after the other.
 */
#include <s1inv/s1inv.h>

#include "fake_user.h"
#include "runner.h"

#define BASE UINT64_C(0x7f0000001000)
/* The window's last byte is the last of the address space. */
#define BASE_END (UINT64_C(0) - FAKE_SIZE)
#define CMD_AT 0x100U
#define ROUNDS 30000

static struct fake_user mem;

static bool readable(uint64_t at)
{
	return at < FAKE_SIZE && !mem.no_read[at];
}

/* ------------------------------------------------------------ the command */

static void put_command(uint64_t base, uint32_t at, uint32_t size)
{
	struct s1inv_cmd cmd = { .size = size,
				 .hwpt_id = 7,
				 .data_uptr = 0x1122334455667788,
				 .data_type = 0xdeadbeef,
				 .entry_len = 24,
				 .entry_num = 9,
				 .reserved = 0x01020304 };
	size_t room = FAKE_SIZE - at;

	fake_reset(&mem, base);
	memcpy(&mem.bytes[at], &cmd, room < sizeof(cmd) ? room : sizeof(cmd));
}

static struct s1inv_verdict naive_command(uint32_t at)
{
	struct s1inv_verdict v = { -S1INV_EFAULT, S1INV_RULE_CMD_1 };
	uint32_t size;
	uint64_t i;

	for (i = 0; i < 4; i++)
		if (!readable(at + i))
			return v;
	memcpy(&size, &mem.bytes[at], sizeof(size));
	if (size < 32)
		return (struct s1inv_verdict){ -S1INV_EINVAL,
					       S1INV_RULE_CMD_2 };
	v.rule = S1INV_RULE_CMD_3;
	for (i = 32; i < size; i++) {
		if (!readable(at + i))
			return v;
		if (mem.bytes[at + i])
			return (struct s1inv_verdict){ -S1INV_E2BIG,
						       S1INV_RULE_CMD_3 };
	}
	v.rule = S1INV_RULE_CMD_4;
	for (i = 4; i < 32; i++)
		if (!readable(at + i))
			return v;
	return (struct s1inv_verdict){ 0, S1INV_RULE_NONE };
}

/*
 * Copies the command at @at and holds the result against the naive one, and the
 * command against what was delivered (CMD-12: each byte is read once).
 */
static struct s1inv_verdict copy_command(uint32_t at)
{
	struct s1inv_env_user user = fake_env(&mem);
	struct s1inv_verdict want = naive_command(at);
	struct s1inv_verdict got;
	struct s1inv_cmd cmd, expect;

	if (!want.error)
		memcpy(&expect, &mem.bytes[at], sizeof(expect));
	got = s1inv_copy_command(&user, mem.base + at, &cmd);
	if (got.error != want.error || got.rule != want.rule)
		ck_abort_msg("error %d rule %d, expected %d and %d", got.error,
			     (int)got.rule, want.error, (int)want.rule);
	if (!want.error && memcmp(&cmd, &expect, sizeof(cmd)))
		ck_abort_msg("command not as delivered");
	if (!fake_read_once(&mem) || mem.to_calls)
		ck_abort_msg("a byte was read twice, or written");
	return got;
}

static void expect_command(uint32_t at, int error, enum s1inv_rule rule)
{
	struct s1inv_verdict v = copy_command(at);

	ck_assert_int_eq(v.error, error);
	ck_assert_int_eq((int)v.rule, (int)rule);
}

/* CMD-1: any byte of the size word that cannot be read */
START_TEST(cmd_1_size_unreadable)
{
	put_command(BASE, CMD_AT, 32);
	mem.no_read[CMD_AT + (uint32_t)_i] = true;
	expect_command(CMD_AT, -S1INV_EFAULT, S1INV_RULE_CMD_1);
}
END_TEST

START_TEST(cmd_1_pointer_outside_all_memory)
{
	struct s1inv_env_user user = fake_env(&mem);
	struct s1inv_cmd cmd;

	put_command(BASE, CMD_AT, 32);
	ck_assert_int_eq(s1inv_copy_command(&user, 0, &cmd).error,
			 -S1INV_EFAULT);
	ck_assert_int_eq(s1inv_copy_command(&user, UINT64_MAX, &cmd).error,
			 -S1INV_EFAULT);
}
END_TEST

/* CMD-2: every size below 32 */
START_TEST(cmd_2_size_below_32)
{
	put_command(BASE, CMD_AT, (uint32_t)_i);
	expect_command(CMD_AT, -S1INV_EINVAL, S1INV_RULE_CMD_2);
}
END_TEST

/* CMD-2 before CMD-4: the rest of the command cannot be read either */
START_TEST(cmd_2_before_cmd_4)
{
	put_command(BASE, CMD_AT, 31);
	memset(&mem.no_read[CMD_AT + 4], true, 64);
	expect_command(CMD_AT, -S1INV_EINVAL, S1INV_RULE_CMD_2);
}
END_TEST

/* CMD-3: a byte past 32 that is not zero, at every place */
START_TEST(cmd_3_trailing_bytes)
{
	put_command(BASE, CMD_AT, 232);
	mem.bytes[CMD_AT + (uint32_t)_i] = 0x80;
	expect_command(CMD_AT, -S1INV_E2BIG, S1INV_RULE_CMD_3);
}
END_TEST

/* CMD-3: a byte past 32 that cannot be read, at every place */
START_TEST(cmd_3_trailing_unreadable)
{
	put_command(BASE, CMD_AT, 232);
	mem.no_read[CMD_AT + (uint32_t)_i] = true;
	expect_command(CMD_AT, -S1INV_EFAULT, S1INV_RULE_CMD_3);
}
END_TEST

/* CMD-3: bytes behind the size that the command gives are nobody's */
START_TEST(cmd_3_ends_at_size)
{
	uint32_t size = 32 + (uint32_t)_i;

	put_command(BASE, CMD_AT, size);
	memset(&mem.bytes[CMD_AT + size], 0xff, 100);
	memset(&mem.no_read[CMD_AT + size + 1], true, 100);
	expect_command(CMD_AT, 0, S1INV_RULE_NONE);
}
END_TEST

/* CMD-3: in ascending order, so the first of the two decides */
START_TEST(cmd_3_ascending_order)
{
	put_command(BASE, CMD_AT, 232);
	mem.bytes[CMD_AT + (uint32_t)_i] = 1;
	mem.no_read[CMD_AT + (uint32_t)_i + 1] = true;
	expect_command(CMD_AT, -S1INV_E2BIG, S1INV_RULE_CMD_3);

	put_command(BASE, CMD_AT, 232);
	mem.no_read[CMD_AT + (uint32_t)_i] = true;
	mem.bytes[CMD_AT + (uint32_t)_i + 1] = 1;
	expect_command(CMD_AT, -S1INV_EFAULT, S1INV_RULE_CMD_3);
}
END_TEST

/* CMD-3: a byte that is not zero and can be read, but is held back at first */
START_TEST(cmd_3_more_missing_than_unreadable)
{
	put_command(BASE, CMD_AT, 64);
	mem.bytes[CMD_AT + 40] = 1;
	mem.no_read[CMD_AT + 48] = true;
	mem.greed = 40;
	mem.seed = (uint64_t)_i;
	expect_command(CMD_AT, -S1INV_E2BIG, S1INV_RULE_CMD_3);
}
END_TEST

/* CMD-3 before CMD-4, in both its forms */
START_TEST(cmd_3_before_cmd_4)
{
	put_command(BASE, CMD_AT, 64);
	mem.no_read[CMD_AT + 8] = true;
	mem.bytes[CMD_AT + 63] = 1;
	expect_command(CMD_AT, -S1INV_E2BIG, S1INV_RULE_CMD_3);

	put_command(BASE, CMD_AT, 64);
	mem.no_read[CMD_AT + 8] = true;
	mem.no_read[CMD_AT + 63] = true;
	expect_command(CMD_AT, -S1INV_EFAULT, S1INV_RULE_CMD_3);
}
END_TEST

/* CMD-3: nothing else is copied before the bytes past 32 were looked at */
START_TEST(cmd_3_before_anything_is_copied)
{
	uint32_t i;

	put_command(BASE, CMD_AT, 64);
	mem.bytes[CMD_AT + 40] = 1;
	expect_command(CMD_AT, -S1INV_E2BIG, S1INV_RULE_CMD_3);
	for (i = 4; i < 32; i++)
		ck_assert_uint_eq(mem.reads[CMD_AT + i], 0);
}
END_TEST

/* CMD-4: any of bytes 4 to 31 */
START_TEST(cmd_4_command_unreadable)
{
	put_command(BASE, CMD_AT, 32);
	mem.no_read[CMD_AT + (uint32_t)_i] = true;
	expect_command(CMD_AT, -S1INV_EFAULT, S1INV_RULE_CMD_4);

	put_command(BASE, CMD_AT, 100);
	mem.no_read[CMD_AT + (uint32_t)_i] = true;
	expect_command(CMD_AT, -S1INV_EFAULT, S1INV_RULE_CMD_4);
}
END_TEST

/* A command near the end of the space: bytes past the end cannot be read. */
START_TEST(cmd_4_end_of_the_space)
{
	put_command(BASE_END, FAKE_SIZE - (uint32_t)_i, 32);
	expect_command(FAKE_SIZE - (uint32_t)_i,
		       _i < 32 ? -S1INV_EFAULT : 0,
		       _i < 4    ? S1INV_RULE_CMD_1
		       : _i < 32 ? S1INV_RULE_CMD_4
				 : S1INV_RULE_NONE);
}
END_TEST

START_TEST(cmd_3_end_of_the_space)
{
	put_command(BASE_END, FAKE_SIZE - 64, 65);
	expect_command(FAKE_SIZE - 64, -S1INV_EFAULT, S1INV_RULE_CMD_3);
	put_command(BASE_END, FAKE_SIZE - 64, UINT32_MAX);
	expect_command(FAKE_SIZE - 64, -S1INV_EFAULT, S1INV_RULE_CMD_3);
	put_command(BASE_END, FAKE_SIZE - 64, 64);
	expect_command(FAKE_SIZE - 64, 0, S1INV_RULE_NONE);
}
END_TEST

/* CMD-12: the owner of the memory changes each byte once it was read. */
START_TEST(cmd_12_size_is_read_once)
{
	put_command(BASE, CMD_AT, 32 + (uint32_t)_i);
	mem.hostile = true;
	expect_command(CMD_AT, 0, S1INV_RULE_NONE);
}
END_TEST

struct endless {
	uint64_t bytes;
	uint32_t size;
	bool signal;
};

/* Memory that is 0 wherever one looks, but for the command's size word */
static size_t endless_copy_from(void *ctx, void *dst, uint64_t uaddr,
				size_t len)
{
	struct endless *e = ctx;

	memset(dst, 0, len);
	if (uaddr == BASE && len >= sizeof(e->size))
		memcpy(dst, &e->size, sizeof(e->size));
	e->bytes += len;
	return 0;
}

static bool endless_interrupted(void *ctx)
{
	const struct endless *e = ctx;

	return e->signal;
}

/* M1: a scan of 4 GiB of zeros ends when its caller is killed (REP-14). */
START_TEST(defect_M1_unbounded_scan)
{
	struct endless e = { 0, UINT32_MAX, true };
	struct s1inv_env_user user = { &e, endless_copy_from, NULL,
				       endless_interrupted };
	struct s1inv_cmd cmd;

	ck_assert_int_eq(s1inv_copy_command(&user, BASE, &cmd).error,
			 -S1INV_EINTR);
	ck_assert(e.bytes <= 1U << 20);
}
END_TEST

START_TEST(cmd_3_long_scan_is_exact)
{
	struct endless e = { 0, (1U << 20) + 13, false };
	struct s1inv_env_user user = { &e, endless_copy_from, NULL,
				       endless_interrupted };
	struct s1inv_cmd cmd;

	ck_assert_int_eq(s1inv_copy_command(&user, BASE, &cmd).error, 0);
	ck_assert_uint_eq(cmd.size, e.size);
	ck_assert_uint_eq(e.bytes, e.size);
}
END_TEST

static void random_command(uint64_t *seed)
{
	static const uint32_t sizes[] = { 31, 32, 33, 40, 63, 64, 96, 97, 300 };
	uint32_t size = sizes[rng_below(seed, 9)];
	uint32_t at = CMD_AT;
	uint32_t n;

	if (!rng_below(seed, 4))
		at = FAKE_SIZE - 1 - rng_below(seed, 2 * size);
	put_command(rng_below(seed, 2) ? BASE_END : BASE, at, size);
	mem.seed = rng_next(seed);
	mem.greed = rng_below(seed, 3) * 20;
	mem.hostile = true;
	for (n = rng_below(seed, 3); n; n--)
		mem.no_read[(at + rng_below(seed, 330)) % FAKE_SIZE] = true;
	for (n = rng_below(seed, 3); n && size > 32; n--)
		mem.bytes[(at + 32 + rng_below(seed, 300)) % FAKE_SIZE] |= 1;
	copy_command(at);
}

START_TEST(cmd_1_to_4_property)
{
	uint64_t seed = 1;
	uint32_t i;

	for (i = 0; i < ROUNDS; i++)
		random_command(&seed);
}
END_TEST

/* ------------------------------------------------------------ the entries */

#define ENTRY_MAX 40U
#define ENTRIES_MAX 12U

/* An array of @num entries whose entry 0 stands at offset @at. */
struct piece {
	uint32_t at;
	uint32_t len;
	uint32_t num;
	uint32_t first;
	uint32_t n;
};

static void put_entries(uint64_t base, const struct piece *p)
{
	uint64_t seed = 5;
	uint32_t i;

	fake_reset(&mem, base);
	for (i = 0; i < FAKE_SIZE; i++)
		mem.bytes[i] = (uint8_t)rng_next(&seed);
	mem.entry_at = p->at;
	mem.entry_len = p->len;
}

static uint32_t naive_entries(const struct piece *p, enum s1inv_rule *rule)
{
	uint64_t at = p->at + (uint64_t)p->first * p->len;
	uint32_t i, j;

	*rule = S1INV_RULE_NONE;
	for (i = 0; i < p->n; i++, at += p->len)
		for (j = 0; j < p->len; j++)
			if (!readable(at + j)) {
				bool wraps = mem.base + at + p->len - 1 < BASE;

				*rule = wraps ? S1INV_RULE_COPY_4
					      : S1INV_RULE_COPY_2;
				return i;
			}
	return p->n;
}

/* Copies a piece and holds it against the naive result; how many arrived. */
static uint32_t copy_entries(const struct piece *p)
{
	struct s1inv_env_user user = fake_env(&mem);
	struct s1inv_array array = { mem.base + p->at, p->len, p->num };
	struct s1inv_verdict v = { 0, S1INV_RULE_NONE };
	uint8_t dst[ENTRIES_MAX * ENTRY_MAX + 8];
	uint8_t before[FAKE_SIZE];
	enum s1inv_rule rule;
	uint32_t want = naive_entries(p, &rule);
	uint32_t got, i;

	memcpy(before, mem.bytes, sizeof(before));
	memset(dst, 0x5a, sizeof(dst));
	got = s1inv_copy_entries(&user, &array, p->first, p->n, dst, &v);
	if (got != want)
		ck_abort_msg("%u entries of %u, expected %u", got, p->n, want);
	if (v.error != (want < p->n ? -S1INV_EFAULT : 0) || v.rule != rule)
		ck_abort_msg("error %d, rule %d, expected rule %d", v.error,
			     (int)v.rule, (int)rule);
	if (memcmp(dst, &before[(p->at + p->first * p->len) % FAKE_SIZE],
		   got * p->len))
		ck_abort_msg("entries not as delivered");
	for (i = p->n * p->len; i < sizeof(dst); i++)
		if (dst[i] != 0x5a)
			ck_abort_msg("written past the last entry");
	if (!fake_read_once(&mem))
		ck_abort_msg("a byte was delivered twice");
	return got;
}

#define SIX (struct piece){ 0x200, 24, 6, 0, 6 }

/* COPY-2: a byte that cannot be read, at every place of six entries */
START_TEST(copy_2_fault_at_each_byte)
{
	put_entries(BASE, &SIX);
	mem.no_read[0x200 + _i] = true;
	ck_assert_uint_eq(copy_entries(&SIX), (uint32_t)_i / 24);
}
END_TEST

START_TEST(copy_2_all_arrive_in_one_copy)
{
	put_entries(BASE, &SIX);
	memset(&mem.no_read[0x200 + 6 * 24], true, 64);
	memset(&mem.no_read[0x200 - 64], true, 64);
	ck_assert_uint_eq(copy_entries(&SIX), 6);
	ck_assert_uint_eq(mem.from_calls, 1);
}
END_TEST

/* COPY-3: the same with a copy that holds readable bytes back */
START_TEST(copy_3_more_missing_than_unreadable)
{
	uint32_t greed;

	for (greed = 1; greed < 150; greed += 7) {
		put_entries(BASE, &SIX);
		mem.greed = greed;
		mem.hostile = true;
		mem.no_read[0x200 + _i] = true;
		ck_assert_uint_eq(copy_entries(&SIX), (uint32_t)_i / 24);
	}
}
END_TEST

/* COPY-3: a copy of all that comes short although nothing is unreadable */
START_TEST(copy_3_short_without_reason)
{
	put_entries(BASE, &SIX);
	mem.seed = (uint64_t)_i;
	mem.shy = true;
	mem.hostile = true;
	ck_assert_uint_eq(copy_entries(&SIX), 6);
	ck_assert_uint_eq(mem.reads[0x200], 1);
	ck_assert_uint_eq(mem.reads[0x200 + 6 * 24 - 1], 1);
}
END_TEST

/* M2: what was delivered is not fetched again, however it changes. */
START_TEST(defect_M2_double_fetch)
{
	put_entries(BASE, &SIX);
	mem.hostile = true;
	ck_assert_uint_eq(copy_entries(&SIX), 6);
	ck_assert(fake_read_once(&mem));
}
END_TEST

/* COPY-4: entry 2 begins @_i bytes before the end of the space. */
START_TEST(copy_4_wrap)
{
	uint32_t at = FAKE_SIZE - 48 - (uint32_t)_i;
	struct piece p = { at, 24, 6, 0, 6 };

	put_entries(BASE_END, &p);
	ck_assert_uint_eq(copy_entries(&p), _i < 24 ? 2 : 3);
}
END_TEST

START_TEST(copy_4_last_entry_ends_the_space)
{
	struct piece p = { FAKE_SIZE - 3 * 24, 24, 3, 0, 3 };

	put_entries(BASE_END, &p);
	ck_assert_uint_eq(copy_entries(&p), 3);
}
END_TEST

/* COPY-4: bytes before the end that cannot be read are COPY-2's still. */
START_TEST(copy_4_fault_before_the_wrap)
{
	struct piece p = { FAKE_SIZE - 60, 24, 6, 0, 6 };

	put_entries(BASE_END, &p);
	mem.no_read[FAKE_SIZE - 60 + 30] = true;
	ck_assert_uint_eq(copy_entries(&p), 1);
}
END_TEST

static uint32_t copy_far(uint64_t uaddr, uint32_t len, uint32_t first,
			 struct s1inv_verdict *v)
{
	struct s1inv_env_user user = fake_env(&mem);
	struct s1inv_array array = { uaddr, len, UINT32_MAX };
	uint8_t dst[2 * ENTRY_MAX];

	return s1inv_copy_entries(&user, &array, first, 2, dst, v);
}

/* COPY-4: the start is past the end, where a wrap would find good memory. */
START_TEST(copy_4_start_past_the_end)
{
	static const uint64_t starts[] = { UINT64_MAX, UINT64_MAX - 23,
					   UINT64_MAX - 0x7ff };
	struct s1inv_verdict v = { 0, S1INV_RULE_NONE };

	fake_reset(&mem, 0);
	ck_assert_uint_eq(copy_far(starts[_i], 24, 0x60, &v), 0);
	ck_assert_int_eq(v.error, -S1INV_EFAULT);
	ck_assert_int_eq((int)v.rule, S1INV_RULE_COPY_4);
	ck_assert_uint_eq(mem.from_calls, 0);
}
END_TEST

/* M7: entry number x length does not fit 32 bits; 0xaaaaaab x 24 = 2^32 + 8. */
START_TEST(defect_M7_product_overflow)
{
	struct s1inv_verdict v = { 0, S1INV_RULE_NONE };

	fake_reset(&mem, BASE);
	ck_assert_uint_eq(copy_far(BASE - 8 - (UINT64_C(1) << 32) + 0x300, 24,
				   0xaaaaaab, &v),
			  2);
	ck_assert_uint_eq(mem.reads[0x300], 1);
	ck_assert_uint_eq(mem.reads[0x300 + 47], 1);
	ck_assert_uint_eq(mem.from_addr, BASE + 0x300);
	ck_assert_uint_eq(mem.from_len, 48);
}
END_TEST

START_TEST(copy_5_last_entry_of_the_largest_array)
{
	struct s1inv_verdict v = { 0, S1INV_RULE_NONE };
	uint64_t before = UINT64_C(24) * (UINT32_MAX - 2);

	fake_reset(&mem, BASE);
	ck_assert_uint_eq(copy_far(BASE - before, 24, UINT32_MAX - 2, &v), 2);
	ck_assert_uint_eq(mem.from_addr, BASE);
}
END_TEST

static void random_entries(uint64_t *seed)
{
	static const uint32_t lens[] = { 8, 24, 16, 40, 1 };
	struct piece p;
	uint32_t n;

	p.len = lens[rng_below(seed, 5)];
	p.num = 1 + rng_below(seed, ENTRIES_MAX);
	p.first = rng_below(seed, p.num + 1);
	p.n = rng_below(seed, p.num - p.first + 1);
	p.at = 0x200 + rng_below(seed, 64);
	if (!rng_below(seed, 3))
		p.at = FAKE_SIZE - 1 - rng_below(seed, p.num * p.len + 50);
	put_entries(rng_below(seed, 2) ? BASE_END : BASE, &p);
	mem.seed = rng_next(seed);
	mem.greed = rng_below(seed, 4) * rng_below(seed, 60);
	mem.shy = p.n > 1 && rng_below(seed, 2);
	mem.hostile = true;
	for (n = rng_below(seed, 3); n; n--)
		mem.no_read[(p.at + rng_below(seed, p.num * p.len + 8)) %
			    FAKE_SIZE] = true;
	copy_entries(&p);
}

/* COPY-2 to COPY-5 against the byte-by-byte interpreter */
START_TEST(copy_2_to_5_property)
{
	uint64_t seed = 2;
	uint32_t i;

	for (i = 0; i < ROUNDS; i++)
		random_entries(&seed);
}
END_TEST

static TCase *command_case(void)
{
	TCase *tc = tcase_create("command");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, cmd_1_size_unreadable, 0, 4);
	tcase_add_test(tc, cmd_1_pointer_outside_all_memory);
	tcase_add_loop_test(tc, cmd_2_size_below_32, 0, 32);
	tcase_add_test(tc, cmd_2_before_cmd_4);
	tcase_add_loop_test(tc, cmd_3_trailing_bytes, 32, 232);
	tcase_add_loop_test(tc, cmd_3_trailing_unreadable, 32, 232);
	tcase_add_loop_test(tc, cmd_3_ends_at_size, 0, 70);
	tcase_add_loop_test(tc, cmd_3_ascending_order, 32, 231);
	tcase_add_loop_test(tc, cmd_3_more_missing_than_unreadable, 0, 20);
	tcase_add_test(tc, cmd_3_before_cmd_4);
	tcase_add_test(tc, cmd_3_before_anything_is_copied);
	tcase_add_loop_test(tc, cmd_4_command_unreadable, 4, 32);
	tcase_add_loop_test(tc, cmd_4_end_of_the_space, 1, 33);
	tcase_add_test(tc, cmd_3_end_of_the_space);
	tcase_add_loop_test(tc, cmd_12_size_is_read_once, 0, 20);
	tcase_add_test(tc, defect_M1_unbounded_scan);
	tcase_add_test(tc, cmd_3_long_scan_is_exact);
	tcase_add_test(tc, cmd_1_to_4_property);
	return tc;
}

static TCase *entries_case(void)
{
	TCase *tc = tcase_create("entries");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, copy_2_fault_at_each_byte, 0, 6 * 24);
	tcase_add_test(tc, copy_2_all_arrive_in_one_copy);
	tcase_add_loop_test(tc, copy_3_more_missing_than_unreadable, 0, 6 * 24);
	tcase_add_loop_test(tc, copy_3_short_without_reason, 0, 100);
	tcase_add_test(tc, defect_M2_double_fetch);
	tcase_add_loop_test(tc, copy_4_wrap, 1, 30);
	tcase_add_test(tc, copy_4_last_entry_ends_the_space);
	tcase_add_test(tc, copy_4_fault_before_the_wrap);
	tcase_add_loop_test(tc, copy_4_start_past_the_end, 0, 3);
	tcase_add_test(tc, defect_M7_product_overflow);
	tcase_add_test(tc, copy_5_last_entry_of_the_largest_array);
	tcase_add_test(tc, copy_2_to_5_property);
	return tc;
}

int main(void)
{
	Suite *s = suite_create("copyin");

	suite_add_tcase(s, command_case());
	suite_add_tcase(s, entries_case());
	return run_suite(s);
}
