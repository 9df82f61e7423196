# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocking and unblocking at the web proxies, clicked through the real Squid."""
import concurrent.futures
import os
import time
import unittest

import block_list
from url_case import UrlCase

SPARE = 10000


class Proxies(UrlCase):
    def test_a_url_is_refused_and_let_through_again(self):
        url = self.web.url("/login?id=1")
        blocks = self.blocks(url, threats=["Phishing", "Malware"])
        [action] = [task["actionId"] for task in blocks.tasks]
        self.assertEqual(200, self.status(url))
        self.assert_only(blocks.apply(), "moved", r"^On the block list of the web proxies, which refuse "
                         r"“127\.0\.0\.1:\d+/login\?id=1”\. Over HTTPS .*DNS does not hold it")
        click = self.proxy.click(url)
        self.assertEqual(403, click.status)
        self.assertIn(f"Blocked by the action {action}: Phishing, Malware.", click.body)
        self.assertEqual(200, self.status(self.web.url("/login?id=2")))
        self.assertEqual("blocked", blocks.receipts[action]["state"])
        self.assert_only(blocks.undo(), "restored", "^Taken off: nothing in the block list of the "
                         "proxies refuses “")
        self.assertEqual(200, self.status(url))
        self.assertEqual("unblocked", blocks.receipts[action]["state"])
        self.assertEqual([], self.entries())

    def test_a_port_that_is_the_usual_one_of_another_scheme(self):
        blocks = self.blocks("https://evil.test:80/x", "wss://evil.test:80/y?z", "http://evil.test:443/",
                             scope="anyQuery")
        self.assert_outcomes(blocks.apply(), *["moved"] * 3)
        self.assertEqual(["evil.test:80/x", "evil.test:80/y", "evil.test:443/"],
                         [key for _, key, _ in self.entries()])
        self.assert_outcomes(blocks.undo(), *["restored"] * 3)
        self.assertEqual([], self.entries())

    def test_each_scope(self):
        port = self.web.port
        for scope, yes, no in (
                ("url", ["/a?b"], ["/a", "/a?c", "/b"]),
                ("anyQuery", ["/a?b", "/a", "/a?c"], ["/b"]),
                ("host", ["/a?b", "/b"], []), ("domain", ["/a?b", "/b"], [])):
            with self.subTest(scope=scope):
                blocks = self.blocks(f"http://localhost:{port}/a?b", scope=scope)
                if scope == "domain":
                    # Nothing is below a name that is one label.
                    self.assert_only(blocks.apply(), "failed", "everybody's names")
                    continue
                self.assert_outcomes(blocks.apply(), "moved")
                for path in yes:
                    self.assertEqual(403, self.status(f"http://localhost:{port}{path}"))
                for path in no:
                    self.assertEqual(200, self.status(f"http://localhost:{port}{path}"))
                self.assertEqual(scope == "host", self.proxy.tunnel("localhost", port) == 403)
                self.assert_outcomes(blocks.undo(), "restored")
                self.assertEqual(200, self.status(f"http://localhost:{port}/a?b"))

    def test_a_domain_and_its_names(self):
        blocks = self.blocks("https://login.evil.test/a", scope="domain")
        self.assert_only(blocks.apply(), "moved", "refuse everything on “login.evil.test” and on all "
                         "names below it\\.$")
        for host in ("login.evil.test", "x.y.LOGIN.evil.test."):
            self.assertEqual(403, self.status(f"http://{host}/x"))
            self.assertEqual(403, self.proxy.tunnel(host, 443))
        self.assertNotEqual(403, self.status("http://evil.test/"))

    def test_twice_is_once(self):
        url = self.web.url("/twice")
        blocks = self.blocks(url)
        for _ in range(2):
            self.assert_outcomes(blocks.apply(), "moved")
            self.assertEqual(1, len(self.entries()))
        for _ in range(2):
            self.assert_outcomes(blocks.undo(), "restored")
            self.assertEqual([], self.entries())
        self.assertEqual(200, self.status(url))

    def test_what_another_action_blocks_stays_blocked(self):
        url = self.web.url("/shared")
        first, second = self.blocks(url), self.blocks(f"{url}#other")
        self.assert_outcomes(first.apply(), "moved")
        one, two = first.tasks[0]["actionId"], second.tasks[0]["actionId"]
        self.assert_only(second.apply(), "moved", f"It was blocked already by the action {one};")
        self.assert_only(first.undo(), "restored", "^This action does not block it any more, but .* "
                         f"is still blocked in the block list of the proxies by the action {two}")
        self.assertEqual(403, self.status(url))
        self.assert_only(second.undo(), "restored", "^Taken off")
        self.assertEqual(200, self.status(url))

    def test_a_wider_block_keeps_a_narrower_one(self):
        url = f"http://localhost:{self.web.port}/narrow?x"
        wide, narrow = self.blocks(url, scope="host"), self.blocks(url)
        wide.apply()
        self.assert_only(narrow.apply(), "moved", "It was blocked already by the action")
        self.assert_only(narrow.undo(), "restored", "still blocked")
        self.assertEqual(403, self.status(url))
        wide.undo()
        self.assertEqual(200, self.status(url))

    def test_two_of_one_run_that_block_the_same_go_together(self):
        url = self.web.url("/together")
        blocks = self.blocks(url, url)
        self.assert_outcomes(blocks.apply(), "moved", "moved")
        results = blocks.undo()
        self.assert_outcomes(results, "restored", "restored")
        for result in results:
            self.assertIn("Taken off", result["detail"])
        self.assertEqual(200, self.status(url))

    def test_what_cannot_be_blocked_says_why_and_hinders_nothing(self):
        url = self.web.url("/good-one")
        blocks = self.blocks("mailto:x@evil.test", "http://", url, "hello")
        results = blocks.apply()
        self.assert_outcomes(results, "failed", "failed", "moved", "failed")
        self.assertIn("“mailto:” are not opened through a web proxy", results[0]["detail"])
        self.assertIn("This is not a URL: its host is neither", results[1]["detail"])
        self.assertEqual([False] * 4, [result["transient"] for result in results])
        self.assertEqual(1, len(self.entries()))
        self.assertEqual(403, self.status(url))

    def test_an_enforcement_point_that_is_none(self):
        self.assert_only(self.blocks("evil.test/a", point="alice@example.test").apply(), "failed",
                         "“alice@example.test” is no place .* “proxy” and “dns”")
        self.assert_only(self.blocks("evil.test/a", point="dns", scope="host").apply(), "failed",
                         "blocks nothing in DNS: .*dns-server")

    def test_nothing_to_undo(self):
        self.assert_only(self.blocks("evil.test/a").undo(), "alreadyRestored", "has blocked nothing")

    def test_an_undo_whose_receipt_is_missing_looks_at_the_list(self):
        blocks = self.blocks(self.web.url("/lost"))
        blocks.apply()
        self.assertEqual(1, len(self.entries()))
        blocks.receipts_file.unlink()
        self.assert_only(blocks.undo(), "restored", "^Taken off")
        self.assertEqual([], self.entries())

    def test_an_entry_that_somebody_took_off(self):
        blocks = self.blocks(self.web.url("/gone"))
        blocks.apply()
        block_list.write(self.proxy.list_file, [])
        self.assert_only(blocks.undo(), "alreadyRestored", "taken off by somebody else")
        blocks.apply()
        self.proxy.list_file.unlink()
        self.assert_outcomes(blocks.undo(), "alreadyRestored")
        self.assertEqual([], self.entries(), "the proxies would go on with the old list")
        self.assertEqual(200, self.status(self.web.url("/gone")))


class Time(UrlCase):
    def test_a_block_ends_by_itself(self):
        url = self.web.url("/timed")
        blocks, results, seen = self.begin_to_end(url, lambda: self.status(url))
        self.assert_only(results, "moved", "The block ends by itself at .* UTC")
        self.assertEqual(403, seen)
        self.assertEqual(200, self.status(url))
        self.assert_only(blocks.undo(), "alreadyRestored", "has ended by itself at")
        self.assertEqual([], self.entries())

    def test_a_time_that_is_over(self):
        blocks = self.blocks("evil.test/a", expiresAt="2020-01-01T00:00:00Z")
        self.assert_only(blocks.apply(), "failed", "to end at 2020-01-01 00:00:00 UTC, which is over")

    def test_the_configuration_says_how_long(self):
        blocks = self.blocks("evil.test/a", changes={"expire_days": 30})
        blocks.apply()
        [one] = block_list.read(self.proxy.list_file)
        self.assertRegex(one.until, "^20[0-9-]+T")
        first = one.until
        blocks.apply()
        self.assertEqual(first, block_list.read(self.proxy.list_file)[0].until)


class Lists(UrlCase):
    def test_a_list_that_cannot_be_written(self):
        (self.folder / "a-file").touch()
        for place, why in (("no/such/folder/list", "No such file or directory"),
                           ("a-file/list", "Not a directory")):
            blocks = self.blocks("evil.test/a", changes={"list": self.folder / place})
            blocks.may_complain = True
            self.assert_only(blocks.apply(), "failed", f"cannot be (written|read): {why}\\. Let the "
                             "service write in that folder, then try again")
            self.assertIn("URLs cannot be blocked", blocks.complaint)

    def test_a_full_disk_is_tried_again(self):
        config = self.folder / "small"
        blocks = self.blocks("evil.test/a", changes={"list": config})
        block_list.write(config, [block_list.entry("url", f"evil{n}.test/") for n in range(3000)])
        blocks.prefix_command = ["prlimit", "--fsize=20000"]
        before = config.read_bytes()
        self.assert_only(blocks.apply(), "failed", "cannot be written: File too large", True)
        self.assertEqual(before, config.read_bytes())
        self.assertEqual([], list(self.folder.glob("small.new")))
        blocks.prefix_command = []
        self.assert_outcomes(blocks.apply(), "moved")
        self.assertEqual(3001, len(block_list.read(config)))

    def test_a_damaged_list_is_left_alone(self):
        self.proxy.list_file.write_text("something else\n")
        blocks = self.blocks("evil.test/a")
        blocks.may_complain = True
        self.assert_only(blocks.apply(), "failed", "The block list cannot be read: it does not begin")
        self.assertIn("URLs cannot be blocked", blocks.complaint)
        self.assertEqual("something else\n", self.proxy.list_file.read_text())
        self.assertEqual({}, blocks.receipts)

    def test_everybody_may_read_it(self):
        self.addCleanup(os.umask, os.umask(0o077))
        self.blocks("evil.test/a").apply()
        self.assertEqual(0o644, self.proxy.list_file.stat().st_mode & 0o777)

    def test_ten_thousand_blocks(self):
        many = [block_list.entry("url", f"evil{n}.test/") for n in range(SPARE)]
        block_list.write(self.proxy.list_file, many)
        blocks = self.blocks(*[self.web.url(f"/many/{n}") for n in range(200)])
        start = time.monotonic()
        results = blocks.apply()
        print(f"# 200 blocks on a list of {SPARE}: {time.monotonic() - start:.3f} s")
        self.assert_outcomes(results, *["moved"] * 200)
        self.assertEqual(403, self.status(self.web.url("/many/199")))
        self.assertEqual(403, self.status(f"http://evil{SPARE - 1}.test/"))
        self.assert_outcomes(blocks.undo(), *["restored"] * 200)
        self.assertEqual(200, self.status(self.web.url("/many/199")))
        self.assertEqual(SPARE, len(self.entries()))

    def test_two_services_lose_nothing(self):
        runs = [self.blocks(*[f"evil{n}-{k}.test/" for k in range(5)]) for n in range(6)]
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for results in pool.map(lambda blocks: blocks.apply(), runs):
                self.assert_outcomes(results, *["moved"] * 5)
        self.assertEqual(30, len(self.entries()))


if __name__ == "__main__":
    unittest.main()
