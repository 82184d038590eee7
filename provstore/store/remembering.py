"""What the last import of a path saw and delivered, so that the same import again need not read.

In: a finished import. Out: its receipt again, when it is proved that reading would give nothing new: everything that
the import looked at is as it was (`importers.footprint`), and every document that it delivered would be a duplicate
by rule 9 (`ledger.units.repeatable`). Without that proof the import reads (docs/decisions/0011).
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from provstore import __version__, resources
from provstore.errors import BackendUnavailable
from provstore.importers.contract import Importer, Request, Unmapped
from provstore.importers.footprint import Footprint, Place
from provstore.importers.redaction import redact
from provstore.importers.retracing import retrace
from provstore.ledger.database import SqliteSession, connect
from provstore.ledger.database import sql as ledger_sql
from provstore.ledger.units import repeatable
from provstore.store.receipt import IntakeReceipt
from provstore.transactions import run_script, transaction

_FOLDER: Final = "schema/imports/sqlite"
# A memory that cannot be read or written costs time, never an import.
_FORGETFUL: Final = (sqlite3.Error, zlib.error, BackendUnavailable)
_TOLD: Final = ("statements", "elements", "warnings", "refused")


@dataclass(frozen=True, slots=True)
class Memory:
    """The remembered imports of the store in the file `path`.

    Args: busy_timeout_s: as in the settings.
    """

    path: Path
    busy_timeout_s: float

    def recall(self, importer: Importer, request: Request) -> IntakeReceipt | None:
        """The receipt that importing again would give, or None when that is not proved."""
        with suppress(*_FORGETFUL), self._connected() as connection:
            known = _known(connection, _key(importer, request))
            if known is None:
                return None
            looked = retrace([Place(*place) for place in known["places"]])
            if not looked.is_steady or looked.digest().hex() != known["footprint"]:
                return None
            found = repeatable(SqliteSession(connection), known["delivered"], events=not importer.immutable)
            if found is None or _digest(found) != known["documents"]:
                return None
            return IntakeReceipt(
                path=request.path,
                kind=importer.kind,
                sha256=looked.whole(request.path),
                duplicate_documents=len(found),
                documents=found[:2],
                delivered=known["delivered"],
                sequence=max(known["delivered"], default=0),
                unmapped=[Unmapped(**field) for field in known["unmapped"]],
                **{name: known[name] for name in _TOLD},
            )
        return None

    def remember(self, importer: Importer, request: Request, footprint: Footprint, receipt: IntakeReceipt) -> None:
        """Remembers a finished import, unless importing it again would store something (rule 9)."""
        if not footprint.is_sure or _holds_secret(footprint):
            return
        with suppress(*_FORGETFUL), self._connected() as connection:
            run_script(connection, _sql("create"))
            # Nobody erases a document between the check and the commit.
            with transaction(connection, ledger_sql):
                found = repeatable(SqliteSession(connection), receipt.delivered, events=not importer.immutable)
                if found is None:
                    return
                memory = {
                    "places": footprint.places,
                    "footprint": footprint.digest().hex(),
                    "delivered": receipt.delivered,
                    "documents": _digest(found),
                    "unmapped": [asdict(field) for field in receipt.unmapped],
                    **{name: getattr(receipt, name) for name in _TOLD},
                }
                packed = zlib.compress(json.dumps(memory).encode())
                connection.execute(_sql("put"), (_key(importer, request), packed))

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own."""
        with closing(connect(self.path, self.busy_timeout_s)) as connection:
            yield connection


def _known(connection: sqlite3.Connection, key: bytes) -> dict[str, Any] | None:
    if not connection.execute(_sql("exists")).fetchone()[0]:
        return None
    row = connection.execute(_sql("get"), (key,)).fetchone()
    known: dict[str, Any] | None = json.loads(zlib.decompress(row[0])) if row else None
    return known


def _key(importer: Importer, request: Request) -> bytes:
    """Everything besides the footprint that a document, or a message about one, depends on."""
    said = (
        __version__, importer.kind, importer.version, request.path, os.path.abspath(request.path),
        request.scope, request.space, request.actor,
    )  # fmt: skip
    return sha256(json.dumps(said).encode()).digest()


def _sql(name: str) -> str:
    return resources.text(f"{_FOLDER}/{name}.sql").strip()


def _digest(documents: Sequence[str]) -> str:
    return sha256("\n".join(documents).encode()).hexdigest()


def _holds_secret(footprint: Footprint) -> bool:
    """True when a path looks like a secret, which is never stored (docs/reference/redaction.md)."""
    return redact("", "\n".join("\n".join(place[1:]) for place in footprint.places))[1]
