"""The store that ships with the package tells the story that its README tells."""

from __future__ import annotations

import json
from hashlib import sha256

from provstore.importers.mlflow.names import NAMESPACE
from tests.support.mlflow_stores import DEMO, imported


def with_digest(found, digest):
    return {
        s.identifier.removeprefix(NAMESPACE)
        for s in found.statements("entity")
        if digest in found.facts(s.identifier).get("digest", ())
    }


def label(found, local):
    return found.one(NAMESPACE + local, "http://www.w3.org/ns/prov#label")


def test_a_version_leads_through_equal_bytes_to_the_file_that_openlineage_knows():
    found = imported(DEMO)
    upstream = found.upstream("model/churn/3")
    assert sum(one.startswith("logged-model/") for one in upstream) == 1
    assert {label(found, one) for one in upstream if one.startswith("run/")} == {"rate 0.1"}
    prepared = next(one for one in upstream if label(found, one) == "customers train")
    bytes_digest = next(d for d in found.facts(NAMESPACE + prepared)["digest"] if d.startswith("sha256:"))
    artifact = next(one for one in with_digest(found, bytes_digest) if one.endswith("/prepared/train.csv"))
    further = found.upstream(artifact)
    assert {label(found, one) for one in further if one.startswith("run/")} == {"prepare"}
    raw = next(one for one in further if label(found, one) == "customers")
    raw_digest = sha256((DEMO / "raw" / "customers.csv").read_bytes()).hexdigest()
    assert f"sha256:{raw_digest}" in found.facts(NAMESPACE + raw)["digest"]
    events = [json.loads(line) for line in (DEMO / "openlineage.ndjson").read_text().splitlines()]
    versions = [o["facets"]["version"]["datasetVersion"] for event in events for o in event["outputs"]]
    assert versions == [f"sha256:{raw_digest}"]


def test_the_demo_has_a_failed_run_an_unfinished_one_and_nested_ones():
    found = imported(DEMO)
    statuses = [
        next(iter(found.facts(s.identifier)["status"]))
        for s in found.statements("activity")
        if "/run/" not in s.identifier or found.facts(s.identifier).get("status")
    ]
    assert sorted(statuses) == ["failed", "failed", *["finished"] * 6, "running"]
    assert len(found.edges("wasInformedBy")) == 4
    assert found.findings.refused == []
    assert found.findings.unmapped == {}


def test_the_demo_is_small_and_names_no_machine():
    files = [path for path in DEMO.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) < 600_000
    for path in files:
        content = path.read_bytes()
        for place in (b"/home/", b"/root/", b"/Users/", b"127.0.0.1:"):
            assert place not in content or path.name == "make_demo.py", path
