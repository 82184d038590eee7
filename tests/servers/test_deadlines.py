"""A question that takes too long is ended on the server that works on it, told as such, and does the next no harm."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager

import pytest
from gremlin_python.process.graph_traversal import __

import provstore
from provstore.errors import BackendUnavailable
from provstore.graph.contract import Filter
from provstore.graph.gremlin_keys import source
from provstore.graph.neo4j_server import rows
from provstore.settings import Settings
from tests.support.databases import database
from tests.support.engines import gremlin_engine, gremlin_settings, neo4j_engine, neo4j_settings
from tests.support.ledgers import derived, document
from tests.support.proxy import Proxy, half_open
from tests.support.service import serving

pytestmark = pytest.mark.servers
# The heavy ones would take hours.
DEADLINE_S = 1.0
# What is answered in time, too, shall be so on a busy machine.
SERVICE_DEADLINE_S = 8.0
PATIENCE_S = 30.0
HEAVY = "UNWIND range(1, 10000000) AS a UNWIND range(1, 10000000) AS b WITH a + b AS c RETURN sum(c)"
WORKING = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS '10000000' RETURN count(*)"
CHAIN = [derived(f"d{number + 1}", f"d{number}") for number in range(3)]


def until(condition):
    """True once the condition holds; False when it does not in time."""
    ends = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(0.1)
    return True


def ended_soon(ask):
    """What the question raised; it must come long before the work is done."""
    began = time.monotonic()
    with pytest.raises(BackendUnavailable) as raised:
        ask()
    assert DEADLINE_S / 2 < time.monotonic() - began < PATIENCE_S
    return raised.value


def test_neo4j_ends_the_transaction():
    with neo4j_engine() as engine:
        read = engine._server.read
        engine.stop_reading_at(time.monotonic() + DEADLINE_S)
        ended_soon(lambda: read(lambda transaction: rows(transaction, HEAVY)))
        with pytest.raises(BackendUnavailable, match="the time for this question is up"):
            engine.nodes(Filter())
        engine.stop_reading_at(None)
        working = WORKING + " - 1"  # itself
        assert until(lambda: read(lambda transaction: rows(transaction, working)) == [[0]])


@pytest.mark.parametrize("kind", ["gremlin", "janusgraph"])
def test_a_gremlin_server_is_given_up_and_asked_again(kind):
    with gremlin_engine(kind) as engine:
        heavy = source().inject(1).repeat(__.identity()).times(2_000_000_000)
        engine.stop_reading_at(time.monotonic() + DEADLINE_S)
        ended_soon(lambda: engine._link.ask(heavy))
        with pytest.raises(BackendUnavailable, match="the time for this question is up"):
            engine.nodes(Filter())
        engine.stop_reading_at(None)
        assert engine.nodes(Filter()).nodes == []


@contextmanager
def served_on_postgres(tmp_path, **server):
    with database() as ledger:
        with provstore.Store.open(settings=ledger.settings) as store:
            store.append([document("chain", *CHAIN)])
        settings = Settings(store=ledger.url, store_password=ledger.password, graph=str(tmp_path / "graph.db"))
        with serving(settings, database=str(tmp_path / "service.db"), **server) as served:
            yield ledger, served


def test_postgresql_ends_the_statement_and_the_service_says_so(tmp_path):
    with (
        served_on_postgres(tmp_path, query_timeout_s=SERVICE_DEADLINE_S) as (ledger, served),
        ledger.connect() as other,
    ):
        asked = "/api/v1/upstream/http:%2F%2Fexample.org%2Fd3?as_of=1"
        assert served.admin.get(asked).status_code == 200
        # A table that somebody else holds is as slow as a statement can be.
        other.execute("BEGIN; LOCK TABLE provstore.statement IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        answer = served.admin.get(asked)
        assert SERVICE_DEADLINE_S / 2 < time.monotonic() - began < PATIENCE_S
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
        assert "longer than 8 s" in answer.json()["error"]["message"]
        assert int(answer.headers["retry-after"]) >= 1
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        assert until(lambda: ledger.execute(waiting) == [(0,)])
        other.execute("COMMIT")
        assert served.admin.get(asked).status_code == 200
        # What writes has no such deadline.
        assert served.admin.post("/api/v1/documents", json={"prefix": {}, "entity": {}}).status_code == 201


def test_without_a_deadline_a_statement_may_take_as_long_as_it_takes():
    with database() as found, found.ledger() as ledger:
        ledger.stop_reading_at(time.monotonic() + DEADLINE_S)
        ledger.head()
        limit = "SELECT current_setting('statement_timeout')"
        assert ledger._reader.execute(limit).fetchone() != ("0",)
        ledger.stop_reading_at(None)
        ledger.head()
        assert ledger._reader.execute(limit).fetchone() == ("0",)


@pytest.mark.parametrize("kind", ["neo4j", "gremlin", "janusgraph"])
def test_the_service_says_that_a_question_took_too_long(kind, tmp_path):
    """The time is up before the graph is asked, so that it need not be slow."""
    with ExitStack() as stack:
        graph = stack.enter_context(neo4j_settings() if kind == "neo4j" else gremlin_settings(kind))
        served = stack.enter_context(serving(Settings(store=str(tmp_path / "s.db"), **graph)))
        served.service.writer.append([document("chain", *CHAIN)]).result()
        asked = "/api/v1/ask/upstream?start=http://example.org/d3"
        assert len(served.admin.get(asked).json()["rows"]) > 0
        served.service.readers.limit_s = 0.0
        answer = served.admin.get(asked)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
        assert "longer than 0 s" in answer.json()["error"]["message"]
        served.service.readers.limit_s = PATIENCE_S
        assert served.admin.get(asked).status_code == 200


def test_a_gremlin_server_that_falls_silent_keeps_no_question_beyond_its_deadline(tmp_path):
    with gremlin_settings("gremlin") as graph:
        port = int(graph["graph"].partition("//127.0.0.1:")[2].partition("/")[0])
        with Proxy(port) as proxy:
            through = graph["graph"].replace(str(port), str(proxy.port))
            with serving(Settings(store=str(tmp_path / "s.db"), graph=through), query_timeout_s=DEADLINE_S) as served:
                served.service.writer.append([document("chain", *CHAIN)]).result()
                asked = "/api/v1/ask/upstream?start=http://example.org/d3"
                served.service.readers.limit_s = PATIENCE_S
                assert served.admin.get(asked).status_code == 200
                served.service.readers.limit_s = DEADLINE_S
                proxy.arm(1, half_open(PATIENCE_S))
                answer = served.admin.get(asked)
                assert answer.status_code == 503
                assert "longer than 1 s" in answer.json()["error"]["message"]
                served.service.readers.limit_s = PATIENCE_S
                assert served.admin.get(asked).status_code == 200
