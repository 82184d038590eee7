"""What is erased is gone from every file of the store when `erase` returns, though the store stays open (rule 13)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import provstore
from provstore.graph import sqlite as graph
from provstore.graph.sqlite import SqliteEngine
from provstore.ledger import sqlite as ledger
from provstore.store.forgetting import REMAINS
from tests.support.ledgers import derived, document, entity


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize("graph", ["", "graph.db"])
def test_what_is_erased_is_in_no_file_of_an_open_store(tmp_path: Path, graph: str) -> None:
    where = str(tmp_path / graph) if graph else ""
    with (
        provstore.open(tmp_path / "store.db", graph=where) as store,
        provstore.open(tmp_path / "store.db", graph=where) as other,
    ):
        other.append([document("kept", entity("hub", label="kept"))])
        receipts = [
            store.append(
                [document(f"u{n}", entity(f"hush{n}-name", label=f"hush{n} text"), derived(f"hush{n}-name", "hub"))]
            )[0]
            for n in range(5)
        ]
        for number, receipt in enumerate(receipts):
            assert f"hush{number} text".encode() in bytes_of(tmp_path)
            store.erase(receipt.document, reason="asked for")
            assert f"hush{number}".encode() not in bytes_of(tmp_path)
        assert other.find("").nodes == store.find("").nodes
        assert store.check()["findings"] == []
    assert b"kept" in bytes_of(tmp_path)


def test_what_moves_in_a_file_leaves_nothing_behind_on_any_build_of_sqlite(tmp_path: Path) -> None:
    with provstore.open(tmp_path / "store.db") as store:
        assert isinstance(store.engine, SqliteEngine)
        for connection in (store.ledger._writer, store.engine._connection):
            # Builds differ in what it is when nobody says.
            assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_somebody_who_reads_what_was_before_is_told_of_and_what_is_erased_goes_when_they_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "FOLD_WAIT_S", 0.1)
    monkeypatch.setattr(graph, "FOLD_WAIT_S", 0.1)
    with provstore.open(tmp_path / "store.db") as store:
        receipts = store.append([document(f"u{n}", entity(f"hush{n}", label=f"hush{n} text")) for n in range(2)])
        with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            answer = store.erase(receipts[0].document, reason="asked for")
            assert (answer["outcome"], answer["warnings"]) == ("erased", [REMAINS])
            assert b"hush0" in bytes_of(tmp_path)
        assert "warnings" not in store.erase(receipts[1].document, reason="asked for")
        assert b"hush" not in bytes_of(tmp_path)
