# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else is at the same files at the same moment: a session that was lost, whose last request the
device carries out when it comes to it; and whose the folder is, with symbolic links to the files of others."""
import json
import os
import pathlib
import shutil
import unittest

from device_case import DeviceCase, Killed, lab

SERVER = pathlib.Path(__file__).resolve().with_name("meddling_sftp.py")

INIT, OPEN, LSTAT, SETSTAT, REMOVE, RENAME, EXTENDED = 1, 3, 7, 9, 13, 18, 200


class RaceCase(DeviceCase):
    """Between the service and its files stands what does other things there in a chosen moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.folder / "plan"
        cls.expect()
        cls.device.stop()
        cls.device.subsystem = f"/usr/bin/python3 {SERVER} {cls.plan}"
        cls.device.start()

    def tearDown(self):
        self.expect()

    @classmethod
    def expect(cls, *moments, without=()):
        """What is to happen, and when; see meddling_sftp.py."""
        cls.plan.write_text(json.dumps({"moments": moments, "without": without}))

    def assert_all_happened(self):
        self.assertEqual([], json.loads(self.plan.read_text())["moments"])

    def begun(self, direction, path, write=1):
        """Actions that were cut off behind a receipt, and the receipt."""
        actions = self.actions(path)
        if direction == "undo":
            actions.apply()
        with self.assertRaises(Killed):
            actions.run(direction, f"--die-after={write}")
        receipt, = actions.receipts.values()
        return actions, receipt


def moment(requests, about, *commands, skip=0):
    return {"requests": requests, "about": about, "skip": skip, "commands": commands}


class Late(RaceCase):
    """The last request of a session that was lost is carried out while the next one is at work."""

    tap_class = "late"

    def test_a_rename_into_quarantine(self):
        for requests, which, skip in (([LSTAT], "place", 0), ([OPEN], "place", 0),
                                      ([LSTAT], "place", 1), ([LSTAT], "kept", 1),
                                      ([RENAME], "place", 0)):
            with self.subTest(requests=requests, which=which, skip=skip):
                path = self.put()
                before = self.snapshot(path)
                actions, receipt = self.begun("apply", path)
                self.expect(moment(requests, receipt[which], ["mv", path, receipt["kept"]],
                                   skip=skip))
                self.assert_only(actions.apply(), "moved", "^Moved")
                self.assert_all_happened()
                self.assertEqual(([], 1), (self.around(path), len(self.kept())))
                self.assert_only(actions.undo(), "restored", "^Moved back")
                self.assertEqual((before, []), (self.snapshot(path), self.kept()))

    def test_a_rename_into_quarantine_with_another_file_at_the_place(self):
        path = self.put()
        other = self.put("other", b"innocent")
        actions, receipt = self.begun("apply", path)
        self.expect(moment([LSTAT], path, ["mv", path, receipt["kept"]], ["mv", other, path]))
        self.assert_only(actions.apply(), "moved", "Something else stands at its path")
        self.assertEqual((8, 1), (self.snapshot(path)["size"], len(self.kept())))

    def test_a_rename_that_nobody_heard_of_again_is_undone(self):
        """The device is off until whoever approved gives up."""
        path = self.put()
        before = self.snapshot(path)
        actions, receipt = self.begun("apply", path)
        os.rename(path, receipt["kept"])
        self.device.stop()
        result, = actions.apply()
        self.device.start()
        self.assertEqual(("failed", True), (result["outcome"], result["didPart"]))
        self.assert_only(actions.undo(), "restored", "^Moved back")
        self.assertEqual((before, []), (self.snapshot(path), self.kept()))

    def test_both_names_of_a_rename(self):
        path = self.put()
        actions, receipt = self.begun("apply", path)
        self.expect(moment([RENAME], path, ["ln", path, receipt["kept"]]))
        self.assert_only(actions.apply(), "moved", "^Moved")
        self.assert_all_happened()
        self.assertEqual(([], 1), (self.around(path), len(self.kept())))

    def test_the_end_of_the_first_name(self):
        path = self.put()
        actions, receipt = self.begun("apply", path)
        os.link(path, receipt["kept"])
        self.expect(moment([REMOVE], path, ["rm", path]))
        self.assert_only(actions.apply(), "moved", "^Moved")
        self.assert_all_happened()

    def test_a_rename_beside_the_place(self):
        self.quarantine = lab.other_file_system(self.folder)
        self.addCleanup(shutil.rmtree, self.quarantine, ignore_errors=True)
        path = self.put()
        before = self.snapshot(path)
        actions, receipt = self.begun("apply", path, write=2)
        self.expect(moment([RENAME], path, ["mv", path, receipt["aside"]]))
        self.assert_only(actions.apply(), "moved", "^Copied")
        self.assert_all_happened()
        self.assertEqual(([], 1), (self.around(path), len(self.kept())))
        self.assert_only(actions.undo(), "restored", "^Copied back")
        self.assertEqual((before, []), (self.snapshot(path), self.kept()))

    def test_a_newer_file_that_was_set_aside_is_nobodys_to_remove(self):
        self.quarantine = lab.other_file_system(self.folder)
        self.addCleanup(shutil.rmtree, self.quarantine, ignore_errors=True)
        path = self.put()
        before = self.snapshot(path)
        newer, newest = self.put("newer", b"newer"), self.put("newest", b"newest")
        actions, receipt = self.begun("apply", path, write=2)
        aside = receipt["aside"]
        self.expect(moment([RENAME], path, ["mv", newer, path]),
                    moment([RENAME], aside, ["mv", newest, path]))
        result, = actions.apply()
        self.assert_all_happened()
        self.assertEqual(("failed", True), (result["outcome"], result["didPart"]), result)
        self.assert_only(actions.undo(), "conflict", "move away what stands there")
        os.rename(path, newest)
        for _again in range(2):
            self.assert_only(actions.undo(), "failed", f"the newer one lies beside it as “{aside}”")
            self.assertEqual(5, self.snapshot(aside)["size"])
        os.rename(aside, newer)
        self.assert_only(actions.undo(), "restored", "^Copied back to “.*” and times|attributes\\.$")
        self.assertEqual((before, ["evil.bin", "newer", "newest"], []),
                         (self.snapshot(path), self.around(path), self.kept()))

    def test_what_takes_the_place_of_a_first_name_stays(self):
        path = self.put()
        other = self.put("other", b"innocent")
        actions, receipt = self.begun("apply", path)
        os.link(path, receipt["kept"])
        self.expect(moment([LSTAT], receipt["kept"], ["mv", other, path], skip=1))
        self.assert_only(actions.apply(), "moved", "Something else stands at its path")
        self.assert_all_happened()
        self.assertEqual((8, 1), (self.snapshot(path)["size"], len(self.kept())))

    def test_what_takes_the_place_of_a_name_that_is_back_leaves_the_other(self):
        path = self.put()
        before = self.snapshot(path)
        other = self.put("other", b"innocent")
        actions, receipt = self.begun("undo", path)
        os.chmod(receipt["kept"], before["mode"])
        os.link(receipt["kept"], path)
        self.expect(moment([LSTAT], path, ["mv", other, path], skip=1))
        self.assert_only(actions.undo(), "failed", "was changed while it was looked at", True)
        self.assert_all_happened()
        self.assertEqual((8, 1), (self.snapshot(path)["size"], len(self.kept())))

    def test_a_rename_back(self):
        for requests, which, skip in (([LSTAT], "place", 0), ([LSTAT], "kept", 1),
                                      ([LSTAT], "kept", 2), ([RENAME], "place", 0)):
            with self.subTest(requests=requests, which=which, skip=skip):
                path = self.put()
                before = self.snapshot(path)
                actions, receipt = self.begun("undo", path)
                # What the lost session had done before.
                os.chmod(receipt["kept"], before["mode"])
                self.expect(moment(requests, receipt[which], ["mv", receipt["kept"], path],
                                   skip=skip))
                self.assert_only(actions.undo(), "restored", "^Moved back")
                self.assert_all_happened()
                self.assertEqual((before, []), (self.snapshot(path), self.kept()))

    def test_both_names_of_a_rename_back(self):
        path = self.put()
        before = self.snapshot(path)
        actions, receipt = self.begun("undo", path)
        self.expect(moment([RENAME], path, ["ln", receipt["kept"], path]))
        self.assert_only(actions.undo(), "restored", "^Moved back")
        self.assert_all_happened()
        self.assertEqual((before, []), (self.snapshot(path), self.kept()))

    def test_a_copy_back(self):
        self.quarantine = lab.other_file_system(self.folder)
        self.addCleanup(shutil.rmtree, self.quarantine, ignore_errors=True)
        path = self.put()
        before = self.snapshot(path)
        actions, receipt = self.begun("undo", path)
        self.expect(moment([RENAME], path, ["cp", "-a", self.back_name(receipt), path]))
        self.assert_only(actions.undo(), "restored", "^Copied back")
        self.assert_all_happened()
        self.assertEqual((before, ["evil.bin"], []),
                         (self.snapshot(path), self.around(path), self.kept()))

    def test_undo_does_not_see_a_file_that_is_about_to_go(self):
        path = self.put()
        before = self.snapshot(path)
        actions, receipt = self.begun("apply", path)
        self.expect(moment([INIT], "", ["sh", "-c", '(sleep 0.2; mv "$1" "$2") >/dev/null 2>&1 &',
                                        "late", path, receipt["kept"]]))
        self.assert_only(actions.undo(), "restored", "^Moved back")
        self.assertEqual((before, []), (self.snapshot(path), self.kept()))


class Swapped(RaceCase):
    """What the service has just put there gives way to a symbolic link to a file of somebody else."""

    tap_class = "swapped"

    def setUp(self):
        super().setUp()
        self.path = self.put(mode=0o640)
        self.before = self.snapshot(self.path)
        # Of the same contents, so that looking at it does not tell.
        self.victim = self.device.put(f"{self.home}-victim/shadow", mode=0o600, mtime_ns=10**18)
        self.theirs = self.snapshot(self.victim)

    def tearDown(self):
        self.assert_all_happened()
        self.assertEqual(self.theirs, self.snapshot(self.victim))
        super().tearDown()

    def swap(self, requests, path, skip=0):
        return moment(requests, path, ["mv", path, path + ".away"], ["ln", "-s", self.victim, path],
                      skip=skip)

    def applied(self, *paths, **changes):
        actions = self.actions(*paths, **changes)
        self.assert_outcomes(actions.apply(), *["moved"] * len(paths))
        return actions, *actions.receipts.values()

    def check_copy_back(self, requests, path):
        before = self.snapshot(path)
        actions, receipt = self.applied(path)
        back = self.back_name(receipt)
        self.expect(self.swap(requests, back, skip=1))
        self.assert_only(actions.undo(), "failed", "from the quarantine folder, where it stays")
        self.assertEqual(self.theirs, self.snapshot(self.victim))
        os.unlink(back + ".away")
        self.assert_only(actions.undo(), "restored", "^Copied back")
        self.assertEqual((before, []), (self.snapshot(path), self.kept()))

    def test_a_copy_back(self):
        self.quarantine = lab.other_file_system(self.folder)
        self.addCleanup(shutil.rmtree, self.quarantine, ignore_errors=True)
        marked = self.put("marked", attributes={"user.origin": b"http://evil.test"}, acl="u:1234:rw")
        for requests in ([OPEN], [LSTAT]):
            for path in (self.path, marked):
                with self.subTest(requests=requests, path=path):
                    self.check_copy_back(requests, path)

    def test_a_rename_back(self):
        actions, _receipt = self.applied(self.path)
        self.expect(moment([LSTAT], self.path, ["chmod", "604", self.path], skip=1),
                    self.swap([OPEN], self.path))
        self.assert_only(actions.undo(), "restored", "Somebody has changed")

    def test_what_its_owner_has_changed_at_once_stays_so(self):
        actions, _receipt = self.applied(self.path)
        self.expect(moment([LSTAT], self.path, ["chmod", "604", self.path], skip=1))
        self.assert_only(actions.undo(), "restored",
                         "as it was\\. Somebody has changed its owner, mode or time there since")
        self.assertEqual({**self.before, "mode": 0o604}, self.snapshot(self.path))
        self.assert_only(actions.undo(), "restored", "^Moved back")

    def test_permissions_are_given_back_to_no_link(self):
        actions, receipt = self.applied(self.path)
        os.rename(receipt["kept"], self.path)
        self.expect(self.swap([SETSTAT, EXTENDED], self.path))
        self.assert_only(actions.undo(), "failed", "its permissions could not be given back")

    def test_a_device_that_would_follow_links(self):
        actions, receipt = self.applied(self.path)
        self.expect(without=["lsetstat@openssh.com"])
        os.rename(receipt["kept"], self.path)
        self.assert_only(actions.undo(), "failed", "its permissions could not be given back: the "
                         "device would follow a symbolic link there")
        self.assertEqual({**self.before, "mode": 0}, self.snapshot(self.path))

    def test_what_needs_no_more_than_any_device_can(self):
        self.expect(without=["lsetstat@openssh.com"])
        far = lab.other_file_system(self.folder)
        self.addCleanup(shutil.rmtree, far, ignore_errors=True)
        for quarantine in (self.quarantine, far):
            actions, _receipt = self.applied(self.path, quarantine_folder=quarantine)
            self.assert_only(actions.undo(), "restored", "back to")
            self.assertEqual(self.before, self.snapshot(self.path))


class Bad(RaceCase):
    """A file at which the device cannot go on, as on a network file system that is dead."""

    tap_class = "bad"

    # The moment is never over, since whoever would write that down is killed by it.
    DIE = "sh", "-c", "kill -9 $PPID"

    def test_one_file_does_not_hold_up_the_others(self):
        paths = [self.put(name, name.encode()) for name in ("first", "bad", "last")]
        before = [self.snapshot(path) for path in paths]
        actions = self.actions(*paths)
        self.expect(moment([OPEN], paths[1], self.DIE))
        results = actions.apply()
        self.assert_outcomes(results, "moved", "failed", "moved")
        self.assert_only([results[1]], "failed", "was lost", True)
        self.assertEqual((["bad"], 2), (self.around(paths[0]), len(self.kept())))
        self.expect()
        self.assert_outcomes(actions.apply(), *["moved"] * 3)
        receipts = [actions.receipts[task["actionId"]] for task in actions.tasks]
        self.expect(moment([RENAME], receipts[1]["kept"], self.DIE))
        results = actions.undo()
        self.assert_outcomes(results, "restored", "failed", "restored")
        self.assert_only([results[1]], "failed", "was lost", True)
        self.expect()
        self.assert_outcomes(actions.undo(), *["restored"] * 3)
        self.assertEqual((before, []), ([self.snapshot(path) for path in paths], self.kept()))

    def test_many_bad_files_end_too(self):
        paths = [self.put(f"bad{number:02}", b"%d" % number) for number in range(30)]
        self.expect(moment([OPEN], "/bad", self.DIE))
        results = self.actions(*paths).apply()
        self.assert_outcomes(results, *["failed"] * 30)
        self.assertEqual({True}, {result["transient"] for result in results})
        self.assertEqual((30, []), (len(self.around(paths[0])), self.kept()))

    def test_a_file_that_grows_is_not_read_for_ever(self):
        path = self.put()
        actions = self.actions(path)
        self.expect(moment([OPEN], path, ["truncate", "-s", "100G", path]))
        self.assert_only(actions.apply(), "failed", "could not be read: it is being written to")
        self.assert_all_happened()


if __name__ == "__main__":
    unittest.main()
