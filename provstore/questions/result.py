"""The answer types. One result type, so that table, picture, CSV and API cannot disagree.

The objects below are those of docs/reference/json.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from provstore.graph.comparing import number as number_of
from provstore.graph.contract import Edge, Node
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import BOOLEAN, DOUBLE, INTEGERS, STRING, XSD
from provstore.questions import frames, json_text, subgraphs
from provstore.questions.frames import Frames

_FLOATS = frozenset({DOUBLE, XSD + "float"})
_NUMBERS = INTEGERS | _FLOATS
_EXACT = 2**53
NODE_COLUMNS = ("iri", "qname", "kind", "kinds", "types", "label", "declared", "start", "end", "digests")
EDGE_COLUMNS = ("relation", "source", "target", "sid", "id", "role", "time", "types", "inferred")


@dataclass(frozen=True, slots=True)
class Truncated:
    """What was cut: why (`depth`, `nodes`, `limit`, `time`), the limit, and how much is known to remain."""

    reason: str
    limit: int | float
    remaining: int | None

    def as_json(self) -> dict[str, Any]:
        """The `truncated` object."""
        return {"reason": self.reason, "limit": self.limit, "remaining": self.remaining}


class AnswerNode(NamedTuple):
    """A node of an answer: its state, how far from the start (fewest edges), and whether something hidden leaves it."""

    node: Node
    depth: int
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The answer of a lineage question. Nodes by (depth, IRI), edges from effect to cause.

    `as_of`: a sequence, or None for now. `prefixes` names things for people.
    """

    question: str
    parameters: Mapping[str, Any]
    nodes: Sequence[AnswerNode]
    edges: Sequence[Edge]
    truncated: Truncated | None = None
    incomplete: bool = False
    as_of: int | None = None
    notes: tuple[str, ...] = ()
    prefixes: Prefixes

    def as_json(self) -> dict[str, Any]:
        """The graph object, ready for `json.dumps`."""
        elements = {"nodes": list(map(self.node_json, self.nodes)), "edges": list(map(self.edge_json, self.edges))}
        return self.described() | elements

    def json_pieces(self) -> Iterator[str]:
        """The text of `as_json` on one line, piece by piece: a large answer needs little memory for it."""
        return json_text.json_pieces(self)

    def described(self) -> dict[str, Any]:
        """The graph object, its nodes and edges still missing at their place."""
        answer: dict[str, Any] = {
            "question": self.question,
            "parameters": dict(self.parameters),
            "nodes": None,
            "edges": None,
            "counts": {"nodes": len(self.nodes), "edges": len(self.edges)},
            "truncated": self.truncated.as_json() if self.truncated else None,
            "incomplete": self.incomplete,
            "as_of": self.as_of,
        }
        return answer | ({"notes": list(self.notes)} if self.notes else {})

    def node_json(self, one: AnswerNode) -> dict[str, Any]:
        """One object of `nodes`."""
        answer = node_json(one.node, self.prefixes, one.depth)
        return answer | ({"hidden": True} if one.hidden else {})

    def edge_json(self, edge: Edge) -> dict[str, Any]:
        """One object of `edges`."""
        return edge_json(edge, self.prefixes.shorten)

    def reasons(self, one: AnswerNode) -> tuple[str, ...]:
        """What `node_json` says beyond the node, its depth and whether something hidden leaves it."""
        return ()

    def gamma(self, edge: Edge) -> float | None:
        """The share of segments that have the edge, where the answer is a summary of segments; else None."""
        return None

    def iris(self) -> set[str]:
        """The full IRIs of all nodes."""
        return {one.node.iri for one in self.nodes}

    def node_rows(self) -> list[dict[str, Any]]:
        """One flat row per node: the node object, each attribute as a column of its own."""
        return [node_row(one.node, self.prefixes) | {"depth": one.depth, "hidden": one.hidden} for one in self.nodes]

    def edge_rows(self) -> list[dict[str, Any]]:
        """One flat row per edge: the edge object, each attribute as a column of its own."""
        return [_flat(edge_json(edge, self.prefixes.shorten)) for edge in self.edges]

    def to_pandas(self) -> Frames:
        """Two DataFrames, `nodes` and `edges`. Raises: UsageError: pandas is not installed."""
        return Frames(
            frames.to_pandas(self.node_rows(), (*NODE_COLUMNS, "depth", "hidden")),
            frames.to_pandas(self.edge_rows(), EDGE_COLUMNS),
        )

    def to_arrow(self) -> Frames:
        """Two Arrow tables, `nodes` and `edges`. Raises: UsageError: pyarrow is not installed."""
        return Frames(
            frames.to_arrow(self.node_rows(), (*NODE_COLUMNS, "depth", "hidden")),
            frames.to_arrow(self.edge_rows(), EDGE_COLUMNS),
        )

    def to_py2neo(self) -> Any:
        """A `py2neo.Subgraph` of it all. Raises: UsageError: py2neo is not installed."""
        hidden = frozenset(one.node.iri for one in self.nodes if one.hidden)
        return subgraphs.to_py2neo((one.node for one in self.nodes), self.edges, self.prefixes, hidden)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The answer of a question that is rows: `columns` names, `rows` JSON-ready values.

    `incomplete`: something that the answer rests on is hidden from whoever asked (rule 25).
    """

    question: str
    parameters: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: Truncated | None = None
    incomplete: bool = False

    def as_json(self) -> dict[str, Any]:
        """The rows object."""
        answer = {
            "question": self.question,
            "parameters": dict(self.parameters),
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "truncated": self.truncated.as_json() if self.truncated else None,
        }
        return answer | ({"incomplete": True} if self.incomplete else {})

    def to_pandas(self) -> Any:
        """A DataFrame. Raises: UsageError: pandas is not installed."""
        return frames.to_pandas(self._named_rows(), self.columns)

    def to_arrow(self) -> Any:
        """An Arrow table. Raises: UsageError: pyarrow is not installed."""
        return frames.to_arrow(self._named_rows(), self.columns)

    def _named_rows(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer of `find`: one page of nodes, the cursor of the next page or None, and how many match in all.

    `hidden`: the IRIs of those that something hidden leaves (rule 25).
    """

    parameters: Mapping[str, Any]
    nodes: tuple[Node, ...]
    next: str | None
    total: int | None
    as_of: int | None
    notes: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    prefixes: Prefixes

    def as_json(self) -> dict[str, Any]:
        """The `find` object."""
        answer: dict[str, Any] = {
            "nodes": [
                node_json(node, self.prefixes) | ({"hidden": True} if node.iri in self.hidden else {})
                for node in self.nodes
            ],
            "next": self.next,
            "total": self.total,
            "as_of": self.as_of,
        }
        notes = {"notes": list(self.notes)} if self.notes else {}
        return answer | ({"incomplete": True} if self.hidden else {}) | notes

    def node_rows(self) -> list[dict[str, Any]]:
        """One flat row per node, each attribute as a column of its own."""
        return [node_row(node, self.prefixes) for node in self.nodes]

    def to_pandas(self) -> Any:
        """A DataFrame of this page's nodes. Raises: UsageError: pandas is not installed."""
        return frames.to_pandas(self.node_rows(), NODE_COLUMNS)

    def to_arrow(self) -> Any:
        """An Arrow table of this page's nodes. Raises: UsageError: pyarrow is not installed."""
        return frames.to_arrow(self.node_rows(), NODE_COLUMNS)

    def to_py2neo(self) -> Any:
        """A `py2neo.Subgraph` of this page's nodes. Raises: UsageError: py2neo is not installed."""
        return subgraphs.to_py2neo(self.nodes, (), self.prefixes, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement about an element: its sid, PROV-N text, and the documents that assert it.

    Each document is a mapping `document, sequence, time, actor, source, bundle`.
    """

    sid: str
    text: str
    documents: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """The answer of `show`: a node, and every statement about it with who said so.

    `hidden`: something hidden leaves it (rule 25).
    """

    node: Node
    statements: tuple[Said, ...]
    as_of: int | None
    hidden: bool = False
    prefixes: Prefixes

    def as_json(self) -> dict[str, Any]:
        """The element object."""
        said = [{"sid": s.sid, "text": s.text, "documents": [dict(d) for d in s.documents]} for s in self.statements]
        answer = node_json(self.node, self.prefixes) | {"statements": said, "as_of": self.as_of}
        return answer | ({"hidden": True, "incomplete": True} if self.hidden else {})


def node_json(node: Node, prefixes: Prefixes, depth: int | None = None) -> dict[str, Any]:
    """The node object; `depth`: None outside a walk."""
    attributes = {prefixes.shorten(name): values_json(values) for name, values in node.attributes.items()}
    answer: dict[str, Any] = {
        "iri": node.iri,
        "qname": prefixes.shorten(node.iri),
        "kind": node.kind,
        "kinds": list(node.kinds),
        "types": [prefixes.shorten(one) for one in node.types],
        "label": node.label,
        "depth": depth,
        "declared": node.declared,
        "attributes": attributes,
    }
    if node.conflicts:
        answer["conflict"] = True
        answer["conflicts"] = [prefixes.shorten(one) for one in node.conflicts]
    return answer


def node_row(node: Node, prefixes: Prefixes) -> dict[str, Any]:
    """The node object with start, end and digests, its attributes as columns of their own."""
    moments = {"start": node.start, "end": node.end, "digests": list(node.digests)}
    described = node_json(node, prefixes) | moments
    del described["depth"]
    return _flat(described)


def _flat(described: dict[str, Any]) -> dict[str, Any]:
    attributes: dict[str, Any] = described.pop("attributes")
    return attributes | described


def edge_json(edge: Edge, name: Any) -> dict[str, Any]:
    """The edge object; `name` shortens an IRI."""
    return {
        "relation": edge.relation,
        "source": edge.source,
        "target": edge.target,
        "sid": edge.sid,
        "id": edge.identifier,
        "role": _one_or_list(edge.roles),
        "time": edge.time,
        "types": [name(one) for one in edge.types],
        "attributes": {name(key): values_json(v) for key, v in edge.attributes.items()},
        "inferred": edge.inferred,
    } | dict(edge.third)


def values_json(values: tuple[Value, ...]) -> Any:
    """One value as itself, several as a list (docs/reference/json.md, "Attribute values")."""
    return _one_or_list(tuple(map(value_json, values)))


def value_json(value: Value) -> Any:
    """A JSON number only for integers within 2^53 and finite doubles, text for xsd:string, booleans native."""
    plain = _plain(value)
    if plain is not None:
        return plain
    typed = {"value": value.lexical, "type": _datatype(value.datatype)}
    return typed | ({"lang": value.language} if value.language else {})


def finite_or_text(value: Any) -> Any:
    """A number, or the spelling of XML Schema: JSON has no NaN and no infinities. What is no such number stays."""
    if not isinstance(value, float) or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"


def _plain(value: Value) -> str | int | float | bool | None:
    datatype, lexical, _ = value
    if datatype == STRING:
        return lexical
    if datatype == BOOLEAN and lexical in ("true", "false", "1", "0"):
        return lexical in ("true", "1")
    if datatype not in _NUMBERS or number_of(lexical) is None:
        return None  # Python reads more as numbers than XML Schema does: `1_000`.
    try:
        if datatype in INTEGERS and abs(number := int(lexical)) <= _EXACT:
            return number
        if datatype in _FLOATS and abs(real := float(lexical)) < float("inf"):
            return real
    except ValueError:
        return None
    return None


def _datatype(iri: str) -> str:
    return Prefixes().shorten(iri)


def _one_or_list(values: tuple[Any, ...]) -> Any:
    if not values:
        return None
    return values[0] if len(values) == 1 else list(values)
