/* SPDX-License-Identifier: GPL-2.0-only */
/* The vectors of tests/vectors as C data, made by vectors.py. */
#ifndef S1INV_KUNIT_VECTORS_H
#define S1INV_KUNIT_VECTORS_H

#include "compare.h"

extern const struct rf_file vector_files[];
extern const unsigned int vector_file_num;

#endif /* S1INV_KUNIT_VECTORS_H */
