# SPDX-License-Identifier: GPL-3.0-or-later
"""Slow, silent and greedy clients never keep good ones out."""
import http.client
import os
import resource
import select
import socket
import threading
import time
import urllib.parse

from api import BASE
from case import ServiceCase
from service import API, wait_until
from test_bad_input import read_answer

SLOW = 1000
# Whether a checker makes each step many times slower; tests/meson.build says so.
SLOW_CHECKER = "AC_SLOW_CHECKER" in os.environ


def raise_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Slow:
    """Many connections that never send a whole request: some nothing, some half a head, some half a
    body, and some a byte each second."""

    def __init__(self, url, token, number, source="127.0.0.1"):
        self.address = (urllib.parse.urlsplit(url).hostname, urllib.parse.urlsplit(url).port)
        head = "POST /api/v1/operations HTTP/1.1\r\nHost: x\r\nIdempotency-Key: k\r\n"
        whole = (f"{head}Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
                 "Content-Length: 100000\r\n\r\n{")
        self.beginnings = [b"", b"GET /api/v1/actions HT", head.encode(), whole.encode()]
        self.source = source
        self.sockets = []
        self.sent = 0
        self.number = number
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.trickle)

    def open(self, number):
        sock = socket.socket()
        sock.bind((self.source, 0))
        sock.settimeout(30)
        try:
            sock.connect(self.address)
            sock.sendall(self.beginnings[number % len(self.beginnings)])
        except OSError:
            sock.close()
            return None
        return sock

    def start(self):
        for number in range(self.number):
            sock = self.open(number)
            if sock is not None:
                self.sockets.append((number, sock))
        self.thread.start()
        return self

    def trickle(self):
        while not self.stopping.wait(1):
            for number, sock in self.sockets:
                if number % 2 == 1:
                    try:
                        sock.send(b" ")
                        self.sent += 1
                    except OSError:
                        pass

    def closed(self):
        """How many of them the service has closed, or answered for the last time."""
        poll = select.poll()
        for _, sock in self.sockets:
            poll.register(sock, select.POLLIN | select.POLLHUP | select.POLLERR)
        return len(poll.poll(0)) + self.number - len(self.sockets)

    def stop(self):
        self.stopping.set()
        self.thread.join()
        for _, sock in self.sockets:
            sock.close()


class HoldSlow:
    """The tests that hold for each set of limits."""

    settings = {"header-seconds": 600, "body-seconds": 600, "idle-seconds": 600}
    most = 256

    @classmethod
    def setUpClass(cls):
        raise_limit()
        super().setUpClass()

    def test_good_requests_are_served_beside_1000_slow_connections(self):
        slow = Slow(self.service.url, self.service.token("responder"), SLOW)
        self.addCleanup(slow.stop)
        slow.start()
        # No deadline is near: what was closed made room for others.
        wait_until(lambda: slow.closed() >= SLOW - self.most, "the surplus to be closed")
        durations = []
        for source in ("127.0.0.1", "127.0.0.2", "127.0.0.1", "127.0.0.2") * 15:
            began = time.monotonic()
            answer = self.request("GET", "/actions", role="reader", source=source)
            durations.append(time.monotonic() - began)
            self.assertEqual(200, answer.status)
            self.assertEqual(404, self.service.decide("approve", ["none"]).status)
        self.assertLess(max(durations), 60 if SLOW_CHECKER else 10)
        connection = self.service.connect(source="127.0.0.2")
        self.addCleanup(connection.close)
        for _ in range(20):
            self.assertEqual(200, self.request("GET", "/me", connection=connection).status)
        wait_until(lambda: slow.sent > 10, "slow clients to send more")
        self.assertEqual(200, self.request("GET", "/me").status)
        self.assertEqual(200, self.request("GET", "/me", connection=connection).status)
        wait_until(lambda: "to make room for others" in self.service.log, "the log to tell")

    def test_a_new_wave_of_slow_connections_does_not_shut_out_an_idle_one(self):
        connection = self.service.connect(source="127.0.0.3")
        self.addCleanup(connection.close)
        self.assertEqual(200, self.request("GET", "/me", connection=connection).status)
        for _ in range(2):
            slow = Slow(self.service.url, self.service.token("responder"), 600)
            self.addCleanup(slow.stop)
            slow.start()
        self.assertEqual(200, self.request("GET", "/me", connection=connection).status)


class ManyDescriptors(HoldSlow, ServiceCase):
    tap_class = "slow-clients"


class FewDescriptors(HoldSlow, ServiceCase):
    tap_class = "slow-clients-at-300-descriptors"
    limits = ["--nofile=300:300"]
    most = 236


class RawCase(ServiceCase):
    def connect(self, data=b"", source="127.0.0.1"):
        parts = urllib.parse.urlsplit(self.service.url)
        sock = socket.create_connection((parts.hostname, parts.port), 60, (source, 0))
        self.addCleanup(sock.close)
        sock.sendall(data)
        return sock

    def assert_closed(self, sock):
        self.assertEqual(b"", sock.recv(1))


class Shares(RawCase):
    """Who may hold how many connections, with no deadline near."""

    tap_class = "shares"
    settings = {"header-seconds": 600, "body-seconds": 600, "idle-seconds": 600,
                "connections-per-address": 20, "connections": 30}

    def test_one_address_gets_only_its_share(self):
        sockets = [self.connect(source="127.0.0.5") for _ in range(60)]
        poll = select.poll()
        for sock in sockets:
            poll.register(sock, select.POLLIN)
        wait_until(lambda: len(poll.poll(0)) >= 40, "the surplus to be closed")
        self.assertEqual(200, self.request("GET", "/me", source="127.0.0.5").status)
        self.assertEqual(200, self.request("GET", "/me", source="127.0.0.6").status)

    def test_the_oldest_makes_room(self):
        first = self.connect(b"GET", source="127.0.0.7")
        for _ in range(19):
            self.connect(b"GET", source="127.0.0.7")
        self.assertEqual(200, self.request("GET", "/me", source="127.0.0.7").status)
        self.assert_closed(first)


class SmallLimits(RawCase):
    """The deadlines themselves, short enough to wait for."""

    tap_class = "deadlines"
    settings = {"header-seconds": 2, "body-seconds": 2, "idle-seconds": 3,
                "connections-per-address": 20, "connections": 30}

    def head(self, *lines):
        token = self.service.token("admin")
        fields = ["POST /api/v1/operations HTTP/1.1", "Host: x", "Idempotency-Key: k",
                  f"Authorization: Bearer {token}", "Content-Type: application/json", *lines, ""]
        return "".join(f"{line}\r\n" for line in fields).encode()

    def assert_timeout(self, sock, path=BASE + "/operations", method="POST"):
        answer = read_answer(sock)
        API.check(method, path, answer)
        self.assert_problem(answer, 408, "timeout")
        self.assert_closed(sock)

    def test_a_silent_connection_is_closed(self):
        self.assert_closed(self.connect())

    def test_half_a_head_is_timed_out(self):
        self.assert_timeout(self.connect(b"GET /api/v1/me HT"), BASE + "/me", "GET")

    def test_half_a_body_is_timed_out(self):
        self.assert_timeout(self.connect(self.head("Content-Length: 10") + b"{"))
        self.assert_timeout(self.connect(self.head("Transfer-Encoding: chunked") + b"1\r\n{\r\n"))

    def test_a_trickle_is_timed_out_all_the_same(self):
        for data in (b"GET /api/v1/me?", self.head("Content-Length: 100000")):
            sock = self.connect(data)
            stop = threading.Event()

            def trickle(target=sock, event=stop):
                while not event.wait(0.2):
                    try:
                        target.send(b"x")
                    except OSError:
                        return
            thread = threading.Thread(target=trickle)
            thread.start()
            try:
                self.assertEqual(408, read_answer(sock).status)
            finally:
                stop.set()
                thread.join()

    def test_an_idle_connection_is_closed(self):
        connection = self.service.connect()
        self.addCleanup(connection.close)
        self.request("GET", "/me", connection=connection)
        self.assert_closed(connection.sock)

    def test_who_does_not_hang_up_is_hung_up_on(self):
        sock = self.connect(b"nonsense\r\n\r\n")
        self.assertEqual(400, read_answer(sock).status)
        self.assert_closed(sock)
        wait_until(lambda: self.is_reset(sock), "the connection to be gone")

    @staticmethod
    def is_reset(sock):
        try:
            sock.send(b"x")
        except OSError:
            return True
        return False

    def test_who_waits_to_be_told_to_continue_is_told(self):
        body = b'{"decision": "approve", "actionIds": ["none"]}'
        for lines, sent in (([f"Content-Length: {len(body)}"], body),
                            (["Transfer-Encoding: chunked"],
                             b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))):
            sock = self.connect(self.head(*lines, "Expect: 100-continue"))
            self.assertEqual(b"HTTP/1.1 100 Continue\r\n\r\n", sock.recv(1000))
            sock.sendall(sent)
            answer = read_answer(sock)
            API.check("POST", BASE + "/operations", answer)
            self.assert_problem(answer, 404, "not-found")

    def test_who_waits_to_be_told_to_continue_is_told_no(self):
        sock = self.connect(self.head("Content-Length: 99999999", "Expect: 100-continue"))
        self.assert_problem(read_answer(sock), 413, "too-large")

    def test_requests_sent_ahead_are_answered_in_order(self):
        one = b"GET /api/v1/healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        two = b"GET /api/v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n"
        body = b'{"decision": "approve", "actionIds": ["none"]}'
        three = self.head(f"Content-Length: {len(body)}") + body
        four = self.head("Transfer-Encoding: chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        sock = self.connect((one + two + three + four) * 5)
        file = sock.makefile("rb")
        self.addCleanup(file.close)
        statuses = []
        for _ in range(20):
            statuses.append(int(file.readline().split()[1]))
            headers = http.client.parse_headers(file)
            file.read(int(headers["Content-Length"]))
        self.assertEqual([200, 404, 404, 404] * 5, statuses)
