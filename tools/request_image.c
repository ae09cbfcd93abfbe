/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Reading vector files: bytes in memory and what they mean. */
#include "request_file.h"

#include <string.h>

static const char whats[] = "command entry selfTestEntry slot";

static void read_bytes(struct rf_reader *r, json_t *json,
		       struct rf_image *image)
{
	static const uint32_t sizes[] = { 32, 24, 8, 32 }; /* the ABI's */
	uint32_t len = 0;
	const unsigned char *bytes =
		rf_read_bytes(r, json, "bytes", sizeof(image->bytes), &len);

	if (r->in.failed)
		return;
	memcpy(image->bytes, bytes, len);
	image->len = len;
	if (len != sizes[image->what] && !(image->what == RF_SLOT && len == 16))
		json_in_fail(&r->in, "bytes", "are %u, not %u", len,
			     sizes[image->what]);
}

static void read_fields(struct rf_reader *r, json_t *json,
			struct rf_image *image)
{
	static const char *const keys[] = {
		"size hwptId dataUptr dataType entryLen entryNum reserved",
		"addr npages flags hwError", "flags iotlbId"
	};
	const struct rf_image_layout *layout = rf_image_layout(image->what);
	size_t mark = json_in_enter(&r->in, "fields", JSON_IN_MEMBER);
	json_t *fields = json_object_get(json, "fields");
	unsigned int i;

	if (json_in_object(&r->in, fields, keys[image->what]))
		for (i = 0; i < layout->field_num; i++)
			image->values[i] =
				json_in_number(&r->in, fields,
					       layout->fields[i].name,
					       UINT64_MAX);
	json_in_leave(&r->in, mark);
}

static void read_slot(struct rf_reader *r, json_t *json, struct rf_image *image)
{
	size_t mark = json_in_enter(&r->in, "qw", JSON_IN_MEMBER);

	rf_read_desc(r, json_object_get(json, "qw"), &image->slot);
	json_in_leave(&r->in, mark);
}

void rf_read_image(struct rf_reader *r, json_t *json,
		   const struct rf_group *group, struct rf_test *test)
{
	struct rf_image *image = &test->u.image;
	json_t *expected = json_object_get(json, "expected");
	bool slot;
	size_t mark;

	json_in_object(&r->in, json, RF_TEST_KEYS "what bytes");
	image->what = (enum rf_what)json_in_choice(&r->in, json, "what", whats,
						   -1);
	image->big = group->big;
	read_bytes(r, json, image);
	slot = image->what == RF_SLOT;
	mark = json_in_enter(&r->in, "expected", JSON_IN_MEMBER);
	if (json_in_object(&r->in, expected, slot ? "qw" : "fields")) {
		if (slot)
			read_slot(r, expected, image);
		else
			read_fields(r, expected, image);
	}
	json_in_leave(&r->in, mark);
	rf_check_result(r, test, true);
}
