/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * s1inv decode --log on any bytes. What it prints is safe for a terminal, its
 * JSON can be read, and neither the kind of line ends nor a second run changes
 * anything.
 */
#include "capture.h"
#include "fuzz.h"
#include "log.h"
#include "log_format.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_format *const fuzz_target_format = &log_format;

FUZZ_ORACLE_BEGIN

static void read_log(const uint8_t *data, size_t size, bool json,
		     struct captured *out)
{
	FILE *before = capture_input(data, size);

	capture_begin(out, &stdout);
	FUZZ_ASSERT(tool_log(json) == TOOL_OK, "any bytes are a log");
	capture_end(out);
	capture_input_end(before);
	FUZZ_ASSERT(capture_is_safe(out), "what is printed is printable");
}

/* A number of the document, which must have it */
static uint64_t number(const json_t *doc, const char *key)
{
	const json_t *value = json_object_get(doc, key);

	FUZZ_ASSERT(json_is_integer(value) && json_integer_value(value) >= 0,
		    "a count is a number");
	return (uint64_t)json_integer_value(value);
}

/* Lines of a log without escape sequences: line ends, and what is behind */
static uint64_t naive_lines(const uint8_t *data, size_t size)
{
	uint64_t lines = 0;
	size_t i;

	for (i = 0; i < size; i++)
		lines += data[i] == '\n';
	return lines + (size && data[size - 1] != '\n');
}

static void check_document(const struct captured *out, const uint8_t *data,
			   size_t size)
{
	json_error_t error;
	json_t *doc =
		json_loadb(out->text, out->len, JSON_REJECT_DUPLICATES, &error);

	FUZZ_ASSERT(json_is_object(doc), "the document can be read");
	if (!memchr(data, '\r', size) && !memchr(data, '\033', size))
		FUZZ_ASSERT(number(doc, "lines") == naive_lines(data, size),
			    "every line is counted once");
	FUZZ_ASSERT(json_array_size(json_object_get(doc, "errors")) +
				    json_array_size(
					    json_object_get(doc, "trace")) <=
			    640,
		    "what is kept is bounded");
	json_decref(doc);
}

/* The same log with CR LF at its line ends, for free() */
static uint8_t *with_cr(const uint8_t *data, size_t size, size_t *new_size)
{
	uint8_t *copy = fuzz_zeroed(2 * size + 1);
	size_t i;

	*new_size = 0;
	for (i = 0; i < size; i++) {
		if (data[i] == '\n')
			copy[(*new_size)++] = '\r';
		copy[(*new_size)++] = data[i];
	}
	return copy;
}

/* Read it a second time, with line ends of another kind if it has but one. */
static void check_again(const uint8_t *data, size_t size,
			const struct captured *first)
{
	bool plain = !memchr(data, '\r', size) && !memchr(data, '\033', size);
	struct captured again;
	size_t new_size;
	uint8_t *copy;

	if (plain) {
		copy = with_cr(data, size, &new_size);
		read_log(copy, new_size, true, &again);
		free(copy);
	} else {
		read_log(data, size, true, &again);
	}
	FUZZ_ASSERT(capture_equal(&again, first),
		    "neither line ends nor a second run change anything");
	capture_free(&again);
}

FUZZ_ORACLE_END

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct captured json, text;

	if (!size) /* memchr() wants a pointer */
		data = (const uint8_t *)"";
	read_log(data, size, true, &json);
	check_document(&json, data, size);
	check_again(data, size, &json);
	read_log(data, size, false, &text);
	FUZZ_ASSERT(text.len, "something is said of every log");
	capture_free(&json);
	capture_free(&text);
	return 0;
}
