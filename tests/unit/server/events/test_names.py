"""Identifiers of what events tell of: a contract (rule 31), as docs/reference/identifiers.md has it."""

from __future__ import annotations

import json
import re

from provstore.model.arguments import named
from provstore.server.events.reading import batch
from provstore.server.intake import Origin
from tests.docs.blocks import ROOT

DIGEST = "sha256:" + "ab" * 32
EVENT = {
    "type": "run", "id": "ID", "time": "2026-11-21T10:00:00Z", "experiment": "NAME", "agent": {"name": "NAME"},
    "points": [{"metric": "METRIC", "value": 1, "time": "2026-11-21T10:00:00Z"},
               {"metric": "METRIC", "value": 1, "time": "2026-11-21T10:00:00Z", "context": "CONTEXT"}],
    "code": {"commit": "COMMIT", "dirty": True}, "environment": {"python": "3.11"},
    "inputs": ["ID", {"digest": DIGEST}],
}  # fmt: skip
NAMED = {
    "run/ID", "artifact/ID", "artifact/sha256%3A" + "ab" * 32, "series/ID/METRIC", "series/ID/METRIC/CONTEXT",
    "experiment/NAME", "agent/NAME", "code/COMMIT/dirty",
    "environment/DIGEST",
}  # fmt: skip


def iris(event):
    [document], _ = batch(json.dumps({"events": [event]}).encode(), Origin(space="default", actor="ann"))
    return {
        one.iri.removeprefix("urn:provstore:event:") for said in document.assertions for one in named(said.statement)
    }


def test_things_are_named_for_good():
    found = {re.sub("(?<=environment/)[0-9a-f]{64}", "DIGEST", one) for one in iris(EVENT)}
    assert found == NAMED


def test_the_identifiers_page_has_every_form():
    page = (ROOT / "docs" / "reference" / "identifiers.md").read_text(encoding="utf-8")
    told = {one.partition("[")[0] for one in re.findall(r"`event:([^`]*)`", page)}
    found = {re.sub("(?<=environment/)[0-9a-f]{64}", "DIGEST", one) for one in iris(EVENT)}
    forms = {one.replace("sha256%3A" + "ab" * 32, "ALGORITHM:DIGEST").replace("/CONTEXT", "").replace("/dirty", "")
             for one in found}  # fmt: skip
    assert told == forms


def test_signs_that_would_lead_elsewhere_are_encoded():
    assert "run/..%2Fa%20b%3F%23%25" in iris(EVENT | {"id": "../a b?#%"})
