# SPDX-License-Identifier: GPL-2.0-only
"""Edits of files in a kernel tree, by anchors.

An anchor is a piece of text that has to stand exactly once in the file, or in
the function that the edit names. What does not fit raises EditError before
anything is written.
"""
import re


class EditError(Exception):
    """The tree is not what an edit expects."""


def function_span(text, name):
    """Where a function is defined: (start, end), up to its closing brace."""
    heads = [m for m in re.finditer(
        r"^(?:\w[\w \t*]*[ *\n])?%s\([^;{]*\)\n\{" % re.escape(name), text,
        re.M)]
    if len(heads) != 1:
        raise EditError("function %s is defined %d times" % (name, len(heads)))
    end = text.find("\n}\n", heads[0].start())
    if end < 0:
        raise EditError("function %s has no end" % name)
    return heads[0].start(), end + len("\n}\n")


def span_of(text, within):
    return function_span(text, within) if within else (0, len(text))


def find_one(text, anchor, start, end):
    """The one place of an anchor between two offsets."""
    at = text.find(anchor, start, end)
    if at < 0:
        raise EditError("no place has %r" % anchor)
    if text.find(anchor, at + 1, end) >= 0:
        raise EditError("more than one place has %r" % anchor)
    return at, at + len(anchor)


class Edit:
    """One edit: @change gets the text between two offsets."""

    def __init__(self, anchor, within=None):
        self.anchor = anchor
        self.within = within

    def apply(self, text):
        start, end = find_one(text, self.anchor, *span_of(text, self.within))
        return text[:start] + self.change(text[start:end]) + text[end:]

    def change(self, piece):
        raise NotImplementedError


class Replace(Edit):
    """Put @new in place of the anchor."""

    def __init__(self, anchor, new, within=None):
        super().__init__(anchor, within)
        self.new = new

    def change(self, piece):
        return self.new


class After(Replace):
    """Put @new behind the anchor."""

    def change(self, piece):
        return piece + self.new


class Before(Replace):
    """Put @new before the anchor."""

    def change(self, piece):
        return self.new + piece


class Delete(Edit):
    """Take the anchor away."""

    def change(self, piece):
        return ""


class ReplaceRange:
    """Put @new in place of everything from one anchor to another."""

    def __init__(self, first, last, new, within):
        self.first = first
        self.last = last
        self.new = new
        self.within = within

    def apply(self, text):
        span = span_of(text, self.within)
        start, _ = find_one(text, self.first, *span)
        _, end = find_one(text, self.last, *span)
        if end < start:
            raise EditError("%r stands before %r" % (self.last, self.first))
        return text[:start] + self.new + text[end:]


class DeleteFunction:
    """Take a function away, with the comment above it and a blank line."""

    def __init__(self, name):
        self.name = name

    def apply(self, text):
        start, end = function_span(text, self.name)
        comment = text.rfind("/*", 0, start)
        if comment >= 0 and text.find("*/\n", comment) + 3 == start:
            start = comment
        if text.startswith("\n", end):
            end += 1
        return text[:start] + text[end:]


class CutFrom:
    """Take everything from an anchor on away."""

    def __init__(self, anchor):
        self.anchor = anchor

    def apply(self, text):
        return text[:find_one(text, self.anchor, 0, len(text))[0]]


class Either:
    """The one of several edits that fits, where kernels differ."""

    def __init__(self, *edits):
        self.edits = edits

    def apply(self, text):
        results = []
        for edit in self.edits:
            try:
                results.append(edit.apply(text))
            except EditError as error:
                last = error
        if len(results) != 1:
            raise EditError("%d of %d edits fit" % (len(results),
                                                    len(self.edits))
                            + (": %s" % last if not results else ""))
        return results[0]
