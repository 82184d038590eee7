"""Rows that are made in columns are those that projecting each statement gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from provstore.graph.apart import ApartGraph
from provstore.graph.streaming import Left
from provstore.model.columns import Chunk
from provstore.model.document import Assertion, Header
from provstore.model.statement import Statement, sid, statement
from provstore.model.terms import PROV, PS, QUALIFIED_NAME, STRING
from tests.support.columns import in_columns
from tests.unit.formats.strategies import EX, documents

HEADER = Header(unit="u", event_time="2026-01-01T00:00:00.000000Z")
LABELLED = (PROV + "label", STRING, "x", "")


def projected(chunks: list[Chunk]) -> Any:
    """Rows of nodes and edges with IRIs for numbers, the scopes, and what is left."""
    graph = ApartGraph(HEADER, Path("unused"))
    nodes, edges = [], []
    for chunk in chunks:
        sids = b"".join(bytes.fromhex(sid(stated)) for _, stated in chunk.assertions())
        more_nodes, more_edges = graph.rows(chunk, sids)
        assert (more_nodes, more_edges) == (sorted(more_nodes), sorted(more_edges, key=lambda row: row[:4]))
        nodes += more_nodes
        edges += more_edges
    names = {number: iri for number, iri, *_ in nodes}
    scopes, left = graph.rest()
    connected = {(names[one[0]], one[1], names[one[2]], *one[3:]) for one in edges}
    return {row[1]: row[2:] for row in nodes}, connected, scopes, Left(*map(set, left))


def with_distinct_names(stated: Statement) -> Statement:
    return statement(stated.kind, stated.identifier, {one.name: one for one in stated.attributes}.values())


@settings(max_examples=150)
@given(documents())
def test_columns_give_the_rows_of_their_statements(assertions: list[Assertion]) -> None:
    said = [Assertion(None, with_distinct_names(stated)) for _, stated in assertions]
    nodes, edges, scopes, left = projected(list(in_columns(said, 1 + len(said))))
    one_by_one, *others, left_then = projected([Chunk.of(said)])
    # What has no plan comes first, so that more may be left to be read; that is no row's loss.
    assert {iri: row for iri, row in one_by_one.items() if iri not in left.again} == {
        iri: row for iri, row in nodes.items() if iri not in left.again
    }
    assert nodes.keys() == one_by_one.keys()
    assert [edges, scopes] == others
    assert left.again >= left_then.again
    assert (left.restated, left.series) == (left_then.restated, left_then.series)


@pytest.mark.parametrize(
    "more",
    [
        [(PROV + "plan", QUALIFIED_NAME, EX + "plan", ""), LABELLED],
        [(PROV + "role", STRING, 'a "role"', ""), (PROV + "type", QUALIFIED_NAME, EX + "t", "")],
        [(PROV + "type", STRING, "no name", ""), (EX + "100%s", STRING, "50 % \n", "")],
        [(PS + "text", PROV + "InternationalizedString", "ja", "de")],
        [],
    ],
)
@pytest.mark.parametrize("identifier", [None, EX + "association"])
def test_details_of_edges_are_alike(more: list[tuple[str, str, str, str]], identifier: str | None) -> None:
    ends = [(PROV + "activity", QUALIFIED_NAME, EX + "a", ""), (PROV + "agent", QUALIFIED_NAME, EX + "b", "")]
    said = [Assertion(None, statement(PROV + "Association", identifier, ends + more))]
    assert projected(list(in_columns(said))) == projected([Chunk.of(said)])
    ((_, relation, _, sid_, _, detail),) = [one for one in projected(list(in_columns(said)))[1] if one[2] == EX + "b"]
    assert (relation, len(sid_), detail is None) == (9, 32, not more and identifier is None)


@pytest.mark.parametrize("time", ["2026-01-01T01:00:00+01:00", "soon", "2026-01-01T00:00:00Z"])
def test_times_are_alike_and_what_is_none_is_no_detail(time: str) -> None:
    ends = [(PROV + "activity", QUALIFIED_NAME, EX + "a", ""), (PROV + "entity", QUALIFIED_NAME, EX + "b", "")]
    said = [Assertion(None, statement(PROV + "Usage", None, [*ends, (PROV + "time", STRING, time, "")]))]
    assert projected(list(in_columns(said))) == projected([Chunk.of(said)])


@pytest.mark.parametrize("size", [1, 2, 3, 9])
def test_what_is_said_again_in_a_later_chunk_is_left_to_be_read(size: int) -> None:
    again = [Assertion(None, statement(PROV + "Entity", EX + "e", [LABELLED])) for _ in range(3)]
    between = Assertion(None, statement(PROV + "Agent", EX + "f", []))
    said = [again[0], between, *again[1:]]
    parts = [said[first : first + size] for first in range(0, len(said), size)]
    assert projected(list(in_columns(said, size))) == projected([Chunk.of(part) for part in parts])


def _about(kind: str, name: str, *attributes: tuple[str, str, str, str]) -> Statement:
    return statement(PROV + kind, EX + name, attributes)


def _used(activity: str, entity: str) -> Statement:
    ends = [(PROV + "activity", QUALIFIED_NAME, EX + activity, ""), (PROV + "entity", QUALIFIED_NAME, EX + entity, "")]
    return statement(PROV + "Usage", None, ends)


@pytest.mark.parametrize(
    "said",
    [
        # Two records of one element: of two kinds, of two shapes.
        [(None, _about("Entity", "e")), (None, _about("Agent", "e"))],
        [(None, _about("Entity", "e")), (None, _about("Entity", "e", LABELLED)), (None, _used("r", "e"))],
        # One statement in and outside of a bundle.
        [(EX + "b", _used("r", "e")), (None, _used("r", "e"))],
        [(None, _used("r", "e")), (EX + "b", _used("r", "e"))],
        [(EX + "b", _used("r", "e")), (None, _used("r", "f"))],
        # What others than the element itself follow from.
        [(None, _about("Entity", "e", (PS + "digest", STRING, "SHA256:AB", "")))],
        [(None, _about("Entity", "e", (PROV + "type", QUALIFIED_NAME, PS + "MetricSeries", "")))],
        # Edges between elements that are read again.
        [(None, _about(kind, name)) for name in "rf" for kind in ("Entity", "Agent")] + [(None, _used("r", "f"))],
        [(None, _about("Entity", "r")), (None, _about("Entity", "r", LABELLED)), (None, _used("r", "f"))],
        # Kinds that relations say of elements that were there before, or will be.
        [(None, _used("r", "e")), (None, _used("e", "r")), (None, _about("Entity", "e"))],
        [(None, _about("Entity", "r")), (None, _used("r", "e")), (None, _about("Activity", "r"))],
        [(None, _used("r", "e")), (None, _about("Activity", "r")), (None, _about("Activity", "r", LABELLED))],
    ],
)
@pytest.mark.parametrize("size", [1, 2, 9])
def test_what_a_shape_cannot_tell_is_told_alike(said: list[tuple[str | None, Statement]], size: int) -> None:
    assertions = [Assertion(*one) for one in said]
    parts = [assertions[first : first + size] for first in range(0, len(said), size)]
    assert projected(list(in_columns(assertions, size))) == projected([Chunk.of(part) for part in parts])
