"""The renderings, one line each, and what an export is written in: names for the command line's help, in no time."""

from __future__ import annotations

from typing import Final, NamedTuple


class Rendering(NamedTuple):
    """`function`: what writes it, `module:name`. `endings`: of files. `draws`: it needs a graph, rows will not do."""

    function: str
    endings: tuple[str, ...]
    draws: bool = False


RENDERINGS: Final = {
    "tree": Rendering("provstore.reports.tree:render", ("tree", "txt"), draws=True),
    "table": Rendering("provstore.reports.table:render", ("table", "txt")),
    "json": Rendering("provstore.reports.registry:as_json", ("json",)),
    "csv": Rendering("provstore.reports.csv:render", ("csv",)),
    "dot": Rendering("provstore.reports.dot:render", ("dot", "gv"), draws=True),
    "mermaid": Rendering("provstore.reports.mermaid:render", ("mermaid", "mmd"), draws=True),
    "svg": Rendering("provstore.reports.svg:render", ("svg",), draws=True),
    "html": Rendering("provstore.reports.html:render", ("html", "htm")),
}
# What an answer of rows can be written as.
OF_ROWS: Final = tuple(name for name, one in RENDERINGS.items() if not one.draws)
# Besides the PROV formats, what an export can be written in.
CSV: Final = "csv"


def export_formats() -> tuple[str, ...]:
    """The names of what an export can be written in: the PROV formats and `csv`."""
    from provstore.formats.registry import NAMES

    return *NAMES, CSV
