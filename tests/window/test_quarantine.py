# SPDX-License-Identifier: GPL-3.0-or-later
"""A message in quarantine is looked at in the window and released."""
import unittest

from case import WindowCase

MESSAGE = (b"From: x@evil.test\r\nTo: you@example.test\r\nSubject: Your parcel\r\n"
           b"Message-ID: <parcel@x.test>\r\nX-Trap: <script>\r\n\r\nClick https://evil.test/now\r\n")


class Quarantine(WindowCase):
    tap_class = "quarantine"
    messages = 0

    def setUp(self):
        super().setUp()
        self.mailbox = self.lab.mailboxes[0]
        self.lab.append(self.mailbox, "INBOX", MESSAGE, ("\\Seen", "Invoice"))
        self.before = self.lab.snapshot(self.mailbox)
        answer = self.service.request("POST", "/investigations", {
            "externalId": self.id(), "title": "Parcel phishing", "trigger": "alert",
            "detectionSource": "Lab", "severity": "high", "evidence": [],
            "actions": [{"type": "quarantineEmail", "verdict": "malicious", "source": "automatedEmail",
                         "reason": "r", "assets": [self.mailbox],
                         "entity": {"type": "emailMessage", "messageId": "<parcel@x.test>",
                                    "subject": "Your parcel"}}]}, role="detector")
        self.action = answer.json["actions"][0]["id"]

    def approve(self):
        self.service.wait_operation(self.service.decide("approve", [self.action]).json["id"])

    def test_the_message_is_read_before_it_is_decided_about(self):
        """In the mailbox where it lies, and it is not marked as read there. When its owner has deleted it,
        the window says so."""
        window = self.open()
        window.click_row(details="Your parcel")
        window.click("button", "Read the message")
        window.wait_text("^The message$")
        window.wait_text("x@evil.test", shown=False)
        window.picture("message-pending")
        self.assertEqual(self.before, self.lab.snapshot(self.mailbox))
        self.assertIn("view", [entry["event"] for entry in self.service.action(self.action)["timeline"]])
        self.assertIn("sensitive", window.wait_for("button", "Approve").states)
        client = self.lab.imap(self.mailbox)
        client.select("INBOX")
        client.store("1:*", "+FLAGS", "\\Deleted")
        client.expunge()
        client.logout()
        window.click("button", "Read the message")
        window.wait_text("^The message is not in the mailbox “.*” any more: its owner may have deleted it")

    def test_the_message_is_read_as_text_and_released(self):
        """The look is asked for by a click, stands in the timeline, and Undo brings the message back."""
        self.approve()
        window = self.open()
        self.open_tab(window, "History")
        window.click_row(details="Your parcel")
        window.wait_text("^Message in quarantine$")
        self.assertIsNone(window.find("button", "Read the message"))
        window.settled("button", "Show as text")
        window.click("button", "Show as text")
        window.wait_text("x@evil.test", shown=False)
        window.wait(lambda: any("X-Trap: <script>" in (node.text or "")
                                for node in window.find_all("label", shown=False)),
                    "the other header fields, further down")
        events = [entry["event"] for entry in self.service.action(self.action)["timeline"]]
        self.assertIn("view", events)
        window.click("button", "Undo")
        window.wait_text("1 action undone")
        self.assertEqual(self.before, self.lab.snapshot(self.mailbox))
        window.wait(lambda: not window.find("button", "Show as text"), "the message view to go")

    def test_a_reader_is_not_offered_to_look(self):
        self.approve()
        window = self.open(role="reader")
        self.open_tab(window, "History")
        window.click_row(details="Your parcel")
        window.wait_for("button", "Undo")
        window.calm()
        self.assertIsNone(window.find("button", "Show as text"))
        self.assertIsNone(window.find("button", "Read the message"))


if __name__ == "__main__":
    unittest.main()
