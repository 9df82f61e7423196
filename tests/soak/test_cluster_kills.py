# SPDX-License-Identifier: GPL-3.0-or-later
"""Soft deletes and undos of clusters, while the service, the mail server or both are killed with
SIGKILL, at each of their steps. As test_kills.py in all else."""
import os
import pathlib
import random
import tempfile
import unittest

import kills
from cluster_kills import ClusterRun

LONG = os.environ.get("AC_KILLS") == "long"
ACTIONS = kills.ACTIONS if LONG else 40


class ClusterKills(unittest.TestCase):
    def run_with(self, **wanted):
        seed = int(os.environ.get("AC_KILLS_SEED") or random.randrange(10**9))
        print(f"# {self.id()}: AC_KILLS_SEED={seed}", flush=True)
        with tempfile.TemporaryDirectory(prefix="ac-kills-") as folder:
            return kills.run(pathlib.Path(folder), seed, ClusterRun, actions=ACTIONS, **wanted)

    def test_the_service_is_killed_at_each_step(self):
        done = self.run_with(service_kills=120 if LONG else 8)
        hit = set(done.steps["service"])
        self.assertGreater(len(hit), 3, "the kills have hit only a few of the steps")
        # All messages of a mailbox are moved at once, so "before the move" is too short a moment for a
        # promise; the summary says how often it was hit.
        if LONG:
            self.assertFalse({"looking", "after the move, before its receipts",
                              "after the receipts of the move, before the results"} - hit,
                             "no kill has hit these steps")

    def test_the_mail_server_is_killed_again_and_again(self):
        self.run_with(server_kills=20 if LONG else 3)

    def test_both_are_killed(self):
        self.run_with(service_kills=20 if LONG else 4, server_kills=10 if LONG else 2)


if __name__ == "__main__":
    unittest.main()
