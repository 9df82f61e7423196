# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs in a language that they are translated into, on a machine that has no locale of it."""
import os
import pathlib
import subprocess

CATALOGS = pathlib.Path(os.environ["AC_BUILD_ROOT"]) / "po"
LANGUAGES = [line for line in
             (pathlib.Path(os.environ["AC_SOURCE_ROOT"]) / "po/LINGUAS").read_text(encoding="utf-8").split("\n")
             if line and not line.startswith("#")]
# LANGUAGE counts in any locale but C, and for the C library of Debian 13 C.UTF-8 is one, too.
LOCALE = "en_US.UTF-8"


def language_environment(folder, language):
    """What to add to the environment of a program that is to speak @language with the words of the build
    folder. The one locale that this needs is made in @folder, a pathlib.Path."""
    locales = folder / "locales"
    if not (locales / LOCALE).exists():
        locales.mkdir()
        name, _, charmap = LOCALE.partition(".")
        subprocess.run(["localedef", "--no-archive", "-i", name, "-f", charmap, str(locales / LOCALE)],
                       check=True)
    return {"LOCPATH": str(locales), "LC_ALL": LOCALE, "LANGUAGE": language,
            "ACTION_CENTER_LOCALE_DIR": str(CATALOGS)}
