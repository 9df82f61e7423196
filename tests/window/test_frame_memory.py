# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames go to the X server through memory that the window keeps from one to the next."""
import pathlib
import unittest

from case import WindowCase
from service import Service, proposal


def shared_memory(process):
    """What it shares with the X server: for each segment its bytes, and those that have been touched."""
    segments = {}
    current = None
    for line in pathlib.Path(f"/proc/{process.pid}/smaps").read_text().splitlines():
        words = line.split()
        if "-" in words[0] and len(words[0]) > 8 and ":" not in words[0]:
            current = words[4] if "/SYSV" in line else None
        elif current is not None and words[0] == "Size:":
            segments[current] = (int(words[1]) * 1024, 0)
        elif current is not None and words[0] == "Rss:":
            segments[current] = (segments[current][0], int(words[1]) * 1024)
    return segments


class FrameMemory(WindowCase):
    mail = False
    size = (2560, 1600)

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
        window.wait(lambda: len(window.rows()) == 2, "the rows")
        for width, height in ((1280, 800), (1000, 700), (2400, 1500)):
            with self.subTest(width=width, height=height):
                window.resize(width, height)
                before = self.wait_for_frames(window, width, height)
                for _ in range(3):
                    self.paint_much_and_little(window)
                    self.assertLessEqual(before, set(shared_memory(window.process)))

    def wait_for_frames(self, window, width, height):
        """The memory in which there is room for eight frames, two of them touched."""
        frame = width * height * 4

        def ready():
            return {segment for segment, (size, touched) in shared_memory(window.process).items()
                    if size >= 8 * frame and touched >= 2 * frame}

        return window.wait(ready, lambda: f"room for frames of {frame}: {shared_memory(window.process)}")


if __name__ == "__main__":
    unittest.main()
