"""Writes docs/reference/conformance.md from what happens: `make conformance`.

Each concept is written in each format and read again, and taken into a store with each engine that runs here.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import groupby
from pathlib import Path

import provstore
from provstore.errors import BadInput
from provstore.formats.contract import Format, Loss
from provstore.formats.registry import FORMATS
from provstore.graph.contract import Engine, Filter
from provstore.graph.projector import catch_up
from provstore.model.document import Assertion, Document, Header, equal
from provstore.model.statement import statement
from provstore.model.terms import QUALIFIED_NAME
from tests.conformance.concepts import CONCEPTS, EX, NAMESPACES, Concept
from tests.support.engines import gremlin_engine, neo4j_engine
from tests.support.histories import Graph, graph_of
from tests.support.servers import keeper

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "conformance.md"
KEPT = "yes"
SERVERS: dict[str, Callable[[], AbstractContextManager[Engine]]] = {
    "neo4j": neo4j_engine,
    "tinkergraph": lambda: gremlin_engine("gremlin"),
    "janusgraph": lambda: gremlin_engine("janusgraph"),
}
ALIKE = "alike"
_INTRODUCTION = """\
# What is kept, format by format and engine by engine

Written from test results by `make conformance`. Each line is one small document. **Formats**: it was written and read
again; `yes` means equal, statement by statement and by spelling, else a number says what is lost and a note why.
**Ledger**: taken into a store and exported again, equal. **Graph**: how it shows in the property graph of the embedded
engine, and whether each other engine holds a graph that is alike, node by node and edge by edge; what is no node and no
edge there stays in the ledger, exact, and `provstore show` lists it.
"""


class SilentLoss(AssertionError):
    """A format lost something and did not say so, or said so and lost nothing."""


class Notes:
    """Numbers the losses, in the order in which they are met."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def mark(self, losses: Iterable[Loss]) -> str:
        marks = []
        for loss in losses:
            if loss.what not in self.texts:
                self.texts.append(loss.what)
            marks.append(f"[{self.texts.index(loss.what) + 1}]")
        return " ".join(marks)


def in_format(concept: Concept, chosen: Format) -> list[Loss]:
    """What the format loses of the concept. Raises: SilentLoss."""
    out = io.BytesIO()
    losses = chosen.write(concept.assertions, NAMESPACES, out)
    back: list[Assertion] = []
    try:
        back = list(chosen.read(io.BytesIO(out.getvalue()), source=concept.name).assertions)
    except BadInput:
        if not losses:
            raise
    if equal(back, concept.assertions) == bool(losses):
        raise SilentLoss(f"{concept.name} in {chosen.name}: {losses or 'no loss is named'}, came back as {back}")
    return losses


def in_store(concept: Concept) -> tuple[bool, str]:
    """Whether the concept comes out of a store equal, and how its graph shows it."""
    with stored([concept.assertions]) as (store, [document]):
        out = io.BytesIO()
        store.export("prov-json", out, document)
        chosen = next(one for one in FORMATS if one.name == "prov-json")
        back = chosen.read(io.BytesIO(out.getvalue()), source="export").assertions
        nodes = store.engine.nodes(Filter()).nodes
        edges = store.engine.expand([node.iri for node in nodes], None, "out")
        relations = sorted({edge.relation for edge in edges if not edge.inferred})
        shown = [f"edge {name}" for name in relations] or [f"{len(nodes)} node{'s' * (len(nodes) != 1)}"]
        return equal(back, concept.assertions), ", ".join(shown) if nodes else "the ledger alone"


@contextmanager
def stored(contents: Sequence[Sequence[Assertion]]) -> Iterator[tuple[provstore.Store, list[str | None]]]:
    """A store that holds a document of each, and these documents."""
    with tempfile.TemporaryDirectory() as folder, provstore.open(Path(folder) / "c.db") as store:
        headers = [
            Header(unit=f"c{n}", event_time="2026-01-01T00:00:00Z", namespaces=NAMESPACES) for n in range(len(contents))
        ]
        receipts = store.append([Document(*each) for each in zip(headers, map(list, contents), strict=True)])
        yield store, [receipt.document for receipt in receipts]


def on_server(name: str) -> list[str]:
    """For each concept whether its graph on that engine is the one that the embedded engine has."""
    moved = [[_moved(one, f"{EX}{n}/") for one in concept.assertions] for n, concept in enumerate(CONCEPTS)]
    with SERVERS[name]() as engine, stored(moved) as (store, _):
        catch_up(store.ledger, engine)
        found, expected = _parts(graph_of(engine)), _parts(graph_of(store.engine))
    # What is named otherwise is in the part of nobody; where that differs, nothing is said to be alike.
    known = found.get("") == expected.get("") and len(expected) >= len(CONCEPTS)
    same = [known and found.get(str(n)) == expected.get(str(n)) for n in range(len(CONCEPTS))]
    return [ALIKE if one else "differs" for one in same]


def _moved(one: Assertion, place: str) -> Assertion:
    """The assertion about things of the same names, elsewhere."""

    def moved(iri: str | None) -> str | None:
        return iri and iri.replace(EX, place)

    attributes = [
        (name, datatype, moved(lexical) if datatype == QUALIFIED_NAME else lexical, language)
        for name, datatype, lexical, language in one.statement.attributes
    ]
    return Assertion(moved(one.bundle), statement(one.statement.kind, moved(one.statement.identifier), attributes))


def _parts(graph: Graph) -> dict[str, Graph]:
    """The graph by the place of its things: of an edge, that of its source."""
    parts: dict[str, Graph] = defaultdict(lambda: ({}, {}))
    nodes, edges = graph
    for iri, node in nodes.items():
        parts[_place(iri)][0][iri] = node
    for key, edge in edges.items():
        parts[_place(key[2])][1][key] = edge
    return parts


def _place(iri: str) -> str:
    return iri.removeprefix(EX).partition("/")[0] if iri.startswith(EX) else ""


def text(servers: Iterable[str] = ()) -> str:
    """The whole page, with the columns of these engines on servers."""
    notes = Notes()
    alike = {name: iter(on_server(name)) for name in servers}
    head = ["concept", "source", *(one.name for one in FORMATS), "ledger", "graph (embedded)"]
    head += [f"graph ({name})" for name in alike]
    lines = [_INTRODUCTION]
    for theme, concepts in groupby(CONCEPTS, key=lambda concept: concept.theme):
        lines += [f"## {theme}", "", _row(head), _row(["---"] * len(head))]
        for concept in concepts:
            on_servers = [next(cells) for cells in alike.values()]
            lines.append(_row([concept.name, concept.clause, *_cells(concept, notes), *on_servers]))
        lines.append("")
    lines += ["## What is lost", ""]
    lines += [f"{number}. {what}" for number, what in enumerate(notes.texts, start=1)]
    return "\n".join(lines) + "\n"


def _cells(concept: Concept, notes: Notes) -> list[str]:
    kept, shown = in_store(concept)
    return [*(notes.mark(in_format(concept, one)) or KEPT for one in FORMATS), KEPT if kept else "no", shown]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    with keeper():
        PAGE.write_text(text(SERVERS), encoding="utf-8")
    sys.stdout.write(f"written: {PAGE}\n")
