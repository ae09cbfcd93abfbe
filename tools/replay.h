/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* s1inv replay: the views of a call that was carried out. */
#ifndef S1INV_TOOLS_REPLAY_H
#define S1INV_TOOLS_REPLAY_H

#include "compare.h"

/* Tables, for people */
void replay_text(const struct rig *rig, const struct rf_test *test,
		 const struct differences *diffs);

/* The same, for machines */
json_t *replay_json(const struct rig *rig, const struct rf_test *test,
		    const struct differences *diffs);

/* Which elements of a list to show */
struct replay_shown {
	size_t num;
	size_t special;
	size_t gap; /* left out since the last one that is shown */
};

/* Is element @i shown, which may be @special? Else it joins the gap. */
bool replay_is_shown(struct replay_shown *shown, size_t i, bool special);

/* Is entry @i out of the ordinary? */
bool replay_is_special(const struct rig *rig, uint32_t i);

/* What became of entry @i: "handled", "EINVAL", ... */
enum replay_fate { REPLAY_HANDLED, REPLAY_BLAMED, REPLAY_NOT_HANDLED };
enum replay_fate replay_fate(const struct rig *rig, uint32_t i);

/* "done", "refused", ... */
const char *replay_record_fate(const struct model_record *record);

/* A descriptor in few words, for free() */
char *replay_desc(const struct model_record *record);

/* Does the call report to the last word of entries? */
bool replay_has_hw_error(const struct rig *rig);

/* Status bits of a fault, in the order in which to tell of them */
extern const uint32_t replay_fault_bits[3];

#endif /* S1INV_TOOLS_REPLAY_H */
