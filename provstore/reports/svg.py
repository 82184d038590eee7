"""A graph answer as one self-contained SVG: causes left, effects right, arrows from effect to cause as in PROV.

It reads without colours (kinds differ in shape and in words), without script, and aloud (title, description, titles).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from provstore.graph.contract import Edge
from provstore.model.terms import CONTENT
from provstore.questions.result import AnswerNode, Graph
from provstore.reports.labels import Label, apart
from provstore.reports.layout import Layout, Point, layout
from provstore.reports.picture import STITCHES, Picture, picture
from provstore.reports.reasons import REASONS, reasons_of, reasons_present
from provstore.reports.shares import heading, share, width_class
from provstore.reports.words import caption, clean, closing, counted, remarks, short
from provstore.reports.wrapping import squeeze, wrap
from provstore.reports.wrapping import width as wide

_WIDTH: Final = 216.0
_CONTENT_WIDTH: Final = 150.0
_HALVES: Final = (_WIDTH / 2, -_WIDTH / 2)
_PADDING: Final = 12.0
_TITLE_PX, _SMALL_PX = 13.5, 10.5
_TITLE_LINES: Final = 3
_MONOSPACE_EM: Final = 0.62
_MARGIN: Final = 28.0
_GAP: Final = 120.0
_LABEL_HEIGHT: Final = 13.0
_LABEL_MARGIN: Final = 8.0
_LEGEND_HEIGHT: Final = 40.0
_REASON_HEIGHT: Final = 17.0
_BAND: Final = 7.0
# Up to so many edges their names are drawn; above, they show on hovering.
_LABELLED_EDGES: Final = 60
_WHO: Final = frozenset({"wasAssociatedWith", "wasAttributedTo", "actedOnBehalfOf"})

Links = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class _Box:
    """A node as drawn: its words, wrapped, and its size in px."""

    one: AnswerNode
    badge: str
    title: list[str]
    name: str
    width: float
    height: float
    why: tuple[str, ...] = ()


def render(answer: Graph, *, edge_labels: bool | None = None, max_nodes: int | None = None) -> str:
    """The picture as an SVG document.

    Args: edge_labels: draw the names of relations (None: when there are few edges). max_nodes: as picture.picture.
    """
    return draw(answer, picture(answer, max_nodes=max_nodes), edge_labels=edge_labels, style=stylesheet())


def draw(
    answer: Graph,
    shown: Picture,
    *,
    edge_labels: bool | None = None,
    style: str | None = None,
    link: Links = lambda iri: None,
    legend: bool = True,
) -> str:
    """The `<svg>` element.

    Args: style: CSS to put inside; None when the page around has it. link: where a click on a node leads, by its IRI.
    legend: what shapes mean, below the graph.
    """
    boxes = [replace(_box(one, answer), why=reasons_of(answer, one)) for one in shown.nodes]
    index = shown.index()
    ends = [(index[edge.source], index[edge.target]) for edge in shown.edges]
    labelled = len(shown.edges) <= _LABELLED_EDGES if edge_labels is None else edge_labels
    names = [_relation(edge, answer) for edge in shown.edges]
    # Between equal bytes the pill says it.
    labels = [
        short(name) if labelled and edge.relation not in STITCHES else ""
        for name, edge in zip(names, shown.edges, strict=True)
    ]
    gap = max([_GAP, *(wide(label, _SMALL_PX) + 2 * _LABEL_MARGIN for label in labels)])
    laid = layout([(box.height, box.width) for box in boxes], ends, gap_across=20, gap_along=gap)
    present = reasons_present(answer) if legend else []
    below = _LEGEND_HEIGHT + _REASON_HEIGHT * len(present) if legend else 0.0
    width, height = laid.length + 2 * _MARGIN, laid.breadth + 2 * _MARGIN + below
    width = max(width, 620.0 if legend else 0)
    canvas = _Canvas(boxes, laid, ends, labels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pv" role="img" aria-labelledby="pv-title pv-desc" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">',
        f'<title id="pv-title">{_text(_title(answer))}</title>',
        f'<desc id="pv-desc">{_text(_description(answer, shown))}</desc>',
        f"<style>{style}</style>" if style else "",
        *(_legend(height - _REASON_HEIGHT * len(present)) if legend else ()),
        *(_reason(reason, height - 16 - _REASON_HEIGHT * line) for line, reason in enumerate(reversed(present))),
        *(canvas.edge(number, edge, answer, names[number]) for number, edge in enumerate(shown.edges)),
        *(canvas.label(number) for number in range(len(shown.edges))),
        *(canvas.node(number, link(box.one.node.iri)) for number, box in enumerate(boxes)),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


@cache
def stylesheet() -> str:
    """The CSS of pictures, as it stands in the file."""
    return (Path(__file__).parent / "templates" / "picture.css").read_text(encoding="utf-8")


class _Canvas:
    """Where boxes lie in px (layers run from right to left), and where edges meet them."""

    def __init__(
        self, boxes: Sequence[_Box], laid: Layout, ends: Sequence[tuple[int, int]], labels: Sequence[str]
    ) -> None:
        self._boxes, self._laid, self._ends, self._labels = boxes, laid, ends, labels
        self._ports = _ports(boxes, laid, ends)
        self._paths = [self._path(number, *pair) for number, pair in enumerate(ends)]
        drawn = [number for number, label in enumerate(labels) if label]
        wanted = [Label(self._paths[number][1], wide(labels[number], _SMALL_PX)) for number in drawn]
        low, high = _MARGIN / 2, laid.breadth + _MARGIN * 3 / 2
        self._label_places = dict(zip(drawn, apart(wanted, _LABEL_HEIGHT, low, high), strict=True))

    def _at(self, across: float, along: float) -> Point:
        return _MARGIN + self._laid.length - along, _MARGIN + across

    def _at_point(self, point: Point) -> Point:
        return self._at(*point)

    def _centre(self, box: int) -> Point:
        return self._at(self._laid.across[box], self._laid.along[box])

    def node(self, number: int, href: str | None) -> str:
        box = self._boxes[number]
        x, y = self._centre(number)
        left, top = x - box.width / 2, y - box.height / 2
        lines = [
            _shape(box, left, top),
            *_bands(box, left, top),
            _glyph(box, left + _PADDING + 4, top + 16),
            f'<text class="badge" x="{left + _PADDING + 13:.1f}" y="{top + 20:.1f}">{_text(box.badge)}</text>',
        ]
        for row, line in enumerate(box.title):
            lines.append(
                f'<text class="title" x="{left + _PADDING:.1f}" y="{top + 38 + 17 * row:.1f}">{_text(line)}</text>'
            )
        if box.name:
            below = top + 36 + 17 * len(box.title)
            lines.append(f'<text class="name" x="{left + _PADDING:.1f}" y="{below:.1f}">{_text(box.name)}</text>')
        body = f"<title>{_text(_spoken(box))}</title>" + "".join(lines)
        classes = f'<g class="{_classes(box.one)}">'
        return f"{classes}<a href={quoteattr(href)}>{body}</a></g>" if href else f"{classes}{body}</g>"

    def edge(self, number: int, edge: Edge, answer: Graph, name: str) -> str:
        source, target = self._ends[number]
        path, _, tip = self._paths[number]
        kind = (
            "relation stitch" if edge.relation in STITCHES else "relation who" if edge.relation in _WHO else "relation"
        )
        kind += width_class(answer, edge)
        ends = (self._boxes[source].one, self._boxes[target].one)
        said = " ".join((_named(ends[0], answer), name, _named(ends[1], answer), edge.time or "")).strip()
        return (
            f'<g class="{kind}"><title>{_text(said)}</title><path class="edge" d="{path}"/>'
            f'<path class="hit" d="{path}"/><path class="tip" d="{tip}"/></g>'
        )

    def label(self, number: int) -> str:
        """The name of an edge; drawn after all edges, so that none strikes it out."""
        if number not in self._label_places:
            return ""
        x, y = self._label_places[number]
        return f'<text class="label" x="{x:.1f}" y="{y + 3:.1f}">{_text(self._labels[number])}</text>'

    def _path(self, number: int, source: int, target: int) -> tuple[str, Point, str]:
        """The curve from the side of one box to the side of the other, its middle, and the arrow's tip."""
        leave, arrive = self._ports[number]
        (sx, sy), (tx, ty) = self._centre(source), self._centre(target)
        side = 1.0 if sx >= tx else -1.0  # causes lie to the left; in a cycle one edge goes right
        if source == target:
            return self._loop(source)
        start = (sx - side * self._boxes[source].width / 2, sy + leave)
        end = (tx + side * self._boxes[target].width / 2, ty + arrive)
        # A route crosses each layer level, from one side of its boxes to the other, so that it passes behind none.
        passed = [(x + side * half, y) for x, y in map(self._at_point, self._laid.routes[number]) for half in _HALVES]
        stops = [start, *passed, (end[0] + side * 7, end[1])]
        path, middle = _curve(stops)
        tip = f"M{end[0]:.1f} {end[1]:.1f}l{side * 9:.1f} -4v8z"
        return path, middle, tip

    def _loop(self, box: int) -> tuple[str, Point, str]:
        x, y = self._centre(box)
        top = y - self._boxes[box].height / 2
        path = f"M{x - 20:.1f} {top:.1f}c-8 -24 48 -24 40 -6"
        return path, (x, top - 18), f"M{x + 20:.1f} {top:.1f}l-4 -9h8z"


def _relation(edge: Edge, answer: Graph) -> str:
    """An edge's relation, its roles, and the share of segments that have it."""
    roles = ", ".join(clean(answer.prefixes.shorten(role)) for role in edge.roles)
    return edge.relation + (f" ({roles})" if roles else "") + share(answer, edge)


def _ports(boxes: Sequence[_Box], laid: Layout, ends: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """How far from the middle of its side each edge leaves and arrives: spread in the order of the other ends."""
    sides: dict[tuple[int, bool], list[tuple[float, int, int]]] = defaultdict(list)
    for number, (source, target) in enumerate(ends):
        route = laid.routes[number]
        forwards = laid.along[source] <= laid.along[target]
        first = route[0][0] if route else laid.across[target]
        last = route[-1][0] if route else laid.across[source]
        sides[source, forwards].append((first, number, 0))
        sides[target, not forwards].append((last, number, 1))
    ports = [[0.0, 0.0] for _ in ends]
    for (box, _), meeting in sides.items():
        step = min(12.0, (boxes[box].height - 20) / len(meeting))
        for place, (_, number, end) in enumerate(sorted(meeting)):
            ports[number][end] = (place - (len(meeting) - 1) / 2) * step
    return [(leave, arrive) for leave, arrive in ports]


def _curve(stops: Sequence[Point]) -> tuple[str, Point]:
    """A path of horizontal-tangent cubics through the stops, and a point in its middle."""
    parts = [f"M{stops[0][0]:.1f} {stops[0][1]:.1f}"]
    for (ax, ay), (bx, by) in pairwise(stops):
        bend = (bx - ax) / 2
        parts.append(f"C{ax + bend:.1f} {ay:.1f} {bx - bend:.1f} {by:.1f} {bx:.1f} {by:.1f}")
    half = len(stops) // 2
    (ax, ay), (bx, by) = stops[half - 1], stops[half]
    return "".join(parts), ((ax + bx) / 2, (ay + by) / 2)


def _box(one: AnswerNode, answer: Graph) -> _Box:
    title, badge, name = caption(one.node, answer.prefixes)
    notes = " · ".join([badge, *remarks(one.node, hidden=one.hidden)])
    width = _CONTENT_WIDTH if one.node.iri.startswith(CONTENT) else _WIDTH
    room = width - 2 * _PADDING
    if one.node.iri.startswith(CONTENT):
        return _Box(one, "same bytes", [], name, width, 44.0)
    lines = wrap(short(title), room, _TITLE_PX * 1.04, _TITLE_LINES)
    below = "" if name == title else squeeze(short(name), int(room / (_SMALL_PX * _MONOSPACE_EM)))
    height = 32.0 + 17 * len(lines) + (16 if below else 2)
    return _Box(one, wrap(notes, room - 13, _SMALL_PX * 1.06, 1)[0], lines, below, width, height)


def _classes(one: AnswerNode) -> str:
    kind = "content" if one.node.iri.startswith(CONTENT) else one.node.kind
    start = " start" if one.depth == 0 else ""
    return f"{kind}{start}" + ("" if one.node.declared or kind == "content" else " mentioned")


def _shape(box: _Box, left: float, top: float) -> str:
    """The outline: entities rounded, activities square, agents pointed, content nodes pills."""
    width, height, node = box.width, box.height, box.one.node
    if node.kind == "agent":
        cut = 9.0
        right, low = left + width, top + height
        points = (
            f"{left:.1f},{low:.1f} {left:.1f},{top + cut:.1f} {left + cut:.1f},{top:.1f} {right - cut:.1f},{top:.1f} "
        )
        return f'<polygon class="box" points="{points}{right:.1f},{top + cut:.1f} {right:.1f},{low:.1f}"/>'
    radius = height / 2 if node.iri.startswith(CONTENT) else 10 if node.kind == "entity" else 0
    return (
        f'<rect class="box" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:.0f}"/>'
    )


def _bands(box: _Box, left: float, top: float) -> Iterator[str]:
    """Below the box, a band for each reason why it is there."""
    width = box.width / max(1, len(box.why))
    for place, reason in enumerate(box.why):
        yield (
            f'<rect class="why {reason}" x="{left + place * width:.1f}" y="{top + box.height + 2:.1f}" '
            f'width="{width - 1:.1f}" height="{_BAND:.0f}"/>'
        )


def _reason(reason: str, y: float) -> str:
    return (
        f'<g class="legend" aria-hidden="true" transform="translate({_MARGIN:.0f} {y:.0f})">'
        f'<rect class="why {reason}" y="-8" width="16" height="{_BAND:.0f}"/>'
        f'<text x="22">{_text(f"{reason}: {REASONS[reason]}")}</text></g>'
    )


def _glyph(box: _Box, x: float, y: float) -> str:
    kind = box.one.node.kind
    if kind == "activity":
        return f'<rect class="glyph" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
    if kind == "agent":
        return f'<path class="glyph" d="M{x:.1f} {y - 5:.1f}l5 9h-10z"/>'
    return f'<circle class="glyph" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'


def _legend(height: float) -> Iterator[str]:
    entries = (("entity", "thing (entity)"), ("activity", "activity"), ("agent", "agent"), ("content", "same bytes"))
    yield f'<g class="legend" aria-hidden="true" transform="translate({_MARGIN:.0f} {height - 20:.0f})">'
    marks = (
        '<rect class="box" y="-10" width="16" height="12" rx="4"/>',
        '<rect class="box" y="-10" width="16" height="12"/>',
        '<polygon class="box" points="0,2 0,-6 4,-10 12,-10 16,-6 16,2"/>',
        '<rect class="box" y="-10" width="16" height="12" rx="6"/>',
    )
    x = 0
    for (kind, words), mark in zip(entries, marks, strict=True):
        yield f'<g class="{kind}" transform="translate({x} 0)">{mark}<text x="22">{words}</text></g>'
        x += 46 + 6 * len(words)
    yield f'<text x="{x}">arrows lead from effect to cause</text></g>'


def _title(answer: Graph) -> str:
    starts = [caption(one.node, answer.prefixes).title for one in answer.nodes if one.depth == 0]
    return heading(answer) or clean(answer.question) + (f" of {', '.join(starts[:3])}" if starts else "")


def _description(answer: Graph, shown: Picture) -> str:
    kinds = {
        kind: sum(one.node.kind == kind for one in shown.nodes) for kind in ("entity", "activity", "agent", "unknown")
    }
    said = ", ".join(counted(n, "thing" if kind == "entity" else kind) for kind, n in kinds.items() if n)
    return " ".join((f"{said}." if said else "", *closing(answer), *shown.left_out)).strip()


def _named(one: AnswerNode, answer: Graph) -> str:
    return caption(one.node, answer.prefixes).title


def _spoken(box: _Box) -> str:
    node = box.one.node
    label = clean(node.label or "")
    said = f"{box.badge}: {label} ({clean(node.iri)})" if label else f"{box.badge}: {clean(node.iri)}"
    return "; ".join((said, *(f"{reason}, {REASONS[reason]}" for reason in box.why)))


def _text(text: str) -> str:
    return escape(text)
