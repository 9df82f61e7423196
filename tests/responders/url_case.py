# SPDX-License-Identifier: GPL-3.0-or-later
"""A TestCase with a real web proxy and a real DNS server, and the URL responder to act on them; what
came of it is clicked on and looked up by the test itself."""
import pathlib
import shutil
import tempfile
import time
import unittest

import block_list

import bind  # pylint: disable=wrong-import-order
import squid  # pylint: disable=wrong-import-order
import web  # pylint: disable=wrong-import-order
from mail_case import Actions, Killed  # pylint: disable=unused-import

NAMES = {"login.evil.test": "192.0.2.66", "evil.test": "192.0.2.67", "www.good.test": "192.0.2.1",
         "other.test": "192.0.2.2"}


class Blocks(Actions):
    """What the service would hold: actions at one enforcement point and their receipts."""

    group = "url"

    def __init__(self, folder, settings, point="proxy", prefix="action"):
        super().__init__(folder, settings, point)
        self.prefix = f"{prefix}-{next(self.numbers)}"

    def add(self, url, **members):
        """One more action that blocks; returns its id."""
        action = f"{self.prefix}-{len(self.tasks) + 1}"
        self.tasks.append({"actionId": action, "entity": {"type": "url", "url": url, **members}})
        return action


class UrlCase(unittest.TestCase):
    """One proxy, one DNS server and one web server for the class; each test begins with nothing
    blocked."""

    has_dns = False
    policy = ""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="ac-url-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.web = web.Web().start()
        cls.addClassCleanup(cls.web.stop)
        cls.proxy = squid.Squid(block_list.HELPER, block_list.TEMPLATE, wrapper=block_list.WRAPPER)
        cls.addClassCleanup(cls.end_proxy)
        block_list.write(cls.proxy.list_file, [])
        cls.proxy.start()
        cls.bind = None
        if cls.has_dns:
            cls.bind = bind.Bind(NAMES, policy=cls.policy)
            cls.addClassCleanup(cls.bind.stop)
            cls.bind.start()

    @classmethod
    def end_proxy(cls):
        log = cls.proxy.log
        cls.proxy.stop()
        for word in block_list.TROUBLE:
            assert word not in log, log[-6000:]

    def setUp(self):
        block_list.write(self.proxy.list_file, [])

    @classmethod
    def settings(cls, **changes):
        """The keys of the group [url]; @changes: with _ for - (None takes a key away)."""
        keys = {"list": cls.proxy.list_file}
        if cls.bind is not None:
            keys |= {"dns-server": cls.bind.address, "dns-zone": cls.bind.zone,
                     "dns-key-file": cls.bind.key_file}
        keys |= {name.replace("_", "-"): value for name, value in changes.items()}
        return {name: str(value) for name, value in keys.items() if value is not None}

    def blocks(self, *urls, point="proxy", changes=None, **members):
        """Actions at one enforcement point, one for each URL."""
        blocks = Blocks(self.folder, self.settings(**(changes or {})), point)
        for url in urls:
            blocks.add(url, **members)
        return blocks

    def begin_to_end(self, url, seen, **keywords):
        """Blocks a URL until soon, and waits for that: later, where it was over before it was seen().
        Returns the actions, what came of them, and what was seen."""
        for seconds in (3, 6, 12, 24, 48, 96):
            until = int(time.time()) + 1 + seconds
            blocks = self.blocks(url, expiresAt=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(until)),
                                 **keywords)
            results = blocks.apply()
            found = seen()
            if time.time() < until:
                break
            blocks.undo()
        while time.time() <= until:
            time.sleep(0.05)
        return blocks, results, found

    def entries(self, point="proxy"):
        """What stands on the list for a point, as (scope, key, action)."""
        return [(one.scope, one.key, one.action) for one in block_list.read(self.proxy.list_file)
                if one.point == point]

    def status(self, target):
        return self.proxy.click(target).status

    def assert_outcomes(self, results, *outcomes):
        self.assertEqual(list(outcomes), [result.get("outcome") for result in results], results)

    def assert_only(self, results, outcome, detail, transient=False):
        """There is one result, and it is this; @detail: a regular expression."""
        self.assert_outcomes(results, outcome)
        self.assertRegex(results[0]["detail"], detail)
        self.assertEqual(transient, results[0]["transient"], results)
