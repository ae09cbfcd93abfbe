#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What the judge of a guest's console takes for a complaint."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "random"),
                str(HERE.parent / "vectors")]

import judge  # noqa: E402

# As Linux 6.12 with UBSAN prints it, shortened
STOCK = """\
UBSAN: shift-out-of-bounds in drivers/iommu/intel/iommu.c:508:42
shift exponent 1048575 is too large for 64-bit type 'long long unsigned int'
Call Trace:
 <TASK>
 domain_update_iommu_cap+0x44f/0x51b
 domain_attach_iommu+0x38f/0x3c2
 intel_nested_attach_dev+0x1a8/0x376
 </TASK>
---[ end trace ]---
"""


class Notes:
    """Stands in the place of a verdict."""

    def __init__(self):
        self.lines = []

    def note(self, _, line):
        self.lines.append(line)


def complaints(console):
    notes = Notes()
    judge.judge_console(console, notes)
    return notes.lines


class Console(unittest.TestCase):
    def test_of_stock(self):
        self.assertEqual(complaints(STOCK + "all is well\n"), [])

    def test_elsewhere(self):
        other = STOCK.replace("intel_nested_attach_dev", "s1inv_nested_init")
        self.assertEqual(len(complaints(other)), 2)

    def test_of_another_kind(self):
        other = STOCK.replace("shift-out-of-bounds", "null-ptr-deref")
        self.assertEqual(len(complaints(other)), 2)

    def test_without_an_end(self):
        self.assertEqual(len(complaints(STOCK.replace("end trace", ""))), 2)

    def test_another_before_it(self):
        other = STOCK.replace("domain_", "ours_")
        self.assertEqual(len(complaints(other + STOCK)), 2)

    def test_unended_before_it(self):
        other = "UBSAN: shift-out-of-bounds in s1inv/qi.c\nCall Trace:\n"
        self.assertEqual(len(complaints(other + STOCK)), 4)

    def test_of_its_kind_amid_it(self):
        ours = "UBSAN: shift-out-of-bounds in s1inv/qi.c"
        amid = STOCK.replace("Call Trace:", ours + "\nCall Trace:")
        self.assertIn(ours, complaints(amid))
        self.assertEqual(len(complaints(amid)), 3)

    def test_in_another_order(self):
        lines = STOCK.splitlines(keepends=True)
        lines[4], lines[6] = lines[6], lines[4]
        self.assertEqual(len(complaints("".join(lines))), 2)

    def test_before_the_trace(self):
        lines = STOCK.splitlines(keepends=True)
        lines[2:2] = [lines.pop(4)]
        self.assertEqual(len(complaints("".join(lines))), 2)

    def test_amid_it(self):
        amid = STOCK.replace(" <TASK>", "BUG: KASAN: ours\nCall Trace:")
        self.assertEqual(complaints(amid), ["BUG: KASAN: ours", "Call Trace:"])


if __name__ == "__main__":
    unittest.main()
