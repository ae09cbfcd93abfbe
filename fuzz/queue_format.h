/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Inputs of the target queue: a unit, and then what happens, record by record.
 * What a byte of turns and of a submission means is said below.
 */
#ifndef S1INV_FUZZ_QUEUE_FORMAT_H
#define S1INV_FUZZ_QUEUE_FORMAT_H

#include "format.h"
#include "model.h"
#include "symbols.h"

enum queue_header { QUEUE_HARDWARE, QUEUE_DEPTH, QUEUE_RACING, QUEUE_SEED };

enum queue_hardware {
	QUEUE_REORDER = 0x01,
	QUEUE_LOSE_SOME = 0x02,
	QUEUE_NO_IQERCD = 0x04,
	QUEUE_NO_RESUME = 0x08,
	QUEUE_NARROW = 0x10,
	QUEUE_BIG_RING = 0x20,
	QUEUE_NO_PDS = 0x40,
	QUEUE_OTHER_BITS = 0x80,
};

static const struct fuzz_symbol queue_hardware[] = {
	{ "reorder", QUEUE_REORDER },     { "lose_some", QUEUE_LOSE_SOME },
	{ "no_iqercd", QUEUE_NO_IQERCD }, { "no_resume", QUEUE_NO_RESUME },
	{ "narrow", QUEUE_NARROW },       { "big_ring", QUEUE_BIG_RING },
	{ "no_pds", QUEUE_NO_PDS },       { "other_bits", QUEUE_OTHER_BITS },
};

static const struct fuzz_field queue_header_fields[] = {
	[QUEUE_HARDWARE] =
		FUZZ_SYMBOLIC("hardware", 1, FUZZ_BITS, queue_hardware),
	[QUEUE_DEPTH] = FUZZ_NUMBER("depth", 1),
	[QUEUE_RACING] = FUZZ_NUMBER("racing", 1),
	[QUEUE_SEED] = FUZZ_NUMBER("seed", 1),
};

static const struct fuzz_kind queue_header = FUZZ_KIND(
	"queue", "a unit; racing: steps at each access to its registers",
	queue_header_fields);

enum queue_kind {
	QUEUE_TURNS,
	QUEUE_SUBMIT,
	QUEUE_IQE,
	QUEUE_ITE,
	QUEUE_ICE,
	QUEUE_SILENT,
	QUEUE_GONE,
	QUEUE_ANSWER,
	QUEUE_KINDS
};

/*
 * A turn: bits 2:0 say whose it is, bits 7:3 are its argument.
 * Submitters 0 to 5: 31 abandons, anything else starts or polls.
 */
enum queue_turn {
	QUEUE_SUBMITTERS = 6,
	QUEUE_TURN_UNIT = 6,   /* argument + 1 steps */
	QUEUE_TURN_OTHERS = 7, /* 31: reset; else pending for a device */
	QUEUE_ARGUMENT_LAST = 31,
};

enum queue_submit { QUEUE_SUBMIT_WHO, QUEUE_SUBMIT_BITS };

enum queue_submit_bits { QUEUE_SUBMIT_REFUSES = 1, QUEUE_SUBMIT_DRAINS = 2 };

static const struct fuzz_symbol queue_submit_bits[] = {
	{ "may_refuse", QUEUE_SUBMIT_REFUSES },
	{ "drain", QUEUE_SUBMIT_DRAINS },
};

static const struct fuzz_field queue_submit_fields[] = {
	[QUEUE_SUBMIT_WHO] = FUZZ_NUMBER("submitter", 1),
	[QUEUE_SUBMIT_BITS] =
		FUZZ_SYMBOLIC("bits", 1, FUZZ_BITS, queue_submit_bits),
};

/*
 * A descriptor: bits 2:0 its type, bits 4:3 its device, bits 6:4 flags of a
 * user's wait: IF, SW, FN.
 */
enum queue_desc {
	QUEUE_DESC_PIOTLB,
	QUEUE_DESC_DEVTLB,
	QUEUE_DESC_FENCE, /* the queue's own, once */
	QUEUE_DESC_PDEVTLB,
	QUEUE_DESC_IOTLB,
	QUEUE_DESC_IEC,
	QUEUE_DESC_WAIT,
	QUEUE_DESC_FN_WAIT, /* with FN in any case */
};

enum queue_fault {
	QUEUE_FAULT_WHICH,
	QUEUE_FAULT_NTH,
	QUEUE_FAULT_TIMES,
	QUEUE_FAULT_CODE, /* of an IQE */
	QUEUE_FAULT_DEVICE = QUEUE_FAULT_CODE,
	QUEUE_FAULT_REPORT,
};

static const struct fuzz_symbol queue_which[] = {
	{ "fetched", MODEL_NTH_FETCHED },
	{ "devtlb", MODEL_NTH_DEVTLB },
	{ "invalidation", MODEL_NTH_INVALIDATION },
	{ "every_devtlb", MODEL_EVERY_DEVTLB },
};

static const struct fuzz_field queue_iqe_fields[] = {
	[QUEUE_FAULT_WHICH] =
		FUZZ_SYMBOLIC("which", 1, FUZZ_CHOICE, queue_which),
	[QUEUE_FAULT_NTH] = FUZZ_NUMBER("nth", 1),
	[QUEUE_FAULT_TIMES] = FUZZ_NUMBER("times_more", 1),
	[QUEUE_FAULT_CODE] = FUZZ_NUMBER("code", 1),
};

/* Whom a report names: 0 and 1 are special, others a device */
enum queue_report {
	QUEUE_REPORT_TRUE,
	QUEUE_REPORT_ZERO,
	QUEUE_REPORT_UNKNOWN
};

static const struct fuzz_symbol queue_reports[] = {
	{ "true", QUEUE_REPORT_TRUE },
	{ "zero", QUEUE_REPORT_ZERO },
	{ "unknown", QUEUE_REPORT_UNKNOWN },
};

static const struct fuzz_field queue_answer_fields[] = {
	[QUEUE_FAULT_WHICH] =
		FUZZ_SYMBOLIC("which", 1, FUZZ_CHOICE, queue_which),
	[QUEUE_FAULT_NTH] = FUZZ_NUMBER("nth", 1),
	[QUEUE_FAULT_TIMES] = FUZZ_NUMBER("times_more", 1),
	[QUEUE_FAULT_DEVICE] = FUZZ_NUMBER("device", 1),
	[QUEUE_FAULT_REPORT] =
		FUZZ_SYMBOLIC("report", 1, FUZZ_DEC, queue_reports),
};

enum queue_silent { QUEUE_SILENT_DEVICE, QUEUE_SILENT_TIMES };

static const struct fuzz_field queue_silent_fields[] = {
	[QUEUE_SILENT_DEVICE] = FUZZ_NUMBER("device", 1),
	[QUEUE_SILENT_TIMES] = FUZZ_NUMBER("times", 1),
};

static const struct fuzz_field queue_gone_fields[] = {
	[QUEUE_SILENT_DEVICE] = FUZZ_NUMBER("device", 1),
};

static const struct fuzz_kind queue_kinds[] = {
	[QUEUE_TURNS] = { "turns",
			  "who acts, a byte each: queue_format.h, enum queue_turn",
			  NULL, 0, true },
	[QUEUE_SUBMIT] = { "submit",
			   "a submission, a byte per descriptor: "
			   "queue_format.h, enum queue_desc",
			   queue_submit_fields, FUZZ_COUNT(queue_submit_fields),
			   true },
	[QUEUE_IQE] = FUZZ_KIND("iqe", "descriptors that are refused",
				queue_iqe_fields),
	[QUEUE_ITE] = FUZZ_KIND("ite", "time-outs", queue_answer_fields),
	[QUEUE_ICE] = FUZZ_KIND("ice", "bad completions", queue_answer_fields),
	[QUEUE_SILENT] = FUZZ_KIND("silent",
				   "a device that does not answer; 0 times: "
				   "never more",
				   queue_silent_fields),
	[QUEUE_GONE] = FUZZ_KIND("gone", "a device that is not there",
				 queue_gone_fields),
	[QUEUE_ANSWER] = { "answer", "all devices are there and answer again",
			   NULL, 0, false },
};

static const struct fuzz_format queue_format = {
	.name = "queue",
	.about = "submitters that share a ring",
	.header = &queue_header,
	.kinds = queue_kinds,
	.kind_num = FUZZ_COUNT(queue_kinds),
};

#endif /* S1INV_FUZZ_QUEUE_FORMAT_H */
