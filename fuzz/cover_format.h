/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Inputs of the target cover: how to audit and cover, then entries. */
#ifndef S1INV_FUZZ_COVER_FORMAT_H
#define S1INV_FUZZ_COVER_FORMAT_H

#include <s1inv/s1inv.h>

#include "format.h"
#include "symbols.h"

enum cover_header {
	COVER_REVISION,
	COVER_POLICY,
	COVER_VA_BITS,
	COVER_HOW,
};

enum cover_entry { COVER_ADDR, COVER_NPAGES, COVER_FLAGS, COVER_LAST };

static const struct fuzz_field cover_header_fields[] = {
	[COVER_REVISION] =
		FUZZ_SYMBOLIC("revision", 1, FUZZ_CHOICE, fuzz_revisions),
	[COVER_POLICY] = FUZZ_SYMBOLIC("policy", 1, FUZZ_CHOICE, fuzz_policies),
	[COVER_VA_BITS] =
		FUZZ_SYMBOLIC("va_bits", 1, FUZZ_CHOICE, fuzz_va_bits),
	[COVER_HOW] = FUZZ_SYMBOLIC("cover", 1, FUZZ_CHOICE, fuzz_covers),
};

static const struct fuzz_kind cover_header = FUZZ_KIND(
	"cover", "how to audit and how to cover", cover_header_fields);

static const struct fuzz_field cover_entry_fields[] = {
	[COVER_ADDR] = FUZZ_NUMBER_HEX("addr", 8),
	[COVER_NPAGES] = FUZZ_SYMBOLIC("npages", 8, FUZZ_DEC, fuzz_npages),
	[COVER_FLAGS] = FUZZ_SYMBOLIC("flags", 4, FUZZ_BITS, fuzz_entry_flags),
	[COVER_LAST] = FUZZ_NUMBER_HEX("last", 4),
};

static const struct fuzz_kind cover_kinds[] = {
	FUZZ_KIND("entry", "an entry; last is the reserved word or hw_error",
		  cover_entry_fields),
};

static const struct fuzz_format cover_format = {
	.name = "cover",
	.about = "audit of an entry, and cover of the request it becomes",
	.header = &cover_header,
	.kinds = cover_kinds,
	.kind_num = FUZZ_COUNT(cover_kinds),
};

#endif /* S1INV_FUZZ_COVER_FORMAT_H */
