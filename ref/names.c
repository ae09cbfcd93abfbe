// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
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

/* Descriptor type, key, name */
#define TYPES(T)                                                               \
	T(CC, "cc", "context-cache invalidate")                                \
	T(IOTLB, "iotlb", "IOTLB invalidate")                                  \
	T(DEVTLB, "devtlb", "device-TLB invalidate")                           \
	T(IEC, "iec", "interrupt-entry-cache invalidate")                      \
	T(WAIT, "wait", "invalidation wait")                                   \
	T(PIOTLB, "piotlb", "PASID-based IOTLB invalidate")                    \
	T(PC, "pc", "PASID-cache invalidate")                                  \
	T(PDEVTLB, "pdevtlb", "PASID-based device-TLB invalidate")             \
	T(PGRESP, "pgresp", "page-group response")                             \
	T(HPT, "hpt",                                                          \
	  "HPT-cache invalidate (since rev. 5.0) / page-stream response (older Linux)")

#define TYPE_NAME(type, key, name)                                             \
	case S1INV_VTD_TYPE_##type:                                            \
		return name;

const char *s1inv_vtd_type_name(uint8_t type)
{
	switch (type) {
		TYPES(TYPE_NAME)
	default:
		return "unknown";
	}
}

#define TYPE_KEY(type, key, name)                                              \
	case S1INV_VTD_TYPE_##type:                                            \
		return key;

const char *s1inv_vtd_type_key(uint8_t type)
{
	switch (type) {
		TYPES(TYPE_KEY)
	default:
		return "";
	}
}

/* Descriptor type, granularity, name; what is missing is reserved */
#define GRANULARITIES(G)                                                       \
	G(CC, G_GLOBAL, "global")                                              \
	G(CC, G_DOMAIN, "domain-selective")                                    \
	G(CC, G_DEVICE, "device-selective")                                    \
	G(IOTLB, G_GLOBAL, "global")                                           \
	G(IOTLB, G_DOMAIN, "domain-selective")                                 \
	G(IOTLB, G_PAGE, "page-selective-in-domain")                           \
	G(IEC, IEC_GLOBAL, "global")                                           \
	G(IEC, IEC_INDEX, "index-selective")                                   \
	G(PIOTLB, PG_PASID, "PASID-selective")                                 \
	G(PIOTLB, PG_PAGE, "page-selective-in-PASID")                          \
	G(PC, PC_DOMAIN, "domain-selective")                                   \
	G(PC, PC_PASID, "PASID-selective-in-domain")                           \
	G(PC, PC_GLOBAL, "global")                                             \
	G(HPT, G_GLOBAL, "global")                                             \
	G(HPT, G_DOMAIN, "domain-selective")                                   \
	G(HPT, G_PAGE, "page-selective-in-domain")

/* G has two bits in every type, or one. */
#define G_KEY(type, g) ((uint32_t)(type) << 2 | (g))

#define G_NAME(type, g, name)                                                  \
	case G_KEY(S1INV_VTD_TYPE_##type, S1INV_VTD_##g):                      \
		return name;

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
	if (g > 3U)
		return "reserved";
	switch (G_KEY(type, g)) {
		GRANULARITIES(G_NAME)
	default:
		return "reserved";
	}
}

/* Reason of a stopped queue, name */
#define IQEIS(I)                                                               \
	I(NONE, "no information")                                              \
	I(TAIL, "invalid tail pointer")                                        \
	I(FETCH, "error fetching descriptor")                                  \
	I(TYPE, "invalid descriptor type")                                     \
	I(RESERVED, "reserved field not zero")                                 \
	I(WIDTH, "invalid descriptor width")                                   \
	I(TAIL_ALIGN, "tail pointer not aligned")                              \
	I(TTM, "invalid translation table mode")

#define IQEI_NAME(iqei, name)                                                  \
	case S1INV_VTD_IQEI_##iqei:                                            \
		return name;

const char *s1inv_vtd_iqei_name(uint8_t iqei)
{
	switch (iqei) {
		IQEIS(IQEI_NAME)
	default:
		return "undefined";
	}
}
