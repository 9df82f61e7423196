# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the window have in common: a mail server, a service and a desk.

One mail server and one desk serve all tests of a class; each test has a service of its own. What is
in the mailboxes is asked for over IMAP, as the owner sees it and as the master user does.
"""
import contextlib
import os
import pathlib
import sys
import tempfile
import unittest

TESTS = pathlib.Path(os.environ.get("AC_SOURCE_ROOT", pathlib.Path(__file__).parents[2])) / "tests"
for folder in ("service", "lab"):
    sys.path.append(str(TESTS / folder))

from harness import Desk  # noqa: E402
from lab import Lab  # noqa: E402
from service import Service  # noqa: E402


class HastyLab:
    """The mail server, for a service that does not wait long for one that is gone."""

    def __init__(self, lab):
        self.lab = lab

    def mail_config(self):
        return self.lab.mail_config(retry_seconds=1, timeout_seconds=5)

    def forwarding_config(self):
        return self.lab.forwarding_config()


class OneConnectionLab(HastyLab):
    """The mail server, for a service that works on one mailbox at a time."""

    def mail_config(self):
        return self.lab.mail_config(connections=1)


class WindowCase(unittest.TestCase):
    """A class of tests that need a window.

    @mail: whether a mail server stands behind the service
    @size: of the screen
    @keyring: whether the session has a Secret Service
    """

    mail = True
    users = 3
    messages = 40
    size = (1280, 800)
    keyring = False

    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        cls.folder = pathlib.Path(cls.stack.enter_context(
            tempfile.TemporaryDirectory(prefix="ac-window-")))
        # Dovecot's processes are not ours when this runs as root.
        cls.folder.chmod(0o755)
        cls.lab = None
        if cls.mail:
            cls.lab = Lab(cls.folder / "lab", users=cls.users, messages=cls.messages)
            cls.stack.callback(cls.lab.discard)
            cls.lab.start()
        cls.desk = cls.stack.enter_context(
            Desk(cls.folder / "desk", *cls.size, keyring=cls.keyring))

    def setUp(self):
        self.desk.session.forget()
        self.service = self.make_service()
        self.service.start()
        self.addCleanup(self.stop_service)

    def make_service(self):
        """The service of one test, not yet started."""
        return Service(self.folder / f"service-{self._testMethodName}", lab=self.lab)

    def stop_service(self):
        if self.service.process is not None:
            self.service.stop()

    def run(self, result=None):
        """Saves a picture and the tree of widgets at the moment of a failure."""
        own = getattr(self, self._testMethodName)

        def watched(*arguments):
            try:
                own(*arguments)
            except BaseException:
                self.desk.save_failure(f"{type(self).__name__}-{self._testMethodName}")
                raise
            for window in list(self.desk.opened_now):
                window.close()

        setattr(self, self._testMethodName, watched)
        try:
            return super().run(result)
        finally:
            delattr(self, self._testMethodName)
            for window in list(self.desk.opened_now):
                with contextlib.suppress(AssertionError):
                    window.close()

    # --- the window ---

    def open(self, role="responder", environment=None, **more):
        """Opens the window of somebody with this role."""
        return self.desk.open_window(self.service.url, self.service.token(role),
                                     environment=environment, **more)

    def counts(self, window, pending, history):
        """Waits until the tabs show these counts; None: a count that is not known yet."""
        def shown():
            tabs = [window.find("tab", id=name) for name in ("pending_button", "history_button")]
            if not all(tabs):
                return False
            labels = [tab.find("label", id="count") for tab in tabs]
            return [int(label.text.replace(",", "")) if label and label.text else None
                    for label in labels] == [pending, history]
        window.wait(shown, f"{pending} pending, {history} in the history")

    def open_tab(self, window, name):
        window.click(node=lambda: window.find("tab", id=f"{name.lower()}_button"))
        window.wait_for("tab", id=f"{name.lower()}_button", state="checked")

    # --- mail ---

    def find_messages(self, count, mailboxes=None):
        """Messages that lie in a mailbox once: of each mailbox and each folder in turn."""
        queues = []
        for mailbox in mailboxes or self.lab.mailboxes:
            ids = [found for name in self.lab.folders(mailbox)
                   for found in self.lab.messages(mailbox, name)]
            times = {}
            for found in ids:
                times[found.message_id] = times.get(found.message_id, 0) + 1
            by_folder = {}
            for found in ids:
                if times[found.message_id] == 1 and found.message_id:
                    by_folder.setdefault(found.folder, []).append(found)
            queues += by_folder.values()
        chosen, seen = [], set()
        while len(chosen) < count and any(queues):
            for queue in queues:
                if queue and len(chosen) < count:
                    found = queue.pop(0)
                    if found.message_id not in seen:
                        seen.add(found.message_id)
                        chosen.append(found)
        self.assertEqual(len(chosen), count, "the lab holds too few messages")
        return chosen

    def propose(self, found, **more):
        """Posts, as a detector, an investigation that proposes to soft-delete these messages; returns
        the ids of the actions in the order of the messages."""
        answer = self.service.request("POST", "/investigations",
                                      self.lab.investigation(found, **more), role="detector")
        self.assertEqual(answer.status, 201, answer)
        ids = {action["entity"]["messageId"]: action["id"] for action in answer.json["actions"]}
        return [ids[message.message_id] for message in found]

    def mail_now(self):
        """All mail as it is now: as its owners see it, and as the master user does."""
        owners = {mailbox: self.lab.snapshot(mailbox) for mailbox in self.lab.mailboxes}
        masters = {mailbox: self.lab.snapshot(mailbox, master=True)
                   for mailbox in self.lab.mailboxes}
        for mailbox, seen in owners.items():
            self.assertNotIn(self.lab.recoverable, seen,
                             f"the owner of {mailbox} sees the recoverable folder")
        for seen in masters.values():
            # An empty one may stay behind.
            if not seen.get(self.lab.recoverable, True):
                del seen[self.lab.recoverable]
        return owners, masters

    def assert_moved(self, before, found):
        """@found, and nothing else, lie in the recoverable folder, and their owners see them no more."""
        owners_before, masters_before = before
        owners, masters = self.mail_now()
        gone = {}
        for message in found:
            gone[message.mailbox] = gone.get(message.mailbox, 0) + 1
            self.assertEqual(self.lab.where(message.mailbox, message.message_id),
                             [self.lab.recoverable])
        for mailbox in self.lab.mailboxes:
            lost, kept = [], []
            for folder, messages in owners_before[mailbox].items():
                now = list(owners[mailbox].get(folder, ()))
                for message in messages:
                    if message in now:
                        now.remove(message)
                    else:
                        lost.append(message)
                self.assertEqual(now, [], f"something new in {folder} of {mailbox}")
            kept = list(masters[mailbox].get(self.lab.recoverable, ()))
            for message in masters_before[mailbox].get(self.lab.recoverable, ()):
                kept.remove(message)
            self.assertEqual(sorted(lost), sorted(kept),
                             f"what {mailbox} lost is what became recoverable")
            self.assertEqual(len(lost), gone.get(mailbox, 0))

    def assert_as_before(self, before):
        """Every message lies where it lay: same bytes, folder, flags, keywords and INTERNALDATE."""
        self.assertEqual(self.mail_now(), before)
