/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The tool's functions read standard input and print: here they read the input
 * of a target, and what they print is looked at. Needs a C library whose stdin,
 * stdout and stderr are variables.
 */
#ifndef S1INV_FUZZ_CAPTURE_H
#define S1INV_FUZZ_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * The engines call it before the first input. The seed of jansson's hash tables
 * is a random number otherwise, and no two runs take the same ways.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* What was printed on one of the two, with a 0 behind it */
struct captured {
	char *text;
	size_t len;
	FILE **stream; /* private: &stdout or &stderr */
	FILE *before;
};

/* From now on *@stream, stdout or stderr, is captured. */
void capture_begin(struct captured *c, FILE **stream);

/* No longer. The text is for capture_free(). */
void capture_end(struct captured *c);
void capture_free(struct captured *c);

/* Were the same bytes captured? */
bool capture_equal(const struct captured *a, const struct captured *b);

/* Nothing but printable ASCII and line ends, and whole lines? */
bool capture_is_safe(const struct captured *c);

/* From now on standard input is @data. Returns what it was before. */
FILE *capture_input(const uint8_t *data, size_t size);
void capture_input_end(FILE *before);

#endif /* S1INV_FUZZ_CAPTURE_H */
