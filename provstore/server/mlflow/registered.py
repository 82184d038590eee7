"""What the calls of the model registry share: what is stored of a model, and the documents that a change makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from provstore.errors import BadInput, NotFound
from provstore.importers.mlflow.records import ModelVersion, RegisteredModel
from provstore.model.document import Assertion, Document
from provstore.model.statement import Attribute, reference, statement
from provstore.model.terms import BY_NAME, DATE_TIME, PROV, TIME
from provstore.server.mlflow import answers, reading
from provstore.server.mlflow.reading import NAMES
from provstore.server.mlflow.tracking import Tracking, now_ms

_DELETED_STAGE: Final = "Deleted_Internal"
# No `missing` test here: a value from another space would count and hide this model (rule 25).
_MODELS: Final = f'(type = ps:Model or type = ps:Prompt) and iri ~ "{NAMES.model("", "")}"'
_VERSION_URI: Final = re.compile(r"models:/(?P<name>[^/@]+)(?:/(?P<version>[0-9]+)|@(?P<alias>[\w-]+))")


def found(tracking: Tracking, name: str) -> RegisteredModel:
    """The registered model without versions and aliases. Raises: NotFound."""
    record = reading.registered_model(tracking.unit(NAMES.model("", name)), name)
    if record is None:
        raise NotFound(f"Registered Model with name={name} not found")
    return record


def whole(tracking: Tracking, name: str) -> RegisteredModel:
    """The registered model with its versions and aliases. Raises: NotFound."""
    return with_all(tracking, found(tracking, name))


def everything(tracking: Tracking) -> Iterator[RegisteredModel]:
    """All registered models of the space, without versions and aliases."""
    for iri in tracking.find(_MODELS):
        name = reading.last_segment(iri)
        record = reading.registered_model(tracking.unit(iri), name) if iri == NAMES.model("", name) else None
        if record is not None:
            yield record


def with_all(tracking: Tracking, record: RegisteredModel) -> RegisteredModel:
    """The model with its versions and aliases."""
    versions = [one for number in _numbers(tracking, record.name) if (one := _stored(tracking, record.name, number))]
    named = [NAMES.version("", record.name, one.version) for one in versions]
    aliases = {}
    for iri in tracking.sources(named, "hadMember"):
        alias = reading.last_segment(iri)
        if iri == NAMES.alias("", record.name, alias):
            number = reading.alias(tracking.unit(iri), record.name, alias)
            if number is not None:
                aliases[alias] = number
    return replace(record, versions=tuple(versions), aliases=aliases)


def version(tracking: Tracking, name: str, number: str) -> ModelVersion:
    """A version of a registered model. Raises: NotFound."""
    record = _stored(tracking, name, number)
    if record is None:
        raise NotFound(f"Model Version (name={name}, version={number}) not found")
    return record


def version_of_uri(tracking: Tracking, uri: str) -> tuple[str, ModelVersion] | None:
    """Model and version that `models:/NAME/VERSION` or `models:/NAME@ALIAS` means; None: it is another URI.

    Raises: NotFound: there is no such version. BadInput: no such alias.
    """
    match = _VERSION_URI.fullmatch(uri)
    if match is None:
        return None
    name, alias = match["name"], match["alias"]
    number = by_alias(whole(tracking, name), alias) if alias else match["version"]
    return name, version(tracking, name, number)


def by_alias(model: RegisteredModel, alias: str) -> str:
    """The number of the version that an alias names. Raises: BadInput: the model has no such alias."""
    if alias not in model.aliases:
        raise BadInput(f"Registered model alias {alias} not found.", where="alias")
    return model.aliases[alias]


def next_number(tracking: Tracking, name: str) -> str:
    """The number of the next version; those that were deleted keep theirs."""
    return str(max(map(int, _numbers(tracking, name)), default=0) + 1)


def answer(model: RegisteredModel, record: ModelVersion) -> dict[str, Any]:
    """A version with its aliases."""
    aliases = sorted(alias for alias, number in model.aliases.items() if number == record.version)
    return answers.model_version(model.name, record, aliases)


def gone(record: ModelVersion) -> ModelVersion:
    """The version as MLflow keeps it when it is deleted."""
    return replace(record, stage=_DELETED_STAGE, updated_ms=now_ms())


def model_document(tracking: Tracking, record: RegisteredModel) -> Document:
    """The document of the model alone."""
    mapping = tracking.mapping(tracking.unit(NAMES.model("", record.name)))
    return mapping.registered_model(replace(record, versions=(), aliases={}))[0]


def version_document(tracking: Tracking, model: RegisteredModel, record: ModelVersion) -> Document:
    """The document of a version."""
    iri = NAMES.version("", model.name, record.version)
    return _mapped(tracking, iri, NAMES.unit(iri), replace(model, versions=(record,), aliases={}))


def stage_document(tracking: Tracking, model: RegisteredModel, record: ModelVersion) -> Document:
    """The document of a version's stage."""
    iri = NAMES.stage("", model.name, record.version)
    return _mapped(tracking, iri, NAMES.unit(iri), replace(model, versions=(record,), aliases={}))


def alias_document(tracking: Tracking, name: str, alias: str, number: str) -> Document:
    """The document of an alias."""
    iri = NAMES.alias("", name, alias)
    record = replace(found(tracking, name), versions=(), aliases={alias: number})
    return _mapped(tracking, iri, NAMES.unit(iri), record)


def deleted(document: Document, iri: str) -> Document:
    """The document of something that is deleted: no member, and the end of its life-cycle."""
    at = Attribute(TIME, DATE_TIME, document.header.event_time)
    membership, invalidation = BY_NAME["hadMember"].iri, BY_NAME["wasInvalidatedBy"].iri
    kept = (one for one in document.assertions if one.statement.kind != membership)
    ended = Assertion(None, statement(invalidation, None, [reference(PROV + "entity", iri), at]))
    return replace(document, assertions=(*kept, ended))


def _mapped(tracking: Tracking, iri: str, unit: str, record: RegisteredModel) -> Document:
    documents = tracking.mapping(tracking.unit(iri)).registered_model(record)
    return next(one for one in documents if one.header.unit == unit)


def _numbers(tracking: Tracking, name: str) -> list[str]:
    """The numbers of all versions that the space has, deleted ones too, in order."""
    iri = NAMES.model("", name)
    ends = (reading.last_segment(one) for one in tracking.sources([iri], "specializationOf"))
    return sorted((one for one in ends if one.isascii() and one.isdigit() and _is_stored(tracking, name, one)), key=int)


def _is_stored(tracking: Tracking, name: str, number: str) -> bool:
    """True when the space has the version; the graph tells of those of all spaces (rule 25)."""
    iri = NAMES.version("", name, number)
    return tracking.unit(iri).is_described(iri)


def _stored(tracking: Tracking, name: str, number: str) -> ModelVersion | None:
    iri = NAMES.version("", name, number)
    record = reading.version(tracking.unit(iri), tracking.unit(NAMES.stage("", name, number)), name, number)
    if record is None or record.run_id or not record.model_id:
        return record
    made = reading.logged_model(tracking.unit(NAMES.logged_model(record.model_id)), record.model_id)
    return replace(record, run_id=made.source_run_id if made else None)
