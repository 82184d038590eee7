from __future__ import annotations

import gzip
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pyarrow
import pytest

import provstore
from provstore.formats.registry import FORMATS, by_name
from tests.docs.blocks import ROOT
from tests.support.service import serving

SAMPLES = ROOT / "schema" / "events" / "samples" / "valid"
STORY = {
    "prefix": {"ex": "http://example.org/"},
    "entity": {"ex:raw": {}, "ex:model": {"prov:label": "model"}},
    "activity": {"ex:training": {}},
    "used": {"_:1": {"prov:activity": "ex:training", "prov:entity": "ex:raw"}},
    "wasGeneratedBy": {"_:2": {"prov:entity": "ex:model", "prov:activity": "ex:training"}},
}
JSON = {"Content-Type": "application/json"}
LINES = {"Content-Type": "application/x-ndjson"}
COUNTS = ("statements", "new", "duplicates", "elements")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("intake") / "s.db") as one:
        yield one


@pytest.fixture
def fresh(tmp_path):
    with serving(tmp_path / "s.db") as one:
        yield one


def written_as(name: str) -> bytes:
    out, read = BytesIO(), by_name("prov-json").read(BytesIO(json.dumps(STORY).encode()), source="story")
    by_name(name).write(read.assertions, read.namespaces, out)
    return out.getvalue()


def run_event(identifier, minute=0, **told):
    return {"type": "run", "id": identifier, "time": f"2026-11-21T10:{minute:02}:00Z"} | told


def test_a_receipt_is_that_of_the_command_line(fresh, tmp_path):
    """The same file, into another store, by the other door."""
    raw = json.dumps(STORY).encode()
    (tmp_path / "story.json").write_bytes(raw)
    with provstore.open(tmp_path / "other.db") as store:
        expected = store.ingest(tmp_path / "story.json").as_json()
    answer = fresh.admin.post("/api/v1/documents", content=raw, headers=JSON)
    assert answer.status_code == 201
    receipt = answer.json()
    own = ("path", "document")  # a document's IRI is salted
    assert {k: v for k, v in receipt.items() if k not in own} == {k: v for k, v in expected.items() if k not in own}
    again = fresh.admin.post("/api/v1/documents", content=raw, headers=JSON)
    assert (again.status_code, again.json()["new"], again.json()["document"]) == (200, 0, receipt["document"])


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda one: one.name)
def test_a_document_goes_in_and_comes_out_in_every_format(chosen, fresh):
    for media in chosen.media_types:
        given = fresh.admin.post("/api/v1/documents", content=written_as(chosen.name), headers={"Content-Type": media})
        assert given.status_code in (200, 201), given.text
        assert given.json()["format"] == chosen.name
    assert given.json()["statements"] == 5
    where = f"/api/v1/documents/{given.json()['document']}"
    for other in FORMATS:
        answer = fresh.admin.get(where, headers={"Accept": other.media_types[0]})
        assert answer.headers["content-type"].partition(";")[0] == other.media_types[0]
        statements = list(by_name(other.name).read(BytesIO(answer.content), source="answer").assertions)
        original = list(by_name("prov-json").read(BytesIO(json.dumps(STORY).encode()), source="story").assertions)
        assert sorted(map(str, statements)) == sorted(map(str, original))


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/provenance+json"),
        ("text/turtle;q=0.5, application/ld+json", "application/ld+json"),
        ("text/html, application/*;q=0.1", "application/provenance+json"),
        ("text/html, */*;q=0, text/turtle;q=0.2", "text/turtle"),
        # The answer is of the type that was asked for, also where a format has several.
        ("application/json", "application/json"),
        ("text/html, application/xml;q=0.9", "application/xml"),
        # The closest range counts (RFC 9110, section 12.5.1).
        ("application/provenance+json;q=0, application/json;q=0, */*", "text/provenance-notation"),
        ("text/*, text/provenance-notation;q=0.1", "text/turtle"),
        ("*/*, text/turtle", "text/turtle"),
        ("application/trig, text/turtle", "application/trig"),
    ],
)
def test_accept_chooses_by_quality(accept, media, served):
    document = served.admin.post("/api/v1/documents", json=STORY).json()["document"]
    answer = served.admin.get(f"/api/v1/documents/{document}", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media


def test_a_document_has_a_tag_and_says_what_its_answer_depends_on(fresh):
    document = fresh.admin.post("/api/v1/documents", json=STORY).json()["document"]
    where = f"/api/v1/documents/{document}"
    first = fresh.admin.get(where)
    assert {"Accept", "Authorization"} <= set(first.headers["vary"].split(", "))
    tag = {"If-None-Match": first.headers["etag"]}
    again = fresh.admin.get(where, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert fresh.admin.get(where, headers=tag | {"Accept": "text/turtle"}).status_code == 200
    fresh.admin.post(f"{where}/erase", params={"reason": "x"})
    assert fresh.admin.get(where, headers=tag).status_code == 404


def test_media_types_that_are_not_known_are_refused_by_name(served):
    answer = served.admin.post("/api/v1/documents", content=b"x", headers={"Content-Type": "text/csv"})
    assert answer.status_code == 415
    assert "text/turtle" in answer.json()["error"]["next_step"]
    for path in ("events", "lineage", "lineage/batch"):
        assert (
            served.admin.post(f"/api/v1/{path}", content=b"x", headers={"Content-Type": "text/csv"}).status_code == 415
        )
        assert served.admin.post(f"/api/v1/{path}", content=b"x").status_code == 415
    document = served.admin.post("/api/v1/documents", json=STORY).json()["document"]
    answer = served.admin.get(f"/api/v1/documents/{document}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (406, "usage")


def test_bad_input_names_the_place_and_stores_nothing(fresh):
    answer = fresh.admin.post("/api/v1/documents", content=b'{"entity": {"ex:a": {}}}', headers=JSON)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "bad-input"
    assert error["where"].startswith("body")
    assert fresh.service.state() == {"ledger": "ok", "projection": "ok"}
    assert "provstore_ledger_entries 0.0" in fresh.admin.get("/metrics").text


def test_events_become_documents_and_the_same_again_changes_nothing(fresh):
    raw = (SAMPLES / "all-kinds.json").read_bytes()
    first = fresh.admin.post("/api/v1/events", content=raw, headers=JSON)
    assert first.status_code == 201
    assert first.json()["documents"] == {"new": 3, "superseded": 0, "duplicate": 0, "refused": 0}
    again = fresh.admin.post("/api/v1/events", content=raw, headers=JSON)
    assert again.status_code == 200
    assert (again.json()["new"], again.json()["documents"]["duplicate"]) == (0, 3)


def test_one_bad_event_keeps_the_whole_batch_out(fresh):
    batch = {"events": [run_event("a"), run_event("b", start="soon")]}
    answer = fresh.admin.post("/api/v1/events", json=batch)
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, "/events/1/start")
    assert "provstore_ledger_entries 0.0" in fresh.admin.get("/metrics").text


def test_an_idempotency_key_with_other_content_is_a_conflict_and_the_first_is_kept(fresh):
    keyed = {"Idempotency-Key": "k1"}
    one, other = {"events": [run_event("a", name="one")]}, {"events": [run_event("a", name="two")]}
    assert fresh.admin.post("/api/v1/events", json=one, headers=keyed).status_code == 201
    assert fresh.admin.post("/api/v1/events", json=one, headers=keyed).status_code == 200
    conflict = fresh.admin.post("/api/v1/events", json=other, headers=keyed)
    assert (conflict.status_code, conflict.json()["error"]["code"]) == (409, "conflict")
    # Another principal has keys of its own.
    assert fresh.as_role("writer").post("/api/v1/events", json=other, headers=keyed).status_code == 201
    again = dict(STORY, entity={"ex:other": {}})
    assert fresh.admin.post("/api/v1/documents", json=STORY, headers={"Idempotency-Key": "k2"}).status_code == 201
    assert fresh.admin.post("/api/v1/documents", json=again, headers={"Idempotency-Key": "k2"}).status_code == 409


def test_a_batch_with_more_fewer_or_other_events_is_other_content_of_its_key(fresh):
    keyed = {"Idempotency-Key": "k"}
    first = [run_event("a"), run_event("b")]

    def status(events):
        return fresh.admin.post("/api/v1/events", json={"events": events}, headers=keyed).status_code

    assert [status(first), status(first)] == [201, 200]
    others = (first[:1], first[1:], [*first, run_event("c")], [run_event("c"), *first], first[::-1])
    assert [status(other) for other in others] == [409] * 5
    document = fresh.admin.post("/api/v1/documents", json=STORY, headers=keyed)
    assert document.status_code == 409
    assert len(fresh.admin.get("/api/v1/documents").json()["rows"]) == 2


def test_a_document_may_be_an_event_of_a_named_unit_and_then_needs_a_time(fresh):
    there = "/api/v1/documents?unit=ex:u&mode=event"
    assert fresh.admin.post(there, json=STORY).status_code == 422
    assert fresh.admin.post(f"{there}&event_time=", json=STORY).status_code == 422
    first = fresh.admin.post(f"{there}&event_time=2026-11-21T10:00:00Z", json=STORY)
    assert first.status_code == 201
    other = dict(STORY, activity={"ex:training": {"prov:label": "t"}})
    second = fresh.admin.post("/api/v1/documents?unit=ex:u", json=other)
    assert second.json()["documents"]["superseded"] == 1


def test_lines_are_taken_by_the_thousand(fresh):
    def lines():
        for number in range(1_200):
            yield json.dumps(run_event(f"r{number}")).encode() + b"\n"
        yield b"\n"

    answer = fresh.admin.post("/api/v1/events", content=lines(), headers=LINES)
    assert answer.status_code == 201, answer.text
    assert answer.json()["documents"]["new"] == 1_200
    assert answer.json()["statements"] == 1_200


def test_a_bad_line_is_named_and_all_that_came_before_it_is_stored(fresh):
    good = [json.dumps(run_event(f"r{number}")) for number in range(600)]
    body = "\n".join([*good, '{"type": "run"}', *good])
    answer = fresh.admin.post("/api/v1/events", content=body.encode(), headers=LINES)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["where"].startswith("line 601")
    assert "600 events before are stored" in error["message"]
    assert "provstore_ledger_entries 600.0" in fresh.admin.get("/metrics").text


@pytest.mark.parametrize("media", ["application/x-ndjson", "application/ndjson; charset=utf-8", "application/jsonl"])
def test_lines_of_every_name_may_be_longer_together_than_another_body(media, tmp_path):
    body = b"".join(json.dumps(run_event(f"r{n}")).encode() + b"\n" for n in range(10))
    with serving(tmp_path / "s.db", max_body_bytes=len(body) // 2) as served:
        answer = served.admin.post("/api/v1/events", content=body, headers={"Content-Type": media})
        assert (answer.status_code, answer.json()["documents"]["new"]) == (201, 10)
        assert served.admin.post("/api/v1/events", content=body, headers=JSON).status_code == 413


def test_no_key_and_an_empty_key_are_told_apart(served):
    for path, body in (("/api/v1/events", {"events": [run_event("x")]}), ("/api/v1/documents", STORY)):
        answer = served.admin.post(path, json=body, headers={"Idempotency-Key": ""})
        assert (answer.status_code, answer.json()["error"]["where"]) == (400, "idempotency-key")


@pytest.mark.parametrize("headers", [JSON, LINES])
def test_a_key_never_meets_those_that_are_made_of_another_one(headers, fresh):
    """The events of a request have keys of their own, made of its key and a number."""
    events = [run_event("a"), run_event("b")]
    whole = json.dumps({"events": events}) if headers is JSON else "\n".join(map(json.dumps, events))
    first = fresh.admin.post("/api/v1/events", content=whole, headers={"Idempotency-Key": "step", **headers})
    assert first.status_code == 201
    for other in ("step/1", "step/2", "step/0", "step 1"):
        given = {"json": {"events": [run_event(other)]}, "headers": {"Idempotency-Key": other}}
        assert fresh.admin.post("/api/v1/events", **given).status_code == 201


def test_a_writer_of_one_space_writes_there_and_nowhere_else(served):
    writer = served.as_role("writer", "team-a", name="wa")
    made = writer.post("/api/v1/events", json={"events": [run_event("in-a")]}).json()["document"]
    both = served.as_role("writer", "team-a", "team-b")
    assert both.post("/api/v1/events", json={"events": [run_event("x")]}).status_code == 400
    assert both.post("/api/v1/events?space=team-b", json={"events": [run_event("x")]}).status_code == 201
    elsewhere = writer.post("/api/v1/events?space=default", json={"events": [run_event("x")]})
    assert elsewhere.status_code == 404
    stored = served.service.readers
    with stored.store() as store:
        header = store.ledger.document(made).entry.header
    assert (header.space, header.actor) == ("team-a", "wa")


@pytest.mark.parametrize("path", ["/api/v1/documents", "/api/v1/find", "/api/v1/export/prov-json", "/api/v1/validate"])
def test_a_space_without_a_name_is_neither_the_default_nor_an_empty_one(path, served):
    answers = [served.admin.get(path, params={"space": ""})]
    if path == "/api/v1/documents":
        answers.append(served.admin.post(path, params={"space": ""}, json=STORY))
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]["where"]) == (400, "space")


def test_a_document_of_another_space_is_as_one_that_is_not_there(served):
    hidden = served.as_role("writer", "b").post("/api/v1/documents", json=STORY).json()["document"]
    reader = served.as_role("reader", "a")
    nothing = hidden[:-8] + "00000000"
    seen = [reader.get(f"/api/v1/documents/{one}") for one in (hidden, nothing)]
    assert [one.status_code for one in seen] == [404, 404]
    assert seen[0].text.replace(hidden, nothing) == seen[1].text
    assert served.as_role("reader", "b").get(f"/api/v1/documents/{hidden}").status_code == 200


def test_many_clients_share_a_commit_and_each_gets_its_own_receipt(fresh):
    go_on = threading.Event()

    def send(number):
        return fresh.admin.post("/api/v1/events", json={"events": [run_event(f"r{number}", name=f"n{number}")]}).json()

    fresh.service.writer.do(lambda store: go_on.wait(30))
    with ThreadPoolExecutor(20) as pool:
        sent = [pool.submit(send, number) for number in range(20)]
        while fresh.service.writer.waiting < 20:
            time.sleep(0.01)
        go_on.set()
        receipts = [one.result() for one in sent]
    assert sorted(one["sequence"] for one in receipts) == list(range(1, 21))
    assert [one["documents"]["new"] for one in receipts] == [1] * 20
    figures = fresh.admin.get("/metrics").text
    assert "provstore_commit_jobs_count 1.0" in figures
    assert "provstore_commit_jobs_sum 20.0" in figures


def test_a_graph_server_that_is_away_loses_nothing(tmp_path):
    with serving(tmp_path / "s.db", graph="bolt://127.0.0.1:1") as served:
        answers = [served.admin.post("/api/v1/events", json={"events": [run_event(f"r{n}")]}) for n in range(3)]
        assert [one.status_code for one in answers] == [201] * 3
        assert [one.json()["projected"] for one in answers] == [False] * 3
    with provstore.open(tmp_path / "s.db") as store:
        assert store.ledger.head().sequence == 3


def test_lines_come_packed_too_and_a_line_without_end_is_cut_off(fresh):
    def sent(lines):
        packed = pyarrow.compress(lines, codec="zstd", asbytes=True)
        return fresh.admin.post("/api/v1/events", content=packed, headers=LINES | {"Content-Encoding": "zstd"})

    good = sent("".join(json.dumps(run_event(f"r{number}")) + "\n" for number in range(700)).encode())
    assert (good.status_code, good.json()["documents"]["new"]) == (201, 700)
    endless = sent(bytes(fresh.service.server.max_body_bytes + 2**20))
    assert (endless.status_code, endless.json()["error"]["code"]) == (413, "usage")


def test_the_openlineage_client_works_unchanged(fresh):
    from openlineage.client import OpenLineageClient
    from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
    from openlineage.client.transport.http import ApiKeyTokenProvider, HttpCompression, HttpConfig, HttpTransport

    token = fresh.as_role("writer").headers["Authorization"].split()[1]
    number = "01939c3a-8e2f-7000-8000-000000000001"
    for compression in (None, HttpCompression.GZIP):
        config = HttpConfig(fresh.url, auth=ApiKeyTokenProvider({"api_key": token}), compression=compression)
        client = OpenLineageClient(transport=HttpTransport(config))
        for minute, state in enumerate((RunState.START, RunState.COMPLETE)):
            client.emit(
                RunEvent(
                    eventTime=f"2026-11-21T10:0{minute}:00Z",
                    eventType=state,
                    run=Run(number),
                    job=Job("example", "train"),
                    inputs=[InputDataset("file", "/raw.csv")],
                    outputs=[OutputDataset("file", "/model.bin")],
                    producer="https://example.org/me",
                )
            )
        client.close()
    with fresh.service.readers.store() as store:
        assert store.ledger.head().sequence == 2
        assert {node.node.label or node.node.iri for node in store.upstream(f"openlineage:run/{number}").nodes}
        run = store.show(f"openlineage:run/{number}").as_json()
    assert run["attributes"]["ps:status"] == "finished"


def test_openlineage_events_come_in_batches_too_packed_or_not(fresh):
    events = [json.loads(line) for line in (ROOT / "provstore/demo/openlineage.ndjson").read_text().splitlines()]
    packed = gzip.compress(json.dumps(events).encode())
    first = fresh.admin.post("/api/v1/lineage", content=packed, headers=JSON | {"Content-Encoding": "gzip"})
    assert first.json()["documents"]["new"] == len(events)
    packed = pyarrow.compress(json.dumps(events).encode(), codec="zstd", asbytes=True)
    again = fresh.admin.post("/api/v1/lineage/batch", content=packed, headers=JSON | {"Content-Encoding": "zstd"})
    assert (again.status_code, again.json()["documents"]["duplicate"]) == (200, len(events))
    bad = fresh.admin.post("/api/v1/lineage/batch", json=[*events, {"eventTime": "x"}])
    assert (bad.status_code, bad.json()["error"]["where"]) == (422, f"body[{len(events)}]")
    assert fresh.admin.post("/api/v1/lineage", json=[]).status_code == 422
