# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster of mail in the window: how many messages it has, what came of each, and the number that is
to be confirmed."""
import imaplib
import re
import unittest

from case import WindowCase
from cluster_case import DATE, FLAGS, letter
from service import Service, wait_until

SENDER = "billing@evil.test"


class Cluster(WindowCase):
    messages = 0
    users = 12
    size = (1280, 1400)
    tap_class = "cluster"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.free = iter(cls.lab.mailboxes)

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}", groups={
            "mail": self.lab.mail_config(look_seconds=0, confirm_messages=3, retry_seconds=1)})

    def setUp(self):
        super().setUp()
        self.mailboxes = [next(self.free), next(self.free)]
        for mailbox in self.mailboxes:
            for number in range(2):
                self.put(mailbox, f"<{number}.{mailbox}>")
        self.action = self.service.post_investigation([{
            "type": "softDeleteEmailCluster", "verdict": "malicious", "reason": "It steals passwords.",
            "entity": {"type": "emailCluster", "name": "Invoices", "sender": SENDER, "emailCount": 7},
            "assets": self.mailboxes}])["actions"][0]["id"]
        wait_until(lambda: self.service.action(self.action)["targets"].get("digest"), "the look")

    def put(self, mailbox, message_id):
        self.lab.append(mailbox, "INBOX", letter(message_id, sender=SENDER), FLAGS, DATE)

    def there(self):
        return [len(self.lab.messages(mailbox)) for mailbox in self.mailboxes]

    def test_the_number_is_shown_confirmed_and_undone(self):
        window = self.open()
        window.click_row(details="Invoices")
        window.wait_text("7 messages")
        window.wait_text("4 messages in 2 mailboxes, counted")
        window.wait_text("Moves 4 messages in 2 mailboxes to the recoverable folder. Undo brings these "
                         "back, and no others.")
        window.click("button", "Read the message")
        window.wait_text("^One of the messages$")
        window.wait_text(SENDER, shown=False)
        window.click("button", "Approve")
        window.wait_text("This moves 4 messages in 2 mailboxes.")
        self.assertEqual([2, 2], self.there())
        window.click("button", "Move 4 messages in 2 mailboxes")
        window.wait_text("1 action approved")
        self.assertEqual([0, 0], self.there())
        window.wait_text("Moved: 4")
        window.wait_text("^Undo puts back what this has moved of 4 messages in 2 mailboxes, and nothing else")
        window.click("button", "Undo")
        window.wait_text("1 action undone")
        self.assertEqual([2, 2], self.there())

    def test_the_number_is_confirmed_for_several_at_once(self):
        """Whoever approves a selection has not seen the messages of each, so the sum is asked for."""
        other = self.service.post_investigation([{
            "type": "softDeleteEmailCluster", "verdict": "malicious",
            "entity": {"type": "emailCluster", "name": "Only one", "sender": SENDER,
                       "messageIds": [f"<0.{self.mailboxes[0]}>"]},
            "assets": self.mailboxes[:1]}])["actions"][0]["id"]
        self.service.decide("reject", [self.action])
        rest = self.service.post_investigation([{
            "type": "softDeleteEmailCluster", "verdict": "malicious",
            "entity": {"type": "emailCluster", "name": "The others", "sender": SENDER,
                       "excludedMessageIds": [f"<0.{self.mailboxes[0]}>"]},
            "assets": self.mailboxes}])["actions"][0]["id"]
        for action in (other, rest):
            wait_until(lambda one=action: self.service.action(one)["targets"].get("digest"), "a look")
        window = self.open()
        window.click_row_at(0)
        window.click_row_at(-1, keys=["shift"])
        window.wait_text("^2 actions selected$")
        window.click("button", "Approve")
        window.wait_text("This moves 4 messages in 2 mailboxes.")
        self.assertEqual([2, 2], self.there())
        window.click("button", "Move 4 messages in 2 mailboxes")
        window.wait_text("2 actions approved")
        self.assertEqual([0, 0], self.there())

    def test_they_are_counted_anew(self):
        window = self.open()
        window.click_row(details="Invoices")
        window.wait_text("4 messages in 2 mailboxes, counted")
        self.put(self.mailboxes[0], "<new@evil.test>")
        window.click("button", "Count anew")
        window.wait_text("5 messages in 2 mailboxes, counted")

    def test_what_failed_is_shown_with_its_reason_and_tried_again(self):
        two = self.mailboxes[1]
        users = self.lab.folder / "users"
        text = users.read_text(encoding="utf-8")
        users.write_text("".join(line for line in text.splitlines(True)
                                 if not line.startswith(f"{two}:")), encoding="utf-8")
        self.addCleanup(users.write_text, text, encoding="utf-8")
        wait_until(lambda: not self.may_log_in(two), "the login to be refused")
        self.service.decide("approve", [self.action], confirmedMessages=4, targets=[
            {"actionId": self.action, "digest": self.service.action(self.action)["targets"]["digest"]}])
        wait_until(lambda: self.service.action(self.action)["status"] == "partlyCompleted", "the end")
        window = self.open()
        self.open_tab(window, "History")
        window.wait_row(details="Invoices")
        window.resize(1280, 1380)
        window.click_row(details="Invoices")
        window.wait_text(re.compile(r"Moved: 2\nFailed: 2"))
        window.wait_text(f"{two}: Your invoice")
        window.wait_text(f"The login to the mailbox “{two}” was refused.")
        self.assertEqual([], [one for one in window.texts() if f"{self.mailboxes[0]}: " in one])
        users.write_text(text, encoding="utf-8")
        wait_until(lambda: self.may_log_in(two), "the login to be allowed")
        window.click("button", "Retry")
        window.wait_text("1 action retried")
        self.assertEqual([0, 0], self.there())
        window.wait_text("Moved: 4")

    def test_what_cannot_be_remedied_is_named_and_the_sum_is_whole(self):
        """A message without a Message-ID is not touched and stands there with the reason; what was moved,
        what was there already and what was left add up to all that were meant."""
        self.lab.append(self.mailboxes[0], "INBOX", letter(None, sender=SENDER, subject="Without"),
                        FLAGS, DATE)
        self.service.request("POST", f"/actions/{self.action}/looks", {}, role="responder")
        wait_until(lambda: self.service.action(self.action)["targets"]["messages"] == 5, "the count")
        window = self.open()
        window.wait_row(details="Invoices")
        window.resize(1280, 1380)
        window.click_row(details="Invoices")
        window.wait_text("5 messages in 2 mailboxes, counted")
        window.click("button", "Approve")
        window.click("button", "Move 5 messages in 2 mailboxes")
        window.wait_text(re.compile(r"Moved: 4\nNot remediable: 1"))
        window.wait_text("Without")
        window.wait_text("has no Message-ID")
        self.assertEqual("partlyCompleted", self.service.action(self.action)["status"])
        self.assertEqual([1, 0], self.there())

    def test_the_same_cluster_again_is_not_carried_out_and_the_window_says_why(self):
        """Within the hour a second approval of the same messages names the first, by whom and when."""
        again = self.service.post_investigation([{
            "type": "softDeleteEmailCluster", "verdict": "malicious", "reason": "Once more.",
            "entity": {"type": "emailCluster", "name": "The same", "sender": SENDER},
            "assets": self.mailboxes}])["actions"][0]["id"]
        wait_until(lambda: self.service.action(again)["targets"].get("digest"), "the look")
        seen = [{"actionId": self.action, "digest": self.service.action(self.action)["targets"]["digest"]}]
        self.service.wait_operation(self.service.decide("approve", [self.action], targets=seen,
                                                        confirmedMessages=4).json["id"])
        # Its owner puts one back, so that there is something to be done.
        client = self.lab.imap(self.mailboxes[0], master=True)
        client.select(self.lab.recoverable)
        client.uid("MOVE", "1:1", "INBOX")
        client.logout()
        self.service.request("POST", f"/actions/{again}/looks", {}, role="responder")
        wait_until(lambda: self.service.action(again)["targets"]["messages"] == 1, "the count")
        window = self.open()
        window.click_row(details="The same")
        window.click("button", "Approve")
        window.wait_text(r"approved by the\.responder on .*")
        self.assertEqual(("pending", [1, 0]), (self.service.action(again)["status"], self.there()))

    def may_log_in(self, mailbox):
        try:
            self.lab.imap(mailbox, master=True).logout()
        except imaplib.IMAP4.error:
            return False
        return True


if __name__ == "__main__":
    unittest.main()
