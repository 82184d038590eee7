"""Every single-bit flip in what the ledger protects is found by `check`, and located."""

from __future__ import annotations

import random
import sqlite3

import pytest

from provstore.errors import ProvstoreError
from provstore.ledger.checking import check
from provstore.ledger.contract import Retraction
from provstore.ledger.sqlite import SqliteLedger
from tests.support.ledgers import document, entity, inside, used

# Every column that holds something, by table; the first ones are those that the design names.
PROTECTED = [
    ("statement", "record"), ("entry", "salt"), ("document", "salt"), ("entry", "header"), ("blob", "bytes"),
    ("tile", "hashes"), ("statement", "record"), ("blob", "bytes"), ("tile", "hashes"), ("entry", "header"),
    ("entry", "time"), ("entry", "actor"), ("entry", "reason"), ("entry", "kind"), ("entry", "opened"),
    ("entry", "closed"), ("entry", "root"), ("entry", "first_leaf"), ("entry", "leaves"), ("entry", "document"),
    ("document", "digest"), ("document", "space"), ("document", "unit"), ("document", "mode"),
    ("document", "event_time"), ("document", "content_digest"), ("document", "statements"),
    ("document", "first_leaf"), ("document", "derived"), ("document", "withdrawn"), ("live", "since"),
    ("live", "until"), ("sid", "key"), ("sid", "statement"), ("mention", "key"), ("mention", "slot"),
    ("mention", "statement"), ("assertion", "statement"), ("assertion", "document"), ("assertion", "bundle"),
    ("assertion", "leaf"), ("bundle", "iri"), ("blob", "sha256"), ("attachment", "sha256"),
    ("attachment", "document"), ("prefix", "prefix"), ("prefix", "namespace"), ("idempotency", "key"),
    ("idempotency", "document"), ("idempotency", "actor"),
]  # fmt: skip
KEYS = {"live": "document", "sid": "key", "mention": "key", "attachment": "document", "idempotency": "key"}


@pytest.fixture
def store(tmp_path):
    """A store with something in every table; returns its path."""
    path = tmp_path / "store.db"
    with SqliteLedger(path) as ledger:
        for number in range(12):
            ledger.append([
                document(
                    f"u{number % 5}", *[entity(f"e{number}-{k}", label="x" * k) for k in range(25)],
                    used("a", f"e{number}"), inside(f"b{number % 3}", entity("shared")), event_time=number,
                    blobs=[b"bytes %d" % number * 9], idempotency_key=f"k{number}", reason="because",
                    namespaces={None: {f"p{number}": f"http://n{number}/"}},
                )
            ])  # fmt: skip
        ledger.append([Retraction(ledger.live("u3")[0].document, "wrong")])
        assert check(ledger).ok
    return path


def flipped(value, chosen):
    if isinstance(value, int):
        return value ^ 1 << chosen.randrange(40)
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    raw[chosen.randrange(len(raw))] ^= 1 << chosen.randrange(8)
    return bytes(raw)


def flip_in_column(path, table, column, chosen):
    """Flips a bit of one value; None when the table already has such a row."""
    name = KEYS.get(table, "rowid")
    database = sqlite3.connect(path)
    rows = database.execute(f"SELECT {name}, {column} FROM {table} WHERE {column} IS NOT NULL").fetchall()
    which, value = chosen.choice(rows)
    new = flipped(value, chosen)
    place = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
    update = f"UPDATE OR IGNORE {table} SET {column} = {place} WHERE {name} = ? AND {column} = ?"
    changed = database.execute(update, (new, which, value)).rowcount
    database.commit()
    database.close()
    return (table, column, which, value, new) if changed else None


def findings(path):
    try:
        with SqliteLedger(path) as ledger:
            return check(ledger).findings
    except ProvstoreError as error:
        return [str(error)]


def test_200_bit_flips_in_columns_are_found(store):
    chosen = random.Random(20261121)
    whole = store.read_bytes()
    for number in range(200):
        table, column = PROTECTED[number % len(PROTECTED)]
        told = None
        while told is None:
            told = flip_in_column(store, table, column, chosen)
        assert findings(store), (number, told)
        store.write_bytes(whole)
    assert findings(store) == []


def test_100_bit_flips_in_the_file_are_found(store):
    """Flips where records, salts, headers, blobs and leaves lie in the file."""
    chosen = random.Random(20261122)
    with sqlite3.connect(store) as database:
        columns = [
            [row[0] for row in database.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")]
            for table, column in PROTECTED[:6]
        ]
    database.close()
    whole = store.read_bytes()
    for number in range(100):
        value = chosen.choice(columns[number % 6])
        raw = value.encode() if isinstance(value, str) else value
        piece = raw[:400]  # a longer value may be spread over several pages
        at = whole.index(piece) + chosen.randrange(len(piece))
        damaged = bytearray(whole)
        damaged[at] ^= 1 << chosen.randrange(8)
        store.write_bytes(damaged)
        assert findings(store), (number, value, at)
    store.write_bytes(whole)
    assert findings(store) == []


def test_the_damaged_record_is_named(store):
    with sqlite3.connect(store) as database:
        database.execute("UPDATE statement SET record = replace(record, 'xxxxx', 'xxxyx') WHERE id = 10")
    database.close()
    with SqliteLedger(store) as ledger:
        (entry,) = [entry for entry in ledger.entries() if entry.sequence == 1]
        assert (f"assertion 9 of {entry.document}", "leaf 10 is not the hash of its content") in check(ledger).findings


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM entry WHERE sequence = 4",
        "DELETE FROM entry WHERE sequence = 13",
        "DELETE FROM document WHERE sequence = 4",
        "DELETE FROM assertion WHERE leaf = 30",
        "DELETE FROM statement WHERE id = 30",
        "DELETE FROM sid WHERE statement = 30",
        "DELETE FROM mention WHERE statement = 30",
        "DELETE FROM live WHERE document = 4",
        "DELETE FROM blob WHERE rowid = 4",
        "DELETE FROM attachment WHERE document = 4",
        "DELETE FROM tile WHERE id = 0",
        "DELETE FROM prefix WHERE number = 4",
        "DELETE FROM idempotency WHERE document = 4",
        "INSERT INTO statement (record) SELECT replace(record, 'e0', 'e9') FROM statement WHERE id = 1",
        "INSERT INTO assertion SELECT 999, statement, document, bundle FROM assertion WHERE leaf = 1",
        "INSERT INTO mention VALUES (1, 4, 1)",
        "INSERT INTO sid VALUES (1, 1)",
        "INSERT INTO tile VALUES (77, x'00')",
        "INSERT INTO live VALUES (1, 7, NULL)",
        "UPDATE assertion SET statement = (SELECT statement FROM assertion WHERE leaf = 3) WHERE leaf = 2",
    ],
)
def test_what_an_administrator_adds_removes_or_swaps_is_found(store, tampering):
    with sqlite3.connect(store) as database:
        assert database.execute(tampering).rowcount > 0
    database.close()
    assert findings(store)
