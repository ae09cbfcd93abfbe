// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Names and short texts for people: rules, errno values, descriptor types,
 * granularities, reasons of a stopped queue.
 */
#include <s1inv/s1inv.h>

struct rule {
	const char *name;
	const char *text;
};

/* In the order of enum s1inv_rule */
static const struct rule rules[S1INV_RULE_COUNT] = {
	{ "", "" },
	{ "CMD-1", "the size of the command cannot be read" },
	{ "CMD-2", "the size of the command is below 32 bytes" },
	{
		"CMD-3",
		"the command is longer than 32 bytes, and what follows them is not all zero or cannot be read",
	},
	{ "CMD-4", "the command cannot be read" },
	{ "CMD-5", "a reserved word of the command is not zero" },
	{
		"CMD-6",
		"data_uptr or entry_len is 0, or entry_len or entry_num is above its bound",
	},
	{ "CMD-7", "hwpt_id is not a page table that can be invalidated" },
	{ "CMD-8", "data_type is not that of the page table" },
	{ "CMD-11", "the command cannot be written back" },
	{ "COPY-1", "entry_len is not the length of an entry" },
	{ "COPY-2", "the entry cannot be read" },
	{ "COPY-4", "the entry lies beyond the end of the address space" },
	{ "AUD-1", "an unknown flag is set" },
	{ "AUD-2", "the reserved word of the entry is not zero" },
	{ "AUD-3", "address is not 4 KiB aligned" },
	{ "AUD-4", "npages asks for everything, but the address is not 0" },
	{ "AUD-8", "npages is 0" },
	{ "AUD-9", "the range runs past the end of the address space" },
	{ "AUD-10", "the range is not canonical" },
	{ "ENC-1", "a target has a value that fits no descriptor" },
	{ "REP-7", "hw_error cannot be written back" },
	{ "REP-8", "a device did not answer the invalidation in time" },
	{ "REP-10", "the hardware refused a descriptor of the entry" },
	{ "REP-14", "a fatal signal ended the call" },
	{ "REP-15", "the call ran out of time" },
	{ "QUE-6", "the invalidation queue is broken until it is reset" },
	{ "SELF-1", "an unknown flag is set" },
	{ "SELF-2", "iotlb_id is above 3" },
};

const char *s1inv_rule_name(enum s1inv_rule rule)
{
	uint32_t i = (uint32_t)rule;

	return i < S1INV_RULE_COUNT ? rules[i].name : "";
}

const char *s1inv_rule_text(enum s1inv_rule rule)
{
	uint32_t i = (uint32_t)rule;

	return i < S1INV_RULE_COUNT ? rules[i].text : "";
}

const char *s1inv_errno_name(int error)
{
	switch (error) {
	case 0:
		return "0";
	case -S1INV_ENOENT:
		return "ENOENT";
	case -S1INV_EINTR:
		return "EINTR";
	case -S1INV_EIO:
		return "EIO";
	case -S1INV_E2BIG:
		return "E2BIG";
	case -S1INV_EAGAIN:
		return "EAGAIN";
	case -S1INV_EFAULT:
		return "EFAULT";
	case -S1INV_EINVAL:
		return "EINVAL";
	case -S1INV_EOPNOTSUPP:
		return "EOPNOTSUPP";
	case -S1INV_ETIMEDOUT:
		return "ETIMEDOUT";
	default:
		return "?";
	}
}

const char *s1inv_vtd_type_name(uint8_t type)
{
	switch (type) {
	case S1INV_VTD_TYPE_CC:
		return "context-cache invalidate";
	case S1INV_VTD_TYPE_IOTLB:
		return "IOTLB invalidate";
	case S1INV_VTD_TYPE_DEVTLB:
		return "device-TLB invalidate";
	case S1INV_VTD_TYPE_IEC:
		return "interrupt-entry-cache invalidate";
	case S1INV_VTD_TYPE_WAIT:
		return "invalidation wait";
	case S1INV_VTD_TYPE_PIOTLB:
		return "PASID-based IOTLB invalidate";
	case S1INV_VTD_TYPE_PC:
		return "PASID-cache invalidate";
	case S1INV_VTD_TYPE_PDEVTLB:
		return "PASID-based device-TLB invalidate";
	case S1INV_VTD_TYPE_PGRESP:
		return "page-group response";
	case S1INV_VTD_TYPE_HPT:
		return "HPT-cache invalidate (since rev. 5.0) / page-stream response (older Linux)";
	default:
		return "unknown";
	}
}

const char *s1inv_vtd_type_key(uint8_t type)
{
	switch (type) {
	case S1INV_VTD_TYPE_CC:
		return "cc";
	case S1INV_VTD_TYPE_IOTLB:
		return "iotlb";
	case S1INV_VTD_TYPE_DEVTLB:
		return "devtlb";
	case S1INV_VTD_TYPE_IEC:
		return "iec";
	case S1INV_VTD_TYPE_WAIT:
		return "wait";
	case S1INV_VTD_TYPE_PIOTLB:
		return "piotlb";
	case S1INV_VTD_TYPE_PC:
		return "pc";
	case S1INV_VTD_TYPE_PDEVTLB:
		return "pdevtlb";
	case S1INV_VTD_TYPE_PGRESP:
		return "pgresp";
	case S1INV_VTD_TYPE_HPT:
		return "hpt";
	default:
		return "";
	}
}

/* G has two bits in every type, or one. */
#define G_KEY(type, g) ((uint32_t)(type) << 2 | (g))

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
	case G_KEY(S1INV_VTD_TYPE_CC, S1INV_VTD_G_GLOBAL):
	case G_KEY(S1INV_VTD_TYPE_IOTLB, S1INV_VTD_G_GLOBAL):
	case G_KEY(S1INV_VTD_TYPE_IEC, S1INV_VTD_IEC_GLOBAL):
	case G_KEY(S1INV_VTD_TYPE_PC, S1INV_VTD_PC_GLOBAL):
	case G_KEY(S1INV_VTD_TYPE_HPT, S1INV_VTD_G_GLOBAL):
		return "global";
	case G_KEY(S1INV_VTD_TYPE_CC, S1INV_VTD_G_DOMAIN):
	case G_KEY(S1INV_VTD_TYPE_IOTLB, S1INV_VTD_G_DOMAIN):
	case G_KEY(S1INV_VTD_TYPE_PC, S1INV_VTD_PC_DOMAIN):
	case G_KEY(S1INV_VTD_TYPE_HPT, S1INV_VTD_G_DOMAIN):
		return "domain-selective";
	case G_KEY(S1INV_VTD_TYPE_CC, S1INV_VTD_G_DEVICE):
		return "device-selective";
	case G_KEY(S1INV_VTD_TYPE_IOTLB, S1INV_VTD_G_PAGE):
	case G_KEY(S1INV_VTD_TYPE_HPT, S1INV_VTD_G_PAGE):
		return "page-selective-in-domain";
	case G_KEY(S1INV_VTD_TYPE_IEC, S1INV_VTD_IEC_INDEX):
		return "index-selective";
	case G_KEY(S1INV_VTD_TYPE_PIOTLB, S1INV_VTD_PG_PASID):
		return "PASID-selective";
	case G_KEY(S1INV_VTD_TYPE_PIOTLB, S1INV_VTD_PG_PAGE):
		return "page-selective-in-PASID";
	case G_KEY(S1INV_VTD_TYPE_PC, S1INV_VTD_PC_PASID):
		return "PASID-selective-in-domain";
	default:
		return "reserved";
	}
}

const char *s1inv_vtd_iqei_name(uint8_t iqei)
{
	switch (iqei) {
	case S1INV_VTD_IQEI_NONE:
		return "no information";
	case S1INV_VTD_IQEI_TAIL:
		return "invalid tail pointer";
	case S1INV_VTD_IQEI_FETCH:
		return "error fetching descriptor";
	case S1INV_VTD_IQEI_TYPE:
		return "invalid descriptor type";
	case S1INV_VTD_IQEI_RESERVED:
		return "reserved field not zero";
	case S1INV_VTD_IQEI_WIDTH:
		return "invalid descriptor width";
	case S1INV_VTD_IQEI_TAIL_ALIGN:
		return "tail pointer not aligned";
	case S1INV_VTD_IQEI_TTM:
		return "invalid translation table mode";
	default:
		return "undefined";
	}
}
