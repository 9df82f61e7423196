# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings: each is in effect at once, and again at the next start."""
import configparser
import re
import unittest

from case import WindowCase


class Preferences(WindowCase):
    mail = False

    def kept(self, key):
        """What is kept of a setting, as text; None: nothing."""
        path = self.desk.session.folder / "config/glib-2.0/settings/keyfile"
        if not path.exists():
            return None
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(path, encoding="utf-8")
        return parser.get("org/actioncenter/ActionCenter", key, fallback=None)

    def open_settings(self, window):
        window.press("ctrl+comma")
        return window.wait_for(type="AcSettingsWindow")

    def close_settings(self, window):
        # The keyboard belongs to the window under the pointer, which may have been on a popover.
        self.desk.display.move(100, 25)
        window.press("Escape")
        window.wait_gone(type="AcSettingsWindow")

    def choose(self, window, row, choice):
        """Chooses from the row of this id."""
        window.click(id=row)
        window.click(node=lambda: next((node for node in window.find_all(css="row", name=choice)
                                        if any(above.css == "popover" for above in node.ancestors())),
                                       None))
        window.wait(lambda: choice in window.find(id=row).texts(), f"{row} to be {choice}")

    def test_utc_changes_every_time_that_is_shown(self):
        """One switch changes the times of the list, of the details and of the page at once; the tooltip
        of a time has both zones, whichever is shown."""
        ids = [action["id"] for action in self.service.post_investigation(1)["actions"]]
        self.service.decide("reject", ids)
        window = self.open(environment={"TZ": "Asia/Tokyo"})
        self.open_tab(window, "History")
        cell = window.wait_row(status="Rejected")["Action update time"]
        window.click_row_at(0)
        window.wait(lambda: [node for node in window.find_all(shown=False) if "JST" in node.text],
                    "a time in full")

        def times():
            clock = re.compile(r"\d\d:\d\d")
            found = {text for node in window.find_all(shown=False) if not node.tooltip.startswith("http")
                     for text in (*node.text.splitlines(), *node.tooltip.splitlines()) if clock.search(text)}
            return found
        before = times()
        both = [node.tooltip for node in window.find_all(type="GtkLabel", shown=False) if "JST" in node.tooltip]
        self.assertTrue(both)
        for tooltip in both:
            self.assertRegex(tooltip, r"(?s)^\w+, .*JST\n\d{4}-.*UTC$")
        self.open_settings(window)
        window.click(id="utc")
        # A switch has switched when it has moved.
        window.wait_for(id="utc", state="checked")
        self.close_settings(window)
        window.wait(lambda: not [text for text in times() if text.endswith("JST") and "," in text],
                    lambda: f"no time in the other zone, but {times()}")
        self.assertEqual(self.kept("utc"), "true")
        kept = {text for text in before & times() if not text.startswith("20")}
        self.assertEqual(kept, set(), "a time that has not changed")
        both = [node.tooltip for node in window.find_all(type="GtkLabel", shown=False) if "JST" in node.tooltip]
        self.assertTrue(both)
        for tooltip in both:
            self.assertRegex(tooltip, r"(?s)^\w+, .*UTC\n\d{4}-.*JST$")
        window.click("button", "Close the details")
        self.assertNotEqual(window.wait_row(action_update_time=":")["Action update time"], cell)

    def test_appearance_and_density_are_in_effect_at_once_and_kept(self):
        """Dark makes the window dark while it is open; comfortable rows are higher than compact ones;
        the next start looks the same."""
        self.service.post_investigation(3)
        window = self.open()
        window.wait_row(status="Pending")

        def brightness():
            width, height, rows = self.desk.display.pixels()
            return sum(rows[height - 20][:300 * 3]) / 900

        def row_height():
            return window.rows()[0].node.box[3]
        window.wait(lambda: len(window.rows()) == 3, "three rows")
        low = row_height()
        self.assertGreater(brightness(), 150)
        self.open_settings(window)
        window.calm()
        window.picture("preferences", window.find(type="AcSettingsWindow"))
        self.choose(window, "appearance", "Dark")
        self.choose(window, "density", "Comfortable")
        window.calm()
        window.picture("preferences-dark", window.find(type="AcSettingsWindow"))
        self.close_settings(window)
        window.wait(lambda: brightness() < 100, "the window to be dark")
        window.wait(lambda: row_height() > low + 4, "higher rows")
        high = row_height()
        window.quit()
        window = self.open()
        window.wait(lambda: len(window.rows()) == 3, "three rows")
        window.wait(lambda: brightness() < 100, "a dark window at the next start")
        self.assertEqual(row_height(), high)
        self.open_settings(window)
        self.choose(window, "appearance", "Light")
        self.choose(window, "density", "Compact")
        self.close_settings(window)
        window.wait(lambda: brightness() > 150, "the window to be light")
        window.wait(lambda: row_height() == low, "the rows to be low again")

    def test_the_rule_for_notifications_and_the_connection(self):
        """What is told of is chosen by verdict, type and source, and kept; what is switched off takes
        its choices with it. The settings name the connection, and lead to it."""
        window = self.open()
        window.wait_text("Nothing waits for a decision")
        self.open_settings(window)
        self.choose(window, "least_verdict", "Malicious")
        self.assertEqual(self.kept("notifications-least-verdict"), "'malicious'")
        window.click(node=lambda: window.find(type="AcVocabularyRow", name="Action types"))
        window.click("checkbox", "Soft delete email")
        window.wait(lambda: self.kept("notifications-types-off") == "['softDeleteEmail']", "the type to be off")
        types = window.find(id="types", shown=False)
        self.assertTrue([text for text in types.texts() if re.fullmatch(r"(\d+) of \d+", text)])
        window.click("checkbox", "Soft delete email")
        window.wait(lambda: self.kept("notifications-types-off") in ("@as []", "[]"), "the type to be on")
        window.click(node=lambda: window.find(id="notifications"))
        window.wait(lambda: self.kept("notifications") == "false", "notifications to be off")
        self.assertNotIn("sensitive", window.find(id="least_verdict").states)
        window.press("End")
        row = window.wait_for(id="connection", shown=False)
        self.assertIn(self.service.url, row.texts())
        self.assertIn("the.responder · Responder", row.texts())


if __name__ == "__main__":
    unittest.main()
