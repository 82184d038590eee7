"""The values of prov-db-connector's adapter cases, and what they do, in the words of our contract."""

from __future__ import annotations

import json
from typing import Any

from provstore.graph.contract import Applied, Edge, Engine, Filter, Node, States
from provstore.graph.expressions import parse
from provstore.graph.projector import catch_up
from provstore.ledger.sqlite import SqliteLedger
from provstore.model.document import Assertion
from provstore.model.names import Prefixes
from provstore.model.statement import Statement, Value
from provstore.model.terms import DATE_TIME, DOUBLE, INT, PROV, STRING, TYPE
from tests.support.ledgers import document, relation

EX, CUSTOM = "http://example.com", "http://custom.com"
YODA, LUKE = f"{EX}Yoda", f"{EX}Luke Skywalker"
EXAMPLE_NODE = f"{PROV}example_node"
BUNDLE = f"{EX}bundle name"
RELATION_ID = "identifier for the relation"
PREFIXES = (("ex", EX), ("custom", CUSTOM))
VALUES = {
    f"{EX}individual attribute": (Value(STRING, "Some value"),),
    f"{EX}int value": (Value(INT, "99"),),
    f"{EX}double value": (Value(DOUBLE, "99.33"),),
    f"{EX}date value": (Value(DATE_TIME, "2005-06-01T13:33:00"),),
    f"{EX}list value": (Value(STRING, "list"), Value(STRING, "of"), Value(STRING, "strings")),
    f"{EX}dict value": (Value(STRING, '{"dict": "value"}'),),
}
DATE = f"{EX}date value"
HELD = Applied("the-ledger", 5, "ab" * 32)


def example(iri: str = EXAMPLE_NODE, values: dict[str, Any] = VALUES) -> Node:
    return Node(iri, ("activity",), True, attributes=values, spaces=("default",))


def mention(source: str = YODA, target: str = LUKE, number: int = 1, relation_name: str = "mentionOf") -> Edge:
    return Edge(
        relation_name, source, target, f"{number:064x}", RELATION_ID, attributes=VALUES, spaces=("default",)
    )  # fmt: skip


def bundle() -> Node:
    said = {TYPE: (Value(STRING, "prov:Bundle"),)}
    return Node(BUNDLE, ("entity",), True, attributes=said, spaces=("default",))


def save(engine: Engine, *, nodes: tuple[Node, ...] = (), edges: tuple[Edge, ...] = (), sequence: int = 5) -> None:
    engine.apply([States(sequence, nodes, edges, applied=HELD._replace(sequence=sequence), prefixes=PREFIXES)])


def save_document(engine: Engine, prefix: str = "", *, sequence: int = 5, name: str = "mentionOf") -> list[str]:
    """Their document of one record, a bundle, and a relation between two records: the ends of the relation."""
    start, end = f"{EX}{prefix}FROM NODE", f"{EX}{prefix}TO NODE"
    nodes = (example(f"{EX}{prefix}{EXAMPLE_NODE}"), bundle(), example(start), example(end))
    save(engine, nodes=nodes, edges=(mention(start, end, sequence, name),), sequence=sequence)
    return [start, end]


def nodes_of(engine: Engine, text: str | None = None) -> list[Node]:
    condition = None if text is None else parse(text, Prefixes(dict(PREFIXES)))
    return list(engine.nodes(Filter(condition=condition)).nodes)


def node_of(engine: Engine, iri: str) -> Node:
    (found,) = engine.nodes(Filter(iris=[iri])).nodes
    return found


def by_values() -> str:
    """Their filter: all attributes of the example but its date."""
    wanted = [(name, value) for name, values in VALUES.items() for value in values if name != DATE]
    names = [name.replace(" ", "\\ ") for name, _ in wanted]
    texts = [json.dumps(value.lexical) for _, value in wanted]
    return " and ".join(f"{name} = {text}" for name, text in zip(names, texts, strict=True))


def tail(engine: Engine, start: str) -> tuple[set[str], set[str]]:
    """What is reached from a node by relations of any name, and the sids of these."""
    reached: set[str] = set()
    sids: set[str] = set()
    frontier = {start}
    while frontier:
        edges = engine.expand(frontier, None, "out")
        sids |= {edge.sid for edge in edges}
        frontier = {edge.target for edge in edges} - reached
        reached |= frontier
    return reached, sids


def told(engine: Engine, ledger: SqliteLedger, *said: Statement) -> None:
    """Each statement is a document of its own, as if saved by one more call."""
    for stated in said:
        unit = f"unit/{ledger.head().sequence}"
        ledger.append([document(unit, Assertion(None, stated), namespaces={None: dict(PREFIXES)})])
        catch_up(ledger, engine)


def record(iri: str = YODA, values: dict[str, Any] = VALUES) -> Statement:
    return relation("activity", more=values_of(values), id=iri)


def related(values: dict[str, Any] = VALUES) -> Statement:
    return relation("mentionOf", YODA, LUKE, BUNDLE, more=values_of(values), id=f"{EX}{RELATION_ID}")


def values_of(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(several) for name, several in values.items()}
