# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The parts of a run: each boots the guest, asks, and judges.

A part takes a Guest and returns (Verdict, what was measured). What must hold of
a stock kernel is that it gives the rules' errno and entry_num; how it invalidates
is counted and not judged.
"""

import json
import pathlib
import random
import re

import cases
import judge
import trace
from build import device, iotlb
from cases import Asked, one
from machine import ATS_BDF, EDU_BDF, Failed, Machine
from questions import (ARRAYS, ARRAYS_END, COMMANDS, COMMANDS_END, PAGE,
                       Question, set_up)
from trace import Descriptor, Message

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
MAX = 1 << 19  # entries of a call
ROOT_PORT_SID = 0x100  # the function behind the root port
CALIBRATE = 0


class Guest:
    """A kernel, and where its runs leave their files."""

    def __init__(self, version, variant, kernel, emulators, init, folder):
        self.version = version
        self.variant = variant
        self.kernel = kernel
        self.emulators = emulators
        self.init = init
        self.folder = folder
        self.boots = 0
        self.slow = 4 if variant == "kasan" else 1
        self.memory = 1536 if variant == "kasan" else 512

    @property
    def ours(self):
        """Is the driver the one that runs on the core?"""
        return self.variant != "stock"

    def boot(self, name, script, emulator="clean", files=(), timeout=300,
             begin=("caps",), **machine):
        """Events and console of a run of this script."""
        self.boots += 1
        machine.setdefault("memory", self.memory)
        guest = Machine(self.kernel / "bzImage", self.emulators[emulator],
                        **machine)
        files = {"init": (0o755, self.init),
                 "script": (0o644, text([*begin, *script])), **dict(files)}
        data, console = guest.run(files, self.folder / name,
                                  timeout * self.slow)
        events = trace.read(data)
        letters = {e.letter for e in events if isinstance(e, Message)}
        if "Z" not in letters:
            raise Failed("the guest did not come to its end, see %s/%s"
                         % (self.folder, name))
        if "F" in letters:
            raise Failed("a step in the guest failed, see %s/%s/console"
                         % (self.folder, name))
        return events, console


def text(lines):
    """A script's bytes."""
    return "".join(line + "\n" for line in lines).encode()


def numbers_of(events, letter):
    """The numbers of the messages with this letter."""
    return [e.numbers for e in events
            if isinstance(e, Message) and e.letter == letter]


# ------------------------------------------------------------ one at a time

def calibration(kernel):
    """A call whose descriptor tells the domain id."""
    return Question({"entries": [one(0)]}, "0", kernel).lines(CALIBRATE)


def start(ats=False, count=1):
    """The guest's first lines: devices, memory, and the calibration."""
    devices = [ATS_BDF] if ats else EDU_BDF[:count]
    lines = ["context %d %s" % pair for pair in enumerate(devices)]
    if ats:
        lines.append("queue " + ATS_BDF)
    lines += set_up()
    for other in range(1, count):
        lines += ["table %d 0" % other, "attach %d 0" % other]
    return lines


def unit_of(events):
    """The page table's targets, as docs/vectors.md writes them."""
    ecap = numbers_of(events, "E")[0][1]
    mode = trace.mode_of(ecap)
    for event in events:
        if isinstance(event, Descriptor):
            event.judge(mode)
    segment = judge.segments(events)[CALIBRATE]
    dids = {d.fields["did"] for d in segment.descriptors if d.type == 6}
    if len(dids) != 1:
        raise Failed("the first call tells no domain id")
    targets = [iotlb()]
    depth = numbers_of(events, "Q")
    if depth and any(d.type == 3 for d in segment.descriptors):
        targets.append(device(ROOT_PORT_SID, ROOT_PORT_SID,
                              mip=depth[0][0]))
    return {"did": dids.pop(), "dit": mode["dit"], "targets": targets}


def probe(guest, **machine):
    """Boot once to learn the targets."""
    events, _ = guest.boot("probe", start(machine.get("ats", False))
                           + calibration(guest.version), **machine)
    return unit_of(events)


def ask(guest, name, asked, unit, emulator="clean",
        refused=lambda d: False, **machine):
    """All of them, one after another, in one boot."""
    script = start(machine.get("ats", False)) + calibration(guest.version)
    for number, each in enumerate(asked, 1):
        script += each.question.lines(number)
    events, console = guest.boot(name, script, emulator, **machine)
    if unit_of(events)["did"] != unit["did"]:
        raise Failed("the domain id is another one than before")
    verdict = judge.Verdict(guest)
    judge.judge_legality([e for e in events if not (
        isinstance(e, Descriptor) and refused(e))],
                         trace.mode_of(numbers_of(events, "E")[0][1]),
                         verdict)
    judge.judge_console(console, verdict)
    found = judge.segments(events)
    for number, each in enumerate(asked, 1):
        judge.judge_call(each, found.get(number), unit, verdict, refused)
    return verdict, found


def vectors(guest):
    """All vectors that user space can express."""
    unit = probe(guest)
    asked, reasons = cases.vectors(unit, guest.version)
    verdict, _ = ask(guest, "vectors", asked, unit)
    return verdict, {"asked": len(asked), "reasons": reasons}


def randomised(guest, seed, count=5000):
    """Random calls; the seed is printed."""
    unit = probe(guest)
    asked = cases.random_batch(random.Random(seed), count, unit,
                               guest.version)
    verdict, _ = ask(guest, "random", asked, unit)
    return verdict, {}


def memory(guest):
    """User memory with holes and read-only pages."""
    unit = probe(guest)
    verdict, _ = ask(guest, "memory", cases.memory_cases(unit,
                                                         guest.version),
                     unit)
    return verdict, {}


def ranges(guest):
    """Ranges for which stock kernels flush too little or too much."""
    unit = probe(guest)
    asked = cases.range_cases(unit, guest.version)
    verdict, found = ask(guest, "ranges", asked, unit)
    rows = {}
    for number, each in enumerate(asked, 1):
        segment = found[number]
        own = [d for d in segment.descriptors if judge.belongs(d, unit)]
        short = judge.uncovered(own, each.question, segment.count,
                                segment.errno == 0, unit)
        pages = sum(last - first + 1
                    for first, last in map(trace.block, own))
        rows[each.name] = {"short": bool(short), "pages": pages,
                           "errno": segment.errno,
                           "descriptors": [str(d) for d in own]}
    return verdict, {"ranges": rows}


def ats(guest):
    """A device with a TLB of its own."""
    machine = {"ats": True}
    unit = probe(guest, **machine)
    if len(unit["targets"]) < 2:
        raise Failed("no device-TLB descriptor came")
    asked, _ = cases.vectors(unit, guest.version)
    asked += cases.random_batch(random.Random(7), 500, unit, guest.version)
    asked += cases.range_cases(unit, guest.version)
    verdict, _ = ask(guest, "ats", asked, unit, **machine)
    return verdict, {}


# ------------------------------------------------------------------- sizes

def many(count, addr=0):
    """An array of so many single pages."""
    return {"entries": [{"range": one(addr, stride=PAGE, count=count)}]}


def plain_lines(number, count, addr=0, context=0, table=0,
                where=(COMMANDS, ARRAYS), npages=1):
    """A call with so many single pages, without a look at the rules."""
    command, array = where
    head = "20000000" + "00000000" + (array.to_bytes(8, "little").hex()
                                      + "00000000" + "18000000"
                                      + count.to_bytes(4, "little").hex()
                                      + "00000000")
    return ["fill %#x %d %#x %d %#x 0 0" % (array, count, addr, npages,
                                            npages * PAGE),
            "poke %#x %s" % (command, head),
            "id %#x %#x %d %d" % (command, command + 32, context, table),
            "call %d %d %#x %#x %#x 0" % (number, context, command,
                                          command + 32, array)]


def sizes(guest):
    """512 entries, five times, and 2^19."""
    unit = probe(guest)
    asked = [Asked("512 entries", Question(many(512), "0", guest.version),
                   unit) for _ in range(5)]
    verdict, found = ask(guest, "512", asked, unit)
    call512 = [found[n] for n in range(1, 6)]
    script = (start() + calibration(guest.version) + plain_lines(1, MAX))
    events, console = guest.boot("most", script)
    judge.judge_console(console, verdict)
    unit_of(events)
    big = judge.segments(events)[1]
    verdict.asked += 1
    pages = [d.qw1 for d in big.descriptors if judge.belongs(d, unit)]
    whole = pages == [PAGE * n for n in range(MAX)]
    verdict.answers += (big.errno, big.count) == (0, MAX)
    verdict.exact += whole
    verdict.short += not whole
    if (big.errno, big.count) != (0, MAX) or not whole:
        verdict.note_ours("2^19 entries", "errno %s, entry_num %s, %d descriptors"
                     % (big.errno, big.count, len(pages)))
    if call512[0].tails > 32:
        verdict.note_ours("512 entries", "%d submissions" % call512[0].tails)
    return verdict, {"submissions_512": call512[0].tails,
                     "ns_512": min(c.ns for c in call512),
                     "ns_most": big.ns, "submissions_most": big.tails}


def icount(guest):
    """Guest instructions of 512 entries, counted by the emulator."""
    script = start() + calibration(guest.version)
    for number in range(1, 6):
        script += plain_lines(number, 512)
    events, _ = guest.boot("icount", script, icount=True)
    found = judge.segments(events)
    return judge.Verdict(guest), {
        "instructions_512": min(found[n].ticks for n in range(1, 6))}


# ------------------------------------------------------------- concurrency

def two_processes(guest):
    """Two processes on two CPUs, each with a device and a page table."""
    calls, entries = 300, 40
    scripts = {}
    for who, base in (("a", 1000), ("b", 2000)):
        context = int(who == "b")
        lines = ["map %#x %#x" % (COMMANDS, 2 * PAGE),
                 "map %#x %#x" % (ARRAYS, 64 * PAGE)]
        for n in range(calls):
            lines += plain_lines(base + n, entries, n * entries * PAGE,
                                 context)
        scripts[who] = (0o644, text(lines))
    script = (start(count=2) + calibration(guest.version)
              + plain_lines(1, 1, 0, 1) + ["say G", "spawn a", "spawn b",
                                           "join"])
    events, console = guest.boot("two", script, files=scripts, cpus=2)
    verdict = judge.Verdict(guest)
    judge.judge_console(console, verdict)
    mode = trace.mode_of(numbers_of(events, "E")[0][1])
    judge.judge_legality(events, mode, verdict)
    first = judge.segments(events)
    dids = [next(d.fields["did"] for d in first[n].descriptors
                 if d.type == 6) for n in (CALIBRATE, 1)]
    results = {n[0]: n for n in numbers_of(events, "R")}
    go = next(i for i, e in enumerate(events)
              if isinstance(e, Message) and e.letter == "G")
    for context, base in enumerate((1000, 2000)):
        came = [d.qw1 for d in events[go:] if isinstance(d, Descriptor)
                and d.type == 6 and d.fields["did"] == dids[context]]
        verdict.asked += calls
        same = came == [PAGE * n for n in range(calls * entries)]
        verdict.exact += calls * same
        if not same:
            verdict.note_ours("process %d" % context, "%d descriptors, not the %d "
                         "that were asked for in their order" % (
                             len(came), calls * entries))
        for n in range(base, base + calls):
            good = results.get(n, (0, None, None))[1:3] == [0, entries]
            verdict.answers += good
            if not good:
                verdict.note("call %d" % n, "not success with %d entries"
                             % entries)
    return verdict, {}


def attach_detach(guest):
    """A device comes and goes while requests run."""
    calls, entries, rounds = 400, 8, 40
    requests = ["map %#x %#x" % (COMMANDS, 2 * PAGE),
                "map %#x %#x" % (ARRAYS, 64 * PAGE)]
    for n in range(calls):
        requests += plain_lines(1000 + n, entries, n * entries * PAGE)
    moves = []
    for _ in range(rounds):
        moves += ["say N", "detach 0", "sleep 300", "attach 0 0", "say A",
                  "sleep 1500"]
    files = {"a": (0o644, text(requests)), "b": (0o644, text(moves))}
    script = start() + calibration(guest.version) + [
        "say A", "spawn a", "spawn b", "join"]
    events, console = guest.boot("attach", script, files=files, cpus=2)
    verdict = judge.Verdict(guest)
    judge.judge_console(console, verdict)
    mode = trace.mode_of(numbers_of(events, "E")[0][1])
    judge.judge_legality(events, mode, verdict)
    attached, begun = False, {}
    for event in events:
        if isinstance(event, Message) and event.letter in ("A", "N"):
            attached = event.letter == "A"
            if not attached:
                for state in begun.values():
                    state["through"] = False
        elif isinstance(event, Message) and event.letter == "B":
            begun[event.numbers[0]] = {"through": attached, "pages": set()}
        elif isinstance(event, Message) and event.letter == "R":
            end_of_call(event, begun, entries, verdict)
        elif isinstance(event, Descriptor) and event.type == 6:
            for state in begun.values():
                first, last = trace.block(event)
                state["pages"].update(range(first, min(last, first + 64)
                                            + 1))
    return verdict, {"attached_calls": verdict.exact}


def end_of_call(event, begun, entries, verdict):
    """Success always; every page, if the device was there throughout."""
    number, errno, count = event.numbers[:3]
    state = begun.pop(number)
    if number < 1000:
        return
    verdict.asked += 1
    good = (errno, count) == (0, entries)
    verdict.answers += good
    if not good:
        verdict.note("call %d" % number, "errno %d, entry_num %d"
                     % (errno, count))
    if not state["through"]:
        return
    first = (number - 1000) * entries
    if set(range(first, first + entries)) <= state["pages"]:
        verdict.exact += 1
    else:
        verdict.short += 1
        verdict.note_ours("call %d" % number, "counted entries not "
                          "invalidated while attached")


def killed(guest):
    """A process is killed in the middle of 2^19 entries. The count that the
    kernel leaves in shared memory is that of the descriptors."""
    script = start() + calibration(guest.version) + [
        "fill %#x %d 0 1 %#x 0 0" % (ARRAYS, MAX, PAGE), "spawn a", "begun",
        "sleep 20000", "kill 0", "join", "word %#x" % (COMMANDS + 24)]
    script += plain_lines(2, 1, 1 << 40)
    files = {"a": (0o644, text(plain_lines(1, MAX)[1:]))}
    events, console = guest.boot("killed", script, files=files, cpus=2)
    verdict = judge.Verdict(guest)
    judge.judge_console(console, verdict)
    unit_of(events)
    place = next(i for i, e in enumerate(events) if isinstance(e, Message)
                 and e.letter == "B" and e.numbers[0] == 1)
    end = next(i for i, e in enumerate(events)
               if isinstance(e, Message) and e.letter == "W")
    done = sum(isinstance(e, Descriptor) and e.type == 6
               for e in events[place:end])
    milliseconds, status = numbers_of(events, "K")[0]
    count = numbers_of(events, "W")[0][0]
    verdict.asked += 1
    verdict.answers += status == 9
    verdict.exact += count == done
    if status != 9:
        verdict.note("killed", "the process ended with status %d" % status)
    if count != done:
        verdict.note_ours("killed", "entry_num %d, %d descriptors"
                          % (count, done))
    if done == MAX:
        verdict.note_ours("killed", "the call went on to its end")
    after = judge.segments(events)[2]
    if (after.errno, after.count) != (0, 1):
        verdict.note("killed", "the next request failed")
    return verdict, {"killed_after": done, "killed_count": count,
                     "killed_ms": milliseconds}


# --------------------------------------------------------------- rejecting

QUIRKS = ["am-bound-18", "no-resume", "no-iqercd"]
BAD = one(0x80000000, 1 << 19)  # one block of AM 19


def refused(descriptor):
    """What QEMU 10.0.13 answers with an IQE."""
    return (descriptor.type == 6 and descriptor.fields["g"] == 3
            and descriptor.fields["am"] > 18)


def good(count, addr):
    """Single pages."""
    return [one(addr + PAGE * n) for n in range(count)]


def rejecting(guest):
    """A device that rejects descriptors: alone, as entry 7 of 16, and with
    unmaps beside it."""
    unit = {**probe(guest, emulator="rejecting"), "quirks": QUIRKS}
    tests = [("alone", [BAD]), ("the next one", good(1, 0x5000)),
             ("two pages at 0x7ffff000", [one(0x7ffff000, 2)]),
             ("entry 7 of 16", good(7, 0) + [BAD] + good(8, 0x100000)),
             ("the next ones", good(16, 0x40000000))]
    asked = [Asked(name, Question({"entries": entries}, "0", guest.version),
                   unit) for name, entries in tests]
    verdict, found = ask(guest, "rejecting", asked, unit, "rejecting",
                         refused)
    if not guest.ours:
        verdict.wrong = []  # recorded as seen
    seen = {each.name: [found[n].errno, found[n].count]
            for n, each in enumerate(asked, 1) if n in found}
    beside, lost = unmap_beside(guest)
    verdict.add(beside)
    return verdict, {"rejecting": seen, "unmaps_lost": lost}


def unmap_beside(guest):
    """Unmaps while another process has its descriptors refused."""
    rounds, iova = 100, 0x40000000
    lines = ["map %#x %#x" % (COMMANDS, 2 * PAGE),
             "map %#x %#x" % (ARRAYS, 64 * PAGE)]
    for n in range(rounds):
        lines += plain_lines(1000 + n, 1, 0x80000000, npages=1 << 19)
    script = start() + calibration(guest.version) + [
        "spawn a", "flush 0 %#x %d" % (iova, rounds), "join"]
    events, console = guest.boot("unmap", script, "rejecting", cpus=2,
                                 files={"a": (0o644, text(lines))})
    verdict = judge.Verdict(guest)
    judge.judge_console(console, verdict)
    unit_of(events)
    flushed, lost = False, 0
    for event in events:
        if isinstance(event, Message) and event.letter == "U":
            flushed = False
        elif isinstance(event, Message) and event.letter == "V":
            lost += not flushed
        elif isinstance(event, Descriptor) and event.type == 2:
            flushed |= event.fields["g"] < 3 or event.qw1 >> 12 == iova >> 12
    verdict.asked += rounds
    verdict.exact += rounds - lost
    if lost:
        verdict.note_ours("unmap", "%d of %d were not flushed" % (lost, rounds))
    for number in numbers_of(events, "R"):
        if number[0] >= 1000:
            verdict.asked += 1
            verdict.answers += number[1:3] == [5, 0]
            if number[1:3] != [5, 0]:
                verdict.note_ours("call %d" % number[0], "%s, entry_num %s, "
                                  "not EIO, 0" % (
                                      cases.errno_name(number[1]),
                                      number[2]))
    return verdict, lost


# --------------------------------------------------------- the kernel's own

# 6.12 takes a device that nothing describes for one of the first IOMMU that it
# knows: the test's own would go to the VT-d driver, which refuses them.
MOCK = {"6.12": " intel_iommu=off", "7.3": ""}


def selftest(guest):
    """iommufd's own test programs in the guest."""
    names = [n for n in ("iommufd", "iommufd_fail_nth")
             if (guest.kernel / n).exists()]
    files = {n: (0o755, (guest.kernel / n).read_bytes()) for n in names}
    _, console = guest.boot(
        "selftest", ["exec /" + n for n in names], files=files, memory=2048,
        begin=(), append="hugepages=200" + MOCK[guest.version], timeout=400)
    totals = re.findall(r"^# Totals: pass:(\d+) fail:(\d+)", console, re.M)
    failures = sorted(re.findall(r"^not ok \d+ (\S+)", console, re.M))
    verdict = judge.Verdict(guest)
    passes = sum(int(p) for p, _ in totals)
    fails = sum(int(f) for _, f in totals)
    verdict.asked, verdict.answers = passes + fails, passes
    if len(totals) != len(names) or not passes:
        verdict.note("selftest", "no totals on the console")
    for line in console.splitlines():
        if "BUG:" in line or "KASAN" in line or "circular" in line:
            verdict.note("console", line.strip())
    return verdict, {"selftest": [passes, fails], "failures": failures}


def kunit(guest):
    """The glue's KUnit suites, which run while the kernel boots."""
    vectors = sum(json.loads(path.read_text())["numberOfTests"]
                  for path in VECTORS.glob("*.json"))
    _, console = guest.boot(
        "kunit", [], cpus=4 if guest.variant == "kunit" else 2,
        append="kunit.enable=1", timeout=400)
    verdict = judge.Verdict(guest)
    judge.judge_console(console, verdict)
    for line in console.splitlines():
        if re.match(r" *not ok ", line):
            verdict.note("kunit", line.strip())
    suites = set(re.findall(r"^ok \d+ (s1inv_\w+)", console, re.M))
    if suites != {"s1inv_vectors", "s1inv_queue"}:
        verdict.note("kunit", "of the suites only these passed: %s"
                     % ", ".join(sorted(suites)))
    ran = sum(int(n) for n in re.findall(r"# vector_file: (\d+) vectors",
                                         console))
    if ran != vectors:
        verdict.note("kunit", "%d vectors ran, there are %d" % (ran, vectors))
    cases = re.findall(r"^ {4,8}((?:not )?ok) \d+ (?!vector_file)(.*)",
                       console, re.M)
    skipped = sum("# SKIP" in text for _, text in cases)
    verdict.asked = len(cases) - skipped
    verdict.answers = sum(ok == "ok" for ok, _ in cases) - skipped
    return verdict, {"vectors": ran, "skipped": skipped}
