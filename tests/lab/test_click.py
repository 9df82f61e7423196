# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's proxy, DNS server and web server do what tests rely on."""
import pathlib
import unittest

import bind
import lab
import squid
import web


class Proxy(unittest.TestCase):
    def test_clicks_arrive_through_two_proxies_at_once(self):
        target = web.Web().start()
        self.addCleanup(target.stop)
        for proxy in (squid.Squid(), squid.Squid()):
            self.addCleanup(proxy.stop)
            proxy.start()
            click = proxy.click(target.url("/page"))
            self.assertEqual((200, "The page /page\n"), (click.status, click.body))
        self.assertEqual(["/page", "/page"], target.seen)
        self.assertEqual(200, proxy.tunnel("127.0.0.1", target.port))

    def test_nothing_is_left(self):
        proxy = squid.Squid().start()
        folder = proxy.folder
        process = proxy.process.pid
        proxy.restart()
        proxy.stop()
        self.assertFalse(folder.exists())
        self.assertFalse(pathlib.Path(f"/proc/{process}").exists())
        self.assertEqual([], list(pathlib.Path("/dev/shm").glob(f"{proxy.name}*")))


class Policy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bind = bind.Bind({"login.evil.test": "192.0.2.66", "www.good.test": "192.0.2.1"})
        cls.addClassCleanup(cls.bind.stop)
        cls.bind.start()

    def test_a_signed_update_takes_a_name_away_and_gives_it_back(self):
        self.assertEqual("192.0.2.66", self.bind.look_up("login.evil.test"))
        self.bind.update(f"add evil.test.{self.bind.zone}. 5 CNAME .",
                         f"add *.evil.test.{self.bind.zone}. 5 CNAME .")
        lab.wait_until(lambda: self.bind.look_up("login.evil.test") == "NXDOMAIN", "the policy")
        self.assertEqual("192.0.2.1", self.bind.look_up("www.good.test"))
        self.bind.update(f"delete evil.test.{self.bind.zone}. CNAME",
                         f"delete *.evil.test.{self.bind.zone}. CNAME")
        lab.wait_until(lambda: self.bind.look_up("login.evil.test") == "192.0.2.66", "the name")

    def test_another_key_changes_nothing(self):
        wrong = self.bind.folder / "wrong.key"
        self.bind.write_key(wrong, b"another secret")
        with self.assertRaisesRegex(lab.LabError, "BADSIG|BADKEY|NOTAUTH|tsig"):
            self.bind.update(f"add good.test.{self.bind.zone}. 5 CNAME .", key_file=wrong)
        self.assertEqual("192.0.2.1", self.bind.look_up("www.good.test"))

    def test_it_keeps_what_it_holds_over_a_restart(self):
        self.bind.update(f"add kept.test.{self.bind.zone}. 5 CNAME .")
        self.bind.restart()
        self.assertEqual("NXDOMAIN", self.bind.look_up("kept.test"))
        self.assertEqual("NXDOMAIN", self.bind.look_up("never.test"))


if __name__ == "__main__":
    unittest.main()
