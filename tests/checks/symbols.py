#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The core needs no symbol from outside, at any level of optimisation.

Its files are compiled for one architecture, linked into one object, and
`nm -u` of that must be empty: not even memcpy or memset, which compilers like
to call on their own, and no helper for 64-bit arithmetic.
"""
import subprocess
import sys
import tempfile

import common

LEVELS = ["-O0", "-O1", "-O2", "-O3", "-Os"]
FLAGS = ["-std=c11", "-ffreestanding", "-fno-stack-protector", "-fno-pic"]
# architecture: prefix of its binutils, linker emulation, clang's target
ARCHES = {
    "x86-64": ("", "elf_x86_64", "x86_64-linux-gnu"),
    "i386": ("", "elf_i386", "i386-linux-gnu"),
    "s390x": ("s390x-linux-gnu-", "elf64_s390", "s390x-linux-gnu"),
}


def compiler_command(compiler, arch):
    prefix, _, target = ARCHES[arch]
    if compiler == "clang":
        return ["clang", f"--target={target}"]
    return [prefix + "gcc"] + (["-m32"] if arch == "i386" else [])


def undefined(command, arch, level, root, work):
    """The undefined symbols of the core as one object."""
    prefix, emulation, _ = ARCHES[arch]
    sources = common.core_sources(root)
    subprocess.run(command + FLAGS + [level, "-c", f"-I{root}/include"]
                   + [str(s) for s in sources], cwd=work, check=True)
    objects = [s.with_suffix(".o").name for s in sources]
    subprocess.run([prefix + "ld", "-m", emulation, "-r", "-o", "core"]
                   + objects, cwd=work, check=True)
    out = subprocess.run([prefix + "nm", "-u", "core"], cwd=work, check=True,
                         capture_output=True, text=True).stdout
    return [line.split()[-1] for line in out.splitlines() if line.strip()]


def main():
    p = common.parser(__doc__)
    p.add_argument("compiler", choices=["gcc", "clang"])
    p.add_argument("arch", choices=list(ARCHES))
    args = p.parse_args()

    command = compiler_command(args.compiler, args.arch)
    common.need(command[0])
    common.need(ARCHES[args.arch][0] + "ld")
    defects = []
    for level in LEVELS:
        with tempfile.TemporaryDirectory() as work:
            names = undefined(command, args.arch, level, args.root, work)
        print(f"{args.compiler} {args.arch} {level}: "
              f"{len(names)} undefined {' '.join(names)}")
        if names:
            defects.append(f"{level}: the core needs {', '.join(names)}")
    common.finish(defects)


if __name__ == "__main__":
    sys.exit(main())
