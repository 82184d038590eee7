"""Diff: what is matched, what differs, and which difference is the earliest cause; the order and its cycles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provstore.model.names import Prefixes
from provstore.questions.diff import diff
from provstore.questions.order import topological
from tests.support.ledgers import EXAMPLE, activity, associated, document, entity, generated, iri, name, relation, used
from tests.support.readers import MemoryReader, edge
from tests.support.stories import World

ONE, TWO = "sha256:" + "1" * 64, "sha256:" + "2" * 64
PREFIXES = Prefixes({"ex": EXAMPLE})


def rows(table):
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def run(number: int, *, data: str, data_digest: str, lr: float, acc: float, commit: str):
    """One run of the same pipeline: raw -> clean -> data -> train -> model."""
    n = str(number)
    return document(
        f"run/{n}",
        entity(f"raw{n}", digest=data_digest, path=f"/tmp/{n}"), used(f"clean{n}", f"raw{n}", role="input"),
        generated(f"data{n}", f"clean{n}"), entity(f"data{n}", label=data),
        activity(f"train{n}", start=f"2026-01-0{n}T00:00:00Z", **{"param.lr": lr, "metric.acc": acc}),
        used(f"train{n}", f"data{n}"), used(f"train{n}", "config"), generated(f"model{n}", f"train{n}"),
        used(f"train{n}", commit, role="code"), entity(commit, type=name("ps:Code")),
    )  # fmt: skip


def test_the_earliest_cause_of_two_different_models_is_the_raw_data(world: World):
    world.tell(
        run(1, data="data", data_digest=ONE, lr=0.1, acc=0.9, commit="commit"),
        run(2, data="data", data_digest=TWO, lr=0.2, acc=0.8, commit="commit"),
    )
    found = rows(world.ask(diff, "ex:model1", "ex:model2"))
    earliest = [(one["a"], one["b"], one["what"], one["difference"]) for one in found if one["earliest"]]
    assert earliest == [("ex:raw1", "ex:raw2", "input", "replaced")]
    attributes = {(one["a"], one["attribute"]): (one["value_a"], one["value_b"]) for one in found if one["attribute"]}
    assert attributes["ex:train1", "ps:param.lr"] == (0.1, 0.2)
    assert attributes["ex:train1", "ps:metric.acc"] == (0.9, 0.8)
    # Shared by IRI, or equal by label and kind: no difference.
    assert not {"ex:config", "ex:commit"} & {one["a"] for one in found}
    ranks = [one["rank"] for one in found]
    assert ranks == sorted(ranks)


def test_with_equal_bytes_the_parameter_is_the_cause_and_the_metric_is_not(world: World):
    world.tell(
        run(1, data="data", data_digest=ONE, lr=0.1, acc=0.9, commit="commit"),
        run(2, data="data", data_digest=ONE, lr=0.2, acc=0.8, commit="commit"),
    )
    found = rows(world.ask(diff, "ex:train1", "ex:train2"))
    data = [one for one in found if one["what"] == "input" and one["difference"] == "replaced"]
    assert [(one["a"], one["b"]) for one in data] == [("ex:data1", "ex:data2")]
    # Nobody told the digests of data1 and data2, made from equal bytes: that they differ in name is no cause.
    assert [(one["a"], one["attribute"]) for one in found if one["earliest"]] == [("ex:train1", "ps:param.lr")]


def test_code_and_environment_are_told_as_such(world: World):
    environment = {"type": name("ps:Environment")}
    world.tell(
        run(1, data="d", data_digest=ONE, lr=0.1, acc=0.9, commit="commit1"),
        run(2, data="d", data_digest=ONE, lr=0.1, acc=0.9, commit="commit2"),
        document("e", entity("env1", **environment), used("train1", "env1", role="environment")),
        document("p", associated("train2", None, "script")),
    )
    found = {
        (one["a"], one["b"]): (one["what"], one["difference"])
        for one in rows(world.ask(diff, "ex:model1", "ex:model2"))
    }
    assert found["ex:commit1", "ex:commit2"] == ("code", "replaced")
    assert found["ex:env1", None] == ("environment", "only in a")
    assert found[None, "ex:script"] == ("code", "only in b")


def test_ties_are_matched_by_label(world: World):
    world.tell(
        document("1", used("r1", "x1"), used("r1", "y1"), entity("x1", label="left"), entity("y1", label="right")),
        document("2", used("r2", "x2"), used("r2", "y2"), entity("x2", label="right"), entity("y2", label="left")),
    )
    pairs = {(one["a"], one["b"]) for one in rows(world.ask(diff, "ex:r1", "ex:r2")) if one["difference"] == "replaced"}
    assert pairs == {("ex:x1", "ex:y2"), ("ex:y1", "ex:x2")}


def test_a_role_tells_inputs_apart(world: World):
    world.tell(
        document("1", used("r1", "a1", role="train"), used("r1", "b1", role="test")),
        document("2", used("r2", "b2", role="train"), used("r2", "a2", role="test")),
    )
    pairs = {(one["a"], one["b"]) for one in rows(world.ask(diff, "ex:r1", "ex:r2")) if one["difference"] == "replaced"}
    assert pairs == {("ex:a1", "ex:b2"), ("ex:b1", "ex:a2")}


def test_a_thing_differs_from_itself_in_nothing(world: World):
    world.tell(run(1, data="d", data_digest=ONE, lr=0.1, acc=0.9, commit="c"))
    assert world.ask(diff, "ex:model1", "ex:model1").rows == ()


def test_a_cycle_is_reported_and_the_rest_is_still_compared(world: World):
    world.tell(
        document("1", used("r1", "d1"), generated("d1", "r1"), used("r1", "x1")),
        document("2", used("r2", "d2"), used("r2", "x2"), relation("wasDerivedFrom", "x2", "y2")),
    )
    found = rows(world.ask(diff, "ex:r1", "ex:r2"))
    assert [(one["a"], one["difference"]) for one in found if one["what"] == "cycle"] == [("ex:d1, ex:r1", "cycle")]
    assert ("ex:x1", "ex:x2") in {(one["a"], one["b"]) for one in found}


def test_two_to_the_forty_walks_are_matched_by_the_smallest():
    reader = MemoryReader(
        one
        for side in "xy"
        for n in range(40)
        for arm in "ab"
        for one in (
            edge("used", f"{side}p{n}", f"{side}{arm}{n}"),
            edge("wasGeneratedBy", f"{side}{arm}{n}", f"{side}p{n + 1}"),
        )
    )
    found = rows(diff(reader, PREFIXES, "ex:xp0", "ex:yp0"))
    assert len(found) == 80
    assert {one["difference"] for one in found} == {"replaced"}


arcs = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14)


@given(arcs)
def test_causes_rank_below_their_effects_unless_they_are_in_one_cycle(pairs):
    reaches = {(a, b) for a, b in pairs}
    for middle in range(8):
        reaches |= {(a, b) for a in range(8) for b in range(8) if {(a, middle), (middle, b)} <= reaches}
    order = topological(
        (iri(str(n)) for n in range(8)),
        [edge("used", str(a), str(b)) for a, b in pairs] + [edge("wasDerivedFrom", "0", "7")],
    )
    for a, b in pairs:
        same_cycle = (b, a) in reaches
        mine, below = order.ranks[iri(str(a))], order.ranks[iri(str(b))]
        assert mine == below if same_cycle else mine > below
    in_cycles = {iri(str(n)) for n in range(8) if (n, n) in reaches}
    assert {one for cycle in order.cycles for one in cycle} == in_cycles


def test_the_rank_is_the_longest_way_and_a_long_chain_is_no_recursion():
    long = [edge("used", str(n), str(n + 1)) for n in range(50_000)] + [edge("used", "0", "49999")]
    order = topological((iri(str(n)) for n in range(50_001)), long)
    assert order.ranks[iri("0")] == 50_000
    assert order.cycles == ()
