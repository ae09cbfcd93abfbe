#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Do the vectors and the unit tests bite?

For each patch in this folder the core is built with a known defect planted
into a copy of it, and linked with what one clean build made of the model, the
command and the tests. Vectors and unit tests must fail then, and pass without.

usage: run.py [-h] [-j JOBS] [-v] [--write] [NAME...]

NAME    a patch (M8-word) or a defect (M8); default all
-j      how many at the same time; default the number of processors
-v      tell which vectors and which tests fail
--write write docs/plants.md
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TABLE = ROOT / "docs" / "plants.md"

CC = os.environ.get("CC", "gcc")
CFLAGS = ["-std=c11", "-O2", "-w"]
I386 = ["-m32", "-idirafter", "/usr/include/x86_64-linux-gnu"]
# A program ends by itself in the clean run, and with a plant within as many
# times what it took there, and some seconds.
CLEAN_SECONDS = 120
TIMES = 4
SLACK_SECONDS = 4
VECTOR_SECONDS = 10
# Of a file that ends in a crash so many tests are looked for.
CRASHES = 3

TEST_ENVIRONMENT = {
    "S1INV_COVER_RANDOM": "100000",
    "S1INV_SCENARIOS": "300",
    "CK_DEFAULT_TIMEOUT": "2",
    "CK_VERBOSITY": "normal",
}

# Defects that no patch of the core can show, and why.
NOT_PLANTED = {
    "R10": "the lock under which targets are walked is the integrator's; the "
           "core is handed targets that must not change; "
           "kernel-glue/test/plants has it",
    "M22": "when a device's targets are added and removed is the integrator's "
           "affair; "
           "kernel-glue/test/plants has it",
    "M29": "the core logs nothing; it hands each fault to the environment; "
           "kernel-glue/test/plants has it",
}


class PlantError(Exception):
    """A plant that cannot be tried"""


# ------------------------------------------------------------------ patches

class Plant:
    """A patch, with what its head says"""

    def __init__(self, path):
        self.name = path.stem
        head, _, diff = path.read_text().partition("\n--- ")
        self.hunks = parse_diff("--- " + diff)
        fields = dict(line.split(": ", 1) for line in head.splitlines() if line)
        defects, self.defect = fields["Defect"].split(": ", 1)
        self.defects = defects.split(", ")
        self.what = fields["Plant"]
        self.machine = fields.get("Machine")
        self.sanitizer = fields.get("Sanitizer", "address")  # of fuzz targets
        self.blind = fields.get("Vectors")  # why vectors cannot show it
        if self.blind:
            self.blind = self.blind.removeprefix("none: ")

    def apply(self):
        """File names and their contents with the plant"""
        texts = {}
        for file, old, new in self.hunks:
            text = texts.get(file) or (ROOT / file).read_text()
            found = text.count(old)
            if found != 1:
                raise PlantError(
                    f"{self.name}.patch no longer applies: {file} has the "
                    f"lines that it replaces {found} times, not once:\n{old}")
            texts[file] = text.replace(old, new)
        return texts


def parse_diff(diff):
    """A list of (file, old lines, new lines); line numbers do not matter"""
    hunks = []
    file = None
    for line in diff.splitlines(keepends=True):
        if line.startswith("--- "):
            continue
        if line.startswith("+++ "):
            file = line.split()[1].removeprefix("b/")
        elif line.startswith("@@"):
            hunks.append([file, "", ""])
        else:
            text = line[1:]
            if line[0] in " -":
                hunks[-1][1] += text
            if line[0] in " +":
                hunks[-1][2] += text
    return hunks


# -------------------------------------------------------------------- builds

def run(arguments):
    """Run a command that must succeed; what it wrote to standard output"""
    done = subprocess.run([str(a) for a in arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise PlantError(f"{' '.join(map(str, arguments))} failed:\n"
                         f"{done.stderr[-2000:]}")
    return done.stdout


def pkg_config(option, package):
    return run(["pkg-config", option, package]).split()


class Machine:
    """A clean build for one machine, and the plants' builds beside it"""

    def __init__(self, folder, flags, jobs):
        self.folder = folder
        self.flags = CFLAGS + flags
        self.native = not flags
        self.seconds = {}  # per test program, what it may take
        self.tests = sorted(p.stem for p in (ROOT / "tests").glob("test_*.c"))
        if self.native:
            self.check = pkg_config("--cflags", "check")
            self.libs = pkg_config("--libs", "check")
            self.jansson = pkg_config("--libs", "jansson")
        else:
            self.check = ["-I" + str(ROOT / "tests" / "mini_check")]
            self.libs = []
        self.build(jobs)

    def compile(self, source, to, include, extra=()):
        run([CC, *self.flags, "-I", include, "-I", ROOT / "model",
             "-I", ROOT / "tests", *extra, "-c", source, "-o", to])

    def archive(self, archive, objects):
        run(["ar", "rcs", archive, *objects])

    def link(self, program, objects, core, trace=False):
        libs = self.jansson if program.name == "s1inv" else self.libs
        return run([CC, *self.flags, "-o", program, *objects,
                    self.folder / "model.a", core, *libs,
                    *(["-Wl,-t,-t"] if trace else [])])

    def objects(self, kind):
        return sorted((self.folder / kind).glob("*.o"))

    def build(self, jobs):
        """All of it once, without a plant"""
        kinds = ["ref", "model", "tests"] + ["tools"] * self.native
        work = []
        for kind in kinds:
            (self.folder / kind).mkdir(parents=True)
            pattern = "test_*.c" if kind == "tests" else "*.c"
            extra = self.check if kind == "tests" else ()
            for source in (ROOT / kind).glob(pattern):
                to = self.folder / kind / (source.stem + ".o")
                work.append((source, to, ROOT / "include", extra))
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            list(pool.map(lambda a: self.compile(*a), work))
        self.archive(self.folder / "model.a", self.objects("model"))
        self.archive(self.folder / "core.a", self.objects("ref"))
        self.find_uses()

    def find_uses(self):
        """Which of the core's objects does each program have in it?"""
        core = self.folder / "core.a"
        self.uses = {}
        for test in self.tests:
            told = self.link(self.folder / test,
                             [self.folder / "tests" / (test + ".o")], core,
                             trace=True)
            self.uses[test] = set(re.findall(r"core\.a\)?\(?(\w+)\.o", told))
        if self.native:
            self.link(self.folder / "s1inv", self.objects("tools"), core)

    def plant(self, texts, folder):
        """Build with @texts in the place of files; the programs that changed"""
        sources = folder / "source"
        shutil.copytree(ROOT / "include", sources / "include")
        shutil.copytree(ROOT / "ref", sources / "ref")
        for file, text in texts.items():
            (sources / file).write_text(text)
        header = any(file.startswith("include/") for file in texts)
        changed = {pathlib.Path(file).stem for file in texts}
        if header:
            changed = {p.stem for p in (ROOT / "ref").glob("*.c")}
        core = folder / "core.a"
        shutil.copy(self.folder / "core.a", core)
        for name in changed:
            self.compile(sources / "ref" / (name + ".c"),
                         folder / (name + ".o"), sources / "include")
        self.archive(core, [folder / (name + ".o") for name in changed])
        tests = [t for t in self.tests if self.uses[t] & changed]
        for test in tests:
            program = self.folder / "tests" / (test + ".o")
            if header:  # what it has inline is planted, too
                program = folder / (test + ".o")
                self.compile(ROOT / "tests" / (test + ".c"), program,
                             sources / "include", self.check)
            self.link(folder / test, [program], core)
        if self.native:
            self.link(folder / "s1inv", self.objects("tools"), core)
        return tests


# ---------------------------------------------------------------------- runs

def execute(arguments, seconds, **more):
    """Run for a limited time: (exit status or None, standard output)"""
    with subprocess.Popen([str(a) for a in arguments], cwd=ROOT, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, errors="replace",
                          start_new_session=True, **more) as process:
        try:
            out, _ = process.communicate(timeout=seconds)
            return process.returncode, out
        except subprocess.TimeoutExpired:
            # Check ends its child, and then the whole of its own group.
            process.send_signal(signal.SIGTERM)
            try:
                out, _ = process.communicate(timeout=2)
            except subprocess.TimeoutExpired:
                process.kill()
                out, _ = process.communicate()
            return None, out


def run_test(program, seconds):
    """Names of the tests of a program that fail; empty for none"""
    status, out = execute([program], seconds,
                          env={**os.environ, **TEST_ENVIRONMENT})
    if status == 0:
        return []
    names = re.findall(r"^\S+?:\d+:[FE]:[^:]*:(\w+):\d+:", out, re.MULTILINE)
    if not names:
        names = ["(time-out)" if status is None else "(ended early)"]
    return sorted(set(names))


class Vectors:
    """The vector files, and the tests in them"""

    def __init__(self):
        self.files = sorted(p for p in (ROOT / "tests/vectors").glob("*.json")
                            if "schema" not in p.name)
        self.flags = {}
        self.replayed = {}
        self.defects = set()
        for path in self.files:
            doc = json.loads(path.read_text())
            for note in doc["notes"].values():
                self.defects.update(note.get("defects", []))
            for group in doc["testGroups"]:
                for test in group["tests"]:
                    self.flags[path.name, test["tcId"]] = test["flags"]
                    if group["type"] in ("Request", "SelfTest"):
                        self.replayed.setdefault(path, []).append(test["tcId"])

    def failing(self, tool):
        """(file, tcId) of all that fail; of crashes the first few per file"""
        found = self.check(tool, self.files)
        if found is None:
            found = []
            for path in self.files:
                part = self.check(tool, [path])
                found += self.crashes(tool, path) if part is None else part
        return found

    def check(self, tool, files):
        status, out = execute([tool, "vectors", "--check", "--json", *files],
                              VECTOR_SECONDS)
        if status not in (0, 1):
            return None
        return [(pathlib.Path(file["file"]).name, failure["tcId"])
                for file in json.loads(out) for failure in file["failures"]]

    def crashes(self, tool, path):
        """One at a time, for the one that ends all is to be known"""
        found = []
        for test in self.replayed.get(path, []):
            status, _ = execute([tool, "replay", "--test", test, path], 2)
            if status != 0:
                found.append((path.name, test))
            if len(found) == CRASHES:
                break
        return found or [(path.name, 0)]


class Result:
    """What became of a plant"""

    def __init__(self, plant):
        self.plant = plant
        self.error = ""
        self.vectors = []
        self.tests = {}
        self.seconds = 0.0

    def judge(self):
        """Why this plant shows that a test is missing; empty if it does not"""
        if self.error:
            return self.error
        wrong = []
        if self.plant.blind and self.vectors:
            wrong.append("a vector fails, which the patch says cannot be")
        if not self.plant.blind and not self.vectors:
            wrong.append("no vector fails")
        if not self.tests:
            wrong.append("no unit test fails")
        return ", ".join(wrong)


def try_plant(plant, machine, vectors, folder):
    result = Result(plant)
    start = time.monotonic()
    try:
        folder.mkdir()
        for test in machine.plant(plant.apply(), folder):
            names = run_test(folder / test, machine.seconds[test])
            if names:
                result.tests[test] = names
        if machine.native:
            result.vectors = vectors.failing(folder / "s1inv")
    except PlantError as error:
        result.error = str(error)
    shutil.rmtree(folder, ignore_errors=True)
    result.seconds = time.monotonic() - start
    return result


def timed_test(program):
    start = time.monotonic()
    return run_test(program, CLEAN_SECONDS), time.monotonic() - start


def check_clean(machine, vectors, jobs):
    """Without a plant nothing may fail."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        runs = pool.map(lambda t: timed_test(machine.folder / t),
                        machine.tests)
        for test, (names, seconds) in zip(machine.tests, runs):
            if names:
                raise PlantError(f"without a plant {test} fails: {names}")
            machine.seconds[test] = TIMES * seconds + SLACK_SECONDS
    if machine.native:
        found = vectors.failing(machine.folder / "s1inv")
        if found:
            raise PlantError(f"without a plant vectors fail: {found}")


# -------------------------------------------------------------------- report

def own_first(result, vectors):
    """A vector that fails, one that has the defect as its flag if possible"""
    for key in result.vectors:
        if set(vectors.flags.get(key, [])) & set(result.plant.defects):
            return key
    return result.vectors[0]


def vectors_cell(result, vectors):
    if not result.vectors:
        return "none: " + result.plant.blind if result.plant.blind else "none"
    file, test = own_first(result, vectors)
    return f"{len(result.vectors)}, e.g. {file} {test}"


def tests_cell(result):
    number = sum(len(names) for names in result.tests.values())
    if not number:
        return "none"
    return f"{number} in " + ", ".join(sorted(result.tests))


def natural(text):
    return [int(t) if t.isdigit() else t for t in re.split(r"(\d+)", text)]


def table(results, vectors):
    lines = [
        "<!-- SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause -->",
        "# Planted defects",
        "",
        "Each row is a defect of a real implementation, planted into this core by a patch of",
        "[tests/plants](../tests/plants/README.md), and what of the vectors and unit tests fails then. Written by",
        "`tests/plants/run.py --write`; of a file in which a vector ends in a crash at most three are counted.",
        "",
        "| defect | patch | what was wrong | what is planted | vectors that fail | unit tests that fail |",
        "|---|---|---|---|---|---|",
    ]
    for result in sorted(results, key=lambda r: natural(r.plant.name)):
        plant = result.plant
        where = f" (on {plant.machine})" if plant.machine else ""
        lines.append("| " + " | ".join([
            ", ".join(plant.defects), f"`{plant.name}`", plant.defect,
            plant.what + where, vectors_cell(result, vectors),
            tests_cell(result)]) + " |")
    lines += ["", "## Not planted", "", "| defect | why |", "|---|---|"]
    lines += [f"| {name} | {why} |" for name, why in
              sorted(NOT_PLANTED.items(), key=lambda item: natural(item[0]))]
    return "\n".join(lines) + "\n"


def show(result, vectors, verbose):
    wrong = result.judge()
    print(f"{'FAIL' if wrong else 'ok':4} {result.plant.name:11} "
          f"{result.seconds:5.1f} s  vectors {len(result.vectors):4}  "
          f"tests {sum(map(len, result.tests.values())):3}  {wrong}")
    if verbose:
        for key in result.vectors:
            print(f"     {key[0]} {key[1]} "
                  f"{' '.join(vectors.flags.get(key, []))}")
        for test, names in sorted(result.tests.items()):
            print(f"     {test}: {' '.join(names)}")
    sys.stdout.flush()


def complete(plants, vectors):
    """Every defect that a vector's flag names has a plant or a reason."""
    known = {d for plant in plants for d in plant.defects} | set(NOT_PLANTED)
    return sorted(vectors.defects - known, key=natural)


def has_i386(folder):
    source = folder / "probe.c"
    source.write_text("#include <stdio.h>\nint main(void) { return 0; }\n")
    try:
        run([CC, *I386, source, "-o", folder / "probe"])
    except PlantError:
        return False
    return True


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    parser.add_argument("-j", type=int, default=os.cpu_count())
    parser.add_argument("-v", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("names", nargs="*")
    return parser.parse_args()


def try_all(chosen, vectors, options, folder):
    machines = {None: Machine(folder / "native", [], options.j)}
    check_clean(machines[None], vectors, options.j)
    if any(plant.machine for plant in chosen):
        if has_i386(folder):
            machines["i386"] = Machine(folder / "i386", I386, options.j)
            check_clean(machines["i386"], vectors, options.j)
    ready = [plant for plant in chosen if plant.machine in machines]
    results = []
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        jobs = [pool.submit(try_plant, plant, machines[plant.machine], vectors,
                            folder / plant.name) for plant in ready]
        for job in concurrent.futures.as_completed(jobs):
            results.append(job.result())
            show(results[-1], vectors, options.v)
    for plant in chosen:
        if plant not in ready:
            print(f"skip {plant.name}: no compiler for {plant.machine}")
    return results


def main():
    options = arguments()
    plants = [Plant(path) for path in sorted(HERE.glob("*.patch"))]
    chosen = [plant for plant in plants if not options.names or
              set(options.names) & {plant.name, *plant.defects}]
    vectors = Vectors()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        try:
            results = try_all(chosen, vectors, options, pathlib.Path(folder))
        except PlantError as error:
            print(f"run.py: {error}", file=sys.stderr)
            return 1
    missing = complete(plants, vectors)
    for name in missing:
        print(f"FAIL {name}: has a vector, but no plant and no reason")
    failed = sum(bool(result.judge()) for result in results) + len(missing)
    print(f"{len(results)} plants in {time.monotonic() - start:.0f} s, "
          f"{failed} failed, {len(chosen) - len(results)} skipped")
    if options.write:
        if failed or len(results) != len(plants):
            print("docs/plants.md is not written", file=sys.stderr)
            return 1
        TABLE.write_text(table(results, vectors))
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
