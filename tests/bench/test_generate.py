# SPDX-License-Identifier: GPL-3.0-or-later
"""What ac-generate makes is what a service would have made, and always the same."""
import collections
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(os.environ["AC_SOURCE_ROOT"]) / "tests/service"))

from service import PATIENCE, WRAPPER, Service

GENERATE = os.environ["AC_GENERATE"]
NUMBER = 500 if WRAPPER else 5000
NOW = "2026-06-01T00:00:00Z"


def generate(*arguments, number=NUMBER, seed=3, now=NOW):
    when = ["--now", now] if now else []
    done = subprocess.run([*WRAPPER, GENERATE, *map(str, arguments), "--actions", str(number),
                           "--seed", str(seed), *when],
                          check=True, capture_output=True, timeout=PATIENCE)
    return done.stdout


class Generate(unittest.TestCase):
    tap_class = "generate"

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="ac-generate-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.lines = generate("--json")
        cls.actions = [json.loads(line) for line in cls.lines.splitlines()]

    def fill(self, name, **keywords):
        path = self.folder / name / "action-center.db"
        path.parent.mkdir()
        generate("--store", path, **keywords)
        return path

    def test_the_same_seed_makes_the_same_bytes(self):
        self.assertEqual(self.lines, generate("--json"))
        self.assertNotEqual(self.lines, generate("--json", seed=4))
        one, other = self.fill("one"), self.fill("other")
        self.assertEqual(one.read_bytes(), other.read_bytes())

    def test_it_is_of_every_kind(self):
        self.assertEqual(NUMBER, len(self.actions))
        self.assertEqual(NUMBER, len({action["id"] for action in self.actions}))
        kinds = collections.Counter(action["type"] for action in self.actions)
        self.assertEqual(7, len(kinds), kinds)
        statuses = collections.Counter(action["status"] for action in self.actions)
        if not WRAPPER:
            self.assertEqual(13, len(statuses), statuses)
        text = self.lines.decode()
        for part in ("发票", "Счёт", "الفاتورة", "请", "請求書", "invoice", "Überweisung", "🎁"):
            self.assertIn(part, text)

    def test_times_follow_each_other(self):
        for action in self.actions:
            self.assertLessEqual(action["createdAt"], action["updatedAt"])
            self.assertLessEqual(action["updatedAt"], NOW.replace("Z", ".000000Z"))
            if "decidedAt" in action:
                self.assertLessEqual(action["decidedAt"], action["updatedAt"])
                self.assertTrue(action["decidedBy"])

    def test_a_service_starts_on_it_and_shows_the_same(self):
        path = self.fill("service", now=None)
        expected = [json.loads(line) for line in generate("--json", now=None).splitlines()]
        live = {"queued", "running", "undoQueued", "undoing"}
        with sqlite3.connect(path) as database:
            self.check_database(database)
        service = Service(path.parent)
        service.start()
        self.addCleanup(service.stop)
        self.assertIn("The audit log is whole", service.run("audit", "verify").stdout)
        shown, cursor = {}, None
        while True:
            query = {"limit": 1000, "sort": "createdAt", **({"cursor": cursor} if cursor else {})}
            page = service.request("GET", "/actions", query=query).json
            self.assertEqual(NUMBER, page["total"])
            shown.update({action["id"]: action for action in page["items"]})
            cursor = page.get("nextCursor")
            if cursor is None:
                break
        self.assertEqual(NUMBER, len(shown))
        for action in expected:
            if action["status"] not in live:
                self.assertEqual(action, shown[action["id"]])
        word = expected[0]["entity"].get("messageId", expected[0]["details"])
        found = service.request("GET", "/actions", query={"q": word}).json
        self.assertIn(expected[0]["id"], [action["id"] for action in found["items"]])
        one = service.action(expected[0]["id"])
        self.assertEqual(one["version"], len(one["timeline"]))

    def test_a_mirror_holds_the_same_and_finds_it(self):
        folder = self.folder / "mirror"
        generate("--mirror", folder)
        with sqlite3.connect(next(folder.glob("mirror-*.sqlite"))) as database:
            def one(query, *values):
                return database.execute(query, values).fetchone()[0]
            self.assertEqual("ok", one("PRAGMA integrity_check"))
            self.assertEqual(self.actions, [json.loads(body) for body, in database.execute(
                "SELECT json FROM bodies ORDER BY key DESC")])
            self.assertEqual(NUMBER, one("SELECT sum (n) FROM kinds"))
            # Everything is in the index for searches, each row under its own key.
            self.assertEqual(2 ** 63 - 1, one("SELECT value FROM meta WHERE name = 'indexed'"))
            self.assertEqual(NUMBER, one("SELECT count (*) FROM search_docsize"))
            for word in ("inv", "com", ".pd"):
                looked = one("SELECT count (*) FROM texts WHERE instr (text, ?)", word)
                self.assertEqual(looked, one("SELECT count (*) FROM search (?) AS s JOIN texts "
                                             "ON texts.key = s.rowid WHERE instr (texts.text, ?)",
                                             f'"{word}"', word))
            self.assertGreater(one("SELECT count (*) FROM search ('inv')"), NUMBER // 20)
        self.assertFalse(list(folder.glob("*.search*")))

    def check_database(self, database):
        def one(query):
            return database.execute(query).fetchone()[0]
        self.assertEqual("ok", one("PRAGMA integrity_check"))
        self.assertEqual([], database.execute("PRAGMA foreign_key_check").fetchall())
        self.assertEqual(NUMBER, one("SELECT sum (n) FROM action_counts"))
        self.assertEqual(0, one("SELECT count (*) FROM operations AS o WHERE total <> "
                                "(SELECT count (*) FROM operation_items WHERE operation = o.seq)"))
        self.assertEqual(0, one("SELECT count (*) FROM investigations AS i WHERE action_count <> "
                                "(SELECT count (*) FROM actions WHERE investigation = i.seq)"))
        self.assertEqual(0, one("SELECT count (*) FROM actions AS a WHERE moved <> "
                                "(SELECT sum (moved) FROM action_assets WHERE action = a.seq)"))
        self.assertEqual(0, one("SELECT count (*) FROM actions AS a WHERE version <> "
                                "(SELECT count (*) FROM audit WHERE action = a.seq)"))
        database.execute("INSERT INTO action_search (action_search) VALUES ('integrity-check')")


if __name__ == "__main__":
    unittest.main()
