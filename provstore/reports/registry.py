"""The renderings by name, one line each: an answer comes in, text goes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

from provstore.errors import UsageError
from provstore.questions.result import Element, Found, Graph, Table

Answer = Graph | Table | Found | Element

RENDERINGS: Final = {
    "tree": "provstore.reports.tree:render",
    "table": "provstore.reports.table:render",
    "json": "provstore.reports.registry:as_json",
    "csv": "provstore.reports.csv:render",
    "dot": "provstore.reports.dot:render",
    "mermaid": "provstore.reports.mermaid:render",
    "svg": "provstore.reports.svg:render",
    "html": "provstore.reports.html:render",
}
_NEED_A_GRAPH: Final = frozenset({"tree", "dot", "mermaid", "svg"})


def render(answer: Answer, name: str, **options: Any) -> str:
    """`answer` as text in the rendering `name`; ends with a newline.

    Args: name: one of `RENDERINGS`. options: as the rendering's own function says.
    Raises: UsageError: no such rendering, or it draws graphs and this answer is rows.
    """
    if name not in RENDERINGS:
        raise UsageError(f"there is no rendering {name!r}", next_step="Known: " + ", ".join(RENDERINGS))
    if name in _NEED_A_GRAPH and not isinstance(answer, Graph):
        usable = ", ".join(one for one in RENDERINGS if one not in _NEED_A_GRAPH)
        raise UsageError(f"{name} draws a graph, and this answer is rows", next_step=f"Use one of: {usable}")
    module, _, function = RENDERINGS[name].partition(":")
    text: str = getattr(import_module(module), function)(answer, **options)
    return text


def rendered(answer: Answer, name: str) -> Iterator[str]:
    """As `render`, in pieces: the JSON of a large graph needs little memory that way."""
    if name == "json" and isinstance(answer, Graph):
        yield from answer.json_pieces()
        yield "\n"
    else:
        yield render(answer, name)


def as_json(answer: Answer) -> str:
    """The JSON of docs/reference/json.md on one line."""
    if isinstance(answer, Graph):
        return "".join(rendered(answer, "json"))
    return json.dumps(answer.as_json(), ensure_ascii=False) + "\n"
