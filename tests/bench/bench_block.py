#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long it takes from Approve to the first refused click, and from Undo to the first one that is let
through: the service, the list and a real Squid, with 1,000 other blocks in place.

    bench_block.py

The reference is what an administrator would do: the same Squid with a file of regular expressions
(url_regex) as long as the list, changed and then read again by “squid -k reconfigure”. Both are clicked on
without a pause by one client until the answer changes. Prints one line of JSON for each way with the
medians of the runs, and fails when a ratio is over its budget. A click that fails altogether counts as not
answered: those are told on standard error."""
import json
import os
import pathlib
import re
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / name) for name in ("lab", "responders", "service")]

import block_list  # pylint: disable=wrong-import-position
import squid  # pylint: disable=wrong-import-position
import web  # pylint: disable=wrong-import-position
from service import Service  # pylint: disable=wrong-import-position

RUNS = 9
OTHERS = 1000
BUDGET = 0.5


class Clicker:
    """Clicks on a URL until the proxy answers as it is wanted to."""

    def __init__(self, proxy, url):
        self.proxy = proxy
        self.url = url
        self.n_lost = 0

    def until(self, status):
        while True:
            try:
                if self.proxy.click(self.url).status == status:
                    return
            except OSError:
                self.n_lost += 1


def ours(folder, target):
    """Seconds to the first refused click and to the first one let through, of each run."""
    proxy = squid.Squid(block_list.HELPER, block_list.TEMPLATE)
    block_list.write(proxy.list_file, [block_list.entry("url", f"evil{number}.test/a?b")
                                       for number in range(OTHERS)])
    service = Service(folder, groups={"url": {"list": proxy.list_file}})
    times = []
    try:
        service.start()
        proxy.start()
        for number in range(RUNS):
            url = target.url(f"/page/{number}")
            clicker = Clicker(proxy, url)
            posted = service.post_investigation([{
                "type": "blockUrl", "verdict": "malicious", "assets": ["proxy"],
                "entity": {"type": "url", "url": url}}])
            [action] = [one["id"] for one in posted["actions"]]
            clicker.until(200)
            pair = []
            for decision, status in (("approve", 403), ("undo", 200)):
                start = time.monotonic()
                answer = service.decide(decision, [action])
                clicker.until(status)
                pair.append(time.monotonic() - start)
                service.wait_operation(answer.json["id"])
            assert clicker.n_lost == 0, "clicks were lost"
            times.append(pair)
    finally:
        service.stop()
        proxy.stop()
    return times


def reference(target):
    """The same, with url_regex and reconfigure; and how many clicks got no answer."""
    proxy = squid.Squid()
    path = proxy.folder / "regex"
    others = [f"^http://evil{number}\\.test/a\\?b$" for number in range(OTHERS)]

    def write(lines):
        path.write_text("\n".join(lines) + "\n", encoding="ascii")

    write(others)
    proxy.rules = f'acl blocked url_regex -i "{path}"\nhttp_access deny blocked'
    times = []
    n_lost = 0
    try:
        proxy.start()
        for number in range(RUNS):
            url = target.url(f"/page/{number}")
            clicker = Clicker(proxy, url)
            clicker.until(200)
            pair = []
            for lines, status in ((others + [f"^{re.escape(url)}$"], 403), (others, 200)):
                start = time.monotonic()
                write(lines)
                proxy.reconfigure()
                clicker.until(status)
                pair.append(time.monotonic() - start)
            n_lost += clicker.n_lost
            times.append(pair)
    finally:
        proxy.stop()
    return times, n_lost


def main():
    if "ACTION_CENTERD" not in os.environ:
        sys.exit("bench_block.py is run by meson test --benchmark.")
    target = web.Web().start()
    with tempfile.TemporaryDirectory(prefix="ac-bench-") as folder:
        own = ours(folder, target)
    other, n_lost = reference(target)
    target.stop()
    print(f"{n_lost} clicks of the reference got no answer", file=sys.stderr)
    good = True
    for index, name in enumerate(("block-first-refused-click", "unblock-first-click-let-through")):
        mine = statistics.median(pair[index] for pair in own)
        theirs = statistics.median(pair[index] for pair in other)
        good &= mine / theirs <= BUDGET
        print(json.dumps({"name": name, "ours": round(mine, 4), "reference": round(theirs, 4),
                          "ratio": round(mine / theirs, 2), "budget": BUDGET, "unit": "s"}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
