/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Inputs of the target log: a log as it is, and the lines it is made of. */
#ifndef S1INV_FUZZ_LOG_FORMAT_H
#define S1INV_FUZZ_LOG_FORMAT_H

#include "format.h"

/* A descriptor of a type and granularity (VT-d 6.5.2), as QEMU traces it */
#define LOG_DESC(high, low)                                                    \
	"vtd_inv_desc invalidate desc type x high " high " low " low "\n"

/* What the kernel and QEMU print about an invalidation queue */
static const char *const log_tokens[] = {
	"[  147.069016] DMAR: VT-d detected Invalidation Time-out Error: SID 0\n",
	"DMAR: VT-d detected Invalidation Queue Error: Reason 4\n",
	"DMAR: VT-d detected Invalidation Completion Error: SID 308\n",
	"DMAR: VT-d detected invalid descriptor: low=30036, high=14\n",
	"DMAR: DRHD: handling fault status reg 40\n",
	"DMAR: QI HEAD: Device-TLB Invalidation qw0 = 0xaf0300100003, qw1 = 0x7ffffffffffff001\n",
	"DMAR: QI PRIOR: Invalidation Wait qw0 = 0x200000025, qw1 = 0x10005f634\n",
	"DMAR: QI HEAD: PASID-based IOTLB Invalidation qw0 = 0x30036, qw1 = 0x14, qw2 = 0x0, qw3 = 0x0\n",
	"DMAR: Invalidation Queue Error (IQE) cleared\n",
	"DMAR: Invalidation Time-out Error (ITE) cleared\n",
	"DMAR: Invalidation Completion Error (ICE) cleared\n",
	"DMAR: dmar0: reg_base_addr d97fc000 ver 6:0 cap 19ed008c40780c66 ecap 3ee9e86f050df\n",
	"vtd_inv_desc invalidate desc type p-iotlb high 0x2 low 0x30036\n",
	"vtd_process_piotlb_desc: invalid piotlb inv desc: hi=0x14, lo=0x30036 (am=20 > VTD_MAMV=18)\n",
	"Reason ",
	"SID ",
	"qw0 = 0x",
	"qw1 = 0x",
	"qw2 = 0x",
	"qw3 = 0x",
	" cap ",
	" ecap ",
	" high ",
	" low ",
	", lo=",
	" (",
	"2026-11-25T03:00:00.000001+00:00 host kernel: ",
	"Nov 25 03:00:00 host kernel: ",
	"<4>",
	"\r\n",
	"\033[0m",
	"\033]0;title\007",
	"Reason 1\n",
	"Reason 2\n",
	"Reason 3\n",
	"Reason 5\n",
	"Reason 6\n",
	"Reason 7\n",
	LOG_DESC("0x0", "0x11"),
	LOG_DESC("0x0", "0x21"),
	LOG_DESC("0x0", "0x31"),
	LOG_DESC("0x0", "0x12"),
	LOG_DESC("0x0", "0x22"),
	LOG_DESC("0x1000", "0x32"),
	LOG_DESC("0x1001", "0x10000000003"),
	LOG_DESC("0x0", "0x4"),
	LOG_DESC("0x0", "0x14"),
	LOG_DESC("0x0", "0x7"),
	LOG_DESC("0x0", "0x17"),
	LOG_DESC("0x0", "0x37"),
	LOG_DESC("0x0", "0x100000026"),
	LOG_DESC("0x1801", "0x101000008"),
	LOG_DESC("0x0", "0x100000009"),
	LOG_DESC("0x0", "0x1a"),
	LOG_DESC("0x0", "0x2a"),
	LOG_DESC("0x1000", "0x3a"),
};

static const struct fuzz_format log_format = {
	.name = "log",
	.about = "a kernel log or a QEMU trace, for s1inv decode --log",
	.tokens = log_tokens,
	.token_num = FUZZ_COUNT(log_tokens),
};

#endif /* S1INV_FUZZ_LOG_FORMAT_H */
