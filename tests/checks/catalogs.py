# SPDX-License-Identifier: GPL-3.0-or-later
"""What a translation has to keep of the text that it translates. Each rule takes the entries of a catalog
and returns its breaches as sentences; no rule judges wording."""
import dataclasses
import pathlib
import re
import subprocess

# What meson's preset "glib" gives to xgettext; the template is made here as it is made there.
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "g_dcgettext:2", "g_dngettext:2,3", "g_dpgettext2:2c,3"]
FORMATS = ["N_:1:pass-c-format", "C_:2:pass-c-format", "NC_:2:pass-c-format", "g_dngettext:2:pass-c-format",
           "g_strdup_printf:1:c-format", "g_string_printf:2:c-format", "g_string_append_printf:2:c-format",
           "g_error_new:3:c-format", "g_set_error:4:c-format", "g_markup_printf_escaped:1:c-format",
           "g_log:3:c-format", "g_print:1:c-format", "g_printerr:1:c-format", "g_printf:1:c-format",
           "g_fprintf:2:c-format", "g_sprintf:2:c-format", "g_snprintf:3:c-format"]

# These put no blank between sentences, or after a comma.
WITHOUT_BLANKS = {"ja", "th", "zh_CN", "zh_HK", "zh_TW"}
# For g_date_time_format(): each language orders the parts of a date as it does.
DATES = "time"
PLACEHOLDER = re.compile(r"%(?:(\d+)\$)?[-'+ #0]*\d*(?:\.\d+)?((?:hh?|ll?|[jzt])?[diouxXeEfgGcsp%])"
                         r"|\{([a-z_]+)\}")
KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)? *"(.*)"$')


@dataclasses.dataclass
class Entry:
    """One text and what a catalog has for it."""
    text: str = ""
    plural: str = ""
    context: str = ""
    forms: dict = dataclasses.field(default_factory=dict)
    fuzzy: bool = False

    @property
    def name(self):
        return f"“{self.context}|{self.text}”" if self.context else f"“{self.text}”"


def unescaped(text):
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), text)


def read_entries(text):
    """The entries of a catalog as msgmerge and msgcat write it, without its header and what is obsolete."""
    entries = []
    for block in text.split("\n\n"):
        entry, values, key = Entry(), {}, None
        for line in block.splitlines():
            if line.startswith("#,"):
                entry.fuzzy = entry.fuzzy or "fuzzy" in line
            match = KEYWORD.match(line)
            if match:
                key = match[1] or key
                values[key] = values.get(key, "") + unescaped(match[2])
        entry.text, entry.plural = values.pop("msgid", ""), values.pop("msgid_plural", "")
        entry.context = values.pop("msgctxt", "")
        entry.forms = values
        if entry.text:
            entries.append(entry)
    return entries


def languages(root):
    """The languages of po/LINGUAS, in its order."""
    text = (pathlib.Path(root) / "po/LINGUAS").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def make_template(root, path):
    """Writes the template of all texts of the tree to a path; returns what xgettext warned of."""
    done = subprocess.run(
        ["xgettext", "--files-from=po/POTFILES", "--from-code=UTF-8", "--add-comments", "--no-wrap",
         *[f"--keyword={word}" for word in KEYWORDS], *[f"--flag={flag}" for flag in FORMATS],
         "--output", str(path)], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stderr


def merged(catalog, template):
    """The entries of the template with what the catalog has for them."""
    done = subprocess.run(["msgmerge", "--quiet", "--no-fuzzy-matching", "--no-wrap", "--output", "-", str(catalog),
                           str(template)], capture_output=True, text=True, check=True)
    return read_entries(done.stdout)


def untranslated(entries):
    """Each text has a translation that somebody has looked at."""
    return [f"{entry.name} is {'fuzzy' if entry.fuzzy else 'not translated'}." for entry in entries
            if entry.fuzzy or not entry.forms or not all(entry.forms.values())]


def placeholders(text):
    """The placeholders of a text, each with the number of its argument."""
    found = []
    place = 0
    for number, conversion, name in PLACEHOLDER.findall(text):
        if name or conversion.endswith("%"):
            found.append(name or "%%")
            continue
        place += 1
        found.append(f"{number or place} {conversion}")
    return sorted(found)


def wrong_placeholders(entries):
    """Each form of a translation takes the arguments of the original."""
    return [f"{entry.name}: {form} has {placeholders(text)}, not {placeholders(entry.text)}."
            for entry in entries if entry.context != DATES
            for form, text in entry.forms.items()
            if text and placeholders(text) != placeholders(entry.text)]


def lost_mnemonics(entries):
    """Where the original has a letter to press, the translation has one. A name such as AC_BUILD_ROOT has
    more than one underscore, and names no letter."""
    return [f"{entry.name}: “{text}” has no letter after one underscore." for entry in entries
            if entry.text.count("_") == 1
            for text in entry.forms.values()
            if text and not (text.count("_") == 1 and re.search(r"_\w", text))]


def wrong_blanks(entries, between=True):
    """Blanks begin and end a translation as they do the original, and are never doubled. Where a language
    has none between sentences, what is joined to the next one ends without."""
    breaches = []
    for entry in entries:
        for text in entry.forms.values():
            if not text:
                continue
            if re.search(r"[^\S\n]{2}", text) and not re.search(r"[^\S\n]{2}", entry.text):
                breaches.append(f"{entry.name}: “{text}” has two blanks in a row.")
            for match, end in ((re.compile(r"^\s*"), "begin"), (re.compile(r"\s*\Z"), "end")):
                if match.search(text)[0] != match.search(entry.text)[0] and (between or match.search(text)[0]):
                    breaches.append(f"{entry.name}: “{text}” does not {end} with the same blanks.")
    return breaches


def ending(text):
    """The punctuation at the end that says that something follows."""
    last = text.rstrip()[-1:].replace("：", ":")
    return last if last in ("…", ":") else "..." if text.rstrip().endswith("...") else ""


def wrong_endings(entries):
    """An ellipsis or a colon ends the translation where it ends the original, and only there."""
    return [f"{entry.name}: “{text}” ends with “{ending(text)}” and not with “{ending(entry.text)}”."
            for entry in entries for text in entry.forms.values()
            if text and ending(text) != ending(entry.text)]
