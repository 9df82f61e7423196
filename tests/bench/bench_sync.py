#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many actions a second a first sync brings into the mirror.

    bench_sync.py AC-GENERATE BENCH-PARSE SYNC-MIRROR

A real action-centerd on a store of 100,000 actions, and the client's own mirror and sync, from its
start until it follows the service, the indexes of lists included. The reference is json-glib parsing
the same pages and nothing else. Prints one line of JSON with the medians."""
import pathlib
import subprocess
import sys
import tempfile
import time

import bench_read
from bench import RUNS, load_note, median, report

ACTIONS = 100_000
BUDGET = 0.6


def sync(program, folder, service):
    """Seconds of one first sync."""
    started = time.monotonic()
    with subprocess.Popen([program, folder, service.url], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write(service.token("reader") + "\n")
        process.stdin.flush()
        for line in process.stdout:
            if line == "following\n":
                break
        seconds = time.monotonic() - started
        process.stdin.close()
        process.stdout.read()
    return seconds


def main(generate, parse, program):
    with tempfile.TemporaryDirectory(prefix="ac-bench-") as folder:
        folder = pathlib.Path(folder)
        subprocess.run([generate, "--store", folder / "action-center.db", "--actions", str(ACTIONS),
                        "--seed", "1"], check=True)
        service = bench_read.Service(folder, settings={"grace-seconds": 3600})
        service.start()
        try:
            pages, _ = bench_read.walk(service, "-createdAt")
            lines = folder / "pages"
            lines.write_bytes(b"".join(page + b"\n" for page in pages))
            seconds, parsing = [], []
            for run in range(RUNS):
                seconds.append(sync(program, folder / f"mirror.{run}", service))
                parsing.append(float(subprocess.run([parse, lines], check=True,
                                                    capture_output=True).stdout))
        finally:
            service.stop()
    load_note()
    return 0 if report("first-sync", ACTIONS / median(seconds), ACTIONS / median(parsing), BUDGET,
                       "actions/s", most=False) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
