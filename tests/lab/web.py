# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server to click on: each path gives a page that names it. It counts what it was asked for, so
that a test can tell a refused click from one that arrived."""
import http.server
import threading

HOST = "127.0.0.1"


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append(self.path)
        body = f"The page {self.path}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


class Web:
    """One server on a free port. seen: the paths that arrived, in order."""

    def __init__(self):
        self.server = http.server.ThreadingHTTPServer((HOST, 0), _Page)
        self.server.daemon_threads = True
        self.server.seen = []
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def seen(self):
        return self.server.seen

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def url(self, path="/", host=HOST):
        """The URL of a path here."""
        return f"http://{host}:{self.port}{path}"
