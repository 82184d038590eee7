"""The verb `graph`: the projection of the ledger in a graph engine."""

from __future__ import annotations

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer


@verb("graph")
@click.argument("action", type=click.Choice(["status", "rebuild", "catch-up", "repair"]))
def command(context: Context, action: str) -> int:
    """The graph that questions read: `status`, `rebuild` from the ledger, `catch-up`, or `repair` what was lost.

    \b
    Examples:
      provstore graph status
      provstore graph rebuild
    """
    with context.open() as store:
        report = store.graph(action)
    if context.as_json:
        answer(report)
    else:
        for name, value in report.items():
            click.echo(f"{name}: {value}")
    return 0
