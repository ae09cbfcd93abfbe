#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The check of the documents can fail: it is shown a sound tree, and then the
same with one defect after the other."""
import json
import pathlib
import subprocess
import sys
import tempfile

import common

FILE = "/* SPDX */\n/*\n * What it is\n */\nint a;\n\nint b;\n"
VECTORS = {"notes": {"Flag": {"defects": ["M1"]}, "Other": {}},
           "testGroups": [{"tests": [{"tcId": 1, "rules": ["AUD-3"]},
                                     {"tcId": 2, "flags": ["Flag"]},
                                     {"tcId": 3, "flags": ["Other"]}]}]}
SOUND = """\
# Some *title* here

[a](#some-title-here), [b](docs/spec.md#rules), [c](https://example.org/)
and AUD-3, `s1inv_any()`, `S1INV_A*`, `ref/any.c`, `test_any.c:one`.

| AUD-3, defect M1, flag `Other` | `any.json` tcId 1 to 3 |
|---|---|
| the rule | `any.json` tcId 1 (AUD-3) |

```c tests/porting/any.c
int a;
```

And then:

```c tests/porting/any.c
int b;
```

```c tests/porting/any.c part
int b;
```
"""
TREE = {
    "docs/spec.md": "# Rules\n\n| AUD-3 | a rule |\n",
    "include/s1inv/any.h": "int s1inv_any(void);\n#define S1INV_ANY\n",
    "ref/any.c": "",
    "tests/test_any.c": "START_TEST(one)\n",
    "tests/porting/any.c": FILE,
    "tests/vectors/any.json": json.dumps(VECTORS),
}
# what is replaced, by what, and what the check then says
DEFECTS = [
    ("#some-title-here", "#some-title", "no heading"),
    ("docs/spec.md#rules", "docs/spce.md", "docs/spce.md, which is not there"),
    ("docs/spec.md#rules", "docs/spec.md#rule", "no heading"),
    ("and AUD-3", "and AUD-4", "no rule"),
    ("s1inv_any()", "s1inv_all()", "not in the headers"),
    ("S1INV_A*", "S1INV_B*", "not in the headers"),
    ("ref/any.c", "ref/all.c", "ref/all.c, which is not there"),
    ("test_any.c:one", "test_any.c:two", "no test"),
    ("test_any.c:one", "test_all.c", "test_all.c, which is not there"),
    ("tcId 1 to 3", "tcId 1 to 4", "tcId 4, which is not there"),
    ("tcId 1 to 3", "tcId 1 and 5", "tcId 5, which is not there"),
    ("any.json` tcId 1 to", "all.json` tcId 1 to", "no vector file"),
    ("`any.json` tcId 1 (", "tcId 1 (", "without a file"),
    ("tcId 1 (AUD-3)", "tcId 1", "which is about AUD-3"),
    ("defect M1", "defect M2", "which is about Flag, M1"),
    ("int a;\n", "int  a;\n", "does not show"),
    ("And then:\n\n```c tests/porting/any.c\nint b;\n```\n", "",
     "does not show"),
    ("part\nint b;", "part\nint c;", "part of"),
    ("c tests/porting/any.c part", "c tests/porting/all.c part",
     "tests/porting/all.c, which is not there"),
]


def run(readme):
    with tempfile.TemporaryDirectory() as work:
        for name, text in {**TREE, "README.md": readme}.items():
            path = pathlib.Path(work, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        script = pathlib.Path(__file__).with_name("docs.py")
        return subprocess.run([sys.executable, "-B", script, "--root", work],
                              capture_output=True, text=True, check=False)


def judge(old, new, message):
    """A defect of the check, or None; @message None: it must accept."""
    assert old in SOUND, old
    result = run(SOUND.replace(old, new))
    output = result.stdout + result.stderr
    if message is None:
        return f"the sound tree is refused:\n{output}" \
            if result.returncode else None
    if result.returncode == 1 and message in result.stdout:
        return None
    return f'{new!r}: ended with {result.returncode}, no "{message}":\n{output}'


def main():
    failures = [judge("", "", None)] + [judge(*d) for d in DEFECTS]
    print(f"shown {len(DEFECTS)} defects")
    common.finish([f for f in failures if f])


if __name__ == "__main__":
    sys.exit(main())
