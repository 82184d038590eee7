"""A ledger on PostgreSQL: what is acknowledged stays, once, whatever breaks: connections, clients, the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from multiprocessing import get_context

import psycopg
import pytest

from provstore.errors import BackendUnavailable
from provstore.ledger import postgres_server
from provstore.ledger.checking import check
from provstore.ledger.contract import Erasure, Retraction
from provstore.ledger.postgres import PostgresLedger
from provstore.store import Store
from tests.faults.test_kill import ROOT, acknowledged
from tests.support.cutting import proxy
from tests.support.databases import SERVER, Database, database
from tests.support.ledgers import document, entity, iri, used
from tests.support.servers import own_server

pytestmark = pytest.mark.servers
WRITERS, EACH = 4, 25
KILLS = 4


@pytest.fixture
def empty():
    with database() as found:
        yield found


def _writes(found: Database, name: str) -> None:
    with found.ledger() as ledger:
        for number in range(EACH):
            ledger.append(
                [document(f"{name}/{number}", used(f"{name}-{number}", "hub"), entity("hub", size=number % 7))]
            )


def test_many_processes_write_at_once_and_nothing_is_lost_doubled_or_out_of_order(empty):
    writers = [get_context("spawn").Process(target=_writes, args=(empty, f"w{n}")) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    last = 0
    with empty.ledger() as reader:
        while any(writer.is_alive() for writer in writers):
            seen = [entry.sequence for entry in reader.entries(last)]
            assert seen == list(range(last + 1, last + 1 + len(seen)))  # no reader sees n + 1 before n
            last += len(seen)
            time.sleep(0.1)
        assert [writer.exitcode for writer in writers] == [0] * WRITERS
        entries = list(reader.entries())
        assert {entry.header.unit for entry in entries} == {f"w{n}/{k}" for n in range(WRITERS) for k in range(EACH)}
        assert [entry.sequence for entry in entries] == list(range(1, WRITERS * EACH + 1))
        assert sum(1 for _ in reader.about([iri("hub")], places=["second"])) == WRITERS * EACH
        assert check(reader).findings == []


def test_killed_clients_leave_everything_that_was_acknowledged_and_no_half_document(empty, tmp_path):
    said = []
    for kill in range(KILLS):
        outputs = [tmp_path / f"said-{kill}-{writer}" for writer in range(2)]
        writers = [start(empty, number, output, tmp_path) for number, output in enumerate(outputs)]
        deadline = time.monotonic() + 60
        while not all(acknowledged([output]) for output in outputs) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.03 * kill)
        for writer in writers:
            os.killpg(writer.pid, signal.SIGKILL)
            writer.wait()
        said += outputs
    with empty.ledger() as ledger:
        stored = {entry.document: entry for entry in ledger.entries()}
        assert len(acknowledged(said)) >= 2 * KILLS
        for one, sequence in acknowledged(said):
            assert stored[one].sequence == sequence
        assert {entry.statements for entry in stored.values()} == {20}
        assert check(ledger).findings == []


def start(found, writer, output, folder):
    with output.open("ab") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writer", found.url, str(writer)],
            cwd=ROOT,
            env=os.environ | found.environment | {"XDG_CACHE_HOME": str(folder)},
            stdout=stream,
            start_new_session=True,
        )


def test_a_killed_server_loses_nothing_that_was_acknowledged_and_writers_go_on():
    with own_server(SERVER, None) as server:
        found = Database(server.url, server.password)
        receipts, failures, done = [], [], threading.Event()

        def write() -> None:
            with found.ledger() as ledger:
                number = 0
                while not done.is_set():
                    number += 1
                    try:
                        receipts.extend(ledger.append([document(f"u{number}", entity(f"e{number}"))]))
                    except BackendUnavailable as error:
                        failures.append(error)

        writer = threading.Thread(target=write)
        writer.start()
        for kill in range(3):
            before = len(receipts)
            while len(receipts) < before + 5 and writer.is_alive():
                time.sleep(0.01)
            time.sleep(0.01 * kill)
            server.kill()
            server.start()
        done.set()
        writer.join()
        assert failures == []
        with found.ledger() as ledger:
            entries = list(ledger.entries())
            assert [entry.document for entry in entries] == [one.document for one in receipts]
            assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
            assert check(ledger).findings == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_of_which_nobody_said_the_outcome_is_found_out_and_done_once(empty, when):
    with proxy(empty.url) as between, replace(empty, url=between.url).ledger() as ledger:
        (first,) = ledger.append([document("u", entity("a"))])
        between.cut = when
        second, third = ledger.append([document("v", entity("b")), Retraction(first.document, "wrong")])
        assert between.cuts == 1
        assert (second.outcome, second.sequence, third.outcome, third.sequence) == ("new", 2, "retracted", 3)
        between.cut = when
        (fourth,) = ledger.append([document("v", entity("b"))])  # writes nothing, so nothing can be unknown
        assert (fourth.outcome, fourth.sequence) == ("duplicate", 2)
        assert ledger.head().sequence == 3
        assert [one.document for one in ledger.live()] == [second.document]
        ledger.append([document("w", entity("c"))])
        assert check(ledger).findings == []


def test_another_writer_in_between_does_not_make_an_unknown_commit_look_lost_or_done(empty):
    with proxy(empty.url) as between, replace(empty, url=between.url).ledger() as ledger, empty.ledger() as other:
        ledger.append([document("u", entity("a"))])
        for when, unit in (("before", "v"), ("after", "w")):
            between.cut = when
            writer = threading.Thread(target=other.append, args=([document(f"other {unit}", entity("o"))],))
            writer.start()
            (receipt,) = ledger.append([document(unit, entity(unit))])
            writer.join()
            assert ledger.document(receipt.document).entry.sequence == receipt.sequence
        assert sorted(entry.header.unit for entry in ledger.entries()) == ["other v", "other w", "u", "v", "w"]
        assert check(ledger).findings == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_when_the_server_stays_away_the_error_says_that_the_outcome_is_not_known(empty, when, monkeypatch):
    monkeypatch.setattr(postgres_server, "RECOVERY_S", 0.3)
    with proxy(empty.url) as between, replace(empty, url=between.url).ledger() as ledger:
        ledger.append([document("u", entity("a"))])
        between.cut, between.open = when, False
        with pytest.raises(BackendUnavailable, match="not known whether this is stored"):
            ledger.append([document("v", entity("b"))])
        between.open = True
        (again,) = ledger.append([document("v", entity("b"))])  # the same again is right in both cases
        assert again.outcome == {"before": "new", "after": "duplicate"}[when]
        assert ledger.head().sequence == 2
        assert check(ledger).findings == []


def test_a_connection_that_broke_is_made_anew_for_reading_streaming_and_writing(empty):
    with empty.ledger() as ledger:
        (first,) = ledger.append([document("u", entity("a"))])
        assert len(list(ledger.about([iri("a")]))) == 1
        for ask in (
            lambda: ledger.head().sequence == 1,
            lambda: len(list(ledger.about([iri("a")]))) == 1,
            lambda: ledger.append([document("u", entity("a"))])[0].outcome == "duplicate",
            lambda: ledger.append([Erasure(first.document, "r")])[0].outcome == "erased",
        ):
            gone = empty.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'provstore' AND datname = current_database()"
            )
            assert gone
            assert ask()
        assert check(ledger).findings == []


def test_a_store_goes_on_when_its_connections_break(empty, tmp_path):
    given = replace(empty.settings, graph=str(tmp_path / "graph.db"))
    with Store.open(settings=given) as store:
        store.append([document("u", entity("a"), used("r", "a"))])
        empty.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'provstore' AND datname = current_database()"
        )
        assert store.upstream(iri("r")).iris() == {iri("r"), iri("a")}
        assert store.check()["ok"]


def test_a_writer_that_hangs_keeps_others_waiting_no_longer_than_set(empty):
    with empty.ledger() as ledger, empty.ledger(settings=replace(empty.settings, busy_timeout_s=0.1)) as other:
        with ledger._server.connect() as hanging, postgres_server.transaction(hanging):
            failure = pytest.raises(BackendUnavailable, match="in use by another process")
            with failure:
                other.append([document("u", entity("a"))])
        assert other.append([document("u", entity("a"))])[0].sequence == 1


def test_what_was_committed_is_on_disk_although_the_database_says_otherwise(empty):
    said = []
    name = empty.url.rpartition("/")[2]
    empty.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    empty.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    try:
        ledger: PostgresLedger

        def clock():  # asked within the transaction
            shown = [
                ledger._writer.execute(f"SHOW {one}").fetchone()[0]
                for one in ("synchronous_commit", "transaction_isolation")
            ]
            said.append(shown)
            return "2026-01-01T00:00:00.000000Z"

        with empty.ledger(clock=clock) as ledger:
            ledger.append([document("u", entity("a"))])
    finally:
        empty.execute(f"ALTER DATABASE {name} RESET ALL")
    assert said == [["on", "read committed"]]


def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(empty):
    with empty.ledger() as ledger:
        ledger.append([document("u", entity("a"))])
        empty.execute("ALTER TABLE entry ADD CONSTRAINT no CHECK (sequence < 2) NOT VALID")
        with pytest.raises(BackendUnavailable):
            ledger.append([document("v", entity("b"))])
        empty.execute("ALTER TABLE entry DROP CONSTRAINT no")
        assert check(ledger).findings == []
        assert ledger.append([document("v", entity("b"))])[0].sequence == 2
        with pytest.raises(psycopg.Error):
            empty.execute("SELECT no FROM entry")
