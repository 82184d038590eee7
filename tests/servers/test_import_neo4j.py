"""The importer of Neo4j on real servers: what other programs wrote comes back as the document that they were given."""

from __future__ import annotations

import io
import json
from contextlib import ExitStack

import pytest
from neo4j.exceptions import ClientError

import provstore
from provstore.cli.main import run
from provstore.errors import BackendUnavailable, BadInput, Denied, UsageError
from provstore.formats import registry as formats
from provstore.importers import registry
from provstore.importers.contract import Findings, Request
from provstore.importers.neo4j.link import Graph
from provstore.model.document import equal
from tests.support import servers
from tests.support.engines import alone, neo4j_settings
from tests.support.foreign_graphs import DATA, foreign_graph, session, write, written_by

pytestmark = pytest.mark.servers
READ_AT = "2026-11-21T10:00:00.000000Z"
EX = "http://example.org/lab#"
PREFIXES = "prefixes: {ex: 'http://example.org/lab#', foaf: 'http://xmlns.com/foaf/0.1/'}\n"
# What each program loses when it writes.
LOST = {
    "prov2neo": {"ex:gen1; ": "", '"http://example.org/model" %% xsd:anyURI': '"http://example.org/model"'},
    "yprov": {"ex:gen1; ": "", '"http://example.org/model" %% xsd:anyURI': '"http://example.org/model"'},
    # It makes an entity of each bundle.
    "prov-db-connector": {"  bundle ex:review": "  entity(ex:review, [prov:type='prov:Bundle'])\n  bundle ex:review"},
}


def expected(program):
    text = (DATA / "written.provn").read_text()
    for given, left in LOST[program].items():
        assert given in text
        text = text.replace(given, left)
    if program == "yprov":
        text = text[: text.index("  bundle")] + "endDocument\n"
    return list(formats.by_name("prov-n").read(io.BytesIO(text.encode()), source="written").assertions)


def imported(location, mapping="", findings=None):
    request = Request(path=location, mapping=str(mapping), read_at=READ_AT)
    (document,) = registry.load("neo4j").documents(request, findings or Findings())
    return document


@pytest.fixture
def graph(monkeypatch):
    """Writes a graph into a server for the rest of the test, and gives its location."""
    with ExitStack() as stack:

        def put(graph, name="neo4j"):
            location, environment = stack.enter_context(foreign_graph(graph, name))
            for key, value in environment.items():
                monkeypatch.setenv(key, value)
            return location

        yield put


def node(label, /, **properties):
    return {"labels": [label] if label else [], "properties": properties}


def edge(first, kind, second, /, **properties):
    return {"from": first, "type": kind, "to": second, "properties": properties}


@pytest.mark.parametrize(("program", "server"), [*((program, "neo4j") for program in LOST), ("yprov", "neo4j-2026")])
def test_what_a_program_wrote_comes_back_as_the_document_that_it_was_given(program, server, graph, tmp_path):
    mapping = tmp_path / "ours.yaml"
    mapping.write_text(f"layout: {program}\n{PREFIXES if program == 'prov2neo' else ''}")
    findings = Findings()
    document = imported(graph(written_by(program), server), mapping, findings)
    assert equal(document.assertions, expected(program))
    assert (findings.unmapped, findings.warnings, findings.refused) == ({}, [], [])


@pytest.mark.parametrize("program", LOST)
def test_the_layout_is_found_out(program, graph):
    findings = Findings()
    assert imported(graph(written_by(program)), findings=findings).header.format == program
    assert findings.layout == program


def test_names_whose_prefix_is_unknown_are_kept_and_told(graph):
    findings = Findings()
    document = imported(graph(written_by("prov2neo")), findings=findings)
    names = {stated.identifier for _, stated in document.assertions if stated.identifier}
    assert "urn:provstore:neo4j:name/ex%3Atrain" in names
    (warning,) = findings.warnings
    assert "ex (" in warning
    assert "prefixes" in warning


WORDS = {
    "nodes": [
        node("Entity", id="raw", rows=3, label="raw scans"), node("Activity", id="train", startTime="2026-03-01"),
        node("Entity", id="model", type="prov:Plan", tags=["a", "b"]), node("Agent", id="ada"),
    ],
    "relationships": [
        edge(1, "used", 0, role="training"), edge(2, "WAS_GENERATED_BY", 1), edge(1, "S", 3), edge(2, "D", 0),
    ],
}  # fmt: skip


def test_a_graph_of_provs_own_words_is_read_whatever_its_spelling(graph):
    findings = Findings()
    document = imported(graph(WORDS), findings=findings)
    text = """document
      prefix o <urn:provstore:neo4j:name/>
      prefix p <urn:provstore:neo4j:property/>
      entity(o:raw, [p:rows="3" %% xsd:int, prov:label="raw scans"])
      activity(o:train, 2026-03-01T00:00:00.000000Z, -)
      entity(o:model, [prov:type='prov:Plan', p:tags="a", p:tags="b"])
      agent(o:ada)
      used(o:train, o:raw, -, [prov:role="training"])
      wasGeneratedBy(o:model, o:train, -)
      wasAssociatedWith(o:train, o:ada, -)
      wasDerivedFrom(o:model, o:raw)
    endDocument"""
    stated = formats.by_name("prov-n").read(io.BytesIO(text.encode()), source="by hand").assertions
    assert equal(document.assertions, stated)
    assert (document.header.format, findings.unmapped) == ("provdb", {})


OURS = """
identifier: key
prefixes: {lab: "http://lab.example/"}
elements:
  Job: {kind: activity, type: "ps:Run"}
  File: entity
relations:
  READS: used
  WRITES: {relation: wasGeneratedBy, reversed: true}
properties: {began: "prov:startTime", accuracy: "ps:metric.accuracy"}
bookkeeping: [uid]
"""
OTHERS = {
    "nodes": [
        node("File", key="lab:in", uid=1), node("Job", key="lab:j1", began="2026-03-01T08:00:00Z", accuracy=0.5),
        node("File", key="lab:out"), node("Cat", key="lab:tom"), node("File", name="nameless"),
    ],
    "relationships": [
        edge(1, "READS", 0), edge(1, "WRITES", 2, at="noon"), edge(3, "CHASES", 0), edge(1, "READS", 4),
    ],
}  # fmt: skip


def test_a_mapping_file_reads_any_graph_and_what_it_does_not_name_is_counted(graph, tmp_path):
    mapping = tmp_path / "ours.yaml"
    mapping.write_text(OURS)
    findings = Findings()
    document = imported(graph(OTHERS), mapping, findings)
    text = """document
      prefix lab <http://lab.example/>
      prefix ps <urn:provstore:terms#>
      prefix p <urn:provstore:neo4j:property/>
      entity(lab:in)
      entity(lab:out)
      activity(lab:j1, 2026-03-01T08:00:00.000000Z, -, [prov:type='ps:Run', ps:metric.accuracy="0.5" %% xsd:double])
      used(lab:j1, lab:in, -)
      wasGeneratedBy(lab:out, lab:j1, -, [p:at="noon"])
    endDocument"""
    stated = formats.by_name("prov-n").read(io.BytesIO(text.encode()), source="by hand").assertions
    assert equal(document.assertions, stated)
    assert {what: found.count for what, found in findings.unmapped.items()} == {
        "label Cat": 1, "node without a name": 1, "relationship CHASES": 1,
        "relationship READS of a node without a name": 1,
    }  # fmt: skip


def test_the_same_graph_again_is_known_and_a_changed_one_takes_its_place(graph, tmp_path):
    location = graph(WORDS)
    with provstore.open(tmp_path / "store.db") as store:
        first = store.import_records(location)
        assert (first.new_documents, first.statements, first.new) == (1, 8, 8)
        again = store.import_records(location)
        assert (again.new_documents, again.duplicate_documents, again.new) == (0, 1, 0)
        with session() as writing:
            writing.run("MATCH (n {id: 'ada'}) DETACH DELETE n").consume()
        changed = store.import_records(location)
        assert (changed.new_documents, changed.superseded) == (1, 1)
        assert store.find("kind = agent").total == 0


def test_nothing_is_written_into_the_graph(graph):
    location = graph(WORDS)
    with pytest.raises(ClientError, match="Writing in read access mode"), Graph(location) as opened:
        opened._transaction.run("CREATE (n:Entity) RETURN n").consume()
    imported(location)
    with session() as reading:
        assert reading.run("MATCH (n) RETURN count(n)").single()[0] == len(WORDS["nodes"])


def test_two_layouts_in_one_database_are_not_guessed_at(graph):
    both = [*written_by("prov2neo")["nodes"], *written_by("yprov")["nodes"]]
    location = graph({"nodes": both, "relationships": []})
    with pytest.raises(BadInput, match="yprov, prov2neo") as refused:
        imported(location)
    assert "--mapping" in refused.value.next_step
    assert imported(location, "yprov").assertions


@pytest.mark.parametrize(
    ("nodes", "said"), [([], "the database is empty"), ([node("Cat", name="tom")], "its labels: Cat")]
)
def test_a_database_without_provenance_is_refused_with_what_is_in_it(nodes, said, graph):
    location = graph({"nodes": nodes, "relationships": []})
    with pytest.raises(BadInput, match=said):
        imported(location)


def test_the_graph_of_a_store_is_not_imported_into_one(tmp_path, monkeypatch):
    with alone("neo4j"), neo4j_settings() as given:
        monkeypatch.setenv("NEO4J_PASSWORD", given["graph_password"])
        with provstore.open(tmp_path / "store.db", **given) as store:
            store.ingest(DATA / "written.provn")
        with pytest.raises(BadInput, match="made from its ledger"):
            imported(given["graph"])


def test_what_is_wrong_with_a_location_is_told(monkeypatch):
    url = servers.server("neo4j").url
    monkeypatch.setenv("NEO4J_USERNAME", "neo4j")
    monkeypatch.setenv("NEO4J_PASSWORD", "wrong")
    with pytest.raises(Denied, match="NEO4J_PASSWORD"):
        imported(url)
    with pytest.raises(BackendUnavailable, match=r"127\.0\.0\.1:1"):
        imported("bolt://127.0.0.1:1")
    with pytest.raises(UsageError) as refused:
        imported("bolt://ann:hunter2@127.0.0.1")
    assert "hunter2" not in str(refused.value)
    monkeypatch.setenv("NEO4J_PASSWORD", servers.server("neo4j").password)
    with pytest.raises(BadInput, match="nowhere"):
        imported(f"{url}/nowhere")


def test_the_command_says_layout_and_what_was_not_mapped(graph, tmp_path, capsys):
    location, mapping = graph(OTHERS), tmp_path / "ours.json"
    mapping.write_text(
        json.dumps({"identifier": "key", "elements": {"File": "entity"}, "relations": {"READS": "used"}})
    )
    command = ["--store", str(tmp_path / "s.db"), "import", location, "--mapping", str(mapping)]
    assert run([*command, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "neo4j (ours.json), 1 document" in said
    assert "not mapped: " in said
    assert run(["--json", *command]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["layout"], found["documents"]["new"]) == ("ours.json", 1)
    assert {"what": "relationship WRITES", "count": 1, "example": "lab:j1 -> lab:out"} in found["unmapped"]


def test_a_write_between_two_imports_is_seen(graph):
    location = graph(WORDS)
    before = imported(location).assertions
    with session() as writing:
        write(writing, {"nodes": WORDS["nodes"], "relationships": WORDS["relationships"][::-1]})
    assert imported(location).assertions == before
