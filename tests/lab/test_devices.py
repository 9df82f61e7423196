# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices are real, each by itself, and nothing is left of them when they end."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import devices
import lab


class Servers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="ac-devices-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.devices = devices.Devices(cls.folder / "lab", count=2)
        cls.addClassCleanup(cls.devices.stop)
        cls.devices.start()

    def sftp(self, device, commands):
        """Runs the commands of OpenSSH's own client on a device."""
        return subprocess.run(
            ["sftp", "-q", "-b", "-", "-F", "none", "-P", str(device.port),
             "-i", str(self.devices.key_file), "-o", f"UserKnownHostsFile={self.devices.known_hosts}",
             "-o", "StrictHostKeyChecking=yes", "-o", "IdentitiesOnly=yes",
             f"{self.devices.user}@{lab.HOST}"],
            input=commands, capture_output=True, text=True, timeout=60, check=False)

    def test_each_has_files_and_a_host_key_of_its_own(self):
        first, second = self.devices
        path = first.put("home/a", b"abc", mode=0o600)
        self.assertNotEqual(first.known_hosts_line, second.known_hosts_line)
        self.assertFalse(os.path.exists(second.path("home/a")))
        answer = self.sftp(first, f"ls -l {path}\n")
        self.assertEqual(0, answer.returncode, answer.stderr)
        self.assertIn("-rw-------", answer.stdout)

    def test_one_goes_and_comes_back_alone(self):
        first, second = self.devices
        port = first.port
        first.stop()
        self.assertNotEqual(0, self.sftp(first, "pwd\n").returncode)
        self.assertEqual(0, self.sftp(second, "pwd\n").returncode)
        first.start()
        self.assertEqual(port, first.port)
        self.assertEqual(0, self.sftp(first, "pwd\n").returncode)

    def test_a_proposal_for_each_device_with_the_same_hash(self):
        files = [(device, device.put("home/b", b"evil")) for device in self.devices]
        body = self.devices.investigation(files)
        self.assertEqual([device.name for device in self.devices],
                         [action["assets"][0] for action in body["actions"]])
        self.assertEqual(1, len({action["entity"]["sha256"] for action in body["actions"]}))

    def test_nothing_is_left(self):
        folder = self.folder / "short"
        with devices.Devices(folder, count=1) as short:
            pid = short[0].process.pid
            self.assertTrue(os.path.exists(f"/proc/{pid}"))
        lab.wait_until(lambda: not [path for path in pathlib.Path("/proc").glob("[0-9]*/cmdline")
                                    if str(folder).encode() in read(path)], "all of it to be gone")


def read(path):
    """The bytes of a file that may be gone."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


if __name__ == "__main__":
    unittest.main()
