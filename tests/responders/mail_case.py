# SPDX-License-Identifier: GPL-3.0-or-later
"""A TestCase with a real mail server and the mail responder to act on it; what came of it is looked
up over IMAP by the test itself."""
import datetime
import itertools
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lab"))

import lab  # pylint: disable=wrong-import-position

ALICE = "alice@example.test"
BOB = "bob@example.test"
KEPT = "Recoverable"
DATE = datetime.datetime(2024, 2, 2, 10, 11, 12,
                         tzinfo=datetime.timezone(datetime.timedelta(hours=3)))
DRIVER = os.environ.get("AC_RESPONDER_DRIVER")
WRAPPER = shlex.split(os.environ.get("AC_PROGRAM_WRAPPER", ""))
# Whether the programs were built with sanitizers; tests/meson.build says so.
SANITIZED = os.environ.get("AC_SLOW_CHECKER") == "sanitizers"


def letter(message_id, body=b"hello\r\n", header=b""):
    """A message with this Message-ID."""
    return (b"From: x@evil.test\r\nTo: alice@example.test\r\nSubject: a1 OK [COPYUID 1 1 1] {3}\r\n" +
            b"Message-ID: " + message_id.encode() + b"\r\n" + header + b"\r\n" + body)


def temporary(case):
    """A folder that goes with the class."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ac-mail-"))
    case.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
    return folder


class Killed(Exception):
    """The driver was killed, as it was told to be."""


class Actions:
    """What the service would hold: actions on one mailbox and their receipts."""

    group = "mail"
    prefix_command = ()
    may_complain = False  # whether the responder may write into the service's log
    numbers = itertools.count(1)
    group = "mail"

    def __init__(self, folder, settings, mailbox=ALICE):
        self.folder = folder / f"actions-{next(self.numbers)}"
        self.folder.mkdir()
        self.mailbox = mailbox
        self.settings = settings
        self.tasks = []
        self.receipts_file = self.folder / "receipts.json"

    def add(self, message_id, folder=None):
        """One more action about a message; returns its id."""
        action = f"action-{len(self.tasks) + 1}"
        entity = {"type": "emailMessage", "messageId": message_id}
        if folder:
            entity["folder"] = folder
        self.tasks.append({"actionId": action, "entity": entity})
        return action

    @property
    def receipts(self):
        """The receipts that are on disk."""
        return json.loads(self.receipts_file.read_text()) if self.receipts_file.exists() else {}

    def run(self, direction, *options, tasks=None, settings=None):
        """Runs the responder and returns the results, in the order of the tasks."""
        config = self.folder / "config"
        keys = settings or self.settings
        config.write_text(f"[{self.group}]\n" + "".join(f"{key}={value}\n" for key, value in keys.items()))
        done = subprocess.run(
            [*self.prefix_command, *WRAPPER, DRIVER, config, direction, self.mailbox, self.receipts_file, *options],
            input=json.dumps(self.tasks if tasks is None else tasks), capture_output=True, text=True,
            timeout=120, check=False)
        if done.returncode == -9:
            raise Killed()
        if done.returncode != 0:
            raise AssertionError(f"the driver ended with {done.returncode}: {done.stderr}")
        # valgrind's own words about a system call that it does not know are no complaint.
        complaint = re.sub(r"(?m)^--\d+-- .*\n", "", done.stderr)
        self.complaint = complaint
        if complaint and not self.may_complain:
            raise AssertionError(f"the driver complained: {complaint}")
        return json.loads(done.stdout)

    def apply(self, *options, **keywords):
        return self.run("apply", *options, **keywords)

    def undo(self, *options, **keywords):
        return self.run("undo", *options, **keywords)


class MailCase(unittest.TestCase):
    """One server for the class; each test has a mailbox of its own, empty at first."""

    quota = None
    extra = ""

    @classmethod
    def setUpClass(cls):
        cls.folder = temporary(cls)
        names = [f"user{number}@example.test" for number in range(60)]
        cls.free = iter(names)
        cls.lab = lab.Lab(cls.folder / "lab", users=names, messages=0, quota=cls.quota,
                          extra=cls.extra)
        cls.addClassCleanup(cls.lab.discard)
        cls.lab.start()

    def setUp(self):
        self.user = next(self.free)

    def actions(self, *message_ids, folder=None, **changes):
        """Actions on the test's mailbox."""
        actions = Actions(self.folder, self.lab.mail_config(**changes), self.user)
        for message_id in message_ids:
            actions.add(message_id, folder)
        return actions

    def put(self, message_id, folder="INBOX", flags=("\\Seen", "$Phishing", "Invoice"), date=DATE,
            **keywords):
        """Puts a message into the test's mailbox; returns its UID."""
        return self.lab.append(self.user, folder, letter(message_id, **keywords), flags, date)

    def seen(self):
        """What the owner has."""
        return self.lab.snapshot(self.user)

    def everything(self):
        """What is in the mailbox, the recoverable folder with it."""
        return self.lab.snapshot(self.user, master=True)

    def kept(self):
        """What is in the recoverable folder."""
        return self.everything().get(KEPT, [])

    def master(self):
        """A connection of the master user, to change things behind the responder's back."""
        connection = self.lab.imap(self.user, master=True)
        self.addCleanup(connection.logout)
        return connection

    def move(self, uid, source, destination):
        """What the owner's mail program would do."""
        connection = self.master()
        lab.checked(connection.select(lab.quoted(source)))
        lab.checked(connection.uid("MOVE", str(uid), lab.quoted(destination)))

    def assert_outcomes(self, results, *outcomes):
        self.assertEqual(list(outcomes), [result.get("outcome") for result in results], results)

    def assert_only(self, results, outcome, detail, transient=False):
        """There is one result, and it is this; @detail: a regular expression."""
        self.assert_outcomes(results, outcome)
        self.assertRegex(results[0]["detail"], detail)
        self.assertEqual(transient, results[0]["transient"], results)

    def flat(self, snapshot):
        """Every message of a snapshot, wherever it is, in one sorted list."""
        return sorted(one for folder in snapshot.values() for one in folder)
