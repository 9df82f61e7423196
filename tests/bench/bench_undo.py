#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon some 10,000 actions that are undone from the window are shown as queued.

    bench_undo.py AC-GENERATE

A real action-centerd on a generated store, and the real window: everything in the history is
selected and narrowed to one type and to what can be undone, which is some 10,000 actions; then Undo
is clicked. Ours is the time from the click to the frame in which every row on the screen is queued.
The longest turn of the main loop meanwhile is printed, too."""
import contextlib
import datetime
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from bench import RUNS, BenchDesk, load_note, median, mirror_file, report_limit, wait_until
from bench_watchdog import Watched
from service import Service

# So many that 10,000 of the type that most are of can be undone.
ACTIONS = 37_500
LEAST = 9_500
# Days; decisions are taken up to so long after an action was proposed.
AGE = 5
LIMIT = 1000


def is_synced(cache):
    with contextlib.closing(sqlite3.connect(f"file:{mirror_file(cache)}?mode=ro", uri=True)) as mirror:
        return mirror.execute("SELECT value FROM meta WHERE name = 'loading'").fetchone() == (0,)


def run(store, desk, folder):
    """Milliseconds, the longest turn in milliseconds, and how many there were."""
    service = Service(folder, settings={"grace-seconds": 3600})
    service.folder.mkdir()
    shutil.copy(store, service.database)
    service.start()
    cache = folder / "cache"
    try:
        with desk.window(cache, service.url, service.token("responder"), probe=True) as program:
            program.since_start("rows")
            wait_until(lambda: is_synced(cache), "the whole mirror")
            watched = Watched(desk, program)
            program.settle()

            def button(text):
                node = wait_until(lambda: watched.find_or_none(role="button", name=text), text.pattern)
                program.settle()
                node = watched.find(role="button", name=text)
                desk.display.click(*watched.place(node))
                return node.name

            desk.display.click(*watched.place(watched.find(type="GtkColumnView")))
            program.settle()
            desk.display.press("ctrl+a")
            button(re.compile(r"^Narrow to Soft delete email \("))
            name = button(re.compile(r"^Narrow to the .* that can be undone"))
            wait_until(lambda: watched.find_or_none(role="button", name=re.compile("^Undo$")), "Undo")
            program.settle()
            undo = watched.place(watched.find(role="button", name=re.compile("^Undo$")))
            desk.display.move(*undo)
            program.settle()
            program.ask("mark")
            # Queued, or further: those that were queued first are worked on while the last ones are shown.
            program.tell("rows Undo")
            clicked = time.monotonic()
            desk.display.tool("click", 1)
            at = program.answer()["at"] / 1e6
            turn = program.ask("mark")["wall"] / 1000
        return (at - clicked) * 1000, turn, int(re.sub(r"\D", "", name))
    finally:
        service.stop()


def main(generate):
    runs = []
    # So long ago that what happened last has happened: what is undone now stands above it.
    ended = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=AGE)
    with BenchDesk() as desk, tempfile.TemporaryDirectory(prefix="ac-bench-") as made:
        store = pathlib.Path(made) / "action-center.db"
        subprocess.run([generate, "--store", store, "--actions", str(ACTIONS), "--now",
                        ended.strftime("%Y-%m-%dT00:00:00Z")], check=True)
        for _ in range(RUNS):
            desk.settings(tab="'history'")
            with tempfile.TemporaryDirectory(prefix="ac-bench-") as folder:
                runs.append(run(store, desk, pathlib.Path(folder) / "service"))
    load_note()
    assert runs[0][2] >= LEAST, f"only {runs[0][2]} actions were undone"
    return 0 if report_limit("undo", median(one[0] for one in runs), LIMIT, "ms",
                             actions=runs[0][2],
                             longestTurn=round(median(one[1] for one in runs), 1)) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
