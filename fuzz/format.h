/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The format of a target's inputs, as data. Reader, text form (text.h), mutator
 * (mutate.h), dictionaries and documentation are made from it.
 *
 * An input is a header, which is a row of fields, and then records until it
 * ends. A record is a byte that chooses its kind (modulo the number of kinds),
 * the kind's fields, and for some kinds a byte count and so many bytes. Fields
 * are little-endian on every machine and stand without gaps. What is missing at
 * the end reads as 0: any bytes are an input.
 *
 * A format is stable: fields and kinds are added at the end, never removed.
 *
 * Some targets take raw text instead, without header or kinds.
 */
#ifndef S1INV_FUZZ_FORMAT_H
#define S1INV_FUZZ_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Between these two the engines do not measure coverage: what looks at the core
 * offers no ways of its own to explore, and is several times as fast.
 */
#ifdef __clang__
#define FUZZ_PRAGMA(...) _Pragma(#__VA_ARGS__)
#define FUZZ_ORACLE_BEGIN                                                      \
	FUZZ_PRAGMA(                                                           \
		clang attribute push(__attribute__((no_sanitize("coverage"))), \
				     apply_to = function))
#define FUZZ_ORACLE_END FUZZ_PRAGMA(clang attribute pop)
#else
#define FUZZ_ORACLE_BEGIN
#define FUZZ_ORACLE_END
#endif

/*
 * The same for a file in which nothing stands that the core writes to. Builds
 * for engines have no time to check it for its own accesses (FUZZ_FAST); ctest
 * replays the corpus with all of it checked.
 */
#if defined(__clang__) && defined(FUZZ_FAST)
#define FUZZ_ORACLE_FILE_BEGIN                                                 \
	FUZZ_PRAGMA(clang attribute push(                                      \
		__attribute__((no_sanitize("coverage", "address"))),           \
		apply_to = function))
#else
#define FUZZ_ORACLE_FILE_BEGIN FUZZ_ORACLE_BEGIN
#endif

enum { FUZZ_FIELDS_MAX = 32, FUZZ_BYTES_MAX = 255 };

/* How a field is written, and what its number means */
enum fuzz_show {
	FUZZ_DEC,    /* a number */
	FUZZ_HEX,    /* a number best read in hexadecimal */
	FUZZ_BITS,   /* a set of symbols */
	FUZZ_CHOICE, /* the number, modulo how many there are, picks a symbol */
};

struct fuzz_symbol {
	const char *name;
	uint64_t value;
};

/* @size is 1, 2, 4 or 8 bytes. @symbols name special numbers of a number. */
struct fuzz_field {
	const char *name;
	uint8_t size;
	uint8_t show;
	uint8_t symbol_num;
	const struct fuzz_symbol *symbols;
};

#define FUZZ_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FUZZ_NUMBER(name, size)                                                \
	{                                                                      \
		name, size, FUZZ_DEC, 0, NULL                                  \
	}
#define FUZZ_NUMBER_HEX(name, size)                                            \
	{                                                                      \
		name, size, FUZZ_HEX, 0, NULL                                  \
	}
/* A field whose symbols are those of an array */
#define FUZZ_SYMBOLIC(name, size, show, symbols)                               \
	{                                                                      \
		name, size, show, FUZZ_COUNT(symbols), symbols                 \
	}

/* A kind of record; @about says in one line what it is. */
struct fuzz_kind {
	const char *name;
	const char *about;
	const struct fuzz_field *fields;
	uint8_t field_num;
	bool bytes; /* behind the fields: a count, and so many bytes */
};

#define FUZZ_KIND(name, about, fields)                                         \
	{                                                                      \
		name, about, fields, FUZZ_COUNT(fields), false                 \
	}

/* @header is NULL for raw text. @tokens: what a mutator may put into one. */
struct fuzz_format {
	const char *name;
	const char *about;
	const struct fuzz_kind *header;
	const struct fuzz_kind *kinds;
	uint8_t kind_num;
	const char *const *tokens;
	uint16_t token_num;
};

/* All formats, ending in NULL; the one with this name, or NULL */
extern const struct fuzz_format *const fuzz_formats[];
const struct fuzz_format *fuzz_format_find(const char *name);

/* ---------------------------------------------------------------- reading */

/* A record, or the header, as read; of a choice the symbol's value. */
struct fuzz_record {
	unsigned int kind;
	uint64_t value[FUZZ_FIELDS_MAX];
	const uint8_t *bytes; /* within the input */
	size_t len;
};

struct fuzz_input {
	const struct fuzz_format *format;
	const uint8_t *data;
	size_t size;
	size_t at;
};

/* Begin to read an input: fills @header. */
void fuzz_open(struct fuzz_input *in, const struct fuzz_format *format,
	       const uint8_t *data, size_t size, struct fuzz_record *header);

/* The next record. False at the end. */
bool fuzz_next(struct fuzz_input *in, struct fuzz_record *record);

/* ------------------------------------------------- for text and mutator */

/* Little-endian number of @bytes bytes at @at, as far as they are there */
uint64_t fuzz_load(const uint8_t *data, size_t size, size_t at, size_t bytes);
void fuzz_store(uint8_t *to, uint64_t value, size_t bytes);

/* Bytes of the fields of @kind */
size_t fuzz_fields_size(const struct fuzz_kind *kind);

/* The kind of the record at @at, which is below @size */
const struct fuzz_kind *fuzz_kind_at(const struct fuzz_format *format,
				     const uint8_t *data, size_t at);

/* Length of that record when it is whole, its kind's byte included */
size_t fuzz_record_size(const struct fuzz_format *format, const uint8_t *data,
			size_t size, size_t at);

/* A dictionary in the form that libFuzzer and AFL++ read */
void fuzz_dictionary(const struct fuzz_format *format, FILE *out);

/* A table of the format, in Markdown */
void fuzz_describe(const struct fuzz_format *format, FILE *out);

#endif /* S1INV_FUZZ_FORMAT_H */
