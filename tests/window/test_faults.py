# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever goes wrong between the window and its service: what was known can be read, the window says
what is the matter, nothing is decided that the service does not hear of, and afterwards the window shows
what the service has, row by row."""
import json
import pathlib
import random
import re
import unittest

from case import WindowCase
from fault_proxy import FaultProxy, reply
from lab import free_ports
from language import language_environment

STATUS = {"pending": "Pending", "queued": "Queued", "running": "Running", "failed": "Failed",
          "rejected": "Rejected"}
NOTHING_NOW = "no connection to the service, so nothing can be decided now"
FAKETIME = sorted(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))


def problem(status, detail, **headers):
    body = {"type": "about:blank", "title": "Fault", "status": status, "detail": detail}
    return reply(status, json.dumps(body).encode(), **headers)


class Faults(WindowCase):
    mail = False
    tap_class = "faults"
    # Wide enough for all columns that are compared.
    size = (1600, 900)

    def make_service(self):
        # On a port of its own, so that it comes back where it was.
        service = super().make_service()
        service.settings["listen"] = f"127.0.0.1:{free_ports(1)[0]}"
        return service

    def setUp(self):
        super().setUp()
        self.ids = [action["id"] for action in self.service.post_investigation(6)["actions"]]
        self.service.decide("reject", self.ids[5:])
        self.proxy = FaultProxy(self.service.url)
        self.addCleanup(self.proxy.close)

    # --- what is to be seen ---

    def subject(self, index):
        return self.service.action(self.ids[index])["entity"]["subject"]

    def open_through(self, **more):
        window = self.desk.open_window(self.proxy.url, self.service.token("responder"), **more)
        self.equal(window)
        return window

    def rows_of_the_service(self, tab):
        items = self.service.request("GET", "/actions", role="reader", query={"limit": 1000}).json
        return sorted((item["entity"]["subject"], STATUS[item["status"]], item["assets"][0],
                       item.get("decidedBy", "")) for item in items["items"]
                      if (item["status"] == "pending") == (tab == "Pending"))

    def rows_of_the_window(self, window):
        rows = []
        for row in window.rows():
            cells = [row.cells.get(name, "") for name in ("Details", "Status", "Asset", "Decided by")]
            rows.append(tuple("" if cell in ("–", "—") else cell for cell in cells))
        return sorted(rows)

    def equal(self, window):
        """Waits until both tabs show exactly what the service has, text by text."""
        if window.find(type="AcFlyout"):
            # It takes the room of columns.
            # The keyboard is where one can go on, whatever was pressed last.
            window.press("Escape")
            window.wait_gone(type="AcFlyout")
        for tab in ("History", "Pending"):
            self.open_tab(window, tab)
            wanted = self.rows_of_the_service(tab)
            window.wait(lambda: self.rows_of_the_window(window) == wanted,
                        lambda tab=tab, wanted=wanted: f"{tab} to show {wanted}, not "
                        f"{self.rows_of_the_window(window)}")

    def usable(self, window, index=1):
        """The list is there, and one can look at another row."""
        subject = self.subject(index) if self.service.process else self.known[index]
        window.click_row(details=subject)
        window.wait(lambda: [label for label in window.find_all("label", subject)
                             if not label.find(type="GtkInscription")], f"the flyout of {subject}")

    def offline(self, window, reason):
        """The banner says since when and why; what is known can be read, and nothing decided."""
        window.wait_text(r"Offline since \d\d:\d\d, showing what was known then\. .*" + reason)
        window.wait_text(r"^Refreshed \d\d:\d\d$")
        window.wait_for("button", "Retry now")
        self.usable(window)
        window.wait_text(NOTHING_NOW)
        for name in ("Approve", "Reject"):
            self.assertNotIn("sensitive", window.wait_for("button", name).states, name)

    def change(self):
        """What others do meanwhile."""
        self.service.decide("reject", [self.ids[3]], role="admin")
        self.service.post_investigation(1)

    def healed(self, window):
        """Everything is back, and nothing that was pressed meanwhile was sent later."""
        window.wait_gone("label", re.compile("Offline since"))
        window.wait_gone("button", "Retry now")
        self.equal(window)
        decided = [self.service.action(action_id).get("decidedBy") for action_id in self.ids]
        self.assertEqual([None, None, None, "the.admin", None, "the.responder"], decided)
        self.usable(window)
        window.settled("button", "Reject")
        window.click("button", "Reject")
        window.wait_text(r"1 action rejected")
        self.assertEqual("rejected", self.service.action(self.ids[1])["status"])
        self.equal(window)

    # --- what goes wrong ---

    def test_the_service_is_stopped(self):
        self.known = {1: self.subject(1)}
        window = self.open_through()
        self.service.stop()
        self.offline(window, "(lost|closed)")
        # Whether a hand or the clock comes first.
        window.click("button", "Retry now")
        self.service.start()
        self.change()
        self.healed(window)

    def test_the_banner_has_one_height_in_a_script_of_another_height(self):
        """The text of the banner may be written in a font whose lines are not as those of the icon's font: GTK
        must not find two heights for it, of which it would complain."""
        window = self.open(environment=language_environment(self.folder, "ja"))
        window.wait(lambda: len(window.rows()) == 5, "the rows")
        self.service.stop()
        label = window.wait(lambda: (banner := window.find(css="acbanner")) and banner.find("label", id="label"),
                            "the banner")
        self.assertRegex(label.text, "[\u3040-\u30ff]")
        for width in (1500, 1000, 700):
            window.resize(width, 700)
            window.calm()
        self.assertEqual([], window.trouble())

    def cut(self, kind):
        window = self.open_through()
        self.proxy.fail(kind, 40)
        self.change()
        self.offline(window, "(lost|closed)")
        # Once it is back the window finds it by itself, sooner than one can press a button.
        window.click("button", "Retry now")
        self.proxy.heal()
        self.healed(window)

    def test_the_network_is_cut_in_the_middle_of_an_answer(self):
        """The connection ends within an event of the stream, and each new one within the head of its
        answer."""
        self.cut("cut")

    def test_the_network_resets_in_the_middle_of_an_answer(self):
        self.cut("reset")

    def test_an_answer_is_truncated(self):
        """A service without a stream whose answers end too soon: told by their length, or not."""
        window = self.open_through()
        page = self.service.request("GET", "/changes", role="reader", query={"limit": 1}).body

        def truncated(_method, path):
            if "/stream" in path:
                return problem(404, "There is no stream here.")
            return reply(200, page[:-7], "application/json", length=length)
        for length, reason in ((None, "JSON"), (len(page), "lost")):
            self.proxy.answer(truncated)
            self.offline(window, reason)
            if length is None:
                self.proxy.answer(lambda *_: problem(503, "In between."))
                window.wait_text("In between")
        self.change()
        self.proxy.heal()
        self.healed(window)

    def test_the_stream_falls_silent(self):
        """The connection stays and nothing comes any more, not even a heartbeat."""
        window = self.open_through()
        self.proxy.fail("stall")
        self.change()
        self.offline(window, "fallen silent")
        # Once it is back the window finds it by itself, sooner than one can press a button.
        window.click("button", "Retry now")
        self.proxy.heal()
        self.healed(window)

    def test_too_many_requests(self):
        """The window waits as long as it is told, and says what the service said."""
        window = self.open_through()
        self.proxy.answer(lambda *_: problem(429, "Too many windows at once.", Retry_After="3600"))
        self.offline(window, "Too many windows at once")
        asked = len(self.proxy.seen)
        self.change()
        window.click("button", "Retry now")
        # A hand need not wait.
        window.wait(lambda: len(self.proxy.seen) > asked, "another question")
        self.proxy.answer(lambda *_: problem(429, "A moment.", Retry_After="1"))
        window.click("button", "Retry now")
        window.wait_text("A moment")
        self.proxy.heal()
        self.healed(window)

    def test_the_service_is_not_available(self):
        window = self.open_through()
        self.proxy.answer(lambda *_: problem(503, "The database is being moved."))
        self.offline(window, "The database is being moved")
        self.change()
        self.proxy.heal()
        self.healed(window)

    def clock(self, shift):
        self.assertTrue(FAKETIME, "the package libfaketime is missing")
        # Libraries of a sanitizer want to come first.
        options = self.desk.session.environment["ASAN_OPTIONS"] + ":verify_asan_link_order=0"
        window = self.open_through(environment={
            "LD_PRELOAD": str(FAKETIME[-1]), "FAKETIME": shift, "DONT_FAKE_MONOTONIC": "1",
            "ASAN_OPTIONS": options})
        self.change()
        self.equal(window)
        self.proxy.fail("reset")
        self.offline(window, "(lost|closed)")
        self.proxy.heal()
        self.healed(window)

    def test_the_clock_is_fast_by_a_day(self):
        """Only the times that are told are wrong."""
        self.clock("+1d")

    def test_the_clock_is_slow_by_a_day(self):
        self.clock("-1d")

    def mirror(self):
        folder = pathlib.Path(self.desk.session.environment["XDG_CACHE_HOME"]) / "action-center"
        return max(folder.glob("mirror-*.sqlite"), key=lambda path: path.stat().st_mtime)

    def fetched_anew(self, window, why):
        """The notice gets another text and a button when all is there again, which moves what lies below it:
        a click before that may meet something else."""
        window.wait_text(f"{why}.* It was fetched anew\\.$")
        window.settled("button", "Dismiss")
        self.equal(window)
        window.click("button", "Dismiss")
        window.wait_gone("label", re.compile("fetched anew"))
        self.healed(window)

    def test_the_copy_on_disk_is_deleted(self):
        """It is fetched anew, and the window says so."""
        window = self.open_through()
        self.mirror().unlink()
        self.change()
        self.fetched_anew(window, "removed while it was in use")

    def test_the_copy_on_disk_is_overwritten_with_noise(self):
        window = self.open_through()
        noise = random.Random(4).randbytes
        for path in (self.mirror(), pathlib.Path(f"{self.mirror()}-wal")):
            with open(path, "r+b") as file:
                file.write(noise(max(4096, path.stat().st_size)))
        self.change()
        self.fetched_anew(window, "(overwritten|damaged)")


if __name__ == "__main__":
    unittest.main()
