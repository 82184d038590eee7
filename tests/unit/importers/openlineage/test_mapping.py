"""What events become; the expected statements are worked by hand from the specification of OpenLineage 2-0-2."""

import pytest

from provstore.importers.contract import Findings
from provstore.model.terms import DATE_TIME, END_TIME, START_TIME
from tests.support.openlineage import RUN, TIME, dataset, event, imported, on_relation, relations, said

ACTIVITY = f"run/{RUN}"
PRODUCER = "producer/https%3A%2F%2Fexample.org%2Femitter"


@pytest.mark.parametrize(
    ("event_type", "status"),
    [("START", "running"), ("RUNNING", "running"), ("COMPLETE", "finished"), ("FAIL", "failed"), ("ABORT", "killed")],
)
def test_the_event_type_is_the_status_of_the_run(tmp_path, event_type, status):
    assert said(imported(tmp_path, event(eventType=event_type)), ACTIVITY)["ps:status"] == {status}


@pytest.mark.parametrize("event_type", ["OTHER", None, "SOMETHING"])
def test_an_event_besides_the_life_cycle_says_nothing_of_the_status(tmp_path, event_type):
    assert "ps:status" not in said(imported(tmp_path, event(eventType=event_type)), ACTIVITY)


def test_start_gives_the_start_and_an_end_gives_the_end(tmp_path):
    start, end = imported(
        tmp_path, event(eventType="START"), event(eventType="FAIL", eventTime="2026-01-02T05:04:05.5+01:00")
    )
    assert start.assertions[0].statement.values(START_TIME) == ((DATE_TIME, "2026-01-02T03:04:05.000000Z", ""),)
    assert end.assertions[0].statement.values(END_TIME) == ((DATE_TIME, "2026-01-02T04:04:05.500000Z", ""),)
    assert not start.assertions[0].statement.values(END_TIME)
    assert not end.assertions[0].statement.values(START_TIME)


def test_a_time_without_zone_is_taken_as_utc_and_marked(tmp_path):
    (document,) = imported(tmp_path, event(eventTime="2026-01-02T03:04:05"))
    assert document.header.event_time == "2026-01-02T03:04:05.000000Z"
    assert said([document], ACTIVITY)["ps:time_zone"] == {"assumed"}


def test_an_event_speaks_for_its_run_at_its_time(tmp_path):
    (document,) = imported(tmp_path, event())
    header = document.header
    assert (header.unit, header.mode, header.event_time) == (
        f"openlineage:run/{RUN}",
        "event",
        "2026-01-02T03:04:05.000000Z",
    )


def test_a_run_is_associated_with_its_producer_following_its_job(tmp_path):
    documents = imported(tmp_path, event())
    assert relations(documents) == {("wasAssociatedWith", ACTIVITY, PRODUCER, "job/n/j")}
    assert said(documents, "job/n/j")["prov:type"] == {"prov:Plan", "ps:Job"}
    assert said(documents, PRODUCER)["prov:type"] == {"prov:SoftwareAgent"}


def test_an_event_without_producer_still_has_its_job(tmp_path):
    assert relations(imported(tmp_path, event(producer=None))) == {("wasAssociatedWith", ACTIVITY, "job/n/j")}


def test_an_input_without_version_is_the_dataset_itself(tmp_path):
    assert ("used", ACTIVITY, "dataset/a/d") in relations(imported(tmp_path, event(inputs=[dataset()])))


def test_an_output_without_version_is_what_this_run_wrote(tmp_path):
    written = f"dataset/a/d/run/{RUN}"
    assert relations(imported(tmp_path, event(outputs=[dataset()]))) >= {
        ("wasGeneratedBy", written, ACTIVITY),
        ("specializationOf", written, "dataset/a/d"),
        ("hadMember", "dataset/a/d", written),
    }


def test_a_named_version_is_used_and_generated(tmp_path):
    facets = {"version": {"datasetVersion": "7"}}
    found = relations(imported(tmp_path, event(inputs=[dataset(facets=facets)], outputs=[dataset("e", facets=facets)])))
    assert ("used", ACTIVITY, "dataset/a/d/7") in found
    assert ("wasGeneratedBy", "dataset/a/e/7", ACTIVITY) in found
    assert ("hadMember", "dataset/a/e", "dataset/a/e/7") in found


SHA = "ab" * 32


@pytest.mark.parametrize(
    "facets",
    [
        {"version": {"datasetVersion": f"sha256:{SHA}"}},
        {"version": {"datasetVersion": f"SHA256:{SHA.upper()}"}},
        {"digest": {"sha256": SHA}},
        {"acme_digest": {"algorithm": "sha-256", "value": SHA}},
        {"acme_checksum": {"digest": f"sha256:{SHA}"}},
    ],
)
def test_a_digest_is_a_version_and_an_attribute_of_it(tmp_path, facets):
    documents = imported(tmp_path, event(outputs=[dataset(facets=facets)]))
    version = f"dataset/a/d/sha256%3A{SHA}"
    assert ("wasGeneratedBy", version, ACTIVITY) in relations(documents)
    assert said(documents, version)["ps:digest"] == {f"sha256:{SHA}"}
    assert "ps:digest" not in said(documents, "dataset/a/d")


@pytest.mark.parametrize("version", [SHA, "sha256:abc", f"crc32:{SHA}", f"sha256:{'z' * 64}"])
def test_a_version_that_is_no_named_digest_of_full_length_is_only_a_version(tmp_path, version):
    documents = imported(tmp_path, event(outputs=[dataset(facets={"version": {"datasetVersion": version}})]))
    assert not any("ps:digest" in said(documents, iri) for _, iri, *_ in relations(documents))


def test_a_dropped_output_is_invalidated_and_not_generated(tmp_path):
    drop = {"lifecycleStateChange": {"lifecycleStateChange": "DROP"}}
    found = relations(imported(tmp_path, event(outputs=[dataset(facets=drop)])))
    assert ("wasInvalidatedBy", "dataset/a/d", ACTIVITY) in found
    assert not [one for one in found if one[0] == "wasGeneratedBy"]


def test_a_job_event_links_the_datasets_to_the_job(tmp_path):
    job_event = event(inputs=[dataset("in")], outputs=[dataset("out")])
    del job_event["run"]
    (document,) = imported(tmp_path, job_event)
    assert document.header.unit == "openlineage:job/n/j"
    assert relations([document]) == {
        ("wasInfluencedBy", "job/n/j", "dataset/a/in"),
        ("wasInfluencedBy", "dataset/a/out", "job/n/j"),
    }


def test_a_dataset_event_describes_the_dataset(tmp_path):
    (document,) = imported(
        tmp_path, {"eventTime": TIME, "dataset": dataset(facets={"storage": {"storageLayer": "delta"}})}
    )
    assert document.header.unit == "openlineage:dataset/a/d"
    assert said([document], "dataset/a/d")["ps:storage_layer"] == {"delta"}


def test_what_was_measured_on_reading_is_told_of_the_reading(tmp_path):
    read = dataset(
        facets={"dataQualityMetrics": {"columnMetrics": {}, "bytes": 5}},
        inputFacets={"inputStatistics": {"rowCount": 3}},
    )
    documents = imported(tmp_path, event(inputs=[read]))
    assert on_relation(documents, "used") == {
        "ps:size": {"5"},
        "ps:column_metrics": {"{}"},
        "ps:row_count": {"3"},
    }
    assert "ps:size" not in said(documents, "dataset/a/d")


def test_an_unknown_facet_is_kept_whole_and_counted(tmp_path):
    findings = Findings()
    documents = imported(tmp_path, event(run={"acme": {"b": 1.5, "a": [None, True]}}), findings=findings)
    assert said(documents, ACTIVITY)["ps:facet.acme"] == {'{"a":[null,true],"b":1.5}'}
    assert {what: seen.count for what, seen in findings.unmapped.items()} == {"run facet acme": 1}


def test_unknown_fields_are_counted_wherever_they_stand(tmp_path):
    findings = Findings()
    imported(
        tmp_path,
        event(extra=1, inputs=[dataset(more=2)], outputs=[dataset(inputFacets={"subset": {}})]),
        findings=findings,
    )
    assert set(findings.unmapped) == {"event field extra", "job or dataset field more", "input facets of an output"}


@pytest.mark.parametrize("kind", ["PAUSED", 5, ["START"]])
def test_a_kind_of_event_that_openlineage_does_not_know_is_counted_and_says_nothing_of_the_status(tmp_path, kind):
    findings = Findings()
    documents = imported(tmp_path, event(eventType=kind), findings=findings)
    assert set(findings.unmapped) == {"event field eventType"}
    assert "ps:status" not in said(documents, ACTIVITY)


@pytest.mark.parametrize("kind", ["OTHER", "running", None])
def test_a_kind_of_event_that_openlineage_knows_is_not_counted(tmp_path, kind):
    findings = Findings()
    imported(tmp_path, event(eventType=kind), findings=findings)
    assert findings.unmapped == {}


def test_a_deleted_facet_is_kept_but_says_nothing(tmp_path):
    deleted = {"datasetVersion": "7", "_deleted": True}
    documents = imported(tmp_path, event(inputs=[dataset(facets={"version": deleted})]))
    assert ("used", ACTIVITY, "dataset/a/d") in relations(documents)
    assert "ps:version" not in said(documents, "dataset/a/d")
    assert "ps:facet.version" in said(documents, "dataset/a/d")


def test_two_spellings_of_one_event_are_one_content(tmp_path):
    facets = {
        "symlinks": {"identifiers": [{"namespace": "x", "name": "y", "type": "TABLE"}]},
        "ownership": {"owners": [{"name": "o"}]},
    }
    backwards = dict(reversed(facets.items()))
    first, second = imported(
        tmp_path, event(outputs=[dataset(facets=facets)]), event(outputs=[dataset(facets=backwards)])
    )
    assert first.assertions == second.assertions


def test_a_scope_is_part_of_every_identifier_and_of_the_unit(tmp_path):
    (document,) = imported(tmp_path, event(inputs=[dataset()]), scope="lab")
    assert document.header.unit == f"openlineage:lab/run/{RUN}"
    assert ("used", f"lab/run/{RUN}", "lab/dataset/a/d") in relations([document])
