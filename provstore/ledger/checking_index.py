"""Step (4) of `check`: statements are canonical, and the indexes hold what follows from them, no more and no less."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from provstore.batches import in_batches
from provstore.ledger.leaves import parse_header
from provstore.ledger.preparing import prepare, sid_keys
from provstore.ledger.reading import Reading
from provstore.ledger.report import Report
from provstore.model.document import Assertion
from provstore.model.names import Prefixes
from provstore.model.statement import parse_record, statement

_AT_ONCE = 5_000
Row = tuple[int, ...]


def check(reading: Reading, report: Report) -> None:
    """Every record is canonical and asserted; `sid` and `mention` are complete and hold nothing else."""
    sids = mentions = 0
    stored = reading.stream("all_statements")
    for rows in in_batches(stored, _AT_ONCE):
        expected_sids, expected_mentions = _expected(rows, report)
        _require(reading, report, "sid_rows", expected_sids)
        _require(reading, report, "mention_rows", expected_mentions)
        sids, mentions = sids + len(expected_sids), mentions + len(expected_mentions)
        report.checked.update(statements=len(rows))
    if reading.rows("count_index") != [(sids, mentions)]:
        report.add("index", "the index holds rows that follow from no statement")
    for (number,) in reading.rows("unasserted_statements"):
        report.add(f"statement {number}", "nobody asserts it")


def check_names(reading: Reading, report: Report) -> None:
    """The prefixes are those that the documents declared, in order; idempotency keys those of the headers."""
    prefixes = Prefixes()
    known = len(dict(prefixes.items()))
    keys: set[tuple[str, str, str, int]] = set()
    for sequence, actor, header in reading.stream("all_headers"):
        given = parse_header(header)
        for scope in given.namespaces.values():
            for prefix, namespace in scope.items():
                prefixes.register(prefix, namespace)
        if given.idempotency_key is not None:
            keys.add((given.space, actor, given.idempotency_key, sequence))
    expected = list(prefixes.items())[known:]
    stored = reading.rows("prefixes", {"sequence": 2**62})
    # What an erased header declared is not known any more.
    if stored != expected and not reading.rows("any_erased"):
        report.add("prefixes", "they are not those that the documents declared")
    if set(reading.rows("all_idempotency_keys")) != keys:
        report.add("idempotency keys", "they are not those of the documents")
    report.checked.update(prefixes=len(stored))


def _expected(rows: list[Any], report: Report) -> tuple[set[Row], set[Row]]:
    """The index rows that follow from these statements."""
    sids: set[Row] = set()
    mentions: set[Row] = set()
    for number, record in rows:
        stated = parse_record(record)
        made = prepare(Assertion(None, statement(*stated)))
        if made.record != record or made.sid != sha256(record.encode()).digest():
            report.add(f"statement {number}", "the record is not canonical")
        sids.add((sid_keys(made.sid)[0], number))
        mentions.update((key, slot, number) for key, slot in made.mentions)
    return sids, mentions


def _require(reading: Reading, report: Report, name: str, expected: set[Row]) -> None:
    found = set(reading.rows(name, {"rows": json.dumps(sorted(expected))}))
    for row in sorted(expected - found):
        report.add(f"statement {row[-1]}", f"the index misses a row of it: {row}")
