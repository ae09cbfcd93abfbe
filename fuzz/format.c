/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Reading inputs by their format; see format.h. */
#include "format.h"

#include <string.h>

FUZZ_ORACLE_FILE_BEGIN

uint64_t fuzz_load(const uint8_t *data, size_t size, size_t at, size_t bytes)
{
	size_t there = at < size ? size - at : 0;
	uint64_t value = 0;
	size_t i;

	for (i = there < bytes ? there : bytes; i; i--)
		value = value << 8 | data[at + i - 1];
	return value;
}

void fuzz_store(uint8_t *to, uint64_t value, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

size_t fuzz_fields_size(const struct fuzz_kind *kind)
{
	size_t size = 0;
	size_t i;

	for (i = 0; i < kind->field_num; i++)
		size += kind->fields[i].size;
	return size;
}

const struct fuzz_kind *fuzz_kind_at(const struct fuzz_format *format,
				     const uint8_t *data, size_t at)
{
	return &format->kinds[data[at] % format->kind_num];
}

size_t fuzz_record_size(const struct fuzz_format *format, const uint8_t *data,
			size_t size, size_t at)
{
	const struct fuzz_kind *kind = fuzz_kind_at(format, data, at);
	size_t len = 1 + fuzz_fields_size(kind);

	if (kind->bytes)
		len += 1 + (size_t)fuzz_load(data, size, at + len, 1);
	return len;
}

static void read_fields(struct fuzz_input *in, const struct fuzz_kind *kind,
			struct fuzz_record *record)
{
	const struct fuzz_field *field = kind->fields;
	size_t i;

	for (i = 0; i < kind->field_num; i++, field++) {
		uint64_t value =
			fuzz_load(in->data, in->size, in->at, field->size);

		if (field->show == FUZZ_CHOICE)
			value = field->symbols[value % field->symbol_num].value;
		record->value[i] = value;
		in->at += field->size;
	}
}

/* The count may promise more bytes than there are. */
static void read_bytes(struct fuzz_input *in, struct fuzz_record *record)
{
	record->len = (size_t)fuzz_load(in->data, in->size, in->at++, 1);
	if (in->at >= in->size)
		record->len = 0;
	else if (record->len > in->size - in->at)
		record->len = in->size - in->at;
	record->bytes = record->len ? in->data + in->at : NULL;
	in->at += record->len;
}

void fuzz_open(struct fuzz_input *in, const struct fuzz_format *format,
	       const uint8_t *data, size_t size, struct fuzz_record *header)
{
	*in = (struct fuzz_input){ format, data, size, 0 };
	header->kind = 0;
	header->bytes = NULL;
	header->len = 0;
	read_fields(in, format->header, header);
}

bool fuzz_next(struct fuzz_input *in, struct fuzz_record *record)
{
	const struct fuzz_kind *kind;

	if (in->at >= in->size)
		return false;
	kind = fuzz_kind_at(in->format, in->data, in->at++);
	record->kind = (unsigned int)(kind - in->format->kinds);
	record->bytes = NULL;
	record->len = 0;
	read_fields(in, kind, record);
	if (kind->bytes)
		read_bytes(in, record);
	return true;
}

const struct fuzz_format *fuzz_format_find(const char *name)
{
	size_t i;

	for (i = 0; fuzz_formats[i]; i++)
		if (strcmp(fuzz_formats[i]->name, name) == 0)
			return fuzz_formats[i];
	return NULL;
}

FUZZ_ORACLE_END
