# SPDX-License-Identifier: GPL-3.0-or-later
"""A service of Action Center for one desk: the lab with all the systems to act on, action-centerd in front
of it, and investigations about what really is there."""
import http.client
import json
import pathlib
import socket
import subprocess
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "lab"))

import lab as labs  # pylint: disable=wrong-import-position
import whole_lab  # pylint: disable=wrong-import-position

import proposals  # pylint: disable=wrong-import-position

PERSON = "analyst"
DETECTOR = "lab-detector"


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class PrivateService:
    """A running service.

    Attributes: address; token_file, the file with the token of a person who may decide; lab.
    """

    def __init__(self, desk):
        self.desk = desk
        self.program = desk.options.build / "src/service/action-centerd"
        self.folder = desk.state / "service"
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.configuration = self.folder / "action-centerd.conf"
        self.ready = self.folder / "ready"
        self.token_file = self.folder / f"{PERSON}.token"
        self.posted = self.folder / "posted"
        self.address = None
        self.detector = None
        self.lab = whole_lab.WholeLab(
            desk.state, desk.options.build / "src/responders/action-center-squid",
            desk.options.source / "data/squid/ERR_ACTION_CENTER", hosts=proposals.hosts())

    def start(self):
        """Starts the lab and the service."""
        self.desk.cleanup.callback(self.lab.stop)
        self.lab.start()
        groups = {
            "service": {"database": self.folder / "actions.db", "tokens": self.folder / "tokens",
                        "listen": f"unix:{self.folder / 'socket'}", "ready-file": self.ready},
            **self.lab.config(),
        }
        self.configuration.write_text("".join(
            f"[{group}]\n" + "".join(f"{key}={value}\n" for key, value in keys.items())
            for group, keys in groups.items()), encoding="utf-8")
        self.token_file.touch(mode=0o600)
        self.token_file.write_text(self.new_token(PERSON, "responder") + "\n", encoding="utf-8")
        self.detector = self.new_token(DETECTOR, "detector")
        self.ready.unlink(missing_ok=True)
        self.desk.start("action-centerd", [self.program, "--config", self.configuration])
        self.desk.wait_for(self.ready.exists, "The service")
        self.address = self.ready.read_text(encoding="utf-8").split()[0]

    def propose(self):
        """Posts the investigations, once in the life of the folder."""
        if self.posted.exists():
            return
        connection = UnixConnection(self.address.removeprefix("unix:"))
        try:
            for detector in proposals.DETECTORS:
                for investigation in detector(self.lab):
                    self.post(connection, investigation)
        finally:
            connection.close()
        self.posted.touch()

    def new_token(self, name, role):
        """Returns a token; that of an earlier run in the same folder is worth nothing any more."""
        arguments = ["--config", self.configuration, "--name", name]
        subprocess.run([self.program, "token", "revoke", *arguments], check=False,
                       capture_output=True)
        answer = subprocess.run([self.program, "token", "add", *arguments, "--role", role],
                                check=True, capture_output=True, text=True)
        return answer.stdout.strip()

    def post(self, connection, investigation):
        """Posts an investigation, which must be taken."""
        connection.request("POST", "/api/v1/investigations", json.dumps(investigation).encode(), {
            "Authorization": f"Bearer {self.detector}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
        })
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        if answer.status not in (200, 201):
            raise labs.LabError(f"The service did not take the lab's investigation "
                                f"{investigation['externalId']}: {answer.status} {text}")

    def hints(self):
        """How to see what a decision has done, for the person at the desk."""
        rows = self.lab.try_it(proposals.LINKS[-1][0], proposals.forwarding_mailboxes(self.lab)[0])
        program = self.desk.options.build / "src/actionctl/actionctl"
        rows.append(("the same on the command line",
                     f"{program} list --pending --address {self.address} "
                     f"--token-file {self.token_file}"))
        return ("To see what a decision does, look before and after it (ten seconds after an approval "
                "it begins):\n" + "".join(f"\n  # {what}\n  {command}\n" for what, command in rows))
