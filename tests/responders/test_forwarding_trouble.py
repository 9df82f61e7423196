# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail server that is down, full, refuses or lies, and a service that cannot note what it does: each
is said in words, and nothing is half done."""
import json
import socket
import threading
import unittest

from forwarding_case import OURS, SCRIPT, ForwardingCase, lab


class Trouble(ForwardingCase):
    tap_class = "forwarding-trouble"

    def setUp(self):
        super().setUp()
        self.put()
        self.before = self.scripts()

    def fails(self, detail, transient=False, **changes):
        """Apply fails with these words and leaves the scripts."""
        actions = self.actions(**changes)
        self.assert_only(actions.apply(), "failed", detail, transient)
        self.assertEqual({}, actions.receipts)
        self.assertEqual(self.before, self.scripts())
        return actions

    def secret(self, name, text):
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text)
        return path

    def test_the_server_is_down(self):
        actions = self.fails("^The mail server 127.0.0.1:\\d+ cannot be reached", transient=True,
                             server=f"sieve://127.0.0.1:{lab.free_ports(1)[0]}")
        self.assert_only(actions.apply(settings=self.lab.forwarding_config()), "done", "evil")

    def test_the_password_is_refused(self):
        wrong = self.secret("wrong", "not the password\n")
        actions = self.fails(f"^The login to the mailbox “{self.user}” was refused: there is no such "
                             "mailbox, or “acmaster” may not act for it, or the password in "
                             "password-file is wrong\\. The mail server says: ", password_file=wrong)
        self.assertNotIn("not the password", str(actions.apply()))

    def test_the_mailbox_does_not_exist(self):
        owner, self.user = self.user, "nobody@example.test"
        actions = self.actions()
        self.user = owner
        self.assert_only(actions.apply(), "failed",
                         "^The login to the mailbox “nobody@example.test” was refused: there is no "
                         "such mailbox")

    def test_a_password_for_each_mailbox(self):
        passwords = self.secret("passwords",
                                f"[passwords]\n{self.user}={self.lab.password(self.user)}\n")
        keys = {"authentication": "per-mailbox", "password_file": passwords, "master_user": None}
        actions = self.actions(**keys)
        self.assert_only(actions.apply(), "done", "“drop@evil.test”")
        self.assert_only(actions.undo(), "restored", "main")
        self.assertEqual(self.before, self.scripts())
        self.secret("passwords", f"[passwords]\n{self.user}=wrong\nother@example.test=x\n")
        self.fails("was refused: there is no such mailbox, or its password in password-file is wrong",
                   **keys)
        self.secret("passwords", "[passwords]\nother@example.test=x\n")
        self.fails("has no password for the mailbox", **keys)

    def test_the_certificate_is_not_trusted(self):
        self.fails("certificate is not trusted: it was not signed", ca_file=None)

    def test_the_certificate_is_of_another_server(self):
        other = self.folder / "other"
        other.mkdir()
        lab.make_certificates(other, "DNS:somewhere.test")
        self.fails("certificate is not trusted", ca_file=other / "ca.pem")

    def test_the_receipt_cannot_be_written(self):
        actions = self.actions()
        self.assert_only(actions.apply("--fail-at=1"), "failed", "could not note.*disk is full",
                         transient=True)
        self.assertEqual(self.before, self.scripts())
        self.assert_only(actions.apply("--fail-at=2"), "failed", "disk is full", transient=True)
        self.assert_only(actions.apply(), "done", "“drop@evil.test”")
        self.assertEqual(OURS, self.scripts()[0])
        for number in (1, 2):
            self.assert_only(actions.undo(f"--fail-at={number}"), "failed", "disk is full",
                             transient=True)
        self.assert_only(actions.undo(), "restored", "main")
        self.assertEqual(self.before, self.scripts())

    def test_a_receipt_that_cannot_be_used(self):
        actions = self.actions()
        actions.apply()
        good = actions.receipts
        between = self.scripts()
        for receipt, words in (({"version": 99}, "another version.*Nothing was done"),
                               ({"version": 1}, "cannot be read.*Nothing was done"),
                               ({**good["action-1"], "state": "lost"}, "its state is none"),
                               ({**good["action-1"], "ours": {}}, "cannot be read"),
                               ({**good["action-1"], "original": {
                                   **good["action-1"]["original"], "base64": "a2VlcDs="}},
                                "another SHA-256")):
            actions.receipts_file.write_text(json.dumps({"action-1": receipt}))
            self.assert_only(actions.apply(), "failed", words)
            self.assert_only(actions.undo(), "failed", words)
            self.assertEqual(between, self.scripts())
        actions.receipts_file.write_text(json.dumps(good))
        self.assert_only(actions.undo(), "restored", "main")

    def test_what_is_cancelled_is_found_again(self):
        actions = self.actions()
        self.assertNotIn("outcome", actions.apply("--cancel-at=1")[0])
        self.assertEqual("main", self.scripts()[0])
        self.assert_only(actions.apply(), "done", "“drop@evil.test”")
        self.assertNotIn("outcome", actions.undo("--cancel-at=1")[0])
        self.assert_only(actions.undo(), "restored", "main")
        self.assertEqual(self.before, self.scripts())

    def test_a_configuration_that_is_wrong(self):
        for key, value, words in (
                ("organisation_domains", None, "organisation-domains: The key is required"),
                ("organisation_domains", "exa mple.org", "“exa mple.org” is not a domain"),
                ("organisation_domains", "a@b.c", "“a@b.c” is not a domain"),
                ("organisation_domains", " ; ;", "At least one domain"),
                ("server", "imaps://x", "not of the form sieve://host:port; without TLS"),
                ("server", "sieve://u@x", "not of the form sieve://host:port"),
                ("script_name", "a/b", "must not hold"),
                ("script_name", "x" * 101, "at most 100"),
                ("authentication", "none", "neither “master” nor “per-mailbox”")):
            with self.subTest(key=key, value=value):
                with self.assertRaisesRegex(AssertionError, words):
                    self.actions(**{key: value}).apply()


class Liar(unittest.TestCase):
    """A server that is none, or somebody between it and us. No real server can be made to say these."""

    tap_class = "forwarding-liar"

    GREETING = (b'"IMPLEMENTATION" "x"\r\n"SASL" "PLAIN"\r\n"SIEVE" "copy"\r\n"STARTTLS"\r\n'
                b'"VERSION" "1.0"\r\nOK "ready"\r\n')

    actions = ForwardingCase.actions
    assert_only = ForwardingCase.assert_only
    assert_outcomes = ForwardingCase.assert_outcomes

    @classmethod
    def setUpClass(cls):
        cls.folder = lab.pathlib.Path(lab.tempfile.mkdtemp(prefix="ac-forwarding-"))
        cls.addClassCleanup(lab.shutil.rmtree, cls.folder)
        cls.lab = lab.Lab(cls.folder / "lab", users=1, messages=0)
        cls.lab.folder.mkdir()
        cls.lab._make_certificates()
        cls.lab._make_users()
        cls.user = cls.lab.mailboxes[0]

    def serve(self, says):
        """The address of a server that says this, and after a line of the client's the next thing;
        None: it hangs up without waiting for a line."""
        listening = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listening.close)
        self.heard = []

        def talk():
            while True:
                try:
                    connection = listening.accept()[0]
                except OSError:
                    return
                with connection, connection.makefile("rb") as lines:
                    for text, then in zip(says, [*says[1:], b""]):
                        connection.sendall(text)
                        if then is None:
                            break
                        line = lines.readline()
                        self.heard.append(line)
                        if not line:
                            break
        threading.Thread(target=talk, daemon=True).start()
        return f"sieve://127.0.0.1:{listening.getsockname()[1]}"

    def fails(self, says, detail, transient=False):
        actions = self.actions(server=self.serve(says), timeout_seconds=2)
        self.assert_only(actions.apply(), "failed", detail, transient)
        self.assertTrue(set(self.heard) <= {b"", b"STARTTLS\r\n"}, self.heard)

    def test_a_server_without_starttls_is_told_nothing(self):
        self.fails([self.GREETING.replace(b'"STARTTLS"\r\n', b"")], "does not offer STARTTLS")

    def test_starttls_is_refused(self):
        self.fails([self.GREETING, b'NO "Not today."\r\n'], "says: Not today\\.")

    def test_what_is_said_before_tls_is_not_believed(self):
        self.fails([self.GREETING, b'OK "go"\r\n"SASL" "PLAIN"\r\nOK\r\n'],
                   "something was said between STARTTLS and TLS")

    def test_no_managesieve_at_all(self):
        self.fails([b"* OK IMAP4rev1\r\n"], "no ManageSieve")
        self.fails([b"\n" * 10], "does not end in CRLF")
        self.fails([b"{99999999}\r\n"], "99999999 bytes where a few were asked for")

    def test_a_server_that_hangs_up_instead_of_tls(self):
        self.fails([self.GREETING, b"OK\r\n", None],
                   "No TLS session with the mail server came about|The connection to the mail server "
                   "was lost", transient=True)

    def test_a_server_that_takes_nobody_now(self):
        self.fails([b'BYE (TRYLATER) "Too many connections."\r\n'],
                   "closed the connection and says: Too many connections\\.", transient=True)

    def test_a_server_that_says_nothing(self):
        self.fails([b""], "has not answered for 2 seconds", transient=True)


class Quota(ForwardingCase):
    tap_class = "forwarding-quota"
    scripts_quota = 2

    def test_there_is_no_room_for_one_more_script(self):
        self.put(b"stop;", "other", active=False)
        self.put()
        before = self.scripts()
        actions = self.actions()
        self.assert_only(actions.apply(), "failed", "^Nothing was changed, because the mailbox may not "
                         "have one more script of this size; delete scripts.*then try again\\. ")
        self.assertEqual(before, self.scripts())
        self.sieve(lambda client: client.delete("other"))
        self.assert_only(actions.apply(), "done", "“drop@evil.test”")
        self.assert_only(actions.undo(), "restored", "main")
        self.assertEqual(("main", {"main": SCRIPT}), self.scripts())


if __name__ == "__main__":
    unittest.main()
