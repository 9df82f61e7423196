# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on devices, the whole way: proposed, approved, gone, undone and back, with nothing faked; one file
on several devices undone by one decision, also while a device is away."""
import pathlib
import sys
import tempfile
import threading
import unittest

from service import Service, wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lab"))
from devices import Devices  # noqa: E402


class WithDevices(unittest.TestCase):
    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.devices = Devices(cls.folder / "devices", count=3)
        cls.devices.start()
        cls.addClassCleanup(cls.devices.stop)
        config = cls.devices.device_config
        cls.devices.device_config = lambda: config(**cls.settings)
        cls.service = Service(cls.folder / "service", devices=cls.devices)
        cls.service.start()
        cls.addClassCleanup(cls.service.stop)

    def propose(self, files, external_id):
        answer = self.service.request("POST", "/investigations",
                                      self.devices.investigation(files, external_id=external_id),
                                      role="detector")
        self.assertEqual(201, answer.status, answer)
        return [action["id"] for action in answer.json["actions"]]

    def put_everywhere(self, name):
        """The same file on every device, proposed; returns paths, snapshots and action ids."""
        data = name.encode() * 1000
        paths = [device.put(f"home/{name}", data, mode=0o755) for device in self.devices]
        before = [device.snapshot(path) for device, path in zip(self.devices, paths)]
        return paths, before, self.propose(list(zip(self.devices, paths)), name)

    def decide(self, decision, ids, **more):
        answer = self.service.decide(decision, ids, **more)
        self.assertEqual(202, answer.status, answer)
        return answer.json

    def instances(self, action):
        answer = self.service.request("GET", f"/actions/{action}/instances", role="reader")
        self.assertEqual(200, answer.status, answer)
        return answer.json

    def snapshots(self, paths):
        return [device.snapshot(path) for device, path in zip(self.devices, paths)]

    def assert_counts(self, operation, **counts):
        expected = {"total": 0, "waiting": 0, "done": 0, "failed": 0, "skipped": 0, **counts}
        self.assertEqual(expected, operation["counts"], operation)


class WholeWay(WithDevices):
    def test_one_file_goes_and_comes_back_as_it_was(self):
        device = self.devices[0]
        path = device.put("home/one", b"one", mode=0o4755)
        before = device.snapshot(path)
        [action] = self.propose([(device, path)], "one")
        operation = self.service.wait_operation(self.decide("approve", [action])["id"])
        self.assert_counts(operation, total=1, done=1)
        self.assertIsNone(device.snapshot(path))
        [result] = self.service.action(action)["results"]
        self.assertEqual(("moved", device.name), (result["outcome"], result["asset"]))
        operation = self.service.wait_operation(self.decide("undo", [action])["id"])
        self.assert_counts(operation, total=1, done=1)
        self.assertEqual("undone", self.service.action(action)["status"])
        self.assertEqual(before, device.snapshot(path))

    def test_one_undo_for_every_instance_while_a_device_is_away(self):
        paths, before, ids = self.put_everywhere("everywhere")
        operation = self.service.wait_operation(self.decide("approve", ids)["id"])
        self.assert_counts(operation, total=3, done=3)
        self.assertEqual([None] * 3, self.snapshots(paths))
        page = self.instances(ids[0])
        self.assertEqual((2, ids[1:]), (page["total"], [one["id"] for one in page["items"]]))

        self.devices[2].stop()
        undo = self.decide("undo", ids[:1], includeInstances=True)
        self.assertEqual(ids, [item["actionId"] for item in undo["items"]])
        self.assertEqual(0, self.instances(ids[0])["total"])

        def progress():
            counts = self.service.request("GET", f"/operations/{undo['id']}",
                                          role="reader").json["counts"]
            return counts["done"] == 2 and counts
        self.assertEqual(1, wait_until(progress, "the two that are there")["waiting"])
        self.assertEqual(before[:2], self.snapshots(paths)[:2])
        self.assertEqual("undoing", self.service.action(ids[2])["status"])
        self.devices[2].start()
        operation = self.service.wait_operation(undo["id"])
        self.assert_counts(operation, total=3, done=3)
        self.assertEqual(["done"] * 3, [item["state"] for item in operation["items"]])
        self.assertEqual(before, self.snapshots(paths))

    def test_each_instance_is_reported_by_itself(self):
        paths, before, ids = self.put_everywhere("byitself")
        self.service.wait_operation(self.decide("approve", ids)["id"])
        self.devices[1].put("home/byitself", b"new")
        operation = self.service.wait_operation(
            self.decide("undo", ids[:1], includeInstances=True)["id"])
        self.assert_counts(operation, total=3, done=2, failed=1)
        self.assertEqual(["done", "failed", "done"], [item["state"] for item in operation["items"]])
        self.assertIn("was not replaced", operation["items"][1]["detail"])
        self.assertEqual("undoFailed", self.service.action(ids[1])["status"])
        pathlib.Path(paths[1]).unlink()
        operation = self.service.wait_operation(self.decide("retry", [ids[1]])["id"])
        self.assert_counts(operation, total=1, done=1)
        self.assertEqual(before, self.snapshots(paths))

    def test_two_who_undo_at_once_undo_each_instance_once(self):
        paths, before, ids = self.put_everywhere("atonce")
        self.service.wait_operation(self.decide("approve", ids)["id"])
        answers = []
        threads = [threading.Thread(target=lambda one=one: answers.append(
            self.service.decide("undo", [one], includeInstances=True))) for one in ids]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([202, 409, 409], sorted(answer.status for answer in answers))
        [won] = [answer.json for answer in answers if answer.status == 202]
        self.assert_counts(self.service.wait_operation(won["id"]), total=3, done=3)
        self.assertEqual(before, self.snapshots(paths))

    def test_killed_in_the_middle_it_goes_on(self):
        paths, before, ids = self.put_everywhere("killed")
        for decision in ("approve", "undo"):
            operation = self.decide(decision, ids)
            self.service.kill9()
            self.service.start()
            self.assert_counts(self.service.wait_operation(operation["id"]), total=3, done=3)
        self.assertEqual(before, self.snapshots(paths))

    def test_instances_of_what_is_no_file(self):
        action = self.service.post_investigation(1)["actions"][0]["id"]
        self.assertEqual({"items": [], "total": 0}, self.instances(action))
        self.assertEqual(404, self.service.request("GET", "/actions/nobody/instances").status)
        self.assertEqual(404, self.service.request("GET", f"/actions/{action}/other").status)

    def test_instances_are_for_undo_only(self):
        action = self.service.post_investigation(1)["actions"][0]["id"]
        answer = self.service.decide("approve", [action], includeInstances=True)
        self.assertEqual((400, "invalid-value", "includeInstances"),
                         (answer.status, answer.problem, answer.json["field"]))


class TimeIsUp(WithDevices):
    settings = {"retry_seconds": 3}

    def test_a_device_that_stays_away_fails_in_words_and_can_be_retried(self):
        paths, before, ids = self.put_everywhere("away")
        self.devices[1].stop()
        operation = self.service.wait_operation(self.decide("approve", ids)["id"])
        self.assert_counts(operation, total=3, done=2, failed=1)
        self.assertIn("cannot be reached", operation["items"][1]["detail"])
        self.devices[1].start()
        operation = self.service.wait_operation(self.decide("retry", [ids[1]])["id"])
        self.assert_counts(operation, total=1, done=1)
        operation = self.service.wait_operation(
            self.decide("undo", ids[:1], includeInstances=True)["id"])
        self.assert_counts(operation, total=3, done=3)
        self.assertEqual(before, self.snapshots(paths))


if __name__ == "__main__":
    unittest.main()
