/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The mutator; see mutate.h. An input is a header and pieces: records, or the
 * lines of raw text.
 */
#include "mutate.h"

#include <string.h>

#define COUNT FUZZ_COUNT

enum {
	PIECES_MAX = 256, /* those behind it are left as they are */
	STEPS_MAX = 4     /* changes that are made at once */
};

const uint64_t fuzz_boundaries[] = {
	0,
	1,
	2,
	3,
	0x1f,
	0x20,
	0x21,
	0x3f,
	0x40,
	0x7f,
	0x80,
	0xff,
	0x100,
	0x1ff,
	0x200,
	0xfff,
	0x1000,
	0x1001,
	0x7fff,
	0x8000,
	0xffff,
	0x10000,
	0x7ffff,
	0x80000,
	0xfffff,
	0x100000,
	0x1fffff,
	0x200000,
	0x3ffff000,
	0x40000000,
	0x7ffff000,
	0x7fffffff,
	0x80000000,
	0xfffff000,
	0xffffffff,
	0x100000000,
	0x7fffffffff,
	0x8000000000,
	0x7ffffffff000,
	0x800000000000,
	0x7ffffffffffff,
	0x8000000000000,
	0xfffffffffffff,
	0x10000000000000,
	0x10000000000001,
	0x1fffffffffffff,
	0xfffffffffff000,
	0x100000000000000,
	UINT64_C(0x7fffffffffffffff),
	UINT64_C(0x8000000000000000),
	UINT64_C(0xff00000000000000),
	UINT64_C(0xffff800000000000),
	UINT64_C(0xffffffffffffefff),
	UINT64_C(0xfffffffffffff000),
	UINT64_C(0xfffffffffffffffe),
	UINT64_C(0xffffffffffffffff),
};
const size_t fuzz_boundary_num = COUNT(fuzz_boundaries);

struct mutation {
	const struct fuzz_format *format;
	uint8_t *buf;
	size_t n;
	size_t max;
	uint64_t seed;
};

/* Where a piece stands, as far as it is there */
struct piece {
	size_t at;
	size_t len;
};

struct pieces {
	size_t num;
	struct piece piece[PIECES_MAX];
};

/* ----------------------------------------------------------------- chance */

/* The splitmix64 generator */
static uint64_t random64(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* A number below @n, which is 1 or more */
static size_t below(uint64_t *seed, size_t n)
{
	return (size_t)(((random64(seed) >> 32) * n) >> 32);
}

/* ----------------------------------------------------------------- pieces */

static size_t header_size(const struct fuzz_format *format)
{
	return format->header ? fuzz_fields_size(format->header) : 0;
}

static size_t piece_size(const struct fuzz_format *format, const uint8_t *data,
			 size_t size, size_t at)
{
	const uint8_t *end;
	size_t len;

	if (format->header) {
		len = fuzz_record_size(format, data, size, at);
		return len < size - at ? len : size - at;
	}
	end = memchr(data + at, '\n', size - at);
	return end ? (size_t)(end - data) + 1 - at : size - at;
}

static void find_pieces(const struct fuzz_format *format, const uint8_t *data,
			size_t size, struct pieces *pieces)
{
	size_t at = header_size(format);

	for (pieces->num = 0; at < size && pieces->num < PIECES_MAX;) {
		struct piece *p = &pieces->piece[pieces->num++];

		p->at = at;
		p->len = piece_size(format, data, size, at);
		at += p->len;
	}
}

/* Put @len bytes between others; false if there is no room. */
static bool insert(struct mutation *m, size_t at, const uint8_t *bytes,
		   size_t len)
{
	if (len > m->max - m->n)
		return false;
	memmove(m->buf + at + len, m->buf + at, m->n - at);
	if (bytes)
		memcpy(m->buf + at, bytes, len);
	m->n += len;
	return true;
}

static void erase(struct mutation *m, size_t at, size_t len)
{
	memmove(m->buf + at, m->buf + at + len, m->n - at - len);
	m->n -= len;
}

/* Make whole what is cut off, so that its fields can be changed. */
static bool make_whole(struct mutation *m, size_t size)
{
	if (size > m->max)
		return false;
	if (size > m->n) {
		memset(m->buf + m->n, 0, size - m->n);
		m->n = size;
	}
	return true;
}

/* ----------------------------------------------------------------- fields */

static uint64_t random_boundary(uint64_t *seed)
{
	return fuzz_boundaries[below(seed, COUNT(fuzz_boundaries))];
}

/* A field of the same size elsewhere: two that are equal, or nearly */
static uint64_t borrow(struct mutation *m, size_t bytes)
{
	size_t at = below(&m->seed, m->n);
	struct pieces pieces;
	const struct fuzz_kind *kind;
	size_t i;

	if (!m->format->header)
		return fuzz_load(m->buf, m->n, at, bytes);
	find_pieces(m->format, m->buf, m->n, &pieces);
	if (!pieces.num)
		return fuzz_load(m->buf, m->n, at, bytes);
	at = pieces.piece[below(&m->seed, pieces.num)].at;
	kind = fuzz_kind_at(m->format, m->buf, at++);
	for (i = 0; i < kind->field_num; at += kind->fields[i++].size)
		if (kind->fields[i].size == bytes && below(&m->seed, 2))
			return fuzz_load(m->buf, m->n, at, bytes);
	return random_boundary(&m->seed);
}

/*
 * Chance is asked in statements of their own: in which order operands are
 * evaluated is the compiler's choice.
 */
static uint64_t change_number(struct mutation *m, uint64_t value, size_t bytes)
{
	uint64_t *seed = &m->seed;
	size_t how = below(seed, 12);
	uint64_t power = UINT64_C(1) << below(seed, 8 * bytes);
	uint64_t near = below(seed, 3);

	near--; /* -1, 0 or 1 */
	switch (how) {
	case 0:
		return value ^ power;
	case 1:
		return value + power;
	case 2:
		return value - power;
	case 3:
		return power + near;
	case 4:
		return value + below(seed, 33) - 16U;
	case 5:
		return below(seed, 64);
	case 6:
		return random64(seed);
	case 7:
		return borrow(m, bytes) + near;
	case 8: /* pages from an address to the end of the space */
		return ((0U - borrow(m, bytes)) >> 12) + near;
	case 9: /* a multiple of a power of two */
		return value & ~((power << 1) - 1U);
	default:
		return random_boundary(seed) + near;
	}
}

static uint64_t change_value(struct mutation *m, const struct fuzz_field *field,
			     uint64_t value)
{
	uint64_t *seed = &m->seed;

	if (field->show == FUZZ_CHOICE)
		return below(seed, field->symbol_num);
	if (field->symbol_num && below(seed, 4)) {
		const struct fuzz_symbol *symbol =
			&field->symbols[below(seed, field->symbol_num)];

		if (field->show == FUZZ_BITS)
			return value ^ symbol->value;
		return symbol->value;
	}
	return change_number(m, value, field->size);
}

/* Change one of the fields that begin at @at. */
static void change_field(struct mutation *m, const struct fuzz_kind *kind,
			 size_t at)
{
	const struct fuzz_field *field = kind->fields;
	size_t i;

	if (!kind->field_num || !make_whole(m, at + fuzz_fields_size(kind)))
		return;
	for (i = below(&m->seed, kind->field_num); i; i--)
		at += field++->size;
	fuzz_store(m->buf + at,
		   change_value(m, field,
				fuzz_load(m->buf, m->n, at, field->size)),
		   field->size);
}

/* ------------------------------------------------------- bytes of records */

/* Change the bytes whose count stands at @at. */
static void change_bytes(struct mutation *m, size_t at)
{
	size_t num = (size_t)fuzz_load(m->buf, m->n, at, 1);
	uint8_t byte = (uint8_t)random64(&m->seed);
	size_t i;

	if (!make_whole(m, at + 1 + num))
		return;
	i = at + 1 + below(&m->seed, num + 1);
	if (below(&m->seed, 3) == 0) {
		if (num < FUZZ_BYTES_MAX && insert(m, i, &byte, 1))
			m->buf[at]++;
	} else if (num && i <= at + num) {
		if (below(&m->seed, 3)) {
			m->buf[i] = byte;
		} else {
			erase(m, i, 1);
			m->buf[at]--;
		}
	}
}

/* ---------------------------------------------------------------- records */

/* The longest record that make_record() makes, or more */
enum { PIECE_MAX = 1 + 8 * FUZZ_FIELDS_MAX + 16 };

/* A record of any kind, most of its fields 0 or small. Returns its length. */
static size_t make_record(struct mutation *m, uint8_t *to)
{
	const struct fuzz_format *format = m->format;
	size_t index = below(&m->seed, format->kind_num);
	const struct fuzz_kind *kind = &format->kinds[index];
	size_t len = 0;
	size_t i;

	to[len++] = (uint8_t)index;
	for (i = 0; i < kind->field_num; i++) {
		uint64_t value = 0;

		if (below(&m->seed, 3) == 0)
			value = change_value(m, &kind->fields[i], 0);
		else if (below(&m->seed, 2))
			value = below(&m->seed, 4);
		fuzz_store(to + len, value, kind->fields[i].size);
		len += kind->fields[i].size;
	}
	if (kind->bytes) {
		to[len] = (uint8_t)below(&m->seed, 9);
		for (i = to[len++]; i; i--)
			to[len++] = (uint8_t)random64(&m->seed);
	}
	return len;
}

static void insert_record(struct mutation *m, size_t at)
{
	uint8_t record[PIECE_MAX];
	size_t len = make_record(m, record);

	insert(m, at, record, len);
}

static void change_record(struct mutation *m, const struct piece *p)
{
	const struct fuzz_kind *kind = fuzz_kind_at(m->format, m->buf, p->at);

	if (kind->bytes && below(&m->seed, kind->field_num + 1U) == 0)
		change_bytes(m, p->at + 1 + fuzz_fields_size(kind));
	else
		change_field(m, kind, p->at + 1);
}

/* --------------------------------------------------------------- raw text */

static void insert_token(struct mutation *m, size_t at)
{
	const char *token;

	if (!m->format->token_num)
		return;
	token = m->format->tokens[below(&m->seed, m->format->token_num)];
	insert(m, at, (const uint8_t *)token, strlen(token));
}

/* Is it part of a number, or of a word? */
static bool is_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Write a number over the word at @at, in decimal, or after 0x. */
static void change_word(struct mutation *m, size_t at)
{
	bool hex = at >= 2 && m->buf[at - 1] == 'x';
	unsigned int base = hex ? 16 : 10;
	uint64_t value = change_number(m, random_boundary(&m->seed), 8);
	uint8_t digits[20];
	size_t len = 0;
	size_t end = at;

	while (end < m->n && is_word(m->buf[end]))
		end++;
	do
		digits[sizeof(digits) - ++len] =
			(uint8_t) "0123456789abcdef"[value % base];
	while (value /= base);
	erase(m, at, end - at);
	insert(m, at, digits + sizeof(digits) - len, len);
}

static void change_line(struct mutation *m, const struct piece *p)
{
	size_t at = p->at + below(&m->seed, p->len);

	switch (below(&m->seed, 4)) {
	case 0:
		m->buf[at] = (uint8_t)random64(&m->seed);
		break;
	case 1:
		erase(m, at, 1 + below(&m->seed, p->at + p->len - at));
		break;
	case 2:
		insert_token(m, at);
		break;
	default:
		while (at > p->at && is_word(m->buf[at - 1]) &&
		       m->buf[at - 1] != 'x')
			at--;
		change_word(m, at);
		break;
	}
}

/* ----------------------------------------------------------------- pieces */

static void insert_piece(struct mutation *m, size_t at)
{
	if (m->format->header)
		insert_record(m, at);
	else
		insert_token(m, at);
}

static void change_piece(struct mutation *m, const struct piece *p)
{
	if (m->format->header)
		change_record(m, p);
	else
		change_line(m, p);
}

/* A copy of piece @p in front of the one at @at, or behind the last one */
static void copy_piece(struct mutation *m, const struct piece *p, size_t at)
{
	size_t from = p->at;

	if (!insert(m, at, NULL, p->len))
		return;
	if (at <= from)
		from += p->len;
	memmove(m->buf + at, m->buf + from, p->len);
}

/* Take piece @q out, and put it in front of @p. */
static void move_piece(struct mutation *m, const struct piece *p,
		       const struct piece *q)
{
	size_t from = q->at;
	size_t before = m->n;

	copy_piece(m, q, p->at);
	if (p->at <= q->at)
		from += q->len;
	if (m->n != before)
		erase(m, from, q->len);
}

/* With no pieces there is the header to change, and a piece to insert. */
static void step(struct mutation *m)
{
	struct pieces pieces;
	const struct piece *p, *q;
	size_t where;

	if (m->format->header && below(&m->seed, 8) == 0) {
		change_field(m, m->format->header, 0);
		return;
	}
	if (!make_whole(m, header_size(m->format)))
		return;
	find_pieces(m->format, m->buf, m->n, &pieces);
	if (!pieces.num) {
		insert_piece(m, m->n);
		return;
	}
	p = &pieces.piece[below(&m->seed, pieces.num)];
	q = &pieces.piece[below(&m->seed, pieces.num)];
	where = below(&m->seed, 3) ? q->at : m->n;
	switch (below(&m->seed, 12)) {
	case 0:
	case 1:
		insert_piece(m, where);
		break;
	case 2:
		copy_piece(m, p, where);
		break;
	case 3:
		erase(m, p->at, p->len);
		break;
	case 4:
		move_piece(m, p, q);
		break;
	default:
		change_piece(m, p);
		break;
	}
}

size_t fuzz_mutate(const struct fuzz_format *format, uint8_t *buf, size_t n,
		   size_t max, uint64_t seed)
{
	struct mutation m = { format, buf, n, max, seed };
	size_t steps = 1 + below(&m.seed, STEPS_MAX);

	for (; steps; steps--)
		step(&m);
	return m.n;
}

/* ----------------------------------------------------------------- splice */

static size_t append(uint8_t *out, size_t n, size_t max, const uint8_t *bytes,
		     size_t len)
{
	if (len > max - n)
		len = max - n;
	if (len)
		memcpy(out + n, bytes, len);
	return n + len;
}

/* Where a piece of the input begins, or its end */
static size_t random_border(const struct fuzz_format *format,
			    const uint8_t *data, size_t size, uint64_t *seed)
{
	struct pieces pieces;
	size_t i;

	find_pieces(format, data, size, &pieces);
	i = below(seed, pieces.num + 1);
	return i < pieces.num ? pieces.piece[i].at : size;
}

size_t fuzz_splice(const struct fuzz_format *format, const uint8_t *a,
		   size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
		   size_t max, uint64_t seed)
{
	size_t head = header_size(format);
	size_t end = random_border(format, a, a_size, &seed);
	size_t begin = random_border(format, b, b_size, &seed);
	size_t n = append(out, 0, max, a, end);

	/* The header of the other: where both are whole */
	if (below(&seed, 2) && head <= n && head <= b_size && head)
		memcpy(out, b, head);
	return append(out, n, max, b + begin, b_size - begin);
}
