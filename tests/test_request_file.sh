#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# Request and vector files: bad ones are refused with one line that names the
# place, and a wrong expectation is found wherever it stands.
# Usage: test_request_file.sh PATH-OF-S1INV

tool=${1:?usage: test_request_file.sh PATH-OF-S1INV}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0
file=$dir/file.json

fail() {
	echo "FAIL: $*" >&2
	failed=1
}

# A good file, on one line so that sed can spoil it.
good() {
	tr '\n' ' ' <<-'END'
	{"algorithm": "IOMMU_HWPT_INVALIDATE", "schema": "vectors_schema.json",
	"version": "0.1.0", "header": ["h"],
	"notes": {"F": {"bugType": "b", "description": "d", "rules": ["AUD-3"]}},
	"numberOfTests": 3, "testGroups": [
	{"type": "Request", "revision": "v8", "units": [{"did": 3, "targets": [
	{"cache": "iotlb", "pasid": 0},
	{"cache": "devtlb", "pasid": 0, "sid": "0x0308", "pfsid": "0x0300"}]}],
	"tests": [{"tcId": 1, "comment": "c", "flags": ["F"],
	"rules": ["REP-5"], "result": "invalid", "command": {"entryNum": 2},
	"entries": [{"addr": "0x40000000", "npages": 512, "flags": 1},
	{"addr": "0x40000800", "npages": "0x1"}],
	"memory": {"readOnly": [["0x10028", 2]]},
	"faults": [{"device": "0x0308", "kind": "ite", "sid": "0x0308"}],
	"expected": {"errno": "EINVAL", "rule": "AUD-3", "entryNum": 1,
	"written": true, "hwError": [2], "descriptors": [[["0x30036",
	"0x40000049"], ["0x0300030800000003", "0x400ff001"]]],
	"descriptorCount": [2], "waits": [["SW|FN", "SW"]], "submissions": [2]}}]},
	{"type": "SelfTest", "tests": [{"tcId": 2, "comment": "c",
	"result": "valid", "entries": [{"flags": 0, "iotlbId": 1}],
	"iotlb": [1, 2, 3, 4], "expected": {"errno": "0", "entryNum": 1,
	"iotlb": [1, 0, 3, 4]}}]},
	{"type": "Cover", "tests": [{"tcId": 3, "comment": "c",
	"result": "valid", "addr": "0x1000", "npages": 3, "how": "two",
	"expected": {"blocks": [["0x1", 0], ["0x2", 1]]}}]}]}
	END
}

spoil() {
	good | sed "$1" >"$file"
	good | cmp -s - "$file" && fail "'$1' spoils nothing"
}

# $file is refused by both commands, with one line that has $1 in it.
refused() {
	for command in "vectors --check" replay; do
		# shellcheck disable=SC2086
		$tool $command "$file" >"$dir/out" 2>"$dir/err"
		status=$?
		[ $status -eq 2 ] || fail "$command: status $status, not 2: $1"
		[ -s "$dir/out" ] && fail "$command: output for a bad file: $1"
		[ "$(wc -l <"$dir/err")" -eq 1 ] ||
			fail "$command: not one line on stderr: $1"
		grep -qF -- "$1" "$dir/err" ||
			fail "$command: '$1' is not in: $(cat "$dir/err")"
	done
}

# The good file with the sed command $1 applied is refused, with $2.
bad() {
	spoil "$1"
	refused "$2"
}

# The good file with the sed command $1 applied states what is not so.
differs() {
	spoil "$1"
	"$tool" vectors --check "$file" >"$dir/out" 2>"$dir/err"
	status=$?
	[ $status -eq 1 ] ||
		fail "'$1': status $status, not 1: $(cat "$dir/err")"
	grep -qF -- "$2" "$dir/out" || fail "'$2' is not in: $(cat "$dir/out")"
}

# --- the good file ---
good >"$file"
"$tool" vectors --check "$file" >"$dir/out" 2>&1 ||
	fail "the good file: $(cat "$dir/out")"
"$tool" replay "$file" >"$dir/out" 2>&1 || fail "replay of the good file"
for text in 'AUD-3' 'hw_error ITE' 'piotlb DID 3 PASID 0 0x40000000' \
	'wait SW|FN' 'devtlb 03:01.0' 'ITE: 03:01.0 did not answer'; do
	grep -qF -- "$text" "$dir/out" || fail "replay does not show $text"
done
[ "$(grep -cF 'as stated' "$dir/out")" -eq 2 ] || fail "not both as stated"
"$tool" replay --test 2 "$file" | grep -q '^tcId 2' || fail "--test 2"
"$tool" replay --test 3 "$file" >/dev/null 2>&1
[ $? -eq 2 ] || fail "--test of what is no call"
"$tool" replay --json "$file" | grep -q '"asStated": true' || fail "--json"
"$tool" vectors --check --json "$file" | grep -q '"failed": 0' ||
	fail "vectors --json"

# --- expectations that are wrong: every key is really compared ---
differs 's/"errno": "EINVAL"/"errno": "EIO"/' 'errno: is EINVAL, stated EIO'
differs 's/"rule": "AUD-3", "entry/"rule": "AUD-4", "entry/' 'rule: is AUD-3'
differs 's/"rule": "AUD-3", "entry/"rule": "", "entry/' 'rule: is AUD-3'
differs 's/"entryNum": 1, "written": true, "hwError": \[2\]/"entryNum": 0/' \
	'entryNum: is 1, stated 0'
differs 's/"written": true/"written": false/' 'written: is true'
differs 's/"hwError": \[2\]/"hwError": [0]/' 'entry 0: hw_error is 0x2'
differs 's/0x40000049/0x40000009/' 'unit 0, descriptor 0'
differs 's/, \["0x0300030800000003", "0x400ff001"\]//' '2 descriptors, stated 1'
differs 's/"descriptorCount": \[2\]/"descriptorCount": [1]/' 'stated 1'
differs 's/"SW|FN"/"FN"/' 'unit 0, wait 0: is "SW|FN", stated "FN"'
differs 's/"SW|FN", //' '2 waits, stated 1'
differs 's/"submissions": \[2\]/"submissions": [1]/' 'tail written 2 times'
differs 's/"iotlb": \[1, 0, 3, 4\]/"iotlb": [1, 2, 3, 4]/' 'iotlb[1]: is 0x0'
differs 's/\["0x2", 1\]/["0x2", 0]/' 'block 1'
differs 's/, \["0x2", 1\]//' '2 blocks, stated 1'
differs 's/0x10028/0x10014/' 'errno: is EFAULT, stated EINVAL'
differs 's/"readOnly": \[\["0x10028"/"holes": [["0x10002"/' 'rule: is COPY-2'
spoil 's/\["0x2", 1\]/["0x2", 0]/'
"$tool" replay --test 1 "$file" >/dev/null ||
	fail "replay counts a difference elsewhere"
spoil 's/"hwError": \[2\]/"hwError": [0]/'
"$tool" replay "$file" >"$dir/out"
[ $? -eq 1 ] || fail "replay: status of a difference"
grep -qF 'not as stated' "$dir/out" || fail "replay: difference not shown"

# --- JSON that is none ---
good | head -c 400 >"$file"
refused "file.json:1:"
: >"$file"
refused "file.json:"
echo '[]' >"$file"
refused "must be an object"
echo '{} x' >"$file"
refused "file.json:1:"
printf '{"algorithm": "\377"}\n' >"$file"
refused "file.json:"
printf '{"a\\u0000b": 1}\n' >"$file"
refused "file.json:1:"
bad 's/"tcId": 1/"tcId": 1e999/' "file.json:1:"
bad 's/"tcId": 1/"tcId": 99999999999999999999/' "file.json:1:"
bad 's/"version"/"schema"/' "duplicate"
bad 's/"tcId": 1,/"tcId": 1, "tcId": 4,/' "duplicate"
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "["; print "" }' >"$file"
refused "file.json:1:"
awk 'BEGIN { printf "{\"testGroups\":[{}"
	for (i = 0; i < 1100000; i++) printf ",{}"; print "]}" }' >"$file"
refused "more than 2^20"

# --- files that are none ---
rm "$file"
refused "No such file"
mkdir "$file"
refused "is a directory"
rmdir "$file"
ln -s /dev/zero "$file"
refused "neither a file nor a pipe"
rm "$file"
truncate -s 100M "$file"
refused "larger than 16 MiB"
rm "$file"
good | "$tool" vectors --check /dev/stdin >/dev/null 2>&1 || fail "a pipe"
dd if=/dev/zero bs=1M count=20 2>/dev/null |
	"$tool" vectors --check /dev/stdin 2>&1 | grep -q 'larger than 16 MiB' ||
	fail "a long pipe"

# --- unknown keys, by name and with their place ---
bad 's/"version"/"versoin"/' 'unknown key "versoin"'
bad 's/"bugType"/"bugtype"/' 'notes.F: unknown key "bugtype"'
bad 's/"revision"/"revison"/' 'testGroups[0]: unknown key "revison"'
bad 's/"did"/"ddid"/' 'testGroups[0].units[0]: unknown key "ddid"'
bad 's/"iotlb", "pasid": 0/"iotlb", "sid": 0/' 'units[0].targets[0]'
bad 's/"rules": \["REP/"rule": ["REP/' 'tests[0]: unknown key "rule"'
bad 's/{"entryNum": 2}/{"entrynum": 2}/' 'tests[0].command: unknown key'
bad 's/"npages": 512/"pages": 512/' 'tests[0].entries[0]: unknown key "pages"'
bad 's/"readOnly"/"readonly"/' 'tests[0].memory: unknown key'
bad 's/"kind": "ite"/"what": "ite"/' 'tests[0].faults[0]: unknown key'
bad 's/"waits"/"wait"/' 'tests[0].expected: unknown key "wait"'
bad 's/"iotlbId"/"iotlb_id"/' 'testGroups[1].tests[0].entries[0]: unknown key'
bad 's/"how"/"who"/' 'testGroups[2].tests[0]: unknown key "who"'
bad 's/"version"/"a\\u001b[31m"/' 'unknown key "a?[31m"'

# --- types and values, with their place ---
bad 's/"header": \["h"\]/"header": "h"/' 'header: must be an array'
bad 's/"header": \["h"\]/"header": [1]/' 'header[0]: must be a string'
bad 's/_INVALIDATE/_MAP/' 'algorithm: must be'
bad 's/vectors_schema/schema/' 'schema: must be'
bad 's/"type": "Cover"/"type": "cover"/' 'testGroups[2].type: must be one of'
bad 's/"tests": \[{"tcId": 2/"tests": {"a": [{"tcId": 2/; s/4\]}}\]}/4]}}]}}/' \
	'tests: must be an array'
bad 's/"revision": "v8"/"revision": 8/' 'revision: must be a string'
bad 's/"did": 3/"did": 65536/' 'units[0].did: must be at most 65535'
bad 's/"did": 3/"did": -1/' 'units[0].did: must be a number'
bad 's/"did": 3/"did": 3.0/' 'units[0].did: must be a number'
bad 's/"did": 3/"did": "3x"/' 'units[0].did: must be a number'
bad 's/"did": 3/"did": ""/' 'units[0].did: must be a number'
bad 's/"did": 3/"did": "0X3"/' 'units[0].did: must be a number'
bad 's/"did": 3/"did": 3, "slots": 200/' 'slots: must be a power of two'
bad 's/"did": 3/"did": 3, "te": 1/' 'te: must be true or false'
bad 's/"did": 3/"did": 3, "quirks": ["fast"]/' 'quirks[0]: must be one of'
bad 's/"pasid": 0, "sid"/"pasid": "0x100000", "sid"/' 'targets[1].pasid'
bad 's/"npages": 512/"npages": 9007199254740993/' 'entries[0].npages'
bad 's/"npages": 512/"npages": "0x10000000000000000"/' 'entries[0].npages'
bad 's/"addr": "0x40000800", //' 'entries[1].addr: is missing'
bad 's/"entries": \[{"addr"/"entries": [3, {"addr"/' 'entries[0]: must be an'
bad 's/"0x10028", 2/"0x10028"/' 'memory.readOnly[0]: must be'
bad 's/"kind": "ite"/"kind": "ite", "code": 4/' 'faults[0].code'
bad 's/"kind": "ite", "sid": "0x0308"/"kind": "iqe"/' 'faults[0].code: is mis'
bad 's/"device": "0x0308", "kind"/"unit": 1, "device": 1, "kind"/' 'no such unit'
bad 's/"device": "0x0308", "kind"/"kind"/' 'faults[0]: needs exactly one of'
bad 's/"device": "0x0308", "kind"/"device": 1, "invalidation": 1, "kind"/' \
	'faults[0]: needs exactly one of'
bad 's/"kind": "ite"/"kind": "ite", "times": 0/' 'times: must be at least 1'
bad 's/"entryNum": 2/"trailing": "abc"/' 'trailing: has half a byte'
bad 's/"entryNum": 2/"trailing": "zz"/' 'trailing: is not hexadecimal'
bad 's/"entryNum": 2/"trailing": "\\u0010\\u0011"/' 'trailing: is not hexadec'
bad 's/"entryNum": 2/"trailing": "aAfFgG"/' 'trailing: is not hexadecimal'
bad 's/"entryNum": 2/"dataUptr": "0x1010"/' 'overlaps the command'
bad 's/"errno": "EINVAL"/"errno": "EGAIN"/' 'expected.errno: must be one of'
bad 's/"rule": "AUD-3"/"rule": "AUD-99"/' 'expected.rule: no input can break'
bad 's/"hwError": \[2\]/"hwError": [2, 2]/' 'hwError: has 2 numbers for 1'
bad 's/"entryNum": 1, "written"/"entryNum": 3, "written"/' \
	'expected.entryNum: must be at most 2'
bad 's/"SW|FN"/"FN|SW"/' 'expected.waits[0][0]: must be flags'
bad 's/"SW|FN"/"SW|"/' 'expected.waits[0][0]: must be flags'
bad 's/"SW|FN"/"SWFN"/' 'expected.waits[0][0]: must be flags'
bad 's/"SW|FN"/"|SW"/' 'expected.waits[0][0]: must be flags'
bad 's/"submissions": \[2\]/"submissions": [1, 1]/' 'one element per unit'
bad 's/\["0x30036", "0x40000049"\]/["0x30036"]/' 'descriptors[0][0]: must be'
bad 's/"iotlb": \[1, 0, 3, 4\]/"iotlb": [1, 0, 3]/' 'iotlb: needs 4 values'
bad 's/"addr": "0x1000"/"addr": "0x1001"/' 'addr: is not 4 KiB aligned'
bad 's/\["0x1", 0\]/["0x1", 53]/' 'blocks[0][1]: must be at most 52'
bad 's/"flags": \["F"\]/"flags": ["G"]/' '"G" is not explained in notes'
bad 's/\["REP-5"\]/["REP5"]/' 'rules[0]: "REP5" is not a rule id'
bad 's/"result": "invalid"/"result": "valid"/' 'a refusal is expected'
bad 's/"tcId": 2/"tcId": 1/' 'tcId 1 occurs twice'
bad 's/"tcId": 2/"tcId": 0/' 'tcId: must be at least 1'
bad 's/"numberOfTests": 3/"numberOfTests": 2/' 'says 2, but there are 3'
bad 's/{"flags": 0, "iotlbId": 1}/{"range": {}}/' 'unknown key "range"'
range='{"range": {"addr": 0, "npages": 1, "stride": 0, "count": COUNT}}'
second='{"addr": "0x40000800", "npages": "0x1"}'
bad "s/$second/$range/; s/COUNT/65537/" 'range.count: must be at most'
bad "s/$second/$range/; s/COUNT/65536/" 'more than 65536 in all'

# --- what is missing is said to be missing ---
bad 's/, "expected": {"blocks": [^}]*}//' '[2].tests[0].expected: is missing'
bad 's/, "expected": {"errno": "0"[^}]*}//' '[1].tests[0].expected: is missing'
encode='"tcId": 4, "comment": "c", "result": "valid"'
encode='{"type": "Encode", "tests": [{'$encode', "fields": {"type": "pc"}, EXP}]}'
encode='s/"numberOfTests": 3/"numberOfTests": 4/; s/\]} *$/, '$encode']}/'
needs='testGroups[3].tests[0].expected: needs exactly one of: qw errno'
bad "$encode; s/EXP/\"expected\": {}/" "$needs"
bad "$encode; s/EXP/\"expected\": {\"qw\": [7, 0], \"errno\": \"EINVAL\"}/" "$needs"
bad "$encode; s/EXP/\"expected\": {\"errno\": \"0\"}/" 'errno: must be "EINVAL"'
bad "$encode; s/, EXP//" 'testGroups[3].tests[0].expected: is missing'
bad "$encode; s/\"fields\": {\"type\": \"pc\"}, EXP/\"expected\": {}/" \
	'testGroups[3].tests[0].fields: is missing'

# --- bounds ---
# $1 tests with $2 entries each, for a table with the targets $3
many() {
	printf '{"algorithm": "IOMMU_HWPT_INVALIDATE", "version": "0.1.0",'
	printf '"schema": "vectors_schema.json", "header": [],'
	printf '"numberOfTests": %d, "testGroups": [{"type": "Request",' "$1"
	printf '"revision": "v8", "units": [{"did": 3, "targets": [%s]}],' "$3"
	awk -v tests="$1" -v entries="$2" 'BEGIN {
		printf "\"tests\": ["
		for (i = 1; i <= tests; i++) {
			printf "%s{\"tcId\": %d, \"comment\": \"c\",", s, i
			printf "\"result\": \"valid\", \"entries\": [{\"range\":"
			printf "{\"addr\": 4096, \"npages\": 3, \"stride\":"
			printf "4096, \"count\": %d}}],", entries
			printf "\"expected\": {\"errno\": \"0\","
			printf "\"entryNum\": %d}}", entries
			s = ","
		}
		print "]}]}"
	}'
}
iotlb='{"cache": "iotlb", "pasid": 0}'
many 1 65536 "$iotlb, $iotlb" >"$file"
"$tool" vectors --check "$file" >/dev/null 2>&1 || fail "the largest test"
"$tool" replay --json "$file" >"$dir/out" || fail "replay of the largest test"
[ "$(wc -c <"$dir/out")" -lt 65536 ] || fail "--json shows all of a long list"
[ "$(grep -c '"omitted": ' "$dir/out")" -eq 2 ] || fail "--json: omitted"
many 1 65536 "$iotlb, $iotlb, $iotlb" >"$file"
refused 'tests[0].entries: make up to 393216 descriptors, more than 262144'
many 1 2000 "$iotlb, $iotlb" | sed 's/"v8"/"v8", "cover": "exact"/' >"$file"
refused 'tests[0].entries: make up to 408000 descriptors'
many 1 32769 '{"cache": "devtlb", "pasid": 0, "sid": 1, "twice": true},
	{"cache": "devtlb", "pasid": 0, "sid": 2, "twice": true}' >"$file"
refused 'tests[0].entries: make up to 262152 descriptors'
many 17 65536 '' >"$file"
refused 'tests[16].entries: with those before, the file has more than 1048576'
many 5 65536 "$iotlb, $iotlb" >"$file"
refused 'tests[4].entries: with those before, the file has more than 1048576'
many 4097 0 '' >"$file"
refused 'tests: has more than 4096 elements'
many 0 0 '' >"$file"
refused 'testGroups: there is no test'
bad 's/"revision": "v8"/"revision": "v8", "budget": 10001/' 'budget: must be at'
spans=$(awk 'BEGIN { for (i = 0; i < 64; i++) printf "[%d, 1],", i }')
bad "s/\[\"0x10028\"/$spans&/" 'memory.readOnly: has more than 64 elements'
{ printf '['; yes '0,' | head -n 1048577 | tr -d '\n'; echo '0]'; } >"$file"
refused "more than 2^20"

# A wait that times out each time is issued again without end.
fault='{"descriptor": 1, "kind": "ite", "times": "always"}'
many 1 1 "$iotlb" | sed "s/\"expected\"/\"faults\": [$fault], &/
	s/\"valid\"/\"acceptable\"/
	s/\"0\",\"entryNum\": 1/\"ETIMEDOUT\", \"entryNum\": 0/" >"$file"
timeout 60 "$tool" vectors --check "$file" >"$dir/out" 2>&1
[ $? -eq 1 ] || fail "a call without end: $(cat "$dir/out")"
grep -qF 'cut short' "$dir/out" || fail "a call without end is not told"
sed -i 's/"revision"/"budget": 10000, &/' "$file"
timeout 60 "$tool" vectors --check "$file" >"$dir/out" 2>&1 ||
	fail "a call that ends by its time: $(cat "$dir/out")"

# Where memory runs out, the command says so. An emulator or a sanitizer needs
# more than is given here, and then there is nothing to see.
many 1 65536 "$iotlb, $iotlb" >"$file"
limited() {
	sh -c 'ulimit -v "$1" || exit; shift; "$@"; exit $?' sh "$@"
}
for limit in 20000 30000 40000 50000 60000 70000 80000; do
	limited $limit "$tool" --version >/dev/null 2>&1 || continue
	limited $limit "$tool" vectors --check "$file" >"$dir/out" 2>"$dir/err"
	case $? in
	0) ;;
	1) grep -qF 'out of memory' "$dir/err" || fail "out of memory, in silence" ;;
	*) fail "out of memory: $(cat "$dir/err")" ;;
	esac
done

# --- names of files ---
long=$(awk 'BEGIN { for (i = 0; i < 200; i++) printf "x" }')
mkdir -p "$dir/$long/$long/$long"
good | sed 's/"did": 3/"did": -1/' >"$dir/$long/$long/$long/end.json"
"$tool" vectors --check "$dir/$long/$long/$long/end.json" 2>"$dir/err"
grep -q 'end.json: testGroups\[0\].units\[0\].did: must be' "$dir/err" ||
	fail "a long name hides the reason: $(cat "$dir/err")"
escape=$(printf 'a\033[31m\nb\233m.json')
good >"$dir/$escape"
good | sed 's/"entryNum": 1, "iotlb"/"entryNum": 0, "iotlb"/' >"$dir/x$escape"
for line in "vectors --check" replay; do
	# shellcheck disable=SC2086
	"$tool" $line "$dir/$escape" "$dir/x$escape" >"$dir/out" 2>&1
	LC_ALL=C grep -q '[^ -~]' "$dir/out" && fail "$line: the name as it is"
	grep -qF 'xa?[31m?b?m.json' "$dir/out" || fail "$line: no name"
done
"$tool" replay --test 9 "$dir/$escape" "$dir/x$escape" >"$dir/out" 2>"$dir/err"
[ $? -eq 2 ] || fail "--test 9"
grep -qF 'a?[31m?b?m.json and 1 more file: no call has tcId 9' "$dir/err" ||
	fail "--test 9: $(cat "$dir/err")"

# --- command lines ---
good >"$file"
for line in "vectors $file" "vectors --check" replay "replay --test 0 $file" \
	"replay --test x $file" "replay --test 1 --test 1 $file" "replay --tset 1 $file" "vectors --check $file no"
do
	# shellcheck disable=SC2086
	"$tool" $line >"$dir/out" 2>"$dir/err"
	status=$?
	if [ $status -ne 2 ] || [ -s "$dir/out" ] ||
		[ "$(wc -l <"$dir/err")" -ne 1 ]; then
		fail "$line: status $status: $(cat "$dir/err")"
	fi
done

exit $failed
