# SPDX-License-Identifier: GPL-3.0-or-later
"""What detectors would post about the lab: for each type of action something that is really there, in a
mailbox, on a device or behind a link.

A new type is a function that makes ready what it is about and yields the bodies of POST /investigations,
and its name in DETECTORS.
"""
import base64
import collections
import datetime
import email.utils
import hashlib
import re
import urllib.parse

ACTIONS_EACH = 8

# What forwards mail to outside, as an intruder and as a person in a hurry would have written it.
SCRIPTS = (
    (b"""\
require ["copy", "fileinto"];
# Newsletters
if exists "list-unsubscribe" {
  fileinto "Newsletters";
  stop;
}
redirect :copy "archive@mail-backup.example";
""", ["archive@mail-backup.example"],
     "The mailbox began to forward its mail to an address that nobody else of the organisation "
     "writes to."),
    (b"""\
require ["copy"];
# While I am away: redirect to Bob, who stays in the house.
redirect :copy "bob@example.test";
redirect :copy "my.own.mail@freemail.example";
""", ["my.own.mail@freemail.example"],
     "All mail also goes to a private mailbox outside the organisation."),
)

# URL, scope, where it is to be blocked, why, and what it threatens with.
LINKS = (
    ("http://secure.sign-in-check.example/confirm?id=204811", "url", ["proxy"],
     "The page looks like the organisation's sign-in page and keeps the passwords.", "Phishing"),
    ("http://eu1.parcel-fee.example/pay?parcel=7", "anyQuery", ["proxy"],
     "Each recipient got the same page with a number of their own.", "Phishing"),
    ("http://login.pay-invoices.example/", "host", ["proxy", "dns"],
     "Every page of this host offers a program that steals passwords.", "Malware"),
    ("http://docs-viewer.example/", "domain", ["proxy", "dns"],
     "The domain was registered yesterday, and every link of the wave leads below it.", "Phishing"),
)
DAYS = 30

# What lies on which devices: the same harmful file on all, and another on one.
FILES = (
    (b"#!/bin/sh\n# A harmless stand-in for a program that steals passwords.\n", "Invoice-viewer.run",
     ("home/alice/Downloads", "home/bob/Downloads", "srv/shared/Invoices"),
     "A program that steals passwords, opened from an attachment."),
    (b"[Desktop Entry]\nType=Application\nExec=/tmp/.cache/update\n", "Cloud sync.desktop",
     ("home/carol/.config/autostart",),
     "It starts a program from a folder for temporary files at each sign-in."),
)


def hosts():
    """The names that LINKS lead to."""
    return sorted({urllib.parse.urlsplit(link[0]).hostname for link in LINKS})


def soft_deletes(whole):
    """Mail from outside in the inboxes: one investigation for each wave of messages whose subjects
    differ in numbers only."""
    waves = collections.OrderedDict()
    for mailbox in whole.mail.mailboxes:
        for message in whole.mail.messages(mailbox):
            if "@example.test" not in message.sender:
                waves.setdefault(re.sub(r"\d+", "#", message.subject), []).append(message)
    number = 0
    for messages in waves.values():
        for start in range(0, len(messages), ACTIONS_EACH):
            number += 1
            suspicious = number % 3 == 0
            yield whole.mail.investigation(
                messages[start:start + ACTIONS_EACH], external_id=f"lab-{number}",
                verdict="suspicious" if suspicious else "malicious",
                title=f"{'Suspicious link' if suspicious else 'Mail reported as phishing'}: "
                      f"{messages[start].subject}",
                trigger="alert" if suspicious else "userReport",
                severity="medium" if suspicious else "high")


def clusters(whole):
    """The busiest sender from outside: all of its mail in all mailboxes."""
    senders = collections.Counter()
    for mailbox in whole.mail.mailboxes:
        for message in whole.mail.messages(mailbox):
            address = email.utils.parseaddr(message.sender)[1].lower()
            if "@" in address and not address.endswith("@example.test"):
                senders[address] += 1
    sender, number = senders.most_common(1)[0]
    yield investigation("lab-cluster", f"Campaign from {sender}", "high", [action(
        "softDeleteEmailCluster", "malicious", "automatedEmail",
        "Several recipients have reported mail from this sender as phishing.",
        {"type": "emailCluster", "name": f"Mail from {sender}", "sender": sender,
         "emailCount": number}, ["*"])])


def quarantines(whole):
    """An invoice that is none: one recipient loses the attachment, the other one the message."""
    content = b"%PDF-1.4\n% harmless, but who knows\n"
    message_id = "<invoice-4711@billing-portal.test>"
    data = (b"From: Billing <invoice@billing-portal.test>\r\nTo: you@example.test\r\n"
            b"Subject: Your invoice 4711\r\nMessage-ID: " + message_id.encode() + b"\r\n"
            b"Date: Fri, 02 Feb 2024 10:11:12 +0000\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/mixed; boundary=\"part\"\r\n\r\n--part\r\n"
            b"Content-Type: text/plain; charset=utf-8\r\n\r\nPlease pay today.\r\n--part\r\n"
            b"Content-Type: application/pdf; name=\"invoice.pdf\"\r\n"
            b"Content-Disposition: attachment; filename=\"invoice.pdf\"\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(content) +
            b"\r\n--part--\r\n")
    first, second = whole.mail.mailboxes[:2]
    for mailbox in (first, second):
        if not whole.mail.where(mailbox, message_id):
            whole.mail.append(mailbox, "INBOX", data)
    message = {"messageId": message_id, "subject": "Your invoice 4711",
               "sender": "invoice@billing-portal.test"}
    yield investigation("lab-quarantine", "Invoice with a harmful attachment", "high", [
        action("quarantineAttachment", "malicious", "automatedEmail",
               "The attachment opens a page that asks for a password.",
               {"type": "attachment", "fileName": "invoice.pdf", "mediaType": "application/pdf",
                "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), **message},
               [first]),
        action("quarantineEmail", "malicious", "automatedEmail",
               "The message carries a harmful attachment.",
               {"type": "emailMessage", "recipients": [second], **message}, [second])])


def forwarding_mailboxes(whole):
    """The mailboxes whose mail is forwarded to outside."""
    return whole.mail.mailboxes[-len(SCRIPTS):]


def forwardings(whole):
    """Mailboxes whose active script sends mail to outside."""
    for number, (mailbox, (script, targets, reason)) in enumerate(
            zip(forwarding_mailboxes(whole), SCRIPTS)):
        with whole.mail.sieve(mailbox) as client:
            client.put("filters", script, active=True)
        yield investigation(
            f"lab-forwarding-{number}", f"New forwarding to outside in {mailbox}", "high", [action(
                "turnOffMailForwarding", "suspicious", "automatedEmail", reason,
                {"type": "mailbox", "address": mailbox, "forwardingTargets": targets}, [mailbox])])


def blocks(_whole):
    """Links in the lab's mail."""
    now = datetime.datetime.now(datetime.timezone.utc)
    until = (now + datetime.timedelta(days=DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield investigation("lab-links", "Links that were opened from reported mail", "high", [action(
        "blockUrl", "malicious", "automatedEmail", reason,
        {"type": "url", "url": url, "scope": scope, "threats": [threat],
         **({"expiresAt": until} if scope == "domain" else {})}, places)
        for url, scope, places, reason, threat in LINKS])


def files(whole):
    """Harmful files on the devices."""
    for number, (data, name, folders, reason) in enumerate(FILES):
        found = [(device.name, device.put(f"{folder}/{name}", data, mode=0o755))
                 for device, folder in zip(whole.devices, folders)]
        where = f"{len(found)} devices" if len(found) > 1 else found[0][0]
        yield investigation(f"lab-files-{number}", f"Harmful file on {where}: {name}", "high", [action(
            "quarantineFile", "malicious", "automatedDevice", reason,
            {"type": "file", "path": path, "fileName": name, "size": len(data),
             "sha256": hashlib.sha256(data).hexdigest()}, [device])
            for device, path in found])


# In the order in which they are posted; what comes last stands first in the window.
DETECTORS = (soft_deletes, clusters, quarantines, files, blocks, forwardings)


def action(kind, verdict, source, reason, entity, assets):
    """A proposed action."""
    return {"type": kind, "verdict": verdict, "source": source, "reason": reason, "entity": entity,
            "assets": assets}


def investigation(external_id, title, severity, actions):
    """The body of POST /investigations."""
    return {"externalId": external_id, "title": title, "trigger": "alert", "detectionSource": "Lab",
            "severity": severity, "actions": actions,
            "evidence": [{"entity": one["entity"], "verdict": one["verdict"]} for one in actions]}
