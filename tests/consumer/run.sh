#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# run.sh BUILD CC FILE... - install BUILD into a folder of its own, look for the
# FILEs there, and use it with find_package() and with pkg-config.
set -eu
build=$1
cc=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
work=$build/tests/consumer
prefix=$work/prefix

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$prefix" >"$work/install.log"

flags=$(sed -n 's/^CMAKE_C_FLAGS:STRING=//p' "$build/CMakeCache.txt")
cmake -G Ninja -S "$here" -B "$work/cmake" -DCMAKE_C_COMPILER="$cc" \
	-DCMAKE_C_FLAGS="$flags" -DCMAKE_PREFIX_PATH="$prefix" >"$work/cmake.log"
cmake --build "$work/cmake" >"$work/build.log"
"$work/cmake/consumer"

pc=$(find "$prefix" -name s1inv.pc)
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046,SC2086 # flags are words
"$cc" $flags -o "$work/pkgconfig" "$here/main.c" \
	$(pkg-config --cflags --libs s1inv)
"$work/pkgconfig"

# What a packager expects to find
for file in "$@"; do
	[ -e "$prefix/$file" ] || {
		echo "not installed: $file"
		exit 1
	}
done
