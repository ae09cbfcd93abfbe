/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A backend in the style of SMMUv3: entries are raw commands of 16 bytes.
 */
#include "example.h"

static int audit_entry(const struct example_entry *entry)
{
	uint64_t qw0 = s1inv_le64_to_cpu(entry->cmd[0]);
	uint64_t qw1 = s1inv_le64_to_cpu(entry->cmd[1]);

	if (qw0 & ~EXAMPLE_GUEST_BITS)
		return -S1INV_EOPNOTSUPP;
	switch (EXAMPLE_OP(qw0)) {
	case EXAMPLE_OP_ALL:
		return qw1 ? -S1INV_EINVAL : 0;
	case EXAMPLE_OP_PAGE:
		return qw1 & 0xfffU ? -S1INV_EINVAL : 0;
	default:
		return -S1INV_EOPNOTSUPP;
	}
}

static uint32_t audit(void *ctx, uint32_t n, struct s1inv_verdict *verdict)
{
	const struct example_table *table = ctx;
	uint32_t i;

	for (i = 0; i < n; i++) {
		int error = audit_entry(&table->raw[i]);

		if (error) { /* or @verdict says why the copy ended: keep it */
			verdict->error = error;
			verdict->rule = S1INV_RULE_NONE;
			break;
		}
	}
	return i;
}

static void submit(void *ctx, uint32_t n, struct s1inv_outcome *outcome)
{
	const struct example_table *table = ctx;
	uint64_t vm = (uint64_t)table->vm << EXAMPLE_VM_LSB;
	uint32_t i;

	for (i = 0; i < n; i++)
		example_unit_put(table->unit,
				 s1inv_le64_to_cpu(table->raw[i].cmd[0]) | vm,
				 s1inv_le64_to_cpu(table->raw[i].cmd[1]));
	outcome->handled = example_unit_sync(table->unit);
	if (outcome->handled < n) /* REP-16 */
		outcome->verdict.error = -S1INV_ETIMEDOUT;
}

static const struct s1inv_backend_ops example_ops = {
	.data_type = EXAMPLE_DATA_TYPE,
	.entry_len = sizeof(struct example_entry),
	.audit = audit,
	.submit = submit,
};

void example_begin(struct example_table *table, struct s1inv_backend *backend)
{
	backend->ops = &example_ops;
	backend->ctx = table;
	backend->raw = table->raw;
	backend->chunk = EXAMPLE_CHUNK;
}
