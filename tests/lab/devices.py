# SPDX-License-Identifier: GPL-3.0-or-later
"""Real devices for tests: OpenSSH servers on free ports of the loopback interface, each with a host
key, a configuration and a file tree of its own.

    devices = Devices(folder, count=3).start()
    file = devices[0].put("home/alice/evil.bin", b"...", mode=0o4751)
    before = devices[0].snapshot(file)
    devices[1].stop()
    ...
    devices.stop()

Works as root, then devices are logged in to as root or as another user, and as an ordinary user, then as
that user. A path on a device is the real path, so that a test can look for itself.
"""
import base64
import contextlib
import hashlib
import os
import pathlib
import pwd
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import time

from lab import HOST, PATIENCE, LabError, free_ports, wait_until

SSHD = "/usr/sbin/sshd"

# A device has a home of its own: a shell that is killed with it in the middle of the start-up files of
# whoever runs the tests may leave anything there.
CONFIG = """\
ListenAddress {host}:{port}
HostKey {host_key}
PidFile none
AuthorizedKeysFile {authorized_keys}
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AllowTcpForwarding no
X11Forwarding no
PrintMotd no
MaxStartups 500
UseDNS no
LogLevel VERBOSE
SetEnv HOME={home}
Subsystem sftp {subsystem}
{more}"""


class Device:
    """One OpenSSH server.

    @name: what the service calls it
    @folder: for everything that belongs to it
    @authorized_keys: the file with the key that may log in
    @exec_allowed: whether commands may be run there, or files moved only
    @before: a shell command to be run before the server, in a mount namespace of its own (as root)
    @subsystem: the command that speaks SFTP
    """

    def __init__(self, name, folder, authorized_keys, exec_allowed=True, before=None,
                 subsystem="internal-sftp"):
        self.name = name
        self.folder = pathlib.Path(folder)
        self.root = self.folder / "files"
        self.authorized_keys = authorized_keys
        self.exec_allowed = exec_allowed
        self.before = before
        self.subsystem = subsystem
        self.port = None
        self.process = None

    # --- the server ---

    @property
    def host_key(self):
        """The file of its host key."""
        return self.folder / "host_key"

    @property
    def known_hosts_line(self):
        """What a file of known hosts says about it."""
        kind, key = (self.folder / "host_key.pub").read_text(encoding="utf-8").split()[:2]
        return f"[{HOST}]:{self.port} {kind} {key}\n"

    @property
    def log(self):
        """What the server has written."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def prepare(self):
        """Makes its folder, its host key and its port where there are none."""
        self.root.mkdir(parents=True, exist_ok=True)
        if not self.host_key.exists():
            self.new_host_key()
        if self.port is None:
            self.port, = free_ports(1)

    def new_host_key(self):
        """Gives it another host key, as a device that was set up anew has; shown after a restart."""
        for path in (self.host_key, self.folder / "host_key.pub"):
            path.unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", self.name, "-f",
                        str(self.host_key)], check=True)

    def start(self):
        """Starts it, on the port it had before, and returns once it answers."""
        is_new = self.port is None
        self.prepare()
        while not self._launch():
            # Somebody else may have taken the port since it was found free.
            if not is_new or "Address already in use" not in self.log:
                raise LabError(f"sshd did not start:\n{self.log[-4000:]}")
            self.port, = free_ports(1)
            (self.folder / "log").unlink()
        return self

    def _launch(self):
        more = "" if self.exec_allowed else "ForceCommand internal-sftp\n"
        if ssh_version() >= (9, 8):
            more = "PerSourcePenalties no\n" + more
        config = self.folder / "sshd_config"
        config.write_text(CONFIG.format(host=HOST, port=self.port, host_key=self.host_key,
                                        authorized_keys=self.authorized_keys, more=more,
                                        subsystem=self.subsystem, home=self.folder),
                          encoding="utf-8")
        if os.getuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        command = [SSHD, "-D", "-e", "-f", str(config)]
        if self.before:
            command = ["unshare", "-m", "sh", "-ec", f"{self.before}\nexec {shlex.join(command)}"]
        said = len(self.log)
        # It ends when whoever started it dies, however that happens.
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *command], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=log)
        # Whoever else has the port may answer there, too.
        wait_until(lambda: self.process.poll() is not None or
                   ("Server listening" in self.log[said:] and self._answers()),
                   lambda: f"sshd to answer:\n{self.log[-4000:]}")
        return self.process.poll() is None

    def stop(self):
        """Takes it off the network at once, with every connection to it; it can be started again."""
        if self.process is None:
            return
        mine = [self.process.pid, *descendants(self.process.pid)]
        for pid in mine:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.process = None
        wait_until(lambda: not self._answers(), "the device to be gone")

    def freeze(self, frozen=True):
        """Lets it hang: it keeps its connections and says nothing; or lets it go on."""
        number = signal.SIGSTOP if frozen else signal.SIGCONT
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _answers(self):
        try:
            with socket.create_connection((HOST, self.port), PATIENCE) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            return False

    # --- its files ---

    def path(self, name):
        """The whole path of a file in its tree. @name: text or bytes."""
        if isinstance(name, bytes):
            return os.fsencode(self.root) + b"/" + name
        return str(self.root / name)

    def put(self, name, data=b"evil", mode=0o640, mtime_ns=1706933106123456789, owner=None,
            attributes=None, acl=None):
        """Makes a file and returns its whole path.

        @owner: a number for both user and group (as root)
        @attributes: extended attributes, by name
        @acl: an entry such as "u:1234:r"
        """
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
        if owner is not None:
            os.chown(path, owner, owner)
        os.chmod(path, mode)
        if acl:
            subprocess.run(["setfacl", "-m", acl, path], check=True)
        for key, value in (attributes or {}).items():
            os.setxattr(path, key, value)
        os.utime(path, ns=(mtime_ns, mtime_ns))
        return path

    @staticmethod
    def snapshot(path):
        """Everything about a file that an undo must bring back; None where there is none."""
        try:
            status = os.lstat(path)
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(status.st_mode):
            return {"type": stat.S_IFMT(status.st_mode)}
        # A file of ours without permissions, as they are in quarantine.
        is_bare = not os.access(path, os.R_OK)
        if is_bare:
            os.chmod(path, 0o400)
        with open(path, "rb") as file:
            data = file.read()
        attributes = {name: os.getxattr(path, name) for name in os.listxattr(path)}
        if is_bare:
            os.chmod(path, stat.S_IMODE(status.st_mode))
        return {"mode": stat.S_IMODE(status.st_mode), "uid": status.st_uid, "gid": status.st_gid,
                "size": status.st_size, "mtime_ns": status.st_mtime_ns,
                "sha256": hashlib.sha256(data).hexdigest(), "attributes": attributes}

    def everything(self):
        """Every file of its tree, as bytes → snapshot, the quarantine folder with it."""
        seen = {}
        for folder, _folders, names in os.walk(os.fsencode(self.root)):
            for name in names:
                path = os.path.join(folder, name)
                seen[path] = self.snapshot(path)
        return seen


class Devices:
    """Several devices that one key opens.

    @folder: for everything that belongs to them
    @count: how many, or a list of their names
    @user: whom to log in as; root only where the lab runs as root, else whoever runs it
    @exec_allowed, @before: as with Device, for all of them
    """

    def __init__(self, folder, count=3, user=None, exec_allowed=True, before=None):
        self.folder = pathlib.Path(folder).resolve()
        names = count if not isinstance(count, int) else [
            f"laptop-{number + 1}.example.test" for number in range(count)]
        self.user = user or pwd.getpwuid(os.getuid()).pw_name
        self.devices = [Device(name, self.folder / name, self.folder / "authorized_keys",
                               exec_allowed, before) for name in names]

    def __getitem__(self, index):
        return self.devices[index]

    def __iter__(self):
        return iter(self.devices)

    def __len__(self):
        return len(self.devices)

    @property
    def key_file(self):
        """The private key that opens them, mode 0600."""
        return self.folder / "key"

    @property
    def known_hosts(self):
        """The file of their host keys."""
        return self.folder / "known_hosts"

    @property
    def addresses_file(self):
        """The file that says where each of them is."""
        return self.folder / "addresses"

    def start(self):
        """Starts all of them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        if not self.key_file.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                            str(self.key_file)], check=True)
            shutil.copyfile(self.folder / "key.pub", self.folder / "authorized_keys")
        try:
            for device in self.devices:
                device.start()
            self.write_files()
        except BaseException:
            self.stop()
            raise
        return self

    def write_files(self):
        """Writes the known hosts and the addresses as they are now."""
        self.known_hosts.write_text("".join(device.known_hosts_line for device in self.devices),
                                    encoding="utf-8")
        self.addresses_file.write_text("[addresses]\n" + "".join(
            f"{device.name}={HOST}:{device.port}\n" for device in self.devices), encoding="utf-8")

    def stop(self):
        """Stops all of them; they can be started again, on the same ports."""
        for device in self.devices:
            device.stop()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    def device_config(self, **changes):
        """The keys of the group [device] of the service's configuration, as a dict of text.

        @changes: keys to add or replace, with _ for - (None takes a key away)
        """
        keys = {
            "user": self.user,
            "key-file": self.key_file,
            "known-hosts": self.known_hosts,
            "addresses-file": self.addresses_file,
            "quarantine-folder": self.folder / "quarantine",
            "timeout-seconds": 20,
        }
        keys.update({name.replace("_", "-"): value for name, value in changes.items()})
        return {name: str(value) for name, value in keys.items() if value is not None}

    def investigation(self, files, external_id="devices-1", verdict="malicious", title=None, **more):
        """The body of POST /investigations about files: one quarantineFile for each, so that the same
        SHA-256 on several devices makes as many actions.

        @files: pairs of a Device and a whole path
        @more: members of the body to add or replace
        """
        actions = [{"type": "quarantineFile", "verdict": verdict, "source": "automatedDevice",
                    "reason": "The file is known to steal passwords.",
                    "entity": file_entity(path), "assets": [device.name]}
                   for device, path in files]
        return {"externalId": external_id, "title": title or "Malware on several devices",
                "trigger": "alert", "detectionSource": "Lab", "severity": "high",
                "evidence": [{"entity": action["entity"], "verdict": verdict} for action in actions],
                "actions": actions, **more}


def file_entity(path, sha256=None):
    """The entity of the file that lies at a path now. @path: text or bytes."""
    data = os.fsencode(path)
    if sha256 is None:
        sha256 = hashlib.sha256(pathlib.Path(os.fsdecode(path)).read_bytes()).hexdigest()
    entity = {"type": "file", "path": data.decode("utf-8", "replace"), "sha256": sha256,
              "fileName": os.path.basename(data).decode("utf-8", "replace")}
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        entity["pathBytes"] = base64.b64encode(data).decode("ascii")
    return entity


def ssh_version():
    """The version of the OpenSSH that is installed, as (9, 2)."""
    answer = subprocess.run(["ssh", "-V"], capture_output=True, text=True, check=True)
    found = re.match(r"OpenSSH_(\d+)\.(\d+)", answer.stderr)
    if found is None:
        raise LabError(f"ssh -V answered {answer.stderr!r}")
    return int(found[1]), int(found[2])


def descendants(pid):
    """The processes that a process has started, and those that they have."""
    children = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = []
    waiting = [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.append(child)
            waiting.append(child)
    return found


def other_file_system(folder):
    """A folder's path on another file system than @folder, not made yet."""
    for place in ("/dev/shm", "/run", "/var/tmp", "/tmp"):
        if (os.access(place, os.W_OK) and
                os.stat(place).st_dev != os.stat(folder).st_dev):
            return pathlib.Path(place) / f"ac-device-{os.getpid()}-{time.monotonic_ns()}"
    raise LabError("there is only one file system here")
