#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Test vectors as C data for the kernel: vectors.py FILE... > vectors_data.h

Writes the structures of tools/request_file.h, as the reader of these files
(docs/vectors.md) fills them, so that the comparison of `s1inv vectors` runs
where there is neither a file system nor a JSON library.
"""
import json
import sys

TARGETS_MAX = 16
UNITS_MAX = 4
NONE = "RF_NONE"
TYPES = ["Request", "SelfTest", "Cover", "Audit", "Encode", "Decode", "Image"]
DESC_TYPES = ["cc", "iotlb", "devtlb", "iec", "wait", "piotlb", "pc",
              "pdevtlb", "pgresp", "hpt"]
# The descriptor's fields, in the order of rf_field_names
FIELDS = ["g", "fm", "dw", "dr", "am", "ih", "s", "gi", "mip", "im", "if",
          "sw", "fn", "pd", "pp", "rc", "did", "sid", "pfsid", "iidx", "prgi",
          "pasid", "data", "addr"]
IMAGES = {
    "command": ["size", "hwptId", "dataUptr", "dataType", "entryLen",
                "entryNum", "reserved"],
    "entry": ["addr", "npages", "flags", "hwError"],
    "selfTestEntry": ["flags", "iotlbId"],
    "slot": [],
}
QUIRKS = ["am-bound-18", "no-resume", "refuse-fn-only", "no-iqercd"]
VIOLATIONS = ["type", "mode", "reserved", "granularity", "am"]
WAIT_FLAGS = ["IF", "SW", "FN", "PD"]


def number(value):
    return int(value, 0) if isinstance(value, str) else int(value)


def num(value):
    """A number, or the name of one, as C has it"""
    if value == NONE:
        return value
    value = number(value)
    return str(value) if value < 1 << 31 else f"{value:#x}ULL"


def text(value):
    """ASCII only: what else there is in a comment is not worth an encoding."""
    shown = "".join(c if " " <= c <= "~" else "?" for c in value)
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'


def struct(**members):
    return "{ " + ", ".join(f".{k} = {v}" for k, v in members.items()) + " }"


def array(of, elements):
    """A pointer to the elements; NULL for none, which nobody looks at"""
    if not elements:
        return "NULL"
    return f"({of}[]){{ " + ",\n".join(elements) + " }"


def words(values):
    return "{ " + ", ".join(num(v) for v in values) + " }"


def flag(value):
    return "true" if value else "false"


def bits(names, known):
    return sum(1 << known.index(name) for name in names)


def hex_bytes(value):
    return [str(byte) for byte in bytes.fromhex(value)]


def errno(name):
    return "0" if name == "0" else f"-S1INV_{name}"


def rule(expected):
    name = expected.get("rule")
    value = f"S1INV_RULE_{name.replace('-', '_')}" if name else \
        "S1INV_RULE_NONE"
    return {"rule_given": flag(name is not None), "rule": value}


def desc(quadwords):
    return "{ " + words(quadwords) + " }"


def entry(value):
    return struct(addr=num(value["addr"]), npages=num(value["npages"]),
                  flags=num(value.get("flags", 0)),
                  hw_error=num(value.get("hwError", 0)))


# --------------------------------------------------------------- page tables

def target(value):
    members = {"cache": f"S1INV_VTD_{value['cache'].upper()}",
               "pasid": num(value["pasid"])}
    if value["cache"] == "devtlb":
        members.update(sid=num(value["sid"]),
                       pfsid=num(value.get("pfsid", value["sid"])),
                       mip=num(value.get("mip", 0)),
                       twice=flag(value.get("twice", False)))
    return struct(**members)


def unit(value):
    targets = value["targets"]
    assert len(targets) <= TARGETS_MAX
    return struct(
        targets="{ " + ", ".join(map(target, targets)) + " }" if targets else
        "{ { 0 } }",
        target_num=len(targets), slots=num(value.get("slots", 256)),
        quirks=bits(value.get("quirks", []), QUIRKS), did=num(value["did"]),
        am_max=num(value.get("amMax", 52)), dit=flag(value.get("dit", True)),
        pds=flag(value.get("pds", False)), te=flag(value.get("te", True)),
        plain_fence=flag(value.get("plainFence", False)))


def audit_policy(group):
    return struct(revision=f"S1INV_REVISION_{group['revision'].upper()}",
                  policy=f"S1INV_AUDIT_{group.get('audit', 'compatible').upper()}",
                  va_bits=num(group.get("vaBits", 48)))


def table(group):
    if group["type"] == "Audit":
        return struct(audit=audit_policy(group))
    if group["type"] != "Request":
        return "{ .unit_num = 0 }"
    units = group["units"]
    return struct(
        audit=audit_policy(group),
        cover=f"S1INV_COVER_{group.get('cover', 'two').upper()}",
        blame=f"S1INV_BLAME_{group.get('attribution', 'all').upper()}",
        budget=num(group.get("budget", NONE)),
        units="{ " + ",\n".join(map(unit, units)) + " }" if units else
        "{ { .did = 0 } }",
        unit_num=len(units), timeouts_max=num(group.get("timeoutsMax", 3)))


# --------------------------------------------------------------------- calls

def run(value, selftest):
    if selftest:
        return struct(count=1, flags=num(value.get("flags", 0)),
                      last=num(value["iotlbId"]))
    many = value.get("range", value)
    return struct(addr=num(many["addr"]), npages=num(many["npages"]),
                  stride=num(many.get("stride", 0)),
                  count=num(many.get("count", 1)),
                  flags=num(many.get("flags", 0)),
                  last=num(many.get("hwError", 0)))


def command(value, entry_num, selftest):
    trailing = hex_bytes(value.get("trailing", ""))
    lookup = {"table": "0", "missing": "-S1INV_ENOENT",
              "wrong-kind": "-S1INV_EINVAL", "no-op": "-S1INV_EOPNOTSUPP"}
    return struct(
        size=num(value.get("size", 32 + len(trailing))),
        hwpt=lookup[value.get("hwpt", "table")],
        data_uptr=num(value.get("dataUptr", 0x10000)),
        data_type=num(value.get("dataType", 0xdeadbeef if selftest else 0)),
        entry_len=num(value.get("entryLen", 8 if selftest else 24)),
        entry_num=num(value.get("entryNum", entry_num)),
        reserved=num(value.get("reserved", 0)),
        trailing=array("unsigned char", trailing), trailing_len=len(trailing))


def spans(values):
    return array("struct rf_span", [words(pair) for pair in values])


def memory(value):
    holes = value.get("holes", [])
    read_only = value.get("readOnly", [])
    return struct(holes=spans(holes), read_only=spans(read_only),
                  hole_num=len(holes), read_only_num=len(read_only),
                  fail_access=num(value.get("failAccess", NONE)))


def fault(value):
    (at,) = [key for key in ("invalidation", "descriptor", "device")
             if key in value]
    times = value.get("times", 1)
    return struct(unit=num(value.get("unit", 0)),
                  strikes=f"RF_AT_{at.upper()}", at=num(value[at]),
                  kind=f"RF_{value['kind'].upper()}",
                  code=num(value.get("code", 0)),
                  sid=num(value.get("sid", NONE)),
                  times=NONE if times == "always" else num(times))


def hw_error(expected):
    if "hwError" not in expected:
        return {}
    runs = [value if isinstance(value, dict) else {"value": value, "count": 1}
            for value in expected["hwError"]]
    # Given, though empty, is not the same as not given.
    return {"hw_error": array("struct rf_words",
                              [words([run["value"], run["count"]])
                               for run in runs] or ["{ 0, 0 }"]),
            "hw_error_num": len(runs)}


def expected_unit(expected, i, unit_num):
    """Unit @i, which need not exist"""
    known = expected if i < unit_num else {}
    descs = known.get("descriptors")
    waits = known.get("waits")
    members = {}
    if descs:
        members.update(descs=array("struct s1inv_vtd_desc",
                                   [desc(qw) for qw in descs[i]]),
                       desc_num=len(descs[i]))
    if waits:
        members.update(waits=array("uint8_t", [
            str(bits(filter(None, wait.split("|")), WAIT_FLAGS))
            for wait in waits[i]]), wait_num=len(waits[i]))
    for key, name in (("descriptorCount", "desc_count"),
                      ("submissions", "submissions")):
        members[name] = num(known[key][i]) if key in known else NONE
    return struct(**members)


def expected_call(expected, units):
    members = {"error": errno(expected["errno"]), **rule(expected),
               "entry_num": num(expected["entryNum"]),
               "written": flag(expected.get("written", True)),
               **hw_error(expected),
               "descs_given": flag("descriptors" in expected),
               "waits_given": flag("waits" in expected)}
    if units is not None:
        members["units"] = "{ " + ",\n".join(
            expected_unit(expected, i, len(units))
            for i in range(UNITS_MAX)) + " }"
    if "iotlb" in expected:
        members["iotlb"] = words(expected["iotlb"])
    return struct(**members)


def call(test, group):
    selftest = group["type"] == "SelfTest"
    runs = [run(value, selftest) for value in test["entries"]]
    entry_num = sum(number(value.get("range", {}).get("count", 1))
                    for value in test["entries"])
    faults = [fault(value) for value in test.get("faults", [])]
    members = {
        "command": command(test.get("command", {}), entry_num, selftest),
        "runs": array("struct rf_run", runs), "run_num": len(runs),
        "entry_num": entry_num, "memory": memory(test.get("memory", {})),
        "faults": array("struct rf_fault", faults), "fault_num": len(faults),
        "signal": num(test.get("signal", NONE)),
        "expected": expected_call(test["expected"], group.get("units"))}
    if "iotlb" in test:
        members["iotlb"] = words(test["iotlb"])
    return struct(**members)


# -------------------------------------------------------- the pure functions

def cover(test, _):
    blocks = [words(block) for block in test["expected"]["blocks"]]
    asked = {key: test[key] for key in ("addr", "npages")}
    return struct(entry=entry(asked),
                  how=f"S1INV_COVER_{test['how'].upper()}",
                  blocks=array("struct s1inv_vtd_block", blocks),
                  block_num=len(blocks))


def audit(test, _):
    expected = test["expected"]
    members = {"entry": entry(test["entry"]),
               "error": errno(expected["errno"]), **rule(expected),
               "leaf_given": flag("leaf" in expected),
               "leaf": flag(expected.get("leaf", False))}
    if "reach" in expected:
        members["reach"] = f"S1INV_VTD_{expected['reach'].upper()}"
    for key in ("first", "last"):
        if key in expected:
            members[key] = num(expected[key])
    return struct(**members)


def desc_type(name):
    if name in DESC_TYPES:
        return num(1 + DESC_TYPES.index(name))
    return num(name)


def fields(kind, values):
    members = {"wif" if key == "if" else key: num(value)
               for key, value in values.items() if key != "type"}
    return struct(type=desc_type(kind), **members)


def encode(test, _):
    expected = test["expected"]
    return struct(fields=fields(test["fields"]["type"], test["fields"]),
                  error=errno(expected.get("errno", "0")),
                  desc=desc(expected.get("qw", [0])))


def mode(value):
    return struct(ttm=f"S1INV_VTD_TTM_{value.get('ttm', 'scalable').upper()}",
                  wide=flag(number(value.get("queue", 256)) == 256),
                  **{key: flag(value.get(key, True))
                     for key in ("dt", "dit", "pds", "prs", "hpts")})


def decode(test, _):
    expected = test["expected"]
    given = expected.get("fields", {})
    return struct(desc=desc(test["qw"]), mode=mode(test["mode"]),
                  fields=fields(expected["type"], given),
                  given=num(bits(given, FIELDS)),
                  violations=num(bits(expected["violations"], VIOLATIONS)),
                  reserved=words(expected.get("reserved", [0])))


def image(test, group):
    expected = test["expected"]
    stated = [expected["fields"][key] for key in IMAGES[test["what"]]] or [0]
    data = hex_bytes(test["bytes"])
    names = {"command": "RF_COMMAND", "entry": "RF_ENTRY",
             "selfTestEntry": "RF_SELFTEST_ENTRY", "slot": "RF_SLOT"}
    return struct(what=names[test["what"]], big=flag(group["order"] == "big"),
                  bytes="{ " + ", ".join(data) + " }", len=len(data),
                  values=words(stated), slot=desc(expected.get("qw", [0])))


MEMBERS = {"Request": ("call", call), "SelfTest": ("call", call),
           "Cover": ("cover", cover), "Audit": ("audit", audit),
           "Encode": ("encode", encode), "Decode": ("decode", decode),
           "Image": ("image", image)}


# ---------------------------------------------------------------------- file

def test_case(test, group):
    name, body = MEMBERS[group["type"]]
    return "&(struct rf_test)" + struct(
        tc_id=num(test["tcId"]), comment=text(test["comment"]),
        result=f"RF_{test['result'].upper()}",
        u="{ ." + name + " = " + body(test, group) + " }")


def test_group(group):
    tests = [test_case(test, group) for test in group["tests"]]
    return struct(type=f"RF_{group['type'].upper()}",
                  comment=text(group.get("comment", "")), table=table(group),
                  big=flag(group.get("order") == "big"),
                  tests=array("struct rf_test *", tests), test_num=len(tests))


def vector_file(path):
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    name = text(path.rsplit("/", 1)[-1])
    groups = [test_group(group) for group in data["testGroups"]]
    return struct(name=name, shown=name,
                  groups=array("struct rf_group", groups),
                  group_num=len(groups),
                  test_num=sum(len(g["tests"]) for g in data["testGroups"]))


def main():
    if len(sys.argv) < 2:
        sys.exit("vectors.py: needs vector files; see its first lines")
    try:
        files = [vector_file(path) for path in sys.argv[1:]]
    except (OSError, ValueError, KeyError, AssertionError) as error:
        print(f"vectors.py: {error!r}", file=sys.stderr)
        sys.exit(2)
    print("/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */\n"
          "/* Made by vectors.py from tests/vectors. */\n"
          "static const struct rf_file *const vector_files[] = {\n"
          + ",\n".join("&(const struct rf_file)" + file for file in files)
          + "\n};")


if __name__ == "__main__":
    main()
