# SPDX-License-Identifier: GPL-3.0-or-later
"""Random scripts on a real mail server: what is left of each still compiles there, sends nothing outside,
and loses no message that went anywhere before."""
import os
import random
import unittest

from forwarding_case import ForwardingCase
from mail_case import WRAPPER

# Under valgrind each run takes seconds.
SCRIPTS = 6 if WRAPPER else 40
INSIDE = "colleague@example.test"
REQUIRE = 'require ["fileinto", "mailbox", "copy", "variables", "encoded-character"];\r\n'
OUTSIDE = ['redirect "a@evil.test";', 'redirect :copy "b@evil.test";', 'Redirect /* ; */ "c@evil.test"\n;',
           'redirect text: # "\r\nd@evil.test\r\n.\r\n;', 'redirect :copy "e${hex:40}evil.test";']
OTHERS = ["keep;", "discard;", "stop;", 'fileinto :create "Filed";', f'redirect "{INSIDE}";',
          f'redirect :copy "{INSIDE}";', 'set "x" "redirect \\"f@evil.test\\";";',
          'set "x" text:\r\nredirect "g@evil.test";\r\n..\r\n.\r\n;', '# redirect "h@evil.test";\n',
          '/* redirect "i@evil.test"; */']
TESTS = ["true", "false", 'header :contains "subject" "COPYUID"', 'not header :is "subject" "x"',
         'anyof (false, allof (true, not false), header :is "a" ["b", "{3}"])']


class Maker:
    """Makes one script."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.redirects = 0

    def command(self, depth):
        choice = self.random.random()
        if choice < 0.3 and depth < 4:
            branches = [f"if {self.random.choice(TESTS)}"]
            while self.random.random() < 0.3:
                branches.append(f"elsif {self.random.choice(TESTS)}")
            if self.random.random() < 0.5:
                branches.append("else")
            return "".join(f"{branch} {{{self.block(depth + 1)}}}\n" for branch in branches)
        # A server takes so many redirects of one message and no more.
        if choice < 0.6 and self.redirects < 4:
            self.redirects += 1
            return self.random.choice(OUTSIDE)
        other = self.random.choice(OTHERS)
        if INSIDE in other:
            if self.redirects >= 4:
                return "keep;"
            self.redirects += 1
        return other

    def block(self, depth=0):
        return "".join(self.random.choice(["", " ", "\r\n  ", "\n"]) + self.command(depth)
                       for _ in range(self.random.randrange(0, 5)))


class Scripts(ForwardingCase):
    tap_class = "forwarding-scripts"
    tests_at_once = 4

    def random_scripts(self, seed, count):
        done = 0
        while done < count:
            seed += 1
            script = REQUIRE + Maker(seed).block()
            with self.subTest(seed=seed, script=script):
                self.put(script.encode())
                before = self.scripts()
                n_before, sent_before = self.deliver()
                actions = self.actions()
                result, = actions.apply()
                if result["outcome"] == "nothingToDo":
                    self.assertFalse([one for one in sent_before if one != INSIDE])
                    continue
                done += 1
                self.assertEqual("done", result["outcome"], result)
                n_after, sent_after = self.deliver()
                self.assertEqual([], [one for one in sent_after if one != INSIDE])
                self.assertEqual([one for one in sent_before if one == INSIDE], sent_after)
                self.assertGreaterEqual(n_after, n_before)
                if n_before or sent_before:
                    self.assertTrue(n_after or sent_after, "The message is lost.")
                self.assertEqual("restored", actions.undo()[0]["outcome"])
                self.assertEqual(before, self.scripts())


def add_tests():
    """A quarter of the scripts each: a test mostly waits for the mail to be delivered."""
    seed = int(os.environ.get("AC_SEED", random.randrange(1 << 30)))
    for part in range(4):
        def test(self, part=part):
            self.random_scripts(seed + part * 1000, SCRIPTS // 4)
        setattr(Scripts, f"test_random_scripts_{part + 1}", test)


add_tests()


if __name__ == "__main__":
    unittest.main()
