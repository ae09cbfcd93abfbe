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

/** s1inv_vtd_type() - the 7-bit type in the first quadword @qw0 */
static inline uint8_t s1inv_vtd_type(uint64_t qw0)
{
	return (uint8_t)((qw0 & 0xfU) | (qw0 >> 5 & 0x70U));
}

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

/* Where a field stands, in one number: quadword, lowest bit, width */
#define S1INV_VTD_BITS(qw, lsb, width) ((qw) << 16 | (lsb) << 8 | (width))
#define S1INV_VTD_QW(bits) ((bits) >> 16)
#define S1INV_VTD_LSB(bits) ((bits) >> 8 & 0xff)
#define S1INV_VTD_WIDTH(bits) ((bits) & 0xff)

/** define S1INV_VTD_PUT - @value at the place of a field in its quadword */
#define S1INV_VTD_PUT(bits, value) ((uint64_t)(value) << S1INV_VTD_LSB(bits))

/*
 * Every field of every descriptor. The type itself (bits 3:0 and 11:9 of
 * quadword 0) is left out. Bits that no line names are reserved. A field in two
 * pieces has two lines, _LO and _HI. PFSID is reserved when ECAP.DIT is 0, PD
 * when ECAP.PDS is 0.
 */
/** enum s1inv_vtd_bits - S1INV_VTD_<TYPE>_<FIELD>_BITS, the place of each */
enum s1inv_vtd_bits {
	/* VT-d 6.5.2.1 context-cache invalidate */
	S1INV_VTD_CC_G_BITS = S1INV_VTD_BITS(0, 4, 2),
	S1INV_VTD_CC_DID_BITS = S1INV_VTD_BITS(0, 16, 16),
	S1INV_VTD_CC_SID_BITS = S1INV_VTD_BITS(0, 32, 16),
	S1INV_VTD_CC_FM_BITS = S1INV_VTD_BITS(0, 48, 2),
	/* VT-d 6.5.2.3 IOTLB invalidate */
	S1INV_VTD_IOTLB_G_BITS = S1INV_VTD_BITS(0, 4, 2),
	S1INV_VTD_IOTLB_DW_BITS = S1INV_VTD_BITS(0, 6, 1),
	S1INV_VTD_IOTLB_DR_BITS = S1INV_VTD_BITS(0, 7, 1),
	S1INV_VTD_IOTLB_DID_BITS = S1INV_VTD_BITS(0, 16, 16),
	S1INV_VTD_IOTLB_AM_BITS = S1INV_VTD_BITS(1, 0, 6),
	S1INV_VTD_IOTLB_IH_BITS = S1INV_VTD_BITS(1, 6, 1),
	S1INV_VTD_IOTLB_ADDR_BITS = S1INV_VTD_BITS(1, 12, 52),
	/* VT-d 6.5.2.5 device-TLB invalidate */
	S1INV_VTD_DEVTLB_PFSID_LO_BITS = S1INV_VTD_BITS(0, 12, 4),
	S1INV_VTD_DEVTLB_MIP_BITS = S1INV_VTD_BITS(0, 16, 5),
	S1INV_VTD_DEVTLB_SID_BITS = S1INV_VTD_BITS(0, 32, 16),
	S1INV_VTD_DEVTLB_PFSID_HI_BITS = S1INV_VTD_BITS(0, 52, 12),
	S1INV_VTD_DEVTLB_S_BITS = S1INV_VTD_BITS(1, 0, 1),
	S1INV_VTD_DEVTLB_ADDR_BITS = S1INV_VTD_BITS(1, 12, 52),
	/* VT-d 6.5.2.8 interrupt-entry-cache invalidate */
	S1INV_VTD_IEC_G_BITS = S1INV_VTD_BITS(0, 4, 1),
	S1INV_VTD_IEC_IM_BITS = S1INV_VTD_BITS(0, 27, 5),
	S1INV_VTD_IEC_IIDX_BITS = S1INV_VTD_BITS(0, 32, 16),
	/* VT-d 6.5.2.9 invalidation wait */
	S1INV_VTD_WAIT_IF_BITS = S1INV_VTD_BITS(0, 4, 1),
	S1INV_VTD_WAIT_SW_BITS = S1INV_VTD_BITS(0, 5, 1),
	S1INV_VTD_WAIT_FN_BITS = S1INV_VTD_BITS(0, 6, 1),
	S1INV_VTD_WAIT_PD_BITS = S1INV_VTD_BITS(0, 7, 1),
	S1INV_VTD_WAIT_DATA_BITS = S1INV_VTD_BITS(0, 32, 32),
	S1INV_VTD_WAIT_ADDR_BITS = S1INV_VTD_BITS(1, 2, 62),
	/* VT-d 6.5.2.4 PASID-based IOTLB invalidate */
	S1INV_VTD_PIOTLB_G_BITS = S1INV_VTD_BITS(0, 4, 2),
	S1INV_VTD_PIOTLB_DID_BITS = S1INV_VTD_BITS(0, 16, 16),
	S1INV_VTD_PIOTLB_PASID_BITS = S1INV_VTD_BITS(0, 32, 20),
	S1INV_VTD_PIOTLB_AM_BITS = S1INV_VTD_BITS(1, 0, 6),
	S1INV_VTD_PIOTLB_IH_BITS = S1INV_VTD_BITS(1, 6, 1),
	S1INV_VTD_PIOTLB_ADDR_BITS = S1INV_VTD_BITS(1, 12, 52),
	/* VT-d 6.5.2.2 PASID-cache invalidate */
	S1INV_VTD_PC_G_BITS = S1INV_VTD_BITS(0, 4, 2),
	S1INV_VTD_PC_DID_BITS = S1INV_VTD_BITS(0, 16, 16),
	S1INV_VTD_PC_PASID_BITS = S1INV_VTD_BITS(0, 32, 20),
	/* VT-d 6.5.2.6 PASID-based device-TLB invalidate */
	S1INV_VTD_PDEVTLB_MIP_BITS = S1INV_VTD_BITS(0, 4, 5),
	S1INV_VTD_PDEVTLB_PFSID_LO_BITS = S1INV_VTD_BITS(0, 12, 4),
	S1INV_VTD_PDEVTLB_SID_BITS = S1INV_VTD_BITS(0, 16, 16),
	S1INV_VTD_PDEVTLB_PASID_BITS = S1INV_VTD_BITS(0, 32, 20),
	S1INV_VTD_PDEVTLB_PFSID_HI_BITS = S1INV_VTD_BITS(0, 52, 12),
	S1INV_VTD_PDEVTLB_GI_BITS = S1INV_VTD_BITS(1, 0, 1),
	S1INV_VTD_PDEVTLB_S_BITS = S1INV_VTD_BITS(1, 11, 1),
	S1INV_VTD_PDEVTLB_ADDR_BITS = S1INV_VTD_BITS(1, 12, 52),
	/* VT-d 7.6.1 page-group response; qw1 bit 2 is ignored */
	S1INV_VTD_PGRESP_PP_BITS = S1INV_VTD_BITS(0, 4, 1),
	S1INV_VTD_PGRESP_RC_BITS = S1INV_VTD_BITS(0, 12, 4),
	S1INV_VTD_PGRESP_RID_BITS = S1INV_VTD_BITS(0, 16, 16),
	S1INV_VTD_PGRESP_PASID_BITS = S1INV_VTD_BITS(0, 32, 20),
	S1INV_VTD_PGRESP_PRGI_BITS = S1INV_VTD_BITS(1, 3, 9),
	/* VT-d 6.5.2.7 HPT-cache invalidate */
	S1INV_VTD_HPT_G_BITS = S1INV_VTD_BITS(0, 4, 2),
	S1INV_VTD_HPT_HPTDID_BITS = S1INV_VTD_BITS(0, 16, 16),
	S1INV_VTD_HPT_AM_BITS = S1INV_VTD_BITS(1, 0, 6),
	S1INV_VTD_HPT_IH_BITS = S1INV_VTD_BITS(1, 6, 2),
	S1INV_VTD_HPT_ADDR_BITS = S1INV_VTD_BITS(1, 12, 52),
};

/* The bit of a page-group response that revision 5.10 ignores (once LPIG) */
#define S1INV_VTD_PGRESP_IGNORED_QW1 0x4U

#endif /* S1INV_VTD_SPEC_H */
