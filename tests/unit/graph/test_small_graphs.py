"""The view of rules 17 to 23 on graphs small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provstore.errors import Conflict, UsageError
from provstore.graph.checking import check
from provstore.graph.contract import Applied, Edge, Filter, Node, Page, States, Walk
from provstore.graph.projector import catch_up, rebuild, repair, status
from provstore.graph.replay import Replay
from provstore.graph.sqlite import SqliteEngine
from provstore.graph.stitching import BOILERPLATE, stitching_digest
from provstore.ledger.contract import Retraction
from provstore.ledger.sqlite import SqliteLedger
from provstore.model.document import Document
from provstore.model.series import encode
from provstore.model.statement import Value
from provstore.model.terms import DOUBLE, PS
from tests.support.ledgers import (
    activity,
    agent,
    associated,
    attributed,
    derived,
    document,
    entity,
    generated,
    informed,
    iri,
    member,
    name,
    relation,
    specialized,
    used,
)

BYTES = "sha256:" + "ab" * 32
CONTENT = f"urn:provstore:content:default:{BYTES}"


class Store:
    """A ledger and a graph beside it, brought up to date by every call."""

    def __init__(self, path: str):
        from pathlib import Path

        self.ledger = SqliteLedger(Path(path))
        self.engine = SqliteEngine(path)
        self.engine.migrate()

    def add(self, *documents: Document) -> str:
        receipts = self.ledger.append(documents)
        catch_up(self.ledger, self.engine)
        return receipts[-1].document

    def node(self, identifier: str) -> Node:
        (node,) = self.engine.nodes(Filter(iris=[iri(identifier)])).nodes
        return node

    def edges(self, source: str, direction: str = "out") -> set[tuple[str, str, str]]:
        found = self.engine.expand([iri(source)], None, direction)  # type: ignore[arg-type]
        return {(e.relation, e.source.removeprefix(iri("")), e.target.removeprefix(iri(""))) for e in found}

    def reached(self, start: str, direction: str = "out", *options: str, **given: int) -> dict[str, int]:
        walk = Walk((iri(start),), direction, options=frozenset(options), **given)  # type: ignore[arg-type]
        return {i.removeprefix(iri("")): depth for i, depth in self.engine.closure(walk).depths.items()}


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


def test_a_run_that_is_read_again_has_its_new_values(store: Store) -> None:
    store.add(document("run", activity("a", status="running"), used("a", "d"), event_time=1))
    store.add(document("other", entity("d", label="data")))
    store.add(document("run", activity("a", status="finished"), used("a", "d"), used("a", "e"), event_time=2))
    assert [value.lexical for value in store.node("a").attributes[PS + "status"]] == ["finished"]
    assert store.edges("a") == {("used", "a", "d"), ("used", "a", "e")}
    assert Replay(store.ledger, as_of=1).nodes(Filter(iris=[iri("a")])).nodes[0].conflicts == ()
    (before,) = Replay(store.ledger, as_of=1).nodes(Filter(iris=[iri("a")])).nodes
    assert [value.lexical for value in before.attributes[PS + "status"]] == ["running"]


def test_two_units_that_disagree_are_a_conflict(store: Store) -> None:
    store.add(document("u1", entity("d", label="one")))
    store.add(document("u2", entity("d", label="two")))
    assert store.node("d").conflicts == ("http://www.w3.org/ns/prov#label",)
    assert store.node("d").label == "one"


def test_lineage_walks_through_bytes_that_two_trackers_recorded(store: Store) -> None:
    store.add(document("dvc", generated("raw", "fetch"), used("fetch", "url"), entity("raw", digest=BYTES)))
    store.add(document("mlflow", used("run", "input"), entity("input", digest=BYTES), generated("model", "run")))
    assert store.reached("model") == {
        "model": 0, "run": 1, "input": 2, CONTENT: 3, "raw": 4, "fetch": 5, "url": 6,
    }  # fmt: skip
    assert store.edges("input") == {("alternateOf", "input", CONTENT), ("sameBytes", "input", CONTENT)}
    # `raw` is no dead end: it was made by an activity that used something.
    assert store.edges("raw") == {("alternateOf", "raw", CONTENT), ("wasGeneratedBy", "raw", "fetch")}


def test_a_copy_is_not_where_the_bytes_come_from(store: Store) -> None:
    store.add(
        document("u", entity("original", digest=BYTES), entity("copy", digest=BYTES)),
        document("v", used("cp", "original"), generated("copy", "cp")),
    )
    assert store.edges(CONTENT) == {("bytesOf", CONTENT, "original")}


def test_what_becomes_no_dead_end_loses_its_stitch(store: Store) -> None:
    store.add(document("u", entity("e", digest=BYTES)), document("w", generated("e", "a")))
    assert ("sameBytes", "e", CONTENT) in store.edges("e")
    store.add(document("v", used("a", "x")))
    assert ("sameBytes", "e", CONTENT) not in store.edges("e")


def test_spaces_are_stitched_apart(store: Store) -> None:
    store.add(document("u", entity("e", digest=BYTES), space="one"), document("u", entity("f", digest=BYTES), space="two"))
    assert store.reached("e") == {"e": 0, f"urn:provstore:content:one:{BYTES}": 1}


def test_bytes_of_more_than_a_hundred_entities_are_boilerplate(store: Store) -> None:
    store.add(*(document(f"u{n}", entity(f"e{n:03}", digest=BYTES)) for n in range(100)))
    assert len(store.edges(CONTENT)) == 100
    last = store.add(document("u100", entity("e100", digest=BYTES)))
    assert store.edges(CONTENT) == set()
    assert store.node(CONTENT).types == (BOILERPLATE,)
    assert ("alternateOf", "e100", CONTENT) in store.edges("e100")
    store.ledger.append([Retraction(last, "test")])
    catch_up(store.ledger, store.engine)
    assert len(store.edges(CONTENT)) == 100


@pytest.mark.parametrize(
    "digest",
    ["sha256:abc", "sha256:" + "AB" * 32, "md5:" + "zz" * 16, "crc32:12345678", "plain"]
    + ["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "md5:d41d8cd98f00b204e9800998ecf8427e"],
)
def test_only_whole_digests_of_some_bytes_stitch(digest: str) -> None:
    assert stitching_digest(digest) is None


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


def test_general_things_are_reached_but_not_walked_from(store: Store) -> None:
    store.add(document("u", specialized("v2", "thing"), specialized("thing", "idea"), used("a", "v2"), used("b", "thing")))
    store.add(document("w", generated("thing", "maker")))
    assert store.reached("a") == {"a": 0, "v2": 1, "thing": 2, "idea": 3}
    assert store.reached("idea", "in") == {"idea": 0, "thing": 1, "b": 2, "v2": 2, "a": 3}


def test_downstream_of_an_agent_is_what_it_did_and_others_did_for_it(store: Store) -> None:
    store.add(
        document("u", associated("a", "alice"), relation("actedOnBehalfOf", "alice", "acme"), generated("m", "a"), agent("acme"))
    )
    walk = Walk((iri("acme"),), "in")
    reached = store.engine.closure(walk)
    assert {i.removeprefix(iri("")): d for i, d in reached.depths.items()} == {"acme": 0, "a": 2, "m": 3}
    assert dict(reached.via) == {iri("alice"): 1}
    assert store.reached("m") == {"m": 0, "a": 1}
    assert store.reached("m", "out", "agents") == {"m": 0, "a": 1, "alice": 2, "acme": 3}


def test_influence_leads_on_unless_its_source_is_only_an_agent(store: Store) -> None:
    store.add(document("u", relation("wasInfluencedBy", "e", "alice"), agent("alice"), relation("wasInfluencedBy", "e", "x")))
    assert store.reached("e") == {"e": 0, "x": 1}
    assert store.reached("e", "out", "agents") == {"e": 0, "alice": 1, "x": 1}
    store.add(document("v", used("a", "alice")))
    assert store.reached("e") == {"e": 0, "alice": 1, "x": 1}


def test_depth_n_means_n_and_a_cut_is_told(store: Store) -> None:
    store.add(document("u", used("a", "d"), generated("m", "a"), used("b", "m")))
    reached = store.engine.closure(Walk((iri("b"),), "out", 2))
    assert list(reached.depths.values()) == [0, 1, 2]
    assert (reached.cut, reached.remaining) == ("depth", 1)
    whole = store.engine.closure(Walk((iri("b"),), "out", 3))
    assert (whole.cut, whole.remaining) == (None, 0)


def test_max_nodes_keeps_the_nearest_nodes_by_iri_and_counts_the_others(store: Store) -> None:
    store.add(document("u", *(used("a", f"d{n}") for n in range(5))))
    for reader in (store.engine, Replay(store.ledger)):
        reached = reader.closure(Walk((iri("a"),), "out", max_nodes=3))
        assert list(reached.depths) == [iri("a"), iri("d0"), iri("d1")]
        assert {edge.target for edge in reached.edges} == {iri("d0"), iri("d1")}
        assert (reached.cut, reached.remaining) == ("nodes", 3)


def test_what_may_not_be_seen_is_marked_on_the_node_that_it_leaves(store: Store) -> None:
    store.add(document("u", used("a", "d"), generated("m", "a")), document("v", used("a", "secret"), space="theirs"))
    reached = Replay(store.ledger, None, ["default"]).closure(Walk((iri("m"),), "out"))
    assert set(reached.depths) == {iri("m"), iri("a"), iri("d")}
    assert reached.hidden == {iri("a")}
    assert Replay(store.ledger, None, ["theirs"]).nodes(Filter(iris=[iri("m")])).nodes == []


def test_cycles_and_diamonds_end(store: Store) -> None:
    said = [derived(f"x{n}", f"{side}{n}") for n in range(40) for side in "lr"]
    said += [derived(f"{side}{n}", f"x{n + 1}") for n in range(40) for side in "lr"]
    store.add(document("u", *said, derived("x40", "x0")))
    for depth in (None, 200):
        reached = store.engine.closure(Walk((iri("x0"),), "out", depth))
        assert len(reached.depths) == 121
        assert reached.depths[iri("x40")] == 80


def test_pages_follow_the_sort_value_then_the_iri(store: Store) -> None:
    store.add(document("u", entity("c", size=10), entity("a", size=9), entity("b", size=10), entity("d")))
    for reader in (store.engine, Replay(store.ledger)):
        page = reader.nodes(Filter(), Page(PS + "size", limit=2))
        assert [node.iri for node in page.nodes] == [iri("a"), iri("b")]
        assert page.total == 4
        rest = reader.nodes(Filter(), Page(PS + "size", limit=2, after=("10", iri("b"))))
        assert [node.iri for node in rest.nodes] == [iri("c"), iri("d")]
        down = reader.nodes(Filter(), Page(PS + "size", descending=True))
        assert [node.iri for node in down.nodes] == [iri("b"), iri("c"), iri("a"), iri("d")]
        by_iri = reader.nodes(Filter(), Page(descending=True, limit=2, after=(iri("c"), iri("c"))))
        assert [node.iri for node in by_iri.nodes] == [iri("b"), iri("a")]


def test_nodes_are_found_by_label_and_by_the_beginning_of_a_digest(store: Store) -> None:
    store.add(document("u", entity("e", label="the label", digest=BYTES), entity("f", label="other")))
    for reader in (store.engine, Replay(store.ledger)):
        assert [node.iri for node in reader.nodes(Filter(label="the label")).nodes] == [iri("e")]
        assert [node.iri for node in reader.nodes(Filter(digest_prefix=BYTES[:20])).nodes] == [iri("e")]
        assert reader.nodes(Filter(digest_prefix="sha256:ac")).nodes == []


def test_states_of_entries_that_a_graph_holds_are_refused(store: Store) -> None:
    store.add(document("u", entity("e")), document("v", entity("f")))
    held = store.engine.applied()
    assert held is not None
    store.engine.apply([States(1, [Node("urn:late", (), False, spaces=("default",))], applied=Applied(held.ledger_id, 1, "00"))])
    assert store.engine.nodes(Filter(iris=["urn:late"])).nodes == []
    assert store.engine.applied() == held


def test_a_graph_of_another_ledger_is_refused_and_rebuild_is_offered(store: Store, tmp_path: object) -> None:
    store.add(document("u", entity("e")))
    other = Store(f"{tmp_path}/other.db")
    other.ledger.append([document("u", entity("f"))])
    with pytest.raises(Conflict, match="provstore graph rebuild"):
        catch_up(other.ledger, store.engine)
    assert check(other.ledger, store.engine)[0][0].severity == "error"
    other.engine.close()
    other.ledger.close()


def test_check_finds_and_repair_mends_what_an_engine_lost(store: Store) -> None:
    store.add(document("u", used("a", "e", role="in"), entity("e", label="x", digest=BYTES), member("c", "e")))
    before = status(store.ledger, store.engine)
    held = store.engine.applied()
    assert held is not None
    (edge,) = store.engine.expand([iri("a")], None, "out")
    broken = Edge("used", edge.source, edge.target, edge.sid, roles=("out",), spaces=("default",))
    wrong = Node(iri("e"), ("entity",), True, label="y", spaces=("default",))
    extra = Node("urn:nobody", (), False, spaces=("default",))
    store.engine.apply([States(held.sequence, [wrong, extra], [broken], mend=True)])
    found = check(store.ledger, store.engine)[0]
    assert {finding.where for finding in found} >= {iri("e"), "urn:nobody", edge.sid}
    assert repair(store.ledger, store.engine) == 3
    assert status(store.ledger, store.engine) == before
    assert repair(store.ledger, store.engine) == 0


def test_rebuild_makes_the_same_graph_anew(store: Store) -> None:
    store.add(document("u", used("a", "e"), entity("e", digest=BYTES)), document("v", entity("f", digest=BYTES)))
    edges = store.edges(CONTENT, "in")
    assert rebuild(store.ledger, store.engine) == 2
    assert store.edges(CONTENT, "in") == edges


def test_a_graph_may_lie_in_a_file_of_its_own(store: Store, tmp_path: object) -> None:
    store.add(document("u", used("a", "e")))
    with SqliteEngine(f"{tmp_path}/graph.db") as engine:
        engine.migrate()
        assert catch_up(store.ledger, engine) == 1
        assert len(engine.nodes(Filter()).nodes) == 2


def test_templates_answer_what_the_closures_answer(store: Store) -> None:
    store.add(document("u", used("a", "d"), generated("m", "a"), associated("a", "alice", "plan")))
    for template, direction in (("upstream", "out"), ("downstream", "in")):
        for start in ("m", "d", "alice"):
            rows = store.engine.run(f"lineage/{template}", {"id": iri(start), "agents": 0, "parents": 0}).rows
            reached = store.engine.closure(Walk((iri(start),), direction))  # type: ignore[arg-type]
            assert {row[0] for row in rows} == set(reached.depths)


def test_a_template_cannot_be_named_by_a_path_and_needs_its_parameters(store: Store) -> None:
    with pytest.raises(UsageError):
        store.engine.run("../schema/graph/sqlite/001_graph", {})
    with pytest.raises(UsageError):
        store.engine.run("lineage/upstream", {})
