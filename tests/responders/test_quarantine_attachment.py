# SPDX-License-Identifier: GPL-3.0-or-later
"""Attachments are taken out of messages, and the originals come back byte for byte, on a real mail
server."""
import base64
import unittest

from imap_proxy import refuse_always
from mail_case import DATE, Killed, letter, lab
from quarantine_case import APPEND, REMOVE, QuarantineCase

FLAGS = ("\\Seen", "$Phishing", "Invoice")
PDF = b"%PDF-1.4 harmful"


def multipart(*parts, kind=b"mixed", boundary=b"=_b"):
    """The rest of a message: Content-Type, an empty line, and the parts."""
    return (b"MIME-Version: 1.0\r\nContent-Type: multipart/" + kind + b"; boundary=\"" + boundary + b"\"" +
            b"\r\n\r\npreamble\r\n" + b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) +
            b"--" + boundary + b"--\r\n")


def part(content, name=b"a.pdf", kind=b"application/pdf", more=b""):
    return (b"Content-Type: " + kind + b"; name=\"" + name + b"\"\r\n" + more +
            b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content).replace(b"\n", b"\r\n")[:-2])


TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe"


class AttachmentCase(QuarantineCase):
    """One message with one harmful attachment."""

    def put_raw(self, rest, message_id="<a@x.test>", folder="INBOX"):
        data = letter(message_id).split(b"\r\n\r\n")[0] + b"\r\n" + rest
        self.lab.append(self.user, folder, data, FLAGS, DATE)
        return data

    def put_mixed(self, **keywords):
        return self.put_raw(multipart(TEXT, part(PDF), TEXT), **keywords)


class Attachment(AttachmentCase):
    """quarantineAttachment, without trouble."""

    tap_class = "quarantine-attachment"
    tests_at_once = 4

    def there_and_back(self, action, detail="^The attachment was taken out of the message in “INBOX”"):
        """Applies and undoes, each twice; returns the stand-in's bytes."""
        before = self.seen()
        self.assert_only(action.apply(), "done", detail)
        after = self.everything(), self.in_quarantine()
        self.assert_only(action.apply(), "done", detail)
        self.assertEqual(after, (self.everything(), self.in_quarantine()))
        self.assertEqual(before["INBOX"], self.in_quarantine())
        standing, = self.seen()["INBOX"]
        self.assertEqual((before["INBOX"][0].flags, before["INBOX"][0].date),
                         (standing.flags, standing.date))
        self.assertNotEqual(before["INBOX"][0].sha256, standing.sha256)
        stand_in, = self.raw()
        self.assert_only(action.undo(), "restored", "^Moved back from quarantine to “INBOX”\\.$")
        self.assert_only(action.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())
        return stand_in

    def test_a_part_of_a_mixed_message(self):
        original = self.put_mixed()
        stand_in = self.there_and_back(self.attachment("<a@x.test>", "a.pdf", PDF))
        head, _, tail = original.partition(part(PDF))
        self.assertTrue(stand_in.startswith(head))
        self.assertTrue(stand_in.endswith(tail))
        self.assertIn(b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64",
                      stand_in[len(head):-len(tail)])

    def test_an_inline_image(self):
        rest = multipart(b"Content-Type: text/html\r\n\r\n<img src=\"cid:i\">",
                         part(b"PNG", b"i.png", b"image/png", b"Content-ID: <i>\r\n"), kind=b"related")
        self.put_raw(rest)
        self.there_and_back(self.attachment("<a@x.test>", "i.png", b"PNG"))

    def test_a_part_of_a_forwarded_message(self):
        inner = b"Subject: inner\r\n" + multipart(TEXT, part(PDF), boundary=b"=_inner")
        self.put_raw(multipart(TEXT, b"Content-Type: message/rfc822\r\n\r\n" + inner))
        self.there_and_back(self.attachment("<a@x.test>", "a.pdf", PDF, partPath="2.2"))

    def test_a_signed_message(self):
        for kind, signature in ((b"signed; protocol=\"application/pgp-signature\"", b"application/pgp-signature"),
                                (b"signed; protocol=\"application/pkcs7-signature\"", b"application/pkcs7-signature")):
            self.put_raw(multipart(multipart(TEXT, part(PDF), boundary=b"=_in")[len(b"MIME-Version: 1.0\r\n"):],
                                   b"Content-Type: " + signature + b"\r\n\r\nx", kind=kind))
            self.there_and_back(self.attachment("<a@x.test>", "a.pdf", PDF),
                                "is signed, and without the attachment its signature cannot be verified")
            self.remove("INBOX")

    def test_what_cannot_be_taken_apart_is_left(self):
        cases = [
            (multipart(b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
                       b"Content-Type: application/octet-stream\r\n\r\nx", kind=b"encrypted"), "is encrypted"),
            (b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nAAAA\r\n", "is encrypted"),
            (b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\nAAAA\r\n",
             "as a whole in an S/MIME signature"),
            (multipart(TEXT, part(b"tnef", b"winmail.dat", b"application/ms-tnef")), "winmail.dat"),
            (multipart(TEXT, part(b"other")), "its content is not the one that the action names"),
            (multipart(TEXT), "has no attachment “a.pdf” with this SHA-256"),
        ]
        for rest, words in cases:
            self.put_raw(rest)
            before = self.seen()
            self.assert_only(self.attachment("<a@x.test>", "a.pdf", PDF).apply(), "failed", words)
            self.assertEqual(before, self.seen())
            self.assertEqual([], self.in_quarantine())
            self.remove("INBOX")

    def test_every_copy_that_has_it(self):
        self.put_mixed()
        self.put_mixed(folder="Archive")
        self.put_raw(multipart(TEXT), folder="Drafts")
        before = self.seen()
        action = self.attachment("<a@x.test>", "a.pdf", PDF)
        self.assert_only(action.apply(), "done", "out of the copies of the message in “.*” and “.*”")
        self.assertEqual(before["Drafts"], self.seen()["Drafts"])
        self.assertEqual(2, len(self.in_quarantine()))
        self.assert_only(action.undo(), "restored", "2 copies")
        self.assertEqual(before, self.seen())

    def test_two_attachments_of_one_message(self):
        before, first, second = self.two_out_of_one_message()
        stand_in, = self.raw()
        self.assertNotIn(base64.b64encode(b"other"), stand_in)
        self.assertNotIn(b"b.exe", stand_in)
        self.assert_only(second.undo(), "restored", "INBOX")
        self.assert_only(first.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def two_out_of_one_message(self):
        """Two attachments of one message are taken out, one after the other."""
        self.put_raw(multipart(TEXT, part(PDF), part(b"other", b"b.exe")))
        before = self.seen()
        first = self.attachment("<a@x.test>", "a.pdf", PDF)
        second = self.attachment("<a@x.test>", "b.exe", b"other")
        self.assert_only(first.apply(), "done", "INBOX")
        self.assert_only(second.apply(), "done", "INBOX")
        return before, first, second

    def test_the_earlier_of_two_attachments_waits_for_the_later_one(self):
        before, first, second = self.two_out_of_one_message()
        after = self.everything(), self.in_quarantine()
        self.assert_only(first.undo(), "failed", "or one more attachment out of it\\. Undo that action first")
        self.assertEqual(after, (self.everything(), self.in_quarantine()))
        # Nor where its owner has removed what is left of it: the attachments would come back all the same.
        self.remove("INBOX")
        self.assert_only(first.undo(), "failed", "Undo that action first")
        self.assertEqual([], self.seen()["INBOX"])
        self.assert_only(second.undo(), "restored", "INBOX")
        self.assert_only(first.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_attachments_of_one_message_come_back_in_one_operation(self):
        """However many they are, and in whatever order they are named."""
        names = [b"%c.pdf" % letter for letter in b"abcde"]
        self.put_raw(multipart(TEXT, *[part(name, name) for name in names]))
        before = self.seen()
        all_of_them = self.attachment("<a@x.test>", "a.pdf", b"a.pdf")
        for name in names[1:]:
            all_of_them.add_attachment("<a@x.test>", name.decode(), name)
        for task in all_of_them.tasks:
            results = all_of_them.apply(tasks=[task])
            self.assert_only(results, "done", "INBOX")
        self.assert_outcomes(all_of_them.undo(), *["restored"] * 5)
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def both_out_of_one_message(self, folder):
        """The same as actions of one operation."""
        self.put_raw(multipart(TEXT, part(PDF), part(b"other", b"b.exe")), folder=folder)
        both = self.attachment("<a@x.test>", "a.pdf", PDF)
        both.add_attachment("<a@x.test>", "b.exe", b"other")
        before = self.seen()
        for task in both.tasks:
            self.assert_only(both.apply(tasks=[task]), "done", folder)
        return before, both

    def test_the_later_of_two_attachments_cannot_be_brought_back(self):
        """It says why, and the earlier one, which waits for it, does not wait for ever."""
        for code, transient in ((b"NOPERM", False), (b"SERVERBUG", True)):
            before, both = self.both_out_of_one_message("Archive")
            with self.assertRaises(Killed):
                both.undo("--die-after=1", tasks=both.tasks[1:])
            trouble = refuse_always(rb"^(EXAMINE|SELECT) .?Archive", b"NO [%s] Not this one." % code)
            results, _ = self.run_through(both, "undo", trouble, used=False)
            self.assert_outcomes(results, "failed", "failed")
            self.assertRegex(results[0]["detail"], "Undo that action first")
            self.assertRegex(results[1]["detail"], "^The folder “Archive” could not be looked at")
            self.assertEqual([transient] * 2, [result["transient"] for result in results])
            self.assert_outcomes(both.undo(), "restored", "restored")
            self.assertEqual(before, self.seen())
            self.remove("Archive")

    def test_somebody_has_brought_the_later_one_back_to_another_folder(self):
        before, both = self.both_out_of_one_message("INBOX")
        name = self.user.replace(".", "=2E")
        _, kept = self.raw(name, self.lab.quarantine)
        self.lab.append(self.user, "Archive", kept, FLAGS, DATE)
        self.remove(name, "2", self.lab.quarantine)
        results = both.undo()
        self.assert_outcomes(results, "restored", "movedByOther")
        self.assertRegex(results[0]["detail"], "to “Archive”\.$")
        self.assertEqual(before["INBOX"], self.seen()["Archive"])
        self.assertEqual([], self.in_quarantine())

    def test_the_stand_in_was_taken_by_another_action(self):
        for kind in ("softDeleteEmail", "quarantineEmail"):
            original = self.put_mixed()
            before = self.seen()
            first = self.attachment("<a@x.test>", "a.pdf", PDF)
            self.assert_only(first.apply(), "done", "INBOX")
            later = self.actions("<a@x.test>")
            later.kind = kind
            self.assert_only(later.apply(), "moved", "INBOX")
            self.assert_only(first.undo(), "failed", "Another action has taken that away since")
            self.assertEqual([], self.seen()["INBOX"])
            self.assert_only(later.undo(), "restored", "INBOX")
            self.assert_only(first.undo(), "restored", "INBOX")
            self.assertEqual(before, self.seen())
            self.assertEqual([original], self.raw())
            self.remove("INBOX")

    def test_an_attachment_that_is_out_already(self):
        self.put_mixed()
        self.attachment("<a@x.test>", "a.pdf", PDF).apply()
        self.assert_only(self.attachment("<a@x.test>", "a.pdf", PDF).apply(), "alreadyThere", "already")
        self.assert_only(self.attachment("<none@x.test>", "a.pdf", PDF).apply(), "notFound", "no message")


    def test_what_is_in_quarantine_is_another_attachment(self):
        """That the message is in quarantine says nothing of an attachment that is still in the mailbox."""
        self.put_raw(multipart(TEXT, part(PDF), part(b"other", b"b.exe"), part(PDF, b"c.pdf")))
        self.attachment("<a@x.test>", "a.pdf", partPath="2").apply()
        after = self.seen()
        cases = ((("b.exe", b"not this"), "its content is not the one that the action names"),
                 (("d.exe", b"nowhere"), "has no attachment “d.exe”"))
        for (name, content), words in cases:
            self.assert_only(self.attachment("<a@x.test>", name, content).apply(), "failed", words)
        self.assertEqual(after, self.seen())
        self.assert_only(self.attachment("<a@x.test>", "a.pdf").apply(), "alreadyThere", "already")
        # Where the owner has deleted what was left of it, nothing is known of an attachment that it never had.
        self.remove("INBOX")
        self.assert_only(self.attachment("<a@x.test>", "a.pdf", PDF).apply(), "alreadyThere", "already")
        self.assert_only(self.attachment("<a@x.test>", "d.exe", b"nowhere").apply(), "notFound", "no message")


class AttachmentChanges(AttachmentCase):
    """Its owner does something with the stand-in."""

    tap_class = "quarantine-attachment-changes"
    tests_at_once = 4

    def setUp(self):
        super().setUp()
        self.put_mixed()
        self.before = self.seen()
        self.one = self.attachment("<a@x.test>", "a.pdf", PDF)

    def test_the_stand_in_was_moved(self):
        self.put("<other@x.test>", folder="Archive")
        self.one.apply()
        self.move(2, "INBOX", "Archive")
        self.assert_only(self.one.undo(), "restored", "^Moved back from quarantine to “Archive”\\.$")
        self.assertEqual([], self.seen()["INBOX"])
        self.assertIn(self.before["INBOX"][0], self.seen()["Archive"])
        self.assertEqual(2, len(self.seen()["Archive"]))

    def test_the_stand_in_may_be_in_a_folder_that_cannot_be_looked_at(self):
        self.put("<other@x.test>", folder="Archive")
        self.one.apply()
        self.move(2, "INBOX", "Archive")
        after = self.everything(), self.in_quarantine()
        trouble = refuse_always(rb"^(EXAMINE|SELECT) .?Archive", b"NO [SERVERBUG] Internal error.")
        results, _ = self.run_through(self.one, "undo", trouble, used=False)
        self.assert_only(results, "failed", "^The folder “Archive” could not be looked at", transient=True)
        self.assertEqual(after, (self.everything(), self.in_quarantine()))
        self.assert_only(self.one.undo(), "restored", "to “Archive”\\.$")
        self.assertEqual([], self.seen()["INBOX"])
        self.assertEqual(2, len(self.seen()["Archive"]))

    def test_the_stand_in_was_deleted(self):
        self.one.apply()
        self.remove("INBOX")
        self.assert_only(self.one.undo(), "restored", "that stood in its place had been removed")
        self.assertEqual(self.before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_the_stand_in_was_flagged(self):
        self.one.apply()
        connection = self.master()
        lab.checked(connection.select("INBOX"))
        lab.checked(connection.uid("STORE", "1:*", "FLAGS", "(\\Answered)"))
        self.assert_only(self.one.undo(), "restored", "INBOX")
        self.assertEqual(self.before, self.seen())

    def test_its_owner_deletes_the_original_while_it_is_taken_apart(self):
        results, _ = self.run_through(
            self.one, "apply", (rb"^UID STORE .*FLAGS.SILENT", lambda *_: self.remove("INBOX")))
        # The stand-in was put there when the original was seen to be gone, or was not put there.
        self.assert_outcomes(results, "done")
        self.assertEqual(self.before["INBOX"], self.in_quarantine())
        self.assert_only(self.one.undo(), "restored", "INBOX")
        self.assertEqual(self.before, self.seen())
        self.assertEqual([], self.in_quarantine())

    def test_the_folder_was_deleted(self):
        self.put_mixed(message_id="<b@x.test>", folder="Projekte")
        before = self.seen()
        other = self.attachment("<b@x.test>", "a.pdf", PDF)
        other.apply()
        with self.lab.imap(self.user) as connection:
            lab.checked(connection.delete("Projekte"))
        self.assert_only(other.undo(), "restored", "“Projekte”.*was made again.*had been removed")
        self.assertEqual(before, self.seen())


class AttachmentTrouble(AttachmentCase):
    """A responder that is killed at each of its steps, refusals, and connections that are lost."""

    tap_class = "quarantine-attachment-trouble"
    tests_at_once = 4

    def setUp(self):
        super().setUp()
        self.put_mixed()
        self.before = self.seen()
        self.one = self.attachment("<a@x.test>", "a.pdf", PDF)

    def assert_there(self, direction):
        if direction == "undo":
            self.assertEqual(self.before, self.seen())
            self.assertEqual([], self.in_quarantine())
            return
        self.assertEqual(self.before["INBOX"], self.in_quarantine())
        self.assertEqual(1, len(self.seen()["INBOX"]))
        self.assertNotEqual(self.before, self.seen())

    def kill_each(self, direction, option, outcome, way_back):
        number = 1
        while True:
            try:
                results = self.one.run(direction, f"--{option}={number}")
            except Killed:
                self.assertIn(self.before["INBOX"][0].sha256,
                              [one.sha256 for one in self.flat(self.seen()) + self.in_quarantine()])
                self.assert_outcomes(self.one.run(direction), outcome)
                self.assert_there(direction)
                self.one.run(way_back)
                number += 1
                continue
            self.assert_outcomes(results, outcome)
            self.one.run(way_back)
            return number

    def test_killed_around_each_receipt_of_the_way_there(self):
        self.assertGreater(self.kill_each("apply", "die-before", "done", "undo"), 4)
        self.assertGreater(self.kill_each("apply", "die-after", "done", "undo"), 4)

    def test_killed_around_each_receipt_of_the_way_back(self):
        self.one.apply()
        self.assertGreater(self.kill_each("undo", "die-before", "restored", "apply"), 3)
        self.assertGreater(self.kill_each("undo", "die-after", "restored", "apply"), 3)

    def test_an_undo_after_an_apply_that_was_killed(self):
        for option in ("--die-before", "--die-after"):
            for number in range(1, 5):
                with self.assertRaises(Killed):
                    self.one.apply(f"{option}={number}")
                self.assertIn(self.one.undo()[0]["outcome"], ("restored", "notFound"))
                self.assert_there("undo")

    def test_the_quarantine_is_emptied_while_the_responder_is_dead(self):
        for number in (2, 3, 4):
            with self.assertRaises(Killed):
                self.one.apply(f"--die-after={number}")
            self.remove(self.user.replace(".", "=2E"), user=self.lab.quarantine)
            self.assert_only(self.one.apply(), "done", "INBOX")
            self.assert_there("apply")
            self.one.undo()
            self.assert_there("undo")

    def test_the_stand_in_is_refused_and_tried_again(self):
        results, _ = self.run_through(self.one, "apply", (APPEND, lambda *_: None),
                                      (APPEND, lambda *_: b"NO [CANNOT] Not this one."))
        self.assert_only(results, "failed", "The message is as it was, and a copy of it is in quarantine")
        self.assertTrue(results[0]["didPart"])
        self.assertEqual(self.before, self.seen())
        self.assert_only(self.one.apply(), "done", "INBOX")
        self.assert_there("apply")

    def test_an_undo_after_the_stand_in_was_refused(self):
        self.run_through(self.one, "apply", (APPEND, lambda *_: None),
                         (APPEND, lambda *_: b"NO [CANNOT] Not this one."))
        self.assert_only(self.one.undo(), "restored", "INBOX")
        self.assert_there("undo")

    def test_the_removal_is_refused(self):
        results, proxy = self.run_through(self.one, "apply", (REMOVE, lambda *_: b"NO [NOPERM] No."))
        with self.subTest(commands=proxy.commands):
            self.assert_only(results, "failed", "could not be taken out of “INBOX”")
        self.assert_only(self.one.undo(), "restored", "INBOX")
        self.assert_there("undo")


class AttachmentQuota(AttachmentCase):
    """The mailbox has no room for the stand-in."""

    tap_class = "quarantine-attachment-quota"
    quota = "40K"

    def test_no_room_for_the_stand_in(self):
        self.put_raw(multipart(TEXT + b"x" * 10000, part(PDF)))
        before = self.seen()
        self.put("<fill@x.test>", body=b"f" * 25000)
        full = self.seen()
        action = self.attachment("<a@x.test>", "a.pdf", PDF)
        self.assert_only(action.apply(), "failed", "the mailbox has no room")
        self.assertEqual(full, self.seen())
        self.remove("INBOX", "2")
        self.assert_only(action.apply(), "done", "INBOX")
        self.assert_only(action.undo(), "restored", "INBOX")
        self.assertEqual(before, self.seen())
        self.assertEqual([], self.in_quarantine())


if __name__ == "__main__":
    unittest.main()
