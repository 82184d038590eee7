"""Versions of registered models and their stages: one function for each call.

A version and its stage are units of their own, as in the importer, and each change is a snapshot of one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from provstore.errors import BadInput
from provstore.importers.mlflow.records import ModelVersion
from provstore.server.mlflow import models, searching
from provstore.server.mlflow.changes import with_description, with_tag, without_tag
from provstore.server.mlflow.reading import NAMES
from provstore.server.mlflow.registered import (
    answer,
    everything,
    found,
    gone,
    next_number,
    stage_document,
    version,
    version_document,
    version_of_uri,
    whole,
    with_all,
)
from provstore.server.mlflow.requests import Arguments
from provstore.server.mlflow.tracking import Tracking, now_ms

# Versions that are copies of each other, one after the other.
_LONGEST_CHAIN: Final = 100
_STAGES: Final = {one.lower(): one for one in ("None", "Staging", "Production", "Archived")}


def create(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`model-versions/create`."""
    name = given.model_name()
    source, run_id, model_id = _origin(tracking, given)
    if model_id is not None:
        models.found(tracking, model_id)
    with tracking.alone(NAMES.model("", name)):
        record = found(tracking, name)
        number = next_number(tracking, name)
        at = now_ms()
        made = ModelVersion(
            version=number, stage="None", status="READY", source=source, run_id=run_id,
            model_id=model_id, description=given.text("description"), user=None, created_ms=at, updated_ms=at,
            tags=given.pairs("tags"),
        )  # fmt: skip
        tracking.write(version_document(tracking, record, made), stage_document(tracking, record, made))
    return {"model_version": answer(whole(tracking, name), version(tracking, name, number))}


def _origin(tracking: Tracking, given: Arguments) -> tuple[str, str | None, str | None]:
    """Source, run and logged model of a new version; a source that is another version has that one's.

    Raises: BadInput: the source names a logged model, and `model_id` does not; or another version of other ones.
    """
    source, run_id, model_id = given.required("source"), given.text("run_id"), given.text("model_id")
    other = version_of_uri(tracking, source)
    if other is not None:
        model, record = other
        if (run_id or record.run_id, model_id or record.model_id) != (record.run_id, record.model_id):
            raise BadInput(
                f"Invalid model version source: '{source}'. The run_id and model_id request parameters must match the "
                "referenced model version.",
                where="source",
            )
        return f"models:/{model}/{record.version}", record.run_id, record.model_id
    if source.startswith("models:/") and model_id is None:
        raise BadInput(
            f"Invalid model version source: '{source}'. It names a model, so model_id is needed", where="source"
        )
    return source, run_id, model_id


def get(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`model-versions/get`."""
    name = given.model_name()
    return {"model_version": answer(whole(tracking, name), version(tracking, name, given.version()))}


def update(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`model-versions/update`: its description."""
    return _change(tracking, given, with_description(given))


def delete(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`model-versions/delete`."""
    _change(tracking, given, gone)
    return {}


def transition_stage(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`model-versions/transition-stage`."""
    name, number, stage = given.model_name(), given.version(), _stage(given, given.required("stage"))
    with tracking.alone(NAMES.model("", name)):
        record, moved = whole(tracking, name), replace(version(tracking, name, number), stage=stage)
        documents = [stage_document(tracking, record, moved)]
        if given.boolean("archive_existing_versions"):
            others = (one for one in record.versions if one.stage == stage and one.version != number)
            documents += [stage_document(tracking, record, replace(one, stage="Archived")) for one in others]
        tracking.write(*documents)
    return get(tracking, given)


def set_tag(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`model-versions/set-tag`."""
    _change(tracking, given, with_tag(given))
    return {}


def delete_tag(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`model-versions/delete-tag`."""
    _change(tracking, given, without_tag(given))
    return {}


def download_uri(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`model-versions/get-download-uri`: where its files are."""
    record = version(tracking, given.model_name(), given.version())
    for _ in range(_LONGEST_CHAIN):
        other = None if record.model_id else version_of_uri(tracking, record.source or "")
        if other is None:
            break
        record = other[1]
    if record.model_id:
        return {"artifact_uri": models.found(tracking, record.model_id).artifact_location or ""}
    return {"artifact_uri": record.source or ""}


def search(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`model-versions/search`."""
    is_shown = searching.shown(given, searching.MODEL_VERSIONS)
    listed = (with_all(tracking, one) for one in everything(tracking) if is_shown(one.tags))
    pairs = ((model, one) for model in listed for one in model.versions if is_shown(one.tags))
    page, token = searching.page(pairs, given, searching.MODEL_VERSIONS)
    return {"model_versions": [answer(model, one) for model, one in page], **token}


def latest_versions(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/get-latest-versions`: the latest of each stage."""
    record = whole(tracking, given.model_name())
    stages = {_stage(given, one) for one in given.texts("stages")} or set(_STAGES.values())
    latest = {one.stage: one for one in record.versions if one.stage in stages}
    return {"model_versions": [answer(record, one) for one in latest.values()]}


def _change(tracking: Tracking, given: Arguments, change: Callable[[ModelVersion], ModelVersion]) -> dict[str, Any]:
    name, number = given.model_name(), given.version()
    with tracking.alone(NAMES.model("", name)):
        record, changed = whole(tracking, name), change(version(tracking, name, number))
        tracking.write(version_document(tracking, record, changed))
    return {"model_version": answer(record, changed)}


def _stage(given: Arguments, word: str) -> str:
    found = _STAGES.get(word.lower())
    if found is None:
        raise given.wrong("stage", word, f"one of {', '.join(_STAGES.values())} is expected")
    return found
