/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* fuzz_text: between inputs and their text form, and what formats tell. */
#define _DEFAULT_SOURCE

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "text.h"

static const char usage[] =
	"usage: fuzz_text --to-text TARGET FILE [OUT]    an input in words\n"
	"       fuzz_text --to-binary TARGET FILE [OUT]  FILE ends in .txt\n"
	"       fuzz_text --all-to-binary TARGET FOLDER OUT-FOLDER\n"
	"       fuzz_text --dictionary TARGET            for the engines\n"
	"       fuzz_text --describe [TARGET]            the format, in Markdown\n"
	"       fuzz_text --targets                      their names\n";

static int bad(const char *what, const char *why)
{
	fprintf(stderr, "fuzz_text: %s: %s\n", what, why);
	return FUZZ_BAD;
}

/* Is all that was written where it belongs? */
static int finish(FILE *out, const char *name)
{
	bool failed = ferror(out);

	failed |= fclose(out) != 0;
	return failed ? bad(name, "cannot be written") : 0;
}

static int convert(const struct fuzz_format *format, bool text, char **files)
{
	const char *name = files[1] ? files[1] : "standard output";
	size_t size;
	uint8_t *data = text ? fuzz_file_read(files[0], &size) :
			       fuzz_file_input(format, files[0], &size);
	FILE *out = files[1] ? fopen(files[1], "wb") : stdout;

	if (!out) {
		free(data);
		return bad(name, "cannot be opened");
	}
	if (text)
		fuzz_text_write(format, data, size, out);
	else if (size)
		fwrite(data, 1, size, out);
	free(data);
	return finish(out, name);
}

/* FOLDER/NAME for free() */
static char *in_folder(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = malloc(size);

	if (path)
		snprintf(path, size, "%s/%s", folder, name);
	return path;
}

static int convert_one(const struct fuzz_format *format, char **folders,
		       const char *name)
{
	char *from = in_folder(folders[0], name);
	char *to = in_folder(folders[1], name);
	int status = FUZZ_BAD;

	if (from && to)
		status = convert(format, false, (char *[]){ from, to });
	free(from);
	free(to);
	return status;
}

/* The files keep their names. */
static int convert_all(const struct fuzz_format *format, char **folders)
{
	struct dirent **names;
	int num = scandir(folders[0], &names, NULL, alphasort);
	int status = num < 0 ? bad(folders[0], "cannot be read") : 0;
	int i;

	for (i = 0; i < num; i++) {
		if (names[i]->d_name[0] != '.' && status == 0)
			status = convert_one(format, folders, names[i]->d_name);
		free(names[i]);
	}
	if (num >= 0)
		free(names);
	return status;
}

static const char formats_head[] =
	"<!-- SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause -->\n"
	"# The formats of the inputs\n\n"
	"Made by `fuzz_text --describe >fuzz/FORMATS.md`; ctest compares. uN "
	"is a number of N bits. A choice (\"or\")\nis the number modulo how "
	"many symbols there are; a set (\"+\") is a sum of symbols; other "
	"symbols name special\nnumbers.\n";

static int describe_all(void)
{
	size_t i;

	fputs(formats_head, stdout);
	for (i = 0; fuzz_formats[i]; i++) {
		putchar('\n');
		fuzz_describe(fuzz_formats[i], stdout);
	}
	return finish(stdout, "standard output");
}

static int list(void)
{
	size_t i;

	for (i = 0; fuzz_formats[i]; i++)
		puts(fuzz_formats[i]->name);
	return finish(stdout, "standard output");
}

static int run(const char *verb, const struct fuzz_format *format, int argc,
	       char **files)
{
	bool to_text = strcmp(verb, "--to-text") == 0;

	if ((to_text || strcmp(verb, "--to-binary") == 0) &&
	    (argc == 1 || argc == 2))
		return convert(format, to_text, files);
	if (strcmp(verb, "--all-to-binary") == 0 && argc == 2)
		return convert_all(format, files);
	if (argc)
		return bad(verb, "does not take these arguments");
	if (strcmp(verb, "--dictionary") == 0)
		fuzz_dictionary(format, stdout);
	else if (strcmp(verb, "--describe") == 0)
		fuzz_describe(format, stdout);
	else
		return bad(verb, "there is no such option");
	return finish(stdout, "standard output");
}

int main(int argc, char **argv)
{
	const struct fuzz_format *format;

	if (argc == 2 && strcmp(argv[1], "--targets") == 0)
		return list();
	if (argc == 2 && strcmp(argv[1], "--describe") == 0)
		return describe_all();
	if (argc < 3) {
		fputs(usage, stderr);
		return FUZZ_BAD;
	}
	format = fuzz_format_find(argv[2]);
	if (!format)
		return bad(argv[2], "there is no such target");
	return run(argv[1], format, argc - 3, argv + 3);
}
