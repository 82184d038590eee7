"""What a call of MLflow's client works with: the units of one space, who calls, and how a change is written.

In: records that were changed. Out: documents in the ledger, durable before a call is answered.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final

from provstore.importers.contract import Findings, Request
from provstore.importers.mlflow.mapping import Mapping
from provstore.model.document import Document
from provstore.server.intake import require_small
from provstore.server.mlflow.reading import NAMES
from provstore.server.mlflow.unit import Unit
from provstore.server.mlflow.units import Units
from provstore.server.readers import too_slow
from provstore.server.service import Service

_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Tracking:
    """MLflow's store as one caller sees it: one space. `deadline`: until when the call reads (time.monotonic)."""

    service: Service
    units: Units
    space: str
    actor: str
    deadline: float

    def unit(self, iri: str) -> Unit:
        """The unit whose main element is `iri`, as it is now. Raises: BackendUnavailable: the call takes too long."""
        if time.monotonic() > self.deadline:
            raise too_slow(self.service.readers.limit_s)
        return self.units.unit(self.space, NAMES.unit(iri))

    def alone(self, *iris: str) -> AbstractContextManager[None]:
        """While the context lasts no other call changes the units of these elements."""
        return self.units.alone(self.space, *(NAMES.unit(iri) for iri in iris))

    def mapping(self, *units: Unit) -> Mapping:
        """The importer's mapping, for documents that come after all that was said of these units."""
        asked = Request(path="body", space=self.space, actor=self.actor, read_at=self.units.stamp(*units))
        return Mapping(asked, Findings())

    def write(self, *documents: Document) -> None:
        """Appends the documents in one transaction; returns when they are durable."""
        for document in documents:
            for one in document.assertions:
                require_small(one)
        self.units.write(documents)

    def find(self, expression: str) -> Iterator[str]:
        """The elements of all spaces that match an expression (rule 28): candidates, whoever may see them."""
        cursor = None
        while True:
            with self.service.readers.store() as store:
                page = store.find(expression, limit=_PAGE, cursor=cursor)
            yield from (node.iri for node in page.nodes)
            cursor = page.next
            if cursor is None:
                return

    def sources(self, targets: Sequence[str], relation: str) -> list[str]:
        """The elements of all spaces from which a relation leads to one of these, by IRI."""
        with self.service.readers.store() as store:
            edges = store.reader().expand(sorted(targets), frozenset({relation}), "in")
            return sorted({edge.source for edge in edges})


def as_event(document: Document) -> Document:
    """The document as one addition to what was said of its unit before (rule 7)."""
    return replace(document, header=replace(document.header, mode="event"))


def now_ms() -> int:
    """The clock's time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
