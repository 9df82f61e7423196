# SPDX-License-Identifier: GPL-3.0-or-later
"""A service of Action Center for one desk: the lab's mail server, action-centerd in front of it, and
investigations about messages that really lie in the lab's mailboxes."""
import base64
import collections
import hashlib
import http.client
import json
import pathlib
import re
import socket
import subprocess
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "lab"))

import lab as mail_lab  # pylint: disable=wrong-import-position

MAILBOXES = 6
MESSAGES_EACH = 40
ACTIONS_EACH = 8
PERSON = "analyst"
DETECTOR = "lab-detector"
# The names of Unix sockets may have 107 bytes.
LONGEST_SOCKET = 100
FORWARDING_SCRIPT = b"""\
require ["copy", "fileinto"];
# Newsletters
if exists "list-unsubscribe" {
  fileinto "Newsletters";
  stop;
}
redirect :copy "archive@mail-backup.test";
"""


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def connection_to(address):
    """An HTTP connection to an address of the service: unix:/path or http://host:port."""
    if address.startswith("unix:"):
        return UnixConnection(address.removeprefix("unix:"))
    return http.client.HTTPConnection(address.removeprefix("http://").rstrip("/"), timeout=60)


class PrivateService:
    """A running service.

    Attributes: address, and token_file, the file with the token of a person who may decide.
    """

    def __init__(self, desk):
        self.desk = desk
        self.program = desk.options.build / "src/service/action-centerd"
        self.configuration = desk.state / "action-centerd.conf"
        self.ready = desk.state / "ready"
        self.token_file = desk.state / f"{PERSON}.token"
        self.lab = mail_lab.Lab(desk.state / "mail", users=MAILBOXES, messages=MESSAGES_EACH)
        self.address = None

    def start(self):
        """Starts the mail server and the service, and posts the investigations."""
        self.desk.cleanup.callback(self.lab.stop)
        self.lab.start()
        path = self.desk.state / "socket"
        listen = f"unix:{path}" if len(str(path)) <= LONGEST_SOCKET else "127.0.0.1:0"
        groups = {
            "service": {"database": self.desk.state / "actions.db",
                        "tokens": self.desk.state / "tokens",
                        "listen": listen, "ready-file": self.ready},
            "mail": self.lab.mail_config(),
            "forwarding": self.lab.forwarding_config(),
        }
        self.configuration.write_text("".join(
            f"[{group}]\n" + "".join(f"{key}={value}\n" for key, value in keys.items())
            for group, keys in groups.items()), encoding="utf-8")
        self.token_file.touch(mode=0o600)
        self.token_file.write_text(self.new_token(PERSON, "responder") + "\n", encoding="utf-8")
        detector = self.new_token(DETECTOR, "detector")
        self.ready.unlink(missing_ok=True)
        self.desk.start("action-centerd", [self.program, "--config", self.configuration])
        self.desk.wait_for(self.ready.exists, "The service")
        self.address = self.ready.read_text(encoding="utf-8").split()[0]
        for investigation in [*investigations(self.lab), forwarding(self.lab), quarantine(self.lab)]:
            self.post("/investigations", detector, investigation)

    def new_token(self, name, role):
        """Returns a token; that of an earlier run in the same folder is worth nothing any more."""
        arguments = ["--config", self.configuration, "--name", name]
        subprocess.run([self.program, "token", "revoke", *arguments], check=False,
                       capture_output=True)
        answer = subprocess.run([self.program, "token", "add", *arguments, "--role", role],
                                check=True, capture_output=True, text=True)
        return answer.stdout.strip()

    def post(self, path, token, body):
        """Posts a document, which must be taken."""
        connection = connection_to(self.address)
        try:
            connection.request("POST", f"/api/v1{path}", json.dumps(body).encode(), {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(uuid.uuid4()),
            })
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            if answer.status not in (200, 201):
                raise mail_lab.LabError(f"The service did not take the lab's investigation "
                                        f"{body['externalId']}: {answer.status} {text}")
        finally:
            connection.close()


def forwarding(lab):
    """Sets up what an intruder leaves behind in a mailbox, and returns what a detector would post about
    it."""
    mailbox = lab.mailboxes[-1]
    with lab.sieve(mailbox) as client:
        if client.active() is None:
            client.put("filters", FORWARDING_SCRIPT, active=True)
    return {
        "externalId": "lab-forwarding", "title": f"New forwarding to outside in {mailbox}",
        "trigger": "alert", "detectionSource": "Lab", "severity": "high", "evidence": [],
        "actions": [{
            "type": "turnOffMailForwarding", "verdict": "suspicious", "source": "automatedEmail",
            "reason": "The mailbox began to forward its mail to an address that nobody else of the "
                      "organisation writes to.",
            "entity": {"type": "mailbox", "address": mailbox,
                       "forwardingTargets": ["archive@mail-backup.test"]},
            "assets": [mailbox]}],
    }


def quarantine(lab):
    """Delivers an invoice that is none, and returns what a detector would post about it: one recipient
    loses the attachment, the other one the message."""
    content = b"%PDF-1.4\n% harmless, but who knows\n"
    message_id = "<invoice-4711@billing-portal.test>"
    data = (b"From: Billing <invoice@billing-portal.test>\r\nTo: you@example.test\r\n"
            b"Subject: Your invoice 4711\r\nMessage-ID: " + message_id.encode() + b"\r\n"
            b"Date: Fri, 02 Feb 2024 10:11:12 +0000\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/mixed; boundary=\"part\"\r\n\r\n--part\r\n"
            b"Content-Type: text/plain; charset=utf-8\r\n\r\nPlease pay today.\r\n--part\r\n"
            b"Content-Type: application/pdf; name=\"invoice.pdf\"\r\n"
            b"Content-Disposition: attachment; filename=\"invoice.pdf\"\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(content) + b"\r\n--part--\r\n")
    first, second = lab.mailboxes[:2]
    for mailbox in (first, second):
        if not lab.where(mailbox, message_id):
            lab.append(mailbox, "INBOX", data)
    common = {"verdict": "malicious", "source": "automatedEmail"}
    message = {"messageId": message_id, "subject": "Your invoice 4711",
               "sender": "invoice@billing-portal.test"}
    return {
        "externalId": "lab-quarantine", "title": "Invoice with a harmful attachment",
        "trigger": "alert", "detectionSource": "Lab", "severity": "high", "evidence": [],
        "actions": [
            {"type": "quarantineAttachment", **common, "assets": [first],
             "reason": "The attachment opens a page that asks for a password.",
             "entity": {"type": "attachment", "fileName": "invoice.pdf", "mediaType": "application/pdf",
                        "sha256": hashlib.sha256(content).hexdigest(), "size": len(content),
                        **message}},
            {"type": "quarantineEmail", **common, "assets": [second],
             "reason": "The message carries a harmful attachment.",
             "entity": {"type": "emailMessage", "recipients": [second], **message}}],
    }


def investigations(lab):
    """What a detector would post about the inboxes of a lab: mail from outside, one investigation for
    each wave of messages whose subjects differ in numbers only."""
    waves = collections.OrderedDict()
    for mailbox in lab.mailboxes:
        for message in lab.messages(mailbox):
            if "@example.test" not in message.sender:
                waves.setdefault(re.sub(r"\d+", "#", message.subject), []).append(message)
    number = 0
    for messages in waves.values():
        for start in range(0, len(messages), ACTIONS_EACH):
            number += 1
            suspicious = number % 3 == 0
            yield lab.investigation(
                messages[start:start + ACTIONS_EACH], external_id=f"lab-{number}",
                verdict="suspicious" if suspicious else "malicious",
                title=f"{'Suspicious link' if suspicious else 'Mail reported as phishing'}: "
                      f"{messages[start].subject}",
                trigger="alert" if suspicious else "userReport",
                severity="medium" if suspicious else "high")
