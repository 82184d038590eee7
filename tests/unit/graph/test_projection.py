"""Rules 10, 17, 19 and 20: nodes and edges of documents small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provstore.graph.checking import check
from provstore.graph.contract import Filter
from provstore.graph.projector import catch_up
from provstore.ledger.contract import Retraction
from provstore.model.series import encode
from provstore.model.statement import Value
from provstore.model.terms import DOUBLE, PS
from tests.support.graphs import BYTES, Store
from tests.support.ledgers import (
    activity,
    associated,
    attributed,
    derived,
    document,
    entity,
    generated,
    informed,
    iri,
    name,
    relation,
    used,
)


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    made = Store(f"{tmp_path}/store.db")
    yield made
    assert check(made.ledger, made.engine)[0] == []
    made.engine.close()
    made.ledger.close()


def test_a_node_has_the_kinds_that_are_asserted_and_those_that_follow_from_typing(store: Store) -> None:
    store.add(document("u", entity("x"), attributed("e", "x"), relation("wasInfluencedBy", "y", "z")))
    assert store.node("x").kinds == ("entity", "agent")
    assert store.node("e").kinds == ("entity",)
    assert not store.node("e").declared
    assert store.node("y").kinds == ()
    assert store.node("y").kind == "unknown"


def test_a_node_has_its_times_in_utc_its_first_label_and_its_types(store: Store) -> None:
    said = activity("a", start="2026-01-01T12:00:00+02:00", end="soon", label=["b", "a"], type=name("ps:Run"))
    store.add(document("u", said))
    node = store.node("a")
    assert (node.start, node.end, node.label) == ("2026-01-01T10:00:00.000000Z", None, "a")
    assert node.types == (PS + "Run",)
    assert node.conflicts == ("http://www.w3.org/ns/prov#label",)


def test_digests_are_lower_case_on_the_node(store: Store) -> None:
    store.add(document("u", entity("e", digest="SHA256:" + "AB" * 32)))
    assert store.node("e").digests == (BYTES,)


def test_third_arguments_that_lineage_needs_are_edges_of_their_own(store: Store) -> None:
    store.add(
        document(
            "u",
            associated("a", None, "plan"),
            derived("m", None, "a"),
            relation("wasStartedBy", "a", None, "starter"),
            relation("wasEndedBy", "a", "trigger", "ender"),
        )
    )
    assert store.edges("a") == {
        ("hadPlan", "a", "plan"),
        ("hadStarter", "a", "starter"),
        ("wasEndedBy", "a", "trigger"),
        ("hadEnder", "a", "ender"),
    }
    assert store.edges("m") == {("hadActivity", "m", "a")}


def test_an_edge_carries_what_its_statement_says(store: Store) -> None:
    store.add(document("u", used("a", "e", "2026-01-01T00:00:00Z", id="r", role=["x", "y"], context="c")))
    (edge,) = store.engine.expand([iri("a")], None, "out")
    assert (edge.identifier, edge.roles, edge.time) == (iri("r"), ("x", "y"), "2026-01-01T00:00:00.000000Z")
    assert dict(edge.attributes) == {PS + "context": (Value("http://www.w3.org/2001/XMLSchema#string", "c"),)}


def test_a_part_of_communication_is_the_edge_part_of(store: Store) -> None:
    store.add(document("u", informed("child", "parent", type=name("ps:partOf")), used("parent", "d")))
    assert store.edges("child") == {("partOf", "child", "parent")}
    assert store.reached("child") == {"child": 0}
    assert store.reached("child", "out", "parents") == {"child": 0, "parent": 1, "d": 2}


def test_the_same_statement_in_two_documents_is_one_edge_until_both_are_gone(store: Store) -> None:
    first = store.add(document("u1", used("a", "e")))
    second = store.add(document("u2", used("a", "e")))
    assert len(store.engine.expand([iri("a")], None, "out")) == 1
    store.ledger.append([Retraction(first, "test")])
    catch_up(store.ledger, store.engine)
    assert store.edges("a") == {("used", "a", "e")}
    store.ledger.append([Retraction(second, "test")])
    catch_up(store.ledger, store.engine)
    assert store.engine.nodes(Filter()).nodes == []


def test_two_units_that_disagree_are_a_conflict(store: Store) -> None:
    store.add(document("u1", entity("d", label="one")))
    store.add(document("u2", entity("d", label="two")))
    assert store.node("d").conflicts == ("http://www.w3.org/ns/prov#label",)
    assert store.node("d").label == "one"


def test_the_last_point_of_a_series_is_the_runs_metric_until_the_run_says_so(store: Store) -> None:
    from hashlib import sha256

    chunk = encode([1, 2], [10, 20], [0.5, 0.25])
    digest = "sha256:" + sha256(chunk).hexdigest()
    series = entity("s", type=name("ps:MetricSeries"), metric_name="loss", context="train", chunk=digest)
    store.add(document("run", activity("a"), series, generated("s", "a"), mode="event", blobs=[chunk]))
    key = PS + "metric.loss@train"
    assert store.node("a").attributes[key] == (Value(DOUBLE, "0.25"),)
    more = encode([3], [30], [float("nan")])
    second = "sha256:" + sha256(more).hexdigest()
    again = entity("s", type=name("ps:MetricSeries"), metric_name="loss", context="train", chunk=second)
    store.add(document("run", again, generated("s", "a"), mode="event", event_time=1, blobs=[more]))
    assert store.node("a").attributes[key] == (Value(DOUBLE, "NaN"),)
    store.add(document("run", activity("a", {"ps:metric.loss@train": 0.125}), mode="event", event_time=2))
    assert store.node("a").attributes[key] == (Value(DOUBLE, "0.125"),)


def test_a_metric_that_is_asserted_and_follows_from_its_series_is_one_attribute_whatever_its_name(store: Store) -> None:
    # Rule 30: PROV-N forbids blanks, `:` and `%` in local names, so importers assert `ps:metric.val%20loss%3A5%25`.
    from hashlib import sha256

    chunk = encode([1], [10], [0.5])
    series = entity(
        "s", type=name("ps:MetricSeries"), metric_name="val loss:5%", chunk=f"sha256:{sha256(chunk).hexdigest()}"
    )
    store.add(document("run", activity("a"), series, generated("s", "a"), mode="event", blobs=[chunk]))
    key = PS + "metric.val%20loss%3A5%25"
    assert store.node("a").attributes == {key: (Value(DOUBLE, "0.5"),)}
    store.add(document("run", activity("a", {"ps:metric.val%20loss%3A5%25": 0.125}), mode="event", event_time=2))
    assert store.node("a").attributes == {key: (Value(DOUBLE, "0.125"),)}
