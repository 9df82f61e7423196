# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail server does not let the responder look into one folder, or read one message: the others are
done all the same."""
import contextlib
import itertools
import unittest

from imap_proxy import refuse_always
from mail_case import Killed
from quarantine_case import QuarantineCase


class QuarantineUnread(QuarantineCase):
    """quarantineEmail."""

    tap_class = "quarantine-unread"
    tests_at_once = 4

    WORDS = "The folder “Archive” could not be looked at\\. The mail server says: Permission denied"

    def run_denied(self, actions, direction, code=b"NOPERM"):
        rule = refuse_always(rb"^(EXAMINE|SELECT) .?Archive", b"NO [%s] Permission denied" % code)
        return self.run_through(actions, direction, rule, used=False)[0]

    def test_the_other_folders_are_looked_at_all_the_same(self):
        for number in range(2):
            self.put(f"<{number}@x.test>")
        self.put("<2@x.test>", folder="Archive")
        before = self.seen()
        actions = self.actions("<0@x.test>", "<none@x.test>")
        actions.add("<1@x.test>", "INBOX")
        results = self.run_denied(actions, "apply")
        self.assert_outcomes(results, "failed", "failed", "moved")
        self.assertRegex(results[0]["detail"], "^Moved from “INBOX” into quarantine\\. " + self.WORDS)
        self.assertEqual([True, False, False], [result["didPart"] for result in results])
        self.assertRegex(results[1]["detail"], "^" + self.WORDS)
        self.assertEqual(2, len(self.in_quarantine()))
        self.assert_outcomes(actions.apply(), "moved", "notFound", "moved")
        self.assert_outcomes(self.run_denied(actions, "undo"), "restored", "notFound", "restored")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_what_was_begun_in_it_is_neither_lost_nor_there_twice(self):
        """A message twice, of which one is in the folder; whatever was done with both."""
        for folder in ("INBOX", "Archive"):
            self.put("<a@x.test>", folder=folder)
        before = self.seen()
        for direction, number in itertools.product(("apply", "undo"), range(1, 5)):
            code = (b"NOPERM", b"SERVERBUG")[number % 2]
            actions = self.actions("<a@x.test>")
            if direction == "undo":
                self.assert_only(actions.apply(), "moved", "2 copies")
            with contextlib.suppress(Killed):
                actions.run(direction, f"--die-after={number}")
            self.run_denied(actions, direction, code)
            if direction == "apply":
                self.assert_only(actions.apply(), "moved", "2 copies")
                self.assertEqual(self.flat(before), sorted(self.in_quarantine()))
                self.assertEqual([], self.flat(self.seen()))
            self.assert_only(actions.undo(), "restored", "2 copies")
            self.assertEqual(before, self.seen())
            self.assertEqual([], self.in_quarantine())

    def test_one_message_that_is_shorter_than_the_server_says(self):
        def cut(session, _tag):
            session.answer(b"* 2 FETCH (UID 2 BODY[]<0> {0}\r\n)\r\n")
            return b"OK Done."

        for number in range(4):
            self.put(f"<{number}@x.test>")
        before = self.seen()
        actions = self.actions(*[f"<{number}@x.test>" for number in range(4)])
        piece = rb"^UID FETCH 2 .UID BODY"
        results, _ = self.run_through(actions, "apply", (piece, cut))
        self.assert_outcomes(results, "moved", "failed", "moved", "moved")
        self.assertRegex(results[1]["detail"], "still in “INBOX”; it could not be put into quarantine\\. "
                         "The mail server says that the message has .* bytes, and it has not")
        self.assertEqual(3, len(self.in_quarantine()))
        self.assert_outcomes(actions.apply(), *["moved"] * 4)
        results, _ = self.run_through(actions, "undo", (piece, cut))
        self.assertEqual(["failed"] + ["restored"] * 3, sorted(result["outcome"] for result in results))
        self.assert_outcomes(actions.undo(), *["restored"] * 4)
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_what_came_back_and_cannot_be_read_does_not_come_once_more(self):
        def cut(session, _tag):
            session.proxy.rules.append(unreadable)
            session.answer(b"* 1 FETCH (UID 2 BODY[]<0> {0}\r\n)\r\n")
            return b"OK Done."

        unreadable = (rb"^UID FETCH 2 .UID BODY", cut)
        self.put("<a@x.test>")
        before = self.seen()
        one = self.actions("<a@x.test>")
        self.assert_only(one.apply(), "moved", "INBOX")
        for words in "could not be put into “INBOX”", "may be the message too, and was left", "may be the message too":
            results, _ = self.run_through(one, "undo", unreadable, used=False)
            self.assert_only(results, "failed", "^The message is still in quarantine.*" + words)
            self.assertEqual((1, 1), (len(self.seen()["INBOX"]), len(self.in_quarantine())))
        self.assert_only(one.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())


if __name__ == "__main__":
    unittest.main()
