# SPDX-License-Identifier: GPL-3.0-or-later
"""What the owner of a mailbox changes meanwhile, and a service that is killed: undo takes nothing of the
owner's away, and what was begun is finished or reported."""
import base64
import unittest

from forwarding_case import OURS, SCRIPT, WITHOUT, ForwardingCase
from mail_case import Killed

OTHER = b'require "fileinto";\nfileinto "x";\n'


class Changes(ForwardingCase):
    """The owner changes something after the forwarding was turned off."""

    tap_class = "changes"
    tests_at_once = 4

    def conflict(self, change, *details):
        """Undo after a change of the owner's: it says so and leaves everything."""
        self.put()
        actions = self.actions()
        actions.apply()
        self.sieve(change)
        before = self.scripts()
        for _ in range(2):
            results = actions.undo()
            self.assert_only(results, "conflict",
                             "^Nothing was undone, because the scripts of the mailbox have been "
                             "changed since the forwarding was turned off\\. .*undo can be tried "
                             "again\\.$")
            for detail in details:
                self.assertIn(detail, results[0]["detail"])
            self.assertEqual(before, self.scripts())
        return actions

    def test_our_script_was_edited(self):
        actions = self.conflict(
            lambda client: client.put(OURS, WITHOUT.replace(b"Invoices", b"Bills")),
            "The script of this action “action-center” has been changed: line 4 was “fileinto "
            "\"Invoices\";” and is “fileinto \"Bills\";”.")
        # Once the owner has put it back, undo goes on.
        self.put(WITHOUT, OURS)
        self.assert_only(actions.undo(), "restored", "“main” is active again")
        self.assertEqual(("main", {"main": SCRIPT}), self.scripts())

    def test_the_original_was_edited(self):
        self.conflict(lambda client: client.put("main", SCRIPT + b"keep;\r\n"),
                      "The original script “main” has been changed: line 8 was “” and is “keep;”.")

    def test_only_the_end_of_a_line_was_edited(self):
        self.conflict(lambda client: client.put("main", SCRIPT.replace(b";\r\n#", b";\n#")),
                      "“main” has been changed: in the blanks or the end of line 1.")

    def test_the_original_was_deleted(self):
        self.conflict(lambda client: client.delete("main"),
                      "The original script “main” has been deleted.")

    def test_another_script_was_made_active(self):
        self.conflict(lambda client: client.put("other", OTHER, active=True),
                      "The script “other” is active now, where this action had made “action-center” "
                      "active.")

    def test_no_script_is_active_any_more(self):
        self.conflict(lambda client: client.activate(""), "No script is active any more")

    def test_everything_was_changed(self):
        def change(client):
            client.put("other", OTHER, active=True)
            client.delete(OURS)
            client.put("main", OTHER)
        self.conflict(change, "“other” is active now", "“action-center” has been deleted",
                      "“main” has been changed: line 1 was “require [\"copy\", \"fileinto\"];” and is "
                      "“require \"fileinto\";”")

    def test_the_original_was_edited_and_made_active(self):
        self.conflict(lambda client: client.put("main", OTHER, active=True),
                      "The original script “main” has been made active again.",
                      "The original script “main” has been changed")

    def test_the_original_was_made_active_again(self):
        self.put()
        before = self.scripts()
        actions = self.actions()
        actions.apply()
        self.sieve(lambda client: client.activate("main"))
        self.assert_only(actions.undo(), "alreadyRestored", "somebody else has made it so")
        self.assertEqual(before, self.scripts())

    def test_the_original_was_made_active_and_ours_was_edited(self):
        self.put()
        actions = self.actions()
        actions.apply()
        self.sieve(lambda client: (client.activate("main"), client.put(OURS, OTHER)))
        self.assert_only(actions.undo(), "alreadyRestored", "somebody else has made it so")
        self.assertEqual(("main", {"main": SCRIPT, OURS: OTHER}), self.scripts())

    def test_a_change_that_no_letter_shows(self):
        self.lay(b'redirect "drop@evil.test";\n# caf\xe9\n')
        actions = self.actions()
        actions.apply()
        self.sieve(lambda client: client.put("main", b'redirect "drop@evil.test";\n# caf\xe8\n'))
        self.assert_only(actions.undo(), "conflict", "has been changed: in bytes that cannot be shown")


class Approved(ForwardingCase):
    """Only what was approved is taken out, however late."""

    tap_class = "changes"
    tests_at_once = 4

    def approved(self, *addresses):
        actions = self.actions()
        actions.tasks[0]["approved"] = list(addresses)
        return actions

    def refused(self, actions, detail):
        """Nothing is done, and it is said why."""
        before = self.scripts()
        self.assert_only(actions.apply(), "failed",
                         f"^Nothing was changed: the script “main” forwards to {detail}\\. Look at it "
                         "with the owner of the mailbox, and have it proposed again to decide anew\\.$")
        self.assertEqual(before, self.scripts())

    def test_an_address_that_nobody_has_seen_stays(self):
        self.put(SCRIPT.replace(b"drop@evil.test", b"partner@else.test"))
        self.refused(self.approved("drop@evil.test", "second@evil.test"),
                     "“partner@else.test” now, and it was approved for “drop@evil.test”, "
                     "“second@evil.test”")

    def test_one_more_address_keeps_all_of_them(self):
        self.put(SCRIPT + b'redirect :copy "partner@else.test";\r\n')
        self.refused(self.approved("drop@evil.test"),
                     "“drop@evil.test” and “partner@else.test” now, and it was approved for .*")

    def test_a_mailbox_that_nobody_could_look_at_stays(self):
        self.put()
        self.refused(self.approved(),
                     "“drop@evil.test” now, and this mailbox could not be looked at when it was "
                     "approved")

    def test_one_address_less_is_no_matter(self):
        self.put()
        actions = self.approved("drop@evil.test", "second@evil.test")
        self.assert_only(actions.apply(), "done", "Forwarding to “drop@evil.test” was taken out")
        self.assertEqual((OURS, {"main": SCRIPT, OURS: WITHOUT}), self.scripts())

    def test_what_was_begun_is_finished(self):
        self.put()
        actions = self.approved("drop@evil.test")
        with self.assertRaises(Killed):
            actions.apply("--die-after", "1")
        actions.tasks[0]["approved"] = []
        self.assert_only(actions.apply(), "done", "Forwarding to “drop@evil.test” was taken out")
        self.assertEqual((OURS, {"main": SCRIPT, OURS: WITHOUT}), self.scripts())

    def test_what_was_begun_is_given_up_for_another_address(self):
        self.put()
        actions = self.approved("drop@evil.test")
        with self.assertRaises(Killed):
            actions.apply("--die-after", "1")
        self.put(SCRIPT.replace(b"drop@evil.test", b"partner@else.test"))
        self.refused(actions, "“partner@else.test” now, and it was approved for “drop@evil.test”")


class Killing(ForwardingCase):
    """The service dies, at each receipt and on both sides of it."""

    tap_class = "killing"
    tests_at_once = 4

    kills = ("--die-before=1", "--die-after=1", "--die-before=2", "--die-after=2")

    def kill(self, function, option):
        with self.assertRaises(Killed):
            function(option)

    def assert_nothing_is_lost(self, actions):
        """The original is there, and where it does not run the receipt says so."""
        active, scripts = self.scripts()
        self.assertEqual(SCRIPT, scripts["main"])
        self.assertIn(active, ("main", OURS))
        if active == OURS or OURS in scripts:
            receipt = actions.receipts["action-1"]
            self.assertEqual(SCRIPT, base64.b64decode(receipt["original"]["base64"]))

    def test_apply_is_finished(self):
        for option in self.kills:
            with self.subTest(option):
                self.setUp()
                self.put()
                before = self.scripts()
                actions = self.actions()
                self.kill(actions.apply, option)
                self.assert_nothing_is_lost(actions)
                self.assert_only(actions.apply(), "done", "“drop@evil.test”")
                self.assertEqual((OURS, {"main": SCRIPT, OURS: WITHOUT}), self.scripts())
                self.assert_only(actions.undo(), "restored", "“main” is active again")
                self.assertEqual(before, self.scripts())

    def test_undo_is_finished(self):
        for option in self.kills:
            with self.subTest(option):
                self.setUp()
                self.put()
                before = self.scripts()
                actions = self.actions()
                actions.apply()
                self.kill(actions.undo, option)
                self.assert_nothing_is_lost(actions)
                self.assert_only(actions.undo(), "restored", "“main” (is|was made) active again")
                self.assertEqual(before, self.scripts())

    def test_undo_after_an_apply_that_was_killed(self):
        for option, outcome in zip(self.kills, ("nothingToDo", "alreadyRestored", "restored",
                                                "restored")):
            with self.subTest(option):
                self.setUp()
                self.put()
                before = self.scripts()
                actions = self.actions()
                self.kill(actions.apply, option)
                self.assert_outcomes(actions.undo(), outcome)
                self.assertEqual(before, self.scripts())

    def test_the_original_was_edited_after_the_kill(self):
        for option in self.kills[:2]:
            self.setUp()
            self.put()
            actions = self.actions()
            self.kill(actions.apply, option)
            self.put(SCRIPT + b"stop;\r\n")
            before = self.scripts()
            self.assert_only(actions.apply(), "done", "“drop@evil.test”")
            self.assertEqual(WITHOUT + b"stop;\r\n", self.scripts()[1][OURS])
            self.assert_only(actions.undo(), "restored", "“main” is active again")
            self.assertEqual(before, self.scripts())

    def test_what_a_plan_of_yesterday_has_left_goes(self):
        self.put()
        actions = self.actions()
        self.kill(actions.apply, "--die-before=2")
        self.sieve(lambda client: client.activate(""))
        self.assert_only(actions.apply(), "nothingToDo", "shows no active script")
        self.assertEqual((None, {"main": SCRIPT}), self.scripts())
        # The same plan again: it is on disk, so that the first receipt is the one after the change.
        self.put(SCRIPT)
        self.kill(actions.apply, "--die-before=1")
        self.put(OTHER, "other")
        self.assert_only(actions.apply(), "nothingToDo", "“other” forwards nothing outside")
        self.assertEqual(("other", {"main": SCRIPT, "other": OTHER}), self.scripts())

    def test_somebody_took_our_name_after_the_kill(self):
        self.put()
        actions = self.actions()
        self.kill(actions.apply, "--die-after=1")
        self.put(OTHER, OURS, active=False)
        self.assert_only(actions.apply(), "done", "runs without as “action-center-2”")
        self.assertEqual(OTHER, self.scripts()[1][OURS])
        actions.undo()
        self.assertEqual(("main", {"main": SCRIPT, OURS: OTHER}), self.scripts())


if __name__ == "__main__":
    unittest.main()
