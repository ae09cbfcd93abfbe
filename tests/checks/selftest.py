#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Each check can fail: it is shown a small tree with one defect.

The tree is sound at first, and every check must accept it then, so that what a
check refuses afterwards is the defect and nothing else.
"""
import pathlib
import subprocess
import sys
import tempfile

import common

SPDX = "/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */\n"
SOUND = {
    "include/s1inv/env.h": SPDX + """\
#include <stddef.h>

/** define S1INV_ANY - a constant */
#define S1INV_ANY 1

/**
 * struct s1inv_any - a thing
 * @call: does it
 * @num: how often
 */
struct s1inv_any {
	void (*call)(void *ctx);
	int num;
};

/**
 * s1inv_any_call() - do it
 * @any: the thing
 * @ctx: handed on
 * @num: how often
 */
int s1inv_any_call(const struct s1inv_any *any, void *ctx, int num);
""",
    "ref/any.c": SPDX + """\
#include <s1inv/env.h>

static void audit(void *ctx)
{
	(void)ctx;
}

const struct s1inv_any s1inv_table = {
	.call = audit,
};

int s1inv_any_call(const struct s1inv_any *any, void *ctx, int num)
{
	any->call(ctx);
	return num;
}
""",
    "model/any.c": SPDX + "#include <s1inv/uapi.h>\n#include <stdio.h>\n",
}
ADD = "\nint s1inv_more(int n);\n\nint s1inv_more(int n)\n{\n%s}\n"
HEADER, CORE, MODEL = SOUND
# check, its arguments, file, what is replaced (or None: added), by what, and
# what the check then says
DEFECTS = [
    ("symbols", ["gcc", "x86-64"], CORE, None,
     "int outside(void);\n" + ADD % "\treturn n + outside();\n",
     "the core needs outside"),
    ("stack", [], CORE, None,
     ADD % "\tvolatile char b[512];\n\n\tb[n] = 1;\n\treturn b[0];\n",
     "chain takes"),
    ("stack", [], CORE, "\t(void)ctx;\n",
     "\tvolatile char b[512];\n\n\tb[ctx != 0] = 1;\n", "chain takes"),
    ("stack", [], CORE, None,
     ADD % "\tvolatile char b[n];\n\n\tb[0] = 1;\n\treturn b[0];\n",
     "no fixed size"),
    ("stack", [], CORE, None,
     ADD % "\treturn n & 1 ? s1inv_more(n / 3) * s1inv_more(n / 5) : n;\n",
     "recursion"),
    ("stack", [], CORE, None,
     "int outside(void);\n" + ADD % "\treturn n + outside();\n",
     "not in the core"),
    ("stack", [], CORE, "\t.call = audit,\n", "\t.num = 1,\n", "unknown call"),
    ("functions", [], CORE, None, ADD % ("\tn++;\n" * 60), "more than 60"),
    ("functions", [], CORE, None, ADD % ("\tn++;\n" * 45), "above 40"),
    ("functions", [], CORE, None,
     "".join(ADD % ("\tn++;\n" * 14) for _ in range(3)), "median"),
    ("floors", [], CORE, None, "#include <string.h>\n", "includes string.h"),
    ("floors", [], CORE, None, "#ifdef __KERNEL__\n#endif\n", "__KERNEL__"),
    ("floors", [], HEADER, None, "#include <errno.h>\n", "includes errno.h"),
    ("floors", [], MODEL, None, "#include <s1inv/vtd_spec.h>\n",
     "includes s1inv/vtd_spec.h"),
    ("floors", [], MODEL, None, '#include "../ref/any.h"\n',
     "includes ../ref/any.h"),
    ("kerneldoc", [], HEADER, " * @num: how often\n */\nint", " */\nint",
     "@num is not described"),
    ("kerneldoc", [], HEADER, " * @num: how often\n */\nstruct", " */\nstruct",
     "@num is not described"),
    ("kerneldoc", [], HEADER, " * @ctx: handed on\n",
     " * @ctx: handed on\n * @old: gone\n", "@old is described but not there"),
    ("kerneldoc", [], HEADER, "s1inv_any_call() -", "s1inv_call() -",
     "does not begin"),
    ("kerneldoc", [], HEADER, None, "\nvoid s1inv_bare(void);\n",
     "s1inv_bare has no kernel-doc"),
    ("kerneldoc", [], HEADER, None, "\nenum s1inv_e { S1INV_E };\n",
     "s1inv_e has no kernel-doc"),
    ("kerneldoc", [], HEADER, None, "\n#define S1INV_BARE 1\n",
     "S1INV_BARE has no comment"),
    ("style", [], CORE, SPDX, "\n", "no SPDX tag"),
    ("style", [], CORE, None, "/* " + "x" * 80 + " */\n", "longer than 80"),
    ("style", [], CORE, None, "int s1inv_n; \n", "ends in blanks"),
    ("style", [], CORE, "\t(void)ctx", "        (void)ctx",
     "indented with blanks"),
    ("style", [], CORE, None, "\n", "one newline"),
]


def run_check(name, args, root):
    script = pathlib.Path(__file__).parent / f"{name}.py"
    return subprocess.run([sys.executable, "-B", script, "--root", root] + args,
                          capture_output=True, text=True, check=False)


def plant(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def judge(name, args, files, message):
    """A defect of the check itself, or None; @message None: must accept."""
    with tempfile.TemporaryDirectory() as work:
        plant(pathlib.Path(work), files)
        result = run_check(name, args, work)
    if message is None:
        return (f"{name} refuses the sound tree:\n"
                + result.stdout + result.stderr) if result.returncode else None
    if result.returncode == 1 and message in result.stdout:
        return None
    return (f'{name} ended with {result.returncode} and without "{message}":\n'
            + result.stdout + result.stderr)


def main():
    common.need("gcc")
    checks = {name: args for name, args, *_ in DEFECTS}
    failures = [judge(name, args, SOUND, None)
                for name, args in checks.items()]
    for name, args, file, old, new, message in DEFECTS:
        text = SOUND[file]
        assert old is None or old in text, (name, old)
        text = text + new if old is None else text.replace(old, new)
        failures.append(judge(name, args, {**SOUND, file: text}, message))
    print(f"{len(checks)} checks shown {len(DEFECTS)} defects")
    common.finish([f for f in failures if f])


if __name__ == "__main__":
    sys.exit(main())
