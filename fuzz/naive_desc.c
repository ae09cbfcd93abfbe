/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Descriptors by the tables of the specification; see naive_desc.h. */
#include "naive_desc.h"

#include <string.h>

FUZZ_ORACLE_FILE_BEGIN

/*
 * A field's bits @high to @low of the descriptor's first 128 hold the bits of
 * its number from @from on. Without the capability @needs they are reserved.
 */
struct row {
	uint8_t type;
	uint8_t field;
	uint8_t high;
	uint8_t low;
	uint8_t from;
	uint8_t needs;
};

static const struct row rows[] = {
	/* 6.5.2.1 */
	{ 1, FIELD_G, 5, 4, 0, 0 },
	{ 1, FIELD_DID, 31, 16, 0, 0 },
	{ 1, FIELD_SID, 47, 32, 0, 0 },
	{ 1, FIELD_FM, 49, 48, 0, 0 },
	/* 6.5.2.3 */
	{ 2, FIELD_G, 5, 4, 0, 0 },
	{ 2, FIELD_DW, 6, 6, 0, 0 },
	{ 2, FIELD_DR, 7, 7, 0, 0 },
	{ 2, FIELD_DID, 31, 16, 0, 0 },
	{ 2, FIELD_AM, 69, 64, 0, 0 },
	{ 2, FIELD_IH, 70, 70, 0, 0 },
	{ 2, FIELD_ADDR, 127, 76, 12, 0 },
	/* 6.5.2.5 */
	{ 3, FIELD_PFSID, 15, 12, 0, ENCODE_DIT },
	{ 3, FIELD_MIP, 20, 16, 0, 0 },
	{ 3, FIELD_SID, 47, 32, 0, 0 },
	{ 3, FIELD_PFSID, 63, 52, 4, ENCODE_DIT },
	{ 3, FIELD_S, 64, 64, 0, 0 },
	{ 3, FIELD_ADDR, 127, 76, 12, 0 },
	/* 6.5.2.8 */
	{ 4, FIELD_G, 4, 4, 0, 0 },
	{ 4, FIELD_IM, 31, 27, 0, 0 },
	{ 4, FIELD_IIDX, 47, 32, 0, 0 },
	/* 6.5.2.9 */
	{ 5, FIELD_IF, 4, 4, 0, 0 },
	{ 5, FIELD_SW, 5, 5, 0, 0 },
	{ 5, FIELD_FN, 6, 6, 0, 0 },
	{ 5, FIELD_PD, 7, 7, 0, ENCODE_PDS },
	{ 5, FIELD_DATA, 63, 32, 0, 0 },
	{ 5, FIELD_ADDR, 127, 66, 2, 0 },
	/* 6.5.2.4 */
	{ 6, FIELD_G, 5, 4, 0, 0 },
	{ 6, FIELD_DID, 31, 16, 0, 0 },
	{ 6, FIELD_PASID, 51, 32, 0, 0 },
	{ 6, FIELD_AM, 69, 64, 0, 0 },
	{ 6, FIELD_IH, 70, 70, 0, 0 },
	{ 6, FIELD_ADDR, 127, 76, 12, 0 },
	/* 6.5.2.2 */
	{ 7, FIELD_G, 5, 4, 0, 0 },
	{ 7, FIELD_DID, 31, 16, 0, 0 },
	{ 7, FIELD_PASID, 51, 32, 0, 0 },
	/* 6.5.2.6 */
	{ 8, FIELD_MIP, 8, 4, 0, 0 },
	{ 8, FIELD_PFSID, 15, 12, 0, ENCODE_DIT },
	{ 8, FIELD_SID, 31, 16, 0, 0 },
	{ 8, FIELD_PASID, 51, 32, 0, 0 },
	{ 8, FIELD_PFSID, 63, 52, 4, ENCODE_DIT },
	{ 8, FIELD_GI, 64, 64, 0, 0 },
	{ 8, FIELD_S, 75, 75, 0, 0 },
	{ 8, FIELD_ADDR, 127, 76, 12, 0 },
	/* 7.6.1 */
	{ 9, FIELD_PP, 4, 4, 0, 0 },
	{ 9, FIELD_RC, 15, 12, 0, 0 },
	{ 9, FIELD_SID, 31, 16, 0, 0 },
	{ 9, FIELD_PASID, 51, 32, 0, 0 },
	{ 9, FIELD_PRGI, 75, 67, 0, 0 },
	/* 6.5.2.7 */
	{ 10, FIELD_G, 5, 4, 0, 0 },
	{ 10, FIELD_DID, 31, 16, 0, 0 },
	{ 10, FIELD_AM, 69, 64, 0, 0 },
	{ 10, FIELD_IH, 71, 70, 0, 0 },
	{ 10, FIELD_ADDR, 127, 76, 12, 0 },
};

/* As many ones as the row has bits */
static uint64_t ones(const struct row *row)
{
	return UINT64_MAX >> (63 - (row->high - row->low));
}

bool naive_encode(const uint64_t value[FIELD_NUM], uint64_t qw[2])
{
	uint64_t left[FIELD_NUM]; /* the bits that no row has placed */
	bool known = false;
	size_t i;

	memcpy(left, value, sizeof(left));
	qw[0] = value[FIELD_TYPE];
	qw[1] = 0;
	for (i = 0; i < FUZZ_COUNT(rows); i++) {
		const struct row *row = &rows[i];

		if (row->type != value[FIELD_TYPE])
			continue;
		known = row->type <= 9;
		qw[row->low / 64] |=
			(value[row->field] >> row->from & ones(row))
			<< row->low % 64;
		left[row->field] &= ~(ones(row) << row->from);
	}
	for (i = 0; i < FUZZ_COUNT(rows); i++)
		if (rows[i].type == value[FIELD_TYPE] && left[rows[i].field])
			return false;
	return known;
}

/* Table 26: the highest type for a translation table mode, by width */
static const uint8_t highest[4][2] = {
	[S1INV_VTD_TTM_LEGACY] = { 5, 5 },
	[S1INV_VTD_TTM_SCALABLE] = { 0, 10 },
	[S1INV_VTD_TTM_RESERVED] = { 0, 0 },
	[S1INV_VTD_TTM_ABORT] = { 0, 10 },
};

/* The capability that announces a type: the notes to table 26 */
static const uint8_t announced[11] = {
	[3] = ENCODE_DT,
	[8] = ENCODE_DT,
	[9] = ENCODE_PRS,
	[10] = ENCODE_HPTS,
};

/* Granularities that are defined, a bit each; 0: the type has none, or all */
static const uint8_t defined[11] = {
	[1] = 0xe, [2] = 0xe, [6] = 0xc, [7] = 0xb, [10] = 0xe,
};

static uint32_t judge(const struct naive_decoded *out, unsigned int type,
		      enum s1inv_vtd_ttm ttm, uint64_t mode)
{
	uint64_t g = out->value[FIELD_G];
	uint32_t found = 0;

	if (announced[type] & ~mode)
		found |= S1INV_VTD_BAD_TYPE;
	if (type > highest[ttm][mode & ENCODE_WIDE])
		found |= S1INV_VTD_BAD_MODE;
	if (out->reserved[0] || out->reserved[1] || out->reserved[2] ||
	    out->reserved[3])
		found |= S1INV_VTD_BAD_RESERVED;
	if (defined[type] && !(defined[type] >> g & 1))
		found |= S1INV_VTD_BAD_G;
	/* An AM above 52 for pages, which is G 3 of all that have one */
	if (out->has[FIELD_AM] && g == 3 && out->value[FIELD_AM] > 52)
		found |= S1INV_VTD_BAD_AM;
	return found;
}

void naive_decode(const uint64_t qw[4], enum s1inv_vtd_ttm ttm, uint64_t mode,
		  struct naive_decoded *out)
{
	unsigned int type =
		(unsigned int)((qw[0] & 0xf) | (qw[0] >> 9 & 7) << 4);
	size_t i;

	memset(out, 0, sizeof(*out));
	out->value[FIELD_TYPE] = type;
	out->has[FIELD_TYPE] = true;
	if (type < 1 || type > 10) {
		out->violations = S1INV_VTD_BAD_TYPE;
		return;
	}
	for (i = 0; i < 4; i++)
		out->reserved[i] = i < 2 || mode & ENCODE_WIDE ? qw[i] : 0;
	out->reserved[0] &= ~UINT64_C(0xe0f);
	if (type == 9) /* 7.6.1: once LPIG, ignored since */
		out->reserved[1] &= ~UINT64_C(4);
	for (i = 0; i < FUZZ_COUNT(rows); i++) {
		const struct row *row = &rows[i];

		if (row->type != type)
			continue;
		out->value[row->field] |=
			(qw[row->low / 64] >> row->low % 64 & ones(row))
			<< row->from;
		out->has[row->field] = true;
		if (!(row->needs & ~mode))
			out->reserved[row->low / 64] &=
				~(ones(row) << row->low % 64);
	}
	out->violations = judge(out, type, ttm, mode);
}

/*
 * S 0: one page. S 1: the lowest zero bit of ADDR from bit 12 on says how many:
 * bit 12 two, bit 13 four, and so on.
 */
uint64_t naive_size_encode(const struct s1inv_vtd_block *block, uint8_t *s)
{
	uint64_t addr = block->first << 12;
	unsigned int bit;

	*s = block->order > 0;
	for (bit = 12; bit + 1 < 12U + block->order; bit++)
		addr |= UINT64_C(1) << bit;
	return addr;
}

bool naive_size_decode(uint64_t addr, uint8_t s, struct s1inv_vtd_block *block)
{
	unsigned int bit = 12;

	block->order = 0;
	block->first = addr >> 12;
	if (!s)
		return true;
	while (bit < 64 && addr >> bit & 1)
		bit++;
	if (bit == 64)
		return false;
	block->order = (uint8_t)(bit - 11);
	block->first = block->first >> block->order << block->order;
	return true;
}

FUZZ_ORACLE_END
