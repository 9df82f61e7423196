# SPDX-License-Identifier: GPL-3.0-or-later
"""What build-aux/run does after building: a window on a private service and real systems to act on, each
type of action to be tried, and nothing left of them afterwards."""
import collections
import contextlib
import ctypes
import glob
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(os.environ["AC_SOURCE_ROOT"])
BUILD = pathlib.Path(os.environ["AC_BUILD_ROOT"])
PR_SET_CHILD_SUBREAPER = 36
SECONDS = 120

sys.path += [str(ROOT / "build-aux"), str(ROOT / "tests/window")]
import broadway  # noqa: E402
import display  # noqa: E402


def setUpModule():
    # Whatever a desk leaves behind becomes a child of this process, where it can be seen.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


class Run(unittest.TestCase):
    tap_class = "run"

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="ac-", ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # Under root the servers of the lab are other users, who are to come through.
        self.folder.chmod(0o711)
        self.environment = {**os.environ, "TMPDIR": folder.name}
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            self.environment.pop(name, None)

    def start(self, *arguments):
        process = subprocess.Popen(
            ["/usr/bin/python3", ROOT / "build-aux/desk.py", "--source", ROOT, "--build", BUILD,
             *arguments],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        return process

    def nothing_is_left(self, *besides):
        """Waits until each orphan has ended, and says which have not. @besides: processes of the test"""
        until = time.monotonic() + 20
        while set(self.children()) - set(besides):
            if time.monotonic() > until:
                break
            for pid in set(self.children()) - set(besides):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(0.02)
        else:
            return
        left = [pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
                for pid in set(self.children()) - set(besides)]
        self.fail(f"These programs are left: {left}")

    @staticmethod
    def children():
        """The processes that this one has started, and the orphans among theirs."""
        path = pathlib.Path(f"/proc/self/task/{os.getpid()}/children")
        return [int(pid) for pid in path.read_text(encoding="ascii").split()]

    def wait(self, condition, what):
        until = time.monotonic() + SECONDS
        while not condition():
            self.assertLess(time.monotonic(), until, f"waited in vain for {what}")
            time.sleep(0.02)

    def proxy_name(self):
        """What the desk's web proxy is called, and its shared memory, which lies outside every folder."""
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                arguments = path.read_bytes().decode(errors="replace").split("\0")
                if any(one.startswith(f"{self.folder}/") and one.endswith("/squid.conf")
                       for one in arguments):
                    return arguments[arguments.index("-n") + 1]
        return self.fail("No web proxy runs.")

    def address_of(self, process):
        """Reads on until the address of the window is printed."""
        lines = []
        for line in process.stdout:
            lines.append(line)
            found = re.search(r"is shown at http://127\.0\.0\.1:(\d+)/", line)
            if found:
                self.hints = dict(re.findall(r"(?m)^  # (.*)\n  (.*)$", "".join(lines)))
                return int(found[1])
        self.fail("No address was printed: " + "".join(lines))

    def hint(self, words, *more):
        """Runs the command that was printed for what has these words; returns what it prints."""
        [command] = [command for what, command in self.hints.items() if words in what]
        # As somebody would paste it into a shell.
        done = subprocess.run(["sh", "-c", " ".join([command, *more])], capture_output=True, text=True,
                              timeout=SECONDS, check=False)
        self.assertEqual((0, ""), (done.returncode, done.stderr), command)
        return done.stdout

    def interrupt(self, process, number=signal.SIGINT):
        process.send_signal(number)
        output = process.stdout.read()
        return process.wait(SECONDS), output

    def test_the_window_comes_up_and_goes(self):
        process = self.start("--check")
        output, _ = process.communicate(timeout=SECONDS)
        self.assertEqual(0, process.returncode, output)
        self.assertRegex(output, r"The window came up at http://127\.0\.0\.1:\d+/")
        self.nothing_is_left()
        self.assertEqual([], list(self.folder.iterdir()))

    def test_without_a_display_a_browser_is_served_until_the_command_ends(self):
        process = self.start()
        port = self.address_of(process)
        self.assertTrue(broadway.page_is_up(port))
        self.assertTrue(broadway.shows_a_window(port))
        self.interrupt(process)
        self.assertFalse(broadway.page_is_up(port))
        self.nothing_is_left()
        self.assertEqual([], list(self.folder.iterdir()))

    def test_ctrl_c_while_everything_is_starting(self):
        process = self.start()
        self.wait(lambda: list(self.folder.glob("*/devices/*/host_key")), "the devices to be made")
        status, output = self.interrupt(process)
        self.assertEqual(130, status, output)
        self.nothing_is_left()
        self.assertEqual([], list(self.folder.iterdir()))

    def test_a_killed_command_takes_everything_with_it(self):
        process = self.start()
        port = self.address_of(process)
        name = self.proxy_name()
        process.kill()
        process.wait(SECONDS)
        self.nothing_is_left()
        self.assertFalse(broadway.page_is_up(port))
        self.assertEqual([], list(self.folder.iterdir()))
        self.assertEqual([], glob.glob(f"/dev/shm/{name}*"))

    def test_a_folder_that_is_named_is_gone_on_with_even_after_a_kill(self):
        seen = []
        for _ in range(2):
            process = self.start("--state", str(self.folder / "state"))
            self.address_of(process)
            seen.append([self.hint("how many messages"), self.hint("command line", "--limit 0"),
                         self.hint("Sieve script")])
            process.kill()
            process.wait(SECONDS)
            self.nothing_is_left()
        self.assertEqual(*seen)
        self.assertIn("Quarantine file", seen[0][1])

    def test_each_type_can_be_tried(self):
        """What is printed shows that an approval does what it says, and that an undo takes it back."""
        process = self.start()
        port = self.address_of(process)
        looks = {"softDeleteEmail": "how many messages", "turnOffMailForwarding": "Sieve script",
                 "blockUrl": "click", "quarantineFile": "files"}
        chosen = self.choose(looks)
        before = {name: self.hint(words) for name, words in looks.items()}
        self.assertIn("redirect", before["turnOffMailForwarding"])
        self.assertEqual("The page /\n", before["blockUrl"])
        self.assertEqual("192.0.2.66\n", self.hint("DNS"))
        self.hint("command line", "--limit 0").index("Pending")
        ids = [one for some in chosen.values() for one in some]
        self.actionctl("approve", *ids)
        after = {name: self.hint(words) for name, words in looks.items()}
        self.assertEqual(self.n_messages(before) - 1, self.n_messages(after))
        self.assertNotRegex(after["turnOffMailForwarding"], "(?m)^redirect .*(backup|freemail)")
        self.assertIn("This page is blocked", after["blockUrl"])
        self.assertEqual("", self.hint("DNS"))
        self.assertEqual(3, before["quarantineFile"].count("Invoice-viewer"))
        self.assertNotIn("Invoice-viewer", after["quarantineFile"])
        for some in chosen.values():
            self.actionctl("undo", *some)
        self.assertEqual(before, {name: self.hint(words) for name, words in looks.items()})
        self.assertEqual("192.0.2.66\n", self.hint("DNS"))
        # All the while the window has followed, and its browser has not been lost.
        self.assertTrue(broadway.shows_a_window(port))
        self.assertEqual(130, self.interrupt(process)[0])
        self.nothing_is_left()

    def choose(self, kinds):
        """The ids of what to try: of each type the one that the printed commands are about, and of the
        files the one that lies on all devices."""
        rows = [json.loads(line) for line in
                self.hint("command line", "--json", "--limit", "0").splitlines()]
        by_type = collections.defaultdict(list)
        for row in rows:
            by_type[row["type"]].append(row)
        self.assertLessEqual(set(kinds), set(by_type))
        owner = re.search(r"-u '([^:]+):", next(iter(self.hints.values())))[1]
        mailbox = next(what for what in self.hints if "Sieve" in what).split()[-1]
        mail = [row for row in by_type["softDeleteEmail"] if row["assets"] == [owner]]
        return {
            "softDeleteEmail": [mail[0]["id"]],
            "turnOffMailForwarding": [row["id"] for row in by_type["turnOffMailForwarding"]
                                      if row["assets"] == [mailbox]],
            "blockUrl": [row["id"] for row in by_type["blockUrl"]
                         if row["entity"].get("scope") == "domain"],
            "quarantineFile": [row["id"] for row in by_type["quarantineFile"]
                               if row["entity"]["fileName"].startswith("Invoice")],
        }

    def actionctl(self, command, *ids):
        """Runs a command of actionctl in the way that was printed, to the end of what it asks for."""
        [printed] = [command for what, command in self.hints.items() if "command line" in what]
        program, _list, _pending, *options = printed.split()
        done = subprocess.run([program, command, *ids, *options], capture_output=True, text=True,
                              timeout=SECONDS, check=False)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    @staticmethod
    def n_messages(looks):
        return int(re.search(r"MESSAGES (\d+)", looks["softDeleteEmail"])[1])

    def test_closing_the_window_ends_everything(self):
        screen = display.Display(self.folder)
        self.addCleanup(screen.close)
        # A toolkit keeps much until its process ends, which is no leak.
        self.environment.update(
            DISPLAY=screen.name, GDK_BACKEND="x11", GTK_A11Y="none",
            DBUS_SESSION_BUS_ADDRESS="disabled:",
            ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
        state = self.folder / "state"
        process = self.start("--state", str(state))
        self.wait(screen.windows, "the window")
        screen.move(200, 200)

        def closed():
            screen.press("ctrl+q")
            return process.poll() is not None

        self.wait(closed, "everything to end")
        self.assertEqual(0, process.returncode, process.stdout.read())
        self.nothing_is_left(screen.process.pid)

    def test_a_folder_that_the_lab_cannot_live_in_is_told_in_words(self):
        long = self.folder / ("n" * 64)
        closed = self.folder / "closed"
        closed.mkdir(mode=0o700)
        under_root = os.getuid() == 0
        for folder, status, words in (
                (long, 1, "too long a name"),
                (closed / "state", int(under_root), "does not let them in" if under_root else "came up")):
            with self.subTest(folder=folder):
                process = self.start("--check", "--state", str(folder))
                output, _ = process.communicate(timeout=SECONDS)
                self.assertEqual(status, process.returncode, output)
                self.assertIn(words, output)
                self.assertNotIn("Traceback", output)
                self.nothing_is_left()

    def test_a_folder_without_programs_is_told_in_words(self):
        process = subprocess.Popen(
            ["/usr/bin/python3", ROOT / "build-aux/desk.py", "--source", ROOT,
             "--build", self.folder, "--check"],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        output, _ = process.communicate(timeout=SECONDS)
        self.assertNotEqual(0, process.returncode)
        self.assertNotIn("Traceback", output)
        self.nothing_is_left()
