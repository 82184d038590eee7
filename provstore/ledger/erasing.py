"""Erasing a document's content: what nobody else asserts goes, the leaf hashes stay (rule 13).

Runs inside the transaction of its caller, with SQLite's secure_delete on, so that freed bytes are overwritten.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice

from provstore.ledger.database import sql
from provstore.ledger.preparing import prepare, sid_keys
from provstore.model.document import Assertion
from provstore.model.statement import parse_record

_AT_ONCE = 2_000


def erase_content(connection: sqlite3.Connection, document: int) -> None:
    """Deletes the document's assertions, and the records, blobs and bundle names that only it had.

    Its salts, its header, its content digest and its idempotency key go too.
    """
    connection.execute(sql("secure_delete"))
    values = {"document": document}
    bundles = [row[0] for row in connection.execute(sql("bundles_of_document"), values)]
    while rows := list(islice(_only_here(connection, document), _AT_ONCE)):
        _delete_statements(connection, rows)
    connection.execute(sql("delete_assertions"), values)
    connection.executemany(sql("delete_bundle"), [(bundle,) for bundle in bundles])
    connection.execute(sql("delete_blobs"), values)
    connection.execute(sql("delete_attachments"), values)
    connection.execute(sql("delete_idempotency"), values)
    connection.execute(sql("blank_document"), values)
    connection.execute(sql("blank_entry"), values)


def _only_here(connection: sqlite3.Connection, document: int) -> Iterator[tuple[int, str]]:
    return iter(connection.execute(sql("statements_only_of_document"), {"document": document, "limit": _AT_ONCE}))


def _delete_statements(connection: sqlite3.Connection, rows: list[tuple[int, str]]) -> None:
    for number, record in rows:
        made = prepare(Assertion(None, parse_record(record)))
        connection.execute(sql("delete_sid"), (sid_keys(made.sid)[0], number))
        connection.executemany(sql("delete_mention"), [(key, slot, number) for key, slot in made.mentions])
    connection.executemany(sql("delete_statement"), [(number,) for number, _ in rows])
