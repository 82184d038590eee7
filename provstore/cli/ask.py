"""The verb `ask`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, rendering_options, show, verb
from provstore.errors import UsageError


@verb("ask")
@click.argument("question", required=False)
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@rendering_options
def command(
    context: Context, question: str | None, parameters: tuple[str, ...], rendering: str | None, output: str | None
) -> None:
    """Runs a query template on the graph engine; without a QUESTION, lists the templates.

    \b
    Examples:
      provstore ask
      provstore ask upstream start=urn:provstore:mlflow:model/churn/3
    """
    with context.open() as store:
        given = dict(_pair(one) for one in parameters)
        result = store.ask(question, given) if question else store.templates()
        show(context, result, "table", rendering, output)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"expected KEY=VALUE, found {text!r}")
    return key, value
