from __future__ import annotations

import copy
import re

import jsonschema
import pytest

from provstore.server import openapi
from provstore.server.app import create_app
from provstore.server.routes import registry
from provstore.server.service import Service
from provstore.server.settings import ServerSettings
from provstore.settings import Settings
from tests.support.operations import as_example, call_all, example_service

# Calls that are refused, whatever they hold: there is nothing to describe.
REFUSED = {f"{method} /mlflow/{{rest}}" for method in ("GET", "POST", "PUT", "PATCH", "DELETE")} | {
    "POST /mlflow/api/2.0/mlflow/registered-models/rename"
}


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    store = tmp_path_factory.mktemp("openapi") / "s.db"
    with Service(Settings(store=str(store)), ServerSettings()) as service:
        return create_app(service).openapi()


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the service answers to each operation."""
    with example_service(tmp_path_factory.mktemp("told")) as served:
        return call_all(served.admin)


def operations(document):
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def good(operation):
    return {status: one for status, one in operation["responses"].items() if status.startswith("2")}


def lacking(document):
    """What operations lack: the schema of an answer, an example of one, of a parameter or of a body."""
    found = []
    for key, operation in operations(document).items():
        for status, response in good(operation).items() or [("2xx", {})]:
            content = response.get("content", {})
            if not content or not all(one.get("schema") for one in content.values()):
                found.append(f"{key}: schema of {status}")
            if not any("example" in one for one in content.values()):
                found.append(f"{key}: example of {status}")
        for one in operation.get("parameters", ()):
            if one["required"] and "example" not in one:
                found.append(f"{key}: example of {one['name']}")
        body = operation.get("requestBody", {}).get("content", {})
        if body and not any("example" in one for one in body.values()):
            found.append(f"{key}: example of the body")
    return found


def validator(document, schema):
    """A validator of one of the document's schemas; references lead into the document."""
    return jsonschema.Draft202012Validator({**schema, "components": document["components"]})


def test_every_operation_says_what_it_answers_and_has_an_example_of_each_side(described):
    assert lacking(described) == []


def test_an_operation_that_says_nothing_of_that_would_be_found(described):
    silent = copy.deepcopy(described)
    silent["paths"]["/api/v1/new"] = {
        "post": {
            "parameters": [{"name": "what", "in": "query", "required": True, "schema": {"type": "string"}}],
            "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {"200": {"content": {"application/json": {"schema": {}}}}, "default": {}},
        }
    }
    assert lacking(silent) == [
        f"POST /api/v1/new: {what}"
        for what in ("schema of 200", "example of 200", "example of what", "example of the body")
    ]


def test_every_route_is_described_but_what_is_always_refused(described):
    routes = {
        f"{method} {route.path.replace(':path}', '}')}"
        for module in registry.modules()
        for route in module.router.routes
        for method in route.methods
    }
    assert set(operations(described)) == routes - REFUSED


def test_what_the_files_tell_of_is_an_operation(described):
    known = set(operations(described))
    for name in ("answers", "mlflow"):
        assert set(openapi.data(name)["answers"]) <= known
    assert set(openapi.data("examples")) == known
    assert {f"{one.partition(' ')[0]} /mlflow/api/2.0/mlflow/{one.partition(' ')[2]}" for one in
            openapi.data("mlflow")["requests"]} <= known  # fmt: skip


def test_every_schema_is_one_and_every_reference_leads_to_one(described):
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    names = set(described["components"]["schemas"])

    def references(value):
        if isinstance(value, dict):
            if "$ref" in value:
                yield value["$ref"].rpartition("/")[2]
            for one in value.values():
                yield from references(one)
        elif isinstance(value, list):
            for one in value:
                yield from references(one)

    assert set(references(described)) <= names


def test_every_example_is_valid_by_its_schema(described):
    for key, operation in operations(described).items():
        contents = [one["content"] for one in good(operation).values()]
        contents.append(operation.get("requestBody", {}).get("content", {}))
        for content in contents:
            for one in content.values():
                if "example" in one:
                    found = list(validator(described, one["schema"]).iter_errors(one["example"]))
                    assert not found, (key, found[0].message)
        for one in operation.get("parameters", ()):
            if "example" in one:
                assert validator(described, one["schema"]).is_valid(one["example"]), (key, one["name"])


def test_what_the_service_answers_is_valid_by_the_description(described, told):
    assert set(told) == set(operations(described))
    for key, exchange in told.items():
        content = operations(described)[key]["responses"][str(exchange.status)]["content"]
        found = list(validator(described, content[exchange.media]["schema"]).iter_errors(exchange.answer))
        assert not found, (key, found[0].message, list(found[0].absolute_path))


def test_an_example_of_today_has_the_fields_of_the_one_that_is_kept(told):
    """Otherwise `python -m tests.support.operations` writes them anew."""
    for key, exchange in told.items():
        kept, now = openapi.data("examples")[key], as_example(key, exchange)
        assert (kept["status"], kept["media"], shape(kept["query"])) == (
            now["status"],
            now["media"],
            shape(now["query"]),
        )
        assert shape(kept["answer"]) == shape(now["answer"]), key


def test_an_example_names_no_place_of_the_machine_where_it_was_made():
    answers = [one["answer"] for one in openapi.data("examples").values()]
    absolute = {path for text in texts(answers) for path in re.findall(r"(?<![\w.:/-])/\w[\w/]*", text)}
    assert absolute == {"/healthz", "/readyz", "/api/v1/provenance"}


def texts(value):
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = [*value, *value.values()]
    return [text for one in value for text in texts(one)] if isinstance(value, list) else []


def shape(value):
    return sorted(value) if isinstance(value, dict) else type(value)
