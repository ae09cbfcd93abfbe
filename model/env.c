/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* A unit as the core's environment. */
#include "internal.h"

static void take_lock(void *unit)
{
	struct model_unit *u = unit;

	if (u->lock_held)
		model_count_error(u, MODEL_ERROR_LOCK);
	u->lock_held = true;
}

static void give_lock(void *unit)
{
	struct model_unit *u = unit;

	if (!u->lock_held)
		model_count_error(u, MODEL_ERROR_LOCK);
	u->lock_held = false;
}

/* The time that passes for the unit */
static void pause_steps(void *unit, const struct s1inv_env_waiter *waiter)
{
	struct model_unit *u = unit;
	uint32_t i;

	(void)waiter;
	u->counts.pauses++;
	if (!u->config.steps_per_pause)
		(void)model_unit_run(u);
	for (i = 0; i < u->config.steps_per_pause && model_unit_step(u); i++)
		;
	if (u->hooks.pause)
		u->hooks.pause(u->hooks.ctx);
}

static void take_note(void *unit, const struct s1inv_vtd_fault *fault)
{
	struct model_unit *u = unit;

	u->counts.notes++;
	if (u->hooks.note)
		u->hooks.note(u->hooks.ctx, fault);
}

void model_unit_env(struct model_unit *u, struct s1inv_env_dev *dev)
{
	*dev = (struct s1inv_env_dev){
		.ctx = u,
		.read32 = model_unit_read32,
		.read64 = model_unit_read64,
		.write32 = model_unit_write32,
		.lock = take_lock,
		.unlock = give_lock,
		.pause = pause_steps,
		.present = model_unit_present,
		.note = take_note,
	};
}
