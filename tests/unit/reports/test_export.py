from __future__ import annotations

import csv
import io
import math
from hashlib import sha256

import pytest

from provstore.errors import NotFound
from provstore.formats import registry
from provstore.ledger.contract import Retraction
from provstore.ledger.sqlite import SqliteLedger
from provstore.model.document import Assertion, Document, Header, equal
from provstore.model.series import encode
from provstore.model.statement import Statement, reference, statement
from provstore.model.terms import BY_NAME, LABEL, PROV, PS, QUALIFIED_NAME, STRING, TYPE
from provstore.reports.export import chunk_digests, export

EX = "http://example.org/"
OTHER = "http://example.com/"


def entity(name: str, *attributes: tuple[str, str, str, str]) -> Statement:
    return statement(PROV + "Entity", EX + name, attributes)


def label(text: str) -> tuple[str, str, str, str]:
    return (LABEL, STRING, text, "")


def relation(name: str, first: str, second: str) -> Statement:
    record = BY_NAME[name]
    ends = zip(record.arguments, (first, second), strict=False)
    return statement(record.iri, None, [reference(argument.iri, EX + end) for argument, end in ends])


def document(unit: str, *assertions: Assertion | Statement, blobs: tuple[bytes, ...] = (), **fields) -> Document:
    namespaces = fields.pop("namespaces", {None: {"ex": EX}})
    header = Header(unit=unit, event_time="2026-01-01T00:00:00.000000Z", namespaces=namespaces, **fields)
    listed = [one if isinstance(one, Assertion) else Assertion(None, one) for one in assertions]
    return Document(header, listed, blobs)


@pytest.fixture
def ledger(tmp_path):
    with SqliteLedger(tmp_path / "x.db", create=True) as opened:
        yield opened


def read(ledger, format_name="prov-json", **options) -> tuple[list[Assertion], dict]:
    stream = io.BytesIO()
    assert export(ledger, format_name, stream, **options) == []
    stream.seek(0)
    reading = registry.by_name(format_name).read(stream, source="export")
    return list(reading.assertions), dict(reading.namespaces)


def rows(ledger, **options) -> list[dict[str, str]]:
    stream = io.BytesIO()
    assert export(ledger, "csv", stream, **options) == []
    return list(csv.DictReader(io.StringIO(stream.getvalue().decode(), newline="")))


STORY = (
    entity("b", label("b")), entity("a", label("a")), relation("wasDerivedFrom", "b", "a"), entity("b", label("b")),
    Assertion(EX + "bundle", entity("c")),
)  # fmt: skip


def test_one_document_comes_out_identical_with_its_own_prefixes(ledger):
    [first, _] = ledger.append([
        document("one", *STORY, namespaces={None: {"mine": EX}, EX + "bundle": {"inner": EX}}),
        document("two", entity("z"), namespaces={None: {"mine": OTHER}}),
    ])  # fmt: skip
    assertions, namespaces = read(ledger, document=first.document)
    assert equal(assertions, ledger.document(first.document).assertions)
    assert namespaces[None]["mine"] == EX


def test_everything_is_what_is_live_each_statement_once_in_its_bundle(ledger):
    ledger.append([document("one", *STORY), document("two", STORY[0], entity("d"))])
    [gone] = ledger.append([document("three", entity("gone"))])
    ledger.append([Retraction(gone.document, "wrong")])
    assertions, _ = read(ledger)
    expected = [*(Assertion(None, one) for one in STORY[:3]), Assertion(None, entity("d")), STORY[4]]
    assert equal(assertions, expected)


def test_what_was_live_then_can_be_exported_now(ledger):
    [gone] = ledger.append([document("one", entity("gone"))])
    ledger.append([Retraction(gone.document, "wrong")])
    assert read(ledger)[0] == []
    assert read(ledger, as_of=1)[0] == [Assertion(None, entity("gone"))]


def test_what_provstore_itself_states_stays_out_unless_asked_for(ledger):
    finding = document("finding", entity("finding"), mode="event", derived=True)
    ledger.append([document("one", entity("a")), finding])
    assert read(ledger)[0] == [Assertion(None, entity("a"))]
    assert equal(read(ledger, derived=True)[0], [Assertion(None, entity("a")), Assertion(None, entity("finding"))])
    assert [row["name"] for row in rows(ledger)] == ["ex:a"]
    assert [row["name"] for row in rows(ledger, derived=True)] == ["ex:a", "ex:finding"]


def test_a_lineage_holds_what_is_said_among_its_elements(ledger):
    ledger.append([document("one", *STORY, entity("x"), relation("wasDerivedFrom", "x", "a"))])
    assertions, _ = read(ledger, iris={EX + "a", EX + "b"})
    assert equal(assertions, [Assertion(None, one) for one in STORY[:3]])


def test_a_prefix_that_two_documents_use_differently_is_numbered(ledger):
    ledger.append([
        document("one", entity("a"), namespaces={None: {"p": EX}}),
        document("two", statement(PROV + "Entity", OTHER + "b", []), namespaces={None: {"p": OTHER}}),
    ])  # fmt: skip
    assertions, namespaces = read(ledger)
    assert {one.statement.identifier for one in assertions} == {EX + "a", OTHER + "b"}
    assert {namespaces[None]["p"], namespaces[None]["p2"]} == {EX, OTHER}


def test_an_unknown_document_is_not_found(ledger):
    with pytest.raises(NotFound):
        export(ledger, "prov-json", io.BytesIO(), document="urn:provstore:document:none")


def test_csv_holds_nodes_edges_and_the_points_of_series_exactly(ledger):
    points = [(0, 1_700_000_000_000, 0.5), (1, 1_700_000_000_001, math.nan), (2, -5, -math.inf), (2**62, 0, 5e-324)]
    steps, times, values = zip(*points, strict=True)
    chunk = encode(steps, times, values)
    digest = sha256(chunk).hexdigest()
    series = entity("loss", (TYPE, QUALIFIED_NAME, PS + "MetricSeries", ""), (PS + "chunk", STRING, digest, ""))
    run = statement(PROV + "Activity", EX + "run", [label("train")])
    ledger.append([document("one", run, series, relation("wasGeneratedBy", "loss", "run"), blobs=(chunk,))])
    told = rows(ledger)
    assert [(row["record"], row["iri"], row["label"]) for row in told[:2]] == [
        ("node", EX + "loss", ""),
        ("node", EX + "run", "train"),
    ]
    assert [(row["relation"], row["source"], row["target"]) for row in told if row["record"] == "edge"] == [
        ("wasGeneratedBy", EX + "loss", EX + "run")
    ]
    assert [(row["series"], row["step"], row["time_ms"], row["value"]) for row in told if row["record"] == "point"] == [
        (EX + "loss", "0", "1700000000000", "0.5"),
        (EX + "loss", "1", "1700000000001", "NaN"),
        (EX + "loss", "2", "-5", "-Infinity"),
        (EX + "loss", str(2**62), "0", "5e-324"),
    ]
    assert chunk_digests(ledger) == [digest]


def test_csv_of_a_lineage_keeps_to_its_elements(ledger):
    ledger.append([document("one", *STORY)])
    told = rows(ledger, iris={EX + "a", EX + "b"})
    assert [row["iri"] or row["relation"] for row in told] == [EX + "a", EX + "b", "wasDerivedFrom"]
