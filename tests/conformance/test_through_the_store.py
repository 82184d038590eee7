"""Every document of the corpora comes out of a store as it went in, by our comparison and by that of `prov`."""

from __future__ import annotations

import io
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import pytest

import provstore
from provstore.errors import BadInput
from provstore.formats.prov_documents import prov_document
from provstore.formats.registry import by_name, find_out
from provstore.model.document import Document, Header, identical
from provstore.model.statement import Statement

PROV_TESTS = Path(find_spec("prov").origin).parent / "tests"
DATA = Path(__file__).parents[1] / "data"
ENDINGS = (".json", ".provn", ".xml", ".provx", ".ttl", ".trig", ".jsonld")
FILES = sorted(
    path
    for folder in (PROV_TESTS, DATA / "prov-constraints", DATA / "prov-jsonld")
    for path in folder.rglob("*")
    if path.suffix in ENDINGS
)
FOLDERS = [(folder, list(paths)) for folder, paths in groupby(FILES, key=lambda path: path.parent)]
EVERY = 7


def read(path: Path):
    """The document in a file, or None when it is refused (test_*_corpus.py tell which are)."""
    data = path.read_bytes()
    try:
        chosen = find_out(str(path), data[:4096])
        reading = chosen.read(io.BytesIO(data), source=path.name)
        return list(reading.assertions), reading.namespaces
    except BadInput:
        return None


@pytest.mark.parametrize(("folder", "paths"), FOLDERS, ids=lambda one: one.name if isinstance(one, Path) else "files")
def test_what_goes_in_comes_out(tmp_path, folder, paths):
    found = [(path, document) for path in paths if (document := read(path))]
    documents = [
        Document(Header(unit=str(path), event_time="2026-01-01T00:00:00Z", namespaces=namespaces), assertions)
        for path, (assertions, namespaces) in found
    ]
    with provstore.open(tmp_path / "store.db") as store:
        receipts = store.append(documents)
        for number, ((path, (assertions, namespaces)), receipt) in enumerate(zip(found, receipts, strict=True)):
            assert identical(store.ledger.document(receipt.document).assertions, assertions), path
            out = io.BytesIO()
            assert store.export("prov-json", out, receipt.document) == [], path
            back = by_name("prov-json").read(io.BytesIO(out.getvalue()), source="export")
            again = list(back.assertions)
            assert sorted(again, key=_order) == sorted(assertions, key=_order), path
            if number % EVERY == 0 and not _has_dictionary(assertions):
                assert prov_document(again, back.namespaces) == prov_document(assertions, namespaces), path
        assert store.check()["ok"]


def _order(assertion) -> tuple[str, str]:
    return assertion.bundle or "", repr(assertion.statement)


def _has_dictionary(assertions) -> bool:
    return any(_is_dictionary(stated) for _, stated in assertions)


def _is_dictionary(stated: Statement) -> bool:
    return stated.kind.rpartition("#")[2] in {"Insertion", "Removal", "DictionaryMembership"}


def test_the_corpora_are_there():
    kinds = {suffix: sum(path.suffix == suffix for path in FILES) for suffix in ENDINGS}
    assert kinds[".json"] >= 398
    assert kinds[".provn"] >= 524
    assert kinds[".ttl"] + kinds[".trig"] >= 402
    assert kinds[".xml"] + kinds[".provx"] >= 44
