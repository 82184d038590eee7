"""The description of the service by OpenAPI: made from the routes; what is answered, and examples, are data.

`schema/service/openapi` has the schemas of answers by operation (`answers`, `mlflow`), and one exchange of each
operation as the service answered it (`examples`, written by `python -m tests.support.operations`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from provstore import __version__, resources
from provstore.server.access import Rows
from provstore.server.events.models import Batch

FOLDER: Final = "schema/service/openapi"
_JSON: Final = "application/json"
_ERROR: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "where", "next_step"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "where": {"type": ["string", "null"]},
                "next_step": {"type": ["string", "null"]},
            },
        }
    },
}
_TEXT: Final = "Provenance of machine learning as W3C PROV: records go in, lineage comes out."


@cache
def data(name: str) -> Mapping[str, Any]:
    """One of the files of the folder."""
    found: Mapping[str, Any] = json.loads(resources.text(f"{FOLDER}/{name}.json"))
    return found


def describe(app: FastAPI, rows: Rows) -> dict[str, Any]:
    """The OpenAPI document of the app; made once."""
    if app.openapi_schema is None:
        document = get_openapi(title="provstore", version=__version__, description=_TEXT, routes=app.routes)
        components = document.setdefault("components", {})
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        components["schemas"] = _schemas()
        # OpenAPI's paths do not say that a parameter may hold slashes.
        rows = {route.replace(":path}", "}"): action for route, action in rows.items()}
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _complete(operation, f"{method.upper()} {path}", rows)
        app.openapi_schema = document
    return app.openapi_schema


def _schemas() -> dict[str, Any]:
    batch = Batch.model_json_schema(ref_template="#/components/schemas/{model}")
    ours = {**batch.pop("$defs"), "Batch": batch, "Error": _ERROR}
    return {**ours, **data("answers")["schemas"], **data("mlflow")["schemas"]}


def _complete(operation: dict[str, Any], key: str, rows: Rows) -> None:
    """Adds who may ask, what is answered, examples, and that every error has one form."""
    action = rows.get(key)
    operation["security"] = [] if action == "open" else [{"token": []}]
    operation["x-provstore-action"] = action
    responses = operation["responses"]
    responses.pop("422", None)
    _answer(responses, key)
    _exemplify(operation, key)
    if action == "write" and "201" in responses:
        responses["200"] = responses["201"] | {"description": "It was stored already."}
    responses["default"] = {
        "description": "An error: its code is that of the command line.",
        "content": {_JSON: {"schema": _reference("MlflowError" if " /mlflow/" in key else "Error")}},
    }


def _answer(responses: dict[str, Any], key: str) -> None:
    """Adds the schema of what is answered when all is well, where the route itself does not say it, and an example."""
    good = next(response for status, response in responses.items() if status.startswith("2"))
    name = data("answers")["answers"].get(key) or data("mlflow")["answers"].get(key)
    if name:
        good["content"] = {_JSON: {"schema": _reference(name)}}
    example = data("examples").get(key)
    if example and example["media"] in good["content"]:
        good["content"][example["media"]]["example"] = example["answer"]


def _exemplify(operation: dict[str, Any], key: str) -> None:
    """Adds examples of what is asked, as in the exchange that has the example of the answer."""
    example = data("examples").get(key, {"path": {}, "query": {}, "body": None})
    given = {**example["path"], **example["query"]}
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in given:
            parameter["example"] = given[parameter["name"]]
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        if media == _JSON or len(operation["requestBody"]["content"]) == 1:
            content.setdefault("example", example["body"])


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
