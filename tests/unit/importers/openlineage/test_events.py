"""What is refused, with its place, and what goes on; any JSON at all is mapped or refused."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.importers.contract import Findings, Request
from provstore.importers.openlineage import OpenLineageImporter
from provstore.model.statement import record
from tests.support.openlineage import RUN, dataset, event, imported

GOOD = json.dumps(event())


def run_import(path, findings):
    return list(OpenLineageImporter().documents(Request(path=str(path), read_at="2026-11-21T00:00:00Z"), findings))


REFUSED = [
    ("{", ":2:", "no JSON"),
    ('{"a": 1, "a": 2}', ":2", "twice"),
    ('{"a": NaN}', ":2", "NaN"),
    ('{"a": 1e999}', ":2", "out of range"),
    ('{"a": %s}' % ("1" * 5000), ":2", "digits"),
    ("[" * 100 + "]" * 100, ":2", "deeper than 64"),
    ("[" * 100_000, ":2", "deeper than 64"),
    ('{"a": "\\ud800"}', ":2", "surrogate"),
    ('"text"', ":2", "object"),
    ("{}", ":2", "run and a job"),
    ('{"run": {"runId": "r"}, "job": {"namespace": "n", "name": "j"}}', ":2", "eventTime"),
    (json.dumps(event(eventTime="yesterday")), ":2", "RFC 3339"),
    (json.dumps({**event(), "run": {}}), ":2 run", "runId"),
    (json.dumps({**event(), "run": 5}), ":2", "run is missing or no object"),
    (json.dumps({**event(), "job": {"name": "j"}}), ":2 job", "namespace"),
    (json.dumps(event(inputs=[dataset(), {"name": ""}])), ":2 inputs[1]", "namespace"),
    *((json.dumps(event(inputs=odd)), ":2", "inputs is no list") for odd in ({"a": 1}, {}, "", 0, False)),
    (json.dumps(event(outputs=False)), ":2", "outputs is no list"),
    (json.dumps(event(run=[1])), ":2 run", "facets"),
]


@pytest.mark.parametrize(("line", "place", "message"), REFUSED)
def test_a_bad_line_is_refused_with_its_place_and_the_rest_goes_on(tmp_path, line, place, message):
    path = tmp_path / "e.ndjson"
    path.write_text(f"{GOOD}\n{line}\n{GOOD}\n")
    findings = Findings()
    assert len(run_import(path, findings)) == 2
    (refused,) = findings.refused
    assert refused.startswith(f"{path}{place}")
    assert message in refused


def test_invalid_utf8_names_line_and_column(tmp_path):
    path = tmp_path / "e.ndjson"
    path.write_bytes(GOOD.encode() + b'\n{"a": "\xff"}\n')
    findings = Findings()
    assert len(run_import(path, findings)) == 1
    assert findings.refused[0].startswith(f"{path}:2:8: invalid UTF-8")


def test_a_broken_first_line_does_not_spoil_the_others(tmp_path):
    path = tmp_path / "e.ndjson"
    path.write_text(f'{{"eventTime": \n{GOOD}\n')
    findings = Findings()
    assert len(run_import(path, findings)) == 1
    assert findings.refused[0].startswith(f"{path}:1:")


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        json.dumps(event(), indent=2),
        json.dumps([event()]),
        json.dumps([event()], indent=2),
        f"\ufeff{GOOD}\r\n\r\n",
        f"\n\n{GOOD}",
    ],
    ids=["line", "indented", "array", "indented array", "byte order mark", "blank lines"],
)
def test_all_ways_to_write_one_event_give_the_same_document(tmp_path, content):
    path = tmp_path / "e.json"
    path.write_text(content, encoding="utf-8", newline="")
    (document,) = run_import(path, Findings())
    assert document.assertions == imported(tmp_path, event())[0].assertions


def test_a_bad_event_of_an_array_is_refused_with_its_index(tmp_path):
    path = tmp_path / "e.json"
    path.write_text(json.dumps([event(), {"run": 1}, event()]))
    findings = Findings()
    assert len(run_import(path, findings)) == 2
    assert findings.refused[0].startswith(f"{path}[1]: ")


def test_a_file_that_is_no_json_is_refused_as_a_whole_with_line_and_column(tmp_path):
    path = tmp_path / "e.json"
    path.write_text('{\n  "eventTime": oops\n}')
    with pytest.raises(BadInput) as refused:
        run_import(path, Findings())
    assert refused.value.where == f"{path}:2:16"


@pytest.mark.parametrize("content", ["", "\n \n", "[]"])
def test_a_file_without_events_is_refused(tmp_path, content):
    path = tmp_path / "e.json"
    path.write_text(content)
    with pytest.raises(BadInput, match="no event"):
        run_import(path, Findings())


def test_a_directory_is_read_in_the_order_of_names_and_one_bad_file_does_not_stop_it(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.ndjson").write_text(json.dumps(event(eventType="START")))
    (tmp_path / "a.json").write_text("oops")
    (tmp_path / "sub" / "c.jsonl").write_text(json.dumps(event(eventType="FAIL")))
    (tmp_path / "notes.txt").write_text("no events")
    findings = Findings()
    documents = run_import(tmp_path, findings)
    assert [document.header.source.rpartition("/")[2] for document in documents] == ["b.ndjson:1", "c.jsonl:1"]
    assert findings.refused[0].startswith(f"{tmp_path}/a.json:1:1")
    assert findings.unmapped["file that holds no events"].example == "notes.txt"


def test_a_missing_file_is_bad_input(tmp_path):
    with pytest.raises(BadInput, match="No such file"):
        run_import(tmp_path / "none.json", Findings())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (GOOD, True),
        (json.dumps([event()], indent=1), True),
        ('{"entity": {"a": {}}}', False),
        ("eventTime run", False),
        ("", False),
    ],
)
def test_events_are_recognized_by_their_beginning(tmp_path, content, expected):
    path = tmp_path / "x"
    path.write_text(content)
    assert OpenLineageImporter().recognizes(str(path)) is expected


def test_recognizing_never_raises(tmp_path):
    importer = OpenLineageImporter()
    assert not importer.recognizes(str(tmp_path / "none"))
    assert not importer.recognizes("http://localhost:5000")
    assert not importer.recognizes("\0")
    assert not importer.recognizes(str(tmp_path))
    (tmp_path / "e.ndjson").write_text(GOOD)
    assert importer.recognizes(str(tmp_path))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = [
    "parent", "processing_engine", "jobDependencies", "executionParameters", "tags", "ownership", "sourceCodeLocation",
    "sql", "lineage", "symlinks", "lifecycleStateChange", "columnLineage", "version", "schema", "digest", "subset",
]  # fmt: skip
KEYS = [
    "run", "job", "root", "runId", "namespace", "name", "key", "value", "owners", "type", "url", "query", "inputs",
    "entries", "fields", "inputFields", "dataset", "identifiers", "previousIdentifier", "datasetVersion", "upstream",
    "lifecycleStateChange", "version", "tags", "parameters", "sha256", "_deleted",
]  # fmt: skip
FACET = st.recursive(
    JSON | st.sampled_from(["DATASET", "JOB", "DROP", "RENAME", "r", "n"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
FACETS = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), FACET, max_size=3)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(run=FACETS, job=FACETS, facets=FACETS, own=FACETS, top=st.dictionaries(st.text(max_size=5), JSON, max_size=2))
def test_whatever_the_facets_hold_the_event_is_mapped(tmp_path, run, job, facets, own, top):
    one = {
        **top,
        **event(
            run=run,
            job=job,
            inputs=[dataset(facets=facets, inputFacets=own)],
            outputs=[dataset(facets=facets, outputFacets=own)],
        ),
    }
    findings = Findings()
    (document,) = imported(tmp_path, one, findings=findings)
    assert findings.refused == []
    assert document.header.unit == f"openlineage:run/{RUN}"
    for _, stated in document.assertions:
        record(stated)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON | st.dictionaries(st.sampled_from(["run", "job", "dataset", "eventTime", "inputs"]), JSON))
def test_any_json_value_is_mapped_or_refused(tmp_path, value):
    path = tmp_path / "e.json"
    path.write_text(json.dumps([event(), value]))
    findings = Findings()
    assert len(run_import(path, findings)) + len(findings.refused) == 2
