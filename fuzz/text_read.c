/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* From the text form to an input; see text.h. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "text.h"

/* A piece of the text */
struct word {
	const char *s;
	size_t len;
};

struct reader {
	const struct fuzz_format *format;
	const char *at;
	const char *end; /* of the line, without comment */
	struct fuzz_binary *out;
	size_t room;
	bool header; /* was read */
	bool cut;    /* was read: nothing may follow */
};

/* The first defect is the one that is told. Returns false. */
static bool wrong(struct reader *r, const char *defect)
{
	if (!r->out->defect)
		r->out->defect = defect;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of the line; of no length at its end */
static struct word next_word(struct reader *r)
{
	struct word w;

	while (r->at < r->end && is_blank(*r->at))
		r->at++;
	w.s = r->at;
	while (r->at < r->end && !is_blank(*r->at))
		r->at++;
	w.len = (size_t)(r->at - w.s);
	return w;
}

static bool is(struct word w, const char *name)
{
	return w.len == strlen(name) && memcmp(w.s, name, w.len) == 0;
}

/* Cut @w at the first @c. Returns what stands behind it; no @c: nothing. */
static struct word split(struct word *w, char c)
{
	const char *at = w->len ? memchr(w->s, c, w->len) : NULL;
	struct word rest = { w->s + w->len, 0 };

	if (at) {
		rest.s = at + 1;
		rest.len = w->len - (size_t)(at - w->s) - 1;
		w->len = (size_t)(at - w->s);
	}
	return rest;
}

static void put(struct reader *r, uint64_t value, size_t bytes)
{
	struct fuzz_binary *out = r->out;

	if (r->room - out->size < bytes) {
		r->room = 2 * r->room + 64;
		out->data = realloc(out->data, r->room);
		FUZZ_ASSERT(out->data, "there is memory");
	}
	fuzz_store(out->data + out->size, value, bytes);
	out->size += bytes;
}

/* ---------------------------------------------------------------- numbers */

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

static bool read_digits(struct word w, unsigned int base, uint64_t *value)
{
	size_t i;

	*value = 0;
	for (i = 0; i < w.len; i++) {
		unsigned int d = (unsigned int)digit(w.s[i]);

		if (d >= base || *value > (UINT64_MAX - d) / base)
			return false;
		*value = *value * base + d;
	}
	return w.len != 0;
}

/* "2^N", "2^N-M", "2^N+M": modulo 2^64 */
static bool read_power(struct word w, uint64_t *value)
{
	struct word order = { w.s + 2, w.len - 2 };
	struct word minus = split(&order, '-');
	struct word plus = split(&order, '+');
	uint64_t n;
	uint64_t less = 0;
	uint64_t more = 0;

	if (!read_digits(order, 10, &n) || n > 64 ||
	    (minus.len && !read_digits(minus, 10, &less)) ||
	    (plus.len && !read_digits(plus, 10, &more)))
		return false;
	*value = (n < 64 ? UINT64_C(1) << n : 0) - less + more;
	return true;
}

static bool read_number(struct word w, uint64_t *value)
{
	if (w.len > 2 && memcmp(w.s, "0x", 2) == 0) {
		w.s += 2;
		w.len -= 2;
		return read_digits(w, 16, value);
	}
	if (w.len > 2 && memcmp(w.s, "2^", 2) == 0)
		return read_power(w, value);
	return read_digits(w, 10, value);
}

/*
 * A symbol, of a choice its index; or a number. An index of a choice stands in
 * hexadecimal: "va_bits 56" is a mistake, not the first of two.
 */
static bool read_one(const struct fuzz_field *field, struct word w,
		     uint64_t *value)
{
	size_t i;

	for (i = 0; i < field->symbol_num; i++)
		if (is(w, field->symbols[i].name)) {
			*value = field->show == FUZZ_CHOICE ?
					 i :
					 field->symbols[i].value;
			return true;
		}
	if (field->show == FUZZ_CHOICE &&
	    !(w.len > 2 && memcmp(w.s, "0x", 2) == 0))
		return false;
	return read_number(w, value);
}

static bool read_value(struct reader *r, const struct fuzz_field *field,
		       struct word w, uint64_t *value)
{
	*value = 0;
	while (w.len) {
		struct word rest = { w.s, 0 };
		uint64_t one;

		if (field->show == FUZZ_BITS)
			rest = split(&w, '|');
		if (!read_one(field, w, &one))
			return wrong(r, "the value is no number and no symbol "
					"of this field");
		*value |= one;
		w = rest;
	}
	if (field->size < 8 && *value >> (8 * field->size))
		return wrong(r, "the value is too large for its field");
	return true;
}

/* ---------------------------------------------------------------- records */

static bool read_fields(struct reader *r, const struct fuzz_kind *kind,
			uint64_t *value, bool *bytes)
{
	bool given[FUZZ_FIELDS_MAX] = { false };
	struct word name, text;
	size_t i;

	for (name = next_word(r); name.len; name = next_word(r)) {
		*bytes = is(name, "=");
		if (*bytes)
			return kind->bytes ||
			       wrong(r, "this record has no bytes");
		for (i = 0; i < kind->field_num; i++)
			if (is(name, kind->fields[i].name))
				break;
		if (i == kind->field_num)
			return wrong(r, "there is no such field here");
		if (given[i])
			return wrong(r, "the field is given twice");
		given[i] = true;
		text = next_word(r);
		if (!text.len)
			return wrong(r, "the field has no value");
		if (!read_value(r, &kind->fields[i], text, &value[i]))
			return false;
	}
	return true;
}

/* Pairs of digits to the end of the line, behind their count */
static bool read_bytes(struct reader *r)
{
	size_t count_at = r->out->size;
	size_t num = 0;
	struct word w;
	uint64_t byte;

	put(r, 0, 1);
	for (w = next_word(r); w.len; w = next_word(r)) {
		if (w.len != 2 || !read_digits(w, 16, &byte))
			return wrong(r, "a byte is two hexadecimal digits");
		if (++num > FUZZ_BYTES_MAX)
			return wrong(r, "a record has at most 255 bytes");
		put(r, byte, 1);
	}
	r->out->data[count_at] = (uint8_t)num;
	return true;
}

static bool read_rest(struct reader *r, const struct fuzz_kind *kind)
{
	uint64_t value[FUZZ_FIELDS_MAX] = { 0 };
	bool bytes = false;
	size_t i;

	if (!read_fields(r, kind, value, &bytes))
		return false;
	for (i = 0; i < kind->field_num; i++)
		put(r, value[i], kind->fields[i].size);
	if (!kind->bytes)
		return true;
	if (!bytes) /* the line is at its end: no bytes */
		put(r, 0, 1);
	return !bytes || read_bytes(r);
}

static bool read_record(struct reader *r, struct word name)
{
	struct word times = split(&name, '*');
	uint64_t excess = 0;
	size_t i;

	if (times.len && !read_digits(times, 10, &excess))
		return wrong(r, "behind * stands a number");
	for (i = 0; i < r->format->kind_num; i++)
		if (is(name, r->format->kinds[i].name))
			break;
	if (i == r->format->kind_num)
		return wrong(r, "there is no such kind of record");
	if (excess > UINT8_MAX || i + excess * r->format->kind_num > UINT8_MAX)
		return wrong(r, "the number behind * is too large");
	put(r, i + excess * r->format->kind_num, 1);
	return read_rest(r, &r->format->kinds[i]);
}

static bool read_cut(struct reader *r)
{
	uint64_t n;

	if (!read_number(next_word(r), &n) || next_word(r).len)
		return wrong(r, "\"cut\" takes one number");
	if (n > r->out->size)
		return wrong(r, "there are not so many bytes to cut off");
	r->out->size -= (size_t)n;
	r->cut = true;
	return true;
}

static bool read_header(struct reader *r, struct word name)
{
	size_t i;

	for (i = 0; !r->format && fuzz_formats[i]; i++)
		if (fuzz_formats[i]->header && is(name, fuzz_formats[i]->name))
			r->format = fuzz_formats[i];
	if (!r->format || !is(name, r->format->name))
		return wrong(r, "the first word is not the target's name");
	r->header = true;
	return read_rest(r, r->format->header);
}

static bool read_line(struct reader *r)
{
	struct word first = next_word(r);

	if (!first.len)
		return true;
	if (r->cut)
		return wrong(r, "\"cut\" is the last line");
	if (!r->header)
		return read_header(r, first);
	return is(first, "cut") ? read_cut(r) : read_record(r, first);
}

static bool read_lines(struct reader *r, const char *text, size_t len)
{
	struct word rest = { text, len };

	while (rest.len) {
		struct word line = rest;

		rest = split(&line, '\n');
		split(&line, '#');
		r->at = line.s;
		r->end = line.s + line.len;
		r->out->line++;
		if (!read_line(r))
			return false;
	}
	return r->header || wrong(r, "there is no line for the header");
}

bool fuzz_text_read(const struct fuzz_format *format, const char *text,
		    size_t len, struct fuzz_binary *out)
{
	struct reader r = { .format = format, .out = out };
	size_t i;

	*out = (struct fuzz_binary){ 0 };
	if (!format || format->header)
		return read_lines(&r, text, len);
	for (i = 0; i < len; i++)
		put(&r, (uint8_t)text[i], 1);
	return true;
}
