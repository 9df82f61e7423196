# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever comes in that makes no sense gets a problem document naming the cause, and the service goes
on."""
import http.client
import json
import socket
import urllib.parse

from api import BASE
from case import ServiceCase
from service import API, Answer, investigation

GOOD = {"decision": "approve", "actionIds": ["no-such-action"]}
NESTED = b"[" * 100_000


class FakeSocket:
    """What http.client needs to read an answer out of a socket."""

    def __init__(self, sock):
        self.sock = sock

    def makefile(self, mode):
        return self.sock.makefile(mode)


def read_answer(sock, method="GET"):
    """One answer from a socket."""
    response = http.client.HTTPResponse(FakeSocket(sock), method=method)
    response.begin()
    return Answer(response, response.read())


class BadInput(ServiceCase):
    tap_class = "bad-input"

    def tearDown(self):
        self.assert_alive()

    def raw(self, data, path=BASE + "/me", method="GET"):
        """Sends bytes as they are and gives the answer."""
        parts = urllib.parse.urlsplit(self.service.url)
        with socket.create_connection((parts.hostname, parts.port), 30) as sock:
            sock.sendall(data)
            answer = read_answer(sock)
        API.check(method, path, answer)
        return answer

    def head(self, *lines, first="GET /api/v1/me HTTP/1.1", host="Host: x"):
        token = f"Authorization: Bearer {self.service.token('admin')}"
        fields = [line for line in (first, host, token, *lines) if line is not None]
        return "".join(f"{line}\r\n" for line in [*fields, ""]).encode("latin-1")

    # --- bodies ---

    def test_a_body_that_is_not_json_is_refused(self):
        for body, said in ((b"", "empty"), (b'{"decision":', "end"), (b"{} {}", "behind"),
                           (b"nonsense", "JSON"), (b'{"a": "\xff"}', "UTF-8"), (NESTED, "nesting"),
                           (b'{"a":' * 100_000, "nesting"), (b'{"a": "\\u0000"}', "U+0000"),
                           (b"{'a': 1}", "JSON"), (b'{"a": 123456789012345678901234}', "number")):
            for path in ("/operations", "/investigations"):
                with self.subTest(body=body[:30], path=path):
                    answer = self.request("POST", path, body)
                    self.assert_problem(answer, 400, "bad-json", said=said)

    def test_a_body_that_is_no_object_is_refused(self):
        answer = self.request("POST", "/operations", b"[]")
        self.assert_problem(answer, 400, "wrong-type", said="array")

    def test_a_member_that_is_missing_is_named(self):
        self.assert_problem(self.request("POST", "/operations", {"decision": "approve"}), 400,
                            "missing-member", "actionIds")
        self.assert_problem(self.request("POST", "/operations", {"actionIds": ["a"]}), 400,
                            "missing-member", "decision")
        body = investigation(1)
        del body["actions"][0]["entity"]["messageId"]
        self.assert_problem(self.request("POST", "/investigations", body), 400, "missing-member",
                            "actions[0].entity.messageId")

    def test_a_member_that_is_unknown_is_named(self):
        self.assert_problem(self.request("POST", "/operations", {**GOOD, "force": True}), 400,
                            "unknown-member", "force")
        body = investigation(1)
        body["actions"][0]["entity"]["colour"] = "red"
        self.assert_problem(self.request("POST", "/investigations", body), 400, "unknown-member",
                            "actions[0].entity.colour")

    def test_a_member_of_a_wrong_type_is_named(self):
        for member, value in (("decision", 7), ("actionIds", "a"), ("actionIds", [1]),
                              ("comment", ["x"]), ("decision", None)):
            with self.subTest(member=member, value=value):
                answer = self.request("POST", "/operations", {**GOOD, member: value})
                self.assert_problem(answer, 400, "wrong-type", member)

    def test_a_value_that_is_not_allowed_is_named(self):
        self.assert_problem(self.request("POST", "/operations", {**GOOD, "decision": "maybe"}), 400,
                            "invalid-value", "decision", "maybe")
        self.assert_problem(self.request("POST", "/operations", {**GOOD, "actionIds": ["a", "a"]}),
                            400, "invalid-value", "actionIds[1]", "twice")
        body = investigation(1)
        body["actions"][0]["expiresAt"] = "tomorrow"
        self.assert_problem(self.request("POST", "/investigations", body), 400, "invalid-value",
                            "actions[0].expiresAt")
        body = investigation(1)
        body["actions"][0]["assets"] = []
        self.assert_problem(self.request("POST", "/investigations", body), 400, "invalid-value",
                            "actions[0].assets")

    def test_too_many_or_no_ids_are_refused(self):
        ids = [f"action-{i}" for i in range(10_001)]
        self.assert_problem(self.request("POST", "/operations", {**GOOD, "actionIds": ids}), 422,
                            "too-many-actions", "actionIds", "10001")
        self.assert_problem(self.request("POST", "/operations", {**GOOD, "actionIds": []}), 422,
                            "invalid-value", "actionIds")

    def test_a_comment_that_is_too_long_is_refused(self):
        answer = self.request("POST", "/operations", {**GOOD, "comment": "é" * 4001})
        self.assert_problem(answer, 422, "invalid-value", "comment")

    def test_texts_of_a_person_that_are_too_long_are_refused(self):
        def proposal(member=None, text=None, entity=None, **changes):
            action = investigation(1)["actions"][0]
            action["entity"].update(entity or {})
            if member is not None:
                action[member] = text
            return {"name": "n", "decision": "propose", "actions": [action], **changes}

        def submission(**changes):
            return {"entity": {"type": "url", "url": "https://x.test/"}, "assessment": "threat",
                    "category": "phish", **changes}

        for path, body, field in (
                ("/proposals", proposal(name="é" * 1025), "name"),
                ("/proposals", proposal(description="x" * 16385), "description"),
                ("/proposals", proposal(comment="x" * 4001), "comment"),
                ("/proposals", proposal("reason", "x" * 16385), "actions[0].reason"),
                ("/proposals", proposal("assets", ["a@x", "x" * 1025]), "actions[0].assets[1]"),
                ("/proposals", proposal(entity={"subject": "x" * 131073}), "actions[0].entity.subject"),
                ("/proposals", proposal(entity={"recipients": ["a", "x" * 131073]}),
                 "actions[0].entity.recipients[1]"),
                ("/submissions", submission(comment="x" * 4001), "comment"),
                ("/submissions", submission(entity={"type": "url", "url": "https://x.test/" + "x" * 131072}),
                 "entity.url")):
            with self.subTest(field=field):
                self.assert_problem(self.request("POST", path, body), 422, "invalid-value", field,
                                    "must not be longer than")
        longest = proposal("reason", "é" * 16384, {"subject": "é" * 131072}, name="é" * 1024,
                           description="é" * 16384, comment="é" * 4000)
        answer = self.request("POST", "/proposals", longest)
        self.assertEqual(201, answer.status, answer)
        made = self.request("POST", "/submissions", submission(comment="é" * 4000))
        self.assertEqual(201, made.status, made)
        result = {"state": "agreed", "comment": "x" * 4001}
        self.assert_problem(self.request("POST", f"/submissions/{made.json['id']}/result", result), 422,
                            "invalid-value", "comment")
        # What a detector reports is not kept away by one odd message.
        body = investigation(1)
        body["actions"][0]["reason"] = "x" * 20000
        self.assertEqual(201, self.request("POST", "/investigations", body).status)

    def test_a_body_of_10_mb_is_refused(self):
        answer = self.request("POST", "/operations", b" " * 10_000_000)
        self.assert_problem(answer, 413, "too-large", said="4194304")

    def test_a_chunked_body_of_10_mb_is_refused(self):
        def chunks():
            for _ in range(160):
                yield b" " * 65_536
        connection = self.service.connect()
        self.addCleanup(connection.close)
        connection.putrequest("POST", BASE + "/operations")
        for name, value in (("Authorization", f"Bearer {self.service.token('admin')}"),
                            ("Idempotency-Key", "k"), ("Content-Type", "application/json"),
                            ("Transfer-Encoding", "chunked")):
            connection.putheader(name, value)
        connection.endheaders()
        try:
            for chunk in chunks():
                connection.send(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        except OSError:
            pass  # it has stopped listening, as it may
        response = connection.getresponse()
        answer = Answer(response, response.read())
        API.check("POST", BASE + "/operations", answer)
        self.assert_problem(answer, 413, "too-large")

    def test_a_body_of_another_type_is_refused(self):
        for media in (None, "text/plain", "application/xml", "multipart/form-data"):
            with self.subTest(media=media):
                answer = self.request("POST", "/operations", json.dumps(GOOD).encode(),
                                      headers={"Content-Type": media})
                self.assert_problem(answer, 415, "bad-request", "Content-Type")

    def test_a_body_where_none_belongs_is_refused(self):
        self.assert_problem(self.request("GET", "/actions", {}), 400, "bad-request")

    # --- ids, parameters, keys ---

    def test_ids_that_do_not_exist_are_named(self):
        for path in ("/actions/none", "/operations/none", "/investigations/none",
                     "/actions/" + "x" * 4000, "/actions/%C3%A4", "/actions/'%20OR%201=1--"):
            with self.subTest(path=path[:40]):
                self.assert_problem(self.request("GET", path), 404, "not-found")
        self.assert_problem(self.request("POST", "/operations", GOOD), 404, "not-found",
                            said="no-such-action")

    def test_paths_that_do_not_exist_are_named(self):
        for path in ("//", "//api", "//api/v1", "//api/v1/", "//api/v2/actions", "//api/v1/actions/",
                     "//api/v1/actions/a/b", "//api/v1/actions/a%2Fb", "//api/v1/../v1/actions",
                     "//api/v1//actions", "//api/v1/Actions", "//%2e%2e/%2e%2e/etc/passwd"):
            with self.subTest(path=path):
                self.assert_problem(self.request("GET", path), 404, "not-found")

    def test_a_path_or_parameter_that_cannot_be_decoded_is_refused(self):
        for path in ("/actions/%00", "/actions/a%00b", "/actions/%", "/actions/%f", "/actions/%zz",
                     "/actions/%FF", "/actions?q=%00", "/actions?q=%FF", "/actions?q=%",
                     "/actions?%FF=1"):
            with self.subTest(path=path):
                self.assert_problem(self.request("GET", path), 400, "bad-request")

    def test_parameters_that_are_unknown_are_named(self):
        for path in ("/actions", "/investigations", "/changes", "/me", "/healthz", "/actions/x",
                     "/operations/x", "/investigations/x"):
            with self.subTest(path=path):
                answer = self.request("GET", path, query={"colour": "red"})
                self.assert_problem(answer, 400, "bad-request", "colour", "colour")
        answer = self.request("POST", "/operations", GOOD, query={"force": "1"})
        self.assert_problem(answer, 400, "bad-request", "force")

    def test_parameters_of_no_meaning_are_named(self):
        for name, value in (("status", "open"), ("type", "x"), ("verdict", ""), ("source", "x"),
                            ("entityType", "x"), ("sort", "colour"), ("sort", "--updatedAt"),
                            ("limit", "0"), ("limit", "1001"), ("limit", "-1"), ("limit", "ten"),
                            ("limit", "1e2"), ("limit", ""), ("fields", "all"),
                            ("createdAfter", "yesterday"), ("createdBefore", "2026-01-01T00:00:00"),
                            ("updatedAfter", "2026-13-01T00:00:00Z")):
            with self.subTest(name=name, value=value):
                answer = self.request("GET", "/actions", query={name: value})
                self.assert_problem(answer, 400, "invalid-value", name)
        answer = self.request("GET", "/operations/x", query={"items": "no"})
        self.assert_problem(answer, 400, "invalid-value", "items")

    def test_parameters_that_stand_there_twice_are_named(self):
        for name, value in (("limit", "5"), ("sort", "type"), ("q", "a"), ("cursor", "a"),
                            ("createdAfter", "2026-01-01T00:00:00Z")):
            with self.subTest(name=name):
                answer = self.request("GET", "/actions", query={name: [value, value]})
                self.assert_problem(answer, 400, "bad-request", name, "once")

    def test_cursors_of_nobody_are_refused(self):
        for path in ("/actions", "/investigations"):
            for cursor in ("", "x", "AAAA", "%00", "0" * 10_000, "eyJhIjoxfQ=="):
                with self.subTest(path=path, cursor=cursor[:20]):
                    answer = self.request("GET", path, query={"cursor": cursor})
                    self.assert_problem(answer, 400, "bad-cursor", "cursor")

    def test_a_post_without_a_usable_key_is_refused(self):
        for path, body in (("/operations", GOOD), ("/investigations", investigation(1))):
            self.assert_problem(self.request("POST", path, body, key=""), 400,
                                "missing-idempotency-key", "Idempotency-Key")
            for key in ("x" * 256, "two words"):
                self.assert_problem(self.request("POST", path, body, key=key), 400, "bad-request",
                                    "Idempotency-Key")

    def test_methods_that_a_path_does_not_take_are_refused(self):
        for method, path, allowed in (("DELETE", "/actions/x", "GET, HEAD"),
                                      ("POST", "/actions", "GET, HEAD"),
                                      ("PUT", "/operations", "GET, HEAD, POST"),
                                      ("OPTIONS", "/me", "GET, HEAD"), ("TRACE", "/me", "GET, HEAD"),
                                      ("PATCH", "/investigations", "POST, GET, HEAD"),
                                      ("BREW", "/me", "GET, HEAD"), ("get", "/me", "GET, HEAD")):
            with self.subTest(method=method, path=path):
                answer = self.request(method, path)
                self.assert_problem(answer, 405, "method-not-allowed")
                self.assertEqual(allowed, answer.headers["allow"])

    # --- what is not HTTP ---

    def test_heads_that_are_not_http_are_refused(self):
        for data in (b"\x00\x01\x02\r\n\r\n", b"hello\r\n\r\n", b"GET\r\n\r\n",
                     b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
                     self.head(first="GET /api/v1/me"), self.head(first="GET  /api/v1/me HTTP/1.1"),
                     self.head(first="GET /api/v1/me HTTP/2.0"),
                     self.head(first="GET /api/v1/me HTTP/1.1 "),
                     self.head(first="GET api/v1/me HTTP/1.1"), self.head(first="GET * HTTP/1.1"),
                     self.head(first="CONNECT x:443 HTTP/1.1"),
                     self.head(first="GET http://x/api/v1/me HTTP/1.1"),
                     self.head(first="GET /api/v1/me\x00 HTTP/1.1"),
                     self.head(first="GET /api/v1/mé HTTP/1.1"),
                     self.head(first="GET /api/v1/me#x HTTP/1.1"),
                     self.head("A header without a colon"), self.head("Name : value"),
                     self.head(": value"), self.head("X-A: b\r\n folded"), self.head("X-A: \x00"),
                     self.head("X-A: a\rb"), self.head("X-A: a\nX-B: b"), self.head("X-A: \xff"),
                     self.head("X-A: \x7f")):
            with self.subTest(data=data[:60]):
                self.assert_problem(self.raw(data), 400, "bad-request")

    def test_headers_that_contradict_each_other_are_refused(self):
        for lines, field in ((["Content-Length: 1", "Content-Length: 2"], "Content-Length"),
                             (["Content-Length: 0", "Content-Length: 0"], "Content-Length"),
                             (["Content-Length: 0", "Transfer-Encoding: chunked"],
                              "Transfer-Encoding"),
                             (["Transfer-Encoding: gzip"], "Transfer-Encoding"),
                             (["Transfer-Encoding: chunked, identity"], "Transfer-Encoding"),
                             (["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
                              "Transfer-Encoding"),
                             (["Content-Length: -1"], "Content-Length"),
                             (["Content-Length: +1"], "Content-Length"),
                             (["Content-Length: 0x1"], "Content-Length"),
                             (["Content-Length: 1, 1"], "Content-Length"),
                             (["Content-Length: "], "Content-Length"), (["Host: y"], "Host")):
            with self.subTest(lines=lines):
                answer = self.raw(self.head(*lines, first="POST /api/v1/operations HTTP/1.1"),
                                  BASE + "/operations", "POST")
                self.assert_problem(answer, 400, "bad-request", field)
                self.assertEqual("close", answer.headers["connection"])

    def test_a_host_is_needed_and_must_be_one(self):
        self.assert_problem(self.raw(self.head(host=None)), 400, "bad-request", "Host")
        self.assert_problem(self.raw(self.head(host="Host: a/b")), 400, "bad-request", "Host")
        self.assert_problem(self.raw(self.head(host="Host: a b")), 400, "bad-request", "Host")
        self.assertEqual(200, self.raw(self.head(host="Host:")).status)
        answer = self.raw(self.head(first="GET /api/v1/me HTTP/1.0", host=None))
        self.assertEqual((200, "close"), (answer.status, answer.headers["connection"]))

    def test_a_length_that_nobody_can_hold_is_refused_at_once(self):
        for length in ("4194305", "9" * 17, "9" * 400):
            answer = self.raw(self.head(f"Content-Length: {length}",
                                        first="POST /api/v1/operations HTTP/1.1"),
                              BASE + "/operations", "POST")
            self.assert_problem(answer, 413, "too-large")

    def test_a_huge_head_is_refused(self):
        for data in (self.head("X-A: " + "a" * 20_000), self.head(*["X-A: b"] * 5_000),
                     self.head(first=f"GET /api/v1/me?{'a' * 20_000} HTTP/1.1"), b"A" * 100_000):
            self.assert_problem(self.raw(data), 431, "too-large", said="16384")

    def test_chunks_that_are_none_are_refused(self):
        for body in (b"zz\r\n", b"\r\n", b"-1\r\n", b"123456789\r\n", b"2\r\nabc\r\n", b"1\nx",
                     b"1 x\x01\r\n", b"0\r\n\x01", b"1;" + b"a" * 5_000,
                     b"0\r\n" + b"A: b\r\n" * 2_000):
            with self.subTest(body=body[:20]):
                head = self.head("Transfer-Encoding: chunked", "Content-Type: application/json",
                                 "Idempotency-Key: k", first="POST /api/v1/operations HTTP/1.1")
                answer = self.raw(head + body, BASE + "/operations", "POST")
                self.assert_problem(answer, 400, "bad-request", "Transfer-Encoding")

    def test_an_expectation_that_is_unknown_is_refused(self):
        answer = self.raw(self.head("Expect: 200-maybe"))
        self.assert_problem(answer, 417, "bad-request", "Expect")

    def test_nothing_is_smuggled_behind_a_refused_request(self):
        behind = self.head(first="GET /api/v1/healthz HTTP/1.1")
        head = self.head("Content-Length: 5", "Transfer-Encoding: chunked",
                         first="POST /api/v1/operations HTTP/1.1")
        parts = urllib.parse.urlsplit(self.service.url)
        with socket.create_connection((parts.hostname, parts.port), 30) as sock:
            sock.sendall(head + b"0\r\n\r\n" + behind)
            sock.shutdown(socket.SHUT_WR)
            everything = b"".join(iter(lambda: sock.recv(65_536), b""))
        self.assertEqual(1, everything.count(b"HTTP/1.1 "))
        self.assertTrue(everything.startswith(b"HTTP/1.1 400 "))
