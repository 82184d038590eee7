"""Looking again finds the same exactly when what an import can see is the same."""

import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from provstore.errors import BadInput
from provstore.importers import foreign_sqlite
from provstore.importers.contract import Findings
from provstore.importers.footprint import BYTES_NOTED, UNSURE_NS, Footprint
from provstore.importers.paths import Tree
from provstore.importers.retracing import retrace

OLD_NS = 10 * UNSURE_NS


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    (folder / "b").mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"first")
    (folder / "b" / "large.bin").write_bytes(b"x" * (BYTES_NOTED + 1))
    (folder / "link").symlink_to("a.txt")
    return folder


def walked(root):
    """What is noted by reading a tree whole, and by looking for what is not there."""
    findings = Findings()
    tree = Tree(root, findings)
    for found in tree.files():
        tree.digest(found.path)
    for missing in ("none", "none/deep/x", "link", "a.txt/x"):
        assert not tree.has(missing)
    with pytest.raises(BadInput):
        tree.listing("nowhere")
    findings.footprint.whole(root / "a.txt")
    findings.footprint.whole(root / "no database")
    return findings.footprint


def same_size(path):
    """Other bytes of the same size, the time of change put back."""
    status = path.stat()
    path.write_bytes(b"y" * status.st_size)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def swapped(root):
    (root / "b").rename(root.parent / "elsewhere")
    (root / "b").symlink_to(root.parent / "elsewhere")


CHANGES = {
    "bytes of a small file": lambda root: same_size(root / "a.txt"),
    "bytes of a large file": lambda root: same_size(root / "b" / "large.bin"),
    "a longer file": lambda root: (root / "a.txt").write_bytes(b"first and more"),
    "a file is gone": lambda root: (root / "b" / "large.bin").unlink(),
    "a new file": lambda root: (root / "b" / "new").touch(),
    "a new directory": lambda root: (root / "c").mkdir(),
    "a new link": lambda root: (root / "b" / "new").symlink_to("nowhere"),
    "what was missing is there": lambda root: (root / "none").mkdir(),
    "the missing database is there": lambda root: (root / "no database").touch(),
    "a link became a file": lambda root: ((root / "link").unlink(), (root / "link").write_bytes(b"first")),
    "a directory became a link to the same": swapped,
    "the root is gone": shutil.rmtree,
}


def test_looking_again_finds_the_same(root):
    footprint = walked(root)
    again = retrace(footprint.places)
    assert again.is_steady
    assert again.digest() == footprint.digest()


@pytest.mark.parametrize("change", CHANGES)
def test_looking_again_finds_the_change(root, change):
    footprint = walked(root)
    CHANGES[change](root)
    assert retrace(footprint.places).digest() != footprint.digest()


def test_an_old_large_file_is_noted_without_reading_it_and_its_change_is_seen(root, monkeypatch):
    monkeypatch.setattr("time.time_ns", lambda: (root / "b" / "large.bin").stat().st_ctime_ns + OLD_NS)
    footprint = walked(root)
    assert ("file", str(root), "b/large.bin") in footprint.places
    assert retrace(footprint.places).digest() == footprint.digest()
    same_size(root / "b" / "large.bin")
    assert retrace(footprint.places).digest() != footprint.digest()


def test_a_file_noted_while_it_was_young_is_found_again_when_it_is_old(root, monkeypatch):
    footprint = walked(root)
    assert ("bytes", str(root), "b/large.bin") in footprint.places
    monkeypatch.setattr("time.time_ns", lambda: (root / "b" / "large.bin").stat().st_ctime_ns + OLD_NS)
    assert retrace(footprint.places).digest() == footprint.digest()


def test_what_changes_between_two_looks_is_not_sure(root):
    findings = Findings()
    findings.footprint.is_complete = True
    tree = Tree(root, findings)
    tree.listing()
    assert findings.footprint.is_sure
    (root / "new").touch()
    tree.listing()
    assert not findings.footprint.is_sure


def test_what_is_not_said_to_be_complete_is_not_sure(root):
    assert not walked(root).is_sure


def test_the_order_of_looking_does_not_matter(root):
    one, two = Footprint(), Footprint()
    for footprint, names in ((one, ("a.txt", "none")), (two, ("none", "a.txt"))):
        for name in names:
            footprint.whole(root / name)
    assert one.digest() == two.digest()


def test_the_same_places_with_other_findings_differ(root):
    assert walked(root).places[0] == walked(root).places[0]
    one, two = Footprint(), Footprint()
    one.note(walked(root).places[0], "a")
    two.note(walked(root).places[0], "b")
    assert one.digest() != two.digest()


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
@pytest.mark.parametrize("open_meanwhile", [False, True])
def test_a_row_in_a_database_is_a_change_wherever_it_is_written(tmp_path, journal, open_meanwhile):
    path = tmp_path / "t.db"
    with closing(sqlite3.connect(path)) as writer:
        writer.execute(f"PRAGMA journal_mode = {journal}")
        writer.execute("CREATE TABLE t(x)")
        writer.commit()
        if not open_meanwhile:
            writer.close()
            writer = sqlite3.connect(path)
        footprint = Footprint()
        with foreign_sqlite.reading(path, footprint) as connection:
            assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
        assert retrace(footprint.places).digest() == footprint.digest()
        writer.execute("INSERT INTO t VALUES (1)")
        writer.commit()
        assert retrace(footprint.places).digest() != footprint.digest()
        writer.close()
    assert retrace(footprint.places).digest() != footprint.digest()


def test_a_row_in_a_log_that_was_left_behind_is_a_change(tmp_path):
    (tmp_path / "work").mkdir()
    with closing(sqlite3.connect(tmp_path / "work" / "t.db")) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE t(x)")
        for name in ("t.db", "t.db-wal"):
            shutil.copy(tmp_path / "work" / name, tmp_path)
        footprint = Footprint()
        with foreign_sqlite.reading(tmp_path / "t.db", footprint):
            pass
        assert retrace(footprint.places).digest() == footprint.digest()
        writer.execute("INSERT INTO t VALUES (1)")
        writer.commit()
        shutil.copy(tmp_path / "work" / "t.db-wal", tmp_path)
    assert retrace(footprint.places).digest() != footprint.digest()
