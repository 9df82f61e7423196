# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may decide about what, and that the audit log has each decision with who, when and what."""
import sqlite3

from case import ServiceCase
from service import investigation, proposal

FILE = {"type": "file", "path": "/tmp/evil", "sha256": "0" * 64}


class Rights(ServiceCase):
    tap_class = "rights"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service.add_token("emailResponder", "mia.mail")
        cls.service.add_token("deviceResponder", "dan.device")

    def propose(self):
        """One action on mail and one on a device."""
        made = self.service.post_investigation([
            proposal("r"), proposal("r", ["laptop"], type="quarantineFile", entity=FILE)])
        return tuple(next(action["id"] for action in made["actions"] if action["type"] == kind)
                     for kind in ("softDeleteEmail", "quarantineFile"))

    def test_mail_and_devices_are_decided_about_by_different_people(self):
        """Each is refused what belongs to the other, by the name of the role that it needs, alone and
        among others, and nothing is changed."""
        mail, device = self.propose()
        for role, own, other, needed in (("mia.mail", mail, device, "deviceResponder"),
                                         ("dan.device", device, mail, "emailResponder")):
            for decision in ("approve", "reject"):
                for ids in ([other], [own, other]):
                    with self.subTest(role=role, decision=decision, ids=ids):
                        answer = self.service.decide(decision, ids, role=role)
                        self.assert_problem(answer, 403, "forbidden", said=f"the role “{needed}”")
            self.assertEqual("pending", self.service.action(own)["status"])
        for role, own in (("mia.mail", mail), ("dan.device", device)):
            self.assertEqual(202, self.service.decide("reject", [own], role=role).status)
            self.assertEqual(role, self.service.action(own)["decidedBy"])

    def test_what_others_decided_is_stopped_retried_and_looked_at_by_the_same_rule(self):
        mail, device = self.propose()
        operation = self.service.decide("approve", [mail]).json["id"]
        self.service.wait_operation(operation)
        self.assert_problem(self.service.decide("retry", [mail], role="dan.device"), 403, "forbidden")
        for method, path in (("DELETE", f"/operations/{operation}"), ("GET", f"/actions/{mail}/message")):
            answer = self.request(method, path, role="dan.device")
            self.assert_problem(answer, 403, "forbidden", said="“emailResponder”")
        answer = self.request("POST", f"/actions/{device}/looks", {}, role="mia.mail")
        self.assert_problem(answer, 403, "forbidden", said="“deviceResponder”")
        self.assert_problem(self.service.decide("approve", ["none"], role="mia.mail"), 404, "not-found")
        self.assertEqual(202, self.service.decide("retry", [mail], role="mia.mail").status)

    def test_a_detector_adds_nothing_to_what_a_person_takes(self):
        """What a person proposes is named so that nobody else can post under that name."""
        answer = self.request("POST", "/investigations", investigation(
            1, externalId="explorer:" + "0" * 64), role="detector")
        self.assert_problem(answer, 400, "invalid-value", said="externalId")

    def test_both_see_everything_and_say_what_they_are(self):
        for role, name in (("emailResponder", "mia.mail"), ("deviceResponder", "dan.device")):
            me = self.request("GET", "/me", role=name).json
            self.assertEqual((name, role, ["read", "decide"]),
                             (me["name"], me["role"], me["permissions"]))
            self.assertEqual(200, self.request("GET", "/actions", role=name).status)
        body = {"name": "n", "decision": "take", "actions": [
            {key: value for key, value in proposal("t").items() if key != "source"}]}
        answer = self.request("POST", "/proposals", body, role="dan.device")
        self.assert_problem(answer, 403, "forbidden", said="Propose it instead")


class Audit(ServiceCase):
    tap_class = "audit"
    settings = {"grace-seconds": 3600}

    def test_an_export_stands_there_once_with_what_was_taken_along(self):
        body = {"format": "csv", "count": 12, "filters": "status=failed"}
        for _ in range(2):
            answer = self.request("POST", "/exports", body, role="reader", key="export-1")
            self.assertEqual((201, {"noted": True}), (answer.status, answer.json))
        answer = self.request("POST", "/exports", {**body, "count": 13}, role="reader", key="export-1")
        self.assert_problem(answer, 422, "key-reused")
        for wrong, field in (({"format": "pdf"}, "format"), ({"count": -1}, "count"),
                             ({"filters": "x" * 5000}, "filters"), ({"more": 1}, "more")):
            answer = self.request("POST", "/exports", {**body, **wrong}, role="reader")
            self.assertEqual((400, field), (answer.status, answer.json["field"]), answer)
        self.assertEqual(403, self.request("POST", "/exports", body, role="detector").status)
        self.assertEqual([("the.reader", "csv, 12: status=failed")], self.service.exports())

    def audit(self, action):
        with sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True) as database:
            return database.execute("SELECT actor, event, before, after, at > 0 FROM audit "
                                    "WHERE id = ? ORDER BY seq", (action,)).fetchall()

    def test_each_decision_stands_there_with_who_when_and_what(self):
        """Proposed, approved, taken back, approved again by somebody else, rejected: a row each."""
        first, second = (action["id"] for action in self.service.post_investigation(2)["actions"])
        operation = self.service.decide("approve", [first], comment="Go.").json
        self.assertEqual(200, self.request("DELETE", f"/operations/{operation['id']}", role="admin").status)
        self.service.decide("reject", [first, second], comment="No.", role="admin")
        self.assertEqual([("the.detector", "propose", None, "pending", 1),
                          ("the.responder", "approve", "pending", "queued", 1),
                          ("the.admin", "takeBack", "queued", "pending", 1),
                          ("the.admin", "reject", "pending", "rejected", 1)], self.audit(first))
        self.assertEqual(["propose", "reject"], [row[1] for row in self.audit(second)])
        self.assertIn("The audit log is whole", self.service.run("audit", "verify").stdout)
