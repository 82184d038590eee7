"""Every standard facet is mapped or kept whole; expected values are the specification's own examples."""

import json

import pytest

from provstore.importers.contract import Findings
from provstore.importers.openlineage.facets import ENVELOPE, FIELDS, KEPT_WHOLE
from provstore.importers.openlineage.relations import RELATIONS
from tests.support.openlineage import RUN, SPEC, dataset, event, imported, on_relation, relations, said

ACTIVITY = f"run/{RUN}"
WRITTEN = f"dataset/a/d/run/{RUN}"
EXAMPLES = sorted((SPEC / "tests").glob("*/*.json"))
KNOWN = {(holder, name) for holder, names in FIELDS.items() for name in names} | set(RELATIONS) | KEPT_WHOLE


def example(facet, number=1):
    return json.loads((SPEC / "tests" / facet / f"{number}.json").read_text())


def carrying(facet, facets):
    """An event that carries an example where its schema says that it belongs."""
    if facet == "LineageFacet":
        return event(job=facets) if "entries" in facets["lineage"] else event(outputs=[dataset(facets=facets)])
    if facet.endswith("RunFacet"):
        return event(run=facets)
    if facet.endswith("JobFacet"):
        return event(job=facets)
    if facet.endswith("InputDatasetFacet") or facet == "BaseSubsetDatasetFacet":
        return event(inputs=[dataset(inputFacets=facets)])
    if facet.endswith("OutputDatasetFacet"):
        return event(outputs=[dataset(outputFacets=facets)])
    return event(outputs=[dataset(facets=facets)])


def of_example(folder, facet, number=1):
    return imported(folder, carrying(facet, example(facet, number)))


def standard_facets():
    """(holder, facet name) of all schemas: the holder is the end of the definition's name."""
    ends = {
        "InputDatasetFacet": "input", "OutputDatasetFacet": "output",
        "DatasetFacet": "dataset", "RunFacet": "run", "JobFacet": "job",
    }  # fmt: skip
    for path in sorted((SPEC / "facets").glob("*.json")):
        schema = json.loads(path.read_text())
        (name,) = schema["properties"]
        for definition, body in schema["$defs"].items():
            if "allOf" in body and definition != "BaseSubsetDatasetFacet":
                yield next(holder for end, holder in ends.items() if definition.endswith(end)), name


def test_the_schemas_are_those_of_the_specification():
    assert len(list((SPEC / "facets").glob("*.json"))) == 38
    assert len(EXAMPLES) >= 45


@pytest.mark.parametrize("facet", sorted(set(standard_facets())))
def test_every_standard_facet_has_a_place(facet):
    assert facet in KNOWN


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_text_or_number_of_an_example_is_lost(tmp_path, path):
    findings = Findings()
    facets = json.loads(path.read_text())
    documents = imported(tmp_path, carrying(path.parent.name, facets), findings=findings)
    stored = " ".join(
        f"{stated.identifier} " + " ".join(f"{a.name} {a.lexical}" for a in stated.attributes)
        for _, stated in documents[0].assertions
    )
    assert findings.unmapped == {}
    for leaf in leaves(facets):
        assert json.dumps(leaf, ensure_ascii=False).strip('"') in stored or str(leaf) in stored, leaf


def leaves(value, name=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ENVELOPE:
                yield from leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, name)
    elif name not in ("nominalStartTime", "nominalEndTime", "lastUpdated") and not isinstance(value, bool):
        yield value


def test_nominal_times_are_times(tmp_path):
    found = said(of_example(tmp_path, "NominalTimeRunFacet"), ACTIVITY)
    assert found["ps:nominal_start"] == {"2020-01-01T04:00:00.001000Z"}
    assert found["ps:nominal_end"] == {"2020-01-02T04:00:00.001000Z"}


def test_an_error_is_told_on_the_run(tmp_path):
    found = said(of_example(tmp_path, "ErrorMessageRunFacet"), ACTIVITY)
    assert (found["ps:error"], found["ps:error_language"], found["ps:stack_trace"]) == (
        {"failed"},
        {"JAVA"},
        {"<stack_trace>"},
    )


def test_a_parent_informs_the_run_that_is_part_of_it(tmp_path):
    documents = of_example(tmp_path, "ParentRunFacet")
    above = "run/f99310b4-3c3c-1a1a-2b2b-c1b95c24ff11"
    assert ("wasInformedBy", ACTIVITY, above) in relations(documents)
    assert on_relation(documents, "wasInformedBy") == {"prov:type": {"ps:partOf"}}
    assert said(documents, ACTIVITY)["ps:partOf"] == {above}
    assert ("wasAssociatedWith", above, "job/dbt/dbt-job-name") in relations(documents)


def test_the_root_of_a_run_is_told_and_forwarded_facets_are_kept(tmp_path):
    found = said(of_example(tmp_path, "ParentRunFacet", 2), ACTIVITY)
    assert found["ps:root"] == {"run/a0000000-3c3c-1a1a-2b2b-c1b95c24ff11"}
    assert json.loads(next(iter(found["ps:facet.parent"]))) == example("ParentRunFacet", 2)["parent"]


def test_a_processing_engine_is_an_agent_of_the_run(tmp_path):
    documents = of_example(tmp_path, "ProcessingEngineRunFacet")
    assert ("wasAssociatedWith", ACTIVITY, "engine/Airflow/2.5.0", "job/n/j") in relations(documents)
    assert said(documents, ACTIVITY)["ps:openlineage_adapter"] == {"0.29.2"}


def test_statistics_of_an_output_are_those_of_the_version_written(tmp_path):
    found = said(of_example(tmp_path, "OutputStatisticsOutputDatasetFacet"), WRITTEN)
    assert (found["ps:row_count"], found["ps:size"], found["ps:file_count"]) == ({"2000"}, {"2097152"}, {"5"})


def test_column_lineage_is_a_derivation_from_each_dataset_with_its_columns(tmp_path):
    facet = {"fields": {"y": {"inputFields": [{"namespace": "a", "name": "in", "field": "x"}]}}}
    used = dataset("in", facets={"version": {"datasetVersion": "7"}})
    documents = imported(tmp_path, event(inputs=[used], outputs=[dataset(facets={"columnLineage": facet})]))
    assert ("wasDerivedFrom", WRITTEN, "dataset/a/in/7", ACTIVITY) in relations(documents)
    assert on_relation(documents, "wasDerivedFrom") == {"ps:columns": {'{"y":[{"field":"x"}]}'}}
    assert "ps:facet.columnLineage" not in said(documents, WRITTEN)


def test_columns_that_only_decide_which_rows_there_are_derive_too(tmp_path):
    documents = of_example(tmp_path, "ColumnLineageDatasetFacet", 2)
    people = "dataset/s3%3A%2F%2Ftest-bucket/%2Ficeberg_warehouse%2Fsome-database%2Fpeople"
    assert ("wasDerivedFrom", WRITTEN, people, ACTIVITY) in relations(documents)
    assert "ps:dataset_columns" in on_relation(documents, "wasDerivedFrom")


def test_a_dataset_is_not_derived_from_itself(tmp_path):
    facet = {"fields": {"y": {"inputFields": [{"namespace": "a", "name": "d", "field": "x"}]}}}
    documents = imported(
        tmp_path, {"eventTime": "2026-01-01T00:00:00Z", "dataset": dataset(facets={"columnLineage": facet})}
    )
    assert relations(documents) == set()
    assert "ps:facet.columnLineage" in said(documents, "dataset/a/d")


def test_a_renamed_dataset_comes_from_its_earlier_name(tmp_path):
    found = relations(of_example(tmp_path, "LifecycleStateChangeDatasetFacet"))
    before = "dataset/file/%2Ftmp%2Falter_test%2Falter_table_test"
    assert ("wasDerivedFrom", WRITTEN, before, ACTIVITY) in found
    assert ("alternateOf", "dataset/a/d", before) in found


def test_symlinks_are_other_names_of_the_same_dataset(tmp_path):
    documents = of_example(tmp_path, "SymlinksDatasetFacet")
    other = "dataset/%2Ftmp%2Falter_test/default.alter_table_test_new"
    assert ("alternateOf", "dataset/a/d", other) in relations(documents)
    assert on_relation(documents, "alternateOf") == {"ps:symlink_type": {"TABLE"}}


def test_owners_are_agents_of_the_kind_that_their_name_says(tmp_path):
    facet = {"owners": [{"name": "team:data", "type": "MAINTAINER"}, {"name": "owner"}]}
    documents = imported(tmp_path, event(job={"ownership": facet}))
    assert relations(documents) >= {
        ("wasAttributedTo", "job/n/j", "owner/team%3Adata"),
        ("wasAttributedTo", "job/n/j", "owner/owner"),
    }
    assert said(documents, "owner/team%3Adata")["prov:type"] == {"prov:Organization"}
    assert on_relation(documents, "wasAttributedTo") == {"ps:ownership": {"MAINTAINER"}}


def test_code_at_a_location_is_a_plan_of_the_run_in_its_version(tmp_path):
    facet = {"type": "git", "url": "https://e.org/r", "version": "4b1f", "branch": "main"}
    documents = imported(tmp_path, event(job={"sourceCodeLocation": facet}))
    code = "code/https%3A%2F%2Fe.org%2Fr/4b1f"
    assert [one for one in relations(documents) if one[0] == "wasAssociatedWith" and one[-1] == code]
    found = said(documents, code)
    assert (found["ps:commit"], found["ps:branch"], found["prov:type"]) == (
        {"4b1f"},
        {"main"},
        {"prov:Plan", "ps:Code"},
    )


def test_the_text_of_a_query_is_code_named_by_its_digest(tmp_path):
    # printf 'SELECT 1' | sha256sum
    name = "sha256:e004ebd5b5532a4b85984a62f8ad48a81aa3460c1ca07701f386135d72cdecf5"
    documents = imported(tmp_path, event(job={"sql": {"query": "SELECT 1", "dialect": "postgres"}}))
    found = said(documents, f"code/{name.replace(':', '%3A')}")
    assert (found["ps:source_code"], found["ps:language"], found["ps:digest"]) == ({"SELECT 1"}, {"postgres"}, {name})


def test_redacted_code_does_not_claim_the_digest_of_its_bytes(tmp_path):
    documents = imported(tmp_path, event(job={"sql": {"query": "SET password='x1'"}}))
    codes = [stated for _, stated in documents[0].assertions if "code/" in (stated.identifier or "")]
    assert "[redacted]" in str(codes)
    assert "ps:digest" not in str(codes)
    assert "terms#digest" not in str(codes)


def test_parameters_variables_and_tags_are_attributes_of_the_run(tmp_path):
    facets = {
        "executionParameters": {"parameters": [{"key": "lr", "value": "0.10"}]},
        "environmentVariables": {
            "environmentVariables": [{"name": "HOME", "value": "/h"}, {"name": "DB_PASSWORD", "value": "x1"}]
        },
        "tags": {"tags": [{"key": "team", "value": "ads"}]},
    }
    found = said(imported(tmp_path, event(run=facets)), ACTIVITY)
    assert found["ps:param.lr"] == {"0.10"}
    assert found["ps:environment.HOME"] == {"/h"}
    assert found["ps:environment.DB_PASSWORD"] == {"[redacted]"}
    assert found["ps:tag.team"] == {"ads"}
    assert not [name for name in found if name.startswith("ps:facet.")]


def test_a_tag_of_a_column_is_no_tag_of_the_dataset(tmp_path):
    found = said(of_example(tmp_path, "TagsDatasetFacet"), WRITTEN)
    assert "ps:tag.test_tag" not in found
    assert found["ps:tag.test_tag2"] == {"test_value2"}
    assert "ps:facet.tags" in found


def test_runs_that_a_run_waited_for_informed_it(tmp_path):
    job = {"namespace": "n", "name": "before"}
    facet = {
        "upstream": [{"job": job, "run": {"runId": "r1"}}, {"job": job}],
        "downstream": [{"job": job, "run": {"runId": "r2"}}],
    }
    documents = imported(tmp_path, event(run={"jobDependencies": facet}))
    assert {one for one in relations(documents) if one[0] == "wasInformedBy"} == {
        ("wasInformedBy", ACTIVITY, "run/r1"),
        ("wasInformedBy", "run/r2", ACTIVITY),
    }
    assert "ps:facet.jobDependencies" in said(documents, ACTIVITY)


LINEAGE = {
    "dataset-to-dataset": (WRITTEN, "dataset/postgresql%3A%2F%2Fwarehouse%3A5432/public.customers"),
    "job-to-job": ("run/605f451b-c768-4c77-9ff4-8501f6324513", "run/b7dce052-51a6-4d66-98b9-5fd8b78a79c7"),
    "implicit-job": (ACTIVITY, "dataset/postgresql%3A%2F%2Fproduction%3A5432/public.transactions"),
    "generator": ("dataset/postgresql%3A%2F%2Fwarehouse%3A5432/public.extracted_data", ACTIVITY),
    "dataset-to-job": (
        "job/airflow%3A%2F%2Fproduction/daily.load",
        "dataset/postgresql%3A%2F%2Fwarehouse%3A5432/public.staging_orders",
    ),
}


@pytest.mark.parametrize("number", LINEAGE)
def test_the_lineage_facet_says_what_influenced_what(tmp_path, number):
    found = relations(of_example(tmp_path, "LineageFacet", number))
    assert {one for one in found if one[0] == "wasInfluencedBy"} == {("wasInfluencedBy", *LINEAGE[number])}


def test_a_field_of_an_unexpected_type_keeps_the_facet_whole(tmp_path):
    found = said(
        imported(
            tmp_path, event(outputs=[dataset(outputFacets={"outputStatistics": {"rowCount": "many", "size": 5}})])
        ),
        WRITTEN,
    )
    assert found["ps:size"] == {"5"}
    assert found["ps:facet.outputStatistics"] == {'{"rowCount":"many","size":5}'}


def test_the_reference_tells_of_every_facet_and_attribute():
    reference = (SPEC.parents[3] / "docs" / "reference" / "openlineage.md").read_text()
    missing = {name for _, name in KNOWN if f"`{name}`" not in reference}
    missing |= {
        field.attribute
        for names in FIELDS.values()
        for fields in names.values()
        for field in fields.values()
        if f"`ps:{field.attribute}`" not in reference
    }
    assert missing == set()
