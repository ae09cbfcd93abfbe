#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Checks dev_iommu_vtd.txt as far as that goes without syzkaller.

Every line is one of the forms of syzkaller's descriptions; every name is
defined once and used; every resource comes from somewhere; lengths name fields;
constants have values that fit. With a kernel's headers, sizes and offsets of
the structs and the values of the constants are compared with those.

usage: check.py [--headers DIR] [--kernels] [--selftest]

--headers  DIR has include/linux/iommufd.h and vfio.h, as a kernel exports them
--kernels  the headers of Linux 6.12 and 7.3, fetched from Debian; exit status
           77 when they cannot be had
--selftest show the checker a defect of each kind
"""

import argparse
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TEXT = HERE / "dev_iommu_vtd.txt"
CONST = HERE / "dev_iommu_vtd.txt.const"
FETCH = HERE.parents[1] / "scripts" / "debian-fetch"
KERNELS = [("6.12.*", "trixie", "bookworm-backports"),
           ("7.3.*", "trixie-backports")]

# Of dev_iommu.txt, and the resource that syzkaller has from the start
OTHERS = {"fd_iommufd": 4, "ioas_handle": 4}
BUILT_IN = {"fd": 4}
INTS = {"int8": 1, "int16": 2, "int32": 4, "int64": 8, "intptr": 8}
NAME = r"[A-Za-z_][A-Za-z0-9_$]*"
NUMBER = re.compile(r"-?(0x[0-9a-fA-F]+|[0-9]+)$")


class Defect(Exception):
    """What is wrong, and where"""


def split(text):
    """The parts of a list that commas separate, brackets respected"""
    parts, depth, part, quoted = [], 0, "", False
    for c in text:
        quoted ^= c == '"'
        if not quoted:
            depth += (c == "[") - (c == "]")
        if c == "," and depth == 0 and not quoted:
            parts.append(part.strip())
            part = ""
        else:
            part += c
    if depth or quoted:
        raise Defect(f"brackets or quotes do not match: {text}")
    return parts + [part.strip()] if part.strip() or parts else []


def parse_type(text):
    """NAME or NAME[OPTION, ...] as (name, options)"""
    m = re.fullmatch(rf"({NAME})(?:\[(.*)\])?", text)
    if not m:
        raise Defect(f"not a type: {text}")
    return m[1], split(m[2] or "")


# ------------------------------------------------------------------- parsing

class Description:
    """What the file defines"""

    def __init__(self, text):
        self.resources = {}  # name: base
        self.calls = []      # (name, [(argument, type)], result or None)
        self.blocks = {}     # name: (kind, [(field, type, direction)], attrs)
        self.flags = {}      # name: [value]
        self.used = set()
        self.consts_used = set()
        lines = enumerate(text.split("\n"), 1)
        for number, line in lines:
            try:
                self.statement(line, lines)
            except Defect as defect:
                raise Defect(f"line {number}: {defect}") from None

    def statement(self, line, lines):
        if not line.strip() or line.startswith("#"):
            return
        if re.fullmatch(r"include <[\w/.]+>", line) or \
           re.fullmatch(r'meta arches\["\w+"(, "\w+")*\]', line):
            return
        if m := re.fullmatch(rf"resource ({NAME})\[({NAME})\]", line):
            self.define(self.resources, m[1], m[2])
        elif m := re.fullmatch(rf"({NAME})\((.*)\)(?: ({NAME}))?", line):
            self.call(m[1], m[2], m[3])
        elif m := re.fullmatch(rf"({NAME}) ([{{\[])", line):
            self.define(self.blocks, m[1], self.block(m[2], lines))
        elif m := re.fullmatch(rf"({NAME}) = (.+)", line):
            self.define(self.flags, m[1], split(m[2]))
        else:
            raise Defect(f"not a statement: {line}")

    def define(self, where, name, what):
        for names in (self.resources, self.blocks, self.flags):
            if name in names:
                raise Defect(f"{name} is defined twice")
        where[name] = what

    def call(self, name, arguments, result):
        if name in (c[0] for c in self.calls):
            raise Defect(f"{name} is defined twice")
        if not re.match(r"(ioctl|syz_open_dev)\$", name):
            raise Defect(f"{name}: not a call that is known here")
        args = []
        for argument in split(arguments):
            m = re.fullmatch(rf"({NAME}) (.+)", argument)
            if not m:
                raise Defect(f"not an argument: {argument}")
            args.append((m[1], m[2]))
        self.calls.append((name, args, result))

    def block(self, bracket, lines):
        kind, end = ("struct", "}") if bracket == "{" else ("union", "]")
        fields = []
        for _, line in lines:
            if m := re.fullmatch(rf"\{end}(?: \[(packed)\])?", line):
                return kind, fields, m[1]
            if line.startswith("#"):
                continue
            m = re.fullmatch(rf"\t({NAME})\t+(\S.*?)"
                             r"(?:\t\((in|out|inout)\))?", line)
            if not m:
                raise Defect(f"not a field: {line}")
            if m[1] in (f[0] for f in fields):
                raise Defect(f"the field {m[1]} is there twice")
            fields.append((m[1], m[2], m[3]))
        raise Defect("the block has no end")


# ------------------------------------------------------------------- meaning

class Checker:
    """The rules that types follow"""

    def __init__(self, description, consts):
        self.d = description
        self.consts = consts
        self.made = set()   # resources that some call gives
        self.taken = set()  # and those that some call takes

    def value(self, text, size):
        """A number or a constant's name that fits into @size bytes"""
        if not NUMBER.match(text):
            self.d.consts_used.add(text)
            if text not in self.consts:
                raise Defect(f"the constant {text} has no value")
            number = self.consts[text]
        else:
            number = int(text, 0)
        if not -(1 << (8 * size - 1)) <= number < 1 << (8 * size):
            raise Defect(f"{text} does not fit into {size} bytes")
        return number

    def base(self, options, at, place):
        """The integer type that stands last, where a place in memory needs it"""
        if place == "argument":
            if len(options) != at:
                raise Defect("an argument takes no integer type")
            return 8
        if len(options) != at + 1 or options[at] not in INTS:
            raise Defect(f"an integer type is missing: {options}")
        return INTS[options[at]]

    def integer(self, name, options):
        size = INTS[name]
        if not options:
            return size
        ends = options[0].split(":")
        low, high = (self.value(e, size) for e in (ends * 2)[:2])
        if low > high or len(options) > 2:
            raise Defect(f"not a range: {options}")
        if len(options) == 2 and self.value(options[1], size) > high - low:
            raise Defect(f"{options[1]} is no alignment within {options[0]}")
        return size

    def pointer(self, name, options, place, direction):
        if len(options) != 2 or options[0] not in ("in", "out", "inout"):
            raise Defect(f"not a pointer: {options}")
        if (name == "ptr64") == (place == "argument"):
            raise Defect(f"{name} as {place}")
        inner = options[0] if direction == "in" else direction
        self.type(options[1], "memory", inner, [])
        return 8

    def array(self, options, direction):
        _, align = self.type(options[0], "memory", direction, [])
        if len(options) > 1:
            ends = [self.value(e, 8) for e in options[1].split(":")]
            if len(ends) > 2 or ends[0] > ends[-1]:
                raise Defect(f"not a number of elements: {options[1]}")
        return None, align

    def length(self, options, place, siblings):
        size = self.base(options, 1, place)
        if options[0] != "parent" and options[0] not in siblings:
            raise Defect(f"the length of {options[0]}, which is not there")
        return size

    def resource(self, name, direction):
        if direction in ("in", "inout"):
            self.taken.add(name)
        if direction in ("out", "inout"):
            self.made.add(name)
        base = self.d.resources.get(name)
        if base is None:
            return OTHERS.get(name) or BUILT_IN[name]
        return INTS.get(base) or self.resource(base, "")

    def type(self, text, place, direction, siblings):
        """(size or None if it varies, alignment) of a type"""
        name, options = parse_type(text)
        if name in INTS:
            size = self.integer(name, options)
        elif name == "const":
            size = self.base(options, 1, place)
            self.value(options[0], size)
        elif name == "flags":
            size = self.base(options, 1, place)
            self.d.used.add(options[0])
            if options[0] not in self.d.flags:
                raise Defect(f"the flags {options[0]} are not defined")
            for value in self.d.flags[options[0]]:
                self.value(value, size)
        elif name in ("len", "bytesize"):
            size = self.length(options, place, siblings)
        elif name in ("ptr", "ptr64"):
            size = self.pointer(name, options, place, direction)
        elif name == "array":
            return self.array(options, direction)
        elif name == "string" and re.fullmatch('"[^"]*"', options[0]):
            return None, 1
        elif name in self.d.blocks and place == "memory":
            self.d.used.add(name)
            return self.layout(name, direction)[:2]
        elif name in {**self.d.resources, **OTHERS, **BUILT_IN}:
            self.d.used.add(name)
            size = self.resource(name, direction)
        else:
            raise Defect(f"{name} is not defined")
        return size, size

    def layout(self, name, direction):
        """(size or None, alignment, {field: offset}) of a struct or union"""
        kind, fields, packed = self.d.blocks[name]
        at, widest, offsets = 0, 1, {}
        sizes = []
        for field, text, own in fields:
            try:
                size, align = self.type(text, "memory", own or direction,
                                        [f[0] for f in fields])
            except Defect as defect:
                raise Defect(f"{name}.{field}: {defect}") from None
            align = 1 if packed else align
            widest = max(widest, align)
            sizes.append(size)
            if at is not None and kind == "struct":
                at += -at % align
                offsets[field] = at
                at = None if size is None else at + size
        if kind == "union":
            if None in sizes or len(set(sizes)) != 1:
                raise Defect(f"{name}: members of several sizes: {sizes}")
            return sizes[0], widest, offsets
        if at is not None:
            at += -at % widest
        return at, widest, offsets

    def check(self):
        for name, args, result in self.d.calls:
            names = [a[0] for a in args]
            for argument, text in args:
                try:
                    self.type(text, "argument", "in", names)
                except Defect as defect:
                    raise Defect(f"{name}, {argument}: {defect}") from None
            if result:
                self.d.used.add(result)
                self.resource(result, "out")
        self.check_uses()

    def check_uses(self):
        for names in (self.d.resources, self.d.blocks, self.d.flags):
            for name in names:
                if name not in self.d.used:
                    raise Defect(f"{name} is not used")
        for name in self.d.resources:
            if name not in self.made:
                raise Defect(f"nothing gives a {name}")
            if name not in self.taken:
                raise Defect(f"nothing takes a {name}")
        implied = {"__NR_" + c[0].split("$")[0] for c in self.d.calls
                   if not c[0].startswith("syz_")}
        if spare := set(self.consts) - self.d.consts_used - implied:
            raise Defect(f"constants without a use: {sorted(spare)}")
        if missing := implied - set(self.consts):
            raise Defect(f"constants are missing: {sorted(missing)}")


def parse_consts(text):
    consts = {}
    for line in text.split("\n"):
        if not line or line.startswith(("#", "arches = ")):
            continue
        m = re.fullmatch(r"(\w+) = (\d+)", line)
        if not m:
            raise Defect(f"not a constant: {line}")
        consts[m[1]] = int(m[2])
    return consts


def check(text, const_text):
    checker = Checker(Description(text), parse_consts(const_text))
    checker.check()
    return checker


# ------------------------------------------------------------ kernel headers

def claims(checker):
    """C that compiles only if the kernel's structs and constants agree"""
    lines = ["#include <fcntl.h>", "#include <stddef.h>",
             "#include <sys/syscall.h>", "#include <linux/iommufd.h>",
             "#include <linux/vfio.h>",
             "#define IS(what, n) _Static_assert((what) == (n), #what)"]
    for name, value in checker.consts.items():
        lines.append(f"IS({name}, {value});")
    for name, (kind, _, _) in checker.d.blocks.items():
        if kind == "union":
            continue
        struct = "struct " + name.split("$")[0]
        size, _, offsets = checker.layout(name, "in")
        lines += [f"IS(offsetof({struct}, {f}), {o});"
                  for f, o in offsets.items() if f != "behind"]
        # VFIO's have grown; the description has what the first kernels had.
        if size is not None and name.startswith("iommu"):
            lines.append(f"IS(sizeof({struct}), {size});")
    return "\n".join(lines) + "\n"


def compare(checker, headers):
    done = subprocess.run(["gcc", "-x", "c", "-fsyntax-only", "-isystem",
                           str(headers / "include"), "-"],
                          input=claims(checker), text=True, check=False)
    if done.returncode:
        raise Defect(f"the headers in {headers} say something else")


def fetch(version, *suites):
    """The folder of a kernel's headers, or None"""
    done = subprocess.run([FETCH, "linux-libc-dev", version, *suites],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, check=False)
    if done.returncode:
        return None
    return pathlib.Path(done.stdout.split("\n")[-2]) / "usr"


# ------------------------------------------------------------------ selftest

DEFECTS = [
    ("resource fd_vfio_cdev[fd]", "resource fd_vfio_cdev(fd)", "not a stat"),
    ("iommufd_dev_handle\t(out)", "int32\t(out)", "nothing gives"),
    ("meta arches", "mega arches", "not a statement"),
    ("len[data_uptr, int32]", "len[data_ptr, int32]", "not there"),
    ("const[24, int32]", "const[24]", "integer type is missing"),
    ("widths = 48, 57", "widths = 48, FIFTY", "has no value"),
    ("int64[0:0xfffff000, 0x1000]", "int64[9:8]", "not a range"),
    ("lens = 0, 8", "lens = 0, 0x100000000", "does not fit"),
    ("\trange\tiommu", "\trange\tnommu", "is not defined"),
    ("array[int8, 0:8]", "array[int8, 0:8", "not a type"),
    ("\tnpages\t\tint64\n", "", "several sizes"),
    ("ptr64[in, iommu_hwpt_vtd_s1]", "ptr[in, iommu_hwpt_vtd_s1]", "ptr as"),
    ("arg ptr[in, iommu_destroy$VTD_S1])", "arg ptr[in, int32])", "not used"),
    ("\nhwpt_nest", "\niommu_hwpt_vtd_s1_lens = 1\nhwpt_nest", "twice"),
]


def selftest(text, const_text):
    for old, new, words in DEFECTS:
        if text.count(old) < 1:
            raise Defect(f"selftest: the description has no {old!r}")
        try:
            check(text.replace(old, new, 1), const_text)
        except Defect as defect:
            if words not in str(defect):
                raise Defect(f"selftest: {old!r} → {new!r}: {defect}") from None
        else:
            raise Defect(f"selftest: {old!r} → {new!r} went unnoticed")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--headers", type=pathlib.Path)
    p.add_argument("--kernels", action="store_true")
    p.add_argument("--selftest", action="store_true")
    args = p.parse_args()
    text, const_text = TEXT.read_text(), CONST.read_text()
    headers = [args.headers] if args.headers else []
    if args.kernels:
        headers += [fetch(*kernel) for kernel in KERNELS]
    if None in headers:
        print("the headers of a kernel could not be had")
        return 77
    try:
        checker = check(text, const_text)
        if args.selftest:
            selftest(text, const_text)
        for folder in headers:
            compare(checker, folder)
    except Defect as defect:
        print(f"{TEXT.name}: {defect}")
        return 1
    print(f"{len(checker.d.calls)} calls, {len(checker.d.blocks)} types, "
          f"{len(checker.consts)} constants; as in {len(headers)} kernels")
    return 0


if __name__ == "__main__":
    sys.exit(main())
