# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to the mail server is lost between a command and its answer, or the answer is long
in coming: what was asked for is done once."""
import socket
import threading
import time
import unittest

from imap_proxy import ImapProxy
from mail_case import KEPT, SANITIZED, WRAPPER, MailCase, lab

MOVE = rb"^UID MOVE"
SECOND_COPY = "has left a second copy in the recoverable folder."
# Every command; under a checker some of them.
STEP = 5 if WRAPPER else 2 if SANITIZED else 1


class Lost(MailCase):
    """The connection to the mail server is lost between a command and its answer."""

    tap_class = "lost-connection"
    tests_at_once = 4

    def setUp(self):
        super().setUp()
        for number in range(3):
            self.put(f"<{number}@x.test>")
        self.put("<3@x.test>", folder="Archive")
        self.ids = [f"<{number}@x.test>" for number in range(4)]
        self.before = self.seen()
        self.all_actions = self.actions(*self.ids)

    def run_through(self, direction, *rules):
        with ImapProxy(self.lab, *rules) as proxy:
            results = self.all_actions.run(direction,
                                           settings=self.lab.mail_config(server=proxy.server))
            self.assertEqual([], proxy.rules, "nothing of this happened")
        return results, proxy

    def assert_gone(self):
        self.assertEqual([], self.flat(self.seen()))
        self.assertEqual(self.flat(self.before), sorted(self.kept()))

    def assert_back(self):
        self.assertEqual(self.before, self.seen())
        self.assertEqual([], self.kept())

    def test_a_move_whose_answer_is_lost_is_done_once(self):
        lose = (MOVE, lambda session, tag: session.withhold(tag))
        results, proxy = self.run_through("apply", lose)
        self.assert_outcomes(results, *["moved"] * 4)
        self.assertEqual(2, proxy.count("UID MOVE"))  # one a folder, and none of them again
        self.assert_gone()
        results, proxy = self.run_through("undo", lose)
        self.assert_outcomes(results, *["restored"] * 4)
        self.assertEqual(2, proxy.count("UID MOVE"))
        self.assert_back()

    def test_a_folder_that_a_session_which_is_gone_has_made(self):
        """It made it after the folders were listed."""
        def make(session, _tag):
            folder = session.proxy.commands[-1].split(" ", 1)[1]
            with self.lab.imap(self.user, master=True) as connection:
                lab.checked(connection.create(folder))

        results, _ = self.run_through("apply", (rb"^CREATE", make))
        self.assert_outcomes(results, *["moved"] * 4)
        self.assert_gone()
        self.assert_outcomes(self.all_actions.run("undo"), *["restored"] * 4)
        self.assert_back()

    def test_a_move_that_the_server_does_late_is_not_begun_again(self):
        """The server goes on with what a lost session has told it, while the next one looks."""
        def lose(session, tag):
            session.leave(tag)
            self.assertTrue(came_again.wait(60))

        for direction, outcome in (("apply", "moved"), ("undo", "restored")):
            came_again = threading.Event()
            results, proxy = self.run_through(
                direction, (MOVE, lose), (rb"^NAMESPACE", lambda *_: None),
                (rb"^NAMESPACE", lambda *_, again=came_again: again.set()))
            self.assert_outcomes(results, *[outcome] * 4)
            self.assertEqual(2, proxy.count("UID MOVE"))
            self.assert_gone() if direction == "apply" else self.assert_back()

    def test_a_move_that_the_server_does_after_the_next_one_was_decided(self):
        def lose(session, tag):
            session.leave(tag)
            self.assertTrue(decided.wait(60))

        def decide(*_):
            decided.set()
            self.assertTrue(proxies[-1].sessions[0].over.wait(60))

        for direction, outcome in (("apply", "moved"), ("undo", "restored")):
            decided, proxies = threading.Event(), []
            proxy = ImapProxy(self.lab, (MOVE, lose), (MOVE, decide))
            proxies.append(proxy)
            with proxy:
                results = self.all_actions.run(direction,
                                               settings=self.lab.mail_config(server=proxy.server))
            self.assert_outcomes(results, *[outcome] * 4)
            self.assert_gone() if direction == "apply" else self.assert_back()

    def test_a_move_that_the_server_does_twice(self):
        """A lost session's move and the next one end at the same time, and both succeed."""
        for direction, outcome, source, target in (("apply", "moved", "Archive", KEPT),
                                                   ("undo", "restored", KEPT, "Archive")):
            def do_it_too(*_, source=source, target=target):
                connection = self.master()
                lab.checked(connection.select(source, readonly=True))
                found, = lab.checked(connection.uid("SEARCH", "HEADER", "Message-ID", "<3@x.test>"))
                lab.checked(connection.uid("COPY", found.split()[-1].decode(), target))

            proxy = ImapProxy(self.lab,
                              (rb"^UID MOVE", lambda session, tag: session.close(session.server)),
                              (rb"^UID MOVE", do_it_too))
            with proxy:
                results = self.all_actions.run(direction,
                                               settings=self.lab.mail_config(server=proxy.server))
            self.assert_outcomes(results, *[outcome] * 4)
            said = [SECOND_COPY in one["detail"] for one in results]
            self.assertEqual([False] * 3 + [True], said, results)
            if direction == "apply":
                self.assertEqual([], self.flat(self.seen()))
                self.assertEqual(5, len(self.kept()))
        self.assertEqual(self.before, self.seen())
        self.assertEqual(2, len(self.kept()))

    def test_what_is_left_of_two_is_not_one_too_many(self):
        """An undo's move is done twice, and the owner deletes one of the two before they are counted."""
        def do_it_too(*_):
            connection = self.master()
            lab.checked(connection.select(KEPT, readonly=True))
            found, = lab.checked(connection.uid("SEARCH", "HEADER", "Message-ID", "<3@x.test>"))
            lab.checked(connection.uid("COPY", found.split()[-1].decode(), "Archive"))

        def delete_last(*_):
            connection = self.master()
            lab.checked(connection.select("Archive"))
            last = lab.checked(connection.uid("SEARCH", "ALL"))[0].split()[-1].decode()
            lab.checked(connection.uid("STORE", last, "+FLAGS", "(\\Deleted)"))
            lab.checked(connection.expunge())

        def when_seen(session, _tag):
            session.proxy.rules.append((rb"^EXAMINE", delete_last))

        one = self.all_actions
        one.tasks = one.tasks[3:]
        self.assert_outcomes(one.apply(), "moved")
        results, _ = self.run_through("undo", (MOVE, lambda session, tag: session.close(session.server)),
                                      (MOVE, do_it_too), (rb"^SELECT \"?Archive", when_seen))
        self.assert_outcomes(results, "restored")
        self.assertEqual(self.before, self.seen())

    def test_a_move_that_takes_long_is_waited_for(self):
        # Anything else is answered within that.
        limit = 10 if WRAPPER or SANITIZED else 5
        for direction, outcome in (("apply", "moved"), ("undo", "restored")):
            with ImapProxy(self.lab, (MOVE, lambda *_: time.sleep(1.5 * limit))) as proxy:
                results = self.all_actions.run(direction, settings=self.lab.mail_config(
                    server=proxy.server, timeout_seconds=limit))
            self.assert_outcomes(results, *[outcome] * 4)
            self.assertEqual(2, proxy.count("UID MOVE"))

    def test_a_connection_that_is_lost_each_time(self):
        lose = (MOVE, lambda session, tag: session.withhold(tag))
        before_it = (MOVE, lambda session, tag: session.close(session.server))
        results, _ = self.run_through("apply", before_it, before_it, before_it)
        self.assert_outcomes(results, *["failed"] * 4)
        for result in results:
            self.assertRegex(result["detail"], "closed the connection|connection.*lost")
            self.assertTrue(result["transient"])
        self.assertEqual(self.before, self.seen())
        self.run_through("apply", lose, before_it, lose)
        self.assert_outcomes(self.all_actions.apply(), *["moved"] * 4)
        self.assert_gone()
        self.run_through("undo", before_it, lose, before_it)
        self.assert_outcomes(self.all_actions.undo(), *["restored"] * 4)
        self.assert_back()

    def test_what_was_moved_and_nobody_was_told_comes_back(self):
        """The server has moved what is in one folder, and is not heard of any more; who gives up then undoes."""
        lose = (MOVE, lambda session, tag: session.withhold(tag))
        gone = (b"^LIST", lambda session, tag: session.close(session.server))
        results, _ = self.run_through("apply", lose, gone, gone)
        self.assert_outcomes(results, *["failed"] * 4)
        self.assertEqual(3, len(self.kept()))
        self.assertEqual([True] * 3 + [False], [result["didPart"] for result in results])
        self.all_actions.undo()
        self.assert_back()

    def test_what_was_never_begun_leaves_nothing_to_undo(self):
        gone = (b"^LIST", lambda session, tag: session.close(session.server))
        results, _ = self.run_through("apply", gone, gone, gone)
        self.assertEqual([("failed", False)] * 4,
                         [(result["outcome"], result["didPart"]) for result in results])

class LostBefore(MailCase):
    """The server goes away before anything was said."""

    tap_class = "lost-connection"

    def test_a_server_that_ends_in_the_middle_of_the_handshake(self):
        def hang_up():
            client, _ = server.accept()
            client.recv(4096)
            client.close()

        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=hang_up)
            thread.start()
            actions = self.actions("<a@x.test>",
                                   server=f"imaps://127.0.0.1:{server.getsockname()[1]}")
            self.assert_only(actions.apply(), "failed", "No TLS session|was lost", transient=True)
            thread.join()


class LostAtEach(MailCase):
    """The connection is lost before the answer to the first command, to the second and so on."""

    tap_class = "lost-connection"
    tests_at_once = 4

    def setUp(self):
        super().setUp()
        self.put("<a@x.test>")
        self.one = self.actions("<a@x.test>")

    def lose_each(self, direction, outcome, way_back):
        """Runs it until no command is left whose answer could be lost."""
        before = self.everything()
        self.one.run(direction)
        after = self.everything()
        self.one.run(way_back)
        number = 0
        while True:
            rules = [(b".", lambda *_: None)] * number
            rules.append((b".", lambda session, tag: session.withhold(tag)))
            with ImapProxy(self.lab, *rules) as proxy:
                results = self.one.run(direction,
                                       settings=self.lab.mail_config(server=proxy.server))
            if results[0]["outcome"] != outcome:
                # Where nothing was begun yet, the service tries again later.
                self.assert_only(results, "failed", "connection", transient=True)
                self.assert_only(self.one.run(direction), outcome, "INBOX")
            self.assertEqual(after, self.everything())
            if proxy.rules:
                return number
            self.one.run(way_back)
            self.assertEqual(before["INBOX"], self.everything()["INBOX"])
            number += STEP

    def test_the_answer_to_each_command_of_a_soft_delete(self):
        self.assertGreater(self.lose_each("apply", "moved", "undo"), 9)

    def test_the_answer_to_each_command_of_an_undo(self):
        self.one.apply()
        self.assertGreater(self.lose_each("undo", "restored", "apply"), 9)


if __name__ == "__main__":
    unittest.main()
