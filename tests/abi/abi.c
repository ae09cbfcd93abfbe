/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The project's wire structures against the headers that a kernel exports. To
 * be compiled, not run: every claim is made to the compiler. The self-test's
 * data type is in no exported header and has no claim here.
 */
#include <linux/errno.h>
#include <linux/iommufd.h>
#include <linux/version.h>

#include <s1inv/uapi.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(ABI_MAJOR, ABI_MINOR, 0) ||            \
	LINUX_VERSION_CODE >= KERNEL_VERSION(ABI_MAJOR, ABI_MINOR + 1, 0)
#error "these are the headers of another kernel"
#endif

typedef struct s1inv_cmd ours_cmd;
typedef struct iommu_hwpt_invalidate linux_cmd;
typedef struct s1inv_vtd_s1_entry ours_entry;
typedef struct iommu_hwpt_vtd_s1_invalidate linux_entry;

/* C11's own assertion, whose text says which claim it was */
#define SAME(ours, theirs)                                                     \
	_Static_assert((ours) == (theirs), #ours " and " #theirs)

/* A member's type, without an object of the structure */
#define MEMBER(type, member) (((type *)0)->member)

/* Place, size and sign of a field */
#define SAME_FIELD(type, ours, theirs)                                         \
	SAME(offsetof(ours_##type, ours), offsetof(linux_##type, theirs));     \
	SAME(sizeof(MEMBER(ours_##type, ours)),                                \
	     sizeof(MEMBER(linux_##type, theirs)));                            \
	SAME((__typeof__(MEMBER(ours_##type, ours)))-1 > 0,                    \
	     (__typeof__(MEMBER(linux_##type, theirs)))-1 > 0)

/* --- the ioctl: _IO(type, number), which differs between machines --- */
SAME(S1INV_IOCTL_TYPE, IOMMUFD_TYPE);
SAME(S1INV_IOCTL_NR, IOMMUFD_CMD_HWPT_INVALIDATE);
SAME(_IO(S1INV_IOCTL_TYPE, S1INV_IOCTL_NR), IOMMU_HWPT_INVALIDATE);

/* --- the command --- */
SAME(sizeof(ours_cmd), sizeof(linux_cmd));
SAME_FIELD(cmd, size, size);
SAME_FIELD(cmd, hwpt_id, hwpt_id);
SAME_FIELD(cmd, data_uptr, data_uptr);
SAME_FIELD(cmd, data_type, data_type);
SAME_FIELD(cmd, entry_len, entry_len);
SAME_FIELD(cmd, entry_num, entry_num);
SAME_FIELD(cmd, reserved, __reserved);

/* --- data types --- */
SAME(S1INV_DATA_VTD_S1, IOMMU_HWPT_INVALIDATE_DATA_VTD_S1);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
SAME(S1INV_DATA_ARM_SMMUV3, IOMMU_VIOMMU_INVALIDATE_DATA_ARM_SMMUV3);
#endif

/* --- the VT-d entry; hw_error is the reserved word of revision linux --- */
SAME(sizeof(ours_entry), sizeof(linux_entry));
SAME_FIELD(entry, addr, addr);
SAME_FIELD(entry, npages, npages);
SAME_FIELD(entry, flags, flags);
SAME_FIELD(entry, hw_error, __reserved);
SAME(S1INV_VTD_S1_LEAF, IOMMU_VTD_INV_FLAGS_LEAF);

/* The headers call it U64_MAX in words: all that npages can hold. */
SAME(S1INV_VTD_S1_ALL, (__typeof__(MEMBER(linux_entry, npages)))-1);

/* --- errors --- */
SAME(S1INV_ENOENT, ENOENT);
SAME(S1INV_EINTR, EINTR);
SAME(S1INV_EIO, EIO);
SAME(S1INV_E2BIG, E2BIG);
SAME(S1INV_EAGAIN, EAGAIN);
SAME(S1INV_EFAULT, EFAULT);
SAME(S1INV_EINVAL, EINVAL);
SAME(S1INV_EOPNOTSUPP, EOPNOTSUPP);
SAME(S1INV_ETIMEDOUT, ETIMEDOUT);
