# SPDX-License-Identifier: GPL-3.0-or-later
"""The block list's file, written and read by the tests themselves."""
import collections
import itertools
import os
import pathlib
import shlex
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lab"))

SOURCE = pathlib.Path(os.environ.get("AC_SOURCE_ROOT", pathlib.Path(__file__).parents[2]))
HELPER = os.environ.get("AC_SQUID_HELPER")
TEMPLATE = SOURCE / "data/squid/ERR_ACTION_CENTER"
WRAPPER = shlex.split(os.environ.get("AC_PROGRAM_WRAPPER", ""))
TROUBLE = ("AddressSanitizer", "LeakSanitizer", "runtime error:", "== ERROR SUMMARY", "CRITICAL")

numbers = itertools.count(1)

Entry = collections.namedtuple("Entry", "point scope until action key reason")


def entry(scope, key, action=None, reason="Phishing", point="proxy", until="-"):
    """One entry; @key: as the list spells it; @action: by default one of its own."""
    return Entry(point, scope, until, action or f"action-{next(numbers)}", key, reason)


def write(path, entries):
    """Puts a list in place as the service does."""
    lines = ["action-center-block-list 1"]
    lines += [" ".join([*one[:5], urllib.parse.quote(one.reason) or "-"]) for one in entries]
    lines.append(f"end {len(entries)}")
    new = path.with_suffix(".new")
    new.write_text("\n".join(lines) + "\n", encoding="utf-8")
    new.chmod(0o644)
    new.rename(path)


def read(path):
    """The entries of a list; fails when it is not whole."""
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines[0] == "action-center-block-list 1" and lines[-1] == "", lines
    entries = [Entry(*line.split(" ")) for line in lines[1:-2]]
    assert lines[-2] == f"end {len(entries)}", lines[-2]
    return [one._replace(reason=urllib.parse.unquote(one.reason)) for one in entries]
