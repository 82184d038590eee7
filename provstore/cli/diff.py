"""The verb `diff`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, as_of_option, rendering_options, show, verb


@verb("diff")
@click.argument("a")
@click.argument("b")
@as_of_option
@rendering_options("table")
def command(context: Context, a: str, b: str, as_of: str | None, rendering: str | None, output: str | None) -> None:
    """What differs between two artifacts or runs and what they were made from, earliest cause first.

    \b
    Example:
      provstore diff mlflow:model/churn/2 mlflow:model/churn/3
    """
    with context.open() as store:
        show(context, store.diff(a, b, as_of=as_of, **context.view()), rendering, output)
