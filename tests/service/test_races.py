# SPDX-License-Identifier: GPL-3.0-or-later
"""Many clients at once: each action gets exactly one decision, and each request one effect."""
import concurrent.futures
import threading

from case import ServiceCase
from service import investigation


class Races(ServiceCase):
    tap_class = "races"

    def pending(self, number):
        return [action["id"] for action in self.service.post_investigation(number)["actions"]]

    def at_once(self, functions):
        """Runs all functions at the same moment, each in a thread; gives what they return."""
        gate = threading.Barrier(len(functions))

        def run(function):
            gate.wait()
            return function()
        with concurrent.futures.ThreadPoolExecutor(len(functions)) as pool:
            return [future.result() for future in [pool.submit(run, f) for f in functions]]

    def assert_lost(self, answer, winner, decision):
        """The answer is a 409 that says who was first."""
        self.assert_problem(answer, 409, "conflict", said=winner)
        for conflict in answer.json["conflicts"]:
            self.assertEqual((winner, decision), (conflict["decidedBy"], conflict["decision"]))

    def test_two_clients_decide_on_the_same_100_actions_one_by_one(self):
        ids = self.pending(100)
        decisions = {"the.responder": "approve", "the.admin": "reject"}

        def decide(role, decision):
            return [self.service.decide(decision, [action_id], role=role) for action_id in ids]
        answers = dict(zip(decisions, self.at_once(
            [lambda name=name, decision=decision: decide(name.removeprefix("the."), decision)
             for name, decision in decisions.items()])))
        for number, action_id in enumerate(ids):
            won = {name for name in decisions if answers[name][number].status == 202}
            self.assertEqual(1, len(won), action_id)
            winner = won.pop()
            loser = (set(decisions) - {winner}).pop()
            self.assert_lost(answers[loser][number], winner, decisions[winner])
            action = self.service.action(action_id)
            self.assertEqual((winner, decisions[winner]), (action["decidedBy"], action["decision"]))
            taken = [entry for entry in action["timeline"]
                     if entry["event"] in ("approve", "reject")]
            self.assertEqual([(winner, decisions[winner])],
                             [(entry["actor"], entry["event"]) for entry in taken])

    def test_two_clients_decide_on_the_same_100_actions_in_one_operation(self):
        for _ in range(5):
            ids = self.pending(100)
            answers = dict(zip(("responder", "admin"), self.at_once(
                [lambda: self.service.decide("approve", ids, role="responder"),
                 lambda: self.service.decide("approve", list(reversed(ids)), role="admin")])))
            won = [role for role, answer in answers.items() if answer.status == 202]
            self.assertEqual(1, len(won), answers)
            loser = answers["admin" if won[0] == "responder" else "responder"]
            self.assert_lost(loser, f"the.{won[0]}", "approve")
            self.assertEqual(set(ids), {conflict["actionId"] for conflict in loser.json["conflicts"]})
            page = self.request("GET", "/actions", query={"id": ids, "limit": 1000}).json
            self.assertEqual({f"the.{won[0]}"}, {item["decidedBy"] for item in page["items"]})

    def test_overlapping_operations_win_or_lose_as_a_whole(self):
        ids = self.pending(60)
        parts = [ids[start:start + 20] for start in range(0, 41, 10)]
        answers = self.at_once([lambda part=part: self.service.decide("reject", part)
                                for part in parts])
        rejected = {action_id for part, answer in zip(parts, answers) if answer.status == 202
                    for action_id in part}
        page = self.request("GET", "/actions", query={"id": ids, "status": "rejected",
                                                      "limit": 1000}).json
        self.assertEqual(rejected, {item["id"] for item in page["items"]})
        self.assertIn(202, [answer.status for answer in answers])

    def test_the_same_operation_sent_five_times_acts_once(self):
        for parallel in (False, True):
            with self.subTest(parallel=parallel):
                ids = self.pending(10)
                key = f"same-{parallel}"
                send = [lambda: self.service.decide("approve", ids, key=key)] * 5
                answers = self.at_once(send) if parallel else [function() for function in send]
                self.assertEqual([202] * 5, [answer.status for answer in answers])
                self.assertEqual(1, len({answer.json["id"] for answer in answers}))
                self.assertEqual(1, len({answer.headers["location"] for answer in answers}))
                for action_id in ids:
                    events = [entry["event"] for entry in self.service.action(action_id)["timeline"]]
                    self.assertEqual(1, events.count("approve"))

    def test_a_key_stands_for_one_request_of_one_person(self):
        first, second = self.pending(2)
        self.assertEqual(202, self.service.decide("reject", [first], key="mine").status)
        for decision, ids in (("approve", [first]), ("reject", [second]), ("reject", [first, second])):
            answer = self.service.decide(decision, ids, key="mine")
            self.assert_problem(answer, 422, "key-reused", "Idempotency-Key")
        self.assertEqual("pending", self.service.action(second)["status"])
        self.assertEqual(202, self.service.decide("reject", [second], key="mine",
                                                  role="admin").status)

    def test_a_key_outlives_a_restart(self):
        ids = self.pending(2)
        first = self.service.decide("reject", ids, key="kept").json
        self.service.kill9()
        self.service.start()
        again = self.service.decide("reject", ids, key="kept")
        self.assertEqual((202, first["id"]), (again.status, again.json["id"]))

    def test_the_same_investigation_sent_five_times_is_made_once(self):
        body = investigation(4)
        answers = self.at_once([lambda: self.request("POST", "/investigations", body,
                                                     role="detector")] * 5)
        self.assertEqual([200] * 4 + [201], sorted(answer.status for answer in answers))
        self.assertEqual(1, len({answer.json["id"] for answer in answers}))
        self.assertEqual({4}, {len(answer.json["actions"]) for answer in answers})

    def test_readers_see_whole_operations_only(self):
        ids = self.pending(200)
        done = threading.Event()

        def read():
            seen = set()
            while not done.is_set():
                page = self.request("GET", "/actions", role="reader",
                                    query={"id": ids, "status": "rejected", "limit": 1})
                seen.add(page.json["total"])
            return seen

        def decide():
            try:
                return self.service.decide("reject", ids).status
            finally:
                done.set()
        seen, status, more = self.at_once([read, decide, read])
        self.assertEqual(202, status)
        self.assertLessEqual(seen | more, {0, 200})
