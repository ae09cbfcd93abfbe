// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The mock page table of iommufd's self-test: the smallest backend, and the
 * example to follow for another vendor's.
 */
#include <s1inv/s1inv.h>

static struct s1inv_verdict verdict(int error, enum s1inv_rule rule)
{
	const struct s1inv_verdict result = { error, rule };

	return result;
}

static struct s1inv_verdict
audit_entry(const struct s1inv_selftest_entry *entry)
{
	if (entry->flags & ~S1INV_SELFTEST_ALL)
		return verdict(-S1INV_EOPNOTSUPP, S1INV_RULE_SELF_1);
	if (entry->iotlb_id >= S1INV_SELFTEST_IDS)
		return verdict(-S1INV_EINVAL, S1INV_RULE_SELF_2);
	return verdict(0, S1INV_RULE_NONE);
}

static uint32_t audit(void *ctx, uint32_t n, struct s1inv_verdict *why)
{
	const struct s1inv_selftest *mock =
		(const struct s1inv_selftest *)ctx;
	struct s1inv_verdict found;
	uint32_t i;

	for (i = 0; i < n; i++) {
		found = audit_entry(&mock->raw[i]);
		if (found.error) {
			*why = found;
			break;
		}
	}
	return i;
}

static void submit(void *ctx, uint32_t n, struct s1inv_outcome *outcome)
{
	struct s1inv_selftest *mock = (struct s1inv_selftest *)ctx;
	uint32_t i, id;

	for (i = 0; i < n; i++)
		for (id = 0; id < S1INV_SELFTEST_IDS; id++)
			if ((mock->raw[i].flags & S1INV_SELFTEST_ALL) ||
			    mock->raw[i].iotlb_id == id)
				mock->iotlb[id] = 0;
	outcome->handled = n;
}

static const struct s1inv_backend_ops selftest_ops = {
	.data_type = S1INV_DATA_SELFTEST,
	.entry_len = sizeof(struct s1inv_selftest_entry),
	.hw_error_offset = 0, /* has none */
	.audit = audit,
	.submit = submit,
};

void s1inv_selftest_begin(struct s1inv_selftest *mock,
			  struct s1inv_backend *backend)
{
	backend->ops = &selftest_ops;
	backend->ctx = mock;
	backend->raw = mock->raw;
	backend->chunk = S1INV_SELFTEST_CHUNK;
}
