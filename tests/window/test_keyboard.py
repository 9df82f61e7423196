# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything by keyboard: the pointer stays in its corner. And selecting, in each way there is."""
import re
import unittest

from case import WindowCase


class Keyboard(WindowCase):
    mail = False
    tap_class = "keyboard"

    def setUp(self):
        super().setUp()
        actions = self.service.post_investigation(6, title="Password theft")["actions"]
        self.ids = {action["entity"]["subject"]: action["id"] for action in actions}
        self.window = self.open()
        self.window.wait(lambda: len(self.window.rows()) == 6, "six rows")
        self.window.display.move(*[edge - 1 for edge in self.size])

    def selected(self):
        return [row["Details"] for row in self.window.rows() if row.selected]

    def wait_selected(self, subjects):
        self.window.wait(lambda: self.selected() == subjects,
                         lambda: f"{subjects} to be selected, it is {self.selected()}")

    def in_list(self):
        """Moves the keyboard into the list, to its first row: from the search down."""
        self.window.press("ctrl+f")
        self.wait_focus_in("search-box")
        self.window.press("Return")
        self.wait_focus_on_row()
        self.window.press("Home")

    def wait_focus_on_row(self):
        def there():
            focus = self.window.focus()
            return focus and "row" in [focus.role, focus.css]
        self.window.wait(there,
                         lambda: f"the keyboard to be in the list, it is in {self.window.focus()}")

    def test_the_list_is_walked_and_decided_with_letters_and_enter(self):
        """Arrows select, `a` leads to Approve and `r` to Reject, Enter presses, Escape closes the
        flyout and goes back to the list."""
        subjects = [row["Details"] for row in self.window.rows()]
        self.in_list()
        self.window.press("Down")
        self.wait_selected([subjects[1]])
        self.window.press("Up")
        self.wait_selected([subjects[0]])
        self.window.settled("button", "Reject")
        self.window.press("r")
        self.window.wait_for("button", "Reject", state="focused")
        self.window.wait_text("Reject leaves 1 message in 1 mailbox untouched")
        self.window.press("Return")
        self.window.wait_text("1 action rejected")
        self.counts(self.window, 5, 1)
        self.assertEqual(self.service.action(self.ids[subjects[0]])["status"], "rejected")
        self.in_list()
        self.window.settled("button", "Close the details")
        self.window.press("Escape")
        self.window.wait_gone("button", "Close the details")

    def test_escape_does_not_throw_a_comment_away(self):
        """It leaves the entry for the first button; only the next one closes the details."""
        window = self.window
        self.in_list()
        window.settled("button", "Reject")
        window.click("text-box", "Comment")
        window.type("seen by two")
        window.press("Escape")
        window.wait_for("button", "Approve", state="focused")
        self.assertIn("seen by two", window.texts())
        window.press("Escape")
        window.wait_gone("button", "Close the details")

    def test_the_keys_of_the_window_do_what_they_say(self):
        """Ctrl+1 and Ctrl+2 change tabs, F9 hides the pane, slash and Ctrl+F search, Escape ends the
        search, F5 refreshes, and Escape closes the settings."""
        window = self.window
        window.press("ctrl+2")
        window.wait_for("tab", id="history_button", state="checked")
        window.wait_text("Nothing has been decided yet")
        window.press("ctrl+1")
        window.wait_for("tab", id="pending_button", state="checked")
        window.press("F9")
        window.wait_gone("list-item", "Investigations")
        window.press("F9")
        window.wait_for("list-item", "Investigations")
        self.in_list()
        window.press("slash")
        self.wait_focus_in("search-box")
        subject = next(iter(self.ids))
        window.type(subject)
        window.wait(lambda: subject in [row["Details"] for row in window.rows()]
                    and len(window.rows()) < 6, "the search to find it")
        window.press("Escape")
        window.wait(lambda: len(window.rows()) == 6, "all rows to be back")
        self.wait_focus_on_row()
        window.press("ctrl+f")
        self.wait_focus_in("search-box")
        window.type("nothing is called so")
        window.wait_text("Nothing here matches “nothing is called so”")
        window.press("Escape")
        window.wait(lambda: len(window.rows()) == 6, "all rows to be back")
        window.press("F5")
        window.press("ctrl+comma")
        window.wait_for(type="AcSettingsWindow")
        window.press("Escape")
        window.wait_gone(type="AcSettingsWindow")

    def wait_focus_in(self, role):
        def there():
            focus = self.window.focus()
            return focus and role in [node.role for node in focus.ancestors()]
        self.window.wait(there, lambda: f"the keyboard in {role}, it is in {self.window.focus()}")

    def test_several_are_selected_by_keyboard(self):
        """Shift and the arrows, Ctrl+A, and Ctrl+Space for one more or less; the flyout counts."""
        window = self.window
        subjects = [row["Details"] for row in window.rows()]
        self.in_list()
        window.press("Down", "shift+Down", "shift+Down")
        self.wait_selected(subjects[1:4])
        window.wait_text("3 actions selected")
        window.wait_text("Approve moves 3 messages in 1 mailbox to the recoverable folder")
        window.press("ctrl+Down", "ctrl+space")
        self.wait_selected(subjects[1:5])
        window.wait_text("4 actions selected")
        window.press("ctrl+a")
        self.wait_selected(subjects)
        window.wait_text("6 actions selected")

    def test_several_are_selected_by_pointer(self):
        """Shift with a click takes a range, Ctrl with a click one more or less, and so does a check
        box; a plain click takes one alone."""
        window = self.window
        subjects = [row["Details"] for row in window.rows()]
        window.click_row(details=subjects[1])
        self.wait_selected([subjects[1]])
        window.click_row(details=subjects[3], keys=["shift"])
        self.wait_selected(subjects[1:4])
        window.click_row(details=subjects[5], keys=["ctrl"])
        self.wait_selected(subjects[1:4] + [subjects[5]])
        window.click_row(details=subjects[2], keys=["ctrl"])
        self.wait_selected([subjects[1], subjects[3], subjects[5]])
        self.click_box(subjects[0])
        self.wait_selected([subjects[0], subjects[1], subjects[3], subjects[5]])
        self.click_box(subjects[3])
        self.wait_selected([subjects[0], subjects[1], subjects[5]])
        window.wait_text("3 actions selected")
        window.click_row(details=subjects[4])
        self.wait_selected([subjects[4]])

    def test_shift_with_a_check_box_takes_a_range(self):
        """From the box that was clicked last: it does with all rows between what was done with that
        one, and what the boxes show is what is selected."""
        subjects = [row["Details"] for row in self.window.rows()]
        self.click_box(subjects[1])
        self.wait_selected([subjects[1]])
        self.click_box(subjects[4], keys=["shift"])
        self.wait_selected(subjects[1:5])
        self.window.wait_text("^4 selected$")
        self.click_box(subjects[3])
        self.wait_selected([subjects[1], subjects[2], subjects[4]])
        self.click_box(subjects[1], keys=["shift"])
        self.wait_selected([subjects[4]])
        self.click_box(subjects[5])
        self.wait_selected(subjects[4:])
        self.click_box(subjects[4], keys=["shift"])
        self.window.calm()
        self.wait_selected(subjects[4:])
        self.assertEqual(subjects[4:], [row["Details"] for row in self.window.rows()
                                        if "checked" in row.node.find("checkbox").states])

    def click_box(self, subject, keys=()):
        def box():
            row = self.window.row(details=subject)
            return row and row.node.find("checkbox")
        self.window.click(node=box, keys=keys)

    def test_the_keyboard_comes_from_the_commands_into_the_list(self):
        """Where a click on a command has left it: Ctrl+A selects the rows, Ctrl+1 and Ctrl+2 lead to
        them, F6 on to them and Shift+F6 back; then the letters of the list hold."""
        window = self.window
        subjects = [row["Details"] for row in window.rows()]
        self.on_command("Views")
        window.press("ctrl+a")
        self.wait_selected(subjects)
        window.press("ctrl+shift+a")
        self.wait_selected([])
        self.on_command("Views")
        window.press("ctrl+1")
        self.wait_focus_on_row()
        window.press("Home", "j")
        self.wait_selected([subjects[1]])
        self.on_command("Columns")
        window.press("F6")
        self.wait_focus_on_row()
        self.on_command("Columns")
        window.press("shift+F6")
        window.wait(lambda: (focus := window.focus()) and
                    "command_bar" in [node.id for node in focus.ancestors()],
                    lambda: f"the keyboard in the commands, it is in {window.focus()}")
        window.press("ctrl+3")
        window.wait_for("tab", id="progress_button", state="checked")
        window.press("ctrl+1")
        self.wait_focus_on_row()

    def on_command(self, name):
        """Clicks a command over the list, and closes what it opens. The tooltip of the command, which
        would lie over that, is away meanwhile."""
        window = self.window

        def has_tooltip(expected):
            window.wait(lambda: bool(window.find("button", name).tooltip) == expected,
                        f"the tooltip of {name}: {expected}")
        has_tooltip(True)
        window.click("button", name)
        window.wait_for(css="popover")
        has_tooltip(False)
        window.press("Escape")
        window.wait_gone(css="popover")
        has_tooltip(True)


class Pages(WindowCase):
    mail = False
    tap_class = "pages"

    def test_the_investigation_opens_from_the_flyout_and_leads_back(self):
        """Open investigation page shows title, evidence and actions of the investigation; Back and
        Alt+Left lead to where one was."""
        self.service.post_investigation(3, title="Password theft")
        self.service.post_investigation(2, title="Something else")
        window = self.open()
        window.wait(lambda: len(window.rows()) == 5, "five rows")
        subject = next(item["details"] for item in self.service.request(
            "GET", "/actions").json["items"] if item["investigationTitle"] == "Password theft")
        window.click_row(details=subject)
        window.click("button", "Open investigation page")
        window.wait_text("^Password theft$")
        for tab in ("Evidence", "Pending actions"):
            found = window.wait_for("tab", re.compile(f"^{tab}"))
            self.assertEqual("3", found.find("label", id="count").text)
        self.assertNotIn("Something else", window.texts())
        window.press("alt+Left")
        window.wait(lambda: len(window.rows()) == 5, "the list to be back")
        window.click("list-item", "Investigations")
        window.wait_text("Something else")


if __name__ == "__main__":
    unittest.main()
