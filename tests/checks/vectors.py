#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The test vectors are well-formed, complete and current.

Each file conforms to the schema, explains the flags it uses and no others,
cites rules that exist, numbers its tests once each, and states outcomes that
agree with themselves; every rule of docs/spec.md is cited by a vector or
listed in tests/vectors/README.md with the reason; and the files are what
generate.py writes. With files given, these alone are looked at.
"""
import json
import pathlib
import re
import subprocess
import sys

import common
from jsonschema_subset import Schema

# Bits of numbers that are not 64 bits wide
BITS = {"flags": 32, "hwError": 32, "size": 32, "dataType": 32,
        "entryLen": 32, "entryNum": 32, "reserved": 32, "iotlbId": 32,
        "hwptId": 32, "did": 16, "sid": 16, "pfsid": 16, "device": 16,
        "pasid": 32, "data": 32, "iidx": 16, "prgi": 16, "mip": 8, "am": 8}
TEXTS = ("comment", "bytes", "trailing")
UNIT_LISTS = ("descriptors", "descriptorCount", "waits", "submissions")


# ------------------------------------------------------------------ reading

def no_twice(pairs):
    """An object, in which no key may occur twice."""
    out = dict(pairs)
    if len(out) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(k for k in keys if keys.count(k) > 1)
        raise ValueError(f"key {twice!r} occurs twice")
    return out


def refuse(text):
    """Numbers are integers."""
    raise ValueError(f"{text} is no integer")


def load(path):
    """The JSON of a file; ValueError says what is wrong with it."""
    return json.loads(path.read_bytes().decode("utf-8"),
                      object_pairs_hook=no_twice, parse_float=refuse,
                      parse_constant=refuse)


def number(value):
    """A number as the format has it."""
    return value if isinstance(value, int) else int(
        value, 16 if value.startswith("0x") else 10)


def all_rules(root):
    """The ids that docs/spec.md defines."""
    text = (root / "docs/spec.md").read_text(encoding="utf-8")
    return re.findall(r"^\| ([A-Z]+-\d+) \|", text, re.M)


def listed_rules(root):
    """Rules that README.md says no vector shows."""
    text = (root / "tests/vectors/README.md").read_text(encoding="utf-8")
    return re.findall(r"^\| ([A-Z]+-\d+) \| \S", text, re.M)


# ------------------------------------------------------------ what is stated

def leaves(value, path, key=""):
    """(path, key, value) of all that is neither list nor object."""
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from leaves(item, f"{path}[{i}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, f"{path}.{name}", name)
    else:
        yield path, key, value


def width_defects(value, path):
    """Numbers that do not fit their fields."""
    for where, key, leaf in leaves(value, path):
        if (key not in TEXTS
                and re.fullmatch(r"0x[0-9a-fA-F]+|[0-9]+", str(leaf))
                and number(leaf) >> BITS.get(key, 64)):
            yield f"{where}: does not fit"


def entry_num(test):
    """Entries of a call, ranges written out."""
    return sum(number(e["range"]["count"]) if "range" in e else 1
               for e in test["entries"])


def call_defects(group, test):
    """A whole call: counts, units."""
    expected, count = test["expected"], number(test["expected"]["entryNum"])
    if count > entry_num(test):
        yield "expected.entryNum: more than there are entries"
    words = expected.get("hwError")
    if words is not None and count != sum(
            number(w["count"]) if isinstance(w, dict) else 1 for w in words):
        yield "expected.hwError: is not one number per handled entry"
    units = len(group.get("units", []))
    for key in UNIT_LISTS:
        if key in expected and len(expected[key]) != units:
            yield f"expected.{key}: is not one element per unit"
    for fault in test.get("faults", []):
        if number(fault.get("unit", 0)) >= units:
            yield "faults: there is no such unit"


def outcome_defects(group, test):
    """Does an outcome agree with the result and with the input?"""
    expected = test["expected"]
    good = (expected.get("errno", "0") == "0"
            and not expected.get("violations"))
    if test["result"] != "acceptable" and good != (test["result"] == "valid"):
        yield "result: does not agree with the outcome"
    if group["type"] in ("Request", "SelfTest"):
        yield from call_defects(group, test)
    if group["type"] == "Cover" and number(test["addr"]) % 4096:
        yield "addr: is not 4 KiB aligned"
    if group["type"] == "Audit" and good and "reach" not in expected:
        yield "expected.reach: is missing"


def test_defects(group, test, rules, notes):
    """What the schema cannot say of a test."""
    yield from width_defects(test, "test")
    yield from outcome_defects(group, test)
    for rule in test.get("rules", []) + [test["expected"].get("rule", "")]:
        if rule and rule not in rules:
            yield f"there is no rule {rule}"
    for flag in test.get("flags", []):
        if flag not in notes:
            yield f"flag {flag} is not explained"


def file_defects(data, schema, rules):
    """All defects of a file."""
    found = schema.defects(data)
    if found:
        return found
    notes = data.get("notes", {})
    tests = [(g, t) for g in data["testGroups"] for t in g["tests"]]
    ids = [t["tcId"] for _, t in tests]
    used = {flag for _, t in tests for flag in t.get("flags", [])}
    found += [f"tcId {i} occurs twice" for i in sorted(
        {i for i in ids if ids.count(i) > 1})]
    if data["numberOfTests"] != len(tests):
        found.append(f"numberOfTests: there are {len(tests)}")
    found += [f"the note on {flag} is not used"
              for flag in notes if flag not in used]
    found += [f"notes.{flag}: there is no rule {rule}"
              for flag, note in notes.items()
              for rule in note.get("rules", []) if rule not in rules]
    for group in data["testGroups"]:
        found += width_defects(group.get("units", []), "units")
    for group, test in tests:
        found += [f"tcId {test['tcId']}: {defect}"
                  for defect in test_defects(group, test, rules, notes)]
    return found


# ----------------------------------------------------------------- coverage

def list_defects(root, listed):
    """Is the list the one of docs/rules.json?"""
    with open(root / "docs/rules.json", encoding="utf-8") as file:
        known = {rule["id"] for rule in json.load(file)["rules"]
                 if "noVector" in rule}
    return [f"{rule} is listed as not shown in one of README.md and"
            " rules.json" for rule in sorted(known ^ set(listed))]


def cited(data):
    """The rules that a file's tests cite."""
    return {rule for g in data["testGroups"] for t in g["tests"]
            for rule in t.get("rules", [])}


def coverage_defects(rules, shown, listed):
    """Rules without vectors, but for those that are listed with a reason."""
    found = [f"no vector shows {rule}" for rule in rules
             if rule not in shown and rule not in listed]
    found += [f"{rule} is listed as not shown, but a vector shows it"
              for rule in listed if rule in shown]
    return found + [f"{rule} is listed as not shown, but there is no such"
                    " rule" for rule in listed if rule not in rules]


def current_defects(folder):
    """Are the files what generate.py writes?"""
    run = subprocess.run([sys.executable, "-B", folder / "generate.py",
                          "--check"], capture_output=True, text=True)
    return (run.stderr.splitlines()
            or ["generate.py --check fails"]) if run.returncode else []


def lint(path, schema, rules):
    """A file's JSON, or None, and its defects."""
    try:
        data = load(path)
    except (ValueError, RecursionError) as why:
        return None, [f"{path.name}: {why}"]
    found = file_defects(data, schema, rules)
    return (None if found else data,
            [f"{path.name}: {defect}" for defect in found])


def main():
    parser = common.parser(__doc__)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    args = parser.parse_args()
    folder = args.root / "tests/vectors"
    schema = Schema(load(folder / "schema/vectors_schema.json"))
    rules = all_rules(args.root)
    files = args.files or sorted(folder.glob("*.json"))
    defects, shown, tests = [], set(), 0
    for path in files:
        data, found = lint(path, schema, rules)
        defects += found
        if data:
            shown |= cited(data)
            tests += data["numberOfTests"]
    if not args.files:
        listed = listed_rules(args.root)
        defects += coverage_defects(rules, shown, listed)
        defects += list_defects(args.root, listed)
        defects += current_defects(folder)
    print(f"{tests} tests in {len(files)} files, {len(shown)} of "
          f"{len(rules)} rules shown")
    common.finish(defects if files else ["found no file"])


if __name__ == "__main__":
    sys.exit(main())
