# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks of the window have in common: the data, a desk, and a traced program.

Everything runs on an Xvfb and a D-Bus session of its own, drawn by cairo, as on a machine without a
graphics device. trace.c says what is measured in the program itself.
"""
import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(os.environ.get("AC_SOURCE_ROOT", pathlib.Path(__file__).parents[2]))
BUILD = pathlib.Path(os.environ.get("AC_BUILD_ROOT", ROOT / "_build"))
for folder in ("window", "service"):
    sys.path.append(str(ROOT / "tests" / folder))

from display import Display, Session, end, start, wait_until  # noqa: E402

ACTIONS = 1_000_000
RUNS = 5
NOW = "2026-03-01T00:00:00Z"
# As in generate-mirror.h.
ADDRESS = "http://127.0.0.1:9"
TOKEN = "act_generated-mirror-of-nobody-0000000000000"
# What the contents of a generated mirror depend on.
MADE_BY = ["tests/bench/generate-[ajmw]*", "src/client/ac-mirror-[rswb]*", "src/client/ac-known-account*",
           "src/client/ac-transport.c"]


def stamp_of(actions):
    digest = hashlib.sha256(f"{actions} {NOW}".encode())
    for pattern in MADE_BY:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def mirror(generate, actions=ACTIONS, anew=False):
    """The cache folder of a desk with so many actions: filled once a build folder, unless it is to be
    made @anew, and used by all benchmarks; nothing of it may be changed but what a window writes that
    is offline."""
    folder = BUILD / "tests" / "bench" / f"mirror-{actions}"
    stamp = folder / "stamp"
    if not anew and stamp.exists() and stamp.read_text() == stamp_of(actions):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = time.monotonic()
    subprocess.run([generate, "--mirror", folder / "action-center", "--actions", str(actions),
                    "--now", NOW], check=True)
    # What the program left in the log goes into the file.
    subprocess.run(["sqlite3", mirror_file(folder), "PRAGMA wal_checkpoint(TRUNCATE)"], check=True,
                   stdout=subprocess.DEVNULL)
    print(f"filled a mirror with {actions} actions in {time.monotonic() - started:.0f} s",
          file=sys.stderr)
    stamp.write_text(stamp_of(actions))
    return folder


def mirror_file(folder):
    return next((folder / "action-center").glob("mirror-*.sqlite"))


def median(values):
    return statistics.median(values)


def rounded(value):
    return round(value, 2) if value < 100 else round(value)


def report(name, ours, reference, budget, unit, most=True, slack=0.0, **more):
    """Prints the line and returns whether the budget was met: at @most so many times the reference
    (and @slack units), or at least."""
    ratio = ours / reference if reference else 0.0
    good = ours <= budget * reference + slack if most else ours >= budget * reference
    line = {"name": name, "ours": rounded(ours), "reference": rounded(reference),
            "ratio": round(ratio, 2), "budget": budget, "unit": unit, **more}
    if slack:
        line["slack"] = slack
    print(json.dumps(line))
    return good


def report_limit(name, ours, limit, unit, **more):
    """As report (), for a budget that is a number itself."""
    print(json.dumps({"name": name, "ours": rounded(ours), "reference": limit,
                      "ratio": round(ours / limit, 2), "budget": 1, "unit": unit, **more}))
    return ours <= limit


def load_note():
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", file=sys.stderr)


class BenchDesk:
    """A display and a session; their folders begin empty."""

    def __init__(self, width=1280, height=800, more_settings=""):
        self.cleanup = contextlib.ExitStack()
        self.folder = pathlib.Path(self.cleanup.enter_context(
            tempfile.TemporaryDirectory(prefix="ac-bench-")))
        self.display = Display(self.folder, width, height)
        self.cleanup.callback(self.display.close)
        self.session = Session(self.folder, self.display, False)
        self.cleanup.callback(self.session.close)
        # A cursor that blinks paints for ten seconds, and nothing settles.
        settings = self.folder / "config" / "gtk-4.0" / "settings.ini"
        settings.parent.mkdir()
        settings.write_text(f"[Settings]\ngtk-cursor-blink=false\n{more_settings}")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.cleanup.close()

    def environment(self, **more):
        return dict(self.session.environment, GSK_RENDERER="cairo", **more)

    def settings(self, **values):
        """What the window remembers from the time before."""
        path = self.folder / "config" / "glib-2.0" / "settings" / "keyfile"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("[org/actioncenter/ActionCenter]\n" +
                        "".join(f"{name.replace('_', '-')}={value}\n"
                                for name, value in values.items()))

    def token_file(self, token):
        path = self.folder / "token"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                  encoding="ascii") as file:
            file.write(token + "\n")
        return path

    def window(self, cache=None, address=ADDRESS, token=TOKEN, probe=False):
        """Starts the real window, on the mirrors of the folder @cache."""
        environment = {"XDG_CACHE_HOME": str(cache)} if cache else {}
        return Traced(self, [os.environ["ACTION_CENTER"], "--address", address, "--token-file",
                             self.token_file(token)], environment, probe)


class Traced:
    """A program that tells how it does."""

    count = 0

    def __init__(self, desk, command, environment=None, probe=False):
        Traced.count += 1
        self.desk = desk
        self.log = desk.folder / f"program.{Traced.count}.log"
        path = desk.folder / f"trace.{Traced.count}"
        self.probe_path = desk.folder / f"probe.{Traced.count}"
        modules = [os.environ["AC_TRACE_FOLDER"]]
        more = dict(environment or {}, AC_TRACE_SOCKET=str(path))
        if probe:
            modules.append(os.environ["AC_PROBE_FOLDER"])
            more["AC_PROBE_SOCKET"] = str(self.probe_path)
        more["GIO_EXTRA_MODULES"] = ":".join(modules)
        own = desk.environment(**more)
        self.started = time.monotonic()
        self.process = start(command, own, self.log)
        wait_until(path.exists, "the program to start")
        self.socket = socket.socket(socket.AF_UNIX)
        wait_until(lambda: self.connect(path), "the program to answer")
        self.stream = self.socket.makefile("rwb")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stream.close()
        self.socket.close()
        end(self.process)

    def connect(self, path):
        try:
            self.socket.connect(str(path))
            return True
        except (ConnectionRefusedError, FileNotFoundError):
            return False

    def ask(self, line):
        self.tell(line)
        return self.answer()

    def tell(self, line):
        self.stream.write(line.encode() + b"\n")
        self.stream.flush()

    def answer(self):
        line = self.stream.readline()
        if not line:
            raise AssertionError(f"the program ended:\n{self.log.read_text()[-4000:]}")
        return json.loads(line)

    def since_start(self, what):
        """Milliseconds from the start of the process until @what ("frame", "rows") was painted."""
        at = wait_until(lambda: self.ask("start")[what], f"the first {what}")
        return (at / 1e6 - self.started) * 1000

    def settle(self):
        self.ask("settle")

    def resident(self):
        """MB that the process has in memory."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.partition("VmRSS:")[2].split()[0]) / 1024
