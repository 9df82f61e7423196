# SPDX-License-Identifier: GPL-3.0-or-later
"""history-days: what was settled long ago leaves the service, and whoever follows it is told."""
import sqlite3
import time

from case import ServiceCase
from service import wait_until
from stream import Stream, token_of

DAY = 86400 * 1_000_000


class RetentionCase(ServiceCase):
    settings = {"history-days": 10}

    def age(self, days, ids):
        """As if these had been settled some days ago."""
        self.service.stop()
        at = time.time_ns() // 1000 - days * DAY
        with sqlite3.connect(self.service.database) as database:
            database.executemany("UPDATE actions SET updated_at = ? WHERE id = ?",
                                 [(at, action_id) for action_id in ids])


class WrongClock(RetentionCase):
    tap_class = "retention"

    def test_nothing_leaves_or_expires_by_a_clock_that_may_be_wrong(self):
        """The clock says that nothing was written for a month: that may be so, or the clock is ahead."""
        *ids, pending = [action["id"] for action in self.service.post_investigation(5)["actions"]]
        self.service.decide("reject", ids)
        self.age(40, ids)
        with sqlite3.connect(self.service.database) as database:
            for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND "
                                          "tbl_name = 'audit'").fetchall():
                database.execute(f"DROP TRIGGER {name}")
            database.execute("UPDATE audit SET at = at - ?", (30 * DAY,))
            database.execute("UPDATE actions SET expires_at = ? WHERE id = ?",
                             (time.time_ns() // 1000 - DAY, pending))
        self.service.start()
        wait_until(lambda: "Nothing expires for an hour" in self.service.log, "the log to say so")
        self.assertEqual("pending", self.service.action(pending)["status"])
        wait_until(lambda: "Nothing old is removed" in self.service.log, "the log to say so")
        self.assertEqual(4, self.request("GET", "/actions", query={"id": ids}).json["total"])


class Retention(RetentionCase):
    tap_class = "retention"

    def test_old_actions_leave_and_young_ones_stay(self):
        made = self.service.post_investigation(4)
        ids = [action["id"] for action in made["actions"]]
        operation = self.service.decide("reject", ids[:3]).json
        start = token_of(self.service)
        self.age(11, ids[:2])
        self.service.start()
        wait_until(lambda: self.request("GET", "/actions").json["total"] == 2, "the old ones to leave")
        self.assertEqual(404, self.request("GET", f"/actions/{ids[0]}").status)
        self.assertEqual("rejected", self.service.action(ids[2])["status"])
        stream = Stream(self.service, since=start)
        self.addCleanup(stream.close)
        stream.opened().wait(lambda one: len(one.versions) >= 2)
        told = {item["id"]: item for event in stream.events for item in event.page["items"]}
        for action_id in ids[:2]:
            self.assertNotIn("action", told[action_id])
            self.assertEqual(3, told[action_id]["version"])
        shown = self.request("GET", f"/operations/{operation['id']}").json
        self.assertEqual((3, [ids[2]]), (shown["counts"]["total"],
                                         [item["actionId"] for item in shown["items"]]))
        self.assertEqual(2, len(self.request("GET", f"/investigations/{made['id']}").json["actions"]))
        # It is said after the last look for more, which comes after they have left.
        wait_until(lambda: "Removed 2 actions" in self.service.log, "the log to say so")
        self.service.stop()
        self.assertIn("The audit log is whole", self.service.run("audit", "verify").stdout)
        self.service.start()

    def test_zero_keeps_them_for_ever(self):
        ids = [action["id"] for action in self.service.post_investigation(2)["actions"]]
        self.service.decide("reject", ids)
        before = token_of(self.service)
        self.service.decide("reject", [self.service.post_investigation(1)["actions"][0]["id"]])
        self.age(4000, ids)
        with sqlite3.connect(self.service.database) as database:
            database.execute("UPDATE changes SET at = 1")
        self.service.settings["history-days"] = 0
        self.service.start()
        wait_until(lambda: self.request("GET", "/changes", query={"since": before}).status == 410,
                   "old changes to be forgotten, as old actions would be")
        self.assertEqual(2, self.request("GET", "/actions", query={"id": ids}).json["total"])
        self.service.stop()
        self.service.settings["history-days"] = 10
        self.service.start()
        # One of them, unless a newer action has come: the last one always stays.
        wait_until(lambda: self.request("GET", "/actions", query={"id": ids}).json["total"] <= 1,
                   "the old ones to leave")
