# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands between the responder and the mail server, reads what the responder says, and lets a test
act at one exact command: cut the connection, answer in the server's place, or let something happen
before the command goes on. It shows the lab's own certificate, so that TLS ends here and begins
anew."""
import contextlib
import re
import socket
import ssl
import threading


class Session:
    """One connection of the responder, and its own to the server."""

    def __init__(self, proxy, client):
        self.proxy = proxy
        self.client = client
        self.sending = threading.Lock()
        server = socket.create_connection((proxy.lab.host, proxy.lab.port), 30)
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server = ssl.create_default_context(cafile=proxy.lab.ca_file).wrap_socket(
            server, server_hostname=proxy.lab.host)
        self.server.settimeout(None)
        self.withheld = None  # the tag of the command whose answer the responder is not to get
        self.over = threading.Event()

    def serve(self):
        """Hands on in both directions, each until its end."""
        back = threading.Thread(target=self.hand_back, daemon=True)
        back.start()
        with contextlib.suppress(OSError, ValueError):
            lines = self.client.makefile("rb")
            for line in lines:
                if self.take(line):
                    self.hand_literals_on(line, lines)
        if self.withheld is None:
            self.close(self.server)
        back.join()

    def hand_literals_on(self, line, lines):
        """A literal is no command, whatever it says; nor is what goes on after it."""
        while found := re.search(rb"\{(\d+)\+?\}\r\n$", line):
            left = int(found[1])
            while left > 0:
                piece = lines.read1(min(left, 65536))
                if not piece:
                    return
                self.server.sendall(piece)
                left -= len(piece)
            line = lines.readline()
            self.server.sendall(line)

    def take(self, line):
        """Whether the line has gone on to the server."""
        tag, _, command = line.rstrip(b"\r\n").partition(b" ")
        if not command:  # the rest of a command, such as the password
            self.server.sendall(line)
            return True
        self.proxy.commands.append(command.decode(errors="replace"))
        answer = None
        for at, (pattern, act) in enumerate(self.proxy.rules):
            if re.search(pattern, command):
                del self.proxy.rules[at]
                answer = act(self, tag)
                break
        if answer is None:
            self.server.sendall(line)
        else:
            self.answer(tag + b" " + answer + b"\r\n")
        return answer is None

    def answer(self, line):
        """Both threads answer, and the end of one writing may not meet the beginning of the next: the
        state of TLS is in no order then."""
        with self.sending:
            self.client.sendall(line)

    def hand_back(self):
        with contextlib.suppress(OSError, ValueError):
            for line in self.server.makefile("rb"):
                if self.withheld is None or line.startswith(b"+"):
                    self.answer(line)
                elif line.startswith(self.withheld + b" "):
                    break
        self.close(self.client)
        self.close(self.server)
        self.over.set()

    def withhold(self, tag):
        """The answer is lost, and the connection with it, once the server has done it."""
        self.withheld = tag

    def leave(self, tag):
        """The responder is gone at once; what it has said last goes on to the server."""
        self.withheld = tag
        self.close(self.client)

    @staticmethod
    def close(connection):
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def refuse_always(pattern, answer):
    """A rule that does not serve once only: each such command is refused."""
    def act(session, _tag):
        session.proxy.rules.append(rule)
        return answer

    rule = (pattern, act)
    return rule


class ImapProxy:
    """A server of its own in front of the lab's, until the end of `with`.

    @rules: pairs of a regular expression and act(session, tag). The first command that the
      expression is found in is held while act runs; then it goes on to the server, unless act gives
      an answer (bytes, without the tag). A rule serves once; the first one that fits is taken.
    """

    def __init__(self, lab, *rules):
        self.lab = lab
        self.rules = list(rules)
        self.commands = []
        self.sessions = []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(lab.folder / "server.pem", lab.folder / "server.key")
        self.listener = socket.create_server((lab.host, 0))
        self.thread = threading.Thread(target=self.accept, daemon=True)

    @property
    def server(self):
        """The key server of the group [mail]."""
        return f"imaps://{self.lab.host}:{self.listener.getsockname()[1]}"

    def count(self, word):
        """How many commands began with this word."""
        return sum(command.startswith(word) for command in self.commands)

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with contextlib.suppress(OSError):
            session = Session(self, self.context.wrap_socket(client, server_side=True))
            self.sessions.append(session)
            session.serve()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
