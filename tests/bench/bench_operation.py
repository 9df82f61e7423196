#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many decisions a second the service takes over HTTP, 10,000 of them in one operation.

    bench_operation.py BENCH-STORE

Ours is the time from the first byte of POST /operations to the last of its answer, which comes when
everything is on disk. The reference is the sqlite3 shell that writes the same rows into a copy of the
same database in one transaction, as in bench_decisions.py. Prints one line of JSON with the medians."""
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from bench import RUNS, load_note, median, report
from bench_decisions import ACTIONS, BUDGET, script_of
from service import Service


def run(program, folder):
    """Seconds of the service, seconds of the shell."""
    service = Service(folder / "service", settings={"grace-seconds": 3600})
    service.folder.mkdir()
    subprocess.run([program, "fill", service.database, str(ACTIONS)], check=True)
    service.start()
    service.stop()
    before, reference = folder / "before.db", folder / "reference.db"
    shutil.copy(service.database, before)
    shutil.copy(service.database, reference)
    with sqlite3.connect(before) as database:
        ids = [row[0] for row in database.execute("SELECT id FROM actions ORDER BY seq")]
    service.start()
    try:
        started = time.monotonic()
        answer = service.decide("approve", ids)
        seconds = time.monotonic() - started
        assert answer.status == 202, answer
    finally:
        service.stop()
    with sqlite3.connect(before) as first, sqlite3.connect(service.database) as second:
        script = script_of(first, second)
    started = time.monotonic()
    subprocess.run(["sqlite3", "-bail", reference], input=script, text=True, check=True,
                   stdout=subprocess.DEVNULL)
    return seconds, time.monotonic() - started


def main(program):
    pairs = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="ac-bench-") as folder:
            pairs.append(run(program, pathlib.Path(folder)))
    load_note()
    return 0 if report("operation", ACTIONS / median(pair[0] for pair in pairs),
                       ACTIONS / median(pair[1] for pair in pairs), BUDGET, "decisions/s",
                       most=False) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
