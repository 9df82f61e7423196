# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys that analysts bring along from mail programs and packet analysers."""
import unittest

from case import WindowCase


class Keys(WindowCase):
    mail = False
    tap_class = "keys"

    def setUp(self):
        super().setUp()
        actions = self.service.post_investigation(6, title="Password theft")["actions"]
        self.ids = {action["entity"]["subject"]: action["id"] for action in actions}
        self.messages = {action["entity"]["subject"]: action["entity"]["messageId"] for action in actions}
        self.window = self.open()
        self.window.wait(lambda: len(self.window.rows()) == 6, "six rows")
        self.window.display.move(*[edge - 1 for edge in self.size])
        self.subjects = [row["Details"] for row in self.window.rows()]

    def in_list(self):
        """Moves the keyboard into the list, to its first row: from the search down."""
        self.window.press("ctrl+f")
        self.wait_focus(lambda focus: "search-box" in [node.role for node in focus.ancestors()],
                        "the search")
        self.window.press("Return")
        self.wait_focus(lambda focus: "row" in [focus.role, focus.css], "a row")
        self.window.press("Home")

    def wait_focus(self, condition, what):
        def there():
            focus = self.window.focus()
            return focus and condition(focus)
        self.window.wait(there, lambda: f"the keyboard in {what}, it is in {self.window.focus()}")

    def wait_selected(self, *places):
        wanted = [self.subjects[place] for place in places]
        self.window.wait(
            lambda: [row["Details"] for row in self.window.rows() if row.selected] == wanted,
            lambda: f"{wanted} to be selected: {self.window.rows()}")

    def focused_subject(self):
        focus = self.window.focus()
        row = focus and next((node for node in [focus, *focus.ancestors()] if node.css == "row"), None)
        return row and next((text for text in row.texts() if text in self.subjects), None)

    def wait_focused_row(self, place):
        self.window.wait(lambda: self.focused_subject() == self.subjects[place],
                         lambda: f"the keyboard on {self.subjects[place]}: {self.focused_subject()}")

    def test_letters_pick_rows_and_go_from_one_picked_to_the_next(self):
        """`j` goes on, `x` picks and lets go, `n` and `p` go to the next and the previous picked row
        and leave the selection as it is, Ctrl+I picks the others, `c` leads to the comment."""
        window = self.window
        self.in_list()
        window.press("j")
        self.wait_selected(1)
        window.press("k")
        self.wait_selected(0)
        window.press("ctrl+Down", "ctrl+Down")
        self.wait_focused_row(2)
        # Those that come before the next frame do not start from where the keyboard was before.
        window.press("k", "ctrl+Down")
        self.wait_selected(1)
        self.wait_focused_row(2)
        window.press("k", "k", "ctrl+Down", "ctrl+Down")
        self.wait_selected(0)
        self.wait_focused_row(2)
        window.press("x")
        self.wait_selected(0, 2)
        window.press("ctrl+Down", "ctrl+Down", "x")
        self.wait_selected(0, 2, 4)
        window.press("n")
        self.wait_focused_row(0)
        window.press("n")
        self.wait_focused_row(2)
        window.press("p")
        self.wait_focused_row(0)
        window.press("p")
        self.wait_focused_row(4)
        window.press("x")
        self.wait_selected(0, 2)
        window.press("ctrl+i")
        self.wait_selected(1, 3, 4, 5)
        window.wait_text("^4 actions selected$")
        window.press("c")
        self.wait_focus(lambda focus: "Comment" in [node.name for node in focus.ancestors()],
                        "the comment")

    def test_who_steps_faster_than_the_details_come_ends_with_those_of_the_last(self):
        """They come a piece a frame, and nothing of an action that was passed by is left."""
        window = self.window
        self.in_list()
        window.press("j", "j", "k", "j", "j", "j")
        self.wait_selected(4)
        last = self.messages[self.subjects[4]]

        def told():
            return {node.text for node in window.find_all(shown=False)} & set(self.messages.values())
        window.wait(lambda: told() == {last}, lambda: f"the details of {last} alone: {told()}")

    def test_the_next_action_comes_wherever_the_focus_is(self):
        """F8 and F7 work from the search, Ctrl+Down and Ctrl+Up from the details; what one has looked
        at comes back with Alt+Left and goes again with Alt+Right."""
        window = self.window
        window.press("ctrl+f")
        window.press("F8")
        self.wait_selected(0)
        window.wait_text("^1 of 6$")
        self.wait_looked_at(0)
        window.press("F8")
        self.wait_selected(1)
        window.press("F7")
        self.wait_selected(0)
        window.press("F7")
        self.wait_selected(0)
        window.click("text-box", "Comment")
        window.press("ctrl+Down", "ctrl+Down")
        self.wait_selected(2)
        window.wait_text("^3 of 6$")
        self.wait_looked_at(2)
        window.press("ctrl+Up")
        self.wait_selected(1)
        window.wait_text("^2 of 6$")
        self.wait_looked_at(1)
        window.press("alt+Left")
        self.wait_selected(2)
        window.press("alt+Left")
        self.wait_selected(0)
        window.press("alt+Right")
        self.wait_selected(2)

    def wait_looked_at(self, place):
        """The details of an action that one stays at are those of the service, with a timeline."""
        def there():
            main = self.window.look()[0]
            details = main.find(id="details", shown=False)
            return (details and details.text == self.subjects[place] and
                    any(node.text == "Timeline" for node in main.walk()))
        self.window.wait(there, f"the details of {self.subjects[place]}")

    def test_f6_goes_from_pane_to_pane(self):
        """And Shift+F6 back: navigation, commands, list, details, and round."""
        window = self.window
        self.in_list()
        window.press("Down")
        self.wait_selected(1)
        window.settled("button", "Close the details")
        for css in ("acflyout", "navigationpane", None, "actionview", "acflyout"):
            window.press("F6")
            self.wait_pane(css)
        window.press("shift+F6")
        self.wait_pane("actionview")

    def wait_pane(self, css):
        def matches(focus):
            around = [node.css for node in focus.ancestors()]
            if css is None:
                return "command_bar" in [node.id for node in focus.ancestors()]
            return css in around
        self.wait_focus(matches, css or "the commands")

    def test_single_letters_can_be_switched_off_and_the_keys_are_told(self):
        """With the setting off `a` and `j` do nothing, Ctrl+I still works; Ctrl+? tells the keys."""
        window = self.window
        window.press("ctrl+comma")
        window.wait_for(type="AcSettingsWindow")
        window.click(type="GtkSwitch", id="single_letter_keys")
        window.wait_gone(type="GtkSwitch", id="single_letter_keys", state="checked")
        window.press("Escape")
        window.wait_gone(type="AcSettingsWindow")
        window.click_row(details=self.subjects[1])
        self.wait_selected(1)
        window.settled("button", "Approve")
        window.press("j", "a", "x")
        window.press("ctrl+i")
        self.wait_selected(0, 2, 3, 4, 5)
        window.press("ctrl+question")
        window.wait_text("^Next action$")
        told = [node.text for node in window.find_all(type="GtkLabel", shown=False)]
        for text in ("Next action", "Undo my last decision", "Next pane", "F6", "Invert the selection"):
            self.assertIn(text, told)


if __name__ == "__main__":
    unittest.main()
