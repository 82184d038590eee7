"""The graph follows the ledger within the ledger's own transaction, where both lie in one file.

One commit, one fsync, and no reading back: a document is projected from what it was given as. Source: rule 23.
"""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager

from provstore.graph import projector
from provstore.graph.apart import ApartGraph
from provstore.graph.contract import Engine, InFile
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.following import Written
from provstore.ledger.sqlite import SqliteLedger
from provstore.model.document import Header


def beside(ledger: DatabaseLedger, engine: Engine) -> InFile | None:
    """The engine, if its graph lies in the ledger's file."""
    if not isinstance(ledger, SqliteLedger) or not isinstance(engine, InFile):
        return None
    return engine if engine.path.exists() and engine.path.samefile(ledger.path) else None


class Following:
    """The follower of one `append` (ledger.following.Follower). `done`: the graph has what was written.

    Args: engine: in the ledger's file.
    """

    def __init__(self, engine: InFile) -> None:
        self._engine = engine
        self._apart: ApartGraph | None = None
        self.done = False

    def apart(self, header: Header) -> ApartGraph:
        """The graph of a large document, made where that is read."""
        self._apart = ApartGraph(header, self._engine.path)
        return self._apart

    def takes(self, statements: int) -> bool:
        """True for what is projected in memory, and when the graph of a large document is there already."""
        return self._apart is not None or statements <= projector.LARGE_STATEMENTS

    def joined(self, connection: sqlite3.Connection) -> AbstractContextManager[None]:
        """The engine works in the transaction of `connection`."""
        return self._engine.joined(connection)

    def follow(self, written: Written) -> None:
        """Projects what was written. Raises: ProvstoreError: the graph is damaged."""
        given = (written, self._engine, written.before, written.written)
        if self._apart is None:
            self.done = projector.follow(*given, written.sids)
        else:
            self.done = projector.follow_apart(*given, self._apart)
