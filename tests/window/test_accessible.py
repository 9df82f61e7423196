# SPDX-License-Identifier: GPL-3.0-or-later
"""For those who do not see the window, or not well: every control has a name, and every text stands
out from what is behind it (WCAG 2.2, 1.4.3 and 1.4.11)."""
import collections
import unittest

from atspi import Tree
from case import WindowCase

HASH = "ab" * 32
TEXT_CONTRAST = 4.5
PICTURE_CONTRAST = 3.0
PICTURES = ("GtkImage", "AcIcon")
# Roles that tell nothing, in GTK 4.8 and in GTK 4.18, and the widgets that may take the focus with one of
# them: what scrolls does so where nothing in it can; the list that libadwaita puts around the head of a row
# that unfolds hands it on to that row; and the entry around a text and the button around a choice tell
# what these are.
TELLS_NOTHING = {"generic", "group", "none", "widget"}
TOLD_AROUND = {"GtkScrolledWindow", "GtkListBox", "GtkText", "GtkListItemWidget"}

ACTIONS = [
    {"type": "softDeleteEmail", "verdict": "malicious", "assets": ["ann@example.test"],
     "reason": "Its link steals passwords.",
     "entity": {"type": "emailMessage", "messageId": "<1@phish.test>", "subject": "Invoice",
                "sender": "billing@phish.test", "recipients": ["ann@example.test"], "spf": "fail",
                "threats": ["Phish"], "deliveryStatus": "Delivered"}},
    {"type": "softDeleteEmailCluster", "verdict": "suspicious", "assets": ["ann@example.test"],
     "entity": {"type": "emailCluster", "name": "Invoices", "sender": "billing@phish.test",
                "malwareCount": 2, "mailboxCount": 3, "deliveredCount": 4}},
    {"type": "blockUrl", "verdict": "malicious", "assets": ["proxy"],
     "entity": {"type": "url", "url": "https://phish.test/a", "domain": "phish.test"}},
    {"type": "quarantineFile", "verdict": "unknown", "assets": ["laptop"],
     "entity": {"type": "file", "path": "/home/ann/a.bin", "sha256": HASH, "sha1": "cd" * 20}},
    {"type": "turnOffMailForwarding", "verdict": "noThreatsFound", "assets": ["bob@example.test"],
     "entity": {"type": "mailbox", "address": "bob@example.test", "riskLevel": "High",
                "forwardingTargets": ["mallory@evil.test"]}},
]


class Walk(WindowCase):
    mail = False
    size = (2400, 1400)
    environment = {}
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Twice as large, so that even thin strokes have pixels of the colour of the text.
        cls.desk.display.set_dpi(192)

    def open(self, role="responder", environment=None, **more):
        return super().open(role, environment=self.environment, **more)

    def visit(self, look):
        """Calls @look with the name of each page and each window, while it is shown."""
        window = self.window
        window.wait_text("Tell Action Center which service to connect to")
        window.wait_for(type="AcConnectionWindow")
        look("connection")
        window.close()
        self.service.post_investigation(ACTIONS, title="Password theft")
        self.window = window = self.open("responder")
        window.wait(window.rows, "the rows")
        window.resize(*[edge - 20 for edge in self.size])
        window.wait(lambda: len(window.rows()) == len(ACTIONS), "all rows")
        look("pending")
        for details in ("Invoice", "Invoices", "phish.test/a", "a.bin", "bob@example.test"):
            window.click_row(details=details)
            window.settled("button", "Close the details")
            look(f"flyout of {details}")
        window.press("ctrl+a")
        window.wait_text(f"^{len(ACTIONS)} actions selected$")
        look("flyout of many")
        window.click("button", "Reject")
        window.settled("button", f"Reject {len(ACTIONS)} actions for good")
        look("question")
        window.click("button", f"Reject {len(ACTIONS)} actions for good")
        window.wait_text(f"^{len(ACTIONS)} actions rejected$")
        look("decision")
        window.click("button", "Close the details")
        self.open_tab(window, "History")
        window.click_row(status="Rejected")
        window.settled("button", "Close the details")
        look("flyout of the history")
        window.click("list-item", "Investigations")
        window.wait_text("Password theft")
        look("investigations")
        window.click(node=lambda: next(
            (node for node in window.find(name="Password theft").ancestors() if node.css == "row"),
            None))
        window.wait_for(name="Investigation graph")
        look("investigation")
        for page, text in (("Explorer", "^Search the mailboxes$"), ("Submissions", "^No submissions")):
            window.click("list-item", page)
            window.wait_text(text)
            look(page)
        for key, kind in (("ctrl+comma", "AcSettingsWindow"), ("ctrl+question", "AcShortcutsWindow")):
            window.press(key)
            window.wait_for(type=kind)
            look(kind)
            window.press("Escape")
            window.wait_gone(type=kind)


    def check_contrast(self, page):
        window = self.window
        window.display.move(window.display.width - 1, window.display.height - 1)
        window.wait_gone(type="GtkTooltipWindow")
        window.calm()
        weak = set(self.weak_texts(window.display.words()))
        if weak:
            # A busy machine may stand still in the middle of a fade.
            window.calm()
            weak &= set(self.weak_texts(window.display.words()))
        self.weak.update(f"{page}: {text}" for text in weak)
        # The keyboard belongs to the window under the pointer.
        window.display.move(100, 25)

    def check_names(self, page):
        tree = Tree(self.window)
        controls = [node for node in tree.walk() if node.is_shown() and node.is_control()]
        tree.close()
        self.assertGreater(len(controls), 3, f"hardly anything was found on “{page}”")
        self.nameless.update(f"{page}: {node.place()}" for node in controls
                             if not node.has_name() and not self.is_of_others(node))
        self.nameless.update(
            f"{page}: takes the focus and says nothing of itself: {node!r}"
            for node in self.window.find_all(state="focusable", shown=False)
            if node.role in TELLS_NOTHING and node.type not in TOLD_AROUND and not node.given_name)

    @staticmethod
    def is_of_others(node):
        """What a library leaves nameless and no program can reach: the button that closes a toast, in
        libadwaita 1.2."""
        return node.parent.name == "AdwToastWidget"

    def setUp(self):
        super().setUp()
        self.weak, self.nameless = set(), set()
        self.window = self.desk.open_window(environment=self.environment)

    def weak_texts(self, pixels):
        toplevels = self.window.look()
        for toplevel in toplevels:
            # What stands behind a modal window is dimmed.
            if any("modal" in other.states and other is not toplevel for other in toplevels):
                continue
            left, top = self.window.area(toplevel)[:2]
            for node in toplevel.walk():
                if not self.is_visible(node):
                    continue
                x, y, width, height = (round(value) for value in node.box)
                ratio = self.contrast([row[left + x:left + x + width]
                                       for row in pixels[top + y:top + y + height]])
                wanted = PICTURE_CONTRAST if node.type in PICTURES else TEXT_CONTRAST
                if ratio is not None and ratio < wanted:
                    yield f"{ratio:.1f} instead of {wanted}: {node!r}"

    @staticmethod
    def is_visible(node):
        """The signs in a switch are transparent, but for high contrast: the place of its knob tells how
        it stands."""
        return (node.shown and "sensitive" in node.states and
                all("sensitive" in other.states for other in node.ancestors()) and
                (node.type in PICTURES and node.parent.type != "GtkSwitch" or
                 node.type in ("GtkLabel", "GtkInscription") and node.text.strip()))

    @staticmethod
    def contrast(rows):
        """The ratio of the colour that most of the area has and the one that differs most from it."""
        words = collections.Counter()
        for row in rows:
            words.update(row)
        counts = collections.Counter()
        for word, number in words.items():
            counts[word & 0xffffff] += number
        if len(counts) < 2:
            return None
        behind = luminance(max(counts, key=counts.get))
        return max((max(behind, other) + 0.05) / (min(behind, other) + 0.05)
                   for other in map(luminance, counts))


class Light(Walk):
    tap_class = "accessible"

    def test_every_control_has_a_name_and_every_text_stands_out(self):
        """What takes the focus or can be pressed tells a screen reader what it is, on each page, in
        each flyout and in each window; and what can be read stands out from what is behind it."""
        def look(page):
            self.check_names(page)
            self.check_contrast(page)

        self.visit(look)
        self.assertEqual("", "\n".join(sorted(self.nameless | self.weak)))


class Dark(Walk):
    tap_class = "accessible-dark"
    environment = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}

    def test_every_text_stands_out_from_what_is_behind_it(self):
        """And every picture, as far as WCAG asks for; what cannot be pressed now is not meant."""
        self.visit(self.check_contrast)
        self.assertEqual("", "\n".join(sorted(self.weak)))


def luminance(colour):
    """The relative luminance as WCAG defines it."""
    parts = [part / 255 for part in colour.to_bytes(3, "big")]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                        for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# It holds the way through the window, and is no test.
del Walk

if __name__ == "__main__":
    unittest.main()
