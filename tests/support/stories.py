"""Stories told to a real ledger, and asked of any reader of it.

world = World(tmp_path, "engine")
world.tell(document("run/1", used("train", "data")), actor="ann@lab")
upstream(world.reader(), world.prefixes, "ex:model")
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from provstore.graph import projector
from provstore.graph.contract import Reader
from provstore.graph.replay import Replay
from provstore.graph.sqlite import SqliteEngine
from provstore.ledger.contract import Receipt, Retraction
from provstore.ledger.sqlite import SqliteLedger
from provstore.model.document import Document
from provstore.model.names import Prefixes
from tests.support.ledgers import EXAMPLE, at

READERS = ("replay", "engine")


class World:
    """A ledger whose clock goes one minute at each question of it, and a reader of the kind asked for."""

    def __init__(self, folder: Path, kind: str = "replay") -> None:
        self._minute = 0
        self._kind = kind
        self.ledger = SqliteLedger(folder / "ledger.db", clock=self._now)
        self._engine = SqliteEngine(folder / "graph.db") if kind == "engine" else None
        if self._engine:
            self._engine.migrate()
        self.prefixes = Prefixes({"ex": EXAMPLE})

    def close(self) -> None:
        if self._engine:
            self._engine.close()
        self.ledger.close()

    def tell(self, *documents: Document) -> list[Receipt]:
        """Appends each document as an entry of its own list."""
        return [receipt for one in documents for receipt in self.ledger.append([one])]

    def retract(self, document: str, reason: str = "wrong") -> None:
        self.ledger.append([Retraction(document, reason, "boss@lab")])

    def reader(self, as_of: int | None = None, spaces: Collection[str] | None = None) -> Reader:
        if as_of is not None or spaces is not None or self._engine is None:
            return Replay(self.ledger, as_of, spaces)
        projector.catch_up(self.ledger, self._engine)
        return self._engine

    def ask(self, question: Any, *arguments: Any, as_of: int | None = None, **options: Any) -> Any:
        """The answer of a question that needs no ledger."""
        return question(self.reader(as_of), self.prefixes, *arguments, as_of=as_of, **options)

    def ask_ledger(
        self,
        question: Any,
        *arguments: Any,
        as_of: int | None = None,
        spaces: Collection[str] | None = None,
        **options: Any,
    ) -> Any:
        """The answer of a question of who said what."""
        reader = self.reader(as_of, spaces)
        return question(reader, self.ledger, self.prefixes, *arguments, as_of=as_of, spaces=spaces, **options)

    def _now(self) -> str:
        self._minute += 1
        return at(self._minute)


def names(answer: Any) -> set[str]:
    """The example names of a graph answer's nodes."""
    return {iri.removeprefix(EXAMPLE) for iri in answer.iris()}
