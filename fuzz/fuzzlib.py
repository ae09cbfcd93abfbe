# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What run, check_build and plants/run.py have in common: build a target, run
it under an engine, and say in words what an input does."""

import configparser
import fcntl
import hashlib
import json
import os
import pathlib
import re
import subprocess
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = ROOT / "build" / "fuzz"
CORPUS = ROOT / "corpus"

PACKAGES = ["clang", "libclang-rt-14-dev", "cmake", "zip", "gcc", "libc6-dev"]

# A claim of a target's, as fuzz_fail() prints it
CLAIM = re.compile(r"^(\S+):(\d+): not true: (.*)$", re.MULTILINE)
# What a sanitizer or libFuzzer says
SUMMARY = re.compile(r"^SUMMARY: (.*)$", re.MULTILINE)
RUNTIME_ERROR = re.compile(r"^(\S+:\d+:\d+: runtime error: .*)$", re.MULTILINE)


# Set for build.sh by OSS-Fuzz, or by hand; not taken over from whoever runs this
OF_A_BUILD = {"CC", "CXX", "CFLAGS", "CXXFLAGS", "LIB_FUZZING_ENGINE",
              "ONLY_PROGRAMS"}


class FuzzError(Exception):
    """One clear sentence for whoever called"""


def targets():
    """Names of all targets"""
    return sorted(p.name.removesuffix("_fuzzer.c")
                  for p in HERE.glob("*_fuzzer.c"))


def natural(text):
    """A key that sorts M9 before M10"""
    return [int(t) if t.isdigit() else t for t in re.split(r"(\d+)", text)]


# -------------------------------------------------------------------- builds

class Build:
    """What build.sh made for an engine, a sanitizer and a machine"""

    def __init__(self, engine="libfuzzer", sanitizer="address",
                 machine="x86_64", folder=None, top=ROOT):
        self.engine = engine
        self.sanitizer = sanitizer
        self.machine = machine
        self.top = top
        self.name = f"{engine}-{sanitizer}-{machine}"
        self.folder = folder or BUILD / self.name
        self.out = self.folder / "out"

    def make(self, *names, programs=False):
        """Build these targets, or all; perhaps without seeds and the like"""
        environment = {
            **{k: v for k, v in os.environ.items() if k not in OF_A_BUILD},
            "FUZZING_ENGINE": self.engine,
            "SANITIZER": self.sanitizer, "ARCHITECTURE": self.machine,
            "OUT": str(self.out), "WORK": str(self.folder / "work"),
            "SRC": str(BUILD / "src"),
        }
        if programs:
            environment["ONLY_PROGRAMS"] = "yes"
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # who comes second waits
            done = subprocess.run(
                ["sh", str(self.top / "fuzz" / "build.sh"), *names],
                env=environment, text=True, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise FuzzError(f"the build {self.name} failed:\n"
                            f"{done.stdout[-3000:]}")
        return self

    def program(self, name):
        return self.out / f"{name}_fuzzer"

    def text_program(self):
        return self.folder / "work" / "fuzz_text"

    def options(self, name):
        """What the target's .options has for libFuzzer"""
        parser = configparser.ConfigParser()
        parser.read(self.top / "fuzz" / f"{name}_fuzzer.options")
        return dict(parser["libfuzzer"]) if "libfuzzer" in parser else {}

    def unpack_seeds(self, name, folder):
        """The seed corpus into a folder, named by hash as libFuzzer does"""
        folder.mkdir(parents=True, exist_ok=True)
        path = self.out / f"{name}_fuzzer_seed_corpus.zip"
        if not path.exists():
            return
        with zipfile.ZipFile(path) as seeds:
            for member in seeds.namelist():
                data = seeds.read(member)
                digest = hashlib.sha1(data).hexdigest()
                (folder / digest).write_bytes(data)


def engine_environment(symbolize=0, leaks=0):
    """AFL++ asks for these of ASan's, and no question about the machine."""
    return {
        **os.environ,
        "ASAN_OPTIONS": f"abort_on_error=1:symbolize={symbolize}:"
                        f"detect_leaks={leaks}:allocator_may_return_null=1",
        "AFL_SKIP_CPUFREQ": "1", "AFL_NO_UI": "1", "AFL_QUIET": "1",
        "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1",
        "AFL_NO_AFFINITY": "1", "AFL_TRY_AFFINITY": "1",
    }


# ---------------------------------------------------------------- one input

def replay(program, file, seconds=60):
    """Run a target on one file: (did it fail?, what it printed)"""
    try:
        done = subprocess.run([str(program), str(file)], text=True,
                              errors="replace", check=False,
                              stdin=subprocess.DEVNULL, timeout=seconds,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=engine_environment(symbolize=1))
    except subprocess.TimeoutExpired:
        return True, f"SUMMARY: no end within {seconds} s\n"
    return done.returncode != 0, done.stdout


def complaint(output):
    """(short name, sentence) of what failed, from what a target printed"""
    for pattern in (CLAIM, RUNTIME_ERROR, SUMMARY):
        found = pattern.findall(output)
        if found and pattern is CLAIM:
            file, line, claim = found[-1]
            return slug(claim), f"{claim} ({pathlib.Path(file).name}:{line})"
        if found:
            words = re.sub(r"\s*\S*\+0x[0-9a-f]+\).*", "", found[-1])
            words = re.sub(r"\S*/", "", words)
            return slug(words), words
    return "ended-early", "the target ended early"


def rules(sentence):
    """What docs/rules.json says of the rules that a sentence names"""
    known = json.loads((ROOT / "docs" / "rules.json").read_text())["rules"]
    named = set(re.findall(r"\b[A-Z]{3,4}-\d+\b", sentence))
    return [f"{r['id']}: {r['sentence']}" for r in known if r["id"] in named]


def slug(text):
    """A sentence as a part of a file's name"""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:60].strip("-")


def in_words(build, name, file):
    """An input in its text form"""
    done = subprocess.run([str(build.text_program()), "--to-text", name,
                           str(file)], stdout=subprocess.PIPE, check=True)
    return done.stdout


def to_binary(build, name, text, file):
    """An input from its text form"""
    subprocess.run([str(build.text_program()), "--to-binary", name, str(text),
                    str(file)], check=True)


# ---------------------------------------------------------------- libFuzzer

STATUS = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) .*corp: (\d+)/.*"
                    r"exec/s: (\d+)")
EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
EDGES = re.compile(r"Loaded \d+ modules\s+\((\d+) (?:inline 8-bit counters"
                   r"|guards)\)")


class LibFuzzer:
    """One process of libFuzzer; its standard error goes to a file"""

    def __init__(self, build, name, folders, scratch, *options):
        scratch.mkdir(parents=True, exist_ok=True)
        self.log = scratch / "log"
        self.artifact = scratch / "found"
        self.artifact.unlink(missing_ok=True)
        command = [build.program(name), *folders,
                   *(f"-{k}={v}" for k, v in build.options(name).items()),
                   "-timeout=10", "-rss_limit_mb=2500", "-detect_leaks=0",
                   "-print_final_stats=1",
                   f"-exact_artifact_path={self.artifact}", *options]
        dictionary = build.out / f"{name}_fuzzer.dict"
        if dictionary.exists():
            command.append(f"-dict={dictionary}")
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [str(c) for c in command], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, env=engine_environment())

    def text(self):
        return self.log.read_text(errors="replace")

    def status(self):
        """(inputs, edges, corpus, inputs per second) as told last"""
        found = STATUS.findall(self.text())
        return tuple(map(int, found[-1])) if found else (0, 0, 0, 0)

    def executed(self):
        """How many inputs it ran, once it has ended"""
        found = EXECUTED.findall(self.text())
        return int(found[-1]) if found else self.status()[0]

    def found(self):
        """The file with an input that fails, or None"""
        return self.artifact if self.artifact.exists() else None

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
