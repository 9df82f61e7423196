# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that cannot be reached: the window stays readable, says since when, and sends nothing."""
import json
import pathlib
import re
import shutil
import unittest

from case import WindowCase
from fault_proxy import FaultProxy, reply
from lab import free_ports
from proxy import Proxy


class Offline(WindowCase):
    mail = False
    tap_class = "offline"

    def make_service(self):
        # On a port of its own, so that it comes back where it was.
        service = super().make_service()
        service.settings["listen"] = f"127.0.0.1:{free_ports(1)[0]}"
        return service

    def test_a_stopped_service_leaves_the_list_readable(self):
        """When the service is gone, a banner says since when and why, the rows stay, no decision
        can be sent, Retry asks at once, and everything is back once the service is there again."""
        ids = [action["id"] for action in self.service.post_investigation(5)["actions"]]
        subject = self.service.action(ids[0])["entity"]["subject"]
        window = self.open()
        window.click_row(details=subject)
        window.settled("button", "Approve")
        self.service.stop()
        window.wait_text(r"Offline since \d\d:\d\d, showing what was known then\. .+")
        self.assertEqual(len(window.rows()), 5)
        self.assertTrue(all(row["Status"] == "Pending" for row in window.rows()))
        window.wait_text("no connection to the service, so nothing can be decided now")
        for name in ("Approve", "Reject"):
            self.assertNotIn("sensitive", window.wait_for("button", name).states, name)
        # Once it is back the window finds it by itself, sooner than one can press a button.
        window.click("button", "Retry now")
        self.service.start()
        window.wait_gone("label", re.compile("Offline since"))
        self.assertEqual(self.service.action(ids[0])["status"], "pending")
        window.click("button", "Reject")
        window.wait_text(r"1 action rejected")
        self.assertEqual(self.service.action(ids[0])["status"], "rejected")

    def test_ctrl_z_says_that_nothing_can_be_decided(self):
        """Nothing is sent then, neither at once nor later."""
        self.service.post_investigation(1)
        window = self.open()
        window.click_row(status="Pending")
        window.click("button", "Reject")
        window.wait_text(r"1 action rejected")
        window.press("Escape")
        window.wait_gone("button", "Close the details")
        self.service.stop()
        window.wait_text(r"^Offline since ")
        said = r"^There is no connection to the service, so nothing can be decided now\.$"
        self.assertFalse([text for text in window.texts() if re.search(said, text)])
        window.press("ctrl+z")
        window.wait_text(said)
        self.service.start()
        window.wait_gone("label", re.compile("Offline since"))

    def test_details_go_back_with_the_service(self):
        """A service that is put back to an earlier state says what was before; details that are open say
        that, too."""
        action_id = self.service.post_investigation(1)["actions"][0]["id"]
        self.service.stop()
        saved = self.folder / "saved.db"
        shutil.copy(self.service.database, saved)
        self.service.start()
        window = self.open()
        window.click_row(status="Pending")
        window.settled("button", "Reject")
        window.click("button", "Reject")
        window.wait_text(r"1 action rejected")
        window.wait_text(r"It was never carried out, so there is nothing to undo\.")
        self.service.stop()
        for more in ("-wal", "-shm"):
            pathlib.Path(f"{self.service.database}{more}").unlink(missing_ok=True)
        shutil.copy(saved, self.service.database)
        self.service.start()
        self.assertEqual("pending", self.service.action(action_id)["status"])
        self.counts(window, 1, 0)
        window.wait_for("button", "Reject", state="sensitive")

    def test_the_page_of_an_investigation_decides_nothing_either(self):
        """An action that is shown beside the tables of its investigation cannot be decided offline."""
        made = self.service.post_investigation(2)
        window = self.open()
        window.click("list-item", "Investigations")
        window.click_row(investigation=made["title"])
        window.click("tab", re.compile("^Pending actions"))
        window.click_row(details=made["actions"][0]["entity"]["subject"])
        window.settled("button", "Approve")
        self.service.stop()
        window.wait_text("no connection to the service, so nothing can be decided now")
        for name in ("Approve", "Reject"):
            self.assertNotIn("sensitive", window.wait_for("button", name).states, name)
        self.service.start()
        window.settled("button", "Reject")

    def test_a_window_opens_although_the_service_is_away(self):
        """A window that is opened while the service is away shows what it knew last, with its age,
        and decides nothing; when the service comes back it shows what has changed."""
        ids = [action["id"] for action in self.service.post_investigation(4)["actions"]]
        subject = self.service.action(ids[0])["entity"]["subject"]
        window = self.open()
        window.wait_row(status="Pending")
        window.wait(lambda: len(window.rows()) == 4, "four rows")
        window.wait_text(r"Refreshed \d\d:\d\d")
        window.activate()
        window.quit()
        address, token = self.service.url, self.service.token("responder")
        self.service.decide("reject", [ids[3]])
        self.service.stop()
        window = self.desk.open_window(address, token)
        window.wait_text(r"Offline since \d\d:\d\d, showing what was known then\. .+")
        window.wait_text(r"Refreshed \d\d:\d\d")
        window.wait(lambda: len(window.rows()) == 4, "four rows")
        window.click_row(details=subject)
        window.wait_text("no connection to the service, so nothing can be decided now")
        for name in ("Approve", "Reject"):
            self.assertNotIn("sensitive", window.wait_for("button", name).states, name)
        # Once it is back the window finds it by itself, sooner than one can press a button.
        window.click("button", "Retry now")
        self.service.start()
        window.wait_gone("label", re.compile("Offline since"))
        self.counts(window, 3, 1)
        window.click("button", "Reject")
        window.wait_text(r"1 action rejected")

    def test_without_a_folder_for_the_mirror(self):
        """Where no copy can be kept the window works all the same, and says so."""
        self.service.post_investigation(2)
        window = self.open(environment={"XDG_CACHE_HOME": "/dev/null"})
        window.wait_row(status="Pending")
        self.counts(window, 2, 0)
        window.wait_text(r"The folder /dev/null/action-center cannot be written, so no copy of the "
                         r"actions is kept on this computer")

    def test_an_empty_list_says_when_it_was_refreshed(self):
        """Where nothing waits for a decision, the page says so and since when that is known."""
        window = self.open()
        window.wait_text(r"No actions found")
        window.wait_text(r"Nothing waits for a decision\.\s+Last refreshed at \d\d:\d\d")
        self.service.post_investigation(1)
        window.wait_row(status="Pending")
        self.counts(window, 1, 0)

    def test_the_first_action_leaves_the_keyboard_where_it_is(self):
        """A list that had nothing does not take the keyboard when something comes to it later, however one
        has gone there."""
        window = self.open()
        window.wait_text(r"Nothing waits for a decision\.")
        self.open_tab(window, "History")
        window.wait_text(r"Nothing has been decided yet\.")
        window.press("ctrl+1")
        window.wait_text(r"Nothing waits for a decision\.")
        for _ in range(20):
            before = window.focus()
            if before is not None and before.role in ("button", "toggle-button"):
                break
            window.press("Tab")
            window.wait(lambda one=before: repr(window.focus()) != repr(one), "the focus to go on")
        else:
            self.fail("no button was reached")
        self.service.post_investigation(1)
        window.wait_row(status="Pending")
        self.counts(window, 1, 0)
        window.calm()
        self.assertEqual((before.type, before.name, before.box),
                         (window.focus().type, window.focus().name, window.focus().box))

    def test_a_first_sync_says_how_far_it_is(self):
        """While everything is read for the first time the window says how much of it is there, and
        that is not more than can be seen; a list that has nothing yet does not say that it is empty."""
        for _ in range(12):
            self.service.post_investigation(500)
        proxy = Proxy(self.service.url)
        self.addCleanup(proxy.close)
        proxy.hold_back(lambda method, path: "cursor=" in path)
        window = self.desk.open_window(proxy.url, self.service.token("responder"))
        window.wait_text(r"^Fetched 1,?000 of 6,?000 actions\.$")
        self.assertIsNone(window.find("button", "Retry now"))
        # Nor is it known that nothing was decided yet.
        self.counts(window, 1000, None)
        self.open_tab(window, "History")
        window.wait(lambda: len([text for text in window.texts() if "Fetched" in text]) == 2,
                    "the progress in place of a list that is not known to be empty")
        self.assertFalse([text for text in window.texts() if "Nothing has been decided" in text])
        proxy.release()
        window.wait_text(r"Nothing has been decided yet\.\s+Last refreshed at \d\d:\d\d")
        window.wait_gone("label", re.compile("Fetched"))
        self.counts(window, 6000, 0)

    def test_an_empty_list_is_only_shown_once_it_is_known(self):
        """A window that could never read anything says why, and not that nothing is there."""
        self.service.post_investigation(1)
        me = self.service.request("GET", "/me", role="responder").body
        trouble = json.dumps({"type": "about:blank", "title": "Trouble", "status": 503,
                              "detail": "The database is being moved."}).encode()
        proxy = FaultProxy(self.service.url)
        self.addCleanup(proxy.close)
        proxy.answer(lambda method, path: reply(200, me, "application/json")
                     if path.endswith("/me") else reply(503, trouble))
        window = self.desk.open_window(proxy.url, self.service.token("responder"))
        window.wait_text(r"^Offline since \d\d:\d\d.* The database is being moved\.$")
        window.wait_text(r"^The actions could not be loaded$")
        window.wait_text(r"^The database is being moved\.$")
        for tab in ("History", "Pending"):
            self.open_tab(window, tab)
            self.assertFalse([text for text in window.texts() if text.startswith("No")])
        # Once it is back the window finds it by itself, sooner than one can press a button.
        asked = len(proxy.seen)
        window.click("button", "Try again")
        window.wait(lambda: len(proxy.seen) > asked, "another question")
        proxy.heal()
        window.wait_row(status="Pending")
        window.wait_gone("label", re.compile("Offline since"))


if __name__ == "__main__":
    unittest.main()
