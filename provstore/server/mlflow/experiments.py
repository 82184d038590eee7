"""Experiments: made, found, tagged, deleted and restored."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlparse

from provstore.errors import BadInput, Conflict, NotFound
from provstore.importers.mlflow.records import Experiment
from provstore.server.mlflow import answers, reading, searching
from provstore.server.mlflow.changes import with_tag
from provstore.server.mlflow.reading import NAMES
from provstore.server.mlflow.requests import MAX_EXPERIMENT_NAME, Arguments
from provstore.server.mlflow.tracking import Tracking, now_ms

DEFAULT_ID: Final = "0"
ROOT: Final = "mlflow-artifacts:"
ALL: Final = "type = ps:Experiment"
# As MLflow's file store numbers them: 18 digits, so that two stores in one space do not meet.
_ID_DIGITS: Final = 18
# Whoever makes or renames an experiment holds this name, so that no two get the same one.
_NAMES: Final = NAMES.experiment("")


def create(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`experiments/create`."""
    name = given.required("name", longest=MAX_EXPERIMENT_NAME)
    with tracking.alone(_NAMES):
        _require_free(tracking, name)
        identifier = str(10 ** (_ID_DIGITS - 1) + secrets.randbelow(9 * 10 ** (_ID_DIGITS - 1)))
        at = now_ms()
        made = Experiment(
            id=identifier,
            name=name,
            lifecycle_stage="active",
            artifact_location=_location(given) or f"{ROOT}/{identifier}",
            created_ms=at,
            updated_ms=at,
            tags=given.pairs("tags"),
        )
        tracking.write(tracking.mapping().experiment(made))
    return {"experiment_id": identifier}


def _location(given: Arguments) -> str | None:
    """Where artifacts are to lie: a text that is never opened here. Raises: BadInput: with a fragment or parameters."""
    location = given.text("artifact_location")
    parsed = urlparse(location or "")
    if parsed.fragment or parsed.params:
        raise BadInput("'artifact_location' URL can't include fragments or params.", where="artifact_location")
    return location


def get(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`experiments/get`."""
    return {"experiment": answers.experiment(found(tracking, given.required("experiment_id")))}


def get_by_name(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`experiments/get-by-name`."""
    name = given.required("experiment_name")
    match = next((one for one in everything(tracking) if one.name == name), None)
    if match is None:
        raise NotFound(f"Could not find experiment with name '{name}'")
    return {"experiment": answers.experiment(match)}


def search(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`experiments/search`."""
    chosen = searching.of_view(everything(tracking), given.text("view_type"))
    page, token = searching.page(chosen, given, searching.EXPERIMENTS)
    return {"experiments": [answers.experiment(one) for one in page], **token}


def update(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`experiments/update`: another name."""
    name = given.required("new_name", longest=MAX_EXPERIMENT_NAME)
    _change(tracking, given, lambda one: replace(one, name=name), new_name=name)
    return {}


def set_tag(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`experiments/set-experiment-tag`."""
    _change(tracking, given, with_tag(given))
    return {}


def delete_tag(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`experiments/delete-experiment-tag`."""
    key = given.key()

    def without(one: Experiment) -> Experiment:
        if key not in one.tags:
            raise NotFound(f"No tag with name: {key} in experiment with id {one.id}")
        return replace(one, tags={name: value for name, value in one.tags.items() if name != key})

    _change(tracking, given, without)
    return {}


def found(tracking: Tracking, identifier: str) -> Experiment:
    """The experiment of that id; the default one is there before it is written. Raises: NotFound."""
    record = reading.experiment(tracking.unit(NAMES.experiment(identifier)), identifier)
    if record is None and identifier == DEFAULT_ID:
        return _default()
    if record is None and not (identifier.isascii() and identifier.isdigit()):
        raise BadInput(f"Invalid experiment ID '{identifier[:100]}'. Experiment ID must be a valid integer.")
    if record is None:
        raise NotFound(f"No Experiment with id={identifier} exists")
    return record


def active(tracking: Tracking, identifier: str) -> Experiment:
    """The experiment of that id, which may be written to. Raises: NotFound; BadInput: it is deleted."""
    record = found(tracking, identifier)
    if record.lifecycle_stage != "active":
        raise BadInput(f"The experiment {identifier} must be in the 'active' state. Current state is deleted.")
    if is_unwritten(tracking, record):
        # The default one is there before it is written; it begins when it is first used.
        return replace(record, created_ms=now_ms(), updated_ms=now_ms())
    return record


def is_unwritten(tracking: Tracking, record: Experiment) -> bool:
    """True for the default experiment as long as nothing is stored of it."""
    return not tracking.unit(NAMES.experiment(record.id)).is_described(NAMES.experiment(record.id))


def everything(tracking: Tracking) -> Iterator[Experiment]:
    """All experiments of the space."""
    stored = False
    for iri in tracking.find(ALL):
        identifier = reading.last_segment(iri)
        if iri != NAMES.experiment(identifier):
            continue
        record = reading.experiment(tracking.unit(iri), identifier)
        if record is not None:
            stored = stored or identifier == DEFAULT_ID
            yield record
    if not stored:
        yield _default()


def _default() -> Experiment:
    return Experiment(
        id=DEFAULT_ID, name="Default", lifecycle_stage="active", artifact_location=f"{ROOT}/{DEFAULT_ID}",
        created_ms=None, updated_ms=None, tags={},
    )  # fmt: skip


def _require_free(tracking: Tracking, name: str) -> None:
    for one in everything(tracking):
        if one.name == name:
            state = f"Experiment '{name}' already exists"
            deleted = f"{state} in deleted state. Restore it, or choose another name."
            raise Conflict(f"{state}." if one.lifecycle_stage == "active" else deleted)


def _change(tracking: Tracking, given: Arguments, change: Any, *, new_name: str = "") -> None:
    identifier = given.required("experiment_id")
    iri = NAMES.experiment(identifier)
    with tracking.alone(iri, *([_NAMES] if new_name else [])):
        record = active(tracking, identifier)
        if new_name and new_name != record.name:
            _require_free(tracking, new_name)
        changed = replace(change(record), updated_ms=now_ms())
        tracking.write(tracking.mapping(tracking.unit(iri)).experiment(changed))
