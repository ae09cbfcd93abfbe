# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What the tests of the one-file core share.

They end as the checks of the source do: see tests/checks/common.py.
"""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent.parent
sys.path.insert(0, str(TREE / "tests/checks"))

import common  # noqa: E402

# The strict set of cmake/Options.cmake
WARNINGS = """-Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion
    -Wshadow -Wundef -Wvla -Wcast-align -Wcast-qual -Wformat=2 -Wwrite-strings
    -Wpointer-arith""".split()
WARNINGS_C = ["-Wmissing-prototypes", "-Wstrict-prototypes"]

IMPLEMENTATION = '#define S1INV_IMPLEMENTATION\n#include "s1inv_all.h"\n'


def is_cxx(compiler):
    return pathlib.PurePath(compiler).name.split("-")[0].endswith("++")


def language(compiler):
    """The flags that tell @compiler what it compiles, whatever its name"""
    return ["-x", "c++"] if is_cxx(compiler) else ["-x", "c"]


def standards(compiler):
    return ["c++17", "c++20"] if is_cxx(compiler) else ["c11"]


def run(command, work):
    """The output of @command; a failure ends the check."""
    result = subprocess.run([str(word) for word in command], cwd=work,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, check=False)
    if result.returncode:
        common.finish([f"{' '.join(map(str, command))} ended with "
                       f"{result.returncode}:\n{result.stdout}"])
    return result.stdout


def generate(work):
    """s1inv_all.h and a file that makes the core of it, in @work"""
    run([TREE / "scripts/amalgamate", "s1inv_all.h"], work)
    (work / "core").write_text(IMPLEMENTATION)
