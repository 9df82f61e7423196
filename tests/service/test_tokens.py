# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens: made once, kept as hashes in a file of the owner's own, and good for what the role allows."""
import re
import stat

from case import ServiceCase
from service import ROLES, investigation

PERMISSIONS = {"reader": ["read"], "responder": ["read", "decide"],
               "detector": ["postInvestigations"],
               "admin": ["read", "decide", "postInvestigations", "readAudit", "judge"]}
READERS = {"reader", "responder", "admin"}
# What each route needs, and a request that gets so far.
ROUTES = [
    ("GET", "/actions", None, READERS), ("GET", "/actions/none", None, READERS),
    ("GET", "/investigations", None, READERS), ("GET", "/investigations/none", None, READERS),
    ("GET", "/operations/none", None, READERS), ("GET", "/changes", None, READERS),
    ("POST", "/operations", {"decision": "approve", "actionIds": ["none"]},
     {"responder", "admin"}),
    ("DELETE", "/operations/none", None, {"responder", "admin"}),
    ("POST", "/investigations", investigation(0), {"detector", "admin"}),
    ("GET", "/me", None, set(ROLES)), ("GET", "/healthz", None, set(ROLES)),
]


class Tokens(ServiceCase):
    tap_class = "tokens"

    @property
    def file(self):
        return self.service.folder / "tokens"

    def test_me_says_who_i_am_and_what_i_may(self):
        for role, permissions in PERMISSIONS.items():
            answer = self.request("GET", "/me", role=role)
            self.assertEqual({"name": f"the.{role}", "role": role, "permissions": permissions,
                              "historyDays": 180, "secondPerson": False}, answer.json)

    def test_each_route_takes_the_roles_it_should_and_no_other(self):
        for method, path, body, allowed in ROUTES:
            for role in ROLES:
                with self.subTest(method=method, path=path, role=role):
                    answer = self.request(method, path, body, role=role)
                    if role in allowed:
                        self.assertIn(answer.status, (200, 201, 404))
                        continue
                    self.assert_problem(answer, 403, "forbidden", said=f"the role “{role}”")
                    needed = re.search(r"needs the role “(\w+)”", answer.json["detail"])[1]
                    self.assertIn(needed, allowed)

    def test_each_route_but_health_wants_a_token(self):
        for method, path, body, _ in ROUTES:
            if path == "/healthz":
                continue
            for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"},
                            {"Authorization": self.service.token("admin")}):
                with self.subTest(method=method, path=path, headers=headers):
                    answer = self.request(method, path, body, role=None, headers=headers)
                    self.assert_problem(answer, 401, "unauthorized", "Authorization")
        self.assertEqual(200, self.request("GET", "/healthz", role=None).status)

    def test_wrong_tokens_are_refused_and_slowed_down_and_good_ones_are_not(self):
        good = self.service.token("reader")
        wrong = [good[:-1], good + "0", good.upper(), "", "x", "ac_" + "0" * 64,
                 self.file.read_text().split("sha256=")[1][:64]]
        statuses = []
        for token in wrong + [f"wrong-{i}" for i in range(60)]:
            answer = self.request("GET", "/me", token=token or "-", source="127.0.0.9")
            statuses.append(answer.status)
            self.assertIn(answer.problem, ("unauthorized", "too-many-requests"))
        self.assertEqual([401] * 15, statuses[:15])
        self.assertIn(429, statuses)
        self.assertNotIn(200, statuses)
        # The same address with a good token, and another address with a wrong one.
        self.assertEqual(200, self.request("GET", "/me", source="127.0.0.9").status)
        self.assertEqual(401, self.request("GET", "/me", token="x", source="127.0.0.10").status)

    def test_a_revoked_token_is_worthless_at_once(self):
        self.service.add_token("reader", "short.lived")
        connection = self.service.connect()
        self.addCleanup(connection.close)
        self.assertEqual(200, self.request("GET", "/me", role="short.lived",
                                           connection=connection).status)
        self.service.run("token", "revoke", "--name", "short.lived")
        answer = self.request("GET", "/me", role="short.lived", connection=connection)
        self.assert_problem(answer, 401, "unauthorized")
        self.assertNotIn("short.lived", self.service.run("token", "list").stdout)
        self.assertEqual(200, self.request("GET", "/me").status)

    def test_the_file_holds_hashes_and_is_for_its_owner_only(self):
        text = self.file.read_text()
        self.assertEqual(0o600, stat.S_IMODE(self.file.stat().st_mode))
        for token in self.service.tokens.values():
            self.assertRegex(token, r"^ac_[0-9a-f]{64}$")
            self.assertNotIn(token, text)
            self.assertNotIn(token.removeprefix("ac_"), text)

    def test_a_file_that_others_may_read_opens_nothing(self):
        try:
            self.file.chmod(0o640)
            self.assert_problem(self.request("GET", "/me"), 401, "unauthorized")
            done = self.service.run("token", "list", check=False)
            self.assertEqual(1, done.returncode)
            self.assertIn("chmod 600", done.stderr)
        finally:
            self.file.chmod(0o600)
        self.assertEqual(200, self.request("GET", "/me").status)

    def test_a_broken_file_opens_nothing(self):
        whole = self.file.read_bytes()
        try:
            self.file.write_bytes(whole[:-20])
            self.assert_problem(self.request("GET", "/me"), 401, "unauthorized")
        finally:
            self.file.write_bytes(whole)
        self.assertEqual(200, self.request("GET", "/me").status)

    def test_names_must_be_usable_and_stand_once(self):
        for name in ("", "-x", "a b", "a\nb", "ä", "x" * 65, "a]b", "a/b"):
            done = self.service.run("token", "add", f"--name={name}", "--role", "reader",
                                    check=False)
            self.assertNotEqual(0, done.returncode, name)
        done = self.service.run("token", "add", "--name", "the.reader", "--role", "admin",
                                check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("already", done.stderr)
        done = self.service.run("token", "revoke", "--name", "nobody", check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("nobody", done.stderr)

    def test_the_list_names_everybody_and_shows_no_secret(self):
        said = self.service.run("token", "list").stdout
        for role in ROLES:
            self.assertIn(f"the.{role} {role}\n", said)
        self.assertNotRegex(said, r"[0-9a-f]{32}")
