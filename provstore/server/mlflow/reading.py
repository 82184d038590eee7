"""MLflow's records, read back from what was stored: the inverse of the importer's mapping.

In: units. Out: records, None for what is not there. What the mapping redacted stays redacted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from provstore.importers.mlflow.names import KIND, Names
from provstore.importers.mlflow.records import (
    Artifact,
    DatasetInput,
    Experiment,
    LoggedModel,
    ModelMetric,
    ModelOutput,
    ModelVersion,
    RegisteredModel,
    Run,
)
from provstore.importers.statements import ps
from provstore.model.statement import Statement
from provstore.model.terms import BY_NAME, END_TIME, PROV, PS, ROLE, START_TIME
from provstore.server.mlflow.unit import Unit, milliseconds

NAMES: Final = Names("")
_CONTEXT: Final = "mlflow.data.context"
_CREATED: Final = ps("created")
_SHA256: Final = "sha256:"
_ACTIVE: Final = "active"


def experiment(unit: Unit, identifier: str) -> Experiment | None:
    """The experiment of that id."""
    iri = NAMES.experiment(identifier)
    with unit.lock:
        if not unit.is_described(iri):
            return None
        created = unit.milliseconds(iri, _CREATED)
        return Experiment(
            id=identifier,
            name=unit.label(iri) or identifier,
            lifecycle_stage=unit.text(iri, "lifecycle_stage") or _ACTIVE,
            artifact_location=unit.text(iri, "artifact_location"),
            created_ms=created,
            updated_ms=unit.milliseconds(iri, ps("updated")) or created,
            tags=unit.family(iri, "tag"),
        )


def run(unit: Unit, identifier: str) -> Run | None:
    """The run of that id, whole."""
    iri = NAMES.run(identifier)
    with unit.lock:
        if unit.text(iri, "source_id") is None:
            return None
        series = (unit.series(name) for name in unit.metrics())
        user = next(iter(unit.targets("wasAssociatedWith", iri, "agent")), None)
        return Run(
            id=identifier,
            experiment_id=last_segment(unit.text(iri, "experiment") or ""),
            name=unit.label(iri),
            status=unit.text(iri, "source_status") or "UNKNOWN",
            lifecycle_stage=unit.text(iri, "lifecycle_stage") or _ACTIVE,
            started_ms=unit.milliseconds(iri, START_TIME),
            ended_ms=unit.milliseconds(iri, END_TIME),
            deleted_ms=unit.invalidated_ms(NAMES.record(identifier)),
            artifact_uri=unit.text(iri, "artifact_location"),
            user=unit.label(user) if user else None,
            source_name=unit.text(iri, "source"),
            entry_point=unit.text(iri, "entry_point"),
            commit=_commit(unit),
            params=unit.family(iri, "param"),
            tags=unit.family(iri, "tag"),
            series=tuple(one for one in series if one),
            datasets=_datasets(unit, iri),
            model_inputs=tuple(
                last_segment(one) for one in unit.targets("used", iri, "entity") if _is(one, "logged-model")
            ),
            model_outputs=tuple(_outputs(unit)),
            artifacts=artifacts(unit, identifier),
        )


def is_running(unit: Unit, identifier: str) -> bool:
    """True while the run goes on; what is added then are events, what is added later makes it a new snapshot."""
    return unit.text(NAMES.run(identifier), "source_status") == "RUNNING" and (
        unit.text(NAMES.run(identifier), "lifecycle_stage") == _ACTIVE
    )


def logged_model(unit: Unit, identifier: str) -> LoggedModel | None:
    """The logged model of that id."""
    iri = NAMES.logged_model(identifier)
    with unit.lock:
        if unit.text(iri, "source_id") is None:
            return None
        made_by = next(iter(unit.targets("wasGeneratedBy", iri, "activity")), None)
        return LoggedModel(
            id=identifier,
            experiment_id=last_segment(unit.text(iri, "experiment") or ""),
            name=unit.label(iri) or identifier,
            status=unit.text(iri, "source_status") or "UNSPECIFIED",
            lifecycle_stage=unit.text(iri, "lifecycle_stage") or _ACTIVE,
            model_type=unit.text(iri, "model_type"),
            source_run_id=last_segment(made_by) if made_by else None,
            created_ms=unit.milliseconds(iri, _CREATED),
            updated_ms=unit.invalidated_ms(iri) or milliseconds(unit.newest),
            artifact_location=unit.text(iri, "artifact_location"),
            status_message=unit.text(iri, "status_message"),
            params=unit.family(iri, "param"),
            tags=unit.family(iri, "tag"),
            metrics=tuple(_model_metric(name, value) for name, value in unit.family(iri, "metric").items()),
            artifacts=artifacts(unit, identifier),
        )


def registered_model(unit: Unit, name: str) -> RegisteredModel | None:
    """The registered model of that name, without its versions and aliases; None, too, once it is deleted."""
    iri = NAMES.model("", name)
    with unit.lock:
        if not unit.is_described(iri) or unit.invalidated_ms(iri) is not None:
            return None
        return RegisteredModel(
            name=name,
            workspace="",
            description=unit.text(iri, "description"),
            created_ms=unit.milliseconds(iri, _CREATED),
            updated_ms=milliseconds(unit.newest),
            tags=unit.family(iri, "tag"),
            aliases={},
            versions=(),
        )


def version(unit: Unit, stage: Unit, name: str, number: str) -> ModelVersion | None:
    """A version of a registered model; None, too, once it is deleted. Args: stage: the unit of its stage."""
    iri = NAMES.version("", name, number)
    with unit.lock, stage.lock:
        if not unit.is_described(iri) or unit.invalidated_ms(iri) is not None:
            return None
        source = unit.text(iri, "source")
        derived = next(iter(unit.targets("wasDerivedFrom", iri, "usedEntity")), None)
        generated = [one.argument(PROV + "activity") for one in unit.relations("wasGeneratedBy")]
        user = next(iter(unit.targets("wasAttributedTo", iri, "agent")), None)
        return ModelVersion(
            version=number,
            stage=stage.text(iri, "stage") or "None",
            status=unit.text(iri, "source_status"),
            source=source,
            run_id=next((last_segment(one) for one in generated if one), None),
            model_id=last_segment(derived) if derived and _is(derived, "logged-model") else None,
            description=unit.text(iri, "description"),
            user=unit.label(user) if user else None,
            created_ms=unit.milliseconds(iri, _CREATED),
            updated_ms=milliseconds(max(unit.newest, stage.newest)),
            tags=unit.family(iri, "tag"),
        )


def alias(unit: Unit, name: str, of: str) -> str | None:
    """The version that an alias names; None when there is no such alias, or no more."""
    iri = NAMES.alias("", name, of)
    with unit.lock:
        if unit.invalidated_ms(iri) is not None:
            return None
        named = next(iter(unit.targets("hadMember", iri, "entity")), None)
        return last_segment(named) if named else None


def artifacts(unit: Unit, owner: str) -> tuple[Artifact, ...]:
    """The files of a run or a logged model, by path; directories that are told of as models are none."""
    found: dict[str, Artifact] = {}
    for iri in unit.elements("Artifact"):
        path = unit.text(iri, "path")
        if path and iri == NAMES.artifact(owner, path):
            size = unit.text(iri, "size")
            digests = [one for one in unit.texts(iri, "digest") if one.startswith(_SHA256)]
            found[path] = Artifact(
                path, int(size) if size else None, digests[0].removeprefix(_SHA256) if digests else None
            )
    return tuple(found[path] for path in sorted(found))


def last_segment(iri: str) -> str:
    """The id or name that an identifier ends in."""
    return unquote(iri.rpartition("/")[2])


def _is(iri: str, what: str) -> bool:
    return iri.startswith(f"urn:provstore:{KIND}:{what}/")


def _commit(unit: Unit) -> str | None:
    return next((unit.text(iri, "commit") for iri in unit.elements("Code")), None)


def _outputs(unit: Unit) -> list[ModelOutput]:
    """The logged models that the run put out, in the order in which they were told."""
    found: dict[tuple[str, int], None] = {}
    for one in unit.relations("wasGeneratedBy"):
        made = one.argument(PROV + "entity") or ""
        if _is(made, "logged-model"):
            found[last_segment(made), int(one.argument(ps("step")) or 0)] = None
    return [ModelOutput(model, step) for model, step in found]


def _datasets(unit: Unit, run: str) -> tuple[DatasetInput, ...]:
    activity, entity = (argument.iri for argument in BY_NAME["used"].arguments[:2])
    found = [
        _dataset(unit, used, one)
        for one in unit.relations("used")
        if one.argument(activity) == run and (used := one.argument(entity)) and _is(used, "dataset")
    ]
    return tuple(sorted(found, key=lambda one: (one.name, one.digest, sorted(one.tags.items()))))


def _dataset(unit: Unit, iri: str, usage: Statement) -> DatasetInput:
    context = usage.argument(ROLE)
    start = f"{PS}tag."
    tags = {unquote(a.name.removeprefix(start)): a.lexical for a in usage.attributes if a.name.startswith(start)}
    digests = dict(one.partition(":")[::2] for one in unit.texts(iri, "digest"))
    return DatasetInput(
        name=unit.label(iri) or "",
        digest=digests.get(KIND, ""),
        source_type=unit.text(iri, "source_type"),
        source=unit.text(iri, "source"),
        schema=unit.text(iri, "schema"),
        profile=unit.text(iri, "profile"),
        tags=_with_context(tags, context),
        sha256=digests.get("sha256") if not _names_digest(tags) else None,
    )


def _with_context(tags: Mapping[str, str], context: str | None) -> dict[str, str]:
    return ({_CONTEXT: context} if context else {}) | dict(tags)


def _names_digest(tags: Mapping[str, str]) -> bool:
    return any(name.lower().replace("-", "") == "sha256" for name in tags)


def _model_metric(name: str, value: str) -> ModelMetric:
    """A metric value of a logged model; step and time stay with the run's series, whose point it is."""
    key, _, dataset = name.partition("@")
    return ModelMetric(key, 0, 0, as_float(value), None, dataset or None)


def as_float(lexical: str) -> float:
    """The number of an xsd:double."""
    return float(lexical.replace("INF", "inf"))
