"""The description of the service by OpenAPI: made from the routes, with security and error answers of each."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from provstore import __version__
from provstore.server.access import Rows
from provstore.server.events.models import Batch

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
# Of parameters that must be given, by their names.
_MODEL: Final = "mlflow:model/churn/3"
_EXAMPLES: Final = {
    "id": _MODEL, "a": _MODEL, "b": "mlflow:model/churn/2", "train": _MODEL, "test": "sha256:4f1c22ab",
    "src": ["mlflow:dataset/raw/1"], "dst": [_MODEL], "attribute": "ps:metric.accuracy", "target": _MODEL,
    "reason": "sent by mistake", "sid": "0" * 64, "name": "ann", "format": "prov-json", "action": "catch-up",
    "start": "urn:provstore:mlflow:model/churn/3",
}  # fmt: skip
_TEXT: Final = "Provenance of machine learning as W3C PROV: records go in, lineage comes out."


def describe(app: FastAPI, rows: Rows) -> dict[str, Any]:
    """The OpenAPI document of the app; made once."""
    if app.openapi_schema is None:
        document = get_openapi(title="provstore", version=__version__, description=_TEXT, routes=app.routes)
        components = document.setdefault("components", {})
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        schemas = components.setdefault("schemas", {})
        schemas["Error"] = _ERROR
        batch = Batch.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(batch.pop("$defs"))
        schemas["Batch"] = batch
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        # OpenAPI's paths do not say that a parameter may hold slashes.
        rows = {route.replace(":path}", "}"): action for route, action in rows.items()}
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _complete(operation, rows.get(f"{method.upper()} {path}"))
        app.openapi_schema = document
    return app.openapi_schema


def _complete(operation: dict[str, Any], action: str | None) -> None:
    """Adds who may ask, and that every error has one form."""
    operation["security"] = [] if action == "open" else [{"token": []}]
    operation["x-provstore-action"] = action
    operation["responses"].pop("422", None)
    if action == "write" and "201" in operation["responses"]:
        operation["responses"]["200"] = operation["responses"]["201"] | {"description": "It was stored already."}
    for parameter in operation.get("parameters", ()):
        if parameter["required"] and "example" not in parameter and parameter["name"] in _EXAMPLES:
            parameter["example"] = _EXAMPLES[parameter["name"]]
    operation["responses"]["default"] = {
        "description": "An error: its code is that of the command line.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
