# SPDX-License-Identifier: GPL-3.0-or-later
"""Forwarding is turned off, URLs are blocked, files go into quarantine, and all is undone, while the
service, the real servers or both are killed with SIGKILL. AC_KILLS_OF names which: forwarding, block or
device.

The short form runs with every test; the long one when AC_KILLS=long. AC_KILLS_SEED repeats a run, as
far as chance goes: processes have a clock of their own."""
import os
import pathlib
import random
import tempfile
import unittest

import block_kills
import device_kills
import forwarding_kills
import kills

LONG = os.environ.get("AC_KILLS") == "long"
OF = os.environ["AC_KILLS_OF"]
KIND = {"forwarding": forwarding_kills.ForwardingRun, "block": block_kills.BlockRun,
        "device": device_kills.DeviceRun}[OF]
# Every long run hits these; "decision on disk, no answer" and the moment between the last receipt and
# the result are too short for a promise.
STEPS = {"queued", "taken, before receipts", "before the move", "some results written"}


class ResponderKills(unittest.TestCase):
    tap_class = OF

    def run_with(self, **wanted):
        seed = int(os.environ.get("AC_KILLS_SEED") or random.randrange(10**9))
        print(f"# {self.id()}: AC_KILLS_SEED={seed}", flush=True)
        with tempfile.TemporaryDirectory(prefix="ac-kills-") as folder:
            done = kills.run(pathlib.Path(folder), seed, KIND, actions=100 if LONG else 24, **wanted)
        for victim, n in done.wanted.items():
            self.assertGreaterEqual(done.done[victim], n)
        return done

    def test_the_service_is_killed(self):
        done = self.run_with(service_kills=60 if LONG else 6)
        hit = set(done.steps["service"])
        self.assertGreater(len(hit), 3 if LONG else 1, "the kills have hit only a few of the steps")
        if LONG:
            self.assertFalse(STEPS - hit, "no kill has hit these steps")

    def test_both_are_killed(self):
        self.run_with(service_kills=30 if LONG else 3, server_kills=30 if LONG else 3)


# A copy takes a while; the short form leaves it to the long one.
if OF == "device" and LONG:
    class CopyKills(ResponderKills):
        """The same where the quarantine folder lies on another file system."""

        tap_class = "device-copies"

        def run_with(self, **wanted):
            return super().run_with(copies=True, **wanted)


if __name__ == "__main__":
    unittest.main()
