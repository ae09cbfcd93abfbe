/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The fault registers (QUE-6, QUE-7; VT-d 6.5.2.11, 11.4.7.1, 11.4.9.9) and
 * the requester of a descriptor (VT-d 6.5.2.5, 6.5.2.6).
 */
#include <s1inv/s1inv.h>

#include "rng.h"
#include "runner.h"

/* FSTS_REG (VT-d 11.4.7.1) */
#define IQE 0x10U
#define ICE 0x20U
#define ITE 0x40U
#define OTHERS (~(IQE | ICE | ITE))

/* IQERCD_REG (VT-d 11.4.9.9); bits 31:4 are reserved. */
static uint64_t iqercd(uint64_t icesid, uint64_t itesid, uint64_t iqei)
{
	return icesid << 48 | itesid << 32 | UINT64_C(0xfffffff0) | iqei;
}

/* Everything that a parse gives, over memory that held something else */
static struct s1inv_vtd_fault parse(uint32_t fsts, uint64_t code)
{
	struct s1inv_vtd_fault fault = { UINT32_MAX, 0xff, 0xffff,
					 0xffff,     7,	   true };

	s1inv_vtd_fault_parse(fsts, code, &fault);
	ck_assert_uint_eq(fault.slot, S1INV_VTD_NO_SLOT);
	return fault;
}

/* QUE-6: 0, 2, 3, 4 stop at a descriptor; 1, 5, 6, 7, 8-15 are the queue's. */
START_TEST(que_6_every_iqei)
{
	static const bool broken[16] = { false, true, false, false, false, true,
					 true,	true, true,  true,  true,  true,
					 true,	true, true,  true };
	struct s1inv_vtd_fault fault =
		parse(IQE, iqercd(0xbeef, 0xcafe, (uint64_t)_i));

	ck_assert_uint_eq(fault.status, IQE);
	ck_assert_uint_eq(fault.iqei, (unsigned int)_i);
	ck_assert_int_eq(fault.broken, broken[_i]);
	ck_assert_uint_eq(fault.itesid, 0);
	ck_assert_uint_eq(fault.icesid, 0);
}
END_TEST

/* QUE-7: no field of a bit that is clear, for all eight sets of bits */
START_TEST(que_7_fields_of_clear_bits_are_junk)
{
	uint32_t fsts = (uint32_t)_i << 4;
	uint64_t seed = (uint64_t)_i;
	uint32_t n;

	for (n = 0; n < 1000; n++) {
		uint32_t noise = (uint32_t)rng_next(&seed) & OTHERS;
		uint64_t code = rng_next(&seed);
		struct s1inv_vtd_fault fault = parse(fsts | noise, code);

		ck_assert_uint_eq(fault.status, fsts);
		ck_assert_uint_eq(fault.iqei, fsts & IQE ? code & 0xf : 0);
		ck_assert_uint_eq(fault.itesid,
				  fsts & ITE ? code >> 32 & 0xffff : 0);
		ck_assert_uint_eq(fault.icesid, fsts & ICE ? code >> 48 : 0);
		if (!(fsts & IQE))
			ck_assert(!fault.broken);
	}
}
END_TEST

/* Each field ends where its neighbour begins. */
START_TEST(que_7_fields_have_their_width)
{
	struct s1inv_vtd_fault fault =
		parse(IQE | ICE | ITE, UINT64_C(0x0000ffff00000000));

	ck_assert_uint_eq(fault.iqei, 0);
	ck_assert_uint_eq(fault.itesid, 0xffff);
	ck_assert_uint_eq(fault.icesid, 0);
	fault = parse(IQE | ICE | ITE, UINT64_C(0xffff00000000000f));
	ck_assert_uint_eq(fault.iqei, 0xf);
	ck_assert_uint_eq(fault.itesid, 0);
	ck_assert_uint_eq(fault.icesid, 0xffff);
}
END_TEST

/* Receivers before revision 3.1 have no IQERCD_REG: it reads 0. */
START_TEST(que_6_without_a_reason)
{
	struct s1inv_vtd_fault fault = parse(IQE | ICE | ITE, 0);

	ck_assert_uint_eq(fault.status, IQE | ICE | ITE);
	ck_assert_uint_eq(fault.iqei, 0);
	ck_assert_uint_eq(fault.itesid, 0);
	ck_assert_uint_eq(fault.icesid, 0);
	ck_assert(!fault.broken);
}
END_TEST

/* Types 3 and 8 have a requester, at different places; no other has one. */
START_TEST(requester_of_every_type)
{
	uint64_t type = (uint64_t)_i;
	uint64_t low = (type & 0xf) | (type & 0x70) << 5;
	uint64_t seed = type;
	uint32_t n;

	for (n = 0; n < 200; n++) {
		uint64_t qw0 = (rng_next(&seed) & ~UINT64_C(0xe0f)) | low;
		uint32_t sid = s1inv_vtd_desc_requester(qw0);

		if (type == 3)
			ck_assert_uint_eq(sid, qw0 >> 32 & 0xffff);
		else if (type == 8)
			ck_assert_uint_eq(sid, qw0 >> 16 & 0xffff);
		else
			ck_assert_uint_eq(sid, S1INV_VTD_NO_REQUESTER);
	}
}
END_TEST

/* The descriptors of VT-d's figures, with SID 0x0308 */
START_TEST(requester_of_known_descriptors)
{
	uint64_t type_3 = UINT64_C(0x0300030800080003);
	uint64_t type_8 = UINT64_C(0x0301234503080088);

	ck_assert_uint_eq(s1inv_vtd_desc_requester(type_3), 0x0308);
	ck_assert_uint_eq(s1inv_vtd_desc_requester(type_8), 0x0308);
}
END_TEST

static Suite *fault_suite(void)
{
	Suite *suite = suite_create("vtd_fault");
	TCase *tcase = tcase_create("parse");

	tcase_add_loop_test(tcase, que_6_every_iqei, 0, 16);
	tcase_add_loop_test(tcase, que_7_fields_of_clear_bits_are_junk, 0, 8);
	tcase_add_test(tcase, que_7_fields_have_their_width);
	tcase_add_test(tcase, que_6_without_a_reason);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("requester");
	tcase_add_loop_test(tcase, requester_of_every_type, 0, 128);
	tcase_add_test(tcase, requester_of_known_descriptors);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return run_suite(fault_suite());
}
