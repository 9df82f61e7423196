# SPDX-License-Identifier: GPL-3.0-or-later
"""Many decide at random while mirrors follow through a network that fails at random, and some of those
that follow are killed: at the end each mirror is the service, by hash over every row.

AC_FOLLOW says how much: "short", or "long", which is the size that is promised. The seed is printed,
and taken from AC_SEED when that is set."""
import hashlib
import http.client
import json
import os
import pathlib
import random
import shlex
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "service"))

from api import BASE  # noqa: E402
from fault_proxy import Fault, FaultProxy  # noqa: E402
from service import PATIENCE, Service, investigation, wait_until  # noqa: E402

PROGRAM = os.environ["AC_SYNC_MIRROR"]
WRAPPER = shlex.split(os.environ.get("AC_PROGRAM_WRAPPER", ""))
LONG = os.environ.get("AC_FOLLOW") == "long"
# Writers, actions, decisions on one of them, mirrors, and how long the mirrors may take to be equal when
# all is over.
WRITERS, ACTIONS, DECIDED, MIRRORS, LIMIT = ((50, 20000, 60000, 20, 300) if LONG else
                                             (6, 500, 1500, 4, PATIENCE * 2))
# Which actions a writer tries to change at once, at most.
MOST = 8
DECISIONS = {"approve": 5, "retry": 5, "reject": 1}


class Follower:
    """One sync-mirror with a mirror of its own, which outlives it."""

    def __init__(self, folder, address, token):
        self.folder = folder
        self.address = address
        self.token = token
        self.process = None
        self.starts = 0
        self.start()

    def start(self):
        self.starts += 1
        self.process = subprocess.Popen([*WRAPPER, PROGRAM, str(self.folder), self.address,
                                         "impatient"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.lines = []
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()
        self.say(self.token)

    def listen(self):
        for line in self.process.stdout:
            if line.startswith("hash"):
                self.lines.append(line.split()[1:])

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hash(self):
        """SHA-256, rows, and how much more there is in the file than there should be."""
        before = len(self.lines)
        self.say("hash")
        return wait_until(lambda: self.lines[before:], "the hash of a mirror", PATIENCE * 2)[-1]

    def kill9(self):
        self.process.kill()
        self.process.wait(PATIENCE)
        self.thread.join(PATIENCE)
        self.process.stdin.close()
        self.process.stdout.close()

    def end(self):
        self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        self.thread.join(PATIENCE)
        self.process.stdout.close()
        return code


class Caller:
    """Calls of one person on a connection that is kept, past the check of the schema, for which there
    is no time here."""

    def __init__(self, service, role):
        self.connection = service.connect()
        self.fields = {"Authorization": f"Bearer {service.token(role)}",
                       "Content-Type": "application/json"}

    def call(self, method, path, body=None):
        fields = dict(self.fields)
        if method == "POST":
            fields["Idempotency-Key"] = str(uuid.uuid4())
        data = json.dumps(body).encode() if body is not None else None
        try:
            self.connection.request(method, BASE + path, body=data, headers=fields)
            response = self.connection.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):
            # It was closed for being idle; each key stands for one request.
            self.connection.close()
            self.connection.request(method, BASE + path, body=data, headers=fields)
            response = self.connection.getresponse()
        return response.status, response.read()


class Writers:
    """So many at once, until there are as many actions and as many decisions as there should be."""

    def __init__(self, service, seed):
        self.service = service
        self.seed = seed
        self.lock = threading.Lock()
        self.ids = []
        self.changed = 0
        self.counts = {}
        self.errors = []
        self.threads = [threading.Thread(target=self.run, args=(number,))
                        for number in range(WRITERS)]

    def post(self, detector, number):
        status, body = detector.call("POST", "/investigations", investigation(number))
        assert status == 201, (status, body)
        ids = [action["id"] for action in json.loads(body)["actions"]]
        with self.lock:
            self.ids += ids

    def run(self, number):
        try:
            self.work(random.Random(f"{self.seed}-{number}"))
        except Exception as error:  # pylint: disable=broad-except
            self.errors.append(error)

    def work(self, chance):
        detector = Caller(self.service, "detector")
        person = Caller(self.service, chance.choice(("responder", "admin")))
        # Half of them are there from the beginning.
        mine = ACTIONS // 2 // WRITERS
        while self.changed < DECIDED or mine > 0:
            if mine > 0 and chance.random() < 0.2:
                some = min(mine, chance.randint(1, 3 * MOST))
                self.post(detector, some)
                mine -= some
            self.decide(person, chance)

    def decide(self, person, chance):
        decision = chance.choices(list(DECISIONS), list(DECISIONS.values()))[0]
        ids = chance.sample(self.ids, chance.randint(1, MOST))
        # What cannot be decided like this is left out the second time.
        for _ in range(2):
            status, body = person.call("POST", "/operations",
                                       {"decision": decision, "actionIds": ids})
            answer = json.loads(body)
            if status == 202:
                with self.lock:
                    self.changed += len(ids)
                    self.counts[decision] = self.counts.get(decision, 0) + 1
                if chance.random() < 0.1:
                    status, body = person.call("DELETE", f"/operations/{answer['id']}")
                    assert status in (200, 204, 409), (status, body)
                return
            assert status == 409, (status, body)
            taken = {conflict["actionId"] for conflict in answer["conflicts"]}
            ids = [action_id for action_id in ids if action_id not in taken]
            if not ids:
                return


class Follow(unittest.TestCase):
    tap_class = "follow"

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.service = Service(self.folder / "service",
                               settings={"heartbeat-seconds": 1, "grace-seconds": 1})
        self.service.start()
        self.addCleanup(self.service.stop)
        self.seed = int(os.environ.get("AC_SEED") or random.randrange(2 ** 32))
        print(f"# seed {self.seed}", flush=True)
        self.chance = random.Random(self.seed)
        self.faults = {}

    def fate(self):
        """Of a new connection; how many bytes it carries is of no certain size at all."""
        kind = self.chance.choices((None, "cut", "reset", "stall", "refuse"), (4, 3, 3, 1, 1))[0]
        self.faults[kind] = self.faults.get(kind, 0) + 1
        if kind is None:
            return None
        return Fault(kind, 0 if kind == "refuse" else int(2 ** self.chance.uniform(4, 20)))

    def store_hash(self, reader):
        """What the service answers to GET /actions, page by page, as the mirrors reckon it."""
        rows, cursor = [], ""
        decode = json.JSONDecoder().raw_decode
        while cursor is not None:
            status, body = reader.call("GET", f"/actions?limit=1000&sort=createdAt{cursor}")
            assert status == 200, body
            text = body.decode()
            cursor = json.loads(text).get("nextCursor")
            cursor = f"&cursor={cursor}" if cursor else None
            at = text.index('"items":[') + len('"items":[')
            while text[at] != "]":
                action, end = decode(text, at)
                rows.append(f"{action['id']} {action['version']} {text[at:end]}\n")
                at = end + (text[end] == ",")
        return hashlib.sha256("".join(sorted(rows)).encode()).hexdigest(), len(rows)

    def is_quiet(self, reader):
        """Whether nothing is about to change by itself."""
        status, body = reader.call("GET", "/actions?limit=1&status=queued&status=running")
        return status == 200 and json.loads(body)["total"] == 0

    def test_each_mirror_is_the_service_at_the_end(self):
        started = time.monotonic()
        reader = Caller(self.service, "reader")
        writers = Writers(self.service, self.seed)
        detector = Caller(self.service, "detector")
        first = ACTIONS - ACTIONS // 2 // WRITERS * WRITERS
        while len(writers.ids) < first:
            writers.post(detector, min(250, first - len(writers.ids)))
        proxy = FaultProxy(self.service.url, self.fate)
        self.addCleanup(proxy.close)
        followers = [Follower(self.folder / f"mirror-{number}", proxy.url,
                              self.service.token("reader")) for number in range(MIRRORS)]
        self.addCleanup(lambda: [follower.process.kill() for follower in followers])
        for thread in writers.threads:
            thread.start()
        kills = 0
        while any(thread.is_alive() for thread in writers.threads) or kills < MIRRORS // 2:
            writers.threads[0].join(self.chance.uniform(0.05, 0.5))
            victim = self.chance.choice(followers)
            self.assertIsNone(victim.process.poll(), "a follower ended by itself")
            victim.kill9()
            victim.start()
            kills += 1
            # And connections that had lived long enough.
            for connection in proxy.open_now():
                if self.chance.random() < 0.2:
                    connection.fault = Fault(self.chance.choice(("cut", "reset", "stall")))
        for thread in writers.threads:
            thread.join()
        self.assertEqual([], writers.errors)
        written = time.monotonic()
        wait_until(lambda: self.is_quiet(reader), "the service to be quiet", LIMIT)
        proxy.choose = lambda: None
        wanted = self.store_hash(reader)
        last = {}

        def all_equal():
            for number, follower in enumerate(followers):
                if last.get(number) != [wanted[0], str(wanted[1]), "0"]:
                    last[number] = follower.hash()
            return all(found == [wanted[0], str(wanted[1]), "0"] for found in last.values())

        quiet = time.monotonic()
        try:
            wait_until(all_equal, "each mirror to be the service", LIMIT)
        except AssertionError as error:
            raise AssertionError(f"{error}: the service is {wanted}, the mirrors are {last}") from None
        self.assertEqual(wanted, self.store_hash(reader), "the service went on changing")
        print(f"# {WRITERS} writers, {wanted[1]} actions, {writers.changed} decided on in "
              f"{writers.counts}; {MIRRORS} mirrors, {proxy.accepted} connections {self.faults}, "
              f"{kills} kills; {written - started:.0f} s to write, {quiet - written:.0f} s to be "
              f"quiet, {time.monotonic() - quiet:.1f} s to be equal", flush=True)
        self.assertEqual([0] * MIRRORS, [follower.end() for follower in followers])


if __name__ == "__main__":
    unittest.main()
