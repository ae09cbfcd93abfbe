/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/**
 * DOC: wire structures of IOMMU_HWPT_INVALIDATE
 *
 * Sizes, offsets and values are those of the Linux user ABI. All fields are
 * in the byte order of the machine. Two revisions of the VT-d entry differ in
 * the last word only; see &struct s1inv_vtd_s1_entry.
 */
#ifndef S1INV_UAPI_H
#define S1INV_UAPI_H

#include <s1inv/env.h>

/** define S1INV_IOCTL_TYPE - iommufd's ioctl type, ';' */
#define S1INV_IOCTL_TYPE 0x3bU
/** define S1INV_IOCTL_NR - the number of IOMMU_HWPT_INVALIDATE */
#define S1INV_IOCTL_NR 0x8dU

/* data_type of an invalidation array */
#define S1INV_DATA_VTD_S1 0U
#define S1INV_DATA_ARM_SMMUV3 1U
#define S1INV_DATA_SELFTEST 0xdeadbeefU

/**
 * struct s1inv_cmd - the command (struct iommu_hwpt_invalidate)
 * @size: bytes that user space passes, 32 or more
 * @hwpt_id: the page table
 * @data_uptr: user address of the array
 * @data_type: format of an entry
 * @entry_len: bytes from one entry to the next
 * @entry_num: in: entries in the array; out: entries handled
 * @reserved: must be 0
 */
struct s1inv_cmd {
	uint32_t size;
	uint32_t hwpt_id;
	uint64_t data_uptr;
	uint32_t data_type;
	uint32_t entry_len;
	uint32_t entry_num;
	uint32_t reserved;
};

/** define S1INV_VTD_S1_LEAF - only leaf entries of the page table changed */
#define S1INV_VTD_S1_LEAF 0x1U

/** define S1INV_VTD_S1_ALL - npages of the full flush, with addr 0 */
#define S1INV_VTD_S1_ALL UINT64_MAX

/* hw_error of revision v8: what hardware reported for a handled entry */
#define S1INV_VTD_HW_ICE 0x1U
#define S1INV_VTD_HW_ITE 0x2U

/**
 * struct s1inv_vtd_s1_entry - one VT-d request
 *	(struct iommu_hwpt_vtd_s1_invalidate)
 * @addr: first byte of the range, 4 KiB aligned
 * @npages: number of 4 KiB pages; %S1INV_VTD_S1_ALL with @addr 0 means all
 *	that is cached of this page table
 * @flags: %S1INV_VTD_S1_LEAF or 0
 * @hw_error: revision v8: output, S1INV_VTD_HW_* bits, meaningful for handled
 *	entries only. Revision linux: reserved input, must be 0.
 */
struct s1inv_vtd_s1_entry {
	uint64_t addr;
	uint64_t npages;
	uint32_t flags;
	uint32_t hw_error;
};

/** define S1INV_SELFTEST_ALL - every IOTLB entry of the mock page table */
#define S1INV_SELFTEST_ALL 0x1U
/** define S1INV_SELFTEST_IDS - number of the mock's IOTLB entries */
#define S1INV_SELFTEST_IDS 4U

/**
 * struct s1inv_selftest_entry - one request of iommufd's self-test
 * @flags: %S1INV_SELFTEST_ALL or 0
 * @iotlb_id: 0 to 3
 */
struct s1inv_selftest_entry {
	uint32_t flags;
	uint32_t iotlb_id;
};

S1INV_STATIC_ASSERT(sizeof(struct s1inv_cmd) == 32);
S1INV_STATIC_ASSERT(offsetof(struct s1inv_cmd, data_uptr) == 8);
S1INV_STATIC_ASSERT(offsetof(struct s1inv_cmd, entry_num) == 24);
S1INV_STATIC_ASSERT(sizeof(struct s1inv_vtd_s1_entry) == 24);
S1INV_STATIC_ASSERT(offsetof(struct s1inv_vtd_s1_entry, flags) == 16);
S1INV_STATIC_ASSERT(offsetof(struct s1inv_vtd_s1_entry, hw_error) == 20);
S1INV_STATIC_ASSERT(sizeof(struct s1inv_selftest_entry) == 8);

#endif /* S1INV_UAPI_H */
