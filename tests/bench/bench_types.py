#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long each type of action takes on its real system: from Approve until its effect is seen there, and
from Undo until the original is seen back, with everything that build-aux/run proposes in place.

    bench_types.py

What is seen is looked at without the service: in the mailbox, in the script, by a click, by a look-up, on
the device. There is no grace period. Prints one line of JSON for each type with the medians of the runs in
milliseconds."""
import json
import os
import pathlib
import re
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path += [str(HERE.parent / name) for name in ("lab", "service")] + [str(ROOT / "build-aux")]

import proposals  # pylint: disable=wrong-import-position
import whole_lab  # pylint: disable=wrong-import-position
from service import PATIENCE, Service, wait_until  # pylint: disable=wrong-import-position

RUNS = 9


def search(connection, criteria):
    connection.select("INBOX", readonly=True)
    return (connection.uid("SEARCH", *criteria)[1][0] or b"").split()


def from_sender(lab, action):
    """How many messages of a cluster lie in the inboxes."""
    found = 0
    for mailbox in lab.mail.mailboxes:
        with lab.mail.imap(mailbox) as connection:
            found += len(search(connection, ("FROM", f'"{action["entity"]["sender"]}"')))
    return found


def sizes(lab, action):
    """The sizes of the copies of a message in the inbox that an action is about."""
    with lab.mail.imap(action["assets"][0]) as connection:
        uids = search(connection, ("HEADER", "Message-ID", f'"{action["entity"]["messageId"]}"'))
        # One that went between the search and the fetch has none.
        answers = [part for uid in uids
                   for part in connection.uid("FETCH", uid, "(RFC822.SIZE)")[1] if part]
        return [int(size) for answer in answers for size in re.findall(rb"SIZE (\d+)", answer)]


def looks(lab, connection, actions):
    """For each name the ids to decide on and a function that says whether the effect is there."""
    def inbox():
        return connection.status("INBOX", "(MESSAGES)")[1][0]

    by_type = {}
    for action in actions:
        by_type.setdefault(action["type"], []).append(action)
    owner = lab.mail.mailboxes[0]
    mail = next(one for one in by_type["softDeleteEmail"] if one["assets"] == [owner])
    full = inbox()
    forwarding = by_type["turnOffMailForwarding"][0]
    script = lab.mail.mail_folder() / forwarding["assets"][0] / ".dovecot.sieve"
    original = script.read_bytes()
    blocks = {one["entity"]["scope"]: one for one in by_type["blockUrl"]}
    copies = [one for one in by_type["quarantineFile"]
              if one["entity"]["fileName"] == proposals.FILES[0][1]]
    single = next(one for one in by_type["quarantineFile"] if one not in copies)
    paths = [one["entity"]["path"] for one in copies]
    cluster = by_type["softDeleteEmailCluster"][0]
    n_cluster = from_sender(lab, cluster)
    attachment, message = (by_type[kind][0] for kind in ("quarantineAttachment", "quarantineEmail"))
    n_bytes, n_copies = sizes(lab, attachment), sizes(lab, message)
    url, domain = blocks["url"]["entity"]["url"], proposals.LINKS[-1][0].split("/")[2]

    def is_original():
        return script.exists() and script.read_bytes() == original

    # Name, ids, whether it is done, whether it is undone.
    return [
        ("softDeleteEmailCluster", [cluster["id"]], lambda: from_sender(lab, cluster) == 0,
         lambda: from_sender(lab, cluster) == n_cluster),
        ("quarantineEmail", [message["id"]], lambda: sizes(lab, message) == [],
         lambda: sizes(lab, message) == n_copies),
        ("quarantineAttachment", [attachment["id"]],
         lambda: len(sizes(lab, attachment)) == len(n_bytes) and sizes(lab, attachment) != n_bytes,
         lambda: sizes(lab, attachment) == n_bytes),
        ("softDeleteEmail", [mail["id"]], lambda: inbox() != full, lambda: inbox() == full),
        ("turnOffMailForwarding", [forwarding["id"]],
         lambda: script.exists() and not is_original(), is_original),
        ("blockUrl, one URL at the proxy", [blocks["url"]["id"]],
         lambda: lab.proxy.click(url).status == 403, lambda: lab.proxy.click(url).status == 200),
        ("blockUrl, a domain in DNS", [blocks["domain"]["id"]],
         lambda: lab.dns.look_up(domain) == "NXDOMAIN",
         lambda: lab.dns.look_up(domain) == "192.0.2.66"),
        ("quarantineFile", [single["id"]], lambda: not os.path.exists(single["entity"]["path"]),
         lambda: os.path.exists(single["entity"]["path"])),
        ("quarantineFile, the same on three devices", [one["id"] for one in copies],
         lambda: not any(map(os.path.exists, paths)), lambda: all(map(os.path.exists, paths))),
    ]


def confirmation(service, ids):
    """What an approval of a cluster has to name: the messages that were seen."""
    action = service.action(ids[0])
    if action["type"] != "softDeleteEmailCluster":
        return {}
    targets = wait_until(lambda: (found := service.action(ids[0])["targets"]).get("digest") and found,
                         "the messages of the cluster")
    return {"confirmedMessages": targets["messages"],
            "targets": [{"actionId": ids[0], "digest": targets["digest"]}]}


def measure(service, decision, ids, seen, what):
    """Milliseconds from the decision until its effect is seen; returns when all of it is over."""
    more = {}
    if decision == "approve":
        more = confirmation(service, ids)
    start = time.monotonic()
    answer = service.decide(decision, ids, **more)
    while not seen():
        if time.monotonic() > start + PATIENCE:
            raise TimeoutError(f"waited in vain for {what}")
    taken = time.monotonic() - start
    service.wait_operation(answer.json["id"])
    return taken * 1000


def post_run(service, lab, run):
    """Posts everything under other names than before."""
    actions = []
    for detector in proposals.DETECTORS:
        for body in detector(lab):
            body["externalId"] += f"-run-{run}"
            answer = service.request("POST", "/investigations", body, role="detector")
            assert answer.status == 201, answer
            actions += answer.json["actions"]
    return actions


def main():
    with tempfile.TemporaryDirectory(prefix="ac-types-", dir="/tmp") as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o711)
        lab = whole_lab.WholeLab(folder, os.environ["AC_SQUID_HELPER"],
                                 ROOT / "data/squid/ERR_ACTION_CENTER", hosts=proposals.hosts())
        service = None
        try:
            lab.start()
            service = Service(folder / "service", groups=lab.config()).start()
            # An undone action is final: each run has actions of its own.
            results = {}
            with lab.mail.imap(lab.mail.mailboxes[0]) as connection:
                for run in range(RUNS):
                    actions = post_run(service, lab, run)
                    for name, ids, done, undone in looks(lab, connection, actions):
                        for decision, seen in (("approve", done), ("undo", undone)):
                            results.setdefault((name, decision), []).append(
                                measure(service, decision, ids, seen, f"{decision} of {name}"))
            for name in dict.fromkeys(name for name, _decision in results):
                print(json.dumps({"name": name, "unit": "ms", **{
                    decision: round(statistics.median(results[name, decision]))
                    for decision in ("approve", "undo")}}))
        finally:
            if service is not None:
                service.stop()
            lab.stop()


if __name__ == "__main__":
    main()
