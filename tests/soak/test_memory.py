# SPDX-License-Identifier: GPL-3.0-or-later
"""A window that is left open does not grow: eight hours of changes, one a second, as fast as the service
takes them, while a list and the flyout of one action are shown."""
import json
import os
import pathlib
import random
import re
import sys
import time
import unittest

TESTS = pathlib.Path(os.environ.get("AC_SOURCE_ROOT", pathlib.Path(__file__).parents[2])) / "tests"
for folder in ("service", "window"):
    sys.path.insert(0, str(TESTS / folder))

from case import WindowCase  # noqa: E402
from service import investigation, wait_until  # noqa: E402
from test_follow import Caller  # noqa: E402

# One a second for eight hours; the first minute is the measure.
CHANGES = int(os.environ.get("AC_CHANGES", 8 * 60 * 60))
MINUTE = CHANGES // (8 * 60)
ACTIONS = 2000
# What may be more at the end, of what was there after the first minute.
SLACK = 0.05


class Memory(WindowCase):
    mail = False
    tap_class = "memory"

    def setUp(self):
        super().setUp()
        self.chance = random.Random(8)
        self.person = Caller(self.service, "responder")
        self.detector = Caller(self.service, "detector")
        self.reader = Caller(self.service, "reader")
        self.ids = []
        for _ in range(ACTIONS // 500):
            self.propose(500)
        self.done = 0

    def propose(self, number):
        status, body = self.detector.call("POST", "/investigations", investigation(number))
        assert status == 201, body
        self.ids += [action["id"] for action in json.loads(body)["actions"]]

    def decide(self, decision, ids):
        """Whether the service has taken it."""
        status, _ = self.person.call("POST", "/operations", {"decision": decision, "actionIds": ids})
        return status == 202

    def change(self, until):
        """What a day brings: an approval is three changes of an action, for no server stands behind
        this service, and it fails."""
        while self.done < until:
            if self.chance.random() < 0.02:
                self.propose(1)
                self.done += 1
            some = self.chance.sample(self.ids, self.chance.randint(1, 3))
            for action_id in some:
                if self.decide(self.chance.choice(("approve", "retry")), [action_id]):
                    self.done += 3

    def settle(self, window):
        """Waits until the service has nothing to do and the window shows the last word."""
        def quiet():
            _, body = self.reader.call("GET", "/actions?limit=1&status=queued&status=running")
            return json.loads(body)["total"] == 0
        wait_until(quiet, "the service to be quiet")
        # One more change, by which the window shows that it has all that were before.
        self.propose(1)
        self.decide("reject", self.ids[-1:])
        _, body = self.reader.call("GET", "/actions?limit=1&status=pending")
        pending = json.loads(body)["total"]
        self.counts(window, pending, len(self.ids) - pending)

    def memory(self, window):
        """Megabytes, once the window has come to rest and they stay as they are: resident, and of those
        what no file stands behind."""
        readings = []

        def rests():
            readings.append(self.read_memory(window))
            return len(readings) >= 20 and len(set(readings[-20:])) == 1
        wait_until(rests, "the window to come to rest")
        return readings[-1]

    def read_memory(self, window):
        text = pathlib.Path(f"/proc/{window.process.pid}/smaps_rollup").read_text()
        sizes = dict(re.findall(r"^(\w+): +(\d+) kB", text, re.MULTILINE))
        return int(sizes["Rss"]) / 1024, int(sizes["Pss_Anon"]) / 1024

    def test_eight_hours_leave_it_as_it_was(self):
        window = self.open()
        self.counts(window, ACTIONS, 0)
        # As many rows as a list makes widgets for, and as the window remembers, are there from the
        # beginning: that there are more of them is no growth.
        self.decide("approve", self.ids[:ACTIONS // 2])
        self.open_tab(window, "History")
        window.wait_row(status="Failed")
        window.click_row_at(0)
        window.wait_for("button", "Close the details")
        started = time.monotonic()
        self.change(MINUTE)
        self.settle(window)
        first = self.memory(window)
        seen = [first]
        for part in range(1, 9):
            self.change(CHANGES * part // 8)
            self.settle(window)
            seen.append(self.memory(window))
            print(f"# {self.done} changes, {len(self.ids)} actions, {time.monotonic() - started:.0f} s:"
                  f" resident {seen[-1][0]:.1f} MB, anonymous {seen[-1][1]:.1f} MB; after the first"
                  f" minute {first[0]:.1f} and {first[1]:.1f} MB", flush=True)
        self.assertTrue(window.find("button", "Close the details"), "the flyout was open all the time")
        self.assertLessEqual(seen[-1][0], first[0] * (1 + SLACK))
        self.assertGreaterEqual(seen[-1][0], first[0] * (1 - SLACK))


if __name__ == "__main__":
    unittest.main()
