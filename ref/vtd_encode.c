// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Fields become descriptors, bit by bit (ENC-1). Written out per type; where
 * each field stands is in vtd_spec.h.
 */
#include <s1inv/s1inv.h>

#define MAX_OF(bits) ((UINT64_C(1) << S1INV_VTD_WIDTH(bits)) - 1U)

/* A field's value at its place */
#define PUT(type, field, value)                                                \
	S1INV_VTD_PUT(S1INV_VTD_##type##_##field##_BITS, value)
/* Does a value fit its field? */
#define FITS(type, field, value)                                               \
	((uint64_t)(value) <= MAX_OF(S1INV_VTD_##type##_##field##_BITS))

#define IN_PAGE ((UINT64_C(1) << S1INV_VTD_PAGE_SHIFT) - 1U)
/* Status addresses are 4-byte aligned. */
#define STATUS_MASK UINT64_C(3)
/* PFSID stands in two pieces: its low 4 bits and the other 12. */
#define PFSID_LO_MASK 0xfU
#define PFSID_HI_SHIFT 4U

static bool encode_cc(const struct s1inv_vtd_fields *f, uint64_t *qw)
{
	qw[0] |= PUT(CC, G, f->g) | PUT(CC, DID, f->did) |
		 PUT(CC, SID, f->sid) | PUT(CC, FM, f->fm);
	return FITS(CC, G, f->g) && FITS(CC, FM, f->fm);
}

static bool encode_iotlb(const struct s1inv_vtd_fields *f, uint64_t *qw)
{
	qw[0] |= PUT(IOTLB, G, f->g) | PUT(IOTLB, DW, f->dw) |
		 PUT(IOTLB, DR, f->dr) | PUT(IOTLB, DID, f->did);
	qw[1] = f->addr | PUT(IOTLB, AM, f->am) | PUT(IOTLB, IH, f->ih);
	return FITS(IOTLB, G, f->g) && FITS(IOTLB, DW, f->dw) &&
	       FITS(IOTLB, DR, f->dr) && FITS(IOTLB, AM, f->am) &&
	       FITS(IOTLB, IH, f->ih) && !(f->addr & IN_PAGE);
}

static bool encode_devtlb(const struct s1inv_vtd_fields *f, uint64_t *qw)
{
	qw[0] |= PUT(DEVTLB, PFSID_LO, f->pfsid & PFSID_LO_MASK) |
		 PUT(DEVTLB, MIP, f->mip) | PUT(DEVTLB, SID, f->sid) |
		 PUT(DEVTLB, PFSID_HI, f->pfsid >> PFSID_HI_SHIFT);
	qw[1] = f->addr | PUT(DEVTLB, S, f->s);
	return FITS(DEVTLB, MIP, f->mip) && FITS(DEVTLB, S, f->s) &&
	       !(f->addr & IN_PAGE);
}

static bool encode_iec(const struct s1inv_vtd_fields *f, uint64_t *qw)
{
	qw[0] |= PUT(IEC, G, f->g) | PUT(IEC, IM, f->im) |
		 PUT(IEC, IIDX, f->iidx);
	return FITS(IEC, G, f->g) && FITS(IEC, IM, f->im);
}

static bool encode_wait(const struct s1inv_vtd_fields *f, uint64_t *qw)
{
	qw[0] |= PUT(WAIT, IF, f->wif) | PUT(WAIT, SW, f->sw) |
		 PUT(WAIT, FN, f->fn) | PUT(WAIT, PD, f->pd) |
		 PUT(WAIT, DATA, f->data);
	qw[1] = f->addr;
	return FITS(WAIT, IF, f->wif) && FITS(WAIT, SW, f->sw) &&
	       FITS(WAIT, FN, f->fn) && FITS(WAIT, PD, f->pd) &&
	       !(f->addr & STATUS_MASK);
}

static bool encode_piotlb(const struct s1inv_vtd_fields *f, uint64_t *qw)
{
	qw[0] |= PUT(PIOTLB, G, f->g) | PUT(PIOTLB, DID, f->did) |
		 PUT(PIOTLB, PASID, f->pasid);
	qw[1] = f->addr | PUT(PIOTLB, AM, f->am) | PUT(PIOTLB, IH, f->ih);
	return FITS(PIOTLB, G, f->g) && FITS(PIOTLB, PASID, f->pasid) &&
	       FITS(PIOTLB, AM, f->am) && FITS(PIOTLB, IH, f->ih) &&
	       !(f->addr & IN_PAGE);
}

static bool encode_pc(const struct s1inv_vtd_fields *f, uint64_t *qw)
{
	qw[0] |= PUT(PC, G, f->g) | PUT(PC, DID, f->did) |
		 PUT(PC, PASID, f->pasid);
	return FITS(PC, G, f->g) && FITS(PC, PASID, f->pasid);
}

static bool encode_pdevtlb(const struct s1inv_vtd_fields *f, uint64_t *qw)
{
	qw[0] |= PUT(PDEVTLB, MIP, f->mip) |
		 PUT(PDEVTLB, PFSID_LO, f->pfsid & PFSID_LO_MASK) |
		 PUT(PDEVTLB, SID, f->sid) | PUT(PDEVTLB, PASID, f->pasid) |
		 PUT(PDEVTLB, PFSID_HI, f->pfsid >> PFSID_HI_SHIFT);
	qw[1] = f->addr | PUT(PDEVTLB, GI, f->gi) | PUT(PDEVTLB, S, f->s);
	return FITS(PDEVTLB, MIP, f->mip) && FITS(PDEVTLB, PASID, f->pasid) &&
	       FITS(PDEVTLB, GI, f->gi) && FITS(PDEVTLB, S, f->s) &&
	       !(f->addr & IN_PAGE);
}

static bool encode_pgresp(const struct s1inv_vtd_fields *f, uint64_t *qw)
{
	qw[0] |= PUT(PGRESP, PP, f->pp) | PUT(PGRESP, RC, f->rc) |
		 PUT(PGRESP, RID, f->sid) | PUT(PGRESP, PASID, f->pasid);
	qw[1] = PUT(PGRESP, PRGI, f->prgi);
	return FITS(PGRESP, PP, f->pp) && FITS(PGRESP, RC, f->rc) &&
	       FITS(PGRESP, PASID, f->pasid) && FITS(PGRESP, PRGI, f->prgi);
}

/* Fills @qw also when it says no; the caller hands it on only on a yes. */
static bool encode(const struct s1inv_vtd_fields *fields, uint64_t *qw)
{
	switch (fields->type) {
	case S1INV_VTD_TYPE_CC:
		return encode_cc(fields, qw);
	case S1INV_VTD_TYPE_IOTLB:
		return encode_iotlb(fields, qw);
	case S1INV_VTD_TYPE_DEVTLB:
		return encode_devtlb(fields, qw);
	case S1INV_VTD_TYPE_IEC:
		return encode_iec(fields, qw);
	case S1INV_VTD_TYPE_WAIT:
		return encode_wait(fields, qw);
	case S1INV_VTD_TYPE_PIOTLB:
		return encode_piotlb(fields, qw);
	case S1INV_VTD_TYPE_PC:
		return encode_pc(fields, qw);
	case S1INV_VTD_TYPE_PDEVTLB:
		return encode_pdevtlb(fields, qw);
	case S1INV_VTD_TYPE_PGRESP:
		return encode_pgresp(fields, qw);
	default:
		return false;
	}
}

int s1inv_vtd_encode(const struct s1inv_vtd_fields *fields,
		     struct s1inv_vtd_desc *desc)
{
	uint64_t qw[2] = { fields->type, 0 };

	if (!encode(fields, qw))
		return -S1INV_EINVAL;
	desc->qw[0] = qw[0];
	desc->qw[1] = qw[1];
	desc->qw[2] = 0;
	desc->qw[3] = 0;
	return 0;
}
