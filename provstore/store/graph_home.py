"""Where the graph lies when no location is set for it.

In the ledger's own file; or, when the ledger is on a server, in a file of this user on this machine, which can always
be made anew (docs/decisions/0017).
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from provstore.errors import BackendUnavailable
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.sqlite import SqliteLedger
from provstore.settings import Settings


def graph_location(ledger: DatabaseLedger, settings: Settings) -> str:
    """The location of the graph of that ledger.

    Raises: BackendUnavailable: it would lie in the user's cache, and that cannot be written.
    """
    if settings.graph:
        return settings.graph
    if isinstance(ledger, SqliteLedger):
        return str(ledger.path)
    return str(_cached(ledger.ledger_id))


def _cached(ledger_id: str) -> Path:
    """A file that only its owner may read, as SQLite then makes those beside it."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "provstore"
    path = folder / f"{ledger_id}.graph"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(os.path.realpath(path), os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise BackendUnavailable(
            f"the graph of a ledger on a server lies in the user's cache, which cannot be written: {error.strerror}",
            where=str(path),
            next_step="Set XDG_CACHE_HOME to a folder of your own, or name a graph with --graph.",
        ) from error
    return path
