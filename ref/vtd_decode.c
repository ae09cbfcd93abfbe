// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A descriptor becomes fields and violations.
 *
 * For receivers, tools and tests, which must be able to contradict the
 * encoder: the two share vtd_spec.h and nothing else. Any bits are a valid
 * input.
 */
#include <s1inv/s1inv.h>

/* What s1inv_vtd_type() reads of quadword 0. */
#define TYPE_BITS UINT64_C(0xe0f)

#define FIELD(type, field)                                                     \
	{                                                                      \
		#field, S1INV_VTD_TYPE_##type,                                 \
			S1INV_VTD_QW(S1INV_VTD_##type##_##field##_BITS),       \
			S1INV_VTD_LSB(S1INV_VTD_##type##_##field##_BITS),      \
			S1INV_VTD_WIDTH(S1INV_VTD_##type##_##field##_BITS),    \
	}

/* One per name in enum s1inv_vtd_bits, type by type */
static const struct s1inv_vtd_field layout[] = {
	FIELD(CC, G),
	FIELD(CC, DID),
	FIELD(CC, SID),
	FIELD(CC, FM),
	FIELD(IOTLB, G),
	FIELD(IOTLB, DW),
	FIELD(IOTLB, DR),
	FIELD(IOTLB, DID),
	FIELD(IOTLB, AM),
	FIELD(IOTLB, IH),
	FIELD(IOTLB, ADDR),
	FIELD(DEVTLB, PFSID_LO),
	FIELD(DEVTLB, MIP),
	FIELD(DEVTLB, SID),
	FIELD(DEVTLB, PFSID_HI),
	FIELD(DEVTLB, S),
	FIELD(DEVTLB, ADDR),
	FIELD(IEC, G),
	FIELD(IEC, IM),
	FIELD(IEC, IIDX),
	FIELD(WAIT, IF),
	FIELD(WAIT, SW),
	FIELD(WAIT, FN),
	FIELD(WAIT, PD),
	FIELD(WAIT, DATA),
	FIELD(WAIT, ADDR),
	FIELD(PIOTLB, G),
	FIELD(PIOTLB, DID),
	FIELD(PIOTLB, PASID),
	FIELD(PIOTLB, AM),
	FIELD(PIOTLB, IH),
	FIELD(PIOTLB, ADDR),
	FIELD(PC, G),
	FIELD(PC, DID),
	FIELD(PC, PASID),
	FIELD(PDEVTLB, MIP),
	FIELD(PDEVTLB, PFSID_LO),
	FIELD(PDEVTLB, SID),
	FIELD(PDEVTLB, PASID),
	FIELD(PDEVTLB, PFSID_HI),
	FIELD(PDEVTLB, GI),
	FIELD(PDEVTLB, S),
	FIELD(PDEVTLB, ADDR),
	FIELD(PGRESP, PP),
	FIELD(PGRESP, RC),
	FIELD(PGRESP, RID),
	FIELD(PGRESP, PASID),
	FIELD(PGRESP, PRGI),
	FIELD(HPT, G),
	FIELD(HPT, HPTDID),
	FIELD(HPT, AM),
	FIELD(HPT, IH),
	FIELD(HPT, ADDR),
	{ NULL, 0, 0, 0, 0 },
};

static uint64_t low_bits(unsigned int width)
{
	return UINT64_MAX >> (64U - width);
}

const struct s1inv_vtd_field *s1inv_vtd_layout(uint8_t type, uint32_t *num)
{
	const struct s1inv_vtd_field *first = layout;
	const struct s1inv_vtd_field *end;

	while (first->name && first->type != type)
		first++;
	end = first;
	while (end->name && end->type == type)
		end++;
	*num = (uint32_t)(end - first);
	return *num ? first : NULL;
}

uint64_t s1inv_vtd_field_value(const struct s1inv_vtd_field *field,
			       const struct s1inv_vtd_desc *desc)
{
	return (desc->qw[field->qw] >> field->lsb) & low_bits(field->width);
}

bool s1inv_vtd_size_decode(uint64_t addr, uint8_t s,
			   struct s1inv_vtd_block *block)
{
	uint64_t page = addr >> S1INV_VTD_PAGE_SHIFT;
	uint64_t zero = ~page & (page + 1); /* the lowest zero bit, alone */

	if (!s) {
		block->first = page;
		block->order = 0;
		return true;
	}
	/* VT-d 6.5.2.5: zero at bit 0 of the page number means two pages */
	if (zero > UINT64_MAX >> S1INV_VTD_PAGE_SHIFT)
		return false;
	block->first = page & (page + 1); /* without its trailing ones */
	block->order = (uint8_t)s1inv_env_fls64(zero);
	return true;
}

/* Member by member: assigning the whole would be a call of memset. */
static void clear(struct s1inv_vtd_fields *fields)
{
	fields->g = 0;
	fields->fm = 0;
	fields->dw = 0;
	fields->dr = 0;
	fields->am = 0;
	fields->ih = 0;
	fields->s = 0;
	fields->gi = 0;
	fields->mip = 0;
	fields->im = 0;
	fields->wif = 0;
	fields->sw = 0;
	fields->fn = 0;
	fields->pd = 0;
	fields->pp = 0;
	fields->rc = 0;
	fields->did = 0;
	fields->sid = 0;
	fields->pfsid = 0;
	fields->iidx = 0;
	fields->prgi = 0;
	fields->pasid = 0;
	fields->data = 0;
	fields->addr = 0;
}

/* The value of a field */
static uint64_t take(const uint64_t *qw, uint32_t bits)
{
	return qw[S1INV_VTD_QW(bits)] >> S1INV_VTD_LSB(bits) &
	       low_bits(S1INV_VTD_WIDTH(bits));
}

/* An address keeps its place, so that its low bits read as 0. */
static uint64_t take_addr(const uint64_t *qw, uint32_t bits)
{
	return take(qw, bits) << S1INV_VTD_LSB(bits);
}

/* PFSID stands in two pieces. */
static uint16_t take_pfsid(const uint64_t *qw, uint32_t lo, uint32_t hi)
{
	return (uint16_t)(take(qw, lo) | take(qw, hi) << S1INV_VTD_WIDTH(lo));
}

static void decode_cc(const uint64_t *qw, struct s1inv_vtd_fields *f)
{
	f->g = (uint8_t)take(qw, S1INV_VTD_CC_G_BITS);
	f->did = (uint16_t)take(qw, S1INV_VTD_CC_DID_BITS);
	f->sid = (uint16_t)take(qw, S1INV_VTD_CC_SID_BITS);
	f->fm = (uint8_t)take(qw, S1INV_VTD_CC_FM_BITS);
}

static void decode_iotlb(const uint64_t *qw, struct s1inv_vtd_fields *f)
{
	f->g = (uint8_t)take(qw, S1INV_VTD_IOTLB_G_BITS);
	f->dw = (uint8_t)take(qw, S1INV_VTD_IOTLB_DW_BITS);
	f->dr = (uint8_t)take(qw, S1INV_VTD_IOTLB_DR_BITS);
	f->did = (uint16_t)take(qw, S1INV_VTD_IOTLB_DID_BITS);
	f->am = (uint8_t)take(qw, S1INV_VTD_IOTLB_AM_BITS);
	f->ih = (uint8_t)take(qw, S1INV_VTD_IOTLB_IH_BITS);
	f->addr = take_addr(qw, S1INV_VTD_IOTLB_ADDR_BITS);
}

static void decode_devtlb(const uint64_t *qw, struct s1inv_vtd_fields *f)
{
	f->pfsid = take_pfsid(qw, S1INV_VTD_DEVTLB_PFSID_LO_BITS,
			      S1INV_VTD_DEVTLB_PFSID_HI_BITS);
	f->mip = (uint8_t)take(qw, S1INV_VTD_DEVTLB_MIP_BITS);
	f->sid = (uint16_t)take(qw, S1INV_VTD_DEVTLB_SID_BITS);
	f->s = (uint8_t)take(qw, S1INV_VTD_DEVTLB_S_BITS);
	f->addr = take_addr(qw, S1INV_VTD_DEVTLB_ADDR_BITS);
}

static void decode_iec(const uint64_t *qw, struct s1inv_vtd_fields *f)
{
	f->g = (uint8_t)take(qw, S1INV_VTD_IEC_G_BITS);
	f->im = (uint8_t)take(qw, S1INV_VTD_IEC_IM_BITS);
	f->iidx = (uint16_t)take(qw, S1INV_VTD_IEC_IIDX_BITS);
}

static void decode_wait(const uint64_t *qw, struct s1inv_vtd_fields *f)
{
	f->wif = (uint8_t)take(qw, S1INV_VTD_WAIT_IF_BITS);
	f->sw = (uint8_t)take(qw, S1INV_VTD_WAIT_SW_BITS);
	f->fn = (uint8_t)take(qw, S1INV_VTD_WAIT_FN_BITS);
	f->pd = (uint8_t)take(qw, S1INV_VTD_WAIT_PD_BITS);
	f->data = (uint32_t)take(qw, S1INV_VTD_WAIT_DATA_BITS);
	f->addr = take_addr(qw, S1INV_VTD_WAIT_ADDR_BITS);
}

static void decode_piotlb(const uint64_t *qw, struct s1inv_vtd_fields *f)
{
	f->g = (uint8_t)take(qw, S1INV_VTD_PIOTLB_G_BITS);
	f->did = (uint16_t)take(qw, S1INV_VTD_PIOTLB_DID_BITS);
	f->pasid = (uint32_t)take(qw, S1INV_VTD_PIOTLB_PASID_BITS);
	f->am = (uint8_t)take(qw, S1INV_VTD_PIOTLB_AM_BITS);
	f->ih = (uint8_t)take(qw, S1INV_VTD_PIOTLB_IH_BITS);
	f->addr = take_addr(qw, S1INV_VTD_PIOTLB_ADDR_BITS);
}

static void decode_pc(const uint64_t *qw, struct s1inv_vtd_fields *f)
{
	f->g = (uint8_t)take(qw, S1INV_VTD_PC_G_BITS);
	f->did = (uint16_t)take(qw, S1INV_VTD_PC_DID_BITS);
	f->pasid = (uint32_t)take(qw, S1INV_VTD_PC_PASID_BITS);
}

static void decode_pdevtlb(const uint64_t *qw, struct s1inv_vtd_fields *f)
{
	f->mip = (uint8_t)take(qw, S1INV_VTD_PDEVTLB_MIP_BITS);
	f->pfsid = take_pfsid(qw, S1INV_VTD_PDEVTLB_PFSID_LO_BITS,
			      S1INV_VTD_PDEVTLB_PFSID_HI_BITS);
	f->sid = (uint16_t)take(qw, S1INV_VTD_PDEVTLB_SID_BITS);
	f->pasid = (uint32_t)take(qw, S1INV_VTD_PDEVTLB_PASID_BITS);
	f->gi = (uint8_t)take(qw, S1INV_VTD_PDEVTLB_GI_BITS);
	f->s = (uint8_t)take(qw, S1INV_VTD_PDEVTLB_S_BITS);
	f->addr = take_addr(qw, S1INV_VTD_PDEVTLB_ADDR_BITS);
}

static void decode_pgresp(const uint64_t *qw, struct s1inv_vtd_fields *f)
{
	f->pp = (uint8_t)take(qw, S1INV_VTD_PGRESP_PP_BITS);
	f->rc = (uint8_t)take(qw, S1INV_VTD_PGRESP_RC_BITS);
	f->sid = (uint16_t)take(qw, S1INV_VTD_PGRESP_RID_BITS);
	f->pasid = (uint32_t)take(qw, S1INV_VTD_PGRESP_PASID_BITS);
	f->prgi = (uint16_t)take(qw, S1INV_VTD_PGRESP_PRGI_BITS);
}

static void decode_hpt(const uint64_t *qw, struct s1inv_vtd_fields *f)
{
	f->g = (uint8_t)take(qw, S1INV_VTD_HPT_G_BITS);
	f->did = (uint16_t)take(qw, S1INV_VTD_HPT_HPTDID_BITS);
	f->am = (uint8_t)take(qw, S1INV_VTD_HPT_AM_BITS);
	f->ih = (uint8_t)take(qw, S1INV_VTD_HPT_IH_BITS);
	f->addr = take_addr(qw, S1INV_VTD_HPT_ADDR_BITS);
}

/* False for a type that there is not */
static bool take_fields(const uint64_t *qw, struct s1inv_vtd_fields *fields)
{
	switch (fields->type) {
	case S1INV_VTD_TYPE_CC:
		decode_cc(qw, fields);
		return true;
	case S1INV_VTD_TYPE_IOTLB:
		decode_iotlb(qw, fields);
		return true;
	case S1INV_VTD_TYPE_DEVTLB:
		decode_devtlb(qw, fields);
		return true;
	case S1INV_VTD_TYPE_IEC:
		decode_iec(qw, fields);
		return true;
	case S1INV_VTD_TYPE_WAIT:
		decode_wait(qw, fields);
		return true;
	case S1INV_VTD_TYPE_PIOTLB:
		decode_piotlb(qw, fields);
		return true;
	case S1INV_VTD_TYPE_PC:
		decode_pc(qw, fields);
		return true;
	case S1INV_VTD_TYPE_PDEVTLB:
		decode_pdevtlb(qw, fields);
		return true;
	case S1INV_VTD_TYPE_PGRESP:
		decode_pgresp(qw, fields);
		return true;
	case S1INV_VTD_TYPE_HPT:
		decode_hpt(qw, fields);
		return true;
	default:
		return false;
	}
}

static uint64_t mask_of(uint32_t bits)
{
	return low_bits(S1INV_VTD_WIDTH(bits)) << S1INV_VTD_LSB(bits);
}

/* Bits of quadword 0 whose field comes with a capability that is not there */
static uint64_t undefined(uint8_t type, const struct s1inv_vtd_mode *mode)
{
	if (type == S1INV_VTD_TYPE_DEVTLB && !mode->dit)
		return mask_of(S1INV_VTD_DEVTLB_PFSID_LO_BITS) |
		       mask_of(S1INV_VTD_DEVTLB_PFSID_HI_BITS);
	if (type == S1INV_VTD_TYPE_PDEVTLB && !mode->dit)
		return mask_of(S1INV_VTD_PDEVTLB_PFSID_LO_BITS) |
		       mask_of(S1INV_VTD_PDEVTLB_PFSID_HI_BITS);
	if (type == S1INV_VTD_TYPE_WAIT && !mode->pds)
		return mask_of(S1INV_VTD_WAIT_PD_BITS);
	return 0;
}

/* What is neither type nor a field is reserved. */
static void find_reserved(const struct s1inv_vtd_desc *desc,
			  const struct s1inv_vtd_mode *mode,
			  struct s1inv_vtd_decoded *out)
{
	uint64_t known[2] = { TYPE_BITS, 0 };
	const struct s1inv_vtd_field *field;
	uint8_t type = out->fields.type;
	uint32_t num;

	field = s1inv_vtd_layout(type, &num);
	for (; num; num--, field++)
		known[field->qw] |= low_bits(field->width) << field->lsb;
	known[0] &= ~undefined(type, mode);
	if (type == S1INV_VTD_TYPE_PGRESP)
		known[1] |= S1INV_VTD_PGRESP_IGNORED_QW1;
	out->reserved[0] = desc->qw[0] & ~known[0];
	out->reserved[1] = desc->qw[1] & ~known[1];
	out->reserved[2] = mode->wide ? desc->qw[2] : 0;
	out->reserved[3] = mode->wide ? desc->qw[3] : 0;
}

static bool bad_reserved(const struct s1inv_vtd_decoded *out)
{
	return (out->reserved[0] | out->reserved[1] | out->reserved[2] |
		out->reserved[3]) != 0;
}

/* VT-d 6.5.2, notes to table 26: types that come with a capability */
static bool bad_feature(uint8_t type, const struct s1inv_vtd_mode *mode)
{
	switch (type) {
	case S1INV_VTD_TYPE_DEVTLB:
	case S1INV_VTD_TYPE_PDEVTLB:
		return !mode->dt;
	case S1INV_VTD_TYPE_PGRESP:
		return !mode->prs;
	case S1INV_VTD_TYPE_HPT:
		return !mode->hpts;
	default:
		return false;
	}
}

/* VT-d 6.5.2, table 26: known types by translation table mode and width */
static bool bad_mode(uint8_t type, const struct s1inv_vtd_mode *mode)
{
	if (mode->ttm == S1INV_VTD_TTM_LEGACY)
		return type > S1INV_VTD_TYPE_WAIT;
	if (mode->ttm != S1INV_VTD_TTM_SCALABLE &&
	    mode->ttm != S1INV_VTD_TTM_ABORT)
		return true;
	return !mode->wide;
}

static bool bad_granularity(const struct s1inv_vtd_fields *fields)
{
	switch (fields->type) {
	case S1INV_VTD_TYPE_CC:
	case S1INV_VTD_TYPE_IOTLB:
	case S1INV_VTD_TYPE_HPT:
		return fields->g < S1INV_VTD_G_GLOBAL;
	case S1INV_VTD_TYPE_PIOTLB:
		return fields->g < S1INV_VTD_PG_PASID;
	case S1INV_VTD_TYPE_PC:
		return fields->g > S1INV_VTD_PC_PASID &&
		       fields->g < S1INV_VTD_PC_GLOBAL;
	default:
		return false;
	}
}

/* VT-d 6.5.2.3, .4, .7: AM means something for a range of pages only */
static bool bad_am(const struct s1inv_vtd_fields *fields)
{
	switch (fields->type) {
	case S1INV_VTD_TYPE_IOTLB:
	case S1INV_VTD_TYPE_HPT:
		return fields->g == S1INV_VTD_G_PAGE &&
		       fields->am > S1INV_VTD_AM_MAX;
	case S1INV_VTD_TYPE_PIOTLB:
		return fields->g == S1INV_VTD_PG_PAGE &&
		       fields->am > S1INV_VTD_AM_MAX;
	default:
		return false;
	}
}

static uint32_t judge(const struct s1inv_vtd_decoded *out,
		      const struct s1inv_vtd_mode *mode)
{
	const struct s1inv_vtd_fields *fields = &out->fields;
	uint32_t violations = 0;

	if (bad_feature(fields->type, mode))
		violations |= S1INV_VTD_BAD_TYPE;
	if (bad_mode(fields->type, mode))
		violations |= S1INV_VTD_BAD_MODE;
	if (bad_reserved(out))
		violations |= S1INV_VTD_BAD_RESERVED;
	if (bad_granularity(fields))
		violations |= S1INV_VTD_BAD_G;
	if (bad_am(fields))
		violations |= S1INV_VTD_BAD_AM;
	return violations;
}

/* Nothing else can be said of an unknown type: it has no fields, no mode. */
static void unknown(struct s1inv_vtd_decoded *out)
{
	out->reserved[0] = 0;
	out->reserved[1] = 0;
	out->reserved[2] = 0;
	out->reserved[3] = 0;
	out->violations = S1INV_VTD_BAD_TYPE;
}

void s1inv_vtd_decode(const struct s1inv_vtd_desc *desc,
		      const struct s1inv_vtd_mode *mode,
		      struct s1inv_vtd_decoded *out)
{
	clear(&out->fields);
	out->fields.type = s1inv_vtd_type(desc->qw[0]);
	if (!take_fields(desc->qw, &out->fields)) {
		unknown(out);
		return;
	}
	find_reserved(desc, mode, out);
	out->violations = judge(out, mode);
}
