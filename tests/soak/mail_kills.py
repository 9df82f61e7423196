# SPDX-License-Identifier: GPL-3.0-or-later
"""kills.py for messages that are soft-deleted and brought back: each is where it is to be, as it was."""
import collections
import hashlib
import json

from kills import Item, Run, Service, Work, expect

import lab as mail
from messages import header_of

MAILBOXES = 10
KEPT = "Recoverable"
SECOND_COPY = "left a second copy in the recoverable folder"


class MailItem(Item):
    """A message in a mailbox; its receipt tells of each copy by itself."""

    @property
    def message_id(self):
        return json.loads(self.entity)["messageId"]

    @property
    def copies(self):
        return json.loads(self.receipt)["copies"] if self.receipt else []

    @property
    def begun(self):
        return any(copy["state"] in ("moving", "copying", "standing") or
                   (copy["state"] == "restoring" and copy["back"]["uid"] == 0)
                   for copy in self.copies)

    @property
    def noted(self):
        return bool(self.copies) and not self.begun and (
            not self.undo or any(copy["state"] in ("restoring", "returned", "restored")
                                 for copy in self.copies))


class MailWork(Work):
    item_class = MailItem


class MailRun(Run):
    """Messages soft-deleted.

    @stale_locks: how often a mail server that is killed leaves its lock files behind, from 0 to 1;
      then Dovecot does nothing with such a mailbox for two minutes
    """

    work_class = MailWork
    server_name = "mail server"
    what = "soft deletes"

    def __init__(self, folder, chance, stale_locks=0, **wanted):
        self.stale_locks = stale_locks
        self.lab = None
        self.before = {}
        super().__init__(folder, chance, **wanted)

    def make_service(self, folder):
        self.lab = mail.Lab(folder / "lab", users=[f"user{n}@example.test" for n in
                                                   range(MAILBOXES)], messages=18, corpus=False,
                            seed=self.chance.randrange(10**6))
        return Service(folder / "service", lab=self.lab)

    def start_servers(self):
        self.lab.start()

    def stop_servers(self):
        self.lab.discard()

    def server_log(self):
        return self.lab.log

    def crash_server(self):
        self.lab.kill9()

        def restart():
            if self.chance.random() >= self.stale_locks:
                self.lab.remove_locks()
            self.lab.restart()
        return restart

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
            some = self.chance.sample(sorted(found.values()), self.actions // MAILBOXES)
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
        ids = {}
        for target in targets:
            answer = self.service.request("POST", "/investigations", self.investigation(target),
                                          role="detector")
            expect(201, answer.status, answer)
            ids[target] = answer.json["actions"][0]["id"]
        return list(ids.values())

    def is_applied(self, item, cache):
        if item.asset not in cache:
            cache[item.asset] = self.kept_ids(item.asset)
        return item.message_id in cache[item.asset]

    def kept_ids(self, mailbox):
        if KEPT not in self.lab.folders(mailbox, master=True):
            return set()
        return {message.message_id for message in self.lab.messages(mailbox, KEPT, master=True)}

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

    def told_key(self, action):
        return action["entity"]["messageId"]

    def check_servers(self, targets, actions, gone, told):
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
            if not self.wanted[self.server_name] or SECOND_COPY not in told.get(
                    (mailbox, message_id), ""):
                raise AssertionError(f"{mailbox}: {message_id} is there twice, and its action says "
                                     f"{told.get((mailbox, message_id))!r}")
        return sum(more.values())


def bytes_of(stored):
    """The same without flags and dates."""
    found = collections.Counter()
    for (message_id, one), n in stored.items():
        found[message_id, one.sha256] += n
    return found
