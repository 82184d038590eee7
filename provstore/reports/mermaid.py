"""A graph answer as a Mermaid flowchart; every character that Mermaid could read as syntax is an entity code."""

from __future__ import annotations

import re
from typing import Final

from provstore.model.terms import CONTENT
from provstore.questions.result import AnswerNode, Graph
from provstore.reports.picture import STITCHES, picture
from provstore.reports.shares import share
from provstore.reports.words import caption, clean, closing, remarks, short

# Letters and digits of any script, and marks that mean nothing to Mermaid, Markdown or HTML.
_HARMLESS: Final = re.compile(r"[^\w .,:/@+…-]")
_SHAPES: Final = {"entity": ("(", ")"), "activity": ("[", "]"), "agent": ("{{", "}}"), "unknown": ("[", "]")}
_CLASSES: Final = (
    "classDef entity fill:#fdf3c4,stroke:#8a6d00,color:#1d1d1f",
    "classDef activity fill:#d5e8f7,stroke:#1f5f99,color:#1d1d1f",
    "classDef agent fill:#f7dccb,stroke:#a8430b,color:#1d1d1f",
    "classDef unknown fill:#f1f1f3,stroke:#6b6b75,stroke-dasharray:4,color:#1d1d1f",
)


def render(answer: Graph) -> str:
    """The graph as a flowchart, causes to the left; what was cut stands in comments at the top."""
    drawn = picture(answer)
    index = drawn.index()
    lines = ["flowchart RL", *(f"  %% {_comment(line)}" for line in (*closing(answer), *drawn.left_out))]
    lines += [f"  n{index[one.node.iri]}{_node(one, answer)}" for one in drawn.nodes]
    for edge in drawn.edges:
        arrow = "-.->" if edge.relation in STITCHES else "-->"
        roles = f" ({', '.join(map(answer.prefixes.shorten, edge.roles))})" if edge.roles else ""
        label = escaped(edge.relation + roles + share(answer, edge))
        lines.append(f'  n{index[edge.source]} {arrow}|"{label}"| n{index[edge.target]}')
    return "\n".join([*lines, *(f"  {one}" for one in _CLASSES)]) + "\n"


def escaped(text: str) -> str:
    """`text` for a quoted Mermaid label: every other character than letters, digits and `.,:/@+-` as `#code;`."""
    return _HARMLESS.sub(lambda match: f"#{ord(match[0])};", clean(text))


def _comment(text: str) -> str:
    # `{` in a comment can open a directive.
    return re.sub(r"[{}%]", "", text)


def _node(one: AnswerNode, answer: Graph) -> str:
    title, badge, name = caption(one.node, answer.prefixes)
    notes = ", ".join([badge, *remarks(one.node, hidden=one.hidden)])
    lines = [short(title), notes] if title == name else [short(title), notes, short(name)]
    opening, end = ("([", "])") if one.node.iri.startswith(CONTENT) else _SHAPES[one.node.kind]
    return f'{opening}"{"<br/>".join(map(escaped, lines))}"{end}:::{one.node.kind}'
