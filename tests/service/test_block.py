# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way of a block: proposed, approved, refused at the real proxy and in the real DNS, undone and
let through again."""
import datetime
import os
import pathlib
import sys
import tempfile
import unittest

from service import Service, wait_until

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "lab"), str(HERE.parent / "responders")]
import bind  # noqa: E402
import block_list  # noqa: E402
import squid  # noqa: E402
import web  # noqa: E402


class Block(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.web = web.Web().start()
        cls.addClassCleanup(cls.web.stop)
        cls.bind = bind.Bind({"login.evil.test": "192.0.2.66"})
        cls.addClassCleanup(cls.bind.stop)
        cls.bind.start()
        cls.proxy = squid.Squid(block_list.HELPER, block_list.TEMPLATE, wrapper=block_list.WRAPPER)
        cls.addClassCleanup(cls.proxy.stop)
        cls.service = Service(folder / "service", groups={"url": {
            "list": cls.proxy.list_file, "dns-server": cls.bind.address, "dns-zone": cls.bind.zone,
            "dns-key-file": cls.bind.key_file, "dns-timeout-seconds": 2}})
        cls.addClassCleanup(cls.service.stop)
        cls.service.start()
        cls.proxy.start()

    def propose(self, url, assets=("proxy", "dns"), **members):
        posted = self.service.post_investigation([{
            "type": "blockUrl", "verdict": "malicious", "assets": list(assets),
            "reason": "The page asks for passwords.",
            "entity": {"type": "url", "url": url, "threats": ["Phishing"], **members}}])
        return posted["actions"][0]["id"]

    def decide(self, decision, action):
        answer = self.service.decide(decision, [action])
        self.assertEqual(202, answer.status, answer)
        operation = self.service.wait_operation(answer.json["id"])
        action = self.service.action(action)
        return operation, action, {result["asset"]: result for result in action["results"]}

    def test_a_domain_in_both_places_and_back(self):
        action = self.propose("https://login.evil.test/a", scope="domain")
        _, after, results = self.decide("approve", action)
        self.assertEqual("completed", after["status"])
        self.assertEqual({"proxy": "moved", "dns": "moved"},
                         {asset: result["outcome"] for asset, result in results.items()})
        click = self.proxy.click("http://x.login.evil.test/b")
        self.assertEqual(403, click.status)
        self.assertIn(f"Blocked by the action {action}: Phishing.", click.body)
        self.assertEqual(403, self.proxy.tunnel("login.evil.test", 443))
        self.assertEqual("NXDOMAIN", self.bind.look_up("login.evil.test"))
        _, after, results = self.decide("undo", action)
        self.assertEqual("undone", after["status"])
        self.assertNotEqual(403, self.proxy.click("http://login.evil.test/b").status)
        self.assertEqual("192.0.2.66", self.bind.look_up("login.evil.test"))

    def test_one_url_is_for_the_proxies_alone(self):
        url = self.web.url("/login")
        action = self.propose(url)
        _, after, results = self.decide("approve", action)
        self.assertEqual("completed", after["status"])
        self.assertEqual(("moved", "notFound"),
                         (results["proxy"]["outcome"], results["dns"]["outcome"]))
        self.assertIn("DNS does not hold it", results["proxy"]["detail"])
        self.assertIn("The proxies block it", results["dns"]["detail"])
        self.assertEqual(403, self.proxy.click(url).status)
        _, after, _ = self.decide("undo", action)
        self.assertEqual("undone", after["status"])
        self.assertEqual(200, self.proxy.click(url).status)

    def test_the_proxies_do_and_dns_does_not(self):
        """An exception of the administrator's: part success, item by item."""
        self.bind.update(f"add login.evil.test.{self.bind.zone}. 5 CNAME rpz-passthru.")
        action = self.propose("http://login.evil.test/", scope="host")
        _, after, results = self.decide("approve", action)
        self.assertEqual("partlyCompleted", after["status"])
        self.assertEqual(("moved", "failed"),
                         (results["proxy"]["outcome"], results["dns"]["outcome"]))
        self.assertIn("another rule", results["dns"]["detail"])
        self.bind.update(f"delete login.evil.test.{self.bind.zone}. CNAME")
        _, after, results = self.decide("retry", action)
        self.assertEqual("completed", after["status"])
        self.assertEqual("NXDOMAIN", self.bind.look_up("login.evil.test"))
        _, after, _ = self.decide("undo", action)
        self.assertEqual("undone", after["status"])

    def test_a_dns_server_that_is_down_is_waited_for(self):
        action = self.propose("http://login.evil.test/", scope="host")
        self.bind.halt()
        answer = self.service.decide("approve", [action])
        # The proxies do not wait for it.
        wait_until(lambda: self.proxy.click("http://login.evil.test/").status == 403, "the proxies")
        self.assertEqual("running", self.service.action(action)["status"])
        self.bind.restart()
        self.service.wait_operation(answer.json["id"])
        self.assertEqual("completed", self.service.action(action)["status"])
        self.assertEqual("NXDOMAIN", self.bind.look_up("login.evil.test"))
        self.decide("undo", action)

    def test_killed_in_the_middle(self):
        action = self.propose("http://login.evil.test/", scope="domain")
        for decision, blocked in (("approve", True), ("undo", False)):
            answer = self.service.decide(decision, [action])
            self.service.kill9()
            self.service.start()
            self.service.wait_operation(answer.json["id"])
            self.assertEqual(blocked, self.proxy.click("http://login.evil.test/").status == 403)
            self.assertEqual(blocked, self.bind.look_up("login.evil.test") == "NXDOMAIN")
        self.assertEqual("undone", self.service.action(action)["status"])

    @staticmethod
    def now():
        return datetime.datetime.now(datetime.timezone.utc)

    def test_a_block_that_ends_by_itself_is_taken_out_of_dns(self):
        # Again, with more time, where it has ended before it was seen.
        for seconds in (4, 8, 16, 32, 64, 128):
            until = self.now() + datetime.timedelta(seconds=seconds)
            action = self.propose("http://login.evil.test/", scope="host", expiresAt=until.isoformat())
            self.service.wait_operation(self.service.decide("approve", [action]).json["id"])
            seen = self.bind.look_up("login.evil.test")
            if self.now() < until:
                break
        self.assertEqual("NXDOMAIN", seen)
        wait_until(lambda: self.bind.look_up("login.evil.test") == "192.0.2.66", "the end of the block")
        self.assertGreaterEqual(self.now(), until)
        wait_until(lambda: block_list.read(self.proxy.list_file) == [], "an empty list")
        self.assertNotEqual(403, self.proxy.click("http://login.evil.test/").status)

    def test_a_scope_that_is_none_is_refused(self):
        answer = self.service.request("POST", "/investigations", {
            "externalId": "odd", "title": "x", "actions": [{
                "type": "blockUrl", "verdict": "malicious", "assets": ["proxy"],
                "entity": {"type": "url", "url": "http://evil.test/", "scope": "planet"}}]},
                                      role="detector")
        self.assertEqual(400, answer.status, answer)
        self.assertEqual("actions[0].entity.scope", answer.json["field"])


class Impatience(unittest.TestCase):
    def test_blocks_are_tried_again_for_a_time_of_their_own(self):
        """One second here, where that of mail is ten minutes: the action fails while it is young."""
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            blocked = folder / "lists" / "blocked"
            service = Service(folder / "service", groups={"url": {
                "list": blocked, "retry-seconds": 1}})
            blocked.parent.mkdir()
            service.start()
            self.addCleanup(service.stop)
            posted = service.post_investigation([{
                "type": "blockUrl", "verdict": "malicious", "assets": ["proxy"],
                "entity": {"type": "url", "url": "https://evil.test/"}}])
            # Nothing can be written there, not even by root.
            blocked.unlink()
            for lock in blocked.parent.iterdir():
                lock.unlink()
            blocked.parent.rmdir()
            action = posted["actions"][0]["id"]
            answer = service.decide("approve", [action])
            operation = service.wait_operation(answer.json["id"])
            self.assertEqual("failed", operation["items"][0]["status"])
            self.assertIn("lists", operation["items"][0]["detail"])


class Configuration(unittest.TestCase):
    def complain(self, **keys):
        with tempfile.TemporaryDirectory() as folder:
            service = Service(folder, groups={"url": keys})
            service.launch()
            service.process.wait(60)
            return service.log

    def test_what_is_wrong_is_said_before_it_starts(self):
        with tempfile.NamedTemporaryFile() as key:
            dns = {"list": "/nowhere/blocked", "dns-server": "127.0.0.1", "dns-zone": "policy.lab",
                   "dns-key-file": key.name}
            for changes, said in (({"list": ""}, "[url] list: The key is required"),
                                  ({"list": "blocked"}, "does not begin with “/”"),
                                  ({"expire-days": "soon"}, "not a number from 0 to 3650"),
                                  ({"retry-seconds": "0"}, "not a number from 1 to 604800"),
                                  ({"dns-server": "ns.example.test"}, "is not an IP address"),
                                  ({"dns-server": ""}, "means nothing without dns-server"),
                                  ({"dns-zone": "a b"}, "is not the name of a zone"),
                                  ({"dns-key-file": "/nowhere"}, "cannot be opened"),
                                  ({"dns-timeout-seconds": "0"}, "not a number from 1 to 3600")):
                with self.subTest(changes=changes):
                    self.assertIn(said, self.complain(**{**dns, **changes}))
            os.chmod(key.name, 0o644)
            self.assertIn("chmod 600", self.complain(**dns))


if __name__ == "__main__":
    unittest.main()
