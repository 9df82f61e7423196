# SPDX-License-Identifier: GPL-3.0-or-later
"""The service or the connection ends between any two commands: what was begun is found on the mail
server and finished."""
import contextlib
import itertools
import select
import socket
import threading
import unittest

from forwarding_case import OURS, SCRIPT, WITHOUT, ForwardingCase
from mail_case import SANITIZED, WRAPPER, Killed

# Every answer; under a checker, where each run takes long, some of them.
STEP = 5 if WRAPPER else 2 if SANITIZED else 1


class Wire:
    """Stands between the service and the mail server and passes everything on, until so many pieces of
    what the server says have passed on the first connection: then that one is cut."""

    def __init__(self, port):
        self.port = port
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"sieve://127.0.0.1:{self.listening.getsockname()[1]}"
        self.cut_after = None
        self.was_cut = False
        threading.Thread(target=self.run, daemon=True).start()

    def close(self):
        self.listening.close()

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                client = self.listening.accept()[0]
                after, self.cut_after = self.cut_after, None
                threading.Thread(target=self.carry, args=(client, after), daemon=True).start()

    def carry(self, client, cut_after):
        server = socket.create_connection(("127.0.0.1", self.port))
        with client, server, contextlib.suppress(OSError):
            for pieces in itertools.count():
                if pieces == cut_after:
                    self.was_cut = True
                    return
                while True:
                    ready = select.select([client, server], [], [])[0]
                    if client in ready:
                        data = client.recv(65536)
                        if not data:
                            return
                        server.sendall(data)
                    if server in ready:
                        break
                data = server.recv(65536)
                if not data:
                    return
                client.sendall(data)


class Cuts(ForwardingCase):
    tap_class = "forwarding-cuts"
    tests_at_once = 4
    users = 200

    def each_cut(self, prepare, function, *done):
        """Cuts the connection after each of the server's answers in turn, and runs again where the
        first run has said that trying again may help. It ends with the cut that comes too late."""
        wire = Wire(self.lab.sieve_port)
        self.addCleanup(wire.close)
        for cut_after in itertools.count(0, STEP):
            self.setUp()
            self.put()
            actions = self.actions(server=wire.address, timeout_seconds=5)
            prepare(actions)
            wire.was_cut = False
            wire.cut_after = cut_after
            result, = function(actions)()
            if result["outcome"] == "failed":
                self.assertTrue(result["transient"], result)
                # What may have been done is to be undone, and what was not announced was not.
                if self.scripts()[0] == OURS:
                    self.assertTrue(result["didPart"])
                if not actions.receipts:
                    self.assertFalse(result["didPart"])
                result, = function(actions)()
            self.assertIn(result["outcome"], done, (cut_after, result))
            self.assertEqual(SCRIPT, self.scripts()[1]["main"])
            yield actions
            if not wire.was_cut:
                self.assertGreater(cut_after, 10)
                return

    def test_apply_is_finished(self):
        for actions in self.each_cut(lambda actions: None, lambda actions: actions.apply, "done"):
            self.assertEqual((OURS, {"main": SCRIPT, OURS: WITHOUT}), self.scripts())
            self.assertEqual("restored", actions.undo()[0]["outcome"])
            self.assertEqual(("main", {"main": SCRIPT}), self.scripts())

    def test_undo_is_finished(self):
        for actions in self.each_cut(lambda actions: actions.apply(), lambda actions: actions.undo,
                                     "restored"):
            self.assertEqual(("main", {"main": SCRIPT}), self.scripts())
            self.assertEqual("restored", actions.undo()[0]["outcome"])


class Between(ForwardingCase):
    """The service dies between two commands; the test itself gives the one that had still come
    through."""

    tap_class = "forwarding-between"
    tests_at_once = 4

    def begun(self, what, option):
        self.put()
        actions = self.actions()
        if what == "undo":
            actions.apply()
        with self.assertRaises(Killed):
            getattr(actions, what)(option)
        return actions

    def test_our_script_was_put_and_not_activated(self):
        for what, outcome in (("apply", "done"), ("undo", "alreadyRestored")):
            self.setUp()
            actions = self.begun("apply", "--die-after=1")
            self.put(WITHOUT, OURS, active=False)
            self.assert_outcomes(getattr(actions, what)(), outcome)
            expected = ({"main": SCRIPT, OURS: WITHOUT} if what == "apply" else {"main": SCRIPT})
            self.assertEqual((OURS if what == "apply" else "main", expected), self.scripts())

    def test_the_original_was_activated_and_ours_not_deleted(self):
        actions = self.begun("undo", "--die-after=1")
        self.sieve(lambda client: client.activate("main"))
        self.assert_only(actions.undo(), "restored", "“main” is active again")
        self.assertEqual(("main", {"main": SCRIPT}), self.scripts())

    def test_the_owner_edits_between_the_undo_s_commands(self):
        actions = self.begun("undo", "--die-after=1")
        self.put(SCRIPT + b"stop;\r\n", "main", active=False)
        before = self.scripts()
        self.assert_only(actions.undo(), "conflict", "The original script “main” has been changed")
        self.assertEqual(before, self.scripts())


if __name__ == "__main__":
    unittest.main()
