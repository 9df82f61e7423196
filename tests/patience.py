# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for a condition, and never for time to pass."""
import time


class Impatience(AssertionError):
    """Something that was waited for did not come."""


def wait_until(condition, what, seconds, error=Impatience):
    """Returns what @condition gives once that is true; @what may be a function that tells more."""
    began = time.monotonic()
    deadline = began + seconds
    while True:
        value = condition()
        if value:
            return value
        now = time.monotonic()
        if now > deadline:
            raise error(f"waited {seconds} s in vain: {what() if callable(what) else what}")
        # Looking is work for what is waited for, too: who has waited long looks less often.
        time.sleep(min(0.02 + (now - began) / 20, 0.1))
