"""A full disk and a read-only one: a clear error, nothing half written, and on it goes when there is room."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import tempfile
from multiprocessing import get_context
from pathlib import Path

import pytest

from provstore.errors import BackendUnavailable
from provstore.ledger import spool
from provstore.ledger.apart import Apart
from provstore.ledger.checking import check
from provstore.ledger.sqlite import SqliteLedger
from provstore.model.document import Assertion, Document
from provstore.settings import Settings
from tests.support.ledgers import document, entity, iri

FORK = get_context("fork")
NOBODY = 65_534
STORES = Path(__file__).parents[1] / "data" / "stores"


def run(target, *arguments):
    process = FORK.Process(target=target, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0


def _fills(path, room):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with SqliteLedger(path) as ledger:
        ledger.append([document("u", entity("before"))])
        head = ledger.head()
        log = path.with_name(path.name + "-wal")
        resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + room, resource.RLIM_INFINITY))
        given = [document("v", *[entity(f"e{n}", label="x" * 40) for n in range(2_000)])]
        with pytest.raises(BackendUnavailable) as caught:
            ledger.append(given)
        assert caught.value.next_step
        assert ledger.head() == head
        assert [m.iri for m in ledger.about(None)] == [iri("before")]
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert ledger.append(given)[0].outcome == "new"
        assert check(ledger).findings == []


def test_at_20_points_of_a_full_disk_old_data_is_readable_and_writing_resumes(tmp_path):
    for point in range(20):
        run(_fills, tmp_path / f"{point}.db", point * 20_000)


def _spools(path):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    spool.MEMORY_BYTES = 100_000
    with SqliteLedger(path) as ledger:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, resource.RLIM_INFINITY))
        with pytest.raises(BackendUnavailable):
            ledger.append([document("v", *[entity(f"e{n}", label="x" * 40) for n in range(10_000)])])
        assert ledger.head().sequence == 0
        assert [one.name for one in path.parent.iterdir() if "-" not in one.name] == ["store.db"]


def test_a_full_disk_while_spooling_stores_nothing(tmp_path):
    run(_spools, tmp_path / "store.db")


def _spools_apart(path):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    many = [Assertion(None, entity(f"e{n}", label="x" * 4_000)) for n in range(30_000)]
    with SqliteLedger(path) as ledger:
        given = Document(document("v").header, Apart(iter(many), warnings=[], size_bytes=10**9))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
        with pytest.raises(BackendUnavailable):
            ledger.append([given])
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert ledger.head().sequence == 0
        given = Document(document("v").header, Apart(iter(many), warnings=[], size_bytes=10**9))
        assert ledger.append([given])[0].new == 30_000
        assert check(ledger).findings == []


def test_a_full_disk_while_a_child_reads_stores_nothing(tmp_path):
    run(_spools_apart, tmp_path / "store.db")


def _reads_only(folder):
    path = folder / "store.db"
    with SqliteLedger(path, settings=Settings()) as ledger:
        assert ledger.head().sequence == 1
        with pytest.raises(BackendUnavailable, match="readonly"):
            ledger.append([document("v", entity("x"))])
        assert check(ledger).findings == []
    with pytest.raises(BackendUnavailable):
        SqliteLedger(folder / "new.db", settings=Settings())


def test_a_store_that_cannot_be_written_is_read_and_says_so():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with SqliteLedger(folder / "store.db") as ledger:
            ledger.append([document("u", entity("e"))])
        _without_rights(_reads_only, folder)


def _needs_migration(folder):
    path, before = folder / "store.db", (folder / "store.db").read_bytes()
    with pytest.raises(BackendUnavailable, match="schema 1 and has to be migrated to schema 2") as caught:
        SqliteLedger(path, create=False, settings=Settings())
    assert (caught.value.where, caught.value.exit_code) == (str(path), 5)
    assert f"cp {path} copy.db" in caught.value.next_step
    assert path.read_bytes() == before
    assert [one.name for one in folder.iterdir()] == ["store.db"]
    with tempfile.TemporaryDirectory() as elsewhere:
        copied = shutil.copy(path, Path(elsewhere) / "copy.db")
        copied.chmod(0o644)
        with SqliteLedger(copied, create=False, settings=Settings()) as ledger:
            assert ledger.head().sequence == 8


def test_an_old_store_that_cannot_be_written_says_that_it_must_be_migrated_and_how():
    with tempfile.TemporaryDirectory() as name:
        shutil.copy(STORES / "ledger-001.db", Path(name) / "store.db")
        _without_rights(_needs_migration, Path(name))


def _without_rights(target, folder):
    """Runs it as somebody who may read the folder and not write it."""

    def as_nobody():
        if os.getuid() == 0:
            os.setuid(NOBODY)
        target(folder)

    (folder / "store.db").chmod(0o444)
    folder.chmod(0o555)
    try:
        run(as_nobody)
    finally:
        folder.chmod(0o755)
