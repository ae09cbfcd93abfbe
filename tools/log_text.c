/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What a log says, in words.
 *
 * The paragraphs are made once, as a list, and are printed or become JSON.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

/* The log does not say what its receiver can do: suppose that it can all. */
static const struct s1inv_vtd_mode any_mode = {
	.ttm = S1INV_VTD_TTM_SCALABLE,
	.wide = true,
	.dt = true,
	.dit = true,
	.pds = true,
	.prs = true,
	.hpts = true,
};

/* QEMU 10.0 bounds AM by this CAP.MAMV of its own, in type 6 too. */
#define QEMU_MAMV 18U

static const struct {
	uint32_t bit;
	const char *key, *name;
} kinds[] = {
	{ S1INV_VTD_FSTS_IQE, "IQE", "Invalidation Queue Error" },
	{ S1INV_VTD_FSTS_ICE, "ICE", "Invalidation Completion Error" },
	{ S1INV_VTD_FSTS_ITE, "ITE", "Invalidation Time-out Error" },
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static uint32_t violations(const struct s1inv_vtd_desc *desc,
			   const struct s1inv_vtd_mode *mode)
{
	struct s1inv_vtd_decoded decoded;

	s1inv_vtd_decode(desc, mode, &decoded);
	return decoded.violations;
}

/* The log shows that the slot holds nothing. */
static bool is_empty(const struct log_desc *d)
{
	return log_desc_whole(d) && !(d->desc.qw[0] | d->desc.qw[1]);
}

/* "qw0 0x30036, qw1 is missing in the log", for free() */
static char *words_text(const struct log_desc *d)
{
	char *text = tool_format("%s", "");

	for (unsigned int qw = 0; qw < 4; qw++) {
		unsigned int bit = 1U << qw;
		char *before = text;
		struct tool_text is = tool_text(
			"%s", d->torn & bit ? "is torn" : "is missing");

		if (qw > 1 && !((d->have | d->torn) & bit))
			continue;
		if (d->have & bit)
			is = tool_text("0x%" PRIx64, d->desc.qw[qw]);
		text = tool_format("%s%sqw%u %s%s", before, qw ? ", " : "", qw,
				   is.s, d->have & bit ? "" : " in the log");
		free(before);
	}
	return text;
}

/* What a descriptor is about, as far as the log shows it, for free() */
static char *shown_line(const struct log_desc *d)
{
	const char *name = "";
	char *words, *line;

	if (log_desc_whole(d))
		return tool_desc_line(&d->desc);
	if (d->have & 1U && d->desc.qw[0])
		name = s1inv_vtd_type_name(s1inv_vtd_type(d->desc.qw[0]));
	words = words_text(d);
	line = tool_format("%s%s%s", name, *name ? ", " : "", words);
	free(words);
	return line;
}

/* --------------------------------------------------- a refused descriptor */

static bool is_page_selective_piotlb(const struct s1inv_vtd_fields *f)
{
	return f->type == S1INV_VTD_TYPE_PIOTLB && f->g == S1INV_VTD_PG_PAGE;
}

static void add_bounds(json_t *list, const struct s1inv_vtd_fields *f)
{
	if (is_page_selective_piotlb(f) && f->am > QEMU_MAMV)
		tool_json_say(
			list,
			"AM %u is allowed: CAP.MAMV bounds type 2, not type "
			"6 (VT-d 11.4.2). A receiver that bounds it all the "
			"same, as QEMU does at %u, refuses the descriptor, "
			"and is wrong.",
			f->am, QEMU_MAMV);
	if (f->type == S1INV_VTD_TYPE_IOTLB && f->g == S1INV_VTD_G_PAGE)
		tool_json_say(list,
			      "AM of type 2 must not be above CAP.MAMV of this "
			      "unit, and CAP.PSI must be set; here AM is %u.",
			      f->am);
	if (f->type == S1INV_VTD_TYPE_WAIT && !f->sw && !f->wif)
		tool_json_say(
			list,
			"A wait with neither IF nor SW is legal (VT-d 7.10), "
			"but QEMU up to 10.0 refuses it.");
}

static void add_capabilities(json_t *list, const struct s1inv_vtd_desc *desc)
{
	struct s1inv_vtd_mode no_dit = any_mode, no_pds = any_mode;
	uint8_t type = s1inv_vtd_type(desc->qw[0]);

	no_dit.dit = false;
	no_pds.pds = false;
	if (violations(desc, &no_dit))
		tool_json_say(
			list,
			"PFSID is reserved where ECAP.DIT is 0, and here it "
			"is not 0.");
	if (violations(desc, &no_pds))
		tool_json_say(list,
			      "PD is reserved where ECAP.PDS is 0, and here it "
			      "is 1.");
	if (type > S1INV_VTD_TYPE_WAIT)
		tool_json_say(list,
			      "It needs scalable mode and a queue of 256-bit "
			      "descriptors.");
	else if (type == S1INV_VTD_TYPE_DEVTLB)
		tool_json_say(list, "It needs a unit with ECAP.DT.");
}

/* Valid by the specification: what receivers are known to dislike in it */
static void say_dislikes(json_t *list, const struct s1inv_vtd_desc *desc)
{
	json_t *items = json_array(), *item;
	struct s1inv_vtd_decoded is;
	size_t i;

	s1inv_vtd_decode(desc, &any_mode, &is);
	add_bounds(items, &is.fields);
	add_capabilities(items, desc);
	if (json_array_size(items))
		tool_json_say(list, "What a receiver may have refused:");
	json_array_foreach(items, i, item)
		tool_json_say(list, "- %s", json_string_value(item));
	json_decref(items);
}

/* True, and it is said, if the log does not show what was refused. */
static bool say_not_shown(json_t *list, const struct log_error *e)
{
	if (!e->head.seen)
		tool_json_say(list,
			      "Which descriptor it was is lost: there is no QI "
			      "HEAD line for it.");
	else if (!log_desc_whole(&e->head))
		tool_json_say(list,
			      "Whether the descriptor is valid cannot be told: "
			      "the log does not show all of it.");
	else if (is_empty(&e->head))
		tool_json_say(
			list,
			"The slot holds no descriptor at all: hardware read "
			"one that nobody had filled, or it was "
			"overwritten.");
	else
		return false;
	return true;
}

static void say_refused(json_t *list, const struct log_error *e)
{
	if (e->fault.broken) {
		tool_json_say(
			list,
			"No descriptor is to blame, QI HEAD is only where "
			"the queue stood: see docs/spec.md, QUE-6.");
		return;
	}
	if (say_not_shown(list, e))
		return;
	if (violations(&e->head.desc, &any_mode)) {
		tool_json_say(
			list,
			"The descriptor breaks the specification, as marked "
			"above.");
		return;
	}
	tool_json_say(list, "As far as the log shows it, the descriptor is "
			    "valid by the specification.");
	say_dislikes(list, &e->head.desc);
}

static void say_iqe_driver(json_t *list, const struct log_error *e)
{
	if (e->cleared & S1INV_VTD_FSTS_IQE)
		tool_json_say(
			list,
			"What Linux did: it overwrote the refused descriptor "
			"with the wait of the submission, cleared IQE, and "
			"reported the failure (EINVAL) to the code that had "
			"submitted it. The invalidation was not done. "
			"Kernels up to 7.3 at least drop that error when "
			"they flush in batches, so that whoever asked is "
			"told of success while stale translations remain.");
	else
		tool_json_say(
			list,
			"What Linux did: the log has no line that IQE was "
			"cleared. Linux clears it only if the refused "
			"descriptor is the first of a submission; behind "
			"the first, kernels up to 7.3 never do, and all who "
			"use this queue wait for ever. Or the log ends too "
			"early.");
}

/* --------------------------------------------------------------- time-outs */

/* A descriptor near the time-out, and whether it is for the one that failed */
static void say_near(json_t *list, const struct log_error *e,
		     const struct log_desc *d, const char *which)
{
	uint32_t sid = s1inv_vtd_desc_requester(d->desc.qw[0]);
	struct tool_text near;

	if (!(d->have & 1U) || sid == S1INV_VTD_NO_REQUESTER)
		return;
	near = tool_sid_text((uint16_t)sid);
	if (e->fault.itesid == 0)
		tool_json_say(list,
			      "%s is for %s: the log shows no better candidate "
			      "than that function.",
			      which, near.s);
	else if (e->fault.itesid == sid)
		tool_json_say(list,
			      "%s is for %s, the function that timed out.",
			      which, near.s);
	else
		tool_json_say(
			list,
			"%s is for %s, and not for the function that timed "
			"out, %s.",
			which, near.s, tool_sid_text(e->fault.itesid).s);
}

static void say_culprit(json_t *list, const struct log_error *e)
{
	if (!e->head.seen)
		tool_json_say(list, "The log has no QI HEAD line for it.");
	else if (is_empty(&e->head))
		tool_json_say(
			list,
			"The slot at QI HEAD is empty: hardware had fetched "
			"all there was, and waited. What timed out stands "
			"in an earlier slot.");
	else
		tool_json_say(
			list,
			"QI HEAD is where fetching stopped, not necessarily "
			"the culprit: a descriptor that was fetched earlier "
			"may have timed out, and if all had been fetched, "
			"the slot holds what the last lap of the ring left "
			"there.");
	say_near(list, e, &e->head, "QI HEAD");
	say_near(list, e, &e->prior, "QI PRIOR, which was fetched last,");
}

/* Does Linux look whether the device is still there? */
static const char *presence_text(const struct log_error *e)
{
	if (e->unread & S1INV_VTD_FSTS_ITE)
		return "; with SID 0 it could not find out whether it is";
	if (e->fault.itesid == 0)
		return "; with SID 0 it cannot find out whether it is";
	return ". Once it is gone, the CPU that sees ITE first gives up its "
	       "own submission with ETIMEDOUT, be that for this device or "
	       "not: what it had asked for may not have been done, also for "
	       "devices that answer";
}

static void say_ite_driver(json_t *list, const struct log_error *e)
{
	tool_json_say(
		list,
		"What Linux does: it clears ITE, counts the waits in flight "
		"as aborted, and submits the same work again, without limit "
		"while the device is present%s.",
		presence_text(e));
	if (e->count.times > 1)
		tool_json_say(list,
			      "It was seen %" PRIu64
			      " times: that is this loop, "
			      "with a device that does not answer.",
			      e->count.times);
}

static void say_ice(json_t *list, const struct log_error *e)
{
	tool_json_say(
		list, "QI HEAD is only where the queue stood at that moment%s.",
		is_empty(&e->head) ?
			", an empty slot: all there was had been fetched" :
			"");
	tool_json_say(
		list,
		"What Linux does: it logs the error, clears it and goes on.");
}

/* tool_fault_text() for a number that the log does not show */
static const char *unread_text(uint32_t bit)
{
	if (bit == S1INV_VTD_FSTS_IQE)
		return "The queue stopped. Why is not known: the Reason is "
		       "missing or torn in the log. If it was 0, 2, 3 or 4, "
		       "the descriptor at QI HEAD was refused, otherwise the "
		       "queue is at fault.";
	if (bit == S1INV_VTD_FSTS_ITE)
		return "A device did not answer a device-TLB invalidation in "
		       "time. Which one is not known: the SID is missing or "
		       "torn in the log.";
	return "A device sent an invalidation completion that nothing had "
	       "asked for. Which one is not known: the SID is missing or "
	       "torn in the log. The queue goes on.";
}

static void say_kind(json_t *list, const struct log_error *e, uint32_t bit)
{
	char *text;

	if (e->unread & bit) {
		tool_json_say(list, "%s", unread_text(bit));
		return;
	}
	text = tool_fault_text(&e->fault, bit);
	tool_json_say(list, "%s", text);
	free(text);
}

/* What happened */
static json_t *what(const struct log_error *e)
{
	json_t *list = json_array();

	for (unsigned int k = 0; k < KINDS; k++) {
		if (e->fault.status & kinds[k].bit)
			say_kind(list, e, kinds[k].bit);
	}
	if (!e->fault.status)
		tool_json_say(
			list,
			"The line that says which error it was is missing.");
	return list;
}

/* A number is lost: of the error, or of a descriptor that is shown */
static bool is_torn(const struct log_error *e)
{
	return e->unread || (e->head.seen && !log_desc_whole(&e->head)) ||
	       (e->prior.seen && !log_desc_whole(&e->prior));
}

/* What that means, and what the driver did */
static json_t *then(const struct log_error *e)
{
	json_t *list = json_array();

	if (is_torn(e))
		tool_json_say(list, "A line is torn: nothing is made of what "
				    "is lost of it.");
	if (e->fault.status & S1INV_VTD_FSTS_IQE) {
		say_refused(list, e);
		say_iqe_driver(list, e);
	}
	if (e->fault.status & S1INV_VTD_FSTS_ITE) {
		say_culprit(list, e);
		say_ite_driver(list, e);
	}
	if (e->fault.status & S1INV_VTD_FSTS_ICE)
		say_ice(list, e);
	return list;
}

static void say_refusal(json_t *list, const struct log_refusal *refusal)
{
	if (violations(&refusal->desc, &any_mode))
		tool_json_say(
			list,
			"The descriptor breaks the specification, as marked "
			"above.");
	else
		say_dislikes(list, &refusal->desc);
	tool_json_say(
		list,
		"The guest gets an Invalidation Queue Error for it, and the "
		"invalidation is not done.");
}

/* ------------------------------------------------------------------- print */

static void print_list(json_t *list)
{
	size_t i;
	json_t *text;

	json_array_foreach(list, i, text)
	{
		const char *line = json_string_value(text);

		tool_say(2, strncmp(line, "- ", 2) == 0 ? 4 : 2, "%s", line);
	}
	json_decref(list);
}

static struct tool_text times(uint64_t n)
{
	return n == 1 ? tool_text("once") : tool_text("%" PRIu64 " times", n);
}

static void print_count(const struct log_count *c)
{
	if (c->times == 1)
		tool_say(2, 4, "seen once, at %s", c->first.s);
	else
		tool_say(2, 4,
			 "seen %" PRIu64 " times, first at %s, last at %s",
			 c->times, c->first.s, c->last.s);
}

static unsigned int words_of(const struct s1inv_vtd_desc *desc)
{
	return desc->qw[2] | desc->qw[3] ? 4 : 2;
}

static void print_desc(const char *title, const struct log_desc *d, bool draw)
{
	char *line;

	if (!d->seen)
		return;
	line = shown_line(d);
	printf("\n");
	tool_say(2, 4, "%s: %s", title, line);
	if (draw && log_desc_whole(d) && !is_empty(d)) {
		printf("\n");
		tool_desc_print(&d->desc, words_of(&d->desc), &any_mode, 2);
	}
	free(line);
}

/* All three would be too long for one line. */
static void print_kinds(const struct log_error *e)
{
	unsigned int n = 0;

	for (unsigned int k = 0; k < KINDS; k++) {
		if (!(e->fault.status & kinds[k].bit))
			continue;
		tool_print(TOOL_WRONG, "%s%s (%s)",
			   n == 0 ? "" :
			   n == 1 ? ", " :
				    ",\n",
			   kinds[k].name, kinds[k].key);
		n++;
	}
	if (n == 0)
		tool_print(TOOL_WRONG, "Unnamed error");
	printf("\n");
}

static void print_error(const struct log_error *e)
{
	print_kinds(e);
	print_count(&e->count);
	if (e->cleared)
		printf("  reported cleared %s\n", times(e->cleared_in).s);
	printf("\n");
	print_list(what(e));
	print_desc("QI HEAD", &e->head, true);
	print_desc("QI PRIOR", &e->prior, false);
	printf("\n");
	print_list(then(e));
	printf("\n");
}

static void print_refusal(const struct log_refusal *r)
{
	struct log_desc d = { .desc = r->desc, .seen = true, .have = 3 };
	json_t *list = json_array();

	tool_print(TOOL_WRONG, "Descriptor refused by QEMU");
	printf("%s%s\n", *r->reason ? ": " : "", r->reason);
	print_count(&r->count);
	print_desc("descriptor", &d, true);
	printf("\n");
	say_refusal(list, r);
	print_list(list);
	printf("\n");
}

static void print_unit(const struct log_unit *u)
{
	tool_print(TOOL_TITLE, "%s", *u->name ? u->name : "unit");
	printf("  cap 0x%" PRIx64 " ecap 0x%" PRIx64 "\n", u->cap, u->ecap);
	tool_caps_verdict(u->cap, u->ecap, 2);
	printf("\n");
}

static void print_statuses(const struct log_facts *f)
{
	for (unsigned int i = 0; i < f->statuses; i++) {
		const struct log_status *s = &f->status[i];
		bool queue = s->fsts &
			     (S1INV_VTD_FSTS_IQE | S1INV_VTD_FSTS_ICE |
			      S1INV_VTD_FSTS_ITE);

		tool_print(TOOL_TITLE, "Fault status 0x%" PRIx32, s->fsts);
		printf("%s%s%s%s%s\n",
		       queue ? ", of the queue:" :
			       ", not about the invalidation queue",
		       s->fsts & S1INV_VTD_FSTS_IQE ? " IQE" : "",
		       s->fsts & S1INV_VTD_FSTS_ICE ? " ICE" : "",
		       s->fsts & S1INV_VTD_FSTS_ITE ? " ITE" : "",
		       queue ? " (no error line goes with it)" : "");
		print_count(&s->count);
		printf("\n");
	}
}

/* Longer ones leave too little room beside them. */
enum { SHORT_TIME = 16 };

static bool has_long_times(const struct log_facts *f)
{
	for (unsigned int i = 0; i < f->traces; i++) {
		const struct log_count *c = &f->trace[i].count;

		if (strlen(c->first.s) > SHORT_TIME ||
		    strlen(c->last.s) > SHORT_TIME)
			return true;
	}
	return false;
}

/* With a column for each time, or where they are too long, in the prose */
static void add_trace(struct tool_table *table, const struct log_trace *t)
{
	const struct log_count *c = &t->count;
	bool bad = violations(&t->desc, &any_mode);
	struct tool_text n = tool_text("%" PRIu64, c->times);
	char *line = tool_desc_line(&t->desc);
	char *cell = tool_format("%s%s", line, bad ? " (INVALID)" : "");
	char *with_times = tool_format("%s; first at %s, last at %s", cell,
				       c->first.s, c->last.s);

	tool_table_add(
		table, bad ? TOOL_WRONG : TOOL_PLAIN,
		table->columns == 2 ?
			(const char *[]){ n.s, with_times } :
			(const char *[]){ n.s, c->first.s, c->last.s, cell });
	free(with_times);
	free(cell);
	free(line);
}

static void print_traces(const struct log_facts *f)
{
	struct tool_table narrow = {
		.head = { "seen", "descriptor" },
		.columns = 2,
		.right = 1,
	};
	struct tool_table wide = {
		.head = { "seen", "first", "last", "descriptor" },
		.columns = 4,
		.right = 1,
	};
	struct tool_table *table = has_long_times(f) ? &narrow : &wide;

	if (!f->traces)
		return;
	for (unsigned int i = 0; i < f->traces; i++)
		add_trace(table, &f->trace[i]);
	tool_print(TOOL_TITLE, "Descriptors in QEMU's trace\n");
	tool_table_print(table, 2);
	printf("\n");
}

static void print_lost(const struct log_facts *f)
{
	if (f->dropped)
		printf("%" PRIu64 " more that differ are not shown.\n",
		       f->dropped);
	if (f->torn)
		tool_say(
			0, 0,
			"Left out because a number is missing or torn: %" PRIu64
			" line%s.",
			f->torn, f->torn == 1 ? "" : "s");
	if (f->unfinished)
		tool_say(0, 0,
			 "The input ends in the middle of a line: the last "
			 "number above may be cut off.");
}

void log_print(const struct log_facts *f)
{
	if (!(f->errors | f->traces | f->refusals | f->units | f->statuses))
		printf("Nothing about a VT-d invalidation queue in %" PRIu64
		       " line%s.\n",
		       f->lines, f->lines == 1 ? "" : "s");
	for (unsigned int i = 0; i < f->units; i++)
		print_unit(&f->unit[i]);
	print_traces(f);
	for (unsigned int i = 0; i < f->refusals; i++)
		print_refusal(&f->refusal[i]);
	for (unsigned int i = 0; i < f->errors; i++)
		print_error(&f->error[i]);
	print_statuses(f);
	print_lost(f);
}

/* -------------------------------------------------------------------- JSON */

static json_t *json_counted(const struct log_count *c)
{
	json_t *o = json_object();

	tool_json_set(o, "count", json_integer((json_int_t)c->times));
	tool_json_set(o, "first", json_string(c->first.s));
	tool_json_set(o, "last", json_string(c->last.s));
	return o;
}

static json_t *json_desc(const struct s1inv_vtd_desc *desc)
{
	return tool_desc_json(desc, words_of(desc), &any_mode);
}

static json_t *json_shown(const struct log_desc *d)
{
	return log_desc_whole(d) ? json_desc(&d->desc) : json_null();
}

/* The quadwords one by one, with null for what is lost */
static json_t *json_shown_words(const struct log_desc *d)
{
	unsigned int num = (d->have | d->torn) >> 2 ? 4 : 2;
	json_t *list;

	if (!d->seen)
		return json_null();
	list = json_array();
	for (unsigned int qw = 0; qw < num; qw++)
		tool_json_add(list, d->have >> qw & 1U ?
					    tool_json_hex(d->desc.qw[qw]) :
					    json_null());
	return list;
}

static json_t *json_keys(uint32_t status)
{
	json_t *list = json_array();

	for (unsigned int k = 0; k < KINDS; k++) {
		if (status & kinds[k].bit)
			tool_json_add(list, json_string(kinds[k].key));
	}
	return list;
}

/* Does the log show the number that goes with @bit? */
static bool is_read(const struct log_error *e, uint32_t bit)
{
	return e->fault.status & ~e->unread & bit;
}

static json_t *json_sid(const struct log_error *e, uint32_t bit, uint16_t sid)
{
	return is_read(e, bit) ? tool_json_hex(sid) : json_null();
}

static json_t *json_requester(uint16_t sid)
{
	return sid ? json_string(tool_sid_text(sid).s) : json_null();
}

static json_t *json_error(const struct log_error *e)
{
	json_t *o = json_counted(&e->count);

	tool_json_set(o, "errors", json_keys(e->fault.status));
	tool_json_set(o, "code",
		      is_read(e, S1INV_VTD_FSTS_IQE) ?
			      json_integer(e->fault.iqei) :
			      json_null());
	tool_json_set(o, "itesid",
		      json_sid(e, S1INV_VTD_FSTS_ITE, e->fault.itesid));
	tool_json_set(o, "icesid",
		      json_sid(e, S1INV_VTD_FSTS_ICE, e->fault.icesid));
	tool_json_set(o, "timed_out", json_requester(e->fault.itesid));
	tool_json_set(o, "sender", json_requester(e->fault.icesid));
	tool_json_set(o, "head", json_shown(&e->head));
	tool_json_set(o, "head_words", json_shown_words(&e->head));
	tool_json_set(o, "prior", json_shown(&e->prior));
	tool_json_set(o, "prior_words", json_shown_words(&e->prior));
	tool_json_set(o, "torn", json_boolean(is_torn(e)));
	tool_json_set(o, "cleared", json_keys(e->cleared));
	tool_json_set(o, "cleared_count",
		      json_integer((json_int_t)e->cleared_in));
	tool_json_set(o, "what", what(e));
	tool_json_set(o, "then", then(e));
	return o;
}

static json_t *json_refusal(const struct log_refusal *r)
{
	json_t *o = json_counted(&r->count);
	json_t *list = json_array();

	say_refusal(list, r);
	tool_json_set(o, "reason", json_string(r->reason));
	tool_json_set(o, "descriptor", json_desc(&r->desc));
	tool_json_set(o, "then", list);
	return o;
}

static json_t *json_trace(const struct log_trace *t)
{
	json_t *o = json_counted(&t->count);

	tool_json_set(o, "descriptor", json_desc(&t->desc));
	return o;
}

static json_t *json_unit(const struct log_unit *u)
{
	json_t *o = json_counted(&u->count);

	tool_json_set(o, "name", json_string(u->name));
	tool_json_set(o, "capabilities", tool_caps_json(u->cap, u->ecap));
	return o;
}

static json_t *json_status(const struct log_status *s)
{
	json_t *o = json_counted(&s->count);

	tool_json_set(o, "fsts", tool_json_hex(s->fsts));
	return o;
}

json_t *log_json(const struct log_facts *f)
{
	json_t *units = json_array(), *traces = json_array();
	json_t *refusals = json_array(), *errors = json_array();
	json_t *statuses = json_array(), *o = json_object();

	for (unsigned int i = 0; i < f->units; i++)
		tool_json_add(units, json_unit(&f->unit[i]));
	for (unsigned int i = 0; i < f->traces; i++)
		tool_json_add(traces, json_trace(&f->trace[i]));
	for (unsigned int i = 0; i < f->refusals; i++)
		tool_json_add(refusals, json_refusal(&f->refusal[i]));
	for (unsigned int i = 0; i < f->errors; i++)
		tool_json_add(errors, json_error(&f->error[i]));
	for (unsigned int i = 0; i < f->statuses; i++)
		tool_json_add(statuses, json_status(&f->status[i]));
	tool_json_set(o, "lines", json_integer((json_int_t)f->lines));
	tool_json_set(o, "units", units);
	tool_json_set(o, "trace", traces);
	tool_json_set(o, "refusals", refusals);
	tool_json_set(o, "errors", errors);
	tool_json_set(o, "fault_status", statuses);
	tool_json_set(o, "not_shown", json_integer((json_int_t)f->dropped));
	tool_json_set(o, "left_out", json_integer((json_int_t)f->torn));
	tool_json_set(o, "unfinished", json_boolean(f->unfinished));
	return o;
}
