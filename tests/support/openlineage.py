"""Small OpenLineage events, and what documents say in a form that tests can compare by eye."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from provstore.importers.contract import Findings, Request
from provstore.importers.openlineage import OpenLineageImporter
from provstore.importers.openlineage.names import NAMESPACE
from provstore.model.document import Document
from provstore.model.terms import BY_IRI, PROV, PS

SPEC = Path(__file__).parents[1] / "data" / "openlineage" / "spec"
RUN = "f69a6e9b-9bac-3c9a-9cf6-eacb70ecc9a9"
TIME = "2026-01-02T03:04:05Z"


def event(**parts: Any) -> dict[str, Any]:
    """A RunEvent with a job `n/j`; `parts` replace members; `run`, `job`: facets of them; None leaves one out."""
    made = {
        "eventType": "COMPLETE",
        "eventTime": TIME,
        "producer": "https://example.org/emitter",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json",
        **parts,
        "run": {"runId": RUN, "facets": parts.get("run", {})},
        "job": {"namespace": "n", "name": "j", "facets": parts.get("job", {})},
    }
    return {name: value for name, value in made.items() if value is not None}


def dataset(name: str = "d", **members: Any) -> dict[str, Any]:
    """A dataset in the namespace `a`."""
    return {"namespace": "a", "name": name, **members}


def imported(folder: Path, *events: Any, findings: Findings | None = None, scope: str = "") -> list[Document]:
    """The documents of events written one a line."""
    path = folder / "events.ndjson"
    path.write_text("".join(json.dumps(one) + "\n" for one in events), encoding="utf-8")
    request = Request(path=str(path), scope=scope, read_at="2026-11-21T00:00:00.000000Z")
    return list(OpenLineageImporter().documents(request, findings or Findings()))


def short(iri: str) -> str:
    """`run/1` for openlineage:run/1, `ps:x`, `prov:x`."""
    for namespace, prefix in ((NAMESPACE, ""), (PS, "ps:"), (PROV, "prov:")):
        if iri.startswith(namespace):
            return prefix + iri.removeprefix(namespace)
    return iri


def relations(documents: Iterable[Document]) -> set[tuple[str, ...]]:
    """(relation, first, second, third...) of every relation, absent arguments and times left out."""
    found = set()
    for document in documents:
        for _, stated in document.assertions:
            record = BY_IRI[stated.kind]
            if not record.is_element:
                ends = (stated.argument(one.iri) for one in record.arguments if one.holds != "time")
                found.add((record.name, *(short(end) for end in ends if end)))
    return found


def said(documents: Iterable[Document], identifier: str) -> dict[str, set[str]]:
    """The attributes of one element: short name to lexical forms, names among them shortened."""
    found: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for _, stated in document.assertions:
            if stated.identifier is not None and short(stated.identifier) == identifier:
                for attribute in stated.attributes:
                    found[short(attribute.name)].add(short(attribute.lexical))
    return dict(found)


def on_relation(documents: Iterable[Document], relation: str) -> dict[str, set[str]]:
    """The attributes of all relations of one type, formal arguments left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for _, stated in document.assertions:
            record = BY_IRI[stated.kind]
            formal = {argument.iri for argument in record.arguments}
            if record.name == relation:
                for attribute in stated.attributes:
                    if attribute.name not in formal:
                        found[short(attribute.name)].add(short(attribute.lexical))
    return dict(found)
