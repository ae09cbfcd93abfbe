// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * What the fault registers say (VT-d 6.5.2.11, 11.4.7.1, 11.4.9.9).
 */
#include <s1inv/s1inv.h>

#define STATUS_MASK                                                            \
	(S1INV_VTD_FSTS_IQE | S1INV_VTD_FSTS_ICE | S1INV_VTD_FSTS_ITE)

/*
 * QUE-6: these name the descriptor at IQH. Code 0 comes from hardware that
 * does not say why; it stops at the descriptor all the same.
 */
static bool names_slot(uint8_t iqei)
{
	return iqei == S1INV_VTD_IQEI_NONE || iqei == S1INV_VTD_IQEI_FETCH ||
	       iqei == S1INV_VTD_IQEI_TYPE || iqei == S1INV_VTD_IQEI_RESERVED;
}

void s1inv_vtd_fault_parse(uint32_t fsts, uint64_t iqercd,
			   struct s1inv_vtd_fault *fault)
{
	fault->status = fsts & STATUS_MASK;
	fault->iqei = 0;
	fault->itesid = 0;
	fault->icesid = 0;
	fault->slot = S1INV_VTD_NO_SLOT;
	/* QUE-7: a field whose bit is clear is from an older fault. */
	if (fsts & S1INV_VTD_FSTS_IQE)
		fault->iqei = S1INV_VTD_IQERCD_IQEI(iqercd);
	if (fsts & S1INV_VTD_FSTS_ITE)
		fault->itesid = S1INV_VTD_IQERCD_ITESID(iqercd);
	if (fsts & S1INV_VTD_FSTS_ICE)
		fault->icesid = S1INV_VTD_IQERCD_ICESID(iqercd);
	fault->broken = !names_slot(fault->iqei);
}

uint32_t s1inv_vtd_desc_requester(uint64_t qw0)
{
	switch (s1inv_vtd_type(qw0)) {
	case S1INV_VTD_TYPE_DEVTLB:
		return (uint16_t)(qw0 >>
				  S1INV_VTD_LSB(S1INV_VTD_DEVTLB_SID_BITS));
	case S1INV_VTD_TYPE_PDEVTLB:
		return (uint16_t)(qw0 >>
				  S1INV_VTD_LSB(S1INV_VTD_PDEVTLB_SID_BITS));
	default:
		return S1INV_VTD_NO_REQUESTER;
	}
}
