"""Questions: an identifier or an expression comes in, one answer type goes out, whatever the engine.

One question, one file, one name; a file is loaded when its question is first asked. Source: rules 22 and 24 to 29.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provstore.questions import (
        ask,
        blame,
        diff,
        downstream,
        find,
        history,
        leakage,
        path,
        segment,
        show,
        summarize,
        upstream,
    )

__all__ = [
    "ask",
    "blame",
    "diff",
    "downstream",
    "find",
    "history",
    "leakage",
    "path",
    "segment",
    "show",
    "summarize",
    "upstream",
]


def __getattr__(name: str) -> Any:
    """The module of a question."""
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
