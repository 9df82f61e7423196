# SPDX-License-Identifier: GPL-3.0-or-later
"""The window at its narrowest in each language: longer words never push a button out of it."""
import contextlib
import gettext
import unittest

from case import WindowCase
from language import CATALOGS, LANGUAGES, language_environment
from service import Service, proposal

SCROLLED = ("GtkViewport", "GtkScrolledWindow")


class Narrow(WindowCase):
    mail = False

    def make_service(self):
        # An approval can be taken back as long as the test looks at the button for it.
        return Service(self.folder / f"service-{self._testMethodName}", settings={"grace-seconds": 3000})

    def assert_inside(self, window, where):
        """Nothing to click lies beyond the right edge, except what can be scrolled to."""
        window.calm()
        self.assertTrue(self.controls(window), where)
        window.wait(lambda: not self.beyond(window),
                    lambda: f"nothing cut off, {where}: {self.beyond(window)}")

    def beyond(self, window):
        return [node for node in self.controls(window)
                if node.box[0] + node.box[2] > node.toplevel.box[0] + node.toplevel.box[2] + 1 and
                not any(above.type in SCROLLED for above in node.ancestors())]

    def controls(self, window):
        return [node for node in window.find_all(shown=False)
                if node.css in ("button", "checkbutton", "entry", "menubutton")]

    def test_nothing_is_cut_off_in_any_language(self):
        self.service.post_investigation([proposal(number) for number in range(2)])
        for language in ("en", *LANGUAGES):
            with self.subTest(language):
                window = self.open(environment=language_environment(self.folder, language))
                with contextlib.closing(window):
                    window.resize(360, 720)
                    catalog = gettext.translation("action-center", CATALOGS, [language], fallback=language == "en")
                    self.walk(window, catalog.gettext, language)

    def walk(self, window, _, language):
        window.wait(lambda: len(window.rows()) == 2, "the rows")
        self.assert_inside(window, f"{language}, the list")
        window.click_row_at(0)
        window.settled("button", _("Approve"))
        self.assert_inside(window, f"{language}, the details")
        window.click("button", _("Approve"))
        window.settled("button", _("Take back"))
        self.assert_inside(window, f"{language}, the approval")
        window.picture(f"narrow-{language}-approval")
        window.click("button", _("Take back"))
        window.wait_gone("button", _("Take back"))
        for page in ("investigations", "explorer", "submissions"):
            window.click(name=_("Navigation pane"), type="GtkToggleButton")
            window.click(id=f"{page}_row")
            window.wait_gone(id=f"{page}_row")
            self.assert_inside(window, f"{language}, {page}")


if __name__ == "__main__":
    unittest.main()
