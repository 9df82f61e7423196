# SPDX-License-Identifier: GPL-3.0-or-later
"""A device that somebody else holds: whatever it answers, the service lives, ends, and says something."""
import pathlib
import unittest

from device_case import DeviceCase

SERVER = pathlib.Path(__file__).resolve().with_name("hostile_sftp.py")


class Hostile(DeviceCase):
    tap_class = "hostile"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.folder / "kind"
        cls.kind.write_text("end")
        cls.device.stop()
        cls.device.subsystem = f"/usr/bin/python3 {SERVER} {cls.kind}"
        cls.device.start()

    def lie(self, kind, timeout=5):
        """What comes of an action when the device lies in this way."""
        self.kind.write_text(kind)
        actions = self.actions(timeout_seconds=timeout)
        actions.add("/home/evil", sha256="4" * 64)
        result, = actions.apply()
        return result

    def test_answers_that_no_server_may_give(self):
        for kind in ("garbage", "huge", "tiny", "wrong-id", "fine-without-data", "short",
                     "long-text", "nul"):
            with self.subTest(kind=kind):
                result = self.lie(kind)
                self.assertEqual("failed", result["outcome"])
                self.assertRegex(result["detail"], "answered what no SFTP server may answer|"
                                 "did not answer within")

    def test_a_server_that_ends_at_once(self):
        result = self.lie("end")
        self.assertEqual(("failed", True), (result["outcome"], result["transient"]))
        self.assertIn("was lost", result["detail"])

    def test_answers_by_chance(self):
        for seed in range(40):
            with self.subTest(seed=seed):
                result = self.lie(f"chance {seed}", timeout=2)
                self.assertIn(result["outcome"], ("failed", "notFound", "moved"))
                self.assertTrue(result["detail"])


if __name__ == "__main__":
    unittest.main()
