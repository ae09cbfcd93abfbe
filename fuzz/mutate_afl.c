/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * AFL++'s hooks, for a shared library of their own. The environment variable
 * S1INV_FUZZ_TARGET names the target. AFL++'s own mutations go on beside these
 * unless it is told otherwise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutate.h"

struct afl_mutator {
	const struct fuzz_format *format;
	uint64_t seed;
	uint8_t *out;
	size_t room;
};

void *afl_custom_init(void *afl, unsigned int seed);
size_t afl_custom_fuzz(struct afl_mutator *m, uint8_t *data, size_t size,
		       uint8_t **out, uint8_t *other, size_t other_size,
		       size_t max);
void afl_custom_deinit(struct afl_mutator *m);

void *afl_custom_init(void *afl, unsigned int seed)
{
	const char *name = getenv("S1INV_FUZZ_TARGET");
	struct afl_mutator *m = calloc(1, sizeof(*m));

	(void)afl;
	if (m && name)
		m->format = fuzz_format_find(name);
	if (!m || !m->format) {
		fputs("S1INV_FUZZ_TARGET names no target\n", stderr);
		free(m);
		return NULL;
	}
	m->seed = seed;
	return m;
}

static bool make_room(struct afl_mutator *m, size_t max)
{
	uint8_t *out;

	if (m->room >= max)
		return true;
	out = realloc(m->out, max);
	if (!out)
		return false;
	m->out = out;
	m->room = max;
	return true;
}

/* Each call has a seed of its own, from the one that AFL++ gave. */
size_t afl_custom_fuzz(struct afl_mutator *m, uint8_t *data, size_t size,
		       uint8_t **out, uint8_t *other, size_t other_size,
		       size_t max)
{
	*out = NULL;
	if (!make_room(m, max))
		return 0;
	*out = m->out;
	m->seed++;
	if (size > max)
		size = max;
	if (other_size && m->seed % 8 == 0)
		size = fuzz_splice(m->format, data, size, other, other_size,
				   m->out, max, m->seed);
	else
		memcpy(m->out, data, size);
	return fuzz_mutate(m->format, m->out, size, max, m->seed);
}

void afl_custom_deinit(struct afl_mutator *m)
{
	free(m->out);
	free(m);
}
