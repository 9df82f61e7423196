# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of wrong judgements: what they may say, what they block and let through at a real proxy, and
what an administrator answers."""
import datetime
import pathlib
import sqlite3
import sys
import tempfile
import unittest

from service import Service
from stream import Stream, token_of

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "lab"), str(HERE.parent / "responders")]
import block_list  # noqa: E402
import squid  # noqa: E402
import web  # noqa: E402

MESSAGE = {"type": "emailMessage", "messageId": "<invoice@evil.test>", "subject": "Your invoice"}


class Submissions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.web = web.Web().start()
        cls.addClassCleanup(cls.web.stop)
        cls.proxy = squid.Squid(block_list.HELPER, block_list.TEMPLATE, wrapper=block_list.WRAPPER)
        cls.addClassCleanup(cls.proxy.stop)
        cls.service = Service(folder / "service", groups={"url": {"list": cls.proxy.list_file}})
        cls.addClassCleanup(cls.service.stop)
        cls.service.start()
        cls.proxy.start()

    def submit(self, entity, assessment, role="responder", key=None, **members):
        return self.service.request("POST", "/submissions", {
            "entity": entity, "assessment": assessment, **members}, role=role, key=key)

    def url(self, path):
        return {"type": "url", "url": self.web.url(path)}

    def get(self, submission):
        return self.service.request("GET", f"/submissions/{submission['id']}", role="reader").json

    def wait_action(self, action):
        operation = self.service.action(action)["operationId"]
        self.service.wait_operation(operation)
        return self.service.action(action)

    def days_left(self, submission):
        end = datetime.datetime.fromisoformat(submission["entryExpiresAt"].replace("Z", "+00:00"))
        return (end - datetime.datetime.now(datetime.timezone.utc)) / datetime.timedelta(days=1)

    def test_a_threat_is_blocked_by_the_real_proxy_and_let_through_by_undo(self):
        made = self.submit(self.url("/threat"), "threat", category="phish", comment="Asks for a PIN.",
                           entry="block")
        self.assertEqual(201, made.status, made)
        self.assertTrue(28.9 <= self.days_left(made.json) <= 30, made.json)
        action = self.wait_action(made.json["blockActionId"])
        self.assertEqual(("manual", "blockUrl", "completed", "the.responder"),
                         (action["source"], action["type"], action["status"], action["decidedBy"]))
        self.assertEqual(403, self.proxy.click(self.web.url("/threat")).status)
        self.assertNotIn("entryNote", self.get(made.json))
        answer = self.service.decide("undo", [action["id"]])
        self.service.wait_operation(answer.json["id"])
        self.assertEqual(200, self.proxy.click(self.web.url("/threat")).status)
        self.assertIn("not blocked now", self.get(made.json)["entryNote"])

    def test_a_block_of_a_reader_waits_for_somebody_who_may_decide(self):
        made = self.submit(self.url("/reader"), "threat", role="reader", category="malware",
                           entry="block", entryNeverExpires=True).json
        self.assertNotIn("entryExpiresAt", made)
        self.assertEqual("pending", self.service.action(made["blockActionId"])["status"])
        self.assertEqual(200, self.proxy.click(self.web.url("/reader")).status)

    def test_a_block_wins_over_an_allowance_and_both_say_so(self):
        allowed = self.submit(self.url("/both"), "clean", entry="allow")
        self.assertEqual(201, allowed.status, allowed)
        self.assertTrue(28.9 <= self.days_left(allowed.json) <= 30)
        self.assertIn("Nothing blocks the URL now", allowed.json["entryNote"])
        blocked = self.submit(self.url("/both"), "threat", category="spam", entry="block").json
        action = self.wait_action(blocked["blockActionId"])
        self.assertEqual(403, self.proxy.click(self.web.url("/both")).status)
        self.assertRegex(action["results"][0]["detail"],
                         "the.responder has allowed this URL until .*; the block wins.")
        self.assertIn(f"still blocked by the action {action['id']}",
                      self.get(allowed.json)["entryNote"])
        # One that was disagreed with is not in force, and nobody speaks of it any more.
        self.judge(allowed.json, "disagreed")
        third = self.submit(self.url("/both?"), "threat", category="spam", entry="block").json
        detail = self.wait_action(third["blockActionId"])["results"][0]["detail"]
        self.assertNotIn("has allowed", detail)

    def test_what_contradicts_itself_is_refused_by_name(self):
        later = (datetime.datetime.now(datetime.timezone.utc) +
                 datetime.timedelta(days=91)).strftime("%Y-%m-%dT%H:%M:%SZ")
        url = self.url("/wrong")
        for entity, assessment, members, field in (
                (url, "threat", {}, "category"), (url, "clean", {"category": "spam"}, "category"),
                (url, "eat", {}, "assessment"), (url, "unsure", {"entry": "allow"}, "entry"),
                (url, "threat", {"category": "spam", "entry": "allow"}, "entry"),
                (url, "clean", {"entry": "block"}, "entry"),
                (MESSAGE, "clean", {"entry": "allow"}, "entry"),
                (url, "clean", {"entry": "allow", "entryNeverExpires": True}, "entryNeverExpires"),
                (url, "clean", {"entry": "allow", "entryExpiresAt": later}, "entryExpiresAt"),
                (url, "threat", {"category": "spam", "entry": "block", "entryExpiresAt": later},
                 "entryExpiresAt"),
                (url, "clean", {"entry": "allow", "entryExpiresAt": "2020-01-01T00:00:00Z"},
                 "entryExpiresAt"),
                (url, "clean", {"entryExpiresAt": later}, "entryExpiresAt"),
                ({"type": "url", "url": "javascript://x"}, "clean", {"entry": "allow"}, "entity.url"),
                ({"type": "url"}, "clean", {}, "entity.url")):
            with self.subTest(assessment=assessment, members=members):
                answer = self.submit(entity, assessment, **members)
                self.assertEqual((400, field), (answer.status, answer.json.get("field")), answer)
        self.assertEqual(404, self.submit(MESSAGE, "clean", actionId="nothing").status)
        self.assertEqual(403, self.submit(MESSAGE, "clean", role="detector").status)

    def judge(self, submission, state, role="admin", **members):
        return self.service.request("POST", f"/submissions/{submission['id']}/result",
                                    {"state": state, **members}, role=role)

    def test_the_same_request_again_is_one_submission(self):
        first = self.submit(MESSAGE, "unsure", key="once").json
        self.assertEqual(first, self.submit(MESSAGE, "unsure", key="once").json)
        other = self.submit(MESSAGE, "clean", key="once")
        self.assertEqual((422, "key-reused"),
                         (other.status, other.problem))

    def test_an_administrator_says_what_came_of_it_and_all_of_it_is_audited(self):
        action = self.service.post_investigation()["actions"][0]["id"]
        made = self.submit(MESSAGE, "threat", category="phish", actionId=action,
                           mailbox="ann@example.test", comment="It is not from us.").json
        self.assertEqual(("pending", "the.responder"), (made["state"], made["submittedBy"]))
        self.assertEqual(403, self.judge(made, "agreed", role="responder").status)
        self.assertEqual(400, self.judge(made, "pending").status)
        judged = self.judge(made, "agreed", comment="Right: a false sender.").json
        self.assertEqual(("agreed", "the.admin", "Right: a false sender."),
                         (judged["state"], judged["resultBy"], judged["resultComment"]))
        self.assertEqual(judged, self.get(made))
        self.assertEqual([judged["id"]], [item["id"] for item in self.list(actionId=action)])
        with sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True) as database:
            rows = database.execute("SELECT actor, event, before, after, comment FROM audit "
                                    "WHERE id = ? ORDER BY seq", (made["id"],)).fetchall()
        self.assertEqual([("the.responder", "submit", None, "pending",
                           "threat (phish): Your invoice"),
                          ("the.admin", "judge", "pending", "agreed", "Right: a false sender.")],
                         rows)
        self.assertEqual(404, self.judge({"id": "nothing"}, "agreed").status)

    def test_who_follows_the_changes_hears_of_a_report_and_of_its_answer_once_each(self):
        since = token_of(self.service)
        stream = Stream(self.service)
        self.addCleanup(stream.close)
        stream.opened()
        made = self.submit(MESSAGE, "unsure", key="followed").json
        self.submit(MESSAGE, "unsure", key="followed")
        self.judge(made, "agreed")
        self.judge(made, "agreed")
        told = [("submission", made["id"], version) for version in (1, 2)]
        stream.wait(lambda one: len(one.versions) >= 2)
        self.assertEqual(told, stream.versions)
        page = self.service.request("GET", "/changes", role="reader", query={"since": since}).json
        self.assertEqual(told, [(item["kind"], item["id"], item["version"])
                                for item in page["items"]])
        self.assertEqual(2, self.get(made)["version"])

    def list(self, **query):
        items, cursor = [], None
        while True:
            page = self.service.request("GET", "/submissions", role="reader", query={
                "limit": 2, **query, **({"cursor": cursor} if cursor else {})}).json
            items += page["items"]
            cursor = page.get("nextCursor")
            if cursor is None:
                self.assertEqual(page["total"], len(items))
                return items

    def test_the_list_is_whole_newest_first_and_can_be_filtered(self):
        made = [self.submit(MESSAGE, "unsure", comment=str(number)).json["id"]
                for number in range(5)]
        self.judge({"id": made[1]}, "disagreed")
        listed = [item["id"] for item in self.list(assessment="unsure")]
        self.assertEqual(made[::-1], [one for one in listed if one in made])
        self.assertIn(made[1], [item["id"] for item in self.list(state="disagreed")])
        self.assertNotIn(made[0], [item["id"] for item in self.list(state=["agreed",
                                                                            "disagreed"])])
        answer = self.service.request("GET", "/submissions", role="reader",
                                      query={"state": "eaten"})
        self.assertEqual((400, "state"), (answer.status, answer.json["field"]))


if __name__ == "__main__":
    unittest.main()
