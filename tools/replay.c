/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* s1inv replay: run request files against core and model, and show it. */
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>

static const char help[] =
	"Usage: s1inv replay [--test ID] [--json] FILE...\n"
	"\n"
	"Carries out the calls of request files on a model of the hardware and\n"
	"shows, entry by entry, what was handled and what was refused and why,\n"
	"and the descriptors that each IOMMU unit fetched. docs/vectors.md\n"
	"describes the format.\n"
	"\n"
	"  --test ID   only the test with this tcId in each file\n"
	"  --json      report as JSON\n"
	"  --help      this text\n"
	"\n"
	"Exit status: 0 every outcome is what the file states; 1 one is not;\n"
	"2 bad input: nothing was run.\n";

struct replay {
	uint64_t only; /* a tcId, 0 for all */
	uint64_t left; /* descriptors that may yet be fetched for the file */
	bool json;
	size_t shown; /* tests of the file so far */
	size_t differing;
};

/* Of long lists so many elements are shown at either end, ... */
#define SHOWN_AT_ENDS 16U
/* ... and in between those that are out of the ordinary, up to so many. */
#define SHOWN_SPECIAL 64U

/* ------------------------------------------------------ what views share */

const uint32_t replay_fault_bits[3] = { S1INV_VTD_FSTS_IQE, S1INV_VTD_FSTS_ITE,
					S1INV_VTD_FSTS_ICE };

/* Does the verdict lie with the first entry that is not handled? */
static bool blames_entry(enum s1inv_rule rule)
{
	switch (rule) {
	case S1INV_RULE_NONE:
	case S1INV_RULE_CMD_1:
	case S1INV_RULE_CMD_2:
	case S1INV_RULE_CMD_3:
	case S1INV_RULE_CMD_4:
	case S1INV_RULE_CMD_5:
	case S1INV_RULE_CMD_6:
	case S1INV_RULE_CMD_7:
	case S1INV_RULE_CMD_8:
	case S1INV_RULE_CMD_11:
	case S1INV_RULE_COPY_1:
	case S1INV_RULE_REP_7:
	case S1INV_RULE_REP_14:
		return false;
	default:
		return true;
	}
}

enum replay_fate replay_fate(const struct rig *rig, uint32_t i)
{
	const struct s1inv_report *report = &rig->report;

	if (i < report->handled)
		return REPLAY_HANDLED;
	if (i == report->handled && blames_entry(report->verdict.rule))
		return REPLAY_BLAMED;
	return REPLAY_NOT_HANDLED;
}

bool replay_has_hw_error(const struct rig *rig)
{
	return rig->group->type == RF_REQUEST &&
	       rig->group->table.audit.revision == S1INV_REVISION_V8;
}

bool replay_is_special(const struct rig *rig, uint32_t i)
{
	uint32_t word;

	if (i >= rig->report.handled)
		return i == rig->report.handled;
	return replay_has_hw_error(rig) && rig_last_word(rig, i, &word) && word;
}

bool replay_is_shown(struct replay_shown *shown, size_t i, bool special)
{
	if (i < SHOWN_AT_ENDS || shown->num - i <= SHOWN_AT_ENDS ||
	    (special && shown->special++ < SHOWN_SPECIAL))
		return true;
	shown->gap++;
	return false;
}

const char *replay_record_fate(const struct model_record *record)
{
	switch (record->fate) {
	case MODEL_DONE:
		return "done";
	case MODEL_REFUSED:
		return "refused";
	case MODEL_LOST:
		return record->timed_out ? "timed out" : "lost";
	default:
		return "pending";
	}
}

/* "page 0x40000000 +512 pages", "everything" */
static struct tool_text range_text(const struct s1inv_vtd_desc *desc)
{
	struct s1inv_vtd_block block;
	struct tool_text text;

	if (!tool_desc_range(desc, &block))
		return (struct tool_text){ "" };
	if (block.order == S1INV_VTD_AM_MAX)
		return (struct tool_text){ "everything" };
	snprintf(text.s, sizeof(text.s), "0x%llx +%llu page%s",
		 (unsigned long long)(block.first << S1INV_VTD_PAGE_SHIFT),
		 1ULL << block.order, block.order ? "s" : "");
	return text;
}

char *replay_desc(const struct model_record *record)
{
	struct s1inv_vtd_decoded decoded;
	struct s1inv_vtd_desc desc;
	const struct s1inv_vtd_fields *f = &decoded.fields;
	unsigned int i;

	for (i = 0; i < 4; i++)
		desc.qw[i] = record->qw[i];
	s1inv_vtd_decode(&desc, &tool_mode_default, &decoded);
	switch (f->type) {
	case S1INV_VTD_TYPE_WAIT:
		return tool_format("wait %s", wait_flags(desc.qw[0]).s);
	case S1INV_VTD_TYPE_PIOTLB:
		if (f->g == S1INV_VTD_PG_PASID)
			return tool_format("piotlb DID %u PASID %u everything",
					   f->did, f->pasid);
		return tool_format("piotlb DID %u PASID %u %s%s", f->did,
				   f->pasid, range_text(&desc).s,
				   f->ih ? " IH" : "");
	case S1INV_VTD_TYPE_DEVTLB:
		return tool_format("devtlb %s %s", tool_sid_text(f->sid).s,
				   range_text(&desc).s);
	case S1INV_VTD_TYPE_PDEVTLB:
		return tool_format("pdevtlb %s PASID %u %s",
				   tool_sid_text(f->sid).s, f->pasid,
				   range_text(&desc).s);
	default:
		return tool_desc_line(&desc);
	}
}

/* ------------------------------------------------------------------ running */

static bool is_call(const struct rf_group *group)
{
	return group->type == RF_REQUEST || group->type == RF_SELFTEST;
}

static bool is_wanted(const struct rf_group *group, const struct rf_test *test,
		      uint64_t only)
{
	return is_call(group) && (!only || test->tc_id == only);
}

/* @value is let go of. */
static void print_json(const char *before, json_t *value)
{
	char *text =
		value ? json_dumps(value, JSON_INDENT(2) | JSON_ENSURE_ASCII |
						  JSON_ENCODE_ANY) :
			NULL;

	if (!text)
		model_no_memory();
	printf("%s%s", before, text);
	free(text);
	json_decref(value);
}

static void replay_test(struct replay *replay, const struct rf_group *group,
			const struct rf_test *test)
{
	struct rig *rig = tool_alloc(sizeof(*rig));
	struct differences diffs = { 0 };

	rig_run(rig, group, &test->u.call, &replay->left);
	compare_call(rig, &diffs);
	if (replay->json)
		print_json(replay->shown++ ? ",\n" : "\n",
			   replay_json(rig, test, &diffs));
	else
		replay_text(rig, test, &diffs);
	replay->differing += diffs.num != 0;
	differences_free(&diffs);
	rig_free(rig);
	free(rig);
}

static void replay_file(struct replay *replay, const struct rf_file *file)
{
	size_t i, k;

	replay->left = RIG_FETCHES_FILE;
	replay->shown = 0;
	for (i = 0; i < file->group_num; i++) {
		const struct rf_group *group = &file->groups[i];

		for (k = 0; k < group->test_num; k++)
			if (is_wanted(group, group->tests[k], replay->only))
				replay_test(replay, group, group->tests[k]);
	}
}

static size_t count_wanted(const struct rf_file *file, uint64_t only)
{
	size_t num = 0;
	size_t i, k;

	for (i = 0; i < file->group_num; i++)
		for (k = 0; k < file->groups[i].test_num; k++)
			num += is_wanted(&file->groups[i],
					 file->groups[i].tests[k], only);
	return num;
}

/* Test by test, for a document of all of them might not fit into memory. */
static void replay_files_json(struct replay *replay,
			      const struct rf_file *files, int num)
{
	int i;

	for (i = 0; i < num; i++) {
		print_json(i ? ",\n{\"file\": " : "[{\"file\": ",
			   rf_name_json(&files[i]));
		printf(", \"tests\": [");
		replay_file(replay, &files[i]);
		printf("]}");
	}
	printf("]\n");
}

static void replay_files_text(struct replay *replay,
			      const struct rf_file *files, int num)
{
	int i;

	for (i = 0; i < num; i++) {
		if (num > 1 && count_wanted(&files[i], replay->only)) {
			tool_print(TOOL_TITLE, "%s", files[i].shown);
			printf("\n\n");
		}
		replay_file(replay, &files[i]);
	}
}

static int nothing_to_replay(const struct rf_file *files, int num,
			     uint64_t only)
{
	struct tool_text name = json_in_safe_name(files[0].name);
	struct tool_text more = { "" };

	if (num > 1)
		more = tool_text(" and %d more file%s", num - 1,
				 num > 2 ? "s" : "");
	if (only)
		return tool_error("%s%s: no call has tcId %llu", name.s, more.s,
				  (unsigned long long)only);
	return tool_error("%s%s: nothing to replay: no test of type Request or "
			  "SelfTest",
			  name.s, more.s);
}

static int replay_files(const struct rf_file *files, int num, uint64_t only,
			bool json)
{
	struct replay replay = { .only = only, .json = json };
	size_t wanted = 0;
	int i;

	for (i = 0; i < num; i++)
		wanted += count_wanted(&files[i], only);
	if (!wanted)
		return nothing_to_replay(files, num, only);
	if (json)
		replay_files_json(&replay, files, num);
	else
		replay_files_text(&replay, files, num);
	return replay.differing ? TOOL_REFUSED : TOOL_OK;
}

static int load_and_replay(char **names, int num, uint64_t only, bool json)
{
	struct rf_file *files = rf_load_all(names, num);
	int status;

	if (!files)
		return TOOL_BAD;
	status = replay_files(files, num, only, json);
	rf_free_all(files, num);
	return status;
}

int cmd_replay(int argc, char **argv)
{
	static const struct option options[] = { TOOL_OPTIONS,
						 { "test", required_argument,
						   NULL, TOOL_OPT_FIRST },
						 { NULL, 0, NULL, 0 } };
	uint64_t only = 0;
	bool json = false;
	int c;

	while ((c = tool_option(argc, argv, options)) != -1) {
		if (c == TOOL_OPT_HELP)
			return tool_help(help);
		if (c == '?')
			return TOOL_BAD;
		json |= c == TOOL_OPT_JSON;
		if (c == TOOL_OPT_FIRST && only)
			return tool_error("--test is given twice");
		if (c == TOOL_OPT_FIRST && (!tool_u64(optarg, &only) || !only))
			return tool_error("--test needs a tcId, not '%s'",
					  optarg);
	}
	if (optind == argc)
		return tool_error("needs a file; see --help");
	return load_and_replay(argv + optind, argc - optind, only, json);
}
