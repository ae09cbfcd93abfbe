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
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

enum { LINE_MAX_LEN = 8192 };

struct reader {
	struct log_facts *facts;
	/* the error under way, kept when the next one begins */
	struct log_error now;
	bool open;
	struct log_desc *target; /* where quadwords go */
	struct log_unit unit;    /* a boot line under way */
	bool in_unit, has_cap;
	const char *line;
};

/* ------------------------------------------------------------- small parts */

static bool ends_number(char c)
{
	return c == '\0' || strchr(" \t,;)\"\\", c) != NULL;
}

/*
 * Hexadecimal digits at @text, with or without 0x. Returns what follows them,
 * or NULL if there are none. @torn: what follows is not what should.
 */
static const char *get_hex(const char *text, uint64_t *value, bool *torn)
{
	char digits[17] = "";
	size_t n;

	if (text[0] == '0' && text[1] == 'x')
		text += 2;
	n = strspn(text, "0123456789abcdefABCDEF");
	if (n == 0 || n >= sizeof(digits))
		return NULL;
	memcpy(digits, text, n);
	*torn = !ends_number(text[n]);
	return tool_hex(digits, value) ? text + n : NULL;
}

/* "[  147.069016]" that ends at @end, as Linux stamps its lines */
static size_t bracket_length(const char *line, const char *end)
{
	const char *p = end - 1;

	if (p <= line || *p != ']')
		return 0;
	do
		p--;
	while (p > line &&
	       (isdigit((unsigned char)*p) || *p == '.' || *p == ' '));
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
		t.s[i] = isprint((unsigned char)from[i]) ? from[i] : '?';
	t.s[i] = '\0';
	return t;
}

/* The time of what stands at @at: the last stamp before it in the line */
static struct log_time time_of(const struct reader *r, const char *at)
{
	struct log_time t;
	size_t n = 0;

	for (const char *p = at; p > r->line; p--) {
		n = bracket_length(r->line, p);
		if (n) {
			/* Without the brackets, and the blanks they pad with */
			const char *from = p - n + 1;
			size_t blanks = strspn(from, " ");

			return stamp(from + blanks, n - 2 - blanks);
		}
	}
	n = plain_length(r->line);
	if (n)
		return stamp(r->line, n);
	snprintf(t.s, sizeof(t.s), "line %" PRIu64, r->facts->lines);
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

/* A wait's status word and address differ each time, and say nothing. */
static bool same_desc(const struct s1inv_vtd_desc *a,
		      const struct s1inv_vtd_desc *b)
{
	if (S1INV_VTD_TYPE(a->qw[0]) == S1INV_VTD_TYPE_WAIT)
		return (uint32_t)a->qw[0] == (uint32_t)b->qw[0];
	return memcmp(a->qw, b->qw, sizeof(a->qw)) == 0;
}

/* ----------------------------------------------------- keep, or count again */

static bool same_error(const struct log_error *a, const struct log_error *b)
{
	return a->fault.status == b->fault.status &&
	       a->fault.iqei == b->fault.iqei &&
	       a->fault.itesid == b->fault.itesid &&
	       a->fault.icesid == b->fault.icesid &&
	       a->head.have == b->head.have &&
	       same_desc(&a->head.desc, &b->head.desc);
}

static void merge_error(struct log_error *into, const struct log_error *from)
{
	count(&into->count, &from->count);
	if (!into->prior.have)
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
	if (r->open && (r->now.fault.status & bit || r->now.head.have))
		close_error(r);
	if (!r->open) {
		memset(&r->now, 0, sizeof(r->now));
		r->now.count = once(r, at);
		r->open = true;
	}
	r->target = NULL;
}

static void see_error(struct reader *r, const char *at, const char *rest,
		      uint32_t bit)
{
	uint64_t iqercd, value;
	struct s1inv_vtd_fault one;
	bool torn;

	if (!get_hex(rest, &value, &torn))
		value = 0;
	begin_error(r, at, bit);
	iqercd = bit == S1INV_VTD_FSTS_IQE ? value & 0xf :
		 bit == S1INV_VTD_FSTS_ITE ? (value & 0xffff) << 32 :
					     value << 48;
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
	bool torn;

	/* The interrupt's line for an error that the waiter told of already */
	if (!get_hex(rest, &fsts, &torn) || fsts > UINT32_MAX ||
	    (r->open && r->now.fault.status & fsts))
		return;
	keep_status(r->facts, (uint32_t)fsts, once(r, at));
}

static void see_head(struct reader *r, const char *at, const char *rest)
{
	(void)rest;
	/* The line that says which error it was may be lost. */
	begin_error(r, at, 0);
	r->target = &r->now.head;
}

static void see_prior(struct reader *r, const char *at, const char *rest)
{
	(void)at;
	(void)rest;
	r->target = r->open && !r->now.prior.have ? &r->now.prior : NULL;
}

/* "qw1 = 0x14"; @at tells which, so that a line torn after qw0 is mended */
static void see_quadword(struct reader *r, const char *at, const char *rest)
{
	unsigned int qw = (unsigned int)(at[2] - '0');
	unsigned int bit = 1U << qw;
	uint64_t value;
	bool torn;

	if (!r->target || r->target->have & bit ||
	    !get_hex(rest, &value, &torn))
		return;
	r->target->desc.qw[qw] = value;
	r->target->have |= (uint8_t)bit;
	r->target->torn |= torn;
}

/* Older kernels name a refused descriptor like this, and nothing else. */
static void see_old_iqe(struct reader *r, const char *at, const char *rest)
{
	struct log_desc *head = &r->now.head;
	uint64_t low, high;
	bool torn;

	rest = get_hex(rest, &low, &torn);
	if (!rest || strncmp(rest, ", high=", 7) != 0 ||
	    !get_hex(rest + 7, &high, &torn))
		return;
	begin_error(r, at, S1INV_VTD_FSTS_IQE);
	r->now.fault.status |= S1INV_VTD_FSTS_IQE;
	head->desc.qw[0] = low;
	head->desc.qw[1] = high;
	head->have = 3;
	head->torn = torn;
}

/* "dmar0: reg_base_addr ...": the name stands before it. */
static void see_unit(struct reader *r, const char *at, const char *rest)
{
	const char *end = at, *begin;
	struct log_unit *unit = &r->unit;
	size_t n;

	(void)rest;
	while (end > r->line && strchr(": ", end[-1]))
		end--;
	begin = end;
	while (begin > r->line && isalnum((unsigned char)begin[-1]))
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
	bool torn;

	(void)at;
	r->has_cap = r->in_unit && get_hex(rest, &r->unit.cap, &torn) && !torn;
}

static void see_ecap(struct reader *r, const char *at, const char *rest)
{
	bool torn;

	(void)at;
	if (r->in_unit && r->has_cap && get_hex(rest, &r->unit.ecap, &torn) &&
	    !torn)
		keep_unit(r->facts, &r->unit);
	r->in_unit = false;
}

/* QEMU: "vtd_inv_desc invalidate desc type p-iotlb high 0x2 low 0x30036" */
static void see_trace(struct reader *r, const char *at, const char *rest)
{
	const char *high = strstr(rest, " high 0x");
	struct s1inv_vtd_desc desc = { { 0 } };
	bool torn;

	/* The type's name is one word: one far off is another line's */
	if (!high || high - rest > 64)
		return;
	rest = get_hex(high + 6, &desc.qw[1], &torn);
	if (!rest || strncmp(rest, " low 0x", 7) != 0 ||
	    !get_hex(rest + 5, &desc.qw[0], &torn))
		return;
	keep_trace(r->facts, &desc, once(r, at));
}

/* The parenthesis at the end of QEMU's complaint, made fit to be printed */
static void copy_reason(char *to, size_t size, const char *text)
{
	size_t n = 0;

	text += strspn(text, " ");
	if (*text == '(')
		for (text++; *text && *text != ')' && n + 1 < size; text++)
			to[n++] = isprint((unsigned char)*text) ? *text : '?';
	to[n] = '\0';
}

/* QEMU: "...: invalid piotlb inv desc: hi=0x14, lo=0x30036 (am=20 > ...)" */
static void see_refusal(struct reader *r, const char *at, const char *rest)
{
	struct log_refusal new = { .count = once(r, at) };
	bool torn;

	rest = get_hex(rest, &new.desc.qw[1], &torn);
	if (!rest || strncmp(rest, ", lo=", 5) != 0)
		return;
	rest = get_hex(rest + 5, &new.desc.qw[0], &torn);
	if (!rest)
		return;
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

static void read_line(struct reader *r, const char *line)
{
	r->line = line;
	r->in_unit = false;
	for (const char *at = line; *at; at++)
		read_at(r, at);
}

/* ------------------------------------------------------------------- lines */

/* How many bytes stand behind the last blank; 0 if there is none */
static size_t last_word(const char *buf, size_t n)
{
	size_t len = 0;

	while (len < n && buf[n - 1 - len] != ' ')
		len++;
	return len == n ? 0 : len;
}

/* The line in @buf has ended. */
static void end_line(struct reader *r, char *buf, size_t n)
{
	r->facts->lines++;
	buf[n] = '\0';
	read_line(r, buf);
}

/*
 * A line is longer than there is room for: read what is there but the last
 * word, which may be cut in two, and keep that. Returns its length.
 */
static size_t split_line(struct reader *r, char *buf, size_t n)
{
	size_t keep = last_word(buf, n);
	char word[LINE_MAX_LEN];

	memcpy(word, buf + n - keep, keep);
	buf[n - keep] = '\0';
	read_line(r, buf);
	memcpy(buf, word, keep);
	return keep;
}

static bool read_all(struct reader *r)
{
	static char buf[LINE_MAX_LEN + 1];
	size_t n = 0;
	int c;

	while ((c = getchar()) != EOF) {
		if (c == '\n' || c == '\r') {
			end_line(r, buf, n);
			n = 0;
			continue;
		}
		buf[n++] = c ? (char)c : '?';
		if (n == LINE_MAX_LEN)
			n = split_line(r, buf, n);
	}
	if (n)
		end_line(r, buf, n);
	close_error(r);
	return !ferror(stdin);
}

int tool_log(bool json)
{
	struct log_facts *facts = tool_alloc(sizeof(*facts));
	struct reader reader = { .facts = facts };
	int status = TOOL_OK;

	if (!read_all(&reader))
		status = tool_error("cannot read standard input: %s",
				    strerror(errno));
	else if (json)
		status = tool_json_print(log_json(facts));
	else
		log_print(facts);
	free(facts);
	return status;
}
