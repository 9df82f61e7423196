# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed at any point, the URL responder finishes at the next try, blocks once and unblocks once."""
import json
import random
import signal
import subprocess
import time
import unittest

import block_list
import url_case
from mail_case import DRIVER, WRAPPER
from url_case import Killed

N_RECEIPTS = 2  # each way: before it acts, and when it has seen what came of it


class CrashCase(url_case.UrlCase):
    has_dns = True

    def setUp(self):
        super().setUp()
        self.bind.update("delete evil.test.policy.lab. CNAME .", "delete *.evil.test.policy.lab. CNAME .")

    def make(self, point):
        return self.blocks("evil.test", point=point, scope="domain")

    def is_blocked(self, point):
        if point == "proxy":
            return self.status("http://login.evil.test/x") == 403
        return self.bind.look_up("login.evil.test") == "NXDOMAIN"

    def assert_state(self, point, blocked):
        self.assertEqual(blocked, self.is_blocked(point))
        self.assertEqual(int(blocked), len(self.entries(point)))


class Receipts(CrashCase):
    def test_killed_at_each_receipt(self):
        for point in ("proxy", "dns"):
            for option in ("die-before", "die-after"):
                for number in range(1, N_RECEIPTS + 1):
                    with self.subTest(point=point, option=option, number=number):
                        blocks = self.make(point)
                        with self.assertRaises(Killed):
                            blocks.apply(f"--{option}={number}")
                        if number == 1 and option == "die-before":
                            self.assert_state(point, False)
                        self.assert_only(blocks.apply(), "moved", "^(On|DNS)")
                        self.assert_state(point, True)
                        with self.assertRaises(Killed):
                            blocks.undo(f"--{option}={number}")
                        if number == 1:
                            self.assert_state(point, True)
                        self.assert_only(blocks.undo(), "restored", "^Taken off")
                        self.assert_state(point, False)

    def test_receipts_that_cannot_be_written(self):
        for point in ("proxy", "dns"):
            for number in range(1, N_RECEIPTS + 1):
                with self.subTest(point=point, number=number):
                    blocks = self.make(point)
                    self.assert_only(blocks.apply(f"--fail-at={number}"), "failed", "The disk is full",
                                     True)
                    if number == 1:
                        self.assert_state(point, False)
                    self.assert_outcomes(blocks.apply(), "moved")
                    self.assert_only(blocks.undo(f"--fail-at={number}"), "failed", "The disk is full",
                                     True)
                    self.assert_outcomes(blocks.undo(), "restored")
                    self.assert_state(point, False)

    def test_killed_while_it_takes_back_and_another_one_blocks(self):
        first, second = self.make("dns"), self.make("dns")
        first.apply()
        second.apply()
        with self.assertRaises(Killed):
            first.undo("--die-after=1")
        self.assert_only(first.undo(), "restored", "still blocked in DNS by the action")
        self.assertTrue(self.is_blocked("dns"))
        self.assert_only(second.undo(), "restored", "^Taken off")
        self.assert_state("dns", False)

    def test_stopped_in_order(self):
        blocks = self.make("dns")
        results = blocks.apply("--cancel-at=1")
        self.assertEqual([None], [result.get("outcome") for result in results])
        self.assert_outcomes(blocks.apply(), "moved")
        self.assert_state("dns", True)

    def test_a_receipt_of_another_version(self):
        blocks = self.make("proxy")
        blocks.apply()
        blocks.receipts_file.write_text(
            blocks.receipts_file.read_text().replace('"version":1', '"version":2'))
        self.assert_only(blocks.undo(), "failed", "written by another version of the service")
        self.assert_state("proxy", True)


class Anywhere(CrashCase):
    """Killed not where the receipts are, but whenever."""

    def kill(self, blocks, direction, after):
        """Kills the driver after so many seconds; returns whether it was still running."""
        config = blocks.folder / "config"
        config.write_text("[url]\n" + "".join(
            f"{key}={value}\n" for key, value in blocks.settings.items()))
        with subprocess.Popen(
                [*WRAPPER, DRIVER, config, direction, blocks.mailbox, blocks.receipts_file],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as driver:
            driver.stdin.write(json.dumps(blocks.tasks).encode())
            driver.stdin.close()
            time.sleep(after)
            driver.send_signal(signal.SIGKILL)
            return driver.wait() == -signal.SIGKILL

    def test_killed_at_random(self):
        seed = random.randrange(1 << 32)
        print(f"# seed {seed}")
        chance = random.Random(seed)
        n_killed = 0
        longest = {"proxy": 0.03, "dns": 0.2}
        for _ in range(12 if WRAPPER else 40):
            point = chance.choice(("proxy", "dns"))
            blocks = self.make(point)
            for direction, outcome in (("apply", "moved"), ("undo", "restored")):
                for _ in range(chance.randrange(1, 3)):
                    n_killed += self.kill(blocks, direction, chance.uniform(0, longest[point]))
                self.assertEqual(len(block_list.read(self.proxy.list_file)),
                                 len(self.entries(point)))
                [result] = blocks.run(direction)
                self.assertIn(result["outcome"], (outcome, "alreadyRestored"), result)
                if direction == "apply":
                    self.assert_state(point, True)
            self.assert_state(point, False)
        print(f"# killed {n_killed} times")
        self.assertGreater(n_killed, 10)


if __name__ == "__main__":
    unittest.main()
