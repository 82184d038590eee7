"""Another program's database is read whole and left as it was, whatever state it is in."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from provstore.errors import BadInput
from provstore.importers.foreign_sqlite import is_sqlite, reading

COMMITTED = (200, "a" * 500, "a" * 500)
QUERY = "SELECT count(*), min(x), max(x) FROM t"


def make(path, *, wal=False, rows=200):
    connection = sqlite3.connect(path, isolation_level=None)
    if wal:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t(x)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO t VALUES (?)", [("a" * 500,)] * rows)
    connection.execute("COMMIT")
    return connection


def crashed(path, *, wal, then):
    """What is left of a database when its program is killed: its files copied while it was open."""
    work = path.parent.parent / "work"
    work.mkdir()
    with closing(make(work / path.name, wal=wal)) as connection:
        then(connection)
        for left in work.iterdir():
            shutil.copy(left, path.parent)


def unfinished(connection):
    """A transaction larger than the page cache, so that much of it is in the file already."""
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("BEGIN")
    connection.execute("UPDATE t SET x = ?", ("b" * 500,))


def rollback_mode(path):
    make(path).close()


def wal_closed(path):
    make(path, wal=True).close()


def wal_left_behind(path):
    crashed(path, wal=True, then=lambda connection: None)


def wal_without_index(path):
    wal_left_behind(path)
    path.with_name(path.name + "-shm").unlink()


def hot_journal(path):
    crashed(path, wal=False, then=unfinished)


def hot_wal(path):
    crashed(path, wal=True, then=unfinished)


STATES = [rollback_mode, wal_closed, wal_left_behind, wal_without_index, hot_journal, hot_wal]


@pytest.fixture
def database(tmp_path):
    (tmp_path / "theirs").mkdir()
    return tmp_path / "theirs" / "a.db"


def everything(folder):
    return sorted((p.name, p.stat().st_mtime_ns, p.read_bytes()) for p in folder.iterdir())


@pytest.mark.parametrize("state", STATES)
def test_what_was_committed_is_read_and_nothing_is_touched(database, state):
    state(database)
    before = everything(database.parent)
    with reading(database) as connection:
        assert connection.execute(QUERY).fetchone() == COMMITTED
        assert everything(database.parent) == before
    assert everything(database.parent) == before


@pytest.mark.parametrize("state", STATES)
def test_nothing_can_be_written_through_the_connection(database, state):
    state(database)
    with pytest.raises(BadInput, match="readonly"), reading(database) as connection:
        connection.execute("INSERT INTO t VALUES (1)")


WRITER = """
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.executescript("PRAGMA journal_mode = WAL; CREATE TABLE t(x); INSERT INTO t VALUES (1), (2)")
print("ready", flush=True)
sys.stdin.readline()
c.execute("INSERT INTO t VALUES (3)")
print("written", flush=True)
sys.stdin.readline()
"""


def test_a_database_in_use_is_read_in_place_at_one_moment(database):
    command = [sys.executable, "-c", WRITER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "ready\n"
        before = everything(database.parent)
        with reading(database) as connection:
            connection.execute("BEGIN")
            assert connection.execute("SELECT count(*) FROM t").fetchone() == (2,)
            assert everything(database.parent) == before
            writer.stdin.write("\n")
            writer.stdin.flush()
            assert writer.stdout.readline() == "written\n"
            assert connection.execute("SELECT count(*) FROM t").fetchone() == (2,)
            connection.execute("COMMIT")
            assert connection.execute("SELECT count(*) FROM t").fetchone() == (3,)
        writer.communicate("\n")


def test_a_locked_database_says_so(database, monkeypatch):
    monkeypatch.setattr("provstore.importers.foreign_sqlite._BUSY_TIMEOUT_S", 0.05)
    with closing(make(database)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BadInput, match="locked") as refused, reading(database):
            pass
    assert "try again" in refused.value.next_step


def test_a_truncated_database_is_refused(database):
    make(database, rows=10_000).close()
    database.write_bytes(database.read_bytes()[:10_000])
    with pytest.raises(BadInput, match=r"malformed|cannot be read"), reading(database) as connection:
        connection.execute(QUERY).fetchall()


@pytest.mark.parametrize("content", [b"", b"SQLite", b"no database at all" * 100])
def test_a_file_that_is_no_database_is_refused(database, content):
    database.write_bytes(content)
    assert not is_sqlite(database)
    with pytest.raises(BadInput, match="no SQLite database"), reading(database):
        pass


def test_a_missing_file_or_a_directory_is_no_database(tmp_path):
    assert not is_sqlite(tmp_path / "none")
    assert not is_sqlite(tmp_path)
    with pytest.raises(BadInput), reading(tmp_path / "none"):
        pass


def test_a_name_with_special_characters_is_a_name(tmp_path):
    odd = tmp_path / "a?mode=rwc#%41 b.db"
    make(odd).close()
    with reading(odd) as connection:
        assert connection.execute(QUERY).fetchone() == COMMITTED


def test_the_private_copy_is_gone_afterwards(database, tmp_path, monkeypatch):
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    wal_without_index(database)
    with reading(database):
        assert len(list(private.iterdir())) == 1
    assert list(private.iterdir()) == []


def test_what_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(BadInput, match="no such file") as refused, reading(tmp_path / "none.db"):
        pass
    assert refused.value.where == str(tmp_path / "none.db")
