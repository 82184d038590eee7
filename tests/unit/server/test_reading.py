from __future__ import annotations

import json
import re
import threading
import time
from urllib.parse import quote

import pytest

import provstore
from provstore import questions
from provstore.cli.main import run
from provstore.questions.ask import all_templates
from tests.docs.blocks import ROOT
from tests.support.service import serving

DEMO = ROOT / "provstore" / "demo"
MODEL = "mlflow:model/churn/3"
RUN_OF_TYPE = "type = ps:Run"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("reading") / "s.db"
    with provstore.open(path) as opened:
        opened.import_records(DEMO / "mlflow.db")
        opened.import_records(DEMO / "openlineage.ndjson")
    return path


@pytest.fixture(scope="module")
def served(store):
    with serving(store) as one:
        yield one


def told_by_the_command_line(store, capsys, *words):
    capsys.readouterr()
    run([*words, "--store", str(store), "--json"])
    return json.loads(capsys.readouterr().out)


def asked(served, path, **parameters):
    answer = served.admin.get(f"/api/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_question_has_a_route_of_its_name(served):
    paths = asked(served, "openapi.json")["paths"]
    names = {path.removeprefix("/api/v1/").partition("/")[0] for path in paths}
    assert set(questions.__all__) <= names
    assert {f"/api/v1/ask/{one.question}" for one in all_templates("sql")} <= set(paths)


@pytest.mark.parametrize(
    ("path", "parameters", "words"),
    [
        (f"upstream/{MODEL}", {"depth": 3}, ["upstream", MODEL, "--depth", "3", "--max-nodes", "100000"]),
        (f"upstream/{MODEL}", {"depth": 9, "agents": True, "only": "entity", "max_nodes": 4},
         ["upstream", MODEL, "--depth", "9", "--agents", "--only", "entity", "--max-nodes", "4"]),
        (f"downstream/{MODEL}", {"depth": 3, "as_of": "60"},
         ["downstream", MODEL, "--depth", "3", "--as-of", "60", "--max-nodes", "100000"]),
        ("find", {"expression": RUN_OF_TYPE, "sort": "-start", "limit": 2},
         ["find", RUN_OF_TYPE, "--sort", "-start", "--limit", "2"]),
        (f"show/{MODEL}", {}, ["show", MODEL]),
        (f"history/{MODEL}", {"all": True}, ["history", MODEL, "--all"]),
        (f"blame/{MODEL}", {"attribute": "ps:version"}, ["blame", MODEL, "ps:version"]),
        ("diff", {"a": "mlflow:model/churn/2", "b": MODEL}, ["diff", "mlflow:model/churn/2", MODEL]),
        ("leakage", {"train": MODEL, "test": "mlflow:model/churn/2"}, ["leakage", MODEL, "mlflow:model/churn/2"]),
        ("path", {"a": MODEL, "b": "mlflow:model/churn/2"}, ["path", MODEL, "mlflow:model/churn/2"]),
        ("path", {"a": MODEL, "b": "mlflow:model/churn"}, ["path", MODEL, "mlflow:model/churn"]),
        ("summarize", {"runs": RUN_OF_TYPE, "keys": ["type", "activity=status"], "outliers": True},
         ["summarize", "--runs", RUN_OF_TYPE, "--keys", "type,activity=status", "--outliers", "--budget", "15"]),
        ("summarize", {"runs": RUN_OF_TYPE, "rk": 1, "rk_method": "wl", "hood": "out", "method": "strict",
                       "outliers": True, "rare": 0.4},
         ["summarize", "--runs", RUN_OF_TYPE, "--rk", "1", "--rk-method", "wl", "--hood", "out", "--method", "strict",
          "--outliers", "--rare", "0.4", "--budget", "15"]),
        ("ask", {}, ["ask"]),
        ("ask/types", {}, ["ask", "types"]),
        ("ask/find", {"limit": "1"}, ["ask", "find", "limit=1"]),
        ("ask/upstream", {"start": MODEL}, ["ask", "upstream", f"start={MODEL}"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_an_answer_is_that_of_the_command_line(path, parameters, words, store, served, capsys):
    assert asked(served, path, **parameters) == told_by_the_command_line(store, capsys, *words)


def test_a_segment_and_a_series_are_those_of_the_command_line(store, served, capsys):
    entity = next(n for n in asked(served, f"upstream/{MODEL}")["nodes"] if n["kind"] == "entity" and n["depth"] > 2)
    both = {"src": entity["iri"], "dst": MODEL, "only_relations": ["used", "wasGeneratedBy"], "expand": [f"1:{MODEL}"]}
    both |= {"exclude_edges": ["prov:role = validation", "exists prov:time"]}
    words = [
        "segment",
        "--src",
        entity["iri"],
        "--dst",
        MODEL,
        "--only-relations",
        "used,wasGeneratedBy",
        "--expand",
        MODEL,
        "1",
        *(word for one in both["exclude_edges"] for word in ("--exclude-edges", one)),
    ]
    assert asked(served, "segment", **both) == told_by_the_command_line(store, capsys, *words)
    series = asked(served, "find", expression="type = ps:MetricSeries", limit=1)["nodes"][0]["iri"]
    assert asked(served, f"show/{series}", series=True) == told_by_the_command_line(
        store, capsys, "show", series, "--series"
    )


def test_an_iri_with_signs_of_its_own_is_sent_percent_encoded(tmp_path):
    iri = "http://example.org/a//b/../c?d=e#f%20g"
    with serving(tmp_path / "s.db") as served:
        document = {"prefix": {"ex": "http://example.org/"}, "entity": {"ex:x": {}},
                    "wasDerivedFrom": {"_:1": {"prov:generatedEntity": "ex:x", "prov:usedEntity": iri}}}  # fmt: skip
        document["prefix"]["odd"] = iri
        document["wasDerivedFrom"]["_:1"]["prov:usedEntity"] = "odd:"
        assert served.admin.post("/api/v1/documents", json=document).status_code == 201
        answer = served.admin.get(f"/api/v1/show/{quote(iri, safe='')}")
        assert answer.json()["iri"] == iri
        assert f"target={quote(iri, safe='')}" in answer.headers["link"]


def test_pages_follow_their_cursors_to_the_end(served):
    whole = asked(served, "find", limit=1_000)
    pages, cursor = [], None
    while cursor is not None or not pages:
        page = asked(served, "find", limit=7, **({"cursor": cursor} if cursor else {}))
        pages.append(page["nodes"])
        cursor = page["next"]
    assert [node for page in pages for node in page] == whole["nodes"]
    assert all(len(page) == 7 for page in pages[:-1])
    listed, after = [], 0
    while after is not None:
        page = asked(served, "documents", limit=5, after=after)
        listed += page["rows"]
        after = page["next"]
    assert [row[0] for row in listed] == list(range(1, len(listed) + 1))


def test_documents_are_listed_as_the_command_line_does(served, store, capsys):
    page = asked(served, "documents", limit=1_000)
    expected = told_by_the_command_line(store, capsys, "documents")
    assert {k: v for k, v in page.items() if k != "next"} == expected


def test_a_cut_is_told_and_counted(served):
    answer = asked(served, f"upstream/{MODEL}", depth=1)
    assert answer["truncated"]["reason"] == "depth"
    assert 'provstore_truncated_answers_total{reason="depth"}' in served.admin.get("/metrics").text


@pytest.mark.parametrize(
    ("settings", "path", "reason"),
    [({"max_nodes": 3}, f"upstream/{MODEL}", "nodes"), ({"max_edges": 2}, f"upstream/{MODEL}", "edges"),
     ({"max_depth": 1}, f"upstream/{MODEL}", "depth")],
)  # fmt: skip
def test_the_service_has_limits_of_its_own(store, settings, path, reason):
    with serving(store, **settings) as served:
        answer = asked(served, path)
    assert answer["truncated"]["reason"] == reason
    assert answer["truncated"]["limit"] == next(iter(settings.values()))
    assert answer["counts"] == {"nodes": len(answer["nodes"]), "edges": len(answer["edges"])}


def test_an_answer_that_the_caller_has_is_not_sent_again_until_something_changes(tmp_path):
    with serving(tmp_path / "s.db") as served:
        story = {"prefix": {"ex": "http://example.org/"}, "entity": {"ex:a": {}}}
        served.admin.post("/api/v1/documents", json=story)
        first = served.admin.get("/api/v1/find")
        again = served.admin.get("/api/v1/find", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = served.as_role("reader", "b").get("/api/v1/find", headers={"If-None-Match": first.headers["etag"]})
        assert other.status_code == 200
        story["entity"]["ex:b"] = {}
        served.admin.post("/api/v1/documents", json=story)
        later = served.admin.get("/api/v1/find", headers={"If-None-Match": first.headers["etag"]})
        assert (later.status_code, later.json()["total"]) == (200, 2)


@pytest.mark.parametrize("path", ["export/prov-n", f"provenance?target={MODEL}", f"show/{MODEL}"])
def test_a_tag_is_compared_weakly_and_as_a_whole(path, served):
    """RFC 9110, sections 8.8.3.2 and 13.1.2."""
    tag = served.admin.get(f"/api/v1/{path}").headers["etag"]

    def status(named):
        return served.admin.get(f"/api/v1/{path}", headers={"If-None-Match": named}).status_code

    assert [status(one) for one in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*")] == [304, 304, 304, 304]
    assert [status(one) for one in ('"x"', f"{tag}x", tag[:-2])] == [200, 200, 200]


def test_links_lead_to_the_provenance_and_to_the_service(served):
    """PROV-AQ, sections 3.1 and 5."""
    answer = served.admin.get(f"/api/v1/show/{MODEL}")
    links = answer.headers["link"].split(", ")
    target = links[0].partition(">")[0].lstrip("<")
    assert 'rel="http://www.w3.org/ns/prov#has_provenance"' in links[0]
    assert f'anchor="{answer.json()["iri"]}"' in links[0]
    document = served.admin.get(target, headers={"Accept": "application/json"})
    assert document.status_code == 200
    assert any("run/" in name for name in document.json()["activity"])
    service = links[1].partition(">")[0].lstrip("<")
    description = served.admin.get(service)
    assert description.headers["content-type"].startswith("text/turtle")
    assert 'prov:provenanceUriTemplate "/api/v1/provenance?target={uri}"' in description.text


@pytest.mark.parametrize("name", ["prov-json", "prov-n", "turtle", "csv"])
def test_an_export_is_that_of_the_command_line(name, served, store, tmp_path):
    for identifier, words, parameters in (
        (None, [], {}),
        (MODEL, [MODEL, "--upstream"], {"id": MODEL, "upstream": True}),
    ):
        answer = served.admin.get(f"/api/v1/export/{name}", params=parameters)
        out = tmp_path / f"{name}-{identifier is None}"
        assert run(["export", name, *words, "-o", str(out), "--store", str(store), "--quiet"]) == 0
        assert answer.content == out.read_bytes()


def test_a_document_is_validated_and_not_stored(served):
    before = asked(served, "graph")["ledger_head"]
    document = "document\nprefix ex <http://example.org/>\nentity(ex:a)\nactivity(ex:a)\nendDocument"
    answer = served.admin.post(
        "/api/v1/validate", content=document, headers={"Content-Type": "text/provenance-notation"}
    )
    assert answer.json()["valid"] is False
    assert answer.json()["findings"][0]["constraint"] == 55
    assert asked(served, "graph")["ledger_head"] == before
    assert all(one["valid"] for one in asked(served, "validate")["verdicts"])


def test_documents_are_taken_back_and_erased_in_the_name_of_the_caller(tmp_path):
    with serving(tmp_path / "s.db") as served:
        story = {"prefix": {"ex": "http://example.org/"}, "entity": {"ex:secret": {}}}
        document = served.admin.post("/api/v1/documents", json=story).json()["document"]
        writer = served.as_role("writer", name="wanda")
        gone = writer.post(f"/api/v1/documents/{document}/retract", params={"reason": "wrong"})
        assert (gone.status_code, gone.json()["outcome"]) == (200, "retracted")
        assert writer.post(f"/api/v1/documents/{document}/retract", params={"reason": "x"}).status_code == 409
        assert writer.post(f"/api/v1/documents/{document}/retract").status_code == 400
        assert asked(served, "find")["total"] == 0
        erased = served.admin.post(f"/api/v1/documents/{document}/erase", params={"reason": "asked to"})
        assert erased.json()["outcome"] == "erased"
        with served.service.readers.store() as store:
            actors = [entry.actor for entry in store.ledger.entries()]
        assert actors == ["admin", "wanda", "admin"]


def test_the_ledger_is_verified_proved_and_checked(served):
    head = asked(served, "verify")
    assert asked(served, "verify", root=head["root"], size=head["tree_size"])
    sid = asked(served, f"show/{MODEL}")["statements"][0]["sid"]
    assert asked(served, f"prove/{sid}")
    assert asked(served, "check")["ok"] is True
    status = served.admin.post("/api/v1/graph/catch-up").json()
    assert status["lag"] == 0
    assert served.admin.post("/api/v1/graph/burn").status_code == 400


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("upstream/nothing", 404, "not-found"),
        ("upstream/x?depth=-1", 400, "usage"),
        ("upstream/x?depth=1001", 400, "usage"),
        (f"upstream/{MODEL}?only=nonsense", 400, "usage"),
        (f"upstream/{MODEL}?as_of=yesterday", 400, "usage"),
        ("find?expression=kind%20%3D", 400, "usage"),
        ("find?cursor=x", 400, "usage"),
        ("find?limit=1001", 400, "usage"),
        ("find?space=nowhere", 200, None),
        ("diff?a=x", 400, "usage"),
        (f"segment?src={MODEL}&dst={MODEL}&expand=x", 400, "usage"),
        ("ask/nothing", 404, "not-found"),
        ("ask/upstream", 400, "usage"),
        ("ask/types?more=1", 400, "usage"),
        ("export/pdf", 400, "usage"),
        ("prove/" + "0" * 64, 404, "not-found"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(served, path, status, code):
    answer = served.admin.get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.text
    assert code is None or answer.json()["error"]["code"] == code


def test_only_so_many_heavy_questions_are_answered_at_once(store):
    with serving(store, heavy_queries=1) as served, served.service.heavy.one():
        answer = served.admin.get(f"/api/v1/upstream/{MODEL}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "unavailable")
        assert int(answer.headers["retry-after"]) >= 1
        assert served.admin.get(f"/api/v1/show/{MODEL}").status_code == 200


def test_a_question_that_takes_too_long_is_interrupted_and_the_next_one_is_not(store):
    with serving(store, query_timeout_s=0.0) as served:
        answer = served.admin.get(f"/api/v1/upstream/{MODEL}", params={"as_of": 60})
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
        assert "longer than 0 s" in answer.json()["error"]["message"]
        served.service.readers.limit_s = 30.0
        assert served.admin.get(f"/api/v1/upstream/{MODEL}", params={"as_of": 60}).status_code == 200


def test_questions_do_not_wait_for_a_write(served):
    go_on = threading.Event()
    done = served.service.writer.do(lambda _: go_on.wait(20))
    began = time.monotonic()
    try:
        assert served.admin.get(f"/api/v1/upstream/{MODEL}").status_code == 200
    finally:
        go_on.set()
    assert done.result(20)
    assert time.monotonic() - began < 20


def test_the_description_has_an_example_of_every_body_and_names_who_may_ask(served):
    document = asked(served, "openapi.json")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            assert operation["x-provstore-action"], path
            assert operation["security"] == ([] if path in ("/healthz", "/readyz") else [{"token": []}])
            assert "default" in operation["responses"]
            contents = operation.get("requestBody", {}).get("content", {})
            assert not contents or any("example" in c or "examples" in c for c in contents.values()), (method, path)


def _takes_integers(schema):
    return schema.get("type") == "integer" or any(map(_takes_integers, schema.get("anyOf", ())))


def test_no_number_in_a_query_is_too_large_for_an_answer(served):
    values = {"id": MODEL, "name": "x", "sid": "0" * 64, "runs": "kind = activity"}
    tried = set()
    for path, operations in asked(served, "openapi.json")["paths"].items():
        parameters = operations.get("get", {}).get("parameters", ())
        where = re.sub(r"{(\w+)}", lambda name: quote(values.get(name[1], "x"), safe=""), path)
        needed = {one["name"]: values.get(one["name"], MODEL) for one in parameters if one["required"]}
        for one in parameters:
            if one["in"] == "query" and (_takes_integers(one["schema"]) or one["name"] == "as_of"):
                tried.add(one["name"])
                for number in (2**31 - 1, 2**63 - 1, 2**63, 10**30, -1):
                    answer = served.admin.get(where, params=needed | {one["name"]: number})
                    assert answer.status_code < 500, (path, one["name"], number, answer.text)
    assert tried >= {"limit", "depth", "max_nodes", "rk", "after", "before", "size", "since", "as_of"}
