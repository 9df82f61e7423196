# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to the mail server is lost before the answer to each command of each of the two
accounts: what was asked for is done once, and nothing is lost at any moment."""
import unittest

from mail_case import SANITIZED, WRAPPER, lab
from imap_proxy import ImapProxy
from quarantine_case import APPEND, REMOVE
from test_quarantine_attachment import PDF, AttachmentCase

# Every command; under a checker some of them.
STEP = 7 if WRAPPER else 2 if SANITIZED else 1


class QuarantineLost(AttachmentCase):
    """The connection is lost between a command and its answer, or before the command."""

    tap_class = "quarantine-lost"
    tests_at_once = 4

    def setUp(self):
        super().setUp()
        self.put_mixed()
        self.before = self.seen()

    def check_kept_somewhere(self):
        self.assertIn(self.before["INBOX"][0].sha256,
                      [one.sha256 for one in self.flat(self.seen()) + self.in_quarantine()])

    def lose_each(self, one, direction, outcome, way_back, lose):
        """Runs it until no command is left whose answer could be lost."""
        one.run(direction)
        after = self.everything(), self.in_quarantine()
        one.run(way_back)
        start = self.everything(), self.in_quarantine()
        number = 0
        while True:
            rules = [(b".", lambda *_: None)] * number + [(b".", lose)]
            with ImapProxy(self.lab, *rules) as proxy:
                results = one.run(direction, settings=self.lab.mail_config(server=proxy.server))
            self.check_kept_somewhere()
            if results[0]["outcome"] != outcome:
                # Where nothing was begun yet, the service tries again later.
                self.assert_only(results, "failed", "connection", transient=True)
                self.assert_only(one.run(direction), outcome, "INBOX")
            self.assertEqual(after, (self.everything(), self.in_quarantine()), f"command {number}")
            if proxy.rules:
                return number
            one.run(way_back)
            self.assertEqual(start, (self.everything(), self.in_quarantine()), f"command {number}")
            number += STEP

    def test_each_answer_on_the_way_into_quarantine(self):
        self.assertGreater(self.lose_each(self.actions("<a@x.test>"), "apply", "moved", "undo",
                                          lambda session, tag: session.withhold(tag)), 20)

    def test_each_answer_on_the_way_back(self):
        one = self.actions("<a@x.test>")
        one.apply()
        self.assertGreater(self.lose_each(one, "undo", "restored", "apply",
                                          lambda session, tag: session.withhold(tag)), 20)

    def test_each_answer_while_an_attachment_is_taken_out(self):
        one = self.attachment("<a@x.test>", "a.pdf", PDF)
        self.assertGreater(self.lose_each(one, "apply", "done", "undo",
                                          lambda session, tag: session.withhold(tag)), 30)

    def test_each_answer_while_an_attachment_is_brought_back(self):
        one = self.attachment("<a@x.test>", "a.pdf", PDF)
        one.apply()
        self.assertGreater(self.lose_each(one, "undo", "restored", "apply",
                                          lambda session, tag: session.withhold(tag)), 20)

    def test_a_connection_that_is_lost_each_time(self):
        one = self.actions("<a@x.test>")
        for direction, outcome in (("apply", "moved"), ("undo", "restored")):
            for command in (APPEND, REMOVE):
                lose = (command, lambda session, tag: session.close(session.server))
                results, _ = self.run_through(one, direction, lose, lose, lose)
                self.assert_outcomes(results, "failed")
                self.assertTrue(results[0]["transient"])
                self.check_kept_somewhere()
            self.assert_only(one.run(direction), outcome, "INBOX")
        self.assertEqual(self.before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_a_folder_that_a_session_which_is_gone_has_made(self):
        """It made it after the folders were listed; and then the connection is lost, which is no
        refusal."""
        def make(session, _tag):
            folder = session.proxy.commands[-1].split(" ", 1)[1]
            with self.lab.imap(self.lab.quarantine) as connection:
                lab.checked(connection.create(folder))

        def make_and_lose(session, tag):
            make(session, tag)
            session.proxy.rules.append((b"^EXAMINE", lambda session, _tag: session.close(session.server)))

        one = self.actions("<a@x.test>")
        results, _ = self.run_through(one, "apply", (b"^CREATE", make_and_lose))
        if results[0]["outcome"] != "moved":
            self.assert_only(results, "failed", "connection", transient=True)
        results, _ = self.run_through(one, "apply")
        self.assert_only(results, "moved", "INBOX")
        self.assertEqual(1, len(self.in_quarantine()))
        self.assert_only(one.run("undo"), "restored", "INBOX")
        self.assertEqual(self.before, self.seen())


if __name__ == "__main__":
    unittest.main()
