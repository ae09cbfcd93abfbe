// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A descriptor becomes fields and violations.
 *
 * For receivers, tools and tests, which must be able to contradict the
 * encoder: the two share vtd_spec.h and nothing else. Any bits are a valid
 * input.
 */
#include <s1inv/s1inv.h>

/* What S1INV_VTD_TYPE() reads of quadword 0. */
#define TYPE_BITS UINT64_C(0xe0f)

#define FIELD(type, field, qw, lsb, width)                                     \
	{ #field, S1INV_VTD_TYPE_##type, qw, lsb, width },
static const struct s1inv_vtd_field layout[] = { S1INV_VTD_LAYOUT(FIELD) };

#define FIELDS ((uint32_t)(sizeof(layout) / sizeof(layout[0])))

/* The capability without which a field is reserved. */
enum needs { NEEDS_NOTHING, NEEDS_DIT, NEEDS_PDS };

/* The member of struct s1inv_vtd_fields that a field goes to. */
struct home {
	uint8_t offset;
	uint8_t size;
	uint8_t shift;
	uint8_t needs;
};

#define HOME(member, shift, needs)                                             \
	{                                                                      \
		offsetof(struct s1inv_vtd_fields, member),                     \
			sizeof(((struct s1inv_vtd_fields *)0)->member), shift, \
			needs                                                  \
	}

/* One per name in S1INV_VTD_LAYOUT; a name without one does not compile. */
#define HOME_G(lsb) HOME(g, 0, NEEDS_NOTHING)
#define HOME_FM(lsb) HOME(fm, 0, NEEDS_NOTHING)
#define HOME_DW(lsb) HOME(dw, 0, NEEDS_NOTHING)
#define HOME_DR(lsb) HOME(dr, 0, NEEDS_NOTHING)
#define HOME_AM(lsb) HOME(am, 0, NEEDS_NOTHING)
#define HOME_IH(lsb) HOME(ih, 0, NEEDS_NOTHING)
#define HOME_S(lsb) HOME(s, 0, NEEDS_NOTHING)
#define HOME_GI(lsb) HOME(gi, 0, NEEDS_NOTHING)
#define HOME_MIP(lsb) HOME(mip, 0, NEEDS_NOTHING)
#define HOME_IM(lsb) HOME(im, 0, NEEDS_NOTHING)
#define HOME_IF(lsb) HOME(wif, 0, NEEDS_NOTHING)
#define HOME_SW(lsb) HOME(sw, 0, NEEDS_NOTHING)
#define HOME_FN(lsb) HOME(fn, 0, NEEDS_NOTHING)
#define HOME_PD(lsb) HOME(pd, 0, NEEDS_PDS)
#define HOME_PP(lsb) HOME(pp, 0, NEEDS_NOTHING)
#define HOME_RC(lsb) HOME(rc, 0, NEEDS_NOTHING)
#define HOME_DID(lsb) HOME(did, 0, NEEDS_NOTHING)
#define HOME_HPTDID(lsb) HOME(did, 0, NEEDS_NOTHING)
#define HOME_SID(lsb) HOME(sid, 0, NEEDS_NOTHING)
#define HOME_RID(lsb) HOME(sid, 0, NEEDS_NOTHING)
#define HOME_PFSID_LO(lsb) HOME(pfsid, 0, NEEDS_DIT)
#define HOME_PFSID_HI(lsb) HOME(pfsid, 4, NEEDS_DIT)
#define HOME_IIDX(lsb) HOME(iidx, 0, NEEDS_NOTHING)
#define HOME_PRGI(lsb) HOME(prgi, 0, NEEDS_NOTHING)
#define HOME_PASID(lsb) HOME(pasid, 0, NEEDS_NOTHING)
#define HOME_DATA(lsb) HOME(data, 0, NEEDS_NOTHING)
/* An address keeps its place, so that its low bits read as 0. */
#define HOME_ADDR(lsb) HOME(addr, lsb, NEEDS_NOTHING)

#define HOME_OF(type, field, qw, lsb, width) HOME_##field(lsb),
/* homes[i] belongs to layout[i]. */
static const struct home homes[] = { S1INV_VTD_LAYOUT(HOME_OF) };

static uint64_t low_bits(unsigned int width)
{
	return UINT64_MAX >> (64U - width);
}

const struct s1inv_vtd_field *s1inv_vtd_layout(uint8_t type, uint32_t *num)
{
	uint32_t first = 0;
	uint32_t end;

	while (first < FIELDS && layout[first].type != type)
		first++;
	end = first;
	while (end < FIELDS && layout[end].type == type)
		end++;
	*num = end - first;
	return *num ? &layout[first] : NULL;
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

/* OR, because a field in two pieces comes in two steps. */
static void store(struct s1inv_vtd_fields *fields, const struct home *home,
		  uint64_t value)
{
	void *member = (unsigned char *)fields + home->offset;

	value <<= home->shift;
	switch (home->size) {
	case sizeof(uint8_t):
		*(uint8_t *)member |= (uint8_t)value;
		break;
	case sizeof(uint16_t):
		*(uint16_t *)member |= (uint16_t)value;
		break;
	case sizeof(uint32_t):
		*(uint32_t *)member |= (uint32_t)value;
		break;
	default:
		*(uint64_t *)member |= value;
		break;
	}
}

static bool defined(const struct home *home, const struct s1inv_vtd_mode *mode)
{
	if (home->needs == NEEDS_DIT)
		return mode->dit;
	return home->needs != NEEDS_PDS || mode->pds;
}

/* Everything that is not type starts as reserved; fields take their bits. */
static void start_reserved(const struct s1inv_vtd_desc *desc, bool wide,
			   struct s1inv_vtd_decoded *out)
{
	out->reserved[0] = desc->qw[0] & ~TYPE_BITS;
	out->reserved[1] = desc->qw[1];
	out->reserved[2] = wide ? desc->qw[2] : 0;
	out->reserved[3] = wide ? desc->qw[3] : 0;
	if (out->fields.type == S1INV_VTD_TYPE_PGRESP)
		out->reserved[1] &= ~(uint64_t)S1INV_VTD_PGRESP_IGNORED_QW1;
}

static void take_fields(const struct s1inv_vtd_desc *desc,
			const struct s1inv_vtd_mode *mode,
			struct s1inv_vtd_decoded *out)
{
	const struct s1inv_vtd_field *field;
	uint32_t i;

	for (i = 0; i < FIELDS; i++) {
		field = &layout[i];
		if (field->type != out->fields.type)
			continue;
		store(&out->fields, &homes[i],
		      s1inv_vtd_field_value(field, desc));
		if (defined(&homes[i], mode))
			out->reserved[field->qw] &=
				~(low_bits(field->width) << field->lsb);
	}
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
	uint8_t type = S1INV_VTD_TYPE(desc->qw[0]);

	clear(&out->fields);
	out->fields.type = type;
	if (type < S1INV_VTD_TYPE_CC || type > S1INV_VTD_TYPE_HPT) {
		unknown(out);
		return;
	}
	start_reserved(desc, mode->wide, out);
	take_fields(desc, mode, out);
	out->violations = judge(out, mode);
}
