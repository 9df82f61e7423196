# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters are soft-deleted and come back, on a real mail server."""
import unittest

from cluster_case import ClusterCase, DATE


class Cluster(ClusterCase):
    def test_each_message_goes_and_comes_back_as_it_was(self):
        one, two, three = self.mailboxes(3)
        for number in range(3):
            self.put(one, f"<a{number}@evil.test>")
        self.put(one, "<a0@evil.test>", folder="Archive", flags=("\\Answered",))
        self.put(two, "<b@evil.test>", folder="Work/2024")
        self.put(two, "<other@good.test>", sender="friend@good.test")
        self.put(three, "<c@good.test>", sender="friend@good.test")
        self.remember(one, two, three)

        action = self.propose([one, two, three], sender="billing@evil.test", emailCount=5)
        seen = self.service.action(action)["targets"]
        self.assertEqual((4, 2, 0), (seen["messages"], seen["mailboxes"], seen["unreadable"]))
        self.assert_as_before()
        after = self.carry_out("approve", action)
        self.assertEqual("completed", after["status"], after)
        self.assertEqual(["<a0@evil.test>", "<a0@evil.test>", "<a1@evil.test>", "<a2@evil.test>"],
                         self.kept(one))
        self.assertEqual(["<b@evil.test>"], self.kept(two))
        self.assertEqual(["<other@good.test>"], self.there(two))
        self.assertEqual({(one, "<a0@evil.test>"): "moved", (one, "<a1@evil.test>"): "moved",
                          (one, "<a2@evil.test>"): "moved", (two, "<b@evil.test>"): "moved"},
                         self.outcomes(action))
        self.assertEqual({one: "moved", two: "moved", three: "notFound"},
                         {result["asset"]: result["outcome"] for result in after["results"]})
        self.assertTrue(after["undoable"])

        after = self.carry_out("undo", action)
        self.assertEqual("undone", after["status"], after)
        self.assert_as_before()
        self.assertEqual({"restored"}, set(self.outcomes(action).values()))


if __name__ == "__main__":
    unittest.main()
