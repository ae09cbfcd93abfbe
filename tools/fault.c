/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * s1inv fault: what the fault registers say, and what to do about it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static const char help[] =
	"Usage: s1inv fault [OPTION]... FSTS IQERCD\n"
	"\n"
	"Explain the values of FSTS_REG and IQERCD_REG: what happened in the\n"
	"invalidation queue, whom it concerns, and what a driver must do. The\n"
	"values are hexadecimal, with or without 0x, as Linux logs them. Fields\n"
	"of IQERCD_REG count only while their bit in FSTS_REG is set.\n"
	"\n"
	"  --json   one JSON document\n"
	"  --help   this text\n"
	"\n"
	"Example:\n"
	"  s1inv fault 0x40 0xaf0300000000\n";

static const struct option options[] = { TOOL_OPTIONS, { NULL, 0, NULL, 0 } };

/* A rule of docs/spec.md, in the words of someone who has to follow it */
struct duty {
	const char *rule, *text;
};

enum { DUTIES = 5 };

static const struct duty slot_duties[DUTIES] = {
	{ "QUE-7", "Read IQERCD before clearing the bit." },
	{ "QUE-4", "Overwrite the slot at IQH, wherever it stands in a "
		   "submission, with a wait that has FN and writes the slot's "
		   "own status word; clear IQE; write the tail again." },
	{ "QUE-5", "Tell the owner of the descriptor, and nobody else, that "
		   "it was refused." },
	{ "QUE-6", "If the slot is not in flight, or is the one of the last "
		   "IQE, the queue is broken until a reset." },
};

static const struct duty broken_duties[DUTIES] = {
	{ "QUE-7", "Read IQERCD before clearing the bit." },
	{ "QUE-6", "The queue is broken, and no descriptor is to blame: end "
		   "every submission with EIO until a reset." },
};

static const struct duty ite_duties[DUTIES] = {
	{ "QUE-7", "Read IQERCD before clearing the bit." },
	{ "QUE-8", "Take every slot that was fetched and is not proved as "
		   "lost, whatever stands in it." },
	{ "QUE-9", "Each submitter issues again everything from its first "
		   "lost descriptor on, in order, but for the work of the "
		   "requester that failed." },
	{ "QUE-10", "A lost device-TLB descriptor timed out if it is for the "
		    "reported requester, or if that id is 0 or unknown. A "
		    "report that names a requester fails nobody else." },
};

static const struct duty ice_duties[DUTIES] = {
	{ "QUE-7", "Read IQERCD before clearing the bit." },
	{ "QUE-11", "Record it with the device-TLB descriptors in flight for "
		    "the sender, or with all of them if its id is 0 or "
		    "unknown; clear it; end no wait." },
};

static const struct {
	uint32_t bit;
	const char *key, *name;
} kinds[] = {
	{ S1INV_VTD_FSTS_IQE, "IQE", "Invalidation Queue Error" },
	{ S1INV_VTD_FSTS_ICE, "ICE", "Invalidation Completion Error" },
	{ S1INV_VTD_FSTS_ITE, "ITE", "Invalidation Time-out Error" },
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static const struct duty *duties_of(const struct s1inv_vtd_fault *fault,
				    uint32_t bit)
{
	if (bit == S1INV_VTD_FSTS_ITE)
		return ite_duties;
	if (bit == S1INV_VTD_FSTS_ICE)
		return ice_duties;
	return fault->broken ? broken_duties : slot_duties;
}

static uint16_t sid_of(const struct s1inv_vtd_fault *fault, uint32_t bit)
{
	return bit == S1INV_VTD_FSTS_ITE ? fault->itesid : fault->icesid;
}

static char *iqe_text(const struct s1inv_vtd_fault *fault)
{
	const char *name = s1inv_vtd_iqei_name(fault->iqei);

	if (fault->broken)
		return tool_format("The queue stopped, code %u: %s. That is a "
				   "fault of the queue, not of a descriptor.",
				   fault->iqei, name);
	if (fault->iqei == S1INV_VTD_IQEI_NONE)
		return tool_format("The queue stopped at the descriptor at "
				   "IQH, which was not executed. Code 0: no "
				   "information, as from older hardware and "
				   "from emulators.");
	return tool_format("The queue stopped at the descriptor at IQH, which "
			   "was not executed. Code %u: %s.",
			   fault->iqei, name);
}

static char *ite_text(const struct s1inv_vtd_fault *fault)
{
	if (fault->itesid == 0)
		return tool_format("A device did not answer a device-TLB "
				   "invalidation in time. Which one is not "
				   "known: SID 0 comes from older hardware, "
				   "or means 00:00.0.");
	return tool_format("The device %s did not answer a device-TLB "
			   "invalidation in time. Others may have timed out "
			   "too: only one is reported.",
			   tool_sid_text(fault->itesid).s);
}

static char *ice_text(const struct s1inv_vtd_fault *fault)
{
	if (fault->icesid == 0)
		return tool_format("A device sent an invalidation completion "
				   "that nothing had asked for. Which one is "
				   "not known: SID 0 comes from older "
				   "hardware, or means 00:00.0. The queue "
				   "goes on.");
	return tool_format("%s sent an invalidation completion that nothing "
			   "had asked for. The queue goes on.",
			   tool_sid_text(fault->icesid).s);
}

char *tool_fault_text(const struct s1inv_vtd_fault *fault, uint32_t bit)
{
	if (bit == S1INV_VTD_FSTS_ITE)
		return ite_text(fault);
	return bit == S1INV_VTD_FSTS_ICE ? ice_text(fault) : iqe_text(fault);
}

/*
 * What else is in FSTS_REG (VT-d 11.4.7.1), and what older revisions of the
 * specification had in it
 */
#define FSTS_PFO 0x1U
#define FSTS_PPF 0x2U

static const struct {
	uint32_t bits;
	const char *name;
} others[] = {
	{ FSTS_PFO, "PFO (primary fault overflow)" },
	{ FSTS_PPF, "PPF (primary pending fault)" },
	{ 0x4U, "bit 2 (once AFO, advanced fault overflow)" },
	{ 0x8U, "bit 3 (once APF, advanced pending fault)" },
	{ 0x80U, "bit 7 (once PRO, page request overflow)" },
	{ 0xffff0000U, "reserved bits of 31:16" },
};

/* Something that reports faults of DMA, whose index FRI then is. */
static bool has_fri(uint32_t fsts)
{
	return fsts & (FSTS_PFO | FSTS_PPF);
}

static unsigned int fri(uint32_t fsts)
{
	return fsts >> 8 & 0xffU;
}

static json_t *other_names(uint32_t fsts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (fsts & others[i].bits)
			tool_json_add(list, json_string(others[i].name));
	}
	return list;
}

/* ------------------------------------------------------------------- print */

static void print_duties(const struct duty *duty)
{
	struct tool_table table = {
		.head = { "rule", "what a driver must do" },
		.columns = 2,
	};

	for (unsigned int i = 0; i < DUTIES && duty[i].rule; i++)
		tool_table_add(&table, TOOL_PLAIN,
			       (const char *[]){ duty[i].rule, duty[i].text });
	tool_table_print(&table, 2);
}

static void print_kind(const struct s1inv_vtd_fault *fault, unsigned int k)
{
	char *text = tool_fault_text(fault, kinds[k].bit);

	tool_print(TOOL_WRONG, "\n%s", kinds[k].key);
	tool_print(TOOL_TITLE, "  %s\n", kinds[k].name);
	tool_say(2, 2, "%s", text);
	print_duties(duties_of(fault, kinds[k].bit));
	free(text);
}

/* QUE-7: values that stand there but say nothing */
static void print_stale(uint32_t fsts, uint64_t iqercd)
{
	if (S1INV_VTD_IQERCD_IQEI(iqercd) && !(fsts & S1INV_VTD_FSTS_IQE))
		printf("IQEI %u is ignored: IQE is 0.\n",
		       S1INV_VTD_IQERCD_IQEI(iqercd));
	if (S1INV_VTD_IQERCD_ITESID(iqercd) && !(fsts & S1INV_VTD_FSTS_ITE))
		printf("ITESID 0x%x is ignored: ITE is 0.\n",
		       S1INV_VTD_IQERCD_ITESID(iqercd));
	if (S1INV_VTD_IQERCD_ICESID(iqercd) && !(fsts & S1INV_VTD_FSTS_ICE))
		printf("ICESID 0x%x is ignored: ICE is 0.\n",
		       S1INV_VTD_IQERCD_ICESID(iqercd));
}

static void print_others(uint32_t fsts)
{
	json_t *names = other_names(fsts), *name;
	char *text = tool_format("Also set, not about the queue:");
	size_t i;

	json_array_foreach(names, i, name)
	{
		char *before = text;

		text = tool_format("%s%s %s", before, i ? "," : "",
				   json_string_value(name));
		free(before);
	}
	if (json_array_size(names))
		tool_say(0, 0, "%s.", text);
	if (has_fri(fsts))
		tool_say(0, 0,
			 "FRI (bits 15:8) %u: the fault-recording register "
			 "that holds the first pending fault.",
			 fri(fsts));
	free(text);
	json_decref(names);
}

static void print_fault(uint32_t fsts, uint64_t iqercd,
			const struct s1inv_vtd_fault *fault)
{
	printf("FSTS_REG 0x%" PRIx32 ", IQERCD_REG 0x%" PRIx64 "\n", fsts,
	       iqercd);
	if (!fault->status)
		printf("No error of the invalidation queue.\n");
	print_others(fsts);
	print_stale(fsts, iqercd);
	for (unsigned int k = 0; k < KINDS; k++) {
		if (fault->status & kinds[k].bit)
			print_kind(fault, k);
	}
}

/* -------------------------------------------------------------------- JSON */

static void json_whom(json_t *o, const struct s1inv_vtd_fault *fault,
		      uint32_t bit)
{
	uint16_t sid = sid_of(fault, bit);

	if (bit == S1INV_VTD_FSTS_IQE) {
		tool_json_set(o, "code", json_integer(fault->iqei));
		tool_json_set(o, "name",
			      json_string(s1inv_vtd_iqei_name(fault->iqei)));
		tool_json_set(o, "broken", json_boolean(fault->broken));
		return;
	}
	tool_json_set(o, "sid", tool_json_hex(sid));
	tool_json_set(o, "requester",
		      sid ? json_string(tool_sid_text(sid).s) : json_null());
}

static json_t *json_kind(const struct s1inv_vtd_fault *fault, uint32_t bit)
{
	const struct duty *duty = duties_of(fault, bit);
	char *text = tool_fault_text(fault, bit);
	json_t *o = json_object();
	json_t *rules = json_array();

	json_whom(o, fault, bit);
	tool_json_set(o, "text", json_string(text));
	for (unsigned int i = 0; i < DUTIES && duty[i].rule; i++)
		tool_json_add(rules, json_string(duty[i].rule));
	tool_json_set(o, "rules", rules);
	free(text);
	return o;
}

static json_t *json_fault(uint32_t fsts, uint64_t iqercd,
			  const struct s1inv_vtd_fault *fault)
{
	static const char *const keys[] = { "iqe", "ice", "ite" };
	json_t *o = json_object();

	tool_json_set(o, "fsts", tool_json_hex(fsts));
	tool_json_set(o, "iqercd", tool_json_hex(iqercd));
	for (unsigned int k = 0; k < KINDS; k++)
		tool_json_set(o, keys[k],
			      fault->status & kinds[k].bit ?
				      json_kind(fault, kinds[k].bit) :
				      json_null());
	tool_json_set(o, "others", other_names(fsts));
	tool_json_set(o, "fri",
		      has_fri(fsts) ? json_integer(fri(fsts)) : json_null());
	return o;
}

int cmd_fault(int argc, char **argv)
{
	struct s1inv_vtd_fault fault;
	uint64_t fsts, iqercd;
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
		return tool_error("FSTS and IQERCD are needed; see --help");
	if (!tool_hex(argv[optind], &fsts) || fsts > UINT32_MAX)
		return tool_error("FSTS '%s' is not a 32-bit hexadecimal "
				  "number",
				  argv[optind]);
	if (!tool_hex(argv[optind + 1], &iqercd))
		return tool_error("IQERCD '%s' is not a 64-bit hexadecimal "
				  "number",
				  argv[optind + 1]);
	s1inv_vtd_fault_parse((uint32_t)fsts, iqercd, &fault);
	if (json)
		return tool_json_print(
			json_fault((uint32_t)fsts, iqercd, &fault));
	print_fault((uint32_t)fsts, iqercd, &fault);
	return TOOL_OK;
}
