# SPDX-License-Identifier: GPL-3.0-or-later
"""The window as a screen reader is told of it: over AT-SPI's own bus, without its libraries.

    tree = Tree(window)
    for node in tree.walk():
        print(node.role, node.name, node.states)
"""
import re

import gi

gi.require_version("Gio", "2.0")

from gi.repository import Gio, GLib  # noqa: E402

from display import wait_until  # noqa: E402

BUS_FLAGS = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
             Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
ACCESSIBLE = "org.a11y.atspi.Accessible"
PROPERTIES = "org.freedesktop.DBus.Properties"
ROOT = "/org/a11y/atspi/accessible/root"
# Places of the bits in a set of states.
STATES = {"focusable": 11, "sensitive": 24, "showing": 25, "visible": 30}
# What a person uses, whether or not it takes the keyboard's focus.
CONTROLS = {"push button", "button", "toggle button", "check box", "radio button", "switch", "entry",
            "text", "password text", "combo box", "spin button", "slider", "link", "menu item",
            "check menu item", "radio menu item", "page tab", "list item", "table row", "tree item"}
# What stands around that which has a name; WAI-ARIA 1.2 forbids to give a name to what is generic. Which
# of them may take the keyboard's focus is asked of the widgets, whose classes are not told here.
AROUND = {"group", "generic"}

CLASS_NAME = re.compile(r"^(Gtk|Adw|Ac)[A-Z][A-Za-z]+$")


class Node:
    """An accessible object as it was when it was asked for."""

    def __init__(self, bus, path, parent):
        self.bus, self.path, self.parent = bus, path, parent
        self.name = self.role = None
        self.states = set()
        self.children = []

    def questions(self):
        """What is to be asked: interface, method, arguments, and what takes the answer."""
        name = GLib.Variant("(ss)", (ACCESSIBLE, "Name"))
        return ((PROPERTIES, "Get", name, self.take_name), (ACCESSIBLE, "GetRoleName", None, self.take_role),
                (ACCESSIBLE, "GetState", None, self.take_state),
                (ACCESSIBLE, "GetChildren", None, self.take_children))

    def take_name(self, name):
        self.name = name

    def take_role(self, role):
        self.role = role

    def take_state(self, words):
        bits = sum(word << (32 * index) for index, word in enumerate(words))
        self.states = {name for name, bit in STATES.items() if bits >> bit & 1}

    def take_children(self, children):
        self.children = [Node(*child, self) for child in children]

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def is_shown(self):
        """As far as GTK tells: 4.8 says of nothing below a window that it is showing, and calls visible
        what lies in a page of a stack that is not shown."""
        node = self
        while node.parent is not None:
            if "visible" not in node.states:
                return False
            node = node.parent
        return True

    def is_control(self):
        return self.role in CONTROLS or "focusable" in self.states and self.role not in AROUND

    def has_name(self):
        """GTK 4.8 gives what has no name the one of its class."""
        return bool(self.name) and not CLASS_NAME.match(self.name)

    def place(self):
        """Where it is, for a person who has to mend it."""
        names = []
        node = self
        while node is not None:
            names.append(f"{node.role} {node.name!r}" if node.name else node.role)
            node = node.parent
        return " < ".join(names)


class Tree:
    """All windows of a program."""

    def __init__(self, window):
        session = window.desk.session
        address = session.connection.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, 20000,
            None).unpack()[0]
        self.bus = Gio.DBusConnection.new_for_address_sync(address, BUS_FLAGS, None, None)
        self.window = window
        self.application = wait_until(self.find_application, "the window on the bus of AT-SPI")

    def close(self):
        self.bus.close_sync(None)

    def call(self, bus, path, method, interface=ACCESSIBLE, arguments=None):
        return self.bus.call_sync(bus, path, interface, method, arguments, None, 0, 20000,
                                  None).unpack()

    def property(self, bus, path, name):
        return self.call(bus, path, "Get", PROPERTIES, GLib.Variant("(ss)", (ACCESSIBLE, name)))[0]

    def find_application(self):
        """The program of the window among those that are registered."""
        for bus, path in self.call("org.a11y.atspi.Registry", ROOT, "GetChildren")[0]:
            try:
                process = self.bus.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                             "GetConnectionUnixProcessID", GLib.Variant("(s)", (bus,)),
                                             None, 0, 20000, None).unpack()[0]
            except GLib.Error:
                # One that has ended may be registered for a moment longer.
                continue
            if process == self.window.process.pid:
                return bus, path
        return None

    def walk(self):
        """Every object of every window, asked for anew; one that goes away meanwhile is asked for
        again with all others."""
        yield from wait_until(self.look, "a tree that stays as it is while it is read").walk()

    def look(self):
        """The root of the tree; None when something has gone away meanwhile."""
        root = Node(*self.application, None)
        level = [root]
        while level:
            if not self.ask(level):
                return None
            level = [child for node in level for child in node.children]
        return root

    def ask(self, nodes):
        """Asks everything about the nodes at once, for each answer has a long way; whether all were there."""
        waiting, gone = [], []

        def answered(bus, result, take):
            waiting.pop()
            try:
                take(bus.call_finish(result).unpack()[0])
            except GLib.Error as error:
                gone.append(error)
        for node in nodes:
            for interface, method, arguments, take in node.questions():
                waiting.append(method)
                self.bus.call(node.bus, node.path, interface, method, arguments, None, 0, 20000, None,
                              answered, take)
        while waiting:
            GLib.MainContext.default().iteration(True)
        return not gone
