/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Inputs of the target request: a request file (docs/vectors.md) as it is. */
#ifndef S1INV_FUZZ_REQUEST_FORMAT_H
#define S1INV_FUZZ_REQUEST_FORMAT_H

#include "format.h"

#define REQUEST_FILE(group, test)                                              \
	"{\"algorithm\": \"IOMMU_HWPT_INVALIDATE\",\n"                         \
	"\"schema\": \"vectors_schema.json\",\n"                               \
	"\"version\": \"1\", \"header\": [\"a\"],\n"                           \
	"\"notes\": {\"F\": {\"bugType\": \"BASIC\", \"description\": \"\"}}," \
	"\n\"numberOfTests\": 1,\n"                                            \
	"\"testGroups\": [{" group ",\n"                                       \
	"\"tests\": [{\"tcId\": 1, \"comment\": \"c\", \"flags\": [],\n"       \
	"\"rules\": [\"CMD-1\"], \"result\": \"valid\",\n" test "\n}]}]}\n"

/* A file of each type of group, for inputs that begin with nothing */
static const char *const request_tokens[] = {
	REQUEST_FILE(
		"\"type\": \"Request\", \"revision\": \"v8\",\n"
		"\"units\": [{\"did\": 3, \"targets\": [\n"
		"{\"cache\": \"iotlb\", \"pasid\": 0},\n"
		"{\"cache\": \"devtlb\", \"pasid\": 0, \"sid\": 776}]}]",
		"\"command\": {\"size\": 40, \"trailing\": \"0000000000000000\"},\n"
		"\"entries\": [{\"addr\": \"0x1000\", \"npages\": 1},\n"
		"{\"range\": {\"addr\": 0, \"npages\": 2, \"stride\": 4096,\n"
		"\"count\": 3}}],\n"
		"\"expected\": {\"errno\": \"0\", \"entryNum\": 4,\n"
		"\"hwError\": [{\"value\": 0, \"count\": 4}]}"),
	REQUEST_FILE("\"type\": \"SelfTest\"",
		     "\"entries\": [{\"iotlbId\": 1}],\n"
		     "\"iotlb\": [1, 2, 3, 4],\n"
		     "\"expected\": {\"errno\": \"0\", \"entryNum\": 1,\n"
		     "\"iotlb\": [1, 0, 3, 4]}"),
	REQUEST_FILE("\"type\": \"Cover\"",
		     "\"addr\": \"0x3000\", \"npages\": 1, \"how\": \"two\",\n"
		     "\"expected\": {\"blocks\": [[\"0x3\", 0]]}"),
	REQUEST_FILE("\"type\": \"Audit\", \"revision\": \"linux\"",
		     "\"entry\": {\"addr\": 0, \"npages\": 1},\n"
		     "\"expected\": {\"errno\": \"0\", \"rule\": \"\",\n"
		     "\"reach\": \"range\", \"first\": 0, \"last\": 0}"),
	REQUEST_FILE("\"type\": \"Audit\", \"revision\": \"linux\"",
		     "\"entry\": {\"addr\": 1, \"npages\": 1},\n"
		     "\"expected\": {\"errno\": \"EINVAL\",\n"
		     "\"rule\": \"AUD-3\"}"),
	REQUEST_FILE("\"type\": \"Encode\"",
		     "\"fields\": {\"type\": \"cc\", \"g\": 1},\n"
		     "\"expected\": {\"qw\": [\"0x11\", 0, 0, 0]}"),
	REQUEST_FILE(
		"\"type\": \"Decode\"",
		"\"qw\": [\"0x11\", 0], \"mode\": {\"queue\": 128},\n"
		"\"expected\": {\"type\": \"cc\", \"fields\": {\"g\": 1},\n"
		"\"violations\": []}"),
	REQUEST_FILE("\"type\": \"Image\", \"order\": \"little\"",
		     "\"what\": \"selfTestEntry\",\n"
		     "\"bytes\": \"0100000002000000\",\n"
		     "\"expected\": {\"fields\": {\"flags\": 1,\n"
		     "\"iotlbId\": 2}}"),
	"\"audit\": \"strict\",\n",
	"\"vaBits\": 57,\n",
	"\"cover\": \"exact\",\n",
	"\"attribution\": \"replay\",\n",
	"\"attribution\": \"single\",\n",
	"\"timeoutsMax\": 3,\n",
	"\"budget\": 100,\n",
	"\"slots\": 128,\n",
	"\"dit\": false,\n",
	"\"pds\": true,\n",
	"\"te\": false,\n",
	"\"amMax\": 18,\n",
	"\"plainFence\": true,\n",
	"\"quirks\": [\"am-bound-18\", \"no-resume\"],\n",
	"\"pfsid\": 768, \"mip\": 8, \"twice\": true,\n",
	"\"command\": {\"hwpt\": \"missing\"},\n",
	"\"memory\": {\"holes\": [[65536, 1]], \"readOnly\": [[4096, 1]]},\n",
	"\"memory\": {\"failAccess\": 2},\n",
	"\"faults\": [{\"invalidation\": 1, \"kind\": \"iqe\", \"code\": 4}],\n",
	"\"faults\": [{\"device\": 776, \"kind\": \"ite\", \"times\": \"always\"}],\n",
	"\"signal\": 1,\n",
	"\"rule\": \"AUD-3\",\n",
	"\"written\": false,\n",
	"\"descriptors\": [[]], \"waits\": [[\"SW|FN\"]],\n",
	"\"descriptorCount\": [0], \"submissions\": [0],\n",
	"\"errno\": \"EINVAL\"",
	"\"result\": \"invalid\",\n",
	"\"result\": \"acceptable\",\n",
	"\"what\": \"command\",\n",
	"\"order\": \"big\",\n",
	"\"0xffffffffffffffff\"",
	"9007199254740991",
	"null",
	"true",
	"{}",
	"[]",
	",\n",
};

static const struct fuzz_format request_format = {
	.name = "request",
	.about = "a request file, for the reader of s1inv replay and vectors",
	.tokens = request_tokens,
	.token_num = FUZZ_COUNT(request_tokens),
};

#endif /* S1INV_FUZZ_REQUEST_FORMAT_H */
