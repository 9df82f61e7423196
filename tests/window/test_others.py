# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people and other roles: what the window shows of decisions that somebody else took, and of
decisions that this person may not take."""
import datetime
import re
import unittest

from case import WindowCase
from display import wait_until
from proxy import Proxy


class Others(WindowCase):
    mail = False
    tap_class = "others"

    def setUp(self):
        super().setUp()
        self.service.add_token("admin", "m.rossi")
        self.ids = [action["id"] for action in self.service.post_investigation(3)["actions"]]

    def decide_elsewhere(self, decision, ids):
        """Another analyst decides over the API."""
        self.assertEqual(
            self.service.decide(decision, ids, role="m.rossi").status, 202)

    def test_a_decision_taken_elsewhere_shows_who_and_when(self):
        """The flyout of an action that somebody else decides says who and when, and its buttons go."""
        window = self.open()
        subject = self.service.action(self.ids[0])["entity"]["subject"]
        window.click_row(details=subject)
        window.settled("button", "Approve")
        self.decide_elsewhere("reject", [self.ids[0]])
        said = window.wait_text(r"Rejected by m\.rossi at \d\d:\d\d")
        decided_at = datetime.datetime.fromisoformat(
            self.service.action(self.ids[0])["decidedAt"].replace("Z", "+00:00"))
        self.assertIn(decided_at.strftime("%H:%M"), said)
        window.wait_gone("button", "Approve")
        self.counts(window, 2, 1)

    def test_the_loser_of_a_race_is_told_who_won(self):
        """Who clicks Approve before having heard of somebody else's decision is told that one, with
        name and time, and nothing is decided twice."""
        proxy = Proxy(self.service.url)
        self.addCleanup(proxy.close)
        window = self.desk.open_window(proxy.url, self.service.token("responder"))
        subject = self.service.action(self.ids[1])["entity"]["subject"]
        window.click_row(details=subject)
        window.settled("button", "Approve")
        proxy.hold_back(lambda method, path: method == "GET")
        self.decide_elsewhere("reject", [self.ids[1]])
        window.click("button", "Approve")
        window.wait_text(r"Already rejected by m\.rossi at \d\d:\d\d")
        proxy.release()
        window.wait_text(r"Rejected by m\.rossi at \d\d:\d\d")
        action = self.service.action(self.ids[1])
        self.assertEqual((action["status"], action["decidedBy"]), ("rejected", "m.rossi"))
        self.assertEqual([entry["event"] for entry in action["timeline"]
                          if entry["event"] in ("approve", "reject")], ["reject"])

    def approve_slowly(self):
        """Approves an action; the service does not hear of it yet."""
        proxy = Proxy(self.service.url, streams=True)
        self.addCleanup(proxy.close)
        window = self.desk.open_window(proxy.url, self.service.token("responder"))
        window.click_row(details=self.service.action(self.ids[1])["entity"]["subject"])
        window.settled("button", "Approve")
        proxy.hold_back(lambda method, path: method == "POST")
        window.click("button", "Approve")
        window.wait(lambda: proxy.held == 1, "the decision to be on its way")
        return window, proxy

    def ends(self, window):
        wait_until(lambda: window.process.poll() is not None, "the window to be closed")

    def test_a_window_that_is_closed_sends_its_decision_first(self):
        """Closing it, or the program, loses no decision: it closes when the service has that."""
        for key in ("ctrl+w", "ctrl+q"):
            window, proxy = self.approve_slowly()
            window.press(key)
            window.wait_text(r"^Your decision is being sent\. The window closes as soon as ")
            window.press(key)
            window.press(key)
            window.calm()
            self.assertEqual("pending", self.service.action(self.ids[1])["status"])
            proxy.release()
            self.ends(window)
            self.assertNotEqual("pending", self.service.action(self.ids[1])["status"])
            window.close()
            self.ids.pop(1)

    def test_a_window_that_could_not_send_its_decision_stays(self):
        """It says what became of it, and closes when it is closed again."""
        window, proxy = self.approve_slowly()
        window.press("ctrl+w")
        window.wait_text(r"^Your decision is being sent\.")
        self.decide_elsewhere("reject", [self.ids[1]])
        proxy.release()
        window.wait_text(r"Already rejected by m\.rossi at \d\d:\d\d")
        window.wait_gone("label", re.compile(r"^Your decision is being sent\."))
        window.calm()
        window.press("ctrl+w")
        self.ends(window)

    def test_who_does_not_want_to_wait_for_a_decision_says_so(self):
        """A button closes the window at once."""
        window, proxy = self.approve_slowly()
        window.press("ctrl+w")
        window.wait_text(r"^Your decision is being sent\.")
        window.click(node=lambda: window.find(css="toast").find("button", re.compile("Close anyway$")))
        self.ends(window)
        self.assertEqual("pending", self.service.action(self.ids[1])["status"])

    def test_what_is_in_progress_is_only_said_once_it_is_known(self):
        """Before the service has answered, nobody knows that it is nothing."""
        proxy = Proxy(self.service.url, streams=True)
        self.addCleanup(proxy.close)
        proxy.hold_back(lambda method, path: "/operations?" in path)
        window = self.desk.open_window(proxy.url, self.service.token("responder"))
        window.wait_row(status="Pending")
        window.press("ctrl+3")
        window.wait_text(r"^The service is being asked…$")
        self.assertNotIn("Nothing is in progress", window.texts())
        proxy.release()
        window.wait_text(r"^Nothing is in progress$")

    def report(self, subject, role="m.rossi"):
        answer = self.service.request("POST", "/submissions", {
            "entity": {"type": "emailMessage", "messageId": f"<{subject}@x.test>", "subject": subject},
            "assessment": "unsure"}, role=role)
        self.assertEqual(201, answer.status, answer)
        return answer.json

    def answer(self, submission, comment):
        answer = self.service.request("POST", f"/submissions/{submission['id']}/result",
                                      {"state": "agreed", "comment": comment}, role="admin")
        self.assertEqual(200, answer.status, answer)

    def go_to_rows(self, window):
        """With the keyboard, past what stands before the list."""
        for _ in range(12):
            before = window.focus()
            if before is not None and before.type == "AcSubmissionRow":
                return
            window.press("Tab")
            window.wait(lambda one=before: repr(window.focus()) != repr(one), "the focus to go on")
        self.fail("no row was reached")

    def test_what_somebody_else_reports_and_is_answered_shows_by_itself(self):
        """The list of submissions follows others without a click; whoever stands on a row stays on it, and
        the details of a submission that somebody answers show the answer."""
        window = self.open("reader")
        window.click("list-item", "Submissions")
        window.wait_text("^No submissions found$")
        first = self.report("first")
        window.wait_text("^Unsure · m.rossi · Waiting for review$")
        window.wait_text("^first$")
        self.go_to_rows(window)
        self.report("second")
        window.wait_text("^second$")
        rows = window.find_all(type="AcSubmissionRow")
        self.assertEqual(["second", "first"], [row.texts()[0] for row in rows])
        self.assertEqual([False, True], ["focused" in row.states for row in rows])
        self.answer(first, "So it is")
        window.wait_text("^Unsure · m.rossi · Agreed$")
        window.press("Return")
        window.wait_text("^So it is$")
        self.answer(first, "It is not, after all")
        window.wait_text("^It is not, after all$")
        window.press("Escape")
        window.wait_gone(type="AcSubmissionDetails")
        # What is not in view asks when it is.
        window.click("list-item", "Action center")
        window.wait_row(status="Pending")
        self.report("third")
        window.click("list-item", "Submissions")
        window.wait_text("^third$")

    def open_through(self, role):
        """The list of submissions, by way of a proxy that hands on what the service tells."""
        proxy = Proxy(self.service.url, streams=True)
        self.addCleanup(proxy.close)
        window = self.desk.open_window(proxy.url, self.service.token(role))
        window.click("list-item", "Submissions")
        return window, proxy

    def test_an_open_submission_shows_what_is_newest_and_disturbs_nobody(self):
        """It is asked for once, however many changes there are; what the service had said before it was
        answered here does not take the place of that; and who reads a fact goes on reading it."""
        first = self.report("first")
        window, proxy = self.open_through("admin")
        window.wait_text("^first$")

        def asked():
            return sum(path.endswith(f"/submissions/{first['id']}") for _, path in proxy.seen)

        def state():
            return window.find(type="AcSubmissionDetails").texts()
        proxy.hold_back(lambda method, path: method == "GET" and path.endswith(first["id"]), answers=True)
        window.click(node=lambda: window.find("label", "first"))
        window.wait_for(type="AcSubmissionDetails")
        window.wait(lambda: proxy.held == 1, "the submission to be asked for")
        for subject in ("second", "third", "fourth"):
            self.report(subject)
        window.wait_text("^fourth$", shown=False)
        self.assertEqual(1, asked())
        window.click("button", "Agree")
        window.wait_text("^Agreed$")
        window.wait(lambda: proxy.held == 2, "the submission to be asked for again")
        proxy.release()
        self.answer(first, "So it is")
        window.wait_text("^So it is$")
        self.assertNotIn("Waiting for review", state())
        # From the answer to what can be copied.
        window.click(id="answer")
        for _ in range(20):
            before = window.focus()
            if before is not None and any(node.type == "AcFactRow" for node in before.ancestors()):
                break
            window.press("shift+Tab")
            window.wait(lambda one=before: repr(window.focus()) != repr(one), "the focus to go on")
        else:
            self.fail("no fact was reached")
        window.calm()
        before = window.focus()
        n_asked, facts = asked(), state()
        self.report("fifth")
        window.wait_text("^fifth$", shown=False)
        window.wait(lambda: asked() > n_asked, "the submission to be asked for")
        window.calm()
        self.assertEqual(repr(before), repr(window.focus()))
        self.assertEqual(facts, state())

    def test_whoever_wants_to_see_more_submissions_sees_them(self):
        """Also when somebody reports at that moment."""
        for number in range(101):
            self.report(f"report {number}")
        window, proxy = self.open_through("reader")
        window.wait_text("^report 100$")
        self.go_to_rows(window)
        window.press("End")
        window.wait_text("^report 1$")
        proxy.hold_back(lambda method, path: "cursor=" in path and "submissions" in path)
        window.press("Tab")
        window.wait_focus(lambda focus: focus.name == "Show more", "the way to more")
        window.press("space")
        window.wait(lambda: proxy.held == 1, "more to be asked for")
        new = self.report("new")
        window.wait(lambda: new["id"].encode() in proxy.streamed, "the window to hear of the new one")
        window.calm()
        proxy.release()
        window.wait_text("^report 0$", shown=False)
        window.wait_text("^new$", shown=False)
        rows = window.find_all(type="AcSubmissionRow", shown=False)
        self.assertEqual(["new"] + [f"report {number}" for number in reversed(range(101))],
                         [row.texts()[0] for row in rows])

    def test_a_reader_sees_why_nothing_can_be_decided(self):
        """The buttons of a reader are there, cannot be pressed, and beside them stands which role
        may."""
        window = self.open("reader")
        subject = self.service.action(self.ids[2])["entity"]["subject"]
        window.click_row(details=subject)
        for name in ("Approve", "Reject"):
            self.assertNotIn("sensitive", window.wait_for("button", name).states, name)
        window.wait_text(re.escape("Your role, Reader, may look but not decide. Deciding needs the "
                                   "role Responder."))
        window.press("a", "Return")
        approve = window.wait_for("button", "Approve")
        window.display.click(*window.place(approve))
        window.calm()
        self.assertEqual(self.service.action(self.ids[2])["status"], "pending")


if __name__ == "__main__":
    unittest.main()
