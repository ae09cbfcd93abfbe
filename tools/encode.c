/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * s1inv encode: fields become a descriptor.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tool.h"

static const char help[] =
	"Usage: s1inv encode [OPTION]... TYPE [FIELD=VALUE]...\n"
	"\n"
	"Print the quadwords of an invalidation descriptor, on one line: 2 for\n"
	"cc, iotlb, devtlb, iec and wait, 4 for piotlb, pc, pdevtlb and pgresp.\n"
	"Fields that are not given are 0.\n"
	"\n"
	"  cc       G DID SID FM\n"
	"  iotlb    G DW DR DID AM IH ADDR\n"
	"  devtlb   PFSID MIP SID S ADDR, or ORDER in place of S\n"
	"  iec      G IM IIDX\n"
	"  wait     IF SW FN PD DATA ADDR\n"
	"  piotlb   G DID PASID AM IH ADDR\n"
	"  pc       G DID PASID\n"
	"  pdevtlb  MIP PFSID SID PASID GI S ADDR, or ORDER in place of S\n"
	"  pgresp   PP RC RID PASID PRGI\n"
	"\n"
	"Field names are those of the VT-d specification, in either case.\n"
	"ORDER=N makes ADDR the base of 2^N pages and encodes the size. Numbers\n"
	"are decimal, or hexadecimal with 0x; SID, PFSID and RID can also be\n"
	"written as bus:device.function, as in af:00.3 or 0000:af:00.3. Nothing\n"
	"is cut off to fit.\n"
	"\n"
	"  G    cc:     1 global, 2 domain, 3 device\n"
	"       iotlb:  1 global, 2 domain, 3 page\n"
	"       iec:    0 global, 1 index\n"
	"       piotlb: 2 PASID, 3 page in a PASID\n"
	"       pc:     0 domain, 1 PASID, 3 global\n"
	"  FM   bits of SID that do not count: 0 none, 1 bit 2, 2 bits 2:1,\n"
	"       3 bits 2:0\n"
	"  RC   0 success, 1 invalid request, 0xf response failure\n"
	"\n"
	"Values that are reserved or undefined are encoded as asked, to try out\n"
	"what a receiver makes of them; decode tells which they are.\n"
	"\n"
	"  --json   one JSON document, with the descriptor taken apart\n"
	"  --help   this text\n"
	"\n"
	"Example:\n"
	"  s1inv encode devtlb sid=af:00.3 mip=16 addr=0 order=52\n";

static const struct option options[] = { TOOL_OPTIONS, { NULL, 0, NULL, 0 } };

/* ORDER is ours, not the specification's: it sets ADDR and S. */
#define ORDER "ORDER"

enum { FIELDS_MAX = 16, NAME_MAX_LEN = 8 };

/* A field of a type: the sum of its pieces */
struct slot {
	const char *name;
	unsigned int width;
	unsigned int lsb; /* of an address: bits below it are not stored */
	bool given;
	uint64_t value;
};

struct form {
	uint8_t type;
	unsigned int num;
	struct slot slot[FIELDS_MAX];
};

static struct slot *find(struct form *form, const char *name)
{
	for (unsigned int i = 0; i < form->num; i++) {
		if (strcasecmp(form->slot[i].name, name) == 0)
			return &form->slot[i];
	}
	return NULL;
}

/* PFSID_LO and PFSID_HI are pieces of one field. */
static const char *whole(const char *name)
{
	return strncmp(name, "PFSID", 5) == 0 ? "PFSID" : name;
}

static bool is_device_tlb(uint8_t type)
{
	return type == S1INV_VTD_TYPE_DEVTLB || type == S1INV_VTD_TYPE_PDEVTLB;
}

static void add_slot(struct form *form, const char *name, unsigned int width,
		     unsigned int lsb)
{
	struct slot *slot = find(form, name);

	if (!slot) {
		slot = &form->slot[form->num++];
		slot->name = name;
	}
	slot->width += width;
	slot->lsb = lsb;
}

static void build_form(struct form *form, uint8_t type)
{
	const struct s1inv_vtd_field *field;
	uint32_t num;

	memset(form, 0, sizeof(*form));
	form->type = type;
	field = s1inv_vtd_layout(type, &num);
	for (uint32_t i = 0; i < num; i++) {
		bool addr = strcmp(field[i].name, "ADDR") == 0;

		add_slot(form, whole(field[i].name), field[i].width,
			 addr ? field[i].lsb : 0);
	}
	if (is_device_tlb(type))
		add_slot(form, ORDER, 6, 0);
}

static bool find_type(const char *key, uint8_t *type)
{
	for (uint8_t t = S1INV_VTD_TYPE_CC; t <= S1INV_VTD_TYPE_PGRESP; t++) {
		if (strcasecmp(key, s1inv_vtd_type_key(t)) == 0) {
			*type = t;
			return true;
		}
	}
	tool_error("unknown type '%s': cc, iotlb, devtlb, iec, wait, piotlb, "
		   "pc, pdevtlb or pgresp",
		   key);
	return false;
}

/* These fields name functions. */
static bool is_requester(const struct slot *slot)
{
	return strcmp(slot->name, "SID") == 0 ||
	       strcmp(slot->name, "PFSID") == 0 ||
	       strcmp(slot->name, "RID") == 0;
}

static bool parse_value(const struct slot *slot, const char *text,
			uint64_t *value)
{
	const char *colon = strchr(text, ':');
	uint64_t sid;

	if (!is_requester(slot) ? tool_u64(text, value) : tool_sid(text, value))
		return true;
	if (is_requester(slot) && colon && strchr(colon + 1, ':') &&
	    tool_sid(colon + 1, &sid))
		tool_error("%s: '%s' has a PCI domain other than 0000, which "
			   "no descriptor can hold; leave it out: '%s'",
			   slot->name, text, colon + 1);
	else
		tool_error("%s: '%s' is not a number that it can hold",
			   slot->name, text);
	return false;
}

static bool check_value(const struct slot *slot)
{
	unsigned int bits = slot->width + slot->lsb;
	uint64_t low = (UINT64_C(1) << slot->lsb) - 1;

	if (bits < 64 && slot->value >> bits) {
		tool_error("%s has %u bits: 0x%" PRIx64 " is too large",
			   slot->name, bits, slot->value);
		return false;
	}
	if (slot->value & low) {
		tool_error("%s must be a multiple of %" PRIu64 ": 0x%" PRIx64,
			   slot->name, low + 1, slot->value);
		return false;
	}
	return true;
}

static bool take(struct form *form, const char *arg)
{
	size_t n = strcspn(arg, "=");
	char name[NAME_MAX_LEN + 1] = "";
	struct slot *slot;

	if (!arg[n]) {
		tool_error("'%s' is not FIELD=VALUE", arg);
		return false;
	}
	if (n <= NAME_MAX_LEN)
		memcpy(name, arg, n);
	slot = find(form, name);
	if (!slot)
		tool_error("%s has no field '%.*s'",
			   s1inv_vtd_type_key(form->type), (int)n, arg);
	else if (slot->given)
		tool_error("%s is given twice", slot->name);
	else if (parse_value(slot, arg + n + 1, &slot->value))
		return slot->given = check_value(slot);
	return false;
}

/* ORDER and ADDR become S and the ADDR that stands in the descriptor. */
static bool apply_order(struct form *form)
{
	struct slot *order = find(form, ORDER);
	struct slot *addr = find(form, "ADDR");
	struct slot *s = find(form, "S");
	struct s1inv_vtd_block block;
	uint8_t size_bit;

	if (!order || !order->given)
		return true;
	if (s->given) {
		tool_error("ORDER and S are two ways to say the same");
		return false;
	}
	if (order->value > S1INV_VTD_AM_MAX) {
		tool_error("ORDER is at most %u", S1INV_VTD_AM_MAX);
		return false;
	}
	block.first = addr->value >> S1INV_VTD_PAGE_SHIFT;
	block.order = (uint8_t)order->value;
	if (block.first & ((UINT64_C(1) << block.order) - 1)) {
		tool_error("ADDR 0x%" PRIx64 " is not aligned to 2^%u pages",
			   addr->value, block.order);
		return false;
	}
	addr->value = s1inv_vtd_size_encode(&block, &size_bit);
	s->value = size_bit;
	return true;
}

static uint64_t value_of(struct form *form, const char *name)
{
	struct slot *slot = find(form, name);

	return slot ? slot->value : 0;
}

static void fill(struct form *form, struct s1inv_vtd_fields *f)
{
	f->type = form->type;
	f->g = (uint8_t)value_of(form, "G");
	f->fm = (uint8_t)value_of(form, "FM");
	f->dw = (uint8_t)value_of(form, "DW");
	f->dr = (uint8_t)value_of(form, "DR");
	f->am = (uint8_t)value_of(form, "AM");
	f->ih = (uint8_t)value_of(form, "IH");
	f->s = (uint8_t)value_of(form, "S");
	f->gi = (uint8_t)value_of(form, "GI");
	f->mip = (uint8_t)value_of(form, "MIP");
	f->im = (uint8_t)value_of(form, "IM");
	f->wif = (uint8_t)value_of(form, "IF");
	f->sw = (uint8_t)value_of(form, "SW");
	f->fn = (uint8_t)value_of(form, "FN");
	f->pd = (uint8_t)value_of(form, "PD");
	f->pp = (uint8_t)value_of(form, "PP");
	f->rc = (uint8_t)value_of(form, "RC");
	f->did = (uint16_t)value_of(form, "DID");
	f->sid = (uint16_t)(value_of(form, "SID") | value_of(form, "RID"));
	f->pfsid = (uint16_t)value_of(form, "PFSID");
	f->iidx = (uint16_t)value_of(form, "IIDX");
	f->prgi = (uint16_t)value_of(form, "PRGI");
	f->pasid = (uint32_t)value_of(form, "PASID");
	f->data = (uint32_t)value_of(form, "DATA");
	f->addr = value_of(form, "ADDR");
}

static void print_words(const struct s1inv_vtd_desc *desc, unsigned int words)
{
	for (unsigned int i = 0; i < words; i++)
		printf("%s0x%016" PRIx64, i ? " " : "", desc->qw[i]);
	printf("\n");
}

static int encode(struct form *form, bool json)
{
	unsigned int words = form->type >= S1INV_VTD_TYPE_PIOTLB ? 4 : 2;
	struct s1inv_vtd_mode mode = tool_mode_default;
	struct s1inv_vtd_fields fields = { 0 };
	struct s1inv_vtd_desc desc;

	mode.pds = true;
	fill(form, &fields);
	if (s1inv_vtd_encode(&fields, &desc) != 0)
		return tool_error("these fields make no descriptor");
	if (json)
		return tool_json_print(tool_desc_json(&desc, words, &mode));
	print_words(&desc, words);
	return TOOL_OK;
}

int cmd_encode(int argc, char **argv)
{
	bool json = false;
	struct form form;
	uint8_t type;
	int option;

	while ((option = tool_option(argc, argv, options)) != -1) {
		if (option == '?')
			return TOOL_BAD;
		if (option == TOOL_OPT_HELP)
			return tool_help(help);
		json = true;
	}
	if (optind == argc)
		return tool_error("no type given; see --help");
	if (!find_type(argv[optind], &type))
		return TOOL_BAD;
	build_form(&form, type);
	for (int i = optind + 1; i < argc; i++) {
		if (!take(&form, argv[i]))
			return TOOL_BAD;
	}
	return apply_order(&form) ? encode(&form, json) : TOOL_BAD;
}
