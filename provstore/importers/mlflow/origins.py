"""What MLflow's references between records mean: the source of a model version, the models that a tag tells of.

In: texts as recorded. Out: ids and paths, or nothing when the text says something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from provstore.errors import printable

_LOGGED_MODEL: Final = re.compile(r"models:/(m-[0-9a-f]{32})/?")
_RUN_PATH: Final = re.compile(r"runs:/([0-9a-f]{32})/(.+)")
# An artifact location ends in `<run id>/artifacts/<path>` whatever system it is in.
_LOCATION: Final = re.compile(r".*/([0-9a-f]{32})/artifacts/([^?#]+)")
_HISTORY: Final = "mlflow.log-model.history"


def logged_model_of(source: str | None) -> str | None:
    """The logged model that a version's source names, such as `models:/m-<32 hexadecimal digits>`."""
    match = _LOGGED_MODEL.fullmatch(source or "")
    return match[1] if match else None


def directory_of(source: str | None) -> tuple[str, str] | None:
    """The run and the path of its artifacts that a version's source names: `runs:/<run>/<path>` or a full location."""
    match = _RUN_PATH.fullmatch(source or "") or _LOCATION.fullmatch(source or "")
    if match is None:
        return None
    path = match[2] if "://" not in (source or "") else unquote(match[2])
    return match[1], path.strip("/")


def legacy_models(tags: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """The models that MLflow 1 and 2 logged in a run: artifact path and flavors, each path once, from its tag.

    What is escaped in the tag and is no Unicode names no file, and is passed over; the tag itself is kept.
    """
    try:
        listed = json.loads(tags.get(_HISTORY, "[]"))
    except (ValueError, RecursionError):
        return []
    found: dict[str, list[str]] = {}
    for model in listed if isinstance(listed, list) else []:
        path, flavors = (model.get("artifact_path"), model.get("flavors")) if isinstance(model, dict) else (None, None)
        if isinstance(path, str) and path.strip("/") and printable(path) == path:
            names = flavors if isinstance(flavors, dict) else ()
            found[path.strip("/")] = sorted(name for name in names if printable(name) == name)
    return list(found.items())
