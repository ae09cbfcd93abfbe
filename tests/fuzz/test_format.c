/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Test of what all targets build on: every string of bytes comes back from its
 * text form, wrong text is refused with its line, and the mutator stays within
 * its bounds, depends on its arguments alone, and reaches every kind of record
 * from nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mutate.h"
#include "text.h"

enum { ROUNDS = 3000, SIZE_MAX_TRIED = 300 };

/* The splitmix64 generator */
static uint64_t random64(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* Random bytes, many of them 0 or small, as in real inputs */
static uint8_t *random_bytes(uint64_t *state, size_t size)
{
	uint8_t *bytes = fuzz_block(size);
	size_t i;

	for (i = 0; i < size; i++) {
		uint64_t r = random64(state);

		bytes[i] = (uint8_t)(r >> 8 & (r & 1 ? 0xff : r & 2 ? 0xf : 0));
	}
	return bytes;
}

/* -------------------------------------------------------------------- text */

/* A file of our own: open_memstream() is not everywhere. */
static char *to_text(const struct fuzz_format *format, const uint8_t *data,
		     size_t size, size_t *len)
{
	FILE *file = tmpfile();
	char *text;

	FUZZ_ASSERT(file, "there is a temporary file");
	fuzz_text_write(format, data, size, file);
	*len = (size_t)ftell(file);
	text = fuzz_block(*len + 1);
	rewind(file);
	FUZZ_ASSERT(fread(text, 1, *len, file) == *len, "it can be read");
	fclose(file);
	return text;
}

static void test_round_trip(const struct fuzz_format *format)
{
	uint64_t state = 1;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		size_t size = (size_t)(random64(&state) % SIZE_MAX_TRIED);
		uint8_t *data = random_bytes(&state, size);
		struct fuzz_binary back;
		size_t len;
		char *text = to_text(format, data, size, &len);

		FUZZ_ASSERT(fuzz_text_read(format, text, len, &back),
			    "what was written can be read");
		FUZZ_ASSERT(back.size == size &&
				    (!size || !memcmp(back.data, data, size)),
			    "the same bytes come back");
		free(back.data);
		free(text);
		free(data);
	}
}

/* ---------------------------------------------- a format of the test's own */

static const struct fuzz_symbol choices[] = { { "one", 10 }, { "two", 20 } };
static const struct fuzz_symbol bits[] = { { "A", 1 }, { "B", 4 } };

static const struct fuzz_field head_fields[] = {
	FUZZ_SYMBOLIC("choice", 1, FUZZ_CHOICE, choices),
	FUZZ_NUMBER("count", 8),
};
static const struct fuzz_field body_fields[] = {
	FUZZ_SYMBOLIC("bits", 2, FUZZ_BITS, bits),
	FUZZ_NUMBER_HEX("word", 4),
};
static const struct fuzz_kind head = FUZZ_KIND("toy", "a head", head_fields);
static const struct fuzz_kind kinds[] = {
	FUZZ_KIND("body", "a body", body_fields),
	{ "tail", "some bytes", NULL, 0, true },
	{ "dot", "nothing", NULL, 0, false },
};
static const struct fuzz_format toy = {
	.name = "toy",
	.about = "a format",
	.header = &head,
	.kinds = kinds,
	.kind_num = FUZZ_COUNT(kinds),
};

static void is_binary(const char *text, const char *bytes, size_t size)
{
	struct fuzz_binary out;

	FUZZ_ASSERT(fuzz_text_read(&toy, text, strlen(text), &out), text);
	FUZZ_ASSERT(out.size == size && memcmp(out.data, bytes, size) == 0,
		    text);
	free(out.data);
}

/* Expected bytes are those of format.h's words. */
static void test_reading(void)
{
	is_binary("toy", "\0\0\0\0\0\0\0\0\0", 9);
	is_binary("# c\n\n\ttoy choice two count 0x102 # c\r\n",
		  "\1\2\1\0\0\0\0\0\0", 9);
	is_binary("toy choice 0x5 count 2^64-1\n",
		  "\5\377\377\377\377\377\377\377\377", 9);
	is_binary("toy count 2^52+1\n", "\0\1\0\0\0\0\0\x10\0", 9);
	is_binary("toy\nbody bits A|B|0x8000 word 0x04030201\n",
		  "\0\0\0\0\0\0\0\0\0\0\5\x80\1\2\3\4", 16);
	is_binary("toy\ntail = 00 ff\ntail\ndot*84\n",
		  "\0\0\0\0\0\0\0\0\0\1\2\0\377\1\0\376", 16);
	is_binary("toy\ndot\ncut 9", "\0", 1);
}

static void is_wrong(const char *text, unsigned int line)
{
	struct fuzz_binary out;

	FUZZ_ASSERT(!fuzz_text_read(&toy, text, strlen(text), &out), text);
	FUZZ_ASSERT(out.line == line && out.defect, text);
	free(out.data);
}

static void test_refusing(void)
{
	is_wrong("", 0);
	is_wrong("# nothing\n", 1);
	is_wrong("cover\n", 1);
	is_wrong("toy\nbox\n", 2);
	is_wrong("toy\nbody\nbody word 1 word 1\n", 3);
	is_wrong("toy choice\n", 1);
	is_wrong("toy choice three\n", 1);
	is_wrong("toy choice 1\n", 1);
	is_wrong("toy choice 256\n", 1);
	is_wrong("toy length 1\n", 1);
	is_wrong("toy count 18446744073709551616\n", 1);
	is_wrong("toy count 0x\n", 1);
	is_wrong("toy count 2^65\n", 1);
	is_wrong("toy count -1\n", 1);
	is_wrong("toy\nbody bits A|C\n", 2);
	is_wrong("toy\nbody bits A|\nbody bits |A\n", 3);
	is_wrong("toy\nbody = 00\n", 2);
	is_wrong("toy\ntail = 0\n", 2);
	is_wrong("toy\ntail = 00 0g\n", 2);
	is_wrong("toy\ndot*85\n", 2);
	is_wrong("toy\ndot*x\n", 2);
	is_wrong("toy\ncut\n", 2);
	is_wrong("toy\ncut 10\n", 2);
	is_wrong("toy\ncut 1 2\n", 2);
	is_wrong("toy\ncut 1\ndot\n", 3);
}

static void test_records(void)
{
	static const uint8_t input[] = { 3, 7, 0, 0, 0, 0, 0, 0, 0,
					 4, 2, 8, 9, 0, 5, 0, 1 };
	struct fuzz_input in;
	struct fuzz_record r;

	fuzz_open(&in, &toy, input, sizeof(input), &r);
	FUZZ_ASSERT(r.value[0] == 20 && r.value[1] == 7,
		    "a choice is read modulo how many there are");
	FUZZ_ASSERT(fuzz_next(&in, &r) && r.kind == 1 && r.len == 2 &&
			    r.bytes == input + 11,
		    "bytes are those of the input");
	FUZZ_ASSERT(fuzz_next(&in, &r) && r.kind == 0 && r.value[0] == 5 &&
			    r.value[1] == 1 && !r.len,
		    "what is missing reads as 0");
	FUZZ_ASSERT(!fuzz_next(&in, &r), "there is no more");
}

/* ----------------------------------------------------------------- mutator */

/* From nothing, with little room and with enough: never outside the block */
static void test_bounds(const struct fuzz_format *format)
{
	uint64_t seed = 1;
	size_t max;

	for (max = 1; max < SIZE_MAX_TRIED; max += 1 + max / 8) {
		uint8_t *buf = fuzz_zeroed(max);
		size_t n = 0;

		for (; seed % 500; seed++) {
			n = fuzz_mutate(format, buf, n, max, seed);
			FUZZ_ASSERT(n <= max, "a mutation stays in its room");
		}
		seed++;
		free(buf);
	}
}

static void test_splice(const struct fuzz_format *format)
{
	uint64_t state = 2;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		size_t size[3];
		uint8_t *a, *b, *out;
		size_t k, n;

		for (k = 0; k < 3; k++)
			size[k] = (size_t)(random64(&state) % SIZE_MAX_TRIED);
		a = random_bytes(&state, size[0]);
		b = random_bytes(&state, size[1]);
		out = fuzz_block(size[2]);
		n = fuzz_splice(format, a, size[0], b, size[1], out, size[2],
				random64(&state));
		FUZZ_ASSERT(n <= size[2] && n <= size[0] + size[1],
			    "a splice is made of the two");
		free(a);
		free(b);
		free(out);
	}
}

/* FNV-1a, of what comes out of a chain of mutations */
static uint64_t hash_of_mutations(const struct fuzz_format *format)
{
	uint8_t buf[SIZE_MAX_TRIED] = { 0 };
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	uint64_t seed;
	size_t n = 0;
	size_t i;

	for (seed = 0; seed < ROUNDS; seed++) {
		n = fuzz_mutate(format, buf, n, sizeof(buf), seed);
		for (i = 0; i < n; i++)
			hash = (hash ^ buf[i]) * UINT64_C(0x100000001b3);
	}
	return hash;
}

/*
 * The toy's mutations are the same on every machine and with every compiler:
 * the number changes only when the mutator does.
 */
static void test_determinism(void)
{
	uint64_t hash = hash_of_mutations(&toy);

	if (hash != UINT64_C(0x07c09b0609f30226)) {
		fprintf(stderr, "hash 0x%08lx%08lx\n",
			(unsigned long)(hash >> 32),
			(unsigned long)(hash & 0xffffffff));
		FUZZ_ASSERT(false, "mutations are the same everywhere");
	}
}

/* Every kind of record comes up from nothing. */
static void test_reach(const struct fuzz_format *format)
{
	bool seen[UINT8_MAX + 1] = { false };
	uint8_t buf[SIZE_MAX_TRIED];
	struct fuzz_input in;
	struct fuzz_record r;
	uint64_t seed;
	size_t i;

	for (seed = 0; seed < ROUNDS; seed++) {
		size_t n = fuzz_mutate(format, buf, 0, sizeof(buf), seed);

		fuzz_open(&in, format, buf, n, &r);
		while (fuzz_next(&in, &r))
			seen[r.kind] = true;
	}
	for (i = 0; i < format->kind_num; i++)
		FUZZ_ASSERT(seen[i], format->kinds[i].name);
}

static void test_format(const struct fuzz_format *format)
{
	test_round_trip(format);
	test_bounds(format);
	test_splice(format);
	if (format->header)
		test_reach(format);
}

int main(void)
{
	size_t i;

	test_reading();
	test_refusing();
	test_records();
	test_format(&toy);
	for (i = 0; fuzz_formats[i]; i++)
		test_format(fuzz_formats[i]);
	test_determinism();
	puts("formats, text and mutator: as they should be");
	return 0;
}
