"""Graphs and parameters for the query templates, and their answers on an engine, comparable with the oracle's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from provstore.graph.contract import Engine
from provstore.model.names import Prefixes
from provstore.questions.ask import all_templates, ask
from tests.oracle import strategies, templates
from tests.oracle.ledger import OracleLedger
from tests.oracle.small import say
from tests.oracle.statements import OracleStatement
from tests.oracle.terms import EX, PROV, PS, XSD, activity, entity, generated, qualified, relation, text, used
from tests.oracle.view import View

UNLIMITED = 100_000
# Their rows are told apart by more than their content: see the tests that look at each.
APART = {"path", "conflicts"}
# Engines have properties of the element's own for these.
OWN = {PS + "digest", *(PROV + name for name in ("type", "label", "startTime", "endTime"))}
_ATTRIBUTES = (*sorted(OWN), PS + "status", PS + "note", "")


def _moment(name: str, number: int) -> tuple[str, str, str, str]:
    return PROV + name, XSD + "dateTime", strategies.TIMES[number].isoformat(), ""


@st.composite
def _audited(draw: st.DrawFn) -> list[OracleStatement]:
    """What the audit templates look at: reviews, approvals, code, plans, times of use, exact derivations."""
    act, ent, other = (draw(st.sampled_from(pool)) for pool in (strategies.ACTIVITIES, *2 * (strategies.ENTITIES,)))
    person, time = draw(st.sampled_from(strategies.AGENTS)), draw(st.integers(0, 3))
    kind = draw(st.sampled_from(("Review", "Approval")))
    sorts: list[list[OracleStatement]] = [
        [activity(act, qualified(PROV + "type", PS + kind)), relation("used", act, ent)],
        [
            activity(act, qualified(PROV + "type", PS + "Approval"), _moment("endTime", time)),
            relation("used", act, ent),
        ],
        [relation("used", act, ent, strategies.TIMES[time].isoformat())],
        [entity(ent, qualified(PROV + "type", PS + draw(st.sampled_from(("Code", "Environment")))))],
        [relation("wasAssociatedWith", act, person, draw(st.sampled_from((None, ent))))],
        [relation("wasDerivedFrom", ent, other, act, "r1", "r2")],
        [activity(act, text(PS + "status", "finished"), _moment("startTime", time))],
    ]
    return draw(st.sampled_from(sorts))


@st.composite
def _pipeline(draw: st.DrawFn) -> list[OracleStatement]:
    """A chain of activities with side inputs, logs and agents: what segments are cut from."""
    inputs, side = draw(st.permutations(strategies.ENTITIES)), draw(st.sampled_from(strategies.ENTITIES))
    said: list[OracleStatement] = []
    for number, act in enumerate(draw(st.permutations(strategies.ACTIVITIES))[: draw(st.integers(1, 3))]):
        said += [used(act, inputs[number]), used(act, side), generated(inputs[number + 1], act)]
        said += [relation("wasAssociatedWith", act, draw(st.sampled_from(strategies.AGENTS)))]
    return said


@st.composite
def _approved(draw: st.DrawFn) -> list[OracleStatement]:
    """Data that is used at some time, and approved at another."""
    user, approver = draw(st.permutations(strategies.ACTIVITIES))[:2]
    data, first, second = draw(st.sampled_from(strategies.ENTITIES)), *draw(st.permutations((0, 1, 2, 3)))[:2]
    return [
        relation("used", user, data, strategies.TIMES[first].isoformat()),
        activity(approver, qualified(PROV + "type", PS + "Approval"), _moment("endTime", second)),
        relation("used", approver, data, draw(st.sampled_from((None, strategies.TIMES[0].isoformat())))),
    ]


@st.composite
def _reviewed(draw: st.DrawFn) -> list[OracleStatement]:
    """A result and a review of it, which somebody took part in or nobody; and what started the run."""
    run, review = draw(st.permutations(strategies.ACTIVITIES))[:2]
    result = draw(st.sampled_from(strategies.ENTITIES))
    said = [generated(result, run), activity(review, qualified(PROV + "type", PS + "Review")), used(review, result)]
    if draw(st.booleans()):
        said.append(relation("wasAssociatedWith", review, draw(st.sampled_from(strategies.AGENTS))))
    return [*said, relation("wasStartedBy", run, None, draw(st.sampled_from(strategies.ACTIVITIES)))]


@st.composite
def ledgers(draw: st.DrawFn) -> OracleLedger:
    """A small graph: mostly one document, now and then one of another unit that contradicts it."""
    ledger = OracleLedger()
    fragments = st.one_of(_audited(), _pipeline(), _approved(), _reviewed(), strategies.fragments())
    for _ in range(draw(st.sampled_from((1, 1, 2)))):
        say(ledger, *(one for fragment in draw(st.lists(fragments, min_size=3, max_size=10)) for one in fragment))
    return ledger


def acyclic(view: View) -> bool:
    """Whether `used` and `wasGeneratedBy` have no cycle."""
    arcs = {(e.source, e.target) for e in view.edges if e.relation in {"used", "wasGeneratedBy"}}
    while arcs:
        kept = {(a, b) for a, b in arcs if any(c == b for c, _ in arcs)}
        if kept == arcs:
            return False
        arcs = kept
    return True


def parameters(draw: Any, question: str, view: View) -> dict[str, Any]:
    """Parameters of a question that mean something in the graph, now and then a name that it does not have."""
    names = st.sampled_from([*sorted(view.nodes), EX + "nothing"])
    given: dict[str, Any] = {}
    for name in TAKES[question]:
        match name:
            case "start" | "goal" | "a" | "b" | "train" | "test" | "element":
                given[name] = draw(names)
            case "members" | "sources" | "destinations" | "elements":
                given[name] = draw(st.lists(_likely(view, name), min_size=1, max_size=3, unique=True))
            case "attribute":
                given[name] = draw(st.sampled_from(_ATTRIBUTES))
            case "kind":
                given[name] = draw(st.sampled_from(("", "entity", "activity", "agent", "unknown")))
            case "type":
                given[name] = draw(st.sampled_from(("", PS + "Dataset", PS + "Model")))
            case "text":
                given[name] = draw(st.sampled_from(("", "a", "b", "%", "'")))
            case "within" | "steps":
                given[name] = draw(st.integers(1, 4))
            case _:
                given[name] = draw(st.integers(0, 1))
    return given


def _likely(view: View, name: str) -> st.SearchStrategy[str]:
    """Names that fit a parameter of the segment's parts, and all others."""
    fitting = {
        "members": {e.source for e in view.edges if e.relation in {"used", "wasGeneratedBy", "wasAssociatedWith"}},
        "sources": {e.target for e in view.edges if e.relation == "used"},
        "destinations": {e.source for e in view.edges if e.relation == "wasGeneratedBy"},
    }.get(name)
    anything = st.sampled_from([*sorted(view.nodes), EX + "nothing"])
    return (
        st.one_of(st.sampled_from(sorted(fitting)), st.sampled_from(sorted(fitting)), anything) if fitting else anything
    )


_OFTEN = ("agents", "parents", "inward", "within", "steps")
TEMPLATES = all_templates("sql")
TAKES = {
    template.question: [
        one.name
        for one in template.parameters
        if one.name in _OFTEN or (not one.default and one.name not in ("limit", "least"))
    ]
    for template in TEMPLATES
}
LIMITED = {template.question for template in TEMPLATES if any(one.name == "limit" for one in template.parameters)}


def answer(engine: Engine, question: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a template on an engine."""
    limit = {"limit": UNLIMITED} if question in LIMITED else {}
    return list(ask(engine, Prefixes(), question, given | limit).rows)


def plain(rows: Iterable[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """Rows in no order; shares to nine digits."""
    return Counter(tuple(round(one, 9) if isinstance(one, float) else one for one in row) for row in rows)


def typed(rows: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """Rows of which 1 and 1.0 are not the same."""
    return Counter({tuple((type(one).__name__, one) for one in row): count for row, count in rows.items()})


def expected(view: View, question: str, given: dict[str, Any]) -> Counter[tuple[Any, ...]]:
    """What the oracle answers."""
    return plain(templates.ANSWERS[question](view, **given))


def differs(engine: Engine, question: str, given: dict[str, Any], view: View) -> bool:
    """Whether a template may answer otherwise than the oracle, by what docs/reference/queries.md says of the engine."""
    name, language = engine.capabilities.name, engine.capabilities.templates
    if question in ("classes", "class_edges"):
        # JanusGraph has keys before values.
        return name == "janusgraph" and given["attribute"] not in OWN | {""}
    return question == "similar_paths" and language == "cypher" and not acyclic(view)


def told_alike(engine: Engine, question: str, rows: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """Rows without the attributes, which engines name as rule 30 says: of those only two, by one name."""
    if engine.capabilities.templates == "sql" or question not in ("show", "diff_attributes"):
        return rows
    # JanusGraph, which knows no keys that were not declared, has pairs under one.
    named = [(row[0], *row[2].split("=", 1)) if row[1] == "attr" else row for row in rows]
    return Counter(row for row in named if row[0] in ("kind", "from", "to") or row[1] in ("ps_status", "ps_note"))


def by_view_key(engine: Engine, question: str, rows: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """The oracle's rows with attributes named as by rule 30, for an engine that does."""
    if engine.capabilities.templates == "sql" or question not in ("show", "diff_attributes"):
        return rows
    named = {PS + "status": "ps_status", PS + "note": "ps_note"}
    return Counter((row[0], named.get(row[1], row[1]), row[2]) for row in rows.elements())
