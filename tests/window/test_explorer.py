# SPDX-License-Identifier: GPL-3.0-or-later
"""The Explorer and the submissions in the window: mail is found, acted on in steps, reported, and found
again from what an action is about."""
import unittest

from case import WindowCase
from cluster_case import DATE, FLAGS, letter
from service import Service, wait_until

SENDER = "billing@evil.test"


class Explorer(WindowCase):
    tap_class = "explorer"
    messages = 0
    users = 18
    size = (1280, 1000)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.free = iter(cls.lab.mailboxes)

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}",
                       settings={"second-person": int("second_person" in self._testMethodName)},
                       groups={"mail": self.lab.mail_config(look_seconds=0)})

    def setUp(self):
        super().setUp()
        self.mailboxes = [next(self.free), next(self.free)]
        self.id = f"<{self._testMethodName}@evil.test>"
        self.subject = f"Invoice {self._testMethodName[5:25]}"
        for mailbox in self.mailboxes:
            self.lab.append(mailbox, "INBOX", letter(self.id, sender=SENDER, subject=self.subject),
                            FLAGS, DATE)

    def there(self):
        return [sum(message.message_id == self.id for message in self.lab.messages(mailbox))
                for mailbox in self.mailboxes]

    def explore(self, role="responder", subject=None):
        """The window with what a search for the subject has found."""
        window = self.open(role)
        window.calm()
        if not window.find("list-item", "Explorer"):
            window.click(name="Navigation pane", type="GtkToggleButton")
        window.click("list-item", "Explorer")
        window.click(id="sender")
        window.type(SENDER)
        window.click(id="subject")
        window.type(subject or self.subject)
        window.press("Return")
        window.wait_text("found in 1[89] mailboxes$")
        return window

    def wizard(self, window, how, scope="Soft-deletes 2 messages in 2 mailboxes"):
        """From the selection to the review, which is shown."""
        window.click("button", "Take action…")
        window.wait_for(type="AcTakeActionWindow")
        window.click("button", "Next")
        window.wait_for(id="name")
        window.click(node=lambda: window.find(id=how))
        window.wait_for(id=how, state="checked")
        window.click("button", "Next")
        window.wait_text(scope)

    def test_what_is_found_is_taken_directly_and_undone(self):
        window = self.explore()
        window.wait_row(subject=self.subject, mailbox=self.mailboxes[0], location="INBOX")
        window.click("button", "Select all")
        window.wait_text("^2 of 2 messages selected$")
        self.wizard(window, "take")
        window.wait_text("What is not touched")
        window.wait_text("Undo brings back")
        self.assertEqual([1, 1], self.there())
        window.click("button", "Take action")
        window.wait_text("^The actions are under way$")
        wait_until(lambda: self.there() == [0, 0], "the messages to be moved")
        action, = self.service.request("GET", "/actions", role="reader").json["items"]
        self.assertEqual(("manual", "the.responder"), (action["source"], action["decidedBy"]))
        window.click("button", "Show the actions")
        window.wait_text(r"^Undo puts 2 messages in 2 mailboxes back\.$")
        self.service.wait_operation(self.service.decide("undo", [action["id"]]).json["id"])
        self.assertEqual([1, 1], self.there())

    def test_each_step_fits_a_narrow_window_with_large_text(self):
        """At 360 pixels and with text of twice the size nothing lies beyond the edge, and each button can be
        pressed."""
        self.addCleanup(self.desk.display.set_dpi, 96)
        self.desk.display.set_dpi(192)
        window = self.explore()
        window.click("button", "Select all")
        window.click("button", "Take action…")
        for step, buttons in (("what", ("Cancel", "Next")), ("name", ("Cancel", "Back", "Next")),
                              ("review", ("Cancel", "Back", "Propose"))):
            with self.subTest(step):
                self.assert_fits(window, buttons, f"wizard-{step}-large")
            if step != "review":
                window.click("button", "Next")

    def assert_fits(self, window, buttons, name):
        def own():
            return window.find(type="AcTakeActionWindow")

        def is_narrow():
            x, _, width, _ = own().box
            return round(2 * x + width) == 360
        window.settled("button", buttons[-1])
        _, entry = window.placed(own)
        self.desk.display.resize(entry[0], 360, 640)
        window.wait(is_narrow, lambda: f"a narrow window, not {own()}")
        window.calm()
        window.picture(name, own())
        edge = own().box[0] + own().box[2]
        beyond = [repr(node) for node in own().find_all(shown=False)
                  if node.box[0] + node.box[2] > edge + 1 or node.box[0] < own().box[0] - 1]
        self.assertEqual([], beyond)
        for button in buttons:
            self.assertIsNotNone(own().find("button", button), button)

    def test_a_reader_proposes_and_the_window_says_why_no_more(self):
        window = self.explore("reader")
        window.click("button", "Select all")
        window.click("button", "Take action…")
        window.click("button", "Next")
        window.wait_text("This needs the role Responder or Administrator")
        window.click("button", "Next")
        window.wait_text("Somebody who may approve it under Pending")
        window.click("button", "Propose")
        window.wait_text("^The actions are proposed$")
        action, = self.service.request("GET", "/actions", role="reader").json["items"]
        self.assertEqual("pending", action["status"])
        self.assertEqual([1, 1], self.there())

    def test_the_query_is_proposed_as_a_cluster_and_found_again_from_its_flyout(self):
        window = self.open()
        window.click("list-item", "Explorer")
        window.click(id="sender")
        window.type(SENDER)
        window.press("Return")
        window.wait_text(" found in 1[89] mailboxes$")
        window.click("button", "Select all")
        window.click("button", "Take action…")
        window.click(node=lambda: window.find(id="query"))
        window.wait_text("Only for messages that are selected one by one")
        window.click("button", "Next")
        window.wait_text("counted first, and approved when they are counted")
        window.click("button", "Next")
        window.wait_text("Everything like the search")
        window.click("button", "Propose")
        window.wait_text("The messages are being counted")
        window.click("button", "Approve when counted…")
        window.settled("button", "Approve")
        window.click("button", "Open in Explorer")
        window.wait_text(" found in 1[89] mailboxes$")
        window.wait_row(sender=SENDER)
        window.click("list-item", "Action center")
        window.wait_text("in [0-9]+ mailboxes, counted")
        self.assertEqual([1, 1], self.there())
        window.click("button", "Approve")
        wait_until(lambda: self.there() == [0, 0], "the messages to be moved")

    def test_who_needs_a_second_person_is_told_so_before(self):
        """The steps do not promise an approval that would be refused, and the button of who has proposed
        an action says why it is not for him; somebody else's can be pressed."""
        window = self.open()
        window.click("list-item", "Explorer")
        window.click(id="sender")
        window.type(SENDER)
        window.press("Return")
        window.wait_text("found in 1[89] mailboxes$")
        window.click("button", "Select all")
        self.wizard(window, "propose", "Soft-deletes [0-9]+ messages")
        window.wait_text("^Somebody else who may approve it under Pending")
        window.click("button", "Back")
        window.wait_text("^This service asks for a second person")
        self.assertNotIn("sensitive", window.find(id="take").states)
        window.click("button", "Back")
        window.click(node=lambda: window.find(id="query"))
        window.wait_for(id="query", state="checked")
        window.click("button", "Next")
        window.wait_text("^This service asks for a second person")
        window.click("button", "Next")
        window.wait_text("Everything like the search")
        window.click("button", "Propose")
        window.wait_text("somebody who may can approve them under Pending")
        # It is as wide as at its beginning, whatever its steps have to say.
        window.calm()
        self.assertEqual(520, window.find(type="AcTakeActionWindow").box[2])
        window.wait_for("button", "Show the actions")
        window.press("Escape")
        window.wait_gone(type="AcTakeActionWindow")
        window.click("list-item", "Action center")
        window.click_row(status="Pending")
        window.wait_text("^You have proposed this yourself")
        window.wait_text("in [0-9]+ mailboxes, counted")
        self.assertNotIn("sensitive", window.wait_for("button", "Approve").states)
        window.settled("button", "Reject")
        window.calm()
        window.picture("second-person")
        # What is told in two lines does not run into what follows.
        facts = list(window.find(type="AcTargetsView").find_all(type="AcFactRow"))
        look = window.find("button", "Count anew")
        self.assertEqual(2, len(facts))
        self.assertLessEqual(facts[-1].box[1] + facts[-1].box[3], look.box[1])
        window.close()
        window = self.open("admin")
        window.click_row(status="Pending")
        window.settled("button", "Approve")

    def test_enter_leads_through_the_steps(self):
        """From the choices and from what is typed to the proposal. What is done at once is pressed on purpose:
        there Enter stops at the review."""
        window = self.explore()
        window.click("button", "Select all")
        for how, last in (("take", "Take action"), ("propose", "Propose")):
            window.click("button", "Take action…")
            window.wait_for(id="soft_delete", state="focused")
            window.press("Return")
            window.wait_for(id="name")
            window.wait_focus(lambda focus: "name" in [node.id for node in focus.ancestors()], "the name")
            window.type(f"By keyboard, {how}")
            if how == "take":
                window.click(node=lambda: window.find(id="take"))
                window.wait_for(id="take", state="checked")
            window.press("Return")
            window.wait_text("Soft-deletes 2 messages in 2 mailboxes")
            window.wait_text(f"^By keyboard, {how}$")
            window.settled("button", last)
            window.press("Return")
            if how == "take":
                window.calm()
                window.wait_text("Soft-deletes 2 messages in 2 mailboxes")
                self.assertEqual([], self.service.request("GET", "/actions", role="reader").json["items"])
                window.press("Escape")
                window.wait_gone(type="AcTakeActionWindow")
        window.wait_text("^The actions are proposed$")
        self.assertEqual([1, 1], self.there())

    def test_no_search_and_a_search_for_nothing_say_so(self):
        window = self.open("reader")
        window.click("list-item", "Explorer")
        window.wait_text("Search the mailboxes")
        window.click("button", "Search")
        window.wait_text("^Say what to look for first.$")
        window.click(id="recipient")
        window.type("nobody")
        window.press("Return")
        window.wait_text("^The recipient must be an address")
        window.type("@nowhere.test")
        window.press("Return")
        window.wait_text("^No messages found$")
        window.click("button", "Clear")
        window.wait_text("Search the mailboxes")

    def test_a_search_is_stopped_and_mailboxes_that_cannot_be_searched_are_named(self):
        window = self.open("reader")
        window.click("list-item", "Explorer")
        window.click(id="sender")
        window.type(SENDER)
        with self.lab.paused():
            window.press("Return")
            window.wait_text("^Searching")
            window.click("button", "Stop")
            window.wait_text("^Stopped")
        self.lab.kill9()
        self.addCleanup(self.lab.restart)
        window.click("button", "Search")
        window.wait_text("mailboxes were not searched to their end$")

    def test_a_message_is_reported_from_the_explorer_and_answered(self):
        window = self.explore()
        window.click_row_at(0)
        window.wait_text("^1 of 2 messages selected$")
        window.wait_text(self.id)
        window.click("button", "Report…")
        window.wait_for(type="AcSubmissionWindow")
        window.wait_for(id="threat", state="focused")
        window.click("button", "Report")
        window.wait_gone(type="AcSubmissionWindow")
        window.wait_text("^Reported\\. The answer will stand under Submissions\\.$")
        window.click("list-item", "Submissions")
        window.wait_text(r"^Threat \(Phish\) · the.responder · Waiting for review$")
        window.close()
        window = self.open("admin")
        window.click("list-item", "Submissions")
        window.click(node=lambda: window.find("label", self.subject))
        window.wait_for(type="AcSubmissionDetails")
        window.click(id="answer")
        window.type("A false sender")
        window.click("button", "Agree")
        # What was typed reads like the answer.
        window.wait_text("^Agreed$")
        window.wait_text("^A false sender$")
        window.press("Escape")
        window.wait_text("Agreed$")
        listed, = self.service.request("GET", "/submissions", role="reader").json["items"]
        self.assertEqual(("agreed", "A false sender"), (listed["state"], listed["resultComment"]))


class Submissions(WindowCase):
    tap_class = "submissions"
    mail = False

    def test_a_new_submission_asks_for_what_it_is_about(self):
        """A link, a Message-ID or a SHA-256, as the kind says."""
        window = self.open()
        window.click("list-item", "Submissions")
        window.click("button", "New submission…")
        window.wait_for("text-box", "Link")
        for kind, name in (("A message", "Message-ID"), ("A file", "SHA-256 of the file"), ("A link", "Link")):
            window.click(id="kind")
            window.click(node=lambda: next(  # noqa: B023
                (node for node in window.find_all("label", kind) if node.css == "label" and  # noqa: B023
                 any(one.css == "listview" for one in node.ancestors())), None))
            window.wait_for("text-box", name)
            window.wait_text(f"^{name}$")


if __name__ == "__main__":
    unittest.main()
