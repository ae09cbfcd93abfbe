#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Do the tests of the kernel's shim bite?

For each patch in this folder the shim is built with a known defect planted
into a copy of it, and so it is for some of those of the core in tests/plants.
test_glue_qi or test_glue_nested must fail then, and pass without.

usage: run.py [-h] [-j JOBS] [-v] [--write] [NAME...]

NAME    a patch (M29-fault); default all
-j      how many at the same time; default the number of processors
-v      tell which tests fail
--write write docs/plants-kernel.md
"""
import argparse
import concurrent.futures
import importlib.util
import os
import pathlib
import shlex
import shutil
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


def units():
    """What the test programs are made of: (source, where it includes from)"""
    test = "kernel-glue/test"
    stub = [f"{test}/include", "include", "model"]
    shim = [f"{test}/include", "kernel-glue/linux/include",
            "kernel-glue/linux", "include", "model", "."]
    for path in sorted((ROOT / "model").glob("*.c")):
        yield f"model/{path.name}", ["include", "model"]
    for name in ("stub", "stub_user"):
        yield f"{test}/{name}.c", stub
    for path in sorted((ROOT / "kernel-glue/linux").glob("*.c")):
        yield f"kernel-glue/linux/{path.name}", shim
    for name in ("glue_rig", *TESTS):
        yield f"{test}/{name}.c", shim


def copy_sources(top):
    for name in ("include", "ref", "model", "kernel-glue/linux",
                 "kernel-glue/test"):
        shutil.copytree(ROOT / name, top / name)
    (top / "tests").mkdir()
    shutil.copy(ROOT / "tests/runner.h", top / "tests")


def compile_unit(top, folder, source, includes):
    """Compile; the object, and the files of @top that went into it"""
    made = folder / (pathlib.Path(source).stem + ".o")
    flags = [flag for path in includes for flag in ("-I", top / path)]
    CORE_RUN.run([os.environ.get("CC", "gcc"), *CFLAGS, *flags, "-MMD", "-c",
                  top / source, "-o", made])
    rule = made.with_suffix(".d").read_text().replace("\\\n", " ")
    told = shlex.split(rule)[1:]
    used = {os.path.relpath(os.path.realpath(path), os.path.realpath(top))
            for path in told}
    return made, used


class Clean:
    """All objects, made without a plant, and what went into each"""

    def __init__(self, folder, jobs):
        top = pathlib.Path(folder, "source")
        built = pathlib.Path(folder, "built")
        built.mkdir()
        copy_sources(top)
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            made = pool.map(lambda unit: compile_unit(top, built, *unit),
                            units())
            self.units = {source: (includes, *result) for
                          (source, includes), result in zip(units(), made)}

    def planted(self, texts, folder):
        """
        The objects with @texts in the place of files: those that any of these
        went into are made anew
        """
        top = folder / "source"
        copy_sources(top)
        for file, text in texts.items():
            (top / file).write_text(text)
        objects = []
        for source, (includes, made, used) in self.units.items():
            if used & set(texts):
                made, _ = compile_unit(top, folder, source, includes)
            objects.append(made)
        return objects


def link(objects, folder):
    """The test programs"""
    common = [o for o in objects if o.stem not in TESTS]
    for name in TESTS:
        own = [o for o in objects if o.stem == name]
        CORE_RUN.run([os.environ.get("CC", "gcc"), "-o", folder / name, *own,
                      *common, *CORE_RUN.pkg_config("--libs", "check"),
                      "-lpthread"])


def failing(clean, texts, seconds):
    """
    Tests that fail with @texts in the place of files, and the seconds it took,
    per program, which may take @seconds
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        link(clean.planted(texts, folder), folder)
        found = {}
        took = {}
        for name in TESTS:
            start = time.monotonic()
            found[name] = CORE_RUN.run_test(folder / name, seconds[name])
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


def check_clean(clean, jobs):
    """
    Without a plant nothing may fail; what each program may take then. As many
    run at the same time as will with plants.
    """
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        runs = list(pool.map(
            lambda _: failing(clean, {}, dict.fromkeys(TESTS, CLEAN_SECONDS)),
            range(jobs)))
    for found, _ in runs:
        if found:
            raise CORE_RUN.PlantError(f"without a plant tests fail: {found}")
    return {name: TIMES * max(took[name] for _, took in runs) + SLACK_SECONDS
            for name in TESTS}


def try_one(clean, plant, seconds, verbose):
    start = time.monotonic()
    tests, _ = failing(clean, plant.apply(), seconds)
    names = [name for found in tests.values() for name in found]
    lines = [f"{'ok' if names else 'FAIL':4} {plant.name:10} "
             f"{time.monotonic() - start:5.1f} s  {len(names)} tests fail"]
    if verbose:
        lines += [f"     {name}: {' '.join(found)}"
                  for name, found in tests.items()]
    print("\n".join(lines), flush=True)
    return tests


def try_all(chosen, options):
    """(plant, tests that fail) for each of @chosen, in this order"""
    jobs = max(1, min(options.j, len(chosen)))
    with tempfile.TemporaryDirectory() as folder:
        clean = Clean(folder, jobs)
        seconds = check_clean(clean, jobs)
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            return list(zip(chosen, pool.map(
                lambda plant: try_one(clean, plant, seconds, options.v),
                chosen)))


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    parser.add_argument("-j", type=int,
                        default=len(os.sched_getaffinity(0)))
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
        rows = try_all(chosen, options)
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
