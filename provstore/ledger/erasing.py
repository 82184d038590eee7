"""Erasing a document's content: what nobody else asserts goes, the leaf hashes stay (rule 13).

Runs inside the transaction of its caller. The ledger sees to it that the freed bytes do not stay on the disk.
"""

from __future__ import annotations

from provstore.ledger.preparing import prepare, sid_keys
from provstore.ledger.session import Session
from provstore.model.document import Assertion
from provstore.model.statement import parse_record

_AT_ONCE = 2_000


def erase_content(session: Session, document: int) -> None:
    """Deletes the document's assertions, and the records, blobs and bundle names that only it had.

    Its salts, its header, its content digest and its idempotency key go too.
    """
    values = {"document": document}
    bundles = [row[0] for row in session.rows("bundles_of_document", values)]
    while rows := session.rows("statements_only_of_document", {"document": document, "limit": _AT_ONCE}):
        _delete_statements(session, rows)
    session.run("delete_assertions", values)
    session.run_many("delete_bundle", [{"id": bundle} for bundle in bundles])
    for name in ("delete_blobs", "delete_attachments", "delete_idempotency", "blank_document", "blank_entry"):
        session.run(name, values)


def _delete_statements(session: Session, rows: list[tuple[int, str]]) -> None:
    for number, record in rows:
        made = prepare(Assertion(None, parse_record(record)))
        session.run("delete_sid", (sid_keys(made.sid)[0], number))
        session.run_many("delete_mention", [(key, slot, number) for key, slot in made.mentions])
    session.run_many("delete_statement", [(number,) for number, _ in rows])
