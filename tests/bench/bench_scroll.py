#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a frame costs while a million rows are scrolled, by lines and by jumps.

    bench_scroll.py AC-GENERATE BENCH-LIST PLAIN-LIST

The reference is a bare GtkColumnView of 8 GtkLabels over a GListStore with as many rows, in a window
of the same size. Ours has nine columns and the one of checks; it jumps on when the rows that it has
jumped to are loaded, so that frames with rows that are still empty and those in which their texts
come both count. Prints one line of JSON with the medians of the 99th percentiles."""
import json
import subprocess
import sys

from bench import ACTIONS, RUNS, BenchDesk, load_note, median, mirror, report

BUDGET = 0.7


def main(generate, ours, plain):
    cache = mirror(generate)
    ours_runs, plain_runs = [], []
    with BenchDesk(1600, 900) as desk:
        def run(*command):
            return json.loads(subprocess.run(command, check=True, text=True, timeout=200,
                                             env=desk.environment(),
                                             stdout=subprocess.PIPE).stdout)
        for _ in range(RUNS):
            plain_runs.append(run(plain, str(ACTIONS)))
            ours_runs.append(run(ours, cache / "action-center", "scroll"))
    load_note()
    more = {f"{who}{name[0].upper()}{name[1:]}": median(run[name] for run in runs)
            for who, runs in (("ours", ours_runs), ("reference", plain_runs))
            for name in ("linesP50", "linesP99", "jumpsP50", "jumpsP99")}
    return 0 if report("scroll", median(run["p99"] for run in ours_runs),
                       median(run["p99"] for run in plain_runs), BUDGET, "ms", **more) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
