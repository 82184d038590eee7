"""The Neo4j engine on real servers: other writers, what was cut short or lost, servers that go away."""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from dataclasses import replace

import pytest

import provstore
from provstore.errors import BackendUnavailable, Conflict, Denied
from provstore.graph import neo4j_writing
from provstore.graph.checking import check
from provstore.graph.contract import Applied, States
from provstore.graph.neo4j import Neo4jEngine
from provstore.graph.projector import catch_up, rebuild
from provstore.ledger.sqlite import SqliteLedger
from tests.support import servers
from tests.support.engines import neo4j_engine, neo4j_settings
from tests.support.ledgers import iri
from tests.support.neo4j_by_hand import by_hand, neo4j_again, story, values

pytestmark = pytest.mark.servers


HELD = Applied("the-ledger", 5, "ab" * 32)


@pytest.fixture
def engine():
    with neo4j_engine() as engine:
        yield engine


@pytest.fixture
def ledger(tmp_path):
    with SqliteLedger(tmp_path / "ledger.db") as ledger:
        yield ledger


def test_a_wrong_password_is_denied_and_shown_nowhere(tmp_path):
    with neo4j_settings() as given, pytest.raises(Denied) as denied:
        provstore.open(tmp_path / "a.db", **given | {"graph_password": "not-the-password"})
    assert "PROVSTORE_GRAPH_PASSWORD" in str(denied.value)
    assert "not-the-password" not in str(denied.value)


def test_a_graph_of_another_ledger_is_a_conflict_until_it_is_rebuilt(engine, ledger, tmp_path):
    with SqliteLedger(tmp_path / "other.db") as other:
        other.append(list(story(1)))
        catch_up(other, engine)
        ledger.append(list(story(2)))
        with pytest.raises(Conflict):
            catch_up(ledger, engine)
        rebuild(ledger, engine)
        assert check(ledger, engine)[0] == []


def test_a_newer_schema_is_a_conflict(engine):
    try:
        with by_hand() as session:
            session.run("MATCH (s:ProvstoreGraph {name: 'schema'}) SET s.version = 99").consume()
        with pytest.raises(Conflict, match="99"):
            engine.migrate()
    finally:
        with by_hand() as session:
            session.run("MATCH (s:ProvstoreGraph {name: 'schema'}) DELETE s").consume()


@pytest.fixture
def small_transactions(monkeypatch):
    """As if these few states were very many: a transaction ends after each batch."""
    monkeypatch.setattr(neo4j_writing, "ROWS_PER_TRANSACTION", 0)


def test_two_projectors_at_once_leave_one_graph(engine, ledger, small_transactions):
    ledger.append(list(story(12)))
    failures = []

    def project():
        try:
            with neo4j_again() as again:
                rebuild(ledger, again)
                catch_up(ledger, again)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=project) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert check(ledger, engine)[0] == []


def test_what_was_committed_before_a_failure_is_compared_with_the_ledger(engine, ledger, small_transactions):
    ledger.append(list(story(4)))
    real = Neo4jEngine.apply

    def failing(batches):
        def until():
            for number, states in enumerate(batches):
                if number == 3:
                    raise BackendUnavailable("the process dies here")
                yield states

        real(engine, until())

    engine.apply = failing
    with pytest.raises(BackendUnavailable):
        catch_up(ledger, engine)
    del engine.apply
    assert engine.applied() is None
    with by_hand() as session:
        # Only a comparison with the ledger finds what does not belong there.
        copied = (
            "MATCH (n:Element) WITH n LIMIT 1 "
            "CREATE (m:Element {iri: 'urn:stray', exact: replace(n.exact, n.iri, 'urn:stray')}) RETURN count(m)"
        )
        assert values(session, copied) == [[1]]
    catch_up(ledger, engine)
    assert check(ledger, engine)[0] == []


def test_a_graph_that_was_being_emptied_is_emptied_by_the_next_writer(engine, ledger):
    ledger.append(list(story(2)))
    catch_up(ledger, engine)
    with by_hand() as session:
        session.run("MATCH (g:ProvstoreGraph {name: 'graph'}) SET g.emptying = true REMOVE g.ledger_id").consume()
        session.run("CREATE (:Element {iri: 'urn:left', exact: '[]'})").consume()
    assert engine.applied() is None
    catch_up(ledger, engine)
    assert check(ledger, engine)[0] == []


def test_a_writer_waits_for_another_between_two_of_its_transactions_but_not_for_good(engine):
    with by_hand() as session:
        session.run(
            "MERGE (g:ProvstoreGraph {name: 'graph'}) SET g.writer = 'another', g.until = timestamp() + 60000"
        ).consume()
        with (
            neo4j_again(busy_timeout_s=0.2) as again,
            pytest.raises(BackendUnavailable, match="another process"),
        ):
            again.apply([States(5, applied=HELD)])
        session.run("MATCH (g:ProvstoreGraph {name: 'graph'}) SET g.until = timestamp() - 1").consume()
    engine.apply([States(5, applied=HELD)])
    assert engine.applied() == HELD


def test_what_an_engine_lost_is_found_and_repaired(tmp_path):
    with neo4j_settings() as given, provstore.open(tmp_path / "a.db", **given) as store:
        store.append(list(story()))
        with by_hand() as session:
            session.run("MATCH (n:Element {qname: 'ex:model1'}) DETACH DELETE n").consume()
        assert not store.check()["ok"]
        assert store.graph("repair")["repaired"] == 4  # the node, its generation, and two edges of its bytes
        assert store.check()["ok"]
        assert store.graph("status")["lag"] == 0


def test_an_edge_that_was_put_elsewhere_is_put_back(tmp_path):
    with neo4j_settings() as given, provstore.open(tmp_path / "a.db", **given) as store:
        store.append(list(story(2)))
        with by_hand() as session:
            session.run(
                "MATCH (r {qname: 'ex:run0'})-[e:used]->(d), (a {qname: 'ex:ann'}) WITH r, e, a, properties(e) AS kept "
                "DELETE e CREATE (r)-[n:used]->(a) SET n = kept"
            ).consume()
        assert not store.check()["ok"]
        assert store.graph("repair")["repaired"] == 2
        assert store.check()["ok"]


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A server that may be killed."""
    with servers.own_server("neo4j", tmp_path_factory.mktemp("neo4j")) as running:
        yield running


@pytest.fixture
def settings_of_own(own):
    return {"graph": own.url, "graph_user": "neo4j", "graph_password": own.password}


def test_while_the_server_is_away_the_ledger_takes_records_and_answers(own, settings_of_own, tmp_path):
    path = tmp_path / "a.db"
    with provstore.open(path, **settings_of_own) as store:
        store.graph("rebuild")
        store.append(list(story(1)))
        own.kill()
        try:
            assert store._append(list(story(2)))[1] is False
            assert iri("model1") in store.downstream("ex:data").iris()
        finally:
            own.start()
        assert iri("model1") in store.downstream("ex:data").iris()
        assert store.graph("status")["lag"] == 0
        assert store.check()["ok"]


def test_a_store_opens_while_its_server_is_away(own, settings_of_own, tmp_path):
    with provstore.open(tmp_path / "a.db", **settings_of_own | {"graph": "bolt://127.0.0.1:1"}) as store:
        receipts, projected = store._append(list(story(1)))
        assert (len(receipts), projected) == (1, False)
        assert iri("model0") in store.downstream("ex:data").iris()
        with pytest.raises(BackendUnavailable, match=r"127\.0\.0\.1:1"):
            store.graph("catch-up")


def test_a_server_that_is_killed_while_it_is_written_to_ends_up_right(
    own, settings_of_own, tmp_path, small_transactions
):
    with provstore.open(tmp_path / "a.db", **settings_of_own) as store:
        store.graph("rebuild")
        for round_ in range(2):
            store.ledger.append([replace_unit(one, round_) for one in story(40)])
            killer = threading.Timer(random.uniform(0.05, 0.6), own.kill)
            killer.start()
            with suppress(BackendUnavailable):
                while killer.is_alive():
                    store.graph("rebuild" if round_ else "catch-up")
            killer.join()
            own.start()
            assert iri("model39") in store.downstream("ex:data").iris()
            assert store.check()["ok"]


def replace_unit(told, round_):
    header = replace(told.header, unit=f"{told.header.unit}/{round_}")
    return replace(told, header=header)
