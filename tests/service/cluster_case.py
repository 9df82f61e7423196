# SPDX-License-Identifier: GPL-3.0-or-later
"""A TestCase with a real mail server and a real service, for actions on clusters; what came of them
is looked up over IMAP by the test itself."""
import datetime
import hashlib
import imaplib
import pathlib
import sys
import tempfile
import unittest
import uuid

from service import Service, wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lab"))
import lab as mail  # noqa: E402  pylint: disable=wrong-import-position

KEPT = "Recoverable"
DATE = datetime.datetime(2024, 2, 2, 10, 11, 12, tzinfo=datetime.timezone.utc)
FLAGS = ("\\Seen", "$Phishing")


def letter(message_id, sender="Billing <billing@evil.test>", subject="Your invoice", body="hello\r\n",
           header=""):
    """A message in bytes; without a Message-ID where that is None."""
    lines = [f"From: {sender}", "To: somebody@example.test", f"Subject: {subject}"]
    if message_id is not None:
        lines.append(f"Message-ID: {message_id}")
    return ("\r\n".join(lines) + "\r\n" + header + "\r\n" + body).encode()


class ClusterCase(unittest.TestCase):
    """One mail server and one service for the class; each test has mailboxes of its own, empty at
    first."""

    users = 60
    quota = None
    mail_changes = {}
    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(
            prefix="ac-cluster-")))
        names = [f"user{number}@example.test" for number in range(cls.users)]
        cls.free = iter(names)
        cls.lab = mail.Lab(cls.folder / "lab", users=names, messages=0, quota=cls.quota)
        cls.addClassCleanup(cls.lab.discard)
        cls.lab.start()
        cls.service = cls.make_service()
        cls.addClassCleanup(cls.service.stop)
        cls.service.start()

    @classmethod
    def make_service(cls):
        service = Service(cls.folder / "service", settings=cls.settings,
                          groups={"mail": cls.lab.mail_config(**cls.mail_changes)})
        return service

    def setUp(self):
        self.before = {}

    # --- mail ---

    def mailboxes(self, number):
        return [next(self.free) for _ in range(number)]

    def put(self, mailbox, message_id, folder="INBOX", flags=FLAGS, date=DATE, **keywords):
        return self.lab.append(mailbox, folder, letter(message_id, **keywords), flags, date)

    def remember(self, *mailboxes):
        """What is in them now is what must be in them after an undo."""
        for mailbox in mailboxes:
            self.before[mailbox] = self.lab.snapshot(mailbox)

    def assert_as_before(self, *mailboxes):
        for mailbox in mailboxes or self.before:
            self.assertEqual(self.before[mailbox], self.lab.snapshot(mailbox), mailbox)

    def kept(self, mailbox):
        """The Message-IDs in the recoverable folder, sorted."""
        if KEPT not in self.lab.folders(mailbox, master=True):
            return []
        return sorted(message.message_id
                      for message in self.lab.messages(mailbox, KEPT, master=True))

    def there(self, mailbox, folder="INBOX"):
        return sorted(message.message_id or "" for message in self.lab.messages(mailbox, folder))

    def master(self, mailbox):
        """A connection of the master user, to change things behind the service's back."""
        connection = self.lab.imap(mailbox, master=True)
        self.addCleanup(connection.logout)
        return connection

    def remove(self, mailbox, folder, message_id):
        """What an owner does who deletes a message for good."""
        uids = [str(message.uid) for message in self.lab.messages(mailbox, folder, master=True)
                if message.message_id == message_id]
        connection = self.master(mailbox)
        mail.checked(connection.select(mail.quoted(folder)))
        mail.checked(connection.uid("STORE", ",".join(uids), "FLAGS", "(\\Deleted)"))
        mail.checked(connection.expunge())

    def move(self, mailbox, folder, message_id, destination):
        uids = [str(message.uid) for message in self.lab.messages(mailbox, folder, master=True)
                if message.message_id == message_id]
        connection = self.master(mailbox)
        if destination not in self.lab.folders(mailbox, master=True):
            mail.checked(connection.create(mail.quoted(destination)))
        mail.checked(connection.select(mail.quoted(folder)))
        mail.checked(connection.uid("MOVE", ",".join(uids), mail.quoted(destination)))

    def refuse_login(self, mailbox):
        """The mail server forgets a user, and knows it again after what is returned was called."""
        users = self.lab.folder / "users"
        text = users.read_text(encoding="utf-8")
        users.write_text("".join(line for line in text.splitlines(True)
                                 if not line.startswith(f"{mailbox}:")), encoding="utf-8")

        def allow():
            if users.read_text(encoding="utf-8") != text:
                users.write_text(text, encoding="utf-8")
                wait_until(lambda: self.may_log_in(mailbox), "the login to be allowed")
        self.addCleanup(allow)
        # Dovecot looks at its file once a second.
        wait_until(lambda: not self.may_log_in(mailbox), "the login to be refused")
        return allow

    def may_log_in(self, mailbox):
        try:
            self.lab.imap(mailbox, master=True).logout()
        except imaplib.IMAP4.error:
            return False
        return True

    # --- the service ---

    def propose(self, assets, wait=True, **criteria):
        """An action on a cluster; waits until its messages are counted, and returns its id."""
        entity = {"type": "emailCluster", "name": "Invoices", **criteria}
        made = self.service.post_investigation([{
            "type": "softDeleteEmailCluster", "verdict": "malicious", "entity": entity,
            "assets": list(assets), "reason": "The link steals passwords."}],
            external_id=f"cluster-{uuid.uuid4()}")
        action = made["actions"][0]["id"]
        if wait:
            self.wait_looked(action)
        return action

    def wait_looked(self, action, since=None):
        def looked():
            seen = self.service.action(action)
            if seen["status"] == "cancelled":
                return seen
            at = seen["targets"].get("lookedAt")
            return seen if at is not None and (since is None or at > since) else None
        return wait_until(looked, "the messages to be counted")

    def look(self, action):
        """Asks for a look, which may be one that is under way already, and waits for its end."""
        seen = self.service.action(action)["targets"]
        answer = self.service.request("POST", f"/actions/{action}/looks", {}, role="responder")
        self.assertEqual(202, answer.status, answer)
        self.wait_looked(action, seen["lookedAt"])

    def look_again(self, action):
        """Looks at what is there now: the second one has begun after the end of the first."""
        self.look(action)
        self.look(action)

    def digest(self, action):
        return self.service.action(action)["targets"]["digest"]

    def approve(self, action, **more):
        """Approves what is seen; returns the answer."""
        more.setdefault("targets", [{"actionId": action, "digest": self.digest(action)}])
        return self.service.decide("approve", [action], **more)

    def carry_out(self, decision, action, **more):
        """Decides, waits for the end, and returns the action."""
        answer = (self.approve(action, **more) if decision == "approve" else
                  self.service.decide(decision, [action], **more))
        self.assertEqual(202, answer.status, answer)
        operation = self.service.wait_operation(answer.json["id"])
        counts = operation["counts"]
        self.assertEqual(counts["total"], counts["done"] + counts["failed"] + counts["skipped"],
                         operation)
        return self.service.action(action)

    def targets(self, action, **query):
        """All messages, page by page."""
        items, cursor = [], None
        while True:
            page = self.service.request(
                "GET", f"/actions/{action}/targets", role="reader",
                query={**query, **({"cursor": cursor} if cursor else {})}).json
            items += page["items"]
            cursor = page.get("nextCursor")
            if cursor is None:
                self.assertEqual(page["total"], len(items))
                return {**page, "items": items}

    def outcomes(self, action):
        """(mailbox, Message-ID) → outcome."""
        return {(item["mailbox"], item.get("messageId")): item.get("outcome")
                for item in self.targets(action)["items"]}


def sha256(data):
    return hashlib.sha256(data).hexdigest()
