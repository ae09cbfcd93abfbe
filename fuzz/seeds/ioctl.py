# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Whole calls for ioctl, those of the self-test's page table among them.

What the target does not have is left out: more than three units, five targets
and 40 entries; and of a hole more than its ends.
"""
from common import entries, line, number

TYPES = {"Request", "SelfTest"}
COMMAND, ARRAY = 0x1000, 0x10000
COMMAND_LEN = 32
UNITS, TARGETS, ENTRIES = 3, 5, 40
QUIRKS = {"am-bound-18": "am_bound", "no-resume": "no_resume",
          "refuse-fn-only": "no_plain_wait", "no-iqercd": "no_iqercd"}
HWPT = {"table": 0, "wrong-kind": 2, "no-op": 3, "missing": 4}
SELFTEST = 1


def header(group):
    units = group.get("units", [])
    hardware = {QUIRKS[q] for unit in units for q in unit.get("quirks", [])}
    if any(number(unit.get("slots"), 256) > 128 for unit in units):
        hardware.add("big_ring")
    return line("ioctl",
                revision=group.get("revision", "linux"),
                policy=group.get("audit", "compatible"),
                va_bits=str(number(group.get("vaBits"), 48)),
                cover=group.get("cover", "two"),
                blame=group.get("attribution", "all"),
                timeouts_more=min(number(group.get("timeoutsMax"), 3), 5) - 1,
                budget=number(group.get("budget")),
                hardware="|".join(sorted(hardware)))


def target(given):
    if given["cache"] == "iotlb":
        return line("iotlb", pasid=number(given.get("pasid")))
    sid = number(given["sid"])
    return line("device", sid=sid, pfsid=number(given.get("pfsid"), sid),
                pasid=number(given.get("pasid")),
                mip=number(given.get("mip")),
                twice="twice" if given.get("twice") else None)


def unit(given):
    bits = [name for name, is_set in (
        ("te_off", not given.get("te", True)),
        ("plain_fence", given.get("plainFence", False)),
        ("no_dit", not given.get("dit", True))) if is_set]
    return (line("unit", did=number(given["did"]), bits="|".join(bits),
                 am_max_less=52 - number(given.get("amMax"), 52)) +
            "".join(target(t) for t in given["targets"]))


def devices(group, index):
    return [number(t["sid"]) for t in group["units"][index]["targets"]
            if t["cache"] == "devtlb"]


def report(fault, sids):
    """The device that strikes, and what is told of it."""
    struck = number(fault.get("device"), sids[0] if sids else 0)
    device = sids.index(struck) if struck in sids else 0
    told = number(fault.get("sid"), struck)
    if told == struck:
        return device, "true"
    if told == 0:
        return device, "zero"
    return device, "other" if told in sids else "unknown"


def fault(group, given):
    sids = devices(group, number(given.get("unit")))
    which = next(k for k in ("invalidation", "descriptor", "device")
                 if k in given)
    times = given.get("times", 1)
    device, told = report(given, sids)
    if which == "device" and given["kind"] == "ite" and times == "always":
        return line("silent", unit=number(given.get("unit")), device=device)
    fields = {
        "unit": number(given.get("unit")),
        "which": {"invalidation": "invalidation", "descriptor": "fetched",
                  "device": "every_devtlb"}[which],
        "nth": 0 if which == "device" else min(number(given[which]), 255),
        "times_more": 7 if times == "always" else min(number(times), 8) - 1}
    if given["kind"] == "iqe":
        return line("iqe", **fields, code=number(given["code"]))
    return line(given["kind"], **fields, device=device, report=told)


def command(test, entry_len, num, selftest):
    given = test.get("command", {})
    trailing = bytes.fromhex(given.get("trailing", ""))
    plain = COMMAND_LEN + len(trailing)
    values = {
        "add_size": number(given.get("size"), plain) - COMMAND_LEN,
        "add_reserved": number(given.get("reserved")),
        "add_entry_num": number(given.get("entryNum"), num) - num,
        "add_entry_len": number(given.get("entryLen"), entry_len) - entry_len,
        "add_data_type": number(given.get("dataType"),
                                0xdeadbeef * selftest) - 0xdeadbeef * selftest,
        "hwpt": HWPT[given.get("hwpt", "table")] or SELFTEST * selftest}
    for name, value in values.items():
        if value:
            yield line("command", field=name, value=value % 2**32)
    if "dataUptr" in given:
        yield line("command", field="array",
                   value=number(given["dataUptr"])) \
            .replace("array\n", "array value 0\n")
    for at, byte in enumerate(trailing[:200]):
        if byte:
            yield line("memory", what="trailing_byte", at=at, value=byte)


def place(test, addr):
    """("command" or "array", offset within it)."""
    array = number(test.get("command", {}).get("dataUptr"), ARRAY)
    if COMMAND <= addr < COMMAND + 256:
        return "command", addr - COMMAND
    return "array", (addr - array) % 2**64


def memory(test):
    given = test.get("memory", {})
    for addr, length in given.get("holes", []):
        for end in (number(addr), number(addr) + number(length) - 1):
            where, at = place(test, end)
            if at < 2**16:
                yield line("memory", what=f"hole_in_{where}", at=at)
    for addr, _ in given.get("readOnly", []):
        yield line("memory",
                   what=f"{place(test, number(addr))[0]}_read_only")
    if "failAccess" in given:
        yield line("memory", what="copy_fails",
                   at=number(given["failAccess"]))
    if "signal" in test:
        yield line("memory", what="signal", at=number(test["signal"]))


def lines_of_entries(test, selftest):
    if selftest:
        for entry in test["entries"]:
            yield line("entry", addr=number(entry.get("iotlbId")) << 12,
                       flags=number(entry.get("flags")))
        return
    for addr, npages, flags, last in entries(test):
        yield line("entry", addr=addr, npages=npages, flags=flags, last=last)


def seed(group, test):
    selftest = group["type"] == "SelfTest"
    units = group.get("units", [])
    some = list(lines_of_entries(test, selftest))
    if (len(units) > UNITS or len(some) > ENTRIES or
            any(len(u["targets"]) > TARGETS for u in units)):
        return None
    return (header(group) + "".join(unit(u) for u in units) +
            "".join(fault(group, f) for f in test.get("faults", [])) +
            "".join(some) +
            "".join(command(test, 8 if selftest else 24, len(some),
                            selftest)) +
            "".join(memory(test)))
