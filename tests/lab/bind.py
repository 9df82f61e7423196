# SPDX-License-Identifier: GPL-3.0-or-later
"""A real DNS server for tests: BIND's named with a configuration folder of its own on a free loopback
port. It answers for a small internet of its own (the names of `names`), through a response policy
zone that takes updates signed with a key (RFC 8945)."""
import base64
import contextlib
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile

from lab import HOST, PATIENCE, LabError, free_ports, wait_until

KEY = """\
key "{name}" {{
  algorithm hmac-sha256;
  secret "{secret}";
}};
"""

CONFIG = """\
include "{folder}/server.key";
options {{
  directory "{folder}";
  pid-file "{folder}/pid";
  session-keyfile none;
  {lock_file}
  listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  recursion yes;
  dnssec-validation no;
  empty-zones-enable no;
  notify no;
  {policy}
  {options}
}};
controls {{ }};
zone "." {{ type primary; file "{folder}/all.db"; }};
zone "{zone}" {{
  type primary;
  file "{folder}/policy.db";
  update-policy {{ grant {key} zonesub ANY; }};
  allow-transfer {{ 127.0.0.1; }};
}};
"""

# Up to 9.18 there may be one named on a machine unless this stands there; 9.20 does not know it.
LOCK_FILE = "lock-file none;"

# The policy answers this name with nothing, once it is in force.
READY = "ready.lab"

POLICY = 'response-policy { zone "%s" max-policy-ttl 5; } min-update-interval 0;'

ZONE = """\
$TTL 5
@ SOA localhost. admin.localhost. 1 60 30 86400 5
@ NS localhost.
"""


def program():
    """Where Debian keeps named."""
    return shutil.which("named", path="/usr/sbin:/usr/bin") or "/usr/sbin/named"


def release():
    """Such as (9, 18)."""
    said = subprocess.run([program(), "-v"], capture_output=True, text=True, check=True).stdout
    return tuple(int(number) for number in said.split()[1].split(".")[:2])


def is_confined():
    """Whether this system may tie named to its own folders."""
    with contextlib.suppress(OSError):
        return pathlib.Path("/sys/module/apparmor/parameters/enabled").read_text().startswith("Y")
    return False


class Bind:
    """One named.

    @names: a dict of name → IPv4 address: all there is in its internet
    @policy: lines of the policy zone that stand in it from the start
    @options: more text for the options of named.conf
    @in_force: whether it answers by the policy zone, or only holds it
    @folder: for everything that belongs to it, kept when it stops, with the policy zone; by default one
      of its own, which goes with it

    Attributes: port, zone, key_file.
    """

    host = HOST
    zone = "policy.lab"
    key_name = "action-center"

    def __init__(self, names, policy="", options="", in_force=True, folder=None):
        self.names = dict(names)
        self.policy = policy
        self.options = options
        self.in_force = in_force
        self.port = None
        self.process = None
        self.is_kept = folder is not None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="ac-named-", dir="/tmp"))
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.key_file = self.folder / "client.key"
        self.write_key(self.folder / "server.key", os.urandom(32))
        shutil.copy(self.folder / "server.key", self.key_file)

    def write_key(self, path, secret):
        """Writes a key of this name, readable by its owner only."""
        path.touch(mode=0o600)
        path.write_text(KEY.format(name=self.key_name,
                                   secret=base64.b64encode(secret).decode("ascii")),
                        encoding="ascii")

    @property
    def address(self):
        """As the service's configuration wants it."""
        return f"{HOST}:{self.port}"

    @property
    def log(self):
        path = self.folder / "named.err"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self):
        """Starts it on a free port and returns it once it answers."""
        (self.folder / "all.db").write_text(
            ZONE + "localhost. A 127.0.0.1\n" + "".join(f"{name}. A {address}\n" for name, address in self.names.items()),
            encoding="ascii")
        if not (self.folder / "policy.db").exists():
            (self.folder / "policy.db").write_text(
                f"{ZONE}{READY} CNAME *.\n{self.policy}", encoding="ascii")
        for attempt in range(10):
            if self.port is None or attempt > 0:
                [self.port] = free_ports(1)
            if self._launch():
                return self
            if "address in use" not in self.log:
                break
        self.stop()
        raise LabError(f"named did not start:\n{self.log[-4000:]}")

    def stop(self):
        """Ends it and takes its folder away, if that is its own."""
        self.halt()
        if not self.is_kept:
            shutil.rmtree(self.folder, ignore_errors=True)

    def halt(self):
        """Ends it; it can be started again, on the same port, with what it held."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(PATIENCE)
            self.process = None

    def kill9(self):
        """Ends it as a power cut would; it can be started again, with what its journal holds."""
        self.process.kill()
        self.process.wait(PATIENCE)
        self.process = None

    def restart(self):
        """Starts it again on the same port."""
        self.halt()
        if not self._launch():
            raise LabError(f"named did not start again:\n{self.log[-4000:]}")

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    def _program(self):
        if not is_confined():
            return program()
        # AppArmor knows the program by its path and would keep it from a folder of the tests.
        return shutil.copy(program(), self.folder / "named")

    def _launch(self):
        config = self.folder / "named.conf"
        config.write_text(CONFIG.format(folder=self.folder, port=self.port, zone=self.zone,
                                        key=self.key_name, options=self.options,
                                        lock_file=LOCK_FILE if release() < (9, 20) else "",
                                        policy=POLICY % self.zone if self.in_force else ""),
                          encoding="utf-8")
        with open(self.folder / "named.err", "ab") as errors:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", self._program(), "-g", "-n", "1", "-c",
                 str(config)],
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, start_new_session=True)
        wait_until(lambda: self.process.poll() is not None or self._answers(),
                   lambda: f"named to answer:\n{self.log[-4000:]}")
        if self.process.poll() is None:
            return True
        self.process = None
        return False

    def _answers(self):
        with contextlib.suppress(OSError):
            if not self.in_force:
                return self.look_up("localhost", timeout=0.2) == HOST
            return self.look_up(READY, timeout=0.2) == "NODATA"
        return False

    # --- for whoever uses it ---

    def look_up(self, name, timeout=PATIENCE):
        """Asks for the IPv4 address of a name, as a stub resolver does (RFC 1035): the address, or
        "NXDOMAIN", or "NODATA", or the number of the refusal as text."""
        question = b"".join(bytes([len(label)]) + label.encode("ascii")
                            for label in name.rstrip(".").split(".")) + b"\0"
        query = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + question + struct.pack(">2H", 1, 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
            connection.settimeout(timeout)
            connection.sendto(query, (HOST, self.port))
            answer = connection.recv(4096)
        flags, _, n_answers = struct.unpack(">3H", answer[2:8])
        if flags & 15:
            return "NXDOMAIN" if flags & 15 == 3 else str(flags & 15)
        if n_answers == 0:
            return "NODATA"
        rest = answer[12 + len(question) + 4:]
        return ".".join(str(byte) for byte in rest[12:16])

    def rules(self):
        """All rules of the policy zone, as a set of texts such as "*.evil.test CNAME ."."""
        done = subprocess.run(["dig", f"@{HOST}", "-p", str(self.port), "+onesoa", "+nocmd", "+nostats",
                               self.zone, "AXFR"], text=True, capture_output=True, timeout=PATIENCE,
                              check=False)
        found = [line.split() for line in done.stdout.splitlines() if line and line[0] != ";"]
        if done.returncode != 0 or not found:
            raise LabError(f"dig: {done.stdout}{done.stderr}")
        return {f"{row[0].removesuffix(f'.{self.zone}.')} {row[3]} {row[4]}" for row in found
                if row[3] not in ("SOA", "NS")}

    def update(self, *lines, key_file=None):
        """Changes the policy zone as an administrator would, with lines for nsupdate(1)."""
        text = "\n".join([f"server {HOST} {self.port}", f"zone {self.zone}", *lines, "send", ""])
        done = subprocess.run(["nsupdate", "-k", str(key_file or self.key_file)], input=text,
                              text=True, capture_output=True, timeout=PATIENCE, check=False)
        if done.returncode != 0:
            raise LabError(f"nsupdate: {done.stderr}")
