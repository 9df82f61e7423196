# SPDX-License-Identifier: GPL-3.0-or-later
"""The Explorer: the search of the mailboxes of a real mail server, and what people propose and take on
what they have found."""
import concurrent.futures
import datetime
import sqlite3
import unittest

from cluster_case import DATE, ClusterCase, sha256

MULTIPART = (b"--b\r\nContent-Type: text/plain\r\n\r\nSee http://pay.evil.test/now?id=7.\r\n"
             b"--b\r\nContent-Type: application/pdf; name=\"=?utf-8?q?r=C3=A9sum=C3=A9?=.pdf\"\r\n"
             b"Content-Disposition: attachment;\r\n filename*0*=utf-8''r%C3%A9sum%C3%A9%20;\r\n"
             b" filename*1=\"of May.pdf\"\r\n\r\nHARMFUL\r\n--b--\r\n")


class Explorer(ClusterCase):
    users = 70

    def search(self, role="reader", **query):
        """All pages of a search as one."""
        whole = {"items": [], "failed": [], "cut": []}
        cursor = None
        while True:
            answer = self.service.request("GET", "/messages", role=role, query={
                **query, **({"cursor": cursor} if cursor else {})})
            self.assertEqual(200, answer.status, answer)
            for name, items in whole.items():
                items += answer.json[name]
            whole["mailboxes"], whole["searched"] = (answer.json["mailboxes"],
                                                     answer.json["searched"])
            cursor = answer.json.get("nextCursor")
            if cursor is None:
                return whole

    def found(self, **query):
        return sorted((item["mailbox"], item.get("messageId"))
                      for item in self.search(**query)["items"])

    def propose_actions(self, actions, decision="propose", role="responder", **more):
        return self.service.request("POST", "/proposals", {
            "name": "Invoices with a false link", "decision": decision, "actions": actions,
            **more.pop("members", {})}, role=role, **more)

    @staticmethod
    def soft_delete(message_id, *mailboxes, **members):
        return {"type": "softDeleteEmail", "verdict": "malicious", "assets": list(mailboxes),
                "entity": {"type": "emailMessage", "messageId": message_id}, **members}

    def decide_and_wait(self, decision, action):
        """The action after a decision on it was carried out."""
        answer = self.service.decide(decision, [action])
        self.assertEqual(202, answer.status, answer)
        self.service.wait_operation(answer.json["id"])
        return self.service.action(action)

    def audit(self, event):
        with sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True) as database:
            return database.execute("SELECT actor, kind, comment FROM audit WHERE event = ?",
                                    (event,)).fetchall()

    # --- the search ---

    def test_each_thing_that_can_be_named(self):
        one, two = self.mailboxes(2)
        raw = (b"From: Pay Roll <pay@roll.evil.test>\r\nTo: Ann <" + one.encode() + b">, x@y.test\r\n"
               b"Cc: boss@example.test\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe_und?= your  payslip\r\n"
               b"Message-ID: <named@evil.test>\r\nMIME-Version: 1.0\r\n"
               b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + MULTIPART)
        self.lab.append(one, "INBOX", raw, ["\\Seen"], DATE)
        self.put(one, "<other@evil.test>")
        self.put(two, "<third@evil.test>", subject="Grüße und your payslip, again".encode("ascii",
                 "ignore").decode(), date=DATE + datetime.timedelta(days=3))
        before = self.lab.snapshot(one)
        where = {"mailbox": [one, two]}
        this = [(one, "<named@evil.test>")]
        for query in ({"sender": "PAY@roll.evil.test"}, {"senderDomain": "roll.evil.test"},
                      {"recipient": one}, {"recipient": "boss@example.test"},
                      {"subject": "grüße und YOUR payslip"}, {"subjectPart": "GRÜSSE und"},
                      {"messageId": "<named@evil.test>"},
                      {"url": "https://pay.evil.test/now?id=7"},
                      {"attachmentSha256": sha256(b"HARMFUL")}):
            with self.subTest(query=query):
                self.assertEqual(this, self.found(**query, **where))
        self.assertEqual([], self.found(subject="Grüße", **where))
        self.assertEqual([], self.found(recipient="nobody@example.test", **where))
        item = self.search(messageId="<named@evil.test>", **where)["items"][0]
        self.assertEqual(
            ("INBOX", False, "Pay Roll <pay@roll.evil.test>", "Grüße und your payslip",
             ["résumé of May.pdf"], "2024-02-02T10:11:12.000000Z"),
            (item["folder"], item["recoverable"], item["sender"],
             " ".join(item["subject"].split()), item["attachments"], item["receivedAt"]))
        self.assertEqual([f"Ann <{one}>", "x@y.test", "boss@example.test"], item["recipients"])
        self.assertEqual(before, self.lab.snapshot(one), "the search has changed something")

    def test_times_are_exact_to_the_second(self):
        one, = self.mailboxes(1)
        self.put(one, "<first@evil.test>")
        self.put(one, "<second@evil.test>", date=DATE + datetime.timedelta(seconds=1))
        at = "2024-02-02T10:11:13Z"
        self.assertEqual([(one, "<second@evil.test>")], self.found(mailbox=one, receivedAfter=at))
        self.assertEqual([(one, "<first@evil.test>")], self.found(mailbox=one, receivedBefore=at))

    def test_a_search_over_all_mailboxes_goes_page_by_page_and_says_how_far_it_is(self):
        for mailbox in self.mailboxes(3):
            self.put(mailbox, f"<everywhere-{mailbox}>", sender="all@everywhere.test")
        first = self.service.request("GET", "/messages", role="reader",
                                     query={"sender": "all@everywhere.test", "limit": 1}).json
        self.assertLess(first["searched"], first["mailboxes"])
        self.assertEqual(self.users, first["mailboxes"])
        whole = self.search(sender="all@everywhere.test", limit=1)
        self.assertEqual((3, self.users), (len(whole["items"]), whole["searched"]))
        for query, status, field in (({"sender": "other@everywhere.test"}, 400, "cursor"),
                                     ({"sender": "all@everywhere.test", "mailbox": "user1"}, 400,
                                      "cursor")):
            answer = self.service.request("GET", "/messages", role="reader", query={
                **query, "cursor": first["nextCursor"]})
            self.assertEqual((status, field), (answer.status, answer.json["field"]))

    def test_what_is_soft_deleted_already_is_found_and_said(self):
        one, = self.mailboxes(1)
        self.put(one, "<gone@evil.test>")
        action = self.service.post_investigation([self.soft_delete("<gone@evil.test>", one)])
        action = action["actions"][0]["id"]
        self.decide_and_wait("approve", action)
        item, = self.search(messageId="<gone@evil.test>", mailbox=one)["items"]
        self.assertEqual((True, "malicious", [{"id": action, "type": "softDeleteEmail",
                                               "status": "completed"}]),
                         (item["recoverable"], item["verdict"], item["actions"]))

    def test_the_messages_of_a_cluster_are_known_too(self):
        one, two = self.mailboxes(2)
        self.put(one, "<known@cluster.test>", sender="x@cluster.test")
        self.put(two, "<known@cluster.test>", sender="x@cluster.test")
        action = self.propose([one], sender="x@cluster.test")
        items = {item["mailbox"]: item
                 for item in self.search(sender="x@cluster.test", mailbox=[one, two])["items"]}
        self.assertEqual([action], [known["id"] for known in items[one]["actions"]])
        self.assertEqual(("malicious", None), (items[two]["verdict"], items[two].get("actions")))

    def test_a_mailbox_that_cannot_be_opened_is_named(self):
        one, two = self.mailboxes(2)
        self.put(one, "<there@evil.test>")
        allow = self.refuse_login(two)
        whole = self.search(messageId="<there@evil.test>", mailbox=[one, two])
        self.assertEqual([one], [item["mailbox"] for item in whole["items"]])
        self.assertEqual([two], [failed["mailbox"] for failed in whole["failed"]])
        self.assertIn("was refused", whole["failed"][0]["problem"])
        allow()
        self.assertEqual([], self.search(messageId="<there@evil.test>",
                                         mailbox=[one, two])["failed"])

    def test_wrong_questions_are_refused_by_name(self):
        for query, field in (({}, "sender"), ({"sender": "nobody"}, "sender"),
                             ({"senderDomain": "a@b"}, "senderDomain"), ({"subject": " "}, "subject"),
                             ({"attachmentSha256": "12"}, "attachmentSha256"),
                             ({"receivedAfter": "yesterday"}, "receivedAfter"),
                             ({"mailbox": ""}, "mailbox"), ({"subject": "a\r\nb"}, "subject")):
            with self.subTest(query=query):
                answer = self.service.request("GET", "/messages", role="reader", query=query)
                self.assertEqual((400, field), (answer.status, answer.json.get("field")), answer)
        for role, status in (("detector", 403), (None, 401)):
            answer = self.service.request("GET", "/messages", role=role,
                                          query={"sender": "a@b.test"})
            self.assertEqual(status, answer.status)

    def test_who_searched_for_what_stands_in_the_audit_log_once(self):
        self.search(role="responder", sender="audit@evil.test", subject="50 % off", limit=1)
        rows = [row for row in self.audit("search") if "audit@evil.test" in row[2]]
        self.assertEqual([("the.responder", "messages",
                           "sender=audit@evil.test&subject=50 % off")], rows)
        self.assertIn("is whole", self.service.run("audit", "verify").stdout)

    def test_two_search_at_once_and_others_read_on(self):
        def ask():
            return self.service.request("GET", "/messages", role="reader",
                                        query={"url": "http://nowhere.evil.test/"}).status

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            asked = [pool.submit(ask) for _ in range(6)]
            self.assertEqual(200, self.service.request("GET", "/actions", role="reader").status)
            answers = [one.result() for one in asked]
        self.assertLessEqual(set(answers), {200, 429})
        self.assertIn(200, answers)

    # --- proposals ---

    def test_what_is_taken_directly_is_carried_out_once_and_can_be_undone(self):
        one, two = self.mailboxes(2)
        for mailbox in (one, two):
            self.put(mailbox, "<direct@evil.test>")
        self.remember(one, two)
        body = [self.soft_delete("<direct@evil.test>", one),
                self.soft_delete("<direct@evil.test>", two)]
        made = self.propose_actions(body, "take", key="direct-1")
        self.assertEqual(201, made.status, made)
        again = self.propose_actions(body, "take", key="direct-1")
        self.assertEqual(made.json["operation"]["id"], again.json["operation"]["id"])
        other = self.propose_actions(body[:1], "take", key="direct-1")
        self.assertEqual((422, "key-reused"),
                         (other.status, other.problem))
        self.service.wait_operation(made.json["operation"]["id"])
        self.assertEqual(["<direct@evil.test>"], self.kept(one))
        actions = made.json["investigation"]["actions"]
        for action in actions:
            action = self.service.action(action["id"])
            self.assertEqual(("manual", "completed", "the.responder"),
                             (action["source"], action["status"], action["decidedBy"]))
        answer = self.service.decide("undo", [action["id"] for action in actions])
        self.service.wait_operation(answer.json["id"])
        self.assert_as_before(one, two)

    def test_a_reader_may_propose_and_cannot_take_or_approve(self):
        one, = self.mailboxes(1)
        self.put(one, "<proposed@evil.test>")
        body = [self.soft_delete("<proposed@evil.test>", one)]
        refused = self.propose_actions(body, "take", role="reader")
        self.assertEqual(403, refused.status)
        self.assertIn("Propose it instead", refused.json["detail"])
        made = self.propose_actions(body, role="reader",
                                    members={"description": "They ask for passwords."})
        self.assertEqual(201, made.status, made)
        self.assertNotIn("operation", made.json)
        action = made.json["investigation"]["actions"][0]
        self.assertEqual(("pending", "manual"), (action["status"], action["source"]))
        self.assertEqual(403, self.service.decide("approve", [action["id"]], role="reader").status)
        self.assertEqual(["<proposed@evil.test>"], self.there(one))
        self.assertEqual("completed", self.decide_and_wait("approve", action["id"])["status"])
        self.assertEqual([], self.there(one))

    def test_the_query_of_the_search_is_proposed_as_a_cluster_and_approved_when_counted(self):
        one, two = self.mailboxes(2)
        for mailbox in (one, two):
            self.put(mailbox, f"<wave-{mailbox}>", sender="w@wave.test")
        body = [{"type": "softDeleteEmailCluster", "verdict": "malicious", "assets": [one, two],
                 "entity": {"type": "emailCluster", "name": "Wave", "sender": "w@wave.test"}}]
        refused = self.propose_actions(body, "take")
        self.assertEqual((422, "decision"), (refused.status, refused.json["field"]))
        made = self.propose_actions(body)
        action = made.json["investigation"]["actions"][0]["id"]
        self.assertEqual(2, self.wait_looked(action)["targets"]["messages"])
        self.assertEqual("completed", self.carry_out("approve", action)["status"])
        self.assertEqual(([], []), (self.there(one), self.there(two)))

    def test_limits_and_mistakes_have_clear_words(self):
        many = [self.soft_delete(f"<{number}@evil.test>", "a@b.test") for number in range(101)]
        answer = self.propose_actions(many)
        self.assertEqual((422, "actions"), (answer.status, answer.json["field"]))
        self.assertIn("These are 101 actions; 100 may be", answer.json["detail"])
        for action, status, said in (
                ({**many[0], "source": "automatedEmail"}, 400, "leave it out"),
                ({**many[0], "type": "quarantineFile"}, 422, "cannot be proposed by a person"),
                ({**many[0], "type": "eat"}, 400, "actions[0].type"),
                ({**many[0], "assets": []}, 400, "actions[0].assets"), (7, 400, "actions[0]")):
            with self.subTest(said=said):
                answer = self.propose_actions([action])
                self.assertEqual(status, answer.status, answer)
                self.assertIn(said, answer.json["detail"])
        self.assertEqual(403, self.propose_actions(many[:1], role="detector").status)
        self.assertEqual(400, self.propose_actions(many[:1], "eat").status)


class SecondPerson(ClusterCase):
    users = 3
    settings = {"second-person": 1}

    def test_nobody_approves_what_he_has_proposed(self):
        self.assertTrue(self.service.request("GET", "/me", role="responder").json["secondPerson"])
        one, = self.mailboxes(1)
        self.put(one, "<two@evil.test>")
        body = {"name": "Two persons", "decision": "take",
                "actions": [Explorer.soft_delete("<two@evil.test>", one)]}
        refused = self.service.request("POST", "/proposals", body, role="responder")
        self.assertEqual(403, refused.status)
        self.assertIn("second person", refused.json["detail"])
        made = self.service.request("POST", "/proposals", {**body, "decision": "propose"},
                                    role="responder").json
        action = made["investigation"]["actions"][0]["id"]
        self.assertEqual("the.responder", self.service.action(action)["proposedBy"])
        self.assertNotIn("proposedBy",
                         self.service.post_investigation()["actions"][0])
        answer = self.service.decide("approve", [action], role="responder")
        self.assertEqual(409, answer.status)
        self.assertIn("somebody else must approve it", answer.json["detail"])
        self.assertEqual(["<two@evil.test>"], self.there(one))
        answer = self.service.decide("approve", [action], role="admin")
        self.assertEqual(202, answer.status, answer)
        self.service.wait_operation(answer.json["id"])
        self.assertEqual("completed", self.service.action(action)["status"])


if __name__ == "__main__":
    unittest.main()
