"""The graph follows the ledger within the ledger's own transaction, where both lie in one file.

One commit, one fsync, and no reading back: a document is projected from what it was given as. Source: rule 23.
"""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager

from provstore.graph import projector
from provstore.graph.contract import Engine, InFile
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.following import Written
from provstore.ledger.sqlite import SqliteLedger


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
        self.done = False

    def takes(self, statements: int) -> bool:
        """True for what is projected in memory."""
        return statements <= projector.LARGE_STATEMENTS

    def joined(self, connection: sqlite3.Connection) -> AbstractContextManager[None]:
        """The engine works in the transaction of `connection`."""
        return self._engine.joined(connection)

    def follow(self, written: Written) -> None:
        """Projects what was written. Raises: ProvstoreError: the graph is damaged."""
        self.done = projector.follow(written, self._engine, written.before, written.written, written.sids)
