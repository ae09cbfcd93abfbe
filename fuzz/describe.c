/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What is made from formats: dictionaries and documentation. */
#include <inttypes.h>

#include "mutate.h"

/* ------------------------------------------------------------- dictionary */

static void write_entry_byte(uint8_t byte, FILE *out)
{
	if (byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\')
		fputc(byte, out);
	else
		fprintf(out, "\\x%02x", byte);
}

static void write_number_entry(uint64_t value, size_t bytes, FILE *out)
{
	fputc('"', out);
	for (; bytes; bytes--, value >>= 8)
		write_entry_byte((uint8_t)value, out);
	fputs("\"\n", out);
}

/* Is there a field of this size, and may it hold any number? */
static bool has_number(const struct fuzz_kind *kind, size_t bytes)
{
	size_t i;

	for (i = 0; i < kind->field_num; i++)
		if (kind->fields[i].size == bytes &&
		    kind->fields[i].show != FUZZ_CHOICE)
			return true;
	return false;
}

static bool any_has_number(const struct fuzz_format *format, size_t bytes)
{
	size_t i;

	for (i = 0; i < format->kind_num; i++)
		if (has_number(&format->kinds[i], bytes))
			return true;
	return has_number(format->header, bytes);
}

static void write_numbers(const struct fuzz_format *format, FILE *out)
{
	size_t bytes, i;

	for (bytes = 2; bytes <= 8; bytes *= 2) {
		if (!any_has_number(format, bytes))
			continue;
		fprintf(out, "# numbers of %zu bytes\n", bytes);
		for (i = 0; i < fuzz_boundary_num; i++)
			if (bytes == 8 || !(fuzz_boundaries[i] >> (8 * bytes)))
				write_number_entry(fuzz_boundaries[i], bytes,
						   out);
	}
}

static void write_tokens(const struct fuzz_format *format, FILE *out)
{
	const char *c;
	size_t i;

	for (i = 0; i < format->token_num; i++) {
		fputc('"', out);
		for (c = format->tokens[i]; *c; c++)
			write_entry_byte((uint8_t)*c, out);
		fputs("\"\n", out);
	}
}

void fuzz_dictionary(const struct fuzz_format *format, FILE *out)
{
	fputs("# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause\n",
	      out);
	fprintf(out, "# made: fuzz_text --dictionary %s\n", format->name);
	if (format->header)
		write_numbers(format, out);
	write_tokens(format, out);
}

/* ---------------------------------------------------------- documentation */

static void describe_symbols(const struct fuzz_field *field, FILE *out)
{
	static const char *const between[] = { [FUZZ_DEC] = ", ",
					       [FUZZ_HEX] = ", ",
					       [FUZZ_BITS] = " + ",
					       [FUZZ_CHOICE] = " or " };
	size_t i;

	for (i = 0; i < field->symbol_num; i++)
		fprintf(out, "%s`%s`", i ? between[field->show] : ": ",
			field->symbols[i].name);
}

static void describe_kind(const struct fuzz_kind *kind, const char *number,
			  FILE *out)
{
	size_t i;

	fprintf(out, "| `%s` | %s | %s | ", kind->name, number, kind->about);
	for (i = 0; i < kind->field_num; i++) {
		fprintf(out, "%s%s u%u", i ? "; " : "", kind->fields[i].name,
			8U * kind->fields[i].size);
		describe_symbols(&kind->fields[i], out);
	}
	if (kind->bytes)
		fprintf(out, "%sbytes", kind->field_num ? "; " : "");
	fputs(" |\n", out);
}

void fuzz_describe(const struct fuzz_format *format, FILE *out)
{
	char number[8];
	size_t i;

	fprintf(out, "### %s: %s\n\n", format->name, format->about);
	if (!format->header) {
		fputs("Raw text.\n", out);
		return;
	}
	fputs("| record | kind | what it is | fields |\n|---|---|---|---|\n",
	      out);
	describe_kind(format->header, "header", out);
	for (i = 0; i < format->kind_num; i++) {
		snprintf(number, sizeof(number), "%zu", i);
		describe_kind(&format->kinds[i], number, out);
	}
}
