"""The command line answers alike whether the ledger is a file or a PostgreSQL database."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import STORY
from tests.support.databases import database

pytestmark = pytest.mark.servers
DEMO = Path(__file__).parents[2] / "provstore" / "demo"
MODEL = "mlflow:model/churn/3"
# Each ledger has its own salts and times, hence its own names of documents, roots and proofs.
OWN = re.compile(
    r"urn:provstore:document:[0-9a-f]{64}|\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{64}\b"
)
COMMANDS = [
    ["ingest", "story.json"],
    ["ingest", "story.json"],
    ["import", "mlflow.db"],
    ["import", "openlineage.ndjson", "--validate", "warn"],
    ["import", "mlflow.db"],
    ["upstream", MODEL],
    ["upstream", MODEL, "--agents", "--depth", "3"],
    ["downstream", "mlflow:dataset/customers/ad4325c3"],
    ["path", MODEL, "mlflow:dataset/customers/ad4325c3"],
    ["show", MODEL],
    ["find", "type = ps:Run and status = finished"],
    ["history", MODEL],
    ["blame", "ex:model", "prov:label"],
    ["diff", "mlflow:model/churn/2", MODEL],
    ["leakage", MODEL, "customers holdout"],
    ["documents"],
    ["ask", "summarize/classes"],
    ["validate", "--stored"],
    ["export", "prov-json"],
    ["export", "prov-n", MODEL, "--upstream"],
    ["upstream", MODEL, "--as-of", "20"],
    ["retract", "ex:nothing", "--reason", "r"],
    ["check"],
    ["graph", "status"],
    ["verify"],
]


@pytest.fixture
def folder(tmp_path):
    for name in ("mlflow.db", "openlineage.ndjson"):
        shutil.copy(DEMO / name, tmp_path)
    shutil.copytree(DEMO / "artifacts", tmp_path / "artifacts")
    (tmp_path / "story.json").write_text(json.dumps(STORY))


def test_every_command_says_the_same_on_both(provstore, folder, monkeypatch):
    monkeypatch.setenv("PROVSTORE_ACTOR", "ann")
    with database() as found:
        monkeypatch.setenv("PROVSTORE_STORE_PASSWORD", found.password)
        for words in COMMANDS:
            in_file, in_database = (
                provstore("--store", store, "--json", *words) for store in ("file.db", found.url)
            )  # fmt: skip
            assert in_file.code == in_database.code, (words, in_database.err)
            assert OWN.sub("", in_file.out) == OWN.sub("", in_database.out.replace(found.url, "file.db")), words


def test_a_document_is_taken_back_and_erased(provstore, folder, monkeypatch):
    with database() as found:
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        assert provstore("ingest", "story.json").code == 0
        listed = provstore("documents", "--json").json
        iri = listed["rows"][0][listed["columns"].index("document")]
        assert provstore("retract", iri, "--reason", "wrong").code == 0
        assert provstore("retract", iri, "--reason", "wrong").code == 6
        assert provstore("erase", iri, "--reason", "private").code == 0
        assert provstore("find").out.count("ex:model") == 0
        assert provstore("check").code == 0
        assert provstore("copy", found.url, "copy.db").code == 0
        assert provstore("--store", "copy.db", "check").code == 0
        roots = {provstore("--store", store, "verify", "--json").json["root"] for store in (found.url, "copy.db")}
        assert len(roots) == 1
