from __future__ import annotations

import sys

import pandas
import pyarrow
import pytest

from provstore.errors import UsageError
from provstore.questions.result import Found, Table
from tests.support.answers import PREFIXES, churn, edge, entity, graph


def found() -> Found:
    nodes = (entity("a", "first", **{"param.lr": "0.1"}), entity("b", None, **{"param.depth": "7"}))
    return Found(parameters={}, nodes=nodes, next=None, total=2, as_of=None, prefixes=PREFIXES)


def test_a_graph_becomes_two_data_frames_with_attributes_as_columns():
    nodes, edges = churn().to_pandas()
    assert list(nodes["iri"]) == [one.node.iri for one in churn().nodes]
    assert list(nodes["depth"]) == [0, 1, 2, 2, 3, 4]
    assert nodes.loc[1, "ps:status"] == "finished"
    assert list(edges["relation"]) == ["wasGeneratedBy", "used", "used", "sameBytes", "bytesOf", "bytesOf"]
    assert edges.loc[1, "role"] == "training"


def test_a_graph_becomes_two_arrow_tables():
    nodes, edges = churn().to_arrow()
    assert isinstance(nodes, pyarrow.Table)
    assert nodes.column("kinds").to_pylist()[0] == ["entity"]
    assert edges.column("inferred").to_pylist() == [False, False, False, True, True, True]


def test_found_nodes_have_a_column_for_each_attribute():
    frame = found().to_pandas()
    assert list(frame.columns[-2:]) == ["ps:param.depth", "ps:param.lr"]
    assert frame.loc[0, "ps:param.lr"] == "0.1"
    assert pandas.isna(frame.loc[1, "ps:param.lr"])
    assert found().to_arrow().column("ps:param.lr").to_pylist() == ["0.1", None]


def test_rows_keep_their_types_and_mixed_columns_become_json_text():
    table = Table(
        question="q", parameters={}, columns=("n", "mixed"), rows=((1, 1), (2.5, "x"), (None, {"value": "y"}))
    )
    assert table.to_arrow().to_pydict() == {"n": [1.0, 2.5, None], "mixed": ["1", '"x"', '{"value": "y"}']}
    assert list(table.to_pandas()["mixed"]) == [1, "x", {"value": "y"}]


def test_an_answer_without_rows_has_its_columns():
    empty = graph([], [])
    assert list(empty.to_pandas().edges.columns)[:3] == ["relation", "source", "target"]
    assert graph([(entity("a"), 0)], [edge("used", "a", "a")]).to_arrow().edges.num_rows == 1


@pytest.mark.parametrize(("module", "method"), [("pandas", "to_pandas"), ("pyarrow", "to_arrow")])
def test_a_missing_library_names_the_extra(monkeypatch, module, method):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError) as raised:
        getattr(churn(), method)()
    assert raised.value.next_step == "Install it with: pip install 'provstore[tables]'"
