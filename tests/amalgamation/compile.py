#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The one-file core compiles alone, and keeps to itself.

Without a warning in each version of the language; without a symbol from
outside; its own symbols and macros begin with s1inv_ and S1INV_; a macro of a
stranger that is called as one in ref/ does not matter; another environment can
take the place of the one inside; and it can be called.
"""
import pathlib
import re
import sys
import tempfile

import workshop
from workshop import TREE, common, run

OWN_ENV = f'#include "{TREE}/tests/porting/env/s1inv/env.h"\n'
# As in tests/checks/symbols.py
BARE = ["-ffreestanding", "-fno-stack-protector", "-fno-pic"]


class Compiler:
    """A compiler at work on the files of a folder"""

    def __init__(self, name, work):
        self.name, self.work = name, work
        self.flags = workshop.WARNINGS + workshop.language(name)
        if not workshop.is_cxx(name):
            self.flags += workshop.WARNINGS_C

    def run(self, source, *flags):
        return run([self.name, *self.flags, *flags, source], self.work)

    def symbols(self, source, *flags):
        """(type, name) of the symbols of what @source becomes"""
        self.run(source, *flags, "-c", "-o", "object")
        lines = run(["nm", "object"], self.work).splitlines()
        return [tuple(line.split()[-2:]) for line in lines]


def undefined(symbols):
    return {name for kind, name in symbols if kind == "U"}


def exported(symbols):
    return {name for kind, name in symbols if kind.isupper() and kind != "U"}


def private_macros():
    """The macros of ref/"""
    return {name for path in common.core_sources(TREE)
            for name in re.findall(r"^#define (\w+)", path.read_text(), re.M)}


def public_functions():
    """What the headers declare and do not define"""
    text = "".join((TREE / f"include/s1inv/{name}.h").read_text()
                   for name in ("uapi", "vtd_spec", "s1inv"))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    inline = re.findall(r"static inline [^(]*?(s1inv_\w+)\(", text)
    found = re.findall(r"\b(s1inv_\w+)\([^(){};]*\);", text)
    return set(found) - set(inline)


def check_symbols(compiler):
    """At any level of optimisation, in any version, and on 32 bits"""
    versions = workshop.standards(compiler.name)
    builds = [("-std=" + versions[0], "-O0"),
              ("-std=" + versions[0], "-Os", "-m32")]
    builds += [("-std=" + version, "-O2", "-DS1INV_DEBUG")
               for version in versions]
    for build in builds:
        symbols = compiler.symbols("core", *BARE, *build)
        for name in sorted(undefined(symbols)):
            yield f"{' '.join(build)}: it needs {name}"
        for name in sorted(exported(symbols) ^ public_functions()):
            yield f"{' '.join(build)}: {name} is exported, or public, alone"
        if build[1] == "-O0":
            yield from (f"a symbol is called {name}" for _, name in symbols
                        if "s1inv_" not in name)


def check_macros(compiler, version):
    """None is left behind; those of strangers do not matter."""
    compiler.run("core", version, "-fsyntax-only",
                 *[f"-D{name}=%" for name in private_macros()])
    left = [set(re.findall(r"^#define (\w+)",
                           compiler.run(source, version, "-dM", "-E"), re.M))
            for source in ("plain", "core")]
    for name in sorted((left[0] ^ left[1])
                       - {"S1INV_IMPLEMENTATION", "S1INV_IMPLEMENTED"}):
        yield f"the macro {name} is left behind"


def check_environment(compiler, version):
    """With another environment the core takes everything from that."""
    (compiler.work / "ported").write_text(OWN_ENV + workshop.IMPLEMENTATION)
    symbols = undefined(compiler.symbols("ported", *BARE, version, "-O0"))
    if "s1inv_env_copy_from" not in symbols:
        yield "another environment does not take the place of the one inside"


def check_call(compiler, version):
    """A program has the core in one file and the declarations in another."""
    call = TREE / "tests/amalgamation/call.c"
    compiler.run("core", version, call, "-I.", "-o", "call")
    run([compiler.work / "call"], compiler.work)


def main():
    p = common.parser(__doc__)
    p.add_argument("compiler")
    name = p.parse_args().compiler
    common.need(name)
    version = "-std=" + workshop.standards(name)[0]
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        workshop.generate(work)
        (work / "plain").write_text('#include "s1inv_all.h"\n')
        compiler = Compiler(name, work)
        defects = [*check_symbols(compiler), *check_macros(compiler, version)]
        if not workshop.is_cxx(name):
            defects += check_environment(compiler, version)
        check_call(compiler, version)
    print(f"{name}: {len(public_functions())} functions")
    common.finish(defects)


if __name__ == "__main__":
    sys.exit(main())
