# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of build-aux notice what they are there to notice."""
import importlib.machinery
import importlib.util
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(os.environ["AC_SOURCE_ROOT"])


def load(name):
    """The module of a script without a suffix."""
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"),
                                                  str(ROOT / "build-aux" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


class Counting(unittest.TestCase):
    tap_class = "count-tests"

    def judge(self, stdout, result="OK", protocol="tap", returncode=0):
        return load("count-tests").judge(
            {"stdout": stdout, "result": result, "returncode": returncode}, protocol)

    def test_each_case_counts(self):
        self.assertEqual((2, []), self.judge("ok 1 /a/b/c\n# why\nok 2 /a/b/d\n1..2\n"))

    def test_a_failed_case(self):
        passed, bad = self.judge("ok 1 /a\nnot ok 2 /b\n1..2\n", "FAIL", returncode=1)
        self.assertEqual((1, ["/b: failed"]), (passed, bad))

    def test_a_skipped_case_is_failed(self):
        self.assertEqual((0, ["/a # SKIP no server: skipped"]),
                         self.judge("ok 1 /a # SKIP no server\n1..1\n", "SKIP"))

    def test_an_unfinished_case_is_failed(self):
        self.assertEqual(1, len(self.judge("not ok 1 /a # TO" "DO later\n1..1\n")[1]))

    def test_a_crash_after_good_cases(self):
        passed, bad = self.judge("ok 1 /a\n1..1\n", "ERROR", returncode=-6)
        self.assertEqual((1, ["error (exit status -6)"]), (passed, bad))

    def test_a_timeout_counts_besides_a_failed_case(self):
        self.assertEqual(2, len(self.judge("ok 1 /a\nnot ok 2 /b\n", "TIMEOUT")[1]))

    def test_a_program_without_cases(self):
        self.assertEqual((0, ["reports no case"]), self.judge("1..0\n"))

    def test_a_test_without_tap(self):
        self.assertEqual((1, []), self.judge("", protocol="exitcode"))
        for result in ("FAIL", "SKIP", "TIMEOUT", "ERROR"):
            with self.subTest(result=result):
                self.assertEqual((0, [result.lower()]),
                                 self.judge("", result, protocol="exitcode"))


class TapRunner(unittest.TestCase):
    tap_class = "tap-runner"

    def run_file(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "test_thing.py"
            path.write_text("import unittest\nclass T(unittest.TestCase):\n" + text)
            return subprocess.run(["/usr/bin/python3", ROOT / "tests/tap_runner.py", path],
                                  capture_output=True, text=True, check=False)

    def test_good_and_bad(self):
        answer = self.run_file("    def test_a(self): print('noise')\n"
                               "    def test_b(self): self.assertTrue(False)\n")
        self.assertEqual(1, answer.returncode)
        lines = [line for line in answer.stdout.splitlines() if not line.startswith("#")]
        self.assertEqual(3, len(lines), lines)
        self.assertRegex(lines[0], r"^ok 1 /.*/thing/a$")
        self.assertRegex(lines[1], r"^not ok 2 /.*/thing/b$")
        self.assertEqual("1..2", lines[2])

    def test_a_failed_subtest_fails_its_test(self):
        answer = self.run_file("    def test_a(self):\n"
                               "        with self.subTest(i=1): self.assertTrue(False)\n")
        self.assertEqual(1, answer.returncode)
        self.assertIn("not ok 1", answer.stdout)

    def test_a_broken_class_fails(self):
        answer = self.run_file("    @classmethod\n    def setUpClass(cls): raise OSError('no')\n"
                               "    def test_a(self): pass\n")
        self.assertEqual(1, answer.returncode)
        self.assertIn("not ok 1", answer.stdout)

    def test_no_test_at_all(self):
        answer = self.run_file("    pass\n")
        self.assertEqual(1, answer.returncode)
        self.assertIn("Bail out!", answer.stdout)


class Installing(unittest.TestCase):
    """build-aux/install with a machine made of small programs in place of the real ones."""

    tap_class = "install"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.release = self.folder / "os-release"
        self.release.write_text("ID=debian\nVERSION_CODENAME=trixie\n")
        for name in ("bash", "awk", "dirname", "grep", "mktemp", "rm", "tail"):
            (self.folder / name).symlink_to(f"/usr/bin/{name}")
        self.calls = self.folder / "calls"
        self.calls.touch()
        self.program("id", "echo 1000")
        self.program("dpkg-query", "exit 1")

    def program(self, name, text):
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/bash\nlog () {{ echo \"$@\" >>{self.calls}; }}\n{text}\n")
        path.chmod(0o755)

    def install(self, *purposes):
        return subprocess.run(["/bin/bash", ROOT / "build-aux/install", *purposes],
                              env={"PATH": str(self.folder), "AC_OS_RELEASE": str(self.release)},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              start_new_session=True, check=False)

    def test_another_system_is_told_in_one_sentence(self):
        self.release.write_text('ID=other\nVERSION_CODENAME=x\nPRETTY_NAME="Other 7"\n')
        answer = self.install("build")
        self.assertEqual(1, answer.returncode)
        self.assertEqual("", answer.stdout)
        self.assertEqual(1, answer.stderr.count("\n"))
        self.assertIn("Other 7", answer.stderr)

    def test_nothing_missing_says_nothing(self):
        self.program("dpkg-query", 'for p; do echo "installed $p"; done')
        answer = self.install("build", "run", "test")
        self.assertEqual((0, "", ""), (answer.returncode, answer.stdout, answer.stderr))

    def test_without_root_and_sudo_one_sentence_with_the_command(self):
        answer = self.install("build")
        self.assertEqual(1, answer.returncode)
        self.assertEqual(1, answer.stderr.count("\n"))
        self.assertIn("apt-get install --no-install-recommends gcc ", answer.stderr)
        self.assertNotIn("dovecot", answer.stderr)

    def test_only_what_is_missing_is_named(self):
        self.program("dpkg-query", 'for p; do [ "$p" = meson ] || echo "installed $p"; done')
        answer = self.install("build")
        self.assertIn("apt-get install --no-install-recommends meson\n", answer.stderr)

    def test_a_removed_package_counts_as_missing(self):
        self.program("dpkg-query", 'for p; do echo "config-files $p"; done')
        self.assertIn(" meson", self.install("build").stderr)

    def test_sudo_that_refuses(self):
        self.program("sudo", "exit 1")
        answer = self.install("build")
        self.assertEqual(1, answer.returncode)
        self.assertIn("sudo does not let you", answer.stderr)

    def test_sudo_that_allows(self):
        self.program("sudo", '[ "$1" != bash ] || log "${@:3}"')
        answer = self.install("run")
        self.assertEqual(0, answer.returncode, answer.stderr)
        self.assertRegex(self.calls.read_text(), r"^--as-root ca-certificates .*dovecot-imapd "
                         r"dovecot-lmtpd dovecot-managesieved dovecot-sieve .*openssh-server squid\n$")

    def test_root_asks_nobody(self):
        self.program("id", "echo 0")
        self.program("sudo", "log ASKED; exit 1")
        self.program("apt-cache", "exit 0")
        self.program("apt-get", 'log "$@"')
        answer = self.install("build")
        self.assertEqual(0, answer.returncode, answer.stderr)
        self.assertNotIn("ASKED", self.calls.read_text())
        self.assertIn("install --no-install-recommends gcc", self.calls.read_text())

    def test_old_lists_are_renewed_once(self):
        self.program("id", "echo 0")
        self.program("apt-cache", "exit 0")
        self.program("apt-get", f'log "$@"; case "$*" in *update) >{self.folder}/new;; '
                                f'*) [ -e {self.folder}/new ];; esac')
        answer = self.install("build")
        self.assertEqual(0, answer.returncode, answer.stderr)
        self.assertEqual(1, self.calls.read_text().count(" update\n"))
        self.assertEqual(2, self.calls.read_text().count(" install "))

    def test_a_failed_installation_fails(self):
        self.program("id", "echo 0")
        self.program("apt-cache", "exit 0")
        self.program("apt-get", 'case "$*" in *update) exit 0;; esac; exit 100')
        answer = self.install("build")
        self.assertEqual(1, answer.returncode)
        self.assertIn("could not be installed", answer.stderr)

    def test_an_unknown_purpose(self):
        self.assertEqual(1, self.install("party").returncode)
