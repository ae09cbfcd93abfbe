/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The backend of a vendor that does not exist: the example of docs/porting.md,
 * which shows this file piece by piece.
 */
#ifndef S1INV_TESTS_PORTING_EXAMPLE_H
#define S1INV_TESTS_PORTING_EXAMPLE_H

#include <s1inv/s1inv.h>

/* data_type of its entries */
#define EXAMPLE_DATA_TYPE 0x7fU
/* entries that are submitted together */
#define EXAMPLE_CHUNK 16U

/* First quadword: bits 7:0 the operation, 31:16 the guest's address space */
#define EXAMPLE_OP(qw0) ((qw0)&0xffU)
#define EXAMPLE_OP_ALL 0x11U  /* all of the address space */
#define EXAMPLE_OP_PAGE 0x12U /* the page at the second quadword */
#define EXAMPLE_GUEST_BITS UINT64_C(0xffff00ff)
/* Bits 63:48, the virtual machine, are the host's to fill in. */
#define EXAMPLE_VM_LSB 48U

/** struct example_entry - a command as the guest wrote it */
struct example_entry {
	s1inv_le64 cmd[2];
};

struct example_unit;

/** example_unit_put() - hand a command to hardware */
void example_unit_put(struct example_unit *unit, uint64_t qw0, uint64_t qw1);

/** example_unit_sync() - wait; returns how many since the last time are done */
uint32_t example_unit_sync(struct example_unit *unit);

/**
 * struct example_table - a page table, ready for one call
 * @unit: where it is attached
 * @vm: the virtual machine that it belongs to
 * @raw: scratch
 */
struct example_table {
	struct example_unit *unit;
	uint16_t vm;
	struct example_entry raw[EXAMPLE_CHUNK];
};

/** example_begin() - make @table ready for one call, as @backend */
void example_begin(struct example_table *table, struct s1inv_backend *backend);

#endif /* S1INV_TESTS_PORTING_EXAMPLE_H */
