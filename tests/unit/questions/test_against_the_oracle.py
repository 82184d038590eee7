"""On random histories the questions answer what the naive model of the rules answers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from provstore.graph.contract import Filter
from provstore.graph.expressions import matches, parse
from provstore.graph.replay import Replay
from provstore.model.fold import comparable
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.questions import blame as blaming
from provstore.questions.downstream import downstream
from provstore.questions.history import changes
from provstore.questions.leakage import leakage
from provstore.questions.path import path
from provstore.questions.upstream import upstream
from tests.oracle import expressions, lineage, questions
from tests.oracle.strategies import SPACES, build, histories
from tests.oracle.terms import EX, PROV, PS
from tests.oracle.view import view_of
from tests.support.histories import OracleHistory
from tests.support.readers import MemoryReader

PREFIXES = Prefixes({"ex": EX})
SOME = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Shrinking a history takes minutes.
    phases=(Phase.explicit, Phase.generate),
)
spaces_or_all = st.none() | st.sets(st.sampled_from(SPACES), min_size=1)
flags = st.fixed_dictionaries({"agents": st.booleans(), "parents": st.booleans()})


class Told(OracleHistory):
    """The oracle's history with the people and times that `blame` tells of."""

    def document(self, document: str) -> Any:
        stored = super().document(document)
        entry = stored.entry
        known = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
        more = {"actor": "tester", "time": "2026-01-01T00:00:00.000000Z", "reason": None}
        return SimpleNamespace(entry=SimpleNamespace(**known, **more), assertions=stored.assertions)


def in_memory(ledger):
    """The whole view as a reader that answers fast."""
    replay = Replay(OracleHistory(ledger))
    nodes = list(replay.all_nodes())
    return MemoryReader(replay.expand([node.iri for node in nodes], None, "out"), nodes)


def pairs(view):
    return [(a, b) for a in sorted(view.nodes) for b in sorted(view.nodes)]


@SOME
@given(histories(), spaces_or_all, flags, st.none() | st.integers(0, 4))
def test_lineage_is_the_oracles(steps, spaces, options, depth):
    ledger = build(steps)
    view, whole = view_of(ledger, spaces), view_of(ledger)
    reader = Replay(OracleHistory(ledger), None, spaces)
    for start in view.nodes:
        for mine, theirs in ((upstream, lineage.upstream), (downstream, lineage.downstream)):
            answer = mine(reader, PREFIXES, start, depth=depth, **options)
            expected = theirs(view, start, depth=depth, everything=whole, **options)
            assert {one.node.iri: one.depth for one in answer.nodes} == expected.nodes
            assert {one.node.iri for one in answer.nodes if one.hidden} == expected.hidden & set(expected.nodes)
            assert {(edge.relation, edge.source, edge.target) for edge in answer.edges} == {
                (edge.relation, edge.source, edge.target) for edge in expected.edges
            }


@SOME
@given(histories(), flags)
def test_b_is_upstream_of_a_iff_a_is_downstream_of_b(steps, options):
    ledger = build(steps)
    view, reader = view_of(ledger), in_memory(ledger)
    for b in view.nodes:
        below = downstream(reader, PREFIXES, b, **options).iris()
        implied = options | {"agents": options["agents"] or "agent" in view.kinds(b)}
        assert below == {a for a in view.nodes if b in upstream(reader, PREFIXES, a, **implied).iris()}


@SOME
@given(histories(), flags)
def test_a_path_is_as_short_as_the_oracles_and_each_edge_goes_on_from_the_last(steps, options):
    ledger = build(steps)
    view, reader = view_of(ledger), in_memory(ledger)
    for a, b in pairs(view):
        # A path to somebody who is only an agent implies agents.
        implied = options | {"agents": options["agents"] or view.kinds(b) == ("agent",)}
        expected = lineage.path(view, a, b, **implied)
        found = path(reader, PREFIXES, a, b, **options)
        assert (found is None) == (expected is None)
        if found is not None:
            assert len(found.edges) == len(expected)
            ends = [a, *(edge.target for edge in found.edges)]
            assert [edge.source for edge in found.edges] == ends[:-1]
            assert ends[-1] == b


@SOME
@given(histories())
def test_leakage_is_the_oracles(steps):
    ledger = build(steps)
    view, reader = view_of(ledger), in_memory(ledger)
    for train, test in pairs(view):
        expected = lineage.leakage(view, train, test)
        found = leakage(reader, PREFIXES, train, test)
        assert found.leaks == bool(expected.leaks)
        assert {node.iri for node in found.shared} == expected.shared


@SOME
@given(histories(erasures=True), spaces_or_all)
def test_history_names_the_oracles_entries(steps, spaces):
    ledger = build(steps)
    for iri in view_of(ledger).nodes:
        found = changes(OracleHistory(ledger), iri, spaces=spaces)
        assert [change.entry.sequence for change in found] == questions.history(ledger, iri, spaces)


@SOME
@given(histories(), spaces_or_all)
def test_blame_tells_the_oracles_documents_and_what_they_replaced(steps, spaces):
    ledger = build(steps)
    view, history = view_of(ledger, spaces), Told(ledger)
    for iri, node in view.nodes.items():
        for attribute in node.attributes:
            past = blaming._Past(history, iri, attribute, spaces)
            rows = [blaming._row(past, one, False) for one in past.told(None)]
            found = {(comparable(row[0]), row[1], frozenset(map(comparable, row[-1]))) for row in rows}
            assert found == {
                (
                    comparable(Value(*one.value)),
                    f"urn:provstore:document:{one.document_id}",
                    frozenset(comparable(Value(*value)) for value in one.replaced),
                )
                for one in questions.blame(ledger, iri, attribute, spaces)
            }


names = st.sampled_from(
    [
        *("type", "label", "start", "end", "digest", "status", "kind", "iri", "space", "agent", "note", "size"),
        *("ps:metric.acc", "param.lr", "prov:type", "ps:nothing"),
    ]
)
BY_NAME = {
    "type": ["ps:Dataset", "ps:Model", PS + "Model", "Model"],
    "prov:type": ["ps:Dataset", PS + "Model"],
    "start": ["2026-01-02", "2026-01-03T00:00:00Z", "2026-01-02T01:00:00+01:00"],
    "end": ["2026-01-02", "2026-01-04"],
    "kind": ["entity", "activity", "agent", "unknown"],
    "iri": ["ex:e1", EX + "a1", "ex:g1"],
    "agent": ["ex:g1", "ex:g2", EX + "e1"],
    "digest": ["sha256:" + "a" * 64, "sha256:" + "b" * 64, "x"],
    "space": ["default", "other"],
}
OTHERS = ["a", "b", "x", "0.1", "0.10", "1e-1", "0.9", "7", "8.0", "finished", "running", "2026-01-02", '"a b"', PROV]


@st.composite
def texts(draw, depth=3):
    shape = draw(st.sampled_from(["compare", "compare", "in", "exists", "missing", "not", "and", "or"]))
    if depth and shape in ("not", "and", "or"):
        left = draw(texts(depth - 1))
        return f"not ({left})" if shape == "not" else f"({left}) {shape} ({draw(texts(depth - 1))})"
    name = draw(names)
    value = st.sampled_from(BY_NAME.get(name, OTHERS))
    if shape in ("exists", "missing"):
        return f"{shape} {name}"
    if shape == "in":
        return f"{name} in ({', '.join(draw(st.lists(value, min_size=1, max_size=3)))})"
    return f"{name} {draw(st.sampled_from(['=', '!=', '<', '<=', '>', '>=', '~']))} {draw(value)}"


@settings(SOME, max_examples=100)
@given(histories(max_steps=4), st.lists(texts(), min_size=1, max_size=5))
def test_an_expression_holds_where_the_oracle_says_so(steps, several):
    ledger = build(steps)
    view = view_of(ledger)
    reader = Replay(OracleHistory(ledger))
    nodes = {node.iri: node for node in reader.nodes(Filter()).nodes}
    edges = {iri: reader.expand([iri], None, "out") for iri in nodes}
    for text in several:
        condition, expected = parse(text, PREFIXES), expressions.parse(text)
        for iri, node in nodes.items():
            assert matches(condition, node, edges[iri]) == expressions.holds(expected, view, iri), text
