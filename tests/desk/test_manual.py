# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages name the options and commands that the programs have, and no others."""
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(os.environ["AC_SOURCE_ROOT"])
BUILD = pathlib.Path(os.environ["AC_BUILD_ROOT"])
# GApplication's own; the pages name what is this program's.
GENERAL = {"help-all", "help-gapplication"}


def options_of_help(program, *command):
    """The long options that a program prints."""
    answer = subprocess.run([BUILD / program, *command, "--help"], capture_output=True, text=True, check=False,
                            env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0", "LC_ALL": "C.UTF-8"})
    return set(re.findall(r"(?m)^ +(?:-\w, )?--([a-z-]+)", answer.stdout)) - GENERAL, answer.stdout


def page(name):
    """A manual page with its escapes and quotes taken away."""
    text = (ROOT / "data/man" / name).read_text(encoding="utf-8")
    return text.replace("\\-", "-").replace("\\fR", "").replace("\\fP", "").replace('"', "")


class Manual(unittest.TestCase):
    tap_class = "manual"

    def compare(self, program, name):
        options, _text = options_of_help(program)
        self.assertGreater(len(options), 2)
        described = set(re.findall(r"(?m)^\.TP\n.*--([a-z-]+)", page(name)))
        self.assertEqual(options, described)

    def test_action_center(self):
        self.compare("src/window/action-center", "action-center.1")

    def test_action_centerd(self):
        self.compare("src/service/action-centerd", "action-centerd.8")

    def test_actionctl(self):
        program = "src/actionctl/actionctl"
        text = subprocess.run([BUILD / program, "--help"], capture_output=True, text=True,
                              check=True).stdout
        commands = re.findall(r"(?m)^  ([a-z-]+) ", text)
        self.assertEqual(commands, re.findall(r"(?m)^\.TP\n\.B ([a-z][a-z-]*)$", page("actionctl.1")))
        options = set().union(*(options_of_help(program, name)[0] for name in commands))
        described = set(re.findall(r"(?m)^\.TP\n.*--([a-z-]+)", page("actionctl.1")))
        self.assertEqual(options, described)

    def test_action_center_squid(self):
        self.compare("src/responders/action-center-squid", "action-center-squid.8")

    def test_commands_of_action_centerd(self):
        _options, text = options_of_help("src/service/action-centerd")
        commands = set(re.findall(r"(?m)^  ((?:token|audit) [a-z]+)", text))
        self.assertGreater(len(commands), 2)
        described = set(re.findall(r"(?m)^\.TP\n\.B ((?:token|audit) [a-z]+)$",
                                   page("action-centerd.8")))
        self.assertEqual(commands, described)
