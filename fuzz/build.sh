#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# Builds the fuzz targets, here and in OSS-Fuzz alike. Whatever OSS-Fuzz sets in
# the environment has a default here:
#
#   FUZZING_ENGINE  libfuzzer (default), afl, honggfuzz, none (replays files)
#   SANITIZER       address (default), undefined, memory, coverage, none
#   ARCHITECTURE    x86_64 (default), i386
#   CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE   what follows from those three
#   OUT WORK        build/fuzz/ENGINE-SANITIZER-ARCHITECTURE/out and .../work
#   SRC             where the source of jansson is; fetched if not there
#   ONLY_PROGRAMS   set: without seed corpora, dictionaries and options
#
# A word of arguments is the name of a target; without one, all are built.
# $OUT gets NAME_fuzzer, and what belongs to it: its seed corpus, dictionary and
# options, and for afl the mutator as a library.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)

case $top in
*[[:space:]]*)
	echo "build.sh: the path of the tree has a space in it: $top" >&2
	exit 2
	;;
esac

# --- the defaults ---
: "${FUZZING_ENGINE:=libfuzzer}" "${SANITIZER:=address}"
: "${ARCHITECTURE:=x86_64}"
build=$top/build/fuzz/$FUZZING_ENGINE-$SANITIZER-$ARCHITECTURE
: "${OUT:=$build/out}" "${WORK:=$build/work}" "${SRC:=$build/src}"

sanitizer_flags() {
	case $SANITIZER in
	address) echo -fsanitize=address -fsanitize-address-use-after-scope ;;
	undefined) echo -fsanitize=undefined -fno-sanitize-recover=all ;;
	memory) echo -fsanitize=memory -fsanitize-memory-track-origins ;;
	coverage) echo -fprofile-instr-generate -fcoverage-mapping ;;
	esac
}

machine_flags() {
	# Debian's gcc-12-multilib alone does not show the compiler <asm/*.h>.
	[ "$ARCHITECTURE" != i386 ] ||
		echo -m32 -idirafter /usr/include/x86_64-linux-gnu
}

engine_flags() {
	case $FUZZING_ENGINE in
	libfuzzer) echo -fsanitize=fuzzer-no-link ;;
	esac
}

case $FUZZING_ENGINE in
afl) : "${CC:=afl-clang-fast}" "${CXX:=afl-clang-fast++}" ;;
honggfuzz) : "${CC:=hfuzz-clang}" "${CXX:=hfuzz-clang++}" ;;
*) : "${CC:=clang}" "${CXX:=clang++}" ;;
esac
flags="-O1 -gline-tables-only -fno-omit-frame-pointer"
: "${CFLAGS:=$flags $(sanitizer_flags) $(machine_flags) $(engine_flags)}"
: "${CXXFLAGS:=$CFLAGS}"
case $FUZZING_ENGINE in
libfuzzer | afl) : "${LIB_FUZZING_ENGINE:=-fsanitize=fuzzer}" ;;
*) : "${LIB_FUZZING_ENGINE:=}" ;;
esac
# OSS-Fuzz leaves alignment out of its build for undefined behaviour.
[ "$SANITIZER" != undefined ] ||
	CFLAGS="$CFLAGS -fsanitize=alignment -fno-sanitize-recover=alignment"
export CC CXX CFLAGS CXXFLAGS AFL_QUIET=1

# --- compile ---

# Objects of other flags are of no use.
settings="$CC $CFLAGS
$CXX $CXXFLAGS $LIB_FUZZING_ENGINE"
mkdir -p "$OUT" "$WORK"
if [ "$(cat "$WORK/settings" 2>/dev/null)" != "$settings" ]; then
	# A folder without settings is not ours to empty.
	[ ! -e "$WORK/settings" ] || rm -rf "${WORK:?}"/*
	printf '%s\n' "$settings" >"$WORK/settings"
fi

# compile FOLDER FLAG... - the folder's sources to $WORK/FOLDER, as many at a time
# as there are processors, unless the object is newer than source and headers.
# AFL++ measures nothing of model/, and of fuzz/ the targets only: it does not
# heed FUZZ_ORACLE_BEGIN, and there memory lasts from one input to the next.
compile() {
	folder=$1
	shift
	mkdir -p "$WORK/$folder"
	for object in "$WORK/$folder"/*.o; do
		[ -e "$top/$folder/$(basename "$object" .o).c" ] || rm -f "$object"
	done
	# shellcheck disable=SC2016 # the inner shell's variables
	find "$top/$folder" -maxdepth 1 -name '*.c' -print0 |
		top=$top to=$WORK/$folder flags="-std=gnu11 $*" \
		xargs -0 -r -P "$(nproc)" -n 1 sh -eu -c '
			object=$to/$(basename "$0" .c).o
			newer=$(find "$0" "$top"/include "$top"/model "$top"/tools \
				"$top"/fuzz -maxdepth 2 -newer "$object" \
				\( -path "$0" -o -name "*.h" \) 2>/dev/null || echo "$0")
			case $0 in
			*_fuzzer.c | "$top"/ref/* | "$top"/tools/*) ;;
			*) export AFL_NOOPT=1 ;;
			esac
			[ -z "$newer" ] || $CC $CFLAGS $flags -c "$0" -o "$object"'
}

# library NAME PATTERN... - $WORK/NAME.a from the objects of $WORK/NAME, without
# those that are programs' own
library() {
	name=$1
	shift
	rm -f "$WORK/$name.a"
	(
		cd "$WORK/$name"
		ar rcs "../$name.a" ./*.o
		# shellcheck disable=SC2048,SC2086 # patterns
		[ $# = 0 ] || ar d "../$name.a" $*
	)
}

# The library that reads JSON, with the target's own flags: MemorySanitizer
# reports falsely in code that was built without it. It is not measured by AFL++:
# its loop check hashes addresses.
jansson() {
	[ ! -e "$WORK/jansson/lib/libjansson.a" ] || return 0
	if [ ! -d "$SRC/jansson" ]; then
		mkdir -p "$SRC"
		"$top/scripts/debian-fetch" --source jansson '*' bookworm \
			>"$WORK/fetched"
		cp -r "$(tail -n 1 "$WORK/fetched")" "$SRC/jansson"
	fi
	export AFL_NOOPT=1
	cmake -S "$SRC/jansson" -B "$WORK/jansson" -DCMAKE_BUILD_TYPE=None \
		-DCMAKE_C_COMPILER="$CC" -DCMAKE_C_FLAGS="$CFLAGS" \
		-DJANSSON_BUILD_DOCS=OFF -DJANSSON_EXAMPLES=OFF \
		-DJANSSON_WITHOUT_TESTS=ON -DJANSSON_INSTALL=OFF
	cmake --build "$WORK/jansson" -j "$(nproc)"
	unset AFL_NOOPT
}
quietly() {
	"$@" >"$WORK/$1.log" 2>&1 || {
		tail -n 40 "$WORK/$1.log" >&2
		exit 1
	}
}

quietly jansson
headers="-I$top/include -I$top/model -I$top/tools -I$top/fuzz
	-I$WORK/jansson/include"
# Assertions have a branch that is never taken.
assertions=-DS1INV_DEBUG
[ "$SANITIZER" != coverage ] || assertions=
# Each case of a switch is a branch of its own, not an element of a table.
compile ref "-I$top/include" -ffreestanding "$assertions" -O2 -fno-jump-tables
# The model is what the core is compared with. Coverage of it would lead to
# inputs that are new for the model only, and costs a third of the time. Nor is
# there time to check its own accesses (FUZZ_FAST); ctest does.
model=
fast=
case $FUZZING_ENGINE-$SANITIZER in
libfuzzer-coverage) ;;
libfuzzer-address)
	model=-fno-sanitize=fuzzer-no-link,address
	fast=-DFUZZ_FAST
	;;
libfuzzer-*) model=-fno-sanitize=fuzzer-no-link ;;
esac
# shellcheck disable=SC2086 # lists of words
{
	compile model $headers -O2 $model
	compile tools $headers
	compile fuzz $headers -O2 $fast
}
library ref
library model
library tools main.o
library fuzz '*_fuzzer.o' standalone.o text_main.o 'mutate_*.o'

# --- link: with the C++ compiler, for the engine's sake ---

# link PROGRAM OBJECT... - with all that is ours behind it, and then the engine
link() {
	program=$1
	shift
	# shellcheck disable=SC2086 # lists of words
	$CXX $CXXFLAGS -o "$program" "$@" "$WORK/fuzz.a" "$WORK/tools.a" \
		"$WORK/model.a" "$WORK/ref.a" "$WORK/jansson/lib/libjansson.a" \
		$engine
}

# target NAME - the program
target() {
	name=$1
	case $FUZZING_ENGINE in
	libfuzzer) hooks=$WORK/fuzz/mutate_libfuzzer.o ;;
	none) hooks=$WORK/fuzz/standalone.o ;;
	*) hooks= ;;
	esac
	engine=$LIB_FUZZING_ENGINE
	# shellcheck disable=SC2086 # one word or none
	link "$OUT/${name}_fuzzer" "$WORK/fuzz/${name}_fuzzer.o" $hooks
}

# package NAME - what engines want to know of a target beside its program
package() {
	name=$1
	"$WORK/fuzz_text" --dictionary "$name" >"$OUT/${name}_fuzzer.dict"
	# A format without symbols has an empty one, which no engine likes.
	grep -q '"' "$OUT/${name}_fuzzer.dict" || rm "$OUT/${name}_fuzzer.dict"
	options=$top/fuzz/${name}_fuzzer.options
	[ ! -f "$options" ] || cp "$options" "$OUT"
	seeds "$name"
}

# seeds NAME - the corpus, and what the vectors become, in binary form
seeds() {
	folder=$WORK/seeds/$1
	rm -rf "$folder" "$folder.binary" "$OUT/$1_fuzzer_seed_corpus.zip"
	mkdir -p "$folder.binary"
	python3 -B "$top/fuzz/seeds/make.py" "$1" "$folder"
	for file in "$top/corpus/$1"/* "$top/corpus/found/$1"/* \
		"$top/corpus/regressions/$1"/*; do
		[ ! -f "$file" ] || cp "$file" "$folder"
	done
	"$WORK/fuzz_text" --all-to-binary "$1" "$folder" "$folder.binary"
	# They are text no more: whoever unpacks them would read them as such.
	for file in "$folder.binary"/*.txt; do
		[ ! -f "$file" ] || mv "$file" "${file%.txt}"
	done
	(cd "$folder.binary" && find . -type f -print | sort |
		zip -q -X -@ "$OUT/$1_fuzzer_seed_corpus.zip")
}

engine=
LLVM_PROFILE_FILE=/dev/null
export LLVM_PROFILE_FILE
link "$WORK/fuzz_text" "$WORK/fuzz/text_main.o"
[ $# -gt 0 ] || {
	# shellcheck disable=SC2046 # one name a word
	set -- $(cd "$top/fuzz" && printf '%s\n' ./*_fuzzer.c |
		sed 's|^\./||; s|_fuzzer\.c$||')
}
for name in "$@"; do
	[ -f "$top/fuzz/${name}_fuzzer.c" ] || {
		echo "build.sh: there is no target $name" >&2
		exit 2
	}
	target "$name"
	[ -n "${ONLY_PROGRAMS-}" ] || package "$name"
done

# AFL++ loads the mutator into itself: no instrumentation, no sanitizer.
if [ "$FUZZING_ENGINE" = afl ]; then
	# shellcheck disable=SC2086 # a list of words
	clang -std=gnu11 -O2 -fPIC -shared $headers -o "$OUT/mutate_afl.so" \
		"$top"/fuzz/mutate_afl.c "$top"/fuzz/mutate.c \
		"$top"/fuzz/format.c "$top"/fuzz/formats.c
fi
