# SPDX-License-Identifier: GPL-3.0-or-later
"""A message that was taken from three people is released to those whom the analyst ticks, and later to the
others; what lies in the mailboxes is asked for over IMAP."""
import unittest

from case import WindowCase
from lab import checked, quoted

MESSAGE = (b"From: billing@evil.test\r\nTo: you@example.test\r\nSubject: Invoice 4711\r\n"
           b"Message-ID: <%s@x.test>\r\n\r\nPay at https://evil.test/now\r\n")


class UndoOfSome(WindowCase):
    tap_class = "undo-of-some"
    messages = 0

    def setUp(self):
        super().setUp()
        self.message_id = self._testMethodName
        for mailbox, folder, flags in zip(self.lab.mailboxes, ("INBOX", "Projects", "INBOX"),
                                          (("\\Seen", "Invoice"), (), ("\\Flagged",))):
            self.lab.append(mailbox, folder, MESSAGE % self.message_id.encode(), flags)
        self.before = self.snapshots()
        self.action = self.propose("Invoice 4711", self.message_id)
        self.decide("approve")
        self.gone = self.snapshots()

    def propose(self, subject, message_id):
        return self.service.post_investigation([{
            "type": "quarantineEmail", "verdict": "malicious", "reason": "The link steals passwords.",
            "assets": self.lab.mailboxes,
            "entity": {"type": "emailMessage", "messageId": f"<{message_id}@x.test>",
                       "subject": subject, "sender": "billing@evil.test"}}])["actions"][0]["id"]

    def decide(self, decision, **members):
        answer = self.service.decide(decision, [self.action], **members)
        self.service.wait_operation(answer.json["id"])

    def snapshots(self):
        return [self.lab.snapshot(mailbox) for mailbox in self.lab.mailboxes]

    def open_details(self, **more):
        window = self.open(**more)
        self.open_tab(window, "History")
        window.click_row(details="Invoice 4711")
        window.settled("button", "Undo for some…")
        return window

    def chooser(self, window):
        return window.find(type="AcUndoWindow")

    def tick(self, window, name):
        """Clicks the check of a mailbox, or the one for all."""
        def check():
            own = self.chooser(window)
            return own and next((one for one in own.find_all(css="checkbutton")
                                 if name in (one.name or "")), None)
        window.click(node=check)

    def said(self, window, text):
        window.wait(lambda: (own := self.chooser(window)) and text in own.texts(),
                    lambda: f"{text!r} among {self.chooser(window) and self.chooser(window).texts()}")

    def confirm(self, window):
        window.click(node=lambda: (own := self.chooser(window)) and own.find("button", id="undo"))
        window.wait_gone(type="AcUndoWindow")

    def test_one_of_three_is_released_and_then_the_rest(self):
        """All are ticked at first, the numbers follow the ticks, and what is not ticked stays; the others
        come back by Undo. Each message is back as it was, and the timeline says for whom."""
        first, second, third = self.lab.mailboxes
        window = self.open_details()
        window.wait_text("Undo puts 3 messages in 3 mailboxes back.")
        window.click("button", "Undo for some…")
        self.said(window, "Undo puts 3 messages in 3 mailboxes back.")
        window.picture("undo-of-some", self.chooser(window))
        self.tick(window, "All")
        self.said(window, "Nothing is ticked, so nothing would be undone.")
        self.assertNotIn("sensitive", self.chooser(window).find("button", id="undo").states)
        self.tick(window, second)
        self.said(window, "Undo puts 1 message in 1 mailbox back. 2 others stay as they are.")
        window.picture("undo-of-some-one", self.chooser(window))
        self.confirm(window)
        window.wait_text("1 action undone in 1 place")
        self.assertEqual([self.gone[0], self.before[1], self.gone[2]], self.snapshots())
        self.assertEqual("completed", self.service.action(self.action)["status"])
        window.wait_text("Undo puts 2 messages in 2 mailboxes back.")
        window.wait_text("Undone for some, the others stay", shown=False)
        window.wait_text("^Undone for some by the.responder at", shown=False)
        window.wait_text(f"Only for {second}.", shown=False)
        # Ctrl+Z means what was decided last, and not what is left of it.
        window.press("ctrl+z")
        window.picture("undo-of-some-done")
        window.click("button", "Undo for some…")
        self.said(window, "Undo puts 2 messages in 2 mailboxes back.")
        self.assertFalse([text for text in self.chooser(window).texts() if second in text])
        window.press("Escape")
        window.wait_gone(type="AcUndoWindow")
        self.assertEqual([self.gone[0], self.before[1], self.gone[2]], self.snapshots())
        window.click("button", "Undo")
        window.wait_text("^1 action undone$")
        self.assertEqual(self.before, self.snapshots())
        self.assertEqual("undone", self.service.action(self.action)["status"])
        self.assertEqual({first: "restored", second: "restored", third: "restored"},
                         {one["asset"]: one["outcome"]
                          for one in self.service.action(self.action)["results"]})

    def test_one_among_several_is_not_counted_whole(self):
        """Where one of several is undone for some already, no number of messages is promised that would not
        come back; the undo of all brings back what is left."""
        self.decide("undo", assets=self.lab.mailboxes[:1])
        other = self.propose("Invoice 4713", self.message_id)
        self.service.wait_operation(self.service.decide("approve", [other]).json["id"])
        window = self.open()
        self.open_tab(window, "History")
        window.click_row(details="Invoice 4711")
        window.click_row(details="Invoice 4713", keys=("ctrl",))
        window.wait_text("^Undo takes back what 2 actions have done, as far as that still stands")
        window.click("button", "Undo")
        window.wait_text("^2 actions undone$")
        self.assertEqual(self.before, self.snapshots())

    def test_by_keyboard_in_a_narrow_window(self):
        """Tab leads from Undo on to it and through the ticks to Undo, Space unticks, Escape leaves all as
        it is."""
        window = self.open_details()
        window.press("u")
        window.wait_for("button", "Undo", state="focused")
        self.tab_to(window, "undo_some")
        window.press("Return")
        window.wait_for(type="AcUndoWindow")
        window.press("Escape")
        window.wait_gone(type="AcUndoWindow")
        window.resize(360, 720)
        window.click("button", "Undo for some…")
        window.wait_for(type="AcUndoWindow")
        self.tab_to(window, None, self.lab.mailboxes[0])
        window.press("space")
        self.said(window, "Undo puts 2 messages in 2 mailboxes back. 1 other stays as it is.")
        own = self.chooser(window)
        self.assertGreaterEqual(360, own.box[2] - 2 * own.children[0].box[0], own)
        window.picture("undo-of-some-narrow")
        self.tab_to(window, "undo")
        window.press("Return")
        window.wait_gone(type="AcUndoWindow")
        window.wait(lambda: [self.gone[0], *self.before[1:]] == self.snapshots(), "two to be back")
        window.wait(lambda: self.service.action(self.action)["status"] == "completed", "the undo to be over")
        # Of one that is left there is nothing to choose.
        window.wait_gone("button", "Undo for some…")
        window.settled("button", "Undo")

    def tab_to(self, window, identity, name=None):
        def there():
            focus = window.focus()
            return focus and (focus.id == identity if identity else name in (focus.name or ""))
        for _ in range(20):
            if there():
                return
            before = repr(window.focus())
            window.press("Tab")
            window.wait(lambda: repr(window.focus()) != before, "the focus to go on")  # noqa: B023
        self.fail(f"{identity or name} is not reached, but {window.focus()}")

    def test_what_cannot_come_back_holds_up_no_other(self):
        """The message of one mailbox is gone for good: its undo has failed, and the other two are undone
        from the same place."""
        name = self.lab.mailboxes[0].replace(".", "=2E")
        with self.lab.imap(self.lab.quarantine) as connection:
            checked(connection.select(quoted(name)))
            checked(connection.store("1:*", "+FLAGS", "\\Deleted"))
            checked(connection.expunge())
        self.decide("undo", assets=self.lab.mailboxes[:1])
        self.assertEqual("undoFailed", self.service.action(self.action)["status"])
        window = self.open_details()
        window.settled("button", "Retry")
        window.click("button", "Undo for some…")
        self.tick(window, self.lab.mailboxes[0])
        self.said(window, "Undo puts 2 messages in 2 mailboxes back. 1 other stays as it is.")
        self.confirm(window)
        window.wait_text("1 action undone in 2 places")
        self.assertEqual(self.before[1:], self.snapshots()[1:])
        self.assertEqual("undoFailed", self.service.action(self.action)["status"])
        window.picture("undo-of-some-failed")


if __name__ == "__main__":
    unittest.main()
