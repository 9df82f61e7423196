#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens in a real Secret Service: gnome-keyring on a session bus of its own, in a home of its own."""
import os
import pathlib
import shlex
import subprocess
import tempfile
import time
import unittest

from gi.repository import Gio, GLib

USE_TOKEN = os.environ["AC_USE_TOKEN"]
WRAPPER = shlex.split(os.environ.get("AC_PROGRAM_WRAPPER", ""))
if WRAPPER:
    WRAPPER.append(f"--suppressions={pathlib.Path(__file__).parent / 'libsecret-valgrind.supp'}")
TOKEN = "tok_3yVvN0hTzY8kq-secret"
ADDRESS = "https://actions.example.org"


class SecretService(unittest.TestCase):
    tap_class = "secret-service"

    def setUp(self):
        self.home = tempfile.TemporaryDirectory(prefix="ac-client-secret-")
        self.addCleanup(self.home.cleanup)
        home = pathlib.Path(self.home.name)
        (home / "run").mkdir(mode=0o700)
        self.environment = {
            **os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"),
            "XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
        }
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL", "SSH_AUTH_SOCK"):
            self.environment.pop(name, None)
        # No activation: what is on this bus, the test has put there.
        config = home / "bus.conf"
        config.write_text(
            '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" '
            '"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">'
            f"<busconfig><type>session</type><listen>unix:tmpdir={home}</listen>"
            '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
            '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>')
        bus = self.start("dbus-daemon", f"--config-file={config}", "--nofork", "--print-address",
                         stdout=subprocess.PIPE)
        self.addCleanup(bus.stdout.close)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()

    def start(self, *command, **options):
        process = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL, **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        return process

    def start_keyring(self):
        keyring = self.start("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets",
                             stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        keyring.stdin.write(b"\n")
        keyring.stdin.close()
        connection = Gio.DBusConnection.new_for_address_sync(
            self.environment["DBUS_SESSION_BUS_ADDRESS"],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        # It answers before its login collection is there, and would then ask whether to make one.
        end = time.monotonic() + 30
        while True:
            try:
                answer = connection.call_sync(
                    "org.freedesktop.secrets", "/org/freedesktop/secrets",
                    "org.freedesktop.Secret.Service", "ReadAlias", GLib.Variant("(s)", ("default",)),
                    None, Gio.DBusCallFlags.NO_AUTO_START, 5000, None)
                if answer.unpack()[0] != "/":
                    break
            except GLib.Error:
                pass
            self.assertLess(time.monotonic(), end, "the keyring does not come up")
            time.sleep(0.02)
        connection.close_sync(None)

    def use_token(self, verb, address=ADDRESS, text=None):
        done = subprocess.run([*WRAPPER, USE_TOKEN, verb, address], input=text, text=True,
                              env=self.environment, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn(TOKEN, done.stderr)
        return done.stdout.split()

    def test_token_outlives_the_program(self):
        self.start_keyring()
        self.assertEqual(self.use_token("lookup"), ["none", "-"])
        self.assertEqual(self.use_token("store", text=TOKEN + "\n"), ["secret-service", "-"])
        self.assertEqual(self.use_token("lookup"), ["secret-service", TOKEN])
        self.assertEqual(self.use_token("lookup", ADDRESS + "/"), ["secret-service", TOKEN])
        self.assertEqual(self.use_token("lookup", "https://other.example.org"), ["none", "-"])
        self.assertEqual(self.use_token("store", text="tok_second\n"), ["secret-service", "-"])
        self.assertEqual(self.use_token("lookup"), ["secret-service", "tok_second"])
        self.assertEqual(self.use_token("clear"), ["none", "-"])
        self.assertEqual(self.use_token("lookup"), ["none", "-"])

    def test_bus_without_a_keyring(self):
        self.assertEqual(self.use_token("store", text=TOKEN + "\n"), ["this-run", "-"])
        self.assertEqual(self.use_token("lookup"), ["none", "-"])
        self.assertEqual(self.use_token("clear"), ["none", "-"])


if __name__ == "__main__":
    unittest.main()
