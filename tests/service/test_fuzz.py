# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests made up from data/openapi.yaml, right and wrong: no answer is a 5xx, and each is one that
the API describes (`Service.request` sees to that)."""
import atexit
import os
import shutil
import tempfile
import urllib.parse

os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp(prefix="ac-fuzz-")  # not in the source
atexit.register(shutil.rmtree, os.environ["HYPOTHESIS_STORAGE_DIRECTORY"], ignore_errors=True)

from hypothesis import HealthCheck, given, settings, strategies

from case import ServiceCase
from service import API

SETTINGS = settings(max_examples=60, derandomize=True, database=None, deadline=None,
                    suppress_health_check=list(HealthCheck))
TEXT = strategies.text(strategies.characters(blacklist_categories=["Cs"], blacklist_characters="\0"),
                       max_size=20)
ANYTHING = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers(-2**53, 2**53) | TEXT |
    strategies.floats(allow_nan=False, allow_infinity=False, width=32),
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(TEXT, inner,
                                                                                max_size=3),
    max_leaves=6)


def from_schema(schema, depth=0):
    """Values that mostly fit the schema."""
    schema = resolve(schema)
    if "const" in schema:
        return strategies.just(schema["const"])
    if "enum" in schema:
        return strategies.sampled_from(schema["enum"])
    if "oneOf" in schema:
        return strategies.one_of([from_schema(one, depth) for one in schema["oneOf"]])
    kind = schema.get("type")
    if kind == "object":
        return from_object(schema, depth)
    if kind == "array":
        return strategies.lists(from_schema(schema["items"], depth + 1),
                                min_size=schema.get("minItems", 0), max_size=3)
    if kind == "integer":
        return strategies.integers(schema.get("minimum", -5), schema.get("maximum", 2000))
    if kind == "boolean":
        return strategies.booleans()
    if schema.get("format") == "date-time":
        return strategies.datetimes().map(lambda time: time.isoformat() + "Z")
    return TEXT


def resolve(schema):
    if "$ref" in schema:
        return API.resolve({"$ref": schema["$ref"]})
    return schema


def from_object(schema, depth):
    properties = schema.get("properties", {})
    required = set(schema.get("required", []))
    members = {name: from_schema(inner, depth + 1) for name, inner in properties.items()}
    return strategies.fixed_dictionaries(
        {name: one for name, one in members.items() if name in required},
        optional={name: one for name, one in members.items() if name not in required})


def damaged(values):
    """Objects with one member replaced, added or taken away."""
    @strategies.composite
    def damage(draw):
        value = dict(draw(values))
        name = draw(strategies.sampled_from(sorted(value)) | TEXT if value else TEXT)
        if draw(strategies.booleans()):
            value[name] = draw(ANYTHING)
        else:
            value.pop(name, None)
        return value
    return damage()


def bodies(path):
    operation = API.document["paths"][path]["post"]
    good = from_schema(operation["requestBody"]["content"]["application/json"]["schema"])
    return good | damaged(good) | ANYTHING


def queries(path):
    """Dicts of query parameters, each right or wrong."""
    operation = API.document["paths"][path]["get"]
    names = {}
    for parameter in map(API.resolve, operation.get("parameters", [])):
        if parameter["in"] == "query":
            schema = resolve(parameter["schema"])
            inner = from_schema(schema["items"] if schema.get("type") == "array" else schema)
            names[parameter["name"]] = inner.map(str) | TEXT
    return strategies.fixed_dictionaries({}, optional={**names, "unknown": TEXT})


def is_stream(path):
    return "text/event-stream" in API.document["paths"][path]["get"]["responses"]["200"]["content"]


class Fuzz(ServiceCase):
    tap_class = "fuzz"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = cls.service.post_investigation(5)["actions"]

    def assert_sane(self, answer):
        self.assertLess(answer.status, 500, answer)

    def fuzz_bodies(self, path):
        @SETTINGS
        @given(body=bodies(path))
        def attempt(body):
            self.assert_sane(self.request("POST", path, body))
        attempt()

    def test_bodies(self):
        for path, item in API.document["paths"].items():
            if "post" in item:
                with self.subTest(path=path):
                    self.fuzz_bodies(path)
        self.assert_alive()

    def test_operations_over_real_actions(self):
        ids = [action["id"] for action in self.known]

        @SETTINGS
        @given(decision=strategies.sampled_from(["approve", "reject", "undo", "retry"]),
               chosen=strategies.lists(strategies.sampled_from(ids), min_size=1, max_size=5,
                                       unique=True))
        def attempt(decision, chosen):
            answer = self.service.decide(decision, chosen)
            self.assertIn(answer.status, (202, 409, 422))
        attempt()
        self.assert_alive()

    def fuzz_queries(self, path):
        @SETTINGS
        @given(query=queries(path), name=TEXT)
        def attempt(query, name):
            whole = path.replace("{id}", urllib.parse.quote(name, safe="") or "x")
            # What is a stream does not end by itself; HEAD gives the same answer without it.
            self.assert_sane(self.request("HEAD" if is_stream(path) else "GET", whole, query=query))
        attempt()

    def test_queries(self):
        for path, item in API.document["paths"].items():
            if "get" in item:
                with self.subTest(path=path):
                    self.fuzz_queries(path)
        self.assert_alive()

    def test_paths(self):
        @SETTINGS
        @given(path=strategies.text("abc/.%20?&=~:@!$'()*+,;{}[]\\|^`<>\"", max_size=40),
               method=strategies.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE"]))
        def attempt(path, method):
            whole = "//api/v1/" + path.replace(" ", "")
            self.assert_sane(self.request(method, whole))
        attempt()
        self.assert_alive()
