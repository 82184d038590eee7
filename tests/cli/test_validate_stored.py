"""`validate --stored`, `ingest --validate`, `import --validate`: exit codes, shapes, and what is kept (rule 16)."""

from __future__ import annotations

import json

import pytest

ONE = """document
prefix ex <http://example.org/>
entity(ex:raw)
entity(ex:model, [prov:label="m"])
wasDerivedFrom(ex:model, ex:raw)
endDocument
"""
TWO = """document
prefix ex <http://example.org/>
entity(ex:model, [prov:label="n"])
wasDerivedFrom(ex:raw, ex:model)
endDocument
"""
RUN = "3f5e83fa-3480-44ff-99c5-ff943904e5e8"
EVENT = {
    "eventTime": "2026-01-01T00:00:00Z", "eventType": "COMPLETE", "producer": "https://example.org/p",
    "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    "run": {"runId": RUN}, "job": {"namespace": "n", "name": "j"}, "inputs": [], "outputs": [],
}  # fmt: skip
CLASH = f"document prefix o <urn:provstore:openlineage:> entity(o:run/{RUN}) endDocument"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "one.provn").write_text(ONE)
    (tmp_path / "two.provn").write_text(TWO)
    (tmp_path / "clash.provn").write_text(CLASH)
    (tmp_path / "events.ndjson").write_text(json.dumps(EVENT) + "\n")


@pytest.fixture
def circle(provstore, files):
    """The command line with a store that holds two documents which contradict each other, and their receipts."""
    one = provstore("ingest", "one.provn", "--actor", "ada", "--json").json["document"]
    two = provstore("ingest", "two.provn", "--actor", "bob", "--json").json["document"]
    return provstore, one, two


def test_what_is_stored_is_validated_together_with_who_says_so(circle):
    provstore, one, two = circle
    done = provstore("validate", "--stored", "--json")
    assert done.code == 1
    [verdict] = done.lines
    assert (verdict["file"], verdict["store"], verdict["space"]) == (None, "provstore.db", "default")
    assert (verdict["documents"], verdict["statements"], verdict["valid"]) == (2, 5, False)
    [finding] = verdict["findings"]
    assert finding["constraint"] == 42
    assert [(said["document"], said["actor"], said["source"]) for said in finding["documents"]] == [
        (one, "ada", "one.provn"),
        (two, "bob", "two.provn"),
    ]
    by_document = [sid for said in finding["documents"] for sid in said["sids"]]
    assert sorted(by_document) == sorted(finding["sids"])
    assert (finding["removal"], finding["retract"]) == (["wasDerivedFrom(ex:raw, ex:model)"], [two])
    assert finding["documents_not_listed"] == 0


def test_retracting_what_the_finding_names_makes_the_store_valid(circle):
    provstore, _, _ = circle
    [verdict] = provstore("validate", "--stored", "--json").lines
    for document in verdict["findings"][0]["retract"]:
        assert provstore("retract", document, "--reason", "wrong").code == 0
    assert provstore("validate", "--stored").code == 0


def test_a_conflict_tells_who_said_which_value_and_when(circle):
    provstore, one, two = circle
    [verdict] = provstore("validate", "--stored", "--json").lines
    [lint] = [lint for lint in verdict["lints"] if lint["kind"] == "conflicting-attribute"]
    assert [(said["value"], said["actor"], said["source"], said["document"]) for said in lint["values"]] == [
        ("m", "ada", "one.provn", one),
        ("n", "bob", "two.provn", two),
    ]
    assert all(said["time"].startswith("20") for said in lint["values"])
    text = provstore("validate", "--stored").out
    assert '"m": ada, ' in text
    assert f"provstore retract {two} --reason TEXT" in text


def test_later_words_of_one_unit_are_no_conflict(provstore, tmp_path):
    events = [
        EVENT | {"eventType": kind, "eventTime": f"2026-01-01T0{hour}:00:00Z"}
        for hour, kind in ((0, "START"), (1, "COMPLETE"))
    ]
    (tmp_path / "events.ndjson").write_text("".join(json.dumps(event) + "\n" for event in events))
    assert provstore("import", "events.ndjson").code == 0
    done = provstore("validate", "--stored", "--json")
    assert done.code == 0
    assert [lint for lint in done.json["lints"] if lint["kind"] == "conflicting-attribute"] == []


def test_only_the_documents_that_are_named_are_validated(circle):
    provstore, one, two = circle
    assert provstore("validate", "--stored", "--document", one).code == 0
    done = provstore("validate", "--stored", "--document", one, "--document", two)
    assert done.code == 1
    provstore("retract", two, "--reason", "wrong")
    assert provstore("validate", "--stored").code == 0
    assert provstore("validate", "--stored", "--document", one, "--document", two).code == 1
    assert provstore("validate", "--stored", "--document", "urn:provstore:document:" + "0" * 64).code == 3


def test_each_space_has_a_verdict_of_its_own(provstore, files):
    provstore("ingest", "one.provn")
    provstore("ingest", "two.provn", "--space", "other")
    done = provstore("validate", "--stored", "--json")
    assert [(line["space"], line["valid"]) for line in done.lines] == [("default", True), ("other", True)]
    provstore("ingest", "two.provn")
    done = provstore("validate", "--stored", "--json")
    assert [(line["space"], line["valid"]) for line in done.lines] == [("default", False), ("other", True)]
    assert provstore("validate", "--stored", "--space", "other").code == 0
    assert provstore("validate", "--stored", "--space", "default").code == 1


def test_a_store_with_nothing_in_it_is_valid(provstore, files):
    document = provstore("ingest", "one.provn", "--json").json["document"]
    provstore("retract", document, "--reason", "wrong")
    done = provstore("validate", "--stored")
    assert (done.code, done.out) == (0, "default: valid, 0 documents, 0 statements\n")


def test_a_refused_document_exits_4_with_the_findings_and_nothing_is_stored(provstore, files):
    assert provstore("ingest", "one.provn", "--validate", "refuse").code == 0
    done = provstore("ingest", "two.provn", "--validate", "refuse", "--json")
    assert (done.code, done.out) == (4, "")
    assert (done.error["code"], done.error["where"]) == ("bad-input", "two.provn")
    assert "constraint 42 (derivation-generation-generation-ordering): The generation of ex:" in done.error["message"]
    assert [finding["constraint"] for finding in done.error["findings"]] == [42]
    assert len(provstore("documents", "--json").json["rows"]) == 1


def test_a_warned_document_is_stored_and_its_finding_kept(provstore, files):
    provstore("ingest", "one.provn")
    done = provstore("ingest", "two.provn", "--validate", "warn", "--json")
    assert (done.code, done.json["new"], done.json["documents"]["new"]) == (0, 2, 1)
    [warning] = done.json["warnings"]
    assert warning.startswith("two.provn: constraint 42 ")
    found = provstore("find", "type = ps:Finding and constraint = 42", "--json").json["nodes"]
    assert len(found) == 1
    table = provstore("validate", "--stored", "--findings", "--json").json
    [row] = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    assert (row["document"], row["finding"]) == (done.json["document"], found[0]["iri"])
    assert (row["constraint"], row["live"], row["decided"], row["space"]) == ("42", True, True, "default")
    assert provstore("validate", "--stored", "--findings", "--space", "other", "--json").json["rows"] == []
    assert provstore("check").code == 0


def test_by_default_ingest_does_not_validate_and_import_warns(provstore, files):
    provstore("ingest", "clash.provn")
    done = provstore("ingest", "clash.provn", "one.provn", "two.provn", "--json")
    assert [line["warnings"] for line in done.lines] == [[], [], []]
    done = provstore("import", "events.ndjson", "--json")
    assert (done.code, done.json["documents"]["new"]) == (0, 1)
    assert "constraint 55 (entity-activity-disjoint)" in done.json["warnings"][0]


def test_an_import_refuses_single_documents_and_tries_them_again_next_time(provstore, files):
    clash = provstore("ingest", "clash.provn", "--json").json["document"]
    for _ in range(2):
        done = provstore("import", "events.ndjson", "--validate", "refuse", "--json")
        assert (done.code, done.json["documents"]["refused"], done.json["documents"]["new"]) == (4, 1, 0)
        assert "constraint 55" in done.json["warnings"][0]
    assert len(provstore("documents", "--json").json["rows"]) == 1
    provstore("retract", clash, "--reason", "wrong")
    done = provstore("import", "events.ndjson", "--validate", "refuse", "--json")
    assert (done.code, done.json["documents"]["new"]) == (0, 1)


def test_the_setting_decides_when_no_option_does(provstore, files, monkeypatch):
    provstore("ingest", "one.provn")
    monkeypatch.setenv("PROVSTORE_VALIDATE", "refuse")
    assert provstore("ingest", "two.provn").code == 4
    assert provstore("ingest", "two.provn", "--validate", "off").code == 0
    monkeypatch.setenv("PROVSTORE_VALIDATE", "perhaps")
    assert provstore("ingest", "one.provn").code == 2


@pytest.fixture
def warned(provstore, files):
    """A store whose second document was taken in with a finding: (command line, that document, the finding)."""
    provstore("ingest", "one.provn")
    document = provstore("ingest", "two.provn", "--validate", "warn", "--json").json["document"]
    [finding] = provstore("find", "type = ps:Finding", "--json").json["nodes"]
    return provstore, document, finding["iri"]


def test_findings_are_left_out_of_exports_history_and_validation_unless_asked_for(warned):
    provstore, _, finding = warned
    assert "Finding" not in provstore("export", "prov-n").out
    assert finding.rpartition(":")[2] in provstore("export", "prov-n", "--derived").out
    assert provstore("history", finding, "--json").json["rows"] == []
    assert len(provstore("history", finding, "--derived", "--json").json["rows"]) == 1
    [verdict] = provstore("validate", "--stored", "--json").lines
    assert (verdict["documents"], verdict["statements"]) == (2, 5)


@pytest.mark.parametrize("verb", ["retract", "erase"])
def test_findings_about_a_document_go_with_it(warned, verb):
    provstore, document, _ = warned
    assert provstore(verb, document, "--reason", "wrong").code == 0
    assert provstore("find", "type = ps:Finding", "--json").json["nodes"] == []
    assert provstore("validate", "--stored", "--findings", "--json").json["rows"] == []
    assert provstore("check").code == 0


@pytest.mark.parametrize(
    "words",
    [
        [], ["--stored", "one.provn"], ["one.provn", "--findings"], ["one.provn", "--document", "x"],
        ["--stored", "--normal-form"], ["--stored", "--findings", "--document", "x"],
    ],
)  # fmt: skip
def test_files_and_the_store_are_two_calls(provstore, files, words):
    assert provstore("validate", *words).code == 2
