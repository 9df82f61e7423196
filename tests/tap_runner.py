#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the unittest cases of one file and prints TAP for `meson test`.

    tap_runner.py FILE [WORD...]

With words, only the tests whose name holds one of them run. A test is named
/room/class/behaviour: the folder of the file under tests/, then `tap_class` of the TestCase (or the
file's name without `test_`), then the method without `test_`. A file without tests is an error.

The tests of a class whose attribute `tests_at_once` is a number run so many at a time, each in a thread:
for tests that mostly wait, and share nothing but what setUpClass has made.
"""
import concurrent.futures
import importlib.util
import io
import itertools
import pathlib
import sys
import threading
import traceback
import unittest


def name_of(test):
    """The /room/class/behaviour name of a TestCase instance."""
    source = pathlib.Path(sys.modules[type(test).__module__].__file__)
    room = source.parent.name
    group = getattr(test, "tap_class", source.stem.removeprefix("test_").replace("_", "-"))
    method = getattr(test, "_testMethodName", str(test))
    return f"/{room}/{group}/{method.removeprefix('test_').replace('_', '-')}"


class TapResult(unittest.TestResult):
    """Prints one TAP line per test as soon as it is known."""

    def __init__(self, out):
        super().__init__()
        self.out = out
        self.count = 0
        self.bad = 0
        self.lock = threading.Lock()
        self.current = threading.local()  # troubles: of the test that runs in this thread

    def startTest(self, test):
        super().startTest(test)
        self.current.troubles = []

    def line(self, good, name, note=""):
        with self.lock:
            self.count += 1
            self.bad += not good
            print(f"{'ok' if good else 'not ok'} {self.count} {name}{note}", file=self.out, flush=True)

    def explain(self, error):
        # On standard error, which meson shows for a failed test.
        print("".join(traceback.format_exception(*error)), file=sys.stderr, flush=True)

    def addSuccess(self, test):
        if not self.current.troubles:
            self.line(True, name_of(test))

    def trouble(self, test, error):
        if isinstance(test, unittest.TestCase) and hasattr(test, "_testMethodName"):
            first = not self.current.troubles
            self.current.troubles.append(error)
            if first:
                self.line(False, name_of(test))
        else:  # setUpClass, setUpModule and the like
            self.line(False, f"/{test}")
        self.explain(error)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.trouble(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self.trouble(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            print(subtest, file=sys.stderr, flush=True)
            self.trouble(test, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line(True, name_of(test), f" # SKIP {reason}")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.line(False, name_of(test), " (an expected failure is no test)")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.line(False, name_of(test))


def flatten(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flatten(item)
        else:
            yield item


def run_at_once(kind, tests, result):
    """Runs the tests of one class, as many at a time as it says."""
    try:
        kind.setUpClass()
        with concurrent.futures.ThreadPoolExecutor(kind.tests_at_once) as pool:
            # What a test raises is in the result; what is raised here is a fault of the runner.
            list(pool.map(lambda test: test.run(result), tests))
        kind.tearDownClass()
    except Exception:  # pylint: disable=broad-except
        result.line(False, f"/class {kind.__name__}")
        result.explain(sys.exc_info())
    finally:
        kind.doClassCleanups()
        for error in kind.tearDown_exceptions:
            result.line(False, f"/class {kind.__name__}")
            result.explain(error)


def run(tests, result):
    def kind_of(test):
        return type(test) if getattr(test, "tests_at_once", 1) > 1 else None

    for kind, group in itertools.groupby(tests, kind_of):
        if kind:
            run_at_once(kind, list(group), result)
        else:
            unittest.TestSuite(group).run(result)


def main(arguments):
    if not arguments:
        print("usage: tap_runner.py FILE [WORD...]", file=sys.stderr)
        return 2
    path = pathlib.Path(arguments[0]).resolve()
    words = arguments[1:]
    sys.path.insert(0, str(path.parent))
    sys.path.insert(1, str(pathlib.Path(__file__).resolve().parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    tests = [t for t in flatten(suite)
             if not words or any(word in name_of(t) for word in words)]
    # What a test prints would break the protocol: standard output belongs to TAP alone.
    tap = io.TextIOWrapper(open(sys.stdout.fileno(), "wb", closefd=False), encoding="utf-8")
    sys.stdout = sys.stderr
    result = TapResult(tap)
    if tests:
        run(tests, result)
    else:
        print(f"Bail out! {path.name} holds no test that was asked for", file=tap)
        result.bad += 1
    print(f"1..{result.count}", file=tap)
    tap.flush()
    return 1 if result.bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
