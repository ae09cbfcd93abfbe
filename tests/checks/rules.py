#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The rules: one list, three renderings, and who cites each of them.

docs/rules.json is the list. The tables of rules and the descriptors' figures
in docs/spec.md and all of docs/traceability.md are made from it, from the
layouts in vtd_spec.h and from the citations, and must be current. Every rule
is cited by code, by a test and by a vector, or says why not; nobody cites a
rule that there is not; and the errno values of the code and of the vectors are
those of the list.

  rules.py            check
  rules.py --write    write what is made
  rules.py --try-all  strike every citation in turn: the check must notice
"""
import collections
import functools
import json
import re
import sys

import common

LIST = "docs/rules.json"
SPEC = "docs/spec.md"
MATRIX = "docs/traceability.md"
LAYOUT = "include/s1inv/vtd_spec.h"
API = "include/s1inv/s1inv.h"
# What is not the project's, wrong on purpose or by chance; and what is text
SKIP_FOLDER = re.compile(r"\.|build|__pycache__|malformed|found|finds")
TEXT = {"", ".1", ".c", ".cff", ".cmake", ".h", ".in", ".json", ".md", ".py",
        ".rs", ".sh", ".txt", ".yml"}

# Number of the rule that there never is, for tests that need one
NO_RULE = "-99"
LEVELS = ("must", "should", "may")
SOURCE = re.compile(r"ABI|measured|decided|VT-d (table )?\d+(\.\d+)*")
KEYS = {"id", "group", "level", "sentence", "source", "errno", "reason",
        "stock", "example", "note", "noCode", "noTest", "noVector"}
NEEDED = {"id", "group", "level", "sentence", "source", "stock", "example"}
EXAMPLES = ({"text"}, {"file", "tcId", "comment", "text"})
# column of the matrix, and the key with which a rule says that it has none
COLUMNS = {"code": "noCode", "test": "noTest", "vector": "noVector"}


# ------------------------------------------------------------------- reading

def read_tree(root):
    """Text of every file, by its path from @root; all that is checked."""
    files = {}
    folders = [root]
    while folders:
        for path in folders.pop().iterdir():
            if path.is_dir() and not SKIP_FOLDER.match(path.name):
                folders.append(path)
            elif path.is_file() and path.suffix in TEXT:
                name = path.relative_to(root).as_posix()
                files[name] = path.read_text(errors="replace")
    return files


@functools.lru_cache(maxsize=64)
def parse(text):
    return json.loads(text)


def rules_of(files):
    return parse(files[LIST])["rules"]


@functools.cache
def column_of(name):
    # names.c and its test have every rule's name, and cite none of them.
    if re.fullmatch(r"ref/(?!names)\w+\.c", name):
        return "code"
    if re.fullmatch(r"tests/test_(?!names)\w+\.c", name):
        return "test"
    if re.fullmatch(r"tests/vectors/\w+\.json", name):
        return None if "schema" in name else "vector"
    return None


# ----------------------------------------------------------------- citations

@functools.cache
def patterns(groups):
    """(ranges, single citations, names of tests) for rules of @groups."""
    gap = r"\s+(?:\*\s+)?"  # with a comment's line break
    return (re.compile(rf"\b({groups})-(\d+){gap}to{gap}(?:\1)?-(\d+)\b"),
            re.compile(rf"(?<![A-Za-z0-9_])({groups})-(\d+)(?!\d)"
                       rf"|S1INV_RULE_({groups})_(\d+)\b"),
            re.compile(rf"(?<![a-z0-9])({groups.lower()})_(\d+)(?!\d)"))


def citations(text, groups, with_names=False):
    """(start, end, ids) of each citation in @text."""
    ranges, singles, names = patterns(groups)
    found = []
    for m in ranges.finditer(text):
        found.append((m.start(), m.end(),
                      [f"{m[1]}-{n}" for n in range(int(m[2]),
                                                    int(m[3]) + 1)]))
    taken = [(start, end) for start, end, _ in found]
    for m in singles.finditer(text):
        if not any(start <= m.start() < end for start, end in taken):
            found.append((m.start(), m.end(),
                          [f"{m[1] or m[3]}-{m[2] or m[4]}"]))
    if with_names:
        found += [(m.start(), m.end(), [f"{m[1].upper()}-{m[2]}"])
                  for m in names.finditer(text)]
    return sorted(found)


def owner(text):
    """A function from a line's number to the function that it belongs to,
    comments right above included; None at the head of a file."""
    lines = text.split("\n")
    spans = []
    for name, first, last in common.functions(text):
        while first > 1 and lines[first - 2]:
            first -= 1
        spans.append((first, last, name))

    def find(number):
        return next((name for first, last, name in spans
                     if first <= number <= last), None)
    return find


@functools.lru_cache(maxsize=1024)
def count_code(name, text, groups):
    found = collections.Counter()
    where = owner(text)
    for start, _, ids in citations(text, groups):
        function = where(text.count("\n", 0, start) + 1)
        place = name.split("/")[-1] + (f" {function}()" if function else "")
        found.update((i, place) for i in ids)
    return found


@functools.lru_cache(maxsize=1024)
def count_test(name, text, groups):
    place = name.split("/")[-1]
    return collections.Counter((i, place)
                               for _, _, ids in citations(text, groups, True)
                               for i in ids)


def tests_of(document):
    return [t for g in document.get("testGroups", []) for t in g["tests"]]


@functools.lru_cache(maxsize=1024)
def count_vector(name, text, _):
    """The tests' own citations, and those of notes that a test refers to."""
    document = parse(text)
    tests = tests_of(document)
    used = {flag for t in tests for flag in t.get("flags", [])}
    notes = [note for flag, note in document.get("notes", {}).items()
             if flag in used]
    return collections.Counter((i, name.split("/")[-1])
                               for citing in tests + notes
                               for i in citing.get("rules", []))


COUNT = {"code": count_code, "test": count_test, "vector": count_vector}


def groups_of(files):
    return "|".join(parse(files[LIST])["groups"])


def count_all(files):
    """column -> rule -> place -> number of citations"""
    groups = groups_of(files)
    found = {column: collections.defaultdict(dict) for column in COLUMNS}
    for name in sorted(files):
        column = column_of(name)
        if column:
            counted = COUNT[column](name, files[name], groups)
            for (rule, place), n in counted.items():
                found[column][rule][place] = n
    return found


# ---------------------------------------------------------------- what is made

def in_cell(text):
    return text.replace("|", "\\|")


def example(rule):
    e = rule["example"]
    if "file" not in e:
        return e["text"]
    return f"`{e['file']}` {e['tcId']}, *{e['comment']}*: {e['text']}"


def source(rule):
    text = rule["source"]
    if "reason" in rule:
        text += f": {rule['reason']}"
    text += f". *Stock:* {rule['stock']}."
    return text + (f" {rule['note']}" if "note" in rule else "")


@functools.lru_cache(maxsize=64)
def rule_table(text, group):
    rows = ["| id | level | rule | source; what stock kernels do | example |",
            "|---|---|---|---|---|"]
    for rule in parse(text)["rules"]:
        if rule["group"] == group:
            cells = (rule["id"], rule["level"], rule["sentence"], source(rule),
                     example(rule))
            rows.append("| " + " | ".join(in_cell(c) for c in cells) + " |")
    return rows


def fields_of(text):
    """type -> [(field, quadword, lowest bit, width)], and its title"""
    fields = collections.defaultdict(list)
    titles = {}
    title = None
    body = text[text.index("enum s1inv_vtd_bits {"):]
    body = body[:body.index("};")]
    for line in body.split("\n"):
        comment = re.search(r"/\* (VT-d [\d.]+) ([^;*]+)", line)
        if comment:
            title = f"{comment[2].strip()} ({comment[1]})"
        row = re.search(r"S1INV_VTD_([A-Z]+)_(\w+)_BITS"
                        r" = S1INV_VTD_BITS\((\d), (\d+), (\d+)\)", line)
        if row:
            fields[row[1]].append((row[2], *map(int, row.groups()[2:])))
            titles[row[1]] = title
    return fields, titles


def cells_of(fields, qw, number, ignored):
    """(name, highest bit, lowest bit) of a quadword, gaps as "-" """
    parts = [(name, lsb + width - 1, lsb)
             for name, at, lsb, width in fields if at == qw]
    if qw == 0:
        parts += [(f"{number >> 4:03b}", 11, 9), (f"{number & 15:04b}", 3, 0)]
    elif ignored:
        parts.append(("ignored", ignored.bit_length() - 1,
                      ignored.bit_length() - 1))
    cells, top = [], 63
    for part in sorted(parts, key=lambda p: -p[1]) + [(None, -1, 64)]:
        if top > part[1]:
            cells.append(("-", top, part[1] + 1))
        cells.append(part)
        top = part[2] - 1
    return cells[:-1]


def draw(qw, cells):
    """Two lines: which bits, and what they are."""
    bits = [str(low) if high == low else f"{high}:{low}"
            for _, high, low in cells]
    names = [name for name, _, _ in cells]
    widths = [max(map(len, pair)) for pair in zip(bits, names)]
    return [f"  {head} | " + " | ".join(
        text.center(width) for text, width in zip(line, widths))
        + " |" for head, line in (("   ", bits), (f"qw{qw}", names))]


@functools.lru_cache(maxsize=64)
def figures(text):
    fields, titles = fields_of(text)
    ignored = int(re.search(r"PGRESP_IGNORED_QW1 (0x\w+)U", text)[1], 16)
    lines = ["```"]
    for kind, rows in fields.items():
        number = int(re.search(rf"TYPE_{kind} (0x\w+)U", text)[1], 16)
        lines += [f"type 0x{number:x}, {kind}: {titles[kind]}"]
        for qw in (0, 1):
            cells = cells_of(rows, qw, number,
                             ignored if kind == "PGRESP" else 0)
            lines += draw(qw, cells)
        lines.append("")
    lines[-1] = "```"
    return lines


def made(files, what):
    if what == "layouts":
        return figures(files[LAYOUT])
    return rule_table(files[LIST], what)


def make_spec(files):
    """spec.md with everything between its marks made anew"""
    def replace(m):
        return "\n".join([m[1], "", *made(files, m[2]), "", m[3]])
    return re.sub(r"(<!-- made: (\w+) -->)\n.*?(<!-- end -->)", replace,
                  files[SPEC], flags=re.S)


def matrix_cell(rule, column, places):
    if not places:
        return f"none: {rule[COLUMNS[column]]}" if COLUMNS[column] in rule \
            else "**none**"
    return ", ".join(place + (f" ×{n}" if n > 1 else "")
                     for place, n in sorted(places.items()))


def proof_cell(rule, files):
    """A proof is a folder of tests/proofs/ that names the rule."""
    proofs = {path.split("/")[2] for path, text in files.items()
              if path.startswith("tests/proofs/")
              and re.search(rf"\b{rule}\b", text)}
    return ", ".join(sorted(proofs)) or "–"


MATRIX_HEAD = """\
<!-- SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause -->
# Traceability

Which code, which tests and which vectors cite each rule of [spec.md](spec.md):
functions of `ref/`, files of `tests/` and of `tests/vectors/`, with the number
of citations where it is more than one. A vector cites a rule by itself or by a
note that it refers to. A proof is a folder under tests that names it; there is
none as long as that column is empty. Made by `tests/checks/rules.py --write`,
after every change of a citation; the check `rules` refuses one that is not
current.

| rule | code | tests | vectors | proofs |
|---|---|---|---|---|
"""


def make_matrix(files):
    counts = count_all(files)
    rows = []
    for rule in rules_of(files):
        cells = [matrix_cell(rule, column, counts[column].get(rule["id"]))
                 for column in COLUMNS]
        cells.append(proof_cell(rule["id"], files))
        rows.append(f"| {rule['id']} | " + " | ".join(cells) + " |\n")
    return MATRIX_HEAD + "".join(rows)


def number_examples(text, files):
    """rules.json with the numbers of its examples' tests as they are now"""
    document = json.loads(text)
    for rule in document["rules"]:
        e = rule["example"]
        path = f"tests/vectors/{e.get('file')}"
        if path not in files:
            continue
        fits = [t["tcId"] for t in tests_of(parse(files[path]))
                if t["comment"] == e["comment"]
                and rule["id"] in citing(parse(files[path]), t)]
        if fits and e["tcId"] not in fits:
            e["tcId"] = fits[0]
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    # lists of words on one line
    return re.sub(r'\[\s+"\w+"(?:,\s+"\w+")*\s+\]',
                  lambda m: "[" + ", ".join(re.findall(r'"\w+"', m[0])) + "]",
                  text)


# -------------------------------------------------------------------- checking

def citing(document, test):
    """Rules that a test cites, by itself or by its notes"""
    return test.get("rules", []) + [
        i for flag in test.get("flags", [])
        for i in document["notes"][flag].get("rules", [])]


def check_example(files, rule):
    e = rule["example"]
    if "file" not in e:
        return []
    text = files.get(f"tests/vectors/{e['file']}")
    document = parse(text) if text else {}
    for t in tests_of(document):
        if t["tcId"] == e["tcId"] and t["comment"] == e["comment"]:
            if rule["id"] in citing(document, t):
                return []
    return [f"{rule['id']}: {e['file']} has no test {e['tcId']}"
            f' "{e["comment"]}" that cites it']


def check_examples(files):
    return [d for rule in rules_of(files) for d in check_example(files, rule)]


def check_form(rule):
    """One rule of the list by itself"""
    name = rule.get("id", "?")
    if set(rule) - KEYS or NEEDED - set(rule):
        return [f"{name}: unknown or missing keys: "
                f"{sorted(set(rule) - KEYS | NEEDED - set(rule))}"]
    parts = rule["source"].split("; ")
    defects = []
    if rule["level"] not in LEVELS:
        defects.append(f"{name}: level {rule['level']}")
    if not all(SOURCE.fullmatch(part) for part in parts):
        defects.append(f"{name}: source {rule['source']}")
    if ("decided" in parts) != ("reason" in rule):
        defects.append(f"{name}: a reason belongs to what was decided")
    if set(rule["example"]) not in EXAMPLES:
        defects.append(f"{name}: keys of the example")
    if not name.startswith(rule["group"] + "-"):
        defects.append(f"{name} is not of the group {rule['group']}")
    return defects


def check_list(files):
    defects = []
    order = list(parse(files[LIST])["groups"])
    last = (0, 0)
    for rule in rules_of(files):
        defects += check_form(rule)
        number = (order.index(rule["group"]), int(rule["id"].split("-")[1]))
        expected = (last[0], last[1] + 1)
        if number not in (expected, (last[0] + 1, 1)):
            defects.append(f"{rule['id']} is out of order, or one is missing")
        last = number
    return defects


def check_errnos(files):
    """The code's and the vectors' errno values against the list's"""
    allowed = {r["id"]: r.get("errno", []) for r in rules_of(files)}
    used = {(f"{g}-{n}", "") for g, n in re.findall(
        r"^\tS1INV_RULE_([A-Z]+)_(\d+),$", files[API], re.M)}
    for name, text in files.items():
        if column_of(name) == "code":
            used |= code_errnos(text)
        elif column_of(name) == "vector":
            used |= vector_errnos(text)
    return [f"{rule} gives {errno or 'an errno'} where the list has "
            f"{allowed.get(rule, 'no such rule')}"
            for rule, errno in sorted(used)
            if not allowed.get(rule) or errno not in ["", *allowed[rule]]]


@functools.lru_cache(maxsize=1024)
def code_errnos(text):
    pairs = re.findall(r"-S1INV_(E\w+),\s*S1INV_RULE_([A-Z]+)_(\d+)", text)
    return {(f"{group}-{number}", errno) for errno, group, number in pairs}


@functools.lru_cache(maxsize=1024)
def vector_errnos(text):
    expected = (t.get("expected", {}) for t in tests_of(parse(text)))
    return {(e["rule"], e["errno"]) for e in expected
            if isinstance(e, dict) and e.get("rule")}


@functools.lru_cache(maxsize=1024)
def cited_in(name, text, groups):
    """Every id that a file cites, whatever it is"""
    found = {i for _, _, ids in citations(text, groups,
                                          column_of(name) == "test")
             for i in ids}
    if column_of(name) == "vector":
        found |= {i for i, _ in count_vector(name, text, groups)}
    return found


def check_unknown(files):
    known = {rule["id"] for rule in rules_of(files)}
    groups = groups_of(files)
    return [f"{name} cites {i}, which is no rule"
            for name, text in sorted(files.items())
            for i in sorted(cited_in(name, text, groups) - known)
            if not i.endswith(NO_RULE)]


def check_cited(files):
    counts = count_all(files)
    defects = []
    for rule in rules_of(files):
        for column, excuse in COLUMNS.items():
            cited = bool(counts[column].get(rule["id"]))
            if not cited and excuse not in rule:
                defects.append(f"{rule['id']} is not cited by a {column}")
            if cited and excuse in rule:
                defects.append(f"{rule['id']} has {excuse}, and is cited")
    return defects


def check_made(files):
    hint = "is not current: run tests/checks/rules.py --write"
    marks = set(re.findall(r"^<!-- made: (\w+) -->$", files[SPEC], re.M))
    missing = {*parse(files[LIST])["groups"], "layouts"} - marks
    return ([f"{SPEC} has no place for {m}" for m in sorted(missing)]
            + [f"{name} {hint}" for name, make in
               ((SPEC, make_spec), (MATRIX, make_matrix))
               if make(files) != files.get(name)])


def check_traces(files):
    """What a citation more or less can change"""
    return check_cited(files) + check_made(files)


def check(files):
    """All defects; what is wrong with the list itself comes first, alone."""
    return check_list(files) or (
        check_examples(files) + check_unknown(files) + check_errnos(files)
        + check_traces(files))


# ------------------------------------------------------- the check can fail

def strike(text, spans):
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def spans_in(name, text, groups):
    """(rule, start, end) of every citation that counts"""
    column = column_of(name)
    if column in ("code", "test"):
        return [(i, start, end) for start, end, ids
                in citations(text, groups, column == "test") for i in ids]
    # with the comma before it; the first of a list with the one behind it
    one = rf'"((?:{groups})-\d+)"'
    return [(m[1], a.start(1) + m.start(), a.start(1) + m.end())
            for a in re.finditer(r'"rules": \[([^]]*)\]', text)
            for pattern in (rf'^{one}(?:,\s*)?', rf',\s*{one}')
            for m in re.finditer(pattern, a[1])]


def strike_one_each(files):
    """(what, files with one citation fewer, what the check must say)"""
    groups = groups_of(files)
    message = f"{MATRIX} is not current"
    for name, text in files.items():
        if not column_of(name):
            continue
        seen = set()
        for rule, start, end in spans_in(name, text, groups):
            # Vectors cite by the thousand: one of each rule and file.
            if column_of(name) == "vector" and rule in seen:
                continue
            seen.add(rule)
            yield (f"{rule} in {name}",
                   {**files, name: strike(text, [(start, end)])}, message)


def strike_columns(files):
    """Every rule without any citation in one column"""
    groups = groups_of(files)
    spans = {name: spans_in(name, text, groups)
             for name, text in files.items() if column_of(name)}
    for rule in rules_of(files):
        for column, excuse in COLUMNS.items():
            if excuse in rule:
                continue
            left = {name: strike(files[name], {(a, b) for i, a, b in found
                                               if i == rule["id"]})
                    for name, found in spans.items()
                    if column_of(name) == column}
            yield (f"{rule['id']} in every {column}", {**files, **left},
                   f"{rule['id']} is not cited by a {column}")


def planted(files):
    """One defect of every other kind"""
    def change(name, old, new, message):
        assert old in files[name], (name, old)
        text = files[name].replace(old, new, 1)
        return f"{name}: {old}", {**files, name: text}, message

    none = "AUD-" + "98"
    yield change("ref/walk.c", "REP-14;", f"{none};", f"cites {none}")
    yield change("ref/walk.c", "-S1INV_EINTR", "-S1INV_EIO",
                 "REP-14 gives EIO")
    yield change("tests/vectors/audit.json", '"EINVAL", "rule": "AUD-3"',
                 '"EIO", "rule": "AUD-3"', "AUD-3 gives EIO")
    yield change(API, "S1INV_RULE_AUD_3,", "S1INV_RULE_AUD_5,",
                 "AUD-5 gives an errno")
    yield change(LAYOUT, "PDEVTLB_S_BITS = S1INV_VTD_BITS(1, 11, 1)",
                 "PDEVTLB_S_BITS = S1INV_VTD_BITS(1, 10, 1)",
                 f"{SPEC} is not current")
    yield change(SPEC, "| AUD-3 | must |", "| AUD-3 | may |",
                 f"{SPEC} is not current")
    yield change(SPEC, "<!-- made: AUD -->", "", "no place for AUD")
    yield change(LIST, '"level": "must"', '"level": "shall"', "level shall")
    yield change(LIST, '"source": "ABI"', '"source": "hearsay"', "hearsay")
    yield change(LIST, '"stock": ', '"stuck": ', "unknown or missing keys")
    yield change(LIST, '"text": ', '"test": ', "keys of the example")
    yield change(LIST, '"tcId": ', '"tcId": 9', "that cites it")
    yield change(LIST, '"id": "CMD-2"', '"id": "CMD-3"', "out of order")
    yield change(LIST, '"errno": [', '"noTest": "x", "errno": [',
                 "has noTest, and is cited")
    yield change(LIST, '"errno": [', '"reason": "x", "errno": [',
                 "a reason belongs")


def try_all(files):
    tried, unnoticed = 0, []
    for tries, judge in ((strike_one_each, check_traces),
                         (strike_columns, check_traces), (planted, check)):
        for what, changed, message in tries(files):
            tried += 1
            if not any(message in defect for defect in judge(changed)):
                unnoticed.append(f"unnoticed: {what}")
    print(f"{tried} changes tried")
    return unnoticed if tried else ["nothing was tried"]


# ------------------------------------------------------------------------ main

def write(root, files):
    for name, make in ((LIST, lambda f: number_examples(f[LIST], f)),
                       (SPEC, make_spec), (MATRIX, make_matrix)):
        files[name] = make(files)
        (root / name).write_text(files[name])


def main():
    parser = common.parser(__doc__.split("\n", maxsplit=1)[0])
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--write", action="store_true",
                     help="write what is made, then check")
    how.add_argument("--try-all", action="store_true",
                     help="strike every citation in turn")
    args = parser.parse_args()
    files = read_tree(args.root)
    if args.write:
        write(args.root, files)
    defects = check(files)
    print(f"{len(rules_of(files))} rules, {len(files)} files looked at")
    if args.try_all and not defects:
        defects = try_all(files)
    common.finish(defects)


if __name__ == "__main__":
    sys.exit(main())
