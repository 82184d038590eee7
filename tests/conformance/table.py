"""Writes docs/reference/conformance.md from what happens: `make conformance`.

Each concept is written in each format and read again, and taken into a store with each engine that runs here.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import provstore
from provstore.errors import BadInput
from provstore.formats.contract import Format, Loss
from provstore.formats.registry import FORMATS
from provstore.graph.contract import Filter
from provstore.model.document import Assertion, Document, Header, equal
from tests.conformance.concepts import CONCEPTS, NAMESPACES, Concept

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "conformance.md"
KEPT = "yes"
ENGINES = {"embedded": None}
_INTRODUCTION = """\
# What is kept, format by format and engine by engine

Written from test results by `make conformance`. Each line is one small document. **Formats**: it was written and read
again; `yes` means equal, statement by statement and by spelling, else a number says what is lost and a note why.
**Ledger**: taken into a store and exported again, equal. **Graph**: how it shows in the property graph; what is no node
and no edge there stays in the ledger, exact, and `provstore show` tells of it.
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


def in_store(concept: Concept, graph: str | None) -> tuple[bool, str]:
    """Whether the concept comes out of a store equal, and how its graph shows it."""
    with tempfile.TemporaryDirectory() as folder, provstore.open(Path(folder) / "c.db", graph=graph) as store:
        header = Header(unit="c", event_time="2026-01-01T00:00:00Z", namespaces=NAMESPACES)
        [receipt] = store.append([Document(header, list(concept.assertions))])
        assert receipt.document is not None
        out = io.BytesIO()
        store.export("prov-json", out, receipt.document)
        chosen = next(one for one in FORMATS if one.name == "prov-json")
        back = chosen.read(io.BytesIO(out.getvalue()), source="export").assertions
        nodes = store.engine.nodes(Filter()).nodes
        edges = store.engine.expand([node.iri for node in nodes], None, "out")
        relations = sorted({edge.relation for edge in edges if not edge.inferred})
        shown = [f"edge {name}" for name in relations] or [f"{len(nodes)} node{'s' * (len(nodes) != 1)}"]
        return equal(back, concept.assertions), ", ".join(shown) if nodes else "the ledger alone"


def text() -> str:
    """The whole page."""
    notes = Notes()
    head = ["concept", "source", *(one.name for one in FORMATS), "ledger", *(f"graph ({name})" for name in ENGINES)]
    lines = [_INTRODUCTION]
    for theme, concepts in groupby(CONCEPTS, key=lambda concept: concept.theme):
        lines += [f"## {theme}", "", _row(head), _row(["---"] * len(head))]
        lines += [_row([concept.name, concept.clause, *_cells(concept, notes)]) for concept in concepts]
        lines.append("")
    lines += ["## What is lost", ""]
    lines += [f"{number}. {what}" for number, what in enumerate(notes.texts, start=1)]
    return "\n".join(lines) + "\n"


def _cells(concept: Concept, notes: Notes) -> list[str]:
    cells = [notes.mark(in_format(concept, one)) or KEPT for one in FORMATS]
    stored = {name: in_store(concept, graph) for name, graph in ENGINES.items()}
    cells.append(KEPT if all(kept for kept, _ in stored.values()) else "no")
    return cells + [shown for _, shown in stored.values()]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"written: {PAGE}\n")
