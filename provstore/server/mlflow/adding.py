"""Changing a run: what is added while it goes on is an event; any other change, and any after its end, a snapshot.

So each call writes what it brings, and a run that ended says to the letter what its import would say.
Source: rules 7 to 10 and 17.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from provstore.errors import BadInput, NotFound
from provstore.importers.mlflow.mapping import Mapping as Mapped
from provstore.importers.mlflow.points import ordered
from provstore.importers.mlflow.records import Artifact, DatasetInput, ModelMetric, ModelOutput, Run, Series
from provstore.importers.redaction import redact
from provstore.model.document import Document
from provstore.server.mlflow import experiments, models, reading
from provstore.server.mlflow.reading import NAMES
from provstore.server.mlflow.requests import Arguments
from provstore.server.mlflow.tracking import Tracking, as_event
from provstore.server.mlflow.unit import Unit

# What a unit says is folded from its snapshot and its events, so these may not grow without end: after as many, or a
# share of its points as large, a snapshot is written. So the work for n points grows like n, and so do their bytes.
_EVENTS: Final = 64


class Metric(NamedTuple):
    """A metric point as it is logged; `model`: the logged model that it is also told of, with the data set's name."""

    name: str
    step: int
    time_ms: int
    value: float
    model: str | None
    dataset: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What one call adds to a run."""

    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    metrics: tuple[Metric, ...] = ()
    datasets: tuple[DatasetInput, ...] = ()
    model_inputs: tuple[str, ...] = ()
    model_outputs: tuple[ModelOutput, ...] = ()
    artifacts: tuple[Artifact, ...] = ()

    def models(self) -> list[str]:
        """The logged models that its metrics are told of."""
        return sorted({one.model for one in self.metrics if one.model})

    def is_empty(self) -> bool:
        """True when nothing is added."""
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


def metric(given: Arguments) -> Metric:
    """The metric point of a call."""
    time_ms = given.integer("timestamp")
    if time_ms is None or time_ms < 0:
        raise given.wrong("timestamp", time_ms, "milliseconds since 1970 are expected")
    return Metric(
        given.key(), given.integer("step") or 0, time_ms, given.number("value"), given.text("model_id"),
        given.text("dataset_name"),
    )  # fmt: skip


def found(tracking: Tracking, identifier: str) -> Run:
    """The run of that id. Raises: NotFound."""
    record = reading.run(tracking.unit(NAMES.run(identifier)), identifier)
    if record is None:
        raise NotFound(f"Run with id={identifier} not found")
    return record


def add(tracking: Tracking, identifier: str, added: Added) -> None:
    """Adds to a run; the caller holds no unit. Raises: NotFound: no such run; BadInput: it is deleted, or a parameter
    would change."""
    touched = [NAMES.run(identifier), *(NAMES.logged_model(one) for one in added.models())]
    with tracking.alone(*touched):
        unit = tracking.unit(touched[0])
        _require_active(unit, identifier)
        news = _news(unit, identifier, added)
        if news.is_empty():
            return
        mapping = tracking.mapping(*(tracking.unit(iri) for iri in touched))
        documents = [_document(tracking, mapping, unit, identifier, news)]
        for model in news.models():
            documents.append(models.with_metrics(tracking, mapping, model, _of_model(news, model, identifier)))
        tracking.write(*documents)


def change(tracking: Tracking, identifier: str, made: Callable[[Run], Run], *, deleted: bool = False) -> Run:
    """Writes what `made` makes of a run. `deleted`: the run may be deleted. Raises: NotFound, BadInput."""
    iri = NAMES.run(identifier)
    with tracking.alone(iri):
        unit = tracking.unit(iri)
        record = found(tracking, identifier)
        if not deleted:
            _require_active(unit, identifier)
        changed = made(record)
        tracking.write(whole(tracking, tracking.mapping(unit), changed))
    return changed


def whole(tracking: Tracking, mapping: Mapped, record: Run) -> Document:
    """The snapshot of a run."""
    # A run's document tells the name of its experiment.
    with suppress(NotFound):
        mapping.experiment(experiments.found(tracking, record.experiment_id))
    return mapping.run(record, summed=record.status != "RUNNING")


def _document(tracking: Tracking, mapping: Mapped, unit: Unit, identifier: str, news: Added) -> Document:
    if reading.is_running(unit, identifier) and unit.events < max(_EVENTS, unit.points() // _EVENTS):
        return as_event(mapping.addition(_merged(_nothing(identifier), news)))
    return whole(tracking, mapping, _merged(found(tracking, identifier), news))


def _news(unit: Unit, identifier: str, added: Added) -> Added:
    """What of it is not known yet. Raises: BadInput: a parameter has another value."""
    iri = NAMES.run(identifier)
    with unit.lock:
        params, tags = unit.family(iri, "param") if added.params else {}, unit.family(iri, "tag") if added.tags else {}
    for key, value in added.params.items():
        now = redact(key, value)[0]
        if key in params and params[key] != now:
            raise BadInput(
                f"Changing param values is not allowed. Param with key='{key}' was already logged with "
                f"value='{params[key]}' for run ID='{identifier}'. Attempted logging new value '{now}'.",
                where=key,
            )
    return replace(
        added,
        params={key: value for key, value in added.params.items() if key not in params},
        tags={key: value for key, value in added.tags.items() if tags.get(key) != redact(key, value)[0]},
    )


def _require_active(unit: Unit, identifier: str) -> None:
    stage = unit.text(NAMES.run(identifier), "lifecycle_stage")
    if stage is None:
        raise NotFound(f"Run with id={identifier} not found")
    if stage != "active":
        raise BadInput(f"The run {identifier} must be in the 'active' state. Current state is {stage}.")


def _nothing(identifier: str) -> Run:
    return Run(
        id=identifier, experiment_id="", name=None, status="", lifecycle_stage="", started_ms=None, ended_ms=None,
        deleted_ms=None, artifact_uri=None,
    )  # fmt: skip


def _merged(record: Run, news: Added) -> Run:
    """The run with what was added to it."""
    artifacts = {one.path: one for one in (*record.artifacts, *news.artifacts)}
    datasets = list(record.datasets)
    datasets += [one for one in news.datasets if one not in datasets]
    return replace(
        record,
        name=news.tags.get("mlflow.runName") or record.name,
        params={**record.params, **news.params},
        tags={**record.tags, **news.tags},
        series=tuple(_series(record.series, news.metrics)),
        datasets=tuple(sorted(datasets, key=lambda one: (one.name, one.digest, sorted(one.tags.items())))),
        model_inputs=tuple(sorted({*record.model_inputs, *news.model_inputs})),
        model_outputs=tuple(dict.fromkeys((*record.model_outputs, *news.model_outputs))),
        artifacts=tuple(artifacts[path] for path in sorted(artifacts)),
    )


def _series(known: Iterable[Series], metrics: Iterable[Metric]) -> list[Series]:
    """The series with more points; a point that is there already is sent again, and stays one."""
    added: dict[str, dict[tuple[int, int, bytes], float]] = {}
    for one in metrics:
        added.setdefault(one.name, {})[one.step, one.time_ms, _bits(one.value)] = one.value
    of = {one.name: one for one in known}
    for name, values in added.items():
        before = list(zip(of[name].steps, of[name].times_ms, of[name].values, strict=True)) if name in of else []
        for step, time_ms, value in before:
            values.pop((step, time_ms, _bits(value)), None)
        new = [(step, time_ms, value) for (step, time_ms, _), value in values.items()]
        of[name] = ordered(name, [*before, *new], where=name)
    return [of[name] for name in sorted(of)]


def _bits(value: float) -> bytes:
    return array("d", [value]).tobytes()


def _of_model(news: Added, model: str, run: str) -> list[ModelMetric]:
    return [
        ModelMetric(one.name, one.step, one.time_ms, one.value, run, one.dataset)
        for one in sorted(news.metrics, key=lambda one: (one.step, one.time_ms))
        if one.model == model
    ]
