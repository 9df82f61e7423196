# SPDX-License-Identifier: GPL-3.0-or-later
"""One file on several devices: undone everywhere with one click, on the real devices."""
import re
import unittest

from case import WindowCase
from devices import Devices
from service import Service


class Instances(WindowCase):
    mail = False
    tap_class = "instances"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.devices = cls.stack.enter_context(Devices(cls.folder / "devices", count=3))

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}", devices=self.devices)

    def setUp(self):
        super().setUp()
        self.paths = [device.put("home/evil.bin") for device in self.devices]
        self.before = self.snapshots()
        answer = self.service.request(
            "POST", "/investigations",
            self.devices.investigation(list(zip(self.devices, self.paths))), role="detector")
        self.ids = [action["id"] for action in answer.json["actions"]]
        self.approve(self.ids[:2])

    def take_away(self, device):
        device.stop()
        self.addCleanup(lambda: device.process or device.start())

    def snapshots(self):
        return [device.snapshot(path) for device, path in zip(self.devices, self.paths)]

    def approve(self, ids):
        self.service.wait_operation(self.service.decide("approve", ids).json["id"])

    def test_the_button_says_how_many_and_undoes_them_all(self):
        """X is the service's number, grows with what is approved elsewhere, and the click brings the
        file back on every device."""
        window = self.open()
        self.open_tab(window, "History")
        window.click_row(details=self.paths[0])
        window.settled("button", "Undo")
        window.settled("button", "Apply to 1 more instance of this file")
        self.approve(self.ids[2:])
        self.assertEqual([None] * 3, self.snapshots())
        window.click("button", "Apply to 2 more instances of this file")
        window.wait_text("3 actions undone")
        # Of many actions no place in the list is told.
        window.wait(lambda: not [text for text in window.texts() if re.fullmatch(r"\d of 3", text)],
                    "the place in the list to go")
        self.assertEqual(self.before, self.snapshots())
        self.assertEqual(["undone"] * 3, [self.service.action(one)["status"] for one in self.ids])

    def test_a_device_that_is_down_gets_its_file_when_it_is_back(self):
        """One click for three devices, one of them away: two are done at once and said to be, the third
        is waited for, said so by its name, and done when it is back."""
        self.approve(self.ids[2:])
        window = self.open()
        self.open_tab(window, "History")
        window.click_row(details=self.paths[0])
        window.settled("button", "Apply to 2 more instances of this file")
        away = self.devices[2]
        self.take_away(away)
        window.click("button", "Apply to 2 more instances of this file")
        window.wait_text("2 done, 1 waiting")
        self.assertEqual(self.before[:2], self.snapshots()[:2])
        self.assertIsNone(self.snapshots()[2])
        self.assertEqual(["undone", "undone", "undoing"],
                         [self.service.action(one)["status"] for one in self.ids])
        window.calm()
        window.picture("instances-one-away")
        away.start()
        window.wait_text("3 actions undone")
        self.assertEqual(self.before, self.snapshots())
        for one, device in zip(self.ids, self.devices):
            action = self.service.action(one)
            self.assertEqual("undone", action["status"])
            self.assertEqual([(device.name, "restored")],
                             [(result["asset"], result["outcome"]) for result in action["results"]])

    def test_an_undo_that_waits_for_a_device_is_stopped_and_goes_on_later(self):
        """Stop says what was done and what was not, and Retry does the rest when the device is back."""
        self.approve(self.ids[2:])
        window = self.open()
        self.open_tab(window, "History")
        window.click_row(details=self.paths[0])
        window.settled("button", "Apply to 2 more instances of this file")
        self.take_away(self.devices[2])
        window.click("button", "Apply to 2 more instances of this file")
        window.wait_text("2 done, 1 waiting")
        window.click("button", "Stop")
        window.wait_text(r"laptop-3\.example\.test: Not done: the\.responder has stopped it before its turn\.")
        self.assertEqual(["undone", "undone", "undoFailed"],
                         [self.service.action(one)["status"] for one in self.ids])
        self.assertEqual(self.before[:2] + [None], self.snapshots())
        window.calm()
        window.picture("instances-stopped")
        self.devices[2].start()
        window.click("button", "Retry the 1 that failed")
        window.wait(lambda: self.service.action(self.ids[2])["status"] == "undone", "the third device")
        self.assertEqual(self.before, self.snapshots())

    def test_an_action_that_is_pending_has_no_such_button(self):
        """What was not done cannot be undone, here or elsewhere."""
        window = self.open()
        window.click_row(details=self.paths[2])
        window.settled("button", "Approve")
        window.calm()
        self.assertEqual([], window.find_all("button", id="instances"))


if __name__ == "__main__":
    unittest.main()
