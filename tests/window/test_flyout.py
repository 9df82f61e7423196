# SPDX-License-Identifier: GPL-3.0-or-later
"""What the flyout shows of an action of each type, of what came of it, and of many at once."""
import csv
import re
import unittest

from atspi import Tree
from case import HastyLab, WindowCase
from service import Service, message_entity

SHA256, SHA1, MD5 = "ab" * 32, "cd" * 20, "ef" * 16

ENTITIES = {
    "softDeleteEmail": ({"type": "emailMessage", "messageId": "<1@phish.test>", "subject": "Invoice 1",
                         "sender": "billing@phish.test", "recipients": ["ann@example.test"],
                         "receivedAt": "2026-11-20T08:00:00Z", "deliveryStatus": "Delivered",
                         "latestLocation": "Junk", "spf": "fail", "dkim": "none", "dmarc": "fail",
                         "threats": ["Phish"]},
                        {"Subject": "Invoice 1", "Sender": "billing@phish.test",
                         "Recipients": "ann@example.test", "Delivery status": "Delivered",
                         "Received": re.compile("20 Nov(ember)? 2026|2026-11-20|November 20"),
                         "Latest place": "Junk", "SPF": "fail", "DKIM": "none", "DMARC": "fail",
                         "Threats": "Phish"}),
    "softDeleteEmailCluster": ({"type": "emailCluster", "name": "Invoices", "sender": "a@phish.test",
                                "emailCount": 47, "volumeAnomaly": True, "malwareCount": 1,
                                "phishCount": 2, "highConfidencePhishCount": 3, "spamCount": 4,
                                "mailboxCount": 5, "notInMailboxCount": 6, "externalCount": 7,
                                "deliveredCount": 8, "junkedCount": 9, "replacedCount": 10,
                                "blockedCount": 0},
                               {"Email count at analysis": "47", "Volume anomaly": "Yes",
                                "Malware": "1", "Phish": "2", "High confidence phish": "3",
                                "Spam": "4", "Mailbox": "5", "Not in mailbox": "6",
                                "On-premises or external": "7", "Delivered": "8", "Junked": "9",
                                "Replaced": "10", "Blocked": "0", "At analysis": "47 messages"}),
    "blockUrl": ({"type": "url", "url": "https://phish.test/login", "scope": "host",
                  "detection": "Safe Links", "prevalence": 12, "domain": "phish.test",
                  "registrant": "Mallory", "registeredAt": "2026-11-01T00:00:00Z"},
                 {"URL": "https://phish.test/login", "Detection": "Safe Links",
                  "Seen in the last 30 days": "12", "Domain": "phish.test", "Registrant": "Mallory"}),
    "turnOffMailForwarding": ({"type": "mailbox", "address": "bob@example.test",
                               "displayName": "Bob", "userPrincipalName": "bob@corp.test",
                               "riskLevel": "High", "risk": "Forwards to outside.",
                               "forwardingTargets": ["mallory@evil.test"]},
                              {"Address": "bob@example.test", "User principal name": "bob@corp.test",
                               "Risk level": "High", "Risk": "Forwards to outside.",
                               "Forwarding before": "mallory@evil.test",
                               "Forwarding after":
                               "To nobody outside the organisation, when it is carried out"}),
    "quarantineFile": ({"type": "file", "path": "/home/ann/evil.bin", "sha256": SHA256, "sha1": SHA1,
                        "md5": MD5, "size": 4711, "signer": "Nobody", "detectionRatio": "12 of 70",
                        "deviceCount": 3},
                       {"Path": "/home/ann/evil.bin", "SHA-256": SHA256, "SHA-1": SHA1, "MD5": MD5,
                        "Signer": "Nobody", "Detection ratio": "12 of 70",
                        "Devices in the organization": "3"}),
}


def proposal(kind, entity=None, asset=None):
    return {"type": kind, "verdict": "malicious", "reason": f"Because of {kind}.",
            "entity": entity or ENTITIES[kind][0],
            "assets": [asset or {"quarantineFile": "laptop", "blockUrl": "proxy"}.get(
                kind, "ann@example.test")]}


class FlyoutCase(WindowCase):
    size = (1280, 1900)

    def facts(self):
        """The fields that the flyout shows, seen or scrolled out of sight."""
        facts = {}
        for row in self.window.find_all(css="factrow", shown=False):
            texts = row.texts()
            facts.setdefault(texts[0], texts[1])
        return facts

    def wait_facts(self, wanted):
        """Waits for these fields with these values, or with such as match."""
        def shown():
            facts = self.facts()
            return all(value.search(facts.get(label, "")) if isinstance(value, re.Pattern)
                       else facts.get(label) == value for label, value in wanted.items())
        self.window.wait(shown, lambda: f"{wanted} among {self.facts()}")

    def wait_looked_at(self, label, value):
        """Waits until the details of the action with this field are those of the service, with a timeline:
        what is only passed on the way is not gone back to."""
        def there():
            return self.facts().get(label) == value and any(
                node.text == "Timeline" for node in self.window.find_all(type="GtkLabel", shown=False))
        self.window.wait(there, lambda: f"the details of {value}: {self.facts()}")
        self.window.calm()

    def tall(self, width=1280, rows=True):
        """Opens a window in which nothing of a flyout is out of sight."""
        self.window = self.open()
        if rows:
            self.window.wait(self.window.rows, "rows")
        else:
            self.window.wait_text("Nothing waits for a decision")
        self.window.resize(width, self.size[1] - 20)
        return self.window


class Entities(FlyoutCase):
    mail = False
    tap_class = "flyout"

    def test_each_entity_shows_all_that_is_known_of_it(self):
        """A message with delivery and authentication, a cluster with its four groups, a URL, a mailbox
        with forwarding before and after, a file with its hashes; each field can be copied."""
        self.service.post_investigation([proposal(kind) for kind in ENTITIES])
        window = self.tall()
        for kind, (entity, wanted) in ENTITIES.items():
            summary = entity.get("subject") or entity.get("name") or entity.get("url") or \
                entity.get("address") or entity.get("path")
            self.choose(summary, f"^Because of {kind}\\.$")
            self.wait_facts(wanted)
            about = window.find(type="AcFlyout").texts()
            self.assertIn("Malicious", about)
            self.assertTrue([text for text in about if (self.asset(kind) in text)], about)
            if kind == "softDeleteEmailCluster":
                for group in ("Threats", "Latest delivery", "Original delivery"):
                    window.wait_text(f"^{group}$")
            window.picture(f"flyout-{kind}")
        for label, value in (("MD5", MD5), ("SHA-256", SHA256)):
            window.click("button", f"Copy: {label}")
            window.click("text-box", "Comment")
            window.press("ctrl+a", "ctrl+v")
            window.wait(lambda wanted=value: self.comment() == wanted,
                        lambda: f"the hash in {self.comment()!r}")

    def asset(self, kind):
        return {"blockUrl": "prox"}.get(kind) or proposal(kind)["assets"][0]

    def choose(self, summary, reason):
        """Clicks a row and waits for its details."""
        window = self.window
        window.calm()
        window.click_row(details=summary)
        window.wait_text(reason)

    def comment(self):
        return self.window.find("text-box", "Comment").text

    def test_related_actions_are_links_and_the_way_back_is_known(self):
        """Of the same investigation, about the same file elsewhere, in the same mailbox."""
        other = {"type": "file", "path": "/tmp/other.bin", "sha256": SHA256}
        self.service.post_investigation([proposal("softDeleteEmail"), proposal("blockUrl")])
        self.service.post_investigation([proposal("softDeleteEmail", message_entity(2))])
        self.service.post_investigation([proposal("quarantineFile", other, "desktop")])
        self.service.post_investigation([proposal("quarantineFile")])
        window = self.tall()
        window.click_row(details="evil.bin")
        window.wait_text("^About the same$")
        self.wait_looked_at("Path", "/home/ann/evil.bin")
        window.click("button", re.compile("^/tmp/other.bin, Quarantine file"))
        self.wait_looked_at("Path", "/tmp/other.bin")
        window.press("alt+Left")
        window.wait(lambda: self.facts().get("Path") == "/home/ann/evil.bin", "the file again")
        window.click_row(details="Invoice 1")
        window.wait_text("^In the same investigation$")
        window.wait_text("^In the same mailbox or on the same device$")
        self.wait_looked_at("Subject", "Invoice 1")
        window.click("button", re.compile("^https://phish.test/login, Block URL"))
        window.wait(lambda: "URL" in self.facts(), "the URL")

    def test_the_next_one_stands_ready_when_one_is_decided(self):
        """The position is told; when an action has left the list, Next is the one behind it."""
        self.service.post_investigation([proposal("softDeleteEmail", message_entity(number))
                                         for number in range(1, 5)])
        window = self.tall()
        window.wait(lambda: len(window.rows()) == 4, "four rows")
        subjects = [row["Details"] for row in window.rows()]
        window.click_row(details=subjects[0])
        window.wait_text("^1 of 4$")
        self.assertNotIn("sensitive", window.wait_for("button", "Previous action").states)
        window.click("button", "Next action")
        window.wait_text("^2 of 4$")
        window.click("button", "Reject")
        window.wait_text("^1 action rejected$")
        window.wait(lambda: len(window.rows()) == 3, "three rows")
        window.click("button", "Next action")
        window.wait_text("^2 of 3$")
        window.wait(lambda: window.row(details=subjects[2]).selected, "the one behind it")
        window.press("F8")
        window.wait_text("^3 of 3$")
        self.assertNotIn("sensitive", window.settled("button", "Close the details").parent.find(
            "button", "Next action").states)

    def test_what_is_opened_again_begins_at_the_top(self):
        """One has scrolled down in the details, and closes them: they begin anew."""
        self.service.post_investigation([proposal("softDeleteEmail", message_entity(number))
                                         for number in range(1, 5)])
        self.window = window = self.open()
        window.resize(1250, 500)
        window.click_row(details="Invoice 1")

        def scrolled():
            flyout = window.find(type="AcFlyout")
            view = flyout and next((node for node in flyout.walk() if node.type == "GtkViewport" and
                                    node.shown and sum(node.scroll.values()) > 0), None)
            return view

        def at_the_end():
            view = scrolled()
            if view and view.scroll["below"] > 0:
                window.display.click(*window.place(view), button=5, count=10)
                return False
            return view and view.scroll["above"] > 100

        window.wait(at_the_end, "the end of the details")
        window.press("Escape")
        window.wait_gone(type="AcFlyout")
        window.click_row(details="Invoice 1")
        window.wait(lambda: (view := scrolled()) and view.scroll["above"] == 0, "the top of the details")

    def test_whoever_may_not_decide_is_told_which_role_it_takes(self):
        """In a line, and as the description that a screen reader gives of the button."""
        self.service.post_investigation([proposal("softDeleteEmail")])
        self.window = window = self.open("reader")
        window.click_row_at(0)
        window.wait_text("^Your role, Reader, may look but not decide. Deciding needs the role Responder")
        for name in ("Approve", "Reject"):
            self.assertNotIn("sensitive", window.wait_for("button", name).states)
        tree = Tree(window)
        buttons = [node for node in tree.walk()
                   if node.name in ("Approve", "Reject") and "button" in node.role]
        self.assertEqual(len(buttons), 2)
        for node in buttons:
            self.assertIn("needs the role Responder", tree.property(node.bus, node.path, "Description"))
        tree.close()

    def test_many_show_what_they_share_and_what_undo_can_do(self):
        """And in what they differ; all can be selected, and the others instead."""
        self.service.post_investigation([proposal("softDeleteEmail"), proposal("blockUrl"),
                                         proposal("softDeleteEmail", message_entity(2))])
        window = self.tall()
        window.wait(lambda: len(window.rows()) == 3, "three rows")
        window.click_row(details="Invoice 1")
        window.click_row(details="Invoice 2", keys=["ctrl"])
        window.wait_text("^2 actions selected$")
        window.wait_text("^What they share$")
        self.wait_facts({"Action type": "Soft delete email", "Status": "Pending"})
        window.wait_text("^The message, in the folder that it came from, with its flags")
        window.click("button", "Select all in the list")
        window.wait_text("^3 actions selected$")
        window.wait_text("^In what they differ$")
        self.wait_facts({"Action type": "Block URL (time of click): 1\nSoft delete email: 2"})
        window.wait_text("^Brings back: Access")
        window.wait_text("^Approve carries out 3 actions on 2 mailboxes and devices\\.$")
        window.picture("flyout-mixed")
        window.click("button", "Narrow to Soft delete email (2)")
        window.wait_text("^2 actions selected$")
        window.click("button", "Invert the selection")
        window.wait(lambda: "URL" in self.facts(), "the URL alone")

    def test_what_an_approval_of_a_quarantine_does_is_said_in_numbers(self):
        """Of messages it tells how many in how many mailboxes, of attachments that they are taken out."""
        attachment = {"type": "attachment", "messageId": "<1@phish.test>", "fileName": "a.pdf"}
        self.service.post_investigation([proposal("quarantineEmail", message_entity(1)),
                                         proposal("quarantineAttachment", attachment)])
        window = self.tall()
        window.wait(lambda: len(window.rows()) == 2, "two rows")
        window.click_row(details="Invoice 1")
        window.wait_text("^Approve moves 1 message in 1 mailbox into quarantine\\.$")
        window.click_row(details="a.pdf")
        window.wait_text("^Approve takes the attachment out of 1 message in 1 mailbox; the original goes "
                         "into quarantine\\.$")

    def test_many_urls_are_blocked_at_points_and_not_in_mailboxes(self):
        """What they act on has the name that it has with one of them."""
        self.service.post_investigation([
            proposal("blockUrl", {"type": "url", "url": f"https://{name}.test/"}) for name in ("one", "two")])
        window = self.tall()
        window.wait(lambda: len(window.rows()) == 2, "two rows")
        window.click_row(details="one.test")
        window.click_row(details="two.test", keys=["ctrl"])
        window.wait_text("^2 actions selected$")
        self.wait_facts({"Enforcement points": "1"})

    def test_in_a_narrow_window_what_was_decided_covers_no_button(self):
        """At 360 pixels the notice is a line of its own; the buttons of the flyout stay free, and the
        notice can be closed."""
        self.service.post_investigation([proposal("softDeleteEmail", message_entity(number))
                                         for number in range(1, 3)])
        self.window = window = self.open()
        window.wait(lambda: len(window.rows()) == 2, "two rows")
        first = window.rows()[0]["Details"]
        window.resize(360, 720)
        window.click_row(details=first)
        window.click("button", "Reject")
        window.wait_text("^1 action rejected$")
        window.settled("button", "Close the notice")
        self.assertIsNone(window.find(css="toast"))
        bar = window.wait_for(css="decisionbar", shown=False)
        notice = window.wait_for(css="noticeline")
        self.assertLessEqual(bar.box[1] + bar.box[3], notice.box[1])
        window.click("button", "Next action")
        window.settled("button", "Approve")
        window.click("button", "Close the notice")
        window.wait_gone("button", "Close the notice")
        # It goes by itself after a while, so the picture is of another one, which nothing else is asked of.
        window.click("button", "Reject")
        window.wait_text("^1 action rejected$")
        window.picture("narrow-notice")

    def test_whoever_has_a_token_that_is_gone_can_sign_in_again(self):
        """The banner says that the token is not taken any more and leads to where one gives another."""
        self.service.post_investigation([proposal("softDeleteEmail")])
        self.service.add_token("responder", "nora")
        self.window = window = self.open("nora")
        window.wait(lambda: len(window.rows()) == 1, "the row")
        self.service.run("token", "revoke", "--name", "nora")
        window.wait_text("^Signed out since .* sign in with another one")
        self.assertIsNone(window.find("button", "Retry now"))
        # The line makes room for itself.
        window.calm()
        window.click("button", "Sign in again…")
        window.wait_for(type="AcConnectionWindow")


class Results(FlyoutCase):
    users = 2
    messages = 10
    tap_class = "flyout-results"

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}", lab=HastyLab(self.lab))

    def setUp(self):
        super().setUp()
        found = self.find_messages(1, [self.lab.mailboxes[0]])[0]
        self.assets = [self.lab.mailboxes[0], self.lab.mailboxes[1], "nobody@example.test"]
        self.action = self.service.post_investigation([{
            "type": "softDeleteEmail", "verdict": "malicious", "assets": self.assets,
            "entity": {"type": "emailMessage", "messageId": found.message_id,
                       "subject": "Wanted"}}])["actions"][0]["id"]
        self.service.wait_operation(self.service.decide("approve", [self.action]).json["id"])

    def results(self):
        return {result["asset"]: result for result in self.service.action(self.action)["results"]}

    def shown_assets(self):
        return [asset for asset in self.assets
                if any(asset in node.texts() for node in self.window.find_all(css="resultrow"))]

    def files(self):
        return sorted((self.desk.session.folder / "home").glob("Results*.csv"))

    def test_results_are_filtered_saved_and_tried_again(self):
        """By outcome; as a file that takes no other's place; and only what failed is tried again."""
        before = self.results()
        outcomes = [before[asset]["outcome"] for asset in self.assets]
        self.assertEqual(outcomes, ["moved", "notFound", "failed"])
        window = self.tall(rows=False)
        self.open_tab(window, "History")
        window.click_row(details="Wanted")
        window.wait(lambda: self.shown_assets() == self.assets, "all three")
        window.click("button", "Outcomes shown: All outcomes (3)")
        window.click(name=re.compile(r"^Not done \(1\)$"), role="menu-item")
        window.wait(lambda: self.shown_assets() == self.assets[2:], "the one that failed")
        for number in (1, 2):
            window.click("button", "Save these results as CSV")
            window.wait(lambda wanted=number: len(self.files()) == wanted, "the file")
            window.settled("button", "Save these results as CSV")
        window.wait_text("^1 result saved as ")
        self.assertEqual([path.name for path in self.files()],
                         [f"Results {self.action} (1).csv", f"Results {self.action}.csv"])
        with open(self.files()[1], encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([(row["asset"], row["outcome"]) for row in rows],
                         [("nobody@example.test", "failed")])
        self.assertRegex(rows[0]["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
        window.picture("flyout-results")
        window.click("button", "Retry the 1 that failed")
        window.wait_text("^1 action retried")
        after = self.results()
        for asset in self.assets[:2]:
            self.assertEqual(before[asset], after[asset])
        self.assertNotEqual(before[self.assets[2]]["at"], after[self.assets[2]]["at"])

    def test_an_undo_leads_to_what_it_undoes(self):
        """The timeline tells who, when and what was said; the undo has a link to the approval."""
        self.service.wait_operation(self.service.decide(
            "undo", [self.action], comment="It was ours.").json["id"])
        window = self.tall(rows=False)
        self.open_tab(window, "History")
        window.click_row(details="Wanted")
        window.wait_text("^It was ours\\.$")
        window.click("button", re.compile(r"^Undoes: Approved · the\.responder, "))
        window.wait_focus(lambda focus: focus.css == "timelinerow" and
                          "Approved · the.responder" in focus.texts(), "the approval")
        window.picture("flyout-timeline")


if __name__ == "__main__":
    unittest.main()
