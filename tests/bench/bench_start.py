#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon the window shows rows with a million actions in its mirror, and what memory it takes.

    bench_start.py AC-GENERATE PLAIN-WINDOW

The reference is an empty window of libadwaita: its first frame, and its memory. Ours is the real
program, from the start of the process to the first frame with rows of the history in it; its memory
is taken when the keys of all rows are there. Both are traced in the same way. Prints a line of JSON
for each of the two."""
import sys

from bench import RUNS, BenchDesk, Traced, load_note, median, mirror, report, report_limit

BUDGET = 1.5
MEMORY = 60


def main(generate, plain):
    cache = mirror(generate)
    ours, reference = [], []
    with BenchDesk() as desk:
        desk.settings(tab="'history'")
        # The first start of each reads the libraries from the disk.
        for run in range(RUNS + 1):
            with Traced(desk, [plain]) as program:
                first = program.since_start("frame")
                program.settle()
                plain_run = first, program.resident()
            with desk.window(cache) as program:
                first = program.since_start("rows")
                program.settle()
                our_run = first, program.resident()
            if run > 0:
                reference.append(plain_run)
                ours.append(our_run)
    load_note()
    good = report("window-start", median(run[0] for run in ours),
                  median(run[0] for run in reference), BUDGET, "ms")
    more = median(run[1] for run in ours) - median(run[1] for run in reference)
    return 0 if report_limit("window-memory", more, MEMORY, "MB more",
                             whole=round(median(run[1] for run in ours), 1)) and good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
