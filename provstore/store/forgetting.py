"""What is erased goes from the files of a store, too: from the pages of ledger and graph, and from SQLite's log.

Source: rule 13; sqlite.org/wal.html, "Checkpointing".
"""

from __future__ import annotations

from typing import Final

from provstore.graph.contract import Engine
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.transactions import Forgetful

REMAINS: Final = (
    "another process reads the store as it was before: what was erased stays in the store's file and log meanwhile, and"
    " goes with the next erasure, or when the last one closes the store"
)


def forget(ledger: DatabaseLedger, engine: Engine) -> bool:
    """Lets the files forget what was deleted; False: somebody reads what was there before (`REMAINS`)."""
    return all([part.forget() for part in (ledger, engine) if isinstance(part, Forgetful)])
