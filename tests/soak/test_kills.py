# SPDX-License-Identifier: GPL-3.0-or-later
"""100 soft deletes and 100 undos, while the service, the mail server or both are killed with
SIGKILL, at each of their steps.

The short form, with 40 of each, runs with every test; the long one when AC_KILLS=long. AC_KILLS_SEED repeats a
run, as far as chance goes: processes have a clock of their own."""
import os
import pathlib
import random
import tempfile
import unittest

import kills
from mail_kills import MailRun

LONG = os.environ.get("AC_KILLS") == "long"
ACTIONS = kills.ACTIONS if LONG else 40
STALE_LOCKS = 0.2 if LONG else 0
# Every run of the long form hits these. "decision on disk, no answer" is too short a moment for a
# promise; the summary says how often it was hit.
STEPS = {
    "decision not taken, no answer", "queued",
    "taken, before receipts", "before the move", "after the move, before its receipts",
    "after the receipts of the move, before the results", "some results written", "start",
    "recovery",
}


class Kills(unittest.TestCase):
    def run_with(self, **wanted):
        seed = int(os.environ.get("AC_KILLS_SEED") or random.randrange(10**9))
        print(f"# {self.id()}: AC_KILLS_SEED={seed}", flush=True)
        with tempfile.TemporaryDirectory(prefix="ac-kills-") as folder:
            return kills.run(pathlib.Path(folder), seed, MailRun, actions=ACTIONS, **wanted)

    def test_the_service_is_killed_at_each_step(self):
        done = self.run_with(service_kills=110 if LONG else 12)
        hit = set(done.steps["service"])
        self.assertFalse(STEPS - hit if LONG else set(), "no kill has hit these steps")
        self.assertTrue({step for step in hit if "the move" in step}, hit)
        self.assertGreater(len(hit & STEPS), 3, "the kills have hit only a few of the steps")

    def test_the_mail_server_is_killed_again_and_again(self):
        done = self.run_with(server_kills=55 if LONG else 6, stale_locks=STALE_LOCKS)
        if LONG:
            self.assertIn("between receipts and results", done.steps["mail server"])

    def test_both_are_killed(self):
        self.run_with(service_kills=50 if LONG else 6, server_kills=30 if LONG else 4,
                      stale_locks=STALE_LOCKS)


if __name__ == "__main__":
    unittest.main()
