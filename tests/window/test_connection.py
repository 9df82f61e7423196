# SPDX-License-Identifier: GPL-3.0-or-later
"""Getting to a service: address and token entered by keyboard, where the token is kept, and what is
said when it does not work."""
import json
import re
import unittest

from case import WindowCase
from lab import make_certificates
from service import Service


class Connection(WindowCase):
    mail = False

    def enter(self, window, address, token, ca_file=None):
        """Fills the connection window in from its first field on, by keyboard alone."""
        self.wait_focus(window, "address")
        window.press("ctrl+a")
        window.type(address)
        window.press("Tab")
        self.wait_focus(window, "token")
        window.press("ctrl+a")
        window.type(token)
        if ca_file:
            window.press("alt+c")
            self.wait_focus(window, "ca_file")
            window.press("ctrl+a")
            window.type(str(ca_file))
        window.press("Return")

    def wait_focus(self, window, name):
        """Waits until the keyboard is in the entry of this name."""
        def there():
            focus = window.focus()
            return focus is not None and name in [node.id for node in focus.ancestors()]
        window.wait(there, lambda: f"the keyboard to be in {name}, it is in {window.focus()}")

    def ask(self, window):
        """From a window that knows no service to the connection window."""
        window.wait_text("Tell Action Center which service to connect to, and who you are")
        window.click("button", re.compile("^Connect"))


class WithKeyring(Connection):
    tap_class = "connection-with-keyring"
    keyring = True

    def test_the_token_is_kept_in_the_keyring_and_used_at_the_next_start(self):
        """Address and token are entered once; the next start asks for nothing, and the token stands
        in the Secret Service and in no file of the person."""
        self.service.post_investigation(2)
        token = self.service.token("responder")
        window = self.desk.open_window()
        self.ask(window)
        self.enter(window, self.service.url, token)
        window.wait_row(status="Pending")
        window.wait_gone(type="AcConnectionWindow")
        window.quit()
        again = self.desk.open_window()
        again.wait_row(status="Pending")
        again.wait_text(r"^the\.responder$")
        self.assertNotIn(token, again.dump())
        for folder in ("config", "data", "cache", "state", "home"):
            for path in (self.desk.session.folder / folder).rglob("*"):
                if path.is_file() and "keyrings" not in path.parts:
                    self.assertNotIn(token.encode(), path.read_bytes(), path)


class Shared(Connection):
    """One desk, and one person after the other."""

    tap_class = "connection-shared"
    mail = True

    def test_what_one_has_decided_another_one_does_not_undo(self):
        """The notice of a decision goes with the account, and Ctrl+Z means no decision of somebody else."""
        ids = self.propose(self.find_messages(1))
        window = self.open()
        window.click_row_at(0)
        window.click("button", "Approve")
        window.wait_text("^1 action approved$")
        window.wait_for("button", "Undo")
        window.click("button", "Account and connection")
        self.enter(window, self.service.url, self.service.token("admin"))
        window.wait_for("button", "Close")
        window.press("Return")
        window.wait_gone(type="AcConnectionWindow")
        self.counts(window, 0, 1)
        window.wait(lambda: "1 action approved" not in window.texts(), "the notice to be gone")
        window.click("tab", re.compile("^History"))
        window.wait_row(status="Completed")
        window.press("ctrl+z")
        window.calm()
        self.assertEqual("completed", self.service.action(ids[0])["status"])
        self.assertNotIn("admin", json.dumps(self.service.action(ids[0])))


class WithoutKeyring(Connection):
    tap_class = "connection-without-keyring"

    def test_a_token_that_cannot_be_kept_is_for_this_run_and_the_window_says_so(self):
        """Without a Secret Service a sentence says that the token has to be entered again, and at
        the next start it has to be."""
        self.service.post_investigation(2)
        window = self.desk.open_window()
        self.ask(window)
        self.enter(window, self.service.url, self.service.token("responder"))
        window.wait_text("There is no keyring to keep your token in")
        window.press("Return")
        window.wait_row(status="Pending")
        window.wait_gone(type="AcConnectionWindow")
        window.quit()
        again = self.desk.open_window()
        again.wait_for("button", re.compile("^Connect"))
        self.assertEqual(again.rows(), [])

    def test_the_window_of_an_action_goes_with_its_service(self):
        """Once another service is connected, or the same one by somebody else, nothing of the first one
        can be decided any more, and the main window says so."""
        self.service.post_investigation(2)
        other = Service(self.folder / "other-service")
        other.start()
        self.addCleanup(other.stop)
        made = other.post_investigation(1)
        window = self.open()
        for address, token in ((other.url, other.token("responder")), (other.url, other.token("admin"))):
            window.click_row_at(0)
            window.settled("button", "Approve")
            window.press("shift+Return")
            # It must not lie over the button for the connection.
            _, entry = window.placed(lambda: (own := window.find(type="AcActionWindow")) and
                                     own.box[2] > 300 and own)
            self.desk.display.resize(entry[0], 460, 400)
            window.click("button", "Account and connection")
            self.enter(window, address, token)
            window.wait_gone(type="AcActionWindow")
            window.wait_for("button", "Close")
            window.press("Return")
            window.wait_gone(type="AcConnectionWindow")
            window.wait_text("^The windows of single actions were closed: there is another connection now\\.$")
            window.wait_row(details=made["actions"][0]["entity"]["subject"])
        for service in (self.service, other):
            items = service.request("GET", "/actions", role="reader").json["items"]
            self.assertEqual({"pending"}, {action["status"] for action in items})

    def test_a_wrong_token_is_refused_in_words(self):
        """A token that the service does not know is said to be wrong; the right one then works."""
        self.service.post_investigation(1)
        window = self.desk.open_window()
        self.ask(window)
        self.enter(window, self.service.url, "wrong-token")
        window.wait(lambda: re.search("token", window.find(id="error").text
                                      if window.find(id="error") else ""), "what is wrong")
        window.press("alt+t")
        self.wait_focus(window, "token")
        window.press("ctrl+a")
        window.type(self.service.token("reader"))
        window.press("Return")
        window.wait_text("There is no keyring to keep your token in")
        window.press("Return")
        window.wait_row(status="Pending")
        window.wait_text("^Reader$")


class Certificates(Connection):
    tap_class = "connection-certificates"

    def setUp(self):
        folder = self.folder / "certificates"
        if not folder.exists():
            for name in ("right", "wrong"):
                (folder / name).mkdir(parents=True)
                make_certificates(folder / name)
        self.right, self.wrong = folder / "right/ca.pem", folder / "wrong/ca.pem"
        self.settings = {"certificate": folder / "right/server.pem",
                         "key": folder / "right/server.key"}
        super().setUp()

    def make_service(self):
        service = super().make_service()
        service.settings.update(self.settings)
        service.certificate = self.right
        return service

    def test_only_the_authority_that_one_names_is_trusted(self):
        """A service whose certificate comes from another authority is refused in words and sent no
        token; with the right authority's file it is shown."""
        self.assertTrue(self.service.url.startswith("https://"), self.service.url)
        self.service.post_investigation(1)
        window = self.desk.open_window()
        self.ask(window)
        self.enter(window, self.service.url, self.service.token("responder"), self.wrong)
        window.wait(lambda: re.search("certificate", window.find(id="error").text
                                      if window.find(id="error") else ""), "what is wrong")
        window.press("alt+c")
        self.wait_focus(window, "ca_file")
        window.press("ctrl+a")
        window.type(str(self.right))
        window.press("Return")
        window.wait_text("There is no keyring to keep your token in")
        window.press("Return")
        window.wait_row(status="Pending")


if __name__ == "__main__":
    unittest.main()
