# SPDX-License-Identifier: GPL-3.0-or-later
"""A window that is killed at any moment, while it reads everything and while it follows what
changes, loses nothing: started again, its mirror is the service, row by row."""
import json
import os
import pathlib
import random
import shlex
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "service"))

from service import PATIENCE, Service, wait_until  # noqa: E402

PROGRAM = os.environ["AC_SYNC_MIRROR"]
WRAPPER = shlex.split(os.environ.get("AC_PROGRAM_WRAPPER", ""))


class Desk:
    """One sync-mirror; `lines` is what it has said so far."""

    def __init__(self, folder, service):
        self.lines = []
        self.process = subprocess.Popen([*WRAPPER, PROGRAM, str(folder), service.url],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.say(service.token("reader"))
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def synced(self, first=False):
        done = [int(line.split()[1]) for line in self.lines if line.startswith("synced")]
        return done[0 if first else -1] if done else 0

    def dump(self):
        before = len(self.lines)
        self.say("dump")
        wait_until(lambda: "end" in self.lines[before:], "the dump")
        return {action["id"]: action for action in
                (json.loads(line) for line in self.lines[before:] if line.startswith("{"))}

    def kill9(self):
        self.process.kill()
        self.process.wait(PATIENCE)
        self.thread.join(PATIENCE)
        self.process.stdin.close()
        self.process.stdout.close()

    def end(self):
        self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        self.thread.join(PATIENCE)
        self.process.stdout.close()
        return code


class MirrorKill(unittest.TestCase):
    tap_class = "mirror"

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.service = Service(self.folder / "service")
        self.service.start()
        self.addCleanup(self.service.stop)
        seed = random.randrange(2 ** 32)
        print(f"# seed {seed}")
        self.random = random.Random(seed)

    def post(self, n):
        return [action["id"] for action in self.service.post_investigation(n)["actions"]]

    def in_the_service(self):
        actions, cursor = {}, None
        while True:
            query = {"limit": 1000, "sort": "createdAt"}
            if cursor:
                query["cursor"] = cursor
            page = self.service.request("GET", "/actions", role="reader", query=query).json
            actions.update((action["id"], action) for action in page["items"])
            cursor = page.get("nextCursor")
            if not cursor:
                return actions

    def assert_equal(self, desk):
        wanted = self.in_the_service()
        def same():
            return desk.dump() == wanted
        wait_until(same, "the mirror to be the service")

    def test_killed_while_it_reads_everything(self):
        """kill -9 again and again in the middle of the first sync, while things go on happening."""
        for _ in range(24):
            self.post(500)
        mirror = self.folder / "mirror"
        reached = 0
        for round_ in range(8):
            desk = Desk(mirror, self.service)
            wanted = reached + self.random.randrange(1, 2500)
            wait_until(lambda: desk.synced() >= wanted or "following" in desk.lines, "some rows")
            desk.kill9()
            # One that had everything already has nothing left to tell.
            self.assertGreaterEqual(desk.synced(first=True) or reached, reached, "it began anew")
            reached = min(desk.synced(), 9000)
            ids = self.post(20)
            self.service.decide("reject", ids[:10])
            if round_ == 3:
                self.service.kill9()
                self.service.settings["listen"] = self.service.url.removeprefix("http://")
                self.service.start()
        desk = Desk(mirror, self.service)
        wait_until(lambda: "following" in desk.lines, "it to follow")
        self.assert_equal(desk)
        self.assertEqual(0, desk.end())

    def test_killed_while_it_follows(self):
        """kill -9 at random moments while others decide, and then equality."""
        pending = self.post(400)
        mirror = self.folder / "mirror"
        for _ in range(10):
            desk = Desk(mirror, self.service)
            wait_until(lambda: "following" in desk.lines, "it to follow")
            for _ in range(self.random.randrange(1, 5)):
                chosen = [pending.pop() for _ in range(self.random.randrange(1, 8))]
                self.service.decide("reject", chosen)
                pending = self.post(self.random.randrange(1, 12)) + pending
            desk.kill9()
        desk = Desk(mirror, self.service)
        wait_until(lambda: "following" in desk.lines, "it to follow")
        self.assert_equal(desk)
        # And it goes on following.
        self.service.decide("reject", [pending.pop()])
        self.post(3)
        self.assert_equal(desk)
        self.assertEqual(0, desk.end())

    def test_another_database(self):
        """Behind the same address stands another service: its actions, and no others, are shown."""
        self.post(50)
        mirror = self.folder / "mirror"
        desk = Desk(mirror, self.service)
        wait_until(lambda: "following" in desk.lines, "it to follow")
        self.assert_equal(desk)
        self.service.stop()
        for path in self.service.folder.glob("action-center.db*"):
            path.unlink()
        self.service.settings["listen"] = self.service.url.removeprefix("http://")
        self.service.start()
        self.post(20)
        self.assert_equal(desk)
        self.assertEqual(20, len(desk.dump()))
        self.assertEqual(0, desk.end())


if __name__ == "__main__":
    unittest.main()
