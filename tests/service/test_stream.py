# SPDX-License-Identifier: GPL-3.0-or-later
"""GET /changes/stream: nothing is lost, nothing is told twice, and nobody waits for anybody else."""
import contextlib
import json
import os
import pathlib
import resource
import signal
import sqlite3
import threading
import time

from api import BASE
from case import ServiceCase
from service import WRAPPER, wait_until
from stream import PATH, Stream, token_of, wait_for

MANY = 100 if WRAPPER else 1000


def raise_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class StreamCase(ServiceCase):
    def stream(self, **keywords):
        stream = Stream(self.service, **keywords)
        self.addCleanup(stream.close)
        return stream

    def log(self, since):
        """What GET /changes tells from a token on: (kind, id, version) of each change."""
        told, more = [], True
        connection = self.service.connect()
        self.addCleanup(connection.close)
        while more:
            # Past the check of the schema, which takes long over so many; others see to that.
            connection.request("GET", f"{BASE}/changes?since={since}&limit=1000", headers={
                "Authorization": f"Bearer {self.service.token('reader')}"})
            page = json.loads(connection.getresponse().read())
            told += [(item["kind"], item["id"], item["version"]) for item in page["items"]]
            since, more = page["next"], page["more"]
        return told

    def pending(self, number):
        return [action["id"] for action in self.service.post_investigation(number)["actions"]]


class Streams(StreamCase):
    tap_class = "stream"
    settings = {"heartbeat-seconds": 1}

    def test_the_first_event_comes_at_once_and_says_that_one_is_current(self):
        now = token_of(self.service)
        for keywords in ({}, {"since": now}, {"last": now}):
            stream = self.stream(**keywords).opened()
            event = stream.events[0]
            self.assertEqual((now, [], False), (event.token, event.page["items"], event.page["more"]))
            self.assertGreater(stream.retry, 0)
            self.assertEqual("close", stream.headers["connection"])

    def test_what_changes_is_told(self):
        start = token_of(self.service)
        stream = self.stream().opened()
        ids = self.pending(3)
        self.service.decide("reject", ids)
        log = self.log(start)
        stream.wait(lambda one: len(one.versions) >= len(log))
        self.assertEqual(log, stream.versions)
        told = {item["id"]: item["action"] for event in stream.events
                for item in event.page["items"] if item["kind"] == "action"}
        self.assertEqual(["rejected"] * 3, [told[action_id]["status"] for action_id in ids])
        self.assertEqual(self.service.action(ids[0])["version"], told[ids[0]]["version"])

    def test_who_comes_with_a_token_gets_what_it_lacks(self):
        start = token_of(self.service)
        ids = self.pending(700)
        self.service.decide("reject", ids)
        log = self.log(start)
        for keywords in ({"since": start}, {"last": start}):
            stream = self.stream(**keywords).opened()
            self.assertTrue(stream.events[0].page["more"])
            stream.wait(lambda one: not one.events[-1].page["more"])
            self.assertEqual(log, stream.versions)
        wins = self.stream(last=token_of(self.service), since=start).opened()
        self.assertEqual([], wins.versions)

    def test_a_heartbeat_comes_when_nothing_changes(self):
        began = time.monotonic()
        stream = self.stream().opened()
        stream.wait(lambda one: one.comments >= 3)
        self.assertGreater(time.monotonic() - began, 1.5)
        self.assertEqual(1, len(stream.events))

    def test_every_token_that_was_seen_leads_on_from_there(self):
        start = token_of(self.service)
        stream = self.stream().opened()
        for _ in range(5):
            self.service.decide("reject", self.pending(2))
        log = self.log(start)
        stream.wait(lambda one: len(one.versions) >= len(log))
        for index, event in enumerate(stream.events):
            again = self.stream(last=event.token).opened()
            rest = [version for later in stream.events[index + 1:] for version in later.versions]
            again.wait(lambda one, length=len(rest): len(one.versions) >= length)
            self.assertEqual(rest, again.versions)

    def test_cut_at_any_byte_and_resumed_it_is_whole(self):
        """A client that comes back after each few bytes, while others decide."""
        start = token_of(self.service)
        stop = threading.Event()

        def work():
            while not stop.wait(0.002):
                self.service.decide("reject", self.pending(1))
        worker = threading.Thread(target=work)
        worker.start()
        versions, seen, cuts, in_vain = [], start, 0, 0
        try:
            while len(versions) < 300:
                stream = Stream(self.service, last=seen)
                # What has come together meanwhile may be longer than any of these cuts.
                for _ in range(1 + cuts % 5 + in_vain):
                    stream.receive((1 + cuts * 379 % 5000) * (1 + in_vain))
                stream.close()
                in_vain = 0 if stream.versions else in_vain + 1
                versions += stream.versions
                seen = stream.seen
                cuts += 1
        finally:
            stop.set()
            worker.join()
        rest = self.stream(last=seen).opened()
        log = self.log(start)
        rest.wait(lambda one: len(versions) + len(one.versions) >= len(log))
        self.assertGreater(cuts, 20)
        self.assertEqual(log, versions + rest.versions)

    def test_many_come_and_go_while_others_decide(self):
        """Each of 20 clients sees each version of each action once, wherever it was cut."""
        start = token_of(self.service)
        streams = [self.stream(since=start).opened() for _ in range(20)]
        told = {id(stream): [] for stream in streams}
        places = [[stream] for stream in streams]
        for number in range(30):
            self.service.decide("reject", self.pending(3))
            for place in places[number % 7::7]:
                place[-1].close()
                place.append(self.stream(last=place[-1].seen or start))
        log = self.log(start)
        wait_for([place[-1] for place in places],
                 lambda: all(sum(len(one.versions) for one in place) >= len(log)
                             for place in places))
        for place in places:
            self.assertEqual(log, [version for one in place for version in one.versions])
        self.assertEqual(20, len(told))

    def test_a_token_ahead_of_what_was_handed_out_is_good(self):
        """Somebody who has just read GET /changes knows more than the last event told."""
        stop = threading.Event()

        def work():
            while not stop.is_set():
                self.service.decide("reject", self.pending(1))
        start = token_of(self.service)
        worker = threading.Thread(target=work)
        worker.start()
        streams = []
        try:
            for _ in range(40):
                now = token_of(self.service)
                streams.append((now, self.stream(since=now)))
        finally:
            stop.set()
            worker.join()
        for now, stream in streams:
            log = self.log(now)
            stream.opened().wait(lambda one, length=len(log): len(one.versions) >= length)
            self.assertEqual(log, stream.versions)
        self.assertGreater(len(self.log(start)), 3)

    def test_a_stop_ends_every_stream_at_once(self):
        streams = [self.stream().opened() for _ in range(200)]
        silent = [self.stream(buffer=2048).opened() for _ in range(5)]
        for _ in range(20):
            self.pending(50)
        now = token_of(self.service)
        wait_for(streams, lambda: all(stream.seen == now for stream in streams))
        self.addCleanup(self.service.start)
        self.addCleanup(self.service.stop)
        self.service.process.send_signal(signal.SIGTERM)
        wait_for(streams, lambda: all(stream.closed for stream in streams), 20 if WRAPPER else 8)  # requests under way would be given 10
        self.service.stop()
        self.assertTrue(all(stream.ended for stream in streams))
        self.assertEqual(5, len(silent))

    def test_after_a_restart_it_goes_on(self):
        start = token_of(self.service)
        stream = self.stream().opened()
        self.pending(2)
        stream.wait(lambda one: one.versions)
        self.service.restart()
        self.pending(2)
        log = self.log(start)
        again = self.stream(last=stream.seen).opened()
        again.wait(lambda one: len(stream.versions) + len(one.versions) >= len(log))
        self.assertEqual(log, stream.versions + again.versions)


class Refusals(StreamCase):
    tap_class = "stream-refusals"
    settings = {"streams": 12, "streams-per-token": 8}

    def test_bad_tokens_are_refused(self):
        own = token_of(self.service)
        for token in ("", "x", "A" + own, own[10:], own.swapcase()):
            with self.subTest(token=token[:50]):
                self.assert_problem(self.stream(last=token).problem(), 400, "bad-cursor",
                                    "Last-Event-ID")
                self.assert_problem(self.stream(since=token).problem(), 400, "bad-cursor", "since")

    def test_other_parameters_are_refused(self):
        answer = self.request("GET", "/changes/stream", query={"limit": 5})
        self.assert_problem(answer, 400, "bad-request", "limit")

    def test_roles(self):
        answer = self.request("GET", "/changes/stream", role=None)
        self.assert_problem(answer, 401, "unauthorized")
        self.assert_problem(self.request("GET", "/changes/stream", role="detector"), 403, "forbidden")
        for role in ("reader", "responder", "admin"):
            self.stream(role=role).opened()

    def test_a_token_that_was_pruned_is_gone(self):
        old = token_of(self.service)
        self.pending(3)
        self.service.stop()
        with sqlite3.connect(self.service.database) as database:
            database.execute("UPDATE changes SET at = 1")
        self.service.start()
        wait_until(lambda: self.request("GET", "/changes", query={"since": old}).status == 410,
                   "the log to be pruned")
        self.assert_problem(self.stream(last=old).problem(), 410, "changes-gone", "Last-Event-ID")
        self.assert_problem(self.stream(since=old).problem(), 410, "changes-gone", "since")
        self.stream(since=token_of(self.service)).opened()

    def test_head_tells_what_get_would(self):
        connection = self.service.connect()
        self.addCleanup(connection.close)
        for _ in range(20):
            answer = self.request("HEAD", "/changes/stream", connection=connection)
            self.assertEqual((200, "text/event-stream", b""),
                             (answer.status, answer.headers["content-type"], answer.body))
        answer = self.request("HEAD", "/changes/stream", query={"since": "x"}, connection=connection)
        self.assertEqual(400, answer.status)
        self.assertEqual(405, self.request("POST", "/changes/stream", {}).status)

    def test_an_old_client_is_told_that_it_needs_another_protocol(self):
        stream = self.stream()
        stream.opened()
        sock = self.stream(method="HEAD").sock
        sock.sendall(f"GET {PATH} HTTP/1.0\r\nAuthorization: Bearer {self.service.token('reader')}"
                     "\r\n\r\n".encode())
        answer = b""
        while b"HTTP/1.1" not in answer:
            answer += sock.recv(1000)
        while b" 400 " not in answer:
            answer += sock.recv(1000)

    def test_too_many_streams_are_refused_and_nothing_else_is(self):
        streams = [self.stream().opened() for _ in range(8)]
        answer = self.stream().problem()
        self.assert_problem(answer, 429, "too-many-requests", said="8 streams")
        self.assertIn("retry-after", answer.headers)
        streams += [self.stream(role="admin").opened() for _ in range(4)]
        self.assert_problem(self.stream(role="responder").problem(), 503, "service-error")
        self.assertEqual(200, self.request("GET", "/actions").status)
        streams.pop().close()
        wait_until(lambda: self.is_let_in(), "the place to be free")

    def is_let_in(self):
        stream = self.stream(role="responder")
        stream.wait(lambda one: one.events or one.ended)
        return stream.status == 200


class Tokens(StreamCase):
    tap_class = "stream-tokens"

    def test_a_revoked_token_ends_its_streams_and_no_others(self):
        self.service.add_token("reader", "leaver")
        leaving = [self.stream(role="leaver").opened() for _ in range(3)]
        staying = self.stream().opened()
        self.service.run("token", "revoke", "--name", "leaver")
        wait_for(leaving, lambda: all(stream.closed for stream in leaving))
        self.assertTrue(all(stream.ended for stream in leaving))
        self.pending(1)
        staying.wait(lambda one: one.versions)
        self.assertEqual([], [stream.versions for stream in leaving if stream.versions])
        self.assert_problem(self.stream(role="leaver").problem(), 401, "unauthorized")

    def test_a_role_that_may_not_read_any_more_ends_the_stream(self):
        token = self.service.add_token("reader", "mover")
        stream = self.stream(role="mover").opened()
        self.service.run("token", "add", "--name", "other", "--role", "detector")
        tokens = self.service.folder / "tokens"
        text = tokens.read_text()
        before, after = text.split("[mover]")
        tokens.write_text(before + "[mover]" + after.replace("role=reader", "role=detector", 1))
        stream.wait(lambda one: one.closed)
        self.assertTrue(stream.ended)
        self.assertIn("ac_", token)


class SlowReaders(StreamCase):
    tap_class = "stream-slow-readers"
    settings = {"body-seconds": 2, "idle-seconds": 1, "header-seconds": 1, "heartbeat-seconds": 3}

    def test_who_takes_nothing_is_let_go_and_the_others_are_served(self):
        start = token_of(self.service)
        slow = [self.stream(buffer=2048).opened() for _ in range(3)]
        good = self.stream().opened()
        for _ in range(20):
            length = len(good.versions)
            self.service.decide("reject", self.pending(100))
            good.wait(lambda one, before=length: len(one.versions) >= before + 200)
        log = self.log(start)
        good.wait(lambda one: len(one.versions) >= len(log))
        self.assertEqual(log, good.versions)
        # Each can have 1 MiB and a page waiting, and 2 s and a little for the first of it.
        wait_until(lambda: self.sockets() <= 1, "slow readers to be cut")
        for stream in slow:
            stream.wait(lambda one: one.closed)
            self.assertFalse(stream.ended)
            again = self.stream(last=stream.seen).opened()
            again.wait(lambda one, have=len(stream.versions): have + len(one.versions) >= len(log))
            self.assertEqual(log, stream.versions + again.versions)

    def sockets(self):
        """How many connections the service has: to them a client with a full buffer says nothing."""
        folder = pathlib.Path(f"/proc/{self.service.process.pid}/fd")
        names = []
        for link in folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                names.append(os.readlink(link))
        return sum(name.startswith("socket:") for name in names) - 1

    def test_an_idle_stream_outlives_every_deadline(self):
        stream = self.stream().opened()
        stream.wait(lambda one: one.comments >= 2)
        self.assertFalse(stream.closed)

    def test_who_speaks_on_a_stream_is_hung_up_on(self):
        stream = self.stream().opened()
        stream.sock.sendall(b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n")
        stream.wait(lambda one: one.closed)


class SlowButSteady(StreamCase):
    tap_class = "stream-slow-but-steady"

    def test_who_takes_a_lot_slowly_enough_catches_up(self):
        """More than its buffer may hold, taken in pieces."""
        start = token_of(self.service)
        stream = self.stream(buffer=65536).opened()
        for _ in range(15):
            self.service.decide("reject", self.pending(100))
            stream.receive(30_000)
        now = token_of(self.service)
        while stream.seen != now and not stream.closed:
            stream.receive(50_000)
        self.assertEqual(self.log(start), stream.versions)


class Many(StreamCase):
    tap_class = "stream-many"
    settings = {"streams": 2000, "streams-per-token": 2000, "connections-per-address": 50}

    @classmethod
    def setUpClass(cls):
        raise_limit()
        super().setUpClass()

    def test_thousands_of_streams_beside_normal_requests(self):
        start = token_of(self.service)
        streams = [self.stream().opened() for _ in range(MANY)]
        for _ in range(20):
            self.service.decide("reject", self.pending(2))
            self.assertEqual(200, self.request("GET", "/actions", query={"limit": 10}).status)
        log = self.log(start)
        wait_for(streams, lambda: all(len(one.versions) >= len(log) for one in streams))
        for stream in streams:
            self.assertEqual(log, stream.versions)
        # They do not count as connections of their address.
        self.assertEqual(200, self.request("GET", "/me").status)


class ComingBack(StreamCase):
    tap_class = "stream-coming-back"
    settings = {"streams": 2000, "streams-per-token": 2000, "connections-per-address": 2000}

    def test_all_come_back_at_once_after_a_restart(self):
        streams = [self.stream().opened() for _ in range(MANY // 2)]
        self.pending(3)
        wait_for(streams, lambda: all(one.versions for one in streams))
        self.service.restart()
        start = streams[0].seen
        self.pending(2)
        again = [self.stream(last=stream.seen) for stream in streams]
        log = self.log(start)
        wait_for(again, lambda: all(len(one.versions) >= len(log) for one in again))
        self.assertEqual([log] * len(again), [one.versions for one in again])


class FewDescriptors(StreamCase):
    tap_class = "stream-few-descriptors"
    settings = {"streams-per-token": 2000, "connections-per-address": 2000}
    limits = ["--nofile=300:300"]

    def test_streams_leave_half_of_the_descriptors_to_others(self):
        # Of 300 descriptors 64 are set aside, and valgrind keeps 12 for itself.
        room = (300 - 64 - (12 if WRAPPER else 0)) // 2
        streams = [self.stream().opened() for _ in range(room)]
        self.assert_problem(self.stream().problem(), 503, "service-error", said=f"{room} streams")
        for _ in range(20):
            self.assertEqual(200, self.request("GET", "/me").status)
        self.pending(1)
        wait_for(streams, lambda: all(one.versions for one in streams))


assert PATH.startswith(BASE)
