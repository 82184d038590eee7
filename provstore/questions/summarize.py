"""The question `summarize`: what many runs or segments have in common, without a path that none of them has.

Source: operator PgSum of Miao and Deshpande, arXiv 1810.04599; rules 24, 25 and 28.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, Literal

from provstore.errors import UsageError
from provstore.graph.contract import Edge, Node, Reader
from provstore.graph.expressions import parse
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import DOUBLE, ELEMENT_KINDS, PS, STRING, TYPE
from provstore.questions.result import AnswerNode, Graph, Truncated
from provstore.questions.summarizing import stopping
from provstore.questions.summarizing.merging import Merged, apt, pgsum, strict
from provstore.questions.summarizing.neighbourhoods import Hood, RkMethod
from provstore.questions.summarizing.pieces import Keys, Piece, Union, VertexClass, union
from provstore.questions.summarizing.result import Member, Outlier, Summary
from provstore.questions.summarizing.runs import pieces_of_runs
from provstore.questions.told import attribute_iri
from provstore.questions.unknown_attributes import unknown_attributes

Method = Literal["pgsum", "strict", "apt"]
METHODS: Final = ("pgsum", "strict", "apt")
_LOCAL: Final = re.compile(r"[^#/:]+$")


def summarize(
    reader: Reader,
    prefixes: Prefixes,
    *,
    segments: Mapping[str, Graph] | None = None,
    runs: str | None = None,
    keys: Sequence[str] = ("type",),
    rk: int = 0,
    rk_method: RkMethod = "exact",
    hood: Hood = "both",
    method: Method = "pgsum",
    budget_s: float | None = None,
    outliers: bool = False,
    rare: float = 0.25,
    as_of: int | None = None,
) -> Summary:
    """Blocks of alike elements of all segments, and of each edge the share of the segments that have it.

    Elements may be merged when they have the same kinds, the same values of the visible keys, and neighbourhoods that
    look alike up to a radius. With `pgsum` the summary has exactly the paths of the segments, none is new.

    Args: segments: by name, answers of `segment`. runs: an expression; each activity that matches is a segment with
    what it used and generated, its code and its agents. keys: attributes that stay visible, `KIND=ATTRIBUTE` for those
    of one kind; the kind always is. rk: radius of the neighbourhood, 0 for none. rk_method, hood: as `types_of`.
    method: `strict`: our stand-in for path-summary by equivalence; `apt`: by provenance types of depth `rk`, may show
    paths that no segment has. budget_s: stop merging after so many seconds. outliers: tell which segments take
    edges that at most the share `rare` of them takes, or miss one that all but that share have. as_of: the sequence
    that `reader` is as of.
    Raises: UsageError: neither segments nor runs, an expression or a key that cannot be read, a word that is no choice.
    """
    _require_choices(method, rk, rare)
    if runs is None and not segments:
        raise UsageError("expected segments or runs to summarize", next_step="Name them by --segment or --runs.")
    visible = _keys(keys, prefixes)
    pieces = [_piece(name, segment) for name, segment in (segments or {}).items()]
    if runs is not None:
        pieces += pieces_of_runs(reader, prefixes, runs)
    misspelt = () if runs is None else unknown_attributes(reader, [parse(runs, prefixes)], prefixes)
    stop = stopping.never if budget_s is None else stopping.after(budget_s)
    whole, merged = _merged(pieces, visible, method, rk, rk_method, hood, stop)
    asked = {
        "segments": sorted(segments or ()), "runs": runs, "keys": list(keys), "rk": rk, "rk_method": rk_method,
        "hood": hood, "method": method, "budget_s": budget_s, "outliers": outliers, "rare": rare,
    }  # fmt: skip
    parts = _blocks(whole, merged.blocks, prefixes)
    told: tuple[Outlier, ...] | None = None
    if outliers:
        told = _outliers([piece.name for piece in pieces], parts["edges"], parts["behind"], rare)
    return Summary(
        question="summarize",
        parameters=asked,
        truncated=Truncated("time", budget_s, None) if merged.stopped and budget_s is not None else None,
        incomplete=any(piece.hidden for piece in pieces),
        as_of=as_of,
        notes=(*_notes(whole, visible, method, prefixes), *_notes_of(segments or {}), *misspelt),
        prefixes=prefixes,
        segments=tuple(piece.name for piece in pieces),
        outliers=told,
        **parts,
    )


def _require_choices(method: str, rk: int, rare: float) -> None:
    if method not in METHODS:
        raise UsageError(f"expected one of {', '.join(METHODS)}, found {method!r}", where="--method")
    if rk < 0:
        raise UsageError(f"expected 0 or more, found {rk}", where="--rk")
    if not 0 <= rare < 0.5:
        raise UsageError(f"expected a share of at least 0 and below 0.5, found {rare}", where="--rare")


def _keys(keys: Sequence[str], prefixes: Prefixes) -> Keys:
    """By kind the attributes that stay visible. `kind` is no attribute and always visible."""
    visible: dict[str, list[str]] = {kind: [] for kind in (*ELEMENT_KINDS, "unknown")}
    for one in keys:
        kind, equals, name = one.partition("=")
        if equals and kind not in visible:
            raise UsageError(f"expected {', '.join(ELEMENT_KINDS)} before =, found {kind!r}", where="--keys")
        name = name.strip() if equals else one.strip()
        if not name:
            raise UsageError(f"expected the name of an attribute, found {one!r}", where="--keys")
        if name != "kind":
            for of_kind in [kind] if equals else visible:
                visible[of_kind].append(attribute_iri(name, prefixes))
    return {kind: tuple(dict.fromkeys(names)) for kind, names in visible.items()}


def _piece(name: str, segment: Graph) -> Piece:
    inside = segment.iris()
    edges = [edge for edge in segment.edges if edge.source in inside and edge.target in inside]
    hidden = frozenset(one.node.iri for one in segment.nodes if one.hidden)
    return Piece(name, [one.node for one in segment.nodes], edges, hidden)


def _merged(
    pieces: Sequence[Piece],
    keys: Keys,
    method: Method,
    rk: int,
    rk_method: RkMethod,
    hood: Hood,
    stop: stopping.Stop,
) -> tuple[Union, Merged]:
    if method == "apt":
        whole = union(pieces, keys)
        return whole, apt(whole.graph, rk, stop)
    try:
        whole = union(pieces, keys, rk=rk, rk_method=rk_method, hood=hood, stop=stop)
    except stopping.Stopped:
        whole = union(pieces, keys)
        return whole, Merged(list(range(len(whole.vertices))), stopped=True)
    return whole, (pgsum if method == "pgsum" else strict)(whole.graph, stop)


def _blocks(whole: Union, blocks: Sequence[int], prefixes: Prefixes) -> dict[str, Any]:
    """Nodes, edges, members, classes and segments behind each edge, ids in the order of classes, then size."""
    inside: defaultdict[int, list[int]] = defaultdict(list)
    for vertex, block in enumerate(blocks):
        inside[block].append(vertex)
    ordered = sorted(inside.values(), key=lambda some: (whole.graph.classes[some[0]], -len(some), some))
    ids = {vertex: f"m{number + 1}" for number, some in enumerate(ordered) for vertex in some}
    behind: defaultdict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for vertex, arcs in enumerate(whole.graph.causes):
        for relation, cause in arcs:
            name = whole.pieces[whole.vertices[vertex][0]].name
            behind[ids[vertex], whole.relations[relation], ids[cause]][name] = None
    members, classes, nodes = {}, {}, []
    names = [piece.name for piece in whole.pieces]
    depths = _depths(ids.values(), behind)
    for some in ordered:
        number = ids[some[0]]
        own = whole.classes[whole.graph.classes[some[0]]]
        text = _text(own, prefixes)
        members[number] = tuple(Member(names[piece], node.iri) for piece, node in map(whole.vertices.__getitem__, some))
        classes[number] = text, own
        hidden = any(node.iri in whole.pieces[piece].hidden for piece, node in map(whole.vertices.__getitem__, some))
        nodes.append(AnswerNode(_node(number, text, own, len(some)), depths[number], hidden))
    count = len(whole.pieces)
    order = {name: number for number, name in enumerate(names)}
    shares = {edge: tuple(sorted(some, key=order.__getitem__)) for edge, some in behind.items()}
    edges = [
        Edge(x, s, t, "", attributes={PS + "gamma": (Value(DOUBLE, repr(len(some) / count), ""),)})
        for (s, x, t), some in shares.items()
    ]
    edges.sort(key=lambda edge: (edge.relation, int(edge.source[1:]), int(edge.target[1:])))
    return {
        "nodes": tuple(sorted(nodes, key=lambda one: (one.depth, int(one.node.iri[1:])))),
        "edges": tuple(edges), "members": members, "classes": classes, "behind": shares,
    }  # fmt: skip


def _node(number: str, text: str, own: VertexClass, size: int) -> Node:
    kinds = tuple(kind for kind in ELEMENT_KINDS if kind in own.kinds)
    attributes = {key: values for key, values in own.values if values}
    attributes[PS + "members"] = (Value(STRING, str(size), ""),)
    return Node(number, kinds, True, label=f"{text} ×{size}", attributes=attributes)


def _text(own: VertexClass, prefixes: Prefixes) -> str:
    """A class in words: types by their local names, other values as `name = value`; without any, the kind."""
    said = []
    for key, values in own.values:
        name = prefixes.shorten(key).removeprefix("ps:")
        if key == TYPE:
            said.append(", ".join(_type(value) for value in _telling(values)))
        elif values:
            said.append(f"{name} = {', '.join(prefixes.shorten(value.lexical) for value in values)}")
    text = " · ".join(filter(None, said)) or ", ".join(own.kinds)
    return f"{text} · around {own.neighbourhood}" if own.neighbourhood else text


def _telling(values: Sequence[Value]) -> list[Value]:
    """Types in the order in which a badge ranks them: provstore's first."""
    return sorted(values, key=lambda value: (not value.lexical.startswith(PS), value.lexical))


def _type(value: Value) -> str:
    local = _LOCAL.search(value.lexical)
    return local[0] if local else value.lexical


def _depths(ids: Any, behind: Mapping[tuple[str, str, str], Any]) -> dict[str, int]:
    """Fewest edges from what nothing came of; of what only circles lead to, 0."""
    causes: defaultdict[str, list[str]] = defaultdict(list)
    for source, _, target in behind:
        causes[source].append(target)
    entered = {target for source, _, target in behind if source != target}
    depths = dict.fromkeys((one for one in ids if one not in entered), 0)
    frontier = list(depths)
    for one in frontier:  # grows while it is read
        for cause in causes[one]:
            if cause not in depths:
                depths[cause] = depths[one] + 1
                frontier.append(cause)
    return depths | {one: 0 for one in ids if one not in depths}


def _outliers(
    names: Sequence[str], edges: Sequence[Edge], behind: Mapping[tuple[str, str, str], Sequence[str]], rare: float
) -> tuple[Outlier, ...]:
    """The segments that take rare edges or miss frequent ones, those with the most first."""
    takes: defaultdict[str, list[Edge]] = defaultdict(list)
    misses: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        have = behind[edge.source, edge.relation, edge.target]
        # A quotient is as near to the share as can be, a product is not.
        if len(have) / len(names) <= rare:
            for name in have:
                takes[name].append(edge)
        elif (len(names) - len(have)) / len(names) <= rare:
            for name in set(names) - set(have):
                misses[name].append(edge)
    found = (Outlier(name, tuple(takes[name]), tuple(misses[name])) for name in names if takes[name] or misses[name])
    return tuple(sorted(found, key=lambda one: (-len(one.takes), -len(one.misses), one.segment)))


def _notes_of(segments: Mapping[str, Graph]) -> list[str]:
    return [f"{name}: {note}" for name, segment in segments.items() for note in segment.notes]


def _notes(whole: Union, keys: Keys, method: Method, prefixes: Prefixes) -> tuple[str, ...]:
    if not whole.pieces:
        return ("no run matches",)
    notes = []
    if len(whole.pieces) == 1:
        notes.append("there is one segment: what is alike within it is merged")
    if method == "apt":
        notes.append("provenance types: the picture may show paths that no segment has")
    known = {key for _, node in whole.vertices for key in node.attributes}
    for key in dict.fromkeys(key for of_kind in keys.values() for key in of_kind):
        if key not in known:
            near = get_close_matches(prefixes.shorten(key), map(prefixes.shorten, known), 3, cutoff=0.75)
            hint = f"; nearest: {', '.join(near)}" if near else ""
            notes.append(f"no element of these segments has {prefixes.shorten(key)}{hint}")
    return tuple(notes)
