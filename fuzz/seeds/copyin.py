# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What whole calls have in memory, and the structures of Image tests, for
copyin. The array follows the command; a hole stays where it was in either."""
from common import entries, line, number

TYPES = {"Request", "Image"}
COMMAND, ARRAY = 0x1000, 0x10000
COMMAND_LEN, ENTRY_LEN = 32, 24
# The target looks at so many records of an input, and at so much memory.
SINGLY, MEMORY = 3, 1024


def command(**values):
    return line("command", **values)


def memory_of_command(test, num):
    given = test.get("command", {})
    trailing = bytes.fromhex(given.get("trailing", ""))
    text = command(
        size=number(given.get("size"), COMMAND_LEN + len(trailing)),
        hwpt_id=1, data_uptr=number(given.get("dataUptr"), ARRAY),
        data_type=number(given.get("dataType")),
        entry_len=number(given.get("entryLen"), ENTRY_LEN),
        entry_num=number(given.get("entryNum"), num),
        reserved=number(given.get("reserved")))
    if trailing:
        text += "bytes = " + trailing.hex(" ") + "\n"
    return text, COMMAND_LEN + len(trailing)


def holes(test, array_at):
    spans = test.get("memory", {}).get("holes", [])
    for addr, length in ((number(a), number(n)) for a, n in spans):
        at = addr - COMMAND if addr < ARRAY else addr - ARRAY + array_at
        if 0 <= at < MEMORY:
            yield line("hole", at=at, len=min(length, MEMORY))


def call(test):
    some = list(entries(test))
    text, array_at = memory_of_command(test, len(some))
    if array_at + len(some) * ENTRY_LEN > MEMORY:
        return None
    if len(some) > SINGLY:
        text += line("fill", count=len(some) * ENTRY_LEN, value=0x11)
    else:
        text += "".join(line("entry", addr=a, npages=n, flags=f, last=w)
                        for a, n, f, w in some)
    text += "".join(holes(test, array_at))
    if "failAccess" in test.get("memory", {}):
        text += line("short", copy=number(test["memory"]["failAccess"]))
    if "signal" in test:
        text += line("signal", after=number(test["signal"]))
    return (f"copyin base {COMMAND:#x}\n" + text + "read_command\n" +
            line("read_entries", at=array_at, n=min(len(some), 255)))


def image(test):
    fields = test["expected"].get("fields", {})
    if test["what"] == "command":
        names = ("size", "hwptId", "dataUptr", "dataType", "entryLen",
                 "entryNum", "reserved")
        keys = ("size", "hwpt_id", "data_uptr", "data_type", "entry_len",
                "entry_num", "reserved")
        text = command(**{key: number(fields[name])
                          for key, name in zip(keys, names)})
        read = "read_command\n"
    elif test["what"] == "entry":
        text = line("entry", addr=number(fields["addr"]),
                    npages=number(fields["npages"]),
                    flags=number(fields["flags"]),
                    last=number(fields["hwError"]))
        read = line("read_entries", n=1)
    else:
        text = "bytes = " + bytes.fromhex(test["bytes"]).hex(" ") + "\n"
        read = line("read_entries", entry_len=len(test["bytes"]) // 2, n=1)
    return f"copyin base {COMMAND:#x}\n" + text + read


def seed(group, test):
    return call(test) if group["type"] == "Request" else image(test)
