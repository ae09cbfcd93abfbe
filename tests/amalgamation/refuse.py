#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""scripts/amalgamate keeps names apart, and refuses what it cannot.

It is shown copies of the tree with something more in them.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import workshop
from workshop import TREE, common

SPDX = "/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */\n"
MORE = "ref/more.c"
# Names that other files have too, in each kind of declaration, and of macro
SOUND = """\
#include <s1inv/s1inv.h>
#define PAGE_MASK 1
#define TEXT_OF(x) TEXT_##x
#define TEXT_needs PAGE_MASK
enum needs { NEEDS_NOTHING, NEEDS_DIT = PAGE_MASK };
struct home {
	uint8_t needs, bits[2];
};
typedef uint32_t (*verdict)(const struct home *home);
static uint32_t (*wraps)(const struct home *home), above;
static const struct home homes[] = { { .needs = TEXT_OF(needs) } }, *layout;
static uint32_t audit(const struct home *submit)
{
	verdict judge = wraps;

	return submit->needs + homes[0].bits[0] + (layout == submit) + above +
	       (judge ? NEEDS_NOTHING : NEEDS_DIT) + (judge == audit);
}
"""
# What is added to which file, and what is then said
CASES = [
    ("include/s1inv/uapi.h", "extern int s1inv_walk_c_min_u32;\n",
     "walk.c: s1inv_walk_c_min_u32 is in the public headers too"),
    (MORE, "#define S1INV_VTD_PAGE_SHIFT 13\n",
     "S1INV_VTD_PAGE_SHIFT is in the public headers too"),
    (MORE, "struct s1inv_cmd { int n; };\n",
     "s1inv_cmd is in the public headers too"),
    (MORE, "int s1inv_command(int n)\n{\n\treturn n;\n}\n",
     "s1inv_command is both in command.c and in more.c"),
    (MORE, "int verdict(int n)\n{\n\treturn n;\n}\n",
     "verdict is neither static nor prefixed"),
    (MORE, "int s1inv_more;\n", "s1inv_more is in no public header"),
    (MORE, "struct more {\n\tint n;\n};\nstatic int n;\n",
     "a member has the name n"),
    (MORE, "#include <string.h>\n", "more.c includes <string.h>"),
    (MORE, "static int (more)(void);\n", "cannot read"),
    (MORE, "static int more(void)\n{\n", "has no end"),
]


def amalgamate(work, name, text):
    """What is said of the tree with @text added to file @name"""
    for folder in ("include", "ref", "scripts", "LICENSES"):
        shutil.copytree(TREE / folder, work / folder)
    with open(work / name, "a", encoding="utf-8") as f:
        f.write(SPDX + text)
    result = subprocess.run([work / "scripts/amalgamate", "s1inv_all.h"],
                            cwd=work, capture_output=True, text=True,
                            check=False)
    if (work / "s1inv_all.h").exists() == (result.returncode == 0):
        return result.stderr
    return "its exit status and the file are at odds"


def sound_defects(compiler):
    """The file with sound names is taken, and compiles among the others."""
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        said = amalgamate(work, MORE, SOUND)
        if said:
            return [f"it refuses a sound file: {said}"]
        (work / "core").write_text(workshop.IMPLEMENTATION)
        workshop.run([compiler, "-std=c11", "-Wall", "-Wextra", "-Werror",
                      "-Wno-unused-function", "-fsyntax-only", "-x", "c",
                      "core"], work)
    return []


def main():
    p = common.parser(__doc__)
    p.add_argument("compiler", help="of C")
    args = p.parse_args()
    defects = sound_defects(args.compiler)
    for name, text, message in CASES:
        with tempfile.TemporaryDirectory() as work:
            said = amalgamate(pathlib.Path(work), name, text)
        if message not in said:
            defects.append(f"with\n{text}in {name} it should say {message!r}, "
                           f"and says {said!r}")
    print(f"one sound file shown, and {len(CASES)} to be refused")
    common.finish(defects)


if __name__ == "__main__":
    sys.exit(main())
