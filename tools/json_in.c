/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Reading JSON that nobody vouches for; see json_in.h. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include "json_in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Integers up to here are the same number for every JSON reader. */
#define EXACT_MAX ((UINT64_C(1) << 53) - 1U)

struct tool_text json_in_safe(const char *text)
{
	struct tool_text safe;
	size_t i;

	for (i = 0; i < sizeof(safe.s) - 1U && text[i]; i++)
		safe.s[i] = tool_printable(text[i]);
	safe.s[i] = '\0';
	if (text[i])
		memcpy(safe.s + i - 3, "...", 3);
	return safe;
}

struct tool_text json_in_safe_name(const char *name)
{
	struct tool_text safe = json_in_safe(name);
	size_t room = sizeof(safe.s) - 1U;
	size_t len = strlen(name);
	size_t i;

	if (len <= room)
		return safe;
	memcpy(safe.s + room / 2U - 3U, "...", 3);
	for (i = room / 2U; i < room; i++)
		safe.s[i] = tool_printable(name[len - room + i]);
	return safe;
}

static void fail_file(struct json_in *in, const char *why)
{
	in->failed = true;
	tool_error("%s: %s", json_in_safe_name(in->file).s, why);
}

void json_in_fail(struct json_in *in, const char *key, const char *fmt, ...)
{
	const char *dot = in->len && *key ? "." : "";
	const char *colon = in->len || *key ? ": " : "";
	char why[256];
	va_list args;

	if (in->failed)
		return;
	in->failed = true;
	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	tool_error("%s: %.*s%s%s%s%s", json_in_safe_name(in->file).s,
		   (int)in->len, in->path, dot, json_in_safe(key).s, colon,
		   why);
}

/* ------------------------------------------------------------- the file */

/* Only what has an end can be read as a whole. */
static bool readable(struct json_in *in, int fd)
{
	struct stat st;

	if (fstat(fd, &st)) {
		fail_file(in, strerror(errno));
		return false;
	}
	if (S_ISDIR(st.st_mode))
		fail_file(in, "is a directory");
	else if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		fail_file(in, "is neither a file nor a pipe");
	else if (st.st_size > (off_t)JSON_IN_FILE_MAX)
		fail_file(in, "is larger than 16 MiB");
	return !in->failed;
}

/* Read one piece behind the @have bytes of @text. Returns its length. */
static size_t read_piece(struct json_in *in, int fd, char *text, size_t have)
{
	ssize_t got;

	do {
		got = read(fd, text + have, JSON_IN_FILE_MAX + 1U - have);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		fail_file(in, strerror(errno));
	return got > 0 ? (size_t)got : 0;
}

/* A pipe does not say how long it is: one byte more than allowed tells. */
static size_t read_all(struct json_in *in, int fd, char *text)
{
	size_t have = 0;
	size_t got;

	do {
		got = read_piece(in, fd, text, have);
		have += got;
	} while (got && have <= JSON_IN_FILE_MAX);
	if (have > JSON_IN_FILE_MAX)
		fail_file(in, "is larger than 16 MiB");
	return have;
}

/*
 * A value takes up to hundreds of bytes, and two in the file. Each but the
 * first comes behind one of these; where they stand in strings they count too.
 */
static bool too_many(const char *text, size_t len)
{
	size_t num = 0;
	size_t i;

	for (i = 0; i < len; i++)
		num += text[i] == '{' || text[i] == '[' || text[i] == ',';
	return num > JSON_IN_VALUES_MAX;
}

static json_t *parse(struct json_in *in, const char *text, size_t len)
{
	json_error_t error;
	json_t *doc;

	if (too_many(text, len)) {
		fail_file(in, "has more than 2^20 values");
		return NULL;
	}
	doc = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!doc) {
		in->failed = true;
		tool_error("%s:%d:%d: %s", json_in_safe_name(in->file).s,
			   error.line, error.column,
			   json_in_safe(error.text).s);
	}
	return doc;
}

json_t *json_in_parse(struct json_in *in, const char *file, const char *text,
		      size_t len)
{
	*in = (struct json_in){ .file = file };
	return parse(in, text, len);
}

json_t *json_in_load(struct json_in *in, const char *file)
{
	json_t *doc = NULL;
	char *text;
	size_t len;
	int fd;

	*in = (struct json_in){ .file = file };
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fail_file(in, strerror(errno));
		return NULL;
	}
	if (readable(in, fd)) {
		text = tool_alloc(JSON_IN_FILE_MAX + 1U);
		len = read_all(in, fd, text);
		if (!in->failed)
			doc = parse(in, text, len);
		free(text);
	}
	close(fd);
	return doc;
}

/* ------------------------------------------------------------- the place */

size_t json_in_enter(struct json_in *in, const char *key, size_t index)
{
	const char *dot = in->len ? "." : "";
	size_t room = sizeof(in->path) - in->len;
	size_t len = in->len;
	int grown;

	if (index == JSON_IN_MEMBER)
		grown = snprintf(in->path + len, room, "%s%s", dot, key);
	else
		grown = snprintf(in->path + len, room, "%s%s[%zu]",
				 *key ? dot : "", key, index);
	if (grown > 0)
		in->len += (size_t)grown < room ? (size_t)grown : room - 1U;
	return len;
}

void json_in_leave(struct json_in *in, size_t len)
{
	in->len = len;
}

/* ------------------------------------------------------------ the values */

int json_in_index(const char *names, const char *text)
{
	size_t len = strlen(text);
	int i;

	for (i = 0; *names; i++) {
		size_t word = strcspn(names, " ");

		if (len && word == len && !memcmp(names, text, len))
			return i;
		names += word;
		names += strspn(names, " ");
	}
	return -1;
}

bool json_in_object(struct json_in *in, json_t *value, const char *keys)
{
	void *iter;

	if (!json_is_object(value)) {
		json_in_fail(in, "",
			     value ? "must be an object" : "is missing");
		return false;
	}
	for (iter = json_object_iter(value); iter;
	     iter = json_object_iter_next(value, iter)) {
		const char *key = json_object_iter_key(iter);

		if (json_in_index(keys, key) < 0)
			json_in_fail(in, "", "unknown key \"%s\"",
				     json_in_safe(key).s);
	}
	return !in->failed;
}

json_t *json_in_array_or_none(struct json_in *in, json_t *object,
			      const char *key, size_t max)
{
	json_t *array = json_object_get(object, key);

	if (!array)
		return NULL;
	if (!json_is_array(array)) {
		json_in_fail(in, key, "must be an array");
		return NULL;
	}
	if (json_array_size(array) > max) {
		json_in_fail(in, key, "has more than %zu elements", max);
		return NULL;
	}
	return array;
}

json_t *json_in_array(struct json_in *in, json_t *object, const char *key,
		      size_t max)
{
	if (!json_object_get(object, key))
		json_in_fail(in, key, "is missing");
	return json_in_array_or_none(in, object, key, max);
}

static bool exact_integer(const json_t *value, uint64_t *number)
{
	json_int_t integer = json_integer_value(value);

	if (!json_is_integer(value) || integer < 0 ||
	    (uint64_t)integer > EXACT_MAX)
		return false;
	*number = (uint64_t)integer;
	return true;
}

/* Other readers of the format know no "0X". */
static bool text_number(const char *text, uint64_t *number)
{
	return text[0] && text[1] != 'X' && tool_u64(text, number);
}

static uint64_t number(struct json_in *in, const char *key, const json_t *value,
		       uint64_t max)
{
	uint64_t n;

	if (json_is_string(value) ? !text_number(json_string_value(value), &n) :
				    !exact_integer(value, &n)) {
		json_in_fail(in, key,
			     "must be a number: an integer from 0 to "
			     "2^53-1 or a string such as \"0x1000\"");
		return 0;
	}
	if (n > max) {
		json_in_fail(in, key, "must be at most %llu",
			     (unsigned long long)max);
		return 0;
	}
	return n;
}

uint64_t json_in_number_or(struct json_in *in, json_t *object, const char *key,
			   uint64_t max, uint64_t absent)
{
	const json_t *value = json_object_get(object, key);

	return value ? number(in, key, value, max) : absent;
}

uint64_t json_in_number(struct json_in *in, json_t *object, const char *key,
			uint64_t max)
{
	if (!json_object_get(object, key))
		json_in_fail(in, key, "is missing");
	return json_in_number_or(in, object, key, max, 0);
}

uint64_t json_in_element(struct json_in *in, json_t *array, size_t index,
			 uint64_t max)
{
	size_t mark = json_in_enter(in, "", index);
	uint64_t n = number(in, "", json_array_get(array, index), max);

	json_in_leave(in, mark);
	return n;
}

bool json_in_bool_or(struct json_in *in, json_t *object, const char *key,
		     bool absent)
{
	const json_t *value = json_object_get(object, key);

	if (!value)
		return absent;
	if (!json_is_boolean(value))
		json_in_fail(in, key, "must be true or false");
	return json_is_true(value);
}

const char *json_in_text_or(struct json_in *in, json_t *object, const char *key,
			    const char *absent)
{
	const json_t *value = json_object_get(object, key);

	if (!value)
		return absent;
	if (!json_is_string(value)) {
		json_in_fail(in, key, "must be a string");
		return "";
	}
	return json_string_value(value);
}

const char *json_in_text(struct json_in *in, json_t *object, const char *key)
{
	if (!json_object_get(object, key))
		json_in_fail(in, key, "is missing");
	return json_in_text_or(in, object, key, "");
}

int json_in_choice(struct json_in *in, json_t *object, const char *key,
		   const char *names, int absent)
{
	int index;

	if (absent >= 0 && !json_object_get(object, key))
		return absent;
	index = json_in_index(names, json_in_text(in, object, key));
	if (index < 0)
		json_in_fail(in, key, "must be one of: %s", names);
	return index < 0 ? 0 : index;
}
