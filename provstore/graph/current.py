"""Whether a graph can be worked with: its schema is known, it is of this history, and how far it is behind.

Source: rule 23.
"""

from __future__ import annotations

from typing import Any

from provstore.errors import Conflict
from provstore.graph.contract import Applied, Engine, States
from provstore.graph.history import History


def status(history: History, engine: Engine) -> dict[str, Any]:
    """What `graph status` tells; `lag` counts the entries that the engine has not seen.

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
            f"this graph was built from another ledger or another history of this one ({applied.ledger_id},"
            f" entry {applied.sequence})",
            where=head.ledger_id,
            next_step="Name the right graph, or replace what it holds: provstore graph rebuild",
        )
    return applied.sequence


def require_known_schema(version: int, newest: int, where: str) -> None:
    """Raises: Conflict: the graph is of a schema that is newer than the newest that this provstore knows."""
    if version > newest:
        raise Conflict(
            f"the graph is of schema {version}, this provstore knows schemas up to {newest}",
            where=where,
            next_step="Install a newer provstore, or name another graph with --graph.",
        )


def require_same_ledger(states: States, held: Applied | None, where: str | None = None) -> None:
    """Raises: Conflict: what the graph holds is of another ledger than the states."""
    if held and states.applied and held.ledger_id != states.applied.ledger_id:
        raise Conflict(
            f"this graph belongs to ledger {held.ledger_id}, not to {states.applied.ledger_id}",
            where=where,
            next_step="Name the right graph, or replace what it holds: provstore graph rebuild",
        )


def is_projected(states: States, held: Applied | None) -> bool:
    """True when the graph has these states already; what mends the graph is written again."""
    if held is None or states.sequence > held.sequence:
        return False
    return not (states.mend and states.sequence == held.sequence)
