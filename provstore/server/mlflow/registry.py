"""Registered models and their aliases: one function for each call.

Each is a unit of its own, as in the importer, and each change is a snapshot of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from provstore.errors import BadInput, Conflict
from provstore.importers.mlflow.records import RegisteredModel
from provstore.server.mlflow import answers, reading, searching
from provstore.server.mlflow.changes import with_description, with_tag, without_tag
from provstore.server.mlflow.reading import NAMES
from provstore.server.mlflow.registered import (
    alias_document,
    answer,
    by_alias,
    deleted,
    everything,
    found,
    gone,
    model_document,
    version,
    version_document,
    whole,
    with_all,
)
from provstore.server.mlflow.requests import Arguments
from provstore.server.mlflow.tracking import Tracking, now_ms


def create(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/create`."""
    name = given.model_name()
    at = now_ms()
    made = RegisteredModel(
        name=name, workspace="", description=given.text("description"), created_ms=at, updated_ms=at,
        tags=given.pairs("tags"), aliases={}, versions=(),
    )  # fmt: skip
    iri = NAMES.model("", name)
    with tracking.alone(iri):
        if reading.registered_model(tracking.unit(iri), name) is not None:
            raise Conflict(f"Registered Model (name={name}) already exists.")
        tracking.write(model_document(tracking, made))
    return {"registered_model": answers.registered_model(whole(tracking, name))}


def get(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/get`."""
    return {"registered_model": answers.registered_model(whole(tracking, given.model_name()))}


def update(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/update`: its description."""
    return _change(tracking, given, with_description(given))


def rename(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/rename`: refused, since the name is the model's identity here."""
    raise BadInput(
        f"A registered model keeps its name here, since provenance tells of it by this name: '{given.model_name()}'",
        where="new_name", next_step="Register its versions under the new name.",
    )  # fmt: skip


def delete(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/delete`: the model, its versions and aliases."""
    name = given.model_name()
    with tracking.alone(NAMES.model("", name)):
        record = whole(tracking, name)
        documents = [deleted(model_document(tracking, record), NAMES.model("", name))]
        documents += [version_document(tracking, record, gone(one)) for one in record.versions]
        for alias, number in record.aliases.items():
            documents.append(deleted(alias_document(tracking, name, alias, number), NAMES.alias("", name, alias)))
        tracking.write(*documents)
    return {}


def search(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/search`."""
    is_shown = searching.shown(given, searching.REGISTERED_MODELS)
    found = (with_all(tracking, one) for one in everything(tracking) if is_shown(one.tags))
    page, token = searching.page(found, given, searching.REGISTERED_MODELS)
    return {"registered_models": [answers.registered_model(one) for one in page], **token}


def set_tag(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/set-tag`."""
    _change(tracking, given, with_tag(given))
    return {}


def delete_tag(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/delete-tag`."""
    _change(tracking, given, without_tag(given))
    return {}


def set_alias(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/alias`, POST."""
    name, alias, number = given.model_name(), given.alias(), given.version()
    with tracking.alone(NAMES.model("", name)):
        version(tracking, name, number)
        tracking.write(alias_document(tracking, name, alias, number))
    return {}


def delete_alias(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/alias`, DELETE."""
    name, alias = given.model_name(), given.required("alias")
    with tracking.alone(NAMES.model("", name)):
        found(tracking, name)
        iri = NAMES.alias("", name, alias)
        named = reading.alias(tracking.unit(iri), name, alias)
        if named is not None:
            tracking.write(deleted(alias_document(tracking, name, alias, named), iri))
    return {}


def get_by_alias(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`registered-models/alias`, GET."""
    record = whole(tracking, given.model_name())
    number = by_alias(record, given.required("alias"))
    return {"model_version": answer(record, version(tracking, record.name, number))}


def _change(
    tracking: Tracking, given: Arguments, change: Callable[[RegisteredModel], RegisteredModel]
) -> dict[str, Any]:
    name = given.model_name()
    with tracking.alone(NAMES.model("", name)):
        tracking.write(model_document(tracking, change(found(tracking, name))))
    return {"registered_model": answers.registered_model(whole(tracking, name))}
