#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many decisions a second the store takes, 10,000 of them in one operation.

    bench_decisions.py BENCH-STORE

The reference is the sqlite3 shell that writes the same rows into a copy of the same database, in one
transaction: what the operation has inserted as INSERTs, what it has changed as UPDATEs by row number.
It has nothing to check, to hash or to answer. Afterwards both databases hold the same. Prints one
line of JSON with the medians of five runs, and fails when the ratio is under the budget."""
import json
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ACTIONS = 10000
RUNS = 5
BUDGET = 0.3
INSERTED = ["operations", "operation_items", "work", "audit", "changes", "idempotency"]
CHANGED = ["actions", "investigations", "audit_head"]
PRAGMAS = "PRAGMA journal_mode = WAL;\nPRAGMA synchronous = FULL;\nPRAGMA foreign_keys = ON;\n"


def table_rows(database, table):
    return database.execute(f"SELECT * FROM {table}").fetchall()


def quoted(database, table, columns):
    names = ", ".join(f"quote ({column})" for column in columns)
    return database.execute(f"SELECT {names} FROM {table}").fetchall()


def columns_of(database, table):
    return [row[1] for row in database.execute(f"PRAGMA table_info ({table})")]


def script_of(before, after):
    """What brings the database `before` to the state of `after`."""
    lines = [PRAGMAS, "BEGIN IMMEDIATE;\n"]
    for table in INSERTED:
        columns = columns_of(after, table)
        known = set(quoted(before, table, columns))
        lines += [f"INSERT INTO {table} VALUES ({', '.join(row)});\n"
                  for row in quoted(after, table, columns) if row not in known]
    for table in CHANGED:
        columns = columns_of(after, table)
        known = {row[0]: row[1:] for row in quoted(before, table, ["rowid", *columns])}
        for number, *row in quoted(after, table, ["rowid", *columns]):
            values = ", ".join(f"{name} = {value}" for name, value, was
                               in zip(columns, row, known[number]) if value != was)
            if values:
                lines.append(f"UPDATE {table} SET {values} WHERE rowid = {number};\n")
    known = set(quoted(before, "action_counts", ["status", "n"]))
    counts = quoted(after, "action_counts", columns_of(after, "action_counts"))
    if known != set(quoted(after, "action_counts", ["status", "n"])):
        lines.append("DELETE FROM action_counts;\n")
        lines += [f"INSERT INTO action_counts VALUES ({', '.join(row)});\n" for row in counts]
    lines.append("COMMIT;\n")
    return "".join(lines)


def run(program, folder):
    """Seconds of the store, seconds of the shell."""
    ours = folder / "ours.db"
    before = folder / "before.db"
    reference = folder / "reference.db"
    subprocess.run([program, "fill", ours, str(ACTIONS)], check=True)
    shutil.copy(ours, before)
    shutil.copy(ours, reference)
    seconds = float(subprocess.run([program, "decide", ours], check=True, text=True,
                                   stdout=subprocess.PIPE).stdout)

    with sqlite3.connect(before) as first, sqlite3.connect(ours) as second:
        script = script_of(first, second)
    start = time.monotonic()
    subprocess.run(["sqlite3", "-bail", reference], input=script, text=True, check=True,
                   stdout=subprocess.DEVNULL)
    reference_seconds = time.monotonic() - start

    with sqlite3.connect(reference) as first, sqlite3.connect(ours) as second:
        for table in [*INSERTED, *CHANGED, "action_counts"]:
            assert table_rows(first, table) == table_rows(second, table), table
        changed = second.execute("SELECT count (*) FROM audit WHERE event = 'approve' "
                                 "AND kind = 'action'").fetchone()[0]
        assert changed == ACTIONS, changed
    return seconds, reference_seconds


def main(program):
    pairs = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="ac-bench-") as folder:
            pairs.append(run(program, pathlib.Path(folder)))
    ours = ACTIONS / statistics.median(pair[0] for pair in pairs)
    reference = ACTIONS / statistics.median(pair[1] for pair in pairs)
    ratio = ours / reference
    print(json.dumps({"name": "store-decisions", "ours": round(ours), "reference": round(reference),
                      "ratio": round(ratio, 2), "budget": BUDGET, "unit": "decisions/s"}))
    return 0 if ratio >= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
