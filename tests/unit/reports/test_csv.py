from __future__ import annotations

import csv
import io
import math

import pytest

from provstore.model.series import Point
from provstore.model.statement import Value
from provstore.model.terms import LABEL, STRING
from provstore.questions.result import Element, Found, Table
from provstore.reports import csv as reports_csv
from provstore.reports.registry import render
from tests.support.answers import EX, PREFIXES, churn, edge, entity, graph, hostile


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_graph_is_one_file_of_nodes_and_edges():
    answer = graph(
        [(entity("m", "a, b", "Model", size="12"), 0), (entity("d"), 1)],
        [
            edge(
                "wasDerivedFrom",
                "m",
                "d",
                identifier=EX + "w",
                time="2026-01-01T00:00:00.000000Z",
                third={"activity": EX + "r"},
            )
        ],
    )
    assert render(answer, "csv") == (
        "record,depth,kind,iri,name,label,types,start,end,digests,declared,hidden,attributes,"
        "relation,source,target,sid,id,role,time,inferred\n"
        'node,0,entity,http://example.org/m,ex:m,"a, b",ps:Model,,,,true,false,"{""ps:size"":""12""}",,,,,,,,\n'
        "node,1,entity,http://example.org/d,ex:d,,,,,,true,false,,,,,,,,,\n"
        'edge,,,,,,,,,,,,"{""activity"":""http://example.org/r""}",wasDerivedFrom,http://example.org/m,'
        f"http://example.org/d,{'a' * 64},http://example.org/w,,2026-01-01T00:00:00.000000Z,false\n"
    )


def test_parts_hold_every_node_and_every_edge():
    answer = churn()
    assert [row["iri"] for row in rows_of(render(answer, "csv", part="nodes"))] == [n.node.iri for n in answer.nodes]
    edges = rows_of(render(answer, "csv", part="edges"))
    assert [(row["relation"], row["source"], row["target"]) for row in edges] == [
        (one.relation, one.source, one.target) for one in answer.edges
    ]


def test_text_comes_back_exactly():
    labels = [row["label"] for row in rows_of(render(hostile(), "csv", part="nodes"))]
    assert labels == [one.node.label or "" for one in hostile().nodes]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_the_guard_keeps_spreadsheets_from_running_text(text):
    answer = Table(question="q", parameters={}, columns=("a", "n"), rows=((text, -1),))
    [guarded] = rows_of(render(answer, "csv", guard=True))
    [exact] = rows_of(render(answer, "csv"))
    assert (guarded["a"], guarded["n"]) == ("'" + text, "-1")
    assert exact["a"] == text


def test_found_and_element_are_rows():
    node = entity("a", "first", size="3")
    found = Found(parameters={}, nodes=(node,), next=None, total=1, as_of=None, prefixes=PREFIXES)
    assert rows_of(render(found, "csv"))[0]["label"] == "first"
    element = Element(node=node, statements=(), as_of=None, prefixes=PREFIXES)
    assert render(element, "csv") == "attribute,value,type,language\nps:size,3,xsd:string,\n"


def test_points_keep_every_bit_that_text_can_tell():
    stream = io.StringIO()
    values = [0.1, -0.0, 5e-324, 1.7976931348623157e308, math.nan, math.inf, -math.inf]
    points = [reports_csv.point_row("ex:s", Point(-1, 2**40, value)) for value in values]
    reports_csv.write(stream, reports_csv.POINT_COLUMNS, points)
    read = rows_of(stream.getvalue())
    assert [row["value"] for row in read] == [
        "0.1", "-0.0", "5e-324", "1.7976931348623157e+308", "NaN", "Infinity", "-Infinity",
    ]  # fmt: skip
    assert {(row["step"], row["time_ms"]) for row in read} == {("-1", "1099511627776")}
    assert [math.copysign(1, float(row["value"])) for row in read[:2]] == [1, -1]


def test_an_attribute_with_language_keeps_it():
    node = entity("a")
    described = type(node)(node.iri, node.kinds, True, attributes={LABEL: (Value(STRING, "x", "en"),)})
    element = Element(node=described, statements=(), as_of=None, prefixes=PREFIXES)
    assert rows_of(render(element, "csv")) == [
        {"attribute": "prov:label", "value": "x", "type": "xsd:string", "language": "en"}
    ]
