# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages and attachments go into quarantine, are looked at there, and come back, through the API."""
import hashlib
import pathlib
import sqlite3
import sys
import tempfile
import unittest

from service import Service

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lab"))
from lab import Lab  # noqa: E402

MESSAGE = (b"From: x@evil.test\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\nMessage-ID: <look@x.test>\r\n"
           b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
           b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe \x1b[31m\r\n--b\r\n"
           b"Content-Type: application/pdf; name=\"a.pdf\"\r\n\r\nPDF\r\n--b--\r\n")
HTML = (b"From: x@evil.test\r\nSubject: h\r\nMessage-ID: <html@x.test>\r\nContent-Type: text/html\r\n\r\n"
        b"<img src=\"https://evil.test/pixel\"><script>alert(1)</script>\r\n")


class Quarantine(unittest.TestCase):
    tap_class = "quarantine"

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.lab = Lab(cls.folder / "lab", users=3, messages=0)
        cls.lab.start()
        cls.addClassCleanup(cls.lab.discard)
        cls.service = Service(cls.folder / "service", lab=cls.lab)
        cls.service.start()
        cls.addClassCleanup(cls.service.stop)

    def propose(self, mailbox, kind, entity):
        answer = self.service.request("POST", "/investigations", {
            "externalId": f"{self.id()}-{kind}-{entity.get('messageId')}", "title": "t", "trigger": "alert",
            "detectionSource": "Lab", "severity": "high", "evidence": [],
            "actions": [{"type": kind, "verdict": "malicious", "source": "automatedEmail", "reason": "r",
                         "entity": entity, "assets": [mailbox]}]}, role="detector")
        self.assertEqual(201, answer.status, answer)
        return answer.json["actions"][0]["id"]

    def decide(self, decision, action):
        answer = self.service.decide(decision, [action])
        self.assertEqual(202, answer.status, answer)
        self.service.wait_operation(answer.json["id"])
        return self.service.action(action)

    def look(self, action, role="responder", **query):
        return self.service.request("GET", f"/actions/{action}/message", role=role, query=query)

    def put(self, mailbox, data=MESSAGE):
        self.lab.append(mailbox, "INBOX", data, ("\\Seen",))
        return self.lab.snapshot(mailbox)

    def test_a_message_is_looked_at_in_quarantine_and_released(self):
        mailbox = self.lab.mailboxes[0]
        before = self.put(mailbox)
        action = self.propose(mailbox, "quarantineEmail",
                              {"type": "emailMessage", "messageId": "<look@x.test>"})
        done = self.decide("approve", action)
        self.assertEqual(("completed", "moved"), (done["status"], done["results"][0]["outcome"]), done)
        self.assertEqual([], self.lab.snapshot(mailbox)["INBOX"])
        seen = self.look(action)
        self.assertEqual(200, seen.status, seen)
        self.assertEqual(mailbox, seen.json["asset"])
        self.assertIn({"name": "Subject", "value": "café"}, seen.json["headers"])
        self.assertEqual("Grüße \ufffd[31m", seen.json["text"].rstrip("\n"))
        self.assertFalse(seen.json["isSource"])
        self.assertEqual([{"fileName": "a.pdf", "mediaType": "application/pdf", "partPath": "2", "size": 3,
                           "sha256": hashlib.sha256(b"PDF").hexdigest()}], seen.json["attachments"])
        self.assertEqual("undone", self.decide("undo", action)["status"])
        self.assertEqual(before, self.lab.snapshot(mailbox))
        self.assertEqual(404, self.look(action).status)

    def test_who_looks_stands_in_the_audit_log_and_a_reader_may_not(self):
        mailbox = self.lab.mailboxes[1]
        self.put(mailbox)
        action = self.propose(mailbox, "quarantineAttachment",
                              {"type": "attachment", "messageId": "<look@x.test>", "fileName": "a.pdf"})
        done = self.decide("approve", action)
        self.assertEqual(("completed", "done"), (done["status"], done["results"][0]["outcome"]), done)
        for role in ("reader", "detector"):
            self.assertEqual(403, self.look(action, role=role).status)
        self.assertEqual(404, self.look(action, asset="somebody@example.test").status)
        self.assertEqual(400, self.look(action, other="x").status)
        self.assertEqual(404, self.look("no-such-action").status)
        rows = "SELECT actor, comment FROM audit WHERE event = 'view'"
        with sqlite3.connect(self.service.database) as database:
            self.assertEqual([], [row for row in database.execute(rows) if row[1] == mailbox])
        self.assertEqual(200, self.look(action, asset=mailbox).status)
        with sqlite3.connect(self.service.database) as database:
            self.assertEqual([("the.responder", mailbox)],
                             [row for row in database.execute(rows) if row[1] == mailbox])
        timeline = self.service.action(action)["timeline"]
        self.assertIn(("view", "the.responder"), [(one["event"], one["actor"]) for one in timeline])
        self.assertIn("is whole", self.service.run("audit", "verify").stdout)
        self.assertEqual("undone", self.decide("undo", action)["status"])

    def test_html_is_shown_as_its_source(self):
        mailbox = self.lab.mailboxes[2]
        self.put(mailbox, HTML)
        action = self.propose(mailbox, "quarantineEmail",
                              {"type": "emailMessage", "messageId": "<html@x.test>"})
        self.decide("approve", action)
        seen = self.look(action).json
        self.assertTrue(seen["isSource"])
        self.assertIn("<script>alert(1)</script>", seen["text"])
        self.assertEqual([], seen["attachments"])

    def test_a_message_is_looked_at_where_it_lies_before_the_decision(self):
        """It stays as unread as it was; nobody looks into a mailbox about which nothing waits."""
        mailbox = self.lab.mailboxes[0]
        self.lab.append(mailbox, "INBOX", MESSAGE.replace(b"look@", b"before@"), ())
        before = self.lab.snapshot(mailbox)
        for kind in ("softDeleteEmail", "quarantineEmail"):
            action = self.propose(mailbox, kind, {"type": "emailMessage", "messageId": "<before@x.test>"})
            self.assertEqual(403, self.look(action, role="reader").status)
            self.assertEqual(404, self.look(action, asset=self.lab.mailboxes[1]).status)
            seen = self.look(action, asset=mailbox)
            self.assertEqual(200, seen.status, seen)
            self.assertEqual(("Grüße \ufffd[31m", mailbox), (seen.json["text"].rstrip("\n"), seen.json["asset"]))
            self.assertEqual(before, self.lab.snapshot(mailbox))
            self.assertIn(("view", "the.responder"),
                          [(one["event"], one["actor"]) for one in self.service.action(action)["timeline"]])
            self.service.wait_operation(self.service.decide("reject", [action]).json["id"])
            self.assertEqual(404, self.look(action).status)

    def test_what_is_not_there_and_what_is_no_message_is_not_read(self):
        mailbox = self.lab.mailboxes[0]
        action = self.propose(mailbox, "softDeleteEmail",
                              {"type": "emailMessage", "messageId": "<none@x.test>"})
        answer = self.look(action)
        self.assertEqual(404, answer.status)
        self.assertIn(f"The message is not in the mailbox “{mailbox}” any more", answer.json["detail"])
        action = self.propose("proxy", "blockUrl", {"type": "url", "url": "https://x.test/"})
        self.assertEqual(404, self.look(action).status)


if __name__ == "__main__":
    unittest.main()
