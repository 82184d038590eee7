from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest

from provstore.errors import UsageError
from provstore.questions.result import Table, Truncated
from provstore.reports.registry import RENDERINGS, render
from provstore.reports.wrapping import squeeze, width, wrap
from tests.support.answers import BYTES, activity, agent, churn, content, edge, entity, graph, hostile

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "title", "desc", "style", "g", "rect", "path", "polygon", "circle", "text"}


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def groups(root: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [
        one
        for one in root.iter(f"{SVG}g")
        if kind in one.get("class", "").split() and one.find(f"{SVG}title") is not None
    ]


def test_every_node_and_every_edge_is_drawn_once_with_words_for_it():
    root = parsed(render(churn(), "svg"))
    said = [one.findtext(f"{SVG}title") for one in groups(root, "entity")]
    assert sorted(said) == [
        "Dataset: eval set (http://example.org/eval)",
        "Dataset: train set (http://example.org/train)",
        "Entity · mentioned only: http://example.org/raw",
        "Model: churn v3 (http://example.org/model)",
    ]
    assert [one.findtext(f"{SVG}title") for one in groups(root, "relation")] == [
        "churn v3 wasGeneratedBy train 2026-10-03T10:24:00.000000Z",
        "train used (training) train set",
        "train used eval set",
        "train set sameBytes bytes sha256:9f86d081884c",
        "bytes sha256:9f86d081884c bytesOf ex:raw",
    ]


def test_the_picture_reads_aloud_and_says_what_was_cut():
    root = parsed(render(churn(truncated=Truncated("nodes", 6, 2), incomplete=True), "svg"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "pv-title pv-desc"
    assert root.findtext(f"{SVG}title") == "upstream of churn v3"
    assert root.findtext(f"{SVG}desc") == (
        "5 things, 1 activity. 6 nodes (1 of them for equal bytes), 6 edges. Cut by nodes at 6: 2 nodes not followed "
        "further. Incomplete: something here is hidden from you."
    )


def test_kinds_differ_in_shape_and_not_only_in_colour():
    answer = graph([(entity("e"), 0), (activity("a"), 1), (agent("p"), 2), (content(), 3)], [
        edge("wasGeneratedBy", "e", "a"), edge("sameBytes", "e", BYTES), edge("bytesOf", BYTES, "a"),
    ])  # fmt: skip
    root = parsed(render(answer, "svg"))
    shapes = {}
    for kind in ("entity", "activity", "agent", "content"):
        box = next(one for one in groups(root, kind)[0] if one.get("class") == "box")
        shapes[kind] = (box.tag, box.get("rx"))
    assert len(set(shapes.values())) == 4


def test_hostile_labels_are_text_and_nothing_else():
    root = parsed(render(hostile(), "svg"))
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= DRAWN
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on") or "href" in name]
    assert len(groups(root, "entity")) == len(hostile().nodes)


def test_causes_lie_left_of_their_effects():
    root = parsed(render(churn(), "svg"))
    left = {
        one.findtext(f"{SVG}title"): min(float(box.get("x")) for box in one.iter(f"{SVG}rect"))
        for kind in ("entity", "activity")
        for one in groups(root, kind)
    }
    model, run = left["Model: churn v3 (http://example.org/model)"], left["Run: train (http://example.org/run)"]
    raw = left["Entity · mentioned only: http://example.org/raw"]
    assert raw < run < model


def test_names_of_relations_are_drawn_when_there_are_few():
    assert 'class="label"' in render(churn(), "svg")
    assert 'class="label"' not in render(churn(), "svg", edge_labels=False)


def test_no_edge_strikes_out_the_name_of_another():
    """What comes later in an SVG is drawn over what came before."""
    classes = [one.get("class") for one in parsed(render(churn(), "svg")).iter() if one.get("class")]
    assert max(at for at, one in enumerate(classes) if one == "edge") < classes.index("label")


def test_the_names_of_relations_lie_on_no_other_and_on_no_box():
    runs, things = ("a", "b"), ("x", "y")
    answer = graph(
        [(activity("a"), 0), (activity("b"), 0), (entity("x"), 1), (entity("y"), 1)],
        [edge(relation, run, thing, roles=("the set that was held out for validation",))
         for relation in ("used", "hadPlan") for run in runs for thing in things],
    )  # fmt: skip
    root = parsed(render(answer, "svg"))
    labels = [one for one in root.iter(f"{SVG}text") if one.get("class") == "label"]
    assert len(labels) == 8
    spans = [(float(one.get("x")), float(one.get("y")), width(one.text, 10.5) / 2) for one in labels]
    for (x, y, half), (other_x, other_y, other_half) in combinations(spans, 2):
        assert abs(x - other_x) >= half + other_half or abs(y - other_y) >= 10.5
    boxes = [one for one in root.iter(f"{SVG}rect") if one.get("class") == "box" and one.get("x")]
    for x, _, half in spans:
        for box in boxes:
            assert x + half <= float(box.get("x")) or x - half >= float(box.get("x")) + float(box.get("width"))


def test_a_cycle_and_a_loop_are_drawn():
    answer = graph([(entity("a"), 0), (entity("b"), 1)], [
        edge("wasDerivedFrom", "a", "b"), edge("wasDerivedFrom", "b", "a"), edge("wasDerivedFrom", "a", "a"),
    ])  # fmt: skip
    assert len(groups(parsed(render(answer, "svg")), "relation")) == 3


def test_an_empty_answer_is_an_empty_picture():
    assert parsed(render(graph([], []), "svg")).findtext(f"{SVG}title") == "upstream"


def test_the_same_answer_is_the_same_text():
    assert render(churn(), "svg") == render(churn(), "svg")


def test_a_long_label_is_wrapped_and_cut_to_its_box():
    lines = wrap("a_very_long_feature_table/with-many-parts.and more words than fit in here by far", 100, 13, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(width(line, 13) <= 100 for line in lines)


def test_short_text_is_left_alone_and_long_words_break_anywhere():
    assert wrap("churn v3", 200, 13, 3) == ["churn v3"]
    assert "".join(wrap("x" * 30, 100, 10, 9)) == "x" * 30


def test_names_are_cut_in_their_middle():
    assert squeeze("mlflow:dataset/customers", 11) == "mlfl…tomers"
    assert squeeze("short", 5) == "short"


def test_an_unknown_rendering_lists_the_known_ones():
    with pytest.raises(UsageError) as raised:
        render(churn(), "png")
    assert raised.value.next_step == "Known: " + ", ".join(RENDERINGS)


def test_rows_have_no_picture():
    rows = Table(question="q", parameters={}, columns=("a",), rows=())
    with pytest.raises(UsageError, match="svg draws a graph"):
        render(rows, "svg")
