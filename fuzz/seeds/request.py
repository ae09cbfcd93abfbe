# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Every vector as a file of its own, for request."""
import json

TYPES = {"Request", "SelfTest", "Cover", "Audit", "Encode", "Decode", "Image"}
SUFFIX = ".json"
# Longer files make a fuzzer slow and show nothing new.
LONGEST = 4096


def seed(group, test):
    document = {
        "algorithm": "IOMMU_HWPT_INVALIDATE", "schema": "vectors_schema.json",
        "version": "1", "header": [],
        "notes": {flag: {"bugType": "BASIC", "description": flag}
                  for flag in test["flags"]},
        "numberOfTests": 1, "testGroups": [{**group, "tests": [test]}],
    }
    text = json.dumps(document, separators=(",", ":")) + "\n"
    return text if len(text) <= LONGEST else None
