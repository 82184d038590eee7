"""A server from which nothing comes back: how long its first word is waited for, and that this is done once.

A call asks a server several times, and each would wait anew; a server that was silent is left alone for a while.
"""

from __future__ import annotations

import time
from typing import Final

from provstore.errors import BackendUnavailable

# For the connection, with the protocol's first exchange: whether anybody is there at all. A request may take longer.
FIRST_WORD_S: Final = 10.0
# For how long it is not asked again.
SILENT_S: Final = 30.0


class Silence:
    """The silence of one server. Args: where: its location."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._until = 0.0
        self._waited_s = 0.0

    def require_over(self) -> None:
        """Raises: BackendUnavailable: the server was silent a moment ago."""
        if time.monotonic() < self._until:
            raise self._error()

    def met(self, waited_s: float) -> BackendUnavailable:
        """Notes that the server is silent; the error that says so."""
        self._until = time.monotonic() + SILENT_S
        self._waited_s = waited_s
        return self._error()

    def _error(self) -> BackendUnavailable:
        return BackendUnavailable(
            f"nothing comes back from the graph server (within {self._waited_s:.3g} s)",
            where=self._where,
            next_step="The ledger is not touched. See to the server, and whether it can be reached from here; after"
            f" {SILENT_S:g} s: provstore graph catch-up",
        )
