# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the quarantine folder is on another file system: copied, verified, removed, and back."""
import os
import shutil
import stat
import unittest

from device_case import IS_ROOT, MAY_MOUNT, DeviceCase, lab


class CopyCase(DeviceCase):
    """The quarantine folder is on another file system than the files."""

    def setUp(self):
        super().setUp()
        self.quarantine = lab.other_file_system(self.folder)
        self.addCleanup(shutil.rmtree, self.quarantine, ignore_errors=True)


class Copy(CopyCase):
    tap_class = "copy"

    def test_a_file_goes_and_comes_back_as_it_was(self):
        path = self.put(mode=0o4751, acl="u:1234:r", attributes={
            "user.origin": b"http://evil.test", "user.binary": b"\0\xff'\"\n"})
        before = self.snapshot(path)
        actions = self.actions(path)
        self.assert_only(actions.apply(), "moved", "^Copied to the quarantine folder, which is on "
                         "another file system, and removed from “.*evil.bin”\\.$")
        self.assertIsNone(self.snapshot(path))
        self.assertEqual([], self.around(path))
        name, = self.kept()
        self.assertEqual(0, stat.S_IMODE(os.lstat(self.quarantine / name).st_mode))
        self.assert_only(actions.undo(), "restored", "^Copied back to “.*”, with owner, mode, times "
                         "and attributes\\.$")
        self.assertEqual(before, self.snapshot(path))
        self.assertEqual([], self.kept())
        self.assertEqual(["evil.bin"], self.around(path))

    def test_twice_is_once(self):
        path = self.put()
        before = self.snapshot(path)
        actions = self.actions(path)
        actions.apply()
        self.assert_only(actions.apply(), "moved", "^Moved")
        actions.undo()
        self.assert_only(actions.undo(), "restored", "back to")
        self.assertEqual(before, self.snapshot(path))

    def test_files_of_every_size_and_path(self):
        sizes = {b"zero": 0, b"one": 1, b"block": 32768, b"it's": 100001, b"lin\ne": 10,
                 b"latin1-\xfc": 3000000}
        paths = [self.put(name, os.urandom(size)) for name, size in sizes.items()]
        before = [self.snapshot(path) for path in paths]
        actions = self.actions(*paths)
        self.assert_outcomes(actions.apply(), *["moved"] * len(paths))
        self.assertEqual([None] * len(paths), [self.snapshot(path) for path in paths])
        self.assert_outcomes(actions.undo(), *["restored"] * len(paths))
        self.assertEqual(before, [self.snapshot(path) for path in paths])

    def test_a_folder_on_the_same_file_system_is_preferred(self):
        path = self.put()
        inode = os.lstat(path).st_ino
        near = self.folder / f"near-{self.home}"
        actions = self.actions(path, quarantine_folder=f"{self.quarantine};{near}")
        self.assert_only(actions.apply(), "moved", "^Moved from")
        name, = self.kept(near)
        self.assertEqual(inode, os.lstat(near / name).st_ino)

    def test_a_file_with_two_names_is_not_copied(self):
        path = self.put()
        os.link(path, path + ".two")
        before = self.snapshot(path)
        self.assert_only(self.actions(path).apply(), "failed", "has 2 names.*Nothing was done")
        self.assertEqual(before, self.snapshot(path))

    def test_what_stands_there_now_is_not_replaced(self):
        path = self.put()
        actions = self.actions(path)
        actions.apply()
        self.put(data=b"new")
        self.assert_only(actions.undo(), "conflict", "stands another file now")
        self.assertEqual(3, self.snapshot(path)["size"])
        self.assertEqual((["evil.bin"], 1), (self.around(path), len(self.kept())))

    def test_a_copy_that_was_changed_is_not_brought_back(self):
        path = self.put()
        actions = self.actions(path)
        actions.apply()
        kept = self.quarantine / self.kept()[0]
        os.chmod(kept, 0o600)
        kept.write_bytes(b"EVIL")
        self.assert_only(actions.undo(), "failed", "was changed there")
        self.assertEqual([], self.around(path))


class Full(DeviceCase):
    """A quarantine folder in which hardly anything has room."""

    tap_class = "full"

    # In a mount namespace of its own, which not everybody can have.
    before = ("mkdir {folder}/small {folder}/locked\n"
              "mount -t tmpfs -o size=1m tmpfs {folder}/small\n"
              "mount -t tmpfs tmpfs {folder}/locked\n"
              "printf evil >{folder}/locked/evil\n"
              "mount -o remount,ro {folder}/locked") if MAY_MOUNT else None

    def test_no_room_for_the_copy(self):
        path = self.put(data=os.urandom(3000000))
        before = self.snapshot(path)
        folder = self.folder / "small" / "quarantine" if MAY_MOUNT else "/proc/quarantine"
        result, = self.actions(path, quarantine_folder=folder).apply()
        self.assertEqual("failed", result["outcome"])
        self.assertRegex(result["detail"], "could not be copied" if MAY_MOUNT else "cannot be used")
        self.assertEqual(before, self.snapshot(path))
        self.assertEqual(["evil.bin"], self.around(path))

    def test_a_file_system_that_is_mounted_read_only(self):
        actions = self.actions()
        sha256 = self.snapshot(self.put())["sha256"]
        actions.add(self.folder / "locked" / "evil" if MAY_MOUNT else "/proc/version", sha256=sha256)
        self.assert_only(actions.apply(), "failed", "mounted read-only.*Nothing was done"
                         if MAY_MOUNT else "not the one that the verdict is about")


class NoCommands(CopyCase):
    """The service may move files, and run nothing."""

    tap_class = "no-commands"
    exec_allowed = False

    def test_a_rename_needs_no_commands(self):
        path = self.put(attributes={"user.origin": b"x"})
        before = self.snapshot(path)
        near = self.folder / f"near-{self.home}"
        actions = self.actions(path, quarantine_folder=near)
        self.assert_only(actions.apply(), "moved", "^Moved from")
        self.assert_only(actions.undo(), "restored", "as it was")
        self.assertEqual(before, self.snapshot(path))

    def test_a_copy_is_refused_before_anything_is_done(self):
        path = self.put()
        before = self.snapshot(path)
        self.assert_only(self.actions(path).apply(), "failed",
                         "extended attributes.*cannot be seen.*Nothing was done")
        self.assertEqual((before, []), (self.snapshot(path), self.kept()))

    def test_a_copy_that_is_allowed_says_what_is_lost(self):
        path = self.put(mode=0o4751, mtime_ns=1706933106000000000)
        before = self.snapshot(path)
        actions = self.actions(path, copies_without_attributes="true")
        self.assert_only(actions.apply(), "moved", "Undo cannot bring back its extended attributes")
        self.assert_only(actions.undo(), "restored", "times to the second")
        self.assertEqual(before, self.snapshot(path))


class OrdinaryUser(CopyCase):
    """The service is an ordinary user on the device, whose files are its own."""

    tap_class = "ordinary-user"
    user = "nobody" if IS_ROOT else None
    exec_allowed = False

    def mine(self, name="evil.bin", **keywords):
        """A file of the user that the service is."""
        path = self.put(name, owner=65534 if IS_ROOT else None, **keywords)
        if IS_ROOT:
            os.chown(os.path.dirname(path), 65534, 65534)
        return path

    def near(self):
        """A quarantine folder of that user on the file system of the files."""
        folder = self.folder / f"near-{self.home}"
        folder.mkdir(mode=0o700)
        if IS_ROOT:
            os.chown(folder, 65534, 65534)
        return folder

    def test_a_file_of_its_own_goes_and_comes_back(self):
        path = self.mine(mode=0o604)
        before = self.snapshot(path)
        actions = self.actions(path, quarantine_folder=self.near())
        self.assert_only(actions.apply(), "moved", "^Moved from")
        self.assert_only(actions.undo(), "restored", "as it was")
        self.assertEqual(before, self.snapshot(path))

    def test_a_file_of_its_own_is_copied_and_comes_back(self):
        path = self.mine(mtime_ns=1706933106000000000)
        before = self.snapshot(path)
        actions = self.actions(path, copies_without_attributes="true")
        self.assert_only(actions.apply(), "moved", "^Copied")
        self.assert_only(actions.undo(), "restored", "^Copied back")
        self.assertEqual(before, self.snapshot(path))

    def test_a_file_that_somebody_has_put_back(self):
        path = self.mine()
        before = self.snapshot(path)
        near = self.near()
        actions = self.actions(path, quarantine_folder=near)
        actions.apply()
        name, = self.kept(near)
        os.rename(near / name, path)
        self.assert_only(actions.undo(), "alreadyRestored", "Its permissions were given back")
        self.assertEqual(before, self.snapshot(path))

    def test_a_file_that_may_not_be_read(self):
        path = self.mine(mode=0)
        actions = self.actions(quarantine_folder=self.near())
        actions.add(path, sha256="0" * 64)
        self.assert_only(actions.apply(), "failed", "could not be read: permission was denied")

    def test_a_folder_that_may_not_be_written_to(self):
        path = self.mine()
        folder = os.path.dirname(path)
        os.chmod(folder, 0o555)
        self.addCleanup(os.chmod, folder, 0o755)
        if IS_ROOT:
            os.chown(folder, 0, 0)
        self.assert_only(self.actions(path, quarantine_folder=self.near()).apply(), "failed",
                         "could not be moved: permission was denied")
        self.assertEqual(["evil.bin"], self.around(path))

    def test_a_quarantine_folder_that_others_can_look_into(self):
        path = self.mine()
        near = self.near()
        near.chmod(0o755)
        self.assert_only(self.actions(path, quarantine_folder=near).apply(), "failed",
                         "others may look into it.*Nothing was done")
        self.assertIsNotNone(self.snapshot(path))

    def test_a_quarantine_folder_of_somebody_else(self):
        path = self.mine()
        folder = self.folder / f"theirs-{self.home}"
        folder.mkdir(mode=0o700)
        # An ordinary user cannot give a folder away, and has one that it may not write to instead.
        if IS_ROOT:
            os.chown(folder, 0, 0)
        else:
            folder.chmod(0o500)
        self.assert_only(self.actions(path, quarantine_folder=folder).apply(), "failed",
                         "cannot be used: nothing can be made in it.*Nothing was done")
        self.assertIsNotNone(self.snapshot(path))


if __name__ == "__main__":
    unittest.main()
