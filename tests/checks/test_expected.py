# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of what an analyst expects has all its rows, and names tests that there are."""
import ast
import functools
import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(os.environ.get("AC_SOURCE_ROOT") or pathlib.Path(__file__).parents[2])
TABLE = ROOT / "tests/window/README.md"
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
HELD_BY = re.compile(r"`([^`]+\.(?:py|c))` `([^`]+)`")
WANTED = range(1, 91)


@functools.cache
def tests_of(path):
    """The tests of a file: Class.method in Python, the paths of the tests in C."""
    if not path.is_file():
        return frozenset()
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".c":
        return frozenset(re.findall(r'"(/[^"]+)"', text))
    return frozenset(f"{node.name}.{one.name}" for node in ast.parse(text).body
                     if isinstance(node, ast.ClassDef)
                     for one in node.body if isinstance(one, ast.FunctionDef))


def problems(text, folder):
    """What is wrong with the table in @text, whose paths begin in @folder."""
    found = []
    rows = {}
    for number, _, held in ROW.findall(text):
        if int(number) in rows:
            found.append(f"{number} stands there twice")
        rows[int(number)] = held
    for number in WANTED:
        tests = HELD_BY.findall(rows.get(number, ""))
        if number not in rows:
            found.append(f"{number} is missing")
        elif not tests and not re.match(r"left out: \w", rows[number]):
            found.append(f"{number} names neither a test nor why there is none")
    for line in text.splitlines():
        for file, name in HELD_BY.findall(line) if line.startswith("|") else ():
            if name not in tests_of((folder / file).resolve()):
                found.append(f"{file} has no {name}")
    return found + [f"{number} is none of them" for number in rows if number not in WANTED]


class Expected(unittest.TestCase):
    tap_class = "expected"

    def test_each_is_held_by_a_test_that_there_is(self):
        self.assertEqual([], problems(TABLE.read_text(encoding="utf-8"), TABLE.parent))

    def test_what_is_wrong_with_the_table_is_noticed(self):
        text = TABLE.read_text(encoding="utf-8")
        row = next(match[0] for match in ROW.finditer(text) if match[1] == "31")
        for wrong, said in (("", "31 is missing"), (f"{row}\n{row}", "31 stands there twice"),
                            ("| 31 | x | soon |", "31 names neither a test nor why there is none"),
                            (row.replace("One.", "None."), "test_decisions.py has no None"),
                            ("| 31 | x | `test_none.py` `One.test_x` |", "test_none.py has no"),
                            (f"{row}\n| 91 | x | left out: y |", "91 is none of them")):
            with self.subTest(said=said):
                found = problems(text.replace(row, wrong), TABLE.parent)
                self.assertEqual([said], [one[:len(said)] for one in found])


if __name__ == "__main__":
    unittest.main()
