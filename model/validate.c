/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Is a descriptor valid? The reserved bits are written out as masks from the
 * figures of VT-d 6.5.2 and 7.6.1, so that nothing is shared with the core's
 * field tables.
 */
#include "internal.h"

/*
 * Conditions on the queue as a whole (VT-d 11.4.9.9): translation-table mode,
 * width, tail. Which of several comes first is not specified.
 */
int model_queue_iqei(const struct model_unit *u)
{
	const struct model_config *c = &u->config;

	if (c->ttm == MODEL_TTM_RESERVED)
		return MODEL_IQEI_TTM;
	if (c->wide ? !c->smts && !c->adms : c->ttm != MODEL_TTM_LEGACY)
		return MODEL_IQEI_WIDTH;
	if (u->tail_reg & (model_slot_size(u) - 1))
		return MODEL_IQEI_TAIL_ALIGN;
	if (u->tail_reg >= model_slots(u) * model_slot_size(u))
		return MODEL_IQEI_TAIL;
	return MODEL_VALID;
}

/* VT-d table 26, and the types that a capability must announce */
static bool type_valid(const struct model_config *c, uint8_t type)
{
	if (c->ttm == MODEL_TTM_LEGACY && type > MODEL_WAIT)
		return false;
	switch (type) {
	case MODEL_CC:
	case MODEL_IOTLB:
	case MODEL_IEC:
	case MODEL_WAIT:
	case MODEL_PIOTLB:
	case MODEL_PC:
		return true;
	case MODEL_DEVTLB:
	case MODEL_PDEVTLB:
		return c->dt;
	case MODEL_PGRESP:
		return c->prs;
	case MODEL_HPT:
		return c->hpts;
	default:
		return false;
	}
}

static uint64_t reserved_qw0(const struct model_config *c, uint8_t type)
{
	switch (type) {
	case MODEL_CC: /* 8:6, 15:12, 63:50 */
		return UINT64_C(0xfffc00000000f1c0);
	case MODEL_IOTLB: /* 8, 15:12, 63:32 */
		return UINT64_C(0xffffffff0000f100);
	case MODEL_DEVTLB: /* 8:4, 31:21, 51:48; PFSID in 15:12 and 63:52 */
		return c->dit ? UINT64_C(0x000f0000ffe001f0) :
				UINT64_C(0xffff0000ffe0f1f0);
	case MODEL_IEC: /* 8:5, 26:12, 63:48 */
		return UINT64_C(0xffff000007fff1e0);
	case MODEL_WAIT: /* 8, 31:12; PD in 7 */
		return c->pds ? UINT64_C(0xfffff100) : UINT64_C(0xfffff180);
	case MODEL_PIOTLB: /* 8:6, 15:12, 63:52 */
	case MODEL_PC:
		return UINT64_C(0xfff000000000f1c0);
	case MODEL_PDEVTLB: /* PFSID in 15:12 and 63:52 */
		return c->dit ? 0 : UINT64_C(0xfff000000000f000);
	case MODEL_PGRESP: /* 8:5, 63:52 */
		return UINT64_C(0xfff00000000001e0);
	default: /* MODEL_HPT: 8:6, 15:12, 63:32 */
		return UINT64_C(0xffffffff0000f1c0);
	}
}

static uint64_t reserved_qw1(uint8_t type)
{
	switch (type) {
	case MODEL_IOTLB: /* 11:7 */
	case MODEL_PIOTLB:
		return 0xf80;
	case MODEL_DEVTLB: /* 11:1 */
		return 0xffe;
	case MODEL_WAIT: /* 1:0 */
		return 0x3;
	case MODEL_PDEVTLB: /* 10:1 */
		return 0x7fe;
	case MODEL_PGRESP: /* 1:0, 63:12; bit 2 is ignored */
		return UINT64_C(0xfffffffffffff003);
	case MODEL_HPT: /* 11:8 */
		return 0xf00;
	default: /* all of it */
		return UINT64_MAX;
	}
}

/* A granularity that is defined, and that the unit implements */
static bool granularity_valid(const struct model_config *c,
			      const uint64_t qw[4])
{
	uint32_t g = model_bits(qw[0], 4, 2);

	switch (model_type(qw[0])) {
	case MODEL_CC:
	case MODEL_HPT:
		return g != 0;
	case MODEL_IOTLB:
		if (g != 3)
			return g != 0;
		/* MAMV: the queue's answer is not specified; as others do */
		return c->psi && model_bits(qw[1], 0, 6) <= c->mamv;
	case MODEL_PIOTLB:
		return g >= 2;
	case MODEL_PC:
		return g != 2;
	default:
		return true;
	}
}

/* Refused by some receivers although VT-d allows it */
static bool quirky(const struct model_config *c, const uint64_t qw[4])
{
	uint8_t type = model_type(qw[0]);

	if (type == MODEL_PIOTLB)
		return model_bits(qw[0], 4, 2) == 3 &&
		       model_bits(qw[1], 0, 6) > c->am_bound;
	return type == MODEL_WAIT && c->no_plain_wait &&
	       !(qw[0] & (MODEL_WAIT_IF | MODEL_WAIT_SW));
}

int model_validate(const struct model_config *config, const uint64_t qw[4])
{
	uint8_t type = model_type(qw[0]);

	if (!type_valid(config, type))
		return MODEL_IQEI_TYPE;
	if (qw[0] & reserved_qw0(config, type) || qw[1] & reserved_qw1(type) ||
	    qw[2] || qw[3])
		return MODEL_IQEI_RESERVED;
	if (!granularity_valid(config, qw) || quirky(config, qw))
		return config->invalid_iqei;
	return MODEL_VALID;
}
