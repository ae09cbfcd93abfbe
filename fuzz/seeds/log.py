# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Descriptors of vectors as the kernel and QEMU print them, for log."""
import pathlib

from common import number

LOGS = pathlib.Path(__file__).resolve().parent.parent.parent / "tests/logs"
TYPES = {"Decode", "Encode", "Request"}
SUFFIX = ".log"


def kernel(qw):
    words = ", ".join(f"qw{i} = {word:#x}" for i, word in enumerate(qw))
    return ("DMAR: VT-d detected Invalidation Queue Error: Reason 4\n"
            f"DMAR: QI HEAD: Invalidation {words}\n"
            "DMAR: Invalidation Queue Error (IQE) cleared\n")


def trace(qw):
    return (f"vtd_inv_desc invalidate desc type x high {qw[1]:#x} "
            f"low {qw[0]:#x}\n")


def seed(group, test):
    if group["type"] == "Request":
        units = test["expected"].get("descriptors", [])
        lines = [trace([number(w) for w in qw]) for u in units for qw in u]
        return "".join(lines[:16]) or None
    qw = test.get("qw") or test["expected"].get("qw")
    return kernel([number(word) for word in qw]) if qw else None


def others():
    """The logs that the tool is tested with."""
    for path in sorted(LOGS.glob("*.log")):
        yield f"test-{path.name}", path.read_text()
