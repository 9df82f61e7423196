# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the service listens, what it refuses to start with, and how it ends."""
import pathlib
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

from service import Service, wait_until
from test_bad_input import read_answer


def make_certificate(folder):
    """A certificate authority and a certificate for localhost and 127.0.0.1, as PEM files."""
    ca, ca_key = folder / "ca.pem", folder / "ca-key.pem"
    certificate, key, request = folder / "cert.pem", folder / "key.pem", folder / "request.pem"
    extensions = folder / "extensions"
    extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for command in (
            # Python 3.13 asks of an authority that it says what its key is for.
            ["req", "-x509", *ec, "-keyout", ca_key, "-out", ca, "-days", "2", "-subj", "/CN=Test CA",
             "-addext", "keyUsage=critical,keyCertSign"],
            ["req", *ec, "-keyout", key, "-out", request, "-subj", "/CN=localhost"],
            ["x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days",
             "2", "-extfile", extensions, "-out", certificate]):
        subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True)
    return ca, certificate, key


class Listen(unittest.TestCase):
    tap_class = "listen"

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ac-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.service = Service(self.folder / "state")

    def start(self, **settings):
        self.service.settings = {name.replace("_", "-"): value for name, value in settings.items()}
        self.addCleanup(self.service.stop)
        return self.service.start()

    def start_in_vain(self, text=None, **settings):
        """Starts with a configuration that must not do; gives what it says."""
        self.service.settings = {name.replace("_", "-"): value for name, value in settings.items()}
        self.service.folder.mkdir(exist_ok=True)
        self.service.write_config()
        if text is not None:
            self.service.config.write_text(text)
        done = self.service.run(check=False)
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertFalse((self.service.folder / "ready").exists())
        return done.stderr

    # --- addresses ---

    def test_every_address_answers(self):
        path = self.folder / "socket"
        service = self.start(listen=f"127.0.0.1:0;[::1]:0;unix:{path}")
        self.assertEqual(3, len(service.urls))
        self.assertRegex(service.urls[0], r"^http://127\.0\.0\.1:\d+$")
        self.assertRegex(service.urls[1], r"^http://\[::1\]:\d+$")
        self.assertEqual(f"unix:{path}", service.urls[2])
        for url in service.urls:
            self.assertEqual("the.reader", service.request("GET", "/me", role="reader",
                                                           url=url).json["name"])

    def test_the_flag_overrides_the_file(self):
        service = self.start()
        port = socket.create_server(("127.0.0.1", 0))
        number = port.getsockname()[1]
        port.close()
        service.stop()
        process = subprocess.Popen([*service.command("--listen", f"127.0.0.1:{number}")],
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        wait_until((service.folder / "ready").exists, "service to listen")
        self.assertEqual(f"http://127.0.0.1:{number}\n", (service.folder / "ready").read_text())

    def test_a_unix_socket_is_for_its_owner_only(self):
        path = self.folder / "socket"
        self.start(listen=f"unix:{path}")
        self.assertEqual(0o600, stat.S_IMODE(path.stat().st_mode))
        self.service.stop()
        self.assertFalse(path.exists())

    def test_a_socket_left_by_a_dead_service_is_replaced(self):
        path = self.folder / "socket"
        service = self.start(listen=f"unix:{path}")
        service.kill9()
        self.assertTrue(path.exists())
        service.start()
        self.assertEqual(200, service.request("GET", "/healthz").status)

    def test_a_socket_in_use_is_left_alone(self):
        path = self.folder / "socket"
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(str(path))
            other.listen()
            said = self.start_in_vain(listen=f"unix:{path}")
        self.assertIn("Another program answers", said)
        self.assertTrue(path.exists())

    def test_a_file_in_place_of_the_socket_is_left_alone(self):
        path = self.folder / "socket"
        path.write_text("precious")
        self.assertIn("is not a socket", self.start_in_vain(listen=f"unix:{path}"))
        self.assertEqual("precious", path.read_text())

    def test_an_address_in_use_is_said(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            address = f"127.0.0.1:{other.getsockname()[1]}"
            self.assertIn(address, self.start_in_vain(listen=address))

    def test_other_machines_are_not_listened_to_without_tls(self):
        for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:8443", "127.0.0.1:0;0.0.0.0:0"):
            with self.subTest(address=address):
                said = self.start_in_vain(listen=address)
                self.assertIn("key “listen”", said)
                self.assertIn("certificate", said)

    def test_settings_that_make_no_sense_are_named(self):
        common = f"[service]\ndatabase={self.folder}/db\ntokens={self.folder}/tokens\n"
        for text, said in ((common + "colour=red\n", "key “colour”"),
                           (common + "[mial]\n", "[mial]"),
                           (common + "connections=many\n", "key “connections”"),
                           (common + "connections=0\n", "from 1 to"),
                           (common + "max-body-bytes=-5\n", "key “max-body-bytes”"),
                           (common + "header-seconds=1.5\n", "key “header-seconds”"),
                           (common + "listen=localhost\n", "key “listen”"),
                           (common + "listen=127.0.0.1:99999\n", "key “listen”"),
                           (common + "listen=::1:80\n", "key “listen”"),
                           (common + "listen=unix:relative\n", "key “listen”"),
                           (common + "listen=\n", "key “listen”"),
                           (common + f"listen=unix:/{'x' * 200}\n", "shorter"),
                           (common + "certificate=x.pem\n", "key “key”"),
                           (common + "ready-file=\n", "key “ready-file”"),
                           (f"[service]\ntokens={self.folder}/tokens\n", "key “database”"),
                           (f"[service]\ndatabase={self.folder}/db\n", "key “tokens”"),
                           (common + "[mail]\nserver\n", "Could not read")):
            with self.subTest(text=text):
                complaint = self.start_in_vain(text)
                self.assertIn(said, complaint)
                self.assertIn(str(self.service.config), complaint)

    def test_files_that_are_not_there_are_named(self):
        self.service.folder.mkdir()
        done = self.service.run(check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn(str(self.service.config), done.stderr)
        said = self.start_in_vain(certificate="/none.pem", key="/none.pem", listen="127.0.0.1:0")
        self.assertIn("/none.pem", said)
        self.assertIn("/none/db", self.start_in_vain(database="/none/db"))

    def test_commands_that_make_no_sense_are_refused(self):
        self.service.folder.mkdir()
        self.service.write_config()
        for words in (("dance",), ("token",), ("token", "eat"), ("token", "add"), ("audit",),
                      ("token", "add", "--name", "x", "--role", "king"), ("token", "revoke"),
                      ("audit", "verify", "now"), ("--colour",)):
            with self.subTest(words=words):
                done = self.service.run(*words, check=False)
                self.assertEqual(2, done.returncode, done.stderr)
                self.assertIn("--help", done.stderr)
        self.assertRegex(self.service.run("--version").stdout, r"^action-centerd \d+\.\d+\.\d+\n$")

    # --- TLS ---

    def start_tls(self):
        ca, certificate, key = make_certificate(self.folder)
        self.service.certificate = ca
        return self.start(certificate=certificate, key=key, listen="0.0.0.0:0")

    def test_a_client_that_trusts_the_authority_is_served(self):
        service = self.start_tls()
        url = service.url.replace("0.0.0.0", "127.0.0.1")
        self.assertTrue(url.startswith("https://"))
        for _ in range(3):
            self.assertEqual(200, service.request("GET", "/me", url=url).status)
        connection = service.connect(url)
        self.addCleanup(connection.close)
        for _ in range(3):
            self.assertEqual(200, service.request("GET", "/me", connection=connection).status)
        answer = service.request("POST", "/operations", b" " * 3_000_000, url=url)
        self.assertEqual((400, "bad-json"), (answer.status, answer.problem))

    def test_a_client_that_does_not_trust_it_breaks_off(self):
        service = self.start_tls()
        port = urllib.parse.urlsplit(service.url).port
        with self.assertRaises(ssl.SSLCertVerificationError):
            with socket.create_connection(("127.0.0.1", port), 30) as sock:
                ssl.create_default_context().wrap_socket(sock, server_hostname="localhost")
        self.assertEqual(200, service.request("GET", "/me",
                                              url=f"https://127.0.0.1:{port}").status)

    def test_plain_http_is_refused(self):
        service = self.start_tls()
        port = urllib.parse.urlsplit(service.url).port
        with socket.create_connection(("127.0.0.1", port), 30) as sock:
            sock.sendall(b"GET /api/v1/healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = read_answer(sock)
        self.assertEqual((400, "bad-request"), (answer.status, answer.problem))
        self.assertIn("https://", answer.json["detail"])

    def test_slow_handshakes_do_not_keep_others_out(self):
        service = self.start_tls()
        parts = urllib.parse.urlsplit(service.url)
        hello = ssl.MemoryBIO()
        client = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello,
                                                       server_hostname="localhost")
        with self.assertRaises(ssl.SSLWantReadError):
            client.do_handshake()
        greeting = hello.read()
        held = []
        for part in [b"", greeting[:3], greeting[:100]] * 20 + [greeting] * 40:
            sock = socket.create_connection(("127.0.0.1", parts.port), 30)
            self.addCleanup(sock.close)
            sock.sendall(part)
            held.append(sock)
        for _ in range(5):
            self.assertEqual(200, service.request("GET", "/me",
                                                  url=f"https://127.0.0.1:{parts.port}").status)

    # --- the end ---

    def test_a_request_under_way_is_finished_before_the_end(self):
        service = self.start()
        connection = service.connect()
        self.addCleanup(connection.close)
        body = b'{"decision": "approve", "actionIds": ["none"]}'
        connection.putrequest("POST", "/api/v1/operations")
        for name, value in (("Authorization", f"Bearer {service.token('admin')}"),
                            ("Idempotency-Key", "k"), ("Content-Type", "application/json"),
                            ("Content-Length", str(len(body)))):
            connection.putheader(name, value)
        connection.endheaders(body[:10])
        wait_until(lambda: service.request("GET", "/healthz").status == 200, "the head to be read")
        service.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "Told to stop" in service.log, "the signal to arrive")
        connection.send(body[10:])
        response = connection.getresponse()
        self.assertEqual(404, response.status)
        self.assertEqual("close", response.headers["Connection"])
        response.read()
        service.stop()

    def test_a_signal_amid_many_requests_ends_well(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            service = self.start()
            statuses = []

            def ask():
                try:
                    while True:
                        statuses.append(service.request("GET", "/actions").status)
                except OSError:
                    pass
            threads = [threading.Thread(target=ask) for _ in range(6)]
            for thread in threads:
                thread.start()
            wait_until(lambda: len(statuses) > 30, "requests to be answered")
            service.process.send_signal(number)
            service.stop()
            for thread in threads:
                thread.join()
            self.assertEqual({200}, set(statuses))
            self.assertFalse((service.folder / "ready").exists())

    def test_a_signal_at_the_moment_it_is_ready_ends_well(self):
        service = self.start()
        service.stop()
        for _ in range(10):
            service.launch()
            while not (service.folder / "ready").exists():
                self.assertIsNone(service.process.poll())
            service.stop()
            self.assertFalse((service.folder / "ready").exists())

    def test_idle_connections_do_not_delay_the_end(self):
        service = self.start()
        connections = [service.connect() for _ in range(20)]
        for connection in connections:
            self.addCleanup(connection.close)
            service.request("GET", "/me", connection=connection)
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        for connection in connections:
            self.assertEqual(b"", connection.sock.recv(1))
        self.assertLess(time.monotonic() - began, 8)  # requests under way would be given 10
        service.stop()
