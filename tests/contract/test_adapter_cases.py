"""The 29 adapter cases of prov-db-connector 0.5.1, asked of every engine of ours.

Source: `provdbconnector.tests` (AdapterTestTemplate 1 to 27; connect_fails and connect_invalid_options of its
adapters), German Aerospace Center, Apache License 2.0. Their values and what they expect are facts; the tests are
written anew against graph/contract.py. An id that their adapter gives is an IRI or a statement's sid here, a record is
a node or an edge, and what merges does so where ours does: on the way from the ledger into the graph.

What an engine of ours answers otherwise, by decision, is in `GAPS`. Such a case still asks for their answer; the day
that it gets it, it fails and its line is to be taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from provstore.errors import Denied, NotFound, ProvstoreError, UsageError
from provstore.graph.contract import Edge, Engine, Filter, States, Walk
from provstore.graph.projector import catch_up
from provstore.graph.registry import open_engine
from provstore.ledger.sqlite import SqliteLedger
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import BOOLEAN, INT, PROV, QUALIFIED_NAME, STRING, TYPE, XSD
from provstore.questions.resolve import find_node
from provstore.settings import Settings
from tests.contract.test_engine_contract import ENGINES
from tests.support import servers
from tests.support.adapter_cases import (
    BUNDLE,
    EX,
    EXAMPLE_NODE,
    HELD,
    LUKE,
    PREFIXES,
    RELATION_ID,
    VALUES,
    YODA,
    bundle,
    by_values,
    example,
    mention,
    node_of,
    nodes_of,
    record,
    related,
    save,
    save_document,
    tail,
    told,
)
from tests.support.ledgers import document


class Gap(NamedTuple):
    """Why an engine of ours answers a case otherwise: the rule, decision or server that owns it, and the reason."""

    owner: str
    reason: str


CASE = re.compile(r"test_(\d+)_(?!instead|and)")
# (case, engine or None: all of them).
GAPS: dict[tuple[int | None, str | None], Gap] = {
    (9, None): Gap("graph/contract.py, Filter", "a filter is over nodes; an edge is found from its ends, by expand"),
    (21, None): Gap("rule 10", "attributes are unions but for the functional ones; a store refuses no valid PROV"),
    (24, None): Gap("rule 20", "the view merges nothing: two statements are two edges, whatever their identifier"),
    (25, None): Gap("rule 20", "two statements are two edges; that they contradict each other is for `validate`"),
    (28, "embedded"): Gap("the file system", "a file has no users of its own; its permissions decide"),
    **{
        (28, name): Gap(
            "tests/servers/test_gremlin.py", "this server asks for no password; one that does is tried there"
        )
        for name in ("tinkergraph", "tinkertransactiongraph", "janusgraph", "janusgraph-cassandra")
    },
}


@pytest.fixture(params=ENGINES)
def kind(request: pytest.FixtureRequest) -> str:
    """The name of an engine; the case is expected to fail where it is a gap."""
    case = CASE.match(request.node.name)
    number = int(case[1]) if case else None
    gap = GAPS.get((number, None)) or GAPS.get((number, request.param))
    if gap:
        raises = (AssertionError, pytest.fail.Exception)
        request.applymarker(pytest.mark.xfail(strict=True, raises=raises, reason=f"{gap.owner}: {gap.reason}"))
    return str(request.param)


@pytest.fixture
def engine(kind: str) -> Iterator[Engine]:
    """An empty engine of each kind."""
    with ENGINES[kind]() as made:
        made.migrate()
        yield made


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    with SqliteLedger(tmp_path / "ledger.db") as made:
        yield made


def test_1_save_element(engine: Engine) -> None:
    save(engine, nodes=(example(),))
    assert [node.iri for node in nodes_of(engine)] == [EXAMPLE_NODE]


def test_2_save_relation(engine: Engine) -> None:
    save(engine, nodes=(example(YODA), example(LUKE)), edges=(mention(),))
    assert [(edge.relation, edge.target) for edge in engine.expand([YODA], None, "out")] == [("mentionOf", LUKE)]


def test_3_save_relation_with_unknown_records(engine: Engine, ledger: SqliteLedger) -> None:
    with pytest.raises(ProvstoreError):
        save(engine, edges=(mention(),))
    engine.drop()
    told(engine, ledger, related())
    assert [edge.target for edge in engine.expand([YODA], ["mentionOf"], "out")] == [LUKE]
    assert {node.iri: node.declared for node in nodes_of(engine)} == {YODA: False, LUKE: False, BUNDLE: False}


def test_4_get_record(engine: Engine) -> None:
    save(engine, nodes=(example(),))
    assert node_of(engine, EXAMPLE_NODE) == example()


def test_5_get_record_not_found(engine: Engine) -> None:
    assert list(engine.nodes(Filter(iris=["99999999"])).nodes) == []
    with pytest.raises(NotFound):
        find_node(engine, Prefixes(), "99999999")


def test_6_get_relation(engine: Engine) -> None:
    save(engine, nodes=(example(YODA), example(LUKE)), edges=(mention(),))
    assert list(engine.expand([YODA], ["mentionOf"], "out")) == [mention()]
    assert list(engine.expand([LUKE], ["mentionOf"], "in")) == [mention()]


def test_7_get_relation_not_found(engine: Engine) -> None:
    save(engine, nodes=(example(YODA), example(LUKE)), edges=(mention(),))
    assert list(engine.expand(["99999999"], None, "out")) == []
    assert list(engine.expand([YODA], ["used"], "out")) == []


def test_8_get_records_by_filter(engine: Engine) -> None:
    save(engine, nodes=(example(),))
    assert nodes_of(engine) == [example()]


def test_9_get_records_by_filter_with_properties(engine: Engine) -> None:
    save_document(engine)
    assert len(nodes_of(engine, by_values())) == 4  # three nodes and the relation


def test_9_instead_nodes_are_found_by_their_properties(engine: Engine) -> None:
    save_document(engine)
    assert nodes_of(engine, 'type = "prov:Bundle"') == [bundle()]
    found = nodes_of(engine, by_values())
    assert [node.iri for node in found] == [f"{EX}FROM NODE", f"{EX}TO NODE", f"{EX}{EXAMPLE_NODE}"]
    assert found == [example(node.iri) for node in found]


def test_10_get_records_by_filter_with_metadata(engine: Engine) -> None:
    save(engine, nodes=(example(), bundle()))
    assert [node_of(engine, EXAMPLE_NODE)] == nodes_of(engine, "kind = activity") == [example()]


def test_11_get_records_tail(engine: Engine) -> None:
    start, end = save_document(engine)
    reached, sids = tail(engine, start)
    assert (reached, len(sids)) == ({end}, 1)  # one node and one relation
    assert node_of(engine, end) == example(end)


@pytest.mark.parametrize("name", ["mentionOf", "wasInformedBy"])
def test_12_get_records_tail_recursive(engine: Engine, name: str) -> None:
    start, end = save_document(engine, name=name)
    second_start, second_end = save_document(engine, "second_", sequence=6, name=name)
    between = (mention(end, second_start, 7, name), mention(second_start, start, 8, name))
    save(engine, edges=between, sequence=7)
    reached, sids = tail(engine, start)
    assert (reached, len(sids)) == ({start, end, second_start, second_end}, 4)  # eight records
    if name == "wasInformedBy":  # lineage, which mentions are none of (rule 22)
        walked = engine.closure(Walk((start,), "out"))
        assert (set(walked.depths), {edge.sid for edge in walked.edges}) == (reached, sids)


def test_13_get_bundle_records(engine: Engine) -> None:
    associated = mention(relation_name="wasAssociatedWith")._replace(types=(f"{PROV}bundleAssociation",))
    another = f"{PROV}anotherNode"
    edges = (
        associated._replace(source=LUKE, target=YODA, sid=f"{1:064x}"),
        associated._replace(source=another, target=YODA, sid=f"{2:064x}"),
        mention(another, LUKE, 3, "wasGeneratedBy"),
    )
    save(engine, nodes=(example(YODA), example(LUKE), example(another)), edges=edges)
    members = {edge.source for edge in engine.expand([YODA], ["wasAssociatedWith"], "in")}
    assert members == {LUKE, another}
    inner = [edge for edge in engine.expand(members, None, "out") if edge.target in members]
    assert inner == [edges[2]]


def test_14_delete_by_filter(engine: Engine) -> None:
    start, _ = save_document(engine)
    engine.drop()
    assert list(engine.nodes(Filter(iris=[start])).nodes) == []


def gone(engine: Engine, iris: list[str]) -> None:
    """Removes nodes and the edges at them."""
    edges = [*engine.expand(iris, None, "out"), *engine.expand(iris, None, "in")]
    keys = [(edge.source, edge.relation, edge.target, edge.sid) for edge in edges]
    engine.apply([States(6, gone_nodes=iris, gone_edges=keys, applied=HELD._replace(sequence=6))])


def test_15_delete_by_filter_with_properties(engine: Engine) -> None:
    start, end = save_document(engine)
    gone(engine, [node.iri for node in nodes_of(engine, by_values())])
    assert list(engine.nodes(Filter(iris=[start, end])).nodes) == []
    assert nodes_of(engine) == [bundle()]


def test_16_delete_by_filter_with_metadata(engine: Engine) -> None:
    start, end = save_document(engine)
    gone(engine, [node.iri for node in nodes_of(engine, f'iri = "{start}"')])
    assert [node.iri for node in nodes_of(engine)] == sorted([end, BUNDLE, f"{EX}{EXAMPLE_NODE}"])
    assert list(engine.expand([end], None, "in")) == []


def test_17_delete_record(engine: Engine) -> None:
    start, _ = save_document(engine)
    gone(engine, [start])
    with pytest.raises(NotFound):
        find_node(engine, Prefixes(), start)


def test_18_delete_relation(engine: Engine) -> None:
    start, end = save_document(engine)
    key = (start, "mentionOf", end, f"{5:064x}")
    engine.apply([States(6, gone_edges=[key], applied=HELD._replace(sequence=6))])
    assert list(engine.expand([start], None, "out")) == []
    assert len(nodes_of(engine)) == 4


def test_19_merge_record(engine: Engine, ledger: SqliteLedger) -> None:
    told(engine, ledger, record(), record())
    assert nodes_of(engine) == [example(YODA, by_iri(VALUES))]


def by_iri(values: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(values.items()))


def test_20_merge_record_complex(engine: Engine, ledger: SqliteLedger) -> None:
    other = {f"{EX}a other attribute": (Value(BOOLEAN, "true"),)}
    told(engine, ledger, record(), record(values=other))
    assert nodes_of(engine) == [example(YODA, by_iri(VALUES | other))]


ANOTHER_INT = {f"{EX}int value": (Value(INT, "1"),)}


def test_21_merge_record_complex_fail(engine: Engine, ledger: SqliteLedger) -> None:
    told(engine, ledger, record())
    with pytest.raises(ProvstoreError):
        told(engine, ledger, record(values=ANOTHER_INT))


def test_21_instead_two_values_of_an_attribute_are_both_there(engine: Engine, ledger: SqliteLedger) -> None:
    told(engine, ledger, record(), record(values=ANOTHER_INT))
    assert set(node_of(engine, YODA).attributes[f"{EX}int value"]) == {Value(INT, "1"), Value(INT, "99")}


def test_22_merge_record_metadata(engine: Engine, ledger: SqliteLedger) -> None:
    typed = {f"{EX}custom_attr_1": (Value(f"{XSD}some_value", "x"),)}
    told(engine, ledger, record(), record(values=VALUES | typed))
    assert node_of(engine, YODA).attributes == by_iri(VALUES | typed)
    assert dict(PREFIXES).items() <= dict(ledger.head().prefixes).items()


def edges_at(engine: Engine) -> list[Edge]:
    return list(engine.expand([YODA], ["mentionOf"], "out"))


def test_23_merge_relation(engine: Engine, ledger: SqliteLedger) -> None:
    told(engine, ledger, record(YODA), record(LUKE), related(), related())
    (edge,) = edges_at(engine)
    assert (edge.identifier, edge.attributes) == (f"{EX}{RELATION_ID}", VALUES)


ADDED = {f"{EX}My custom value": (Value(STRING, "value"),)}


def test_24_merge_relation_complex(engine: Engine, ledger: SqliteLedger) -> None:
    told(engine, ledger, record(YODA), record(LUKE), related(), related(ADDED))
    assert [edge.attributes for edge in edges_at(engine)] == [VALUES | ADDED]


def test_25_merge_relation_complex_fail(engine: Engine, ledger: SqliteLedger) -> None:
    told(engine, ledger, record(YODA), record(LUKE), related())
    with pytest.raises(ProvstoreError):
        told(engine, ledger, related(ANOTHER_INT))


@pytest.mark.parametrize("other", [ADDED, ANOTHER_INT], ids=["more", "another"])
def test_24_and_25_instead_two_statements_are_two_edges_of_one_identifier(
    engine: Engine, ledger: SqliteLedger, other: dict[str, Any]
) -> None:
    told(engine, ledger, record(YODA), record(LUKE), related(), related(other))
    found = edges_at(engine)
    assert sorted((dict(edge.attributes) for edge in found), key=len) == [other, VALUES]
    assert {edge.identifier for edge in found} == {f"{EX}{RELATION_ID}"}


def test_26_merge_relation_metadata(engine: Engine, ledger: SqliteLedger) -> None:
    declared = document("elsewhere", related(), namespaces={None: {**dict(PREFIXES), "more": "http://more.com"}})
    told(engine, ledger, record(YODA), record(LUKE), related())
    ledger.append([declared])
    catch_up(ledger, engine)
    assert [edge.attributes for edge in edges_at(engine)] == [VALUES]
    assert ("more", "http://more.com") in ledger.head().prefixes


def test_27_save_bundle(engine: Engine) -> None:
    save(engine, nodes=(bundle(),))
    assert node_of(engine, BUNDLE) == bundle()
    qualified = Value(QUALIFIED_NAME, f"{PROV}Bundle")
    named = bundle()._replace(attributes={TYPE: (qualified,)}, types=(qualified.lexical,))
    save(engine, nodes=(named,), sequence=6)
    assert nodes_of(engine, "type = prov:Bundle") == [named]


SERVER_OF = {"neo4j": "neo4j", "janusgraph": "janusgraph", "janusgraph-cassandra": "janusgraph-cassandra"}


def location_of(kind: str, folder: Path) -> str:
    return str(folder / "graph.db") if kind == "embedded" else servers.server(SERVER_OF.get(kind, "gremlin")).url


def test_28_connect_fails(kind: str, tmp_path: Path) -> None:
    wrong = Settings(graph_user="neo4j", graph_password="xxxxxx")
    with pytest.raises(Denied), open_engine(location_of(kind, tmp_path), wrong) as engine:
        engine.applied()


def test_29_connect_invalid_options(kind: str, tmp_path: Path) -> None:
    if kind == "embedded":
        wrong = "u://p:xxxxxx"
    else:
        scheme, _, rest = location_of(kind, tmp_path).partition("://")
        wrong = f"{scheme}://{rest}?h=1"
    with pytest.raises(UsageError):
        open_engine(wrong)


def test_the_contract_alone_is_no_engine() -> None:
    with pytest.raises(TypeError):
        Engine()  # type: ignore[misc]


def test_every_gap_is_of_a_case_and_says_who_owns_it_and_why() -> None:
    cases = {int(found[1]) for name in globals() if (found := CASE.match(name))}
    assert cases == set(range(1, 30))
    assert {case for case, _ in GAPS} <= cases
    assert all(gap.owner and gap.reason for gap in GAPS.values())
