# SPDX-License-Identifier: GPL-3.0-or-later
"""The same as mail_kills.py for what goes into the quarantine account: nothing is lost, nothing is there
twice, and nothing is left half done, in both accounts."""
import base64
import collections
import hashlib

import mail_kills
from kills import expect
from mail_kills import KEPT, mail

# A stand-in is made by the service; what it must be like is all but its bytes.
STAND_IN = "stand-in"


class EmailRun(mail_kills.MailRun):
    """Whole messages into quarantine and back."""

    what = "messages into quarantine"

    def investigation(self, target):
        body = super().investigation(target)
        body["actions"][0]["type"] = "quarantineEmail"
        return body

    def folder_of(self, mailbox):
        return mailbox.replace(".", "=2E")

    def kept_ids(self, mailbox):
        if self.folder_of(mailbox) not in self.lab.folders(self.lab.quarantine):
            return set()
        return {message.message_id for message in
                self.lab.messages(self.lab.quarantine, self.folder_of(mailbox))}

    def read(self, mailbox):
        seen = super().read(mailbox)
        kept = super().read(self.lab.quarantine)
        seen[KEPT] = kept.get(self.folder_of(mailbox), collections.Counter())
        return seen

    def compare(self, mailbox, wanted, seen, told):
        """Exactly that: not even the mail server may leave one too many."""
        for folder, stored in wanted.items():
            expect(stored - seen[folder], collections.Counter(), f"missing in {folder} of {mailbox}")
        expect(wanted, seen, f"the folders of {mailbox}")
        return 0


class AttachmentRun(EmailRun):
    """Attachments out of messages and back into them."""

    what = "attachments into quarantine"
    applied = "done"

    @staticmethod
    def content(message_id):
        return f"harmful {message_id}".encode()

    def start(self):
        super().start()
        for number, mailbox in enumerate(self.lab.mailboxes):
            for k in range(self.actions // mail_kills.MAILBOXES + 2):
                self.put(mailbox, f"<attached-{number}-{k}@x.test>", "INBOX" if k % 3 else "Archive")

    def put(self, mailbox, message_id, folder):
        encoded = base64.b64encode(self.content(message_id))
        data = (b"From: x@evil.test\r\nSubject: invoice\r\nMessage-ID: " + message_id.encode() + b"\r\n"
                b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee\r\n"
                b"--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n"
                b"\r\n" + encoded + b"\r\n--b--\r\n")
        self.lab.append(mailbox, folder, data, self.chance.choice([(), ("\\Seen",), ("Invoice", "\\Flagged")]))

    def may_choose(self, message):
        return message.message_id.startswith("<attached-")

    def investigation(self, target):
        body = super().investigation(target)
        action = body["actions"][0]
        action["type"] = "quarantineAttachment"
        action["entity"] = {
            "type": "attachment", "messageId": target.message_id, "fileName": "a.pdf",
            "sha256": hashlib.sha256(self.content(target.message_id)).hexdigest()}
        body["evidence"] = [{"entity": action["entity"], "verdict": "malicious"}]
        return body

    def check_round(self, targets, actions, gone):
        self.standing = {(one.mailbox, one.message_id) for one in targets} if gone else set()
        return super().check_round(targets, actions, gone)

    def compare(self, mailbox, wanted, seen, told):
        """In the place of each original there is one stand-in, with its flags and its date."""
        for folder, before in self.before[mailbox].items():
            if folder == KEPT:
                continue
            there = seen[folder]
            for (message_id, stored), n in before.items():
                if (mailbox, message_id) not in self.standing:
                    continue
                expect(0, there[message_id, stored], f"an original in {folder} of {mailbox}")
                wanted[folder][message_id, stored._replace(sha256=STAND_IN)] += n
            seen[folder] = collections.Counter()
            for (message_id, stored), n in there.items():
                if (mailbox, message_id) in self.standing:
                    stored = stored._replace(sha256=STAND_IN)
                seen[folder][message_id, stored] += n
        return super().compare(mailbox, wanted, seen, told)
