"""A graph answer in the DOT language of Graphviz; names are quoted text, node ids are our own."""

from __future__ import annotations

from typing import Final

from provstore.model.terms import CONTENT
from provstore.questions.result import AnswerNode, Graph
from provstore.reports.picture import STITCHES, picture
from provstore.reports.shares import share
from provstore.reports.words import caption, clean, closing, remarks, short

_STYLES: Final = {
    "entity": 'shape=box, style="rounded,filled", fillcolor="#fdf3c4"',
    "activity": 'shape=box, style="filled", fillcolor="#d5e8f7"',
    "agent": 'shape=house, style="filled", fillcolor="#f7dccb"',
    "unknown": 'shape=box, style="dashed"',
}
_CONTENT: Final = 'shape=oval, style="dashed"'


def render(answer: Graph) -> str:
    """The graph as DOT, causes to the left; what was cut stands in comments at the top."""
    drawn = picture(answer)
    index = drawn.index()
    lines = [f"// {line}" for line in (*closing(answer), *drawn.left_out)]
    lines += ["digraph provenance {", "  rankdir=RL;", '  node [fontname="Helvetica", fontsize=11];']
    lines.append('  edge [fontname="Helvetica", fontsize=9];')
    lines += [f"  n{index[one.node.iri]} {_node(one, answer)};" for one in drawn.nodes]
    for edge in drawn.edges:
        style = ", style=dashed" if edge.relation in STITCHES else ""
        label = quoted(_label(edge.relation, edge.roles, answer) + share(answer, edge))
        lines.append(f"  n{index[edge.source]} -> n{index[edge.target]} [label={label}{style}];")
    return "\n".join([*lines, "}"]) + "\n"


def quoted(*lines: str) -> str:
    """Lines as one quoted DOT string: quotes and backslashes escaped, `&` too, which Graphviz reads as an entity."""
    escaped = (clean(line).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines)
    return '"' + "\\n".join(escaped) + '"'


def _node(one: AnswerNode, answer: Graph) -> str:
    title, badge, name = caption(one.node, answer.prefixes)
    notes = ", ".join([badge, *remarks(one.node, hidden=one.hidden)])
    lines = [short(title), f"[{notes}]"] if title == name else [short(title), f"[{notes}]", short(name)]
    style = _CONTENT if one.node.iri.startswith(CONTENT) else _STYLES[one.node.kind]
    return f"[label={quoted(*lines)}, tooltip={quoted(one.node.iri)}, {style}]"


def _label(relation: str, roles: tuple[str, ...], answer: Graph) -> str:
    return f"{relation} ({', '.join(map(answer.prefixes.shorten, roles))})" if roles else relation
