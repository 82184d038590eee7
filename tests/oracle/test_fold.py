"""Hand-worked examples of rule 10, and of the metrics of rule 17."""

from __future__ import annotations

import struct

import pytest

from tests.oracle.fold import Point, series_points
from tests.oracle.ledger import OracleDocument, OracleLedger
from tests.oracle.statements import Attribute, content_digest
from tests.oracle.terms import (
    EX,
    METRIC_SERIES,
    PROV,
    PS,
    XSD,
    activity,
    day,
    digest,
    double,
    entity,
    generated,
    qualified,
    text,
)
from tests.oracle.values import by_value
from tests.oracle.view import Node, view_of


def run(at: int, *attributes: Attribute, unit: str = "u") -> OracleDocument:
    return OracleDocument(unit, ((None, activity("a1", *attributes)),), "event", day(at))


def node_of(*documents: OracleDocument, blobs: dict[str, list[Point]] | None = None) -> Node:
    ledger = OracleLedger()
    ledger.append(documents)
    return view_of(ledger, blobs=blobs).nodes[EX + "a1"]


def lexical(node: Node, attribute: str) -> list[str]:
    return [value[1] for value in node.attributes[attribute].values]


LR = PS + "param.lr"
STATUS = PS + "status"
LABEL = PROV + "label"


def test_a_functional_attribute_takes_the_latest_value_of_its_unit():
    node = node_of(run(2, double(LR, "0.2")), run(1, double(LR, "0.1")))
    assert lexical(node, LR) == ["0.2"]
    assert not node.conflict


def test_what_is_not_functional_is_a_union():
    node = node_of(run(1, text(PS + "note", "x")), run(2, text(PS + "note", "y")))
    assert lexical(node, PS + "note") == ["x", "y"]
    assert not node.conflict


def test_units_that_disagree_are_a_list_and_a_conflict():
    node = node_of(run(1, double(LR, "0.1")), run(2, double(LR, "0.2"), unit="v"))
    assert lexical(node, LR) == ["0.1", "0.2"]
    assert node.attributes[LR].conflict
    assert node.conflict


def test_units_that_agree_by_value_do_not_conflict():
    # "compared by value": 0.10 and 1E-1 are the same double
    node = node_of(run(1, double(LR, "0.10")), run(2, double(LR, "1E-1"), unit="v"))
    assert len(node.attributes[LR].values) == 1
    assert not node.conflict


def test_two_values_within_one_document_are_a_conflict():
    node = node_of(run(1, double(LR, "0.1"), double(LR, "0.2")))
    assert lexical(node, LR) == ["0.1", "0.2"]
    assert node.conflict


def test_a_later_document_settles_a_conflict_within_an_earlier_one():
    node = node_of(run(1, double(LR, "0.1"), double(LR, "0.2")), run(2, double(LR, "0.3")))
    assert lexical(node, LR) == ["0.3"]


def test_a_terminal_status_beats_another_at_the_same_event_time_only():
    # (event time, terminal before other `ps:status`, content digest)
    assert lexical(node_of(run(1, text(STATUS, "running")), run(1, text(STATUS, "failed"))), STATUS) == ["failed"]
    assert lexical(node_of(run(1, text(STATUS, "failed")), run(2, text(STATUS, "running"))), STATUS) == ["running"]


def test_terminal_beats_unknown_within_one_document():
    node = node_of(run(1, text(STATUS, "unknown"), text(STATUS, "finished")))
    assert lexical(node, STATUS) == ["finished"]
    assert not node.conflict


def test_two_terminal_states_at_the_same_time_are_settled_by_content_digest():
    first, second = run(1, text(STATUS, "failed")), run(1, text(STATUS, "finished"))
    greater = max((first, second), key=lambda d: content_digest(d.assertions))
    expected = greater.assertions[0][1].values(STATUS)[0][1]
    assert lexical(node_of(first, second), STATUS) == [expected]


def test_labels_are_functional_per_language():
    node = node_of(run(1, text(LABEL, "eins", "de"), text(LABEL, "one", "en")), run(2, text(LABEL, "uno", "en")))
    assert lexical(node, LABEL) == ["eins", "uno"]
    assert not node.conflict


def test_digests_are_functional_per_algorithm():
    node = node_of(run(1, digest("md5:aa"), digest("sha256:bb")), run(2, digest("md5:cc")))
    assert lexical(node, PS + "digest") == ["md5:cc", "sha256:bb"]


@pytest.mark.parametrize("name", ["metric.loss", "metric.loss@train", "tag.team", "size", "param.x/y"])
def test_metrics_tags_sizes_and_parameters_are_functional(name):
    node = node_of(run(1, text(PS + name, "1")), run(2, text(PS + name, "2")))
    assert lexical(node, PS + name) == ["2"]


def test_a_metric_in_another_context_is_another_metric():
    node = node_of(run(1, double(PS + "metric.loss@train", "1")), run(2, double(PS + "metric.loss@test", "2")))
    assert lexical(node, PS + "metric.loss@train") == ["1"]


def test_times_are_compared_as_instants():
    # rule 32: without zone it is UTC
    zoned = (PROV + "startTime", XSD + "dateTime", "2026-01-01T01:00:00+01:00", "")
    bare = (PROV + "startTime", XSD + "dateTime", "2026-01-01T00:00:00", "")
    assert not node_of(run(1, zoned), run(1, bare, unit="v")).conflict


def test_a_number_and_a_text_are_two_values():
    assert node_of(run(1, double(LR, "0.1")), run(1, text(LR, "0.1"), unit="v")).conflict


def test_equal_by_value_across_number_types():
    assert by_value((XSD + "int", "1", "")) == by_value((XSD + "double", "1.0", ""))
    assert by_value((XSD + "double", "NaN", "")) == by_value((XSD + "double", "NaN", ""))
    assert by_value((XSD + "long", "9007199254740993", "")) != by_value((XSD + "double", "9007199254740993", ""))
    assert by_value((XSD + "boolean", "1", "")) == by_value((XSD + "boolean", "true", ""))


def bits(value: float) -> bytes:
    return struct.pack(">d", value)


def test_points_are_ordered_by_step_then_time_and_equal_ones_of_two_chunks_are_one():
    first = [(2, 20, bits(0.5)), (1, 10, bits(0.9))]
    retry = [(2, 20, bits(0.5)), (3, 30, bits(0.4))]
    assert series_points([(day(2), "r", retry), (day(1), "f", first)]) == [
        (1, 10, bits(0.9)),
        (2, 20, bits(0.5)),
        (3, 30, bits(0.4)),
    ]


def test_within_a_chunk_equal_points_are_kept():
    twice = [(1, 10, bits(0.5)), (1, 10, bits(0.5))]
    assert len(series_points([(day(1), "f", twice)])) == 2
    assert len(series_points([(day(1), "f", twice), (day(2), "r", twice[:1])])) == 2
    assert len(series_points([(day(1), "f", twice[:1]), (day(2), "r", twice)])) == 2


def test_points_of_one_step_and_time_go_by_the_event_time_of_their_chunk():
    assert series_points([(day(2), "a", [(1, 10, bits(0.1))]), (day(1), "b", [(1, 10, bits(0.9))])])[-1] == (
        1,
        10,
        bits(0.1),
    )


def series(at: int, chunk: str, *context: Attribute) -> OracleDocument:
    attributes = (
        qualified(PROV + "type", METRIC_SERIES),
        text(PS + "metric_name", "loss"),
        text(PS + "chunk", chunk),
        *context,
    )
    said = ((None, entity("s1", *attributes)), (None, generated("s1", "a1")))
    return OracleDocument("u", said, "event", day(at))


BLOBS: dict[str, list[Point]] = {"c1": [(1, 10, bits(0.9)), (2, 20, bits(0.5))], "c2": [(3, 30, bits(0.25))]}


def test_the_fold_derives_the_last_value_of_a_live_series():
    node = node_of(series(1, "c1"), series(2, "c2"), blobs=BLOBS)
    assert lexical(node, PS + "metric.loss") == ["0.25"]


def test_an_asserted_final_metric_stands():
    node = node_of(series(1, "c1"), run(2, double(PS + "metric.loss", "0.5")), series(3, "c2"), blobs=BLOBS)
    assert lexical(node, PS + "metric.loss") == ["0.5"]


def test_the_context_of_a_series_is_part_of_the_key():
    node = node_of(series(1, "c1", text(PS + "context", "train")), blobs=BLOBS)
    assert lexical(node, PS + "metric.loss@train") == ["0.5"]
