# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster is stopped in the middle, on the way there and on the way back: what was done is said message
by message, is what the mailboxes show, and can be undone; the rest can go on."""
import pathlib
import sys
import threading
import unittest

from cluster_case import ClusterCase, letter
from service import PATIENCE, Service, wait_until

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "responders"))
from imap_proxy import ImapProxy  # noqa: E402  pylint: disable=wrong-import-position

MESSAGES = 60


class Stop(ClusterCase):
    users = 9
    mail_changes = {"connections": 1, "confirm_messages": 0}

    @classmethod
    def make_service(cls):
        cls.proxy = cls.enterClassContext(ImapProxy(cls.lab))
        return Service(cls.folder / "service", groups={
            "mail": cls.lab.mail_config(server=cls.proxy.server, **cls.mail_changes)})

    def fill(self):
        """Three mailboxes with many messages of one sender, and an action on all of them."""
        mailboxes = self.mailboxes(3)
        for number, mailbox in enumerate(mailboxes):
            with self.lab.imap(mailbox) as connection:
                for k in range(MESSAGES):
                    connection.append("INBOX", None, None,
                                      letter(f"<stop-{number}-{k}@evil.test>"))
        self.remember(*mailboxes)
        return mailboxes, self.propose(mailboxes, sender="billing@evil.test")

    def stop_while(self, status, decide, action):
        """Decides, and stops the operation while the first move is under way and the action has that
        status; returns the operation at its end."""
        begun, stopped = threading.Event(), threading.Event()

        def hold(*_):
            begun.set()
            stopped.wait(PATIENCE)

        self.proxy.rules.append((rb"^UID MOVE", hold))
        answer = decide()
        self.assertEqual(202, answer.status, answer)
        path = f"/operations/{answer.json['id']}"
        try:
            self.assertTrue(begun.wait(PATIENCE), "waited in vain for the first move")
            self.assertEqual(status, self.service.action(action)["status"])
            stop = self.service.request("DELETE", path, role="responder")
            self.assertEqual(200, stop.status, stop)
        finally:
            stopped.set()
        return self.service.wait_operation(answer.json["id"])

    def split(self, action, outcome):
        """The messages with this outcome, and those that were stopped, as (mailbox, Message-ID)."""
        done, stopped = set(), set()
        for item in self.targets(action)["items"]:
            if item["outcome"] == outcome:
                done.add((item["mailbox"], item["messageId"]))
            else:
                self.assertEqual("failed", item["outcome"], item)
                self.assertIn("the.responder has stopped it", item["detail"])
                stopped.add((item["mailbox"], item["messageId"]))
        self.assertEqual(3 * MESSAGES, len(done) + len(stopped))
        self.assertTrue(done and stopped, (len(done), len(stopped)))
        return done, stopped

    def all_kept(self, mailboxes):
        return {(mailbox, one) for mailbox in mailboxes for one in self.kept(mailbox)}

    def test_a_cluster_is_stopped_between_its_mailboxes(self):
        mailboxes, action = self.fill()
        operation = self.stop_while("running", lambda: self.approve(action), action)
        self.assertEqual({"total": 1, "waiting": 0, "done": 0, "failed": 1, "skipped": 0},
                         operation["counts"])
        after = self.service.action(action)
        self.assertEqual("partlyCompleted", after["status"])
        moved, _ = self.split(action, "moved")
        self.assertEqual(moved, self.all_kept(mailboxes))
        self.assertIn(f"{len(moved)} moved to the recoverable folder", operation["items"][0]["detail"])
        after = self.carry_out("undo", action)
        self.assertEqual("undone", after["status"])
        self.assert_as_before(*mailboxes)

    def test_an_undo_is_stopped_and_goes_on(self):
        mailboxes, action = self.fill()
        self.assertEqual("completed", self.carry_out("approve", action)["status"])
        self.stop_while("undoing", lambda: self.service.decide("undo", [action]), action)
        self.assertEqual("undoFailed", self.service.action(action)["status"])
        _, left = self.split(action, "restored")
        self.assertEqual(left, self.all_kept(mailboxes))
        self.assertEqual("undone", self.carry_out("retry", action)["status"])
        self.assert_as_before(*mailboxes)

    def test_a_stopped_cluster_goes_on_by_a_retry_that_is_stopped_too(self):
        mailboxes, action = self.fill()
        self.stop_while("running", lambda: self.approve(action), action)
        first, _ = self.split(action, "moved")
        with self.lab.paused():
            retry = self.service.decide("retry", [action])
            self.assertEqual(202, retry.status, retry)
            wait_until(lambda: self.service.action(action)["status"] == "running", "the retry")
            path = f"/operations/{retry.json['id']}"
            stopped = self.service.request("DELETE", path, role="responder")
            self.assertEqual(200, stopped.status, stopped)
        self.service.wait_operation(retry.json["id"])
        self.assertEqual("partlyCompleted", self.service.action(action)["status"])
        second, left = self.split(action, "moved")
        self.assertLessEqual(first, second)
        self.assertEqual(second, self.all_kept(mailboxes))
        self.assertEqual("completed", self.carry_out("retry", action)["status"])
        self.assertEqual(second | left, self.all_kept(mailboxes))
        self.assertEqual("undone", self.carry_out("undo", action)["status"])
        self.assert_as_before(*mailboxes)


if __name__ == "__main__":
    unittest.main()
