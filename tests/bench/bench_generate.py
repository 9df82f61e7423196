#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long it takes to generate a million actions, as the mirror of a desk or as a store.

    bench_generate.py AC-GENERATE mirror|store

It is made once, for it takes as long as some other benchmarks together; the mirror is the one that the
others use. Prints a line of JSON; `processor` is what its threads took together, which is more than the
time by the clock where there are two processors."""
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

from bench import ACTIONS, NOW, load_note, mirror, report_limit

LIMIT = 60


def measure(act):
    """Seconds by the clock, and of processor time."""
    def processor():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    started, before = time.monotonic(), processor()
    act()
    return time.monotonic() - started, processor() - before


def fill_store(generate):
    with tempfile.TemporaryDirectory(prefix="ac-bench-") as folder:
        return measure(lambda: subprocess.run(
            [generate, "--store", pathlib.Path(folder) / "action-center.db", "--actions",
             str(ACTIONS), "--now", NOW], check=True))


def main(generate, name):
    seconds, processor = fill_store(generate) if name == "store" else \
        measure(lambda: mirror(generate, anew=True))
    load_note()
    return 0 if report_limit(f"generate-{name}", seconds, LIMIT, "s", processor=round(processor, 1)) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
