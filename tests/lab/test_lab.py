# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab keeps its word: a real server, verified TLS, a folder that owners cannot see, and nothing
left when it ends."""
import datetime
import json
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import unittest

import lab
import mailbox_name
import messages

ALICE = "alice@example.test"
BOB = "bob@example.test"
HERE = pathlib.Path(__file__).resolve().parent
LETTER = (b"From: somebody@example.test\r\nMessage-ID: <letter@example.test>\r\n\r\n"
          b"{123}\r\nA1 OK Completed\r\n" + b"long " * 2000 + b"\r\n")


def temporary(case):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ac-lab-test-"))
    case.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
    return folder


def alive(pid):
    """Whether a process runs; one that has ended and was not waited for does not."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return False
    return state.split()[0] not in "ZX"


def group_of(pid):
    """The processes of a process group."""
    return [int(path.name) for path in pathlib.Path("/proc").glob("[0-9]*")
            if path.name.isdigit() and alive(path.name) and group_id(path) == pid]


def group_id(path):
    try:
        return int((path / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[2])
    except OSError:
        return None


class Server(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = lab.Lab(temporary(cls) / "state", users=3, messages=60, corpus=False)
        cls.addClassCleanup(cls.lab.stop)
        cls.lab.start()

    def test_mailboxes_are_full_of_various_mail(self):
        for mailbox in self.lab.mailboxes:
            seen = self.lab.snapshot(mailbox)
            everything = [one for folder in seen.values() for one in folder]
            self.assertGreaterEqual(len(everything), 60)
            self.assertGreater(len(seen["INBOX"]), 20)
            self.assertGreater(len(seen), 3)
            self.assertIn("$Phishing", {flag for one in everything for flag in one.flags})
            self.assertLess(min(one.date for one in everything), "2024")

    def test_a_message_lies_in_several_mailboxes(self):
        ids = [{found.message_id for found in self.lab.messages(mailbox)}
               for mailbox in self.lab.mailboxes]
        self.assertTrue(ids[0] & ids[1])

    def test_the_owner_can_neither_see_nor_open_the_recoverable_folder(self):
        with self.lab.imap(ALICE, master=True) as connection:
            if self.lab.recoverable not in self.lab.folders(ALICE, connection):
                lab.checked(connection.create(lab.quoted(self.lab.recoverable)))
            self.assertIn(self.lab.recoverable, self.lab.folders(ALICE, connection))
            self.assertEqual("OK", connection.select(self.lab.recoverable)[0])
        with self.lab.imap(ALICE) as connection:
            self.assertNotIn(self.lab.recoverable, self.lab.folders(ALICE, connection))
            self.assertEqual("NO", connection.select(self.lab.recoverable)[0])
            self.assertEqual("NO", connection.create(self.lab.recoverable)[0])
        self.assertIn(self.lab.recoverable, self.lab.snapshot(ALICE, master=True))
        self.assertNotIn(self.lab.recoverable, self.lab.snapshot(ALICE))

    def test_append_keeps_bytes_flags_and_date(self):
        date = datetime.datetime(2019, 7, 1, 3, 4, 5,
                                 tzinfo=datetime.timezone(datetime.timedelta(hours=-4)))
        folder = "Neu & älter/第二"
        uid = self.lab.append(BOB, folder, LETTER, ("\\Seen", "Invoice"), date)
        self.assertEqual(1, uid)
        stored, = self.lab.snapshot(BOB)[folder]
        self.assertEqual(lab.hashlib.sha256(LETTER).hexdigest(), stored.sha256)
        self.assertEqual(("Invoice", "\\Seen"), stored.flags)
        self.assertEqual("2019-07-01T07:04:05+00:00", stored.date)
        self.assertEqual([folder], self.lab.where(BOB, "<letter@example.test>"))

    def test_a_server_killed_in_the_middle_comes_back_with_its_mail(self):
        before = self.lab.snapshot(ALICE)
        port, group = self.lab.port, self.lab.process.pid
        self.lab.kill9()
        lab.wait_until(lambda: not group_of(group), "all of Dovecot to be gone")
        self.lab.restart()
        self.assertEqual(port, self.lab.port)
        self.assertEqual(before, self.lab.snapshot(ALICE))

    def test_its_certificate_is_trusted_by_its_authority_only(self):
        with self.assertRaises(ssl.SSLCertVerificationError):
            lab.imaplib.IMAP4_SSL(self.lab.host, self.lab.port,
                                  ssl_context=ssl.create_default_context())

    def test_an_investigation_names_each_message_once(self):
        found = self.lab.messages(ALICE) + self.lab.messages(BOB)
        body = self.lab.investigation(found, with_folder=True)
        ids = [action["entity"]["messageId"] for action in body["actions"]]
        self.assertEqual(len(set(ids)), len(ids))
        self.assertEqual({one.message_id for one in found}, set(ids))
        self.assertIn([ALICE, BOB], [action["assets"] for action in body["actions"]])
        self.assertEqual(body, json.loads(json.dumps(body)))


class Life(unittest.TestCase):
    def setUp(self):
        self.folder = temporary(type(self)) / "state"

    def test_mail_is_kept_from_one_start_to_the_next(self):
        first = lab.Lab(self.folder, users=1, messages=10)
        with first:
            before = first.snapshot(ALICE)
        self.assertIsNone(first.process)
        with lab.Lab(self.folder, users=1, messages=10) as second:
            self.assertEqual(before, second.snapshot(ALICE))

    def test_a_quota_refuses_what_is_too_much(self):
        with lab.Lab(self.folder, users=1, messages=0, quota="16K") as server:
            server.append(ALICE, "INBOX", LETTER)
            with self.assertRaisesRegex(lab.LabError, "OVERQUOTA"):
                server.append(ALICE, "INBOX", LETTER)

    def test_it_runs_for_an_ordinary_user(self):
        command = [sys.executable, "-B", HERE / "lab.py"]
        folder = self.folder.parent
        if os.getuid() == 0:
            # Somewhere that another user may read.
            shutil.copytree(HERE, folder / "copy")
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, 65534, 65534)
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                       sys.executable, "-B", folder / "copy" / "lab.py"]
        with subprocess.Popen([*command, "run", self.folder, "--users=2", "--messages=5"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
            ready = json.loads(program.stdout.readline())
            self.assertEqual([ALICE, BOB], ready["mailboxes"])
            server = lab.Lab(self.folder, users=2)
            server.port = ready["port"]
            self.assertGreaterEqual(sum(map(len, server.snapshot(ALICE).values())), 5)
            program.stdin.close()
            self.assertEqual(0, program.wait(lab.PATIENCE))
        self.assertFalse(server._answers_at_all())

    def start_program(self):
        program = subprocess.Popen([sys.executable, "-B", HERE / "lab.py", "run", self.folder,
                                    "--users=1", "--messages=0"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(program.communicate)
        self.addCleanup(program.kill)
        port = json.loads(program.stdout.readline())["port"]
        groups = {group_id(pathlib.Path("/proc") / str(pid)) for pid in children_of(program.pid)}
        self.assertEqual(1, len(groups))
        server = lab.Lab(self.folder, users=1)
        server.port = port
        return program, groups.pop(), server

    def test_the_program_ends_at_a_signal_and_leaves_nothing(self):
        program, group, server = self.start_program()
        program.send_signal(signal.SIGTERM)
        self.assertEqual(0, program.wait(lab.PATIENCE))
        lab.wait_until(lambda: not group_of(group), "Dovecot to end")
        self.assertFalse(server._answers_at_all())

    def test_dovecot_dies_with_whoever_started_it(self):
        program, group, server = self.start_program()
        self.assertTrue(group_of(group))
        # Nobody is left to remove this.
        settings = (self.folder / "dovecot.conf").read_text(encoding="utf-8")
        run = pathlib.Path(settings.split("base_dir = ")[1].split("\n")[0]).parent
        self.addCleanup(shutil.rmtree, run)
        program.kill()
        program.wait(lab.PATIENCE)
        lab.wait_until(lambda: not group_of(group), "Dovecot to end")
        self.assertFalse(server._answers_at_all())


def children_of(pid):
    """The processes that a process has started."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.name))
    return found


class Words(unittest.TestCase):
    def test_folder_names_go_there_and_back(self):
        for name, wire in [("INBOX", b"INBOX"), ("A&B", b"A&-B"), ("~peter/台北/日本語",
                           b"~peter/&U,BTFw-/&ZeVnLIqe-"), ("Отчёты", b"&BB4EQgRHBFEEQgRL-"),
                           ("😀 x", b"&2D3eAA- x")]:
            self.assertEqual(wire, mailbox_name.encode(name))
            self.assertEqual(name, mailbox_name.decode(wire))

    def test_the_same_seed_makes_the_same_mail(self):
        names = messages.mailboxes(3)
        self.assertEqual(list(messages.spread(names, 50, None, 7)),
                         list(messages.spread(names, 50, None, 7)))
        self.assertNotEqual(list(messages.spread(names, 50, None, 7)),
                            list(messages.spread(names, 50, None, 8)))

    def test_addresses_are_plain_and_different(self):
        names = messages.mailboxes(40)
        self.assertEqual(40, len(set(names)))
        self.assertIn("jurgen.weiss@example.test", names)
        self.assertTrue(all(name.isascii() for name in names))

    def test_a_corpus_is_used_before_messages_are_made_up(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="ac-lab-test-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "one.eml").write_bytes(b"Subject: x\nMessage-ID:\n <from-corpus@x>\n\nbody\n")
        found = [message for _mailbox, _folder, message, _flags in
                 messages.spread(["a@x"], 10, folder, 1)]
        self.assertEqual(1, [one.message_id for one in found].count("<from-corpus@x>"))
        self.assertTrue(all(one.data.count(b"\n") == one.data.count(b"\r\n") for one in found))
