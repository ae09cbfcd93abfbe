/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Reading JSON that nobody vouches for: bounded, typed, and with a message
 * that names the place. The first failure is reported with tool_error() and
 * remembered; from then on every reader returns a harmless value, so that
 * callers need to look at &json_in.failed once, at the end.
 */
#ifndef S1INV_TOOLS_JSON_IN_H
#define S1INV_TOOLS_JSON_IN_H

#include "tool.h"

/* Largest file that is read, in bytes */
#define JSON_IN_FILE_MAX (16U << 20)
/* Most values in it */
#define JSON_IN_VALUES_MAX (1U << 20)

/* Where reading stands: @path is that of the value under way. */
struct json_in {
	const char *file;
	bool failed;
	size_t len;
	char path[256];
};

/* json_in_enter() without an index */
#define JSON_IN_MEMBER SIZE_MAX

/* The document in @file, to be released by the caller; NULL on failure. */
json_t *json_in_load(struct json_in *in, const char *file);

/* The same for a document of @len bytes in memory, known as @file. */
json_t *json_in_parse(struct json_in *in, const char *file, const char *text,
		      size_t len);

/* Report what is wrong with the member @key, or with the value itself (""). */
void json_in_fail(struct json_in *in, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Go to the member @key, or its element @index. Returns where to leave to. */
size_t json_in_enter(struct json_in *in, const char *key, size_t index);
void json_in_leave(struct json_in *in, size_t len);

/* Is @value an object with no keys but those in @keys, parted by spaces? */
bool json_in_object(struct json_in *in, json_t *value, const char *keys);

/* The member @key, of at most @max elements; NULL when absent or wrong. */
json_t *json_in_array(struct json_in *in, json_t *object, const char *key,
		      size_t max);
json_t *json_in_array_or_none(struct json_in *in, json_t *object,
			      const char *key, size_t max);

/* A number from 0 to @max: an integer, or a string in decimal or 0x. */
uint64_t json_in_number(struct json_in *in, json_t *object, const char *key,
			uint64_t max);
uint64_t json_in_number_or(struct json_in *in, json_t *object, const char *key,
			   uint64_t max, uint64_t absent);
/* Element @index of @array as a number */
uint64_t json_in_element(struct json_in *in, json_t *array, size_t index,
			 uint64_t max);

bool json_in_bool_or(struct json_in *in, json_t *object, const char *key,
		     bool absent);

/* A string; "" on failure */
const char *json_in_text(struct json_in *in, json_t *object, const char *key);
const char *json_in_text_or(struct json_in *in, json_t *object, const char *key,
			    const char *absent);

/* Which of @names, parted by spaces, @text is; -1 for none of them. */
int json_in_index(const char *names, const char *text);

/* Which of @names the member @key is; required if @absent is negative. */
int json_in_choice(struct json_in *in, json_t *object, const char *key,
		   const char *names, int absent);

/* @text with what a terminal would act upon replaced, and cut to fit */
struct tool_text json_in_safe(const char *text);

/* The same, cut in the middle: of a file's name both ends tell something. */
struct tool_text json_in_safe_name(const char *name);

#endif /* S1INV_TOOLS_JSON_IN_H */
