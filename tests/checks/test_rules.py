# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree keeps its rules, and each rule notices when it is broken."""
import os
import pathlib
import tempfile
import unittest

import rules

ROOT = pathlib.Path(os.environ.get("AC_SOURCE_ROOT") or pathlib.Path(__file__).parents[2])
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"


class Tree(unittest.TestCase):
    """The rules on the project itself."""

    tap_class = "tree"

    def keeps(self, rule):
        self.assertEqual([], rule(ROOT), rule.__doc__)

    def test_includes_follow_the_arrows(self):
        self.keeps(rules.arrows)

    def test_links_follow_the_arrows(self):
        self.keeps(rules.links)

    def test_no_file_is_too_long(self):
        self.keeps(rules.length)

    def test_potfiles_is_complete(self):
        self.keeps(rules.potfiles)

    def test_each_file_names_its_licence(self):
        self.keeps(rules.licence)

    def test_nothing_is_left_for_later(self):
        self.keeps(rules.unfinished)

    def test_numbers_are_read_safely(self):
        self.keeps(rules.numbers)

    def test_a_language_is_set_in_a_locale_of_its_own(self):
        self.keeps(rules.languages)

    def test_no_path_of_one_machine(self):
        self.keeps(rules.machine_paths)

    def test_resources_are_there(self):
        self.keeps(rules.resources)

    def test_the_tree_is_seen(self):
        names = {path.relative_to(ROOT).as_posix() for path in rules.files(ROOT)}
        self.assertIn("meson.build", names)
        self.assertIn("src/model/ac-action.h", names)


class Rules(unittest.TestCase):
    """The rules on small trees that break them."""

    tap_class = "rules"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("po/POTFILES", "")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def breaks(self, rule, *words):
        breaches = rule(self.root)
        self.assertEqual(1, len(breaches), breaches)
        for word in words:
            self.assertIn(word, breaches[0])

    def test_each_arrow(self):
        """Every pair of rooms, in both directions."""
        for room, allowed in rules.ARROWS.items():
            for other in rules.ARROWS:
                with self.subTest(room=room, other=other):
                    self.write(f"src/{room}/ac-a.c", f'#include "{other}/ac-b.h"\n')
                    self.assertEqual(0 if other in allowed else 1, len(rules.arrows(self.root)))
            (self.root / f"src/{room}/ac-a.c").unlink()

    def test_arrows_of_the_design(self):
        """Written out once more, by hand, so that the table cannot drift unnoticed."""
        for room, other in (("model", "client"), ("client", "window"), ("client", "service"),
                            ("window", "service"), ("window", "store"), ("store", "responders"),
                            ("responders", "store"), ("service", "client"), ("service", "window"),
                            ("store", "service"), ("responders", "service"), ("model", "store")):
            with self.subTest(room=room, other=other):
                self.assertNotIn(other, rules.ARROWS[room])

    def test_each_library_stays_in_its_rooms(self):
        for header, room in (("gtk/gtk.h", "client"), ("gtk/gtk.h", "model"),
                             ("adwaita.h", "client"), ("libsoup/soup.h", "window"),
                             ("libsoup/soup.h", "model"), ("libsoup/soup.h", "store"),
                             ("libsoup/soup.h", "responders"), ("sqlite3.h", "model"),
                             ("sqlite3.h", "window"), ("sqlite3.h", "service"),
                             ("sqlite3.h", "responders"), ("json-glib/json-glib.h", "window"),
                             ("libsecret/secret.h", "service")):
            with self.subTest(header=header, room=room):
                self.write(f"src/{room}/ac-a.c", f"#include <{header}>\n")
                self.breaks(rules.arrows, header, room)
                (self.root / f"src/{room}/ac-a.c").unlink()

    def test_an_include_needs_a_room(self):
        self.write("src/model/ac-a.c", '#include "config.h"\n#include "ac-b.h"\n')
        self.breaks(rules.arrows, "ac-b.h")

    def test_a_detour_by_a_relative_path(self):
        self.write("src/client/ac-a.c", '# include "model/../window/ac-b.h"\n')
        self.breaks(rules.arrows, "ac-b.h")

    def test_a_room_in_angle_brackets(self):
        self.write("src/client/ac-a.c", "#include <window/ac-b.h>\n")
        self.breaks(rules.arrows, "window/ac-b.h")

    def test_an_unknown_room(self):
        self.write("src/misc/ac-a.c", "")
        self.breaks(rules.arrows, "misc")

    def test_a_link_against_the_arrows(self):
        for room, name in (("client", "window"), ("store", "responders"), ("client", "gtk"),
                           ("window", "soup"), ("window", "sqlite"), ("model", "store")):
            with self.subTest(room=room, name=name):
                self.write(f"src/{room}/meson.build", f"x = library('a', dependencies: {name}_dep)\n")
                self.breaks(rules.links, room, name)
                (self.root / f"src/{room}/meson.build").unlink()
        self.write("src/service/meson.build", "dependencies: [store_dep, soup_dep, model_dep]\n")
        self.assertEqual([], rules.links(self.root))

    def test_1200_lines_and_no_more(self):
        self.write("src/model/ac-a.c", "\n" * 1200)
        self.assertEqual([], rules.length(self.root))
        self.write("src/model/ac-a.c", "\n" * 1201)
        self.breaks(rules.length, "ac-a.c", "1201")

    def test_text_of_c_needs_potfiles(self):
        for call in ('_("Undo")', 'C_ ("verb", "Undo")', 'ngettext ("one", "many", n)', 'N_("Undo")'):
            with self.subTest(call=call):
                self.write("src/window/ac-a.c", f"x = {call};\n")
                self.breaks(rules.potfiles, "src/window/ac-a.c")
        self.write("po/POTFILES", "src/window/ac-a.c\n")
        self.assertEqual([], rules.potfiles(self.root))

    def test_text_of_a_template_needs_potfiles(self):
        self.write("ui/ac-a.ui", '<property name="label" translatable="yes">Undo</property>')
        self.breaks(rules.potfiles, "ui/ac-a.ui")

    def test_the_desktop_file_needs_potfiles(self):
        self.write("data/a.desktop.in", "[Desktop Entry]\n")
        self.breaks(rules.potfiles, "data/a.desktop.in")

    def test_potfiles_names_only_what_exists(self):
        self.write("po/POTFILES", "# A comment\nsrc/window/ac-gone.c\n")
        self.breaks(rules.potfiles, "ac-gone.c")

    def test_a_file_without_its_licence(self):
        (self.root / "po/POTFILES").write_text(f"# {SPDX}\n")
        for name in ("src/model/ac-a.c", "ui/ac-a.ui", "tests/a.py", "build-aux/a", "meson.build"):
            with self.subTest(name=name):
                self.write(name, "x\n")
                self.breaks(rules.licence, name)
                self.write(name, f"/* {SPDX} */\n")
                self.assertEqual([], rules.licence(self.root))

    def test_something_left_for_later(self):
        self.write("src/model/ac-a.c", "int a; /* " + "TO" + "DO */\n")
        self.breaks(rules.unfinished, "ac-a.c:1")

    def test_a_number_read_by_glib_alone(self):
        self.write("src/model/ac-a.c", "\n  g_ascii_string_to_unsigned (a, 10, 0, 1, &n, NULL);\n")
        self.breaks(rules.numbers, "ac-a.c:2", "g_ascii_string_to_unsigned")

    def test_a_language_set_by_hand(self):
        name = "LANG" + "UAGE"
        for line in (f'{{"{name}": "de"}}', f"os.environ['{name}'] = 'de'", f"dict({name}='de')"):
            with self.subTest(line):
                self.write("tests/window/test_a.py", f"\n{line}\n")
                self.breaks(rules.languages, "test_a.py:2")
        self.write("tests/window/test_a.py", f'name not in ("{name}", "LANG")\n')
        self.assertEqual([], rules.languages(self.root))

    def test_a_path_of_one_machine(self):
        for path in ("/" + "work/main", "/" + "tmp/ac/x", "/" + "root/.config"):
            with self.subTest(path=path):
                self.write("docs/a.md", f"\nSee {path}.\n")
                self.breaks(rules.machine_paths, "docs/a.md:2")
        self.write("docs/a.md", "src/work/queue, https://example.test/" + "work/ and /rooted\n")
        self.assertEqual([], rules.machine_paths(self.root))

    def test_a_resource_that_nobody_lists(self):
        self.write("src/window/ac-a.c", 'f (AC_UI_RESOURCE_PATH "/icons");\ng (AC_UI_RESOURCE_PATH "/ac-a.ui");\n')
        self.write("ui/a.gresource.xml", '<file alias="icons/x.svg">y/x.svg</file>\n')
        self.breaks(rules.resources, "ac-a.c", "ac-a.ui")

    def test_build_folders_are_not_looked_at(self):
        self.write("_build/plain/x.c", "x\n")
        self.write("po/POTFILES", f"# {SPDX}\n")
        self.assertEqual([], rules.licence(self.root))
