/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Copy-in. Commands and entries are read from user memory with holes, with
 * copies that report more bytes missing than they must, and with signals. The
 * verdict must be that of the rules, looked up byte by byte; what was delivered
 * must be what stands there; memory.c sees to it that nothing is read twice.
 */
#include "copyin_format.h"
#include "fuzz.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum {
	RECORDS_MAX = 12,
	COMMAND_LEN = 32,
	ENTRY_LEN = 24,
	ENTRY_LEN_MAX = 4096,
	LONG_SCAN = 256, /* bytes of a scan in which a signal must be seen */
	READ_MAX = 512   /* bytes of entries in one read, or one entry */
};

const struct fuzz_format *const fuzz_target_format = &copyin_format;

FUZZ_ORACLE_BEGIN

static void check_bytes(const struct memory *m, uint64_t uaddr,
			const void *delivered, size_t len)
{
	FUZZ_ASSERT(!len || memcmp(delivered, memory_bytes(m, uaddr), len) == 0,
		    "bytes are used as delivered");
}

/* ----------------------------------------------------------------- command */

static struct s1inv_verdict verdict(int error, enum s1inv_rule rule)
{
	const struct s1inv_verdict result = { error, rule };

	return result;
}

/* The word at @uaddr, which can be read, in the machine's order */
static uint32_t word_at(const struct memory *m, uint64_t uaddr)
{
	uint32_t word;

	memcpy(&word, memory_bytes(m, uaddr), sizeof(word));
	return word;
}

/* CMD-3: what is read before the first byte that cannot be, then that one */
static struct s1inv_verdict naive_tail(const struct memory *m, uint64_t uaddr,
				       uint64_t len)
{
	size_t reach = memory_reach(m, uaddr, len);
	size_t i;

	for (i = 0; i < reach; i++)
		if (memory_bytes(m, uaddr)[i])
			return verdict(-S1INV_E2BIG, S1INV_RULE_CMD_3);
	return reach < len ? verdict(-S1INV_EFAULT, S1INV_RULE_CMD_3) :
			     verdict(0, S1INV_RULE_NONE);
}

/* CMD-1 to CMD-4. What lies behind the end of the space cannot be read. */
static struct s1inv_verdict naive_command(const struct memory *m,
					  uint64_t uaddr)
{
	struct s1inv_verdict tail;
	uint32_t size;

	if (!memory_all_readable(m, uaddr, 4))
		return verdict(-S1INV_EFAULT, S1INV_RULE_CMD_1);
	size = word_at(m, uaddr);
	if (size < COMMAND_LEN)
		return verdict(-S1INV_EINVAL, S1INV_RULE_CMD_2);
	/* Nor may the address of a tail wrap, to where there is memory. */
	if (size > COMMAND_LEN && uaddr > UINT64_MAX - COMMAND_LEN)
		return verdict(-S1INV_EFAULT, S1INV_RULE_CMD_3);
	tail = naive_tail(m, uaddr + COMMAND_LEN, size - COMMAND_LEN);
	if (tail.error)
		return tail;
	if (!memory_all_readable(m, uaddr, COMMAND_LEN))
		return verdict(-S1INV_EFAULT, S1INV_RULE_CMD_4);
	return verdict(0, S1INV_RULE_NONE);
}

static bool is(struct s1inv_verdict a, struct s1inv_verdict b)
{
	return a.error == b.error && a.rule == b.rule;
}

/* A copy that was cut short, or a signal, may end a read early. */
static bool is_excused(const struct memory *m, struct s1inv_verdict found)
{
	if (found.error == -S1INV_EINTR)
		return found.rule == S1INV_RULE_CMD_3 && m->signal &&
		       m->polls > m->signal_after;
	return found.error == -S1INV_EFAULT && m->cut_short &&
	       (found.rule == S1INV_RULE_CMD_1 ||
		found.rule == S1INV_RULE_CMD_3 ||
		found.rule == S1INV_RULE_CMD_4);
}

/* CMD-3: a signal that was there from the beginning ends a long scan. */
static void check_signal(const struct memory *m, struct s1inv_verdict found)
{
	if (!m->signal || found.error == -S1INV_EINTR)
		return;
	FUZZ_ASSERT(m->polls <= m->signal_after,
		    "CMD-3: a signal that was seen ends the scan");
	FUZZ_ASSERT(m->signal_after || m->total <= COMMAND_LEN + LONG_SCAN,
		    "CMD-3: a long scan looks for a signal");
}

static void check_command(struct memory *m, uint64_t uaddr)
{
	static struct s1inv_cmd output;
	struct s1inv_cmd *cmd = &output;
	struct s1inv_verdict stated = naive_command(m, uaddr);
	struct s1inv_verdict found;
	struct s1inv_env_user user;
	uint64_t span = COMMAND_LEN;

	fuzz_poison(cmd, sizeof(*cmd));
	if (stated.rule != S1INV_RULE_CMD_1 && word_at(m, uaddr) > span)
		span = word_at(m, uaddr);
	memory_begin(m, uaddr, span, &user);
	found = s1inv_copy_command(&user, uaddr, cmd);
	FUZZ_ASSERT(is(found, stated) || is_excused(m, found),
		    "CMD-1 to CMD-4: the first that holds decides");
	check_signal(m, found);
	if (!found.error)
		check_bytes(m, uaddr, cmd, COMMAND_LEN);
}

/* ----------------------------------------------------------------- entries */

/* COPY-2 and COPY-4: the rule that entry @i of @array breaks */
static enum s1inv_rule broken_by(const struct memory *m,
				 const struct s1inv_array *array, uint64_t i)
{
	uint64_t offset = i * array->entry_len; /* below 2^44 */
	uint64_t uaddr = array->uaddr + offset;

	if (uaddr < offset || uaddr > UINT64_MAX - (array->entry_len - 1))
		return S1INV_RULE_COPY_4;
	if (!memory_all_readable(m, uaddr, array->entry_len))
		return S1INV_RULE_COPY_2;
	return S1INV_RULE_NONE;
}

/* How many entries arrive where no copy is cut short, and what stops them */
static uint32_t naive_entries(const struct memory *m,
			      const struct s1inv_array *array, uint32_t first,
			      uint32_t n, enum s1inv_rule *rule)
{
	uint32_t i;

	*rule = S1INV_RULE_NONE;
	for (i = 0; i < n; i++) {
		*rule = broken_by(m, array, (uint64_t)first + i);
		if (*rule != S1INV_RULE_NONE)
			break;
	}
	return i;
}

/*
 * COPY-3 step by step: all in one copy, then what is left entry by entry, until
 * one does not arrive whole. Returns how many do.
 */
static uint32_t naive_steps(struct memory *m, uint64_t uaddr, uint32_t len,
			    uint32_t num)
{
	size_t end = (size_t)num * len;
	struct s1inv_env_user user;
	uint8_t dst[ENTRY_LEN_MAX];
	size_t done, piece, left;

	if (!end)
		return 0;
	memory_begin(m, uaddr, end, &user);
	done = end - user.copy_from(m, dst, uaddr, end);
	while (done < end) {
		piece = len - done % len;
		left = user.copy_from(m, dst, uaddr + done, piece);
		done += piece - left;
		if (left)
			break;
	}
	return (uint32_t)(done / len);
}

/* How many of @n entries from @first on lie before the end of the space */
static uint32_t addressable(const struct memory *m,
			    const struct s1inv_array *array, uint32_t first,
			    uint32_t n)
{
	uint32_t i = 0;

	while (i < n &&
	       broken_by(m, array, (uint64_t)first + i) != S1INV_RULE_COPY_4)
		i++;
	return i;
}

static void check_entries(struct memory *m, const struct s1inv_array *array,
			  uint32_t first, uint32_t n)
{
	const struct s1inv_verdict untouched = { 1, S1INV_RULE_COUNT };
	size_t size = (size_t)n * array->entry_len;
	uint64_t uaddr = array->uaddr + (uint64_t)first * array->entry_len;
	struct s1inv_verdict why = untouched;
	struct s1inv_env_user user;
	enum s1inv_rule rule;
	uint32_t stated = naive_entries(m, array, first, n, &rule);
	uint32_t whole, reach;
	void *dst;

	if (m->short_num) {
		reach = addressable(m, array, first, n);
		stated = naive_steps(m, uaddr, array->entry_len, reach);
		if (stated < reach)
			rule = S1INV_RULE_COPY_2;
	}
	dst = fuzz_block(size);
	memory_begin(m, uaddr, size, &user);
	whole = s1inv_copy_entries(&user, array, first, n, dst, &why);
	FUZZ_ASSERT(whole == stated,
		    "COPY-2, COPY-3: the entries before the fault arrive");
	check_bytes(m, uaddr, dst, (size_t)whole * array->entry_len);
	if (whole == n)
		FUZZ_ASSERT(is(why, untouched), "no verdict without a fault");
	else
		FUZZ_ASSERT(is(why, verdict(-S1INV_EFAULT, rule)),
			    "COPY-2, COPY-4: EFAULT, and why");
	free(dst);
}

/* ------------------------------------------------------------------- input */

static uint32_t at_most(uint64_t value, uint32_t most)
{
	return value < most ? (uint32_t)value : most;
}

static void read_entries(struct memory *m, const struct fuzz_record *r)
{
	uint32_t len = at_most(r->value[COPYIN_ENTRY_LEN], ENTRY_LEN_MAX);
	uint32_t n, first;
	struct s1inv_array array;

	if (!len)
		len = ENTRY_LEN;
	n = at_most(r->value[COPYIN_NUM], len < READ_MAX ? READ_MAX / len : 1);
	first = at_most(r->value[COPYIN_FIRST], UINT32_MAX - n);
	array.uaddr = m->base + r->value[COPYIN_AT] - (uint64_t)first * len;
	array.entry_len = len;
	array.num = first + n;
	check_entries(m, &array, first, n);
}

static void add_command(struct memory *m, const uint64_t value[])
{
	const struct s1inv_cmd cmd = {
		.size = (uint32_t)value[0],
		.hwpt_id = (uint32_t)value[1],
		.data_uptr = value[2],
		.data_type = (uint32_t)value[3],
		.entry_len = (uint32_t)value[4],
		.entry_num = (uint32_t)value[5],
		.reserved = (uint32_t)value[6],
	};

	memory_append(m, &cmd, sizeof(cmd));
}

static void add_entry(struct memory *m, const uint64_t value[])
{
	const struct s1inv_vtd_s1_entry entry = {
		.addr = value[0],
		.npages = value[1],
		.flags = (uint32_t)value[2],
		.hw_error = (uint32_t)value[3],
	};

	memory_append(m, &entry, sizeof(entry));
}

static void add_short(struct memory *m, const uint64_t value[])
{
	if (m->short_num < MEMORY_SHORTS_MAX) {
		m->shorts[m->short_num].copy = (uint32_t)value[0];
		m->shorts[m->short_num++].bytes = (size_t)value[1];
	}
}

static void carry_out(struct memory *m, const struct fuzz_record *r)
{
	switch (r->kind) {
	case COPYIN_BYTES:
		memory_append(m, r->bytes, r->len);
		break;
	case COPYIN_FILL:
		memory_fill(m, (uint8_t)r->value[1], (size_t)r->value[0]);
		break;
	case COPYIN_COMMAND:
		add_command(m, r->value);
		break;
	case COPYIN_ENTRY:
		add_entry(m, r->value);
		break;
	case COPYIN_HOLE:
		memory_hole(m, (size_t)r->value[0], (size_t)r->value[1]);
		break;
	case COPYIN_SHORT:
		add_short(m, r->value);
		break;
	case COPYIN_SIGNAL:
		m->signal = true;
		m->signal_after = (uint32_t)r->value[0];
		break;
	case COPYIN_READ_COMMAND:
		check_command(m, m->base + r->value[0]);
		break;
	default:
		read_entries(m, r);
		break;
	}
}

FUZZ_ORACLE_END

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct memory m; /* large; begun anew for each input */
	struct fuzz_input in;
	struct fuzz_record r;
	unsigned int n;

	fuzz_open(&in, fuzz_target_format, data, size, &r);
	memory_init(&m, r.value[COPYIN_BASE], (size_t)r.value[COPYIN_GREED]);
	for (n = 0; n < RECORDS_MAX && fuzz_next(&in, &r); n++)
		carry_out(&m, &r);
	return 0;
}
