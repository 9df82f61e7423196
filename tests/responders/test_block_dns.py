# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocking and unblocking in DNS, looked up at the real BIND."""
import os
import signal
import time
import unittest

import block_list
import url_case
from lab import free_ports, wait_until

ZONE = "policy.lab"


class DnsCase(url_case.UrlCase):
    has_dns = True

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clear)

    def clear(self):
        names = {one.key for one in block_list.read(self.proxy.list_file)} | {
            "evil.test", "login.evil.test", "other.test"}
        self.bind.update(*[f"delete {star}{name}.{ZONE}. CNAME ." for name in names
                           for star in ("", "*.")])
        free = {name: url_case.NAMES[name] for name in ("evil.test", "login.evil.test", "other.test")}
        wait_until(lambda: self.look_up(*free) == list(free.values()), "the names to be free")

    def dns(self, *urls, scope="domain", changes=None, **members):
        """Actions in DNS."""
        return self.blocks(*urls, point="dns", scope=scope, changes=changes, **members)

    def look_up(self, *names):
        return [self.bind.look_up(name) for name in names]


class Names(DnsCase):
    def test_a_domain_is_blocked_with_all_names_below_it_and_let_go(self):
        blocks = self.dns("https://evil.test/some/page")
        self.assert_only(blocks.apply(), "moved", "^DNS answers as if there were no name “evil.test”, "
                         "nor any name below it")
        self.assertEqual(["NXDOMAIN"] * 2, self.look_up("evil.test", "login.evil.test"))
        self.assertEqual(["192.0.2.1"], self.look_up("www.good.test"))
        self.assertEqual([("domain", "evil.test", blocks.tasks[0]["actionId"])], self.entries("dns"))
        self.assertEqual([], self.entries("proxy"))
        self.assert_only(blocks.undo(), "restored", "^Taken off: nothing in DNS refuses")
        self.assertEqual(["192.0.2.67", "192.0.2.66"], self.look_up("evil.test", "login.evil.test"))
        self.assertEqual([], self.entries("dns"))

    def test_a_host_leaves_the_names_below_it(self):
        blocks = self.dns("evil.test", scope="host")
        self.assert_outcomes(blocks.apply(), "moved")
        self.assertEqual(["NXDOMAIN", "192.0.2.66"], self.look_up("evil.test", "login.evil.test"))
        self.assert_outcomes(blocks.undo(), "restored")
        self.assertEqual(["192.0.2.67"], self.look_up("evil.test"))

    def test_what_dns_cannot_hold_is_left_to_the_proxies(self):
        for url, scope, said in (("http://evil.test/a", "url", "knows names only"),
                                 ("http://evil.test/a", "anyQuery", "knows names only"),
                                 ("http://192.0.2.66/", "host", "which is no name"),
                                 ("http://[2001:db8::1]/", "domain", "which is no name"),
                                 ("http://a;b.evil.test/", "host", "which is no name"),
                                 ("http://a..evil.test/", "host", "which is no name"),
                                 (f"http://{'a' * 64}.test/", "host", "which is no name")):
            with self.subTest(url=url):
                blocks = self.dns(url, scope=scope)
                self.assert_only(blocks.apply(), "notFound", f"^Nothing to do in DNS: .*{said}")
                self.assertEqual({}, blocks.receipts)

    def test_twice_is_once(self):
        blocks = self.dns("evil.test")
        for _ in range(2):
            self.assert_outcomes(blocks.apply(), "moved")
            self.assertEqual(["NXDOMAIN"], self.look_up("login.evil.test"))
        for _ in range(2):
            self.assert_outcomes(blocks.undo(), "restored")
            self.assertEqual(["192.0.2.66"], self.look_up("login.evil.test"))

    def test_what_another_action_blocks_stays_blocked(self):
        domain, host, below = (self.dns("evil.test"), self.dns("evil.test", scope="host"),
                               self.dns("login.evil.test", scope="host"))
        self.assert_outcomes(domain.apply(), "moved")
        self.assert_only(host.apply(), "moved", "It was blocked already by the action")
        self.assert_only(below.apply(), "moved", "It was blocked already by the action")
        # The host stays for the second action, the rest of the domain is free again.
        self.assert_outcomes(domain.undo(), "restored")
        self.assertEqual(["NXDOMAIN", "NXDOMAIN"], self.look_up("evil.test", "login.evil.test"))
        self.assert_only(below.undo(), "restored", "^Taken off")
        self.assertEqual(["NXDOMAIN", "192.0.2.66"], self.look_up("evil.test", "login.evil.test"))
        self.assert_only(host.undo(), "restored", "^Taken off")
        self.assertEqual(["192.0.2.67"], self.look_up("evil.test"))

    def test_a_domain_above_keeps_a_host_blocked(self):
        domain, host = self.dns("evil.test"), self.dns("login.evil.test", scope="host")
        domain.apply()
        host.apply()
        self.assert_only(host.undo(), "restored", "is still blocked in DNS by the action")
        self.assertEqual(["NXDOMAIN"], self.look_up("login.evil.test"))
        domain.undo()
        self.assertEqual(["192.0.2.66"], self.look_up("login.evil.test"))

    def test_a_rule_that_no_action_has_made_is_left_alone(self):
        self.bind.update(f"add other.test.{ZONE}. 5 CNAME .")
        wait_until(lambda: self.look_up("other.test") == ["NXDOMAIN"], "the rule to be in force")
        blocks = self.dns("other.test", scope="host")
        self.assert_only(blocks.apply(), "alreadyThere", "by a rule that no action has made")
        self.assertEqual({}, blocks.receipts)
        self.assert_only(blocks.undo(), "alreadyRestored", "has blocked nothing")
        self.assertEqual(["NXDOMAIN"], self.look_up("other.test"))

    def rule(self, name):
        """A rule of the administrator, in force."""
        self.bind.update(f"add {name}.{ZONE}. 5 CNAME .")
        wait_until(lambda: self.look_up(name.replace("*", "login")) == ["NXDOMAIN"],
                   "the rule to be in force")

    def test_a_domain_of_which_no_action_has_blocked_a_part(self):
        free = ["192.0.2.67", "192.0.2.66"]
        for name, said, after in (("evil.test", "blocks “evil.test” itself", ["NXDOMAIN", free[1]]),
                                  ("*.evil.test", "blocks all names below “evil.test”",
                                   [free[0], "NXDOMAIN"])):
            with self.subTest(name=name):
                self.rule(name)
                first, second = self.dns("evil.test"), self.dns("evil.test")
                for blocks in first, second:
                    self.assert_only(blocks.apply(), "moved", f"no action has made {said}\\. It was left")
                    self.assert_only(blocks.apply(), "moved", f"no action has made {said}\\. It was left")
                self.assertEqual(["NXDOMAIN"] * 2, self.look_up("evil.test", "login.evil.test"))
                self.assert_only(first.undo(), "restored", "still blocked in DNS by the action")
                self.assertEqual(["NXDOMAIN"] * 2, self.look_up("evil.test", "login.evil.test"))
                self.assert_only(second.undo(), "restored", f"but a rule that no action has made {said}")
                self.assertEqual(after, self.look_up("evil.test", "login.evil.test"))
                self.assertEqual([], self.entries("dns"))
                self.clear()

    def test_a_rule_that_an_action_has_left_is_not_kept_for_it(self):
        free = ["192.0.2.67", "192.0.2.66"]
        for name, scope in (("evil.test", "host"), ("*.evil.test", "domain")):
            with self.subTest(name=name):
                self.rule(name)
                first, second = self.dns("evil.test"), self.dns("evil.test", scope=scope)
                self.assert_only(first.apply(), "moved", "It was left")
                self.bind.update(f"delete {name}.{ZONE}. CNAME .")
                wait_until(lambda: "NXDOMAIN" not in self.look_up(name.replace("*", "login")),
                           "the rule to be gone")
                self.assert_outcomes(second.apply(), "moved")
                self.assert_outcomes(second.undo(), "restored")
                self.assert_outcomes(first.undo(), "restored")
                wait_until(lambda: self.look_up("evil.test", "login.evil.test") == free,
                           "the names to be free")
                self.assertEqual([], self.entries("dns"))

    def test_what_an_action_has_blocked_is_not_taken_for_a_rule_of_nobody(self):
        host, domain = self.dns("evil.test", scope="host"), self.dns("evil.test")
        self.assert_outcomes(host.apply(), "moved")
        self.assert_only(domain.apply(), "moved", "^((?!no action has made).)*$")
        self.assert_outcomes(host.undo(), "restored")
        self.assert_outcomes(domain.undo(), "restored")
        self.assertEqual(["192.0.2.67", "192.0.2.66"], self.look_up("evil.test", "login.evil.test"))

    def test_a_part_that_no_action_has_blocked_outlives_the_block(self):
        self.rule("evil.test")
        blocks, results, seen = self.begin_to_end("evil.test", lambda: self.look_up("login.evil.test"),
                                                  point="dns", scope="domain")
        self.assert_outcomes(results, "moved")
        self.assertEqual(["NXDOMAIN"], seen)
        self.assert_only(blocks.undo(), "alreadyRestored", "blocks “evil.test” itself")
        self.assertEqual(["NXDOMAIN", "192.0.2.66"], self.look_up("evil.test", "login.evil.test"))

    def test_an_exception_of_the_administrator_is_left_alone(self):
        self.bind.update(f"add www.good.test.{ZONE}. 5 CNAME rpz-passthru.")
        blocks = self.dns("www.good.test", "other.test", scope="host")
        results = blocks.apply()
        self.assert_outcomes(results, "failed", "moved")
        self.assertRegex(results[0]["detail"], "has another rule for this name; it was left")
        self.assertEqual(["192.0.2.1", "NXDOMAIN"], self.look_up("www.good.test", "other.test"))
        self.assertEqual(["other.test"], [key for _, key, _ in self.entries("dns")])

    def test_a_block_that_is_refused_leaves_no_rule(self):
        self.bind.update(f"add *.evil.test.{ZONE}. 5 CNAME rpz-passthru.")
        self.addCleanup(self.bind.update, f"delete *.evil.test.{ZONE}. CNAME")
        more = [f"x{number}.test" for number in range(60)]
        for urls in (["evil.test"], ["evil.test", "other.test"], [*more, "evil.test", "other.test"]):
            with self.subTest(urls=urls):
                # The name alone makes that both of the domain do not come into one update.
                blocks = self.dns("y.test", scope="host")
                for url in urls:
                    blocks.add(url, scope="domain")
                results = blocks.apply()
                self.assertEqual(["evil.test"],
                                 [task["entity"]["url"] for task, result in zip(blocks.tasks, results)
                                  if result["outcome"] == "failed"], results)
                failed, = [result for result in results if result["outcome"] == "failed"]
                self.assertRegex(failed["detail"], "has another rule for this name; it was left")
                self.assertFalse(failed["didPart"])
                self.assertNotIn("evil.test CNAME .", self.bind.rules())
                # What was taken back is in force a moment later.
                wait_until(lambda: self.look_up("evil.test", "login.evil.test") ==
                           ["192.0.2.67", "192.0.2.66"], "the names to be free")
                self.assertNotIn("evil.test", [key for _, key, _ in self.entries("dns")])
                self.assert_outcomes(blocks.undo(), *["restored"] * len(results))

    def test_what_was_left_at_a_block_that_was_refused_is_looked_at_again(self):
        for rules, said, after in (([], "^((?!no action has made).)*$", ["192.0.2.67", "192.0.2.66"]),
                                   (["evil.test"], "no action has made blocks “evil.test” itself",
                                    ["NXDOMAIN", "192.0.2.66"])):
            with self.subTest(rules=rules):
                self.rule("*.evil.test")
                self.bind.update(f"add evil.test.{ZONE}. 5 CNAME rpz-passthru.")
                self.addCleanup(self.bind.update, f"delete evil.test.{ZONE}. CNAME")
                blocks = self.dns("evil.test", changes={"dns_timeout_seconds": 5})
                self.assert_only(blocks.apply(), "failed", "has another rule for this name; it was left")
                self.bind.update(f"delete evil.test.{ZONE}. CNAME", f"delete *.evil.test.{ZONE}. CNAME")
                wait_until(lambda: self.look_up("evil.test", "login.evil.test") ==
                           ["192.0.2.67", "192.0.2.66"], "the names to be free")
                for name in rules:
                    self.rule(name)
                self.assert_only(blocks.apply(), "moved", said)
                self.assertEqual(["NXDOMAIN"] * 2, self.look_up("evil.test", "login.evil.test"))
                self.assert_outcomes(blocks.undo(), "restored")
                self.assertEqual(after, self.look_up("evil.test", "login.evil.test"))
                self.clear()

    def test_many_names_at_once(self):
        urls = [f"evil{number}.test" for number in range(200)]
        blocks = self.dns(*urls)
        start = time.monotonic()
        self.assert_outcomes(blocks.apply(), *["moved"] * len(urls))
        print(f"# 200 domains in DNS: {time.monotonic() - start:.3f} s")
        self.assertEqual(["NXDOMAIN"] * 2, self.look_up("evil0.test", "x.evil199.test"))
        self.assert_outcomes(blocks.undo(), *["restored"] * len(urls))

    def test_an_international_name(self):
        blocks = self.dns("http://münchen.test/")
        self.assert_outcomes(blocks.apply(), "moved")
        self.assertEqual([("domain", "xn--mnchen-3ya.test")],
                         [one[:2] for one in self.entries("dns")])
        self.bind.look_up("xn--mnchen-3ya.test")

    def test_a_block_ends_by_itself(self):
        blocks, results, seen = self.begin_to_end("evil.test", lambda: self.look_up("evil.test"),
                                                  point="dns", scope="domain")
        self.assert_outcomes(results, "moved")
        self.assertEqual(["NXDOMAIN"], seen)
        self.assert_only(blocks.undo(), "alreadyRestored", "has ended by itself")
        self.assertEqual(["192.0.2.67"], self.look_up("evil.test"))


class Trouble(DnsCase):
    def test_a_server_that_is_down_is_tried_again(self):
        blocks = self.dns("evil.test")
        self.bind.halt()
        try:
            self.assert_only(blocks.apply(), "failed", "does not answer|cannot be reached", True)
        finally:
            self.bind.restart()
        self.assert_outcomes(blocks.apply(), "moved")
        self.bind.halt()
        try:
            self.assert_only(blocks.undo(), "failed", "cannot be reached", True)
            self.assertEqual(1, len(self.entries("dns")), "what still blocks must not be forgotten")
        finally:
            self.bind.restart()
        self.assert_outcomes(blocks.undo(), "restored")
        self.assertEqual(["192.0.2.67"], self.look_up("evil.test"))

    def test_a_server_that_hangs_is_tried_again(self):
        blocks = self.dns("evil.test", changes={"dns_timeout_seconds": 1})
        os.kill(self.bind.process.pid, signal.SIGSTOP)
        try:
            start = time.monotonic()
            self.assert_only(blocks.apply(), "failed", "does not answer", True)
            self.assertLess(time.monotonic() - start, 20)
        finally:
            os.kill(self.bind.process.pid, signal.SIGCONT)
        self.assert_outcomes(blocks.apply(), "moved")

    def test_a_wrong_signature(self):
        wrong = self.bind.folder / "wrong.key"
        self.bind.write_key(wrong, os.urandom(32))
        blocks = self.dns("evil.test", changes={"dns_key_file": wrong})
        self.assert_only(blocks.apply(), "failed", "refused the update .*: the signature is wrong")
        self.assertEqual([], self.entries("dns"))
        # Once it is put right, the same action goes on.
        blocks.settings = self.settings()
        self.assert_outcomes(blocks.apply(), "moved")
        self.assert_outcomes(blocks.undo(), "restored")

    def test_a_key_that_the_server_does_not_know(self):
        other = self.bind.folder / "other.key"
        other.touch(mode=0o600)
        other.write_text(self.bind.key_file.read_text().replace(self.bind.key_name, "nobody"))
        self.assert_only(self.dns("evil.test", changes={"dns_key_file": other}).apply(), "failed",
                         "it does not know the key")

    def test_a_file_that_is_no_key(self):
        junk = self.bind.folder / "junk.key"
        junk.touch(mode=0o600)
        junk.write_text("hello\n")
        self.assert_only(self.dns("evil.test", changes={"dns_key_file": junk}).apply(), "failed",
                         "the key file cannot be read as a key")

    def test_a_zone_that_the_server_does_not_hold(self):
        self.assert_only(self.dns("evil.test", changes={"dns_zone": "elsewhere.lab"}).apply(),
                         "failed", "does not hold that zone")

    def test_a_server_that_ignores_the_zone(self):
        """The update is taken, but nobody is refused: that is not done."""
        other = url_case.bind.Bind(url_case.NAMES, in_force=False)
        self.addCleanup(other.stop)
        other.start()
        blocks = self.dns("evil.test", changes={
            "dns_server": other.address, "dns_key_file": other.key_file,
            "dns_timeout_seconds": 5})
        self.assert_only(blocks.apply(), "failed", "does not answer “evil.test” by it", True)

    def test_a_rule_whose_action_was_cut_off_is_known_as_its(self):
        """DNS has taken the rule and shows it only later, when the action has failed or died: what
        blocks the same then must not take it for somebody else's."""
        first = self.dns("evil.test", changes={"dns_timeout_seconds": 5})
        second = self.dns("login.evil.test", scope="host")
        self.bind.in_force = False
        self.bind.restart()
        try:
            self.assert_only(first.apply(), "failed", "does not answer “evil.test” by it", True)
        finally:
            self.bind.in_force = True
            self.bind.restart()
        self.assertEqual(["evil.test"], [key for _, key, _ in self.entries("dns")])
        self.assert_only(second.apply(), "moved", "by the action " + first.tasks[0]["actionId"])
        self.assert_only(first.undo(), "restored", "^Taken off")
        self.assertEqual(["192.0.2.67", "NXDOMAIN"], self.look_up("evil.test", "login.evil.test"))
        self.assert_outcomes(second.undo(), "restored")
        self.assertEqual([], self.entries("dns"))

    def test_nobody_listens(self):
        [port] = free_ports(1)
        blocks = self.dns("evil.test", changes={"dns_server": f"127.0.0.1:{port}",
                                                "dns_timeout_seconds": 1})
        self.assert_only(blocks.apply(), "failed", "does not answer", True)


if __name__ == "__main__":
    unittest.main()
