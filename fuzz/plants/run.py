#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Do the fuzz targets bite?

For each patch of tests/plants/ and of this folder a known defect is planted
into a copy of the core. Without an option, the input of finds/ that showed it
is run again: the target must fail on it with the plant, and pass without.

usage: run.py [-h] [-j JOBS] [--find] [--write] [NAME...]

NAME     a plant (M8-word) or a defect (M8); default all
-j       how many at the same time; default the number of processors
--find   find them anew, from an empty corpus: the same targets in the same
         order for every plant, seeds 1 to 3, at most 10^7 inputs each. Goes on
         where it was interrupted; results in build/fuzz/plants/
--write  write finds/ and docs/fuzz-plants.md from the results of --find
"""

import argparse
import concurrent.futures
import filecmp
import importlib.util
import json
import os
import pathlib
import shutil
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import fuzzlib  # noqa: E402
from fuzzlib import BUILD, ROOT, Build, FuzzError, LibFuzzer  # noqa: E402


def load(path):
    spec = importlib.util.spec_from_file_location("plants", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PLANTS = load(ROOT / "tests" / "plants" / "run.py")
FINDS = HERE / "finds"
TABLE = ROOT / "docs" / "fuzz-plants.md"
RESULTS = BUILD / "plants" / "results"
TRIED = BUILD / "plants" / "tried"

SEEDS = (1, 2, 3)
# All plants are tried with few inputs first, and what is left with more.
ROUNDS = (200_000, 2_000_000, 10_000_000)
# Quick targets first
ORDER = ["copyin", "cover", "encode", "queue", "ioctl", "metamorphic"]
FOLDERS = ["fuzz", "include", "model", "ref", "tools"]

# Plants that no target can find, and why
BLIND = {
    "M25": "whether a plain read is read again depends on the compiler's "
           "arrangement of a loop; with the settings of the targets it is",
}


def all_plants():
    paths = [*(ROOT / "tests" / "plants").glob("*.patch"),
             *HERE.glob("*.patch")]
    return sorted((PLANTS.Plant(p) for p in paths),
                  key=lambda p: fuzzlib.natural(p.name))


def order(names):
    """The targets that have the core in them, in the order of ORDER"""
    return [n for n in ORDER if n in names]


# -------------------------------------------------------------------- builds

class Clean:
    """The targets without a plant, for one machine and sanitizer"""

    def __init__(self, machine, sanitizer):
        self.build = Build(sanitizer=sanitizer, machine=machine,
                           folder=BUILD / "plants" / f"{machine}-{sanitizer}")
        self.build.make(programs=True)
        self.machine = machine

    def planted(self, plant):
        """A copy of sources and objects, with the plant in the sources"""
        top = BUILD / "plants" / "work" / plant.name
        shutil.rmtree(top, ignore_errors=True)
        for folder in FOLDERS:
            shutil.copytree(ROOT / folder, top / folder,
                            ignore=shutil.ignore_patterns("plants", "finds"))
        shutil.copytree(self.build.folder / "work", top / "build" / "work")
        for file, text in plant.apply().items():
            (top / file).write_text(text)
        return Build(sanitizer=self.build.sanitizer, machine=self.machine,
                     folder=top / "build", top=top)

    def same(self, build, name):
        """Has the target nothing in it that was planted?"""
        return filecmp.cmp(self.build.program(name), build.program(name),
                           shallow=False)


CLEAN = {}


def kind(plant):
    """The build that a plant needs"""
    return plant.machine or "x86_64", plant.sanitizer


def clean_build(machine, sanitizer):
    if (machine, sanitizer) not in CLEAN:
        print(f"building for {machine} with {sanitizer} sanitizer", flush=True)
        CLEAN[machine, sanitizer] = Clean(machine, sanitizer)
    return CLEAN[machine, sanitizer]


def clean_for(plant):
    return clean_build(*kind(plant))


# ------------------------------------------------------------------- finding

def campaign(build, name, seed, runs, scratch):
    """One run from an empty corpus: a dictionary of what came of it"""
    start = time.monotonic()
    job = LibFuzzer(build, name, [], scratch, f"-seed={seed}", f"-runs={runs}")
    job.process.wait()
    result = {"target": name, "seed": seed, "inputs": job.executed(),
              "seconds": round(time.monotonic() - start, 1),
              "claim": "", "file": ""}
    if job.found():
        failed, output = fuzzlib.replay(build.program(name), job.found())
        if failed:  # not only too slow for once
            result["file"] = str(job.found())
            result["claim"] = fuzzlib.complaint(output)[1]
    return result


def minimize(build, name, file, scratch):
    """A smaller input that fails, too; the same if there is none"""
    scratch.mkdir(parents=True, exist_ok=True)
    job = LibFuzzer(build, name, [file], scratch, "-minimize_crash=1",
                    "-runs=20000", "-max_total_time=15")
    job.process.wait()
    best = job.found()
    if best and fuzzlib.replay(build.program(name), best)[0]:
        return best
    return pathlib.Path(file)


def find(plant, runs):
    """Try the targets in turn; with the first that finds it, all seeds"""
    clean = clean_for(plant)
    build = clean.planted(plant)
    scratch = BUILD / "plants" / "scratch" / plant.name
    for name in order(fuzzlib.targets()):
        build.make(name, programs=True)
        if clean.same(build, name):
            continue
        first = campaign(build, name, SEEDS[0], runs, scratch / "1")
        if not first["file"]:
            continue
        tries = [first] + [campaign(build, name, seed, ROUNDS[-1],
                                    scratch / str(seed)) for seed in SEEDS[1:]]
        small = minimize(build, name, first["file"], scratch / "small")
        if fuzzlib.replay(clean.build.program(name), small)[0]:
            raise FuzzError(f"{name} fails on {small} without the plant, too")
        return {"plant": plant.name, "tries": tries,
                "text": fuzzlib.in_words(build, name, small).decode(
                    errors="surrogateescape")}
    return None


def save(plant, result):
    RESULTS.mkdir(parents=True, exist_ok=True)
    with open(RESULTS / f"{plant.name}.json", "w", encoding="utf-8") as f:
        json.dump(result, f, indent=1)


def results():
    found = {}
    for path in RESULTS.glob("*.json"):
        found[path.stem] = json.loads(path.read_text())
    return found


def told(result):
    tries = result["tries"]
    inputs = ", ".join(f"{t['inputs']:,}" if t["file"] else "not found"
                       for t in tries)
    return f"{tries[0]['target']}: {inputs} inputs; {tries[0]['claim']}"


def from_each_seed(result):
    return all(t["file"] for t in result["tries"])


def outcome(plant, done, runs):
    """What came of trying a plant, in words; it is kept"""
    try:
        result = done.result()
    except (FuzzError, PLANTS.PlantError) as error:
        return f"cannot be tried: {error}"
    shutil.rmtree(BUILD / "plants" / "work" / plant.name, ignore_errors=True)
    if not result:
        TRIED.mkdir(parents=True, exist_ok=True)
        (TRIED / plant.name).write_text(str(runs))
        return "not yet"
    save(plant, result)
    return told(result)


def find_all(plants, jobs):
    """All rounds. Returns those that nobody found."""
    left = [p for p in plants if p.name not in results()]
    for runs in ROUNDS:
        for plant in left:
            clean_for(plant)
        if left:
            print(f"{len(left)} plants, {runs:,} inputs", flush=True)
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            work = {pool.submit(find, p, runs): p for p in left}
            for done in concurrent.futures.as_completed(work):
                plant = work[done]
                print(f"{plant.name:12} {outcome(plant, done, runs)}", flush=True)
        left = [p for p in left if p.name not in results()]
    return left


def clean_runs():
    """What found a plant finds nothing without it: as many inputs, the same
    seeds. Returns sentences about what did fail."""
    most = {}
    kinds = {p.name: kind(p) for p in all_plants()}
    for result in results().values():
        for t in result["tries"]:
            key = kinds[result["plant"]], t["target"], t["seed"]
            most[key] = max(most.get(key, 0), t["inputs"])
    wrong = []
    for (build, name, seed), runs in sorted(most.items()):
        got = campaign(clean_build(*build).build, name, seed, runs,
                       BUILD / "plants" / "scratch" / "clean")
        print(f"without a plant {name}, seed {seed}: {got['inputs']:,} inputs, "
              f"{got['claim'] or 'nothing'}", flush=True)
        if got["file"]:
            wrong.append(f"without a plant {name} fails: {got['claim']}")
    return wrong


# -------------------------------------------------------------------- replay

def find_of(plant):
    """(target, file) of the saved find of a plant, or None"""
    for path in sorted(FINDS.glob(f"{plant.name}.*")):
        return path.name.removeprefix(plant.name + ".").split(".")[0], path
    return None


def replay(plant):
    """What is wrong with the saved find of a plant; empty for nothing"""
    saved = find_of(plant)
    if not saved:
        return "" if plant.name in BLIND else "no find is saved"
    name, path = saved
    clean = clean_for(plant)
    try:
        build = clean.planted(plant).make(name, programs=True)
    except (FuzzError, PLANTS.PlantError) as error:
        return str(error)
    folder = build.folder / "find"
    folder.mkdir()
    fuzzlib.to_binary(build, name, path, folder / "input")
    failed, _ = fuzzlib.replay(build.program(name), folder / "input")
    passed, output = fuzzlib.replay(clean.build.program(name),
                                    folder / "input")
    shutil.rmtree(build.top)
    if passed:
        return f"{name} fails without the plant:\n{output}"
    return "" if failed else f"{name} passes with the plant"


def replay_all(plants, jobs):
    for plant in plants:
        clean_for(plant)
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for plant, defect in zip(plants, pool.map(replay, plants)):
            if defect:
                wrong += 1
                print(f"{plant.name}: {defect}", flush=True)
    shown = sum(1 for p in plants if find_of(p))
    print(f"{shown} plants shown by saved inputs, "
          f"{sum(p.name in BLIND for p in plants)} that no input can show, "
          f"{wrong} wrong")
    return 1 if wrong else 0


# -------------------------------------------------------------------- report

def table(plants, found):
    lines = [
        "<!-- SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause -->",
        "", "# Planted defects, and which fuzz target finds them", "",
        "Each defect of [plants.md](plants.md), and those named F, which "
        "break rules that no kernel's defect did, is planted into a copy of "
        "the core, and the targets run on it from an empty corpus: the same "
        "targets in the same order for all (" + ", ".join(ORDER) + "), first "
        "with few inputs and then with more, 10^7 at most. The first target "
        "that finds it then has to do so from three seeds. In the end the "
        "same runs are made without a plant, and must find nothing.", "",
        "Written by `fuzz/plants/run.py --find --write`. The inputs, made "
        "small, are in `fuzz/plants/finds/`; `./check --all` runs them again. "
        "Seconds are of one process, on a busy machine of two cores, with "
        "AddressSanitizer; M14 with UndefinedBehaviorSanitizer. The engine "
        "prefers inputs that run fast, so that a seed's numbers are not the "
        "same in each run.", "",
        "| plant | target | inputs, seeds 1 to 3 | seconds | what failed |",
        "|---|---|---|---|---|"]
    for plant in plants:
        if plant.name not in found:
            continue
        tries = found[plant.name]["tries"]
        inputs = ", ".join(f"{t['inputs']:,}" if t["file"] else
                           f"none in {t['inputs']:,}" for t in tries)
        seconds = ", ".join(f"{t['seconds']:.0f}" for t in tries)
        claim = tries[0]["claim"].replace("|", "\\|")
        lines.append(f"| `{plant.name}` | {tries[0]['target']} | {inputs} "
                     f"| {seconds} | {claim} |")
    lines += ["", "## Not found", "", "| plant | why |", "|---|---|"]
    lines += [f"| `{p.name}` | {why_not(p)} |"
              for p in plants if p.name not in found]
    lines += [f"| {defect} | not planted: {why} |"
              for defect, why in PLANTS.NOT_PLANTED.items()]
    return "\n".join(lines) + "\n"


def why_not(plant):
    if plant.name in BLIND:
        return BLIND[plant.name]
    tried = TRIED / plant.name
    if tried.exists():
        inputs = int(tried.read_text())
        return f"not found in {inputs:,} inputs of each target"
    return "not tried"


def write(plants):
    found = results()
    TABLE.write_text(table(plants, found))
    FINDS.mkdir(exist_ok=True)
    for name, result in found.items():
        for old in FINDS.glob(f"{name}.*"):
            old.unlink()
        target = result["tries"][0]["target"]
        (FINDS / f"{name}.{target}.txt").write_text(
            result["text"], errors="surrogateescape")
    print(f"{len(found)} finds written")


def chosen(names):
    plants = all_plants()
    if not names:
        return plants
    some = [p for p in plants if p.name in names or set(p.defects) & set(names)]
    if not some:
        raise FuzzError(f"there is no plant {' '.join(names)}")
    return some


def main():
    p = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    p.add_argument("-j", type=int, default=len(os.sched_getaffinity(0)))
    p.add_argument("--find", action="store_true")
    p.add_argument("--write", action="store_true")
    p.add_argument("names", nargs="*", metavar="NAME")
    args = p.parse_args()
    plants = chosen(args.names)
    if not args.find and not args.write:
        return replay_all(plants, args.j)
    wrong = []
    if args.find:
        left = find_all([p for p in plants if p.name not in BLIND], args.j)
        found = {p.name: results()[p.name] for p in plants
                 if p.name in results()}
        some = [name for name, r in found.items() if not from_each_seed(r)]
        wrong = [f"{p.name} was not found" for p in left]
        wrong += [f"{name} was not found from each seed" for name in some]
        wrong += clean_runs()
        print("\n".join(wrong))
        print(f"{len(found) - len(some)} of {len(plants)} plants found from an "
              "empty corpus, from each seed")
    if args.write:
        write(all_plants())
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (FuzzError, OSError) as error:
        print(f"plants: {error}", file=sys.stderr)
        sys.exit(2)
