/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Names and short texts for people: rules, errno values, descriptor types,
 * granularities, reasons of a stopped queue.
 */
#include <s1inv/s1inv.h>

/* One per rule in S1INV_RULES; a rule without one does not compile. */
#define TEXT_CMD_1 "the size of the command cannot be read"
#define TEXT_CMD_2 "the size of the command is below 32 bytes"
#define TEXT_CMD_3                                                             \
	"the command is longer than 32 bytes, and what follows them is not all zero or cannot be read"
#define TEXT_CMD_4 "the command cannot be read"
#define TEXT_CMD_5 "a reserved word of the command is not zero"
#define TEXT_CMD_6                                                             \
	"data_uptr or entry_len is 0, or entry_len or entry_num is above its bound"
#define TEXT_CMD_7 "hwpt_id is not a page table that can be invalidated"
#define TEXT_CMD_8 "data_type is not that of the page table"
#define TEXT_CMD_11 "the command cannot be written back"
#define TEXT_COPY_1 "entry_len is not the length of an entry"
#define TEXT_COPY_2 "the entry cannot be read"
#define TEXT_COPY_4 "the entry lies beyond the end of the address space"
#define TEXT_AUD_1 "an unknown flag is set"
#define TEXT_AUD_2 "the reserved word of the entry is not zero"
#define TEXT_AUD_3 "address is not 4 KiB aligned"
#define TEXT_AUD_4 "npages asks for everything, but the address is not 0"
#define TEXT_AUD_8 "npages is 0"
#define TEXT_AUD_9 "the range runs past the end of the address space"
#define TEXT_AUD_10 "the range is not canonical"
#define TEXT_ENC_1 "a target has a value that fits no descriptor"
#define TEXT_REP_7 "hw_error cannot be written back"
#define TEXT_REP_8 "a device did not answer the invalidation in time"
#define TEXT_REP_10 "the hardware refused a descriptor of the entry"
#define TEXT_REP_14 "a fatal signal ended the call"
#define TEXT_REP_15 "the call ran out of time"
#define TEXT_QUE_6 "the invalidation queue is broken until it is reset"
#define TEXT_SELF_1 "an unknown flag is set"
#define TEXT_SELF_2 "iotlb_id is above 3"

#define RULE_NAME(group, number) #group "-" #number,
static const char *const rule_names[] = { "", S1INV_RULES(RULE_NAME) };

#define RULE_TEXT(group, number) TEXT_##group##_##number,
static const char *const rule_texts[] = { "", S1INV_RULES(RULE_TEXT) };

const char *s1inv_rule_name(enum s1inv_rule rule)
{
	uint32_t i = (uint32_t)rule;

	return i < S1INV_RULE_COUNT ? rule_names[i] : "";
}

const char *s1inv_rule_text(enum s1inv_rule rule)
{
	uint32_t i = (uint32_t)rule;

	return i < S1INV_RULE_COUNT ? rule_texts[i] : "";
}

#define ERRNOS(E)                                                              \
	E(ENOENT)                                                              \
	E(EINTR)                                                               \
	E(EIO)                                                                 \
	E(E2BIG)                                                               \
	E(EAGAIN)                                                              \
	E(EFAULT)                                                              \
	E(EINVAL)                                                              \
	E(EOPNOTSUPP)                                                          \
	E(ETIMEDOUT)

#define ERRNO_CASE(name)                                                       \
	case -S1INV_##name:                                                    \
		return #name;

const char *s1inv_errno_name(int error)
{
	switch (error) {
	case 0:
		return "0";
		ERRNOS(ERRNO_CASE)
	default:
		return "?";
	}
}

/* By descriptor type; there is no type 0. */
#define TYPES (S1INV_VTD_TYPE_HPT + 1)

static const char *const type_names[TYPES] = {
	[0] = "unknown",
	[S1INV_VTD_TYPE_CC] = "context-cache invalidate",
	[S1INV_VTD_TYPE_IOTLB] = "IOTLB invalidate",
	[S1INV_VTD_TYPE_DEVTLB] = "device-TLB invalidate",
	[S1INV_VTD_TYPE_IEC] = "interrupt-entry-cache invalidate",
	[S1INV_VTD_TYPE_WAIT] = "invalidation wait",
	[S1INV_VTD_TYPE_PIOTLB] = "PASID-based IOTLB invalidate",
	[S1INV_VTD_TYPE_PC] = "PASID-cache invalidate",
	[S1INV_VTD_TYPE_PDEVTLB] = "PASID-based device-TLB invalidate",
	[S1INV_VTD_TYPE_PGRESP] = "page-group response",
	[S1INV_VTD_TYPE_HPT] =
		"HPT-cache invalidate (since rev. 5.0) / page-stream response (older Linux)",
};

static const char *const type_keys[TYPES] = {
	[0] = "",
	[S1INV_VTD_TYPE_CC] = "cc",
	[S1INV_VTD_TYPE_IOTLB] = "iotlb",
	[S1INV_VTD_TYPE_DEVTLB] = "devtlb",
	[S1INV_VTD_TYPE_IEC] = "iec",
	[S1INV_VTD_TYPE_WAIT] = "wait",
	[S1INV_VTD_TYPE_PIOTLB] = "piotlb",
	[S1INV_VTD_TYPE_PC] = "pc",
	[S1INV_VTD_TYPE_PDEVTLB] = "pdevtlb",
	[S1INV_VTD_TYPE_PGRESP] = "pgresp",
	[S1INV_VTD_TYPE_HPT] = "hpt",
};

const char *s1inv_vtd_type_name(uint8_t type)
{
	return type_names[type < TYPES ? type : 0];
}

const char *s1inv_vtd_type_key(uint8_t type)
{
	return type_keys[type < TYPES ? type : 0];
}

/* By descriptor type and granularity; NULL where the value is reserved. */
#define GRANULARITIES 4U

static const char *const g_names[TYPES][GRANULARITIES] = {
	[S1INV_VTD_TYPE_CC] = {
		[S1INV_VTD_G_GLOBAL] = "global",
		[S1INV_VTD_G_DOMAIN] = "domain-selective",
		[S1INV_VTD_G_DEVICE] = "device-selective",
	},
	[S1INV_VTD_TYPE_IOTLB] = {
		[S1INV_VTD_G_GLOBAL] = "global",
		[S1INV_VTD_G_DOMAIN] = "domain-selective",
		[S1INV_VTD_G_PAGE] = "page-selective-in-domain",
	},
	[S1INV_VTD_TYPE_IEC] = {
		[S1INV_VTD_IEC_GLOBAL] = "global",
		[S1INV_VTD_IEC_INDEX] = "index-selective",
	},
	[S1INV_VTD_TYPE_PIOTLB] = {
		[S1INV_VTD_PG_PASID] = "PASID-selective",
		[S1INV_VTD_PG_PAGE] = "page-selective-in-PASID",
	},
	[S1INV_VTD_TYPE_PC] = {
		[S1INV_VTD_PC_DOMAIN] = "domain-selective",
		[S1INV_VTD_PC_PASID] = "PASID-selective-in-domain",
		[S1INV_VTD_PC_GLOBAL] = "global",
	},
	[S1INV_VTD_TYPE_HPT] = {
		[S1INV_VTD_G_GLOBAL] = "global",
		[S1INV_VTD_G_DOMAIN] = "domain-selective",
		[S1INV_VTD_G_PAGE] = "page-selective-in-domain",
	},
};

static bool has_g(uint8_t type)
{
	switch (type) {
	case S1INV_VTD_TYPE_CC:
	case S1INV_VTD_TYPE_IOTLB:
	case S1INV_VTD_TYPE_IEC:
	case S1INV_VTD_TYPE_PIOTLB:
	case S1INV_VTD_TYPE_PC:
	case S1INV_VTD_TYPE_HPT:
		return true;
	default:
		return false;
	}
}

const char *s1inv_vtd_g_name(uint8_t type, uint8_t g)
{
	if (!has_g(type))
		return "";
	if (g >= GRANULARITIES || !g_names[type][g])
		return "reserved";
	return g_names[type][g];
}

static const char *const iqei_names[] = {
	[S1INV_VTD_IQEI_NONE] = "no information",
	[S1INV_VTD_IQEI_TAIL] = "invalid tail pointer",
	[S1INV_VTD_IQEI_FETCH] = "error fetching descriptor",
	[S1INV_VTD_IQEI_TYPE] = "invalid descriptor type",
	[S1INV_VTD_IQEI_RESERVED] = "reserved field not zero",
	[S1INV_VTD_IQEI_WIDTH] = "invalid descriptor width",
	[S1INV_VTD_IQEI_TAIL_ALIGN] = "tail pointer not aligned",
	[S1INV_VTD_IQEI_TTM] = "invalid translation table mode",
};

const char *s1inv_vtd_iqei_name(uint8_t iqei)
{
	return iqei < sizeof(iqei_names) / sizeof(iqei_names[0]) ?
		       iqei_names[iqei] :
		       "undefined";
}
