# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster of 10,000 messages in 500 mailboxes is carried out and undone, within the connections to the
mail server that are configured and with the memory of a batch; a single urgent decision does not wait for
it."""
import contextlib
import datetime
import pathlib
import selectors
import socket
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[1:1] = [str(HERE.parent / "service"), str(HERE.parent / "lab")]

import lab as mail  # noqa: E402
import maildir  # noqa: E402
from service import Service, wait_until  # noqa: E402

HOST = "127.0.0.1"
MAILBOXES = 500
EACH = 20
CONNECTIONS = 4
SENDER = "billing@evil.test"
DATE = datetime.datetime(2024, 2, 2, 10, 11, 12, tzinfo=datetime.timezone.utc)
# Beyond what the service needs with nothing to do: for parts of 200 messages, the pages of the database
# and 10,000 rows in one transaction.
MEMORY = 64 * 1024 * 1024
PATIENCE = 1200
# How long a single decision about one message may take while the cluster is carried out.
URGENT = 20


class Door(threading.Thread):
    """Stands before the mail server and knows the most connections that it had at once.

    The tables of the system do not tell that: reading them takes longer than a connection lives. Here
    one thread does everything, and looks what was closed before it lets somebody in, so that who
    closes one connection and then opens the next has one."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.target = (HOST, port)
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.others = {}  # the other side of each socket
        self.clients = set()
        self.most = 0
        self.over = False

    def run(self):
        while not self.over:
            ready = [key.fileobj for key, _ in self.selector.select(0.2)]
            for one in ready:
                if one in self.others:
                    self.hand_on(one)
            if self.listener in ready:
                self.let_in()

    def let_in(self):
        client, _ = self.listener.accept()
        server = socket.create_connection(self.target)
        self.clients.add(client)
        self.most = max(self.most, len(self.clients))
        for one, other in ((client, server), (server, client)):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.others[one] = other
            self.selector.register(one, selectors.EVENT_READ)

    def hand_on(self, one):
        """All that there is to read, up to the end if it has come."""
        with contextlib.suppress(BlockingIOError):
            while one in self.others:
                try:
                    data = one.recv(65536, socket.MSG_DONTWAIT)
                    self.others[one].sendall(data)
                except BlockingIOError:
                    raise
                except OSError:
                    data = b""
                if not data:
                    self.end(one)

    def end(self, one):
        for side in (one, self.others[one]):
            self.selector.unregister(side)
            del self.others[side]
            self.clients.discard(side)
            side.close()


class Size(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(
            prefix="ac-size-")))
        names = [f"user{number:03}@example.test" for number in range(MAILBOXES)]
        cls.lab = mail.Lab(cls.folder / "lab", users=names, messages=0)
        writer = maildir.Writer(cls.folder / "lab" / "mail")
        for mailbox in names:
            for number in range(EACH):
                writer.add(mailbox, "INBOX" if number % 3 else "Archive",
                           f"From: {SENDER}\r\nMessage-ID: <{number}.{mailbox}>\r\nSubject: Pay\r\n\r\n"
                           "hello\r\n".encode(), ["\\Seen"], DATE)
            writer.add(mailbox, "INBOX", f"From: friend@good.test\r\nMessage-ID: <good.{mailbox}>\r\n"
                       "Subject: Hello\r\n\r\nhello\r\n".encode(), [], DATE)
        writer.close()
        cls.lab.start()
        cls.addClassCleanup(cls.lab.stop)
        cls.door = Door(cls.lab.port)
        cls.door.start()
        cls.service = Service(cls.folder / "service", groups={"mail": cls.lab.mail_config(
            server=f"imaps://{HOST}:{cls.door.port}", connections=CONNECTIONS, look_seconds=0,
            confirm_messages=0)})
        cls.service.start()
        cls.addClassCleanup(cls.service.stop)

    def memory(self):
        """The most that was resident at once, in bytes."""
        status = pathlib.Path(f"/proc/{self.service.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024

    def urgent(self):
        """How long a soft delete of one message takes that is decided now."""
        mailbox = self.lab.mailboxes[-1]
        message = f"<good.{mailbox}>"
        [action] = self.service.post_investigation([{
            "type": "softDeleteEmail", "verdict": "malicious", "assets": [mailbox],
            "entity": {"type": "emailMessage", "messageId": message}}])["actions"]
        started = time.monotonic()
        answer = self.service.decide("approve", [action["id"]])
        self.service.wait_operation(answer.json["id"])
        self.assertEqual("completed", self.service.action(action["id"])["status"])
        return time.monotonic() - started

    def targets(self, action):
        return self.service.request("GET", f"/actions/{action}/targets", role="reader",
                                    query={"limit": 1}).json

    def test_ten_thousand_messages_in_five_hundred_mailboxes(self):
        before = {mailbox: self.lab.snapshot(mailbox) for mailbox in self.lab.mailboxes[::25]}
        base = self.memory()
        times = {}
        started = time.monotonic()

        def lap(name):
            nonlocal started
            times[name] = time.monotonic() - started
            started = time.monotonic()

        [action] = self.service.post_investigation([{
            "type": "softDeleteEmailCluster", "verdict": "malicious", "assets": ["*"],
            "entity": {"type": "emailCluster", "name": "Pay", "sender": SENDER}}])["actions"]
        action = action["id"]
        seen = wait_until(lambda: self.service.action(action)["targets"].get("digest") and
                          self.service.action(action), "the messages to be counted", PATIENCE)
        lap("look")
        self.assertEqual((MAILBOXES * EACH, MAILBOXES),
                         (seen["targets"]["messages"], seen["targets"]["mailboxes"]))
        answer = self.service.decide("approve", [action], targets=[
            {"actionId": action, "digest": seen["targets"]["digest"]}])
        wait_until(lambda: self.targets(action)["counts"].get("moved", 0) > 0, "the first to go",
                   PATIENCE)
        urgent = self.urgent()
        self.assertLess(self.targets(action)["counts"].get("moved", 0), MAILBOXES * EACH,
                        "it was over too soon to be overtaken")
        self.service.wait_operation(answer.json["id"], PATIENCE)
        lap("apply")
        self.assertEqual({"moved": MAILBOXES * EACH}, self.targets(action)["counts"])
        for mailbox in before:
            there = [message.message_id for name in self.lab.folders(mailbox)
                     for message in self.lab.messages(mailbox, name)]
            self.assertEqual([f"<good.{mailbox}>"] if mailbox != self.lab.mailboxes[-1] else [], there)
        answer = self.service.decide("undo", [action])
        self.service.wait_operation(answer.json["id"], PATIENCE)
        lap("undo")
        grown = self.memory() - base
        print(f"# {MAILBOXES * EACH} messages in {MAILBOXES} mailboxes: look {times['look']:.1f} s, "
              f"apply {times['apply']:.1f} s, undo {times['undo']:.1f} s; most connections "
              f"{self.door.most} of {CONNECTIONS}; memory {base / 2**20:.1f} MB + {grown / 2**20:.1f} MB; "
              f"an urgent decision {urgent:.2f} s", file=sys.stderr, flush=True)
        self.assertEqual({"restored": MAILBOXES * EACH}, self.targets(action)["counts"])
        for mailbox, snapshot in before.items():
            self.assertEqual(snapshot, self.lab.snapshot(mailbox))
        self.assertLessEqual(self.door.most, CONNECTIONS)
        self.assertLess(grown, MEMORY)
        self.assertLess(urgent, URGENT)


if __name__ == "__main__":
    unittest.main()
