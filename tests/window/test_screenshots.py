# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page of the window, with made-up mail behind it, in each of the ways it can look. A test
walks through all pages, saves a picture of each, and fails when the window complains. One class is
one look; see README.md in this folder."""
import contextlib
import os
import re
import unittest

import made_up
from case import HastyLab, TESTS, WindowCase
from devices import Devices, file_entity
from fault_proxy import FaultProxy, reply
from harness import Impatience
from lab import Lab
from made_up import FINDINGS
from service import Service, proposal, wait_until
from squid import Squid


TYPES = ("Soft delete email", "Soft delete email cluster", "Quarantine email", "Quarantine attachment",
         "Block URL (time of click)", "Turn off external mail forwarding", "Quarantine file")
# What they would act on is looked at before they are decided.
LOOKED_AT = ("softDeleteEmailCluster", "turnOffMailForwarding")


class PictureLab(HastyLab):
    """The mail server, for a service that wants more than two messages to be confirmed."""

    def mail_config(self):
        return self.lab.mail_config(retry_seconds=1, timeout_seconds=5, confirm_messages=2)


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
        cls.stack.callback(cls.lab.discard)
        cls.lab.start()
        cls.devices = cls.stack.enter_context(Devices(cls.folder / "devices", count=1))
        cls.proxy = cls.stack.enter_context(
            Squid(os.environ["AC_SQUID_HELPER"], TESTS.parent / "data/squid/ERR_ACTION_CENTER"))

    def setUp(self):
        super().setUp()
        folder = self.desk.session.folder / "config" / "gtk-4.0"
        folder.mkdir()
        (folder / "settings.ini").write_text(
            "[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=0\n", encoding="utf-8")
        self.desk.display.set_dpi(self.dpi)

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}", lab=PictureLab(self.lab),
                       devices=self.devices, groups={"url": {"list": self.proxy.list_file}})

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
        window.wait(self.columns_fit, "the columns to fit")
        if kind != "AcWindow" and self.width and self.width < 640:
            self.narrow_down(kind)
        window.calm()
        window.picture(f"{self.look}-{name}", self.toplevel(kind))
        # The keyboard belongs to the window under the pointer.
        display.move(100, 25)

    def starts_at_the_edge(self):
        """The first column of the list stands where lines begin, whichever side that is."""
        view = self.window.list_view()
        if view is None:
            return False
        header = next(node for node in view.walk() if node.css == "header")
        first = header.children[0]
        if "right-to-left" in view.states:
            return abs(first.box[0] + first.box[2] - view.box[0] - view.box[2]) <= 2
        return abs(first.box[0] - view.box[0]) <= 2

    def toplevel(self, kind):
        return next(node for node in self.window.look() if node.type == kind)

    def narrow_down(self, kind):
        """Makes a window beside the main one as narrow as the screen would be, and no higher."""
        window = self.window
        _, (own, _, _, wide, high) = window.placed(lambda: self.toplevel(kind))
        size = (min(wide, self.width), min(high, self.height))
        window.display.resize(own, *size)

        def has_followed():
            box = self.toplevel(kind).box
            return (round(2 * box[0] + box[2]), round(2 * box[1] + box[3])) == size
        window.wait(has_followed, lambda: f"{kind} to be {size}, it is {self.toplevel(kind)}")

    def columns_fit(self):
        """The columns of actions come and go one with each frame until they fit."""
        view = self.window.find(type="AcActionView")
        header = view and next((node for node in view.walk() if node.css == "header"), None)
        return (header is None or
                max(title.box[0] + title.box[2] for title in header.children) <=
                view.box[0] + view.box[2] + 1)

    def pictures(self, name, kind="AcWindow", within=None):
        """Saves a picture, and one more of what can be scrolled into sight, if there is more.

        @within: the type of the widget in which it scrolls, or None for that of the window"""
        self.picture(name, kind)
        self.picture_of_the_end(name, kind, within)

    def picture_of_the_end(self, name, kind="AcWindow", within=None):
        def view():
            top = self.window.find(type=within or kind, shown=False)
            return top and next((node for node in top.walk() if node.type == "GtkViewport" and node.shown
                                 and sum(node.scroll.values()) > 0), None)

        def is_at_end():
            found = view()
            if found and found.scroll["below"] > 0:
                self.window.display.click(*self.window.place(found), button=5, count=10)
                self.window.calm()
                return False
            return True

        if view():
            self.window.wait(is_at_end, f"the end of {name}")
            self.picture(f"{name}-end", kind)

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
                                       trigger="Reported by users", detectionSource="Mail gateway",
                                       alerts=made_up.ALERTS, log=made_up.LOG),
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
        self.choose_for_whom()
        self.look_at_the_list()
        self.look_for_nothing()
        self.go_to("Investigations")
        window.wait_text(re.escape(FINDINGS[-1][0]))
        window.wait(self.starts_at_the_edge, "the list to begin at the edge")
        self.picture("investigations")
        window.click(node=lambda: self.investigation_row(FINDINGS[3][0]))
        window.wait_for(name="Investigation graph")
        self.picture("investigation")
        for tab in ("Alerts", "Mailboxes", "Evidence", "Entities", "Log", "Pending actions",
                    "Pending actions history"):
            if not window.find("tab", re.compile(rf"^{tab}( \d|$)"), shown=False):
                continue
            self.open_investigation_tab(tab)
            self.picture(f"investigation-{tab.lower().replace(' ', '-')}")
            if tab in ("Mailboxes", "Evidence"):
                self.look_at_an_entity(tab)
        self.explore()
        self.submissions()
        self.open_windows()
        self.go_to("Action center")
        self.service.stop()
        window.wait_text("^Offline since")
        self.picture("offline")

    def choose_for_whom(self):
        """For which of the mailboxes an action is undone that took a message from several."""
        page = self.service.request("GET", "/actions", query={"status": "completed"}).json["items"]
        several = next(one for one in page if len(one["assets"]) > 1)
        self.window.click_row(details=several["details"], status="Completed")
        self.window.click("button", "Undo for some…")
        self.window.wait_for(type="AcUndoWindow")
        self.pictures("undo-for-some", "AcUndoWindow")
        self.window.press("Escape")
        self.window.wait_gone(type="AcUndoWindow")
        self.close_flyout()

    def open_investigation_tab(self, tab):
        """In a narrow window the tabs are scrolled; the keyboard gets to each."""
        name = re.compile(rf"^{tab}( \d|$)")
        found = self.window.find("tab", name)
        if found and found.box[0] + found.box[2] / 2 < found.toplevel.box[2]:
            self.window.click("tab", name)
        else:
            self.window.click(node=lambda: next(
                (node for node in self.window.find_all("tab", state="checked")
                 if not node.id.endswith("_button")), None))
            while not self.window.find("tab", name, state="focused"):
                self.window.press("Right")
                self.window.calm()
            self.window.press("space")
        self.window.wait_for("tab", name, state="checked", shown=False)

    def look_at_an_entity(self, tab):
        """What is known of the first one in a tab of an investigation, and what was done about it."""
        window = self.window
        # The middle of a row may lie beyond a narrow window.
        window.click(node=lambda: next((node for node in window.list_view().walk()
                                        if node.type == "GtkInscription" and node.text and node.shown), None))
        window.wait_for(type="AcEntityDetails")
        self.pictures(f"entity-{tab.lower()}", "AcEntityDetails")
        window.press("Escape")
        window.wait_gone(type="AcEntityDetails")

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
        window.wait(self.starts_at_the_edge, "the list to begin at the edge")
        window.click("button", "Select all")
        self.picture("explorer")
        window.click("button", "Take action…")
        for step in ("what", "name", "review"):
            window.settled("button", "Back" if step != "what" else "Cancel")
            self.pictures(f"wizard-{step}", "AcTakeActionWindow")
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
        window.wait_text("Nothing blocks the URL now", shown=False)
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
        for find, close in ((self.notice_close, self.notice_close),
                            (lambda: self.window.find(css="toast"), self.toast_close)):
            self.window.wait(lambda: not find() or self.click_at_once(close), "it to go")  # noqa: B023

    def click_at_once(self, find):
        """Clicks what may go by itself at any moment, if it is there and knows of the pointer."""
        with contextlib.suppress(Impatience):
            target = find()
            if target:
                place = self.window.place(target)
                for step in (1, 0):
                    self.window.display.move(place[0] + step, place[1])
                target = find()
                if target and "prelight" in target.states and self.window.place(target) == place:
                    self.window.display.click(*place)

    def notice_close(self):
        return self.window.find("button", "Close the notice")

    def toast_close(self):
        toast = self.window.find(css="toast")
        return toast and next(reversed(list(toast.find_all("button"))), None)

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
        self.window.click(id=button)
        self.window.wait_for(type=kind)

    def open_windows(self):
        """The windows beside the main one, and its menu."""
        window = self.window
        for key, kind, name in (("ctrl+comma", "AcSettingsWindow", "settings"),
                                ("ctrl+question", "AcShortcutsWindow", "shortcuts")):
            window.press(key)
            window.wait_for(type=kind)
            self.pictures(name, kind)
            window.press("Escape")
            window.wait_gone(type=kind)
        about = re.compile("About Action Center")
        window.press("F10")
        window.wait_for(name=about)
        self.picture("menu")
        window.click(node=lambda: window.find(name=about))
        # From libadwaita 1.5 it is in the window.
        kinds = ("AdwAboutWindow", "AdwAboutDialog")
        shown = window.wait(lambda: next(filter(None, (window.find(type=kind) for kind in kinds)), None),
                            "the window about the program")
        self.picture("about", "AcWindow" if shown.parent else shown.type)
        window.press("Escape")
        window.wait(lambda: not any(window.find(type=kind) for kind in kinds), "it to be gone")

    # --- one action of each type ---

    def propose_one_of_each(self):
        """What it needs lies in the mailboxes and on the device; returns the ids."""
        first, other = self.lab.mailboxes[4:6]
        for mailbox in (first, other):
            for subject, name in made_up.LETTERS:
                self.lab.append(mailbox, "INBOX", made_up.letter(mailbox, subject, name, name == "third"))
        with self.lab.sieve(first) as client:
            client.put("main", made_up.SCRIPT, active=True)
        device = self.devices[0]
        path = device.put("home/ann/Downloads/invoice-viewer.bin")
        posted = self.service.post_investigation(
            made_up.one_of_each(first, other, device.name, path, file_entity(path)),
            title=FINDINGS[4][0])
        ids = [action["id"] for action in posted["actions"]]
        for action in ids:
            wait_until(lambda one=action: self.service.action(one)["type"] not in LOOKED_AT or
                       self.service.action(one)["targets"].get("digest"), "the look at the targets")
        return ids

    def look_at_each(self, kind):
        """The details of one action after the other, and on the way back the end of them: what scrolls
        goes on by itself for a while."""
        self.step_in()
        names = []
        for _ in range(7):
            title = self.window.wait(lambda: self.title_of_the_details(names), f"another than {names}")
            names.append(title)
            self.picture(f"{kind}-{self.file_name(title)}")
            self.window.press("F8")
        for title in reversed(names):
            self.window.wait(lambda: self.title_of_the_details([]) == title, title)  # noqa: B023
            self.picture_of_the_end(f"{kind}-{self.file_name(title)}", within="AcFlyout")
            self.window.press("F7")
        self.close_flyout()

    @staticmethod
    def file_name(title):
        return re.sub("[^a-z]+", "-", title.lower()).strip("-")

    def report(self, above):
        """What is asked of whoever reports what an action is about, of a threat and of what is clean."""
        window = self.window
        window.click(node=lambda: window.find(type=above).find("button", "Report…"))
        window.wait_for(type="AcSubmissionWindow")
        self.pictures("report", "AcSubmissionWindow")
        window.click(id="clean")
        if window.find("checkbox", "Allow the link", shown=False):
            window.click("checkbox", "Allow the link")
        self.pictures("report-clean", "AcSubmissionWindow")
        window.press("Escape")
        window.wait_gone(type="AcSubmissionWindow")

    def focus_the_list(self):
        """With the keyboard: in a narrow window a click on a row leads to its details."""
        window = self.window
        window.press("ctrl+f")
        window.wait_for("search-box", state="focus-within")
        window.press("Return")
        window.wait(lambda: (focus := window.focus()) and "row" in (focus.role, focus.css),
                    "the keyboard in the list")

    def select_all(self):
        self.focus_the_list()
        self.window.press("ctrl+a")
        self.open_selection()

    def step_in(self):
        """Opens the details of the first action. A key that comes before X has given the window the focus
        goes nowhere."""
        # The keyboard belongs to the window under the pointer.
        self.window.display.move(100, 25)

        def is_open():
            if self.window.find(type="AcFlyout"):
                return True
            self.window.press("F8")
            self.window.calm()
            return False
        self.window.wait(is_open, "the details of the first action")

    def title_of_the_details(self, seen):
        """Of an action that is not among the @seen, once all that the service tells of it is there."""
        flyout = self.window.find(type="AcFlyout", shown=False)
        texts = flyout.texts() if flyout else []
        return "Timeline" in texts and next(
            (text for text in texts if text in TYPES and text not in seen), None)


class EveryPage(Look):
    """The tests of a look in which there are pictures of everything."""

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
        window = self.look_at(self.service.url, self.service.token("responder"))
        window.wait_text("No actions found")
        self.picture("empty-pending")
        self.open_tab(window, "History")
        window.wait_text("No actions found")
        self.picture("empty-history")
        for page, text in (("Investigations", "No investigations"), ("Submissions", "No submissions")):
            self.go_to(page)
            window.wait_text(text)
            self.picture(f"empty-{page.lower()}")
        self.go_to("Explorer")
        window.click(id="subject")
        window.type("no such subject")
        window.press("Return")
        window.wait_text("^No messages found$")
        self.picture("empty-explorer")

    def test_each_type_of_action_is_shown_without_a_complaint(self):
        """What waits and what was done, of each of the seven types; and a number that is to be
        confirmed."""
        ids = self.propose_one_of_each()
        window = self.look_at(self.service.url, self.service.token("responder"))
        self.counts(window, 7, 0)
        self.look_at_each("pending")
        self.select_all()
        window.wait_text("^7 actions selected$")
        self.pictures("pending-one-of-each", within="AcFlyout")
        window.settled("button", "Approve")
        window.click("button", "Approve")
        window.wait_text("^Move .* messages", shown=False)
        self.pictures("confirm", within="AcFlyout")
        window.click(id="confirm")
        window.wait(lambda: {self.service.action(one)["status"] for one in ids} == {"completed"},
                    "all to be done")
        window.wait_text("^7 actions approved$")
        self.dismiss_toast()
        self.pictures("done-one-of-each", within="AcFlyout")
        self.close_flyout()
        self.counts(window, 0, 7)
        self.open_tab(window, "History")
        window.wait_row(status="Completed")
        self.look_at_each("done")

    def test_an_action_in_a_window_of_its_own_is_shown_without_a_complaint(self):
        """A link, and a report of it from there."""
        self.service.post_investigation(made_up.one_of_each(
            "ann@example.test", "bob@example.test", "laptop", "/tmp/a", made_up.FILE)[4:6])
        window = self.look_at(self.service.url, self.service.token("responder"))
        self.counts(window, 2, 0)
        # A check leaves the details closed, which cover a narrow window.
        window.click(node=lambda: (row := window.row(details=made_up.URL)) and row.node.find("checkbox"))
        self.focus_the_list()
        window.press("shift+Return")
        window.wait(lambda: (own := window.find(type="AcActionWindow")) and "Timeline" in own.texts(),
                    "the window of the action")
        self.picture("window", "AcActionWindow")
        self.report("AcActionWindow")
        self.picture_of_the_end("window", "AcActionWindow")

    def test_what_goes_wrong_is_shown_without_a_complaint(self):
        """A token that the service does not know, a service that cannot be reached, and one that answers
        with something else."""
        window = self.look_at(self.service.url, "wrong-token")
        window.wait_text("token")
        self.picture("error-refused")
        window.close()
        window = self.look_at("http://127.0.0.1:9", self.service.token("responder"))
        window.wait_text("^Not connected$")
        self.picture("error-unreachable")
        window.close()
        self.service.post_investigation(made_up.one_of_each(
            "ann@example.test", "bob@example.test", "laptop", "/tmp/a", made_up.FILE)[0:3:2])
        proxy = FaultProxy(self.service.url)
        self.addCleanup(proxy.close)
        window = self.look_at(proxy.url, self.service.token("responder"))
        self.counts(window, 2, 0)
        proxy.answer(reply(200, b"<html>The network wants you to sign in.</html>", "text/html"))
        window.wait_text("Offline since")
        self.picture("error-answer")
        self.step_in()
        window.calm()
        self.picture("error-flyout")
        self.close_flyout()
        self.go_to("Investigations")
        window.wait_text("could not be loaded")
        self.picture("error-investigations")
        self.go_to("Explorer")
        window.click(id="subject")
        window.type("Invoice")
        window.press("Return")
        window.wait(lambda: not window.find(type="GtkSpinner"), "an answer")
        self.picture("error-explorer")
        self.go_to("Submissions")
        window.wait_text("could not be loaded")
        self.picture("error-submissions")

    def test_many_and_long_ones_are_shown_without_a_complaint(self):
        """Thousands of rows, texts without an end, and approvals that wait for their time."""
        self.service.settings["grace-seconds"] = 3600
        self.service.restart()
        for number in range(2):
            self.service.post_investigation(
                [proposal(f"{number}-{index}", assets=[f"person-{index % 97}@example.test"])
                 for index in range(1000)], title=f"Wave {number + 1} of many")
        long = self.service.post_investigation(
            made_up.long_ones(), title=f"{made_up.LONG}: {made_up.LONG_WORD}", alerts=made_up.ALERTS,
            log=made_up.LOG * 1, evidence=made_up.much_evidence())
        window = self.look_at(self.service.url, self.service.token("responder"))
        self.counts(window, 2000 + len(long["actions"]), 0)
        self.picture("full-pending")
        self.step_in()
        window.settled("button", "Approve")
        window.calm()
        self.pictures("full-flyout", within="AcFlyout")
        self.close_flyout()
        for name, kind in (("filter", "AcFilterPopover"),):
            self.pop_up(name, kind)
            self.picture(f"full-{name}")
            window.press("Escape")
            window.wait_gone(type=kind)
        self.select_all()
        window.wait_text(r"^2,?\d+ actions selected$")
        window.settled("button", "Approve")
        window.calm()
        self.pictures("full-selection", within="AcFlyout")
        self.close_flyout()
        window.click_row_at(3)
        window.settled("button", "Approve")
        window.click("button", "Approve")
        window.wait_for("button", "Take back")
        self.picture("full-take-back")
        self.close_flyout()
        self.open_tab(window, "Progress")
        window.wait_text("^Approve: 1 action$")
        self.picture("full-progress")
        self.go_to("Investigations")
        window.wait_text("^Wave 2 of many$")
        self.picture("full-investigations")
        window.click(node=lambda: self.investigation_row(f"{made_up.LONG}: {made_up.LONG_WORD}"))
        window.wait_for(name="Investigation graph", shown=False)
        self.picture("full-investigation")
        self.open_investigation_tab("Evidence")
        self.picture("full-investigation-evidence")


class Light(EveryPage):
    tap_class = look = "light"


class Dark(EveryPage):
    tap_class = look = "dark"
    environment = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}


class HighContrast(EveryPage):
    tap_class = look = "high-contrast"
    environment = {"ADW_DEBUG_HIGH_CONTRAST": "1"}


class Narrow(EveryPage):
    tap_class = look = "narrow"
    width = 360
    height = 720


class RightToLeft(EveryPage):
    tap_class = look = "right-to-left"
    environment = {"AC_PROBE_DIRECTION": "rtl"}


class LargeText(EveryPage):
    tap_class = look = "large-text"
    dpi = 192


class Wide(Look):
    tap_class = look = "wide"
    size = (3860, 1240)
    width = 3840
    height = 1200

    def test_the_main_pages_are_shown_without_a_complaint(self):
        """Where there is more room than anybody needs, there are no holes in the middle of a line."""
        ids = self.propose_all()
        window = self.look_at(self.service.url, self.service.token("nora.obriain"))
        self.counts(window, len(ids), 0)
        self.picture("pending")
        self.step_in()
        window.settled("button", "Approve")
        self.picture("flyout-pending")
        self.close_flyout()
        self.go_to("Investigations")
        window.wait_text(re.escape(FINDINGS[-1][0]))
        self.picture("investigations")
        window.click(node=lambda: self.investigation_row(FINDINGS[3][0]))
        window.wait_for(name="Investigation graph")
        self.picture("investigation")
        self.open_investigation_tab("Evidence")
        self.picture("investigation-evidence")
        self.explore()
        self.submissions()


# They hold the tests of the looks, and are none.
del Look, EveryPage

if __name__ == "__main__":
    unittest.main()
