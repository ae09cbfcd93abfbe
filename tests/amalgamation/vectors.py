#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""All vectors, with the one-file core in place of the library.

The command s1inv is built anew: its <s1inv/...> headers all are the one file,
and the core is what one compiler, of C or of C++, makes of that.
"""
import pathlib
import sys
import tempfile

import workshop
from workshop import TREE, common, run

HEADERS = ("env", "uapi", "vtd_spec", "s1inv")


def build(args, work):
    """The command"""
    workshop.generate(work)
    (work / "s1inv").mkdir()
    for name in HEADERS:
        (work / f"s1inv/{name}.h").write_text('#include "../s1inv_all.h"\n')
    run([args.core_compiler, *workshop.language(args.core_compiler),
         "-std=" + workshop.standards(args.core_compiler)[0], "-DS1INV_DEBUG",
         "-c", "core", "-o", "core.o"], work)
    sources = sorted([*TREE.glob("tools/*.c"), *TREE.glob("model/*.c")])
    run([args.compiler, "-std=c11", "-I.", f"-I{TREE}/model", *sources,
         "core.o", *args.flags, "-o", "command"], work)
    return work / "command"


def main():
    p = common.parser(__doc__)
    p.add_argument("core_compiler", help="for the core")
    p.add_argument("compiler", help="of C, for the command")
    p.add_argument("flags", nargs="*", help="for jansson, behind --")
    args = p.parse_args()
    common.need(args.core_compiler)
    vectors = [path for path in sorted((TREE / "tests/vectors").glob("*.json"))
               if "schema" not in path.name]
    with tempfile.TemporaryDirectory() as work:
        command = build(args, pathlib.Path(work))
        out = run([command, "vectors", "--check", *vectors], TREE)
    print(out, end="")
    common.finish([f"nothing is said of {path.name}" for path in vectors
                   if f"{path.name}: " not in out])


if __name__ == "__main__":
    sys.exit(main())
