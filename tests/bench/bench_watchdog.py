#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the window ever fails to answer, with a million actions in its mirror.

    bench_watchdog.py AC-GENERATE PLAIN-LIST [RUNS]

Types into the search box, changes between the tabs (a filter over the status), sorts by each column,
selects everything, and scrolls from the top to the bottom, by pointer and keyboard, in the real
window. Ours is the longest turn of its main loop, from one wait to the next, a frame that is painted
included; in processor time, for what else runs on the machine must not count. Then the same is done
with a bare GtkColumnView of eight GtkLabels and as many rows, as far as that can do it.

No turn may be longer than 16 ms, unless the bare list's is in the same step: that much is GTK's.
Prints one line of JSON with the step that is worst by that measure; in `steps` each by itself, as
[ours, the bare list's, ours by the clock]."""
import json
import socket
import sys

from bench import ACTIONS, RUNS, BenchDesk, Traced, load_note, median, mirror, report, wait_until
from harness import Node

LIMIT = 16
NOTHING = "search for what is not there"


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


def drive_filter(watched):
    """Ticks a value of a field, and takes the filter back; what the popover costs is not measured."""
    def click(**what):
        node = wait_until(lambda: watched.find_or_none(**what), what)
        watched.program.settle()
        watched.display.click(*watched.place(node))

    click(id="filter")
    wait_until(lambda: watched.find_or_none(type="AcFilterPopover"), "the fields")
    click(type="GtkLabel", name="Verdict")
    value = wait_until(lambda: watched.find_or_none(role="checkbox", name="Suspicious"), "the values")
    watched.step("filter", lambda: watched.display.click(*watched.place(value)))
    watched.display.press("Escape")
    wait_until(lambda: not watched.find_or_none(type="AcFilterPopover"), "the popover to close")
    clear = watched.find(id="clear")
    watched.step("filter cleared", lambda: watched.display.click(*watched.place(clear)))


def drive(watched):
    display = watched.display
    press = display.press
    row = watched.place(watched.find(type="GtkColumnView"))

    watched.step("search", lambda: (press("ctrl+f"), display.type("invoice 12")))
    watched.step("search cleared", lambda: press("ctrl+a", "BackSpace"))
    watched.step(NOTHING, lambda: display.type("zzqx"))
    watched.step("search cleared", lambda: press("ctrl+a", "BackSpace"))
    watched.step("tab of few", lambda: press("ctrl+1"))
    watched.step("tab of many", lambda: press("ctrl+2"))
    drive_filter(watched)
    for title, place in watched.headers():
        watched.step(f"sort by {title}", lambda place=place: display.click(*place))
    drive_list(watched, row)


def drive_list(watched, row):
    display = watched.display
    press = display.press

    watched.step("one row selected", lambda: display.click(*row))
    watched.step("all selected", lambda: press("ctrl+a"))
    watched.step("all unselected", lambda: press("ctrl+shift+a"))
    display.click(*row)
    watched.step("wheel", lambda: display.turn_wheel(*row, 40))
    watched.step("pages", lambda: press(*["Page_Down"] * 20))
    watched.step("bottom", lambda: press("End"))
    watched.step("top", lambda: press("Home"))


def drive_plain(watched):
    row = watched.place(watched.find(type="GtkColumnView"))

    drive_list(watched, row)
    watched.step(NOTHING, lambda: watched.display.press("Delete"))


def measure(desk, cache, plain):
    """What the steps cost in one run of the window and one of the bare list."""
    desk.settings(tab="'history'")
    with desk.window(cache, probe=True) as program:
        program.since_start("rows")
        ours = Watched(desk, program)
        drive(ours)
    with Traced(desk, [plain, str(ACTIONS), "show", "1280", "800"], probe=True) as program:
        program.settle()
        bare = Watched(desk, program)
        drive_plain(bare)
    return ours.steps, bare.steps


def main(generate, plain, runs=RUNS):
    cache = mirror(generate)
    # Scrollbars that fade away paint for a second after each step, which is nobody's work.
    with BenchDesk(more_settings="gtk-overlay-scrolling=false\n") as desk:
        results = [measure(desk, cache, plain) for _ in range(int(runs))]
    load_note()

    def of(which, part):
        return {name: median(result[which][name][part] for result in results)
                for name in results[0][which]}
    wall, ours = of(0, 0), of(0, 1)
    bare = of(1, 1)
    allowed = {name: max(LIMIT, bare.get(name, 0)) for name in ours}
    worst = max(ours, key=lambda name: ours[name] / allowed[name])
    return 0 if report("watchdog", ours[worst], allowed[worst], 1, "ms", worst=worst,
                       longest=round(max(ours.values()), 1),
                       referenceLongest=round(max(bare.values()), 1),
                       steps={name: [round(ours[name], 1), round(bare.get(name, 0), 1) or None,
                                     round(wall[name], 1)] for name in ours}) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
