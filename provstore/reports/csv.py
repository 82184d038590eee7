"""Answers as comma-separated values: exact text, one line per node, edge, row or point.

Nodes and edges share one header, the first column says which a line is, so that one file holds a whole graph.
Source: RFC 4180, with line feeds alone as line ends.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, TextIO

from provstore.graph.contract import Edge, Node
from provstore.model.names import Prefixes
from provstore.model.series import Point
from provstore.questions.result import (
    AnswerNode,
    Element,
    Found,
    Graph,
    Table,
    edge_json,
    node_json,
)

Part = Literal["all", "nodes", "edges"]
NODE_COLUMNS: Final = (
    "depth", "kind", "iri", "name", "label", "types", "start", "end", "digests", "declared", "hidden", "attributes",
)  # fmt: skip
EDGE_COLUMNS: Final = ("relation", "source", "target", "sid", "id", "role", "time", "types", "inferred", "attributes")
POINT_COLUMNS: Final = ("series", "step", "time_ms", "value")
# A spreadsheet runs a cell that starts with one of these as a formula (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

Row = Mapping[str, Any]


def render(answer: Graph | Table | Found | Element, *, part: Part = "all", guard: bool = False) -> str:
    """An answer as CSV.

    Args: part: of a graph, `nodes` or `edges` alone. guard: put `'` before text that a spreadsheet would take for a
    formula; the text is no longer exact then.
    """
    stream = io.StringIO()
    if isinstance(answer, Graph):
        nodes = [] if part == "edges" else [node_row(one.node, answer.prefixes, one) for one in answer.nodes]
        edges = [] if part == "nodes" else [edge_row(edge, answer.prefixes) for edge in answer.edges]
        write(stream, columns(part), [*nodes, *edges], guard=guard)
    elif isinstance(answer, Found):
        found = ({**node_row(one, answer.prefixes), "hidden": one.iri in answer.hidden} for one in answer.nodes)
        write(stream, NODE_COLUMNS, found, guard=guard)
    elif isinstance(answer, Table):
        rows = (dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
        write(stream, answer.columns, rows, guard=guard)
    else:
        write(stream, ("attribute", "value", "type", "language"), _attributes(answer), guard=guard)
    return stream.getvalue()


def columns(part: Part, *, points: bool = False) -> tuple[str, ...]:
    """The header: of nodes, of edges, or of both (and of points) with `record` before them."""
    if part != "all":
        return NODE_COLUMNS if part == "nodes" else EDGE_COLUMNS
    both = dict.fromkeys((*NODE_COLUMNS, *EDGE_COLUMNS, *(POINT_COLUMNS if points else ())))
    return ("record", *both)


def write(stream: TextIO, header: Iterable[str], rows: Iterable[Row], *, guard: bool = False) -> None:
    """Writes a header and one line per row; a column that a row has not is empty there."""
    names = tuple(header)
    writer = csv.writer(_LineFeeds(stream), lineterminator="\r\n")
    writer.writerow([_cell(name, guard) for name in names])
    writer.writerows([_cell(row.get(name), guard) for name in names] for row in rows)


def node_row(node: Node, prefixes: Prefixes, place: AnswerNode | None = None) -> Row:
    """One node by column name."""
    return {
        "record": "node",
        "depth": place.depth if place else None,
        "kind": node.kind,
        "iri": node.iri,
        "name": prefixes.shorten(node.iri),
        "label": node.label,
        "types": " ".join(map(prefixes.shorten, node.types)),
        "start": node.start,
        "end": node.end,
        "digests": " ".join(node.digests),
        "declared": node.declared,
        "hidden": place.hidden if place else False,
        "attributes": node_json(node, prefixes)["attributes"],
    }


def edge_row(edge: Edge, prefixes: Prefixes) -> Row:
    """One edge by column name; third arguments are among its attributes."""
    return {
        "record": "edge",
        "relation": edge.relation,
        "source": edge.source,
        "target": edge.target,
        "sid": edge.sid,
        "id": edge.identifier,
        "role": edge.roles[0] if len(edge.roles) == 1 else list(edge.roles) or None,
        "time": edge.time,
        "types": " ".join(map(prefixes.shorten, edge.types)),
        "inferred": edge.inferred,
        "attributes": edge_json(edge, prefixes.shorten)["attributes"] | dict(edge.third),
    }


def point_row(series: str, point: Point) -> Row:
    """One point of a metric series by column name; the value is the shortest text that reads back to the same bits."""
    return {"record": "point", "series": series, "step": point.step, "time_ms": point.time_ms, "value": point.value}


class _LineFeeds:
    """Ends lines with a line feed alone; the writer itself must know both marks, or it leaves a lone `\\r` unquoted."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> int:
        return self._stream.write(line.removesuffix("\r\n") + "\n")


def _attributes(answer: Element) -> Iterator[Row]:
    name = answer.prefixes.shorten
    for attribute, values in answer.node.attributes.items():
        for datatype, lexical, language in values:
            yield {"attribute": name(attribute), "value": lexical, "type": name(datatype), "language": language}


def _cell(value: Any, guard: bool) -> str:
    if value is None or value == {}:
        return ""
    if isinstance(value, str):
        return f"'{value}" if guard and value.startswith(_FORMULA) else value
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)
