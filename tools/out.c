/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Errors, numbers, options, and everything that lays out text.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

enum { WIDTH = 80, NARROWEST_PROSE = 16 };

static const char *command;
static bool colour;
static bool lines_are_unicode;

/* ------------------------------------------------------------------ errors */

void tool_set_command(const char *name)
{
	command = name;
}

char tool_printable(char c)
{
	return c >= ' ' && c <= '~' ? c : '?';
}

/* What the user typed may be in @text: it must not break the line. */
static void make_printable(char *text)
{
	for (; *text; text++)
		*text = tool_printable(*text);
}

int tool_error(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	make_printable(text);
	fprintf(stderr, "s1inv%s%s: %s\n", command ? " " : "",
		command ? command : "", text);
	return TOOL_BAD;
}

static void *check_memory(void *p)
{
	if (p)
		return p;
	tool_error("out of memory");
	exit(TOOL_REFUSED);
}

void *tool_alloc(size_t size)
{
	return check_memory(calloc(1, size));
}

static char *format_list(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0), nonnull(1)));

static char *format_list(const char *fmt, va_list ap)
{
	va_list again;
	size_t size;
	char *text;

	va_copy(again, ap);
	size = (size_t)vsnprintf(NULL, 0, fmt, again) + 1;
	va_end(again);
	text = tool_alloc(size);
	vsnprintf(text, size, fmt, ap);
	return text;
}

char *tool_format(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = format_list(fmt, ap);
	va_end(ap);
	return text;
}

/* ----------------------------------------------------------------- numbers */

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* strtoull() takes signs, blanks and overflow with it; this does not. */
static bool parse(const char *text, unsigned int base, uint64_t *value)
{
	uint64_t v = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned int d = (unsigned int)digit(*text);

		if (d >= base || v > (UINT64_MAX - d) / base)
			return false;
		v = v * base + d;
	}
	*value = v;
	return true;
}

static bool has_0x(const char *text)
{
	return text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

bool tool_u64(const char *text, uint64_t *value)
{
	return has_0x(text) ? parse(text + 2, 16, value) :
			      parse(text, 10, value);
}

bool tool_hex(const char *text, uint64_t *value)
{
	return parse(has_0x(text) ? text + 2 : text, 16, value);
}

/* Two or one hexadecimal digits before @end; advances behind @end. */
static bool sid_part(const char **text, char end, uint64_t max, uint64_t *part)
{
	char digits[3] = "";
	size_t n = strcspn(*text, end ? (char[]){ end, 0 } : "");

	if (n == 0 || n >= sizeof(digits) || (end && (*text)[n] != end))
		return false;
	memcpy(digits, *text, n);
	*text += n + (end ? 1 : 0);
	return parse(digits, 16, part) && *part <= max;
}

bool tool_sid(const char *text, uint64_t *value)
{
	uint64_t bus, dev, fn;

	if (!strchr(text, ':'))
		return tool_u64(text, value);
	if (strncmp(text, "0000:", 5) == 0)
		text += 5;
	if (!sid_part(&text, ':', 0xff, &bus) ||
	    !sid_part(&text, '.', 0x1f, &dev) || !sid_part(&text, '\0', 7, &fn))
		return false;
	*value = bus << 8 | dev << 3 | fn;
	return true;
}

/* ----------------------------------------------------------------- options */

/* The word that getopt_long() is in, with @c as its first letter, or NULL */
static const char *word_of(char **argv, int c)
{
	for (int i = optind - 1; i <= optind; i++) {
		if (argv[i] && argv[i][0] == '-' && argv[i][1] == (char)c)
			return argv[i];
	}
	return NULL;
}

/*
 * optopt is a letter, which can stand anywhere in a word; or 0, or the value of
 * a long option that was given a value, and then the word is behind us.
 */
static void bad_option(char **argv)
{
	const char *word = word_of(argv, optopt);

	if (optopt == 0 || optopt >= TOOL_OPT_JSON || optopt == TOOL_OPT_HELP)
		tool_error("bad option '%s'; see --help", argv[optind - 1]);
	else if (optopt >= '0' && optopt <= '9' && word)
		tool_error("'%s' is not a number; see --help", word);
	else
		tool_error("unknown option '-%c'; see --help", optopt);
}

int tool_option(int argc, char **argv, const struct option *longs)
{
	static char **current;
	int c;

	if (current != argv) {
		current = argv;
		optind = 1;
		opterr = 0;
	}
	c = getopt_long(argc, argv, ":h", longs, NULL);
	if (c == ':')
		tool_error("option '%s' needs a value", argv[optind - 1]);
	else if (c == '?')
		bad_option(argv);
	return c == ':' ? '?' : c;
}

int tool_help(const char *text)
{
	fputs(text, stdout);
	return TOOL_OK;
}

/* ------------------------------------------------------------------ output */

void tool_out_init(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	colour = isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
		 strcmp(term, "dumb") != 0;
	if (setlocale(LC_CTYPE, ""))
		lines_are_unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

const char *tool_style(enum tool_style style)
{
	static const char *const codes[] = {
		[TOOL_PLAIN] = "\033[0m",  [TOOL_TITLE] = "\033[1m",
		[TOOL_DIM] = "\033[2m",    [TOOL_GOOD] = "\033[32m",
		[TOOL_WARN] = "\033[33m",  [TOOL_WRONG] = "\033[1;31m",
		[TOOL_FIELD] = "\033[36m",
	};

	return colour ? codes[style] : "";
}

/* Text in a style; plain text gets no escape sequence at all. */
static void put(enum tool_style style, const char *text)
{
	if (style == TOOL_PLAIN)
		fputs(text, stdout);
	else
		printf("%s%s%s", tool_style(style), text,
		       tool_style(TOOL_PLAIN));
}

static void put_spaces(int n)
{
	printf("%*s", n > 0 ? n : 0, "");
}

void tool_print(enum tool_style style, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = format_list(fmt, ap);
	va_end(ap);
	put(style, text);
	free(text);
}

/* How much of @text fits in @room columns: whole words, at least one */
static size_t line_length(const char *text, size_t room)
{
	size_t end = strcspn(text, " ");
	size_t next = end;

	while (text[next]) {
		next += 1 + strcspn(text + next + 1, " ");
		if (next > room)
			break;
		end = next;
	}
	return end;
}

/* Print @text wrapped; the cursor is at column @at, later lines begin there. */
static void put_wrapped(enum tool_style style, const char *text, int at,
			int hang)
{
	for (;;) {
		size_t n = line_length(text, (size_t)(WIDTH - 1 - at));
		char *line = tool_format("%.*s", (int)n, text);

		put(style, line);
		putchar('\n');
		free(line);
		text += n;
		text += *text == ' ';
		if (!*text)
			return;
		put_spaces(hang);
		at = hang;
	}
}

void tool_say(int indent, int hang, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = format_list(fmt, ap);
	va_end(ap);
	put_spaces(indent);
	put_wrapped(TOOL_PLAIN, text, indent, hang);
	free(text);
}

/* ------------------------------------------------------------------ tables */

struct tool_row {
	enum tool_style style;
	char *cell[TOOL_COLUMNS];
};

void tool_table_add(struct tool_table *table, enum tool_style style,
		    const char *const *cells)
{
	struct tool_row *row;

	if (table->rows == table->room) {
		table->room = table->room ? table->room * 2 : 16;
		table->row = check_memory(
			realloc(table->row, table->room * sizeof(*table->row)));
	}
	row = &table->row[table->rows++];
	row->style = style;
	for (unsigned int c = 0; c < table->columns; c++)
		row->cell[c] = tool_format("%s", cells[c]);
}

static int column_width(const struct tool_table *table, unsigned int c)
{
	size_t width = strlen(table->head[c]);

	for (unsigned int r = 0; r < table->rows; r++) {
		size_t n = strlen(table->row[r].cell[c]);

		width = n > width ? n : width;
	}
	return (int)width;
}

/* How many cells there are before the rest of the row is empty */
static unsigned int filled_cells(const char *const *cell, unsigned int n)
{
	while (n > 0 && !*cell[n - 1])
		n--;
	return n;
}

static void put_last_cell(enum tool_style style, const char *text, int at)
{
	if (WIDTH - at < NARROWEST_PROSE)
		tool_print(style, "%s\n", text);
	else
		put_wrapped(style, text, at, at);
}

/* Blanks are put before a cell, never behind the last one of a row. */
static void put_row(const struct tool_table *table, enum tool_style style,
		    const char *const *cell, const int *width, int indent)
{
	unsigned int last = table->columns - 1;
	unsigned int filled = filled_cells(cell, table->columns);
	int at = indent, blanks = indent;

	for (unsigned int c = 0; c < filled; c++) {
		int pad = width[c] - (int)strlen(cell[c]);
		bool right = table->right >> c & 1U;

		put_spaces(blanks + (right ? pad : 0));
		if (c == last && !right) {
			put_last_cell(style, cell[c], at);
			return;
		}
		tool_print(style, "%s", cell[c]);
		blanks = 2 + (right ? 0 : pad);
		at += width[c] + 2;
	}
	putchar('\n');
}

void tool_table_print(struct tool_table *table, int indent)
{
	int width[TOOL_COLUMNS];

	for (unsigned int c = 0; c < table->columns; c++)
		width[c] = column_width(table, c);
	put_row(table, TOOL_DIM, table->head, width, indent);
	for (unsigned int r = 0; r < table->rows; r++) {
		struct tool_row *row = &table->row[r];

		put_row(table, row->style, (const char *const *)row->cell,
			width, indent);
		for (unsigned int c = 0; c < table->columns; c++)
			free(row->cell[c]);
	}
	free(table->row);
	table->row = NULL;
	table->rows = table->room = 0;
}

/* ------------------------------------------------------------------- boxes */

struct lines {
	const char *across, *down, *left[2], *middle[2], *right[2];
};

static const struct lines *line_set(void)
{
	static const struct lines ascii = {
		"-", "|", { "+", "+" }, { "+", "+" }, { "+", "+" },
	};
	static const struct lines unicode = {
		"\u2500",
		"\u2502",
		{ "\u250c", "\u2514" },
		{ "\u252c", "\u2534" },
		{ "\u2510", "\u2518" },
	};

	return lines_are_unicode ? &unicode : &ascii;
}

/* "63     52" over the box, or one number in the middle of a one-bit box. */
static struct tool_text ruler(const struct tool_box *box)
{
	if (box->msb == box->lsb)
		return tool_text("%u", box->msb);
	return tool_text("%u %u", box->msb, box->lsb);
}

static int box_width(const struct tool_box *box)
{
	size_t width = strlen(ruler(box).s);

	if (strlen(box->name) > width)
		width = strlen(box->name);
	if (strlen(box->value.s) > width)
		width = strlen(box->value.s);
	return (int)width + 2;
}

static void put_centred(enum tool_style style, const char *text, int width)
{
	int left = (width - (int)strlen(text)) / 2;

	put_spaces(left);
	put(style, text);
	put_spaces(width - left - (int)strlen(text));
}

/* The bit numbers of @box, in the middle of it or at its two ends */
static void write_ruler(const struct tool_box *box, char *line)
{
	int width = box_width(box);
	struct tool_text msb = tool_text("%u", box->msb);
	struct tool_text lsb = tool_text("%u", box->lsb);
	size_t n = strlen(lsb.s);

	if (box->msb == box->lsb) {
		memcpy(line + (width - (int)n) / 2, lsb.s, n);
		return;
	}
	memcpy(line + 1, msb.s, strlen(msb.s));
	memcpy(line + width - 1 - (int)n, lsb.s, n);
}

static void put_ruler(const struct tool_box *box, unsigned int num, int indent)
{
	int end = indent;
	char *line;

	for (unsigned int i = 0; i < num; i++)
		end += 1 + box_width(&box[i]);
	line = tool_format("%*s", end, "");
	end = indent;
	for (unsigned int i = 0; i < num; i++) {
		write_ruler(&box[i], line + end + 1);
		end += 1 + box_width(&box[i]);
	}
	while (end > 0 && line[end - 1] == ' ')
		end--;
	tool_print(TOOL_DIM, "%.*s", end, line);
	putchar('\n');
	free(line);
}

static void put_edge(const struct tool_box *box, unsigned int num, int indent,
		     bool bottom)
{
	const struct lines *l = line_set();

	put_spaces(indent);
	for (unsigned int i = 0; i < num; i++) {
		fputs(i ? l->middle[bottom] : l->left[bottom], stdout);
		for (int n = box_width(&box[i]); n > 0; n--)
			fputs(l->across, stdout);
	}
	printf("%s\n", l->right[bottom]);
}

static void put_texts(const struct tool_box *box, unsigned int num, int indent,
		      bool value)
{
	const struct lines *l = line_set();

	put_spaces(indent);
	for (unsigned int i = 0; i < num; i++) {
		fputs(l->down, stdout);
		put_centred(box[i].style, value ? box[i].value.s : box[i].name,
			    box_width(&box[i]));
	}
	printf("%s\n", l->down);
}

void tool_boxes_print(const struct tool_box *box, unsigned int num, int indent)
{
	put_ruler(box, num, indent);
	put_edge(box, num, indent, false);
	put_texts(box, num, indent, false);
	put_texts(box, num, indent, true);
	put_edge(box, num, indent, true);
}

/* ----------------------------------------------------- values for people */

struct tool_text tool_text(const char *fmt, ...)
{
	struct tool_text t;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t.s, sizeof(t.s), fmt, ap);
	va_end(ap);
	return t;
}

struct tool_text tool_sid_text(uint16_t sid)
{
	return tool_text("%02x:%02x.%x", sid >> 8U, sid >> 3U & 0x1fU,
			 sid & 7U);
}

struct tool_text tool_size_text(uint64_t pages)
{
	static const char units[][4] = { "KiB", "MiB", "GiB",
					 "TiB", "PiB", "EiB" };
	uint64_t n = pages * 4; /* KiB: up to 2^54 for the whole space */
	unsigned int u = 0;

	for (; n >= 1024 && n % 1024 == 0; u++)
		n /= 1024;
	if (n < 10240)
		return tool_text("%" PRIu64 " %s", n, units[u]);
	for (; n >= 10240; u++)
		n = (n + 512) / 1024;
	return tool_text("about %" PRIu64 " %s", n, units[u]);
}

struct tool_text tool_pages_text(uint64_t pages)
{
	return tool_text("%" PRIu64 " page%s (%s)", pages,
			 pages == 1 ? "" : "s", tool_size_text(pages).s);
}

/* -------------------------------------------------------------------- JSON */

int tool_json_print(json_t *doc)
{
	check_memory(doc);
	json_dumpf(doc, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(doc);
	return TOOL_OK;
}

json_t *tool_json_hex(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return json_string(text);
}

void tool_json_set(json_t *object, const char *key, json_t *value)
{
	if (!value || json_object_set_new(object, key, value) != 0)
		check_memory(NULL);
}

void tool_json_add(json_t *array, json_t *value)
{
	if (!value || json_array_append_new(array, value) != 0)
		check_memory(NULL);
}

void tool_json_say(json_t *list, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = format_list(fmt, ap);
	va_end(ap);
	tool_json_add(list, json_string(text));
	free(text);
}
