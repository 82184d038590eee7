"""Every PROV-JSON document of the test corpus of `prov` reads to the document that `prov` reads, by value (rule 4)."""

from __future__ import annotations

import io
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import prov.model as pm
import pytest

from provstore.formats.prov_json import PROV_JSON
from provstore.model.document import identical
from tests.support.by_value import of_ours, of_prov

CORPUS = sorted((Path(find_spec("prov").origin).parent / "tests" / "json").glob("*.json"))

# Documents that we read to something else than `prov`, each with its reason.
DIFFERENCES: dict[str, str] = {}


def test_the_corpus_has_398_documents():
    assert len(CORPUS) == 398


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_document_reads_to_what_prov_reads(path):
    with path.open("rb") as stream:
        ours = Counter(of_ours(a) for a in PROV_JSON.read(stream, source=path.name).assertions)
    theirs = Counter(of_prov(pm.ProvDocument.deserialize(str(path), format="json")))
    assert (ours == theirs) != (path.name in DIFFERENCES)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_document_written_again_reads_back_identical(path):
    with path.open("rb") as stream:
        reading = PROV_JSON.read(stream, source=path.name)
        assertions = list(reading.assertions)
    written = io.BytesIO()
    losses = PROV_JSON.write(assertions, reading.namespaces, written)
    written.seek(0)
    again = PROV_JSON.read(written, source="again")
    assert losses == []
    assert identical(again.assertions, assertions)
    assert again.namespaces == reading.namespaces


@pytest.mark.parametrize("path", CORPUS[::9], ids=lambda path: path.stem)
def test_prov_reads_what_we_write_to_the_same_document(path):
    with path.open("rb") as stream:
        reading = PROV_JSON.read(stream, source=path.name)
        written = io.BytesIO()
        PROV_JSON.write(reading.assertions, reading.namespaces, written)
    theirs = pm.ProvDocument.deserialize(content=written.getvalue().decode(), format="json")
    original = pm.ProvDocument.deserialize(str(path), format="json")
    assert Counter(of_prov(theirs)) == Counter(of_prov(original))
