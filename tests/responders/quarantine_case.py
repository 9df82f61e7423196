# SPDX-License-Identifier: GPL-3.0-or-later
"""A MailCase with quarantine: what the two actions leave is looked up over IMAP, in the mailbox and in
the quarantine account."""
import hashlib
import itertools

from mail_case import ALICE, Actions, MailCase, lab


REMOVE = rb"^UID EXPUNGE"
APPEND = rb"^APPEND"


class QuarantineActions(Actions):
    """Actions of the two types on one mailbox."""

    numbers = itertools.count(1)

    def __init__(self, folder, settings, mailbox=ALICE, kind="quarantineEmail"):
        super().__init__(folder, settings, mailbox)
        self.kind = kind

    def add_attachment(self, message_id, file_name, content=None, **more):
        """One more action about an attachment."""
        entity = {"type": "attachment", "messageId": message_id, "fileName": file_name, **more}
        if content is not None:
            entity["sha256"] = hashlib.sha256(content).hexdigest()
        action = f"action-{len(self.tasks) + 1}"
        self.tasks.append({"actionId": action, "entity": entity})
        return action

    def run(self, direction, *options, **keywords):
        return super().run(direction, f"--type={self.kind}", *options, **keywords)


class QuarantineCase(MailCase):
    """Each test has a mailbox of its own; the quarantine account is everybody's."""

    def setUp(self):
        super().setUp()
        self.numbers = itertools.count(1)

    def actions(self, *message_ids, folder=None, **changes):
        actions = QuarantineActions(self.folder, self.lab.mail_config(**changes), self.user)
        for message_id in message_ids:
            actions.add(message_id, folder)
        return actions

    def attachment(self, message_id, file_name, content=None, settings=None, **more):
        """An action about one attachment."""
        actions = QuarantineActions(self.folder, self.lab.mail_config(**(settings or {})), self.user,
                                    "quarantineAttachment")
        actions.add_attachment(message_id, file_name, content, **more)
        return actions

    def in_quarantine(self, user=None):
        """What is in quarantine of the test's mailbox, as list of Stored."""
        name = "".join(c if c.isalnum() or c in "@_-" else f"={ord(c):02X}" for c in user or self.user)
        return self.lab.snapshot(self.lab.quarantine, only=name).get(name, [])

    def run_through(self, actions, direction, *rules, used=True):
        """Runs with the proxy in between; returns the results and the proxy."""
        from imap_proxy import ImapProxy  # pylint: disable=import-outside-toplevel
        with ImapProxy(self.lab, *rules) as proxy:
            results = actions.run(direction, settings={**actions.settings, "server": proxy.server})
            if used:
                self.assertEqual([], proxy.rules, "nothing of this happened")
        return results, proxy

    def raw(self, folder="INBOX", user=None):
        """The bytes of the messages in a folder, in the order of the UIDs."""
        with self.lab.imap(user or self.user) as connection:
            lab.checked(connection.select(lab.quoted(folder), readonly=True))
            answer = lab.checked(connection.uid("FETCH", "1:*", "(UID BODY.PEEK[])"))
            return [part[1] for part in answer if isinstance(part, tuple)]

    def remove(self, folder, uids="1:*", user=None):
        """What an owner's mail program would do to delete for good."""
        with self.lab.imap(user or self.user) as connection:
            lab.checked(connection.select(lab.quoted(folder)))
            lab.checked(connection.uid("STORE", uids, "+FLAGS", "(\\Deleted)"))
            lab.checked(connection.expunge())
