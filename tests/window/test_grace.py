# SPDX-License-Identifier: GPL-3.0-or-later
"""The seconds between an approval and its work, in which taking it back costs nothing."""
import unittest

from case import WindowCase
from service import Service


class GraceCase(WindowCase):
    seconds = 0

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}", lab=self.lab,
                       settings={"grace-seconds": self.seconds})

    def approve(self, count):
        self.found = self.find_messages(count)
        self.ids = self.propose(self.found)
        self.before = self.mail_now()
        self.window = self.open()
        self.counts(self.window, count, 0)
        self.window.click_row_at(0)
        if count > 1:
            self.window.click_row_at(-1, keys=["shift"])
        self.window.click("button", "Approve")

    def assert_pending(self):
        self.counts(self.window, len(self.ids), 0)
        for action_id in self.ids:
            action = self.service.action(action_id)
            self.assertEqual("pending", action["status"])
            self.assertNotIn("decidedBy", action)
        self.assert_as_before(self.before)


class Long(GraceCase):
    tap_class = "grace"
    seconds = 3000

    def test_a_click_takes_an_approval_back(self):
        """Before anything is done the bar offers to take the approval back; then the actions wait for
        a decision again, nobody has decided, and no message was touched."""
        self.approve(3)
        self.window.wait_text(r"^Approving 3 actions in [34]\d min \d+ s$")
        self.counts(self.window, 0, 3)
        self.window.picture("take-back")
        self.window.click("button", "Take back")
        self.window.wait_text(r"^3 actions taken back; they wait for a decision again$")
        self.assert_pending()

    def test_ctrl_z_takes_an_approval_back(self):
        """Ctrl+Z means the latest decision, also when nothing of it has been done yet."""
        self.approve(1)
        self.window.wait_for("button", "Take back")
        self.window.wait_text(r"^It waits its turn\. It can be taken back until it begins, ")
        # The seconds are told once, beside the button that takes it back.
        self.assertEqual(1, len([text for text in self.window.texts() if text.startswith("Approving ")]))
        self.window.press("ctrl+z")
        self.window.wait_text(r"^1 action taken back; it waits for a decision again$")
        self.assert_pending()


    def test_the_bar_tells_of_what_is_under_way(self):
        """Also when something else was decided since then, and that is over."""
        self.found = self.find_messages(3)
        self.ids = self.propose(self.found)
        self.before = self.mail_now()
        self.window = self.open()
        self.counts(self.window, 3, 0)
        self.window.click_row_at(1)
        self.window.click_row_at(-1, keys=["shift"])
        self.window.click("button", "Approve")
        self.window.wait_text(r"^Approving 2 actions in ")
        self.counts(self.window, 1, 2)
        self.window.click_row_at(0)
        self.window.click("button", "Reject")
        self.window.wait_text(r"^1 action rejected$")
        self.window.wait_text(r"^Approving 2 actions in ")
        self.window.click("button", "Show progress")
        self.window.wait_for(type="AcOperationDetails")
        self.window.click("button", "Take back")
        self.window.wait_text(r"^2 actions taken back; they wait for a decision again$")
        self.window.wait_gone("button", "Show progress")
        self.counts(self.window, 2, 1)
        self.assert_as_before(self.before)


class Short(GraceCase):
    tap_class = "grace-over"
    seconds = 15

    def test_an_approval_begins_by_itself(self):
        """When the time is over the messages are moved, and there is nothing left to take back."""
        self.approve(1)
        self.window.wait_for("button", "Take back")
        self.window.wait_text(r"^1 action approved$")
        self.window.wait_gone("button", "Take back")
        self.assert_moved(self.before, self.found)


class Running(GraceCase):
    tap_class = "grace-running"

    def test_ctrl_z_leaves_the_decision_before_alone(self):
        """As long as the latest decision is under way, Ctrl+Z does not undo the one before it."""
        self.found = self.find_messages(2)
        self.ids = self.propose(self.found)
        self.window = self.open()
        self.counts(self.window, 2, 0)
        self.window.click_row_at(0)
        self.window.click("button", "Approve")
        self.window.wait_text(r"^1 action approved$")
        first, = [one for one in self.ids if self.service.action(one)["status"] == "completed"]
        second, = set(self.ids) - {first}
        with self.lab.paused():
            self.counts(self.window, 1, 1)
            self.window.click_row_at(0)
            self.window.click("button", "Approve")
            self.window.wait(lambda: self.service.action(second)["status"] == "running",
                             "the second one to be under way")
            self.window.wait_text(r"^Approving 1 action")
            self.window.press("ctrl+z")
            self.window.press("ctrl+z")
            self.window.calm()
            self.assertEqual("completed", self.service.action(first)["status"])
        self.window.wait(lambda: self.service.action(second)["status"] == "completed",
                         "the second one to be done")
        self.assertEqual("completed", self.service.action(first)["status"])


if __name__ == "__main__":
    unittest.main()
