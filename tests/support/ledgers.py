"""Small builders of statements and documents, so that a test shows only what it is about.

    document("run/1", activity("a", status="finished"), used("a", "d"), event_time=3, mode="event")

A name without a colon is an example name: `d` is `http://example.org/d`. A prefixed attribute name (`prov:`, `xsd:`,
`ps:`, `ex:`) is expanded, any other name is an example attribute; keyword names are `prov:` for label, type, role,
value and location and `ps:` otherwise.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from provstore.model.document import Assertion, Document, Header, Mode
from provstore.model.statement import Attribute, Statement, Value, statement
from provstore.model.terms import (
    BOOLEAN,
    BY_NAME,
    DATE_TIME,
    DOUBLE,
    END_TIME,
    INT,
    PROV,
    PS,
    QUALIFIED_NAME,
    START_TIME,
    STRING,
    XSD,
)
from provstore.model.times import from_unix_ms

EXAMPLE = "http://example.org/"
PREFIXES = {"prov": PROV, "xsd": XSD, "ps": PS, "ex": EXAMPLE}
_EPOCH_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
_PROV_KEYWORDS = ("label", "type", "role", "value", "location")


def iri(name: str) -> str:
    """The full IRI of an example name, a prefixed name, or a full IRI itself."""
    prefix, colon, local = name.partition(":")
    if not colon:
        return EXAMPLE + name
    return PREFIXES[prefix] + local if prefix in PREFIXES else name


def name(text: str) -> Value:
    """A value that is a qualified name, for `type=name("ps:Run")`."""
    return Value(QUALIFIED_NAME, iri(text))


def at(minute: int) -> str:
    """UTC text, `minute` minutes after 2026-01-01."""
    return from_unix_ms(_EPOCH_MS + minute * 60_000)


def entity(identifier: str, more: Mapping[str, Any] | None = None, **attributes: Any) -> Statement:
    """An entity record; a value may be a list of values."""
    return _element("entity", identifier, more, attributes)


def activity(
    identifier: str,
    more: Mapping[str, Any] | None = None,
    *,
    start: str | None = None,
    end: str | None = None,
    **attributes: Any,
) -> Statement:
    """An activity record; `start` and `end` are xsd:dateTime texts."""
    times = {START_TIME: start, END_TIME: end}
    given = {key: Value(DATE_TIME, text) for key, text in times.items() if text is not None}
    return _element("activity", identifier, {**(more or {}), **given}, attributes)


def agent(identifier: str, more: Mapping[str, Any] | None = None, **attributes: Any) -> Statement:
    """An agent record."""
    return _element("agent", identifier, more, attributes)


def relation(
    record: str,
    *arguments: str | None,
    id: str | None = None,
    more: Mapping[str, Any] | None = None,
    **attributes: Any,
) -> Statement:
    """A relation by its PROV-N name, arguments in PROV-N order (None: absent); a time is xsd:dateTime text."""
    known = BY_NAME[record]
    formal = [
        Attribute(formal.iri, DATE_TIME, given)
        if formal.holds == "time"
        else Attribute(formal.iri, QUALIFIED_NAME, iri(given))
        for formal, given in zip(known.arguments, arguments, strict=False)
        if given is not None
    ]
    extra = _attributes(more, attributes)
    return statement(known.iri, None if id is None else iri(id), [*formal, *extra])


def used(activity: str | None, entity: str | None = None, time: str | None = None, **extra: Any) -> Statement:
    """used(activity, entity, time)."""
    return relation("used", activity, entity, time, **extra)


def generated(entity: str | None, activity: str | None = None, time: str | None = None, **extra: Any) -> Statement:
    """wasGeneratedBy(entity, activity, time)."""
    return relation("wasGeneratedBy", entity, activity, time, **extra)


def derived(generated: str | None, used: str | None, activity: str | None = None, **extra: Any) -> Statement:
    """wasDerivedFrom(generated, used, activity)."""
    return relation("wasDerivedFrom", generated, used, activity, **extra)


def informed(informed: str, informant: str, **extra: Any) -> Statement:
    """wasInformedBy(informed, informant)."""
    return relation("wasInformedBy", informed, informant, **extra)


def associated(activity: str, agent: str | None = None, plan: str | None = None, **extra: Any) -> Statement:
    """wasAssociatedWith(activity, agent, plan)."""
    return relation("wasAssociatedWith", activity, agent, plan, **extra)


def attributed(entity: str, agent: str, **extra: Any) -> Statement:
    """wasAttributedTo(entity, agent)."""
    return relation("wasAttributedTo", entity, agent, **extra)


def member(collection: str, entity: str) -> Statement:
    """hadMember(collection, entity)."""
    return relation("hadMember", collection, entity)


def specialized(specific: str, general: str) -> Statement:
    """specializationOf(specific, general)."""
    return relation("specializationOf", specific, general)


def inside(bundle: str, stated: Statement) -> Assertion:
    """The statement, asserted inside `bundle`."""
    return Assertion(iri(bundle), stated)


def document(
    unit: str,
    *stated: Statement | Assertion,
    event_time: int | str = 0,
    mode: Mode = "snapshot",
    space: str = "default",
    blobs: Iterable[bytes] = (),
    **header: Any,
) -> Document:
    """A document of those statements; `event_time` in minutes (`at`) or as UTC text; `header`: Header's other names."""
    when = at(event_time) if isinstance(event_time, int) else event_time
    assertions = [one if isinstance(one, Assertion) else Assertion(None, one) for one in stated]
    described = Header(unit=unit, mode=mode, event_time=when, space=space, **{"actor": "tester@example", **header})
    return Document(described, assertions, tuple(blobs))


def folder_in_memory() -> tempfile.TemporaryDirectory[str]:
    """A temporary folder, in memory where there is such a place: for tests whose subject is not the disk."""
    memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)


def _element(kind: str, identifier: str, more: Mapping[str, Any] | None, attributes: Mapping[str, Any]) -> Statement:
    return statement(BY_NAME[kind].iri, iri(identifier), _attributes(more, attributes))


def _attributes(more: Mapping[str, Any] | None, keywords: Mapping[str, Any]) -> list[Attribute]:
    prefixed = {f"prov:{k}" if k in _PROV_KEYWORDS else f"ps:{k}": v for k, v in keywords.items()}
    return [
        Attribute(iri(key), *_value(one))
        for key, given in {**(more or {}), **prefixed}.items()
        for one in (given if isinstance(given, list) else [given])
    ]


def _value(given: Any) -> Value:
    if isinstance(given, Value):
        return given
    if isinstance(given, bool):
        return Value(BOOLEAN, str(given).lower())
    if isinstance(given, int):
        return Value(INT, str(given))
    if isinstance(given, float):
        return Value(DOUBLE, repr(given))
    return Value(STRING, given)
