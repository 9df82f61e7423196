# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules that the tree itself must keep. Each takes the root of a tree and returns a list of
sentences, one for each breach; an empty list means that the rule holds."""
import os
import pathlib
import re
import subprocess

# Which rooms a room may include from. docs/architecture.md shows the same as a picture.
ARROWS = {
    "model": {"model"},
    "sql": {"sql", "model"},
    "client": {"client", "sql", "model"},
    "window": {"window", "client", "model"},
    "store": {"store", "sql", "model"},
    "responders": {"responders", "model"},
    "service": {"service", "store", "responders", "model"},
    "actionctl": {"actionctl", "client", "model"},
}

# Libraries that belong to some rooms only: the beginning of the header's name, and the rooms.
LIBRARIES = {
    "adwaita.h": {"window"},
    "gdk/": {"window"},
    "gsk/": {"window"},
    "gtk/": {"window"},
    "json-glib/": {"model", "client", "store", "responders", "service", "actionctl"},
    "libpq-fe.h": {"store"},
    "libpsl.h": {"responders"},
    "gmime/": {"responders"},
    "libsecret/": {"client"},
    "libsoup/": {"client", "service"},
    "libssh/": {"responders"},
    "sqlite3.h": {"sql", "store", "client"},
    "unicode/": {"responders"},
    # The model does no input and no output.
    "gio/gunix": {"client", "store", "responders", "service", "window", "actionctl"},
    "fcntl.h": {"client", "sql", "store", "responders", "service", "actionctl"},
    "netinet/": {"client", "store", "responders", "service", "actionctl"},
    "sys/socket.h": {"client", "store", "responders", "service", "actionctl"},
    "unistd.h": {"client", "sql", "store", "responders", "service", "window", "actionctl"},
}

# The same for what the build files link: meson's name of a dependency, and the rooms.
DEPENDENCIES = {
    "adwaita_dep": {"window"},
    "gtk_dep": {"window"},
    "gmime_dep": {"responders"},
    "icu_dep": {"responders"},
    "psl_dep": {"responders"},
    "secret_dep": {"client"},
    "soup_dep": {"client", "service"},
    "sqlite_dep": {"sql", "store", "client"},
    "ssh_dep": {"responders"},
}

LONGEST = 1200

INCLUDE = re.compile(r'^\s*#\s*(?:include|import)\s*([<"])([^>"]+)[>"]', re.MULTILINE)
TRANSLATED_C = re.compile(r'\b(?:_|N_|C_|NC_|Q_|ngettext|gettext|g_dgettext|g_dngettext|g_dpgettext2?)'
                          r'\s*\(\s*\(?\s*"')
TRANSLATED_UI = re.compile(r'\btranslatable\s*=\s*"(?:yes|true|1)"')
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
# GLib's own may fail the first time; src/model/ac-number.c says why.
LANGUAGE_SET = re.compile(r"""["']LANGUAGE["']\s*[:\]]|\bLANGUAGE=""")
RISKY_NUMBER = re.compile(r"\bg_ascii_string_to_(?:un)?signed\b")
# Put together so that this file does not break its own rule.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:" + "wo" r"rk/|tm" r"p/ac\b|ro" r"ot\b)")
TEXT = {".c", ".h", ".py", ".sh", ".ui", ".css", ".xml", ".in", ".yaml", ".build", ".txt", ".svg",
        ".service", ".conf", ".example", ".sysusers", ".supp", ".options"}
SCRIPT_FOLDERS = {"build-aux", ".ci", "po"}


def files(root):
    """Every file of the project: what git tracks or would track, and without git all but the build
    folders."""
    root = pathlib.Path(root)
    try:
        answer = subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z", "--cached",
             "--others", "--exclude-standard"],
            capture_output=True, check=True)
        top = subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", str(root), "rev-parse", "--show-toplevel"],
            capture_output=True, check=True, text=True).stdout.strip()
        if pathlib.Path(top).resolve() == root.resolve():
            names = [os.fsdecode(name) for name in answer.stdout.split(b"\0") if name]
            return sorted(path for path in {root / name for name in names} if path.is_file())
    except (OSError, subprocess.CalledProcessError):
        pass
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders
                      if name not in (".git", "__pycache__") and not name.startswith("_build")]
        found += [pathlib.Path(folder) / name for name in names]
    return sorted(found)


def is_source(root, path):
    """Whether a file is written by hand by us, as text that can carry a comment."""
    short = path.relative_to(root)
    if short.name == "LICENSE" or short.name.startswith("."):
        return False
    return path.suffix in TEXT or (path.suffix == "" and short.parts[0] in SCRIPT_FOLDERS)


def read(path):
    return path.read_text(encoding="utf-8", errors="replace")


def arrows(root):
    """An include goes only the way that the arrows between the rooms allow."""
    root = pathlib.Path(root)
    breaches = []
    for path in files(root):
        parts = path.relative_to(root).parts
        if parts[0] != "src" or len(parts) < 3 or path.suffix not in (".c", ".h"):
            continue
        room = parts[1]
        where = "/".join(parts)
        if room not in ARROWS:
            breaches.append(f"{where} lies in a room that has no place in the arrows.")
            continue
        for bracket, name in INCLUDE.findall(read(path)):
            if bracket == '"':
                if name == "config.h":
                    continue
                target = name.split("/")[0] if "/" in name else None
                if target is None:
                    breaches.append(f'{where} includes "{name}" without naming its room.')
                elif ".." in name or target not in ARROWS[room]:
                    breaches.append(f'{where} includes "{name}", but {room} may only include from '
                                    f'{", ".join(sorted(ARROWS[room]))}.')
                continue
            if name.split("/")[0] in ARROWS and "/" in name:
                breaches.append(f"{where} includes <{name}> as if it were a library's.")
            for beginning, rooms in LIBRARIES.items():
                if name.startswith(beginning) and room not in rooms:
                    breaches.append(f"{where} includes <{name}>, which belongs to "
                                    f'{", ".join(sorted(rooms))} only.')
    return breaches


def links(root):
    """A room links only what it may include."""
    root = pathlib.Path(root)
    breaches = []
    for room, allowed in ARROWS.items():
        path = root / "src" / room / "meson.build"
        if not path.is_file():
            continue
        for name in sorted(set(re.findall(r"\b\w+_dep\b", read(path)))):
            target = name.removesuffix("_dep")
            if target in ARROWS and target not in allowed:
                breaches.append(f"src/{room}/meson.build links {name}, against the arrows.")
            if room not in DEPENDENCIES.get(name, {room}):
                breaches.append(f"src/{room}/meson.build links {name}, which belongs to "
                                f'{", ".join(sorted(DEPENDENCIES[name]))} only.')
    return breaches


def length(root):
    """No source file is longer than a reader can hold."""
    root = pathlib.Path(root)
    breaches = []
    for path in files(root):
        if is_source(root, path) and path.suffix != ".yaml":
            lines = read(path).count("\n")
            if lines > LONGEST:
                breaches.append(f"{path.relative_to(root)} has {lines} lines; {LONGEST} are the most.")
    return breaches


def potfiles(root):
    """Each file with text for people stands in po/POTFILES, and each entry there exists."""
    root = pathlib.Path(root)
    listed = {line.strip() for line in read(root / "po/POTFILES").splitlines()
              if line.strip() and not line.startswith("#")}
    breaches = [f"po/POTFILES names {name}, which does not exist."
                for name in sorted(listed) if not (root / name).is_file()]
    for path in files(root):
        short = path.relative_to(root)
        name = short.as_posix()
        if short.parts[0] not in ("src", "ui", "data") or name in listed:
            continue
        text = read(path) if path.suffix in (".c", ".h", ".ui", ".in") else ""
        if ((path.suffix in (".c", ".h") and TRANSLATED_C.search(text))
                or (path.suffix == ".ui" and TRANSLATED_UI.search(text))
                or name.endswith((".desktop.in", ".metainfo.xml.in"))):
            breaches.append(f"{name} has text to translate and is missing in po/POTFILES.")
    return breaches


def licence(root):
    """Each source file says under which licence it stands."""
    root = pathlib.Path(root)
    return [f"{path.relative_to(root)} lacks its SPDX-License-Identifier line."
            for path in files(root)
            if is_source(root, path)
            and not any("SPDX-License-Identifier:" in line for line in read(path).splitlines()[:6])]


def unfinished(root):
    """Nothing is left for later in the text."""
    root = pathlib.Path(root)
    return [f"{path.relative_to(root)}:{number} leaves something for later."
            for path in files(root) if is_source(root, path)
            for number, line in enumerate(read(path).splitlines(), 1) if UNFINISHED.search(line)]


def numbers(root):
    """Text becomes a number through ac_number_parse() only."""
    root = pathlib.Path(root)
    return [f"{path.relative_to(root)}:{number} calls {found[0]}() instead of ac_number_parse()."
            for path in files(root)
            if path.relative_to(root).parts[0] == "src" and path.suffix == ".c"
            and path.name != "ac-number.c"
            for number, line in enumerate(read(path).splitlines(), 1)
            if (found := RISKY_NUMBER.search(line))]


def languages(root):
    """A test speaks a language with language_environment(), as the C library of each Debian reads it."""
    root = pathlib.Path(root)
    return [f"{path.relative_to(root)}:{number} sets LANGUAGE without language_environment()."
            for path in files(root)
            if path.relative_to(root).parts[0] == "tests" and path.suffix == ".py"
            and path.name != "language.py"
            for number, line in enumerate(read(path).splitlines(), 1)
            if LANGUAGE_SET.search(line)]


def machine_paths(root):
    """No file names a folder of the machine that it was written on."""
    root = pathlib.Path(root)
    breaches = []
    for path in files(root):
        data = path.read_bytes()
        if b"\0" in data or path.name == "LICENSE":
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            found = MACHINE_PATH.search(line)
            if found:
                breaches.append(f"{path.relative_to(root)}:{number} names {found[0]}.")
    return breaches


def resources(root):
    """What a source names as a resource stands in the list of resources, itself or as its folder."""
    root = pathlib.Path(root)
    breaches = []
    for path in sorted((root / "src" / "window").glob("*.c")):
        lists = "".join(map(read, sorted((root / "ui").glob("*.gresource.xml"))))
        held = re.findall(r'alias="([^"]+)"', lists) + re.findall(r"<file[^>]*>([^<]+)</file>", lists)
        for name in re.findall(r'AC_UI_RESOURCE_PATH\s+"/([^"]+)"', read(path)):
            if not any(one == name or one.startswith(name + "/") for one in held):
                breaches.append(f"{path.relative_to(root)} names the resource {name}, which is in no list.")
    return breaches
