# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands between a window and its service and holds back what a test wants held back, so that two
things happen in the order that the test needs."""
import http.client
import http.server
import threading
import urllib.parse


class Proxy:
    """Hands requests on to @url; those for which `hold` (method, path) is true wait until `release`.

    @change: what the bytes of an answer become, for a service that says what no service says yet
    @streams: whether what the service tells by itself is handed on; otherwise it must be asked for
    """

    def __init__(self, url, change=None, streams=False):
        self.change = change
        self.streams = streams
        parts = urllib.parse.urlsplit(url)
        self.target = (parts.hostname, parts.port)
        self.hold = lambda method, path: False
        self.answers = False
        self.open = threading.Event()
        self.open.set()
        self.seen = []
        self.answered = []
        self.held = 0
        self.streamed = b""
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self):
                proxy.answer(self)

            do_GET = do_POST = do_HEAD = handle_one

            def log_message(self, *unused):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *unused):
                """A window that closes drops its connections: that is no news."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def answer(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        self.seen.append((request.command, request.path))
        hold = self.hold(request.command, request.path)
        answers = self.answers
        if hold and not answers:
            self.wait()
        connection = http.client.HTTPConnection(*self.target, timeout=60)
        try:
            headers = dict(request.headers)
            if self.change:
                headers["Accept-Encoding"] = "identity"
            connection.request(request.command, request.path, body=body or None, headers=headers)
            response = connection.getresponse()
            if self.streams and response.getheader("Content-Type", "").startswith("text/event-stream"):
                self.hand_on(request, response)
                return
            data = response.read()
            if hold and answers:
                self.wait()
            if self.change:
                data = self.change(data)
            request.send_response_only(response.status, response.reason)
            for name, value in response.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    request.send_header(name, value)
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data)
            self.answered.append((request.command, request.path))
        except (OSError, http.client.HTTPException):
            # The service is gone, or the window does not want the answer any more.
            request.close_connection = True
        finally:
            connection.close()

    def wait(self):
        self.held += 1
        self.open.wait()

    def hand_on(self, request, response):
        request.close_connection = True
        request.send_response_only(response.status, response.reason)
        for name, value in response.getheaders():
            if name.lower() not in ("transfer-encoding", "connection"):
                request.send_header(name, value)
        request.send_header("Connection", "close")
        request.end_headers()
        while data := response.read1():
            request.wfile.write(data)
            self.streamed += data

    def hold_back(self, hold, answers=False):
        """From now on, requests for which @hold (method, path) is true wait; @answers: the service is
        asked, and what it says waits."""
        self.open.clear()
        self.answers = answers
        self.hold = hold

    def release(self):
        self.hold = lambda method, path: False
        self.answers = False
        self.open.set()

    def close(self):
        self.release()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
