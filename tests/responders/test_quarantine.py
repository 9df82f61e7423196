# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole messages go into the quarantine account and come back, on a real mail server."""
import unittest

from mail_case import DATE, KEPT, Killed, letter, lab
from quarantine_case import APPEND, REMOVE, QuarantineCase


class Quarantine(QuarantineCase):
    """quarantineEmail, without trouble."""

    tap_class = "quarantine"
    tests_at_once = 4

    def test_a_message_goes_into_quarantine_and_comes_back_as_it_was(self):
        self.put("<a@x.test>")
        self.put("<other@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "moved", "^Moved from “INBOX” into quarantine\\.$")
        self.assertEqual(1, len(self.seen()["INBOX"]))
        self.assertEqual(1, len(self.in_quarantine()))
        self.assertIn(self.in_quarantine()[0], before["INBOX"])
        self.assertEqual([], self.kept())
        self.assert_only(actions.undo(), "restored", "^Moved back from quarantine to “INBOX”\\.$")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_applying_and_undoing_twice_does_the_work_once(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "moved", "INBOX")
        after = self.everything(), self.in_quarantine()
        self.assert_only(actions.apply(), "moved", "INBOX")
        self.assertEqual(after, (self.everything(), self.in_quarantine()))
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_every_copy_of_the_message_in_every_folder(self):
        for folder in ("INBOX", "INBOX", "Archive", "Täglich & mehr"):
            self.put("<a@x.test>", folder=folder, flags=("\\Flagged", folder[0]))
        before = self.seen()
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "moved",
                         "^4 copies moved into quarantine: from “.*”, “.*” and “.*”\\.$")
        self.assertEqual([], self.flat(self.seen()))
        self.assertEqual(self.flat(before), sorted(self.in_quarantine()))
        self.assert_only(actions.undo(), "restored", "^4 copies moved back")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_only_the_folder_that_the_action_names(self):
        self.put("<a@x.test>")
        self.put("<a@x.test>", folder="Archive")
        actions = self.actions("<a@x.test>", folder="Archive")
        self.assert_only(actions.apply(), "moved", "from “Archive”")
        self.assertEqual(1, len(self.seen()["INBOX"]))
        self.assert_only(self.actions("<a@x.test>", folder="Archive").apply(), "alreadyThere",
                         "in quarantine already\\. Another copy of it lies in “INBOX”, where it was left\\.$")

    def test_a_message_that_is_not_there(self):
        self.put("<a@x.test>")
        self.assert_only(self.actions("<none@x.test>").apply(), "notFound", "no message with this")
        self.assert_only(self.actions("<none@x.test>").undo(), "notFound", "nothing to bring back")
        self.assert_only(self.actions("<a@x.test>", folder="Gone").apply(), "movedByOther",
                         "it lies in “INBOX”")

    def test_two_actions_about_one_message(self):
        self.put("<a@x.test>")
        self.put("<b@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>", "<a@x.test>", "<b@x.test>")
        self.assert_outcomes(actions.apply(), "moved", "alreadyThere", "moved")
        self.assert_outcomes(actions.undo(), "restored", "notFound", "restored")
        self.assertEqual(before, self.seen())

    def test_a_message_of_many_pieces(self):
        body = b"".join(b"%07d " % n + b"x" * 70 + b"\r\n" for n in range(20000))
        self.put("<a@x.test>", body=body)
        before = self.seen()
        actions = self.actions("<a@x.test>")
        results, proxy = self.run_through(actions, "apply")
        self.assert_only(results, "moved", "INBOX")
        # No answer of the server was larger than a piece.
        self.assertGreater(proxy.count("UID FETCH 1 (UID BODY.PEEK[]<"), 3)
        self.assertEqual(before["INBOX"], self.in_quarantine())
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())

    def test_bytes_that_no_text_has(self):
        data = letter("<a@x.test>", b"\x00" * 0 + bytes(range(1, 256)) * 3 + b"\r\nno end")
        self.lab.append(self.user, "INBOX", data, ("Invoice",), DATE)
        before = self.seen()
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "moved", "INBOX")
        self.assertEqual(before["INBOX"], self.in_quarantine())
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())

    def test_the_folder_that_was_deleted_is_made_again(self):
        self.put("<a@x.test>", folder="Projekte")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        actions.apply()
        with self.lab.imap(self.user) as connection:
            lab.checked(connection.delete("Projekte"))
        self.assert_only(actions.undo(), "restored", "“Projekte”.*was made again")
        self.assertEqual(before["Projekte"], self.seen()["Projekte"])
        with self.lab.imap(self.user) as connection:
            self.assertIn(b"Projekte", lab.checked(connection.lsub())[0])

    def test_other_messages_that_are_struck_out_stay(self):
        self.put("<a@x.test>")
        self.put("<struck@x.test>", flags=("\\Deleted",))
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "moved", "INBOX")
        self.assertEqual(("\\Deleted",), self.seen()["INBOX"][0].flags)
        actions.undo()
        self.assertEqual(2, len(self.seen()["INBOX"]))

    def test_the_quarantine_account_itself_is_refused(self):
        actions = self.actions("<a@x.test>")
        actions.mailbox = self.lab.quarantine
        self.assert_only(actions.apply(), "failed", "is the quarantine account itself")

    def test_a_message_that_is_soft_deleted_is_left(self):
        self.put("<a@x.test>", folder=KEPT)
        self.assert_only(self.actions("<a@x.test>").apply(), "notFound", "in the mailbox's folders")
        self.assertEqual(1, len(self.kept()))


class QuarantineChanges(QuarantineCase):
    """Somebody else has changed something meanwhile."""

    tap_class = "quarantine-changes"
    tests_at_once = 4

    def setUp(self):
        super().setUp()
        self.put("<a@x.test>")
        self.before = self.seen()
        self.one = self.actions("<a@x.test>")

    def test_somebody_has_taken_it_out_of_quarantine(self):
        self.one.apply()
        self.remove(self.quarantine_folder(), user=self.lab.quarantine)
        self.assert_only(self.one.undo(), "notFound", "neither in quarantine any more nor anywhere")

    def quarantine_folder(self):
        return self.user.replace(".", "=2E")

    def test_somebody_has_put_it_back_already(self):
        self.one.apply()
        self.lab.append(self.user, "INBOX", letter("<a@x.test>"), ("\\Seen", "$Phishing", "Invoice"),
                        DATE)
        self.remove(self.quarantine_folder(), user=self.lab.quarantine)
        self.assert_only(self.one.undo(), "alreadyRestored", "already")
        self.assertEqual(self.before, self.seen())

    def test_somebody_has_put_it_elsewhere(self):
        self.one.apply()
        self.lab.append(self.user, "Archive", letter("<a@x.test>"), (), DATE)
        self.remove(self.quarantine_folder(), user=self.lab.quarantine)
        self.assert_only(self.one.undo(), "movedByOther", "moved it to “Archive”")

    def test_flags_that_change_until_the_message_goes(self):
        def flag(*_):
            connection = self.master()
            lab.checked(connection.select("INBOX"))
            lab.checked(connection.uid("STORE", "1", "FLAGS", "(\\Flagged Late)"))

        self.run_through(self.one, "apply", (APPEND, flag))
        self.assert_only(self.one.undo(), "restored", "INBOX")
        self.assertEqual(("Late", "\\Flagged"), self.seen()["INBOX"][0].flags)

    def test_its_owner_moves_it_while_it_is_copied(self):
        self.put("<other@x.test>", folder="Archive")
        other = self.seen()["Archive"]
        results, _ = self.run_through(
            self.one, "apply",
            (rb"^UID STORE .*FLAGS.SILENT", lambda *_: self.move(1, "INBOX", "Archive")))
        self.assert_only(results, "moved", "from “Archive”")
        self.assertEqual(other, self.flat(self.seen()))
        self.assertEqual(self.before["INBOX"], self.in_quarantine())
        self.assert_only(self.one.undo(), "restored", "“Archive”")
        self.assertEqual(sorted(other + self.before["INBOX"]), self.seen()["Archive"])

    def test_its_owner_moves_it_out_of_the_folder_that_is_meant(self):
        self.put("<other@x.test>", folder="Archive")
        other = self.seen()["Archive"]
        one = self.actions("<a@x.test>", folder="INBOX")
        results, _ = self.run_through(
            one, "apply", (rb"^UID STORE .*FLAGS.SILENT", lambda *_: self.move(1, "INBOX", "Archive")))
        self.assert_only(results, "moved", "from “Archive”")
        self.assertEqual(other, self.flat(self.seen()))
        self.assert_only(one.undo(), "restored", "“Archive”")
        self.assertEqual(sorted(other + self.before["INBOX"]), self.seen()["Archive"])

    def test_another_copy_is_not_meant_and_stays(self):
        """The one that is meant has left its folder when the connection is lost; the other one is not it."""
        self.put("<a@x.test>", folder="Archive")
        before = self.seen()
        one = self.actions("<a@x.test>", folder="INBOX")
        results, _ = self.run_through(one, "apply", (REMOVE, lambda session, tag: session.withhold(tag)))
        self.assert_only(results, "moved", "from “INBOX”")
        self.assertEqual({"Archive": before["Archive"]}, {k: v for k, v in self.seen().items() if v})
        self.assert_only(one.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())

    def test_another_copy_is_not_taken_for_the_one_that_was_removed(self):
        """It is removed, nobody is told, and who gives up then undoes: the other copy was never meant."""
        self.put("<a@x.test>", folder="Archive", flags=("\\Answered", "Copied"))
        before = self.seen()
        one = self.actions("<a@x.test>", folder="INBOX")
        gone = (b"^LIST", lambda session, tag: session.close(session.server))
        results, _ = self.run_through(one, "apply", (b"^LIST", lambda *_: None), (b"^LIST", lambda *_: None),
                                      (REMOVE, lambda session, tag: session.withhold(tag)), gone, gone)
        self.assert_outcomes(results, "failed")
        self.assertTrue(results[0]["didPart"])
        self.assertEqual([], self.seen()["INBOX"])
        self.assert_only(one.undo(), "restored", "^Moved back from quarantine to “INBOX”\\.$")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_what_came_back_for_one_is_not_taken_for_the_other(self):
        """The same message twice, byte for byte, of which the mailbox takes only one at first."""
        self.put("<a@x.test>")
        before = self.seen()
        self.one.apply()
        full = (APPEND, lambda *_: b"NO [OVERQUOTA] The mailbox is full.")
        results, _ = self.run_through(self.one, "undo", (APPEND, lambda *_: None), full)
        self.assert_only(results, "failed", "over its quota")
        self.assert_only(self.one.undo(), "restored", "2 copies")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_one_that_came_back_unseen_is_told_from_one_that_was_seen(self):
        """Both have come back, and nobody heard that the second one has: none of them is one too many."""
        self.put("<a@x.test>")
        before = self.seen()
        self.one.apply()
        full = (APPEND, lambda *_: b"NO [OVERQUOTA] The mailbox is full.")
        lose = (APPEND, lambda session, tag: session.withhold(tag))
        self.run_through(self.one, "undo", (APPEND, lambda *_: None), full)
        self.run_through(self.one, "undo", lose)
        self.one.undo()
        self.assertEqual(before, self.seen())

    def test_nothing_is_undone_while_one_of_two_is_missing(self):
        self.put("<a@x.test>", folder="Archive")
        self.one.apply()
        with self.lab.imap(self.lab.quarantine) as connection:
            lab.checked(connection.select(lab.quoted(self.quarantine_folder())))
            lab.checked(connection.uid("MOVE", "2", "INBOX"))
            self.addCleanup(self.remove, "INBOX", user=self.lab.quarantine)
        for _ in range(2):
            self.assert_only(self.one.undo(), "notFound", "^Moved back.*Another copy was not found")
        self.put("<a@x.test>", folder="INBOX" if not self.seen()["INBOX"] else "Archive")
        self.assert_only(self.one.undo(), "restored", "2 copies moved back")

    def test_copies_that_are_alike_are_not_taken_for_each_other(self):
        """One has left its folder when the connection is lost; the other one is not it, moved."""
        self.put("<a@x.test>", folder="Archive", flags=("\\Answered", "Copied"))
        before = self.seen()
        results, _ = self.run_through(
            self.one, "apply", (REMOVE, lambda *_: None),
            (REMOVE, lambda session, tag: session.close(session.server)))
        self.assert_only(results, "moved", "2 copies")
        self.assertEqual(self.flat(before), sorted(self.in_quarantine()))
        self.assert_only(self.one.undo(), "restored", "2 copies")
        self.assertEqual(before, self.seen())

    def test_its_owner_deletes_it_while_it_is_copied(self):
        results, _ = self.run_through(
            self.one, "apply", (rb"^UID STORE .*FLAGS.SILENT", lambda *_: self.remove("INBOX")))
        self.assert_only(results, "moved", "into quarantine")
        self.assertEqual(self.before["INBOX"], self.in_quarantine())

    def test_its_owner_deletes_it_before_it_is_copied(self):
        results, _ = self.run_through(self.one, "apply", (APPEND, lambda *_: self.remove("INBOX")))
        self.assert_only(results, "notFound", "vanished")
        self.assertEqual([], self.in_quarantine())

    def test_the_folder_in_quarantine_was_deleted(self):
        self.one.apply()
        with self.lab.imap(self.lab.quarantine) as connection:
            lab.checked(connection.delete(lab.quoted(self.quarantine_folder())))
        self.assert_only(self.one.undo(), "failed", "was deleted or renamed there")

    def test_its_owner_deletes_it_as_soon_as_it_is_back(self):
        self.one.apply()
        results, _ = self.run_through(self.one, "undo", (REMOVE, lambda *_: self.remove("INBOX")))
        # It was seen there; what happens afterwards is its owner's affair.
        self.assert_only(results, "restored", "INBOX")

    def undo_while(self, actions, *acts):
        """Undoes; each act happens when the message was seen back, before it is seen once more."""
        results, _ = self.run_through(actions, "undo", *[(rb"^SELECT .?INBOX", act) for act in acts])
        self.assertEqual([], self.in_quarantine())
        return results

    def test_what_is_not_seen_in_its_place_is_not_the_last_one(self):
        self.one.apply()
        results = self.undo_while(self.one, lambda *_: self.remove("INBOX"))
        self.assert_only(results, "restored", "INBOX")
        self.assertEqual(self.before, self.seen())

    def test_its_owner_deletes_it_while_its_flags_are_put_right(self):
        def flag(*_):
            with self.lab.imap(self.user) as connection:
                lab.checked(connection.select("INBOX"))
                lab.checked(connection.uid("STORE", "1:*", "+FLAGS", "(\\Deleted)"))

        for answer in (None, b"NO [EXPUNGEISSUED] It is gone."):
            def take_away(*_):
                self.remove("INBOX")
                return answer  # pylint: disable=cell-var-from-loop

            self.assert_only(self.one.apply(), "moved", "INBOX")
            results, _ = self.run_through(self.one, "undo", (rb"^SELECT .?INBOX", flag),
                                          (rb"^UID STORE .* FLAGS", take_away))
            self.assert_only(results, "restored", "INBOX")
            self.assertEqual(self.before, self.seen())
            self.assertEqual([], self.in_quarantine())

    def test_what_cannot_be_seen_in_its_place_stays_in_quarantine(self):
        """Its owner has taken it away once, and then the server does not show it."""
        self.one.apply()
        def hide(session, _tag):
            session.proxy.rules.append((rb"^UID FETCH", lambda *_: b"NO [NOPERM] Not now."))

        results, _ = self.run_through(self.one, "undo", (rb"^SELECT .?INBOX", lambda *_: self.remove("INBOX")),
                                      (rb"^SELECT .?INBOX", hide))
        self.assert_outcomes(results, "failed")
        self.assertEqual(self.before["INBOX"], self.in_quarantine())
        self.assert_only(self.one.undo(), "restored", "INBOX")
        self.assertEqual(self.before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_its_owner_deletes_it_each_time(self):
        self.one.apply()
        results = self.undo_while(self.one, *[lambda *_: self.remove("INBOX")] * 2)
        self.assert_only(results, "restored", "INBOX")
        self.assertEqual([], self.flat(self.seen()))

    def test_its_owner_moves_it_as_soon_as_it_is_back(self):
        self.put("<other@x.test>", folder="Archive")
        other = self.seen()["Archive"]
        for folder in (None, "INBOX"):
            one = self.actions("<a@x.test>", folder=folder)
            self.assert_only(one.apply(), "moved", "INBOX")
            results = self.undo_while(one, lambda *_: self.move("1:*", "INBOX", "Archive"))
            self.assert_only(results, "restored", "“Archive”")
            self.assertEqual(sorted(other + self.before["INBOX"]), self.flat(self.seen()))
            uids = [one.uid for one in self.lab.messages(self.user, "Archive") if one.message_id == "<a@x.test>"]
            self.move(uids[0], "Archive", "INBOX")

    def test_another_quarantine_account_is_named_meanwhile(self):
        self.one.apply()
        results = self.one.undo(settings=self.lab.mail_config(quarantine_user="other@example.test"))
        self.assert_only(results, "failed", "names another one now")
        self.assert_only(self.one.undo(), "restored", "INBOX")


class QuarantineTrouble(QuarantineCase):
    """Refusals, and a responder that is killed at each of its steps."""

    tap_class = "quarantine-trouble"
    tests_at_once = 4

    def setUp(self):
        super().setUp()
        for number in range(2):
            self.put(f"<{number}@x.test>")
        self.put("<2@x.test>", folder="Archive")
        self.before = self.seen()
        self.all_actions = self.actions(*[f"<{number}@x.test>" for number in range(3)])

    def assert_gone(self):
        self.assertEqual([], self.flat(self.seen()))
        self.assertEqual(self.flat(self.before), sorted(self.in_quarantine()))

    def assert_back(self):
        self.assertEqual(self.before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def kill_each(self, direction, option, outcome, way_back):
        number = 1
        while True:
            try:
                results = self.all_actions.run(direction, f"--{option}={number}")
            except Killed:
                stored = self.flat(self.seen()) + self.in_quarantine()
                for one in self.flat(self.before):
                    self.assertIn(one.sha256, [other.sha256 for other in stored])
                self.assert_outcomes(self.all_actions.run(direction), *[outcome] * 3)
                self.assert_gone() if direction == "apply" else self.assert_back()
                self.all_actions.run(way_back)
                number += 1
                continue
            self.assert_outcomes(results, *[outcome] * 3)
            self.all_actions.run(way_back)
            return number

    def test_killed_around_each_receipt_of_the_way_there(self):
        self.assertGreater(self.kill_each("apply", "die-before", "moved", "undo"), 3)
        self.assertGreater(self.kill_each("apply", "die-after", "moved", "undo"), 3)

    def test_killed_around_each_receipt_of_the_way_back(self):
        self.all_actions.apply()
        self.assertGreater(self.kill_each("undo", "die-before", "restored", "apply"), 3)
        self.assertGreater(self.kill_each("undo", "die-after", "restored", "apply"), 3)

    def test_an_undo_after_an_apply_that_was_killed(self):
        for option in ("--die-before", "--die-after"):
            for number in range(1, 4):
                with self.assertRaises(Killed):
                    self.all_actions.apply(f"{option}={number}")
                results = self.all_actions.undo()
                self.assertLessEqual({result["outcome"] for result in results},
                                     {"restored", "notFound"})
                self.assert_back()

    def test_the_quarantine_is_emptied_while_the_responder_is_dead(self):
        """What is noted to be in quarantine and is not there is put there again, before the original
        goes."""
        with self.assertRaises(Killed):
            self.all_actions.apply("--die-after=2")
        self.assertEqual(3, len(self.in_quarantine()))
        self.assertEqual(self.before, self.seen())
        self.remove(self.user.replace(".", "=2E"), user=self.lab.quarantine)
        self.assert_outcomes(self.all_actions.apply(), *["moved"] * 3)
        self.assert_gone()
        self.assert_outcomes(self.all_actions.undo(), *["restored"] * 3)
        self.assert_back()

    def test_no_receipt_no_step(self):
        results = self.all_actions.apply("--fail-at=1")
        self.assert_outcomes(results, *["failed"] * 3)
        self.assertRegex(results[0]["detail"], "could not note what it does")
        self.assert_back()
        self.assert_outcomes(self.all_actions.apply("--fail-at=2"), *["failed"] * 3)
        self.assertEqual(self.before, self.seen())
        self.assert_outcomes(self.all_actions.apply(), *["moved"] * 3)
        self.assert_gone()

    def test_the_login_to_the_quarantine_account_is_refused(self):
        results = self.all_actions.apply(
            settings=self.lab.mail_config(quarantine_user="nobody@example.test*nobody"))
        self.assert_outcomes(results, *["failed"] * 3)
        self.assertRegex(results[0]["detail"], "^The quarantine account cannot be opened\\. The login")
        self.assert_back()

    def test_a_part_fails_and_is_tried_again(self):
        no = (APPEND, lambda *_: b"NO [CANNOT] Not this one.")
        results, _ = self.run_through(self.all_actions, "apply", (APPEND, lambda *_: None), no)
        self.assert_outcomes(results, "moved", "failed", "moved")
        self.assertRegex(results[1]["detail"], "still in “INBOX”.*Not this one")
        self.assert_outcomes(self.all_actions.apply(), *["moved"] * 3)
        self.assert_gone()
        results, _ = self.run_through(self.all_actions, "undo", no)
        self.assert_outcomes(results, "failed", "restored", "restored")
        self.assertRegex(results[0]["detail"], "still in quarantine.*Not this one")
        self.assert_outcomes(self.all_actions.undo(), *["restored"] * 3)
        self.assert_back()

    def test_a_removal_that_is_refused(self):
        results, _ = self.run_through(self.all_actions, "apply",
                                      (REMOVE, lambda *_: b"NO [NOPERM] You may not."))
        self.assert_outcomes(results, "failed", "failed", "moved")
        self.assertRegex(results[0]["detail"], "A copy of the message is in quarantine.*may not")
        self.assertEqual(self.before["INBOX"], self.seen()["INBOX"])
        self.assertTrue(results[0]["didPart"])
        self.assert_outcomes(self.all_actions.undo(), *["restored"] * 3)
        self.assert_back()


class QuarantineQuota(QuarantineCase):
    """The quarantine account, or the mailbox, is full."""

    tap_class = "quarantine-quota"
    quota = "40K"

    def test_the_quarantine_account_is_full(self):
        self.put("<a@x.test>", body=b"a" * 20000)
        self.lab.append(self.lab.quarantine, "INBOX", letter("<fill@x.test>", b"f" * 30000))
        before = self.seen()
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "failed", "quarantine account is over its quota")
        self.assertEqual(before, self.seen())
        self.remove("INBOX", user=self.lab.quarantine)
        self.assert_only(actions.apply(), "moved", "INBOX")
        self.assertEqual(before["INBOX"], self.in_quarantine())
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())

    def test_the_mailbox_is_full_at_the_undo(self):
        self.put("<a@x.test>", body=b"a" * 20000)
        before = self.seen()
        actions = self.actions("<a@x.test>")
        actions.apply()
        self.put("<fill@x.test>", body=b"f" * 30000)
        self.assert_only(actions.undo(), "failed", "still in quarantine, because the mailbox is over")
        self.assertEqual(1, len(self.in_quarantine()))
        self.remove("INBOX")
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())


if __name__ == "__main__":
    unittest.main()
