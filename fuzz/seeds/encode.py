# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Encode and Decode tests, and the slots of Image tests, for encode."""
from common import line, number

TYPES = {"Encode", "Decode", "Image", "Request"}
CAPABILITIES = ("dt", "dit", "pds", "prs", "hpts")
RECORDS = 8


def header(mode):
    bits = [name.upper() for name in CAPABILITIES if mode.get(name, True)]
    if mode.get("queue", 256) == 256:
        bits.insert(0, "WIDE")
    return line("encode", ttm=mode.get("ttm", "scalable"),
                mode="|".join(bits))


def desc(qw):
    words = [number(word) for word in qw]
    return line("desc", **{f"qw{i}": word for i, word in enumerate(words)})


def fields(test):
    values = {name: value if name == "type" and value in TYPE_NAMES
              else number(value) for name, value in test["fields"].items()}
    return line("fields", **values)


TYPE_NAMES = ("cc", "iotlb", "devtlb", "iec", "wait", "piotlb", "pc",
              "pdevtlb", "pgresp", "hpt")


def descriptors(test):
    """What a call makes the units fetch, as far as the test says."""
    for unit in test["expected"].get("descriptors", []):
        yield from unit


def seed(group, test):
    if group["type"] == "Encode":
        return header({}) + fields(test)
    if group["type"] == "Decode":
        return header(test["mode"]) + desc(test["qw"])
    if group["type"] == "Image":
        if test["what"] != "slot":
            return None
        return header({}) + desc(test["expected"]["qw"])
    some = list(descriptors(test))[:RECORDS]
    if not some:
        return None
    return header({}) + "".join(desc(qw) for qw in some)
