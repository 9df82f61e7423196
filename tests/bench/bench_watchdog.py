#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the window ever fails to answer, with a million actions in its mirror.

    bench_watchdog.py AC-GENERATE [RUNS]

Types into the search box, changes between the tabs (a filter over the status), sorts by each column,
selects everything, and scrolls from the top to the bottom, by pointer and keyboard, in the real
window. Ours is the longest turn of its main loop, from one wait to the next, a frame that is painted
included. Prints one line of JSON with the worst of all; in `steps` each by itself."""
import json
import socket
import sys

from bench import RUNS, BenchDesk, load_note, median, mirror, report_limit, wait_until
from harness import Node

LIMIT = 16


class Watched:
    """A window that is looked at between the steps, never while one is measured."""

    def __init__(self, desk, program):
        self.desk = desk
        self.display = desk.display
        self.program = program
        wait_until(program.probe_path.exists, "the probe")
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(program.probe_path))
        self.stream = self.socket.makefile("rwb")
        self.steps = {}

    def find_or_none(self, **what):
        self.stream.write(b"look\n")
        self.stream.flush()
        return next(filter(None, (Node(data).find(**what)
                                  for data in json.loads(self.stream.readline()))), None)

    def find(self, **what):
        node = self.find_or_none(**what)
        if node is None:
            raise AssertionError(f"there is no {what}")
        return node

    def place(self, node):
        x, y, width, height = node.box
        return round(x + width / 2), round(y + height / 2)

    def headers(self):
        """The titles that can be clicked, with their places."""
        view = self.find(type="GtkColumnView")
        header = next(node for node in view.walk() if node.css == "header")
        return [(" ".join(title.texts()), self.place(title)) for title in header.children
                if title.texts()]

    def step(self, name, act):
        self.program.settle()
        self.program.ask("mark")
        act()
        self.program.settle()
        mark = self.program.ask("mark")
        print(f"{name:32} {mark['wall'] / 1000:8.1f} ms, {mark['cpu'] / 1000:8.1f} ms of processor, "
              f"{mark['frames']} frames", file=sys.stderr)
        worst = self.steps.get(name, (0, 0))
        self.steps[name] = (max(worst[0], mark["wall"] / 1000), max(worst[1], mark["cpu"] / 1000))


def drive(watched):
    display = watched.display
    press = display.press
    row = watched.place(watched.find(type="GtkColumnView"))

    watched.step("search", lambda: (press("ctrl+f"), display.type("invoice 12")))
    watched.step("search cleared", lambda: press("ctrl+a", "BackSpace"))
    watched.step("search for what is not there", lambda: display.type("zzqx"))
    watched.step("search cleared", lambda: press("ctrl+a", "BackSpace"))
    watched.step("tab of few", lambda: press("ctrl+1"))
    watched.step("tab of many", lambda: press("ctrl+2"))
    for title, place in watched.headers():
        watched.step(f"sort by {title}", lambda place=place: display.click(*place))
        watched.step(f"sort by {title}", lambda place=place: display.click(*place))
    watched.step("one row selected", lambda: display.click(*row))
    watched.step("all selected", lambda: press("ctrl+a"))
    watched.step("all unselected", lambda: press("ctrl+shift+a"))
    display.click(*row)
    watched.step("wheel", lambda: display.click(*row, button=5, count=40))
    watched.step("pages", lambda: press(*["Page_Down"] * 20))
    watched.step("bottom", lambda: press("End"))
    watched.step("top", lambda: press("Home"))


def main(generate, runs=RUNS):
    cache = mirror(generate)
    results = []
    with BenchDesk() as desk:
        for _ in range(int(runs)):
            desk.settings(tab="'history'")
            with desk.window(cache, probe=True) as program:
                program.since_start("rows")
                watched = Watched(desk, program)
                drive(watched)
                results.append(watched.steps)
    load_note()
    steps = {name: median(steps[name][0] for steps in results) for name in results[0]}
    processor = {name: median(steps[name][1] for steps in results) for name in results[0]}
    worst = max(steps, key=steps.get)
    return 0 if report_limit("watchdog", steps[worst], LIMIT, "ms", worst=worst,
                             processor=round(max(processor.values()), 1),
                             steps={name: round(value, 1) for name, value in steps.items()}) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
