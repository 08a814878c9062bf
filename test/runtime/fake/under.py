#!/usr/bin/env python3
"""What starts a program of this machine or of another.

usage: under.py PROGRAM [WORD ...] --under EMULATOR [WORD ...]: runs it. A test that imports this takes the emulator off its own
arguments. Where there is no such emulator, the test is skipped and says so: 77.
"""
import os
import shutil
import sys


def take_emulator():
    """The words to put before a program's name, taken off the arguments; none for this machine's programs."""
    if "--under" not in sys.argv:
        return []
    at = sys.argv.index("--under")
    words = sys.argv[at + 1:]
    del sys.argv[at:]
    if not shutil.which(words[0]):
        print(f"skipped: {words[0]} is not installed")
        sys.exit(77)
    return words


if __name__ == "__main__":
    command = take_emulator() + sys.argv[1:]
    os.execvp(command[0], command)
