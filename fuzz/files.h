/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Reading inputs from files, for replay and converter. */
#ifndef S1INV_FUZZ_FILES_H
#define S1INV_FUZZ_FILES_H

#include "format.h"

/* A program's exit status for bad arguments and bad input */
enum { FUZZ_BAD = 2 };

/*
 * The whole file, in a block of exactly its size for free(). Ends the program
 * after one line about what is wrong with it.
 */
uint8_t *fuzz_file_read(const char *path, size_t *size);

/*
 * An input of @format: the file itself, or what its text form says if its name
 * ends in ".txt" and the format is not raw text.
 */
uint8_t *fuzz_file_input(const struct fuzz_format *format, const char *path,
			 size_t *size);

#endif /* S1INV_FUZZ_FILES_H */
