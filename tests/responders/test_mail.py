# SPDX-License-Identifier: GPL-3.0-or-later
"""Soft delete and undo on a real mail server: each outcome, and the mailbox after it."""
import json
import socket
import unittest

from mail_case import DATE, KEPT, MailCase, lab, letter


class SoftDelete(MailCase):
    tap_class = "soft-delete"

    def test_a_message_is_moved_and_comes_back_as_it_was(self):
        self.put("<a@x.test>")
        self.put("<other@x.test>", flags=())
        before = self.seen()
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "moved",
                         "^Moved from “INBOX” to the recoverable folder\\.$")
        self.assertEqual(1, len(self.seen()["INBOX"]))
        self.assertNotIn(KEPT, self.seen())
        kept, = self.kept()
        self.assertIn(kept, before["INBOX"])
        self.assert_only(actions.undo(), "restored", "^Moved back to “INBOX”\\.$")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.kept())

    def test_the_recoverable_folder_is_made_and_not_subscribed(self):
        self.put("<a@x.test>")
        self.actions("<a@x.test>").apply()
        subscribed = lab.checked(self.master().lsub())
        self.assertFalse([row for row in subscribed if row and KEPT.encode() in row])

    def test_only_the_exact_message_id_is_meant(self):
        for message_id in ("<m-1@x.test>", "<m-10@x.test>", "<M-1@x.test>", "<m-1@x.test>x",
                           "a <m-1@x.test>"):
            self.put(message_id)
        self.assert_only(self.actions("<m-1@x.test>").apply(), "moved", "INBOX")
        self.assertEqual(4, len(self.seen()["INBOX"]))
        self.assertEqual(["<m-1@x.test>"], [one.message_id for one in
                                            self.lab.messages(self.user, KEPT, master=True)])

    def test_a_part_of_every_message_id_is_none(self):
        for number in range(30):
            self.put(f"<{number}@x.test>")
        for part in ("@x.test>", "<", "*", "\"", "\\", "%"):
            self.assert_only(self.actions(part).apply(), "notFound", "no message")
        self.assertEqual(30, len(self.seen()["INBOX"]))

    def test_a_message_id_of_any_shape_is_found(self):
        shapes = ["<a\"b\\c@x.test>", "<with blanks in it@x.test>", "without-brackets@x.test",
                  "<ünïcode@x.test>", "<{123}@x.test>", "<(paren)@x.test>", "<%*@x.test>",
                  "<" + "l" * 1500 + "@x.test>", "<a@x.test> (comment)", "NIL", "<\u4e16@x>"]
        for shape in shapes:
            self.put(shape)
        before = self.seen()
        actions = self.actions(*shapes)
        results = actions.apply()
        self.assert_outcomes(results, *["moved"] * len(shapes))
        self.assertEqual([], self.seen()["INBOX"])
        self.assert_outcomes(actions.undo(), *["restored"] * len(shapes))
        self.assertEqual(before, self.seen())

    def test_a_folded_message_id_is_found(self):
        self.lab.append(self.user, "INBOX", b"Subject: x\r\nmessage-id  :\r\n\t<folded@x.test>\r\n"
                        b"\r\nMessage-ID: <body@x.test>\r\n", (), DATE)
        self.assert_only(self.actions("<body@x.test>").apply(), "notFound", "no message")
        self.assert_only(self.actions("<folded@x.test>").apply(), "moved", "INBOX")

    def test_two_copies_in_two_folders_go_and_come_back(self):
        self.put("<a@x.test>")
        self.put("<a@x.test>", folder="Archive", flags=("\\Flagged",))
        before = self.seen()
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "moved", "^2 copies moved to the recoverable folder: from "
                         "“(INBOX|Archive)” and “(INBOX|Archive)”\\.$")
        self.assertEqual([], self.flat(self.seen()))
        self.assert_only(actions.undo(), "restored", "^2 copies moved back")
        self.assertEqual(before, self.seen())

    def test_two_copies_in_one_folder_go_and_come_back(self):
        self.put("<a@x.test>", flags=("\\Seen",))
        self.put("<a@x.test>", flags=("Invoice",))
        before = self.seen()
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "moved",
                         "^2 copies moved to the recoverable folder: from “INBOX”\\.$")
        self.assertEqual(2, len(self.kept()))
        actions.undo()
        self.assertEqual(before, self.seen())

    def test_folders_with_every_kind_of_name(self):
        names = ["Gelöschte Objekte & mehr", "Отчёты/2026", "a \"quoted\" \\ name", "日本語 (x)",
                 "😀", "NIL", "{3}", "x~", "[brackets]", "&"]
        for index, name in enumerate(names):
            self.put(f"<{index}@x.test>", folder=name)
        before = self.seen()
        actions = self.actions(*[f"<{index}@x.test>" for index in range(len(names))])
        results = actions.apply()
        self.assert_outcomes(results, *["moved"] * len(names))
        self.assertIn("“Gelöschte Objekte & mehr”", results[0]["detail"])
        self.assertEqual([], self.flat(self.seen()))
        actions.undo()
        self.assertEqual(before, self.seen())

    def test_only_the_named_folder_is_looked_in(self):
        self.put("<a@x.test>")
        self.put("<a@x.test>", folder="Отчёты")
        actions = self.actions("<a@x.test>", folder="Отчёты")
        self.assert_only(actions.apply(), "moved", "“Отчёты”")
        self.assertEqual(1, len(self.seen()["INBOX"]))

    def test_a_message_that_is_not_there(self):
        self.assert_only(self.actions("<never@x.test>").apply(), "notFound",
                         "^There is no message with this Message-ID in the mailbox\\.$")
        self.assertNotIn(KEPT, self.everything())

    def test_a_message_that_was_moved_out_of_the_named_folder(self):
        uid = self.put("<a@x.test>")
        self.put("<b@x.test>", folder="Archive")
        self.move(uid, "INBOX", "Archive")
        before = self.seen()
        self.assert_only(self.actions("<a@x.test>", folder="INBOX").apply(), "movedByOther",
                         "not in “INBOX” any more: it lies in “Archive”")
        self.assertEqual(before, self.seen())

    def test_a_message_that_another_action_has_moved_already(self):
        self.put("<a@x.test>")
        self.actions("<a@x.test>").apply()
        self.assert_only(self.actions("<a@x.test>").apply(), "alreadyThere",
                         "^The message is in the recoverable folder already\\.$")
        self.assertEqual(1, len(self.kept()))

    def test_a_message_that_was_moved_already_and_lies_elsewhere_too(self):
        self.put("<a@x.test>")
        self.actions("<a@x.test>").apply()
        self.put("<a@x.test>", folder="Archive")
        self.assert_only(self.actions("<a@x.test>", folder="INBOX").apply(), "alreadyThere",
                         "already\\. Another copy of it lies in “Archive”, where it was left\\.$")
        self.assertEqual(1, len(self.seen()["Archive"]))

    def test_two_actions_of_one_batch_about_the_same_message(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>", "<a@x.test>")
        self.assert_outcomes(actions.apply(), "moved", "alreadyThere")
        self.assertEqual(1, len(self.kept()))
        self.assert_outcomes(actions.undo(), "restored", "notFound")
        self.assertEqual(before, self.seen())

    def test_the_named_folder_was_deleted(self):
        self.put("<a@x.test>", folder="Old")
        lab.checked(self.master().delete("Old"))
        self.assert_only(self.actions("<a@x.test>", folder="Old").apply(), "notFound",
                         "^The folder “Old” does not exist any more")

    def test_applying_twice_does_it_once(self):
        self.put("<a@x.test>")
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "moved", "INBOX")
        self.assert_only(actions.apply(), "moved", "^Moved from “INBOX”")
        self.assertEqual(1, len(self.kept()))

    def test_many_messages_of_two_folders_go_and_come_back(self):
        connection = self.master()
        ids = [f"<m{number}@x.test>" for number in range(250)]
        lab.checked(connection.create("Archive"))
        for number, message_id in enumerate(ids):
            lab.checked(connection.append("Archive" if number % 5 == 0 else "INBOX", None,
                                          lab.imaplib.Time2Internaldate(DATE), letter(message_id)))
        before = self.seen()
        actions = self.actions(*ids)
        self.assert_outcomes(actions.apply(), *["moved"] * 250)
        self.assertEqual(250, len(self.kept()))
        self.assert_outcomes(actions.undo(), *["restored"] * 250)
        self.assertEqual(before, self.seen())


class Undo(MailCase):
    tap_class = "undo"

    def test_the_folder_was_deleted_since(self):
        self.put("<a@x.test>", folder="Projects/2026")
        before = self.seen()["Projects/2026"]
        actions = self.actions("<a@x.test>")
        actions.apply()
        lab.checked(self.master().delete("Projects/2026"))
        self.assertNotIn("Projects/2026", self.seen())
        self.assert_only(actions.undo(), "restored", "“Projects/2026”.*deleted was made again")
        self.assertEqual(before, self.seen()["Projects/2026"])
        self.assertIn("Projects/2026", str(lab.checked(self.master().lsub())))

    def test_flags_that_were_changed_meanwhile_are_put_right(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        actions.apply()
        connection = self.master()
        lab.checked(connection.select(KEPT))
        lab.checked(connection.uid("STORE", "1:*", "FLAGS", "(\\Deleted Other)"))
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())

    def test_somebody_has_put_it_back(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        actions.apply()
        self.move(1, KEPT, "INBOX")
        self.assert_only(actions.undo(), "alreadyRestored", "somebody else")
        self.assertEqual(before, self.seen())

    def test_somebody_has_moved_it_elsewhere(self):
        self.put("<a@x.test>")
        self.put("<b@x.test>", folder="Archive")
        actions = self.actions("<a@x.test>")
        actions.apply()
        self.move(1, KEPT, "Archive")
        before = self.seen()
        self.assert_only(actions.undo(), "movedByOther", "“Archive”")
        self.assertEqual(before, self.seen())

    def test_it_is_gone_for_good(self):
        self.put("<a@x.test>")
        actions = self.actions("<a@x.test>")
        actions.apply()
        connection = self.master()
        lab.checked(connection.select(KEPT))
        lab.checked(connection.uid("STORE", "1:*", "+FLAGS", "(\\Deleted)"))
        lab.checked(connection.expunge())
        self.assert_only(actions.undo(), "notFound", "cannot be brought back")

    def test_the_recoverable_folder_is_another_one_now(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        actions.apply()
        other = self.lab.mail_config(recoverable_folder="Elsewhere")
        words = "“Elsewhere” is not the recoverable folder that it was moved to.*then try again"
        self.assert_only(actions.undo(settings=other), "failed", words)
        lab.checked(self.master().create("Elsewhere"))
        self.assert_only(actions.undo(settings=other), "failed", words)
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before["INBOX"], self.seen()["INBOX"])

    def test_undoing_twice_does_it_once(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        actions.apply()
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())

    def test_only_what_this_action_has_moved_comes_back(self):
        self.put("<a@x.test>")
        first = self.actions("<a@x.test>")
        first.apply()
        self.put("<a@x.test>", flags=("Second",))
        second = self.actions("<a@x.test>")
        second.apply()
        self.assertEqual(2, len(self.kept()))
        second.undo()
        back, = self.seen()["INBOX"]
        self.assertEqual(("Second",), back.flags)
        first.undo()
        self.assertEqual(2, len(self.seen()["INBOX"]))

    def test_a_copy_that_is_lost_keeps_the_undo_from_being_done(self):
        """Two copies were moved and one of them is gone: the other one comes back, and it is said."""
        self.put("<a@x.test>")
        lab.checked(self.master().create("Second"))
        self.put("<a@x.test>", folder="Second")
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply(), "moved", "2 copies")
        connection = self.master()
        lab.checked(connection.select(KEPT))
        lab.checked(connection.uid("STORE", "1", "+FLAGS", "(\\Deleted)"))
        lab.checked(connection.expunge())
        self.assert_only(actions.undo(), "notFound", "Moved back to .* cannot be brought back")
        self.assertEqual(1, len(self.seen()["INBOX"]) + len(self.seen().get("Second", ())))

    def test_nothing_was_moved(self):
        actions = self.actions("<never@x.test>")
        actions.apply()
        self.assert_only(actions.undo(), "notFound", "nothing to bring back")

    def test_the_numbers_of_the_recoverable_folder_were_given_anew(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        actions.apply()
        connection = self.master()
        lab.checked(connection.create("Aside"))
        self.move(1, KEPT, "Aside")
        lab.checked(connection.delete(KEPT))
        lab.checked(connection.rename("Aside", KEPT))
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before["INBOX"], self.seen()["INBOX"])


class Trouble(MailCase):
    tap_class = "trouble"

    def test_the_server_is_down(self):
        actions = self.actions("<a@x.test>",
                               server=f"imaps://127.0.0.1:{lab.free_ports(1)[0]}")
        self.assert_only(actions.apply(), "failed", "cannot be reached: .*try again",
                         transient=True)
        self.assertEqual({}, actions.receipts)

    def test_the_password_is_refused(self):
        wrong = self.folder / "wrong"
        wrong.touch(mode=0o600)
        wrong.write_text("not the password\n")
        actions = self.actions("<a@x.test>", password_file=wrong)
        self.assert_only(actions.apply(), "failed",
                         f"^The login to the mailbox “{self.user}” was refused")
        self.assertNotIn("not the password", str(actions.apply()))

    def test_the_mailbox_does_not_exist(self):
        self.user = "nobody@example.test"
        self.assert_only(self.actions("<a@x.test>").apply(), "failed", "refused")

    def test_the_certificate_is_not_trusted(self):
        self.put("<a@x.test>")
        actions = self.actions("<a@x.test>", ca_file=None)
        self.assert_only(actions.apply(), "failed", "certificate is not trusted: it was not signed")

    def test_the_certificate_is_of_another_server(self):
        other = self.folder / "other"
        other.mkdir()
        lab.make_certificates(other, "DNS:somewhere.test")
        actions = self.actions("<a@x.test>", ca_file=other / "ca.pem")
        self.assert_only(actions.apply(), "failed", "certificate is not trusted")

    def test_a_server_that_says_nothing(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            actions = self.actions("<a@x.test>", timeout_seconds=1,
                                   server=f"imaps://127.0.0.1:{silent.getsockname()[1]}")
            self.assert_only(actions.apply(), "failed", "not answered for 1 second", transient=True)

    def test_starttls_serves_as_well(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>", starttls=True)
        self.assert_only(actions.apply(), "moved", "INBOX")
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())

    def test_a_password_for_each_mailbox(self):
        passwords = self.folder / "passwords"
        passwords.touch(mode=0o600)
        passwords.write_text(f"[passwords]\n{self.user}={self.lab.password(self.user)}\n")
        self.put("<a@x.test>")
        before = self.seen()
        keys = {"authentication": "per-mailbox", "password_file": passwords, "master_user": None,
                "recoverable_folder": "Aside"}
        actions = self.actions("<a@x.test>", **keys)
        self.assert_only(actions.apply(), "moved", "INBOX")
        self.assertEqual(1, len(self.seen()["Aside"]))
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before["INBOX"], self.seen()["INBOX"])
        self.user = "nobody@example.test"
        self.assert_only(self.actions("<a@x.test>", **keys).apply(), "failed",
                         "has no password for it")

    def test_the_receipt_cannot_be_written(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        self.assert_only(actions.apply("--fail-at=1"), "failed", "could not note.*disk is full",
                         transient=True)
        self.assertEqual(before, self.seen())
        self.assert_only(actions.apply("--fail-at=2"), "failed", "disk is full", transient=True)
        self.assert_only(actions.apply(), "moved", "INBOX")
        self.assertEqual(1, len(self.kept()))
        for number in (1, 2, 1):
            self.assert_only(actions.undo(f"--fail-at={number}"), "failed", "disk is full",
                             transient=True)
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())

    def test_a_receipt_of_another_version_is_not_touched(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        actions.receipts_file.write_text(json.dumps({"action-1": {"version": 99, "copies": []}}))
        self.assert_only(actions.apply(), "failed", "another version.*Nothing was done")
        actions.receipts_file.write_text(json.dumps({"action-1": {"version": 1, "copies": [{}]}}))
        self.assert_only(actions.undo(), "failed", "cannot be read.*Nothing was done")
        self.assertEqual(before, self.seen())

    def test_what_is_cancelled_is_found_again(self):
        self.put("<a@x.test>")
        before = self.seen()
        actions = self.actions("<a@x.test>")
        self.assertNotIn("outcome", actions.apply("--cancel-at=1")[0])
        self.assert_only(actions.apply(), "moved", "INBOX")
        self.assertNotIn("outcome", actions.undo("--cancel-at=1")[0])
        self.assert_only(actions.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())

    def test_one_bad_action_does_not_stop_the_others(self):
        self.put("<a@x.test>")
        actions = self.actions("<evil@x.test>\r\na9 LOGOUT", "<a@x.test>")
        results = actions.apply()
        self.assert_outcomes(results, "failed", "moved")
        self.assertIn("line break", results[0]["detail"])


if __name__ == "__main__":
    unittest.main()
