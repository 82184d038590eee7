"""What MLflow's calls take, for OpenAPI. Source: `schema/service/openapi/mlflow.json`."""

from __future__ import annotations

import re
from typing import Any, Final

from provstore.server.openapi import data

_WORKSPACE: Final[dict[str, Any]] = {
    "name": "X-MLFLOW-WORKSPACE",
    "in": "header",
    "required": False,
    "description": "The space; none: the token's only one, or the default.",
    "schema": {"type": "string"},
}


def is_described(method: str, path: str) -> bool:
    """True when the call is in the description; one that is always refused is not."""
    return f"{method} {path}" in data("mlflow")["requests"]


def described(method: str, path: str) -> dict[str, Any]:
    """The parameters of a call, and its body. Args: path: below `API`. A GET has its arguments in the query."""
    takes = data("mlflow")["requests"].get(f"{method} {path}", {})
    named = parameters(path)
    if method == "GET":
        needed = takes.get("required", ())
        named += [
            {"name": name, "in": "query", "required": name in needed, "schema": schema}
            for name, schema in takes.get("properties", {}).items()
        ]
    elif takes.get("properties"):
        content = {"application/json": {"schema": takes}}
        return {"parameters": named, "requestBody": {"required": True, "content": content}}
    return {"parameters": named}


def parameters(path: str) -> list[dict[str, Any]]:
    """The parameters of any route of MLflow's: the workspace, and those of the path."""
    in_path = re.findall(r"{(\w+)", path)
    return [
        _WORKSPACE, *({"name": one, "in": "path", "required": True, "schema": {"type": "string"}} for one in in_path),
    ]  # fmt: skip
