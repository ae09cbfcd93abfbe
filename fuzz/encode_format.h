/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Inputs of the target encode: a receiver, then things to encode and decode. */
#ifndef S1INV_FUZZ_ENCODE_FORMAT_H
#define S1INV_FUZZ_ENCODE_FORMAT_H

#include <s1inv/s1inv.h>

#include "format.h"

enum encode_header { ENCODE_TTM, ENCODE_MODE };

/* Bits of the header's mode: queue width and capabilities */
enum encode_mode {
	ENCODE_WIDE = 0x1,
	ENCODE_DT = 0x2,
	ENCODE_DIT = 0x4,
	ENCODE_PDS = 0x8,
	ENCODE_PRS = 0x10,
	ENCODE_HPTS = 0x20,
};

enum encode_kind {
	ENCODE_FIELDS,
	ENCODE_DESC,
	ENCODE_BLOCK,
	ENCODE_SIZE,
	ENCODE_FAULT,
	ENCODE_NAMES,
};

/* The members of struct s1inv_vtd_fields, in its order */
enum encode_field {
	FIELD_TYPE,
	FIELD_G,
	FIELD_FM,
	FIELD_DW,
	FIELD_DR,
	FIELD_AM,
	FIELD_IH,
	FIELD_S,
	FIELD_GI,
	FIELD_MIP,
	FIELD_IM,
	FIELD_IF,
	FIELD_SW,
	FIELD_FN,
	FIELD_PD,
	FIELD_PP,
	FIELD_RC,
	FIELD_DID,
	FIELD_SID,
	FIELD_PFSID,
	FIELD_IIDX,
	FIELD_PRGI,
	FIELD_PASID,
	FIELD_DATA,
	FIELD_ADDR,
	FIELD_NUM
};

static const struct fuzz_symbol encode_ttms[] = {
	{ "legacy", S1INV_VTD_TTM_LEGACY },
	{ "scalable", S1INV_VTD_TTM_SCALABLE },
	{ "reserved", S1INV_VTD_TTM_RESERVED },
	{ "abort", S1INV_VTD_TTM_ABORT },
};

static const struct fuzz_symbol encode_modes[] = {
	{ "WIDE", ENCODE_WIDE }, { "DT", ENCODE_DT },   { "DIT", ENCODE_DIT },
	{ "PDS", ENCODE_PDS },   { "PRS", ENCODE_PRS }, { "HPTS", ENCODE_HPTS },
};

static const struct fuzz_symbol encode_types[] = {
	{ "cc", 1 },     { "iotlb", 2 },  { "devtlb", 3 }, { "iec", 4 },
	{ "wait", 5 },   { "piotlb", 6 }, { "pc", 7 },     { "pdevtlb", 8 },
	{ "pgresp", 9 }, { "hpt", 10 },
};

static const struct fuzz_field encode_header_fields[] = {
	[ENCODE_TTM] = FUZZ_SYMBOLIC("ttm", 1, FUZZ_CHOICE, encode_ttms),
	[ENCODE_MODE] = FUZZ_SYMBOLIC("mode", 1, FUZZ_BITS, encode_modes),
};

static const struct fuzz_kind encode_header = FUZZ_KIND(
	"encode", "the receiver that judges descriptors", encode_header_fields);

static const struct fuzz_field encode_fields_fields[] = {
	[FIELD_TYPE] = FUZZ_SYMBOLIC("type", 1, FUZZ_DEC, encode_types),
	[FIELD_G] = FUZZ_NUMBER("g", 1),
	[FIELD_FM] = FUZZ_NUMBER("fm", 1),
	[FIELD_DW] = FUZZ_NUMBER("dw", 1),
	[FIELD_DR] = FUZZ_NUMBER("dr", 1),
	[FIELD_AM] = FUZZ_NUMBER("am", 1),
	[FIELD_IH] = FUZZ_NUMBER("ih", 1),
	[FIELD_S] = FUZZ_NUMBER("s", 1),
	[FIELD_GI] = FUZZ_NUMBER("gi", 1),
	[FIELD_MIP] = FUZZ_NUMBER("mip", 1),
	[FIELD_IM] = FUZZ_NUMBER("im", 1),
	[FIELD_IF] = FUZZ_NUMBER("if", 1),
	[FIELD_SW] = FUZZ_NUMBER("sw", 1),
	[FIELD_FN] = FUZZ_NUMBER("fn", 1),
	[FIELD_PD] = FUZZ_NUMBER("pd", 1),
	[FIELD_PP] = FUZZ_NUMBER("pp", 1),
	[FIELD_RC] = FUZZ_NUMBER("rc", 1),
	[FIELD_DID] = FUZZ_NUMBER_HEX("did", 2),
	[FIELD_SID] = FUZZ_NUMBER_HEX("sid", 2),
	[FIELD_PFSID] = FUZZ_NUMBER_HEX("pfsid", 2),
	[FIELD_IIDX] = FUZZ_NUMBER_HEX("iidx", 2),
	[FIELD_PRGI] = FUZZ_NUMBER_HEX("prgi", 2),
	[FIELD_PASID] = FUZZ_NUMBER_HEX("pasid", 4),
	[FIELD_DATA] = FUZZ_NUMBER_HEX("data", 4),
	[FIELD_ADDR] = FUZZ_NUMBER_HEX("addr", 8),
};

static const struct fuzz_field encode_desc_fields[] = {
	FUZZ_NUMBER_HEX("qw0", 8),
	FUZZ_NUMBER_HEX("qw1", 8),
	FUZZ_NUMBER_HEX("qw2", 8),
	FUZZ_NUMBER_HEX("qw3", 8),
};

static const struct fuzz_field encode_block_fields[] = {
	FUZZ_NUMBER_HEX("first", 8),
	FUZZ_NUMBER("order", 1),
};

static const struct fuzz_field encode_size_fields[] = {
	FUZZ_NUMBER_HEX("addr", 8),
	FUZZ_NUMBER("s", 1),
};

static const struct fuzz_field encode_fault_fields[] = {
	FUZZ_NUMBER_HEX("fsts", 4),
	FUZZ_NUMBER_HEX("iqercd", 8),
};

static const struct fuzz_field encode_names_fields[] = {
	FUZZ_NUMBER("rule", 4), FUZZ_NUMBER("errno", 4), FUZZ_NUMBER("type", 1),
	FUZZ_NUMBER("g", 1),    FUZZ_NUMBER("iqei", 1),
};

static const struct fuzz_kind encode_kinds[] = {
	[ENCODE_FIELDS] =
		FUZZ_KIND("fields", "fields to encode", encode_fields_fields),
	[ENCODE_DESC] =
		FUZZ_KIND("desc", "a descriptor to decode", encode_desc_fields),
	[ENCODE_BLOCK] = FUZZ_KIND("block", "a block to encode as ADDR and S",
				   encode_block_fields),
	[ENCODE_SIZE] =
		FUZZ_KIND("size", "ADDR and S to decode", encode_size_fields),
	[ENCODE_FAULT] = FUZZ_KIND("fault", "fault registers to take apart",
				   encode_fault_fields),
	[ENCODE_NAMES] = FUZZ_KIND("names",
				   "numbers to name; errno is positive",
				   encode_names_fields),
};

static const struct fuzz_format encode_format = {
	.name = "encode",
	.about = "descriptors from fields and back, sizes, faults, names",
	.header = &encode_header,
	.kinds = encode_kinds,
	.kind_num = FUZZ_COUNT(encode_kinds),
};

#endif /* S1INV_FUZZ_ENCODE_FORMAT_H */
