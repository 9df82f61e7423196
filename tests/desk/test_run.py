# SPDX-License-Identifier: GPL-3.0-or-later
"""What build-aux/run does after building: a window on a private service and a real mail server, and
nothing left of them afterwards."""
import ctypes
import os
import pathlib
import re
import shutil
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

sys.path.insert(0, str(ROOT / "build-aux"))
import broadway  # noqa: E402


def setUpModule():
    # Whatever a desk leaves behind becomes a child of this process, where it can be seen.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


class Run(unittest.TestCase):
    tap_class = "run"

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="ac-", ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
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

    def nothing_is_left(self):
        """Waits until each orphan has ended, and says which have not."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                pid, _status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                time.sleep(0.05)
        children = pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        left = [pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
                for pid in children]
        self.fail(f"These programs are left: {left}")

    def address_of(self, process):
        """Reads on until the address of the window is printed."""
        lines = []
        for line in process.stdout:
            lines.append(line)
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if found:
                return int(found[1])
        self.fail("No address was printed: " + "".join(lines))

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
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        process.wait(SECONDS)
        self.assertFalse(broadway.page_is_up(port))
        self.nothing_is_left()
        self.assertEqual([], list(self.folder.iterdir()))

    def test_a_killed_command_takes_everything_with_it(self):
        state = self.folder / "state"
        process = self.start("--state", str(state))
        port = self.address_of(process)
        # Files are all that a killed command can leave behind: those of the mail server lie here.
        found = re.search(r"^base_dir = (.*)/run$", (state / "mail/dovecot.conf").read_text(),
                          re.MULTILINE)
        self.addCleanup(shutil.rmtree, found[1])
        process.kill()
        process.wait(SECONDS)
        self.nothing_is_left()
        self.assertFalse(broadway.page_is_up(port))

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
