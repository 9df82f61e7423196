# SPDX-License-Identifier: GPL-3.0-or-later
"""A small ManageSieve client (RFC 5804), so that tests can look at and change the scripts of a mailbox
without the client that they test."""
import base64
import re
import socket

LITERAL = re.compile(rb"\{(\d+)\}$")
STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"')


class SieveError(Exception):
    """The server refused."""


class Client:
    """One connection, with TLS by STARTTLS from the start."""

    def __init__(self, host, port, context, patience=30):
        self.socket = socket.create_connection((host, port), patience)
        self.file = self.socket.makefile("rb")
        self._answer()
        self._command(b"STARTTLS")
        self.file.close()
        self.socket = context.wrap_socket(self.socket, server_hostname=host)
        self.file = self.socket.makefile("rb")
        self.greeting = self._answer()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.log_out()

    def log_in(self, user, password, acting_for=""):
        """SASL PLAIN (RFC 4616)."""
        text = base64.b64encode(f"{acting_for}\0{user}\0{password}".encode()).decode()
        self._command(f'AUTHENTICATE "PLAIN" "{text}"'.encode())

    def log_out(self):
        """Says good-bye and hangs up."""
        try:
            self.socket.sendall(b"LOGOUT\r\n")
            self.file.read()
        except OSError:
            pass
        self.file.close()
        self.socket.close()

    def scripts(self):
        """A dict of each script's name and whether it is active."""
        return {row[0].decode(): row[-1].strip().upper() == b"ACTIVE"
                for row in self._command(b"LISTSCRIPTS")}

    def active(self):
        """The name of the active script, or None."""
        return next((name for name, active in self.scripts().items() if active), None)

    def get(self, name):
        """The bytes of a script."""
        return self._command(b"GETSCRIPT " + quoted(name))[0][0]

    def check(self, script):
        """Has the server compile a script without keeping it."""
        self._command(b"CHECKSCRIPT {%d+}\r\n" % len(script) + script)

    def put(self, name, script, active=False):
        """Keeps a script, and makes it the active one where that is wanted."""
        self._command(b"PUTSCRIPT %s {%d+}\r\n" % (quoted(name), len(script)) + script)
        if active:
            self.activate(name)

    def activate(self, name):
        """Makes a script the active one; "" for none."""
        self._command(b"SETACTIVE " + quoted(name))

    def delete(self, name):
        """Deletes a script that is not active."""
        self._command(b"DELETESCRIPT " + quoted(name))

    def snapshot(self):
        """Everything: the name of the active script, and the bytes of each script by name."""
        return self.active(), {name: self.get(name) for name in self.scripts()}

    def _command(self, text):
        self.socket.sendall(text + b"\r\n")
        return self._answer()

    def _answer(self):
        """The lines up to OK; each is a list of its strings and, last, of what else stands there."""
        rows = []
        while True:
            row, words = self._line()
            if re.match(rb"(?:OK|NO|BYE)\b", words, re.IGNORECASE):
                if not words.upper().startswith(b"OK"):
                    raise SieveError((words + b" " + b" ".join(row)).decode(errors="replace"))
                return rows
            rows.append(row + [words])

    def _line(self):
        strings, words = [], b""
        while True:
            line = self.file.readline()
            if not line.endswith(b"\r\n"):
                raise SieveError("the connection was closed")
            line = line[:-2]
            strings += [re.sub(rb"\\(.)", rb"\1", found) for found in STRING.findall(line)]
            line = STRING.sub(b"", line)
            literal = LITERAL.search(line)
            words += LITERAL.sub(b"", line)
            if literal is None:
                return strings, words
            strings.append(self.file.read(int(literal[1])))


def quoted(name):
    """A name as a quoted string."""
    return b'"' + re.sub(r'([\\"])', r"\\\1", name).encode() + b'"'
