/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "kernel.h"

static uint32_t audit(void *ctx, uint32_t n, struct s1inv_verdict *verdict)
{
	const struct kernel_call *call = ctx;

	return call->inner.ops->audit(call->inner.ctx, n, verdict);
}

static void submit(void *ctx, uint32_t n, struct s1inv_outcome *outcome)
{
	struct kernel_call *call = ctx;
	struct kernel_domain *domain = call->domain;

	domain->lock(domain->ctx);
	call->table.units = domain->units;
	call->table.unit_num = domain->unit_num;
	call->inner.ops->submit(call->inner.ctx, n, outcome);
	domain->unlock(domain->ctx);
}

int kernel_begin(struct kernel_call *call, struct s1inv_backend *backend)
{
	int error;

	call->table.unit_num = 0;
	error = s1inv_vtd_begin(&call->table, &call->inner);
	if (error)
		return error;
	call->ops = *call->inner.ops;
	call->ops.audit = audit;
	call->ops.submit = submit;
	*backend = call->inner;
	backend->ops = &call->ops;
	backend->ctx = call;
	return 0;
}

void kernel_drain(struct s1inv_vtd_queue *queue, uint16_t sid)
{
	s1inv_env_lock(queue->dev);
	while (s1inv_vtd_queue_pending(queue, sid))
		s1inv_env_pause(queue->dev, NULL);
	s1inv_env_unlock(queue->dev);
}

int kernel_invalidate(struct s1inv_vtd_queue *queue,
		      const struct s1inv_vtd_desc *descs, uint32_t num,
		      void (*reset)(struct s1inv_vtd_queue *queue))
{
	struct s1inv_vtd_submission sub = { .descs = descs,
					    .num = num,
					    .fence = S1INV_VTD_NO_FENCE };
	int error;

	s1inv_vtd_submission_init(&sub);
	s1inv_env_lock(queue->dev);
	while ((error = s1inv_vtd_queue_run(queue, &sub)) == -S1INV_EIO) {
		reset(queue); /* QUE-14, QUE-16 */
		s1inv_env_pause(queue->dev, NULL);
	}
	s1inv_env_unlock(queue->dev);
	if (!error && s1inv_vtd_set_any(&sub.refused))
		error = -S1INV_EIO;
	return error;
}
