/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The core's answers to requests on standard input, for agree.py.
 *
 * A request is a line: a letter and hexadecimal numbers. An answer is a line.
 *
 *   a REVISION POLICY VA_BITS ADDR NPAGES FLAGS WORD   audit of an entry
 *     0 REACH FIRST LAST LEAF, or ERRNO RULE
 *   c HOW REACH FIRST LAST                             cover of a request
 *     FIRST:ORDER of each block
 *   e TYPE FIELD...                                    encoding
 *     the four quadwords, or EINVAL
 *   d QW QW QW QW TTM WIDE DT DIT PDS PRS HPTS         decoding
 *     TYPE VIOLATIONS, four words of reserved bits, FIELD...
 *   s FIRST ORDER                                      size of a device's block
 *     ADDR S, and FIRST ORDER as decoded from these
 */
#include <s1inv/s1inv.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBERS 32
#define LINE_MAX 1024

/* The fields of a descriptor but for the type, in the order of a line */
#define FIELDS(X)                                                              \
	X(g, uint8_t)                                                          \
	X(fm, uint8_t)                                                         \
	X(dw, uint8_t)                                                         \
	X(dr, uint8_t)                                                         \
	X(am, uint8_t)                                                         \
	X(ih, uint8_t)                                                         \
	X(s, uint8_t)                                                          \
	X(gi, uint8_t)                                                         \
	X(mip, uint8_t)                                                        \
	X(im, uint8_t)                                                         \
	X(wif, uint8_t)                                                        \
	X(sw, uint8_t)                                                         \
	X(fn, uint8_t)                                                         \
	X(pd, uint8_t)                                                         \
	X(pp, uint8_t)                                                         \
	X(rc, uint8_t)                                                         \
	X(did, uint16_t)                                                       \
	X(sid, uint16_t)                                                       \
	X(pfsid, uint16_t)                                                     \
	X(iidx, uint16_t)                                                      \
	X(prgi, uint16_t)                                                      \
	X(pasid, uint32_t)                                                     \
	X(data, uint32_t)                                                      \
	X(addr, uint64_t)

static void answer_audit(const uint64_t *v)
{
	struct s1inv_vtd_audit how = { (enum s1inv_revision)v[0],
				       (enum s1inv_audit)v[1], (uint8_t)v[2] };
	struct s1inv_vtd_s1_entry entry = { v[3], v[4], (uint32_t)v[5],
					    (uint32_t)v[6] };
	struct s1inv_vtd_request request = { 0 };
	struct s1inv_verdict verdict;

	verdict = s1inv_vtd_audit_entry(&how, &entry, &request);
	if (verdict.error) {
		printf("%s %s\n", s1inv_errno_name(verdict.error),
		       s1inv_rule_name(verdict.rule));
		return;
	}
	if (request.reach != S1INV_VTD_RANGE) { /* they mean nothing then */
		request.first = 0;
		request.last = 0;
	}
	printf("0 %x %" PRIx64 " %" PRIx64 " %x\n", request.reach,
	       request.first, request.last, request.leaf);
}

static void answer_cover(const uint64_t *v)
{
	struct s1inv_vtd_request request = {
		.first = v[2], .last = v[3], .reach = (enum s1inv_vtd_reach)v[1]
	};
	struct s1inv_vtd_cover cover;
	struct s1inv_vtd_block block;

	s1inv_vtd_cover_start(&cover, &request, (enum s1inv_cover)v[0]);
	while (s1inv_vtd_cover_next(&cover, &block))
		printf("%" PRIx64 ":%x ", block.first, block.order);
	printf("\n");
}

static void answer_encode(const uint64_t *v)
{
	struct s1inv_vtd_fields fields = { .type = (uint8_t)*v++ };
	struct s1inv_vtd_desc desc;
	int i;

#define TAKE(name, type) fields.name = (type)*v++;
	FIELDS(TAKE)
	if (s1inv_vtd_encode(&fields, &desc)) {
		printf("EINVAL\n");
		return;
	}
	for (i = 0; i < 4; i++)
		printf("%" PRIx64 " ", desc.qw[i]);
	printf("\n");
}

static void answer_decode(const uint64_t *v)
{
	struct s1inv_vtd_desc desc = { { v[0], v[1], v[2], v[3] } };
	struct s1inv_vtd_mode mode = { (enum s1inv_vtd_ttm)v[4],
				       v[5] != 0,
				       v[6] != 0,
				       v[7] != 0,
				       v[8] != 0,
				       v[9] != 0,
				       v[10] != 0 };
	struct s1inv_vtd_decoded out;
	int i;

	memset(&out, 0xa5, sizeof(out)); /* all of it is to be filled */
	s1inv_vtd_decode(&desc, &mode, &out);
	printf("%x %x ", out.fields.type, out.violations);
	for (i = 0; i < 4; i++)
		printf("%" PRIx64 " ", out.reserved[i]);
#define SHOW(name, type) printf("%" PRIx64 " ", (uint64_t)out.fields.name);
	FIELDS(SHOW)
	printf("\n");
}

static void answer_size(const uint64_t *v)
{
	struct s1inv_vtd_block block = { v[0], (uint8_t)v[1] };
	struct s1inv_vtd_block again;
	uint8_t s;
	uint64_t addr = s1inv_vtd_size_encode(&block, &s);

	printf("%" PRIx64 " %x ", addr, s);
	if (s1inv_vtd_size_decode(addr, s, &again))
		printf("%" PRIx64 " %x\n", again.first, again.order);
	else
		printf("undefined\n");
}

/* Every question with the number of its numbers */
static const struct {
	char letter;
	size_t num;
	void (*answer)(const uint64_t *v);
} questions[] = { { 'a', 7, answer_audit },
		  { 'c', 4, answer_cover },
		  { 'e', 25, answer_encode },
		  { 'd', 11, answer_decode },
		  { 's', 2, answer_size } };

static int answer(const char *line)
{
	uint64_t v[NUMBERS];
	const char *p = line + 1;
	size_t n, i;
	char *end;

	for (n = 0; n < NUMBERS; n++) {
		v[n] = strtoull(p, &end, 16);
		if (end == p)
			break;
		p = end;
	}
	for (i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		if (*line != questions[i].letter || n != questions[i].num)
			continue;
		questions[i].answer(v);
		return 0;
	}
	fprintf(stderr, "core_oracle: no question: %s", line);
	return 2;
}

int main(void)
{
	char line[LINE_MAX];
	int status = 0;

	while (!status && fgets(line, sizeof(line), stdin))
		status = answer(line);
	return status;
}
