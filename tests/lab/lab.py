#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real mail server for tests and for trying Action Center out: Dovecot with a configuration folder
of its own, on free ports of the loopback interface, full of mail. Its owners' Sieve scripts are kept by
ManageSieve and run on what LMTP delivers.

    lab.py run DIR [--users N] [--messages N] [--corpus DIR | --no-corpus] [--quota SIZE]

prints one line of JSON when the server is ready (addresses and files), runs until SIGTERM, SIGINT or
the end of standard input, and leaves nothing running. In a test:

    lab = Lab(folder, users=2, messages=30).start()
    before = lab.snapshot("alice@example.test")
    ...
    lab.stop()
"""
import argparse
import collections
import contextlib
import datetime
import email
import email.header
import hashlib
import imaplib
import json
import os
import pathlib
import re
import select
import shutil
import signal
import smtplib
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import dovecot  # pylint: disable=wrong-import-position
import mailbox_name  # pylint: disable=wrong-import-position
import maildir  # pylint: disable=wrong-import-position
import managesieve  # pylint: disable=wrong-import-position
import messages as mail  # pylint: disable=wrong-import-position
import sink as smtp_sink  # pylint: disable=wrong-import-position

HOST = "127.0.0.1"
PATIENCE = 30
ROOT = pathlib.Path(__file__).resolve().parents[2]

# A message as it lies in a folder: what must be the same after an undo.
Stored = collections.namedtuple("Stored", "sha256 flags date")

# A message as somebody would report it.
Found = collections.namedtuple("Found", "mailbox folder uid message_id subject sender received_at")


class LabError(Exception):
    """The mail server did not do what the lab needs."""


class Lab:
    """One Dovecot.

    @folder: an empty or new folder for everything that belongs to it, or that of an earlier Lab,
      whose mail is then kept
    @users: how many mailboxes, or a list of their addresses
    @messages: about how many messages each of them holds; 0 for empty mailboxes
    @corpus: a folder of .eml files that the harmful messages come from; by default the one beside
      the source tree when it is there; False for made-up messages only
    @quota: how much a mailbox may hold, such as "64K", or None
    @seed: of what is made up and of what lies where
    @recoverable: the folder that the owners cannot see
    @extra: more text for dovecot.conf
    @scripts: how many Sieve scripts a mailbox may have, or None for any number
    @sink: whether an SMTP server is started that takes what scripts redirect; without it such a
      message stays undelivered
    @run_folder: for what belongs to the server while it runs, under root its mail too; by default one
      of its own. Its path is short, and under root everybody can enter the folders above it

    Attributes once started: host, port (IMAP over TLS), starttls_port, sieve_port (STARTTLS),
    lmtp_port, sink, ca_file, master_user, master_password, password_file, recoverable, quarantine (the
    account that quarantined mail goes to, which is none of the mailboxes), mailboxes, release.
    """

    host = HOST
    master_user = "acmaster"
    quarantine = "quarantine@example.test"

    def __init__(self, folder, users=3, messages=40, corpus=None, quota=None, seed=1,
                 recoverable="Recoverable", extra="", scripts=None, sink=False,
                 run_folder=None):
        self.folder = pathlib.Path(folder).resolve()
        self.mailboxes = mail.mailboxes(users) if isinstance(users, int) else list(users)
        self.n_messages = messages
        self.corpus = default_corpus() if corpus is None else corpus
        self.quota = quota
        self.seed = seed
        self.recoverable = recoverable
        self.extra = extra
        self.master_password = None
        self.scripts = scripts
        self.port = None
        self.starttls_port = None
        self.sieve_port = None
        self.lmtp_port = None
        self.sink_port = None
        self.sink = smtp_sink.Sink(self.folder / "redirected") if sink else None
        self.release = dovecot.version()
        self.process = None
        self.wanted_run_folder = run_folder
        self.run_folder = None

    # --- the server ---

    @property
    def ca_file(self):
        """The certificate of the authority that has signed the server's."""
        return str(self.folder / "ca.pem")

    @property
    def password_file(self):
        """A file of mode 0600 that holds the master user's password."""
        return str(self.folder / "master-password")

    @property
    def log(self):
        """What Dovecot has written, while it started (.err) and since (.log)."""
        return "".join(path.read_text(errors="replace") for path in sorted(
            self.folder.glob("dovecot.[el]*")))

    def start(self):
        """Makes the folder and its mail where there is none, starts the server, and returns the Lab
        once it answers. Call it from a thread that lives as long as the server is to: Dovecot dies
        with the thread that started it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "ca.pem").exists():
            self._make_certificates()
        if not (self.folder / "users").exists():
            self._make_users()
            self._fill()
        self.master_password = pathlib.Path(self.password_file).read_text(encoding="utf-8").strip()
        # The names of Unix sockets may have 107 bytes, so Dovecot's lie in a short place.
        if self.run_folder is None:
            self.run_folder = pathlib.Path(self.wanted_run_folder or
                                           tempfile.mkdtemp(prefix="ac-lab-", dir="/tmp"))
            self.run_folder.mkdir(parents=True, exist_ok=True)
            self.run_folder.chmod(0o755)
        try:
            self._take_mail()
            self._launch_on_free_ports()
            if self.sink is not None:
                self.sink.start(self.sink_port)
            self._subscribe()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        """Ends the server in order; it can be started again, on the same ports."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                pass
            self.kill9()
        if self.sink is not None:
            self.sink.stop()
        if self.run_folder is not None:
            self._give_mail_back()
            shutil.rmtree(self.run_folder, ignore_errors=True)
            self.run_folder = None

    def discard(self):
        """Ends the server at once, where nobody will look at its mail any more: in order it takes it a
        second."""
        self.kill9()
        self.stop()

    def kill9(self):
        """Kills every process of the server at once, as a power cut would."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        group, self.process = self.process.pid, None
        wait_until(lambda: not is_alive(group), "the old Dovecot to be gone")

    @contextlib.contextmanager
    def paused(self):
        """For as long as the block takes, the server is there and answers nothing: what is under way
        stays under way."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)

    def remove_locks(self):
        """Takes away the lock files that a server that was killed has left. It would wait for them
        for two minutes."""
        for lock in self.mail_folder().rglob("*.lock"):
            lock.unlink(missing_ok=True)

    def restart(self):
        """Starts the server again on the same ports, killing it first where it still runs."""
        self.kill9()
        if not self._launch():
            raise LabError(f"Dovecot did not start again:\n{self.log[-4000:]}")

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    def _launch_on_free_ports(self):
        for attempt in range(10):
            if self.port is None or attempt > 0:
                (self.port, self.starttls_port, self.sieve_port, self.lmtp_port,
                 self.sink_port) = free_ports(5)
            if self._launch():
                return
            if "Address already in use" not in self.log:
                break
        raise LabError(f"Dovecot did not start:\n{self.log[-4000:]}")

    def _launch(self):
        run = self.run_folder / "run"
        run.mkdir(exist_ok=True)
        # Left by a server that was killed; its number may belong to somebody else now.
        (run / "master.pid").unlink(missing_ok=True)
        places = {name: self.folder / file for name, file in {
            "certificate": "server.pem", "key": "server.key", "masters": "masters", "users": "users",
            "log": "dovecot.log"}.items()}
        acl = self.run_folder / "acl"
        acl.write_text(dovecot.ACL.format(recoverable=self.recoverable, master=self.master_user),
                       encoding="utf-8")
        acl.chmod(0o644)
        config = self.folder / "dovecot.conf"
        config.write_text(dovecot.configuration(
            self.release, quota=self.quota, scripts=self.scripts, run=run, acl=acl,
            imaps_port=self.port, starttls_port=self.starttls_port, sieve_port=self.sieve_port,
            lmtp_port=self.lmtp_port, sink_port=self.sink_port, mail=self.mail_folder(),
            **places) + self.extra, encoding="utf-8")
        # In a group of its own, so that all of it can be killed at once; and it ends when whoever
        # started it dies, however that happens.
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", dovecot.program(), "-F", "-c", str(config)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(self.folder / "dovecot.err", "ab"), start_new_session=True)
        wait_until(lambda: self.process.poll() is not None or self._answers(),
                   lambda: f"Dovecot to answer:\n{self.log[-4000:]}")
        if self.process.poll() is None:
            return True
        self.process = None
        return False

    def _answers_at_all(self):
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0

    def _answers(self):
        try:
            with socket.create_connection((HOST, self.port), PATIENCE) as plain:
                with self._context().wrap_socket(plain, server_hostname=HOST) as secure:
                    return secure.recv(64).startswith(b"* OK")
        except OSError:
            return False

    def _context(self):
        return ssl.create_default_context(cafile=self.ca_file)

    def _make_certificates(self):
        make_certificates(self.folder)

    def _make_users(self):
        password = os.urandom(18).hex()
        for name, text in {
                "master-password": f"{password}\n",
                "masters": f"{self.master_user}:{{PLAIN}}{password}\n",
                "users": "".join(f"{mailbox}:{{PLAIN}}{self.password(mailbox)}\n"
                                 for mailbox in [*self.mailboxes, self.quarantine]),
        }.items():
            path = self.folder / name
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8")

    def _fill(self):
        if self.n_messages == 0:
            return
        writer = maildir.Writer(self.folder / "mail")
        for mailbox, folder, message, flags in mail.spread(self.mailboxes, self.n_messages,
                                                           self.corpus, self.seed):
            writer.add(mailbox, folder, message.data, flags, message.date)
        writer.close()

    def mail_folder(self):
        """Where the mail lies while the server runs. Under root it runs as another user, who may not
        be able to reach the folder of the Lab."""
        return (self.run_folder if os.getuid() == 0 else self.folder) / "mail"

    def _take_mail(self):
        place = self.mail_folder()
        (self.folder / "mail").mkdir(exist_ok=True)
        if os.getuid() == 0 and not place.exists():
            shutil.move(self.folder / "mail", place)
            owner = dovecot.owner_of_mail()
            os.chown(place, *owner)
            for folder, folders, files in os.walk(place):
                for name in folders + files:
                    os.chown(os.path.join(folder, name), *owner)

    def _give_mail_back(self):
        place = self.mail_folder()
        if place.exists() and place.parent != self.folder:
            shutil.move(place, self.folder / "mail")

    def _subscribe(self):
        """Lets the owners' mail programs show the folders that were written by hand."""
        marker = self.folder / "subscribed"
        if self.n_messages == 0 or marker.exists():
            return
        for mailbox in self.mailboxes:
            with self.imap(mailbox) as connection:
                for folder in self.folders(mailbox, connection):
                    checked(connection.subscribe(quoted(folder)))
        marker.touch()

    # --- for whoever uses it ---

    def password(self, mailbox):
        """The password of the owner of a mailbox."""
        return f"pw-{mailbox}"

    def mail_config(self, starttls=False, **changes):
        """The keys of the group [mail] of the service's configuration, as a dict of text.

        @starttls: IMAP with STARTTLS instead of IMAP over TLS
        @changes: keys to add or replace, with _ for - (None takes a key away)
        """
        keys = {
            "server": (f"imap+starttls://{HOST}:{self.starttls_port}" if starttls else
                       f"imaps://{HOST}:{self.port}"),
            "authentication": "master",
            "master-user": self.master_user,
            "password-file": self.password_file,
            "ca-file": self.ca_file,
            "recoverable-folder": self.recoverable,
            # Names in front of the first colon: the passwd-file is a list of all mailboxes.
            "mailboxes-file": str(self.folder / "users"),
            "quarantine-user": self.quarantine,
        }
        keys.update({name.replace("_", "-"): value for name, value in changes.items()})
        return {name: str(value) for name, value in keys.items() if value is not None}

    def forwarding_config(self, **changes):
        """The keys of the group [forwarding] of the service's configuration, as a dict of text.

        @changes: keys to add or replace, with _ for - (None takes a key away)
        """
        keys = {
            "server": f"sieve://{HOST}:{self.sieve_port}",
            "authentication": "master",
            "master-user": self.master_user,
            "password-file": self.password_file,
            "ca-file": self.ca_file,
            "organisation-domains": "example.test",
        }
        keys.update({name.replace("_", "-"): value for name, value in changes.items()})
        return {name: str(value) for name, value in keys.items() if value is not None}

    def sieve(self, mailbox, master=False):
        """A logged-in managesieve.Client for a mailbox, as its owner or as the master user; log out
        by `with` or by hand."""
        client = managesieve.Client(HOST, self.sieve_port, self._context(), PATIENCE)
        if master:
            client.log_in(self.master_user, self.master_password, acting_for=mailbox)
        else:
            client.log_in(mailbox, self.password(mailbox))
        return client

    def deliver(self, mailbox, data, sender="somebody@elsewhere.test"):
        """Hands a message to LMTP, as the organisation's mail server would: the active script of the
        mailbox runs on it before this returns."""
        with smtplib.LMTP(HOST, self.lmtp_port, timeout=PATIENCE) as connection:
            connection.sendmail(sender, [mailbox], data)

    def imap(self, mailbox, master=False):
        """A logged-in imaplib.IMAP4_SSL for a mailbox, as its owner or as the master user; log out
        by `with` or by hand."""
        connection = imaplib.IMAP4_SSL(HOST, self.port, ssl_context=self._context(),
                                       timeout=PATIENCE)
        who, password = ((f"\0{mailbox}", self.password(mailbox)) if not master else
                         (f"{mailbox}\0{self.master_user}", self.master_password))
        connection.authenticate("PLAIN", lambda _: f"{who}\0{password}".encode())
        return connection

    def folders(self, mailbox, connection=None, master=False):
        """The names of the folders that can be opened, sorted."""
        with contextlib.ExitStack() as stack:
            if connection is None:
                connection = stack.enter_context(self.imap(mailbox, master))
            names = []
            for row in checked(connection.list()):
                if isinstance(row, tuple):  # the name came as a literal
                    row = row[0].rpartition(b" ")[0] + b" " + row[1]
                found = row and re.match(rb'\(([^)]*)\) (?:NIL|"[^"]*") (.*)$', row)
                if found and b"\\noselect" not in found[1].lower():
                    name = found[2].strip()
                    if name.startswith(b'"'):
                        name = re.sub(rb"\\(.)", rb"\1", name[1:-1])
                    names.append(mailbox_name.decode(name))
            return sorted(names)

    def snapshot(self, mailbox, master=False, only=None):
        """Everything in a mailbox: a dict of folder → sorted list of Stored, with the SHA-256 of the
        message's bytes, its flags and keywords without \\Recent, and its INTERNALDATE.

        @master: seen as the master user, so with the recoverable folder; otherwise as its owner
        @only: the name of the one folder that is looked at, where it exists; the others may come
          and go meanwhile
        """
        seen = {}
        with self.imap(mailbox, master) as connection:
            for folder in self.folders(mailbox, connection):
                if only is not None and folder != only:
                    continue
                checked(connection.select(quoted(folder), readonly=True))
                answer = checked(connection.uid("FETCH", "1:*", "(FLAGS INTERNALDATE BODY.PEEK[])"))
                seen[folder] = sorted(
                    Stored(hashlib.sha256(data).hexdigest(), flags_of(head), date_of(head))
                    for head, data in (part for part in answer if isinstance(part, tuple)))
        return seen

    def append(self, mailbox, folder, data, flags=(), date=None):
        """Puts a message into a folder, which is made where there is none, and returns its UID.

        @flags: such as ("\\\\Seen", "$Phishing")
        @date: the INTERNALDATE, a datetime with a zone
        """
        with self.imap(mailbox, master=folder == self.recoverable) as connection:
            if folder not in self.folders(mailbox, connection):
                checked(connection.create(quoted(folder)))
            when = imaplib.Time2Internaldate(date) if date else None
            answer = checked(connection.append(quoted(folder), f"({' '.join(flags)})", when, data))
            return int(re.search(rb"APPENDUID \d+ (\d+)", answer[0])[1])

    def messages(self, mailbox, folder="INBOX", master=False):
        """What lies in a folder, as a list of Found, in the order of the UIDs."""
        found = []
        with self.imap(mailbox, master) as connection:
            checked(connection.select(quoted(folder), readonly=True))
            answer = checked(connection.uid(
                "FETCH",
                "1:*", "(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID SUBJECT FROM)])"))
            for head, data in (part for part in answer if isinstance(part, tuple)):
                header = email.message_from_string(plain_text(data))
                date = imaplib.Internaldate2tuple(head)
                found.append(Found(
                    mailbox, folder, int(re.search(rb"UID (\d+)", head)[1]),
                    mail.header_of(data, b"message-id"), for_people(header["Subject"]),
                    for_people(header["From"]),
                    datetime.datetime.fromtimestamp(time.mktime(date), datetime.timezone.utc)))
        return found

    def where(self, mailbox, message_id):
        """The folders in which a message with exactly this Message-ID lies, once for each copy, seen
        as the master user."""
        return sorted(folder for folder in self.folders(mailbox, master=True)
                      for message in self.messages(mailbox, folder, master=True)
                      if message.message_id == message_id)

    def investigation(self, found, external_id="lab-1", verdict="malicious", title=None,
                      with_folder=False, **more):
        """The body of POST /investigations about messages: one softDeleteEmail a Message-ID, over all
        mailboxes in which it was found.

        @found: what messages() has returned, of one or several mailboxes
        @with_folder: look only in the folder in which the message was found
        @more: members of the body to add or replace
        """
        found = list(found)
        actions = collections.OrderedDict()
        for message in found:
            action = actions.setdefault(message.message_id, {
                "type": "softDeleteEmail", "verdict": verdict, "source": "automatedEmail",
                "reason": "The message imitates a service that the recipient uses.",
                "entity": {name: value for name, value in {
                    "type": "emailMessage", "messageId": message.message_id,
                    "subject": message.subject, "sender": message.sender,
                    "receivedAt": message.received_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "folder": message.folder if with_folder else None}.items() if value},
                "assets": []})
            if message.mailbox not in action["assets"]:
                action["assets"].append(message.mailbox)
        for action in actions.values():
            action["entity"]["recipients"] = list(action["assets"])
        return {
            "externalId": external_id,
            "title": title or f"Mail reported as phishing: {found[0].subject}",
            "trigger": "userReport", "detectionSource": "Lab", "severity": "high",
            "evidence": [{"entity": action["entity"], "verdict": verdict}
                         for action in actions.values()],
            "actions": list(actions.values()),
            **more,
        }


def default_corpus():
    """The corpus of phishing mail beside the source tree, or None."""
    folder = ROOT.parent / "shared" / "corpus" / "phishing"
    return folder if folder.is_dir() else None


def make_certificates(folder, names="DNS:localhost,IP:127.0.0.1"):
    """Makes an authority (ca.pem) and a server's certificate by it (server.pem, server.key)."""
    folder = pathlib.Path(folder)

    def openssl(*arguments):
        done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise LabError(f"openssl {' '.join(arguments)}: {done.stderr}")

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-days", "3650", "-subj", "/CN=Action Center lab authority",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext",
            "keyUsage=critical,keyCertSign", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", *key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    (folder / "server.ext").write_text(
        f"subjectAltName={names}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n",
        encoding="utf-8")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "825", "-extfile", "server.ext", "-out", "server.pem")


def free_ports(count):
    """So many ports that were free a moment ago."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]


def is_alive(group):
    """Whether a process of this group has not ended yet."""
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, of = path.read_text(errors="replace").rpartition(")")[2].split()[:3]
            if int(of) == group and state not in "ZX":
                return True
    return False


def wait_until(condition, what, seconds=PATIENCE):
    """Waits until condition() is true. @what: in words, or a function that gives the words."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise LabError(f"waited {seconds} s in vain for {what() if callable(what) else what}")
        time.sleep(0.01)


def checked(answer):
    """The data of one of imaplib's answers, which must be OK."""
    status, data = answer
    if status != "OK":
        raise LabError(f"the mail server answered {status} {data}")
    return data


def quoted(folder):
    """A folder's name as IMAP wants it."""
    text = mailbox_name.encode(folder).decode("ascii")
    return '"' + re.sub(r'([\\"])', r"\\\1", text) + '"'


def flags_of(head):
    """The flags in a FETCH response, sorted, without \\Recent, which is the session's."""
    names = re.search(rb"FLAGS \(([^)]*)\)", head)[1].decode().split()
    return tuple(sorted(set(names) - {"\\Recent"}))


def date_of(head):
    """The INTERNALDATE in a FETCH response, as a moment in UTC."""
    text = re.search(rb'INTERNALDATE "([^"]+)"', head)[1].decode().strip()
    moment = datetime.datetime.strptime(text, "%d-%b-%Y %H:%M:%S %z")
    return moment.astimezone(datetime.timezone.utc).isoformat()


def plain_text(data):
    """Bytes of a header as text, those too of a sender who has not encoded them."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def for_people(text):
    """A header in plain words: RFC 2047 decoded, one line."""
    try:
        text = str(email.header.make_header(email.header.decode_header(text or "")))
    except (LookupError, UnicodeError, ValueError):
        text = str(text)
    return " ".join(text.encode("utf-8", "replace").decode().split())


def end_of_input():
    """Whether somebody holds our standard input and lets it go to end us."""
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(0)


def run(options):
    """The command "run"."""
    stop_read, stop_write = os.pipe()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: os.write(stop_write, b"."))
    lab = Lab(options.folder, users=options.users, messages=options.messages, quota=options.quota,
              corpus=False if options.no_corpus else options.corpus, seed=options.seed)
    with lab:
        print(json.dumps({
            "host": lab.host, "port": lab.port, "starttlsPort": lab.starttls_port,
            "caFile": lab.ca_file, "masterUser": lab.master_user,
            "passwordFile": lab.password_file, "recoverable": lab.recoverable,
            "mailboxes": lab.mailboxes, "mail": lab.mail_config()}), flush=True)
        watched = [stop_read] + ([0] if end_of_input() else [])
        while lab.process.poll() is None:
            ready = select.select(watched, [], [], 1)[0]
            if stop_read in ready or (0 in ready and not os.read(0, 4096)):
                return 0
    print(f"Dovecot has ended by itself:\n{lab.log[-4000:]}", file=sys.stderr)
    return 1


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("run", help="start a mail server and run it until told to stop")
    command.add_argument("folder", metavar="DIR", type=pathlib.Path)
    command.add_argument("--users", type=int, default=3)
    command.add_argument("--messages", type=int, default=40, help="in each mailbox, about")
    command.add_argument("--corpus", type=pathlib.Path, metavar="DIR")
    command.add_argument("--no-corpus", action="store_true", help="made-up messages only")
    command.add_argument("--quota", metavar="SIZE", help="of a mailbox, such as 64K")
    command.add_argument("--seed", type=int, default=1)
    command.set_defaults(run=run)
    options = parser.parse_args()
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
