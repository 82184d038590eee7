"""OpenLineage events, parsed: JSON objects come in, checked and redacted `Event`s go out.

Source: OpenLineage 2-0-2, RunEvent, JobEvent, DatasetEvent; rule 7 (an event has a time).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from provstore.errors import BadInput
from provstore.model.times import Instant, instant

Facets = Mapping[str, Any]
_EVENT: Final = frozenset({"eventTime", "eventType", "producer", "schemaURL", "run", "job", "inputs", "outputs"})
_TYPES: Final = frozenset({"START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"})
_RUN: Final = frozenset({"runId", "facets"})
_NAMED: Final = frozenset({"namespace", "name", "facets", "inputFacets", "outputFacets"})
_EXAMPLE: Final = "https://openlineage.io/docs/spec/object-model shows one."


class Named(NamedTuple):
    """A job or a dataset: its namespace and name, and what is told of it.

    `as_input`, `as_output`: of a dataset in this run only. `extra`: what OpenLineage does not define.
    """

    namespace: str
    name: str
    facets: Facets
    as_input: Facets
    as_output: Facets
    extra: list[tuple[str, Any]]


class Event(NamedTuple):
    """One event. `job` is None only in a DatasetEvent, `run_id` is None in all but a RunEvent.

    `extra`: fields of the event that OpenLineage does not define.
    """

    kind: Literal["run", "job", "dataset"]
    time: Instant
    type: str | None
    producer: str | None
    run_id: str | None
    run_facets: Facets
    job: Named | None
    inputs: tuple[Named, ...]
    outputs: tuple[Named, ...]
    extra: list[tuple[str, Any]]


def parse(value: Any, *, where: str) -> Event:
    """The event that a JSON value states.

    Raises: BadInput: it is no event of OpenLineage; `where` has the place in the file and in the event.
    """
    if not isinstance(value, dict):
        raise BadInput("an OpenLineage event is a JSON object", where=where, next_step=_EXAMPLE)
    kind = _kind(value, where)
    run = _object(value, "run", where) if kind == "run" else {}
    event_type = _type(value.get("eventType"))
    known = _EVENT | {"dataset"} if kind == "dataset" else _EVENT
    if event_type is None and value.get("eventType") is not None:
        known -= {"eventType"}
    return Event(
        kind,
        _time(value, where),
        event_type,
        value["producer"] if isinstance(value.get("producer"), str) else None,
        _text(run, "runId", f"{where} run") if kind == "run" else None,
        _facets(run, "facets", f"{where} run"),
        None if kind == "dataset" else _named(_object(value, "job", where), f"{where} job"),
        _datasets(value, "inputs", where),
        (_named(value["dataset"], f"{where} dataset"),) if kind == "dataset" else _datasets(value, "outputs", where),
        _beyond(value, known, "event") + _beyond(run, _RUN, "run"),
    )


def _type(written: Any) -> str | None:
    return written.upper() if isinstance(written, str) and written.upper() in _TYPES else None


def _kind(value: dict[str, Any], where: str) -> Literal["run", "job", "dataset"]:
    # A RunEvent may carry a stray `dataset`; a DatasetEvent has neither run nor job.
    if "run" in value:
        return "run"
    if "job" in value:
        return "job"
    if "dataset" in value:
        return "dataset"
    raise BadInput("an event has a run and a job, a job, or a dataset", where=where, next_step=_EXAMPLE)


def _time(value: dict[str, Any], where: str) -> Instant:
    written = _text(value, "eventTime", where)
    moment = instant(written)
    if moment is None:
        raise BadInput(f"eventTime is a date and time as in RFC 3339, not {written[:40]!r}", where=where)
    return moment


def _text(holder: dict[str, Any], name: str, where: str) -> str:
    value = holder.get(name)
    if not isinstance(value, str) or not value:
        raise BadInput(f"{name} is missing or no text", where=where, next_step=_EXAMPLE)
    return value


def _object(holder: dict[str, Any], name: str, where: str) -> dict[str, Any]:
    value = holder.get(name)
    if not isinstance(value, dict):
        raise BadInput(f"{name} is missing or no object", where=where, next_step=_EXAMPLE)
    return value


def _facets(holder: dict[str, Any], name: str, where: str) -> Facets:
    value = holder.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadInput(f"{name} is no object", where=where, next_step=_EXAMPLE)
    # Sorted: a redelivered event may have been written anew with its keys in another order (rule 5).
    return dict(sorted(value.items()))


def _named(value: Any, where: str) -> Named:
    if not isinstance(value, dict):
        raise BadInput("a job or dataset is a JSON object", where=where, next_step=_EXAMPLE)
    return Named(
        _text(value, "namespace", where),
        _text(value, "name", where),
        _facets(value, "facets", where),
        _facets(value, "inputFacets", where),
        _facets(value, "outputFacets", where),
        _beyond(value, _NAMED, "job or dataset"),
    )


def _datasets(value: dict[str, Any], name: str, where: str) -> tuple[Named, ...]:
    listed = value.get(name)
    if listed is None:
        return ()
    if not isinstance(listed, list):
        raise BadInput(f"{name} is no list", where=where, next_step=_EXAMPLE)
    return tuple(_named(one, f"{where} {name}[{index}]") for index, one in enumerate(listed))


def _beyond(holder: dict[str, Any], known: frozenset[str], what: str) -> list[tuple[str, Any]]:
    return [(f"{what} field {name}", holder[name]) for name in sorted(holder.keys() - known)]
