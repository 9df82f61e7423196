# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong with clusters on a real mail server: parts that fail and are tried again, mailboxes
that cannot be looked at, and what owners do before undo."""
import pathlib
import sqlite3
import sys
import unittest

from cluster_case import ClusterCase, KEPT
from service import Service, wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "responders"))
import imap_proxy  # noqa: E402  pylint: disable=wrong-import-position

MOVE = rb"^UID MOVE"
FULL = b"NO [OVERQUOTA] Quota exceeded (mailbox for user is full)"


class Undo(ClusterCase):
    """What owners have done since."""

    mail_changes = {"look_seconds": 0, "confirm_messages": 0}

    def test_a_folder_that_was_deleted_is_made_again(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>", folder="Work/2024")
        self.put(mailbox, "<2@x>")
        self.remember(mailbox)
        action = self.propose([mailbox], sender="billing@evil.test")
        self.carry_out("approve", action)
        self.master(mailbox).delete('"Work/2024"')
        self.assertNotIn("Work/2024", self.lab.folders(mailbox))
        after = self.carry_out("undo", action)
        self.assertEqual("undone", after["status"])
        self.assert_as_before()
        self.assertIn("made again", self.targets(action, outcome="restored")["items"][0]["detail"])

    def test_what_its_owner_has_moved_back_is_back(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        self.put(mailbox, "<2@x>")
        self.remember(mailbox)
        action = self.propose([mailbox], sender="billing@evil.test")
        self.carry_out("approve", action)
        self.move(mailbox, KEPT, "<1@x>", "INBOX")
        after = self.carry_out("undo", action)
        self.assertEqual("undone", after["status"])
        self.assertEqual({(mailbox, "<1@x>"): "alreadyRestored", (mailbox, "<2@x>"): "restored"},
                         self.outcomes(action))
        self.assert_as_before()

    def test_what_was_deleted_from_the_recoverable_folder_is_said_to_be_gone(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        self.put(mailbox, "<2@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        self.carry_out("approve", action)
        self.remove(mailbox, KEPT, "<1@x>")
        after = self.carry_out("undo", action)
        self.assertEqual("undoFailed", after["status"])
        self.assertEqual({(mailbox, "<1@x>"): "notFound", (mailbox, "<2@x>"): "restored"},
                         self.outcomes(action))
        self.assertEqual(["<2@x>"], self.there(mailbox))
        self.assertIn("1 moved back, 1 not found", after["results"][0]["detail"])
        self.assertFalse(after["undoable"])

    def test_what_was_there_before_is_not_brought_back(self):
        """Undo is for what this action has moved."""
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        self.put(mailbox, "<2@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        operation = self.approve(action)
        self.service.wait_operation(operation.json["id"])
        self.put(mailbox, "<3@x>", folder=KEPT)
        self.carry_out("undo", action)
        self.assertEqual(["<3@x>"], self.kept(mailbox))
        self.assertEqual(["<1@x>", "<2@x>"], self.there(mailbox))


class Trouble(ClusterCase):
    """The service talks to the mail server through a proxy that fails where it is told to."""

    mail_changes = {"look_seconds": 0, "confirm_messages": 0, "retry_seconds": 1}

    @classmethod
    def make_service(cls):
        cls.proxy = imap_proxy.ImapProxy(cls.lab)
        cls.proxy.__enter__()
        cls.addClassCleanup(cls.proxy.__exit__, None, None, None)
        return Service(cls.folder / "service", groups={
            "mail": cls.lab.mail_config(server=cls.proxy.server, **cls.mail_changes)})

    def test_a_mailbox_over_its_quota_fails_in_part_and_is_tried_again(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        self.put(mailbox, "<2@x>", folder="Archive")
        self.remember(mailbox)
        action = self.propose([mailbox], sender="billing@evil.test")
        self.proxy.rules.append((MOVE, lambda *_: FULL))
        after = self.carry_out("approve", action)
        self.assertEqual("partlyCompleted", after["status"])
        failed = self.targets(action, outcome="failed")["items"]
        self.assertEqual(1, len(failed))
        self.assertIn("over its quota; make room in it or raise the quota", failed[0]["detail"])
        self.assertEqual({"moved": 1, "failed": 1}, self.targets(action)["counts"])
        self.assertEqual(1, len(self.kept(mailbox)))
        moves = self.proxy.count("UID MOVE")
        after = self.carry_out("retry", action)
        self.assertEqual("completed", after["status"])
        self.assertEqual(1, self.proxy.count("UID MOVE") - moves, "only the failed one")
        self.assertEqual(["<1@x>", "<2@x>"], self.kept(mailbox))

        self.proxy.rules.append((MOVE, lambda *_: FULL))
        after = self.carry_out("undo", action)
        self.assertEqual("undoFailed", after["status"])
        self.assertEqual({"restored": 1, "failed": 1}, self.targets(action)["counts"])
        after = self.carry_out("retry", action)
        self.assertEqual("undone", after["status"])
        self.assert_as_before()

    def test_a_refused_login_fails_for_one_and_is_tried_again(self):
        one, two = self.mailboxes(2)
        self.put(one, "<1@x>")
        self.put(two, "<2@x>")
        self.remember(one, two)
        action = self.propose([one, two], sender="billing@evil.test")
        digest = self.digest(action)
        allow = self.refuse_login(two)
        after = self.carry_out("approve", action,
                               targets=[{"actionId": action, "digest": digest}])
        self.assertEqual("partlyCompleted", after["status"], after)
        self.assertEqual({(one, "<1@x>"): "moved", (two, "<2@x>"): "failed"}, self.outcomes(action))
        [failed] = self.targets(action, outcome="failed")["items"]
        self.assertIn(f"The login to the mailbox “{two}” was refused.", failed["detail"])
        after = self.carry_out("retry", action)
        self.assertEqual("partlyCompleted", after["status"])
        allow()
        after = self.carry_out("retry", action)
        self.assertEqual("completed", after["status"])
        self.assertEqual(["<2@x>"], self.kept(two))
        self.carry_out("undo", action)
        self.assert_as_before()

    def test_a_mailbox_that_could_not_be_looked_at_is_named_and_left(self):
        one, two, three = self.mailboxes(3)
        self.put(one, "<1@x>")
        self.put(two, "<2@x>")
        allow = self.refuse_login(two)
        action = self.propose([one, two, three], sender="billing@evil.test")
        seen = self.service.action(action)
        self.assertEqual((1, 1), (seen["targets"]["messages"], seen["targets"]["unreadable"]))
        [unreadable] = self.targets(action)["unreadable"]
        self.assertEqual(two, unreadable["mailbox"])
        self.assertIn("was refused", unreadable["problem"])
        after = self.carry_out("approve", action)
        self.assertEqual("partlyCompleted", after["status"])
        self.assertEqual({one: "moved", two: "failed", three: "notFound"},
                         {result["asset"]: result["outcome"] for result in after["results"]})
        allow()
        # What is there now was not seen by whoever approved.
        after = self.carry_out("retry", action)
        self.assertEqual("partlyCompleted", after["status"])
        self.assertIn("1 messages of this cluster are in this mailbox, which could not be looked at",
                      [result["detail"] for result in after["results"]
                       if result["asset"] == two][0])
        self.assertEqual(["<2@x>"], self.there(two))
        self.remove(two, "INBOX", "<2@x>")
        after = self.carry_out("retry", action)
        self.assertEqual("completed", after["status"])

    def test_nothing_is_approved_where_nothing_could_be_looked_at(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        allow = self.refuse_login(mailbox)
        action = self.propose([mailbox], sender="billing@evil.test")
        self.assertEqual("pending", self.service.action(action)["status"], "not cancelled")
        answer = self.approve(action)
        self.assertEqual((409, "conflict"), (answer.status, answer.problem))
        self.assertIn("could not be looked at", answer.json["detail"])
        allow()
        self.look_again(action)
        self.assertEqual("completed", self.carry_out("approve", action)["status"])

    def test_a_message_without_a_message_id_is_not_remediable(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, None, subject="Without")
        self.put(mailbox, "<1@x>")
        self.remember(mailbox)
        action = self.propose([mailbox], sender="billing@evil.test")
        self.assertEqual(2, self.service.action(action)["targets"]["messages"])
        after = self.carry_out("approve", action)
        self.assertEqual("partlyCompleted", after["status"])
        [left] = self.targets(action, outcome="notRemediable")["items"]
        self.assertEqual(("Without", "INBOX", None),
                         (left["subject"], left["folder"], left.get("messageId")))
        self.assertIn("has no Message-ID", left["detail"])
        self.assertEqual(["Without"], [one.subject for one in self.lab.messages(mailbox)])
        after = self.carry_out("retry", action)
        self.assertEqual("partlyCompleted", after["status"])
        self.assertEqual("undone", self.carry_out("undo", action)["status"])
        self.assert_as_before()

    def test_a_cluster_that_nothing_can_be_done_to_fails(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, None)
        action = self.propose([mailbox], sender="billing@evil.test")
        after = self.carry_out("approve", action)
        self.assertEqual("failed", after["status"])
        self.assertFalse(after["undoable"])

    def test_what_vanishes_while_it_is_carried_out_is_not_found(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        self.put(mailbox, "<2@x>", folder="Archive")
        action = self.propose([mailbox], sender="billing@evil.test")

        def vanish(*_):
            self.remove(mailbox, "INBOX", "<1@x>")
            self.move(mailbox, "Archive", "<2@x>", KEPT)
        self.proxy.rules.append((MOVE, vanish))
        after = self.carry_out("approve", action)
        self.assertEqual("completed", after["status"])
        self.assertEqual({"notFound", "moved"}, set(self.outcomes(action).values()))
        self.assertEqual(["<2@x>"], self.kept(mailbox))

    def test_a_mailbox_of_many_messages_goes_in_turns(self):
        """More than one batch, and more than a page."""
        one, two = self.mailboxes(2)
        connection = self.master(one)
        for number in range(450):
            connection.append("INBOX", None, None,
                              f"From: billing@evil.test\r\nMessage-ID: <{number}@x>\r\n\r\nhello\r\n"
                              .encode())
        self.put(two, "<single@x>")
        self.remember(one, two)
        action = self.propose([one, two], sender="billing@evil.test")
        self.assertEqual(451, len(self.targets(action, limit=100)["items"]))
        after = self.carry_out("approve", action)
        self.assertEqual("completed", after["status"])
        self.assertEqual({"moved": 451}, self.targets(action)["counts"])
        self.assertEqual(450, len(self.kept(one)))
        self.assertEqual([(two, "<single@x>")],
                         [(item["mailbox"], item["messageId"])
                          for item in self.targets(action, mailbox=two)["items"]])
        self.carry_out("undo", action)
        self.assert_as_before()

    def test_targets_are_asked_for_properly(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        path = f"/actions/{action}/targets"
        for query, field in (({"outcome": "gone"}, "outcome"), ({"cursor": "x"}, "cursor"),
                             ({"limit": 0}, "limit"), ({"other": 1}, "other")):
            answer = self.service.request("GET", path, query=query)
            self.assertEqual((400, field), (answer.status, answer.json["field"]))
        self.assertEqual(1, self.targets(action, outcome=["open", "failed"])["total"])
        self.assertEqual(0, self.targets(action, outcome="failed")["total"])
        self.assertEqual(404, self.service.request("GET", "/actions/x/targets").status)
        self.assertEqual(403, self.service.request("GET", path, role="detector").status)
        self.assertEqual(403, self.service.request("POST", f"/actions/{action}/looks",
                                                   {}, role="reader").status)
        answer = self.service.request("POST", f"/actions/{action}/looks", {}, key="")
        self.assertEqual((400, "missing-idempotency-key"), (answer.status, answer.problem))


class Death(ClusterCase):
    """The service or the mail server dies in between."""

    mail_changes = {"look_seconds": 0, "confirm_messages": 0}

    def test_a_mail_server_that_is_away_for_a_while_is_waited_for(self):
        mailboxes = self.mailboxes(3)
        for mailbox in mailboxes:
            self.put(mailbox, "<1@x>")
        self.remember(*mailboxes)
        action = self.propose(mailboxes, sender="billing@evil.test")
        self.lab.kill9()
        answer = self.approve(action)
        wait_until(lambda: "delayed" in self.work_states(), "the first try to fail")
        self.lab.remove_locks()
        self.lab.restart()
        self.service.wait_operation(answer.json["id"])
        self.assertEqual("completed", self.service.action(action)["status"])
        self.carry_out("undo", action)
        self.assert_as_before()

    def test_a_look_goes_on_in_the_next_service(self):
        mailboxes = self.mailboxes(12)
        for mailbox in mailboxes:
            self.put(mailbox, "<1@x>")
        action = self.propose(mailboxes, wait=False, sender="billing@evil.test")
        self.service.kill9()
        self.service.start()
        self.wait_looked(action)
        self.assertEqual(12, self.service.action(action)["targets"]["messages"])

    def test_an_old_cluster_leaves_the_service_with_its_messages(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        old, young = [self.propose([mailbox], sender="billing@evil.test", name=name)
                      for name in ("Old", "Young")]
        self.assertEqual(202, self.service.decide("reject", [old]).status)
        self.service.stop()
        self.change("UPDATE actions SET updated_at = 1 WHERE id = ?", old)
        self.service.start()
        wait_until(lambda: self.service.request("GET", f"/actions/{old}").status == 404,
                   "the old one to leave")
        self.assertEqual("pending", self.service.action(young)["status"])
        with sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True) as database:
            left = database.execute("SELECT count (*) FROM cluster_messages AS m LEFT JOIN actions AS a "
                                    "ON a.seq = m.action WHERE a.seq IS NULL").fetchone()[0]
        self.assertEqual(0, left)
        self.assertIn("is whole", self.service.run("audit", "verify").stdout)

    def change(self, statement, *values):
        """While the service is away."""
        with sqlite3.connect(self.service.database) as database:
            database.execute(statement, values)
        database.close()

    def work_states(self):
        with sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True) as database:
            return {row[0] for row in database.execute("SELECT state FROM work")}


if __name__ == "__main__":
    unittest.main()
