# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters are soft-deleted and come back, on a real mail server: what belongs to a cluster, and what an
approval of one is good for."""
import base64
import quopri
import sqlite3
import unittest
import uuid

from cluster_case import ClusterCase, KEPT, sha256
from service import wait_until

EVIL = "Billing <billing@evil.test>"


def part(text, kind="text/plain", encoding=None):
    """A MIME part with its header."""
    data = text.encode()
    if encoding == "base64":
        data = base64.encodebytes(data).replace(b"\n", b"\r\n")
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data).replace(b"\n", b"\r\n")
    return (f"Content-Type: {kind}; charset=utf-8\r\n"
            f"Content-Transfer-Encoding: {encoding or '8bit'}\r\n\r\n" + data.decode() + "\r\n")


def mixed(*parts):
    """The header and the body of a message with these parts."""
    return ("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n",
            "".join(f"--B\r\n{one}" for one in parts) + "--B--\r\n")


class Criteria(ClusterCase):
    """What belongs to a cluster, and what only looks like it."""

    def check(self, mailbox, ids, **criteria):
        """The cluster is these messages: they are counted, moved and brought back, and no others."""
        everything = self.there(mailbox)
        self.remember(mailbox)
        action = self.propose([mailbox], **criteria)
        self.assertEqual(sorted(ids), sorted(item["messageId"]
                                             for item in self.targets(action)["items"]))
        self.assertEqual("completed", self.carry_out("approve", action)["status"])
        self.assertEqual(sorted(ids), self.kept(mailbox))
        self.assertEqual(sorted(set(everything) - set(ids)), self.there(mailbox))
        self.assertEqual("undone", self.carry_out("undo", action)["status"])
        self.assert_as_before()

    def test_by_sender(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>", sender="Billing <BILLING@Evil.test>")
        self.put(mailbox, "<2@x>", sender="friend@good.test, billing@evil.test")
        self.put(mailbox, "<3@x>", sender='"billing@evil.test" <other@good.test>')
        self.put(mailbox, "<4@x>", sender="notbilling@evil.test")
        self.put(mailbox, "<5@x>", sender="billing@evil.test.good.test")
        self.check(mailbox, ["<1@x>", "<2@x>"], sender="billing@evil.test")

    def test_by_the_domain_of_the_sender(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>", sender="a@EVIL.test")
        self.put(mailbox, "<2@x>", sender="b@evil.test")
        self.put(mailbox, "<3@x>", sender="b@mail.evil.test")
        self.put(mailbox, "<4@x>", sender="b@evil.testing")
        self.put(mailbox, "<5@x>", sender='"@evil.test" <b@good.test>')
        self.check(mailbox, ["<1@x>", "<2@x>"], senderDomain="evil.test")

    def test_by_subject(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>", subject="Überweisung  fällig")
        self.put(mailbox, "<2@x>", subject="=?utf-8?q?=C3=9Cberweisung_f=C3=A4llig?=")
        self.put(mailbox, "<3@x>", subject="ÜBERWEISUNG\r\n fällig")
        self.put(mailbox, "<4@x>", subject="Re: Überweisung fällig")
        self.put(mailbox, "<5@x>", subject="Überweisung")
        self.check(mailbox, ["<1@x>", "<2@x>", "<3@x>"], subject="überweisung fällig")

    def test_by_a_link(self):
        [mailbox] = self.mailboxes(1)
        url = "https://login.evil.test/verify?user=1&step=2"
        spelled = url.replace("&", "&amp;").replace("/v", "&#47;&#x76;")
        header, body = mixed(part("nothing"), part(f"<a href='{spelled}'>", "text/html", "base64"))
        self.put(mailbox, "<1@x>", header=header, body=body)
        self.put(mailbox, "<2@x>", body="Go to (HTTPS://LOGIN.evil.test:443/%76erify?user=1&step=2).\r\n")
        header, body = mixed(part(f"see {url}, now", encoding="quoted-printable"))
        self.put(mailbox, "<3@x>", header=header, body=body)
        self.put(mailbox, "<7@x>", body=f"https://good.test/,{url}).\r\n")
        self.put(mailbox, "<8@x>", body="http:" * 100000 + f" {url}\r\n")
        self.put(mailbox, "<4@x>", body=f"{url}&more=1\r\n")
        self.put(mailbox, "<5@x>", body="https://login.evil.test/verify\r\n")
        self.put(mailbox, "<6@x>", body="login.evil.test\r\n")
        self.check(mailbox, ["<1@x>", "<2@x>", "<3@x>", "<7@x>", "<8@x>"], url=url)

    def test_by_an_attachment(self):
        [mailbox] = self.mailboxes(1)
        harmful = "MZ" + "\x7fharmful" * 900
        one = part(harmful, "application/octet-stream", "base64")
        header, body = mixed(part("see the attachment"), one)
        self.put(mailbox, "<1@x>", header=header, body=body)
        inner = f"From: a@b\r\nSubject: inner\r\n{header}\r\n{body}"
        self.put(mailbox, "<2@x>", header=header.replace("mixed; boundary=B", "mixed; boundary=O"),
                 body=f"--O\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--O--\r\n")
        header, body = mixed(part("see"), part(harmful + ".", "application/octet-stream", "base64"))
        self.put(mailbox, "<3@x>", header=header, body=body)
        self.put(mailbox, "<4@x>", body="no attachment\r\n")
        self.check(mailbox, ["<1@x>", "<2@x>"], attachmentSha256=sha256(harmful.encode()).upper())

    def test_by_a_list_of_message_ids(self):
        [mailbox] = self.mailboxes(1)
        for number in range(120):
            self.put(mailbox, f"<m{number}@x>")
        ids = [f"<m{number}@x>" for number in range(0, 120, 2)]
        self.check(mailbox, ids, messageIds=[*ids, "<nobody-has-it@x>", "<m1@>"])

    def test_all_criteria_must_hold(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>", sender=EVIL, subject="Pay now")
        self.put(mailbox, "<2@x>", sender=EVIL, subject="Other")
        self.put(mailbox, "<3@x>", sender="friend@good.test", subject="Pay now")
        self.put(mailbox, "<4@x>", sender=EVIL, subject="Pay now")
        self.check(mailbox, ["<1@x>"], sender="billing@evil.test", subject="Pay now",
                   messageIds=["<1@x>", "<2@x>", "<3@x>"])

    def test_what_is_excluded_is_left(self):
        one, two, three = self.mailboxes(3)
        for mailbox in (one, two, three):
            self.put(mailbox, "<1@x>")
            self.put(mailbox, "<2@x>")
        action = self.propose([one, two, three], sender="billing@evil.test",
                              excludedMailboxes=[two.upper()], excludedMessageIds=["<2@x>"])
        self.assertEqual("completed", self.carry_out("approve", action)["status"])
        self.assertEqual(["<2@x>"], self.there(one))
        self.assertEqual(["<1@x>", "<2@x>"], self.there(two))
        self.assertEqual(["<2@x>"], self.there(three))

    def test_a_second_message_with_the_same_message_id_is_left(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>", subject="Pay now")
        self.put(mailbox, "<1@x>", subject="A letter from a friend", sender="friend@good.test")
        self.remember(mailbox)
        action = self.propose([mailbox], subject="Pay now")
        self.carry_out("approve", action)
        self.assertEqual(["A letter from a friend"],
                         [message.subject for message in self.lab.messages(mailbox)])
        self.carry_out("undo", action)
        self.assert_as_before()

    def test_a_cluster_says_which_messages_are_meant(self):
        for criteria, field in (({}, "actions[0].entity"), ({"messageIds": []}, "actions[0].entity"),
                                ({"sender": "evil.test"}, "actions[0].entity.sender"),
                                ({"senderDomain": "a@b"}, "actions[0].entity.senderDomain"),
                                ({"attachmentSha256": "12"}, "actions[0].entity.attachmentSha256"),
                                ({"subject": "a\nb"}, "actions[0].entity.subject")):
            with self.subTest(criteria=criteria):
                answer = self.service.request("POST", "/investigations", {
                    "externalId": str(uuid.uuid4()), "title": "t", "actions": [{
                        "type": "softDeleteEmailCluster", "verdict": "malicious", "assets": ["a@b"],
                        "entity": {"type": "emailCluster", "name": "c", **criteria}}]}, role="detector")
                self.assertEqual((400, "invalid-value", field),
                                 (answer.status, answer.problem, answer.json["field"]))

    def test_a_link_that_is_none_is_said_to_be_none(self):
        [mailbox] = self.mailboxes(1)
        action = self.propose([mailbox], url="mailto:somebody@evil.test")
        self.assertEqual(1, self.service.action(action)["targets"]["unreadable"])
        self.assertIn("cannot be looked for", self.targets(action)["unreadable"][0]["problem"])


class Approvals(ClusterCase):
    """An approval holds for what was seen."""

    settings = {"grace-seconds": 0}
    mail_changes = {"confirm_messages": 3, "look_seconds": 2}

    def test_all_mailboxes_are_those_of_the_list(self):
        one, two = self.mailboxes(2)
        sender = f"{uuid.uuid4()}@evil.test"
        self.put(one, "<1@x>", sender=sender)
        self.put(two, "<2@x>", sender=sender)
        action = self.propose(["*"], sender=sender)
        seen = self.service.action(action)
        self.assertEqual(["*", *sorted([one, two])], seen["assets"])
        self.assertEqual((2, 2), (seen["targets"]["messages"], seen["targets"]["mailboxes"]))
        after = self.carry_out("approve", action)
        self.assertEqual("completed", after["status"], after)
        self.assertEqual(2, len(after["results"]))
        self.assertEqual(["<1@x>"], self.kept(one))
        self.assertEqual("undone", self.carry_out("undo", action)["status"])
        self.assertEqual(["<2@x>"], self.there(two))

    def test_only_a_cluster_takes_all_mailboxes(self):
        entity = {"type": "emailMessage", "messageId": "<1@x>"}
        cluster = {"type": "emailCluster", "name": "c", "sender": "a@b"}
        for kind, one, assets in (("softDeleteEmail", entity, ["*"]),
                                  ("softDeleteEmailCluster", cluster, ["*", "a@b"])):
            answer = self.service.request("POST", "/investigations", {
                "externalId": str(uuid.uuid4()), "title": "t", "actions": [
                    {"type": kind, "verdict": "malicious", "entity": one, "assets": assets}]},
                role="detector")
            self.assertEqual((400, "actions[0].assets"), (answer.status, answer.json["field"]))

    def test_more_messages_than_the_limit_are_confirmed_by_their_number(self):
        mailboxes = self.mailboxes(2)
        for mailbox in mailboxes:
            self.put(mailbox, "<1@x>")
            self.put(mailbox, "<2@x>")
        action = self.propose(mailboxes, sender="billing@evil.test")
        for more in ({}, {"confirmedMessages": 3}, {"targets": [], "confirmedMessages": 4}):
            with self.subTest(more=more):
                answer = self.approve(action, **more)
                self.assertEqual((409, "confirmation-needed"), (answer.status, answer.problem))
                self.assertIn("This moves 4 messages in 2 mailboxes.", answer.json["detail"])
                self.assertEqual((4, 2), (answer.json["messages"], answer.json["mailboxes"]))
                self.assertEqual([{"actionId": action, "digest": self.digest(action)}],
                                 answer.json["targets"])
        self.assertEqual("pending", self.service.action(action)["status"])
        self.assertEqual("completed", self.carry_out("approve", action, confirmedMessages=4)["status"])

    def test_a_few_that_were_seen_need_no_confirmation(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        answer = self.service.decide("approve", [action])
        self.assertEqual((409, "confirmation-needed"), (answer.status, answer.problem))
        self.assertEqual("completed", self.carry_out("approve", action)["status"])

    def test_what_has_changed_since_it_was_seen_is_not_approved(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        seen = self.digest(action)
        self.put(mailbox, "<2@x>")
        self.look_again(action)
        answer = self.approve(action, targets=[{"actionId": action, "digest": seen}])
        self.assertEqual((409, "targets-changed"), (answer.status, answer.problem), answer)
        self.assertEqual([action], [one["actionId"] for one in answer.json["conflicts"]])
        self.assertEqual("pending", self.service.action(action)["status"])
        self.assertEqual(["<1@x>", "<2@x>"], self.there(mailbox))

    def test_what_is_gone_by_itself_is_cancelled(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        self.remove(mailbox, "INBOX", "<1@x>")
        wait_until(lambda: self.service.action(action)["status"] == "cancelled", "it to be cancelled")
        last = self.service.action(action)["timeline"][-1]
        self.assertEqual("nothingLeft", last["event"])
        self.assertIn("gone from the mailboxes by themselves", last["comment"])
        investigation = self.service.action(action)["investigationId"]
        answer = self.service.request("GET", f"/investigations/{investigation}", role="reader")
        self.assertEqual("remediated", answer.json["status"], "nothing of it is left to be decided")
        answer = self.service.request("POST", f"/actions/{action}/looks", {}, role="responder")
        self.assertEqual((409, "conflict"), (answer.status, answer.problem))

    def test_what_nobody_has_is_cancelled(self):
        [mailbox] = self.mailboxes(1)
        action = self.propose([mailbox], sender="billing@evil.test")
        wait_until(lambda: self.service.action(action)["status"] == "cancelled", "it to be cancelled")
        seen, last = self.service.action(action)["timeline"][-2:]
        self.assertEqual("look", seen["event"])
        self.assertIn("Found 0 messages in 0 mailboxes; when the next look finds nothing either",
                      seen["comment"])
        self.assertIn("No message of this cluster", last["comment"])

    def test_the_same_cluster_is_not_carried_out_twice_within_an_hour(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        self.put(mailbox, "<2@x>")
        first = self.propose([mailbox], sender="billing@evil.test")
        second = self.propose([mailbox], sender="BILLING@evil.test", name="Under another name",
                              emailCount=7)
        digest = self.digest(second)
        both = self.service.decide("approve", [first, second], targets=[
            {"actionId": one, "digest": digest} for one in (first, second)])
        self.assertEqual((409, "conflict"), (both.status, both.problem))
        self.assertIn("stands twice", both.json["detail"])
        self.carry_out("approve", first)
        self.move(mailbox, KEPT, "<1@x>", "INBOX")
        wait_until(lambda: self.service.action(second)["targets"]["messages"] == 1,
                   "the rest to be counted")
        answer = self.approve(second)
        self.assertEqual((409, "conflict"), (answer.status, answer.problem))
        self.assertIn("approved by the.responder on", answer.json["detail"])
        self.assertIn(first, answer.json["detail"])
        self.assertEqual([second], [one["actionId"] for one in answer.json["conflicts"]])
        self.assertEqual(["<1@x>"], self.there(mailbox))
        # A message that has come since is something else.
        self.put(mailbox, "<3@x>")
        self.look_again(second)
        self.assertEqual("completed", self.carry_out("approve", second)["status"])
        self.assertEqual(["<1@x>", "<2@x>", "<3@x>"], self.kept(mailbox))

    def test_another_message_with_the_same_message_id_is_something_else(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        first = self.propose([mailbox], sender="billing@evil.test")
        self.carry_out("approve", first)
        self.put(mailbox, "<1@x>", subject="Something else")
        second = self.propose([mailbox], sender="billing@evil.test")
        self.assertEqual("completed", self.carry_out("approve", second)["status"])
        self.assertEqual(["<1@x>", "<1@x>"], self.kept(mailbox))
        # Each undo is for its own.
        self.carry_out("undo", second)
        self.assertEqual(["Something else"],
                         [message.subject for message in self.lab.messages(mailbox)])

    def test_a_second_message_with_the_same_message_id_is_another_set(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        seen = self.digest(action)
        self.put(mailbox, "<1@x>", folder="Archive")
        self.look_again(action)
        self.assertEqual(seen, self.digest(action), "the same message once more")
        self.put(mailbox, "<1@x>", body="something else\r\n")
        self.look_again(action)
        answer = self.approve(action, targets=[{"actionId": action, "digest": seen}])
        self.assertEqual((409, "targets-changed"), (answer.status, answer.problem), answer)

    def test_what_was_undone_may_be_approved_again(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        first = self.propose([mailbox], sender="billing@evil.test")
        self.carry_out("approve", first)
        self.carry_out("undo", first)
        second = self.propose([mailbox], sender="billing@evil.test")
        self.assertEqual("completed", self.carry_out("approve", second)["status"])

    def test_the_same_approval_twice_is_one(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        targets = [{"actionId": action, "digest": self.digest(action)}]
        key = str(uuid.uuid4())
        answers = [self.approve(action, key=key, targets=targets) for _ in range(2)]
        self.assertEqual([202, 202], [answer.status for answer in answers])
        self.assertEqual(*[answer.json["id"] for answer in answers])
        self.service.wait_operation(answers[0].json["id"])
        answer = self.approve(action, targets=targets)
        self.assertEqual((409, "conflict"), (answer.status, answer.problem))
        self.carry_out("undo", action)
        self.assertEqual(409, self.service.decide("undo", [action]).status)
        self.assertEqual(["<1@x>"], self.there(mailbox))

    def test_only_an_approval_names_targets(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        for decision, more, field in (
                ("reject", {"targets": []}, "targets"),
                ("reject", {"confirmedMessages": 1}, "confirmedMessages"),
                ("approve", {"confirmedMessages": -1}, "confirmedMessages"),
                ("approve", {"targets": [{"actionId": "x", "digest": "y"}]}, "targets[0].actionId")):
            answer = self.service.decide(decision, [action], **more)
            self.assertEqual((400, field), (answer.status, answer.json["field"]), answer)
        self.assertEqual(202, self.service.decide("reject", [action]).status)
        answer = self.service.request("POST", f"/actions/{action}/looks", {}, role="responder")
        self.assertEqual((409, "conflict"), (answer.status, answer.problem))


class Grace(ClusterCase):
    """While an approval can be taken back."""

    settings = {"grace-seconds": 3600}

    @classmethod
    def make_service(cls):
        cls.listed = cls.folder / "mailboxes"
        cls.listed.write_text((cls.lab.folder / "users").read_text(encoding="utf-8"), encoding="utf-8")
        cls.mail_changes = {"look_seconds": 0, "mailboxes_file": cls.listed}
        return super().make_service()

    def test_an_approval_that_is_taken_back_leaves_everything(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        answer = self.approve(action)
        self.assertEqual("queued", self.service.action(action)["status"])
        path = f"/operations/{answer.json['id']}"
        self.assertEqual(200, self.service.request("DELETE", path, role="responder").status)
        after = self.service.action(action)
        self.assertEqual(("pending", 1), (after["status"], after["targets"]["messages"]))
        self.assertEqual(["<1@x>"], self.there(mailbox))
        # It is not in force any more, so the same cluster may be approved in its place.
        second = self.propose([mailbox], sender="billing@evil.test")
        self.assertEqual(202, self.approve(second).status)

    def test_what_has_changed_before_it_is_carried_out_comes_back(self):
        one, two = self.mailboxes(2)
        self.put(one, "<1@x>")
        self.put(one, "<2@x>")
        self.put(two, "<3@x>")
        action = self.propose([one, two], sender="billing@evil.test")
        operation = self.approve(action).json["id"]
        self.remove(one, "INBOX", "<2@x>")
        self.put(two, "<4@x>", subject="New one")
        self.end_of_grace()
        operation = self.service.wait_operation(operation)
        self.assertEqual(1, operation["counts"]["skipped"])
        self.assertIn("1 messages have come, 1 have gone", operation["items"][0]["detail"])
        after = self.service.action(action)
        self.assertEqual("pending", after["status"])
        self.assertNotIn("decidedBy", after)
        difference = after["targets"]["difference"]
        self.assertEqual((1, 1), (difference["added"], difference["removed"]))
        self.assertEqual([("added", two, "<4@x>"), ("removed", one, "<2@x>")],
                         [(one["change"], one["mailbox"], one["messageId"])
                          for one in difference["examples"]])
        self.assertIn("targetsChanged", [entry["event"] for entry in after["timeline"]])
        self.assertEqual([], self.kept(one) + self.kept(two))
        operation = self.approve(action).json["id"]
        self.end_of_grace()
        self.service.wait_operation(operation)
        self.assertEqual("completed", self.service.action(action)["status"])
        self.assertEqual(["<1@x>"], self.kept(one))
        self.assertEqual(["<3@x>", "<4@x>"], self.kept(two))

    def test_it_holds_for_what_was_seen_also_after_a_while(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        operation = self.approve(action).json["id"]
        self.put(mailbox, "<2@x>")
        self.end_of_grace()
        self.assertEqual(1, self.service.wait_operation(operation)["counts"]["skipped"])
        after = self.service.action(action)
        self.assertEqual(("pending", 1, 0), (after["status"], after["targets"]["difference"]["added"],
                                             after["targets"]["difference"]["removed"]))
        self.assertEqual(["<1@x>", "<2@x>"], self.there(mailbox))

    def test_an_empty_list_of_all_mailboxes_is_no_look(self):
        """As one that is being written anew is for a moment: the approval holds."""
        one, two = self.mailboxes(2)
        sender = f"{uuid.uuid4()}@evil.test"
        self.put(one, "<1@x>", sender=sender)
        self.put(two, "<2@x>", sender=sender)
        names = self.listed.read_text(encoding="utf-8")
        self.addCleanup(self.listed.write_text, names, encoding="utf-8")
        action = self.propose(["*"], sender=sender)
        self.assertEqual(2, self.service.action(action)["targets"]["messages"])
        self.listed.write_text("# being written\n", encoding="utf-8")
        self.look_again(action)
        seen = self.service.action(action)
        self.assertEqual(("pending", 2, 1), (seen["status"], seen["targets"]["messages"],
                                             seen["targets"]["unreadable"]))
        [unreadable] = self.targets(action)["unreadable"]
        self.assertIn("The list of all mailboxes is empty", unreadable["problem"])
        operation = self.approve(action).json["id"]
        self.end_of_grace()
        self.assertEqual(1, self.service.wait_operation(operation)["counts"]["done"])
        self.assertEqual((["<1@x>"], ["<2@x>"]), (self.kept(one), self.kept(two)))

    def test_mailboxes_that_are_empty_for_a_while_end_nothing(self):
        """As they are while the mail store is not there."""
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        self.remove(mailbox, "INBOX", "<1@x>")
        self.look(action)
        seen = self.service.action(action)
        self.assertEqual(("pending", 0), (seen["status"], seen["targets"]["messages"]))
        answer = self.approve(action)
        self.assertEqual((409, "conflict"), (answer.status, answer.problem))
        self.assertIn("There is nothing to approve", answer.json["detail"])
        self.put(mailbox, "<1@x>")
        self.look(action)
        self.remove(mailbox, "INBOX", "<1@x>")
        self.look(action)
        self.assertEqual("pending", self.service.action(action)["status"], "they were back meanwhile")
        self.look(action)
        self.assertEqual("cancelled", self.service.action(action)["status"])

    def test_what_is_gone_before_it_is_carried_out_is_cancelled(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        operation = self.approve(action).json["id"]
        self.remove(mailbox, "INBOX", "<1@x>")
        self.end_of_grace()
        self.assertEqual(1, self.service.wait_operation(operation)["counts"]["skipped"])
        after = self.service.action(action)
        self.assertEqual(("pending", 0, 1), (after["status"], after["targets"]["messages"],
                                             after["targets"]["difference"]["removed"]))
        self.look(action)
        after = self.service.action(action)
        self.assertEqual("cancelled", after["status"])
        self.assertEqual(["targetsChanged", "nothingLeft"],
                         [entry["event"] for entry in after["timeline"]][-2:])

    def test_a_message_that_is_moved_by_its_owner_is_the_same_message(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        operation = self.approve(action).json["id"]
        self.move(mailbox, "INBOX", "<1@x>", "Elsewhere")
        self.remember(mailbox)
        self.end_of_grace()
        self.assertEqual(1, self.service.wait_operation(operation)["counts"]["done"])
        self.assertEqual(["<1@x>"], self.kept(mailbox))
        self.carry_out("undo", action)
        self.assert_as_before()

    def test_a_copy_of_the_same_message_is_the_same_message(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        operation = self.approve(action).json["id"]
        self.put(mailbox, "<1@x>", folder="Elsewhere")
        self.remember(mailbox)
        self.end_of_grace()
        self.assertEqual(1, self.service.wait_operation(operation)["counts"]["done"])
        self.assertEqual(["<1@x>", "<1@x>"], self.kept(mailbox))
        self.carry_out("undo", action)
        self.assert_as_before()

    def test_a_second_message_with_the_same_message_id_comes_back(self):
        [mailbox] = self.mailboxes(1)
        self.put(mailbox, "<1@x>")
        action = self.propose([mailbox], sender="billing@evil.test")
        operation = self.approve(action).json["id"]
        self.put(mailbox, "<1@x>", body="a letter that nobody has seen\r\n")
        self.end_of_grace()
        self.assert_came_back(operation, action)
        self.assertEqual(["<1@x>", "<1@x>"], self.there(mailbox))
        operation = self.approve(action).json["id"]
        self.end_of_grace()
        self.assertEqual(1, self.service.wait_operation(operation)["counts"]["done"])
        self.assertEqual(["<1@x>", "<1@x>"], self.kept(mailbox))

    def test_an_approval_of_an_older_version_holds_for_what_was_seen(self):
        """Its digest did not cover the copies."""
        one, two = self.mailboxes(2)
        for mailbox in (one, two):
            self.put(mailbox, "<1@x>")
        actions = [self.propose([mailbox], sender="billing@evil.test") for mailbox in (one, two)]
        for action, mailbox in zip(actions, (one, two)):
            self.set_digest(action, sha256(f"{mailbox}\0<1@x>\0".encode()))
        operations = [self.approve(action).json["id"] for action in actions]
        self.put(two, "<1@x>", body="a letter that nobody has seen\r\n")
        self.end_of_grace()
        self.assertEqual(1, self.service.wait_operation(operations[0])["counts"]["done"])
        self.assertEqual(["<1@x>"], self.kept(one))
        self.assert_came_back(operations[1], actions[1])
        self.assertEqual(["<1@x>", "<1@x>"], self.there(two))
        self.assertEqual([], self.kept(two))

    def assert_came_back(self, operation, action):
        """One message has come, and nothing was done."""
        operation = self.service.wait_operation(operation)
        self.assertEqual(1, operation["counts"]["skipped"], operation)
        self.assertIn("1 messages have come, 0 have gone", operation["items"][0]["detail"])
        after = self.service.action(action)
        self.assertEqual(("pending", 1, 0), (after["status"], after["targets"]["difference"]["added"],
                                             after["targets"]["difference"]["removed"]))
        self.assertEqual(["<1@x>"], [one["messageId"]
                                     for one in after["targets"]["difference"]["examples"]])

    def set_digest(self, action, digest):
        self.change("UPDATE clusters SET digest = ? "
                    "WHERE action = (SELECT seq FROM actions WHERE id = ?)", digest, action)

    def end_of_grace(self):
        """As if the time were over: the service is stopped, and what waits may begin."""
        self.change("UPDATE work SET not_before = 1 WHERE state = 'delayed'")

    def change(self, statement, *values):
        """While the service is away."""
        self.service.stop()
        with sqlite3.connect(self.service.database) as database:
            database.execute(statement, values)
        database.close()
        self.service.start()


if __name__ == "__main__":
    unittest.main()
