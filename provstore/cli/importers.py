"""The verb `importers`."""

from __future__ import annotations

from provstore.cli.common import Context, rendering_options, show, verb


@verb("importers")
@rendering_options("table")
def command(context: Context, rendering: str | None, output: str | None) -> None:
    """Lists the trackers that `provstore import` reads: kind, version, and what is recovered."""
    from provstore.importers.registry import kinds, load
    from provstore.questions.result import Table

    found = [load(kind) for kind in kinds()]
    rows = tuple((one.kind, one.version, ", ".join(one.recovers)) for one in found)
    table = Table(question="importers", parameters={}, columns=("kind", "version", "recovers"), rows=rows)
    show(context, table, rendering, output)
