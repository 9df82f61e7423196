# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames go to the X server through memory that the window keeps from one to the next."""
import pathlib
import unittest

from case import WindowCase
from service import Service, proposal


def shared_memory(process):
    """What it shares with the X server: the identifier of each segment, and its pages that are there."""
    segments = {}
    current = None
    for line in pathlib.Path(f"/proc/{process.pid}/smaps").read_text().splitlines():
        words = line.split()
        if "-" in words[0] and len(words[0]) > 8 and ":" not in words[0]:
            current = words[4] if "/SYSV" in line else None
        elif current is not None and words[0] == "Rss:":
            segments[current] = int(words[1]) * 1024
    return segments


class FrameMemory(WindowCase):
    mail = False

    def make_service(self):
        return Service(self.folder / f"service-{self._testMethodName}")

    def paint_much_and_little(self, window):
        window.press("ctrl+2")
        window.settled("button", "Filter")
        window.click("button", "Filter")
        window.wait_for(type="AcFilterPopover")
        window.press("Escape")
        window.wait_gone(type="AcFilterPopover")
        window.press("ctrl+1")
        window.wait(lambda: len(window.rows()) == 2, "the rows")
        window.calm()

    def test_it_stays(self):
        self.service.post_investigation([proposal(number) for number in range(2)])
        window = self.open()
        frame = 1280 * 800 * 4

        def kept():
            return {segment for segment, size in shared_memory(window.process).items() if size >= 2 * frame}

        window.wait(lambda: len(window.rows()) == 2, "the rows")
        window.wait(kept, lambda: f"two frames that are touched: {shared_memory(window.process)}")
        before = kept()
        for _ in range(3):
            self.paint_much_and_little(window)
            self.assertLessEqual(before, kept())
        window.resize(1000, 700)
        self.paint_much_and_little(window)
        self.assertLessEqual(before, kept())


if __name__ == "__main__":
    unittest.main()
