"""What is particular to the Neo4j engine, on real servers: what is asked by hand, exact values, plans, limits."""

from __future__ import annotations

import re
from datetime import UTC

import neo4j
import pytest
from hypothesis import given, settings

import provstore
from provstore.errors import UsageError
from provstore.graph.contract import Applied, Edge, Filter, Node, States, Walk
from provstore.graph.expressions import parse
from provstore.graph.neo4j_server import text
from provstore.graph.projection import RELATIONS
from provstore.graph.projector import catch_up
from provstore.graph.selecting import select
from provstore.ledger.sqlite import SqliteLedger
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import BOOLEAN, DATE_TIME, DOUBLE, INT, PS, STRING, XSD
from tests.docs.blocks import ROOT
from tests.support.engines import neo4j_engine, neo4j_settings
from tests.support.neo4j_by_hand import by_hand, neo4j_again, story, values
from tests.unit.graph.test_conditions import conditions, stores

pytestmark = pytest.mark.servers


DEMO = ROOT / "provstore" / "demo"


DECIMAL = XSD + "decimal"


HELD = Applied("the-ledger", 5, "ab" * 32)


@pytest.fixture(params=["neo4j", "neo4j-2026"])
def each(request):
    """An empty engine on each version of the server."""
    with neo4j_engine(request.param) as engine:
        yield engine


@pytest.fixture
def engine():
    with neo4j_engine() as engine:
        yield engine


@pytest.fixture
def ledger(tmp_path):
    with SqliteLedger(tmp_path / "ledger.db") as ledger:
        yield ledger


def test_by_hand_the_graph_is_labelled_named_and_typed(each, ledger, request):
    ledger.append(list(story()))
    catch_up(ledger, each)
    with by_hand(request.node.callspec.params["each"]) as session:
        found = values(
            session,
            "MATCH (m:Model {qname: 'ex:model1'})-[:wasGeneratedBy]->(r:Activity)-[u:used]->(d:Dataset:Entity) "
            "RETURN r.ps_metric_accuracy, r.start, u.role, d.label, m.digest",
        )
        assert found == [[0.1, neo4j.time.DateTime(2026, 1, 1, tzinfo=UTC), "training", "the data", f"sha256:{1:064x}"]]
        assert values(session, "MATCH (:Person)<-[:wasAssociatedWith]-(r) RETURN count(r)") == [[3]]


def test_native_values_are_numbers_times_and_lists_and_what_reads_as_text_stays_text(engine):
    given = {
        PS + "n": (Value(INT, "7"),), PS + "many": (Value(INT, "1"), Value(DOUBLE, "2.5")),
        PS + "yes": (Value(BOOLEAN, "true"),),
        PS + "when": (Value(DATE_TIME, "2026-01-01T00:00:00Z"),), PS + "mixed": (Value(INT, "1"), Value(STRING, "x")),
        PS + "huge": (Value(INT, str(2**63)),), PS + "odd": (Value(DOUBLE, "1_0"),),
        PS + "train/loss": (Value(DOUBLE, "INF"),),
    }  # fmt: skip
    engine.apply([States(5, [Node("urn:a", (), True, attributes=given, spaces=("s",))], applied=HELD)])
    with by_hand() as session:
        ((found,),) = values(session, "MATCH (n:Element {iri: 'urn:a'}) RETURN properties(n)")
    assert {key: found[key] for key in found if key.startswith("ps_")} == {
        "ps_n": 7, "ps_many": [1.0, 2.5], "ps_yes": True, "ps_when": neo4j.time.DateTime(2026, 1, 1, tzinfo=UTC),
        "ps_mixed": ["1", "x"], "ps_huge": str(2**63), "ps_odd": "1_0", "ps_train_x2F_loss": float("inf"),
    }  # fmt: skip


def test_an_attribute_keeps_its_key_when_a_longer_namespace_gets_a_prefix(engine):
    def told(sequence, prefixes, number):
        node = Node(f"urn:{number}", (), True, attributes={"http://e/a/b": (Value(INT, "1"),)}, spaces=("s",))
        engine.apply([States(sequence, [node], applied=replace_sequence(sequence), prefixes=prefixes)])

    told(5, [("e", "http://e/")], 1)
    told(6, [("e", "http://e/"), ("ea", "http://e/a/")], 2)
    with by_hand() as session:
        assert values(session, "MATCH (n:Element) WHERE n.e_a_x2F_b = 1 RETURN count(n)") == [[2]]


def replace_sequence(sequence):
    return HELD._replace(sequence=sequence)


def test_labels_that_no_longer_hold_go_away(engine):
    engine.apply([States(5, [Node("urn:a", ("entity",), True, (PS + "Model",), spaces=("s",))], applied=HELD)])
    engine.apply([States(6, [Node("urn:a", ("agent",), True, spaces=("s",))], applied=replace_sequence(6))])
    with by_hand() as session:
        assert values(session, "MATCH (n {iri: 'urn:a'}) RETURN labels(n), n.types") == [[["Element", "Agent"], []]]


def test_texts_that_no_index_takes_come_back_whole(engine):
    long = "urn:" + "ä" * 20_000
    node = Node(
        long, ("entity",), True, label=long, digests=(long,), attributes={long: (Value(STRING, long),)}, spaces=("s",)
    )
    whole = [Node("urn:a", (), True, spaces=("s",)), node]
    edges = [Edge("used", "urn:a", long, "0" * 64, spaces=("s",)), Edge("wasInfluencedBy", long, "urn:a", "1" * 64)]
    engine.apply([States(5, whole, edges, applied=HELD)])
    for where in (Filter(iris=[long]), Filter(label=long), Filter(digest_prefix=long[:9_000])):
        assert list(engine.nodes(where).nodes) == [node]
    assert sorted(engine.expand(["urn:a", long], None, "out")) == sorted(edges)
    assert set(engine.closure(Walk(("urn:a",), "out")).depths) == {"urn:a", long}
    engine.apply([States(6, gone_edges=[(edge.source, edge.relation, edge.target, edge.sid) for edge in edges])])
    engine.apply([States(6, gone_nodes=[long])])
    assert [one.iri for one in engine.nodes(Filter()).nodes] == ["urn:a"]


@pytest.mark.parametrize("direction", ["out", "in"])
def test_a_closure_is_a_breadth_first_search_that_visits_each_node_once(each, direction, request):
    query = text(f"queries/lineage/closure_{direction}", walked=("used", "wasGeneratedBy"), taken=RELATIONS)
    with by_hand(request.node.callspec.params["each"]) as session:
        plan = session.run(f"EXPLAIN {query}", starts=["urn:a"], whole=True).consume().plan
    assert any(one.startswith("VarLengthExpand(Pruning,BFS") for one in operators(plan))
    assert any(one.startswith("NodeUniqueIndexSeek") for one in operators(plan))
    assert not any("Scan" in one for one in operators(plan))


def operators(plan):
    yield plan["operatorType"]
    for child in plan.get("children", ()):
        yield from operators(child)


@pytest.mark.parametrize(
    ("stored", "condition"),
    [
        (Value(INT, "9007199254740993"), "n > 9007199254740992"),
        (Value(DECIMAL, "0.90000000000000000001"), "n > 0.9"),
        (Value(DECIMAL, "0.9"), "n < 0.90000000000000000001"),
        (Value(DOUBLE, "1e400"), "n > 1e399"),
        (Value(INT, "9223372036854775808"), "n >= 9223372036854775808"),
        (Value(STRING, "5"), "n = 5.0"),
        (Value(STRING, "abc"), "n > 5"),
        (Value(BOOLEAN, "1"), "n = 1"),
        (Value(DOUBLE, "NaN"), "n = NaN"),
        (Value(DATE_TIME, "2026-01-01T01:00:00+01:00"), "n = 2026-01-01"),
        (Value(INT, "7"), "not n = 8"),
    ],
)
def test_rounding_in_the_server_leaves_nothing_out(engine, stored, condition):
    engine.apply([States(5, [Node("urn:a", (), True, attributes={PS + "n": (stored,)}, spaces=("s",))], applied=HELD)])
    assert [one.iri for one in engine.nodes(Filter(condition=parse(condition, Prefixes()))).nodes] == ["urn:a"]


@settings(max_examples=60, deadline=None)
@given(stores(), conditions)
def test_a_condition_finds_what_matches_finds(store, condition):
    nodes, edges = store
    with neo4j_engine() as engine:
        engine.apply([States(1, nodes, edges, applied=HELD)])
        expected = {one.iri for one in select(engine, condition, nodes)}
        assert {one.iri for one in engine.nodes(Filter(condition=condition)).nodes} == expected


def test_every_lookup_has_an_index(engine):
    with by_hand() as session:
        indexed = values(session, "SHOW INDEXES YIELD labelsOrTypes, properties WHERE properties IS NOT NULL RETURN *")
    assert {(relation, "sid") for relation in RELATIONS} <= {(of[0], properties[0]) for of, properties in indexed}
    assert {("Element", one) for one in ("iri", "label", "digest")} <= {(of[0], what[0]) for of, what in indexed}


def test_a_long_answer_is_not_given(engine):
    nodes = [Node(f"urn:{n}", ("entity",), True, (PS + "Run",), spaces=("s",)) for n in range(11)]
    engine.apply([States(5, nodes, applied=HELD)])
    with neo4j_again(max_rows=11) as enough:
        assert len(enough.run("lineage/nodes", {"after": "", "limit": 11}).rows) == 11
    with neo4j_again(max_rows=10) as short, pytest.raises(UsageError, match="more than 10 rows"):
        short.run("lineage/nodes", {"after": "", "limit": 11})


@pytest.fixture
def template(monkeypatch):
    """Gives every template another text."""
    text.cache_clear()
    yield lambda query: monkeypatch.setattr("provstore.resources.text", lambda path: query)
    monkeypatch.undo()
    text.cache_clear()


def test_a_slow_question_is_ended_and_said_to_be(engine, template):
    template("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b)")
    with neo4j_again(query_timeout_s=0.5) as hasty, pytest.raises(UsageError, match=r"longer than 0\.5 s"):
        hasty.run("audit/slow", {})


def test_a_template_cannot_write(engine, template):
    template("CREATE (n:Element {iri: 'urn:written'})")
    with pytest.raises(UsageError, match="refuses"):
        engine.run("audit/evil", {})
    with by_hand() as session:
        assert values(session, "MATCH (n:Element) RETURN count(n)") == [[0]]


def test_the_queries_of_the_howto_find_something(tmp_path):
    queries = re.findall(r"```cypher\n(.*?)```", (ROOT / "docs" / "howto" / "neo4j.md").read_text(), re.S)
    assert len(queries) >= 4
    with neo4j_settings() as given, provstore.open(tmp_path / "a.db", **given) as store:
        store.import_records(DEMO / "mlflow.db")
        store.import_records(DEMO / "openlineage.ndjson")
        with by_hand() as session:
            assert [query for query in queries if not values(session, query)] == []
