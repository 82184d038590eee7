"""The verb `blame`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, as_of_option, rendering_options, show, verb


@verb("blame")
@click.argument("id")
@click.argument("attribute")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Do not skip entries made only because a newer importer re-read the source.",
)
@as_of_option
@rendering_options("table")
def command(
    context: Context,
    id: str,
    attribute: str,
    everything: bool,
    as_of: str | None,
    rendering: str | None,
    output: str | None,
) -> None:
    """Who said the values of ATTRIBUTE of ID, from which source, when, and what each one replaced.

    \b
    Example:
      provstore blame mlflow:model/churn/3 ps:stage
    """
    with context.open() as store:
        result = store.blame(id, attribute, everything=everything, as_of=as_of, **context.view())
        show(context, result, rendering, output)
