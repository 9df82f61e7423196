# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens in the middle of a soft delete or an undo: a responder that is killed at each of its
steps, a server that does one half of a move, somebody else who is faster, and a mailbox that is
full."""
import unittest

from imap_proxy import ImapProxy, refuse_always
from mail_case import KEPT, Killed, MailCase, lab

MOVE = rb"^UID MOVE"
SECOND_COPY = "has left a second copy in the recoverable folder\\.$"


class Overtaken(MailCase):
    """Somebody else is faster than the move."""

    tap_class = "overtaken"
    tests_at_once = 4

    def run_after(self, actions, direction, act):
        """Runs the actions; @act happens when the move has been asked for and not yet done."""
        def first(*_):
            act(self.master())

        with ImapProxy(self.lab, (MOVE, first)) as proxy:
            results = actions.run(direction, settings=self.lab.mail_config(server=proxy.server))
            self.assertEqual([], proxy.rules)
        return results

    def delete(self, connection, folder, uids):
        lab.checked(connection.select(folder))
        lab.checked(connection.uid("STORE", uids, "+FLAGS", "(\\Deleted)"))
        lab.checked(connection.expunge())

    def test_a_message_is_deleted_before_it_is_moved(self):
        for number in range(3):
            self.put(f"<{number}@x.test>")
        actions = self.actions(*[f"<{number}@x.test>" for number in range(3)])
        results = self.run_after(actions, "apply",
                                 lambda connection: self.delete(connection, "INBOX", "2"))
        self.assert_outcomes(results, "moved", "notFound", "moved")
        self.assertRegex(results[1]["detail"], "vanished from “INBOX”")
        self.assertEqual(2, len(self.kept()))

    def test_a_message_is_deleted_before_it_is_moved_back(self):
        for number in range(3):
            self.put(f"<{number}@x.test>")
        actions = self.actions(*[f"<{number}@x.test>" for number in range(3)])
        actions.apply()
        results = self.run_after(actions, "undo",
                                 lambda connection: self.delete(connection, KEPT, "2"))
        self.assert_outcomes(results, "restored", "notFound", "restored")
        self.assertEqual(2, len(self.seen()["INBOX"]))

    def test_a_message_is_moved_elsewhere_before_it_is_moved(self):
        self.put("<a@x.test>")
        self.put("<b@x.test>", folder="Archive")
        actions = self.actions("<a@x.test>")
        self.assert_only(
            self.run_after(actions, "apply", lambda _: self.move(1, "INBOX", "Archive")),
            "moved", "^Moved from “Archive”")

    def test_the_recoverable_folder_is_deleted_before_the_move(self):
        self.put("<a@x.test>")
        actions = self.actions("<a@x.test>")
        self.assert_only(
            self.run_after(actions, "apply", lambda connection: lab.checked(connection.delete(KEPT))),
            "moved", "INBOX")
        self.assertEqual(1, len(self.kept()))

    def test_the_folder_is_deleted_before_the_message_is_back(self):
        self.put("<a@x.test>", folder="Projects")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        actions.apply()
        self.assert_only(
            self.run_after(actions, "undo",
                           lambda connection: lab.checked(connection.delete("Projects"))),
            "restored", "“Projects”.*was made again")
        self.assertEqual(before, self.seen())

    def test_one_copy_cannot_be_moved_and_the_other_can_come_back(self):
        self.put("<a@x.test>")
        self.put("<a@x.test>", folder="Archive")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        refused = b"NO [NOPERM] Permission denied"
        with ImapProxy(self.lab, (MOVE, lambda *_: None), (MOVE, lambda *_: refused)) as proxy:
            results = actions.apply(settings=self.lab.mail_config(server=proxy.server))
        self.assert_only(results, "failed", "^Moved from “.*could not be moved out of “")
        self.assertTrue(results[0]["didPart"])
        self.assertEqual(1, len(self.kept()))
        self.assert_only(actions.undo(), "restored", "moved back")
        self.assertEqual(before, self.seen())

    def test_what_came_back_for_one_action_is_not_taken_for_another(self):
        """The same message twice, each the matter of an action of its own; the first undo is refused."""
        self.put("<a@x.test>")
        one = self.actions("<a@x.test>")
        one.apply()
        self.put("<a@x.test>")
        other = self.actions("<a@x.test>")
        other.apply()
        refused = b"NO [INUSE] Not now."
        with ImapProxy(self.lab, (MOVE, lambda *_: refused)) as proxy:
            results = other.undo(settings=self.lab.mail_config(server=proxy.server))
        self.assert_only(results, "failed", "Not now", transient=True)
        self.assert_only(one.undo(), "restored", "moved back|Moved back")
        self.assert_only(other.undo(), "restored", "moved back|Moved back")
        self.assertEqual(2, len(self.seen()["INBOX"]))
        self.assertEqual([], self.kept())

    def test_trouble_inside_the_server_is_no_verdict(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        trouble = b"NO [SERVERBUG] Internal error occurred. Refer to server log."
        for direction, outcome in (("apply", "moved"), ("undo", "restored")):
            with ImapProxy(self.lab, (MOVE, lambda *_: trouble)) as proxy:
                results = actions.run(direction, settings=self.lab.mail_config(server=proxy.server))
            self.assert_only(results, "failed", "The mail server says: Internal error",
                             transient=True)
            self.assertEqual(direction == "undo", results[0]["didPart"])
            self.assert_only(actions.run(direction), outcome, "INBOX")
        self.assertEqual(before, self.seen())


class Unread(MailCase):
    """The server does not let the responder look into one of the folders."""

    tap_class = "unread-folder"
    tests_at_once = 4

    WORDS = "The folder “Archive” could not be looked at\\. The mail server says: Permission denied"

    def run_denied(self, actions, direction, answer=b"NO [NOPERM] Permission denied"):
        with ImapProxy(self.lab, refuse_always(rb"^(EXAMINE|SELECT) .?Archive", answer)) as proxy:
            return actions.run(direction, settings=self.lab.mail_config(server=proxy.server))

    def test_the_other_folders_are_looked_at_all_the_same(self):
        for number in range(2):
            self.put(f"<{number}@x.test>")
        self.put("<2@x.test>", folder="Archive")
        before = self.seen()
        actions = self.actions("<0@x.test>", "<none@x.test>")
        actions.add("<1@x.test>", "INBOX")
        actions.add("<2@x.test>", "INBOX")
        results = self.run_denied(actions, "apply")
        self.assert_outcomes(results, "failed", "failed", "moved", "failed")
        self.assertRegex(results[0]["detail"], "^Moved from “INBOX” to the recoverable folder\\. " + self.WORDS)
        self.assertEqual([True, False, False, False], [result["didPart"] for result in results])
        for number in (1, 3):
            self.assertRegex(results[number]["detail"], "^" + self.WORDS)
        self.assertEqual([], self.seen()["INBOX"])
        self.assertEqual(before["Archive"], self.seen()["Archive"])
        self.assert_outcomes(actions.apply(), "moved", "notFound", "moved", "movedByOther")
        # What is brought back was seen in the recoverable folder, and needs no look at others.
        self.assert_outcomes(self.run_denied(actions, "undo"), "restored", "notFound", "restored", "notFound")
        self.assertEqual(before, self.seen())

    def test_what_was_begun_in_it_is_not_forgotten(self):
        self.put("<a@x.test>", folder="Archive")
        self.put("<b@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>", "<b@x.test>")
        trouble = b"NO [SERVERBUG] Permission denied"
        for direction, outcome in (("apply", "moved"), ("undo", "restored")):
            with self.assertRaises(Killed):
                actions.run(direction, "--die-after=1")
            results = self.run_denied(actions, direction, trouble)
            self.assertRegex(results[0]["detail"], self.WORDS, (direction, results))
            self.assertTrue(results[0]["transient"])
            self.assert_outcomes(results, "failed", "failed" if direction == "apply" else "restored")
            self.assert_outcomes(actions.run(direction), outcome, outcome)
            self.assertEqual(2 if direction == "apply" else 0, len(self.kept()))
        self.assertEqual(before, self.seen())

    def test_a_mailbox_of_which_no_folder_can_be_looked_at(self):
        self.put("<a@x.test>")
        with ImapProxy(self.lab, refuse_always(rb"^(EXAMINE|SELECT) ", b"NO [INUSE] Not now.")) as proxy:
            results = self.actions("<a@x.test>").apply(settings=self.lab.mail_config(server=proxy.server))
        self.assertEqual(["The mail server says: Not now."], [result["detail"] for result in results])


class Deaths(MailCase):
    """The responder is killed before and after each of its receipts, and runs again."""

    tap_class = "killed"
    tests_at_once = 4

    def finish(self, actions, direction, option):
        """Kills it at the first receipts, at the second and so on, until it gets through."""
        for number in range(1, 20):
            try:
                return number - 1, actions.run(direction, f"--{option}={number}")
            except Killed:
                pass
        raise AssertionError("it writes receipts without end")

    def check(self, option):
        self.put("<a@x.test>")
        self.put("<a@x.test>", folder="Archive", flags=("\\Flagged",))
        self.put("<b@x.test>", flags=("\\Seen", "\\Answered", "$Forwarded"))
        self.put("<other@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>", "<b@x.test>")
        kills, results = self.finish(actions, "apply", option)
        self.assertGreater(kills, 1)
        self.assert_outcomes(results, "moved", "moved")
        self.assertEqual(1, len(self.flat(self.seen())))
        self.assertEqual(3, len(self.kept()))
        kills, results = self.finish(actions, "undo", option)
        self.assertGreater(kills, 1)
        self.assert_outcomes(results, "restored", "restored")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.kept())

    def test_before_each_receipt(self):
        self.check("die-before")

    def test_after_each_receipt(self):
        self.check("die-after")

    def test_once_at_each_receipt_from_the_beginning(self):
        """Each time a new message, so that each receipt is the first thing that goes wrong."""
        for number in range(1, 5):
            for option in ("die-before", "die-after"):
                message_id = f"<{option}{number}@x.test>"
                self.put(message_id)
                before = self.seen()
                actions = self.actions(message_id)
                for direction, outcome in (("apply", "moved"), ("undo", "restored")):
                    try:
                        results = actions.run(direction, f"--{option}={number}")
                    except Killed:
                        results = actions.run(direction)
                    self.assert_outcomes(results, outcome)
                    self.assertEqual(1 if direction == "apply" else 0, len(self.kept()))
                self.assertEqual(before, self.seen())


class Halves(MailCase):
    """The mail server dies between the two halves of a move, so that the message is there twice."""

    tap_class = "half-a-move"
    tests_at_once = 4

    def setUp(self):
        super().setUp()
        self.put("<a@x.test>")
        self.before = self.seen()
        self.one = self.actions("<a@x.test>")

    def half(self, source, destination):
        """What the first half of a move does."""
        connection = self.master()
        lab.checked(connection.select(source, readonly=True))
        lab.checked(connection.uid("COPY", "1:*", destination))

    def killed(self, direction, number):
        with self.assertRaises(Killed):
            self.one.run(direction, f"--die-after={number}")

    def test_a_soft_delete_takes_the_rest_and_says_so(self):
        self.killed("apply", 1)
        self.half("INBOX", KEPT)
        self.assert_only(self.one.apply(), "moved", SECOND_COPY)
        self.assertEqual([], self.seen()["INBOX"])
        self.assertEqual(2, len(self.kept()))
        self.assert_only(self.one.apply(), "moved", SECOND_COPY)  # it is not forgotten
        self.assert_only(self.one.undo(), "restored", SECOND_COPY)
        self.assertEqual(self.before, self.seen())
        self.assertEqual(1, len(self.kept()))

    def test_a_soft_delete_that_was_done_twice_says_so(self):
        self.killed("apply", 1)
        self.half("INBOX", KEPT)
        self.move(1, "INBOX", KEPT)
        self.assert_only(self.one.apply(), "moved", SECOND_COPY)
        self.assert_only(self.one.undo(), "restored", SECOND_COPY)
        self.assertEqual(self.before, self.seen())

    def test_an_undo_puts_it_back_once_and_says_so(self):
        self.one.apply()
        self.killed("undo", 1)
        self.half(KEPT, "INBOX")
        self.assert_only(self.one.undo(), "restored", SECOND_COPY)
        self.assertEqual(self.before, self.seen())
        self.assertEqual(1, len(self.kept()))
        self.assert_only(self.one.undo(), "restored", SECOND_COPY)
        self.assertEqual(self.before, self.seen())

    def test_two_copies_of_one_message_are_not_too_many(self):
        self.put("<a@x.test>", flags=("Second",))
        before = self.seen()
        self.killed("apply", 1)
        self.move("1:2", "INBOX", KEPT)
        self.assert_only(self.one.apply(), "moved", "from “INBOX”\\.$")
        self.assert_only(self.one.undo(), "restored", "to “INBOX”\\.$")
        self.assertEqual(before, self.seen())


class Full(MailCase):
    """The mailbox is over its quota."""

    tap_class = "full-mailbox"
    quota = "20K"

    def fill(self):
        """Puts messages into the mailbox until it takes no more."""
        for number in range(1000):
            try:
                self.put(f"<{number}@x.test>", body=b"x" * 1000 + b"\r\n")
            except lab.LabError as error:
                self.assertIn("OVERQUOTA", str(error))
                return
        raise AssertionError("the mailbox takes everything")

    def test_a_full_mailbox_is_no_reason_to_leave_a_message_in_it(self):
        """Dovecot counts a move inside a mailbox as no change of it."""
        self.put("<a@x.test>", body=b"x" * 900 + b"\r\n")
        self.fill()
        before = self.seen()
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "moved", "INBOX")
        self.assertEqual(1, len(self.kept()))
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())

    def test_a_mailbox_that_fills_up_while_a_message_is_away(self):
        self.put("<a@x.test>", body=b"x" * 900 + b"\r\n")
        actions = self.actions("<a@x.test>")
        actions.apply()
        self.fill()
        before = self.seen()["INBOX"]
        kept = self.kept()
        results = actions.undo()
        if self.lab.release >= (2, 4):
            # What lies in the recoverable folder does not count there, and so it needs room again.
            self.assert_only(results, "failed", "still in the recoverable folder, because the mailbox "
                             "is over its quota; make room")
            self.assertEqual(kept, self.kept())
            self.assertEqual(before, self.seen()["INBOX"])
            connection = self.master()
            connection.select("INBOX")
            connection.store("1:2", "+FLAGS", "\\Deleted")
            connection.expunge()
            before = self.seen()["INBOX"]
            results = actions.undo()
        self.assert_only(results, "restored", "INBOX")
        self.assertEqual(sorted(before + kept), self.seen()["INBOX"])

    def test_a_server_that_counts_it_as_a_change(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        full = b"NO [OVERQUOTA] Quota exceeded (mailbox for user is full)"
        for direction, outcome, words in (
                ("apply", "moved", "still in “INBOX”, because the mailbox is over its quota; make "
                 "room in it or raise the quota, then try again.*Quota exceeded"),
                ("undo", "restored", "still in the recoverable folder, because the mailbox is over "
                 "its quota; make room in it or raise the quota, then try again.*Quota exceeded")):
            state = self.everything()
            with ImapProxy(self.lab, (MOVE, lambda *_: full)) as proxy:
                results = actions.run(direction, settings=self.lab.mail_config(server=proxy.server))
            self.assert_only(results, "failed", words)
            self.assertEqual(self.flat(state), self.flat(self.everything()))
            self.assert_only(actions.run(direction), outcome, "INBOX")
        self.assertEqual(before, self.seen())


if __name__ == "__main__":
    unittest.main()
