/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Descriptors. Fields are encoded, and any bits decoded, bit for bit as
 * naive_desc.c does it from the specification's tables; what is refused leaves
 * nothing behind; what decodes without a violation encodes to the same bits.
 * The small functions beside them: sizes, fault registers, names.
 */
#include "encode_format.h"
#include "fuzz.h"
#include "naive_desc.h"

#include <string.h>

enum { RECORDS_MAX = 8 };

const struct fuzz_format *const fuzz_target_format = &encode_format;

FUZZ_ORACLE_BEGIN

#define MEMBER(member)                                                         \
	{                                                                      \
		offsetof(struct s1inv_vtd_fields, member),                     \
			sizeof(((struct s1inv_vtd_fields *)0)->member)         \
	}

static const struct {
	size_t at;
	size_t size;
} members[FIELD_NUM] = {
	[FIELD_TYPE] = MEMBER(type),   [FIELD_G] = MEMBER(g),
	[FIELD_FM] = MEMBER(fm),       [FIELD_DW] = MEMBER(dw),
	[FIELD_DR] = MEMBER(dr),       [FIELD_AM] = MEMBER(am),
	[FIELD_IH] = MEMBER(ih),       [FIELD_S] = MEMBER(s),
	[FIELD_GI] = MEMBER(gi),       [FIELD_MIP] = MEMBER(mip),
	[FIELD_IM] = MEMBER(im),       [FIELD_IF] = MEMBER(wif),
	[FIELD_SW] = MEMBER(sw),       [FIELD_FN] = MEMBER(fn),
	[FIELD_PD] = MEMBER(pd),       [FIELD_PP] = MEMBER(pp),
	[FIELD_RC] = MEMBER(rc),       [FIELD_DID] = MEMBER(did),
	[FIELD_SID] = MEMBER(sid),     [FIELD_PFSID] = MEMBER(pfsid),
	[FIELD_IIDX] = MEMBER(iidx),   [FIELD_PRGI] = MEMBER(prgi),
	[FIELD_PASID] = MEMBER(pasid), [FIELD_DATA] = MEMBER(data),
	[FIELD_ADDR] = MEMBER(addr),
};

static uint64_t get(const struct s1inv_vtd_fields *fields, size_t i)
{
	const uint8_t *at = (const uint8_t *)fields + members[i].at;
	uint16_t two;
	uint32_t four;
	uint64_t eight;

	switch (members[i].size) {
	case 1:
		return *at;
	case 2:
		memcpy(&two, at, sizeof(two));
		return two;
	case 4:
		memcpy(&four, at, sizeof(four));
		return four;
	default:
		memcpy(&eight, at, sizeof(eight));
		return eight;
	}
}

/* A field of an input has the size of its member: nothing is cut off. */
static void set(struct s1inv_vtd_fields *fields, size_t i, uint64_t value)
{
	uint8_t *at = (uint8_t *)fields + members[i].at;
	uint16_t two = (uint16_t)value;
	uint32_t four = (uint32_t)value;

	switch (members[i].size) {
	case 1:
		*at = (uint8_t)value;
		break;
	case 2:
		memcpy(at, &two, sizeof(two));
		break;
	case 4:
		memcpy(at, &four, sizeof(four));
		break;
	default:
		memcpy(at, &value, sizeof(value));
		break;
	}
}

/* --------------------------------------------------- encoding and decoding */

static void check_encode(const uint64_t value[FIELD_NUM])
{
	static struct s1inv_vtd_desc output;
	struct s1inv_vtd_desc *desc = &output;
	struct s1inv_vtd_fields fields;
	uint64_t qw[2];
	size_t i;
	int error;

	fuzz_poison(desc, sizeof(*desc));
	for (i = 0; i < FIELD_NUM; i++)
		set(&fields, i, value[i]);
	error = s1inv_vtd_encode(&fields, desc);
	if (naive_encode(value, qw)) {
		FUZZ_ASSERT(!error, "what fits is encoded");
		FUZZ_ASSERT(desc->qw[0] == qw[0] && desc->qw[1] == qw[1] &&
				    !desc->qw[2] && !desc->qw[3],
			    "ENC-1: bit for bit as the specification has it");
	} else {
		FUZZ_ASSERT(error == -S1INV_EINVAL,
			    "ENC-1: what does not fit is refused");
		FUZZ_ASSERT(fuzz_block_untouched(desc, sizeof(*desc)),
			    "refused fields become no descriptor");
	}
}

/* A valid descriptor of a type that can be encoded comes out of its fields. */
static void check_back(const struct s1inv_vtd_desc *desc,
		       const struct s1inv_vtd_decoded *out)
{
	struct s1inv_vtd_desc back;
	uint64_t ignored = 0;

	if (out->violations || out->fields.type == 0xa)
		return;
	if (out->fields.type == 9)
		ignored = 4;
	FUZZ_ASSERT(!s1inv_vtd_encode(&out->fields, &back),
		    "what was decoded can be encoded");
	FUZZ_ASSERT(back.qw[0] == desc->qw[0] &&
			    back.qw[1] == (desc->qw[1] & ~ignored),
		    "encoding what was decoded gives the same bits");
}

/* The layout that tools draw from, against what was decoded */
static void check_layout(const struct s1inv_vtd_desc *desc, uint8_t type)
{
	const struct s1inv_vtd_field *field;
	uint64_t taken[4] = { 0 };
	uint32_t num, i;

	field = s1inv_vtd_layout(type, &num);
	FUZZ_ASSERT((num != 0) == (type >= 1 && type <= 0xa) &&
			    (num != 0) == (field != NULL),
		    "known types have fields, others none");
	for (i = 0; i < num; i++, field++) {
		uint64_t mask = UINT64_MAX >> (64 - field->width) << field->lsb;

		FUZZ_ASSERT(field->type == type && field->qw < 2 &&
				    field->lsb + field->width <= 64,
			    "a field lies in its quadword");
		FUZZ_ASSERT(!(taken[field->qw] & mask),
			    "fields do not overlap");
		taken[field->qw] |= mask;
		FUZZ_ASSERT(s1inv_vtd_field_value(field, desc) << field->lsb ==
				    (desc->qw[field->qw] & mask),
			    "a field's value is its bits");
	}
}

static void check_decode(const uint64_t qw[4], enum s1inv_vtd_ttm ttm,
			 uint64_t bits)
{
	static struct s1inv_vtd_decoded output;
	struct s1inv_vtd_decoded *out = &output;
	const struct s1inv_vtd_mode mode = {
		.ttm = ttm,
		.wide = bits & ENCODE_WIDE,
		.dt = bits & ENCODE_DT,
		.dit = bits & ENCODE_DIT,
		.pds = bits & ENCODE_PDS,
		.prs = bits & ENCODE_PRS,
		.hpts = bits & ENCODE_HPTS,
	};
	struct s1inv_vtd_desc desc;
	struct naive_decoded naive;
	size_t i;

	fuzz_poison(out, sizeof(*out));
	memcpy(desc.qw, qw, sizeof(desc.qw));
	naive_decode(qw, ttm, bits, &naive);
	s1inv_vtd_decode(&desc, &mode, out);
	FUZZ_ASSERT(out->violations == naive.violations,
		    "the violations are those of the specification");
	for (i = 0; i < 4; i++)
		FUZZ_ASSERT(out->reserved[i] == naive.reserved[i],
			    "the reserved bits that are set are told");
	for (i = 0; i < FIELD_NUM; i++)
		FUZZ_ASSERT(!naive.has[i] ||
				    get(&out->fields, i) == naive.value[i],
			    "fields are as the specification has them");
	check_back(&desc, out);
	check_layout(&desc, out->fields.type);
}

/* ------------------------------------------------------------------- sizes */

static void check_size_decode(uint64_t addr, uint8_t s)
{
	struct s1inv_vtd_block block, naive;
	bool stated = naive_size_decode(addr, s, &naive);

	FUZZ_ASSERT(s1inv_vtd_size_decode(addr, s, &block) == stated,
		    "all ones is the one size that is undefined");
	FUZZ_ASSERT(!stated || (block.first == naive.first &&
				block.order == naive.order),
		    "ADDR and S mean what VT-d 6.5.2.5 says");
}

/* Any page and order become a block: aligned to its size, within the space. */
static void check_size_encode(uint64_t first, uint8_t order)
{
	struct s1inv_vtd_block block = { 0, order % 53 };
	uint64_t low = (UINT64_C(1) << block.order) - 1;
	struct s1inv_vtd_block back;
	uint8_t s, naive_s;

	block.first = first & ~low & (UINT64_MAX >> 12);
	FUZZ_ASSERT(s1inv_vtd_size_encode(&block, &s) ==
			    naive_size_encode(&block, &naive_s),
		    "a block is encoded as VT-d 6.5.2.5 says");
	FUZZ_ASSERT(s == naive_s, "S is set for more than a page");
	FUZZ_ASSERT(s1inv_vtd_size_decode(s1inv_vtd_size_encode(&block, &s), s,
					  &back) &&
			    back.first == block.first &&
			    back.order == block.order,
		    "a block comes back from ADDR and S");
}

/* --------------------------------------------------------- faults and names */

static void check_fault(uint32_t fsts, uint64_t iqercd)
{
	static struct s1inv_vtd_fault output;
	struct s1inv_vtd_fault *fault = &output;
	bool iqe = fsts & 0x10;
	uint8_t iqei = iqe ? iqercd & 0xf : 0;

	fuzz_poison(fault, sizeof(*fault));
	s1inv_vtd_fault_parse(fsts, iqercd, fault);
	FUZZ_ASSERT(fault->status == (fsts & 0x70),
		    "the status is IQE, ICE and ITE");
	FUZZ_ASSERT(fault->iqei == iqei &&
			    fault->itesid ==
				    (fsts & 0x40 ? iqercd >> 32 & 0xffff : 0) &&
			    fault->icesid == (fsts & 0x20 ? iqercd >> 48 : 0),
		    "QUE-7: a field counts only while its bit is set");
	FUZZ_ASSERT(fault->broken == (iqei == 1 || iqei > 4),
		    "QUE-6: codes 1, 5 and above condemn the queue");
	FUZZ_ASSERT(fault->slot == S1INV_VTD_NO_SLOT,
		    "the registers name no slot");
}

static void check_requester(uint64_t qw0)
{
	uint64_t type = (qw0 & 0xf) | (qw0 >> 9 & 7) << 4;
	uint32_t stated = UINT32_MAX;

	if (type == 3)
		stated = qw0 >> 32 & 0xffff;
	else if (type == 8)
		stated = qw0 >> 16 & 0xffff;
	FUZZ_ASSERT(s1inv_vtd_desc_requester(qw0) == stated,
		    "device-TLB descriptors name a function, others none");
}

/* Linux's numbers */
static const struct {
	uint32_t number;
	const char *name;
} errnos[] = {
	{ 0, "0" },           { 2, "ENOENT" },  { 4, "EINTR" },
	{ 5, "EIO" },         { 7, "E2BIG" },   { 11, "EAGAIN" },
	{ 14, "EFAULT" },     { 22, "EINVAL" }, { 95, "EOPNOTSUPP" },
	{ 110, "ETIMEDOUT" },
};

static const char *errno_name(uint32_t number)
{
	size_t i;

	for (i = 0; i < FUZZ_COUNT(errnos); i++)
		if (errnos[i].number == number)
			return errnos[i].name;
	return "?";
}

static bool is(const char *text, const char *other)
{
	return strcmp(text, other) == 0;
}

static void check_type_names(uint8_t type, uint8_t g)
{
	static const uint16_t has_g = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 6 |
				      1 << 7 | 1 << 10;
	bool known = type >= 1 && type <= 10;

	FUZZ_ASSERT(is(s1inv_vtd_type_key(type),
		       known ? encode_types[type - 1].name : ""),
		    "a type's key is the name that inputs have for it");
	FUZZ_ASSERT(is(s1inv_vtd_type_name(type), "unknown") != known,
		    "known types have a name");
	FUZZ_ASSERT((*s1inv_vtd_g_name(type, g) != '\0') ==
			    (known && has_g >> type & 1),
		    "types with granularities have names for them");
}

static void check_names(const uint64_t value[])
{
	/* Not an enum as yet: only its values may be one. */
	uint32_t number = (uint32_t)value[0] % (S1INV_RULE_COUNT + 2U);
	enum s1inv_rule rule = (enum s1inv_rule)number;
	bool known = number > 0 && number < S1INV_RULE_COUNT;
	int error = -(int)(value[1] & INT32_MAX);

	FUZZ_ASSERT((strchr(s1inv_rule_name(rule), '-') != NULL) == known,
		    "a rule's name is a group and a number");
	FUZZ_ASSERT((*s1inv_rule_text(rule) != '\0') == known,
		    "a rule has words");
	FUZZ_ASSERT(
		is(s1inv_errno_name(error), errno_name(value[1] & INT32_MAX)),
		"errno names are Linux's");
	check_type_names((uint8_t)value[2], (uint8_t)value[3]);
	FUZZ_ASSERT(is(s1inv_vtd_iqei_name((uint8_t)value[4]), "undefined") ==
			    (value[4] > 7),
		    "reasons 0 to 7 have names");
}

/* ------------------------------------------------------------------- input */

static void check_record(const struct fuzz_record *header,
			 const struct fuzz_record *r)
{
	const uint64_t *value = r->value;

	switch (r->kind) {
	case ENCODE_FIELDS:
		check_encode(value);
		break;
	case ENCODE_DESC:
		check_decode(value,
			     (enum s1inv_vtd_ttm)header->value[ENCODE_TTM],
			     header->value[ENCODE_MODE]);
		check_requester(value[0]);
		break;
	case ENCODE_BLOCK:
		check_size_encode(value[0], (uint8_t)value[1]);
		break;
	case ENCODE_SIZE:
		check_size_decode(value[0], (uint8_t)value[1]);
		break;
	case ENCODE_FAULT:
		check_fault((uint32_t)value[0], value[1]);
		break;
	default:
		check_names(value);
		break;
	}
}

FUZZ_ORACLE_END

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in;
	struct fuzz_record header, r;
	unsigned int n;

	fuzz_open(&in, fuzz_target_format, data, size, &header);
	for (n = 0; n < RECORDS_MAX && fuzz_next(&in, &r); n++)
		check_record(&header, &r);
	return 0;
}
