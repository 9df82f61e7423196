#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many messages a second the service soft-deletes, 1,000 of one mailbox in one operation: from
the decision over the API to the end of the operation, through the queue and the responder, on a real
Dovecot.

    bench_soft_delete.py

The reference is a bare IMAP client in the same run: logged in, the folder open, the UIDs known, it
moves the same messages one UID MOVE at a time. It looks for nothing and writes nothing down. Prints
one line of JSON with the medians of five runs, and fails when the ratio is under the budget."""
import collections
import json
import pathlib
import socket
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[1:1] = [str(ROOT / "service"), str(ROOT / "lab")]

import lab as mail  # noqa: E402
from service import Service  # noqa: E402

MESSAGES = 1000
RUNS = 5
BUDGET = 1.0
ASIDE = "Reference"


def by_folder(lab, mailbox):
    """The UIDs in each folder of the owner, and how many messages they are."""
    folders = {folder: [message.uid for message in lab.messages(mailbox, folder)]
               for folder in lab.folders(mailbox) if folder != ASIDE}
    assert sum(map(len, folders.values())) == MESSAGES, folders
    return folders


def put_back(lab, mailbox, source):
    """Moves what was moved back into the inbox; nobody's time is taken."""
    with lab.imap(mailbox, master=True) as connection:
        mail.checked(connection.select(source))
        mail.checked(connection.uid("MOVE", "1:*", "INBOX"))


def run_reference(lab, mailbox):
    """Seconds that the bare client takes."""
    seconds = 0
    for folder, uids in by_folder(lab, mailbox).items():
        with lab.imap(mailbox, master=True) as connection:
            # imaplib writes a command in two parts; the kernel must not wait between them.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            mail.checked(connection.select(mail.quoted(folder)))
            start = time.monotonic()
            for uid in uids:
                mail.checked(connection.uid("MOVE", str(uid), ASIDE))
            seconds += time.monotonic() - start
    put_back(lab, mailbox, ASIDE)
    return seconds


def run_ours(lab, service, mailbox, number):
    """Seconds that the service takes."""
    found = [message for folder in by_folder(lab, mailbox)
             for message in lab.messages(mailbox, folder)]
    body = lab.investigation(found, external_id=f"bench-{number}")
    actions = service.request("POST", "/investigations", body, role="detector").json["actions"]
    assert len(actions) == MESSAGES, len(actions)
    start = time.monotonic()
    answer = service.decide("approve", [action["id"] for action in actions])
    assert answer.status == 202, answer
    counts = service.wait_operation(answer.json["id"])["counts"]
    seconds = time.monotonic() - start
    assert counts["done"] == MESSAGES, counts
    assert len(lab.messages(mailbox, lab.recoverable, master=True)) == MESSAGES
    put_back(lab, mailbox, lab.recoverable)
    return seconds


def main():
    times = collections.defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="ac-bench-") as folder:
        folder = pathlib.Path(folder)
        # The corpus has the same message more than once.
        with mail.Lab(folder / "lab", users=1, messages=MESSAGES, corpus=False) as lab:
            mailbox, = lab.mailboxes
            service = Service(folder / "service", lab=lab)
            service.start()
            try:
                with lab.imap(mailbox) as connection:
                    mail.checked(connection.create(ASIDE))
                for number in range(RUNS):
                    times["reference"].append(run_reference(lab, mailbox))
                    times["ours"].append(run_ours(lab, service, mailbox, number))
            finally:
                service.stop()
    ours, reference = (MESSAGES / statistics.median(times[name]) for name in ("ours", "reference"))
    ratio = ours / reference
    print(json.dumps({"name": "soft-delete", "ours": round(ours), "reference": round(reference),
                      "ratio": round(ratio, 2), "budget": BUDGET, "unit": "messages/s"}))
    return 0 if ratio >= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
