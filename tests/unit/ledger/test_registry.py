"""Which ledger a location means, and what is said when it cannot be opened."""

from __future__ import annotations

import sys

import pytest

from provstore.errors import UsageError
from provstore.ledger.registry import open_ledger
from provstore.ledger.sqlite import SqliteLedger


def test_a_path_is_a_file_and_a_scheme_is_looked_up(tmp_path):
    with open_ledger(tmp_path / "store.db") as ledger:
        assert isinstance(ledger, SqliteLedger)
    with pytest.raises(UsageError, match="mysql://") as caught:
        open_ledger("mysql://ann:geheim@db.example.org/x")
    assert "postgresql://" in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_without_the_driver_its_extra_is_named(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("provstore.ledger.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match="psycopg") as caught:
        open_ledger("postgresql://db.example.org/provenance")
    assert "pip install 'provstore[postgres]'" in str(caught.value)
