# SPDX-License-Identifier: GPL-3.0-or-later
"""A TestCase with a running service: one for all tests of the class, in a folder of its own."""
import pathlib
import shutil
import tempfile
import unittest

from service import Service


class ServiceCase(unittest.TestCase):
    settings = {}
    limits = ()

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="ac-service-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.service = Service(cls.folder / "state", settings=cls.settings, limits=cls.limits)
        cls.addClassCleanup(cls.service.stop)
        cls.service.start()

    def request(self, *arguments, **keywords):
        return self.service.request(*arguments, **keywords)

    def assert_problem(self, answer, status, problem, field=None, said=None):
        """The answer is this problem, about @field, and its detail holds @said."""
        self.assertEqual((status, problem), (answer.status, answer.problem), answer)
        if field is not None:
            self.assertEqual(field, answer.json.get("field"), answer)
        if said is not None:
            self.assertIn(said, answer.json["detail"])

    def assert_alive(self):
        self.assertIsNone(self.service.process.poll(), self.service.log[-4000:])
        self.assertEqual(200, self.request("GET", "/healthz", role=None).status)
