# SPDX-License-Identifier: GPL-3.0-or-later
"""What each route gives, and what each filter lets through. There is no mail server here: what is
approved stays queued or fails."""
import datetime
import pathlib
import tempfile

from case import ServiceCase
from service import Service, investigation, message_entity, proposal, wait_until

UUID = r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"


class Investigations(ServiceCase):
    tap_class = "investigations"

    def test_a_new_one_is_made_once(self):
        body = investigation(2, description="d", trigger="alert", detectionSource="filter",
                             severity="high")
        first = self.request("POST", "/investigations", body, role="detector")
        self.assertEqual(201, first.status)
        made = first.json
        self.assertRegex(made["id"], UUID)
        self.assertEqual(f"/api/v1/investigations/{made['id']}", first.headers["location"])
        for name in ("externalId", "title", "description", "trigger", "detectionSource", "severity"):
            self.assertEqual(body[name], made[name])
        self.assertEqual("pendingAction", made["status"])
        self.assertEqual(body["evidence"], [{"entity": evidence["entity"],
                                             "verdict": evidence["verdict"]}
                                            for evidence in made["evidence"]])
        again = self.request("POST", "/investigations", body, role="detector")
        self.assertEqual(200, again.status)
        self.assertEqual(made["id"], again.json["id"])
        self.assertEqual([action["id"] for action in made["actions"]],
                         [action["id"] for action in again.json["actions"]])

    def test_reporting_again_replaces_the_evidence_and_adds_what_is_new(self):
        body = investigation(2)
        made = self.request("POST", "/investigations", body, role="detector").json
        more = {**body, "title": "It spreads", "evidence": body["evidence"][:1],
                "actions": [body["actions"][1], proposal("new", ["carol@example.test"])]}
        again = self.request("POST", "/investigations", more, role="detector").json
        self.assertEqual("It spreads", again["title"])
        self.assertEqual(1, len(again["evidence"]))
        self.assertEqual(3, len(again["actions"]))
        self.assertGreater(again["version"], made["version"])
        kept = {action["id"] for action in made["actions"]}
        self.assertTrue(kept < {action["id"] for action in again["actions"]})

    def test_a_proposed_action_says_all_that_was_proposed(self):
        members = {"reason": "A reason.", "source": "api", "expiresAt": "2039-01-02T03:04:05Z"}
        entity = message_entity("x", recipients=["alice@example.test"], folder="INBOX", size=12,
                                receivedAt="2026-01-01T00:00:00Z", threats=["phish"])
        body = proposal("x", ["alice@example.test", "bob@example.test"], entity=entity, **members)
        made = self.service.post_investigation([body], title="A title")
        action = self.service.action(made["actions"][0]["id"])
        self.assertEqual(entity, action["entity"])
        self.assertEqual(body["assets"], action["assets"])
        self.assertEqual(("A reason.", "api", "pending", "Invoice x", made["id"], "A title"),
                         tuple(action[name] for name in ("reason", "source", "status", "details",
                                                         "investigationId", "investigationTitle")))
        self.assertTrue(action["expiresAt"].startswith("2039-01-02T03:04:05"))
        self.assertEqual([("propose", "the.detector")],
                         [(entry["event"], entry["actor"]) for entry in action["timeline"]])
        self.assertEqual([], action["results"])
        self.assertFalse(action["undoable"])

    def test_every_type_of_action_can_be_proposed(self):
        entities = {
            "softDeleteEmail": message_entity("t"), "quarantineEmail": message_entity("t"),
            "softDeleteEmailCluster": {"type": "emailCluster", "name": "c", "emailCount": 3,
                                       "sender": "billing@phish.test"},
            "quarantineAttachment": {"type": "attachment", "messageId": "<a@b>", "fileName": "a.pdf"},
            "blockUrl": {"type": "url", "url": "https://evil.test/"},
            "turnOffMailForwarding": {"type": "mailbox", "address": "alice@example.test"},
            "quarantineFile": {"type": "file", "path": "/tmp/x", "sha256": "0" * 64}}
        actions = [proposal(0, type=kind, entity=entity) for kind, entity in entities.items()]
        made = self.service.post_investigation(actions)
        self.assertEqual(sorted(entities), sorted(action["type"] for action in made["actions"]))

    def test_an_action_must_be_about_what_its_type_is_about(self):
        body = investigation([proposal(0, entity={"type": "url", "url": "https://evil.test/"})])
        answer = self.request("POST", "/investigations", body)
        self.assert_problem(answer, 400, "invalid-value", "actions[0].entity.type", "emailMessage")

    def test_the_list_is_walked_page_by_page(self):
        made = [self.service.post_investigation(2)["id"] for _ in range(7)]
        seen, cursor, total = [], None, None
        while True:
            query = {"limit": 3, **({"cursor": cursor} if cursor else {})}
            page = self.request("GET", "/investigations", query=query).json
            self.assertLessEqual(len(page["items"]), 3)
            seen += [item["id"] for item in page["items"]]
            total = page["total"]
            cursor = page.get("nextCursor")
            if cursor is None:
                break
        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual(total, len(seen))
        self.assertTrue(set(made) <= set(seen))
        item = self.request("GET", "/investigations", query={"limit": 1}).json["items"][0]
        self.assertEqual((2, 2), (item["actionCount"], item["pendingCount"]))

    def test_one_can_be_read(self):
        made = self.service.post_investigation(3)
        self.assertEqual(made, self.request("GET", f"/investigations/{made['id']}",
                                            role="reader").json)


class Actions(ServiceCase):
    tap_class = "actions"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        service = cls.service
        cls.one = service.post_investigation(
            [proposal(f"a{i}", [f"user{i}@example.test"],
                      verdict="malicious" if i % 2 else "suspicious") for i in range(10)])
        cls.two = service.post_investigation(
            [proposal(0, ["user1@example.test"], type="blockUrl", source="api",
                      verdict="unknown", entity={"type": "url", "url": "https://évil.test/100%_x"})])
        cls.ids = [action["id"] for action in cls.one["actions"]]
        cls.rejected = cls.ids[:2]
        cls.operation = service.decide("reject", cls.rejected, comment="No.").json["id"]

    def listed(self, **query):
        page = self.request("GET", "/actions", query=query).json
        self.assertEqual(len(page["items"]), min(page["total"], query.get("limit", 100)))
        return {item["id"] for item in page["items"]}

    def test_filters_let_through_what_they_say(self):
        url = {self.two["actions"][0]["id"]}
        every = set(self.ids) | url
        past, future = "2020-01-01T00:00:00Z", "2040-01-01T00:00:00Z"
        for wanted, query in (
                (every, {}), (set(self.rejected), {"status": "rejected"}),
                (every - set(self.rejected), {"status": "pending"}),
                (every, {"status": ["pending", "rejected"]}), (set(), {"status": "completed"}),
                (url, {"type": "blockUrl"}), (url, {"entityType": "url"}), (url, {"source": "api"}),
                (url, {"verdict": "unknown"}), (set(self.ids), {"verdict": ["malicious",
                                                                            "suspicious"]}),
                (set(self.rejected), {"decidedBy": "the.responder"}), (set(), {"decidedBy": "x"}),
                (url, {"investigationId": self.two["id"]}),
                (set(self.rejected), {"operationId": self.operation}),
                ({self.ids[1]} | url, {"asset": "user1@example.test"}),
                ({self.ids[3]}, {"id": self.ids[3]}), (set(self.ids[3:6]), {"id": self.ids[3:6]}),
                (set(), {"id": "none"}), ({self.ids[7]}, {"q": "user7"}),
                ({self.ids[7]}, {"q": "invoice user7"}), (url, {"q": "évil"}), (url, {"q": "100%_x"}),
                (set(), {"q": "100%y"}), (set(), {"q": "in_oice"}), (every, {"q": ""}),
                (set(), {"q": "'; DROP TABLE actions; --"}), (set(), {"q": '"'}),
                (every, {"createdAfter": past}), (set(), {"createdAfter": future}),
                (set(), {"createdBefore": past}), (every, {"createdBefore": future}),
                (every, {"updatedAfter": past}), (set(), {"updatedAfter": future}),
                (every, {"updatedBefore": future}), (set(), {"updatedBefore": past}),
                (set(self.rejected), {"decision": "reject"}), (set(), {"decision": "undo"}),
                (every, {"undoState": "notUndoable"}), (set(), {"undoState": "undone"}),
                (set(), {"status": "rejected", "type": "blockUrl"})):
            with self.subTest(query=query):
                self.assertEqual(wanted, self.listed(**query))

    def test_every_order_is_kept_over_the_pages(self):
        keys = {"updatedAt": "updatedAt", "createdAt": "createdAt", "type": "type",
                "details": "details", "verdict": "verdict", "source": "source",
                "decidedBy": "decidedBy", "status": "status", "entityType": None, "asset": None,
                "decision": "decision", "expiresAt": "expiresAt", "undoState": None}
        for sort, member in keys.items():
            for sign in ("", "-"):
                with self.subTest(sort=sign + sort):
                    self.check_order(sign, sort, member)

    def check_order(self, sign, sort, member):
        items, cursor = [], None
        while True:
            query = {"sort": sign + sort, "limit": 4, **({"cursor": cursor} if cursor else {})}
            page = self.request("GET", "/actions", query=query).json
            items += page["items"]
            cursor = page.get("nextCursor")
            if cursor is None:
                break
        self.assertEqual(11, len(items))
        self.assertEqual(11, len({item["id"] for item in items}))

        def value(item):
            if sort == "asset":
                return item["assets"][0]
            if sort == "undoState":
                return "undoable" if item["undoable"] else "notUndoable"
            return item["entity"]["type"] if sort == "entityType" else item.get(member, "")
        values = [value(item) for item in items]
        self.assertEqual(sorted(values, key=str.casefold, reverse=sign == "-"), values)

    def test_those_of_one_investigation_and_of_one_decision_can_be_had_together(self):
        for sort, first in (("investigationId", None), ("operationId", "")):
            for sign in ("", "-"):
                with self.subTest(sort=sign + sort):
                    items = self.request("GET", "/actions", query={"sort": sign + sort}).json["items"]
                    ids = [item.get(sort, "") for item in items]
                    groups = [one for one, before in zip(ids, [None, *ids]) if one != before]
                    self.assertEqual(len(set(ids)), len(groups))
                    self.assertGreater(len(groups), 1)
                    if first is not None:
                        self.assertEqual(first, groups[0 if sign == "" else -1])

    def values(self, field, **query):
        answer = self.request("GET", "/actions/filters", query={"field": field, **query})
        self.assertEqual(200, answer.status, answer)
        self.assertFalse(answer.json["more"])
        return answer.json["values"]

    def test_what_can_be_filtered_by_comes_with_how_many_there_are(self):
        """The counts are those of the lists that the values would give."""
        for field in ("status", "type", "verdict", "source", "entityType", "decidedBy", "decision",
                      "undoState", "investigationId", "operationId", "asset"):
            with self.subTest(field=field):
                values = self.values(field)
                self.assertGreater(len(values), 0)
                counts = [value["count"] for value in values]
                self.assertEqual(sorted(counts, reverse=True), counts)
                for value in values:
                    self.assertEqual(value["count"], len(self.listed(**{field: value["value"]})),
                                     value)

    def test_the_other_filters_narrow_what_can_be_filtered_by(self):
        self.assertEqual([{"value": "rejected", "count": len(self.rejected)}],
                         self.values("status", decision="reject"))
        self.assertEqual({"pending", "rejected"},
                         {value["value"] for value in self.values("status", status="rejected")})
        self.assertEqual([self.two["id"]],
                         [value["value"] for value in self.values("investigationId", type="blockUrl")])
        self.assertEqual(["user7@example.test"],
                         [value["value"] for value in self.values("asset", contains="USER7")])
        self.assertEqual([], self.values("asset", q="user7", contains="user8"))

    def test_only_what_a_list_can_be_filtered_by_can_be_asked_for(self):
        answer = self.request("GET", "/actions/filters", query={"field": "shoeSize"})
        self.assert_problem(answer, 400, "invalid-value", "field")
        answer = self.request("GET", "/actions/filters", query={"field": "type", "limit": "5"})
        self.assertEqual(400, answer.status)

    def test_only_the_ids_can_be_asked_for(self):
        page = self.request("GET", "/actions", query={"fields": "id", "limit": 5}).json
        self.assertEqual({"id", "version"}, set().union(*page["items"]))
        self.assertEqual(5, len(page["items"]))

    def test_a_cursor_is_good_for_its_query_only(self):
        cursor = self.request("GET", "/actions", query={"limit": 2}).json["nextCursor"]
        for query in ({"sort": "type"}, {"status": "pending"}, {"q": "x"}):
            answer = self.request("GET", "/actions", query={"cursor": cursor, **query})
            self.assert_problem(answer, 400, "bad-cursor", "cursor")
        answer = self.request("GET", "/investigations", query={"cursor": cursor})
        self.assert_problem(answer, 400, "bad-cursor", "cursor")

    def test_an_unchanged_action_is_not_sent_again(self):
        answer = self.request("GET", f"/actions/{self.ids[5]}")
        tag = answer.headers["etag"]
        self.assertEqual(f'"{answer.json["version"]}"', tag)
        for value in (tag, f'"x", {tag}', f"W/{tag}", "*"):
            again = self.request("GET", f"/actions/{self.ids[5]}", headers={"If-None-Match": value})
            self.assertEqual((304, b"", tag), (again.status, again.body, again.headers["etag"]))
        again = self.request("GET", f"/actions/{self.ids[5]}", headers={"If-None-Match": '"none"'})
        self.assertEqual(200, again.status)

    def test_without_a_mail_server_no_message_is_read_and_the_answer_says_why(self):
        for action, said in ((self.ids[5], "This service has no mail server to read the message on."),
                             (self.two["actions"][0]["id"], "Actions of this type are about no message.")):
            answer = self.request("GET", f"/actions/{action}/message", role="responder")
            self.assertEqual(404, answer.status, answer)
            self.assertIn(said, answer.json["detail"])

    def test_long_answers_are_compressed_for_who_understands_it(self):
        self.assertTrue(self.request("GET", "/actions").compressed)
        for accepted in (None, "identity", "gzip;q=0", "br", "deflate"):
            with self.subTest(accepted=accepted):
                answer = self.request("GET", "/actions", headers={"Accept-Encoding":
                                                                  accepted or "identity"})
                self.assertFalse(answer.compressed)
                self.assertEqual("Accept-Encoding", answer.headers["vary"])
        self.assertFalse(self.request("GET", "/me").compressed)

    def test_head_tells_what_get_would_without_the_body(self):
        for path in ("/actions", f"/actions/{self.ids[0]}", "/me", "/actions/none"):
            get = self.request("GET", path, headers={"Accept-Encoding": "identity"})
            head = self.request("HEAD", path, headers={"Accept-Encoding": "identity"})
            self.assertEqual((get.status, get.headers["content-length"], b""),
                             (head.status, head.headers["content-length"], head.body))


class Operations(ServiceCase):
    tap_class = "operations"

    def pending(self, number):
        return [action["id"] for action in self.service.post_investigation(number)["actions"]]

    def test_a_rejection_is_finished_at_once(self):
        ids = self.pending(3)
        answer = self.service.decide("reject", ids, comment="Known sender.")
        self.assertEqual(202, answer.status)
        operation = answer.json
        self.assertEqual(f"/api/v1/operations/{operation['id']}", answer.headers["location"])
        self.assertEqual(("finished", "reject", "the.responder", "Known sender."),
                         tuple(operation[name] for name in ("status", "decision", "decidedBy",
                                                            "comment")))
        self.assertEqual({"total": 3, "waiting": 0, "done": 3, "failed": 0, "skipped": 0},
                         operation["counts"])
        self.assertEqual(ids, [item["actionId"] for item in operation["items"]])
        for action_id in ids:
            action = self.service.action(action_id)
            self.assertEqual(("rejected", "reject", "the.responder", "Known sender."),
                             tuple(action[name] for name in ("status", "decision", "decidedBy",
                                                             "comment")))
            self.assertEqual(operation["id"], action["operationId"])
            self.assertEqual(("reject", "pending", "rejected"),
                             tuple(action["timeline"][-1][name] for name in ("event", "before",
                                                                             "after")))

    def test_the_items_can_be_left_out(self):
        operation = self.service.decide("reject", self.pending(2)).json
        path = f"/operations/{operation['id']}"
        self.assertEqual(operation, self.request("GET", path, role="reader").json)
        self.assertEqual(operation, self.request("GET", path, query={"items": "true"}).json)
        short = self.request("GET", path, query={"items": "false"}).json
        self.assertEqual({**operation, "items": None}, {**short, "items": None})
        self.assertNotIn("items", short)

    def test_an_approval_without_a_responder_fails_in_words(self):
        ids = self.pending(2)
        operation = self.service.decide("approve", ids).json
        done = self.service.wait_operation(operation["id"])
        self.assertEqual(2, done["counts"]["failed"])
        for item in done["items"]:
            self.assertEqual(("failed", "failed"), (item["state"], item["status"]))
            self.assertTrue(item["detail"])
        action = self.service.action(ids[0])
        self.assertEqual("failed", action["results"][0]["outcome"])
        retried = self.service.decide("retry", ids)
        self.assertEqual(202, retried.status)
        self.service.wait_operation(retried.json["id"])

    def test_what_cannot_be_decided_is_a_conflict_and_changes_nothing(self):
        done, open_ones = self.pending(1), self.pending(3)
        self.service.decide("reject", done)
        answer = self.service.decide("approve", [*open_ones, *done], role="admin")
        self.assert_problem(answer, 409, "conflict", said="the.responder")
        self.assertEqual([{"actionId": done[0], "status": "rejected", "decision": "reject",
                           "decidedBy": "the.responder"}],
                         [{name: conflict[name] for name in ("actionId", "status", "decision",
                                                             "decidedBy")}
                          for conflict in answer.json["conflicts"]])
        for action_id in open_ones:
            self.assertEqual("pending", self.service.action(action_id)["status"])
        self.assert_problem(self.service.decide("undo", open_ones[:1]), 409, "conflict")
        self.assert_problem(self.service.decide("retry", open_ones[:1]), 409, "conflict")

    def test_what_has_been_carried_out_cannot_be_taken_back(self):
        operation = self.service.decide("approve", self.pending(1)).json
        self.service.wait_operation(operation["id"])
        answer = self.request("DELETE", f"/operations/{operation['id']}", role="responder")
        self.assert_problem(answer, 409, "conflict", said="too late")
        self.assert_problem(self.request("DELETE", "/operations/none", role="responder"), 404,
                            "not-found", said="none")

    def test_one_unknown_id_is_named_and_nothing_changes(self):
        ids = self.pending(2)
        answer = self.service.decide("approve", [*ids, "missing-one"])
        self.assert_problem(answer, 404, "not-found", said="missing-one")
        self.assertEqual("pending", self.service.action(ids[0])["status"])

    def test_10000_actions_are_decided_in_one_operation(self):
        ids = []
        for part in range(10):
            actions = [proposal(f"{part}-{i}", [f"u{i}@example.test"]) for i in range(1000)]
            body = investigation(actions)
            body["evidence"] = []
            made = self.request("POST", "/investigations", body, role="detector")
            self.assertEqual(201, made.status)
            ids += [action["id"] for action in made.json["actions"]]
        answer = self.service.decide("reject", ids)
        self.assertEqual((202, 10_000), (answer.status, answer.json["counts"]["done"]))


class Lifetime(ServiceCase):
    tap_class = "lifetime"

    def expires_in(self, **settings):
        """How many seconds after it was proposed an action expires."""
        with tempfile.TemporaryDirectory() as folder:
            service = Service(pathlib.Path(folder) / "service", settings=settings)
            service.start()
            self.addCleanup(service.stop)
            action = service.post_investigation(1)["actions"][0]
            service.stop()
        proposed, expires = (datetime.datetime.fromisoformat(action[name].replace("Z", "+00:00"))
                             for name in ("createdAt", "expiresAt"))
        return (expires - proposed).total_seconds()

    def test_a_proposal_waits_for_seven_days_or_as_configured(self):
        self.assertEqual(7 * 86400, self.expires_in())
        self.assertEqual(86400, self.expires_in(**{"action-lifetime-days": 1}))


class TakeBack(ServiceCase):
    tap_class = "take-back"
    settings = {"grace-seconds": 3600}

    def test_what_is_under_way_can_be_asked_for(self):
        """Whoever decided it finds it there, and so does everybody else, until it is over."""
        before = self.request("GET", "/operations", query={"status": "running"}).json
        action = self.service.post_investigation(1)["actions"][0]["id"]
        operation = self.service.decide("approve", [action]).json
        running = self.request("GET", "/operations", query={"status": "running"}).json
        self.assertEqual(before["total"] + 1, running["total"])
        self.assertEqual(operation["id"], running["items"][0]["id"])
        self.assertNotIn("items", running["items"][0])
        self.assertEqual(200, self.service.request(
            "DELETE", f"/operations/{operation['id']}", role="responder").status)
        self.assertEqual(before, self.request("GET", "/operations", query={"status": "running"}).json)
        self.assertIn(operation["id"], [item["id"] for item in
                                        self.request("GET", "/operations").json["items"]])
        answer = self.request("GET", "/operations", query={"status": "finished"})
        self.assert_problem(answer, 400, "invalid-value", "status")

    def test_an_approval_can_be_taken_back_until_it_begins(self):
        ids = [action["id"] for action in self.service.post_investigation(3)["actions"]]
        operation = self.service.decide("approve", ids).json
        self.assertGreater(operation["takeBackUntil"], operation["createdAt"])
        path = f"/operations/{operation['id']}"
        after = self.request("DELETE", path, role="responder")
        self.assertEqual(200, after.status, after)
        self.assertEqual({"total": 3, "waiting": 0, "done": 0, "failed": 0, "skipped": 3},
                         after.json["counts"])
        self.assertEqual({("takenBack", "pending")},
                         {(item["state"], item["status"]) for item in after.json["items"]})
        self.assertEqual(after.json, self.request("DELETE", path, role="responder").json)
        self.assertEqual(3, self.request("GET", "/actions", query={"id": ids, "status": "pending"})
                         .json["total"])


class Changes(ServiceCase):
    tap_class = "changes"

    def test_every_change_is_told_once_and_in_order(self):
        start = self.request("GET", "/changes", role="reader").json
        self.assertEqual(([], False), (start["items"], start["more"]))
        made = self.service.post_investigation(5)
        ids = [action["id"] for action in made["actions"]]
        operation = self.service.decide("reject", ids).json["id"]
        items, token, more = [], start["next"], True
        while more:
            page = self.request("GET", "/changes", query={"since": token, "limit": 2}).json
            self.assertLessEqual(len(page["items"]), 2)
            items += page["items"]
            token, more = page["next"], page["more"]
        self.assertEqual(len(items), len({item["token"] for item in items}))
        for action_id in ids:
            told = [item for item in items if item["id"] == action_id]
            self.assertGreaterEqual(len(told), 1)
            versions = [item["version"] for item in told]
            self.assertEqual(sorted(versions), versions)
            self.assertEqual("rejected", told[-1]["action"]["status"])
        self.assertIn(("investigation", made["id"]), {(item["kind"], item["id"]) for item in items})
        self.assertIn(("operation", operation), {(item["kind"], item["id"]) for item in items})
        again = self.request("GET", "/changes", query={"since": token}).json
        self.assertEqual([], again["items"])

    def test_a_token_of_another_database_is_gone(self):
        with tempfile.TemporaryDirectory() as folder:
            other = Service(folder)
            other.start()
            token = other.request("GET", "/changes").json["next"]
            other.stop()
        answer = self.request("GET", "/changes", query={"since": token})
        self.assert_problem(answer, 410, "changes-gone", "since")

    def test_what_is_no_token_is_refused(self):
        own = self.request("GET", "/changes").json["next"]
        for token in ("", "x", "A" + own, own[10:], own.swapcase(), "x" * 5000):
            with self.subTest(token=token[:50]):
                answer = self.request("GET", "/changes", query={"since": token})
                self.assert_problem(answer, 400, "bad-cursor", "since")


class ShortCursors(ServiceCase):
    tap_class = "cursors"
    settings = {"cursor-seconds": 1}

    def test_a_cursor_that_is_too_old_is_gone(self):
        self.service.post_investigation(3)
        cursor = self.request("GET", "/actions", query={"limit": 1}).json["nextCursor"]

        def refused():
            answer = self.request("GET", "/actions", query={"limit": 1, "cursor": cursor})
            return answer if answer.status != 200 else None
        answer = wait_until(refused, "the cursor to expire")
        self.assert_problem(answer, 410, "cursor-expired", "cursor")
