"""MLflow stores of the fixtures, imported, and looked into by element; what MLflow itself read back from them."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from provstore.importers.contract import Findings, Request
from provstore.importers.mlflow import MlflowImporter
from provstore.importers.mlflow.names import NAMESPACE
from provstore.model.document import Document
from provstore.model.series import decode
from provstore.model.statement import Statement
from provstore.model.terms import BY_IRI, PS

ROOT = Path(__file__).resolve().parents[2]
STORES = ROOT / "tests" / "data" / "mlflow"
DEMO = ROOT / "provstore" / "demo"
NAMES = tuple(sorted(path.parent.name for path in STORES.glob("*/expected.json")))
NEWEST_DATABASE = STORES / "3.17.2-sqlite"
NEWEST_FILES = STORES / "3.17.2-file"
READ_AT = "2026-11-21T12:00:00.000000Z"


def told(name: str) -> dict:
    """What the MLflow of that version said of the store."""
    return json.loads((STORES / name / "expected.json").read_text(encoding="utf-8"))


def a_run_of(name: str, run_name: str = "child 1") -> str:
    """The id of a run of a fixture, by its name there."""
    return next(r for r, run in told(name)["runs"].items() if run["tags"].get("mlflow.runName") == run_name)


def run_directory(files: Path) -> Path:
    """Where a copy of the newest file store has that run."""
    return next((files / "mlruns").glob(f"*/{a_run_of(NEWEST_FILES.name)}"))


def change(database: Path, *commands: str) -> None:
    connection = sqlite3.connect(database)
    for command in commands:
        connection.execute(command)
    connection.commit()
    connection.close()


def bits(value: float) -> str:
    return struct.pack(">d", value).hex()


@dataclass
class Imported:
    """The documents of one import by unit, and what was told besides."""

    documents: dict[str, Document]
    findings: Findings

    def statements(self, kind: str | None = None) -> list[Statement]:
        found = [stated for document in self.documents.values() for _, stated in document.assertions]
        return [stated for stated in found if kind is None or BY_IRI[stated.kind].name == kind]

    def facts(self, iri: str) -> dict[str, set[str]]:
        """Attribute name without `ps:` to its values, of everything said of one element."""
        found: dict[str, set[str]] = defaultdict(set)
        for stated in self.statements():
            if stated.identifier == iri and BY_IRI[stated.kind].is_element:
                for attribute in stated.attributes:
                    found[attribute.name.removeprefix(PS)].add(attribute.lexical)
        return dict(found)

    def one(self, iri: str, name: str) -> str | None:
        values = self.facts(iri).get(name, set())
        assert len(values) <= 1, (iri, name, values)
        return next(iter(values), None)

    def edges(self, relation: str) -> set[tuple[str, str]]:
        """The first two arguments of a relation's statements, without the namespace of MLflow."""
        record = next(r for r in BY_IRI.values() if r.name == relation)
        ends = [a.iri for a in record.arguments if a.holds != "time"][:2]
        return {
            tuple((stated.argument(end) or "-").removeprefix(NAMESPACE) for end in ends)
            for stated in self.statements(relation)
        }

    def points(self, series: str) -> list[list]:
        """The points of a series as MLflow's oracle has them: step, time, bits."""
        blobs = {sha256(blob).hexdigest(): blob for document in self.documents.values() for blob in document.blobs}
        chunk = self.one(series, "chunk")
        return [[p.step, p.time_ms, bits(p.value)] for p in decode(blobs[chunk.removeprefix("sha256:")])]

    def upstream(self, start: str) -> set[str]:
        """What `start` was made from, by relations alone (no stitching); names without MLflow's namespace."""
        causes: dict[str, set[str]] = defaultdict(set)
        for relation in ("used", "wasGeneratedBy", "wasDerivedFrom", "hadMember"):
            for effect, cause in self.edges(relation):
                causes[effect].add(cause)
        found, waiting = set(), [start]
        while waiting:
            for cause in causes[waiting.pop()] - found:
                found.add(cause)
                waiting.append(cause)
        return found


def imported(path: Path | str, *, scope: str = "") -> Imported:
    findings = Findings()
    request = Request(path=str(path), scope=scope, read_at=READ_AT)
    documents = list(MlflowImporter().documents(request, findings))
    assert len({document.header.unit for document in documents}) == len(documents)
    return Imported({document.header.unit: document for document in documents}, findings)
