"""The verb `leakage`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, as_of_option, rendering_options, show, verb


@verb("leakage")
@click.argument("train")
@click.argument("test")
@as_of_option
@rendering_options("tree")
def command(
    context: Context, train: str, test: str, as_of: str | None, rendering: str | None, output: str | None
) -> int:
    """Whether TEST, or anything made from it, went into TRAIN: exit code 1 with the path if so.

    \b
    Example:
      provstore leakage mlflow:model/churn/3 'customers holdout'
    """
    with context.open() as store:
        result = store.leakage(train, test, as_of=as_of, **context.view())
        show(context, result, rendering, output)
        return 1 if result.leaks else 0
