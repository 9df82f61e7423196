#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one test of `meson test --setup=valgrind`.

    valgrind_wrapper.py VALGRIND SUPPRESSIONS PROGRAM [ARGUMENT...]

A compiled test runs under valgrind. An interpreter does not: it gets the command in
AC_PROGRAM_WRAPPER, and the test puts that in front of each program of ours that it starts.
"""
import os
import pathlib
import shlex
import sys


def main(valgrind, suppressions, *command):
    checker = [valgrind, "--quiet", "--error-exitcode=99", "--leak-check=full",
               "--errors-for-leak-kinds=definite", "--show-leak-kinds=definite",
               "--num-callers=24", "--child-silent-after-fork=yes",
               f"--suppressions={suppressions}"]
    glib = pathlib.Path("/usr/share/glib-2.0/valgrind/glib.supp")
    if glib.exists():
        checker.append(f"--suppressions={glib}")
    os.environ["AC_SLOW_CHECKER"] = "valgrind"
    name = os.path.basename(command[0])
    if name.startswith("python") or command[0].endswith(".py"):
        os.environ["AC_PROGRAM_WRAPPER"] = shlex.join(checker)
        os.execvp(command[0], command)
    os.execvp(valgrind, [*checker, *command])


if __name__ == "__main__":
    main(*sys.argv[1:])
