# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page of the window, with made-up mail behind it, in each of the ways it can look. A test
walks through all pages, saves a picture of each, and fails when the window complains. One class is
one look; see README.md in this folder."""
import re
import unittest

from case import HastyLab, WindowCase
from lab import Lab
from service import Service

# What the detectors have found: title, words of the subjects, verdict, severity.
FINDINGS = (
    ("Prize notifications", "Gewinn", "suspicious", "Low"),
    ("Shared documents from outside", "Shared document", "suspicious", "Medium"),
    ("Voicemail notifications with links", "Voicemail", "suspicious", "Low"),
    ("Mail reported as phishing: mailbox quota", "mailbox is almost full", "malicious", "High"),
    ("Fake invoices from pay-invoices.example", "Invoice", "malicious", "High"),
    ("Parcel fee messages", "parcel", "suspicious", "Medium"),
    ("Sign-in pages that collect passwords", "sign-in", "malicious", "Medium"),
    ("Payroll portal that is not ours", "Salary", "malicious", "High"),
)


class Look(WindowCase):
    """@look: names the pictures; @environment: of the program; @dpi: how large text is;
    @width and @height: of the window, or None for as it comes up"""

    size = (1300, 820)
    look = None
    environment = {}
    dpi = 96
    width = None
    height = None
    mail = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Made-up messages only: the pictures may be shown to everybody.
        cls.lab = Lab(cls.folder / "lab", users=8, messages=24, corpus=False)
        cls.stack.enter_context(cls.lab)

    def setUp(self):
        super().setUp()
        folder = self.desk.session.folder / "config" / "gtk-4.0"
        folder.mkdir()
        (folder / "settings.ini").write_text(
            "[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=0\n", encoding="utf-8")
        self.desk.display.set_dpi(self.dpi)

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}", lab=HastyLab(self.lab))

    def look_at(self, address=None, token=None):
        """Opens the window as it looks in this class."""
        self.window = self.desk.open_window(address, token, environment=self.environment)
        if self.width:
            self.window.resize(self.width, self.height)
        return self.window

    def picture(self, name, kind="AcWindow"):
        """Saves a picture of the main window, or of the window of another type."""
        window = self.window
        display = window.display
        # Beside the window the pointer is not in the picture, and nothing is lit up under it.
        display.move(display.width - 1, display.height - 1)
        window.wait_gone(type="GtkTooltipWindow")
        window.calm()
        window.picture(f"{self.look}-{name}",
                       next(node for node in window.look() if node.type == kind))
        # The keyboard belongs to the window under the pointer.
        display.move(100, 25)

    def propose_all(self):
        """What is found in the mailboxes, as investigations; returns the ids of the actions."""
        self.service.add_token("responder", "nora.obriain")
        ids = []
        found = [message for mailbox in self.lab.mailboxes
                 for folder in self.lab.folders(mailbox)
                 for message in self.lab.messages(mailbox, folder)]
        for number, (title, words, verdict, severity) in enumerate(FINDINGS):
            chosen = [message for message in found if words in message.subject]
            # Each may lie in several mailboxes.
            some = list(dict.fromkeys(message.message_id for message in chosen))[:3]
            chosen = [message for message in chosen if message.message_id in some]
            answer = self.service.request(
                "POST", "/investigations",
                self.lab.investigation(chosen, external_id=f"gateway-{1041 + number}", title=title, verdict=verdict,
                                       severity=severity,
                                       trigger="Reported by users", detectionSource="Mail gateway"),
                role="detector")
            self.assertEqual(answer.status, 201, answer)
            ids += [action["id"] for action in answer.json["actions"]]
        return ids

    # --- the pages ---

    def go_to(self, page):
        """Goes to a page of the navigation pane, which a narrow window shows instead of the page."""
        if not self.window.find("list-item", page):
            self.window.click(name="Navigation pane", type="GtkToggleButton")
        self.window.click("list-item", page)

    def select(self, count):
        """Selects so many rows from the first on, with the boxes before them."""
        for index in range(count):
            self.window.click(node=lambda: self.window.rows()[index].node.find("checkbox"))

    def open_selection(self):
        """A narrow window shows what is selected only when asked to."""
        button = self.window.find("button", "Decide…")
        if button:
            self.window.click("button", "Decide…")

    def close_flyout(self):
        if self.window.find("button", "Close the details"):
            self.window.click("button", "Close the details")
        elif self.window.find("button", "Clear"):
            self.window.click("button", "Clear")

    def walk(self):
        """Through all pages of a service full of actions."""
        ids = self.propose_all()
        window = self.look_at(self.service.url, self.service.token("nora.obriain"))
        self.counts(window, len(ids), 0)
        self.picture("pending")
        window.click_row_at(9)
        window.settled("button", "Approve")
        self.picture("flyout-pending")
        self.close_flyout()
        self.select(3)
        self.picture("selection")
        self.open_selection()
        window.wait_text("^3 actions selected$")
        window.settled("button", "Approve")
        self.picture("flyout-many")
        window.click("button", "Approve")
        window.wait_text("^3 actions approved$")
        self.picture("operation")
        self.dismiss_toast()
        self.close_flyout()
        self.counts(window, len(ids) - 3, 3)
        self.decide_others(ids)
        self.counts(window, len(ids) - 13, 13)
        self.open_tab(window, "History")
        window.wait_row(status="Failed")
        self.picture("history")
        for status in ("Completed", "Undone", "Rejected", "Failed"):
            window.click_row(status=status)
            window.wait_for("button", "Close the details")
            window.calm()
            self.picture(f"flyout-{status.lower()}")
            self.close_flyout()
        self.look_at_the_list()
        self.look_for_nothing()
        self.go_to("Investigations")
        window.wait_text(re.escape(FINDINGS[-1][0]))
        self.picture("investigations")
        window.click(node=lambda: self.investigation_row(FINDINGS[3][0]))
        window.wait_for(name="Investigation graph")
        self.picture("investigation")
        for tab in ("Evidence", "Log"):
            window.settled("tab", re.compile(f"^{tab}"), shown=False)
            self.open_investigation_tab(tab)
            self.picture(f"investigation-{tab.lower()}")
        self.explore()
        self.submissions()
        self.open_windows()
        self.go_to("Action center")
        self.service.stop()
        window.wait_text("^Offline since")
        self.picture("offline")

    def open_investigation_tab(self, tab):
        """In a narrow window the tabs are scrolled; the keyboard gets to each."""
        found = self.window.find("tab", re.compile(f"^{tab}"))
        if found and found.box[0] + found.box[2] / 2 < found.toplevel.box[2]:
            self.window.click("tab", re.compile(f"^{tab}"))
        else:
            self.window.click("tab", re.compile("^Graph|^Evidence"))
            while not self.window.find("tab", re.compile(f"^{tab}"), state="focused"):
                self.window.press("Right")
                self.window.calm()
            self.window.press("space")
        self.window.wait_for("tab", re.compile(f"^{tab}"), state="checked", shown=False)

    def explore(self):
        """The Explorer with nothing, with what it has found, and the steps of its wizard."""
        window = self.window
        self.go_to("Explorer")
        window.wait_text("^Search the mailboxes$")
        self.picture("explorer-first")
        window.click(id="subject")
        window.type(FINDINGS[3][1])
        window.press("Return")
        window.wait_text("found in .* mailboxes?$")
        window.click("button", "Select all")
        self.picture("explorer")
        window.click("button", "Take action…")
        for step in ("what", "name", "review"):
            window.settled("button", "Back" if step != "what" else "Cancel")
            self.picture(f"wizard-{step}", "AcTakeActionWindow")
            if step != "review":
                window.click("button", "Next")
        window.press("Escape")
        window.wait_gone(type="AcTakeActionWindow")

    def submissions(self):
        """The list of submissions, one of them, and a new one."""
        window = self.window
        url = {"type": "url", "url": "http://login.pay-invoices.example/"}
        for members in ({"assessment": "threat", "category": "phish", "comment": "It asks for the PIN."},
                        {"assessment": "clean", "entry": "allow"}, {"assessment": "unsure"}):
            answer = self.service.request("POST", "/submissions", {"entity": url, **members},
                                          role="nora.obriain")
            self.assertEqual(answer.status, 201, answer)
        self.go_to("Submissions")
        window.wait_text("^Unsure")
        self.picture("submissions")
        window.click(node=lambda: next((node for node in window.find_all("label")
                                        if "Allow" in (node.text or "")), None))
        window.wait_text("Nothing blocks the URL now")
        self.picture("submission", "AcSubmissionDetails")
        window.press("Escape")
        window.wait_gone(type="AcSubmissionDetails")
        window.click("button", "New submission…")
        window.wait_for(type="AcSubmissionWindow")
        self.picture("submission-new", "AcSubmissionWindow")
        window.press("Escape")
        window.wait_gone(type="AcSubmissionWindow")

    def investigation_row(self, title):
        label = self.window.find(name=title)
        return label and next((node for node in label.ancestors() if node.css == "row"), label)

    def dismiss_toast(self):
        # Where there is no room for a toast, the notice is a line of its own.
        if self.window.find("button", "Close the notice"):
            self.window.click("button", "Close the notice")
            self.window.wait_gone("button", "Close the notice")
        toast = self.window.find(css="toast")
        if toast:
            self.window.click(node=lambda: self.toast_close())
            self.window.wait_gone(css="toast")

    def toast_close(self):
        toast = self.window.find(css="toast")
        return toast and list(toast.find_all("button"))[-1]

    def decide_others(self, ids):
        """Over the API: a rejection, an undo, and an approval that fails."""
        waiting = [action for action in ids if self.service.action(action)["status"] == "pending"]
        self.service.decide("reject", waiting[:2], comment="A newsletter that we have ordered.")
        done = self.service.decide("approve", waiting[2:8], role="nora.obriain",
                                   comment="Reported by four people.")
        self.service.wait_operation(done.json["id"])
        done = self.service.decide("undo", waiting[2:4], role="nora.obriain")
        self.service.wait_operation(done.json["id"])
        self.lab.kill9()
        try:
            done = self.service.decide("approve", waiting[8:10])
            self.service.wait_operation(done.json["id"])
        finally:
            self.lab.restart()

    def look_for_nothing(self):
        window = self.window
        window.press("ctrl+f")
        window.wait_for("search-box", state="focus-within")
        window.type("no such thing")
        window.wait_text("^Nothing here matches")
        self.picture("nothing-found")
        window.press("Escape")
        window.wait_gone("button", "Clear search")

    def look_at_the_list(self):
        """What stands over the list, what comes out of it, and what is in progress."""
        window = self.window
        for name, kind in (("filter", "AcFilterPopover"), ("time", "AcTimeRangePopover"),
                           ("columns", "AcColumnChooser"), ("views", "AcViewsPopover")):
            self.pop_up(name, kind)
            self.picture(f"list-{name}")
            if name == "time":
                window.click(name="Past week", type="GtkCheckButton")
            window.press("Escape")
            window.wait_gone(type=kind)
        window.wait_for("button", "Remove the filter “Past week”")
        self.picture("list-chips")
        window.click("button", "Clear filters")
        window.press("ctrl+e")
        window.wait_for(type="AcExportWindow")
        self.picture("export", "AcExportWindow")
        window.press("Escape")
        window.wait_gone(type="AcExportWindow")
        self.open_tab(window, "Progress")
        window.wait_text("^Nothing is in progress$")
        self.picture("progress")
        self.open_tab(window, "History")

    def pop_up(self, button, kind):
        """Opens a popover. GTK 4.8 now and then loses the first click after one was closed with a key."""
        def shown():
            if self.window.find(type=kind):
                return True
            self.window.click(id=button)
            self.window.calm()
            return False
        self.window.wait(shown, kind)

    def open_windows(self):
        """The windows beside the main one."""
        window = self.window
        for key, kind, name in (("ctrl+comma", "AcSettingsWindow", "settings"),
                                ("ctrl+question", "AcShortcutsWindow", "shortcuts")):
            window.press(key)
            window.wait_for(type=kind)
            self.picture(name, kind)
            window.press("Escape")
            window.wait_gone(type=kind)

    # --- the tests ---

    def test_every_page_is_shown_without_a_complaint(self):
        """From the pending list to a service that is gone, each page can be shown, and the window
        has nothing to complain of."""
        self.walk()

    def test_every_page_without_actions_is_shown_without_a_complaint(self):
        """First start, the connection window with an error in it, and lists with nothing in them."""
        window = self.look_at()
        window.wait_text("Tell Action Center which service to connect to, and who you are")
        window.wait_for(type="AcConnectionWindow")
        self.picture("connection", "AcConnectionWindow")
        window.type("https://127.0.0.1:9")
        window.press("Return")
        window.wait_for(id="error")
        self.picture("connection-error", "AcConnectionWindow")
        window.press("Escape")
        window.wait_gone(type="AcConnectionWindow")
        self.picture("not-connected")
        window.close()
        window = self.look_at(self.service.url, self.service.token("reader"))
        window.wait_text("No actions found")
        self.picture("empty-pending")
        self.go_to("Investigations")
        window.wait_text("No investigations")
        self.picture("empty-investigations")


class Light(Look):
    tap_class = look = "light"


class Dark(Look):
    tap_class = look = "dark"
    environment = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}


class Narrow(Look):
    tap_class = look = "narrow"
    width = 360
    height = 720


class RightToLeft(Look):
    tap_class = look = "right-to-left"
    environment = {"AC_PROBE_DIRECTION": "rtl"}


class LargeText(Look):
    tap_class = look = "large-text"
    dpi = 192


# It holds the tests of the looks, and is none.
del Look

if __name__ == "__main__":
    unittest.main()
