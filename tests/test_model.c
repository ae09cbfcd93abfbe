/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The model against the specification: each of its mechanisms works, so that
 * what it says of the core can be believed. Fields and expected values are
 * written down from VT-d revision 5.10.
 */
#include "model.h"
#include "runner.h"

#include <string.h>

#define RING UINT64_C(0x100000)
#define STATUS UINT64_C(0x200000)
#define RING_BYTES 8192U

#define FSTS 0x34U
#define IQH 0x80U
#define IQT 0x88U
#define IQERCD 0xb0U
#define IQE 0x10U
#define ICE 0x20U
#define ITE 0x40U

static uint8_t ring[RING_BYTES];
static uint8_t status[1024];
static struct model_config config;
static struct model_unit *unit;
static uint32_t tail;

/* ------------------------------------------------------------- helpers */

static uint32_t slot_size(void)
{
	return config.wide ? 32 : 16;
}

/* A unit as @config says, with an empty ring */
static void start(void)
{
	config.ring = RING;
	memset(ring, 0, sizeof(ring));
	memset(status, 0, sizeof(status));
	model_unit_reset(unit, &config);
	model_unit_map(unit, RING, ring, sizeof(ring));
	model_unit_map(unit, STATUS, status, sizeof(status));
	model_unit_enable(unit);
	tail = 0;
}

static void set_up(void)
{
	config = model_config_default();
	config.ring = RING;
	unit = model_unit_create(&config);
	start();
}

static void tear_down(void)
{
	model_unit_destroy(unit);
}

static void store_le(uint8_t *p, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static void put_at(uint32_t slot, const uint64_t qw[4])
{
	for (size_t i = 0; i < slot_size() / 8; i++)
		store_le(ring + slot * slot_size() + 8 * i, qw[i], 8);
}

static void put(uint64_t qw0, uint64_t qw1)
{
	const uint64_t qw[4] = { qw0, qw1, 0, 0 };

	put_at(tail, qw);
	tail = (tail + 1) % (RING_BYTES / slot_size());
}

/* A wait that writes @data to status word @word, with further @flags */
static void put_wait(uint32_t word, uint32_t data, uint32_t flags)
{
	put((uint64_t)data << 32 | 0x25U | flags, STATUS + 4U * word);
}

static void bell(void)
{
	model_unit_write32(unit, IQT, tail * slot_size());
}

static void go(void)
{
	bell();
	(void)model_unit_run(unit);
}

static uint32_t word(size_t i)
{
	const uint8_t *p = status + 4 * i;

	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static uint32_t fsts(void)
{
	return model_unit_read32(unit, FSTS);
}

static uint32_t iqei(void)
{
	return model_unit_read32(unit, IQERCD) & 0xfU;
}

static uint32_t head(void)
{
	return model_unit_read32(unit, IQH) / slot_size();
}

static enum model_fate fate(size_t i)
{
	return model_unit_log(unit, i)->fate;
}

/* Send one descriptor; the IQEI that comes of it, or -1. */
static int answer(const uint64_t qw[4])
{
	start();
	put_at(0, qw);
	tail = 1;
	go();
	ck_assert_uint_eq(model_unit_read32(unit, IQT), slot_size());
	if (!(fsts() & IQE)) {
		ck_assert_uint_eq(head(), 1);
		ck_assert_int_eq(fate(0), MODEL_DONE);
		return -1;
	}
	ck_assert_uint_eq(head(), 0);
	return (int)iqei();
}

static int answer2(uint64_t qw0, uint64_t qw1)
{
	const uint64_t qw[4] = { qw0, qw1, 0, 0 };

	return answer(qw);
}

#define DID 5U
#define PASID 0x12345U
#define SID 0x308U

static uint64_t piotlb(uint32_t did, uint32_t pasid, uint32_t g)
{
	return 6U | g << 4 | (uint64_t)did << 16 | (uint64_t)pasid << 32;
}

static uint64_t pdevtlb(uint32_t sid, uint32_t pasid)
{
	return 8U | (uint64_t)sid << 16 | (uint64_t)pasid << 32;
}

static uint64_t devtlb(uint32_t sid)
{
	return 3U | (uint64_t)sid << 32;
}

/* ---------------------------------------------------------- validation */

/* Bits @low to @high of quadword @qw of @type are not reserved. */
struct field {
	uint8_t type;
	uint8_t qw;
	uint8_t low;
	uint8_t high;
};

/* VT-d 6.5.2.1 to .9 and 7.6.1, the figures, with DIT and PDS */
static const struct field fields[] = {
	{ 1, 0, 4, 5 },    { 1, 0, 16, 31 }, { 1, 0, 32, 47 },
	{ 1, 0, 48, 49 },  { 2, 0, 4, 5 },   { 2, 0, 6, 7 },
	{ 2, 0, 16, 31 },  { 2, 1, 0, 6 },   { 2, 1, 12, 63 },
	{ 3, 0, 12, 15 },  { 3, 0, 16, 20 }, { 3, 0, 32, 47 },
	{ 3, 0, 52, 63 },  { 3, 1, 0, 0 },   { 3, 1, 12, 63 },
	{ 4, 0, 4, 4 },    { 4, 0, 27, 31 }, { 4, 0, 32, 47 },
	{ 5, 0, 4, 7 },    { 5, 0, 32, 63 }, { 5, 1, 2, 63 },
	{ 6, 0, 4, 5 },    { 6, 0, 16, 31 }, { 6, 0, 32, 51 },
	{ 6, 1, 0, 6 },    { 6, 1, 12, 63 }, { 7, 0, 4, 5 },
	{ 7, 0, 16, 31 },  { 7, 0, 32, 51 }, { 8, 0, 4, 8 },
	{ 8, 0, 12, 15 },  { 8, 0, 16, 31 }, { 8, 0, 32, 51 },
	{ 8, 0, 52, 63 },  { 8, 1, 0, 0 },   { 8, 1, 11, 63 },
	{ 9, 0, 4, 4 },    { 9, 0, 12, 15 }, { 9, 0, 16, 31 },
	{ 9, 0, 32, 51 },  { 9, 1, 2, 11 },  { 10, 0, 4, 5 },
	{ 10, 0, 16, 31 }, { 10, 1, 0, 7 },  { 10, 1, 12, 63 },
};

static bool is_reserved(uint32_t type, uint32_t qw, uint32_t bit)
{
	bool pfsid = (type == 3 || type == 8) && qw == 0 &&
		     ((bit >= 12 && bit <= 15) || bit >= 52);

	if (pfsid && !config.dit)
		return true;
	if (type == 5 && qw == 0 && bit == 7 && !config.pds)
		return true;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].type == type && fields[i].qw == qw &&
		    bit >= fields[i].low && bit <= fields[i].high)
			return false;
	return true;
}

/* A granularity that is valid, so that one bit at a time can be looked at */
static uint64_t plain(uint32_t type)
{
	static const uint8_t g[11] = { [1] = 1, [2] = 1, [6] = 2, [10] = 1 };

	return type | (uint64_t)g[type] << 4;
}

static bool is_type_or_granularity(uint32_t type, uint32_t qw, uint32_t bit)
{
	if (qw)
		return false;
	if (bit < 4 || (bit >= 9 && bit <= 11))
		return true;
	return (bit == 4 || bit == 5) && plain(type) != type;
}

static void check_every_bit(uint32_t type)
{
	for (uint32_t bit = 0; bit < 256; bit++) {
		uint64_t qw[4] = { plain(type), 0, 0, 0 };
		uint32_t in = bit % 64;

		/* qw1 of a status write is an address in a window */
		if (is_type_or_granularity(type, bit / 64, in) ||
		    (type == 7 && bit / 64 == 0 && in == 5))
			continue;
		qw[bit / 64] ^= UINT64_C(1) << in;
		ck_assert_int_eq(answer(qw),
				 is_reserved(type, bit / 64, in) ? 4 : -1);
	}
}

START_TEST(test_reserved_bits)
{
	config.dit = _i & 1;
	config.pds = _i & 2;
	config.hpts = true;
	for (uint32_t type = 1; type <= 10; type++)
		check_every_bit(type);
}
END_TEST

/* Granularities that are defined, one bit per value */
START_TEST(test_granularity)
{
	static const uint8_t valid[11] = {
		[1] = 0xe, [2] = 0xe, [6] = 0xc, [7] = 0xb, [10] = 0xe
	};

	config.hpts = true;
	config.invalid_iqei = (uint8_t)(3 + _i);
	for (uint32_t type = 1; type <= 10; type++)
		for (uint32_t g = 0; g < 4 && valid[type]; g++)
			ck_assert_int_eq(answer2(type | g << 4, 0),
					 valid[type] >> g & 1 ? -1 : 3 + _i);
}
END_TEST

/* Fields of samples: type, DID, PASID and SID where they belong */
static const uint64_t samples[][2] = {
	{ 0x0000000000000011, 0x0000000000000000 },
	{ 0x0000000000050021, 0x0000000000000000 },
	{ 0x00000000000000d2, 0x0000000000000000 },
	{ 0x00000000000500e2, 0x0000000000000000 },
	{ 0x0300030800080003, 0x0000000040000000 },
	{ 0x0300030800080003, 0x00000000400ff001 },
	{ 0x0000000000000004, 0x0000000000000000 },
	{ 0x0000000200000025, 0x0000000000200000 },
	{ 0x0000000200000065, 0x0000000000200000 },
	{ 0x0000000000000045, 0x0000000000000000 },
	{ 0x0000000000050026, 0x0000000000000000 },
	{ 0x0001234500050036, 0x0000000040000049 },
	{ 0x0000000000050007, 0x0000000000000000 },
	{ 0x0000000000000037, 0x0000000000000000 },
	{ 0x0301234503080088, 0x0000000040000000 },
	{ 0x0301234503080088, 0x7ffffffffffff800 },
};

START_TEST(test_samples)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		bool narrow = (samples[i][0] & 0xf) <= 5;

		config.wide = true;
		config.ttm = MODEL_TTM_SCALABLE;
		ck_assert_int_eq(answer2(samples[i][0], samples[i][1]), -1);
		ck_assert_uint_eq(model_unit_errors(unit), 0);
		config.wide = false;
		config.ttm = MODEL_TTM_LEGACY;
		ck_assert_int_eq(answer2(samples[i][0], samples[i][1]),
				 narrow ? -1 : 3);
	}
}
END_TEST

/* VT-d table 26; types above 0xf have bits 11:9 set */
static int table_26(uint32_t ttm, bool wide, uint32_t type)
{
	if (ttm == 2)
		return 7;
	if (ttm != 0 && !wide)
		return 5;
	return type >= 1 && type <= (ttm == 0 ? 5U : 10U) ? -1 : 3;
}

START_TEST(test_table_26)
{
	config.hpts = true;
	config.ttm = (enum model_ttm)(_i / 2);
	config.wide = _i % 2;
	config.qs = config.wide ? 1 : 0;
	for (uint32_t type = 0; type < 128; type++) {
		uint64_t g = type <= 10 ? plain(type) & ~UINT64_C(0xf) : 0;

		ck_assert_int_eq(
			answer2((type & 0xf) | (uint64_t)(type >> 4) << 9 | g,
				0),
			table_26((uint32_t)_i / 2, config.wide, type));
	}
}
END_TEST

START_TEST(test_features)
{
	config.dt = false;
	ck_assert_int_eq(answer2(3, 0), 3);
	ck_assert_int_eq(answer2(8, 0), 3);
	config.prs = false;
	ck_assert_int_eq(answer2(9, 0), 3);
	ck_assert_int_eq(answer2(0x1a, 0), 3);
	config.mamv = 18;
	ck_assert_int_eq(answer2(0x32, 18), -1);
	ck_assert_int_eq(answer2(0x32, 19), 4);
	ck_assert_int_eq(answer2(0x36, 52), -1);
	config.psi = false;
	ck_assert_int_eq(answer2(0x32, 0), 4);
	ck_assert_int_eq(answer2(0x36, 52), -1);
	config.smts = false;
	config.adms = false;
	ck_assert_int_eq(answer2(0x11, 0), 5);
}
END_TEST

START_TEST(test_quirks)
{
	config = model_config_qemu();
	ck_assert_int_eq(answer2(0x36, 18), -1);
	ck_assert_int_eq(answer2(0x36, 19), 0); /* IQERCD_REG reads 0 */
	ck_assert_int_eq(answer2(0x26, 19), -1);
	ck_assert_int_eq(answer2(0x45, 0), 0);
	ck_assert_int_eq(answer2(0x65, STATUS), -1);
	ck_assert_int_eq(answer2(0x55, 0), -1);
	/* neither PD nor PFSID nor type 9 */
	ck_assert_int_eq(answer2(0x90, 0) | answer2(0xb5, STATUS), 0);
	ck_assert_int_eq(answer2(0x9, 0), 0);
	ck_assert_int_eq(answer2(0x1003, 0), 0);
	config.ttm = MODEL_TTM_SCALABLE;
	config.smts = false;
	ck_assert_int_eq(answer2(0x11, 0), 0); /* no ADMS either */
}
END_TEST

/* What one of many features allows */
START_TEST(test_default_features)
{
	ck_assert_int_eq(answer2(0x9, 0), -1);
	ck_assert_int_eq(answer2(0xa5, STATUS), -1);
	ck_assert_int_eq(answer2(0x1003, 0), -1);
	ck_assert_int_eq(answer2(0x32, 45), -1);
	ck_assert_int_eq(answer2(0x32, 46), 4);
	config.smts = false;
	ck_assert_int_eq(answer2(0x11, 0), -1); /* ADMS */
}
END_TEST

/* --------------------------------------------------------------- queue */

START_TEST(test_tail_errors)
{
	/* half a descriptor; then beyond a ring of 128 slots */
	model_unit_write32(unit, IQT, 16);
	(void)model_unit_run(unit);
	ck_assert_uint_eq(fsts(), IQE);
	ck_assert_uint_eq(iqei(), 6);
	config.qs = 0;
	start();
	model_unit_write32(unit, IQT, 128 * 32);
	(void)model_unit_run(unit);
	ck_assert_uint_eq(iqei(), 1);
	ck_assert_uint_eq(head(), 0);
	model_unit_write32(unit, FSTS, IQE);
	ck_assert(model_unit_step(unit)); /* the cause is still there */
	ck_assert_uint_eq(fsts(), IQE);
	model_unit_write32(unit, FSTS, IQE);
	put(0x11, 0);
	go();
	ck_assert_uint_eq(fsts(), 0);
	ck_assert_uint_eq(head(), 1);
}
END_TEST

START_TEST(test_stray_dma)
{
	config.ring = RING + 0x1000000;
	model_unit_reset(unit, &config);
	model_unit_enable(unit);
	tail = 1;
	go();
	ck_assert_uint_eq(iqei(), 2);
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_STRAY_DMA), 1);
	start();
	put(0x25, STATUS + sizeof(status) - 2); /* reserved bits: no address */
	put_wait(256, 1, 0);
	go();
	ck_assert_uint_eq(fsts(), IQE | 0);
	start();
	put_wait(256, 1, 0);
	go();
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_STRAY_DMA), 1);
}
END_TEST

/* IQH moves at the fetch, the status word changes at the execution. */
START_TEST(test_head_is_not_completion)
{
	put_wait(3, 0xa1b2c3d4, 0x10);
	bell();
	ck_assert(model_unit_step(unit));
	ck_assert_uint_eq(head(), 1);
	ck_assert_uint_eq(model_unit_pending(unit), 1);
	ck_assert_uint_eq(word(3), 0);
	ck_assert(model_unit_step(unit));
	ck_assert_uint_eq(word(3), 0xa1b2c3d4);
	ck_assert_uint_eq(status[12], 0xd4); /* little-endian */
	ck_assert_uint_eq(word(2) | word(4), 0);
	ck_assert_uint_eq(model_unit_read32(unit, 0x9c), 1);
	ck_assert_uint_eq(model_unit_counts(unit).interrupts, 1);
	model_unit_write32(unit, 0x9c, 0);
	model_unit_write32(unit, FSTS, 0x70);
	ck_assert_uint_eq(model_unit_read32(unit, 0x9c), 1);
	model_unit_write32(unit, 0x9c, 1);
	ck_assert_uint_eq(model_unit_read32(unit, 0x9c), 0);
	ck_assert(!model_unit_step(unit));
	put_wait(4, 1, 0);
	go();
	ck_assert_uint_eq(model_unit_read32(unit, 0x9c), 0);
	ck_assert_uint_eq(model_unit_counts(unit).interrupts, 1);
	ck_assert_uint_eq(model_unit_counts(unit).status, 2);
	ck_assert_uint_eq(model_unit_counts(unit).fetched, 2);
	ck_assert_uint_eq(model_unit_log(unit, 1)->doorbell, 2);
	ck_assert_uint_eq(model_unit_errors(unit), 0);
}
END_TEST

/* As many as the depth are fetched before the first is executed. */
START_TEST(test_depth)
{
	config.depth = 3;
	start();
	for (uint32_t i = 0; i < 9; i++)
		put(0x26, 0);
	bell();
	for (uint32_t i = 0; i < 3; i++)
		(void)model_unit_step(unit);
	ck_assert_uint_eq(head(), 3);
	(void)model_unit_step(unit);
	ck_assert_uint_eq(head(), 3);
	ck_assert_uint_eq(model_unit_pending(unit), 2);
	ck_assert_uint_eq(model_unit_run(unit), 14);
}
END_TEST

START_TEST(test_around_the_ring)
{
	for (uint32_t i = 0; i < 600; i++) {
		put_wait(i % 256, i + 1, 0);
		go();
		ck_assert_uint_eq(word(i % 256), i + 1);
	}
	ck_assert_uint_eq(head(), 600 % 256);
	ck_assert_uint_eq(model_unit_errors(unit), 0);
}
END_TEST

/* IQE: those before it complete, the tail is dead, a repair sets it right. */
START_TEST(test_iqe)
{
	const uint64_t repair[4] = { UINT64_C(0x900000065), STATUS + 4, 0, 0 };

	put_wait(0, 7, 0);
	put(0x0, 0);
	put_wait(2, 8, 0);
	go();
	ck_assert_uint_eq(word(0), 7);
	ck_assert_uint_eq(fsts(), IQE);
	ck_assert_uint_eq(iqei(), 3);
	ck_assert_uint_eq(head(), 1);
	ck_assert_int_eq(fate(1), MODEL_REFUSED);
	ck_assert_uint_eq(model_unit_log(unit, 1)->iqei, 3);
	put_wait(3, 9, 0);
	go();
	ck_assert_uint_eq(model_unit_read32(unit, IQT), 3 * 32);
	put_at(1, repair);
	model_unit_write32(unit, FSTS, IQE);
	ck_assert_uint_eq(fsts(), 0);
	(void)model_unit_run(unit);
	ck_assert_uint_eq(word(1), 9);
	ck_assert_uint_eq(word(2), 8);
	ck_assert_uint_eq(word(3), 0);
	go();
	ck_assert_uint_eq(word(3), 9);
	ck_assert_uint_eq(model_unit_errors(unit), 0);
}
END_TEST

START_TEST(test_no_resume)
{
	config = model_config_qemu();
	start();
	put(0x0, 0);
	put_wait(1, 5, 0);
	go();
	tail = 0;
	put(0x26, 0);
	tail = 2;
	bell(); /* too early */
	model_unit_write32(unit, FSTS, IQE);
	ck_assert_uint_eq(model_unit_run(unit), 0);
	go();
	ck_assert_uint_eq(word(1), 5);
	ck_assert_uint_eq(model_unit_errors(unit), 0);
}
END_TEST

START_TEST(test_disable)
{
	put_wait(0, 5, 0);
	put_wait(1, 5, 0);
	put(0x26, 0);
	bell();
	(void)model_unit_step(unit);
	(void)model_unit_step(unit);
	model_unit_disable(unit);
	ck_assert_uint_eq(model_unit_run(unit), 0);
	ck_assert_uint_eq(head() | model_unit_read32(unit, IQT), 0);
	ck_assert_int_eq(fate(0), MODEL_LOST);
	ck_assert_uint_eq(word(0) | word(1), 0);
	model_unit_write32(unit, 0x90, (uint32_t)RING | 0x800);
	ck_assert_uint_eq(model_unit_read64(unit, 0x90), RING | 0x800);
	model_unit_enable(unit);
	tail = 0;
	put_wait(0, 6, 0);
	go();
	ck_assert_uint_eq(word(0), 6);
	ck_assert_uint_eq(model_unit_errors(unit), 0);
	ck_assert_uint_eq(model_unit_counts(unit).lost, 2);
}
END_TEST

/* IQA_REG says how wide the queue is, and the tail may be set first. */
START_TEST(test_narrow_by_register)
{
	config.ttm = MODEL_TTM_LEGACY;
	start();
	model_unit_disable(unit);
	model_unit_write32(unit, 0x94, 0);
	model_unit_write32(unit, 0x90, (uint32_t)RING);
	ck_assert_uint_eq(model_unit_read64(unit, 0x90), RING);
	config.wide = false;
	put(0x12, 0);
	put_wait(1, 3, 0);
	bell();
	ck_assert_uint_eq(model_unit_run(unit), 0);
	model_unit_enable(unit);
	(void)model_unit_run(unit);
	ck_assert_uint_eq(head(), 2);
	ck_assert_uint_eq(word(1), 3);
	ck_assert_uint_eq(model_unit_errors(unit), 0);
}
END_TEST

/* Nothing of an earlier use is left. */
START_TEST(test_reset)
{
	model_unit_remove(unit, SID);
	put(0x45, 0);
	bell();
	(void)model_unit_step(unit);
	model_unit_reset(unit, &config);
	ck_assert(model_unit_present(unit, SID));
	ck_assert_uint_eq(model_unit_pending(unit), 0);
	ck_assert_uint_eq(model_unit_log_len(unit), 0);
	model_unit_enable(unit);
	bell();
	(void)model_unit_run(unit);
	ck_assert_uint_eq(iqei(), 2); /* no windows */
	model_unit_disable(unit);
	model_unit_write32(unit, FSTS, IQE);
	model_unit_map(unit, RING, ring, sizeof(ring));
	model_unit_enable(unit);
	tail = 0;
	put(devtlb(SID), 0);
	go();
	ck_assert_uint_eq(fsts(), 0);
}
END_TEST

/* ------------------------------------------------------------ ordering */

/*
 * Send the descriptors once per seed. Return: a bit 1 when the first of two
 * records ran first in some run, a bit 2 when the second did.
 */
static unsigned int orders(const uint64_t (*desc)[2], uint32_t n, size_t first,
			   size_t second)
{
	unsigned int seen = 0;

	for (config.seed = 1; config.seed <= 200; config.seed++) {
		start();
		for (uint32_t i = 0; i < n; i++)
			put(desc[i][0], desc[i][1]);
		go();
		ck_assert_uint_eq(model_unit_counts(unit).executed, n);
		seen |= model_unit_log(unit, first)->when <
					model_unit_log(unit, second)->when ?
				1 :
				2;
	}
	return seen;
}

struct pair {
	uint64_t first;
	uint64_t second;
	unsigned int orders;
};

/* VT-d 6.5.2.12: what is kept in order and what is not */
static const struct pair pairs[] = {
	{ 0x11, 0x37, 1 }, { 0x11, 0x12, 1 }, { 0x11, 0x26, 1 },
	{ 0x37, 0x12, 1 }, { 0x37, 0x26, 1 }, { 0x12, 0x03, 1 },
	{ 0x04, 0x03, 1 }, { 0x26, 0x08, 1 }, { 0x12, 0x08, 1 },
	{ 0x04, 0x08, 1 }, { 0x26, 0x03, 3 }, { 0x03, 0x26, 3 },
	{ 0x08, 0x03, 3 }, { 0x37, 0x11, 3 }, { 0x12, 0x26, 3 },
	{ 0x26, 0x26, 3 }, { 0x37, 0x03, 3 }, { 0x11, 0x08, 3 },
	{ 0x26, 0x45, 1 }, { 0x03, 0x05, 1 }, { 0x05, 0x03, 3 },
	{ 0x45, 0x03, 1 }, { 0x05, 0x05, 3 }, { 0x45, 0x05, 1 },
};

START_TEST(test_pairs)
{
	const struct pair *p = &pairs[_i];
	const uint64_t desc[2][2] = { { p->first, 0 }, { p->second, 0 } };

	config.order = MODEL_REORDER;
	ck_assert_uint_eq(orders(desc, 2, 0, 1), p->orders);
	config.order = MODEL_IN_ORDER;
	ck_assert_uint_eq(orders(desc, 2, 0, 1), 1);
}
END_TEST

/* A later wait may overtake; a fence keeps type 6 before type 3. */
START_TEST(test_waits)
{
	static const uint64_t loose[4][2] = {
		{ 0x26, 0 }, { 0x05, 0 }, { 0x03, 0 }, { 0x05, 0 }
	};
	static const uint64_t fenced[4][2] = {
		{ 0x26, 0 }, { 0x45, 0 }, { 0x03, 0 }, { 0x05, 0 }
	};

	config.order = MODEL_REORDER;
	ck_assert_uint_eq(orders(loose, 4, 1, 3), 3);
	ck_assert_uint_eq(orders(loose, 4, 0, 3), 3);
	ck_assert_uint_eq(orders(loose, 4, 2, 3), 1);
	ck_assert_uint_eq(orders(fenced, 4, 0, 2), 1);
	ck_assert_uint_eq(orders(fenced, 4, 1, 3), 1);
}
END_TEST

START_TEST(test_same_seed_same_run)
{
	uint64_t when[2][8];

	config.order = MODEL_REORDER;
	config.seed = 42;
	for (size_t run = 0; run < 2; run++) {
		start();
		for (uint32_t i = 0; i < 8; i++)
			put(i & 1 ? 0x26 : 0x03, 0);
		go();
		for (size_t i = 0; i < 8; i++)
			when[run][i] = model_unit_log(unit, i)->when;
	}
	ck_assert_mem_eq(when[0], when[1], sizeof(when[0]));
}
END_TEST

/* -------------------------------------------------------------- caches */

static struct model_iotlb_entry entry(uint64_t page, uint8_t order)
{
	return (struct model_iotlb_entry){ .did = DID,
					   .pasid = PASID,
					   .page = page,
					   .order = order,
					   .stage = MODEL_NESTED };
}

/* Does this descriptor drop this entry? */
static bool drops(struct model_iotlb_entry e, uint64_t qw0, uint64_t qw1)
{
	size_t left;

	start();
	model_unit_cache(unit, &e);
	put(qw0, qw1);
	go();
	ck_assert_uint_eq(fsts(), 0);
	left = model_unit_cached(unit);
	ck_assert_uint_eq(
		model_unit_stale(unit, e.did, e.pasid, e.page, e.page), left);
	ck_assert(model_unit_dropped(unit, &e, 0) == !left);
	return !left;
}

START_TEST(test_piotlb)
{
	uint64_t psi = piotlb(DID, PASID, 3);

	ck_assert(drops(entry(0x40000, 0), psi, 0x40000000));
	ck_assert(!drops(entry(0x40000, 0), psi, 0x40001000));
	ck_assert(drops(entry(0x40001, 0), psi, 0x40000001));
	ck_assert(!drops(entry(0x40002, 0), psi, 0x40000001));
	ck_assert(!drops(entry(0x40000, 0), piotlb(DID + 1, PASID, 3),
			 0x40000000));
	ck_assert(!drops(entry(0x40000, 0), piotlb(DID, PASID ^ 1, 3),
			 0x40000000));
	/* by size: 2 MiB falls to AM 9, 1 GiB to AM 18 */
	ck_assert(!drops(entry(0x40000, 9), psi, 0x40000008));
	ck_assert(drops(entry(0x40000, 9), psi, 0x40000009));
	ck_assert(drops(entry(0x40000, 9), psi, 0x40000034));
	ck_assert(!drops(entry(0x40000, 18), psi, 0x40000011));
	ck_assert(drops(entry(0x40000, 18), psi, 0x40000012));
	/* bits of ADDR below AM do not count */
	ck_assert(drops(entry(0x40000, 9), psi, 0x401ff009));
	ck_assert(drops(entry(0x40000, 18), piotlb(DID, PASID, 2), 0));
	ck_assert(!drops(entry(0x40000, 0), piotlb(DID, 0, 2), 0));
	ck_assert_uint_eq(model_unit_errors(unit), 0);
	ck_assert(!drops(entry(0x40000, 9), psi, 0x40000035));
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_UNDEFINED), 1);
}
END_TEST

START_TEST(test_stages)
{
	struct model_iotlb_entry e = entry(0x40000, 0);
	uint64_t psi = piotlb(DID, PASID, 3);
	uint64_t domain_page = 0x50032;

	/* nested and first-stage: type 2 by DID only */
	ck_assert(drops(e, domain_page, 0x99999000));
	ck_assert(!drops(e, 0x60032, 0x40000000));
	e.stage = MODEL_FIRST_STAGE;
	ck_assert(drops(e, domain_page, 0x99999000));
	ck_assert(drops(e, psi, 0x40000000));
	e.stage = MODEL_SECOND_STAGE;
	ck_assert(!drops(e, domain_page, 0x99999000));
	ck_assert(drops(e, domain_page, 0x40000000));
	ck_assert(!drops(e, psi, 0x40000000));
	ck_assert(drops(e, piotlb(DID, PASID, 2), 0));
	ck_assert(drops(e, 0x50022, 0));
	ck_assert(drops(e, 0x12, 0));
	/* 8-bit domain ids: 0x105 is 5 */
	config.nd = 2;
	ck_assert(drops(e, 0x1050022, 0));
	config.nd = 3;
	ck_assert(!drops(e, 0x1050022, 0));
}
END_TEST

START_TEST(test_structures)
{
	struct model_iotlb_entry e = entry(0x40000, 9);
	uint64_t psi = piotlb(DID, PASID, 3);

	e.structure = true;
	/* one page that it controls is enough, with IH 0 */
	ck_assert(drops(e, psi, 0x40001000));
	ck_assert(!drops(e, psi, 0x40200000));
	ck_assert(!drops(e, psi, 0x40001040));
	ck_assert(!drops(e, psi, 0x40000052));
	ck_assert(drops(e, piotlb(DID, PASID, 2), 0x40));
	ck_assert(drops(e, 0x50032, 0x99999040));
	e.stage = MODEL_SECOND_STAGE;
	ck_assert(!drops(e, piotlb(DID, PASID, 2), 0));
	ck_assert(!drops(e, 0x50032, 0x40000040));
	ck_assert(drops(e, 0x50032, 0x40000000));
}
END_TEST

static bool drops_devtlb(uint32_t pasid, uint64_t page, uint8_t order,
			 uint64_t qw0, uint64_t qw1)
{
	const struct model_devtlb_entry e = {
		.sid = SID, .pasid = pasid, .page = page, .order = order
	};
	size_t left;

	start();
	model_unit_cache_devtlb(unit, &e);
	put(qw0, qw1);
	go();
	ck_assert_uint_eq(fsts(), 0);
	left = model_unit_cached_devtlb(unit);
	ck_assert_uint_eq(model_unit_stale_devtlb(unit, SID, pasid, page, page),
			  left);
	ck_assert(model_unit_dropped_devtlb(unit, &e, 0) == !left);
	return !left;
}

/* Size encodings: base 0x40000000, orders 0, 1, 2, 9, 18, 52 */
START_TEST(test_devtlb)
{
	const uint32_t none = MODEL_NO_PASID;
	uint64_t d = devtlb(SID);
	uint64_t p = pdevtlb(SID, PASID);

	ck_assert(drops_devtlb(none, 0x40000, 0, d, 0x40000000));
	ck_assert(!drops_devtlb(none, 0x40001, 0, d, 0x40000000));
	ck_assert(drops_devtlb(none, 0x40001, 0, d, 0x40000001));
	ck_assert(!drops_devtlb(none, 0x40002, 0, d, 0x40000001));
	ck_assert(drops_devtlb(none, 0x40003, 0, d, 0x40001001));
	ck_assert(!drops_devtlb(none, 0x40004, 0, d, 0x40001001));
	ck_assert(drops_devtlb(none, 0x40000, 9, d, 0x400ff001));
	ck_assert(!drops_devtlb(none, 0x40000, 9, d, 0x4007f001));
	ck_assert(drops_devtlb(none, 0x40000, 18, d, 0x5ffff001));
	ck_assert(drops_devtlb(none, 0x40000, 18, d, 0x7ffffffffffff001));
	ck_assert(!drops_devtlb(none, 0x40000, 0, devtlb(SID ^ 1), 0x40000000));
	ck_assert(!drops_devtlb(PASID, 0x40000, 0, d, 0x7ffffffffffff001));
	ck_assert(!drops_devtlb(none, 0x40000, 0, p, 0x7ffffffffffff800));
	ck_assert(drops_devtlb(PASID, 0x40000, 0, p, 0x40000000));
	ck_assert(!drops_devtlb(PASID ^ 1, 0x40000, 0, p, 0x40000000));
	ck_assert(drops_devtlb(PASID ^ 1, 0x40000, 0, p, 0x40000001));
	ck_assert(!drops_devtlb(none, 0x40000, 0, p, 0x40000001));
	ck_assert(drops_devtlb(PASID, 0x40000, 18, p, 0x5ffff800));
	ck_assert(!drops_devtlb(PASID, 0x40000, 18, p, 0x5fffe800));
	ck_assert(!drops_devtlb(PASID, 0x40000, 0, pdevtlb(SID ^ 1, PASID),
				0x40000000));
	ck_assert_uint_eq(model_unit_errors(unit), 0);
	ck_assert(!drops_devtlb(none, 0x40000, 9, d, 0xfffffffffffff001));
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_UNDEFINED), 1);
}
END_TEST

/* The wrong order leaves a stale translation in the device TLB. */
START_TEST(test_refill)
{
	const struct model_devtlb_entry d = {
		.sid = SID, .pasid = MODEL_NO_PASID, .did = DID, .page = 0x40000
	};
	struct model_iotlb_entry e = entry(0x40000, 0);

	e.pasid = 0;
	config.refill = true;
	for (int device_first = 0; device_first < 2; device_first++) {
		start();
		model_unit_cache(unit, &e);
		model_unit_cache_devtlb(unit, &d);
		if (device_first)
			put(devtlb(SID), 0x40000000);
		put(piotlb(DID, 0, 3), 0x40000000);
		if (!device_first)
			put(devtlb(SID), 0x40000000);
		go();
		ck_assert_uint_eq(model_unit_cached(unit), 0);
		ck_assert_int_eq((int)model_unit_cached_devtlb(unit),
				 device_first);
		ck_assert_int_eq((int)model_unit_counts(unit).refills,
				 device_first);
	}
}
END_TEST

/* Is this IOTLB entry what the device fetches again for page 0x40000? */
static bool refills(struct model_iotlb_entry e)
{
	const struct model_devtlb_entry d = {
		.sid = SID, .pasid = PASID, .did = DID, .page = 0x40000
	};

	start();
	model_unit_cache(unit, &e);
	model_unit_cache_devtlb(unit, &d);
	put(pdevtlb(SID, PASID), 0x40000000);
	go();
	return model_unit_cached_devtlb(unit);
}

START_TEST(test_refill_from)
{
	struct model_iotlb_entry e = entry(0x40000, 9);

	ck_assert(!refills(e)); /* not asked for */
	config.refill = true;
	ck_assert(refills(e));
	ck_assert(!refills(entry(0x40001, 0)));
	e.structure = true;
	ck_assert(!refills(e));
	e = entry(0x40000, 0);
	e.did++;
	ck_assert(!refills(e));
	e = entry(0x40000, 0);
	e.pasid = 0;
	ck_assert(!refills(e));
}
END_TEST

START_TEST(test_looking_at_caches)
{
	const struct model_devtlb_entry d = { .sid = SID, .page = 8 };
	const struct model_iotlb_entry e = entry(0x40000, 9);

	model_unit_cache(unit, &e);
	model_unit_cache_devtlb(unit, &d);
	ck_assert_uint_eq(model_unit_cached_at(unit, 0)->page, 0x40000);
	ck_assert_uint_eq(model_unit_cached_devtlb_at(unit, 0)->sid, SID);
	/* pages 0x40000 to 0x401ff */
	ck_assert_uint_eq(model_unit_stale(unit, DID, PASID, 0, 0x3ffff), 0);
	ck_assert_uint_eq(model_unit_stale(unit, DID, PASID, 0, 0x40000), 1);
	ck_assert_uint_eq(model_unit_stale(unit, DID, PASID, 0x401ff, 0x50000),
			  1);
	ck_assert_uint_eq(model_unit_stale(unit, DID, PASID, 0x40200, 0x50000),
			  0);
	ck_assert_uint_eq(model_unit_stale(unit, DID, 1, 0x40000, 0x40000), 0);
	ck_assert_uint_eq(model_unit_stale(unit, 1, PASID, 0x40000, 0x40000),
			  0);
	ck_assert_uint_eq(model_unit_stale_devtlb(unit, SID, 0, 8, 8), 1);
	ck_assert_uint_eq(model_unit_stale_devtlb(unit, SID, 1, 8, 8), 0);
	ck_assert_uint_eq(model_unit_stale_devtlb(unit, 1, 0, 8, 8), 0);
	ck_assert_uint_eq(model_unit_stale_devtlb(unit, SID, 0, 9, 9), 0);
	model_unit_clear_caches(unit);
	ck_assert_uint_eq(model_unit_cached(unit), 0);
	ck_assert_uint_eq(model_unit_cached_devtlb(unit), 0);
}
END_TEST

/* -------------------------------------------------------------- faults */

static void add_fault(enum model_fault_kind kind, enum model_fault_which which,
		      uint32_t nth, uint32_t times)
{
	const struct model_fault f = { .kind = kind,
				       .which = which,
				       .nth = nth,
				       .sid = SID,
				       .times = times,
				       .iqei = 2,
				       .report = 0x777 };

	model_unit_add_fault(unit, &f);
}

START_TEST(test_fault_nth)
{
	add_fault(MODEL_FAULT_IQE, MODEL_NTH_FETCHED, 2, 2);
	put(0x26, 0);
	put_wait(0, 1, 0);
	put(0x26, 0);
	put(0x26, 0);
	go();
	ck_assert_uint_eq(head(), 2);
	ck_assert_uint_eq(iqei(), 2);
	tail = 2;
	put_wait(2, 1, 0x40);
	tail = 4;
	model_unit_write32(unit, FSTS, IQE);
	go();
	ck_assert_uint_eq(head(), 2); /* the repair is struck again */
	model_unit_write32(unit, FSTS, IQE);
	go();
	ck_assert_uint_eq(head(), 4);
	ck_assert_uint_eq(model_unit_counts(unit).refused, 2);
}
END_TEST

/* It sticks to the slot, though the repair is a wait and the next is not. */
START_TEST(test_fault_nth_invalidation)
{
	add_fault(MODEL_FAULT_IQE, MODEL_NTH_INVALIDATION, 1, 2);
	put(0x26, 0);
	put_wait(0, 1, 0);
	put_wait(1, 1, 0);
	put(0x26, 0);
	go();
	ck_assert_uint_eq(head(), 3);
	tail = 3;
	put_wait(3, 1, 0x40);
	model_unit_write32(unit, FSTS, IQE);
	go();
	ck_assert_uint_eq(head(), 3);
	put(0x26, 0);
	model_unit_write32(unit, FSTS, IQE);
	go();
	ck_assert_uint_eq(head(), 5);
	ck_assert_uint_eq(model_unit_counts(unit).iqe, 2);
}
END_TEST

/* Another fault goes on to the next that it counts. */
START_TEST(test_fault_row)
{
	add_fault(MODEL_FAULT_ICE, MODEL_NTH_DEVTLB, 1, 2);
	for (uint32_t i = 0; i < 4; i++) {
		put(devtlb(SID), 0);
		put(devtlb(SID ^ 1), 0);
		go();
		ck_assert_uint_eq(fsts(), i == 1 || i == 2 ? ICE : 0);
		model_unit_write32(unit, FSTS, ICE);
	}
	ck_assert_uint_eq(model_unit_counts(unit).ice, 2);
}
END_TEST

START_TEST(test_fault_every)
{
	add_fault(MODEL_FAULT_IQE, MODEL_EVERY_DEVTLB, 0, MODEL_FOREVER);
	put(0x26, 0);
	put(devtlb(SID ^ 1), 0);
	put(pdevtlb(SID, 1), 0);
	go();
	ck_assert_uint_eq(head(), 2);
	tail = 2;
	put(0x45, 0);
	model_unit_write32(unit, FSTS, IQE);
	put(devtlb(SID), 0);
	go();
	ck_assert_uint_eq(head(), 3);
	ck_assert_uint_eq(fsts(), IQE);
}
END_TEST

/* A time-out: waits aborted, all from the oldest device-TLB one on lost. */
START_TEST(test_ite)
{
	const struct model_devtlb_entry d = { .sid = SID,
					      .pasid = MODEL_NO_PASID };

	add_fault(MODEL_FAULT_ITE, MODEL_NTH_DEVTLB, 1, 1);
	put(0x26, 0);
	put(devtlb(SID), 0);
	put_wait(0, 1, 0);
	put(devtlb(SID ^ 1), 0);
	put(devtlb(SID), 0x1000);
	put_wait(1, 1, 0);
	put(0x26, 0);
	put_wait(2, 1, 0);
	bell();
	while (!(fsts() & ITE))
		ck_assert(model_unit_step(unit));
	ck_assert_uint_eq(model_unit_read64(unit, IQERCD) >> 32 & 0xffff,
			  0x777);
	ck_assert_uint_eq(head(), 8); /* all were fetched */
	ck_assert_uint_eq(model_unit_run(unit), 0);
	for (size_t i = 0; i < 8; i++)
		ck_assert_int_eq(fate(i), i < 4 ? MODEL_DONE : MODEL_LOST);
	ck_assert_uint_eq(model_unit_counts(unit).ite, 1);
	ck_assert(model_unit_log(unit, 4)->timed_out);
	ck_assert_uint_eq(word(0), 1);
	ck_assert_uint_eq(word(1) | word(2), 0);
	ck_assert(model_unit_dropped_devtlb(unit, &d, 0));
	ck_assert(!model_unit_dropped_devtlb(unit, &d, 2));
	put_wait(3, 1, 0);
	go(); /* the tail counts, the fetch waits */
	ck_assert_uint_eq(head(), 8);
	model_unit_write32(unit, FSTS, ITE);
	(void)model_unit_run(unit);
	ck_assert_uint_eq(word(3), 1);
	ck_assert_uint_eq(model_unit_errors(unit), 0);
}
END_TEST

/* What is lost behind the one that timed out varies, if asked for. */
START_TEST(test_ite_loss)
{
	unsigned int seen = 0;

	config.ite_loss = (enum model_ite_loss)_i;
	for (config.seed = 1; config.seed <= 50; config.seed++) {
		start();
		model_unit_silence(unit, SID, 1);
		put(0x26, 0);
		put(devtlb(SID), 0);
		put(devtlb(SID ^ 1), 0);
		put(0x26, 0);
		put_wait(0, 1, 0);
		bell();
		while (!(fsts() & ITE))
			ck_assert(model_unit_step(unit));
		ck_assert_int_eq(fate(0), MODEL_DONE);
		ck_assert_int_eq(fate(1), MODEL_LOST);
		for (size_t i = 2; i < 4; i++)
			seen |= (fate(i) == MODEL_LOST ? 1U : 2U) << 2 * i;
		ck_assert_int_eq(fate(4), MODEL_LOST);
		(void)model_unit_run(unit);
		ck_assert_uint_eq(model_unit_pending(unit), 0);
		ck_assert_uint_eq(word(0), 0);
	}
	ck_assert_uint_eq(seen, _i == MODEL_LOSE_ALL ? 0x50 : 0xf0);
}
END_TEST

/*
 * Of two that time out before anybody looks, the report stays the first's
 * (VT-d 11.4.9.9).
 */
START_TEST(test_ite_twice)
{
	unsigned int twice = 0;

	config.ite_loss = MODEL_LOSE_SOME;
	for (config.seed = 1; config.seed <= 50; config.seed++) {
		start();
		model_unit_silence(unit, SID, 1);
		model_unit_silence(unit, SID ^ 1, 1);
		put(devtlb(SID), 0);
		put(devtlb(SID ^ 1), 0);
		go();
		ck_assert_uint_eq(
			model_unit_read64(unit, IQERCD) >> 32 & 0xffff, SID);
		ck_assert(model_unit_log(unit, 0)->reported);
		ck_assert(!model_unit_log(unit, 0)->left_over);
		ck_assert(!model_unit_log(unit, 1)->reported);
		twice += model_unit_log(unit, 1)->timed_out;
		ck_assert_int_eq(model_unit_log(unit, 1)->timed_out,
				 model_unit_log(unit, 1)->left_over);
		/* When it has been seen, the next is reported again. */
		model_unit_write32(unit, FSTS, ITE);
		model_unit_silence(unit, SID, 1);
		put(devtlb(SID), 0);
		go();
		ck_assert(model_unit_log(unit, 2)->reported);
		ck_assert(!model_unit_log(unit, 2)->left_over);
	}
	ck_assert_uint_gt(twice, 0);
}
END_TEST

START_TEST(test_silence)
{
	model_unit_silence(unit, SID, 2);
	for (uint32_t try = 0; try < 3; try++) {
		put(devtlb(SID), 0);
		put_wait(0, try + 1, 0);
		go();
		ck_assert_uint_eq(fsts(), try < 2 ? ITE : 0);
		model_unit_write32(unit, FSTS, ITE);
	}
	ck_assert_uint_eq(word(0), 3);
	ck_assert(model_unit_present(unit, SID));
	model_unit_remove(unit, SID);
	ck_assert(!model_unit_present(unit, SID));
	ck_assert(model_unit_present(unit, SID ^ 1));
	put(pdevtlb(SID, 1), 0);
	go();
	ck_assert_uint_eq(fsts(), ITE);
	ck_assert_uint_eq(model_unit_read64(unit, IQERCD) >> 32 & 0xffff, SID);
	model_unit_clear_faults(unit);
	ck_assert(model_unit_present(unit, SID));
}
END_TEST

/* ICE ends nothing; fields are captured once, and junk without their bit. */
START_TEST(test_ice_and_capture)
{
	uint64_t junk = 0;
	uint64_t before;

	add_fault(MODEL_FAULT_ICE, MODEL_NTH_DEVTLB, 0, 1);
	put(devtlb(SID), 0);
	put_wait(0, 1, 0);
	go();
	ck_assert_uint_eq(fsts(), ICE);
	ck_assert_uint_eq(word(0), 1);
	ck_assert_int_eq(fate(0), MODEL_DONE);
	ck_assert_uint_eq(model_unit_read64(unit, IQERCD) >> 48, 0x777);
	model_unit_write32(unit, FSTS, ICE);
	/* each field takes more than one value while its bit is clear */
	before = model_unit_read64(unit, IQERCD);
	for (int i = 0; i < 64; i++)
		junk |= before ^ model_unit_read64(unit, IQERCD);
	ck_assert_uint_eq(junk, UINT64_C(0xffffffff0000000f));
	model_unit_silence(unit, 0x10, 1);
	model_unit_silence(unit, 0x20, 1);
	put(devtlb(0x10), 0);
	go();
	ck_assert_uint_eq(fsts(), ITE);
	put(devtlb(0x20), 0);
	model_unit_write32(unit, FSTS, 0); /* 0 clears nothing */
	ck_assert_uint_eq(fsts(), ITE);
	ck_assert_uint_eq(model_unit_read64(unit, IQERCD) >> 32 & 0xffff, 0x10);
}
END_TEST

START_TEST(test_ice_every)
{
	add_fault(MODEL_FAULT_ICE, MODEL_EVERY_DEVTLB, 0, 2);
	for (uint32_t i = 0; i < 3; i++) {
		put(devtlb(SID ^ 1), 0);
		put(pdevtlb(SID, i), 0);
		go();
		ck_assert_uint_eq(fsts(), i < 2 ? ICE : 0);
		ck_assert_int_eq(fate(2 * i + 1), MODEL_DONE);
		model_unit_write32(unit, FSTS, ICE);
	}
}
END_TEST

/* A spurious time-out at something else than a device-TLB descriptor */
START_TEST(test_ite_elsewhere)
{
	add_fault(MODEL_FAULT_ITE, MODEL_NTH_FETCHED, 0, 1);
	put(0x26, 0);
	put_wait(0, 1, 0);
	go();
	ck_assert_uint_eq(fsts(), ITE);
	ck_assert_int_eq(fate(0), MODEL_DONE);
	ck_assert_int_eq(fate(1), MODEL_LOST);
}
END_TEST

/* -------------------------------------------------------- model errors */

START_TEST(test_slot_changed)
{
	put(0x26, 0);
	bell();
	tail = 0;
	put(0x26, 0x1000);
	go();
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_SLOT_CHANGED), 1);
	start();
	put(0, 0);
	put(0x26, 0);
	go();
	tail = 0;
	put(0x26, 0);
	put(0x26, 0x1000); /* only the slot at IQH may change */
	model_unit_write32(unit, FSTS, IQE);
	go();
	ck_assert_uint_eq(head(), 2);
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_SLOT_CHANGED), 1);
	start();
	put(0x26, 0);
	bell();
	tail = 0;
	put(0x26, 0x1000);
	model_unit_write32(unit, FSTS, IQE); /* it is not set */
	go();
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_SLOT_CHANGED), 1);
}
END_TEST

START_TEST(test_ring_misuse)
{
	put(0x26, 0);
	put(0x26, 0);
	bell();
	tail = 1;
	bell();
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_TAIL), 1);
	start();
	for (uint32_t i = 0; i < 255; i++)
		put(0x26, 0);
	bell();
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_TAIL), 0);
	put(0x26, 0);
	bell(); /* the last slot has to stay empty */
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_TAIL), 1);
	/* two are pending when the tail comes around to the second */
	start();
	put(0x26, 0);
	put(0x26, 0);
	bell();
	ck_assert(model_unit_step(unit));
	ck_assert(model_unit_step(unit));
	ck_assert_uint_eq(model_unit_pending(unit), 2);
	model_unit_write32(unit, IQT, 0);
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_SLOT_BUSY), 0);
	model_unit_write32(unit, IQT, 32);
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_SLOT_BUSY), 1);
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_TAIL), 0);
}
END_TEST

START_TEST(test_status_misuse)
{
	put_wait(0, 1, 0);
	put_wait(0, 2, 0);
	go();
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_STATUS_SHARED), 1);
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_STATUS_TWICE), 0);
	put_wait(0, 2, 0);
	go();
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_STATUS_TWICE), 1);
	start();
	put(0x55, STATUS); /* no status write: the address is ignored */
	put_wait(0, 2, 0);
	put(0x55, STATUS);
	go();
	ck_assert_uint_eq(model_unit_errors(unit), 0);
}
END_TEST

START_TEST(test_register_misuse)
{
	config.fsts_other = 1;
	start();
	ck_assert_uint_eq(fsts(), 1);
	model_unit_write32(unit, FSTS, 1);
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_FSTS_WRITE), 1);
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_REGISTER), 0);
	(void)model_unit_read32(unit, 0x1000);
	(void)model_unit_read32(unit, 0x82);
	model_unit_write32(unit, IQH, 0);
	model_unit_write32(unit, IQT, 3);
	model_unit_write32(unit, 0x90, 0);
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_REGISTER), 5);
	ck_assert_uint_eq(model_unit_errors(unit), 6);
	for (int kind = 0; kind < MODEL_ERROR_KINDS; kind++)
		ck_assert(*model_error_name((enum model_error)kind));
}
END_TEST

static void count_pause(void *ctx)
{
	++*(int *)ctx;
}

START_TEST(test_environment)
{
	int pauses = 0;
	const struct model_hooks hooks = { .ctx = &pauses,
					   .pause = count_pause };
	struct s1inv_env_dev dev;

	config.locked = true;
	config.steps_per_pause = 3;
	start();
	model_unit_set_hooks(unit, &hooks);
	model_unit_env(unit, &dev);
	put(0x26, 0);
	put_wait(0, 1, 0);
	dev.lock(dev.ctx);
	dev.write32(dev.ctx, IQT, 64);
	dev.pause(dev.ctx, NULL);
	ck_assert_uint_eq(word(0), 0);
	dev.pause(dev.ctx, NULL);
	ck_assert_uint_eq(word(0), 1);
	ck_assert_int_eq(pauses, 2);
	ck_assert_uint_eq(model_unit_counts(unit).pauses, 2);
	dev.note(dev.ctx, NULL);
	ck_assert_uint_eq(model_unit_counts(unit).notes, 1);
	model_unit_remove(unit, SID);
	ck_assert(!dev.present(dev.ctx, SID));
	dev.unlock(dev.ctx);
	ck_assert_uint_eq(model_unit_errors(unit), 0);
	(void)dev.read32(dev.ctx, FSTS);
	dev.unlock(dev.ctx);
	dev.lock(dev.ctx);
	dev.lock(dev.ctx);
	ck_assert_uint_eq(model_unit_error(unit, MODEL_ERROR_LOCK), 3);
}
END_TEST

START_TEST(test_two_units)
{
	struct model_unit *other = model_unit_create(&config);
	struct model_iotlb_entry e = entry(1, 0);

	model_unit_cache(other, &e);
	model_unit_cache(unit, &e);
	put(0x12, 0);
	go();
	ck_assert_uint_eq(model_unit_cached(unit), 0);
	ck_assert_uint_eq(model_unit_cached(other), 1);
	ck_assert_uint_eq(model_unit_log_len(other), 0);
	model_unit_destroy(other);
}
END_TEST

START_TEST(test_log_clear)
{
	put(0x26, 0);
	put(0x32, 0x1000);
	bell();
	(void)model_unit_step(unit);
	model_unit_log_clear(unit);
	(void)model_unit_run(unit);
	ck_assert_uint_eq(model_unit_log_len(unit), 1);
	ck_assert_uint_eq(model_unit_log(unit, 0)->qw[1], 0x1000);
	ck_assert_uint_eq(model_unit_log(unit, 0)->slot, 1);
	ck_assert_uint_eq(model_unit_log(unit, 0)->when, 2);
	ck_assert_uint_eq(model_unit_counts(unit).executed, 2);
	ck_assert_uint_eq(model_unit_counts(unit).doorbells, 1);
}
END_TEST

/* --------------------------------------------------------- user memory */

static struct model_user *memory;
static struct s1inv_env_user env;

static void set_up_memory(void)
{
	memory = model_user_create();
	model_user_env(memory, &env);
}

static void tear_down_memory(void)
{
	model_user_destroy(memory);
}

START_TEST(test_user_segments)
{
	uint8_t buffer[16];

	ck_assert(model_user_add(memory, 0x1000, "abcdefgh", 8,
				 MODEL_READ_WRITE));
	ck_assert(model_user_add(memory, 0x1008, "ijkl", 4, MODEL_READ_ONLY));
	ck_assert(!model_user_add(memory, 0x100b, NULL, 1, MODEL_READ_WRITE));
	ck_assert(!model_user_add(memory, 0, NULL, 0x1001, MODEL_READ_WRITE));
	ck_assert(
		!model_user_add(memory, UINT64_MAX, NULL, 2, MODEL_READ_WRITE));
	memset(buffer, '.', sizeof(buffer));
	ck_assert_uint_eq(env.copy_from(env.ctx, buffer, 0x1004, 12), 4);
	ck_assert_mem_eq(buffer, "efghijkl........", 16);
	ck_assert_uint_eq(model_user_delivered(memory, 0x1003), 0);
	ck_assert_uint_eq(model_user_delivered(memory, 0x1004), 1);
	ck_assert_uint_eq(model_user_delivered(memory, 0x100b), 1);
	ck_assert_uint_eq(env.copy_to(env.ctx, 0x1006, "XYZ", 3), 1);
	ck_assert_uint_eq(model_user_written(memory, 0x1007), 1);
	ck_assert_uint_eq(model_user_written(memory, 0x1008), 0);
	ck_assert(model_user_peek(memory, 0x1004, buffer, 8));
	ck_assert_mem_eq(buffer, "efXYijkl", 8);
	ck_assert(!model_user_peek(memory, 0xfff, buffer, 1));
	ck_assert_uint_eq(model_user_calls(memory), 2);
	ck_assert(model_user_call(memory, 1)->write);
	ck_assert_uint_eq(model_user_call(memory, 1)->missing, 1);
	ck_assert_uint_eq(model_user_call(memory, 0)->len, 12);
	ck_assert_uint_eq(model_user_max_delivered(memory), 1);
}
END_TEST

START_TEST(test_user_end_of_addresses)
{
	uint8_t buffer[8] = { 0 };

	ck_assert(model_user_add(memory, UINT64_MAX - 3, "wxyz", 4,
				 MODEL_READ_WRITE));
	ck_assert(model_user_add(memory, 0, "null", 4, MODEL_READ_WRITE));
	ck_assert_uint_eq(env.copy_from(env.ctx, buffer, UINT64_MAX - 3, 4), 0);
	ck_assert_uint_eq(model_user_wrapped(memory), 0);
	ck_assert_uint_eq(env.copy_from(env.ctx, buffer, UINT64_MAX - 3, 8), 4);
	ck_assert_mem_eq(buffer, "wxyz\0\0\0\0", 8);
	ck_assert_uint_eq(model_user_wrapped(memory), 1);
	ck_assert_uint_eq(model_user_delivered(memory, UINT64_MAX), 2);
	ck_assert_uint_eq(model_user_delivered(memory, 0), 0);
}
END_TEST

START_TEST(test_user_faults)
{
	uint8_t buffer[8];

	ck_assert(model_user_add(memory, 0x1000, NULL, 64, MODEL_READ_WRITE));
	model_user_fault_at(memory, 0x1020);
	model_user_fault_call(memory, 1);
	ck_assert_uint_eq(env.copy_from(env.ctx, buffer, 0x101e, 8), 6);
	ck_assert_uint_eq(env.copy_from(env.ctx, buffer, 0x1000, 8), 8);
	ck_assert_uint_eq(env.copy_from(env.ctx, buffer, 0x1000, 8), 0);
	ck_assert_uint_eq(env.copy_to(env.ctx, 0x101f, buffer, 2), 1);
	model_user_pessimist(memory, 3);
	ck_assert_uint_eq(env.copy_from(env.ctx, buffer, 0x101b, 8), 6);
	ck_assert_uint_eq(model_user_delivered(memory, 0x101c), 1);
	ck_assert_uint_eq(model_user_delivered(memory, 0x101d), 0);
	ck_assert_uint_eq(env.copy_from(env.ctx, buffer, 0x101e, 8), 8);
	ck_assert_uint_eq(env.copy_from(env.ctx, buffer, 0x1000, 8), 0);
	ck_assert_uint_eq(env.copy_to(env.ctx, 0x101f, buffer, 2), 1);
}
END_TEST

START_TEST(test_user_owner)
{
	uint8_t buffer[4];

	ck_assert(model_user_add(memory, 0x1000, "abcd", 4, MODEL_READ_ONLY));
	model_user_change(memory, 0, 0x0fff, "?!?", 3);
	(void)env.copy_from(env.ctx, buffer, 0x1000, 4);
	ck_assert_mem_eq(buffer, "abcd", 4);
	(void)env.copy_from(env.ctx, buffer, 0x1000, 4);
	ck_assert_mem_eq(buffer, "!?cd", 4);
	model_user_flip(memory, true);
	(void)env.copy_from(env.ctx, buffer, 0x1003, 1);
	ck_assert_uint_eq(buffer[0], 'd');
	(void)env.copy_from(env.ctx, buffer, 0x1003, 1);
	ck_assert_uint_eq(buffer[0], 'd' ^ 0xff);
	ck_assert_uint_eq(model_user_max_delivered(memory), 4);
	ck_assert(!env.interrupted(env.ctx));
	model_user_interrupt(memory, 2);
	ck_assert(!env.interrupted(env.ctx));
	ck_assert(!env.interrupted(env.ctx));
	ck_assert(env.interrupted(env.ctx));
	ck_assert(env.interrupted(env.ctx));
	model_user_fault_call(memory, 0);
	model_user_reset(memory);
	ck_assert(model_user_add(memory, 0x2000, "ab", 2, MODEL_READ_ONLY));
	model_user_change(memory, 1, 0x2000, "c", 1);
	for (int i = 0; i < 3; i++) {
		ck_assert_uint_eq(env.copy_from(env.ctx, buffer, 0x2000, 1), 0);
		ck_assert_uint_eq(buffer[0], i < 2 ? 'a' : 'c');
	}
	model_user_reset(memory);
	ck_assert_uint_eq(model_user_calls(memory), 0);
	ck_assert_uint_eq(env.copy_from(env.ctx, buffer, 0x1000, 4), 4);
}
END_TEST

/* --------------------------------------------------------------- suite */

static TCase *unit_case(Suite *s, const char *name)
{
	TCase *c = tcase_create(name);

	tcase_add_checked_fixture(c, set_up, tear_down);
	suite_add_tcase(s, c);
	return c;
}

static void add_queue(Suite *s)
{
	TCase *c = unit_case(s, "validation");

	tcase_add_loop_test(c, test_reserved_bits, 0, 4);
	tcase_add_loop_test(c, test_granularity, 0, 2);
	tcase_add_test(c, test_samples);
	tcase_add_loop_test(c, test_table_26, 0, 8);
	tcase_add_test(c, test_features);
	tcase_add_test(c, test_quirks);
	tcase_add_test(c, test_default_features);
	c = unit_case(s, "queue");
	tcase_add_test(c, test_tail_errors);
	tcase_add_test(c, test_stray_dma);
	tcase_add_test(c, test_head_is_not_completion);
	tcase_add_test(c, test_depth);
	tcase_add_test(c, test_around_the_ring);
	tcase_add_test(c, test_iqe);
	tcase_add_test(c, test_no_resume);
	tcase_add_test(c, test_disable);
	tcase_add_test(c, test_narrow_by_register);
	tcase_add_test(c, test_reset);
	c = unit_case(s, "ordering");
	tcase_add_loop_test(c, test_pairs, 0,
			    (int)(sizeof(pairs) / sizeof(pairs[0])));
	tcase_add_test(c, test_waits);
	tcase_add_test(c, test_same_seed_same_run);
}

static void add_effects(Suite *s)
{
	TCase *c = unit_case(s, "caches");

	tcase_add_test(c, test_piotlb);
	tcase_add_test(c, test_stages);
	tcase_add_test(c, test_structures);
	tcase_add_test(c, test_devtlb);
	tcase_add_test(c, test_refill);
	tcase_add_test(c, test_refill_from);
	tcase_add_test(c, test_looking_at_caches);
	c = unit_case(s, "faults");
	tcase_add_test(c, test_fault_nth);
	tcase_add_test(c, test_fault_nth_invalidation);
	tcase_add_test(c, test_fault_row);
	tcase_add_test(c, test_fault_every);
	tcase_add_test(c, test_ite);
	tcase_add_loop_test(c, test_ite_loss, 0, 2);
	tcase_add_test(c, test_ite_twice);
	tcase_add_test(c, test_silence);
	tcase_add_test(c, test_ice_and_capture);
	tcase_add_test(c, test_ice_every);
	tcase_add_test(c, test_ite_elsewhere);
	c = unit_case(s, "errors");
	tcase_add_test(c, test_slot_changed);
	tcase_add_test(c, test_ring_misuse);
	tcase_add_test(c, test_status_misuse);
	tcase_add_test(c, test_register_misuse);
	tcase_add_test(c, test_environment);
	tcase_add_test(c, test_two_units);
	tcase_add_test(c, test_log_clear);
}

static void add_user_memory(Suite *s)
{
	TCase *c = tcase_create("user memory");

	tcase_add_checked_fixture(c, set_up_memory, tear_down_memory);
	tcase_add_test(c, test_user_segments);
	tcase_add_test(c, test_user_end_of_addresses);
	tcase_add_test(c, test_user_faults);
	tcase_add_test(c, test_user_owner);
	suite_add_tcase(s, c);
}

int main(void)
{
	Suite *s = suite_create("model");

	add_queue(s);
	add_effects(s);
	add_user_memory(s);
	return run_suite(s);
}
