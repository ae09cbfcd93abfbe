// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Reading user memory: the command as an extensible structure, and entries of
 * the array. Every byte that arrives is read once (CMD-12, COPY-3).
 */
#include <s1inv/s1inv.h>

/* How much of a long command's tail is looked at in one go. */
#define TAIL_PIECE 64U

static struct s1inv_verdict verdict(int error, enum s1inv_rule rule)
{
	const struct s1inv_verdict result = { error, rule };

	return result;
}

/* Would @len bytes, 1 or more, at @uaddr pass the end of the space? (COPY-4) */
static bool wraps(uint64_t uaddr, uint64_t len)
{
	return uaddr > UINT64_MAX - (len - 1U);
}

static size_t missing(const struct s1inv_env_user *user, void *dst,
		      uint64_t uaddr, size_t len)
{
	if (wraps(uaddr, len))
		return len;
	return s1inv_env_copy_from(user, dst, uaddr, len);
}

static bool all_zero(const unsigned char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (bytes[i])
			return false;
	return true;
}

/*
 * CMD-3. A copy may say of readable bytes that they are missing; so what did
 * not arrive is tried again, a single byte first. A piece never straddles the
 * end of the address space.
 */
static struct s1inv_verdict check_tail(const struct s1inv_env_user *user,
				       uint64_t uaddr, uint32_t len)
{
	unsigned char piece[TAIL_PIECE];
	uint32_t most = TAIL_PIECE;
	uint32_t n, got;

	for (;;) {
		n = len < most ? len : most;
		if (wraps(uaddr, n))
			n = (uint32_t)(UINT64_MAX - uaddr) + 1U;
		got = n - (uint32_t)s1inv_env_copy_from(user, piece, uaddr, n);
		if (!all_zero(piece, got))
			return verdict(-S1INV_E2BIG, S1INV_RULE_CMD_3);
		len -= got;
		if (!len)
			return verdict(0, S1INV_RULE_NONE);
		if ((!got && n == 1U) || wraps(uaddr, (uint64_t)got + 1U))
			return verdict(-S1INV_EFAULT, S1INV_RULE_CMD_3);
		if (s1inv_env_interrupted(user))
			return verdict(-S1INV_EINTR, S1INV_RULE_CMD_3);
		uaddr += got;
		most = got < n ? 1U : TAIL_PIECE;
	}
}

struct s1inv_verdict s1inv_copy_command(const struct s1inv_env_user *user,
					uint64_t uaddr, struct s1inv_cmd *cmd)
{
	const uint32_t known = sizeof(*cmd);
	struct s1inv_verdict tail;

	if (missing(user, &cmd->size, uaddr, sizeof(cmd->size)))
		return verdict(-S1INV_EFAULT, S1INV_RULE_CMD_1);
	if (cmd->size < known)
		return verdict(-S1INV_EINVAL, S1INV_RULE_CMD_2);
	if (cmd->size > known) {
		if (wraps(uaddr, (uint64_t)known + 1U))
			return verdict(-S1INV_EFAULT, S1INV_RULE_CMD_3);
		tail = check_tail(user, uaddr + known, cmd->size - known);
		if (tail.error)
			return tail;
	}
	/* The size is not read again: its owner may have changed it. */
	if (wraps(uaddr, known) ||
	    missing(user, (unsigned char *)cmd + sizeof(cmd->size),
		    uaddr + sizeof(cmd->size), known - sizeof(cmd->size)))
		return verdict(-S1INV_EFAULT, S1INV_RULE_CMD_4);
	return verdict(0, S1INV_RULE_NONE);
}

/*
 * How many of @n entries at @uaddr lie before the end of the address space.
 * No division: a 64-bit one is a library call on 32-bit machines, and an
 * array that reaches the end is rare.
 */
static uint32_t addressable(uint64_t uaddr, uint32_t len, uint32_t n)
{
	while (n && wraps(uaddr, (uint64_t)n * len))
		n--;
	return n;
}

/*
 * After a fault: go on behind the @done bytes that arrived, at most to the end
 * of the entry that is under way with each copy (COPY-3). Returns how many
 * bytes have arrived in the end.
 */
static size_t copy_singly(const struct s1inv_env_user *user, uint64_t uaddr,
			  uint32_t len, size_t done, size_t end,
			  unsigned char *dst)
{
	size_t entry_end = len;
	size_t left = 0;

	while (entry_end <= done)
		entry_end += len;
	for (; done < end && !left; entry_end += len) {
		left = s1inv_env_copy_from(user, dst + done, uaddr + done,
					   entry_end - done);
		done = entry_end - left;
	}
	return done;
}

uint32_t s1inv_copy_entries(const struct s1inv_env_user *user,
			    const struct s1inv_array *array, uint32_t first,
			    uint32_t n, void *dst, struct s1inv_verdict *why)
{
	uint64_t offset = (uint64_t)first * array->entry_len;
	uint64_t uaddr = array->uaddr;
	uint32_t reach = 0;
	uint32_t whole = 0;
	size_t end, done;

	if (!wraps(uaddr, offset + 1U)) { /* COPY-4 */
		uaddr += offset;
		reach = addressable(uaddr, array->entry_len, n);
	}
	end = (size_t)reach * array->entry_len;
	done = end;
	if (end)
		done -= s1inv_env_copy_from(user, dst, uaddr, end);
	if (done < end)
		done = copy_singly(user, uaddr, array->entry_len, done, end,
				   (unsigned char *)dst);
	while (whole < reach && done >= array->entry_len) {
		done -= array->entry_len;
		whole++;
	}
	if (whole < n)
		*why = verdict(-S1INV_EFAULT, whole < reach ?
						      S1INV_RULE_COPY_2 :
						      S1INV_RULE_COPY_4);
	return whole;
}
