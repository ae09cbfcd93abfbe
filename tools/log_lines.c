/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The lines of a log: standard input without its escape sequences and with one
 * kind of line end, in pieces where a line is longer than there is room for.
 */
#include <stdio.h>
#include <string.h>

#include "log.h"

enum { ESC = 0x1b, BEL = 0x07 };

static bool is_within(int c, int first, int last)
{
	return c >= first && c <= last;
}

/* Skip bytes from @first to @last. Returns the one behind them. */
static int skip(int first, int last)
{
	int c;

	do
		c = getchar();
	while (is_within(c, first, last));
	return c;
}

/*
 * Everything up to BEL or ESC \, but no line end: the sequence may be torn.
 * True if it ends in the ESC of another one.
 */
static bool skip_string(void)
{
	int c;

	do
		c = getchar();
	while (c != BEL && c != ESC && c != '\n' && c != '\r' && c != EOF);
	if (c == BEL)
		return false;
	if (c != ESC) {
		ungetc(c, stdin);
		return false;
	}
	c = getchar();
	if (c == '\\')
		return false;
	ungetc(c, stdin);
	return true;
}

/*
 * What follows ESC, by ECMA-48: "[", parameters and one letter; "]", as
 * terminals know it, and a string; or blanks and the like, and one letter.
 * What does not end as it should is torn: the byte there is not part of it.
 * True if another ESC was read.
 */
static bool skip_escape(void)
{
	int lowest = 0x30;
	int c = getchar();

	if (c == ']')
		return skip_string();
	if (c == '[') {
		c = skip(0x20, 0x3f);
		lowest = 0x40;
	} else if (is_within(c, 0x20, 0x2f)) {
		c = skip(0x20, 0x2f);
	}
	if (!is_within(c, lowest, 0x7e))
		ungetc(c, stdin);
	return false;
}

/* The next byte; '\n' for a line end of any kind, also of "\r\r\n" */
static int next_byte(void)
{
	int c = getchar();

	while (c == ESC) {
		while (skip_escape())
			;
		c = getchar();
	}
	if (c != '\r')
		return c ? c : '?';
	c = skip('\r', '\r');
	if (c != '\n')
		ungetc(c, stdin);
	return '\n';
}

/* Make room: the end of a piece is kept, and nothing of a line. */
static void go_on(struct log_lines *l)
{
	size_t drop = l->part ? l->to - LOG_LOOK_BACK : l->len;

	l->len -= drop;
	memmove(l->text, l->text + drop, l->len);
	l->from = l->to - drop;
	l->first = !l->part;
}

bool log_lines_next(struct log_lines *l)
{
	int c = 0;

	if (l->over)
		return false;
	go_on(l);
	while (l->len < LOG_LINE_MAX) {
		c = next_byte();
		/* A line counts when it begins: what it says has its number. */
		l->number += l->first && l->len == 0 && c != EOF;
		if (c == '\n' || c == EOF)
			break;
		l->text[l->len++] = (char)c;
	}
	l->text[l->len] = '\0';
	l->part = c != '\n' && c != EOF;
	l->over = c == EOF;
	l->to = l->part ? l->len - LOG_LOOK_AHEAD : l->len;
	return true;
}
