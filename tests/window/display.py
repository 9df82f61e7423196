# SPDX-License-Identifier: GPL-3.0-or-later
"""A display and a session of its own for each test: Xvfb, its pointer and keyboard, D-Bus, keyring."""
import ctypes
import os
import pathlib
import select
import shutil
import signal
import struct
import subprocess
import sys
import zlib

from gi.repository import Gio, GLib

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import patience  # noqa: E402
from patience import Impatience  # noqa: E402

# How long anything may take that is waited for. Generous: sanitizers and a busy machine are slow.
PATIENCE = 60
BUS_FLAGS = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
             Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)


def wait_until(condition, what, seconds=PATIENCE):
    """Returns what @condition gives once that is true; @what may be a function that tells more."""
    return patience.wait_until(condition, what, seconds)


def start(command, environment, log, **more):
    """Starts a program that ends with this process, its output going to the file @log."""
    libc = ctypes.CDLL(None)

    def die_with_parent():
        libc.prctl(1, signal.SIGKILL)

    with open(log, "ab") as output:
        return subprocess.Popen([str(part) for part in command], env=environment,
                                stdin=more.pop("stdin", subprocess.DEVNULL), stdout=output,
                                stderr=output, preexec_fn=die_with_parent, **more)


def end(process, patience=10):
    """Ends a process that `start` started, politely first; returns its exit status."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


class XWindowAttributes(ctypes.Structure):
    _fields_ = [(name, kind) for name, kind in (
        ("x", ctypes.c_int), ("y", ctypes.c_int), ("width", ctypes.c_int), ("height", ctypes.c_int),
        ("border_width", ctypes.c_int), ("depth", ctypes.c_int), ("visual", ctypes.c_void_p),
        ("root", ctypes.c_ulong), ("c_class", ctypes.c_int), ("bit_gravity", ctypes.c_int),
        ("win_gravity", ctypes.c_int), ("backing_store", ctypes.c_int),
        ("backing_planes", ctypes.c_ulong), ("backing_pixel", ctypes.c_ulong),
        ("save_under", ctypes.c_int), ("colormap", ctypes.c_ulong), ("map_installed", ctypes.c_int),
        ("map_state", ctypes.c_int), ("all_event_masks", ctypes.c_long),
        ("your_event_mask", ctypes.c_long), ("do_not_propagate_mask", ctypes.c_long),
        ("override_redirect", ctypes.c_int), ("screen", ctypes.c_void_p))]


# A window may be gone between two requests; Xlib would end this process for that.
ERROR_HANDLER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda *unused: 0)


def load_xlib():
    """Xlib with the types of the functions used here."""
    xlib = ctypes.CDLL("libX11.so.6")
    pointer, xid = ctypes.c_void_p, ctypes.c_ulong
    for name, result, arguments in (
            ("XOpenDisplay", pointer, [ctypes.c_char_p]),
            ("XCloseDisplay", ctypes.c_int, [pointer]),
            ("XDefaultRootWindow", xid, [pointer]),
            ("XFree", ctypes.c_int, [pointer]),
            ("XSync", ctypes.c_int, [pointer, ctypes.c_int]),
            ("XChangeProperty", ctypes.c_int, [pointer, xid, xid, xid, ctypes.c_int, ctypes.c_int,
                                               ctypes.c_char_p, ctypes.c_int]),
            ("XQueryTree", ctypes.c_int, [pointer, xid, pointer, pointer, pointer, pointer]),
            ("XGetWindowAttributes", ctypes.c_int, [pointer, xid, pointer])):
        getattr(xlib, name).restype = result
        getattr(xlib, name).argtypes = arguments
    xlib.XSetErrorHandler(ERROR_HANDLER)
    return xlib


class Display:
    """An Xvfb with its pointer and keyboard. There is no window manager: a window lies where it puts
    itself, and the keyboard belongs to the window under the pointer."""

    def __init__(self, folder, width=1280, height=800):
        self.folder = pathlib.Path(folder)
        self.width = width
        self.height = height
        reader, writer = os.pipe()
        self.process = start(["Xvfb", "-displayfd", str(writer), "-screen", "0",
                              f"{width}x{height}x24", "-nolisten", "tcp", "-noreset",
                              "-fbdir", self.folder], dict(os.environ), self.folder / "xvfb.log",
                             pass_fds=[writer])
        os.close(writer)
        # Xvfb writes the number and the end of the line one after the other, and ends if it cannot.
        number = b""
        while not number.endswith(b"\n") and select.select([reader], [], [], PATIENCE)[0]:
            part = os.read(reader, 20)
            if not part:
                break
            number += part
        os.close(reader)
        if not number.endswith(b"\n"):
            raise Impatience("Xvfb did not start: " + (self.folder / "xvfb.log").read_text())
        self.name = f":{number.decode().strip()}"
        self.x11 = load_xlib()
        self.connection = self.x11.XOpenDisplay(self.name.encode())
        self.root = self.x11.XDefaultRootWindow(self.connection)
        self.move(self.width - 1, self.height - 1)

    def close(self):
        self.x11.XCloseDisplay(self.connection)
        end(self.process)

    # --- pointer and keyboard ---

    def tool(self, *arguments):
        subprocess.run(["xdotool", *map(str, arguments)], check=True, timeout=PATIENCE,
                       env=dict(os.environ, DISPLAY=self.name, LC_ALL="C.UTF-8"))

    def move(self, x, y):
        self.tool("mousemove", x, y)

    def click(self, x, y, button=1, count=1, keys=()):
        """Moves the pointer there and clicks, with @keys ("ctrl", "shift") held down."""
        held = [word for key in keys for word in ("keydown", key)]
        released = [word for key in keys for word in ("keyup", key)]
        self.tool("mousemove", x, y, *held, "click", "--repeat", count, button, *released)

    def turn_wheel(self, x, y, count):
        """Moves the pointer there and turns the wheel down, as fast as one that runs on."""
        self.tool("mousemove", x, y, "click", "--delay", 20, "--repeat", count, 5)

    def press(self, *keys):
        """Presses keys by their X names, such as "ctrl+a", one after the other."""
        self.tool("key", *keys)

    def type(self, text):
        self.tool("type", "--delay", 1, "--", text)

    # --- the windows on it ---

    def windows(self):
        """The mapped windows from bottom to top: (id, x, y, width, height)."""
        root, parent = ctypes.c_ulong(), ctypes.c_ulong()
        children, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        self.x11.XQueryTree(self.connection, self.root, ctypes.byref(root), ctypes.byref(parent),
                            ctypes.byref(children), ctypes.byref(count))
        found = []
        for index in range(count.value):
            attributes = XWindowAttributes()
            window = children[index]
            if self.x11.XGetWindowAttributes(self.connection, window, ctypes.byref(attributes)):
                if attributes.map_state == 2 and attributes.c_class == 1:
                    found.append((window, attributes.x, attributes.y, attributes.width,
                                  attributes.height))
        if count.value:
            self.x11.XFree(children)
        return found

    def set_dpi(self, dpi):
        """How many dots of it make an inch, for the programs that start from now on: 96 is usual,
        192 makes text twice as large."""
        data = f"Xft.dpi: {dpi}\n".encode()
        # RESOURCE_MANAGER is the atom 23, STRING the atom 31.
        self.x11.XChangeProperty(self.connection, self.root, 23, 31, 8, 0, data, len(data))
        self.x11.XSync(self.connection, 0)

    def resize(self, window, width, height):
        self.tool("windowsize", window, width, height)

    # --- pictures ---

    def frame(self):
        """Everything that is on the screen, as Xvfb keeps it: for comparing."""
        return (self.folder / "Xvfb_screen0").read_bytes()

    def words(self):
        """The rows of the screen; each pixel is a number, whose lowest 24 bits are red, green and blue."""
        data = memoryview(self.frame())
        header = struct.unpack(">25I", data[:100])
        size, width, height, stride, colours = (header[0], header[4], header[5], header[12],
                                                header[19])
        start_at = size + colours * 12
        return [data[start_at + y * stride:start_at + y * stride + width * 4].cast("I")
                for y in range(height)]

    def pixels(self):
        """Width, height and the rows as RGB bytes."""
        rows = []
        for words in self.words():
            row = bytes(words)
            colour = bytearray(len(words) * 3)
            colour[0::3], colour[1::3], colour[2::3] = row[2::4], row[1::4], row[0::4]
            rows.append(bytes(colour))
        return len(rows[0]) // 3, len(rows), rows

    def picture(self, path, area=None):
        """Writes what is on the screen as PNG; @area: (x, y, width, height)."""
        width, height, rows = self.pixels()
        if area:
            x, y, width, height = area
            rows = [row[x * 3:(x + width) * 3] for row in rows[y:y + height]]
            height = len(rows)
            width = len(rows[0]) // 3

        def chunk(kind, content):
            return (struct.pack(">I", len(content)) + kind + content +
                    struct.pack(">I", zlib.crc32(kind + content)))

        pathlib.Path(path).write_bytes(
            b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 6)) +
            chunk(b"IEND", b""))


BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class Session:
    """A D-Bus session with accessibility, and with an unlocked keyring only when asked for one.

    Nothing else can be started over it, so that no program of the machine gets in between.
    """

    def __init__(self, folder, display, keyring=False):
        self.folder = pathlib.Path(folder)
        self.display = display
        for name in ("home", "config", "data", "cache", "state", "run", "services"):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        services = self.folder / "services" / "org.a11y.Bus.service"
        services.write_bytes(
            pathlib.Path("/usr/share/dbus-1/services/org.a11y.Bus.service").read_bytes())
        (self.folder / "bus.conf").write_text(BUS_CONFIG.format(folder=self.folder),
                                              encoding="utf-8")
        self.environment = self.make_environment()
        self.bus = start(["dbus-daemon", "--config-file", self.folder / "bus.conf", "--nofork"],
                         self.environment, self.folder / "bus.log")
        self.keyring = None
        self.connection = wait_until(self.connect, "the session's bus")
        if keyring:
            self.start_keyring()

    def connect(self):
        """A connection to the bus; None while the socket is not there, or not listened on yet."""
        try:
            return Gio.DBusConnection.new_for_address_sync(
                self.environment["DBUS_SESSION_BUS_ADDRESS"], BUS_FLAGS, None, None)
        except GLib.Error:
            return None

    def make_environment(self):
        """The environment of whatever runs in this session."""
        folder = self.folder
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("XDG_", "GTK_", "GDK_", "GSK_", "ADW_", "DBUS_",
                                               "AT_SPI_", "LC_", "GNOME_", "WAYLAND_", "GSETTINGS_BACKEND"))
                       and name not in ("LANGUAGE", "LANG", "SESSION_MANAGER", "XAUTHORITY",
                                        "http_proxy", "https_proxy", "all_proxy", "ALL_PROXY",
                                        "HTTP_PROXY", "HTTPS_PROXY")}
        # A toolkit keeps much until its process ends, and not all of it is told from a leak yet:
        # memory errors of the window are looked for here, leaks in the rooms below it.
        environment["ASAN_OPTIONS"] = environment.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        environment.update(
            HOME=str(folder / "home"), XDG_CONFIG_HOME=str(folder / "config"),
            XDG_DATA_HOME=str(folder / "data"), XDG_CACHE_HOME=str(folder / "cache"),
            XDG_STATE_HOME=str(folder / "state"), XDG_RUNTIME_DIR=str(folder / "run"),
            DBUS_SESSION_BUS_ADDRESS=f"unix:path={folder}/bus", DISPLAY=self.display.name,
            GDK_BACKEND="x11", GTK_A11Y="atspi", LC_ALL="C.UTF-8", TZ="UTC",
            # Settings are kept from one start of the window to the next, in this folder.
            GSETTINGS_BACKEND="keyfile")
        return environment

    def forget(self):
        """Makes the next window start as the first one ever, but for what is in the keyring."""
        for name in ("config", "cache", "state"):
            shutil.rmtree(self.folder / name)
            (self.folder / name).mkdir(mode=0o700)

    def start_keyring(self):
        """A keyring with an empty password, unlocked, as after signing in."""
        self.keyring = start(["gnome-keyring-daemon", "--foreground", "--unlock",
                              "--components=secrets"], self.environment,
                             self.folder / "keyring.log", stdin=subprocess.PIPE)
        self.keyring.stdin.write(b"\n")
        self.keyring.stdin.close()
        wait_until(lambda: self.has_name("org.freedesktop.secrets"), "the keyring")

    def has_name(self, name):
        return self.connection.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
            GLib.Variant("(s)", (name,)), None, 0, 10000, None).unpack()[0]

    def close(self):
        self.connection.close_sync(None)
        if self.keyring:
            end(self.keyring)
        end(self.bus)
