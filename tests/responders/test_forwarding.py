# SPDX-License-Identifier: GPL-3.0-or-later
"""Forwarding turned off and on again on a real mail server: the scripts, and where mail then goes."""
import base64
import hashlib
import unittest

from forwarding_case import OURS, OUTSIDE, SCRIPT, WITHOUT, ForwardingCase


class TurnOff(ForwardingCase):
    tap_class = "turn-off"

    def test_a_redirect_is_taken_out_and_comes_back(self):
        self.put()
        before = self.scripts()
        actions = self.actions()
        self.assert_only(
            actions.apply(), "done",
            "^Forwarding to “drop@evil.test” was taken out of the script “main”; it runs without as "
            "“action-center”, and the mail stays in the mailbox\\. Forwarding inside the organisation "
            "stays: “colleague@example.test”\\.$")
        self.assertEqual((OURS, {"main": SCRIPT, OURS: WITHOUT}), self.scripts())
        self.assert_only(actions.undo(), "restored",
                         "^The script “main” is active again, as it was before this action\\.$")
        self.assertEqual(before, self.scripts())

    def test_mail_really_goes_and_stays(self):
        self.put()
        both = ["colleague@example.test", OUTSIDE]
        self.assertEqual((1, both), self.deliver())
        actions = self.actions()
        actions.apply()
        self.assertEqual((1, both[:1]), self.deliver())
        actions.undo()
        self.assertEqual((1, both), self.deliver())

    def test_mail_that_only_went_outside_stays(self):
        self.put(b'redirect "drop@evil.test";\n')
        self.assertEqual((0, [OUTSIDE]), self.deliver())
        actions = self.actions()
        self.assert_only(actions.apply(), "done", "stays in the mailbox\\.$")
        self.assertEqual((OURS, b""), (self.scripts()[0], self.scripts()[1][OURS]))
        self.assertEqual((1, []), self.deliver())
        actions.undo()
        self.assertEqual((0, [OUTSIDE]), self.deliver())

    def test_mail_that_would_be_thrown_away_is_kept(self):
        for script in (b'redirect "drop@evil.test";\ndiscard;\n',
                       b'require "copy";\nredirect :copy "drop@evil.test"; discard;\n',
                       b'discard; if true { redirect "drop@evil.test"; stop; }\n'):
            self.setUp()
            self.put(script)
            self.assertEqual((0, [OUTSIDE]), self.deliver())
            actions = self.actions()
            self.assert_only(actions.apply(), "done", "A “keep” stands in its place")
            self.assertEqual((1, []), self.deliver())
            actions.undo()
            self.assertEqual((0, [OUTSIDE]), self.deliver())

    def test_a_block_that_only_forwarded_is_left_empty(self):
        self.put(b'if header :contains "subject" "OK" { redirect "drop@evil.test"; }\n')
        self.assertEqual((0, [OUTSIDE]), self.deliver())
        self.assert_only(self.actions().apply(), "done", "“drop@evil.test”")
        self.assertEqual((1, []), self.deliver())

    def test_every_target_is_named(self):
        self.put(b'require ["variables", "copy"];\nset "who" "drop";\n'
                 b'redirect :copy "${who}@evil.test";\nredirect :copy text:\nb@evil.test\n.\n;\n'
                 b'redirect :copy "Some Body <c@evil.test>";redirect :copy "b@evil.test";\n')
        self.assertEqual((1, ["b@evil.test", "c@evil.test", OUTSIDE]), self.deliver())
        self.assert_only(
            self.actions().apply(), "done",
            "^Forwarding to “\\${who}@evil.test” \\(known only when the script runs, so taken for an "
            "address outside\\), “b@evil.test” and “Some Body <c@evil.test>” was taken out")
        self.assertEqual((1, []), self.deliver())

    def test_domains_of_the_organisation_stay(self):
        self.put(b'redirect "a@example.test";')
        settings = {"organisation_domains": "example.org; *.example.test"}
        self.assert_only(self.actions().apply(), "nothingToDo", "stays: “a@example.test”\\.$")
        self.assert_only(self.actions(**settings).apply(), "done", "“a@example.test”")

    def test_nothing_to_turn_off(self):
        self.put(b'# redirect "drop@evil.test";\nkeep;\n')
        before = self.scripts()
        actions = self.actions()
        self.assert_only(actions.apply(), "nothingToDo",
                         "^The active script “main” forwards nothing outside the organisation\\.$")
        self.assertEqual({}, actions.receipts)
        self.assert_only(actions.undo(), "nothingToDo", "nothing to bring back")
        self.assertEqual(before, self.scripts())

    def test_no_script_is_active(self):
        self.assert_only(self.actions().apply(), "nothingToDo", "shows no active script")
        self.put(active=False)
        self.assert_only(self.actions().apply(), "nothingToDo", "shows no active script")
        self.assertEqual((None, {"main": SCRIPT}), self.scripts())

    def test_a_file_in_the_place_of_the_active_script_is_shown_to_nobody(self):
        """Pigeonhole runs it, and the service says no more than what it has seen."""
        self.lay(b'redirect "drop@evil.test";')
        link = self.lab.mail_folder() / self.user / ".dovecot.sieve"
        script = link.resolve()
        link.unlink()
        script.rename(link)
        self.assertEqual((0, [OUTSIDE]), self.deliver())
        self.assert_only(self.actions().apply(), "nothingToDo", "laid into the home by hand, .*, is not "
                         "shown, and runs all the same")
        self.assertEqual((0, [OUTSIDE]), self.deliver())

    def test_applying_and_undoing_twice_does_it_once(self):
        self.put()
        before = self.scripts()
        actions = self.actions()
        first = actions.apply()
        after = self.scripts()
        self.assertEqual(first, actions.apply())
        self.assertEqual(after, self.scripts())
        self.assert_only(actions.undo(), "restored", "is active again")
        self.assert_only(actions.undo(), "restored", "was made active again")
        self.assertEqual(before, self.scripts())

    def test_two_actions_on_one_mailbox(self):
        self.put()
        before = self.scripts()
        actions = self.actions(2)
        self.assert_outcomes(actions.apply(), "done", "nothingToDo")
        self.assert_outcomes(actions.undo(), "restored", "nothingToDo")
        self.assertEqual(before, self.scripts())

    def test_a_script_of_our_name_is_left_alone(self):
        self.put(b"stop;", OURS, active=False)
        self.put()
        before = self.scripts()
        actions = self.actions()
        self.assert_only(actions.apply(), "done", "runs without as “action-center-2”")
        self.assertEqual(b"stop;", self.scripts()[1][OURS])
        actions.undo()
        self.assertEqual(before, self.scripts())

    def test_forwarding_that_was_set_up_again(self):
        self.put()
        first = self.actions()
        first.apply()
        self.put(WITHOUT + b'redirect "again@evil.test";\r\n', OURS)
        before = self.scripts()
        second = self.actions()
        self.assert_only(second.apply(), "done", "“again@evil.test” was taken out of the script "
                         "“action-center”; it runs without as “action-center-2”")
        self.assertEqual("action-center-2", self.scripts()[0])
        self.assert_only(second.undo(), "restored", "“action-center” is active again")
        self.assertEqual(before, self.scripts())
        self.assert_only(first.undo(), "conflict", "again@evil.test")

    def test_every_byte_of_the_original_comes_back(self):
        for number, script in enumerate((
                b'redirect "drop@evil.test";', b'\r\n\n\tredirect "drop@evil.test" ;\n\r\n# end',
                b'require "vacation";vacation text:\r\n{3}\r\n..redirect "x@evil.test";\r\n.\r\n;\n'
                b'redirect "drop@evil.test";\n',
                "# ünï 日本語 “”\nredirect \"drop@evil.test\"; # {99}\n".encode(),
                b'redirect "drop@evil.test";' + b"# long\n" * 20000)):
            self.setUp()
            name = f'a "name" \\ ünï {number}'
            self.put(script, name)
            actions = self.actions()
            self.assert_only(actions.apply(), "done", "“drop@evil.test”")
            self.assertEqual(OURS, self.scripts()[0])
            self.assert_only(actions.undo(), "restored", "ünï")
            self.assertEqual((name, {name: script}), self.scripts())

    def test_a_script_that_is_no_utf8(self):
        script = b'# caf\xe9\nredirect "drop@evil.test";\n'
        self.lay(script)
        before = self.scripts()
        self.assertEqual(("main", {"main": script}), before)
        actions = self.actions()
        self.assert_only(actions.apply(), "done", "“drop@evil.test”")
        self.assertEqual(b"# caf\xe9\n", self.scripts()[1][OURS])
        actions.undo()
        self.assertEqual(before, self.scripts())

    def test_an_active_script_that_does_not_compile(self):
        self.lay(b'redirect "drop@evil.test"; nonsense;\n')
        before = self.scripts()
        self.assert_only(self.actions().apply(), "failed",
                         "^The active script “main” does not compile.*nonsense")
        self.assertEqual(before, self.scripts())

    def test_an_active_script_that_cannot_be_read(self):
        self.lay(b'keep;\nredirect "drop@evil.test"\n')
        before = self.scripts()
        self.assert_only(self.actions().apply(), "failed",
                         "^The active script “main” cannot be read.*Line 3: a command does not end")
        self.assertEqual(before, self.scripts())

    def test_included_scripts_are_looked_at(self):
        self.put(b'redirect "inner@evil.test";', "inner", active=False)
        self.put(b"keep;", "harmless", active=False)
        self.put(b'require "include"; include "inner"; include "harmless";', "middle", active=False)
        self.put(b'require ["include", "copy"];\ninclude :personal "harmless"; include "middle";\n'
                 b'include :optional "missing";\n')
        before = self.scripts()
        words = ("“harmless”, which forwards nothing outside\\. .*“middle”, which forwards nothing "
                 "outside\\. .*“missing”, which does not exist\\. "
                 ".*“inner”, which forwards to “inner@evil.test”: that was left as it is")
        self.assert_only(self.actions().apply(), "failed", "^The active script “main” itself forwards "
                         "nothing outside the organisation, so that nothing was changed.*" + words)
        self.assertEqual(before, self.scripts())
        self.put(before[1]["main"] + b'redirect :copy "drop@evil.test";\n')
        before = self.scripts()
        actions = self.actions()
        self.assert_only(actions.apply(), "done", "^Forwarding to “drop@evil.test” .*" + words)
        actions.undo()
        self.assertEqual(before, self.scripts())

    def test_a_script_of_the_server_itself_is_included(self):
        self.lay(b'require "include"; include :optional :global "theirs";\n')
        self.assert_only(self.actions().apply(), "nothingToDo",
                         "It includes the script “theirs” of the mail server itself, which cannot be "
                         "looked at from here\\.$")

    def test_the_receipt_holds_the_whole_original(self):
        self.put()
        actions = self.actions()
        actions.apply()
        receipt = actions.receipts["action-1"]
        self.assertEqual("replaced", receipt["state"])
        for part, name, script in (("original", "main", SCRIPT), ("ours", OURS, WITHOUT)):
            self.assertEqual({"name": name, "sha256": hashlib.sha256(script).hexdigest(),
                              "base64": base64.b64encode(script).decode()}, receipt[part])


if __name__ == "__main__":
    unittest.main()
