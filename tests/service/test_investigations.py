# SPDX-License-Identifier: GPL-3.0-or-later
"""Investigations over the API: what detectors post comes back, lists are filtered, sorted and walked, and
the status follows what is decided. Every answer is held to data/openapi.yaml."""
import unittest

from case import ServiceCase
from service import investigation, message_entity

FULL = {
    "state": "Running",
    "alerts": [{"id": "a-1", "title": "User reported phishing", "severity": "high",
                "category": "Initial access", "source": "gateway", "status": "new",
                "receivedAt": "2026-11-20T08:00:00Z"}],
    "entities": [{"entity": {"type": "device", "name": "laptop-7"}, "verdict": "noThreatsFound"}],
    "evidence": [{"entity": message_entity("e", threats=["phish"]), "verdict": "malicious",
                  "detectionOrigin": "gateway", "assets": ["bob@example.test"],
                  "firstSeen": "2026-11-20T08:00:00Z"}],
    "log": [{"id": "s-1", "action": "Look", "status": "Completed",
             "createdAt": "2026-11-20T08:00:00Z", "durationSeconds": 4}],
}


class Investigations(ServiceCase):
    tap_class = "investigations"

    def decide(self, decision, ids):
        self.service.wait_operation(self.service.decide(decision, ids).json["id"])

    def get(self, made):
        return self.request("GET", f"/investigations/{made['id']}").json

    def test_what_detectors_post_comes_back(self):
        """With whom it is about and how long it waits; the alert is active until the end."""
        made = self.service.post_investigation(1, **FULL)
        self.assertEqual("pendingAction", made["status"])
        self.assertEqual("Running", made["state"])
        self.assertEqual(["alice@example.test", "bob@example.test"], made["mailboxes"])
        self.assertEqual(["laptop-7"], made["devices"])
        self.assertEqual((1, ["phish"], 2), (made["threatCount"], made["threats"], made["logCount"]))
        self.assertEqual("active", made["alerts"][0]["status"])
        self.assertIn("pendingSince", made)
        ids = [action["id"] for action in made["actions"]]
        self.decide("reject", ids)
        self.assertEqual("running", self.get(made)["status"], "the detector is not through")
        self.request("POST", "/investigations", {"externalId": made["externalId"], "state": "benign",
                                                 "title": made["title"]}, role="detector")
        after = self.get(made)
        self.assertEqual("remediated", after["status"])
        self.assertEqual("resolved", after["alerts"][0]["status"])
        self.assertIn("endedAt", after)
        self.assertNotIn("pendingSince", after)
        self.assertEqual(made["evidence"], after["evidence"], "what is not posted stays")

    def test_lists_are_filtered_sorted_and_walked(self):
        marks = [f"walk-{number}" for number in range(5)]
        for number, mark in enumerate(marks):
            self.service.post_investigation(number, title=mark, description="walked",
                                            trigger="manual" if number % 2 else "alert")
        query = {"q": "walked", "sort": "-actionCount", "limit": 2}
        found = []
        while True:
            page = self.request("GET", "/investigations", query=query).json
            found += [item["title"] for item in page["items"]]
            self.assertEqual(5, page["total"])
            self.assertEqual("cursor" not in query, "facets" in page)
            if "nextCursor" not in page:
                break
            query["cursor"] = page["nextCursor"]
        self.assertEqual(marks[::-1], found)
        page = self.request("GET", "/investigations",
                            query={"q": "walked", "trigger": "manual", "sort": "title"}).json
        self.assertEqual([marks[1], marks[3]], [item["title"] for item in page["items"]])
        page = self.request("GET", "/investigations",
                            query={"q": "walked", "status": "noThreatsFound"}).json
        self.assertEqual([marks[0]], [item["title"] for item in page["items"]])
        other = {**query, "sort": "title"}
        self.assert_problem(self.request("GET", "/investigations", query=other), 400, "bad-cursor")
        self.assert_problem(self.request("GET", "/investigations", query={"sort": "colour"}), 400,
                            "invalid-value", "sort", "“colour” is not createdAt")

    def test_the_log_tells_steps_and_actions(self):
        made = self.service.post_investigation(2, **FULL)
        path = f"/investigations/{made['id']}/log"
        first = self.request("GET", path, query={"limit": 2}).json
        second = self.request("GET", path, query={"limit": 2, "cursor": first["nextCursor"]}).json
        self.assertEqual(["Look", "softDeleteEmail", "softDeleteEmail"],
                         [item["action"] for item in first["items"] + second["items"]])
        self.decide("reject", [made["actions"][0]["id"]])
        found = self.request("GET", path, query={"status": "rejected"}).json
        self.assertEqual([made["actions"][0]["id"]],
                         [item["actionId"] for item in found["items"]])
        self.assertIn("pendingSeconds", found["items"][0])
        self.assertEqual(404, self.request("GET", "/investigations/none/log").status)
        self.assertEqual(403, self.request("GET", path, role="detector").status)

    def test_what_is_not_known_is_refused_by_name(self):
        for members, field, said in (
                ({"alerts": [{"id": "1", "title": "t", "colour": 1}]}, "alerts[0].colour", None),
                ({"log": [{"id": "1"}]}, "log[0].action", None),
                ({"state": "asleep"}, "state", "“asleep” is not one of"),
                ({"entities": [{"verdict": "unknown"}]}, "entities[0].entity", None)):
            with self.subTest(field=field):
                answer = self.request("POST", "/investigations", investigation(0, **members),
                                      role="detector")
                self.assertEqual((400, field), (answer.status, answer.json.get("field")), answer)
                if said:
                    self.assertIn(said, answer.json["detail"])


if __name__ == "__main__":
    unittest.main()
