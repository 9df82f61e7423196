# SPDX-License-Identifier: GPL-3.0-or-later
"""An undo for some of the mailboxes of an action, through the API, on a real mail server: what is asked for
comes back as it was, and the others stay as they are until it is their turn."""
import pathlib
import sys
import tempfile
import threading
import unittest

from service import Service

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lab"))
from lab import Lab, checked  # noqa: E402

MESSAGE = (b"From: x@evil.test\r\nSubject: gr\xc3\xbc\xc3\x9fe\r\nMessage-ID: <%s@x.test>\r\n"
           b"X-Odd:  two  blanks \r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
           b"\r\n--b\r\n\r\nBody\r\n.\r\nwith a line of one dot\r\n--b\r\n"
           b"Content-Type: application/pdf; name=\"a.pdf\"\r\n\r\nPDF\r\n--b--\r\n")
DONE = {"quarantineAttachment": "done"}
ENTITIES = {"quarantineAttachment": {"type": "attachment", "fileName": "a.pdf"}}


class UndoOfSome(unittest.TestCase):
    tap_class = "undo-of-some"

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.lab = Lab(cls.folder / "lab", users=3, messages=0)
        cls.lab.start()
        cls.addClassCleanup(cls.lab.discard)
        cls.service = Service(cls.folder / "service", lab=cls.lab)
        cls.service.start()
        cls.addClassCleanup(lambda: cls.service.stop())

    def propose(self, kind="softDeleteEmail"):
        entity = {"type": "emailMessage", "messageId": f"<{self.message_id}@x.test>", **ENTITIES.get(kind, {})}
        return self.service.post_investigation([{
            "type": kind, "verdict": "malicious", "entity": entity,
            "assets": self.lab.mailboxes}])["actions"][0]["id"]

    def put(self, number):
        """The same message in every mailbox, in folders and with flags of their own."""
        self.message_id = f"{self._testMethodName}-{number}"
        for mailbox, folder, flags in zip(self.lab.mailboxes, ("INBOX", "Projekte/Größe", "INBOX"),
                                          (("\\Seen", "$Work"), (), ("\\Flagged", "\\Answered"))):
            self.lab.append(mailbox, folder, MESSAGE % self.message_id.encode(), flags)
        return self.snapshots()

    def snapshots(self):
        return [self.lab.snapshot(mailbox) for mailbox in self.lab.mailboxes]

    def decide(self, decision, action, **members):
        answer = self.service.decide(decision, [action], **members)
        self.assertEqual(202, answer.status, answer)
        operation = self.service.wait_operation(answer.json["id"])
        self.assertEqual(members.get("assets"), operation.get("assets"))
        return self.service.action(action)

    def carried_out(self, kind="softDeleteEmail", number=0):
        before = self.put(number)
        action = self.propose(kind)
        done = self.decide("approve", action)
        self.assertEqual([DONE.get(kind, "moved")] * 3, [result["outcome"] for result in done["results"]], done)
        return action, before, self.snapshots()

    def assert_problem(self, answer, status, said, problem="conflict", field=None):
        self.assertEqual((status, problem, field),
                         (answer.status, answer.problem, answer.json.get("field")), answer)
        self.assertIn(said, answer.json["detail"])

    # --- tests ---

    def test_one_then_the_rest_each_as_it_was(self):
        for number, kind in enumerate(("softDeleteEmail", "quarantineEmail", "quarantineAttachment")):
            with self.subTest(kind):
                action, before, gone = self.carried_out(kind, number)
                first, second, third = self.lab.mailboxes
                some = self.decide("undo", action, assets=[second], comment="She needs it.")
                self.assertEqual([gone[0], before[1], gone[2]], self.snapshots())
                self.assertEqual("completed", some["status"])
                done = DONE.get(kind, "moved")
                self.assertEqual([done, "restored", done],
                                 [result["outcome"] for result in some["results"]])
                self.assertEqual([first, third], [result["asset"] for result in some["results"]
                                                  if result.get("undoable")])
                self.assertTrue(some["undoable"])
                self.assertIn(f"Only for {second}.\nShe needs it.",
                              [entry.get("comment") for entry in some["timeline"]])
                rest = self.decide("undo", action)
                self.assertEqual("undone", rest["status"])
                self.assertEqual(before, self.snapshots())
        self.assertIn("is whole", self.service.run("audit", "verify").stdout)

    def test_what_is_still_in_quarantine_can_be_looked_at(self):
        """Also where the first mailbox has its message back; and the Explorer says of each mailbox how it
        stands there."""
        action, _before, _gone = self.carried_out("quarantineEmail")
        first, second, _third = self.lab.mailboxes
        self.decide("undo", action, assets=[first])
        seen = self.service.request("GET", f"/actions/{action}/message", role="responder")
        self.assertEqual((200, second), (seen.status, seen.json.get("asset")), seen)
        released = self.service.request("GET", f"/actions/{action}/message", role="responder",
                                        query={"asset": first})
        self.assertEqual(404, released.status)
        found = self.service.request("GET", "/messages", role="reader", query={
            "messageId": f"<{self.message_id}@x.test>"}).json["items"]
        self.assertEqual([(first, [(action, "undone")])],
                         [(one["mailbox"], [(known["id"], known["status"]) for known in one["actions"]])
                          for one in found])
        self.decide("undo", action)

    def test_bad_assets_are_refused_by_name(self):
        action, before, gone = self.carried_out()
        first, second, _third = self.lab.mailboxes
        other = self.propose()
        for body, status, problem, field, said in (
                ({"assets": []}, 400, "invalid-value", "assets", "at least one"),
                ({"assets": [first, first]}, 400, "invalid-value", "assets[1]", "twice"),
                ({"assets": [""]}, 400, "invalid-value", "assets[0]", "empty"),
                ({"assets": first}, 400, "wrong-type", "assets", "array"),
                ({"assets": [first], "decision": "approve"}, 400, "invalid-value", "assets", "undo"),
                ({"assets": [first], "actionIds": [action, other]}, 400, "invalid-value", "assets",
                 "one action"),
                ({"assets": [first], "includeInstances": True}, 400, "invalid-value", "assets",
                 "instances"),
                ({"assets": [first, "mallory@example.test"]}, 422, "invalid-value", "assets",
                 "mallory@example.test")):
            with self.subTest(body=body):
                answer = self.service.request(
                    "POST", "/operations", {"decision": "undo", "actionIds": [action], **body})
                self.assert_problem(answer, status, said, problem, field)
        self.decide("undo", action, assets=[first])
        self.assert_problem(self.service.decide("undo", [action], assets=[second, first]), 409, first)
        self.assertEqual([before[0], *gone[1:]], self.snapshots())
        self.decide("undo", action)
        self.assertEqual(before, self.snapshots())

    def test_the_same_key_is_the_same_undo_and_no_other(self):
        action, before, gone = self.carried_out()
        first, second, _third = self.lab.mailboxes
        answers = [self.service.decide("undo", [action], key="some", assets=[first]) for _ in range(2)]
        self.assertEqual(answers[0].json["id"], answers[1].json["id"])
        self.assert_problem(self.service.decide("undo", [action], key="some", assets=[second]), 422,
                            "“some”", "key-reused", "Idempotency-Key")
        self.service.wait_operation(answers[0].json["id"])
        self.assertEqual([before[0], *gone[1:]], self.snapshots())
        self.decide("undo", action)

    def test_of_two_at_once_one_wins_and_the_other_is_told(self):
        action, before, gone = self.carried_out()
        barrier = threading.Barrier(3)
        answers = {}

        def undo(mailbox):
            barrier.wait()
            answers[mailbox] = self.service.decide("undo", [action], assets=[mailbox])
        with self.lab.paused():
            threads = [threading.Thread(target=undo, args=[one]) for one in self.lab.mailboxes]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        won = [mailbox for mailbox in self.lab.mailboxes if answers[mailbox].status == 202]
        self.assertEqual(1, len(won), answers)
        for mailbox in set(self.lab.mailboxes) - set(won):
            self.assert_problem(answers[mailbox], 409, "undone by the.responder")
        self.service.wait_operation(answers[won[0]].json["id"])
        self.assertEqual([before[i] if one in won else gone[i]
                          for i, one in enumerate(self.lab.mailboxes)], self.snapshots())
        self.decide("undo", action)
        self.assertEqual(before, self.snapshots())

    def test_killed_in_between_it_does_what_was_asked_for_and_no_more(self):
        action, before, gone = self.carried_out()
        with self.lab.paused():
            undo = self.service.decide("undo", [action], assets=self.lab.mailboxes[1:])
            self.assertEqual(202, undo.status, undo)
            self.service.kill9()
        self.service.start()
        self.service.wait_operation(undo.json["id"])
        self.assertEqual([gone[0], *before[1:]], self.snapshots())
        self.assertEqual("completed", self.service.action(action)["status"])
        self.decide("undo", action)
        self.assertEqual(before, self.snapshots())

    def test_what_cannot_come_back_holds_up_no_other(self):
        """The message of one mailbox is gone for good; a retry for the other two brings these back."""
        action, before, _gone = self.carried_out()
        first, *others = self.lab.mailboxes
        with self.lab.imap(first, master=True) as connection:
            checked(connection.select("Recoverable"))
            checked(connection.store("1:*", "+FLAGS", "\\Deleted"))
            checked(connection.expunge())
        failed = self.decide("undo", action, assets=[first])
        self.assertEqual("undoFailed", failed["status"])
        failed = self.decide("retry", action, assets=others)
        self.assertEqual(before[1:], self.snapshots()[1:])
        self.assertEqual(("undoFailed", ["notFound", "restored", "restored"]),
                         (failed["status"], [result["outcome"] for result in failed["results"]]))
        self.assertEqual("undoFailed", self.decide("retry", action)["status"])


if __name__ == "__main__":
    unittest.main()
