"""A process that has a file open keeps it: others that open and close it take no log away from under it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import provstore
from provstore.server import database
from tests.support.ledgers import document, entity

ROOT = Path(__file__).parents[2]


def elsewhere(code, path):
    """Runs Python code in another process, with `path`; what it prints."""
    command = [sys.executable, "-c", f"import sys; path = sys.argv[1]\n{code}", str(path)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


APPENDS = """
import provstore
from tests.support.ledgers import document, entity
with provstore.open(path) as store:
    store.append([document("other", entity("other"))])
"""
COUNTS = """
import provstore
with provstore.open(path) as store:
    print(store.ledger.head().sequence, store.find().total)
"""


@pytest.mark.parametrize("times_open", [1, 2])
def test_what_an_open_store_stores_is_seen_by_others_whoever_closed_the_file_meanwhile(tmp_path, times_open):
    path = tmp_path / "store.db"
    stores = [provstore.open(path) for _ in range(times_open)]
    try:
        elsewhere(APPENDS, path)
        stores[0].append([document("mine", entity("mine"))])
        assert elsewhere(COUNTS, path) == "2 2"
        elsewhere(APPENDS.replace('"other"', '"third"'), path)
        assert stores[-1].ledger.head().sequence == 3
        assert stores[0].check()["ok"]
    finally:
        for store in stores:
            store.close()
    assert elsewhere(COUNTS, path) == "3 3"


def test_the_database_of_the_service_is_kept_by_whoever_has_it_open(tmp_path):
    path = tmp_path / "service.db"
    opens = "from provstore.server import database\ndatabase.connect(__import__('pathlib').Path(path)).close()"
    with closing(database.connect(path)) as one, closing(database.connect(path)) as two:
        elsewhere(opens, path)
        for connection in (one, two):
            connection.execute("PRAGMA user_version = 7")
        seen = "import sqlite3\nprint(sqlite3.connect(path).execute('PRAGMA user_version').fetchone()[0])"
        assert elsewhere(seen, path) == "7"
