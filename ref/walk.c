// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The loop over the array: copy a chunk, have a backend audit and submit it,
 * report, count. Knows no vendor.
 */
#include <s1inv/s1inv.h>

static struct s1inv_verdict verdict(int error, enum s1inv_rule rule)
{
	const struct s1inv_verdict result = { error, rule };

	return result;
}

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * REP-6: one word per handled entry and nothing else, for the user may have
 * changed the rest. REP-7: an entry whose word cannot be written still counts.
 */
static void write_hw_errors(struct s1inv_backend *backend,
			    const struct s1inv_env_user *user,
			    const struct s1inv_array *array, uint32_t first)
{
	struct s1inv_outcome *outcome = &backend->outcome;
	uint64_t uaddr;
	uint32_t i;

	for (i = 0; i < outcome->handled; i++) {
		/* The entry was read, so no sum can wrap. */
		uaddr = array->uaddr + backend->ops->hw_error_offset +
			((uint64_t)first + i) * array->entry_len;
		if (s1inv_env_copy_to(user, uaddr, &outcome->hw_error[i],
				      sizeof(outcome->hw_error[i]))) {
			outcome->handled = i + 1U;
			outcome->verdict =
				verdict(-S1INV_EFAULT, S1INV_RULE_REP_7);
		}
	}
}

/*
 * One chunk of @n entries. What stopped the copy or the audit at some entry
 * counts only if all before it are handled (REP-3, REP-4).
 */
static void walk_chunk(struct s1inv_backend *backend,
		       const struct s1inv_env_user *user,
		       const struct s1inv_array *array, uint32_t first,
		       uint32_t n)
{
	struct s1inv_outcome *outcome = &backend->outcome;
	struct s1inv_verdict *stop = &backend->stop;

	*stop = verdict(0, S1INV_RULE_NONE);
	outcome->verdict = *stop;
	outcome->handled = 0;
	outcome->hw_error = NULL;
	n = s1inv_copy_entries(user, array, first, n, backend->raw, stop);
	if (n)
		n = backend->ops->audit(backend->ctx, n, stop);
	if (n)
		backend->ops->submit(backend->ctx, n, outcome);
	S1INV_ASSERT(outcome->handled == n || outcome->verdict.error);
	if (outcome->hw_error)
		write_hw_errors(backend, user, array, first);
	if (!outcome->verdict.error)
		outcome->verdict = *stop;
}

/* COPY-5: from any entry on, and the count begins there. */
struct s1inv_verdict s1inv_walk(struct s1inv_backend *backend,
				const struct s1inv_env_user *user,
				const struct s1inv_array *array, uint32_t first,
				uint32_t max, uint32_t *handled)
{
	uint32_t num = first < array->num ? min_u32(max, array->num - first) :
					    0;

	*handled = 0;
	if (array->entry_len != backend->ops->entry_len)
		return verdict(-S1INV_EINVAL, S1INV_RULE_COPY_1);
	while (*handled < num) {
		walk_chunk(backend, user, array, first + *handled,
			   min_u32(backend->chunk, num - *handled));
		*handled += backend->outcome.handled;
		if (backend->outcome.verdict.error)
			return backend->outcome.verdict;
		/* REP-14; not after the last, whose success is complete. */
		if (*handled < num && s1inv_env_interrupted(user))
			return verdict(-S1INV_EINTR, S1INV_RULE_REP_14);
	}
	return verdict(0, S1INV_RULE_NONE);
}
