#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""kernel-glue/install: what it refuses, and that it can be taken back.

usage: test_install.py [KERNEL_TREE...]

Without a tree, the edits on made-up text, and what is no tree. With trees
of Linux 6.12 or 7.3, which are only read, also: install and --remove restore
every byte, and a tree that lacks any anchor is refused with nothing changed.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "kernel-glue"))

import edit  # noqa: E402
import steps  # noqa: E402

TREES = [pathlib.Path(argument) for argument in sys.argv[1:]]

TEXT = """\
/* before */
int first(int a);

/*
 * What it does.
 */
static int *first(int a,
		  int b)
{
	return f(a);
}

int second(void)
{
	return f(2);
}
"""


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-B", str(TOP / "kernel-glue/install"),
         *map(str, arguments)], capture_output=True, text=True, check=False)


def contents(folder):
    return {path.relative_to(folder): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


class Edits(unittest.TestCase):
    """Each kind of edit, and what it does not accept."""

    def refuses(self, what):
        with self.assertRaises(edit.EditError):
            what.apply(TEXT)

    def test_replace(self):
        self.assertIn("g(2);", edit.Replace("f(2);", "g(2);").apply(TEXT))
        self.refuses(edit.Replace("f(3)", ""))
        self.refuses(edit.Replace("return f(", ""))

    def test_within(self):
        one = edit.After("return f(", "x", "second").apply(TEXT)
        self.assertEqual(one, TEXT.replace("f(2", "f(x2"))
        self.refuses(edit.After("return f(a", "x", "second"))
        self.refuses(edit.After("return f(", "x", "third"))

    def test_before_and_delete(self):
        self.assertIn("y = f(2)",
                      edit.Before("f(2)", "y = ").apply(TEXT))
        self.assertNotIn("f(2)", edit.Delete("f(2)").apply(TEXT))

    def test_range(self):
        one = edit.ReplaceRange("{", "}", "X", "second").apply(TEXT)
        self.assertTrue(one.endswith("int second(void)\nX\n"))
        self.refuses(edit.ReplaceRange("}", "{", "X", "second"))

    def test_function(self):
        one = edit.DeleteFunction("first").apply(TEXT)
        self.assertEqual(one, TEXT.split("/*\n * What")[0]
                         + "int second" + TEXT.split("int second")[1])
        self.refuses(edit.DeleteFunction("f"))

    def test_either(self):
        one = edit.Either(edit.Replace("f(3)", "c"),
                          edit.Replace("f(2)", "b"))
        self.assertIn("b;", one.apply(TEXT))
        self.refuses(edit.Either(edit.Replace("f(3)", "c")))
        self.refuses(edit.Either(edit.Replace("f(2)", "c"),
                                 edit.Replace("f(a)", "c")))

    def test_cut(self):
        self.assertEqual(edit.CutFrom("int first").apply(TEXT),
                         "/* before */\n")
        self.refuses(edit.CutFrom("f("))


class NoTree(unittest.TestCase):
    """What is refused: exit status 2, one line, and nothing changed."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.top = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def refused(self, text, *arguments):
        before = contents(self.top)
        done = run(*(arguments or (self.top,)))
        self.assertEqual(done.returncode, 2, done)
        self.assertIn(text, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertEqual(contents(self.top), before)

    def makefile(self, version, patchlevel):
        (self.top / "Makefile").write_text(
            "# a comment\nVERSION = %d\nPATCHLEVEL = %d\nSUBLEVEL = 1\n"
            % (version, patchlevel))

    def test_arguments(self):
        self.refused("usage", "--frob")
        self.refused("usage", self.top, self.top)
        self.refused("usage", "--remove")

    def test_no_tree(self):
        self.refused("is not a kernel tree")
        self.refused("is not a kernel tree", self.top / "missing")
        (self.top / "Makefile").write_bytes(b"\xff\xfe")
        self.refused("is not a kernel tree")

    def test_other_version(self):
        self.makefile(6, 1)
        self.refused("is Linux 6.1; wanted: 6.12 or 7.3")

    def test_empty_tree(self):
        self.makefile(7, 3)
        self.refused("is not as expected")
        self.refused("does not have the glue", "--remove", self.top)


class Tree(NoTree):
    """A copy of what install looks at, of every tree that was given."""

    def each_tree(self):
        paths = {path for step in [*steps.STEPS, steps.KUNIT]
                 for path in step.edits} | {"Makefile"}
        for tree in TREES:
            shutil.rmtree(self.top)
            for path in paths:
                if (tree / path).exists():
                    (self.top / path).parent.mkdir(parents=True,
                                                   exist_ok=True)
                    shutil.copyfile(tree / path, self.top / path)
            yield tree

    def test_there_and_back(self):
        for tree in self.each_tree():
            before = contents(self.top)
            self.assertEqual(run(self.top).returncode, 0, tree)
            self.assertNotEqual(contents(self.top), before)
            self.refused("has the glue already")
            self.assertEqual(run("--remove", self.top).returncode, 0)
            self.assertEqual(contents(self.top), before)
            self.assertFalse((self.top / steps.GLUE).exists())
            run(self.top)
            built = self.top / (steps.GLUE + "walk.o")
            built.write_bytes(b"")
            self.assertEqual(run("--remove", self.top).returncode, 0)
            self.assertTrue(built.exists())

    def test_no_room(self):
        """Half done is taken back: a folder stands where a file is to be."""
        for tree in self.each_tree():
            (self.top / (steps.GLUE + "walk.c")).mkdir(parents=True)
            before = contents(self.top)
            done = run(self.top)
            self.assertEqual(done.returncode, 2, tree)
            self.assertEqual(contents(self.top), before)

    def test_half_done(self):
        """One that was killed can be taken out."""
        for _ in self.each_tree():
            before = contents(self.top)
            run(self.top)
            (self.top / (steps.GLUE + "qi.c")).unlink()
            (self.top / (steps.DRIVER + "dmar.c")).write_bytes(
                before[pathlib.Path(steps.DRIVER + "dmar.c")])
            self.assertEqual(run("--remove", self.top).returncode, 0)
            self.assertEqual(contents(self.top), before)

    def test_edited_since(self):
        for _ in self.each_tree():
            run(self.top)
            nested = self.top / (steps.GLUE + "nested.c")
            nested.write_text(nested.read_text() + "\n")
            self.refused("was changed since", "--remove", self.top)

    def test_links(self):
        for tree in self.each_tree():
            nested = self.top / (steps.DRIVER + "nested.c")
            other = self.top / "other"
            before = nested.read_bytes()
            other.hardlink_to(nested)
            self.assertEqual(run(self.top).returncode, 0, tree)
            self.assertEqual(other.read_bytes(), before)
            self.assertEqual(run("--remove", self.top).returncode, 0)
            nested.unlink()
            nested.symlink_to(other)
            self.refused("nested.c is behind a symbolic link")

    def test_every_file_is_needed(self):
        for _ in self.each_tree():
            for path, text in contents(self.top).items():
                if str(path) == "Makefile":
                    continue
                (self.top / path).write_bytes(b"int a;\n")
                self.refused("is not as expected")
                (self.top / path).write_bytes(text)

    def test_every_anchor_is_needed(self):
        for _ in self.each_tree():
            for path, one in self.anchors():
                stock = (self.top / path).read_text()
                anchor = getattr(one, "anchor", None)
                if not anchor or stock.count(anchor) != 1:
                    continue
                (self.top / path).write_text(stock.replace(anchor, "\n"))
                self.refused("is not as expected")
                (self.top / path).write_text(stock)

    def anchors(self):
        for step in [*steps.STEPS, steps.KUNIT]:
            for path, edits in step.edits.items():
                if (self.top / path).exists():
                    yield from ((path, one) for one in edits)


if __name__ == "__main__":
    if not TREES:
        del Tree
    unittest.main(argv=sys.argv[:1])
