# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions by pointer, and what comes of them on the mail server: each message is looked for over
IMAP, as its owner sees it and as the master user does."""
import re
import sqlite3
import time
import unittest

from case import HastyLab, OneConnectionLab, WindowCase
from proxy import Proxy
from service import Service

MANY = 25


class DecisionCase(WindowCase):
    def propose_and_open(self, count, **more):
        """Proposes to soft-delete so many messages and opens the window on them."""
        self.found = self.find_messages(count)
        self.ids = self.propose(self.found, **more)
        self.before = self.mail_now()
        self.window = self.open()
        self.counts(self.window, count, 0)

    def statuses(self):
        return [self.service.action(action_id)["status"] for action_id in self.ids]

    def with_status(self, status):
        """The messages whose action has this status."""
        return [message for message, now in zip(self.found, self.statuses()) if now == status]

    def select_from(self, index, count):
        """Selects the rows from this one to the last: a click, then one with Shift held down."""
        self.window.click_row_at(index)
        self.window.click_row_at(-1, keys=["shift"])
        self.window.wait_text(f"^{count} actions selected$")

    def approve_one(self):
        """Proposes, approves and waits until the only action is under History."""
        self.propose_and_open(1)
        self.window.click_row_at(0)
        self.window.click("button", "Approve")
        self.window.wait_text(r"^1 action approved$")
        self.counts(self.window, 0, 1)

    def toast_button(self, name):
        # GTK names a button by its label with the mnemonic's underscore.
        toast = self.window.find(css="toast")
        return toast and toast.find("button", re.compile(f"^_?{name}$"))

    def hold_toast(self, name):
        """Moves the pointer onto a button of the toast, which stays for as long as it is there."""
        def find():
            return self.toast_button(name)
        self.window.hover(find, self.window.settled(node=find, what=f"{name} in the toast"))


class One(DecisionCase):
    tap_class = "decide-one"

    def test_an_approved_message_lies_where_only_the_master_user_sees_it(self):
        """Approve moves the message, and no other, to the recoverable folder; the action goes from
        Pending to History, and the flyout says from which folder it was moved."""
        self.approve_one()
        self.assertEqual(self.statuses(), ["completed"])
        self.assert_moved(self.before, self.found)
        self.window.wait_text(rf"^Moved from “{self.found[0].folder}” to the recoverable folder")
        self.window.wait(lambda: "Approved · the.responder" in [row[0] for row in self.timeline()],
                         lambda: f"the decision in the timeline {self.timeline()}")
        self.open_tab(self.window, "History")
        self.window.wait_row(status="Completed")
        action = self.service.action(self.ids[0])
        self.assertEqual(("approve", "the.responder"), (action["decision"], action["decidedBy"]))
        self.assertGreaterEqual(action["decidedAt"], action["createdAt"])

    def test_what_undo_can_do_is_said_before_the_approval(self):
        """The flyout says of a pending action what undo brings back, how long, and what it cannot; once
        it is rejected there is nothing to undo, and it says nothing of that."""
        self.propose_and_open(1)
        self.window.click_row_at(0)
        self.window.wait_text(r"^What undo can do$")
        self.window.wait_text(r"^The message, in the folder that it came from, with its flags")
        self.window.wait_text(r"^For a year at least, while the message lies in the recoverable")
        self.window.wait_text(r"^What was read, copied or forwarded before; ", shown=False)
        self.window.click("button", "Reject")
        self.window.wait_text(r"^1 action rejected$")
        self.window.wait_gone("label", "What undo can do")

    def test_a_rejected_message_stays_where_it_is(self):
        """Reject touches no mailbox; the action goes to History and says who rejected it."""
        self.propose_and_open(2)
        self.window.click_row_at(0)
        self.window.click("button", "Reject")
        self.window.wait_text(r"^1 action rejected$")
        self.window.wait_text(r"^Rejected by the\.responder at \d\d:\d\d")
        self.counts(self.window, 1, 1)
        self.assertEqual(sorted(self.statuses()), ["pending", "rejected"])
        self.assert_as_before(self.before)

    def wait_for_answer(self, since):
        """Keys answer a question only when it has stood for a moment."""
        self.window.wait(lambda: time.monotonic() > since + 0.7, "the question to have stood for a moment")

    def test_a_key_that_is_held_does_not_answer_what_it_has_asked(self):
        """Enter on Reject asks; as long as it comes again and again, by itself or from a worn key, nothing
        is rejected."""
        self.propose_and_open(2)
        window = self.window
        self.select_from(0, 2)
        window.settled("button", "Reject")
        window.press("r")
        window.wait_for("button", "Reject", state="focused")
        window.display.tool("key", "--delay", 60, *["Return"] * 40)
        window.wait_for("button", "Reject 2 actions for good", state="focused")
        window.calm()
        # It has looked at all of them by now.
        pressed = time.monotonic()
        self.assertEqual(["pending"] * 2, self.statuses())
        self.wait_for_answer(pressed)
        window.press("Return")
        window.wait_text(r"^2 actions rejected$")

    def test_several_are_rejected_when_that_was_said_twice(self):
        """Nothing brings a rejection back: the first press of Reject asks, with the number; another
        selection takes the question away, and only the second press rejects."""
        self.propose_and_open(3)
        window = self.window
        self.select_from(0, 3)
        window.click("button", "Reject")
        window.wait_for("button", "Reject 3 actions for good", state="focused")
        window.click_row_at(0)
        window.wait_gone("button", re.compile("for good$"))
        self.select_from(1, 2)
        window.click("button", "Reject")
        window.wait_for("button", "Reject 2 actions for good", state="focused")
        shown = time.monotonic()
        window.wait_text("^Reject leaves 2 messages in ")
        window.picture("reject-several")
        self.assertEqual(["pending"] * 3, self.statuses())
        self.wait_for_answer(shown)
        window.press("Return")
        window.wait_text(r"^2 actions rejected$")
        self.counts(window, 1, 2)
        self.assertEqual(["pending", "rejected", "rejected"], sorted(self.statuses()))
        self.assert_as_before(self.before)

    def test_an_undone_message_is_back_as_it_was(self):
        """Undo under History puts the message back into its folder with the same bytes, flags,
        keywords and date; it cannot be undone again, and the flyout says so."""
        self.approve_one()
        self.open_tab(self.window, "History")
        self.window.click_row_at(0)
        self.window.wait_text(r"^Undo puts 1 message in 1 mailbox back")
        self.window.click("button", "Undo", id="undo")
        self.window.wait_text(r"^1 action undone$")
        self.window.wait_row(status="Undone")
        self.window.wait_text(rf"^Moved back to “{self.found[0].folder}”")
        self.assertEqual(self.statuses(), ["undone"])
        self.assert_as_before(self.before)
        self.window.wait_text(r"It cannot be undone a second time")

    def test_undo_in_the_toast_undoes_what_the_toast_tells_of(self):
        """The toast after an approval offers Undo; a click there brings the message back as it was."""
        self.approve_one()
        self.hold_toast("Undo")
        self.assert_moved(self.before, self.found)
        self.window.click(node=lambda: self.toast_button("Undo"))
        self.window.wait_text(r"^1 action undone$")
        self.assertEqual(self.statuses(), ["undone"])
        self.assert_as_before(self.before)

    def test_what_cannot_be_undone_gets_a_toast_without_undo(self):
        """After a rejection there is nothing to undo, and the toast does not offer it."""
        self.propose_and_open(1)
        self.window.click_row_at(0)
        self.window.click("button", "Reject")
        toast = self.window.wait_for(css="toast")
        self.assertIsNone(toast.find("button", re.compile("Undo"), shown=False))

    def test_a_comment_goes_into_the_timeline(self):
        """What is written beside the decision is kept with it: in the timeline that the window shows,
        and on the service; afterwards the entry is empty for the next one."""
        comment = "Reported by two people, see ticket 4711; asked carol@example.test!"
        self.propose_and_open(1)
        self.window.click_row_at(0)
        self.window.click("text-box", "Comment")
        self.window.type(comment)
        self.window.click("button", "Approve")
        self.window.wait_text(r"^1 action approved$")
        row = self.window.wait(
            lambda: next((row for row in self.timeline() if comment in row), None),
            lambda: f"the comment in the timeline {self.timeline()}")
        self.assertEqual(row[0], "Approved · the.responder")
        self.assertEqual([entry["comment"] for entry in self.service.action(self.ids[0])["timeline"]
                          if entry["event"] == "approve"], [comment])
        self.window.wait(lambda: self.window.find("text-box", "Comment").text == "",
                         "the entry to be empty")

    def timeline(self):
        """The texts of each row of the timeline in the flyout, shown or scrolled out of sight."""
        return [node.texts() for toplevel in self.window.look()
                for node in toplevel.find_all(css="timelinerow", shown=False)]


class Many(DecisionCase):
    tap_class = "decide-many"

    def test_all_that_are_selected_are_approved_and_no_other(self):
        """25 of 27 selected with two clicks: those 25 messages are moved in one go, the other two
        wait on, and before the click stood how many messages in how many mailboxes that is."""
        self.propose_and_open(MANY + 2)
        self.select_from(2, MANY)
        self.window.wait_text(rf"^Approve moves {MANY} messages in 3 mailboxes")
        self.window.click("button", "Approve")
        self.window.wait_text(rf"^{MANY} actions approved$")
        self.counts(self.window, 2, MANY)
        moved = self.with_status("completed")
        self.assertEqual(len(moved), MANY)
        self.assertEqual(self.statuses().count("pending"), 2)
        self.assert_moved(self.before, moved)

    def test_all_that_are_selected_are_undone_and_no_other(self):
        """25 of 27 approved actions selected under History and undone in one go: 25 messages are back
        as they were, two stay in the recoverable folder."""
        self.propose_and_open(MANY + 2)
        self.select_from(0, MANY + 2)
        self.window.click("button", "Approve")
        self.window.wait_text(rf"^{MANY + 2} actions approved$")
        self.counts(self.window, 0, MANY + 2)
        self.open_tab(self.window, "History")
        self.window.click_row_at(2)
        # The toast may lie over the last row still.
        self.window.press("shift+End")
        self.window.wait_text(rf"^{MANY} actions selected$")
        self.window.wait_text(rf"^Undo puts {MANY} messages in 3 mailboxes back")
        self.window.click("button", "Undo", id="undo")
        self.window.wait_text(rf"^{MANY} actions undone$")
        self.assertEqual(self.statuses().count("undone"), MANY)
        self.assert_moved(self.before, self.with_status("completed"))
        # Those that were not undone were updated longest ago.
        self.window.click_row_at(-1)
        self.window.click("button", "Undo", id="undo")
        self.window.wait(lambda: self.statuses().count("undone") == MANY + 1, "one more to be undone")
        self.assert_moved(self.before, self.with_status("completed"))

    def test_progress_is_shown_while_the_mail_server_works(self):
        """While an operation is under way the flyout and the line at the foot say how many wait; the
        line stays when one looks at something else, and goes when all is done."""
        self.propose_and_open(5)
        self.select_from(0, 5)
        with self.lab.paused():
            self.window.click("button", "Approve")
            self.window.wait_text(r"^Approving 5 actions$")
            self.window.wait_text(r"^5 waiting$")
            self.window.wait_for("progress-bar")
            self.window.click("button", "Close the details")
            self.window.wait_text(r"^Approving 5 actions: 5 waiting$")
            self.open_tab(self.window, "History")
            self.window.wait_text(r"^Approving 5 actions: 5 waiting$")
            self.assert_as_running()
        self.window.wait_text(r"^5 actions approved$")
        self.window.wait_gone("progress-bar")
        self.window.wait(lambda: [row["Status"] for row in self.window.rows()] == ["Completed"] * 5,
                         "the rows to say that they are completed")
        self.assert_moved(self.before, self.found)

    def assert_as_running(self):
        self.window.wait(lambda: {row["Status"] for row in self.window.rows()} <=
                         {"Queued", "Running"} and len(self.window.rows()) == 5,
                         lambda: f"the rows to be queued or running: {self.window.rows()}")

    def test_an_undo_of_several_types_says_that_it_takes_one(self):
        """Undo takes actions of one type. With two types selected the button cannot be pressed, the
        flyout says why, and offers to narrow the selection to one type; then it works."""
        self.found = self.find_messages(4)
        self.ids = self.propose(self.found)
        self.before = self.mail_now()
        self.service.wait_operation(self.service.decide("approve", self.ids).json["id"])
        self.make_quarantine(self.ids[0])
        self.window = self.open()
        self.open_tab(self.window, "History")
        self.select_from(0, 4)
        self.window.wait_text(r"^The selected actions are of several types\. Undo takes actions of one "
                              r"type only; narrow the selection\.$")
        self.assertNotIn("sensitive", self.window.wait_for("button", "Undo", id="undo").states)
        self.window.click("button", "Narrow to Soft delete email (3)")
        self.window.wait_text(r"^3 actions selected$")
        self.window.wait_text(r"^Undo puts 3 messages in \d mailbox(es)? back")
        self.window.click("button", "Undo", id="undo")
        self.window.wait_text(r"^3 actions undone$")
        self.assertEqual(self.statuses(), ["completed", "undone", "undone", "undone"])
        self.assert_moved(self.before, self.found[:1])

    def test_an_approval_of_several_types_offers_no_undo_that_would_be_refused(self):
        """Of several types approved together the toast offers no Undo, and the flyout says how to undo
        them."""
        self.propose_and_open(2)
        mailbox = self.lab.mailboxes[0]
        with self.lab.sieve(mailbox) as owner:
            owner.put("main", b'redirect "drop@evil.test";', active=True)
        answer = self.service.post_investigation([{
            "type": "turnOffMailForwarding", "verdict": "suspicious", "assets": [mailbox],
            "reason": "It forwards to outside.", "entity": {"type": "mailbox", "address": mailbox}}])
        forwarding = answer["actions"][0]["id"]
        self.window.wait(lambda: self.service.action(forwarding)["targets"].get("digest"), "the scripts")
        self.counts(self.window, 3, 0)
        self.select_from(0, 3)
        self.window.click("button", "Approve")
        self.window.wait_text(r"^3 actions approved$")
        self.window.wait_text(r"^These actions are of several types\. Undo them under History, one type "
                              r"at a time\.$")
        self.assertIsNone(self.window.find("button", re.compile("Undo")))
        self.ids += [action["id"] for action in answer["actions"]]
        self.assertEqual(self.statuses(), ["completed"] * 3)

    def make_quarantine(self, action_id):
        """Makes a completed action one of another type, which no responder of this service carries
        out yet; so it is written into the database while the service is down."""
        self.service.stop()
        with sqlite3.connect(self.service.database) as database:
            database.execute("UPDATE actions SET type = 'quarantineEmail' WHERE id = ?", [action_id])
        database.close()
        self.service.start()


class OneByOne(DecisionCase):
    tap_class = "decide-stop"

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}", lab=OneConnectionLab(self.lab))

    def test_stop_in_the_middle_says_what_was_done_and_undoes_it(self):
        """Stop, while the mail server works on the first mailbox: what has not begun waits for a
        decision again, what had begun is finished and listed, and Undo brings just that back."""
        self.propose_and_open(6)
        self.select_from(0, 6)
        with self.lab.paused():
            self.window.click("button", "Approve")
            self.window.wait_text(r"^Approving 6 actions: 6 waiting$|^6 waiting$")
            self.window.wait(lambda: "running" in self.statuses(), "the first mailbox to be begun")
            begun = self.statuses().count("running")
            self.window.click("button", "Stop")
            self.window.wait(lambda: self.statuses().count("pending") == 6 - begun,
                             "the rest to wait for a decision again")
            self.window.wait_gone("button", "Stop")
        self.window.wait_text(rf"^{6 - begun} actions? taken back; .* for a decision again\. "
                              rf"Before that: {begun} done$")
        self.hold_toast("Undo")
        self.window.wait_text(r"^What had begun before$")
        self.assertEqual(begun, self.statuses().count("completed"))
        self.assert_moved(self.before, self.with_status("completed"))
        self.counts(self.window, 6 - begun, begun)
        self.window.click(node=lambda: self.toast_button("Undo"))
        self.window.wait_text(rf"^{begun} actions? undone$")
        self.assertEqual((6 - begun, begun),
                         tuple(self.statuses().count(name) for name in ("pending", "undone")))
        self.assert_as_before(self.before)


class Overtaking(DecisionCase):
    """A decision about many that takes long, and what is decided meanwhile."""

    tap_class = "decide-overtaking"

    def approve_most(self, count):
        """Opens the window on so many, and approves all but one; the window does not hear from the
        service how far that is."""
        self.found = self.find_messages(count)
        self.ids = self.propose(self.found)
        self.proxy = Proxy(self.service.url, streams=True)
        self.addCleanup(self.proxy.close)
        self.window = self.desk.open_window(self.proxy.url, self.service.token("responder"))
        self.counts(self.window, count, 0)
        asked = []

        def is_first(method, path):
            if method == "GET" and "/operations/" in path:
                asked.append(path.partition("?")[0])
                return path.startswith(asked[0])
            return False
        self.proxy.hold_back(is_first)
        self.select_from(1, count - 1)
        self.window.click("button", "Approve")
        self.window.wait(lambda: self.statuses().count("completed") == count - 1,
                         "the service to have done what was approved")
        self.counts(self.window, 1, count - 1)

    def test_ctrl_z_undoes_what_was_decided_last(self):
        """Not what ended last: the many that were approved before stay approved."""
        self.approve_most(3)
        last, = [one for one in self.ids if self.service.action(one)["status"] == "pending"]
        self.window.click_row_at(0)
        self.window.click("button", "Approve")
        self.window.wait_text(r"^1 action approved$")
        self.proxy.release()
        self.window.wait_text(r"^2 actions approved$")
        self.window.press("ctrl+z")
        self.window.wait_text(r"^1 action undone$")
        self.assertEqual("undone", self.service.action(last)["status"])
        self.assertEqual(2, self.statuses().count("completed"))
        # There is nothing more that Ctrl+Z means.
        self.window.press("ctrl+z")
        self.window.calm()
        self.assertEqual(2, self.statuses().count("completed"))

    def test_what_is_done_can_be_undone_while_others_of_the_decision_wait(self):
        """Whether an action takes a decision is said by its own status, however long the rest takes."""
        self.approve_most(3)
        self.open_tab(self.window, "History")
        self.window.click_row_at(0)
        self.window.wait_for("button", "Undo", state="sensitive")
        self.window.wait_text(r"^Approving 2 actions")
        self.window.click("button", "Undo")
        self.window.wait_text(r"^1 action undone$")
        self.assertEqual(["completed", "pending", "undone"], sorted(self.statuses()))


class Failing(DecisionCase):
    tap_class = "decide-failing"
    users = 2
    messages = 10

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}", lab=HastyLab(self.lab))

    def tearDown(self):
        if self.lab.process is None:
            self.lab.restart()

    def test_a_mail_server_that_is_gone_is_named_with_what_to_do(self):
        """When the mail server is down, the toast, the list and the flyout say that it failed, why,
        and what to do; Retry does it once the server is back."""
        self.propose_and_open(1)
        self.window.click_row_at(0)
        self.window.settled("button", "Approve")
        self.lab.kill9()
        self.window.click("button", "Approve")
        self.window.wait_text(r"^1 action approved: 1 failed$")
        self.assertEqual(self.statuses(), ["failed"])
        self.window.wait_text(r"mail server.*(Check|try again)")
        self.window.wait_text(r"It failed, so there is nothing to undo\. It can be tried again")
        self.open_tab(self.window, "History")
        self.window.wait_row(status="Failed")
        self.lab.restart()
        self.assert_as_before(self.before)
        self.window.click_row_at(0)
        self.window.click("button", "Retry")
        self.window.wait_text(r"^1 action retried$")
        self.window.wait_row(status="Completed")
        self.assert_moved(self.before, self.found)

    def test_of_many_the_failed_ones_are_listed_and_tried_again(self):
        """When an operation on many fails, the flyout lists each with its reason and offers to try
        just those again."""
        self.propose_and_open(4)
        self.select_from(0, 4)
        self.window.settled("button", "Approve")
        self.lab.kill9()
        self.window.click("button", "Approve")
        self.window.wait_text(r"^4 actions approved: 4 failed$")
        self.window.wait_text(r"^Not done$")
        self.window.wait_text(r"mail server.*(Check|try again)")
        self.lab.restart()
        self.window.click("button", "Retry the 4 that failed")
        self.window.wait_text(r"^4 actions retried$")
        self.assertEqual(self.statuses(), ["completed"] * 4)
        self.assert_moved(self.before, self.found)


if __name__ == "__main__":
    unittest.main()
