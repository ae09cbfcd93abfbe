/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Inputs of the targets ioctl and metamorphic: a page table on its units, the
 * memory of a process, a command in it, and what goes wrong. All zeros are a
 * plain command: what deviates from it says a record.
 */
#ifndef S1INV_FUZZ_SCENE_FORMAT_H
#define S1INV_FUZZ_SCENE_FORMAT_H

#include <s1inv/s1inv.h>

#include "format.h"
#include "model.h"
#include "symbols.h"

/* ----------------------------------------------------------------- header */

enum scene_header {
	SCENE_REVISION,
	SCENE_POLICY,
	SCENE_VA_BITS,
	SCENE_COVER,
	SCENE_BLAME,
	SCENE_LIMITS,
	SCENE_TIMEOUTS_MAX,
	SCENE_BUDGET,
	SCENE_HARDWARE,
	SCENE_DEPTH,
	SCENE_STEPS,
	SCENE_SEED,
	SCENE_RELATION, /* the target metamorphic only, like the next */
	SCENE_POINT,
	SCENE_HEADER_NUM
};

static const struct fuzz_symbol scene_blames[] = {
	{ "all", S1INV_BLAME_ALL },
	{ "replay", S1INV_BLAME_REPLAY },
	{ "single", S1INV_BLAME_SINGLE },
};

enum scene_limits { SCENE_LIMITS_LINUX, SCENE_LIMITS_NONE, SCENE_LIMITS_SMALL };

static const struct fuzz_symbol scene_limits[] = {
	{ "linux", SCENE_LIMITS_LINUX },
	{ "none", SCENE_LIMITS_NONE },
	{ "small", SCENE_LIMITS_SMALL },
};

/* How the units of the model behave; the last three are QEMU's quirks. */
enum scene_hardware {
	SCENE_REORDER = 0x01,
	SCENE_LOSE_SOME = 0x02,
	SCENE_REFILL = 0x04,
	SCENE_NO_IQERCD = 0x08,
	SCENE_BIG_RING = 0x10,
	SCENE_AM_BOUND = 0x20,
	SCENE_NO_RESUME = 0x40,
	SCENE_NO_PLAIN_WAIT = 0x80,
};

static const struct fuzz_symbol scene_hardware[] = {
	{ "reorder", SCENE_REORDER },
	{ "lose_some", SCENE_LOSE_SOME },
	{ "refill", SCENE_REFILL },
	{ "no_iqercd", SCENE_NO_IQERCD },
	{ "big_ring", SCENE_BIG_RING },
	{ "am_bound", SCENE_AM_BOUND },
	{ "no_resume", SCENE_NO_RESUME },
	{ "no_plain_wait", SCENE_NO_PLAIN_WAIT },
};

/* The fields that both targets have */
#define SCENE_HEADER_FIELDS                                                    \
	[SCENE_REVISION] =                                                     \
		FUZZ_SYMBOLIC("revision", 1, FUZZ_CHOICE, fuzz_revisions),     \
	[SCENE_POLICY] =                                                       \
		FUZZ_SYMBOLIC("policy", 1, FUZZ_CHOICE, fuzz_policies),        \
	[SCENE_VA_BITS] =                                                      \
		FUZZ_SYMBOLIC("va_bits", 1, FUZZ_CHOICE, fuzz_va_bits),        \
	[SCENE_COVER] = FUZZ_SYMBOLIC("cover", 1, FUZZ_CHOICE, fuzz_covers),   \
	[SCENE_BLAME] = FUZZ_SYMBOLIC("blame", 1, FUZZ_CHOICE, scene_blames),  \
	[SCENE_LIMITS] =                                                       \
		FUZZ_SYMBOLIC("limits", 1, FUZZ_CHOICE, scene_limits),         \
	[SCENE_TIMEOUTS_MAX] = FUZZ_NUMBER("timeouts_more", 1),                \
	[SCENE_BUDGET] = FUZZ_NUMBER("budget", 2),                             \
	[SCENE_HARDWARE] =                                                     \
		FUZZ_SYMBOLIC("hardware", 1, FUZZ_BITS, scene_hardware),       \
	[SCENE_DEPTH] = FUZZ_NUMBER("depth", 1),                          \
	[SCENE_STEPS] = FUZZ_NUMBER("steps_per_pause", 1),                     \
	[SCENE_SEED] = FUZZ_NUMBER("seed", 1)

static const struct fuzz_field scene_header_fields[] = { SCENE_HEADER_FIELDS };

static const struct fuzz_kind scene_header = FUZZ_KIND(
	"scene", "page table, hardware and budget", scene_header_fields);

/* ---------------------------------------------- what a kind's record has */

enum scene_kind {
	SCENE_PAGES,
	SCENE_ENTRY,
	SCENE_UNIT,
	SCENE_IOTLB,
	SCENE_DEVICE,
	SCENE_IQE,
	SCENE_ITE,
	SCENE_ICE,
	SCENE_SILENT,
	SCENE_GONE,
	SCENE_COMMAND,
	SCENE_MEMORY,
	SCENE_KINDS
};

enum scene_pages {
	SCENE_PAGES_BASE,
	SCENE_PAGES_OFFSET,
	SCENE_PAGES_ORDER,
	SCENE_PAGES_MORE,
	SCENE_PAGES_FLAGS,
	SCENE_PAGES_REPEAT,
};

/* Pages at which something begins or ends */
static const struct fuzz_symbol scene_bases[] = {
	{ "0", 0 },
	{ "2M", UINT64_C(1) << 9 },
	{ "1G", UINT64_C(1) << 18 },
	{ "2G", UINT64_C(1) << 19 },
	{ "low48", UINT64_C(1) << 35 },
	{ "low57", UINT64_C(1) << 44 },
	{ "high57", (UINT64_C(1) << 52) - (UINT64_C(1) << 44) },
	{ "high48", (UINT64_C(1) << 52) - (UINT64_C(1) << 35) },
	{ "half", UINT64_C(1) << 51 },
	{ "end", UINT64_C(1) << 52 },
};

/* An order that means the full flush */
enum { SCENE_ORDER_ALL = 255 };

static const struct fuzz_symbol scene_orders[] = {
	{ "4K", 0 },
	{ "2M", 9 },
	{ "1G", 18 },
	{ "EVERYTHING", 52 },
	{ "ALL", SCENE_ORDER_ALL },
};

static const struct fuzz_field scene_pages_fields[] = {
	[SCENE_PAGES_BASE] = FUZZ_SYMBOLIC("base", 1, FUZZ_CHOICE, scene_bases),
	[SCENE_PAGES_OFFSET] = FUZZ_NUMBER_HEX("offset", 2),
	[SCENE_PAGES_ORDER] = FUZZ_SYMBOLIC("order", 1, FUZZ_DEC, scene_orders),
	[SCENE_PAGES_MORE] = FUZZ_NUMBER_HEX("more", 2),
	[SCENE_PAGES_FLAGS] =
		FUZZ_SYMBOLIC("flags", 1, FUZZ_BITS, fuzz_entry_flags),
	[SCENE_PAGES_REPEAT] = FUZZ_NUMBER("repeat", 1),
};

enum scene_entry {
	SCENE_ENTRY_ADDR,
	SCENE_ENTRY_NPAGES,
	SCENE_ENTRY_FLAGS,
	SCENE_ENTRY_LAST,
};

static const struct fuzz_field scene_entry_fields[] = {
	[SCENE_ENTRY_ADDR] = FUZZ_NUMBER_HEX("addr", 8),
	[SCENE_ENTRY_NPAGES] =
		FUZZ_SYMBOLIC("npages", 8, FUZZ_DEC, fuzz_npages),
	[SCENE_ENTRY_FLAGS] =
		FUZZ_SYMBOLIC("flags", 4, FUZZ_BITS, fuzz_entry_flags),
	[SCENE_ENTRY_LAST] = FUZZ_NUMBER_HEX("last", 4),
};

enum scene_unit_field {
	SCENE_UNIT_DID,
	SCENE_UNIT_SEGMENT,
	SCENE_UNIT_BITS,
	SCENE_UNIT_AM_LESS,
};

enum scene_unit_bits {
	SCENE_UNIT_TE_OFF = 0x1,
	SCENE_UNIT_PLAIN_FENCE = 0x2,
	SCENE_UNIT_NO_DIT = 0x4,
	SCENE_UNIT_NARROW = 0x8,
};

static const struct fuzz_symbol scene_unit_bits[] = {
	{ "te_off", SCENE_UNIT_TE_OFF },
	{ "plain_fence", SCENE_UNIT_PLAIN_FENCE },
	{ "no_dit", SCENE_UNIT_NO_DIT },
	{ "narrow", SCENE_UNIT_NARROW },
};

static const struct fuzz_field scene_unit_fields[] = {
	[SCENE_UNIT_DID] = FUZZ_NUMBER_HEX("did", 2),
	[SCENE_UNIT_SEGMENT] = FUZZ_NUMBER("segment", 1),
	[SCENE_UNIT_BITS] =
		FUZZ_SYMBOLIC("bits", 1, FUZZ_BITS, scene_unit_bits),
	[SCENE_UNIT_AM_LESS] = FUZZ_NUMBER("am_max_less", 1),
};

enum scene_iotlb { SCENE_IOTLB_PASID };

static const struct fuzz_field scene_iotlb_fields[] = {
	[SCENE_IOTLB_PASID] = FUZZ_NUMBER_HEX("pasid", 4),
};

enum scene_device {
	SCENE_DEVICE_SID,
	SCENE_DEVICE_PFSID,
	SCENE_DEVICE_PASID,
	SCENE_DEVICE_MIP,
	SCENE_DEVICE_TWICE,
};

static const struct fuzz_symbol scene_twice[] = { { "once", 0 },
						  { "twice", 1 } };

static const struct fuzz_field scene_device_fields[] = {
	[SCENE_DEVICE_SID] = FUZZ_NUMBER_HEX("sid", 2),
	[SCENE_DEVICE_PFSID] = FUZZ_NUMBER_HEX("pfsid", 2),
	[SCENE_DEVICE_PASID] = FUZZ_NUMBER_HEX("pasid", 4),
	[SCENE_DEVICE_MIP] = FUZZ_NUMBER("mip", 1),
	[SCENE_DEVICE_TWICE] =
		FUZZ_SYMBOLIC("twice", 1, FUZZ_CHOICE, scene_twice),
};

enum scene_fault {
	SCENE_FAULT_UNIT,
	SCENE_FAULT_WHICH,
	SCENE_FAULT_NTH,
	SCENE_FAULT_TIMES,
	SCENE_FAULT_CODE,                      /* of an IQE */
	SCENE_FAULT_DEVICE = SCENE_FAULT_CODE, /* of the others */
	SCENE_FAULT_REPORT,
};

static const struct fuzz_symbol scene_which[] = {
	{ "devtlb", MODEL_NTH_DEVTLB },
	{ "invalidation", MODEL_NTH_INVALIDATION },
	{ "fetched", MODEL_NTH_FETCHED },
	{ "every_devtlb", MODEL_EVERY_DEVTLB },
};

enum scene_report {
	SCENE_REPORT_TRUE,
	SCENE_REPORT_ZERO,
	SCENE_REPORT_UNKNOWN,
	SCENE_REPORT_OTHER,
};

static const struct fuzz_symbol scene_reports[] = {
	{ "true", SCENE_REPORT_TRUE },
	{ "zero", SCENE_REPORT_ZERO },
	{ "unknown", SCENE_REPORT_UNKNOWN },
	{ "other", SCENE_REPORT_OTHER },
};

static const struct fuzz_field scene_iqe_fields[] = {
	[SCENE_FAULT_UNIT] = FUZZ_NUMBER("unit", 1),
	[SCENE_FAULT_WHICH] =
		FUZZ_SYMBOLIC("which", 1, FUZZ_CHOICE, scene_which),
	[SCENE_FAULT_NTH] = FUZZ_NUMBER("nth", 1),
	[SCENE_FAULT_TIMES] = FUZZ_NUMBER("times_more", 1),
	[SCENE_FAULT_CODE] = FUZZ_NUMBER("code", 1),
};

static const struct fuzz_field scene_answer_fields[] = {
	[SCENE_FAULT_UNIT] = FUZZ_NUMBER("unit", 1),
	[SCENE_FAULT_WHICH] =
		FUZZ_SYMBOLIC("which", 1, FUZZ_CHOICE, scene_which),
	[SCENE_FAULT_NTH] = FUZZ_NUMBER("nth", 1),
	[SCENE_FAULT_TIMES] = FUZZ_NUMBER("times_more", 1),
	[SCENE_FAULT_DEVICE] = FUZZ_NUMBER("device", 1),
	[SCENE_FAULT_REPORT] =
		FUZZ_SYMBOLIC("report", 1, FUZZ_CHOICE, scene_reports),
};

enum scene_silent {
	SCENE_SILENT_UNIT,
	SCENE_SILENT_DEVICE,
	SCENE_SILENT_TIMES,
};

static const struct fuzz_field scene_silent_fields[] = {
	[SCENE_SILENT_UNIT] = FUZZ_NUMBER("unit", 1),
	[SCENE_SILENT_DEVICE] = FUZZ_NUMBER("device", 1),
	[SCENE_SILENT_TIMES] = FUZZ_NUMBER("times", 1),
};

static const struct fuzz_field scene_gone_fields[] = {
	[SCENE_SILENT_UNIT] = FUZZ_NUMBER("unit", 1),
	[SCENE_SILENT_DEVICE] = FUZZ_NUMBER("device", 1),
};

enum scene_command { SCENE_COMMAND_FIELD, SCENE_COMMAND_VALUE };

/* What is added to a field of the plain command, or stands for it */
enum scene_command_field {
	SCENE_ADD_SIZE,
	SCENE_ADD_RESERVED,
	SCENE_ADD_ENTRY_NUM,
	SCENE_ADD_ENTRY_LEN,
	SCENE_ADD_DATA_TYPE,
	SCENE_SET_HWPT,
	SCENE_SET_ARRAY,
	SCENE_SET_ADDRESS,
};

static const struct fuzz_symbol scene_command_symbols[] = {
	{ "add_size", SCENE_ADD_SIZE },
	{ "add_reserved", SCENE_ADD_RESERVED },
	{ "add_entry_num", SCENE_ADD_ENTRY_NUM },
	{ "add_entry_len", SCENE_ADD_ENTRY_LEN },
	{ "add_data_type", SCENE_ADD_DATA_TYPE },
	{ "hwpt", SCENE_SET_HWPT },
	{ "array", SCENE_SET_ARRAY },
	{ "address", SCENE_SET_ADDRESS },
};

static const struct fuzz_field scene_command_fields[] = {
	[SCENE_COMMAND_FIELD] =
		FUZZ_SYMBOLIC("field", 1, FUZZ_CHOICE, scene_command_symbols),
	[SCENE_COMMAND_VALUE] = FUZZ_NUMBER_HEX("value", 8),
};

enum scene_memory { SCENE_MEMORY_WHAT, SCENE_MEMORY_AT, SCENE_MEMORY_VALUE };

enum scene_memory_what {
	SCENE_HOLE_IN_ARRAY,
	SCENE_HOLE_IN_COMMAND,
	SCENE_ARRAY_READ_ONLY,
	SCENE_COMMAND_READ_ONLY,
	SCENE_COPY_FAILS,
	SCENE_PESSIMIST,
	SCENE_FLIP,
	SCENE_CHANGE_ARRAY,
	SCENE_CHANGE_COMMAND,
	SCENE_SIGNAL,
	SCENE_TRAILING_BYTE,
};

static const struct fuzz_symbol scene_memory_symbols[] = {
	{ "hole_in_array", SCENE_HOLE_IN_ARRAY },
	{ "hole_in_command", SCENE_HOLE_IN_COMMAND },
	{ "array_read_only", SCENE_ARRAY_READ_ONLY },
	{ "command_read_only", SCENE_COMMAND_READ_ONLY },
	{ "copy_fails", SCENE_COPY_FAILS },
	{ "pessimist", SCENE_PESSIMIST },
	{ "flip", SCENE_FLIP },
	{ "change_array", SCENE_CHANGE_ARRAY },
	{ "change_command", SCENE_CHANGE_COMMAND },
	{ "signal", SCENE_SIGNAL },
	{ "trailing_byte", SCENE_TRAILING_BYTE },
};

static const struct fuzz_field scene_memory_fields[] = {
	[SCENE_MEMORY_WHAT] =
		FUZZ_SYMBOLIC("what", 1, FUZZ_CHOICE, scene_memory_symbols),
	[SCENE_MEMORY_AT] = FUZZ_NUMBER("at", 2),
	[SCENE_MEMORY_VALUE] = FUZZ_NUMBER("value", 1),
};

static const struct fuzz_kind scene_kinds[] = {
	[SCENE_PAGES] = FUZZ_KIND("pages",
				  "an entry: 2^order + more pages from base + "
				  "offset on; repeat: so many behind it",
				  scene_pages_fields),
	[SCENE_ENTRY] = FUZZ_KIND(
		"entry", "an entry; last is the reserved word or hw_error",
		scene_entry_fields),
	[SCENE_UNIT] = FUZZ_KIND("unit", "one more unit, of up to three",
				 scene_unit_fields),
	[SCENE_IOTLB] = FUZZ_KIND("iotlb", "a target of the unit at hand",
				  scene_iotlb_fields),
	[SCENE_DEVICE] = FUZZ_KIND("device", "a target of the unit at hand",
				   scene_device_fields),
	[SCENE_IQE] = FUZZ_KIND("iqe", "descriptors that are refused",
				scene_iqe_fields),
	[SCENE_ITE] = FUZZ_KIND("ite", "time-outs", scene_answer_fields),
	[SCENE_ICE] = FUZZ_KIND("ice", "bad completions", scene_answer_fields),
	[SCENE_SILENT] = FUZZ_KIND("silent",
				   "a device that does not answer; 0 times: "
				   "never more",
				   scene_silent_fields),
	[SCENE_GONE] = FUZZ_KIND("gone", "a device that is not there",
				 scene_gone_fields),
	[SCENE_COMMAND] = FUZZ_KIND("command",
				    "how it differs from the plain command",
				    scene_command_fields),
	[SCENE_MEMORY] = FUZZ_KIND("memory", "what the process does to it",
				   scene_memory_fields),
};

static const struct fuzz_format scene_format = {
	.name = "ioctl",
	.about = "a command on a page table of up to three units; from the entry "
		 "on with which there would be more than 96 descriptors, all "
		 "are left out",
	.header = &scene_header,
	.kinds = scene_kinds,
	.kind_num = FUZZ_COUNT(scene_kinds),
};

/* ------------------------------------------------- the target metamorphic */

/* Two calls that must come to the same */
enum scene_relation {
	SCENE_SPLIT,
	SCENE_ONE_BY_ONE,
	SCENE_ROTATED,
	SCENE_PADDED,
	SCENE_ATTRIBUTION,
	SCENE_REVISIONS,
	SCENE_COVERS,
};

static const struct fuzz_symbol scene_relations[] = {
	{ "split", SCENE_SPLIT },
	{ "one_by_one", SCENE_ONE_BY_ONE },
	{ "rotated", SCENE_ROTATED },
	{ "padded", SCENE_PADDED },
	{ "attribution", SCENE_ATTRIBUTION },
	{ "revisions", SCENE_REVISIONS },
	{ "covers", SCENE_COVERS },
};

static const struct fuzz_field metamorphic_header_fields[] = {
	SCENE_HEADER_FIELDS,
	[SCENE_RELATION] =
		FUZZ_SYMBOLIC("relation", 1, FUZZ_CHOICE, scene_relations),
	[SCENE_POINT] = FUZZ_NUMBER("point", 1),
};

static const struct fuzz_kind metamorphic_header = FUZZ_KIND(
	"metamorphic", "a scene, what is compared with it, and where it is cut",
	metamorphic_header_fields);

static const struct fuzz_format metamorphic_format = {
	.name = "metamorphic",
	.about = "two calls that must come to the same",
	.header = &metamorphic_header,
	.kinds = scene_kinds,
	.kind_num = FUZZ_COUNT(scene_kinds),
};

#endif /* S1INV_FUZZ_SCENE_FORMAT_H */
