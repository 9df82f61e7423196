#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens the window of Action Center from a build folder: what build-aux/run does after building.

Without --service it starts a private service and the whole lab first, posts investigations about what
really lies in the lab's mailboxes and on its devices, and takes all of it down when the window is closed.
"""
import argparse
import contextlib
import glob
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile
import time
import webbrowser

import broadway
import private_service

HERE = pathlib.Path(__file__).resolve().parent
# Under root the lab's servers run as users of their own, and each has a folder in the desk's.
FOLDER_MODE = 0o711 if os.getuid() == 0 else 0o700


class Trouble(Exception):
    """Something that a person should read as one sentence."""


class Desk:
    """The processes and the folder behind one window; `close` ends and removes what it made."""

    def __init__(self, options):
        self.options = options
        self.cleanup = contextlib.ExitStack()
        self.programs = []
        if options.state:
            self.state = pathlib.Path(options.state).expanduser().resolve()
            self.state.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        else:
            self.state = pathlib.Path(tempfile.mkdtemp(prefix="action-center-"))
            self.state.chmod(FOLDER_MODE)
        # In a session of its own, where nothing that is meant for this program reaches it.
        self.sweeper = subprocess.Popen(["/usr/bin/python3", HERE / "sweep.py"],
                                        stdin=subprocess.PIPE, start_new_session=True)
        if not options.state:
            self.sweep("files", glob.escape(str(self.state)))
        self.logs = self.state / "logs"
        self.logs.mkdir(mode=0o700, exist_ok=True)

    def close(self):
        self.cleanup.close()
        self.sweeper.stdin.close()
        self.sweeper.wait()

    def sweep(self, kind, value):
        """Lets these go with this program, however it ends; see sweep.py."""
        self.sweeper.stdin.write(os.fsencode(f"{kind} {value}\n"))
        self.sweeper.stdin.flush()

    def start(self, name, command, environment=None):
        """Starts a program that ends with this one, whatever ends this one."""
        log = self.logs / f"{name}.log"
        with open(log, "ab") as output:
            # In a group of its own: Ctrl+C is for this program to see; it ends the others in order.
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *(str(part) for part in command)],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment,
                process_group=0)
        self.cleanup.callback(self.stop, process)
        self.programs.append((name, process, log))
        return process

    @staticmethod
    def stop(process):
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def ended(self):
        """Raises when one of the programs has ended by itself."""
        for name, process, log in self.programs:
            if process.poll() is not None:
                with contextlib.suppress(OSError):
                    sys.stderr.writelines(log.read_text(errors="replace").splitlines(True)[-20:])
                raise Trouble(f"{name} has ended unexpectedly with status {process.returncode}; "
                              "its last messages are above.")

    def wait_for(self, condition, what, seconds=60):
        """Waits until condition () is true, and returns its value."""
        until = time.monotonic() + seconds
        while True:
            value = condition()
            if value:
                return value
            self.ended()
            if time.monotonic() > until:
                raise Trouble(f"{what} did not come up within {seconds} seconds; "
                              f"see {self.logs}.")
            time.sleep(0.05)


def check_place(folder):
    """Raises when the lab cannot live in a folder."""
    longest = private_service.whole_lab.LONGEST_FOLDER
    if len(os.fsencode(folder)) > longest:
        raise Trouble(f"{folder} has too long a name for the sockets in it: the lab needs a folder "
                      f"whose whole path has at most {longest} bytes (--state, TMPDIR).")
    closed = [path for path in (folder, *folder.parents) if not path.stat().st_mode & stat.S_IXOTH]
    if os.getuid() == 0 and closed:
        raise Trouble(f"Under root, the lab's servers run as users of their own, and {closed[-1]} does "
                      "not let them in: the lab needs a folder that everybody may enter "
                      "(--state, TMPDIR).")


def has_display():
    return bool(os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY"))


def window_environment(desk, private):
    """The environment of the window: settings from the build folder, nothing of this person's
    changed when the service is a private one."""
    options = desk.options
    environment = dict(os.environ, GSETTINGS_SCHEMA_DIR=str(options.build / "data"),
                       ACTION_CENTER_HELP_DIR=str(pathlib.Path(__file__).parents[1] / "data/help"),
                       ACTION_CENTER_LOCALE_DIR=str(options.build / "po"))
    if private:
        environment["GSETTINGS_BACKEND"] = "memory"
        # The window's copy of what this service has goes with it.
        environment["XDG_CACHE_HOME"] = str(desk.state / "cache")
    return environment


def serve_browser(desk, environment):
    """Starts Broadway and returns its address; changes the window's environment to use it."""
    runtime = desk.state / "display"
    runtime.mkdir(mode=0o700, exist_ok=True)
    # The window is to find Broadway's socket there, and still the session's bus where that was.
    bus = pathlib.Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent")) / "bus"
    if "DBUS_SESSION_BUS_ADDRESS" not in environment:
        environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={bus}" if bus.exists() else "disabled:"
    environment.update(XDG_RUNTIME_DIR=str(runtime), GDK_BACKEND="broadway", BROADWAY_DISPLAY=":1",
                       GTK_A11Y="none")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    port = broadway.free_port()
    desk.start("gtk4-broadwayd", ["gtk4-broadwayd", "--address=127.0.0.1", f"--port={port}", ":1"],
               environment)
    desk.wait_for(lambda: broadway.page_is_up(port), "Broadway, which shows the window in a browser,")
    return port


def run(options):
    desk = Desk(options)
    try:
        private = options.service is None
        window = [options.build / "src/window/action-center"]
        if not window[0].exists():
            raise Trouble(f"{window[0]} is missing: {options.build} is no finished build of "
                          "Action Center.")
        service = None
        if private:
            check_place(desk.state)
            service = private_service.PrivateService(desk)
            for kind, value in service.lab.remains():
                desk.sweep(kind, value)
            service.start()
            service.propose()
            window += ["--address", service.address, "--token-file", service.token_file]
        else:
            window += ["--address", options.service]
            if options.ca_file:
                window += ["--ca-file", options.ca_file]
        environment = window_environment(desk, private)
        in_browser = options.browser or options.check or not has_display()
        port = serve_browser(desk, environment) if in_browser else None
        process = desk.start("action-center", window, environment)
        if private and not options.check:
            print(service.hints(), flush=True)
        if in_browser:
            desk.wait_for(lambda: broadway.shows_a_window(port), "The window")
            address = f"http://127.0.0.1:{port}/"
            if options.check:
                print(f"The window came up at {address}.")
                return 0
            print(f"Action Center is shown at {address}\n"
                  "Open it in a browser on this machine. Until you end this command with Ctrl+C, "
                  "everybody who\ncan reach that address from this machine can use the window.",
                  flush=True)
            if has_display():
                webbrowser.open(address)
        others = [entry for entry in desk.programs if entry[1] is not process]
        while process.poll() is None:
            for name, other, _log in others:
                if other.poll() is not None:
                    desk.ended()
            # A part of the lab may be killed on purpose, to see what the service makes of it.
            for name in service.lab.ended() if private else ():
                print(f"Of the lab, {name} has ended.", flush=True)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)
        if process.returncode != 0:
            desk.ended()
        return 0
    except (Trouble, private_service.labs.LabError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        desk.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--service", metavar="URL")
    parser.add_argument("--ca-file", metavar="FILE")
    parser.add_argument("--state", metavar="FOLDER")
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()

    def interrupted(_signal, _frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGHUP, interrupted)
    return run(options)


if __name__ == "__main__":
    sys.exit(main())
