#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# Test of the s1inv command: test_tool.sh PATH-OF-S1INV
#
# What is expected was worked out by hand from the bit positions of VT-d 6.5.2
# and 11.4, not taken from the command's output.

tool=$1
logs=$(dirname "$0")/logs
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
failed=0
checks=0

# The drawings' lines are plain ASCII in this locale.
LC_ALL=C
export LC_ALL
unset NO_COLOR

fail()
{
	failed=$((failed + 1))
	echo "FAIL: $cmd: $*"
}

# Run it; standard input is the caller's.
run()
{
	cmd="s1inv $*"
	"$tool" "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
}

# want STATUS TEXT...: the last run's exit status, and what it printed
want()
{
	checks=$((checks + 1))
	[ "$status" -eq "$1" ] || fail "exit status $status, not $1"
	shift
	tr -s ' \n' '  ' <"$tmp/out" >"$tmp/flat"
	for text; do
		grep -qF -e "$text" "$tmp/flat" || fail "no '$text'"
	done
	[ -s "$tmp/err" ] && fail "something on standard error"
	if awk 'length($0) > 80 { exit 1 }' "$tmp/out"; then :; else
		case $cmd in
		*--json*) ;;
		*) fail "a line of more than 80 columns" ;;
		esac
	fi
	grep -q "$(printf '\033')" "$tmp/out" && fail "colour in a file"
	grep -q '[[:blank:]]$' "$tmp/out" && fail "blanks at the end of a line"
}

# not TEXT...: what the last run must not have printed
not()
{
	for text; do
		grep -qF -e "$text" "$tmp/flat" && fail "'$text'"
	done
}

# bad ARG...: exit status 2, one line on standard error, and nothing else
bad()
{
	checks=$((checks + 1))
	run "$@" </dev/null
	[ "$status" -eq 2 ] || fail "exit status $status, not 2"
	[ -s "$tmp/out" ] && fail "output in spite of bad input"
	[ "$(wc -l <"$tmp/err")" -eq 1 ] || fail "not one line of error"
	grep -q '^s1inv[ :]' "$tmp/err" || fail "error does not begin with s1inv"
}

# says TEXT: the last bad run's message
says()
{
	grep -qF -e "$1" "$tmp/err" || fail "error has no '$1'"
}

# is_json: the last run printed one document
is_json()
{
	command -v python3 >/dev/null || return
	python3 -c 'import json, sys; json.load(sys.stdin)' <"$tmp/out" \
		2>/dev/null || fail "not one JSON document"
}

# get EXPRESSION VALUE: an element d[...] of the last run's document
get()
{
	command -v python3 >/dev/null || return
	value=$(python3 -c "import json, sys
d = json.load(sys.stdin)
print(json.dumps(d$1))" <"$tmp/out" 2>&1)
	[ "$value" = "$2" ] || fail "d$1 is $value, not $2"
}

# ------------------------------------------------------------ the command

run --version
want 0 "s1inv "
run --help
want 0 "decode --log" "encode TYPE" "cover ADDR NPAGES" "vectors --check"
for sub in replay decode encode cover fault caps vectors; do
	run $sub --help
	want 0 "Usage: s1inv $sub" "--json"
done
bad
bad nonsense
says "unknown subcommand 'nonsense'"
bad --nonsense
bad "two
lines"
bad decode --nonsense
says "s1inv decode: bad option '--nonsense'"
bad fault -x
says "unknown option '-x'"
# The letter is to blame, not the option before it
bad decode --json -xh 1 2
says "unknown option '-x'"
bad decode --queue=128 -jx 1 2
says "unknown option '-j'"
bad decode 1 2 --json=1
says "bad option '--json=1'"
bad decode -1 0
says "'-1' is not a number"
bad cover 0 -12
says "'-12' is not a number"

# ----------------------------------------------------------------- decode

# 0x0000af03_00100003: SID 47:32 = af03 = bus af, 0000 0 011: device 0,
# function 3; MIP 20:16 = 0x10. qw1: S, and the lowest zero bit is bit 63.
run decode 0xaf0300100003 0x7ffffffffffff001
want 0 "device-TLB invalidate (type 0x3)" "0xaf03 requester af:00.3" \
	"MIP 16 most invalidations pending" "the whole address space" \
	"| PFSID | rsvd | SID | rsvd | MIP | PFSID | TYPE | rsvd | TYPE |" \
	"63 52 51 48 47 32 31 21 20 16 15 12 11 9 8 4 3 0" \
	"valid in a 256-bit queue, scalable mode"
not violation

run decode 0x0301234503080088 0x7ffffffffffff800
want 0 "PASID-based device-TLB invalidate (type 0x8)" "MIP 8 " \
	"0x308 requester 03:01.0" "0x300 its physical function, 03:00.0" \
	"PASID 0x12345 address space 0x12345" "GI 0 this PASID only" \
	"qw1 11 S 1" "the whole address space" valid

# S set, bits 19:12 one and bit 20 zero: order 9
run decode 0x0300030800080003 0x00000000400ff001
want 0 "0x308 requester 03:01.0" \
	"0x40000000 to 0x401fffff, 512 pages (2 MiB)"
run decode 0x0300030800080003 0x00000000400ff001 --no-dit
want 0 "violation: reserved bits are set" "reserved: ECAP.DIT is 0"
run decode 0x0300030800080003 0xfffffffffffff001
want 0 "undefined: all ones with S"
run decode 3 0 --no-dt
want 0 "violation: the type needs a capability that is off"

run decode 0x0001234500050036 0x0000000040000049
want 0 "PASID-based IOTLB invalidate" "G 3 page-selective-in-PASID" \
	"DID 0x5 domain id 5" "AM 9 2^9 pages" "IH 1 hint: only leaf" \
	"0x40000000 to 0x401fffff, 512 pages (2 MiB)"
# ADDR bits below AM are masked
run decode 0x30036 0x40003009
want 0 "0x40000000 to 0x401fffff, 512 pages (2 MiB)"
run decode 0xafff00000003 0
want 0 "requester af:1f.7" "MIP 0 means 32: no throttling" \
	"0x0 to 0xfff, 1 page (4 KiB)"
# AM 53 is undefined; bit 6 of qw0 and bits 11:7 of qw1 are reserved
run decode 0x30036 0x35
want 0 "violation: AM 53 is undefined"
run decode 0x30076 0x394
want 0 "qw0 8:6 rsvd 0x1 must be 0" "qw1 11:7 rsvd 0x7 must be 0" "!0x1" \
	"violation: reserved bits"
run decode 0x6 0
want 0 "violation: granularity 0 is reserved"
run decode --ttm legacy 0x30036 0x14
want 0 "violation: not a type for a 256-bit queue in legacy mode"
run decode --queue 128 0x30036 0x14
want 0 "violation: not a type for a 128-bit queue in scalable mode"
run decode --ttm legacy --queue 128 0x5 0
want 0 "valid in a 128-bit queue, legacy mode"
# Bits 11:9 are part of the type: 0x203 is type 0x13
run decode 0x203 0
want 0 "(type 0x13)" "violation: no such descriptor type"
run decode 0x26 0 1 0
want 0 "qw2 0x0000000000000001" "qw2 63:0 rsvd 0x1 must be 0" violation
# 0x2_0000_0025: data 2, SW
run decode 0x200000025 0x10005f634
want 0 "invalidation wait" "DATA 0x2 written to ADDR" "SW 1 status write" \
	"FN 0 no fence" "0x10005f634 status address"
run decode 0xa5 0
want 0 "reserved: ECAP.PDS is 0" violation
run decode --pds 0xa5 0
want 0 "drain page requests first" valid

run decode --json 0xaf0300100003 0x7ffffffffffff001
want 0
is_json
get '["type"]' 3
get '["key"]' '"devtlb"'
get '["valid"]' true
get '["fields"][2]["name"]' '"SID"'
get '["fields"][2]["value"]' '"0xaf03"'
get '["fields"][2]["bits"][0]' '{"qw": 0, "msb": 47, "lsb": 32}'
get '["fields"][0]["name"]' '"PFSID"'
get '["fields"][0]["bits"][1]' '{"qw": 0, "msb": 15, "lsb": 12}'
get '["range"]' '{"addr": "0x0", "order": 52, "pages": 4503599627370496}'
run decode --json 0x30076 0x394
get '["violations"][0]["id"]' '"reserved"'
get '["reserved"]' '["0x40", "0x380"]'

bad decode
bad decode 1
bad decode 1 2 3
bad decode 1 2 3 4 5
bad decode 0x 0
bad decode 0x1g 0
says "'0x1g' is not a 64-bit number"
bad decode " 1" 0
bad decode +1 0
bad decode "" 0
bad decode 0x10000000000000000 0
bad decode 18446744073709551616 0
bad decode 1 2 3 4 --queue 128
bad decode --queue 64 1 2
bad decode --ttm fast 1 2
bad decode --ttm
bad decode --log 1 2
bad decode --log --no-dit
run decode 18446744073709551615 0xFFFFffffFFFFffff
want 0 "(type 0x7f)"

# ----------------------------------------------------------------- encode

# encodes TYPE FIELD=VALUE... QW0 QW1: 128-bit descriptors
encodes()
{
	words=
	for last; do words="$words $last"; done
	# shellcheck disable=SC2086
	set -- $words
	args=
	while [ $# -gt 2 ]; do
		args="$args $1"
		shift
	done
	# shellcheck disable=SC2086
	run encode $args
	want 0
	[ "$(cut -d ' ' -f 1-2 "$tmp/out")" = "$1 $2" ] ||
		fail "not $1 $2: $(cat "$tmp/out")"
}

encodes cc g=1 0x0000000000000011 0x0000000000000000
encodes cc g=2 did=5 0x0000000000050021 0x0000000000000000
encodes iotlb g=1 dr=1 dw=1 0x00000000000000d2 0x0000000000000000
encodes iotlb G=2 DID=5 DR=1 DW=1 0x00000000000500e2 0x0000000000000000
encodes devtlb sid=0x308 pfsid=0x300 mip=8 addr=0x40000000 \
	0x0300030800080003 0x0000000040000000
encodes devtlb sid=03:01.0 pfsid=03:00.0 mip=8 addr=0x40000000 order=9 \
	0x0300030800080003 0x00000000400ff001
encodes devtlb sid=af:00.3 mip=16 addr=0 order=52 \
	0x0000af0300100003 0x7ffffffffffff001
encodes devtlb sid=af:00.3 mip=16 addr=0x7ffffffffffff000 s=1 \
	0x0000af0300100003 0x7ffffffffffff001
encodes devtlb sid=0000:af:00.3 pfsid=0000:af:00.0 \
	0xaf00af0300000003 0x0000000000000000
encodes iec 0x0000000000000004 0x0000000000000000
# IIDX 47:32, IM 31:27: 3 << 27
encodes iec g=1 im=3 iidx=0x1238 0x0000123818000014 0x0000000000000000
encodes wait sw=1 data=2 addr=0x1000 0x0000000200000025 0x0000000000001000
encodes wait sw=1 fn=1 data=2 addr=0x1000 0x0000000200000065 0x0000000000001000
encodes wait fn=1 0x0000000000000045 0x0000000000000000
encodes wait if=1 pd=1 0x0000000000000095 0x0000000000000000
encodes piotlb g=2 did=5 0x0000000000050026 0x0000000000000000
encodes piotlb g=3 did=5 pasid=0x12345 addr=0x40000000 am=9 ih=1 \
	0x0001234500050036 0x0000000040000049
encodes pc did=5 0x0000000000050007 0x0000000000000000
encodes pc g=3 0x0000000000000037 0x0000000000000000
encodes pdevtlb sid=0x308 pfsid=0x300 mip=8 pasid=0x12345 addr=0x40000000 \
	0x0301234503080088 0x0000000040000000
encodes pdevtlb sid=0x308 pfsid=0x300 mip=8 pasid=0x12345 order=52 \
	0x0301234503080088 0x7ffffffffffff800
# PP 4, RC 15:12, RID 31:16, PASID 51:32; PRGI 11:3: 5 << 3
encodes pgresp pp=1 rc=1 rid=03:01.0 pasid=7 prgi=5 \
	0x0000000703081019 0x0000000000000028
encodes devtlb addr=0x40000000 order=0 \
	0x0000000000000003 0x0000000040000000
encodes devtlb addr=0x40000000 order=1 \
	0x0000000000000003 0x0000000040000001
encodes devtlb addr=0x40000000 order=3 \
	0x0000000000000003 0x0000000040003001
encodes pdevtlb addr=0x40000000 order=18 \
	0x0000000000000008 0x000000005ffff800
encodes pdevtlb order=51 0x0000000000000008 0x3ffffffffffff800

# Reserved values are encoded as asked, and help says so
encodes piotlb g=0 am=63 0x0000000000000006 0x000000000000003f
encodes pgresp rc=5 0x0000000000005009 0x0000000000000000
run encode --help
want 0 "reserved or undefined are encoded as asked" "piotlb: 2 PASID, 3 page" \
	"FM bits of SID" "0xf response failure"
run encode pc g=3
want 0 "0x0000000000000037 0x0000000000000000 0x0000000000000000 0x0000000000000000"
run encode --json devtlb sid=af:00.3 mip=16 order=52
want 0
is_json
get '["qw"]' '["0xaf0300100003", "0x7ffffffffffff001"]'

bad encode
bad encode nothing
says "unknown type 'nothing'"
bad encode hpt
bad encode cc sid
bad encode cc bogus=1
says "cc has no field 'bogus'"
bad encode cc averyveryverylongname=1
bad encode cc =1
bad encode iec addr=0
bad encode cc g=4
says "G has 2 bits: 0x4 is too large"
bad encode cc did=0x10000
bad encode cc fm=4
bad encode devtlb sid=0x10000
bad encode devtlb pfsid=65536
bad encode devtlb mip=32
bad encode devtlb sid=af:20.0
bad encode devtlb sid=af:00.8
bad encode devtlb sid=af:0
bad encode devtlb sid=af:00.3x
bad encode devtlb sid=0001:af:00.3
says "has a PCI domain other than 0000, which no descriptor can hold"
says "leave it out: 'af:00.3'"
bad encode pgresp rid=10000:af:00.3
says "leave it out: 'af:00.3'"
bad encode devtlb sid=0000:af
bad encode devtlb sid=0000:0000:af:00.3
bad encode devtlb sid=x:y:z
says "is not a number that it can hold"
bad encode devtlb did=1
bad encode devtlb addr=0x1800
says "ADDR must be a multiple of 4096"
bad encode devtlb addr=0x1000 order=1
says "not aligned to 2^1 pages"
bad encode devtlb order=53
bad encode devtlb order=1 s=1
bad encode devtlb order=64
bad encode piotlb order=1
bad encode piotlb pasid=0x100000
bad encode piotlb am=64
bad encode piotlb g=3 g=3
says "G is given twice"
bad encode piotlb am=
bad encode piotlb am=-1
bad encode wait addr=2
says "ADDR must be a multiple of 4"
bad encode wait data=0x100000000
bad encode pgresp prgi=512

# ------------------------------------------------------------------ cover

run cover 0x40000000 512
want 0 "512 pages (2 MiB) in 1 block, 1.00 times" \
	"0x40000000 9 2 MiB 0x400ff001 0x400ff800"
run cover 0x3ffff000 2
want 0 "in 2 blocks, 1.00 times" "0x3ffff000 0 4 KiB 0x3ffff000 0x3ffff000" \
	"0x40000000 0 4 KiB"
# Pages 0x7ffe to 0x8002 part at 0x8000: 2 pages below, 3, widened to 4, above
run cover 0x7ffe000 5
want 0 "5 pages (20 KiB)" "6 pages (24 KiB) in 2 blocks, 1.20 times" \
	"0x7ffe000 1 8 KiB 0x7ffe001 0x7ffe800" \
	"0x8000000 2 16 KiB 0x8001001 0x8001800"
run cover --exact 0x7ffe000 5
want 0 "5 pages (20 KiB) in 3 blocks, 1.00 times" "0x8002000 0 4 KiB"
# From page 1 to page 2^52 - 2: orders 0 to 50 up, and 50 to 0 down
run cover --exact 0x1000 0xffffffffffffe
want 0 "in 102 blocks, 1.00 times"
run cover 0 all
want 0 "everything" "(16 EiB) in 1 block" "0x7ffffffffffff001" \
	"0x7ffffffffffff800" "PASID-selective" COV-6
run cover 0 18446744073709551615
want 0 "everything"
run cover 0 0
want 0 "nothing to do (AUD-6)"
run cover 0xfffffffffffff000 2
want 0 "1 page (4 KiB)" "npages was 2 (AUD-7)"
run cover 0x1001 1
want 1 "refused: EINVAL by AUD-3"
run cover 0x1000 all
want 1 "refused: EINVAL by AUD-4"
run cover --json 0x1001 1
want 1
is_json
get '["errno"]' '"EINVAL"'
get '["rule"]' '"AUD-3"'
get '["blocks"]' '[]'
run cover --json 0x7ffe000 5
want 0
get '["pages_covered"]' 6
get '["blocks"][1]["addr"]' '"0x8000000"'
get '["blocks"][1]["am"]' 2
get '["blocks"][1]["device_tlb_addr"]' '"0x8001000"'
run cover --json 0 all
get '["blocks"][0]["pasid_selective"]' true

bad cover
bad cover 0
bad cover 0 1 2
bad cover x 1
bad cover 0 x
bad cover 0 -1

# ------------------------------------------------------------------ fault

run fault 40 0xaf0300000000
want 0 "ITE Invalidation Time-out Error" "af:00.3 did not answer" \
	QUE-7 QUE-8 QUE-9 QUE-10
not "IQE " "QUE-4 " QUE-11
run fault 0x10 0xffffffff00000004
want 0 "Code 4: reserved field not zero" QUE-4 QUE-5 \
	"ITESID 0xffff is ignored" "ICESID 0xffff is ignored"
not "ff:1f.7"
run fault 0x10 0
want 0 "Code 0: no information" QUE-4
run fault 0x10 5
want 0 "code 5:" "QUE-6" "until a reset"
not "QUE-4 "
run fault 0x10 8
want 0 "code 8: undefined" "until a reset"
run fault 0x20 0x0308000000000007
want 0 "03:01.0 sent" QUE-11 "IQEI 7 is ignored"
run fault 0x40 0
want 0 "Which one is not known"
run fault 0x70 0x0308af0300000003
want 0 "Code 3: invalid descriptor type" "03:01.0 sent" \
	"af:00.3 did not answer"
run fault 2 5
want 0 "No error of the invalidation queue" "PPF" "IQEI 5 is ignored" \
	"FRI (bits 15:8) 0:"
# FRI means something only with a fault of DMA: bits 0 and 1
run fault 1f01 0
want 0 "PFO" "FRI (bits 15:8) 31:"
not PPF AFO
run fault 1f40 0
want 0 ITE
not FRI "Also set"
run fault 1008c 0
want 0 "bit 2 (once AFO" "bit 3 (once APF" "bit 7 (once PRO" "bits of 31:16"
not FRI "bit 1 "
run fault --json 1f03 0
get '["fri"]' 31
get '["others"]' \
	'["PFO (primary fault overflow)", "PPF (primary pending fault)"]'
run fault --json 1f10 0
get '["fri"]' null
get '["others"]' '[]'
run fault --json 0x70 0x0308af0300000005
want 0
is_json
get '["iqe"]["code"]' 5
get '["iqe"]["broken"]' true
get '["ite"]["requester"]' '"af:00.3"'
get '["ice"]["sid"]' '"0x308"'
run fault --json 40 4
get '["iqe"]' null
get '["ite"]["requester"]' null
bad fault
bad fault 40
bad fault 40 0 0
bad fault 0x100000000 0
bad fault 4z 0
bad fault 40 ''

# ------------------------------------------------------------------- caps

# CAP: MAMV 53:48 = 45, ND = 6: 16 bits, MGAW = 56: 57 bits
run caps 19ed008c40780c66 3ee9e86f050df
want 0 "Nested translation is possible here" "53:48 MAMV 45" "2:0 ND 6" \
	"43 SMTS 1" "26 NEST 1 nested translation" "ECAP.DIT is 1" \
	"ECAP.PDS is 1" "2^45 pages (128 PiB)" "Domain ids have 16 bits" \
	"48 or 57 bits" "MAMV and CAP.PSI do not bound them"
run caps 0x1c0000c40660462 0x7e3ff0505e
want 0 "Nested translation is not possible here" "does not count" \
	"26 NEST 1 does not count: SMTS is 0" "CAP.PSI is 0" \
	"Domain ids have 8 bits" "ECAP.DIT is 0"
not "is possible here"
run caps d2008c40660462 f050da
want 0 "not possible here" "2^18 pages (1 GiB)" "ECAP.DT is 0"
# Scalable mode without nesting, with PSS = 19 but no PASID
run caps c9de008cee690462 12ca9a00f0ef5e
want 0 "scalable mode, but ECAP.NEST is 0" "2^30 pages" "ECAP.PDS is 0"
# NEST without FSTS (bit 47): QI, NEST, SMTS, SSTS = 2^1 + 2^26 + 2^43 + 2^46
run caps 0 0x480004000002
want 0 "not possible here" "on which it builds"
run caps --json 19ed008c40780c66 3ee9e86f050df
want 0
is_json
get '["nested"]' true
run caps --json 1c0000c40660462 7e3ff0505e
get '["nested"]' false
bad caps
bad caps 1
bad caps 1 g
bad caps 10000000000000000 0

# -------------------------------------------------------------------- log

run decode --log <"$logs/timeout.log"
want 0 "Invalidation Time-out Error (ITE) seen once, at 147.069016" \
	"Which one is not known" \
	"QI HEAD: device-TLB invalidate for af:00.3: the whole address space" \
	"not necessarily the culprit" "without limit" \
	"QI PRIOR: invalidation wait, writes 0x2 to 0x10005f634" "SID | rsvd" \
	"QI HEAD is for af:00.3: the log shows no better candidate" \
	"with SID 0 it cannot find out"
not "Fault status" ETIMEDOUT
run decode --log <"$logs/loop.log"
want 0 "Error (ICE) seen once, at 893.004144 reported cleared once" \
	"Error (ITE) seen once, at 893.004266" "What Linux does: it logs" \
	"The slot at QI HEAD is empty"
run decode --log <"$logs/refused.log"
want 0 "Invalidation Queue Error (IQE)" "Code 0: no information" \
	"domain 3, PASID 0x0: 0x0 to 0xffffffff, 1048576 pages (4 GiB)" \
	"What a receiver may have refused: - AM 20 is allowed" \
	"- It needs scalable mode" "it overwrote the refused descriptor" \
	"EINVAL" "drop that error"
run decode --log <"$logs/capabilities.log"
want 0 "dmar0 cap 0x19ed008c40780c66" "is possible here" "dmar1 cap" \
	"2^18 pages"
run decode --log <"$logs/qemu.log"
want 0 "0x0 to 0x3fff, 4 pages (16 KiB)" \
	"Descriptor refused by QEMU: am=20 > VTD_MAMV=18" "AM 20 is allowed"
run decode --log <"$logs/torn.log"
want 0 "The device 03:01.0 did not answer" "Nov 22 08:32:10" \
	"0x40000000 to 0x401fffff, 512 pages (2 MiB)" \
	"QI HEAD is for 03:01.0, the function that timed out" \
	"QI PRIOR: invalidation wait, qw0 0x200000025, qw1 is torn in the log" \
	"gives up its own submission with ETIMEDOUT, be that for this device" \
	"A line is torn" "Code 4: reserved field not zero" "at 13.000000" \
	"qw0 63:32 rsvd 0x1 must be 0" "breaks the specification" \
	"no line that IQE was cleared"
run decode --log --json <"$logs/torn.log"
want 0
is_json
get '["errors"][0]["timed_out"]' '"03:01.0"'
get '["errors"][0]["cleared"]' '["ITE"]'
get '["errors"][0]["head"]["range"]["order"]' 9
get '["errors"][0]["torn"]' true
get '["errors"][0]["prior"]' null
get '["errors"][0]["prior_words"]' '["0x200000025", null]'
get '["errors"][0]["code"]' null
get '["errors"][1]["errors"]' '["IQE"]'
get '["errors"][1]["code"]' 4
get '["errors"][1]["head"]["reserved"][0]' '"0x100000000"'

# Nothing is made of a descriptor of which a part is lost: qw1 is missing
iqe='DMAR: VT-d detected Invalidation Queue Error: Reason'
ite='DMAR: VT-d detected Invalidation Time-out Error: SID'
{
	echo "$iqe 4"
	echo "DMAR: QI HEAD: PASID-based IOTLB Invalidation qw0 = 0x30036, "
	echo "usb 1-1: reset"
} >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "PASID-based IOTLB invalidate, qw0 0x30036, qw1 is missing in the log" \
	"A line is torn" "Whether the descriptor is valid cannot be told"
not " to 0x" "valid in" "valid by" "may have refused" "| TYPE |"
run decode --log --json <"$tmp/log"
get '["errors"][0]["head"]' null
get '["errors"][0]["head_words"]' '["0x30036", null]'
get '["errors"][0]["torn"]' true
# What stands on the line of another descriptor is no part of this one
echo "c qw0 = 0x200000025, qw1 = 0x14" >>"$tmp/log"
run decode --log <"$tmp/log"
want 0 "qw0 0x30036, qw1 is missing in the log"

# not_whole TEXT WORDS: a QI HEAD line that ends like this, and what is shown
not_whole()
{
	printf '%s 4\nDMAR: QI HEAD: x %s\n' "$iqe" "$1" >"$tmp/log"
	run decode --log <"$tmp/log"
	want 0 "QI HEAD: $2" "cannot be told"
	not "no descriptor" "all zeros" "valid in" "| TYPE |"
}
not_whole "qw0 = [    1.000000] usb" \
	"qw0 is torn in the log, qw1 is missing in the log"
not_whole "qw0 = 0x12345678123456789, qw1 = 0x14" \
	"qw0 is torn in the log, qw1 0x14"
not_whole "qw0 = 0x0, qw1 = 0x1[    1.000000] usb" \
	"qw0 0x0, qw1 is torn in the log"
not_whole "qw1 = 0x14" "qw0 is missing in the log, qw1 0x14"
not_whole "qw0 = 0x11, qw1 = 0x0, qw2 = 0x[" \
	"context-cache invalidate, qw0 0x11, qw1 0x0, qw2 is torn in the log"
not_whole "" "qw0 is missing in the log, qw1 is missing in the log"
# 16 digits are all that there can be, whatever stands behind them
printf '%s 4\nDMAR: QI HEAD: x qw0 = 0x0000000000000011usb, qw1 = 0x0\n' \
	"$iqe" >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "context-cache invalidate, global" "valid in"
not torn

# A Reason or a SID that was not read is not 0, nor is it what is left of it
for reason in zz '' 4d '[    2.000000] usb'; do
	echo "$iqe $reason" >"$tmp/log"
	run decode --log <"$tmp/log"
	want 0 "the Reason is missing or torn in the log" "A line is torn"
	not "Code 0" "Code 4"
	run decode --log --json <"$tmp/log"
	get '["errors"][0]["code"]' null
	get '["errors"][0]["torn"]' true
done
for sid in '30[   12.500000] DMAR: foo' x '' af030; do
	printf '%s %s\nQI HEAD: x qw0 = 0xaf0300100003, qw1 = 0x0\n' "$ite" \
		"$sid" >"$tmp/log"
	run decode --log <"$tmp/log"
	want 0 "the SID is missing or torn in the log" "A line is torn" \
		"with SID 0 it could not" "QI HEAD is for af:00.3: the log"
	not "00:06.0" "SID 0 comes" "a5:00"
	run decode --log --json <"$tmp/log"
	get '["errors"][0]["itesid"]' null
	get '["errors"][0]["timed_out"]' null
	get '["errors"][0]["torn"]' true
done
echo "$ite af03[   12.500000] DMAR: foo" >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "af:00.3 did not answer"
not torn "may be cut off"
# A number at the end of its line is whole; at the end of the input it may be
# cut off, unless it has all its digits. 0xaf0: bus 0a, 11110 000
printf '%s af0\n' "$ite" >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "0a:1e.0 did not answer"
not "cut off"
printf '%s af0' "$ite" >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "0a:1e.0 did not answer" "the last number above may be cut off"
run decode --log --json <"$tmp/log"
get '["unfinished"]' true
# The older kernel's line has no Reason
echo "DMAR: QI: detected invalid descriptor: low=200000025, high=10" >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "writes 0x2 to 0x10" "the Reason is missing"
not "Code 0"
echo "detected invalid descriptor: low=11, high=1[ 1.5] x" >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "qw0 0x11, qw1 is torn in the log"
# Lines of other kinds
{
	echo "vtd_inv_desc invalidate desc type p-iotlb high 0x2 low 0x300[ 1.5]"
	echo "vtd_inv_desc invalidate desc type p-iotlb high 0x2 lo"
	echo "invalid piotlb inv desc: hi=0x14, lo=[ 1.5]"
	echo "DMAR: DRHD: handling fault status reg 4[ 1.5]"
	echo "dmar0: reg_base_addr 1 ver 6:0 cap 19ed[ 1.5] ecap 3ee9e86f050df"
} >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "Left out because a number is missing or torn: 5 lines."
not "IOTLB inv" "refused by" "Fault status" "Nested"

# All three errors at one look
echo "$iqe 4 $ite 1 detected Invalidation Completion Error: SID 2" >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "(IQE), Invalidation Completion Error (ICE), Invalidation Time-out"

# A heading without a list is left out: a global cc can hardly be refused
printf '%s 0\nQI HEAD: x qw0 = 0x11, qw1 = 0x0\n' "$iqe" >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "valid by the specification. What Linux did"
not "may have refused"

# Bytes of another character set do no harm: 351 is a letter in Latin-1
if localedef -i en_US -f ISO-8859-1 "$tmp/latin1" 2>/dev/null; then
	{
		printf '\351\351dmar7: reg_base_addr 1 ver 6:0 cap 0 ecap 0\n'
		printf 'inv desc: hi=0x14, lo=0x30036 (\351)\n'
		printf '[ 1.5] %s 0 \351\n' "$iqe"
	} >"$tmp/log"
	LOCPATH=$tmp LC_ALL=latin1 "$tool" decode --log --json <"$tmp/log" \
		>"$tmp/out" 2>"$tmp/err"
	status=$?
	cmd="s1inv decode --log --json, in Latin-1"
	want 0
	get '["units"][0]["name"]' '"dmar7"'
	get '["refusals"][0]["reason"]' '"?"'
	cmd="s1inv, in Latin-1"
	LOCPATH=$tmp LC_ALL=latin1 "$tool" "$(printf '\351')" 2>"$tmp/err"
	says "unknown subcommand '?'"
fi

# Colours, links and the like are no part of a line
{
	printf '\033[32m[    0.166047] \033[0m\033[33mDMAR: \033[1mdmar0\033[0m'
	printf ': reg_\033[Kbase_addr 1 ver 6:0 cap 19ed008c40\033[m780c66 '
	printf 'ecap 3ee9e86f050df\n'
	printf '\033]8;;http://x qw0\033\\%s a\033(Bf\033]0;t\00703\n' "$ite"
	printf 'a\033[\033]0;torn\n\033[1\n[ 7.5] %s 308\n' "$ite"
} >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "dmar0 cap 0x19ed008c40780c66" "af:00.3 did not" "at line 2" \
	"03:01.0 did not" "at 7.5"
run decode --log --json <"$tmp/log"
get '["lines"]' 5

# A line end of two or three bytes is one; a carriage return alone is one too
printf 'a\r\n\r\nb\r\r\nc\rd\n%s 0\r\n\r' "$iqe" >"$tmp/log"
run decode --log --json <"$tmp/log"
get '["lines"]' 7
get '["errors"][0]["first"]' '"line 6"'

# Wherever a long line is divided, its words and its time are found
long_line()
{
	awk -v n="$1" -v stamp="$2" -v ite="$ite" 'BEGIN {
		printf "first\n%s", stamp
		for (i = 0; i < n; i++) printf i % 2 ? "y" : " "
		printf " dmar3: reg_base_addr 1 ver 6:0 cap 1 ecap 2 " ite " af03"
		for (i = 0; i < 2000; i++) printf " "
		print ""
	}' >"$tmp/log"
	run decode --log <"$tmp/log"
	want 0 "dmar3 cap 0x1 ecap 0x2" "af:00.3 did not" "seen once, at $3"
}
for n in 7000 7110 7130 7150 7156 7160 7164 7168 7200 8110 8130 8150 8170 8191 \
	8192 14000 14080 15000 70000; do
	long_line $n "" "line 2"
done
for n in 7100 8170 15000 70000; do
	long_line $n "[   12.500000] " "12.500000"
	long_line $n "Nov 22 08:32:10 host " "Nov 22 08:32:10"
done
run decode --log --json <"$tmp/log"
get '["lines"]' 2
get '["units"][0]["name"]' '"dmar3"'

# Time stamps are shown in full
iso=2025-11-22T08:32:1
{
	echo "${iso}0.123456+00:00 h kernel: $ite 0"
	echo "${iso}1.123456+00:00 h kernel: $ite 0"
	for digit in 0 1; do
		echo "$iso$digit.123456Z vtd_inv_desc x high 0x14 low 0x30036"
	done
} >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "first at ${iso}0.123456+00:00, last at ${iso}1.123456+00:00" \
	"(4 GiB); first at ${iso}0.123456Z, last at ${iso}1.123456Z"

# The same again and again, with another status address each time
awk 'BEGIN { for (i = 0; i < 300; i++) {
	printf "[ %d.5] DMAR: VT-d detected Invalidation Time-out Error: SID 0\n", i
	printf "[ %d.5] DMAR: QI HEAD: UNKNOWN qw0 = 0x0, qw1 = 0x0\n", i
	printf "[ %d.5] DMAR: QI PRIOR: Invalidation Wait qw0 = 0x200000025, qw1 = 0x%x\n", i, i * 4
} }' >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "seen 300 times, first at 0.5, last at 299.5"
[ "$(grep -c 'Error (ITE)' "$tmp/out")" -eq 1 ] || fail "the loop is repeated"

# Waits differ in status address and data only: they are one
{
	echo "vtd_inv_desc invalidate desc type wait high 0x1000 low 0x200000025"
	echo "vtd_inv_desc invalidate desc type wait high 0x2000 low 0x300000025"
	echo "vtd_inv_desc invalidate desc type wait high 0x2000 low 0x300000065"
} >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "2 line 1 line 2 invalidation wait, writes 0x2 to 0x1000" \
	"1 line 3 line 3 invalidation wait, writes 0x3 to 0x2000, fence"

# Two numbers for one quadword: the first one stays
{
	echo "DMAR: VT-d detected Invalidation Queue Error: Reason 3"
	echo "DMAR: QI HEAD: x qw0 = 0x11, qw1 = 0x0, qw0 = 0x4"
} >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "context-cache invalidate, global" "at line 1"

# A fault status of its own is told, and one of DMA is told apart
echo "DMAR: DRHD: handling fault status reg 2" >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "Fault status 0x2, not about the invalidation queue"

# Garbage around it, an endless line before it, DOS line ends, no last newline
{
	awk 'BEGIN { for (i = 0; i < 50000; i++) printf "x]0x[ " }'
	printf '\000\377\r\n\033[31mQI HEAD qw0 = , QI PRIOR desc: hi=\r\n'
	printf 'vtd_inv_desc x high 0x2 low\nreg_base_addr 1 cap  ecap \n'
	awk 'BEGIN { for (i = 0; i < 20000; i++) printf "a" }'
	sed 's/$/\r/' "$logs/refused.log"
	printf 'abc \377\377\377\377\033:zz:zz vtd_inv_desc x high 0x0 low 0x4\n'
	printf 'vtd_inv_desc invalidate desc type cc high 0x0 low 0x11'
} >"$tmp/log"
run decode --log <"$tmp/log"
want 0 "AM 20 is allowed" "context-cache invalidate, global" \
	"interrupt-entry-cache invalidate, global"
run decode --log --json <"$tmp/log"
want 0
is_json
run decode --log </dev/null
want 0 "Nothing about a VT-d invalidation queue in 0 lines"
bad decode --log --queue 256
cmd="s1inv decode --log <directory"
"$tool" decode --log <"$tmp" >"$tmp/out" 2>"$tmp/err"
[ $? -eq 2 ] || fail "a directory is read as a log"

# ----------------------------------------------------------------- output

if [ -w /dev/full ]; then
	cmd="s1inv caps >/dev/full"
	"$tool" caps 1 1 >/dev/full 2>"$tmp/err"
	[ $? -eq 1 ] || fail "a full disk is not noticed"
	grep -q 'cannot write' "$tmp/err" || fail "no message"
fi
cmd="s1inv --help, into a closed pipe"
{
	sleep 1
	"$tool" --help 2>"$tmp/err"
	echo $? >"$tmp/status"
} | :
# The braces may outlive the pipe's reader, and in some shells the pipe.
while [ ! -s "$tmp/status" ]; do sleep 1; done
[ "$(cat "$tmp/status")" = 1 ] || fail "exit status $(cat "$tmp/status")"
grep -q 'cannot write' "$tmp/err" || fail "no message"

esc=$(printf '\033')
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
	cmd="s1inv decode on a terminal"
	TERM=xterm script -qec "$tool decode 3 0" /dev/null </dev/null |
		grep -q "$esc" || fail "no colour"
	TERM=xterm NO_COLOR=1 script -qec "$tool decode 3 0" /dev/null \
		</dev/null | grep -q "$esc" && fail "colour in spite of NO_COLOR"
	TERM=xterm NO_COLOR='' script -qec "$tool decode 3 0" /dev/null \
		</dev/null | grep -q "$esc" || fail "NO_COLOR is empty"
fi

echo "$checks checks, $failed failed"
[ "$failed" -eq 0 ]
