# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's proxy, DNS server and web server do what tests rely on."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
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


    def test_it_dies_with_whoever_started_it(self):
        program = subprocess.Popen(
            [sys.executable, "-B", "-c", "import squid, sys; proxy = squid.Squid().start(); "
             "print(proxy.process.pid, proxy.port, proxy.name, proxy.folder, flush=True); "
             "sys.stdin.read()"],
            cwd=pathlib.Path(squid.__file__).parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        self.addCleanup(program.communicate)
        self.addCleanup(program.kill)
        pid, port, name, folder = program.stdout.readline().split()
        left = squid.Squid(folder=folder)
        # Nobody else is left to remove these.
        self.addCleanup(shutil.rmtree, folder)
        left.name, left.port = name, int(port)
        self.addCleanup(left.stop)
        self.assertTrue(left._answers())
        program.kill()
        program.wait(lab.PATIENCE)
        try:
            lab.wait_until(lambda: not is_alive(pid), "Squid to end")
        finally:
            if is_alive(pid):
                os.kill(int(pid), signal.SIGKILL)
        self.assertFalse(left._answers())


def is_alive(pid):
    """Whether there is such a process, and it is not only waiting for somebody to notice its end."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


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
