# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Calls without faults for metamorphic, with each relation in turn."""
import ioctl

TYPES = ioctl.TYPES
RELATIONS = ("split", "one_by_one", "rotated", "padded", "attribution",
             "revisions", "covers")


def seed(group, test):
    text = None if test.get("faults") else ioctl.seed(group, test)
    if text is None:
        return None
    first, rest = text.split("\n", 1)
    relation = RELATIONS[test["tcId"] % len(RELATIONS)]
    return (first.replace("ioctl", "metamorphic") +
            f" relation {relation} point {test['tcId'] % 32}\n{rest}")
