# SPDX-License-Identifier: GPL-3.0-or-later
"""All real systems that Action Center acts on, together: a mail server, devices, a web proxy with a web
server behind it, and a DNS server; on free loopback ports, started side by side, under one folder.

    whole = WholeLab(folder, helper, template).start()
    groups = whole.config()
    ...
    whole.stop()
"""
import concurrent.futures
import os
import pathlib
import urllib.parse

import bind
import devices
import lab
import squid
import web

# Every name leads to the lab's own web server, so that a click never leaves this machine.
INTERNET = """\
cache_peer 127.0.0.1 parent {port} 0 no-query no-digest originserver name=internet
cache_peer_access internet allow all
never_direct allow all
"""
# The names of Unix sockets may have 107 bytes, and Dovecot gives its own up to 30 after the folder.
LONGEST_FOLDER = 64


class WholeLab:
    """One of each; of the devices, three.

    @folder: for everything that belongs to them, or that of an earlier WholeLab, which is then gone on
      with; its path is short, and under root everybody can enter the folders above it
    @helper, @template: the program that the proxy asks, and the page that a refused click shows
    @hosts: the names that the DNS server knows besides the few of its own
    @users, @messages: how many mailboxes, and about how many messages in each

    Attributes: mail (a Lab), devices, proxy, dns, web.
    """

    def __init__(self, folder, helper, template, hosts=(), users=6, messages=40):
        self.folder = pathlib.Path(folder)
        self.web = web.Web()
        for name in ("mail", "dns"):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.mail = lab.Lab(self.folder / "mail", users=users, messages=messages,
                            run_folder=self.folder / "mail-server")
        self.devices = devices.Devices(self.folder / "devices")
        self.dns = bind.Bind({host: "192.0.2.66" for host in hosts}, folder=self.folder / "dns")
        self.proxy = squid.Squid(helper, template, folder=self.folder / "proxy",
                                 rules=INTERNET.format(port=self.web.port))
        # A server dies with the thread that has started it, so these live as long as the lab.
        self.threads = concurrent.futures.ThreadPoolExecutor(max_workers=4)
        self.starting = []
        self.missed = set()

    def start(self):
        """Starts all of them, and returns once each answers."""
        self.web.start()
        self.starting = [self.threads.submit(self._start_one, name, part) for name, part in (
            ("The mail server", self.mail), ("The devices", self.devices),
            ("The web proxy", self.proxy), ("The DNS server", self.dns))]
        for one in self.starting:
            one.result()
        return self

    @staticmethod
    def _start_one(name, part):
        try:
            part.start()
        except (OSError, RuntimeError) as error:
            raise lab.LabError(f"{name} of the lab could not be started: {error}. Its packages are "
                               "named in build-aux/packages.") from error

    def stop(self):
        """Stops all of them, those too that are just starting."""
        for one in self.starting:
            one.cancel()
        concurrent.futures.wait(self.starting)
        for part in (self.mail, self.devices, self.proxy, self.dns):
            part.stop()
        if self.starting:
            self.web.stop()
        self.threads.shutdown()

    def config(self):
        """The groups of the service's configuration that lead to them."""
        return {
            "mail": self.mail.mail_config(),
            "forwarding": self.mail.forwarding_config(),
            "device": self.devices.device_config(),
            "url": {"list": self.proxy.list_file, "dns-server": self.dns.address,
                    "dns-zone": self.dns.zone, "dns-key-file": self.dns.key_file},
        }

    def ended(self):
        """The names of those that have ended by themselves since this was asked last."""
        now = {name for name, part in (
            ("the mail server", self.mail), ("the web proxy", self.proxy),
            ("the DNS server", self.dns), *((device.name, device) for device in self.devices))
            if part.process is None or part.process.poll() is not None}
        new = sorted(now - self.missed)
        self.missed = now
        return new

    def remains(self):
        """What would stay if nobody stopped it, as pairs: ("program", one of its arguments) and
        ("files", a pattern). Under root Squid becomes another user, and by that forgets that it is to
        end with whoever has started it."""
        return [("program", self.proxy.name), ("files", f"/dev/shm/{self.proxy.name}-*")]

    # --- to see for oneself what a decision has done ---

    def try_it(self, url, mailbox):
        """Commands for a shell, as pairs of what they show and the command itself.

        @url: one that is to be blocked; @mailbox: one whose mail is forwarded
        """
        owner = self.mail.mailboxes[0]
        host = urllib.parse.urlsplit(url).hostname
        home = self.mail.mail_folder() / mailbox
        files = os.path.relpath(self.devices[0].root, self.folder)
        return [
            (f"how many messages {owner} has (search for {owner.partition('@')[0]} to find the actions)",
             f"curl -s --cacert {self.mail.ca_file} -u '{owner}:{self.mail.password(owner)}' "
             f"imaps://{self.mail.host}:{self.mail.port}/ -X 'STATUS INBOX (MESSAGES)'"),
            ("the Sieve script that runs on the mail of " + mailbox, f"cat {home}/.dovecot.sieve"),
            ("a click, through the web proxy",
             f"curl -s -x http://{self.proxy.host}:{self.proxy.port} '{url}'"),
            ("a name, in DNS", f"dig +short -p {self.dns.port} @{self.dns.host} {host}"),
            ("the files on the devices",
             f"find {self.folder}/{files.replace(self.devices[0].name, '*')} -type f -ls"),
        ]
