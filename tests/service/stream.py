# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of GET /changes/stream that keeps nothing from a test: what has come when, and byte by byte
where the test asks for it. Any number of them are read by one thread."""
import json
import select
import socket
import time
import urllib.parse

from api import BASE
from service import API, PATIENCE, Answer

PATH = f"{BASE}/changes/stream"
PAGE = {"$ref": "#/components/schemas/ChangePage"}


class Event:
    def __init__(self, name, token, data):
        self.name = name
        self.token = token
        self.page = json.loads(data)

    @property
    def versions(self):
        """What it tells: (kind, id, version) of each change."""
        return [(item["kind"], item["id"], item["version"]) for item in self.page["items"]]


class Stream:
    """One stream. @since goes into the query, @last into Last-Event-ID; @buffer is the size of the
    socket's buffer, for a client that takes little."""

    def __init__(self, service, role="reader", since=None, last=None, buffer=None, method="GET"):
        parts = urllib.parse.urlsplit(service.url)
        self.sock = socket.socket()
        if buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.sock.settimeout(PATIENCE)
        self.sock.connect((parts.hostname, parts.port))
        query = "?" + urllib.parse.urlencode({"since": since}) if since is not None else ""
        fields = [f"{method} {PATH}{query} HTTP/1.1", "Host: x", "Accept-Encoding: gzip",
                  f"Authorization: Bearer {service.token(role)}"]
        if last is not None:
            fields.append(f"Last-Event-ID: {last}")
        self.sock.sendall("".join(f"{field}\r\n" for field in [*fields, ""]).encode())
        self.raw = b""       # what has come and was not looked at
        self.text = b""      # of it, without the chunks
        self.status = None
        self.headers = {}
        self.events = []
        self.comments = 0
        self.retry = None
        self.ended = False   # by the last chunk
        self.closed = False
        self.seen = last if last is not None else since

    def close(self):
        self.sock.close()
        self.closed = True

    def fileno(self):
        return self.sock.fileno()

    def receive(self, size=1 << 20):
        """Takes what has come, or waits for the first of it."""
        try:
            data = self.sock.recv(size)
        except ConnectionResetError:
            data = b""
        if not data:
            self.closed = True
        self.raw += data
        self.look()

    def look(self):
        if self.status is None and not self.look_at_head():
            return
        while not self.ended:
            length, found, rest = self.raw.partition(b"\r\n")
            if not found:
                return
            size = int(length, 16)
            if len(rest) < size + 2:
                return
            assert rest[size:size + 2] == b"\r\n", rest[:100]
            self.text += rest[:size]
            self.raw = rest[size + 2:]
            self.ended = size == 0
            self.look_at_text()

    def look_at_head(self):
        head, found, rest = self.raw.partition(b"\r\n\r\n")
        if not found:
            return False
        first, *lines = head.decode().split("\r\n")
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1)
                                                                for line in lines)}
        if self.headers.get("transfer-encoding") != "chunked":
            length = int(self.headers["content-length"])
            if len(rest) < length:
                return False
            self.ended = True
            self.text = rest
        self.status = int(first.split()[1])
        self.raw = rest
        return True

    def look_at_text(self):
        while b"\n\n" in self.text:
            block, _, self.text = self.text.partition(b"\n\n")
            lines = [line.partition(": ") for line in block.decode().split("\n")]
            fields = {name: value for name, _, value in lines}
            assert len(lines) == len(fields) and "\r" not in block.decode(), block
            if set(fields) == {""}:
                self.comments += 1
            elif set(fields) == {"retry"}:
                assert self.retry is None and not self.events
                self.retry = int(fields["retry"])
            else:
                assert list(fields) == ["event", "id", "data"], block[:300]
                event = Event(fields["event"], fields["id"], fields["data"])
                assert event.page["next"] == event.token
                self.events.append(event)
                self.seen = event.token

    def wait(self, condition, seconds=PATIENCE):
        """Reads until @condition holds."""
        wait_for([self], lambda: condition(self), seconds)
        return self

    def opened(self):
        """Reads until the first event is there, and checks the head."""
        self.wait(lambda stream: stream.events or stream.ended)
        assert self.status == 200, (self.status, self.text)
        assert self.headers["content-type"] == "text/event-stream"
        assert "content-encoding" not in self.headers and "content-length" not in self.headers
        API.check_headers(PATH, {}, self)
        for event in self.events:
            assert event.name == "changes"
            API.check_value(PATH, PAGE, event.page)
        return self

    def problem(self):
        """The Answer that refuses the stream, held to the API."""
        self.wait(lambda stream: stream.ended)
        answer = Refusal(self)
        API.check("GET", PATH, answer)
        return answer

    @property
    def versions(self):
        return [version for event in self.events for version in event.versions]


class Refusal(Answer):
    def __init__(self, stream):  # pylint: disable=super-init-not-called
        self.status = stream.status
        self.headers = stream.headers
        self.compressed = False
        self.body = stream.text


def wait_for(streams, condition, seconds=PATIENCE):
    """Reads all the streams until @condition holds."""
    deadline = time.monotonic() + seconds
    poll = select.poll()
    known = {stream.fileno(): stream for stream in streams if not stream.closed}
    for number in known:
        poll.register(number, select.POLLIN)
    while not condition():
        left = deadline - time.monotonic()
        if left <= 0:
            raise AssertionError(f"waited {seconds} s in vain for {len(known)} streams")
        for number, _ in poll.poll(min(left, 0.1) * 1000):
            known[number].receive()
            if known[number].closed:
                poll.unregister(number)
                del known[number]


def token_of(service):
    """The token of now."""
    return service.request("GET", "/changes", role="reader").json["next"]
