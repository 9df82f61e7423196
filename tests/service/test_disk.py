# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full: nothing is written by half, the client is told, and the service goes on."""
import subprocess

from case import ServiceCase
from service import investigation, proposal


def large(number):
    return investigation([proposal(f"{number}-{i}", entity={
        "type": "emailMessage", "messageId": f"<{number}-{i}@phish.test>", "subject": "x" * 2000})
        for i in range(100)])


class FullDisk(ServiceCase):
    tap_class = "full-disk"
    # No file may grow beyond this: what is written past it fails as on a full disk.
    limits = ["--fsize=6000000:unlimited"]

    def test_a_full_disk_is_told_and_survived(self):
        kept = self.service.post_investigation(3)
        ids = [action["id"] for action in kept["actions"]]
        made, refused = 0, None
        for number in range(200):
            answer = self.request("POST", "/investigations", large(number), role="detector")
            if answer.status != 201:
                refused = answer
                break
            made += 1
        self.assertIsNotNone(refused, "the disk did not become full")
        self.assert_problem(refused, 503, "service-error", said="Nothing was changed")
        self.assertIn("retry-after", refused.headers)
        # Reading goes on, and nothing of what was refused is there.
        page = self.request("GET", "/investigations", query={"limit": 1000}).json
        self.assertEqual(made + 1, page["total"])
        self.assertEqual({100, 3}, {item["actionCount"] for item in page["items"]})
        self.assertEqual("pending", self.service.action(ids[0])["status"])
        # With room again everything goes on.
        self.unlimit()
        self.assertEqual(201, self.request("POST", "/investigations", large("after")).status)
        self.assertEqual(202, self.service.decide("reject", ids).status)
        self.service.stop()
        self.assertIn("whole", self.service.run("audit", "verify").stdout)
        self.service.limits = []
        self.service.start()
        self.assertEqual("rejected", self.service.action(ids[0])["status"])

    def unlimit(self):
        subprocess.run(["prlimit", f"--pid={self.service.process.pid}", "--fsize=unlimited"],
                       check=True)
