# SPDX-License-Identifier: GPL-3.0-or-later
"""actionctl against the real service, as a person and as a script would use it."""
import contextlib
import csv
import gettext
import json
import os
import pathlib
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unicodedata
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "service"))

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lab"))

from case import ServiceCase  # noqa: E402
from cluster_case import ClusterCase  # noqa: E402
from lab import Lab  # noqa: E402
from language import CATALOGS, language_environment  # noqa: E402
from service import Service, wait_until  # noqa: E402

PROGRAM = os.environ["ACTIONCTL"]
WRAPPER = shlex.split(os.environ.get("AC_PROGRAM_WRAPPER", ""))
DONE, FAILED, USAGE, UNFINISHED = range(4)


def columns_before(line, word):
    """How many columns of a terminal stand before a word."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line[:line.index(word)])


class Command(ServiceCase):
    """The service, and ways to run the program on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("reader", "responder"):
            path = cls.folder / f"{role}.token"
            path.touch(mode=0o600)
            path.write_text(cls.service.token(role) + "\n", encoding="ascii")

    def command(self, *arguments, role="responder"):
        return [*WRAPPER, PROGRAM, *arguments, "--address", self.service.url,
                "--token-file", str(self.folder / f"{role}.token")]

    def run_it(self, *arguments, status=DONE, role="responder", stdin="", environment=None):
        done = subprocess.run(self.command(*arguments, role=role), input=stdin, text=True,
                              env={**os.environ, **(environment or {})}, capture_output=True, timeout=60,
                              check=False)
        self.assertEqual(status, done.returncode, done.stderr)
        self.assertNotIn(self.service.token(role), done.stdout + done.stderr)
        return done

    def propose(self, n, **members):
        investigation = self.service.post_investigation(n, **members)
        return investigation["id"], [action["id"] for action in investigation["actions"]]


class Export(Command):
    tap_class = "export"

    def test_exactly_what_the_filters_find_is_exported(self):
        """CSV, JSON lines and OCSF events; a second export gets another name; what is no filter is refused."""
        _, ids = self.propose(3)
        self.service.decide("reject", ids[:2], comment="=1+1, \"really\"")
        done = self.run_it("export", "--filters", json.dumps({"id": []}), status=USAGE)
        self.assertIn("There is no filter", done.stderr)
        filters = json.dumps({"status": ["rejected"], "investigationId": [
            self.service.action(ids[0])["investigationId"]]})
        arguments = ("export", "--filters", filters, "--folder", str(self.folder))
        done = self.run_it(*arguments)
        self.assertEqual(f"{self.folder}/actions.csv\n", done.stdout)
        with open(self.folder / "actions.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(set(ids[:2]), {row["id"] for row in rows})
        self.assertEqual({"'=1+1, \"really\""}, {row["comment"] for row in rows})
        for row in rows:
            self.assertRegex(row["updatedAt"], r"Z$")
            self.assertRegex(row["decidedAt"], r"Z$")
        self.assertEqual(f"{self.folder}/actions (1).csv\n", self.run_it(*arguments).stdout)
        done = self.run_it(*arguments, "--format", "json", "--name", "some")
        lines = (self.folder / "some.jsonl").read_text(encoding="utf-8").splitlines()
        self.assertEqual(set(ids[:2]), {json.loads(line)["id"] for line in lines})
        self.run_it(*arguments, "--format", "ocsf", "--name", "events")
        events = [json.loads(line) for line in (
            self.folder / "events.ocsf.jsonl").read_text(encoding="utf-8").splitlines()]
        self.assertEqual({(7, 7001, 25)}, {(event["category_uid"], event["class_uid"],
                                            event["disposition_id"]) for event in events})
        self.run_it(*arguments, "--format", "pdf", status=USAGE)
        self.assertEqual(["csv, 2", "csv, 2", "json, 2", "ocsf, 2"],
                         [words.split(":")[0] for who, words in self.service.exports()
                          if who == "the.responder"])
        self.assertIn("status=rejected", self.service.exports()[0][1])


class Message(unittest.TestCase):
    """actionctl message, with a real mail server behind the service."""

    tap_class = "actionctl"

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.lab = Lab(cls.folder / "lab", users=1, messages=0)
        cls.lab.start()
        cls.addClassCleanup(cls.lab.stop)
        cls.service = Service(cls.folder / "service", lab=cls.lab)
        cls.service.start()
        cls.addClassCleanup(cls.service.stop)
        cls.token = cls.folder / "responder.token"
        cls.token.touch(mode=0o600)
        cls.token.write_text(cls.service.token("responder") + "\n", encoding="ascii")

    def run_it(self, *arguments, status=DONE):
        done = subprocess.run(
            [*WRAPPER, PROGRAM, *arguments, "--address", self.service.url, "--token-file", self.token],
            text=True, capture_output=True, timeout=60, check=False)
        self.assertEqual(status, done.returncode, done.stderr)
        return done

    def test_a_message_in_quarantine_is_printed_as_text(self):
        mailbox = self.lab.mailboxes[0]
        self.lab.append(mailbox, "INBOX",
                        b"Subject: \x1b[31mred\r\nMessage-ID: <a@x.test>\r\n\r\nfirst\x1b[2J\r\nsecond\r\n")
        answer = self.service.request("POST", "/investigations", {
            "externalId": "message", "title": "t", "trigger": "alert", "detectionSource": "Lab",
            "severity": "high", "evidence": [],
            "actions": [{"type": "quarantineEmail", "verdict": "malicious", "source": "automatedEmail",
                         "reason": "r", "entity": {"type": "emailMessage", "messageId": "<a@x.test>"},
                         "assets": [mailbox]}]}, role="detector")
        action = answer.json["actions"][0]["id"]
        # Before the decision it is read where it lies.
        self.assertIn("\nsecond\n", self.run_it("message", action).stdout)
        self.service.wait_operation(self.service.decide("approve", [action]).json["id"])
        text = self.run_it("message", action, "--mailbox", mailbox).stdout
        self.assertNotIn("\x1b", text)
        self.assertIn("Message-ID: <a@x.test>\n", text)
        self.assertIn("\nsecond\n", text)
        self.assertEqual(mailbox, json.loads(self.run_it("message", action, "--json").stdout)["asset"])
        self.run_it("message", status=USAGE)
        self.assertIn("nobody@x.test", self.run_it("message", action, "--mailbox", "nobody@x.test",
                                                   status=FAILED).stderr)


class Actionctl(Command):
    tap_class = "actionctl"

    def test_the_list_is_a_table_for_people_and_json_for_programs(self):
        investigation, ids = self.propose(3)
        table = self.run_it("list", "--pending", "--investigation", investigation).stdout
        lines = table.splitlines()
        self.assertEqual(4, len(lines), table)
        self.assertTrue(lines[0].startswith("ID "))
        self.assertEqual(set(ids), {line.split()[0] for line in lines[1:]})
        self.assertEqual(1, len({line.index("Pending") for line in lines[1:]}), table)
        rows = [json.loads(line) for line in self.run_it(
            "list", "--investigation", investigation, "--json", "--limit", "0").stdout.splitlines()]
        self.assertEqual(set(ids), {row["id"] for row in rows})

    def test_a_limit_says_how_many_there_are(self):
        investigation, _ids = self.propose(5)
        done = self.run_it("list", "--investigation", investigation, "--limit", "2")
        self.assertEqual(3, len(done.stdout.splitlines()))
        self.assertIn("2 of 5 are shown", done.stderr)

    def test_the_table_and_what_is_said_of_it_are_in_the_language_of_the_person(self):
        """Spanish and Japanese stand for all: the one has plurals, the other has wide letters, which do
        not move the columns."""
        investigation, _ids = self.propose(5)
        for language, said in (("es", "Se muestran 2 de 5"), ("ja", "5件中2件")):
            with self.subTest(language):
                words = gettext.translation("action-center", CATALOGS, [language])
                done = self.run_it("list", "--investigation", investigation, "--limit", "2",
                                   environment=language_environment(self.folder, language))
                self.assertIn(said, done.stderr)
                head, *rows = done.stdout.splitlines()
                self.assertEqual(2, len(rows))
                for title, word in (("Status", "Pending"), ("Verdict", "Malicious")):
                    place = columns_before(head, words.gettext(title))
                    self.assertEqual({place}, {columns_before(row, words.gettext(word)) for row in rows},
                                     done.stdout)

    def test_an_empty_list_says_so(self):
        done = self.run_it("list", "--asset", "nobody@example.test")
        self.assertEqual("", done.stdout)
        self.assertIn("There are no such actions.", done.stderr)

    def test_show_tells_what_the_service_knows(self):
        _investigation, ids = self.propose(1)
        text = self.run_it("show", ids[0]).stdout
        action = self.service.action(ids[0])
        for part in (ids[0], "Status: Pending", action["entity"]["messageId"], action["assets"][0],
                     "propose, the.detector", "Undo brings back: The message, in the folder",
                     "Undo is possible: For a year", "Undo cannot bring back: What was read"):
            self.assertIn(part, text)
        self.assertEqual(action, json.loads(self.run_it("show", "--json", ids[0]).stdout))

    def test_a_rejection_with_a_comment_is_in_the_timeline(self):
        _investigation, ids = self.propose(2)
        table = self.run_it("reject", *ids, "--comment", "not ours").stdout
        self.assertEqual(2, table.count("Rejected"))
        for name in ids:
            action = self.service.action(name)
            self.assertEqual(("rejected", "not ours"), (action["status"], action["comment"]))

    def test_ids_come_from_standard_input(self):
        _investigation, ids = self.propose(2)
        operation = json.loads(self.run_it("reject", "-", "--json",
                                           stdin="\n".join(ids) + "\n\n").stdout)
        self.assertEqual(ids, [item["actionId"] for item in operation["items"]])
        self.assertEqual(2, operation["counts"]["done"])

    def test_what_failed_is_told_by_the_exit_status(self):
        """Without a mail server nothing can be carried out."""
        _investigation, ids = self.propose(1)
        done = self.run_it("approve", ids[0], status=UNFINISHED)
        self.assertIn("no responder", done.stdout)
        self.assertIn("Failed", done.stdout)
        self.assertIn("Failed", self.run_it("retry", ids[0], status=UNFINISHED).stdout)

    def test_an_acknowledged_decision_need_not_be_waited_for(self):
        _investigation, ids = self.propose(1)
        operation = json.loads(self.run_it("approve", ids[0], "--no-wait", "--json").stdout)
        self.assertEqual(1, self.service.wait_operation(operation["id"])["counts"]["total"])

    def test_the_loser_is_told_who_won(self):
        _investigation, ids = self.propose(1)
        self.assertEqual(202, self.service.decide("reject", ids, role="admin").status)
        done = self.run_it("approve", ids[0], status=FAILED)
        self.assertRegex(done.stderr, rf"{ids[0]}: “Reject” was decided by the\.admin at 20\d\d-")
        problem = json.loads(self.run_it("approve", ids[0], "--json", status=FAILED).stdout)
        self.assertEqual(409, problem["status"])

    def test_a_reader_may_not_decide(self):
        _investigation, ids = self.propose(1)
        done = self.run_it("approve", ids[0], role="reader", status=FAILED)
        self.assertIn("responder", done.stderr)
        self.assertEqual("pending", self.service.action(ids[0])["status"])

    def test_an_unknown_id_is_named(self):
        for command in ("show", "approve"):
            self.assertIn("no-such-id", self.run_it(command, "no-such-id", status=FAILED).stderr)

    def test_a_subject_cannot_command_the_terminal(self):
        evil = "\x1b]0;owned\x07\u202egnp.exe\nsecond line"
        _investigation, ids = self.propose(1)
        investigation = self.service.post_investigation(1)
        body = {"externalId": "evil", "title": "x", "evidence": [], "actions": [
            {**{key: investigation["actions"][0][key] for key in ("type", "verdict", "assets")},
             "source": "api",
             "entity": {"type": "emailMessage", "messageId": "<evil@x>", "subject": evil}}]}
        answer = self.service.request("POST", "/investigations", body, role="detector")
        self.assertEqual(201, answer.status, answer)
        name = answer.json["actions"][0]["id"]
        for output in (self.run_it("list", "--search", "gnp.exe").stdout,
                       self.run_it("show", name).stdout):
            self.assertIn("gnp.exe second line", output)
            for bad in ("\x1b", "\x07", "\u202e"):
                self.assertNotIn(bad, output)
        self.assertEqual(evil, json.loads(
            self.run_it("show", "--json", name).stdout)["entity"]["subject"])
        self.assertEqual(1, len(ids))

    def test_watch_prints_each_change_until_it_is_interrupted(self):
        _investigation, ids = self.propose(1)
        process = subprocess.Popen(self.command("watch", "--json"), stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        # It has begun when it prints; until then, things go on changing.
        changes = iter(process.stdout.readline, "")
        over = threading.Event()

        def keep_changing():
            while not over.wait(0.2):
                self.propose(1)

        thread = threading.Thread(target=keep_changing)
        thread.start()
        try:
            self.assertIn("id", json.loads(next(changes)))
        finally:
            over.set()
            thread.join()
        self.service.decide("reject", ids)
        while True:
            action = json.loads(next(changes))
            if action["id"] == ids[0]:
                break
        self.assertEqual("rejected", action["status"])
        process.send_signal(signal.SIGINT)
        self.assertEqual(DONE, process.wait(30))

    def test_a_command_line_that_makes_no_sense_is_refused(self):
        for arguments, said in (((), "Usage"), (("dance",), "“dance”"), (("list", "--dance"), "dance"),
                                (("show",), "id"), (("list", "x"), "options only"),
                                (("list", "--sort", "colour"), "“colour”"),
                                (("list", "--pending", "--history"), "--history"),
                                (("list", "--limit", "-1"), "--limit"), (("approve", "-"), "no ids")):
            with self.subTest(arguments=arguments):
                end = self.command()[len(WRAPPER) + 1:] if arguments else []
                done = subprocess.run([*WRAPPER, PROGRAM, *arguments, *end], text=True, input="",
                                      capture_output=True, timeout=60, check=False)
                self.assertEqual(USAGE, done.returncode)
                self.assertIn(said, done.stdout + done.stderr)

    def test_a_token_that_others_may_read_is_not_used(self):
        path = self.folder / "open.token"
        path.write_text(self.service.token("reader"), encoding="ascii")
        path.chmod(0o644)
        done = subprocess.run([*WRAPPER, PROGRAM, "list", "--address", self.service.url,
                               "--token-file", path], text=True, capture_output=True, timeout=60,
                              check=False)
        self.assertEqual(FAILED, done.returncode)
        self.assertIn("chmod 600", done.stderr)

    def test_a_service_that_is_not_there_is_told_in_words(self):
        done = subprocess.run([*WRAPPER, PROGRAM, "list", "--address", "http://127.0.0.1:9",
                               "--token-file", self.folder / "reader.token"], text=True,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(FAILED, done.returncode)
        self.assertIn("127.0.0.1:9", done.stderr)


class Grace(Command):
    tap_class = "actionctl-grace"
    settings = {"grace-seconds": 3600}

    def test_an_approval_is_taken_back(self):
        _investigation, ids = self.propose(2)
        operation = self.run_it("approve", *ids, "--no-wait").stdout.split()
        self.assertEqual(1, len(operation))
        self.assertIn("Pending", self.run_it("take-back", operation[0]).stdout)
        for name in ids:
            self.assertEqual("pending", self.service.action(name)["status"])

    def test_at_a_terminal_it_says_for_what_it_waits(self):
        """And what takes the approval back; what is printed for scripts stays as it is."""
        _investigation, ids = self.propose(1)
        terminal, end = os.openpty()
        self.addCleanup(os.close, terminal)
        process = subprocess.Popen(self.command("approve", *ids), stdout=subprocess.PIPE, stderr=end, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        os.close(end)
        said = b""
        while not said.endswith(b"\n"):
            said += os.read(terminal, 4096)
        operation = re.fullmatch(r"It begins in 3[56]\d\d seconds\. To take it back: actionctl take-back (\S+)\s+",
                                 said.decode())
        self.assertTrue(operation, said)
        self.assertIn("Pending", self.run_it("take-back", operation[1]).stdout)
        self.assertEqual(UNFINISHED, process.wait(60))
        self.assertRegex(process.stdout.read(), f"{ids[0]} +Pending")

    def test_taken_back_in_the_middle_it_says_what_was_done(self):
        """One of two blocks has begun before its time: the other one is taken back, and the program
        says how to undo the one that is done."""
        with tempfile.TemporaryDirectory() as folder:
            service = Service(pathlib.Path(folder) / "service", settings=self.settings,
                              groups={"url": {"list": pathlib.Path(folder) / "blocked"}})
            service.start()
            self.addCleanup(service.stop)
            token = pathlib.Path(folder) / "token"
            token.touch(mode=0o600)
            token.write_text(service.token("responder") + "\n", encoding="ascii")
            place = "--address", service.url, "--token-file", str(token)
            block = {"type": "blockUrl", "verdict": "malicious", "assets": ["proxy"]}
            done, waiting = (action["id"] for action in service.post_investigation([
                {**block, "entity": {"type": "url", "url": f"https://{name}.example/"}}
                for name in ("one", "two")])["actions"])
            operation = service.decide("approve", [done, waiting]).json["id"]
            with contextlib.closing(sqlite3.connect(service.database)) as database, database:
                database.execute("UPDATE work SET not_before = 0 WHERE action IN "
                                 "(SELECT seq FROM actions WHERE id = ?)", [done])
            # Whatever is committed wakes the queue.
            service.post_investigation(1)
            wait_until(lambda: service.action(done)["status"] == "completed", "the first block")
            result = subprocess.run([*WRAPPER, PROGRAM, "take-back", operation, *place], text=True,
                                    capture_output=True, timeout=60, check=False)
            self.assertEqual(DONE, result.returncode, result.stderr)
            self.assertRegex(result.stdout, f"{done} +Completed")
            self.assertRegex(result.stdout, f"{waiting} +Pending")
            self.assertIn(f"1 action was carried out before; to undo it: actionctl undo {done}\n",
                          result.stderr)
            undone = subprocess.run([*WRAPPER, PROGRAM, "undo", done, *place], text=True,
                                    capture_output=True, timeout=60, check=False)
            self.assertEqual(DONE, undone.returncode, undone.stderr)
            self.assertEqual(["undone", "pending"], [service.action(name)["status"]
                                                     for name in (done, waiting)])
            service.stop()


class Cluster(ClusterCase):
    """A cluster on a real mail server."""

    tap_class = "cluster"
    users = 6
    mail_changes = {"look_seconds": 0}

    def run_it(self, *arguments, status=DONE):
        token = self.folder / "token"
        token.touch(mode=0o600)
        token.write_text(self.service.token("responder") + "\n", encoding="ascii")
        done = subprocess.run([*WRAPPER, PROGRAM, *arguments, "--address", self.service.url,
                               "--token-file", str(token)], text=True, capture_output=True,
                              timeout=60, check=False)
        self.assertEqual(status, done.returncode, done.stdout + done.stderr)
        return done

    def test_a_search_tells_what_it_finds_and_what_it_cannot_search(self):
        mailbox, = self.mailboxes(1)
        self.put(mailbox, "<search@x>")
        found = self.run_it("search", "--sender", "evil.test", "--subject", "invoice",
                            "--message-id", "<search@x>")
        self.assertIn(f"{mailbox}", found.stdout)
        self.assertIn("<search@x>", found.stdout)
        lines = self.run_it("search", "--message-id", "<search@x>", "--json").stdout.splitlines()
        self.assertEqual([mailbox], [json.loads(line)["mailbox"] for line in lines])
        told = self.run_it("search", "--message-id", "<search@x>", "--mailbox", "nobody@x.test",
                           status=UNFINISHED).stderr
        self.assertIn("nobody@x.test: ", told)
        self.run_it("search", status=USAGE)

    def test_the_number_of_messages_is_told_and_confirmed(self):
        mailboxes = self.mailboxes(2)
        for mailbox in mailboxes:
            self.put(mailbox, "<1@x>")
        action = self.propose(mailboxes, sender="billing@evil.test")
        self.assertIn("Messages: 2 in 2 mailboxes; 0 mailboxes could not be looked at",
                      self.run_it("show", action).stdout)
        for number in ((), ("--confirm", "3")):
            told = self.run_it("approve", action, *number, status=FAILED).stderr
            self.assertIn("This moves 2 messages in 2 mailboxes.", told)
            self.assertIn("say “--confirm 2”", told)
        self.assertEqual("pending", self.service.action(action)["status"])
        self.assertIn("2 messages in 2 mailboxes: 2 moved",
                      self.run_it("approve", action, "--confirm", "2").stdout)
        self.assertEqual([["<1@x>"]] * 2, [self.kept(mailbox) for mailbox in mailboxes])
        self.run_it("undo", action)
        self.assertEqual([["<1@x>"]] * 2, [self.there(mailbox) for mailbox in mailboxes])

    def test_an_undo_is_for_the_mailboxes_that_are_named(self):
        """Once for each --asset; the others stay, and a name that is none of the action is refused."""
        mailboxes = self.mailboxes(3)
        for mailbox in mailboxes:
            self.put(mailbox, "<some@x>")
        action = self.service.post_investigation([{
            "type": "softDeleteEmail", "verdict": "malicious", "assets": mailboxes, "reason": "r",
            "entity": {"type": "emailMessage", "messageId": "<some@x>"}}])["actions"][0]["id"]
        self.run_it("approve", action)
        told = self.run_it("undo", action, "--asset", "nobody@x.test", status=FAILED).stderr
        self.assertIn("“nobody@x.test” is no asset", told)
        done = self.run_it("undo", action, "--asset", mailboxes[0], "--asset", mailboxes[2])
        self.assertRegex(done.stdout, f"{action} +Completed")
        self.assertEqual([["<some@x>"], [], ["<some@x>"]],
                         [self.there(mailbox) for mailbox in mailboxes])
        self.assertIn(mailboxes[0], self.run_it("undo", action, "--asset", mailboxes[0],
                                                status=FAILED).stderr)
        self.assertRegex(self.run_it("undo", action).stdout, f"{action} +Undone")
        self.assertEqual([["<some@x>"]] * 3, [self.there(mailbox) for mailbox in mailboxes])


if __name__ == "__main__":
    unittest.main()
