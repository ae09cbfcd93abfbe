/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A descriptor for the eye: boxes, a table of what its fields mean, a line.
 *
 * What the bits are comes from the core's decoder and layout; the words are
 * here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* Bits 3:0 and 11:9 of quadword 0, which no layout row names */
#define TYPE_LOW UINT64_C(0x00f)
#define TYPE_HIGH UINT64_C(0xe00)

const struct s1inv_vtd_mode tool_mode_default = {
	.ttm = S1INV_VTD_TTM_SCALABLE,
	.wide = true,
	.dt = true,
	.dit = true,
	.prs = true,
};

/* A descriptor on its way to paper */
struct view {
	const struct s1inv_vtd_desc *desc;
	const struct s1inv_vtd_mode *mode;
	struct s1inv_vtd_decoded is;
	const struct s1inv_vtd_field *layout;
	uint32_t fields;
	unsigned int words;
};

static void look(struct view *view, const struct s1inv_vtd_desc *desc,
		 unsigned int words, const struct s1inv_vtd_mode *mode)
{
	view->desc = desc;
	view->mode = mode;
	view->words = words;
	s1inv_vtd_decode(desc, mode, &view->is);
	view->layout = s1inv_vtd_layout(view->is.fields.type, &view->fields);
}

static uint64_t bits_mask(unsigned int lsb, unsigned int width)
{
	return (UINT64_MAX >> (64U - width)) << lsb;
}

static uint64_t field_mask(const struct s1inv_vtd_field *field)
{
	return bits_mask(field->lsb, field->width);
}

static bool is(const char *name, const char *other)
{
	return strcmp(name, other) == 0;
}

/* A field in two pieces is PFSID_LO and PFSID_HI: one name, two places. */
static bool is_low_piece(const struct s1inv_vtd_field *field)
{
	return is(field->name, "PFSID_LO");
}

static bool is_high_piece(const struct s1inv_vtd_field *field)
{
	return is(field->name, "PFSID_HI");
}

static const char *stem(const struct s1inv_vtd_field *field)
{
	return is_low_piece(field) || is_high_piece(field) ? "PFSID" :
							     field->name;
}

/* ------------------------------------------------------------------ ranges */

static bool selects_pages(const struct s1inv_vtd_fields *f)
{
	switch (f->type) {
	case S1INV_VTD_TYPE_IOTLB:
	case S1INV_VTD_TYPE_HPT:
		return f->g == S1INV_VTD_G_PAGE;
	case S1INV_VTD_TYPE_PIOTLB:
		return f->g == S1INV_VTD_PG_PAGE;
	default:
		return false;
	}
}

static bool fields_range(const struct s1inv_vtd_fields *f,
			 struct s1inv_vtd_block *block)
{
	uint64_t page = f->addr >> S1INV_VTD_PAGE_SHIFT;

	if (f->type == S1INV_VTD_TYPE_DEVTLB ||
	    f->type == S1INV_VTD_TYPE_PDEVTLB)
		return s1inv_vtd_size_decode(f->addr, f->s, block);
	if (!selects_pages(f) || f->am > S1INV_VTD_AM_MAX)
		return false;
	/* VT-d 6.5.2.3: the low AM bits of the page number are masked. */
	block->first = page >> f->am << f->am;
	block->order = f->am;
	return true;
}

bool tool_desc_range(const struct s1inv_vtd_desc *desc,
		     struct s1inv_vtd_block *block)
{
	struct s1inv_vtd_decoded decoded;

	s1inv_vtd_decode(desc, &tool_mode_default, &decoded);
	return fields_range(&decoded.fields, block);
}

static struct tool_text block_text(const struct s1inv_vtd_block *block)
{
	uint64_t first = block->first << S1INV_VTD_PAGE_SHIFT;
	uint64_t pages = UINT64_C(1) << block->order;
	uint64_t last = first + (pages << S1INV_VTD_PAGE_SHIFT) - 1;

	if (block->order == S1INV_VTD_AM_MAX)
		return tool_text("the whole address space");
	return tool_text("0x%" PRIx64 " to 0x%" PRIx64 ", %s", first, last,
			 tool_pages_text(pages).s);
}

/* ---------------------------------------------------------------- meanings */

static struct tool_text mean_g(const struct view *view)
{
	const struct s1inv_vtd_fields *f = &view->is.fields;

	return tool_text("%s", s1inv_vtd_g_name(f->type, f->g));
}

static struct tool_text mean_sid(const struct view *view)
{
	const struct s1inv_vtd_fields *f = &view->is.fields;

	if (f->type == S1INV_VTD_TYPE_CC && f->g != S1INV_VTD_G_DEVICE)
		return tool_text("ignored: not device-selective");
	return tool_text("requester %s", tool_sid_text(f->sid).s);
}

static struct tool_text mean_pfsid(const struct view *view)
{
	const struct s1inv_vtd_fields *f = &view->is.fields;

	if (!view->mode->dit)
		return tool_text("reserved: ECAP.DIT is 0");
	if (f->pfsid == f->sid)
		return tool_text("the requester itself, no virtual function");
	if (f->pfsid == 0)
		return tool_text("not given");
	return tool_text("its physical function, %s",
			 tool_sid_text(f->pfsid).s);
}

static struct tool_text mean_mip(const struct view *view)
{
	if (view->is.fields.mip == 0)
		return tool_text("means 32: no throttling");
	return tool_text("most invalidations pending");
}

static struct tool_text mean_did(const struct view *view)
{
	const struct s1inv_vtd_fields *f = &view->is.fields;

	if (f->type != S1INV_VTD_TYPE_PIOTLB &&
	    is(s1inv_vtd_g_name(f->type, f->g), "global"))
		return tool_text("ignored: global");
	return tool_text("domain id %u", f->did);
}

static struct tool_text mean_pasid(const struct view *view)
{
	const struct s1inv_vtd_fields *f = &view->is.fields;

	if (f->type == S1INV_VTD_TYPE_PC && f->g != S1INV_VTD_PC_PASID)
		return tool_text("ignored: not PASID-selective");
	if (f->type == S1INV_VTD_TYPE_PDEVTLB && f->gi)
		return tool_text("ignored: GI is 1");
	if (f->type == S1INV_VTD_TYPE_PGRESP && !f->pp)
		return tool_text("ignored: PP is 0");
	return tool_text("address space 0x%" PRIx32, f->pasid);
}

static struct tool_text mean_am(const struct view *view)
{
	const struct s1inv_vtd_fields *f = &view->is.fields;

	if (!selects_pages(f))
		return tool_text("ignored: not page-selective");
	if (f->am > S1INV_VTD_AM_MAX)
		return tool_text("undefined above %u", S1INV_VTD_AM_MAX);
	return tool_text("2^%u pages", f->am);
}

static struct tool_text mean_ih(const struct view *view)
{
	const struct s1inv_vtd_fields *f = &view->is.fields;

	if (f->type == S1INV_VTD_TYPE_HPT)
		return tool_text("invalidation hint");
	if (!selects_pages(f))
		return tool_text("ignored: not page-selective");
	return f->ih ? tool_text("hint: only leaf entries changed") :
		       tool_text("paging-structure caches too");
}

static struct tool_text mean_s(const struct view *view)
{
	return view->is.fields.s ? tool_text("size: lowest zero bit of ADDR") :
				   tool_text("one page");
}

static struct tool_text mean_gi(const struct view *view)
{
	return view->is.fields.gi ? tool_text("all PASIDs of the function") :
				    tool_text("this PASID only");
}

static struct tool_text mean_addr(const struct view *view)
{
	const struct s1inv_vtd_fields *f = &view->is.fields;
	struct s1inv_vtd_block block;

	if (f->type == S1INV_VTD_TYPE_WAIT)
		return f->sw ? tool_text("status address") :
			       tool_text("ignored: SW is 0");
	if (fields_range(f, &block))
		return block_text(&block);
	if (f->type == S1INV_VTD_TYPE_DEVTLB ||
	    f->type == S1INV_VTD_TYPE_PDEVTLB)
		return tool_text("undefined: all ones with S");
	return selects_pages(f) ? tool_text("undefined with this AM") :
				  tool_text("ignored: not page-selective");
}

static struct tool_text mean_fm(const struct view *view)
{
	static const char *const masks[] = {
		"SID as it is", "any bit 2 of SID: 2 functions",
		"any bits 2:1 of SID: 4 functions",
		"any bits 2:0 of SID: 8 functions"
	};
	const struct s1inv_vtd_fields *f = &view->is.fields;

	if (f->g != S1INV_VTD_G_DEVICE)
		return tool_text("ignored: not device-selective");
	return tool_text("%s", masks[f->fm & 3U]);
}

static struct tool_text mean_im(const struct view *view)
{
	const struct s1inv_vtd_fields *f = &view->is.fields;

	if (f->g != S1INV_VTD_IEC_INDEX)
		return tool_text("ignored: global");
	return tool_text("2^%u entries", f->im);
}

static struct tool_text mean_iidx(const struct view *view)
{
	const struct s1inv_vtd_fields *f = &view->is.fields;

	if (f->g != S1INV_VTD_IEC_INDEX)
		return tool_text("ignored: global");
	return tool_text("interrupt entry %u", f->iidx);
}

static struct tool_text mean_data(const struct view *view)
{
	return view->is.fields.sw ? tool_text("written to ADDR when done") :
				    tool_text("ignored: SW is 0");
}

static struct tool_text mean_pd(const struct view *view)
{
	if (!view->mode->pds)
		return tool_text("reserved: ECAP.PDS is 0");
	return view->is.fields.pd ? tool_text("drain page requests first") :
				    tool_text("no page-request drain");
}

static struct tool_text mean_rc(const struct view *view)
{
	switch (view->is.fields.rc) {
	case 0:
		return tool_text("success");
	case 1:
		return tool_text("invalid request");
	case 0xf:
		return tool_text("response failure");
	default:
		return tool_text("reserved response code");
	}
}

static struct tool_text mean_prgi(const struct view *view)
{
	return tool_text("page-request group %u", view->is.fields.prgi);
}

/* One-bit fields: what 0 and 1 mean */
static const struct {
	const char *name, *no, *yes;
} flags[] = {
	{ "DW", "no drain of writes", "drain writes" },
	{ "DR", "no drain of reads", "drain reads" },
	{ "IF", "no interrupt", "interrupt when done" },
	{ "SW", "no status write", "status write when done" },
	{ "FN", "no fence", "fence: what follows waits for it" },
	{ "PP", "without PASID", "with PASID" },
};

static const struct {
	const char *name;
	struct tool_text (*mean)(const struct view *view);
} meanings[] = {
	{ "G", mean_g },         { "SID", mean_sid },   { "RID", mean_sid },
	{ "PFSID", mean_pfsid }, { "MIP", mean_mip },   { "DID", mean_did },
	{ "HPTDID", mean_did },  { "AM", mean_am },     { "PASID", mean_pasid },
	{ "IH", mean_ih },       { "S", mean_s },       { "GI", mean_gi },
	{ "ADDR", mean_addr },   { "FM", mean_fm },     { "IM", mean_im },
	{ "IIDX", mean_iidx },   { "DATA", mean_data }, { "PD", mean_pd },
	{ "RC", mean_rc },       { "PRGI", mean_prgi },
};

static struct tool_text meaning(const struct view *view,
				const struct s1inv_vtd_field *field)
{
	bool set = s1inv_vtd_field_value(field, view->desc) != 0;

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (is(flags[i].name, field->name))
			return tool_text("%s",
					 set ? flags[i].yes : flags[i].no);
	}
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		if (is(meanings[i].name, stem(field)))
			return meanings[i].mean(view);
	}
	return tool_text("%s", "");
}

/* ------------------------------------------------------------ field values */

static uint64_t field_value(const struct view *view,
			    const struct s1inv_vtd_field *field)
{
	uint64_t value = s1inv_vtd_field_value(field, view->desc);

	if (is_low_piece(field) || is_high_piece(field))
		return view->is.fields.pfsid;
	/* An address is shown in its place, with its low bits 0. */
	return is(field->name, "ADDR") ? value << field->lsb : value;
}

/* Counts are read as decimal numbers, the rest as hexadecimal ones. */
static bool is_count(const struct s1inv_vtd_field *field)
{
	return field->width == 1 || is(field->name, "AM") ||
	       is(field->name, "MIP") || is(field->name, "IM") ||
	       is(field->name, "G") || is(field->name, "IH");
}

static struct tool_text value_text(const struct s1inv_vtd_field *field,
				   uint64_t value)
{
	return is_count(field) ? tool_text("%" PRIu64, value) :
				 tool_text("0x%" PRIx64, value);
}

/* ------------------------------------------------------------------- boxes */

/* The layout's row that has bit @bit of quadword @qw, or NULL */
static const struct s1inv_vtd_field *field_at(const struct view *view,
					      unsigned int qw, unsigned int bit)
{
	for (uint32_t i = 0; i < view->fields; i++) {
		const struct s1inv_vtd_field *field = &view->layout[i];

		if (field->qw == qw && field_mask(field) >> bit & 1U)
			return field;
	}
	return NULL;
}

enum kind { KIND_RESERVED, KIND_TYPE, KIND_IGNORED, KIND_FIELD };

static enum kind kind_at(const struct view *view, unsigned int qw,
			 unsigned int bit)
{
	uint64_t bits = UINT64_C(1) << bit;

	if (qw == 0 && (bits & (TYPE_LOW | TYPE_HIGH)))
		return KIND_TYPE;
	if (view->is.fields.type == S1INV_VTD_TYPE_PGRESP && qw == 1 &&
	    bits == S1INV_VTD_PGRESP_IGNORED_QW1)
		return KIND_IGNORED;
	return field_at(view, qw, bit) ? KIND_FIELD : KIND_RESERVED;
}

/* The lowest bit of the box whose highest is @msb */
static unsigned int box_end(const struct view *view, unsigned int qw,
			    unsigned int msb)
{
	const struct s1inv_vtd_field *field = field_at(view, qw, msb);
	enum kind kind = kind_at(view, qw, msb);
	unsigned int lsb = msb;

	if (field)
		return field->lsb;
	while (lsb > 0 && kind_at(view, qw, lsb - 1) == kind)
		lsb--;
	return lsb;
}

static void fill_box(const struct view *view, unsigned int qw,
		     struct tool_box *box)
{
	static const char *const names[] = { "rsvd", "TYPE", "ign", "" };
	const struct s1inv_vtd_field *field = field_at(view, qw, box->msb);
	uint64_t mask = bits_mask(box->lsb, box->msb - box->lsb + 1);
	uint64_t value = (view->desc->qw[qw] & mask) >> box->lsb;
	enum kind kind = kind_at(view, qw, box->msb);
	bool bad = view->is.reserved[qw] & mask;
	struct tool_text shown =
		tool_text("%s0x%" PRIx64, bad ? "!" : "", value);

	box->style = field ? TOOL_FIELD : TOOL_DIM;
	if (kind == KIND_TYPE || (view->fields == 0 && value))
		box->style = TOOL_TITLE;
	if (bad)
		box->style = TOOL_WRONG;
	box->name = field ? stem(field) : names[kind];
	if (view->fields == 0 && kind == KIND_RESERVED)
		box->name = "?";
	if (field && is(field->name, "ADDR"))
		shown = value_text(field, value << field->lsb);
	else if (field && !bad)
		shown = value_text(field, value);
	else if (!value)
		shown = tool_text("0");
	box->value = shown;
}

static void print_boxes(const struct view *view, unsigned int qw, int indent)
{
	struct tool_box box[64];
	unsigned int num = 0, bit = 64;

	while (bit > 0) {
		box[num].msb = bit - 1;
		box[num].lsb = bit = box_end(view, qw, bit - 1);
		fill_box(view, qw, &box[num++]);
	}
	tool_boxes_print(box, num, indent);
}

static void print_quadword(const struct view *view, unsigned int qw, int indent)
{
	tool_print(TOOL_PLAIN, "%*sqw%u  ", indent, "", qw);
	tool_print(TOOL_TITLE, "0x%016" PRIx64 "\n", view->desc->qw[qw]);
	if (qw < 2 || view->desc->qw[qw])
		print_boxes(view, qw, indent + 1);
}

/* ------------------------------------------------------------------- table */

static struct tool_text place(const struct s1inv_vtd_field *field)
{
	unsigned int msb = field->lsb + field->width - 1U;

	if (is_low_piece(field))
		return tool_text("qw0 63:52, 15:12");
	if (field->width == 1)
		return tool_text("qw%u %u", field->qw, msb);
	return tool_text("qw%u %u:%u", field->qw, msb, field->lsb);
}

static void add_field(const struct view *view,
		      const struct s1inv_vtd_field *field,
		      struct tool_table *table)
{
	bool bad = view->is.reserved[field->qw] & field_mask(field);
	struct tool_text at = place(field), means = meaning(view, field);
	struct tool_text value = value_text(field, field_value(view, field));

	tool_table_add(table, bad ? TOOL_WRONG : TOOL_PLAIN,
		       (const char *[]){ at.s, stem(field), value.s, means.s });
}

/* A reserved run that is set, as a row of its own */
static void add_reserved(const struct view *view, struct tool_table *table,
			 unsigned int qw, unsigned int msb, unsigned int lsb)
{
	uint64_t bits = view->is.reserved[qw] & bits_mask(lsb, msb - lsb + 1);
	struct tool_text at = tool_text("qw%u %u:%u", qw, msb, lsb);
	struct tool_text value = tool_text("0x%" PRIx64, bits >> lsb);

	if (msb == lsb)
		at = tool_text("qw%u %u", qw, msb);
	if (bits)
		tool_table_add(
			table, TOOL_WRONG,
			(const char *[]){ at.s, "rsvd", value.s, "must be 0" });
}

static void add_reserved_of(const struct view *view, struct tool_table *table,
			    unsigned int qw)
{
	unsigned int bit = 64;

	while (bit > 0) {
		unsigned int msb = bit - 1;

		bit = box_end(view, qw, msb);
		if (kind_at(view, qw, msb) == KIND_RESERVED)
			add_reserved(view, table, qw, msb, bit);
	}
}

static void print_table(const struct view *view, int indent)
{
	struct tool_table table = {
		.head = { "bits", "field", "value", "meaning" },
		.columns = 4,
	};
	uint8_t type = view->is.fields.type;
	struct tool_text value = tool_text("0x%x", type);

	tool_table_add(&table, TOOL_TITLE,
		       (const char *[]){ "qw0 11:9, 3:0", "TYPE", value.s,
					 s1inv_vtd_type_name(type) });
	for (uint32_t i = 0; i < view->fields; i++) {
		if (!is_high_piece(&view->layout[i]))
			add_field(view, &view->layout[i], &table);
	}
	for (unsigned int qw = 0; qw < view->words; qw++)
		add_reserved_of(view, &table, qw);
	tool_table_print(&table, indent);
}

/* -------------------------------------------------------------- violations */

static const char *mode_name(const struct s1inv_vtd_mode *mode)
{
	static const char *const names[] = { "legacy", "scalable", "reserved",
					     "abort-DMA" };

	return names[(unsigned int)mode->ttm & 3U];
}

static struct tool_text violation_text(const struct view *view, uint32_t bit)
{
	const struct s1inv_vtd_fields *f = &view->is.fields;
	unsigned int width = view->mode->wide ? 256 : 128;

	switch (bit) {
	case S1INV_VTD_BAD_TYPE:
		return view->fields ?
			       tool_text(
				       "the type needs a capability that is off") :
			       tool_text("no such descriptor type");
	case S1INV_VTD_BAD_MODE:
		return tool_text("not a type for a %u-bit queue in %s mode",
				 width, mode_name(view->mode));
	case S1INV_VTD_BAD_RESERVED:
		return tool_text("reserved bits are set, marked above");
	case S1INV_VTD_BAD_G:
		return tool_text("granularity %u is reserved", f->g);
	default:
		return tool_text("AM %u is undefined: the largest is %u", f->am,
				 S1INV_VTD_AM_MAX);
	}
}

static const struct {
	uint32_t bit;
	const char *key;
} violations[] = {
	{ S1INV_VTD_BAD_TYPE, "type" },
	{ S1INV_VTD_BAD_MODE, "mode" },
	{ S1INV_VTD_BAD_RESERVED, "reserved" },
	{ S1INV_VTD_BAD_G, "granularity" },
	{ S1INV_VTD_BAD_AM, "am" },
};
enum { VIOLATIONS = sizeof(violations) / sizeof(*violations) };

static void print_verdict(const struct view *view, int indent)
{
	if (!view->is.violations) {
		tool_print(TOOL_GOOD, "%*svalid", indent, "");
		tool_print(TOOL_PLAIN, " in a %s-bit queue, %s mode\n",
			   view->mode->wide ? "256" : "128",
			   mode_name(view->mode));
		return;
	}
	for (unsigned int i = 0; i < VIOLATIONS; i++) {
		if (!(view->is.violations & violations[i].bit))
			continue;
		tool_print(TOOL_WRONG, "%*sviolation", indent, "");
		tool_print(TOOL_PLAIN, ": %s\n",
			   violation_text(view, violations[i].bit).s);
	}
}

void tool_desc_print(const struct s1inv_vtd_desc *desc, unsigned int words,
		     const struct s1inv_vtd_mode *mode, int indent)
{
	struct view view;

	look(&view, desc, words, mode);
	for (unsigned int qw = 0; qw < words; qw++)
		print_quadword(&view, qw, indent);
	tool_print(TOOL_PLAIN, "\n");
	print_table(&view, indent);
	print_verdict(&view, indent);
}

/* -------------------------------------------------------------------- line */

/* "0x0 to 0xfff, 1 page (4 KiB)", or what stands in its place */
static struct tool_text what(const struct s1inv_vtd_fields *f)
{
	struct s1inv_vtd_block block;

	if (fields_range(f, &block))
		return block_text(&block);
	return selects_pages(f) || !*s1inv_vtd_g_name(f->type, f->g) ?
		       tool_text("an undefined range") :
		       tool_text("%s", s1inv_vtd_g_name(f->type, f->g));
}

static char *wait_line(const struct s1inv_vtd_fields *f)
{
	struct tool_text status = tool_text("%s", "");

	if (f->sw)
		status = tool_text(", writes 0x%" PRIx32 " to 0x%" PRIx64,
				   f->data, f->addr);
	return tool_format("invalidation wait%s%s%s%s", status.s,
			   f->fn ? ", fence" : "", f->wif ? ", interrupt" : "",
			   f->pd ? ", page-request drain" : "");
}

static char *fields_line(const struct s1inv_vtd_fields *f)
{
	const char *name = s1inv_vtd_type_name(f->type);
	struct tool_text for_pasid = tool_text(", PASID 0x%" PRIx32, f->pasid);

	switch (f->type) {
	case S1INV_VTD_TYPE_WAIT:
		return wait_line(f);
	case S1INV_VTD_TYPE_DEVTLB:
		return tool_format("%s for %s: %s", name,
				   tool_sid_text(f->sid).s, what(f).s);
	case S1INV_VTD_TYPE_PDEVTLB:
		return tool_format(
			"%s for %s%s: %s", name, tool_sid_text(f->sid).s,
			f->gi ? ", all PASIDs" : for_pasid.s, what(f).s);
	case S1INV_VTD_TYPE_IOTLB:
	case S1INV_VTD_TYPE_HPT:
		return tool_format("%s, domain %u: %s", name, f->did,
				   what(f).s);
	case S1INV_VTD_TYPE_PIOTLB:
		return tool_format("%s, domain %u%s: %s", name, f->did,
				   for_pasid.s, what(f).s);
	case S1INV_VTD_TYPE_PGRESP:
		return tool_format("%s to %s, group %u", name,
				   tool_sid_text(f->sid).s, f->prgi);
	default:
		return tool_format("%s, %s", name,
				   s1inv_vtd_g_name(f->type, f->g));
	}
}

char *tool_desc_line(const struct s1inv_vtd_desc *desc)
{
	struct s1inv_vtd_decoded decoded;
	uint32_t fields;

	s1inv_vtd_decode(desc, &tool_mode_default, &decoded);
	s1inv_vtd_layout(decoded.fields.type, &fields);
	if (fields)
		return fields_line(&decoded.fields);
	if (!(desc->qw[0] | desc->qw[1]))
		return tool_format("no descriptor: all zeros");
	return tool_format("no descriptor: unknown type 0x%x",
			   decoded.fields.type);
}

/* -------------------------------------------------------------------- JSON */

static json_t *json_bits(unsigned int qw, unsigned int msb, unsigned int lsb)
{
	json_t *bits = json_object();

	tool_json_set(bits, "qw", json_integer(qw));
	tool_json_set(bits, "msb", json_integer(msb));
	tool_json_set(bits, "lsb", json_integer(lsb));
	return bits;
}

/* Both places of a field in two pieces, the high one first */
static json_t *json_places(const struct view *view,
			   const struct s1inv_vtd_field *field)
{
	json_t *places = json_array();

	for (uint32_t i = view->fields; i > 0; i--) {
		const struct s1inv_vtd_field *f = &view->layout[i - 1];

		if (is(stem(f), stem(field)))
			tool_json_add(places,
				      json_bits(f->qw, f->lsb + f->width - 1U,
						f->lsb));
	}
	return places;
}

static json_t *json_field(const struct view *view,
			  const struct s1inv_vtd_field *field)
{
	json_t *o = json_object();

	tool_json_set(o, "name", json_string(stem(field)));
	tool_json_set(o, "bits", json_places(view, field));
	tool_json_set(o, "value", tool_json_hex(field_value(view, field)));
	tool_json_set(o, "meaning", json_string(meaning(view, field).s));
	return o;
}

static json_t *json_fields(const struct view *view)
{
	json_t *fields = json_array();

	for (uint32_t i = 0; i < view->fields; i++) {
		if (!is_high_piece(&view->layout[i]))
			tool_json_add(fields,
				      json_field(view, &view->layout[i]));
	}
	return fields;
}

static json_t *json_violations(const struct view *view)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < VIOLATIONS; i++) {
		json_t *o;

		if (!(view->is.violations & violations[i].bit))
			continue;
		o = json_object();
		tool_json_set(o, "id", json_string(violations[i].key));
		tool_json_set(
			o, "text",
			json_string(violation_text(view, violations[i].bit).s));
		tool_json_add(list, o);
	}
	return list;
}

static json_t *json_range(const struct view *view)
{
	struct s1inv_vtd_block block;
	json_t *o;

	if (!fields_range(&view->is.fields, &block))
		return json_null();
	o = json_object();
	tool_json_set(o, "addr",
		      tool_json_hex(block.first << S1INV_VTD_PAGE_SHIFT));
	tool_json_set(o, "order", json_integer(block.order));
	tool_json_set(o, "pages", json_integer((json_int_t)1 << block.order));
	return o;
}

static json_t *json_words(const uint64_t *word, unsigned int num)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < num; i++)
		tool_json_add(list, tool_json_hex(word[i]));
	return list;
}

static json_t *json_mode(const struct s1inv_vtd_mode *mode)
{
	json_t *o = json_object();

	tool_json_set(o, "ttm", json_string(mode_name(mode)));
	tool_json_set(o, "queue", json_integer(mode->wide ? 256 : 128));
	tool_json_set(o, "dt", json_boolean(mode->dt));
	tool_json_set(o, "dit", json_boolean(mode->dit));
	tool_json_set(o, "pds", json_boolean(mode->pds));
	tool_json_set(o, "prs", json_boolean(mode->prs));
	tool_json_set(o, "hpts", json_boolean(mode->hpts));
	return o;
}

json_t *tool_desc_json(const struct s1inv_vtd_desc *desc, unsigned int words,
		       const struct s1inv_vtd_mode *mode)
{
	char *line = tool_desc_line(desc);
	json_t *o = json_object();
	struct view view;
	uint8_t type;

	look(&view, desc, words, mode);
	type = view.is.fields.type;
	tool_json_set(o, "qw", json_words(desc->qw, words));
	tool_json_set(o, "type", json_integer(type));
	tool_json_set(o, "key", json_string(s1inv_vtd_type_key(type)));
	tool_json_set(o, "name", json_string(s1inv_vtd_type_name(type)));
	tool_json_set(o, "summary", json_string(line));
	tool_json_set(o, "fields", json_fields(&view));
	tool_json_set(o, "range", json_range(&view));
	tool_json_set(o, "valid", json_boolean(!view.is.violations));
	tool_json_set(o, "violations", json_violations(&view));
	tool_json_set(o, "reserved", json_words(view.is.reserved, words));
	tool_json_set(o, "mode", json_mode(mode));
	free(line);
	return o;
}
