/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The command, the count and the errno: see ioctl_oracle.h. */
#include "ioctl_oracle.h"

#include <string.h>

#define CMD_LEN ((uint32_t)sizeof(struct s1inv_cmd))

FUZZ_ORACLE_FILE_BEGIN

/* ------------------------------------------------------------- the command */

/* The command as it was delivered, as far as it was */
static struct s1inv_cmd delivered_command(const struct stage *stage)
{
	struct s1inv_cmd cmd;

	memcpy(&cmd, stage->cmd_seen, sizeof(cmd));
	return cmd;
}

/* CMD-3: the bytes past 32, in ascending order */
static int naive_tail(const struct stage *stage, uint32_t size)
{
	uint64_t at = stage->scene->cmd_at;
	uint32_t i;

	for (i = CMD_LEN; i < size; i++) {
		if (at + i < at || !stage_readable(stage, at + i, 1))
			return -S1INV_EFAULT;
		if (stage->scene->trail[i - CMD_LEN])
			return -S1INV_E2BIG;
	}
	return 0;
}

/* CMD-1 to CMD-4: can the command be read? */
static int naive_read(const struct stage *stage)
{
	uint64_t at = stage->scene->cmd_at;
	uint32_t size;
	int error;

	if (!stage_readable(stage, at, 4))
		return -S1INV_EFAULT;
	memcpy(&size, stage->cmd_seen, sizeof(size));
	if (size < CMD_LEN)
		return -S1INV_EINVAL;
	error = naive_tail(stage, size);
	if (error)
		return error;
	return stage_readable(stage, at, CMD_LEN) ? 0 : -S1INV_EFAULT;
}

/* CMD-7: the lookup */
static int naive_find(const struct stage *stage, uint32_t hwpt)
{
	switch (hwpt) {
	case SCENE_HWPT_VTD:
		return naive_begin(&stage->table);
	case SCENE_HWPT_SELFTEST:
		return 0;
	case SCENE_HWPT_OTHER_KIND:
		return -S1INV_EINVAL;
	case SCENE_HWPT_NO_OPERATION:
		return -S1INV_EOPNOTSUPP;
	default:
		return -S1INV_ENOENT;
	}
}

static bool in_bounds(const struct s1inv_cmd *cmd,
		      const struct s1inv_limits *limits)
{
	return cmd->data_uptr && cmd->entry_len &&
	       (!limits->entry_len || cmd->entry_len <= limits->entry_len) &&
	       (!limits->entry_num || cmd->entry_num <= limits->entry_num);
}

/* CMD-5 to CMD-8 and COPY-1, for a command that was read */
static int naive_checks(const struct stage *stage, const struct s1inv_cmd *cmd)
{
	bool mock = cmd->hwpt_id == SCENE_HWPT_SELFTEST;
	int error;

	if (cmd->reserved)
		return -S1INV_EOPNOTSUPP;
	if (cmd->entry_num && !in_bounds(cmd, &stage->scene->limits))
		return -S1INV_EINVAL;
	error = naive_find(stage, cmd->hwpt_id);
	if (error)
		return error;
	if (cmd->data_type != (mock ? 0xdeadbeefU : 0U))
		return -S1INV_EINVAL;
	if (cmd->entry_num && cmd->entry_len != (mock ? 8U : 24U))
		return -S1INV_EINVAL;
	return 0;
}

/* --------------------------------------------------------------- the array */

static bool was_read(const struct stage *stage, uint32_t i, uint32_t len)
{
	uint32_t b;

	if (i >= SCENE_ENTRIES)
		return false;
	for (b = 0; b < len; b++)
		if (!stage->got[i * len + b])
			return false;
	return true;
}

/* Is there a copy that delivered nothing of entry @i any more? */
static bool copy_failed_at(const struct stage *stage, uint32_t i, uint32_t len)
{
	uint64_t begin = stage->scene->cmd.data_uptr + (uint64_t)i * len;
	size_t k;

	for (k = 0; k < model_user_calls(stage->memory); k++) {
		const struct model_user_call *call =
			model_user_call(stage->memory, k);

		if (!call->write && call->missing &&
		    call->addr + (call->len - call->missing) - begin < len)
			return true;
	}
	return false;
}

static int naive_mock_audit(const uint8_t *bytes)
{
	struct s1inv_selftest_entry entry;

	memcpy(&entry, bytes, sizeof(entry));
	if (entry.flags > 1U)
		return -S1INV_EOPNOTSUPP;               /* SELF-1 */
	return entry.iotlb_id > 3U ? -S1INV_EINVAL : 0; /* SELF-2 */
}

static int naive_entry(const struct stage *stage, struct naive_run *run,
		       uint32_t i, bool mock)
{
	struct s1inv_vtd_s1_entry entry;

	if (mock)
		return naive_mock_audit(&stage->seen[i * 8U]);
	memcpy(&entry, &stage->seen[i * 24U], sizeof(entry));
	return naive_audit(&stage->table.audit, &entry, &run->request[i]).error;
}

/* Entries as delivered, up to the first that was not or that is refused */
static void naive_walk(const struct stage *stage, struct naive_run *run,
		       const struct s1inv_cmd *cmd)
{
	bool mock = cmd->hwpt_id == SCENE_HWPT_SELFTEST;
	uint32_t len = mock ? 8U : 24U;
	uint32_t i;

	run->num = cmd->entry_num;
	run->stop = 0;
	run->unread = false;
	for (i = 0; i < run->num && !run->stop; i++) {
		run->unread = !was_read(stage, i, len);
		run->stop = run->unread ? -S1INV_EFAULT :
					  naive_entry(stage, run, i, mock);
	}
	run->passed = run->stop ? i - 1U : i;
}

/* COPY-2 to COPY-4: what is not read cannot be read. */
static void check_unread(const struct stage *stage, const struct naive_run *run,
			 uint32_t len)
{
	uint64_t at = stage->scene->cmd.data_uptr;
	uint64_t entry = at + (uint64_t)run->passed * len;

	if (!run->unread)
		return;
	FUZZ_ASSERT(entry < at || !stage_readable(stage, entry, len) ||
			    (stage_copies_fail(stage) &&
			     copy_failed_at(stage, run->passed, len)),
		    "an entry that can be read is read (COPY-2, COPY-3)");
}

/* ----------------------------------------------------------------- the end */

/* SELF-*: the ids of all entries that are handled, and no others */
static void check_mock(const struct stage *stage, uint32_t handled)
{
	struct s1inv_selftest_entry entry;
	bool hit[4] = { false, false, false, false };
	uint32_t i, id;

	for (i = 0; i < handled; i++) {
		memcpy(&entry, &stage->seen[i * 8U], sizeof(entry));
		for (id = 0; id < 4U; id++)
			hit[id] |= entry.flags || entry.iotlb_id == id;
	}
	for (id = 0; id < 4U; id++)
		FUZZ_ASSERT((stage->mock.iotlb[id] == 0) == hit[id],
			    "those ids are set to 0 that were asked for");
}

/* REP-6: once for each that is handled, and for no other */
static void check_hw_writes(const struct stage *stage,
			    const struct naive_run *run, uint32_t handled)
{
	bool v8 = stage->table.audit.revision == S1INV_REVISION_V8 &&
		  !scene_is_selftest(stage->scene);
	uint32_t i;

	FUZZ_ASSERT(handled <= run->passed,
		    "what is handled was read and passed the audit");
	for (i = 0; i < stage->scene->entries; i++)
		FUZZ_ASSERT(stage->hw_writes[i] == (v8 && i < handled),
			    "hw_error is written for handled entries (REP-6)");
	for (i = 0; v8 && i < handled; i++)
		FUZZ_ASSERT(stage->hw_error[i] <= 3U,
			    "hw_error has the two bits only (REP-5)");
}

/*
 * REP-14: before each chunk but the first that was reached. The one behind an
 * entry whose word could not be written was not.
 */
static void check_questions(const struct stage *stage,
			    const struct naive_run *run, uint32_t handled,
			    uint32_t chunk)
{
	uint32_t before = handled;

	if (handled == run->num || stage->hw_failed != UINT32_MAX)
		before--;
	FUZZ_ASSERT(!handled || stage->asked >= before / chunk,
		    "a signal is looked for before every chunk (REP-14)");
}

/* How a call ended that got as far as the array: its errno is @error. */
static void check_end(const struct stage *stage, const struct naive_run *run,
		      uint32_t handled, int error, uint32_t len)
{
	uint32_t chunk = len == 8U ? 8U : NAIVE_CHUNK;

	check_questions(stage, run, handled, chunk);
	if (stage->hw_failed != UINT32_MAX) {
		FUZZ_ASSERT(error == -S1INV_EFAULT &&
				    handled == stage->hw_failed + 1U,
			    "EFAULT, and the entry counts (REP-7)");
	} else if (stage->signalled) {
		FUZZ_ASSERT(error == -S1INV_EINTR && handled < run->num &&
				    handled % chunk == 0,
			    "EINTR between two chunks (REP-14)");
	} else if (error == -S1INV_EIO || error == -S1INV_ETIMEDOUT) {
		FUZZ_ASSERT(handled < run->passed && len == 24U &&
				    !stage_is_calm(stage),
			    "a failure has a reason");
	} else {
		FUZZ_ASSERT(error == run->stop, "the errno of the rules");
		FUZZ_ASSERT(handled == run->passed,
			    "all before the one that stopped it count (REP-3)");
		check_unread(stage, run, len);
	}
}

/* CMD-10, CMD-11: the command as it was, with the count */
static void check_written(const struct stage *stage,
			  const struct s1inv_report *report, int error)
{
	struct s1inv_cmd cmd = delivered_command(stage);
	struct s1inv_cmd now;

	FUZZ_ASSERT(stage->cmd_writes == 1, "written once (CMD-10)");
	FUZZ_ASSERT(report->written == !stage->cmd_failed,
		    "the report says whether it was");
	if (!report->written) {
		FUZZ_ASSERT(error == -S1INV_EFAULT, "EFAULT (CMD-11)");
		return;
	}
	cmd.entry_num = report->handled;
	FUZZ_ASSERT(model_user_peek(stage->memory, stage->scene->cmd_at, &now,
				    sizeof(now)),
		    "the command is there");
	FUZZ_ASSERT(scene_changes_command(stage->scene) ||
			    !memcmp(&now, &cmd, sizeof(cmd)),
		    "as it was, with the number of handled entries (CMD-10)");
}

static void check_nothing_done(const struct stage *stage,
			       const struct s1inv_report *report)
{
	uint32_t i;

	FUZZ_ASSERT(!report->handled, "nothing is handled");
	FUZZ_ASSERT(!stage->submissions, "nothing is submitted");
	for (i = 0; i < stage->scene->entries; i++)
		FUZZ_ASSERT(!stage->hw_writes[i], "no hw_error is written");
}

/* A command that could not be read */
static void check_unread_command(const struct stage *stage,
				 const struct s1inv_report *report, int error,
				 int expected)
{
	FUZZ_ASSERT(!stage->cmd_writes && !report->written,
		    "nothing is written (CMD-1 to CMD-4)");
	check_nothing_done(stage, report);
	if (stage->signalled)
		FUZZ_ASSERT(error == -S1INV_EINTR, "EINTR (CMD-3)");
	else if (!(stage_copies_fail(stage) && error == -S1INV_EFAULT))
		FUZZ_ASSERT(error == expected, "the errno of CMD-1 to CMD-4");
}

static void check_array(const struct stage *stage,
			const struct s1inv_report *report, int error,
			const struct s1inv_cmd *cmd)
{
	bool mock = cmd->hwpt_id == SCENE_HWPT_SELFTEST;
	struct naive_run run;

	naive_walk(stage, &run, cmd);
	if (report->written)
		check_end(stage, &run, report->handled, error, mock ? 8 : 24);
	check_hw_writes(stage, &run, report->handled);
	if (mock) {
		check_mock(stage, report->handled);
		return;
	}
	check_work(stage, &run, report);
	check_caches(stage, &run, report->handled);
}

static bool command_was_read(const struct stage *stage)
{
	uint32_t i;

	for (i = 0; i < CMD_LEN; i++)
		if (!stage->cmd_got[i])
			return false;
	return true;
}

void check_command(const struct stage *stage, const struct s1inv_report *report,
		   int error)
{
	struct s1inv_cmd cmd = delivered_command(stage);
	int expected = naive_read(stage);

	FUZZ_ASSERT(error == report->verdict.error,
		    "the report tells the same");
	FUZZ_ASSERT(model_user_max_delivered(stage->memory) <= 1,
		    "no byte is delivered twice (CMD-12, COPY-3)");
	FUZZ_ASSERT(!model_user_wrapped(stage->memory),
		    "no copy passes the end of the address space (COPY-4)");
	FUZZ_ASSERT(stage->put == stage->found, "what was found is put");
	stage_check_units(stage);
	if (expected || !command_was_read(stage)) {
		check_unread_command(stage, report, error, expected);
		return;
	}
	check_written(stage, report, error);
	expected = naive_checks(stage, &cmd);
	if (expected || !cmd.entry_num) { /* CMD-9 */
		check_nothing_done(stage, report);
		FUZZ_ASSERT(!report->written || error == expected,
			    "the errno of CMD-5 to COPY-1");
		return;
	}
	check_array(stage, report, error, &cmd);
}

FUZZ_ORACLE_END
