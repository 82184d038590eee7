"""Brings an engine up to a history: entries come in, absolute states go out, `applied` last.

In: a history and an engine. Out: an engine that is current. Source: rules 18 to 23.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from provstore.collecting import without_collecting
from provstore.graph.apart import ApartGraph
from provstore.graph.changes import Group, groups, origin_of
from provstore.graph.checking import check
from provstore.graph.contract import Applied, Engine, States
from provstore.graph.current import require_same, status
from provstore.graph.history import History, HistoryEntry, HistoryHead
from provstore.graph.large import large_states, left_states
from provstore.graph.small import NO_SIDS, small_states
from provstore.graph.sweeping import sweep

__all__ = ["catch_up", "check", "follow", "rebuild", "repair", "status"]

# Above this many statements changes are streamed instead of held.
LARGE_STATEMENTS: Final = 5_000


def catch_up(history: History, engine: Engine, *, for_s: float = math.inf) -> int:
    """Projects every entry that the engine lacks; returns the sequence that it is current to.

    Safe to run in several processes at once: whoever comes second finds the work done (rule 23).
    Args: for_s: after so long it ends with the group of entries that it is at.
    Raises: Conflict: the graph is of another ledger, or of another history of this one.
    """
    until = time.monotonic() + for_s
    applied = require_same(history, engine)
    for group in groups(history.entries(applied), LARGE_STATEMENTS):
        with without_collecting():
            engine.apply(_states(history, engine, group, applied))
        applied = group.last.sequence
        if time.monotonic() >= until:
            break
    return applied


def follow(
    history: History, engine: Engine, before: HistoryHead, entries: Sequence[HistoryEntry], sids: Mapping[int, bytes]
) -> bool:
    """Projects entries inside the transaction that writes them; the engine has joined it (contract.InFile).

    Args: history: as that transaction sees it. before: the head that it began with. entries: what it added.
    sids: of entries whose statements' sids are known, 32 bytes each in order, by sequence.
    Returns False, with nothing done, when the graph is not current to `before`, or the change is a large one.
    """
    if engine.applied() != (_applied(before) if before.sequence else None):
        return False
    for group in groups(entries, LARGE_STATEMENTS):
        if _size(history, group) > LARGE_STATEMENTS:
            return False
        with without_collecting():
            engine.apply(_group_states(history, engine, group, before.ledger_id, sids))
    return True


def follow_apart(
    history: History, engine: Engine, before: HistoryHead, entries: Sequence[HistoryEntry], apart: ApartGraph
) -> bool:
    """As `follow`, for one large document whose part of the graph was made while it was read.

    Returns False, with nothing done, also when more happened than that this document became live.
    """
    found = list(groups(entries, LARGE_STATEMENTS))
    if engine.applied() != (_applied(before) if before.sequence else None) or len(found) > 1:
        return False
    for group in found:
        if len(group.opened) != 1 or group.closed:
            return False
        apart.copy()
        last = group.last
        applied = States(last.sequence, applied=Applied(before.ledger_id, last.sequence, last.root.hex()))
        engine.apply(chain(left_states(history, engine, last.sequence, apart.left), [applied]))
    return True


def rebuild(history: History, engine: Engine) -> int:
    """Replaces what the engine holds by what the history says; returns the sequence that it is current to."""
    engine.drop()
    return catch_up(history, engine)


def repair(history: History, engine: Engine) -> int:
    """Mends whatever the engine has lost or holds in error; returns how many nodes and edges were wrong."""
    sequence = require_same(history, engine)
    # Before anything is added: what is damaged may be what an entry changes.
    found = sweep(history, engine, sequence, mend=True) if sequence else None
    if found and found.wrong:
        engine.apply([found.states])
    catch_up(history, engine)
    return found.wrong if found else 0


def _states(history: History, engine: Engine, group: Group, applied: int) -> Iterator[States]:
    """The states of a group; read by the engine under its write lock, so that nobody comes between."""
    held = engine.applied()
    if (held.sequence if held else 0) != applied:
        return
    head = history.head()
    yield States(group.last.sequence, prefixes=head.prefixes)
    yield from _group_states(history, engine, group, head.ledger_id)


def _group_states(
    history: History, engine: Engine, group: Group, ledger_id: str, sids: Mapping[int, bytes] = NO_SIDS
) -> Iterator[States]:
    sequence = group.last.sequence
    if engine.unfinished or any(origin_of(history.document(one).entry) is None for one in group.closed):
        # What an erased document said is gone (rule 13), what was half written is anything: only a comparison tells.
        yield sweep(history, engine, sequence).states
    elif _size(history, group) > LARGE_STATEMENTS:
        yield from large_states(history, engine, group)
    else:
        yield from small_states(history, engine, group, sids)
    yield States(sequence, applied=Applied(ledger_id, sequence, group.last.root.hex()))


def _size(history: History, group: Group) -> int:
    return sum(history.document(one).entry.statements for one in chain(group.opened, group.closed))


def _applied(head: HistoryHead) -> Applied:
    return Applied(head.ledger_id, head.sequence, head.root.hex())
