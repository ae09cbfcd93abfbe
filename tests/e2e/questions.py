# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Requests for the guest, each with the outcome that the rules demand.

A question is a test of docs/vectors.md, moved to where user space has memory:
the command ends at the end of one arena and the array at the end of another,
or, where a byte of theirs is to fault, that byte is the first behind the end.
Memory of a process faults by the page, so everything behind a faulting byte
faults as well; the rules are asked about that memory. The outcome comes from
tests/vectors/, which knows nothing of the core.
"""

import struct

import trace  # noqa: F401 # makes tests/vectors known
from calls import COMMAND_AT, call, expand, plain

PAGE = 4096
COMMANDS = 0x10000000
COMMANDS_END = COMMANDS + 2 * PAGE
ARRAYS = 0x20000000
ARRAYS_END = ARRAYS + (13 << 20)
TASK_SIZE = (1 << 47) - PAGE
FEW = 4096  # bytes of an array that are compared after the call
ERRNO = {"0": 0, "ENOENT": 2, "EINTR": 4, "EIO": 5, "E2BIG": 7, "EAGAIN": 11,
         "EFAULT": 14, "EINVAL": 22, "EOPNOTSUPP": 95, "ETIMEDOUT": 110}
NAMES = {number: name for name, number in ERRNO.items()}


class CannotAsk(Exception):
    """User space cannot express a test: why."""


def reach(start, length, holes):
    """How many bytes from start on can be read before one faults."""
    return min([length] + [max(0, at - start) for at, size in holes
                           if size and at < start + length
                           and at + size > start])


class Question:
    """One call."""

    def __init__(self, test, table="0", kernel="7.3"):
        self.test = test
        self.table = table
        self.kernel = kernel
        self.entries = expand(test["entries"])
        self.command = plain("Request", test, len(self.entries))
        self.check()
        self.place()

    def check(self):
        """What has no counterpart in user space."""
        for key in ("faults", "signal"):
            if key in self.test:
                raise CannotAsk("injects " + key)
        if "failAccess" in self.test.get("memory", {}):
            raise CannotAsk("one access of several to the same byte fails")
        if self.command["hwpt"] == "no-op":
            raise CannotAsk("an object without this operation")

    def place(self):
        """Where command and array stand in the guest."""
        memory = self.test.get("memory", {})
        holes = memory.get("holes", [])
        was = self.command["dataUptr"]
        size = 32 + len(self.command["trailing"]) // 2
        array = 24 * len(self.entries)
        self.command_bytes = reach(COMMAND_AT, size, holes)
        self.command_at = COMMANDS_END - self.command_bytes
        self.array_bytes = 0
        self.array_at = was
        if was and was < TASK_SIZE:
            self.array_bytes = reach(was, array, holes)
            self.array_at = ARRAYS_END - self.array_bytes
        self.read_only = any(
            at < COMMAND_AT + 32 and at + length > COMMAND_AT
            for at, length in memory.get("readOnly", []) if length)
        self.moved = self.command | {"dataUptr": self.array_at}
        gone = [[COMMAND_AT + self.command_bytes, size],
                [self.array_at + self.array_bytes, array + 1]]
        read_only = [[COMMAND_AT, size]] if self.read_only else []
        self.asked = {"entries": self.test["entries"],
                      "command": {k: v for k, v in self.moved.items()
                                  if v is not None},
                      "memory": {"holes": gone, "readOnly": read_only}}

    def expect(self, unit):
        """The outcome by the rules, with these targets."""
        group = {"revision": "linux", "units": [unit] if unit else []}
        out = call("Request", group, self.asked)
        if self.kernel == "6.12" and out["rule"] == "CMD-7":
            out["errno"] = "ENOENT"  # of another kind of object, too
        return out

    def lines(self, number):
        """What the guest is to do."""
        head = struct.pack("<IIQIIII", self.moved["size"], 0, self.array_at,
                           self.moved["dataType"], self.moved["entryLen"],
                           self.moved["entryNum"], self.moved["reserved"])
        head += bytes.fromhex(self.moved["trailing"])
        which = {"missing": "missing", "wrong-kind": "ioas"}.get(
            self.moved["hwpt"], self.table)
        where = "%#x %#x" % (self.command_at, COMMANDS_END)
        out = self.array_lines()
        if self.command_bytes:
            out.append("poke %#x %s" % (
                self.command_at, head[:self.command_bytes].hex()))
        out.append("id %s 0 %s" % (where, which))
        if self.read_only:
            out.append("protect %#x %#x r" % (COMMANDS, 2 * PAGE))
        out.append("call %d 0 %s %#x %d" % (
            number, where, self.array_at if self.array_bytes else 0,
            min(FEW, self.array_bytes)))
        if self.read_only:
            out.append("protect %#x %#x rw" % (COMMANDS, 2 * PAGE))
        return out

    def array_lines(self):
        """The array, as far as it can be read."""
        if not self.array_bytes:
            return []
        if self.array_bytes == 24 * len(self.entries):
            at, out = self.array_at, []
            for entry in self.test["entries"]:
                one = entry.get("range", entry)
                out.append("fill %#x %d %#x %#x %#x %d %d" % (
                    at, one.get("count", 1), one["addr"], one["npages"],
                    one.get("stride", 0), one.get("flags", 0),
                    one.get("hwError", 0)))
                at += 24 * one.get("count", 1)
            return out
        data = b"".join(struct.pack("<QQII", *e) for e in self.entries)
        return ["poke %#x %s" % (self.array_at,
                                 data[:self.array_bytes].hex())]


def set_up(tables=True):
    """The guest's first lines."""
    return ["map %#x %#x" % (COMMANDS, 2 * PAGE),
            "map %#x %#x" % (ARRAYS, ARRAYS_END - ARRAYS)] + (
                ["table 0 0", "table 0 1", "attach 0 0"] if tables else [])
