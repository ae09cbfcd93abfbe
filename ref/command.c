// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The ioctl command: its checks, the dispatch to a page table, the write-back.
 * In a kernel these are iommufd's own; here is their reference.
 */
#include <s1inv/s1inv.h>

static struct s1inv_verdict verdict(int error, enum s1inv_rule rule)
{
	const struct s1inv_verdict result = { error, rule };

	return result;
}

static bool above(uint32_t value, uint32_t bound)
{
	return bound && value > bound;
}

/* CMD-6: where the array is and how large */
static bool array_is_possible(const struct s1inv_cmd *cmd,
			      const struct s1inv_limits *limits)
{
	return cmd->data_uptr && cmd->entry_len &&
	       !above(cmd->entry_len, limits->entry_len) &&
	       !above(cmd->entry_num, limits->entry_num);
}

/* CMD-8 and what follows, for a page table that was found */
static struct s1inv_verdict call_backend(const struct s1inv_env_user *user,
					 struct s1inv_report *report)
{
	const struct s1inv_cmd *cmd = &report->cmd;

	if (cmd->data_type != report->backend.ops->data_type)
		return verdict(-S1INV_EINVAL, S1INV_RULE_CMD_8);
	if (!cmd->entry_num) /* CMD-9 */
		return verdict(0, S1INV_RULE_NONE);
	report->array.uaddr = cmd->data_uptr;
	report->array.entry_len = cmd->entry_len;
	report->array.num = cmd->entry_num;
	return s1inv_walk(&report->backend, user, &report->array, 0,
			  cmd->entry_num, &report->handled);
}

/* The order of the checks decides which errno is seen. */
static struct s1inv_verdict carry_out(const struct s1inv_hwpts *hwpts,
				      const struct s1inv_env_user *user,
				      const struct s1inv_limits *limits,
				      struct s1inv_report *report)
{
	const struct s1inv_cmd *cmd = &report->cmd;
	struct s1inv_verdict result;
	int error;

	if (cmd->reserved)
		return verdict(-S1INV_EOPNOTSUPP, S1INV_RULE_CMD_5);
	/* CMD-9: a probe has no array. */
	if (cmd->entry_num && !array_is_possible(cmd, limits))
		return verdict(-S1INV_EINVAL, S1INV_RULE_CMD_6);
	error = hwpts->find(hwpts->ctx, cmd->hwpt_id, &report->backend);
	if (error)
		return verdict(error, S1INV_RULE_CMD_7);
	result = call_backend(user, report);
	if (hwpts->put)
		hwpts->put(hwpts->ctx, &report->backend);
	return result;
}

/* CMD-10 and CMD-11: all of it, in one copy, whatever came before */
static void write_back(const struct s1inv_env_user *user, uint64_t uaddr,
		       struct s1inv_report *report)
{
	report->cmd.entry_num = report->handled;
	report->written = !s1inv_env_copy_to(user, uaddr, &report->cmd,
					     sizeof(report->cmd));
	if (!report->written)
		report->verdict = verdict(-S1INV_EFAULT, S1INV_RULE_CMD_11);
}

int s1inv_command(const struct s1inv_hwpts *hwpts,
		  const struct s1inv_env_user *user,
		  const struct s1inv_limits *limits, uint64_t uaddr,
		  struct s1inv_report *report)
{
	report->handled = 0;
	report->written = false;
	report->verdict = s1inv_copy_command(user, uaddr, &report->cmd);
	if (report->verdict.error)
		return report->verdict.error;
	report->verdict = carry_out(hwpts, user, limits, report);
	write_back(user, uaddr, report);
	return report->verdict.error;
}
