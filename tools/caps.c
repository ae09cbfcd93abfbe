/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * s1inv caps: what the capability registers say about stage-1 invalidation.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const char help[] =
	"Usage: s1inv caps [OPTION]... CAP ECAP\n"
	"\n"
	"Explain CAP_REG and ECAP_REG of an IOMMU: their fields, whether it can\n"
	"do nested translation, and what bounds it. The values are hexadecimal,\n"
	"with or without 0x, as Linux logs them at boot.\n"
	"\n"
	"  --json   one JSON document\n"
	"  --help   this text\n"
	"\n"
	"Example:\n"
	"  s1inv caps 19ed008c40780c66 3ee9e86f050df\n";

static const struct option options[] = { TOOL_OPTIONS, { NULL, 0, NULL, 0 } };

/* VT-d 11.4.2 and 11.4.3 */
struct cap_field {
	const char *name;
	uint8_t lsb, width;
	const char *text;
};

static const struct cap_field cap_fields[] = {
	{ "ND", 0, 3, "domain ids have 4 + 2 * ND bits" },
	{ "RWBF", 4, 1, "write buffers must be flushed" },
	{ "CM", 7, 1, "caching mode: absent entries are cached too" },
	{ "SAGAW", 8, 5, "stage-2 address widths: bit 1 39, 2 48, 3 57 bits" },
	{ "MGAW", 16, 6, "widest guest address has MGAW + 1 bits" },
	{ "FRO", 24, 10, "fault-recording registers at 16 * FRO" },
	{ "SSLPS", 34, 4, "stage-2 large pages: bit 0 2 MiB, 1 1 GiB" },
	{ "PSI", 39, 1, "page-selective IOTLB invalidation (type 2)" },
	{ "NFR", 40, 8, "NFR + 1 fault-recording registers" },
	{ "MAMV", 48, 6, "largest AM of type 2; does not bound type 6" },
	{ "DWD", 54, 1, "type 2 can drain writes" },
	{ "DRD", 55, 1, "type 2 can drain reads" },
	{ "FS1GP", 56, 1, "stage-1 1 GiB pages" },
	{ "PI", 59, 1, "posted interrupts" },
	{ "FS5LP", 60, 1, "stage-1 5-level paging" },
	{ "ECMDS", 61, 1, "enhanced commands" },
	{ "ESIRTPS", 62, 1, "setting the interrupt table flushes its caches" },
	{ "ESRTPS", 63, 1, "setting the root table flushes its caches" },
};

static const struct cap_field ecap_fields[] = {
	{ "C", 0, 1, "table walks snoop processor caches" },
	{ "QI", 1, 1, "queued invalidation" },
	{ "DT", 2, 1, "device TLBs" },
	{ "IR", 3, 1, "interrupt remapping" },
	{ "EIM", 4, 1, "extended interrupt mode" },
	{ "PT", 6, 1, "pass-through" },
	{ "SC", 7, 1, "snoop control" },
	{ "IRO", 8, 10, "IOTLB registers at 16 * IRO" },
	{ "MHMV", 20, 4, "largest IM of type 4" },
	{ "MTS", 25, 1, "memory types" },
	{ "NEST", 26, 1, "nested translation" },
	{ "PRS", 29, 1, "page requests" },
	{ "ERS", 30, 1, "execute requests" },
	{ "SRS", 31, 1, "supervisor requests" },
	{ "NWFS", 33, 1, "no-write flag of translation requests" },
	{ "EAFS", 34, 1, "extended accessed flag" },
	{ "PSS", 35, 5, "PASIDs have PSS + 1 bits" },
	{ "PASID", 40, 1, "requests with PASID" },
	{ "DIT", 41, 1, "device-TLB throttling: PFSID is used" },
	{ "PDS", 42, 1, "waits can drain page requests" },
	{ "SMTS", 43, 1, "scalable mode" },
	{ "VCS", 44, 1, "virtual commands" },
	{ "SSADS", 45, 1, "stage-2 accessed and dirty bits" },
	{ "SSTS", 46, 1, "stage-2 translation" },
	{ "FSTS", 47, 1, "stage-1 translation" },
	{ "SMPWCS", 48, 1, "scalable-mode walks are coherent" },
	{ "RPS", 49, 1, "RID_PASID other than 0" },
	{ "TDXCS", 50, 1, "TDX Connect" },
	{ "PMS", 51, 1, "performance monitoring" },
	{ "ADMS", 52, 1, "abort-DMA mode" },
	{ "RPRIVS", 53, 1, "RID_PRIV" },
	{ "HPTS", 55, 1, "HPT: type 0xa" },
	{ "PTRS", 56, 1, "see VT-d 11.4.3" },
	{ "SSIRWS", 57, 1, "see VT-d 11.4.3" },
	{ "SMS", 58, 1, "see VT-d 11.4.3" },
	{ "HPT1GPS", 59, 1, "HPT 1 GiB pages" },
	{ "RDTS", 60, 1, "resource director technology" },
	{ "EIMER", 61, 1, "see VT-d 11.4.3" },
	{ "IRREQ", 62, 1, "see VT-d 11.4.3" },
};

enum {
	CAP_FIELDS = sizeof(cap_fields) / sizeof(*cap_fields),
	ECAP_FIELDS = sizeof(ecap_fields) / sizeof(*ecap_fields)
};

static unsigned int bits(uint64_t reg, unsigned int lsb, unsigned int width)
{
	return (unsigned int)(reg >> lsb & ((UINT64_C(1) << width) - 1));
}

/* The few fields that the verdict looks at, by their places above */
static bool psi(uint64_t cap)
{
	return bits(cap, 39, 1);
}
static unsigned int mamv(uint64_t cap)
{
	return bits(cap, 48, 6);
}
static bool dt(uint64_t ecap)
{
	return bits(ecap, 2, 1);
}
static bool nest(uint64_t ecap)
{
	return bits(ecap, 26, 1);
}
static bool smts(uint64_t ecap)
{
	return bits(ecap, 43, 1);
}
static bool ssts(uint64_t ecap)
{
	return bits(ecap, 46, 1);
}
static bool fsts(uint64_t ecap)
{
	return bits(ecap, 47, 1);
}

/*
 * Bits 26, 29 and 40 meant something else before scalable mode: without SMTS
 * they say nothing about what they are named for.
 */
static bool is_older(const struct cap_field *field, uint64_t ecap)
{
	return !smts(ecap) &&
	       (field->lsb == 26 || field->lsb == 29 || field->lsb == 40);
}

/* ----------------------------------------------------------------- verdict */

static bool can_nest(uint64_t ecap)
{
	return bits(ecap, 1, 1) && smts(ecap) && nest(ecap) && fsts(ecap) &&
	       ssts(ecap);
}

static const char *nest_text(uint64_t ecap)
{
	if (!smts(ecap) && nest(ecap))
		return "Nested translation is not possible here: there is no "
		       "scalable mode (ECAP.SMTS is 0). ECAP bit 26 is set, "
		       "but without SMTS it is an older meaning of the bit "
		       "and does not count.";
	if (!smts(ecap))
		return "Nested translation is not possible here: there is no "
		       "scalable mode (ECAP.SMTS is 0).";
	if (!nest(ecap))
		return "Nested translation is not possible here: there is "
		       "scalable mode, but ECAP.NEST is 0.";
	if (!can_nest(ecap))
		return "Nested translation is not possible here: ECAP.NEST is "
		       "set, but QI, FSTS or SSTS, on which it builds, is 0.";
	return "Nested translation is possible here: ECAP has SMTS, NEST, "
	       "FSTS, SSTS and QI.";
}

static void say_ranges(json_t *list, uint64_t cap, uint64_t ecap)
{
	if (smts(ecap))
		tool_json_say(
			list,
			"Stage-1 ranges (type 6) can be of any size up to "
			"2^52 pages: CAP.MAMV and CAP.PSI do not bound "
			"them.");
	if (!psi(cap))
		tool_json_say(
			list,
			"The IOTLB by domain (type 2) cannot be flushed by "
			"pages: CAP.PSI is 0.");
	else
		tool_json_say(
			list,
			"The IOTLB by domain (type 2) can be flushed by "
			"pages, in ranges of up to 2^%u pages (%s): "
			"CAP.MAMV is %u.",
			mamv(cap),
			mamv(cap) <= S1INV_VTD_AM_MAX ?
				tool_size_text(UINT64_C(1) << mamv(cap)).s :
				"more than there are",
			mamv(cap));
}

static void say_devices(json_t *list, uint64_t ecap)
{
	if (!dt(ecap)) {
		tool_json_say(
			list,
			"There are no device TLBs to flush: ECAP.DT is 0.");
		return;
	}
	if (bits(ecap, 41, 1))
		tool_json_say(
			list,
			"Device-TLB invalidations are throttled per "
			"physical function: ECAP.DIT is 1, and PFSID must "
			"be filled in.");
	else
		tool_json_say(
			list,
			"Device-TLB invalidations of virtual functions are "
			"not throttled by their physical function: ECAP.DIT "
			"is 0, and PFSID must be 0.");
	tool_json_say(
		list,
		bits(ecap, 42, 1) ?
			"Waits can drain page requests: ECAP.PDS is 1." :
			"Waits cannot drain page requests: ECAP.PDS is 0, and "
			"PD must be 0.");
}

static void say_stage1(json_t *list, uint64_t cap, uint64_t ecap)
{
	if (!smts(ecap) || !fsts(ecap))
		return;
	tool_json_say(list,
		      "Stage-1 tables translate addresses of %s bits, in pages "
		      "of 4 KiB, 2 MiB%s.",
		      bits(cap, 60, 1) ? "48 or 57" : "48",
		      bits(cap, 56, 1) ? " and 1 GiB" : "");
	if (bits(ecap, 40, 1))
		tool_json_say(list, "PASIDs have %u bits.",
			      bits(ecap, 35, 5) + 1);
	else
		tool_json_say(
			list,
			"There are no requests with PASID: ECAP.PASID is 0, "
			"and a stage-1 table serves a whole function.");
}

/* By bits 3:1 of SAGAW */
static const char *widths(uint64_t cap)
{
	static const char *const names[] = { "no",       "39",
					     "48",       "39 or 48",
					     "57",       "39 or 57",
					     "48 or 57", "39, 48 or 57" };

	return names[bits(cap, 9, 3)];
}

static void say_stage2(json_t *list, uint64_t cap)
{
	unsigned int id_bits = 4 + 2 * bits(cap, 0, 3);

	tool_json_say(
		list,
		"Stage-2 tables translate addresses of %s bits, %u of them "
		"in use (CAP.MGAW), in pages of 4 KiB%s%s.",
		widths(cap), bits(cap, 16, 6) + 1,
		bits(cap, 34, 1) ? ", 2 MiB" : "",
		bits(cap, 35, 1) ? ", 1 GiB" : "");
	tool_json_say(
		list,
		"Domain ids have %u bits; higher bits are ignored, so that a "
		"wider id names another domain.",
		id_bits);
	if (bits(cap, 7, 1))
		tool_json_say(
			list,
			"Caching mode (CAP.CM is 1): entries that become "
			"present must be invalidated too, and domain id 0 "
			"must not be used.");
}

/* What bounds the unit: a list of sentences */
static json_t *bounds(uint64_t cap, uint64_t ecap)
{
	json_t *list = json_array();

	if (!bits(ecap, 1, 1))
		tool_json_say(list,
			      "There is no invalidation queue: ECAP.QI is 0.");
	say_ranges(list, cap, ecap);
	say_devices(list, ecap);
	say_stage1(list, cap, ecap);
	say_stage2(list, cap);
	return list;
}

void tool_caps_verdict(uint64_t cap, uint64_t ecap, int indent)
{
	json_t *list = bounds(cap, ecap);
	size_t i;
	json_t *text;

	printf("%s", tool_style(can_nest(ecap) ? TOOL_GOOD : TOOL_WARN));
	tool_say(indent, indent, "%s", nest_text(ecap));
	printf("%s", tool_style(TOOL_PLAIN));
	json_array_foreach(list, i, text)
	{
		tool_say(indent, indent + 2, "- %s", json_string_value(text));
	}
	json_decref(list);
}

/* ------------------------------------------------------------------- table */

static struct tool_text place(const struct cap_field *f)
{
	if (f->width == 1)
		return tool_text("%u", f->lsb);
	return tool_text("%u:%u", f->lsb + f->width - 1U, f->lsb);
}

static const char *meaning(const struct cap_field *f, uint64_t reg,
			   bool is_ecap)
{
	if (is_ecap && is_older(f, reg) && bits(reg, f->lsb, f->width))
		return "does not count: SMTS is 0";
	return f->text;
}

static void print_register(const char *name, const struct cap_field *field,
			   unsigned int num, uint64_t reg, bool is_ecap)
{
	struct tool_table table = {
		.head = { "bits", "field", "value", "meaning" },
		.columns = 4,
		.right = 5,
	};

	tool_print(TOOL_TITLE, "%s", name);
	printf("  0x%016" PRIx64 "\n", reg);
	for (unsigned int i = 0; i < num; i++) {
		unsigned int v = bits(reg, field[i].lsb, field[i].width);
		struct tool_text at = place(&field[i]);
		struct tool_text value = tool_text("%u", v);

		tool_table_add(
			&table, v ? TOOL_PLAIN : TOOL_DIM,
			(const char *[]){ at.s, field[i].name, value.s,
					  meaning(&field[i], reg, is_ecap) });
	}
	tool_table_print(&table, 2);
	printf("\n");
}

/* -------------------------------------------------------------------- JSON */

static json_t *json_register(const struct cap_field *field, unsigned int num,
			     uint64_t reg, bool is_ecap)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < num; i++) {
		json_t *o = json_object();

		tool_json_set(o, "name", json_string(field[i].name));
		tool_json_set(o, "lsb", json_integer(field[i].lsb));
		tool_json_set(o, "width", json_integer(field[i].width));
		tool_json_set(
			o, "value",
			json_integer(bits(reg, field[i].lsb, field[i].width)));
		tool_json_set(o, "meaning",
			      json_string(meaning(&field[i], reg, is_ecap)));
		tool_json_add(list, o);
	}
	return list;
}

json_t *tool_caps_json(uint64_t cap, uint64_t ecap)
{
	json_t *o = json_object();

	tool_json_set(o, "cap", tool_json_hex(cap));
	tool_json_set(o, "ecap", tool_json_hex(ecap));
	tool_json_set(o, "nested", json_boolean(can_nest(ecap)));
	tool_json_set(o, "verdict", json_string(nest_text(ecap)));
	tool_json_set(o, "bounds", bounds(cap, ecap));
	tool_json_set(o, "cap_fields",
		      json_register(cap_fields, CAP_FIELDS, cap, false));
	tool_json_set(o, "ecap_fields",
		      json_register(ecap_fields, ECAP_FIELDS, ecap, true));
	return o;
}

int cmd_caps(int argc, char **argv)
{
	uint64_t cap, ecap;
	bool json = false;
	int option;

	while ((option = tool_option(argc, argv, options)) != -1) {
		if (option == '?')
			return TOOL_BAD;
		if (option == TOOL_OPT_HELP)
			return tool_help(help);
		json = true;
	}
	if (argc - optind != 2)
		return tool_error("CAP and ECAP are needed; see --help");
	if (!tool_hex(argv[optind], &cap))
		return tool_error("CAP '%s' is not a 64-bit hexadecimal number",
				  argv[optind]);
	if (!tool_hex(argv[optind + 1], &ecap))
		return tool_error("ECAP '%s' is not a 64-bit hexadecimal "
				  "number",
				  argv[optind + 1]);
	if (json)
		return tool_json_print(tool_caps_json(cap, ecap));
	print_register("CAP_REG", cap_fields, CAP_FIELDS, cap, false);
	print_register("ECAP_REG", ecap_fields, ECAP_FIELDS, ecap, true);
	tool_caps_verdict(cap, ecap, 0);
	return TOOL_OK;
}
