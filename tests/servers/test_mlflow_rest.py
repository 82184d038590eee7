"""The importer against a real `mlflow server` on loopback, started here."""

from __future__ import annotations

import shutil

import pytest

from tests.support.mlflow_server import without_bytes
from tests.support.mlflow_stores import DEMO, imported
from tests.support.real_mlflow import PYTHON, mlflow_server

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(PYTHON is None, reason="MLflow is installed neither here nor at PROVSTORE_TEST_MLFLOW_PYTHON"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of an MLflow server on a copy of the demo's store."""
    directory = tmp_path_factory.mktemp("mlflow")
    shutil.copy(DEMO / "mlflow.db", directory)
    shutil.copytree(DEMO / "artifacts", directory / "artifacts")
    with mlflow_server(directory) as address:
        yield address


def test_a_real_server_gives_what_its_database_gives(server):
    live, stored = imported(server), imported(DEMO)
    assert live.documents.keys() == stored.documents.keys()
    assert live.findings.refused == []
    for unit, document in live.documents.items():
        theirs = [stated for _, stated in stored.documents[unit].assertions]
        assert without_bytes([stated for _, stated in document.assertions]) == without_bytes(theirs)
        assert set(document.blobs) == set(stored.documents[unit].blobs)
