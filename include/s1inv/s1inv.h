/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/**
 * DOC: s1inv, invalidation of user-managed stage-1 I/O page tables
 *
 * The rules that the comments cite (CMD-5, QUE-8, ...) are in docs/spec.md.
 *
 * The core allocates nothing and keeps no state of its own. To serve a page
 * table with it:
 *
 * 1. per IOMMU unit, give a &struct s1inv_vtd_queue its registers
 *    (&struct s1inv_env_dev) and memory, program IQA_REG and GCMD.QIE, and call
 *    s1inv_vtd_queue_init();
 * 2. describe the page table: &struct s1inv_vtd_table with its units and their
 *    targets, and a &struct s1inv_vtd_scratch;
 * 3. per ioctl, call s1inv_command() with a find operation that calls
 *    s1inv_vtd_begin(); or, where iommufd has read the command, call
 *    s1inv_vtd_begin() and s1inv_walk().
 *
 * examples/embed.c is a whole program. Every pointer in a structure must be set
 * unless its description allows NULL.
 * Every object is the caller's. Errors are negative S1INV_E* values. Sections,
 * from the ioctl down: rules, arrays and backends, walk, command, the
 * self-test backend, and VT-d: audit, cover, descriptors, faults, the queue,
 * the backend.
 */
#ifndef S1INV_S1INV_H
#define S1INV_S1INV_H

#include <s1inv/env.h>
#include <s1inv/uapi.h>
#include <s1inv/vtd_spec.h>

#ifdef __cplusplus
extern "C" {
#endif

/** define S1INV_VERSION - of the core, "major.minor.patch" */
#define S1INV_VERSION "0.1.0"

/* ------------------------------------------------------------------ rules */

/** enum s1inv_rule - S1INV_RULE_<GROUP>_<number>, or %S1INV_RULE_NONE */
enum s1inv_rule {
	S1INV_RULE_NONE,
	/* Of the rules in docs/spec.md those that a refusal can name */
	S1INV_RULE_CMD_1,
	S1INV_RULE_CMD_2,
	S1INV_RULE_CMD_3,
	S1INV_RULE_CMD_4,
	S1INV_RULE_CMD_5,
	S1INV_RULE_CMD_6,
	S1INV_RULE_CMD_7,
	S1INV_RULE_CMD_8,
	S1INV_RULE_CMD_11,
	S1INV_RULE_COPY_1,
	S1INV_RULE_COPY_2,
	S1INV_RULE_COPY_4,
	S1INV_RULE_AUD_1,
	S1INV_RULE_AUD_2,
	S1INV_RULE_AUD_3,
	S1INV_RULE_AUD_4,
	S1INV_RULE_AUD_8,
	S1INV_RULE_AUD_9,
	S1INV_RULE_AUD_10,
	S1INV_RULE_ENC_1,
	S1INV_RULE_REP_7,
	S1INV_RULE_REP_8,
	S1INV_RULE_REP_10,
	S1INV_RULE_REP_14,
	S1INV_RULE_REP_15,
	S1INV_RULE_QUE_6,
	S1INV_RULE_SELF_1,
	S1INV_RULE_SELF_2,
	S1INV_RULE_COUNT
};

/** s1inv_rule_name() - "AUD-3" for %S1INV_RULE_AUD_3; "" for none or unknown */
const char *s1inv_rule_name(enum s1inv_rule rule);

/** s1inv_rule_text() - in a few words, what was wrong with the input */
const char *s1inv_rule_text(enum s1inv_rule rule);

/** s1inv_errno_name() - "EFAULT" for -S1INV_EFAULT, "0", "?" if unknown */
const char *s1inv_errno_name(int error);

/* ----------------------------------------------------- arrays and backends */

/**
 * struct s1inv_array - the request array of a command, as user space gave it
 * @uaddr: user address of entry 0
 * @entry_len: bytes from one entry to the next
 * @num: number of entries
 */
struct s1inv_array {
	uint64_t uaddr;
	uint32_t entry_len;
	uint32_t num;
};

/**
 * struct s1inv_verdict - why a call ended
 * @error: 0 or a negative errno value
 * @rule: the rule that was broken, for those who ask
 */
struct s1inv_verdict {
	int error;
	enum s1inv_rule rule;
};

/**
 * struct s1inv_outcome - what became of the entries of one chunk
 * @handled: length of the leading run of handled entries
 * @verdict: error 0 when all that were submitted are handled; else why the
 *	entry at @handled is not
 * @hw_error: one word per handled entry, to be written back to user space; NULL
 *	where the ABI has no such word. Owned by the backend, valid until its
 *	next call.
 */
struct s1inv_outcome {
	uint32_t handled;
	struct s1inv_verdict verdict;
	const uint32_t *hw_error;
};

/**
 * struct s1inv_backend_ops - one vendor's entries
 * @data_type: the command's data_type for them
 * @entry_len: exact length of an entry in bytes
 * @hw_error_offset: where in an entry the word stands that is written back
 * @audit: audit entries 0 to @n - 1 of &s1inv_backend.raw in order and keep
 *	what @submit needs. Returns how many passed before the first that did
 *	not, and says in @verdict why that one did not; leaves @verdict alone
 *	when all pass, for it may hold why there is no next entry. Changes
 *	nothing outside the backend.
 * @submit: carry out the first @n entries that @audit passed, wait for it, and
 *	fill @outcome, which is zeroed. @n is at least 1; with fewer than @n
 *	handled there must be an error. May sleep.
 */
struct s1inv_backend_ops {
	uint32_t data_type;
	uint32_t entry_len;
	uint32_t hw_error_offset;
	uint32_t (*audit)(void *ctx, uint32_t n, struct s1inv_verdict *verdict);
	void (*submit)(void *ctx, uint32_t n, struct s1inv_outcome *outcome);
};

/**
 * struct s1inv_backend - a page table of some vendor, ready for one call
 * @ops: its vendor's operations
 * @ctx: handed to them
 * @raw: where copied entries go: room for @chunk entries
 * @chunk: how many entries are copied, audited and submitted together, >= 1
 * @outcome: private to the walk, and here because a kernel's stack is short
 * @stop: private to the walk
 */
struct s1inv_backend {
	const struct s1inv_backend_ops *ops;
	void *ctx;
	void *raw;
	uint32_t chunk;
	struct s1inv_outcome outcome;
	struct s1inv_verdict stop;
};

/* --------------------------------------------------------------- copying */

/**
 * s1inv_copy_command() - read the command (CMD-1 to CMD-4, CMD-12)
 * @user: user memory
 * @uaddr: user address of the command
 * @cmd: filled on success; without meaning on failure
 *
 * Each byte is read once; @cmd->size is the word that was checked.
 *
 * Return: error EFAULT, EINVAL, E2BIG, or EINTR (a fatal signal during the
 * scan of a long command).
 */
S1INV_MUST_CHECK struct s1inv_verdict
s1inv_copy_command(const struct s1inv_env_user *user, uint64_t uaddr,
		   struct s1inv_cmd *cmd);

/**
 * s1inv_copy_entries() - read entries @first to @first + @n - 1 (COPY-2 to -4)
 * @user: user memory
 * @array: the array; entry_len is not 0, and @first + @n at most num
 * @first: index of the first entry to read
 * @n: how many
 * @dst: room for @n entries
 * @verdict: set when fewer than @n arrive: EFAULT and the rule
 *
 * Return: how many whole entries were delivered.
 */
S1INV_MUST_CHECK uint32_t s1inv_copy_entries(const struct s1inv_env_user *user,
					     const struct s1inv_array *array,
					     uint32_t first, uint32_t n,
					     void *dst,
					     struct s1inv_verdict *verdict);

/* ------------------------------------------------------------------ walk */

/**
 * s1inv_walk() - carry out a piece of the array (COPY-5, REP-*)
 * @backend: the page table
 * @user: user memory
 * @array: the array; entry_len must be the backend's (COPY-1)
 * @first: the entry to begin with
 * @max: stop after so many entries at the latest
 * @handled: set to the number of entries handled, from @first on
 *
 * Return: why it stopped. With an error, the entry at @first + *@handled is the
 * one to blame; but for EINTR it is merely the next one, and for a hw_error
 * that could not be written the one before it (REP-7). Without an error
 * *@handled is @max or reaches the end of the array.
 */
S1INV_MUST_CHECK struct s1inv_verdict
s1inv_walk(struct s1inv_backend *backend, const struct s1inv_env_user *user,
	   const struct s1inv_array *array, uint32_t first, uint32_t max,
	   uint32_t *handled);

/* --------------------------------------------------------------- command */

/**
 * struct s1inv_limits - bounds of the array (CMD-6)
 * @entry_num: most entries, 0 for no bound
 * @entry_len: longest entry in bytes, 0 for no bound
 */
struct s1inv_limits {
	uint32_t entry_num;
	uint32_t entry_len;
};

/** define S1INV_LIMITS_LINUX - the bounds of kernels since 6.12.96 */
#ifdef __cplusplus
#define S1INV_LIMITS_LINUX (s1inv_limits{ 1U << 19, 4096 })
#else
#define S1INV_LIMITS_LINUX ((struct s1inv_limits){ 1U << 19, 4096 })
#endif

/**
 * struct s1inv_hwpts - how the command finds its page table (CMD-7)
 * @ctx: handed to @find
 * @find: make the page table @hwpt_id ready for one call and describe it in
 *	@backend. Returns 0, -ENOENT (no such object), -EINVAL (another kind of
 *	object) or -EOPNOTSUPP (its driver has no such operation); @backend is
 *	filled on success only. May sleep.
 * @put: the call has ended; called once for each success of @find. May be NULL.
 *	May sleep.
 */
struct s1inv_hwpts {
	void *ctx;
	int (*find)(void *ctx, uint32_t hwpt_id, struct s1inv_backend *backend);
	void (*put)(void *ctx, struct s1inv_backend *backend);
};

/**
 * struct s1inv_report - what a command did
 * @verdict: as the ioctl returns it, with the rule
 * @handled: entries handled, also when the command could not be written back
 * @written: the command was written back
 * @cmd: private: the command as read; here because a kernel's stack is short
 * @array: private: its array
 * @backend: private: its page table
 */
struct s1inv_report {
	struct s1inv_verdict verdict;
	uint32_t handled;
	bool written;
	struct s1inv_cmd cmd;
	struct s1inv_array array;
	struct s1inv_backend backend;
};

/**
 * s1inv_command() - the ioctl, from the user's command to its errno (CMD-*)
 * @hwpts: the page tables
 * @user: user memory
 * @limits: bounds of the array
 * @uaddr: user address of the command
 * @report: filled in any case
 *
 * In a kernel these checks are iommufd's own; this is their reference.
 *
 * Return: 0 or a negative errno value, the same as @report->verdict.error.
 */
int s1inv_command(const struct s1inv_hwpts *hwpts,
		  const struct s1inv_env_user *user,
		  const struct s1inv_limits *limits, uint64_t uaddr,
		  struct s1inv_report *report);

/* ----------------------------------------------------- self-test backend */

/** define S1INV_SELFTEST_CHUNK - entries that it takes together */
#define S1INV_SELFTEST_CHUNK 8U

/**
 * struct s1inv_selftest - the mock page table of iommufd's self-test
 * @iotlb: its cache: a value per id, which an invalidation sets to 0
 * @raw: scratch
 *
 * The smallest backend there is: an example, and a proof that the walk knows
 * nothing of VT-d.
 */
struct s1inv_selftest {
	uint32_t iotlb[S1INV_SELFTEST_IDS];
	struct s1inv_selftest_entry raw[S1INV_SELFTEST_CHUNK];
};

/** s1inv_selftest_begin() - make @mock ready for one call, as @backend */
void s1inv_selftest_begin(struct s1inv_selftest *mock,
			  struct s1inv_backend *backend);

/* ------------------------------------------------------------ VT-d: audit */

/** enum s1inv_revision - of the ABI: docs/spec.md, "Two revisions" */
enum s1inv_revision { S1INV_REVISION_LINUX, S1INV_REVISION_V8 };

/** enum s1inv_audit - refuse what kernels refuse, or all that is wrong (AUD) */
enum s1inv_audit { S1INV_AUDIT_COMPATIBLE, S1INV_AUDIT_STRICT };

/**
 * struct s1inv_vtd_audit - how to audit
 * @revision: of the ABI
 * @policy: compatible or strict
 * @va_bits: width of a stage-1 input address, 48 or 57; only the strict policy
 *	looks at it
 */
struct s1inv_vtd_audit {
	enum s1inv_revision revision;
	enum s1inv_audit policy;
	uint8_t va_bits;
};

/** enum s1inv_vtd_reach - how much a request asks for */
enum s1inv_vtd_reach {
	S1INV_VTD_NOTHING, /* handled, with nothing to do (AUD-6) */
	S1INV_VTD_RANGE,   /* pages first to last */
	S1INV_VTD_ALL      /* all that is cached of the page table */
};

/**
 * struct s1inv_vtd_request - an audited entry
 * @first: number of its first page (address / 4096), for a range
 * @last: number of its last page, >= @first, < 2^52
 * @reach: how much it asks for
 * @leaf: only leaf entries changed
 */
struct s1inv_vtd_request {
	uint64_t first;
	uint64_t last;
	enum s1inv_vtd_reach reach;
	bool leaf;
};

/**
 * s1inv_vtd_audit_entry() - an entry becomes a request, or is refused (AUD-*)
 * @how: revision and policy
 * @entry: as delivered from user space
 * @request: filled on success only
 *
 * Return: error 0, EOPNOTSUPP or EINVAL, and the rule.
 */
S1INV_MUST_CHECK struct s1inv_verdict
s1inv_vtd_audit_entry(const struct s1inv_vtd_audit *how,
		      const struct s1inv_vtd_s1_entry *entry,
		      struct s1inv_vtd_request *request);

/* ------------------------------------------------------------ VT-d: cover */

/**
 * struct s1inv_vtd_block - 2^@order pages from page @first on, aligned to
 *	its size
 * @first: number of its first page
 * @order: 0 to 52
 */
struct s1inv_vtd_block {
	uint64_t first;
	uint8_t order;
};

/** enum s1inv_cover - at most two blocks per request, or no page too many */
enum s1inv_cover { S1INV_COVER_TWO, S1INV_COVER_EXACT };

/**
 * struct s1inv_vtd_cover - the blocks of a request, one after another
 * @block: the blocks, of which the next one is @block[2 - @left]. Of an exact
 *	cover the one that was cut off last.
 * @how: at most two blocks, or exact
 * @count: number of blocks; of an exact cover 2
 * @left: blocks still to come; of an exact cover 2 before the first block, 0
 *	behind the last one and 1 in between
 * @begin: first page to cover; exact only, like the next two
 * @first: first page not yet covered
 * @last: last page to cover
 */
struct s1inv_vtd_cover {
	struct s1inv_vtd_block block[2];
	enum s1inv_cover how;
	uint8_t count;
	uint8_t left;
	uint64_t begin;
	uint64_t first;
	uint64_t last;
};

/**
 * s1inv_vtd_cover_start() - begin to cover a request (COV-*)
 * @cover: the iteration
 * @request: nothing, a range, or all; all is one block of order 52
 * @how: at most two blocks covering fewer than twice the pages, or exactly
 *	(then up to 102 blocks)
 */
void s1inv_vtd_cover_start(struct s1inv_vtd_cover *cover,
			   const struct s1inv_vtd_request *request,
			   enum s1inv_cover how);

/** s1inv_vtd_cover_rewind() - begin anew, without computing it again */
static inline void s1inv_vtd_cover_rewind(struct s1inv_vtd_cover *cover)
{
	cover->left = cover->count;
}

/**
 * s1inv_vtd_cover_cut() - cut the next block off an exact cover (COV-5)
 * @cover: the iteration; left is not 0
 *
 * Return: the block, valid until the next call.
 */
const struct s1inv_vtd_block *
s1inv_vtd_cover_cut(struct s1inv_vtd_cover *cover);

/**
 * s1inv_vtd_cover_take() - the next block, in ascending order
 * @cover: the iteration; left is not 0
 *
 * Return: the block, valid until the next call.
 */
static inline const struct s1inv_vtd_block *
s1inv_vtd_cover_take(struct s1inv_vtd_cover *cover)
{
	if (cover->how == S1INV_COVER_EXACT)
		return s1inv_vtd_cover_cut(cover);
	return &cover->block[2U - cover->left--];
}

/**
 * s1inv_vtd_cover_next() - the next block, in ascending order, if there is one
 * @cover: the iteration
 * @block: filled when there is one
 *
 * Return: false when there is none.
 */
static inline bool s1inv_vtd_cover_next(struct s1inv_vtd_cover *cover,
					struct s1inv_vtd_block *block)
{
	if (!cover->left)
		return false;
	*block = *s1inv_vtd_cover_take(cover);
	return true;
}

/* ------------------------------------------------------ VT-d: descriptors */

/**
 * struct s1inv_vtd_desc - one invalidation descriptor
 * @qw: its quadwords, as numbers of the host. In the ring they are
 *	little-endian, and a 128-bit queue holds the first two only.
 */
struct s1inv_vtd_desc {
	uint64_t qw[4];
};

/**
 * struct s1inv_vtd_fields - the fields of a descriptor of any type
 * @type: S1INV_VTD_TYPE_*; says which of the other fields mean something
 * @g: granularity; types 1, 2, 4, 6, 7, 0xa
 * @fm: function mask; type 1
 * @dw: drain writes; type 2
 * @dr: drain reads; type 2
 * @am: address mask; types 2, 6, 0xa
 * @ih: invalidation hint; types 2, 6 (one bit), 0xa (two)
 * @s: size bit; types 3, 8
 * @gi: all PASIDs; type 8
 * @mip: most invalidations pending, 0 for 32; types 3, 8
 * @im: index mask; type 4
 * @wif: IF, interrupt; type 5
 * @sw: status write; type 5
 * @fn: fence; type 5
 * @pd: page-request drain; type 5
 * @pp: PASID present; type 9
 * @rc: response code; type 9
 * @did: domain id; types 1, 2, 6, 7; HPTDID of type 0xa
 * @sid: source id; types 1, 3, 8; RID of type 9
 * @pfsid: physical function's source id; types 3, 8
 * @iidx: interrupt index; type 4
 * @prgi: page-request group index; type 9
 * @pasid: types 6, 7, 8, 9
 * @data: status data; type 5
 * @addr: types 2, 3, 6, 8, 0xa: ADDR with bits 11:0 zero, as it stands in the
 *	descriptor (types 3 and 8: with the size encoded in its low bits). Type
 *	5: status address, with bits 1:0 zero.
 */
struct s1inv_vtd_fields {
	uint8_t type;
	uint8_t g;
	uint8_t fm;
	uint8_t dw;
	uint8_t dr;
	uint8_t am;
	uint8_t ih;
	uint8_t s;
	uint8_t gi;
	uint8_t mip;
	uint8_t im;
	uint8_t wif;
	uint8_t sw;
	uint8_t fn;
	uint8_t pd;
	uint8_t pp;
	uint8_t rc;
	uint16_t did;
	uint16_t sid;
	uint16_t pfsid;
	uint16_t iidx;
	uint16_t prgi;
	uint32_t pasid;
	uint32_t data;
	uint64_t addr;
};

/**
 * s1inv_vtd_encode() - fields become a descriptor of type 0x1 to 0x9 (ENC-1)
 * @fields: those that the type does not have are ignored
 * @desc: filled on success only
 *
 * Nothing is cut off to fit: PASID and the other fields must be in range.
 *
 * Return: 0, or -EINVAL when the type is not one of these, a field is too
 * large for its bits, or an address has low bits set.
 */
S1INV_MUST_CHECK int s1inv_vtd_encode(const struct s1inv_vtd_fields *fields,
				      struct s1inv_vtd_desc *desc);

/**
 * s1inv_vtd_size_encode() - ADDR of a device-TLB descriptor for a block
 * @block: the block
 * @s: set to the S bit
 *
 * VT-d 6.5.2.5: with S set the lowest zero bit of ADDR gives the size. For
 * order n >= 1 that is bit 12 + n - 1, with ones below it; the block's
 * alignment leaves those bits free.
 *
 * Return: ADDR, bits 11:0 zero.
 */
static inline uint64_t
s1inv_vtd_size_encode(const struct s1inv_vtd_block *block, uint8_t *s)
{
	uint64_t ones = ((UINT64_C(1) << block->order) - 1U) >> 1;

	*s = block->order != 0;
	return (block->first | ones) << S1INV_VTD_PAGE_SHIFT;
}

/** enum s1inv_vtd_ttm - RTADDR_REG.TTM, the translation table mode */
enum s1inv_vtd_ttm {
	S1INV_VTD_TTM_LEGACY = 0,
	S1INV_VTD_TTM_SCALABLE = 1,
	S1INV_VTD_TTM_RESERVED = 2,
	S1INV_VTD_TTM_ABORT = 3
};

/**
 * struct s1inv_vtd_mode - what decides whether a descriptor is valid
 * @ttm: translation table mode
 * @wide: 256-bit queue (IQA_REG.DW)
 * @dt: ECAP.DT, device TLBs: types 3 and 8
 * @dit: ECAP.DIT: PFSID
 * @pds: ECAP.PDS: PD
 * @prs: ECAP.PRS: type 9
 * @hpts: ECAP.HPTS: type 0xa
 */
struct s1inv_vtd_mode {
	enum s1inv_vtd_ttm ttm;
	bool wide;
	bool dt;
	bool dit;
	bool pds;
	bool prs;
	bool hpts;
};

/* What is wrong with a descriptor: bits of &s1inv_vtd_decoded.violations */
#define S1INV_VTD_BAD_TYPE 0x1U     /* unknown, or its feature is missing */
#define S1INV_VTD_BAD_MODE 0x2U     /* not in this TTM and queue width */
#define S1INV_VTD_BAD_RESERVED 0x4U /* see &s1inv_vtd_decoded.reserved */
#define S1INV_VTD_BAD_G 0x8U        /* reserved granularity */
#define S1INV_VTD_BAD_AM 0x10U      /* AM above 52, an undefined mask */

/**
 * struct s1inv_vtd_decoded - a descriptor taken apart
 * @fields: its fields; only type is set when the type is unknown
 * @violations: S1INV_VTD_BAD_* bits, 0 for a valid descriptor
 * @reserved: reserved bits that are set, per quadword
 */
struct s1inv_vtd_decoded {
	struct s1inv_vtd_fields fields;
	uint32_t violations;
	uint64_t reserved[4];
};

/**
 * s1inv_vtd_decode() - take a descriptor apart and judge it
 * @desc: any bits; quadwords 2 and 3 are looked at in a 256-bit queue only
 * @mode: the receiver's
 * @out: filled in any case
 */
void s1inv_vtd_decode(const struct s1inv_vtd_desc *desc,
		      const struct s1inv_vtd_mode *mode,
		      struct s1inv_vtd_decoded *out);

/**
 * s1inv_vtd_size_decode() - the block that ADDR and S of types 3 and 8 mean
 * @addr: ADDR
 * @s: S
 * @block: filled on success; the full range is order 52
 *
 * Return: false for ADDR of all ones with S, which is undefined.
 */
bool s1inv_vtd_size_decode(uint64_t addr, uint8_t s,
			   struct s1inv_vtd_block *block);

/**
 * struct s1inv_vtd_field - where a field stands, for those who draw it
 * @name: as in the specification
 * @type: descriptor type
 * @qw: quadword
 * @lsb: lowest bit
 * @width: number of bits
 */
struct s1inv_vtd_field {
	const char *name;
	uint8_t type;
	uint8_t qw;
	uint8_t lsb;
	uint8_t width;
};

/**
 * s1inv_vtd_layout() - the fields of a descriptor type
 * @type: any
 * @num: set to how many there are; 0 for an unknown type
 *
 * Return: the first of them; they follow one another.
 */
const struct s1inv_vtd_field *s1inv_vtd_layout(uint8_t type, uint32_t *num);

/** s1inv_vtd_field_value() - the bits of @field in @desc */
uint64_t s1inv_vtd_field_value(const struct s1inv_vtd_field *field,
			       const struct s1inv_vtd_desc *desc);

/** s1inv_vtd_type_name() - "PASID-based IOTLB invalidate", or "unknown" */
const char *s1inv_vtd_type_name(uint8_t type);

/** s1inv_vtd_type_key() - "piotlb": the type's name on a command line, or "" */
const char *s1inv_vtd_type_key(uint8_t type);

/**
 * s1inv_vtd_g_name() - "page-selective-in-PASID", "reserved", ...
 * @type: descriptor type
 * @g: its granularity field
 *
 * Return: "" for a type that has none.
 */
const char *s1inv_vtd_g_name(uint8_t type, uint8_t g);

/** s1inv_vtd_iqei_name() - "reserved field not zero" for 4, and so on */
const char *s1inv_vtd_iqei_name(uint8_t iqei);

/* ----------------------------------------------------------- VT-d: faults */

/** define S1INV_VTD_NO_SLOT - a fault names no slot */
#define S1INV_VTD_NO_SLOT UINT32_MAX

/**
 * struct s1inv_vtd_fault - what the fault registers say
 * @status: IQE, ICE and ITE bits of FSTS_REG that were set
 * @iqei: reason of an IQE; 0 without one
 * @itesid: requester that timed out, 0 if unknown; 0 without an ITE
 * @icesid: sender of a bad completion, 0 if unknown; 0 without an ICE
 * @slot: slot at IQH; of the bad descriptor, for an IQE that names one.
 *	%S1INV_VTD_NO_SLOT in the result of s1inv_vtd_fault_parse().
 * @broken: the IQE condemns the queue, not a descriptor (QUE-6)
 */
struct s1inv_vtd_fault {
	uint32_t status;
	uint8_t iqei;
	uint16_t itesid;
	uint16_t icesid;
	uint32_t slot;
	bool broken;
};

/**
 * s1inv_vtd_fault_parse() - read the two fault registers' values (QUE-6, QUE-7)
 * @fsts: FSTS_REG
 * @iqercd: IQERCD_REG as read *before* FSTS_REG was cleared; each field counts
 *	only while its status bit is set
 * @fault: filled in any case
 */
void s1inv_vtd_fault_parse(uint32_t fsts, uint64_t iqercd,
			   struct s1inv_vtd_fault *fault);

/** define S1INV_VTD_NO_REQUESTER - no source id, for those have 16 bits */
#define S1INV_VTD_NO_REQUESTER UINT32_MAX

/**
 * s1inv_vtd_desc_requester() - the function that a descriptor is for
 * @qw0: first quadword of the descriptor
 *
 * Return: its source id, or %S1INV_VTD_NO_REQUESTER for anything but a
 * device-TLB descriptor (types 3 and 8).
 */
uint32_t s1inv_vtd_desc_requester(uint64_t qw0);

/* -------------------------------------------------------- VT-d: the queue */

/** define S1INV_VTD_SUBMISSION_MAX - most descriptors of one submission */
#define S1INV_VTD_SUBMISSION_MAX 126U
/** define S1INV_VTD_SET_WORDS - words of a set of them */
#define S1INV_VTD_SET_WORDS 2U

/** struct s1inv_vtd_set - a set of descriptors of one submission */
struct s1inv_vtd_set {
	uint64_t word[S1INV_VTD_SET_WORDS];
};

/** s1inv_vtd_set_has() - is descriptor @i in @set? */
static inline bool s1inv_vtd_set_has(const struct s1inv_vtd_set *set,
				     uint32_t i)
{
	return (set->word[i / 64U] >> (i % 64U)) & 1U;
}

/** s1inv_vtd_set_any() - is there anything in @set? */
static inline bool s1inv_vtd_set_any(const struct s1inv_vtd_set *set)
{
	return (set->word[0] | set->word[1]) != 0;
}

/**
 * struct s1inv_vtd_queue - the producer of one unit's invalidation queue
 * @dev: the unit's registers
 * @ring: @slots descriptors of 16 bytes, or 32 if @wide, as hardware reads
 *	them at the address in IQA_REG
 * @status: @slots words, into which hardware writes 1
 * @state: @slots bytes, the queue's own
 * @status_addr: bus address of @status[0], 4-byte aligned; the words follow one
 *	another
 * @slots: number of slots, a power of two, 128 or more
 * @wide: 256-bit descriptors
 * @tail: next slot to fill
 * @oldest: oldest slot in use
 * @busy: number of slots from @oldest to @tail
 * @epoch: counts resets
 * @broken: out of order until a reset (QUE-6)
 * @fault: the last fault, once there was one
 *
 * Set up with s1inv_vtd_queue_init(). **Every call on a queue or on a
 * submission in it needs the caller's lock**, one per queue.
 */
struct s1inv_vtd_queue {
	const struct s1inv_env_dev *dev;
	s1inv_le64 *ring;
	s1inv_le32 *status;
	uint8_t *state;
	uint64_t status_addr;
	uint32_t slots;
	bool wide;
	uint32_t tail;
	uint32_t oldest;
	uint32_t busy;
	uint32_t epoch;
	bool broken;
	struct s1inv_vtd_fault fault;
};

/** define S1INV_VTD_NO_FENCE - a submission has no fence of the queue's */
#define S1INV_VTD_NO_FENCE UINT32_MAX

/**
 * struct s1inv_vtd_submission - some descriptors on their way through a queue
 * @descs: the descriptors, the caller's, untouched until the end. Waits among
 *	them are submitted as they stand, but for @fence.
 * @num: how many, up to %S1INV_VTD_SUBMISSION_MAX
 * @fence: index of a wait that gets a status word of the queue's own (ENC-3),
 *	or %S1INV_VTD_NO_FENCE
 * @drain: the final wait also drains page requests (PD)
 * @may_refuse: the caller can report failure: it gives up work that timed out
 *	(QUE-10) and stops waiting when @waiter's time is up (QUE-13). One that
 *	cannot retries until done (QUE-14).
 * @waiter: who waits; may be NULL
 * @undone: out: descriptors that nothing proves executed. Empty after success,
 *	but for those in @refused and @timedout. In this and the next, index
 *	@num stands for the final wait of a submission with @drain. What stands
 *	before another wait without FN leaves this set with the next wait of the
 *	queue's own, which proves nothing of it (QUE-15).
 * @refused: out: descriptors that hardware refused (IQE): not executed
 * @timedout: out: device-TLB descriptors whose requester timed out (ITE)
 * @ice: out: device-TLB descriptors to which an ICE may belong
 * @from: private: first descriptor of the present try
 * @head: private: its first slot
 * @placed: private: its number of slots, 0 when none are in the ring
 * @epoch: private: the queue's when it was placed
 */
struct s1inv_vtd_submission {
	const struct s1inv_vtd_desc *descs;
	uint32_t num;
	uint32_t fence;
	bool drain;
	bool may_refuse;
	const struct s1inv_env_waiter *waiter;
	struct s1inv_vtd_set undone;
	struct s1inv_vtd_set refused;
	struct s1inv_vtd_set timedout;
	struct s1inv_vtd_set ice;
	uint32_t from;
	uint32_t head;
	uint32_t placed;
	uint32_t epoch;
};

/**
 * s1inv_vtd_queue_init() - set up a queue whose registers are programmed
 * @queue: dev, ring, status, state, status_addr, slots and wide are set by
 *	the caller; the rest is set here
 *
 * Clears the fault bits of FSTS_REG, which outlive a reset of the machine and
 * would be laid to the first submission. IQH_REG and IQT_REG must be 0 and the
 * queue enabled when that one starts.
 *
 * Return: 0, or -EINVAL for a number of slots or a status address that cannot
 * be.
 */
S1INV_MUST_CHECK int s1inv_vtd_queue_init(struct s1inv_vtd_queue *queue);

/**
 * s1inv_vtd_queue_reset() - begin anew after the ring was disabled (QUE-16)
 * @queue: its IQH_REG and IQT_REG are 0 again, or will be before the lock is
 *	given back
 *
 * Clears the fault bits of FSTS_REG. Whoever waits learns at the next poll and
 * issues again what was not proved done.
 */
void s1inv_vtd_queue_reset(struct s1inv_vtd_queue *queue);

/**
 * s1inv_vtd_submission_init() - nothing tried yet
 * @sub: its inputs, descs to waiter, are set already and are kept
 */
void s1inv_vtd_submission_init(struct s1inv_vtd_submission *sub);

/**
 * s1inv_vtd_queue_start() - put what is undone into the ring and ring the bell
 * @queue: the queue
 * @sub: initialised, not in the ring
 *
 * Return: 0; -EAGAIN when there is no room now; -EIO when the queue is broken;
 * -EINVAL when @sub can never fit.
 */
S1INV_MUST_CHECK int s1inv_vtd_queue_start(struct s1inv_vtd_queue *queue,
					   struct s1inv_vtd_submission *sub);

/** enum s1inv_vtd_poll - how a submission stands */
enum s1inv_vtd_poll {
	S1INV_VTD_PENDING, /* hardware has not finished with it */
	S1INV_VTD_DONE,    /* it has; look at refused, timedout, ice */
	S1INV_VTD_AGAIN, /* out of the ring with work undone: start it again */
	S1INV_VTD_BROKEN /* the queue is broken (QUE-6); out of the ring */
};

/**
 * s1inv_vtd_queue_poll() - look at the fault registers and at a submission
 * @queue: the queue
 * @sub: started
 *
 * Deals with faults for everyone in the ring (QUE-3 to QUE-11).
 *
 * Return: how @sub stands then.
 */
S1INV_MUST_CHECK enum s1inv_vtd_poll
s1inv_vtd_queue_poll(struct s1inv_vtd_queue *queue,
		     struct s1inv_vtd_submission *sub);

/**
 * s1inv_vtd_queue_abandon() - stop waiting for a submission (QUE-12, QUE-13)
 * @queue: the queue
 * @sub: started or not; afterwards its undone set is what nothing proves done
 *
 * Its slots stay taken until hardware has finished with them, and until then
 * invalidations may still reach devices: see s1inv_vtd_queue_pending().
 */
void s1inv_vtd_queue_abandon(struct s1inv_vtd_queue *queue,
			     struct s1inv_vtd_submission *sub);

/**
 * s1inv_vtd_queue_pending() - may a function still be sent an invalidation?
 * @queue: the queue
 * @sid: the function
 *
 * For those who detach a function or turn its ATS off: with this false and
 * nothing new submitted, the ring holds no work for it, abandoned submissions
 * included. No wait tells as much, for none waits for what stands before an
 * earlier one.
 *
 * Return: true while the ring may hold work for it.
 */
bool s1inv_vtd_queue_pending(struct s1inv_vtd_queue *queue, uint16_t sid);

/**
 * s1inv_vtd_queue_run() - carry a submission to its end
 * @queue: the queue
 * @sub: initialised
 *
 * Starts, polls, pauses (&s1inv_env_dev.pause) and starts again as needed.
 *
 * Return: 0 when hardware has finished with all of it. **That is not success
 * yet**: look at refused, and at timedout. -ETIMEDOUT when the time was up,
 * -EIO when the queue broke: then the undone set says what is not proved.
 * -EINVAL when @sub can never fit. After -EIO and a reset, a caller that cannot
 * refuse calls again and goes on.
 */
S1INV_MUST_CHECK int s1inv_vtd_queue_run(struct s1inv_vtd_queue *queue,
					 struct s1inv_vtd_submission *sub);

/* ------------------------------------------------------ VT-d: the backend */

/** enum s1inv_vtd_cache - what a target is */
enum s1inv_vtd_cache { S1INV_VTD_IOTLB, S1INV_VTD_DEVTLB };

/**
 * struct s1inv_vtd_target - a cache that holds translations of the page table
 * @cache: the unit's IOTLB, or a device's TLB
 * @pasid: that tags them, 20 bits; 0 is RID_PASID
 * @sid: device TLB: the function's source id
 * @pfsid: device TLB: source id of its physical function
 * @mip: device TLB: most invalidations pending; 0 or 32 and more: no throttle
 * @twice: device TLB: the device needs each invalidation twice (ENC-8)
 */
struct s1inv_vtd_target {
	enum s1inv_vtd_cache cache;
	uint32_t pasid;
	uint16_t sid;
	uint16_t pfsid;
	uint8_t mip;
	bool twice;
};

/**
 * struct s1inv_vtd_unit - an IOMMU unit through which the table is attached
 * @queue: its queue, 256 bits wide
 * @targets: the caches behind it, IOTLB and device TLBs in any order
 * @target_num: how many; with 0 nothing is sent
 * @segment: PCI segment of the functions behind it
 * @did: domain id of the table on this unit; must be set
 * @am_max: largest AM that it accepts in type 6; must be set, to
 *	%S1INV_VTD_AM_MAX unless the receiver wrongly bounds it (COV-7)
 * @dit: ECAP.DIT: device-TLB descriptors carry PFSID (ENC-7)
 * @te: translation is on; must be set, for nothing goes to devices while it is
 *	off (ENC-11)
 * @plain_fence: the fence is a wait with FN alone, without a status write
 */
struct s1inv_vtd_unit {
	struct s1inv_vtd_queue *queue;
	const struct s1inv_vtd_target *targets;
	uint32_t target_num;
	uint16_t segment;
	uint16_t did;
	uint8_t am_max;
	bool dit;
	bool te;
	bool plain_fence;
};

/** enum s1inv_attribution - whom a time-out inside a submission is laid to */
enum s1inv_attribution {
	S1INV_BLAME_ALL,    /* every entry it may belong to (REP-11) */
	S1INV_BLAME_REPLAY, /* issue again one by one and see (REP-12) */
	S1INV_BLAME_SINGLE  /* one entry per submission (REP-13) */
};

/** define S1INV_VTD_CHUNK - entries that are submitted together */
#define S1INV_VTD_CHUNK 32U
/** define S1INV_VTD_BATCH - most invalidation descriptors per submission */
#define S1INV_VTD_BATCH 64U
/** define S1INV_VTD_REQUESTERS - requesters whose time-outs are counted */
#define S1INV_VTD_REQUESTERS 16U

/**
 * struct s1inv_vtd_timeouts - time-outs of one requester within a call (QUE-18)
 * @segment: PCI segment of the requester
 * @sid: its source id
 * @count: how many
 */
struct s1inv_vtd_timeouts {
	uint16_t segment;
	uint16_t sid;
	uint8_t count;
};

/**
 * struct s1inv_vtd_template - what the descriptors for a target have in common
 * @page: first quadword for a block of pages
 * @all: first quadword for everything under a PASID; IOTLB
 * @sid: requester; device TLB
 * @copies: how often each descriptor is sent, 1 or 2
 * @s_lsb: where the S bit stands in the second quadword; device TLB
 * @am_max: largest AM; a larger block is everything; IOTLB
 */
struct s1inv_vtd_template {
	uint64_t page;
	uint64_t all;
	uint16_t sid;
	uint8_t copies;
	uint8_t s_lsb;
	uint8_t am_max;
};

/**
 * struct s1inv_vtd_stream - the descriptors of one unit, one after another
 * @unit: the unit
 * @dead: why it takes nothing any more; error 0 while it does
 * @pass: IOTLBs, then device TLBs
 * @target: index of the next target to look at
 * @first: first entry
 * @end: one past the last entry
 * @entry: the entry at hand
 * @to: the target at hand
 * @n: descriptors in the submission, the fence among them
 * @limit: most descriptors that it can have
 * @fence: index of the fence, or %S1INV_VTD_NO_FENCE
 * @fence_due: the next device-TLB descriptor needs the fence before it
 *
 * Private.
 */
struct s1inv_vtd_stream {
	const struct s1inv_vtd_unit *unit;
	struct s1inv_verdict dead;
	enum s1inv_vtd_cache pass;
	uint32_t target;
	uint32_t first;
	uint32_t end;
	uint32_t entry;
	struct s1inv_vtd_template to;
	uint32_t n;
	uint32_t limit;
	uint32_t fence;
	bool fence_due;
};

/**
 * struct s1inv_vtd_scratch - memory for one call, about 7 KiB
 * @raw: entries as copied
 * @requests: audited
 * @covers: their blocks
 * @verdict: per entry, error 0 or why it is not handled
 * @hw_error: per entry, what hardware reported
 * @stream: where the unit at hand stands
 * @descs: a submission's descriptors
 * @entry: per descriptor, the entry that it serves
 * @sub: the submission
 * @timedout: its descriptors that timed out
 * @timeouts: per requester, for the call
 * @requesters: how many of them are in use
 *
 * All private. One call at a time; or calls that take turns, chunk by chunk,
 * with s1inv_vtd_begin() each time: behind it a call puts back what it kept of
 * @timeouts and @requesters (QUE-18).
 */
struct s1inv_vtd_scratch {
	struct s1inv_vtd_s1_entry raw[S1INV_VTD_CHUNK];
	struct s1inv_vtd_request requests[S1INV_VTD_CHUNK];
	struct s1inv_vtd_cover covers[S1INV_VTD_CHUNK];
	struct s1inv_verdict verdict[S1INV_VTD_CHUNK];
	uint32_t hw_error[S1INV_VTD_CHUNK];
	struct s1inv_vtd_stream stream;
	struct s1inv_vtd_desc descs[S1INV_VTD_BATCH + 1];
	uint32_t entry[S1INV_VTD_BATCH + 1];
	struct s1inv_vtd_submission sub;
	struct s1inv_vtd_set timedout;
	struct s1inv_vtd_timeouts timeouts[S1INV_VTD_REQUESTERS];
	uint32_t requesters;
};

/**
 * struct s1inv_vtd_table - a stage-1 page table and how to serve it
 * @audit: revision and audit policy
 * @cover: at most two blocks per request, or exact
 * @blame: attribution policy
 * @timeouts_max: after so many time-outs of a requester in one call its
 *	device-TLB work is not issued any more, 1 or more (QUE-18)
 * @waiter: how long a call may wait; NULL for no bound in time, so that a unit
 *	that never answers holds the call for ever
 * @units: the units through which it is attached
 * @unit_num: how many; with 0 every entry is handled and nothing is sent
 * @scratch: the caller's
 *
 * Units and targets must not change while a chunk is submitted: an integrator
 * whose locks cannot be held while user memory is copied puts an own
 * &s1inv_backend_ops around those of s1inv_vtd_begin(), whose submit takes the
 * locks, fills in units and targets, and calls the inner one.
 */
struct s1inv_vtd_table {
	struct s1inv_vtd_audit audit;
	enum s1inv_cover cover;
	enum s1inv_attribution blame;
	uint8_t timeouts_max;
	const struct s1inv_env_waiter *waiter;
	const struct s1inv_vtd_unit *units;
	uint32_t unit_num;
	struct s1inv_vtd_scratch *scratch;
};

/** define S1INV_VTD_TIMEOUTS_MAX - a good value for timeouts_max */
#define S1INV_VTD_TIMEOUTS_MAX 3U

/**
 * s1inv_vtd_unit_check() - can a unit serve a stage-1 page table?
 * @unit: with its queue, targets and capabilities
 *
 * For integrators who attach units one by one; s1inv_vtd_begin() checks all
 * that the table has by then.
 *
 * Return: 0; -EINVAL when am_max is above 52, or a target is of no kind or has
 * a PASID of more than 20 bits (ENC-1); -EOPNOTSUPP when the queue is 128 bits
 * wide and cannot carry stage-1 invalidations (ENC-13).
 */
S1INV_MUST_CHECK int s1inv_vtd_unit_check(const struct s1inv_vtd_unit *unit);

/**
 * s1inv_vtd_begin() - make a page table ready for one call
 * @table: the page table
 * @backend: filled on success
 *
 * Worth a call when the page table is set up, too: what is wrong with it would
 * be told to the maker of every request (CMD-7).
 *
 * Return: 0; -EINVAL when timeouts_max is 0 or va_bits of a strict audit is not
 * 48 or 57; what s1inv_vtd_unit_check() says of a unit.
 */
S1INV_MUST_CHECK int s1inv_vtd_begin(struct s1inv_vtd_table *table,
				     struct s1inv_backend *backend);

#ifdef __cplusplus
}
#endif

#endif /* S1INV_S1INV_H */
