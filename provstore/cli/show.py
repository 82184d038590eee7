"""The verb `show`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, as_of_option, rendering_options, show, verb


@verb("show")
@click.argument("id")
@click.option("--series", is_flag=True, help="The points of a metric series: step, time, value.")
@as_of_option
@rendering_options("table")
def command(
    context: Context, id: str, series: bool, as_of: str | None, rendering: str | None, output: str | None
) -> None:
    """One element: its attributes, the statements about it, who said so and when.

    \b
    Examples:
      provstore show mlflow:model/churn/3
      provstore show 'rate 0.1'
      provstore show mlflow:series/14d3afb2e4b444aea6df3a67e8c2c26e/accuracy --series --format csv
    """
    with context.open() as store:
        if series:
            show(context, store.series(id, as_of=as_of, **context.view()), rendering, output)
        else:
            show(context, store.show(id, as_of=as_of, **context.view()), rendering, output)
