/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* From an input to its text form; see text.h. */
#include <inttypes.h>

#include "text.h"

enum {
	SMALL = 1 << 20, /* below it a number that counts is decimal */
	TERSE = 8        /* a kind of more fields shows none that is 0 */
};

static bool write_symbol(const struct fuzz_field *field, uint64_t value,
			 FILE *out)
{
	size_t i;

	for (i = 0; i < field->symbol_num; i++)
		if (field->symbols[i].value == value) {
			fputs(field->symbols[i].name, out);
			return true;
		}
	return false;
}

/* "2^52", "2^52-1", "2^52+1": how people say large counts */
static bool write_power(uint64_t value, FILE *out)
{
	static const struct {
		uint64_t less;
		const char *text;
	} near[] = { { 0, "" }, { 1, "+1" }, { UINT64_MAX, "-1" } };
	unsigned int order = 0;
	size_t i;

	for (i = 0; i < FUZZ_COUNT(near); i++) {
		uint64_t power = value - near[i].less;

		if (power & (power - 1U))
			continue;
		/* 2^64 is 0 here */
		for (order = 0; order < 64 && power != UINT64_C(1) << order;)
			order++;
		fprintf(out, "2^%u%s", order, near[i].text);
		return true;
	}
	return false;
}

static void write_number(const struct fuzz_field *field, uint64_t value,
			 FILE *out)
{
	if (field->show == FUZZ_DEC && value < SMALL)
		fprintf(out, "%" PRIu64, value);
	else if (field->show != FUZZ_DEC || !write_power(value, out))
		fprintf(out, "0x%" PRIx64, value);
}

static void write_bits(const struct fuzz_field *field, uint64_t value,
		       FILE *out)
{
	const char *between = "";
	size_t i;

	for (i = 0; i < field->symbol_num; i++) {
		const struct fuzz_symbol *symbol = &field->symbols[i];

		if ((value & symbol->value) != symbol->value)
			continue;
		fprintf(out, "%s%s", between, symbol->name);
		value &= ~symbol->value;
		between = "|";
	}
	if (value || !*between)
		fprintf(out, "%s0x%" PRIx64, between, value);
}

static void write_value(const struct fuzz_field *field, uint64_t value,
			FILE *out)
{
	if (field->show == FUZZ_CHOICE && value < field->symbol_num)
		fputs(field->symbols[value].name, out);
	else if (field->show == FUZZ_BITS)
		write_bits(field, value, out);
	else if (field->show == FUZZ_CHOICE || !write_symbol(field, value, out))
		write_number(field, value, out);
}

/* Returns where the fields end. */
static size_t write_fields(const struct fuzz_kind *kind, const uint8_t *data,
			   size_t size, size_t at, FILE *out)
{
	const struct fuzz_field *field = kind->fields;
	size_t i;

	for (i = 0; i < kind->field_num; i++, field++) {
		uint64_t value = fuzz_load(data, size, at, field->size);

		at += field->size;
		if (!value && kind->field_num > TERSE)
			continue;
		fprintf(out, " %s ", field->name);
		write_value(field, value, out);
	}
	return at;
}

/* What the count promises and the input does not hold, reads as 0. */
static size_t write_bytes(const uint8_t *data, size_t size, size_t at,
			  FILE *out)
{
	size_t end = at + 1 + (size_t)fuzz_load(data, size, at, 1);

	fputs(" =", out);
	for (at++; at < end; at++)
		fprintf(out, " %02x",
			(unsigned int)fuzz_load(data, size, at, 1));
	return end;
}

static size_t write_record(const struct fuzz_format *format,
			   const uint8_t *data, size_t size, size_t at,
			   FILE *out)
{
	const struct fuzz_kind *kind = fuzz_kind_at(format, data, at);
	unsigned int excess = data[at] / format->kind_num;

	fputs(kind->name, out);
	if (excess)
		fprintf(out, "*%u", excess);
	at = write_fields(kind, data, size, at + 1, out);
	if (kind->bytes)
		at = write_bytes(data, size, at, out);
	fputc('\n', out);
	return at;
}

void fuzz_text_write(const struct fuzz_format *format, const uint8_t *data,
		     size_t size, FILE *out)
{
	size_t at;

	if (!format->header) {
		if (size)
			fwrite(data, 1, size, out);
		return;
	}
	fputs(format->name, out);
	at = write_fields(format->header, data, size, 0, out);
	fputc('\n', out);
	while (at < size)
		at = write_record(format, data, size, at, out);
	if (at > size)
		fprintf(out, "cut %zu\n", at - size);
}
