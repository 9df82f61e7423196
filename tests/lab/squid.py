# SPDX-License-Identifier: GPL-3.0-or-later
"""A real web proxy for tests: Squid with a configuration folder of its own on a free loopback port,
under a service name of its own, so that many run beside each other and beside the machine's.

    proxy = Squid(helper="/path/action-center-squid").start()
    proxy.click("http://127.0.0.1:8080/x").status
    proxy.stop()

Without a helper it lets everything through; `rules` may say more in Squid's words.
"""
import collections
import contextlib
import http.client
import os
import pathlib
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid

from lab import HOST, PATIENCE, LabError, free_ports, wait_until

# Whom Squid becomes under root.
USER = "proxy"

# What a click came to.
Click = collections.namedtuple("Click", "status headers body")

CONFIG = """\
http_port {host}:{port}
visible_hostname lab
pid_filename {folder}/pid
hosts_file {folder}/hosts
access_log stdio:{folder}/access.log
cache_log {folder}/cache.log
cache_store_log none
coredump_dir {folder}
netdb_filename none
cache deny all
cache_mem 8 MB
memory_pools off
shutdown_lifetime 0 seconds
pinger_enable off
forwarded_for delete
connect_timeout 5 seconds
"""

# The servers of the tests listen on 127.0.0.1 only, and Squid does not try the next address of a name
# where the first one refuses; on many machines the first one of localhost is ::1.
HOSTS = f"{HOST} localhost\n"

# Asked at each click: nothing is remembered, and what is not answered is refused.
ASK = """\
external_acl_type action_center ttl=0 negative_ttl=0 cache=0 concurrency=200 children-max=4 \
children-startup={children} %METHOD %#>ru {command}
acl blocked external action_center
error_directory {folder}/errors
deny_info ERR_ACTION_CENTER blocked
http_access deny blocked
"""


def program():
    """Where Debian keeps Squid."""
    return shutil.which("squid", path="/usr/sbin:/usr/bin") or "/usr/sbin/squid"


class Squid:
    """One Squid.

    @helper: the program that says what is blocked, or None
    @template: the file of the page that a refused click shows
    @arguments: what the helper is started with after the name of the list
    @children: how many of it are started at once
    @rules: lines of squid.conf that stand before the last one
    @wrapper: what stands before the helper's command, such as valgrind
    @folder: for everything that belongs to it, kept when it stops, with the list; by default one of its
      own, which goes with it. Under root everybody must be able to enter the folders above it

    Attributes: port, folder (where Squid may read and write), list_file (what the helper is given).
    """

    host = HOST

    def __init__(self, helper=None, template=None, arguments=(), children=1, rules="", wrapper=(),
                 folder=None):
        self.helper = helper
        self.template = template
        self.arguments = list(arguments)
        self.children = children
        self.rules = rules
        self.wrapper = list(wrapper)
        self.name = "ac" + uuid.uuid4().hex[:12]
        self.port = None
        self.process = None
        # Under root it runs as another user, who can reach this but perhaps not the tests' folder.
        self.is_kept = folder is not None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="ac-squid-", dir="/tmp"))
        self.list_file = self.folder / "list" / "blocked"
        for path in (self.folder, self.list_file.parent, self.folder / "errors"):
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o755)
        if os.getuid() == 0:
            owner = pwd.getpwnam(USER)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)

    @property
    def config(self):
        return self.folder / "squid.conf"

    @property
    def log(self):
        """What Squid and its helpers have written."""
        return "".join((self.folder / name).read_text(errors="replace")
                       for name in ("squid.err", "cache.log") if (self.folder / name).exists())

    # --- the server ---

    def start(self):
        """Starts it on a free port and returns it once it answers."""
        # Left by one that was killed; its number may belong to somebody else now.
        (self.folder / "pid").unlink(missing_ok=True)
        for attempt in range(10):
            if self.port is None or attempt > 0:
                [self.port] = free_ports(1)
            if self._launch():
                return self
            if "Address already in use" not in self.log:
                break
        self.stop()
        raise LabError(f"Squid did not start:\n{self.log[-4000:]}")

    def stop(self):
        """Ends it and takes its folder away, if that is its own."""
        self.kill9()
        if not self.is_kept:
            shutil.rmtree(self.folder, ignore_errors=True)
        # Squid's shared memory, if it has left any.
        for path in pathlib.Path("/dev/shm").glob(f"{self.name}-*"):
            path.unlink(missing_ok=True)

    def kill9(self):
        """Kills Squid at once; its helpers end when their input does."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.process = None

    def restart(self):
        """Kills it and starts it again on the same port."""
        self.kill9()
        (self.folder / "pid").unlink(missing_ok=True)
        if not self._launch():
            raise LabError(f"Squid did not start again:\n{self.log[-4000:]}")

    def reconfigure(self):
        """What an administrator does after changing a file that Squid has read itself."""
        subprocess.run([program(), "-n", self.name, "-f", str(self.config), "-k", "reconfigure"],
                       check=True, timeout=PATIENCE)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    def _launch(self):
        text = CONFIG.format(host=HOST, port=self.port, folder=self.folder)
        hosts = self.folder / "hosts"
        hosts.write_text(HOSTS, encoding="utf-8")
        hosts.chmod(0o644)
        if self.helper is not None:
            command = self.folder / "helper"
            copy = self.folder / "action-center-squid"
            # A file that still runs cannot be written, but it can be replaced.
            copy.unlink(missing_ok=True)
            shutil.copy(self.helper, copy)
            command.write_text("#!/bin/sh\nunset LSAN_OPTIONS\nexec " + shlex.join(
                [*self._own_wrapper(), str(copy), *self.arguments, str(self.list_file)]) + "\n",
                               encoding="utf-8")
            command.chmod(0o755)
            if self.template:
                shutil.copy(self.template, self.folder / "errors" / "ERR_ACTION_CENTER")
            text += ASK.format(children=self.children, command=command, folder=self.folder)
        self.config.write_text(f"{text}{self.rules}\nhttp_access allow localhost\n"
                               "http_access deny all\n", encoding="utf-8")
        self.config.chmod(0o644)
        # It ends when whoever started it dies, however that happens. The kernel forgets that for a
        # process that becomes somebody else, as Squid does under root: so it is that from the start.
        other = ["--reuid", USER, "--regid", USER, "--init-groups"] if os.getuid() == 0 else []
        with open(self.folder / "squid.err", "ab") as errors:
            self.process = subprocess.Popen(
                ["setpriv", *other, "--pdeathsig", "KILL", program(), "-N", "-n", self.name, "-f",
                 str(self.config)],
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, start_new_session=True)
        wait_until(lambda: self.process.poll() is not None or self._answers(),
                   lambda: f"Squid to answer:\n{self.log[-4000:]}")
        if self.process.poll() is None:
            return True
        self.process = None
        return False

    def _own_wrapper(self):
        """The wrapper with copies of its files: Squid's user may not be able to read the source."""
        own = []
        for argument in self.wrapper:
            name, equals, path = argument.partition("=")
            if name == "--suppressions":
                path = shutil.copy(path, self.folder / pathlib.Path(path).name)
            own.append(f"{name}{equals}{path}")
        return own

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0

    def helpers(self):
        """The process ids of its helpers that have not ended."""
        found = []
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, IndexError):
                state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
                if int(parent) == self.process.pid and state != "Z":
                    found.append(int(path.name))
        return found

    # --- for whoever uses it ---

    def click(self, url, method="GET"):
        """Asks the proxy for a URL, written on the wire exactly as it is here (bytes or text)."""
        target = url if isinstance(url, bytes) else url.encode("utf-8")
        with socket.create_connection((HOST, self.port), PATIENCE) as connection:
            connection.sendall(method.encode() + b" " + target +
                               b" HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")
            response = http.client.HTTPResponse(connection, method=method)
            response.begin()
            return Click(response.status, dict(response.getheaders()), response.read().decode())

    def tunnel(self, host, port):
        """Asks for a tunnel, as a browser does for HTTPS; returns the status."""
        with socket.create_connection((HOST, self.port), PATIENCE) as connection:
            connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: lab\r\n\r\n".encode())
            return int(connection.makefile("rb").readline().split()[1])
