# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of investigations and the page of one: found, filtered, walked through by pointer and by
keyboard, and decided on."""
import csv
import re
import unittest

from case import WindowCase
from service import message_entity, proposal

ALERTS = [{"id": "alert-1", "title": "User reported phishing", "severity": "high",
           "category": "Initial access", "source": "Mail gateway",
           "receivedAt": "2026-11-20T08:00:00Z"}]
LOG = [{"id": "step-1", "actionType": "Analysis", "action": "Look up the sender", "status": "Completed",
        "description": "=1+1", "createdAt": "2026-11-20T08:00:01Z",
        "startedAt": "2026-11-20T08:00:02Z", "durationSeconds": 75},
       {"id": "step-2", "actionType": "Analysis", "action": "Detonate the link", "status": "Skipped",
        "createdAt": "2026-11-20T08:01:30Z"}]
COLUMNS = ["ID", "Action type", "Action", "Status", "Device name", "Description", "Comments",
           "Time created", "Execution start", "Duration", "Pending duration", "Queued duration"]
NODE = {"role": "button", "css": "button"}


def evidence(number):
    """So many pieces of evidence, two in three of them malicious."""
    return [{"entity": message_entity(f"e{index}", threats=["phish"]),
             "verdict": ("malicious", "malicious", "noThreatsFound")[index % 3],
             "detectionOrigin": "Mail gateway", "assets": ["alice@example.test"]}
            for index in range(number)]


class InvestigationCase(WindowCase):
    mail = False

    def post(self, actions=2, **members):
        """Posts one with everything that a page can show."""
        body = {"alerts": ALERTS, "log": LOG, "evidence": evidence(3), "severity": "high",
                "trigger": "userReport", "detectionSource": "Mail gateway",
                "entities": [{"entity": {"type": "mailbox", "address": "alice@example.test"},
                              "verdict": "unknown"},
                             {"entity": {"type": "device", "name": "laptop-7"},
                              "verdict": "noThreatsFound"}],
                **members}
        return self.service.post_investigation(
            [proposal(f"{members.get('title', 'x')}-{number}") for number in range(actions)], **body)

    def open_one(self, made, **more):
        window = self.open(**more)
        window.click("list-item", "Investigations")
        window.click_row(investigation=made["title"])
        window.wait_for("tab", re.compile("^Graph"))
        return window

    def open_page_tab(self, window, title):
        window.click("tab", re.compile(f"^{title}"))
        window.wait_for("tab", re.compile(f"^{title}"), state="checked")

    def node(self, window, pattern):
        return next((node for node in window.find_all(**NODE)
                     if re.search(pattern, node.given_name or "")), None)

    def wait_node(self, window, pattern):
        """In sight or not."""
        return window.wait(lambda: next((node for node in window.find_all(**NODE, shown=False)
                                         if re.search(pattern, node.given_name or "")), None),
                           f"the node {pattern!r}")

    def tab_to_node(self, window, name):
        """Presses Tab until the keyboard is on a node of the graph."""
        for _ in range(60):
            before = window.wait_focus(lambda focus: True, "the window")
            if before.given_name.startswith(name):
                return
            window.press("Tab")
            window.wait(lambda one=before: repr(window.focus()) != repr(one), "the focus to go on")
            window.calm()
        self.fail(f"no node {name!r} was reached")

    def step(self, window, key, name):
        """Presses a key that leads from a node of the graph to the one whose name begins like this."""
        window.press(key)
        window.wait_focus(lambda focus: focus.given_name.startswith(name), f"{name!r} after {key}")

    def wait_placed(self, window, one, other, condition):
        """Until the nodes stand to each other as the condition says."""
        def placed():
            nodes = [node for pattern in (one, other)
                     for node in window.find_all(**NODE, shown=False)
                     if re.search(pattern, node.given_name or "")]
            return len(nodes) == 2 and condition(*nodes)
        window.wait(placed, f"{other!r} to stand behind {one!r}")

    def pop_up(self, window, button, inside):
        """Opens a popover. GTK 4.8 now and then loses the first click after one was closed with a key."""
        def shown():
            if window.find("checkbox", inside):
                return True
            window.click(type="GtkMenuButton", name=button)
            window.calm()
            return False
        window.wait(shown, f"the popover of {button}")

    def status(self, made):
        return self.service.request("GET", f"/investigations/{made['id']}").json["status"]

    def titles(self, window):
        return [row["Investigation"] for row in window.rows()]


class Investigations(InvestigationCase):
    tap_class = "investigations"
    size = (1280, 860)

    def test_the_list_filters_sorts_and_follows(self):
        """Each filter narrows and they combine; a column sorts both ways by the service; what is posted
        meanwhile appears; an empty answer says when it was asked."""
        self.post(title="Alpha")
        self.post(title="Beta", actions=0, evidence=[], trigger="alert")
        self.post(title="Gamma", state="failed", actions=0,
                  evidence=[{"entity": message_entity("g", threats=["malware"]),
                             "verdict": "suspicious"}])
        window = self.open()
        window.click("list-item", "Investigations")
        window.wait(lambda: self.titles(window) == ["Gamma", "Beta", "Alpha"], "three, newest first")
        window.wait_text("^3 investigations$")
        row = window.row(investigation="Alpha")
        self.assertEqual("Pending action", row["Status"])
        self.assertEqual("2, 2 pending", row["Action count"])
        window.picture("investigations-list")
        window.click("column-header", "Investigation")
        window.wait(lambda: self.titles(window) == ["Alpha", "Beta", "Gamma"], "sorted by title")
        # Two clicks at one place would be a double click.
        x, y = window.place(window.settled("column-header", "Investigation"))
        window.display.click(x - 60, y)
        window.wait(lambda: self.titles(window) == ["Gamma", "Beta", "Alpha"], "the other way")
        window.click(type="GtkMenuButton", name="Status")
        window.click("checkbox", re.compile("^Pending action"))
        window.wait(lambda: self.titles(window) == ["Alpha"], "one that waits")
        window.click("checkbox", re.compile("^Failed"))
        window.wait(lambda: self.titles(window) == ["Gamma", "Alpha"], "two statuses")
        window.press("Escape")
        window.calm()
        self.pop_up(window, "Threat", re.compile("^malware"))
        window.click("checkbox", re.compile("^malware"))
        window.wait(lambda: self.titles(window) == ["Gamma"], "both filters")
        window.press("Escape")
        window.click("search-box", "Search investigations")
        window.type("nothing")
        window.wait_text("^No investigations match$")
        window.wait_text(r"^Refreshed \d")
        window.click(id="clear_button")
        window.wait(lambda: self.titles(window) == ["Gamma", "Beta", "Alpha"], "all of them again")
        self.post(title="Delta")
        window.wait(lambda: "Delta" in self.titles(window), "what was posted meanwhile")

    def test_the_page_shows_what_there_is_and_leads_to_it(self):
        """Tabs appear when they have content; each node of the graph leads to its tab; waiting is told
        apart from working."""
        made = self.post(title="Phishing of the payroll")
        window = self.open_one(made)
        for tab in ("Alerts", "Mailboxes", "Devices", "Evidence", "Entities", "Log",
                    "Pending actions"):
            window.wait_for("tab", re.compile(f"^{tab}"), shown=False)
        self.assertIsNone(window.find("tab", re.compile("^Pending actions history")))
        for text in ("At least one action waits for a decision", "^Total pending time$",
                     "^Duration$", "^Without the waiting$", "^High$", "^Initial access$"):
            window.wait_text(text)
        window.picture("investigation-graph")
        for pattern, tab in (("^Alert received: User reported", "Alerts"),
                             ("^1 mailbox", "Mailboxes"), ("^1 device", "Devices"),
                             ("^2 entities analyzed", "Entities"), ("^Malicious: Invoice", "Evidence"),
                             ("^2 actions wait: For", "Pending actions"),
                             ("^Investigation: Phishing", "Log")):
            with self.subTest(node=pattern):
                self.open_page_tab(window, "Graph")
                window.click(node=lambda: self.node(window, pattern))  # noqa: B023
                window.wait_for("tab", re.compile(f"^{tab}"), state="checked")
                window.wait(lambda: window.rows(), "rows")
                window.picture(f"investigation-{tab.lower().replace(' ', '-')}")

    def test_a_device_and_a_mailbox_show_what_is_known_and_what_was_done(self):
        """With health or risk, and of each action who decided it, why, and what came of it; the tab with
        pending actions holds what waits in the Action center."""
        made = self.post(title="Two things", actions=1, entities=[
            {"entity": {"type": "device", "name": "laptop-7", "health": "Active", "user": "ann",
                        "operatingSystem": "Debian 13"}, "verdict": "suspicious"},
            {"entity": {"type": "mailbox", "address": "alice@example.test", "riskLevel": "High",
                        "userPrincipalName": "alice@corp.test", "risk": "Forwards to outside."},
             "verdict": "unknown"}])
        file = {"type": "file", "path": "/tmp/evil.bin", "sha256": "ab" * 32}
        again = self.service.request("POST", "/investigations", {
            "externalId": made["externalId"], "title": made["title"], "actions": [
                proposal("x", ["laptop-7"], type="quarantineFile", entity=file)]}, role="detector").json
        done = next(one["id"] for one in again["actions"] if one["type"] == "quarantineFile")
        self.service.wait_operation(self.service.decide("approve", [done], comment="Take it.").json["id"])
        window = self.open_one(made)
        self.open_page_tab(window, "Devices")
        window.click_row(device="laptop-7")
        self.wait_known(window, {"Device name": "laptop-7", "Health": "Active", "User": "ann",
                                 "Verdict": "Suspicious", "Comment": "Take it.",
                                 "Decision": r"Approved by the\.responder at ", "Result": "^Failed"})
        window.calm()
        window.wait(lambda: window.find(type="AcEntityDetails").box[2] > 300, "its size")
        window.picture("investigation-device", window.find(type="AcEntityDetails"))
        window.press("Escape")
        window.wait_gone(type="AcEntityDetails")
        self.open_page_tab(window, "Mailboxes")
        window.click_row(mailbox="alice@example.test")
        self.wait_known(window, {"User principal name": "alice@corp.test", "Risk level": "High",
                                 "Risk": "Forwards to outside.", "Details": "Invoice Two things-0"})
        window.press("Escape")
        window.wait_gone(type="AcEntityDetails")
        self.open_page_tab(window, "Pending actions")
        window.wait(lambda: len(window.rows()) == 1, "one that waits")
        waiting = [row["Details"] for row in window.rows()]
        window.click("list-item", "Action center")
        window.wait(lambda: [row["Details"] for row in window.rows()] == waiting, f"{waiting} here, too")

    def test_of_very_many_the_first_are_shown_and_more_when_one_asks_for_them(self):
        """A device with more actions, a cluster that names more messages than anybody reads at once: it is
        said how many there are, and each press of a button shows more of them, until all are there."""
        cluster = {"type": "emailCluster", "name": "Many letters",
                   "messageIds": [f"<letter-{number}@phish.test>" for number in range(1200)]}
        made = self.service.post_investigation(
            [proposal(number, ["laptop-7"], type="quarantineFile",
                      entity={"type": "file", "path": f"/tmp/{number}.bin", "sha256": f"{number:064x}"})
             for number in range(120)], title="Very much",
            entities=[{"entity": cluster, "verdict": "suspicious"}])
        window = self.open_one(made)
        self.open_page_tab(window, "Devices")
        window.click_row(device="laptop-7")

        def shown():
            own = window.find(type="AcEntityDetails")
            return len([node for node in own.find_all(css="button", shown=False)
                        if node.tooltip == "Show this action"]) if own else 0
        for number in (50, 100):
            window.wait(lambda: shown() == number, f"{number} actions")  # noqa: B023
            self.wait_keyboard(window)
            more = self.at_the_end(window, f"Show more ({number} of 120 are shown)")
            if number == 50:
                window.settled(node=more)
                window.picture("investigation-device-more", window.find(type="AcEntityDetails"))
            window.click(node=more)
        window.wait(lambda: shown() == 120, "all actions")
        self.assertIsNone(window.find("button", re.compile("^Show more"), shown=False))
        # The keyboard goes on where there is something new.
        window.wait_focus(lambda focus: focus.tooltip == "Show this action", "what is new")
        window.press("Escape")
        window.wait_gone(type="AcEntityDetails")
        self.open_page_tab(window, "Entities")
        window.click_row(entity="Many letters")

        def lines():
            own = window.find(type="AcEntityDetails")
            texts = own.texts() if own else []
            return next((text for text in texts if text.startswith("<letter-0@")), "").splitlines()
        window.wait(lambda: len(lines()) == 100, "a hundred messages")
        self.assertEqual("<letter-99@phish.test>", lines()[-1])
        self.wait_keyboard(window)
        window.click(node=self.at_the_end(window, "Show more (100 of 1200 are shown)"))
        window.wait(lambda: len(lines()) == 1100, "a thousand more")
        window.click(node=self.at_the_end(window, "Show more (1100 of 1200 are shown)"))
        window.wait(lambda: lines() == cluster["messageIds"], "all of them")

    @staticmethod
    def wait_keyboard(window):
        """Until the details that have just been opened have it."""
        window.wait_focus(lambda focus: "AcEntityDetails" in [node.type for node in focus.ancestors()],
                          "the details")

    @staticmethod
    def at_the_end(window, name):
        """A function that finds a button at the end of what is scrolled, and goes there by keyboard where it
        is not in sight: before what is new is laid out, the end is where it was."""
        def find():
            button = window.find("button", name)
            if button is None:
                window.press("End")
            return button
        return find

    def wait_known(self, window, wanted):
        def shown():
            own = window.find(type="AcEntityDetails")
            facts = {}
            for row in own.find_all(css="factrow", shown=False) if own else ():
                texts = row.texts()
                facts.setdefault(texts[0], texts[1])
            return all(re.search(pattern, facts.get(label, "")) for label, pattern in wanted.items())
        window.wait(shown, lambda: f"{wanted} in {window.find(type='AcEntityDetails')}")

    def test_the_graph_is_walked_by_arrows(self):
        """The arrow keys go from node to node, Enter opens the tab."""
        made = self.post(title="Phishing of the payroll")
        window = self.open_one(made)
        window.click("tab", re.compile("^Graph"))
        self.wait_node(window, "^Alert received")
        self.tab_to_node(window, "Alert received")
        self.step(window, "Down", "Investigation:")
        self.step(window, "Down", "1 mailbox")
        self.step(window, "Down", "Malicious:")
        self.step(window, "Down", "2 actions wait:")
        self.step(window, "Down", "Pending action:")
        self.step(window, "Up", "2 actions wait:")
        self.step(window, "Up", "Malicious:")
        self.step(window, "Right", "Malicious: Invoice e1")
        window.press("Return")
        window.wait_for("tab", re.compile("^Evidence"), state="checked")

    def test_deciding_the_last_one_closes_it(self):
        """An action opens beside the table and is decided there; the last decision makes the
        investigation remediated, resolves the alert, and the tab with the history appears."""
        made = self.post(title="Phishing of the payroll")
        window = self.open_one(made)
        self.open_page_tab(window, "Pending actions")
        window.wait(lambda: len(window.rows()) == 2, "two that wait")
        window.click_row(details="Invoice Phishing of the payroll-0")
        window.click("button", "Reject")
        window.wait(lambda: self.service.action(made["actions"][0]["id"])["status"] == "rejected",
                    "the first to be rejected")
        window.wait(lambda: len(window.rows()) == 1, "one that waits")
        self.assertEqual("pendingAction", self.status(made))
        window.calm()
        window.click_row(details="Invoice Phishing of the payroll-1")
        window.picture("investigation-flyout")
        window.click("button", "Reject")
        window.wait_text(f"^{made['id'][:8]} · Remediated$")
        self.assertEqual("remediated", self.status(made))
        self.open_page_tab(window, "Pending actions history")
        window.wait(lambda: [row["Status"] for row in window.rows()] == ["Rejected"] * 2,
                    "both in the history")
        self.open_page_tab(window, "Alerts")
        window.wait_row(alert="User reported phishing", status="Resolved")
        self.open_page_tab(window, "Graph")
        self.wait_node(window, "^Waited for approval: .* in all$")
        self.wait_node(window, "^Remediated: Result$")

    def test_the_log_is_filtered_and_exported(self):
        """A filter narrows the log; the export holds just what is shown in twelve columns, times with
        their zone, no formula, and never over a file that is there."""
        made = self.post(title="Phishing of the payroll")
        window = self.open_one(made)
        self.open_page_tab(window, "Log")
        window.wait(lambda: len(window.rows()) == 4, "two steps and two actions")
        window.click("search-box", "Filter: Log")
        window.type("sender")
        window.wait(lambda: len(window.rows()) == 1, "one step")
        paths = []
        for _ in range(2):
            window.click("button", "Export")
            paths.append(window.wait(
                lambda: next((text[len("Saved as "):] for text in window.texts()
                              if text.startswith("Saved as ") and
                              text[len("Saved as "):] not in paths), None), "the file"))
        self.assertTrue(paths[0].endswith("/Investigation log.csv"), paths)
        self.assertTrue(paths[1].endswith("/Investigation log (1).csv"), paths)
        with open(paths[1], encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        self.assertEqual(COLUMNS, rows[0])
        self.assertEqual([["step-1", "Analysis", "Look up the sender", "Completed", "", "'=1+1", "",
                           "2026-11-20T08:00:01.000000Z", "2026-11-20T08:00:02.000000Z", "75", "",
                           ""]], rows[1:])

    def test_much_evidence_is_grouped_and_little_is_not(self):
        """None, one and three pieces stand one by one; five hundred are two nodes with counts. A
        failed examination says that something may have been done."""
        numbers = {0: [], 1: ["Malicious: Invoice e0"],
                   3: ["Malicious: Invoice e0", "Malicious: Invoice e1",
                       "No threats found: Invoice e2"],
                   500: ["Malicious: 334 pieces of evidence",
                         "No threats found: 166 pieces of evidence"]}
        for number in numbers:
            self.post(title=f"With {number} pieces", evidence=evidence(number), actions=0,
                      state="failed")
        window = self.open()
        window.click("list-item", "Investigations")
        for number, nodes in numbers.items():
            window.click_row(investigation=f"With {number} pieces")
            window.wait_gone(type="GtkColumnView")
            window.wait_text(f"^With {number} pieces$")
            window.wait_text("Approved actions may still have run")
            self.wait_node(window, "^Failed: Result")
            found = [node.given_name for node in window.find_all(**NODE, shown=False)
                     if re.match("(Malicious|No threats found):", node.given_name or "")]
            self.assertEqual(nodes, found)
            if number < 500:
                window.press("alt+Left")
                window.wait_for(type="GtkColumnView")
        window.click(node=lambda: self.node(window, "^Malicious: 334"))
        window.wait_text("^500 rows$")

    def test_a_narrow_window_shows_it_all(self):
        """At 360 pixels the graph goes down, and the action covers the table until it is closed."""
        made = self.post(title="Phishing of the payroll")
        window = self.open()
        window.settled("list-item", "Investigations")
        window.resize(360, 720)
        window.click(name="Navigation pane", type="GtkToggleButton")
        window.click("list-item", "Investigations")
        window.wait_row(investigation=made["title"])
        window.picture("investigations-narrow")
        window.click_row(investigation=made["title"])
        self.wait_placed(window, "^Alert received", "^Investigation: ",
                         lambda one, other: other.box[1] > one.box[1] + one.box[3])
        window.picture("investigation-narrow")
        window.press("alt+Left")
        window.wait_row(investigation=made["title"])


class Wide(InvestigationCase):
    """Where there is room the graph goes across, from right to left where one reads so."""

    tap_class = "investigations-wide"
    size = (2000, 900)

    def test_the_graph_goes_across(self):
        made = self.post(title="Phishing of the payroll")
        window = self.open_one(made, environment={"AC_PROBE_DIRECTION": "rtl",
                                                  "ADW_DEBUG_COLOR_SCHEME": "prefer-dark"})
        window.resize(1960, 860)
        self.wait_placed(window, "^Pending action: So far", "^Alert received",
                         lambda one, other: other.box[0] > one.box[0] + one.box[2])
        window.click("tab", re.compile("^Graph"))
        self.tab_to_node(window, "Alert received")
        self.step(window, "Left", "Investigation: ")
        self.step(window, "Left", "1 mailbox")
        self.step(window, "Down", "1 device")
        window.picture("investigation-wide")


if __name__ == "__main__":
    unittest.main()
