# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that cannot be reached: the window stays readable, says since when, and sends nothing."""
import re
import unittest

from case import WindowCase
from lab import free_ports


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

    def test_a_window_opens_although_the_service_is_away(self):
        """A window that is opened while the service is away shows what it knew last, with its age,
        and decides nothing; when the service comes back it shows what has changed."""
        ids = [action["id"] for action in self.service.post_investigation(4)["actions"]]
        subject = self.service.action(ids[0])["entity"]["subject"]
        window = self.open()
        window.wait_row(status="Pending")
        window.wait(lambda: len(window.rows()) == 4, "four rows")
        window.close()
        address, token = self.service.url, self.service.token("responder")
        self.service.decide("reject", [ids[3]])
        self.service.stop()
        window = self.desk.open_window(address, token)
        window.wait_text(r"Offline since \d\d:\d\d, showing what was known then\. .+")
        window.wait_text(r"Refreshed \d\d:\d\d")
        self.assertEqual(len(window.rows()), 4)
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


if __name__ == "__main__":
    unittest.main()
