"""What was stored of an MLflow store is read back as MLflow's records: mapped again they say the same."""

from __future__ import annotations

from hashlib import sha256

import pytest

from provstore.cli.main import run as provstore
from provstore.importers.contract import Findings, Request
from provstore.importers.mlflow.mapping import Mapping
from provstore.model.document import equal
from provstore.server.mlflow import reading
from provstore.server.mlflow.unit import Said, Unit
from tests.support.mlflow_server import without_bytes
from tests.support.mlflow_stores import NAMES, READ_AT, STORES, imported
from tests.support.service import serving


def unit_of(document):
    unit = Unit()
    blobs = {sha256(blob).hexdigest(): blob for blob in document.blobs}
    unit.take(Said("urn:x", True, document.header.event_time, document.assertions, blobs))
    return unit


@pytest.fixture(scope="module", params=NAMES)
def store(request):
    documents = imported(STORES / request.param).documents
    mapping = Mapping(Request(path=str(STORES / request.param), read_at=READ_AT), Findings())
    for unit, document in documents.items():
        if unit.startswith("mlflow:experiment/"):
            mapping.experiment(reading.experiment(unit_of(document), unit.rpartition("/")[2]))
    return documents, mapping


@pytest.mark.parametrize("what", ["experiment", "run", "logged-model"])
def test_a_record_that_is_read_back_is_mapped_to_what_it_was_read_from(store, what):
    documents, mapping = store
    read = getattr(reading, what.replace("-", "_"))
    for unit, document in documents.items():
        if unit.startswith(f"mlflow:{what}/"):
            record = read(unit_of(document), unit.rpartition("/")[2])
            again = getattr(mapping, what.replace("-", "_"))(record)
            assert equal(again.assertions, document.assertions), unit
            assert set(again.blobs) == set(document.blobs)


@pytest.mark.parametrize("name", NAMES)
def test_an_imported_store_is_served_as_mlflow_serves_it(name, tmp_path, monkeypatch):
    """Our importer reads it from the service as it reads it from MLflow's own server."""
    store = str(tmp_path / "s.db")
    assert provstore(["--store", store, "import", str(STORES / name)]) == 0
    original = imported(STORES / name)
    with serving(tmp_path / "s.db") as served:
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", served.told[1].split()[-1])
        live = imported(f"{served.url}/mlflow")
    assert live.findings.refused == []
    # An experiment that nobody wrote is there all the same, as in MLflow.
    gone = {unit for unit in original.documents if is_gone(original.documents[unit])}
    assert live.documents.keys() - {"mlflow:experiment/0"} == original.documents.keys() - gone - {"mlflow:experiment/0"}
    for unit in live.documents.keys() & original.documents.keys():
        theirs = [stated for _, stated in original.documents[unit].assertions]
        ours = [stated for _, stated in live.documents[unit].assertions]
        assert without_bytes(ours) == without_bytes(theirs), unit
        assert set(live.documents[unit].blobs) == set(original.documents[unit].blobs)


def is_gone(document):
    """True for what MLflow's server tells nobody of: deleted versions and models, and what belongs to them."""
    unit = document.header.unit
    deleted = any(stated.kind.endswith("#Invalidation") for _, stated in document.assertions)
    return deleted and unit.startswith(("mlflow:model/", "mlflow:logged-model/"))
