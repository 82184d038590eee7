"""The renderings by name: an answer comes in, text goes out. Each is one line of `renderings`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from provstore.errors import UsageError
from provstore.questions.result import Element, Found, Graph, Table
from provstore.reports.renderings import OF_ROWS, RENDERINGS

Answer = Graph | Table | Found | Element


def render(answer: Answer, name: str, **options: Any) -> str:
    """`answer` as text in the rendering `name`; ends with a newline.

    Args: name: one of `RENDERINGS`. options: as the rendering's own function says.
    Raises: UsageError: no such rendering, or it draws graphs and this answer is rows.
    """
    if name not in RENDERINGS:
        raise UsageError(f"there is no rendering {name!r}", next_step="Known: " + ", ".join(RENDERINGS))
    if RENDERINGS[name].draws and not isinstance(answer, Graph):
        raise UsageError(
            f"{name} draws a graph, and this answer is rows", next_step="Use one of: " + ", ".join(OF_ROWS)
        )
    module, _, function = RENDERINGS[name].function.partition(":")
    text: str = getattr(import_module(module), function)(answer, **options)
    return text


def rendered(answer: Answer, name: str) -> Iterator[str]:
    """As `render`, in pieces: the JSON of a large graph needs little memory that way."""
    if name == "json" and isinstance(answer, Graph):
        yield from answer.json_pieces()
        yield "\n"
    else:
        yield render(answer, name)


def usual(answer: Answer) -> str:
    """The rendering for people who name none: `tree` for a graph, `table` for everything else."""
    return "tree" if isinstance(answer, Graph) else "table"


def as_json(answer: Answer) -> str:
    """The JSON of docs/reference/json.md on one line."""
    if isinstance(answer, Graph):
        return "".join(rendered(answer, "json"))
    return json.dumps(answer.as_json(), ensure_ascii=False) + "\n"
