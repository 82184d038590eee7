"""What is imported is what the MLflow client of that version reads from the same store."""

from __future__ import annotations

import re
from hashlib import sha256

from provstore.importers.mlflow.names import NAMESPACE
from provstore.model.names import local_name, segment
from provstore.model.times import from_unix_ms
from tests.support.mlflow_stores import STORES, bits

STATUSES = {
    "FINISHED": "finished",
    "FAILED": "failed",
    "KILLED": "killed",
    "RUNNING": "running",
    "SCHEDULED": "unknown",
}
SECRET = {"api_key", "source url"}


def run_iri(identifier):
    return f"{NAMESPACE}run/{identifier}"


def time(milliseconds):
    return None if milliseconds is None else from_unix_ms(milliseconds)


def family(facts, prefix):
    return {name: values for name, values in facts.items() if name.startswith(prefix + ".")}


def test_every_experiment_is_there_with_its_stage_and_tags(store):
    _, imported, expected = store
    for identifier, experiment in expected["experiments"].items():
        facts = imported.facts(f"{NAMESPACE}experiment/{identifier}")
        assert facts["http://www.w3.org/ns/prov#label"] == {experiment["name"]}
        assert facts["lifecycle_stage"] == {experiment["lifecycle_stage"]}
        assert facts.get("created", {None}) == {time(experiment["creation_time"])}
        assert family(facts, "tag") == {f"tag.{k}": {v} for k, v in experiment["tags"].items()}
    assert sum(unit.startswith("mlflow:experiment/") for unit in imported.documents) == len(expected["experiments"])


def test_every_run_is_there_with_status_times_and_name(store):
    _, imported, expected = store
    assert {u for u in imported.documents if u.startswith("mlflow:run/")} == {
        f"mlflow:run/{r}" for r in expected["runs"]
    }
    for identifier, run in expected["runs"].items():
        facts = imported.facts(run_iri(identifier))
        assert facts["status"] == {STATUSES[run["status"]]}
        assert facts["source_status"] == {run["status"]}
        assert facts["lifecycle_stage"] == {run["lifecycle_stage"]}
        assert facts["experiment"] == {f"{NAMESPACE}experiment/{run['experiment_id']}"}
        assert facts["experiment_name"] == {expected["experiments"][run["experiment_id"]]["name"]}
        assert facts["http://www.w3.org/ns/prov#startTime"] == {time(run["start_time"])}
        assert facts.get("http://www.w3.org/ns/prov#endTime", {None}) == {time(run["end_time"])}
        name = run["run_name"] or run["tags"].get("mlflow.runName")
        assert facts.get("http://www.w3.org/ns/prov#label", {None}) == {name or None}


def test_parameters_and_tags_are_as_mlflow_reads_them_but_for_secrets(store):
    _, imported, expected = store
    for identifier, run in expected["runs"].items():
        facts = imported.facts(run_iri(identifier))
        assert family(facts, "param") == {f"param.{local_name(k)}": {v} for k, v in run["params"].items()}
        tags = {f"tag.{local_name(k)}": {v} for k, v in run["tags"].items() if k not in SECRET}
        ours = family(facts, "tag")
        assert {k: v for k, v in ours.items() if k not in {f"tag.{local_name(s)}" for s in SECRET}} == tags


def test_every_metric_point_is_there_bit_for_bit(store):
    name, imported, expected = store
    compared = 0
    for identifier, run in expected["runs"].items():
        for metric, history in run["metrics"].items():
            points = imported.points(f"{NAMESPACE}series/{identifier}/{segment(metric)}")
            if (name, metric) == ("3.17.2-file", "auc"):
                # MLflow reads no step from a line that names a data set; the file has it.
                history = [[1, *point[1:]] for point in history]
            assert sorted(points) == sorted(history)
            assert [point[:2] for point in points] == sorted(point[:2] for point in points)
            compared += len(points)
    assert compared >= 96


def test_the_run_has_the_value_that_mlflow_calls_latest(store):
    _, imported, expected = store
    for identifier, run in expected["runs"].items():
        facts = imported.facts(run_iri(identifier))
        latest = {name: bits(float(value.replace("INF", "inf"))) for name, (value,) in family(facts, "metric").items()}
        assert latest == {f"metric.{local_name(k)}": value for k, value in run["latest"].items()}


def test_data_set_inputs_are_used_with_their_context(store):
    _, imported, expected = store
    used = [(s.argument("http://www.w3.org/ns/prov#activity"), s) for s in imported.statements("used")]
    for identifier, run in expected["runs"].items():
        ours = set()
        for activity, stated in used:
            entity = stated.argument("http://www.w3.org/ns/prov#entity")
            if activity == run_iri(identifier) and entity.startswith(f"{NAMESPACE}dataset/"):
                facts = imported.facts(entity)
                ours.add(
                    (entity, stated.argument("http://www.w3.org/ns/prov#role"), *facts["source"], *facts["schema"])
                )
        theirs = {
            (
                f"{NAMESPACE}dataset/{given['dataset']['name']}/{given['dataset']['digest']}",
                given["tags"]["mlflow.data.context"], given["dataset"]["source"], given["dataset"]["schema"],
            )
            for given in run.get("dataset_inputs", ())
        }  # fmt: skip
        assert ours == theirs


def test_artifacts_are_listed_with_size_and_the_digest_of_their_bytes(store):
    name, imported, expected = store
    listed = 0
    for identifier, run in expected["runs"].items():
        directory = STORES / name / re.search(r"mlruns/.*", run["artifact_uri"])[0]
        for path, size in run["artifacts"].items():
            if not (directory / path).exists():
                continue  # MLflow 3 lists the files of the run's logged models as if they were the run's.
            artifact = f"{NAMESPACE}artifact/{identifier}/{'/'.join(map(segment, path.split('/')))}"
            assert imported.one(artifact, "size") == str(size)
            digest = sha256((directory / path).read_bytes()).hexdigest()
            assert imported.one(artifact, "digest") == f"sha256:{digest}"
            listed += 1
    assert listed >= 3


def test_logged_models_are_what_mlflow_lists_and_were_generated_by_their_run(store):
    _, imported, expected = store
    for identifier, model in expected.get("logged_models", {}).items():
        facts = imported.facts(f"{NAMESPACE}logged-model/{identifier}")
        assert facts["http://www.w3.org/ns/prov#label"] == {model["name"]}
        assert facts["source_status"] == {model["status"].rpartition(".")[2]}
        assert facts.get("model_type", {None}) == {model["model_type"]}
        assert family(facts, "param") == {f"param.{local_name(k)}": {v} for k, v in model["params"].items()}
        assert family(facts, "tag") == {f"tag.{local_name(k)}": {v} for k, v in model["tags"].items()}
        metrics = {
            f"metric.{local_name(k + (f'@{dataset}' if dataset else ''))}": value
            for k, _, _, value, dataset, _, _ in model["metrics"]
        }
        ours = {k: bits(float(v.replace("INF", "inf"))) for k, (v,) in family(facts, "metric").items()}
        assert ours == metrics
        assert (f"logged-model/{identifier}", f"run/{model['source_run_id']}") in imported.edges("wasGeneratedBy")


def test_runs_are_linked_to_the_models_they_took_and_made(store):
    _, imported, expected = store
    for identifier, run in expected["runs"].items():
        for model in run.get("model_inputs", ()):
            assert (f"run/{identifier}", f"logged-model/{model}") in imported.edges("used")
        for model, _step in run.get("model_outputs", ()):
            assert (f"logged-model/{model}", f"run/{identifier}") in imported.edges("wasGeneratedBy")


def test_the_registry_is_what_mlflow_lists(store):
    _, imported, expected = store
    for name, model in expected.get("registered_models", {}).items():
        facts = imported.facts(f"{NAMESPACE}model/{segment(name)}")
        assert facts.get("description", {None}) == {model["description"] or None}
        assert facts["created"] == {time(model["creation_timestamp"])}
        assert family(facts, "tag") == {f"tag.{k}": {v} for k, v in model["tags"].items()}
        for number, version in model["versions"].items():
            iri = f"model/{segment(name)}/{number}"
            facts = imported.facts(NAMESPACE + iri)
            assert facts["source"] == {version["source"]}
            assert facts["stage"] == {version["stage"]}
            assert facts.get("description", {None}) == {version["description"] or None}
            assert family(facts, "tag") == {f"tag.{k}": {v} for k, v in version["tags"].items()}
            assert facts.get("alias", set()) == {a for a, v in model["aliases"].items() if str(v) == number}
            assert (iri, f"model/{segment(name)}") in imported.edges("specializationOf")
        for alias, number in model["aliases"].items():
            assert (f"alias/{segment(name)}/{alias}", f"model/{segment(name)}/{number}") in imported.edges("hadMember")


def test_every_registered_version_leads_upstream_to_its_run_and_the_runs_data(store):
    _, imported, expected = store
    for name, model in expected.get("registered_models", {}).items():
        for number, version in model["versions"].items():
            upstream = imported.upstream(f"model/{segment(name)}/{number}")
            assert f"run/{version['run_id']}" in upstream
            run = expected["runs"][version["run_id"]]
            for given in run.get("dataset_inputs", ()):
                assert f"dataset/{given['dataset']['name']}/{given['dataset']['digest']}" in upstream


def test_deletion_is_an_invalidation_of_the_record_and_the_rest_is_kept(store):
    _, imported, expected = store
    invalidated = {entity for entity, _ in imported.edges("wasInvalidatedBy")}
    deleted = {f"record/{r}" for r, run in expected["runs"].items() if run["lifecycle_stage"] == "deleted"}
    deleted |= {f"experiment/{e}" for e, one in expected["experiments"].items() if one["lifecycle_stage"] == "deleted"}
    deleted |= {"model/churn/4"} if expected.get("registered_models") else set()
    assert deleted <= invalidated
    # MLflow's client lists no deleted logged model, the store still has one.
    assert len(invalidated - deleted) == ("logged_models" in expected)
    assert all(one.startswith("logged-model/m-") for one in invalidated - deleted)


def test_a_child_run_is_part_of_its_parent(store):
    _, imported, expected = store
    parents = {
        (f"run/{r}", f"run/{run['tags']['mlflow.parentRunId']}")
        for r, run in expected["runs"].items()
        if "mlflow.parentRunId" in run["tags"]
    }
    assert len(parents) == 2
    assert imported.edges("wasInformedBy") == parents
    for child, parent in parents:
        assert imported.facts(NAMESPACE + child)["partOf"] == {NAMESPACE + parent}
    types = {s.argument("http://www.w3.org/ns/prov#type") for s in imported.statements("wasInformedBy")}
    assert types == {"urn:provstore:terms#partOf"}


def test_the_commit_is_used_and_is_the_plan_of_the_users_association(store):
    _, imported, expected = store
    commit = "code/5d5be1a9c2b74f0e8a3f6d9b1c2e4f7a8b9c0d1e"
    with_commit = {f"run/{r}" for r, run in expected["runs"].items() if "mlflow.source.git.commit" in run["tags"]}
    assert {run for run, used in imported.edges("used") if used == commit} == with_commit
    plans = {
        s.argument("http://www.w3.org/ns/prov#activity").removeprefix(NAMESPACE)
        for s in imported.statements("wasAssociatedWith")
        if s.argument("http://www.w3.org/ns/prov#plan") == NAMESPACE + commit
        and s.argument("http://www.w3.org/ns/prov#agent") == f"{NAMESPACE}user/ada"
    }
    assert plans == with_commit


def test_secrets_are_redacted_and_counted(store):
    _, imported, _ = store
    everything = " ".join(a.lexical for stated in imported.statements() for a in stated.attributes)
    for secret in ("not-for-everyone", "hunter2", "abc123"):
        assert secret not in everything
    assert imported.findings.redacted == 2
    assert "grün 🌳\nsecond line" in everything


def test_nothing_is_refused(store):
    _, imported, _ = store
    assert imported.findings.refused == []
    assert imported.findings.warnings == []


def test_no_element_is_both_an_entity_and_an_activity(store):
    _, imported, _ = store
    kinds = {}
    for stated in imported.statements():
        if stated.identifier:
            assert kinds.setdefault(stated.identifier, stated.kind) == stated.kind


def test_missing_source_files_are_counted_not_invented(store):
    name, imported, _ = store
    counted = imported.findings.unmapped.get("source file of a data set that is not there")
    if name.startswith("1."):
        assert counted is None
    else:
        assert (counted.count, counted.example) == (1, "raw/not-there.csv")
