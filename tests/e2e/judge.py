# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What came out of the guest, against what the rules demand."""

import cases
import trace
from questions import ERRNO
from trace import Descriptor, Message, Tail

TOLD = 5  # differences of a part that are printed


class Segment:
    """One call in the trace."""

    def __init__(self, number):
        self.number = number
        self.descriptors = []
        self.tails = 0
        self.errno = None
        self.count = None
        self.ns = self.ticks = self.changed = 0
        self.begin = self.end = None

    def finish(self, message, place):
        """The guest's own report."""
        (_, self.errno, self.count, self.ns, self.ticks,
         self.changed) = message.numbers
        self.end = place


def segments(events):
    """The calls of one process, by number."""
    out, current = {}, None
    for place, event in enumerate(events):
        if isinstance(event, Message):
            if event.letter == "B":
                current = out[event.numbers[0]] = Segment(event.numbers[0])
                current.begin = place
            elif event.letter == "R":
                out[event.numbers[0]].finish(event, place)
                current = None
        elif current is not None:
            if isinstance(event, Tail):
                current.tails += 1
            elif isinstance(event, Descriptor):
                current.descriptors.append(event)
    return out


def belongs(descriptor, unit):
    """Is it for the page table, and no wait?"""
    if descriptor.type in (2, 6):
        return descriptor.fields["did"] == unit["did"]
    if descriptor.type in (3, 8):
        return any(t.get("sid") == descriptor.fields["sid"]
                   for t in unit["targets"])
    return False


class Verdict:
    """The sums of a part: calls asked, answered with the right errno and
    entry_num, invalidated exactly as the rules say, and short of it.

    Of a stock kernel the answers are judged, and its invalidation is counted.
    """

    def __init__(self, guest):
        self.ours = guest.ours
        self.asked = self.answers = self.exact = self.short = 0
        self.submissions = self.descriptors = 0
        self.wrong = []

    def add(self, other):
        """Parts together."""
        for key in ("asked", "answers", "exact", "short", "submissions",
                    "descriptors"):
            setattr(self, key, getattr(self, key) + getattr(other, key))
        self.wrong += other.wrong

    def note(self, name, text):
        """Something is not as it must be."""
        self.wrong.append("%s: %s" % (name, text))

    def note_ours(self, name, text):
        """The same, where no stock kernel claims it."""
        if self.ours:
            self.note(name, text)


def judge_legality(events, mode, verdict):
    """Every descriptor of a run, whosesoever it is."""
    for event in events:
        if isinstance(event, Descriptor):
            event.judge(mode)
            if event.bad:
                verdict.note_ours("descriptor", "%s breaks the "
                                  "specification" % event)


def judge_call(asked, segment, unit, verdict, refused=lambda d: False):
    """One call alone."""
    out = asked.expected
    verdict.asked += 1
    if segment is None or segment.errno is None:
        verdict.note(asked.name, "no answer")
        return
    own = [d for d in segment.descriptors if belongs(d, unit)]
    verdict.submissions += segment.tails
    verdict.descriptors += len(own)
    answer = answers(asked, segment)
    verdict.answers += not answer
    short = uncovered([d for d in own if not refused(d)], asked.question,
                      segment.count, out["written"], unit)
    verdict.short += bool(short)
    other = descriptors(asked, segment, own, refused)
    verdict.exact += not other
    for text in answer:
        verdict.note(asked.name, text)
    for text in short + other:
        verdict.note_ours(asked.name, text)


def answers(asked, segment):
    """errno and count, and user memory as it was."""
    out, told = asked.expected, []
    if segment.errno != ERRNO[out["errno"]]:
        told.append("%s instead of %s" % (
            cases.errno_name(segment.errno), out["errno"]))
    count = (out["entryNum"] if out["written"]
             else asked.question.moved["entryNum"])
    if segment.count not in (None, count):
        told.append("entry_num %d instead of %d" % (segment.count, count))
    if segment.changed:
        told.append("%d bytes of user memory changed" % segment.changed)
    return told


def descriptors(asked, segment, own, refused):
    """Those of the page table one by one; waits by their flags."""
    out, told = asked.expected, []
    stated = [list(qw[:2]) for unit in out["descriptors"] for qw in unit]
    came = [d.words() for d in own if not refused(d)]
    if came != stated:
        told.append("descriptors %s instead of %s" % (
            show(came), show(stated)))
    waits = [trace.wait_flags(d) for d in segment.descriptors
             if d.type == 5]
    foreign = len(segment.descriptors) - len(own) - len(waits)
    refusals = sum(refused(d) for d in own)
    if not foreign and not refusals:
        stated = [flags for unit in out["waits"] for flags in unit]
        if waits != stated:
            told.append("waits %s instead of %s" % (
                show(waits), show(stated)))
        if segment.tails != sum(out["submissions"]):
            told.append("%d submissions instead of %d" % (
                segment.tails, sum(out["submissions"])))
    return told


def show(values):
    """A list, not too long."""
    def text(value):
        if isinstance(value, list):
            return "[" + ", ".join("%#x" % v for v in value) + "]"
        return str(value)
    head = ", ".join(text(v) for v in values[:4])
    return "(%s%s)" % (head, ", ... %d" % len(values)
                       if len(values) > 4 else "")


def uncovered(own, question, count, written, unit):
    """Counted entries whose pages some cache of the page table keeps."""
    if question.table != "0" or not written or not count:
        return []
    told = []
    iotlb = trace.Union(map(trace.block, (d for d in own if d.type == 6)))
    unions = [("IOTLB", iotlb)]
    if len(unit["targets"]) > 1:
        unions.append(("device TLB", trace.Union(map(
            trace.block, (d for d in own if d.type in (3, 8))))))
    for index, pages in asked_pages(question, count):
        for name, union in unions:
            if not union.has(*pages):
                told.append("entry %d counts, and its pages are not "
                            "invalidated in the %s" % (index, name))
    return told[:1]


def asked_pages(question, count):
    """(index, pages) of the counted entries that ask for any."""
    pages = ((i, trace.wanted_pages(e))
             for i, e in enumerate(question.entries[:count]))
    return [(i, p) for i, p in pages if p is not None]


CALL_TRACE = "Call Trace:"
BAD_LINES = ("BUG:", "WARNING:", "KASAN", "UBSAN", "INFO: possible",
             "possible circular locking", "possible recursive locking",
             "inconsistent lock state", "suspicious RCU", "Oops",
             CALL_TRACE, "rcu_sched self-detected", "hung task",
             "sleeping function called from invalid context")

# Reports of the stock driver about code that is not touched here: how the first
# line begins, and the call chain that tells one from others of its kind.
# 6.12: attaching to a nested domain computes page sizes from a width that such
# a domain does not have (domain_update_iommu_cap(); gone in 7.3).
STOCK_REPORTS = (("UBSAN: shift-out-of-bounds", "domain_update_iommu_cap+",
                  "domain_attach_iommu+", "intel_nested_attach_dev+"),)
END_OF_REPORT = "---[ end trace ]---"


def find(lines, words, first):
    """The first line from @first on that has the words, or None"""
    return next((i for i in range(first, len(lines)) if words in lines[i]),
                None)


def find_chain(lines, chain, first):
    """Is there a line for each of the @chain, in this order?"""
    for words in chain:
        first = find(lines, words, first)
        if first is None:
            return False
        first += 1
    return True


def reports(lines, head):
    """Numbers of the lines of reports that begin with @head: (first, end).
    Those of which one begins before another has ended are not among them."""
    begun = []
    for number, line in enumerate(lines):
        if head in line:
            begun.append(number)
        elif END_OF_REPORT in line:
            if len(begun) == 1:
                yield begun[0], number
            begun = []


def stock_lines(lines):
    """Numbers of the lines in which reports that stock makes, too, begin, and
    their call traces do. Whatever else is said meanwhile is not among them."""
    found = set()
    for head, *chain in STOCK_REPORTS:
        for first, end in reports(lines, head):
            begins = find(lines[:end], CALL_TRACE, first)
            if begins and find_chain(lines[:end], chain, begins):
                found |= {first, begins}
    return found


def judge_console(console, verdict):
    """The kernel's own complaints."""
    lines = console.splitlines()
    stock = stock_lines(lines)
    for number, line in enumerate(lines):
        if number not in stock and any(bad in line for bad in BAD_LINES):
            verdict.note("console", line.strip())
