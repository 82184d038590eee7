"""Rule 25: nothing of what lies in other spaces is in any byte of an answer, and where it is missed that is said."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest

from provstore.questions.ask import all_templates
from tests.support.service import serving

EX = {"ex": "http://example.org/", "ps": "urn:provstore:terms#"}
# Everything of space `b` has one of these words in it: names, values, digests, prefixes, actors, units, sources.
SECRETS = ("giraffe", "zebra", "5ec7e7" * 4)
DIGEST = "sha256:" + "5ec7e7" * 4 + "0" * 40
VISIBLE_DIGEST = "sha256:" + "ab" * 32


def seen_documents():
    """raw <- clean <- training <- model, and a test set; all of space `a`."""
    yield {
        "prefix": EX,
        "entity": {
            "ex:raw": {"prov:label": "raw"}, "ex:model": {"prov:label": "the model", "ex:note": "fine"}, "ex:test": {},
            "ex:copy": {"ps:digest": VISIBLE_DIGEST},
        },
        "activity": {"ex:training": {"prov:label": "training"}},
        "used": {"_:1": {"prov:activity": "ex:training", "prov:entity": "ex:raw"},
                 "_:2": {"prov:activity": "ex:training", "prov:entity": "ex:test"}},
        "wasGeneratedBy": {"_:3": {"prov:entity": "ex:model", "prov:activity": "ex:training"}},
    }  # fmt: skip


def hidden_documents():
    """What space `b` says of the same elements and of its own, before and after them."""
    prefix = EX | {"zebra": "http://zebra.example/"}
    yield {
        "prefix": prefix,
        "entity": {
            "zebra:giraffe-source": {"prov:label": "zebra source", "ps:digest": DIGEST},
            "ex:raw": {"prov:label": "giraffe label", "prov:type": "zebra:type", "zebra:attribute": "giraffe value"},
            "ex:model": {"ex:note": "giraffe note", "ps:metric.zebra": 7},
            "zebra:made-of-it": {},
            "zebra:same-bytes": {"ps:digest": VISIBLE_DIGEST},
        },
        "activity": {"zebra:cleaning": {}, "ex:training": {"ps:param.zebra": "hidden"}},
        "agent": {"zebra:person": {}},
        "used": {"_:1": {"prov:activity": "zebra:cleaning", "prov:entity": "zebra:giraffe-source"},
                 "_:9": {"prov:activity": "ex:training", "prov:entity": "zebra:giraffe-source",
                         "zebra:attribute": "giraffe value"}},
        "wasGeneratedBy": {"_:2": {"prov:entity": "ex:raw", "prov:activity": "zebra:cleaning"},
                           "_:8": {"prov:entity": "zebra:same-bytes", "prov:activity": "zebra:cleaning"}},
        "wasDerivedFrom": {"_:3": {"prov:generatedEntity": "zebra:made-of-it", "prov:usedEntity": "ex:model"},
                           "_:4": {"prov:generatedEntity": "ex:test", "prov:usedEntity": "zebra:giraffe-source"}},
        "wasAttributedTo": {"_:5": {"prov:entity": "ex:model", "prov:agent": "zebra:person"}},
    }  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("hidden") / "s.db") as one:
        writers = {
            space: one.as_role("writer", space, name=f"{name}-writer")
            for space, name in (("a", "seen"), ("b", "zebra"))
        }
        # The hidden ones first, so that their prefixes are registered first, then again after a change.
        for space, documents in (("b", hidden_documents()), ("a", seen_documents()), ("b", hidden_documents())):
            for number, document in enumerate(documents):
                unit = f"giraffe-unit-{number}" if space == "b" else "unit"
                answer = writers[space].post("/api/v1/documents", params={"unit": unit}, json=document)
                assert answer.status_code in (200, 201), answer.text
        one.hidden_ones = [row[2] for row in one.admin.get("/api/v1/documents").json()["rows"] if row[7] == "b"]
        yield one


@pytest.fixture(scope="module")
def reader(served):
    return served.as_role("reader", "a")


@pytest.fixture(scope="module")
def auditor(served):
    return served.as_role("auditor", "a")


OTHERS = ("http://zebra.example/giraffe-source", "zebra:person")
MINE = ("ex:raw", "ex:model", "ex:training")
NAMED = ("label", "ex:note", "ps:metric.zebra", "type")
ASKED = [
    *(f"{verb}/{quote(one, safe='')}" for verb in ("upstream", "downstream", "show", "history")
      for one in (*MINE, "ex:test", "ex:copy", *OTHERS)),
    *(f"{verb}/{one}?agents=true&parents=true&depth=9" for verb in ("upstream", "downstream") for one in MINE),
    *(f"blame/{one}?attribute={name}" for one in MINE for name in NAMED),
    *(f"path?a={a}&b={b}" for a in MINE for b in MINE),
    "path?a=ex:model&b=http://zebra.example/giraffe-source", "diff?a=ex:model&b=ex:raw", "diff?a=ex:raw&b=ex:test",
    "leakage?train=ex:model&test=ex:test", "leakage?train=ex:raw&test=ex:test", "segment?src=ex:raw&dst=ex:model",
    "segment?src=ex:test&dst=ex:model&expand=2:ex:model", "summarize?runs=kind=activity",
    "summarize?segment=ex:raw..ex:model", "find", "find?sort=-label", "find?expression=label~giraffe",
    "find?expression=space=b", "find?expression=relation=wasDerivedFrom", "find?expression=exists%20ps:metric.zebra",
    "find?expression=metric.zebre=7", "find?expression=atribute=1 or param.zebr=1", "summarize?runs=param.zebr=1",
    "segment?src=ex:raw&dst=ex:model&exclude=metric.zebr=7", "segment?src=ex:raw&dst=ex:model&exclude_edges=atribute=1",
    "find?space=b", "find?space=nowhere",
    "find?as_of=1", "find?expression=zebra:attribute=1", "documents?after=0", "documents/none",
    "documents?live=true", "documents?unit=giraffe-unit-0", "validate", "provenance?target=ex:model",
    "provenance?target=ex:raw", "provenance-service",
    *(f"export/{name}" for name in ("prov-json", "prov-n", "prov-xml", "turtle", "trig", "json-ld", "csv")),
    *(f"export/{name}?id=ex:model&upstream=true&downstream=true" for name in ("prov-json", "csv")),
    f"show/{DIGEST}", f"upstream/{DIGEST}", f"downstream/{VISIBLE_DIGEST}", f"upstream/{VISIBLE_DIGEST}",
    "show/sha256:5ec7e7", "ask", *(f"ask/{one.question}" for one in all_templates("sql")), "schemas/events",
    "tokens", "metrics", "check", "verify", "graph", "upstream/ex:model?as_of=2", "upstream/ex:raw?as_of=3",
    "show/giraffe", "show/ex:mod", "upstream/zebr", "blame/ex:raw?attribute=zebra:attribute",
]  # fmt: skip


@pytest.mark.parametrize("path", dict.fromkeys(ASKED))
def test_no_byte_tells_of_what_is_hidden(path, served, reader, auditor):
    for client in (reader, auditor):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code < 500, answer.text
        told = answer.text + json.dumps(dict(answer.headers))
        # What was asked may be repeated; what it leads to may not.
        words = [word for word in SECRETS if word not in path]
        assert [word for word in words if word in told] == [], told


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A reader of a store in which space `b` never was."""
    with serving(tmp_path_factory.mktemp("alone") / "s.db") as one:
        writer = one.as_role("writer", "a", name="seen-writer")
        for document in seen_documents():
            writer.post("/api/v1/documents", params={"unit": "unit"}, json=document)
        yield one.as_role("reader", "a")


def unmarked(value):
    """An answer without the marks of what is hidden, and without what no two stores have in common."""
    if isinstance(value, dict):
        kept = {name: unmarked(one) for name, one in value.items() if name not in ("hidden", "incomplete", "sequence")}
        return None if kept == {"question": "path", "nodes": [], "edges": []} else kept
    if isinstance(value, list):
        return [unmarked(one) for one in value]
    if isinstance(value, str):
        return re.sub(r"(urn:provstore:document:)[0-9a-f]+|\d{4}-\d\d-\d\dT[\d:.]+Z|(?<=,)(true|false)(?=,)", "", value)
    return value


# Answers that tell how many entries or requests there are at all.
COUNTING = ("history", "blame", "documents?", "find?as_of", "upstream/ex:model?as_of", "upstream/ex:raw?as_of")


@pytest.mark.parametrize("path", [path for path in dict.fromkeys(ASKED) if not path.startswith(COUNTING)])
def test_an_answer_is_that_of_a_store_in_which_nothing_hidden_ever_was(path, reader, alone):
    answers = [client.get(f"/api/v1/{path}") for client in (reader, alone)]
    assert answers[0].status_code == answers[1].status_code
    is_json = answers[0].headers["content-type"] == "application/json"
    here, there = (unmarked(one.json() if is_json else one.text) for one in answers)
    assert here == there


def test_a_version_is_numbered_as_if_nothing_hidden_were_there(tmp_path):
    with serving(tmp_path / "s.db") as served:
        for space, versions in (("b", 3), ("a", 1), ("a", 2)):
            writer = served.as_role("writer", space)
            writer.post("/mlflow/api/2.0/mlflow/registered-models/create", json={"name": "m"})
            for _ in range(versions if space == "b" else 1):
                made = writer.post(
                    "/mlflow/api/2.0/mlflow/model-versions/create", json={"name": "m", "source": "s3://x"}
                )
            assert made.json()["model_version"]["version"] == str(versions)


def test_what_another_space_says_of_mlflows_elements_changes_no_answer_of_this_one(tmp_path):
    with serving(tmp_path / "s.db") as served:
        mine, other = served.as_role("writer", "a"), served.as_role("writer", "b")

        def ask(method, path, **arguments):
            sent = {"params": arguments} if method == "GET" else {"json": arguments}
            answer = mine.request(method, f"/mlflow/api/2.0/mlflow/{path}", **sent)
            assert answer.status_code == 200, answer.text
            return answer.json()

        experiment = ask("POST", "experiments/create", name="e")["experiment_id"]
        run = ask("POST", "runs/create", experiment_id=experiment)["run"]["info"]["run_id"]
        logged = ask("POST", "logged-models", experiment_id=experiment, name="l")["model"]["info"]["model_id"]
        ask("POST", "registered-models/create", name="m")
        ask("POST", "model-versions/create", name="m", source="s3://x")
        ask("POST", "registered-models/alias", name="m", alias="best", version="1")

        def seen():
            return [
                ask("GET", "registered-models/search"), ask("GET", "model-versions/search"),
                ask("GET", "registered-models/get", name="m"), ask("POST", "experiments/search", max_results=9),
                ask("POST", "runs/search", experiment_ids=[experiment]),
                ask("POST", "logged-models/search", experiment_ids=[experiment]),
            ]  # fmt: skip

        before = seen()
        said = {"ps:path": "p", "ps:source_id": "s", "ps:experiment": "x", "ps:lifecycle_stage": "deleted"}
        kind = {"prov:type": {"$": "ps:Prompt", "type": "prov:QUALIFIED_NAME"}}
        names = ("model/m", "model/m/1", f"experiment/{experiment}", f"run/{run}", f"logged-model/{logged}")
        document = {
            "prefix": {"ps": "urn:provstore:terms#", "mlflow": "urn:provstore:mlflow:"},
            "entity": {f"mlflow:{name}": said | kind for name in names},
        }
        assert other.post("/api/v1/documents", json=document).status_code == 201
        assert seen() == before


@pytest.mark.parametrize("path", ["documents/{}", "documents/{}/retract?reason=x", "export/prov-json?id={}"])
def test_a_hidden_document_is_as_one_that_is_not_there(path, served, reader):
    writer = served.as_role("writer", "a")
    method = "POST" if "retract" in path else "GET"
    nothing = "urn:provstore:document:" + "0" * 64
    for hidden in served.hidden_ones:
        there, nowhere = (writer.request(method, f"/api/v1/{path.format(one)}") for one in (hidden, nothing))
        assert (there.status_code, there.text.replace(hidden, nothing)) == (404, nowhere.text)


def test_an_attribute_that_only_hidden_elements_have_is_as_one_that_none_has(reader):
    def notes(name):
        return reader.get("/api/v1/find", params={"expression": f"{name} = 7"}).json()["notes"]

    assert notes("metric.zebra") == ["no element has attribute 'metric.zebra'"]
    assert notes("ex:nota") == ["no element has attribute 'ex:nota'; did you mean 'ex:note'?"]


def test_the_same_name_is_answered_alike_whether_it_is_hidden_or_nowhere(reader):
    for question in ("upstream", "show", "history"):
        hidden = reader.get(f"/api/v1/{question}/{quote('http://zebra.example/giraffe-source', safe='')}")
        nowhere = reader.get(f"/api/v1/{question}/{quote('http://zebra.example/nothing-at-all', safe='')}")
        assert hidden.status_code == nowhere.status_code == 404
        assert hidden.text.replace("giraffe-source", "nothing-at-all") == nowhere.text


def test_where_something_hidden_leads_on_the_answer_says_so(served, reader):
    answer = reader.get("/api/v1/upstream/ex:model").json()
    marked = {node["qname"] for node in answer["nodes"] if node.get("hidden")}
    # cleaning made raw, training used the hidden source, test was derived from it.
    assert marked == {"ex:raw", "ex:training", "ex:test"}
    assert answer["incomplete"] is True
    assert {node["qname"] for node in answer["nodes"]} == {"ex:model", "ex:training", "ex:raw", "ex:test"}
    whole = served.admin.get("/api/v1/upstream/ex:model").json()
    assert whole["incomplete"] is False
    assert len(whole["nodes"]) > len(answer["nodes"])


@pytest.mark.parametrize(
    ("path", "incomplete"),
    [
        ("downstream/ex:model", True), ("show/ex:raw", True), ("show/ex:copy", False), ("find", True),
        ("diff?a=ex:model&b=ex:raw", True), ("path?a=ex:raw&b=ex:test", True), ("path?a=ex:copy&b=ex:test", False),
        ("leakage?train=ex:model&test=ex:test", True), ("segment?src=ex:raw&dst=ex:model", True),
        ("summarize?runs=kind=activity", True),
    ],
)  # fmt: skip
def test_every_question_marks_what_it_misses(path, incomplete, served, reader):
    answer = reader.get(f"/api/v1/{path}")
    found = answer.json() or {}
    assert bool(found.get("incomplete")) is incomplete
    assert ("provstore-incomplete" in answer.headers) is incomplete
    assert "provstore-incomplete" not in served.admin.get(f"/api/v1/{path}").headers


@pytest.mark.parametrize(("question", "name"), [("downstream", "ex:used"), ("upstream", "ex:made")])
def test_an_export_of_a_lineage_marks_what_it_misses_as_the_lineage_does(question, name, tmp_path):
    prefix = {"ex": "http://example.org/"}
    seen = {"prefix": prefix, "entity": {"ex:used": {}, "ex:made": {}}}
    used = {"_:1": {"prov:activity": "ex:hidden", "prov:entity": "ex:used"}}
    made = {"_:2": {"prov:activity": "ex:hidden", "prov:entity": "ex:made"}}
    hidden = {"prefix": prefix, "activity": {"ex:hidden": {}}, "used": used, "wasGeneratedBy": made}
    with serving(tmp_path / "s.db") as served:
        for space, document in (("a", seen), ("b", hidden)):
            assert served.admin.post(f"/api/v1/documents?space={space}", json=document).status_code == 201
        reader = served.as_role("reader", "a")
        for other in ("upstream", "downstream"):
            lineage = reader.get(f"/api/v1/{other}/{name}")
            exported = reader.get("/api/v1/export/csv", params={"id": name, other: True})
            assert (lineage.status_code, exported.status_code) == (200, 200)
            assert ("provstore-incomplete" in lineage.headers) is (other == question)
            assert ("provstore-incomplete" in exported.headers) is (other == question or name == "ex:made")


def test_an_export_of_everything_marks_that_something_hidden_leaves_it(served, reader):
    assert "provstore-incomplete" in reader.get("/api/v1/export/prov-n").headers
    assert "provstore-incomplete" in served.admin.get("/api/v1/export/csv?space=a").headers
    assert "provstore-incomplete" not in served.admin.get("/api/v1/export/csv").headers
    # At the first entry nothing was visible that anything could leave.
    assert "provstore-incomplete" not in reader.get("/api/v1/export/csv?as_of=1").headers


def test_who_sees_every_space_that_there_is_sees_all_and_no_mark(served):
    both = served.as_role("reader", "a", "b")
    for path in ("upstream/ex:model", "find", "show/ex:raw", "export/prov-n"):
        assert both.get(f"/api/v1/{path}").content == served.admin.get(f"/api/v1/{path}").content


def test_one_space_at_a_time_is_a_view_of_its_own(served):
    answer = served.admin.get("/api/v1/upstream/ex:model?space=a").json()
    assert answer["incomplete"] is True
    assert not re.search("zebra|giraffe", json.dumps(answer))


def test_the_bytes_of_a_hidden_series_are_not_given_to_who_knows_their_digest(served, reader):
    event = {"type": "run", "id": "zebra-run", "time": "2026-11-21T10:00:00Z",
             "points": [{"metric": "loss", "value": 0.5, "time": "2026-11-21T10:00:00Z"}]}  # fmt: skip
    served.admin.post("/api/v1/events?space=b", json={"events": [event]})
    series = served.admin.get("/api/v1/show/event:series%2Fzebra-run%2Floss").json()
    chunk = series["attributes"]["ps:chunk"]
    claim = {"prefix": EX, "entity": {"ex:mine": {"prov:type": {"$": "ps:MetricSeries", "type": "prov:QUALIFIED_NAME"},
                                                  "ps:metric_name": "loss", "ps:chunk": chunk}}}  # fmt: skip
    assert served.as_role("writer", "a").post("/api/v1/documents", json=claim).status_code == 201
    assert served.admin.get("/api/v1/show/ex:mine?series=true").json()["rows"]
    answer = reader.get("/api/v1/show/ex:mine?series=true")
    assert answer.status_code == 404
    assert "0.5" not in answer.text


def test_what_comes_in_while_a_question_is_answered_stays_hidden(tmp_path):
    """The view is looked at again after the answer: a space that was alone may not be alone any more."""
    with serving(tmp_path / "s.db") as served:
        served.as_role("writer", "a").post("/api/v1/documents", json={"prefix": EX, "entity": {"ex:a": {}}})
        other = served.as_role("writer", "b")

        def ask(asking):
            if not asked:
                asked.append(other.post("/api/v1/documents", json={"prefix": EX, "entity": {"ex:b": {}}}))
            return {node.iri for node in asking.find().nodes}

        asked = []
        with served.service.readers.store() as store:
            assert served.service.views.answer(store, frozenset("a"), ask) == {"http://example.org/a"}
