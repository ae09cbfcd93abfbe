/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * s1inv cover: the blocks that a request becomes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const char help[] =
	"Usage: s1inv cover [OPTION]... ADDR NPAGES\n"
	"\n"
	"Audit a request by the compatible policy and print the aligned blocks\n"
	"that it becomes: address and AM of the IOTLB descriptor (type 6), and\n"
	"second quadword of the device-TLB descriptors (types 3 and 8).\n"
	"\n"
	"Numbers are decimal, or hexadecimal with 0x. ADDR 0 with NPAGES\n"
	"0xffffffffffffffff, or the word all, is the full flush.\n"
	"\n"
	"  --exact  cover no page that was not asked for, in as many blocks as\n"
	"           it takes, instead of at most two blocks\n"
	"  --json   one JSON document\n"
	"  --help   this text\n"
	"\n"
	"Exit status: 1 if the audit refuses the request, with errno and rule.\n"
	"\n"
	"Example:\n"
	"  s1inv cover 0x3ffff000 2\n";

enum { OPT_EXACT = TOOL_OPT_FIRST };

static const struct option options[] = {
	TOOL_OPTIONS,
	{ "exact", no_argument, NULL, OPT_EXACT },
	{ NULL, 0, NULL, 0 },
};

/* An exact cover has at most 51 blocks up and 51 down. */
enum { BLOCKS_MAX = 102 };

struct result {
	struct s1inv_vtd_s1_entry entry;
	struct s1inv_verdict verdict;
	struct s1inv_vtd_request request;
	struct s1inv_vtd_block block[BLOCKS_MAX];
	unsigned int blocks;
	uint64_t asked, covered;
};

static void compute(struct result *r, enum s1inv_cover how)
{
	static const struct s1inv_vtd_audit audit = {
		.revision = S1INV_REVISION_LINUX,
		.policy = S1INV_AUDIT_COMPATIBLE,
		.va_bits = 57,
	};
	struct s1inv_vtd_cover cover;

	r->verdict = s1inv_vtd_audit_entry(&audit, &r->entry, &r->request);
	if (r->verdict.error)
		return;
	if (r->request.reach == S1INV_VTD_ALL)
		r->asked = UINT64_C(1) << S1INV_VTD_AM_MAX;
	else if (r->request.reach == S1INV_VTD_RANGE)
		r->asked = r->request.last - r->request.first + 1;
	s1inv_vtd_cover_start(&cover, &r->request, how);
	while (r->blocks < BLOCKS_MAX &&
	       s1inv_vtd_cover_next(&cover, &r->block[r->blocks]))
		r->covered += UINT64_C(1) << r->block[r->blocks++].order;
}

/* COV-6: such a block is the PASID-selective form of type 6. */
static bool is_all(const struct s1inv_vtd_block *block)
{
	return block->order >= S1INV_VTD_AM_MAX;
}

static uint64_t device_qw1(const struct s1inv_vtd_block *block,
			   unsigned int s_lsb)
{
	uint8_t s;
	uint64_t addr = s1inv_vtd_size_encode(block, &s);

	return addr | (uint64_t)s << s_lsb;
}

static void add_block(struct tool_table *table,
		      const struct s1inv_vtd_block *block)
{
	struct tool_text am = tool_text("%u", block->order);
	struct tool_text addr = tool_text("0x%" PRIx64, block->first << 12);
	struct tool_text size = tool_size_text(UINT64_C(1) << block->order);
	struct tool_text qw3 = tool_text(
		"0x%" PRIx64,
		device_qw1(block, S1INV_VTD_LSB(S1INV_VTD_DEVTLB_S_BITS)));
	struct tool_text qw8 = tool_text(
		"0x%" PRIx64,
		device_qw1(block, S1INV_VTD_LSB(S1INV_VTD_PDEVTLB_S_BITS)));

	tool_table_add(table, TOOL_PLAIN,
		       (const char *[]){ addr.s, is_all(block) ? "-" : am.s,
					 size.s, qw3.s, qw8.s });
}

static void print_blocks(const struct result *r)
{
	struct tool_table table = {
		.head = { "block", "AM", "size", "type 3 qw1", "type 8 qw1" },
		.columns = 5,
		.right = 0x1f,
	};

	for (unsigned int i = 0; i < r->blocks; i++)
		add_block(&table, &r->block[i]);
	printf("\n");
	tool_table_print(&table, 0);
	if (is_all(&r->block[0]))
		tool_say(0, 0,
			 "\nType 6 is PASID-selective for it, without AM "
			 "and ADDR (COV-6).");
}

static void print_asked(const struct result *r)
{
	const struct s1inv_vtd_request *q = &r->request;

	printf("asked    ");
	if (q->reach == S1INV_VTD_ALL)
		printf("everything\n");
	else if (q->reach == S1INV_VTD_NOTHING)
		printf("0 pages: nothing to do (AUD-6)\n");
	else
		printf("0x%" PRIx64 " to 0x%" PRIx64 ", %s\n", q->first << 12,
		       (q->last << 12) + 0xfff, tool_pages_text(r->asked).s);
	if (q->reach == S1INV_VTD_RANGE && r->asked != r->entry.npages)
		tool_say(9, 9,
			 "cut off at the end of the address space: "
			 "npages was %" PRIu64 " (AUD-7)",
			 r->entry.npages);
}

static void print_text(const struct result *r)
{
	print_asked(r);
	if (!r->blocks)
		return;
	tool_say(0, 9, "covered  %s in %u block%s, %.2f times the request",
		 tool_pages_text(r->covered).s, r->blocks,
		 r->blocks == 1 ? "" : "s",
		 (double)r->covered / (double)r->asked);
	print_blocks(r);
}

static json_t *json_block(const struct s1inv_vtd_block *block)
{
	uint8_t s;
	uint64_t addr = s1inv_vtd_size_encode(block, &s);
	json_t *o = json_object();

	tool_json_set(o, "addr", tool_json_hex(block->first << 12));
	tool_json_set(o, "order", json_integer(block->order));
	tool_json_set(o, "pages", json_integer((json_int_t)1 << block->order));
	tool_json_set(o, "pasid_selective", json_boolean(is_all(block)));
	tool_json_set(o, "am",
		      is_all(block) ? json_null() : json_integer(block->order));
	tool_json_set(o, "device_tlb_addr", tool_json_hex(addr));
	tool_json_set(o, "device_tlb_s", json_integer(s));
	return o;
}

static json_t *json_result(const struct result *r)
{
	static const char *const reach[] = { "nothing", "range", "all" };
	json_t *o = json_object();
	json_t *blocks = json_array();

	tool_json_set(o, "addr", tool_json_hex(r->entry.addr));
	tool_json_set(o, "npages", tool_json_hex(r->entry.npages));
	tool_json_set(o, "error", json_integer(r->verdict.error));
	tool_json_set(o, "errno",
		      json_string(s1inv_errno_name(r->verdict.error)));
	tool_json_set(o, "rule", json_string(s1inv_rule_name(r->verdict.rule)));
	for (unsigned int i = 0; i < r->blocks; i++)
		tool_json_add(blocks, json_block(&r->block[i]));
	if (!r->verdict.error) {
		tool_json_set(o, "reach", json_string(reach[r->request.reach]));
		tool_json_set(o, "pages_asked",
			      json_integer((json_int_t)r->asked));
		tool_json_set(o, "pages_covered",
			      json_integer((json_int_t)r->covered));
	}
	tool_json_set(o, "blocks", blocks);
	return o;
}

static int report(const struct result *r, bool json)
{
	if (json)
		tool_json_print(json_result(r));
	else if (!r->verdict.error)
		print_text(r);
	else
		printf("refused: %s by %s: %s\n",
		       s1inv_errno_name(r->verdict.error),
		       s1inv_rule_name(r->verdict.rule),
		       s1inv_rule_text(r->verdict.rule));
	return r->verdict.error ? TOOL_REFUSED : TOOL_OK;
}

static bool take_npages(const char *text, uint64_t *npages)
{
	*npages = S1INV_VTD_S1_ALL;
	return strcmp(text, "all") == 0 || tool_u64(text, npages);
}

int cmd_cover(int argc, char **argv)
{
	enum s1inv_cover how = S1INV_COVER_TWO;
	struct result r = { 0 };
	bool json = false;
	int option;

	while ((option = tool_option(argc, argv, options)) != -1) {
		if (option == '?')
			return TOOL_BAD;
		if (option == TOOL_OPT_HELP)
			return tool_help(help);
		json |= option == TOOL_OPT_JSON;
		if (option == OPT_EXACT)
			how = S1INV_COVER_EXACT;
	}
	if (argc - optind != 2)
		return tool_error("ADDR and NPAGES are needed; see --help");
	if (!tool_u64(argv[optind], &r.entry.addr))
		return tool_error("ADDR '%s' is not a 64-bit number",
				  argv[optind]);
	if (!take_npages(argv[optind + 1], &r.entry.npages))
		return tool_error("NPAGES '%s' is not a 64-bit number",
				  argv[optind + 1]);
	compute(&r, how);
	return report(&r, json);
}
