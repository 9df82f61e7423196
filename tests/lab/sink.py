# SPDX-License-Identifier: GPL-3.0-or-later
"""Where redirected mail goes: aiosmtpd, a real SMTP server, which keeps each message in a Maildir with
the addresses of its envelope."""
import collections
import email
import subprocess
import socket
import time

PATIENCE = 30

# A message that has arrived: whom it was for, and its bytes.
Arrived = collections.namedtuple("Arrived", "recipients message_id data")


class Sink:
    """One SMTP server on the loopback interface, with a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.process = None

    def start(self, port):
        """Returns once it answers. It ends when whoever started it dies."""
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "/usr/bin/python3", "-m", "aiosmtpd", "-n", "-c",
             "aiosmtpd.handlers.Mailbox", "-l", f"127.0.0.1:{port}", str(self.folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(self.folder.parent / "sink.err", "ab"), start_new_session=True)
        until = time.monotonic() + PATIENCE
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("aiosmtpd did not start: apt-get install python3-aiosmtpd")
            time.sleep(0.02)

    def stop(self):
        """Ends it; what has arrived stays in its folder."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(PATIENCE)
            self.process = None

    def arrived(self, *recipients):
        """What has arrived, sorted by Message-ID; only for these recipients, where some are named."""
        found = []
        for path in sorted(self.folder.glob("new/*")):
            data = path.read_bytes()
            header = email.message_from_bytes(data)
            to = tuple(header.get("X-RcptTo", "").split(", "))
            if not recipients or set(to) & set(recipients):
                found.append(Arrived(to, header.get("Message-ID"), data))
        return sorted(found, key=lambda one: one.message_id or "")
