/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * s1inv: the command line of the s1inv core.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "replay", cmd_replay },   { "decode", cmd_decode },
	{ "encode", cmd_encode },   { "cover", cmd_cover },
	{ "fault", cmd_fault },     { "caps", cmd_caps },
	{ "vectors", cmd_vectors },
};

static const char help[] =
	"Usage: s1inv SUBCOMMAND [OPTION]... [ARGUMENT]...\n"
	"\n"
	"Invalidation of user-managed stage-1 I/O page tables (Intel VT-d).\n"
	"\n"
	"  decode QW0 QW1 [QW2 QW3]   draw a descriptor: fields, meaning, faults\n"
	"  decode --log               explain a kernel log or a QEMU trace\n"
	"  encode TYPE FIELD=VALUE... make a descriptor\n"
	"  cover ADDR NPAGES          the blocks that a request becomes\n"
	"  fault FSTS IQERCD          explain the fault registers\n"
	"  caps CAP ECAP              explain the capability registers\n"
	"  replay FILE...             run request files against core and model\n"
	"  vectors --check FILE...    run test vectors\n"
	"\n"
	"Each subcommand takes --json and --help. Colour is used on a terminal\n"
	"unless NO_COLOR is set.\n"
	"\n"
	"Exit status: 0 done; 1 refused, failed, or output cannot be written;\n"
	"2 bad input, with one line on standard error.\n"
	"\n"
	"Example:\n"
	"  dmesg | s1inv decode --log\n";

/* Output that did not arrive is a failure, however well the rest went. */
static int finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	tool_error("cannot write the output: %s", strerror(errno));
	return TOOL_REFUSED;
}

static int run(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(argv[0], commands[i].name) == 0) {
			tool_set_command(commands[i].name);
			return commands[i].run(argc, argv);
		}
	}
	return tool_error("unknown subcommand '%s'; see s1inv --help", argv[0]);
}

int main(int argc, char **argv)
{
	/* A reader that went away is reported like a full disk. */
	signal(SIGPIPE, SIG_IGN);
	tool_out_init();
	if (argc < 2)
		return tool_error("no subcommand; see s1inv --help");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return finish(tool_help(help));
	if (strcmp(argv[1], "--version") == 0) {
		printf("s1inv %s\n", S1INV_VERSION);
		return finish(TOOL_OK);
	}
	return finish(run(argc - 1, argv + 1));
}
