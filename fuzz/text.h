/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The text form of an input, for people to read and edit: one line for the
 * header and one per record,
 *
 *	NAME [FIELD VALUE]... [= BYTES]
 *
 * Fields that are not given are 0. A value is a number (12, 0xc, 2^52-1), a
 * symbol, or for a set symbols and numbers joined by "|". BYTES are pairs of
 * hexadecimal digits. "#" begins a comment. What no such line can say:
 * "NAME*N" is a record whose kind's byte is N times the number of kinds larger,
 * and a last line "cut N" takes N bytes off the end.
 *
 * Every string of bytes has a text form, from which the same bytes come back.
 */
#ifndef S1INV_FUZZ_TEXT_H
#define S1INV_FUZZ_TEXT_H

#include "format.h"

/* Write the text form of an input. Raw text is written as it is. */
void fuzz_text_write(const struct fuzz_format *format, const uint8_t *data,
		     size_t size, FILE *out);

/* An input that was read from its text form */
struct fuzz_binary {
	uint8_t *data; /* for free(); NULL when it is empty */
	size_t size;
	unsigned int line;  /* where the text is wrong, from 1 */
	const char *defect; /* what is wrong there, or NULL */
};

/*
 * Read the text form of an input of @format, or with NULL of the format that
 * its first word names. False when it is wrong.
 */
bool fuzz_text_read(const struct fuzz_format *format, const char *text,
		    size_t len, struct fuzz_binary *out);

#endif /* S1INV_FUZZ_TEXT_H */
