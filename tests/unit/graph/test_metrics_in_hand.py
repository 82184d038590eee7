"""Rule 17 in the graph: metrics that are worked out from what was just written are those that the ledger gives."""

from __future__ import annotations

import json
from hashlib import sha256
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import provstore
from provstore.graph.contract import Filter
from provstore.graph.reading import Reading
from provstore.ledger.contract import Retraction
from provstore.ledger.mentions import Mentions
from provstore.model.series import encode
from provstore.model.terms import PS
from provstore.server.events import reading
from provstore.server.intake import Origin
from tests.support.ledgers import activity, document, entity, generated, iri, name

RUN = "urn:provstore:event:run/{}"
names = st.sampled_from(["loss", "accuracy"])
moments = st.integers(0, 3).map("2026-11-21T10:00:0{}Z".format)
points = st.fixed_dictionaries(
    {"metric": names, "value": st.sampled_from([0.5, 1.0, "NaN"]), "step": st.integers(0, 2), "time": moments},
    optional={"context": st.just("train")},
)
logged = st.fixed_dictionaries({"points": st.lists(points, min_size=1, max_size=2)})
stated = st.fixed_dictionaries(
    {"metrics": st.dictionaries(names, st.sampled_from([0.25, 1.0]), max_size=2)},
    optional={"status": st.sampled_from(["running", "finished"]), "parameters": st.just({"rate": 0.1})},
)
runs = st.fixed_dictionaries({"type": st.just("run"), "id": st.sampled_from("aaab"), "time": moments})
events = st.tuples(runs, logged | stated).map(lambda pair: pair[0] | pair[1])
spaces = st.sampled_from(["default", "default", "other"])
# Documents of one append each, or the number of a live document that is taken back.
appended = st.lists(st.tuples(spaces, events), min_size=1, max_size=3)
steps = st.lists(st.one_of(appended, appended, appended, st.integers(0, 5)), min_size=2, max_size=5)


def documents(events):
    return [
        document
        for space, event in events
        for document in reading.batch(json.dumps({"events": [event]}).encode(), Origin(space=space, actor="a"))[0]
    ]


@settings(max_examples=40, deadline=None)
@given(steps)
def test_the_graph_has_the_metrics_that_all_documents_together_give(done):
    with TemporaryDirectory() as folder, provstore.open(f"{folder}/s.db") as store:
        for step in done:
            if isinstance(step, list):
                store.append(documents(step))
            elif live := store.ledger.live():
                store.append([Retraction(live[step % len(live)].document, "wrong")])
        iris = [RUN.format(run) for run in "ab"]
        held = {node.iri: node for node in store.engine.nodes(Filter(iris=iris)).nodes}
        said = {node.iri: node for node in Reading(store.ledger).nodes(iris)}
        assert {iri: (node._asdict(), dict(node.attributes)) for iri, node in held.items()} == {
            iri: (node._asdict(), dict(node.attributes)) for iri, node in said.items()
        }
        assert store.check()["ok"]


def point(value, step, metric="loss"):
    return {"points": [{"metric": metric, "value": value, "step": step, "time": "2026-11-21T10:00:00Z"}]}


def told(*parts):
    """The documents of one run, which is told of in parts, each with its space."""
    event = {"type": "run", "id": "a", "time": "2026-11-21T10:00:00Z"}
    return documents([(space, event | part) for space, part in parts])


def losses(store):
    node = store.engine.nodes(Filter(iris=[RUN.format("a")])).nodes[0]
    return [value.lexical for value in node.attributes[PS + "metric.loss"]], PS + "metric.loss" in node.conflicts


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("parts", "values", "in_conflict"),
    [
        ([("default", point(0.5, 1)), ("default", point(0.25, 2))], ["0.25"], False),
        ([("default", point(0.5, 2)), ("default", point(0.25, 1))], ["0.5"], False),
        # What the unit itself asserts stands; another unit's series says something else beside it (rules 10 and 17).
        ([("default", {"metrics": {"loss": 0.25}}), ("default", point(0.5, 1))], ["0.25"], False),
        ([("default", point(0.5, 1)), ("default", {"metrics": {"loss": 0.25}})], ["0.25"], False),
        ([("other", {"metrics": {"loss": 0.25}}), ("default", point(0.5, 1))], ["0.25", "0.5"], True),
        ([("other", point(0.25, 1)), ("default", point(0.5, 1))], ["0.25", "0.5"], True),
        ([("other", point(0.5, 2)), ("default", point(0.5, 1))], ["0.5"], False),
    ],
)
def test_the_last_point_of_each_unit_is_its_metric_unless_it_says_so_itself(
    parts, values, in_conflict, together, tmp_path
):
    with provstore.open(tmp_path / "s.db") as store:
        for one in [parts] if together else [[part] for part in parts]:
            store.append(told(*one))
        assert losses(store) == (values, in_conflict)
        assert store.check()["ok"]


def test_what_was_said_of_a_series_before_it_was_called_one_counts(tmp_path):
    with provstore.open(tmp_path / "s.db") as store:
        chunks = [encode([step], [0], [value]) for step, value in ((5, 0.5), (1, 0.25))]
        digests = [f"sha256:{sha256(chunk).hexdigest()}" for chunk in chunks]
        first = entity("s", metric_name="loss", chunk=digests[0])
        again = entity("s", type=name("ps:MetricSeries"), chunk=digests[1])
        relations = (activity("a"), generated("s", "a"))
        for number, said in enumerate(([first], [again, *relations])):
            made = document("run", *said, mode="event", event_time=number, blobs=[chunks[number]])
            store.append([made])
        node = store.engine.nodes(Filter(iris=[iri("a")])).nodes[0]
        assert [value.lexical for value in node.attributes[PS + "metric.loss"]] == ["0.5"]
        assert store.check()["ok"]


def test_a_run_that_logs_new_metrics_is_written_without_reading_what_it_logged_before(tmp_path, monkeypatch):
    def read(*asked):
        raise AssertionError(f"the ledger was read: {asked}")

    with provstore.open(tmp_path / "s.db") as store:
        with monkeypatch.context() as without_ledger:
            without_ledger.setattr(Mentions, "about", read)
            store.append(told(("default", point(0.5, 1))))
            store.append(told(("default", point(0.75, 1, "accuracy"))))
        assert losses(store) == (["0.5"], False)
        assert store.check()["ok"]
