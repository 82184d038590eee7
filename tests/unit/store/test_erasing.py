"""What is erased is gone from every file of the store when `erase` returns, though the store stays open (rule 13)."""

from __future__ import annotations

from pathlib import Path

import pytest

import provstore
from provstore.graph.sqlite import SqliteEngine
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
