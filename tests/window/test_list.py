# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of the Action center: its columns, its filters and the time it is of."""
import csv
import gettext
import json
import re
import unittest
import urllib.parse

from case import WindowCase
from language import CATALOGS, language_environment
from service import Service, message_entity, proposal

COLUMNS = ("Action update time", "Investigation ID", "Approval ID", "Action type", "Details", "Entity type",
           "Asset", "Decision", "Decided by", "Action source", "Status")
MORE_COLUMNS = ("Verdict", "Undo", "Created", "Expires in")
# Those that are there where nobody has chosen, on a tab each.
USUAL = ("Action update time", "Action type", "Details", "Entity type", "Asset", "Verdict", "Action source",
         "Status")
USUAL_PENDING = (*USUAL, "Expires in")
USUAL_HISTORY = (*USUAL, "Decided by")


class ListCase(WindowCase):
    mail = False
    size = (2600, 1000)

    def setUp(self):
        super().setUp()
        self.service.add_token("admin", "m.rossi")
        self.one = self.service.post_investigation(6)
        self.two = self.service.post_investigation(2, externalId="gateway-2", title="Found by the gateway")
        self.ids = [action["id"] for found in (self.one, self.two) for action in found["actions"]]

    def open_wide(self):
        window = self.open()
        window.wait_row(status="Pending")
        window.resize(2580, 980)
        return window

    def titles(self, window):
        view = window.list_view()
        header = next(node for node in view.walk() if node.css == "header")
        found = [node for node in header.children if node.shown]
        return [" ".join(node.texts()) for node in sorted(found, key=lambda node: node.box[0])
                if node.texts()]

    def wait_columns(self, window, wanted):
        """They come one after the other. Returns their titles as they stand."""
        return window.wait(lambda: titles if set(titles := self.titles(window)) == set(wanted) else None,
                           lambda: f"the columns {wanted}, not {self.titles(window)}")

    def pop_up(self, window, button, **inside):
        """Opens a popover."""
        window.click(id=button)
        window.wait_for(**inside)

    def choose_columns(self, window, *names):
        """Ticks or unticks these columns in the chooser."""
        self.pop_up(window, "columns", type="AcColumnChooser")
        for name in names:
            window.click("checkbox", name)
        window.press("Escape")
        window.wait_gone("button", "Reset columns")
        window.calm()

    def filter_by(self, window, field, *values):
        """Opens the filter, ticks or unticks these values of one field, and closes it."""
        self.pop_up(window, "filter", type="AcFilterPopover")
        window.click(node=lambda: self.field_row(window, field))
        for value in values:
            window.click("checkbox", value)
        window.press("Escape")
        window.wait_gone(id="values")
        window.calm()

    def field_row(self, window, field):
        fields = window.find(id="fields")
        label = fields and fields.find(name=field, type="GtkLabel")
        return label and next(node for node in label.ancestors() if node.css == "row")

    def wait_rows(self, window, count):
        def shown():
            rows = window.rows() if window.list_view() else []
            return len(rows) == count
        window.wait(shown, f"{count} rows")

    def chips(self, window):
        return [" ".join(node.texts()) for node in window.find_all("button")
                if re.match("Remove the filter", node.name)]

    def wait_chips(self, window, *wanted):
        """They come a little after the list."""
        window.wait(lambda: self.chips(window) == list(wanted),
                    lambda: f"{wanted} instead of {self.chips(window)}")


class Columns(ListCase):
    tap_class = "columns"

    def test_all_eleven_and_four_more_can_be_shown_and_stay_so(self):
        """The chooser has every column on both tabs; what is chosen, and in which order, is there after
        the next start, and reset puts it back."""
        window = self.open_wide()
        usual = self.wait_columns(window, USUAL_PENDING)
        missing = [title for title in COLUMNS + MORE_COLUMNS if title not in usual]
        self.choose_columns(window, *missing)
        self.wait_columns(window, COLUMNS + MORE_COLUMNS)
        row = window.wait_row(expires_in="days")
        self.assertEqual(row["Action source"], "Automated email action")
        self.assertIn(row["Investigation ID"], (self.one["id"], self.two["id"]))
        self.choose_columns(window, "Verdict")
        before = self.wait_columns(window, {*COLUMNS, *MORE_COLUMNS} - {"Verdict"})
        self.assertGreater(before.index("Action type"), before.index("Approval ID"))
        self.pop_up(window, "columns", type="AcColumnChooser")
        window.click("button", "Move Action type up")
        window.press("Escape")
        window.wait_gone("button", "Reset columns")
        moved = window.wait(lambda: titles if (titles := self.titles(window)) != before and
                            set(titles) == set(before) else None, "another order of the columns")
        self.assertLess(moved.index("Action type"), moved.index("Approval ID"))
        window.picture("list-all-columns")
        window.quit()

        window = self.open_wide()
        window.wait(lambda: self.titles(window) == moved, "the columns as they were")
        self.open_tab(window, "History")
        self.service.decide("reject", self.ids[:1], role="m.rossi")
        window.wait_row(status="Rejected")
        there = self.wait_columns(window, USUAL_HISTORY)
        self.choose_columns(window, *[title for title in COLUMNS + MORE_COLUMNS if title not in there])
        self.wait_columns(window, COLUMNS + MORE_COLUMNS)
        row = window.wait_row(decision="Reject")
        self.assertEqual((row["Decided by"], row["Undo"]), ("m.rossi", "Not undoable"))
        self.assertEqual(row["Approval ID"], self.service.action(self.ids[0])["operationId"])
        self.open_tab(window, "Pending")
        self.pop_up(window, "columns", type="AcColumnChooser")
        window.click("button", "Reset columns")
        window.press("Escape")
        window.wait(lambda: self.titles(window) == usual,
                    lambda: f"the usual columns {usual}, not {self.titles(window)}")

    def test_each_column_sorts_both_ways(self):
        """A click on a title sorts, another one turns the order round; the mirror and the service agree."""
        operation = self.service.decide("reject", self.ids[:3], role="m.rossi").json
        self.service.decide("reject", self.ids[3:4])
        window = self.open_wide()
        self.open_tab(window, "History")
        window.wait_row(status="Rejected")
        self.choose_columns(window, "Approval ID", "Investigation ID", "Decision", "Undo", "Created", "Expires in")
        window.wait(lambda: "Expires in" in self.titles(window), "the column")
        members = {"Asset": lambda action: action["assets"][0], "Decided by": lambda action: action["decidedBy"],
                   "Details": lambda action: action["details"].lower(),
                   "Created": lambda action: action["createdAt"],
                   "Approval ID": lambda action: action["operationId"]}
        actions = {action: self.service.action(action) for action in self.ids[:4]}
        for title in ("Details", "Decided by", "Created", "Undo", "Approval ID"):
            with self.subTest(title=title):
                for down in (False, True):
                    self.click_title(window, title, 15 if down else 0)
                    window.calm()
                    if title not in members:
                        continue

                    def is_sorted(down=down, member=members[title]):
                        values = [member(actions[self.id_of(actions, row["Details"])]) for row in window.rows()]
                        return len(values) == 4 and values == sorted(values, reverse=down)
                    window.wait(is_sorted, lambda down=down:
                                f"{title} {'downward' if down else 'upward'}: {window.rows()}")
        self.assertEqual([row["Approval ID"] for row in window.rows()].count(operation["id"]), 3)

    def id_of(self, actions, details):
        return next(name for name, action in actions.items() if action["details"] == details)

    def click_title(self, window, title, beside=0):
        """@beside: so many pixels beside the middle. Two clicks at one place would be a double click, which
        GTK takes for one."""
        def place():
            view = window.list_view()
            header = next(node for node in view.walk() if node.css == "header")
            return header.find(name=title, type="GtkLabel")
        x, y = window.place(window.settled(node=place))
        window.display.click(x + beside, y)

    def test_an_investigation_id_leads_to_the_investigation(self):
        """A click on the id in a row opens its page and does not select the row."""
        window = self.open_wide()
        self.choose_columns(window, "Investigation ID")
        window.wait(lambda: "Investigation ID" in self.titles(window), "the column")

        def cell():
            return next((node for row in window.rows() for node in row.node.walk()
                         if node.text == self.two["id"]), None)

        def opened():
            if window.find("column-header", "Investigation ID"):
                window.click(node=cell)
                window.calm()
                return False
            return True
        # As in pop_up().
        window.wait(opened, "the page of the investigation")
        window.wait_text("Found by the gateway")
        window.wait_for(name="Investigation graph")


class Filters(ListCase):
    tap_class = "filters"

    def test_values_come_with_counts_and_can_be_combined(self):
        """Values are those of the service with how many there are; they narrow the list, are shown as
        chips, and go one by one or all at once."""
        self.service.decide("reject", self.ids[:3], role="m.rossi")
        self.service.decide("reject", self.ids[6:7])
        window = self.open_wide()
        self.open_tab(window, "History")
        self.wait_rows(window, 4)
        self.pop_up(window, "filter", type="AcFilterPopover")
        window.click(node=lambda: self.field_row(window, "Decided by"))
        window.wait_for("checkbox", "m.rossi")
        values = window.find(id="values")
        self.assertEqual([" ".join(row.texts()) for row in values.children if row.css == "row"],
                         ["m.rossi 3", "the.responder 1"])
        window.picture("list-filter-values")
        window.click("checkbox", "m.rossi")
        self.wait_rows(window, 3)
        window.press("Escape")
        window.wait_gone(id="values")
        self.filter_by(window, "Investigation ID", "Phishing delivered")
        window.wait(lambda: len(self.chips(window)) == 2, "two chips")
        self.wait_rows(window, 3)
        self.filter_by(window, "Decided by", "m.rossi")
        window.wait(lambda: self.chips(window) == [f"Investigation ID: {self.one['id']}"], "one chip")
        window.click("button", f"Remove the filter “Investigation ID: {self.one['id']}”")
        self.wait_rows(window, 4)
        self.filter_by(window, "Investigation ID", "Phishing delivered", "Found by the gateway")
        window.wait(lambda: len(self.chips(window)) == 2, "a chip for each value")
        window.click(id="clear")
        self.wait_rows(window, 4)
        self.wait_chips(window)

    def test_chips_go_as_quickly_as_keys_come(self):
        """Each press takes one chip away, also before the list has followed the one before."""
        self.service.decide("reject", self.ids[:3], role="m.rossi")
        self.service.decide("reject", self.ids[6:7])
        window = self.open_wide()
        self.open_tab(window, "History")
        self.wait_rows(window, 4)
        self.filter_by(window, "Investigation ID", "Phishing delivered", "Found by the gateway")
        self.filter_by(window, "Decided by", "m.rossi", "the.responder")
        window.wait(lambda: len(self.chips(window)) == 4, "a chip for each value")
        first, second = self.chips(window)[:2]
        window.click("button", f"Remove the filter “{second}”")
        window.press("Return", "Return")
        self.wait_chips(window, first)
        window.wait_focus(lambda focus: "Remove the filter" in focus.name, "the last chip")
        window.press("Return")
        self.wait_chips(window)
        self.wait_rows(window, 4)

    def test_every_kind_of_field_narrows_the_list(self):
        """Words, names, ids and what follows from others can be filtered by."""
        self.service.decide("reject", self.ids[:2], role="m.rossi")
        window = self.open_wide()
        self.open_tab(window, "History")
        self.wait_rows(window, 2)
        action = self.service.action(self.ids[0])
        fields = {"Status": "Rejected", "Asset": action["assets"][0], "Undo": "Not undoable",
                  "Approval ID": "m.rossi"}
        for field, value in fields.items():
            with self.subTest(field=field):
                self.filter_by(window, field, value)
                window.wait(lambda: len(self.chips(window)) == 1, "a chip")
                self.wait_rows(window, 2)
                window.click(id="clear")
                self.wait_rows(window, 2)

    def test_filters_work_without_the_service(self):
        """What is filtered by comes from the mirror when the service is away."""
        window = self.open_wide()
        self.wait_rows(window, 8)
        self.service.stop()
        window.wait_text("^Offline since")
        self.filter_by(window, "Investigation ID", "Found by the gateway")
        self.wait_rows(window, 2)
        window.wait_text("^2 of 8 actions$")
        window.picture("list-filtered-offline")

    def test_what_is_looked_at_after_a_way_back_to_what_is_filtered_out_is_kept(self):
        """Back leads to an action that the filters hide, so its details stay closed; what is looked at then
        counts, and is what back leads to next."""
        window = self.open_wide()
        self.wait_rows(window, 8)
        hidden, first, second = (self.service.action(one)["details"]
                                 for one in (self.ids[0], self.ids[6], self.ids[7]))
        self.look_at(window, hidden)
        self.look_at(window, first)
        self.filter_by(window, "Investigation ID", "Found by the gateway")
        self.wait_rows(window, 2)
        window.press("alt+Left")
        window.calm()
        self.look_at(window, second)
        self.look_at(window, first)
        window.press("alt+Left")
        window.wait(lambda: window.row(details=second).selected, "the second one")

    def look_at(self, window, details):
        """Shows an action for as long as it takes to count as looked at: the service has told all of it."""
        def there():
            shown = window.find(id="details", shown=False)
            return (shown and shown.text == details and
                    any(node.text == "Timeline" for node in window.look()[0].walk()))
        window.click_row(details=details)
        window.wait(there, f"the details of {details}")
        window.calm()

    def test_the_history_can_be_of_a_time(self):
        """Day, week, 30 days, 6 months and from a day to a day, under History only."""
        self.service.decide("reject", self.ids[:2], role="m.rossi")
        window = self.open_wide()
        self.assertIsNone(window.find(id="time"))
        self.open_tab(window, "History")
        self.wait_rows(window, 2)
        for name in ("Past day", "Past week", "Past 30 days", "Past 6 months"):
            self.pop_up(window, "time", type="AcTimeRangePopover")
            window.wait_text("^The service keeps settled actions for 180 days; ")
            window.click(name=name, type="GtkCheckButton")
            window.press("Escape")
            window.wait_gone(name="Past day", type="GtkCheckButton")
            window.wait(lambda: self.chips(window) == [name], name)
            self.wait_rows(window, 2)
        self.pop_up(window, "time", type="AcTimeRangePopover")
        window.click(name="Custom…", type="GtkCheckButton")
        window.wait_for(id="from", state="focus-within")
        window.type("2020-01-01")
        window.press("Tab")
        window.type("2019-12-31")
        window.wait_text("The last day is before the first")
        window.press("ctrl+a")
        window.type("2020-01-31")
        window.picture("list-custom-range")
        window.click("button", "Show")
        window.wait_text("^No actions found$")
        window.wait_text(r"^Nothing here matches the filters\.\nLast refreshed at \d\d:\d\d")
        window.picture("list-filtered-empty")
        self.wait_chips(window, "2020-01-01 to 2020-01-31")
        window.click("button", "Clear filters")
        self.wait_rows(window, 2)

    def test_a_range_of_days_is_told_in_the_time_that_is_shown(self):
        """A day of Tokyo is parts of two days in UTC."""
        window = self.open(environment={"TZ": "Asia/Tokyo"})
        window.resize(2580, 980)
        self.wait_rows(window, 8)
        self.open_tab(window, "History")
        self.pop_up(window, "time", type="AcTimeRangePopover")
        window.click(name="Custom…", type="GtkCheckButton")
        for field in ("from", "to"):
            window.click(id=field)
            window.press("ctrl+a")
            window.type("2020-01-10")
        window.click("button", "Show")
        self.wait_chips(window, "2020-01-10 to 2020-01-10")
        window.press("ctrl+comma")
        window.click(id="utc")
        window.wait_for(id="utc", state="checked")
        self.wait_chips(window, "2020-01-09 to 2020-01-10")


class Views(ListCase):
    tap_class = "views"

    def test_a_view_can_be_saved_opened_renamed_and_deleted(self):
        """Filters, order and columns come back under a name, also after the next start."""
        window = self.open_wide()
        self.filter_by(window, "Investigation ID", "Found by the gateway")
        self.wait_rows(window, 2)
        self.choose_columns(window, "Created")
        self.pop_up(window, "views", type="AcViewsPopover")
        window.click("text-box", "Name of this view")
        window.type("Gateway")
        window.click("button", "Save")
        window.wait_for("button", "Open Gateway")
        window.picture("list-views")
        window.press("Escape")
        window.click(id="clear")
        self.wait_rows(window, 8)
        window.quit()

        window = self.open_wide()
        self.pop_up(window, "views", type="AcViewsPopover")
        window.click("button", "Open Gateway")
        self.wait_rows(window, 2)
        self.assertIn("Created", self.titles(window))
        self.wait_chips(window, f"Investigation ID: {self.two['id']}")
        self.pop_up(window, "views", type="AcViewsPopover")
        window.click("button", "Rename Gateway")
        window.press("ctrl+a")
        window.type("From the gateway")
        window.click("button", "Rename", id="save")
        window.wait_for("button", "Open From the gateway")
        window.click("button", "Delete From the gateway")
        window.wait_text("^No view is saved yet")


class Export(ListCase):
    tap_class = "export"

    def test_exactly_what_is_shown_is_exported_and_nothing_is_overwritten(self):
        """What the filters find, or what is selected, in each format; a second export gets a number."""
        window = self.open_wide()
        self.filter_by(window, "Investigation ID", "Found by the gateway")
        self.wait_rows(window, 2)
        self.export(window, "2 actions exported to “actions-pending-")
        (path,) = self.exported(window)
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual({row["id"] for row in rows}, {action["id"] for action in self.two["actions"]})
        for row in rows:
            self.assertRegex(row["updatedAt"], r"^\d{4}-\d\d-\d\dT.*Z$")
        self.export(window, r"exported to “actions-pending-.* \(1\)\.csv”")
        self.assertEqual(len(self.exported(window)), 2)
        window.click(id="clear")
        self.wait_rows(window, 8)
        for index in (0, 1, 2):
            window.click(node=lambda: window.rows()[index].node.find("checkbox"))
        self.export(window, "3 actions exported", "JSON lines, for programs", picture="list-export")
        path = max(self.exported(window, "*.jsonl"), key=lambda one: one.stat().st_mtime)
        self.assertEqual(len(path.read_text(encoding="utf-8").splitlines()), 3)
        window.wait(lambda: len(self.service.exports()) == 3, "the audit log to have all three")
        who, words = zip(*self.service.exports())
        self.assertEqual({"the.responder"}, set(who))
        self.assertIn(f"investigationId={self.two['id']}", words[0])
        self.assertEqual("json, 3: selected one by one", words[2])

    def export(self, window, said, kind=None, picture=None):
        window.press("ctrl+e")
        window.wait_for(type="AcExportWindow")
        window.calm()
        if kind:
            window.click(name=kind, type="GtkCheckButton")
        if picture:
            window.picture(picture)
        window.click(node=lambda: self.export_button(window))
        window.wait_text(said)
        window.press("Escape")
        window.wait_gone(type="AcExportWindow")

    def export_button(self, window):
        own = window.find(type="AcExportWindow")
        return own and own.find("button", id="export")

    def exported(self, window, pattern="*.csv"):
        return sorted(self.desk.session.folder.rglob(pattern))

    def test_rows_are_copied(self):
        """Ctrl+C copies the selected rows as they are shown; the menu has the other forms."""
        window = self.open_wide()
        window.click_row_at(0)
        window.settled("button", "Approve")
        window.wait(lambda: window.rows()[0].selected, "the row to be selected")
        window.calm()
        details = window.rows()[0]["Details"]
        action = next(self.service.action(one) for one in self.ids
                      if self.service.action(one)["details"] == details)
        window.press("ctrl+c")
        self.assertIn("Action update time", self.pasted(window, f"Soft delete email.{details}.Email message"))
        window.click_row(details=details)
        window.settled("button", "Approve")
        window.wait(lambda: window.row(details=details).selected, "the row to be selected")
        window.click(id="copy")
        window.click(name="Links", css="modelbutton")
        self.assertEqual(self.pasted(window, "action-center:").strip(), f"action-center:action/{action['id']}")

    def pasted(self, window, pattern):
        """What is on the clipboard, once it matches, by pasting it into the search."""
        def paste():
            window.press("ctrl+f", "ctrl+a", "ctrl+v")
            window.calm()
            text = window.find("search-box", "Search actions").find(type="GtkText").text
            return text if re.search(pattern, text) else None
        text = window.wait(paste, f"{pattern} on the clipboard")
        window.press("Escape")
        self.wait_rows(window, 8)
        return text


class Types(WindowCase):
    """Actions of the types with the longest names."""

    mail = False
    tap_class = "types"
    size = (1700, 900)
    entities = {
        "softDeleteEmailCluster": {"type": "emailCluster", "name": "billing@phish.test", "emailCount": 3,
                                   "sender": "billing@phish.test"},
        "blockUrl": {"type": "url", "url": "https://phish.test/"},
        "turnOffMailForwarding": {"type": "mailbox", "address": "alice@example.test"},
        "softDeleteEmail": message_entity("one"),
        "quarantineEmail": message_entity("two"),
    }

    def cells(self, window):
        """The names of the types in the list, each with the width that it has and that it would like."""
        top = next(node for node in window.look(measure=True) if node.type == "AcWindow")
        names = {self._(name) for name in self.names}
        return [node for node in top.find_all(type="GtkInscription") if node.text in names]

    def cut(self, window):
        return [cell for cell in self.cells(window) if cell.text_width > cell.box[2]]

    def same(self, window, cell):
        return (node for node in window.find_all(type="GtkInscription") if node.text == cell.text)

    def test_the_names_of_types_are_whole_in_languages_with_long_words_where_there_is_room(self):
        """Where there is not, the tooltip has the whole name."""
        self.names = ("Soft delete email cluster", "Block URL (time of click)", "Soft delete email",
                      "Turn off external mail forwarding", "Quarantine email")
        self.service.post_investigation([proposal(number, type=kind, entity=entity)
                                         for number, (kind, entity) in enumerate(self.entities.items())])
        for language in ("en", "de", "fr"):
            with self.subTest(language):
                # Each is the only one that has the copy on disk.
                for other in list(self.desk.opened_now):
                    other.close()
                self._ = gettext.translation("action-center", CATALOGS, [language], fallback=True).gettext
                window = self.open(environment=language_environment(self.folder, language))
                window.resize(1600, 800)
                self.desk.display.move(1699, 899)
                window.wait(lambda: len(self.cells(window)) == len(self.entities), "the types")
                window.wait(lambda: not self.cut(window), lambda: f"whole names, cut off: {self.cut(window)}")
                window.picture(f"types-{language}")
                self.assertEqual([], self.cut(window))
                window.resize(1000, 800)
                # A tooltip is asked for once, when the pointer has come to rest.
                window.calm()
                window.picture(f"types-{language}-1000")
                cut = next(iter(self.cut(window)), None)
                if cut:
                    window.hover(lambda: next(self.same(window, cut), None), cut)
                    window.wait_for("label", cut.text, type="GtkLabel")


class Running(ListCase):
    tap_class = "running"

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}", settings={"grace-seconds": 3600})

    def test_what_is_under_way_has_its_own_place(self):
        """From the moment of approval, whoever decided: who, what, how far; its actions are a click away,
        and it can be stopped."""
        window = self.open_wide()
        self.open_tab(window, "Progress")
        window.wait_text("^Nothing is in progress$")
        self.service.decide("approve", self.ids[:3], role="m.rossi", comment="Reported by four people.")
        window.wait_text("^Approve: 3 actions$")
        window.wait_text(r"^Decided by m\.rossi at \d\d:\d\d · Reported by four people\.$")
        window.picture("list-running")
        window.click("button", "Show actions")
        self.wait_rows(window, 3)
        window.wait(lambda: len(self.chips(window)) == 1, "a chip")
        window.quit()

        window = self.open()
        window.wait_row(status="Queued")
        window.wait(lambda: window.find("tab", id="progress_button").find("label", name="1", id="count"),
                    "the number of what is in progress")
        window.press("ctrl+3")
        window.click("button", "Stop")
        window.wait_text("^Nothing is in progress$")
        self.assertEqual({"pending"}, {self.service.action(one)["status"] for one in self.ids[:3]})

    def test_whoever_may_not_stop_it_is_told_which_role_may(self):
        """A reader, and whoever decides about devices alone, read it beside the button, which cannot be
        pressed; whoever decides about mail presses it."""
        self.service.decide("approve", self.ids[:3], role="m.rossi")
        self.service.add_token("deviceResponder", "dan.device")
        self.service.add_token("emailResponder", "mia.mail")
        mail = ("Your role, Device responder, does not decide about “Soft delete email”. That needs the role "
                "Email responder or Responder.")
        look = "Your role, Reader, may look but not decide. Deciding needs the role Responder."
        for name, reason in (("dan.device", mail), ("reader", look), ("mia.mail", None)):
            with self.subTest(name):
                window = self.open(name)
                self.open_tab(window, "Progress")
                button = window.wait_for("button", "Stop")
                if reason is None:
                    window.click("button", "Stop")
                    window.wait_text("^Nothing is in progress$")
                else:
                    window.wait_text(f"^{re.escape(reason)}$")
                    self.assertEqual(reason, window.find("button", "Stop").tooltip)
                    self.assertNotIn("sensitive", button.states)
                window.close()
        self.assertEqual({"pending"}, {self.service.action(one)["status"] for one in self.ids[:3]})


class Links(ListCase):
    tap_class = "links"

    def test_links_open_what_they_say_and_decide_nothing(self):
        """An approval shows all that was submitted together, filters filter, an action is selected, an
        investigation opens; what is no link is told."""
        operation = self.service.decide("reject", self.ids[:3], role="m.rossi").json
        self.service.decide("reject", self.ids[3:4])
        window = self.follow(f"action-center:approval/{operation['id']}")
        self.wait_rows(window, 3)
        self.wait_chips(window, f"Approval ID: {operation['id']}")
        window.close()
        filters = urllib.parse.quote(json.dumps({"bulkId": [operation["id"]]}))
        window = self.follow(f"action-center:history?filters={filters}")
        self.wait_rows(window, 3)
        window.close()
        window = self.follow(f"action-center:action/{self.ids[5]}")
        window.wait_for("button", "Approve")
        self.assertIn(self.service.action(self.ids[5])["entity"]["subject"], window.texts())
        window.close()
        window = self.follow(f"action-center:investigation/{self.two['id']}")
        window.wait_text("Found by the gateway")
        window.close()
        for link, why in (("action-center:approve/x", "leads to nothing that Action Center knows"),
                          ("action-center:history?filters=[]", "not an object of JSON"),
                          ("action-center:action/none", "none"),
                          ("https://example.test/", "does not begin with")):
            with self.subTest(link=link):
                window = self.follow(link)
                window.wait_text(why)
                window.close()
        self.assertEqual(self.service.action(self.ids[5])["status"], "pending")

    def follow(self, link):
        return self.desk.open_window(self.service.url, self.service.token("responder"), links=[link])


if __name__ == "__main__":
    unittest.main()
