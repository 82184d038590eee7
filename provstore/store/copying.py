"""Copies: a backup of the store while it is in use, and a whole ledger into another place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from provstore.ledger import copying
from provstore.ledger.contract import Head
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.registry import open_ledger


def backup(ledger: DatabaseLedger, target: str | Path) -> dict[str, Any]:
    """Writes a consistent copy to the file `target`. Raises: Conflict: it exists. BackendUnavailable."""
    return _receipt(copying.backup(ledger, Path(target)))


def copy(source: str | Path, target: str | Path) -> dict[str, Any]:
    """Copies the ledger at `source` into `target`, entry by entry; the roots are equal afterwards.

    Raises: NotFound: there is no source. Conflict: the target holds something else.
    """
    with open_ledger(source, create=False) as old, open_ledger(target) as new:
        return _receipt(copying.copy(old, new))


def _receipt(head: Head) -> dict[str, Any]:
    return {
        "ledger_id": head.ledger_id,
        "sequence": head.sequence,
        "tree_size": head.tree_size,
        "root": head.root.hex(),
    }
