# SPDX-License-Identifier: GPL-3.0-or-later
"""A network that fails, between a client and its service: it knows bytes and connections, and of HTTP
only where a request ends.

    proxy = FaultProxy(service.url)
    proxy.fail("stall")            # every connection, those that are open and those to come
    proxy.heal()
    proxy.answer(reply(503, b"{}"))    # to every request, in the service's place

`choose` gives each new connection its fate: a Fault, or None for one that works."""
import select
import socket
import struct
import threading
import urllib.parse
from typing import NamedTuple

SIZE = 64 * 1024
# How soon a connection notices that its fate has changed, in seconds.
TICK = 0.05


class Fault(NamedTuple):
    """What happens after so many bytes of answers: "refuse" (a reset instead of an answer), "cut" (the
    end of the connection), "reset", or "stall" (nothing any more, until somebody gives up)."""
    kind: str
    after: int = 0


def reply(status, body, content_type="application/problem+json", length=None, **headers):
    """The bytes of an answer. @length: what it says of its length, where that is not the truth."""
    fields = {"Content-Type": content_type, "Connection": "close",
              "Content-Length": len(body) if length is None else length,
              **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = f"HTTP/1.1 {status} Fault\r\n" + "".join(f"{name}: {value}\r\n"
                                                    for name, value in fields.items())
    return head.encode() + b"\r\n" + body


class Connection(threading.Thread):
    def __init__(self, proxy, client, fault):
        super().__init__(daemon=True)
        self.proxy = proxy
        self.client = client
        self.server = None
        self.fault = fault
        self.answered = 0
        self.over = False

    def run(self):
        try:
            self.carry()
        except OSError:
            pass
        finally:
            self.proxy.forget(self)
            self.finish()

    def finish(self):
        if self.fault is not None and self.fault.kind != "cut":
            # Its unsent data is thrown away, and the other side is told.
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.client.close()
        if self.server is not None:
            self.server.close()

    def strikes(self):
        return self.fault is not None and self.answered >= self.fault.after

    def carry(self):
        self.client.settimeout(60)
        if self.fault is not None and self.fault.kind == "refuse":
            return
        if self.proxy.made_up is not None:
            self.answer_by_itself()
            return
        self.server = socket.create_connection(self.proxy.target, timeout=60)
        while not self.over:
            if self.strikes() and self.fault.kind != "stall":
                return
            # A connection that stalls takes what is sent and hands nothing on.
            ends = [self.client] if self.strikes() else [self.client, self.server]
            for ready in select.select(ends, [], [], TICK)[0]:
                data = ready.recv(SIZE)
                if not data:
                    return
                if ready is self.client:
                    if not self.strikes():
                        self.server.sendall(data)
                    continue
                if self.fault is not None:
                    data = data[:max(0, self.fault.after - self.answered)]
                self.answered += len(data)
                self.client.sendall(data)

    def answer_by_itself(self):
        request = b""
        while b"\r\n\r\n" not in request:
            data = self.client.recv(SIZE)
            if not data:
                return
            request += data
        head, _, body = request.partition(b"\r\n\r\n")
        method, path = head.decode().split(" ")[:2]
        length = next((int(line[15:]) for line in head.decode().split("\r\n")
                       if line.lower().startswith("content-length:")), 0)
        while len(body) < length:
            body += self.client.recv(SIZE)
        self.proxy.seen.append((method, path))
        made_up = self.proxy.made_up
        self.client.sendall(made_up(method, path) if callable(made_up) else made_up)
        # It is read before the connection is gone.
        self.client.shutdown(socket.SHUT_WR)
        while self.client.recv(SIZE):
            pass


class FaultProxy:
    def __init__(self, url, choose=None):
        parts = urllib.parse.urlsplit(url)
        self.target = (parts.hostname, parts.port)
        self.choose = choose or (lambda: None)
        self.made_up = None
        self.seen = []
        self.lock = threading.Lock()
        self.connections = set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.accepted = 0
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.accepted += 1
                connection = Connection(self, client, self.choose())
                self.connections.add(connection)
            connection.start()

    def forget(self, connection):
        with self.lock:
            self.connections.discard(connection)

    def open_now(self):
        with self.lock:
            return list(self.connections)

    def fail(self, kind, after=0):
        """From now on all connections fail, after so many more bytes of answers."""
        with self.lock:
            self.choose = lambda: Fault(kind, after)
            for connection in self.connections:
                connection.fault = Fault(kind, connection.answered + after)

    def answer(self, made_up):
        """Breaks all connections; from now on each request gets @made_up, bytes or a function of method
        and path that gives them."""
        with self.lock:
            self.made_up = made_up
        self.break_off()

    def break_off(self):
        """Ends what is open; what comes next is not meant."""
        for connection in self.open_now():
            connection.fault = Fault("reset", 0)

    def heal(self):
        """What comes from now on works; what had failed stays broken."""
        with self.lock:
            self.choose = lambda: None
            self.made_up = None
            faulty = [connection for connection in self.connections if connection.fault is not None]
        for connection in faulty:
            connection.fault = Fault("reset", 0)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        for connection in self.open_now():
            connection.over = True
        for connection in self.open_now():
            connection.join(5)
