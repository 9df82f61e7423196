# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages and attachments go into quarantine and back, while the service, the mail server or both are
killed with SIGKILL.

The short form runs with every test; the long one when AC_KILLS=long. AC_KILLS_SEED repeats a run, as
far as chance goes: processes have a clock of their own."""
import os
import pathlib
import random
import tempfile
import unittest

import kills
import quarantine_kills

LONG = os.environ.get("AC_KILLS") == "long"
ACTIONS = kills.ACTIONS if LONG else 40
STALE_LOCKS = 0.2 if LONG else 0


class QuarantineKills(unittest.TestCase):
    def run_with(self, kind, **wanted):
        seed = int(os.environ.get("AC_KILLS_SEED") or random.randrange(10**9))
        print(f"# {self.id()}: AC_KILLS_SEED={seed}", flush=True)
        with tempfile.TemporaryDirectory(prefix="ac-kills-") as folder:
            done = kills.run(pathlib.Path(folder), seed, kind, actions=ACTIONS, **wanted)
        for victim, n in wanted.items():
            if victim.endswith("_kills"):
                name = victim.removesuffix("_kills").replace("server", "mail server")
                self.assertGreaterEqual(done.done[name], n)

    def test_messages_and_the_service_is_killed(self):
        self.run_with(quarantine_kills.EmailRun, service_kills=60 if LONG else 8)

    def test_messages_and_both_are_killed(self):
        self.run_with(quarantine_kills.EmailRun, service_kills=30 if LONG else 4,
                      server_kills=30 if LONG else 3, stale_locks=STALE_LOCKS)

    def test_attachments_and_the_service_is_killed(self):
        self.run_with(quarantine_kills.AttachmentRun, service_kills=60 if LONG else 8)

    def test_attachments_and_both_are_killed(self):
        self.run_with(quarantine_kills.AttachmentRun, service_kills=30 if LONG else 4,
                      server_kills=30 if LONG else 3, stale_locks=STALE_LOCKS)


if __name__ == "__main__":
    unittest.main()
