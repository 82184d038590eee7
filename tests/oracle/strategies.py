"""Hypothesis strategies of plain data: small histories with few names, so that things collide.

A history is a list of steps: `("append", (OracleDocument, ...))`, `("retract", k)` (the k-th live document, counted
round), `("erase", k)` (the k-th stored one). `build` plays it on the oracle; a comparison plays it on both sides.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from tests.oracle.ledger import OracleDocument, OracleLedger
from tests.oracle.statements import Assertion, Attribute, OracleStatement, content_digest
from tests.oracle.terms import (
    PROV,
    PS,
    RELATIONS,
    TYPING,
    XSD,
    activity,
    agent,
    day,
    digest,
    double,
    entity,
    generated,
    pair,
    part_of,
    qualified,
    relation,
    text,
    used,
)

Step = tuple[str, Any]

ENTITIES = ("e1", "e2", "e3", "e4", "e5")
ACTIVITIES = ("a1", "a2", "a3")
AGENTS = ("g1", "g2")
BYTES = ("sha256:" + "a" * 64, "sha256:" + "b" * 64, "md5:" + "c" * 32)
NO_BYTES = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
SPACES = ("default", "default", "other")  # the first is likelier
UNITS = ("u1", "u1", "u1", "u2", "u3")  # the first is likelier
TIMES = (day(1), day(2), day(3), day(4))

_digests = st.sampled_from((*BYTES, *BYTES, NO_BYTES)).map(digest)
_labels = st.tuples(st.sampled_from("ab"), st.sampled_from(("", "en", "de"))).map(
    lambda pair: text(PROV + "label", *pair)
)
_functional = st.one_of(
    _labels,
    st.sampled_from(("running", "finished", "failed", "unknown")).map(lambda v: text(PS + "status", v)),
    st.sampled_from(("0.1", "0.10", "1E-1", "0.10000000000000001", "2.5")).map(lambda v: double(PS + "param.lr", v)),
    st.sampled_from(("0.9", "0.90", "0.8", "NaN")).map(lambda v: double(PS + "metric.acc", v)),
    st.sampled_from(("7", "8")).map(lambda v: (PS + "size", XSD + "int", v, "")),
)
_union = st.one_of(
    st.sampled_from(("Dataset", "Model")).map(lambda v: qualified(PROV + "type", PS + v)),
    st.sampled_from(("x", "y")).map(lambda v: text(PS + "note", v)),
)
_start_or_end = st.tuples(st.sampled_from(("startTime", "endTime")), st.sampled_from(TIMES)).map(
    lambda pair: (PROV + pair[0], XSD + "dateTime", pair[1].isoformat(), "")
)


def _attributes(*sorts: st.SearchStrategy[Attribute]) -> st.SearchStrategy[tuple[Attribute, ...]]:
    return st.lists(st.one_of(*sorts), max_size=3).map(tuple)


def elements() -> st.SearchStrategy[OracleStatement]:
    """Element records; now and then a name of one kind is used for another."""
    anything = st.sampled_from((*ENTITIES, *ACTIVITIES, *AGENTS))
    return st.one_of(
        st.builds(lambda n, a: entity(n, *a), st.sampled_from(ENTITIES), _attributes(_digests, _functional, _union)),
        st.builds(lambda n, a: entity(n, *a), anything, _attributes(_digests)),
        st.builds(
            lambda n, a: activity(n, *a), st.sampled_from(ACTIVITIES), _attributes(_functional, _union, _start_or_end)
        ),
        st.builds(lambda n, a: agent(n, *a), st.sampled_from(AGENTS), _attributes(_labels, _union)),
    )


_POOLS = {"entity": ENTITIES, "activity": ACTIVITIES, "agent": AGENTS}


@st.composite
def relations(draw: st.DrawFn) -> OracleStatement:
    """Relation records: end points mostly there, third arguments, identifiers, times and roles now and then."""
    name, arguments = draw(st.sampled_from(sorted(RELATIONS.values())))
    if name == "wasInformedBy" and draw(st.booleans()):
        return part_of(draw(st.sampled_from(ACTIVITIES)), draw(st.sampled_from(ACTIVITIES)))
    values: list[str | None] = []
    for place, argument in enumerate(arguments):
        kind = TYPING[name].get(argument)
        pool = _POOLS[kind] if kind else (*ENTITIES, *ACTIVITIES, *AGENTS)
        given = draw(st.integers(0, 9)) < (10 if place == 0 else 9 if place == 1 else 4)
        if argument in {"key-set", "key-entity-set", "generation", "usage"} or not given:
            values.append(None)
        elif argument == "time":
            values.append(draw(st.sampled_from(TIMES)).isoformat())
        else:
            values.append(draw(st.sampled_from(pool)))
    extra: tuple[Attribute, ...] = ()
    if "key-entity-set" in arguments:
        extra = (pair(draw(st.sampled_from("kl")), draw(st.sampled_from(ENTITIES))),)
    elif draw(st.integers(0, 4)) == 0:
        extra = (text(PROV + "role", draw(st.sampled_from(("in", "out")))),)
    identifier = draw(st.sampled_from((None, None, None, "r1", "r2")))
    return relation(name, *values, identifier=identifier, attributes=extra)


@st.composite
def transformations(draw: st.DrawFn) -> list[OracleStatement]:
    """An activity that used some entities and generated others: the bones of lineage, with cycles and diamonds."""
    name = draw(st.sampled_from(ACTIVITIES))
    inputs = draw(st.lists(st.sampled_from(ENTITIES), max_size=2, unique=True))
    outputs = draw(st.lists(st.sampled_from(ENTITIES), min_size=1, max_size=2, unique=True))
    return [*(used(name, e) for e in inputs), *(generated(e, name) for e in outputs)]


@st.composite
def stitched(draw: st.DrawFn) -> list[OracleStatement]:
    """Entities of the same bytes."""
    value = draw(st.sampled_from(BYTES))
    names = draw(st.lists(st.sampled_from(ENTITIES), min_size=1, max_size=3, unique=True))
    return [entity(name, digest(value)) for name in names]


def statements() -> st.SearchStrategy[OracleStatement]:
    """Any single statement: elements and every relation."""
    return st.one_of(elements(), relations())


def fragments() -> st.SearchStrategy[list[OracleStatement]]:
    """A few statements that belong together."""
    single = statements().map(lambda s: [s])
    return st.one_of(transformations(), transformations(), stitched(), single, single)


@st.composite
def assertions(draw: st.DrawFn) -> tuple[Assertion, ...]:
    """Statements in order, a few of them in a bundle, a few repeated."""
    said = [s for fragment in draw(st.lists(fragments(), min_size=2, max_size=7)) for s in fragment]
    bundles = st.sampled_from((None, None, None, "http://example.org/b1"))
    return tuple((draw(bundles), s) for s in said)


def documents(
    modes: tuple[str, ...] = ("snapshot", "event", "event"),
    spaces: tuple[str, ...] = SPACES,
    units: tuple[str, ...] = UNITS,
    times: tuple[datetime, ...] = TIMES,
) -> st.SearchStrategy[OracleDocument]:
    """Documents of few units, spaces and event times, so that they replace, fold and collide."""
    return st.builds(
        OracleDocument,
        unit=st.sampled_from(units),
        assertions=assertions(),
        mode=st.sampled_from(modes),
        event_time=st.sampled_from(times),
        space=st.sampled_from(spaces),
    )


@st.composite
def histories(draw: st.DrawFn, max_steps: int = 6, erasures: bool = False) -> list[Step]:
    """Appends of lists (some documents are delivered again), retractions and, when asked for, erasures."""
    pool = draw(st.lists(documents(), min_size=3, max_size=6))
    append = st.lists(st.sampled_from(pool), min_size=1, max_size=5).map(lambda docs: ("append", tuple(docs)))
    retract = st.tuples(st.just("retract"), st.integers(0, 7))
    erase = st.tuples(st.just("erase"), st.integers(0, 7))
    sorts = [append, append, append, append, retract, *([erase] if erasures else [])]
    first = draw(append)
    return [first, *draw(st.lists(st.one_of(*sorts), min_size=2, max_size=max_steps - 1))]


def target_of(ledger: OracleLedger, step: Step) -> int | None:
    """The document that a retraction or erasure means, as oracle-local id; None when there is none."""
    candidates = sorted(ledger.live_at() if step[0] == "retract" else ledger.stored_at())
    return candidates[step[1] % len(candidates)] if candidates else None


def play(ledger: OracleLedger, step: Step, number: int) -> None:
    """Apply one step; the clock says day `number`."""
    if step[0] == "append":
        ledger.append(step[1], clock=day(number))
        return
    target = target_of(ledger, step)
    if target is not None and step[0] == "retract":
        ledger.retract(target, "test", clock=day(number))
    elif target is not None:
        ledger.erase(target, clock=day(number))


def build(history: list[Step]) -> OracleLedger:
    """A ledger after the steps of a history; step k happens on day k."""
    ledger = OracleLedger()
    for number, step in enumerate(history, start=1):
        play(ledger, step, number)
    return ledger


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[OracleDocument], list[OracleDocument]]:
    """The same documents twice: once each in order of event time, and shuffled with repeats.

    No two snapshots of a unit have the same content: for those rule 9's second clause makes the order of arrival
    matter (NOTES.md, "Where the rules disagree").
    """
    unique = draw(
        st.lists(
            documents(),
            min_size=1,
            max_size=6,
            unique_by=lambda d: (d.space, d.unit, d.mode, content_digest(d.assertions)),
        )
    )
    in_order = sorted(unique, key=lambda d: (d.when, d.content))
    repeats = draw(st.lists(st.sampled_from(unique), max_size=4))
    return in_order, draw(st.permutations([*unique, *repeats]))
