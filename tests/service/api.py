# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds answers of the service to data/openapi.yaml."""
import json
import os
import pathlib
import re

import jsonschema
import yaml

ROOT = pathlib.Path(os.environ.get("AC_SOURCE_ROOT", pathlib.Path(__file__).parents[2]))
BASE = "/api/v1"


class Mismatch(AssertionError):
    """An answer that the API does not describe."""


class Api:
    """The API as data/openapi.yaml describes it."""

    def __init__(self):
        self.document = yaml.safe_load((ROOT / "data/openapi.yaml").read_text(encoding="utf-8"))
        self.validators = {}
        self.paths = [(re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path)
                      for path in self.document["paths"]]

    def resolve(self, node):
        """Follows a $ref that is all there is to @node."""
        while isinstance(node, dict) and set(node) == {"$ref"}:
            target = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def operation(self, method, path):
        """The name of the path (None: no such path) and the operation (None: no such method)."""
        bare = path.split("?")[0]
        if not bare.startswith(BASE):
            return None, None
        for pattern, name in self.paths:
            if pattern.match(bare[len(BASE):]):
                item = self.document["paths"][name]
                return name, item.get("get" if method == "HEAD" else method.lower())
        return None, None

    def validator(self, schema):
        """A validator for one of the document's schemas; kept, for making one is slow."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            whole = {**schema, "components": self.document["components"]}
            self.validators[key] = jsonschema.Draft202012Validator(whole)
        return self.validators[key]

    def responses(self, method, path):
        """Every documented answer to this request, by status."""
        _, operation = self.operation(method, path)
        own = operation["responses"] if operation else {}
        return {**self.document["x-any-path"], **own}

    def check(self, method, path, answer):
        """Raises Mismatch unless the API describes @answer."""
        where = f"{method} {path[:200]} → {answer.status}"
        name, operation = self.operation(method, path)
        if name is None and answer.status not in (400, 404, 408, 413, 417, 431):
            raise Mismatch(f"{where}: there is no such path")
        if name is not None and operation is None and answer.status not in (400, 405, 408, 417, 431):
            raise Mismatch(f"{where}: the path does not take this method")
        response = self.resolve(self.responses(method, path).get(str(answer.status)))
        if response is None:
            raise Mismatch(f"{where}: this status is not documented: {answer.body[:400]!r}")
        self.check_headers(where, response, answer)
        self.check_body(where, method, response, answer)

    def check_headers(self, where, response, answer):
        for header, description in response.get("headers", {}).items():
            description = self.resolve(description)
            value = answer.headers.get(header.lower())
            if value is None and description.get("required"):
                raise Mismatch(f"{where}: lacks the header {header}")
            if value is not None:
                self.check_value(f"{where}: header {header}", description["schema"], value)
        for header, wanted in (("cache-control", "no-store"), ("x-content-type-options", "nosniff")):
            if answer.headers.get(header) != wanted:
                raise Mismatch(f"{where}: the header {header} is {answer.headers.get(header)!r}")
        if "date" not in answer.headers:
            raise Mismatch(f"{where}: lacks the header Date")

    def check_body(self, where, method, response, answer):
        content = response.get("content")
        if content is None or method == "HEAD":
            if answer.body:
                raise Mismatch(f"{where}: has a body")
            return
        media = answer.headers.get("content-type")
        if media not in content:
            raise Mismatch(f"{where}: the content type is {media!r}")
        try:
            value = json.loads(answer.body)
        except ValueError as error:
            raise Mismatch(f"{where}: the body is not JSON: {error}") from error
        self.check_value(where, content[media]["schema"], value)
        if media == "application/problem+json" and value["status"] != answer.status:
            raise Mismatch(f"{where}: the document says {value['status']}")

    def check_value(self, where, schema, value):
        error = jsonschema.exceptions.best_match(self.validator(schema).iter_errors(value))
        if error is not None:
            raise Mismatch(f"{where}: at {error.json_path}: {error.message[:600]}")
