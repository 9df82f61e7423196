# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents say what the program does."""
import json
import os
import pathlib
import re
import subprocess
import unittest

import yaml

ROOT = pathlib.Path(os.environ["AC_SOURCE_ROOT"])
PRINT_MODEL = os.environ["AC_PRINT_MODEL"]
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")
BETWEEN = re.compile(r"<!-- transitions -->\n(.*?)<!-- /transitions -->", re.DOTALL)


def broken_links(document):
    """The relative links of a document that lead nowhere."""
    return [target for target in LINK.findall(document.read_text(encoding="utf-8"))
            if not (document.parent / target).exists()]


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Leaks of a program that prints and ends are the business of the model's own tests.
        answer = subprocess.run([PRINT_MODEL], check=True, capture_output=True, text=True)
        cls.model = json.loads(answer.stdout)

    def test_the_table_of_transitions_is_the_model_s(self):
        found = BETWEEN.search((ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
        self.assertIsNotNone(found, "docs/architecture.md lacks its table of transitions")
        self.assertEqual(self.model["transitions"], found[1])

    def test_the_api_speaks_the_words_of_the_model(self):
        api = yaml.safe_load((ROOT / "data/openapi.yaml").read_text(encoding="utf-8"))
        for name, words in self.model["vocabularies"].items():
            with self.subTest(schema=name):
                schema = api["components"]["schemas"].get(name)
                self.assertIsNotNone(schema, f"data/openapi.yaml has no schema {name}")
                self.assertEqual(sorted(words), sorted(schema["enum"]))

    def test_every_key_of_the_configuration_is_described(self):
        source = (ROOT / "src/service/ac-service-config.c").read_text(encoding="utf-8")
        keys = set(re.findall(r'\{ [A-Z]+, "([a-z-]+)" \}', source))
        self.assertGreater(len(keys), 15)
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        manual = (ROOT / "data/man/action-centerd.8").read_text(encoding="utf-8")
        for key in keys:
            with self.subTest(key=key):
                self.assertIn(f"`{key}`", readme)
                self.assertRegex(manual, rf'(?m)^\.BR?\b.*[" ]{re.escape(key)}(?:["\s]|$)')

    def test_links_lead_somewhere(self):
        documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
        self.assertIn(ROOT / "README.md", documents)
        for document in documents:
            with self.subTest(document=document.name):
                self.assertEqual([], broken_links(document))

    def test_the_readme_shows_every_status(self):
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        for status in self.model["vocabularies"]["Status"]:
            with self.subTest(status=status):
                self.assertIn(f"`{status}`", text)

    def test_every_word_is_a_word(self):
        for name, words in self.model["vocabularies"].items():
            with self.subTest(vocabulary=name):
                self.assertGreater(len(words), 1)
                self.assertEqual(len(words), len(set(words)))
                for word in words:
                    self.assertRegex(word, r"^[a-z][A-Za-z]+$")
