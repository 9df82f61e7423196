# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desktop is told over the bus of its session: the place where notifications and the numbers on
icons arrive. It keeps and answers what comes, and can press the buttons of a notification."""
import dataclasses
import threading

import gi

gi.require_version("Gio", "2.0")

from gi.repository import Gio, GLib  # noqa: E402

NOTIFICATIONS = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
FLAGS = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
         Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
XML = """<node><interface name="org.freedesktop.Notifications">
<method name="Notify">
  <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
  <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
  <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
</method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="GetServerInformation">
  <arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/>
  <arg type="s" direction="out"/>
</method>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
<signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>"""


@dataclasses.dataclass
class Notification:
    """One as the desktop shows it: buttons by label; default is what a click on it does."""
    number: int
    title: str
    body: str
    buttons: dict
    default: str
    urgency: int


class Ear:
    """Listens on a bus, in a thread of its own, until it is closed.

    @shown: the notifications that are on the screen, by number; @history: all there ever were;
    @counts: what the icon was told to show, None where it is to show nothing."""

    def __init__(self, address):
        self.context = GLib.MainContext.new()
        self.loop = GLib.MainLoop.new(self.context, False)
        self.shown, self.history, self.counts = {}, [], []
        self.last = 0
        self.context.push_thread_default()
        try:
            self.connection = Gio.DBusConnection.new_for_address_sync(address, FLAGS, None, None)
            info = Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0]
            self.connection.register_object(PATH, info, self.call, None, None)
            self.connection.signal_subscribe(None, "com.canonical.Unity.LauncherEntry", "Update",
                                             None, None, 0, self.update)
        finally:
            self.context.pop_thread_default()
        self.connection.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
            GLib.Variant("(su)", (NOTIFICATIONS, 0)), None, 0, 10000, None)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        self.context.push_thread_default()
        self.loop.run()
        self.context.pop_thread_default()

    def close(self):
        self.loop.quit()
        self.thread.join(10)
        self.connection.close_sync(None)

    def call(self, connection, sender, path, interface, method, parameters, invocation):
        arguments = parameters.unpack()
        if method == "Notify":
            number = arguments[1] or self.last + 1
            self.last = max(self.last, number)
            actions = dict(zip(arguments[5][1::2], arguments[5][0::2]))
            default = next((label for label, key in actions.items() if key == "default"), None)
            shown = Notification(number, arguments[3], arguments[4],
                                 {label: key for label, key in actions.items() if key != "default"},
                                 actions.get(default), arguments[6].get("urgency", 1))
            # The program hears its number before anybody can press it.
            invocation.return_value(GLib.Variant("(u)", (number,)))
            self.history.append(shown)
            self.shown[number] = shown
        elif method == "CloseNotification":
            self.shown.pop(arguments[0], None)
            invocation.return_value(None)
        elif method == "GetCapabilities":
            invocation.return_value(GLib.Variant("(as)", (["actions", "body", "persistence"],)))
        else:
            invocation.return_value(GLib.Variant("(ssss)", ("ear", "tests", "1", "1.2")))

    def update(self, connection, sender, path, interface, signal, parameters):
        uri, properties = parameters.unpack()
        if uri == "application://org.actioncenter.ActionCenter.desktop":
            self.counts.append(properties["count"] if properties["count-visible"] else None)

    def press(self, notification, button=None):
        """Presses a button of a notification, or the notification itself; either closes it."""
        key = "default" if button is None else notification.buttons[button]
        self.connection.emit_signal(None, PATH, NOTIFICATIONS, "ActionInvoked",
                                    GLib.Variant("(us)", (notification.number, key)))
        self.shown.pop(notification.number, None)
        self.connection.emit_signal(None, PATH, NOTIFICATIONS, "NotificationClosed",
                                    GLib.Variant("(uu)", (notification.number, 2)))
        self.connection.flush_sync(None)
