# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the real action-centerd for a test and talks to it.

    with tempfile.TemporaryDirectory() as folder:
        service = Service(folder)
        service.start()
        answer = service.request("GET", "/actions", role="reader")
        assert answer.status == 200 and answer.json["total"] == 0
        service.stop()

Every answer that `request` gets is held to data/openapi.yaml. The program is the one that the
environment variable ACTION_CENTERD names; what AC_PROGRAM_WRAPPER holds stands in front of it.
"""
import gzip
import http.client
import itertools
import json
import os
import pathlib
import shlex
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import urllib.parse
import uuid

from api import BASE, Api

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import patience  # noqa: E402

ROLES = ("reader", "responder", "detector", "admin")
PROGRAM = os.environ.get("ACTION_CENTERD", "action-centerd")
WRAPPER = shlex.split(os.environ.get("AC_PROGRAM_WRAPPER", ""))
# How long anything may take that is waited for; under valgrind everything is slow.
PATIENCE = 120 if WRAPPER else 40
TROUBLE = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:", "CRITICAL",
           "== ERROR SUMMARY")
# The leak checker misreads the thread-local storage of GnuTLS's threads, and dies of it, when the
# sanitizer watches how it is handed out.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": ":".join(
    filter(None, [os.environ.get("ASAN_OPTIONS"), "intercept_tls_get_addr=0"]))}
API = Api()
counter = itertools.count(1)
# What the first service of this process has got for the usual roles: its file of tokens, and the tokens by
# role and name. Later ones begin with a copy, for making a token takes a start of the program.
usual_tokens = []


class ServiceError(AssertionError):
    """The service did not do what every test relies on."""


def wait_until(condition, what, seconds=PATIENCE):
    """Returns what @condition gives once that is true; fails after @seconds."""
    return patience.wait_until(condition, what, seconds, ServiceError)


def message_entity(number, **members):
    """The entity of a message that no mailbox holds."""
    return {"type": "emailMessage", "messageId": f"<m-{number}@phish.test>",
            "subject": f"Invoice {number}", "sender": "billing@phish.test", **members}


def proposal(number, assets=("alice@example.test",), **members):
    """A proposal to soft-delete that message."""
    return {"type": "softDeleteEmail", "verdict": "malicious", "entity": message_entity(number),
            "assets": list(assets), "reason": f"The link of message {number} steals passwords.",
            **members}


def investigation(actions=1, external_id=None, **members):
    """The body of POST /investigations; @actions is a number of proposals or a list of them."""
    if isinstance(actions, int):
        actions = [proposal(next(counter)) for _ in range(actions)]
    evidence = [{"entity": dict(action["entity"]), "verdict": action["verdict"]} for action in actions]
    return {"externalId": external_id or f"alert-{uuid.uuid4()}", "title": "Phishing delivered",
            "evidence": evidence, "actions": actions, **members}


class Answer:
    """What came back: status, headers (names in lower case), body (bytes, decompressed)."""

    def __init__(self, response, body):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.compressed = self.headers.get("content-encoding") == "gzip"
        self.body = gzip.decompress(body) if self.compressed else body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def problem(self):
        """The last word of the problem's type, such as "bad-json"."""
        return self.json["type"].rpartition(":")[2]

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Service:
    """One action-centerd in a folder of its own.

    @lab: the mail lab, or None for a service without a mail server; its `mail_config()` and
    `forwarding_config()` give the keys of the groups [mail] and [forwarding].
    @devices: the lab's devices, or None; their `device_config()` gives the keys of the group [device].
    @groups: more groups of the configuration, each a dict of keys.
    @settings: keys of the group [service] that are to differ from the usual.
    @limits: arguments for prlimit(1), such as ["--nofile=300"].
    """

    def __init__(self, folder, lab=None, settings=None, limits=(), devices=None, groups=None):
        self.folder = pathlib.Path(folder)
        self.groups = dict(groups or {})
        self.lab = lab
        self.devices = devices
        self.settings = dict(settings or {})
        self.limits = list(limits)
        self.process = None
        self.tokens = {}
        self.urls = []
        self.certificate = None
        self.starts = 0

    def exports(self):
        """Who has exported what, as the audit log has it, in order."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute("SELECT actor, comment FROM audit WHERE event = 'export' "
                                    "ORDER BY seq").fetchall()

    # --- the process ---

    @property
    def config(self):
        return self.folder / "action-centerd.conf"

    @property
    def database(self):
        return self.folder / "action-center.db"

    @property
    def log(self):
        """What the service has written so far, over all its starts."""
        return "".join(file.read_text(errors="replace")
                       for file in sorted(self.folder.glob("log.*")))

    @property
    def url(self):
        """The first address, such as http://127.0.0.1:43211 (without /api/v1)."""
        return self.urls[0]

    def command(self, *arguments):
        return [*WRAPPER, PROGRAM, *arguments, "--config", str(self.config)]

    def run(self, *arguments, check=True):
        """Runs action-centerd with a command such as "token", "list" to its end."""
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
        if check and done.returncode != 0:
            raise ServiceError(f"action-centerd {arguments} gave {done.returncode}: {done.stderr}")
        return done

    def write_config(self):
        groups = {"service": {"database": self.database, "tokens": self.folder / "tokens",
                              "listen": "127.0.0.1:0", "ready-file": self.folder / "ready",
                              # What is decided begins at once, unless the test is about that.
                              "grace-seconds": 0,
                              **self.settings}}
        if self.lab is not None:
            groups["mail"] = self.lab.mail_config()
            groups["forwarding"] = self.lab.forwarding_config()
        if self.devices is not None:
            groups["device"] = self.devices.device_config()
        groups |= self.groups
        text = "".join(f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in keys.items())
                       for name, keys in groups.items())
        self.config.write_text(text, encoding="utf-8")

    def launch(self):
        """Starts the program without waiting for it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.write_config()
        (self.folder / "ready").unlink(missing_ok=True)
        self.starts += 1
        limits = ["prlimit", *self.limits] if self.limits else []
        with open(self.folder / f"log.{self.starts:04}", "wb") as log:
            self.process = subprocess.Popen([*limits, *self.command()], stdout=log, stderr=log,
                                            env=ENVIRONMENT)

    def start(self):
        """Starts the service, with a token for each role, and waits until it listens."""
        self.take_usual_tokens()
        self.launch()
        ready = self.folder / "ready"
        wait_until(lambda: ready.exists() or self.process.poll() is not None, "service to listen")
        if self.process.poll() is not None:
            raise ServiceError(f"the service ended with {self.process.returncode}: {self.log}")
        self.urls = ready.read_text().split()
        self.make_usual_tokens()
        return self

    def take_usual_tokens(self):
        """Begins with the tokens that there are already for the usual roles."""
        path = self.folder / "tokens"
        if usual_tokens and not self.tokens and not path.exists():
            text, tokens = usual_tokens
            self.folder.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_bytes(text)
            self.tokens.update(tokens)

    def make_usual_tokens(self):
        """Makes a token for each of the usual roles that has none yet."""
        missing = [role for role in ROLES if role not in self.tokens]
        for role in missing:
            self.tokens[role] = self.add_token(role, f"the.{role}")
        if missing == list(ROLES) and not usual_tokens:
            usual_tokens[:] = (self.folder / "tokens").read_bytes(), dict(self.tokens)

    def add_token(self, role, name):
        """Makes a token; `role` of `request` may then also be @name."""
        token = self.run("token", "add", "--name", name, "--role", role).stdout.strip()
        self.tokens[name] = token
        return token

    def token(self, role):
        """The token of "reader", "responder", "detector" or "admin"."""
        return self.tokens[role]

    def stop(self):
        """Ends the service politely, and fails if it ended badly or complained."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise ServiceError(f"the service did not stop:\n{self.log[-4000:]}") from None
        self.process = None
        self.check_log()
        if code != 0:
            raise ServiceError(f"the service ended with {code}:\n{self.log[-4000:]}")

    def kill9(self):
        """Ends the service as a power cut would."""
        self.process.kill()
        self.process.wait(PATIENCE)
        self.process = None

    def restart(self):
        """Starts it again; after kill9() or instead of stop() and start()."""
        self.stop()
        return self.start()

    def check_log(self):
        log = self.log
        for word in TROUBLE:
            if word in log:
                raise ServiceError(f"the service complained:\n{log[-6000:]}")
        for token in self.tokens.values():
            if token in log:
                raise ServiceError("the log holds a token")

    # --- HTTP ---

    def connect(self, url=None, timeout=PATIENCE, source=None):
        """A connection of http.client to the service. @source: the address to come from."""
        url = url or self.url
        if url.startswith("unix:"):
            return UnixConnection(url.removeprefix("unix:"), timeout)
        parts = urllib.parse.urlsplit(url)
        source = (source, 0) if source else None
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=str(self.certificate))
            return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=timeout,
                                               source_address=source, context=context)
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout,
                                          source_address=source)

    def request(self, method, path, body=None, role="admin", key=None, headers=None, query=None,
                token=None, url=None, source=None, connection=None):
        """Sends one request and returns the Answer, held to the API.

        @path: below /api/v1, or from "//" on the whole path with one "/" taken off
        @body: what JSON is made of, or bytes that are sent as they are
        @role: whose token is sent; None: no token. @token: send this one instead
        @key: the Idempotency-Key; without one, each POST gets a new one; "" sends none
        @query: a dict (a list as value repeats the parameter)
        """
        whole = path[1:] if path.startswith("//") else BASE + path
        if query:
            whole += "?" + urllib.parse.urlencode(query, doseq=True)
        fields = {"Accept-Encoding": "gzip"}
        if token or role:
            fields["Authorization"] = f"Bearer {token or self.tokens[role]}"
        if method == "POST" and key != "":
            fields["Idempotency-Key"] = key or str(uuid.uuid4())
        if body is not None:
            fields["Content-Type"] = "application/json"
            if not isinstance(body, bytes):
                body = json.dumps(body, ensure_ascii=False).encode()
        for name, value in (headers or {}).items():
            fields[name] = value
            if value is None:
                del fields[name]
        own = connection is None
        connection = connection or self.connect(url, source=source)
        try:
            connection.request(method, whole, body=body, headers=fields)
            response = connection.getresponse()
            answer = Answer(response, response.read())
        finally:
            if own:
                connection.close()
        API.check(method, whole, answer)
        return answer

    def post_investigation(self, actions=1, role="detector", **members):
        """Posts an investigation and returns it."""
        answer = self.request("POST", "/investigations", investigation(actions, **members),
                              role=role)
        if answer.status not in (200, 201):
            raise ServiceError(f"the investigation was refused: {answer}")
        return answer.json

    def decide(self, decision, ids, role="responder", comment=None, key=None, **more):
        """POST /operations; returns the Answer. @more: members of the body."""
        body = {"decision": decision, "actionIds": list(ids), **more}
        if comment is not None:
            body["comment"] = comment
        return self.request("POST", "/operations", body, role=role, key=key)

    def action(self, action_id):
        return self.request("GET", f"/actions/{action_id}", role="reader").json

    def wait_operation(self, operation_id, seconds=PATIENCE):
        """Waits until the operation is finished, and returns it."""
        def finished():
            operation = self.request("GET", f"/operations/{operation_id}", role="reader").json
            return operation if operation["status"] == "finished" else None
        return wait_until(finished, f"operation {operation_id} to finish", seconds)
