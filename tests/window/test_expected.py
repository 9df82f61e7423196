# SPDX-License-Identifier: GPL-3.0-or-later
"""What whoever knows another action center expects of this one: the words, the numbers, the details of
each thing, and who may decide about what."""
import datetime
import re
import sqlite3
import unittest

from test_list import ListCase  # finds the folders of the others

from proxy import Proxy
from service import message_entity, proposal, wait_until

URL = {"type": "url", "url": "https://evil.test/login", "prevalence": 12}
FILE = {"type": "file", "path": "/tmp/evil", "sha256": "0" * 64}


class Expected(ListCase):
    tap_class = "expected"

    def shown_facts(self, window):
        facts = {}
        for row in window.find_all(css="factrow", shown=False):
            texts = row.texts()
            facts.setdefault(texts[0], texts[1])
        return facts

    def test_the_history_begins_with_the_latest_and_the_tabs_say_how_many(self):
        """How many wait is seen before one looks, is the number of the list and of the service, and what
        was decided last stands first, with the decision, who and when."""
        for action in self.ids[:3]:
            self.service.decide("reject", [action], role="m.rossi")
        window = self.open_wide()
        self.counts(window, 5, 3)
        self.wait_rows(window, 5)
        total = self.service.request("GET", "/actions", query={"status": "pending", "limit": 1}).json
        self.assertEqual((5, 1), (total["total"], len(total["items"])))
        self.open_tab(window, "History")
        self.wait_rows(window, 3)
        self.choose_columns(window, "Decision", "Created")
        window.wait(lambda: "Created" in self.titles(window), "the column")
        rows = window.rows()
        wanted = [self.service.action(action) for action in reversed(self.ids[:3])]
        self.assertEqual([action["details"] for action in wanted], [row["Details"] for row in rows])
        for row in rows:
            self.assertEqual(("Reject", "m.rossi"), (row["Decision"], row["Decided by"]))
            self.assertRegex(row["Action update time"], r"\d")
            self.assertRegex(row["Created"], r"\d")
        for action in wanted:
            self.assertLess(action["createdAt"], action["updatedAt"])

    def test_words_are_words_and_unknown_ones_are_shown_as_they_are(self):
        """Verdicts and sources by their names; a type and a status that this program has never heard of
        stand there raw, in a list that works."""
        sources = {"automatedEmail": "Automated email action", "automatedDevice": "Automated device action",
                   "manual": "Explorer action", "api": "API"}
        verdicts = {"malicious": "Malicious", "suspicious": "Suspicious",
                    "noThreatsFound": "No threats found", "unknown": "Unknown"}
        made = self.service.post_investigation(
            [proposal(f"w{number}", source=source, verdict=verdict)
             for number, (source, verdict) in enumerate(zip(sources, verdicts))] +
            [proposal("w4", ["proxy"], type="blockUrl", entity=URL)])
        kept = self.ids[0]
        self.service.decide("reject", [kept])
        proxy = Proxy(self.service.url, lambda data: data.replace(b'"blockUrl"', b'"dissolveUrl"')
                      .replace(b'"rejected"', b'"shelved"'))
        self.addCleanup(proxy.close)
        window = self.desk.open_window(proxy.url, self.service.token("responder"))
        self.wait_rows(window, 12)
        window.resize(2580, 980)
        # Both are there as soon as there is room.
        window.wait(lambda: {"Action source", "Verdict"} <= set(self.titles(window)), "the columns")
        for number, (source, verdict) in enumerate(zip(sources, verdicts)):
            row = window.wait_row(details=f"Invoice w{number}")
            self.assertEqual((sources[source], verdicts[verdict]), (row["Action source"], row["Verdict"]))
        self.assertEqual("dissolveUrl", window.wait_row(details=URL["url"])["Action type"])
        window.click_row(details=URL["url"])
        window.wait(lambda: self.shown_facts(window).get("URL") == URL["url"], "its details")
        window.press("Escape")
        self.open_tab(window, "History")
        self.assertEqual("shelved", window.wait_row(details=self.service.action(kept)["details"])["Status"])
        self.assertEqual(5, len(made["actions"]))

    def test_what_nobody_decided_in_time_has_expired(self):
        """It is under History, was never carried out, says so, and takes no decision any more."""
        late = self.ids[0]
        self.service.stop()
        with sqlite3.connect(self.service.database) as database:
            database.execute("UPDATE actions SET expires_at = updated_at WHERE id = ?", [late])
        database.close()
        self.service.start()
        wait_until(lambda: self.service.action(late)["status"] == "expired", "the end of its time")
        action = self.service.action(late)
        self.assertEqual([], action["results"])
        self.assertNotIn("approve", [entry["event"] for entry in action["timeline"]])
        window = self.open_wide()
        self.counts(window, 7, 1)
        self.open_tab(window, "History")
        window.wait_row(status="Expired")
        window.click_row_at(0)
        window.wait_text("^Nobody decided in time\\. It was never carried out, so there is nothing to undo")
        self.assertNotIn("sensitive", window.wait_for("button", "Undo", id="undo").states)
        self.assertEqual(409, self.service.decide("approve", [late]).status)

    def test_a_check_picks_and_a_click_opens(self):
        """The checks put a selection together without the details in the way; a line says how many, and
        opens them; a click on a row opens the details of that row."""
        window = self.open_wide()
        self.wait_rows(window, 8)
        for index in (0, 1):
            window.click(node=lambda: window.rows()[index].node.find("checkbox"))  # noqa: B023
        window.wait_text("^2 selected$")
        window.calm()
        self.assertIsNone(window.find(type="AcFlyout"))
        window.picture("list-checks")
        window.click("button", "Decide…")
        window.wait_text("^2 actions selected$")
        window.press("Escape")
        window.wait_gone(type="AcFlyout")
        window.wait_text("^2 selected$")
        window.click_row_at(3)
        window.wait_for(type="AcFlyout")
        window.settled("button", "Approve")

    def test_days_are_those_of_the_person(self):
        """What was decided today is found under today where the person is, although the day is another
        one in UTC, and not under the day before."""
        now = datetime.datetime.now(datetime.timezone.utc)
        # No day begins there while this runs.
        shift = 14 if now.hour >= 11 else -12
        today = (now + datetime.timedelta(hours=shift)).date()
        self.assertNotEqual(today, now.date())
        self.service.decide("reject", self.ids[:2])
        window = self.open(environment={"TZ": f"HERE{-shift}"})
        window.wait_row(status="Pending")
        window.resize(2580, 980)
        self.open_tab(window, "History")
        self.wait_rows(window, 2)
        for day, count in ((today - datetime.timedelta(days=1), 0), (today, 2)):
            self.pop_up(window, "time", type="AcTimeRangePopover")
            window.click(name="Custom…", type="GtkCheckButton")
            for field in ("from", "to"):
                window.click(id=field)
                window.press("ctrl+a")
                window.type(day.isoformat())
            window.click("button", "Show")
            self.wait_rows(window, count) if count else window.wait_text("^No actions found$")
            self.wait_chips(window, f"{day} to {day}")

    def test_a_link_is_reported_from_its_details_and_allowed_or_blocked(self):
        """Its details have the address, the verdict and how often it was seen; a report of it as clean can
        allow it, until tomorrow when nothing else is chosen, and one as a threat block it for 30 days."""
        self.service.post_investigation([proposal("u", ["proxy"], type="blockUrl", entity=URL,
                                                  verdict="suspicious")])
        window = self.open_wide()
        window.click_row(details=URL["url"])
        window.wait(lambda: {"URL": URL["url"], "Seen in the last 30 days": "12"}.items() <=
                    self.shown_facts(window).items(), "its details")
        self.assertIn("Suspicious", window.find(type="AcFlyout").texts())
        days = {}
        for assessment, entry in (("clean", "Allow the link"), ("threat", "Block the link")):
            window.click("button", "Report…")
            window.wait_for(type="AcSubmissionWindow")
            # Not the text that can be copied, which would be selected.
            window.wait(lambda: (focus := window.focus()) and focus.id == "threat", "the keyboard in the answers")
            window.click(id=assessment)
            window.click("checkbox", entry)
            window.wait_text("^Until$")
            window.calm()
            window.picture(f"report-{assessment}", window.find(type="AcSubmissionWindow"))
            window.click("button", "Report")
            window.wait_gone(type="AcSubmissionWindow")
            made = self.service.request("GET", "/submissions", role="reader").json["items"][0]
            end = datetime.datetime.fromisoformat(made["entryExpiresAt"].replace("Z", "+00:00"))
            left = end - datetime.datetime.now(datetime.timezone.utc)
            days[made["assessment"], made["entry"]] = round(left / datetime.timedelta(days=1))
        self.assertEqual({("clean", "allow"): 1, ("threat", "block"): 30}, days)
        window.click("button", "Open in Explorer")
        window.wait_text("^The mailboxes could not be searched$")  # there are none
        window.click(name="What to look for", type="GtkLabel")
        window.wait(lambda: [node for node in window.find_all(type="GtkText", shown=False)
                             if node.text == URL["url"]], "the link in the Explorer")
        self.assertEqual("phish", made["category"])
        self.assertEqual("manual", self.service.action(made["blockActionId"])["source"])

    def test_an_action_has_a_window_of_its_own_and_is_decided_there(self):
        """Shift+Enter opens it; the list goes on by itself, the window stays with its action and shows what
        becomes of it, also when somebody else decides; Escape closes it."""
        window = self.open_wide()
        self.wait_rows(window, 8)
        window.click_row_at(0)
        window.settled("button", "Approve")
        first = window.rows()[0]["Details"]
        window.press("shift+Return")
        own = window.wait_for(type="AcActionWindow")
        self.assertEqual(first, own.title)
        window.wait(lambda: first in window.find(type="AcActionWindow").texts(), "its details")
        window.calm()
        window.wait(lambda: window.find(type="AcActionWindow").box[2] > 300, "its size")
        window.picture("action-window", window.find(type="AcActionWindow"))
        # From there no way leads to the next one.
        self.assertEqual([], [node for node in window.find(type="AcActionWindow").find_all("button", shown=False)
                              if node.given_name in ("Previous action", "Next action", "Close the details")])
        action = next(one for one in self.ids if self.service.action(one)["details"] == first)
        self.service.decide("reject", [action], role="m.rossi")
        window.wait(lambda: [text for text in window.find(type="AcActionWindow").texts()
                             if re.match(r"Rejected by m\.rossi at", text)], "who decided")
        window.press("Escape")
        window.wait_gone(type="AcActionWindow")
        self.wait_rows(window, 7)
        window.calm()
        window.click_row_at(1)
        second = window.rows()[1]["Details"]
        window.wait(lambda: second in window.find(type="AcFlyout").texts(), "the other details")
        window.press("shift+Return")
        window.wait(lambda: (own := window.find(type="AcActionWindow")) and own.find("button", "Reject"),
                    "the buttons")
        window.click(node=lambda: window.find(type="AcActionWindow").find("button", "Reject"))
        window.wait_text("^1 action rejected$")
        self.wait_rows(window, 6)

    def test_whoever_decides_about_mail_alone_is_told_so_of_a_device(self):
        """The buttons of an action on a device cannot be pressed, and beside them stands which role may;
        those of one on mail can."""
        self.service.post_investigation([proposal("d", ["laptop"], type="quarantineFile", entity=FILE)])
        self.service.add_token("emailResponder", "mia.mail")
        window = self.open("mia.mail")
        window.click_row(details=FILE["path"])
        window.wait_text("^Your role, Email responder, does not decide about “Quarantine file”\\. That needs "
                         "the role Device responder or Responder\\.$")
        for name in ("Approve", "Reject"):
            self.assertNotIn("sensitive", window.wait_for("button", name).states)
        window.click_row(details=self.service.action(self.ids[0])["details"])
        window.click("button", "Reject")
        window.wait_text("^1 action rejected$")

    def test_each_kind_of_field_narrows_a_mixed_list(self):
        """By type, entity, decision and source, each by itself and all together."""
        made = self.service.post_investigation([
            proposal("k", ["proxy"], type="blockUrl", entity=URL, source="api"),
            proposal("k", entity=message_entity("k"))])
        url = next(action["id"] for action in made["actions"] if action["type"] == "blockUrl")
        self.service.decide("reject", [url, *self.ids[:2]])
        self.service.wait_operation(self.service.decide("approve", self.ids[2:3]).json["id"])
        window = self.open_wide()
        self.open_tab(window, "History")
        self.wait_rows(window, 4)
        chosen = 0
        for field, value, alone in (("Action type", "Block URL (time of click)", 1), ("Entity type", "URL", 1),
                                    ("Action source", "API", 1), ("Decision", "Reject", 3)):
            self.filter_by(window, field, value)
            self.wait_rows(window, alone)
            window.click(id="clear")
            self.wait_rows(window, 4)
        for field, value, left in (("Decision", "Reject", 3), ("Action source", "API", 1)):
            self.filter_by(window, field, value)
            self.wait_rows(window, left)
            chosen += 1
            window.wait(lambda: len(self.chips(window)) == chosen, "a chip more")  # noqa: B023


if __name__ == "__main__":
    unittest.main()
