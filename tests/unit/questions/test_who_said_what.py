"""Show, series, history and blame: who said what, when, and what it replaced."""

from __future__ import annotations

import math
import struct
from hashlib import sha256

import pytest

from provstore.errors import Ambiguous, NotFound, UsageError
from provstore.ledger.contract import Erasure
from provstore.model.series import encode
from provstore.questions.blame import blame
from provstore.questions.history import history
from provstore.questions.show import series, show
from tests.support.ledgers import (
    activity,
    derived,
    document,
    entity,
    generated,
    inside,
    iri,
    name,
    relation,
    used,
)
from tests.support.stories import World


def rows(table):
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_show_tells_every_statement_about_an_element_and_who_said_so(world: World):
    world.tell(
        document("run/1", activity("train", start="2026-01-01T10:00:00Z"), used("train", "data"), actor="ann@lab"),
        document("audit", inside("review", used("train", "data")), actor="bob@lab", source="audit.provn"),
    )
    answer = world.ask_ledger(show, "ex:train")
    assert [one.text.partition("(")[0] for one in answer.statements] == ["activity", "used"]
    said = answer.statements[1].documents
    assert [(one["sequence"], one["actor"], one["source"], one["bundle"]) for one in said] == [
        (1, "ann@lab", "run/1", None),
        (2, "bob@lab", "audit.provn", iri("review")),
    ]
    assert answer.as_json()["statements"][1]["sid"] == answer.statements[1].sid
    assert answer.node.start == "2026-01-01T10:00:00.000000Z"


def test_show_tells_of_a_relation_without_a_second_end_and_of_an_element_that_is_only_mentioned(world: World):
    world.tell(document("a", generated("model"), relation("wasAssociatedWith", "train", None, "script")))
    assert [one.text.partition("(")[0] for one in world.ask_ledger(show, "ex:model").statements] == ["wasGeneratedBy"]
    plan = world.ask_ledger(show, "ex:script")
    assert not plan.node.declared
    assert len(plan.statements) == 1


def test_show_as_of_and_in_some_spaces_tells_less(world: World):
    world.tell(
        document("a", entity("d", note="one")), document("b", entity("d", note="two"), space="secret"),
        document("c", entity("d", note="three")),
    )  # fmt: skip
    assert len(world.ask_ledger(show, "ex:d").statements) == 3
    assert len(world.ask_ledger(show, "ex:d", as_of=2).statements) == 2
    visible = world.ask_ledger(show, "ex:d", spaces=["default"])
    assert {one["source"] for said in visible.statements for one in said.documents} == {"a", "c"}


def test_the_points_of_a_series_come_back_in_order_with_their_bits(world: World):
    late = encode([2, 1], [20, 10], [math.nan, 0.1])
    early = encode([1, 0], [10, 5], [0.1, -math.inf])
    chunks = [sha256(one).hexdigest() for one in (late, early)]
    world.tell(
        document("r", entity("loss", type=name("ps:MetricSeries"), chunk=chunks[0]), mode="event", event_time=1,
                 blobs=[late]),
        document("r", entity("loss", chunk=chunks[1]), mode="event", event_time=2, blobs=[early]),
    )  # fmt: skip
    table = world.ask_ledger(series, "ex:loss")
    # The point (1, 10, 0.1) was told twice, by two chunks: a client's retry.
    assert table.columns == ("step", "time_ms", "value")
    assert table.rows == ((0, 5, "-INF"), (1, 10, 0.1), (2, 20, "NaN"))
    assert struct.pack("d", table.rows[1][2]) == struct.pack("d", 0.1)
    world.tell(document("x", entity("plain")))
    with pytest.raises(NotFound, match="no metric series"):
        world.ask_ledger(series, "ex:plain")


def test_history_tells_what_changed_what_was_withdrawn_and_leaves_out_the_rest(world: World):
    receipts = world.tell(
        document("run/1", entity("m", status="running"), event_time=1, actor="ann@lab"),
        document("other", entity("x")),
        document("run/1", entity("m", status="finished"), event_time=2, actor="ann@lab"),
        # Read again, with something new of another element only.
        document("run/1", entity("m", status="finished"), entity("y"), event_time=3),
        document("audit", used("check", "m"), actor="bob@lab"),
    )
    world.retract(receipts[4].document)
    told = rows(world.ask_ledger(history, "ex:m"))
    assert [(one["sequence"], one["change"], one["added"], one["removed"], one["actor"]) for one in told] == [
        (1, "said", 1, 0, "ann@lab"),
        (3, "changed", 1, 1, "ann@lab"),
        (5, "said", 1, 0, "bob@lab"),
        (6, "withdrawn", 0, 1, "boss@lab"),
    ]
    assert told[3]["reason"] == "wrong"
    assert [one["sequence"] for one in rows(world.ask_ledger(history, "ex:m", as_of=3))] == [1, 3]


def test_history_in_some_spaces_tells_what_was_said_there(world: World):
    world.tell(document("a", entity("m", note="one")), document("b", entity("m", note="two"), space="secret"))
    assert [one["sequence"] for one in rows(world.ask_ledger(history, "ex:m", spaces=["default"]))] == [1]
    assert [one["sequence"] for one in rows(world.ask_ledger(history, "ex:m", spaces=["secret"]))] == [2]


def read_by(version: str) -> dict[str, str]:
    """Of a document: the version of the importer that read it."""
    return {"importer": "mlflow", "importer_version": version}


def test_history_hides_what_only_a_newer_importer_caused(world: World):
    world.tell(
        document("run/1", entity("m", note="a"), event_time=1, **read_by("1.2")),
        document("run/1", entity("m", note="b"), event_time=2, **read_by("1.3")),
    )
    assert [one["sequence"] for one in rows(world.ask_ledger(history, "ex:m"))] == [1]
    assert [one["sequence"] for one in rows(world.ask_ledger(history, "ex:m", everything=True))] == [1, 2]


def test_history_tells_of_earlier_and_later_revisions(world: World):
    revision = {"type": name("prov:Revision")}
    world.tell(
        document("a", derived("v2", "v1", **revision)), document("b", derived("v3", "v2", **revision)),
        document("c", derived("v2", "data")),
    )  # fmt: skip
    told = [one for one in rows(world.ask_ledger(history, "ex:v2")) if one["change"] == "revision"]
    assert [(one["sequence"], one["element"], one["reason"]) for one in told] == [
        (1, "ex:v2", "revision of ex:v1"),
        (2, "ex:v3", "revision of ex:v2"),
    ]


def test_history_goes_on_after_an_erasure(world: World):
    receipts = world.tell(
        document("u", entity("m", note="a"), event_time=1), document("u", entity("m", note="b"), event_time=2)
    )
    world.ledger.append([Erasure(receipts[0].document, "private")])
    # What was erased can't be told any more; what replaced it can.
    assert [one["sequence"] for one in rows(world.ask_ledger(history, "ex:m"))] == [2]


def test_blame_names_document_person_source_time_and_what_was_replaced(world: World):
    world.tell(
        document("run/1", entity("m", status="running"), event_time=1, actor="ann@lab", source="one.db"),
        document("run/1", entity("m", status="finished"), event_time=2, actor="bob@lab", source="two.db"),
    )
    (told,) = rows(world.ask_ledger(blame, "ex:m", "status"))
    assert (told["value"], told["replaced"], told["actor"], told["source"]) == (
        "finished",
        "running",
        "bob@lab",
        "two.db",
    )
    assert (told["sequence"], told["unit"], told["space"]) == (2, "run/1", "default")
    assert told["time"] == world.ledger.document(told["document"]).entry.time
    (before,) = rows(world.ask_ledger(blame, "ex:m", "ps:status", as_of=1))
    assert (before["value"], before["replaced"], before["actor"]) == ("running", None, "ann@lab")


def test_two_trackers_in_conflict_are_both_blamed(world: World):
    world.tell(
        document("mlflow", entity("m", **{"metric.acc": 0.9}), actor="ann@lab"),
        document("wandb", entity("m", **{"metric.acc": 0.8}), actor="bob@lab"),
        document("paper", entity("m", **{"metric.acc": 0.90}), actor="eve@lab"),
    )
    told = rows(world.ask_ledger(blame, "ex:m", "metric.acc"))
    assert [(one["value"], one["unit"], one["actor"]) for one in told] == [
        (0.8, "wandb", "bob@lab"), (0.9, "mlflow", "ann@lab"), (0.9, "paper", "eve@lab"),
    ]  # fmt: skip
    assert world.ask_ledger(show, "ex:m").as_json()["conflicts"] == ["ps:metric.acc"]


def test_blame_looks_behind_a_newer_importer_unless_asked(world: World):
    world.tell(
        document("run/1", entity("m", size=7), event_time=1, actor="ann@lab", **read_by("1.2")),
        document("run/1", entity("m", size=7), entity("new"), event_time=2, actor="cron", **read_by("1.3")),
    )
    assert [one["actor"] for one in rows(world.ask_ledger(blame, "ex:m", "size"))] == ["ann@lab"]
    assert [one["actor"] for one in rows(world.ask_ledger(blame, "ex:m", "size", everything=True))] == ["cron"]


def test_blame_of_an_attribute_with_several_values_tells_each_document(world: World):
    world.tell(
        document("a", entity("m", {"ex:tag": "x"})), document("b", entity("m", {"ex:tag": ["x", "y"]})),
    )  # fmt: skip
    told = rows(world.ask_ledger(blame, "ex:m", "ex:tag"))
    assert [(one["value"], one["unit"]) for one in told] == [("x", "a"), ("x", "b"), ("y", "b")]


def test_blame_of_what_nobody_said_names_what_was_said(world: World):
    world.tell(document("a", entity("m", size=7)))
    with pytest.raises(NotFound) as caught:
        world.ask_ledger(blame, "ex:m", "status")
    assert "ps:size" in caught.value.next_step
    with pytest.raises(UsageError, match="prefix"):
        world.ask_ledger(blame, "ex:m", "nope:x")
    with pytest.raises(UsageError, match="no attribute"):
        world.ask_ledger(blame, "ex:m", "kind")


def test_a_digest_that_several_hold_is_ambiguous_where_one_element_is_asked_for(world: World):
    digest = "sha256:" + "ab" * 32
    world.tell(document("a", entity("x", digest=digest), entity("y", digest=digest)))
    with pytest.raises(Ambiguous) as caught:
        world.ask_ledger(show, digest)
    assert caught.value.candidates == ("ex:x", "ex:y")


def test_a_value_said_in_a_bundle_and_outside_of_it_is_told_once(world: World):
    stated = entity("m", size=7, note="x")
    world.tell(document("a", stated, inside("b", stated)))
    for attribute in ("size", "note"):
        assert [one["value"] for one in rows(world.ask_ledger(blame, "ex:m", attribute))] in ([7], ["x"])
