"""One script recorded to the service, and to a real `mlflow server` whose store is imported: both answer alike."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

import provstore
from provstore.importers.mlflow.names import Names
from tests.support.mlflow_client import run_script
from tests.support.real_mlflow import PYTHON, mlflow_server
from tests.support.service import serving

NAMES = Names("")
CHAMPION = NAMES.alias("", "churn", "champion")
# What differs between any two recordings: ids, times, and files that tell them.
_ID = re.compile(r"m-[0-9a-f]{32}|[0-9a-f]{32}|\b\d{18}\b|/\d+/")
_OWN = re.compile(
    r"start|end|created|updated|source_id|experiment|artifact_location|partOf|size|digest|chunk|path$|source$|tag\.mlflow|"
    r"iri|sequence|context"
)

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(PYTHON is None, reason="MLflow is installed neither here nor at PROVSTORE_TEST_MLFLOW_PYTHON"),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """What the script printed and the store, of the service and of MLflow's server."""
    ours, theirs = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("theirs")
    with serving(ours / "s.db", mlflow_artifacts=str(ours / "kept")) as served:
        sent = json.loads(run_script(f"{served.url}/mlflow", ours, token=served.told[1].split()[-1]))
    with mlflow_server(theirs) as address:
        original = json.loads(run_script(address, theirs))
    with provstore.open(ours / "s.db") as first, provstore.open(theirs / "s.db") as second:
        assert second.import_records(theirs).refused == []
        yield (sent, first), (original, second)


def test_the_script_prints_the_same(both):
    (sent, _), (original, _) = both
    assert sent == original


@pytest.mark.parametrize("start", [CHAMPION, NAMES.version("", "churn", "1"), NAMES.version("", "churn", "2")])
def test_what_a_model_was_made_from_is_the_same(both, start):
    (_, ours), (_, theirs) = both
    assert answer(ours, start) == answer(theirs, start)


def test_the_runs_have_the_same_parameters_metrics_and_tags(both):
    (_, ours), (_, theirs) = both
    found, expected = ({run.label: told(run) for run in store.find("type = ps:Run").nodes} for store in (ours, theirs))
    assert found == expected


def answer(store, start):
    """Nodes and edges of an upstream answer by kind, types, label, with the ids of this recording set aside."""
    graph = store.upstream(start, agents=True, parents=True).as_json()
    named = {
        node["iri"]: (node["kind"], tuple(node["types"]), plain(node["label"] or node["iri"]))
        for node in graph["nodes"]
    }
    edges = Counter((named[edge["source"]], edge["relation"], named[edge["target"]]) for edge in graph["edges"])
    return Counter(named.values()), edges


def told(node):
    return {name: value for name, value in node.attributes.items() if not _OWN.search(name)}


def plain(text):
    return _ID.sub("#", text)
