# SPDX-License-Identifier: GPL-3.0-or-later
"""The same as mail_kills.py, with actions on clusters: the messages that go and come back are those of a few
clusters, each looked for in all mailboxes."""
import json

from kills import expect
from mail_kills import MailItem, MailRun, MailWork
from service import wait_until

CLUSTERS = 10


class ClusterItem(MailItem):
    """A message of a cluster, or a mailbox that is looked at."""

    @property
    def is_look(self):
        return self.entity is None


class ClusterWork(MailWork):
    item_class = ClusterItem
    query = ("SELECT a.id, w.asset, w.undo, w.state, m.receipt, coalesce (m.receipt_at, 0), m.facts "
             "FROM work AS w JOIN actions AS a ON a.seq = w.action "
             "LEFT JOIN cluster_messages AS m ON m.action = w.action AND m.asset = w.asset AND m.todo "
             "  AND w.look = 0")


class ClusterRun(MailRun):
    work_class = ClusterWork

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.digests = {}
        self.looks = 0

    def start(self):
        self.lab.start()
        self.service.groups["mail"] = self.lab.mail_config(look_seconds=0, confirm_messages=0)
        self.service.start()
        self.note_start()

    def propose(self, targets):
        ids = list(dict.fromkeys(target.message_id for target in targets))
        actions = []
        for at in range(CLUSTERS):
            answer = self.service.request("POST", "/investigations", {
                "externalId": f"cluster-{next(self.numbers)}", "title": "Campaign", "actions": [{
                    "type": "softDeleteEmailCluster", "verdict": "malicious",
                    "assets": ["*"], "entity": {
                        "type": "emailCluster", "name": f"Campaign {at}",
                        "messageIds": ids[at::CLUSTERS]}}]}, role="detector")
            expect(201, answer.status, answer)
            actions.append(answer.json["actions"][0]["id"])
        for action in actions:
            self.digests[action] = wait_until(
                lambda one=action: self.service.action(one)["targets"].get("digest"), "the look")
        return actions

    def more_of(self, decision, ids):
        if decision != "approve":
            return {}
        return {"targets": [{"actionId": one, "digest": self.digests[one]} for one in ids]}

    def ids_in(self, mailbox, targets):
        return {one.message_id for one in targets}

    def check_actions(self, actions, status, outcomes):
        told = {}
        for action_id in actions:
            expect(status, self.service.action(action_id)["status"],
                   self.service.action(action_id))
            page = self.service.request("GET", f"/actions/{action_id}/targets", role="reader",
                                        query={"limit": 1000}).json
            expect(page["total"], len(page["items"]), "the targets")
            for one in page["items"]:
                if one["outcome"] not in outcomes:
                    raise AssertionError(f"not {outcomes}: {json.dumps(one)}")
                told[one["mailbox"], one["messageId"]] = one.get("detail", "")
        return told
