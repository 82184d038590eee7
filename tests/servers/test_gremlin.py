"""The engine for TinkerPop graphs against real servers: faults, several writers, hostile texts, and its query texts."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gremlin_python.driver.client import Client
from gremlin_python.process.graph_traversal import __

import provstore
from provstore import resources
from provstore.errors import BackendUnavailable, Conflict, Denied
from provstore.graph.checking import check
from provstore.graph.contract import Applied, Edge, Filter, Node, States, Walk
from provstore.graph.gremlin import GremlinEngine
from provstore.graph.gremlin_keys import OwnIds, source
from provstore.graph.projector import catch_up
from provstore.model.statement import Value
from provstore.model.terms import LABEL, QUALIFIED_NAME, STRING, TYPE
from provstore.questions.ask import all_templates
from tests.support.engines import gremlin_engine, gremlin_settings
from tests.support.histories import graph_of
from tests.support.ledgers import (
    activity,
    associated,
    at,
    derived,
    document,
    entity,
    generated,
    name,
    specialized,
    used,
)
from tests.support.servers import KINDS, Running, own_server, require, server

pytestmark = pytest.mark.servers
GRAPHS = {"tinkergraph": ("gremlin",), "tinkertransactiongraph": ("gremlin", "gtx"), "janusgraph": ("janusgraph",)}
HELD = Applied("the-ledger", 5, "ab" * 32)
HOSTILE = (
    "'; g.V().drop().iterate(); '", '"$' + '{System.exit(1)}"', "\\u0027) ~id", "line\nbreak\ttab\r\x00nul", "",
    "é\u2028\U0001f600", "null", "id", "exact", "x" * 70_000,
)  # fmt: skip


@pytest.fixture(params=GRAPHS)
def location(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where an empty graph of each kind is."""
    with gremlin_settings(*GRAPHS[request.param]) as given:
        yield given["graph"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[provstore.Store]:
    """A store with a graph of its own, of twelve documents that speak of the same things."""
    with provstore.open(tmp_path / "store.db") as made:
        for number in range(12):
            run, mine = f"run{number}", f"data{number % 5}"
            digest = "sha256:" + f"{number % 3 + 10:02x}" * 32
            made.append([
                document(
                    f"unit/{number}", entity(mine, label=f"version {number % 4}", digest=digest), used(run, mine),
                    generated(f"model{number}", run), derived(f"model{number}", mine), associated(run, "ann", "plan"),
                    specialized(f"model{number}", "model"), entity(f"model{number}", digest=digest), event_time=number,
                )
            ])  # fmt: skip
        alone = [
            document(f"alone/{how}", activity("alone", status=how, type=name("ps:Run"))) for how in ("done", "failed")
        ]
        approval = activity("approval", end=at(9), type=name("ps:Approval"))
        late = document("approval", approval, used("approval", "data1"), used("run1", "data1", at(3)))
        made.append([*alone, late])
        yield made


def test_a_graph_server_that_was_away_is_told_and_found_again(tmp_path: Path) -> None:
    with own_server("gremlin", tmp_path) as running, GremlinEngine(running.url) as engine:
        engine.apply([States(5, [Node("urn:a", (), True)], applied=HELD)])
        running.kill()
        with pytest.raises(BackendUnavailable):
            engine.applied()
        running.start()
        # A TinkerGraph keeps nothing.
        assert engine.applied() is None
        engine.apply([States(5, [Node("urn:a", (), True)], applied=HELD)])
        assert engine.applied() == HELD


def test_a_projection_that_was_killed_with_its_server_is_mended_by_the_next(
    tmp_path: Path, store: provstore.Store
) -> None:
    expected = graph_of(store.engine)
    with own_server("janusgraph", tmp_path / "server") as running, GremlinEngine(running.url) as engine:
        for delay_s in (0.4, 1.5):
            engine.drop()
            timer = threading.Timer(delay_s, running.kill)
            timer.start()
            with suppress(BackendUnavailable):
                catch_up(store.ledger, engine)
            timer.join()
            running.start()
            with GremlinEngine(running.url) as other:
                catch_up(store.ledger, other)
                assert graph_of(other) == expected
                assert check(store.ledger, other)[0] == []


def test_what_was_cut_short_is_compared_with_the_history_before_it_goes_on(
    location: str, store: provstore.Store
) -> None:
    def cut() -> Iterator[States]:
        yield States(99, [Node("http://example.org/data1", ("agent",), True), Node("urn:wrong", (), True)])
        raise RuntimeError("the reading failed")

    with GremlinEngine(location) as engine:
        catch_up(store.ledger, engine)
        with pytest.raises(RuntimeError):
            engine.apply(cut())
        assert next(one.what for one in check(store.ledger, engine)[0]) == "a write was cut short"
        store.append([document("unit/more", entity("late"))])
        catch_up(store.ledger, engine)
        assert graph_of(engine) == graph_of(store.engine)
        assert check(store.ledger, engine)[0] == []


def test_what_was_cut_short_in_an_empty_graph_leaves_nothing(location: str, store: provstore.Store) -> None:
    def cut() -> Iterator[States]:
        yield States(1, [Node("urn:wrong", (), True)])
        raise RuntimeError("the reading failed")

    with GremlinEngine(location) as engine:
        with pytest.raises(RuntimeError):
            engine.apply(cut())
        assert engine.applied() is None
        catch_up(store.ledger, engine)
        assert graph_of(engine) == graph_of(store.engine)


def test_two_projectors_at_once_do_no_harm(location: str, store: provstore.Store) -> None:
    failed: list[Exception] = []

    def project() -> None:
        try:
            with GremlinEngine(location) as engine:
                catch_up(store.ledger, engine)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=project) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []
    with GremlinEngine(location) as engine:
        assert graph_of(engine) == graph_of(store.engine)
        assert check(store.ledger, engine)[0] == []


def test_whoever_lost_the_lease_writes_nothing_any_more(location: str) -> None:
    def slow() -> Iterator[States]:
        yield States(6, [Node("urn:a", ("entity",), True)])
        engine._link.ask(engine._keys.meta().property("until", 0).count())
        other.apply([States(7, [Node("urn:a", ("agent",), True)], applied=HELD._replace(sequence=7))])
        yield States(6, [Node("urn:a", ("activity",), True), Node("urn:b", (), True)])

    with GremlinEngine(location) as engine, GremlinEngine(location) as other:
        engine.apply([States(5, applied=HELD)])
        with pytest.raises(BackendUnavailable, match="took over"):
            engine.apply(slow())
        assert [(one.iri, one.kinds) for one in other.nodes(Filter()).nodes] == [("urn:a", ("agent",))]
        assert other.applied() == HELD._replace(sequence=7)


def test_a_writer_waits_for_another_and_says_so_when_that_does_not_end(location: str) -> None:
    def waiting() -> Iterator[States]:
        with GremlinEngine(location, wait_s=0.5) as other, pytest.raises(BackendUnavailable, match="another process"):
            other.apply([States(9, applied=HELD)])
        yield States(6, applied=HELD._replace(sequence=6))

    with GremlinEngine(location) as engine:
        engine.apply(waiting())
        assert engine.applied() == HELD._replace(sequence=6)


def test_the_graph_of_another_ledger_is_refused(location: str, store: provstore.Store) -> None:
    with GremlinEngine(location) as engine:
        engine.apply([States(5, [Node("urn:a", (), True)], applied=HELD)])
        with pytest.raises(Conflict, match="the-ledger"):
            catch_up(store.ledger, engine)
        assert [one.iri for one in engine.nodes(Filter()).nodes] == ["urn:a"]


def test_a_graph_of_a_newer_schema_is_refused(location: str) -> None:
    with GremlinEngine(location) as engine:
        engine._link.ask(engine._keys.meta().property("schema", 99).count())
        try:
            with pytest.raises(Conflict, match="99"):
                engine.migrate()
        finally:
            engine._lease.mark(1)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_comes_back_as_it_was_and_is_found_by_it(location: str, text: str) -> None:
    values = {
        text: (Value(STRING, text), Value(STRING, text, "en")),
        f"urn:x#{text}": (Value(text, text),),
        LABEL: (Value(STRING, text),),
        TYPE: (Value(QUALIFIED_NAME, text), Value(STRING, text)),
    }
    # JanusGraph on Cassandra takes no key of 64 KiB: an IRI is no place for so much.
    iri = f"urn:{text[:1000]}"
    node = Node(iri, ("entity",), True, (text,), text, text, text, (text,), values, (text,), (text,))
    edge = Edge(
        "used", iri, iri, "ab" * 32, text, (text,), text, (text,), values, {"plan": text, text: text}, (text,), (text,)
    )  # fmt: skip
    with GremlinEngine(location) as engine:
        engine.apply([States(1, [node], [edge], applied=HELD._replace(ledger_id=text, root=text))])
        assert engine.nodes(Filter()).nodes == [node]
        assert engine.nodes(Filter(label=text)).nodes == [node]
        assert engine.nodes(Filter(digest_prefix=text)).nodes == [node]
        assert engine.expand([iri], ["used"], "in") == [edge]
        assert engine.applied() == HELD._replace(ledger_id=text, root=text)
        engine.apply([States(9, [node._replace(label="other")], gone_edges=[(iri, "used", iri, "ab" * 32)])])
        assert engine.expand([iri], None, "out") == []
        engine.drop()


def test_an_answer_over_its_time_or_its_size_is_refused() -> None:
    url = server("gremlin").url
    with GremlinEngine(url, timeout_s=1) as engine, pytest.raises(BackendUnavailable, match="within 1 s"):
        engine._link.ask(source().inject(1).repeat(__.identity()).times(2_000_000_000))
    with GremlinEngine(url, max_bytes=50_000) as engine:
        with pytest.raises(BackendUnavailable, match="larger than 50,000 bytes"):
            engine._link.ask(source().inject(*(f"{number:500}" for number in range(300))))
        with pytest.raises(BackendUnavailable, match="larger than 50,000 bytes"):
            engine._link.ask(source().inject(*(["the same"] * 10_000)))
        assert engine._link.ask(source().inject("x")) == ["x"]


def test_a_silent_server_is_left_when_the_time_is_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        location = f"gremlin://127.0.0.1:{silent.getsockname()[1]}"
        with GremlinEngine(location, timeout_s=1) as engine, pytest.raises(BackendUnavailable):
            engine.applied()


def test_a_server_that_asks_for_credentials_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    require("gremlin")
    running = Running(replace(KINDS["gremlin"], probe=_listens), tmp_path, {})
    conf = tmp_path / "conf" / "server.yaml"
    authenticator = "org.apache.tinkerpop.gremlin.server.auth.SimpleAuthenticator"
    users = "conf/tinkergraph.properties"
    conf.write_text(
        conf.read_text().replace("WsAndHttpChannelizer", "WebSocketChannelizer")
        + f"authentication: {{ authenticator: {authenticator}, config: {{ credentialsDb: {users} }} }}\n"
    )
    running.start()
    try:
        for given in ({}, {"user": "ann", "password": "wrong"}):
            with GremlinEngine(running.url, **given) as engine, pytest.raises(Denied, match="credentials"):
                engine.migrate()
    finally:
        running.stop()


def _listens(settings: Any) -> None:
    with socket.create_connection(("127.0.0.1", int(settings["port"])), timeout=1):
        pass


# Parameters with which each question has an answer in the store above.
ASKED = {
    name: f"http://example.org/{short}"
    for name, short in {
        "start": "model1", "goal": "data1", "a": "model1", "b": "model6", "train": "model1", "test": "model6",
        "element": "data1",
    }.items()
} | {
    name: [f"http://example.org/{short}"]
    for name, short in {
        "sources": "data1", "destinations": "model1", "members": "run1", "elements": "run1"
    }.items()
}  # fmt: skip
INWARD = ("downstream", "impact", "recall")


@pytest.mark.parametrize("template", all_templates("gremlin"), ids=lambda one: one.question)
def test_a_template_gives_what_the_server_makes_of_its_text(
    location: str, store: provstore.Store, template: Any
) -> None:
    bound = {
        one.name: ASKED[one.name] if one.default is None else int(one.default) if one.type == "integer" else one.default
        for one in template.parameters
    }
    if template.question in INWARD:
        bound["start"] = "http://example.org/data1"
    if template.question == "expansion":
        bound["members"] = ["http://example.org/model1"]
    text = resources.text(f"queries/{template.place}.gremlin")
    with GremlinEngine(location) as engine:
        catch_up(store.ledger, engine)
        mine = engine.run(template.place, bound)
        address = engine._link.address
        client = Client(address.url, address.source)
        try:
            theirs = client.submit(text, bound).all().result()
        finally:
            client.close()
    assert mine.columns == template.columns
    assert mine.rows == [tuple(row.get(column) for column in template.columns) for row in theirs]
    assert mine.rows


def test_a_hand_worked_graph_answers_the_template_as_worked_by_hand(location: str) -> None:
    kinds = {
        "urn:model": "entity",
        "urn:run": "activity",
        "urn:data": "entity",
        "urn:ann": "agent",
        "urn:boss": "agent",
    }
    nodes = [Node(iri, (kind,), True) for iri, kind in kinds.items()]  # type: ignore[arg-type]
    relations = [
        ("wasGeneratedBy", "urn:model", "urn:run"), ("used", "urn:run", "urn:data"),
        ("wasAssociatedWith", "urn:run", "urn:ann"), ("actedOnBehalfOf", "urn:ann", "urn:boss"),
    ]  # fmt: skip
    edges = [Edge(name, a, b, f"{number:064x}") for number, (name, a, b) in enumerate(relations)]
    with GremlinEngine(location) as engine:
        engine.apply([States(1, nodes, edges)])
        asked = {"start": "urn:model", "agents": 1, "parents": 0}
        rows = engine.run("lineage/upstream", asked).rows
    assert rows == [("urn:ann", 4), ("urn:boss", 4), ("urn:data", 1), ("urn:model", 1), ("urn:run", 2)]


def test_properties_are_there_for_queries_by_hand() -> None:
    values = {"urn:provstore:terms#metric.accuracy": (Value("http://www.w3.org/2001/XMLSchema#double", "0.93"),)}
    node = Node("urn:m", ("entity",), True, ("urn:provstore:terms#Model",), "churn", attributes=values)
    with gremlin_engine("gremlin") as engine:
        engine.apply([States(1, [node])])
        found = OwnIds().nodes(["urn:m"]).value_map("prov_label", "types", "ps_metric_accuracy")
        assert engine._link.ask(found) == [
            {"prov_label": ["churn"], "types": ["urn:provstore:terms#Model"], "ps_metric_accuracy": [0.93]}
        ]
    with gremlin_engine("janusgraph") as engine:
        engine.apply([States(1, [node])])
        assert engine._link.ask(source().V().has("attr", "ps_metric_accuracy=0.93").values("iri")) == ["urn:m"]


def test_the_queries_of_the_howto_find_something(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "howto" / "gremlin.md").read_text()
    upstream, reached, finished, variables = re.findall(r"```groovy\n(.*?)```", page, re.DOTALL)
    with provstore.open(tmp_path / "store.db") as demo:
        demo.import_records(Path(provstore.__file__).parent / "demo" / "mlflow.db")
        for name_, texts in (("gremlin", (upstream, reached)), ("janusgraph", (upstream, finished))):
            with gremlin_engine(name_) as engine:
                catch_up(demo.ledger, engine)
                client = Client(engine._link.address.url, "g")
                try:
                    assert all(client.submit(text).all().result() for text in texts)
                    template = variables + resources.text("queries/lineage/upstream.gremlin")
                    assert client.submit(template).all().result()
                finally:
                    client.close()


def test_what_is_said_no_more_is_no_property_any_more(location: str) -> None:
    values = {"urn:provstore:terms#x": (Value(STRING, "1"), Value(STRING, "2"))}
    full = Node("urn:a", ("entity",), True, ("urn:t", "urn:u"), "a", "2026", None, ("d",), values, ("urn:y",), ("s",))
    edge = Edge("used", "urn:a", "urn:a", "ab" * 32, "urn:id", ("r",), "2026", ("urn:t",), values, {"plan": "urn:p"})
    with GremlinEngine(location) as engine:
        engine.apply([States(1, [full], [edge])])
        engine.apply([States(2, [Node("urn:a", (), False)], [Edge("used", "urn:a", "urn:a", "ab" * 32)])])
        found = engine._link.ask(source().V().has_label("node").properties().key())
        assert sorted(found) == ["declared", "exact", "iri", "kind"]
        found = engine._link.ask(source().E().properties().key())
        assert set(found) - {"eid"} == {"sid", "target", "exact"}


def test_influence_of_an_agent_is_walked_with_agents_only(location: str) -> None:
    nodes = [
        Node("urn:e", ("entity",), True),
        Node("urn:ann", ("agent",), True),
        Node("urn:bob", ("entity", "agent"), True),
    ]
    edges = [Edge("wasInfluencedBy", "urn:e", end, f"{n:064x}") for n, end in enumerate(("urn:ann", "urn:bob"))]
    with GremlinEngine(location) as engine:
        engine.apply([States(1, nodes, edges)])
        assert dict(engine.closure(Walk(("urn:e",), "out")).depths) == {"urn:e": 0, "urn:bob": 1}
        with_agents = Walk(("urn:e",), "out", options=frozenset({"agents"}))
        assert dict(engine.closure(with_agents).depths) == {"urn:e": 0, "urn:ann": 1, "urn:bob": 1}
        assert dict(engine.closure(Walk(("urn:ann",), "in")).depths) == {"urn:ann": 0, "urn:e": 1}
