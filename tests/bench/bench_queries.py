#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon a change of order, of a filter or of the search shows its rows, of a million.

    bench_queries.py AC-GENERATE BENCH-LIST

Ours is the time from the change to the frame in which every row on the screen has the texts of what
the list has there, or none where it has nothing any more. The reference is the sqlite3 shell that reads
the keys of the same actions in the same order from the same file, as its own timer says. The budget is
1.5 times that and one frame. Prints a line of JSON for the change that is worst by that, and what each
took in `changes`: ours, the reference, and the time until the keys of all actions were there."""
import json
import os
import re
import subprocess
import sys

from bench import RUNS, BenchDesk, load_note, median, mirror, mirror_file, report

BUDGET = 1.5
FRAME = 16.7
KEYS = "SELECT key FROM actions WHERE pending = 0"
WITH_KINDS = "SELECT key FROM actions JOIN kinds USING (kind) WHERE pending = 0"
LATEST = "ORDER BY updated_at DESC, key DESC"


def trigrams(word):
    return " AND ".join(f'"{word[at:at + 3]}"' for at in range(len(word) - 2))


def search(word):
    return (f"{KEYS} AND key IN (SELECT search.rowid FROM search JOIN texts ON key = search.rowid "
            f"WHERE search MATCH '{trigrams(word)}' AND instr(texts.text, '{word}')) {LATEST}")


def by(column):
    return f"{KEYS} ORDER BY {column}, key"


def by_kind(column):
    return f"{WITH_KINDS} ORDER BY kinds.{column}, updated_at DESC, key DESC"


QUERIES = {
    "sort updatedAt": by("updated_at"), "sort createdAt": by("created_at"),
    "sort details": by("details"), "sort asset": by("asset"), "sort decidedBy": by("decided_by"),
    "sort type": by_kind("type"), "sort entityType": by_kind("entity_type"),
    "sort verdict": by_kind("verdict"), "sort source": by_kind("source"),
    "sort status": by_kind("status"),
    "filter verdict": f"{WITH_KINDS} AND verdict = 'suspicious' {LATEST}",
    "filter status": f"{WITH_KINDS} AND status = 'failed' {LATEST}",
    "filter type": f"{WITH_KINDS} AND type = 'softDeleteEmail' {LATEST}",
    "filter decidedBy": f"{KEYS} AND decided_by = 'm.rossi' {LATEST}",
    "search invoice": search("invoice"), "search 64099": search("64099"),
    "search sandbox-nothing": search("sandbox-nothing"),
}


def ask_shell(path, name):
    """The median of milliseconds, once what is read is in memory, and how many rows."""
    query = QUERIES[name]
    script = (f".mode list\n.output {os.devnull}\n{query};\n.timer on\n{query};\n{query};\n{query};\n"
              f".timer off\n.output stdout\nSELECT 'rows', count(*) FROM ({query});\n")
    output = subprocess.run(["sqlite3", "-readonly", path], input=script, text=True, check=True,
                            capture_output=True).stdout
    times = re.findall(r"Run Time: real ([0-9.]+)", output)
    return (median(float(text) * 1000 for text in times),
            int(re.search(r"rows\|([0-9]+)", output).group(1)))


def main(generate, ours):
    cache = mirror(generate)
    runs = []
    with BenchDesk(1600, 900) as desk:
        for _ in range(RUNS):
            output = subprocess.run([ours, cache / "action-center", "queries"], check=True,
                                    text=True, timeout=200, env=desk.environment(),
                                    stdout=subprocess.PIPE).stdout
            runs.append({line["name"]: line for line in map(json.loads, output.splitlines())})
    shell = {name: ask_shell(mirror_file(cache), name) for name in QUERIES}
    load_note()
    changes = {}
    for name in QUERIES:
        found = {run[name]["rows"] for run in runs} | {shell[name][1]}
        assert len(found) == 1, f"{name}: ours and the shell found {found}"
        changes[name] = [round(value, 1) for value in (
            median(run[name]["painted"] for run in runs), shell[name][0],
            median(run[name]["all"] for run in runs))]
    worst = max(changes, key=lambda name: changes[name][0] - BUDGET * changes[name][1])
    return 0 if report("queries", changes[worst][0], changes[worst][1], BUDGET, "ms", slack=FRAME,
                       worst=worst, changes=changes) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
