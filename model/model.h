/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/**
 * DOC: a model of the receiving side
 *
 * Two things that stand opposite the core in tests, tools and fuzz targets:
 *
 * * an IOMMU unit: the consumer of an invalidation queue, with its fault
 *   registers, an IOTLB, and the device TLBs behind it (model_unit_*);
 * * the memory of a hostile process (model_user_*).
 *
 * Written from the Intel VT-d specification, revision 5.10 (cited as "VT-d"),
 * and from nothing of the core: the tables and masks in here are its own.
 * Where the specification leaves the hardware a choice, the model can make any
 * choice that is allowed, from a seed. Where it says nothing, the model does
 * the least: what it need not invalidate stays cached.
 *
 * Nothing happens by itself. A unit acts in model_unit_step(), one action per
 * call, and two runs from the same seed are the same. There is no global
 * state; units and user memories stand side by side. Out of memory means
 * model_no_memory().
 *
 * A typical set-up::
 *
 *	struct model_config config = model_config_default();
 *	config.ring = ring_bus_address;
 *	struct model_unit *unit = model_unit_create(&config);
 *	model_unit_map(unit, ring_bus_address, ring, sizeof(ring));
 *	model_unit_map(unit, status_bus_address, status, sizeof(status));
 *	model_unit_enable(unit);
 *	struct s1inv_env_dev dev;
 *	model_unit_env(unit, &dev);
 */
#ifndef S1INV_MODEL_H
#define S1INV_MODEL_H

#include <s1inv/env.h>

/**
 * model_no_memory() - called when memory has run out; must not return
 *
 * A weak function that calls abort(). A program that would rather end in
 * another way defines it itself.
 */
_Noreturn void model_no_memory(void);

/* ------------------------------------------------------------ the unit */

/** enum model_ttm - RTADDR_REG.TTM, the translation-table mode */
enum model_ttm {
	MODEL_TTM_LEGACY = 0,
	MODEL_TTM_SCALABLE = 1,
	MODEL_TTM_RESERVED = 2,
	MODEL_TTM_ABORT = 3
};

/** enum model_order - in which order pending descriptors are executed */
enum model_order {
	MODEL_IN_ORDER, /* as they stand in the queue */
	MODEL_REORDER   /* any order that VT-d 6.5.2.12 allows, from the seed */
};

/** enum model_ite_loss - what a time-out does to what is pending */
enum model_ite_loss {
	MODEL_LOSE_ALL, /* all from the oldest pending device-TLB one on */
	MODEL_LOSE_SOME /* the seed chooses; the rest executes later */
};

/**
 * struct model_config - what a unit is
 * @ring: bus address of the ring, 4 KiB aligned (IQA_REG)
 * @qs: size of the ring (IQA_REG.QS, 0 to 7): 2^(qs + 8) slots of 128 bits or
 *	2^(qs + 7) slots of 256 bits
 * @wide: 256-bit descriptors (IQA_REG.DW)
 * @ttm: translation-table mode
 * @smts: ECAP.SMTS, scalable mode is supported
 * @adms: ECAP.ADMS, abort-DMA mode is supported
 * @dt: ECAP.DT: types 3 and 8 are valid
 * @dit: ECAP.DIT: PFSID is not reserved
 * @pds: ECAP.PDS: PD of a wait is not reserved
 * @prs: ECAP.PRS: type 9 is valid
 * @hpts: ECAP.HPTS: type 0xa is valid
 * @psi: CAP.PSI: page-selective type 2 is valid
 * @mamv: CAP.MAMV: largest AM of type 2. Never a bound of type 6 (VT-d 11.4.2).
 * @nd: CAP.ND: 4 + 2 * nd bits of a domain id count, 0 to 6
 * @haw: host address width; higher bits of a status address are ignored
 * @rid_pasid: PASID under which the IOTLB holds what is requested without one
 * @order: order of execution
 * @ite_loss: what a time-out does to pending descriptors
 * @refill: the device fetches a dropped device-TLB entry again at once where
 *	the IOTLB still holds the translation (VT-d 6.5.2.12)
 * @seed: of everything that is left to choice
 * @depth: most descriptors fetched and not executed, 1 or more. In order, the
 *	unit fetches as far ahead as it can; reordering, the seed chooses
 *	between fetch and execution.
 * @steps_per_pause: steps in one pause() of the adapter; 0: until idle
 * @locked: register access without the adapter's lock is a model error
 * @invalid_iqei: IQEI of a reserved granularity and of other descriptors that
 *	VT-d calls invalid without a code: 3 or 4
 * @fsts_other: further bits that read as set in FSTS_REG
 * @no_iqercd: quirk: IQERCD_REG is absent and reads 0
 * @am_bound: quirk: largest AM of type 6 that is not refused with an IQE; 63
 *	for none
 * @no_resume: quirk: after an IQE is cleared nothing is fetched until the tail
 *	is written again
 * @no_plain_wait: quirk: a wait with neither SW nor IF is refused
 */
struct model_config {
	uint64_t ring;
	uint8_t qs;
	bool wide;
	enum model_ttm ttm;
	bool smts;
	bool adms;
	bool dt;
	bool dit;
	bool pds;
	bool prs;
	bool hpts;
	bool psi;
	uint8_t mamv;
	uint8_t nd;
	uint8_t haw;
	uint32_t rid_pasid;
	enum model_order order;
	enum model_ite_loss ite_loss;
	bool refill;
	uint64_t seed;
	uint32_t depth;
	uint32_t steps_per_pause;
	bool locked;
	uint8_t invalid_iqei;
	uint32_t fsts_other;
	bool no_iqercd;
	uint8_t am_bound;
	bool no_resume;
	bool no_plain_wait;
};

/**
 * model_config_default() - a server of the Granite Rapids class
 *
 * Scalable mode, 256-bit queue of 256 slots, every feature but HPT, MAMV 45,
 * 16-bit domain ids, in order, 8 deep, no quirks.
 */
struct model_config model_config_default(void);

/**
 * model_config_qemu() - the choices and quirks of QEMU 10.0.13
 *
 * MAMV 18, which bounds type 6 as well, no DIT, PDS or PRS, no IQERCD_REG, no
 * resume, no plain waits.
 */
struct model_config model_config_qemu(void);

struct model_unit;

/** model_unit_create() - a unit; its queue is disabled */
struct model_unit *model_unit_create(const struct model_config *config);

/** model_unit_destroy() - give it back; NULL is allowed */
void model_unit_destroy(struct model_unit *u);

/**
 * model_unit_reset() - as if created anew, without allocating
 * @u: the unit
 * @config: as for model_unit_create()
 *
 * Drops windows, caches, faults, hooks, log, and errors too.
 */
void model_unit_reset(struct model_unit *u, const struct model_config *config);

/**
 * model_unit_map() - let the unit reach memory
 * @u: the unit
 * @bus: bus address of the window
 * @host: the memory, the caller's, and valid as long as the unit uses it
 * @len: its length in bytes
 */
void model_unit_map(struct model_unit *u, uint64_t bus, void *host, size_t len);

/** model_unit_enable() - set GCMD.QIE; IQH_REG is 0 afterwards */
void model_unit_enable(struct model_unit *u);

/**
 * model_unit_disable() - clear GCMD.QIE: nothing is fetched any more, what is
 *	pending is lost, IQH_REG and IQT_REG become 0. FSTS_REG is sticky.
 */
void model_unit_disable(struct model_unit *u);

/* Registers by byte offset, 32 and 64 bits wide, as in struct s1inv_env_dev.
 * @unit is a struct model_unit. IQA_REG can be written while disabled.
 */
uint32_t model_unit_read32(void *unit, uint32_t off);
uint64_t model_unit_read64(void *unit, uint32_t off);
void model_unit_write32(void *unit, uint32_t off, uint32_t value);

/**
 * model_unit_step() - one action: fetch a descriptor, or execute one, or raise
 *	a fault
 *
 * Return: false when nothing can be done.
 */
bool model_unit_step(struct model_unit *u);

/** model_unit_run() - step until idle; returns the number of actions */
size_t model_unit_run(struct model_unit *u);

/** model_unit_pending() - number of descriptors fetched and not executed */
size_t model_unit_pending(const struct model_unit *u);

struct s1inv_vtd_fault;

/**
 * struct model_hooks - what the adapter calls besides
 * @ctx: handed to each
 * @pause: after the steps of a pause(), with the adapter's lock held. May be
 *	NULL.
 * @note: for each fault that the core tells of. May be NULL.
 */
struct model_hooks {
	void *ctx;
	void (*pause)(void *ctx);
	void (*note)(void *ctx, const struct s1inv_vtd_fault *fault);
};

/** model_unit_set_hooks() - set them; NULL for none */
void model_unit_set_hooks(struct model_unit *u,
			  const struct model_hooks *hooks);

/**
 * model_unit_env() - fill @dev so that the core drives this unit
 *
 * All operations are set. pause() makes &model_config.steps_per_pause steps.
 * lock() and unlock() check that they alternate.
 */
void model_unit_env(struct model_unit *u, struct s1inv_env_dev *dev);

/* ---------------------------------------------------- what it has seen */

/** struct model_counts - what was counted since creation or reset */
struct model_counts {
	uint64_t doorbells; /* writes to IQT_REG, ignored ones too */
	uint64_t fetched; /* descriptors read from the ring, refused ones too */
	uint64_t executed;   /* waits included */
	uint64_t refused;    /* by an IQE */
	uint64_t lost;       /* by an ITE or by disabling, waits included */
	uint64_t iqe;        /* queue errors, those without descriptor too */
	uint64_t ite;        /* time-outs */
	uint64_t ice;        /* bad completions */
	uint64_t status;     /* status words written */
	uint64_t interrupts; /* completion interrupts */
	uint64_t refills;    /* device-TLB entries fetched again */
	uint64_t pauses;     /* of the adapter */
	uint64_t notes;      /* of the adapter */
};

/** model_unit_counts() - the counts */
struct model_counts model_unit_counts(const struct model_unit *u);

/** enum model_error - what only a faulty producer does */
enum model_error {
	/* access to a bus address outside all windows */
	MODEL_ERROR_STRAY_DMA,
	/* a slot changed between the doorbell that published it and its fetch;
	 * allowed at IQH while IQE is set only
	 */
	MODEL_ERROR_SLOT_CHANGED,
	/* a slot was published again while what it held was still pending */
	MODEL_ERROR_SLOT_BUSY,
	/* the tail went back, or around past the head */
	MODEL_ERROR_TAIL,
	/* a status word held the value already that a wait wrote to it */
	MODEL_ERROR_STATUS_TWICE,
	/* two waits for the same status word were pending at once */
	MODEL_ERROR_STATUS_SHARED,
	/* a value that VT-d leaves undefined: AM above 52, or a device-TLB
	 * range with S and no zero in ADDR; one page is invalidated
	 */
	MODEL_ERROR_UNDEFINED,
	/* write to FSTS_REG of bits other than IQE, ICE, ITE */
	MODEL_ERROR_FSTS_WRITE,
	/* unknown register, a read-only one written, bad size or alignment */
	MODEL_ERROR_REGISTER,
	/* lock or unlock out of turn, or register access without the lock */
	MODEL_ERROR_LOCK,
	MODEL_ERROR_KINDS
};

/** model_unit_error() - how often @kind occurred */
uint64_t model_unit_error(const struct model_unit *u, enum model_error kind);

/** model_unit_errors() - how many errors of all kinds */
uint64_t model_unit_errors(const struct model_unit *u);

/** model_error_name() - a few words for @kind */
const char *model_error_name(enum model_error kind);

/** enum model_fate - what became of a descriptor */
enum model_fate {
	MODEL_PENDING, /* fetched, not executed yet */
	MODEL_DONE,    /* executed; a wait: completed */
	MODEL_REFUSED, /* by an IQE, not executed */
	MODEL_LOST /* not executed: time-out, aborted wait, disabled queue */
};

/**
 * struct model_record - a descriptor that was read from the ring
 * @qw: as numbers of the host; qw[2] and qw[3] are 0 in a 128-bit queue
 * @slot: its slot
 * @fate: what became of it
 * @iqei: code of the IQE, for a refused one
 * @timed_out: it is the one that timed out
 * @reported: and no other time-out was waiting to be seen, so IQERCD has its
 *	report (VT-d 11.4.9.9)
 * @left_over: and a time-out of another had left it pending
 * @bad_completion: its execution went with an ICE
 * @when: place in the order of executions, 1 for the first; 0 if not executed
 * @doorbell: number of the last doorbell before it was fetched
 */
struct model_record {
	uint64_t qw[4];
	uint32_t slot;
	enum model_fate fate;
	uint8_t iqei;
	bool timed_out;
	bool reported;
	bool left_over;
	bool bad_completion;
	uint64_t when;
	uint64_t doorbell;
};

/** model_unit_log_len() - number of records, in the order of their fetches */
size_t model_unit_log_len(const struct model_unit *u);

/** model_unit_log() - record @i, valid until the next step */
const struct model_record *model_unit_log(const struct model_unit *u, size_t i);

/** model_unit_log_clear() - forget all records */
void model_unit_log_clear(struct model_unit *u);

/* -------------------------------------------------------------- faults */

/** enum model_fault_kind - what strikes a descriptor */
enum model_fault_kind {
	MODEL_FAULT_IQE, /* refused at its fetch */
	MODEL_FAULT_ITE, /* its execution ends in a time-out */
	MODEL_FAULT_ICE  /* its execution goes with a bad completion */
};

/** enum model_fault_which - which descriptors it strikes */
enum model_fault_which {
	MODEL_NTH_FETCHED,      /* counting all that are fetched, waits too */
	MODEL_NTH_INVALIDATION, /* counting all but waits */
	MODEL_NTH_DEVTLB,       /* counting types 3 and 8 for .sid */
	MODEL_EVERY_DEVTLB      /* types 3 and 8 for .sid */
};

/** define MODEL_ANY_SID - .sid that matches every requester */
#define MODEL_ANY_SID UINT32_MAX
/** define MODEL_FOREVER - .times without end */
#define MODEL_FOREVER UINT32_MAX

/**
 * struct model_fault - a fault to come
 * @kind: what
 * @which: whom it strikes
 * @nth: with MODEL_NTH_*: so many are let pass first, counted from the call of
 *	model_unit_add_fault() on. A descriptor that is read again after an IQE
 *	counts again.
 * @sid: requester, or %MODEL_ANY_SID
 * @times: how often it strikes, 1 or more. An IQE with MODEL_NTH_* strikes the
 *	same slot again each time it is read until used up; other MODEL_NTH_*
 *	faults strike @times descriptors in a row.
 * @iqei: IQE: the code, any value up to 15
 * @report: ITE, ICE: the requester id that IQERCD_REG tells, true or not
 *
 * An ITE that strikes anything but a device-TLB descriptor is a time-out
 * noticed at that moment: the struck one is lost only by the rules for those
 * that are pending.
 */
struct model_fault {
	enum model_fault_kind kind;
	enum model_fault_which which;
	uint32_t nth;
	uint32_t sid;
	uint32_t times;
	uint8_t iqei;
	uint16_t report;
};

/** model_unit_add_fault() - let @fault happen; several can be set */
void model_unit_add_fault(struct model_unit *u,
			  const struct model_fault *fault);

/** model_unit_clear_faults() - none any more; devices are there and answer */
void model_unit_clear_faults(struct model_unit *u);

/**
 * model_unit_silence() - a device does not answer device-TLB invalidations
 * @u: the unit
 * @sid: the requester
 * @times: so often, then it answers; or %MODEL_FOREVER
 */
void model_unit_silence(struct model_unit *u, uint16_t sid, uint32_t times);

/** model_unit_remove() - the function @sid is gone: silent, and not present */
void model_unit_remove(struct model_unit *u, uint16_t sid);

/** model_unit_present() - is the function @sid there? @unit as for read32 */
bool model_unit_present(void *unit, uint16_t sid);

/* -------------------------------------------------------------- caches */

/** enum model_stage - how a cached translation came about */
enum model_stage {
	MODEL_FIRST_STAGE,
	MODEL_NESTED,
	MODEL_SECOND_STAGE /* or pass-through */
};

/* Sizes of cached translations as orders: 2^order pages of 4 KiB */
#define MODEL_4K 0U
#define MODEL_2M 9U
#define MODEL_1G 18U

/**
 * struct model_iotlb_entry - what the IOTLB or a paging-structure cache holds
 * @did: domain id
 * @pasid: PASID; without meaning for &model_stage MODEL_SECOND_STAGE structures
 * @page: number of its first page (address / 4096), a multiple of its size
 * @order: its size; for a structure, the span that it translates
 * @stage: how it came about
 * @structure: a non-leaf entry in a paging-structure cache. With
 *	MODEL_NESTED, a first-stage structure of a nested translation.
 */
struct model_iotlb_entry {
	uint16_t did;
	uint32_t pasid;
	uint64_t page;
	uint8_t order;
	enum model_stage stage;
	bool structure;
};

/** define MODEL_NO_PASID - .pasid of what is requested without a PASID */
#define MODEL_NO_PASID UINT32_MAX

/**
 * struct model_devtlb_entry - what a device TLB holds
 * @sid: the function
 * @pasid: PASID, or %MODEL_NO_PASID
 * @did: domain id of the translation; a device TLB does not have it, but
 *	&model_config.refill looks for it in the IOTLB
 * @page: number of its first page, a multiple of its size
 * @order: its size
 */
struct model_devtlb_entry {
	uint16_t sid;
	uint32_t pasid;
	uint16_t did;
	uint64_t page;
	uint8_t order;
};

/** model_unit_cache() - put an entry into the IOTLB or a structure cache */
void model_unit_cache(struct model_unit *u, const struct model_iotlb_entry *e);

/** model_unit_cache_devtlb() - put an entry into a device TLB */
void model_unit_cache_devtlb(struct model_unit *u,
			     const struct model_devtlb_entry *e);

/**
 * model_unit_stale() - entries with a tag that touch a range of pages
 * @u: the unit
 * @did: domain id
 * @pasid: PASID
 * @first: first page
 * @last: last page
 *
 * Return: how many of the IOTLB and of the paging-structure caches.
 */
size_t model_unit_stale(const struct model_unit *u, uint16_t did,
			uint32_t pasid, uint64_t first, uint64_t last);

/** model_unit_stale_devtlb() - same, of the TLB of @sid; @pasid may be none */
size_t model_unit_stale_devtlb(const struct model_unit *u, uint16_t sid,
			       uint32_t pasid, uint64_t first, uint64_t last);

/** model_unit_cached() - number of entries of IOTLB and structure caches */
size_t model_unit_cached(const struct model_unit *u);

/** model_unit_cached_devtlb() - number of entries of all device TLBs */
size_t model_unit_cached_devtlb(const struct model_unit *u);

/** model_unit_cached_at() - entry @i, in no particular order */
const struct model_iotlb_entry *model_unit_cached_at(const struct model_unit *u,
						     size_t i);

/** model_unit_cached_devtlb_at() - entry @i, in no particular order */
const struct model_devtlb_entry *
model_unit_cached_devtlb_at(const struct model_unit *u, size_t i);

/** model_unit_clear_caches() - empty all of them */
void model_unit_clear_caches(struct model_unit *u);

/**
 * model_unit_dropped() - was the invalidation of an entry really done?
 * @u: the unit
 * @e: any entry, cached or not
 * @since: index of the first record to look at
 *
 * Return: true when a descriptor from record @since on was executed that drops
 * @e. What was refused or lost does not count.
 */
bool model_unit_dropped(const struct model_unit *u,
			const struct model_iotlb_entry *e, size_t since);

/** model_unit_dropped_devtlb() - same, of a device TLB */
bool model_unit_dropped_devtlb(const struct model_unit *u,
			       const struct model_devtlb_entry *e,
			       size_t since);

/* --------------------------------------------------------- user memory */

struct model_user;

/** model_user_create() - an address space with nothing in it */
struct model_user *model_user_create(void);

/** model_user_destroy() - give it back; NULL is allowed */
void model_user_destroy(struct model_user *m);

/** model_user_reset() - as if created anew */
void model_user_reset(struct model_user *m);

/** enum model_access - what a segment allows */
enum model_access { MODEL_READ_WRITE, MODEL_READ_ONLY };

/**
 * model_user_add() - map a segment
 * @m: the memory
 * @addr: its first byte; the segment may end with the last byte of 2^64
 * @bytes: its contents, copied; NULL for zeros
 * @len: its length, 1 or more
 * @access: what it allows
 *
 * Return: false when it would wrap or overlap another.
 */
bool model_user_add(struct model_user *m, uint64_t addr, const void *bytes,
		    size_t len, enum model_access access);

/** model_user_fault_at() - the byte at @addr can be neither read nor written */
void model_user_fault_at(struct model_user *m, uint64_t addr);

/**
 * model_user_fault_call() - a copy call delivers nothing
 * @m: the memory
 * @k: which one, 0 for the first since creation; both directions count
 */
void model_user_fault_call(struct model_user *m, uint64_t k);

/**
 * model_user_pessimist() - a read that meets a fault reports more bytes missing
 *	than cannot be read
 * @m: the memory
 * @bytes: so many more, at most all of the call; they are not delivered
 */
void model_user_pessimist(struct model_user *m, size_t bytes);

/**
 * model_user_change() - the owner writes to the memory after a copy
 * @m: the memory
 * @k: after which call, 0 for the first; both directions count
 * @addr: where; bytes that are not mapped are left out
 * @bytes: what, copied
 * @len: how much
 */
void model_user_change(struct model_user *m, uint64_t k, uint64_t addr,
		       const void *bytes, size_t len);

/**
 * model_user_flip() - the owner inverts each byte as soon as it was delivered,
 *	so that a second read of it differs
 */
void model_user_flip(struct model_user *m, bool flip);

/** model_user_interrupt() - interrupted() says no @k times, and then yes */
void model_user_interrupt(struct model_user *m, uint64_t k);

/** model_user_delivered() - how often the byte at @addr was delivered */
uint32_t model_user_delivered(const struct model_user *m, uint64_t addr);

/** model_user_written() - how often the byte at @addr was written by copies */
uint32_t model_user_written(const struct model_user *m, uint64_t addr);

/** model_user_max_delivered() - the largest count of all bytes */
uint32_t model_user_max_delivered(const struct model_user *m);

/**
 * model_user_peek() - look at the memory without counting or faulting
 *
 * Return: false when a byte is not mapped; bytes before it are delivered.
 */
bool model_user_peek(const struct model_user *m, uint64_t addr, void *dst,
		     size_t len);

/**
 * struct model_user_call - a copy call
 * @addr: user address
 * @len: bytes asked for
 * @missing: bytes not copied
 * @write: to user memory
 */
struct model_user_call {
	uint64_t addr;
	size_t len;
	size_t missing;
	bool write;
};

/** model_user_calls() - number of copy calls */
size_t model_user_calls(const struct model_user *m);

/** model_user_call() - copy call @i, valid until the next one */
const struct model_user_call *model_user_call(const struct model_user *m,
					      size_t i);

/** model_user_wrapped() - copy calls whose range passed the end of 2^64 */
uint64_t model_user_wrapped(const struct model_user *m);

/** model_user_env() - fill @user so that the core copies from and to @m */
void model_user_env(struct model_user *m, struct s1inv_env_user *user);

#endif /* S1INV_MODEL_H */
