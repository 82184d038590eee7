"""The one composition root: a location comes in, a `Store` goes out that takes records in and answers questions.

It opens a ledger and a graph, keeps the graph current, and hands both to the questions; it has no logic of its own.
"""

from __future__ import annotations

from provstore.store.copying import copy
from provstore.store.receipt import IntakeReceipt
from provstore.store.store import Store

__all__ = ["IntakeReceipt", "Store", "copy"]
