/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The core in a program of its own: a made-up IOMMU that carries out whatever
 * it is sent, one page table on it, and a command with three entries, of which
 * the last is wrong.
 *
 *	cc embed.c $(pkg-config --cflags --libs s1inv)
 */
#include <s1inv/s1inv.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SLOTS 128U
#define SLOT_BYTES 32U /* of a 256-bit queue */
#define STATUS_BUS UINT64_C(0x1000)

/* ---------------------------------------------------------- the hardware */

static s1inv_le64 ring[SLOTS * SLOT_BYTES / sizeof(s1inv_le64)];
static s1inv_le32 status[SLOTS];
static uint8_t state[SLOTS];
static uint32_t iqh; /* IQH_REG */

/* A wait with SW writes its data to its address (VT-d 6.5.2.9). */
static void execute(const s1inv_le64 *slot)
{
	uint64_t qw0 = s1inv_le64_to_cpu(slot[0]);
	uint64_t qw1 = s1inv_le64_to_cpu(slot[1]);

	printf("  %-32s 0x%016" PRIx64 " 0x%016" PRIx64 "\n",
	       s1inv_vtd_type_name(s1inv_vtd_type(qw0)), qw0, qw1);
	if (s1inv_vtd_type(qw0) == S1INV_VTD_TYPE_WAIT &&
	    (qw0 >> S1INV_VTD_LSB(S1INV_VTD_WAIT_SW_BITS) & 1U))
		/* The data is the upper half of a little-endian word. */
		memcpy(&status[(qw1 - STATUS_BUS) / sizeof(status[0])],
		       (const char *)slot + 4, 4);
}

static uint32_t read32(void *ctx, uint32_t off)
{
	(void)ctx;
	return off == S1INV_VTD_IQH_REG ? iqh : 0; /* FSTS_REG: no fault */
}

static uint64_t read64(void *ctx, uint32_t off)
{
	(void)ctx;
	(void)off;
	return 0; /* IQERCD_REG is read after a fault only */
}

/* A write to IQT_REG is the doorbell. */
static void write32(void *ctx, uint32_t off, uint32_t value)
{
	(void)ctx;
	if (off != S1INV_VTD_IQT_REG)
		return;
	for (; iqh != value; iqh = (iqh + SLOT_BYTES) % (SLOTS * SLOT_BYTES))
		execute(&ring[iqh / sizeof(ring[0])]);
}

/* All is done when the doorbell returns, so there is nothing to wait for. */
static void no_pause(void *ctx, const struct s1inv_env_waiter *waiter)
{
	(void)ctx;
	(void)waiter;
}

/* ------------------------------------------------- the process's memory */

static size_t copy_from(void *ctx, void *dst, uint64_t uaddr, size_t len)
{
	(void)ctx;
	memcpy(dst, (const void *)(uintptr_t)uaddr, len);
	return 0; /* bytes that did not arrive */
}

static size_t copy_to(void *ctx, uint64_t uaddr, const void *src, size_t len)
{
	(void)ctx;
	memcpy((void *)(uintptr_t)uaddr, src, len);
	return 0;
}

/* -------------------------------------------------------- the page table */

#define TABLE_ID 7U

static const struct s1inv_env_dev dev = { .read32 = read32,
					  .read64 = read64,
					  .write32 = write32,
					  .pause = no_pause };
static struct s1inv_vtd_queue queue = { .dev = &dev,
					.ring = ring,
					.status = status,
					.state = state,
					.status_addr = STATUS_BUS,
					.slots = SLOTS,
					.wide = true };
static const struct s1inv_vtd_target targets[] = {
	{ .cache = S1INV_VTD_IOTLB },
	{ .cache = S1INV_VTD_DEVTLB, .sid = 0x0308, .pfsid = 0x0300 },
};
static const struct s1inv_vtd_unit unit = { .queue = &queue,
					    .targets = targets,
					    .target_num = 2,
					    .did = 3,
					    .am_max = S1INV_VTD_AM_MAX,
					    .dit = true,
					    .te = true };
static struct s1inv_vtd_scratch scratch;
static struct s1inv_vtd_table table = {
	.timeouts_max = S1INV_VTD_TIMEOUTS_MAX,
	.units = &unit,
	.unit_num = 1,
	.scratch = &scratch,
};

static int find(void *ctx, uint32_t hwpt_id, struct s1inv_backend *backend)
{
	(void)ctx;
	if (hwpt_id != TABLE_ID)
		return -S1INV_ENOENT;
	return s1inv_vtd_begin(&table, backend);
}

int main(void)
{
	const struct s1inv_vtd_s1_entry entries[] = {
		{ .addr = 0x40000000,
		  .npages = 512,
		  .flags = S1INV_VTD_S1_LEAF },
		{ .addr = 0x7ffff000, .npages = 2 },
		{ .addr = 0x1000, .npages = 1, .flags = 2 },
	};
	struct s1inv_cmd cmd = { .size = sizeof(cmd),
				 .hwpt_id = TABLE_ID,
				 .data_uptr = (uintptr_t)entries,
				 .data_type = S1INV_DATA_VTD_S1,
				 .entry_len = sizeof(entries[0]),
				 .entry_num = 3 };
	const struct s1inv_env_user user = { .copy_from = copy_from,
					     .copy_to = copy_to };
	const struct s1inv_hwpts hwpts = { .find = find };
	const struct s1inv_limits limits = S1INV_LIMITS_LINUX;
	struct s1inv_report report;

	if (s1inv_vtd_queue_init(&queue))
		return 1;
	(void)s1inv_command(&hwpts, &user, &limits, (uintptr_t)&cmd, &report);
	printf("%" PRIu32 " of 3 handled, then %s (%s: %s)\n", cmd.entry_num,
	       s1inv_errno_name(report.verdict.error),
	       s1inv_rule_name(report.verdict.rule),
	       s1inv_rule_text(report.verdict.rule));
	return cmd.entry_num == 2 ? 0 : 1;
}
