# SPDX-License-Identifier: GPL-3.0-or-later
"""A TestCase with real devices and the device responder to act on them; what came of it is looked up in
the devices' file trees by the test itself."""
import itertools
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lab"))

import devices as lab  # pylint: disable=wrong-import-position

DRIVER = os.environ.get("AC_RESPONDER_DRIVER")
WRAPPER = shlex.split(os.environ.get("AC_PROGRAM_WRAPPER", ""))
IS_ROOT = os.getuid() == 0
# A tree that is entered by chroot alone has no root of its own to mount things below.
MAY_MOUNT = IS_ROOT and subprocess.run(["unshare", "-m", "true"], capture_output=True,
                                       check=False).returncode == 0
# Whose files they are: where the lab runs as root, somebody else's.
OWNER = 12345 if IS_ROOT else None


class Killed(Exception):
    """The driver was killed, as it was told to be."""


class Actions:
    """What the service would hold: actions on one device and their receipts."""

    numbers = itertools.count(1)

    def __init__(self, folder, settings, device):
        number = next(self.numbers)
        self.folder = folder / f"actions-{number}"
        self.folder.mkdir()
        self.number = number
        self.device = device
        self.settings = settings
        self.tasks = []
        self.receipts_file = self.folder / "receipts.json"

    def add(self, path, /, **changes):
        """One more action about the file that lies at a path; returns its id."""
        action = f"action-{self.number}-{len(self.tasks) + 1}"
        entity = {**lab.file_entity(path, changes.pop("sha256", None)), **changes}
        self.tasks.append({"actionId": action, "entity": entity})
        return action

    @property
    def receipts(self):
        """The receipts that are on disk."""
        return json.loads(self.receipts_file.read_text()) if self.receipts_file.exists() else {}

    def command(self, direction, *options):
        """The command line of the driver."""
        config = self.folder / "config"
        config.write_text("[device]\n" + "".join(f"{key}={value}\n"
                                                 for key, value in self.settings.items()))
        return [*WRAPPER, DRIVER, config, direction, self.device.name, self.receipts_file, *options]

    def run(self, direction, *options):
        """Runs the responder and returns the results, in the order of the tasks."""
        done = subprocess.run(self.command(direction, *options), input=json.dumps(self.tasks),
                              capture_output=True, text=True, timeout=240, check=False)
        if done.returncode == -9:
            raise Killed()
        if done.returncode != 0:
            raise AssertionError(f"the driver ended with {done.returncode}: {done.stderr}")
        if done.stderr:
            raise AssertionError(f"the driver complained: {done.stderr}")
        return json.loads(done.stdout)

    def apply(self, *options):
        return self.run("apply", *options)

    def undo(self, *options):
        return self.run("undo", *options)


class DeviceCase(unittest.TestCase):
    """One device for the class; each test has a folder of its own on it."""

    exec_allowed = True
    user = None
    before = None
    names = itertools.count(1)

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="ac-device-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.folder.chmod(0o755)
        cls.devices = lab.Devices(cls.folder / "lab", count=1, exec_allowed=cls.exec_allowed,
                                  user=cls.user,
                                  before=cls.before and cls.before.format(folder=cls.folder))
        cls.addClassCleanup(cls.devices.stop)
        cls.devices.start()
        cls.device = cls.devices[0]

    def setUp(self):
        self.home = f"home{next(self.names)}"
        self.quarantine = self.folder / f"quarantine-{self.home}"

    def actions(self, *paths, **changes):
        """Actions about the files at these paths. @changes: of the configuration"""
        changes.setdefault("quarantine_folder", self.quarantine)
        actions = Actions(self.folder, self.devices.device_config(**changes), self.device)
        for path in paths:
            actions.add(path)
        return actions

    def put(self, name="evil.bin", data=b"evil", **keywords):
        """Makes a file in the test's folder; returns its whole path."""
        keywords.setdefault("owner", OWNER)
        if isinstance(name, bytes):
            return self.device.put(self.home.encode() + b"/" + name, data, **keywords)
        return self.device.put(f"{self.home}/{name}", data, **keywords)

    def snapshot(self, path):
        return self.device.snapshot(path)

    def kept(self, quarantine=None):
        """The names in the quarantine folder."""
        folder = quarantine or self.quarantine
        return sorted(os.listdir(folder)) if os.path.exists(folder) else []

    def around(self, path):
        """The names beside a path."""
        return sorted(os.listdir(os.path.dirname(path)))

    @staticmethod
    def back_name(receipt):
        """Where a copy is made that goes back to its place."""
        return receipt["aside"].replace("/.action-center-", "/.action-center-back-")

    def assert_outcomes(self, results, *outcomes):
        self.assertEqual(list(outcomes), [result.get("outcome") for result in results], results)

    def assert_only(self, results, outcome, detail, transient=False):
        """There is one result, and it is this; @detail: a regular expression."""
        self.assert_outcomes(results, outcome)
        self.assertRegex(results[0]["detail"], detail)
        self.assertEqual(transient, results[0]["transient"], results)
