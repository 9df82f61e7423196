# SPDX-License-Identifier: GPL-3.0-or-later
"""What a browser would see of GTK's Broadway: its page, and a window on it."""
import base64
import http.client
import os
import socket
import time

PNG = b"\x89PNG\r\n\x1a\n"


def free_port():
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def page_is_up(port):
    """Whether the page that the browser loads is served."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        return answer.status == 200 and b"broadway.js" in answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def shows_a_window(port, seconds=3):
    """Whether a browser that connects is sent the picture of a window.

    Broadway answers a WebSocket (RFC 6455) with the surfaces of the programs that use it; text and
    icons come as PNG images, so one of those means that a window has been drawn."""
    key = base64.b64encode(os.urandom(16)).decode()
    request = (f"GET /socket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
               f"Connection: Upgrade\r\nOrigin: http://127.0.0.1:{port}\r\n"
               f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Protocol: broadway\r\n\r\n")
    received = b""
    until = time.monotonic() + seconds
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
            connection.sendall(request.encode())
            while time.monotonic() < until and len(received) < 4_000_000:
                connection.settimeout(max(0.05, until - time.monotonic()))
                block = connection.recv(65536)
                if not block:
                    break
                received += block
                if PNG in received:
                    break
    except OSError:
        pass
    return received.startswith(b"HTTP/1.1 101 ") and PNG in received
