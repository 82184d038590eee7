"""What earlier imports of a path brought, so that an import can count what is gone from its source.

In: a finished import. Out: the units that are kept though this import did not bring them (rule 31). Unlike what is
remembered (`remembering`), it is kept whatever happens to the findings, and nothing is skipped because of it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from provstore import resources
from provstore.errors import BackendUnavailable
from provstore.importers.contract import Request
from provstore.ledger.database import connect
from provstore.ledger.database import sql as ledger_sql
from provstore.store.receipt import IntakeReceipt
from provstore.transactions import run_script, transaction

_FOLDER: Final = "schema/imports/sqlite"


@dataclass(frozen=True, slots=True)
class Brought:
    """What imports brought into the store in the file `path`.

    Args: busy_timeout_s: as in the settings.
    """

    path: Path
    busy_timeout_s: float

    def gone(self, request: Request, receipt: IntakeReceipt) -> list[str]:
        """The units of the live snapshots that earlier imports of this path brought and the finished one did not.

        A store that cannot be written now counts nothing; the import is durable all the same.
        """
        with (
            suppress(sqlite3.Error, zlib.error, BackendUnavailable),
            closing(connect(self.path, self.busy_timeout_s)) as connection,
        ):
            run_script(connection, _sql("create_brought"))
            with transaction(connection, ledger_sql):
                return _exchange(connection, _key(request, receipt.kind), receipt.delivered)
        return []


def _exchange(connection: sqlite3.Connection, key: bytes, delivered: list[int]) -> list[str]:
    row = connection.execute(_sql("get_brought"), (key,)).fetchone()
    before = json.loads(zlib.decompress(row[0])) if row else []
    present = {*delivered}
    asked = json.dumps(sorted({*before, *present}))
    units = dict(connection.execute(_sql("live_snapshots"), (asked,)).fetchall())
    if list(units) != before:
        connection.execute(_sql("put_brought"), (key, zlib.compress(json.dumps(list(units)).encode())))
    return [unit for number, unit in units.items() if number not in present]


def _key(request: Request, kind: str | None) -> bytes:
    full = request.path if "://" in request.path else os.path.abspath(request.path)
    said = (kind, full, request.scope, request.space)
    return sha256(json.dumps(said).encode()).digest()


def _sql(name: str) -> str:
    return resources.text(f"{_FOLDER}/{name}.sql").strip()
