#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Files with one defect each, which the command and the linter refuse.

run.py TOOL. Each file is sound.json, or a part of it, with one defect, of
which its header tells. Those in lint/ can be run all the same: only the linter
refuses them. What is refused must be the defect: both messages have the word
that stands here.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "checks"))
sys.dont_write_bytecode = True

import common  # noqa: E402
import vectors  # noqa: E402

WORDS = {
    "block_order": "blocks[0][1]", "cover_unaligned": "addr",
    "entry_num": "entryNum", "fault_at_two_places": "faults[0]",
    "fault_nowhere": "faults[0]", "fault_on_no_unit": "no such unit",
    "flag_not_explained": "not explained", "hw_error_count": "hwError",
    "id_twice": "occurs twice", "id_zero": "tcId", "image_field": "addr",
    "image_length": "bytes", "image_order": "order",
    "invalid_but_accepted": "result", "iqe_without_code": "code",
    "ite_with_code": "faults[0]", "key_twice": "npages",
    "missing_key_of_file": "numberOfTests", "missing_key_of_group": "revision",
    "missing_key_of_test": "result", "missing_outcome": "expected",
    "no_tests": "", "not_utf8": "0xff", "number_above_2_53": "npages",
    "number_above_2_64": "npages", "number_capital_x": "npages",
    "number_is_boolean": "npages", "number_negative": "npages",
    "number_of_tests": "there are 1", "number_too_wide": "flags",
    "odd_bytes": "trailing", "real_number": "integer",
    "rule_is_no_id": "rules[0]", "selftest_values": "iotlb",
    "slots": "slots", "target_key": "'sid'", "three_quadwords": "qw",
    "trailing_text": "line 26|26:1", "truncated": "24",
    "two_outcomes": "expected", "unknown_broken_rule": "AUD-99",
    "unknown_errno": "errno", "unknown_field": "'domain'",
    "unknown_group": "testGroups[0]", "unknown_key_of_file": "'date'",
    "unknown_key_of_group": "'order'", "unknown_key_of_note": "'cve'",
    "unknown_key_of_outcome": "'error'",
    "unknown_key_of_test": "'comments'", "unknown_quirk": "quirks[0]",
    "unknown_result": "result", "unknown_violation": "violations[0]",
    "valid_but_refused": "result", "wait_flags": "waits[0][0]",
    "waits_per_unit": "waits", "wrong_algorithm": "algorithm",
    "wrong_schema": "schema",
}
LINT_WORDS = {"note_not_used": "Other is not used",
              "note_rule_unknown": "QUE-77", "rule_unknown": "AUD-99"}


def says(message, word):
    """Does it have the word, or one of several?"""
    return any(w in message.replace('"', "'") for w in word.split("|"))


def run_tool(tool, path):
    """Exit status and what it printed about a bad file."""
    run = subprocess.run([tool, "vectors", "--check", path],
                         capture_output=True)
    return run.returncode, run.stderr.decode("utf-8", "replace")


def coverage():
    """Rules without vectors, and lists that are out of date."""
    every = ["A-1", "A-2"]
    for shown, listed, number in (({"A-1"}, [], 1), ({"A-1"}, ["A-2"], 0),
                                  ({"A-1", "A-2"}, ["A-2"], 1),
                                  ({"A-1", "A-2"}, ["A-3"], 1)):
        if len(vectors.coverage_defects(every, shown, listed)) != number:
            yield f"coverage_defects({shown}, {listed}) is not {number} long"


def changed(value):
    """Another number, in a string."""
    return hex(vectors.number(value) ^ 1)


def alter(expected, place):
    """Change the number at a place; False if there is none."""
    fields = expected.get("fields")
    if fields and place < len(fields):
        key = list(fields)[place]
        fields[key] = changed(fields[key])
    elif not fields and place < len(expected["qw"]):
        expected["qw"][place] = changed(expected["qw"][place])
    else:
        return False
    return True


def images(tool):
    """Is every number of image.json really compared?"""
    for place in range(7):
        data = vectors.load(HERE.parent / "image.json")
        number = sum(alter(t["expected"], place)
                     for g in data["testGroups"] for t in g["tests"])
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(data, file)
            file.flush()
            run = subprocess.run(
                [tool, "vectors", "--check", "--json", file.name],
                capture_output=True, text=True)
        failed = json.loads(run.stdout)[0]["failed"]
        if failed != number or run.returncode != 1:
            yield f"image.json, {place}: {failed} of {number} are seen"


def main():
    tool = sys.argv[1]
    folder = HERE.parent
    schema = vectors.Schema(
        vectors.load(folder / "schema/vectors_schema.json"))
    rules = vectors.all_rules(common.TREE)
    defects = [*coverage(), *images(tool)]
    for path in sorted(HERE.rglob("*.json")):
        own = path.parent == HERE
        name = path.stem
        sound = name == "sound"
        word = "" if sound else (WORDS if own else LINT_WORDS).pop(name)
        status, message = run_tool(tool, path)
        if status != (2 if own and not sound else 0):
            defects.append(f"{name}: the command's exit status is {status}")
        if own and not says(message, word):
            defects.append(f"{name}: the command says {message!r}")
        found = "\n".join(vectors.lint(path, schema, rules)[1])
        if bool(found) == sound or not says(found, word):
            defects.append(f"{name}: the linter says {found!r}")
    defects += [f"there is no {name}.json" for name in {**WORDS, **LINT_WORDS}]
    common.finish(defects)


if __name__ == "__main__":
    sys.exit(main())
