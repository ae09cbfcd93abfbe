#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Who may include what: the floors of the house.

ref/ includes the public headers and its own; the public headers each other and,
in env.h alone, the three freestanding ones; model/ knows nothing of ref/, and
takes its layouts from the specification's tables rather than from vtd_spec.h;
nothing in ref/ asks whether it is in a kernel.
"""
import re
import sys

import common

FREESTANDING = {"stdbool.h", "stddef.h", "stdint.h"}


def includes(path):
    """(line number, name, is it in quotes) of each include."""
    for number, line in enumerate(path.read_text().split("\n"), 1):
        m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if m:
            yield number, m.group(2), m.group(1) == '"'


def public(name):
    return name.startswith("s1inv/")


def own(path, name, quoted):
    return quoted and "/" not in name and (path.parent / name).exists()


def core_allows(path, name, quoted):
    return public(name) or own(path, name, quoted)


def header_allows(path, name, quoted):
    return public(name) or (path.name == "env.h" and name in FREESTANDING)


def model_allows(path, name, quoted):
    if quoted:
        return own(path, name, quoted)
    return name in ("s1inv/env.h", "s1inv/uapi.h") or not (
        public(name) or name.startswith("linux/"))


FLOORS = {"ref": core_allows, "include/s1inv": header_allows,
          "model": model_allows}


def main():
    args = common.parser(__doc__).parse_args()
    defects, files = [], 0
    for folder, allows in FLOORS.items():
        for path in sorted((args.root / folder).glob("*.[ch]")):
            files += 1
            defects += [f"{folder}/{path.name}:{number} includes {name}"
                        for number, name, quoted in includes(path)
                        if not allows(path, name, quoted)]
            if folder != "model" and "__KERNEL__" in path.read_text():
                defects.append(f"{folder}/{path.name} asks for __KERNEL__")
    print(f"{files} files looked at")
    common.finish(defects if files else ["found no file"])


if __name__ == "__main__":
    sys.exit(main())
