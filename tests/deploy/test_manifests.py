"""deploy/compose and deploy/kubernetes: valid by their schemas, pinned, limited, unprivileged, set as deploy/local."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import jsonschema
import pytest
import yaml

import provstore

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DATA = ROOT / "tests" / "data" / "deploy"
COMPOSE = sorted((DEPLOY / "compose").rglob("*.yaml"))
MANIFESTS = sorted((DEPLOY / "kubernetes").rglob("*.yaml"))
KUBERNETES = json.loads((DATA / "kubernetes-1.36.json").read_text())
READMES = [
    DEPLOY / "compose" / "README.md", DEPLOY / "kubernetes" / "README.md", DEPLOY / "compose" / "service" / "README.md"
]  # fmt: skip
SECRET = re.compile(r"(?i)auth|password|secret|token")


def ids(path):
    return str(path.relative_to(DEPLOY))


def objects(path):
    return [one for one in yaml.safe_load_all(path.read_text(encoding="utf-8")) if one]


EVERY = [(path, one) for path in MANIFESTS for one in objects(path)]


def pods():
    """(file, kind, pod spec) of everything that runs."""
    for path, one in EVERY:
        spec = one["spec"] if one["kind"] == "Pod" else one.get("spec", {}).get("template", {}).get("spec")
        if spec:
            yield pytest.param(one["kind"], spec, id=f"{ids(path)} {one['kind']} {one['metadata']['name']}")


def services():
    for path in COMPOSE:
        for name, service in objects(path)[0]["services"].items():
            yield pytest.param(service, id=f"{ids(path)} {name}")


def conforms(one):
    schema = KUBERNETES["kinds"][one["kind"]] | {"$defs": KUBERNETES["$defs"]}
    jsonschema.validate(one, schema)


def test_each_graph_server_has_both():
    graphs = {path.parent.name for path in MANIFESTS}
    assert graphs == {"neo4j", "janusgraph"}
    assert {path.parent.name for path in COMPOSE} == graphs | {"service"}


@pytest.mark.parametrize("path", COMPOSE, ids=ids)
def test_a_compose_file_is_valid_by_the_specification(path):
    jsonschema.validate(objects(path)[0], json.loads((DATA / "compose-spec.json").read_text()))


@pytest.mark.parametrize(
    ("path", "one"), EVERY, ids=[f"{ids(p)} {o['kind']} {o['metadata']['name']}" for p, o in EVERY]
)
def test_a_manifest_is_valid_by_kubernetes_own_schema(path, one):
    conforms(one)
    assert one["metadata"]["namespace"] == "provstore"


@pytest.mark.parametrize("wrong", [{"replica": 1}, {"replicas": "one"}, {"template": 5}])
def test_the_schema_refuses_what_kubernetes_would_refuse(wrong):
    (one,) = [one for _, one in EVERY if one["kind"] == "StatefulSet" and one["metadata"]["name"] == "neo4j"]
    with pytest.raises(jsonschema.ValidationError):
        conforms(one | {"spec": {**one["spec"], **wrong}})


def test_the_compose_schema_refuses_an_unknown_key():
    broken = objects(COMPOSE[0])[0]
    next(iter(broken["services"].values()))["imagee"] = "x"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, json.loads((DATA / "compose-spec.json").read_text()))


def images():
    found = {service["image"] for path in COMPOSE for service in objects(path)[0]["services"].values()}
    return found | {one["image"] for entry in pods() for one in entry.values[1]["containers"]}


def versions_of(pom):
    tree = ElementTree.parse(DEPLOY / "local" / "poms" / f"{pom}.xml")
    return {one.text for one in tree.iter() if one.tag.endswith(("}version", ".version"))}


def test_images_are_pinned_one_version_each_which_is_the_one_that_the_tests_run():
    found = dict(image.rsplit(":", 1) for image in images())
    assert len(found) == len(images())
    assert all(re.fullmatch(r"\d+\.\d+(\.\d+)?", version) for version in found.values())
    assert found["provstore"] == provstore.__version__
    assert f"{found['postgres']}.0" in versions_of("postgres")
    assert {found["neo4j"], found["neo4j/neo4j-admin"]} <= versions_of("neo4j")
    assert found["janusgraph/janusgraph"] in versions_of("janusgraph")
    assert {found["cassandra"].rsplit(".", 1)[0]} <= {version.rsplit(".", 1)[0] for version in versions_of("cassandra")}


@pytest.mark.parametrize("service", list(services()))
def test_a_service_is_limited_unprivileged_and_heard_on_this_machine_only(service):
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}
    assert "no-new-privileges:true" in service["security_opt"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert "profiles" in service or {"healthcheck", "stop_grace_period", "restart"} <= service.keys()


@pytest.mark.parametrize(("kind", "spec"), list(pods()))
def test_a_pod_is_limited_unprivileged_and_watched(kind, spec):
    assert spec["securityContext"]["runAsNonRoot"]
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    # The variables that Kubernetes adds for services would be read as settings.
    assert spec["enableServiceLinks"] is False
    for one in spec["containers"]:
        assert one["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
        assert one["resources"]["requests"].keys() == {"cpu", "memory"}
        assert one["resources"]["limits"]["memory"] == one["resources"]["requests"]["memory"]
        if kind == "StatefulSet":
            assert {"startupProbe", "readinessProbe", "livenessProbe"} <= one.keys()


def test_secrets_are_given_by_reference_only():
    for entry in pods():
        for one in entry.values[1]["containers"]:
            for variable in one.get("env", ()):
                assert not SECRET.search(variable["name"]) or "secretKeyRef" in variable["valueFrom"]
    for entry in services():
        for name, value in entry.values[0].get("environment", {}).items():
            assert not SECRET.search(name) or (name.endswith("_FILE") and value.startswith("/run/secrets/"))


def test_what_a_manifest_names_is_made_by_one_or_told_in_the_readme():
    made = {(one["kind"], one["metadata"]["name"]) for _, one in EVERY}
    for _, one in EVERY:
        if one["kind"] == "StatefulSet":
            for claim in one["spec"].get("volumeClaimTemplates", ()):
                made.add(("PersistentVolumeClaim", f"{claim['metadata']['name']}-{one['metadata']['name']}-0"))
            assert ("Service", one["spec"]["serviceName"]) in made
    told = READMES[1].read_text()
    for entry in pods():
        text = json.dumps(entry.values[1])
        for secret in re.findall(r'"secretKeyRef": {"name": "([^"]+)"', text):
            assert f"secret generic {secret}" in told
        for claim in re.findall(r'"claimName": "([^"]+)"', text):
            assert ("PersistentVolumeClaim", claim) in made
        for name in re.findall(r'"configMap": {"name": "([^"]+)"', text):
            assert ("ConfigMap", name) in made


def test_a_service_and_a_policy_select_pods_that_are_there():
    labels = [
        one["spec"]["template"]["metadata"]["labels"] for _, one in EVERY if one["kind"] in ("StatefulSet", "Job")
    ]
    selecting = {
        "Service": lambda spec: spec["selector"],
        "NetworkPolicy": lambda spec: spec["podSelector"]["matchLabels"],
    }
    for _, one in EVERY:
        if one["kind"] in selecting:
            selector = selecting[one["kind"]](one["spec"])
            assert any(selector.items() <= found.items() for found in labels), one["metadata"]["name"]


def janusgraph_settings():
    """The settings of JanusGraph in each deployment."""
    yield objects(DEPLOY / "compose" / "janusgraph" / "compose.yaml")[0]["services"]["janusgraph"]["environment"]
    for entry in pods():
        for one in entry.values[1]["containers"]:
            if one["name"] == "janusgraph":
                yield {variable["name"]: variable["value"] for variable in one["env"]}


def test_janusgraph_is_set_as_the_tests_run_it():
    conf = DEPLOY / "local" / "conf" / "janusgraph"
    server = yaml.safe_load((conf / "server.yaml").read_text().replace("${port}", "1"))
    properties = dict(
        line.split("=", 1) for line in (conf / "graph.properties").read_text().splitlines() if "=" in line
    )
    found = list(janusgraph_settings())
    assert len(found) == 2
    for settings in found:
        for key in ("maxContentLength", "evaluationTimeout", "idleConnectionTimeout", "keepAliveInterval"):
            assert settings[f"gremlinserver.{key}"] == str(server[key])
        for key in ("schema.default", "query.batch.enabled"):
            assert settings[f"janusgraph.{key}"] == properties[key]
        assert settings["janusgraph.storage.cql.write-consistency-level"] == "QUORUM"
        assert settings["janusgraph.cache.db-cache"] == "false"


def test_the_tables_are_those_that_janusgraph_makes():
    text = (DEPLOY / "kubernetes" / "janusgraph" / "schema.yaml").read_text()
    assert set(re.findall(r"NOT EXISTS provstore\.(\w+) ", text)) == {
        "edgestore", "edgestore_lock_", "graphindex", "graphindex_lock_", "janusgraph_ids", "system_properties",
        "system_properties_lock_", "systemlog", "txlog",
    }  # fmt: skip


@pytest.mark.parametrize("readme", READMES, ids=ids)
def test_a_readme_tells_all_a_keeper_asks_and_names_files_that_are_there(readme):
    text = readme.read_text()
    assert {"Start", "Memory", "Back up", "Restore", "Upgrade"} <= set(re.findall(r"^#+ ([A-Z][\w ]+)$", text, re.M))
    for name in re.findall(r"-f ([\w./-]+)", text):
        assert (readme.parent / name).exists(), name
    for path in readme.parent.rglob("*.yaml"):
        assert path.name in text
