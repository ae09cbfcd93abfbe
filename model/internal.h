/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What the files of the model share among themselves. */
#ifndef S1INV_MODEL_INTERNAL_H
#define S1INV_MODEL_INTERNAL_H

#include "model.h"

/*
 * For functions in which memory grows, or what was there before is forgotten.
 * A fuzzer that measures coverage must not look there: what an input reaches
 * would depend on the inputs before it.
 */
#ifdef __clang__
#define MODEL_LASTING __attribute__((noinline, no_sanitize("coverage")))
#else
#define MODEL_LASTING
#endif

/* Registers (VT-d 11.4) */
#define MODEL_FSTS 0x34U
#define MODEL_IQH 0x80U
#define MODEL_IQT 0x88U
#define MODEL_IQA 0x90U
#define MODEL_ICS 0x9cU
#define MODEL_IQERCD 0xb0U

/* FSTS_REG (VT-d 11.4.7.1) */
#define MODEL_IQE 0x10U
#define MODEL_ICE 0x20U
#define MODEL_ITE 0x40U
#define MODEL_FSTS_OURS (MODEL_IQE | MODEL_ICE | MODEL_ITE)

/* IQEI (VT-d 11.4.9.9) */
enum model_iqei {
	MODEL_IQEI_TAIL = 1,
	MODEL_IQEI_FETCH = 2,
	MODEL_IQEI_TYPE = 3,
	MODEL_IQEI_RESERVED = 4,
	MODEL_IQEI_WIDTH = 5,
	MODEL_IQEI_TAIL_ALIGN = 6,
	MODEL_IQEI_TTM = 7
};

/* Descriptor types (VT-d 6.5.2) */
enum model_type {
	MODEL_CC = 0x1,
	MODEL_IOTLB = 0x2,
	MODEL_DEVTLB = 0x3,
	MODEL_IEC = 0x4,
	MODEL_WAIT = 0x5,
	MODEL_PIOTLB = 0x6,
	MODEL_PC = 0x7,
	MODEL_PDEVTLB = 0x8,
	MODEL_PGRESP = 0x9,
	MODEL_HPT = 0xa
};

/* Flags of a wait (VT-d 6.5.2.9) */
#define MODEL_WAIT_IF 0x10U
#define MODEL_WAIT_SW 0x20U
#define MODEL_WAIT_FN 0x40U

/* A growing array. Its memory survives a reset. */
struct model_vec {
	void *at;
	size_t len;
	size_t cap;
};

/* A window of memory that the unit can reach. */
struct model_window {
	uint64_t bus;
	uint8_t *host;
	uint64_t len;
};

/*
 * A descriptor between fetch and execution. @seq counts fetches; @after is that
 * of the wait before it in the queue. @ite and @ice strike it, with @report.
 */
struct model_item {
	uint64_t qw[4];
	uint64_t seq;
	uint64_t after;
	size_t record;
	uint32_t slot;
	uint8_t type;
	bool ite;
	bool ice;
	bool left_over;
	uint16_t report;
};

/* A fault, how many candidates went by, how often it struck, and where. */
struct model_armed {
	struct model_fault fault;
	uint64_t seen;
	uint32_t used;
	uint32_t slot;
};

struct model_store {
	struct model_vec windows;
	struct model_vec pending;
	struct model_vec log;
	struct model_vec faults;
	struct model_vec gone;
	struct model_vec iotlb;
	struct model_vec devtlb;
	struct model_vec shadow;
};

/*
 * @head and @published are slots, @tail_reg is IQT_REG as it was written.
 * @store.shadow holds each slot as it was when published. Of @store.pending the
 * first @gone elements are pending no more.
 */
struct model_unit {
	struct model_config config;
	struct model_store store;
	size_t gone;
	struct model_hooks hooks;
	struct model_counts counts;
	uint64_t errors[MODEL_ERROR_KINDS];
	uint64_t random;
	uint64_t junk;
	uint64_t seq;
	uint64_t last_wait;
	uint32_t head;
	uint32_t published;
	uint32_t tail_reg;
	uint32_t fsts;
	uint8_t iqei;
	uint16_t itesid;
	uint16_t icesid;
	bool iwc;
	bool enabled;
	bool stalled;
	bool lock_held;
};

#define MODEL_NO_RECORD SIZE_MAX

/* Element @i of a vector that holds elements of @type */
#define MODEL_AT(type, vec, i) ((type *)(vec).at + (i))

/* Pending descriptors, and the @i-th of them, the oldest first */
static inline size_t model_pending(const struct model_unit *u)
{
	return u->store.pending.len - u->gone;
}

static inline struct model_item *model_item(const struct model_unit *u,
					    size_t i)
{
	return MODEL_AT(struct model_item, u->store.pending, u->gone + i);
}

static inline struct model_armed *model_armed(const struct model_unit *u,
					      size_t i)
{
	return MODEL_AT(struct model_armed, u->store.faults, i);
}

/* @width bits of @v from bit @low on */
static inline uint32_t model_bits(uint64_t v, unsigned int low,
				  unsigned int width)
{
	return (uint32_t)(v >> low) & (uint32_t)((UINT64_C(1) << width) - 1);
}

/* The 7-bit type, in two pieces (VT-d 6.5.2) */
static inline uint8_t model_type(uint64_t qw0)
{
	return (uint8_t)(model_bits(qw0, 0, 4) | model_bits(qw0, 9, 3) << 4);
}

static inline bool model_is_devtlb(uint8_t type)
{
	return type == MODEL_DEVTLB || type == MODEL_PDEVTLB;
}

/* The requester of a device-TLB descriptor (VT-d 6.5.2.5, .6) */
static inline uint16_t model_sid(const uint64_t qw[4])
{
	bool pasid = model_type(qw[0]) == MODEL_PDEVTLB;

	return (uint16_t)model_bits(qw[0], pasid ? 16 : 32, 16);
}

/* vec.c */
void *model_vec_push(struct model_vec *v, size_t size);
uint64_t model_random(uint64_t *state);
uint64_t model_load_le64(const uint8_t *p);
uint32_t model_load_le32(const uint8_t *p);
void model_store_le32(uint8_t *p, uint32_t v);

/* unit.c */
void model_count_error(struct model_unit *u, enum model_error kind);
uint8_t *model_dma(const struct model_unit *u, uint64_t bus, size_t len);
void model_raise(struct model_unit *u, uint32_t bit, uint16_t value);
uint32_t model_slots(const struct model_unit *u);
size_t model_slot_size(const struct model_unit *u);
void model_set_fate(struct model_unit *u, const struct model_item *item,
		    enum model_fate fate);

/* fetch.c */
void model_publish(struct model_unit *u);
void model_snapshot(struct model_unit *u, uint32_t slot);
bool model_fetch_ready(const struct model_unit *u);
void model_fetch(struct model_unit *u);

/* validate.c: the IQEI of a descriptor, or -1 when it is valid */
#define MODEL_VALID (-1)
int model_queue_iqei(const struct model_unit *u);
int model_validate(const struct model_config *config, const uint64_t qw[4]);

/* fault.c */
bool model_fault_fetch(struct model_unit *u, struct model_item *item,
		       uint8_t *iqei);
void model_fault_execute(struct model_unit *u, struct model_item *item);

/* execute.c */
bool model_pick(struct model_unit *u, size_t *i);
void model_execute(struct model_unit *u, size_t i);

/* cache.c */
void model_invalidate(struct model_unit *u, const uint64_t qw[4]);

#endif /* S1INV_MODEL_INTERNAL_H */
