# SPDX-License-Identifier: GPL-3.0-or-later
"""What is selected stays selected until it is decided or cleared, the rows stay where they are meanwhile,
and the line under the list says how many there are."""
import unittest

from case import WindowCase
from service import Service, proposal

COUNT = 40


class Selection(WindowCase):
    mail = False
    tap_class = "selection"

    def setUp(self):
        super().setUp()
        self.service.post_investigation(COUNT, title="Password theft")
        self.window = self.open()
        self.window.wait_text(f"^{COUNT} actions$")
        self.read_subjects()

    def read_subjects(self):
        def read():
            subjects = [row["Details"] for row in self.window.rows()]
            return subjects if len(subjects) > 5 else None

        self.window.calm()
        self.subjects = self.window.wait(read, "the rows")

    def selected(self):
        return [row["Details"] for row in self.window.rows() if row.selected]

    def wait_selected(self, *places):
        wanted = [self.subjects[place] for place in places]
        self.window.wait(lambda: self.selected() == wanted,
                         lambda: f"{wanted} to be selected, it is {self.selected()}")

    def tick(self, place, keys=()):
        def box():
            row = self.window.row(details=self.subjects[place])
            return row and row.node.find("checkbox")
        self.window.click(node=box, keys=keys)

    def places(self):
        """How high each row stands, that can be seen whole."""
        view = self.window.list_view().box
        return {row["Details"]: row.node.box[1] for row in self.window.rows()
                if row.node.box[1] + row.node.box[3] <= view[1] + view[3]}

    def test_a_range_begins_where_one_was_picked_last(self):
        """With Ctrl and the pointer: Shift then selects from there, and not from the click before."""
        window = self.window
        window.click_row(details=self.subjects[0])
        window.click_row(details=self.subjects[3], keys=["ctrl"])
        self.wait_selected(0, 3)
        window.click_row(details=self.subjects[5], keys=["shift"])
        self.wait_selected(3, 4, 5)

    def test_a_range_begins_at_the_row_that_was_picked_wherever_it_stands_now(self):
        """Actions that come in above it meanwhile move it down: by a click, x, a check, and the arrows."""
        window = self.window

        def more():
            self.service.post_investigation(2, title="Another theft")
            nonlocal count
            count += 2
            window.wait_text(f"^{count} actions$")
            window.calm()

        def nothing():
            window.press("Escape")
            window.wait_gone(type="AcFlyout")
            window.press("ctrl+shift+a")
            self.wait_selected()
            self.read_subjects()

        count = COUNT
        window.click_row(details=self.subjects[0])
        more()
        self.wait_selected(0)
        window.click_row(details=self.subjects[2], keys=["shift"])
        self.wait_selected(0, 1, 2)
        nothing()
        window.click_row(details=self.subjects[0])
        more()
        window.press("shift+Down", "shift+Down")
        self.wait_selected(0, 1, 2)
        nothing()
        window.click_row(details=self.subjects[0])
        window.press("x")
        self.wait_selected()
        window.press("x")
        self.wait_selected(0)
        more()
        window.click_row(details=self.subjects[3], keys=["shift"])
        self.wait_selected(0, 1, 2, 3)
        nothing()
        self.tick(1)
        self.wait_selected(1)
        more()
        self.tick(4, keys=["shift"])
        self.wait_selected(1, 2, 3, 4)

    def test_a_range_without_a_beginning_is_the_one_row(self):
        """Nothing was picked before it."""
        window = self.window
        self.tick(2, keys=["shift"])
        self.wait_selected(2)
        self.tick(4, keys=["shift"])
        self.wait_selected(2, 3, 4)
        window.press("ctrl+shift+a")
        self.wait_selected()

    def test_closing_the_details_keeps_what_was_picked(self):
        """By Escape and by the button; it can be decided from the line again, and Ctrl+Shift+A or Clear
        clears it. A row that was only looked at is left."""
        window = self.window
        self.tick(1)
        self.tick(3)
        window.wait_text("^2 selected$")
        window.click("button", "Decide…")
        window.wait_text("^2 actions selected$")
        window.press("Escape")
        window.wait_gone(type="AcFlyout")
        self.wait_selected(1, 3)
        window.wait_text("^2 selected$")
        window.picture("selection-kept")
        # With nothing to close it does nothing.
        window.press("Escape")
        window.calm()
        self.wait_selected(1, 3)
        window.click("button", "Decide…")
        window.wait_text("^2 actions selected$")
        window.click("button", "Close the details")
        window.wait_gone(type="AcFlyout")
        self.wait_selected(1, 3)
        window.press("ctrl+shift+a")
        self.wait_selected()
        window.wait_gone("button", "Decide…")
        self.tick(2)
        window.wait_text("^1 selected$")
        window.click("button", "Clear")
        self.wait_selected()
        window.click_row(details=self.subjects[0])
        window.settled("button", "Approve")
        window.press("Escape")
        window.wait_gone(type="AcFlyout")
        self.wait_selected()

    def test_a_picked_row_is_opened_by_a_click_and_a_range_by_enter(self):
        """Though that selects nothing new."""
        window = self.window
        self.tick(2)
        window.wait_text("^1 selected$")
        window.calm()
        self.assertIsNone(window.find(type="AcFlyout"))
        window.click_row(details=self.subjects[2])
        window.settled("button", "Approve")
        window.press("Escape")
        window.wait_gone(type="AcFlyout")
        self.wait_selected()
        window.click_row(details=self.subjects[1])
        window.click_row(details=self.subjects[4], keys=["shift"])
        window.wait_text("^4 actions selected$")
        window.press("Escape")
        window.wait_gone(type="AcFlyout")
        self.wait_selected(1, 2, 3, 4)
        window.press("Return")
        window.wait_text("^4 actions selected$")
        window.press("Escape")
        window.wait_gone(type="AcFlyout")
        window.calm()
        window.press("r")
        window.wait_for("button", "Reject", state="focused")
        window.wait_text("^4 actions selected$")

    def test_the_rows_stay_where_they_are(self):
        """The line that tells of the selection has its room before: in the middle of the list no row moves
        when it comes and goes."""
        window = self.window
        window.wait(lambda: window.list_view().scroll["below"] > 0, "more rows than there is room for")
        window.calm()
        view = window.settled(type="GtkColumnView")
        window.display.click(*window.place(view), button=5, count=3)
        window.wait(lambda: window.list_view().scroll["above"] > 0, "the list to be scrolled")
        window.calm()
        before = self.places()
        middle = sorted(before, key=before.get)[len(before) // 2]
        for answer in ("Clear", "Decide…"):
            with self.subTest(answer):
                window.click(node=lambda: window.row(details=middle).node.find("checkbox"))
                window.wait_text("^1 selected$")
                window.calm()
                self.assertEqual(before, self.places())
                window.click("button", answer)
                window.wait_gone("button", "Clear")
                window.calm()
                self.assertEqual(before, self.places())

    def test_a_search_tells_how_many_of_how_many(self):
        window = self.window
        window.press("ctrl+f")
        window.type(self.subjects[0])
        window.wait_text(f"^1?[0-9] of {COUNT} actions$")
        window.picture("selection-found")
        window.press("ctrl+a")
        window.type("nowhere to be found")
        window.wait_text(f"^0 of {COUNT} actions$")
        window.press("Escape")
        window.wait_text(f"^{COUNT} actions$")


class SecondPerson(WindowCase):
    mail = False
    tap_class = "second-person"

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}", settings={"second-person": 1})

    def test_many_of_which_some_are_ones_own_are_not_approved_before_these_are_left_out(self):
        """The service would refuse all of them; the window says how many are whose before, and leaves them
        out when asked to."""
        answer = self.service.request("POST", "/proposals", {
            "name": "Mine", "decision": "propose", "actions": [proposal(1), proposal(2)]},
            role="responder")
        self.assertEqual(201, answer.status, answer)
        mine = [action["id"] for action in answer.json["investigation"]["actions"]]
        others = [action["id"] for action in self.service.post_investigation(
            [proposal(3), proposal(4), proposal(5)])["actions"]]
        window = self.open()
        window.wait(lambda: len(window.rows()) == 5, "five rows")
        window.click_row_at(0)
        window.click_row_at(-1, keys=["shift"])
        window.wait_text("^5 actions selected$")
        window.wait_text("^You have proposed 2 of 5 actions yourself, and this service asks for a second "
                         "person: somebody else must approve them. ")
        self.assertNotIn("sensitive", window.wait_for("button", "Approve", id="approve").states)
        self.assertIn("sensitive", window.wait_for("button", "Reject", id="reject").states)
        window.picture("second-person-many")
        window.click("button", "Narrow to the 3 that you may approve")
        window.wait_text("^3 actions selected$")
        window.click("button", "Approve")
        window.wait(lambda: all(self.service.action(one)["status"] != "pending" for one in others),
                    "the others to be approved")
        self.assertEqual(["pending"] * 2, [self.service.action(one)["status"] for one in mine])
        window.wait(lambda: len(window.rows()) == 2, "the two that are left")
        window.click_row_at(0)
        window.click_row_at(-1, keys=["shift"])
        window.wait_text("^You have proposed all of these yourself")


if __name__ == "__main__":
    unittest.main()
