"""The engine for TinkerPop graphs on real servers: hostile texts, limits, its query texts, what is asked by hand."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from gremlin_python.driver.client import Client
from gremlin_python.process.graph_traversal import __

import provstore
from provstore import resources
from provstore.errors import BackendUnavailable
from provstore.graph.contract import Applied, Edge, Filter, Node, States, Walk
from provstore.graph.gremlin import GremlinEngine
from provstore.graph.gremlin_errors import Refused
from provstore.graph.gremlin_keys import OwnIds, source
from provstore.graph.projector import catch_up
from provstore.model.statement import Value
from provstore.model.terms import LABEL, QUALIFIED_NAME, STRING, TYPE
from provstore.questions.ask import all_templates
from tests.support.engines import gremlin_engine
from tests.support.ledgers import (
    iri,
)
from tests.support.servers import server

pytestmark = pytest.mark.servers


HELD = Applied("the-ledger", 5, "ab" * 32)


HOSTILE = (
    "'; g.V().drop().iterate(); '", '"$' + '{System.exit(1)}"', "\\u0027) ~id", "line\nbreak\ttab\r\x00nul", "",
    "é\u2028\U0001f600", "null", "id", "exact", "x" * 70_000,
)  # fmt: skip


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


def test_what_was_sent_is_answered_in_order_before_the_next_request_of_its_thread() -> None:
    met: list[Any] = []
    with GremlinEngine(server("gremlin").url) as engine:
        link = engine._link
        link.send(source().inject("first"), lambda answer: met.append(answer()))
        assert met == []
        with ThreadPoolExecutor(1) as other:
            assert other.submit(link.ask, source().inject("of another thread")).result() == ["of another thread"]
        assert met == []
        link.send(source().inject("second"), lambda answer: met.append(answer()))
        assert met == [["first"]]
        assert link.ask(source().inject("third")) == ["third"]
        assert met == [["first"], ["second"]]


def test_what_was_sent_and_failed_is_told_by_the_next_request_alone_unless_it_is_forgotten() -> None:
    def none(answer: Any) -> None:
        answer()

    with GremlinEngine(server("gremlin").url) as engine:
        link = engine._link
        for ended in (lambda: link.ask(source().inject(1)), lambda: link.send(source().inject(1), none), link.settle):
            link.send(source().inject(1).fail("not so"), none)
            with pytest.raises(Refused, match="not so"):
                ended()
            assert link.ask(source().inject("x")) == ["x"]
        link.send(source().inject(1).fail("not so"), none)
        link.forget()
        assert link.ask(source().inject("x")) == ["x"]


# Parameters with which each question has an answer in that store, and those of questions that begin elsewhere.
ASKED = {
    "start": iri("model1"), "goal": iri("data1"), "a": iri("model1"), "b": iri("model6"), "train": iri("model1"),
    "test": iri("model6"), "element": iri("data1"), "sources": [iri("data1")], "destinations": [iri("model1")],
    "members": [iri("run1")], "elements": [iri("run1")],
}  # fmt: skip
ASKED_OF = {
    "downstream": {"start": iri("data1")},
    "impact": {"start": iri("data1")},
    "recall": {"start": iri("data1")},
    "expansion": {"members": [iri("model1")]},
}


def default_of(parameter: Any) -> Any:
    return int(parameter.default) if parameter.type == "integer" else parameter.default


@pytest.mark.parametrize("template", all_templates("gremlin"), ids=lambda one: one.question)
def test_a_template_gives_what_the_server_makes_of_its_text(
    location: str, store: provstore.Store, template: Any
) -> None:
    asked = ASKED | ASKED_OF.get(template.question, {})
    bound = {one.name: asked[one.name] if one.default is None else default_of(one) for one in template.parameters}
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
        for kind, texts in (("gremlin", (upstream, reached)), ("janusgraph", (upstream, finished))):
            with gremlin_engine(kind) as engine:
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
