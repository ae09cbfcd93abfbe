/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The formats of all targets. */
#include "copyin_format.h"
#include "cover_format.h"
#include "encode_format.h"
#include "log_format.h"
#include "queue_format.h"
#include "request_format.h"
#include "scene_format.h"

const struct fuzz_format *const fuzz_formats[] = {
	&copyin_format,
	&cover_format,
	&encode_format,
	&log_format,
	&metamorphic_format,
	&queue_format,
	&request_format,
	&scene_format,
	NULL,
};
