# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills the service, the real servers or both, again and again, while actions are carried out and
undone; then looks at the servers for what came of it. What acts on which server is said by the kinds
of Run beside this file: mail_kills.py, forwarding_kills.py, block_kills.py, device_kills.py.

A kill waits for a step of the work that it can see from outside: in the database, which it reads
while the service writes it, in what the process has opened so far, or by the clock. What it has really hit is found out afterwards, from
the database that the dead service has left and from the servers. A kill that found nothing to
interrupt does not count.
"""
import collections
import contextlib
import http.client
import itertools
import json
import os
import pathlib
import random
import sqlite3
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[1:1] = [str(HERE.parent / name) for name in ("service", "lab", "responders")]

from service import Service, ServiceError, wait_until  # noqa: E402

ACTIONS = 100
# Longer than a mail server waits for a lock that it has left itself when it was killed.
PATIENCE = 400
NO_ANSWER = (OSError, http.client.HTTPException)

# How often the first kill of an operation comes while the decision is being sent.
DURING_POST = 0.4
# What to wait for before the other kills, and how often each is chosen.
TRIGGERS = {"answered": 2, "taken": 2, "receipts": 5, "noted": 4, "results": 3, "starting": 3,
            "clock": 3}
# Of a start that is killed: the methods of Start, in the order in which they become true, and how often
# each is chosen.
START_STEPS = {"runs": 1, "has_database": 2, "listens": 2, "has_workers": 2, "is_ready": 2,
               "has_acted": 4}


class Item(collections.namedtuple("Item", "action asset undo state receipt written_at entity look",
                                  defaults=(0,))):
    """One row of Work.open: an action and an asset, and how far the receipt says it has come."""

    is_look = False
    # The states of a receipt that announce a step, and those that an undo writes.
    begun_states = frozenset()
    undo_states = frozenset()

    @property
    def state_of_receipt(self):
        return json.loads(self.receipt)["state"] if self.receipt else None

    @property
    def begun(self):
        """A step is announced, and not yet seen at its end."""
        return self.state_of_receipt in self.begun_states

    @property
    def noted(self):
        """The receipt says that the step was seen at its end."""
        state = self.state_of_receipt
        return state is not None and not self.begun and (
            not self.undo or state in self.undo_states)


class Work:
    """What the database says is still to be done."""

    item_class = Item
    query = ("SELECT a.id, w.asset, w.undo, w.state, r.body, coalesce (r.written_at, 0), t.entity "
             "FROM work AS w JOIN actions AS a ON a.seq = w.action "
             "JOIN action_texts AS t ON t.action = w.action "
             "LEFT JOIN receipts AS r ON r.action = w.action AND r.asset = w.asset")

    def __init__(self, path):
        self.path = path
        self.connection = None

    def rows(self, query, *values):
        """Reads; a service that is just starting or dying may be in the way for a moment."""
        def ask():
            try:
                if self.connection is None:
                    self.connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True,
                                                      isolation_level=None,
                                                      check_same_thread=False)
                return [self.connection.execute(query, values).fetchall()]
            except sqlite3.OperationalError:
                self.close()
                return None
        return wait_until(ask, "the database to be readable")[0]

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def open(self):
        """Pairs of an action and an asset that are not finished, with all that is known of them."""
        return [self.item_class(*row) for row in self.rows(self.query)]

    def count(self):
        return self.rows("SELECT count (*) FROM work")[0][0]


class Start:
    """A service that has just been launched, seen from outside.

    @since: when that was, in microseconds
    """

    def __init__(self, service, work, since):
        self.service, self.work, self.since = service, work, since
        self.folder = pathlib.Path(f"/proc/{service.process.pid}")

    def files(self):
        """What it has open."""
        found = set()
        with contextlib.suppress(OSError):
            for path in (self.folder / "fd").iterdir():
                with contextlib.suppress(OSError):
                    found.add(os.readlink(path))
        return found

    def runs(self):
        return True

    def has_database(self):
        return str(self.service.database) in self.files()

    def listens(self):
        lines = (self.folder / "net/tcp").read_text(encoding="utf-8").splitlines()[1:]
        listening = {f"socket:[{fields[9]}]" for fields in map(str.split, lines)
                     if fields[3] == "0A"}
        return bool(listening & self.files())

    def has_workers(self):
        """What a service that was killed had begun is to be done again from here on."""
        names = set()
        for path in (self.folder / "task").iterdir():
            with contextlib.suppress(OSError):
                names.add((path / "comm").read_text(encoding="utf-8").strip())
        return "worker" in names

    def is_ready(self):
        return (self.service.folder / "ready").exists()

    def has_acted(self):
        return any(item.written_at > self.since for item in self.work.open())


class Operation:
    """One decision of the client, sent until it is answered.

    @total: how many actions it is to be about
    """

    def __init__(self, service, decision, ids, key, total, **more):
        self.service, self.decision, self.ids, self.key = service, decision, ids, key
        self.total = total
        self.more = more
        self.answer = None
        self.thread = None

    def send(self):
        def run():
            try:
                self.answer = self.service.decide(self.decision, self.ids, key=self.key,
                                                  **self.more)
            except NO_ANSWER:
                pass
        self.thread = threading.Thread(target=run)
        self.thread.start()
        return self

    def wait(self):
        """Whether it was answered."""
        self.thread.join()
        if self.answer is not None and self.answer.status != 202:
            raise AssertionError(f"the decision was refused: {self.answer}")
        return self.answer is not None

    @property
    def id(self):
        return self.answer.json["id"]


class Run:
    """One lab, one service, and so many kills of each. A kind of run says what the lab is.

    @chance: a random.Random
    @actions: how many are carried out and undone in a round
    """

    work_class = Work
    server_name = "server"
    what = "actions"
    applied = "moved"
    undone = frozenset(("restored", "alreadyRestored"))

    def __init__(self, folder, chance, service_kills=0, server_kills=0, actions=ACTIONS):
        self.chance = chance
        self.actions = actions
        self.wanted = {"service": service_kills, self.server_name: server_kills}
        self.done = collections.Counter()
        self.steps = {victim: collections.Counter() for victim in self.wanted}
        self.missed = 0
        self.repeated = 0
        self.rounds = 0
        self.surplus = 0
        self.numbers = itertools.count(1)
        self.service = self.make_service(folder)
        self.work = self.work_class(self.service.database)
        self.started_at = 0
        self.operations = []

    # --- what a kind of run says ---

    def make_service(self, folder):
        """Makes the lab and returns the service that acts on it; neither is started yet."""
        raise NotImplementedError

    def start_servers(self):
        raise NotImplementedError

    def stop_servers(self):
        raise NotImplementedError

    def crash_server(self):
        """Kills a server; returns what starts it again."""
        raise NotImplementedError

    def choose(self):
        """What a round acts on; remembers what the servers hold."""
        raise NotImplementedError

    def propose(self, targets):
        """Proposes an action for each; returns their ids, in the order of the targets."""
        raise NotImplementedError

    def is_applied(self, item, cache):
        """Whether the servers show the step of an item that has begun. @cache: a dict for one use."""
        raise NotImplementedError

    def check_servers(self, targets, actions, gone, told):
        """The servers hold what they must. @gone: after the approval; else after the undo. Returns how
        much a server has left too many, and has said so."""
        raise NotImplementedError

    def server_log(self):
        return ""

    # --- one round ---

    def start(self):
        self.start_servers()
        self.service.start()
        self.note_start()

    def stop(self):
        self.work.close()
        if self.service.process is not None:
            self.service.stop()
        self.stop_servers()

    def round(self):
        """Carries so many actions out and undoes them, with kills all the while."""
        targets = self.choose()
        actions = self.propose(targets)
        half = {victim: self.done[victim] + (self.wanted[victim] - self.done[victim] + 1) // 2
                for victim in self.wanted}
        self.phase("approve", actions, half)
        self.check_round(targets, actions, gone=True)
        self.phase("undo", actions, self.wanted)
        self.surplus = self.check_round(targets, actions, gone=False)
        self.rounds += 1

    def phase(self, decision, actions, wanted):
        """Decides in several operations, and kills between and during them until it is enough."""
        kills = sum(wanted[victim] - self.done[victim] for victim in wanted)
        size = max(1, len(actions) * 2 // max(kills, 4))
        parts = self.parts(decision, [actions[at:at + size]
                                      for at in range(0, len(actions), size)])
        for index, part in enumerate(parts):
            left = sum(wanted[victim] - self.done[victim] for victim in wanted)
            share = -(-left // (len(parts) - index))
            more = self.more_of(decision, part)
            operation = Operation(self.service, decision, part, f"key-{next(self.numbers)}",
                                  self.total_of(decision, part), **more)
            self.operations.append(operation)
            self.submit(operation, wanted, share)
        for operation in self.operations:
            self.finish(operation)

    def parts(self, decision, parts):  # pylint: disable=unused-argument
        """The actions that are decided on together, as lists."""
        return parts

    def more_of(self, decision, ids):  # pylint: disable=unused-argument
        """More members of the decision."""
        return {}

    def total_of(self, decision, ids):  # pylint: disable=unused-argument
        """How many actions such a decision is about."""
        return len(ids)

    def finish(self, operation):
        try:
            self.service.wait_operation(operation.id, PATIENCE)
        except ServiceError as error:
            raise AssertionError(f"{error}: {self.work.rows('SELECT * FROM work')}; "
                                 f"{self.service.log[-1000:]}"
                                 f"{self.server_log()[-3000:]}") from None

    def submit(self, operation, wanted, share):
        victim = self.victim(wanted) if share > 0 else None
        if victim == "service" and self.chance.random() < DURING_POST:
            share -= self.kill_during_post(operation)
        while operation.answer is None and not operation.send().wait():
            raise AssertionError("a service that nobody has killed did not answer")
        tries = 0
        while share > 0 and self.work.count() > 0 and tries < 3 * share + 3:
            tries += 1
            victim = self.victim(wanted)
            if victim is None:
                return
            share -= self.kill_service() if victim == "service" else self.kill_server()

    def victim(self, wanted):
        """Whom to kill next; None when it is enough."""
        left = [victim for victim in wanted for _ in range(wanted[victim] - self.done[victim])]
        return self.chance.choice(left) if left else None

    def trigger(self):
        return self.chance.choices(list(TRIGGERS), TRIGGERS.values())[0]

    # --- kills ---

    def note_start(self):
        self.started_at = time.time() * 1e6

    def come_back(self):
        self.service.start()
        self.note_start()

    def kill_during_post(self, operation):
        operation.send()
        if self.chance.random() < 0.5:
            time.sleep(self.chance.uniform(0, 0.02))
        else:
            while not self.is_known(operation) and operation.thread.is_alive():
                pass
        self.service.kill9()
        if operation.wait():
            label = "decision answered"
        else:
            self.repeated += 1
            label = ("decision on disk, no answer" if self.is_known(operation) else
                     "decision not taken, no answer")
        hit = self.steps_hit(self.work.open())
        self.count("service", hit | {label} if hit or operation.answer is None else hit)
        self.come_back()
        return 1

    def is_known(self, operation):
        return self.work.rows("SELECT 1 FROM idempotency WHERE key = ?", operation.key)

    def kill_service(self):
        """1 when it has interrupted something, else 0."""
        trigger = self.trigger()
        if trigger == "starting":
            return self.kill_during_start()
        if not self.wait_for(trigger):
            return 0
        self.service.kill9()
        hit = self.steps_hit(self.work.open())
        self.count("service", hit)
        self.come_back()
        return bool(hit)

    def kill_during_start(self):
        """One kill to be able to start, one while it starts and recovers."""
        self.service.kill9()
        hit = self.steps_hit(self.work.open())
        self.count("service", hit)
        step = self.chance.choices(list(START_STEPS), START_STEPS.values())[0]
        since = time.time() * 1e6
        self.service.launch()
        start = Start(self.service, self.work, since)
        self.wait_for_start(start, getattr(start, step))
        ready = start.is_ready()
        self.service.kill9()
        again = self.work.count() > 0
        if again and self.done["service"] < self.wanted["service"]:
            self.count("service", {"recovery" if ready else "start"})
        self.come_back()
        return bool(hit) + again

    def wait_for_start(self, start, is_there):
        """Waits for a step of a start, or until there is nothing left to interrupt."""
        deadline = time.monotonic() + 20
        while not is_there() and time.monotonic() < deadline:
            if self.service.process.poll() is not None:
                raise AssertionError(f"it did not start: {self.service.log[-1000:]}")
            if start.is_ready() and self.work.count() == 0:
                return

    def kill_server(self):
        if not self.wait_for(self.trigger()):
            return 0
        items = self.work.open()  # before: the service goes on meanwhile
        restart = self.crash_server()
        hit = self.steps_hit(items, look=False)
        self.count(self.server_name, hit)
        restart()
        return bool(hit)

    def wait_for(self, trigger):
        """Waits for the step; False when all is finished before it comes."""
        since = self.started_at
        first = self.work.count()
        deadline = time.monotonic() + 20

        def is_there():
            items = self.work.open()
            fresh = [item for item in items if item.written_at > since]
            return {
                "taken": lambda: any(item.state == "taken" for item in items),
                "receipts": lambda: any(item.begun for item in fresh),
                "noted": lambda: any(item.noted for item in fresh),
                "results": lambda: len(items) < first,
            }.get(trigger, lambda: True)(), len(items)

        while True:
            there, left = is_there()
            if left == 0:
                self.missed += 1
                return False
            if there or time.monotonic() > deadline:
                break
            # What is waited for needs the processor more.
            time.sleep(0.001)
        wait = {"clock": 0.4, "receipts": 0.012, "noted": 0.002}.get(trigger, 0.004)
        time.sleep(self.chance.uniform(0, wait))
        return True

    def steps_hit(self, items, look=True):
        """Where the work was interrupted."""
        cache = {}
        hit = set()
        for item in items:
            if item.state != "taken":
                hit.add("queued")
            elif item.is_look:
                hit.add("looking")
            elif item.begun:
                if not look:
                    hit.add("between receipts and results")
                    continue
                hit.add("before the move" if self.is_applied(item, cache) == bool(item.undo) else
                        "after the move, before its receipts")
            elif item.noted:
                hit.add("after the receipts of the move, before the results")
            else:
                hit.add("taken, before receipts")
        if self.is_partly_done():
            hit.add("some results written")
        return hit

    def is_partly_done(self):
        return self.work.rows(
            "SELECT count (*) FROM operations WHERE waiting > 0 AND waiting < total")[0][0] > 0

    def count(self, victim, hit):
        if not hit:
            self.missed += 1
            return
        self.done[victim] += 1
        self.steps[victim].update(hit)

    # --- what must be true ---

    def check_round(self, targets, actions, gone):
        """@gone: after the approval; else after the undo."""
        told = (self.check_actions(actions, "completed", {self.applied}) if gone else
                self.check_actions(actions, "undone", self.undone))
        self.check_operations()
        return self.check_servers(targets, actions, gone, told)

    def check_operations(self):
        """Every decision that was acknowledged was carried out once, and the sums add up."""
        for operation in self.operations:
            there = self.service.request("GET", f"/operations/{operation.id}", role="reader").json
            counts = there["counts"]
            expect("finished", there["status"], there)
            expect(operation.total, counts["total"], there)
            expect(counts["total"], counts["done"], there)
            expect((0, 0), (counts["failed"], counts["skipped"]), there)
        expect(len(self.operations), self.work.rows("SELECT count (*) FROM operations")[0][0],
               "decisions on disk")
        expect([], self.work.open(), "something is left to be done")
        done = self.service.run("audit", "verify")
        if "is whole" not in done.stdout:
            raise AssertionError(f"the audit log: {done.stdout}{done.stderr}")

    def check_actions(self, actions, status, outcomes):
        """Each is final; returns what it tells, by asset and told_key()."""
        told = {}
        for action_id in actions:
            action = self.service.action(action_id)
            expect(status, action["status"], action)
            for one in action["results"]:
                if one["outcome"] not in outcomes:
                    raise AssertionError(f"not {outcomes}: {action}")
                told[one["asset"], self.told_key(action)] = one.get("detail", "")
        return told

    def told_key(self, action):
        return action["id"]

    def summary(self, seconds):
        parts = [f"{self.done[victim]} kills of the {victim} ("
                 + ", ".join(f"{n} {step}" for step, n in sorted(self.steps[victim].items())) + ")"
                 for victim in self.wanted if self.wanted[victim]]
        return (f"{'; '.join(parts)}; {self.missed} more hit nothing; {self.rounds} rounds of "
                f"{self.actions} {self.what} and as many undos in {len(self.operations)} operations; "
                f"{self.repeated} requests repeated; {self.surplus} second copies left by the "
                f"{self.server_name}; {seconds:.0f} s")


def expect(wanted, seen, what):
    if wanted != seen:
        raise AssertionError(f"{what}: {wanted!r} was expected, {seen!r} is there")


def run(folder, seed, kind, **wanted):
    """Runs rounds until there were so many kills, and returns the Run."""
    started = time.monotonic()
    one = kind(folder, random.Random(seed), **wanted)
    try:
        one.start()
        while any(one.done[victim] < one.wanted[victim] for victim in one.wanted):
            one.round()
        print(f"# seed {seed}: {one.summary(time.monotonic() - started)}", file=sys.stderr)
    finally:
        one.stop()
    return one
