"""Stores that earlier versions wrote give the same answers and roots; migrations only go forward."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from provstore.ledger import database, merkle
from provstore.ledger.checking import check
from provstore.ledger.sqlite import SqliteLedger
from provstore.model.document import Assertion
from provstore.model.statement import reference, statement
from provstore.model.terms import PROV, PS, RECORD_TYPES
from tests.support.ledgers import activity, associated, at, document, entity, inside, iri, used

STORES = sorted((Path(__file__).parents[2] / "data" / "stores").glob("ledger-*.db"))
DIGEST = "sha256:" + "ab" * 32
# Of every version, since all were made by the same script with the same clock and salts.
ROOT = "08222d0c1aca0c93a1d3a9c1abddaa180472cb7c7d8b8545bd66396bf62713a9"


@pytest.fixture(params=STORES, ids=lambda path: path.stem)
def old(request, tmp_path):
    shutil.copy(request.param, tmp_path / "store.db")
    with SqliteLedger(tmp_path / "store.db", create=False) as ledger:
        yield ledger
        assert check(ledger).findings == []


def test_there_is_a_store_of_every_version():
    assert [path.stem for path in STORES] == [f"ledger-{number:03}" for number, _ in database.migrations()]


def test_an_old_store_has_the_same_root(old):
    head = old.head()
    assert (head.sequence, head.tree_size, head.time) == (8, 316, at(20))
    assert head.root.hex() == ROOT
    assert head.prefixes == (("ex", "http://example.org/"),)
    for earlier in range(1, 8):
        (proof,) = old.proof(since=old.head(earlier).tree_size)
        assert merkle.verify_consistency(proof.index, 316, old.head(earlier).root, head.root, proof.path)


def test_an_old_store_gives_the_same_answers(old):
    assert [entry.sequence for entry in old.live()] == [1, 2, 7, 8]
    assert [entry.sequence for entry in old.live(as_of=4)] == [3, 4]
    first = old.document(next(iter(old.entries())).document)
    assert list(first.assertions) == [
        Assertion(None, activity("train", start=at(1), status="running")),
        Assertion(None, used("train", "data")),
        Assertion(None, entity("data", digest=DIGEST)),
    ]
    assert old.blob(first.entry.blobs[0]) == b"a blob"
    assert [m.claim.statement for m in old.about([DIGEST])] == [entity("data", digest=DIGEST)]
    assert [m.claim.origin.space for m in old.about([iri("ann")])] == ["other"]
    assert [m.claim.statement for m in old.about([iri("plan")])] == [associated("train", "ann", "plan")]
    assert [entry.kind for entry in old.entries(4)] == ["retract", "erase", "append", "append"]
    assert list(old.about([iri("person")], as_of=3)) == []


def test_an_old_store_can_be_written(old):
    again = document(
        "run/1", activity("train", start=at(1), status="running"), used("train", "data"), entity("data", digest=DIGEST),
        event_time=1, idempotency_key="once",
    )  # fmt: skip
    outcomes = [receipt.outcome for receipt in old.append([again, document("new", inside("b", entity("x")))])]
    assert outcomes == ["duplicate", "new"]
    assert PS not in [namespace for _, namespace in old.head().prefixes]


def test_the_second_version_finds_identifiers_of_statements_that_the_first_did_not_index(tmp_path):
    path = tmp_path / "store.db"
    derived = statement(
        PROV + "Derivation",
        iri("d"),
        [
            reference(PROV + "generatedEntity", iri("e2")),
            reference(PROV + "usedEntity", iri("e1")),
            reference(PROV + "generation", iri("g")),
            reference(PROV + "usage", iri("u")),
        ],
    )
    named = [statement(record.iri, iri(record.name), []) for record in RECORD_TYPES]
    with SqliteLedger(path) as ledger:
        ledger.append([document("unit", derived, *named, used("a", "e1"))])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM mention WHERE slot IN (1, 2) OR (slot % 4 = 0 AND slot > 12)")
        assert connection.total_changes == 21
        connection.execute("UPDATE ledger SET version = 1")
    with SqliteLedger(path, create=False) as migrated:
        assert check(migrated).findings == []
        assert list(migrated.stated("default", None).identified(iri("d"))) == [derived]


def test_migrations_are_numbered_without_a_gap():
    assert [number for number, _ in database.migrations()] == list(range(1, len(database.migrations()) + 1))
