/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Request and vector files in memory. docs/vectors.md says what each member
 * means; the names here follow the keys there.
 */
#ifndef S1INV_TOOLS_REQUEST_FILE_H
#define S1INV_TOOLS_REQUEST_FILE_H

#include "json_in.h"

/* Bounds of what a file can ask for */
#define RF_ENTRIES_MAX 65536U
#define RF_UNITS_MAX 4U
#define RF_TARGETS_MAX 16U
/* Descriptors of a test, and entries as well as descriptors of a file */
#define RF_DESCS_MAX (1U << 18)
#define RF_FILE_MAX (1U << 20)
/* Pauses of a call beyond those that it needs without a fault */
#define RF_PAUSES_MAX 10000U
/* "not given", for members that are 32 bits or less in the file */
#define RF_NONE UINT64_MAX

/* Where the plain command and array stand in user memory */
#define RF_COMMAND_ADDR UINT64_C(0x1000)
#define RF_ARRAY_ADDR UINT64_C(0x10000)

enum rf_type {
	RF_REQUEST,
	RF_SELFTEST,
	RF_COVER,
	RF_AUDIT,
	RF_ENCODE,
	RF_DECODE,
	RF_IMAGE
};
enum rf_result { RF_VALID, RF_INVALID, RF_ACCEPTABLE };

/* Quirks of a receiver, as bits in the order of docs/vectors.md */
enum rf_quirk {
	RF_QUIRK_AM_BOUND = 1,
	RF_QUIRK_NO_RESUME = 2,
	RF_QUIRK_REFUSE_FN_ONLY = 4,
	RF_QUIRK_NO_IQERCD = 8
};

/* Flags of a wait, as bits in the order in which they are written */
enum rf_wait { RF_WAIT_IF = 1, RF_WAIT_SW = 2, RF_WAIT_FN = 4, RF_WAIT_PD = 8 };

/* ---------------------------------------------------------------- groups */

struct rf_unit {
	struct s1inv_vtd_target targets[RF_TARGETS_MAX];
	uint32_t target_num;
	uint32_t slots;
	uint32_t quirks;
	uint16_t did;
	uint8_t am_max;
	bool dit;
	bool pds;
	bool te;
	bool plain_fence;
};

struct rf_table {
	struct s1inv_vtd_audit audit;
	enum s1inv_cover cover;
	enum s1inv_attribution blame;
	uint64_t budget; /* RF_NONE: no limit */
	struct rf_unit units[RF_UNITS_MAX];
	uint32_t unit_num;
	uint8_t timeouts_max;
};

/* ------------------------------------------------------------------ calls */

struct rf_command {
	uint32_t size;
	int hwpt; /* what the lookup of the page table returns */
	uint64_t data_uptr;
	uint32_t data_type;
	uint32_t entry_len;
	uint32_t entry_num;
	uint32_t reserved;
	unsigned char *trailing;
	uint32_t trailing_len;
};

/* @count entries in a row. Self-test: flags, and iotlbId in @last. */
struct rf_run {
	uint64_t addr;
	uint64_t npages;
	uint64_t stride;
	uint32_t count;
	uint32_t flags;
	uint32_t last;
};

struct rf_span {
	uint64_t addr;
	uint64_t len;
};

struct rf_memory {
	struct rf_span *holes;
	struct rf_span *read_only;
	size_t hole_num;
	size_t read_only_num;
	uint64_t fail_access; /* RF_NONE: none */
};

enum rf_strikes { RF_AT_INVALIDATION, RF_AT_DESCRIPTOR, RF_AT_DEVICE };
enum rf_kind { RF_IQE, RF_ITE, RF_ICE };

struct rf_fault {
	uint32_t unit;
	enum rf_strikes strikes;
	uint32_t at; /* which one, or the device */
	enum rf_kind kind;
	uint8_t code;
	uint64_t sid;   /* RF_NONE: not given */
	uint64_t times; /* RF_NONE: always */
};

/* @count equal numbers in a row */
struct rf_words {
	uint32_t value;
	uint32_t count;
};

struct rf_expected_unit {
	struct s1inv_vtd_desc *descs;
	size_t desc_num;
	uint8_t *waits;
	size_t wait_num;
	uint64_t desc_count;  /* RF_NONE: not given */
	uint64_t submissions; /* RF_NONE: not given */
};

struct rf_expected {
	int error;
	bool rule_given;
	enum s1inv_rule rule;
	uint32_t entry_num;
	bool written;
	struct rf_words *hw_error; /* NULL: not given */
	size_t hw_error_num;
	bool descs_given;
	bool waits_given;
	struct rf_expected_unit units[RF_UNITS_MAX];
	uint32_t iotlb[S1INV_SELFTEST_IDS];
};

struct rf_call {
	struct rf_command command;
	struct rf_run *runs;
	size_t run_num;
	uint32_t entry_num; /* of all runs */
	struct rf_memory memory;
	struct rf_fault *faults;
	size_t fault_num;
	uint64_t signal; /* RF_NONE: none */
	uint32_t iotlb[S1INV_SELFTEST_IDS];
	struct rf_expected expected;
};

/* ------------------------------------------------------- the pure functions */

struct rf_cover {
	struct s1inv_vtd_s1_entry entry;
	enum s1inv_cover how;
	struct s1inv_vtd_block *blocks;
	size_t block_num;
};

struct rf_audit {
	struct s1inv_vtd_s1_entry entry;
	int error;
	bool rule_given;
	enum s1inv_rule rule;
	enum s1inv_vtd_reach reach;
	uint64_t first;
	uint64_t last;
	bool leaf_given;
	bool leaf;
};

struct rf_encode {
	struct s1inv_vtd_fields fields;
	int error;
	struct s1inv_vtd_desc desc;
};

/* @given: a bit per field, in the order of rf_field_names */
struct rf_decode {
	struct s1inv_vtd_desc desc;
	struct s1inv_vtd_mode mode;
	struct s1inv_vtd_fields fields;
	uint32_t given;
	uint32_t violations;
	uint64_t reserved[4];
};

enum rf_what { RF_COMMAND, RF_ENTRY, RF_SELFTEST_ENTRY, RF_SLOT };

/* Fields of a structure as they stand in memory */
struct rf_image_layout {
	size_t size;
	unsigned int field_num;
	struct {
		const char *name;
		size_t at;
		size_t size;
	} fields[7];
};

/* Of a slot @slot is stated, of a structure @values, a number per field */
struct rf_image {
	enum rf_what what;
	bool big;
	unsigned char bytes[32];
	size_t len;
	uint64_t values[7];
	struct s1inv_vtd_desc slot;
};

struct rf_test {
	uint64_t tc_id;
	const char *comment;
	enum rf_result result;
	union {
		struct rf_call call;
		struct rf_cover cover;
		struct rf_audit audit;
		struct rf_encode encode;
		struct rf_decode decode;
		struct rf_image image;
	} u;
};

struct rf_group {
	enum rf_type type;
	const char *comment;
	struct rf_table table; /* Request; Audit: its audit only */
	bool big;              /* Image: structures are big-endian */
	struct rf_test **tests;
	size_t test_num;
};

struct rf_block;
struct rf_file {
	const char *name;
	const char *shown; /* the name, safe for a terminal */
	struct rf_group *groups;
	size_t group_num;
	size_t test_num;
	struct rf_block *blocks;
};

/* Read and check all of @names; NULL after a message was printed. */
struct rf_file *rf_load_all(char **names, int num);
/* The same for the one file @name, whose @len bytes are in memory. */
struct rf_file *rf_load_text(const char *name, const char *text, size_t len);
void rf_free_all(struct rf_file *files, int num);

/* Its name, which need not be UTF-8 */
json_t *rf_name_json(const struct rf_file *file);

/* Fields of a descriptor: X(name in the file, member, type) */
#define RF_FIELDS(X)                                                           \
	X(g, g, uint8_t)                                                       \
	X(fm, fm, uint8_t)                                                     \
	X(dw, dw, uint8_t)                                                     \
	X(dr, dr, uint8_t)                                                     \
	X(am, am, uint8_t)                                                     \
	X(ih, ih, uint8_t)                                                     \
	X(s, s, uint8_t)                                                       \
	X(gi, gi, uint8_t)                                                     \
	X(mip, mip, uint8_t)                                                   \
	X(im, im, uint8_t)                                                     \
	X(if, wif, uint8_t)                                                    \
	X(sw, sw, uint8_t)                                                     \
	X(fn, fn, uint8_t)                                                     \
	X(pd, pd, uint8_t)                                                     \
	X(pp, pp, uint8_t)                                                     \
	X(rc, rc, uint8_t)                                                     \
	X(did, did, uint16_t)                                                  \
	X(sid, sid, uint16_t)                                                  \
	X(pfsid, pfsid, uint16_t)                                              \
	X(iidx, iidx, uint16_t)                                                \
	X(prgi, prgi, uint16_t)                                                \
	X(pasid, pasid, uint32_t)                                              \
	X(data, data, uint32_t)                                                \
	X(addr, addr, uint64_t)

#define RF_FIELD_NAME(name, member, type) #name " "

/* Names of the fields of a descriptor, parted by spaces */
extern const char rf_field_names[];
/* Field number @i of them */
uint64_t rf_field_get(const struct s1inv_vtd_fields *fields, unsigned int i);

/* Where the fields of @what stand; NULL for a slot */
const struct rf_image_layout *rf_image_layout(enum rf_what what);

/* ------------------------------------------ between the parts of the reader */

struct rf_reader {
	struct json_in in;
	struct rf_file *file;
	uint64_t entries; /* of all tests so far */
	uint64_t descs;
};

/* Zeroed memory that lives as long as the file */
void *rf_alloc(struct rf_file *file, size_t num, size_t size);

/* The keys that every test has, for json_in_object() */
#define RF_TEST_KEYS "tcId comment flags rules result expected "

/* Each checks @json, which is an object, for unknown keys too. */
void rf_read_table(struct rf_reader *r, json_t *json, struct rf_table *table);
void rf_read_audit_policy(struct rf_reader *r, json_t *json,
			  struct s1inv_vtd_audit *audit);
void rf_read_call(struct rf_reader *r, json_t *json,
		  const struct rf_group *group, struct rf_test *test);
void rf_read_cover(struct rf_reader *r, json_t *json, struct rf_test *test);
void rf_read_audit(struct rf_reader *r, json_t *json, struct rf_test *test);
void rf_read_encode(struct rf_reader *r, json_t *json, struct rf_test *test);
void rf_read_decode(struct rf_reader *r, json_t *json, struct rf_test *test);
void rf_read_image(struct rf_reader *r, json_t *json,
		   const struct rf_group *group, struct rf_test *test);

/* errno as a number of the core; rule; both required unless said otherwise */
int rf_read_errno(struct rf_reader *r, json_t *json);
bool rf_read_rule(struct rf_reader *r, json_t *json, enum s1inv_rule *rule);
void rf_read_entry(struct rf_reader *r, json_t *json,
		   struct s1inv_vtd_s1_entry *entry);
/* Pairs of hexadecimal digits, @max bytes at most; none when absent */
unsigned char *rf_read_bytes(struct rf_reader *r, json_t *json, const char *key,
			     size_t max, uint32_t *len);
/* 2 or 4 quadwords */
void rf_read_desc(struct rf_reader *r, json_t *array,
		  struct s1inv_vtd_desc *desc);
/* Does the result agree with whether the outcome was a success? */
void rf_check_result(struct rf_reader *r, const struct rf_test *test, bool ok);

#endif /* S1INV_TOOLS_REQUEST_FILE_H */
