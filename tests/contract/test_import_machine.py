"""Importing again with a memory of earlier imports is importing again: same receipts, same ledger, whatever happened.

Two stores live through the same history; one forgets every import before the next one, so that it always reads.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import provstore
from provstore.model import times
from provstore.model.document import Assertion, Document, Header
from provstore.model.statement import statement
from provstore.model.terms import BY_NAME

TRACKER = Path(__file__).parents[1] / "data" / "mlflow" / "3.17.2-sqlite"
CHANGES = {
    "new point": (
        "INSERT INTO metrics SELECT key, value + 1, timestamp, run_uuid, step + 1000 + :n, is_nan FROM metrics LIMIT 1"
    ),
    "new run": (
        "INSERT INTO runs (run_uuid, name, status, lifecycle_stage, start_time, experiment_id)"
        " VALUES (printf('%032x', :n), 'added', 'FINISHED', 'active', 1790000000000, 1)"
    ),
    "changed tag": "UPDATE tags SET value = value || :n WHERE key = 'mlflow.user'",
    "tag and back": "UPDATE tags SET value = CASE value WHEN 'ada' THEN 'eve' ELSE 'ada' END WHERE key = 'mlflow.user'",
    "deleted run": "UPDATE runs SET lifecycle_stage = 'deleted', deleted_time = 1790000000000 + :n WHERE rowid = 1",
    "gone run": "DELETE FROM runs WHERE run_uuid = (SELECT max(run_uuid) FROM runs)",
    "other table": "UPDATE alembic_version SET version_num = 'unheard-of'",
    "nothing in it": "UPDATE runs SET status = status",
}
FILES = ("mlruns/1/707a44d3fafd4b92b78d9389750c4889/artifacts/config.json", "weights.json")


class Pair:
    """The same store twice; `again` never remembers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.moves = folder, 0
        self.fast, self.slow = self.open()

    def open(self) -> tuple[provstore.Store, provstore.Store]:
        return provstore.open(self.folder / "fast.db"), provstore.open(self.folder / "slow.db")

    def close(self) -> None:
        self.fast.close()
        self.slow.close()

    def forget(self, name: str) -> None:
        with closing(sqlite3.connect(self.folder / name)) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'remembered_import'").fetchone():
                connection.execute("DELETE FROM remembered_import")
                connection.commit()


class ImportMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.tracker = self.folder / "tracker"
        self.tracker.mkdir()
        for name in ("mlflow.db", "weights.json"):
            shutil.copy(TRACKER / name, self.tracker)
        shutil.copytree(TRACKER / "mlruns", self.tracker / "mlruns")
        self.stores = Pair(self.folder)
        self.number = 0

    def teardown(self) -> None:
        report = self.stores.fast.check()
        self.stores.close()
        shutil.rmtree(self.folder)
        assert report["ok"], report["findings"]

    @initialize()
    def import_first(self) -> None:
        self.import_again(dry_run=False, scope="")

    @rule(dry_run=st.sampled_from([False, False, False, True]), scope=st.sampled_from(["", "", "", "lab"]))
    def import_again(self, dry_run: bool, scope: str) -> None:
        self.stores.forget("slow.db")
        fast, slow = (
            store.import_records(self.tracker / "mlflow.db", dry_run=dry_run, scope=scope)
            for store in (self.stores.fast, self.stores.slow)
        )
        assert fast.as_json() | {"document": None} == slow.as_json() | {"document": None}
        assert fast.text() == slow.text()

    @rule(change=st.sampled_from(sorted(CHANGES)))
    def change_the_database(self, change: str) -> None:
        self.number += 1
        with closing(sqlite3.connect(self.tracker / "mlflow.db")) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute(CHANGES[change], {"n": self.number} if ":n" in CHANGES[change] else {})
            connection.commit()

    @rule(mode=st.sampled_from(["WAL", "DELETE"]))
    def change_the_journal(self, mode: str) -> None:
        with closing(sqlite3.connect(self.tracker / "mlflow.db")) as connection:
            connection.execute(f"PRAGMA journal_mode = {mode}")

    @rule(name=st.sampled_from(FILES), content=st.sampled_from([b"one", b"two", b"x" * 70_000, b"y" * 70_000, None]))
    def change_a_file(self, name: str, content: bytes | None) -> None:
        if content is None:
            (self.tracker / name).unlink(missing_ok=True)
        else:
            (self.tracker / name).write_bytes(content)

    @rule(chosen=st.integers(0, 40), erase=st.booleans())
    def withdraw(self, chosen: int, erase: bool) -> None:
        for store in (self.stores.fast, self.stores.slow):
            live = store.ledger.live()
            if live:
                document = live[chosen % len(live)].document
                (store.erase if erase else store.retract)(document, reason="wrong")

    @rule(chosen=st.integers(0, 40), mode=st.sampled_from(["event", "snapshot"]), late=st.booleans())
    def append_to_a_unit(self, chosen: int, mode: str, late: bool) -> None:
        self.number += 1
        time = "2001-01-01T00:00:00Z" if late else times.now()
        said = statement(BY_NAME["entity"].iri, f"urn:e:{self.number}", ())
        for store in (self.stores.fast, self.stores.slow):
            live = store.ledger.live()
            if live:
                unit = live[chosen % len(live)].header.unit
                store.append([Document(Header(unit=unit, mode=mode, event_time=time), (Assertion(None, said),))])

    @rule()
    def move_the_store(self) -> None:
        self.stores.close()
        elsewhere = self.folder / f"moved{self.stores.moves}"
        elsewhere.mkdir()
        for name in ("fast.db", "slow.db"):
            shutil.copy(self.stores.folder / name, elsewhere / name)
        moves = self.stores.moves + 1
        self.stores = Pair(elsewhere)
        self.stores.moves = moves

    @rule()
    def forget(self) -> None:
        self.stores.forget("fast.db")

    @invariant()
    def both_hold_the_same(self) -> None:
        fast, slow = (
            [(e.kind, e.header and e.header.unit, e.content_digest, len(e.opened), len(e.closed)) for e in entries]
            for entries in (self.stores.fast.ledger.entries(), self.stores.slow.ledger.entries())
        )
        assert fast == slow


ImportMachine.TestCase.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
TestImportingAgain = ImportMachine.TestCase
