"""A person's own query on a graph server reads the graph and does nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provstore.errors import UsageError
from provstore.graph.contract import Limits, Queryable
from provstore.graph.projector import catch_up
from tests.oracle.ledger import OracleLedger
from tests.oracle.small import say
from tests.oracle.terms import generated, iri, used
from tests.support.engines import gremlin_engine, neo4j_engine
from tests.support.histories import OracleHistory, graph_of

ENGINES = {"neo4j": neo4j_engine, "tinkergraph": lambda: gremlin_engine("gremlin")}
READS = {
    "neo4j": "MATCH (n:Element) RETURN n.iri AS iri ORDER BY iri",
    "tinkergraph": "g.V().hasLabel('node').order().by('iri').project('iri').by('iri')",
}
ENDLESS = {
    "neo4j": "UNWIND range(1, 1000000000) AS x RETURN max(x * 2) AS most",
    "tinkergraph": "g.V().repeat(both()).times(100000000).count().project('n').by(identity())",
}
REFUSED = {
    "neo4j": (
        "MATCH (n) DETACH DELETE n",
        "MATCH (n) SET n.label = 'x' RETURN n",
        "CREATE (n:Owned) RETURN n",
        "CREATE INDEX owned FOR (n:Element) ON (n.kind)",
        "CALL db.labels()",
        "CALL db.labels() YIELD label RETURN label",
        "CALL dbms.components() YIELD name RETURN name",
        "MATCH (n) CALL { CALL db.labels() YIELD label RETURN label } RETURN label",
        "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
        "SHOW USERS",
        "SHOW DATABASES",
        "SHOW SETTINGS",
        "SHOW INDEXES YIELD name RETURN name",
        "SHOW FUNCTIONS",
        "SHOW TRANSACTIONS YIELD currentQuery RETURN currentQuery",
        "TERMINATE TRANSACTIONS 'neo4j-transaction-1' YIELD message RETURN message",
        "SHOW TRANSACTIONS YIELD transactionId AS tx TERMINATE TRANSACTIONS tx YIELD message RETURN tx, message",
        "MATCH (n) CALL { SHOW INDEXES YIELD name RETURN name } RETURN name",
        "MATCH (n) RETURN n.iri AS name UNION SHOW INDEXES YIELD name RETURN name",
        "RETURN EXISTS { CALL db.labels() YIELD label RETURN label } AS found",
        "RETURN [x IN [1, 2] | COLLECT { CALL db.labels() YIELD label RETURN label }] AS found",
        "RETURN CASE WHEN rand() < 2 THEN COUNT { LOAD CSV FROM 'file:///a' AS line RETURN line } END AS found",
        "RETURN reduce(n = 0, x IN [1] | n + COUNT { CALL db.labels() YIELD label RETURN label }) AS found",
        "USE system MATCH (n) RETURN n.name AS name",
        "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
        "PROFILE MATCH (n) DETACH DELETE n",
        "PROFILE CALL db.labels()",
        "EXPLAIN CALL db.labels()",
        "MATCH (n) RETURN n; MATCH (n) DETACH DELETE n",
        "RETURN $missing",
        "nothing",
        "",
    ),
    "tinkergraph": (
        "g.V().drop()",
        "g.addV('owned')",
        "g.V().property('label', 'x').project('a').by(identity())",
        "g.V().sideEffect{it.get().remove()}",
        "g.io('/tmp/owned.xml').write()",
        "System.exit(1)",
        "g.V().hasLabel('node')",
        "g.V().math('a +').project('a').by(identity())",
        "",
    ),
}


@pytest.fixture(scope="module", params=ENGINES)
def named(request: pytest.FixtureRequest) -> Iterator[tuple[str, Queryable]]:
    ledger = OracleLedger()
    say(ledger, used("run", "raw"), generated("model", "run"))
    with ENGINES[request.param]() as engine:
        catch_up(OracleHistory(ledger), engine)
        assert isinstance(engine, Queryable)
        yield request.param, engine


def test_a_query_answers_with_rows_and_is_cut_where_asked_for(named: tuple[str, Queryable]) -> None:
    name, engine = named
    whole, cut = (engine.query(READS[name], Limits(max_rows=limit)) for limit in (3, 2))
    assert (whole.columns, whole.rows, whole.cut) == (("iri",), [(iri("model"),), (iri("raw"),), (iri("run"),)], False)
    assert (cut.rows, cut.cut) == (whole.rows[:2], True)


def test_what_does_more_than_read_is_refused_and_changes_nothing(named: tuple[str, Queryable]) -> None:
    name, engine = named
    before = graph_of(engine)
    for text in REFUSED[name]:
        with pytest.raises(UsageError):
            engine.query(text, Limits())
    assert graph_of(engine) == before


def test_what_does_not_end_is_ended(named: tuple[str, Queryable]) -> None:
    name, engine = named
    with pytest.raises(UsageError, match="took longer than 1 s"):
        engine.query(ENDLESS[name], Limits(timeout_s=1.0))
    assert len(engine.query(READS[name], Limits()).rows) == 3


def test_nodes_relationships_and_paths_are_told_as_json() -> None:
    ledger = OracleLedger()
    say(ledger, used("run", "raw"))
    with neo4j_engine() as engine:
        catch_up(OracleHistory(ledger), engine)
        rows = engine.query("MATCH p = (a)-[e:used]->(b) RETURN p, a, e, {x: [1, 0.5, null]} AS m", Limits()).rows
    ((path, node, edge, mapping),) = rows
    assert (node["iri"], len(edge["sid"]), mapping) == (iri("run"), 64, {"x": [1, 0.5, None]})
    assert [one.get("iri") for one in path] == [iri("run"), iri("raw"), None]
