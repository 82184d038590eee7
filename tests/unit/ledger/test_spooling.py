"""Large documents: a file beside the store, a child process, and the same result."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from provstore.errors import BadInput, ProvstoreError
from provstore.ledger import apart, spool
from provstore.ledger.apart import Apart
from provstore.ledger.checking import check
from provstore.ledger.child import run_in_child
from provstore.ledger.spool import Spool
from provstore.model.document import Assertion, Document, content_digest
from provstore.model.statement import canonical
from tests.support.databases import KINDS
from tests.support.ledgers import document, entity, inside, used

FORK = get_context("fork")
MANY = [Assertion(None, entity(f"e{n}", label=f"entity {n}")) for n in range(5_000)] + [
    inside("b", used("a", f"e{n}")) for n in range(3_000)
]


@pytest.fixture
def kind() -> str:
    """What a child reads goes into temporary tables, which are SQLite's."""
    return "sqlite"


def big(assertions, warnings=None):
    return Apart(assertions, warnings=[] if warnings is None else warnings, size_bytes=10**9)


def test_a_spool_knows_count_digest_and_elements(tmp_path):
    made = Spool(MANY, tmp_path)
    assert (made.statements, made.elements) == (8_000, 5_000)
    assert made.content_digest == content_digest(MANY)
    assert not made.in_file


def test_a_large_document_lies_in_a_file_without_a_name(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "MEMORY_BYTES", 100_000)
    made = Spool(iter(MANY), tmp_path)
    assert made.in_file
    assert list(tmp_path.iterdir()) == []
    records = [record for batch in made for record in batch.records]
    assert records == [canonical(stated) for _, stated in MANY]
    assert list(made) == list(made)
    made.close()


def test_what_a_child_reads_is_stored_alike(ledger):
    (receipt,) = ledger.append([Document(document("u").header, big(iter(MANY)))])
    (plain,) = ledger.append([document("v", *MANY)])
    assert (receipt.statements, receipt.new, receipt.elements) == (8_000, 8_000, 5_000)
    assert plain.new == 0
    assert list(ledger.document(receipt.document).assertions) == MANY


@pytest.mark.parametrize("known", [0, 100])
@pytest.mark.parametrize("kind", KINDS)
def test_a_large_document_with_known_and_repeated_statements_is_counted_right(ledger, known):
    ledger.append([document("v", *MANY[:known])])
    (receipt,) = ledger.append([Document(document("u").header, big(iter(MANY + MANY[:7])))])
    assert (receipt.statements, receipt.new) == (8_007, 8_000 - known)
    assert list(ledger.document(receipt.document).assertions) == MANY + MANY[:7]
    (again,) = ledger.append([Document(document("u").header, big(iter(MANY + MANY[:7])))])
    assert again.outcome == "duplicate"


@pytest.mark.parametrize("before", [0, 1, 130])
def test_the_tree_is_right_wherever_a_large_document_comes_to_lie(ledger, before):
    small = [document(f"u{number}", entity("e")) for number in range(before)]
    ledger.append([*small, Document(document("u").header, big(iter(MANY)))])  # the child does not know of those before
    ledger.append([Document(document("v").header, big(iter(MANY[:3_000])))])
    assert check(ledger).ok


def test_the_childs_warnings_come_back(ledger):
    warnings = ["before"]

    def reading():
        yield from MANY[:3]
        warnings.append("after three")

    ledger.append([Document(document("u").header, big(reading(), warnings))])
    assert warnings == ["before", "after three"]


def test_of_a_very_large_document_the_child_keeps_a_file_without_a_name(ledger, monkeypatch):
    monkeypatch.setattr(spool, "MEMORY_BYTES", 100_000)
    files = set(ledger.path.parent.iterdir())
    ledger.append([Document(document("u").header, big(iter(MANY)))])
    assert ledger.head().tree_size == 8_001
    assert check(ledger).findings == []
    assert set(ledger.path.parent.iterdir()) == files


def test_two_large_documents_fit_in_one_list(ledger):
    other = [Assertion(bundle, stated._replace(identifier=f"urn:{n}")) for n, (bundle, stated) in enumerate(MANY)]
    receipts = ledger.append([
        Document(document("u").header, big(iter(MANY))), Document(document("v").header, big(iter(other)))
    ])  # fmt: skip
    assert [receipt.new for receipt in receipts] == [8_000, 8_000]
    assert list(ledger.document(receipts[1].document).assertions) == other


def test_the_childs_error_is_ours(ledger):
    def reading():
        yield from MANY
        raise BadInput("wrong", where="f.json line 7", next_step="Mend it.")

    with pytest.raises(BadInput) as caught:
        ledger.append([Document(document("u").header, big(reading()))])
    assert (caught.value.message, caught.value.where, caught.value.next_step) == ("wrong", "f.json line 7", "Mend it.")
    assert ledger.head().sequence == 0


@pytest.mark.parametrize("error", [OSError("of the reader"), sqlite3.OperationalError("of the reader")])
def test_an_error_of_the_reader_is_not_taken_for_one_of_the_store(ledger, error):
    def reading():
        yield MANY[0]
        raise error

    with pytest.raises(type(error), match="of the reader"):
        ledger.append([Document(document("u").header, reading())])


def test_another_error_of_the_child_says_what_it_was():
    with pytest.raises(ProvstoreError, match="ZeroDivisionError: "):
        list(run_in_child(lambda: [1 // 0]))


def test_a_child_that_dies_is_told():
    with pytest.raises(ProvstoreError, match="ended before its time"):
        list(run_in_child(lambda: [os._exit(9)]))


def test_a_child_that_is_not_wanted_any_more_is_ended():
    items = run_in_child(lambda: iter(os.getpid, None))
    child = next(items)
    assert child != os.getpid()
    items.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(child, os.WNOHANG)


def _keeps_a_child(told):
    items = run_in_child(lambda: iter(os.getpid, None))
    told.send(next(items))
    time.sleep(600)


def test_a_child_ends_with_its_parent():
    hears, tells = FORK.Pipe(duplex=False)
    parent = FORK.Process(target=_keeps_a_child, args=(tells,))
    parent.start()
    child = hears.recv()
    parent.kill()
    parent.join()
    deadline = time.monotonic() + 60
    while _is_running(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _is_running(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_beside_other_threads_nothing_is_forked(ledger, monkeypatch):
    monkeypatch.setattr(apart, "run_in_child", None)
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert ledger.append([Document(document("u").header, big(MANY))])[0].new == 8_000
    finally:
        done.set()
        other.join()


def test_for_a_small_document_nothing_is_forked(ledger, monkeypatch):
    monkeypatch.setattr(apart, "run_in_child", None)
    small = Apart(MANY, warnings=[], size_bytes=10)
    assert ledger.append([Document(document("u").header, small)])[0].new == 8_000
    assert list(small) == MANY
