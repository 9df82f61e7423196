# SPDX-License-Identifier: GPL-3.0-or-later
"""The window in the languages that it is translated into, read from the build folder."""
import gettext
import unittest

from case import WindowCase
from language import CATALOGS, LANGUAGES, language_environment
from service import message_entity, proposal, wait_until

# One of each type of action, as what is said of them differs.
ENTITIES = {
    "softDeleteEmail": message_entity("one"),
    "quarantineEmail": message_entity("two"),
    "softDeleteEmailCluster": {"type": "emailCluster", "name": "billing@phish.test", "emailCount": 3,
                               "sender": "billing@phish.test", "volumeAnomaly": True},
    "quarantineAttachment": {"type": "attachment", "messageId": "<a@b>", "fileName": "a.pdf", "size": 12},
    "blockUrl": {"type": "url", "url": "https://phish.test/", "scope": "host"},
    "turnOffMailForwarding": {"type": "mailbox", "address": "alice@example.test"},
    "quarantineFile": {"type": "file", "path": "/tmp/x", "sha256": "0" * 64, "deviceCount": 2},
}


class Languages(WindowCase):
    mail = False

    def open_in(self, language, connected=True):
        """Opens the window in a language; returns it and the catalog."""
        environment = language_environment(self.folder, language)
        window = self.open(environment=environment) if connected else \
            self.desk.open_window(environment=environment)
        return window, gettext.translation("action-center", CATALOGS, [language])

    def assert_translated(self, window, catalog, where):
        """Nothing that can be read, or that is said of a widget, is what the catalog has other words for."""
        words = {text for node in window.find_all(shown=False)
                 for text in (node.text, node.title, node.tooltip, node.placeholder, node.given_name) if text}
        self.assertTrue(words, where)
        left = {word for word in words
                if catalog.gettext(word) != word or
                any(catalog.pgettext(context, word) != word for context in ("shortcuts", "time range"))}
        self.assertEqual(left, set(), f"still in English: {where}")

    def test_each_language_is_there_when_running_from_the_build_folder(self):
        """The first start says in each language what is to be done."""
        self.assertTrue(LANGUAGES)
        for language in LANGUAGES:
            with self.subTest(language):
                window, catalog = self.open_in(language, connected=False)
                english = "Tell Action Center which service to connect to, and who you are."
                self.assertNotEqual(catalog.gettext(english), english)
                window.wait(lambda: catalog.gettext(english) in window.texts(), catalog.gettext(english))
                self.assert_translated(window, catalog, "the first start")
                window.close()

    def test_no_page_is_left_in_english(self):
        """Lists, details, settings and keys: whatever has a translation is shown in it. What the service
        and the detectors write is theirs."""
        made = self.service.post_investigation([proposal(0, type=kind, entity=entity)
                                                for kind, entity in ENTITIES.items()])
        # A look changes an action, and with it the order of the rows.
        for action in made["actions"]:
            if action["type"] in ("softDeleteEmailCluster", "turnOffMailForwarding"):
                wait_until(lambda one=action["id"]: self.service.action(one)["targets"].get("digest"), "the look")
        # What is forgotten in one language is in all; this one shares no word with English.
        window, catalog = self.open_in("ja")
        _ = catalog.gettext
        self.counts(window, len(ENTITIES), 0)
        self.assert_translated(window, catalog, "the pending actions")
        window.click_row_at(0)
        # The tooltip of one row would lie over the next.
        self.desk.display.move(100, 25)
        for index in range(len(ENTITIES)):
            if index > 0:
                window.press("F8")
            place = _("%1$s of %2$s").replace("%1$s", str(index + 1)).replace("%2$s", str(len(ENTITIES)))
            window.wait(lambda: place in window.texts(), place)
            window.settled("button", _("Reject"))
            self.assert_translated(window, catalog, f"the details of action {place}")
        window.click("button", _("Close the details"))
        self.open_tab(window, "History")
        window.wait(lambda: _("No actions found") in window.texts(), _("No actions found"))
        self.assert_translated(window, catalog, "the history")
        for page in ("Investigations", "Explorer", "Submissions"):
            window.click(id=f"{page.lower()}_row")
            window.wait_for("list-item", _(page), id=f"{page.lower()}_row", state="selected")
            window.calm()
            self.assert_translated(window, catalog, page)
        for key, kind in (("ctrl+comma", "AcSettingsWindow"), ("ctrl+question", "AcShortcutsWindow")):
            window.press(key)
            window.wait_for(type=kind)
            self.assert_translated(window, catalog, kind)
            window.press("Escape")
            window.wait_gone(type=kind)


if __name__ == "__main__":
    unittest.main()
