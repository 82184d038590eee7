"""Empty ledgers, in a file or in a database of the test run's PostgreSQL server."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.postgres import PostgresLedger
from provstore.ledger.sqlite import SqliteLedger
from provstore.settings import Settings
from tests.support import servers
from tests.support.ledgers import folder_in_memory

# Of provstore_local.KINDS; and, for tests that hold of every ledger, their kinds.
SERVER = os.environ.get("PROVSTORE_TEST_POSTGRES", "postgres")
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.servers)]

_free: defaultdict[str, list[Database]] = defaultdict(list)
_made = 0


@dataclass(frozen=True)
class Database:
    """A database of the test's own. `environment`: for a process that opens it."""

    url: str
    password: str

    @property
    def settings(self) -> Settings:
        return Settings(store=self.url, store_password=self.password)

    @property
    def environment(self) -> dict[str, str]:
        return {"PROVSTORE_STORE": self.url, "PROVSTORE_STORE_PASSWORD": self.password}

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(make_conninfo(self.url, password=self.password), autocommit=True)

    def execute(self, text: str, values: Any = None) -> list[Any]:
        """Runs one statement behind the ledger's back."""
        with self.connect() as connection:
            cursor = connection.execute("SET search_path = provstore") and connection.execute(text, values)
            return cursor.fetchall() if cursor.description else []

    def ledger(self, **given: Any) -> PostgresLedger:
        return PostgresLedger(self.url, **{"settings": self.settings, **given})


@contextmanager
def database(kind: str = SERVER) -> Iterator[Database]:
    """An empty database on the server of that kind, nobody else's as long as it is used."""
    if not _free[kind]:
        _free[kind].append(_new_database(kind))
    found = _free[kind].pop()
    found.execute("DROP SCHEMA IF EXISTS provstore CASCADE")
    yield found
    _free[kind].append(found)


@contextmanager
def empty_ledger(kind: str, **given: Any) -> Iterator[DatabaseLedger]:
    """An empty ledger of that kind (of KINDS)."""
    if kind == "sqlite":
        with folder_in_memory() as folder, SqliteLedger(Path(folder) / "store.db", **given) as ledger:
            yield ledger
    else:
        with database() as found, found.ledger(**given) as ledger:
            yield ledger


def _new_database(kind: str) -> Database:
    global _made
    server = servers.server(kind)
    _made += 1
    name = f"test_{os.getpid()}_{_made}"
    Database(server.url, server.password).execute(f"CREATE DATABASE {name}")
    return Database(server.url.rpartition("/")[0] + "/" + name, server.password)
