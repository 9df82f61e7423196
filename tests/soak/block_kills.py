# SPDX-License-Identifier: GPL-3.0-or-later
"""kills.py for URLs that are blocked and let through again, at a real proxy and in a real DNS server: the
list and the policy zone hold what the service's receipts say, and nothing else that was not there."""
import json

from kills import Item, Run, Service, Work, expect

import bind
import block_list
import squid
import web

SCOPES = ("domain", "host", "url", "anyQuery")
# Rules of the administrator's in the policy zone, which stay as they are.
POLICY = "www.good.test CNAME rpz-passthru.\nold.test CNAME .\n*.old.test CNAME .\n"
CLICKS = 6


class BlockItem(Item):
    begun_states = frozenset(("blocking", "unblocking"))
    undo_states = frozenset(("unblocked",))


class BlockWork(Work):
    item_class = BlockItem


class BlockRun(Run):
    """URLs of all scopes; some hosts are blocked by two actions, by one as a part of a domain."""

    work_class = BlockWork
    server_name = "proxy or DNS server"
    what = "blocks"

    def __init__(self, folder, chance, **wanted):
        self.proxy = self.bind = self.web = None
        self.zone_before = set()
        super().__init__(folder, chance, **wanted)

    def make_service(self, folder):
        self.web = web.Web()
        self.proxy = squid.Squid(block_list.HELPER, block_list.TEMPLATE)
        self.bind = bind.Bind({f"{name}{number}.evil.test": f"192.0.2.{1 + number % 200}"
                               for number in range(self.actions) for name in ("", "login.n", "n")},
                              policy=POLICY)
        return Service(folder / "service", groups={"url": {}})

    def start_servers(self):
        self.web.start()
        block_list.write(self.proxy.list_file, [])
        self.proxy.start()
        self.bind.start()
        self.service.groups["url"] = {
            "list": self.proxy.list_file, "dns-server": self.bind.address,
            "dns-zone": self.bind.zone, "dns-key-file": self.bind.key_file,
            "dns-timeout-seconds": 2}

    def stop_servers(self):
        self.proxy.stop()
        self.bind.stop()
        self.web.stop()

    def server_log(self):
        return self.proxy.log + self.bind.log

    def crash_server(self):
        server = self.chance.choice((self.proxy, self.bind))
        server.kill9()
        return server.restart

    def choose(self):
        self.zone_before = self.bind.rules()
        chosen = []
        for number in range(self.actions):
            scope = SCOPES[number % len(SCOPES)]
            # Every fourth host is one of a domain that another action blocks.
            host = f"n{number}.evil.test" if number % 4 != 1 else f"login.n{number - 1}.evil.test"
            chosen.append((scope, f"http://{host}/a?q={number}"))
        self.chance.shuffle(chosen)
        return chosen

    def propose(self, targets):
        return [one["id"] for one in self.service.post_investigation([{
            "type": "blockUrl", "verdict": "malicious",
            "assets": ["proxy", "dns"] if scope in ("domain", "host") else ["proxy"],
            "entity": {"type": "url", "url": url, "scope": scope}}
                                                                   for scope, url in targets])["actions"]]

    def is_applied(self, item, cache):
        if item.asset == "proxy":
            return any(one.action == item.action and one.point == "proxy"
                       for one in block_list.read(self.proxy.list_file))
        if "zone" not in cache:
            cache["zone"] = self.bind.rules()
        return f"{json.loads(item.receipt)['key']} CNAME ." in cache["zone"]

    # --- what must be true ---

    def receipts(self):
        """What the store says is blocked: (point, scope, key, action)."""
        found = set()
        for action, asset, body in self.work.rows(
                "SELECT a.id, r.asset, r.body FROM receipts AS r JOIN actions AS a "
                "ON a.seq = r.action"):
            receipt = json.loads(body)
            if receipt["state"] == "blocked":
                found.add((asset, receipt["scope"], receipt["key"], action))
            else:
                expect("unblocked", receipt["state"], f"the receipt of {action} on {asset}")
        return found

    def check_servers(self, targets, actions, gone, told):
        blocked = self.receipts()
        points = sum(2 if scope in ("domain", "host") else 1 for scope, _ in targets)
        expect(points if gone else 0, len(blocked), "blocks that the store knows of")
        entries = [(one.point, one.scope, one.key, one.action)
                   for one in block_list.read(self.proxy.list_file)]
        expect(sorted(blocked), sorted(entries), "the list")
        rules = set(self.zone_before)
        for point, scope, key, _ in blocked:
            if point == "dns":
                rules.add(f"{key} CNAME .")
                if scope == "domain":
                    rules.add(f"*.{key} CNAME .")
        expect(rules, self.bind.rules(), "the policy zone")
        for scope, url in self.chance.sample(targets, CLICKS):
            refused = self.proxy.click(url).status == 403
            expect(gone, refused, f"the proxy refuses {url}")
            if scope in ("domain", "host"):
                host = url.split("/")[2]
                expect(gone, self.bind.look_up(host) == "NXDOMAIN", f"DNS refuses {host}")
        return 0
