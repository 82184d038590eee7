"""How far an engine is behind a history, and whether it belongs to it. Source: rule 23."""

from __future__ import annotations

from typing import Any

from provstore.errors import Conflict
from provstore.graph.contract import Applied, Engine
from provstore.graph.history import History


def status(history: History, engine: Engine) -> dict[str, Any]:
    """The `graph status` object of interface.md; `lag` counts the entries that the engine has not seen.

    Raises: Conflict: the graph is not this ledger's.
    """
    head = history.head()
    applied = require_same(history, engine)
    return {
        "engine": engine.capabilities.name,
        "ledger_head": head.sequence,
        "applied": applied,
        "lag": head.sequence - applied,
        "ledger_id": head.ledger_id,
    }


def require_same(history: History, engine: Engine) -> int:
    """The sequence that the engine is current to (0: it is empty).

    Raises: Conflict: the graph is of another ledger, or of another history of this one.
    """
    applied = engine.applied()
    if applied is None:
        return 0
    head = history.head(applied.sequence)
    if applied != Applied(head.ledger_id, head.sequence, head.root.hex()):
        raise Conflict(
            f"the graph was made from ledger {applied.ledger_id} at entry {applied.sequence}, which this is not",
            where=head.ledger_id,
            next_step="Name the right graph, or replace what it holds: provstore graph rebuild",
        )
    return applied.sequence
