/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/**
 * DOC: descriptor and register layouts of Intel VT-d queued invalidation
 *
 * Under the names of the Intel Virtualization Technology for Directed I/O
 * specification, revision 5.10 (cited as "VT-d"). Layouts only: this header
 * is all that the encoder and the decoder have in common.
 */
#ifndef S1INV_VTD_SPEC_H
#define S1INV_VTD_SPEC_H

#include <s1inv/env.h>

/* Registers, byte offsets (VT-d 11.4) */
#define S1INV_VTD_FSTS_REG 0x34U
#define S1INV_VTD_IQH_REG 0x80U
#define S1INV_VTD_IQT_REG 0x88U
#define S1INV_VTD_IQA_REG 0x90U
#define S1INV_VTD_ICS_REG 0x9cU
#define S1INV_VTD_IQERCD_REG 0xb0U

/* FSTS_REG (VT-d 11.4.7.1): the bits of queued invalidation, RW1CS */
#define S1INV_VTD_FSTS_IQE 0x10U
#define S1INV_VTD_FSTS_ICE 0x20U
#define S1INV_VTD_FSTS_ITE 0x40U

/* IQH_REG, IQT_REG (VT-d 11.4.9.1, .2): byte offset of a descriptor */
#define S1INV_VTD_IQ_OFFSET_MASK 0x7fff0U

/* IQERCD_REG (VT-d 11.4.9.9) */
#define S1INV_VTD_IQERCD_IQEI(v) ((uint8_t)((v) & 0xfU))
#define S1INV_VTD_IQERCD_ITESID(v) ((uint16_t)((v) >> 32))
#define S1INV_VTD_IQERCD_ICESID(v) ((uint16_t)((v) >> 48))

/* IQEI: why the queue stopped */
#define S1INV_VTD_IQEI_NONE 0U
#define S1INV_VTD_IQEI_TAIL 1U
#define S1INV_VTD_IQEI_FETCH 2U
#define S1INV_VTD_IQEI_TYPE 3U
#define S1INV_VTD_IQEI_RESERVED 4U
#define S1INV_VTD_IQEI_WIDTH 5U
#define S1INV_VTD_IQEI_TAIL_ALIGN 6U
#define S1INV_VTD_IQEI_TTM 7U

/* Descriptor types: qw0 bits 3:0, with bits 11:9 as bits 6:4 (VT-d 6.5.2) */
#define S1INV_VTD_TYPE_CC 0x1U
#define S1INV_VTD_TYPE_IOTLB 0x2U
#define S1INV_VTD_TYPE_DEVTLB 0x3U
#define S1INV_VTD_TYPE_IEC 0x4U
#define S1INV_VTD_TYPE_WAIT 0x5U
#define S1INV_VTD_TYPE_PIOTLB 0x6U
#define S1INV_VTD_TYPE_PC 0x7U
#define S1INV_VTD_TYPE_PDEVTLB 0x8U
#define S1INV_VTD_TYPE_PGRESP 0x9U
/* HPT-cache invalidate since revision 5.0; Linux: page-stream response */
#define S1INV_VTD_TYPE_HPT 0xaU

/** define S1INV_VTD_TYPE - the 7-bit type in the first quadword @qw0 */
#define S1INV_VTD_TYPE(qw0) ((uint8_t)(((qw0) & 0xfU) | (((qw0) >> 5) & 0x70U)))

/* Granularity of types 1, 2 and 0xa (VT-d 6.5.2.1, .3, .7) */
#define S1INV_VTD_G_GLOBAL 1U
#define S1INV_VTD_G_DOMAIN 2U
#define S1INV_VTD_G_DEVICE 3U /* type 1 */
#define S1INV_VTD_G_PAGE 3U   /* types 2 and 0xa */
/* Granularity of type 6 (VT-d 6.5.2.4) */
#define S1INV_VTD_PG_PASID 2U
#define S1INV_VTD_PG_PAGE 3U
/* Granularity of type 7 (VT-d 6.5.2.2) */
#define S1INV_VTD_PC_DOMAIN 0U
#define S1INV_VTD_PC_PASID 1U
#define S1INV_VTD_PC_GLOBAL 3U
/* Granularity of type 4 (VT-d 6.5.2.8) */
#define S1INV_VTD_IEC_GLOBAL 0U
#define S1INV_VTD_IEC_INDEX 1U

/* Largest values of fields */
#define S1INV_VTD_PASID_MAX 0xfffffU
#define S1INV_VTD_MIP_MAX 31U
#define S1INV_VTD_AM_MAX 52U /* covers all of ADDR; 53 to 63 are undefined */

/* Descriptors count in pages of 4 KiB. */
#define S1INV_VTD_PAGE_SHIFT 12U

/**
 * define S1INV_VTD_LAYOUT - every field of every descriptor
 * @F: applied to each as F(TYPE, FIELD, quadword, lowest bit, width)
 *
 * The type itself (bits 3:0 and 11:9 of quadword 0) is left out. Bits that no
 * row names are reserved. A field in two pieces has two rows, _LO and _HI.
 * PFSID is reserved when ECAP.DIT is 0, PD when ECAP.PDS is 0.
 */
#define S1INV_VTD_LAYOUT(F)                                                    \
	/* VT-d 6.5.2.1 context-cache invalidate */                            \
	F(CC, G, 0, 4, 2)                                                      \
	F(CC, DID, 0, 16, 16)                                                  \
	F(CC, SID, 0, 32, 16)                                                  \
	F(CC, FM, 0, 48, 2)                                                    \
	/* VT-d 6.5.2.3 IOTLB invalidate */                                    \
	F(IOTLB, G, 0, 4, 2)                                                   \
	F(IOTLB, DW, 0, 6, 1)                                                  \
	F(IOTLB, DR, 0, 7, 1)                                                  \
	F(IOTLB, DID, 0, 16, 16)                                               \
	F(IOTLB, AM, 1, 0, 6)                                                  \
	F(IOTLB, IH, 1, 6, 1)                                                  \
	F(IOTLB, ADDR, 1, 12, 52)                                              \
	/* VT-d 6.5.2.5 device-TLB invalidate */                               \
	F(DEVTLB, PFSID_LO, 0, 12, 4)                                          \
	F(DEVTLB, MIP, 0, 16, 5)                                               \
	F(DEVTLB, SID, 0, 32, 16)                                              \
	F(DEVTLB, PFSID_HI, 0, 52, 12)                                         \
	F(DEVTLB, S, 1, 0, 1)                                                  \
	F(DEVTLB, ADDR, 1, 12, 52)                                             \
	/* VT-d 6.5.2.8 interrupt-entry-cache invalidate */                    \
	F(IEC, G, 0, 4, 1)                                                     \
	F(IEC, IM, 0, 27, 5)                                                   \
	F(IEC, IIDX, 0, 32, 16)                                                \
	/* VT-d 6.5.2.9 invalidation wait */                                   \
	F(WAIT, IF, 0, 4, 1)                                                   \
	F(WAIT, SW, 0, 5, 1)                                                   \
	F(WAIT, FN, 0, 6, 1)                                                   \
	F(WAIT, PD, 0, 7, 1)                                                   \
	F(WAIT, DATA, 0, 32, 32)                                               \
	F(WAIT, ADDR, 1, 2, 62)                                                \
	/* VT-d 6.5.2.4 PASID-based IOTLB invalidate */                        \
	F(PIOTLB, G, 0, 4, 2)                                                  \
	F(PIOTLB, DID, 0, 16, 16)                                              \
	F(PIOTLB, PASID, 0, 32, 20)                                            \
	F(PIOTLB, AM, 1, 0, 6)                                                 \
	F(PIOTLB, IH, 1, 6, 1)                                                 \
	F(PIOTLB, ADDR, 1, 12, 52)                                             \
	/* VT-d 6.5.2.2 PASID-cache invalidate */                              \
	F(PC, G, 0, 4, 2)                                                      \
	F(PC, DID, 0, 16, 16)                                                  \
	F(PC, PASID, 0, 32, 20)                                                \
	/* VT-d 6.5.2.6 PASID-based device-TLB invalidate */                   \
	F(PDEVTLB, MIP, 0, 4, 5)                                               \
	F(PDEVTLB, PFSID_LO, 0, 12, 4)                                         \
	F(PDEVTLB, SID, 0, 16, 16)                                             \
	F(PDEVTLB, PASID, 0, 32, 20)                                           \
	F(PDEVTLB, PFSID_HI, 0, 52, 12)                                        \
	F(PDEVTLB, GI, 1, 0, 1)                                                \
	F(PDEVTLB, S, 1, 11, 1)                                                \
	F(PDEVTLB, ADDR, 1, 12, 52)                                            \
	/* VT-d 7.6.1 page-group response; qw1 bit 2 is ignored */             \
	F(PGRESP, PP, 0, 4, 1)                                                 \
	F(PGRESP, RC, 0, 12, 4)                                                \
	F(PGRESP, RID, 0, 16, 16)                                              \
	F(PGRESP, PASID, 0, 32, 20)                                            \
	F(PGRESP, PRGI, 1, 3, 9)                                               \
	/* VT-d 6.5.2.7 HPT-cache invalidate */                                \
	F(HPT, G, 0, 4, 2)                                                     \
	F(HPT, HPTDID, 0, 16, 16)                                              \
	F(HPT, AM, 1, 0, 6)                                                    \
	F(HPT, IH, 1, 6, 2)                                                    \
	F(HPT, ADDR, 1, 12, 52)

/** enum s1inv_vtd_layout - S1INV_VTD_<TYPE>_<FIELD>_QW, _LSB and _WIDTH */
#define S1INV_VTD_LAYOUT_ENUM(type, field, qw, lsb, width)                     \
	S1INV_VTD_##type##_##field##_QW = (qw),                                \
	S1INV_VTD_##type##_##field##_LSB = (lsb),                              \
	S1INV_VTD_##type##_##field##_WIDTH = (width),
enum s1inv_vtd_layout { S1INV_VTD_LAYOUT(S1INV_VTD_LAYOUT_ENUM) };
#undef S1INV_VTD_LAYOUT_ENUM

/* The bit of a page-group response that revision 5.10 ignores (once LPIG) */
#define S1INV_VTD_PGRESP_IGNORED_QW1 0x4U

#endif /* S1INV_VTD_SPEC_H */
