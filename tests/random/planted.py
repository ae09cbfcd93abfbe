#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""agree.py finds bugs: each of these is planted in a copy of the core.

usage: planted.py [COMPILER]

Exit status: 0 when every one is found, and nothing in the core as it is; 1
otherwise; 77 without compiler.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent.parent
COUNT = 20000
SEED = 1

# Where, what stands there, what is put there
BUGS = [
    ("ref/vtd_audit.c", "last < half || first >= SPACE - half",
     "last < half || first > SPACE - half"),
    ("ref/vtd_audit.c",
     "if (npages > SPACE - first)\n\t\tnpages = SPACE - first;",
     "if (npages > SPACE - first)\n\t\tnpages = SPACE - first - 1U;"),
    ("ref/vtd_audit.c", "entry->npages == S1INV_VTD_S1_ALL && entry->addr",
     "entry->npages == S1INV_VTD_S1_ALL && entry->addr >> 13"),
    ("ref/vtd_cover.c", "below == split && above == split", "above == split"),
    ("ref/vtd_cover.c", "order_of(last - m + 1U)", "order_of(last - m)"),
    ("ref/vtd_cover.c", "cover->first <= cover->last",
     "cover->first < cover->last"),
    ("include/s1inv/s1inv.h", "block->order) - 1U) >> 1",
     "block->order) - 1U) >> 2"),
    ("ref/vtd_encode.c", "#define PFSID_HI_SHIFT 4U",
     "#define PFSID_HI_SHIFT 5U"),
    ("ref/vtd_encode.c", "FITS(PIOTLB, G, f->g) && "
     "FITS(PIOTLB, PASID, f->pasid)", "FITS(PIOTLB, G, f->g)"),
    ("ref/vtd_decode.c", "S1INV_VTD_TYPE_WAIT && !mode->pds",
     "S1INV_VTD_TYPE_WAIT && !mode->dit"),
    ("ref/vtd_decode.c", "mode->wide ? desc->qw[3] : 0", "0"),
    ("ref/vtd_decode.c", "fields->g < S1INV_VTD_PG_PASID",
     "fields->g < S1INV_VTD_G_GLOBAL"),
    ("ref/walk.c", "outcome->handled = i + 1U;", "outcome->handled = i;"),
    ("ref/vtd.c", "S1INV_VTD_DEVTLB || !unit->te", "S1INV_VTD_DEVTLB"),
    ("ref/vtd.c", "target->mip <= S1INV_VTD_MIP_MAX ? target->mip : 0",
     "target->mip & S1INV_VTD_MIP_MAX"),
    ("ref/selftest.c", "entry->iotlb_id >= S1INV_SELFTEST_IDS",
     "entry->iotlb_id > S1INV_SELFTEST_IDS"),
]


class Builder:
    """Compiles the core's copies, and all that surrounds them once."""

    def __init__(self, compiler, folder):
        self.command = [compiler, "-std=c11", "-O1", "-D_GNU_SOURCE"]
        self.folder = folder
        self.oracle = self.objects("oracle", HERE.glob("*.c"), TREE)
        self.model = self.objects("model", (TREE / "model").glob("*.c"), TREE)
        self.tools = self.objects("tools", (TREE / "tools").glob("*.c"), TREE)
        self.core = self.objects("core", (TREE / "ref").glob("*.c"), TREE)

    def objects(self, name, sources, tree):
        """Object files of sources, by the sources' names."""
        out = self.folder / name
        out.mkdir(exist_ok=True)
        sources = sorted(sources)
        subprocess.run(self.command + [
            "-I%s" % (tree / "include"), "-I%s" % (TREE / "model"), "-c",
            *map(str, sources)], cwd=out, check=True)
        return {path.name: str(out / (path.stem + ".o")) for path in sources}

    def link(self, tree, changed):
        """core_oracle and the command, with what changed in a tree."""
        core = {**self.core, **self.objects("changed", changed, tree)}
        tool = [*self.model.values(), *self.tools.values(), "-ljansson"]
        for name, rest in (("core_oracle", self.oracle.values()),
                           ("s1inv", tool)):
            subprocess.run(self.command + [
                *core.values(), *rest, "-o", str(self.folder / name)],
                check=True)


def plant(tree, bug):
    """Change a copy of the core. What is to be compiled anew, if anything."""
    name, old, new = bug
    for part in ("ref", "include"):
        shutil.rmtree(tree / part, ignore_errors=True)
        shutil.copytree(TREE / part, tree / part)
    path = tree / name
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        return []
    path.write_text(text.replace(old, new), encoding="utf-8")
    return [path] if path.suffix == ".c" else list((tree / "ref").glob("*.c"))


def agrees(builder):
    """The exit status of agree.py and what it said."""
    done = subprocess.run(
        [sys.executable, "-B", str(HERE / "agree.py"), "--count", str(COUNT),
         "--seed", str(SEED), str(builder.folder / "core_oracle"),
         str(builder.folder / "s1inv")], text=True, stdout=subprocess.PIPE,
        check=False)
    return done.returncode, done.stdout


def judge(builder, bug):
    """Is a planted bug found?"""
    tree = builder.folder / "tree"
    changed = plant(tree, bug)
    if not changed:
        return "FAIL: no such place"
    builder.link(tree, changed)
    status, text = agrees(builder)
    return "PASS" if status == 1 and "FAIL: " in text else "FAIL: not found"


def run(builder):
    """The core as it is, then each bug. How many failed."""
    builder.link(TREE, [TREE / "ref" / "names.c"])
    status, text = agrees(builder)
    if status != 0:
        print("FAIL: the core as it is\n" + text)
        return 1
    failed = 0
    for bug in BUGS:
        result = judge(builder, bug)
        failed += result != "PASS"
        print("%s: %s: %s" % (result, bug[0], " ".join(bug[2].split())),
              flush=True)
    return failed


def main():
    """The command."""
    compiler = sys.argv[1] if len(sys.argv) > 1 else "gcc"
    if not shutil.which(compiler):
        print("SKIP: no %s" % compiler)
        return 77
    with tempfile.TemporaryDirectory() as folder:
        return 1 if run(Builder(compiler, pathlib.Path(folder))) else 0


if __name__ == "__main__":
    sys.exit(main())
