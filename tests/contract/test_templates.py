"""The templates of `queries/` that `ask` runs give what the questions give."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import provstore
from provstore.errors import NotFound, UsageError

DEMO = Path(provstore.__file__).parent / "demo"
MODEL = "urn:provstore:mlflow:model/churn/3"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with provstore.open(tmp_path_factory.mktemp("templates") / "store.db") as store:
        store.import_records(DEMO / "mlflow.db")
        store.import_records(DEMO / "openlineage.ndjson")
        yield store


@pytest.fixture(scope="module")
def everything(store):
    return store.find(limit=None).nodes


def test_the_templates_are_listed_with_their_parameters(store):
    listed = {row[0]: row[1] for row in store.templates().rows}
    assert {"upstream", "downstream", "impact", "counts", "conflicts"} <= set(listed)
    assert "start" in str(listed["upstream"])


@pytest.mark.parametrize("question", ["upstream", "downstream"])
@pytest.mark.parametrize("agents", [0, 1])
def test_a_lineage_template_reaches_what_the_question_reaches(store, everything, question, agents):
    for node in everything:
        if node.kind == "agent":
            continue
        expected = getattr(store, question)(node.iri, agents=bool(agents)).iris()
        rows = store.ask(question, {"start": node.iri, "agents": str(agents)}).rows
        assert {row[0] for row in rows} == expected


def test_impact_counts_what_downstream_finds(store, everything):
    for start in (node for node in everything if node.kind != "agent"):
        found = [one.node for one in store.downstream(start.iri).nodes if one.node.iri != start.iri]
        expected = Counter((node.kind, kind) for node in found for kind in node.types or (None,))
        rows = store.ask("impact", {"start": start.iri}).rows
        assert {(kind, type_): count for kind, type_, count in rows} == expected


def test_counts_are_those_of_the_graph(store, everything):
    rows = {(what, name): count for what, name, count in store.ask("counts").rows}
    kinds = Counter(kind for node in everything for kind in node.kinds)
    assert {name: count for (what, name), count in rows.items() if what == "node"} == kinds
    relations = Counter(edge.relation for edge in store.reader().expand([n.iri for n in everything], None, "out"))
    assert {name: count for (what, name), count in rows.items() if what == "edge"} == relations


def test_an_unknown_template_or_a_wrong_parameter_is_refused(store):
    with pytest.raises(NotFound):
        store.ask("frobnicate")
    with pytest.raises(UsageError):
        store.ask("upstream", {"start": MODEL, "agents": "7"})
    with pytest.raises(UsageError):
        store.ask("upstream", {})
