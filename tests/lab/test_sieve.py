# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's mail server keeps Sieve scripts, runs them on what LMTP delivers, and sends what they
redirect to the lab's SMTP server."""
import pathlib
import shutil
import tempfile
import unittest

import lab
import managesieve

ALICE = "alice@example.test"
BOB = "bob@example.test"
SCRIPT = b'require "copy";\r\nredirect :copy "drop@evil.test";\r\n'


def letter(message_id):
    return (f"From: x@evil.test\r\nTo: {ALICE}\r\nSubject: hello\r\nMessage-ID: {message_id}\r\n\r\n"
            "hello\r\n").encode()


class Scripts(unittest.TestCase):
    tap_class = "scripts"

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="ac-lab-test-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.lab = lab.Lab(folder / "state", users=2, messages=0, scripts=2, sink=True)
        cls.addClassCleanup(cls.lab.stop)
        cls.lab.start()

    def test_a_delivered_message_runs_the_script(self):
        with self.lab.sieve(ALICE) as client:
            client.put("main", SCRIPT, active=True)
            self.assertEqual(("main", {"main": SCRIPT}), client.snapshot())
        self.lab.deliver(ALICE, letter("<one@x.test>"))
        self.assertEqual(["<one@x.test>"], [one.message_id for one in self.lab.messages(ALICE)])
        arrived, = self.lab.sink.arrived("drop@evil.test")
        self.assertEqual("<one@x.test>", arrived.message_id)
        with self.lab.sieve(ALICE) as client:
            client.activate("")
            self.assertIsNone(client.active())
        self.lab.deliver(ALICE, letter("<two@x.test>"))
        self.assertEqual(2, len(self.lab.messages(ALICE)))
        self.assertEqual(1, len(self.lab.sink.arrived("drop@evil.test")))

    def test_the_master_user_acts_for_the_owner(self):
        with self.lab.sieve(BOB, master=True) as client:
            client.put('a "name" \\ ünï', b"keep;\n")
        with self.lab.sieve(BOB) as client:
            self.assertEqual({'a "name" \\ ünï': False}, client.scripts())
            client.put("second", b"stop;\n")
            with self.assertRaisesRegex(managesieve.SieveError, "QUOTA/MAXSCRIPTS"):
                client.put("third", b"stop;\n")
            with self.assertRaises(managesieve.SieveError):
                client.check(b"redirect;;")

    def test_a_wrong_password_is_refused(self):
        client = managesieve.Client(self.lab.host, self.lab.sieve_port, self.lab._context())
        with self.assertRaises(managesieve.SieveError):
            client.log_in(ALICE, "wrong")
        client.log_out()


if __name__ == "__main__":
    unittest.main()
