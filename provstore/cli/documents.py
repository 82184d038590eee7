"""The verb `documents`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, rendering_options, show, verb


@verb("documents")
@click.option("--live", is_flag=True, help="Only those in force.")
@click.option("--unit", metavar="UNIT", help="Only those that speak for UNIT (rule 7).")
@rendering_options("table")
def command(context: Context, live: bool, unit: str | None, rendering: str | None, output: str | None) -> None:
    """What was taken in: sequence, time, who, from where, live or not.

    \b
    Example:
      provstore documents --live --json
    """
    with context.open() as store:
        show(context, store.documents(live=live, unit=unit, **context.view()), rendering, output)
