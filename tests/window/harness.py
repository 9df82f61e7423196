# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window by pointer and keyboard.

    with Desk(folder) as desk:
        window = desk.open_window(address, token)
        window.click("button", "Approve")
        window.wait_for("label", "1 action approved")

The harness looks at the window through a probe (probe.c says why) and acts on it only as a person
does. The program is the one that the environment variable ACTION_CENTER names.
"""
import contextlib
import itertools
import json
import os
import pathlib
import re
import socket
import tempfile
import time

import gi

gi.require_version("Gio", "2.0")

from display import PATIENCE, Display, Impatience, Session, end, start, wait_until  # noqa: E402

# Seconds without a change that nothing on the screen is still moving after, on a slow machine too.
STILL = 0.2
PROGRAM = os.environ.get("ACTION_CENTER", "action-center")
PROBE_FOLDER = os.environ.get("AC_PROBE_FOLDER", "")
PICTURES = pathlib.Path(os.environ.get("AC_SCREENSHOT_DIR") or
                        os.path.join(os.environ.get("AC_BUILD_ROOT", "."), "screenshots"))

# What the window may say although nothing is wrong; each with its reason.
HARMLESS = (
    # GTK looks for a portal or a settings daemon, and this session has neither.
    re.compile(r"Unable to acquire session bus|org\.freedesktop\.portal|org\.gtk\.Settings"),
    # The machine has no GPU; Mesa and Vulkan say so.
    re.compile(r"libEGL warning|MESA-LOADER|vkCreateInstance|Vulkan|DRI3|dconf"),
    # Nothing shows notifications here, but for the tests that listen for them.
    re.compile(r"unable to send notifications through org\.freedesktop\.Notifications"),
    # gnome-keyring-daemon and Xvfb have no real-time rights here.
    re.compile(r"couldn't (access control socket|connect to)"),
)
TROUBLE = re.compile(r"WARNING \*\*|CRITICAL \*\*|ERROR \*\*|-WARNING|-CRITICAL|"
                     r"ERROR: AddressSanitizer|ERROR: LeakSanitizer|runtime error:|\*\* ERROR")


class Node:
    """A widget as it was when the window was looked at."""

    def __init__(self, data, parent=None):
        self.parent = parent
        self.type = data["type"]
        self.css = data["css"]
        self.id = data.get("id", "")
        self.role = data["role"]
        self.text = data.get("text", "")
        self.title = data.get("title", "")
        self.tooltip = data.get("tooltip", "")
        self.placeholder = data.get("placeholder", "")
        self.states = frozenset(data["states"])
        self.shown = data.get("shown", False)
        self.box = tuple(data.get(key, 0.0) for key in ("x", "y", "width", "height"))
        self.children = [Node(child, self) for child in data["children"]]
        self.given_name = data.get("name", "")
        self.text_width = data.get("text-width", 0.0)
        self.scroll = {end: data.get(end, 0.0) for end in ("above", "below")}

    @property
    def name(self):
        """What it is called: its accessible label, its text, the text in it, its title or tooltip."""
        if self.role == "text-box" or self.role == "search-box":
            return self.given_name or self.placeholder
        return (self.given_name or self.text or self.title or
                (" ".join(self.texts()) if self.css in ("button", "checkbutton", "row") else "") or
                self.tooltip)

    def walk(self):
        """This node and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self):
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def texts(self):
        """The texts that a person can read in it, in order."""
        return [node.text for node in self.walk()
                if node.text and node.type in ("GtkLabel", "GtkInscription", "GtkText", "GtkTextView")]

    def find(self, role=None, name=None, **more):
        return next(self.find_all(role, name, **more), None)

    def find_all(self, role=None, name=None, type=None, id=None, css=None, state=None, shown=True):
        """The nodes that match. @name: the whole name, a compiled pattern to search for in it, or
        None; @shown: only what a click would meet."""
        for node in self.walk():
            if role is not None and node.role != role:
                continue
            if type is not None and node.type != type:
                continue
            if id is not None and node.id != id:
                continue
            if css is not None and node.css != css:
                continue
            if state is not None and state not in node.states:
                continue
            if shown and not node.shown:
                continue
            if name is not None:
                own = node.name
                if not (name.search(own) if isinstance(name, re.Pattern) else own == name):
                    continue
            yield node

    @property
    def toplevel(self):
        return self if self.parent is None else list(self.ancestors())[-1]

    def __repr__(self):
        x, y, width, height = (round(value) for value in self.box)
        return (f"{self.type} {self.role} {self.name!r}" + (f" #{self.id}" if self.id else "") +
                f" ({x},{y} {width}×{height})" + ("" if self.shown else " not shown") +
                (f" [{' '.join(sorted(self.states))}]" if self.states else ""))

    def dump(self, depth=0):
        return "  " * depth + repr(self) + "\n" + "".join(
            child.dump(depth + 1) for child in self.children)


class Row:
    """A row of a list with columns, by the titles of the columns."""

    def __init__(self, node, titles):
        # A cell belongs to the title above it: GTK 4.8 puts the cells of columns that come back after
        # the others.
        self.node = node
        cells = {round(cell.box[0]): cell for cell in node.children}
        self.cells = {title: " ".join(cells[place].texts())
                      for place, title in titles.items() if title and place in cells}
        self.selected = "selected" in node.states

    def __getitem__(self, title):
        return self.cells[title]

    def __repr__(self):
        return f"<row {self.cells}{' selected' if self.selected else ''}>"


class Window:
    """A running action-center and what it shows."""

    def __init__(self, desk, arguments, environment):
        self.desk = desk
        self.display = desk.display
        self.count = len(desk.opened) + 1
        self.log = desk.folder / f"window.{self.count}.log"
        self.socket_path = desk.folder / f"probe.{self.count}"
        self.allowed = []
        own = dict(desk.session.environment, GIO_EXTRA_MODULES=PROBE_FOLDER,
                   AC_PROBE_SOCKET=str(self.socket_path), G_DEBUG="fatal-criticals", **environment)
        self.process = start([PROGRAM, *arguments], own, self.log)
        self.socket = None
        self.stream = None

    # --- the process ---

    def attach(self):
        """Waits until the window is there and can be looked at."""
        self.wait(self.socket_path.exists, "the window to start")
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.wait(self.connect, "the window to answer")
        self.stream = self.socket.makefile("rwb")
        self.wait(lambda: any(node.shown for node in self.look()), "the window to be on the screen")
        return self

    def connect(self):
        try:
            self.socket.connect(str(self.socket_path))
            return True
        except (ConnectionRefusedError, FileNotFoundError):
            return False

    def messages(self):
        return self.log.read_text(errors="replace")

    def trouble(self):
        """The lines of its standard error that must not be there."""
        return [line for line in self.messages().splitlines()
                if TROUBLE.search(line) and not any(known.search(line) for known in HARMLESS)
                and not any(known.search(line) for known in self.allowed)]

    def allow(self, pattern):
        """A message that this test brings about and that is right then."""
        self.allowed.append(re.compile(pattern))

    def close(self):
        """Closes the window as Ctrl+Q does, and fails if it ended badly or complained."""
        self.desk.opened_now.discard(self)
        if self.process.poll() is None:
            self.process.terminate()
        status = end(self.process, PATIENCE)
        if self.stream:
            self.stream.close()
            self.socket.close()
        trouble = self.trouble()
        if trouble:
            raise AssertionError("the window complained:\n" + "\n".join(trouble[:20]))
        # GTK does not catch SIGTERM: -15 is how a program ends that was asked to.
        if status not in (0, -15):
            raise AssertionError(f"the window ended with {status}:\n{self.messages()[-4000:]}")

    def quit(self):
        """Ends it by keyboard, and waits until everything it does at the end is done."""
        self.display.press("ctrl+q")
        wait_until(lambda: self.process.poll() is not None, "the window to end after Ctrl+Q")
        self.close()

    # --- looking ---

    def look(self, measure=False):
        """The toplevels as they are now; @measure: and how wide the texts in lists would like to be."""
        if self.process.poll() is not None:
            raise AssertionError(f"the window ended with {self.process.returncode}:\n"
                                 + self.messages()[-6000:])
        self.stream.write(b"measure\n" if measure else b"look\n")
        self.stream.flush()
        line = self.stream.readline()
        if not line:
            self.process.wait(PATIENCE)
            return self.look(measure)
        return [Node(data) for data in json.loads(line)]

    def dump(self):
        return "".join(node.dump() for node in self.look())

    def wait(self, condition, what, seconds=PATIENCE):
        def alive():
            if self.process.poll() is not None:
                raise AssertionError(f"the window ended with {self.process.returncode} while "
                                     f"waiting for {what}:\n{self.messages()[-6000:]}")
            return condition()
        return wait_until(alive, what, seconds)

    def find(self, role=None, name=None, **more):
        """The first match in the topmost toplevel that has one, or None."""
        for toplevel in self.look():
            node = toplevel.find(role, name, **more)
            if node:
                return node
        return None

    def find_all(self, role=None, name=None, **more):
        return [node for toplevel in self.look() for node in toplevel.find_all(role, name, **more)]

    def wait_for(self, role=None, name=None, **more):
        """Waits for a widget and returns it."""
        return self.wait(lambda: self.find(role, name, **more),
                         lambda: f"{role or ''} {name!r} {more or ''}; {self.alike(role, more)}")

    def alike(self, role, more):
        """For messages of failures: what there is of this role, shown or not."""
        found = [repr(node) for toplevel in self.look() for node in toplevel.walk()
                 if (node.role == role if role else node.id == more.get("id", "") or
                     node.type == more.get("type", ""))]
        return f"there is {'; '.join(found) or 'nothing of that kind'}"

    def wait_gone(self, role=None, name=None, **more):
        self.wait(lambda: not self.find(role, name, **more), f"{role} {name!r} {more} to go away")

    def texts(self, shown=True):
        """Everything that can be read in the window at the moment; not @shown: or by scrolling."""
        return [node.text for node in self.find_all(shown=shown)
                if node.text and node.type in ("GtkLabel", "GtkInscription", "GtkText")]

    def wait_text(self, pattern, shown=True):
        """Waits until a text that can be read matches; returns the text. See texts."""
        search = re.compile(pattern) if isinstance(pattern, str) else pattern
        return self.wait(lambda: next((text for text in self.texts(shown) if search.search(text)), None),
                         lambda: f"the text {pattern!r} among {self.texts(shown)}")

    # --- pointing ---

    def place(self, node):
        """Where the middle of @node is on the screen."""
        left, top, width, height = self.area(node.toplevel)
        x, y, wide, high = node.box
        x, y = left + x + wide / 2, top + y + high / 2
        if not (left <= x < left + width and top <= y < top + height and
                0 <= x < self.display.width and 0 <= y < self.display.height):
            raise AssertionError(f"{node} is not on the screen")
        return round(x), round(y)

    def x_window(self, toplevel):
        """The X window that belongs to a toplevel: the topmost one of the size of its surface."""
        x, y, width, height = toplevel.box
        candidates = [entry for entry in reversed(self.display.windows())
                      if 0 <= entry[3] - width - 2 * x <= 2 and 0 <= entry[4] - height - 2 * y <= 2]
        if not candidates:
            raise Impatience(f"no X window fits {toplevel}: {self.display.windows()}")
        return candidates[0]

    def area(self, toplevel):
        return self.x_window(toplevel)[1:]

    def placed(self, find):
        """Waits until a toplevel has an X window of its size, which one that has just come or changes may
        not; returns it and that. @find: a function that finds it."""
        def both():
            toplevel = find()
            with contextlib.suppress(Impatience):
                return (toplevel, self.x_window(toplevel)) if toplevel else None
            return None
        return self.wait(both, "the window to have its place")

    def settled(self, role=None, name=None, node=None, what=None, **more):
        """Waits until a widget is there, can be clicked and no longer moves; returns it.

        @node: a function that finds it, instead of role and name, and @what it finds."""
        last = []

        def still():
            found = node() if node else self.find(role, name, **more)
            same = found is not None and last == [found.box, "sensitive" in found.states]
            last[:] = [found.box, "sensitive" in found.states] if found else []
            return found if same and "sensitive" in found.states else None

        return self.wait(still, lambda: f"{what or f'{role} {name!r} {more}'} to stand still and to be "
                         f"sensitive; {self.alike(role, more)}")

    def click(self, role=None, name=None, keys=(), count=1, node=None, **more):
        """Moves the pointer onto the widget, sees it answer, and clicks it."""
        find = node or (lambda: self.find(role, name, **more))
        target = self.settled(node=find, what=f"{role or ''} {name!r} {more or ''}")
        self.display.click(*self.hover(find, target), keys=keys, count=count)
        return target

    def hover(self, find, target):
        """Moves the pointer onto a widget until that knows, wherever it goes meanwhile; returns where.

        GTK (4.8 to 4.18) tells a tooltip that the pointer moves over it even while it hides, and takes it
        to be there until the pointer has moved again, as a hand does all the time.

        @find: a function that finds it; @target: what it found"""
        steps = itertools.cycle((0, 1))

        def known():
            try:
                x, y = self.place(found[0])
            except Impatience:
                # A window that is on its way has a size that no X window has.
                found[0] = find() or found[0]
                return None
            self.display.move(x + next(steps), y)
            found[0] = find() or found[0]
            with contextlib.suppress(Impatience):
                return (x, y) if "prelight" in found[0].states and self.place(found[0]) == (x, y) else None
            return None
        found = [target]
        return self.wait(known, lambda: f"the pointer to be on {found[0]}")

    def activate(self):
        """Moves the pointer onto the window, which gives it the keyboard, and waits until it has that."""
        _, (_, x, y, width, height) = self.placed(lambda: self.look()[0])
        self.display.move(x + width // 2, y + height // 2)
        self.wait(lambda: any("active" in node.states for node in self.look()), "the window to be active")

    def press(self, *keys):
        self.display.press(*keys)

    def type(self, text):
        self.display.type(text)

    def focus(self):
        """The widget that has the keyboard, in the active toplevel."""
        for toplevel in self.look():
            if "active" in toplevel.states:
                return toplevel.find(state="focused", shown=False)
        return None

    def wait_focus(self, condition, what):
        """Waits until the widget that has the keyboard meets @condition; returns it."""
        return self.wait(lambda: (focus := self.focus()) and condition(focus) and focus,
                         lambda: f"the keyboard in {what}, it is in {self.focus()}")

    # --- lists ---

    def list_view(self):
        """The list with columns that is shown, or None."""
        return self.find(type="GtkColumnView")

    def rows(self):
        """The rows of the list that can be read at the moment: one that is there is written a little later."""
        view = self.list_view()
        if view is None:
            return []
        header = next((node for node in view.walk() if node.css == "header"), None)
        titles = {round(title.box[0]): " ".join(title.texts()) for title in header.children}
        body = next(node for node in view.walk() if node.css == "listview")
        # The middle of a wide row may lie beyond what is in sight of it.
        rows = [Row(node, titles) for node in body.children
                if node.css == "row" and any(cell.shown for cell in node.children)]
        return [row for row in rows if row.cells.get("Details") != ""]

    def row(self, **cells):
        """The first row whose cells are these texts, else the first one where they hold them; names of columns
        with _ for blanks."""
        wanted = {name.replace("_", " ").capitalize(): text for name, text in cells.items()}
        rows = self.rows()
        for same in (str.__eq__, str.__contains__):
            for row in rows:
                if all(same(row.cells.get(title, ""), text) for title, text in wanted.items()):
                    return row
        return None

    def wait_row(self, **cells):
        return self.wait(lambda: self.row(**cells),
                         lambda: f"a row with {cells} among {self.rows()}")

    def click_row(self, keys=(), count=1, **cells):
        """Clicks a row, on the text of its first wide column so that nothing else in it is hit."""
        def place():
            row = self.row(**cells)
            if row is None:
                return None
            return next((node for node in row.node.walk()
                         if node.type == "GtkInscription" and node.text and node.shown), None)
        self.click(keys=keys, count=count, node=place)

    def click_row_at(self, index, keys=()):
        """Clicks the row at this place in the list; -1 is the last of those that the list says it has.
        Turns the wheel until the list is at its beginning or, for a negative index, at its end."""
        end, button = ("below", 5) if index < 0 else ("above", 4)

        def reached():
            view = self.list_view()
            # Its rows come a few with each frame.
            if view is None or index < 0 and not self.is_full(view):
                return False
            if view.scroll[end] > 0:
                self.display.click(*self.place(view), button=button, count=10)
            return view.scroll[end] <= 0

        def cell():
            rows = self.rows()
            if not -len(rows) <= index < len(rows):
                return None
            return next((node for node in rows[index].node.walk()
                         if node.type == "GtkInscription" and node.text and node.shown), None)

        self.wait(reached, f"the list to be scrolled to its {'end' if index < 0 else 'beginning'}")
        self.click(keys=keys, node=cell)

    def is_full(self, view):
        """Whether a list has as many rows, in sight or not, as the line below it says."""
        status = self.find(id="shown", type="GtkLabel", shown=False)
        body = next(node for node in view.walk() if node.css == "listview")
        rows = [node for node in body.children if node.css == "row"]
        wanted = re.match(r"[0-9]+", status.text.replace(",", "")) if status else None
        if not rows or not wanted:
            return False
        height = int(wanted.group()) * rows[0].box[3]
        return len(rows) == int(wanted.group()) or height <= sum(view.scroll.values()) + body.box[3] + 1

    # --- pictures ---

    def calm(self):
        """Waits until the screen has been the same for some frames: what unfolds or fades may not paint one
        between two looks, and one that takes longer than that is over when the window answers."""
        last, since = None, time.monotonic()

        def same():
            nonlocal last, since
            now = self.display.frame()
            if now == last and time.monotonic() - since >= STILL:
                self.look()
                now = self.display.frame()
            if now != last:
                last, since = now, time.monotonic()
            return time.monotonic() - since >= STILL
        self.wait(same, "the screen to stand still")

    def picture(self, name, toplevel=None):
        """Saves what is on the screen, or only @toplevel, as name.png; returns the path."""
        self.calm()
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        area = None
        if toplevel:
            # Without the frame that a window draws around itself where nothing else does.
            own, (_, x, y, width, height) = self.placed(lambda: self.find(type=toplevel.type, shown=False))
            frame = round(max(0, own.children[0].box[0]))
            area = (x + frame, y + frame, width - 2 * frame, height - 2 * frame)
        self.display.picture(path, area)
        return path

    def resize(self, width, height):
        """Gives the main window another size, as a window manager would."""
        _, main = self.placed(lambda: self.look()[0])
        self.display.resize(main[0], width, height)

        def has_followed():
            box = self.look()[0].box
            return (round(2 * box[0] + box[2]), round(2 * box[1] + box[3])) == (width, height)
        self.wait(has_followed, f"the window to be {width}×{height}")


class Desk:
    """A display, a session and the windows opened in it."""

    def __init__(self, folder=None, width=1280, height=800, keyring=False):
        self.cleanup = contextlib.ExitStack()
        if folder is None:
            folder = self.cleanup.enter_context(tempfile.TemporaryDirectory(prefix="ac-desk-"))
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.opened = []
        self.opened_now = set()
        self.display = Display(self.folder, width, height)
        self.cleanup.callback(self.display.close)
        self.session = Session(self.folder, self.display, keyring)
        self.cleanup.callback(self.session.close)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        for window in list(self.opened_now):
            end(window.process)
        self.cleanup.close()

    def token_file(self, token):
        path = self.folder / f"token.{len(self.opened) + 1}"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                  encoding="ascii") as file:
            file.write(token + "\n")
        return path

    def open_window(self, address=None, token=None, ca_file=None, environment=None, links=()):
        """Starts action-center; without @address it comes up as at its first start."""
        arguments = ["--address", address] if address else []
        if token:
            arguments += ["--token-file", self.token_file(token)]
        if ca_file:
            arguments += ["--ca-file", ca_file]
        window = Window(self, [*arguments, *links], environment or {})
        self.opened.append(window)
        self.opened_now.add(window)
        return window.attach()

    def save_failure(self, name):
        """Saves what there is to see when a test has failed, beside the other pictures."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        stem = PICTURES / ("failed-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"))
        self.display.picture(stem.with_suffix(".png"))
        for window in self.opened_now:
            with contextlib.suppress(Exception):
                stem.with_suffix(".txt").write_text(
                    window.dump() + "\n" + window.messages()[-20000:], encoding="utf-8")


