/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Symbols that several formats use. */
#ifndef S1INV_FUZZ_SYMBOLS_H
#define S1INV_FUZZ_SYMBOLS_H

#include <s1inv/s1inv.h>

#include "format.h"

static const struct fuzz_symbol fuzz_revisions[] = {
	{ "linux", S1INV_REVISION_LINUX },
	{ "v8", S1INV_REVISION_V8 },
};

static const struct fuzz_symbol fuzz_policies[] = {
	{ "compatible", S1INV_AUDIT_COMPATIBLE },
	{ "strict", S1INV_AUDIT_STRICT },
};

static const struct fuzz_symbol fuzz_va_bits[] = {
	{ "48", 48 },
	{ "57", 57 },
};

static const struct fuzz_symbol fuzz_covers[] = {
	{ "two", S1INV_COVER_TWO },
	{ "exact", S1INV_COVER_EXACT },
};

static const struct fuzz_symbol fuzz_npages[] = {
	{ "ALL", S1INV_VTD_S1_ALL },
};

static const struct fuzz_symbol fuzz_data_types[] = {
	{ "VTD_S1", S1INV_DATA_VTD_S1 },
	{ "SMMUV3", S1INV_DATA_ARM_SMMUV3 },
	{ "SELFTEST", S1INV_DATA_SELFTEST },
};

static const struct fuzz_symbol fuzz_entry_flags[] = {
	{ "LEAF", S1INV_VTD_S1_LEAF },
};

#endif /* S1INV_FUZZ_SYMBOLS_H */
