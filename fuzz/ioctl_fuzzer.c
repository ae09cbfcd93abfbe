/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The whole ioctl: s1inv_command() with the VT-d or the self-test's page table,
 * on hostile user memory, on up to three units of the model, with faults. Its
 * oracle is ioctl_oracle.h, its format scene_format.h.
 */
#include <string.h>

#include "ioctl_oracle.h"
#include "scene_format.h"

const struct fuzz_format *const fuzz_target_format = &scene_format;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct scene scene;
	static struct stage stage;
	struct s1inv_report report;
	int error;

	scene_read(&scene, &scene_format, data, size);
	stage_start(&stage, &scene);
	memset(&report, 0xa5, sizeof(report));
	error = stage_command(&stage, &report);
	check_command(&stage, &report, error);
	return 0;
}
