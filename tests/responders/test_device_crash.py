# SPDX-License-Identifier: GPL-3.0-or-later
"""Cut off anywhere, the next run finishes, does it once, and the file is always in a known place; a device
that is not the right one, or does not answer, is told in words."""
import contextlib
import json
import os
import shutil
import socket
import stat
import subprocess
import unittest

from device_case import DeviceCase, Killed, lab


class Crash(DeviceCase):
    tap_class = "crash"

    def place_of(self, digest, *folders):
        """Every path below these folders at which a file with this SHA-256 lies."""
        found = []
        for folder in folders:
            for parent, _folders, names in os.walk(folder):
                for name in names:
                    seen = self.snapshot(os.path.join(parent, name))
                    if seen and seen.get("sha256") == digest:
                        found.append(os.path.join(parent, name))
        return found

    def check_kills(self, options, n_apply, n_undo, **changes):
        """Kills the driver at each of its writes of receipts, in both directions."""
        path = self.put("evil", b"evil of " + self.home.encode(), mode=0o4751,
                        attributes={"user.origin": b"http://evil.test"})
        before = self.snapshot(path)
        folders = os.path.dirname(path), self.quarantine
        for direction, outcome, n_writes in (("apply", "moved", n_apply),
                                             ("undo", "restored", n_undo)):
            for option in options:
                for write in range(1, n_writes + 1):
                    with self.subTest(direction=direction, option=option, write=write):
                        actions = self.actions(path, **changes)
                        if direction == "undo":
                            actions.apply()
                        with self.assertRaises(Killed):
                            actions.run(direction, f"--{option}={write}")
                        self.assertTrue(self.place_of(before["sha256"], *folders))
                        self.assert_outcomes(actions.run(direction), outcome)
                        self.assert_outcomes(actions.run(direction), outcome)
                        self.assertEqual(1, len(self.place_of(before["sha256"], *folders)))
                        self.assert_outcomes(actions.undo(), "restored")
                        self.assertEqual(before, self.snapshot(path))
                        self.assertEqual((["evil"], []), (self.around(path), self.kept()))
            # There is no write behind the last one.
            actions = self.actions(path, **changes)
            if direction == "undo":
                actions.apply()
            actions.run(direction, f"--die-before={n_writes + 1}")
            actions.undo()

    def test_killed_at_each_receipt_of_a_rename(self):
        self.check_kills(("die-before", "die-after"), 2, 2)

    def test_killed_at_each_receipt_of_a_copy(self):
        self.quarantine = lab.other_file_system(self.folder)
        self.addCleanup(shutil.rmtree, self.quarantine, ignore_errors=True)
        self.check_kills(("die-before", "die-after"), 3, 2)

    def test_a_receipt_that_cannot_be_written_stops_everything(self):
        path = self.put()
        before = self.snapshot(path)
        actions = self.actions(path)
        self.assert_only(actions.apply("--fail-at=1"), "failed", "database.*disk is full", True)
        self.assertEqual((before, []), (self.snapshot(path), self.kept()))
        self.assert_only(actions.apply(), "moved", "^Moved")

    def test_cancelled_after_the_receipt_nothing_is_known(self):
        path = self.put()
        actions = self.actions(path)
        result, = actions.apply("--cancel-at=1")
        self.assertNotIn("outcome", result)
        self.assert_only(actions.apply(), "moved", "^Moved")
        self.assert_only(actions.undo(), "restored", "^Moved back")

    def begun(self, direction, path):
        """Actions whose receipt says that the step was begun, and nothing has been done."""
        actions = self.actions(path)
        if direction == "undo":
            actions.apply()
        with self.assertRaises(Killed):
            actions.run(direction, "--die-after=1")
        receipt, = actions.receipts.values()
        return actions, receipt["kept"]

    def test_the_device_died_between_the_two_names_of_a_rename(self):
        path = self.put()
        before = self.snapshot(path)
        actions, kept = self.begun("apply", path)
        os.link(path, kept)
        self.assert_only(actions.apply(), "moved", "^Moved")
        self.assertIsNone(self.snapshot(path))
        self.assertEqual(0, stat.S_IMODE(os.lstat(kept).st_mode))
        actions.undo()
        actions, kept = self.begun("undo", path)
        os.chmod(kept, before["mode"])
        os.link(kept, path)
        self.assert_only(actions.undo(), "restored", "^Moved back")
        self.assertEqual((before, []), (self.snapshot(path), self.kept()))

    def test_killed_between_the_rename_and_its_receipt(self):
        path = self.put()
        before = self.snapshot(path)
        actions, kept = self.begun("apply", path)
        os.rename(path, kept)
        self.put(data=b"new")
        self.assert_only(actions.apply(), "moved", "Something else stands at its path")
        self.assertEqual(3, self.snapshot(path)["size"])
        os.unlink(path)
        self.assert_only(actions.undo(), "restored", "^Moved back")
        self.assertEqual(before, self.snapshot(path))

    def test_the_file_went_while_nobody_looked(self):
        path = self.put()
        actions, _kept = self.begun("apply", path)
        os.unlink(path)
        self.assert_only(actions.apply(), "notFound", "any more")

    def test_another_file_was_moved_because_somebody_was_quicker(self):
        path = self.put()
        actions, kept = self.begun("apply", path)
        self.put(data=b"innocent")
        os.rename(path, kept)
        self.assert_only(actions.apply(), "failed", "was put back", True)
        self.assertEqual(8, self.snapshot(path)["size"])
        self.assertEqual([], self.kept())

    def copying(self, direction, write):
        """A copy to another file system that was cut off after a receipt; returns the actions, the paths
        of the file, of what is kept and of what lies beside the file, and the file as it was."""
        self.quarantine = lab.other_file_system(self.folder)
        self.addCleanup(shutil.rmtree, self.quarantine, ignore_errors=True)
        path = self.put(data=b"evil" * 1000, mode=0o600)
        before = self.snapshot(path)
        actions = self.actions(path)
        if direction == "undo":
            actions.apply()
        with self.assertRaises(Killed):
            actions.run(direction, f"--die-after={write}")
        receipt, = actions.receipts.values()
        return actions, path, receipt["kept"], receipt.get("aside"), before

    def check_copied(self, actions, path, before):
        """The quarantine is finished, and all of it is undone."""
        self.assert_only(actions.apply(), "moved", "^Copied")
        self.assertEqual(([], 1), (self.around(path), len(self.kept())))
        self.check_copied_back(actions, path, before)

    def check_copied_back(self, actions, path, before):
        self.assert_outcomes(actions.undo(), "restored")
        self.assertEqual((before, ["evil.bin"], []),
                         (self.snapshot(path), self.around(path), self.kept()))

    def test_a_part_of_a_copy_is_made_anew(self):
        actions, path, kept, _aside, before = self.copying("apply", 1)
        with open(kept, "wb") as file:
            file.write(b"evil")
        os.chmod(kept, 0)
        self.check_copied(actions, path, before)

    def test_a_whole_copy_whose_file_somebody_removed_is_kept(self):
        actions, path, kept, _aside, before = self.copying("apply", 1)
        shutil.copyfile(path, kept)
        os.unlink(path)
        self.assert_only(actions.apply(), "moved", "; somebody else has removed it from “")
        self.check_copied_back(actions, path, before)

    def test_a_file_that_was_set_aside_is_removed(self):
        actions, path, _kept, aside, before = self.copying("apply", 2)
        os.rename(path, aside)
        self.check_copied(actions, path, before)

    def test_a_file_that_is_nowhere_but_beside_its_place(self):
        actions, path, kept, aside, before = self.copying("apply", 2)
        os.rename(path, aside)
        os.unlink(kept)
        self.assert_only(actions.undo(), "failed", f"lies beside its place “{path}” as “{aside}”")
        os.rename(aside, path)
        self.assert_only(actions.undo(), "alreadyRestored", "somebody else has put it there")
        self.assertEqual((before, ["evil.bin"]), (self.snapshot(path), self.around(path)))

    def test_a_file_that_was_set_aside_stays_until_it_is_copied_back(self):
        actions, path, _kept, aside, before = self.copying("apply", 2)
        os.rename(path, aside)
        in_the_way = self.back_name({"aside": aside})
        os.mkdir(in_the_way)
        self.assert_only(actions.undo(), "failed", "A copy that was begun could not be removed")
        self.assertTrue(os.path.exists(aside))
        os.rmdir(in_the_way)
        self.check_copied_back(actions, path, before)

    def test_a_file_with_its_name_and_the_one_beside_is_removed(self):
        actions, path, _kept, aside, before = self.copying("apply", 2)
        os.link(path, aside)
        self.check_copied(actions, path, before)

    def test_another_file_that_was_set_aside_comes_back(self):
        actions, path, _kept, aside, _before = self.copying("apply", 2)
        self.put(data=b"innocent")
        os.rename(path, aside)
        self.assert_only(actions.apply(), "failed", "was put back", True)
        self.assertEqual((8, ["evil.bin"]), (self.snapshot(path)["size"], self.around(path)))

    @staticmethod
    @contextlib.contextmanager
    def without(*folders):
        """The device as it is without the disks that hold these folders."""
        for folder in folders:
            os.rename(folder, f"{folder}.away")
        yield
        for folder in folders:
            os.rename(f"{folder}.away", folder)

    def test_a_disk_that_is_not_there_is_no_file_that_is_gone(self):
        for write in 1, 2:
            with self.subTest(write=write):
                actions, path, kept, _aside, before = self.copying("apply", write)
                if write == 1:
                    shutil.copyfile(path, kept)
                with self.without(os.path.dirname(path)):
                    result, = actions.apply()
                    self.assert_only([result], "failed", "its disk may not be mounted", True)
                    self.assertEqual(write == 2, result["didPart"])
                if write == 2:
                    with self.without(self.quarantine):
                        self.assert_only(actions.apply(), "failed", "its disk may not be mounted", True)
                self.check_copied(actions, path, before)
                os.unlink(path)

    def test_a_rename_on_a_disk_that_is_not_there(self):
        path = self.put()
        before = self.snapshot(path)
        actions, kept = self.begun("apply", path)
        os.rename(path, kept)
        with self.without(os.path.dirname(path), self.quarantine):
            result, = actions.apply()
            self.assert_only([result], "failed", "its disk may not be mounted", True)
            self.assertTrue(result["didPart"])
            self.assert_only(actions.undo(), "failed", "its disk may not be mounted", True)
        self.assert_only(actions.apply(), "moved", "^Moved")
        with self.without(self.quarantine):
            self.assert_only(actions.apply(), "failed", "its disk may not be mounted", True)
            self.assert_only(actions.undo(), "failed", "its disk may not be mounted", True)
        self.assert_only(actions.undo(), "restored", "^Moved back")
        self.assertEqual((before, []), (self.snapshot(path), self.kept()))

    def test_a_part_of_a_copy_back_is_made_anew(self):
        actions, path, _kept, aside, before = self.copying("undo", 1)
        with open(self.back_name({"aside": aside}), "wb") as file:
            file.write(b"evil")
        self.check_copied_back(actions, path, before)

    def test_what_an_undo_of_an_earlier_version_may_have_left_stays(self):
        actions, path, _kept, aside, before = self.copying("undo", 1)
        with open(aside, "wb") as file:
            file.write(b"evil")
        self.assert_only(actions.undo(), "restored",
                         f"Something else lies beside it as “{aside}”, and was left")
        self.assertEqual((before, {"evil.bin", os.path.basename(aside)}),
                         (self.snapshot(path), set(self.around(path))))

    def test_a_file_that_was_set_aside_and_not_removed_is_brought_back(self):
        actions, path, _kept, aside, before = self.copying("apply", 2)
        os.rename(path, aside)
        self.check_copied_back(actions, path, before)

    def test_a_file_that_is_back_with_its_copy_still_there(self):
        actions, path, kept, _aside, before = self.copying("undo", 1)
        shutil.copyfile(kept, path)
        os.chmod(path, before["mode"])
        os.chown(path, before["uid"], before["gid"])
        os.utime(path, ns=(before["mtime_ns"], before["mtime_ns"]))
        self.check_copied_back(actions, path, before)

    def test_a_device_that_hangs_in_the_middle(self):
        path = self.put(data=os.urandom(40000000))
        actions = self.actions(path, timeout_seconds=1)
        with self.running(actions) as driver:
            self.device.freeze()
            result, = json.loads(driver.stdout.read())
        self.device.freeze(False)
        if result["outcome"] == "failed":
            self.assertTrue(result["transient"], result)
            self.assertRegex(result["detail"], "did not answer within 1 s")
        actions.settings["timeout-seconds"] = "60"
        self.assert_only(actions.apply(), "moved", "^Moved")

    @contextlib.contextmanager
    def running(self, actions):
        """A driver that has logged in to the device and works there."""
        accepted = "Accepted publickey"
        seen = self.device.log.count(accepted)
        with subprocess.Popen(actions.command("apply"), stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as driver:
            driver.stdin.write(json.dumps(actions.tasks))
            driver.stdin.close()
            while self.device.log.count(accepted) == seen and driver.poll() is None:
                pass
            yield driver
            self.assertEqual("", driver.stderr.read())

    def test_a_device_that_dies_in_the_middle(self):
        path = self.put(data=os.urandom(40000000))
        before = self.snapshot(path)
        actions = self.actions(path)
        with self.running(actions) as driver:
            self.device.stop()
            result, = json.loads(driver.stdout.read())
        self.device.start()
        if result["outcome"] == "failed":
            self.assertTrue(result["transient"], result)
            self.assertRegex(result["detail"], "was lost|cannot be reached")
        self.assert_only(actions.apply(), "moved", "^Moved")
        self.assert_only(actions.undo(), "restored", "^Moved back")
        self.assertEqual(before, self.snapshot(path))


class Strangers(DeviceCase):
    tap_class = "strangers"

    def setUp(self):
        super().setUp()
        self.path = self.put()
        self.before = self.snapshot(self.path)
        self.addCleanup(self.devices.write_files)

    def tearDown(self):
        self.assertEqual((self.before, []), (self.snapshot(self.path), self.kept()))

    def test_a_device_whose_key_is_not_known(self):
        known = self.folder / f"known-{self.home}"
        known.write_text("")
        # Nobody knocks at a device that is not known: one that is off is not missed.
        self.device.stop()
        self.addCleanup(self.device.start)
        self.assert_only(self.actions(self.path, known_hosts=known).apply(), "failed",
                         "^The host key of the device “.*” is not known\\. Nothing was done")

    def test_a_device_that_shows_another_key(self):
        self.device.stop()
        self.device.new_host_key()
        self.device.start()
        self.assert_only(self.actions(self.path).apply(), "failed",
                         "shows another host key than the known one.*Nothing was done")
        self.assertNotIn("Accepted publickey", self.device.log.split("Server listening")[-1])

    def test_a_device_that_does_not_let_the_service_in(self):
        other = self.folder / f"key-{self.home}"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
        self.assert_only(self.actions(self.path, key_file=other).apply(), "failed",
                         "does not let “.*” in with the service's key")

    def test_a_device_that_is_off(self):
        self.device.stop()
        self.addCleanup(self.device.start)
        results = self.actions(self.path).apply()
        self.assert_only(results, "failed", "cannot be reached at 127", True)
        self.assertFalse(results[0]["didPart"])

    def test_a_device_that_hangs(self):
        self.device.freeze()
        self.addCleanup(self.device.freeze, False)
        self.assert_only(self.actions(self.path, timeout_seconds=1).apply(), "failed",
                         "did not answer within 1 s", True)

    def test_something_else_that_listens_there(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            addresses = self.folder / f"addresses-{self.home}"
            port = server.getsockname()[1]
            addresses.write_text(f"[addresses]\n{self.device.name}=127.0.0.1:{port}\n")
            known = self.folder / f"known-{self.home}"
            known.write_text(self.device.known_hosts_line.replace(str(self.device.port), str(port)))
            self.assert_only(
                self.actions(self.path, timeout_seconds=1, known_hosts=known,
                             addresses_file=addresses).apply(),
                "failed", "did not answer within 1 s", True)

    def test_many_who_make_the_quarantine_folder_at_once(self):
        paths = [self.put(f"f{number}", b"%d" % number) for number in range(6)]
        many = [self.actions(path) for path in paths]
        drivers = [subprocess.Popen(actions.command("apply"), stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, text=True) for actions in many]
        # Each begins once it has read everything.
        for driver, actions in zip(drivers, many):
            with driver.stdin:
                driver.stdin.write(json.dumps(actions.tasks))
        for driver in drivers:
            with driver.stdout:
                result, = json.load(driver.stdout)
            self.assertEqual(0, driver.wait())
            self.assertEqual("moved", result["outcome"], result)
        for actions in many:
            self.assert_only(actions.undo(), "restored", "^Moved back")

    def test_a_name_that_is_no_device(self):
        actions = self.actions(self.path, addresses_file=None)
        for name in ("user@host", "x;y", "a b", "../x"):
            actions.device = lab.Device(name, self.folder, None)
            self.assert_only(actions.apply(), "failed", "cannot be the name of a device")

    def test_a_device_that_nobody_lists_is_looked_for_by_its_name(self):
        actions = self.actions(self.path, addresses_file=None, port=self.device.port)
        actions.device = lab.Device("127.0.0.1", self.folder, None)
        self.assert_only(actions.apply(), "moved", "^Moved")
        self.assert_only(actions.undo(), "restored", "^Moved back")

    def test_a_configuration_that_cannot_be(self):
        for changes, said in (
                ({"user": None}, "user: The key is required"),
                ({"known_hosts": "/nowhere"}, "known-hosts: The file “/nowhere” cannot be read"),
                ({"key_file": self.devices.known_hosts}, "only its owner may read"),
                ({"quarantine_folder": "here"}, "quarantine-folder: “here” is not the whole path"),
                ({"port": 0}, "port: “0” is not a number from 1 to 65535"),
                ({"copies_without_attributes": "maybe"}, "neither “true” nor “false”")):
            with self.subTest(changes=changes):
                with self.assertRaisesRegex(AssertionError, said):
                    self.actions(self.path, **changes).apply()


if __name__ == "__main__":
    unittest.main()
