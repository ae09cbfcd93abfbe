/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Six submitters on one ring, scheduled by a byte per step, with faults, resets
 * and a unit that reorders. Its oracle is queue_watch.h, its format
 * queue_format.h. In the end all devices answer, and everybody comes to his
 * end: nobody waits for ever.
 */
#include "queue_format.h"
#include "queue_watch.h"

/* More rounds than any honest end takes */
#define ROUNDS 500U
#define UNKNOWN_SID 0x7777U
/*
 * Records of the log from which on there are no more turns, for the sake of
 * speed: the ring has gone around by then. The rest is left for the end.
 */
#define RECORDS_OF_TURNS 400U
/* The unit asks all faults at each descriptor: the time is to be bounded. */
#define FAULTS_MAX 64U

const struct fuzz_format *const fuzz_target_format = &queue_format;

static struct watch w;
static struct watch_flight *current[QUEUE_SUBMITTERS];

/* ------------------------------------------------------------- submissions */

static struct s1inv_vtd_desc desc(uint64_t qw0, uint64_t qw1)
{
	return (struct s1inv_vtd_desc){ { qw0, qw1, 0, 0 } };
}

/* A user's wait, with a word of its own if it writes one */
static struct s1inv_vtd_desc users_wait(uint32_t flags)
{
	uint64_t word = w.words;

	flags &= WATCH_WAIT_IF | WATCH_WAIT_SW | WATCH_WAIT_FN;
	if (w.words == WATCH_WORDS)
		flags &= ~WATCH_WAIT_SW;
	w.calm &= (flags & WATCH_WAIT_FN) != 0;
	if (!(flags & WATCH_WAIT_SW))
		return desc(0x5U | flags, 0);
	w.words++;
	return desc(0x5U | flags | (word + 1U) << 32, WATCH_USER + word * 4U);
}

/* A descriptor for page @id; types 6 and 8 need a wide queue */
static struct s1inv_vtd_desc any_desc(uint8_t byte, uint64_t id)
{
	uint64_t sid = watch_sid(byte >> 3 & 3U);

	switch ((enum queue_desc)(byte & 7U)) {
	case QUEUE_DESC_PIOTLB:
		if (w.queue.wide)
			return desc(UINT64_C(0x700030036), id << 12);
		return desc(0x300f2U, id << 12);
	case QUEUE_DESC_PDEVTLB:
		if (w.queue.wide)
			return desc(UINT64_C(0x700000008) | sid << 16,
				    id << 12);
		return desc(0x3U | sid << 32, id << 12);
	case QUEUE_DESC_DEVTLB:
		return desc(0x3U | sid << 32, id << 12);
	case QUEUE_DESC_IOTLB:
		return desc(0x300f2U, id << 12);
	case QUEUE_DESC_IEC:
		return desc(0x4U, 0);
	case QUEUE_DESC_WAIT:
		return users_wait(byte & 0x70U);
	case QUEUE_DESC_FENCE:
	case QUEUE_DESC_FN_WAIT:
	default:
		return users_wait((byte & 0x70U) | WATCH_WAIT_FN);
	}
}

static void fill(struct watch_flight *f, const struct fuzz_record *r)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < r->len && n < WATCH_DESCS; i++, n++) {
		if ((r->bytes[i] & 7U) == QUEUE_DESC_FENCE &&
		    f->sub.fence == S1INV_VTD_NO_FENCE) {
			f->sub.fence = n;
			f->descs[n] = desc(0x5U | WATCH_WAIT_FN, 0);
		} else {
			f->descs[n] = any_desc(r->bytes[i], n);
		}
	}
	f->sub.num = n;
}

static void submit(const struct fuzz_record *r, bool pds)
{
	struct watch_flight **at =
		&current[r->value[QUEUE_SUBMIT_WHO] % QUEUE_SUBMITTERS];
	struct watch_flight *f;

	if (*at && (*at)->where != WATCH_ENDED)
		return;
	f = watch_new_flight(&w);
	if (!f)
		return;
	fill(f, r);
	f->sub.may_refuse = r->value[QUEUE_SUBMIT_BITS] & QUEUE_SUBMIT_REFUSES;
	f->sub.drain = pds && r->value[QUEUE_SUBMIT_BITS] & QUEUE_SUBMIT_DRAINS;
	watch_ready(f);
	*at = f;
}

/* ------------------------------------------------------------------- turns */

static void turn(uint8_t byte)
{
	uint32_t who = byte & 7U;
	uint32_t argument = byte >> 3;

	if (who == QUEUE_TURN_UNIT)
		watch_steps(&w, argument + 1U);
	else if (who == QUEUE_TURN_OTHERS && argument == QUEUE_ARGUMENT_LAST)
		watch_reset(&w);
	else if (who == QUEUE_TURN_OTHERS)
		watch_pending(&w, argument);
	else if (!current[who] || current[who]->where == WATCH_ENDED)
		return;
	else if (argument == QUEUE_ARGUMENT_LAST &&
		 current[who]->sub.may_refuse)
		watch_abandon(&w, current[who]);
	else
		watch_act(&w, current[who]);
	watch_check_unit(&w);
}

static void turns(const struct fuzz_record *r)
{
	size_t i;

	for (i = 0; i < r->len; i++)
		if (model_unit_log_len(w.unit) < RECORDS_OF_TURNS)
			turn(r->bytes[i]);
}

/* ------------------------------------------------------------------ faults */

static uint16_t reported(const uint64_t *v)
{
	switch (v[QUEUE_FAULT_REPORT]) {
	case QUEUE_REPORT_TRUE:
		return watch_sid((uint32_t)v[QUEUE_FAULT_DEVICE]);
	case QUEUE_REPORT_ZERO:
		return 0;
	case QUEUE_REPORT_UNKNOWN:
		return UNKNOWN_SID;
	default:
		return watch_sid((uint32_t)v[QUEUE_FAULT_REPORT]);
	}
}

static void add_iqe(const uint64_t *v)
{
	const struct model_fault fault = {
		.kind = MODEL_FAULT_IQE,
		.which = (enum model_fault_which)v[QUEUE_FAULT_WHICH],
		.nth = (uint32_t)v[QUEUE_FAULT_NTH],
		.sid = MODEL_ANY_SID,
		.times = 1U + (uint32_t)v[QUEUE_FAULT_TIMES] % 4U,
		.iqei = (uint8_t)(v[QUEUE_FAULT_CODE] % 16U),
	};

	model_unit_add_fault(w.unit, &fault);
}

static void add_answer(const uint64_t *v, enum model_fault_kind kind)
{
	const struct model_fault fault = {
		.kind = kind,
		.which = (enum model_fault_which)v[QUEUE_FAULT_WHICH],
		.nth = (uint32_t)v[QUEUE_FAULT_NTH],
		.sid = v[QUEUE_FAULT_DEVICE] == 255U ?
			       MODEL_ANY_SID :
			       watch_sid((uint32_t)v[QUEUE_FAULT_DEVICE]),
		.times = 1U + (uint32_t)v[QUEUE_FAULT_TIMES] % 8U,
		.report = reported(v),
	};

	w.calm &= kind != MODEL_FAULT_ITE;
	model_unit_add_fault(w.unit, &fault);
}

static void add_silent(const uint64_t *v)
{
	uint32_t times = (uint32_t)v[QUEUE_SILENT_TIMES];

	w.calm = false;
	model_unit_silence(w.unit, watch_sid((uint32_t)v[QUEUE_SILENT_DEVICE]),
			   times ? times : MODEL_FOREVER);
}

static void remove_device(const uint64_t *v)
{
	uint32_t device = (uint32_t)v[QUEUE_SILENT_DEVICE] % WATCH_SIDS;

	w.calm = false;
	w.gone[device] = true;
	model_unit_remove(w.unit, watch_sid(device));
}

/* ---------------------------------------------------------------- the whole */

static struct model_config config_of(const uint64_t *v)
{
	struct model_config c = model_config_default();
	uint64_t bits = v[QUEUE_HARDWARE];

	c.wide = !(bits & QUEUE_NARROW);
	c.ttm = c.wide ? MODEL_TTM_SCALABLE : MODEL_TTM_LEGACY;
	c.qs = c.wide && bits & QUEUE_BIG_RING;
	c.order = bits & QUEUE_REORDER ? MODEL_REORDER : MODEL_IN_ORDER;
	c.ite_loss = bits & QUEUE_LOSE_SOME ? MODEL_LOSE_SOME : MODEL_LOSE_ALL;
	c.depth = 1U + (uint32_t)(v[QUEUE_DEPTH] + 7U) % 48U;
	c.no_resume = bits & QUEUE_NO_RESUME;
	c.no_iqercd = bits & QUEUE_NO_IQERCD;
	c.pds = !(bits & QUEUE_NO_PDS);
	c.fsts_other = bits & QUEUE_OTHER_BITS ? 0xff03U : 0;
	c.seed = v[QUEUE_SEED];
	return c;
}

static void act(const struct fuzz_record *r, bool pds)
{
	switch ((enum queue_kind)r->kind) {
	case QUEUE_TURNS:
		turns(r);
		break;
	case QUEUE_SUBMIT:
		submit(r, pds);
		break;
	case QUEUE_IQE:
		add_iqe(r->value);
		break;
	case QUEUE_ITE:
		add_answer(r->value, MODEL_FAULT_ITE);
		break;
	case QUEUE_ICE:
		add_answer(r->value, MODEL_FAULT_ICE);
		break;
	case QUEUE_SILENT:
		add_silent(r->value);
		break;
	case QUEUE_GONE:
		remove_device(r->value);
		break;
	case QUEUE_ANSWER:
	case QUEUE_KINDS:
	default:
		model_unit_clear_faults(w.unit);
	}
}

/* Whatever arms a fault */
static bool is_fault(unsigned int kind)
{
	return kind >= QUEUE_IQE && kind <= QUEUE_GONE;
}

static bool everybody_acts(void)
{
	bool busy = false;
	uint32_t i;

	for (i = 0; i < QUEUE_SUBMITTERS; i++) {
		if (!current[i] || current[i]->where == WATCH_ENDED)
			continue;
		busy = true;
		watch_act(&w, current[i]);
	}
	return busy;
}

/* Devices answer again: everybody comes to an end, and soon. */
static void finish(void)
{
	uint32_t round;

	model_unit_clear_faults(w.unit);
	for (round = 0; everybody_acts(); round++) {
		FUZZ_ASSERT(round < ROUNDS, "nobody waits for ever");
		watch_check_unit(&w);
		watch_steps(&w, 100);
		if (w.queue.broken)
			watch_reset(&w);
	}
	watch_check_unit(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in;
	struct fuzz_record record;
	struct model_config config;
	uint32_t faults = 0;
	uint32_t racing, i;

	fuzz_open(&in, &queue_format, data, size, &record);
	config = config_of(record.value);
	racing = (uint32_t)record.value[QUEUE_RACING] % 3U;
	watch_start(&w, &config);
	w.racing = racing;
	for (i = 0; i < QUEUE_SUBMITTERS; i++)
		current[i] = NULL;
	while (fuzz_next(&in, &record))
		if (!is_fault(record.kind) || faults++ < FAULTS_MAX)
			act(&record, config.pds);
	finish();
	return 0;
}
