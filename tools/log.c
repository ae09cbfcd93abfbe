/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * s1inv decode --log: what the lines of Linux and QEMU say.
 *
 * Nothing about a line is certain but a few words: what stands before them
 * varies, other output tears lines apart or glues them together, and any bytes
 * at all can be in between. So the input is searched for those words, wherever
 * in a line they stand, and what belongs together is put together again from
 * their order.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

/* Hexadecimal digits of the numbers, at most: what has as many is whole. */
enum { REASON_DIGITS = 1, SID_DIGITS = 4, STATUS_DIGITS = 8, QW_DIGITS = 16 };

struct reader {
	struct log_facts *facts;
	struct log_lines lines;
	/* the error under way, kept when the next one begins */
	struct log_error now;
	bool open;
	struct log_desc *target; /* where quadwords go */
	struct log_unit unit;    /* a boot line under way */
	bool in_unit, has_cap;
	/* the time of a line's piece, for where the next one shows none */
	struct log_time piece_time;
};

/* ------------------------------------------------------------- small parts */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter_or_digit(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool ends_number(char c)
{
	return c == '\0' || strchr(" \t,;)\"\\", c) != NULL;
}

/*
 * The whole of a number of up to @most hexadecimal digits, with or without 0x.
 * False for none, for one that is longer, and for one that is torn: there can
 * have been more digits before what stands behind it. Advances behind it.
 */
static bool get_hex(struct reader *r, const char **text, size_t most,
		    uint64_t *value)
{
	char digits[QW_DIGITS + 1] = "";
	const char *from = *text;
	size_t n;

	if (from[0] == '0' && from[1] == 'x')
		from += 2;
	n = strspn(from, "0123456789abcdefABCDEF");
	if (n == 0 || n > most || (n < most && !ends_number(from[n])))
		return false;
	memcpy(digits, from, n);
	*text = from + n;
	if (n < most && r->lines.over && from[n] == '\0')
		r->facts->unfinished = true;
	return tool_hex(digits, value);
}

/* "[  147.069016]" that ends at @end, as Linux stamps its lines */
static size_t bracket_length(const char *line, const char *end)
{
	const char *p = end - 1;

	if (p <= line || *p != ']')
		return 0;
	do
		p--;
	while (p > line && (is_digit(*p) || *p == '.' || *p == ' '));
	return *p == '[' && memchr(p, '.', (size_t)(end - p)) ?
		       (size_t)(end - p) :
		       0;
}

/* "Nov 22 08:32:10", "2025-11-22T08:32:10+00:00", "1234@1700000000.5:" */
static size_t plain_length(const char *line)
{
	size_t word = strcspn(line, " ");
	size_t pid = strspn(line, "0123456789");

	if (word > 18 && line[4] == '-' && line[10] == 'T')
		return word;
	if (pid && line[pid] == '@')
		return pid + 1 + strspn(line + pid + 1, "0123456789.");
	if (strlen(line) > 15 && word == 3 && line[9] == ':' && line[12] == ':')
		return 15;
	return 0;
}

/* @n bytes of @from, made fit to be printed */
static struct log_time stamp(const char *from, size_t n)
{
	struct log_time t;
	size_t i;

	for (i = 0; i < n && i + 1 < sizeof(t.s); i++)
		t.s[i] = tool_printable(from[i]);
	t.s[i] = '\0';
	return t;
}

/* The time of what stands at @at: the last stamp before it in the line */
static struct log_time time_of(const struct reader *r, const char *at)
{
	const char *line = r->lines.text;
	struct log_time t;
	size_t n = 0;

	for (const char *p = at; p > line; p--) {
		n = bracket_length(line, p);
		if (n) {
			/* Without the brackets, and the blanks they pad with */
			const char *from = p - n + 1;
			size_t blanks = strspn(from, " ");

			return stamp(from + blanks, n - 2 - blanks);
		}
	}
	if (!r->lines.first)
		return r->piece_time;
	n = plain_length(line);
	if (n)
		return stamp(line, n);
	snprintf(t.s, sizeof(t.s), "line %" PRIu64, r->lines.number);
	return t;
}

static void count(struct log_count *c, const struct log_count *more)
{
	if (c->times == 0)
		c->first = more->first;
	c->last = more->last;
	c->times += more->times;
}

static struct log_count once(const struct reader *r, const char *at)
{
	struct log_count c = { 1, time_of(r, at), { "" } };

	c.last = c.first;
	return c;
}

/* A line is there, but not all of a number: nothing is made of it. */
static void leave_out(struct reader *r)
{
	r->facts->torn++;
}

/* A wait's status word and address differ each time, and say nothing. */
static bool same_desc(const struct s1inv_vtd_desc *a,
		      const struct s1inv_vtd_desc *b)
{
	if (s1inv_vtd_type(a->qw[0]) == S1INV_VTD_TYPE_WAIT)
		return (uint32_t)a->qw[0] == (uint32_t)b->qw[0];
	return memcmp(a->qw, b->qw, sizeof(a->qw)) == 0;
}

/* ----------------------------------------------------- keep, or count again */

/* What is lost of both is lost in both. */
static bool same_shown(const struct log_desc *a, const struct log_desc *b)
{
	return a->seen == b->seen && a->have == b->have && a->torn == b->torn &&
	       same_desc(&a->desc, &b->desc);
}

static bool same_error(const struct log_error *a, const struct log_error *b)
{
	return a->fault.status == b->fault.status && a->unread == b->unread &&
	       a->fault.iqei == b->fault.iqei &&
	       a->fault.itesid == b->fault.itesid &&
	       a->fault.icesid == b->fault.icesid &&
	       same_shown(&a->head, &b->head);
}

static void merge_error(struct log_error *into, const struct log_error *from)
{
	count(&into->count, &from->count);
	if (!log_desc_whole(&into->prior) && from->prior.seen)
		into->prior = from->prior;
	into->cleared |= from->cleared;
	into->cleared_in += from->cleared_in;
}

/* The error under way is complete. */
static void close_error(struct reader *r)
{
	struct log_facts *f = r->facts;
	unsigned int i = 0;

	r->target = NULL;
	if (!r->open)
		return;
	r->open = false;
	while (i < f->errors && !same_error(&f->error[i], &r->now))
		i++;
	if (i < f->errors)
		merge_error(&f->error[i], &r->now);
	else if (i < LOG_ERRORS)
		f->error[f->errors++] = r->now;
	else
		f->dropped++;
}

static void keep_trace(struct log_facts *f, const struct s1inv_vtd_desc *desc,
		       struct log_count c)
{
	unsigned int i = 0;

	while (i < f->traces && !same_desc(&f->trace[i].desc, desc))
		i++;
	if (i == LOG_TRACES) {
		f->dropped++;
		return;
	}
	if (i == f->traces)
		f->trace[f->traces++].desc = *desc;
	count(&f->trace[i].count, &c);
}

static void keep_refusal(struct log_facts *f, const struct log_refusal *new)
{
	unsigned int i = 0;

	while (i < f->refusals &&
	       (strcmp(f->refusal[i].reason, new->reason) != 0 ||
		!same_desc(&f->refusal[i].desc, &new->desc)))
		i++;
	if (i < f->refusals)
		count(&f->refusal[i].count, &new->count);
	else if (i < LOG_REFUSALS)
		f->refusal[f->refusals++] = *new;
	else
		f->dropped++;
}

static void keep_unit(struct log_facts *f, const struct log_unit *new)
{
	unsigned int i = 0;

	while (i < f->units &&
	       (f->unit[i].cap != new->cap || f->unit[i].ecap != new->ecap ||
		strcmp(f->unit[i].name, new->name) != 0))
		i++;
	if (i < f->units)
		count(&f->unit[i].count, &new->count);
	else if (i < LOG_UNITS)
		f->unit[f->units++] = *new;
	else
		f->dropped++;
}

static void keep_status(struct log_facts *f, uint32_t fsts, struct log_count c)
{
	unsigned int i = 0;

	while (i < f->statuses && f->status[i].fsts != fsts)
		i++;
	if (i == LOG_STATUSES) {
		f->dropped++;
		return;
	}
	if (i == f->statuses)
		f->status[f->statuses++].fsts = fsts;
	count(&f->status[i].count, &c);
}

/* ----------------------------------------------------- words that we know */

/* One look at the queue can report several errors, each one once. */
static void begin_error(struct reader *r, const char *at, uint32_t bit)
{
	if (r->open && (r->now.fault.status & bit || r->now.head.seen))
		close_error(r);
	if (!r->open) {
		memset(&r->now, 0, sizeof(r->now));
		r->now.count = once(r, at);
		r->open = true;
	}
	r->target = NULL;
}

/* The number of an error line, in its place in IQERCD_REG */
static bool get_iqercd(struct reader *r, const char *rest, uint32_t bit,
		       uint64_t *iqercd)
{
	bool iqe = bit == S1INV_VTD_FSTS_IQE;

	*iqercd = 0;
	if (!get_hex(r, &rest, iqe ? REASON_DIGITS : SID_DIGITS, iqercd))
		return false;
	if (!iqe)
		*iqercd <<= bit == S1INV_VTD_FSTS_ITE ? 32 : 48;
	return true;
}

static void see_error(struct reader *r, const char *at, const char *rest,
		      uint32_t bit)
{
	struct s1inv_vtd_fault one;
	uint64_t iqercd;

	begin_error(r, at, bit);
	if (!get_iqercd(r, rest, bit, &iqercd))
		r->now.unread |= bit;
	s1inv_vtd_fault_parse(bit, iqercd, &one);
	r->now.fault.status |= bit;
	r->now.fault.iqei |= one.iqei;
	r->now.fault.itesid |= one.itesid;
	r->now.fault.icesid |= one.icesid;
	r->now.fault.broken |= one.broken;
}

static void see_iqe(struct reader *r, const char *at, const char *rest)
{
	see_error(r, at, rest, S1INV_VTD_FSTS_IQE);
}

static void see_ice(struct reader *r, const char *at, const char *rest)
{
	see_error(r, at, rest, S1INV_VTD_FSTS_ICE);
}

static void see_ite(struct reader *r, const char *at, const char *rest)
{
	see_error(r, at, rest, S1INV_VTD_FSTS_ITE);
}

static void see_cleared(struct reader *r, uint32_t bit)
{
	if (!r->open || !(r->now.fault.status & bit))
		return;
	r->now.cleared_in += r->now.cleared == 0;
	r->now.cleared |= bit;
}

static void see_iqe_cleared(struct reader *r, const char *at, const char *rest)
{
	(void)at;
	(void)rest;
	see_cleared(r, S1INV_VTD_FSTS_IQE);
}

static void see_ice_cleared(struct reader *r, const char *at, const char *rest)
{
	(void)at;
	(void)rest;
	see_cleared(r, S1INV_VTD_FSTS_ICE);
}

static void see_ite_cleared(struct reader *r, const char *at, const char *rest)
{
	(void)at;
	(void)rest;
	see_cleared(r, S1INV_VTD_FSTS_ITE);
}

static void see_status(struct reader *r, const char *at, const char *rest)
{
	uint64_t fsts;

	if (!get_hex(r, &rest, STATUS_DIGITS, &fsts)) {
		leave_out(r);
		return;
	}
	/* The interrupt's line for an error that the waiter told of already */
	if (r->open && r->now.fault.status & fsts)
		return;
	keep_status(r->facts, (uint32_t)fsts, once(r, at));
}

static void see_head(struct reader *r, const char *at, const char *rest)
{
	(void)rest;
	/* The line that says which error it was may be lost. */
	begin_error(r, at, 0);
	r->target = &r->now.head;
	r->target->seen = true;
}

static void see_prior(struct reader *r, const char *at, const char *rest)
{
	(void)at;
	(void)rest;
	r->target = r->open && !r->now.prior.seen ? &r->now.prior : NULL;
	if (r->target)
		r->target->seen = true;
}

/* Read quadword @qw of @d at @text, and advance behind it. */
static void keep_quadword(struct reader *r, struct log_desc *d, unsigned int qw,
			  const char **text)
{
	if (get_hex(r, text, QW_DIGITS, &d->desc.qw[qw]))
		d->have |= (uint8_t)(1U << qw);
	else
		d->torn |= (uint8_t)(1U << qw);
}

/*
 * "qw1 = 0x14"; @at tells which, so that a line torn after qw0 is mended. They
 * stand in order: what is out of it belongs to a line whose head is lost.
 */
static void see_quadword(struct reader *r, const char *at, const char *rest)
{
	unsigned int qw = (unsigned int)(at[2] - '0');
	struct log_desc *d = r->target;

	if (d && (d->have | d->torn) >> qw)
		r->target = NULL;
	else if (d)
		keep_quadword(r, d, qw, &rest);
}

/* "0x14, lo=0x30036", with @between in between. Advances behind it. */
static bool get_pair(struct reader *r, const char **text, const char *between,
		     uint64_t *one, uint64_t *other)
{
	const char *p = *text;
	size_t n = strlen(between);

	if (!get_hex(r, &p, QW_DIGITS, one) || strncmp(p, between, n) != 0)
		return false;
	p += n;
	if (!get_hex(r, &p, QW_DIGITS, other))
		return false;
	*text = p;
	return true;
}

/* Older kernels name a refused descriptor like this, and nothing else. */
static void see_old_iqe(struct reader *r, const char *at, const char *rest)
{
	struct log_desc *head = &r->now.head;

	begin_error(r, at, S1INV_VTD_FSTS_IQE);
	r->now.fault.status |= S1INV_VTD_FSTS_IQE;
	r->now.unread |= S1INV_VTD_FSTS_IQE;
	head->seen = true;
	keep_quadword(r, head, 0, &rest);
	if (strncmp(rest, ", high=", 7) == 0) {
		rest += 7;
		keep_quadword(r, head, 1, &rest);
	}
}

/* "dmar0: reg_base_addr ...": the name stands before it. */
static void see_unit(struct reader *r, const char *at, const char *rest)
{
	const char *line = r->lines.text, *end = at, *begin;
	struct log_unit *unit = &r->unit;
	size_t n;

	(void)rest;
	while (end > line && strchr(": ", end[-1]))
		end--;
	begin = end;
	while (begin > line && is_letter_or_digit(begin[-1]))
		begin--;
	n = (size_t)(end - begin);
	if (n >= sizeof(unit->name))
		n = 0;
	memset(unit, 0, sizeof(*unit));
	memcpy(unit->name, begin, n);
	unit->count = once(r, at);
	r->in_unit = true;
	r->has_cap = false;
}

static void see_cap(struct reader *r, const char *at, const char *rest)
{
	(void)at;
	r->has_cap = r->in_unit && get_hex(r, &rest, QW_DIGITS, &r->unit.cap);
}

static void see_ecap(struct reader *r, const char *at, const char *rest)
{
	(void)at;
	if (!r->in_unit)
		return;
	r->in_unit = false;
	if (r->has_cap && get_hex(r, &rest, QW_DIGITS, &r->unit.ecap))
		keep_unit(r->facts, &r->unit);
	else
		leave_out(r);
}

/* QEMU: "vtd_inv_desc invalidate desc type p-iotlb high 0x2 low 0x30036" */
static void see_trace(struct reader *r, const char *at, const char *rest)
{
	struct s1inv_vtd_desc desc = { { 0 } };
	const char *high = strstr(rest, " high ");

	/* The type's name is one word: one far off is another line's */
	if (high && high - rest <= 64) {
		high += 6;
		if (get_pair(r, &high, " low ", &desc.qw[1], &desc.qw[0])) {
			keep_trace(r->facts, &desc, once(r, at));
			return;
		}
	}
	leave_out(r);
}

/* The parenthesis at the end of QEMU's complaint, made fit to be printed */
static void copy_reason(char *to, size_t size, const char *text)
{
	size_t n = 0;

	text += strspn(text, " ");
	if (*text == '(')
		for (text++; *text && *text != ')' && n + 1 < size; text++)
			to[n++] = tool_printable(*text);
	to[n] = '\0';
}

/* QEMU: "...: invalid piotlb inv desc: hi=0x14, lo=0x30036 (am=20 > ...)" */
static void see_refusal(struct reader *r, const char *at, const char *rest)
{
	struct log_refusal new = { .count = once(r, at) };

	if (!get_pair(r, &rest, ", lo=", &new.desc.qw[1], &new.desc.qw[0])) {
		leave_out(r);
		return;
	}
	copy_reason(new.reason, sizeof(new.reason), rest);
	keep_refusal(r->facts, &new);
}

static const struct {
	const char *text;
	void (*see)(struct reader *r, const char *at, const char *rest);
} marks[] = {
	{ "detected Invalidation Queue Error: Reason ", see_iqe },
	{ "detected Invalidation Time-out Error: SID ", see_ite },
	{ "detected Invalidation Completion Error: SID ", see_ice },
	{ "detected invalid descriptor: low=", see_old_iqe },
	{ "(IQE) cleared", see_iqe_cleared },
	{ "(ITE) cleared", see_ite_cleared },
	{ "(ICE) cleared", see_ice_cleared },
	{ "handling fault status reg ", see_status },
	{ "QI HEAD", see_head },
	{ "QI PRIOR", see_prior },
	{ "qw0 = ", see_quadword },
	{ "qw1 = ", see_quadword },
	{ "qw2 = ", see_quadword },
	{ "qw3 = ", see_quadword },
	{ "reg_base_addr ", see_unit },
	{ " cap ", see_cap },
	{ " ecap ", see_ecap },
	{ "vtd_inv_desc ", see_trace },
	{ " desc: hi=", see_refusal },
};

static void read_at(struct reader *r, const char *at)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const char *text = marks[i].text;

		if (*at == *text && strncmp(at, text, strlen(text)) == 0) {
			marks[i].see(r, at, at + strlen(text));
			return;
		}
	}
}

static void read_all(struct reader *r)
{
	struct log_lines *l = &r->lines;

	while (log_lines_next(l)) {
		if (l->first)
			r->in_unit = false;
		for (size_t i = l->from; i < l->to; i++)
			read_at(r, l->text + i);
		if (l->part)
			r->piece_time = time_of(r, l->text + l->to);
	}
	r->facts->lines = l->number;
	close_error(r);
}

int tool_log(bool json)
{
	struct log_facts *facts = tool_alloc(sizeof(*facts));
	struct reader *reader = tool_alloc(sizeof(*reader));
	int status = TOOL_OK;

	reader->facts = facts;
	read_all(reader);
	if (ferror(stdin))
		status = tool_error("cannot read standard input: %s",
				    strerror(errno));
	else if (json)
		status = tool_json_print(log_json(facts));
	else
		log_print(facts);
	free(reader);
	free(facts);
	return status;
}
