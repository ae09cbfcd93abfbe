#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Every public declaration is documented in kernel-doc.

A function, struct, enum, typedef or function-like macro stands right behind a
comment that names it and says what it is. A comment of several paragraphs
describes every parameter or member as "@name:" and none that is not there. A
comment of one sentence will do for an enum, for a struct of one member, for a
function of at most two parameters, and for one that is "see" another. Plain
constants may share a comment above their group.
"""
import re
import sys

import common

DECLARATION = re.compile(
    r"(?P<kind>struct|enum) (?P<tag>\w+)\s*\{(?P<body>[^{}]*)\}[^;{}]*;"
    r"|typedef\b[^;]*?(?P<typedef>\w+);"
    r"|(?P<head>(?:[A-Za-z_][\w \t\n*]*?[ \t\n*]))(?P<func>\w+)\((?P<params>"
    r"(?:[^(){};]|\([^(){};]*\))*)\)\s*(?P<end>[;{])",
    re.S | re.M)
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def strip(text):
    """Comments become blanks of the same shape."""
    return COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def members(body):
    """Names of a struct's members."""
    names = []
    for part in strip(body).split(";"):
        pointer = re.search(r"\(\*(\w+)\)\(", part)
        if pointer:
            names.append(pointer.group(1))
            continue
        for word in re.sub(r"\[[^]]*\]", "", part).split(","):
            m = re.search(r"(\w+)\s*$", word)
            if m:
                names.append(m.group(1))
    return names


def parameters(text):
    if text.strip() in ("", "void"):
        return []
    return [re.search(r"(\w+)\s*(?:\[\w*\])?\s*$", p).group(1)
            for p in text.split(",")]


def comment_before(text, pos):
    """The kernel-doc comment that ends right before @pos, without its stars."""
    before = text[:pos].rstrip()
    # What may stand between a comment and its declaration
    before = re.sub(r"(\n#define \w+_ENUM(?:[^\n]*\\\n)*[^\n]*)+$", "", before)
    before = re.sub(r"(\n#if[^\n]*)+$", "", before)
    if not before.endswith("*/"):
        return None
    start = before.rindex("/*")
    if not before.startswith("/**", start):
        return None
    body = before[start + 3:-2]
    return re.sub(r"^\s*\* ?", "", body, flags=re.M).strip()


def judge(where, name, kind, expected, doc):
    """Defects of one declaration's comment."""
    label = f"{where}: {name}"
    if doc is None:
        return [f"{label} has no kernel-doc"]
    title = name + "()" if kind == "function" else f"{kind} {name}"
    head, _, text = doc.partition(" - ")
    if head != title or not text.strip():
        return [f'{label}: its kernel-doc does not begin "{title} - ..."']
    described = re.findall(r"^@(\w+):", doc, re.M)
    brief = {"enum": 99, "struct": 1, "typedef": 0, "function": 2}[kind]
    if not described and (len(expected) <= brief or text.startswith("see &")):
        return []
    return ([f"{label}: @{n} is not described" for n in expected
             if n not in described]
            + [f"{label}: @{n} is described but not there" for n in described
               if n not in expected])


def declarations(text):
    """(position, name, kind, names to describe)"""
    code = strip(re.sub(r"^#(?:[^\n]*\\\n)*[^\n]*",
                        lambda m: re.sub(r"[^\n]", " ", m.group()), text,
                        flags=re.M))
    pos = 0
    while True:
        m = DECLARATION.search(code, pos)
        if not m:
            return
        start, pos = m.start(), m.end()
        # Bodies of inline functions hold no declarations of interest.
        if m.group("end") == "{":
            pos = code.index("\n}", pos)
        if m.group("tag"):
            inside = (members(text[m.start("body"):m.end("body")])
                      if m.group("kind") == "struct" else [])
            yield start, m.group("tag"), m.group("kind"), inside
        elif m.group("typedef"):
            yield start, m.group("typedef"), "typedef", []
        elif m.group("func") != "S1INV_STATIC_ASSERT":
            yield (start, m.group("func"), "function",
                   parameters(m.group("params")))


def macro_defects(path, text):
    """Macros: kernel-doc, or a comment above their group."""
    defects, lines, told = [], text.split("\n"), False
    for i, line in enumerate(lines):
        m = re.match(r"#define (\w+)(\()?", line)
        # A blank line ends a group; so does any other code.
        if not line:
            told = False
        if line.endswith("*/"):
            told = True
        if m and not told and not m.group(1).endswith(("_H", "_ENUM")):
            defects.append(f"{path.name}:{i + 1}: macro {m.group(1)} "
                           "has no comment")
    return defects


def main():
    args = common.parser(__doc__).parse_args()
    defects, count = [], 0
    for path in sorted((args.root / "include/s1inv").glob("*.h")):
        text = path.read_text()
        for start, name, kind, expected in declarations(text):
            count += 1
            start += len(text[start:]) - len(text[start:].lstrip())
            where = f"{path.name}:{text.count(chr(10), 0, start) + 1}"
            defects += judge(where, name, kind, expected,
                             comment_before(text, start))
        defects += macro_defects(path, text)
    print(f"{count} declarations looked at")
    common.finish(defects if count else ["found no declaration"])


if __name__ == "__main__":
    sys.exit(main())
