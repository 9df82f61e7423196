# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills the service, the mail server or both, again and again, while messages are soft-deleted and
brought back; then looks at the mail server for what came of it.

A kill waits for a step of the work that it can see from outside: in the database, which it reads
while the service writes it, or by the clock. What it has really hit is found out afterwards, from
the database that the dead service has left and from the mailboxes. A kill that found nothing to
interrupt does not count.
"""
import collections
import hashlib
import http.client
import itertools
import json
import pathlib
import random
import sqlite3
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[1:1] = [str(HERE.parent / "service"), str(HERE.parent / "lab")]

import lab as mail  # noqa: E402
from messages import header_of  # noqa: E402
from service import Service, ServiceError, wait_until  # noqa: E402

ACTIONS = 100
MAILBOXES = 10
KEPT = "Recoverable"
# Longer than a mail server waits for a lock that it has left itself when it was killed.
PATIENCE = 400
SECOND_COPY = "left a second copy in the recoverable folder"
NO_ANSWER = (OSError, http.client.HTTPException)

# How often the first kill of an operation comes while the decision is being sent.
DURING_POST = 0.4
# What to wait for before the other kills, and how often each is chosen.
TRIGGERS = {"answered": 2, "taken": 2, "receipts": 5, "noted": 4, "results": 3, "starting": 3,
            "clock": 3}


class Work:
    """What the database says is still to be done."""

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
        return [Item(*row) for row in self.rows(self.query)]

    query = ("SELECT a.id, w.asset, w.undo, w.state, r.body, coalesce (r.written_at, 0), a.entity "
             "FROM work AS w JOIN actions AS a ON a.seq = w.action "
             "LEFT JOIN receipts AS r ON r.action = w.action AND r.asset = w.asset")

    def count(self):
        return self.rows("SELECT count (*) FROM work")[0][0]


class Item(collections.namedtuple("Item", "action asset undo state receipt written_at entity")):
    """One row of Work.open."""

    is_look = False

    @property
    def message_id(self):
        return json.loads(self.entity)["messageId"]

    @property
    def copies(self):
        return json.loads(self.receipt)["copies"] if self.receipt else []

    @property
    def begun(self):
        """A copy is announced to be moved, and not yet seen at the other end."""
        return any(copy["state"] in ("moving", "copying", "standing") or
                   (copy["state"] == "restoring" and copy["back"]["uid"] == 0)
                   for copy in self.copies)

    @property
    def noted(self):
        """The receipt says where the copies have gone."""
        return bool(self.copies) and not self.begun and (
            not self.undo or any(copy["state"] in ("restoring", "returned", "restored")
                                 for copy in self.copies))


class Operation:
    """One decision of the client, sent until it is answered."""

    def __init__(self, service, decision, ids, key, **more):
        self.service, self.decision, self.ids, self.key = service, decision, ids, key
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
    """One lab, one service, and so many kills of each.

    @chance: a random.Random
    @stale_locks: how often a mail server that is killed leaves its lock files behind, from 0 to 1;
      then Dovecot does nothing with such a mailbox for two minutes
    """

    work_class = Work

    def __init__(self, folder, chance, service_kills=0, server_kills=0, stale_locks=0):
        self.chance = chance
        self.stale_locks = stale_locks
        self.wanted = {"service": service_kills, "mail server": server_kills}
        self.done = collections.Counter()
        self.steps = {victim: collections.Counter() for victim in self.wanted}
        self.missed = 0
        self.repeated = 0
        self.rounds = 0
        self.surplus = 0
        self.numbers = itertools.count(1)
        self.lab = mail.Lab(folder / "lab", users=[f"user{n}@example.test" for n in
                                                   range(MAILBOXES)], messages=18, corpus=False,
                            seed=chance.randrange(10**6))
        self.service = Service(folder / "service", lab=self.lab)
        self.work = self.work_class(self.service.database)
        self.started_at = 0
        self.operations = []
        self.before = {}

    def start(self):
        self.lab.start()
        self.service.start()
        self.note_start()

    def stop(self):
        self.work.close()
        if self.service.process is not None:
            self.service.stop()
        self.lab.stop()

    # --- one round ---

    what = "soft deletes"
    applied = "moved"

    def round(self):
        """Soft-deletes so many messages and brings them back, with kills all the while."""
        targets = self.choose()
        actions = self.propose(targets)
        half = {victim: self.done[victim] + (self.wanted[victim] - self.done[victim] + 1) // 2
                for victim in self.wanted}
        self.phase("approve", actions, half)
        self.check_round(targets, actions, gone=True)
        self.phase("undo", actions, self.wanted)
        self.surplus = self.check_round(targets, actions, gone=False)
        self.rounds += 1

    def choose(self):
        """So many messages, from all mailboxes; one of each mailbox lies there twice, in two
        folders and with other flags."""
        chosen = []
        for mailbox in self.lab.mailboxes:
            found = {}
            for folder in self.lab.folders(mailbox):
                for message in self.lab.messages(mailbox, folder):
                    if self.may_choose(message):
                        found.setdefault(message.message_id, message)
            some = self.chance.sample(sorted(found.values()), ACTIONS // MAILBOXES)
            if self.rounds == 0:
                self.copy(some[0])
            chosen += some
        self.before = {mailbox: self.read(mailbox) for mailbox in self.lab.mailboxes}
        self.chance.shuffle(chosen)
        return chosen

    def may_choose(self, _message):
        return True

    def investigation(self, target):
        """What a detector posts about a message."""
        return self.lab.investigation([target], external_id=f"alert-{next(self.numbers)}")

    def copy(self, message):
        with self.lab.imap(message.mailbox) as connection:
            other = "Archive" if message.folder != "Archive" else "INBOX"
            if other not in self.lab.folders(message.mailbox, connection):
                mail.checked(connection.create(mail.quoted(other)))
            mail.checked(connection.select(mail.quoted(message.folder)))
            mail.checked(connection.uid("COPY", str(message.uid), mail.quoted(other)))
            mail.checked(connection.select(mail.quoted(other)))
            mail.checked(connection.uid("STORE", "*", "FLAGS", "(\\Answered Copied)"))

    def propose(self, targets):
        """An action for each; returns their ids, in the order of the targets."""
        ids = {}
        for target in targets:
            answer = self.service.request("POST", "/investigations", self.investigation(target),
                                          role="detector")
            expect(201, answer.status, answer)
            ids[target] = answer.json["actions"][0]["id"]
        return list(ids.values())

    def phase(self, decision, actions, wanted):
        """Decides in several operations, and kills between and during them until it is enough."""
        kills = sum(wanted[victim] - self.done[victim] for victim in wanted)
        size = max(1, len(actions) * 2 // max(kills, 4))
        parts = [actions[at:at + size] for at in range(0, len(actions), size)]
        for index, part in enumerate(parts):
            left = sum(wanted[victim] - self.done[victim] for victim in wanted)
            share = -(-left // (len(parts) - index))
            operation = Operation(self.service, decision, part, f"key-{next(self.numbers)}",
                                  **self.more_of(decision, part))
            self.operations.append(operation)
            self.submit(operation, wanted, share)
        for operation in self.operations:
            self.finish(operation)

    def more_of(self, decision, ids):  # pylint: disable=unused-argument
        """More members of the decision."""
        return {}

    def finish(self, operation):
        try:
            self.service.wait_operation(operation.id, PATIENCE)
        except ServiceError as error:
            raise AssertionError(f"{error}: {self.work.rows('SELECT * FROM work')}; "
                                 f"{self.service.log[-1000:]}"
                                 f"{self.lab.log[-3000:]}") from None

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
        self.service.launch()
        time.sleep(self.chance.uniform(0, 0.12))
        ready = (self.service.folder / "ready").exists()
        self.service.kill9()
        again = self.work.count() > 0
        if again and self.done["service"] < self.wanted["service"]:
            self.count("service", {"recovery" if ready else "start"})
        self.come_back()
        return bool(hit) + again

    def kill_server(self):
        if not self.wait_for(self.trigger()):
            return 0
        items = self.work.open()  # before: the service goes on meanwhile
        self.lab.kill9()
        hit = self.steps_hit(items, look=False)
        self.count("mail server", hit)
        if self.chance.random() >= self.stale_locks:
            self.lab.remove_locks()
        self.lab.restart()
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
        wait = {"clock": 0.4, "receipts": 0.012, "noted": 0.002}.get(trigger, 0.004)
        time.sleep(self.chance.uniform(0, wait))
        return True

    def steps_hit(self, items, look=True):
        """Where the work was interrupted."""
        kept = {}
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
                if item.asset not in kept:
                    kept[item.asset] = self.kept_ids(item.asset)
                is_kept = item.message_id in kept[item.asset]
                hit.add("before the move" if is_kept == bool(item.undo) else
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

    def kept_ids(self, mailbox):
        if KEPT not in self.lab.folders(mailbox, master=True):
            return set()
        return {message.message_id for message in self.lab.messages(mailbox, KEPT, master=True)}

    def count(self, victim, hit):
        if not hit:
            self.missed += 1
            return
        self.done[victim] += 1
        self.steps[victim].update(hit)

    # --- what must be true ---

    def read(self, mailbox):
        """All that is in a mailbox: a Counter of (Message-ID, Stored) for each folder."""
        seen = {KEPT: collections.Counter()}
        with self.lab.imap(mailbox, master=True) as connection:
            for folder in self.lab.folders(mailbox, connection):
                mail.checked(connection.select(mail.quoted(folder), readonly=True))
                answer = mail.checked(connection.uid("FETCH", "1:*",
                                                     "(FLAGS INTERNALDATE BODY.PEEK[])"))
                seen[folder] = collections.Counter(
                    (header_of(data, b"message-id"),
                     mail.Stored(hashlib.sha256(data).hexdigest(), mail.flags_of(head),
                                 mail.date_of(head)))
                    for head, data in (part for part in answer if isinstance(part, tuple)))
        return seen

    def check_operations(self):
        """Every decision that was acknowledged was carried out once, and the sums add up."""
        for operation in self.operations:
            there = self.service.request("GET", f"/operations/{operation.id}", role="reader").json
            counts = there["counts"]
            expect("finished", there["status"], there)
            expect(len(operation.ids), counts["total"], there)
            expect(counts["total"], counts["done"], there)
            expect((0, 0), (counts["failed"], counts["skipped"]), there)
        expect(len(self.operations), self.work.rows("SELECT count (*) FROM operations")[0][0],
               "decisions on disk")
        expect([], self.work.open(), "something is left to be done")
        done = self.service.run("audit", "verify")
        if "is whole" not in done.stdout:
            raise AssertionError(f"the audit log: {done.stdout}{done.stderr}")

    def check_actions(self, actions, status, outcomes):
        """Each is final; returns what it tells, by mailbox and Message-ID."""
        told = {}
        for action_id in actions:
            action = self.service.action(action_id)
            expect(status, action["status"], action)
            for one in action["results"]:
                if one["outcome"] not in outcomes:
                    raise AssertionError(f"not {outcomes}: {action}")
                told[one["asset"], action["entity"]["messageId"]] = one.get("detail", "")
        return told

    def check_round(self, targets, actions, gone):
        """@gone: after the soft delete; else after the undo."""
        told = (self.check_actions(actions, "completed", {self.applied}) if gone else
                self.check_actions(actions, "undone", {"restored", "alreadyRestored"}))
        self.check_operations()
        surplus = 0
        for mailbox in self.lab.mailboxes:
            ids = self.ids_in(mailbox, targets) if gone else set()
            wanted = {KEPT: self.before[mailbox][KEPT].copy()}
            for folder, stored in self.before[mailbox].items():
                if folder != KEPT:
                    wanted[folder] = collections.Counter(
                        {one: n for one, n in stored.items() if one[0] not in ids})
                    wanted[KEPT] += stored - wanted[folder]
            surplus += self.compare(mailbox, wanted, self.read(mailbox), told)
        return surplus

    def ids_in(self, mailbox, targets):
        """The Message-IDs of the targets that are to leave a mailbox."""
        return {one.message_id for one in targets if one.mailbox == mailbox}

    def compare(self, mailbox, wanted, seen, told):
        """Everything is where it is to be, and as it was. Only the mail server itself, when it was
        killed, may have left a second copy, where the owner does not see it; and then the action
        says so. Returns how many it has left."""
        kept = seen.pop(KEPT)
        wanted_kept = wanted.pop(KEPT)
        expect(wanted, seen, f"the folders of {mailbox}")
        if kept == wanted_kept:
            return 0
        lost = bytes_of(wanted_kept) - bytes_of(kept)
        more = bytes_of(kept) - bytes_of(wanted_kept)
        if lost or not more:
            raise AssertionError(f"{mailbox}: lost or changed: {wanted_kept - kept}")
        for message_id, _ in more:
            if not self.wanted["mail server"] or SECOND_COPY not in told.get(
                    (mailbox, message_id), ""):
                raise AssertionError(f"{mailbox}: {message_id} is there twice, and its action says "
                                     f"{told.get((mailbox, message_id))!r}")
        return sum(more.values())

    def summary(self, seconds):
        parts = [f"{self.done[victim]} kills of the {victim} ("
                 + ", ".join(f"{n} {step}" for step, n in sorted(self.steps[victim].items())) + ")"
                 for victim in self.wanted if self.wanted[victim]]
        return (f"{'; '.join(parts)}; {self.missed} more hit nothing; {self.rounds} rounds of "
                f"{ACTIONS} {self.what} and {ACTIONS} undos in {len(self.operations)} operations; "
                f"{self.repeated} requests repeated; {self.surplus} second copies left by the mail "
                f"server; {seconds:.0f} s")


def bytes_of(stored):
    """The same without flags and dates."""
    found = collections.Counter()
    for (message_id, one), n in stored.items():
        found[message_id, one.sha256] += n
    return found


def expect(wanted, seen, what):
    if wanted != seen:
        raise AssertionError(f"{what}: {wanted!r} was expected, {seen!r} is there")


def run(folder, seed, kind=Run, **wanted):
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
