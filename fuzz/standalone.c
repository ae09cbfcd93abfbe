/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * main() of a target without an engine: runs it on files, and on all files of
 * folders. Serves any compiler and machine.
 */
#define _DEFAULT_SOURCE

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files.h"
#include "fuzz.h"

static bool verbose;

/* With -v the file is named first, for whoever wants to know which crashed. */
static void run_file(const char *path)
{
	size_t size;
	uint8_t *data = fuzz_file_input(fuzz_target_format, path, &size);

	if (verbose)
		fprintf(stderr, "%s\n", path);
	FUZZ_ASSERT(LLVMFuzzerTestOneInput(data, size) == 0,
		    "a target returns 0");
	free(data);
}

static size_t run(const char *path);

static size_t run_folder(const char *path)
{
	struct dirent **names;
	int num = scandir(path, &names, NULL, alphasort);
	size_t files = 0;
	char *below;
	int i;

	if (num < 0) {
		perror(path);
		exit(FUZZ_BAD);
	}
	for (i = 0; i < num; i++) {
		if (names[i]->d_name[0] != '.') {
			size_t size =
				strlen(path) + strlen(names[i]->d_name) + 2;

			below = fuzz_block(size);
			snprintf(below, size, "%s/%s", path, names[i]->d_name);
			files += run(below);
			free(below);
		}
		free(names[i]);
	}
	free(names);
	return files;
}

/* Returns how many files it ran. */
static size_t run(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return run_folder(path);
	run_file(path);
	return 1;
}

int main(int argc, char **argv)
{
	size_t files = 0;
	int i;

	verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	if (argc < 2 + verbose) {
		fprintf(stderr, "usage: %s [-v] FILE-OR-FOLDER...\n", argv[0]);
		return FUZZ_BAD;
	}
	for (i = 1 + verbose; i < argc; i++)
		files += run(argv[i]);
	if (!files) {
		fprintf(stderr, "%s: there is no file\n", argv[argc - 1]);
		return FUZZ_BAD;
	}
	printf("%s: %zu inputs\n", fuzz_target_format->name, files);
	return 0;
}
