"""The verb `history`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, as_of_option, rendering_options, show, verb


@verb("history")
@click.argument("id")
@click.option("--all", "everything", is_flag=True, help="Also entries that only a newer importer caused (rule 11).")
@click.option(
    "--derived", is_flag=True, help="Also statements that provstore generated (kept findings, saved segments)."
)
@as_of_option
@rendering_options("table")
def command(
    context: Context,
    id: str,
    everything: bool,
    derived: bool,
    as_of: str | None,
    rendering: str | None,
    output: str | None,
) -> None:
    """The ledger entries that changed what is said of ID, and its revisions.

    \b
    Example:
      provstore history mlflow:run/14d3afb2e4b444aea6df3a67e8c2c26e
    """
    with context.open() as store:
        result = store.history(id, everything=everything, derived=derived, as_of=as_of, **context.view())
        show(context, result, rendering, output)
