#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends and removes what a desk has left once the desk is gone, however it went.

It reads lines from the desk that has started it: `files PATTERN`, and `program ARGUMENT`. At their end,
when the desk closes its input or has died, it kills the programs that have exactly this argument, and
removes the files and folders that match, until nothing comes back from a program that is just ending.
"""
import contextlib
import glob
import os
import pathlib
import shutil
import signal
import sys
import time

PATIENCE = 30
STEP = 0.05


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def programs(arguments):
    """The ids of the processes that have one of these arguments."""
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if arguments & set((process / "cmdline").read_bytes().split(b"\0")):
                yield int(process.name)


def main():
    orders = {b"files": [], b"program": []}
    for line in sys.stdin.buffer:
        order, _, value = line.rstrip(b"\n").partition(b" ")
        orders[order].append(value)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        left = list(programs(set(orders[b"program"])))
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        found = [path for pattern in orders[b"files"] for path in glob.glob(pattern)]
        if not left and not found:
            return 0
        for path in found:
            remove(path)
        time.sleep(STEP)
    return 1


if __name__ == "__main__":
    sys.exit(main())
