"""A graph as JSON text, piece by piece: what `json.dumps` makes of its `as_json`, without an object for each element.

In: an answer that is a graph. Out: pieces of text. Most nodes and edges of a large answer say only what they are and
where: their text differs from that of another of the same kind in a few places only.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Final

from provstore.batches import in_batches
from provstore.graph.columns import EdgeColumns
from provstore.graph.contract import Edge

if TYPE_CHECKING:
    from provstore.questions.result import AnswerNode, Graph

_AT_ONCE: Final = 1_000
_dumps: Final = json.JSONEncoder(ensure_ascii=False).encode


def json_pieces(graph: Graph) -> Iterator[str]:
    """The JSON of `graph.as_json()` on one line."""
    of = {"nodes": _Nodes(graph).texts(), "edges": _Edges(graph).texts()}
    separator = "{"
    for name, value in graph.described().items():
        yield f"{separator}{quoted(name)}: "
        if name in of:
            yield from _list(of[name])
        else:
            yield _dumps(value)
        separator = ", "
    yield "}"


def _list(texts: Iterable[str]) -> Iterator[str]:
    opening = "["
    for batch in in_batches(texts, _AT_ONCE):
        yield opening + ", ".join(batch)
        opening = ", "
    yield "[]" if opening == "[" else "]"


class _Nodes:
    """Nodes of one graph as JSON text."""

    def __init__(self, graph: Graph):
        self._graph = graph
        self._plain: dict[Hashable, tuple[str, str]] = {}

    def texts(self) -> Iterator[str]:
        """The JSON of each node."""
        shorten, reasons = self._graph.prefixes.shorten, self._graph.reasons
        for one in self._graph.nodes:
            node, depth, hidden = one
            iri, kinds, declared, types, label, _, _, _, attributes, conflicts, _ = node
            if attributes or types or label is not None or conflicts:
                yield _dumps(self._graph.node_json(one))
                continue
            start = f'{{"iri": {quoted(iri)}, "qname": {quoted(shorten(iri))}, '
            key = (kinds, declared, hidden, reasons(one))
            before, after = self._plain.get(key) or self._around_depth(key, start, one)
            yield f"{start}{before}{depth}{after}"

    def _around_depth(self, key: Hashable, start: str, one: AnswerNode) -> tuple[str, str]:
        rest = _dumps(self._graph.node_json(one)).removeprefix(start)
        before, _, after = rest.partition(f'"depth": {one.depth}')
        found = self._plain[key] = (f'{before}"depth": ', after)
        return found


class _Edges:
    """Edges of one graph as JSON text."""

    def __init__(self, graph: Graph):
        self._graph = graph
        self._plain: dict[Hashable, str] = {}

    def texts(self) -> Iterator[str]:
        """The JSON of each edge."""
        edges = self._graph.edges
        return self._of_columns(edges) if isinstance(edges, EdgeColumns) else map(self._text, edges)

    def _of_columns(self, edges: EdgeColumns) -> Iterator[str]:
        iris = list(map(quoted, edges.iris))
        for relation, *columns in edges.relations:
            start, rest, text = _start(relation), None, ""
            for source, target, sid, one in zip(*columns, strict=True):
                if one is not rest:  # edges without detail have the same one
                    rest, text = one, self._text(Edge("", "", "", "", *one)).removeprefix(_UP_TO_SID)
                yield f'{start}{iris[source]}, "target": {iris[target]}, "sid": "{sid.hex()}{text}'

    def _text(self, edge: Edge) -> str:
        relation, source, target, sid, identifier, roles, time, types, attributes, third, _, _, inferred = edge
        if identifier is not None or roles or time is not None or types or attributes or third:
            return _dumps(self._graph.edge_json(edge))
        start = f'{_start(relation)}{quoted(source)}, "target": {quoted(target)}, "sid": {quoted(sid)}'
        rest = self._plain.get(inferred)
        if rest is None:
            rest = self._plain[inferred] = _dumps(self._graph.edge_json(edge)).removeprefix(start)
        return start + rest


def _start(relation: str) -> str:
    return f'{{"relation": {quoted(relation)}, "source": '


_UP_TO_SID: Final = f'{_start("")}"", "target": "", "sid": "'
