# SPDX-License-Identifier: GPL-3.0-or-later
"""Each language says everything that the program says, and each rule notices when it does not."""
import os
import pathlib
import subprocess
import tempfile
import unittest

import catalogs

ROOT = pathlib.Path(os.environ.get("AC_SOURCE_ROOT") or pathlib.Path(__file__).parents[2])


class Languages(unittest.TestCase):
    """The catalogs of the project against its texts of today."""

    tap_class = "languages"
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.template = cls.folder / "template.pot"
        cls.warnings = catalogs.make_template(ROOT, cls.template)
        cls.languages = catalogs.languages(ROOT)
        cls.entries = {language: catalogs.merged(ROOT / f"po/{language}.po", cls.template)
                       for language in cls.languages}

    def keeps(self, rule):
        self.assertTrue(self.entries)
        breaches = [f"po/{language}.po: {breach}" for language, entries in self.entries.items()
                    for breach in rule(entries)]
        self.assertEqual([], breaches, rule.__doc__)

    def test_the_list_names_each_catalog_in_order(self):
        self.assertEqual(sorted(path.stem for path in (ROOT / "po").glob("*.po")), self.languages)

    def test_the_texts_can_be_translated(self):
        """Such as a placeholder of another width on each machine, which ends the text for xgettext."""
        self.assertEqual("", self.warnings)

    def test_the_texts_are_seen(self):
        texts = {entry.text for entry in catalogs.read_entries(self.template.read_text(encoding="utf-8"))}
        self.assertLessEqual({"Action Center", "Approve", "_Quit", "%s action", "Show times in UTC"}, texts)

    def test_each_catalog_is_well_formed(self):
        for language in self.languages:
            with self.subTest(language):
                done = subprocess.run(["msgfmt", "--check", "--output-file", str(self.folder / "catalog.mo"),
                                       str(ROOT / f"po/{language}.po")],
                                      capture_output=True, text=True, check=False)
                self.assertEqual((0, ""), (done.returncode, done.stderr))

    def test_nothing_is_left_untranslated(self):
        self.keeps(catalogs.untranslated)

    def test_placeholders_agree(self):
        self.keeps(catalogs.wrong_placeholders)

    def test_letters_to_press_are_kept(self):
        self.keeps(catalogs.lost_mnemonics)

    def test_blanks_agree(self):
        breaches = [f"po/{language}.po: {breach}" for language, entries in self.entries.items()
                    for breach in catalogs.wrong_blanks(entries, language not in catalogs.WITHOUT_BLANKS)]
        self.assertEqual([], breaches)

    def test_endings_agree(self):
        self.keeps(catalogs.wrong_endings)


class Rules(unittest.TestCase):
    """The rules on small catalogs that break them."""

    tap_class = "catalog-rules"

    def entries(self, text, *forms, plural="", context="", fuzzy=False):
        written = "#, fuzzy\n" if fuzzy else ""
        if context:
            written += f'msgctxt "{context}"\n'
        written += f'msgid "{text}"\n'
        if plural:
            written += f'msgid_plural "{plural}"\n'
        names = [f"msgstr[{n}]" for n in range(len(forms))] if plural else ["msgstr"]
        written += "".join(f'{name} "{form}"\n' for name, form in zip(names, forms))
        return catalogs.read_entries(f'msgid ""\nmsgstr "Language: de\\n"\n\n{written}\n#~ msgid "Old"\n#~ msgstr ""\n')

    def breaks(self, rule, entries, *words):
        breaches = rule(entries)
        self.assertEqual(1, len(breaches), breaches)
        for word in words:
            self.assertIn(word, breaches[0])

    def test_a_catalog_is_read(self):
        entry, = catalogs.read_entries('msgid ""\nmsgstr "Header\\n"\n\n#. A comment\n#: a.c\nmsgctxt "list"\n'
                                       'msgid ""\n"%s \\"thing\\"\\n"\n"more"\nmsgstr "%s Ding"\n')
        self.assertEqual(('%s "thing"\nmore', "list", {"msgstr": "%s Ding"}), (entry.text, entry.context, entry.forms))

    def test_a_missing_text_is_named(self):
        self.breaks(catalogs.untranslated, self.entries("Open", ""), "“Open”", "not translated")
        self.breaks(catalogs.untranslated, self.entries("Open", "", context="verb"), "“verb|Open”")
        self.breaks(catalogs.untranslated, self.entries("Open", "Auf", fuzzy=True), "“Open”", "fuzzy")
        self.breaks(catalogs.untranslated, self.entries("%s file", "%s Datei", "", plural="%s files"), "“%s file”")
        self.assertEqual([], catalogs.untranslated(self.entries("Open", "Öffnen")))

    def test_a_missing_text_is_found_against_the_template(self):
        with tempfile.TemporaryDirectory() as folder:
            template, catalog = pathlib.Path(folder) / "a.pot", pathlib.Path(folder) / "de.po"
            header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
            template.write_text(header + 'msgid "One"\nmsgstr ""\n\nmsgid "Two"\nmsgstr ""\n', encoding="utf-8")
            catalog.write_text(header + 'msgid "One"\nmsgstr "Eins"\n', encoding="utf-8")
            self.breaks(catalogs.untranslated, catalogs.merged(catalog, template), "“Two”")

    def test_placeholders(self):
        rule = catalogs.wrong_placeholders
        self.breaks(rule, self.entries("%s of %u", "%s von %s"), "“%s of %u”")
        self.breaks(rule, self.entries("%s file", "Datei", "%s Dateien", plural="%s files"), "msgstr[0]")
        self.breaks(rule, self.entries("%1$s by %2$s", "%1$s, %1$s"))
        self.breaks(rule, self.entries("of {name}", "von {nom}"))
        self.assertEqual([], rule(self.entries("%s of %u", "%2$u: %1$s")))
        self.assertEqual([], rule(self.entries("%'u done", "%'u erledigt")))
        self.assertEqual([], rule(self.entries("%-e %b", "%-e. %B", context="time")))

    def test_letters_to_press(self):
        self.breaks(catalogs.lost_mnemonics, self.entries("_Quit", "Beenden"), "“_Quit”")
        self.breaks(catalogs.lost_mnemonics, self.entries("_Quit", "Beenden_"), "“_Quit”")
        self.assertEqual([], catalogs.lost_mnemonics(self.entries("_Quit", "終了(_Q)")))
        self.assertEqual([], catalogs.lost_mnemonics(self.entries("Set AC_A_B", "AC_A_B setzen")))

    def test_blanks(self):
        self.breaks(catalogs.wrong_blanks, self.entries("One. Two", "Eins.  Zwei"), "two blanks")
        self.breaks(catalogs.wrong_blanks, self.entries("One. ", "Eins."), "does not end")
        self.breaks(catalogs.wrong_blanks, self.entries("One", " Eins"), "does not begin")
        self.breaks(lambda entries: catalogs.wrong_blanks(entries, False), self.entries("One", "一 "), "does not end")
        self.assertEqual([], catalogs.wrong_blanks(self.entries("One. ", "一。"), False))

    def test_endings(self):
        self.breaks(catalogs.wrong_endings, self.entries("Open…", "Öffnen"), "“Open…”")
        self.breaks(catalogs.wrong_endings, self.entries("Open…", "Öffnen..."), "“Open…”")
        self.breaks(catalogs.wrong_endings, self.entries("Open", "Öffnen:"), "“Open”")
        self.assertEqual([], catalogs.wrong_endings(self.entries("Usage:", "使い方：")))


if __name__ == "__main__":
    unittest.main()
