/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What the tool reads and prints; see capture.h. */
#define _POSIX_C_SOURCE 200809L

#include "capture.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

FUZZ_ORACLE_BEGIN

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_object_seed(1);
	return 0;
}

void capture_begin(struct captured *c, FILE **stream)
{
	c->stream = stream;
	c->before = *stream;
	*stream = open_memstream(&c->text, &c->len);
	FUZZ_ASSERT(*stream, "there is memory for output");
}

void capture_end(struct captured *c)
{
	fclose(*c->stream);
	*c->stream = c->before;
}

void capture_free(struct captured *c)
{
	free(c->text);
}

bool capture_equal(const struct captured *a, const struct captured *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

bool capture_is_safe(const struct captured *c)
{
	size_t i;

	for (i = 0; i < c->len; i++)
		if (c->text[i] != '\n' &&
		    (c->text[i] < ' ' || c->text[i] > '~'))
			return false;
	return !c->len || c->text[c->len - 1] == '\n';
}

FILE *capture_input(const uint8_t *data, size_t size)
{
	FILE *before = stdin;

	/* It is opened for reading: nothing is written through the pointer. */
	stdin = fmemopen((void *)(uintptr_t)data, size, "r");
	FUZZ_ASSERT(stdin, "there is memory for input");
	return before;
}

void capture_input_end(FILE *before)
{
	fclose(stdin);
	stdin = before;
}

FUZZ_ORACLE_END
