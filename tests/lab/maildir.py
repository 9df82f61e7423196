# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes messages into maildirs before the server starts, which is far faster than over IMAP."""
import os
import pathlib

import mailbox_name

LETTERS = {"\\Draft": "D", "\\Flagged": "F", "\\Answered": "R", "\\Seen": "S", "\\Deleted": "T"}


class Writer:
    """Fills the mailboxes below a folder: @root/MAILBOX/Maildir."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.keywords = {}  # of each folder: keyword → letter
        self.count = 0

    def add(self, mailbox, folder, data, flags, date):
        """Puts a message with CRLF line ends into a folder.

        @date: its INTERNALDATE, a datetime with a zone
        """
        path = self.folder(mailbox, folder)
        letters = self.keywords.setdefault(path, {})
        shown = sorted(LETTERS[flag] if flag in LETTERS else
                       letters.setdefault(flag, chr(ord("a") + len(letters))) for flag in flags)
        self.count += 1
        kept = data.replace(b"\r\n", b"\n")
        seconds = int(date.timestamp())
        name = (f"{seconds}.M{self.count:06}P1.lab,S={len(kept)},"
                f"W={len(kept) + kept.count(10)}:2,{''.join(shown)}")
        file = path / "cur" / name
        file.write_bytes(kept)
        os.utime(file, (seconds, seconds))

    def folder(self, mailbox, folder):
        """The folder's place, made where it is not there."""
        path = self.root / mailbox / "Maildir"
        if folder != "INBOX":
            path /= "." + mailbox_name.encode(folder).decode("ascii").replace("/", ".")
        if path not in self.keywords:
            for part in ("cur", "new", "tmp"):
                (path / part).mkdir(parents=True, exist_ok=True)
            if folder != "INBOX":
                (path / "maildirfolder").touch()
        return path

    def close(self):
        """Writes down what the letters of the keywords mean."""
        for path, letters in self.keywords.items():
            if letters:
                (path / "dovecot-keywords").write_text(
                    "".join(f"{ord(letter) - ord('a')} {name}\n" for name, letter in letters.items()),
                    encoding="ascii")
