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

static bool is_empty(const struct s1inv_vtd_desc *desc)
{
	return !(desc->qw[0] | desc->qw[1]);
}

/* --------------------------------------------------- a refused descriptor */

static bool is_page_selective_piotlb(const struct s1inv_vtd_fields *f)
{
	return f->type == S1INV_VTD_TYPE_PIOTLB && f->g == S1INV_VTD_PG_PAGE;
}

/* Valid by the specification: what receivers are known to dislike in it */
static void say_dislikes(json_t *list, const struct s1inv_vtd_desc *desc)
{
	struct s1inv_vtd_mode no_dit = any_mode, no_pds = any_mode;
	struct s1inv_vtd_decoded is;

	no_dit.dit = false;
	no_pds.pds = false;
	s1inv_vtd_decode(desc, &any_mode, &is);
	if (is_page_selective_piotlb(&is.fields) && is.fields.am > QEMU_MAMV)
		tool_json_say(
			list,
			"AM %u is allowed: CAP.MAMV bounds type 2, not type "
			"6 (VT-d 11.4.2). A receiver that bounds it all the "
			"same, as QEMU does at %u, refuses the descriptor, "
			"and is wrong.",
			is.fields.am, QEMU_MAMV);
	if (is.fields.type == S1INV_VTD_TYPE_IOTLB &&
	    is.fields.g == S1INV_VTD_G_PAGE)
		tool_json_say(list,
			      "AM of type 2 must not be above CAP.MAMV of this "
			      "unit, and CAP.PSI must be set; here AM is %u.",
			      is.fields.am);
	if (is.fields.type == S1INV_VTD_TYPE_WAIT && !is.fields.sw &&
	    !is.fields.wif)
		tool_json_say(
			list,
			"A wait with neither IF nor SW is legal (VT-d 7.10), "
			"but QEMU up to 10.0 refuses it.");
	if (violations(desc, &no_dit))
		tool_json_say(
			list,
			"PFSID is reserved where ECAP.DIT is 0, and here it "
			"is not 0.");
	if (violations(desc, &no_pds))
		tool_json_say(list,
			      "PD is reserved where ECAP.PDS is 0, and here it "
			      "is 1.");
	if (is.fields.type > S1INV_VTD_TYPE_WAIT)
		tool_json_say(list,
			      "It needs scalable mode and a queue of 256-bit "
			      "descriptors.");
	else if (is.fields.type == S1INV_VTD_TYPE_DEVTLB)
		tool_json_say(list, "It needs a unit with ECAP.DT.");
}

static void say_refused(json_t *list, const struct log_error *e)
{
	const struct s1inv_vtd_desc *desc = &e->head.desc;

	if (e->fault.broken) {
		tool_json_say(
			list,
			"No descriptor is to blame, QI HEAD is only where "
			"the queue stood: see docs/spec.md, QUE-6.");
		return;
	}
	if (!e->head.have) {
		tool_json_say(list,
			      "Which descriptor it was is lost: there is no QI "
			      "HEAD line for it.");
		return;
	}
	if (is_empty(desc)) {
		tool_json_say(
			list,
			"The slot holds no descriptor at all: hardware read "
			"one that nobody had filled, or it was "
			"overwritten.");
		return;
	}
	if (violations(desc, &any_mode)) {
		tool_json_say(
			list,
			"The descriptor breaks the specification, as marked "
			"above.");
		return;
	}
	tool_json_say(
		list,
		"As far as the log shows it, the descriptor is valid by the "
		"specification. What a receiver may have refused:");
	say_dislikes(list, desc);
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

	if (!d->have || sid == S1INV_VTD_NO_REQUESTER)
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
	if (!e->head.have)
		tool_json_say(list, "The log has no QI HEAD line for it.");
	else if (is_empty(&e->head.desc))
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

static void say_ite_driver(json_t *list, const struct log_error *e)
{
	tool_json_say(
		list,
		"What Linux does: it clears ITE, counts the waits in flight "
		"as aborted, and submits the same work again, without limit "
		"while the device is present%s.",
		e->fault.itesid == 0 ?
			"; with SID 0 it cannot find out whether it is" :
			"; once it is gone, the wait ends with ETIMEDOUT");
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
		e->head.have && is_empty(&e->head.desc) ?
			", an empty slot: all there was had been fetched" :
			"");
	tool_json_say(
		list,
		"What Linux does: it logs the error, clears it and goes on.");
}

/* What happened */
static json_t *what(const struct log_error *e)
{
	json_t *list = json_array();

	for (unsigned int k = 0; k < KINDS; k++) {
		char *text;

		if (!(e->fault.status & kinds[k].bit))
			continue;
		text = tool_fault_text(&e->fault, kinds[k].bit);
		tool_json_say(list, "%s", text);
		free(text);
	}
	if (!e->fault.status)
		tool_json_say(
			list,
			"The line that says which error it was is missing.");
	return list;
}

/* What that means, and what the driver did */
static json_t *then(const struct log_error *e)
{
	json_t *list = json_array();

	if (e->head.torn || e->prior.torn)
		tool_json_say(
			list,
			"A line is torn: the numbers above may be cut off.");
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
		tool_say(2, 2, "%s", json_string_value(text));
	json_decref(list);
}

static struct tool_text times(uint64_t n)
{
	return n == 1 ? tool_text("once") : tool_text("%" PRIu64 " times", n);
}

static struct tool_text count_text(const struct log_count *c)
{
	if (c->times == 1)
		return tool_text("seen once, at %s", c->first.s);
	return tool_text("seen %" PRIu64
			 " times, first at %.20s, last at %.20s",
			 c->times, c->first.s, c->last.s);
}

static void print_count(const struct log_count *c)
{
	printf("  %s\n", count_text(c).s);
}

static unsigned int words_of(const struct s1inv_vtd_desc *desc)
{
	return desc->qw[2] | desc->qw[3] ? 4 : 2;
}

static void print_desc(const char *title, const struct log_desc *d, bool draw)
{
	char *line;

	if (!d->have)
		return;
	line = tool_desc_line(&d->desc);
	printf("\n");
	tool_say(2, 4, "%s: %s", title, line);
	if (draw && !is_empty(&d->desc)) {
		printf("\n");
		tool_desc_print(&d->desc, words_of(&d->desc), &any_mode, 2);
	}
	free(line);
}

static void print_kinds(const struct log_error *e)
{
	bool any = false;

	for (unsigned int k = 0; k < KINDS; k++) {
		if (!(e->fault.status & kinds[k].bit))
			continue;
		tool_print(TOOL_WRONG, "%s%s (%s)", any ? ", " : "",
			   kinds[k].name, kinds[k].key);
		any = true;
	}
	if (!any)
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
	struct log_desc d = { .desc = r->desc, .have = 3 };
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

static void print_traces(const struct log_facts *f)
{
	struct tool_table table = {
		.head = { "seen", "first", "last", "descriptor" },
		.columns = 4,
		.right = 1,
	};

	if (!f->traces)
		return;
	for (unsigned int i = 0; i < f->traces; i++) {
		const struct log_trace *t = &f->trace[i];
		bool bad = violations(&t->desc, &any_mode);
		struct tool_text n = tool_text("%" PRIu64, t->count.times);
		char *line = tool_desc_line(&t->desc);
		char *cell = tool_format("%s%s", line, bad ? " (INVALID)" : "");

		tool_table_add(&table, bad ? TOOL_WRONG : TOOL_PLAIN,
			       (const char *[]){ n.s, t->count.first.s,
						 t->count.last.s, cell });
		free(cell);
		free(line);
	}
	tool_print(TOOL_TITLE, "Descriptors in QEMU's trace\n");
	tool_table_print(&table, 2);
	printf("\n");
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
	if (f->dropped)
		printf("%" PRIu64 " more that differ are not shown.\n",
		       f->dropped);
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
	return d->have ? json_desc(&d->desc) : json_null();
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

static json_t *json_requester(uint16_t sid)
{
	return sid ? json_string(tool_sid_text(sid).s) : json_null();
}

static json_t *json_error(const struct log_error *e)
{
	json_t *o = json_counted(&e->count);

	tool_json_set(o, "errors", json_keys(e->fault.status));
	tool_json_set(o, "code", json_integer(e->fault.iqei));
	tool_json_set(o, "itesid", tool_json_hex(e->fault.itesid));
	tool_json_set(o, "icesid", tool_json_hex(e->fault.icesid));
	tool_json_set(o, "timed_out", json_requester(e->fault.itesid));
	tool_json_set(o, "sender", json_requester(e->fault.icesid));
	tool_json_set(o, "head", json_shown(&e->head));
	tool_json_set(o, "prior", json_shown(&e->prior));
	tool_json_set(o, "torn", json_boolean(e->head.torn || e->prior.torn));
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
	return o;
}
