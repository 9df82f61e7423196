# SPDX-License-Identifier: GPL-3.0-or-later
"""Quarantine and undo of files on a real device: each outcome, and the device after it."""
import os
import socket
import stat
import unittest

from device_case import IS_ROOT, OWNER, DeviceCase, lab


class Quarantine(DeviceCase):
    tap_class = "quarantine"

    def test_a_file_goes_and_comes_back_as_it_was(self):
        path = self.put(mode=0o4751, acl="u:1234:r", attributes={"user.origin": b"http://evil.test"})
        before = self.snapshot(path)
        actions = self.actions(path)
        self.assert_only(actions.apply(), "moved",
                         "^Moved from “/.*evil.bin” to the quarantine folder, without permissions\\.$")
        self.assertIsNone(self.snapshot(path))
        name, = self.kept()
        kept = os.lstat(self.quarantine / name)
        self.assertEqual(0, stat.S_IMODE(kept.st_mode))
        self.assertEqual(0o700, stat.S_IMODE(os.lstat(self.quarantine).st_mode))
        self.assertTrue(name.startswith(before["sha256"]))
        self.assert_only(actions.undo(), "restored", "^Moved back to “/.*evil.bin”, as it was\\.$")
        self.assertEqual(before, self.snapshot(path))
        self.assertEqual([], self.kept())

    def test_twice_is_once(self):
        path = self.put()
        before = self.snapshot(path)
        actions = self.actions(path)
        actions.apply()
        self.assert_only(actions.apply(), "moved", "^Moved from")
        self.assertEqual(1, len(self.kept()))
        actions.undo()
        self.assert_only(actions.undo(), "restored", "^Moved back to")
        self.assertEqual(before, self.snapshot(path))

    def test_the_receipt_says_what_it_was(self):
        path = self.put(mode=0o4751)
        before = os.lstat(path)
        actions = self.actions(path)
        actions.apply()
        receipt, = actions.receipts.values()
        self.assertEqual(
            (os.path.realpath(path), before.st_size, before.st_uid, before.st_gid, before.st_mode,
             before.st_mtime_ns // 10**9, "moved"),
            tuple(receipt[name] for name in
                  ("place", "size", "owner", "group", "mode", "modified", "state")))
        self.assertEqual(self.kept(), [os.path.basename(receipt["kept"])])

    def test_a_hundred_files_in_one_go(self):
        paths = [self.put(f"f{number}", b"evil %d" % number) for number in range(100)]
        before = [self.snapshot(path) for path in paths]
        actions = self.actions(*paths)
        self.assert_outcomes(actions.apply(), *["moved"] * 100)
        self.assertEqual(100, len(self.kept()))
        self.assert_outcomes(actions.undo(), *["restored"] * 100)
        self.assertEqual(before, [self.snapshot(path) for path in paths])

    def test_files_of_every_size(self):
        sizes = [0, 1, 32767, 32768, 32769, 65536, 1048576 + 17, 5000000]
        paths = [self.put(f"f{size}", os.urandom(size)) for size in sizes]
        before = [self.snapshot(path) for path in paths]
        actions = self.actions(*paths)
        self.assert_outcomes(actions.apply(), *["moved"] * len(sizes))
        self.assert_outcomes(actions.undo(), *["restored"] * len(sizes))
        self.assertEqual(before, [self.snapshot(path) for path in paths])

    def test_paths_of_every_kind(self):
        names = [b"a b", b"\xc3\xbcber 'quoted' \"twice\"", b"line\nbreak", b"back\\slash", b"-rf",
                 b"%41 ; touch x", b"latin1-\xfc\xff", b"$(touch y)", b"n" * 255, b"\xf0\x9f\x98\x80"]
        paths = [self.put(name, b"evil " + name) for name in names]
        before = [self.snapshot(path) for path in paths]
        actions = self.actions(*paths)
        self.assertEqual(1, sum("pathBytes" in task["entity"] for task in actions.tasks))
        results = actions.apply()
        self.assert_outcomes(results, *["moved"] * len(names))
        self.assertIn("latin1-\\xfc\\xff”", results[6]["detail"])
        self.assertIn("line\\x0abreak”", results[2]["detail"])
        self.assertEqual([], self.around(self.put("x"))[1:])
        self.assert_outcomes(actions.undo(), *["restored"] * len(names))
        self.assertEqual(before, [self.snapshot(path) for path in paths])

    def test_a_path_that_is_none(self):
        actions = self.actions()
        path = self.put()
        for changes in ({"path": "evil.bin"}, {"path": "/"}, {"path": "/etc/.."}, {"path": "/etc/"},
                        {"pathBytes": "!!!"}, {"pathBytes": "L2EAYg=="}):
            actions.add(path, **changes)
        results = actions.apply()
        self.assert_outcomes(results, *["failed"] * 6)
        for result in results:
            self.assertRegex(result["detail"], "not the (whole|base64).*Nothing was done|"
                             "whole path.*Nothing was done")

    def test_a_hash_that_is_none(self):
        actions = self.actions()
        actions.add(self.put(), sha256="abc")
        self.assert_only(actions.apply(), "failed", "no whole SHA-256")

    def test_a_hash_in_capitals_is_the_same(self):
        path = self.put()
        actions = self.actions()
        actions.add(path, sha256=self.snapshot(path)["sha256"].upper())
        self.assert_only(actions.apply(), "moved", "^Moved")

    def test_a_file_that_is_gone(self):
        path = self.put()
        actions = self.actions(path)
        os.unlink(path)
        self.assert_only(actions.apply(), "notFound", "^There is no file at “.*” any more\\.$")

    def test_a_folder_that_is_gone(self):
        path = self.put("below/evil")
        actions = self.actions(path)
        os.unlink(path)
        os.rmdir(os.path.dirname(path))
        self.assert_only(actions.apply(), "notFound", "^There is no file")

    def test_a_file_that_was_changed_since_the_verdict(self):
        path = self.put()
        actions = self.actions(path)
        self.put(data=b"good")
        self.assert_only(actions.apply(), "failed", "not the one that the verdict is about")
        self.assertEqual(4, self.snapshot(path)["size"])
        self.assertEqual([], self.kept())

    def test_the_sha256_decides_and_not_the_size(self):
        path = self.put()
        before = self.snapshot(path)
        actions = self.actions()
        actions.add(path, size=5)
        self.assert_only(actions.apply(), "moved", "^Moved")
        # What has no end is no reason to wait at undo either.
        os.truncate(self.put(data=b""), 100 << 30)
        self.assert_only(actions.undo(), "conflict", "stands another file now")
        os.unlink(path)
        self.assert_only(actions.undo(), "restored", "^Moved back")
        self.assertEqual(before, self.snapshot(path))

    def test_a_file_without_end_is_not_read(self):
        path = self.put()
        actions = self.actions()
        actions.add(path)
        os.truncate(path, 100 << 30)
        self.assert_only(actions.apply(), "failed", "larger than 64 GiB")
        self.assertEqual(["evil.bin"], self.around(path))

    def test_what_is_no_file_is_left(self):
        target = self.put("target")
        actions = self.actions()
        for name in ("link", "folder", "pipe", "socket"):
            path = os.path.join(os.path.dirname(target), name)
            actions.add(path, sha256="0" * 64)
            if name == "link":
                os.symlink(target, path)
            elif name == "folder":
                os.mkdir(path)
            elif name == "pipe":
                os.mkfifo(path)
            else:
                with socket.socket(socket.AF_UNIX) as one:
                    folder = os.getcwd()
                    os.chdir(os.path.dirname(path))
                    one.bind(name)
                    os.chdir(folder)
        results = actions.apply()
        self.assert_outcomes(results, *["failed"] * 4)
        for result, kind in zip(results, ("symbolic link", "folder", "pipe", "socket")):
            self.assertRegex(result["detail"], f"stands a {kind} .*Nothing was done")
        self.assertEqual(["folder", "link", "pipe", "socket", "target"], self.around(target))

    def test_a_symbolic_link_on_the_way_is_followed_and_noted(self):
        path = self.put("real/evil")
        folder = os.path.dirname(os.path.dirname(path))
        os.symlink("real", os.path.join(folder, "short"))
        before = self.snapshot(path)
        actions = self.actions(os.path.join(folder, "short", "evil"))
        self.assert_only(actions.apply(), "moved", "short/evil”")
        self.assertIsNone(self.snapshot(path))
        self.assert_only(actions.undo(), "restored", "short/evil”")
        self.assertEqual(before, self.snapshot(path))

    def test_a_file_with_two_names_loses_one_and_its_permissions(self):
        path = self.put()
        os.link(path, path + ".two")
        before = self.snapshot(path)
        actions = self.actions(path)
        actions.apply()
        self.assertIsNone(self.snapshot(path))
        self.assertEqual(0, stat.S_IMODE(os.lstat(path + ".two").st_mode))
        actions.undo()
        self.assertEqual(before, self.snapshot(path))
        self.assertEqual(before, self.snapshot(path + ".two"))
        self.assertEqual(os.lstat(path).st_ino, os.lstat(path + ".two").st_ino)

    def test_a_file_in_quarantine_is_not_quarantined(self):
        path = self.put()
        self.actions(path).apply()
        name, = self.kept()
        actions = self.actions()
        actions.add(str(self.quarantine / name), sha256=name.split("-")[0])
        self.assert_only(actions.apply(), "failed", "lies in the quarantine folder")

    def test_a_quarantine_folder_behind_a_symbolic_link(self):
        real = self.folder / f"real-{self.home}"
        real.mkdir()
        short = self.folder / f"short-{self.home}"
        short.symlink_to(real)
        self.quarantine = short / "quarantine"
        path = self.put()
        before = self.snapshot(path)
        actions = self.actions(path)
        self.assert_only(actions.apply(), "moved", "^Moved")
        name, = self.kept()
        again = self.actions()
        again.add(str(real / "quarantine" / name), sha256=before["sha256"])
        self.assert_only(again.apply(), "failed",
                         "lies in the quarantine folder|permission was denied")
        self.assert_only(actions.undo(), "restored", "^Moved back")
        self.assertEqual(before, self.snapshot(path))

    def test_a_quarantine_folder_that_somebody_else_has_made(self):
        path = self.put()
        before = self.snapshot(path)
        if not IS_ROOT:
            # Only root can give a folder to somebody else; this one is root's.
            self.assert_only(self.actions(path, quarantine_folder=os.path.expanduser("~root")).apply(), "failed",
                             "cannot be used.*Nothing was done")
            self.assertEqual(before, self.snapshot(path))
            return
        self.quarantine.mkdir(mode=0o700)
        os.chown(self.quarantine, OWNER, OWNER)
        actions = self.actions(path)
        self.assert_only(actions.apply(), "failed", "cannot be used: it belongs to somebody else, the "
                         f"user with the number {OWNER};.*Nothing was done")
        self.assertEqual((before, []), (self.snapshot(path), self.kept()))
        os.chown(self.quarantine, 0, 0)
        self.assert_only(actions.apply(), "moved", "^Moved")
        # What a receipt names is looked at as well: before there was a look at the owner, it was theirs.
        os.chown(self.quarantine, OWNER, OWNER)
        self.assert_only(actions.undo(), "failed", "belongs to somebody else")
        name, = self.kept()
        self.assertEqual(0, stat.S_IMODE(os.lstat(self.quarantine / name).st_mode))
        os.chown(self.quarantine, 0, 0)
        # One that was left by a session that was cut off is no matter.
        (self.quarantine / ".action-center-probe").touch()
        self.assert_only(actions.undo(), "restored", "^Moved back")
        self.assertEqual((before, []), (self.snapshot(path), self.kept()))

    def test_a_file_that_is_open(self):
        path = self.put(owner=None, mode=0o600)
        before = self.snapshot(path)
        actions = self.actions(path)
        with open(path, "rb+") as file:
            self.assert_only(actions.apply(), "moved", "^Moved")
            self.assertEqual(b"evil", file.read())
            file.write(b" and more")
        self.assert_only(actions.undo(), "failed", "was changed there, and stays there")
        self.assertEqual(1, len(self.kept()))
        self.assertIsNone(self.snapshot(path))
        kept = self.quarantine / self.kept()[0]
        kept.chmod(0o600)
        os.truncate(kept, 4)
        self.assert_only(actions.undo(), "restored", "^Moved back")
        self.assertEqual(before["sha256"], self.snapshot(path)["sha256"])
        self.assertEqual(before["mtime_ns"] // 10**9, self.snapshot(path)["mtime_ns"] // 10**9)


class Undo(DeviceCase):
    tap_class = "undo"

    def setUp(self):
        super().setUp()
        self.path = self.put()
        self.before = self.snapshot(self.path)
        self.acting = self.actions(self.path)

    def test_what_stands_there_now_is_not_replaced(self):
        for make in (lambda: self.put(data=b"new"), lambda: os.mkdir(self.path),
                     lambda: os.symlink("/nowhere", self.path)):
            self.acting.apply()
            make()
            there = self.snapshot(self.path)
            self.assert_only(self.acting.undo(), "conflict", "stands .* now, which was not replaced")
            self.assertEqual(there, self.snapshot(self.path))
            self.assertEqual(1, len(self.kept()))
            os.rename(self.path, f"{self.path}.{len(self.around(self.path))}")
            self.assert_only(self.acting.undo(), "restored", "^Moved back")
            self.assertEqual(self.before, self.snapshot(self.path))
            self.acting = self.actions(self.path)

    def test_somebody_has_put_it_back(self):
        self.acting.apply()
        os.rename(self.quarantine / self.kept()[0], self.path)
        self.assert_only(self.acting.undo(), "alreadyRestored",
                         "somebody else has put it there. Its permissions were given back")
        self.assertEqual(self.before, self.snapshot(self.path))

    def test_somebody_has_put_the_same_there(self):
        self.acting.apply()
        self.put()
        self.assert_only(self.acting.undo(), "alreadyRestored", "stays in the quarantine folder")
        self.assertEqual(1, len(self.kept()))

    def test_somebody_has_removed_it_from_quarantine(self):
        self.acting.apply()
        os.unlink(self.quarantine / self.kept()[0])
        self.assert_only(self.acting.undo(), "notFound", "cannot be brought back")

    def test_somebody_has_changed_it_in_quarantine(self):
        self.acting.apply()
        kept = self.quarantine / self.kept()[0]
        os.chmod(kept, 0o600)
        kept.write_bytes(b"other")
        self.assert_only(self.acting.undo(), "failed", "was changed there, and stays there")
        self.assertEqual(b"other", kept.read_bytes())

    def test_its_folder_is_gone(self):
        path = self.put("below/evil")
        actions = self.actions(path)
        actions.apply()
        os.rmdir(os.path.dirname(path))
        self.assert_only(actions.undo(), "failed", "folder of “.*” is not there any more")
        os.mkdir(os.path.dirname(path))
        self.assert_only(actions.undo(), "restored", "^Moved back")

    def test_its_folder_is_a_link_to_elsewhere(self):
        path = self.put("below/evil")
        elsewhere = os.path.join(os.path.dirname(self.path), "elsewhere")
        actions = self.actions(path)
        actions.apply()
        os.rmdir(os.path.dirname(path))
        os.mkdir(elsewhere)
        os.symlink("elsewhere", os.path.dirname(path))
        self.assert_only(actions.undo(), "failed", "or is another one now")
        self.assertEqual([], os.listdir(elsewhere))

    def test_nothing_was_moved(self):
        self.assert_only(self.acting.undo(), "notFound", "^This action has moved nothing")

    def test_owner_and_time_that_were_changed_in_quarantine_are_set_right(self):
        self.acting.apply()
        kept = self.quarantine / self.kept()[0]
        if IS_ROOT:
            os.chown(kept, 1, 1)
        os.utime(kept, (1, 1))
        self.assert_only(self.acting.undo(), "restored", "^Moved back")
        after = self.snapshot(self.path)
        for name in ("uid", "gid", "mode", "sha256"):
            self.assertEqual(self.before[name], after[name])
        self.assertEqual(self.before["mtime_ns"] // 10**9, after["mtime_ns"] // 10**9)

    def test_a_receipt_that_cannot_be_read(self):
        self.acting.apply()
        self.acting.receipts_file.write_text('{"%s": {"version": 99}}' %
                                             self.acting.tasks[0]["actionId"])
        self.assert_only(self.acting.undo(), "failed", "cannot be read.*Nothing was done")
        self.assertEqual(1, len(self.kept()))


if __name__ == "__main__":
    unittest.main()
