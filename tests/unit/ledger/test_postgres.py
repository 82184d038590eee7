"""What is PostgreSQL's own: opening, refusing, any text, and damage that the check finds."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from provstore.errors import BackendUnavailable, BadInput, Conflict, Denied, NotFound, UsageError
from provstore.ledger.checking import check
from provstore.ledger.contract import Erasure, Retraction
from provstore.ledger.postgres import PostgresLedger
from provstore.ledger.registry import open_ledger
from provstore.settings import Settings
from tests.support.databases import database
from tests.support.ledgers import document, entity, inside, iri, used

pytestmark = pytest.mark.servers


@pytest.fixture
def empty():
    with database() as found:
        yield found


def test_an_empty_database_becomes_a_ledger_which_is_found_again(empty):
    with open_ledger(empty.url, settings=empty.settings) as ledger:
        ledger.append([document("u", entity("a"))])
        head = ledger.head()
    with open_ledger(empty.url, create=False, settings=empty.settings) as again:
        assert again.head() == head
    with open_ledger(empty.url.replace("postgresql://", "postgres://"), settings=empty.settings) as other:
        assert other.ledger_id == head.ledger_id


def test_where_there_is_no_ledger_none_is_made_unless_asked(empty):
    with pytest.raises(NotFound, match="no store"):
        open_ledger(empty.url, create=False, settings=empty.settings)
    assert empty.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'provstore'") == []


def test_a_database_that_does_not_exist_is_named_with_what_to_do(empty):
    with pytest.raises(NotFound, match="no such database") as caught:
        open_ledger(empty.url + "_none", settings=empty.settings)
    assert "createdb" in str(caught.value)


@pytest.mark.parametrize("where", ["public", "provstore"])
def test_a_database_with_other_tables_is_refused_and_left_as_it_is(empty, where):
    if where == "provstore":
        empty.execute("CREATE SCHEMA provstore")
    empty.execute(f"CREATE TABLE {where}.theirs (a integer)")
    try:
        with pytest.raises(BadInput, match="holds other tables"):
            open_ledger(empty.url, settings=empty.settings)
        assert empty.execute("SELECT to_regclass('provstore.entry')") == [(None,)]
    finally:
        empty.execute(f"DROP TABLE {where}.theirs")


def test_an_empty_schema_that_an_administrator_made_is_taken(empty):
    empty.execute("CREATE SCHEMA provstore")
    with empty.ledger() as ledger:
        assert ledger.append([document("u", entity("a"))])[0].sequence == 1


def test_a_ledger_of_a_newer_version_is_refused(empty):
    empty.ledger().close()
    empty.execute("UPDATE ledger SET version = 99")
    with pytest.raises(Conflict, match="schema 99") as caught:
        empty.ledger()
    assert "newer provstore" in str(caught.value)


def test_a_database_in_another_encoding_is_refused(empty):
    name = empty.url.rpartition("/")[2] + "_ascii"
    empty.execute(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0")
    try:
        with pytest.raises(BadInput, match="SQL_ASCII"):
            replace(empty, url=empty.url + "_ascii").ledger()
    finally:
        empty.execute(f"DROP DATABASE {name}")


def test_a_wrong_password_is_refused_and_no_password_is_in_any_message(empty):
    for password in ("", "wrong-secret"):
        with pytest.raises(Denied) as caught:
            PostgresLedger(empty.url, settings=Settings(store_password=password))
        assert "PROVSTORE_STORE_PASSWORD" in str(caught.value)
        assert "secret" not in repr(caught.value) + str(caught.value)


@pytest.mark.parametrize(
    "location",
    ["postgresql://ann:geheim@h/d", "postgresql://h/d?password=geheim", "postgresql://ann:geheim@[h/d",
     "postgresql://h:0/d", "postgresql://h:65536/d", "postgresql://h:x/d", "postgresql://h:5432,i:0/d"],
)  # fmt: skip
def test_a_location_with_a_password_or_of_no_database_is_refused_without_being_quoted(location):
    with pytest.raises(UsageError) as caught:
        open_ledger(location)
    assert "geheim" not in str(caught.value)


def test_a_server_that_is_away_is_said_so_at_once(empty):
    with pytest.raises(BackendUnavailable, match="refused"):
        PostgresLedger("postgresql://127.0.0.1:1/x", settings=Settings())


def test_a_user_who_may_only_read_reads_and_is_denied_writing(empty):
    with empty.ledger() as ledger:
        ledger.append([document("u", entity("a"))])
    empty.execute("DROP ROLE IF EXISTS auditor")
    empty.execute("CREATE ROLE auditor LOGIN PASSWORD 'p'")
    empty.execute("GRANT USAGE ON SCHEMA provstore TO auditor")
    empty.execute("GRANT SELECT ON ALL TABLES IN SCHEMA provstore TO auditor")
    try:
        url = empty.url.replace("provstore@", "auditor@")
        with PostgresLedger(url, settings=Settings(store_password="p")) as ledger:
            assert ledger.head().sequence == 1
            assert check(ledger).findings == []
            with pytest.raises(Denied, match="permission denied"):
                ledger.append([document("v", entity("b"))])
    finally:
        empty.execute("DROP OWNED BY auditor")
        empty.execute("DROP ROLE auditor")


@pytest.mark.parametrize(
    "text",
    ["a\0b", "\ufffe0", "\ufffe\0\ufffe1", "%s %(x)s $1 {1}", "\\N\t\r\n\\.", "'\"`;--", "é\U0010ffff", "x" * 100_000],
)
def test_any_text_comes_back_as_it_went_in_wherever_it_stands(empty, text):
    with empty.ledger() as ledger:
        given = document(
            f"u{text}", entity("a", label=text), inside(f"http://b/{text}", used("r", f"urn:{text}")), space=f"s{text}",
            actor=f"who{text}", reason=text, idempotency_key=text, namespaces={None: {"p": f"http://n/{text}"}},
        )  # fmt: skip
        (first,) = ledger.append([given])
        (again,) = ledger.append([given])
        assert (again.outcome, again.sequence) == ("duplicate", 1)
        (entry,) = ledger.live(f"u{text}", f"s{text}")
        assert (entry.header.unit, entry.header.space, entry.actor, entry.reason) == (
            f"u{text}", f"s{text}", f"who{text}", text,
        )  # fmt: skip
        assert list(ledger.document(first.document).assertions) == list(given.assertions)
        assert len(list(ledger.about([f"urn:{text}"]))) == 1
        assert ledger.stated(f"s{text}", f"http://b/{text}").known([f"urn:{text}"])
        with pytest.raises(Conflict, match="idempotency"):
            ledger.append([replace(given, assertions=document("u", entity("b")).assertions)])
        assert check(ledger).findings == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("UPDATE statement SET record = replace(record, 'one', 'two')", "leaf 2 is not the hash"),
        ("UPDATE entry SET actor = 'mallory' WHERE sequence = 1", "entry 1"),
        ("UPDATE entry SET root = sha256('x') WHERE sequence = 2", "the root is not that of the leaves"),
        ("DELETE FROM entry WHERE sequence = 2", "entries are missing|does not follow|belong to no entry"),
        ("DELETE FROM assertion WHERE leaf = 1", "the assertion is not at its place"),
        ("UPDATE tile SET hashes = overlay(hashes placing '\\x00' from 40)", "leaf 1 is not the hash"),
        ("DELETE FROM mention", "the index misses a row"),
        ("INSERT INTO sid VALUES (1, 1)", "rows that follow from no statement"),
        ("UPDATE live SET until = 2 WHERE document = 1", "intervals are not those of the entries"),
        ("UPDATE blob SET bytes = 'y'", "do not have that digest"),
        ("UPDATE document SET event_time = '2020-01-01T00:00:00.000000Z'", "differs from its header"),
        ("UPDATE prefix SET namespace = 'http://other/'", "not those that the documents declared"),
        ("UPDATE idempotency SET key = 'other'", "not those of the documents"),
        ("UPDATE document SET withdrawn = 2 WHERE sequence = 1", "not those that entries withdraw"),
        ("DROP TABLE attachment", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_changed_behind_the_ledgers_back_is_found(empty, text, found):
    with empty.ledger() as ledger:
        ledger.append([
            document("u", entity("one"), used("r", "one"), blobs=[b"x"], idempotency_key="k",
                     namespaces={None: {"e": "http://e/"}}),
            document("v", entity("three")),
        ])  # fmt: skip
        assert check(ledger).findings == []
        empty.execute(text)
        assert any(re.search(found, f"{one.where}: {one.what}") for one in check(ledger).findings)


def test_what_is_erased_is_in_no_table_any_more(empty):
    with empty.ledger() as ledger:
        kept, gone = ledger.append([
            document("u", entity("kept"), entity("shared")),
            document("secret-unit", entity("secret-name"), entity("shared"), inside("secret-bundle", entity("x")),
                     blobs=[b"secret-blob"], idempotency_key="secret-key"),
        ])  # fmt: skip
        ledger.append([Erasure(gone.document, "asked for")])
        tables = [row[0] for row in empty.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'provstore'")]
        everything = "".join(str(empty.execute(f"SELECT * FROM {table}")) for table in tables)
        assert "secret" not in everything
        assert "kept" in everything
        assert kept.document in {entry.document for entry in ledger.live()}
        assert list(ledger.about([iri("secret-name")])) == []
        assert check(ledger).findings == []


def test_answers_that_are_given_up_or_read_side_by_side_use_no_more_connections_than_at_once(empty):
    with empty.ledger() as ledger:
        ledger.append([document("u", *[used(f"a{n}", "hub") for n in range(2_500)])])
        for _ in range(5):
            given_up = ledger.about([iri("hub")])
            next(given_up)
            given_up.close()
        one, two = ledger.about([iri("hub")]), ledger.about(None)
        assert sum(1 for _ in zip(one, two, strict=False)) == 2_500
        del one, two
        own = "application_name = 'provstore' AND datname = current_database()"
        assert empty.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {own}") == [
            (4,)
        ]  # one to read, one to write, one for each stream


def test_threads_that_read_see_only_what_is_committed_while_one_writes(empty):
    with empty.ledger() as ledger, ThreadPoolExecutor(2) as threads:
        ledger.append([document("u", entity("e"))])
        done = threading.Event()

        def read() -> set[int]:
            seen = set()
            while not done.is_set():
                seen |= {ledger.head().sequence, len(list(ledger.entries())), len(ledger.live())}
            return seen

        reads = [threads.submit(read) for _ in range(2)]
        for number in range(40):
            with pytest.raises(NotFound):  # after the first of the list was written
                ledger.append([document(f"v{number}", entity("e")), Retraction("urn:nobody", "r")])
        done.set()
        assert [one.result() for one in reads] == [{1}, {1}]
        assert check(ledger).findings == []
