"""The access log: who read, wrote, exported and administered what, or was refused. In the service's database.

A request is noted before it is answered; when it cannot be noted it is not answered.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final, NamedTuple

from provstore.model import times
from provstore.questions.result import Table
from provstore.server.database import connect, sql, translated
from provstore.server.roles import Caller

COLUMNS: Final = (
    "sequence", "time", "actor", "role", "spaces", "action", "method", "path", "status", "address",
)  # fmt: skip
_SPACES: Final = COLUMNS.index("spaces")
_AFTER_ALL: Final = 2**63 - 1


class Noted(NamedTuple):
    """A request as it is noted. `action`: as in the access rules, or `unknown` where no route was found."""

    caller: Caller | None
    action: str
    method: str
    path: str
    status: int
    address: str | None


class AccessLog:
    """The log in the service's database. Args: path: of the database, made when missing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection = connect(path, configure="configure_log")

    def close(self) -> None:
        """Closes the database."""
        self._connection.close()

    def note(self, noted: Noted) -> None:
        """Notes a request. Raises: BackendUnavailable: it cannot be written."""
        caller = noted.caller
        values = {
            "time": times.now(), "actor": caller and caller.name, "role": caller and caller.role,
            "spaces": _as_text(caller.spaces if caller else None), "action": noted.action, "method": noted.method,
            "path": noted.path, "status": noted.status, "address": noted.address,
        }  # fmt: skip
        with self._lock, translated(self._path):
            self._connection.execute(sql("add_access"), values)

    def read(
        self,
        *,
        limit: int,
        before: int | None = None,
        spaces: Collection[str] | None = None,
        actor: str | None = None,
        action: str | None = None,
    ) -> Table:
        """The newest requests first.

        Args: limit: at most so many. before: older than that sequence. spaces: only of callers who see none but these
        (None: all requests). actor, action: only those.
        """
        asked = {"limit": limit, "before": before, "actor": actor, "action": action}
        values = asked | {"before": _AFTER_ALL if before is None else before, "spaces": _as_text(spaces)}
        with self._lock, translated(self._path):
            rows = self._connection.execute(sql("accesses"), values).fetchall()
        return Table(question="access", parameters=asked, columns=COLUMNS, rows=tuple(map(_shown, rows)))


def _as_text(spaces: Collection[str] | None) -> str | None:
    return None if spaces is None else json.dumps(sorted(spaces))


def _shown(row: tuple[Any, ...]) -> tuple[Any, ...]:
    spaces = row[_SPACES]
    return (*row[:_SPACES], None if spaces is None else json.loads(spaces), *row[_SPACES + 1 :])
