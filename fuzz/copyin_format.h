/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Inputs of the target copyin: pieces that lie in user memory one behind the
 * other, what goes wrong there, and reads. Words are in the machine's order.
 */
#ifndef S1INV_FUZZ_COPYIN_FORMAT_H
#define S1INV_FUZZ_COPYIN_FORMAT_H

#include "format.h"
#include "symbols.h"

enum copyin_header { COPYIN_BASE, COPYIN_GREED };

enum copyin_kind {
	COPYIN_BYTES,
	COPYIN_FILL,
	COPYIN_COMMAND,
	COPYIN_ENTRY,
	COPYIN_HOLE,
	COPYIN_SHORT,
	COPYIN_SIGNAL,
	COPYIN_READ_COMMAND,
	COPYIN_READ_ENTRIES,
};

static const struct fuzz_field copyin_header_fields[] = {
	[COPYIN_BASE] = FUZZ_NUMBER_HEX("base", 8),
	[COPYIN_GREED] = FUZZ_NUMBER("greed", 2),
};

static const struct fuzz_kind copyin_header = FUZZ_KIND(
	"copyin",
	"address of the memory; a copy that faults holds back greed bytes",
	copyin_header_fields);

static const struct fuzz_field copyin_fill_fields[] = {
	FUZZ_NUMBER("count", 2),
	FUZZ_NUMBER_HEX("value", 1),
};

static const struct fuzz_field copyin_command_fields[] = {
	FUZZ_NUMBER("size", 4),
	FUZZ_NUMBER("hwpt_id", 4),
	FUZZ_NUMBER_HEX("data_uptr", 8),
	FUZZ_SYMBOLIC("data_type", 4, FUZZ_DEC, fuzz_data_types),
	FUZZ_NUMBER("entry_len", 4),
	FUZZ_NUMBER("entry_num", 4),
	FUZZ_NUMBER_HEX("reserved", 4),
};

static const struct fuzz_field copyin_entry_fields[] = {
	FUZZ_NUMBER_HEX("addr", 8),
	FUZZ_SYMBOLIC("npages", 8, FUZZ_DEC, fuzz_npages),
	FUZZ_SYMBOLIC("flags", 4, FUZZ_BITS, fuzz_entry_flags),
	FUZZ_NUMBER_HEX("last", 4),
};

static const struct fuzz_field copyin_hole_fields[] = {
	FUZZ_NUMBER("at", 2),
	FUZZ_NUMBER("len", 2),
};

static const struct fuzz_field copyin_short_fields[] = {
	FUZZ_NUMBER("copy", 1),
	FUZZ_NUMBER("bytes", 2),
};

static const struct fuzz_field copyin_signal_fields[] = {
	FUZZ_NUMBER("after", 2),
};

static const struct fuzz_field copyin_read_command_fields[] = {
	FUZZ_NUMBER_HEX("at", 8),
};

enum copyin_read_entries {
	COPYIN_AT,
	COPYIN_ENTRY_LEN,
	COPYIN_FIRST,
	COPYIN_NUM,
};

static const struct fuzz_field copyin_read_entries_fields[] = {
	[COPYIN_AT] = FUZZ_NUMBER_HEX("at", 8),
	[COPYIN_ENTRY_LEN] = FUZZ_NUMBER("entry_len", 2),
	[COPYIN_FIRST] = FUZZ_NUMBER("first", 4),
	[COPYIN_NUM] = FUZZ_NUMBER("n", 1),
};

static const struct fuzz_kind copyin_kinds[] = {
	[COPYIN_BYTES] = { "bytes", "memory: these bytes", NULL, 0, true },
	[COPYIN_FILL] = FUZZ_KIND("fill", "memory: count times value",
				  copyin_fill_fields),
	[COPYIN_COMMAND] = FUZZ_KIND("command", "memory: a command",
				     copyin_command_fields),
	[COPYIN_ENTRY] =
		FUZZ_KIND("entry", "memory: an entry", copyin_entry_fields),
	[COPYIN_HOLE] = FUZZ_KIND(
		"hole", "len bytes of those that are there cannot be read",
		copyin_hole_fields),
	[COPYIN_SHORT] = FUZZ_KIND(
		"short", "copy number copy of a read delivers at most bytes",
		copyin_short_fields),
	[COPYIN_SIGNAL] = FUZZ_KIND(
		"signal", "a fatal signal, seen when asked for it so often",
		copyin_signal_fields),
	[COPYIN_READ_COMMAND] = FUZZ_KIND("read_command",
					  "read the command at base + at",
					  copyin_read_command_fields),
	[COPYIN_READ_ENTRIES] = FUZZ_KIND(
		"read_entries",
		"read n entries of an array, of which number first is at "
		"base + at; entry_len 0 is 24",
		copyin_read_entries_fields),
};

static const struct fuzz_format copyin_format = {
	.name = "copyin",
	.about = "commands and entries read from hostile user memory",
	.header = &copyin_header,
	.kinds = copyin_kinds,
	.kind_num = FUZZ_COUNT(copyin_kinds),
};

#endif /* S1INV_FUZZ_COPYIN_FORMAT_H */
