#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Do the tests of the kernel's shim bite?

For each patch in this folder the shim is built with a known defect planted
into a copy of it, and so it is for some of those of the core in tests/plants.
test_glue_qi or test_glue_nested must fail then, and pass without.

usage: run.py [-h] [-v] [--write] [NAME...]

NAME    a patch (M29-fault); default all
-v      tell which tests fail
--write write docs/plants-kernel.md
"""
import argparse
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TABLE = ROOT / "docs/plants-kernel.md"
TESTS = ("test_glue_qi", "test_glue_nested")
# Those of the core that concern several users of a queue
CORE = ("E1", "E2", "E4", "M24", "M26")
CFLAGS = ["-std=gnu11", "-O1", "-w"]
# A program ends in the clean run, and with a plant in as many times what it
# took there, and some seconds.
CLEAN_SECONDS = 300
TIMES = 3
SLACK_SECONDS = 5


def core_runner():
    """tests/plants/run.py, which knows how to read and run plants"""
    path = ROOT / "tests/plants/run.py"
    spec = importlib.util.spec_from_file_location("core_plants", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CORE_RUN = core_runner()


def compile_to(folder, top, sources, includes):
    flags = [flag for path in includes for flag in ("-I", top / path)]
    work = []
    for source in sources:
        work.append(subprocess.Popen(
            [os.environ.get("CC", "gcc"), *CFLAGS, *flags, "-c", source,
             "-o", folder / (source.stem + ".o")]))
    if any(process.wait() for process in work):
        raise CORE_RUN.PlantError("a plant does not compile")


def build(top, folder):
    """The test programs, of the sources in @top"""
    test = top / "kernel-glue/test"
    stub = ["kernel-glue/test/include", "include", "model"]
    shim = ["kernel-glue/test/include", "kernel-glue/linux/include",
            "kernel-glue/linux", "include", "model", "."]
    compile_to(folder, top, sorted((top / "model").glob("*.c")),
               ["include", "model"])
    compile_to(folder, top, [test / "stub.c", test / "stub_user.c"], stub)
    compile_to(folder, top, sorted((top / "kernel-glue/linux").glob("*.c"))
               + [test / "glue_rig.c", *(test / (t + ".c") for t in TESTS)],
               shim)
    common = sorted(p for p in folder.glob("*.o") if p.stem not in TESTS)
    for name in TESTS:
        CORE_RUN.run([os.environ.get("CC", "gcc"), "-o", folder / name,
                      folder / (name + ".o"), *common,
                      *CORE_RUN.pkg_config("--libs", "check"), "-lpthread"])


def copy_sources(top):
    for name in ("include", "ref", "model", "kernel-glue/linux",
                 "kernel-glue/test"):
        shutil.copytree(ROOT / name, top / name)
    (top / "tests").mkdir()
    shutil.copy(ROOT / "tests/runner.h", top / "tests")


def failing(texts, seconds):
    """
    Tests that fail with @texts in the place of files, and the seconds it took,
    per program, which may take @seconds
    """
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder, "source")
        built = pathlib.Path(folder, "built")
        built.mkdir()
        copy_sources(top)
        for file, text in texts.items():
            (top / file).write_text(text)
        build(top, built)
        found = {}
        took = {}
        for name in TESTS:
            start = time.monotonic()
            found[name] = CORE_RUN.run_test(built / name, seconds[name])
            took[name] = time.monotonic() - start
    return {name: tests for name, tests in found.items() if tests}, took


def table(rows):
    lines = [
        "<!-- SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause -->",
        "# Planted defects of the kernel's shim",
        "",
        "Each row is a defect, planted into the shim of [kernel-glue](../kernel-glue/linux) by a patch of kernel-glue/test/plants, or",
        "into the core by one of tests/plants, and the tests of the shim that fail then. Defects named G are none that an implementation is",
        "known to have had, but what this shim must not do. Written by `kernel-glue/test/plants/run.py --write`.",
        "",
        "| defect | patch | what was wrong | what is planted | tests that fail |",
        "|---|---|---|---|---|",
    ]
    for plant, tests in rows:
        names = [f"{t} ({', '.join(found)})" for t, found in tests.items()]
        lines.append("| " + " | ".join([
            ", ".join(plant.defects), f"`{plant.name}`", plant.defect,
            plant.what, "; ".join(names)]) + " |")
    return "\n".join(lines) + "\n"


def check_clean():
    """Without a plant nothing may fail; what each program may take then"""
    found, took = failing({}, dict.fromkeys(TESTS, CLEAN_SECONDS))
    if found:
        raise CORE_RUN.PlantError(f"without a plant tests fail: {found}")
    return {name: TIMES * t + SLACK_SECONDS for name, t in took.items()}


def try_one(plant, seconds, verbose):
    start = time.monotonic()
    tests, _ = failing(plant.apply(), seconds)
    names = [name for found in tests.values() for name in found]
    print(f"{'ok' if names else 'FAIL':4} {plant.name:10} "
          f"{time.monotonic() - start:5.1f} s  {len(names)} tests fail",
          flush=True)
    if verbose:
        for name, found in tests.items():
            print(f"     {name}: {' '.join(found)}", flush=True)
    return tests


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    parser.add_argument("-v", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("names", nargs="*")
    return parser.parse_args()


def main():
    options = arguments()
    CORE_RUN.TEST_ENVIRONMENT["CK_DEFAULT_TIMEOUT"] = "10"
    plants = [CORE_RUN.Plant(path) for path in
              sorted(HERE.glob("*.patch"), key=lambda p:
                     CORE_RUN.natural(p.stem))]
    plants += [CORE_RUN.Plant(ROOT / f"tests/plants/{name}.patch")
               for name in CORE]
    chosen = [p for p in plants
              if not options.names or p.name in options.names]
    try:
        seconds = check_clean()
        rows = [(plant, try_one(plant, seconds, options.v))
                for plant in chosen]
    except CORE_RUN.PlantError as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 1
    missed = sum(not tests for _, tests in rows)
    print(f"{len(rows)} plants, {missed} not found")
    if options.write and not missed and len(rows) == len(plants):
        TABLE.write_text(table(rows))
    return 1 if missed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
