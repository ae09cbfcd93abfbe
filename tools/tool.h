/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What the subcommands of s1inv share: errors, numbers, options, output.
 *
 * A subcommand checks all of its input before it prints anything, so that bad
 * input leaves one line on standard error and nothing on standard output.
 */
#ifndef S1INV_TOOL_H
#define S1INV_TOOL_H

#include <getopt.h>
#include <jansson.h>
#include <s1inv/s1inv.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses. REFUSED: a valid answer that is no; also a failed write. */
enum { TOOL_OK = 0, TOOL_REFUSED = 1, TOOL_BAD = 2 };

/* ------------------------------------------------------------ subcommands */

/* argv[0] is the subcommand's own name; the result is the exit status. */
int cmd_replay(int argc, char **argv);
int cmd_decode(int argc, char **argv);
int cmd_encode(int argc, char **argv);
int cmd_cover(int argc, char **argv);
int cmd_fault(int argc, char **argv);
int cmd_caps(int argc, char **argv);
int cmd_vectors(int argc, char **argv);

/* ------------------------------------------------------------------ errors */

/* Which subcommand runs: tool_error() names it. */
void tool_set_command(const char *name);

/* One line "s1inv SUBCOMMAND: message" on standard error. Returns TOOL_BAD. */
int tool_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Memory of @size zeroed bytes; ends the program where there is none. */
void *tool_alloc(size_t size);

/* @c, or a question mark for what is no printable ASCII, in any locale */
char tool_printable(char c);

/* A formatted string in memory of its own, for free(). */
char *tool_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* ----------------------------------------------------------------- numbers */

/* The whole of @text as a number: 0x and hexadecimal digits, or decimal. */
bool tool_u64(const char *text, uint64_t *value);

/* The whole of @text as hexadecimal digits, with or without 0x. */
bool tool_hex(const char *text, uint64_t *value);

/*
 * A requester: a number as above, or bus:dev.fn as in af:00.3; the PCI domain
 * 0000: before it is taken, another one is not.
 */
bool tool_sid(const char *text, uint64_t *value);

/* ----------------------------------------------------------------- options */

/* For option tables; -h is the only short option, the rest has other values. */
enum { TOOL_OPT_HELP = 'h', TOOL_OPT_JSON = 256, TOOL_OPT_FIRST };

/* The rows that every subcommand's option table has. */
#define TOOL_OPTIONS                                                           \
	{ "help", no_argument, NULL, TOOL_OPT_HELP },                          \
	{                                                                      \
		"json", no_argument, NULL, TOOL_OPT_JSON                       \
	}

/*
 * getopt_long() without short options but -h, and with our own error lines.
 * Returns -1 at the end, '?' after a message was printed: return TOOL_BAD.
 * Starts anew for each argv.
 */
int tool_option(int argc, char **argv, const struct option *longs);

/* Print a help text. Returns TOOL_OK. */
int tool_help(const char *text);

/* ------------------------------------------------------------------ output */

/* Meanings, not colours; nothing is sent unless to a terminal that wants it. */
enum tool_style {
	TOOL_PLAIN,
	TOOL_TITLE,
	TOOL_DIM,
	TOOL_GOOD,
	TOOL_WARN,
	TOOL_WRONG,
	TOOL_FIELD
};

/* Finds out about the terminal; main() calls it once. */
void tool_out_init(void);

/* Escape sequence that begins @style, or "". TOOL_PLAIN ends any. */
const char *tool_style(enum tool_style style);

/* Print in a style. */
void tool_print(enum tool_style style, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Prose, broken at words to fit 80 columns and followed by a newline. The
 * first line is indented by @indent, and the others by @hang.
 */
void tool_say(int indent, int hang, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

enum { TOOL_COLUMNS = 8 };

/* A table with a heading; the last column is prose and is wrapped. */
struct tool_table {
	const char *head[TOOL_COLUMNS];
	unsigned int columns;
	unsigned int rows;
	unsigned int room;
	unsigned int right; /* bit per column that is aligned to the right */
	struct tool_row *row;
};

/* Add a row; the cells, as many as columns, are copied. */
void tool_table_add(struct tool_table *table, enum tool_style style,
		    const char *const *cells);

/* Print with @indent spaces before each line, then free the rows. */
void tool_table_print(struct tool_table *table, int indent);

/* ----------------------------------------------------- values for people */

enum { TOOL_TEXT = 96 };
struct tool_text {
	char s[TOOL_TEXT];
};

/* What printf() would print; what does not fit is cut off. */
struct tool_text tool_text(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));
/* "af:00.3" */
struct tool_text tool_sid_text(uint16_t sid);
/* "512 pages (2 MiB)", "1 page (4 KiB)"; also for 2^52 pages */
struct tool_text tool_pages_text(uint64_t pages);
/* "2 MiB": the size of 2^52 pages at most */
struct tool_text tool_size_text(uint64_t pages);

/* A box of a drawing: bits @msb to @lsb, two lines of text. */
struct tool_box {
	unsigned int msb;
	unsigned int lsb;
	enum tool_style style;
	const char *name;
	struct tool_text value;
};

/* Boxes in a row under a ruler of bit numbers, after @indent spaces. */
void tool_boxes_print(const struct tool_box *box, unsigned int num, int indent);

/* -------------------------------------------------------------------- JSON */

/* Print a document and let go of it. Returns TOOL_OK. */
int tool_json_print(json_t *doc);

/* "0x..." as a string, because JSON numbers do not hold 64 bits everywhere. */
json_t *tool_json_hex(uint64_t value);

/* json_object_set_new() for every kind of value, with failure fatal. */
void tool_json_set(json_t *object, const char *key, json_t *value);
void tool_json_add(json_t *array, json_t *value);

/* Add a formatted paragraph to @list. */
void tool_json_say(json_t *list, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* ------------------------------------------------------------- descriptors */

/* The receiver unless told: scalable mode, 256 bits, with DT, DIT and PRS. */
extern const struct s1inv_vtd_mode tool_mode_default;

/* What a descriptor is about, in one line without newline, for free(). */
char *tool_desc_line(const struct s1inv_vtd_desc *desc);

/* Boxes per quadword, table of fields, violations; @words is 2 or 4. */
void tool_desc_print(const struct s1inv_vtd_desc *desc, unsigned int words,
		     const struct s1inv_vtd_mode *mode, int indent);

/* The same as JSON. */
json_t *tool_desc_json(const struct s1inv_vtd_desc *desc, unsigned int words,
		       const struct s1inv_vtd_mode *mode);

/*
 * What @desc invalidates in an address space. False for a type without a
 * range, or an undefined size.
 */
bool tool_desc_range(const struct s1inv_vtd_desc *desc,
		     struct s1inv_vtd_block *block);

/* ----------------------------------------------------------- capabilities */

/* Can the unit do nested translation, and what bounds it: prose. */
void tool_caps_verdict(uint64_t cap, uint64_t ecap, int indent);
json_t *tool_caps_json(uint64_t cap, uint64_t ecap);

/* ------------------------------------------------------------------ faults */

/* What an IQE, ICE or ITE says about whom, for free(). */
char *tool_fault_text(const struct s1inv_vtd_fault *fault, uint32_t bit);

/* ---------------------------------------------------------------- the log */

/* s1inv decode --log */
int tool_log(bool json);

#endif /* S1INV_TOOL_H */
