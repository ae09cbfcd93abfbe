/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * s1inv decode: a descriptor is drawn, or a log explained.
 */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const char help[] =
	"Usage: s1inv decode [OPTION]... QW0 QW1 [QW2 QW3]\n"
	"       s1inv decode [OPTION]... --log <LOG\n"
	"\n"
	"Draw an invalidation descriptor: its fields, what they mean, and what\n"
	"is wrong with it for a receiver. Or explain what the lines of Linux\n"
	"and QEMU about the invalidation queue, read from standard input, say;\n"
	"of what is lost of a line nothing is guessed.\n"
	"\n"
	"Numbers are decimal, or hexadecimal with 0x.\n"
	"\n"
	"  --log             explain a kernel log or a QEMU trace; of the other\n"
	"                    options only --json goes with it\n"
	"  --ttm MODE        translation table mode of the receiver: legacy,\n"
	"                    scalable (default), reserved, abort\n"
	"  --queue BITS      width of its descriptors: 128 or 256 (default)\n"
	"  --dt, --no-dt     ECAP.DT, device TLBs (default: on)\n"
	"  --dit, --no-dit   ECAP.DIT, PFSID (default: on)\n"
	"  --prs, --no-prs   ECAP.PRS, page requests (default: on)\n"
	"  --pds, --no-pds   ECAP.PDS, page-request drain (default: off)\n"
	"  --hpts, --no-hpts ECAP.HPTS, HPT (default: off)\n"
	"  --json            one JSON document\n"
	"  --help            this text\n"
	"\n"
	"Example:\n"
	"  s1inv decode 0xaf0300100003 0x7ffffffffffff001\n";

enum {
	OPT_LOG = TOOL_OPT_FIRST,
	OPT_TTM,
	OPT_QUEUE,
	OPT_DT,
	OPT_NO_DT,
	OPT_DIT,
	OPT_NO_DIT,
	OPT_PRS,
	OPT_NO_PRS,
	OPT_PDS,
	OPT_NO_PDS,
	OPT_HPTS,
	OPT_NO_HPTS
};

static const struct option options[] = {
	TOOL_OPTIONS,
	{ "log", no_argument, NULL, OPT_LOG },
	{ "ttm", required_argument, NULL, OPT_TTM },
	{ "queue", required_argument, NULL, OPT_QUEUE },
	{ "dt", no_argument, NULL, OPT_DT },
	{ "no-dt", no_argument, NULL, OPT_NO_DT },
	{ "dit", no_argument, NULL, OPT_DIT },
	{ "no-dit", no_argument, NULL, OPT_NO_DIT },
	{ "prs", no_argument, NULL, OPT_PRS },
	{ "no-prs", no_argument, NULL, OPT_NO_PRS },
	{ "pds", no_argument, NULL, OPT_PDS },
	{ "no-pds", no_argument, NULL, OPT_NO_PDS },
	{ "hpts", no_argument, NULL, OPT_HPTS },
	{ "no-hpts", no_argument, NULL, OPT_NO_HPTS },
	{ NULL, 0, NULL, 0 },
};

struct request {
	struct s1inv_vtd_mode mode;
	bool help, json, log, mode_given;
};

static bool set_ttm(struct s1inv_vtd_mode *mode, const char *name)
{
	static const struct {
		const char *name;
		enum s1inv_vtd_ttm ttm;
	} modes[] = {
		{ "legacy", S1INV_VTD_TTM_LEGACY },
		{ "scalable", S1INV_VTD_TTM_SCALABLE },
		{ "reserved", S1INV_VTD_TTM_RESERVED },
		{ "abort", S1INV_VTD_TTM_ABORT },
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (strcmp(name, modes[i].name) == 0) {
			mode->ttm = modes[i].ttm;
			return true;
		}
	}
	tool_error("--ttm is legacy, scalable, reserved or abort, not '%s'",
		   name);
	return false;
}

static bool set_queue(struct s1inv_vtd_mode *mode, const char *bits)
{
	mode->wide = strcmp(bits, "256") == 0;
	if (mode->wide || strcmp(bits, "128") == 0)
		return true;
	tool_error("--queue is 128 or 256, not '%s'", bits);
	return false;
}

/* The options that turn a capability on or off */
static void set_capability(struct s1inv_vtd_mode *mode, int option)
{
	bool *const caps[] = { &mode->dt, &mode->dit, &mode->prs, &mode->pds,
			       &mode->hpts };
	unsigned int i = (unsigned int)(option - OPT_DT);

	*caps[i / 2] = i % 2 == 0;
}

static bool take_mode(struct s1inv_vtd_mode *mode, int option)
{
	if (option == OPT_TTM)
		return set_ttm(mode, optarg);
	if (option == OPT_QUEUE)
		return set_queue(mode, optarg);
	set_capability(mode, option);
	return true;
}

static bool take(struct request *request, int option)
{
	switch (option) {
	case TOOL_OPT_HELP:
		request->help = true;
		return true;
	case TOOL_OPT_JSON:
		request->json = true;
		return true;
	case OPT_LOG:
		request->log = true;
		return true;
	case '?':
		return false;
	default:
		request->mode_given = true;
		return take_mode(&request->mode, option);
	}
}

static int decode(const struct request *request, int argc, char **argv)
{
	struct s1inv_vtd_desc desc = { { 0 } };
	unsigned int words = (unsigned int)argc;

	if (argc != 2 && argc != 4)
		return tool_error("2 or 4 quadwords are needed, not %d; see "
				  "--help",
				  argc);
	if (argc == 4 && !request->mode.wide)
		return tool_error("a 128-bit queue has 2 quadwords, not 4");
	for (int i = 0; i < argc; i++) {
		if (!tool_u64(argv[i], &desc.qw[i]))
			return tool_error("'%s' is not a 64-bit number",
					  argv[i]);
	}
	if (request->json)
		return tool_json_print(
			tool_desc_json(&desc, words, &request->mode));
	tool_print(TOOL_TITLE, "%s",
		   s1inv_vtd_type_name(s1inv_vtd_type(desc.qw[0])));
	tool_print(TOOL_PLAIN, " (type 0x%x)\n\n", s1inv_vtd_type(desc.qw[0]));
	tool_desc_print(&desc, words, &request->mode, 0);
	return TOOL_OK;
}

int cmd_decode(int argc, char **argv)
{
	struct request request = { .mode = tool_mode_default };
	int option;

	while ((option = tool_option(argc, argv, options)) != -1) {
		if (!take(&request, option))
			return TOOL_BAD;
	}
	if (request.help)
		return tool_help(help);
	if (request.log && (optind < argc || request.mode_given))
		return tool_error("--log takes no quadwords and no options but "
				  "--json");
	if (request.log)
		return tool_log(request.json);
	return decode(&request, argc - optind, argv + optind);
}
