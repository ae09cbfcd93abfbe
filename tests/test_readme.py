#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What the README shows is what the command prints.

usage: test_readme.py README S1INV

Runs the commands of the ```console blocks of README, with S1INV for s1inv,
from the folder that README is in, and compares their output.
"""
import os
import re
import shlex
import subprocess
import sys


def sessions(text):
    """The (command, output) pairs of all console blocks."""
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            yield command, output.rstrip()


def run(command, tool, folder):
    assert command.startswith("s1inv "), command
    command = shlex.quote(tool) + command[len("s1inv"):]
    # The drawings need a locale that has their characters.
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    return subprocess.run(command, shell=True, cwd=folder, text=True,
                          env=environment,
                          stdout=subprocess.PIPE, check=False).stdout.rstrip()


def main():
    readme, tool = map(os.path.abspath, sys.argv[1:])
    with open(readme, encoding="utf-8") as file:
        shown = list(sessions(file.read()))
    wrong = [command for command, output in shown
             if run(command, tool, os.path.dirname(readme)) != output]
    for command in wrong:
        print(f"FAIL: {command} prints something else")
    if not shown:
        print("FAIL: no console block found")
    return 1 if wrong or not shown else 0


if __name__ == "__main__":
    sys.exit(main())
