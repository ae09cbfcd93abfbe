/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Reading inputs from files; see files.h. */
#include "files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static _Noreturn void give_up(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	exit(FUZZ_BAD);
}

/* @size bytes, of which the first @have are those of @old, which is freed */
static uint8_t *resize(uint8_t *old, size_t have, size_t size)
{
	uint8_t *bytes = malloc(size);

	if (!bytes && size)
		give_up("memory", strerror(ENOMEM));
	if (have)
		memcpy(bytes, old, have);
	free(old);
	return bytes;
}

uint8_t *fuzz_file_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = NULL;
	size_t room = 4096;
	size_t n = 0;
	size_t got;

	if (!file)
		give_up(path, strerror(errno));
	bytes = resize(bytes, 0, room);
	while ((got = fread(bytes + n, 1, room - n, file)) > 0) {
		n += got;
		if (n == room)
			bytes = resize(bytes, n, room *= 2);
	}
	if (ferror(file))
		give_up(path, strerror(errno));
	fclose(file);
	*size = n;
	return resize(bytes, n, n);
}

static bool is_text(const struct fuzz_format *format, const char *path)
{
	size_t len = strlen(path);

	return format->header && len > 4 && strcmp(path + len - 4, ".txt") == 0;
}

uint8_t *fuzz_file_input(const struct fuzz_format *format, const char *path,
			 size_t *size)
{
	uint8_t *bytes = fuzz_file_read(path, size);
	struct fuzz_binary binary;

	if (!is_text(format, path))
		return bytes;
	if (!fuzz_text_read(format, (const char *)bytes, *size, &binary)) {
		fprintf(stderr, "%s:%u: %s\n", path, binary.line,
			binary.defect);
		exit(FUZZ_BAD);
	}
	free(bytes);
	*size = binary.size;
	return resize(binary.data, binary.size, binary.size);
}
