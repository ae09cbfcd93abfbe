#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""No call chain of the core takes more than 512 bytes of stack.

The figures are gcc's own, for x86-64 and -O2. Calls through an operation of
the environment (all of them stand in env.h) leave the core and are not
counted. A call through a table that the core itself fills (a backend's audit
and submit) goes to every function of ref/ in such a table, and finding a page
table goes to every s1inv_*_begin(), though it is the integrator's function
that calls that; putting it back leaves the core. Recursion, frames of unknown size and calls that lead nowhere
known are defects. Without -mno-red-zone gcc would leave out up to 128 bytes
below the stack pointer that a leaf function uses.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

import common

LIMIT = 512
NODE = re.compile(r'node: \{ title: "([^"]*)" label: "([^"]*)"( shape)?')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"'
                  r'(?: label: "([^"]*)")?')
BEGIN = re.compile(r"s1inv_\w+_begin$")


def compile_core(root, work):
    subprocess.run(["gcc", "-m64", "-std=c11", "-O2", "-ffreestanding",
                    "-fno-stack-protector", "-fno-pic", "-mno-red-zone",
                    "-fcallgraph-info=su,da", f"-I{root}/include", "-c"]
                   + [str(s) for s in common.core_sources(root)],
                   cwd=work, check=True)


def read_graph(work, defects):
    """({function: bytes}, [(caller, callee, "file:line:column")])"""
    frames, calls = {}, []
    for path in sorted(pathlib.Path(work).glob("*.ci")):
        text = path.read_text()
        for title, label, external in NODE.findall(text):
            if external:
                continue
            frame = re.search(r"\\n(\d+) bytes \((\w+)", label)
            frames[title] = int(frame.group(1))
            if frame.group(2) != "static" or "\\n0 dynamic" not in label:
                defects.append(f"{title}: its frame has no fixed size")
        calls += EDGE.findall(text)
    return frames, calls


def table_targets(root, frames, operation):
    """Functions that ref/ puts into a table under the name @operation."""
    targets = []
    for source in common.core_sources(root):
        for name in re.findall(rf"\.{operation} = (\w+)", source.read_text()):
            targets += [f for f in frames
                        if f == name or f == f"{source}:{name}"]
    return targets


def indirect_targets(root, frames, where):
    """Where a call through a pointer can lead; None if that is not known."""
    file, line, column = where.rsplit(":", 2)
    if pathlib.Path(file).name == "env.h":
        return []
    text = "\n".join(pathlib.Path(file).read_text().split("\n")
                     [int(line) - 1:int(line) + 2])
    called = re.search(r"->(\w+)\s*\(", text[int(column) - 1:])
    if not called:
        return None
    if called.group(1) == "find":
        return [f for f in frames if BEGIN.match(f)]
    if called.group(1) == "put":
        return []
    return table_targets(root, frames, called.group(1)) or None


def build_edges(root, frames, calls, defects):
    edges = {f: set() for f in frames}
    for caller, callee, where in calls:
        targets = [callee]
        if callee == "__indirect_call":
            targets = indirect_targets(root, frames, where)
            if targets is None:
                defects.append(f"{caller}: unknown call at {where}")
                continue
        for target in targets:
            if target in frames:
                edges[caller].add(target)
            else:
                defects.append(f"{caller} calls {target}, not in the core")
    return edges


def deepest(function, frames, edges, path, known, defects):
    """(bytes, chain) of the deepest chain from @function down."""
    if function in path:
        defects.append("recursion: " + " -> ".join(path + [function]))
        return 0, []
    if function not in known:
        below = max((deepest(f, frames, edges, path + [function], known,
                             defects) for f in edges[function]),
                    default=(0, []))
        known[function] = (frames[function] + below[0], [function] + below[1])
    return known[function]


def main():
    args = common.parser(__doc__).parse_args()
    common.need("gcc")
    target = subprocess.run(["gcc", "-dumpmachine"], check=True, text=True,
                            capture_output=True).stdout
    if not target.startswith("x86_64"):
        common.skip("the bound is for x86-64, and gcc is for " + target)

    defects, known = [], {}
    with tempfile.TemporaryDirectory() as work:
        compile_core(args.root, work)
        frames, calls = read_graph(work, defects)
    edges = build_edges(args.root, frames, calls, defects)
    total, chain = max(deepest(f, frames, edges, [], known, defects)
                       for f in frames)
    print(f"deepest call chain: {total} bytes of {LIMIT}")
    for function in chain:
        print(f"  {frames[function]:4} {function.rsplit('/', 1)[-1]}")
    if total > LIMIT:
        defects.append(f"the deepest call chain takes {total} bytes")
    common.finish(sorted(set(defects)))


if __name__ == "__main__":
    sys.exit(main())
