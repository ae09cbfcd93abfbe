/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Fields that files name: of a descriptor, and of structures in memory. */
#include "request_file.h"

#include <stddef.h>

const char rf_field_names[] = RF_FIELDS(RF_FIELD_NAME);

uint64_t rf_field_get(const struct s1inv_vtd_fields *fields, unsigned int i)
{
#define FIELD_GET(name, member, type) fields->member,
	const uint64_t values[] = { RF_FIELDS(FIELD_GET) };

	return i < sizeof(values) / sizeof(values[0]) ? values[i] : 0;
}

/* Where the fields stand in this implementation's structures */
#define FIELD(type, name, member)                                              \
	{                                                                      \
		name, offsetof(struct type, member),                           \
			sizeof(((struct type *)NULL)->member)                  \
	}

static const struct rf_image_layout layouts[] = {
	{ sizeof(struct s1inv_cmd),
	  7,
	  { FIELD(s1inv_cmd, "size", size), FIELD(s1inv_cmd, "hwptId", hwpt_id),
	    FIELD(s1inv_cmd, "dataUptr", data_uptr),
	    FIELD(s1inv_cmd, "dataType", data_type),
	    FIELD(s1inv_cmd, "entryLen", entry_len),
	    FIELD(s1inv_cmd, "entryNum", entry_num),
	    FIELD(s1inv_cmd, "reserved", reserved) } },
	{ sizeof(struct s1inv_vtd_s1_entry),
	  4,
	  { FIELD(s1inv_vtd_s1_entry, "addr", addr),
	    FIELD(s1inv_vtd_s1_entry, "npages", npages),
	    FIELD(s1inv_vtd_s1_entry, "flags", flags),
	    FIELD(s1inv_vtd_s1_entry, "hwError", hw_error) } },
	{ sizeof(struct s1inv_selftest_entry),
	  2,
	  { FIELD(s1inv_selftest_entry, "flags", flags),
	    FIELD(s1inv_selftest_entry, "iotlbId", iotlb_id) } },
};

const struct rf_image_layout *rf_image_layout(enum rf_what what)
{
	return what == RF_SLOT ? NULL : &layouts[what];
}
